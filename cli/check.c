/* check.c - asyncloop-sim check: are these scenarios well formed? */
#include "cli/command.h"

#include <stdio.h>
#include "cli/input.h"

static struct {
    const char *color;
    bool quiet;
} o;

static const al_option options[] = {
    AL_OPTION_COLOR(&o.color),
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what is well formed",
     &o.quiet, NULL},
    {.kind = AL_OPTION_END},
};

static al_exit check_one(const char *path)
{
    al_exit why;
    al_scenario *scenario = al_input_load(path, NULL, o.color, &why);

    if (!scenario)
        return why;
    if (!o.quiet)
        al_say("%s: ok\n", scenario->path);
    al_scenario_free(scenario);
    return AL_EXIT_OK;
}

static al_exit check(int argc, char **argv)
{
    al_strings files = {0};
    al_exit status = AL_EXIT_OK;

    if (argc == 0) {
        al_complain("check takes scenarios (see 'asyncloop-sim check --help')");
        return AL_EXIT_USAGE;
    }
    if (!al_input_find(argc, argv, &files))
        status = AL_EXIT_USAGE;
    for (size_t i = 0; i < files.count && !atomic_load(&al_interrupted); i++)
        status = al_gravest(status, check_one(files.items[i]));
    al_input_release(&files);
    return atomic_load(&al_interrupted) ? al_end_interrupted() : status;
}

const al_command al_command_check = {
    .name = "check",
    .usage = "[OPTION...] SCENARIO...",
    .summary = "say what is wrong with a scenario, without running it",
    .details = "SCENARIO is a file, a folder (the scenarios in it and below), or '-'\n"
        "for stdin.\n",
    .examples = "  asyncloop-sim check scenarios/*.json\n",
    .options = options,
    .run = check,
};
