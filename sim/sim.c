/* sim.c - one run of a scenario; see sim.h. */
#include "sim/sim.h"

#include "loop/base/alloc.h"
#include "loop/core/policy.h"
#include "loop/object/thread.h"
#include "loop/task/coroutine.h"
#include "loop/task/executor.h"
#include "loop/task/future.h"
#include "loop/task/shared.h"
#include "sim/base/pieces.h"
#include "sim/machine/vm.h"
#include "sim/traceback.h"
#include "sim/world/world.h"

typedef struct sim {
    const al_scenario *scenario;
    al_observer observer; /* {NULL, NULL} once the run is over */
    al_logger logger;
    bool is_observed;
    const atomic_bool *interrupted;
    al_world *world;
    al_vm *vm;
    uint64_t loops;      /* created so far */
    al_loop *alive;      /* not yet freed */
    al_loop **held;      /* all: in CPython an unclosed loop and its self-pipe
                            hold each other, and it is never closed */
    size_t held_count, held_capacity;
    al_ids ids; /* of all loops */
} sim;

/* -- who watches -------------------------------------------------------- */

/* What watchers remember is none of the scenario's memory: a limit of it is
 * reached at the same event, whoever watches. */
static void leave_out(size_t used_before)
{
    al_pieces_charge((ptrdiff_t)(used_before - al_pieces_used()));
}

static void pass_on(void *self, const al_event *event)
{
    const sim *s = self;
    bool counts = s->scenario->limits.memory != 0;
    size_t used = counts ? al_pieces_used() : 0;

    al_observer_emit(s->observer, event);
    if (counts)
        leave_out(used);
}

static const al_observer_ops gate_ops = {
    .emit = pass_on,
};

static bool is_interrupted(const sim *s)
{
    return s->interrupted &&
           atomic_load_explicit(s->interrupted, memory_order_relaxed);
}

/* Who interrupts a run waits for its end, not for what a million coroutines
 * that are dropped there are warned of. */
static void pass_on_record(void *self, const char *level, const char *text,
                           const al_exception *exception)
{
    const sim *s = self;
    const al_logger *to = &s->logger;
    size_t used = al_pieces_used();

    if (is_interrupted(s))
        return;
    to->ops->log(to->self, level, text, exception);
    leave_out(used);
}

static const al_logger_ops log_gate_ops = {
    .log = pass_on_record,
};

/* What the parts of the run are given: loops that are torn down afterwards
 * still have it, and must not be heard. */
static al_observer gate(sim *s)
{
    return s->is_observed ? (al_observer){&gate_ops, s} : (al_observer){0};
}

static al_logger log_gate(sim *s)
{
    return s->logger.ops ? (al_logger){&log_gate_ops, s} : (al_logger){0};
}

/* -- the parts ---------------------------------------------------------- */

static al_world *make_world(sim *s, const al_sim_options *options)
{
    const al_scenario *scenario = s->scenario;
    const al_world_options world = {
        .start = scenario->loop.clock_start,
        .resolution = scenario->loop.clock_resolution,
        .tick = scenario->loop.clock_tick,
        .until = scenario->limits.until > 0 ? scenario->limits.until : -1,
        /* A turn is a step too: empty ones must come to an end. */
        .iterations = scenario->limits.iterations ? scenario->limits.iterations
                                                  : scenario->limits.steps,
        .standstill = scenario->limits.standstill,
        .observer = gate(s),
        .logger = log_gate(s),
        .interrupted = options->interrupted,
    };

    return al_world_new(&world);
}

static void add_item(al_world *world, const al_world_item *item, size_t index)
{
    switch (item->kind) {
    case AL_WORLD_FD:
        al_world_add_fd(world, item->at, al_world_fd(world, item->name),
                        item->readable, item->writable);
        break;
    case AL_WORLD_SIGNAL:
        al_world_add_signal(world, item->at, item->sig);
        break;
    case AL_WORLD_THREAD:
        al_world_add_thread(world, item->at, item->name, index);
        break;
    }
}

static bool act(void *self, size_t index)
{
    return al_vm_run_thread(((sim *)self)->vm, index);
}

static void swap(void *self, al_world_stack *stack)
{
    al_vm_swap_stack(((sim *)self)->vm, stack);
}

static void add_place(void *self, al_text *out)
{
    al_vm_add_place(((sim *)self)->vm, out);
}

static const al_world_actor actor = {
    .act = act,
    .swap = swap,
    .add_place = add_place,
};

static void fill_world(sim *s)
{
    const al_scenario *scenario = s->scenario;

    for (size_t i = 0; i < scenario->fd_count; i++)
        al_world_fd(s->world, scenario->fds[i]);
    for (size_t i = 0; i < scenario->world_count; i++)
        add_item(s->world, &scenario->world[i], i);
    al_world_set_actor(s->world, &actor, s);
}

static void hold(sim *s, al_loop *loop)
{
    s->held = al_grow(s->held, &s->held_capacity, s->held_count + 1,
                      sizeof *s->held);
    s->held[s->held_count++] = al_ref(loop);
}

static void let_go(sim *s)
{
    for (size_t i = 0; i < s->held_count; i++)
        al_unref(s->held[i]);
    al_free(s->held);
}

static al_loop *make_loop(void *self)
{
    sim *s = self;
    const al_loop_knobs *knobs = &s->scenario->loop;
    al_loop_options options = al_loop_defaults();
    al_selector selector = al_world_selector(s->world);
    al_loop *loop;

    options.debug = knobs->debug;
    options.slow_callback_duration = knobs->slow_callback_duration;
    options.min_scheduled_timer_handles = knobs->min_scheduled_timer_handles;
    options.min_cancelled_timer_handles_fraction =
        knobs->min_cancelled_timer_handles_fraction;
    options.maximum_select_timeout = knobs->maximum_select_timeout;
    options.python = knobs->python_minor >= 15 ? AL_PYTHON_3_15
                                               : AL_PYTHON_3_14;
    options.number = ++s->loops;
    options.alive = &s->alive;
    options.ids = &s->ids;
    loop = al_loop_new(al_world_clock(s->world), selector, gate(s), &options);
    if (!loop)
        return NULL;
    al_loop_set_logger(loop, log_gate(s));
    al_world_set_loop(selector, loop);
    hold(s, loop);
    return loop;
}

static al_vm *make_vm(sim *s, const al_sim_options *options)
{
    const al_vm_host host = {
        .world = s->world,
        .observer = gate(s),
        .logger = log_gate(s),
        .max_steps = s->scenario->limits.steps,
        .max_memory = s->scenario->limits.memory,
        .interrupted = options->interrupted,
    };

    return al_vm_new(s->scenario, &host);
}

/* -- the end ------------------------------------------------------------ */

static al_outcome outcome_of(const al_exception *raised)
{
    if (!raised)
        return AL_OUTCOME_DONE;
    if (al_exception_is(raised, &al_Deadlock))
        return AL_OUTCOME_DEADLOCK;
    if (al_exception_is(raised, &al_LimitReached))
        return AL_OUTCOME_LIMIT;
    return AL_OUTCOME_FAILED;
}

/* A limit or a deadlock ends the run, whatever the script makes of it: it may
 * catch it, or fail in turn as it cleans up. */
static const al_exception *ending_of(const sim *s, const al_exception *raised)
{
    const al_exception *ending = al_world_ending(s->world);

    return ending ? ending : raised;
}

/* What the program's clean-up then failed with, which does not end the run. */
static void emit_failed_clean_up(const sim *s, const al_exception *raised)
{
    al_event event = {.kind = AL_EVENT_RAISED, .loop = 1,
                      .role = "clean-up"};
    al_text text = {0};

    if (!raised || !al_world_ending(s->world) ||
        outcome_of(raised) != AL_OUTCOME_FAILED)
        return;
    event.time = al_world_now(s->world);
    al_exception_str(raised, &text);
    event.type = raised->cls->name;
    event.text = al_text_as_string(&text);
    al_observer_emit(s->observer, &event);
    al_text_release(&text);
}

static void emit_end(const sim *s, const al_exception *raised)
{
    al_event event = {.kind = AL_EVENT_END, .loop = 1};
    al_text text = {0};

    event.time = al_world_now(s->world);
    if (raised) {
        al_exception_str(raised, &text);
        event.type = raised->cls->name;
        event.text = al_text_as_string(&text);
    }
    al_observer_emit(s->observer, &event);
    al_text_release(&text);
}

static void report(const sim *s, const al_exception *raised,
                   al_sim_result *result)
{
    result->outcome = outcome_of(raised);
    if (!raised)
        return;
    if (result->outcome == AL_OUTCOME_FAILED)
        al_exception_summary(raised, &result->message);
    else
        al_exception_str(raised, &result->message);
    if (result->outcome == AL_OUTCOME_DEADLOCK)
        al_world_add_waiting(s->world, &result->message, &result->waits);
    if (result->outcome == AL_OUTCOME_FAILED)
        al_traceback_add(raised, s->scenario, &result->traceback);
}

void al_sim_result_release(al_sim_result *result)
{
    al_text_release(&result->message);
    al_text_release(&result->waits);
    al_text_release(&result->traceback);
}

static bool ends_the_run(const al_exception *e)
{
    return al_exception_is(e, &al_Deadlock) ||
           al_exception_is(e, &al_LimitReached);
}

/* What Python does once the program is over: it waits for the threads of
 * executors; and what is raised there changes nothing, but what ends the run.
 * As the recorder's wait_for_executors(). */
static al_exception *wait_for_executors(const sim *s, al_exception *raised)
{
    const al_exception *ending = ending_of(s, raised);
    al_exception *later;

    if ((ending && ends_the_run(ending)) || al_executors_exit())
        return raised;
    later = al_fetch_raised();
    if (al_exception_is(later, &al_SystemExit)) {
        al_unref(raised);
        return later;
    }
    al_unref(later);
    return raised;
}

/* -- the run ------------------------------------------------------------ */

void al_sim_run(const al_scenario *scenario, const al_sim_options *options,
                al_sim_result *result)
{
    sim s = {
        .scenario = scenario,
        .observer = options->observer,
        .logger = options->logger,
        .is_observed = options->observer.ops != NULL,
        .interrupted = options->interrupted,
    };
    al_exception *raised = NULL;
    al_thread thread;
    al_thread *outer;

    s.world = make_world(&s, options);
    fill_world(&s);
    s.vm = make_vm(&s, options);
    al_thread_init(&thread, "MainThread");
    outer = al_thread_swap(&thread);
    al_set_loop_factory(make_loop, &s);
    al_set_threads(al_world_threads(s.world));
    if (!al_vm_run_program(s.vm))
        raised = al_fetch_raised();
    raised = wait_for_executors(&s, raised);
    emit_failed_clean_up(&s, raised);
    emit_end(&s, ending_of(&s, raised));
    report(&s, ending_of(&s, raised), result);
    al_unref(raised);

    /* Nothing that is torn down now belongs to the run. */
    s.observer = (al_observer){0};
    al_coroutines_silence(true);
    al_vm_end(s.vm);
    al_world_end_threads(s.world);
    for (size_t i = 0; i < s.held_count; i++)
        al_futures_let_go(s.held[i]);
    al_shared_let_go_all();
    al_set_event_loop(NULL);
    al_loops_close(s.alive);
    let_go(&s);
    al_vm_free(s.vm);
    al_set_loop_factory(NULL, NULL);
    al_set_threads(NULL);
    al_thread_swap(outer);
    al_thread_release(&thread);
    al_world_free(s.world);
    al_coroutines_silence(false);
}
