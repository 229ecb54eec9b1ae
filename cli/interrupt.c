/* interrupt.c - Ctrl-C and its like; see interrupt.h.
 *
 * The handler itself passes a signal on to the child: were it done by who
 * waits for the child, one that comes just before the waiting would be lost.
 *
 * Only a second SIGINT is a sign of impatience: `timeout` sends its SIGTERM
 * twice, to us and to our group.  But where it stands still in what only others
 * could end, the first of any is enough, after a grace. */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>
#include "sim/base/waiting.h"

atomic_bool al_interrupted;

static atomic_int signalled; /* the first signal; 0: none */
static _Atomic pid_t child; /* 0: none */
static atomic_bool child_is_apart;
static void (*before_end)(void); /* NULL: nothing */
static bool (*is_stuck)(void);   /* NULL: it never is */

/* SI_USER and the like are sent by a process, SI_KERNEL by the terminal. */
static bool has_heard(const siginfo_t *info)
{
    return info->si_code > 0 && !atomic_load(&child_is_apart);
}

static void pass_on(int sig, const siginfo_t *info, bool is_again)
{
    pid_t to = atomic_load(&child);

    if (is_again)
        kill(to, SIGKILL);
    else if (!has_heard(info))
        kill(to, atomic_load(&child_is_apart) ? SIGTERM : sig);
}

/* It takes effect once the handler of that signal has returned. */
static void end_by(int sig)
{
    if (before_end)
        before_end();
    signal(sig, SIG_DFL);
    raise(sig);
}

static void look_whether_stuck(int sig)
{
    enum { GRACE = 1 }; /* seconds */

    if (sig == SIGALRM && is_stuck())
        end_by(al_interrupt_signal());
    else
        alarm(GRACE);
}

static void watch_whether_stuck(int sig)
{
    const struct sigaction action = {.sa_handler = look_whether_stuck,
                                     .sa_flags = SA_RESTART};

    sigaction(SIGALRM, &action, NULL);
    look_whether_stuck(sig);
}

static void interrupt(int sig, siginfo_t *info, void *context)
{
    int first = 0;
    bool is_again =
        !atomic_compare_exchange_strong(&signalled, &first, sig) &&
        sig == SIGINT;

    (void)context;
    atomic_store(&al_interrupted, true);
    if (first == 0 && is_stuck)
        watch_whether_stuck(sig);
    if (atomic_load(&child) != 0)
        pass_on(sig, info, is_again);
    else if (is_again)
        end_by(sig);
}

static bool has_come(void)
{
    return al_interrupt_signal() != 0;
}

void al_interrupt_set_up(void)
{
    struct sigaction action = {.sa_sigaction = interrupt,
                               .sa_flags = SA_SIGINFO};
    struct sigaction old;

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, NULL, &old);
    if (old.sa_handler != SIG_IGN) /* by nohup */
        sigaction(SIGHUP, &action, NULL);
    al_waiting_ends_when(has_come);
}

void al_interrupt_before_end(void (*act)(void))
{
    before_end = act;
}

void al_interrupt_ends_where(bool (*stuck)(void))
{
    is_stuck = stuck;
}

int al_interrupt_signal(void)
{
    return atomic_load(&signalled);
}

/* A signal that comes between the two is seen by the second. */
void al_interrupt_forget_watcher(void)
{
    atomic_store(&al_interrupted, false);
    if (al_interrupt_signal())
        atomic_store(&al_interrupted, true);
}

void al_interrupt_pass_on(pid_t to, bool is_apart)
{
    atomic_store(&child_is_apart, is_apart);
    atomic_store(&child, to);
}
