/* state_ran.c - which lines of the program the latest callbacks and steps
 * came to, as far as the trace tells. */
#include "sim/trace/state_private.h"

#include <string.h>

/* To the front: it is the latest.  One of the same function makes way, else
 * the oldest does. */
static void put_first(al_loop_state *loop, al_traced_spot run)
{
    size_t at = 0;

    while (at < AL_RAN_KEPT - 1 && loop->ran[at].function != run.function)
        at++;
    memmove(&loop->ran[1], &loop->ran[0], at * sizeof *loop->ran);
    loop->ran[0] = run;
}

static void put_task(al_loop_state *loop, const al_traced_task *task)
{
    put_first(loop, (al_traced_spot){
        .function = task->coroutine,
        .where = task->where ? task->where : task->defined,
        .is_line = task->where != NULL});
}

static void put_callback(al_loop_state *loop, const al_traced *handle)
{
    put_first(loop, (al_traced_spot){.function = handle->callback,
                                    .where = handle->where});
}

void al_state_apply_to_ran(al_state *state, const al_event *event)
{
    al_loop_state *loop = al_idmap_find(&state->loops, event->loop);

    if (!loop)
        return;
    switch (event->kind) {
    case AL_EVENT_RUN:
        if (loop->current)
            put_task(loop, loop->current);
        else if (loop->running)
            put_callback(loop, loop->running);
        break;
    case AL_EVENT_EAGER:
    case AL_EVENT_EAGER_END:
    case AL_EVENT_TASK_WAITS:
        if (loop->current)
            put_task(loop, loop->current);
        break;
    default:
        break;
    }
}
