/* repr.h - repr() and str() of any value, as text and as a str. */
#ifndef AL_REPR_H
#define AL_REPR_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"

/* repr(value), str(value), into text, which is then a string in C's sense
 * too; false: raised (too deep). */
bool al_add_repr(al_value value, al_text *out);
bool al_add_str(al_value value, al_text *out);

al_value al_str_value(al_vm *vm, al_value value); /* str(value) */

/* The text as a str, owned; releases the text.  AL_ABSENT: raised. */
al_value al_str_take(al_vm *vm, al_text *text);

/* What reprlib.repr makes of list, dict; see value.h. */
bool al_short_repr_container(al_value value, int level, al_text *out);

#endif
