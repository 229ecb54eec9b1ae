/* selector.c - a mock selector, fed by the world: see world.h.
 *
 * Time stands still while callbacks run; select moves it to the next thing
 * that can happen. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/os_error.h"
#include "loop/object/thread.h"
#include "loop/task/graph.h"
#include "sim/world/world_private.h"

struct al_mock_selector {
    al_world *world;
    al_loop *loop;    /* whose it is; NULL: nobody said */
    unsigned char *watched; /* mask by fd */
    size_t watched_count;
    int self_fd;
    al_text pipe;           /* the self-pipe's bytes */
};

typedef struct al_mock_selector mock_selector;

/* -- turns -------------------------------------------------------------- */

/* A loop that always finds something ready never lets time pass. */
static bool count_turn(al_world *world)
{
    if (world->turns == 0 || world->now != world->turn_time)
        world->turns_so_far = 0;
    world->turn_time = world->now;
    if (world->options.standstill &&
        world->turns_so_far >= world->options.standstill)
        return al_raise(&al_LimitReached, "%llu iterations without time "
                        "moving: a busy loop?",
                        (unsigned long long)world->options.standstill) ||
               al_world_end(world);
    world->turns_so_far++;
    world->turns++;
    return true;
}

static bool mock_begin_turn(void *self)
{
    al_world *world = ((mock_selector *)self)->world;
    uint64_t limit = world->options.iterations;

    if (!al_world_check_interrupted(world))
        return false;
    if (limit && world->turns >= limit)
        return al_raise(&al_LimitReached, "limit of %llu iterations",
                        (unsigned long long)limit) ||
               al_world_end(world);
    return count_turn(world);
}

/* -- select ------------------------------------------------------------- */

static const char *fd_name(const mock_selector *s, int fd)
{
    return al_world_descriptor(s->world, fd)->name;
}

static unsigned ready_mask(const mock_selector *s, size_t fd)
{
    return s->watched[fd] & al_world_descriptor(s->world, (int)fd)->ready;
}

static uint64_t since_of(const mock_selector *s, int fd)
{
    return al_world_descriptor(s->world, fd)->since;
}

typedef struct dated_event {
    uint64_t since;
    al_fd_event event;
} dated_event;

static int by_readiness(const void *a, const void *b)
{
    const dated_event *x = a, *y = b;

    return (x->since > y->since) - (x->since < y->since);
}

/* Into the order in which they became ready; at most one each time. */
static void sort_by_readiness(const mock_selector *s, al_fd_events *events)
{
    dated_event *dated = al_alloc(events->count * sizeof *dated);

    for (size_t i = 0; i < events->count; i++)
        dated[i] = (dated_event){since_of(s, events->items[i].fd),
                                 events->items[i]};
    qsort(dated, events->count, sizeof *dated, by_readiness);
    for (size_t i = 0; i < events->count; i++)
        events->items[i] = dated[i].event;
    al_free(dated);
}

static bool collect(mock_selector *s, al_fd_events *events)
{
    uint64_t latest = 0;
    bool in_order = true;

    if (s->world->readiness == 0)
        return false; /* nothing was ever ready */
    for (size_t fd = AL_FIRST_FD; fd < s->watched_count; fd++) {
        if (!s->watched[fd] || !ready_mask(s, fd))
            continue;
        al_fd_events_add(events, (int)fd, ready_mask(s, fd));
        in_order = in_order && since_of(s, (int)fd) > latest;
        latest = since_of(s, (int)fd);
    }
    if (!in_order)
        sort_by_readiness(s, events);
    return events->count > 0;
}

static const char deadlocked[] = "nothing can ever happen again";

static void tell_deadlock(al_loop *loop, const al_text *waits)
{
    al_event event = {.kind = AL_EVENT_DEADLOCK};

    if (waits->length)
        event.text = waits->bytes;
    if (loop)
        al_loop_emit(loop, &event);
}

/* At once: clean-up that the deadlock sets off may fail, too. */
static void log_deadlock(const al_world *world)
{
    const al_logger *logger = &world->options.logger;
    al_text text = {0};

    if (!logger->ops)
        return;
    al_text_add_format(&text, "%s%s\n%s", deadlocked,
                       al_text_peek(&world->waiting),
                       al_text_peek(&world->waits));
    logger->ops->log(logger->self, AL_LOG_DEADLOCK, text.bytes, NULL);
    al_text_release(&text);
}

static void add_watched(const mock_selector *s, al_text *out)
{
    static const char *const how[] = {"", "readable", "writable",
                                      "readable or writable"};

    for (size_t fd = AL_FIRST_FD; fd < s->watched_count; fd++) {
        if (s->watched[fd] && (int)fd != s->self_fd)
            al_text_add_format(out, "%s%s (%s)",
                               out->length ? ", " : "; still waiting: ",
                               fd_name(s, (int)fd), how[s->watched[fd]]);
    }
}

/* Only the first is reported: another is one of the clean-up. */
bool al_world_deadlock(al_world *world, const mock_selector *s)
{
    al_loop *loop = s ? s->loop : al_peek_running_loop();
    al_text waits = {0};

    if (loop)
        al_graph_add_waits(loop, &waits);
    al_world_add_threads_waits(world, &waits);
    tell_deadlock(loop, &waits);
    if (!world->is_deadlocked) {
        world->is_deadlocked = true;
        if (s)
            add_watched(s, &world->waiting);
        al_text_add(&world->waits, al_text_peek(&waits));
        log_deadlock(world);
    }
    al_text_release(&waits);
    return al_raise(&al_Deadlock, "%s", deadlocked) || al_world_end(world);
}

void al_world_add_waiting(const al_world *world, al_text *fds, al_text *tasks)
{
    al_text_add(fds, al_text_peek(&world->waiting));
    al_text_add(tasks, al_text_peek(&world->waits));
}

/* Let things happen until something is ready or the deadline has come. */
static bool wait_until(mock_selector *s, double deadline, al_fd_events *events)
{
    al_world *world = s->world;

    while (al_world_happens_by(world, deadline)) {
        if (!al_world_apply_next_in_limit(world) ||
            !al_world_apply_until(world, world->now))
            return false;
        if (collect(s, events))
            return true;
    }
    return deadline == INFINITY ? al_world_deadlock(world, s)
                                : al_world_pass_until(world, deadline);
}

/* Past 194 days of uptime, time() + 1e-9 is time(): a timer whose moment is
 * exactly now is not due, and 3.14 polls until the clock has moved.  A real
 * one does; so must this one. */
static void creep(mock_selector *s)
{
    al_world *world = s->world;
    double now = al_world_now(world);
    double later = now + world->options.tick;

    if (now + world->options.resolution > now || !s->loop ||
        !al_loop_polls_for_timer(s->loop))
        return;
    while (al_world_shown_at(world, later) <= now)
        later = nextafter(later, INFINITY);
    al_world_move_to(world, later);
}

/* The same in another thread than the main one, which lets the world go on. */
static bool wait_in_thread(mock_selector *s, double deadline,
                           al_fd_events *events)
{
    al_world *world = s->world;
    bool woken;

    do {
        if (!al_world_block(world, &world->readiness,
                            "what its loop watches", deadline, &woken))
            return false;
    } while (!collect(s, events) && woken);
    return true;
}

static bool let_happen(al_world *world)
{
    bool woken;

    return world->running
               ? al_world_block(world, NULL, NULL, world->now, &woken)
               : al_world_apply_until(world, world->now);
}

static bool mock_select(void *self, double timeout, al_fd_events *events)
{
    mock_selector *s = self;
    al_world *world = s->world;
    double deadline = timeout < 0 ? INFINITY : world->now + timeout;

    if (isnan(timeout))
        return al_raise(&al_ValueError,
                        "cannot convert float NaN to integer");
    if (!let_happen(world))
        return false;
    if (collect(s, events))
        return true;
    if (timeout == 0) {
        creep(s);
        return true;
    }
    return world->running ? wait_in_thread(s, deadline, events)
                          : wait_until(s, deadline, events);
}

/* -- the selector's other operations ------------------------------------ */

static bool mock_watch(void *self, int fd, unsigned mask)
{
    mock_selector *s = self;
    size_t needed = (size_t)fd + 1;

    if (needed > s->watched_count) {
        s->watched = al_realloc(s->watched, needed);
        memset(s->watched + s->watched_count, 0, needed - s->watched_count);
        s->watched_count = needed;
    }
    s->watched[fd] = (unsigned char)mask;
    return true;
}

static int mock_open_self(void *self)
{
    mock_selector *s = self;

    s->self_fd = al_world_open_fd(s->world, "self");
    return s->self_fd;
}

void al_mock_selector_write(mock_selector *s, unsigned char byte)
{
    al_text_add_char(&s->pipe, (char)byte);
    if (s->self_fd >= 0)
        al_world_set_ready(s->world, s->self_fd, AL_READ);
}

static void mock_write_self(void *self, unsigned char byte)
{
    mock_selector *s = self;

    if (s->self_fd >= 0)
        al_mock_selector_write(s, byte);
}

static size_t mock_read_self(void *self, unsigned char *bytes, size_t size)
{
    mock_selector *s = self;
    size_t count = s->pipe.length < size ? s->pipe.length : size;

    if (count == 0)
        return 0;
    memcpy(bytes, s->pipe.bytes, count);
    memmove(s->pipe.bytes, s->pipe.bytes + count, s->pipe.length - count);
    al_text_truncate(&s->pipe, s->pipe.length - count);
    if (s->pipe.length == 0)
        al_world_set_ready(s->world, s->self_fd, 0);
    return count;
}

static void mock_close_self(void *self)
{
    mock_selector *s = self;

    al_world_set_ready(s->world, s->self_fd, 0);
    s->self_fd = -1;
}

static bool check_main_thread(const al_world *world, const char *name)
{
    return !world->running ||
           al_raise(&al_ValueError, "%s only works in main thread of the main "
                    "interpreter", name);
}

static bool mock_wake_by_signals(void *self, bool on)
{
    mock_selector *s = self;

    if (!check_main_thread(s->world, "set_wakeup_fd"))
        return false;
    s->world->signals_to = on ? s : NULL;
    return true;
}

static bool mock_catch_signal(void *self, int sig, bool on)
{
    al_world *world = ((mock_selector *)self)->world;

    if (!check_main_thread(world, "signal"))
        return false;
    if (sig == SIGKILL || sig == SIGSTOP)
        return al_raise_os_error(EINVAL);
    world->caught[sig] = on;
    if (sig == SIGINT)
        world->interrupt = (al_interrupt){0};
    return true;
}

static bool mock_catch_interrupt(void *self, al_interrupt handler)
{
    al_world *world = ((mock_selector *)self)->world;

    if (world->running || world->caught[SIGINT] || world->interrupt.call)
        return false;
    world->interrupt = handler;
    return true;
}

/* None is left to be told: they are when they come. */
static bool mock_release_interrupt(void *self, const void *handler)
{
    al_world *world = ((mock_selector *)self)->world;

    if (world->interrupt.self == handler)
        world->interrupt = (al_interrupt){0};
    return true;
}

static void mock_name_fd(void *self, int fd, al_text *out)
{
    al_text_add(out, fd_name(self, fd));
}

static void mock_free(void *self)
{
    mock_selector *s = self;

    if (s->world->signals_to == s)
        s->world->signals_to = NULL;
    al_text_release(&s->pipe);
    al_free(s->watched);
    al_free(s);
}

static const al_selector_ops mock = {
    .name = "mock",
    .watch = mock_watch,
    .begin_turn = mock_begin_turn,
    .select = mock_select,
    .open_self = mock_open_self,
    .write_self = mock_write_self,
    .read_self = mock_read_self,
    .close_self = mock_close_self,
    .wake_by_signals = mock_wake_by_signals,
    .catch_signal = mock_catch_signal,
    .catch_interrupt = mock_catch_interrupt,
    .release_interrupt = mock_release_interrupt,
    .name_fd = mock_name_fd,
    .free = mock_free,
};

al_selector al_world_selector(al_world *world)
{
    mock_selector *s = al_alloc_zero(1, sizeof *s);

    s->world = world;
    s->self_fd = -1;
    return (al_selector){&mock, s};
}

void al_world_set_loop(al_selector selector, al_loop *loop)
{
    ((mock_selector *)selector.self)->loop = loop;
}
