/* report.h - a run's figures, for people and for programs. */
#ifndef AL_STATS_REPORT_H
#define AL_STATS_REPORT_H

#include "cli/page.h"
#include "sim/analysis/statistics.h"

typedef struct al_stats_view {
    al_page page;
    const char *name;  /* of what ran */
    double since;      /* see al_trace_header */
    unsigned top;      /* rows in each list of the worst */
} al_stats_view;

/* In words, with bars. */
void al_stats_add_text(const al_stats_view *view, al_text *out,
                       const al_statistics *statistics);

/* One JSON object; times in seconds. */
void al_stats_add_json(const al_stats_view *view, al_text *out,
                       const al_statistics *statistics);

#endif
