/* python.c - see python.h. */
#include "cli/python.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "loop/base/alloc.h"

static const unsigned char recorder[] = {
#include "recorder.inc"
};

static const char recorder_name[] = "asyncloop_sim_record.py";

extern char **environ;

char *al_python_path(const al_python *python, const char *name)
{
    al_text path = {0};

    al_text_add_format(&path, "%s/%s", python->folder.bytes, name);
    return al_text_take(&path);
}

static bool unpack(const al_python *python, al_error *err)
{
    char *path = al_python_path(python, recorder_name);
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

bool al_python_init(al_python *python, const char *executable, al_error *err)
{
    const char *tmp = getenv("TMPDIR");

    python->executable = executable ? executable : "python3";
    if (!tmp || !tmp[0])
        tmp = "/tmp";
    al_text_add_format(&python->folder, "%s/asyncloop-XXXXXX", tmp);
    if (!mkdtemp(python->folder.bytes)) {
        al_fail(err, "cannot make a folder in '%s': %s", tmp, strerror(errno));
        al_text_release(&python->folder);
        return false;
    }
    return unpack(python, err);
}

static void remove_file(const al_python *python, const char *name)
{
    char *path = al_python_path(python, name);

    unlink(path);
    al_free(path);
}

void al_python_release(al_python *python)
{
    if (!python->folder.bytes)
        return;
    remove_file(python, recorder_name);
    remove_file(python, "program.py");
    remove_file(python, "trace.jsonl");
    rmdir(python->folder.bytes);
    al_text_release(&python->folder);
}

static bool wait_for(pid_t child, int *status, al_error *err)
{
    int raw;

    while (waitpid(child, &raw, 0) < 0) {
        if (errno != EINTR)
            return al_fail(err, "cannot wait for Python: %s", strerror(errno));
    }
    *status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return true;
}

bool al_python_record(const al_python *python, const char *out,
                      const char *program, char **args, int arg_count,
                      int *status, al_error *err)
{
    char *recorder_path = al_python_path(python, recorder_name);
    const char **argv = al_alloc_zero((size_t)arg_count + 9, sizeof *argv);
    pid_t child;
    size_t n = 0;
    int error;
    bool ok;

    argv[n++] = python->executable;
    argv[n++] = "-B"; /* leave no __pycache__ behind */
    argv[n++] = recorder_path;
    if (python->is_quiet)
        argv[n++] = "--quiet";
    argv[n++] = "--out";
    argv[n++] = out;
    argv[n++] = program;
    for (int i = 0; i < arg_count; i++)
        argv[n++] = args[i];
    error = posix_spawnp(&child, python->executable, NULL, NULL,
                         (char **)argv, environ);
    ok = error ? al_fail(err, "cannot run '%s': %s", python->executable,
                         strerror(error))
               : wait_for(child, status, err);
    al_free(argv);
    al_free(recorder_path);
    return ok;
}
