/* config.h - how somebody likes the stepper: a file of lines,
 *
 *     bind KEY COMMAND          bind <F5> continue; none unbinds the key
 *     color INK LOOK...         color task green bold on black
 *     theme dark|light|mono
 *     view NAME on|off          view log off
 *     weight NAME N             the pane's share of its column's lines
 *     share N                   of the left column, in percent
 *     reload on|off             is a file that changes read anew?
 *     # what is no setting
 *
 * A line that is wrong is told and left out; the others hold. */
#ifndef AL_STEP_CONFIG_H
#define AL_STEP_CONFIG_H

#include "cli/tui/ink.h"
#include "cli/step/keymap.h"
#include "cli/tui/look.h"
#include "cli/tui/view.h"
#include "sim/json/diagnostics.h"

typedef struct al_config { /* zero-initialise: as is usual */
    al_keymap keymap;
    al_look looks[AL_INK_COUNT];
    bool has_theme;
    al_theme theme;
    struct {
        bool is_hidden;
        int weight; /* 0: as is usual */
    } views[AL_VIEW_COUNT];
    int share; /* 0: as is usual */
    bool keeps_old; /* a file that changes is not read anew by itself */
} al_config;

void al_config_release(al_config *config);

/* What is wrong is told with its place. */
void al_config_read(al_config *config, const char *path, const char *text,
                    size_t length, al_diagnostics *wrong);

/* False: there is no such file, or it cannot be read; errno says why. */
bool al_config_load(al_config *config, const char *path,
                    al_diagnostics *wrong);

/* What such a file may have, as a text of lines that are indented. */
void al_config_describe(al_text *out);

#endif
