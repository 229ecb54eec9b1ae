/* console.c - see console.h. */
#include "cli/console.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/progress.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

enum { LONGEST_COMPLAINT = 1000 }; /* columns: what is wrong may be long */

void al_complain(const char *format, ...)
{
    al_text raw = {0};
    al_text safe = {0};
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&raw, format, args);
    va_end(args);
    al_escape_add_cut(&safe, al_text_peek(&raw), LONGEST_COMPLAINT);
    al_warn("asyncloop-sim: ");
    al_warn(al_text_peek(&safe));
    al_warn("\n");
    al_text_release(&raw);
    al_text_release(&safe);
}

static al_text *caught; /* NULL: it goes to stderr */

void al_catch_warnings(al_text *into)
{
    caught = into;
}

/* What was said before on stdout shall stand before it, in a file too. */
void al_warn(const char *text)
{
    if (caught) {
        al_text_add(caught, text);
        return;
    }
    fflush(stdout);
    al_progress_clear();
    fputs(text, stderr);
}

/* Newlines of the format's end stay. */
static void say(const char *format, va_list args)
{
    al_text raw = {0};
    al_text safe = {0};
    bool ends_line;

    al_text_add_vformat(&raw, format, args);
    ends_line = raw.length > 0 && raw.bytes[raw.length - 1] == '\n';
    al_text_truncate(&raw, raw.length - ends_line);
    al_escape_add(&safe, al_text_peek(&raw));
    printf("%s%s", al_text_peek(&safe), ends_line ? "\n" : "");
    al_text_release(&raw);
    al_text_release(&safe);
}

void al_say(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(format, args);
    va_end(args);
}

/* `text` has been escaped. */
static void print_in(al_role role, bool is_colored, const char *text,
                     size_t length)
{
    al_text out = {0};

    al_palette_begin(&out, is_colored, role);
    al_text_add_bytes(&out, text, length);
    al_palette_end(&out, is_colored, role);
    fputs(al_text_peek(&out), stdout);
    al_text_release(&out);
}

void al_say_marked(al_role role, const char *color, const char *mark,
                   const char *format, ...)
{
    va_list args;

    print_in(role, al_want_color(color, STDOUT_FILENO), mark, strlen(mark));
    va_start(args, format);
    say(format, args);
    va_end(args);
}

/* Behind the indent, "- " or "---", "+ " or "+++". */
static al_role role_of_line(const char *line)
{
    const char *at = line + strspn(line, " ");

    if (at == line || (at[1] != ' ' && at[1] != at[0]))
        return AL_ROLE_PLAIN;
    if (*at == '-')
        return AL_ROLE_ERROR;
    return *at == '+' ? AL_ROLE_GOOD : AL_ROLE_PLAIN;
}

void al_say_difference(const char *text, const char *color)
{
    bool is_colored = al_want_color(color, STDOUT_FILENO);

    while (*text) {
        size_t length = strcspn(text, "\n");

        print_in(role_of_line(text), is_colored, text, length);
        putchar('\n');
        text += length + (text[length] == '\n');
    }
}

void al_print_escaped(const char *text)
{
    al_text safe = {0};

    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        char *copy = al_strndup(line, length);

        al_escape_add(&safe, copy);
        al_text_add_char(&safe, '\n');
        al_free(copy);
        line += length + (line[length] == '\n');
    }
    fputs(al_text_peek(&safe), stderr);
    al_text_release(&safe);
}
