/* compare.h - the comparison operators, and what containers ask of items. */
#ifndef AL_COMPARE_H
#define AL_COMPARE_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"
#include "sim/scenario/ast.h"

/* a op b for the comparison operators.  Owned; AL_ABSENT: raised. */
al_value al_compare(al_vm *vm, al_operator op, al_value a, al_value b);

/* Answers are 1 and 0; -1: raised. */
int al_less(al_vm *vm, al_operator op, al_value a, al_value b); /* <, <=, … */
int al_equal(al_value a, al_value b);         /* == */
int al_same_or_equal(al_value a, al_value b); /* as containers ask */
int al_contains(al_vm *vm, al_value container, al_value item); /* in */

#endif
