/* contrast.c - see contrast.h. */
#include "cli/tui/contrast.h"

#include <ctype.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"

void al_contrast_release(al_contrast *contrast)
{
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
 * of blanks one counts. */
static uint64_t hash_row(const char *pane, const al_row *row)
{
    const char *text = al_text_peek(&row->text), *at = text;
    uint64_t hash = AL_HASH_START;

    for (; *pane; pane++)
        hash = al_hash_byte(hash, *pane);
    while (*at) {
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

void al_contrast_add(al_contrast *contrast, const char *pane,
                     const al_row *row)
{
    contrast->said = al_grow(contrast->said, &contrast->capacity,
                             contrast->count + 1, sizeof *contrast->said);
    contrast->said[contrast->count++] = hash_row(pane, row);
}

al_twin_kind al_contrast_kind(const al_contrast *contrast, const char *pane,
                              const al_row *row)
{
    uint64_t hash;

    if (row->thing.kind == AL_THING_EVENT)
        return al_twins_kind(contrast->twins, contrast->side, row->thing.id);
    hash = hash_row(pane, row);
    for (size_t i = 0; i < contrast->count; i++) {
        if (contrast->said[i] == hash)
            return AL_TWIN_SAME;
    }
    return AL_TWIN_CHANGED;
}
