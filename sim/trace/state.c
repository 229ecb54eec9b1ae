/* state.c - events folded: what belongs to no loop, and looking.
 *
 *     state_loop.c        handles, and the queues of each loop
 *     state_tasks.c       tasks and futures: who waits for what, and woke whom
 *     state_links.c       done callbacks, and what gather gathers
 *     state_primitives.c  locks, queues and the like, and who waits in them
 *     state_ran.c         which lines the latest callbacks and steps came to
 *     state_jobs.c        jobs of executors, from their beginning to their end
 */
#include "sim/trace/state_private.h"

#include <signal.h>
#include <string.h>
#include "loop/base/alloc.h"

/* Events of no loop in particular; false: it is of a loop. */
static bool apply_global(al_state *state, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_LOG:
        if (event->level)
            state->counts.warnings++;
        else
            state->counts.logs++;
        return true;
    case AL_EVENT_EXCEPTION:
        state->counts.exceptions++;
        return true;
    case AL_EVENT_THREAD_ERROR:
        state->counts.thread_errors++;
        return true;
    case AL_EVENT_CANCEL:
        al_state_cancel_handle(state, event);
        return true;
    case AL_EVENT_END:
        state->has_ended = true;
        return true;
    default:
        return !al_event_specs[event->kind].is_core;
    }
}

/* A Runner's handler cancels the main task first of all; where it does not,
 * SIGINT raises KeyboardInterrupt, and the world does nothing more. */
static void note_sigint(al_state *state, const al_event *event)
{
    bool is_worlds = event->by == AL_BY_WORLD;

    if (event->kind == AL_EVENT_WORLD_SIGNAL && event->sig == SIGINT)
        state->sigint = AL_SIGINT_CAME;
    else if (is_worlds && (state->sigint == AL_SIGINT_HANDLED ||
                           (state->sigint == AL_SIGINT_CAME &&
                            event->kind == AL_EVENT_TASK_CANCEL)))
        state->sigint = AL_SIGINT_HANDLED;
    else
        state->sigint = AL_SIGINT_NONE;
}

static void note_moment(al_state *state, const al_event *event)
{
    if (state->moment == 0 || event->time != state->time)
        state->moment = state->counts.events;
    state->time = event->time;
}

void al_state_apply(al_state *state, const al_event *event)
{
    al_state_forget_ended(state);
    state->counts.events++;
    note_moment(state, event);
    note_sigint(state, event);
    if (!apply_global(state, event))
        al_state_apply_to_loop(state, event);
    al_state_apply_to_tasks(state, event);
    al_state_apply_to_ran(state, event);
    al_state_apply_to_links(state, event);
    al_state_apply_to_primitives(state, event);
    al_state_apply_to_jobs(state, event);
}

al_state *al_state_new(const al_state_options *options)
{
    al_state *state = al_alloc_zero(1, sizeof *state);

    if (options)
        state->options = *options;
    return state;
}

void al_state_free(al_state *state)
{
    if (!state)
        return;
    al_state_free_loops(state);
    al_state_free_primitives(state);
    al_state_free_tasks(state);
    al_state_free_jobs(state);
    al_intern_release(&state->names);
    al_free(state);
}

/* -- looking ------------------------------------------------------------ */

const al_loop_state *al_state_loop(const al_state *state, uint64_t number)
{
    return al_idmap_find(&state->loops, number);
}

const al_loop_state *al_state_loop_at(const al_state *state, size_t index)
{
    return index < state->loop_count ? state->loop_list[index] : NULL;
}

size_t al_state_loop_count(const al_state *state)
{
    return state->loop_count;
}

const al_traced *al_state_handle(const al_state *state, uint64_t id)
{
    return al_idmap_find(&state->handles, id);
}

size_t al_state_handle_count(const al_state *state)
{
    return state->handles.count;
}

double al_state_time(const al_state *state)
{
    return state->time;
}

uint64_t al_state_moment(const al_state *state)
{
    return state->moment;
}

bool al_state_has_come_to(const al_state *state, double time)
{
    for (size_t i = 0; i < al_state_loop_count(state); i++) {
        if (al_state_loop_at(state, i)->time >= time)
            return true;
    }
    return false;
}

bool al_state_is_interrupting(const al_state *state)
{
    return state->sigint == AL_SIGINT_HANDLED;
}

const al_counts *al_state_counts(const al_state *state)
{
    return &state->counts;
}

bool al_state_has_ended(const al_state *state)
{
    return state->has_ended;
}

const al_traced *al_loop_state_ready(const al_loop_state *loop, size_t index)
{
    return loop->ring[(loop->ring_head + index) & (loop->ring_capacity - 1)];
}

bool al_is_self_pipe_callback(const char *callback)
{
    return strcmp(callback, "BaseSelectorEventLoop._read_from_self") == 0;
}

bool al_is_sleep_call(const char *callback, const char *args)
{
    return args && *args == 'f' &&
           strcmp(callback, "_set_result_unless_cancelled") == 0;
}
