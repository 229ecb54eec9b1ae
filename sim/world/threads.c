/* threads.c - the world's other threads: see world.h.
 *
 * One runs at a time, on a stack of its own, until it blocks.  Then the main
 * thread lets the world go on, to which the steps of threads belong. */
#include <math.h>
#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "sim/base/escape.h"
#include "sim/world/fiber.h"
#include "sim/world/world_private.h"

/* Each has a stack and a page that guards it: a system has 65,530 such areas
 * to give, and where they end is not to hang on the machine. */
enum { MOST_THREADS = 10000 };

/* Another thread in Python's eyes, on a stack of its own in ours. */
struct al_sim_thread {
    al_thread thread;
    char *name;
    al_world *world;
    al_fiber *fiber;
    void (*run)(void *arg); /* NULL: a thread of the scenario's, `index` */
    void *arg;
    size_t index;
    al_waiting waiting;
    al_happening *step;   /* when it goes on; NULL: not by time */
    al_exception *raised; /* what it ended by: for the main thread */
    al_sim_thread *previous, *next; /* all, in order of creation */
};

typedef al_sim_thread sim_thread;

/* -- what it ends by ------------------------------------------------------ */

static void emit_error(al_world *world, const char *name,
                       const al_exception *e)
{
    al_event event = {.kind = AL_EVENT_THREAD_ERROR, .function = name};
    al_text text = {0};

    al_exception_str(e, &text);
    event.type = e->cls->name;
    event.text = al_text_as_string(&text);
    al_world_emit(world, &event);
    al_text_release(&text);
}

static void log_error(const al_world *world, const char *name,
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

/* threading.excepthook: a SystemExit, none of its kinds, ends it silently. */
static void report(al_world *world, sim_thread *t, al_exception *raised)
{
    if (raised->cls == &al_SystemExit)
        return;
    if (al_exception_is(raised, &al_LimitReached)) {
        t->raised = al_ref(raised);
        return;
    }
    emit_error(world, t->name, raised);
    log_error(world, t->name, raised);
}

/* -- life ----------------------------------------------------------------- */

static void run(void *self)
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
        report(world, t, raised);
    al_unref(raised);
}

static void list(al_world *world, sim_thread *t)
{
    t->previous = world->last_thread;
    if (t->previous)
        t->previous->next = t;
    else
        world->first_thread = t;
    world->last_thread = t;
    world->thread_count++;
}

static void unlist(al_world *world, sim_thread *t)
{
    if (t->previous)
        t->previous->next = t->next;
    else
        world->first_thread = t->next;
    if (t->next)
        t->next->previous = t->previous;
    else
        world->last_thread = t->previous;
    world->thread_count--;
}

/* NULL: raised. */
static sim_thread *new_thread(al_world *world, const char *name)
{
    sim_thread *t = al_alloc_zero(1, sizeof *t);

    t->world = world;
    t->fiber = world->thread_count < MOST_THREADS ? al_fiber_new(run, t)
                                                  : NULL;
    if (!t->fiber) {
        al_free(t);
        al_raise(&al_RuntimeError, "can't start new thread");
        return NULL;
    }
    t->name = al_strdup(name);
    al_thread_init(&t->thread, t->name);
    list(world, t);
    return t;
}

static void free_thread(al_world *world, sim_thread *t)
{
    unlist(world, t);
    al_fiber_free(t->fiber);
    al_thread_release(&t->thread);
    al_unref(t->raised);
    al_free(t->name);
    al_free(t);
}

/* -- running -------------------------------------------------------------- */

static void add_step(al_world *world, double at, sim_thread *t)
{
    t->step = al_happenings_add(&world->happenings, at, AL_HAPPENS_STEP);
    t->step->is.step = t;
}

static void remove_step(al_world *world, sim_thread *t)
{
    if (t->step)
        al_happenings_remove(&world->happenings, t->step);
    t->step = NULL;
}

bool al_world_resume(al_world *world, sim_thread *t)
{
    al_world_stack stack = {0};
    al_thread *outer = al_thread_swap(&t->thread);
    al_exception *raised;

    remove_step(world, t);
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
bool al_world_begin_thread(al_world *world, const char *name, size_t index)
{
    al_event event = {.kind = AL_EVENT_WORLD_THREAD, .function = name};
    const al_thread *main = al_thread_current();
    sim_thread *t;

    al_world_emit(world, &event);
    t = new_thread(world, name);
    if (!t)
        return false;
    t->index = index;
    t->thread.cause = AL_BY_WORLD;
    t->thread.event_loop = al_ref(main->running_loop ? main->running_loop
                                                     : main->event_loop);
    return al_world_resume(world, t);
}

/* One that has not begun begins now: what it was given is its to free. */
void al_world_end_threads(al_world *world)
{
    world->is_over = true;
    while (world->first_thread)
        al_world_resume(world, world->first_thread);
}

/* -- waiting and waking --------------------------------------------------- */

static al_waiting_list *list_of(al_world *world, const void *point)
{
    uintptr_t number = (uintptr_t)point;

    return &world->waiting_lists[(number >> 4 ^ number >> 12) %
                                 AL_WAITING_LISTS];
}

/* Who waits by time alone needs no list. */
static void enlist(al_world *world, al_waiting *w)
{
    al_waiting_list *in;

    if (!w->point)
        return;
    in = list_of(world, w->point);
    w->previous = in->last;
    if (w->previous)
        w->previous->next = w;
    else
        in->first = w;
    in->last = w;
}

static void delist(al_world *world, al_waiting *w)
{
    al_waiting_list *in = list_of(world, w->point);

    if (w->previous)
        w->previous->next = w->next;
    else
        in->first = w->next;
    if (w->next)
        w->next->previous = w->previous;
    else
        in->last = w->previous;
}

/* It goes on, whatever the reason.  Was it woken? */
static bool end_waiting(al_world *world, al_waiting *w)
{
    bool is_woken = w->is_woken;

    if (w->point && !is_woken)
        delist(world, w);
    *w = (al_waiting){0};
    return is_woken;
}

/* Who is woken goes on at once, but after what happens now already. */
static void wake(al_world *world, al_waiting *w)
{
    delist(world, w);
    w->is_woken = true;
    if (w->who) {
        remove_step(world, w->who);
        add_step(world, world->now, w->who);
    }
}

void al_world_wake(al_world *world, const void *point, bool all)
{
    al_waiting *next;

    for (al_waiting *w = list_of(world, point)->first; w; w = next) {
        next = w->next;
        if (w->point != point)
            continue;
        wake(world, w);
        if (!all)
            return;
    }
}

bool al_world_block(al_world *world, const void *point, const char *what,
                    double deadline, bool *woken)
{
    sim_thread *t = world->running;
    al_world_stack stack = {0};

    if (world->is_over)
        return al_raise(&al_LimitReached, "the run is over");
    t->waiting = (al_waiting){
        .point = point, .what = what, .who = t, .stack = &stack};
    enlist(world, &t->waiting);
    if (deadline < INFINITY)
        add_step(world, deadline, t);
    world->actor->swap(world->actor_self, &stack);
    al_fiber_suspend(t->fiber);
    world->actor->swap(world->actor_self, &stack);
    *woken = end_waiting(world, &t->waiting);
    return !world->is_over || al_raise(&al_LimitReached, "the run is over");
}

static void add_place(al_world *world, al_world_stack *stack, al_text *out)
{
    al_text place = {0};

    if (stack)
        world->actor->swap(world->actor_self, stack);
    world->actor->add_place(world->actor_self, &place);
    if (stack)
        world->actor->swap(world->actor_self, stack);
    if (place.length)
        al_text_add_format(out, "    in %s\n", place.bytes);
    al_text_release(&place);
}

/* `cause` is that of what the thread does: a job, it may be. */
static void add_wait(al_world *world, const char *name, uint64_t cause,
                     const al_waiting *w, al_text *out)
{
    uint64_t job = al_cause_job(cause);

    if (!w->what)
        return;
    al_text_add(out, "  thread ");
    al_escape_add(out, name);
    if (job)
        al_text_add_format(out, ", in j%llu,", (unsigned long long)job);
    al_text_add_format(out, " waits for %s\n", w->what);
    add_place(world, w->stack, out);
}

/* What no thread of a pool's own can tell: it waits for something to do. */
void al_world_add_threads_waits(al_world *world, al_text *out)
{
    add_wait(world, "MainThread", 0, &world->main_waiting, out);
    for (const sim_thread *t = world->first_thread; t; t = t->next)
        add_wait(world, t->name, t->thread.cause, &t->waiting, out);
}

/* -- the seam ------------------------------------------------------------- */

/* One runs at a time, and goes on until it blocks: there is nothing to lock. */
static void threads_lock(void *self)
{
    (void)self;
}

static bool threads_start(void *self, const char *name,
                          void (*run_it)(void *arg), void *arg)
{
    al_world *world = self;
    sim_thread *t = new_thread(world, name);

    if (!t)
        return false;
    t->run = run_it;
    t->arg = arg;
    t->thread.cause = al_thread_current()->cause;
    add_step(world, world->now, t);
    return true;
}

/* The main thread waits: let things happen. */
static bool let_happen(al_world *world, double deadline)
{
    while (!world->main_waiting.is_woken &&
           al_world_happens_by(world, deadline)) {
        if (!al_world_apply_next_in_limit(world))
            return false;
    }
    if (world->main_waiting.is_woken)
        return true;
    return deadline == INFINITY ? al_world_deadlock(world, NULL)
                                : al_world_pass_until(world, deadline);
}

static bool wait_in_main(al_world *world, const void *point, const char *what,
                         double deadline, bool *woken)
{
    bool ok;

    world->main_waiting = (al_waiting){.point = point, .what = what};
    enlist(world, &world->main_waiting);
    ok = let_happen(world, deadline);
    *woken = end_waiting(world, &world->main_waiting);
    return ok;
}

static bool threads_wait(void *self, const void *point, const char *what,
                         double seconds, bool *woken)
{
    al_world *world = self;
    double deadline = world->now + seconds;

    return world->running
               ? al_world_block(world, point, what, deadline, woken)
               : wait_in_main(world, point, what, deadline, woken);
}

static void threads_wake(void *self, const void *point, bool all)
{
    al_world_wake(self, point, all);
}

static unsigned threads_cpu_count(void *self)
{
    (void)self;
    return AL_CPU_COUNT;
}

static void threads_emit(void *self, al_event *event)
{
    al_world_emit(self, event);
}

static void threads_log(void *self, const char *level, const char *text,
                        const al_exception *exception)
{
    al_world *world = self;
    const al_logger *logger = &world->options.logger;
    al_event event = {.kind = AL_EVENT_LOG, .level = level, .text = text};

    event.by = al_thread_current()->cause;
    al_world_emit(world, &event);
    if (logger->ops)
        logger->ops->log(logger->self, level, text, exception);
}

static const al_threads_ops simulated = {
    .name = "simulated",
    .start = threads_start,
    .lock = threads_lock,
    .unlock = threads_lock,
    .wait = threads_wait,
    .wake = threads_wake,
    .cpu_count = threads_cpu_count,
    .emit = threads_emit,
    .log = threads_log,
};

al_threads *al_world_threads(al_world *world)
{
    world->threads_seam.ops = &simulated;
    world->threads_seam.self = world;
    return &world->threads_seam;
}
