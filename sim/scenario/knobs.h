/* knobs.h - the settings of "loop" and "limits", in one table.
 *
 * Whoever reads, writes or documents settings goes through it: the loader
 * and its overrides, the header of traces, the Python export, the JSON
 * Schema, the reference. */
#ifndef AL_KNOBS_H
#define AL_KNOBS_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/text.h"
#include "sim/scenario/ast.h"

typedef enum al_knob_kind {
    AL_KNOB_BOOL,
    AL_KNOB_SECONDS,  /* a double, not negative */
    AL_KNOB_FRACTION, /* a double, 0 to 1 */
    AL_KNOB_COUNT,    /* a uint64_t */
    AL_KNOB_UNTIL,    /* a double above 0; null: no limit, -1 */
    AL_KNOB_LIMIT,    /* a uint64_t above 0; null: no limit, 0 */
    AL_KNOB_PYTHON    /* an int, the minor version: "3.14" or "3.15" */
} al_knob_kind;

typedef enum al_knob_section {
    AL_KNOBS_LOOP,   /* kept in al_loop_knobs */
    AL_KNOBS_CLOCK,  /* there, too */
    AL_KNOBS_LIMITS, /* kept in al_limits */
    AL_KNOBS_SECTION_COUNT
} al_knob_section;

extern const char *const al_knob_section_names[]; /* "loop.clock" */

typedef struct al_knob {
    al_knob_section section;
    const char *name;
    al_knob_kind kind;
    size_t offset;  /* in the section's struct */
    double usual;   /* the default, as it is kept */
    const char *doc;
} al_knob;

extern const al_knob al_knobs[];
extern const size_t al_knob_count;

/* The knob of that name in a section; NULL: there is none. */
const al_knob *al_knob_find(al_knob_section section, const char *name);

/* Where its value is kept: a pointer into the section's struct.  The other
 * struct may be NULL. */
void *al_knob_value(const al_knob *knob, al_loop_knobs *loop,
                    al_limits *limits);

/* Give every setting its default.  Either may be NULL. */
void al_knobs_set_defaults(al_loop_knobs *loop, al_limits *limits);

/* "seconds from which …; default: 0.1" */
void al_knob_describe(const al_knob *knob, al_text *out);

#endif
