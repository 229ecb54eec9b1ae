/* words.c - how differences are put into words; see report.h. */
#include "cli/diff/report.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include "cli/phrases.h"

/* -- who ------------------------------------------------------------------ */

static bool is_default_name(const char *label)
{
    return strncmp(label, "Task-", 5) == 0 &&
           isdigit((unsigned char)label[5]);
}

static void add_task(al_text *out, const char *label, const char *coroutine,
                     uint64_t id)
{
    if (label && !is_default_name(label)) {
        al_text_add_format(out, "`%s`", label);
        return;
    }
    if (coroutine)
        al_text_add_format(out, "`%s` (", coroutine);
    al_text_add_format(out, coroutine ? "t%llu)" : "task t%llu",
                       (unsigned long long)id);
}

static void add_callback(al_text *out, const char *name, const char *args)
{
    if (args)
        al_text_add_format(out, "`%s(%s)`", name, args);
    else
        al_text_add_format(out, "`%s`", name);
}

static const al_actor *whom(const al_actor actors[2])
{
    return actors[AL_LEFT].event ? &actors[AL_LEFT] : &actors[AL_RIGHT];
}

static void add_actor(al_text *out, const al_actor *actor)
{
    if (actor->is_world)
        al_text_add(out, "the world");
    else if (!actor->handle)
        al_text_add(out, "the program");
    else if (actor->task)
        add_task(out, actor->label, actor->name, actor->task);
    else
        add_callback(out, actor->name ? actor->name : "?", actor->args);
}

static void add_subject(al_text *out, const al_doing *doing)
{
    if (doing->letter == 't' || doing->task)
        add_task(out, doing->label, doing->coroutine,
                 doing->letter == 't' ? doing->id : doing->task);
    else if (doing->name)
        add_callback(out, doing->name, doing->args);
    else if (doing->id)
        al_text_add_format(out, "%c%llu", doing->letter,
                           (unsigned long long)doing->id);
}

/* -- where ---------------------------------------------------------------- */

static void add_iterations(al_text *out, const al_actor *x,
                           const al_actor *y)
{
    if (x->iteration == 0 && y->iteration == 0) {
        al_text_add(out, "before the first iteration");
        return;
    }
    al_text_add_format(out, "iteration %llu",
                       (unsigned long long)x->iteration);
    if (x->iteration != y->iteration)
        al_text_add_format(out, " (%llu)", (unsigned long long)y->iteration);
}

void al_diff_add_place(al_text *out, const al_parting *parting)
{
    const al_actor *x = whom(parting->actors);
    const al_actor *y = parting->actors[AL_RIGHT].event
        ? &parting->actors[AL_RIGHT] : x;

    if (x->is_world)
        al_text_add(out, "outside");
    else
        add_iterations(out, x, y);
    if (!x->is_world && x->loop != 1)
        al_text_add_format(out, " of l%llu", (unsigned long long)x->loop);
    al_text_add(out, ", ");
    al_page_add_seconds(out, x->time);
    if (x->time != y->time) {
        al_text_add(out, " (");
        al_page_add_seconds(out, y->time);
        al_text_add_char(out, ')');
    }
}

/* -- what was done -------------------------------------------------------- */

static void add_outcome(al_text *out, const al_doing *doing)
{
    const char *space = doing->outcome ? " " : "";

    if (doing->outcome)
        al_text_add(out, doing->outcome);
    if (doing->type) {
        al_text_add(out, space);
        al_phrase_exception(out, doing->type, doing->text);
    } else if (doing->text && doing->text[0]) {
        al_text_add_format(out, "%s%s", space, doing->text);
    }
}

static void add_delay(al_text *out, const al_doing *doing)
{
    al_text_add(out, " at ");
    al_page_add_seconds(out, doing->when);
    if (doing->when > doing->time) {
        al_text_add(out, " (in ");
        al_page_add_seconds(out, doing->when - doing->time);
        al_text_add_char(out, ')');
    }
}

static void add_task_id(al_text *out, const al_doing *doing)
{
    al_text_add_format(out, " t%llu",
                       (unsigned long long)(doing->letter == 't'
                                                ? doing->id : doing->task));
    if (doing->label)
        al_text_add_format(out, " '%s'", doing->label);
}

void al_diff_add_doing(al_text *out, const al_doing *doing)
{
    al_text_add(out, al_event_specs[doing->kind].name);
    if (doing->letter && doing->letter != 't')
        al_text_add_format(out, " %c%llu", doing->letter,
                           (unsigned long long)doing->id);
    if (doing->letter == 't')
        add_task_id(out, doing);
    if (doing->letter == 'h' && doing->name) {
        al_text_add_char(out, ' ');
        al_phrase_call(out, doing->name, doing->args);
    } else if (doing->name && doing->kind != AL_EVENT_TASK_DONE &&
               doing->kind != AL_EVENT_TASK_CANCEL) {
        al_text_add_format(out, " %s", doing->name);
    }
    if (doing->letter == 'h' && doing->task) {
        al_text_add(out, " steps");
        add_task_id(out, doing);
    }
    if (!isnan(doing->when) && doing->kind == AL_EVENT_CALL_AT)
        add_delay(out, doing);
    if (doing->outcome || doing->type || doing->text)
        al_text_add(out, doing->kind == AL_EVENT_LOG && !doing->outcome
                             ? " " : ": ");
    add_outcome(out, doing);
}

typedef struct verb {
    al_event_kind kind;
    const char *past, *plain;
    bool has_text; /* the text follows; else the subject */
} verb;

static const verb verbs[] = {
    {AL_EVENT_CALL_SOON, "scheduled", "schedule", false},
    {AL_EVENT_CALL_SOON_THREADSAFE, "scheduled, from a thread,",
     "schedule, from a thread,", false},
    {AL_EVENT_CALL_AT, "set a timer for", "set a timer for", false},
    {AL_EVENT_CANCEL, "cancelled", "cancel", false},
    {AL_EVENT_TASK, "created the task", "create the task", false},
    {AL_EVENT_TASK_CANCEL, "cancelled", "cancel", false},
    {AL_EVENT_FUTURE, "created", "create", false},
    {AL_EVENT_ADD_READER, "watched, to read,", "watch, to read,", false},
    {AL_EVENT_ADD_WRITER, "watched, to write,", "watch, to write,", false},
    {AL_EVENT_REMOVE_READER, "no longer watched",
     "stop watching", false},
    {AL_EVENT_LOG, "logged", "log", true},
    {AL_EVENT_STOP, "stopped the loop", "stop the loop", false},
    {AL_EVENT_LOOP, "made the loop", "make the loop", true},
};

static const verb *find_verb(const al_doing *doing)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (verbs[i].kind == doing->kind)
            return &verbs[i];
    }
    return NULL;
}

static void add_object(al_text *out, const verb *of, const al_doing *doing)
{
    al_text subject = {0};

    if (of->has_text)
        al_text_add_format(&subject, "\"%s\"",
                           doing->text ? doing->text : "");
    else if (doing->kind != AL_EVENT_STOP)
        add_subject(&subject, doing);
    if (subject.length > 0)
        al_text_add_format(out, " %s", subject.bytes);
    al_text_release(&subject);
}

/* What was done on one side alone. */
static void add_one_sided(al_text *out, const al_parting *parting,
                          al_side side)
{
    const al_doing *first = &parting->doings[side][0];
    const verb *of = find_verb(first);
    size_t others = parting->counts[side] + parting->left_out[side] - 1;

    add_actor(out, whom(parting->actors));
    if (!of) {
        al_text_add(out, side == AL_RIGHT ? " did more" : " did less");
        return;
    }
    al_text_add_format(out, side == AL_RIGHT ? " also %s" : " did not %s",
                       side == AL_RIGHT ? of->past : of->plain);
    add_object(out, of, first);
    if (others > 0 && parting->actors[AL_LEFT].event &&
        parting->actors[AL_RIGHT].event)
        al_text_add_format(out, ", and %zu thing%s more", others,
                           others > 1 ? "s" : "");
}

static void add_timer_change(al_text *out, const al_doing *x,
                             const al_doing *y)
{
    al_text_add(out, "set the timer of ");
    add_subject(out, y);
    al_text_add(out, " to ");
    al_page_add_seconds(out, y->when - y->time);
    al_text_add(out, ", not ");
    al_page_add_seconds(out, x->when - x->time);
}

/* "cancelled", "with a result", "with ValueError: no" */
static void add_ending(al_text *out, const al_doing *doing)
{
    if (doing->type) {
        al_text_add(out, "with ");
        al_phrase_exception(out, doing->type, doing->text);
    } else if (doing->outcome && strcmp(doing->outcome, "result") == 0) {
        al_text_add(out, "with a result");
    } else {
        al_text_add(out, doing->outcome ? doing->outcome : "well");
    }
}

static void add_end_change(al_text *out, const al_doing *x,
                           const al_doing *y)
{
    al_text_add(out, "ended ");
    add_ending(out, y);
    al_text_add(out, ", not ");
    add_ending(out, x);
}

/* A task of the same coroutine, by another name? */
static bool is_renamed(const al_doing *x, const al_doing *y)
{
    return x->kind == AL_EVENT_TASK && y->kind == AL_EVENT_TASK &&
           x->label && y->label && strcmp(x->label, y->label) != 0 &&
           x->coroutine && y->coroutine &&
           strcmp(x->coroutine, y->coroutine) == 0;
}

static void add_renaming(al_text *out, const al_doing *x, const al_doing *y)
{
    al_text_add_format(out, "named the task of `%s` (t%llu) '%s', not '%s'",
                       y->coroutine, (unsigned long long)y->id, y->label,
                       x->label);
}

/* What was done otherwise, where it is of one kind. */
static void add_change(al_text *out, const al_doing *x, const al_doing *y)
{
    const verb *of = find_verb(y);

    if (y->kind == AL_EVENT_TASK_DONE || y->kind == AL_EVENT_END) {
        add_end_change(out, x, y);
    } else if (y->kind == AL_EVENT_CALL_AT &&
               x->when - x->time != y->when - y->time) {
        add_timer_change(out, x, y);
    } else if (is_renamed(x, y)) {
        add_renaming(out, x, y);
    } else if (of) {
        al_text_add(out, of->past);
        add_object(out, of, y);
        al_text_add(out, ", not");
        add_object(out, of, x);
    } else {
        al_text_add_format(out, "did otherwise: %s",
                           al_event_specs[y->kind].name);
    }
}

/* Futures have no name: what they lead to tells more; so do core events. */
static bool tells_more(al_event_kind kind)
{
    return al_event_specs[kind].is_core && kind != AL_EVENT_FUTURE &&
           kind != AL_EVENT_FUTURE_DONE;
}

static const al_doing *first_of(const al_parting *parting, al_side side)
{
    for (size_t i = 0; i < parting->counts[side]; i++) {
        if (tells_more(parting->doings[side][i].kind))
            return &parting->doings[side][i];
    }
    return &parting->doings[side][0];
}

bool al_diff_is_renaming(const al_parting *parting)
{
    return parting->kind == AL_PARTING_DID && parting->counts[AL_LEFT] > 0 &&
           parting->counts[AL_RIGHT] > 0 &&
           is_renamed(first_of(parting, AL_LEFT),
                      first_of(parting, AL_RIGHT));
}

static void add_did(al_text *out, const al_parting *parting)
{
    const al_doing *x, *y;

    if (parting->counts[AL_LEFT] == 0 || parting->counts[AL_RIGHT] == 0) {
        add_one_sided(out, parting,
                      parting->counts[AL_LEFT] ? AL_LEFT : AL_RIGHT);
        return;
    }
    x = first_of(parting, AL_LEFT);
    y = first_of(parting, AL_RIGHT);
    add_actor(out, whom(parting->actors));
    if (x->kind != y->kind || !tells_more(x->kind)) {
        al_text_add(out, " did otherwise");
        return;
    }
    al_text_add_char(out, ' ');
    add_change(out, x, y);
}

static void add_moved(al_text *out, const al_parting *parting)
{
    const al_doing *second = &parting->doings[AL_LEFT][0];
    const al_doing *first = &parting->doings[AL_RIGHT][0];
    const verb *x = find_verb(first), *y = find_verb(second);

    add_actor(out, whom(parting->actors));
    if (x && y && x == y) {
        al_text_add_format(out, " %s", x->past);
        add_object(out, x, first);
        al_text_add(out, " before");
        add_object(out, y, second);
        return;
    }
    al_text_add(out, " did the same in another order: `");
    al_diff_add_doing(out, first);
    al_text_add(out, "` before `");
    al_diff_add_doing(out, second);
    al_text_add_char(out, '`');
}

/* -- why ------------------------------------------------------------------ */

static const char *ending(const char *outcome)
{
    if (!outcome)
        return "not told of";
    if (strcmp(outcome, "cancelled") == 0)
        return "cancelled";
    return strcmp(outcome, "result") == 0 ? "set" : "failed";
}

static void add_outcome_reason(al_text *out, const al_because *why)
{
    if (why->in)
        al_text_add_format(out, "its %s waiter", why->in);
    else
        al_text_add(out, "what it waited for");
    al_text_add_format(out, " was %s, not %s", ending(why->sides[1]),
                       ending(why->sides[0]));
}

static void add_reason(al_text *out, const al_because *why,
                       const al_actor *first, const al_actor *second)
{
    if (why->reason == AL_REASON_NONE)
        return;
    al_text_add(out, ": ");
    switch (why->reason) {
    case AL_REASON_TIE:
        al_text_add(out, "both were due at ");
        al_page_add_seconds(out, why->when[0]);
        al_text_add(out, ", in the heap's order");
        break;
    case AL_REASON_DEADLINE:
        add_actor(out, why->of_second ? second : first);
        al_text_add(out, " was due at ");
        al_page_add_seconds(out, why->when[1]);
        al_text_add(out, ", not ");
        al_page_add_seconds(out, why->when[0]);
        break;
    case AL_REASON_OUTCOME:
        if (why->of_second) {
            add_actor(out, second);
            al_text_add(out, " went on otherwise: ");
        }
        add_outcome_reason(out, why);
        break;
    case AL_REASON_WAKER:
        add_actor(out, why->of_second ? second : first);
        al_text_add_format(out, " was scheduled by `%s`, not `%s`",
                           why->sides[1] ? why->sides[1] : "the program",
                           why->sides[0] ? why->sides[0] : "the program");
        break;
    case AL_REASON_CANCELLED:
        al_text_add(out, "there it was cancelled");
        break;
    case AL_REASON_PENDING:
        al_text_add(out, "there it was still pending at the end");
        break;
    case AL_REASON_AGAIN:
        al_text_add(out, "there it ran less often");
        break;
    case AL_REASON_NONE:
        break;
    }
}

/* -- sentences ------------------------------------------------------------ */

static void add_order(al_text *out, const al_parting *parting)
{
    const al_actor *first = whom(parting->actors);
    const al_actor *second = whom(parting->others);

    add_actor(out, first);
    al_text_add(out, " ran before ");
    add_actor(out, second);
    add_reason(out, &parting->because, first, second);
}

static void add_alone(al_text *out, const al_parting *parting)
{
    const al_actor *who = whom(parting->actors);

    add_actor(out, who);
    al_text_add_format(out, " ran on the %s side alone",
                       parting->actors[AL_LEFT].event ? "left" : "right");
    add_reason(out, &parting->because, who, who);
}

static void add_ends(al_text *out, const al_parting *parting)
{
    al_text_add_format(out, "the %s trace ends %s ",
                       parting->ended == AL_LEFT ? "left" : "right",
                       parting->actors[parting->ended].event ? "in"
                                                             : "before");
    add_actor(out, whom(parting->actors));
}

static void add_values(al_text *out, const char *what,
                       const double values[2])
{
    al_text_add_format(out, " %s ", what);
    al_page_add_seconds(out, values[1]);
    al_text_add(out, ", not ");
    al_page_add_seconds(out, values[0]);
}

/* Select's timeout may be none. */
static void add_number(al_text *out, double value)
{
    if (value < 0)
        al_text_add(out, "none");
    else
        al_text_add_format(out, "%.17g", value);
}

static void add_turn(al_text *out, const al_parting *parting)
{
    al_text_add(out, "the loop's own work differs: ");
    al_text_add(out, parting->what);
    if (isnan(parting->values[0]))
        return;
    al_text_add(out, " is ");
    add_number(out, parting->values[1]);
    al_text_add(out, ", not ");
    add_number(out, parting->values[0]);
}

bool al_diff_tells_of_right(const al_parting *parting)
{
    return parting->kind != AL_PARTING_ALONE &&
           parting->kind != AL_PARTING_ENDS &&
           parting->kind != AL_PARTING_INTERLEAVED;
}

void al_diff_add_sentence(al_text *out, const al_parting *parting)
{
    switch (parting->kind) {
    case AL_PARTING_DID:
        add_did(out, parting);
        break;
    case AL_PARTING_MOVED:
        add_moved(out, parting);
        break;
    case AL_PARTING_ORDER:
        add_order(out, parting);
        break;
    case AL_PARTING_ALONE:
        add_alone(out, parting);
        break;
    case AL_PARTING_ENDS:
        add_ends(out, parting);
        break;
    case AL_PARTING_LATER:
        add_actor(out, whom(parting->actors));
        add_values(out, "ran at", parting->values);
        break;
    case AL_PARTING_TOOK:
        add_actor(out, whom(parting->actors));
        add_values(out, "took", parting->values);
        break;
    case AL_PARTING_TURN:
        add_turn(out, parting);
        break;
    case AL_PARTING_INTERLEAVED:
        al_text_add(out, "loops, threads and the world took turns otherwise");
        break;
    }
}
