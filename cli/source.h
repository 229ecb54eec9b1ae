/* source.h - where a command's events come from: the file of a trace, standard
 * input, or a scenario that runs meanwhile.
 *
 * A scenario is run in a process of its own, whose trace comes by a pipe: it
 * goes no further ahead than its reader asks, may run for ever, and two can
 * be held side by side. */
#ifndef AL_SOURCE_H
#define AL_SOURCE_H

#include "cli/command.h"
#include "cli/input.h"
#include "sim/trace/reader.h"

typedef struct al_source al_source;

/* A file ("-": stdin) that is a trace; of one that is not there yet what is
 * recorded of it so far, beside it (sink.h), which is said.  NULL: it is none,
 * with *why OK, and can still be loaded as a scenario; or it is a bad one, or
 * the machine refused: that was told, and *why is the exit code for it. */
al_source *al_source_open_trace(const char *path, al_exit *why);

/* The same; or else a scenario, with what --set was given (NULL: nothing).
 * NULL: it is neither, which was told. */
al_source *al_source_open(const char *path, const al_strings *set,
                          const char *color, al_exit *why);

/* The same; it does not say that it is unfinished, nor how it ended: of one
 * that was read before, or for who shows that in another way. */
al_source *al_source_open_again(const char *path, const al_strings *set,
                                const char *color, al_exit *why);

/* What messages call it: its path, or "<stdin>". */
const char *al_source_name(const al_source *source);

bool al_source_is_scenario(const al_source *source);

/* Borrowed. */
const al_trace_header *al_source_header(const al_source *source);

/* See al_trace_reader_tell_since_start: for what is read by people. */
void al_source_tell_since_start(al_source *source);

/* Its reader, before the first event, which is the caller's now; the source
 * must live as long, and gives no events itself. */
al_trace_reader *al_source_take_reader(al_source *source);

/* From now on tell a terminal how far it is (cli/progress.h); of two that are
 * read side by side the first tells, until it ends. */
void al_source_show_progress(al_source *source);

/* The next event, whose texts are good until the next call.  False: there is
 * no more, or Ctrl-C was pressed; al_source_close says why. */
bool al_source_next(al_source *source, al_event *event);

/* Was the process that runs a scenario ended by a signal?  Then that is added
 * to a text; one whose trace was read to its end is waited for. */
void al_source_add_signal(al_source *source, al_text *why);

/* Free it.  How it came to an end: OK, where all was read, whatever became of
 * the program; else the exit code that the command should end with, and what
 * there is to say was said. */
al_exit al_source_close(al_source *source);

/* The same, where nobody wants to know how it ended. */
void al_source_abandon(al_source *source);

#endif
