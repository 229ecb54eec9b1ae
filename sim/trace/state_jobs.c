/* state_jobs.c - the jobs of executors, from their beginning to their end.
 *
 * A job's end is told to its future by a callback that its thread schedules:
 * the next one of that name. */
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/trace/state_private.h"

static void submit(al_state *state, const al_event *event)
{
    al_traced_job *job = al_alloc_zero(1, sizeof *job);

    job->number = event->job;
    job->callback =
        al_intern_text(&state->names, event->callback ? event->callback : "?");
    al_free(al_idmap_find(&state->jobs, job->number));
    al_idmap_put(&state->jobs, job->number, job);
}

static void end(al_state *state, const al_event *event)
{
    al_traced_job *job = al_idmap_find(&state->jobs, event->job);

    if (!job)
        return;
    al_idmap_remove(&state->jobs, event->job);
    if (event->function)
        job->thread = al_intern_text(&state->names, event->function);
    al_free(state->ended_job);
    state->ended_job = job;
}

void al_state_apply_to_jobs(al_state *state, const al_event *event)
{
    if (event->kind == AL_EVENT_JOB)
        submit(state, event);
    else if (event->kind == AL_EVENT_JOB_ENDED)
        end(state, event);
}

void al_state_free_jobs(al_state *state)
{
    size_t at = 0;
    al_traced_job *job;

    while ((job = al_idmap_next(&state->jobs, &at)) != NULL)
        al_free(job);
    al_idmap_release(&state->jobs);
    al_free(state->ended_job);
}

al_traced_job *al_state_take_ended_job(al_state *state,
                                       const al_traced *handle)
{
    al_traced_job *job = state->ended_job;

    if (!job || strcmp(handle->callback,
                       "_chain_future.<locals>._set_state") != 0)
        return NULL;
    state->ended_job = NULL;
    return job;
}

al_traced_job *al_traced_job_copy(const al_traced_job *job)
{
    al_traced_job *copy = job ? al_alloc(sizeof *copy) : NULL;

    if (job)
        *copy = *job;
    return copy;
}
