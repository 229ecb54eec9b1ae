/* halves.c - two traces on one screen: see private.h and beside.h. */
#include "cli/step/private.h"

#include <string.h>
#include "cli/page.h"
#include "cli/tui/contrast.h"
#include "sim/base/escape.h"

/* Lines of the body that no pane has: the titles, and how they part. */
enum { TITLES = 1, WORDS = 1 };

/* Bytes of images: two share what one has. */
enum { BUDGET = 128 << 20 };

/* -- which one is driven -------------------------------------------------- */

void al_stepper_exchange(al_stepper *s)
{
    al_beside *b = s->beside;
    al_history *history = s->history;
    al_layout layout = s->layout;
    al_bookmarks marks = s->marks;
    uint64_t loop = s->loop;
    al_followed file = s->file;

    s->history = b->history;
    s->layout = b->layout;
    s->marks = b->marks;
    s->loop = b->loop;
    s->file = b->file;
    b->history = history;
    b->layout = layout;
    b->marks = marks;
    b->loop = loop;
    b->file = file;
    b->driven = b->driven == AL_LEFT ? AL_RIGHT : AL_LEFT;
}

/* Both halves show the same panes. */
static void share_layout(const al_stepper *s)
{
    al_layout *other = &s->beside->layout;

    other->focus = s->layout.focus;
    other->is_zoomed = s->layout.is_zoomed;
    other->share = s->layout.share;
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        other->panes[i].is_shown = s->layout.panes[i].is_shown;
        other->panes[i].weight = s->layout.panes[i].weight;
        other->panes[i].sideways = s->layout.panes[i].sideways;
    }
}

void al_stepper_drive(al_stepper *s, al_side side)
{
    if (!s->beside || s->beside->driven == side)
        return;
    al_beside_follow(s->beside, s->history);
    share_layout(s);
    al_stepper_exchange(s);
}

/* From the last pane of a half to the first of the other. */
void al_stepper_turn(al_stepper *s, bool is_back)
{
    al_view_kind before = s->layout.focus;

    al_layout_turn(&s->layout, is_back);
    if (s->beside && (is_back ? s->layout.focus >= before
                              : s->layout.focus <= before))
        al_stepper_drive(s, s->beside->driven == AL_LEFT ? AL_RIGHT : AL_LEFT);
}

/* -- on and off ----------------------------------------------------------- */

void al_stepper_limit(const al_stepper *s, al_history *history)
{
    al_history_limit(history, s->beside ? BUDGET : 0);
}

void al_stepper_leave_beside(al_stepper *s)
{
    if (!s->beside)
        return;
    al_stepper_drive(s, AL_LEFT);
    al_layout_release(&s->layout);
    s->layout = s->beside->alone;
    al_stepper_close_history(s, s->beside->file.anew);
    al_stepper_close_history(s, s->beside->history);
    al_beside_free(s->beside);
    s->beside = NULL;
    al_stepper_limit(s, s->history);
}

bool al_stepper_beside(al_stepper *s, const char *path, al_text *why)
{
    al_origin origin = {.path = path};
    al_history *history = s->options.open
                              ? s->options.open(s->options.self, &origin, why)
                              : NULL;

    if (!history)
        return false;
    al_stepper_leave_beside(s);
    s->beside = al_beside_new(history, &origin, s->options.ignored);
    al_stepper_limit(s, s->history);
    al_stepper_limit(s, history);
    s->beside->alone = s->layout;
    al_beside_begin_layout(&s->layout);
    return true;
}

void al_stepper_open_beside(al_stepper *s, const char *path)
{
    al_text why = {0};

    if (al_stepper_beside(s, path, &why))
        al_stepper_say(s, AL_INK_MESSAGE, "beside '%s': :diff ends it", path);
    else
        al_stepper_say(s, AL_INK_ERROR, "%s",
                       why.length ? why.bytes : "it cannot be read");
    al_text_release(&why);
}

/* -- drawing -------------------------------------------------------------- */

static al_area half_of(al_area body, al_side side)
{
    al_area half = body;

    half.width = (body.width - 1) / 2;
    if (side == AL_RIGHT) {
        half.x += half.width + 1;
        half.width = body.width - half.width - 1;
    }
    return half;
}

static al_area panes_of(al_area half)
{
    half.y += TITLES;
    half.height -= TITLES + WORDS;
    return half;
}

static void draw_title(const al_stepper *s, const al_moment *now,
                       al_screen *screen, al_area half, bool is_driven)
{
    al_text where = {0}, name = {0};
    int room, at;

    if (al_followed_is_outdated(&s->file))
        al_text_add(&where, "changed  ");
    al_text_add_format(&where, "event %llu", (unsigned long long)now->at);
    if (now->loop) {
        al_text_add_format(&where, "  iteration %llu  ",
                           (unsigned long long)now->loop->iteration);
        al_page_add_brief_seconds(&where, al_state_time(now->state));
    }
    room = half.width - (int)al_escape_columns(where.bytes) - 4;
    if (room < 6) {
        al_text_clear(&where);
        al_text_add_format(&where, "event %llu", (unsigned long long)now->at);
        room = half.width - (int)al_escape_columns(where.bytes) - 4;
    }
    al_escape_add_middle_cut(&name, now->path, room < 3 ? 3 : (size_t)room);
    half.height = TITLES;
    al_screen_fill(screen, half, 0, 0, half.width, AL_INK_STATUS, " ");
    at = al_screen_put(screen, half, 0, 0, AL_INK_CURRENT,
                       is_driven ? now->glyphs->pointer : " ");
    at = al_screen_put(screen, half, at, 0,
                       is_driven ? AL_INK_FOCUS : AL_INK_TITLE, name.bytes);
    al_screen_put(screen, half, at + 2, 0, AL_INK_STATUS, where.bytes);
    al_text_release(&where);
    al_text_release(&name);
}

static void draw_words(const al_stepper *s, al_screen *screen, al_area body)
{
    al_area line = {body.x, body.y + body.height - WORDS, body.width, WORDS};
    al_text text = {0};
    al_row row = {0};

    al_beside_tell(s->beside, al_history_at(s->history), &text);
    al_row_add(&row, AL_INK_WARNING, al_text_peek(&text));
    al_screen_put_row(screen, line, 0, &row, 0, s->options.glyphs->more);
    al_row_release(&row);
    al_text_release(&text);
}

bool al_stepper_repeats_words(const al_stepper *s, const char *message,
                              int width)
{
    al_text text = {0};
    bool is_same;

    if (!*message || !s->beside || s->pager.is_open)
        return false;
    al_beside_tell(s->beside, al_history_at(s->history), &text);
    is_same = strcmp(message, al_text_peek(&text)) == 0 &&
              al_escape_columns(message) <= (size_t)width;
    al_text_release(&text);
    return is_same;
}

static void gather_row(void *self, const char *pane, const al_row *row)
{
    al_contrast_add(self, pane, row);
}

/* One half against the other's rows. */
static void draw_half(al_stepper *s, al_screen *screen, al_area body,
                      bool is_driven)
{
    al_contrast contrast = {.twins = &s->beside->twins,
                            .side = s->beside->driven,
                            .ignores_times = s->beside->ignored &
                                             AL_IGNORE_TIMES};
    al_moment now, other;

    al_stepper_exchange(s);
    other = al_stepper_now(s);
    al_layout_tell(&s->layout, &other, gather_row, &contrast);
    al_stepper_exchange(s);
    now = al_stepper_now(s);
    now.contrast = &contrast;
    s->layout.is_idle = !is_driven;
    al_layout_draw(&s->layout, &now, screen, is_driven ? s->pattern : NULL);
    draw_title(s, &now, screen, half_of(body, s->beside->driven), is_driven);
    al_contrast_release(&contrast);
}

/* The left half is the narrower one, if one is. */
static void place(al_stepper *s, al_area body)
{
    al_layout_place(&s->layout, panes_of(half_of(body, s->beside->driven)),
                    half_of(body, AL_LEFT).width);
}

void al_stepper_place_halves(al_stepper *s, al_area body)
{
    share_layout(s);
    place(s, body);
    al_stepper_exchange(s);
    place(s, body);
    al_stepper_exchange(s);
}

void al_stepper_draw_halves(al_stepper *s, al_screen *screen, al_area body)
{
    al_area between = {half_of(body, AL_LEFT).width, body.y, 1,
                       body.height - WORDS};

    al_beside_follow(s->beside, s->history);
    al_stepper_exchange(s);
    draw_half(s, screen, body, false);
    al_stepper_exchange(s);
    draw_half(s, screen, body, true);
    for (int line = 0; line < between.height; line++)
        al_screen_put(screen, between, 0, line, AL_INK_FRAME,
                      s->options.glyphs->down);
    draw_words(s, screen, body);
}
