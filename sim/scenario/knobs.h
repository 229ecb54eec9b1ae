/* knobs.h - the settings of "loop" and "limits", in one table: the loader,
 * the overrides and the JSON Schema read it. */
#ifndef AL_KNOBS_H
#define AL_KNOBS_H

#include <stddef.h>

typedef enum al_knob_kind {
    AL_KNOB_BOOL,
    AL_KNOB_SECONDS,  /* a double, not negative */
    AL_KNOB_FRACTION, /* a double, 0 to 1 */
    AL_KNOB_COUNT,    /* an integer, not negative */
    AL_KNOB_UNTIL,    /* seconds above 0; null: no limit, -1 */
    AL_KNOB_LIMIT,    /* an integer above 0; null: no limit, 0 */
    AL_KNOB_PYTHON    /* "3.14" or "3.15" */
} al_knob_kind;

typedef struct al_knob {
    const char *section; /* "loop", "loop.clock", "limits" */
    const char *name;
    al_knob_kind kind;
    size_t offset; /* in al_scenario */
    const char *doc;
} al_knob;

extern const al_knob al_knobs[];
extern const size_t al_knob_count;

#endif
