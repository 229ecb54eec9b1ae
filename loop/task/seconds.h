/* seconds.h - times that came as values: the numbers among them. */
#ifndef AL_SECONDS_H
#define AL_SECONDS_H

#include "loop/object/exception.h"
#include "loop/object/value.h"

static inline bool al_is_seconds(al_value value) /* int, float, bool */
{
    return value.tag == AL_INT || value.tag == AL_FLOAT ||
           value.tag == AL_BOOL;
}

static inline double al_seconds_of(al_value value)
{
    return value.tag == AL_FLOAT ? value.as.real
           : value.tag == AL_INT ? (double)value.as.integer
                                 : value.as.boolean;
}

/* What `value <= x` says of one that is no number, x being of that type;
 * false: raised. */
static inline bool al_check_seconds(al_value value, const char *other)
{
    return al_is_seconds(value) ||
           al_raise(&al_TypeError,
                    "'<=' not supported between instances of '%s' and '%s'",
                    al_value_type_name(value), other);
}

/* now + delay; false: raised. */
static inline bool al_add_seconds(double now, al_value delay, double *sum)
{
    if (!al_is_seconds(delay))
        return al_raise(&al_TypeError, "unsupported operand type(s) for +: "
                        "'float' and '%s'", al_value_type_name(delay));
    *sum = now + al_seconds_of(delay);
    return true;
}

#endif
