/* record.c - asyncloop-sim record: the trace of a real Python's run. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include "cli/interrupt.h"
#include "cli/python.h"
#include "cli/record/ending.h"
#include "sim/base/path.h"
#include "sim/base/sink.h"

static struct {
    const char *output, *python, *clock;
    bool is_module;
} o;

static const al_option options[] = {
    {AL_OPTION_STRING, 'o', "output", "FILE",
     "where the trace goes; default: stdout", &o.output, NULL},
    {AL_OPTION_FLAG, 'm', "module", NULL,
     "PROGRAM is a module's name, as for python -m", &o.is_module, NULL},
    {AL_OPTION_STRING, 0, "python", "EXE",
     "the Python to use; default: python3", &o.python, NULL},
    {AL_OPTION_CHOICE, 0, "clock", "CLOCK",
     "real (default), or virtual: sleeping costs nothing", &o.clock,
     "real virtual"},
    {.kind = AL_OPTION_END},
};

/* -- the command line ---------------------------------------------------- */

/* "python3.14", with or without a folder; not "python_app.py". */
static bool is_python(const char *word)
{
    const char *name = al_path_name(word);
    size_t length = strncmp(name, "python", 6) == 0 ? 6 :
                    strncmp(name, "pypy", 4) == 0 ? 4 : 0;

    return length > 0 && name[length + strspn(name + length,
                                              "0123456789.t")] == '\0';
}

static bool takes_value(const char *flag)
{
    return strcmp(flag, "-X") == 0 || strcmp(flag, "-W") == 0 ||
           strcmp(flag, "--check-hash-based-pycs") == 0;
}

/* The flags of "python3 -X dev app.py" end where its program begins. */
static void take_flags(al_recording *recording, int *argc, char ***argv)
{
    int count = 0;

    while (count < *argc && (*argv)[count][0] == '-' &&
           (*argv)[count][1] && (*argv)[count][1] != 'm' &&
           strcmp((*argv)[count], "-c") != 0)
        count += 1 + takes_value((*argv)[count]);
    if (count > *argc)
        count = *argc;
    recording->flags = *argv;
    recording->flag_count = count;
    *argc -= count;
    *argv += count;
}

static void take_module_flag(al_recording *recording, int *argc, char ***argv)
{
    if (*argc < 1 || strcmp(**argv, "-m") != 0)
        return;
    recording->is_module = true;
    (*argc)--;
    (*argv)++;
}

/* "python3 app.py" is app.py, on that Python. */
static bool take_program(al_recording *recording, int argc, char **argv,
                         al_error *err)
{
    recording->is_module = o.is_module;
    recording->clock = o.clock;
    if (argc > 0 && !o.is_module && is_python(argv[0])) {
        if (o.python)
            return al_fail(err, "--python and '%s' are one too many", argv[0]);
        o.python = argv[0];
        argc--;
        argv++;
        take_flags(recording, &argc, &argv);
        take_module_flag(recording, &argc, &argv);
    }
    if (argc > 0 && strcmp(argv[0], "-c") == 0)
        return al_fail(err, "record takes a program's file, not -c");
    if (argc < 1)
        return al_fail(err, "record takes a program (see "
                       "'asyncloop-sim record --help')");
    recording->program = argv[0];
    recording->args = argv + 1;
    recording->arg_count = argc - 1;
    return true;
}

/* -- the trace ----------------------------------------------------------- */

/* Python writes beside the file; it is put in place here, and mended before
 * if need be: a program may end its process in ways that Python never hears
 * of.  One that is no regular file (a fifo, /dev/null) cannot be looked at. */
static bool keep(al_sink sink, const al_child_end *end, al_error *err)
{
    const char *path = al_file_sink_path(sink);

    if (!al_is_plain_file(path))
        return al_sink_finish(sink, err);
    switch (al_ending_check(path)) {
    case AL_ENDING_WHOLE:
        return al_sink_finish(sink, err);
    case AL_ENDING_CUT:
        return al_ending_add(path, end, err) && al_sink_finish(sink, err);
    case AL_ENDING_EMPTY:
        break;
    }
    if (end->status == AL_EXIT_REFUSED || end->status == AL_EXIT_USAGE)
        return true; /* Python said why */
    return al_fail(err, "'%s' is not written: the program's process ended "
                   "before its trace", o.output);
}

static bool record_into(const al_interpreter *python, al_recording *recording,
                        al_child_end *end, al_error *err)
{
    al_sink sink = {0};
    bool ok;

    recording->out = "-";
    recording->name = "stdout";
    if (!o.output || strcmp(o.output, "-") == 0)
        return al_interpreter_record(python, recording, end, err);
    sink = al_file_sink_new(o.output, err);
    if (!sink.ops)
        return false;
    recording->out = al_file_sink_path(sink);
    recording->name = o.output;
    ok = al_interpreter_record(python, recording, end, err) &&
         keep(sink, end, err);
    al_sink_free(sink);
    return ok;
}

static al_exit record(int argc, char **argv)
{
    al_interpreter python = {0};
    al_recording recording = {0};
    al_error err = {0};
    al_child_end end = {0};
    bool ok;

    if (!take_program(&recording, argc, argv, &err)) {
        al_complain("%s", err.message);
        return AL_EXIT_USAGE;
    }
    if (o.output && al_reads_file(recording.program, o.output)) {
        al_complain("'%s' is the program itself", o.output);
        return AL_EXIT_USAGE;
    }
    ok = al_interpreter_init(&python, o.python, &err) &&
         record_into(&python, &recording, &end, &err);
    al_interpreter_release(&python);
    if (ok)
        return (al_exit)end.status;
    if (al_interrupt_signal()) {
        al_complain("interrupted: %s", err.message);
        return (al_exit)(128 + al_interrupt_signal());
    }
    al_complain("%s", err.message);
    return AL_EXIT_REFUSED;
}

const al_command al_command_record = {
    .name = "record",
    .usage = "[OPTION...] [--] PROGRAM.py [ARGUMENT...]",
    .summary = "run a Python program and write the trace of its loops",
    .details =
        "Every loop that the program makes is recorded: by asyncio.run, by a\n"
        "Runner, by new_event_loop, in any thread.  The program's output, its\n"
        "arguments, its exceptions and its exit code are what they are\n"
        "without.  However it ends, the trace is whole.  Loops that are not\n"
        "asyncio's own, as uvloop's, run unrecorded, which is said at the end.\n"
        "\n"
        "PROGRAM.py is a file, a folder or zip file with a __main__.py, or\n"
        "'-' for stdin; with -m a module.  What follows is the program's own.\n"
        "Before it the Python may stand that runs it, with flags for that.\n"
        "Where the trace goes to stdout, what the program prints goes to\n"
        "stderr.\n"
        "\n"
        "Under the virtual clock time stands still while code runs.  Where all\n"
        "wait for nothing but time, it passes at once: asyncio.sleep, timeouts\n"
        "and time.sleep.  While another process or host is waited for, or a\n"
        "thread works, it goes as the real one does.  time.monotonic and the\n"
        "like tell it to the program.\n"
        "\n"
        "A program of 'export --to python' asks for a virtual world, and gets\n"
        "it: time stands still while callbacks run, and passes at once where\n"
        "all wait.\n"
        "\n"
        "The exit code is the program's, 128 + N where signal N ended it.\n"
        "Where who reads the trace from stdout has gone, as 'head' does, the\n"
        "program runs to its end all the same, and the exit code is 141.\n",
    .examples = "  asyncloop-sim record -o app.jsonl -- python3 -X dev app.py --fast\n"
                "  asyncloop-sim record -o tests.jsonl -m pytest tests\n"
                "  asyncloop-sim record app.py | asyncloop-sim stats -\n"
                "  asyncloop-sim export --to python -o ties.py "
                "scenarios/ties.json\n"
                "  asyncloop-sim record -o ties.jsonl ties.py\n",
    .options = options,
    .ends_options = true,
    .run = record,
};
