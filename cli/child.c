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

static bool is_helper(al_child_kind kind)
{
    return kind == AL_CHILD_HELPER || kind == AL_CHILD_SILENT;
}

/* What we ignore or block is no business of the child's. */
static void set_attributes(posix_spawnattr_t *attributes, al_child_kind kind,
                           const sigset_t *mask)
{
    short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
    sigset_t ignored;

    sigemptyset(&ignored);
    sigaddset(&ignored, SIGPIPE);
    sigaddset(&ignored, SIGXFSZ);
    if (kind == AL_CHILD_EDITOR) {
        sigaddset(&ignored, SIGINT);
        sigaddset(&ignored, SIGQUIT);
    }
    posix_spawnattr_setsigdefault(attributes, &ignored);
    posix_spawnattr_setsigmask(attributes, mask);
    if (is_helper(kind))
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
        al_interrupt_pass_on(*child, is_helper(kind));
    sigprocmask(SIG_SETMASK, &old, NULL);
    return error;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void wait_a_moment(void)
{
    const struct timespec moment = {.tv_nsec = MOMENT};

    nanosleep(&moment, NULL);
}

static bool is_stopped(pid_t child)
{
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)child, &info,
                  WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid == child;
}

/* The shell that waits for us takes the terminal back, and lets us go on when
 * it is the child's again; where there is none nobody stops.  A shell that
 * stopped the two of us lets the child go on a little later than us. */
static void stop_with(pid_t child)
{
    wait_a_moment();
    if (!is_stopped(child))
        return;
    raise(SIGTSTP);
    kill(child, SIGCONT);
}

/* False: it has not ended within so many seconds. */
static bool await_end(pid_t child, al_child_kind kind, double limit)
{
    int options = WEXITED | WNOWAIT | (limit > 0 ? WNOHANG : 0) |
                  (kind == AL_CHILD_EDITOR ? WSTOPPED : 0);
    double until = now() + limit;

    for (;;) {
        siginfo_t info = {0};

        if (waitid(P_PID, (id_t)child, &info, options) < 0) {
            if (errno != EINTR)
                return true;
        } else if (info.si_code == CLD_STOPPED) {
            stop_with(child);
        } else if (info.si_pid == child) {
            return true;
        } else if (now() >= until) {
            return false;
        } else {
            wait_a_moment();
        }
    }
}

/* No signal may come to its number after it was given back: so it is reaped
 * last. */
static bool wait_for(pid_t child, al_child_kind kind, double limit,
                     al_child_end *end, al_error *err)
{
    bool is_late = !await_end(child, kind, limit);
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

static bool run_to_end(al_child_kind kind, const char *const *argv,
                       double limit, al_child_end *end, al_error *err)
{
    pid_t child;
    int error = start(&child, kind, argv);

    if (error)
        return al_fail(err, "cannot run '%s': %s", argv[0], strerror(error));
    return wait_for(child, kind, limit, end, err);
}

bool al_child_run_to_end(al_child_kind kind, const char *const *argv,
                         double limit, al_child_end *end, al_error *err)
{
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    struct sigaction interrupt, quit;
    bool ok;

    if (kind != AL_CHILD_EDITOR)
        return run_to_end(kind, argv, limit, end, err);
    sigaction(SIGINT, &ignored, &interrupt);
    sigaction(SIGQUIT, &ignored, &quit);
    ok = run_to_end(kind, argv, limit, end, err);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    return ok;
}
