/* verbs.h - what the operations of a scenario do. */
#ifndef AL_ASYNCIO_VERBS_H
#define AL_ASYNCIO_VERBS_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"
#include "sim/scenario/verbs.h"

/* Evaluate an operation; params, borrowed, as Python evaluates them: of a
 * loop's method the loop first, else as the verb's spec lists them.  Owned;
 * AL_ABSENT: raised. */
al_value al_verb_call(al_vm *vm, al_verb verb, const al_value *params);

/* What an await of the operation's coroutine gives, where that is known
 * without making one; else AL_ABSENT, and nothing was done or raised. */
al_value al_verb_await_at_once(al_verb verb, const al_value *params);

#endif
