/* arithmetic.h - numbers, and the operators of arithmetic. */
#ifndef AL_ARITHMETIC_H
#define AL_ARITHMETIC_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"
#include "sim/scenario/ast.h"

/* a op b.  Owned; AL_ABSENT: raised. */
al_value al_binary(al_vm *vm, al_operator op, al_value a, al_value b);
al_value al_unary(al_operator op, al_value a);

bool al_is_number(al_value value);    /* int, bool, float */
bool al_is_whole(al_value value);     /* int, bool */
int64_t al_whole(al_value value);     /* of those */
double al_real(al_value value);       /* of a number */
al_value al_float_new(double real);   /* each NaN is another object */
al_value al_int_from_double(double real); /* truncated; may raise */
al_value al_overflow(void);           /* raises OverflowError */

/* A value as index: false: raised ("… cannot be interpreted as an
 * integer"). */
bool al_index(al_value value, int64_t *index);

#endif
