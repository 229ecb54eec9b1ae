/* lint_timers.c - rules of the heap: ties, cancelled timers, timeouts in
 * loops, the clock's resolution. */
#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/analysis/heap_history.h"
#include "sim/analysis/lint_private.h"

enum {
    MOST_TIED = 64,      /* looked at; more are as good as these */
    MOST_LISTED = 6,
    MOST_SUSPECTS = 64,  /* timers that might make the difference */
    MANY_CANCELLED = 50,
    MANY_TIMEOUTS = 50,
    PYTHON_TIMER = 200   /* bytes of a TimerHandle and its context, about */
};

typedef struct loop_timers {
    al_heap_history history;
    uint64_t tied[MOST_TIED]; /* that came due in a row */
    size_t tied_count, all_tied;
    double when;              /* their deadline */
    size_t steps;             /* of the history, before the first of them */
    bool is_fresh;            /* no callback has run since select */
    double woken;
    uint64_t most_cancelled;  /* in the heap at once */
    uint64_t scheduled_then, iteration_then, at_then;
    double time_then;
} loop_timers;

struct al_lint_part {
    al_idmap loops;    /* loop_timers */
    al_idmap timeouts; /* made by each task so far: counts */
};

static loop_timers *find_loop(al_lint_part *part, uint64_t number)
{
    loop_timers *timers = al_idmap_find(&part->loops, number);

    if (!timers) {
        timers = al_alloc_zero(1, sizeof *timers);
        al_idmap_put(&part->loops, number, timers);
    }
    return timers;
}

/* -- ties ----------------------------------------------------------------- */

static void list_ids(al_text *out, const uint64_t *ids, size_t count,
                     size_t all)
{
    for (size_t i = 0; i < count && i < MOST_LISTED; i++)
        al_text_add_format(out, "%sh%llu", i ? ", " : "",
                           (unsigned long long)ids[i]);
    if (all > MOST_LISTED)
        al_text_add_format(out, ", … %zu more", all - MOST_LISTED);
}

static bool is_in_order(const loop_timers *t)
{
    for (size_t i = 1; i < t->tied_count; i++) {
        if (t->tied[i] < t->tied[i - 1])
            return false;
    }
    return true;
}

static bool differs(const loop_timers *t, al_heap_change change,
                    uint64_t *order)
{
    return al_heap_history_order(&t->history, t->steps, change, t->tied,
                                 t->tied_count, order) &&
           memcmp(order, t->tied, t->tied_count * sizeof *order) != 0;
}

static bool is_tied(const loop_timers *t, uint64_t handle)
{
    for (size_t i = 0; i < t->tied_count; i++) {
        if (t->tied[i] == handle)
            return true;
    }
    return false;
}

/* An unrelated timer without which they would leave in another order; 0:
 * there is none. */
static uint64_t find_culprit(const loop_timers *t, uint64_t *order)
{
    size_t left = MOST_SUSPECTS;

    for (size_t i = t->steps; i-- > 0 && left > 0;) {
        const al_heap_step *step = &t->history.steps[i];

        if (step->deed != AL_HEAP_PUSH || is_tied(t, step->handle))
            continue;
        left--;
        if (differs(t, (al_heap_change){.without = step->handle}, order))
            return step->handle;
    }
    return 0;
}

/* What would flip them. */
static bool add_what_if(al_lint *lint, const loop_timers *t)
{
    uint64_t order[MOST_TIED], culprit = 0;

    if (t->history.is_given_up || t->steps > t->history.count)
        return false;
    culprit = find_culprit(t, order);
    if (culprit)
        al_text_add_format(&lint->text, ": without h%llu it would be ",
                           (unsigned long long)culprit);
    else if (differs(t, (al_heap_change){.is_more = true}, order))
        al_text_add(&lint->text, ": one more timer before them would make "
                    "it ");
    else
        return false;
    if (t->all_tied > MOST_LISTED)
        al_text_add(&lint->text, "another one");
    else
        list_ids(&lint->text, order, t->tied_count, t->all_tied);
    return true;
}

static void judge_ties(al_lint *lint, loop_timers *t, const al_event *event)
{
    const al_traced *first = al_state_handle(lint->state, t->tied[0]);
    const char *name = first ? first->callback : "?";
    bool is_orderly = is_in_order(t), can_flip;

    if (!al_lint_wants(lint, AL_RULE_TIE_ORDER, name))
        return;
    al_text_add_format(&lint->text, "%zu timers for ", t->all_tied);
    al_lint_add_seconds(&lint->text, t->when);
    al_text_add(&lint->text, " ran as ");
    list_ids(&lint->text, t->tied, t->tied_count, t->all_tied);
    al_text_add(&lint->text, is_orderly ? ", in call_at's order"
                                        : ", not in call_at's order");
    can_flip = add_what_if(lint, t);
    if (is_orderly && !can_flip)
        al_text_clear(&lint->text);
    else
        al_lint_tell(lint, AL_RULE_TIE_ORDER,
                     is_orderly ? AL_NOTE : AL_WARNING, name, event, NULL);
}

static void end_ties(al_lint *lint, loop_timers *t, const al_event *event)
{
    if (t->tied_count > 1)
        judge_ties(lint, t, event);
    t->tied_count = t->all_tied = 0;
}

static void add_due(al_lint *lint, loop_timers *t, const al_event *event)
{
    const al_traced *timer = al_state_handle(lint->state, event->handle);
    double when = timer ? timer->when : NAN;

    if (t->tied_count == 0 || when != t->when) {
        end_ties(lint, t, event);
        t->when = when;
        t->steps = t->history.count;
    }
    t->all_tied++;
    if (t->tied_count < MOST_TIED)
        t->tied[t->tied_count++] = event->handle;
}

/* -- the heap's history --------------------------------------------------- */

static void follow_heap(al_lint *lint, loop_timers *t, const al_event *event)
{
    const al_traced *timer;

    switch (event->kind) {
    case AL_EVENT_CALL_AT:
        al_heap_history_add(&t->history, (al_heap_step){
            AL_HEAP_PUSH, event->handle, event->when});
        break;
    case AL_EVENT_PRUNE:
        al_heap_history_add(&t->history, (al_heap_step){
            AL_HEAP_POP, event->handle, 0});
        break;
    case AL_EVENT_CANCEL:
        timer = al_state_handle(lint->state, event->handle);
        if (timer && timer->in_heap)
            al_heap_history_add(&t->history, (al_heap_step){
                AL_HEAP_CANCEL, event->handle, 0});
        break;
    case AL_EVENT_COMPACT:
        al_heap_history_drop(&t->history, (size_t)event->removed);
        break;
    default:
        break;
    }
}

/* -- the clock's resolution ------------------------------------------------ */

static void check_early(al_lint *lint, const al_event *event)
{
    const al_traced *timer = al_state_handle(lint->state, event->handle);
    double early = timer ? timer->when - event->time : 0;

    if (!(early > 1e-6) ||
        !al_lint_wants(lint, AL_RULE_COARSE_CLOCK, "early"))
        return;
    al_lint_add_handle(&lint->text, timer);
    al_text_add(&lint->text, " came ");
    al_lint_add_seconds(&lint->text, early);
    al_text_add(&lint->text, " before its deadline, for the clock's "
                "resolution is ");
    al_lint_add_seconds(&lint->text,
                        lint->options.header->loop.clock_resolution);
    al_lint_tell(lint, AL_RULE_COARSE_CLOCK, AL_NOTE, "early", event, NULL);
}

/* All that was due is taken: is there one left whose time has come? */
static void check_left(al_lint *lint, const loop_timers *t,
                       const al_event *event)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    const al_traced *timer;

    if (!loop || loop->heap.count == 0)
        return;
    timer = loop->heap.entries[0].item;
    if (timer->is_cancelled || !(timer->when <= t->woken) ||
        !al_lint_wants(lint, AL_RULE_COARSE_CLOCK, "left"))
        return;
    al_lint_add_handle(&lint->text, timer);
    al_text_add(&lint->text, " is due and not taken: at ");
    al_text_add_double(&lint->text, t->woken);
    al_text_add(&lint->text, " s the clock's resolution of ");
    al_lint_add_seconds(&lint->text,
                        lint->options.header->loop.clock_resolution);
    al_text_add(&lint->text, " vanishes in the digits of a double");
    al_lint_tell(lint, AL_RULE_COARSE_CLOCK, AL_NOTE, "left", event, NULL);
}

/* -- timers in numbers ---------------------------------------------------- */

static void count_timeout(al_lint *lint, al_lint_part *part,
                          const al_event *event)
{
    const al_traced *by = al_state_handle(lint->state, event->by);
    const al_traced_task *task =
        by && by->task ? al_state_task(lint->state, by->task) : NULL;
    uintptr_t count;

    if (!task || !event->callback ||
        strcmp(event->callback, "Timeout._on_timeout") != 0)
        return;
    count = (uintptr_t)al_idmap_find(&part->timeouts, by->task) + 1;
    al_idmap_put(&part->timeouts, by->task, (void *)count);
    if (count != MANY_TIMEOUTS ||
        !al_lint_wants(lint, AL_RULE_TIMEOUT_IN_LOOP, task->coroutine))
        return;
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s) has made %d timeouts, a timer "
                       "each", task->coroutine, MANY_TIMEOUTS);
    al_lint_tell(lint, AL_RULE_TIMEOUT_IN_LOOP, AL_NOTE, task->coroutine,
                 event, task->where);
}

static void count_cancelled(al_lint *lint, loop_timers *t,
                            const al_event *event)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);

    if (!loop || loop->cancelled <= t->most_cancelled)
        return;
    t->most_cancelled = loop->cancelled;
    t->scheduled_then = loop->heap.count;
    t->iteration_then = loop->iteration;
    t->at_then = lint->at;
    t->time_then = event->time;
}

static void tell_cancelled(al_lint *lint, const loop_timers *t,
                           uint64_t number)
{
    const al_event event = {.loop = number, .time = t->time_then};
    al_finding *finding;

    if (t->most_cancelled < MANY_CANCELLED ||
        !al_lint_wants(lint, AL_RULE_CANCELLED_TIMERS, "heap"))
        return;
    al_text_add_format(&lint->text, "%llu of %llu timers in the heap were "
                       "cancelled, and stayed: some %llu kB in CPython",
                       (unsigned long long)t->most_cancelled,
                       (unsigned long long)t->scheduled_then,
                       (unsigned long long)(t->most_cancelled *
                                            PYTHON_TIMER / 1000));
    al_lint_tell(lint, AL_RULE_CANCELLED_TIMERS, AL_WARNING, "heap", &event,
                 NULL);
    finding = &lint->findings[lint->count - 1];
    finding->iteration = t->iteration_then;
    finding->at = t->at_then;
}

/* -- the part ------------------------------------------------------------- */

static al_lint_part *make(void)
{
    return al_alloc_zero(1, sizeof(al_lint_part));
}

static bool begins_callbacks(al_event_kind kind)
{
    return kind == AL_EVENT_RUN || kind == AL_EVENT_SKIP ||
           kind == AL_EVENT_ITERATION;
}

static void before(al_lint_part *part, al_lint *lint, const al_event *event)
{
    loop_timers *t = find_loop(part, event->loop);

    if (event->kind == AL_EVENT_DUE) {
        add_due(lint, t, event);
        check_early(lint, event);
        al_heap_history_add(&t->history, (al_heap_step){
            AL_HEAP_POP, event->handle, 0});
        return;
    }
    if (t->is_fresh && begins_callbacks(event->kind)) {
        t->is_fresh = false;
        check_left(lint, t, event);
    }
    follow_heap(lint, t, event);
    if (event->kind == AL_EVENT_CALL_AT)
        count_timeout(lint, part, event);
}

/* Once the state has what comes after them, those that came due are known
 * still, but for what began to run. */
static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    loop_timers *t = find_loop(part, event->loop);

    if (event->kind == AL_EVENT_WAKE) {
        t->is_fresh = true;
        t->woken = event->time;
    }
    if (event->kind == AL_EVENT_SELECT)
        count_cancelled(lint, t, event);
    if (event->kind == AL_EVENT_TASK_DONE)
        al_idmap_remove(&part->timeouts, event->task);
    if (t->tied_count && event->kind != AL_EVENT_DUE)
        end_ties(lint, t, event);
}

static void finish(al_lint_part *part, al_lint *lint)
{
    for (size_t i = 0; i < al_state_loop_count(lint->state); i++) {
        uint64_t number = al_state_loop_at(lint->state, i)->number;

        tell_cancelled(lint, find_loop(part, number), number);
    }
}

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (loop_timers *t; (t = al_idmap_next(&part->loops, &at));) {
        al_heap_history_release(&t->history);
        al_free(t);
    }
    al_idmap_release(&part->loops);
    al_idmap_release(&part->timeouts);
    al_free(part);
}

const al_lint_part_ops al_lint_timers = {make, before, after, finish,
                                         free_part};
