/* exception.c - exception classes, instances, and the thread's slot. */
#include "loop/object/exception.h"

#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/thread.h"

/* -- classes ------------------------------------------------------------ */

static void class_free(al_object *self)
{
    (void)self; /* static */
}

/* Classes outside builtins show their module, as repr(type) does. */
static const char *class_module(const al_exception_class *cls)
{
    static const struct { const char *name, *module; } others[] = {
        {"CancelledError", "asyncio.exceptions."},
        {"InvalidStateError", "asyncio.exceptions."},
        {"BrokenBarrierError", "asyncio.exceptions."},
        {"QueueEmpty", "asyncio.queues."},
        {"QueueFull", "asyncio.queues."},
        {"QueueShutDown", "asyncio.queues."},
    };

#define CONCURRENT_MODULE(concurrent, name, base, module)                      \
    if (cls == &al_##concurrent)                                               \
        return "concurrent.futures." #module ".";
    AL_CONCURRENT_EXCEPTIONS(CONCURRENT_MODULE)
#undef CONCURRENT_MODULE
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(cls->name, others[i].name) == 0)
            return others[i].module;
    }
    return "";
}

static void class_repr(const al_object *self, al_text *out)
{
    const al_exception_class *cls = (const al_exception_class *)self;

    al_text_add_format(out, "<class '%s%s'>", class_module(cls), cls->name);
}

const al_type al_exception_class_type = {
    .name = "type",
    .free = class_free,
    .repr = class_repr,
};

#define CLASS_HEAD {&al_exception_class_type, AL_IMMORTAL, 0}
const al_exception_class al_BaseException = {CLASS_HEAD, "BaseException", NULL};
#define DEFINE_CLASS(cls, parent)                                              \
    const al_exception_class al_##cls = {CLASS_HEAD, #cls, &al_##parent};
AL_EXCEPTIONS(DEFINE_CLASS)
#undef DEFINE_CLASS
#define DEFINE_CONCURRENT(cls, name, base, module)                             \
    const al_exception_class al_##cls = {CLASS_HEAD, #name, &al_##base};
AL_CONCURRENT_EXCEPTIONS(DEFINE_CONCURRENT)
#undef DEFINE_CONCURRENT

static const al_exception_class *const classes[] = {
    &al_BaseException,
#define CLASS_POINTER(cls, parent) &al_##cls,
    AL_EXCEPTIONS(CLASS_POINTER)
#undef CLASS_POINTER
};

static const struct {
    const char *called;
    const al_exception_class *cls;
} concurrent[] = {
#define CONCURRENT(called, name, base, module) {#called, &al_##called},
    AL_CONCURRENT_EXCEPTIONS(CONCURRENT)
#undef CONCURRENT
};

enum { CONCURRENT_COUNT = sizeof concurrent / sizeof *concurrent };

bool al_exception_class_is_concurrent(const al_exception_class *cls)
{
    for (size_t i = 0; i < CONCURRENT_COUNT; i++) {
        if (concurrent[i].cls == cls)
            return true;
    }
    return false;
}

const al_exception_class *al_exception_class_find(const char *name)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strcmp(classes[i]->name, name) == 0)
            return classes[i];
    }
    for (size_t i = 0; i < CONCURRENT_COUNT; i++) {
        if (strcmp(concurrent[i].called, name) == 0)
            return concurrent[i].cls;
    }
    return NULL;
}

bool al_exception_class_is(const al_exception_class *cls,
                           const al_exception_class *base)
{
    /* The one case of two bases. */
    if (cls == &al_ExceptionGroup && base == &al_Exception)
        return true;
    while (cls && cls != base)
        cls = cls->base;
    return cls != NULL;
}

bool al_exception_is(const al_exception *e, const al_exception_class *cls)
{
    return al_exception_class_is(e->cls, cls);
}

bool al_exception_passes_through(const al_exception *e)
{
    return al_exception_is(e, &al_SystemExit) ||
           al_exception_is(e, &al_KeyboardInterrupt);
}

/* One that is raised again and again would grow for ever. */
enum { MOST_PLACES = 4096 };

/* -- causes and contexts ------------------------------------------------ */

/* The exceptions that refer to others, or to an object that may have them,
 * newest first. */
static _Thread_local al_exception *chained;

static bool is_chained(const al_exception *e)
{
    return e->previous || e == chained;
}

static void link_chained(al_exception *e)
{
    if (is_chained(e) || e->head.refs & AL_SHARED)
        return;
    e->next = chained;
    if (chained)
        chained->previous = e;
    chained = e;
}

static void unlink_chained(al_exception *e)
{
    if (!is_chained(e))
        return;
    if (e->previous)
        e->previous->next = e->next;
    else
        chained = e->next;
    if (e->next)
        e->next->previous = e->previous;
    e->previous = e->next = NULL;
}

static void share(void *object)
{
    if (object)
        al_value_share((al_value){AL_OBJECT, {.object = object}});
}

/* No thread counts it among its own any more. */
static void exception_share(al_object *self)
{
    al_exception *e = (al_exception *)self;

    unlink_chained(e);
    share(e->args);
    share(e->cause);
    share(e->context);
    for (size_t i = 0; i < 2; i++)
        al_value_share(e->details[i]);
    al_value_share(e->notes);
}

static void set(al_exception *e, al_exception **slot, al_exception *other)
{
    al_exception *old = *slot;

    if (other)
        link_chained(e);
    *slot = other;
    al_unref(old);
}

void al_exception_take_cause(al_exception *e, al_exception *cause)
{
    set(e, &e->cause, cause);
}

void al_exception_take_context(al_exception *e, al_exception *context)
{
    set(e, &e->context, context);
}

static void drop_details(al_exception *e)
{
    for (int i = 0; i < 2; i++) {
        al_value detail = e->details[i];

        e->details[i].tag = AL_ABSENT;
        al_value_release(detail);
    }
}

void al_exceptions_unchain(void)
{
    while (chained) {
        al_exception *e = al_ref(chained);

        unlink_chained(e);
        al_exception_take_cause(e, NULL);
        al_exception_take_context(e, NULL);
        drop_details(e);
        al_unref(e);
    }
}

void al_exception_set_name(al_exception *e, const char *name, al_value object)
{
    al_value old_name = e->details[0];
    al_value old_object = e->details[1];

    if (object.tag == AL_OBJECT)
        link_chained(e);
    e->details[0] = al_str_new(name);
    e->details[1] = al_value_dup(object);
    al_value_release(old_name);
    al_value_release(old_object);
}

bool al_raise_no_attribute(al_value object, const char *name)
{
    const al_exception *e = al_is(object, &al_exception_type)
                                ? (const al_exception *)object.as.object : NULL;

    al_raise(&al_AttributeError, "'%s' object has no attribute '%s'",
             e ? e->cls->name : al_value_full_type_name(object), name);
    al_exception_set_name(al_peek_raised(), name, object);
    return false;
}

/* -- instances ---------------------------------------------------------- */

static void exception_free(al_object *self)
{
    al_exception *e = (al_exception *)self;

    unlink_chained(e);
    al_unref(e->args);
    al_unref(e->cause);
    al_unref(e->context);
    drop_details(e);
    al_value_release(e->notes);
    al_free(e->traceback);
    al_free(e);
}

static void exception_repr(const al_object *self, al_text *out)
{
    const al_exception *e = (const al_exception *)self;

    al_text_add(out, e->cls->name);
    al_text_add_char(out, '(');
    al_values_repr(e->args->items, e->args->count, out);
    al_text_add_char(out, ')');
}

/* OSError(2, 'No such file') reads "[Errno 2] No such file". */
static bool str_of_os_error(const al_exception *e, al_text *out)
{
    size_t count = e->args->count;

    if (!al_exception_is(e, &al_OSError) || count < 2 || count > 5)
        return false;
    al_text_add(out, "[Errno ");
    al_value_str(e->args->items[0], out);
    al_text_add(out, "] ");
    al_value_str(e->args->items[1], out);
    for (int i = 0; i < 2 && e->details[i].tag != AL_ABSENT; i++) {
        al_text_add(out, i ? " -> " : ": ");
        al_value_repr(e->details[i], out);
    }
    return true;
}

static bool str_of_group(const al_exception *e, al_text *out)
{
    const al_tuple *exceptions = (const al_tuple *)e->details[0].as.object;

    if (!al_exception_is(e, &al_BaseExceptionGroup) ||
        e->details[0].tag == AL_ABSENT)
        return false;
    al_value_str(e->args->items[0], out);
    al_text_add_format(out, " (%zu sub-exception%s)", exceptions->count,
                       exceptions->count == 1 ? "" : "s");
    return true;
}

void al_exception_str(const al_exception *e, al_text *out)
{
    if (str_of_os_error(e, out) || str_of_group(e, out) ||
        e->args->count == 0)
        return;
    if (e->args->count > 1)
        al_value_repr((al_value){.tag = AL_OBJECT,
                                 .as.object = &e->args->head}, out);
    else if (al_exception_is(e, &al_KeyError))
        al_value_repr(e->args->items[0], out);
    else
        al_value_str(e->args->items[0], out);
}

static void exception_str(const al_object *self, al_text *out)
{
    al_exception_str((const al_exception *)self, out);
}

const al_type al_exception_type = {
    .name = "exception",
    .free = exception_free,
    .repr = exception_repr,
    .str = exception_str,
    .share = exception_share,
};

al_exception *al_exception_new(const al_exception_class *cls,
                               const al_value *args, size_t count)
{
    static _Thread_local uint64_t last_serial;
    al_exception *e = al_alloc_zero(1, sizeof *e);

    al_object_init(&e->head, &al_exception_type);
    e->cls = cls;
    e->serial = ++last_serial;
    e->args = al_tuple_new(args, count);
    return e;
}

void al_exception_summary(const al_exception *e, al_text *out)
{
    al_text text = {0};

    al_exception_str(e, &text);
    al_text_add(out, class_module(e->cls));
    al_text_add(out, e->cls->name);
    if (text.length > 0) {
        al_text_add(out, ": ");
        al_text_add_bytes(out, text.bytes, text.length);
    }
    al_text_release(&text);
}

void al_exception_add_place(al_exception *e, al_traceback_entry place)
{
    if (e->traceback_count == MOST_PLACES)
        return;
    e->traceback = al_grow(e->traceback, &e->traceback_capacity,
                           e->traceback_count + 1, sizeof *e->traceback);
    e->traceback[e->traceback_count++] = place;
}

/* -- the thread's slot -------------------------------------------------- */

bool al_raise_take(al_exception *e)
{
    al_thread *thread = al_thread_current();

    if (thread->raised != e)
        al_unref(thread->raised);
    thread->raised = e;
    return false;
}

bool al_raise(const al_exception_class *cls, const char *format, ...)
{
    al_text text = {0};
    al_value message;
    va_list args;

    va_start(args, format);
    al_text_add_vformat(&text, format, args);
    va_end(args);
    message = al_str_from_text(&text);
    al_raise_take(al_exception_new(cls, &message, 1));
    al_value_release(message);
    al_text_release(&text);
    return false;
}

al_exception *al_peek_raised(void)
{
    return al_thread_current()->raised;
}

al_exception *al_fetch_raised(void)
{
    al_thread *thread = al_thread_current();
    al_exception *e = thread->raised;

    thread->raised = NULL;
    return e;
}

/* -- handling ------------------------------------------------------------ */

static _Thread_local al_caller_hook *find_caller;
static _Thread_local al_chain_hook *chain;

void al_set_handling_hooks(al_caller_hook *caller_hook,
                           al_chain_hook *chain_hook)
{
    find_caller = caller_hook;
    chain = chain_hook;
}

void al_chain_raised(void)
{
    if (chain)
        chain(al_peek_raised());
}

void al_begin_handling(al_handling *handling, al_exception *e)
{
    al_thread *thread = al_thread_current();

    *handling = (al_handling){e, find_caller ? find_caller() : NULL,
                              thread->handling};
    thread->handling = handling;
}

void al_end_handling(al_handling *handling)
{
    al_thread_current()->handling = handling->outer;
}
