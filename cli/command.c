/* command.c - see command.h. */
#include "cli/command.h"

#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "sim/base/sink.h"

const al_command *const al_commands[] = {
    &al_command_run,     &al_command_step,    &al_command_check,
    &al_command_test,    &al_command_record,  &al_command_conform,
    &al_command_explain, &al_command_lint,    &al_command_diff,
    &al_command_compare, &al_command_stats,   &al_command_export,
    NULL,
};

al_exit al_gravest(al_exit a, al_exit b)
{
    static const int weights[] = {0, 1, 2, 0, 4, 3};

    return weights[a] >= weights[b] ? a : b;
}

al_exit al_exit_of_errno(int error)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOMEM:
    case ENOBUFS:
    case EAGAIN:
    case EIO:
        return AL_EXIT_REFUSED;
    default:
        return AL_EXIT_USAGE;
    }
}

al_exit al_end_interrupted(void)
{
    static bool is_told; /* by what was under way, of what that was part of */

    if (!is_told)
        al_complain("interrupted");
    is_told = true;
    return AL_EXIT_LIMIT;
}

al_exit al_refuse(const char *why)
{
    if (al_interrupt_signal())
        return al_end_interrupted();
    if (!al_fd_has_reader(STDOUT_FILENO))
        return AL_EXIT_UNREAD;
    al_complain("%s", why);
    return AL_EXIT_REFUSED;
}

static bool stat_file(const char *path, struct stat *status)
{
    char *place = al_file_sink_place(path);
    bool is_file = stat(place, status) == 0 && S_ISREG(status->st_mode);

    al_free(place);
    return is_file;
}

bool al_is_plain_file(const char *path)
{
    struct stat status;

    return stat_file(path, &status);
}

bool al_reads_file(const char *input, const char *path)
{
    bool is_stdin = strcmp(input, "-") == 0;
    struct stat x, y;

    return (is_stdin ? fstat(STDIN_FILENO, &x) == 0 : stat_file(input, &x)) &&
           stat_file(path, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}
