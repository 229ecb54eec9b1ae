/* state_jobs.c - the jobs of executors, from when they are submitted until
 * they are over.
 *
 * Somebody may ask for the result of one much later: of that its number is
 * known then, and no more. */
#include "loop/base/alloc.h"
#include "sim/trace/state_private.h"

static void submit(al_state *state, const al_event *event)
{
    al_traced_job *job = al_alloc_zero(1, sizeof *job);

    job->number = event->job;
    if (event->callback)
        job->callback = al_intern_text(&state->names, event->callback);
    al_free(al_idmap_find(&state->jobs, job->number));
    al_idmap_put(&state->jobs, job->number, job);
}

static void begin(al_state *state, const al_event *event)
{
    al_traced_job *job = al_idmap_find(&state->jobs, event->job);

    if (job && event->function)
        job->thread = al_intern_text(&state->names, event->function);
}

static void end(al_state *state, const al_event *event)
{
    al_free(al_idmap_find(&state->jobs, event->job));
    al_idmap_remove(&state->jobs, event->job);
}

static void tell(al_state *state, const al_event *event)
{
    al_traced *handle = al_idmap_find(&state->handles, event->handle);

    if (!handle)
        return;
    al_free(handle->job);
    handle->job = al_state_copy_job(state, event->job);
}

void al_state_apply_to_jobs(al_state *state, const al_event *event)
{
    if (event->kind == AL_EVENT_JOB)
        submit(state, event);
    else if (event->kind == AL_EVENT_JOB_BEGUN)
        begin(state, event);
    else if (event->kind == AL_EVENT_JOB_ENDED)
        end(state, event);
    else if (event->kind == AL_EVENT_JOB_TOLD)
        tell(state, event);
}

void al_state_free_jobs(al_state *state)
{
    size_t at = 0;
    al_traced_job *job;

    while ((job = al_idmap_next(&state->jobs, &at)) != NULL)
        al_free(job);
    al_idmap_release(&state->jobs);
}

const al_traced_job *al_state_job(const al_state *state, uint64_t number)
{
    return al_idmap_find(&state->jobs, number);
}

/* Into its place among the first `count`; the last falls out where all `most`
 * are taken. */
static void insert(const al_traced_job **oldest, size_t count, size_t most,
                   const al_traced_job *job)
{
    size_t at = count < most ? count : most;

    for (; at > 0 && oldest[at - 1]->number > job->number; at--) {
        if (at < most)
            oldest[at] = oldest[at - 1];
    }
    if (at < most)
        oldest[at] = job;
}

size_t al_state_oldest_jobs(const al_state *state,
                            const al_traced_job **oldest, size_t most)
{
    const al_traced_job *job;
    size_t count = 0, at = 0;

    while ((job = al_idmap_next(&state->jobs, &at)) != NULL)
        insert(oldest, count++, most, job);
    return count;
}

al_traced_job *al_state_copy_job(const al_state *state, uint64_t number)
{
    const al_traced_job *known = al_state_job(state, number);
    al_traced_job *job = al_alloc_zero(1, sizeof *job);

    if (known)
        *job = *known;
    job->number = number;
    return job;
}

al_traced_job *al_traced_job_copy(const al_traced_job *job)
{
    al_traced_job *copy = job ? al_alloc(sizeof *copy) : NULL;

    if (job)
        *copy = *job;
    return copy;
}
