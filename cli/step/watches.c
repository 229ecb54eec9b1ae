/* watches.c - the values that are watched, in a line below the status. */
#include "cli/step/private.h"

int al_stepper_lines_above(const al_stepper *s)
{
    for (size_t i = 0; i < s->breakpoints.count; i++) {
        if (s->breakpoints.items[i].is_watch)
            return 2;
    }
    return 1;
}

static void add_watch(const al_stepper *s, const al_moment *now,
                      const al_breakpoint *watch, al_row *row)
{
    al_condition_value value = al_watch_value(watch, now->event, now->state,
                                              s->loop);
    al_text text = {0};

    al_condition_value_add(&value, &text);
    al_row_add_format(row, AL_INK_DIM, "%u %s ", watch->number, watch->text);
    al_row_add(row, AL_INK_FOUND, al_text_peek(&text));
    if (now->at > 0 && !al_condition_value_is(&value, &watch->before)) {
        al_text_clear(&text);
        al_condition_value_add(&watch->before, &text);
        al_row_add_format(row, AL_INK_DIM, ", was %s", al_text_peek(&text));
    }
    al_row_add(row, AL_INK_PLAIN, "  ");
    al_text_release(&text);
}

void al_stepper_draw_watches(const al_stepper *s, const al_moment *now,
                             al_screen *screen)
{
    al_area area = {0, 1, screen->width, 1};
    al_row row = {0};

    for (size_t i = 0; i < s->breakpoints.count; i++) {
        if (s->breakpoints.items[i].is_watch)
            add_watch(s, now, &s->breakpoints.items[i], &row);
    }
    if (row.text.length > 0)
        al_screen_put_row(screen, area, 0, &row, 0, s->options.glyphs->more);
    al_row_release(&row);
}
