/* lint_tasks.c - rules of tasks and locks: what is lost, swallowed, held, or
 * waited for in vain. */
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/analysis/lint_private.h"

enum { MOST_TOLD = 20 }; /* tasks that wait when all is over */

typedef struct held { /* a lock that is locked */
    double since;
    uint64_t most_waiting;
    const char *where; /* the line in which its holder was when the most
                          waited; interned; NULL: unknown */
} held;

typedef struct requests { /* for tasks to be cancelled */
    al_idmap asked;  /* those that have not run since */
    al_idmap thrown; /* in which CancelledError was thrown: a throw */
} requests;

struct al_lint_part {
    requests of_timeouts, of_others;
    al_idmap locks;  /* held */
    bool has_counts; /* the trace tells of cancelling() */
    bool is_deadlocked;
    uint64_t by, latest; /* who cancelled which task last */
};

/* -- cancellations -------------------------------------------------------- */

/* Whose request it is; NULL: a TaskGroup's, which raises what its task failed
 * with, whatever became of its request.  Before Python 3.13 it may forget to
 * take that back. */
static requests *requests_of(const al_lint *lint, al_lint_part *part,
                             const al_event *event)
{
    const al_traced *by = al_state_handle(lint->state, event->by);

    if (by && strcmp(by->callback, "TaskGroup._on_task_done") == 0)
        return NULL;
    return by && strcmp(by->callback, "Timeout._on_timeout") == 0
        ? &part->of_timeouts : &part->of_others;
}

static void note_request(al_lint *lint, al_lint_part *part,
                         const al_event *event)
{
    static bool is_asked = true;
    requests *whose = requests_of(lint, part, event);

    if (whose)
        al_idmap_put(&whose->asked, event->task, &is_asked);
}

typedef struct throw { /* the step in which a task meets CancelledError */
    uint64_t at, iteration;
    double time;
    const char *where; /* it had waited; interned; NULL: unknown */
} throw;

static void forget_throw(requests *whose, uint64_t task)
{
    al_free(al_idmap_find(&whose->thrown, task));
    al_idmap_remove(&whose->thrown, task);
}

static void note_throw(al_lint *lint, requests *whose, const al_event *event)
{
    const al_traced_task *task = al_state_task(lint->state, event->task);
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    throw *one = al_alloc_zero(1, sizeof *one);

    *one = (throw){
        .at = lint->at, .time = event->time,
        .iteration = loop ? loop->iteration : 0,
        .where = task && task->woken && task->where
            ? al_intern_text(&lint->names, task->where) : NULL,
    };
    al_idmap_remove(&whose->asked, event->task);
    forget_throw(whose, event->task);
    al_idmap_put(&whose->thrown, event->task, one);
}

static void note_step(al_lint *lint, al_lint_part *part, const al_event *event)
{
    if (event->task && al_idmap_find(&part->of_timeouts.asked, event->task))
        note_throw(lint, &part->of_timeouts, event);
    if (event->task && al_idmap_find(&part->of_others.asked, event->task))
        note_throw(lint, &part->of_others, event);
}

/* It swallowed it in the step that met it. */
static void tell_swallowed(al_lint *lint, al_severity severity,
                           const al_traced_task *task, const throw *met,
                           const al_event *end)
{
    al_finding *finding = al_lint_tell(lint, AL_RULE_SWALLOWED_CANCELLATION,
                                       severity, task->coroutine, end,
                                       met->where);

    finding->at = met->at;
    finding->time = met->time;
    finding->iteration = met->iteration;
}

static void tell_swallowed_by_task(al_lint *lint, const al_lint_part *part,
                                   const al_traced_task *task,
                                   const throw *met, const al_event *end)
{
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s) was cancelled, went on, and ended "
                       "with a result", task->coroutine);
    if (!part->has_counts)
        al_text_add(&lint->text, ", unless it took that back, which this "
                    "trace does not tell");
    tell_swallowed(lint, part->has_counts ? AL_WARNING : AL_NOTE, task, met,
                   end);
}

static void tell_swallowed_in_block(al_lint *lint, const al_traced_task *task,
                                    const throw *met, const al_event *end)
{
    const al_loop_state *loop = al_state_loop(lint->state, end->loop);

    al_text_add(&lint->text, "a timeout of ");
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s) expired, its block went on",
                       task->coroutine);
    if (loop && loop->iteration != met->iteration) { /* it waited again */
        al_text_add(&lint->text, " for ");
        al_lint_add_seconds(&lint->text, end->time - met->time);
    }
    al_text_add(&lint->text, ", and no TimeoutError was raised");
    tell_swallowed(lint, AL_WARNING, task, met, end);
}

static bool is_result(const al_event *event)
{
    return event->outcome && strcmp(event->outcome, "result") == 0;
}

static void forget_task(al_lint_part *part, uint64_t task)
{
    requests *const all[] = {&part->of_timeouts, &part->of_others};

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        forget_throw(all[i], task);
        al_idmap_remove(&all[i]->asked, task);
    }
}

static void check_task(al_lint *lint, al_lint_part *part,
                       const al_event *event)
{
    const al_traced_task *task = al_state_task(lint->state, event->task);
    const throw *met = al_idmap_find(&part->of_others.thrown, event->task);

    if (task && is_result(event) && met && task->cancelling > 0 &&
        al_lint_wants(lint, AL_RULE_SWALLOWED_CANCELLATION, task->coroutine))
        tell_swallowed_by_task(lint, part, task, met, event);
    forget_task(part, event->task);
}

/* Of a timeout that takes its request back the event tells how its block
 * ended. */
static void check_block(al_lint *lint, const al_lint_part *part,
                        const al_event *event)
{
    const al_traced_task *task = al_state_task(lint->state, event->task);
    const throw *met = al_idmap_find(&part->of_timeouts.thrown, event->task);

    if (task && is_result(event) && met &&
        al_lint_wants(lint, AL_RULE_SWALLOWED_CANCELLATION, task->coroutine))
        tell_swallowed_in_block(lint, task, met, event);
}

/* What was taken back was not swallowed. */
static void note_count(al_lint_part *part, const al_event *event)
{
    part->has_counts = true;
    if (event->count == 0)
        forget_throw(&part->of_others, event->task);
}

/* "the TaskGroup's"; NULL: no set was iterated. */
static const char *whose_set(const al_lint *lint, const al_event *event)
{
    const al_traced *by = al_state_handle(lint->state, event->by);
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);

    if (by && strcmp(by->callback, "TaskGroup._on_task_done") == 0)
        return "a TaskGroup cancelled";
    if (event->by == AL_BY_PROGRAM && loop && loop->phase == AL_LOOP_STOPPED)
        return "asyncio.run, at its end, cancelled";
    return NULL;
}

static void check_set_order(al_lint *lint, al_lint_part *part,
                            const al_event *event)
{
    const char *whose = whose_set(lint, event);
    const al_traced_task *before = al_state_task(lint->state, part->latest);
    bool is_parent = before && before->creator == event->task;
    bool is_next = whose && part->by == event->by && part->latest &&
                   !is_parent; /* a group's, who is always the last */

    if (is_next && al_lint_wants(lint, AL_RULE_SET_ORDER, whose)) {
        al_text_add_format(&lint->text, "%s t%llu before t%llu, in the order "
                           "of a set", whose,
                           (unsigned long long)part->latest,
                           (unsigned long long)event->task);
        al_lint_tell(lint, AL_RULE_SET_ORDER, AL_NOTE, whose, event, NULL);
    }
    part->by = event->by;
    part->latest = event->task;
}

/* -- locks ---------------------------------------------------------------- */

static const al_traced_task *holder_of(const al_lint *lint,
                                       const al_traced_primitive *lock)
{
    return lock->taken_by.task
        ? al_state_task(lint->state, lock->taken_by.task) : NULL;
}

/* " by t2 'holder' (work)" */
static void add_holder(al_lint *lint, const al_traced_primitive *lock)
{
    const al_traced_task *task = holder_of(lint, lock);

    if (!task)
        return;
    al_text_add(&lint->text, " by ");
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s)", task->coroutine);
}

static void check_held(al_lint *lint, al_lint_part *part,
                       const al_event *event, const al_traced_primitive *lock)
{
    held *h = al_idmap_find(&part->locks, lock->id);
    double length = h ? event->time - h->since : 0;
    al_text name = {0};

    if (!h)
        return;
    al_idmap_remove(&part->locks, lock->id);
    al_text_add_format(&name, "p%llu", (unsigned long long)lock->id);
    if (h->most_waiting > 0 && length >= lint->slow &&
        al_lint_wants(lint, AL_RULE_LOCK_HELD, name.bytes)) {
        al_text_add_format(&lint->text, "Lock %s was held for ", name.bytes);
        al_lint_add_seconds(&lint->text, length);
        add_holder(lint, lock);
        al_text_add_format(&lint->text, ", while %llu waited",
                           (unsigned long long)h->most_waiting);
        al_lint_tell(lint, AL_RULE_LOCK_HELD, AL_WARNING, name.bytes, event,
                     h->where);
    }
    al_text_release(&name);
    al_free(h);
}

static void follow_lock(al_lint *lint, al_lint_part *part,
                        const al_event *event)
{
    const al_traced_primitive *lock =
        al_state_primitive(lint->state, event->primitive);
    const al_traced_task *holder;
    held *h;

    if (!lock || !lock->is_locked || strcmp(lock->type, "Lock") != 0)
        return;
    h = al_idmap_find(&part->locks, lock->id);
    if (!h) {
        h = al_alloc_zero(1, sizeof *h);
        h->since = event->time;
        al_idmap_put(&part->locks, lock->id, h);
    }
    if (lock->waiters.count <= h->most_waiting)
        return;
    h->most_waiting = lock->waiters.count;
    holder = holder_of(lint, lock);
    h->where = holder && holder->where
        ? al_intern_text(&lint->names, holder->where) : NULL;
}

/* -- the end -------------------------------------------------------------- */

static void add_waits(al_lint *lint, const al_traced_task *task)
{
    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s) ", task->coroutine);
    if (!task->waits)
        al_text_add(&lint->text, "waits");
    else
        al_text_add_format(&lint->text, task->waits->is_task
                           ? "waits for t%llu" : "waits for f%llu",
                           (unsigned long long)task->waits->id);
    if (task->waits && task->waits->in)
        al_text_add_format(&lint->text, ", in %s p%llu",
                           task->waits->in->type,
                           (unsigned long long)task->waits->in->id);
}

static size_t tell_waiting(al_lint *lint, al_rule rule, al_severity severity,
                           const char *how, const al_event *event)
{
    const al_traced_task *task = NULL;
    size_t count = 0;

    while ((task = al_state_next_task(lint->state, task)) != NULL) {
        al_text name = {0};

        if (task->future.outcome != AL_TRACED_PENDING || ++count > MOST_TOLD)
            continue;
        al_text_add_format(&name, "t%llu", (unsigned long long)task->future.id);
        if (al_lint_wants(lint, rule, name.bytes)) {
            add_waits(lint, task);
            al_text_add(&lint->text, how);
            al_lint_tell(lint, rule, severity, name.bytes, event,
                         task->where);
        }
        al_text_release(&name);
    }
    return count;
}

static void tell_deadlock(al_lint *lint, al_lint_part *part,
                          const al_event *event)
{
    part->is_deadlocked = true;
    if (tell_waiting(lint, AL_RULE_NEVER_ENDS, AL_ERROR, ", for ever",
                     event) > 0 ||
        !al_lint_wants(lint, AL_RULE_NEVER_ENDS, "loop"))
        return;
    al_text_add(&lint->text, "the loop waits for ever: nothing is scheduled, "
                "and the world has no more to come");
    al_lint_tell(lint, AL_RULE_NEVER_ENDS, AL_ERROR, "loop", event, NULL);
}

/* -- the part ------------------------------------------------------------- */

static al_lint_part *make(void)
{
    return al_alloc_zero(1, sizeof(al_lint_part));
}

static void before(al_lint_part *part, al_lint *lint, const al_event *event)
{
    const al_traced_primitive *p;

    switch (event->kind) {
    case AL_EVENT_TASK_DONE:
        check_task(lint, part, event);
        break;
    case AL_EVENT_CANCELLING:
        check_block(lint, part, event);
        break;
    case AL_EVENT_TASK_CANCEL:
        check_set_order(lint, part, event);
        break;
    case AL_EVENT_WAITERS:
        p = al_state_primitive(lint->state, event->primitive);
        if (p && p->is_locked && event->state &&
            strcmp(event->state, "unlocked") == 0)
            check_held(lint, part, event, p);
        break;
    case AL_EVENT_DEADLOCK:
        tell_deadlock(lint, part, event);
        break;
    case AL_EVENT_END:
        if (!part->is_deadlocked)
            tell_waiting(lint, AL_RULE_LEFT_PENDING, AL_NOTE,
                         ", and the program has ended", event);
        break;
    default:
        break;
    }
}

static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_TASK_CANCEL:
        note_request(lint, part, event);
        break;
    case AL_EVENT_CANCELLING:
        note_count(part, event);
        break;
    case AL_EVENT_RUN:
        note_step(lint, part, event);
        part->latest = 0;
        break;
    case AL_EVENT_WAITERS:
        follow_lock(lint, part, event);
        break;
    default:
        break;
    }
}

static void release_requests(requests *whose)
{
    size_t at = 0;

    for (throw *met; (met = al_idmap_next(&whose->thrown, &at));)
        al_free(met);
    al_idmap_release(&whose->thrown);
    al_idmap_release(&whose->asked);
}

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (held *h; (h = al_idmap_next(&part->locks, &at));)
        al_free(h);
    release_requests(&part->of_timeouts);
    release_requests(&part->of_others);
    al_idmap_release(&part->locks);
    al_free(part);
}

const al_lint_part_ops al_lint_tasks = {make, before, after, NULL, free_part};
