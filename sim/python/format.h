/* format.h - format(value, spec), and the part of it that "%" shares. */
#ifndef AL_FORMAT_H
#define AL_FORMAT_H

#include "loop/object/value.h"
#include "sim/machine/vm.h"

/* format(value, spec): owned; AL_ABSENT: raised. */
al_value al_format(al_vm *vm, al_value value, const char *spec, size_t length);

/* The digits of a float that is not negative. */
void al_add_float(al_text *out, double magnitude, char type, int precision,
                  bool is_alternate);

#endif
