/* frame.h - a function's call in progress.
 *
 * A frame owns its locals and its value stack, and its position says where
 * an exception would go (see al_region): detached from its caller it can
 * wait, and go on later. */
#ifndef AL_FRAME_H
#define AL_FRAME_H

#include "loop/object/exception.h"
#include "sim/compile/code.h"

struct al_frame {
    al_frame *caller;     /* who called; NULL: nobody, or not running */
    al_code *code;
    const al_instruction *next; /* to execute */
    al_value *top;        /* of the stack: one past; when not running */
    struct al_coroutine *of; /* whose body it is; NULL: no coroutine's */
    bool is_entry;        /* called from C: return there */
    int called_at;        /* a coroutine's: the line of the call; 0: in none,
                             as by a loop */
    al_value slots[];     /* locals, then the stack */
};

al_frame *al_frame_new(al_code *code);
void al_frame_free(al_frame *frame); /* releases the locals, and the stack */

/* Free a code's idle frames, which hold nothing any more. */
void al_frames_release(al_frame *idle);

/* The line of the scenario the frame is at. */
int al_frame_line(const al_frame *frame);

/* Where an exception raised there goes; NULL: out of the frame. */
const al_region *al_frame_find_handler(const al_frame *frame);

/* The exception being handled by the frame or those below; or NULL. */
al_exception *al_frame_peek_handled(const al_frame *frame);

/* By the frame itself. */
al_exception *al_frame_peek_own_handled(const al_frame *frame);

#endif
