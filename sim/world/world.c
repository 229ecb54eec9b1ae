/* world.c - virtual time, fds, and what happens when: see world.h.
 *
 * Time stands still while callbacks run; select moves it to the next thing
 * that can happen, busy() moves it by what the work takes.  Whatever lies on
 * the way happens at its own time. */
#include <math.h>
#include <signal.h>
#include "loop/base/alloc.h"
#include "loop/object/thread.h"
#include "sim/world/world_private.h"

al_world *al_world_new(const al_world_options *options)
{
    al_world *world = al_alloc_zero(1, sizeof *world);

    world->options = *options;
    world->now = options->start;
    return world;
}

void al_world_free(al_world *world)
{
    if (!world)
        return;
    for (size_t i = 0; i < world->fd_count; i++)
        al_free(world->fds[i].name);
    al_free(world->fds);
    al_name_map_release(&world->fd_names);
    al_text_release(&world->waiting);
    al_text_release(&world->waits);
    al_happenings_release(&world->happenings);
    al_unref(world->ending);
    al_free(world);
}

void al_world_emit(al_world *world, al_event *event)
{
    event->loop = 1;
    event->time = al_world_now(world);
    al_observer_emit(world->options.observer, event);
}

/* -- its end ------------------------------------------------------------ */

/* Another exception, alike: the one that was raised is the script's to drop. */
bool al_world_end(al_world *world)
{
    const al_exception *e = al_peek_raised();

    if (!world->ending)
        world->ending = al_exception_new(e->cls, e->args->items,
                                         e->args->count);
    return false;
}

const al_exception *al_world_ending(const al_world *world)
{
    return world->ending;
}

/* -- fds ---------------------------------------------------------------- */

al_descriptor *al_world_descriptor(const al_world *world, int fd)
{
    return &world->fds[fd - AL_FIRST_FD];
}

int al_world_open_fd(al_world *world, const char *name)
{
    world->fds = al_grow(world->fds, &world->fd_capacity, world->fd_count + 1,
                         sizeof *world->fds);
    world->fds[world->fd_count++] = (al_descriptor){.name = al_strdup(name)};
    return AL_FIRST_FD + (int)world->fd_count - 1;
}

int al_world_fd(al_world *world, const char *name)
{
    const al_name_entry *known = al_name_map_find(&world->fd_names, name);
    int fd;

    if (known)
        return (int)known->index;
    fd = al_world_open_fd(world, name);
    name = al_world_descriptor(world, fd)->name;
    al_name_map_add(&world->fd_names, name)->index = (size_t)fd;
    return fd;
}

void al_world_set_ready(al_world *world, int fd, unsigned ready)
{
    al_descriptor *d = al_world_descriptor(world, fd);

    if (!d->ready && ready)
        d->since = ++world->readiness;
    d->ready = ready;
    if (ready)
        al_world_wake(world, &world->readiness, true);
}

static bool drain(al_world *world, int fd, unsigned which)
{
    al_descriptor *d = al_world_descriptor(world, fd);
    bool was_ready = d->ready & which;

    al_world_set_ready(world, fd, d->ready & ~which);
    return was_ready;
}

bool al_world_read(al_world *world, int fd)
{
    return drain(world, fd, AL_READ);
}

bool al_world_write(al_world *world, int fd)
{
    return drain(world, fd, AL_WRITE);
}

/* -- what will happen --------------------------------------------------- */

void al_world_add_fd(al_world *world, double at, int fd, int readable,
                     int writable)
{
    al_happening *h = al_happenings_add(&world->happenings, at, AL_HAPPENS_FD);

    h->is.fd.number = fd;
    h->is.fd.readable = readable;
    h->is.fd.writable = writable;
}

void al_world_add_signal(al_world *world, double at, int sig)
{
    al_happenings_add(&world->happenings, at, AL_HAPPENS_SIGNAL)->is.sig = sig;
}

void al_world_add_thread(al_world *world, double at, const char *name,
                         size_t index)
{
    al_happening *h = al_happenings_add(&world->happenings, at,
                                        AL_HAPPENS_THREAD);

    h->is.thread.name = name;
    h->is.thread.index = index;
}

void al_world_set_actor(al_world *world, const al_world_actor *actor,
                        void *self)
{
    world->actor = actor;
    world->actor_self = self;
}

/* -- happenings --------------------------------------------------------- */

void al_world_move_to(al_world *world, double time)
{
    if (time > world->now)
        world->now = time;
}

static unsigned changed(unsigned ready, unsigned which, int state)
{
    return state < 0 ? ready : state ? ready | which : ready & ~which;
}

static bool apply_fd(al_world *world, const al_happening *h)
{
    static const char *const names[] = {"", "r", "w", "rw"};
    unsigned ready = al_world_descriptor(world, h->is.fd.number)->ready;
    al_event event = {.kind = AL_EVENT_WORLD_FD};

    ready = changed(ready, AL_READ, h->is.fd.readable);
    ready = changed(ready, AL_WRITE, h->is.fd.writable);
    al_world_set_ready(world, h->is.fd.number, ready);
    event.fd = al_world_descriptor(world, h->is.fd.number)->name;
    event.fds = names[ready];
    al_world_emit(world, &event);
    return true;
}

/* By the loop, or by a Runner: then it is written to set_wakeup_fd's fd. */
static bool is_handled(const al_world *world, int sig)
{
    return world->caught[sig] || (sig == SIGINT && world->interrupt.call);
}

static bool apply_signal(al_world *world, int sig)
{
    al_event event = {.kind = AL_EVENT_WORLD_SIGNAL, .sig = (uint64_t)sig};
    al_value code = al_int(128 + sig);

    al_world_emit(world, &event);
    if (is_handled(world, sig) && world->signals_to)
        al_mock_selector_write(world->signals_to, (unsigned char)sig);
    if (world->caught[sig])
        return true;
    if (is_handled(world, sig))
        return world->interrupt.call(world->interrupt.self);
    if (sig == SIGINT)
        return al_raise_take(al_exception_new(&al_KeyboardInterrupt, NULL, 0));
    return al_raise_take(al_exception_new(&al_SystemExit, &code, 1));
}

static bool apply_next(al_world *world)
{
    al_happening *first = world->happenings.items[0];
    al_happening h = *first;

    if (!al_world_check_interrupted(world))
        return false;
    al_world_move_to(world, h.at);
    if (h.kind == AL_HAPPENS_STEP)
        return al_world_resume(world, h.is.step); /* which takes it out */
    al_happenings_remove(&world->happenings, first);
    switch (h.kind) {
    case AL_HAPPENS_FD:
        return apply_fd(world, &h);
    case AL_HAPPENS_SIGNAL:
        return apply_signal(world, h.is.sig);
    default:
        return al_world_begin_thread(world, h.is.thread.name,
                                     h.is.thread.index);
    }
}

bool al_world_happens_by(const al_world *world, double time)
{
    const al_happening *first = al_happenings_peek(&world->happenings);

    return first && first->at <= time;
}

bool al_world_apply_until(al_world *world, double time)
{
    while (al_world_happens_by(world, time)) {
        if (!apply_next(world))
            return false;
    }
    return true;
}

static bool is_beyond_limit(const al_world *world, double time)
{
    return world->options.until >= 0 && time > world->options.until;
}

/* False: raised. */
static bool reach_time_limit(al_world *world)
{
    al_text text = {0};

    al_text_add(&text, "virtual time limit of ");
    al_text_add_double(&text, world->options.until);
    al_text_add(&text, " s");
    al_world_move_to(world, world->options.until);
    al_raise(&al_LimitReached, "%s", text.bytes);
    al_text_release(&text);
    return al_world_end(world);
}

bool al_world_apply_next_in_limit(al_world *world)
{
    double at = al_happenings_peek(&world->happenings)->at;

    return is_beyond_limit(world, at) ? reach_time_limit(world)
                                      : apply_next(world);
}

bool al_world_pass_until(al_world *world, double time)
{
    if (is_beyond_limit(world, time))
        return reach_time_limit(world);
    al_world_move_to(world, time);
    return true;
}

/* -- time --------------------------------------------------------------- */

/* Beyond 2**53 ticks a double cannot tell one from the next: the clock then
 * is as fine as its doubles. */
double al_world_shown_at(const al_world *world, double time)
{
    double ticks = time / world->options.tick;

    return world->options.tick > 0 && ticks < 0x1p53
               ? floor(ticks) * world->options.tick : time;
}

double al_world_now(const al_world *world)
{
    return al_world_shown_at(world, world->now);
}

static double clock_now(void *self)
{
    return al_world_now(self);
}

static double clock_resolution(void *self)
{
    return ((al_world *)self)->options.resolution;
}

static const al_clock_ops virtual_clock = {
    .name = "virtual",
    .now = clock_now,
    .resolution = clock_resolution,
};

al_clock al_world_clock(al_world *world)
{
    return (al_clock){&virtual_clock, world};
}

bool al_world_check_interrupted(al_world *world)
{
    const atomic_bool *flag = world->options.interrupted;

    return !flag || !atomic_load_explicit(flag, memory_order_relaxed) ||
           al_raise(&al_LimitReached, "interrupted") || al_world_end(world);
}

/* What other threads work, beside the loop, is their own affair. */
static void emit_work(al_world *world, al_event_kind kind, double seconds)
{
    al_event event = {.kind = kind, .duration = seconds};

    if (world->running)
        return;
    event.by = al_thread_current()->cause;
    if (al_thread_current()->running_loop)
        al_loop_emit(al_thread_current()->running_loop, &event);
    else
        al_world_emit(world, &event);
}

static bool work_until(al_world *world, double target)
{
    bool woken;

    if (world->running)
        return al_world_block(world, NULL, NULL, target, &woken);
    return al_world_apply_until(world, is_beyond_limit(world, target)
                                           ? world->options.until : target) &&
           al_world_pass_until(world, target);
}

bool al_world_busy(al_world *world, double seconds)
{
    double start = world->now;
    bool ok;

    if (seconds < 0)
        return al_raise(&al_ValueError,
                        "busy() takes a non-negative duration");
    emit_work(world, AL_EVENT_BUSY, seconds);
    ok = work_until(world, start + seconds);
    emit_work(world, AL_EVENT_WORKED, world->now - start);
    return ok;
}
