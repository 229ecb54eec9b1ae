/* bind_native.c - see bind.h: functions written in C.
 *
 * CPython words the same mistake in different ways, and notices the mistakes
 * of one call in different orders: functions written in Python, those written
 * in C by hand and those that its Argument Clinic makes each have theirs
 * (al_arity). */
#include "sim/machine/bind.h"

#include <stdio.h>
#include <string.h>
#include "sim/machine/machine.h"

enum { PARAM_SIZE = 24 };

/* What al_method.params says.  A parameter's index is that of its slot. */
typedef struct signature {
    char names[AL_MAX_SLOTS][PARAM_SIZE]; /* without the "/" */
    int count;            /* of all */
    int first;            /* of those that are given by position */
    int positional;       /* how many they are */
    int positional_only;  /* how many of these, the first ones */
} signature;

static void read_signature(const al_method *m, signature *s)
{
    const char *at = m->params ? m->params : "";
    int bar = -1;

    *s = (signature){0};
    while (*at && s->count < AL_MAX_SLOTS) {
        size_t length;
        bool is_only;

        if (*at == '|')
            bar = s->count;
        at += *at == '|';
        is_only = *at == '/';
        at += is_only;
        length = strcspn(at, " |");
        memcpy(s->names[s->count], at, length); /* the rest is zero */
        s->positional_only += is_only;
        s->count++;
        at += length + (at[length] == ' ');
    }
    s->first = m->max >= 0 ? 0 : bar >= 0 ? bar : s->count;
    s->positional = m->max >= 0 ? m->max : s->count - s->first;
}

/* The slot of a keyword, or -1. */
static int find_slot(const signature *s, const char *keyword)
{
    for (int i = s->positional_only; i < s->count; i++) {
        if (strcmp(s->names[i], keyword) == 0)
            return i;
    }
    return -1;
}

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

static void take_positional(al_call *call, const signature *s)
{
    for (int i = 0; i < s->positional && i < (int)call->count; i++)
        call->slots[s->first + i] = call->items[i];
}

/* -- a function written in C by hand -------------------------------------- */

static bool wrong_count_c(const al_method *m, size_t count)
{
    const char *fewer = m->min < 0 ? "" : "at least ";
    int bound = (int)count < m->min ? m->min : m->max;

    if (m->min == m->max && m->max == 0)
        return al_raise(&al_TypeError, "%s() takes no arguments (%zu given)",
                        m->qualname, count);
    if (m->min == m->max && m->max == 1 && !m->params)
        return al_raise(&al_TypeError,
                        "%s() takes exactly one argument (%zu given)",
                        m->qualname, count);
    if (m->min == m->max)
        fewer = "";
    else if ((int)count >= m->min)
        fewer = "at most ";
    return al_raise(&al_TypeError, "%s expected %s%d argument%s, got %zu",
                    m->name, fewer, bound, plural(bound), count);
}

static bool given_by_both(const al_method *m, const char *keyword, int slot)
{
    return al_raise(&al_TypeError, "argument for %s() given by name ('%s') "
                    "and position (%d)", m->name, keyword, slot + 1);
}

static bool bind_keywords_c(al_call *call, const signature *s)
{
    const al_args *args = call->args;

    for (size_t i = 0; i < args->keyword_count; i++) {
        int slot = find_slot(s, args->keywords[i]);

        if (slot < 0)
            return al_raise(&al_TypeError,
                            "%s() got an unexpected keyword argument '%s'",
                            call->method->name, args->keywords[i]);
        if (call->slots[slot].tag != AL_ABSENT)
            return given_by_both(call->method, args->keywords[i], slot);
        call->slots[slot] = args->items[args->count + i];
    }
    return true;
}

static bool bind_c(al_call *call, const signature *s)
{
    const al_method *m = call->method;
    size_t keywords = m->takes_any_keyword ? 0 : call->args->keyword_count;
    int known = s->count - s->positional;

    if (keywords && !m->params)
        return al_raise(&al_TypeError, "%s() takes no keyword arguments",
                        m->max < 0 ? m->name : m->qualname);
    if (m->max >= 0 ? (int)call->count > m->max : (int)call->count < m->min)
        return wrong_count_c(m, call->count);
    if (m->max < 0 && (int)keywords > known)
        return al_raise(&al_TypeError,
                        "%s() takes at most %d keyword argument%s (%zu given)",
                        m->name, known, plural(known), keywords);
    take_positional(call, s);
    if (keywords && !bind_keywords_c(call, s))
        return false;
    return (int)(call->count + (m->max < 0 ? 0 : call->args->keyword_count)) >=
               m->min || wrong_count_c(m, call->count);
}

/* -- a slot of a type in C: __next__ and the like -------------------------- */

static bool bind_wrapper(al_call *call, const signature *s)
{
    const al_method *m = call->method;

    if (call->args->keyword_count)
        return al_raise(&al_TypeError,
                        "wrapper %s() takes no keyword arguments", m->name);
    if ((int)call->count != m->max)
        return al_raise(&al_TypeError, "expected %d argument%s, got %zu",
                        m->max, plural(m->max), call->count);
    take_positional(call, s);
    return true;
}

/* -- what the Argument Clinic makes: _PyArg_UnpackKeywords ------------------- */

static bool check_count_clinic(const al_call *call, const signature *s)
{
    const al_method *m = call->method;
    int count = (int)call->count;
    int total = count + (int)call->args->keyword_count;
    int only = s->positional_only < m->min ? s->positional_only : m->min;

    if (total > s->count && s->count == 0)
        return al_raise(&al_TypeError, "%s() takes no arguments", m->name);
    if (total > s->count)
        return al_raise(&al_TypeError,
                        "%s() takes at most %d %sargument%s (%d given)",
                        m->name, s->count, count == 0 ? "keyword " : "",
                        plural(s->count), total);
    if (count > m->max && m->max == 0)
        return al_raise(&al_TypeError, "%s() takes no positional arguments",
                        m->name);
    if (count > m->max)
        return al_raise(&al_TypeError,
                        "%s() takes %s %d positional argument%s (%d given)",
                        m->name, m->min < m->max ? "at most" : "exactly",
                        m->max, plural(m->max), count);
    return count >= only ||
           al_raise(&al_TypeError,
                    "%s() takes %s %d positional argument%s (%d given)",
                    m->name, only < m->max ? "at least" : "exactly", only,
                    plural(only), count);
}

/* What is left of the keywords once each parameter has taken its own. */
static bool refuse_keywords_clinic(const al_call *call, const signature *s)
{
    const al_args *args = call->args;
    const char *known[AL_MAX_SLOTS];

    for (int i = s->positional_only; i < (int)call->count; i++) {
        for (size_t k = 0; k < args->keyword_count; k++) {
            if (strcmp(args->keywords[k], s->names[i]) == 0)
                return given_by_both(call->method, args->keywords[k], i);
        }
    }
    for (int i = 0; i < s->count; i++)
        known[i] = s->names[i];
    for (size_t k = 0; k < args->keyword_count; k++) {
        if (find_slot(s, args->keywords[k]) < 0)
            return al_raise_unexpected(
                call->method->name, args->keywords[k],
                known + s->positional_only,
                (size_t)(s->count - s->positional_only));
    }
    return true;
}

static bool bind_clinic(al_call *call, const signature *s)
{
    const al_method *m = call->method;
    const al_args *args = call->args;

    if (!check_count_clinic(call, s))
        return false;
    take_positional(call, s);
    for (size_t i = 0; i < args->keyword_count; i++) {
        int slot = find_slot(s, args->keywords[i]);

        if (slot >= (int)args->count)
            call->slots[slot] = args->items[args->count + i];
    }
    for (int i = 0; i < m->min; i++) {
        if (call->slots[i].tag == AL_ABSENT)
            return al_raise(&al_TypeError,
                            "%s() missing required argument '%s' (pos %d)",
                            m->name, s->names[i], i + 1);
    }
    return refuse_keywords_clinic(call, s);
}

/* -- a function written in Python: initialize_locals ------------------------- */

static bool is_method(const al_method *m)
{
    return m->arity == AL_ARITY_PYTHON;
}

static bool unexpected_python(const al_method *m, const signature *s,
                              const char *keyword)
{
    const char *known[AL_MAX_SLOTS + 1];
    size_t count = 0;

    if (is_method(m))
        known[count++] = "self";
    for (int i = s->first + s->positional_only; i < s->count; i++)
        known[count++] = s->names[i];
    for (int i = 0; i < s->first; i++)
        known[count++] = s->names[i];
    return al_raise_unexpected(m->qualname, keyword, known, count);
}

static bool bind_keywords_python(al_call *call, const signature *s)
{
    const al_args *args = call->args;
    const al_method *m = call->method;

    for (size_t i = 0; i < args->keyword_count; i++) {
        int slot = find_slot(s, args->keywords[i]);

        if (is_method(m) && !s->positional_only &&
            strcmp(args->keywords[i], "self") == 0)
            return al_raise_given_twice(m->qualname, "self");
        if (slot < 0 && m->takes_any_keyword)
            continue;
        if (slot < 0)
            return unexpected_python(m, s, args->keywords[i]);
        if (call->slots[slot].tag != AL_ABSENT)
            return al_raise_given_twice(m->qualname, args->keywords[i]);
        call->slots[slot] = args->items[args->count + i];
    }
    return true;
}

static bool too_many_python(const al_call *call, const signature *s)
{
    const al_method *m = call->method;
    int self = is_method(m), takes = m->max + self, more = 0;
    int given = (int)call->count + self;
    char range[40] = "", besides[64] = "";

    for (int i = s->positional; i < s->count; i++)
        more += call->slots[i].tag != AL_ABSENT;
    if (m->min < m->max)
        snprintf(range, sizeof range, "from %d to ", m->min + self);
    if (more)
        snprintf(besides, sizeof besides,
                 " positional argument%s (and %d keyword-only argument%s)",
                 plural(given), more, plural(more));
    return al_raise(&al_TypeError, "%s() takes %s%d positional argument%s but "
                    "%d%s %s given", m->qualname, range, takes,
                    *range ? "s" : plural(takes), given, besides,
                    given == 1 && !more ? "was" : "were");
}

static bool check_missing_python(const al_call *call, const signature *s)
{
    const char *missing[AL_MAX_SLOTS];
    size_t count = 0;

    for (int i = s->first; i < s->first + call->method->min; i++) {
        if (call->slots[i].tag == AL_ABSENT)
            missing[count++] = s->names[i];
    }
    return count == 0 ||
           al_raise_missing(call->method->qualname, missing, count);
}

static bool bind_python(al_call *call, const signature *s)
{
    const al_method *m = call->method;

    take_positional(call, s);
    if (!bind_keywords_python(call, s))
        return false;
    if (m->max >= 0 && (int)call->count > m->max)
        return too_many_python(call, s);
    if (!check_missing_python(call, s))
        return false;
    if (m->max < 0 && (int)call->count < m->min) { /* some by keyword */
        call->items = call->slots + s->first;
        call->count = (size_t)m->min;
    }
    return true;
}

/* -- all of them -------------------------------------------------------------- */

bool al_bind_native(al_call *call)
{
    static bool (*const binders[])(al_call *, const signature *) = {
        [AL_ARITY_C] = bind_c,
        [AL_ARITY_WRAPPER] = bind_wrapper,
        [AL_ARITY_TAKES] = bind_clinic,
        [AL_ARITY_PYTHON] = bind_python,
        [AL_ARITY_FUNCTION] = bind_python,
    };
    signature s;

    read_signature(call->method, &s);
    return binders[call->method->arity](call, &s);
}
