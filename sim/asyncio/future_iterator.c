/* future_iterator.c - see future_iterator.h; after FutureIter_am_send of
 * CPython's _asynciomodule.c. */
#include "sim/asyncio/future_iterator.h"

#include "loop/base/alloc.h"
#include "sim/machine/machine.h"
#include "sim/python/iterator.h"

static void let_go(al_iterator *it)
{
    al_value future = it->source;

    it->source = al_no_value();
    al_value_release(future);
}

/* What it gives; AL_ABSENT: it ends with *returned (AL_ABSENT: it had ended
 * before), or raised. */
static al_value step(al_iterator *it, al_value *returned)
{
    al_future *future;

    *returned = al_no_value();
    if (it->source.tag == AL_ABSENT)
        return al_no_value();
    future = al_future_peek(it->source);
    if (al_future_done(future)) {
        *returned = al_future_result(future);
        return al_no_value(); /* and the same again, if it is asked again */
    }
    if (future->is_blocking)
        return al_fail_with(&al_RuntimeError, "await wasn't used with future");
    future->is_blocking = true;
    return al_value_dup(it->source);
}

/* In a for loop: what it returns is lost. */
static al_value next_of_future(al_vm *vm, al_iterator *it)
{
    al_value returned;
    al_value value = step(it, &returned);

    (void)vm;
    al_value_release(returned);
    return value;
}

static void iterator_free(al_object *self)
{
    let_go((al_iterator *)self);
    al_free(self);
}

const al_type al_future_iterator_type = {
    .name = "FutureIter",
    .full_name = "_asyncio.FutureIter",
    .free = iterator_free,
};

al_value al_future_iterator_new(al_future *future)
{
    al_iterator *it = al_alloc_zero(1, sizeof *it);

    al_object_init(&it->head, &al_future_iterator_type);
    it->next = next_of_future;
    it->source = al_take(al_ref(future));
    return al_take(it);
}

/* -- methods -------------------------------------------------------------- */

static al_iterator *iterator_of(const al_call *call)
{
    return (al_iterator *)call->self.as.object;
}

static al_value future_iterator___next__(al_call *call)
{
    al_value returned;
    al_value value = step(iterator_of(call), &returned);

    if (value.tag == AL_ABSENT && !al_peek_raised()) {
        al_exception *stop = al_exception_new(&al_StopIteration, &returned,
                                              returned.tag != AL_ABSENT);

        call->vm->keeper.passing = stop->serial; /* which is given no __context__ */
        al_raise_take(stop);
    }
    al_value_release(returned);
    return value;
}

static al_value future_iterator_close(al_call *call)
{
    let_go(iterator_of(call));
    return al_none();
}

static al_value future_iterator___iter__(al_call *call)
{
    return al_value_dup(call->self);
}

/* The exception that throw(type, value) means; NULL: raised. */
static al_exception *thrown(const al_call *call)
{
    al_value value = call->slots[1];

    if (value.tag == AL_NONE)
        value = al_no_value();
    if (call->slots[2].tag != AL_ABSENT && call->slots[2].tag != AL_NONE) {
        al_raise(&al_TypeError, "throw() third argument must be a traceback");
        return NULL;
    }
    if (al_exception_peek(call->slots[0]) && value.tag != AL_ABSENT) {
        al_raise(&al_TypeError,
                 "instance exception may not have a separate value");
        return NULL;
    }
    if (al_exception_class_peek(call->slots[0]) && value.tag != AL_ABSENT) {
        const al_exception_class *cls = al_exception_class_peek(call->slots[0]);

        return al_exception_peek(value) ? al_ref(al_exception_peek(value))
                                        : al_exception_new(cls, &value, 1);
    }
    return al_exception_instance(call->vm, call->slots[0],
                                 "exceptions must be classes deriving "
                                 "BaseException or instances of such a class");
}

static al_value future_iterator_throw(al_call *call)
{
    al_exception *e = thrown(call);

    if (!e)
        return al_no_value();
    let_go(iterator_of(call));
    call->vm->keeper.passing = e->serial;
    al_raise_take(e);
    return al_no_value();
}

static const al_method future_iterator_methods[] = {
    {.name = "send", .qualname = "FutureIter.send",
     .call = future_iterator___next__, .min = 1, .max = 1},
    {.name = "throw", .qualname = "FutureIter.throw",
     .call = future_iterator_throw, .min = 1, .max = 3},
    {.name = "close", .qualname = "FutureIter.close",
     .call = future_iterator_close},
    {.name = "__next__", .qualname = "FutureIter.__next__",
     .call = future_iterator___next__, .arity = AL_ARITY_WRAPPER},
    {.name = "__iter__", .qualname = "FutureIter.__iter__",
     .call = future_iterator___iter__, .arity = AL_ARITY_WRAPPER},
    {0},
};

const al_class al_future_iterator_class = {
    .head = AL_CLASS_HEAD,
    .name = "FutureIter",
    .module = "_asyncio.",
    .tag = AL_OBJECT,
    .type = &al_future_iterator_type,
    .methods = future_iterator_methods,
};
