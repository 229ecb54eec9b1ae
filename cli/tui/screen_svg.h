/* screen_svg.h - a screen as a picture, with its colours. */
#ifndef AL_TUI_SCREEN_SVG_H
#define AL_TUI_SCREEN_SVG_H

#include "cli/tui/look.h"
#include "cli/tui/screen.h"

/* looks: of AL_INK_COUNT inks, where they are set, in place of the theme's.
 * A theme without colours draws black on white. */
void al_screen_write_svg(const al_screen *screen, al_theme theme,
                         const al_look *looks, al_text *out);

#endif
