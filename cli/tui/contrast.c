/* contrast.c - see contrast.h. */
#include "cli/tui/contrast.h"

#include <ctype.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

typedef struct al_said {
    uint64_t hash;
    const char *pane; /* borrowed */
    char *text;       /* behind its time, if it has one */
} said;

void al_contrast_release(al_contrast *contrast)
{
    for (size_t i = 0; i < contrast->count; i++)
        al_free(contrast->said[i].text);
    al_free(contrast->said);
    *contrast = (al_contrast){0};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "h12" of "h12 tick", but not of "wh12"; "line 7": where in a file something
 * is done is no difference for `diff`, either. */
static bool begins_number(const char *text, const char *at)
{
    return (at - text >= 5 && strncmp(at - 5, " line ", 6) == 0) ||
           (strchr("htfp", *at) && is_digit(at[1]) &&
           (at == text || !isalnum((unsigned char)at[-1])));
}

/* Ids are told by their letters alone: numbers may be shifted.  So may columns:
 * of blanks one counts.  A picture is as wide as its half, which may be wider
 * than the other: of what it is is compared. */
static uint64_t hash_row(const char *pane, const al_row *row)
{
    const char *text = al_text_peek(&row->text), *at = text;
    const char *end = text + (row->is_picture ? row->spans[0].end
                                              : row->text.length);
    uint64_t hash = AL_HASH_START;

    for (; *pane; pane++)
        hash = al_hash_byte(hash, *pane);
    while (at < end) {
        if (*at != ' ' || at[1] != ' ')
            hash = al_hash_byte(hash, *at);
        if (begins_number(text, at)) {
            while (is_digit(at[1]))
                at++;
        }
        at++;
    }
    return hash;
}

/* Behind the time, which says nothing of what happened. */
static size_t start_of(const al_row *row)
{
    return row->aligned > 0 ? row->spans[row->aligned - 1].end : 0;
}

void al_contrast_add(al_contrast *contrast, const char *pane,
                     const al_row *row)
{
    contrast->said = al_grow(contrast->said, &contrast->capacity,
                             contrast->count + 1, sizeof *contrast->said);
    contrast->said[contrast->count++] = (said){
        .hash = hash_row(pane, row), .pane = pane,
        .text = al_strdup(al_text_peek(&row->text) + start_of(row))};
}

static const char *skip_number(const char *text, const char *at)
{
    if (begins_number(text, at)) {
        while (is_digit(at[1]))
            at++;
    }
    return at + 1;
}

/* How much of the first is said in the second, too, but for ids. */
static size_t common_length(const char *one, const char *two)
{
    const char *a = one, *b = two;

    while (*a && *a == *b) {
        a = skip_number(one, a);
        b = skip_number(two, b);
    }
    return (size_t)(a - one);
}

size_t al_contrast_parting(const al_contrast *contrast, const char *pane,
                           const al_row *row)
{
    const char *text = al_text_peek(&row->text);
    size_t start = start_of(row), most = 0;

    for (size_t i = 0; i < contrast->count; i++) {
        const said *other = &contrast->said[i];
        size_t common = strcmp(other->pane, pane) == 0
                            ? common_length(text + start, other->text) : 0;

        most = common > most ? common : most;
    }
    if (!text[start + most])
        return 0;
    while (most > 0 && text[start + most - 1] != ' ')
        most--;
    return most > 0 ? start + most : 0;
}

al_twin_kind al_contrast_kind(const al_contrast *contrast, const char *pane,
                              const al_row *row)
{
    uint64_t hash;

    if (row->thing.kind == AL_THING_EVENT)
        return al_twins_kind(contrast->twins, contrast->side, row->thing.id);
    hash = hash_row(pane, row);
    for (size_t i = 0; i < contrast->count; i++) {
        if (contrast->said[i].hash == hash)
            return AL_TWIN_SAME;
    }
    return AL_TWIN_CHANGED;
}
