/* keys.h - keys, as a terminal gives them and as people write them; and what a
 * mouse does.
 *
 * A key is a character's code point, or one of those below.  In writing a
 * character stands for itself, any other is <Enter>, <C-d>, <S-Tab>; "<" is
 * <lt>. */
#ifndef AL_TUI_KEYS_H
#define AL_TUI_KEYS_H

#include <stdint.h>
#include "loop/base/text.h"

typedef uint32_t al_key;

/* X(KEY, its name in writing) */
#define AL_NAMED_KEYS(X)                                                       \
    X(UP, "Up")                                                                \
    X(DOWN, "Down")                                                            \
    X(LEFT, "Left")                                                            \
    X(RIGHT, "Right")                                                          \
    X(SHIFT_LEFT, "S-Left")                                                    \
    X(SHIFT_RIGHT, "S-Right")                                                  \
    X(PAGE_UP, "PageUp")                                                       \
    X(PAGE_DOWN, "PageDown")                                                   \
    X(HOME, "Home")                                                            \
    X(END, "End")                                                              \
    X(INSERT, "Insert")                                                        \
    X(DELETE, "Del")                                                           \
    X(SHIFT_TAB, "S-Tab")                                                      \
    X(F1, "F1")                                                                \
    X(F2, "F2")                                                                \
    X(F3, "F3")                                                                \
    X(F4, "F4")                                                                \
    X(F5, "F5")                                                                \
    X(F6, "F6")                                                                \
    X(F7, "F7")                                                                \
    X(F8, "F8")                                                                \
    X(F9, "F9")                                                                \
    X(F10, "F10")

enum {
    AL_KEY_NONE = 0,
    AL_KEY_TAB = '\t',
    AL_KEY_ENTER = '\r',
    AL_KEY_ESCAPE = 0x1b,
    AL_KEY_BACKSPACE = 0x7f,
    AL_KEY_BEFORE_NAMED = 0x110000, /* beyond all characters */
#define AL_KEY_ENUM(KEY, name) AL_KEY_##KEY,
    AL_NAMED_KEYS(AL_KEY_ENUM)
#undef AL_KEY_ENUM
    AL_KEY_END_OF_NAMED
};

#define AL_KEY_CONTROL(letter) ((al_key)(letter) & 31)

/* The first key of a text, which is not at its end; returns what comes after
 * it.  NULL: there is no such key. */
const char *al_key_parse(const char *text, al_key *key);

void al_key_add_name(al_text *out, al_key key);

typedef enum al_mouse_act {
    AL_MOUSE_PRESS,
    AL_MOUSE_DRAG,    /* moved while it is pressed */
    AL_MOUSE_RELEASE,
    AL_MOUSE_WHEEL_UP,
    AL_MOUSE_WHEEL_DOWN
} al_mouse_act;

#endif
