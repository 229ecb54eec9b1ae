/* format.h - the parts of formatting that f"{…}" and "%" share. */
#ifndef AL_FORMAT_H
#define AL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/text.h"

/* The digits of a float that is not negative. */
void al_add_float(al_text *out, double magnitude, char type, int precision,
                  bool is_alternate);

#endif
