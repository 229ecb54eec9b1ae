/* file_watch.h - what becomes of a file while it is being looked at. */
#ifndef AL_FILE_WATCH_H
#define AL_FILE_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

typedef enum al_file_change {
    AL_FILE_SAME,
    AL_FILE_GREW,    /* the beginning and what was the end are as before */
    AL_FILE_CHANGED, /* written over, cut short, replaced, or there again */
    AL_FILE_GONE
} al_file_change;

typedef struct al_file_watch {
    const char *path;   /* borrowed; where nothing is, what is being written for
                           it (sink.h) is looked at */
    bool is_none;       /* it is no plain file, of which nobody could tell */
    bool is_gone;
    struct stat latest; /* as it was looked at last */
    uint64_t edges;     /* a hash of its beginning and end then */
} al_file_watch;

al_file_watch al_file_watch_begin(const char *path);

/* Since the last look. */
al_file_change al_file_watch_look(al_file_watch *watch);

#endif
