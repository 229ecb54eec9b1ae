/* sink.h - where output goes: a file, a descriptor, memory.
 *
 * A sink is a seam: {const ops *, void *self}.  A file sink writes beside
 * its path and is renamed into place by finish, so that a run that fails,
 * or a full disk, leaves neither half a file nor a lost old one. */
#ifndef AL_SINK_H
#define AL_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include "loop/base/error.h"
#include "loop/base/text.h"

typedef struct al_sink_ops {
    const char *name;
    bool (*write)(void *self, const char *bytes, size_t length, al_error *err);
    bool (*check)(void *self, al_error *err);  /* would write still be of
                                                  use?  NULL: it would */
    bool (*finish)(void *self, al_error *err); /* all is written: keep it */
    void (*free)(void *self); /* without finish before: leave no trace */
} al_sink_ops;

typedef struct al_sink { /* {NULL, NULL}: nothing is open */
    const al_sink_ops *ops;
    void *self;
} al_sink;

/* A new file at path, in place once finished.  What exists and is no regular
 * file (/dev/full, a fifo) is written to directly.  NULL ops: failed. */
al_sink al_file_sink_new(const char *path, al_error *err);

/* Where a file sink's bytes are until it is finished, for another process to
 * write there.  Borrowed. */
const char *al_file_sink_path(al_sink sink);

/* Where a sink, of another process too, has what is to be at path: its file,
 * whose name is the caller's; NULL: there is none.  One that was killed has
 * left its own behind. */
char *al_file_sink_unfinished(const char *path);

/* Where what is at path stands, or what is being written for it while nothing
 * is there: a file's name, which is the caller's. */
char *al_file_sink_place(const char *path);

/* A descriptor that stays open; `name` is for messages ("stdout"). */
al_sink al_fd_sink_new(int fd, const char *name);

/* Is anybody there to read what is written to it?  Nobody is where a pipe's
 * reader has gone. */
bool al_fd_has_reader(int fd);

/* Into a text, which must outlive the sink. */
al_sink al_text_sink(al_text *text);

bool al_sink_write(al_sink sink, const char *bytes, size_t length,
                   al_error *err);
/* Is anybody there to read?  For whoever has nothing to write for long. */
bool al_sink_check(al_sink sink, al_error *err);
bool al_sink_finish(al_sink sink, al_error *err);
void al_sink_free(al_sink sink);

/* All of a file at once. */
bool al_sink_write_file(const char *path, const char *bytes, size_t length,
                        al_error *err);

/* Remove the unfinished files of all file sinks: for an exit in a hurry (no
 * memory).  No sink may be used afterwards. */
void al_sinks_abandon(void);

#endif
