/* future.c - asyncio.Future; see future.h.
 *
 * The order of things is that of _asynciomodule.c: the state changes first,
 * then the callbacks are scheduled, in the order in which they were added. */
#include "loop/task/future.h"

#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/thread.h"
#include "loop/task/tell.h"

/* -- what call_soon calls: a done callback with its future ---------------- */

typedef struct done_call {
    al_done_callback callback;
    al_future *future;
} done_call;

static void release_callback(al_done_callback callback)
{
    if (callback.ops->release)
        callback.ops->release(callback.self);
}

static bool call_done(al_loop *loop, void *self)
{
    const done_call *call = self;

    (void)loop;
    return call->callback.ops->call(call->callback.self, call->future);
}

static void release_done(void *self)
{
    done_call *call = self;

    release_callback(call->callback);
    al_unref(call->future);
    al_free(call);
}

void al_done_callback_add_name(al_done_callback callback, al_text *out)
{
    if (callback.ops->add_name)
        callback.ops->add_name(callback.self, out);
    else
        al_text_add(out, callback.ops->name);
}

bool al_done_callback_is_wakeup(al_done_callback callback)
{
    return callback.ops->task_of != NULL;
}

static void done_name(const void *self, al_text *out)
{
    al_done_callback_add_name(((const done_call *)self)->callback, out);
}

static void show_callback(al_done_callback callback, al_text *out)
{
    if (callback.ops->shown)
        al_text_add(out, callback.ops->shown);
    else
        al_done_callback_add_name(callback, out);
}

static void show_done(const void *self, al_text *out)
{
    show_callback(((const done_call *)self)->callback, out);
}

static void add_callback_place(al_done_callback callback, al_text *out)
{
    if (callback.ops->add_place)
        callback.ops->add_place(callback.self, out);
}

static void done_place(const void *self, al_text *out)
{
    add_callback_place(((const done_call *)self)->callback, out);
}

static void done_args(const void *self, bool is_short, al_text *out)
{
    al_future *future = ((const done_call *)self)->future;

    al_add_argument((al_value){AL_OBJECT, {.object = &future->head}}, is_short,
                    out);
}

static al_task_ref done_task(const void *self)
{
    al_done_callback callback = ((const done_call *)self)->callback;

    return callback.ops->task_of ? callback.ops->task_of(callback.self)
                                 : (al_task_ref){0};
}

static const al_callable done_callable = {
    .name = "done callback",
    .call = call_done,
    .release = release_done,
    .add_name = done_name,
    .add_args = done_args,
    .add_place = done_place,
    .add_shown = show_done,
    .task_of = done_task,
};

/* Takes the callback.  False: raised. */
static bool schedule(al_future *future, al_done_callback callback,
                     al_context *context)
{
    done_call *call = al_alloc(sizeof *call);

    *call = (done_call){callback, al_ref(future)};
    return al_loop_call_soon(future->loop, (al_callback){&done_callable, call},
                             context);
}

/* -- callbacks ------------------------------------------------------------ */

static al_done_entry *entry_at(al_done_entries *entries, size_t index)
{
    return index == 0 ? &entries->first : &entries->others[index - 1];
}

static al_done_entry *add_entry(al_done_entries *entries)
{
    size_t capacity = entries->capacity;
    uint32_t index = entries->count++;

    if (index > 0) {
        entries->others = al_grow(entries->others, &capacity, index,
                                  sizeof *entries->others);
        entries->capacity = (uint32_t)capacity;
    }
    return entry_at(entries, index);
}

static void drop_entry(al_done_entry entry)
{
    release_callback(entry.callback);
    al_unref(entry.context);
}

/* Would a copy of the current context be empty?  Then none need be made. */
static bool is_context_empty(void)
{
    return !al_thread_current()->context->vars;
}

/* Takes the entry.  False: raised. */
static bool schedule_entry(al_future *future, al_done_entry entry)
{
    bool ok;

    if (!entry.context && !is_context_empty())
        entry.context = al_context_new();
    ok = schedule(future, entry.callback, entry.context);
    al_unref(entry.context);
    return ok;
}

/* After a failure (the loop is closed) the rest is dropped. */
static bool schedule_callbacks(al_future *future)
{
    al_done_entries entries = future->callbacks;
    bool ok = true;

    future->callbacks = (al_done_entries){.count = 0};
    for (size_t i = 0; i < entries.count; i++) {
        al_done_entry entry = *entry_at(&entries, i);

        if (ok)
            ok = schedule_entry(future, entry);
        else
            drop_entry(entry);
    }
    al_free(entries.others);
    return ok;
}

bool al_future_add_done_callback(al_future *future, al_done_callback callback,
                                 al_context *context)
{
    if (al_future_done(future))
        return schedule(future, callback, context);
    if (context)
        al_ref(context);
    else if (!is_context_empty())
        context = al_context_copy();
    *add_entry(&future->callbacks) = (al_done_entry){callback, context};
    al_future_tell_callback(future, callback);
    return true;
}

static bool are_equal(al_done_callback a, al_done_callback b)
{
    if (a.ops != b.ops)
        return false;
    return a.ops->equal ? a.ops->equal(a.self, b.self) : a.self == b.self;
}

size_t al_future_remove_done_callback(al_future *future,
                                      al_done_callback callback)
{
    al_done_entries *entries = &future->callbacks;
    uint32_t kept = 0, wakeups = 0;
    uint32_t removed;

    for (uint32_t i = 0; i < entries->count; i++) {
        al_done_entry entry = *entry_at(entries, i);

        if (are_equal(entry.callback, callback)) {
            al_future_tell_callback_removed(future, callback, kept - wakeups);
            drop_entry(entry);
            continue;
        }
        wakeups += al_done_callback_is_wakeup(entry.callback);
        *entry_at(entries, kept++) = entry;
    }
    removed = entries->count - kept;
    entries->count = kept;
    return removed;
}

static void drop_callbacks(al_future *future)
{
    al_done_entries entries = future->callbacks;

    future->callbacks = (al_done_entries){.count = 0};
    for (size_t i = 0; i < entries.count; i++)
        drop_entry(*entry_at(&entries, i));
    al_free(entries.others);
}

/* -- the object ----------------------------------------------------------- */

/* Future.__del__: nobody looked at its exception. */
static void report_unretrieved(al_future *future)
{
    al_exception *raised = al_fetch_raised();
    al_error_context context = {
        .exception = future->exception,
        .subject_key = "future",
        .subject = &future->head,
        .subject_context = al_future_peek_context(future),
    };
    al_text message = {0};

    al_text_add_format(&message, "%s exception was never retrieved",
                       future->kind->type->name);
    context.message = message.bytes;
    future->log_traceback = false;
    if (!al_loop_call_exception_handler(future->loop, &context))
        al_unref(al_fetch_raised()); /* CPython: unraisable */
    al_text_release(&message);
    if (raised)
        al_raise_take(raised);
}

static void enlist(al_future *future)
{
    al_task_slots *slots = al_loop_task_slots(future->loop);

    future->next = slots->futures;
    if (future->next)
        future->next->previous = future;
    slots->futures = future;
}

static void delist(al_future *future)
{
    al_task_slots *slots = al_loop_task_slots(future->loop);

    if (future->previous)
        future->previous->next = future->next;
    else if (slots->futures == future)
        slots->futures = future->next;
    if (future->next)
        future->next->previous = future->previous;
    future->previous = future->next = NULL;
}

static void drop_value(al_value *value)
{
    al_value old = *value;

    *value = (al_value){.tag = AL_ABSENT};
    al_value_release(old);
}

static void drop_exception(al_exception **slot)
{
    al_exception *old = *slot;

    *slot = NULL;
    al_unref(old);
}

static void drop_contents(al_future *future)
{
    if (future->kind->release)
        future->kind->release(future);
    drop_callbacks(future);
    al_awaiters_release(&future->awaiters);
    drop_value(&future->result);
    drop_value(&future->cancel_message);
    drop_exception(&future->exception);
    drop_exception(&future->cancelled_error);
}

void al_futures_let_go(al_loop *loop)
{
    al_task_slots *slots = al_loop_task_slots(loop);
    al_task_factory factory = slots->factory;

    slots->factory = (al_task_factory){0};
    if (factory.release)
        factory.release(factory.self);
    while (slots->futures) {
        al_future *future = al_ref(slots->futures);

        delist(future);
        future->log_traceback = false;
        drop_contents(future);
        al_unref(future);
    }
}

void al_future_free(al_object *self)
{
    al_future *future = (al_future *)self;

    self->refs = 1; /* an exception handler may see it */
    if (future->kind->finalize)
        future->kind->finalize(future);
    if (future->log_traceback)
        report_unretrieved(future);
    if (--self->refs > 0)
        return;
    if (!al_future_done(future))
        al_future_tell_dropped(future);
    delist(future);
    drop_contents(future);
    al_unref(future->loop);
    al_free(future);
}

void al_future_type_repr(const al_object *self, al_text *out)
{
    al_future_repr((const al_future *)self, out);
}

const al_type al_future_type = AL_FUTURE_TYPE("Future", "_asyncio.Future");

static bool cancel_plain(al_future *future, al_value message, bool *done)
{
    bool was_pending = !al_future_done(future);

    *done = was_pending;
    future->log_traceback = false;
    return !was_pending || al_future_set_cancelled(future, message);
}

const al_future_kind al_plain_future = {
    .type = &al_future_type,
    .cancel = cancel_plain,
};

void *al_future_new_kind(al_loop *loop, const al_future_kind *kind,
                         size_t size)
{
    al_future *future = al_alloc_zero(1, size);

    al_object_init(&future->head, kind->type);
    future->kind = kind;
    future->loop = al_ref(loop);
    enlist(future);
    return future;
}

al_future *al_future_new(al_loop *loop)
{
    al_future *future =
        al_future_new_kind(loop, &al_plain_future, sizeof *future);

    al_future_tell_new(future);
    return future;
}

al_future *al_future_peek(al_value value)
{
    return value.tag == AL_OBJECT &&
                   value.as.object->type->free == al_future_free
               ? (al_future *)value.as.object : NULL;
}

/* -- its end -------------------------------------------------------------- */

static bool check_pending(const al_future *future)
{
    return !al_future_done(future) ||
           al_raise(&al_InvalidStateError, "invalid state");
}

/* A task tells of its end itself, once its step is over. */
static bool finish(al_future *future, al_future_state state)
{
    future->state = state;
    if (!future->kind->is_task)
        al_future_tell_done(future);
    return schedule_callbacks(future);
}

bool al_future_set_result(al_future *future, al_value result)
{
    if (!check_pending(future))
        return false;
    future->result = al_value_dup(result);
    return finish(future, AL_FUTURE_FINISHED);
}

/* A StopIteration would end whoever awaits it. */
static al_exception *without_stop_iteration(al_exception *e)
{
    static const char text[] = "StopIteration interacts badly with generators "
                               "and cannot be raised into a Future";
    al_value message;
    al_exception *instead;

    if (!al_exception_is(e, &al_StopIteration))
        return al_ref(e);
    message = al_str_new(text);
    instead = al_exception_new(&al_RuntimeError, &message, 1);
    al_value_release(message);
    al_exception_take_cause(instead, al_ref(e));
    al_exception_take_context(instead, al_ref(e));
    instead->suppress_context = true;
    return instead;
}

bool al_future_set_exception(al_future *future, al_exception *e)
{
    if (!check_pending(future))
        return false;
    future->exception = without_stop_iteration(e);
    if (!finish(future, AL_FUTURE_FINISHED))
        return false;
    future->log_traceback = true;
    return true;
}

void al_future_set_cancel_message(al_future *future, al_value message)
{
    al_value old = future->cancel_message;

    future->cancel_message = message.tag == AL_NONE
                                 ? (al_value){.tag = AL_ABSENT}
                                 : al_value_dup(message);
    al_value_release(old);
}

bool al_future_set_cancelled(al_future *future, al_value message)
{
    al_future_set_cancel_message(future, message);
    return finish(future, AL_FUTURE_CANCELLED);
}

/* What waits for itself, by way of others, would be cancelled for ever. */
bool al_future_cancel(al_future *future, al_value message, bool *done)
{
    enum { MAX_NESTING = 300 };
    static _Thread_local int nesting;
    bool ignored, ok;

    if (nesting == MAX_NESTING)
        return al_raise(&al_RecursionError, "maximum recursion depth exceeded");
    nesting++;
    ok = future->kind->cancel(future, message, done ? done : &ignored);
    nesting--;
    return ok;
}

al_exception *al_future_make_cancelled_error(al_future *future)
{
    al_exception *e = future->cancelled_error;
    bool has_message = future->cancel_message.tag != AL_ABSENT;

    if (!e)
        return al_exception_new(&al_CancelledError, &future->cancel_message,
                                has_message ? 1 : 0);
    future->cancelled_error = NULL; /* raised once: then it would be a cycle */
    return e;
}

/* -- looking -------------------------------------------------------------- */

/* False: raised. */
static bool look(al_future *future, const char *not_yet)
{
    if (al_future_cancelled(future))
        return al_raise_take(al_future_make_cancelled_error(future));
    if (!al_future_done(future))
        return al_raise(&al_InvalidStateError, "%s", not_yet);
    future->log_traceback = false;
    return true;
}

al_value al_future_result(al_future *future)
{
    if (!look(future, "Result is not set."))
        return (al_value){.tag = AL_ABSENT};
    if (!future->exception)
        return al_value_dup(future->result);
    al_raise_take(al_ref(future->exception));
    return (al_value){.tag = AL_ABSENT};
}

bool al_future_exception(al_future *future, al_exception **e)
{
    *e = NULL;
    if (!look(future, "Exception is not set."))
        return false;
    *e = al_ref(future->exception);
    return true;
}

/* -- the order of sets ---------------------------------------------------- */

static int compare_serials(const void *a, const void *b)
{
    uint64_t one = al_future_peek(*(const al_value *)a)->serial;
    uint64_t other = al_future_peek(*(const al_value *)b)->serial;

    return (one > other) - (one < other);
}

void al_futures_sort(al_value *items, size_t count)
{
    al_value *futures = al_alloc_zero(count, sizeof *futures);
    size_t others = 0, found = 0;

    for (size_t i = 0; i < count; i++) {
        if (al_future_peek(items[i]))
            futures[found++] = items[i];
        else
            items[others++] = items[i];
    }
    if (found > 0) {
        qsort(futures, found, sizeof *futures, compare_serials);
        memcpy(items + others, futures, found * sizeof *futures);
    }
    al_free(futures);
}

/* -- repr ----------------------------------------------------------------- */

static void add_outcome(const al_future *future, al_text *out)
{
    if (future->exception) {
        al_text_add(out, " exception=");
        al_value_repr(
            (al_value){AL_OBJECT, {.object = &future->exception->head}}, out);
    } else {
        al_text_add(out, " result=");
        al_value_short_repr(future->result, out);
    }
}

static void add_callback(const al_done_entry *entry, al_text *out)
{
    show_callback(entry->callback, out);
    al_text_add(out, "()");
    add_callback_place(entry->callback, out);
}

static void add_callbacks(const al_future *future, al_text *out)
{
    const al_done_entries *entries = &future->callbacks;
    size_t count = entries->count;

    al_text_add(out, " cb=[");
    add_callback(&entries->first, out);
    if (count > 2)
        al_text_add_format(out, ", <%zu more>", count - 2);
    if (count > 1) {
        al_text_add(out, ", ");
        add_callback(&entries->others[count - 2], out);
    }
    al_text_add_char(out, ']');
}

/* A callback that says what the future waits for; NULL: there is none. */
static const al_done_callback *find_awaiting(const al_future *future)
{
    for (size_t i = 0; i < future->callbacks.count; i++) {
        const al_done_entry *e = i ? &future->callbacks.others[i - 1]
                                   : &future->callbacks.first;

        if (e->callback.ops->awaited)
            return &e->callback;
    }
    return NULL;
}

al_future *al_future_peek_awaited(const al_future *future, size_t index)
{
    const al_done_callback *callback;

    if (future->kind->awaited)
        return future->kind->awaited(future, index);
    callback = index == 0 ? find_awaiting(future) : NULL;
    return callback ? callback->ops->awaited(callback->self) : NULL;
}

const char *al_future_maker(const al_future *future)
{
    const al_done_callback *callback = find_awaiting(future);

    if (future->kind->made_by)
        return future->kind->made_by;
    return callback ? callback->ops->made_by : NULL;
}

void al_future_add_id(const al_future *future, al_text *out)
{
    al_text_add_format(out, "%c%llu", future->kind->is_task ? 't' : 'f',
                       (unsigned long long)future->id);
}

void al_add_argument(al_value argument, bool is_short, al_text *out)
{
    const al_future *future = al_future_peek(argument);

    if (is_short)
        al_value_short_repr(argument, out);
    else if (future)
        al_future_add_id(future, out);
    else
        al_value_repr(argument, out);
}

static void add_inside(const al_future *future, al_text *out)
{
    static const char *const states[] = {"pending", "cancelled", "finished"};
    const char *state = NULL;

    if (future->kind->state)
        state = future->kind->state(future);
    al_text_add_format(out, "<%s %s", future->kind->type->name,
                       state ? state : states[future->state]);
    if (future->kind->add_details)
        future->kind->add_details(future, out);
    if (future->state == AL_FUTURE_FINISHED)
        add_outcome(future, out);
    if (future->callbacks.count > 0)
        add_callbacks(future, out);
    al_text_add_char(out, '>');
}

void al_future_repr(const al_future *future, al_text *out)
{
    if (!al_repr_enter(&future->head)) { /* it waits for itself, in the end */
        al_text_add(out, "...");
        return;
    }
    add_inside(future, out);
    al_repr_leave(&future->head);
}
