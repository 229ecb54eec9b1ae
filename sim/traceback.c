/* traceback.c - see traceback.h.
 *
 * It follows TracebackException.format(): a chain is printed from its oldest
 * exception on; a group opens a margin, each exception in it a deeper one,
 * and the innermost of those that end together draws the closing line. */
#include "sim/traceback.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/value.h"
#include "sim/python/list.h"
#include "sim/python/suggestion.h"
#include "sim/trace/idmap.h"

enum {
    DEEPEST_GROUP = 10,
    MOST_IN_GROUP = 15,
    MOST_ALIKE = 3,     /* lines that repeat themselves */
    LONGEST_LINE = 120  /* bytes of a source line */
};

/* What of an exception is shown: CPython follows a cause or context only
 * where it has not met that exception before. */
typedef struct sight {
    const al_exception *e;
    struct sight *before; /* its cause or context; NULL: neither is shown */
    struct sight *members; /* of a group */
    struct sight *next_made; /* of all, to be freed */
} sight;

typedef struct printer {
    const al_scenario *scenario;
    al_text *out;
    unsigned depth;  /* of groups */
    bool needs_close; /* a margin is open */
} printer;

static void add_exception(printer *p, const sight *s);

static void add_indent(printer *p)
{
    for (unsigned i = 0; i < p->depth; i++)
        al_text_add(p->out, "  ");
}

/* Lines, within the margin. */
static void emit(printer *p, const char *text, char margin)
{
    while (*text) {
        size_t length = strcspn(text, "\n");

        add_indent(p);
        if (p->depth > 0) {
            al_text_add_char(p->out, margin);
            al_text_add_char(p->out, ' ');
        }
        al_text_add_bytes(p->out, text, length);
        al_text_add_char(p->out, '\n');
        text += length + (text[length] == '\n');
    }
}

/* -- the stack ------------------------------------------------------------ */

/* Without the brackets at its end that close what other lines opened. */
static size_t without_closers(const char *text, size_t length)
{
    bool in_string = false;
    int depth = 0;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (c == '"')
            in_string = !in_string;
        else if (in_string)
            i += c == '\\';
        else if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth < 0)
            return i > 0 ? i : length;
    }
    return length;
}

/* Line `number`, counted from 1, without its indent; NULL: there is none. */
static const char *find_line(const char *text, int number, size_t *length)
{
    while (text && --number > 0) {
        text = strchr(text, '\n');
        text += text != NULL;
    }
    if (!text)
        return NULL;
    text += strspn(text, " \t\r");
    *length = without_closers(text, strcspn(text, "\r\n"));
    while (*length > 0 && (text[*length - 1] == ' ' ||
                           text[*length - 1] == ','))
        --*length;
    return text;
}

static void add_source(const printer *p, int line, al_text *out)
{
    size_t length = 0, shown;
    const char *text = find_line(p->scenario->text, line, &length);

    if (!text || length == 0)
        return;
    shown = length;
    if (length > LONGEST_LINE) {
        shown = LONGEST_LINE;
        while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
            shown--; /* not within a character */
    }
    al_text_add(out, "    ");
    al_text_add_bytes(out, text, shown);
    al_text_add(out, shown < length ? "…\n" : "\n");
}

static bool are_alike(const al_traceback_entry *a, const al_traceback_entry *b)
{
    return a->line == b->line && strcmp(a->function, b->function) == 0;
}

static void add_repeated(size_t count, al_text *out)
{
    if (count > MOST_ALIKE)
        al_text_add_format(out, "  [Previous line repeated %zu more time%s]\n",
                           count - MOST_ALIKE,
                           count - MOST_ALIKE == 1 ? "" : "s");
}

/* Innermost last. */
static void add_stack(const printer *p, const al_exception *e, al_text *out)
{
    size_t alike = 0;

    for (size_t i = e->traceback_count; i-- > 0;) {
        const al_traceback_entry *entry = &e->traceback[i];

        if (alike > 0 && !are_alike(entry, entry + 1)) {
            add_repeated(alike, out);
            alike = 0;
        }
        if (++alike > MOST_ALIKE)
            continue;
        al_text_add_format(out, "  File \"%s\", line %d, in %s\n",
                           p->scenario->path, entry->line, entry->function);
        add_source(p, entry->line, out);
    }
    add_repeated(alike, out);
}

/* -- one of a chain ------------------------------------------------------- */

static void add_notes(const al_exception *e, al_text *out)
{
    const al_list *notes =
        e->notes.tag == AL_OBJECT ? al_list_peek(e->notes) : NULL;

    for (size_t i = 0; notes && i < notes->count; i++) {
        al_value_str(notes->items[i], out);
        al_text_add_char(out, '\n');
    }
}

/* What it is, after where it came from under `heading`. */
static void add_alone(printer *p, const al_exception *e, const char *heading,
                      char margin)
{
    al_text text = {0};

    if (e->traceback_count > 0) {
        emit(p, heading, margin);
        add_stack(p, e, &text);
    }
    al_exception_summary(e, &text);
    al_suggestion_add(e, &text);
    al_text_add_char(&text, '\n');
    add_notes(e, &text);
    emit(p, text.bytes, '|');
    al_text_release(&text);
}

static const al_tuple *members_of(const al_exception *e)
{
    return al_exception_is(e, &al_BaseExceptionGroup) &&
                   e->details[0].tag == AL_OBJECT
               ? (const al_tuple *)e->details[0].as.object : NULL;
}

static void add_member(printer *p, const sight *group, size_t i)
{
    const al_tuple *members = members_of(group->e);
    bool is_cut = i == MOST_IN_GROUP;
    char rest[64];

    add_indent(p);
    al_text_add(p->out, i == 0 ? "+-" : "  ");
    if (is_cut)
        al_text_add(p->out, "+---------------- ... ----------------\n");
    else
        al_text_add_format(p->out, "+---------------- %zu ----------------\n",
                           i + 1);
    p->depth++;
    if (is_cut) {
        snprintf(rest, sizeof rest, "and %zu more exception%s\n",
                 members->count - i, members->count - i == 1 ? "" : "s");
        emit(p, rest, '|');
    } else {
        add_exception(p, &group->members[i]);
    }
}

static void add_members(printer *p, const sight *group)
{
    const al_tuple *members = members_of(group->e);
    size_t count = members->count > MOST_IN_GROUP ? MOST_IN_GROUP + 1
                                                  : members->count;

    p->needs_close = false;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == count)
            p->needs_close = true;
        add_member(p, group, i);
        if (i + 1 == count && p->needs_close) {
            add_indent(p);
            al_text_add(p->out, "+------------------------------------\n");
            p->needs_close = false;
        }
        p->depth--;
    }
}

static void add_group(printer *p, const sight *group)
{
    bool is_outermost = p->depth == 0;

    if (p->depth > DEEPEST_GROUP) {
        emit(p, "... (max_group_depth is 10)\n", '|');
        return;
    }
    p->depth += is_outermost;
    add_alone(p, group->e, "Exception Group Traceback (most recent call last):\n",
              is_outermost ? '+' : '|');
    add_members(p, group);
    p->depth -= is_outermost;
}

/* -- the chain ------------------------------------------------------------ */

static const char *link_to(const sight *s)
{
    return s->before->e == s->e->cause
               ? "\nThe above exception was the direct cause of the "
                 "following exception:\n\n"
               : "\nDuring handling of the above exception, another "
                 "exception occurred:\n\n";
}

static void add_exception(printer *p, const sight *s)
{
    const sight **chain = NULL;
    size_t count = 0, capacity = 0;

    for (; s; s = s->before) {
        chain = al_grow(chain, &capacity, count + 1, sizeof *chain);
        chain[count++] = s;
    }
    for (size_t i = count; i-- > 0;) {
        const al_exception *e = chain[i]->e;

        if (i + 1 < count)
            emit(p, link_to(chain[i]), '|');
        if (members_of(e))
            add_group(p, chain[i]);
        else
            add_alone(p, e, "Traceback (most recent call last):\n", '|');
    }
    al_free(chain);
}

/* -- what is shown: TracebackException.__init__ --------------------------- */

typedef struct planning {
    al_idmap seen;  /* exceptions, by their addresses */
    sight **stack;  /* those that are still to be looked at */
    size_t count, capacity;
    sight *made;
} planning;

static uint64_t key_of(const al_exception *e)
{
    return (uint64_t)(uintptr_t)e;
}

static bool is_new(const planning *plan, const al_exception *e)
{
    return e && !al_idmap_find(&plan->seen, key_of(e));
}

static void see(planning *plan, sight *s, const al_exception *e)
{
    s->e = e;
    al_idmap_put(&plan->seen, key_of(e), s);
}

static sight *make(planning *plan, size_t count)
{
    sight *made = al_alloc_zero(count, sizeof *made);

    made->next_made = plan->made;
    plan->made = made;
    return made;
}

static void push(planning *plan, sight *s)
{
    plan->stack = al_grow(plan->stack, &plan->capacity, plan->count + 1,
                          sizeof *plan->stack);
    plan->stack[plan->count++] = s;
}

static void plan_before(planning *plan, sight *s)
{
    const al_exception *e = s->e;
    const al_exception *before =
        is_new(plan, e->cause)                             ? e->cause
        : !e->suppress_context && is_new(plan, e->context) ? e->context
                                                           : NULL;

    if (!before)
        return;
    s->before = make(plan, 1);
    see(plan, s->before, before);
}

static void plan_members(planning *plan, sight *s)
{
    const al_tuple *members = members_of(s->e);

    if (!members || members->count == 0)
        return;
    s->members = make(plan, members->count);
    for (size_t i = 0; i < members->count; i++)
        see(plan, &s->members[i],
            (const al_exception *)members->items[i].as.object);
}

/* The latest that was found is looked at first, as there. */
static void look_at(planning *plan, sight *s)
{
    plan_before(plan, s);
    plan_members(plan, s);
    if (s->before)
        push(plan, s->before);
    for (size_t i = 0; s->members && i < members_of(s->e)->count; i++)
        push(plan, &s->members[i]);
}

static void release_plan(planning *plan)
{
    while (plan->made) {
        sight *made = plan->made;

        plan->made = made->next_made;
        al_free(made);
    }
    al_idmap_release(&plan->seen);
    al_free(plan->stack);
}

void al_traceback_add(const al_exception *e, const al_scenario *scenario,
                      al_text *out)
{
    printer p = {.scenario = scenario, .out = out};
    planning plan = {0};
    sight *root = make(&plan, 1);

    see(&plan, root, e);
    push(&plan, root);
    while (plan.count > 0)
        look_at(&plan, plan.stack[--plan.count]);
    add_exception(&p, root);
    release_plan(&plan);
}
