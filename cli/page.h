/* page.h - lines of the account: columns, colours, no line too long.
 *
 *   verb      h12  what it concerns                     a note
 *
 * All texts may come from outside: they are escaped, and cut with "…". */
#ifndef AL_PAGE_H
#define AL_PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include "cli/palette.h"
#include "loop/base/text.h"

typedef struct al_page { /* how lines look */
    bool color;
    unsigned width; /* columns, at least AL_PAGE_NARROWEST */
    bool is_uncut;  /* tables may be wider: there is no screen to fit */
    bool is_whole;  /* lists are not cut in the middle: one can scroll */
    bool has_anchors; /* lines of events begin with an anchor */
} al_page;

enum { AL_PAGE_NARROWEST = 40 };

/* A line's event, by its number, for who lets lines be followed: before the
 * line, between two bytes that no escaped text has. */
void al_page_add_anchor(al_text *out, uint64_t event);

/* Go over the anchor with which a line begins.  0: it has none. */
uint64_t al_page_skip_anchor(const char **line);

typedef struct al_line { /* every part but the indent may be left out */
    unsigned indent;
    uint64_t event;      /* that it tells of, for its anchor; 0: none */
    const char *verb;
    al_role verb_role;
    uint64_t handle;  /* 0: none */
    uint64_t primitive; /* in its place; 0: none */
    const char *what;
    al_role what_role;
    const char *note;
    unsigned most_lines; /* more than 1: what is broken into so many lines */
    bool is_wide;        /* what begins where the line does, and there is no
                            more to it */
} al_line;

void al_page_add_line(const al_page *page, al_text *out, const al_line *line);

typedef struct al_entry { /* a name, and what is to be said of it */
    unsigned indent;
    const char *name;
    unsigned column; /* where the text begins, in each of its lines */
    al_role role;    /* the text's */
    const char *text;
    unsigned most_lines;
} al_entry;

void al_page_add_entry(const al_page *page, al_text *out,
                       const al_entry *entry);

/* A heading, bold, with `aside` at the right margin. */
void al_page_add_heading(const al_page *page, al_text *out,
                         const char *heading, const char *time,
                         const char *aside);

/* A number of seconds: "0.5 s"; "~0.3 s" where digits beyond the ninth
 * decimal are left out. */
void al_page_add_seconds(al_text *out, double seconds);

/* How long something takes, which is no place in a trace: three digits where it
 * has more than three decimals: "~0.161 s", "~0.0206 s". */
void al_page_add_rough_seconds(al_text *out, double seconds);

/* A time for a narrow column: to the microsecond where it has more than three
 * decimals: "0.5 s", "~0.3 s", "0.007575 s". */
void al_page_add_brief_seconds(al_text *out, double seconds);

/* In three digits, in the unit that fits: "12.3 ms".  micro: how to write the
 * millionth part of a second, "µs". */
void al_page_add_duration(al_text *out, double seconds, const char *micro);

/* The same; but as it is where it has no more than three decimals: "0.5 s". */
void al_page_add_brief_duration(al_text *out, double seconds,
                                const char *micro);

/* "1 timer", "2 timers". */
void al_page_add_count(al_text *out, uint64_t count, const char *noun);

#endif
