/* prompt.h - the line in which something is typed, with a history. */
#ifndef AL_TUI_PROMPT_H
#define AL_TUI_PROMPT_H

#include "cli/tui/keys.h"
#include "loop/base/text.h"

typedef struct al_prompt_history { /* zero-initialise; the oldest first */
    char **lines;
    size_t count, capacity;
} al_prompt_history;

void al_prompt_history_release(al_prompt_history *history);

typedef struct al_prompt { /* zero-initialise */
    const char *label;     /* before it: ":", "/" */
    al_text text;
    size_t cursor;         /* a byte, at the beginning of a character */
    al_prompt_history *history;
    size_t recalled;       /* how far back in it; 0: not */
    al_text typed;         /* before something was recalled */
} al_prompt;

void al_prompt_begin(al_prompt *prompt, const char *label,
                     al_prompt_history *history);
void al_prompt_release(al_prompt *prompt);

/* In place of what stands between a byte and the cursor; what would make the
 * line longer than 4096 bytes is not put, as it cannot be typed. */
void al_prompt_put(al_prompt *prompt, size_t from, const char *text);

typedef enum al_prompt_end {
    AL_PROMPT_GOES_ON,
    AL_PROMPT_DONE, /* Enter: the text is remembered */
    AL_PROMPT_LEFT  /* Esc, or nothing left to delete */
} al_prompt_end;

al_prompt_end al_prompt_key(al_prompt *prompt, al_key key);

#endif
