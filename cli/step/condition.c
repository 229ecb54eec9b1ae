/* condition.c - see condition.h: a small tree, built by recursive descent. */
#include "cli/step/condition_private.h"

#include <ctype.h>
#include <string.h>
#include "cli/tui/seconds.h"
#include "cli/tui/source_text.h"
#include "loop/base/alloc.h"
#include "sim/json/suggest.h"

enum {
    DEEPEST = 100, /* what is nested */
    LONGEST = 1000 /* values that are joined: a chain is as deep a tree */
};

typedef struct parser {
    const char *start, *at;
    al_history *history; /* that may have what is unknown; NULL */
    al_error *err;
    int depth, joins;
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

/* Why a sign cannot stand between a text and a number, or two of them.  NULL:
 * it can. */
static const char *why_unfit(node_kind kind, bool left_is_text,
                             bool right_is_text)
{
    if (kind == AND || kind == OR)
        return NULL;
    if (kind == PLUS || kind == MINUS || kind == TIMES || kind == OVER)
        return left_is_text || right_is_text
                   ? "texts cannot be reckoned with" : NULL;
    if (left_is_text != right_is_text)
        return "a text is compared with a number: texts stand in quotes, "
               "as 'tick'";
    return kind == CONTAINS && !left_is_text
               ? "~ looks for a text in a text" : NULL;
}

/* With the sign between them, at `at`.  NULL where one of them is, which was
 * told; or they do not fit, or were one too many. */
static al_condition *join(parser *p, const char *at, node_kind kind,
                          al_condition *left, al_condition *right)
{
    const char *problem = NULL;

    if (left && right)
        problem = ++p->joins >= LONGEST
                      ? "this condition is too long"
                      : why_unfit(kind, left->is_text, right->is_text);
    if (left && right && !problem)
        return node(kind, left, right);
    al_condition_free(left);
    al_condition_free(right);
    return problem ? fail(p, at, problem) : NULL;
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

/* task 'w1'.awaits, t3.awaits: what is so of it. */
static al_condition *parse_of_task(parser *p, al_condition *c)
{
    p->at++;
    for (const condition_task_name *n = al_condition_task_names; n->name; n++) {
        if (take_word(p, n->name)) {
            c->kind = OF_TASK;
            c->is_of_event = false;
            c->read_task = n->read;
            c->is_text = n->is_text;
            return c;
        }
    }
    al_condition_free(c);
    return fail(p, p->at, "a task has .state, .awaits and .cancelling");
}

/* task 'w1' cancelled, t3 cancelled: what becomes of it. */
static al_condition *parse_after_task(parser *p, al_condition *c)
{
    if (*p->at == '.')
        return parse_of_task(p, c);
    for (int i = 0; al_condition_fates[i]; i++) {
        if (take_word(p, al_condition_fates[i])) {
            c->kind = TASK;
            c->fate = al_condition_fates[i];
            break;
        }
    }
    return c;
}

/* By its name or its id: task 'w1', task t3. */
static al_condition *parse_task(parser *p)
{
    size_t length = word_length(p->at);
    al_thing thing = al_thing_parse(p->at, length);
    bool has_id = thing.kind == AL_THING_TASK;
    al_condition *c;

    if (!has_id && *p->at != '\'' && *p->at != '"')
        return fail(p, p->at, "a task's name stands in quotes: "
                    "task 'w1' cancelled");
    c = node(TASK, NULL, NULL);
    c->is_of_event = true;
    c->thing = has_id ? thing : c->thing;
    c->text = has_id ? NULL : parse_quoted(p);
    p->at += has_id ? length : 0;
    if (has_id || c->text)
        return parse_after_task(p, c);
    al_condition_free(c);
    return NULL;
}

/* h12, t3, f5, p1 */
static al_condition *parse_thing(const char *word, size_t length)
{
    al_thing thing = al_thing_parse(word, length);
    al_condition *c;

    if (thing.kind == AL_THING_NONE)
        return NULL;
    c = node(THING, NULL, NULL);
    c->thing = thing;
    c->is_of_event = true;
    return c;
}

static al_condition *parse_known_name(const char *word, size_t length)
{
    al_condition *c;

    for (int i = 0; i < al_condition_name_count; i++) {
        const condition_name *n = &al_condition_names[i];

        if (strlen(n->name) == length &&
            strncmp(n->name, word, length) == 0) {
            c = node(NAME, NULL, NULL);
            c->name = n;
            c->is_of_event = n->is_of_event;
            c->is_text = n->is_text;
            return c;
        }
    }
    for (int kind = 0; kind < AL_EVENT_COUNT; kind++) {
        const char *its = al_event_specs[kind].name;

        if (strlen(its) == length && strncmp(its, word, length) == 0) {
            c = node(KIND, NULL, NULL);
            c->event = (al_event_kind)kind;
            c->is_of_event = true;
            return c;
        }
    }
    return parse_thing(word, length);
}

/* "e40", as :goto has it. */
static bool is_event_number(const char *word, size_t length)
{
    return *word == 'e' && length > 1 &&
           strspn(word + 1, "0123456789") >= length - 1;
}

static al_condition *fail_place(parser *p, const char *at, size_t length)
{
    al_text problem = {0};

    al_text_add_format(&problem, "'%.*s' is a place: event == %.*s is a "
                       "condition, :goto %.*s goes there", (int)length, at,
                       (int)length - 1, at + 1, (int)length, at);
    fail(p, at, problem.bytes);
    al_text_release(&problem);
    return NULL;
}

/* Is it on one side of a comparison? */
static bool is_compared(const parser *p, const char *at, size_t length)
{
    const char *after = at + length + strspn(at + length, " ");

    while (at > p->start && at[-1] == ' ')
        at--;
    return (at > p->start && strchr("=<>!~", at[-1])) ||
           (*after && strchr("=<>!~", *after));
}

/* "app.py:12", as other debuggers take it. */
static bool is_place(const char *at)
{
    size_t line;

    al_place_split(at, &line);
    return line > 0 && !strchr(at, ' ');
}

static void add_meant(parser *p, const char *word, const char *at,
                      const char *near, al_text *out)
{
    al_text asking = {0};

    if (is_place(at))
        al_text_add_format(out, "; where ~ '%s' is a condition", at);
    else if (!is_compared(p, at, strlen(word)) &&
             al_condition_add_asking(&asking, word, '\'', p->history))
        al_text_add_format(out, "; %s asks for it", asking.bytes);
    else if (near)
        al_text_add_format(out, "; did you mean '%s'?", near);
    else
        al_text_add(out, "; texts stand in quotes");
    al_text_release(&asking);
}

static al_condition *fail_unknown(parser *p, const char *at, size_t length)
{
    int count = al_condition_name_count;
    const char **known = al_realloc_array(
        NULL, (size_t)(count + AL_EVENT_COUNT), sizeof *known);
    char *word = al_strndup(at, length);
    al_text problem = {0};
    const char *near;

    for (int i = 0; i < count; i++)
        known[i] = al_condition_names[i].name;
    for (int i = 0; i < AL_EVENT_COUNT; i++)
        known[count + i] = al_event_specs[i].name;
    near = al_suggest(word, known, (size_t)(count + AL_EVENT_COUNT));
    al_text_add_format(&problem, "'%s' is neither a name nor a kind of event",
                       word);
    add_meant(p, word, at, near, &problem);
    fail(p, at, problem.bytes);
    al_text_release(&problem);
    al_free(known);
    al_free(word);
    return NULL;
}

/* heap.size is heap. */
static bool is_size_of(const parser *p, const char *word, size_t length)
{
    bool has_size = (length == 4 && strncmp(word, "heap", length) == 0) ||
                    (length == 5 && strncmp(word, "ready", length) == 0);

    return has_size && strncmp(p->at, ".size", 5) == 0 &&
           word_length(p->at + 1) == 4;
}

/* What comes after `task`: a name in quotes; or one without, which is a
 * mistake.  `task` alone is a kind of event. */
static bool names_task(const char *at)
{
    size_t length = word_length(at);

    return *at == '\'' || *at == '"' ||
           (length > 0 && !(length == 2 && strncmp(at, "or", 2) == 0) &&
            !(length == 3 && strncmp(at, "and", 3) == 0));
}

static al_condition *parse_word(parser *p, size_t length)
{
    const char *word = p->at;
    al_condition *c;

    p->at += length;
    if (length == 4 && strncmp(word, "task", 4) == 0) {
        skip_blanks(p);
        if (names_task(p->at))
            return parse_task(p);
    }
    c = parse_known_name(word, length);
    if (c && c->kind == NAME && is_size_of(p, word, length))
        p->at += strlen(".size");
    if (c)
        return c->thing.kind == AL_THING_TASK ? parse_after_task(p, c) : c;
    return is_event_number(word, length) ? fail_place(p, word, length)
                                         : fail_unknown(p, word, length);
}

static al_condition *parse_number(parser *p)
{
    double value;
    bool has_unit;
    const char *end = al_seconds_parse(p->at, &value, &has_unit);
    al_condition *c;

    if (!end)
        return fail(p, p->at, *p->at ? "this is no number, text or name"
                                     : "something is missing here");
    c = node(NUMBER, NULL, NULL);
    c->number = value;
    c->is_seconds = has_unit || memchr(p->at, '.', (size_t)(end - p->at));
    p->at = end;
    return c;
}

static al_condition *parse_text(parser *p)
{
    const char *source = p->at;
    char *value = parse_quoted(p);
    al_condition *c;

    if (!value)
        return NULL;
    c = node(TEXT, NULL, NULL);
    c->text = value;
    c->source = source;
    c->is_text = true;
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
    const char *at;

    if (!take_sign(p, "-"))
        return parse_primary(p);
    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    at = p->at;
    c = parse_unary(p);
    p->depth--;
    if (!c || !c->is_text)
        return c ? node(NEGATIVE, c, NULL) : NULL;
    al_condition_free(c);
    return fail(p, at, why_unfit(MINUS, true, true));
}

typedef struct sign {
    const char *sign;
    node_kind kind;
} sign;

/* And (out) where it stood.  NULL: none of them comes. */
static const sign *take_one(parser *p, const sign *signs, const char **at)
{
    skip_blanks(p);
    *at = p->at;
    while (signs->sign && !take_sign(p, signs->sign))
        signs++;
    return signs->sign ? signs : NULL;
}

static al_condition *parse_product(parser *p)
{
    static const sign signs[] = {{"*", TIMES}, {"/", OVER}, {NULL, OVER}};
    al_condition *c = parse_unary(p);
    const sign *next;
    const char *at;

    while (c && (next = take_one(p, signs, &at)) != NULL)
        c = join(p, at, next->kind, c, parse_unary(p));
    return c;
}

static al_condition *parse_sum(parser *p)
{
    static const sign signs[] = {{"+", PLUS}, {"-", MINUS}, {NULL, MINUS}};
    al_condition *c = parse_product(p);
    const sign *next;
    const char *at;

    while (c && (next = take_one(p, signs, &at)) != NULL)
        c = join(p, at, next->kind, c, parse_product(p));
    return c;
}

static void fail_unfit_text(parser *p, const al_condition *text,
                            const al_condition *other,
                            const char *const *known, size_t count)
{
    const char *near = al_suggest(text->text, known, count);
    bool is_state = other->kind == OF_TASK;
    al_text problem = {0};

    al_text_add_format(&problem, "'%s' is no %s", text->text,
                       is_state ? "state" : "kind of event");
    if (near)
        al_text_add_format(&problem, "; did you mean '%s'?", near);
    for (size_t i = 0; !near && is_state && i < count; i++)
        al_text_add_format(&problem, "%s %s", i > 0 ? "," : ":", known[i]);
    fail(p, text->source, problem.bytes);
    al_text_release(&problem);
}

/* Can the other side ever be this text?  If not, it is told. */
static bool may_be(parser *p, const al_condition *text,
                   const al_condition *other)
{
    const char *known[AL_EVENT_COUNT];
    size_t count = al_condition_known_texts(other, known);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(text->text, known[i]) == 0)
            return true;
    }
    if (count > 0)
        fail_unfit_text(p, text, other, known, count);
    return count == 0;
}

/* kind == 'compact', 'waits' != task 'w1'.state.  NULL: it can never be that,
 * which is told. */
static al_condition *check_equality(parser *p, al_condition *c)
{
    bool is_turned = c->left->kind == TEXT;
    const al_condition *text = is_turned ? c->left : c->right;

    if ((c->kind != EQUAL && c->kind != DIFFERENT) || text->kind != TEXT ||
        may_be(p, text, is_turned ? c->right : c->left))
        return c;
    al_condition_free(c);
    return NULL;
}

static al_condition *parse_comparison(parser *p)
{
    static const sign signs[] = {
        {"==", EQUAL}, {"!=", DIFFERENT}, {"<=", AT_MOST}, {">=", AT_LEAST},
        {"<", LESS},   {">", MORE},       {"~", CONTAINS}, {NULL, EQUAL},
    };
    al_condition *c = parse_sum(p);
    const char *at;
    const sign *next = c ? take_one(p, signs, &at) : NULL;

    if (next)
        c = join(p, at, next->kind, c, parse_sum(p));
    return next && c ? check_equality(p, c) : c;
}

/* What is true or not is no text.  NULL: it is one, which is told. */
static al_condition *check_truth(parser *p, al_condition *c)
{
    al_text problem = {0};

    if (!c || c->kind != TEXT)
        return c;
    al_text_add(&problem, "a text alone is no condition: ");
    if (al_condition_add_asking(&problem, c->text, *c->source, p->history))
        al_text_add(&problem, " is one");
    else
        al_text_add_format(&problem, "callback == '%s', type == '%s' and task "
                           "'%s' are", c->text, c->text, c->text);
    fail(p, c->source, problem.bytes);
    al_text_release(&problem);
    al_condition_free(c);
    return NULL;
}

static al_condition *parse_not(parser *p)
{
    al_condition *c;

    if (!take_word(p, "not"))
        return parse_comparison(p);
    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    c = check_truth(p, parse_not(p));
    p->depth--;
    return c ? node(NOT, c, NULL) : NULL;
}

static al_condition *parse_and(parser *p)
{
    al_condition *c = parse_not(p);

    while (c && take_word(p, "and")) {
        const char *at = p->at - strlen("and");

        c = check_truth(p, c);
        c = join(p, at, AND, c, check_truth(p, parse_not(p)));
    }
    return c;
}

static al_condition *parse_or(parser *p)
{
    al_condition *c;

    if (++p->depth > DEEPEST)
        return fail(p, p->at, "this is nested too deeply");
    c = parse_and(p);
    while (c && take_word(p, "or")) {
        const char *at = p->at - strlen("or");

        c = check_truth(p, c);
        c = join(p, at, OR, c, check_truth(p, parse_and(p)));
    }
    p->depth--;
    return c;
}

al_condition *al_condition_parse(const char *source, al_history *history,
                                 al_error *err)
{
    parser p = {.start = source, .at = source, .history = history,
                .err = err};
    al_condition *c;

    err->message[0] = '\0';
    c = parse_or(&p);
    skip_blanks(&p);
    if (!c || !*p.at)
        return check_truth(&p, c);
    al_condition_free(c);
    return fail(&p, p.at, *p.at == '='
                    ? "what is equal is asked by =="
                : *p.at == '.'
                    ? "a task alone has .state, .awaits and .cancelling"
                    : "the condition goes on in a way that makes no sense");
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

/* -- what it depends on --------------------------------------------------- */

static bool is_constant(const al_condition *c)
{
    return c->kind == NUMBER || c->kind == TEXT ||
           (c->left && is_constant(c->left) &&
            (!c->right || is_constant(c->right)));
}

bool al_condition_check_varies(const al_condition *c, al_error *err)
{
    if (!is_constant(c))
        return true;
    if (c->kind != NUMBER)
        return al_fail_at(err, 1, 1, "this is the same everywhere: name what "
                          "changes, as t or heap");
    if (c->is_seconds)
        return al_fail_at(err, 1, 1, "%.10g s is a time: t >= %.10g is a "
                          "condition, :goto %.10gs goes there", c->number,
                          c->number, c->number);
    return al_fail_at(err, 1, 1, "a number alone is no condition: line == %.10g "
                      "and iteration == %.10g are, :goto %.10g goes there",
                      c->number, c->number, c->number);
}

bool al_condition_is_of_event(const al_condition *c)
{
    return c->is_of_event;
}
