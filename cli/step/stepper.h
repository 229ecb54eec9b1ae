/* stepper.h - a trace looked at step by step: what `step` is without its
 * terminal.
 *
 * Keys go in, a screen comes out.  It draws from a history and knows no loop
 * that runs, nor who types. */
#ifndef AL_STEP_STEPPER_H
#define AL_STEP_STEPPER_H

#include "cli/step/config.h"
#include "cli/step/followed.h"
#include "cli/tui/glyphs.h"
#include "cli/tui/keys.h"
#include "cli/tui/screen.h"
#include "cli/tui/look.h"
#include "sim/trace/history.h"

typedef struct al_stepper al_stepper;

typedef struct al_stepper_options {
    al_origin origin;        /* of what is looked at */
    const al_glyphs *glyphs;
    bool is_ascii;           /* texts, too: the terminal shows nothing else */
    const al_config *config; /* borrowed; NULL: as is usual */
    al_theme theme;          /* of what is exported */
    const char *session;     /* the file of breakpoints and marks, usually;
                                borrowed; NULL: there is none */
    const char *notice;      /* said at first; borrowed; NULL: nothing */
    unsigned ignored;        /* of another trace beside it: AL_IGNORE_… */
    al_patience patience;    /* it ends where somebody presses a key */

    /* Open the trace at origin->path, this one anew or another, as for `step`;
     * the rest of its origin is told.  NULL: it cannot be, and why is told.
     * NULL: nobody does. */
    al_history *(*open)(void *self, al_origin *origin, al_text *why);

    /* Nobody looks at a history any more, the first one or such a one: free it
     * and what it reads from.  NULL: al_history_free does. */
    void (*close)(void *self, al_history *history);

    /* Why nobody writes on a history that has no end event, if that is known.
     * NULL: it never is. */
    void (*add_end)(void *self, const al_history *history, al_text *why);

    /* Let somebody edit a file, from a line on.  NULL: nobody could. */
    bool (*edit)(void *self, const char *path, size_t line, al_error *err);
    void *self;
} al_stepper_options;

/* Takes the history, which picks what the log shows (al_view_log_picks). */
al_stepper *al_stepper_new(al_history *history,
                           const al_stepper_options *options);
void al_stepper_free(al_stepper *stepper);

/* Another trace beside it, as by `:diff`.  False: it cannot be read, and why
 * is told. */
bool al_stepper_beside(al_stepper *stepper, const char *path, al_text *why);

void al_stepper_key(al_stepper *stepper, al_key key);

/* Keys in writing, all of which there are (keys.h).  No time passes between two
 * of them: a run comes to its stop first. */
void al_stepper_press(al_stepper *stepper, const char *keys);

void al_stepper_draw(al_stepper *stepper, al_screen *screen);

/* Where on the screen something is being typed; false: nowhere. */
bool al_stepper_cursor(const al_stepper *stepper, const al_screen *screen,
                       int *x, int *y);

void al_stepper_mouse(al_stepper *stepper, al_mouse_act act, int x, int y);

/* Read more of the trace, for a few milliseconds, or (may_wait) until there is
 * more.  False: there is nothing to read now. */
bool al_stepper_work(al_stepper *stepper, bool may_wait);

/* Is there nothing only because whoever writes the trace takes time? */
bool al_stepper_must_wait(const al_stepper *stepper);

/* Does the trace run by itself?  Then tell, after tick_wait seconds or so, how
 * many have passed. */
bool al_stepper_is_running(const al_stepper *stepper);
double al_stepper_tick_wait(const al_stepper *stepper);
void al_stepper_tick(al_stepper *stepper, double seconds);

/* Look what has become of the files: one that changed is read anew, as by
 * `:reload`, unless the configuration says otherwise. */
void al_stepper_watch(al_stepper *stepper);

/* To where the run stops, without any time, and what is being read anew to its
 * end: for what is scripted. */
void al_stepper_run_out(al_stepper *stepper);

/* Is what was read of the trace all right, and of the one beside it?  False: it
 * breaks off at what is no event, and not only because more of that line is to
 * come; or who wrote it was killed. */
bool al_stepper_check(const al_stepper *stepper, al_error *err);

bool al_stepper_is_over(const al_stepper *stepper); /* it was told to quit */

#endif
