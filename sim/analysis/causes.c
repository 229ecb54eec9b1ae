/* causes.c - see causes.h. */
#include "sim/analysis/causes.h"

#include <string.h>
#include "loop/base/alloc.h"

enum { SLACK = 4096 }; /* ids so far beyond the count are as good as dense */

void al_causes_release(al_causes *causes)
{
    al_free(causes->by);
    al_idmap_release(&causes->far);
    *causes = (al_causes){0};
}

bool al_introduces_handle(al_event_kind kind)
{
    switch (kind) {
    case AL_EVENT_CALL_SOON:
    case AL_EVENT_CALL_AT:
    case AL_EVENT_CALL_SOON_THREADSAFE:
    case AL_EVENT_ADD_READER:
    case AL_EVENT_ADD_WRITER:
    case AL_EVENT_ADD_SIGNAL:
        return true;
    default:
        return false;
    }
}

static void make_room(al_causes *causes, uint64_t id)
{
    size_t before = causes->capacity;

    causes->by = al_grow(causes->by, &causes->capacity, (size_t)id + 1,
                         sizeof *causes->by);
    memset(causes->by + before, 0,
           (causes->capacity - before) * sizeof *causes->by);
}

/* Causes are kept with 1 added; the world's, the greatest, becomes what no
 * other is. */
void al_causes_add(al_causes *causes, const al_event *event)
{
    uint64_t id = event->handle;
    uint64_t kept = event->by == AL_BY_WORLD ? AL_BY_WORLD : event->by + 1;

    if (event->kind == AL_EVENT_JOB && event->job < AL_BY_JOB)
        al_idmap_put(&causes->far, AL_BY_JOB | event->job,
                     (void *)(uintptr_t)kept);
    if (!al_introduces_handle(event->kind))
        return;
    causes->known++;
    if (id > 2 * causes->known + SLACK) {
        al_idmap_put(&causes->far, id, (void *)(uintptr_t)kept);
        return;
    }
    if (id >= causes->capacity)
        make_room(causes, id);
    causes->by[id] = kept;
}

static uint64_t kept_of(const al_causes *causes, uint64_t id)
{
    if (id < causes->capacity && causes->by[id])
        return causes->by[id];
    return (uint64_t)(uintptr_t)al_idmap_find(&causes->far, id);
}

/* Who submitted the job, or who submitted the one that did; any other cause
 * is itself. */
static uint64_t behind_jobs(const al_causes *causes, uint64_t cause)
{
    uint64_t kept;

    while (al_cause_job(cause) && (kept = kept_of(causes, cause)) != 0 &&
           (kept == AL_BY_WORLD || kept - 1 < cause))
        cause = kept == AL_BY_WORLD ? AL_BY_WORLD : kept - 1;
    return cause;
}

/* A handle is scheduled by an earlier one, or by itself, as a reader that is
 * set anew: so the ids go down, or the chain ends. */
void al_causes_trace(const al_causes *causes, uint64_t handle,
                     al_chain *chain)
{
    uint64_t kept;

    chain->count = 0;
    chain->root = handle;
    while ((kept = kept_of(causes, chain->root)) != 0) {
        uint64_t id = chain->root;

        chain->handles = al_grow(chain->handles, &chain->capacity,
                                 chain->count + 1, sizeof *chain->handles);
        chain->handles[chain->count++] = id;
        chain->root = behind_jobs(
            causes, kept == AL_BY_WORLD ? AL_BY_WORLD : kept - 1);
        if (chain->root >= id || chain->root == AL_BY_PROGRAM)
            break;
    }
}

void al_chain_release(al_chain *chain)
{
    al_free(chain->handles);
    *chain = (al_chain){0};
}
