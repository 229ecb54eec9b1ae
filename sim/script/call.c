/* call.c - see call.h.
 *
 * CPython words the same mistake in different ways: functions written in
 * Python, those written in C by hand and those that its Argument Clinic makes
 * each have theirs (al_arity). */
#include "sim/script/call.h"

#include <string.h>
#include "sim/script/machine.h"

/* -- binding arguments to a script function's parameters ---------------- */

static void add_quoted_names(const char *const *names, size_t count,
                             al_text *out)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            al_text_add(out, count == 2 ? " and " : i + 1 == count ? ", and "
                                                                  : ", ");
        al_text_add_format(out, "'%s'", names[i]);
    }
}

static void raise_missing(const char *function, const char *const *names,
                          size_t count)
{
    al_text text = {0};

    add_quoted_names(names, count, &text);
    al_raise(&al_TypeError, "%s() missing %zu required positional argument%s: "
             "%s", function, count, count == 1 ? "" : "s", text.bytes);
    al_text_release(&text);
}

static bool check_missing(const al_code *code, const al_value *slots)
{
    const char **missing = al_alloc((code->param_count + 1) * sizeof(char *));
    size_t count = 0;

    for (size_t i = 0; i < code->param_count; i++) {
        if (slots[i].tag == AL_ABSENT)
            missing[count++] = code->local_names[i];
    }
    if (count)
        raise_missing(code->name, missing, count);
    al_free((void *)missing);
    return count == 0;
}

static bool bind_keyword(const al_code *code, al_value *slots,
                         const char *name, al_value value)
{
    for (size_t i = 0; i < code->param_count; i++) {
        if (strcmp(code->local_names[i], name) != 0)
            continue;
        if (slots[i].tag != AL_ABSENT)
            return al_raise(&al_TypeError,
                            "%s() got multiple values for argument '%s'",
                            code->name, name);
        slots[i] = al_value_dup(value);
        return true;
    }
    return al_raise(&al_TypeError,
                    "%s() got an unexpected keyword argument '%s'",
                    code->name, name);
}

static bool too_many_arguments(const al_code *code, size_t given)
{
    size_t takes = code->param_count;

    return al_raise(&al_TypeError,
                    "%s() takes %zu positional argument%s but %zu %s given",
                    code->name, takes, takes == 1 ? "" : "s", given,
                    given == 1 ? "was" : "were");
}

static bool bind(al_frame *frame, const al_args *args)
{
    const al_code *code = frame->code;
    size_t count = args->count;

    for (size_t i = 0; i < count && i < code->param_count; i++)
        frame->slots[i] = al_value_dup(args->items[i]);
    for (size_t i = 0; i < args->keyword_count; i++) {
        if (!bind_keyword(code, frame->slots, args->keywords[i],
                          args->items[count + i]))
            return false;
    }
    if (count > code->param_count)
        return too_many_arguments(code, count);
    return count == code->param_count || check_missing(code, frame->slots);
}

al_frame *al_call_frame(al_vm *vm, al_value function, const al_args *args)
{
    al_function_value *f = (al_function_value *)function.as.object;
    al_frame *frame;

    if (vm->depth >= AL_MAX_DEPTH) {
        al_raise(&al_RecursionError, "maximum recursion depth exceeded");
        return NULL;
    }
    frame = al_frame_new(f->code);
    if (args->count + args->keyword_count + f->code->param_count > 0 &&
        !bind(frame, args)) {
        al_frame_free(frame);
        return NULL;
    }
    return frame;
}

/* -- calling functions written in C ------------------------------------- */

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
                    m->name, fewer, bound, bound == 1 ? "" : "s", count);
}

/* The names in a parameter list, one after the other. */
static const char *next_param(const char *params, char *name, size_t size)
{
    size_t length = strcspn(params, " |");

    if (length >= size)
        length = size - 1;
    memcpy(name, params, length);
    name[length] = '\0';
    params += length;
    return *params ? params + 1 : params;
}

enum { PARAM_SIZE = 24 };

/* One that may be given by keyword, too. */
static bool missing_argument(const al_method *m, size_t count)
{
    const char *params = m->params;
    char name[PARAM_SIZE];

    for (size_t i = 0; i <= count; i++)
        params = next_param(params, name, PARAM_SIZE);
    if (name[0] == '/')
        return false;
    al_raise(&al_TypeError, "%s() missing required argument '%s' (pos %zu)",
             m->name, name, count + 1);
    return true;
}

static bool wrong_count_takes(const al_method *m, size_t count)
{
    bool fewer = (int)count < m->min;
    int bound = fewer ? m->min : m->max;

    if (fewer && missing_argument(m, count))
        return false;
    return al_raise(&al_TypeError,
                    "%s() takes %s%d %sargument%s (%zu given)", m->name,
                    m->min == m->max ? "exactly "
                                     : fewer ? "at least " : "at most ",
                    bound, fewer ? "positional " : "", bound == 1 ? "" : "s",
                    count);
}

static bool wrong_count_python(const al_method *m, size_t count)
{
    char names[AL_MAX_SLOTS][PARAM_SIZE];
    const char *missing[AL_MAX_SLOTS];
    const char *params = m->params ? m->params : "";
    const char *bar = strchr(params, '|');
    size_t missed = 0;

    if (bar)
        params = bar + 1;
    if ((int)count > m->max && m->min < m->max) /* self counts too */
        return al_raise(&al_TypeError, "%s() takes from %d to %d positional "
                        "arguments but %zu were given", m->qualname,
                        m->min + 1, m->max + 1, count + 1);
    if ((int)count >= m->min)
        return al_raise(&al_TypeError, "%s() takes %d positional argument%s "
                        "but %zu were given", m->qualname, m->max + 1,
                        m->max == 0 ? "" : "s", count + 1);
    for (int i = 0; i < m->min && *params; i++) {
        params = next_param(params, names[i], PARAM_SIZE);
        if ((size_t)i >= count)
            missing[missed++] = names[i];
    }
    raise_missing(m->qualname, missing, missed);
    return false;
}

static bool wrong_count(const al_method *m, size_t count)
{
    if (m->arity == AL_ARITY_PYTHON)
        return wrong_count_python(m, count);
    if (m->arity == AL_ARITY_TAKES)
        return wrong_count_takes(m, count);
    return wrong_count_c(m, count);
}

/* The slot of a keyword, or -1. */
static int find_param(const al_method *m, const char *keyword)
{
    const char *params = m->params ? m->params : "";
    char name[PARAM_SIZE];

    for (int i = 0; *params && *params != '|' && i < AL_MAX_SLOTS; i++) {
        params = next_param(params, name, PARAM_SIZE);
        if (strcmp(name, keyword) == 0)
            return i;
        if (params[-1] == '|')
            break;
    }
    return -1;
}

static bool bind_native_keywords(al_call *call, const al_args *args)
{
    const al_method *m = call->method;

    for (size_t i = 0; i < args->keyword_count; i++) {
        int slot = find_param(m, args->keywords[i]);

        if (slot < 0 && !m->params)
            return al_raise(&al_TypeError, "%s() takes no keyword arguments",
                            m->qualname);
        if (slot < 0)
            return al_raise(&al_TypeError,
                            "%s() got an unexpected keyword argument '%s'",
                            m->arity == AL_ARITY_PYTHON ? m->qualname
                                                        : m->name,
                            args->keywords[i]);
        if (call->slots[slot].tag != AL_ABSENT)
            return al_raise(&al_TypeError, "argument for %s() given by name "
                            "('%s') and position (%d)", m->name,
                            args->keywords[i], slot + 1);
        call->slots[slot] = args->items[args->count + i];
    }
    return true;
}

static bool bind_native(al_call *call, const al_args *args)
{
    const al_method *m = call->method;
    int count = (int)args->count;
    int total = count + (int)args->keyword_count;

    if (m->max >= 0 && count > m->max)
        return wrong_count(m, args->count);
    for (int i = 0; m->max >= 0 && i < count; i++)
        call->slots[i] = args->items[i];
    if (args->keyword_count && !m->takes_any_keyword &&
        !bind_native_keywords(call, args))
        return false;
    return (m->max < 0 ? count : total) >= m->min ||
           wrong_count(m, args->count);
}

al_value al_call_method(al_vm *vm, const al_method *method, al_value self,
                        const al_args *args)
{
    al_call call = {.vm = vm, .method = method, .self = self};

    call.items = args->items;
    call.count = args->count;
    call.args = args;
    if (!bind_native(&call, args))
        return al_no_value();
    return method->call(&call);
}

/* -- calling anything --------------------------------------------------- */

static al_value call_function(al_vm *vm, al_value function,
                              const al_args *args)
{
    al_frame *frame = al_call_frame(vm, function, args);

    if (!frame)
        return al_no_value();
    return al_code_is_plain(frame->code) ? al_vm_run_frame(vm, frame)
                                         : al_suspended_call(vm, frame);
}

al_value al_call_value(al_vm *vm, al_value function, const al_args *args)
{
    const al_exception_class *exception = al_exception_class_peek(function);
    const al_class *cls = al_class_peek(function);
    const al_bound *bound = al_bound_peek(function);

    if (al_is(function, &al_function_type)) {
        if (!al_vm_step(vm))
            return al_no_value();
        return call_function(vm, function, args);
    }
    if (bound)
        return al_call_method(vm, bound->method, bound->self, args);
    if (al_descriptor_peek(function))
        return al_descriptor_call(vm, function, args);
    if (exception)
        return al_exception_make(vm, exception, args);
    if (cls && cls->constructor)
        return al_call_method(vm, cls->constructor, al_no_value(), args);
    if (cls)
        return al_fail_with(&al_TypeError, "cannot create '%s' instances",
                            cls->name);
    return al_fail_with(&al_TypeError, "'%s' object is not callable",
                        al_type_name(function));
}

al_value al_call_named(al_vm *vm, al_value object, al_name *name,
                       const al_args *args)
{
    const al_method *method = al_attribute_find_method(object, name);
    al_value function, result;

    if (method)
        return al_call_method(vm, method, object, args);
    function = al_attribute_get(vm, object, name);
    if (function.tag == AL_ABSENT)
        return function;
    result = al_call_value(vm, function, args);
    al_value_release(function);
    return result;
}

al_value al_call_attribute(al_vm *vm, al_value object, const char *name,
                           const al_args *args)
{
    al_name lookup = {.text = name};

    return al_call_named(vm, object, &lookup, args);
}
