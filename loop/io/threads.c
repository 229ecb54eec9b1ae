/* threads.c - the threads in force, and the real ones; see threads.h.
 *
 * Real threads share one lock and one condition: what they wait for are
 * results and jobs, and whoever is woken looks whether it was meant. */
#include "loop/io/threads.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/object/exception.h"
#include "loop/object/thread.h"

/* -- starting ------------------------------------------------------------- */

typedef struct start {
    char *name;
    void (*run)(void *arg);
    void *arg;
} start;

static void *begin(void *given)
{
    start *s = given;
    al_thread *thread = al_thread_current();

    thread->name = s->name;
    s->run(s->arg);
    thread->name = NULL;
    al_free(s->name);
    al_free(s);
    return NULL;
}

static bool real_start(void *self, const char *name, void (*run)(void *arg),
                       void *arg)
{
    start *s = al_alloc(sizeof *s);
    pthread_t thread;

    (void)self;
    *s = (start){al_strdup(name), run, arg};
    if (pthread_create(&thread, NULL, begin, s) == 0) {
        pthread_detach(thread);
        return true;
    }
    al_free(s->name);
    al_free(s);
    return al_raise(&al_RuntimeError, "can't start new thread");
}

/* -- waiting -------------------------------------------------------------- */

typedef struct waiting { /* one that waits; in its own storage */
    const void *point;
    bool is_woken;
    struct waiting *next;
} waiting;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t woken_up;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static waiting *first; /* of those that wait, the longest first */

static void make_condition(void)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&woken_up, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void real_lock(void *self)
{
    (void)self;
    pthread_mutex_lock(&mutex);
}

static void real_unlock(void *self)
{
    (void)self;
    pthread_mutex_unlock(&mutex);
}

static struct timespec time_in(double seconds)
{
    struct timespec at;
    double whole = floor(seconds);

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)whole;
    at.tv_nsec += (long)((seconds - whole) * 1e9);
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void enlist(waiting *w)
{
    waiting **end = &first;

    while (*end)
        end = &(*end)->next;
    *end = w;
}

static void delist(waiting *w)
{
    waiting **link = &first;

    while (*link != w)
        link = &(*link)->next;
    *link = w->next;
}

static const double LONGEST = 1e9; /* seconds: beyond is for ever */

static bool real_wait(void *self, const void *point, const char *what,
                      double seconds, bool *woken)
{
    waiting w = {.point = point};
    bool is_timed = seconds < LONGEST;
    struct timespec until = time_in(is_timed ? seconds : 0);
    int result = 0;

    (void)self;
    (void)what;
    pthread_once(&once, make_condition);
    enlist(&w);
    while (!w.is_woken && result != ETIMEDOUT)
        result = is_timed ? pthread_cond_timedwait(&woken_up, &mutex, &until)
                          : pthread_cond_wait(&woken_up, &mutex);
    delist(&w);
    *woken = w.is_woken;
    return true;
}

static void real_wake(void *self, const void *point, bool all)
{
    (void)self;
    pthread_once(&once, make_condition);
    for (waiting *w = first; w; w = w->next) {
        if (w->point != point || w->is_woken)
            continue;
        w->is_woken = true;
        if (!all)
            break;
    }
    pthread_cond_broadcast(&woken_up);
}

static unsigned real_cpu_count(void *self)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    (void)self;
    return count > 0 ? (unsigned)count : 1;
}

/* The process's own: POSIX threads. */
static const al_threads_ops real_threads = {
    .name = "real",
    .is_parallel = true,
    .start = real_start,
    .lock = real_lock,
    .unlock = real_unlock,
    .wait = real_wait,
    .wake = real_wake,
    .cpu_count = real_cpu_count,
};

/* -- those in force ------------------------------------------------------- */

static al_threads real = {.ops = &real_threads};
static al_threads *in_force = &real;

al_threads *al_threads_in_force(void)
{
    return in_force;
}

void al_set_threads(al_threads *threads)
{
    in_force = threads ? threads : &real;
}

void al_threads_lock(void)
{
    in_force->ops->lock(in_force->self);
}

void al_threads_unlock(void)
{
    in_force->ops->unlock(in_force->self);
}

void al_threads_log(const char *level, const char *text,
                    const al_exception *exception)
{
    if (in_force->ops->log)
        in_force->ops->log(in_force->self, level, text, exception);
}
