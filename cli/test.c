/* test.c - asyncloop-sim test: scenarios against their recorded traces. */
#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/input.h"
#include "cli/traced_run.h"
#include "loop/base/alloc.h"

static struct {
    const char *color;
    bool update, quiet;
} o;

static const al_option options[] = {
    {AL_OPTION_FLAG, 0, "update", NULL,
     "write our trace where there is none, or ours", &o.update, NULL},
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what passes",
     &o.quiet, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

typedef enum verdict {
    PASSED, FAILED, UPDATED, REFUSED,
    INVALID, /* a scenario or a recorded trace that is none */
    STOPPED, /* by Ctrl-C: the trace is cut short, and proves nothing */
    VERDICT_COUNT
} verdict;

/* -- telling ------------------------------------------------------------ */

__attribute__((format(printf, 2, 3)))
static void fail(const char *path, const char *format, ...)
{
    al_text why = {0};
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&why, format, args);
    va_end(args);
    al_say_marked(AL_ROLE_ERROR, o.color, "FAIL", " %s: %s\n", path,
                  why.bytes);
    al_text_release(&why);
}

static void pass(const char *path, uint64_t events)
{
    if (!o.quiet)
        al_say_marked(AL_ROLE_GOOD, o.color, "ok", "   %s (%llu events)\n",
                      path, (unsigned long long)events);
}

/* -- comparing ---------------------------------------------------------- */

static verdict compare(const char *path, const char *golden,
                       const al_scenario *scenario)
{
    al_difference difference = {0};
    al_sim_result ending = {0};
    al_error err = {0};
    verdict result = FAILED;
    bool ok = al_traced_compare(golden, "recorded", scenario, "now", &ending,
                                &difference, &err);

    if (atomic_load(&al_interrupted)) {
        result = STOPPED;
    } else if (!ok) {
        fail(path, "%s", err.message);
        result = INVALID;
    } else if (difference.index == 0) {
        pass(path, difference.compared);
        result = PASSED;
    } else {
        fail(path, "event %llu differs",
             (unsigned long long)difference.index);
        al_say_difference(difference.text.bytes, o.color);
    }
    al_sim_result_release(&ending);
    al_difference_release(&difference);
    return result;
}

/* -- updating ----------------------------------------------------------- */

/* Ours to write again?  What CPython recorded is the proof, and what is no
 * trace at all is somebody's. */
static bool is_ours(const char *golden)
{
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(golden, &err);
    bool result = false;

    if (reader) {
        const char *producer = al_trace_reader_header(reader)->producer;

        result = producer && strncmp(producer, "asyncloop-sim", 13) == 0;
    }
    al_trace_reader_free(reader);
    return result;
}

static bool make_folder_of(const char *path)
{
    char *folder = al_strndup(path, (size_t)(strrchr(path, '/') - path));
    bool ok = mkdir(folder, 0777) == 0 || errno == EEXIST;

    if (!ok)
        al_complain("cannot make '%s': %s", folder, strerror(errno));
    al_free(folder);
    return ok;
}

static verdict update(const char *path, const char *golden,
                      const al_scenario *scenario)
{
    al_error err = {0};

    if (!make_folder_of(golden))
        return REFUSED;
    if (!al_traced_run(scenario, golden, &err)) {
        al_complain("%s", err.message);
        return REFUSED;
    }
    if (atomic_load(&al_interrupted))
        return STOPPED;
    al_say("new  %s: wrote %s\n", path, golden);
    return UPDATED;
}

/* -- one scenario ------------------------------------------------------- */

static verdict judge(const char *path, const al_scenario *scenario)
{
    char *golden = al_input_golden_path(path);
    bool exists = access(golden, F_OK) == 0;
    verdict result;

    if (o.update && (!exists || is_ours(golden))) {
        result = update(path, golden, scenario);
    } else if (!exists) {
        fail(path, "no recorded trace '%s' (--update makes one)", golden);
        result = FAILED;
    } else {
        result = compare(path, golden, scenario);
    }
    al_free(golden);
    return result;
}

static verdict test_one(const char *path)
{
    al_scenario *scenario = al_input_load(path, NULL, o.color);
    verdict result = INVALID;

    if (scenario)
        result = judge(path, scenario);
    else
        fail(path, "not a valid scenario");
    al_scenario_free(scenario);
    return result;
}

/* -- the command -------------------------------------------------------- */

static void print_counts(const size_t counts[])
{
    printf("%zu passed, %zu failed", counts[PASSED],
           counts[FAILED] + counts[INVALID] + counts[REFUSED]);
    if (o.update)
        printf(", %zu written", counts[UPDATED]);
    putchar('\n');
}

static al_exit test_all(const al_strings *files)
{
    size_t counts[VERDICT_COUNT] = {0};

    for (size_t i = 0; i < files->count && !atomic_load(&al_interrupted); i++)
        counts[test_one(files->items[i])]++;
    print_counts(counts);
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (counts[REFUSED])
        return AL_EXIT_REFUSED;
    if (counts[INVALID])
        return AL_EXIT_USAGE;
    return counts[FAILED] ? AL_EXIT_FAILED : AL_EXIT_OK;
}

static bool has_stdin(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "-") == 0)
            return true;
    }
    return false;
}

static al_exit test(int argc, char **argv)
{
    static char *here[] = {(char *)"."};
    al_strings files = {0};
    al_exit status = AL_EXIT_USAGE;

    if (has_stdin(argc, argv))
        al_complain("'-' has no recorded trace beside it: test takes paths");
    else if (al_input_find(argc ? argc : 1, argc ? argv : here, &files))
        status = test_all(&files);
    al_input_release(&files);
    return status;
}

const al_command al_command_test = {
    .name = "test",
    .usage = "[OPTION...] [PATH...]",
    .summary = "run scenarios and compare with their recorded traces",
    .details =
        "A folder stands for the scenarios in it; none: this folder.  The\n"
        "trace recorded for NAME.json is traces/NAME.jsonl beside it.  One\n"
        "that CPython recorded is never overwritten by --update.\n"
        "\n"
        "The exit code is 2 where a scenario or a recorded trace cannot be\n"
        "read, whatever else differs; else 1 where one differs, or lacks its\n"
        "trace.\n",
    .examples = "  asyncloop-sim test scenarios\n"
                "  asyncloop-sim test --update my/scenarios/retry.json\n",
    .options = options,
    .run = test,
};
