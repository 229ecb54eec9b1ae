/* text.h - a growable string.
 *
 * Zero-initialise it; `bytes` is NUL-terminated as soon as
 * anything was added, and is valid until the next change. */
#ifndef AL_TEXT_H
#define AL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct al_text {
    char *bytes; /* NULL while empty and never grown */
    size_t length;
    size_t capacity;
} al_text;

/* Free the storage and make it empty: it may be used again. */
void al_text_release(al_text *text);

/* Forget the contents, or what is beyond the first `length` bytes; keeps the
 * storage. */
void al_text_clear(al_text *text);
void al_text_truncate(al_text *text, size_t length);

/* Make room for `extra` more bytes (and the NUL); returns where they go. */
char *al_text_reserve(al_text *text, size_t extra);

/* Append; what is appended must not be the text's own. */
void al_text_add_bytes(al_text *text, const void *bytes, size_t length);
void al_text_add_char(al_text *text, char c);

/* Here, that the length of a literal is known when it is compiled. */
static inline void al_text_add(al_text *text, const char *string)
{
    al_text_add_bytes(text, string, strlen(string));
}

void al_text_add_format(al_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void al_text_add_vformat(al_text *text, const char *format, va_list args);
void al_text_add_int(al_text *text, int64_t value);
void al_text_add_uint(al_text *text, uint64_t value);

/* As Python's repr(float): the shortest digits that read back the same. */
void al_text_add_double(al_text *text, double value);

/* The contents, never NULL; borrowed until the next change. */
const char *al_text_peek(const al_text *text);

/* The contents as a C string that is not cut short: NULs in it are replaced
 * by U+FFFD first. */
const char *al_text_as_string(al_text *text);

bool al_ends_with(const char *text, const char *end);

/* Of a qualified name what comes last, "f" of "main.<locals>.f": in it. */
const char *al_last_name(const char *qualname);

/* Hand the string over: the caller frees it with al_free. */
char *al_text_take(al_text *text);

#endif
