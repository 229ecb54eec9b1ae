/* check_script.c - scenarios run: verbs, handlers, limits, deep things.
 *
 * Each row is a scenario (` stands for ") and what it logs, " | " between;
 * the exception that ended the program comes last, after "!". */
#include "tests/unit/suites.h"

#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "sim/machine/machine.h"
#include "sim/sim.h"

#define LOOP "{`new_event_loop`: {}, `as`: `loop`}, {`set_event_loop`: `loop`}"
#define RUN  "{`run_forever`: {}}, {`close`: {}}"
#define TRY(body) "{`try`: [" body "], `except`: [{`type`: `BaseException`, " \
    "`as`: `e`, `do`: [{`log`: `{type(e).__name__}: {e}`}]}]}"
#define SUBMIT(func, args, as) "{`submit`: {`executor`: `pool`, `func`: `"     \
    func "`, `args`: [" args "]}, `as`: `" as "`}"
#define FUNCTIONS "`functions`: {"                                             \
    "`f`: {`params`: [`n`], `body`: [{`log`: `f{n}`}]},"                       \
    "`g`: {`body`: [{`log`: `g`}, {`stop`: {}}]},"                             \
    "`bad`: {`body`: [`1 / 0`]},"                                              \
    "`spin`: {`body`: [{`while`: `True`, `do`: [{`pass`: {}}]}]},"             \
    "`down`: {`params`: [`n`], `body`: ["                                      \
    "  {`if`: `n > 0`, `then`: [{`return`: `down(n - 1)`}]}]},"                \
    "`on_error`: {`params`: [`loop`, `context`], `body`: ["                    \
    "  {`log`: `{list(context)} {context['message']}`}]},"                     \
    "`fails`: {`params`: [`loop`, `context`], `body`: [{`raise`: null}]}}, "

typedef struct row {
    const char *claim, *scenario, *logs;
} row;

static const row rows[] = {
    {"without a loop there is none",
     "`program`: [" TRY("{`call_soon`: `g`}") ","
     TRY("{`get_running_loop`: {}}") "]",
     "RuntimeError: There is no current event loop in thread 'MainThread'. | "
     "RuntimeError: no running event loop"},
    {"callbacks run in order, with their arguments",
     "`program`: [" LOOP ", {`call_soon`: {`callback`: `f`, `args`: [1]}}, "
     "{`call_later`: {`delay`: 2, `callback`: `g`}}, "
     "{`call_at`: {`when`: 1, `callback`: `f`, `args`: [2]}}, " RUN "]",
     "f1 | f2 | g"},
    {"methods are callbacks too",
     "`program`: [" LOOP ", {`let`: `xs`, `be`: []}, "
     "{`call_soon`: {`callback`: `xs.append`, `args`: [7]}}, "
     "{`call_soon`: `loop.stop`, `as`: `h`}, {`log`: `{h}`}, " RUN
     ", {`log`: `{xs}`}]",
     "<Handle BaseEventLoop.stop()> | [7]"},
    {"a dict survives any number of insertions and removals",
     "`program`: [{`let`: `d`, `be`: `{'a': 1}`}, {`for`: `i`, `in`: "
     "`range(300)`, `do`: [`d.setdefault(i, 0)`, `d.popitem()`]}, "
     "{`log`: `{d}`}]",
     "{'a': 1}"},
    {"exceptions that are each other's, or their own, are freed in the end",
     "`program`: [{`let`: `a`, `be`: `ValueError('a')`}, "
     "{`let`: `b`, `be`: `KeyError('b')`}, "
     TRY("{`raise`: `a`, `from`: `b`}") ", " TRY("{`raise`: `b`, `from`: `a`}")
     ", " TRY("{`raise`: `a`, `from`: `a`}") ", {`log`: `{a.__cause__!r} "
     "{b.__cause__!r}`}, {`let`: `c`, `be`: `OSError(a)`}, {`try`: [{`raise`: "
     "`c`, `from`: `b`}], `except`: [{`do`: ["
     TRY("{`raise`: `b`, `from`: `c`}") "]}]}]",
     "ValueError: a | KeyError: 'b' | ValueError: a | ValueError('a') "
     "ValueError('a') | KeyError: 'b'"},
    {"so are contexts that hold themselves",
     "`program`: [{`ContextVar`: `v`, `as`: `v`}, {`copy_context`: {}, `as`: "
     "`ctx`}, `ctx.run(v.set, ctx)`, {`log`: `{ctx.run(v.get) is ctx}`}, "
     "{`let`: `token`, `be`: `v.set(1)`}, `v.set(token)`]",
     "True"},
    {"iterators inside iterators come to an end",
     "`program`: [{`let`: `it`, `be`: `[1]`}, {`for`: `i`, `in`: "
     "`range(100000)`, `do`: [{`let`: `it`, `be`: `enumerate(it)`}]}, "
     TRY("`list(it)`") "]",
     "RecursionError: maximum recursion depth exceeded"},
    {"a delay must be a number",
     "`program`: [" LOOP ", "
     TRY("{`call_later`: {`delay`: `'x'`, `callback`: `g`}}") ", "
     TRY("{`call_later`: {`delay`: null, `callback`: `g`}}") ", "
     TRY("{`call_at`: {`when`: `'x'`, `callback`: `g`}}") ", {`close`: {}}]",
     "TypeError: unsupported operand type(s) for +: 'float' and 'str' | "
     "TypeError: delay must not be None | "
     "TypeError: when must be a number, not 'str'"},
    {"what cannot be called fails when it runs",
     "`program`: [" LOOP ", {`let`: `three`, `be`: 3}, "
     "{`set_exception_handler`: `on_error`}, {`call_soon`: `three`}, "
     "{`call_soon`: `g`}, " RUN "]",
     "['message', 'exception', 'handle'] Exception in callback 3() | g"},
    {"debug mode looks at once",
     "`loop`: {`debug`: true}, `program`: [" LOOP ", {`let`: `three`, "
     "`be`: 3}, " TRY("{`call_soon`: `three`}") ", "
     TRY("{`call_later`: {`delay`: 1, `callback`: `three`}}") ", "
     "{`close`: {}}]",
     "TypeError: a callable object was expected by call_soon(), got 3 | "
     "TypeError: a callable object was expected by call_at(), got 3"},
    {"the default handler logs",
     "`program`: [" LOOP ", {`call_soon`: `bad`}, {`call_soon`: `g`}, " RUN
     "]",
     "Exception in callback bad() at t.json:1\n"
     "handle: <Handle bad() at t.json:1> | g"},
    {"a handler may raise",
     "`program`: [" LOOP ", {`set_exception_handler`: `fails`}, "
     "{`call_soon`: `bad`}, {`call_soon`: `g`}, " RUN "]",
     "Unhandled error in exception handler\n"
     "context: {'message': 'Exception in callback bad() at t.json:1', "
     "'exception': ZeroDivisionError('division by zero'), "
     "'handle': <Handle bad() at t.json:1>} | g"},
    {"the script may report itself",
     "`program`: [" LOOP ", {`call_exception_handler`: `{'message': 'm', "
     "'zeta': 1, 'handle': None}`}, {`set_exception_handler`: `on_error`}, "
     "{`call_exception_handler`: `{'message': 'm', 'extra': 1}`}, "
     TRY("{`set_exception_handler`: `'x'.upper()`}") ", {`close`: {}}]",
     "m\nhandle: None\nzeta: 1 | ['message', 'extra'] m | "
     "TypeError: A callable object or None is expected, got 'X'"},
    {"a closed loop refuses",
     "`program`: [" LOOP ", {`close`: {}}, " TRY("{`call_soon`: `g`}") ", "
     "{`log`: `{loop} {loop.is_closed()}`}]",
     "RuntimeError: Event loop is closed | <_UnixSelectorEventLoop "
     "running=False closed=True debug=False> True"},
    {"handles tell",
     "`program`: [" LOOP ", {`call_later`: {`delay`: 1.5, `callback`: `f`, "
     "`args`: [`'x'`]}, `as`: `h`}, {`log`: `{h} {h.when()}`}, "
     "{`cancel`: `h`}, {`log`: `{h} {h.cancelled()} {h < h}`}, "
     "{`close`: {}}]",
     "<TimerHandle when=1.5 f() at t.json:1> 1.5 | "
     "<TimerHandle cancelled when=1.5> True False"},
    {"fds become ready, and are read",
     "`fds`: [`conn`], `world`: [{`at`: 2, `fd`: `conn`, `readable`: true}], "
     "`program`: [" LOOP ", {`add_reader`: {`fd`: `conn`, `callback`: `g`}}, "
     "{`run_forever`: {}}, {`read`: `conn`, `as`: `was`}, "
     "{`log`: `{was} {conn} {loop.time()}`}, "
     "{`remove_reader`: `conn`, `as`: `was`}, {`log`: `{was}`}, "
     TRY("{`remove_reader`: `5 + 0`}") ", " TRY("{`read`: `'x'`}")
     ", {`close`: {}}]",
     "g | True <fd conn> 2.0 | True | ValueError: Invalid file object: 5 | "
     "ValueError: Invalid file object: 'x'"},
    {"work takes time",
     "`program`: [" LOOP ", {`busy`: 0.25}, {`log`: `{loop.time()}`}, "
     TRY("{`busy`: `'x'`}") ", " TRY("{`busy`: `-1`}") ", {`close`: {}}]",
     "0.25 | TypeError: '<' not supported between instances of 'str' and "
     "'int' | ValueError: busy() takes a non-negative duration"},
    {"what is no loop has no such method",
     "`program`: [{`let`: `five`, `be`: 5}, "
     TRY("{`call_soon`: {`callback`: `g`, `loop`: `five`}}") ", "
     TRY("{`stop`: `five`}") ", " TRY("{`cancel`: `five`}") "]",
     "AttributeError: 'int' object has no attribute 'call_soon' | "
     "AttributeError: 'int' object has no attribute 'stop' | "
     "AttributeError: 'int' object has no attribute 'cancel'"},
    {"steps are limited, again and again",
     "`limits`: {`steps`: 1000}, `program`: [{`try`: [`spin()`], "
     "`except`: [{`do`: [{`log`: `on`}, `spin()`]}]}]",
     "on | !LimitReached: step limit of 1000"},
    {"builtins count steps too",
     "`limits`: {`steps`: 1000}, `program`: [`sum(range(10 ** 18))`]",
     "!LimitReached: step limit of 1000"},
    {"a job whose thread never began is freed",
     "`limits`: {`steps`: 1000}, `program`: [{`ThreadPoolExecutor`: {}, "
     "`as`: `pool`}, {`submit`: {`executor`: `pool`, `func`: `print_it`}}, "
     "{`while`: `True`, `do`: [{`pass`: {}}]}], `functions`: {`print_it`: "
     "{`body`: [{`log`: `not reached`}]}}",
     "!LimitReached: step limit of 1000"},
    {"concurrent futures that hold themselves are freed",
     "`program`: [{`ThreadPoolExecutor`: {`max_workers`: 1}, `as`: `pool`}, "
     SUBMIT("print_it", "", "running") ", " SUBMIT("print_it", "", "f") ", "
     SUBMIT("print_it", "", "g") ", " SUBMIT("print_it", "", "h") ", "
     "`f.set_result(f)`, `g.set_exception(ValueError(g))`, "
     "`h.add_done_callback(h.cancel)`, {`log`: `{f.result() is f}`}, "
     "{`raise`: `ValueError('now')`}], `functions`: {`print_it`: {`body`: "
     "[{`time.sleep`: 1}]}}",
     "True | !ValueError: now"},
    {"a job may return its own future",
     "`program`: [{`let`: `own`, `be`: []}, "
     "{`with`: {`ThreadPoolExecutor`: {}}, `as`: `pool`, `do`: ["
     SUBMIT("first", "`own`", "f") ", `own.append(f)`, `own.append(1)`]}, "
     "{`log`: `{f.result() is f}`}, `own.clear()`], `functions`: {`first`: "
     "{`params`: [`own`], `body`: [{`time.sleep`: 1}, "
     "{`return`: `own[0]`}]}}",
     "True"},
    {"jobs may hold their pool, whether they run or not",
     "`program`: [{`ThreadPoolExecutor`: {`max_workers`: 1}, `as`: `pool`}, "
     SUBMIT("keep", "`pool`", "f") ", " SUBMIT("keep", "`pool`", "g") ", "
     SUBMIT("keep", "`g`", "h") ", {`time.sleep`: 1}, "
     "{`raise`: `ValueError('now')`}], `functions`: {`keep`: {`params`: "
     "[`it`], `body`: [{`time.sleep`: 10}]}}",
     "!ValueError: now"},
    {"how deep coroutines are is counted by thread",
     "`program`: [{`ThreadPoolExecutor`: {`max_workers`: 1}, `as`: `pool`}, "
     SUBMIT("job", "", "f") ", {`time.sleep`: 1}, {`asyncio.run`: "
     "`deep(600)`}, {`log`: `{f.result()}`}], `functions`: {`job`: {`body`: "
     "[{`asyncio.run`: `deep(600)`}, {`return`: `'both'`}]}, `deep`: "
     "{`async`: true, `params`: [`n`], `body`: [{`if`: `n == 0`, `then`: "
     "[{`time.sleep`: 2}], `else`: [{`await`: `deep(n - 1)`}]}]}}",
     "both"},
    {"no object is too large to refuse",
     "`program`: [" TRY("`'x' * 10 ** 12`") ", " TRY("`[1] * 10 ** 12`") ", "
     TRY("`'x'.rjust(10 ** 12)`") ", " TRY("`2 ** 10 ** 9`") "]",
     "MemoryError: an object of 1000000000000 bytes: asyncloop-sim's have at "
     "most 1073741824 | MemoryError: an object of 16000000000000 bytes: "
     "asyncloop-sim's have at most 1073741824 | "
     "MemoryError: an object of 999999999999 bytes: asyncloop-sim's have at "
     "most 1073741824 | OverflowError: integer overflow: asyncloop-sim's "
     "integers have 64 bits"},
    {"recursion ends",
     "`program`: [`down(990)`, " TRY("`down(1000)`") ", `down(990)`]",
     "RecursionError: maximum recursion depth exceeded"},
    {"deep values overflow no stack",
     "`program`: [{`let`: `x`, `be`: []}, {`let`: `y`, `be`: []}, "
     "{`let`: `t`, `be`: `()`}, {`for`: `i`, `in`: `range(200000)`, `do`: ["
     "{`let`: `x`, `be`: `[x]`}, {`let`: `y`, `be`: `[y]`}, "
     "{`let`: `t`, `be`: `(t,)`}]}, " TRY("`x == y`") ", " TRY("`repr(x)`")
     ", " TRY("`x < y`") ", " TRY("`{t: 1}`") ", " TRY("`str(t)`") "]",
     "RecursionError: maximum recursion depth exceeded in comparison | "
     "RecursionError: maximum recursion depth exceeded while getting the "
     "repr of an object | "
     "RecursionError: maximum recursion depth exceeded in comparison | "
     "RecursionError: maximum recursion depth exceeded | "
     "RecursionError: maximum recursion depth exceeded while getting the "
     "repr of an object"},
    {"generators that run over one another overflow no stack",
     "`functions`: {`link`: {`params`: [`g`], `body`: [{`for`: `x`, `in`: `g`, "
     "`do`: [{`yield`: `x`}]}]}}, `program`: [{`let`: `f`, `be`: `[1]`}, "
     "{`let`: `g`, `be`: `[1]`}, "
     "{`for`: `i`, `in`: `range(1500)`, `do`: [{`let`: `f`, `be`: `link(f)`}]},"
     "{`for`: `i`, `in`: `range(100000)`, `do`: ["
     "{`let`: `g`, `be`: `link(g)`}]}, {`log`: `{list(f)}`}, "
     TRY("`list(g)`") ", {`log`: `{list(g)}`}]",
     "[1] | RecursionError: maximum recursion depth exceeded | []"},
    {"what is resumed too deep ends, and no finally runs",
     "`functions`: {`gen`: {`body`: [{`try`: [{`yield`: 1}, {`yield`: 2}], "
     "`finally`: [{`log`: `finally`}]}]}, `coro`: {`async`: true, `body`: ["
     "{`try`: [{`await`: {`sleep`: 0}}], `finally`: [{`log`: `finally`}]}]}, "
     "`sink`: {`params`: [`act`, `tried`, `*args`], `body`: [{`try`: ["
     "`sink(act, tried, *args)`], `except`: [{`type`: `RecursionError`, `do`: "
     "[{`if`: `tried`, `then`: [{`raise`: null}]}, `tried.append(1)`, "
     "`act(*args)`]}]}]}}, `program`: ["
     "{`let`: `a, b, c`, `be`: `[gen(), gen(), coro()]`}, `next(a)`, "
     "`next(b)`, `c.send(None)`, "
     TRY("`sink(a.throw, [], KeyError(1))`") ", " TRY("`next(a)`") ", "
     TRY("`sink(b.close, [])`") ", " TRY("`next(b)`") ", "
     TRY("`sink(c.send, [], None)`") ", " TRY("`c.send(None)`") "]",
     "RecursionError: maximum recursion depth exceeded | StopIteration:  | "
     "RecursionError: maximum recursion depth exceeded | StopIteration:  | "
     "RecursionError: maximum recursion depth exceeded | "
     "RuntimeError: cannot reuse already awaited coroutine"},
    {"what holds the next goes without a stack",
     "`functions`: {`give`: {`params`: [`x`], `body`: [{`yield`: `x`}]}}, "
     "`program`: [" LOOP ", {`let`: `e, c, g, f`, `be`: `[None] * 4`}, "
     "{`for`: `i`, `in`: `range(100000)`, `do`: ["
     "{`let`: `next`, `be`: `ValueError(i)`}, "
     "{`let`: `next.__context__`, `be`: `e`}, {`let`: `e`, `be`: `next`}, "
     "{`let`: `next`, `be`: `ValueError(i)`}, "
     "{`let`: `next.__cause__`, `be`: `c`}, {`let`: `c`, `be`: `next`}, "
     "{`let`: `g`, `be`: `give(g)`}, "
     "{`let`: `next`, `be`: `loop.create_future()`}, "
     "`next.set_result(f)`, {`let`: `f`, `be`: `next`}]}, "
     "{`let`: `next`, `be`: null}, {`log`: `{e!r} {c!r}`}, "
     "{`let`: `e`, `be`: null}, {`let`: `c`, `be`: null}, "
     "{`let`: `g`, `be`: null}, {`let`: `f`, `be`: null}, "
     "{`log`: `gone`}, {`close`: {}}]",
     "ValueError(99999) ValueError(99999) | gone"},
    {"values that double overflow nothing",
     "`limits`: {`steps`: 100000}, `program`: [{`let`: `x`, `be`: []}, "
     "{`let`: `y`, `be`: []}, {`let`: `t`, `be`: `()`}, {`for`: `i`, `in`: "
     "`range(60)`, `do`: [{`let`: `x`, `be`: `[x, x]`}, {`let`: `y`, `be`: "
     "`[y, y]`}, {`let`: `t`, `be`: `(t, t)`}]}, {`try`: [`x == y`], "
     "`except`: [{`do`: [{`log`: `on`}, `{t: 1}`]}]}]",
     "on | !LimitReached: step limit of 100000"},
    {"a debugged handle may hold itself",
     "`loop`: {`debug`: true}, `program`: [" LOOP ", {`let`: `xs`, `be`: []}, "
     "{`for`: `i`, `in`: `range(6)`, `do`: [{`call_soon`: {`callback`: `f`, "
     "`args`: [`xs`]}, `as`: `h`}, `xs.append(h)`]}, {`cancel`: `h`}, "
     "{`log`: `{h}`}, {`close`: {}}]",
     "<Handle cancelled f([<Handle f([<H...) at t.json:1>, "
     "<Handle f([<H...) at t.json:1>, <Handle f([<H...) at t.json:1>, "
     "<Handle f([<H...) at t.json:1>, <Handle f([<H...) at t.json:1>, "
     "<Handle cance...) at t.json:1>]) at t.json:1>"},
    {"cycles are dropped",
     "`program`: [{`let`: `x`, `be`: []}, `x.append(x)`, {`let`: `d`, `be`: "
     "`{}`}, {`let`: `d['m']`, `be`: `d.get`}, `x.append(d)`, "
     "`x.append((x,))`, "
     LOOP ", {`call_later`: {`delay`: 1, `callback`: `x.append`, "
     "`args`: [`x`]}, `as`: `h`}, `x.append(h)`, "
     "{`set_exception_handler`: `loop.call_exception_handler`}]",
     ""},
    {"a thread has no running loop",
     "`world`: [{`at`: 1, `thread`: `poller`, `do`: ["
     TRY("{`get_running_loop`: {}}") ", "
     "{`call_soon_threadsafe`: {`callback`: `g`, `loop`: `loop`}}, "
     "`down(900)`, `1 / 0`]}], `program`: [" LOOP ", " RUN "]",
     "RuntimeError: no running event loop | g"},
};

/* -- running ------------------------------------------------------------ */

static void add(al_text *logs, const char *mark, const char *text)
{
    al_text_add_format(logs, "%s%s%s", logs->length ? " | " : "", mark, text);
}

static void note(void *self, const al_event *event)
{
    al_text end = {0};

    if (event->kind == AL_EVENT_LOG)
        add(self, "", event->text);
    if (event->kind == AL_EVENT_END && event->type) {
        al_text_add_format(&end, "%s: %s", event->type, event->text);
        add(self, "!", end.bytes);
        al_text_release(&end);
    }
}

static const al_observer_ops observer_ops = {
    .emit = note,
};

static al_scenario *parse(const char *scenario)
{
    al_diagnostics diagnostics = {0};
    al_text json = {0}, text = {0};
    al_scenario *parsed;

    al_text_add_format(&json, "{`scenario`: 1, %s%s}",
                       strstr(scenario, "`functions`") ? "" : FUNCTIONS,
                       scenario);
    for (size_t i = 0; i < json.length; i++) {
        if (json.bytes[i] == '`')
            json.bytes[i] = '"';
    }
    parsed = al_scenario_parse(json.bytes, json.length, "t.json", NULL, 0,
                               &diagnostics);
    al_diagnostics_write(&diagnostics, false, &text);
    ck_assert_msg(parsed != NULL, "%s", al_text_peek(&text));
    al_text_release(&text);
    al_text_release(&json);
    al_diagnostics_release(&diagnostics);
    return parsed;
}

START_TEST(scenarios_log_what_they_should)
{
    const row *r = &rows[_i];
    al_scenario *scenario = parse(r->scenario);
    al_text logs = {0};
    al_sim_options options = {.observer = {&observer_ops, &logs}};
    al_sim_result result = {0};

    al_sim_run(scenario, &options, &result);
    if (strcmp(al_text_peek(&logs), r->logs) != 0)
        printf("%s\n  want: %s\n  have: %s\n", r->claim, r->logs,
               al_text_peek(&logs));
    ck_assert_str_eq(al_text_peek(&logs), r->logs);
    al_sim_result_release(&result);
    al_text_release(&logs);
    al_scenario_free(scenario);
}
END_TEST

/* -- the machine itself ------------------------------------------------- */

START_TEST(code_can_be_read)
{
    al_scenario *scenario = parse(
        "`functions`: {`f`: {`params`: [`n`], `body`: [{`try`: "
        "[{`return`: `n + 1`}], `finally`: [{`log`: `bye {n}`}]}]}}, "
        "`program`: []");
    al_world_options options = {.resolution = 1e-9, .until = -1};
    al_world *world = al_world_new(&options);
    al_vm_host host = {.world = world};
    al_vm *vm = al_vm_new(scenario, &host);
    al_value one = al_int(1);
    al_value two;
    al_text text = {0};

    al_code_disassemble(&vm->codes[0], &text);
    ck_assert_str_eq(text.bytes, "f:\n"
                     "    1    0 load_local n\n"
                     "    1    1 const 1\n"
                     "    1    2 add\n"
                     "    1    3 const 'bye '\n"
                     "    1    4 load_local n\n"
                     "    1    5 format 0\n"
                     "    1    6 join 2\n"
                     "    1    7 verb log\n"
                     "    1    8 pop\n"
                     "    1    9 return\n"
                     "    1   10 const 'bye '\n"
                     "    1   11 load_local n\n"
                     "    1   12 format 0\n"
                     "    1   13 join 2\n"
                     "    1   14 verb log\n"
                     "    1   15 pop\n"
                     "    1   16 jump -> 24\n"
                     "    1   17 const 'bye '\n"
                     "    1   18 load_local n\n"
                     "    1   19 format 0\n"
                     "    1   20 join 2\n"
                     "    1   21 verb log\n"
                     "    1   22 pop\n"
                     "    1   23 reraise\n"
                     "    1   24 return_none\n"
                     "      0..3 -> 17, stack 0\n"
                     "      17..23 handles stack[0]\n");
    two = al_vm_call(vm, vm->globals[0], &one, 1);
    ck_assert_int_eq(two.as.integer, 2);
    al_text_release(&text);
    al_vm_free(vm);
    al_world_free(world);
    al_scenario_free(scenario);
}
END_TEST

/* Every opcode's net effect is kept by the compiler: a frame's stack is as
 * deep as the code says, or the sanitizers would see it. */
START_TEST(values_outlive_a_call)
{
    al_scenario *scenario = parse(
        "`functions`: {`f`: {`params`: [`xs`], `body`: [{`return`: "
        "`xs + [len(xs)]`}]}}, `program`: []");
    al_world_options options = {.resolution = 1e-9, .until = -1};
    al_world *world = al_world_new(&options);
    al_vm_host host = {.world = world};
    al_vm *vm = al_vm_new(scenario, &host);
    al_value xs = al_take(al_list_new(vm, NULL, 0));
    al_text text = {0};

    for (int i = 0; i < 3; i++) {
        al_value longer = al_vm_call(vm, vm->globals[0], &xs, 1);

        al_value_release(xs);
        xs = longer;
    }
    al_value_repr(xs, &text);
    ck_assert_str_eq(text.bytes, "[0, 1, 2]");
    al_vm_free(vm); /* empties the list, which we still hold */
    ck_assert(!al_value_truth(xs));
    al_value_release(xs);
    al_text_release(&text);
    al_world_free(world);
    al_scenario_free(scenario);
}
END_TEST

Suite *script_suite(void)
{
    Suite *suite = suite_create("script");
    TCase *tcase = tcase_create("scenarios");

    tcase_add_loop_test(tcase, scenarios_log_what_they_should, 0, COUNT(rows));
    tcase_add_test(tcase, code_can_be_read);
    tcase_add_test(tcase, values_outlive_a_call);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return suite;
}
