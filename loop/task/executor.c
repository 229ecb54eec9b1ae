/* executor.c - ThreadPoolExecutor; see executor.h.
 *
 * The threads know only the pool, which outlives the executor: when that is
 * dropped they end, as CPython's do, which hold it weakly. */
#include "loop/task/executor.h"

#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/event.h"
#include "loop/io/threads.h"
#include "loop/object/thread.h"
#include "loop/task/shared.h"

enum { MOST_WORKERS = 32, EXTRA_WORKERS = 4 };

typedef struct job {
    al_concurrent *future; /* a reference; NULL: it only wakes a thread up */
    al_work work;
    uint64_t number;
    struct job *next;
} job;

typedef struct al_pool { /* all under the threads' lock */
    size_t refs;      /* of the executor, and of each thread */
    struct al_pool *previous, *next; /* of all */
    job *first, *last;
    size_t idle;      /* _idle_semaphore */
    size_t threads, ended;
    bool is_shut_down, is_lost, is_broken;
    size_t failing;   /* threads that let its jobs fail, one by one */
    bool is_awaited;  /* meanwhile it was to end */
    al_work initializer; /* ops NULL: none */
} al_pool;

struct al_executor {
    al_shared head;
    al_pool *pool;
    size_t max_workers;
    char *prefix;
};

/* -- events --------------------------------------------------------------- */

static void emit(al_event *event)
{
    al_threads *threads = al_threads_in_force();

    if (threads->ops->emit)
        threads->ops->emit(threads->self, event);
}

static void emit_submitted(const job *j)
{
    al_event event = {.kind = AL_EVENT_JOB, .job = j->number};
    al_text name = {0};

    event.by = al_thread_current()->cause;
    if (j->work.ops->add_name)
        j->work.ops->add_name(j->work.self, &name);
    event.callback = al_text_peek(&name);
    emit(&event);
    al_text_release(&name);
}

static void emit_job(al_event_kind kind, const job *j)
{
    al_event event = {.kind = kind, .job = j->number,
                      .function = al_thread_current()->name};

    emit(&event);
}

/* -- jobs ----------------------------------------------------------------- */

static void free_job(job *j)
{
    if (j->work.ops && j->work.ops->release)
        j->work.ops->release(j->work.self);
    al_unref(j->future);
    al_free(j);
}

/* Under the lock, as what follows. */
static void put(al_pool *p, job *j)
{
    al_threads *threads = al_threads_in_force();

    if (p->last)
        p->last->next = j;
    else
        p->first = j;
    p->last = j;
    threads->ops->wake(threads->self, p, false);
}

static void put_wake_up(al_pool *p)
{
    put(p, al_alloc_zero(1, sizeof(job)));
}

/* A thread ends by it, and passes it on.  While jobs fail it would go with
 * them: it comes after. */
static void wake_to_end(al_pool *p)
{
    if (p->failing > 0)
        p->is_awaited = true;
    else
        put_wake_up(p);
}

static job *take(al_pool *p)
{
    job *j = p->first;

    p->first = j->next;
    if (!p->first)
        p->last = NULL;
    j->next = NULL;
    return j;
}

static void list(al_pool *p)
{
    al_threads *threads = al_threads_in_force();

    p->next = threads->pools_alive;
    if (p->next)
        p->next->previous = p;
    threads->pools_alive = p;
}

static void unlist(al_pool *p)
{
    if (p->previous)
        p->previous->next = p->next;
    else
        al_threads_in_force()->pools_alive = p->next;
    if (p->next)
        p->next->previous = p->previous;
}

/* What it does goes with the pool, or with the run. */
static void release_initializer(al_pool *p)
{
    al_work work = p->initializer;

    p->initializer = (al_work){0};
    if (work.ops && work.ops->release)
        work.ops->release(work.self);
}

/* A reference, under the lock.  True: it was the last, and free_pool is to
 * come, outside of it. */
static bool give_back(al_pool *p)
{
    if (--p->refs > 0)
        return false;
    unlist(p);
    return true;
}

static void free_pool(al_pool *p)
{
    while (p->first)
        free_job(take(p));
    release_initializer(p);
    al_free(p);
}

static void drop_pool(al_pool *p) /* a reference */
{
    bool is_last;

    al_threads_lock();
    is_last = give_back(p);
    al_threads_unlock();
    if (is_last)
        free_pool(p);
}

/* -- a thread of the pool ------------------------------------------------- */

/* The next job, waiting for one; NULL: raised. */
static job *next_job(al_pool *p)
{
    al_threads *threads = al_threads_in_force();
    job *j = NULL;
    bool woken, ok = true;

    al_threads_lock();
    if (!p->first && !p->is_lost)
        p->idle++;
    while (ok && !p->first)
        ok = threads->ops->wait(threads->self, p, NULL, INFINITY, &woken);
    if (ok)
        j = take(p);
    al_threads_unlock();
    return j;
}

/* What ends the run ends the thread; anything else is the future's. */
static bool settle(job *j, al_value result)
{
    if (result.tag != AL_ABSENT)
        return al_concurrent_take_result(j->future, result);
    if (al_exception_is(al_peek_raised(), &al_LimitReached))
        return false;
    return al_concurrent_take_exception(j->future, al_fetch_raised());
}

/* _WorkItem.run.  False: raised.  What it does is the job's doing, and what
 * its future's callbacks do. */
static bool run_job(job *j)
{
    al_thread *thread = al_thread_current();
    uint64_t cause = thread->cause;
    bool runs, ok;

    if (!al_concurrent_begin(j->future, &runs))
        return false;
    if (!runs)
        return true;
    thread->cause = AL_BY_JOB | j->number;
    emit_job(AL_EVENT_JOB_BEGUN, j);
    ok = settle(j, j->work.ops->run(j->work.self));
    emit_job(AL_EVENT_JOB_ENDED, j);
    thread->cause = cause;
    return ok;
}

/* Woken without a job.  Whoever ends wakes the next. */
static bool is_to_end(al_pool *p)
{
    bool ends;

    al_threads_lock();
    ends = p->is_lost || p->is_shut_down ||
           al_threads_in_force()->is_exiting;
    if (ends) {
        p->is_shut_down = true;
        put_wake_up(p);
    }
    al_threads_unlock();
    return ends;
}

static bool raise_broken(void)
{
    return al_raise(&al_BrokenThreadPool, "A thread initializer failed, the "
                    "thread pool is not usable anymore");
}

static job *take_any(al_pool *p)
{
    job *j;

    al_threads_lock();
    j = p->first ? take(p) : NULL;
    al_threads_unlock();
    return j;
}

static bool fail_job(job *j)
{
    raise_broken();
    return al_concurrent_take_exception(j->future, al_fetch_raised());
}

/* In CPython who shuts it down meanwhile waits for the lock. */
static void end_failing(al_pool *p)
{
    al_threads_lock();
    if (--p->failing == 0 && p->is_awaited)
        put_wake_up(p);
    al_threads_unlock();
}

/* _initializer_failed.  False: raised: a job was cancelled, or a callback
 * raised; what is left in the queue stays there. */
static bool fail_all(al_pool *p)
{
    bool ok = true;
    job *j;

    while (ok && (j = take_any(p)) != NULL) {
        ok = !j->future || fail_job(j);
        free_job(j);
    }
    end_failing(p);
    return ok;
}

/* False: nobody holds the executor any more. */
static bool mark_broken(al_pool *p)
{
    bool is_lost;

    al_threads_lock();
    is_lost = p->is_lost;
    p->is_broken = !is_lost;
    p->failing += !is_lost;
    al_threads_unlock();
    return !is_lost;
}

/* Raised by the initializer; what the jobs that fail for it raise then ends
 * the thread, and has it as its context. */
static void break_pool(al_pool *p)
{
    al_exception *e = al_fetch_raised();

    al_threads_log("CRITICAL", "Exception in initializer:", e);
    if (mark_broken(p) && !fail_all(p))
        al_exception_take_context(al_peek_raised(), al_ref(e));
    al_unref(e);
}

/* False: this thread takes no job. */
static bool initialize(al_pool *p)
{
    al_value result;

    if (!p->initializer.ops)
        return true;
    result = p->initializer.ops->run(p->initializer.self);
    al_value_release(result);
    if (result.tag != AL_ABSENT)
        return true;
    if (!al_exception_is(al_peek_raised(), &al_LimitReached))
        break_pool(p);
    return false;
}

/* An error that ends a pool's thread goes to the log of concurrent.futures,
 * and nowhere else; a limit ends the run. */
static void forget_raised(void)
{
    const al_exception *e = al_peek_raised();

    if (e && !al_exception_is(e, &al_LimitReached))
        al_unref(al_fetch_raised());
}

static void work_off(al_pool *p)
{
    bool goes_on = true;

    while (goes_on) {
        job *j = next_job(p);

        goes_on = j && (j->future ? run_job(j) : !is_to_end(p));
        if (j)
            free_job(j);
    }
    forget_raised();
}

/* Whoever waits for its end may go, and set other threads, as soon as it can
 * have the lock: nothing that others share is touched after. */
static void work(void *self)
{
    al_threads *threads = al_threads_in_force();
    al_pool *p = self;
    bool is_last;

    if (initialize(p))
        work_off(p);
    al_threads_lock();
    p->ended++;
    threads->ops->wake(threads->self, &p->ended, true);
    is_last = give_back(p);
    al_threads_unlock();
    if (is_last)
        free_pool(p);
}

/* -- the executor --------------------------------------------------------- */

/* Its threads are gone. */
static void drop_jobs(al_shared *self)
{
    al_pool *p = ((al_executor *)self)->pool;

    while (p->first)
        free_job(take(p));
    release_initializer(p);
}

static void executor_free(al_object *self)
{
    al_executor *executor = (al_executor *)self;
    al_pool *p = executor->pool;

    al_shared_delist(&executor->head);
    al_threads_lock();
    p->is_lost = true;
    for (size_t i = 0; i < p->threads; i++)
        wake_to_end(p);
    al_threads_unlock();
    drop_pool(p);
    al_free(executor->prefix);
    al_free(executor);
}

static void executor_repr(const al_object *self, al_text *out)
{
    (void)self;
    al_text_add(out, "<concurrent.futures.thread.ThreadPoolExecutor object>");
}

const al_type al_executor_type = {
    .name = "ThreadPoolExecutor",
    .free = executor_free,
    .repr = executor_repr,
};

static char *make_prefix(void)
{
    al_text prefix = {0};

    al_threads_lock();
    al_text_add_format(&prefix, "ThreadPoolExecutor-%llu",
                       (unsigned long long)al_threads_in_force()->pools++);
    al_threads_unlock();
    return al_text_take(&prefix);
}

static size_t default_workers(void)
{
    al_threads *threads = al_threads_in_force();
    size_t count = threads->ops->cpu_count(threads->self) + EXTRA_WORKERS;

    return count < MOST_WORKERS ? count : MOST_WORKERS;
}

al_executor *al_executor_new(size_t max_workers, const char *prefix)
{
    al_executor *executor = al_alloc_zero(1, sizeof *executor);

    al_shared_init(&executor->head, &al_executor_type, drop_jobs);
    executor->max_workers = max_workers ? max_workers : default_workers();
    executor->prefix = prefix && *prefix ? al_strdup(prefix) : make_prefix();
    executor->pool = al_alloc_zero(1, sizeof *executor->pool);
    executor->pool->refs = 1;
    al_threads_lock();
    list(executor->pool);
    al_threads_unlock();
    return executor;
}

void al_executor_take_initializer(al_executor *executor, al_work initializer)
{
    executor->pool->initializer = initializer;
}

al_executor *al_executor_peek(al_value value)
{
    return al_is(value, &al_executor_type)
               ? (al_executor *)value.as.object : NULL;
}

/* -- submit --------------------------------------------------------------- */

/* _adjust_thread_count: is a thread to be started, and of which number?  It
 * counts at once, for another thread may submit a job meanwhile. */
static bool needs_thread(al_executor *executor, size_t *number)
{
    al_pool *p = executor->pool;

    if (p->idle > 0) {
        p->idle--;
        return false;
    }
    *number = p->threads;
    if (p->threads == executor->max_workers)
        return false;
    p->threads++;
    p->refs++;
    return true;
}

/* False: raised RuntimeError; the job stays in the queue, as in CPython, for
 * the first thread that can be started. */
static bool start_thread(al_executor *executor, size_t number)
{
    al_threads *threads = al_threads_in_force();
    al_pool *p = executor->pool;
    al_text name = {0};
    bool ok;

    al_text_add_format(&name, "%s_%zu", executor->prefix, number);
    ok = threads->ops->start(threads->self, name.bytes, work, p);
    al_text_release(&name);
    if (!ok) {
        al_threads_lock();
        p->threads--;
        threads->ops->wake(threads->self, &p->ended, true);
        al_threads_unlock();
        drop_pool(p);
    }
    return ok;
}

static job *new_job(al_work work)
{
    job *j = al_alloc_zero(1, sizeof *j);

    j->future = al_concurrent_new();
    j->work = work;
    return j;
}

typedef enum refusal { ACCEPTED, BROKEN, SHUT_DOWN, EXITING } refusal;

/* Under the lock. */
static refusal why_not(const al_executor *executor)
{
    return executor->pool->is_broken              ? BROKEN
           : executor->pool->is_shut_down         ? SHUT_DOWN
           : al_threads_in_force()->is_exiting ? EXITING
                                                  : ACCEPTED;
}

/* Takes the job. */
static bool refuse(job *j, refusal why)
{
    free_job(j);
    if (why == BROKEN)
        return raise_broken();
    return al_raise(&al_RuntimeError,
                    "cannot schedule new futures after %sshutdown",
                    why == SHUT_DOWN ? "" : "interpreter ");
}

/* Takes the job.  That it is submitted is told outside the lock, for telling
 * calls back; the pool may have come to its end meanwhile. */
static bool enqueue(al_executor *executor, job *j)
{
    bool needs = false;
    size_t number;
    refusal why;

    al_threads_lock();
    why = why_not(executor);
    if (why == ACCEPTED)
        j->number = ++al_threads_in_force()->jobs;
    al_concurrent_set_job(j->future, j->number);
    al_threads_unlock();
    if (why != ACCEPTED)
        return refuse(j, why);
    emit_submitted(j);
    al_threads_lock();
    why = why_not(executor);
    if (why == ACCEPTED) {
        put(executor->pool, j);
        needs = needs_thread(executor, &number);
    }
    al_threads_unlock();
    if (why != ACCEPTED)
        return refuse(j, why);
    return !needs || start_thread(executor, number);
}

al_concurrent *al_executor_submit(al_executor *executor, al_work work)
{
    job *j = new_job(work);
    al_concurrent *future = al_ref(j->future);

    if (enqueue(executor, j))
        return future;
    al_unref(future);
    return NULL;
}

/* -- shutdown ------------------------------------------------------------- */

/* Cancelling calls back: not under the lock. */
static bool cancel_all(al_pool *p)
{
    bool ok = true, done;
    job *j;

    do {
        j = take_any(p);
        if (j && j->future)
            ok = al_concurrent_cancel(j->future, &done) && ok;
        if (j)
            free_job(j);
    } while (j && ok);
    return ok;
}

/* Of those that there are, one may be about to start, and cannot. */
static bool join(al_pool *p)
{
    al_threads *threads = al_threads_in_force();
    bool ok = true, woken;

    al_threads_lock();
    while (ok && p->ended < p->threads)
        ok = threads->ops->wait(threads->self, &p->ended, "the threads of an "
                                "executor to end", INFINITY, &woken);
    al_threads_unlock();
    return ok;
}

bool al_executor_shutdown(al_executor *executor, bool wait,
                          bool cancel_futures)
{
    al_pool *p = executor->pool;

    al_threads_lock();
    p->is_shut_down = true;
    al_threads_unlock();
    if (cancel_futures && !cancel_all(p))
        return false;
    al_threads_lock();
    wake_to_end(p);
    al_threads_unlock();
    return !wait || join(p);
}

/* -- the end of the program ----------------------------------------------- */

static bool join_and_drop(al_pool *p) /* a reference */
{
    bool ok = join(p);

    drop_pool(p);
    return ok;
}

/* One with threads that have not ended: a new reference, or NULL. */
static al_pool *find_busy(void)
{
    al_pool *p;

    al_threads_lock();
    p = al_threads_in_force()->pools_alive;
    while (p && p->ended == p->threads)
        p = p->next;
    if (p)
        p->refs++;
    al_threads_unlock();
    return p;
}

/* _python_exit. */
bool al_executors_exit(void)
{
    al_threads *threads = al_threads_in_force();
    bool ok = true;
    al_pool *p;

    al_threads_lock();
    threads->is_exiting = true;
    for (p = threads->pools_alive; p; p = p->next) {
        for (size_t i = p->ended; i < p->threads; i++)
            wake_to_end(p);
    }
    al_threads_unlock();
    while (ok && (p = find_busy()) != NULL)
        ok = join_and_drop(p);
    return ok;
}
