/* pager.c - see pager.h. */
#include "cli/tui/pager.h"

#include <string.h>
#include "sim/base/escape.h"

void al_pager_release(al_pager *pager)
{
    al_text_release(&pager->title);
    al_text_release(&pager->text);
}

static void measure(al_pager *pager)
{
    const char *at = al_text_peek(&pager->text);
    al_text line = {0};

    for (const char *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
        size_t columns;

        al_text_clear(&line);
        al_text_add_bytes(&line, at, (size_t)(end - at));
        columns = al_escape_columns(al_text_peek(&line));
        pager->widest = columns > pager->widest ? columns : pager->widest;
        pager->lines++;
    }
    al_text_release(&line);
}

void al_pager_open(al_pager *pager, const char *title, const char *text)
{
    al_text_clear(&pager->title);
    al_text_add(&pager->title, title);
    al_text_clear(&pager->text);
    al_text_add(&pager->text, text);
    pager->first = pager->lines = pager->widest = 0;
    pager->sideways = 0;
    measure(pager);
    pager->is_open = true;
}

/* The line of that index, copied. */
static void get_line(const al_pager *pager, size_t index, al_text *line)
{
    const char *at = al_text_peek(&pager->text);

    while (index-- > 0)
        at = strchr(at, '\n') + 1;
    al_text_clear(line);
    al_text_add_bytes(line, at, strcspn(at, "\n"));
}

static size_t last_first(const al_pager *pager)
{
    size_t room = (size_t)(pager->room > 0 ? pager->room : 1);

    return pager->lines > room ? pager->lines - room : 0;
}

static void draw_title(const al_pager *pager, al_screen *screen, al_area area,
                       const al_glyphs *glyphs)
{
    int at = al_screen_fill(screen, area, 0, 0, 1, AL_INK_FRAME,
                            glyphs->across);

    at = al_screen_put(screen, area, at, 0, AL_INK_FOCUS, " ");
    at = al_screen_put(screen, area, at, 0, AL_INK_FOCUS,
                       al_text_peek(&pager->title));
    at = al_screen_put(screen, area, at, 0, AL_INK_FOCUS, " ");
    al_screen_fill(screen, area, at, 0, area.width, AL_INK_FRAME,
                   glyphs->across);
}

static void draw_line(const char *line, int skip, al_screen *screen,
                      al_area body, int y, const char *pattern,
                      const al_glyphs *glyphs)
{
    bool is_heading = *line && *line != ' ';
    bool is_found = pattern && *pattern && strcasestr(line, pattern);
    al_row row = {0};

    al_row_add(&row, is_heading ? AL_INK_TITLE : AL_INK_PLAIN, line);
    row.skip = skip;
    al_screen_put_row(screen, body, y, &row, is_found ? AL_CELL_FOUND : 0,
                      glyphs->more);
    al_row_release(&row);
}

void al_pager_draw(al_pager *pager, al_screen *screen, al_area area,
                   const al_glyphs *glyphs, const char *pattern)
{
    al_area body = {area.x + 1, area.y + 1, area.width - 2, area.height - 1};
    al_text line = {0};

    pager->room = body.height;
    pager->width = body.width;
    draw_title(pager, screen, area, glyphs);
    for (int y = 0; y < body.height; y++) {
        size_t index = pager->first + (size_t)y;

        if (index >= pager->lines)
            break;
        get_line(pager, index, &line);
        draw_line(al_text_peek(&line), pager->sideways, screen, body, y,
                  pattern, glyphs);
    }
    al_text_release(&line);
}

static void scroll(al_pager *pager, long lines)
{
    size_t last = last_first(pager);
    size_t by = lines < 0 ? (size_t)-lines : (size_t)lines;

    if (lines < 0)
        pager->first = pager->first > by ? pager->first - by : 0;
    else
        pager->first = by < last - pager->first ? pager->first + by : last;
}

static void scroll_sideways(al_pager *pager, long columns)
{
    long most = (long)pager->widest - pager->width;
    long to = pager->sideways + columns;

    to = to < most ? to : most;
    pager->sideways = to < 0 ? 0 : (int)to;
}

bool al_pager_request(al_pager *pager, al_request request, long typed)
{
    long page = pager->room > 1 ? pager->room - 1 : 1;
    long count = typed > 0 ? typed : 1, columns = typed > 0 ? typed : 8;

    switch (request) {
    case AL_REQ_UP:
        scroll(pager, -count);
        return true;
    case AL_REQ_DOWN:
        scroll(pager, count);
        return true;
    case AL_REQ_PAGE_UP:
        scroll(pager, -page * count);
        return true;
    case AL_REQ_PAGE_DOWN:
        scroll(pager, page * count);
        return true;
    case AL_REQ_RIGHT:
        scroll_sideways(pager, columns);
        return true;
    case AL_REQ_LEFT:
        scroll_sideways(pager, -columns);
        return true;
    case AL_REQ_FIRST:
        pager->first = 0;
        return true;
    case AL_REQ_LAST:
        pager->first = last_first(pager);
        return true;
    case AL_REQ_CLOSE:
    case AL_REQ_QUIT:
        pager->is_open = false;
        return true;
    default:
        return false;
    }
}

bool al_pager_search(al_pager *pager, const char *pattern, bool is_back)
{
    al_text line = {0};
    size_t at = pager->first;
    bool found = false;

    for (size_t i = 0; i < pager->lines && !found; i++) {
        at = is_back ? (at ? at - 1 : pager->lines - 1)
                     : (at + 1 < pager->lines ? at + 1 : 0);
        get_line(pager, at, &line);
        found = strcasestr(al_text_peek(&line), pattern) != NULL;
    }
    al_text_release(&line);
    if (found)
        pager->first = at < last_first(pager) ? at : last_first(pager);
    return found;
}
