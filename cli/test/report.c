/* report.c - see report.h. */
#include "cli/test/report.h"

#include <stdio.h>
#include <string.h>
#include "cli/command.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"
#include "sim/base/sink.h"

enum {
    SLOWEST = 3,
    MOST_FAILED = 20 /* listed at the end */
};

static const double slow = 0.5; /* seconds: what is faster is not listed */

typedef struct slow_one {
    char *path;
    double seconds;
} slow_one;

struct al_test_report {
    al_test_report_options options;
    size_t counts[AL_TEST_VERDICTS];
    size_t number;              /* of tests so far */
    double seconds;
    char *failed[MOST_FAILED];
    size_t failed_count;
    slow_one slowest[SLOWEST];  /* the slowest first */
    al_text cases;              /* of JUnit's */
};

al_test_report *al_test_report_new(const al_test_report_options *options)
{
    al_test_report *report = al_alloc_zero(1, sizeof *report);

    report->options = *options;
    if (options->tap)
        printf("TAP version 14\n1..%zu\n", options->count);
    return report;
}

void al_test_report_free(al_test_report *report)
{
    for (size_t i = 0; i < report->failed_count && i < MOST_FAILED; i++)
        al_free(report->failed[i]);
    for (size_t i = 0; i < SLOWEST; i++)
        al_free(report->slowest[i].path);
    al_text_release(&report->cases);
    al_free(report);
}

size_t al_test_report_count(const al_test_report *report,
                            al_test_verdict verdict)
{
    return report->counts[verdict];
}

static bool is_good(al_test_verdict verdict)
{
    return verdict == AL_TEST_PASSED || verdict == AL_TEST_WRITTEN;
}

/* -- for people ----------------------------------------------------------- */

static void say(const al_test_report *report, const char *path,
                const al_test_result *result)
{
    const char *color = report->options.color;

    if (result->verdict == AL_TEST_WRITTEN) {
        al_say("new  %s: %s\n", path, al_text_peek(&result->why));
    } else if (result->verdict == AL_TEST_PASSED) {
        if (report->options.quiet)
            return;
        if (result->events > 0)
            al_say_marked(AL_ROLE_GOOD, color, "ok", "   %s (%llu events)\n",
                          path, (unsigned long long)result->events);
        else
            al_say_marked(AL_ROLE_GOOD, color, "ok", "   %s (unchanged)\n",
                          path);
    } else {
        al_say_marked(AL_ROLE_ERROR, color, "FAIL", " %s: %s\n", path,
                      al_text_peek(&result->why));
        al_say_difference(al_text_peek(&result->details), color);
    }
}

/* -- TAP ------------------------------------------------------------------ */

/* "#" would begin a directive; "\" escapes both. */
static void add_tap_name(al_text *out, const char *path)
{
    al_text escaped = {0};

    al_escape_add(&escaped, path);
    for (const char *at = al_text_peek(&escaped); *at; at++) {
        if (*at == '#' || *at == '\\')
            al_text_add_char(out, '\\');
        al_text_add_char(out, *at);
    }
    al_text_release(&escaped);
}

static void add_tap_lines(al_text *out, const char *lines)
{
    while (*lines) {
        size_t length = strcspn(lines, "\n");

        al_text_add(out, length ? "# " : "#");
        al_text_add_bytes(out, lines, length);
        al_text_add_char(out, '\n');
        lines += length + (lines[length] == '\n');
    }
}

static void tap(const al_test_report *report, const char *path,
                const al_test_result *result)
{
    al_text out = {0}, why = {0};

    al_text_add_format(&out, "%s %zu - ",
                       is_good(result->verdict) ? "ok" : "not ok",
                       report->number);
    add_tap_name(&out, path);
    al_text_add_char(&out, '\n');
    al_escape_add(&why, al_text_peek(&result->why));
    add_tap_lines(&out, al_text_peek(&why));
    add_tap_lines(&out, al_text_peek(&result->details));
    fputs(out.bytes, stdout);
    al_text_release(&out);
    al_text_release(&why);
}

/* -- JUnit's XML ---------------------------------------------------------- */

/* What has been escaped for a terminal holds no character XML forbids. */
static void add_attribute(al_text *out, const char *name, const char *text)
{
    al_text escaped = {0};

    al_escape_add(&escaped, text);
    al_text_add_format(out, " %s=\"", name);
    al_escape_add_markup(out, al_text_peek(&escaped));
    al_text_add_char(out, '"');
    al_text_release(&escaped);
}

/* The folder is the class, as it were. */
static void add_names(al_text *out, const char *path)
{
    const char *name = al_path_name(path);
    char *folder = name > path ? al_strndup(path, (size_t)(name - path) - 1)
                               : al_strdup(".");

    add_attribute(out, "classname", folder);
    add_attribute(out, "name", name);
    al_free(folder);
}

static void junit(al_test_report *report, const char *path,
                  const al_test_result *result)
{
    al_text *out = &report->cases;
    const char *tag = result->verdict == AL_TEST_FAILED ? "failure" : "error";

    al_text_add(out, "    <testcase");
    add_names(out, path);
    al_text_add_format(out, " time=\"%.6f\"", result->seconds);
    if (is_good(result->verdict)) {
        al_text_add(out, "/>\n");
        return;
    }
    al_text_add_format(out, ">\n      <%s", tag);
    add_attribute(out, "message", al_text_peek(&result->why));
    al_text_add_char(out, '>');
    al_escape_add_markup(out, al_text_peek(&result->details));
    al_text_add_format(out, "</%s>\n    </testcase>\n", tag);
}

static void add_suite_tag(const al_test_report *report, al_text *out,
                          const char *tag)
{
    al_text_add_format(
        out, "<%s name=\"asyncloop-sim test\" tests=\"%zu\" failures=\"%zu\" "
        "errors=\"%zu\" time=\"%.6f\">\n", tag, report->number,
        report->counts[AL_TEST_FAILED],
        report->counts[AL_TEST_INVALID] + report->counts[AL_TEST_REFUSED],
        report->seconds);
}

static bool write_junit(const al_test_report *report)
{
    al_text out = {0};
    al_error err = {0};
    bool ok;

    al_text_add(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    add_suite_tag(report, &out, "testsuites");
    al_text_add(&out, "  ");
    add_suite_tag(report, &out, "testsuite");
    al_text_add(&out, al_text_peek(&report->cases));
    al_text_add(&out, "  </testsuite>\n</testsuites>\n");
    ok = al_sink_write_file(report->options.junit, out.bytes, out.length,
                            &err);
    if (!ok)
        al_complain("%s", err.message);
    al_text_release(&out);
    return ok;
}

/* -- each test ------------------------------------------------------------ */

static void note_failed(al_test_report *report, const char *path)
{
    if (report->failed_count < MOST_FAILED)
        report->failed[report->failed_count] = al_strdup(path);
    report->failed_count++;
}

static void note_time(al_test_report *report, const char *path,
                      double seconds)
{
    size_t at = SLOWEST;

    report->seconds += seconds;
    while (at > 0 && seconds > report->slowest[at - 1].seconds)
        at--;
    if (at == SLOWEST || seconds < slow)
        return;
    al_free(report->slowest[SLOWEST - 1].path);
    memmove(&report->slowest[at + 1], &report->slowest[at],
            (SLOWEST - 1 - at) * sizeof *report->slowest);
    report->slowest[at] = (slow_one){al_strdup(path), seconds};
}

void al_test_report_add(al_test_report *report, const char *path,
                        const al_test_result *result)
{
    report->counts[result->verdict]++;
    if (result->verdict == AL_TEST_STOPPED)
        return;
    report->number++;
    note_time(report, path, result->seconds);
    if (!is_good(result->verdict))
        note_failed(report, path);
    if (report->options.tap)
        tap(report, path, result);
    else
        say(report, path, result);
    if (report->options.junit)
        junit(report, path, result);
}

/* -- the end -------------------------------------------------------------- */

static void say_failed(const al_test_report *report)
{
    if (report->failed_count == 0 || report->options.count < 2)
        return;
    al_say_marked(AL_ROLE_ERROR, report->options.color, "failed", "  %s\n",
                  report->failed[0]);
    for (size_t i = 1; i < report->failed_count && i < MOST_FAILED; i++)
        al_say("        %s\n", report->failed[i]);
    if (report->failed_count > MOST_FAILED)
        al_say("        and %zu more\n", report->failed_count - MOST_FAILED);
}

static void say_slowest(const al_test_report *report)
{
    for (size_t i = 0; i < SLOWEST && report->slowest[i].path; i++)
        al_say("%s  %.1f s  %s\n", i ? "       " : "slowest",
               report->slowest[i].seconds, report->slowest[i].path);
}

static void say_counts(const al_test_report *report)
{
    const size_t *counts = report->counts;

    printf("%zu passed, %zu failed", counts[AL_TEST_PASSED],
           counts[AL_TEST_FAILED] + counts[AL_TEST_INVALID] +
               counts[AL_TEST_REFUSED]);
    if (report->options.update)
        printf(", %zu written", counts[AL_TEST_WRITTEN]);
    putchar('\n');
}

bool al_test_report_finish(al_test_report *report)
{
    if (report->options.tap) {
        if (report->number < report->options.count)
            puts("Bail out! Interrupted.");
    } else {
        say_slowest(report);
        say_failed(report);
        say_counts(report);
    }
    return !report->options.junit || write_junit(report);
}
