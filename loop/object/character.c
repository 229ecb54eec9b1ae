/* character.c - see character.h.
 *
 * The table is asked of CPython itself.  A Unicode library would be larger
 * than all of this one, and of another version of Unicode; so would repr and
 * str.isalpha differ from CPython's for the characters added since. */
#include "loop/object/character.h"

typedef struct record {
    uint16_t classes;
    uint8_t decimal;
    int32_t mappings[4]; /* distances; or EXTENDED + a long mapping */
} record;

/* Characters from `first` to the next span's: records by turns, for capitals
 * and small letters often alternate. */
typedef struct span {
    uint32_t first;
    uint16_t record, next;
} span;

enum { EXTENDED = 0x1000000 };

#include "loop/object/character_table.inc"

static const record *record_of(uint32_t c)
{
    size_t low = 0, high = sizeof spans / sizeof *spans;

    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (c < spans[middle].first)
            high = middle;
        else
            low = middle;
    }
    return &records[(c - spans[low].first) % 2 ? spans[low].next
                                               : spans[low].record];
}

bool al_character_is(uint32_t c, unsigned classes)
{
    return (record_of(c)->classes & classes) != 0;
}

int al_character_decimal(uint32_t c)
{
    return record_of(c)->decimal;
}

size_t al_character_map(uint32_t c, al_case_mapping how, uint32_t to[3])
{
    int32_t mapping = record_of(c)->mappings[how];
    const uint32_t *many;

    if (mapping < EXTENDED) {
        to[0] = (uint32_t)((int32_t)c + mapping);
        return 1;
    }
    many = long_mappings[mapping - EXTENDED];
    for (int i = 0; i < 3; i++)
        to[i] = many[i];
    return many[2] ? 3 : 2;
}
