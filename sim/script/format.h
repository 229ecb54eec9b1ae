/* format.h - the parts of formatting that f"{…}" and "%" share. */
#ifndef AL_FORMAT_H
#define AL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/text.h"

typedef struct al_format_spec {
    uint32_t fill;
    char align; /* one of <>=^ */
    bool has_fill, has_align;
    char sign;     /* '+', '-', ' ' or 0 */
    bool coerces_zero, is_alternate;
    int64_t width; /* -1: none */
    char grouping; /* ',', '_' or 0 */
    int64_t precision; /* -1: none */
    char type;     /* 0: none */
} al_format_spec;

/* False: raised ValueError.  `align` is the default of the type `type`. */
bool al_format_spec_parse(al_format_spec *spec, const char *text,
                          size_t length, const char *type, char align);

/* The digits of a float that is not negative. */
void al_add_float(al_text *out, double magnitude, char type, int precision,
                  bool is_alternate);

#endif
