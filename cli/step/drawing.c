/* drawing.c - the screen: the panes of one trace or two, or what is told over
 * them, between the lines above and below. */
#include "cli/step/private.h"

static void draw_too_small(al_screen *screen)
{
    al_area all = {0, 0, screen->width, screen->height};
    al_text text = {0};

    al_text_add_format(&text, "%dx%d is too small:", screen->width,
                       screen->height);
    al_screen_put(screen, all, 0, 0, AL_INK_WARNING, text.bytes);
    al_text_clear(&text);
    al_text_add_format(&text, "at least %dx%d", AL_LEAST_WIDTH,
                       AL_LEAST_HEIGHT);
    al_screen_put(screen, all, 0, 1, AL_INK_WARNING, text.bytes);
    al_text_release(&text);
}

/* Known of a whole trace, once for all of it, lest panes come and go. */
static void find_needless(al_layout *layout, const al_history *history)
{
    static const struct {
        al_view_kind view;
        al_event_kind kinds[4]; /* of which one must be; ends in 0, LOOP */
    } needs[] = {
        {AL_VIEW_SCHEDULED, {AL_EVENT_CALL_AT}},
        {AL_VIEW_TASKS, {AL_EVENT_TASK, AL_EVENT_TASK_WAITS}},
        {AL_VIEW_PRIMITIVES, {AL_EVENT_PRIMITIVE, AL_EVENT_WAITERS}},
    };

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        al_pane *pane = &layout->panes[needs[i].view];

        pane->is_needless |= al_history_is_complete(history);
        for (const al_event_kind *kind = needs[i].kinds; *kind; kind++)
            pane->is_needless &= !al_history_has(history, *kind);
    }
}

static bool is_too_small(const al_stepper *s)
{
    return s->width < AL_LEAST_WIDTH || s->height < AL_LEAST_HEIGHT;
}

/* Between the lines above and below. */
static al_area body_of(const al_stepper *s)
{
    int above = al_stepper_lines_above(s);

    return (al_area){0, above, s->width, s->height - above - AL_LINES_BELOW};
}

void al_stepper_place(al_stepper *s)
{
    if (is_too_small(s))
        return;
    if (s->beside && !s->pager.is_open) {
        al_stepper_place_halves(s, body_of(s));
        return;
    }
    find_needless(&s->layout, s->history);
    al_layout_place(&s->layout, body_of(s), s->width);
    if (s->pager.is_open)
        al_pager_place(&s->pager, body_of(s));
}

static void draw_lines(const al_stepper *s, al_screen *screen)
{
    al_moment now = al_stepper_now(s);

    al_stepper_draw_status(s, &now, screen);
    al_stepper_draw_watches(s, &now, screen);
    al_stepper_draw_message(s, screen);
    al_stepper_draw_keys(s, screen);
}

void al_stepper_draw(al_stepper *s, al_screen *screen)
{
    al_area body;
    al_moment now;

    al_breakpoints_look_before(&s->breakpoints, s->history, s->loop);
    now = al_stepper_now(s);
    s->width = screen->width;
    s->height = screen->height;
    screen->is_ascii = s->options.is_ascii;
    al_screen_clear(screen);
    if (is_too_small(s)) {
        draw_too_small(screen);
        return;
    }
    al_stepper_place(s);
    body = body_of(s);
    if (s->pager.is_open)
        al_pager_draw(&s->pager, screen, body, s->options.glyphs, s->pattern);
    else if (s->beside)
        al_stepper_draw_halves(s, screen, body);
    else
        al_layout_draw(&s->layout, &now, screen, s->pattern);
    draw_lines(s, screen);
}
