/* session.h - breakpoints and marks as a text, to be kept from one time to the
 * next:
 *
 *     # breakpoints and marks of scenarios/ties.json
 *     break heap > 3
 *     disabled break compact
 *     watch ready
 *     mark 40 time 1.5 loop 1 iteration 3 further 2
 *
 * A mark is an event's number, and, unless somebody wrote less, where that was
 * (cli/tui/whereabouts.h): in another run it has another number. */
#ifndef AL_STEP_SESSION_H
#define AL_STEP_SESSION_H

#include "cli/tui/bookmarks.h"
#include "cli/step/breakpoints.h"
#include "loop/base/text.h"

typedef struct al_session { /* zero-initialise */
    bool is_written; /* by al_session_write: nobody's own words are in it */
    al_breakpoints breakpoints;
    al_bookmarks marks;
} al_session;

void al_session_release(al_session *session);

/* `of` is what they belong to.  False: it is more than al_session_load would
 * take. */
bool al_session_write(const al_breakpoints *breakpoints,
                      const al_bookmarks *marks, const char *of,
                      al_text *out, al_error *err);

/* Into an empty one.  False: err has the line and column; the session is to be
 * released as well. */
bool al_session_read(al_session *session, const char *bytes, size_t length,
                     al_error *err);

/* The same of a file, of which a message begins with path:line.  Where there
 * is none, *is_absent says so. */
bool al_session_load(al_session *session, const char *path, bool *is_absent,
                     al_error *err);

/* Where those of a trace or scenario are kept unless somebody says otherwise:
 * in `folder`, by its full path.  NULL: it has none.  al_free it. */
char *al_session_place(const char *folder, const char *of);

/* Folders that such a place has and that are not there are made; whether they
 * could be shows when the file is written. */
void al_session_make_place(const char *path);

#endif
