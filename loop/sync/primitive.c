/* primitive.c - see primitive.h.
 *
 * A primitive may be made before there is a loop, and so before anybody can
 * be told: it is introduced, and gets its id, with the first thing that can
 * be told of it. */
#include "loop/sync/primitive.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/core/telling.h"
#include "loop/object/thread.h"

/* -- all of a thread ------------------------------------------------------ */

static _Thread_local al_primitive *all; /* any one of the ring; or NULL */

static void link_in(al_primitive *p)
{
    if (!all)
        all = p->previous = p->next = p;
    p->next = all;
    p->previous = all->previous;
    p->previous->next = p;
    all->previous = p;
}

static void unlink(al_primitive *p)
{
    if (all == p)
        all = p->next == p ? NULL : p->next;
    p->previous->next = p->next;
    p->next->previous = p->previous;
}

static void clear(al_primitive *p)
{
    al_waiters_release(&p->waiters);
    if (p->kind->clear)
        p->kind->clear(p);
}

void al_primitives_clear(void)
{
    al_primitive *last = all ? al_ref(all->previous) : NULL;
    al_primitive *p = al_ref(all);

    while (p) { /* what is dropped may drop others, but not these two */
        al_primitive *next = p == last ? NULL : al_ref(p->next);

        clear(p);
        al_unref(p);
        p = next;
    }
    al_unref(last);
}

/* -- telling -------------------------------------------------------------- */

/* Whose observer is told, if it has one; NULL: nobody's. */
static al_loop *audience(const al_primitive *p)
{
    al_thread *thread = al_thread_current();

    return p->loop                ? p->loop
           : thread->running_loop ? thread->running_loop
                                  : thread->event_loop;
}

static void tell_new(const al_primitive *p, al_loop *loop)
{
    al_event event = {
        .kind = AL_EVENT_PRIMITIVE,
        .primitive = p->id,
        .type = p->kind->type->name,
        .of = p->owner ? p->owner->id : 0,
        .by = al_thread_current()->cause,
    };

    al_loop_emit(loop, &event);
}

/* Where nobody watches it is numbered all the same: a deadlock names it. */
static void introduce(al_primitive *p, al_loop *loop)
{
    if (p->id)
        return;
    if (p->owner)
        introduce(p->owner, loop);
    p->id = ++al_loop_ids(loop)->primitives;
    tell_new(p, loop);
}

static void add_ids(const al_waiters *waiters, al_text *out)
{
    size_t shown = waiters->count <= AL_WAITERS_WHOLE ? waiters->count
                                                      : AL_WAITERS_OF_CROWD;

    al_text_add_char(out, '[');
    for (size_t i = 0; i < shown; i++) {
        al_text_add(out, i ? ", \"f" : "\"f");
        al_text_add_uint(out, al_waiters_peek(waiters, i)->id);
        al_text_add_char(out, '"');
    }
    al_text_add_char(out, ']');
}

static void add_state(const al_primitive *p, al_text *out)
{
    if (p->kind->tell_state)
        p->kind->tell_state(p, out);
    else
        p->kind->add_state(p, out);
}

static void tell(const al_primitive *p, al_loop *loop, al_move move)
{
    const al_waiters *putters = p->kind->putters ? p->kind->putters(p) : NULL;
    al_event event = {
        .kind = AL_EVENT_WAITERS,
        .primitive = p->id,
        .joined = move.joined ? move.joined->id : 0,
        .putter = move.putter ? move.putter->id : 0,
        .left = move.left ? move.left->id : 0,
    };
    al_text state = {0}, waiting = {0}, putting = {0};

    add_state(p, &state);
    add_ids(&p->waiters, &waiting);
    event.type = p->kind->type->name;
    event.state = state.bytes;
    event.count = p->waiters.count;
    event.waiters = waiting.bytes;
    if (putters && putters->count > 0) {
        add_ids(putters, &putting);
        event.putters = putting.bytes;
    }
    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
    al_text_release(&state);
    al_text_release(&waiting);
    al_text_release(&putting);
}

static void tell_aside(const al_primitive *p, al_loop *loop, al_move move)
{
    al_telling telling = al_begin_telling();

    tell(p, loop, move);
    al_end_telling(telling);
}

/* Whom to tell of a change in p, which was introduced by then; or NULL. */
static inline al_loop *listener(al_primitive *p)
{
    al_loop *loop = audience(p);

    if (!loop)
        return NULL;
    if (!p->id)
        introduce(p, loop);
    return al_loop_is_observed(loop) ? loop : NULL;
}

void al_primitive_moved(al_primitive *p, al_move move)
{
    al_loop *loop = listener(p);

    if (loop)
        tell_aside(p, loop, move);
}

void al_primitive_changed(al_primitive *p)
{
    al_loop *loop = listener(p);

    if (loop)
        tell_aside(p, loop, (al_move){0});
}

static void tell_dropped(const al_primitive *p)
{
    al_event event = {.kind = AL_EVENT_DROPPED, .primitive = p->id};
    al_loop *loop = audience(p);

    if (loop && p->id)
        al_loop_emit(loop, &event);
}

/* -- the object ----------------------------------------------------------- */

void al_primitive_free(al_object *self)
{
    al_primitive *p = (al_primitive *)self;

    unlink(p);
    clear(p);
    tell_dropped(p);
    if (p->kind->release)
        p->kind->release(p);
    al_unref(p->loop);
    al_free(p);
}

void al_primitive_repr(const al_object *self, al_text *out)
{
    const al_primitive *p = (const al_primitive *)self;

    al_text_add_format(out, "<asyncio.locks.%s object [", p->kind->type->name);
    p->kind->add_state(p, out);
    if (p->waiters.count > 0)
        al_text_add_format(out, ", waiters:%zu", p->waiters.count);
    al_text_add(out, "]>");
}

void *al_primitive_new(const al_primitive_kind *kind, size_t size,
                       al_primitive *owner)
{
    al_primitive *p = al_alloc_zero(1, size);
    al_loop *loop;

    al_object_init(&p->head, kind->type);
    p->kind = kind;
    p->owner = owner;
    link_in(p);
    loop = audience(p);
    if (loop)
        introduce(p, loop);
    return p;
}

void al_primitive_disown(al_primitive *part)
{
    part->owner = NULL;
    al_unref(part);
}

/* -- _LoopBoundMixin ------------------------------------------------------ */

al_loop *al_primitive_get_loop(al_primitive *p)
{
    al_loop *loop = al_peek_running_loop();
    al_text text = {0};

    if (!p->loop)
        p->loop = al_ref(loop);
    if (loop && loop == p->loop)
        return loop;
    if (!p->loop) {
        al_raise_no_attribute(al_none(), "create_future");
        return NULL;
    }
    p->head.type->repr(&p->head, &text);
    al_raise(&al_RuntimeError, "%s is bound to a different event loop",
             text.bytes);
    al_text_release(&text);
    return NULL;
}

/* -- waiting -------------------------------------------------------------- */

void *al_waiting_new(const al_coroutine_ops *ops, size_t size,
                     al_primitive *on)
{
    al_waiting *waiting = al_coroutine_new(ops, size);

    waiting->on = al_ref(on);
    return waiting;
}

void al_waiting_release(al_coroutine *self)
{
    al_waiting *waiting = (al_waiting *)self;

    al_unref(waiting->waiter);
    al_unref(waiting->on);
}

al_step al_waiting_begin(al_waiting *waiting, al_waiters *waiters)
{
    al_loop *loop = al_primitive_get_loop(waiting->on);

    if (!loop)
        return al_step_raise();
    al_unref(waiting->waiter);
    waiting->waiter = al_future_new(loop);
    al_waiters_append(waiters, waiting->waiter);
    al_primitive_moved(waiting->on,
                       waiters == &waiting->on->waiters
                           ? (al_move){.joined = waiting->waiter}
                           : (al_move){.putter = waiting->waiter});
    return al_step_await(al_take(al_ref(waiting->waiter)));
}

void al_waiting_end(al_waiting *waiting, al_waiters *waiters)
{
    if (al_waiters_remove(waiters, waiting->waiter))
        al_primitive_moved(waiting->on, (al_move){.left = waiting->waiter});
}

static void add_name(const al_primitive *p, al_text *out)
{
    al_text_add_format(out, "%s p%llu", p->kind->type->name,
                       (unsigned long long)p->id);
}

uint64_t al_waiting_waits_in(const al_coroutine *self, al_text *out)
{
    const al_waiting *waiting = (const al_waiting *)self;
    const al_primitive *on = waiting->on;

    if (!waiting->waiter)
        return 0;
    add_name(on, out);
    if (on->owner) {
        al_text_add(out, " of ");
        add_name(on->owner, out);
    }
    return on->kind->lock && on->kind->lock->holder
               ? on->kind->lock->holder(on) : 0;
}

al_primitive *al_next_primitive(al_primitive *p)
{
    if (!p)
        return all;
    return p->next == all ? NULL : p->next;
}

al_step al_step_reraise(al_exception *e, bool ok)
{
    if (ok) {
        al_body_reraises(e);
        al_raise_take(e);
    } else {
        al_body_raises(al_peek_raised(), e);
        al_unref(e);
    }
    return al_step_raise();
}

al_step al_step_finally(al_step step, al_exception *e, bool ok)
{
    if (e)
        return al_step_reraise(e, ok);
    if (ok)
        return step;
    al_value_release(al_step_value(step));
    return al_step_raise();
}
