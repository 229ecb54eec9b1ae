/* concurrent.c - concurrent.futures.Future; see concurrent.h. */
#include "loop/task/concurrent.h"

#include <math.h>
#include <stdio.h>
#include "loop/base/alloc.h"
#include "loop/io/threads.h"
#include "loop/task/shared.h"

typedef enum state {
    PENDING,
    RUNNING,
    CANCELLED,
    CANCELLED_AND_NOTIFIED,
    FINISHED
} state;

typedef struct done_entry {
    const al_concurrent_ops *ops;
    void *self;
} done_entry;

struct al_concurrent {
    al_shared head;
    uint64_t job;
    state state; /* this and what follows: under the threads' lock */
    al_value result;
    al_exception *exception;
    done_entry *callbacks; /* kept once it is done, as CPython keeps them */
    size_t callback_count, callback_capacity;
};

/* -- the object ----------------------------------------------------------- */

static void release_entry(done_entry entry)
{
    if (entry.ops->release)
        entry.ops->release(entry.self);
}

static void drop_contents(al_shared *self)
{
    al_concurrent *f = (al_concurrent *)self;
    done_entry *callbacks = f->callbacks;
    size_t count = f->callback_count;
    al_value result = f->result;
    al_exception *e = f->exception;

    f->callbacks = NULL;
    f->callback_count = f->callback_capacity = 0;
    f->result = al_none();
    f->exception = NULL;
    for (size_t i = 0; i < count; i++)
        release_entry(callbacks[i]);
    al_free(callbacks);
    al_value_release(result);
    al_unref(e);
}

static void concurrent_free(al_object *self)
{
    al_concurrent *f = (al_concurrent *)self;

    al_shared_delist(&f->head);
    drop_contents(&f->head);
    al_free(f);
}

static void concurrent_repr(const al_object *self, al_text *out)
{
    static const char *const shown[] = {"pending", "running", "cancelled",
                                        "cancelled", "finished"};
    const al_concurrent *f = (const al_concurrent *)self;

    al_threads_lock();
    al_text_add_format(out, "<Future state=%s", shown[f->state]);
    if (f->state == FINISHED && f->exception)
        al_text_add_format(out, " raised %s", f->exception->cls->name);
    else if (f->state == FINISHED)
        al_text_add_format(out, " returned %s", al_value_type_name(f->result));
    al_threads_unlock();
    al_text_add_char(out, '>');
}

const al_type al_concurrent_type = {
    .name = "Future",
    .free = concurrent_free,
    .repr = concurrent_repr,
};

al_concurrent *al_concurrent_new(void)
{
    al_concurrent *f = al_alloc_zero(1, sizeof *f);

    al_shared_init(&f->head, &al_concurrent_type, drop_contents);
    return f;
}

al_concurrent *al_concurrent_peek(al_value value)
{
    return al_is(value, &al_concurrent_type)
               ? (al_concurrent *)value.as.object : NULL;
}

void al_concurrent_set_job(al_concurrent *future, uint64_t job)
{
    future->job = job;
}

uint64_t al_concurrent_job(const al_concurrent *future)
{
    return future->job;
}

/* -- looking -------------------------------------------------------------- */

static state state_of(al_concurrent *f)
{
    state now;

    al_threads_lock();
    now = f->state;
    al_threads_unlock();
    return now;
}

static bool is_cancelled(state s)
{
    return s == CANCELLED || s == CANCELLED_AND_NOTIFIED;
}

bool al_concurrent_done(al_concurrent *future)
{
    return state_of(future) >= CANCELLED;
}

bool al_concurrent_cancelled(al_concurrent *future)
{
    return is_cancelled(state_of(future));
}

bool al_concurrent_running(al_concurrent *future)
{
    return state_of(future) == RUNNING;
}

/* -- waiting -------------------------------------------------------------- */

static bool wait_for(al_concurrent *f, double timeout)
{
    al_threads *threads = al_threads_in_force();
    char what[64] = "the result of a concurrent future";
    bool woken;

    if (f->job)
        snprintf(what, sizeof what, "the result of j%llu",
                 (unsigned long long)f->job);
    return threads->ops->wait(threads->self, f, what, timeout, &woken);
}

/* Under the lock.  False: raised. */
static bool wait_until_done(al_concurrent *f, double timeout)
{
    if (f->state < CANCELLED && timeout > 0 && !wait_for(f, timeout))
        return false;
    if (is_cancelled(f->state))
        return al_raise_take(
            al_exception_new(&al_ConcurrentCancelledError, NULL, 0));
    if (f->state != FINISHED)
        return al_raise_take(al_exception_new(&al_TimeoutError, NULL, 0));
    return true;
}

bool al_concurrent_exception(al_concurrent *future, double timeout,
                             al_exception **e)
{
    bool ok;

    al_threads_lock();
    ok = wait_until_done(future, timeout);
    *e = ok && future->exception ? al_ref(future->exception) : NULL;
    al_threads_unlock();
    return ok;
}

al_value al_concurrent_result(al_concurrent *future, double timeout)
{
    al_value result = al_no_value();
    al_exception *e = NULL;

    al_threads_lock();
    if (wait_until_done(future, timeout)) {
        e = future->exception ? al_ref(future->exception) : NULL;
        if (!e)
            result = al_value_dup(future->result);
    }
    al_threads_unlock();
    if (e)
        al_raise_take(e);
    return result;
}

/* -- callbacks ------------------------------------------------------------ */

static void log_raised(const al_concurrent *f, al_exception *e)
{
    al_text text = {0};

    al_text_add(&text, "exception calling callback for ");
    concurrent_repr(&f->head.head, &text);
    al_threads_log("ERROR", text.bytes, e);
    al_text_release(&text);
}

/* What a callback raises ends neither the others nor the caller. */
static bool call(done_entry entry, al_concurrent *f)
{
    al_exception *e;

    if (entry.ops->call(entry.self, f))
        return true;
    if (!al_exception_is(al_peek_raised(), &al_Exception))
        return false;
    e = al_fetch_raised();
    log_raised(f, e);
    al_unref(e);
    return true;
}

/* Once it is done no callback is added any more. */
static bool invoke_callbacks(al_concurrent *f)
{
    bool ok = true;

    for (size_t i = 0; ok && i < f->callback_count; i++)
        ok = call(f->callbacks[i], f);
    return ok;
}

static bool keep_entry(al_concurrent *f, done_entry entry)
{
    bool is_pending;

    al_threads_lock();
    is_pending = f->state < CANCELLED;
    if (is_pending) {
        f->callbacks = al_grow(f->callbacks, &f->callback_capacity,
                               f->callback_count + 1, sizeof *f->callbacks);
        f->callbacks[f->callback_count++] = entry;
    }
    al_threads_unlock();
    return is_pending;
}

bool al_concurrent_add_done_callback(al_concurrent *future,
                                     const al_concurrent_ops *ops, void *self)
{
    done_entry entry = {ops, self};
    bool ok;

    if (keep_entry(future, entry))
        return true;
    ok = call(entry, future);
    release_entry(entry);
    return ok;
}

/* -- its end -------------------------------------------------------------- */

static void wake_all(al_concurrent *f)
{
    al_threads *threads = al_threads_in_force();

    threads->ops->wake(threads->self, f, true);
}

bool al_concurrent_cancel(al_concurrent *future, bool *done)
{
    state before;

    al_threads_lock();
    before = future->state;
    if (before == PENDING) {
        future->state = CANCELLED;
        wake_all(future);
    }
    al_threads_unlock();
    *done = before == PENDING || is_cancelled(before);
    return before != PENDING || invoke_callbacks(future);
}

bool al_concurrent_begin(al_concurrent *future, bool *runs)
{
    state before;

    al_threads_lock();
    before = future->state;
    if (before == CANCELLED)
        future->state = CANCELLED_AND_NOTIFIED;
    else if (before == PENDING)
        future->state = RUNNING;
    al_threads_unlock();
    *runs = before == PENDING;
    return before == PENDING || before == CANCELLED ||
           al_raise(&al_RuntimeError, "Future in unexpected state");
}

static bool raise_invalid(const al_concurrent *f, state now)
{
    static const char *const names[] = {
        "PENDING", "RUNNING", "CANCELLED", "CANCELLED_AND_NOTIFIED",
        "FINISHED"};
    al_text text = {0};

    concurrent_repr(&f->head.head, &text);
    al_raise(&al_ConcurrentInvalidStateError, "%s: %s", names[now],
             text.bytes);
    al_text_release(&text);
    return false;
}

/* Where threads are real, whoever asks for it holds it beside the future. */
static void share(al_value value)
{
    if (al_threads_in_force()->ops->is_parallel)
        al_value_share(value);
}

static bool finish(al_concurrent *f, al_value result, al_exception *e)
{
    state before;

    share(result);
    if (e)
        share((al_value){AL_OBJECT, {.object = &e->head}});
    al_threads_lock();
    before = f->state;
    if (before < CANCELLED) {
        f->result = result;
        f->exception = e;
        f->state = FINISHED;
        wake_all(f);
    }
    al_threads_unlock();
    if (before < CANCELLED)
        return invoke_callbacks(f);
    al_value_release(result);
    al_unref(e);
    return raise_invalid(f, before);
}

bool al_concurrent_take_result(al_concurrent *future, al_value result)
{
    return finish(future, result, NULL);
}

bool al_concurrent_take_exception(al_concurrent *future, al_exception *e)
{
    return finish(future, al_none(), e);
}
