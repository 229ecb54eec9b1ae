/* seconds.c - see seconds.h. */
#include "cli/tui/seconds.h"

#include <ctype.h>
#include <string.h>
#include "loop/base/number.h"

size_t al_seconds_unit(const char *at, double *of_a_second)
{
    static const struct { const char *name; double of_a_second; } units[] = {
        {"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"µs", 1e6}, {"ns", 1e9},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t length = strlen(units[i].name);

        if (strncmp(at, units[i].name, length) != 0 ||
            isalnum((unsigned char)at[length]) || at[length] == '_')
            continue;
        if (of_a_second)
            *of_a_second = units[i].of_a_second;
        return length;
    }
    return 0;
}

const char *al_seconds_parse(const char *words, double *value, bool *has_unit)
{
    const char *end = al_double_parse(words, value);
    const char *at = end ? end + strspn(end, " ") : "";
    double of_a_second;
    size_t length = al_seconds_unit(at, &of_a_second);

    *has_unit = length > 0;
    if (!*has_unit)
        return end;
    *value /= of_a_second;
    return at + length;
}
