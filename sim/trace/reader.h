/* reader.h - a trace read back, event by event, in bounded memory.
 *
 * Strict in what it knows, lenient in what it does not: unknown kinds and
 * fields are skipped, everything else must be as the writer would write it
 * (in any order, with any JSON whitespace and escapes).
 *
 * Texts must be valid UTF-8: anything else is an error.  "\u0000" and lone
 * surrogates, which a C string cannot hold, are read as U+FFFD. */
#ifndef AL_TRACE_READER_H
#define AL_TRACE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "loop/base/error.h"
#include "loop/core/event.h"
#include "sim/base/sink.h"
#include "sim/trace/header.h"

enum { AL_TRACE_MAX_LINE = 256 << 20 }; /* longer lines are refused */

typedef struct al_trace_reader al_trace_reader;

typedef enum al_trace_step {
    AL_TRACE_EVENT, /* *event is filled in */
    AL_TRACE_END,   /* there are no more */
    AL_TRACE_BAD    /* the error says what and where */
} al_trace_step;

/* Open a file and read its header.  NULL: failed. */
al_trace_reader *al_trace_reader_open(const char *path, al_error *err);

/* The same, of bytes in memory, which are copied. */
al_trace_reader *al_trace_reader_new(const char *bytes, size_t length,
                                     al_error *err);

/* Bytes, which are copied, and then what can be read from an fd, which is
 * borrowed. */
al_trace_reader *al_trace_reader_go_on(const char *bytes, size_t length,
                                       int fd, al_error *err);
void al_trace_reader_free(al_trace_reader *reader);

/* -- reading parts again --------------------------------------------------- */

/* Where a line begins. */
typedef struct al_trace_place {
    uint64_t offset; /* bytes, in what can be read again */
    uint64_t line;   /* from 1: of the line before it */
} al_trace_place;

/* Of the next line. */
al_trace_place al_trace_reader_place(const al_trace_reader *reader);

/* Have what it reads written to a file, too, so that it can be read again; an
 * fd that is borrowed, and empty.  A file that was opened by its path needs
 * none. */
void al_trace_reader_keep(al_trace_reader *reader, int fd);

/* Can it be read again without being kept? */
bool al_trace_reader_is_seekable(const al_trace_reader *reader);

/* Bytes of the file that can be; 0: unknown. */
uint64_t al_trace_reader_size(const al_trace_reader *reader);

/* Another reader of the same, before its first event; it must go before this
 * one does, and no further than this one got. */
al_trace_reader *al_trace_reader_again(const al_trace_reader *reader);

/* Of such a reader: go to a place that the first one was at. */
void al_trace_reader_seek(al_trace_reader *reader, al_trace_place place);

/* Write to a sink what lies before a place that it was at, as it is there,
 * header included.  It must be one that can be read again, or is kept.  False:
 * failed. */
bool al_trace_reader_copy(const al_trace_reader *reader, al_trace_place to,
                          al_sink sink, al_error *err);

/* May the next event be asked for without waiting? */
bool al_trace_reader_is_ready(al_trace_reader *reader);

/* The next event of a kind known to us.  Texts belong to the reader, until
 * the next call.  After END or BAD it stays there. */
al_trace_step al_trace_reader_next(al_trace_reader *reader, al_event *event,
                                   al_error *err);

/* Is the line that was read last not ended, but by the end of the file: half of
 * one, perhaps, that is still being written? */
bool al_trace_reader_is_cut(const al_trace_reader *reader);

/* Borrowed; knobs that the header leaves out have their defaults. */
const al_trace_header *al_trace_reader_header(const al_trace_reader *reader);

/* Tell what one of the functions above said is wrong with a file, as
 * "FILE:LINE:COLUMN: error: …".  Always false. */
bool al_trace_fail(al_error *err, const char *file, const al_error *wrong);

/* From the first event on, tell times and deadlines since the trace's start if
 * its clock was a real one: what such a clock shows, the machine's uptime,
 * means nothing to anybody, and two recordings have nothing of it in common.
 * The header's clock then starts at 0, and its `since` tells what that was. */
void al_trace_reader_tell_since_start(al_trace_reader *reader);

/* The line (from 1) of the event read last. */
uint64_t al_trace_reader_line(const al_trace_reader *reader);

#endif
