/* call.c - see call.h.
 *
 * CPython words the same mistake in different ways: functions written in
 * Python, those written in C by hand and those that its Argument Clinic makes
 * each have theirs (al_arity). */
#include "sim/machine/call.h"

#include <string.h>
#include "sim/machine/machine.h"

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

/* Into **kwargs, where the function has it. */
static bool keep_keyword(al_vm *vm, const al_code *code, al_value *slots,
                         const char *name, al_value value)
{
    if (!code->has_keywords)
        return al_raise(&al_TypeError,
                        "%s() got an unexpected keyword argument '%s'",
                        code->name, name);
    return al_dict_set_text(
        vm, al_dict_peek(slots[code->param_count + code->has_rest]), name,
        al_value_dup(value));
}

static bool bind_keyword(al_vm *vm, const al_code *code, al_value *slots,
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
    return keep_keyword(vm, code, slots, name, value);
}

/* What is more than the parameters goes into *args. */
static void bind_rest(al_vm *vm, al_frame *frame, const al_args *args)
{
    const al_code *code = frame->code;
    size_t taken = args->count < code->param_count ? args->count
                                                   : code->param_count;

    if (code->has_rest)
        frame->slots[code->param_count] =
            al_take(al_tuple_new(args->items + taken, args->count - taken));
    if (code->has_keywords)
        frame->slots[code->param_count + code->has_rest] =
            al_take(al_dict_new(vm));
}

static bool too_many_arguments(const al_code *code, size_t given)
{
    size_t takes = code->param_count;

    return al_raise(&al_TypeError,
                    "%s() takes %zu positional argument%s but %zu %s given",
                    code->name, takes, takes == 1 ? "" : "s", given,
                    given == 1 ? "was" : "were");
}

static bool bind(al_vm *vm, al_frame *frame, const al_args *args)
{
    const al_code *code = frame->code;
    size_t count = args->count;

    for (size_t i = 0; i < count && i < code->param_count; i++)
        frame->slots[i] = al_value_dup(args->items[i]);
    bind_rest(vm, frame, args);
    for (size_t i = 0; i < args->keyword_count; i++) {
        if (!bind_keyword(vm, code, frame->slots, args->keywords[i],
                          args->items[count + i]))
            return false;
    }
    if (count > code->param_count && !code->has_rest)
        return too_many_arguments(code, count);
    return count >= code->param_count || check_missing(code, frame->slots);
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
    if (args->count + args->keyword_count + f->code->local_count > 0 &&
        !bind(vm, frame, args)) {
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

static bool takes_more_by_keyword(const al_method *m)
{
    int count = m->params && *m->params ? 1 : 0;

    for (const char *at = m->params; at && *at; at++)
        count += *at == ' ';
    return count > m->max;
}

static bool wrong_count_takes(const al_method *m, size_t count)
{
    bool fewer = (int)count < m->min;
    bool has_more = takes_more_by_keyword(m);
    int bound = fewer ? m->min : m->max;

    if (fewer && missing_argument(m, count))
        return false;
    if (m->max == 0 && !has_more)
        return al_raise(&al_TypeError, "%s() takes no arguments", m->name);
    if (m->max == 0)
        return al_raise(&al_TypeError, "%s() takes no positional arguments",
                        m->name);
    return al_raise(&al_TypeError,
                    "%s() takes %s%d %sargument%s (%zu given)", m->name,
                    m->min == m->max && (fewer || has_more)
                        ? "exactly " : fewer ? "at least " : "at most ",
                    bound, fewer || has_more ? "positional " : "",
                    bound == 1 ? "" : "s",
                    count);
}

static bool wrong_count_python(const al_method *m, size_t count)
{
    char names[AL_MAX_SLOTS][PARAM_SIZE];
    const char *missing[AL_MAX_SLOTS];
    const char *params = m->params ? m->params : "";
    const char *bar = strchr(params, '|');
    size_t missed = 0;
    int self = m->arity == AL_ARITY_PYTHON;

    if (bar)
        params = bar + 1;
    if ((int)count > m->max && m->min < m->max) /* self counts too */
        return al_raise(&al_TypeError, "%s() takes from %d to %d positional "
                        "arguments but %zu were given", m->qualname,
                        m->min + self, m->max + self,
                        count + (size_t)self);
    if ((int)count >= m->min)
        return al_raise(&al_TypeError, "%s() takes %d positional argument%s "
                        "but %zu were given", m->qualname, m->max + self,
                        m->max + self == 1 ? "" : "s", count + (size_t)self);
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
    if (m->arity >= AL_ARITY_PYTHON)
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
                            m->arity >= AL_ARITY_PYTHON ? m->qualname
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
    al_call call;

    call.vm = vm;
    call.method = method;
    call.self = self;
    call.items = args->items;
    call.count = args->count;
    call.args = args;
    for (int i = 0; i < AL_MAX_SLOTS; i++)
        call.slots[i].tag = AL_ABSENT; /* clearing all of it takes longer */
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

/* -- f(a, *b, c=d, **e) --------------------------------------------------- */

static al_value call_plain(al_vm *vm, const al_value *base,
                           const al_args *args)
{
    return base[0].tag == AL_ABSENT
               ? al_call_method(vm, (const al_method *)base[0].as.object,
                                base[1], args)
               : al_call_value(vm, base[0], args);
}

/* As _PyObject_FunctionStr: "__main__.f()". */
static void add_function(const al_value *base, al_text *out)
{
    if (base[0].tag == AL_ABSENT) {
        al_text_add(out, ((const al_method *)base[0].as.object)->qualname);
    } else {
        if (al_is(base[0], &al_function_type))
            al_text_add(out, "__main__.");
        al_qualname(base[0], out);
    }
    al_text_add(out, "()");
}

static bool fail_spread(const al_value *base, const char *problem,
                        const char *what)
{
    al_text text = {0};

    add_function(base, &text);
    al_raise(&al_TypeError, problem, al_text_as_string(&text), what);
    al_text_release(&text);
    return false;
}

al_value al_call_star(al_value iterable)
{
    al_tuple *tuple = al_tuple_from(iterable);

    if (tuple)
        return al_take(tuple);
    if (!al_exception_is(al_peek_raised(), &al_TypeError))
        return al_no_value();
    al_unref(al_fetch_raised());
    return al_fail_with(&al_TypeError, "Value after * must be an iterable, not "
                        "%s", al_type_name(iterable));
}

typedef struct spread { /* a call's arguments; values borrowed */
    al_value *items;
    const char **keywords;
    size_t positional, keyword_count;
} spread;

static bool add_mapping(spread *s, const al_value *base, const al_dict *dict)
{
    size_t position = 0;

    for (al_dict_entry *e; (e = al_dict_next(dict, &position));) {
        const al_str *key = al_str_peek(e->key);

        if (!key)
            return al_raise(&al_TypeError, "keywords must be strings");
        for (size_t i = 0; i < s->keyword_count; i++) {
            if (strcmp(s->keywords[i], key->bytes) == 0)
                return fail_spread(base, "%s got multiple values for keyword "
                                   "argument '%s'", key->bytes);
        }
        s->items[s->positional + s->keyword_count] = e->value;
        s->keywords[s->keyword_count++] = key->bytes;
    }
    return true;
}

/* `tuple` is what *star gave, or NULL. */
static al_value call_spread(al_vm *vm, const al_value *base,
                            const al_named_call *call, const al_tuple *tuple)
{
    const al_value *given = base + 2, *named;
    al_value mapping = call->has_mapping
                           ? given[al_named_call_size(call) - 1] : al_none();
    const al_dict *dict = al_dict_peek(mapping);
    size_t stars = tuple ? tuple->count : 0;
    size_t names = call->keyword_count + (dict ? dict->count : 0);
    spread s = {
        .items = al_alloc((call->positional + stars + names + 1) *
                          sizeof *s.items),
        .keywords = al_alloc((names + 1) * sizeof *s.keywords),
        .positional = call->positional + stars,
        .keyword_count = call->keyword_count,
    };
    al_value result = al_no_value();

    named = given + call->positional + call->has_star;
    for (size_t i = 0; i < call->positional; i++)
        s.items[i] = given[i];
    for (size_t i = 0; i < stars; i++)
        s.items[call->positional + i] = tuple->items[i];
    for (size_t i = 0; i < call->keyword_count; i++) {
        s.items[s.positional + i] = named[i];
        s.keywords[i] = call->keywords[i];
    }
    if (call->has_mapping && !dict)
        fail_spread(base, "%s argument after ** must be a mapping, not %s",
                    al_type_name(mapping));
    else if (!dict || add_mapping(&s, base, dict))
        result = call_plain(vm, base, &(al_args){s.items, s.positional,
                                                 s.keywords, s.keyword_count});
    al_free(s.items);
    al_free((void *)s.keywords);
    return result;
}

al_value al_call_spread(al_vm *vm, const al_value *base,
                        const al_named_call *call)
{
    al_value star, result;

    if (!call->has_star && !call->has_mapping)
        return call_plain(vm, base, &(al_args){base + 2, call->positional,
                                               call->keywords,
                                               call->keyword_count});
    if (!call->has_star)
        return call_spread(vm, base, call, NULL);
    star = al_call_star(base[2 + call->positional]);
    if (star.tag == AL_ABSENT) {
        if (!al_exception_is(al_peek_raised(), &al_TypeError))
            return star;
        al_unref(al_fetch_raised());
        fail_spread(base, "%s argument after * must be an iterable, not %s",
                    al_type_name(base[2 + call->positional]));
        return star;
    }
    result = call_spread(vm, base, call, (const al_tuple *)star.as.object);
    al_value_release(star);
    return result;
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
