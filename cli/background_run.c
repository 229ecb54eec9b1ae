/* background_run.c - see background_run.h. */
#include "cli/background_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/progress.h"
#include "cli/traced_run.h"
#include "sim/base/sink.h"

/* -- its beginning ------------------------------------------------------- */

/* How a program ends is in its trace; that it was cut short is not. */
static int run_into(const al_scenario *scenario, int fd, bool is_quiet)
{
    al_sim_result result = {0};
    al_error err = {0};

    if (!al_traced_run_into(scenario, al_fd_sink_new(fd, "the pipe"), &result,
                            &err) ||
        result.outcome != AL_OUTCOME_LIMIT)
        return AL_EXIT_OK; /* what cannot be written nobody reads */
    if (!is_quiet) {
        al_progress_clear_of_parent();
        al_complain("%s: %s", scenario->path, result.message.bytes);
    }
    return AL_EXIT_LIMIT;
}

static void fork_into(al_background_run *run, const al_scenario *scenario,
                      const int ends[2], bool is_quiet)
{
    fflush(stdout);
    run->pid = fork();
    if (run->pid < 0)
        al_complain("cannot start a process: %s", strerror(errno));
    if (run->pid != 0)
        return;
    close(ends[0]);
    signal(SIGINT, SIG_IGN); /* the terminal's is ours, who end it */
    signal(SIGQUIT, SIG_IGN);
    _exit(run_into(scenario, ends[1], is_quiet));
}

bool al_background_run_start(al_background_run *run,
                             const al_scenario *scenario, bool is_quiet)
{
    int ends[2];

    if (pipe(ends) != 0) {
        al_complain("cannot make a pipe: %s", strerror(errno));
        return false;
    }
    fork_into(run, scenario, ends, is_quiet);
    close(ends[1]);
    run->fd = ends[0];
    if (run->pid > 0)
        return true;
    close(run->fd);
    *run = (al_background_run){0};
    return false;
}

/* -- its end ------------------------------------------------------------- */

/* Has it closed its end of the pipe, for it has ended, or does? */
static bool has_written_all(const al_background_run *run)
{
    struct pollfd pipe = {.fd = run->fd};

    return poll(&pipe, 1, 0) > 0 && (pipe.revents & POLLHUP);
}

/* False: it cannot be waited for. */
static bool reap(al_background_run *run)
{
    while (!run->has_ended) {
        run->has_ended = waitpid(run->pid, &run->status, 0) > 0;
        if (!run->has_ended && errno != EINTR)
            return false;
    }
    return true;
}

void al_background_run_end(al_background_run *run, bool is_read)
{
    if (run->pid == 0)
        return;
    run->is_unwanted = !is_read && !has_written_all(run);
    close(run->fd);
    if (run->is_unwanted)
        kill(run->pid, SIGKILL);
    reap(run);
}

static void add_signal(const al_background_run *run, al_text *why)
{
    al_text_add_format(why, "the process that ran it was ended by signal %d",
                       WTERMSIG(run->status));
}

void al_background_run_add_signal(al_background_run *run, al_text *why)
{
    if (run->pid > 0 && has_written_all(run) && reap(run) &&
        WIFSIGNALED(run->status))
        add_signal(run, why);
}

al_exit al_background_run_tell(const al_background_run *run, const char *name)
{
    al_text why = {0};

    if (run->pid == 0)
        return AL_EXIT_OK;
    if (!run->has_ended)
        return AL_EXIT_REFUSED;
    if (WIFEXITED(run->status))
        return (al_exit)WEXITSTATUS(run->status);
    if (run->is_unwanted && WTERMSIG(run->status) == SIGKILL)
        return AL_EXIT_OK;
    add_signal(run, &why);
    al_complain("%s: %s", name, al_text_peek(&why));
    al_text_release(&why);
    return AL_EXIT_REFUSED;
}
