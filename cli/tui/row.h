/* row.h - a line of a view: texts with their inks, and what it is about. */
#ifndef AL_TUI_ROW_H
#define AL_TUI_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include "cli/tui/ink.h"
#include "cli/tui/thing.h"
#include "loop/base/text.h"

typedef struct al_span_of_row {
    size_t end; /* where it ends in the text */
    al_ink ink;
} al_span_of_row;

typedef struct al_row { /* zero-initialise */
    al_text text;       /* safe to be shown */
    al_span_of_row *spans;
    size_t count, capacity;
    size_t aligned;     /* the span, from 1, that ends where those of the other
                           rows in sight do; 0: none */
    al_text right;      /* at the right margin, where there is room for it */
    al_ink right_ink;
    bool is_right_first; /* the text gives way to it */
    al_thing thing;
    al_thing also;      /* what else it tells of: a waiter's future */
    int skip;           /* columns at its beginning that are out of sight */
    bool is_struck;     /* all of it is cancelled */
    bool is_picture;    /* but for its first span, which says of what */
} al_row;

void al_row_clear(al_row *row);
void al_row_release(al_row *row);

/* Texts may come from outside: they are made safe. */
void al_row_add(al_row *row, al_ink ink, const char *text);
void al_row_add_format(al_row *row, al_ink ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A time, or what else stands in a column: the span that is aligned. */
void al_row_add_aligned(al_row *row, al_ink ink, const char *text);

/* Columns up to its end; 0: there is none.  And: so many blanks before it. */
size_t al_row_aligned_end(const al_row *row);
void al_row_align(al_row *row, size_t blanks);

/* A text of several lines as one: where one ends and another begins, with the
 * blanks around it, stands the sign. */
void al_text_add_as_line(al_text *out, const char *text, const char *sign);

/* Where what begins at a byte would be cut off in so many columns: leave out
 * some of the middle for it, with `more` in its place. */
void al_row_bring_into_sight(al_row *row, size_t byte, size_t width,
                             const char *more);

void al_row_set_right(al_row *row, al_ink ink, const char *text);

#endif
