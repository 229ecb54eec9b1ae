/* message.c - the line below the panes: what is said, or being typed. */
#include "cli/step/private.h"

#include <string.h>
#include "sim/base/escape.h"
#include "sim/base/wrap.h"

/* -- what is being typed -------------------------------------------------- */

/* The cursor's column; what is typed is shown from *first on, so that it is in
 * sight. */
static int cursor_column(const al_stepper *s, int width, size_t *first)
{
    const char *text = al_text_peek(&s->prompt.text);
    size_t cursor = s->prompt.cursor, column;
    al_escaped shown;

    column = al_escape_columns(s->prompt.label);
    for (size_t at = 0; at < cursor; column += shown.columns)
        at += al_escape_next(text + at, cursor - at, &shown);
    for (*first = 0; column >= (size_t)width && *first < cursor;
         column -= shown.columns)
        *first += al_escape_next(text + *first, cursor - *first, &shown);
    return (int)column;
}

static void draw_prompt(const al_stepper *s, al_screen *screen, al_area area)
{
    int column = al_screen_put(screen, area, 0, 0, AL_INK_MESSAGE,
                               s->prompt.label);
    size_t first;

    cursor_column(s, area.width, &first);
    al_screen_put(screen, area, column, 0, AL_INK_PLAIN,
                  al_text_peek(&s->prompt.text) + first);
}

/* -- what is said --------------------------------------------------------- */

static size_t line_length(const char *text, int width)
{
    return al_wrap_line(text, (size_t)width, '\0');
}

/* What does not fit on a line has more above it, over the panes, lest its end
 * is lost; a text that would fill the screen ends in the last. */
static void draw_lines(const al_stepper *s, al_ink ink, const char *text,
                       al_screen *screen, al_area area)
{
    const char *const more = s->options.glyphs->more;
    int most = screen->height - al_stepper_lines_above(s) - 1, lines = 1;
    const char *rest = text;

    while (lines < most &&
           *(rest = al_wrap_rest(rest, line_length(rest, area.width))))
        lines++;
    area.y -= lines - 1;
    area.height = lines;
    for (int i = 0; i < lines; i++) {
        size_t length = line_length(text, area.width);
        al_row row = {0};

        al_screen_fill(screen, area, 0, i, area.width, AL_INK_PLAIN, " ");
        al_row_add_format(&row, ink, "%.*s",
                          (int)(i + 1 < lines ? length : strlen(text)), text);
        al_screen_put_row(screen, area, i, &row, 0, more);
        text = al_wrap_rest(text, length);
        al_row_release(&row);
    }
}

static void draw_message(const al_stepper *s, al_screen *screen, al_area area)
{
    al_text text = {0}, safe = {0};

    if (s->count > 0)
        al_text_add_format(&text, "%ld", s->count);
    else if (!al_stepper_repeats_words(s, al_text_peek(&s->message),
                                       area.width))
        al_text_add_as_line(&text, al_text_peek(&s->message),
                            s->options.glyphs->line_end);
    al_escape_add(&safe, al_text_peek(&text));
    draw_lines(s, s->count > 0 ? AL_INK_MESSAGE : s->message_ink,
               al_text_peek(&safe), screen, area);
    al_text_release(&text);
    al_text_release(&safe);
}

/* -- either --------------------------------------------------------------- */

void al_stepper_draw_message(const al_stepper *s, al_screen *screen)
{
    al_area line = {0, screen->height - AL_LINES_BELOW, screen->width, 1};

    if (s->asking != AL_REQ_NONE)
        draw_prompt(s, screen, line);
    else
        draw_message(s, screen, line);
}

bool al_stepper_cursor(const al_stepper *s, const al_screen *screen, int *x,
                       int *y)
{
    size_t first;

    if (s->asking == AL_REQ_NONE || screen->height < AL_LINES_BELOW)
        return false;
    *x = cursor_column(s, screen->width, &first);
    *y = screen->height - AL_LINES_BELOW;
    return true;
}
