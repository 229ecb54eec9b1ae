/* mouse.c - a click chooses, or travels; one on what is chosen tells its story;
 * the wheel scrolls; borders, and the place in the timeline, are dragged. */
#include "cli/step/private.h"

enum { WHEEL = 3 }; /* rows */

/* False: the pane is none in which a click leads elsewhere.  Perhaps it was not
 * drawn since something was told over it, or at this moment. */
static bool travel(al_stepper *s, al_pane *pane, int x, int y)
{
    al_moment now = al_stepper_now(s);
    int before = pane->area.width - pane->view->width; /* the rows */
    al_destination to;

    if (!pane->view->ops->travel || y == pane->area.y)
        return false;
    pane->view->ops->count(pane->view, &now);
    if (!pane->view->ops->travel(pane->view, &now,
                                 x - pane->area.x - before, &to))
        return false;
    if (to.is_time)
        al_stepper_go_to_time(s, to.time, to.until);
    else
        al_history_go(s->history, to.at);
    return true;
}

/* The half that has it is driven from then on. */
static al_pane *pane_at(al_stepper *s, int x, int y)
{
    if (s->beside && !s->pager.is_open &&
        al_layout_pane_at(&s->beside->layout, x, y))
        al_stepper_drive(s, s->beside->driven == AL_LEFT ? AL_RIGHT : AL_LEFT);
    return al_layout_pane_at(&s->layout, x, y);
}

/* Over what is told. */
static void mouse_told(al_stepper *s, al_mouse_act act, int y)
{
    if (act == AL_MOUSE_WHEEL_UP || act == AL_MOUSE_WHEEL_DOWN)
        al_pager_request(&s->pager, act == AL_MOUSE_WHEEL_UP ? AL_REQ_UP
                                                             : AL_REQ_DOWN,
                         WHEEL);
    else if (act == AL_MOUSE_PRESS && al_pager_press(&s->pager, y))
        al_stepper_follow_line(s);
}

static void press(al_stepper *s, int x, int y)
{
    al_pane *pane = pane_at(s, x, y);
    al_moment now = al_stepper_now(s);
    bool has_focus = pane == al_stepper_focused(s);

    s->dragged = al_layout_border_at(&s->layout, x, y);
    if (!pane)
        return;
    s->layout.focus = (al_view_kind)(pane - s->layout.panes);
    if (!travel(s, pane, x, y) && al_pane_click(pane, &now, y) && has_focus)
        al_stepper_tell_chosen(s);
}

/* The border that was pressed, or along the timeline. */
static void drag(al_stepper *s, int x, int y)
{
    if (s->dragged.kind != AL_BORDER_NONE)
        al_layout_drag(&s->layout, s->dragged, x, y);
    else if (al_layout_pane_at(&s->layout, x, y) == al_stepper_focused(s))
        travel(s, al_stepper_focused(s), x, y);
}

static void turn_wheel(al_stepper *s, int x, int y, bool is_up)
{
    al_pane *pane = pane_at(s, x, y);
    al_moment now = al_stepper_now(s);

    if (pane)
        al_pane_scroll(pane, &now, is_up ? -WHEEL : WHEEL);
}

void al_stepper_mouse(al_stepper *s, al_mouse_act act, int x, int y)
{
    if (act == AL_MOUSE_PRESS && al_stepper_stops_run(s, AL_REQ_NONE))
        return;
    if (act == AL_MOUSE_PRESS)
        al_text_clear(&s->message);
    if (s->pager.is_open)
        mouse_told(s, act, y);
    else if (act == AL_MOUSE_PRESS)
        press(s, x, y);
    else if (act == AL_MOUSE_DRAG)
        drag(s, x, y);
    else if (act == AL_MOUSE_RELEASE)
        s->dragged.kind = AL_BORDER_NONE;
    else
        turn_wheel(s, x, y, act == AL_MOUSE_WHEEL_UP);
}
