/* reading.c - see reading.h. */
#include "cli/diff/reading.h"

#include <string.h>
#include "cli/console.h"

void al_diff_read(al_align *align, al_source *sources[2])
{
    bool has_ended[2] = {false, false};
    al_event event;

    while (!has_ended[AL_LEFT] || !has_ended[AL_RIGHT]) {
        al_side side = al_align_wants(align);

        if (al_source_next(sources[side], &event)) {
            al_align_add(align, side, &event);
        } else {
            al_align_end(align, side);
            has_ended[side] = true;
        }
    }
}

static const struct { const char *name; unsigned what; } ignorable[] = {
    {"times", AL_IGNORE_TIMES}, {"order", AL_IGNORE_ORDER},
    {"logs", AL_IGNORE_LOGS},   {"args", AL_IGNORE_ARGS},
    {"names", AL_IGNORE_NAMES},
};

static bool read_word(const char *word, size_t length, unsigned *ignored)
{
    for (size_t i = 0; i < sizeof ignorable / sizeof *ignorable; i++) {
        if (strlen(ignorable[i].name) == length &&
            memcmp(ignorable[i].name, word, length) == 0) {
            *ignored |= ignorable[i].what;
            return true;
        }
    }
    al_complain("--ignore takes times, order, logs, args or names, not "
                "'%.*s'", (int)length, word);
    return false;
}

bool al_diff_read_ignored(const al_strings *given, unsigned *ignored)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *at = given->items[i];

        for (;;) {
            size_t length = strcspn(at, ",");

            if (!read_word(at, length, ignored))
                return false;
            if (!at[length])
                break;
            at += length + 1;
        }
    }
    return true;
}
