/* seconds.h - times that came as values: the numbers among them. */
#ifndef AL_SECONDS_H
#define AL_SECONDS_H

#include "loop/object/numeric.h"

/* What `value <= x` says of one that is no number, x being of that type;
 * false: raised. */
static inline bool al_check_seconds(al_value value, const char *other)
{
    return al_check_numeric(value, "<=", other);
}

/* now + delay; false: raised. */
static inline bool al_add_seconds(double now, al_value delay, double *sum)
{
    if (!al_is_numeric(delay))
        return al_raise(&al_TypeError, "unsupported operand type(s) for +: "
                        "'float' and '%s'", al_value_type_name(delay));
    *sum = now + al_numeric_real(delay);
    return true;
}

#endif
