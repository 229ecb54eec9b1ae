/* record.c - asyncloop-sim record: the trace of a real Python's run. */
#include "cli/command.h"

#include "cli/python.h"

static struct {
    const char *output, *python;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 'o', "output", "FILE",
     "where the trace goes; default: stdout", &o.output, NULL},
    {AL_OPTION_STRING, 0, "python", "EXE",
     "the Python to use; default: python3", &o.python, NULL},
    {.kind = AL_OPTION_END},
};

static al_exit record(int argc, char **argv)
{
    al_interpreter python = {0};
    al_error err = {0};
    int status = 0;
    bool ok;

    if (argc < 1) {
        al_complain("record takes a program (see "
                    "'asyncloop-sim record --help')");
        return AL_EXIT_USAGE;
    }
    if (o.output && al_is_same_file(o.output, argv[0])) {
        al_complain("'%s' is the program itself", o.output);
        return AL_EXIT_USAGE;
    }
    ok = al_interpreter_init(&python, o.python, &err) &&
         al_interpreter_record(&python, o.output ? o.output : "-", argv[0],
                               argv + 1, argc - 1, &status, &err);
    al_interpreter_release(&python);
    if (!ok) {
        al_complain("%s", err.message);
        return AL_EXIT_REFUSED;
    }
    if (atomic_load(&al_interrupted) && status != 0)
        return al_end_interrupted();
    return (al_exit)status;
}

const al_command al_command_record = {
    .name = "record",
    .usage = "[OPTION...] PROGRAM.py [ARGUMENT...]",
    .summary = "run a Python program and write the trace of its loops",
    .details =
        "Under a virtual clock, as 'export --to python' programs need it:\n"
        "time stands still while callbacks run, and passes at once where all\n"
        "wait.  Real sockets and files are never ready there: a program that\n"
        "talks to the real world is not recorded truly, and is warned of.\n"
        "\n"
        "PROGRAM.py is a file, or '-' for stdin.  What follows it is the\n"
        "program's own.  Where the trace goes to stdout, what the program\n"
        "prints goes to stderr.\n"
        "\n"
        "The exit code is the program's; 4 where Ctrl-C ended it.\n",
    .examples = "  asyncloop-sim export --to python -o ties.py "
                "scenarios/ties.json\n"
                "  asyncloop-sim record -o ties.jsonl ties.py\n"
                "  asyncloop-sim record timers.py --count 3 | wc -l\n",
    .options = options,
    .ends_options = true,
    .run = record,
};
