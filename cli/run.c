/* run.c - asyncloop-sim run: a scenario, iteration by iteration. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include "cli/input.h"
#include "cli/source.h"
#include "cli/watchers.h"
#include "loop/base/alloc.h"
#include "sim/sim.h"

static struct {
    al_watch_options watch;
    const char *iterations, *until, *max_iterations, *max_steps;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 't', "trace", "FILE",
     "write the trace as JSON Lines ('-': stdout)", &o.watch.trace, NULL},
    {AL_OPTION_CHOICE, 'f', "format", "FORMAT",
     "what to print: text (default), log, jsonl, summary", &o.watch.format,
     "text log jsonl summary"},
    {AL_OPTION_STRING, 'i', "iterations", "FROM:TO",
     "show these iterations only; 3: and :9 will do", &o.iterations, NULL},
    {AL_OPTION_FLAG, 's', "snapshots", NULL,
     "add queues, tasks, jobs and locks to each turn", &o.watch.snapshots,
     NULL},
    {AL_OPTION_STRING, 'u', "until", "SECONDS",
     "stop when virtual time would pass this", &o.until, NULL},
    {AL_OPTION_STRING, 0, "max-iterations", "N",
     "stop after N iterations of the loop", &o.max_iterations, NULL},
    {AL_OPTION_STRING, 0, "max-steps", "N",
     "stop after N steps of the script", &o.max_steps, NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.watch.color),
    {AL_OPTION_FLAG, 'q', "quiet", NULL,
     "print nothing but errors, and those on stderr", &o.watch.quiet, NULL},
    {.kind = AL_OPTION_END},
};

/* -- reading the options ------------------------------------------------ */

static bool parse_count(const char *text, size_t length, uint64_t *to)
{
    uint64_t value = 0;

    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || value > UINT64_MAX / 10 - 1)
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *to = value;
    return true;
}

/* "3:9", "3:", ":9" or "3". */
static bool parse_range(const char *text, uint64_t *first, uint64_t *last)
{
    const char *colon = text ? strchr(text, ':') : NULL;

    *first = *last = 0;
    if (!text)
        return true;
    if (!colon)
        return text[0] && parse_count(text, strlen(text), first) &&
               (*last = *first) > 0;
    return text[1] && parse_count(text, (size_t)(colon - text), first) &&
           parse_count(colon + 1, strlen(colon + 1), last);
}

static bool read_range(void)
{
    uint64_t *first = &o.watch.first, *last = &o.watch.last;

    if (!parse_range(o.iterations, first, last))
        al_complain("--iterations takes FROM:TO, not '%s'", o.iterations);
    else if (*last != 0 && *first > *last)
        al_complain("--iterations '%s': FROM is after TO", o.iterations);
    else if (o.iterations && o.iterations[0] != ':' && *first == 0)
        al_complain("--iterations '%s': they are counted from 1",
                    o.iterations);
    else
        return true;
    return false;
}

/* --until 10 is --set limits.until=10, and so on. */
static al_scenario *load(const char *path, al_exit *why)
{
    const al_override limits[] = {
        {"--until", "limits.until", o.until},
        {"--max-iterations", "limits.iterations", o.max_iterations},
        {"--max-steps", "limits.steps", o.max_steps},
    };
    al_overrides overrides = {0};
    al_scenario *scenario;

    al_overrides_add_set(&overrides, &o.set);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].text)
            al_overrides_add(&overrides, limits[i]);
    }
    scenario = al_input_load(path, &overrides, o.watch.color, why);
    al_overrides_release(&overrides);
    al_strings_release(&o.set);
    return scenario;
}

/* -- a run -------------------------------------------------------------- */

/* Unless it was told when it came. */
static void tell_deadlock(const al_scenario *scenario,
                          const al_sim_result *result, const al_watchers *w)
{
    if (w->alarm.has_told_deadlock)
        return;
    al_complain("%s: %s", scenario->path, result->message.bytes);
    al_print_escaped(al_text_peek(&result->waits));
}

static al_exit tell_outcome(const al_scenario *scenario,
                            const al_sim_result *result, const al_watchers *w)
{
    switch (result->outcome) {
    case AL_OUTCOME_DONE:
        return AL_EXIT_OK;
    case AL_OUTCOME_FAILED:
        al_print_escaped(result->traceback.bytes);
        return AL_EXIT_FAILED;
    case AL_OUTCOME_DEADLOCK:
        tell_deadlock(scenario, result, w);
        return AL_EXIT_DEADLOCK;
    case AL_OUTCOME_LIMIT:
        break;
    }
    al_complain("%s: %s", scenario->path, result->message.bytes);
    return AL_EXIT_LIMIT;
}

static al_exit run_scenario(const al_scenario *scenario)
{
    const al_subject subject = {
        .path = scenario->path,
        .title = scenario->title,
        .knobs = scenario->loop,
        .scenario = scenario,
    };
    al_sim_options sim = {.interrupted = &al_interrupted};
    al_sim_result result = {0};
    al_watchers w = {0};
    al_error err = {0};
    al_exit status = AL_EXIT_OK;

    if (!al_watchers_open(&w, &subject, &o.watch, &err))
        goto out;
    sim.observer = w.observer;
    sim.logger = w.logger;
    al_sim_run(scenario, &sim, &result);
    if (!al_watchers_finish(&w, &err))
        goto out;
    status = tell_outcome(scenario, &result, &w);
out:
    if (err.message[0])
        status = al_refuse(err.message);
    al_watchers_release(&w);
    al_sim_result_release(&result);
    return status;
}

/* -- a trace, told again ------------------------------------------------ */

/* What only a run could heed. */
static bool asks_for_a_run(void)
{
    return o.watch.trace || o.until || o.max_iterations || o.max_steps ||
           o.set.count > 0 ||
           (o.watch.format && strcmp(o.watch.format, "jsonl") == 0);
}

static al_exit tell_trace(al_source *source)
{
    const al_trace_header *header = al_source_header(source);
    const al_subject subject = {
        .path = al_source_name(source),
        .title = header->scenario,
        .knobs = header->loop,
        .since = header->since,
    };
    al_exit status = AL_EXIT_OK;
    al_watchers w = {0};
    al_error err = {0};
    al_event event;

    al_watchers_open(&w, &subject, &o.watch, &err);
    while (al_source_next(source, &event))
        al_observer_emit(w.observer, &event);
    if (!al_watchers_finish(&w, &err))
        status = al_refuse(err.message);
    al_watchers_release(&w);
    return status;
}

/* Where it could not be written, how it would have ended is not told. */
static al_exit run_trace(al_source *source)
{
    al_exit status = AL_EXIT_USAGE;

    al_source_tell_since_start(source);
    if (asks_for_a_run())
        al_complain("'%s' is a trace, and has run already: only what it shows "
                    "can be chosen", al_source_name(source));
    else
        status = tell_trace(source);
    al_strings_release(&o.set);
    if (status == AL_EXIT_OK)
        return al_source_close(source);
    al_source_abandon(source);
    return status;
}

/* -- the command -------------------------------------------------------- */

static al_exit run(int argc, char **argv)
{
    al_source *trace;
    al_scenario *scenario;
    al_exit status;

    if (argc != 1) {
        al_complain("run takes one scenario (see 'asyncloop-sim run --help')");
        return AL_EXIT_USAGE;
    }
    if (!read_range())
        return AL_EXIT_USAGE;
    if (o.watch.trace && !o.watch.trace[0]) {
        al_complain("--trace '': an empty name is no file");
        return AL_EXIT_USAGE;
    }
    if (o.watch.trace && al_reads_file(argv[0], o.watch.trace)) {
        al_complain("'%s' is the scenario itself", o.watch.trace);
        return AL_EXIT_USAGE;
    }
    trace = al_source_open_trace(argv[0], &status);
    if (trace)
        return run_trace(trace);
    scenario = status == AL_EXIT_OK ? load(argv[0], &status) : NULL;
    if (!scenario)
        return status;
    status = run_scenario(scenario);
    al_scenario_free(scenario);
    return status;
}

const al_command al_command_run = {
    .name = "run",
    .usage = "[OPTION...] SCENARIO",
    .summary = "run a scenario and show each turn of the loop",
    .details =
        "SCENARIO is a file, a pipe, or '-' for stdin; or a trace, by 'run\n"
        "--trace' or 'record', which is told again.  'log' prints what the\n"
        "program logs: the time, and the text.\n"
        "\n"
        "h1, h2, … are handles, in the order of their creation; h1 is the\n"
        "loop's own, by which call_soon_threadsafe and signals wake select.\n"
        "'~0.3 s' is rounded: the trace has all digits.\n",
    .examples =
        "  asyncloop-sim run scenarios/heap-compaction.json\n"
        "  asyncloop-sim run --format log scenarios/ties.json\n"
        "  asyncloop-sim run --trace ties.jsonl scenarios/ties.json\n"
        "  asyncloop-sim run --iterations 2:3 ties.jsonl\n"
        "  asyncloop-sim run <(zcat app.jsonl.gz)\n"
        "  asyncloop-sim run --set loop.debug=true --until 10 mine.json\n",
    .options = options,
    .run = run,
};
