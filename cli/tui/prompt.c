/* prompt.c - see prompt.h. */
#include "cli/tui/prompt.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/utf8.h"

enum { MOST_REMEMBERED = 200, LONGEST = 4096 };

/* -- the history ---------------------------------------------------------- */

static void remember(al_prompt_history *h, const char *line)
{
    if (!*line || (h->count > 0 && strcmp(h->lines[h->count - 1], line) == 0))
        return;
    if (h->count == MOST_REMEMBERED) {
        al_free(h->lines[0]);
        memmove(h->lines, h->lines + 1, --h->count * sizeof *h->lines);
    }
    h->lines = al_grow(h->lines, &h->capacity, h->count + 1,
                       sizeof *h->lines);
    h->lines[h->count++] = al_strdup(line);
}

void al_prompt_history_release(al_prompt_history *h)
{
    for (size_t i = 0; i < h->count; i++)
        al_free(h->lines[i]);
    al_free(h->lines);
    *h = (al_prompt_history){0};
}

static void set_text(al_prompt *p, const char *text)
{
    al_text_clear(&p->text);
    al_text_add(&p->text, text);
    p->cursor = p->text.length;
}

static void recall(al_prompt *p, bool older)
{
    size_t most = p->history ? p->history->count : 0;

    if (older ? p->recalled == most : p->recalled == 0)
        return;
    if (p->recalled == 0) {
        al_text_clear(&p->typed);
        al_text_add(&p->typed, al_text_peek(&p->text));
    }
    p->recalled += older ? 1 : (size_t)-1;
    set_text(p, p->recalled ? p->history->lines[most - p->recalled]
                            : al_text_peek(&p->typed));
}

/* -- the line ------------------------------------------------------------- */

void al_prompt_begin(al_prompt *p, const char *label,
                     al_prompt_history *history)
{
    al_text_clear(&p->text);
    p->label = label;
    p->history = history;
    p->cursor = p->recalled = 0;
}

void al_prompt_release(al_prompt *p)
{
    al_text_release(&p->text);
    al_text_release(&p->typed);
}

/* Replace what stands from..to. */
static void replace(al_prompt *p, size_t from, size_t to, const char *bytes,
                    size_t length)
{
    al_text tail = {0};

    al_text_add(&tail, al_text_peek(&p->text) + to);
    al_text_truncate(&p->text, from);
    al_text_add_bytes(&p->text, bytes, length);
    al_text_add(&p->text, al_text_peek(&tail));
    p->cursor = from + length;
    al_text_release(&tail);
}

void al_prompt_put(al_prompt *p, size_t from, const char *text)
{
    size_t length = strlen(text);

    if (p->text.length - (p->cursor - from) + length <= LONGEST)
        replace(p, from, p->cursor, text, length);
}

static void insert(al_prompt *p, al_key key)
{
    char bytes[5];

    bytes[al_utf8_encode(key, bytes)] = '\0';
    al_prompt_put(p, p->cursor, bytes);
}

static size_t before(const al_prompt *p)
{
    return p->cursor == 0 ? 0
                          : al_character_before(p->text.bytes, 0, p->cursor);
}

static size_t after(const al_prompt *p)
{
    uint32_t code;
    size_t left = p->text.length - p->cursor;

    return left == 0 ? p->cursor
                     : p->cursor + al_character_at(p->text.bytes + p->cursor,
                                                   left, &code);
}

static size_t word_before(const al_prompt *p)
{
    size_t at = p->cursor;

    while (at > 0 && p->text.bytes[at - 1] == ' ')
        at--;
    while (at > 0 && p->text.bytes[at - 1] != ' ')
        at--;
    return at;
}

/* Keys that move or delete.  False: it is none of them. */
static bool edit(al_prompt *p, al_key key)
{
    switch (key) {
    case AL_KEY_LEFT:
    case AL_KEY_CONTROL('b'):
        p->cursor = before(p);
        return true;
    case AL_KEY_RIGHT:
    case AL_KEY_CONTROL('f'):
        p->cursor = after(p);
        return true;
    case AL_KEY_HOME:
    case AL_KEY_CONTROL('a'):
        p->cursor = 0;
        return true;
    case AL_KEY_END:
    case AL_KEY_CONTROL('e'):
        p->cursor = p->text.length;
        return true;
    case AL_KEY_UP:
    case AL_KEY_DOWN:
        recall(p, key == AL_KEY_UP);
        return true;
    case AL_KEY_BACKSPACE:
    case AL_KEY_CONTROL('h'):
        replace(p, before(p), p->cursor, "", 0);
        return true;
    case AL_KEY_DELETE:
        replace(p, p->cursor, after(p), "", 0);
        return true;
    case AL_KEY_CONTROL('w'):
        replace(p, word_before(p), p->cursor, "", 0);
        return true;
    case AL_KEY_CONTROL('u'):
        replace(p, 0, p->cursor, "", 0);
        return true;
    default:
        return false;
    }
}

al_prompt_end al_prompt_key(al_prompt *p, al_key key)
{
    bool leaves = p->text.length == 0 &&
                  (key == AL_KEY_BACKSPACE || key == AL_KEY_CONTROL('h'));

    if (key == AL_KEY_ENTER || key == '\n') {
        if (p->history)
            remember(p->history, al_text_peek(&p->text));
        return AL_PROMPT_DONE;
    }
    if (leaves || key == AL_KEY_ESCAPE || key == AL_KEY_CONTROL('g') ||
        key == AL_KEY_CONTROL('c'))
        return AL_PROMPT_LEFT;
    if (!edit(p, key) && key >= ' ' && key < AL_KEY_BEFORE_NAMED)
        insert(p, key);
    return AL_PROMPT_GOES_ON;
}
