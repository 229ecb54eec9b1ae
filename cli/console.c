/* console.c - talking to the terminal: complaints, colours, width. */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sim/base/escape.h"

void al_complain(const char *format, ...)
{
    al_text raw = {0};
    al_text safe = {0};
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&raw, format, args);
    va_end(args);
    al_escape_add(&safe, al_text_peek(&raw));
    fprintf(stderr, "asyncloop-sim: %s\n", al_text_peek(&safe));
    al_text_release(&raw);
    al_text_release(&safe);
}

/* Newlines of the format's end stay. */
void al_say(const char *format, ...)
{
    al_text raw = {0};
    al_text safe = {0};
    bool ends_line;
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&raw, format, args);
    va_end(args);
    ends_line = raw.length > 0 && raw.bytes[raw.length - 1] == '\n';
    al_text_truncate(&raw, raw.length - ends_line);
    al_escape_add(&safe, al_text_peek(&raw));
    printf("%s%s", al_text_peek(&safe), ends_line ? "\n" : "");
    al_text_release(&raw);
    al_text_release(&safe);
}

al_exit al_end_interrupted(void)
{
    al_complain("interrupted");
    return AL_EXIT_LIMIT;
}

bool al_is_same_file(const char *a, const char *b)
{
    struct stat x, y;

    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) &&
           x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

bool al_want_color(const char *when, int fd)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (when && strcmp(when, "always") == 0)
        return true;
    if (when && strcmp(when, "never") == 0)
        return false;
    if (no_color && no_color[0])
        return false;
    return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

unsigned al_terminal_width(int fd)
{
    struct winsize size;

    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col;
    return 80;
}
