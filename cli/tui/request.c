/* request.c - see request.h. */
#include "cli/tui/request.h"

#include <string.h>

const char al_request_preface[] =
    "A number before a command repeats it: 10n.  The same letter in upper case "
    "goes back.  The mouse chooses, and tells the story of what is chosen "
    "already; it scrolls, drags borders, and travels along the timeline.";

const al_request_entry al_request_entries[] = {
#define GROUP(title) {title, AL_REQ_NONE},
#define REQUEST(NAME, name, keys, meaning) {NULL, AL_REQ_##NAME},
    AL_REQUESTS(REQUEST, GROUP)
#undef GROUP
#undef REQUEST
};

const size_t al_request_entry_count =
    sizeof al_request_entries / sizeof *al_request_entries;

const al_request_spec al_request_specs[AL_REQ_COUNT] = {
#define GROUP(title)
#define REQUEST(NAME, command, its_keys, what)                                 \
    [AL_REQ_##NAME] = {.name = command, .keys = its_keys, .meaning = what},
    AL_REQUESTS(REQUEST, GROUP)
#undef GROUP
#undef REQUEST
};

al_request al_request_of_key(al_key key)
{
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++) {
        const char *at = al_request_specs[i].keys;
        al_key bound = AL_KEY_NONE;

        while (*at) {
            at = al_key_parse(at, &bound);
            if (bound == key)
                return (al_request)i;
        }
    }
    return AL_REQ_NONE;
}

al_request al_request_named(const char *name, size_t length, bool *ambiguous)
{
    al_request found = AL_REQ_NONE;

    *ambiguous = false;
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT && length > 0; i++) {
        const char *full = al_request_specs[i].name;

        if (strncmp(full, name, length) != 0)
            continue;
        if (full[length] == '\0') {
            *ambiguous = false;
            return (al_request)i;
        }
        *ambiguous = found != AL_REQ_NONE;
        found = found ? found : (al_request)i;
    }
    return *ambiguous ? AL_REQ_NONE : found;
}
