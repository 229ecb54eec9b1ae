/* call_graph.h - asyncio.graph: where a future's coroutines wait, and who
 * awaits it, as far up as it goes.
 *
 * It follows capture_call_graph() and format_call_graph() of CPython.  A
 * frame knows the name of its function alone: no line, and no file. */
#ifndef AL_CALL_GRAPH_H
#define AL_CALL_GRAPH_H

#include "loop/task/coroutine.h"
#include "loop/task/future.h"

typedef enum al_frame_kind {
    AL_FRAME_FUNCTION, /* a plain one: f_generator is None */
    AL_FRAME_COROUTINE,
    AL_FRAME_ASYNC_GENERATOR,
    AL_FRAME_GENERATOR
} al_frame_kind;

typedef struct al_graph_frame { /* a frame, as f_code names it */
    al_object head;
    al_value name; /* co_qualname: a str */
    al_frame_kind kind;
} al_graph_frame;

typedef struct al_call_entry { /* FrameCallGraphEntry */
    al_object head;
    al_value frame; /* an al_graph_frame; None: its coroutine has ended */
} al_call_entry;

typedef struct al_call_graph { /* FutureCallGraph; all references */
    al_object head;
    al_future *future;
    al_tuple *call_stack; /* of al_call_entry, innermost first */
    al_tuple *awaited_by; /* of al_call_graph, in the order of creation */
} al_call_graph;

extern const al_type al_graph_frame_type, al_call_entry_type,
    al_call_graph_type;

/* capture_call_graph(future, limit=limit) of what is not the current task: a
 * new reference.  The limit is None, or an int: of each stack N > 0 leaves the
 * N outermost entries, -N the N innermost ones, 0 none.  NULL: raised
 * (RecursionError). */
al_call_graph *al_call_graph_capture(al_future *future, al_value limit);

/* The same of the current task, whose stack its caller knows: entries,
 * innermost first. */
al_call_graph *al_call_graph_capture_running(al_future *task,
                                             const al_value *stack,
                                             size_t count,
                                             al_value limit);

/* Entries of a stack: of a function, and of a coroutine; owned. */
al_value al_call_entry_new(al_value name, al_frame_kind kind);
al_value al_call_entry_of(const al_coroutine *coroutine);

al_call_graph *al_call_graph_peek(al_value value); /* NULL: it is none */

/* What format_call_graph() makes of it; for id() stands the future's id in
 * events.  False: raised. */
bool al_call_graph_format(const al_call_graph *graph, al_text *out);

#endif
