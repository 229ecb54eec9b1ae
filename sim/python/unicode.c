/* unicode.c - characters of UTF-8 strings: counting, finding, case. */
#include "sim/python/unicode.h"

#include "loop/base/utf8.h"
#include "sim/machine/machine.h"

/* What a string knows about itself, found when first asked. */
enum { ASCII_KNOWN = 1, IS_ASCII = 2 };

bool al_str_is_ascii(const al_str *str)
{
    al_object *head = (al_object *)&str->head;

    if (!(head->flags & ASCII_KNOWN)) {
        unsigned char bits = 0;

        for (size_t i = 0; i < str->length; i++)
            bits |= (unsigned char)str->bytes[i];
        head->flags |= bits < 0x80 ? ASCII_KNOWN | IS_ASCII : ASCII_KNOWN;
    }
    return (head->flags & IS_ASCII) != 0;
}

/* (A lone test may ask without any machine.) */
static void charge(size_t work)
{
    if (work >= AL_WORK_OF_A_STEP && al_vm_current())
        al_vm_charge(al_vm_current(), work);
}

size_t al_str_characters(const al_str *str)
{
    if (al_str_is_ascii(str))
        return str->length;
    charge(str->length);
    return al_character_count(str->bytes, str->length);
}

size_t al_str_offset(const al_str *str, size_t index)
{
    size_t offset;

    if (al_str_is_ascii(str))
        return index;
    offset = al_character_offset(str->bytes, str->length, index);
    charge(offset);
    return offset;
}

void al_text_add_character(al_text *out, uint32_t c)
{
    char bytes[4];

    al_text_add_bytes(out, bytes, al_utf8_encode(c, bytes));
}

void al_add_ascii(const al_text *repr, al_text *out)
{
    for (size_t i = 0; i < repr->length;) {
        uint32_t c;

        i += al_character_at(repr->bytes + i, repr->length - i, &c);
        if (c < 0x80)
            al_text_add_char(out, (char)c);
        else if (c < 0x100)
            al_text_add_format(out, "\\x%02x", (unsigned)c);
        else if (c < 0x10000)
            al_text_add_format(out, "\\u%04x", (unsigned)c);
        else
            al_text_add_format(out, "\\U%08x", (unsigned)c);
    }
}
