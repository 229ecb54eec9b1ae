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

static inline bool al_is_whole(al_value value)
{
    return value.tag == AL_INT || value.tag == AL_BOOL;
}

static inline int64_t al_numeric_whole(al_value value)
{
    return value.tag == AL_INT ? value.as.integer : value.as.boolean;
}

/* Add to it; a bool counts as an int.  False: raised OverflowError, and it is
 * as it was. */
static inline bool al_numeric_add(al_value *value, int change)
{
    int64_t sum;

    if (value->tag == AL_FLOAT) {
        value->as.real += change;
        return true;
    }
    if (__builtin_add_overflow(al_numeric_whole(*value), change, &sum))
        return al_raise(&al_OverflowError,
                        "integer overflow: "
                        "asyncloop-sim's integers have 64 bits");
    *value = al_int(sum);
    return true;
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
