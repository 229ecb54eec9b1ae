/* conform.c - asyncloop-sim conform: is our schedule the real one?
 *
 * Each scenario is exported as a Python program, recorded on a real Python,
 * and that trace compared with ours. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include "cli/input.h"
#include "cli/proof.h"
#include "cli/traced_run.h"
#include "loop/base/alloc.h"

static struct {
    const char *python, *timeout, *color;
    bool quiet;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 0, "python", "EXE",
     "the Python to compare with; default: python3", &o.python, NULL},
    AL_OPTION_TIMEOUT(&o.timeout),
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what is equal",
     &o.quiet, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

typedef enum verdict {
    EQUAL, DIFFERENT, INVALID, REFUSED,
    LATE,    /* Python did not end in time */
    STOPPED, /* by Ctrl-C, which Python gets too */
    VERDICT_COUNT
} verdict;

typedef struct proving {
    al_interpreter python;
    double limit; /* seconds it may take for one */
} proving;

/* -- one scenario ------------------------------------------------------- */

static bool is_reference(const char *producer)
{
    return strncmp(producer, "CPython 3.14.", 13) == 0;
}

/* With whom all is compared: said once, as soon as it is known. */
static void tell_python(const al_interpreter *python, const char *trace)
{
    static bool is_told;
    al_error ignored = {0};
    al_trace_reader *reader = is_told ? NULL
                                      : al_trace_reader_open(trace, &ignored);
    const char *producer;

    if (!reader)
        return;
    is_told = true;
    producer = al_trace_reader_header(reader)->producer;
    if (!producer)
        producer = "a Python that does not say its version";
    if (!o.quiet)
        al_say("asyncloop-sim " AL_VERSION " beside %.*s (%s)\n",
               al_proof_version_length(producer), producer, python->executable);
    if (!is_reference(producer))
        al_complain("this Python is not the reference, 3.14: where asyncio "
                    "changed, they differ");
    al_trace_reader_free(reader);
}

typedef struct outcome { /* of one comparison; zero-initialise */
    al_difference difference;
    al_sim_result ours;
    al_proof proof;
    bool is_capped; /* the scenario itself does not limit its turns */
} outcome;

static void release_outcome(outcome *result)
{
    al_difference_release(&result->difference);
    al_sim_result_release(&result->ours);
}

static bool compare(const proving *with, const al_scenario *scenario,
                    outcome *result, al_error *err)
{
    const al_interpreter *python = &with->python;
    char *theirs = al_interpreter_path(python, "trace.jsonl");
    bool ok;

    result->proof = al_proof_record(python, scenario, theirs, with->limit,
                                    err);
    ok = result->proof == AL_PROOF_RECORDED;
    if (ok) {
        tell_python(python, theirs);
        ok = al_traced_compare(theirs, "python", scenario, "asyncloop-sim",
                               false, &result->ours, &result->difference, err);
    }
    al_free(theirs);
    return ok;
}

static void tell_path(const char *path)
{
    al_say("%-44s  ", path);
}

/* Whose rules held, where they are not the reference's; and whether a longer
 * run was cut. */
static void add_remarks(const al_scenario *scenario, const outcome *result,
                        al_text *out)
{
    if (scenario->loop.python_minor >= 15)
        al_text_add(out, ", by 3.15's rules");
    if (al_proof_was_cut(result->is_capped, &result->ours))
        al_text_add_format(out, ", its first %d turns", AL_PROOF_TURNS);
}

static void tell_equal(const al_scenario *scenario, const outcome *result)
{
    al_text remarks = {0};

    add_remarks(scenario, result, &remarks);
    tell_path(scenario->path);
    al_say_marked(AL_ROLE_GOOD, o.color, "equal", " %10llu events%s\n",
                  (unsigned long long)result->difference.compared,
                  al_text_peek(&remarks));
    al_text_release(&remarks);
}

static verdict tell(const al_scenario *scenario, const outcome *result)
{
    const al_difference *difference = &result->difference;

    if (difference->index == 0) {
        if (!o.quiet)
            tell_equal(scenario, result);
        return EQUAL;
    }
    tell_path(scenario->path);
    al_say_marked(AL_ROLE_ERROR, o.color, "DIFFERENT", " at event %llu\n",
                  (unsigned long long)difference->index);
    al_say_difference(difference->text.bytes, o.color);
    return DIFFERENT;
}

static verdict tell_failure(const char *path, al_proof proof,
                            const al_error *err)
{
    bool is_late = proof == AL_PROOF_LATE;

    tell_path(path);
    al_say_marked(is_late ? AL_ROLE_WARNING : AL_ROLE_ERROR, o.color,
                  is_late ? "late" : "failed", ": %s\n", err->message);
    return is_late ? LATE : REFUSED;
}

static verdict conform_one(const proving *with, const char *given)
{
    al_exit why;
    al_scenario *scenario = al_input_load(given, NULL, o.color, &why);
    outcome result = {0};
    al_error err = {0};
    verdict judged = STOPPED;
    bool ok;

    if (!scenario)
        return why == AL_EXIT_REFUSED ? REFUSED : INVALID;
    result.is_capped = al_proof_cap(scenario);
    ok = compare(with, scenario, &result, &err);
    if (!atomic_load(&al_interrupted))
        judged = ok ? tell(scenario, &result)
                    : tell_failure(scenario->path, result.proof, &err);
    release_outcome(&result);
    al_scenario_free(scenario);
    return judged;
}

/* -- the command -------------------------------------------------------- */

static al_exit conform_all(const proving *with, const al_strings *files)
{
    size_t counts[VERDICT_COUNT] = {0};

    for (size_t i = 0; i < files->count && !atomic_load(&al_interrupted); i++)
        counts[conform_one(with, files->items[i])]++;
    if (files->count > 1)
        printf("%zu equal, %zu different, %zu failed\n", counts[EQUAL],
               counts[DIFFERENT], counts[INVALID] + counts[REFUSED] + counts[LATE]);
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (counts[LATE])
        return AL_EXIT_LIMIT;
    if (counts[REFUSED])
        return AL_EXIT_REFUSED;
    if (counts[INVALID])
        return AL_EXIT_USAGE;
    return counts[DIFFERENT] ? AL_EXIT_FAILED : AL_EXIT_OK;
}

static al_exit conform(int argc, char **argv)
{
    al_strings files = {0};
    proving with = {.python.is_quiet = true};
    al_error err = {0};
    al_exit status = AL_EXIT_USAGE;

    if (argc == 0)
        al_complain("conform takes scenarios (see "
                    "'asyncloop-sim conform --help')");
    else if (!al_proof_read_timeout(o.timeout, &with.limit) ||
             !al_input_find(argc, argv, &files))
        status = AL_EXIT_USAGE;
    else if (al_interpreter_init(&with.python, o.python, &err))
        status = conform_all(&with, &files);
    else
        status = AL_EXIT_REFUSED;
    if (err.message[0])
        al_complain("%s", err.message);
    if (status == AL_EXIT_REFUSED && al_interrupt_signal())
        status = al_end_interrupted();
    al_interpreter_release(&with.python);
    al_input_release(&files);
    return status;
}

const al_command al_command_conform = {
    .name = "conform",
    .usage = "[OPTION...] SCENARIO...",
    .summary = "prove a scenario's schedule against a real Python",
    .details =
        "Exports each scenario as a Python program, records it there, and\n"
        "compares the traces event for event.  CPython 3.14 is the\n"
        "reference; older ones differ where asyncio changed.  Of a run that\n"
        "may have no end its first 20000 turns are compared.\n"
        "\n"
        "SCENARIO is a file, a folder (the scenarios in it and below), or '-'\n"
        "for stdin.\n"
        "\n"
        "The exit code is 0 where all are equal; else 4 where Python did not\n"
        "end in time, or 5 where it could not be run, or 2 where a scenario is\n"
        "invalid, or 1.\n",
    .examples = "  asyncloop-sim conform scenarios/*.json\n"
                "  asyncloop-sim conform --python python3.14 mine.json\n",
    .options = options,
    .run = conform,
};
