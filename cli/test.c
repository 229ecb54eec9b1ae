/* test.c - asyncloop-sim test: scenarios against their recorded traces. */
#include "cli/command.h"

#include <string.h>
#include "cli/input.h"
#include "cli/pool.h"
#include "cli/test/report.h"
#include "cli/test/workers.h"

static struct {
    const char *color, *junit, *jobs;
    bool update, quiet, core, strict, tap;
} o;

static const al_option options[] = {
    {AL_OPTION_FLAG, 0, "core", NULL,
     "what any loop shows, no source lines: the default", &o.core, NULL},
    {AL_OPTION_FLAG, 0, "strict", NULL,
     "compare detail events, too, where they are ours", &o.strict, NULL},
    {AL_OPTION_FLAG, 0, "update", NULL,
     "write our trace where there is none, or ours", &o.update, NULL},
    {AL_OPTION_STRING, 'j', "jobs", "N",
     "test so many at a time, in processes; default: 1", &o.jobs, NULL},
    {AL_OPTION_FLAG, 0, "tap", NULL, "print TAP, the Test Anything Protocol",
     &o.tap, NULL},
    {AL_OPTION_STRING, 0, "junit", "FILE", "write JUnit's XML there, as well",
     &o.junit, NULL},
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what passes",
     &o.quiet, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

static al_exit status_of(const al_test_report *report)
{
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (al_test_report_count(report, AL_TEST_REFUSED))
        return AL_EXIT_REFUSED;
    if (al_test_report_count(report, AL_TEST_INVALID))
        return AL_EXIT_USAGE;
    return al_test_report_count(report, AL_TEST_FAILED) ? AL_EXIT_FAILED
                                                        : AL_EXIT_OK;
}

typedef struct told {
    al_test_report *report;
    const al_strings *files;
} told;

static void tell(void *self, size_t index, const al_test_result *result)
{
    const told *to = self;

    al_test_report_add(to->report, to->files->items[index], result);
}

static al_exit test_all(const al_strings *files, unsigned jobs)
{
    const al_test_settings settings = {o.update, o.strict, o.color};
    const al_test_report_options wanted = {
        .tap = o.tap,
        .quiet = o.quiet,
        .update = o.update,
        .color = o.color,
        .count = files->count,
        .junit = o.junit,
    };
    told to = {al_test_report_new(&wanted), files};
    al_exit status;

    al_test_all(files, jobs, &settings, tell, &to);
    status = al_test_report_finish(to.report) ? status_of(to.report)
                                              : AL_EXIT_REFUSED;
    al_test_report_free(to.report);
    return status;
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
    unsigned jobs;

    if (has_stdin(argc, argv))
        al_complain("'-' has no recorded trace beside it: test takes paths");
    else if (o.core && o.strict)
        al_complain("--core and --strict exclude each other");
    else if (al_pool_read_jobs(o.jobs, 1, &jobs) &&
             al_input_find(argc ? argc : 1, argc ? argv : here, &files))
        status = test_all(&files, jobs);
    al_input_release(&files);
    return status;
}

const al_command al_command_test = {
    .name = "test",
    .usage = "[OPTION...] [PATH...]",
    .summary = "run scenarios and compare with their recorded traces",
    .details =
        "A folder stands for the scenarios in it and in the folders below,\n"
        "but for those named traces or node_modules and what is hidden; none:\n"
        "this folder.  Other JSON there is passed over.  The trace recorded\n"
        "for NAME.json is traces/NAME.jsonl beside it.  One that CPython\n"
        "recorded is never overwritten by --update; one that says the same\n"
        "already is left alone.  How a run differs is told as diff does.\n"
        "\n"
        "The exit code is 2 where a scenario or a recorded trace cannot be\n"
        "read, whatever else differs; else 1 where one differs, or lacks its\n"
        "trace.\n",
    .examples = "  asyncloop-sim test scenarios\n"
                "  asyncloop-sim test --update my/scenarios/retry.json\n"
                "  asyncloop-sim test -j 4 --junit report.xml scenarios\n",
    .options = options,
    .run = test,
};
