/* hops.c - see hops.h.
 *
 * A handle may run often, as a reader does: the run that counts is the latest
 * before the next one of the chain was scheduled. */
#include "cli/explain/hops.h"

#include <math.h>
#include "cli/account/wakeups.h"
#include "cli/phrases.h"
#include "loop/base/alloc.h"

enum { NEAREST = 12, FARTHEST = 4, SHOWN = NEAREST + FARTHEST };

typedef struct hop {
    uint64_t id;
    bool is_settled; /* its effect has come about */
    double ran, when;
    uint64_t iteration;
    uint64_t at; /* event: the run's, or before that which scheduled it */
    al_text what, reason;
} hop;

struct al_hops {
    const al_chain *chain;
    uint64_t index;
    hop shown[SHOWN]; /* the nearest, then the farthest */
    size_t count, left_out;
};

/* -- what is kept --------------------------------------------------------- */

al_hops *al_hops_new(const al_chain *chain, uint64_t index)
{
    al_hops *hops = al_alloc_zero(1, sizeof *hops);

    hops->chain = chain;
    hops->index = index;
    hops->count = chain->count < SHOWN ? chain->count : SHOWN;
    hops->left_out = chain->count - hops->count;
    for (size_t i = 0; i < hops->count; i++) {
        size_t from = i < NEAREST ? i : i + hops->left_out;

        hops->shown[i] = (hop){.id = chain->handles[from], .ran = NAN,
                               .when = NAN};
    }
    return hops;
}

void al_hops_free(al_hops *hops)
{
    if (!hops)
        return;
    for (size_t i = 0; i < hops->count; i++) {
        al_text_release(&hops->shown[i].what);
        al_text_release(&hops->shown[i].reason);
    }
    al_free(hops);
}

static void note_creation(hop *h, const al_event *event)
{
    al_text_clear(&h->what);
    al_phrase_scheduled(&h->what, event);
    if (event->kind == AL_EVENT_CALL_AT)
        h->when = event->when;
}

static void note_run(hop *h, const al_state *state, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(state, event->task) : NULL;
    const al_loop_state *loop = al_state_loop(state, event->loop);

    h->ran = event->time;
    h->iteration = loop ? loop->iteration : 0;
    al_text_clear(&h->reason);
    if (!task)
        return;
    al_text_clear(&h->what);
    al_text_add(&h->what, "step of ");
    al_phrase_task(&h->what, task->future.id, task->name);
    al_phrase_wakeup(&h->reason, task);
}

void al_hops_add(al_hops *hops, const al_state *state, const al_event *event,
                 uint64_t index)
{
    if (index == hops->index && hops->count > 0)
        hops->shown[0].is_settled = true;
    if (!event->handle)
        return;
    for (size_t i = 0; i < hops->count; i++) {
        hop *h = &hops->shown[i];

        if (h->id != event->handle || h->is_settled)
            continue;
        if (event->kind == AL_EVENT_RUN) {
            h->at = index;
            note_run(h, state, event);
        } else if (al_introduces_handle(event->kind)) {
            h->at = index;
            note_creation(h, event);
            if (i + 1 < hops->count)
                hops->shown[i + 1].is_settled = true;
        }
    }
}

/* -- how it is told ------------------------------------------------------- */

static void write_run(const hop *h, const al_page *page, al_text *out)
{
    al_text note = {0};
    al_line line = {.indent = 2, .event = h->at, .verb = "by",
                    .handle = h->id,
                    .what = h->what.length ? h->what.bytes : "?"};

    if (!isnan(h->ran))
        al_phrase_moment(&note, h->ran, h->iteration);
    line.note = note.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&note);
}

/* A line beneath it. */
static void write_aside(const char *verb, const char *what,
                        const al_page *page, al_text *out)
{
    const al_line line = {.indent = 4, .verb = verb, .what = what,
                          .what_role = AL_ROLE_NOTE, .most_lines = 3};

    al_page_add_line(page, out, &line);
}

static void write_hop(const hop *h, const al_page *page, al_text *out)
{
    al_text when = {0};

    write_run(h, page, out);
    if (h->reason.length) {
        write_aside("woken", h->reason.bytes, page, out);
    } else if (!isnan(h->when)) {
        al_page_add_seconds(&when, h->when);
        write_aside("due at", when.bytes, page, out);
    }
    al_text_release(&when);
}

static void write_root(uint64_t root, const al_page *page, al_text *out)
{
    al_cause_id id = al_cause_id_of(root);
    al_text what = {0};
    al_line line = {.indent = 2, .verb = "by", .what_role = AL_ROLE_WORLD};

    if (root == AL_BY_PROGRAM)
        al_text_add(&what, "the program");
    else if (root == AL_BY_WORLD)
        al_text_add(&what, "the world");
    else
        al_text_add_format(&what, "%c%llu, whose origin the trace does not "
                           "tell", id.letter, (unsigned long long)id.number);
    line.what = what.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
}

void al_hops_write(const al_hops *hops, const al_page *page, al_text *out)
{
    for (size_t i = 0; i < hops->count; i++) {
        if (i == NEAREST && hops->left_out)
            al_text_add_format(out, "  … %zu more between\n",
                               hops->left_out);
        write_hop(&hops->shown[i], page, out);
    }
    write_root(hops->chain->root, page, out);
}
