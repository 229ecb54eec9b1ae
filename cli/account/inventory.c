/* inventory.c - a snapshot's other half: what each task and each job of an
 * executor does, and who waits in which lock or queue, in order.
 *
 * Those that wait are futures; a reader wants the tasks behind them. */
#include "cli/account/private.h"

#include "cli/phrases.h"

enum { MOST_LISTED = 40 }; /* tasks; jobs; primitives; who waits in one */

/* -- lines ---------------------------------------------------------------- */

/* What stands in a->what; the verb is the first line's. */
static void put_entry(al_account *a, const char **verb)
{
    const al_line line = {
        .indent = AL_BLOCK_INDENT,
        .verb = *verb,
        .what = a->what.bytes,
        .most_lines = 3,
    };

    al_repeats_flush(&a->lines, &a->text);
    al_page_add_line(&a->page, &a->text, &line);
    *verb = NULL;
}

static void put_rest(al_account *a, uint64_t left)
{
    const char *verb = NULL;

    if (left == 0)
        return;
    al_text_clear(&a->what);
    al_text_add_format(&a->what, "… and %llu more", (unsigned long long)left);
    put_entry(a, &verb);
}

/* -- tasks ---------------------------------------------------------------- */

static void add_id(al_text *out, const al_traced_future *future)
{
    al_text_add_format(out, "%c%llu", future->is_task ? 't' : 'f',
                       (unsigned long long)future->id);
}

static void add_future(al_text *out, const al_traced_future *future)
{
    if (future->is_task)
        al_phrase_task(out, future->id,
                       ((const al_traced_task *)future)->name);
    else
        add_id(out, future);
}

static void add_awaited(al_text *out, const al_traced_future *future)
{
    if (future->in) {
        al_text_add_format(out, " in p%llu, %s",
                           (unsigned long long)future->in->id,
                           future->in->type);
        return;
    }
    al_text_add(out, " for ");
    add_future(out, future);
    if (future->child_count > 0)
        al_phrase_children(out, future);
}

static void add_doing(al_text *out, const al_traced_task *task)
{
    switch (al_traced_task_doing(task)) {
    case AL_TASK_CREATED:
        al_text_add(out, " is created");
        break;
    case AL_TASK_RUNS:
        al_text_add(out, " runs");
        break;
    case AL_TASK_READY:
        al_text_add_format(out, " is ready, h%llu",
                           (unsigned long long)task->step);
        break;
    case AL_TASK_WAITS:
        al_text_add(out, " waits");
        if (task->waits)
            add_awaited(out, task->waits);
        if (task->waits && task->where)
            al_text_add_format(out, ", line %s", al_phrase_line(task->where));
        break;
    }
}

static void tell_tasks(al_account *a, uint64_t loop)
{
    const al_traced_task *task = NULL;
    const char *verb = "tasks";
    uint64_t count = 0;

    while ((task = al_state_next_task(a->state, task)) != NULL) {
        if (task->future.loop != loop ||
            task->future.outcome != AL_TRACED_PENDING ||
            ++count > MOST_LISTED)
            continue;
        al_text_clear(&a->what);
        add_future(&a->what, &task->future);
        add_doing(&a->what, task);
        put_entry(a, &verb);
    }
    put_rest(a, count > MOST_LISTED ? count - MOST_LISTED : 0);
}

/* -- jobs ----------------------------------------------------------------- */

static void tell_jobs(al_account *a)
{
    const al_traced_job *jobs[MOST_LISTED];
    size_t count = al_state_oldest_jobs(a->state, jobs, MOST_LISTED);
    const char *verb = "jobs";

    for (size_t i = 0; i < count && i < MOST_LISTED; i++) {
        al_text_clear(&a->what);
        al_text_add_format(&a->what, "%llu ",
                           (unsigned long long)jobs[i]->number);
        al_phrase_call(&a->what,
                       jobs[i]->callback ? jobs[i]->callback : "?", NULL);
        if (jobs[i]->thread)
            al_text_add_format(&a->what, " runs in %s", jobs[i]->thread);
        else
            al_text_add(&a->what, " waits for a thread");
        put_entry(a, &verb);
    }
    put_rest(a, count > MOST_LISTED ? count - MOST_LISTED : 0);
}

/* -- primitives ----------------------------------------------------------- */

static void add_waiters(al_text *out, const al_waiting_list *list,
                        const char *what)
{
    const al_traced_future *waiter = list->first;
    unsigned count = 0;

    if (!waiter)
        return;
    al_text_add_format(out, "; %s:", what);
    for (; waiter && count < MOST_LISTED; waiter = waiter->next_waiter) {
        al_text_add_char(out, ' ');
        add_id(out, waiter->awaiters ? &waiter->awaiters->future : waiter);
        count++;
    }
    if (list->count > count)
        al_text_add_format(out, " … %zu more", list->count - count);
}

static void add_primitive(al_text *out, const al_traced_primitive *p)
{
    al_text_add_format(out, "p%llu %s", (unsigned long long)p->id, p->type);
    if (p->of)
        al_text_add_format(out, " of p%llu", (unsigned long long)p->of);
    if (p->state && p->state[0])
        al_text_add_format(out, ", %s", p->state);
    if (p->is_locked && p->taken_by.task) {
        al_text_add(out, " by ");
        al_phrase_task(out, p->taken_by.task, p->taken_by.name);
    }
    add_waiters(out, &p->waiters, "waiting");
    add_waiters(out, &p->putters, "waiting to put");
}

static void tell_primitives(al_account *a)
{
    const al_traced_primitive *p = NULL;
    const char *verb = "primitives";
    uint64_t count = 0;

    while ((p = al_state_next_primitive(a->state, p)) != NULL) {
        if (++count > MOST_LISTED)
            continue;
        al_text_clear(&a->what);
        add_primitive(&a->what, p);
        put_entry(a, &verb);
    }
    put_rest(a, count > MOST_LISTED ? count - MOST_LISTED : 0);
}

void al_account_tell_inventory(al_account *a, uint64_t loop)
{
    tell_tasks(a, loop);
    tell_jobs(a);
    tell_primitives(a);
    al_text_clear(&a->what);
}
