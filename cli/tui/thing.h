/* thing.h - what can be selected, followed and asked about. */
#ifndef AL_TUI_THING_H
#define AL_TUI_THING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/text.h"
#include "loop/core/event.h"

typedef enum al_thing_kind {
    AL_THING_NONE,
    AL_THING_HANDLE,
    AL_THING_TASK,
    AL_THING_FUTURE,
    AL_THING_PRIMITIVE,
    AL_THING_EVENT, /* id: its number */
    AL_THING_LINE   /* of the program; id: its number */
} al_thing_kind;

typedef struct al_thing {
    al_thing_kind kind;
    uint64_t id;
} al_thing;

bool al_same_thing(al_thing a, al_thing b); /* nothing is not the same */

/* "h12", "t3"; of an event "event 7", of a line "line 7". */
void al_thing_add_name(al_text *out, al_thing thing);

/* "h12", "t3", "f5" or "p1", all of so many bytes; of kind AL_THING_NONE: it is
 * none of them. */
al_thing al_thing_parse(const char *text, size_t length);

/* The first handle, task, future or primitive that a text names, other than
 * that one; of kind AL_THING_NONE: it names none. */
al_thing al_thing_named_in(const char *text, al_thing other);

/* What an event is about: its handle, task, future or primitive.  id 0: none. */
al_thing al_thing_of_event(const al_event *event);

/* Does the event concern it?  Its cause is concerned, too. */
bool al_event_touches(const al_event *event, al_thing thing);

/* Did something happen to it, other than that it caused the event? */
bool al_event_changes(const al_event *event, al_thing thing);

#endif
