/* contrast.c - see contrast.h. */
#include "cli/tui/contrast.h"

#include <ctype.h>
#include <string.h>
#include "cli/tui/seconds.h"
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

/* "48.5 µs": how long it is; 0: it is no time. */
static size_t time_length(const char *text, const char *at)
{
    size_t length = strspn(at, "0123456789.e-+"), unit;

    if (!is_digit(*at) || at[length] != ' ' ||
        (at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '.')))
        return 0;
    unit = al_seconds_unit(at + length + 1, NULL);
    return unit > 0 ? length + 1 + unit : 0;
}

/* The end of what stands at `at` and counts as its first byte does. */
static const char *skip(const al_contrast *contrast, const char *text,
                        const char *at)
{
    size_t length = contrast->ignores_times ? time_length(text, at) : 0;

    if (length > 0)
        return at + length;
    if (begins_number(text, at)) {
        while (is_digit(at[1]))
            at++;
    }
    return at + 1;
}

/* Ids are told by their letters alone: numbers may be shifted.  So may columns:
 * of blanks one counts.  A picture is as wide as its half, which may be wider
 * than the other: of what it is is compared. */
static uint64_t hash_row(const al_contrast *contrast, const char *pane,
                         const al_row *row)
{
    const char *text = al_text_peek(&row->text), *at = text;
    const char *end = text + (row->is_picture ? row->spans[0].end
                                              : row->text.length);
    uint64_t hash = AL_HASH_START;

    for (; *pane; pane++)
        hash = al_hash_byte(hash, *pane);
    while (at < end) {
        const char *next = skip(contrast, text, at);

        if (next > at + 1 && is_digit(*at))
            hash = al_hash_byte(hash, '0'); /* a time, whichever it is */
        else if (*at != ' ' || at[1] != ' ')
            hash = al_hash_byte(hash, *at);
        at = next;
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
        .hash = hash_row(contrast, pane, row), .pane = pane,
        .text = al_strdup(al_text_peek(&row->text) + start_of(row))};
}

static bool are_times(const al_contrast *contrast, const char *one,
                      const char *a, const char *two, const char *b)
{
    return contrast->ignores_times && time_length(one, a) > 0 &&
           time_length(two, b) > 0;
}

/* How much of the first is said in the second, too, but for ids. */
static size_t common_length(const al_contrast *contrast, const char *one,
                            const char *two)
{
    const char *a = one, *b = two;

    while (*a && (*a == *b || are_times(contrast, one, a, two, b))) {
        a = skip(contrast, one, a);
        b = skip(contrast, two, b);
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
                            ? common_length(contrast, text + start,
                                            other->text) : 0;

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
    hash = hash_row(contrast, pane, row);
    for (size_t i = 0; i < contrast->count; i++) {
        if (contrast->said[i].hash == hash)
            return AL_TWIN_SAME;
    }
    return AL_TWIN_CHANGED;
}
