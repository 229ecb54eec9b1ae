/* condition.c - see condition.h: a small tree, built by recursive descent. */
#include "cli/tui/condition.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/tui/moves.h"
#include "cli/tui/view.h"
#include "loop/base/alloc.h"
#include "loop/base/number.h"
#include "sim/json/suggest.h"

enum { DEEPEST = 100 };

typedef struct operand { /* a value, while a condition is tried */
    const char *text;    /* NULL: it is the number */
    double number;       /* NaN: there is none, and nothing is true of it */
} operand;

typedef struct look { /* what it is tried on */
    const al_event *event;
    const al_state *state;
    const al_loop_state *loop; /* NULL: there is none yet */
} look;

typedef operand read_name(const look *l);

typedef enum node_kind {
    NUMBER, TEXT, NAME, KIND, THING, TASK,
    OR, AND, NOT, NEGATIVE,
    EQUAL, DIFFERENT, LESS, AT_MOST, MORE, AT_LEAST, CONTAINS,
    PLUS, MINUS, TIMES, OVER
} node_kind;

struct al_condition {
    node_kind kind;
    double number;
    char *text;              /* of TEXT and TASK */
    read_name *read;         /* of NAME */
    al_event_kind event;     /* of KIND */
    al_thing thing;
    const char *fate;        /* of TASK: "cancelled"; NULL: any event of it */
    bool is_of_event;        /* it, or what is below it */
    al_condition *left, *right;
};

/* -- names ------------------------------------------------------------------- */

static operand number(double value)
{
    return (operand){NULL, value};
}

static operand text(const char *value)
{
    return (operand){value, NAN};
}

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

/* What the event names, or what runs. */
static operand read_callback(const look *l)
{
    return text(l->event->callback);
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

static const struct {
    const char *name;
    read_name *read;
    bool is_of_event;
} names[] = {
    {"t", read_t, false},
    {"iteration", read_iteration, false},
    {"event", read_event, false},
    {"heap", read_heap, false},
    {"cancelled", read_cancelled, false},
    {"ready", read_ready, false},
    {"tasks", read_tasks, false},
    {"late", read_late, true},
    {"duration", read_duration, true},
    {"timeout", read_timeout, true},
    {"kind", read_kind, true},
    {"callback", read_callback, true},
    {"coro", read_coro, true},
    {"text", read_text, true},
    {"type", read_type, true},
    {"level", read_level, true},
};

enum { NAMES = sizeof names / sizeof *names };

static const char *const fates[] = {"created", "cancelled", "done", "failed",
                                    "runs", "waits"};

enum { FATES = sizeof fates / sizeof *fates };

void al_condition_tell_words(bool is_after_task,
                             void (*tell)(void *self, const char *word),
                             void *self)
{
    for (int i = 0; is_after_task && i < FATES; i++)
        tell(self, fates[i]);
    tell(self, "and");
    tell(self, "or");
    if (is_after_task)
        return;
    tell(self, "not");
    for (int i = 0; i < NAMES; i++)
        tell(self, names[i].name);
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        tell(self, al_event_specs[i].name);
}

/* -- reading ------------------------------------------------------------------ */

typedef struct parser {
    const char *start, *at;
    al_error *err;
    int depth;
} parser;

static al_condition *parse_or(parser *p);

static al_condition *fail(parser *p, const char *at, const char *problem)
{
    if (!p->err->message[0])
        al_fail_at(p->err, 1, (int)(at - p->start) + 1, "%s", problem);
    return NULL;
}

static void skip_blanks(parser *p)
{
    while (*p->at == ' ')
        p->at++;
}

static al_condition *node(node_kind kind, al_condition *left,
                          al_condition *right)
{
    al_condition *c = al_alloc_zero(1, sizeof *c);

    c->kind = kind;
    c->left = left;
    c->right = right;
    c->is_of_event = (left && left->is_of_event) ||
                     (right && right->is_of_event);
    return c;
}

/* NULL where one of them is, which was told. */
static al_condition *join(node_kind kind, al_condition *left,
                          al_condition *right)
{
    if (left && right)
        return node(kind, left, right);
    al_condition_free(left);
    al_condition_free(right);
    return NULL;
}

/* The word at the cursor; its length, or 0. */
static size_t word_length(const char *at)
{
    size_t length = 0;

    if (!isalpha((unsigned char)*at) && *at != '_')
        return 0;
    while (isalnum((unsigned char)at[length]) || at[length] == '_')
        length++;
    return length;
}

static bool take_word(parser *p, const char *word)
{
    size_t length = strlen(word);

    skip_blanks(p);
    if (word_length(p->at) != length || strncmp(p->at, word, length) != 0)
        return false;
    p->at += length;
    return true;
}

static bool take_sign(parser *p, const char *sign)
{
    size_t length = strlen(sign);

    skip_blanks(p);
    if (strncmp(p->at, sign, length) != 0)
        return false;
    p->at += length;
    return true;
}

/* 'w1' or "w1"; NULL: told. */
static char *parse_quoted(parser *p)
{
    const char *start = p->at;
    const char *end = strchr(start + 1, *start);

    if (!end) {
        fail(p, start, "this text has no end");
        return NULL;
    }
    p->at = end + 1;
    return al_strndup(start + 1, (size_t)(end - start - 1));
}

/* task 'w1' cancelled; `task` alone is no name. */
static al_condition *parse_task(parser *p)
{
    al_condition *c;

    skip_blanks(p);
    if (*p->at != '\'' && *p->at != '"')
        return fail(p, p->at, "which task? task 'w1' cancelled");
    c = node(TASK, NULL, NULL);
    c->is_of_event = true;
    c->text = parse_quoted(p);
    for (size_t i = 0; c->text && i < FATES; i++) {
        if (take_word(p, fates[i])) {
            c->fate = fates[i];
            break;
        }
    }
    if (c->text)
        return c;
    al_condition_free(c);
    return NULL;
}

/* h12, t3, f5, p1 */
static al_condition *parse_thing(const char *word, size_t length)
{
    static const char letters[] = "htfp";
    const char *letter = strchr(letters, *word);
    uint64_t id = 0;
    al_condition *c;

    if (!letter || length < 2 || length > 18)
        return NULL;
    for (size_t i = 1; i < length; i++) {
        if (!isdigit((unsigned char)word[i]))
            return NULL;
        id = id * 10 + (uint64_t)(word[i] - '0');
    }
    c = node(THING, NULL, NULL);
    c->thing = (al_thing){(al_thing_kind)(AL_THING_HANDLE +
                                          (letter - letters)), id};
    c->is_of_event = true;
    return c;
}

static al_condition *parse_known_name(const char *word, size_t length)
{
    al_condition *c;

    for (int i = 0; i < NAMES; i++) {
        if (strlen(names[i].name) == length &&
            strncmp(names[i].name, word, length) == 0) {
            c = node(NAME, NULL, NULL);
            c->read = names[i].read;
            c->is_of_event = names[i].is_of_event;
            return c;
        }
    }
    for (int kind = 0; kind < AL_EVENT_COUNT; kind++) {
        const char *name = al_event_specs[kind].name;

        if (strlen(name) == length && strncmp(name, word, length) == 0) {
            c = node(KIND, NULL, NULL);
            c->event = (al_event_kind)kind;
            c->is_of_event = true;
            return c;
        }
    }
    return parse_thing(word, length);
}

static al_condition *fail_unknown(parser *p, const char *at, size_t length)
{
    const char *known[NAMES + AL_EVENT_COUNT];
    char *word = al_strndup(at, length);
    al_text problem = {0};
    const char *near;

    for (int i = 0; i < NAMES; i++)
        known[i] = names[i].name;
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        known[NAMES + i] = al_event_specs[i].name;
    near = al_suggest(word, known, NAMES + AL_EVENT_COUNT);
    al_text_add_format(&problem, "'%s' is neither a name nor a kind of event",
                       word);
    if (near)
        al_text_add_format(&problem, "; did you mean '%s'?", near);
    fail(p, at, problem.bytes);
    al_text_release(&problem);
    al_free(word);
    return NULL;
}

static al_condition *parse_word(parser *p, size_t length)
{
    const char *word = p->at;
    al_condition *c;

    p->at += length;
    if (length == 4 && strncmp(word, "task", 4) == 0) {
        skip_blanks(p);
        if (*p->at == '\'' || *p->at == '"')
            return parse_task(p);
    }
    c = parse_known_name(word, length);
    return c ? c : fail_unknown(p, word, length);
}

static al_condition *parse_number(parser *p)
{
    double value;
    const char *end = al_double_parse(p->at, &value);
    al_condition *c;

    if (!end)
        return fail(p, p->at, *p->at ? "this is no number, text or name"
                                     : "something is missing here");
    p->at = end + (*end == 's' && word_length(end) == 1);
    c = node(NUMBER, NULL, NULL);
    c->number = value;
    return c;
}

static al_condition *parse_text(parser *p)
{
    char *value = parse_quoted(p);
    al_condition *c;

    if (!value)
        return NULL;
    c = node(TEXT, NULL, NULL);
    c->text = value;
    return c;
}

static al_condition *parse_primary(parser *p)
{
    al_condition *c;
    size_t length;

    skip_blanks(p);
    length = word_length(p->at);
    if (length > 0)
        return parse_word(p, length);
    if (*p->at == '\'' || *p->at == '"')
        return parse_text(p);
    if (!take_sign(p, "("))
        return parse_number(p);
    c = parse_or(p);
    if (!c || take_sign(p, ")"))
        return c;
    al_condition_free(c);
    return fail(p, p->at, "a ')' is missing here");
}

static al_condition *parse_unary(parser *p)
{
    al_condition *c;

    if (!take_sign(p, "-"))
        return parse_primary(p);
    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    c = parse_unary(p);
    p->depth--;
    return c ? node(NEGATIVE, c, NULL) : NULL;
}

typedef struct sign {
    const char *sign;
    node_kind kind;
} sign;

/* NULL sign: none of them comes. */
static const sign *take_one(parser *p, const sign *signs)
{
    while (signs->sign && !take_sign(p, signs->sign))
        signs++;
    return signs->sign ? signs : NULL;
}

static al_condition *parse_product(parser *p)
{
    static const sign signs[] = {{"*", TIMES}, {"/", OVER}, {NULL, OVER}};
    al_condition *c = parse_unary(p);
    const sign *next;

    while (c && (next = take_one(p, signs)) != NULL)
        c = join(next->kind, c, parse_unary(p));
    return c;
}

static al_condition *parse_sum(parser *p)
{
    static const sign signs[] = {{"+", PLUS}, {"-", MINUS}, {NULL, MINUS}};
    al_condition *c = parse_product(p);
    const sign *next;

    while (c && (next = take_one(p, signs)) != NULL)
        c = join(next->kind, c, parse_product(p));
    return c;
}

static al_condition *parse_comparison(parser *p)
{
    static const sign signs[] = {
        {"==", EQUAL}, {"!=", DIFFERENT}, {"<=", AT_MOST}, {">=", AT_LEAST},
        {"<", LESS},   {">", MORE},       {"~", CONTAINS}, {NULL, EQUAL},
    };
    al_condition *c = parse_sum(p);
    const sign *next = c ? take_one(p, signs) : NULL;

    return next ? join(next->kind, c, parse_sum(p)) : c;
}

static al_condition *parse_not(parser *p)
{
    al_condition *c;

    if (!take_word(p, "not"))
        return parse_comparison(p);
    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    c = parse_not(p);
    p->depth--;
    return c ? node(NOT, c, NULL) : NULL;
}

static al_condition *parse_and(parser *p)
{
    al_condition *c = parse_not(p);

    while (c && take_word(p, "and"))
        c = join(AND, c, parse_not(p));
    return c;
}

static al_condition *parse_or(parser *p)
{
    al_condition *c;

    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    c = parse_and(p);
    while (c && take_word(p, "or"))
        c = join(OR, c, parse_and(p));
    p->depth--;
    return c;
}

al_condition *al_condition_parse(const char *source, al_error *err)
{
    parser p = {.start = source, .at = source, .err = err};
    al_condition *c;

    err->message[0] = '\0';
    c = parse_or(&p);
    skip_blanks(&p);
    if (!c || !*p.at)
        return c;
    al_condition_free(c);
    return fail(&p, p.at, "the condition goes on in a way that makes no sense");
}

void al_condition_free(al_condition *c)
{
    if (!c)
        return;
    al_condition_free(c->left);
    al_condition_free(c->right);
    al_free(c->text);
    al_free(c);
}

bool al_condition_is_of_event(const al_condition *c)
{
    return c->is_of_event;
}

/* -- trying -------------------------------------------------------------------- */

static bool is_task_called(const look *l, uint64_t id, const char *name)
{
    const al_traced_task *task = al_state_task(l->state, id);
    const char *its = task ? al_shared_name_text(task->name) : NULL;
    char called[24];

    snprintf(called, sizeof called, "t%llu", (unsigned long long)id);
    return (its && strcmp(its, name) == 0) || strcmp(called, name) == 0;
}

static bool is_outcome(const al_event *event, const char *outcome)
{
    return event->kind == AL_EVENT_TASK_DONE && event->outcome &&
           strcmp(event->outcome, outcome) == 0;
}

static bool has_fate(const al_event *event, const char *fate)
{
    if (!fate)
        return true;
    if (strcmp(fate, "created") == 0)
        return event->kind == AL_EVENT_TASK;
    if (strcmp(fate, "cancelled") == 0)
        return is_outcome(event, "cancelled");
    if (strcmp(fate, "failed") == 0)
        return is_outcome(event, "exception");
    if (strcmp(fate, "done") == 0)
        return event->kind == AL_EVENT_TASK_DONE;
    return event->kind == (strcmp(fate, "runs") == 0 ? AL_EVENT_RUN
                                                     : AL_EVENT_TASK_WAITS);
}

static bool is_of_task(const look *l, const al_condition *c)
{
    const al_event *event = l->event;

    return al_event_has_field(event->kind, AL_FIELD_task) && event->task &&
           is_task_called(l, event->task, c->text) &&
           has_fate(event, c->fate);
}

static operand try(const look *l, const al_condition *c);

static bool is_true(operand o)
{
    return o.text ? *o.text != '\0' : !isnan(o.number) && o.number != 0;
}

static bool compare_texts(node_kind kind, const char *a, const char *b)
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
        return c->read(l);
    case KIND:
        return number(l->event->kind == c->event);
    case THING:
        return number(al_event_touches(l->event, c->thing));
    case TASK:
        return number(is_of_task(l, c));
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

bool al_condition_holds(const al_condition *c, const al_event *event,
                        const al_state *state, uint64_t loop)
{
    look l = {event, state, al_state_loop(state, loop)};

    return is_true(try(&l, c));
}
