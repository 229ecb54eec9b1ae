/* call.c - see call.h. */
#include "sim/machine/call.h"

#include <string.h>
#include "sim/machine/bind.h"
#include "sim/machine/machine.h"

/* -- a function of the script's ------------------------------------------- */

al_frame *al_call_frame(al_vm *vm, al_value function, const al_args *args)
{
    al_function_value *f = (al_function_value *)function.as.object;
    al_frame *frame;

    if (al_vm_is_too_deep(vm, AL_RECURSION_LIMIT))
        return NULL;
    frame = al_frame_new(f->code);
    if (args->count + args->keyword_count + f->code->local_count > 0 &&
        !al_bind_frame(vm, frame, args)) {
        al_frame_free(frame);
        return NULL;
    }
    return frame;
}

/* -- a function written in C ---------------------------------------------- */

/* As nearly every call: by position alone, and as many as it may be. */
static inline bool bind_plainly(al_call *call)
{
    const al_method *m = call->method;
    int count = (int)call->count;

    if (call->args->keyword_count || count < m->min ||
        (m->max >= 0 && count > m->max))
        return false;
    for (int i = 0; m->max >= 0 && i < count; i++)
        call->slots[i] = call->items[i];
    return true;
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
    if (!bind_plainly(&call) && !al_bind_native(&call))
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
