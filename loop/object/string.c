/* string.c - str: immutable UTF-8, and its repr. */
#include "loop/base/hash.h"
#include "loop/object/value.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/utf8.h"
#include "loop/object/character.h"

static void str_free(al_object *self)
{
    al_free(self);
}

static bool is_printable(uint32_t c)
{
    return c < 0x7f ? c >= 0x20 : al_character_is(c, AL_CHARACTER_PRINTABLE);
}

static void add_escape(uint32_t c, al_text *out)
{
    if (c == '\n')
        al_text_add(out, "\\n");
    else if (c == '\r')
        al_text_add(out, "\\r");
    else if (c == '\t')
        al_text_add(out, "\\t");
    else if (c < 0x100)
        al_text_add_format(out, "\\x%02x", (unsigned)c);
    else if (c < 0x10000)
        al_text_add_format(out, "\\u%04x", (unsigned)c);
    else
        al_text_add_format(out, "\\U%08x", (unsigned)c);
}

void al_str_repr_bytes(const char *bytes, size_t length, al_text *out)
{
    char quote = memchr(bytes, '\'', length) && !memchr(bytes, '"', length)
                     ? '"' : '\'';

    al_text_add_char(out, quote);
    for (size_t i = 0; i < length;) {
        uint32_t c;
        size_t step = al_character_at(bytes + i, length - i, &c);

        if (c == (unsigned char)quote || c == '\\')
            al_text_add_char(out, '\\');
        if (is_printable(c))
            al_text_add_bytes(out, bytes + i, step);
        else
            add_escape(c, out);
        i += step;
    }
    al_text_add_char(out, quote);
}

static void str_repr(const al_object *self, al_text *out)
{
    const al_str *str = (const al_str *)self;

    if (al_may_work(str->length))
        al_str_repr_bytes(str->bytes, str->length, out);
}

static void str_str(const al_object *self, al_text *out)
{
    const al_str *str = (const al_str *)self;

    al_text_add_bytes(out, str->bytes, str->length);
}

static bool str_truth(const al_object *self)
{
    return ((const al_str *)self)->length > 0;
}

static bool str_equal(const al_object *self, const al_object *other)
{
    const al_str *a = (const al_str *)self;
    const al_str *b = (const al_str *)other;

    return a->length == b->length && al_may_work(a->length) &&
           memcmp(a->bytes, b->bytes, a->length) == 0;
}

static uint64_t str_hash(const al_object *self)
{
    const al_str *str = (const al_str *)self;
    uint64_t hash = AL_HASH_START;

    if (!al_may_work(str->length))
        return 0;
    for (size_t i = 0; i < str->length; i++)
        hash = al_hash_byte(hash, str->bytes[i]);
    return hash;
}

const al_type al_str_type = {
    .name = "str",
    .free = str_free,
    .repr = str_repr,
    .str = str_str,
    .truth = str_truth,
    .equal = str_equal,
    .hash = str_hash,
};

al_value al_str_from(const char *bytes, size_t length)
{
    al_str *str = al_alloc(sizeof *str + length + 1);

    al_object_init(&str->head, &al_str_type);
    str->length = length;
    if (length)
        memcpy(str->bytes, bytes, length);
    str->bytes[length] = '\0';
    return al_take(str);
}

al_value al_str_new(const char *text)
{
    return al_str_from(text, strlen(text));
}

al_value al_str_from_text(const al_text *text)
{
    return al_str_from(al_text_peek(text), text->length);
}

const al_str *al_str_peek(al_value value)
{
    return al_is(value, &al_str_type) ? (const al_str *)value.as.object : NULL;
}
