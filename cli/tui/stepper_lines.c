/* stepper_lines.c - the status above the panes; messages, what is typed and
 * the keys below. */
#include "cli/tui/stepper_private.h"

#include <math.h>
#include "cli/page.h"
#include "cli/tui/phase.h"
#include "loop/base/utf8.h"
#include "sim/base/escape.h"

/* -- above -------------------------------------------------------------------- */

static void add_where(const al_stepper *s, const al_moment *now, al_text *out)
{
    double known = al_history_progress(s->history);

    al_text_add_format(out, "event %llu",
                       (unsigned long long)now->at);
    if (al_history_is_complete(s->history))
        al_text_add_format(out, "/%llu", (unsigned long long)
                           al_history_known(s->history));
    else if (!isnan(known))
        al_text_add_format(out, " reading %.0f%%", 100 * known);
    else
        al_text_add_format(out, "/%llu+", (unsigned long long)
                           al_history_known(s->history));
}

static void add_status(const al_stepper *s, const al_moment *now,
                       al_text *out)
{
    if (al_state_loop_count(now->state) > 1)
        al_text_add_format(out, "l%llu  ", (unsigned long long)s->loop);
    if (s->play.is_on)
        al_text_add_format(out, "%s %g/s  ",
                           s->play.is_back ? "running back" : "running",
                           al_play_speed(&s->play));
    if (now->loop) {
        al_text_add_format(out, "iteration %llu  ",
                           (unsigned long long)now->loop->iteration);
        al_page_add_seconds(out, now->event ? now->event->time
                                            : now->loop->time);
        al_text_add(out, "  ");
    }
    add_where(s, now, out);
}

/* The phases, the one it is in lit. */
static int draw_strip(const al_moment *now, al_screen *screen, al_area area,
                      int column)
{
    al_phase phase = al_phase_at(now->loop, now->event ? now->event->kind
                                                       : AL_EVENT_COUNT);

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++) {
        al_ink ink = i == (int)phase ? AL_INK_PHASE : AL_INK_DIM;

        column = al_screen_put(screen, area, column, 0, ink,
                               i == (int)phase ? "[" : " ");
        column = al_screen_put(screen, area, column, 0, ink,
                               al_phase_name((al_phase)i));
        column = al_screen_put(screen, area, column, 0, ink,
                               i == (int)phase ? "]" : " ");
    }
    return column;
}

static int strip_width(void)
{
    int width = 0;

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++)
        width += (int)al_escape_columns(al_phase_name((al_phase)i)) + 2;
    return width;
}

/* The title gives way to the rest. */
static void draw_above(const al_stepper *s, const al_moment *now,
                       al_screen *screen)
{
    al_area area = {0, 0, screen->width, 1};
    al_text status = {0}, title = {0};
    int strip = area.width - strip_width();
    int room;

    add_status(s, now, &status);
    if (strip < (int)al_escape_columns(status.bytes) + 2)
        strip = area.width; /* no room for the strip */
    room = strip - (int)al_escape_columns(status.bytes) - 4;
    if (room > 3)
        al_escape_add_middle_cut(&title, s->options.title, (size_t)room);
    al_screen_fill(screen, area, 0, 0, area.width, AL_INK_STATUS, " ");
    room = al_screen_put(screen, area, 0, 0, AL_INK_TITLE,
                         al_text_peek(&title));
    al_screen_put(screen, area, room ? room + 2 : 0, 0, AL_INK_STATUS,
                  status.bytes);
    if (strip < area.width)
        draw_strip(now, screen, area, strip);
    al_text_release(&status);
    al_text_release(&title);
}

/* -- watches ------------------------------------------------------------------ */

int al_stepper_lines_above(const al_stepper *s)
{
    for (size_t i = 0; i < s->breakpoints.count; i++) {
        if (s->breakpoints.items[i].is_watch)
            return 2;
    }
    return 1;
}

static void add_watch(const al_stepper *s, const al_moment *now,
                      const al_breakpoint *watch, al_row *row)
{
    al_condition_value value = al_watch_value(watch, now->event, now->state,
                                              s->loop);
    al_text text = {0};

    al_condition_value_add(&value, &text);
    al_row_add_format(row, AL_INK_DIM, "%u %s ", watch->number, watch->text);
    al_row_add(row, AL_INK_FOUND, al_text_peek(&text));
    al_row_add(row, AL_INK_PLAIN, "  ");
    al_text_release(&text);
}

static void draw_watches(const al_stepper *s, const al_moment *now,
                         al_screen *screen)
{
    al_area area = {0, 1, screen->width, 1};
    al_row row = {0};

    for (size_t i = 0; i < s->breakpoints.count; i++) {
        if (s->breakpoints.items[i].is_watch)
            add_watch(s, now, &s->breakpoints.items[i], &row);
    }
    if (row.text.length > 0)
        al_screen_put_row(screen, area, 0, &row, 0, s->options.glyphs->more);
    al_row_release(&row);
}

/* -- below -------------------------------------------------------------------- */

/* The cursor's column; what is typed is shown from *first on, so that it is in
 * sight. */
static int cursor_column(const al_stepper *s, int width, size_t *first)
{
    int label = (int)al_escape_columns(s->prompt.label), column;
    al_text before = {0};

    al_text_add_bytes(&before, al_text_peek(&s->prompt.text),
                      s->prompt.cursor);
    *first = 0;
    do {
        const char *rest = al_text_peek(&before) + *first;
        uint32_t code;

        column = label + (int)al_escape_columns(rest);
        if (column >= width)
            *first += al_character_at(rest, before.length - *first, &code);
    } while (column >= width && *first < before.length);
    al_text_release(&before);
    return column;
}

static void draw_prompt(const al_stepper *s, al_screen *screen, al_area area)
{
    int column = al_screen_put(screen, area, 0, 0, AL_INK_MESSAGE,
                               s->prompt.label);
    size_t first;

    cursor_column(s, area.width, &first);
    al_screen_put(screen, area, column, 0, AL_INK_PLAIN,
                  al_text_peek(&s->prompt.text) + first);
}

static void draw_message(const al_stepper *s, al_screen *screen, al_area area)
{
    al_row row = {0};

    if (s->count > 0) {
        al_row_add_format(&row, AL_INK_MESSAGE, "%ld", s->count);
    } else if (s->message.length > 0) {
        al_row_add(&row, s->message_ink, s->message.bytes);
    }
    al_screen_put_row(screen, area, 0, &row, 0, s->options.glyphs->more);
    al_row_release(&row);
}

typedef struct bar_key {
    al_request request;
    const char *what;
} bar_key;

/* The keys that matter most; what is told over the panes has its own. */
static const bar_key *bar_keys(const al_stepper *s, size_t *count)
{
    static const bar_key told[] = {
        {AL_REQ_DOWN, "down"},     {AL_REQ_UP, "up"},
        {AL_REQ_STORY, "go there"}, {AL_REQ_SEARCH, "find"},
        {AL_REQ_CLOSE, "close"},
    };
    static const bar_key keys[] = {
        {AL_REQ_EVENT, "event"},         {AL_REQ_CALLBACK, "callback"},
        {AL_REQ_ITERATION, "iteration"}, {AL_REQ_CONTINUE, "continue"},
        {AL_REQ_BREAK, "break"},         {AL_REQ_SEARCH, "find"},
        {AL_REQ_EXPLAIN, "explain"},     {AL_REQ_HELP, "help"},
        {AL_REQ_QUIT, "quit"},
    };
    bool is_told = s->pager.is_open && s->pager.leads;

    *count = is_told ? sizeof told / sizeof *told : sizeof keys / sizeof *keys;
    return is_told ? told : keys;
}

static void draw_keys(const al_stepper *s, al_screen *screen, al_area area)
{
    size_t count;
    const bar_key *keys = bar_keys(s, &count);
    al_text name = {0};
    int column = 0;

    for (size_t i = 0; i < count; i++) {
        al_key key = al_keymap_key(&s->config->keymap, keys[i].request);

        al_text_clear(&name);
        if (key != AL_KEY_NONE)
            al_key_add_name(&name, key);
        if (column + (int)al_escape_columns(al_text_peek(&name)) + 1 +
                (int)al_escape_columns(keys[i].what) > area.width)
            break;
        if (key == AL_KEY_NONE)
            continue;
        column = al_screen_put(screen, area, column, 0, AL_INK_TITLE,
                               name.bytes);
        column = al_screen_put(screen, area, column + 1, 0, AL_INK_BAR,
                               keys[i].what) + 2;
    }
    al_text_release(&name);
}

/* Words to choose from, from the one on with which the chosen is in sight. */
static void draw_words(const al_stepper *s, al_screen *screen, al_area area)
{
    const al_completion *c = &s->completion;
    size_t first = 0;
    int column = 0;

    for (size_t i = 0; i <= c->chosen && i < c->count; i++) {
        column += (int)al_escape_columns(c->words[i]) + 2;
        if (column > area.width) {
            first = i;
            column = (int)al_escape_columns(c->words[i]) + 2;
        }
    }
    column = 0;
    for (size_t i = c->chosen < c->count ? first : 0; i < c->count; i++) {
        if (column + (int)al_escape_columns(c->words[i]) > area.width) {
            al_screen_put(screen, area, area.width - 1, 0, AL_INK_DIM,
                          s->options.glyphs->more);
            break;
        }
        column = al_screen_put(screen, area, column, 0,
                               i == c->chosen ? AL_INK_FOCUS : AL_INK_BAR,
                               c->words[i]) + 2;
    }
}

void al_stepper_draw_lines(const al_stepper *s, al_screen *screen)
{
    al_area message = {0, screen->height - AL_LINES_BELOW, screen->width, 1};
    al_area bar = {0, screen->height - 1, screen->width, 1};
    al_moment now = al_stepper_now(s);

    draw_above(s, &now, screen);
    draw_watches(s, &now, screen);
    if (s->asking != AL_ASKS_NOTHING)
        draw_prompt(s, screen, message);
    else
        draw_message(s, screen, message);
    if (s->completion.count > 0)
        draw_words(s, screen, bar);
    else
        draw_keys(s, screen, bar);
}

bool al_stepper_cursor(const al_stepper *s, const al_screen *screen, int *x,
                       int *y)
{
    size_t first;

    if (s->asking == AL_ASKS_NOTHING || screen->height < AL_LINES_BELOW)
        return false;
    *x = cursor_column(s, screen->width, &first);
    *y = screen->height - AL_LINES_BELOW;
    return true;
}
