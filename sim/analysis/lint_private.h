/* lint_private.h - what the files of the rules share. */
#ifndef AL_ANALYSIS_LINT_PRIVATE_H
#define AL_ANALYSIS_LINT_PRIVATE_H

#include "loop/base/text.h"
#include "sim/analysis/lint.h"
#include "sim/trace/intern.h"

typedef struct al_lint_part al_lint_part;

/* A family of rules: looks at each event before and after the state has it. */
typedef struct al_lint_part_ops {
    al_lint_part *(*make)(void);
    void (*before)(al_lint_part *part, al_lint *lint, const al_event *event);
    void (*after)(al_lint_part *part, al_lint *lint, const al_event *event);
    void (*finish)(al_lint_part *part, al_lint *lint); /* may be NULL */
    void (*free)(al_lint_part *part);
} al_lint_part_ops;

extern const al_lint_part_ops al_lint_timers, al_lint_time, al_lint_tasks,
    al_lint_reported, al_lint_fds;

typedef struct al_lint_key { /* what is told once */
    al_rule rule;
    const char *name;        /* interned */
    size_t finding;
    struct al_lint_key *next;
} al_lint_key;

enum { AL_LINT_PARTS = 5, AL_LINT_KEYS = 1024, AL_LINT_MOST = 1000 };

struct al_lint {
    al_lint_options options;
    al_state *state;
    uint64_t at;  /* events so far, that which is looked at included */
    al_intern names;
    al_lint_part *parts[AL_LINT_PARTS];
    al_lint_key *keys[AL_LINT_KEYS];
    al_finding *findings;
    size_t count, capacity;
    al_text text;  /* of the finding being made, */
    double extent; /* and its extent */
    double slow;  /* seconds: the loop's slow_callback_duration */
};

/* Is it to be looked for?  Where this was told of that name before, it is
 * counted, and the answer is no. */
bool al_lint_wants(al_lint *lint, al_rule rule, const char *name);

/* The same of what lasted so many seconds: it is to be told, too, where it is
 * worse than what was told of that name, and takes its place. */
bool al_lint_wants_worst(al_lint *lint, al_rule rule, const char *name,
                         double seconds);

/* Tell what stands in lint->text, and empty it.  It showed at that event, now;
 * where it began before, the finding that is returned can be put there.  Good
 * until the next. */
al_finding *al_lint_tell(al_lint *lint, al_rule rule, al_severity severity,
                         const char *name, const al_event *event,
                         const char *where);

/* "h3 tick()", "t2 'w1'" */
void al_lint_add_handle(al_text *out, const al_traced *handle);
void al_lint_add_task(al_text *out, const al_traced_task *task);
void al_lint_add_seconds(al_text *out, double seconds);

/* Its callback's name; of a step its coroutine's. */
const char *al_lint_name_of(const al_lint *lint, const al_traced *handle);

#endif
