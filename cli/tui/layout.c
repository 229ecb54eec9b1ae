/* layout.c - see layout.h.
 *
 * Two columns: what the loop has on the left, what the program has on the
 * right.  A narrow screen has one, with the most telling of both. */
#include "cli/tui/layout.h"

enum {
    LEAST_LINES = 3,  /* of a pane, its title included */
    LEAST_ALONE = 4,  /* of one of a single column */
    ROOM_BELOW = 30   /* lines of a body that has room for a pane below */
};

typedef enum side { LEFT, RIGHT, BELOW } side;

static const struct {
    side side;
    int weight;
    int rank; /* those with the highest go without room first */
} places[AL_VIEW_COUNT] = {
    [AL_VIEW_READY] = {LEFT, 8, 1},    [AL_VIEW_SCHEDULED] = {LEFT, 8, 4},
    [AL_VIEW_TASKS] = {RIGHT, 10, 2},  [AL_VIEW_PRIMITIVES] = {RIGHT, 6, 6},
    [AL_VIEW_PROGRAM] = {RIGHT, 8, 3}, [AL_VIEW_EVENTS] = {LEFT, 9, 0},
    [AL_VIEW_LOG] = {RIGHT, 5, 5},     [AL_VIEW_TIMELINE] = {BELOW, 8, 0},
};

void al_layout_begin(al_layout *layout)
{
    *layout = (al_layout){.share = 50, .divider = -1};
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_pane_begin(&layout->panes[i], al_view_new((al_view_kind)i));
        layout->panes[i].weight = places[i].weight;
    }
}

void al_layout_release(al_layout *layout)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++)
        al_pane_release(&layout->panes[i]);
}

void al_layout_renew_views(al_layout *layout)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_view_free(layout->panes[i].view);
        layout->panes[i].view = al_view_new((al_view_kind)i);
    }
}

/* -- placing ------------------------------------------------------------------ */

typedef struct pile { /* panes of one column, from above */
    al_pane *panes[AL_VIEW_COUNT];
    int count, weights;
} pile;

static pile gather(al_layout *layout, bool left, bool right)
{
    pile p = {0};

    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_pane *pane = &layout->panes[i];

        if (pane->is_shown &&
            (!pane->is_needless || (int)layout->focus == i) && ((places[i].side == LEFT && left) ||
                               (places[i].side == RIGHT && right))) {
            p.panes[p.count++] = pane;
            p.weights += pane->weight;
        }
    }
    return p;
}

/* The least telling; never the one that has the focus. */
static int last_of(const al_layout *layout, const pile *p)
{
    int last = -1, rank = -1;

    for (int i = 0; i < p->count; i++) {
        int view = (int)(p->panes[i] - layout->panes);

        if (view != (int)layout->focus && places[view].rank > rank) {
            rank = places[view].rank;
            last = i;
        }
    }
    return last;
}

static void drop(pile *p, int at)
{
    p->weights -= p->panes[at]->weight;
    p->count--;
    for (int i = at; i < p->count; i++)
        p->panes[i] = p->panes[i + 1];
}

/* Lines by weight, none with too few: the least telling go without. */
static void place_pile(const al_layout *layout, pile p, al_area area,
                       int least)
{
    int y = area.y, left = area.height;

    while (p.count > 1 && p.count * least > area.height)
        drop(&p, last_of(layout, &p));
    for (int i = 0; i < p.count; i++) {
        int after = p.count - 1 - i;
        int lines = left * p.panes[i]->weight / p.weights;

        if (lines < least)
            lines = least;
        if (lines > left - after * least || after == 0)
            lines = left - after * least;
        p.panes[i]->area = (al_area){area.x, y, area.width, lines};
        p.weights -= p.panes[i]->weight;
        y += lines;
        left -= lines;
    }
}

/* The timeline runs below both columns, where there is room, or it has the
 * focus. */
static void place_below(al_layout *layout, al_area *body)
{
    al_pane *pane = &layout->panes[AL_VIEW_TIMELINE];
    int lines = body->height * pane->weight / 32;

    if (!pane->is_shown || (body->height < ROOM_BELOW &&
                            layout->focus != AL_VIEW_TIMELINE))
        return;
    lines = lines < LEAST_LINES ? LEAST_LINES
            : lines > body->height / 2 ? body->height / 2 : lines;
    body->height -= lines;
    pane->area = (al_area){body->x, body->y + body->height, body->width,
                           lines};
}

static void place_columns(al_layout *layout, al_area body)
{
    pile left = gather(layout, true, false);
    pile right = gather(layout, false, true);
    al_area of_left = body, of_right = body;

    if (left.count == 0 || right.count == 0) {
        place_pile(layout, left.count ? left : right, body, LEAST_LINES);
        return;
    }
    of_left.width = body.width * layout->share / 100;
    layout->divider = body.x + of_left.width;
    of_right.x = layout->divider + 1;
    of_right.width = body.width - of_left.width - 1;
    place_pile(layout, left, of_left, LEAST_LINES);
    place_pile(layout, right, of_right, LEAST_LINES);
}

void al_layout_place(al_layout *layout, al_area body)
{
    layout->divider = -1;
    for (int i = 0; i < AL_VIEW_COUNT; i++)
        layout->panes[i].area = (al_area){0};
    if (layout->is_zoomed) {
        layout->panes[layout->focus].area = body;
        return;
    }
    place_below(layout, &body);
    if (body.width >= AL_TWO_COLUMNS)
        place_columns(layout, body);
    else
        place_pile(layout, gather(layout, true, true), body, LEAST_ALONE);
}

/* -- using ---------------------------------------------------------------------- */

static void draw_divider(const al_layout *layout, const al_moment *now,
                         al_screen *screen, al_area body)
{
    al_area column = {layout->divider, body.y, 1, body.height};

    for (int line = 0; line < body.height; line++)
        al_screen_put(screen, column, 0, line, AL_INK_FRAME,
                      now->glyphs->down);
}

void al_layout_draw(const al_layout *layout, const al_moment *now,
                    al_screen *screen, const char *pattern)
{
    al_area body = {0, screen->height, screen->width, 0};

    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        const al_pane *pane = &layout->panes[i];
        al_area area = pane->area;
        bool has_focus = i == (int)layout->focus && !layout->is_idle;

        if (area.height == 0)
            continue;
        al_pane_draw(pane, now, screen, has_focus, has_focus ? pattern : NULL);
        if (places[i].side == BELOW)
            continue;
        if (area.y < body.y)
            body.y = area.y;
        if (area.y + area.height > body.y + body.height)
            body.height = area.y + area.height - body.y;
    }
    if (layout->divider >= 0)
        draw_divider(layout, now, screen, body);
}

void al_layout_tell(const al_layout *layout, const al_moment *now,
                    void (*tell)(void *self, const char *pane,
                                 const al_row *row),
                    void *self)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        if (layout->panes[i].area.height > 0)
            al_pane_tell(&layout->panes[i], now, tell, self);
    }
}

void al_layout_turn(al_layout *layout, bool is_back)
{
    int at = (int)layout->focus;

    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        at = (at + (is_back ? AL_VIEW_COUNT - 1 : 1)) % AL_VIEW_COUNT;
        if (layout->is_zoomed ? layout->panes[at].is_shown
                              : layout->panes[at].area.height > 0)
            break;
    }
    layout->focus = (al_view_kind)at;
}

al_pane *al_layout_pane_at(al_layout *layout, int x, int y)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        if (al_area_has(layout->panes[i].area, x, y))
            return &layout->panes[i];
    }
    return NULL;
}
