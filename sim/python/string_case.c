/* string_case.c - see string_case.h.
 *
 * A character's case may be several characters (ß is SS), and a capital sigma
 * is another small letter at the end of a word. */
#include "sim/python/string_case.h"

#include "loop/base/utf8.h"
#include "loop/object/character.h"
#include "sim/machine/machine.h"

enum { CAPITAL_SIGMA = 0x3a3, FINAL_SIGMA = 0x3c2 };

/* A walk over a string's characters. */
typedef struct reader {
    const al_str *str;
    size_t at;
} reader;

static bool next_character(reader *r, uint32_t *c)
{
    if (r->at >= r->str->length)
        return false;
    r->at += al_character_at(r->str->bytes + r->at, r->str->length - r->at, c);
    return true;
}

static bool previous_character(reader *r, uint32_t *c)
{
    if (r->at == 0)
        return false;
    r->at = al_character_before(r->str->bytes, 0, r->at);
    al_character_at(r->str->bytes + r->at, r->str->length - r->at, c);
    return true;
}

static reader read_self(al_call *call)
{
    const al_str *str = al_str_peek(call->self);

    al_vm_charge(call->vm, str->length);
    return (reader){str, 0};
}

/* -- case --------------------------------------------------------------- */

/* Is the next character that cannot be ignored a letter with case? */
static bool meets_cased(reader r, bool (*step)(reader *, uint32_t *))
{
    uint32_t c;

    while (step(&r, &c)) {
        if (!al_character_is(c, AL_CHARACTER_CASE_IGNORABLE))
            return al_character_is(c, AL_CHARACTER_CASED);
    }
    return false;
}

/* after: the reader behind the sigma. */
static bool is_final_sigma(reader after)
{
    reader before = after;
    uint32_t sigma;

    previous_character(&before, &sigma);
    return meets_cased(before, previous_character) &&
           !meets_cased(after, next_character);
}

static void add_mapped(al_text *out, reader after, uint32_t c,
                       al_case_mapping how)
{
    uint32_t to[3];
    size_t count = al_character_map(c, how, to);

    if (c == CAPITAL_SIGMA && how == AL_TO_LOWER && is_final_sigma(after))
        to[0] = FINAL_SIGMA;
    for (size_t i = 0; i < count; i++)
        al_text_add_character(out, to[i]);
}

static al_value map_all(al_call *call, al_case_mapping how)
{
    reader r = read_self(call);
    al_text text = {0};
    uint32_t c;

    while (next_character(&r, &c))
        add_mapped(&text, r, c, how);
    return al_str_take(call->vm, &text);
}

al_value al_str_upper(al_call *call)
{
    return map_all(call, AL_TO_UPPER);
}

al_value al_str_lower(al_call *call)
{
    return map_all(call, AL_TO_LOWER);
}

al_value al_str_casefold(al_call *call)
{
    return map_all(call, AL_TO_FOLDED);
}

al_value al_str_swapcase(al_call *call)
{
    reader r = read_self(call);
    al_text text = {0};
    uint32_t c;

    while (next_character(&r, &c)) {
        if (al_character_is(c, AL_CHARACTER_UPPER))
            add_mapped(&text, r, c, AL_TO_LOWER);
        else if (al_character_is(c, AL_CHARACTER_LOWER))
            add_mapped(&text, r, c, AL_TO_UPPER);
        else
            al_text_add_character(&text, c);
    }
    return al_str_take(call->vm, &text);
}

/* Capitals after what has no case; or at the beginning alone. */
static al_value capitalize(al_call *call, bool each_word)
{
    reader r = read_self(call);
    bool inside = false;
    al_text text = {0};
    uint32_t c;

    while (next_character(&r, &c)) {
        add_mapped(&text, r, c, inside ? AL_TO_LOWER : AL_TO_TITLE);
        inside = !each_word || al_character_is(c, AL_CHARACTER_CASED);
    }
    return al_str_take(call->vm, &text);
}

al_value al_str_title(al_call *call)
{
    return capitalize(call, true);
}

al_value al_str_capitalize(al_call *call)
{
    return capitalize(call, false);
}

/* -- classes ------------------------------------------------------------ */

static al_value all_are(al_call *call, unsigned classes)
{
    reader r = read_self(call);
    uint32_t c;

    while (next_character(&r, &c)) {
        if (!al_character_is(c, classes))
            return al_bool(false);
    }
    return al_bool(r.str->length > 0);
}

al_value al_str_isalpha(al_call *call)
{
    return all_are(call, AL_CHARACTER_ALPHA);
}

al_value al_str_isdecimal(al_call *call)
{
    return all_are(call, AL_CHARACTER_DECIMAL);
}

al_value al_str_isdigit(al_call *call)
{
    return all_are(call, AL_CHARACTER_DIGIT);
}

al_value al_str_isnumeric(al_call *call)
{
    return all_are(call, AL_CHARACTER_NUMERIC);
}

al_value al_str_isalnum(al_call *call)
{
    return all_are(call, AL_CHARACTER_ALPHA | AL_CHARACTER_DECIMAL |
                             AL_CHARACTER_DIGIT | AL_CHARACTER_NUMERIC);
}

al_value al_str_isspace(al_call *call)
{
    return all_are(call, AL_CHARACTER_SPACE);
}

al_value al_str_isprintable(al_call *call)
{
    return al_str_peek(call->self)->length == 0
               ? al_bool(true) : all_are(call, AL_CHARACTER_PRINTABLE);
}

al_value al_str_isascii(al_call *call)
{
    return al_bool(al_str_is_ascii(al_str_peek(call->self)));
}

al_value al_str_isidentifier(al_call *call)
{
    reader r = read_self(call);
    uint32_t c;

    if (!next_character(&r, &c) || !al_character_is(c, AL_CHARACTER_ID_START))
        return al_bool(false);
    while (next_character(&r, &c)) {
        if (!al_character_is(c, AL_CHARACTER_ID_CONTINUE))
            return al_bool(false);
    }
    return al_bool(true);
}

/* Some letter of that case, and none of the other. */
static al_value cased(al_call *call, unsigned wanted, unsigned others)
{
    reader r = read_self(call);
    bool found = false;
    uint32_t c;

    while (next_character(&r, &c)) {
        if (al_character_is(c, others | AL_CHARACTER_TITLE))
            return al_bool(false);
        found = found || al_character_is(c, wanted);
    }
    return al_bool(found);
}

al_value al_str_isupper(al_call *call)
{
    return cased(call, AL_CHARACTER_UPPER, AL_CHARACTER_LOWER);
}

al_value al_str_islower(al_call *call)
{
    return cased(call, AL_CHARACTER_LOWER, AL_CHARACTER_UPPER);
}

al_value al_str_istitle(al_call *call)
{
    const unsigned capitals = AL_CHARACTER_UPPER | AL_CHARACTER_TITLE;
    reader r = read_self(call);
    bool found = false, inside = false;
    uint32_t c;

    while (next_character(&r, &c)) {
        bool is_cased = al_character_is(c, capitals | AL_CHARACTER_LOWER);

        if (is_cased && inside == al_character_is(c, capitals))
            return al_bool(false);
        inside = is_cased;
        found = found || is_cased;
    }
    return al_bool(found);
}
