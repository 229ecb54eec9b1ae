/* dispatch.c - the loop that executes instructions.
 *
 * A script function that calls another gets a new frame in the same loop;
 * only calls that come from C (a callback of the event loop, a sort's key)
 * start a loop of their own, whose first frame is marked as the entry.
 *
 * The switch is long and flat on purpose.  What an instruction does beyond
 * moving values is in a function, here or in its own file. */
#include "sim/machine/dispatch.h"

#include <math.h>
#include <string.h>
#include "loop/core/policy.h"
#include "loop/task/coroutine.h"
#include "sim/machine/machine.h"
#include "sim/python/suggestion.h"

/* -- raising ------------------------------------------------------------ */

static void raise_value(al_vm *vm, al_value value)
{
    al_exception *e = al_exception_instance(
        vm, value, "exceptions must derive from BaseException");

    if (!e)
        return;
    e->split_from = 0; /* no longer a part of what except* splits */
    al_raise_take(e);
}

static void raise_from(al_vm *vm, al_value value, al_value cause)
{
    al_exception *e = al_exception_instance(
        vm, value, "exceptions must derive from BaseException");
    al_exception *because = NULL;

    if (!e)
        return;
    if (cause.tag != AL_NONE) {
        because = al_exception_instance(
            vm, cause, "exception causes must derive from BaseException");
        if (!because) {
            al_unref(e);
            return;
        }
    }
    al_exception_take_cause(e, because);
    e->suppress_context = true;
    e->split_from = 0;
    al_raise_take(e);
}

static void raise_assertion(const al_value *message)
{
    al_raise_take(al_exception_new(&al_AssertionError, message,
                                   message ? 1 : 0));
}

/* -- matching ----------------------------------------------------------- */

int al_exception_matches(al_vm *vm, const al_exception *e, al_value type)
{
    const al_exception_class *cls = al_exception_class_peek(type);
    int result = 0;

    if (cls)
        return al_exception_is(e, cls);
    if (al_is(type, &al_tuple_type)) {
        const al_tuple *types = (const al_tuple *)type.as.object;

        al_vm_charge(vm, types->count);
        for (size_t i = 0; i < types->count && result >= 0; i++) {
            cls = al_exception_class_peek(types->items[i]);
            result = !cls ? -1 : result || al_exception_is(e, cls);
        }
    } else {
        result = -1;
    }
    if (result < 0)
        al_raise(&al_TypeError, "catching classes that do not inherit from "
                 "BaseException is not allowed");
    return result;
}

/* -- unwinding ---------------------------------------------------------- */

static void add_place(const al_vm *vm, al_exception *e, const al_frame *frame)
{
    const al_traceback_entry place = {
        .file = vm->file,
        .function = frame->code->name,
        .line = al_frame_line(frame),
    };

    al_exception_add_place(e, place);
}

/* Take the raised exception to where it is handled: cut the stack, push it,
 * and return the frame; NULL: out of the entry frame, still raised. */
static al_frame *unwind(al_vm *vm, al_frame *frame)
{
    al_exception *e = al_peek_raised();

    if (al_exception_is(e, &al_LimitReached))
        al_vm_note_limit(vm, e);
    for (;;) {
        const al_region *region =
            vm->is_over ? NULL : al_frame_find_handler(frame);
        bool is_entry = frame->is_entry;
        al_frame *caller = frame->caller;

        if (region) {
            al_value *top =
                frame->slots + frame->code->local_count + region->depth;

            while (frame->top > top)
                al_value_release(*--frame->top);
            *frame->top++ = al_take(al_fetch_raised());
            frame->next = frame->code->instructions + region->target;
            vm->keeper.passing = 0;
            return frame;
        }
        vm->frame = caller;
        vm->depth--;
        al_frame_free(frame);
        vm->keeper.passing = e->serial;
        if (is_entry) {
            vm->left = AL_LEFT_FOR_GOOD;
            return NULL;
        }
        frame = caller;
        add_place(vm, e, frame);
    }
}

/* -- names -------------------------------------------------------------- */

static void raise_unbound_local(const al_code *code, uint32_t index)
{
    al_raise(&al_UnboundLocalError,
             "cannot access local variable '%s' where it is not associated "
             "with a value", code->local_names[index]);
}

/* A global that is not bound: a builtin, if there is one of that name. */
static al_value load_missing_global(const al_frame *frame, uint32_t index)
{
    al_vm *vm = frame->code->vm;
    const char *name = vm->global_names[index];
    al_value builtin = al_builtin_find(vm, name);
    al_value meant;

    if (builtin.tag == AL_ABSENT) {
        al_raise(&al_NameError, "name '%s' is not defined", name);
        meant = al_suggestion_for_name(frame, name);
        al_exception_set_name(al_peek_raised(), name, meant);
        al_value_release(meant);
    }
    return builtin;
}

/* -- formatting --------------------------------------------------------- */

static al_value convert(al_vm *vm, al_value value, uint32_t conversion)
{
    al_text text = {0}, ascii = {0};
    bool ok;

    if (conversion != 'r' && conversion != 'a' && al_str_peek(value))
        return al_value_dup(value);
    ok = conversion == 'r' || conversion == 'a' ? al_add_repr(value, &text)
                                                : al_add_str(value, &text);
    if (ok && conversion == 'a') {
        al_add_ascii(&text, &ascii);
        al_text_release(&text);
        text = ascii;
    }
    if (!ok) {
        al_text_release(&text);
        return al_no_value();
    }
    return al_str_take(vm, &text);
}

static al_value format_spec(al_vm *vm, al_value value, al_value spec,
                            uint32_t conversion)
{
    const al_str *text = al_str_peek(spec);
    al_value converted, result;

    if (!conversion)
        return al_format(vm, value, text->bytes, text->length);
    converted = convert(vm, value, conversion);
    if (converted.tag == AL_ABSENT)
        return converted;
    result = al_format(vm, converted, text->bytes, text->length);
    al_value_release(converted);
    return result;
}

static al_value join(al_vm *vm, const al_value *pieces, uint32_t count)
{
    size_t length = 0;
    al_text text = {0};

    for (uint32_t i = 0; i < count; i++)
        length += al_str_peek(pieces[i])->length;
    if (!al_vm_may_allocate(vm, length))
        return al_no_value();
    al_text_reserve(&text, length);
    for (uint32_t i = 0; i < count; i++) {
        const al_str *piece = al_str_peek(pieces[i]);

        al_text_add_bytes(&text, piece->bytes, piece->length);
    }
    return al_str_take(vm, &text);
}

/* -- unpacking ---------------------------------------------------------- */

static bool unpack_failed(const al_value *top, uint32_t got)
{
    for (uint32_t i = 0; i < got; i++)
        al_value_release(*--top);
    return false;
}

static bool too_many(al_vm *vm, al_value from, uint32_t want)
{
    bool is_sized = al_list_peek(from) || al_is(from, &al_tuple_type) ||
                    al_dict_peek(from);
    al_value length;

    if (!is_sized)
        return al_raise(&al_ValueError,
                        "too many values to unpack (expected %u)", want);
    length = al_length(vm, from);
    return al_raise(&al_ValueError,
                    "too many values to unpack (expected %u, got %lld)", want,
                    (long long)length.as.integer);
}

/* Push the items of an iterable, the last one first. */
static bool unpack(al_vm *vm, al_value from, al_value *top, uint32_t want)
{
    al_value iterator = al_iter(vm, from);
    uint32_t got = 0;
    al_value item;

    if (iterator.tag == AL_ABSENT) {
        if (al_exception_is(al_peek_raised(), &al_TypeError))
            al_raise(&al_TypeError, "cannot unpack non-iterable %s object",
                     al_type_name(from));
        return false;
    }
    while (got < want) {
        item = al_iter_next(vm, iterator);
        if (item.tag == AL_ABSENT)
            break;
        top[want - 1 - got++] = item;
    }
    if (got < want) {
        /* Filled from the end: bring the items together to release them. */
        unpack_failed(top + want, got);
        if (!al_peek_raised())
            al_raise(&al_ValueError, "not enough values to unpack "
                     "(expected %u, got %u)", want, got);
        al_value_release(iterator);
        return false;
    }
    item = al_iter_next(vm, iterator);
    al_value_release(iterator);
    if (item.tag != AL_ABSENT) {
        al_value_release(item);
        unpack_failed(top + want, want);
        return too_many(vm, from, want);
    }
    return !al_peek_raised() || unpack_failed(top + want, want);
}

/* -- with --------------------------------------------------------------- */

static _Thread_local al_name exit_name = {.text = "__exit__"},
                             aenter_name = {.text = "__aenter__"},
                             aexit_name = {.text = "__aexit__"};

/* manager.__exit__(type(raised), raised, None), or of three Nones. */
static al_value call_exit(al_vm *vm, al_value manager, al_name *name,
                          al_value raised)
{
    al_value items[3] = {al_none(), raised, al_none()};
    al_args args = {.items = items, .count = 3};
    al_value result;

    if (raised.tag == AL_OBJECT)
        items[0] = al_class_of(raised);
    result = al_call_named(vm, manager, name, &args);
    al_value_release(items[0]);
    return result;
}

static bool is_manager(al_value value)
{
    return al_is(value, &al_token_type) || al_has_method(value, "__exit__");
}

static bool is_async_manager(al_value value)
{
    return al_attribute_find_method(value, &aexit_name);
}

/* Of the one kind, where the other was asked for, or of neither. */
static al_value refuse_manager(al_value value, bool for_async)
{
    const al_class *cls = al_members_of(value);
    const char *module = cls && cls->module ? cls->module : "";
    const char *other =
        !for_async && is_async_manager(value)
            ? " but it supports the asynchronous context manager protocol. "
              "Did you mean to use 'async with'?"
        : for_async && is_manager(value)
            ? " but it supports the context manager protocol. Did you mean "
              "to use 'with'?"
            : "";

    return al_fail_with(&al_TypeError,
                        "'%s%s' object does not support the %scontext manager "
                        "protocol (missed __%s__ method)%s", module,
                        al_value_type_name(value),
                        for_async ? "asynchronous " : "",
                        for_async ? "aexit" : "exit", other);
}

static al_value enter(al_vm *vm, al_value manager)
{
    al_args none = {0};

    if (al_is(manager, &al_token_type))
        return al_value_dup(manager);
    if (!is_manager(manager))
        return refuse_manager(manager, false);
    return al_call_attribute(vm, manager, "__enter__", &none);
}

/* raised: the exception that ends the body, or None.  None of the managers
 * there are swallows it. */
static bool leave(al_vm *vm, al_value manager, al_value raised)
{
    al_token *token = (al_token *)manager.as.object;
    al_value result;

    if (al_is(manager, &al_token_type))
        return al_context_var_reset(token->var, token);
    result = call_exit(vm, manager, &exit_name, raised);
    al_value_release(result);
    return result.tag != AL_ABSENT;
}

/* -- async for ---------------------------------------------------------- */

static al_value async_iterator(al_vm *vm, al_value iterable)
{
    al_args none = {0};

    if (!al_has_method(iterable, "__aiter__"))
        return al_fail_with(&al_TypeError, "'async for' requires an object "
                            "with __aiter__ method, got %s",
                            al_type_name(iterable));
    return al_call_attribute(vm, iterable, "__aiter__", &none);
}

static al_value async_next(al_vm *vm, al_value iterator)
{
    al_args none = {0};

    return al_call_attribute(vm, iterator, "__anext__", &none);
}

/* The awaitables of manager.__aenter__() and .__aexit__(…), which whoever is
 * no asynchronous context manager lacks. */
static al_value enter_async(al_vm *vm, al_value manager)
{
    al_args none = {0};

    if (!is_async_manager(manager))
        return refuse_manager(manager, true);
    return al_call_named(vm, manager, &aenter_name, &none);
}

static al_value leave_async(al_vm *vm, al_value manager, al_value raised)
{
    return call_exit(vm, manager, &aexit_name, raised);
}

/* -- calling ------------------------------------------------------------ */

/* Leave the frame, which waits, with `value` for the caller. */
static inline al_value suspend(al_vm *vm, al_frame *frame, al_value *top,
                               al_left how, al_value value)
{
    frame->top = top;
    al_vm_pop_frame(vm);
    frame->caller = NULL;
    vm->left = how;
    return value;
}

/* One of asyncio's own coroutines, fresh from its call, mostly does not wait
 * (put, acquire): it is begun with the frame in place, and when it is over at
 * once the frame need not be left and entered again. */
static inline bool can_await_inside(const al_frame *frame, al_value awaitable)
{
    const al_coroutine *inner = al_coroutine_peek(awaitable);

    return frame->of && inner && inner->state == AL_CORO_CREATED &&
           !inner->ops->lend;
}

/* An operation whose coroutine would be awaited at once, and mostly not wait,
 * may do without one. */
static inline bool may_await_at_once(const al_frame *frame,
                                     al_instruction following)
{
    return al_instruction_op(following) == AL_CODE_AWAIT && frame->of &&
           al_thread_depth < AL_RECURSION_LIMIT;
}

static void release_values(al_value *from, const al_value *to)
{
    for (; from < to; from++)
        al_value_release(*from);
}

static al_value make_tuple(const al_value *items, uint32_t count)
{
    /* The stack's references become the tuple's. */
    al_tuple *tuple = al_tuple_alloc(count);

    if (count)
        memcpy(tuple->items, items, count * sizeof *items);
    return al_take(tuple);
}

static al_value make_list(al_vm *vm, const al_value *items, uint32_t count)
{
    al_list *list = al_list_new(vm, items, count);

    for (uint32_t i = 0; i < count; i++)
        al_value_release(items[i]);
    return al_take(list);
}

static bool compare_ints(al_operator op, int64_t a, int64_t b)
{
    switch (op) {
    case AL_OP_LT: return a < b;
    case AL_OP_LE: return a <= b;
    case AL_OP_NE: return a != b;
    case AL_OP_GT: return a > b;
    case AL_OP_GE: return a >= b;
    default: return a == b;
    }
}

static bool is_ordering(al_operator op)
{
    return op >= AL_OP_LT && op <= AL_OP_GE;
}

/* Part by part, as it was pushed: read as a whole so soon after, it would not
 * be forwarded to, but waited for. */
static inline void store(al_value *slot, al_value value)
{
    slot->tag = value.tag;
    slot->as.integer = value.as.integer;
}

static inline bool is_true(al_value value)
{
    return value.tag == AL_BOOL ? value.as.boolean : al_value_truth(value);
}

/* Replace the two topmost values by a result, which may be AL_ABSENT. */
#define FINISH_BINARY(result)                                                  \
    do {                                                                       \
        al_value result_ = (result);                                           \
        al_value_release(top[-1]);                                             \
        al_value_release(top[-2]);                                             \
        top -= 2;                                                              \
        if (result_.tag == AL_ABSENT)                                          \
            goto raised;                                                       \
        *top++ = result_;                                                      \
    } while (0)

/* The same for the topmost value. */
#define FINISH_UNARY(result)                                                   \
    do {                                                                       \
        al_value result_ = (result);                                           \
        al_value_release(*--top);                                              \
        if (result_.tag == AL_ABSENT)                                          \
            goto raised;                                                       \
        *top++ = result_;                                                      \
    } while (0)

/* Replace two ints by what their comparison says.  Mostly that is what a jump
 * is waiting for: then it jumps at once. */
#define DECIDE(condition)                                                      \
    do {                                                                       \
        bool is_so = (condition);                                              \
        top--;                                                                 \
        if (al_instruction_op(*next) != AL_CODE_JUMP_IF_FALSE) {               \
            top[-1] = al_bool(is_so);                                          \
            break;                                                             \
        }                                                                      \
        top--;                                                                 \
        next = is_so ? next + 1                                                \
                     : frame->code->instructions + al_instruction_arg(*next);  \
    } while (0)

/* Push what a call gave, or drop it at once where it is not wanted. */
#define PUSH_RESULT(value)                                                     \
    do {                                                                       \
        if (al_instruction_op(*next) == AL_CODE_POP) {                         \
            al_value_release(value);                                           \
            next++;                                                            \
        } else {                                                               \
            *top++ = value;                                                    \
        }                                                                      \
    } while (0)

/* Two ints or two floats are worked on in place; a NaN is an object of its
 * own, which the careful way makes. */
#define ARITHMETIC(NAME, name, sign)                                           \
    case AL_CODE_##NAME:                                                       \
        a = top[-2];                                                           \
        b = top[-1];                                                           \
        if (a.tag == AL_INT && b.tag == AL_INT &&                              \
            !__builtin_##name##_overflow(a.as.integer, b.as.integer,           \
                                         &top[-2].as.integer)) {               \
            top--;                                                             \
        } else if (a.tag == AL_FLOAT && b.tag == AL_FLOAT &&                   \
                   !isnan(a.as.real sign b.as.real)) {                         \
            top--;                                                             \
            top[-1].as.real = a.as.real sign b.as.real;                        \
        } else {                                                               \
            top[-2] = a;                                                       \
            FINISH_BINARY(al_binary(vm, AL_OP_##NAME, a, b));                  \
        }                                                                      \
        break;

static al_value run(al_vm *vm, al_frame *frame, bool raises)
{
    const al_instruction *next;
    al_value *top, *locals;
    al_value a, b;
    uint32_t arg;

    frame->is_entry = true;
    al_vm_push_frame(vm, frame);
    if (raises) {
        top = frame->top;
        goto raised;
    }

enter_frame: /* begin or go on with `frame` */
    next = frame->next;
    top = frame->top;
    locals = frame->slots;

    for (;;) {
        al_instruction word = *next++;

        frame->next = next;
        arg = al_instruction_arg(word);
        switch (al_instruction_op(word)) {
        case AL_CODE_CONST:
            *top++ = al_value_dup(frame->code->constants[arg]);
            break;
        case AL_CODE_ABSENT:
            *top++ = al_no_value();
            break;
        case AL_CODE_POP:
            al_value_release(*--top);
            break;
        case AL_CODE_DUP:
            *top = al_value_dup(top[-1]);
            top++;
            break;
        case AL_CODE_SWAP:
            a = top[-1];
            top[-1] = top[-2];
            top[-2] = a;
            break;
        case AL_CODE_ROT3:
            a = top[-1];
            top[-1] = top[-2];
            top[-2] = top[-3];
            top[-3] = a;
            break;
        case AL_CODE_LOAD_LOCAL:
            if (locals[arg].tag == AL_ABSENT) {
                raise_unbound_local(frame->code, arg);
                goto raised;
            }
            *top++ = al_value_dup(locals[arg]);
            break;
        case AL_CODE_STORE_LOCAL:
            a = locals[arg];
            b = *--top;
            store(&locals[arg], b);
            al_value_release(a);
            break;
        case AL_CODE_CLEAR_LOCAL:
            a = locals[arg];
            locals[arg] = al_no_value();
            al_value_release(a);
            break;
        case AL_CODE_LOAD_GLOBAL:
            a = vm->globals[arg];
            if (a.tag == AL_ABSENT)
                a = load_missing_global(frame, arg);
            else
                al_value_dup(a);
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_STORE_GLOBAL:
            a = vm->globals[arg];
            b = *--top;
            store(&vm->globals[arg], b);
            al_value_release(a);
            break;
        case AL_CODE_CLEAR_GLOBAL:
            a = vm->globals[arg];
            vm->globals[arg] = al_no_value();
            al_value_release(a);
            break;
        case AL_CODE_ATTRIBUTE:
            FINISH_UNARY(al_attribute_get(vm, top[-1], &vm->names[arg]));
            break;
        case AL_CODE_STORE_ATTRIBUTE: {
            bool ok = al_attribute_set(top[-1], vm->names[arg].text, top[-2]);

            release_values(top - 2, top);
            top -= 2;
            if (!ok)
                goto raised;
            break;
        }
        case AL_CODE_LOAD_METHOD: {
            const al_method *method =
                al_attribute_find_method(top[-1], &vm->names[arg]);

            if (method) { /* called below without making a bound method */
                *top = top[-1];
                top[-1] = al_no_value();
                top[-1].as.object = (al_object *)method;
                top++;
                break;
            }
            FINISH_UNARY(al_attribute_get(vm, top[-1], &vm->names[arg]));
            *top++ = al_no_value();
            break;
        }
        case AL_CODE_SUBSCRIPT:
            FINISH_BINARY(al_subscript_get(vm, top[-2], top[-1]));
            break;
        case AL_CODE_STORE_SUBSCRIPT: {
            bool ok = al_subscript_set(vm, top[-2], top[-1], top[-3]);

            release_values(top - 3, top);
            top -= 3;
            if (!ok)
                goto raised;
            break;
        }
        case AL_CODE_SLICE:
            a = al_slice_new(top[-3], top[-2], top[-1]);
            release_values(top - 3, top);
            top -= 2;
            top[-1] = a;
            break;
        ARITHMETIC(ADD, add, +)
        ARITHMETIC(SUB, sub, -)
        ARITHMETIC(MUL, mul, *)
        case AL_CODE_BINARY:
            FINISH_BINARY(al_binary(vm, (al_operator)arg, top[-2], top[-1]));
            break;
        case AL_CODE_UNARY:
            FINISH_UNARY(al_unary((al_operator)arg, top[-1]));
            break;
        case AL_CODE_NOT:
            a = al_bool(!is_true(top[-1]));
            al_value_release(top[-1]);
            top[-1] = a;
            break;
        case AL_CODE_LT:
            if (top[-2].tag == AL_INT && top[-1].tag == AL_INT) {
                DECIDE(top[-2].as.integer < top[-1].as.integer);
                break;
            }
            FINISH_BINARY(al_compare(vm, AL_OP_LT, top[-2], top[-1]));
            break;
        case AL_CODE_EQ:
            if (top[-2].tag == AL_INT && top[-1].tag == AL_INT) {
                DECIDE(top[-2].as.integer == top[-1].as.integer);
                break;
            }
            FINISH_BINARY(al_compare(vm, AL_OP_EQ, top[-2], top[-1]));
            break;
        case AL_CODE_COMPARE:
            if (top[-2].tag == AL_INT && top[-1].tag == AL_INT &&
                is_ordering((al_operator)arg)) {
                DECIDE(compare_ints((al_operator)arg, top[-2].as.integer,
                                    top[-1].as.integer));
                break;
            }
            FINISH_BINARY(
                al_compare(vm, (al_operator)arg, top[-2], top[-1]));
            break;
        case AL_CODE_TUPLE:
            top -= arg;
            *top = make_tuple(top, arg);
            top++;
            break;
        case AL_CODE_LIST:
            top -= arg;
            *top = make_list(vm, top, arg);
            top++;
            break;
        case AL_CODE_DICT:
            *top++ = al_take(al_dict_new(vm));
            break;
        case AL_CODE_DICT_ADD: {
            al_value *pairs = top - 2 * arg;
            bool ok = true;

            for (uint32_t i = 0; i < 2 * arg && ok; i += 2)
                ok = al_dict_set(vm, al_dict_peek(pairs[-1]), pairs[i],
                                 pairs[i + 1]);
            release_values(pairs, top);
            top = pairs;
            if (!ok)
                goto raised;
            break;
        }
        case AL_CODE_FORMAT:
            FINISH_UNARY(convert(vm, top[-1], arg));
            break;
        case AL_CODE_FORMAT_SPEC:
            FINISH_BINARY(format_spec(vm, top[-2], top[-1], arg));
            break;
        case AL_CODE_JOIN:
            a = join(vm, top - arg, arg);
            release_values(top - arg, top);
            top -= arg;
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_UNPACK: {
            bool ok;

            a = *--top;
            ok = unpack(vm, a, top, arg);
            al_value_release(a);
            if (!ok)
                goto raised;
            top += arg;
            break;
        }
        case AL_CODE_JUMP_BACK:
            if (!al_vm_step(vm))
                goto raised;
            next = frame->code->instructions + arg;
            break;
        case AL_CODE_JUMP:
            next = frame->code->instructions + arg;
            break;
        case AL_CODE_JUMP_IF_FALSE:
            a = *--top;
            if (!is_true(a))
                next = frame->code->instructions + arg;
            al_value_release(a);
            break;
        case AL_CODE_JUMP_IF_TRUE:
            a = *--top;
            if (is_true(a))
                next = frame->code->instructions + arg;
            al_value_release(a);
            break;
        case AL_CODE_AND:
            if (!is_true(top[-1]))
                next = frame->code->instructions + arg;
            else
                al_value_release(*--top);
            break;
        case AL_CODE_OR:
            if (is_true(top[-1]))
                next = frame->code->instructions + arg;
            else
                al_value_release(*--top);
            break;
        case AL_CODE_ITER:
            FINISH_UNARY(al_iter(vm, top[-1]));
            break;
        case AL_CODE_FOR:
            a = al_iter_next(vm, top[-1]);
            if (a.tag != AL_ABSENT)
                *top++ = a;
            else if (al_peek_raised())
                goto raised;
            else
                next = frame->code->instructions + arg;
            break;
        case AL_CODE_CALL: {
            al_args args = {.items = top - arg, .count = arg};
            al_value *base = top - arg - 2; /* function, self */

            if (!al_vm_step(vm))
                goto raised;
            if (al_is(base[0], &al_function_type)) {
                al_frame *called = al_call_frame(vm, base[0], &args);

                if (!called)
                    goto raised;
                release_values(base, top);
                if (!al_code_is_plain(called->code)) {
                    called->called_at = al_frame_line(frame);
                    top = base;
                    *top++ = al_suspended_call(vm, called);
                    break;
                }
                frame->top = base;
                al_vm_push_frame(vm, called);
                frame = called;
                goto enter_frame;
            }
            a = base[0].tag == AL_ABSENT
                    ? al_call_method(vm, (const al_method *)base[0].as.object,
                                     base[1], &args)
                    : al_call_value(vm, base[0], &args);
            release_values(base, top);
            top = base;
            if (a.tag == AL_ABSENT)
                goto raised;
            PUSH_RESULT(a);
            break;
        }
        case AL_CODE_CALL_NAMED: {
            const al_named_call *call = &frame->code->named_calls[arg];
            al_value *base = top - al_named_call_size(call) - 2;

            if (!al_vm_step(vm))
                goto raised;
            a = al_call_spread(vm, base, call);
            release_values(base, top);
            top = base;
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        }
        case AL_CODE_STAR:
            FINISH_UNARY(al_call_star(top[-1]));
            break;
        case AL_CODE_LOOP: {
            al_loop *loop = al_get_event_loop();

            if (!loop)
                goto raised;
            *top++ = al_take(al_ref(loop));
            break;
        }
        case AL_CODE_VERB: {
            al_value *params = top - al_verb_specs[arg].param_count;
            bool is_over;

            a = may_await_at_once(frame, *next)
                    ? al_verb_await_at_once((al_verb)arg, params)
                    : al_no_value();
            is_over = a.tag != AL_ABSENT;
            if (!is_over)
                a = al_verb_call(vm, (al_verb)arg, params);
            release_values(params, top);
            top = params;
            if (a.tag == AL_ABSENT)
                goto raised;
            if (is_over) {
                next++;
                vm->keeper.passing = 0;
            }
            PUSH_RESULT(a);
            break;
        }
        case AL_CODE_AITER:
            FINISH_UNARY(async_iterator(vm, top[-1]));
            break;
        case AL_CODE_ANEXT:
            a = async_next(vm, top[-1]);
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_END_ASYNC_FOR:
            if (!al_exception_is((al_exception *)top[-1].as.object,
                                 &al_StopAsyncIteration)) {
                al_raise_take((al_exception *)(*--top).as.object);
                goto reraised;
            }
            al_value_release(*--top);
            break;
        case AL_CODE_YIELD:
            return suspend(vm, frame, top - 1, AL_LEFT_YIELDING, top[-1]);
        case AL_CODE_AWAIT:
            a = top[-1];
            if (!al_is(a, &al_coroutine_type) && !al_is_awaitable(a)) {
                al_raise(&al_TypeError, "'%s' object can't be awaited",
                         al_value_full_type_name(a));
                goto raised;
            }
            top--;
            if (can_await_inside(frame, a)) {
                al_step step;

                frame->top = top;
                step = al_coroutine_await_inside(
                    frame->of, (al_coroutine *)a.as.object);
                if (step.kind == AL_STEP_RAISE)
                    goto raised;
                a = al_step_value(step);
                if (step.kind == AL_STEP_RETURN) {
                    vm->keeper.passing = 0;
                    PUSH_RESULT(a);
                    break;
                }
            }
            return suspend(vm, frame, top, AL_LEFT_AWAITING, a);
        case AL_CODE_RETURN:
        case AL_CODE_RETURN_NONE: {
            bool is_entry = frame->is_entry;
            al_frame *caller = frame->caller;

            a = al_instruction_op(word) == AL_CODE_RETURN ? *--top : al_none();
            frame->top = top;
            vm->frame = caller;
            vm->depth--;
            al_frame_free(frame);
            if (is_entry) {
                vm->left = AL_LEFT_FOR_GOOD;
                return a;
            }
            frame = caller;
            *frame->top++ = a;
            goto enter_frame;
        }
        case AL_CODE_RAISE:
            a = *--top;
            raise_value(vm, a);
            al_value_release(a);
            vm->keeper.passing = 0;
            goto raised;
        case AL_CODE_RAISE_FROM:
            raise_from(vm, top[-2], top[-1]);
            release_values(top - 2, top);
            top -= 2;
            vm->keeper.passing = 0;
            goto raised;
        case AL_CODE_RAISE_AGAIN: {
            al_exception *handled = al_frame_peek_handled(frame);

            if (!handled) {
                al_raise(&al_RuntimeError,
                         "No active exception to reraise");
                goto raised;
            }
            al_raise_take(al_ref(handled));
            goto reraised;
        }
        case AL_CODE_RERAISE:
            al_raise_take((al_exception *)(*--top).as.object);
            goto reraised;
        case AL_CODE_ASSERT:
            raise_assertion(arg ? top - 1 : NULL);
            release_values(top - arg, top);
            top -= arg;
            goto raised;
        case AL_CODE_MATCH: {
            int result =
                al_exception_matches(vm, (al_exception *)top[-2].as.object,
                                     top[-1]);

            al_value_release(*--top);
            if (result < 0)
                goto raised;
            *top++ = al_bool(result > 0);
            break;
        }
        case AL_CODE_STAR_BEGIN:
            top[0] = al_take(al_list_new(vm, NULL, 0));
            top[1] = al_value_dup(top[-1]);
            top += 2;
            break;
        case AL_CODE_STAR_MATCH:
            FINISH_UNARY(al_star_match(vm, &top[-2], top[-1]));
            break;
        case AL_CODE_STAR_RAISED: /* the stack's reference goes to the list */
            a = top[-1];
            al_value_release(top[-2]);
            top -= 2;
            if (!al_list_take(vm, al_list_peek(top[-2]), a))
                goto raised;
            break;
        case AL_CODE_STAR_END:
            FINISH_BINARY(al_star_end(vm, top[-3], top[-2], top[-1]));
            break;
        case AL_CODE_ENTER:
            a = enter(vm, top[-1]);
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_ENTER_ASYNC:
            a = enter_async(vm, top[-1]);
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_EXIT_ASYNC:
            FINISH_UNARY(leave_async(vm, top[-1], al_none()));
            break;
        case AL_CODE_EXIT_ASYNC_RAISED:
            a = leave_async(vm, top[-2], top[-1]);
            if (a.tag == AL_ABSENT)
                goto raised;
            *top++ = a;
            break;
        case AL_CODE_EXIT: {
            bool ok = leave(vm, top[-1], al_none());

            al_value_release(*--top);
            if (!ok)
                goto raised;
            break;
        }
        case AL_CODE_EXIT_RAISED:
            if (!leave(vm, top[-2], top[-1]))
                goto raised;
            break;
        case AL_CODE_COUNT:
        default: /* the compiler makes no other: no need to check for it */
            __builtin_unreachable();
        }
        continue;

    raised:
        al_vm_chain_context(vm, al_peek_raised());
        add_place(vm, al_peek_raised(), frame);
    reraised: /* the exception has been here before */
        frame->top = top;
        frame = unwind(vm, frame);
        if (!frame)
            return al_no_value();
        goto enter_frame;
    }
}

al_value al_vm_run_frame(al_vm *vm, al_frame *frame)
{
    vm->keeper.passing = 0;
    return run(vm, frame, false);
}

al_value al_vm_go_on(al_vm *vm, al_frame *frame, bool raises)
{
    return run(vm, frame, raises);
}
