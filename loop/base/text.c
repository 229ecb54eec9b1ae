/* text.c - a growable string; see text.h. */
#include "loop/base/text.h"

#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"

void al_text_release(al_text *text)
{
    al_free(text->bytes);
    *text = (al_text){0};
}

void al_text_clear(al_text *text)
{
    al_text_truncate(text, 0);
}

void al_text_truncate(al_text *text, size_t length)
{
    if (length >= text->length)
        return;
    text->length = length;
    text->bytes[length] = '\0';
}

char *al_text_reserve(al_text *text, size_t extra)
{
    if (text->capacity - text->length <= extra)
        text->bytes = al_grow(text->bytes, &text->capacity,
                              text->length + extra + 1, 1);
    return text->bytes + text->length;
}

void al_text_add_bytes(al_text *text, const void *bytes, size_t length)
{
    char *to = al_text_reserve(text, length);

    if (length)
        memcpy(to, bytes, length);
    to[length] = '\0';
    text->length += length;
}

void al_text_add_char(al_text *text, char c)
{
    char *to = al_text_reserve(text, 1);

    to[0] = c;
    to[1] = '\0';
    text->length++;
}

void al_text_add_vformat(al_text *text, const char *format, va_list args)
{
    size_t room = 64; /* mostly enough, and then it is formatted once */
    char *to = al_text_reserve(text, room);
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(to, room + 1, format, again);
    va_end(again);
    if (length > (int)room)
        vsnprintf(al_text_reserve(text, (size_t)length), (size_t)length + 1,
                  format, args);
    if (length > 0)
        text->length += (size_t)length;
    else
        *to = '\0';
}

void al_text_add_format(al_text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    al_text_add_vformat(text, format, args);
    va_end(args);
}

void al_text_add_uint(al_text *text, uint64_t value)
{
    text->length +=
        al_uint_format(value, al_text_reserve(text, AL_UINT_TEXT));
}

void al_text_add_int(al_text *text, int64_t value)
{
    if (value < 0)
        al_text_add_char(text, '-');
    al_text_add_uint(text, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void al_text_add_double(al_text *text, double value)
{
    text->length +=
        al_double_format(value, al_text_reserve(text, AL_DOUBLE_TEXT));
}

const char *al_text_peek(const al_text *text)
{
    return text->bytes ? text->bytes : "";
}

const char *al_text_as_string(al_text *text)
{
    al_text whole = {0};

    if (strlen(al_text_peek(text)) == text->length)
        return al_text_peek(text);
    for (size_t i = 0; i < text->length; i++) {
        if (text->bytes[i])
            al_text_add_char(&whole, text->bytes[i]);
        else
            al_text_add(&whole, "\xef\xbf\xbd");
    }
    al_text_release(text);
    *text = whole;
    return text->bytes;
}

bool al_ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), its = strlen(end);

    return length >= its && strcmp(text + length - its, end) == 0;
}

const char *al_last_name(const char *qualname)
{
    const char *dot = strrchr(qualname, '.');

    return dot ? dot + 1 : qualname;
}

char *al_text_take(al_text *text)
{
    char *bytes = text->bytes ? text->bytes : al_strdup("");

    *text = (al_text){0};
    return bytes;
}
