/* wrap.c - see wrap.h. */
#include "sim/base/wrap.h"

#include <string.h>
#include "sim/base/escape.h"

/* 0: there is none. */
static size_t last_space(const char *text, size_t fitting, char behind)
{
    for (size_t at = fitting; at > fitting / 2 && at > 0; at--) {
        if (text[at] == ' ' && (!behind || text[at - 1] == behind))
            return at;
    }
    return 0;
}

/* Behind it, in the second half, too; 0: there is none. */
static size_t last_slash(const char *text, size_t fitting)
{
    size_t at = fitting;

    while (at > fitting / 2 && text[at - 1] != '/')
        at--;
    return at > fitting / 2 ? at : 0;
}

/* What fits; a character that is wider than the line is one, too. */
static size_t fit(const char *text, size_t columns)
{
    size_t fitting = al_escape_fit(text, columns);
    al_escaped ignored;

    if (fitting > 0 || !*text)
        return fitting;
    return al_escape_next(text, strlen(text), &ignored);
}

size_t al_wrap_line(const char *text, size_t columns, char behind)
{
    size_t fitting = fit(text, columns);
    const char *newline = memchr(text, '\n', fitting + 1);
    size_t at;

    if (newline)
        return (size_t)(newline - text);
    if (!text[fitting])
        return fitting;
    at = behind ? last_space(text, fitting, behind) : 0;
    if (at == 0)
        at = last_space(text, fitting, '\0');
    if (at == 0)
        at = last_slash(text, fitting);
    return at > 0 ? at : fitting;
}

const char *al_wrap_rest(const char *text, size_t length)
{
    return text + length + (text[length] == ' ' || text[length] == '\n');
}
