/* completion.c - see completion.h. */
#include "cli/tui/completion.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/utf8.h"

static void drop_words(al_completion *c)
{
    for (size_t i = 0; i < c->count; i++)
        al_free(c->words[i]);
    c->count = c->chosen = 0;
    al_free(c->typed);
    c->typed = NULL;
}

void al_completion_release(al_completion *c)
{
    drop_words(c);
    al_free(c->words);
    *c = (al_completion){0};
}

void al_completion_begin(al_completion *c, const char *typed, size_t from)
{
    drop_words(c);
    c->typed = al_strdup(typed);
    c->from = from;
}

/* Where the word stands, or belongs. */
static size_t place_of(const al_completion *c, const char *word)
{
    size_t low = 0, high = c->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(c->words[middle], word) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void al_completion_offer(al_completion *c, const char *word)
{
    size_t place = place_of(c, word);

    if (c->count == AL_MOST_WORDS ||
        strncmp(word, c->typed, strlen(c->typed)) != 0 ||
        (place < c->count && strcmp(c->words[place], word) == 0))
        return;
    c->words = al_grow(c->words, &c->capacity, c->count + 1,
                       sizeof *c->words);
    memmove(c->words + place + 1, c->words + place,
            (c->count - place) * sizeof *c->words);
    c->words[place] = al_strdup(word);
    c->chosen = ++c->count;
}

/* They stand in order: what the first and the last have in common, all do. */
size_t al_completion_common(const al_completion *c)
{
    const char *first = c->count ? c->words[0] : "";
    const char *last = c->count ? c->words[c->count - 1] : "";
    size_t length = strlen(first), same = 0, common = 0;

    while (same < length && first[same] == last[same])
        same++;
    while (common < same) {
        uint32_t code;
        size_t size = al_character_at(first + common, length - common, &code);

        if (common + size > same)
            break;
        common += size;
    }
    return common;
}

const char *al_completion_turn(al_completion *c, bool is_back)
{
    size_t places = c->count + 1;

    c->chosen = (c->chosen + (is_back ? places - 1 : 1)) % places;
    return c->chosen < c->count ? c->words[c->chosen] : c->typed;
}
