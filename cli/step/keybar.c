/* keybar.c - the last line: the keys that matter most, or the words that may be
 * meant by what is being typed. */
#include "cli/step/private.h"

#include "sim/base/escape.h"

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

void al_stepper_draw_keys(const al_stepper *s, al_screen *screen)
{
    al_area line = {0, screen->height - 1, screen->width, 1};

    if (s->completion.count > 0)
        draw_words(s, screen, line);
    else
        draw_keys(s, screen, line);
}
