/* pane.c - see pane.h. */
#include "cli/tui/pane.h"

#include <strings.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

void al_pane_begin(al_pane *pane, al_view *view)
{
    *pane = (al_pane){.view = view, .is_shown = true, .weight = 10,
                      .offset = -1};
}

void al_pane_release(al_pane *pane)
{
    al_view_free(pane->view);
}

int al_pane_room(const al_pane *pane)
{
    return pane->area.height > 1 ? pane->area.height - 1 : 0;
}

static const char *name_of(const al_pane *pane)
{
    return al_view_names[pane->view->kind];
}

static size_t count_of(const al_pane *pane, const al_moment *now)
{
    return pane->view->ops->count(pane->view, now);
}

static void fill_row(const al_pane *pane, const al_moment *now, size_t index,
                     al_row *row)
{
    al_row_clear(row);
    pane->view->ops->row(pane->view, now, index, row);
}

/* -- what is chosen ------------------------------------------------------- */

/* Where the thing stands now; SIZE_MAX: nowhere. */
static size_t find_thing(const al_pane *pane, const al_moment *now,
                         size_t count)
{
    al_row row = {0};
    size_t found = SIZE_MAX;

    if (pane->chosen.kind == AL_THING_EVENT)
        return pane->chosen_index < count ? pane->chosen_index : SIZE_MAX;
    if (pane->view->ops->find)
        return pane->view->ops->find(pane->view, now, pane->chosen);
    for (size_t i = 0; i < count && found == SIZE_MAX; i++) {
        fill_row(pane, now, i, &row);
        if (al_same_thing(row.thing, pane->chosen))
            found = i;
    }
    al_row_release(&row);
    return found;
}

static size_t current_row(const al_pane *pane, const al_moment *now,
                          size_t count)
{
    size_t current = pane->view->ops->current
                         ? pane->view->ops->current(pane->view, now) : 0;

    return current < count ? current : SIZE_MAX;
}

static size_t cursor_among(const al_pane *pane, const al_moment *now,
                           size_t count)
{
    size_t found;

    if (count == 0)
        return SIZE_MAX;
    if (!pane->has_chosen)
        return current_row(pane, now, count);
    found = pane->chosen.kind == AL_THING_NONE ? SIZE_MAX
                                               : find_thing(pane, now, count);
    if (found != SIZE_MAX)
        return found;
    return pane->chosen_index < count ? pane->chosen_index : count - 1;
}

/* The row that is chosen, or current; SIZE_MAX: there is none. */
static size_t cursor_row(const al_pane *pane, const al_moment *now)
{
    return cursor_among(pane, now, count_of(pane, now));
}

al_thing al_pane_thing(const al_pane *pane, const al_moment *now)
{
    size_t cursor = cursor_row(pane, now);
    al_row row = {0};
    al_thing thing = {0};

    if (cursor == SIZE_MAX)
        return thing;
    fill_row(pane, now, cursor, &row);
    thing = row.thing;
    al_row_release(&row);
    return thing;
}

static void choose(al_pane *pane, const al_moment *now, size_t index)
{
    al_row row = {0};

    fill_row(pane, now, index, &row);
    pane->has_chosen = true;
    pane->chosen = row.thing;
    pane->chosen_index = index;
    pane->offset = -1;
    al_row_release(&row);
}

void al_pane_move(al_pane *pane, const al_moment *now, long rows)
{
    size_t count = count_of(pane, now);
    size_t cursor = cursor_among(pane, now, count);
    size_t by = rows < 0 ? (size_t)-rows : (size_t)rows;

    if (count == 0)
        return;
    if (cursor == SIZE_MAX)
        cursor = 0;
    else if (rows < 0)
        cursor = cursor > by ? cursor - by : 0;
    else
        cursor = by < count - 1 - cursor ? cursor + by : count - 1;
    choose(pane, now, cursor);
}

void al_pane_unchoose(al_pane *pane)
{
    pane->has_chosen = false;
    pane->offset = -1;
    pane->sideways = 0;
}

/* -- what is in sight ----------------------------------------------------- */

static size_t last_offset(const al_pane *pane, size_t count)
{
    size_t room = (size_t)al_pane_room(pane);

    return count > room ? count - room : 0;
}

/* The first row that is shown: the cursor's is in the middle, but at the
 * ends. */
static size_t offset_of(const al_pane *pane, const al_moment *now,
                        size_t count)
{
    size_t last = last_offset(pane, count);
    size_t half = (size_t)al_pane_room(pane) / 2;
    size_t cursor, offset;

    if (pane->offset >= 0) {
        offset = (size_t)pane->offset;
    } else {
        cursor = cursor_among(pane, now, count);
        offset = cursor == SIZE_MAX || cursor < half ? 0 : cursor - half;
    }
    return offset < last ? offset : last;
}

void al_pane_scroll(al_pane *pane, const al_moment *now, long rows)
{
    size_t count = count_of(pane, now);
    long offset = (long)offset_of(pane, now, count) + rows;
    long last = (long)last_offset(pane, count);

    pane->offset = offset < 0 ? 0 : offset < last ? offset : last;
}

bool al_pane_click(al_pane *pane, const al_moment *now, int y)
{
    size_t count = count_of(pane, now);
    size_t index = offset_of(pane, now, count);
    long offset = pane->offset;
    bool is_again;

    if (y <= pane->area.y)
        return false;
    index += (size_t)(y - pane->area.y - 1);
    if (index >= count)
        return false;
    if (offset < 0)
        offset = (long)offset_of(pane, now, count);
    is_again = pane->has_chosen && cursor_among(pane, now, count) == index;
    choose(pane, now, index);
    pane->offset = offset; /* what was clicked stays where it is */
    return is_again;
}

/* -- searching ------------------------------------------------------------ */

typedef struct searched { /* rows */
    const al_pane *pane;
    const al_moment *now;
    al_row row; /* used again and again */
} searched;

static bool row_has(void *lines, size_t index, const char *pattern)
{
    searched *rows = lines;

    fill_row(rows->pane, rows->now, index, &rows->row);
    return strcasestr(al_text_peek(&rows->row.text), pattern) != NULL;
}

al_search_end al_pane_search(al_pane *pane, const al_moment *now,
                             const al_search *search)
{
    size_t count = count_of(pane, now);
    size_t at = cursor_among(pane, now, count);
    searched rows = {.pane = pane, .now = now};
    al_search_end end = al_search_lines(search, count, row_has, &rows, &at);

    al_row_release(&rows.row);
    if (end == AL_SEARCH_FOUND || end == AL_SEARCH_ROUND)
        choose(pane, now, at);
    return end;
}

/* -- sideways ------------------------------------------------------------- */

static int columns_of(const al_row *row)
{
    size_t right = al_escape_columns(al_text_peek(&row->right));

    return (int)(al_escape_columns(al_text_peek(&row->text)) +
                 (right ? right + 1 : 0));
}

/* Of the texts, where the first columns may have another use. */
static int width_of(const al_pane *pane, const al_moment *now)
{
    return pane->area.width - (now->contrast != NULL);
}

/* No further than to the end of the longest. */
static int skip_of(const al_pane *pane, const al_moment *now,
                   const al_row *rows, size_t count)
{
    int most = 0, beyond;

    for (size_t i = 0; pane->sideways > 0 && i < count; i++) {
        beyond = columns_of(&rows[i]) - width_of(pane, now);
        most = beyond > most ? beyond : most;
    }
    return pane->sideways > most ? most
           : pane->sideways > 0  ? pane->sideways : 0;
}

/* Those in sight, what is aligned in them under each other. */
static al_row *fill_rows(const al_pane *pane, const al_moment *now,
                         size_t first, size_t count)
{
    al_row *rows = al_alloc_zero(count ? count : 1, sizeof *rows);
    size_t widest = 0;
    int skip;

    for (size_t i = 0; i < count; i++) {
        size_t end;

        fill_row(pane, now, first + i, &rows[i]);
        end = al_row_aligned_end(&rows[i]);
        widest = end > widest ? end : widest;
    }
    for (size_t i = 0; i < count; i++)
        al_row_align(&rows[i], widest - al_row_aligned_end(&rows[i]));
    skip = skip_of(pane, now, rows, count);
    for (size_t i = 0; i < count; i++)
        rows[i].skip = skip;
    return rows;
}

static void free_rows(al_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        al_row_release(&rows[i]);
    al_free(rows);
}

static size_t shown_of(const al_pane *pane, size_t first, size_t count)
{
    size_t room = (size_t)al_pane_room(pane);

    return count - first < room ? count - first : room;
}

static int clamp_sideways(const al_pane *pane, const al_moment *now)
{
    size_t count = count_of(pane, now);
    size_t first = offset_of(pane, now, count);
    size_t shown = shown_of(pane, first, count);
    al_row *rows = fill_rows(pane, now, first, shown);
    int skip = skip_of(pane, now, rows, shown);

    free_rows(rows, shown);
    return skip;
}

/* Beyond the end nothing is shown, which the way back need not cross. */
void al_pane_scroll_sideways(al_pane *pane, const al_moment *now, int columns)
{
    enum { MOST = 1 << 24 };

    if (columns < 0 && al_pane_room(pane) > 0)
        pane->sideways = clamp_sideways(pane, now);
    pane->sideways += columns;
    pane->sideways = pane->sideways < 0      ? 0
                     : pane->sideways > MOST ? MOST : pane->sideways;
}

void al_pane_add_cut_row(const al_pane *pane, const al_moment *now,
                         al_text *out)
{
    size_t cursor = cursor_row(pane, now);
    al_row row = {0};

    if (cursor == SIZE_MAX)
        return;
    fill_row(pane, now, cursor, &row);
    if (columns_of(&row) > width_of(pane, now)) {
        al_text_add(out, al_text_peek(&row.text));
        if (row.right.length > 0)
            al_text_add_format(out, "  %s", row.right.bytes);
    }
    al_row_release(&row);
}

/* -- drawing -------------------------------------------------------------- */

static void draw_title(const al_pane *pane, const al_moment *now,
                       al_screen *screen, bool has_focus)
{
    const al_view_ops *ops = pane->view->ops;
    al_ink ink = has_focus ? AL_INK_FOCUS : AL_INK_TITLE;
    al_text info = {0};
    int at;

    at = al_screen_fill(screen, pane->area, 0, 0, 1, AL_INK_FRAME,
                        now->glyphs->across);
    at = al_screen_put(screen, pane->area, at, 0, ink, " ");
    at = al_screen_put(screen, pane->area, at, 0, ink, ops->title);
    at = al_screen_put(screen, pane->area, at, 0, ink, " ");
    if (ops->add_title)
        ops->add_title(pane->view, now, &info);
    if (info.length > 0) {
        at = al_screen_put(screen, pane->area, at, 0, AL_INK_PLAIN,
                           info.bytes);
        if (at >= pane->area.width)
            at = al_screen_put(screen, pane->area, pane->area.width - 1, 0,
                               AL_INK_PLAIN, now->glyphs->more);
        at = al_screen_put(screen, pane->area, at, 0, AL_INK_PLAIN, " ");
    }
    al_screen_fill(screen, pane->area, at, 0, pane->area.width, AL_INK_FRAME,
                   now->glyphs->across);
    al_text_release(&info);
}

static bool is_found(const al_row *row, const char *pattern)
{
    return pattern && *pattern &&
           strcasestr(al_text_peek(&row->text), pattern);
}

/* Is it about what the latest event was, or changed?  Told by the event alone:
 * that a timer's rest is shorter, as is everyone's, is no change. */
static bool is_changed(const al_row *row, const al_moment *now)
{
    if (!now->event)
        return false;
    if (row->thing.kind == AL_THING_EVENT)
        return row->thing.id == now->at;
    return al_event_changes(now->event, row->thing) ||
           al_event_changes(now->event, row->also);
}

/* What it says otherwise than the other half comes into sight. */
static void show_parting(const al_pane *pane, const al_moment *now,
                         al_row *row)
{
    size_t parting = al_contrast_parting(now->contrast, name_of(pane),
                                         row);

    if (row->skip == 0 && parting > 0)
        al_row_bring_into_sight(row, parting, (size_t)width_of(pane, now),
                                now->glyphs->more);
}

/* A column before the rows says what is not in the other half. */
static unsigned draw_contrast(const al_pane *pane, const al_moment *now,
                              al_screen *screen, al_area body, int line,
                              al_row *row)
{
    al_twin_kind kind;

    if (!now->contrast)
        return 0;
    kind = al_contrast_kind(now->contrast, name_of(pane), row);
    if (kind == AL_TWIN_SAME)
        return 0;
    al_screen_put(screen, body, 0, line, AL_INK_WARNING,
                  kind == AL_TWIN_ALONE ? "+" : now->glyphs->differs);
    if (kind == AL_TWIN_CHANGED)
        show_parting(pane, now, row);
    return AL_CELL_DIFFERS;
}

static unsigned flags_of(const al_row *row, const al_moment *now,
                         bool is_selected, const char *pattern)
{
    unsigned flags = 0;

    if (is_selected)
        flags |= AL_CELL_CHOSEN;
    if (is_changed(row, now))
        flags |= AL_CELL_CHANGED;
    if (is_found(row, pattern))
        flags |= AL_CELL_FOUND;
    return flags;
}

static void draw_rows(const al_pane *pane, const al_moment *now,
                      size_t count, al_screen *screen, bool has_focus,
                      const char *pattern)
{
    size_t first = offset_of(pane, now, count);
    size_t cursor = cursor_among(pane, now, count);
    size_t shown = shown_of(pane, first, count);
    al_area body = pane->area, text;
    al_row *rows;

    body.y++;
    body.height--;
    text = body;
    if (now->contrast) {
        text.x++;
        text.width--;
    }
    rows = fill_rows(pane, now, first, shown);
    for (size_t i = 0; i < shown; i++) {
        bool is_selected = first + i == cursor &&
                           (has_focus || pane->has_chosen);
        unsigned flags = flags_of(&rows[i], now, is_selected, pattern);

        flags |= draw_contrast(pane, now, screen, body, (int)i, &rows[i]);
        al_screen_put_row(screen, text, (int)i, &rows[i], flags,
                          now->glyphs->more);
    }
    free_rows(rows, shown);
}

void al_pane_tell(const al_pane *pane, const al_moment *now,
                  void (*tell)(void *self, const char *name,
                               const al_row *row),
                  void *self)
{
    size_t count, first;
    al_row row = {0};

    pane->view->width = width_of(pane, now);
    count = count_of(pane, now);
    first = offset_of(pane, now, count);
    for (size_t i = 0; i < (size_t)al_pane_room(pane); i++) {
        if (first + i >= count)
            break;
        fill_row(pane, now, first + i, &row);
        tell(self, name_of(pane), &row);
    }
    al_row_release(&row);
}

void al_pane_draw(const al_pane *pane, const al_moment *now,
                  al_screen *screen, bool has_focus, const char *pattern)
{
    size_t count;

    if (pane->area.height < 1 || pane->area.width < 1)
        return;
    pane->view->width = width_of(pane, now);
    count = count_of(pane, now); /* the view has looked at the moment then */
    draw_title(pane, now, screen, has_focus);
    draw_rows(pane, now, count, screen, has_focus, pattern);
}
