/* signals.c - the names of signals; see signals.h. */
#include "sim/scenario/signals.h"

#include <signal.h>
#include <string.h>
#include "sim/json/suggest.h"

#define SIGNALS(X)                                                             \
    X(SIGHUP) X(SIGINT) X(SIGQUIT) X(SIGILL) X(SIGTRAP) X(SIGABRT) X(SIGBUS)   \
    X(SIGFPE) X(SIGKILL) X(SIGUSR1) X(SIGSEGV) X(SIGUSR2) X(SIGPIPE)           \
    X(SIGALRM) X(SIGTERM) X(SIGCHLD) X(SIGCONT) X(SIGSTOP) X(SIGTSTP)          \
    X(SIGTTIN) X(SIGTTOU) X(SIGURG) X(SIGXCPU) X(SIGXFSZ) X(SIGVTALRM)         \
    X(SIGPROF) X(SIGWINCH) X(SIGIO) X(SIGSYS)

#define NAME(sig)   #sig,
#define NUMBER(sig) sig,

const char *const al_signal_names[] = {SIGNALS(NAME)};
const size_t al_signal_name_count =
    sizeof al_signal_names / sizeof *al_signal_names;
static const int numbers[] = {SIGNALS(NUMBER)};

int al_signal_find(const char *name)
{
    for (size_t i = 0; i < al_signal_name_count; i++) {
        if (strcmp(al_signal_names[i], name) == 0)
            return numbers[i];
    }
    return 0;
}

const char *al_signal_name(int sig)
{
    for (size_t i = 0; i < al_signal_name_count; i++) {
        if (numbers[i] == sig)
            return al_signal_names[i];
    }
    return NULL;
}

/* INT is SIGINT. */
const char *al_signal_closest(const char *name)
{
    for (size_t i = 0; i < al_signal_name_count; i++) {
        if (strcmp(al_signal_names[i] + 3, name) == 0)
            return al_signal_names[i];
    }
    return al_suggest(name, al_signal_names, al_signal_name_count);
}
