/* telling.h - making texts for events.
 *
 * Texts for events are made between begin and end: what such a repr raises,
 * or costs in steps, must not be felt by the program that is watched. */
#ifndef AL_TELLING_H
#define AL_TELLING_H

#include "loop/object/exception.h"
#include "loop/object/value.h"

typedef struct al_telling {
    al_exception *raised;
    al_work_hook *work;
} al_telling;

typedef struct al_loop al_loop;

/* Does anybody watch?  Else no text need be made. */
bool al_loop_is_observed(const al_loop *loop);

/* Where an exception comes from, and those it is chained to, up to the one
 * that was told before; `told` may be NULL. */
void al_emit_raised(al_loop *loop, const char *role, const al_exception *e,
                    const al_exception *told);

al_telling al_begin_telling(void);
void al_end_telling(al_telling telling);

#endif
