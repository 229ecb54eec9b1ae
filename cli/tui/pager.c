/* pager.c - see pager.h. */
#include "cli/tui/pager.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "cli/page.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

static void free_page(al_pager_page *page)
{
    al_free(page->title);
    al_free(page->text);
}

static void forget_below(al_pager *pager)
{
    while (pager->below_count > 0)
        free_page(&pager->below[--pager->below_count]);
}

void al_pager_release(al_pager *pager)
{
    forget_below(pager);
    al_text_release(&pager->title);
    al_text_release(&pager->text);
    al_free(pager->lines);
    pager->lines = NULL;
    pager->count = pager->capacity = 0;
}

/* The line of that index, copied. */
static void get_line(const al_pager *pager, size_t index, al_text *line)
{
    const al_pager_line *its = &pager->lines[index];

    al_text_clear(line);
    al_text_add_bytes(line, al_text_peek(&pager->text) + its->start,
                      its->length);
}

static void add_line(al_pager *pager, const char *from, const char *end)
{
    const char *text = al_text_peek(&pager->text), *at = from;
    uint64_t event = al_page_skip_anchor(&at);
    al_pager_line *line;
    al_text copy = {0};
    size_t columns;

    pager->lines = al_grow(pager->lines, &pager->capacity, pager->count + 1,
                           sizeof *pager->lines);
    line = &pager->lines[pager->count++];
    *line = (al_pager_line){.start = (size_t)(at - text),
                            .length = (size_t)(end - at), .event = event};
    al_text_add_bytes(&copy, at, line->length);
    columns = al_escape_columns(al_text_peek(&copy));
    pager->widest = columns > pager->widest ? columns : pager->widest;
    pager->leads |= event > 0;
    al_text_release(&copy);
}

static void choose_nearest(al_pager *pager, uint64_t at)
{
    uint64_t nearest = 0;

    pager->chosen = 0;
    for (size_t i = 0; i < pager->count; i++) {
        uint64_t event = pager->lines[i].event;

        if (event > nearest && event <= at) {
            nearest = event;
            pager->chosen = i;
        }
    }
}

void al_pager_replace(al_pager *pager, const char *title, const char *text,
                      uint64_t at)
{
    al_text_clear(&pager->title);
    al_text_add(&pager->title, title);
    al_text_clear(&pager->text);
    al_text_add(&pager->text, text);
    pager->first = pager->count = pager->widest = 0;
    pager->sideways = 0;
    pager->found = SIZE_MAX;
    pager->leads = false;
    for (const char *from = al_text_peek(&pager->text), *end;
         (end = strchr(from, '\n')) != NULL; from = end + 1)
        add_line(pager, from, end);
    choose_nearest(pager, at);
    pager->is_open = true;
}

void al_pager_open(al_pager *pager, const char *title, const char *text,
                   uint64_t at)
{
    forget_below(pager);
    al_pager_replace(pager, title, text, at);
}

void al_pager_open_over(al_pager *pager, const char *title, const char *text,
                        uint64_t at)
{
    al_pager_page *pages = pager->below;

    if (pager->below_count == AL_MOST_PAGES) {
        free_page(pages);
        memmove(pages, pages + 1, --pager->below_count * sizeof *pages);
    }
    pages[pager->below_count++] = (al_pager_page){
        .title = al_text_take(&pager->title),
        .text = al_text_take(&pager->text),
        .first = pager->first,
        .chosen = pager->chosen,
    };
    al_pager_replace(pager, title, text, at);
}

bool al_pager_go_back(al_pager *pager)
{
    al_pager_page page;

    if (pager->below_count == 0)
        return false;
    page = pager->below[--pager->below_count];
    al_pager_replace(pager, page.title, page.text, 0);
    pager->first = page.first;
    pager->chosen = page.chosen;
    free_page(&page);
    return true;
}

static size_t last_first(const al_pager *pager)
{
    size_t room = (size_t)(pager->room > 0 ? pager->room : 1);

    return pager->count > room ? pager->count - room : 0;
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

static void draw_line(const al_pager *pager, size_t index, const char *line,
                      al_screen *screen, al_area body, const char *pattern,
                      const al_glyphs *glyphs)
{
    bool is_heading = *line && *line != ' ';
    bool is_found = pattern && *pattern && strcasestr(line, pattern);
    bool is_chosen = pager->leads && index == pager->chosen;
    al_row row = {0};

    al_row_add(&row, is_heading ? AL_INK_TITLE : AL_INK_PLAIN, line);
    row.skip = pager->sideways;
    al_screen_put_row(screen, body, (int)(index - pager->first), &row,
                      (is_found ? AL_CELL_FOUND : 0) |
                          (is_chosen ? AL_CELL_CHOSEN : 0), glyphs->more);
    al_row_release(&row);
    if (is_chosen)
        al_screen_put(screen, (al_area){body.x - 1, body.y, 1, body.height}, 0,
                      (int)(index - pager->first), AL_INK_CURRENT,
                      glyphs->pointer);
}

/* Scroll so far that the line that is lit is in sight. */
static void show_chosen(al_pager *pager)
{
    size_t room = (size_t)(pager->room > 0 ? pager->room : 1);

    if (!pager->leads)
        return;
    if (pager->chosen < pager->first)
        pager->first = pager->chosen;
    if (pager->chosen >= pager->first + room)
        pager->first = pager->chosen - room + 1;
}

static al_area body_of(al_area area)
{
    return (al_area){area.x + 1, area.y + 1, area.width - 2, area.height - 1};
}

void al_pager_place(al_pager *pager, al_area area)
{
    al_area body = body_of(area);

    pager->top = body.y;
    pager->room = body.height;
    pager->width = body.width;
    if (pager->first > last_first(pager))
        pager->first = last_first(pager);
    show_chosen(pager);
}

void al_pager_draw(al_pager *pager, al_screen *screen, al_area area,
                   const al_glyphs *glyphs, const char *pattern)
{
    al_area body = body_of(area);
    al_text line = {0};

    al_pager_place(pager, area);
    draw_title(pager, screen, area, glyphs);
    for (size_t i = pager->first;
         i < pager->count && i < pager->first + (size_t)pager->room; i++) {
        get_line(pager, i, &line);
        draw_line(pager, i, al_text_peek(&line), screen, body, pattern,
                  glyphs);
    }
    al_text_release(&line);
}

static size_t moved(size_t from, long by, size_t last)
{
    size_t lines = by < 0 ? (size_t)-by : (size_t)by;

    if (by < 0)
        return from > lines ? from - lines : 0;
    return from >= last || lines >= last - from ? last : from + lines;
}

/* The first of the lines that tell of one event. */
static size_t first_of_event(const al_pager *pager, size_t line)
{
    while (line > 0 && pager->lines[line].event > 0 &&
           pager->lines[line - 1].event == pager->lines[line].event)
        line--;
    return line;
}

/* Lines of one event are gone over together. */
static size_t next_choice(const al_pager *pager, size_t line, bool is_back)
{
    size_t last = pager->count - 1, from = first_of_event(pager, line);

    if (is_back)
        return from > 0 ? first_of_event(pager, from - 1) : 0;
    while (line < last && first_of_event(pager, line) == from)
        line++;
    return first_of_event(pager, line);
}

/* What is lit moves where something is, else all of the text. */
static void go(al_pager *pager, long lines)
{
    size_t before = pager->chosen, first = pager->first;

    if (!pager->leads) {
        pager->first = moved(first, lines, last_first(pager));
        if (pager->first != first)
            pager->found = SIZE_MAX;
        return;
    }
    for (long left = labs(lines); left > 0; left--, before = pager->chosen) {
        pager->chosen = next_choice(pager, before, lines < 0);
        if (pager->chosen == before)
            break;
    }
}

uint64_t al_pager_chosen(const al_pager *pager, al_text *out)
{
    if (!pager->leads)
        return 0;
    get_line(pager, pager->chosen, out);
    return pager->lines[pager->chosen].event;
}

bool al_pager_press(al_pager *pager, int y)
{
    size_t index = pager->first + (size_t)(y - pager->top);
    bool was_lit = index == pager->chosen;

    if (!pager->leads || y < pager->top || y >= pager->top + pager->room ||
        index >= pager->count)
        return false;
    pager->chosen = index;
    return was_lit;
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
        go(pager, -count);
        return true;
    case AL_REQ_DOWN:
        go(pager, count);
        return true;
    case AL_REQ_PAGE_UP:
        go(pager, -page * count);
        return true;
    case AL_REQ_PAGE_DOWN:
        go(pager, page * count);
        return true;
    case AL_REQ_RIGHT:
        scroll_sideways(pager, columns);
        return true;
    case AL_REQ_LEFT:
        scroll_sideways(pager, -columns);
        return true;
    case AL_REQ_FIRST:
        go(pager, -(long)pager->count);
        return true;
    case AL_REQ_LAST:
        go(pager, (long)pager->count);
        return true;
    case AL_REQ_CLOSE:
    case AL_REQ_QUIT:
        pager->is_open = false;
        return true;
    default:
        return false;
    }
}

static bool line_has(void *lines, size_t index, const char *pattern)
{
    al_text line = {0};
    bool has;

    get_line(lines, index, &line);
    has = strcasestr(al_text_peek(&line), pattern) != NULL;
    al_text_release(&line);
    return has;
}

/* The line that a search goes on from.  What was found may stand anywhere in
 * sight: on the last page no line below can be scrolled to the top. */
static size_t search_from(const al_pager *pager, bool is_back)
{
    if (pager->leads)
        return pager->chosen;
    if (pager->found != SIZE_MAX)
        return pager->found;
    if (pager->first == 0)
        return SIZE_MAX;
    return is_back ? pager->first : pager->first - 1;
}

void al_pager_search_from(al_pager *pager, size_t byte)
{
    size_t line = 0;

    while (line + 1 < pager->count && pager->lines[line + 1].start <= byte)
        line++;
    if (pager->leads)
        pager->chosen = line;
    else
        pager->found = line > 0 ? line - 1 : SIZE_MAX;
}

al_search_end al_pager_search(al_pager *pager, const al_search *search)
{
    size_t at = search_from(pager, search->is_back);
    al_search_end end = al_search_lines(search, pager->count, line_has, pager,
                                        &at);

    if (end != AL_SEARCH_FOUND && end != AL_SEARCH_ROUND)
        return end;
    if (pager->leads) {
        pager->chosen = at;
    } else {
        pager->found = at;
        pager->first = at < last_first(pager) ? at : last_first(pager);
    }
    return end;
}
