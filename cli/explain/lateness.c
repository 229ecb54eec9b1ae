/* lateness.c - see lateness.h.
 *
 * Each callback of its loop that ran in that time took a part of it, as far
 * as they overlap; so did each select.  What is left is the loop's own. */
#include "cli/explain/lateness.h"

#include <math.h>
#include <string.h>
#include "cli/account/wakeups.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"

enum { MOST_PARTS = 8, MOST_BEFORE = 8 };

typedef struct part {  /* of the time it was held up */
    uint64_t handle;   /* 0: select */
    double share, from, to;
    char *what;
} part;

struct al_lateness {
    const al_target *target;
    part parts[MOST_PARTS]; /* the largest, the first of them first */
    size_t part_count;
    uint64_t left_out;
    double left_out_share, told;
    part current;      /* what goes on */
    uint64_t before[MOST_BEFORE], before_count; /* run earlier in its turn */
    uint64_t ready;    /* len(ready) as that turn's callbacks begin */
    uint64_t iteration;
    bool is_over;
};

al_lateness *al_lateness_new(const al_target *target)
{
    al_lateness *l = al_alloc_zero(1, sizeof *l);

    l->target = target;
    return l;
}

void al_lateness_free(al_lateness *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->part_count; i++)
        al_free(l->parts[i].what);
    al_free(l->current.what);
    al_free(l);
}

/* -- parts ---------------------------------------------------------------- */

static size_t smallest(const al_lateness *l)
{
    size_t at = 0;

    for (size_t i = 1; i < l->part_count; i++) {
        if (l->parts[i].share < l->parts[at].share)
            at = i;
    }
    return at;
}

static void leave_out(al_lateness *l, part *p)
{
    l->left_out++;
    l->left_out_share += p->share;
    al_free(p->what);
}

static void keep(al_lateness *l, part p)
{
    size_t at = smallest(l);

    l->told += p.share;
    if (l->part_count < MOST_PARTS) {
        l->parts[l->part_count++] = p;
    } else if (p.share <= l->parts[at].share) {
        leave_out(l, &p);
    } else {
        leave_out(l, &l->parts[at]);
        memmove(&l->parts[at], &l->parts[at + 1],
                (MOST_PARTS - at - 1) * sizeof p);
        l->parts[MOST_PARTS - 1] = p;
    }
}

static void end_current(al_lateness *l, double now)
{
    part p = l->current;

    if (!p.what)
        return;
    l->current.what = NULL;
    p.to = now;
    p.share = fmin(now, l->target->ran) - fmax(p.from, l->target->due);
    if (p.share > 0)
        keep(l, p);
    else
        al_free(p.what);
}

static char *what_runs(const al_state *state, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(state, event->task) : NULL;
    al_text what = {0};

    if (task) {
        al_text_add(&what, "step of ");
        al_phrase_task(&what, task->future.id, task->name);
    } else {
        al_phrase_handle(&what, al_state_handle(state, event->handle));
    }
    return al_text_take(&what);
}

static void begin(al_lateness *l, uint64_t handle, double now, char *what)
{
    end_current(l, now);
    l->current = (part){.handle = handle, .from = now, .what = what};
}

/* -- the events ----------------------------------------------------------- */

static void begin_run(al_lateness *l, const al_state *state,
                      const al_event *event)
{
    if (event->handle == l->target->id) {
        end_current(l, event->time);
        l->iteration = al_state_loop(state, event->loop)->iteration;
        l->is_over = true;
        return;
    }
    if (l->before_count < MOST_BEFORE)
        l->before[l->before_count] = event->handle;
    l->before_count++;
    begin(l, event->handle, event->time, what_runs(state, event));
}

void al_lateness_add(al_lateness *l, const al_state *state,
                     const al_event *event)
{
    if (l->is_over || isnan(l->target->ran) || event->loop != l->target->loop)
        return;
    switch (event->kind) {
    case AL_EVENT_ITERATION:
        l->before_count = 0;
        break;
    case AL_EVENT_SELECT:
        begin(l, 0, event->time, al_strdup("select"));
        break;
    case AL_EVENT_WAKE:
    case AL_EVENT_RAN:
        end_current(l, event->time);
        break;
    case AL_EVENT_RUN:
        begin_run(l, state, event);
        break;
    default:
        break;
    }
}

/* -- how it is told ------------------------------------------------------- */

static void write_part(const part *p, const al_page *page, al_text *out)
{
    al_text share = {0}, note = {0};
    al_line line = {.indent = 2, .verb_role = AL_ROLE_TIME,
                    .handle = p->handle, .what = p->what};

    al_page_add_rough_seconds(&share, p->share);
    al_text_add(&note, "from ");
    al_page_add_seconds(&note, p->from);
    al_text_add(&note, " to ");
    al_page_add_seconds(&note, p->to);
    line.verb = share.bytes;
    line.note = note.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&share);
    al_text_release(&note);
}

static void write_rest(double share, const char *what, const al_page *page,
                       al_text *out)
{
    al_text verb = {0};
    al_line line = {.indent = 2, .verb_role = AL_ROLE_TIME, .what = what,
                    .what_role = AL_ROLE_NOTE};

    al_page_add_rough_seconds(&verb, share);
    line.verb = verb.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&verb);
}

static void write_before(const al_lateness *l, const al_page *page,
                         al_text *out)
{
    al_text what = {0};
    al_line line = {.indent = 2, .verb = "behind", .most_lines = 2,
                    .what_role = AL_ROLE_NOTE};

    if (l->before_count == 0)
        return;
    for (uint64_t i = 0; i < l->before_count && i < MOST_BEFORE; i++)
        al_text_add_format(&what, "%sh%llu", i ? ", " : "",
                           (unsigned long long)l->before[i]);
    if (l->before_count > MOST_BEFORE)
        al_text_add_format(&what, ", … %llu more",
                           (unsigned long long)(l->before_count -
                                                MOST_BEFORE));
    al_text_add(&what, " in the same turn");
    line.what = what.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
}

void al_lateness_write(const al_lateness *l, const al_page *page, al_text *out)
{
    double late = l->target->ran - l->target->due;
    double own = late - l->told;
    al_text heading = {0};

    if (!l->is_over || !(late > 0))
        return;
    al_text_add(&heading, l->target->is_timer ? "why " : "why it stood ");
    al_page_add_rough_seconds(&heading, late);
    al_text_add(&heading, l->target->is_timer ? " late" : " in ready");
    al_text_add_char(out, '\n');
    al_page_add_heading(page, out, heading.bytes, "", "");
    al_text_release(&heading);
    for (size_t i = 0; i < l->part_count; i++)
        write_part(&l->parts[i], page, out);
    if (l->left_out)
        write_rest(l->left_out_share, "shorter ones", page, out);
    if (own > late * 1e-9)
        write_rest(own, "the loop's own work", page, out);
    write_before(l, page, out);
}
