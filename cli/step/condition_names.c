/* condition_names.c - the names in conditions, and what these stand for. */
#include "cli/step/condition_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/page.h"
#include "cli/tui/source_text.h"

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
    if (!l->state)
        return number(l->event->kind == AL_EVENT_ITERATION
                          ? (double)l->event->n : NAN);
    return number(of_loop(l, iteration_of));
}

static operand read_event(const look *l)
{
    return number((double)(l->state ? al_state_counts(l->state)->events
                                    : l->at));
}

static operand read_tasks(const look *l)
{
    return number((double)al_state_count_pending_tasks(l->state));
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

/* The event's own; or that of the await from which a task's step goes on. */
static const char *place_of(const look *l)
{
    const al_traced_spot *ran = l->event->kind == AL_EVENT_RUN && l->loop
                                    ? &l->loop->ran[0] : NULL;

    return ran && ran->is_line ? ran->where : l->event->where;
}

static operand read_where(const look *l)
{
    return text(place_of(l));
}

static operand read_line(const look *l)
{
    const char *where = place_of(l);
    size_t line = 0;

    if (where)
        al_place_split(where, &line);
    return number(line > 0 ? (double)line : NAN);
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
    {"t", read_t, false, true, false, false},
    {"iteration", read_iteration, false, true, false, false},
    {"event", read_event, false, true, false, false},
    {"heap", read_heap, false, false, false, false},
    {"cancelled", read_cancelled, false, false, false, false},
    {"ready", read_ready, false, false, false, false},
    {"tasks", read_tasks, false, false, false, false},
    {"late", read_late, true, false, false, true},
    {"duration", read_duration, true, true, false, true},
    {"timeout", read_timeout, true, true, false, true},
    {"kind", read_kind, true, true, true, false},
    {"callback", read_callback, true, true, true, false},
    {"scheduled", read_scheduled, true, true, true, false},
    {"coro", read_coro, true, true, true, false},
    {"text", read_text, true, true, true, false},
    {"type", read_type, true, true, true, false},
    {"level", read_level, true, true, true, false},
    {"where", read_where, true, false, true, false},
    {"line", read_line, true, false, false, false},
    {"failed", read_failed, true, true, false, false},
};

const int al_condition_name_count =
    sizeof al_condition_names / sizeof *al_condition_names;

const char *const al_condition_fates[] = {"created", "cancelled", "done",
                                          "failed", "runs", "waits", NULL};

/* -- of a task ------------------------------------------------------------ */

enum { CREATED, READY, RUNS, WAITS, DONE, FAILED, CANCELLED, STATES };

static const char *const states[STATES] = {
    [CREATED] = "created", [READY] = "ready",   [RUNS] = "runs",
    [WAITS] = "waits",     [DONE] = "done",     [FAILED] = "failed",
    [CANCELLED] = "cancelled",
};

static operand read_state(const look *l, const al_traced_task *task)
{
    static const int outcomes[] = {
        [AL_TRACED_RESULT] = DONE,
        [AL_TRACED_EXCEPTION] = FAILED,
        [AL_TRACED_CANCELLED] = CANCELLED,
    };
    static const int doings[] = {
        [AL_TASK_CREATED] = CREATED,
        [AL_TASK_RUNS] = RUNS,
        [AL_TASK_READY] = READY,
        [AL_TASK_WAITS] = WAITS,
    };

    (void)l;
    if (task->future.outcome != AL_TRACED_PENDING)
        return text(states[outcomes[task->future.outcome]]);
    return text(states[doings[al_traced_task_doing(task)]]);
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

size_t al_condition_known_texts(const al_condition *c,
                                const char *known[AL_EVENT_COUNT])
{
    if (c->kind == OF_TASK && c->read_task == read_state) {
        memcpy(known, states, sizeof states);
        return STATES;
    }
    if (c->kind != NAME || c->name->read != read_kind)
        return 0;
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        known[i] = al_event_specs[i].name;
    return AL_EVENT_COUNT;
}

void al_condition_tell_words(al_condition_place place,
                             void (*tell)(void *self, const char *word),
                             void *self)
{
    const condition_task_name *of_task = al_condition_task_names;

    for (; place == AL_PLACE_OF_TASK && of_task->name; of_task++)
        tell(self, of_task->name);
    for (int i = 0; place == AL_PLACE_AFTER_TASK && al_condition_fates[i]; i++)
        tell(self, al_condition_fates[i]);
    if (place == AL_PLACE_OF_TASK)
        return;
    tell(self, "and");
    tell(self, "or");
    if (place != AL_PLACE_ANY)
        return;
    tell(self, "not");
    for (int i = 0; i < al_condition_name_count; i++)
        tell(self, al_condition_names[i].name);
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        tell(self, al_event_specs[i].name);
}

/* -- what there is -------------------------------------------------------- */

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
    add_entry(width, "task 'w1'.state",
              "and .awaits ('nothing' unless it waits), .cancelling; none "
              "where there is no such task", out);
    add_entry(width, "t3 cancelled, t3.state", "the same of a task by its id, "
              "where several have its name", out);
    add_entry(width, "'tick', \"tick\"",
              "a text, as it is shown: \\n is a line break", out);
    add_entry(width, "late", "how long after its deadline a timer's callback "
              "begins", out);
    add_entry(width, "line, where", "of the program, as 12 and 'app.py:12': "
              "where a task begins to wait, and goes on; where something is "
              "raised, or defined", out);
    add_entry(width, "values", al_text_peek(&names), out);
    add_entry(width, "for example", "heap > 100 and cancelled / heap > 0.5; "
              "t >= 3.5; iteration == 12; late > 100 ms; callback == 'tick', "
              "which runs; scheduled == 'tick', which is to", out);
    al_text_release(&names);
}
