/* places.c - see places.h. */
#include "cli/step/places.h"

#include <stdlib.h>
#include "loop/base/text.h"

/* What the variable names, or a folder at home; then the rest. */
static char *place(const char *variable, const char *at_home,
                   const char *rest)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    al_text path = {0};

    if (base && *base == '/')
        al_text_add(&path, base);
    else if (home && *home == '/')
        al_text_add_format(&path, "%s/%s", home, at_home);
    else
        return NULL;
    al_text_add(&path, rest);
    return al_text_take(&path);
}

char *al_step_config_path(void)
{
    return place("XDG_CONFIG_HOME", ".config", "/asyncloop-sim/config");
}

char *al_step_state_folder(void)
{
    return place("XDG_STATE_HOME", ".local/state", "/asyncloop-sim/step");
}
