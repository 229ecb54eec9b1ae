/* looking.c - what of the stepper's panes is in sight: rows, the room they
 * have, what is searched for. */
#include "cli/step/private.h"

#include "loop/base/alloc.h"

enum { MOST_ZOOM = 30 };

/* -- panes ---------------------------------------------------------------- */

static void choose(al_stepper *s, long rows)
{
    al_moment now = al_stepper_now(s);

    al_pane_move(al_stepper_focused(s), &now, rows * (long)al_stepper_count(s));
}

/* Without a count by eight columns. */
static int columns_of(const al_stepper *s)
{
    enum { MOST = 1 << 20 };

    return s->count == 0 ? 8 : s->count > MOST ? MOST : (int)s->count;
}

static void go_sideways(al_stepper *s, int columns)
{
    al_moment now = al_stepper_now(s);

    al_pane_scroll_sideways(al_stepper_focused(s), &now, columns);
}

static void resize(al_stepper *s, int lines)
{
    al_pane *pane = al_stepper_focused(s);
    int weight = pane->weight + lines * (int)al_stepper_count(s);

    pane->weight = weight < 1 ? 1 : weight > 100 ? 100 : weight;
}

static void widen(al_stepper *s, int columns)
{
    int share = s->layout.share + 2 * columns * (int)al_stepper_count(s);

    s->layout.share = share < 20 ? 20 : share > 80 ? 80 : share;
}

static void hide(al_stepper *s)
{
    int shown = 0;

    for (int i = 0; i < AL_VIEW_COUNT; i++)
        shown += s->layout.panes[i].is_shown;
    if (shown == 1) {
        al_stepper_say(s, AL_INK_WARNING, "this is the only pane");
        return;
    }
    al_stepper_focused(s)->is_shown = false;
    s->layout.is_zoomed = false;
    al_stepper_focused(s)->area = (al_area){0};
    al_layout_turn(&s->layout, false);
    for (int i = 0; !al_stepper_focused(s)->is_shown; i++)
        s->layout.focus = (al_view_kind)i; /* none had found room */
}

void al_stepper_leave(al_stepper *s)
{
    al_pane *pane = al_stepper_focused(s);

    if (s->pattern) {
        al_free(s->pattern);
        s->pattern = NULL;
    } else if (pane->has_chosen || pane->offset >= 0 || pane->sideways > 0) {
        al_pane_unchoose(pane);
    } else {
        s->layout.is_zoomed = false;
    }
}

/* -- searching ------------------------------------------------------------ */

const char *al_stepper_searched(al_stepper *s)
{
    return s->pager.is_open ? al_text_peek(&s->pager.title)
                            : al_stepper_focused(s)->view->ops->title;
}

static void say_found(al_stepper *s, al_search_end end, bool is_back)
{
    const char *where = al_stepper_searched(s);

    if (end == AL_SEARCH_NOWHERE)
        al_stepper_say(s, AL_INK_WARNING, "not found in %s: %s%s", where,
                       s->pattern, s->pager.is_open ? ""
                       : "; <Tab> n tries the next pane, <Esc> ends it");
    else if (end == AL_SEARCH_GIVEN_UP)
        al_stepper_say(s, AL_INK_WARNING, "the search in %s was given up",
                       where);
    else
        al_stepper_say(s, AL_INK_MESSAGE,
                       "%c%s%s: n and N go on, <Esc> ends the search",
                       s->is_search_back ? '?' : '/', s->pattern,
                       end == AL_SEARCH_FOUND ? ""
                       : is_back ? ", from the end on" : ", from the top on");
}

void al_stepper_search_again(al_stepper *s, bool is_back)
{
    al_moment now = al_stepper_now(s);
    const al_search search = {.pattern = s->pattern, .is_back = is_back,
                              .patience = &s->options.patience};

    say_found(s, s->pager.is_open
                     ? al_pager_search(&s->pager, &search)
                     : al_pane_search(al_stepper_focused(s), &now, &search),
              is_back);
}

void al_stepper_search(al_stepper *s, const char *pattern, bool is_back)
{
    if (!*pattern)
        return;
    al_free(s->pattern);
    s->pattern = al_strdup(pattern);
    s->is_search_back = is_back;
    al_stepper_search_again(s, is_back);
}

/* -- requests ------------------------------------------------------------- */

bool al_stepper_request_look(al_stepper *s, al_request request)
{
    int page = al_pane_room(al_stepper_focused(s));

    switch (request) {
    case AL_REQ_UP:
        choose(s, -1);
        return true;
    case AL_REQ_DOWN:
        choose(s, 1);
        return true;
    case AL_REQ_PAGE_UP:
        choose(s, -page);
        return true;
    case AL_REQ_PAGE_DOWN:
        choose(s, page);
        return true;
    case AL_REQ_RIGHT:
        go_sideways(s, columns_of(s));
        return true;
    case AL_REQ_LEFT:
        go_sideways(s, -columns_of(s));
        return true;
    case AL_REQ_NEXT_PANE:
        al_stepper_turn(s, false);
        return true;
    case AL_REQ_PREVIOUS_PANE:
        al_stepper_turn(s, true);
        return true;
    case AL_REQ_ZOOM:
        s->layout.is_zoomed = !s->layout.is_zoomed;
        return true;
    case AL_REQ_HIDE:
        hide(s);
        return true;
    case AL_REQ_GROW:
        resize(s, 1);
        return true;
    case AL_REQ_SHRINK:
        resize(s, -1);
        return true;
    case AL_REQ_WIDEN:
        widen(s, 1);
        return true;
    case AL_REQ_NARROW:
        widen(s, -1);
        return true;
    case AL_REQ_HEAP_TREE:
        s->heap_is_tree = !s->heap_is_tree;
        return true;
    case AL_REQ_TIMELINE_IN:
        s->timeline_zoom += s->timeline_zoom < MOST_ZOOM;
        return true;
    case AL_REQ_TIMELINE_OUT:
        s->timeline_zoom -= s->timeline_zoom > 0;
        return true;
    case AL_REQ_TIMELINE_AXIS:
        s->timeline_by_order = !s->timeline_by_order;
        return true;
    default:
        return false;
    }
}
