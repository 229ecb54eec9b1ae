/* error.c - the first failure wins; see error.h. */
#include "loop/base/error.h"

#include <stdarg.h>
#include <stdio.h>

static bool fail(al_error *err, int line, int column, const char *format,
                 va_list args)
{
    if (!err || err->message[0])
        return false;
    err->line = line;
    err->column = column;
    vsnprintf(err->message, sizeof err->message, format, args);
    return false;
}

bool al_fail(al_error *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, 0, 0, format, args);
    va_end(args);
    return false;
}

bool al_fail_at(al_error *err, int line, int column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, line, column, format, args);
    va_end(args);
    return false;
}
