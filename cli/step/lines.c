/* lines.c - the status above the panes; messages, what is typed and
 * the keys below. */
#include "cli/step/private.h"

#include <math.h>
#include <string.h>
#include "cli/page.h"
#include "cli/tui/phase.h"
#include "loop/base/utf8.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"
#include "sim/base/wrap.h"

/* -- above -------------------------------------------------------------------- */

enum { LEAST_TITLE = 8 }; /* columns */

/* How much is said: less where there is less room. */
typedef enum detail { WHOLE, BRIEF, BRIEFEST } detail;

static void add_where(const al_stepper *s, const al_moment *now, detail d,
                      al_text *out)
{
    double known = al_history_progress(s->history);

    al_text_add_format(out, "event %llu",
                       (unsigned long long)now->at);
    if (d == BRIEFEST)
        return;
    if (al_history_is_complete(s->history))
        al_text_add_format(out, "/%llu", (unsigned long long)
                           al_history_known(s->history));
    else if (!isnan(known))
        al_text_add_format(out, " reading %.0f%%", 100 * known);
    else
        al_text_add_format(out, "/%llu+", (unsigned long long)
                           al_history_known(s->history));
}

static void add_status(const al_stepper *s, const al_moment *now, detail d,
                       al_text *out)
{
    double time = al_state_time(now->state);

    if (al_state_loop_count(now->state) > 1)
        al_text_add_format(out, "l%llu  ", (unsigned long long)s->loop);
    if (s->play.is_on)
        al_text_add_format(out, "%s %g/s  ",
                           s->play.is_back ? "running back" : "running",
                           al_play_speed(&s->play));
    if (now->loop) {
        al_text_add_format(out, "iteration %llu  ",
                           (unsigned long long)now->loop->iteration);
        if (d == WHOLE)
            al_page_add_seconds(out, time);
        else
            al_page_add_brief_seconds(out, time);
        al_text_add(out, "  ");
    }
    add_where(s, now, d, out);
}

/* -- the strip of phases ---------------------------------------------------------- */

typedef enum strip_kind { NAMES, INITIALS, LIT_ALONE } strip_kind;

/* What is shown of a phase. */
static void add_phase(al_text *out, int phase, bool is_lit,
                      strip_kind kind)
{
    const char *name = al_phase_name((al_phase)phase);

    if (is_lit)
        al_text_add_format(out, "[%s]", name);
    else if (kind == NAMES)
        al_text_add_format(out, " %s ", name);
    else if (kind == INITIALS)
        al_text_add_format(out, " %c ", name[0]);
}

static al_phase phase_of(const al_moment *now)
{
    return al_phase_at(now->loop, now->event ? now->event->kind
                                             : AL_EVENT_COUNT);
}

/* The phases, the one it is in lit. */
static void draw_strip(const al_moment *now, al_screen *screen, al_area area,
                       int column, strip_kind kind)
{
    al_text text = {0};

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++) {
        bool is_lit = i == (int)phase_of(now);

        al_text_clear(&text);
        add_phase(&text, i, is_lit, kind);
        column = al_screen_put(screen, area, column, 0,
                               is_lit ? AL_INK_PHASE : AL_INK_DIM,
                               al_text_peek(&text));
    }
    al_text_release(&text);
}

/* The same for all phases, lest what is left of it moves. */
static int strip_width(strip_kind kind)
{
    int all = 0, longest = 0;

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++) {
        int name = (int)al_escape_columns(al_phase_name((al_phase)i));

        all += kind == NAMES ? name + 2 : kind == INITIALS ? 3 : 0;
        longest = name > longest ? name : longest;
    }
    return kind == NAMES      ? all
           : kind == INITIALS ? all - 1 + longest : longest + 2;
}

typedef struct above { /* what the line at the top has room for */
    strip_kind strip;
    al_text status;
} above;

/* The first of these that fits; the last one in any case. */
static void choose_above(const al_stepper *s, const al_moment *now, int width,
                         above *a)
{
    static const struct { detail detail; strip_kind strip; } choices[] = {
        {WHOLE, NAMES},     {WHOLE, INITIALS},     {WHOLE, LIT_ALONE},
        {BRIEF, LIT_ALONE}, {BRIEFEST, LIT_ALONE},
    };

    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        al_text_clear(&a->status);
        add_status(s, now, choices[i].detail, &a->status);
        a->strip = choices[i].strip;
        if ((int)al_escape_columns(a->status.bytes) + 2 +
                strip_width(a->strip) <= width)
            return;
    }
}

/* The path, or its last part, or what there is room for. */
static void add_title(const char *path, int room, al_text *out)
{
    const char *name = al_path_name(path);

    if (*name && (int)al_escape_columns(path) > room)
        path = name;
    if (room >= LEAST_TITLE)
        al_escape_add_middle_cut(out, path, (size_t)room);
}

/* What lasts: that the file is another one by now, or that it stays at the end;
 * unless that would cost the title its room.  Returns the columns that it
 * takes. */
static int add_lasting(const al_stepper *s, int room, al_text *out)
{
    const char *word = al_followed_is_outdated(&s->file) ? "changed  "
                       : al_stepper_is_tailing(s)        ? "tail  " : "";
    int rest = room - (int)strlen(word);

    if (rest < 0 || (room >= LEAST_TITLE && rest < LEAST_TITLE))
        return 0;
    al_text_add(out, word);
    return (int)strlen(word);
}

/* The title gives way to the rest. */
static void draw_above(const al_stepper *s, const al_moment *now,
                       al_screen *screen)
{
    al_area area = {0, 0, screen->width, 1};
    al_text title = {0}, lasting = {0};
    above a = {0};
    int strip, used, room;

    choose_above(s, now, area.width, &a);
    strip = area.width - strip_width(a.strip);
    room = strip - (int)al_escape_columns(a.status.bytes) - 4;
    room -= add_lasting(s, room, &lasting);
    add_title(s->file.origin.path, room, &title);
    al_screen_fill(screen, area, 0, 0, area.width, AL_INK_STATUS, " ");
    used = al_screen_put(screen, area, 0, 0, AL_INK_TITLE,
                         al_text_peek(&title));
    used = al_screen_put(screen, area, used ? used + 2 : 0, 0, AL_INK_STATUS,
                         al_text_peek(&lasting));
    al_screen_put(screen, area, used, 0, AL_INK_STATUS, a.status.bytes);
    draw_strip(now, screen, area, strip, a.strip);
    al_text_release(&a.status);
    al_text_release(&title);
    al_text_release(&lasting);
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
    if (now->at > 0 && !al_condition_value_is(&value, &watch->before)) {
        al_text_clear(&text);
        al_condition_value_add(&watch->before, &text);
        al_row_add_format(row, AL_INK_DIM, ", was %s", al_text_peek(&text));
    }
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

static size_t line_length(const char *text, int width)
{
    return al_wrap_line(text, (size_t)width, '\0');
}

/* What does not fit on a line has more above it, over the panes, lest its end
 * is lost; a text that would fill the screen ends in the last. */
static void draw_lines(const al_stepper *s, al_ink ink, const char *text,
                       al_screen *screen, al_area area)
{
    const char *const more = s->options.glyphs->more;
    int most = screen->height - al_stepper_lines_above(s) - 1, lines = 1;
    const char *rest = text;

    while (lines < most &&
           *(rest = al_wrap_rest(rest, line_length(rest, area.width))))
        lines++;
    area.y -= lines - 1;
    area.height = lines;
    for (int i = 0; i < lines; i++) {
        size_t length = line_length(text, area.width);
        al_row row = {0};

        al_screen_fill(screen, area, 0, i, area.width, AL_INK_PLAIN, " ");
        al_row_add_format(&row, ink, "%.*s",
                          (int)(i + 1 < lines ? length : strlen(text)), text);
        al_screen_put_row(screen, area, i, &row, 0, more);
        text = al_wrap_rest(text, length);
        al_row_release(&row);
    }
}

static void draw_message(const al_stepper *s, al_screen *screen, al_area area)
{
    al_text text = {0}, safe = {0};

    if (s->count > 0)
        al_text_add_format(&text, "%ld", s->count);
    else if (!al_stepper_repeats_words(s, al_text_peek(&s->message),
                                       area.width))
        al_text_add_as_line(&text, al_text_peek(&s->message),
                            s->options.glyphs->line_end);
    al_escape_add(&safe, al_text_peek(&text));
    draw_lines(s, s->count > 0 ? AL_INK_MESSAGE : s->message_ink,
               al_text_peek(&safe), screen, area);
    al_text_release(&text);
    al_text_release(&safe);
}

typedef struct bar_key {
    al_request request;
    const char *what;
} bar_key;

/* The keys that matter most, the last of them in any case; what is told over
 * the panes has its own, and so have lines that lead nowhere. */
static const bar_key *bar_keys(const al_stepper *s, int *count, int *always)
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
    static const bar_key read[] = {
        {AL_REQ_DOWN, "down"},     {AL_REQ_UP, "up"},
        {AL_REQ_SEARCH, "find"},   {AL_REQ_CLOSE, "close"},
    };
    const bool is_told = s->pager.is_open, leads = is_told && s->pager.leads;

    *count = (int)(leads     ? sizeof told / sizeof *told
                   : is_told ? sizeof read / sizeof *read
                             : sizeof keys / sizeof *keys);
    *always = is_told ? 1 : 2;
    return leads ? told : is_told ? read : keys;
}

/* "s"; nothing where no key asks for it. */
static void add_bar_key(const al_stepper *s, const bar_key *k, al_text *key)
{
    al_key first = al_keymap_key(&s->config->keymap, k->request);

    al_text_clear(key);
    if (first != AL_KEY_NONE)
        al_key_add_name(key, first);
}

static int width_of(const bar_key *k, const al_text *key)
{
    return key->length ? (int)al_escape_columns(key->bytes) + 1 +
                             (int)al_escape_columns(k->what)
                       : 0;
}

static void draw_keys(const al_stepper *s, al_screen *screen, al_area area)
{
    int count, always, column = 0, kept = 0;
    const bar_key *keys = bar_keys(s, &count, &always);
    al_text key = {0};

    for (int i = count - always; i < count; i++) {
        add_bar_key(s, &keys[i], &key);
        kept += key.length ? width_of(&keys[i], &key) + 2 : 0;
    }
    for (int i = 0; i < count; i++) {
        add_bar_key(s, &keys[i], &key);
        if (key.length == 0 ||
            (i < count - always &&
             column + width_of(&keys[i], &key) + kept > area.width))
            continue;
        column = al_screen_put(screen, area, column, 0, AL_INK_TITLE,
                               key.bytes);
        column = al_screen_put(screen, area, column + 1, 0, AL_INK_BAR,
                               keys[i].what) + 2;
    }
    al_text_release(&key);
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
    if (s->asking != AL_REQ_NONE)
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

    if (s->asking == AL_REQ_NONE || screen->height < AL_LINES_BELOW)
        return false;
    *x = cursor_column(s, screen->width, &first);
    *y = screen->height - AL_LINES_BELOW;
    return true;
}
