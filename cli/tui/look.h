/* look.h - how an ink looks on a terminal. */
#ifndef AL_TUI_LOOK_H
#define AL_TUI_LOOK_H

#include <stdbool.h>
#include "cli/tui/ink.h"

/* X(THEME, its name) */
#define AL_THEMES(X)                                                           \
    X(DARK, dark)                                                              \
    X(LIGHT, light)                                                            \
    X(MONO, mono)

typedef enum al_theme {
#define AL_THEME_ENUM(THEME, name) AL_THEME_##THEME,
    AL_THEMES(AL_THEME_ENUM)
#undef AL_THEME_ENUM
    AL_THEME_COUNT
} al_theme;

extern const char *const al_theme_names[AL_THEME_COUNT];

typedef enum al_look_attributes {
    AL_LOOK_BOLD = 1,
    AL_LOOK_DIM = 2,
    AL_LOOK_UNDERLINE = 4,
    AL_LOOK_REVERSE = 8
} al_look_attributes;

enum { AL_COLOUR_DEFAULT = -1, AL_COLOUR_BRIGHT = 8, AL_COLOURS = 256 };

typedef struct al_look { /* zero: as the theme has it */
    bool is_set;
    short foreground, background; /* a colour's number, or the default */
    unsigned attributes;
} al_look;

al_look al_theme_look(al_theme theme, al_ink ink);

#endif
