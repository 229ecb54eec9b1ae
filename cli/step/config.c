/* config.c - see config.h. */
#include "cli/step/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/json/suggest.h"

enum { MOST_WORDS = 16, LARGEST = 1 << 20, TOLD = -2 };

typedef struct word {
    size_t offset; /* in the text */
    char *text;    /* owned */
} word;

typedef struct setting { /* a line, while it is read */
    al_config *config;
    al_diagnostics *wrong;
    word words[MOST_WORDS];
    int count;
} setting;

void al_config_release(al_config *config)
{
    al_keymap_release(&config->keymap);
}

/* -- mistakes ------------------------------------------------------------- */

/* It is none of the names. */
static void refuse(const setting *s, int index, const char *what,
                   const char *const *names, size_t count)
{
    const word *w = &s->words[index];

    al_diagnose(s->wrong, w->offset, strlen(w->text),
                al_suggest(w->text, names, count), "there is no %s '%s'",
                what, w->text);
}

/* Which of the names it is; -1: none, told. */
static int find(const setting *s, int index, const char *what,
                const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], s->words[index].text) == 0)
            return (int)i;
    }
    refuse(s, index, what, names, count);
    return -1;
}

/* TOLD: it is none from..to. */
static int read_number(const setting *s, int index, int from, int to)
{
    const word *w = &s->words[index];
    char *end;
    long value = strtol(w->text, &end, 10);

    if (end != w->text && *end == '\0' && value >= from && value <= to)
        return (int)value;
    al_diagnose(s->wrong, w->offset, strlen(w->text), NULL,
                "'%s' is no number from %d to %d", w->text, from, to);
    return TOLD;
}

/* -- keys ----------------------------------------------------------------- */

static bool read_key(const setting *s, int index, al_key *key)
{
    const word *w = &s->words[index];
    const char *end = al_key_parse(w->text, key);
    bool is_digit = *key >= '0' && *key <= '9';

    if (end && !*end && !is_digit)
        return true;
    al_diagnose(s->wrong, w->offset, strlen(w->text), NULL,
                end && !*end ? "'%s' begins a number, which repeats commands"
                             : "there is no key '%s' (n, <Enter>, <C-d>, "
                               "<F5>; < is <lt>)", w->text);
    return false;
}

static void read_bind(setting *s)
{
    const char *names[AL_REQ_COUNT];
    al_key key = AL_KEY_NONE;
    int request;

    names[AL_REQ_NONE] = "none";
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++)
        names[i] = al_request_specs[i].name;
    if (!read_key(s, 1, &key))
        return;
    request = find(s, 2, "command", names, AL_REQ_COUNT);
    if (request >= 0)
        al_keymap_bind(&s->config->keymap, key, (al_request)request);
}

/* -- looks ---------------------------------------------------------------- */

static const char *const inks[] = {
#define NAME(INK, name, meaning) #name,
    AL_INKS(NAME)
#undef NAME
};

/* Colours in the terminal's order, then attributes in that of their bits. */
static const char *const looks[] = {
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow",
    "bright-blue", "bright-magenta", "bright-cyan", "bright-white",
    "default", "bold", "dim", "underline", "reverse",
};

enum { DEFAULT = 16, BOLD = 17, LOOKS = sizeof looks / sizeof *looks };

/* A colour's number, or the default; AL_COLOURS + n: the n-th attribute;
 * TOLD: it is none of them. */
static int read_look(const setting *s, int index)
{
    const char *text = s->words[index].text;
    int which;

    if (*text >= '0' && *text <= '9')
        return read_number(s, index, 0, AL_COLOURS - 1);
    which = find(s, index, "colour", looks, LOOKS);
    return which < 0          ? TOLD
           : which == DEFAULT ? AL_COLOUR_DEFAULT
           : which >= BOLD    ? AL_COLOURS + which - BOLD
                              : which;
}

static void read_color(setting *s)
{
    al_look look = {.is_set = true, .foreground = AL_COLOUR_DEFAULT,
                    .background = AL_COLOUR_DEFAULT};
    int ink = find(s, 1, "ink", inks, AL_INK_COUNT);
    bool is_behind = false;

    for (int i = 2; ink >= 0 && i < s->count; i++) {
        int which;

        if (!is_behind && strcmp(s->words[i].text, "on") == 0) {
            is_behind = true;
            if (i + 1 < s->count)
                continue;
            al_diagnose(s->wrong, s->words[i].offset, 2, NULL,
                        "on which colour?");
            return;
        }
        which = read_look(s, i);
        if (which == TOLD)
            return;
        if (which >= AL_COLOURS)
            look.attributes |= 1u << (which - AL_COLOURS);
        else
            *(is_behind ? &look.background : &look.foreground) = (short)which;
    }
    if (ink >= 0)
        s->config->looks[ink] = look;
}

static void read_theme(setting *s)
{
    int theme = find(s, 1, "theme", al_theme_names, AL_THEME_COUNT);

    if (theme < 0)
        return;
    s->config->has_theme = true;
    s->config->theme = (al_theme)theme;
}

/* -- the layout ----------------------------------------------------------- */

/* 0: on; 1: off; -1: neither, told. */
static int read_state(const setting *s, int index, const char *what)
{
    static const char *const states[] = {"on", "off"};

    return find(s, index, what, states, 2);
}

static void read_view(setting *s)
{
    int view = find(s, 1, "view", al_view_names, AL_VIEW_COUNT);
    int state, shown = 0;

    if (view < 0)
        return;
    state = read_state(s, 2, "state of a view");
    if (state < 0)
        return;
    for (int i = 0; i < AL_VIEW_COUNT; i++)
        shown += i != view && !s->config->views[i].is_hidden;
    if (state == 1 && shown == 0)
        al_diagnose(s->wrong, s->words[1].offset, strlen(s->words[1].text),
                    NULL, "one view has to be shown");
    else
        s->config->views[view].is_hidden = state == 1;
}

static void read_weight(setting *s)
{
    int view = find(s, 1, "view", al_view_names, AL_VIEW_COUNT);
    int weight = view < 0 ? TOLD : read_number(s, 2, 1, 100);

    if (weight > 0)
        s->config->views[view].weight = weight;
}

static void read_share(setting *s)
{
    int share = read_number(s, 1, 20, 80);

    if (share > 0)
        s->config->share = share;
}

static void read_reload(setting *s)
{
    int state = read_state(s, 1, "state of reload");

    if (state >= 0)
        s->config->keeps_old = state == 1;
}

/* -- lines ---------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*read)(setting *s);
    int least, most;   /* words, its name included */
    const char *usage;
    const char *meaning;
} settings[] = {
    {"bind", read_bind, 3, 3, "bind KEY COMMAND",
     "the key asks for it, as in 'bind <F5> continue'; or for 'none'"},
    {"color", read_color, 3, MOST_WORDS, "color INK LOOK...",
     "as in 'color task green bold on 236'"},
    {"theme", read_theme, 2, 2, "theme NAME", "dark, light or mono"},
    {"view", read_view, 3, 3, "view NAME on|off", "is the pane shown?"},
    {"weight", read_weight, 3, 3, "weight NAME N",
     "its share of its column's lines, 1 to 100"},
    {"share", read_share, 2, 2, "share N",
     "of the left column, 20 to 80 percent"},
    {"reload", read_reload, 2, 2, "reload on|off",
     "is a file that changes on disk read anew?"},
};

enum { SETTINGS = sizeof settings / sizeof *settings };

/* False: there are more words than any line has. */
static bool split(setting *s, const char *text, size_t from, size_t to)
{
    for (size_t at = from; at < to;) {
        size_t start = at;

        while (at < to && !strchr(" \t\r", text[at]))
            at++;
        if (at == start) {
            at++;
            continue;
        }
        if (s->count == MOST_WORDS)
            return false;
        s->words[s->count++] = (word){
            start, al_strndup(text + start, at - start)};
    }
    return true;
}

static void read_setting(setting *s, bool is_whole)
{
    const char *names[SETTINGS];
    int which;

    for (int i = 0; i < SETTINGS; i++)
        names[i] = settings[i].name;
    which = find(s, 0, "setting", names, SETTINGS);
    if (which < 0)
        return;
    if (is_whole && s->count >= settings[which].least &&
        s->count <= settings[which].most)
        settings[which].read(s);
    else
        al_diagnose(s->wrong, s->words[0].offset, strlen(s->words[0].text),
                    NULL, "a line of it is '%s'", settings[which].usage);
}

static void read_line(al_config *config, al_diagnostics *wrong,
                      const char *text, size_t from, size_t to)
{
    setting s = {.config = config, .wrong = wrong};
    const char *nul = memchr(text + from, '\0', to - from);
    bool is_whole;

    if (nul) {
        al_diagnose(wrong, (size_t)(nul - text), 1, NULL,
                    "there is a NUL byte, which no text has");
        return;
    }
    is_whole = split(&s, text, from, to);
    if (s.count > 0 && s.words[0].text[0] != '#')
        read_setting(&s, is_whole);
    for (int i = 0; i < s.count; i++)
        al_free(s.words[i].text);
}

void al_config_read(al_config *config, const char *path, const char *text,
                    size_t length, al_diagnostics *wrong)
{
    al_diagnostics_set_text(wrong, path, text, length);
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t to = end ? (size_t)(end - text) : length;

        read_line(config, wrong, text, at, to);
        at = to + 1;
    }
}

/* A pipe will do, too, as --config's <(...), which al_whole_file refuses.  What
 * never ends, as /dev/full, is too large. */
bool al_config_load(al_config *config, const char *path,
                    al_diagnostics *wrong)
{
    FILE *file = fopen(path, "r");
    al_text text = {0};
    size_t count;
    int problem;

    if (!file)
        return false;
    errno = 0;
    do {
        count = fread(al_text_reserve(&text, BUFSIZ), 1, BUFSIZ, file);
        text.length += count;
    } while (count > 0 && text.length < LARGEST);
    problem = ferror(file) ? errno : text.length >= LARGEST ? EFBIG : 0;
    fclose(file);
    if (problem == 0)
        al_config_read(config, path, al_text_peek(&text), text.length, wrong);
    al_text_release(&text);
    errno = problem;
    return problem == 0;
}

static void add_names(al_text *out, const char *title,
                      const char *const *names, size_t count)
{
    size_t column = 9;

    al_text_add_format(out, "  %-7s", title);
    for (size_t i = 0; i < count; i++) {
        if (column + 1 + strlen(names[i]) > 76) {
            al_text_add(out, "\n         ");
            column = 9;
        }
        al_text_add_format(out, " %s", names[i]);
        column += 1 + strlen(names[i]);
    }
    al_text_add_char(out, '\n');
}

void al_config_describe(al_text *out)
{
    for (int i = 0; i < SETTINGS; i++)
        al_text_add_format(out, "  %-18s %s\n", settings[i].usage,
                           settings[i].meaning);
    al_text_add_char(out, '\n');
    add_names(out, "Inks:", inks, AL_INK_COUNT);
    add_names(out, "Views:", al_view_names, AL_VIEW_COUNT);
    add_names(out, "Looks:", looks, LOOKS);
    al_text_add(out, "          and numbers of colours, 0 to 255\n");
}
