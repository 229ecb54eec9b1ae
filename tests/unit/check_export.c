/* check_export.c - scenarios become the Python that a person would write. */
#include "tests/unit/suites.h"

#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/export/python.h"

/* The exported program, with double quotes for the apostrophes that stand
 * for them in the JSON of the tables below; the caller's. */
static char *export_text(const char *json)
{
    al_diagnostics diagnostics = {0};
    al_text out = {0};
    al_scenario *scenario;

    scenario = al_scenario_parse(json, strlen(json), "some/where.json", NULL,
                                 0, &diagnostics);
    if (!scenario) {
        al_diagnostics_write(&diagnostics, false, &out);
        ck_abort_msg("%s", out.bytes);
    }
    al_diagnostics_release(&diagnostics);
    al_export_python(scenario, &out);
    al_scenario_free(scenario);
    return al_text_take(&out);
}

/* What follows the "world.configure(...)" line: the program. */
static char *export_program(const char *statements)
{
    al_text json = {0};
    char *program;
    char *body;

    al_text_add_format(
        &json,
        "{\"scenario\": 1, \"fds\": [\"conn\"],"
        " \"functions\": {\"f\": {\"params\": [\"n\"], \"body\": []}},"
        " \"program\": [{\"let\": \"x\", \"be\": 1}, {\"let\": \"y\","
        " \"be\": 2}, %s]}", statements);
    program = export_text(json.bytes);
    al_text_release(&json);
    body = strstr(program, "y = 2\n");
    ck_assert_ptr_nonnull(body);
    body = al_strdup(body + strlen("y = 2\n"));
    al_free(program);
    return body;
}

static const struct {
    const char *json, *python;
} statements[] = {
    /* expressions: brackets only where they are needed */
    {"\"(x + y) * 2\"", "(x + y) * 2\n"},
    {"\"x + (y * 2)\"", "x + y * 2\n"},
    {"\"x - (y - 2)\"", "x - (y - 2)\n"},
    {"\"(x - y) - 2\"", "x - y - 2\n"},
    {"\"(-x) ** 2\"", "(-x)**2\n"},
    {"\"-x ** 2\"", "-x**2\n"},
    {"\"x ** -y\"", "x**-y\n"},
    {"\"(x ** y) ** 2\"", "(x**y)**2\n"},
    {"\"not (x and y)\"", "not (x and y)\n"},
    {"\"not x and y\"", "not x and y\n"},
    {"\"(x or y) and x\"", "(x or y) and x\n"},
    {"\"x or (y or x)\"", "x or (y or x)\n"},
    {"\"(x < y) < x\"", "(x < y) < x\n"},
    {"\"x < y <= 3 != 4\"", "x < y <= 3 != 4\n"},
    {"\"x not in (y,)\"", "x not in (y,)\n"},
    {"\"(x if y else 1) if x else 2\"", "(x if y else 1) if x else 2\n"},
    {"\"x if y else (1 if x else 2)\"", "x if y else 1 if x else 2\n"},
    {"\"x & y | x ^ ~y << 2\"", "x & y | x ^ ~y << 2\n"},
    {"\"(x | y) & 1\"", "(x | y) & 1\n"},
    {"\"[x, (), (x,), {}, {'a': [y]}]\"", "[x, (), (x,), {}, {\"a\": [y]}]\n"},
    {"\"'abc'[1:][::-1][:x:y]\"", "\"abc\"[1:][::-1][:x:y]\n"},
    {"\"str(x).upper().replace('a', 'b')\"",
     "str(x).upper().replace(\"a\", \"b\")\n"},
    {"\"None is True\"", "None is True\n"},
    {"\"1.0 + 1e22 + 1e-7\"", "1.0 + 1e+22 + 1e-07\n"},

    /* strings */
    {"\"'it\\\\'s'\"", "\"it's\"\n"},
    {"\"'say \\\"x\\\"'\"", "\"say \\\"x\\\"\"\n"},
    {"\"'a\\\\n\\\\\\\\b\\\\x01'\"", "\"a\\n\\\\b\\x01\"\n"},
    {"{\"log\": \"plain {{text}}\"}", "log(\"plain {text}\")\n"},
    {"{\"log\": \"x={x} {y!r:>4} {x + y:.2f} {{}}\"}",
     "log(f\"x={x} {y!r:>4} {x + y:.2f} {{}}\")\n"},
    {"{\"log\": \"{x=} {x = }\"}", "log(f\"x={x!r} x = {x!r}\")\n"},
    {"{\"log\": \"{'a' + str(x)}\"}", "log(f\"{'a' + str(x)}\")\n"},
    {"{\"log\": \"{ {'a': x}['a']}\"}", "log(f\"{ {'a': x}['a']}\")\n"},
    {"{\"log\": \"a {'it\\\\'s'} {x}\"}",
     "log(f\"a \" + \"{}\".format(\"it's\") + f\" {x}\")\n"},
    {"{\"log\": \"{'#':>3}\"}", "log(\"{:>3}\".format(\"#\"))\n"},

    /* verbs */
    {"{\"call_soon\": {\"callback\": \"f\", \"args\": [1]}, \"as\": \"h\"}",
     "h = asyncio.get_event_loop().call_soon(f, 1)\n"},
    {"{\"call_later\": {\"delay\": 0.5, \"callback\": \"f\", \"args\":"
     " [\"x + 1\"], \"loop\": \"x\"}}", "x.call_later(0.5, f, x + 1)\n"},
    {"{\"call_at\": {\"when\": 1, \"callback\": \"f\", \"args\": [2],"
     " \"context\": \"x\"}}",
     "asyncio.get_event_loop().call_at(1, f, 2, context=x)\n"},
    {"{\"cancel\": \"x\"}", "x.cancel()\n"},
    {"{\"when\": {\"handle\": \"x or y\"}}", "(x or y).when()\n"},
    {"{\"set_event_loop\": null}", "asyncio.set_event_loop(None)\n"},
    {"{\"ContextVar\": {\"name\": \"v\", \"default\": 3}, \"as\": \"v\"}",
     "v = contextvars.ContextVar(\"v\", default=3)\n"},
    {"{\"call\": \"f\", \"args\": [1], \"as\": \"r\"}", "r = f(1)\n"},
    {"{\"busy\": 0.25}", "busy(0.25)\n"},
    {"{\"read\": \"conn\"}", "read(conn)\n"},
    {"{\"add_reader\": {\"fd\": \"conn\", \"callback\": \"f\", \"args\":"
     " [\"[conn, None]\"]}}",
     "asyncio.get_event_loop().add_reader(conn, f, [conn, None])\n"},
    {"{\"remove_signal_handler\": \"SIGTERM\"}",
     "asyncio.get_event_loop().remove_signal_handler(signal.SIGTERM)\n"},

    /* control forms */
    {"{\"let\": \"a, b\", \"be\": \"(x, y)\"}", "a, b = (x, y)\n"},
    {"{\"if\": \"x\", \"then\": []}", "if x:\n    pass\n"},
    {"{\"if\": \"x\", \"then\": [\"x\"], \"else\": [{\"if\": \"y\", \"then\":"
     " [\"y\"], \"else\": [{\"pass\": {}}]}]}",
     "if x:\n    x\nelif y:\n    y\nelse:\n    pass\n"},
    {"{\"while\": \"x\", \"do\": [{\"break\": {}}], \"else\": [\"y\"]}",
     "while x:\n    break\nelse:\n    y\n"},
    {"{\"for\": \"a, b\", \"in\": \"[]\", \"do\": [{\"continue\": {}}]}",
     "for a, b in []:\n    continue\n"},
    {"{\"try\": [\"x\"], \"except\": [{\"type\": \"ValueError\", \"as\":"
     " \"e\", \"do\": [{\"raise\": null}]}, {\"do\": []}], \"else\":"
     " [\"x\"], \"finally\": [\"y\"]}",
     "try:\n    x\nexcept ValueError as e:\n    raise\nexcept:\n    pass\n"
     "else:\n    x\nfinally:\n    y\n"},
    {"{\"raise\": \"KeyError(1)\", \"from\": null}",
     "raise KeyError(1) from None\n"},
    {"{\"with\": \"x\", \"as\": \"t\", \"do\": [\"t\"]}",
     "with x as t:\n    t\n"},
    {"{\"assert\": \"x\", \"message\": \"'no'\"}", "assert x, \"no\"\n"},
};

START_TEST(a_statement_reads_as_in_python)
{
    char *program = export_program(statements[_i].json);

    ck_assert_str_eq(program, statements[_i].python);
    al_free(program);
}
END_TEST

START_TEST(a_program_has_its_parts_in_order)
{
    char *program = export_text(
        "{\"scenario\": 1, \"title\": \"Ti\\\"\\\"\\\"tle\",\n"
        " \"loop\": {\"debug\": true, \"clock\": {\"start\": 5}},\n"
        " \"limits\": {\"until\": 10, \"iterations\": 3},\n"
        " \"functions\": {\n"
        "  \"tick\": {\"params\": [\"n\", \"log\"], \"body\": [\n"
        "   {\"global\": \"count\"},\n"
        "   {\"log\": \"{n}\"}, {\"let\": \"count\", \"be\": 1}]}},\n"
        " \"world\": [\n"
        "  {\"at\": 2, \"signal\": \"SIGTERM\"},\n"
        "  {\"at\": 1.5, \"thread\": \"w 1\", \"do\": [\"count\"]},\n"
        "  {\"at\": 1, \"fd\": \"conn\", \"readable\": true}],\n"
        " \"program\": [{\"let\": \"count\", \"be\": 0}]}");

    ck_assert_str_eq(program,
        "\"\"\"Ti\\\"\\\"\\\"tle\n\n"
        "Exported from where.json by asyncloop-sim " AL_VERSION
        ".  Its clock and its world are\n"
        "virtual; run it by: asyncloop-sim record FILE.py\n"
        "\"\"\"\n\n"
        "import signal\n"
        "from asyncloop_sim_record import fd, log as log_, world\n\n"
        "conn = fd(\"conn\")\n\n\n"
        "def tick(n, log):  # where.json:5\n"
        "    global count\n"
        "    log_(f\"{n}\")\n"
        "    count = 1\n\n\n"
        "def thread_w_1():  # where.json:10\n"
        "    count\n\n\n"
        "world.configure(scenario=\"where\", debug=True, clock_start=5.0)\n"
        "world.at(1.0, fd=conn, readable=True)\n"
        "world.at(1.5, thread=\"w 1\", do=thread_w_1)\n"
        "world.at(2.0, signal=signal.SIGTERM)\n"
        "world.limit(until=10.0, iterations=3)\n\n"
        "count = 0\n");
    al_free(program);
}
END_TEST

/* Where Python has what a scenario knows as a builtin: imported by name, so
 * that a scenario may have a variable of that name. */
START_TEST(exceptions_of_asyncio_are_imported_from_it)
{
    char *program = export_text(
        "{\"scenario\": 1, \"program\": [\n"
        " {\"try\": [{\"raise\": \"InvalidStateError('no')\"}],"
        "  \"except\": [{\"type\": \"(QueueEmpty, InvalidStateError)\","
        "  \"do\": []}, {\"type\": \"TimeoutError\", \"do\": []}]}]}");

    ck_assert_ptr_nonnull(strstr(program,
        "\n\nfrom asyncio import InvalidStateError, QueueEmpty\n"
        "from asyncloop_sim_record import world\n"));
    ck_assert_ptr_nonnull(strstr(program,
        "raise InvalidStateError(\"no\")\n"
        "except (QueueEmpty, InvalidStateError):\n"));
    al_free(program);
}
END_TEST

Suite *export_suite(void)
{
    Suite *suite = suite_create("export");
    TCase *tc = tcase_create("python");

    tcase_add_loop_test(tc, a_statement_reads_as_in_python, 0,
                        COUNT(statements));
    tcase_add_test(tc, a_program_has_its_parts_in_order);
    tcase_add_test(tc, exceptions_of_asyncio_are_imported_from_it);
    suite_add_tcase(suite, tc);
    return suite;
}
