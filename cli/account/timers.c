/* timers.c - timers come due, in what order and why; the heap is
 * pruned or compacted, or just not. */
#include "cli/account/private.h"

#include "cli/phrases.h"

/* -- ties --------------------------------------------------------------- */

static void remember_tie(al_account *a, const al_traced *timer)
{
    al_ties *t = &a->ties;

    if (t->count > 0 && t->when != timer->when)
        al_account_tell_ties(a);
    if (t->count == 0) {
        t->when = timer->when;
        t->is_fifo = true;
    } else if (t->count <= AL_MOST_TIES && t->ids[t->count - 1] > timer->id) {
        t->is_fifo = false;
    }
    if (t->count < AL_MOST_TIES)
        t->ids[t->count] = timer->id;
    t->count++;
}

/* Equal deadlines leave as heapq's sifting has it: show the order, and say
 * why. */
void al_account_tell_ties(al_account *a)
{
    al_ties *t = &a->ties;
    uint64_t told = t->count < AL_MOST_TIES ? t->count : AL_MOST_TIES;
    al_line line = {
        .indent = AL_BLOCK_INDENT,
        .what_role = AL_ROLE_NOTE,
        .most_lines = 4,
    };

    if (t->count > 1 && !a->is_hidden) {
        al_text_clear(&a->note);
        al_text_add(&a->note, t->is_fifo
                                  ? "tied: heapq's order, which is FIFO here"
                                  : "tied: heapq's order, not FIFO:");
        for (uint64_t i = 0; !t->is_fifo && i < told; i++)
            al_text_add_format(&a->note, " h%llu",
                               (unsigned long long)t->ids[i]);
        line.what = a->note.bytes;
        al_account_put(a, al_sign_number(0, t->is_fifo), &line);
    }
    t->count = 0;
}

void al_account_tell_due(al_account *a, const al_event *event)
{
    const al_traced *timer = al_state_handle(a->state, event->handle);
    al_line line;

    if (timer && a->ties.count > 0 && a->ties.when != timer->when)
        al_account_tell_ties(a);
    line = al_account_effect(a, event);
    al_phrase_handle(&a->what, timer);
    al_phrase_due(&a->note, timer, event->time);
    al_account_put_effect(a, event, &line, timer ? timer->callback : NULL);
    if (timer)
        remember_tie(a, timer);
}

/* -- pruning ------------------------------------------------------------ */

void al_account_tell_prune(al_account *a, const al_event *event)
{
    const al_traced *timer = al_state_handle(a->state, event->handle);
    al_line line = al_account_effect(a, event);

    al_phrase_handle(&a->what, timer);
    al_text_add(&a->note, "cancelled, at the head");
    al_account_put_effect(a, event, &line, timer ? timer->callback : NULL);
}

void al_account_tell_compact(al_account *a, const al_event *event,
                             uint64_t cancelled)
{
    al_line line = al_account_effect(a, event);
    al_line after = {.indent = line.indent};

    al_phrase_share(&a->what, event->removed + event->kept, cancelled,
                    a->options.knobs.min_cancelled_timer_handles_fraction);
    al_text_add_format(&a->what, " -> %llu kept",
                       (unsigned long long)event->kept);
    line.verb_role = AL_ROLE_HEADING;
    line.what_role = AL_ROLE_HEADING;
    al_account_put_effect(a, event, &line, NULL);
    al_text_clear(&a->note);
    al_text_add_format(&a->note, "%llu dropped, the rest heapified",
                       (unsigned long long)event->removed);
    after.note = a->note.bytes;
    al_account_put(a, al_sign_number(0, AL_EVENT_COUNT), &after);
}

/* Compaction is what people look for: say so when it is just not reached,
 * once for the same numbers. */
void al_account_tell_near_miss(al_account *a, const al_event *event)
{
    al_line line = {.indent = AL_BLOCK_INDENT, .verb = "no compact"};

    al_text_clear(&a->note);
    if (!al_phrase_near_miss(&a->note, event->scheduled, event->cancelled,
                             &a->options.knobs) ||
        (a->near_scheduled == event->scheduled &&
         a->near_cancelled == event->cancelled))
        return;
    a->near_scheduled = event->scheduled;
    a->near_cancelled = event->cancelled;
    line.note = a->note.bytes;
    al_account_put(a, al_account_sign_of(event, NULL), &line);
}
