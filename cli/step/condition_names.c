/* condition_names.c - the names in conditions, and what these stand for. */
#include "cli/step/condition_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/page.h"
#include "cli/tui/view.h"

static double of_loop(const look *l, uint64_t (*get)(const al_loop_state *))
{
    return l->loop ? (double)get(l->loop) : 0;
}

static uint64_t heap_of(const al_loop_state *loop)
{
    return loop->heap.count;
}

static uint64_t cancelled_of(const al_loop_state *loop)
{
    return loop->cancelled;
}

static uint64_t ready_of(const al_loop_state *loop)
{
    return loop->ring_count;
}

static uint64_t iteration_of(const al_loop_state *loop)
{
    return loop->iteration;
}

static operand read_t(const look *l)
{
    return number(l->event->time);
}

static operand read_heap(const look *l)
{
    return number(of_loop(l, heap_of));
}

static operand read_cancelled(const look *l)
{
    return number(of_loop(l, cancelled_of));
}

static operand read_ready(const look *l)
{
    return number(of_loop(l, ready_of));
}

static operand read_iteration(const look *l)
{
    return number(of_loop(l, iteration_of));
}

static operand read_event(const look *l)
{
    return number((double)al_state_counts(l->state)->events);
}

static operand read_tasks(const look *l)
{
    return number((double)al_count_pending_tasks(l->state));
}

/* How long after its deadline a timer's callback begins. */
static operand read_late(const look *l)
{
    const al_traced *handle = l->event->kind == AL_EVENT_RUN && l->loop
                                  ? l->loop->running : NULL;

    return number(handle ? l->event->time - handle->when : NAN);
}

static operand read_duration(const look *l)
{
    return number(l->event->kind == AL_EVENT_RAN ? l->event->duration : NAN);
}

static operand read_timeout(const look *l)
{
    if (l->event->kind != AL_EVENT_SELECT)
        return number(NAN);
    return number(l->event->timeout < 0 ? INFINITY : l->event->timeout);
}

static operand read_kind(const look *l)
{
    return text(al_event_specs[l->event->kind].name);
}

/* Of what begins to run, as a breakpoint at a function is at its beginning. */
static operand read_callback(const look *l)
{
    return text(l->event->kind == AL_EVENT_RUN ? l->event->callback : NULL);
}

/* Of what is scheduled or registered to be called later. */
static operand read_scheduled(const look *l)
{
    return text(l->event->kind != AL_EVENT_RUN ? l->event->callback : NULL);
}

static operand read_coro(const look *l)
{
    return text(l->event->coroutine);
}

static operand read_text(const look *l)
{
    return text(l->event->text);
}

static operand read_type(const look *l)
{
    return text(l->event->type);
}

static operand read_level(const look *l)
{
    return text(l->event->level);
}

bool al_condition_is_outcome(const al_event *event, const char *outcome)
{
    return event->kind == AL_EVENT_TASK_DONE && event->outcome &&
           strcmp(event->outcome, outcome) == 0;
}

static operand read_failed(const look *l)
{
    return number(al_condition_is_outcome(l->event, "exception"));
}

const condition_name al_condition_names[] = {
    {"t", read_t, false, false},
    {"iteration", read_iteration, false, false},
    {"event", read_event, false, false},
    {"heap", read_heap, false, false},
    {"cancelled", read_cancelled, false, false},
    {"ready", read_ready, false, false},
    {"tasks", read_tasks, false, false},
    {"late", read_late, true, false},
    {"duration", read_duration, true, false},
    {"timeout", read_timeout, true, false},
    {"kind", read_kind, true, true},
    {"callback", read_callback, true, true},
    {"scheduled", read_scheduled, true, true},
    {"coro", read_coro, true, true},
    {"text", read_text, true, true},
    {"type", read_type, true, true},
    {"level", read_level, true, true},
    {"failed", read_failed, true, false},
};

const int al_condition_name_count =
    sizeof al_condition_names / sizeof *al_condition_names;

const char *const al_condition_fates[] = {"created", "cancelled", "done",
                                          "failed", "runs", "waits", NULL};

bool al_condition_has_fate(const al_event *event, const char *fate)
{
    if (!fate)
        return true;
    if (strcmp(fate, "created") == 0)
        return event->kind == AL_EVENT_TASK;
    if (strcmp(fate, "cancelled") == 0)
        return al_condition_is_outcome(event, "cancelled");
    if (strcmp(fate, "failed") == 0)
        return al_condition_is_outcome(event, "exception");
    if (strcmp(fate, "done") == 0)
        return event->kind == AL_EVENT_TASK_DONE;
    return event->kind == (strcmp(fate, "runs") == 0 ? AL_EVENT_RUN
                                                     : AL_EVENT_TASK_WAITS);
}

/* -- of a task ------------------------------------------------------------------ */

static operand read_state(const look *l, const al_traced_task *task)
{
    static const char *const outcomes[] = {
        [AL_TRACED_RESULT] = "done",
        [AL_TRACED_EXCEPTION] = "failed",
        [AL_TRACED_CANCELLED] = "cancelled",
    };
    static const char *const doings[] = {
        [AL_TASK_RUNS] = "runs",
        [AL_TASK_READY] = "ready",
        [AL_TASK_WAITS] = "waits",
    };

    (void)l;
    if (task->future.outcome != AL_TRACED_PENDING)
        return text(outcomes[task->future.outcome]);
    if (!task->has_begun && !task->step)
        return text("created");
    return text(doings[al_traced_task_doing(task)]);
}

/* "t2", "f5 Lock"; nothing while it does not wait. */
static operand read_awaits(const look *l, const al_traced_task *task)
{
    const al_traced_future *awaited = task->waits;
    char *buffer = l->buffers[(*l->taken)++ % BUFFERS];

    if (!awaited || al_traced_task_doing(task) != AL_TASK_WAITS)
        return text("nothing");
    snprintf(buffer, LONGEST_TEXT, "%c%llu%s%s", awaited->is_task ? 't' : 'f',
             (unsigned long long)awaited->id, awaited->in ? " " : "",
             awaited->in && awaited->in->type ? awaited->in->type : "");
    return text(buffer);
}

static operand read_cancelling(const look *l, const al_traced_task *task)
{
    (void)l;
    return number((double)task->cancelling);
}

const condition_task_name al_condition_task_names[] = {
    {"state", read_state, true},
    {"awaits", read_awaits, true},
    {"cancelling", read_cancelling, false},
    {NULL, NULL, false},
};

void al_condition_tell_words(bool is_after_task,
                             void (*tell)(void *self, const char *word),
                             void *self)
{
    for (int i = 0; is_after_task && al_condition_fates[i]; i++)
        tell(self, al_condition_fates[i]);
    tell(self, "and");
    tell(self, "or");
    if (is_after_task)
        return;
    tell(self, "not");
    for (int i = 0; i < al_condition_name_count; i++)
        tell(self, al_condition_names[i].name);
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        tell(self, al_event_specs[i].name);
}

/* -- what they may be -------------------------------------------------------------- */

static bool is_kind(const char *text)
{
    int kind = 0;

    while (kind < AL_EVENT_COUNT && strcmp(al_event_specs[kind].name, text) != 0)
        kind++;
    return kind < AL_EVENT_COUNT;
}

static bool is_state(const char *text)
{
    static const char *const states[] = {"created", "ready", "runs", "waits",
                                         "done", "failed", "cancelled", NULL};
    int i = 0;

    while (states[i] && strcmp(states[i], text) != 0)
        i++;
    return states[i] != NULL;
}

bool al_condition_may_be(const al_condition *c, const char *value)
{
    if (c->kind == NAME && c->name->read == read_kind)
        return is_kind(value);
    return c->kind != OF_TASK || c->read_task != read_state || is_state(value);
}

/* -- what there is --------------------------------------------------------------- */

static void add_entry(unsigned width, const char *what, const char *meaning,
                      al_text *out)
{
    const al_page page = {.width = width};

    al_page_add_entry(&page, out, &(al_entry){
        .indent = 2, .name = what, .column = 26, .text = meaning,
        .most_lines = 9});
}

void al_conditions_describe(unsigned width, al_text *out)
{
    al_text names = {0};

    for (int i = 0; i < al_condition_name_count; i++)
        al_text_add_format(&names, "%s%s", i > 0 ? ", " : "",
                           al_condition_names[i].name);
    add_entry(width, "compact, exception ...", "an event of that kind", out);
    add_entry(width, "failed", "a task ends by an exception, which is an "
              "exception, too", out);
    add_entry(width, "h12, t3, f5, p1", "an event that concerns it", out);
    add_entry(width, "task 'w1' cancelled",
              "or created, done, failed, runs, waits; where one is asked to be "
              "cancelled is task_cancel", out);
    add_entry(width, "task 'w1'.state", "and .awaits, .cancelling", out);
    add_entry(width, "values", al_text_peek(&names), out);
    add_entry(width, "for example", "heap > 100 and cancelled / heap > 0.5; "
              "t >= 3.5; iteration == 12; late > 0.1; callback == 'tick', which "
              "runs; scheduled == 'tick', which is to", out);
    al_text_release(&names);
}
