/* graph_verbs.h - asyncio.graph as verbs. */
#ifndef AL_GRAPH_VERBS_H
#define AL_GRAPH_VERBS_H

#include "sim/asyncio/task_verbs.h"

al_verb_function al_verb_capture_call_graph, al_verb_format_call_graph,
    al_verb_print_call_graph, al_verb_future_add_to_awaited_by,
    al_verb_future_discard_from_awaited_by;

#endif
