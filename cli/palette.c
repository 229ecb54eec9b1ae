/* palette.c - colours by role; see palette.h.
 *
 * The sixteen colours every terminal has, so that the user's own theme
 * decides what they look like. */
#include "cli/palette.h"

static const char *const sequences[AL_ROLE_COUNT] = {
    [AL_ROLE_PLAIN] = "",
    [AL_ROLE_HEADING] = "\033[1m",
    [AL_ROLE_TIME] = "\033[36m",
    [AL_ROLE_HANDLE] = "\033[33m",
    [AL_ROLE_CALLBACK] = "\033[1m",
    [AL_ROLE_VERB] = "\033[34m",
    [AL_ROLE_WORLD] = "\033[35m",
    [AL_ROLE_LOG] = "\033[32m",
    [AL_ROLE_NOTE] = "\033[2m",
    [AL_ROLE_WARNING] = "\033[1;33m",
    [AL_ROLE_ERROR] = "\033[1;31m",
    [AL_ROLE_GOOD] = "\033[1;32m",
};

void al_palette_begin(al_text *out, bool color, al_role role)
{
    if (color)
        al_text_add(out, sequences[role]);
}

void al_palette_end(al_text *out, bool color, al_role role)
{
    if (color && sequences[role][0])
        al_text_add(out, "\033[0m");
}
