/* seconds.c - see seconds.h. */
#include "cli/step/seconds.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include "loop/base/number.h"

typedef struct unit {
    const char *name;
    double of_a_second; /* so many are one */
} unit;

/* NULL: no unit stands there, or the beginning of a word. */
static const unit *unit_at(const char *at)
{
    static const unit units[] = {
        {"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"µs", 1e6}, {"ns", 1e9},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i].name);

        if (strncmp(at, units[i].name, length) == 0 &&
            !isalnum((unsigned char)at[length]) && at[length] != '_')
            return &units[i];
    }
    return NULL;
}

const char *al_seconds_parse(const char *words, double *value, bool *has_unit)
{
    const char *end = al_double_parse(words, value);
    const char *at = end ? end + strspn(end, " ") : NULL;
    const unit *its = end ? unit_at(at) : NULL;

    *has_unit = its != NULL;
    if (!its)
        return end;
    *value /= its->of_a_second;
    return at + strlen(its->name);
}
