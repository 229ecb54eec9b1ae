/* world.c - virtual time, and a mock selector fed from a list of happenings.
 *
 * Time stands still while callbacks run; select moves it to the next thing
 * that can happen, busy() moves it by what the work takes.  Whatever lies on
 * the way happens at its own time.  The rules are those of the recorder
 * (cli/recorder), which gives a real CPython the same world: change both or
 * neither. */
#include "sim/world/world.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/os_error.h"
#include "loop/object/thread.h"
#include "loop/task/graph.h"
#include "sim/world/fiber.h"

enum { FIRST_FD = 3 };

typedef enum item_kind {
    ITEM_FD,
    ITEM_SIGNAL,
    ITEM_THREAD,
    ITEM_STEP /* a thread goes on */
} item_kind;

typedef struct sim_thread sim_thread;

typedef struct item { /* what will happen */
    double at;
    item_kind kind;
    int fd, readable, writable;
    int sig;
    const char *thread;
    size_t index;
    sim_thread *step;
} item;

typedef struct waiting { /* a thread that is blocked; in its own stack */
    const void *point;   /* NULL: by time alone */
    const char *what;
    sim_thread *who;     /* NULL: the main thread */
    bool is_woken;
    struct waiting *previous, *next; /* in the order in which they began */
} waiting;

/* Another thread in Python's eyes, on a stack of its own in ours. */
struct sim_thread {
    al_thread thread;
    char *name;
    al_world *world;
    al_fiber *fiber;
    void (*run)(void *arg); /* NULL: a thread of the scenario's, `index` */
    void *arg;
    size_t index;
    waiting *blocked;     /* NULL: it runs, or has not begun */
    al_exception *raised; /* what it ended by: for the main thread */
    sim_thread *previous, *next; /* all, in order of creation */
};

typedef struct descriptor {
    char *name;
    unsigned ready; /* of AL_READ, AL_WRITE */
    uint64_t since; /* which readiness it was: orders what select reports */
} descriptor;

typedef struct mock_selector {
    al_world *world;
    al_loop *loop;    /* whose it is; NULL: nobody said */
    unsigned char *watched; /* mask by fd */
    size_t watched_count;
    int self_fd;
    al_text pipe;           /* the self-pipe's bytes */
} mock_selector;

struct al_world {
    al_world_options options;
    double now;
    uint64_t turns;
    double turn_time;      /* of the latest turn */
    uint64_t turns_so_far; /* at that time */
    item *items;
    size_t item_count, item_capacity, next_item;
    descriptor *fds; /* number FIRST_FD + index */
    size_t fd_count, fd_capacity;
    uint64_t readiness;
    mock_selector *signals_to; /* signal.set_wakeup_fd */
    al_threads threads_seam;
    sim_thread *first_thread, *last_thread;
    sim_thread *running;   /* NULL: the main thread runs */
    waiting *first_waiting, *last_waiting;
    bool is_over;          /* whoever blocks is to end */
    bool caught[AL_SIGNAL_COUNT];
    al_interrupt interrupt; /* a Runner's handler of SIGINT */
    al_text waiting;           /* at the deadlock: what was watched, */
    al_text waits;             /* and who waited for whom */
    const al_world_actor *actor;
    void *actor_self;
};

static const al_threads_ops world_threads_ops;

al_world *al_world_new(const al_world_options *options)
{
    al_world *world = al_alloc_zero(1, sizeof *world);

    world->options = *options;
    world->threads_seam =
        (al_threads){.ops = &world_threads_ops, .self = world};
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
    al_text_release(&world->waiting);
    al_text_release(&world->waits);
    al_free(world->items);
    al_free(world);
}

static void emit(al_world *world, al_event *event)
{
    event->loop = 1;
    event->time = al_world_now(world);
    al_observer_emit(world->options.observer, event);
}

/* -- fds ---------------------------------------------------------------- */

static descriptor *descriptor_of(const al_world *world, int fd)
{
    return &world->fds[fd - FIRST_FD];
}

static int open_fd(al_world *world, const char *name)
{
    world->fds = al_grow(world->fds, &world->fd_capacity, world->fd_count + 1,
                         sizeof *world->fds);
    world->fds[world->fd_count++] = (descriptor){.name = al_strdup(name)};
    return FIRST_FD + (int)world->fd_count - 1;
}

int al_world_fd(al_world *world, const char *name)
{
    for (size_t i = 0; i < world->fd_count; i++) {
        if (strcmp(world->fds[i].name, name) == 0)
            return FIRST_FD + (int)i;
    }
    return open_fd(world, name);
}

static const char *fd_name(const al_world *world, int fd)
{
    return descriptor_of(world, fd)->name;
}

static void wake(al_world *world, const void *point, bool all);

/* An fd keeps its place in the order of readiness while it stays ready. */
static void set_ready(al_world *world, int fd, unsigned ready)
{
    descriptor *d = descriptor_of(world, fd);

    if (!d->ready && ready)
        d->since = ++world->readiness;
    d->ready = ready;
    if (ready)
        wake(world, &world->readiness, true);
}

static bool drain(al_world *world, int fd, unsigned which)
{
    descriptor *d = descriptor_of(world, fd);
    bool was_ready = d->ready & which;

    set_ready(world, fd, d->ready & ~which);
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

/* Kept sorted: an item goes behind those of its own time. */
static item *add_item(al_world *world, double at, item_kind kind)
{
    size_t place;

    world->items = al_grow(world->items, &world->item_capacity,
                           world->item_count + 1, sizeof *world->items);
    place = world->item_count++;
    while (place > world->next_item && world->items[place - 1].at > at) {
        world->items[place] = world->items[place - 1];
        place--;
    }
    world->items[place] = (item){.at = at, .kind = kind};
    return &world->items[place];
}

void al_world_add_fd(al_world *world, double at, int fd, int readable,
                     int writable)
{
    item *i = add_item(world, at, ITEM_FD);

    i->fd = fd;
    i->readable = readable;
    i->writable = writable;
}

void al_world_add_signal(al_world *world, double at, int sig)
{
    add_item(world, at, ITEM_SIGNAL)->sig = sig;
}

void al_world_add_thread(al_world *world, double at, const char *name,
                         size_t index)
{
    item *i = add_item(world, at, ITEM_THREAD);

    i->thread = name;
    i->index = index;
}

void al_world_set_actor(al_world *world, const al_world_actor *actor,
                        void *self)
{
    world->actor = actor;
    world->actor_self = self;
}

/* -- happenings --------------------------------------------------------- */

/* Time never goes back, not even where a thread took some meanwhile. */
static void move_to(al_world *world, double time)
{
    if (time > world->now)
        world->now = time;
}

static unsigned changed(unsigned ready, unsigned which, int state)
{
    return state < 0 ? ready : state ? ready | which : ready & ~which;
}

static bool apply_fd(al_world *world, const item *i)
{
    static const char *const names[] = {"", "r", "w", "rw"};
    unsigned ready = descriptor_of(world, i->fd)->ready;
    al_event event = {.kind = AL_EVENT_WORLD_FD};

    ready = changed(ready, AL_READ, i->readable);
    ready = changed(ready, AL_WRITE, i->writable);
    set_ready(world, i->fd, ready);
    event.fd = fd_name(world, i->fd);
    event.fds = names[ready];
    emit(world, &event);
    return true;
}

static void write_pipe(mock_selector *s, unsigned char byte)
{
    al_text_add_char(&s->pipe, (char)byte);
    if (s->self_fd >= 0)
        set_ready(s->world, s->self_fd, AL_READ);
}

/* A Runner's handler: what it does the world has caused. */
static bool interrupt(al_world *world)
{
    al_thread *thread = al_thread_current();
    uint64_t cause = thread->cause;
    bool ok;

    thread->cause = AL_BY_WORLD;
    ok = world->interrupt.call(world->interrupt.self);
    thread->cause = cause;
    return ok;
}

static bool apply_signal(al_world *world, const item *i)
{
    al_event event = {.kind = AL_EVENT_WORLD_SIGNAL, .sig = (uint64_t)i->sig};
    al_value code = al_int(128 + i->sig);

    emit(world, &event);
    if (world->caught[i->sig]) {
        if (world->signals_to)
            write_pipe(world->signals_to, (unsigned char)i->sig);
        return true;
    }
    if (i->sig == SIGINT && world->interrupt.call)
        return interrupt(world);
    if (i->sig == SIGINT)
        return al_raise_take(al_exception_new(&al_KeyboardInterrupt, NULL, 0));
    return al_raise_take(al_exception_new(&al_SystemExit, &code, 1));
}

static void emit_thread_error(al_world *world, const char *name,
                              const al_exception *e)
{
    al_event event = {.kind = AL_EVENT_THREAD_ERROR, .function = name};
    al_text text = {0};

    al_exception_str(e, &text);
    event.type = e->cls->name;
    event.text = al_text_as_string(&text);
    emit(world, &event);
    al_text_release(&text);
}

static void log_thread_error(const al_world *world, const char *name,
                             const al_exception *e)
{
    const al_logger *logger = &world->options.logger;
    al_text text = {0};

    if (!logger->ops)
        return;
    al_text_add_format(&text, "Exception in thread %s", name);
    logger->ops->log(logger->self, "ERROR", text.bytes, e);
    al_text_release(&text);
}

/* -- threads -------------------------------------------------------------- */

static void add_step(al_world *world, double at, sim_thread *t)
{
    add_item(world, at, ITEM_STEP)->step = t;
}

/* Its time has not come, but it goes on. */
static void remove_step(al_world *world, const sim_thread *t)
{
    for (size_t i = world->next_item; i < world->item_count; i++) {
        if (world->items[i].kind != ITEM_STEP || world->items[i].step != t)
            continue;
        world->item_count--;
        memmove(&world->items[i], &world->items[i + 1],
                (world->item_count - i) * sizeof *world->items);
        return;
    }
}

static void enlist(al_world *world, waiting *w)
{
    w->previous = world->last_waiting;
    if (w->previous)
        w->previous->next = w;
    else
        world->first_waiting = w;
    world->last_waiting = w;
}

static void delist(al_world *world, waiting *w)
{
    if (w->previous)
        w->previous->next = w->next;
    else
        world->first_waiting = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        world->last_waiting = w->previous;
}

/* Who is woken goes on at once, but after what happens now already. */
static void wake(al_world *world, const void *point, bool all)
{
    for (waiting *w = world->first_waiting; w; w = w->next) {
        if (w->point != point || w->is_woken)
            continue;
        w->is_woken = true;
        if (w->who) {
            remove_step(world, w->who);
            add_step(world, world->now, w->who);
        }
        if (!all)
            return;
    }
}

/* In a thread: let the others go on until it is woken, or the time has come.
 * False: raised. */
static bool block(al_world *world, waiting *w, double deadline)
{
    sim_thread *t = world->running;
    al_world_stack stack = {0};

    if (world->is_over)
        return al_raise(&al_LimitReached, "the run is over");
    w->who = t;
    t->blocked = w;
    enlist(world, w);
    if (deadline < INFINITY)
        add_step(world, deadline, t);
    world->actor->swap(world->actor_self, &stack);
    al_fiber_suspend(t->fiber);
    world->actor->swap(world->actor_self, &stack);
    delist(world, w);
    t->blocked = NULL;
    return !world->is_over || al_raise(&al_LimitReached, "the run is over");
}

static void report_thread(al_world *world, sim_thread *t, al_exception *raised)
{
    if (al_exception_is(raised, &al_LimitReached)) {
        t->raised = al_ref(raised);
        return;
    }
    emit_thread_error(world, t->name, raised);
    log_thread_error(world, t->name, raised);
}

static void run_thread(void *self)
{
    sim_thread *t = self;
    al_world *world = t->world;
    al_exception *raised;

    if (t->run)
        t->run(t->arg);
    else
        world->actor->act(world->actor_self, t->index);
    raised = al_peek_raised() ? al_fetch_raised() : NULL;
    if (raised && !world->is_over)
        report_thread(world, t, raised);
    al_unref(raised);
}

/* NULL: no stack can be had for it. */
static sim_thread *new_thread(al_world *world, const char *name)
{
    sim_thread *t = al_alloc_zero(1, sizeof *t);

    t->world = world;
    t->fiber = al_fiber_new(run_thread, t);
    if (!t->fiber) {
        al_free(t);
        return NULL;
    }
    t->name = al_strdup(name);
    al_thread_init(&t->thread, t->name);
    t->previous = world->last_thread;
    if (t->previous)
        t->previous->next = t;
    else
        world->first_thread = t;
    world->last_thread = t;
    return t;
}

static void free_thread(al_world *world, sim_thread *t)
{
    if (t->previous)
        t->previous->next = t->next;
    else
        world->first_thread = t->next;
    if (t->next)
        t->next->previous = t->previous;
    else
        world->last_thread = t->previous;
    al_fiber_free(t->fiber);
    al_thread_release(&t->thread);
    al_unref(t->raised);
    al_free(t->name);
    al_free(t);
}

/* In the main thread: let it run until it blocks or ends.  False: raised, by
 * what ends the run. */
static bool resume(al_world *world, sim_thread *t)
{
    al_world_stack stack = {0};
    al_thread *outer = al_thread_swap(&t->thread);
    al_exception *raised;

    world->actor->swap(world->actor_self, &stack);
    world->running = t;
    al_fiber_resume(t->fiber);
    world->running = NULL;
    world->actor->swap(world->actor_self, &stack);
    al_thread_swap(outer);
    if (!al_fiber_is_done(t->fiber))
        return true;
    raised = t->raised ? al_ref(t->raised) : NULL;
    free_thread(world, t);
    return !raised || al_raise_take(raised);
}

/* As if it began with asyncio.set_event_loop(the main thread's loop): what
 * it schedules without naming a loop is for that one. */
static bool apply_thread(al_world *world, const item *i)
{
    al_event event = {.kind = AL_EVENT_WORLD_THREAD, .function = i->thread};
    const al_thread *main = al_thread_current();
    sim_thread *t = new_thread(world, i->thread);

    emit(world, &event);
    if (!t)
        return al_raise(&al_RuntimeError, "can't start new thread");
    t->index = i->index;
    t->thread.cause = AL_BY_WORLD;
    t->thread.event_loop = al_ref(main->running_loop ? main->running_loop
                                                     : main->event_loop);
    return resume(world, t);
}

/* One that has not begun begins now: what it was given is its to free. */
void al_world_end_threads(al_world *world)
{
    world->is_over = true;
    while (world->first_thread)
        resume(world, world->first_thread);
}

static bool apply_next(al_world *world)
{
    item i = world->items[world->next_item++];

    move_to(world, i.at);
    switch (i.kind) {
    case ITEM_FD:
        return apply_fd(world, &i);
    case ITEM_SIGNAL:
        return apply_signal(world, &i);
    case ITEM_THREAD:
        return apply_thread(world, &i);
    case ITEM_STEP:
        break;
    }
    return resume(world, i.step);
}

/* The next happening lies no later than `time`. */
static bool happens_by(const al_world *world, double time)
{
    return world->next_item < world->item_count &&
           world->items[world->next_item].at <= time;
}

static bool apply_until(al_world *world, double time)
{
    while (happens_by(world, time)) {
        if (!apply_next(world))
            return false;
    }
    return true;
}

/* -- time --------------------------------------------------------------- */

/* Beyond 2**53 ticks a double cannot tell one from the next: the clock then
 * is as fine as its doubles. */
static double shown_at(const al_world *world, double time)
{
    double ticks = time / world->options.tick;

    return world->options.tick > 0 && ticks < 0x1p53
               ? floor(ticks) * world->options.tick : time;
}

static double shown(const al_world *world)
{
    return shown_at(world, world->now);
}

double al_world_now(const al_world *world)
{
    return shown(world);
}

static double clock_now(void *self)
{
    return shown(self);
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

static bool is_beyond_limit(const al_world *world, double time)
{
    return world->options.until >= 0 && time > world->options.until;
}

static bool reach_time_limit(al_world *world)
{
    al_text text = {0};

    al_text_add(&text, "virtual time limit of ");
    al_text_add_double(&text, world->options.until);
    al_text_add(&text, " s");
    move_to(world, world->options.until);
    al_raise(&al_LimitReached, "%s", text.bytes);
    al_text_release(&text);
    return false;
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
        emit(world, &event);
}

static bool work_until(al_world *world, double target)
{
    waiting w = {0};

    if (world->running)
        return block(world, &w, target);
    if (!apply_until(world, is_beyond_limit(world, target)
                                ? world->options.until : target))
        return false;
    if (is_beyond_limit(world, target))
        return reach_time_limit(world);
    move_to(world, target);
    return true;
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
                        (unsigned long long)world->options.standstill);
    world->turns_so_far++;
    world->turns++;
    return true;
}

static bool mock_begin_turn(void *self)
{
    al_world *world = ((mock_selector *)self)->world;
    uint64_t limit = world->options.iterations;

    if (world->options.interrupted &&
        atomic_load_explicit(world->options.interrupted, memory_order_relaxed))
        return al_raise(&al_LimitReached, "interrupted");
    if (limit && world->turns >= limit)
        return al_raise(&al_LimitReached, "limit of %llu iterations",
                        (unsigned long long)limit);
    return count_turn(world);
}

/* -- select ------------------------------------------------------------- */

static unsigned ready_mask(const mock_selector *s, size_t fd)
{
    const descriptor *d = descriptor_of(s->world, (int)fd);

    return s->watched[fd] & d->ready;
}

/* Insert by order of readiness; few are ready at once. */
static void add_in_order(mock_selector *s, al_fd_events *events, size_t fd)
{
    uint64_t since = descriptor_of(s->world, (int)fd)->since;
    size_t place;

    al_fd_events_add(events, (int)fd, ready_mask(s, fd));
    place = events->count - 1;
    while (place > 0 && descriptor_of(s->world, events->items[place - 1].fd)
                            ->since > since) {
        al_fd_event moved = events->items[place - 1];

        events->items[place - 1] = events->items[place];
        events->items[place--] = moved;
    }
}

static bool collect(mock_selector *s, al_fd_events *events)
{
    if (s->world->readiness == 0)
        return false; /* nothing was ever ready */
    for (size_t fd = FIRST_FD; fd < s->watched_count; fd++) {
        if (s->watched[fd] && ready_mask(s, fd))
            add_in_order(s, events, fd);
    }
    return events->count > 0;
}

static void tell_deadlock(const al_world *world, al_loop *loop)
{
    al_event event = {.kind = AL_EVENT_DEADLOCK};

    if (world->waits.length)
        event.text = world->waits.bytes;
    if (loop)
        al_loop_emit(loop, &event);
}

/* What no thread of a pool's own can tell: it waits for something to do. */
static void add_threads_waits(const al_world *world, al_text *out)
{
    for (const waiting *w = world->first_waiting; w; w = w->next) {
        if (!w->what)
            continue;
        al_text_add_format(out, "thread %s waits for %s\n",
                           w->who ? w->who->name : "MainThread", w->what);
    }
}

/* s: where the main thread is; NULL: it waits otherwise. */
static bool deadlock(al_world *world, const mock_selector *s)
{
    static const char *const how[] = {"", "readable", "writable",
                                      "readable or writable"};
    al_loop *loop = s ? s->loop : al_peek_running_loop();
    al_text *waiting_for = &world->waiting;

    al_text_clear(waiting_for);
    for (size_t fd = FIRST_FD; s && fd < s->watched_count; fd++) {
        if (s->watched[fd] && (int)fd != s->self_fd)
            al_text_add_format(waiting_for, "%s%s (%s)",
                               waiting_for->length ? ", "
                                                   : "; still waiting: ",
                               fd_name(world, (int)fd), how[s->watched[fd]]);
    }
    al_text_clear(&world->waits);
    if (loop)
        al_graph_add_waits(loop, &world->waits);
    add_threads_waits(world, &world->waits);
    tell_deadlock(world, loop);
    return al_raise(&al_Deadlock, "nothing can ever happen again");
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

    while (happens_by(world, deadline)) {
        if (is_beyond_limit(world, world->items[world->next_item].at))
            return reach_time_limit(world);
        if (!apply_next(world) || !apply_until(world, world->now))
            return false;
        if (collect(s, events))
            return true;
    }
    if (deadline == INFINITY)
        return deadlock(world, s);
    if (is_beyond_limit(world, deadline))
        return reach_time_limit(world);
    move_to(world, deadline);
    return true;
}

/* Past 194 days of uptime, time() + 1e-9 is time(): a timer whose moment is
 * exactly now is not due, and 3.14 polls until the clock has moved.  A real
 * one does; so must this one. */
static void creep(mock_selector *s)
{
    al_world *world = s->world;
    double now = shown(world);
    double later = now + world->options.tick;

    if (now + world->options.resolution > now || !s->loop ||
        !al_loop_polls_for_timer(s->loop))
        return;
    while (shown_at(world, later) <= now)
        later = nextafter(later, INFINITY);
    move_to(world, later);
}

/* The same in another thread than the main one, which lets the world go on. */
static bool wait_in_thread(mock_selector *s, double deadline,
                           al_fd_events *events)
{
    al_world *world = s->world;

    for (;;) {
        waiting w = {.point = &world->readiness,
                     .what = "what its loop watches"};

        if (!block(world, &w, deadline))
            return false;
        if (collect(s, events) || !w.is_woken)
            return true;
    }
}

static bool let_happen(al_world *world)
{
    waiting w = {0};

    return world->running ? block(world, &w, world->now)
                          : apply_until(world, world->now);
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

/* -- the threads' seam ---------------------------------------------------- */

/* One runs at a time, and goes on until it blocks: there is nothing to lock. */
static void threads_lock(void *self)
{
    (void)self;
}

static bool threads_start(void *self, const char *name,
                          void (*run)(void *arg), void *arg)
{
    al_world *world = self;
    sim_thread *t = new_thread(world, name);

    if (!t)
        return al_raise(&al_RuntimeError, "can't start new thread");
    t->run = run;
    t->arg = arg;
    t->thread.cause = al_thread_current()->cause;
    add_step(world, world->now, t);
    return true;
}

/* The main thread waits: let things happen. */
static bool wait_in_main(al_world *world, waiting *w, double deadline)
{
    while (!w->is_woken && happens_by(world, deadline)) {
        if (is_beyond_limit(world, world->items[world->next_item].at))
            return reach_time_limit(world);
        if (!apply_next(world))
            return false;
    }
    if (w->is_woken)
        return true;
    if (deadline == INFINITY)
        return deadlock(world, NULL);
    if (is_beyond_limit(world, deadline))
        return reach_time_limit(world);
    move_to(world, deadline);
    return true;
}

static bool threads_wait(void *self, const void *point, const char *what,
                         double seconds, bool *woken)
{
    al_world *world = self;
    waiting w = {.point = point, .what = what};
    double deadline = world->now + seconds;
    bool ok;

    if (world->running) {
        ok = block(world, &w, deadline);
    } else {
        enlist(world, &w);
        ok = wait_in_main(world, &w, deadline);
        delist(world, &w);
    }
    *woken = w.is_woken;
    return ok;
}

static void threads_wake(void *self, const void *point, bool all)
{
    wake(self, point, all);
}

static unsigned threads_cpu_count(void *self)
{
    (void)self;
    return AL_CPU_COUNT;
}

static void threads_emit(void *self, al_event *event)
{
    emit(self, event);
}

static const al_threads_ops world_threads_ops = {
    .name = "simulated",
    .start = threads_start,
    .lock = threads_lock,
    .unlock = threads_lock,
    .wait = threads_wait,
    .wake = threads_wake,
    .cpu_count = threads_cpu_count,
    .emit = threads_emit,
};

al_threads *al_world_threads(al_world *world)
{
    return &world->threads_seam;
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

    s->self_fd = open_fd(s->world, "self");
    return s->self_fd;
}

static void mock_write_self(void *self, unsigned char byte)
{
    mock_selector *s = self;

    if (s->self_fd >= 0)
        write_pipe(s, byte);
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
        set_ready(s->world, s->self_fd, 0);
    return count;
}

static void mock_close_self(void *self)
{
    mock_selector *s = self;

    set_ready(s->world, s->self_fd, 0);
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

static bool mock_catch_interrupt(void *self, al_interrupt handler,
                                 const void *old)
{
    al_world *world = ((mock_selector *)self)->world;

    if (world->running || world->caught[SIGINT] ||
        world->interrupt.self != old)
        return false;
    world->interrupt = handler;
    return true;
}

static void mock_name_fd(void *self, int fd, al_text *out)
{
    al_text_add(out, fd_name(((mock_selector *)self)->world, fd));
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
