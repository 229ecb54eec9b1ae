/* mouse.c - a click chooses, or travels; the wheel scrolls. */
#include "cli/step/private.h"

/* False: the pane is none in which a click leads elsewhere. */
static bool travel(al_stepper *s, al_pane *pane, int x, int y)
{
    al_moment now = al_stepper_now(s);
    al_destination to;

    if (!pane->view->ops->travel || y == pane->area.y ||
        !pane->view->ops->travel(pane->view, &now,
                                 x - pane->area.x - (s->beside != NULL), &to))
        return false;
    if (to.is_time)
        al_stepper_go_to_time(s, to.time);
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

void al_stepper_mouse(al_stepper *s, al_mouse_act act, int x, int y)
{
    enum { WHEEL = 3 };
    al_pane *pane = pane_at(s, x, y);
    al_moment now = al_stepper_now(s);
    bool is_up = act == AL_MOUSE_WHEEL_UP;

    if (act == AL_MOUSE_PRESS && al_stepper_stops_run(s, AL_REQ_NONE))
        return;
    if (s->pager.is_open) {
        if (act != AL_MOUSE_PRESS)
            al_pager_request(&s->pager, is_up ? AL_REQ_UP : AL_REQ_DOWN,
                             WHEEL);
        else if (al_pager_press(&s->pager, y))
            al_stepper_follow_line(s);
        return;
    }
    if (!pane)
        return;
    if (act != AL_MOUSE_PRESS) {
        al_pane_scroll(pane, &now, is_up ? -WHEEL : WHEEL);
        return;
    }
    s->layout.focus = (al_view_kind)(pane - s->layout.panes);
    if (!travel(s, pane, x, y))
        al_pane_click(pane, &now, y);
}
