/* frame.c - frames: a function's call in progress.
 *
 * A function is mostly called again soon, so its code keeps the frames of
 * calls that have ended; taking one is a pop. */
#include "sim/machine/frame.h"

#include "loop/object/thread.h"
#include "sim/machine/machine.h"

al_frame *al_frame_new(al_code *code)
{
    size_t slots = code->local_count + code->stack_size;
    al_frame *frame = code->idle;

    if (frame)
        code->idle = frame->caller;
    else
        frame = al_alloc(sizeof *frame + slots * sizeof *frame->slots);
    frame->caller = NULL;
    frame->code = code;
    frame->next = code->instructions;
    frame->top = frame->slots + code->local_count;
    frame->of = NULL;
    frame->is_entry = false;
    frame->called_at = 0;
    for (size_t i = 0; i < code->local_count; i++)
        frame->slots[i] = al_no_value();
    return frame;
}

void al_frame_free(al_frame *frame)
{
    while (frame->top > frame->slots)
        al_value_release(*--frame->top);
    frame->caller = frame->code->idle;
    frame->code->idle = frame;
}

void al_frames_release(al_frame *idle)
{
    while (idle) {
        al_frame *next = idle->caller;

        al_free(idle);
        idle = next;
    }
}

/* The instruction under way: `next` is already beyond it. */
static uint32_t position(const al_frame *frame)
{
    size_t next = (size_t)(frame->next - frame->code->instructions);

    return next ? (uint32_t)(next - 1) : 0;
}

int al_frame_line(const al_frame *frame)
{
    return frame->code->lines[position(frame)];
}

static const al_region *find_region(const al_frame *frame, bool handling)
{
    const al_code *code = frame->code;
    uint32_t at = position(frame);

    for (size_t i = 0; i < code->region_count; i++) {
        const al_region *r = &code->regions[i];

        if (at >= r->first && at < r->end &&
            (r->target == AL_NO_TARGET) == handling)
            return r;
    }
    return NULL;
}

const al_region *al_frame_find_handler(const al_frame *frame)
{
    return find_region(frame, false);
}

al_exception *al_frame_peek_own_handled(const al_frame *frame)
{
    const al_region *r = find_region(frame, true);
    const al_value *stack = frame->slots + frame->code->local_count;

    return r ? (al_exception *)stack[r->depth].as.object : NULL;
}

al_exception *al_frame_peek_handled(const al_frame *frame)
{
    const al_handling *by_c = al_thread_current()->handling;

    for (; frame; frame = frame->caller) {
        al_exception *own;

        if (by_c && by_c->above == frame)
            return by_c->exception;
        own = al_frame_peek_own_handled(frame);
        if (own)
            return own;
    }
    return by_c ? by_c->exception : NULL;
}
