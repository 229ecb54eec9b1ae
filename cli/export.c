/* export.c - asyncloop-sim export: a scenario in another form. */
#include "cli/command.h"

#include <string.h>
#include <unistd.h>
#include "cli/input.h"
#include "sim/base/sink.h"
#include "sim/export/python.h"

static struct {
    const char *to, *output, *color;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_CHOICE, 0, "to", "FORM",
     "python (the default): an asyncio program", &o.to, "python"},
    {AL_OPTION_STRING, 'o', "output", "FILE",
     "write there; default: '-', stdout", &o.output, NULL},
    {AL_OPTION_LIST, 0, "set", "KEY=VALUE",
     "override a setting of the file: loop.debug=true", &o.set, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

static al_scenario *load(const char *path)
{
    al_overrides overrides = {0};
    al_scenario *scenario;

    al_overrides_add_set(&overrides, &o.set);
    scenario = al_input_load(path, &overrides, o.color);
    al_overrides_release(&overrides);
    al_strings_release(&o.set);
    return scenario;
}

static bool print(const al_text *text, al_error *err)
{
    al_sink out = al_fd_sink_new(STDOUT_FILENO, "stdout");
    bool ok = al_sink_write(out, text->bytes, text->length, err);

    al_sink_free(out);
    return ok;
}

static al_exit write_out(const al_text *text)
{
    al_error err = {0};
    bool is_file = o.output && strcmp(o.output, "-") != 0;

    if (is_file ? al_sink_write_file(o.output, text->bytes, text->length,
                                     &err)
                : print(text, &err))
        return AL_EXIT_OK;
    al_complain("%s", err.message);
    return AL_EXIT_REFUSED;
}

static al_exit export(int argc, char **argv)
{
    al_scenario *scenario;
    al_text text = {0};
    al_exit status;

    if (argc != 1) {
        al_complain("export takes one scenario (see "
                    "'asyncloop-sim export --help')");
        return AL_EXIT_USAGE;
    }
    if (o.output && al_is_same_file(o.output, argv[0])) {
        al_complain("'%s' is the scenario itself", o.output);
        return AL_EXIT_USAGE;
    }
    scenario = load(argv[0]);
    if (!scenario)
        return AL_EXIT_USAGE;
    al_export_python(scenario, &text);
    status = write_out(&text);
    al_text_release(&text);
    al_scenario_free(scenario);
    return status;
}

const al_command al_command_export = {
    .name = "export",
    .usage = "[OPTION...] SCENARIO",
    .summary = "print a scenario as the asyncio program it stands for",
    .details = "SCENARIO is a file, or '-' for stdin.  The program runs under\n"
               "'asyncloop-sim record', which has the world it needs.\n",
    .examples =
        "  asyncloop-sim export scenarios/ties.json\n"
        "  asyncloop-sim export --to python -o ties.py scenarios/ties.json\n"
        "  asyncloop-sim export - <ties.json | "
        "asyncloop-sim record -\n",
    .options = options,
    .run = export,
};
