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

struct al_lint_part {
    al_idmap asked;   /* tasks that were cancelled, and have not run since; the
                         value is who asked: a request */
    al_idmap thrown;  /* in which CancelledError was thrown: a throw */
    al_idmap locks;   /* held */
    bool has_counts;  /* the trace tells of cancelling() */
    bool is_deadlocked;
    uint64_t by, latest; /* who cancelled which task last */
};

/* -- cancellations -------------------------------------------------------- */

static const bool of_somebody = false, of_asyncio = true; /* a request */

/* What a timeout or a TaskGroup asks for it takes back itself. */
static void note_request(al_lint *lint, al_lint_part *part,
                         const al_event *event)
{
    const al_traced *by = al_state_handle(lint->state, event->by);
    bool is_asyncios =
        by && (strcmp(by->callback, "Timeout._on_timeout") == 0 ||
               strcmp(by->callback, "TaskGroup._on_task_done") == 0);

    al_idmap_put(&part->asked, event->task,
                 (void *)(is_asyncios ? &of_asyncio : &of_somebody));
}

typedef struct throw { /* the step in which a task meets CancelledError */
    const bool *request;
    uint64_t at, iteration;
    double time;
    const char *where; /* it had waited; interned; NULL: unknown */
} throw;

static void forget_throw(al_lint_part *part, uint64_t task)
{
    al_free(al_idmap_find(&part->thrown, task));
    al_idmap_remove(&part->thrown, task);
}

static void note_step(al_lint *lint, al_lint_part *part, const al_event *event)
{
    const bool *request =
        event->task ? al_idmap_find(&part->asked, event->task) : NULL;
    const al_traced_task *task;
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    throw *one;

    if (!request)
        return;
    task = al_state_task(lint->state, event->task);
    one = al_alloc_zero(1, sizeof *one);
    *one = (throw){
        .request = request, .at = lint->at, .time = event->time,
        .iteration = loop ? loop->iteration : 0,
        .where = task && task->woken && task->where
            ? al_intern_text(&lint->names, task->where) : NULL,
    };
    al_idmap_remove(&part->asked, event->task);
    forget_throw(part, event->task);
    al_idmap_put(&part->thrown, event->task, one);
}

/* It swallowed it in the step that met it. */
static void tell_swallowed(al_lint *lint, const al_lint_part *part,
                           const al_traced_task *task, const throw *met,
                           const al_event *end)
{
    al_finding *finding;

    al_lint_add_task(&lint->text, task);
    al_text_add_format(&lint->text, " (%s) was cancelled, went on, and ended "
                       "with a result", task->coroutine);
    if (!part->has_counts)
        al_text_add(&lint->text, ", unless it took that back, which this "
                    "trace does not tell");
    finding = al_lint_tell(lint, AL_RULE_SWALLOWED_CANCELLATION,
                           part->has_counts ? AL_WARNING : AL_NOTE,
                           task->coroutine, end, met->where);
    finding->at = met->at;
    finding->time = met->time;
    finding->iteration = met->iteration;
}

static void check_swallowed(al_lint *lint, al_lint_part *part,
                            const al_event *event)
{
    const al_traced_task *task = al_state_task(lint->state, event->task);
    bool is_result = event->outcome && strcmp(event->outcome, "result") == 0;
    const throw *met = al_idmap_find(&part->thrown, event->task);

    if (task && is_result && met && task->cancelling > 0 &&
        (met->request == &of_somebody || part->has_counts) &&
        al_lint_wants(lint, AL_RULE_SWALLOWED_CANCELLATION, task->coroutine))
        tell_swallowed(lint, part, task, met, event);
    forget_throw(part, event->task);
    al_idmap_remove(&part->asked, event->task);
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
        check_swallowed(lint, part, event);
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
        part->has_counts = true;
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

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (held *h; (h = al_idmap_next(&part->locks, &at));)
        al_free(h);
    at = 0;
    for (throw *met; (met = al_idmap_next(&part->thrown, &at));)
        al_free(met);
    al_idmap_release(&part->locks);
    al_idmap_release(&part->thrown);
    al_idmap_release(&part->asked);
    al_free(part);
}

const al_lint_part_ops al_lint_tasks = {make, before, after, NULL, free_part};
