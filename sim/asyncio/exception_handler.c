/* exception_handler.c - see exception_handler.h.
 *
 * What the loop reports is a struct; what the script's handler gets, and may
 * itself hand to the loop, is a dict.  The order of the checks, and the
 * messages, are those of asyncio's base_events.py. */
#include "sim/asyncio/exception_handler.h"

#include <string.h>
#include "loop/task/task.h"
#include "sim/machine/machine.h"

typedef struct handler {
    al_vm *vm;
    al_value function;
} handler;

static void add_subject(al_vm *vm, al_dict *dict,
                        const al_error_context *context)
{
    if (context->subject)
        al_dict_set_text(vm, dict, context->subject_key,
                         al_take(al_ref((al_object *)context->subject)));
}

/* The dict the script's handler gets, in CPython's order of keys. */
static al_value context_dict(al_vm *vm, const al_error_context *context)
{
    al_dict *dict = al_dict_new(vm);

    if (!context->exception)
        add_subject(vm, dict, context); /* of one that was destroyed */
    if (context->message)
        al_dict_set_text(vm, dict, "message", al_str_new(context->message));
    if (context->exception) {
        al_dict_set_text(vm, dict, "exception",
                         al_take(al_ref(context->exception)));
        add_subject(vm, dict, context);
    }
    if (context->handle)
        al_dict_set_text(vm, dict, "handle",
                         al_take(al_ref(context->handle)));
    return al_take(dict);
}

static bool call_handler(al_vm *vm, al_value function, al_loop *loop,
                         al_value dict)
{
    al_value items[2] = {al_take(loop), dict};
    al_args args = {.items = items, .count = 2};
    al_value result = al_call_value(vm, function, &args);

    al_value_release(result);
    return result.tag != AL_ABSENT;
}

/* asyncio calls context.get() before anything else. */
static bool raise_no_get(al_value context)
{
    return al_raise_no_attribute(context, "get");
}

/* The function may be replaced while it runs. */
static bool handle_error(void *self, al_loop *loop,
                         const al_error_context *context)
{
    handler *h = self;
    al_vm *vm = h->vm;
    bool is_ours = vm->reported.tag == AL_ABSENT;
    al_value dict = is_ours ? context_dict(vm, context)
                            : al_value_dup(vm->reported);
    al_value function = al_value_dup(h->function);
    bool ok;

    vm->reported = al_no_value();
    ok = al_dict_peek(dict)
             ? call_handler(vm, function, loop, dict)
             : raise_no_get(dict);
    al_value_release(dict);
    al_value_release(function);
    return ok;
}

static void name_handler(const void *self, al_text *out)
{
    al_qualname(((const handler *)self)->function, out);
}

static void release_handler(void *self)
{
    al_value_release(((handler *)self)->function);
    al_free(self);
}

static const al_exception_handler_ops handler_ops = {
    .handle = handle_error,
    .add_name = name_handler,
    .release = release_handler,
};

al_value al_set_exception_handler(al_vm *vm, al_loop *loop, al_value function)
{
    al_text text = {0};
    handler *h;

    if (function.tag == AL_NONE) {
        al_loop_set_exception_handler(loop, (al_exception_handler){0});
        return al_none();
    }
    if (!al_is_callable(function)) {
        if (al_add_repr(function, &text))
            al_raise(&al_TypeError, "A callable object or None is expected, "
                     "got %s", text.bytes);
        al_text_release(&text);
        return al_no_value();
    }
    h = al_alloc(sizeof *h);
    h->vm = vm;
    h->function = al_value_dup(function);
    al_loop_set_exception_handler(loop,
                                  (al_exception_handler){&handler_ops, h});
    return al_none();
}

al_value al_get_exception_handler(al_loop *loop)
{
    al_exception_handler set = al_loop_peek_exception_handler(loop);

    return set.ops == &handler_ops
               ? al_value_dup(((handler *)set.self)->function) : al_none();
}

static al_value look_up(al_dict *dict, const char *key) /* borrowed */
{
    al_value name = al_str_new(key);
    al_value *found = al_dict_find(dict, name);

    al_value_release(name);
    return found ? *found : al_no_value();
}

static bool is_known_key(al_value key)
{
    const al_str *text = al_str_peek(key);

    return text && (strcmp(text->bytes, "message") == 0 ||
                    strcmp(text->bytes, "exception") == 0);
}

/* What asyncio logs of the dict besides message and exception. */
static bool add_details(al_vm *vm, al_dict *dict, al_text *out)
{
    al_value source = {.tag = AL_OBJECT, .as.object = &dict->cell.head};
    al_list *keys = al_list_from(vm, source);
    bool ok = keys && al_list_sort(vm, keys, al_none(), false);

    for (size_t i = 0; ok && i < keys->count; i++) {
        if (is_known_key(keys->items[i]))
            continue;
        al_text_add_char(out, '\n');
        ok = al_add_str(keys->items[i], out);
        al_text_add(out, ": ");
        ok = ok && al_add_repr(*al_dict_find(dict, keys->items[i]), out);
    }
    al_unref(keys);
    return ok;
}

static bool is_set(al_value value)
{
    return value.tag != AL_ABSENT && value.tag != AL_NONE;
}

static bool check_exception(al_value e)
{
    return !is_set(e) || al_exception_peek(e) ||
           al_is(e, &al_exception_class_type) ||
           al_raise_no_attribute(e, "__traceback__");
}

/* What the default handler logs of the context; false: raised, at the first
 * thing there that it cannot bear. */
static bool add_log(al_vm *vm, al_value context, al_text *out)
{
    al_dict *dict = al_dict_peek(context);
    al_value message;

    if (!dict)
        return raise_no_get(context);
    message = look_up(dict, "message");
    if (!check_exception(look_up(dict, "exception")))
        return false;
    if (!al_value_truth(message))
        al_text_add(out, "Unhandled exception in event loop");
    else if (!al_add_str(message, out))
        return false;
    if (!add_details(vm, dict, out))
        return false;
    return !al_value_truth(message) || al_str_peek(message) ||
           al_raise(&al_TypeError,
                    "sequence item 0: expected str instance, %s found",
                    al_type_name(message));
}

/* In whose context a handler runs: that of the first of these that is set. */
static void find_context(al_dict *dict, al_error_context *c)
{
    static const char *const keys[] = {"task", "future", "handle"};
    al_value thing = al_no_value();

    for (size_t i = 0; i < 3 && !is_set(thing); i++)
        thing = look_up(dict, keys[i]);
    if (al_is(thing, &al_handle_type) || al_is(thing, &al_timer_handle_type) ||
        al_is(thing, &al_threadsafe_handle_type))
        c->handle = (al_handle *)thing.as.object;
    if (al_task_peek(thing))
        c->subject_context = al_task_peek(thing)->context;
}

/* What the loop itself looks at; text: for the message. */
static bool look_into(al_dict *dict, al_text *text, al_error_dict *as,
                      al_error_context *c)
{
    al_value message = look_up(dict, "message");

    as->exception = look_up(dict, "exception");
    c->exception = al_exception_peek(as->exception);
    find_context(dict, c);
    if (!is_set(message))
        return true;
    if (!al_add_str(message, text))
        return false;
    c->message = al_text_peek(text);
    return true;
}

/* A handler of the script's gets the context itself, the loop is told what
 * it would find there. */
al_value al_call_exception_handler(al_vm *vm, al_loop *loop, al_value context,
                                   bool is_default)
{
    al_dict *dict = al_dict_peek(context);
    al_value outer = vm->reported;
    al_text repr = {0}, log = {0}, message = {0};
    al_error_dict as = {0};
    al_error_context c = {.dict = &as};
    bool ok = al_add_repr(context, &repr) &&
              (!dict || look_into(dict, &message, &as, &c));

    if (ok && !add_log(vm, context, &log))
        as.unfit = al_fetch_raised();
    as.repr = al_text_peek(&repr);
    as.log = al_text_peek(&log);
    vm->reported = al_value_dup(context);
    if (ok)
        ok = is_default ? al_loop_default_exception_handler(loop, &c)
                        : al_loop_call_exception_handler(loop, &c);
    vm->reported = outer;
    al_value_release(context);
    al_unref(as.unfit);
    al_text_release(&repr);
    al_text_release(&log);
    al_text_release(&message);
    return ok ? al_none() : al_no_value();
}
