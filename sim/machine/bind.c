/* bind.c - see bind.h: functions of the script's, and what is said. */
#include "sim/machine/bind.h"

#include <string.h>
#include "sim/machine/machine.h"
#include "loop/base/suggestion.h"

/* -- what is wrong -------------------------------------------------------- */

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

bool al_raise_missing(const char *function, const char *const *names,
                      size_t count)
{
    al_text text = {0};

    add_quoted_names(names, count, &text);
    al_raise(&al_TypeError, "%s() missing %zu required positional argument%s: "
             "%s", function, count, count == 1 ? "" : "s", text.bytes);
    al_text_release(&text);
    return false;
}

bool al_raise_unexpected(const char *function, const char *keyword,
                         const char *const *known, size_t count)
{
    const char *near = al_suggestion_find(keyword, known, count);

    if (near)
        return al_raise(&al_TypeError, "%s() got an unexpected keyword "
                        "argument '%s'. Did you mean '%s'?", function, keyword,
                        near);
    return al_raise(&al_TypeError,
                    "%s() got an unexpected keyword argument '%s'", function,
                    keyword);
}

bool al_raise_given_twice(const char *function, const char *keyword)
{
    return al_raise(&al_TypeError,
                    "%s() got multiple values for argument '%s'", function,
                    keyword);
}

/* -- the parameters of a script function ---------------------------------- */

static bool check_missing(const al_code *code, const al_value *slots)
{
    const char **missing = al_alloc((code->param_count + 1) * sizeof(char *));
    size_t count = 0;

    for (size_t i = 0; i < code->param_count; i++) {
        if (slots[i].tag == AL_ABSENT)
            missing[count++] = code->local_names[i];
    }
    if (count)
        al_raise_missing(code->name, missing, count);
    al_free((void *)missing);
    return count == 0;
}

/* Into **kwargs, where the function has it. */
static bool keep_keyword(al_vm *vm, const al_code *code, al_value *slots,
                         const char *name, al_value value)
{
    if (!code->has_keywords)
        return al_raise_unexpected(code->name, name, code->local_names,
                                   code->param_count);
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
            return al_raise_given_twice(code->name, name);
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

bool al_bind_frame(al_vm *vm, al_frame *frame, const al_args *args)
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
