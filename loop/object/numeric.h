/* numeric.h - numbers that came as values: int, float, bool. */
#ifndef AL_NUMERIC_H
#define AL_NUMERIC_H

#include "loop/object/exception.h"
#include "loop/object/value.h"

static inline bool al_is_numeric(al_value value)
{
    return value.tag == AL_INT || value.tag == AL_FLOAT ||
           value.tag == AL_BOOL;
}

static inline double al_numeric_real(al_value value)
{
    return value.tag == AL_FLOAT ? value.as.real
           : value.tag == AL_INT ? (double)value.as.integer
                                 : value.as.boolean;
}

/* value + change; a bool counts as an int. */
static inline al_value al_numeric_add(al_value value, int change)
{
    return value.tag == AL_FLOAT ? al_float(value.as.real + change)
           : value.tag == AL_INT ? al_int(value.as.integer + change)
                                 : al_int(value.as.boolean + change);
}

/* What `value op x` says of one that is no number, x being of that type;
 * false: raised TypeError. */
static inline bool al_check_numeric(al_value value, const char *op,
                                    const char *other)
{
    return al_is_numeric(value) ||
           al_raise(&al_TypeError,
                    "'%s' not supported between instances of '%s' and '%s'",
                    op, al_value_type_name(value), other);
}

#endif
