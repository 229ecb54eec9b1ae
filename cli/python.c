/* python.c - see python.h. */
#include "cli/python.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/child.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "loop/base/alloc.h"

static const unsigned char recorder[] = {
#include "recorder.inc"
};

static const char recorder_name[] = "asyncloop_sim_record.py";

/* All that is ever made in the temporary folder. */
static const char *const files[] = {recorder_name, "program.py", "trace.jsonl",
                                    "ours.jsonl", "errors.txt"};

enum { PATIENCE = 20 }; /* seconds, for it to say who it is */

char *al_interpreter_path(const al_interpreter *python, const char *name)
{
    al_text path = {0};

    al_text_add_format(&path, "%s/%s", python->folder.bytes, name);
    return al_text_take(&path);
}

static bool write_recorder(const al_interpreter *python, al_error *err)
{
    char *path = al_interpreter_path(python, recorder_name);
    FILE *file = fopen(path, "wb");
    bool ok = file && fwrite(recorder, 1, sizeof recorder, file) ==
                          sizeof recorder;

    if (file && fclose(file) != 0)
        ok = false;
    if (!ok)
        al_fail(err, "cannot write '%s': %s", path, strerror(errno));
    al_free(path);
    return ok;
}

static bool make_folder(al_interpreter *python, al_error *err)
{
    const char *tmp = getenv("TMPDIR");

    if (!tmp || access(tmp, W_OK) != 0) /* as Python does */
        tmp = "/tmp";
    al_text_add_format(&python->folder, "%s/asyncloop-XXXXXX", tmp);
    if (mkdtemp(python->folder.bytes))
        return true;
    al_fail(err, "cannot make a folder in '%s': %s", tmp, strerror(errno));
    al_text_release(&python->folder);
    return false;
}

/* Silent: what is no Python may say anything.  Asking takes a tenth of a
 * second, once. */
bool al_interpreter_check(const char *executable, al_error *err)
{
    static const char question[] = "import sys, asyncio.unix_events\n"
                                   "sys.exit(sys.version_info >= (3, 9) "
                                   "and 42)";
    const char *argv[] = {executable, "-c", question, NULL};
    int status;

    if (!al_child_run(AL_CHILD_SILENT, argv, PATIENCE, &status, err))
        return false;
    if (status == 42)
        return true;
    if (al_interrupt_signal())
        return al_fail(err, "'%s' could not be asked what it is", executable);
    return al_fail(err, "'%s' is no Python 3.9 or later with asyncio",
                   executable);
}

bool al_interpreter_unpack(al_interpreter *python, const char *executable,
                           al_error *err)
{
    python->executable = executable;
    return make_folder(python, err) && write_recorder(python, err);
}

bool al_interpreter_init(al_interpreter *python, const char *executable,
                         al_error *err)
{
    if (!executable)
        executable = "python3";
    return al_interpreter_check(executable, err) &&
           al_interpreter_unpack(python, executable, err);
}

static void remove_file(const al_interpreter *python, const char *name)
{
    char *path = al_interpreter_path(python, name);

    unlink(path);
    al_free(path);
}

void al_interpreter_release(al_interpreter *python)
{
    if (!python->folder.bytes)
        return;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove_file(python, files[i]);
    rmdir(python->folder.bytes);
    al_text_release(&python->folder);
}

static void add_all(al_strings *argv, char **items, int count)
{
    for (int i = 0; i < count; i++)
        al_strings_add(argv, items[i]);
}

static void add_recorder(al_strings *argv, const al_interpreter *python,
                         const char *path, const al_recording *recording)
{
    al_strings_add(argv, path);
    if (python->is_quiet)
        al_strings_add(argv, "--quiet");
    al_strings_add(argv, "--out");
    al_strings_add(argv, recording->out);
    al_strings_add(argv, "--out-name");
    al_strings_add(argv, recording->name);
    if (recording->clock) {
        al_strings_add(argv, "--clock");
        al_strings_add(argv, recording->clock);
    }
    if (recording->is_module)
        al_strings_add(argv, "--module");
    al_strings_add(argv, "--");
}

bool al_interpreter_record(const al_interpreter *python,
                           const al_recording *recording, al_child_end *end,
                           al_error *err)
{
    char *path = al_interpreter_path(python, recorder_name);
    al_strings argv = {0};
    bool ok;

    al_strings_add(&argv, python->executable);
    add_all(&argv, recording->flags, recording->flag_count);
    add_recorder(&argv, python, path, recording);
    al_strings_add(&argv, recording->program);
    add_all(&argv, recording->args, recording->arg_count);
    al_strings_add(&argv, NULL);
    ok = al_child_run_to_end(
        python->is_quiet ? AL_CHILD_HELPER : AL_CHILD_USERS, argv.items,
        recording->limit, end, err);
    al_strings_release(&argv);
    al_free(path);
    return ok;
}
