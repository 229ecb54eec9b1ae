/* child.c - another program, run to its end; see child.h. */
#include "cli/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "cli/interrupt.h"

extern char **environ;

enum { MOMENT = 5000000 }; /* nanoseconds between two looks at a child */

/* What we ignore or block is no business of the child's. */
static void set_attributes(posix_spawnattr_t *attributes, al_child_kind kind,
                           const sigset_t *mask)
{
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    sigset_t ignored;

    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    posix_spawnattr_setsigdefault(attributes, &ignored);
    posix_spawnattr_setsigmask(attributes, mask);
    if (kind != AL_CHILD_USERS)
        flags |= POSIX_SPAWN_SETPGROUP; /* of 0: a new one */
    posix_spawnattr_setflags(attributes, flags);
}

static void close_streams(posix_spawn_file_actions_t *actions)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        posix_spawn_file_actions_addopen(actions, fd, "/dev/null", O_RDWR, 0);
}

/* Returns an errno. */
static int spawn(pid_t *child, al_child_kind kind, const char *const *argv,
                 const sigset_t *mask)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error;

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (kind == AL_CHILD_SILENT)
        close_streams(&actions);
    set_attributes(&attributes, kind, mask);
    error = posix_spawnp(child, argv[0], &actions, &attributes,
                         (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* No signal may come between its start and its being known; one that came
 * before it has not heard. */
static int start(pid_t *child, al_child_kind kind, const char *const *argv)
{
    sigset_t all, old;
    int error;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    error = al_interrupt_signal() ? EINTR : spawn(child, kind, argv, &old);
    if (error == 0)
        al_interrupt_pass_on(*child, kind != AL_CHILD_USERS);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return error;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* False: it has not ended within so many seconds. */
static bool await_end(pid_t child, double limit)
{
    const struct timespec moment = {.tv_nsec = MOMENT};
    int options = WEXITED | WNOWAIT | (limit > 0 ? WNOHANG : 0);
    double until = now() + limit;

    for (;;) {
        siginfo_t info = {0};

        if (waitid(P_PID, (id_t)child, &info, options) < 0) {
            if (errno != EINTR)
                return true;
        } else if (info.si_pid == child) {
            return true;
        } else if (now() >= until) {
            return false;
        } else {
            nanosleep(&moment, NULL);
        }
    }
}

/* No signal may come to its number after it was given back: so it is reaped
 * last. */
static bool wait_for(pid_t child, double limit, al_child_end *end,
                     al_error *err)
{
    bool is_late = !await_end(child, limit);
    int raw;

    al_interrupt_pass_on(0, false);
    if (is_late)
        kill(-child, SIGKILL);
    while (waitpid(child, &raw, 0) < 0) {
        if (errno != EINTR)
            return al_fail(err, "cannot wait for a child: %s",
                           strerror(errno));
    }
    end->is_late = is_late;
    end->sig = WIFEXITED(raw) ? 0 : WTERMSIG(raw);
    end->status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + end->sig;
    return true;
}

bool al_child_run(al_child_kind kind, const char *const *argv, double limit,
                  int *status, al_error *err)
{
    al_child_end end;

    if (!al_child_run_to_end(kind, argv, limit, &end, err))
        return false;
    *status = end.status;
    return true;
}

bool al_child_run_to_end(al_child_kind kind, const char *const *argv,
                         double limit, al_child_end *end, al_error *err)
{
    pid_t child;
    int error = start(&child, kind, argv);

    if (error)
        return al_fail(err, "cannot run '%s': %s", argv[0], strerror(error));
    return wait_for(child, limit, end, err);
}
