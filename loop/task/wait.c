/* wait.c - asyncio.wait(): one waiter, released by the futures or a timer.
 *
 * Python makes a set of the futures, whose order is an accident of addresses;
 * see al_futures_sort. */
#include "loop/task/wait.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/task/identities.h"
#include "loop/task/seconds.h"
#include "loop/task/task.h"
#include "loop/task/waiter.h"

typedef enum return_when {
    ALL_COMPLETED,
    FIRST_COMPLETED,
    FIRST_EXCEPTION
} return_when;

/* What _wait's _on_completion knows; shared with the futures. */
typedef struct waiting {
    al_object head;
    al_future *waiter; /* a reference */
    al_handle *timer;  /* a reference, or NULL */
    al_task *owner;    /* who waits: a reference, or NULL */
    size_t left;
    return_when until;
} waiting;

typedef struct wait {
    al_coroutine coroutine;
    al_value fs, timeout, return_when;
    al_value *futures; /* all different; references */
    size_t count;
    waiting *waiting;  /* a reference; NULL until it waits */
} wait;

/* -- one of them is done -------------------------------------------------- */

static void waiting_free(al_object *self)
{
    waiting *w = (waiting *)self;

    al_unref(w->waiter);
    al_unref(w->timer);
    al_unref(w->owner);
    al_free(w);
}

static const al_type waiting_type = {
    .name = "waiting",
    .free = waiting_free,
};

static bool has_failed(al_future *future)
{
    if (al_future_cancelled(future))
        return false;
    future->log_traceback = false;
    return future->exception;
}

static bool note(waiting *w, al_future *future)
{
    w->left--;
    if (w->left > 0 && w->until != FIRST_COMPLETED &&
        !(w->until == FIRST_EXCEPTION && has_failed(future)))
        return true;
    if (w->timer)
        al_handle_cancel(w->timer);
    return al_waiter_release(w->waiter);
}

static bool on_completion(void *self, al_future *future)
{
    waiting *w = self;

    if (!note(w, future))
        return false;
    if (w->owner)
        al_awaiters_discard(&future->awaiters, &w->owner->future);
    return true;
}

static const al_done_ops completion_ops = {
    .name = "_wait.<locals>._on_completion",
    .call = on_completion,
    .release = al_unref,
};

/* -- what was given ------------------------------------------------------- */

static bool find_return_when(al_value value, return_when *found)
{
    static const char *const names[] = {
        [ALL_COMPLETED] = "ALL_COMPLETED",
        [FIRST_COMPLETED] = "FIRST_COMPLETED",
        [FIRST_EXCEPTION] = "FIRST_EXCEPTION",
    };
    const al_str *name = al_str_peek(value);
    al_text text = {0};

    for (int i = ALL_COMPLETED; name && i <= FIRST_EXCEPTION; i++) {
        if (strcmp(name->bytes, names[i]) == 0) {
            *found = (return_when)i;
            return true;
        }
    }
    al_value_str(value, &text);
    al_raise(&al_ValueError, "Invalid return_when value: %s",
             al_text_as_string(&text));
    al_text_release(&text);
    return false;
}

/* set(fs) */
static bool keep_different(wait *w)
{
    al_tuple *given = al_tuple_from(w->fs);
    bool ok;

    if (!given)
        return false;
    w->futures = al_alloc_zero(given->count, sizeof *w->futures);
    ok = al_keep_different(given, w->futures, &w->count);
    for (size_t i = 0; i < w->count; i++)
        w->futures[i] = al_value_dup(w->futures[i]);
    al_unref(given);
    return ok;
}

static bool check_no_coroutines(const wait *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (al_coroutine_peek(w->futures[i]))
            return al_raise(&al_TypeError, "Passing coroutines is forbidden, "
                            "use tasks explicitly.");
    }
    return true;
}

static bool check_arguments(wait *w, return_when *until)
{
    if (al_is_awaitable(w->fs))
        return al_raise(&al_TypeError, "expect a list of futures, not %s",
                        al_value_type_name(w->fs));
    if (!al_value_truth(w->fs))
        return !al_peek_raised() &&
               al_raise(&al_ValueError, "Set of Tasks/Futures is empty.");
    return find_return_when(w->return_when, until) && keep_different(w) &&
           check_no_coroutines(w);
}

/* -- waiting -------------------------------------------------------------- */

static bool set_timer(wait *w, al_loop *loop)
{
    double when = 0;

    if (w->timeout.tag == AL_NONE)
        return true;
    if (!al_add_seconds(al_loop_time(loop), w->timeout, &when))
        return false;
    w->waiting->timer = al_ref(al_loop_call_at(
        loop, when, al_waiter_timer(w->waiting->waiter), NULL));
    return w->waiting->timer;
}

static bool add_callbacks(wait *w)
{
    for (size_t i = 0; i < w->count; i++) {
        al_future *future = al_future_peek(w->futures[i]);
        al_done_callback callback = {&completion_ops, w->waiting};

        if (!future)
            return al_raise_no_attribute(w->futures[i], "add_done_callback");
        al_ref(w->waiting);
        if (!al_future_add_done_callback(future, callback, NULL))
            return false;
        if (w->waiting->owner)
            al_awaiters_add(&future->awaiters, &w->waiting->owner->future);
    }
    return true;
}

static al_step begin(wait *w)
{
    return_when until = ALL_COMPLETED;
    al_loop *loop;

    if (!check_arguments(w, &until))
        return al_step_raise();
    loop = al_get_running_loop();
    if (!loop)
        return al_step_raise();
    w->waiting = al_alloc_zero(1, sizeof *w->waiting);
    al_object_init(&w->waiting->head, &waiting_type);
    w->waiting->waiter = al_future_new(loop);
    w->waiting->owner = al_ref(al_current_task(loop));
    w->waiting->left = w->count;
    w->waiting->until = until;
    if (!set_timer(w, loop) || !add_callbacks(w))
        return al_step_raise();
    return al_step_await(al_take(al_ref(w->waiting->waiter)));
}

/* What is not done goes on holding who waited for it, as CPython's does. */
static void stop_waiting(wait *w)
{
    const al_done_callback callback = {&completion_ops, w->waiting};

    if (w->waiting->timer)
        al_handle_cancel(w->waiting->timer);
    for (size_t i = 0; i < w->count; i++)
        al_future_remove_done_callback(al_future_peek(w->futures[i]),
                                       callback);
}

/* The futures that are done, or those that are not. */
static al_value select_done(const wait *w, bool done)
{
    al_value *items = al_alloc_zero(w->count, sizeof *items);
    size_t count = 0;
    al_value set;

    for (size_t i = 0; i < w->count; i++) {
        if (al_future_done(al_future_peek(w->futures[i])) == done)
            items[count++] = w->futures[i];
    }
    set = al_set_make(items, count);
    al_free(items);
    return set;
}

static al_step wait_resume(al_coroutine *self, al_value sent)
{
    wait *w = (wait *)self;
    al_tuple *both;

    if (w->waiting)
        stop_waiting(w);
    if (sent.tag == AL_ABSENT)
        return al_step_raise();
    if (!w->waiting)
        return begin(w);
    both = al_tuple_alloc(2);
    both->items[0] = select_done(w, true);
    both->items[1] = select_done(w, false);
    return al_step_return(al_take(both));
}

/* -- the coroutine -------------------------------------------------------- */

static void wait_release(al_coroutine *self)
{
    wait *w = (wait *)self;

    al_value_release(w->fs);
    al_value_release(w->timeout);
    al_value_release(w->return_when);
    for (size_t i = 0; i < w->count; i++)
        al_value_release(w->futures[i]);
    al_free(w->futures);
    al_unref(w->waiting);
}

static void each_awaited(const al_coroutine *self, al_future_visitor *visit,
                         void *context)
{
    const wait *w = (const wait *)self;

    for (size_t i = 0; i < w->count; i++)
        visit(context, al_future_peek(w->futures[i]));
}

static const char *const *wait_inside(const al_coroutine *self)
{
    static const char *const names[] = {"_wait", NULL};

    (void)self;
    return names;
}

static const al_coroutine_ops wait_ops = {
    .name = "wait",
    .resume = wait_resume,
    .release = wait_release,
    .each_awaited = each_awaited,
    .several = "wait()",
    .inside = wait_inside,
};

al_coroutine *al_wait(al_value fs, al_value timeout, al_value until)
{
    wait *w = al_coroutine_new(&wait_ops, sizeof *w);

    w->fs = al_value_dup(fs);
    w->timeout = al_value_dup(timeout);
    w->return_when = al_value_dup(until);
    return &w->coroutine;
}
