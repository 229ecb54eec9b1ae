/* places.c - the line and column of an offset; see places.h. */
#include "sim/json/places.h"

#include <stdbool.h>
#include <string.h>
#include "loop/base/utf8.h"

void al_places_init(al_places *places, const char *text, size_t length)
{
    *places = (al_places){.text = text, .length = length,
                          .line = 1, .column = 1};
}

/* Counted are the bytes that begin a character; invalid ones too. */
static int characters(const char *text, size_t from, size_t to)
{
    return (int)al_character_count(text + from, to - from);
}

static void go_forward(al_places *p, size_t offset)
{
    while (p->offset < offset) {
        const char *at = p->text + p->offset;
        const char *end = memchr(at, '\n', offset - p->offset);

        if (!end) {
            p->column += characters(p->text, p->offset, offset);
            p->offset = offset;
            return;
        }
        p->offset = (size_t)(end - p->text) + 1;
        p->line++;
        p->column = 1;
    }
}

static void go_back(al_places *p, size_t offset)
{
    bool left_line = false;

    for (size_t i = offset; i < p->offset; i++) {
        if (p->text[i] == '\n') {
            p->line--;
            left_line = true;
        }
    }
    if (!left_line) {
        p->column -= characters(p->text, offset, p->offset);
    } else {
        size_t start = offset;

        while (start > 0 && p->text[start - 1] != '\n')
            start--;
        p->column = 1 + characters(p->text, start, offset);
    }
    p->offset = offset;
}

void al_places_find(al_places *places, size_t offset, int *line, int *column)
{
    if (offset > places->length)
        offset = places->length;
    if (offset >= places->offset)
        go_forward(places, offset);
    else
        go_back(places, offset);
    *line = places->line;
    *column = places->column;
}
