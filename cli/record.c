/* record.c - asyncloop-sim record: the trace of a real Python's run. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "cli/python.h"
#include "sim/base/sink.h"

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

/* -- the trace ----------------------------------------------------------- */

enum { TAIL = 4096 };

/* Does it end with the event that ends a trace? */
static bool has_end(FILE *file)
{
    char tail[TAIL + 1];
    size_t length;
    const char *line;

    if (fseek(file, -TAIL, SEEK_END) != 0)
        rewind(file);
    length = fread(tail, 1, TAIL, file);
    tail[length] = '\0';
    while (length > 0 && tail[length - 1] == '\n')
        tail[--length] = '\0';
    line = strrchr(tail, '\n');
    return strncmp(line ? line + 1 : tail, "{\"e\":\"end\"", 10) == 0;
}

/* One that is no regular file (a fifo, /dev/null) cannot be looked at. */
static bool is_whole(const char *path)
{
    struct stat info;
    FILE *file;
    bool result;

    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
        return true;
    file = fopen(path, "r");
    result = file && has_end(file);
    if (file)
        fclose(file);
    return result;
}

/* Python writes beside the file; it is put in place here, if it is whole:
 * a program may end its process in ways that Python never hears of. */
static bool keep(al_sink sink, int status, al_error *err)
{
    if (is_whole(al_file_sink_path(sink)))
        return al_sink_finish(sink, err);
    if (status == AL_EXIT_REFUSED || status == AL_EXIT_USAGE)
        return true; /* Python said why */
    return al_fail(err, "'%s' is not written: the program's process ended "
                   "before its trace", o.output);
}

static bool record_into(const al_interpreter *python, int argc, char **argv,
                        int *status, al_error *err)
{
    al_sink sink = {0};
    bool ok;

    if (!o.output || strcmp(o.output, "-") == 0)
        return al_interpreter_record(python, "-", "stdout", argv[0], argv + 1,
                                     argc - 1, status, err);
    sink = al_file_sink_new(o.output, err);
    if (!sink.ops)
        return false;
    ok = al_interpreter_record(python, al_file_sink_path(sink), o.output,
                               argv[0], argv + 1, argc - 1, status, err) &&
         keep(sink, *status, err);
    al_sink_free(sink);
    return ok;
}

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
         record_into(&python, argc, argv, &status, &err);
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
