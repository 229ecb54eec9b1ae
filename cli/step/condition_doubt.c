/* condition_doubt.c - what conditions ask for and the trace has not, as far as
 * that is known: it may come yet, or be mistyped. */
#include "cli/step/condition_private.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "sim/trace/idmap.h"

enum { MOST_EVENTS = 1000000, AT_ONCE = 20000 };

typedef struct doubt {
    const al_condition *asked; /* a part of a condition */
    al_idmap tasks;            /* of TASK and OF_TASK: those that are meant */
    bool is_task_known;
} doubt;

typedef struct doubts { /* what no event has met so far */
    doubt *items;
    size_t count, capacity;
    bool is_whole; /* the trace: nothing comes any more */
} doubts;

/* -- what is asked for ---------------------------------------------------- */

static bool is_of_event_alone(const al_condition *c)
{
    return c->kind == NAME && c->name->is_told;
}

/* callback == 'tick', 'work' ~ coro, t > 100: an event answers it by itself. */
static bool is_comparison(const al_condition *c)
{
    const al_condition *name, *value;

    if (c->kind < EQUAL || c->kind > CONTAINS || c->kind == DIFFERENT)
        return false;
    name = c->left->kind == NAME ? c->left : c->right;
    value = c->left->kind == NAME ? c->right : c->left;
    return is_of_event_alone(name) &&
           (value->kind == TEXT || value->kind == NUMBER);
}

/* What only grows comes to it, perhaps, while the trace does. */
static bool may_come(const al_condition *c)
{
    const al_condition *name = c->left && c->left->kind == NAME ? c->left
                                                                : c->right;

    return is_comparison(c) && !name->is_of_event;
}

/* Does an event tell it by itself, where it has what is asked for at all? */
static bool is_told(const al_condition *c)
{
    if (c->kind == TASK || c->kind == OF_TASK)
        return false;
    if (c->kind == NAME)
        return is_of_event_alone(c) && c->is_of_event;
    return (!c->left || is_told(c->left)) && (!c->right || is_told(c->right));
}

/* How many of what `and` joins are told so. */
static size_t count_told(const al_condition *c)
{
    if (c->kind == AND)
        return count_told(c->left) + count_told(c->right);
    return is_told(c);
}

/* Does all of it that is told so hold of the event?  The coroutine of a task is
 * told where it is created, which is not where it fails. */
static bool may_hold(const al_condition *c, uint64_t at, const al_event *event)
{
    if (c->kind == AND)
        return may_hold(c->left, at, event) && may_hold(c->right, at, event);
    return !is_told(c) || al_condition_holds_of_event(c, at, event);
}

static bool can_be_doubted(const al_condition *c, bool is_whole)
{
    return c->kind == TASK || c->kind == OF_TASK || c->kind == THING ||
           c->kind == KIND || (is_of_event_alone(c) && c->is_of_event) ||
           (is_comparison(c) && (is_whole || !may_come(c)));
}

static void add_doubt(doubts *d, const al_condition *c)
{
    d->items = al_grow(d->items, &d->capacity, d->count + 1, sizeof *d->items);
    d->items[d->count++] = (doubt){.asked = c};
}

/* is_joined: by the `and` above it, which is gathered. */
static void gather(doubts *d, const al_condition *c, bool is_joined)
{
    if (can_be_doubted(c, d->is_whole)) {
        add_doubt(d, c);
        return;
    }
    if (is_comparison(c))
        return;
    if (c->kind == AND && !is_joined && count_told(c) > 1)
        add_doubt(d, c);
    if (c->left)
        gather(d, c->left, c->kind == AND);
    if (c->right)
        gather(d, c->right, c->kind == AND);
}

/* -- what there is -------------------------------------------------------- */

/* Is it about the task that is meant?  Events name it where it begins, and
 * where its name changes. */
static bool is_meant(doubt *d, const al_event *event)
{
    if (!event->task)
        return false;
    if (al_condition_means(d->asked, event->task, event->name))
        al_idmap_put(&d->tasks, event->task, d);
    return al_idmap_find(&d->tasks, event->task) != NULL;
}

/* Of a trace that goes on a task may yet come to it. */
static bool is_met(const doubts *all, doubt *d, uint64_t at,
                   const al_event *event)
{
    const al_condition *c = d->asked;

    if (c->kind == AND)
        return may_hold(c, at, event);
    if (c->kind != TASK && c->kind != OF_TASK)
        return c->kind == THING ? al_event_touches(event, c->thing)
                                : al_condition_holds_of_event(c, at, event);
    if (!is_meant(d, event))
        return false;
    d->is_task_known = true;
    return c->kind == OF_TASK || !all->is_whole ||
           al_condition_is_fate(event, c->fate);
}

static void strike(void *self, uint64_t at, const al_event *event)
{
    doubts *all = self;
    size_t kept = 0;

    for (size_t i = 0; i < all->count; i++) {
        if (is_met(all, &all->items[i], at, event))
            al_idmap_release(&all->items[i].tasks);
        else
            all->items[kept++] = all->items[i];
    }
    all->count = kept;
}

/* No further than there are doubts. */
static void look_through(doubts *d, al_history *history)
{
    uint64_t known = al_history_known(history);

    for (uint64_t at = 1; at <= known && d->count > 0; at += AT_ONCE)
        al_history_look(history, at, at + AT_ONCE - 1, strike, d);
}

/* -- what is doubtful ----------------------------------------------------- */

/* That there is none of the name, which is perhaps mistyped. */
static bool is_of_name(const doubt *d)
{
    node_kind kind = d->asked->kind;

    return kind == THING ||
           ((kind == TASK || kind == OF_TASK) && !d->is_task_known);
}

static const doubt *find(const doubts *all, const al_condition *part,
                         bool is_name)
{
    for (size_t i = 0; i < all->count; i++) {
        const doubt *d = &all->items[i];

        if (d->asked == part && (!is_name || is_of_name(d)))
            return d;
    }
    return NULL;
}

/* The first thing for want of which a condition does not hold; where there is
 * each of what `and` joins, that it is not at one event.  A name is wrong
 * wherever it stands; what else is missing matters neither under `not` nor
 * where the other side of an `or` has what it asks for. */
static const doubt *doubt_of(const doubts *all, const al_condition *c,
                             bool is_name)
{
    const doubt *left = NULL, *right = NULL;
    bool is_below = is_name || c->kind == NOT;

    if (c->left)
        left = doubt_of(all, c->left, is_below);
    if (c->right)
        right = doubt_of(all, c->right, is_below);
    if (c->kind == OR && !is_name && !(left && right))
        return doubt_of(all, c, true);
    return left ? left : right ? right : find(all, c, is_name);
}

/* -- telling it ----------------------------------------------------------- */

static void add_side(const al_condition *c, al_text *out)
{
    if (c->kind == NAME)
        al_text_add(out, c->name->name);
    else if (c->kind == NUMBER)
        al_text_add_format(out, "%.10g", c->number);
    else
        al_text_add_format(out, "'%s'", c->text);
}

/* callback 'tick', for short; 'work' ~ coro, t > 100. */
static void add_comparison(const al_condition *c, al_text *out)
{
    static const char *const signs[] = {
        [EQUAL] = "==",  [LESS] = "<",      [AT_MOST] = "<=",
        [MORE] = ">",    [AT_LEAST] = ">=", [CONTAINS] = "~",
    };
    bool is_turned = c->right->kind == NAME;

    if (c->kind == EQUAL) {
        add_side(is_turned ? c->right : c->left, out);
        al_text_add_char(out, ' ');
        add_side(is_turned ? c->left : c->right, out);
        return;
    }
    add_side(c->left, out);
    al_text_add_format(out, " %s ", signs[c->kind]);
    add_side(c->right, out);
}

/* no task 'w1' cancelled; where there is none of the name, no task 'w1'. */
static void add_task(const doubt *d, al_text *out)
{
    al_text_add(out, "no task ");
    if (d->asked->text)
        al_text_add_format(out, "'%s'", d->asked->text);
    else
        al_thing_add_name(out, d->asked->thing);
    if (d->is_task_known)
        al_text_add_format(out, " %s", d->asked->fate);
}

static void add_asked(const doubt *d, al_text *out)
{
    static const char *const kinds[] = {
        [AL_THING_HANDLE] = "handle", [AL_THING_TASK] = "task",
        [AL_THING_FUTURE] = "future", [AL_THING_PRIMITIVE] = "primitive",
    };
    const al_condition *c = d->asked;

    if (c->kind == THING) {
        al_text_add_format(out, "no %s ", kinds[c->thing.kind]);
        al_thing_add_name(out, c->thing);
    } else if (c->kind == TASK || c->kind == OF_TASK) {
        add_task(d, out);
    } else if (c->kind == AND) {
        al_text_add(out, "no event is all of this");
    } else if (c->kind == KIND) {
        al_text_add_format(out, "no %s", al_event_specs[c->event].name);
    } else if (c->kind == NAME) {
        al_text_add_format(out, "no %s", strcmp(c->name->name, "failed") == 0
                                             ? "task that failed"
                                             : c->name->name);
    } else {
        al_text_add(out, "no ");
        add_comparison(c, out);
    }
}

static void add(const doubts *all, const doubt *d, al_text *out)
{
    const al_condition *c = d->asked;

    add_asked(d, out);
    al_text_add(out, all->is_whole ? " in the trace" : " so far");
    if (d->is_task_known && strcmp(c->fate, "cancelled") == 0)
        al_text_add(out, "; where one is asked to be is task_cancel");
}

void al_conditions_add_doubts(const al_condition *const *conditions,
                              size_t count, al_history *history, al_text *out)
{
    doubts d = {.is_whole = al_history_is_whole(history)};

    for (size_t i = 0; i < count; i++)
        gather(&d, conditions[i], false);
    if (al_history_known(history) > MOST_EVENTS)
        d.count = 0;
    look_through(&d, history);
    for (size_t i = 0; i < count; i++) {
        const doubt *its = doubt_of(&d, conditions[i], false);

        if (its)
            add(&d, its, &out[i]);
    }
    for (size_t i = 0; i < d.count; i++)
        al_idmap_release(&d.items[i].tasks);
    al_free(d.items);
}
