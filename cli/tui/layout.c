/* layout.c - see layout.h.
 *
 * Two columns: what the loop has on the left, what the program has on the
 * right.  A narrow screen has one, with the most telling of both. */
#include "cli/tui/layout.h"

enum {
    LEAST_LINES = 3,  /* of a pane, its title included */
    OF_BELOW = 32,    /* parts of the lines, of which the timeline's weight has
                         so many */
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

/* -- placing -------------------------------------------------------------- */

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
            (!pane->is_needless || (int)layout->focus == i) &&
            ((places[i].side == LEFT && left) ||
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
    int lines = body->height * pane->weight / OF_BELOW;

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

void al_layout_place(al_layout *layout, al_area body, int width)
{
    layout->divider = -1;
    for (int i = 0; i < AL_VIEW_COUNT; i++)
        layout->panes[i].area = (al_area){0};
    if (layout->is_zoomed) {
        layout->panes[layout->focus].area = body;
        return;
    }
    place_below(layout, &body);
    if (width >= AL_TWO_COLUMNS)
        place_columns(layout, body);
    else
        place_pile(layout, gather(layout, true, true), body, LEAST_ALONE);
}

/* -- using ---------------------------------------------------------------- */

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

/* -- dragging ------------------------------------------------------------- */

static bool is_above(const al_pane *pane, const al_pane *below)
{
    return pane->area.height > 0 && pane->area.x == below->area.x &&
           pane->area.y + pane->area.height == below->area.y;
}

/* Above a pane; none where it is the first of its column. */
static al_border border_above(const al_layout *layout, al_view_kind below)
{
    if (places[below].side == BELOW)
        return (al_border){.kind = AL_BORDER_BELOW, .below = below};
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        if (is_above(&layout->panes[i], &layout->panes[below]))
            return (al_border){AL_BORDER_ROW, (al_view_kind)i, below};
    }
    return (al_border){.kind = AL_BORDER_NONE};
}

al_border al_layout_border_at(al_layout *layout, int x, int y)
{
    const al_pane *pane = al_layout_pane_at(layout, x, y);

    if (pane && y == pane->area.y && !layout->is_zoomed)
        return border_above(layout, (al_view_kind)(pane - layout->panes));
    return (al_border){.kind = !pane && x == layout->divider
                                   ? AL_BORDER_COLUMN : AL_BORDER_NONE};
}

/* Weights that are lines are shared out as those very lines. */
static void weigh_by_lines(al_layout *layout, int column)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_pane *pane = &layout->panes[i];

        if (places[i].side != BELOW && pane->area.height > 0 &&
            pane->area.x == column)
            pane->weight = pane->area.height;
    }
}

static int within(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static void drag_row(al_layout *layout, al_border border, int y)
{
    al_pane *above = &layout->panes[border.above];
    al_pane *below = &layout->panes[border.below];
    int both = above->area.height + below->area.height;
    int least = layout->divider >= 0 ? LEAST_LINES : LEAST_ALONE;

    if (!is_above(above, below) || both < 2 * least)
        return;
    weigh_by_lines(layout, above->area.x);
    above->weight = within(y - above->area.y, least, both - least);
    below->weight = both - above->weight;
}

static void drag_column(al_layout *layout, int x)
{
    int left = 0, right = 0;

    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_area area = layout->panes[i].area;

        if (area.height == 0 || places[i].side == BELOW)
            continue;
        if (places[i].side == LEFT)
            left = area.x;
        if (area.x + area.width > right)
            right = area.x + area.width;
    }
    if (right > left) /* rounded up: what is shared out is rounded down */
        layout->share = within(((x - left) * 100 + right - left - 1) /
                                   (right - left), 20, 80);
}

/* Of a pane that has so many parts of the lines of all (place_below). */
static void drag_below(al_layout *layout, al_border border, int y)
{
    al_pane *pane = &layout->panes[border.below];
    int bottom = pane->area.y + pane->area.height, all, lines;
    int top = pane->area.y;

    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        if (layout->panes[i].area.height > 0 && layout->panes[i].area.y < top)
            top = layout->panes[i].area.y;
    }
    all = bottom - top;
    if (pane->area.height == 0 || all < 2 * LEAST_LINES)
        return;
    lines = within(bottom - y, LEAST_LINES, all / 2);
    pane->weight = (lines * OF_BELOW + all - 1) / all;
}

void al_layout_drag(al_layout *layout, al_border border, int x, int y)
{
    if (border.kind == AL_BORDER_BELOW)
        drag_below(layout, border, y);
    else if (border.kind == AL_BORDER_ROW)
        drag_row(layout, border, y);
    else if (border.kind == AL_BORDER_COLUMN && layout->divider >= 0)
        drag_column(layout, x);
}
