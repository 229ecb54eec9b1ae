/* report.h - what became of a comparison, for people and for programs. */
#ifndef AL_DIFF_REPORT_H
#define AL_DIFF_REPORT_H

#include "cli/page.h"
#include "sim/analysis/align.h"

typedef struct al_diff_view {
    al_page page;
    const char *names[2];  /* of both sides */
    unsigned indent;       /* of every line */
    unsigned most;         /* differences told; 0: all that were kept */
    bool differs;          /* what al_align_differs said */
    double since[2];       /* what their clocks showed at 0; 0: that */
    bool is_jitter;        /* times are compared that no two runs share */
} al_diff_view;

/* In words; nothing where they are equal. */
void al_diff_add_text(const al_diff_view *view, al_text *out,
                      const al_align_result *result);

/* One JSON object; times in seconds. */
void al_diff_add_json(const al_diff_view *view, al_text *out,
                      const al_align_result *result);

/* -- words, plain: escaping them is up to the page ------------------------- */

/* "iteration 3, 1.0 s" */
void al_diff_add_place(al_text *out, const al_parting *parting);

/* "`w2` ran before `w1`: what it waited for was cancelled" */
void al_diff_add_sentence(al_text *out, const al_parting *parting);

/* Is that what was on the right, against the left?  The others name a side
 * themselves, or neither. */
bool al_diff_tells_of_right(const al_parting *parting);

/* Is it that a task was made by another name? */
bool al_diff_is_renaming(const al_parting *parting);

/* "call_at h6 tick(1) at 1.5 s" */
void al_diff_add_doing(al_text *out, const al_doing *doing);

#endif
