/* lint_reported.c - what asyncio itself reports: coroutines never awaited,
 * exceptions never retrieved or not handled, tasks destroyed while they were
 * pending.
 *
 * It does not say whose exception nobody asked for.  That was one of those
 * that ended by such a one: rather one whom nobody was waiting for. */
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/analysis/lint_private.h"

enum { MOST_FAILURES = 64 }; /* that are kept, the latest */

typedef struct failure { /* a task or future that ended by an exception */
    uint64_t id;
    bool is_task, is_told; /* told: who waits for it was woken */
    char *name;            /* "t2 'w1' (work)" */
    char *type, *text;
} failure;

struct al_lint_part {
    failure failures[MOST_FAILURES]; /* the oldest first */
    size_t count;
    uint64_t told; /* the task of which somebody was told last */
};

/* -- failures --------------------------------------------------------------- */

static void forget(al_lint_part *part, size_t index)
{
    failure *one = &part->failures[index];

    al_free(one->name);
    al_free(one->type);
    al_free(one->text);
    part->count--;
    memmove(one, one + 1, (part->count - index) * sizeof *one);
}

static char *name_of(const al_lint *lint, const al_event *event)
{
    const al_traced_task *task =
        event->task ? al_state_task(lint->state, event->task) : NULL;
    al_text name = {0};

    if (task) {
        al_lint_add_task(&name, task);
        al_text_add_format(&name, " (%s)", task->coroutine);
    } else {
        al_text_add_format(&name, event->task ? "t%llu" : "f%llu",
                           (unsigned long long)(event->task ? event->task
                                                            : event->future));
    }
    return al_text_take(&name);
}

/* Whoever waits for a task is woken before its end is told, for a future's
 * after it. */
static void note_failure(al_lint *lint, al_lint_part *part,
                         const al_event *event, bool is_task)
{
    if (!event->outcome || strcmp(event->outcome, "exception") != 0)
        return;
    if (part->count == MOST_FAILURES)
        forget(part, 0);
    part->failures[part->count++] = (failure){
        .id = is_task ? event->task : event->future,
        .is_task = is_task,
        .is_told = is_task && event->task == part->told,
        .name = name_of(lint, event),
        .type = al_strdup(event->type ? event->type : "?"),
        .text = al_strdup(event->text ? event->text : ""),
    };
}

static void note_told(al_lint_part *part, const al_event *event)
{
    bool is_task = event->args && event->args[0] == 't';
    uint64_t id = event->args ? strtoull(event->args + 1, NULL, 10) : 0;

    if (id == 0 || (!is_task && event->args[0] != 'f'))
        return;
    if (is_task)
        part->told = id;
    for (size_t i = 0; i < part->count; i++) {
        if (part->failures[i].id == id && part->failures[i].is_task == is_task)
            part->failures[i].is_told = true;
    }
}

/* Whose exception may it be?  *others: how many more it may be of.  NULL:
 * nobody is known. */
static failure *find_failure(al_lint_part *part, const al_event *event,
                             bool is_task, size_t *others)
{
    const char *type = event->type ? event->type : "?";
    const char *text = event->text ? event->text : "";
    failure *found = NULL;

    *others = 0;
    for (size_t i = 0; i < part->count; i++) {
        failure *one = &part->failures[i];

        if (one->is_task != is_task || strcmp(one->type, type) != 0 ||
            strcmp(one->text, text) != 0)
            continue;
        if (!found || (found->is_told && !one->is_told)) {
            found = one;
            *others = 0;
        } else if (found->is_told == one->is_told) {
            ++*others;
        }
    }
    return found;
}

/* -- reports ---------------------------------------------------------------- */

static void check_warning(al_lint *lint, const al_event *event)
{
    if (!event->level || !event->text ||
        !al_ends_with(event->text, "was never awaited") ||
        !al_lint_wants(lint, AL_RULE_NEVER_AWAITED, event->text))
        return;
    al_text_add(&lint->text, event->text);
    al_lint_tell(lint, AL_RULE_NEVER_AWAITED, AL_ERROR, event->text, event,
                 NULL);
}

/* Once for each of those that have the same name. */
static void report(al_lint *lint, al_rule rule, const char *name,
                   const al_event *event)
{
    if (!al_lint_wants(lint, rule, name)) {
        al_text_clear(&lint->text);
        return;
    }
    al_text_add(&lint->text, event->message);
    if (event->type)
        al_text_add_format(&lint->text, ": %s", event->type);
    if (event->text && event->text[0])
        al_text_add_format(&lint->text, ": %s", event->text);
    al_lint_tell(lint, rule, AL_ERROR, name, event, NULL);
}

static void report_unretrieved(al_lint *lint, al_lint_part *part,
                               const al_event *event)
{
    size_t others;
    bool is_task = event->message[0] == 'T';
    const failure *whose = find_failure(part, event, is_task, &others);

    if (whose) {
        al_text_add(&lint->text, whose->name);
        if (others > 0)
            al_text_add_format(&lint->text, " or %zu more that failed so",
                               others);
        al_text_add(&lint->text, ": ");
        forget(part, (size_t)(whose - part->failures));
    }
    report(lint, AL_RULE_NEVER_RETRIEVED, event->type ? event->type : "?",
           event);
}

static void check_exception(al_lint *lint, al_lint_part *part,
                            const al_event *event)
{
    if (!event->message)
        return;
    if (al_ends_with(event->message, "exception was never retrieved"))
        report_unretrieved(lint, part, event);
    else if (strcmp(event->message, "Task was destroyed but it is pending!") ==
             0)
        report(lint, AL_RULE_DESTROYED_PENDING,
               event->type ? event->type : "?", event);
    else
        report(lint, AL_RULE_UNHANDLED_EXCEPTION, event->message, event);
}

/* -- the part ------------------------------------------------------------- */

static al_lint_part *make(void)
{
    return al_alloc_zero(1, sizeof(al_lint_part));
}

static void before(al_lint_part *part, al_lint *lint, const al_event *event)
{
    if (event->kind == AL_EVENT_TASK_DONE)
        note_failure(lint, part, event, true);
    else if (event->kind == AL_EVENT_FUTURE_DONE)
        note_failure(lint, part, event, false);
}

static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    if (event->kind == AL_EVENT_CALL_SOON)
        note_told(part, event);
    else if (event->kind == AL_EVENT_LOG)
        check_warning(lint, event);
    else if (event->kind == AL_EVENT_EXCEPTION)
        check_exception(lint, part, event);
}

static void free_part(al_lint_part *part)
{
    while (part->count > 0)
        forget(part, part->count - 1);
    al_free(part);
}

const al_lint_part_ops al_lint_reported = {make, before, after, NULL,
                                           free_part};
