/* options.h - command-line options as data: the table a command declares is
 * also its help. */
#ifndef AL_OPTIONS_H
#define AL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/error.h"
#include "loop/base/text.h"

typedef enum al_option_kind {
    AL_OPTION_FLAG,   /* bool: true when given */
    AL_OPTION_STRING, /* const char *: the last one given */
    AL_OPTION_LIST,   /* al_strings: every one given */
    AL_OPTION_CHOICE, /* const char *: one of `choices` */
    AL_OPTION_END
} al_option_kind;

typedef struct al_strings { /* release it with al_strings_release */
    const char **items;     /* borrowed from argv */
    size_t count, capacity;
} al_strings;

typedef struct al_option {
    al_option_kind kind;
    char letter;          /* of -o; 0: none */
    const char *name;     /* of --option */
    const char *argument; /* how the help names it: "FILE" */
    const char *help;
    void *to;             /* where the value goes */
    const char *choices;  /* "text jsonl summary"; of another kind than CHOICE
                             what completion offers; or NULL */
} al_option;

/* The row of --color, which every command has alike. */
#define AL_OPTION_COLOR(to)                                                    \
    {AL_OPTION_CHOICE, 0, "color", "WHEN",                                     \
     "auto (default), always, never; see NO_COLOR", to, "auto always never"}

/* The row of --set, which commands have that run scenarios. */
#define AL_OPTION_SET(to)                                                      \
    {AL_OPTION_LIST, 0, "set", "KEY=VALUE",                                    \
     "override a scenario's setting: loop.debug=true", to, NULL}

void al_strings_add(al_strings *strings, const char *string);
void al_strings_release(al_strings *strings);

/* Parse argv[1..argc); *rest gets what is no option (a new list).  `leading`:
 * options stand before the first argument alone; what follows is kept as it
 * is.  *help is set by --help or -h.  False: a mistake, told in err, with a
 * suggestion. */
bool al_options_parse(const al_option *options, bool leading, int argc,
                      char **argv, al_strings *rest, bool *help,
                      al_error *err);

/* The options, one a line, for a help text. */
void al_options_describe(const al_option *options, al_text *out);

#endif
