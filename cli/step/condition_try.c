/* condition_try.c - conditions tried on an event and the state after it. */
#include "cli/step/condition_private.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/page.h"
#include "sim/base/escape.h"

static bool compare_bytes(node_kind kind, const char *a, const char *b)
{
    int order = strcmp(a, b);

    switch (kind) {
    case EQUAL:
        return order == 0;
    case DIFFERENT:
        return order != 0;
    case LESS:
        return order < 0;
    case AT_MOST:
        return order <= 0;
    case MORE:
        return order > 0;
    case AT_LEAST:
        return order >= 0;
    default:
        return strstr(a, b) != NULL;
    }
}

static bool compare_shown(node_kind kind, const char *a, const char *b)
{
    al_text x = {0}, y = {0};
    bool holds;

    al_escape_add(&x, a);
    al_escape_add(&y, b);
    holds = compare_bytes(kind, al_text_peek(&x), al_text_peek(&y));
    al_text_release(&x);
    al_text_release(&y);
    return holds;
}

/* A line break is typed as it is shown: \n. */
static bool compare_texts(node_kind kind, const char *a, const char *b)
{
    return (strchr(a, '\\') || strchr(b, '\\') ? compare_shown
                                               : compare_bytes)(kind, a, b);
}

bool al_condition_means(const al_condition *c, uint64_t task, const char *name)
{
    char id[24];

    if (!c->text)
        return task == c->thing.id;
    snprintf(id, sizeof id, "t%llu", (unsigned long long)task);
    return (name && compare_texts(EQUAL, name, c->text)) ||
           strcmp(id, c->text) == 0;
}

static bool means_task(const look *l, const al_condition *c, uint64_t id)
{
    const al_traced_task *task = al_state_task(l->state, id);

    return al_condition_means(
        c, id, task ? al_shared_name_text(task->name) : NULL);
}

bool al_condition_is_fate(const al_event *event, const char *fate)
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

static bool is_of_task(const look *l, const al_condition *c)
{
    const al_event *event = l->event;

    return al_event_has_field(event->kind, AL_FIELD_task) && event->task &&
           means_task(l, c, event->task) &&
           al_condition_is_fate(event, c->fate);
}

static const al_traced_task *find_task(const look *l, const al_condition *c)
{
    const al_traced_task *task = NULL;

    if (!c->text)
        return al_state_task(l->state, c->thing.id);
    while ((task = al_state_next_task(l->state, task)) != NULL) {
        if (means_task(l, c, task->future.id))
            break;
    }
    return task;
}

static operand try_of_task(const look *l, const al_condition *c)
{
    const al_traced_task *task = find_task(l, c);

    return task ? c->read_task(l, task) : number(NAN);
}

/* A task's exception is one before anybody hears of it. */
static bool is_of_kind(const al_event *event, al_event_kind kind)
{
    return event->kind == kind ||
           (kind == AL_EVENT_EXCEPTION &&
            al_condition_is_outcome(event, "exception"));
}

static bool is_true(operand o)
{
    return o.text ? *o.text != '\0' : !isnan(o.number) && o.number != 0;
}

static bool compare_numbers(node_kind kind, double a, double b)
{
    switch (kind) {
    case EQUAL:
        return a == b;
    case DIFFERENT:
        return a < b || a > b;
    case LESS:
        return a < b;
    case AT_MOST:
        return a <= b;
    case MORE:
        return a > b;
    case AT_LEAST:
        return a >= b;
    default:
        return false;
    }
}

static operand compare(node_kind kind, operand a, operand b)
{
    if (a.text && b.text)
        return number(compare_texts(kind, a.text, b.text));
    return number(!a.text && !b.text &&
                  compare_numbers(kind, a.number, b.number));
}

static operand calculate(node_kind kind, double a, double b)
{
    return number(kind == PLUS    ? a + b
                  : kind == MINUS ? a - b
                  : kind == TIMES ? a * b
                                  : a / b);
}

static operand try(const look *l, const al_condition *c)
{
    switch (c->kind) {
    case NUMBER:
        return number(c->number);
    case TEXT:
        return text(c->text);
    case NAME:
        return c->name->read(l);
    case KIND:
        return number(is_of_kind(l->event, c->event));
    case THING:
        return number(al_event_touches(l->event, c->thing));
    case TASK:
        return number(is_of_task(l, c));
    case OF_TASK:
        return try_of_task(l, c);
    case OR:
        return number(is_true(try(l, c->left)) || is_true(try(l, c->right)));
    case AND:
        return number(is_true(try(l, c->left)) && is_true(try(l, c->right)));
    case NOT:
        return number(!is_true(try(l, c->left)));
    case NEGATIVE:
        return number(-try(l, c->left).number);
    case PLUS:
    case MINUS:
    case TIMES:
    case OVER:
        return calculate(c->kind, try(l, c->left).number,
                         try(l, c->right).number);
    default:
        return compare(c->kind, try(l, c->left), try(l, c->right));
    }
}

static bool asks_for(const al_condition *c, const condition_name *name)
{
    return c->name == name || (c->left && asks_for(c->left, name)) ||
           (c->right && asks_for(c->right, name));
}

void al_condition_add_seconds(const al_condition *c, const al_event *event,
                              const al_state *state, uint64_t loop,
                              al_text *out)
{
    const look l = {.event = event, .state = state,
                    .loop = al_state_loop(state, loop)};

    for (int i = 0; i < al_condition_name_count; i++) {
        const condition_name *name = &al_condition_names[i];
        double value = NAN;

        if (name->is_seconds && asks_for(c, name))
            value = name->read(&l).number;
        if (!isfinite(value))
            continue;
        al_text_add_format(out, "; %s is ", name->name);
        al_page_add_rough_seconds(out, value);
    }
}

static operand try_on(const al_condition *c, const al_event *event,
                      const al_state *state, uint64_t loop,
                      char (*buffers)[LONGEST_TEXT])
{
    int taken = 0;
    look l = {.event = event, .state = state,
              .loop = al_state_loop(state, loop), .buffers = buffers,
              .taken = &taken};

    return try(&l, c);
}

bool al_condition_holds(const al_condition *c, const al_event *event,
                        const al_state *state, uint64_t loop)
{
    char buffers[BUFFERS][LONGEST_TEXT];

    return is_true(try_on(c, event, state, loop, buffers));
}

bool al_condition_holds_of_event(const al_condition *c, uint64_t at,
                                 const al_event *event)
{
    look l = {.event = event, .at = at};

    return is_true(try(&l, c));
}

/* -- values --------------------------------------------------------------- */

al_condition_value al_condition_value_of(const al_condition *c,
                                         const al_event *event,
                                         const al_state *state, uint64_t loop)
{
    char buffers[BUFFERS][LONGEST_TEXT];
    operand its = try_on(c, event, state, loop, buffers);
    al_condition_value value = {.number = its.number};

    if (its.text) {
        value.is_text = true;
        snprintf(value.text, sizeof value.text, "%s", its.text);
    }
    return value;
}

bool al_condition_value_is(const al_condition_value *a,
                           const al_condition_value *b)
{
    if (a->is_text || b->is_text)
        return a->is_text && b->is_text && strcmp(a->text, b->text) == 0;
    return (isnan(a->number) && isnan(b->number)) ||
           !(a->number < b->number || a->number > b->number ||
             isnan(a->number) || isnan(b->number));
}

void al_condition_value_add(const al_condition_value *value, al_text *out)
{
    if (value->is_text)
        al_text_add(out, value->text);
    else if (isnan(value->number))
        al_text_add(out, "none");
    else
        al_text_add_format(out, "%.10g", value->number);
}
