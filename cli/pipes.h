/* pipes.h - what can be opened only once: standard input, and what a path
 * names but cannot be read twice, as the /dev/fd/63 of a shell's
 * "<(zcat app.jsonl.gz)". */
#ifndef AL_PIPES_H
#define AL_PIPES_H

#include <stdbool.h>
#include <sys/types.h>
#include "cli/command.h"
#include "sim/trace/reader.h"

/* Where it is read: of "-", standard input; a pipe is opened the first time,
 * and stays so.  -1: it is a file, to be opened by its path, or cannot be
 * opened. */
int al_pipe_find(const char *path);

/* Was the latest one not opened because Ctrl-C or its like came while nobody
 * had it open for writing?  To open it by its path would wait again. */
bool al_pipe_gave_up(void);

/* The reader of a trace that comes there; the fd is borrowed.  NULL: it is
 * none, and can still be read from its beginning; unless *error, an errno, says
 * why not, or what begins as one is wrong, which `wrong` says. */
al_trace_reader *al_pipe_open_trace(int fd, int *error, al_error *wrong);

/* Let it be read again from where it is now, *place: what comes by a pipe is
 * kept in a temporary file.  False: it cannot be; errno says why. */
bool al_pipe_keep(int fd, off_t *place);

/* Say that one cannot be read or kept, for such an errno, or that Ctrl-C was
 * pressed meanwhile; the exit code for it. */
al_exit al_pipe_complain(const char *path, int error);

#endif
