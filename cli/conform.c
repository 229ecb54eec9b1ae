/* conform.c - asyncloop-sim conform: is our schedule the real one?
 *
 * Each scenario is exported as a Python program, recorded on a real Python,
 * and that trace compared with ours. */
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>
#include "cli/input.h"
#include "cli/python.h"
#include "cli/traced_run.h"
#include "loop/base/alloc.h"
#include "sim/export/python.h"

static struct {
    const char *python, *color;
    bool quiet;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 0, "python", "EXE",
     "the Python to compare with; default: python3", &o.python, NULL},
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what is equal",
     &o.quiet, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

typedef enum verdict {
    EQUAL, DIFFERENT, INVALID, REFUSED,
    STOPPED, /* by Ctrl-C, which Python gets too */
    VERDICT_COUNT
} verdict;

/* -- one scenario ------------------------------------------------------- */

static bool write_program(const al_scenario *scenario, const char *path,
                          al_error *err)
{
    al_text program = {0};
    bool ok;

    al_export_python(scenario, &program);
    ok = al_sink_write_file(path, program.bytes, program.length, err);
    al_text_release(&program);
    return ok;
}

/* The status alone tells nothing: a scenario may well end by an exception. */
static bool record(const al_python *python, const char *out,
                   const char *program, al_error *err)
{
    int status;

    remove(out);
    if (!al_python_record(python, out, program, NULL, 0, &status, err))
        return false;
    return access(out, F_OK) == 0 ||
           al_fail(err, "Python ended with status %d", status);
}

static bool compare(const al_python *python, const al_scenario *scenario,
                    al_difference *difference, al_error *err)
{
    char *program = al_python_path(python, "program.py");
    char *theirs = al_python_path(python, "trace.jsonl");
    bool ok;

    ok = write_program(scenario, program, err) &&
         record(python, theirs, program, err) &&
         al_traced_compare(theirs, "python", scenario, "asyncloop-sim",
                           difference, err);
    al_free(program);
    al_free(theirs);
    return ok;
}

static void tell_path(const char *path)
{
    al_say("%-44s  ", path);
}

static verdict tell(const char *path, const al_difference *difference)
{
    if (difference->index != 0) {
        tell_path(path);
        al_say_marked(AL_ROLE_ERROR, o.color, "DIFFERENT",
                      " at event %llu\n",
                      (unsigned long long)difference->index);
        al_say_difference(difference->text.bytes, o.color);
        return DIFFERENT;
    }
    if (!o.quiet) {
        tell_path(path);
        al_say_marked(AL_ROLE_GOOD, o.color, "equal", " %10llu events\n",
                      (unsigned long long)difference->compared);
    }
    return EQUAL;
}

static verdict tell_failure(const char *path, const al_error *err)
{
    tell_path(path);
    al_say_marked(AL_ROLE_ERROR, o.color, "failed", ": %s\n", err->message);
    return REFUSED;
}

static verdict conform_one(const al_python *python, const char *given)
{
    al_scenario *scenario = al_input_load(given, NULL, o.color);
    al_difference difference = {0};
    al_error err = {0};
    verdict result = STOPPED;
    bool ok;

    if (!scenario)
        return INVALID;
    ok = compare(python, scenario, &difference, &err);
    if (!atomic_load(&al_interrupted))
        result = ok ? tell(scenario->path, &difference)
                    : tell_failure(scenario->path, &err);
    al_difference_release(&difference);
    al_scenario_free(scenario);
    return result;
}

/* -- the command -------------------------------------------------------- */

static al_exit conform_all(const al_python *python, const al_strings *files)
{
    size_t counts[VERDICT_COUNT] = {0};

    for (size_t i = 0; i < files->count && !atomic_load(&al_interrupted); i++)
        counts[conform_one(python, files->items[i])]++;
    if (files->count > 1)
        printf("%zu equal, %zu different, %zu failed\n", counts[EQUAL],
               counts[DIFFERENT], counts[INVALID] + counts[REFUSED]);
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (counts[REFUSED])
        return AL_EXIT_REFUSED;
    if (counts[INVALID])
        return AL_EXIT_USAGE;
    return counts[DIFFERENT] ? AL_EXIT_FAILED : AL_EXIT_OK;
}

static al_exit conform(int argc, char **argv)
{
    al_strings files = {0};
    al_python python = {.is_quiet = true};
    al_error err = {0};
    al_exit status = AL_EXIT_USAGE;

    if (argc == 0)
        al_complain("conform takes scenarios (see "
                    "'asyncloop-sim conform --help')");
    else if (!al_input_find(argc, argv, &files))
        status = AL_EXIT_USAGE;
    else if (al_python_init(&python, o.python, &err))
        status = conform_all(&python, &files);
    else
        status = AL_EXIT_REFUSED;
    if (err.message[0])
        al_complain("%s", err.message);
    al_python_release(&python);
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
        "reference; older ones differ where asyncio changed.\n"
        "\n"
        "SCENARIO is a file, a folder of scenarios, or '-' for stdin.\n",
    .examples = "  asyncloop-sim conform scenarios/*.json\n"
                "  asyncloop-sim conform --python python3.14 mine.json\n",
    .options = options,
    .run = conform,
};
