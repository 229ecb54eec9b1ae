/* compile.c - functions, names, instructions, regions.
 *
 * One pass over the tree.  Jumps name labels until the function is done;
 * then labels become positions.  Names are resolved as Python does: one
 * that a function binds is local in all of it, unless declared global. */
#include "sim/compile/compile.h"

#include "sim/compile/compiler.h"
#include "sim/scenario/bound_names.h"

/* -- emitting ----------------------------------------------------------- */

static int varying_effect(const al_compiler *c, al_opcode op, uint32_t arg)
{
    const al_named_call *call;

    switch (op) {
    case AL_CODE_TUPLE:
    case AL_CODE_LIST:
    case AL_CODE_JOIN:
        return 1 - (int)arg;
    case AL_CODE_DICT_ADD:
        return -2 * (int)arg;
    case AL_CODE_UNPACK:
        return (int)arg - 1;
    case AL_CODE_CALL:
        return -1 - (int)arg;
    case AL_CODE_CALL_NAMED:
        call = &c->code->named_calls[arg];
        return -1 - (int)al_named_call_size(call);
    case AL_CODE_VERB:
        return 1 - (int)al_verb_specs[arg].param_count;
    case AL_CODE_ASSERT:
        return -(int)arg;
    default:
        return 0;
    }
}

static void move_stack(al_compiler *c, int effect)
{
    c->depth = (uint32_t)((int)c->depth + effect);
    if (c->depth > c->code->stack_size)
        c->code->stack_size = c->depth;
}

void al_emit(al_compiler *c, al_opcode op, uint32_t arg)
{
    al_code *code = c->code;
    int effect = al_opcode_effects[op];

    code->instructions = al_grow(code->instructions, &c->instruction_capacity,
                                 code->count + 1, sizeof(al_instruction));
    code->lines = al_grow(code->lines, &c->line_capacity, code->count + 1,
                          sizeof *code->lines);
    code->instructions[code->count] = al_instruction_make(op, arg);
    code->lines[code->count++] = c->line;
    move_stack(c, effect == AL_EFFECT_VARIES ? varying_effect(c, op, arg)
                                             : effect);
}

/* Is there such a constant among the last few? */
static bool find_constant(const al_code *code, al_value constant, uint32_t *at)
{
    size_t count = code->constant_count;

    for (size_t i = count; i > 0 && i + 16 > count; i--) {
        al_value other = code->constants[i - 1];

        if (al_value_same(other, constant) ||
            (al_str_peek(constant) && al_value_equal(other, constant))) {
            *at = (uint32_t)(i - 1);
            return true;
        }
    }
    return false;
}

void al_emit_const(al_compiler *c, al_value constant)
{
    al_code *code = c->code;
    uint32_t at;

    if (find_constant(code, constant, &at)) {
        al_value_release(constant);
    } else {
        code->constants = al_grow(code->constants, &c->constant_capacity,
                                  code->constant_count + 1,
                                  sizeof *code->constants);
        at = (uint32_t)code->constant_count++;
        code->constants[at] = constant;
    }
    al_emit(c, AL_CODE_CONST, at);
}

uint32_t al_label(al_compiler *c)
{
    c->labels = al_grow(c->labels, &c->label_capacity, c->label_count + 1,
                        sizeof *c->labels);
    return (uint32_t)c->label_count++;
}

void al_label_here(al_compiler *c, uint32_t label)
{
    c->labels[label] = (uint32_t)c->code->count;
}

void al_raised_here(al_compiler *c, uint32_t depth)
{
    c->depth = depth;
    move_stack(c, 1);
}

/* -- names -------------------------------------------------------------- */

uint32_t al_attribute_index(al_compiler *c, const char *text)
{
    al_vm *vm = c->vm;
    size_t at = al_name_map_add(&c->names->attributes, text)->index;

    if (at == vm->name_count) {
        vm->names = al_grow(vm->names, &c->names->attribute_capacity, at + 1,
                            sizeof *vm->names);
        vm->names[vm->name_count++] = (al_name){.text = text};
    }
    return (uint32_t)at;
}

static bool find_global(const al_compiler *c, const char *name, uint32_t *at)
{
    const al_name_entry *entry = al_name_map_find(&c->names->globals, name);

    if (entry)
        *at = (uint32_t)entry->index;
    return entry;
}

static uint32_t global_index(al_compiled_names *names, const char *name)
{
    al_vm *vm = names->vm;
    size_t at = al_name_map_add(&names->globals, name)->index;

    if (at == vm->global_count) {
        vm->global_names = al_grow((void *)vm->global_names,
                                   &names->global_capacity, at + 1,
                                   sizeof *vm->global_names);
        vm->global_names[vm->global_count++] = name;
    }
    return (uint32_t)at;
}

static bool find_local(const al_compiler *c, const char *name, uint32_t *at)
{
    const al_name_entry *entry = al_name_map_find(&c->own, name);

    if (!entry || !(entry->flags & AL_COMPILED_LOCAL))
        return false;
    *at = (uint32_t)entry->index;
    return true;
}

static void add_local(al_compiler *c, const char *name)
{
    al_name_entry *entry = al_name_map_add(&c->own, name);
    al_code *code = c->code;

    if (entry->flags)
        return; /* known, or declared global */
    entry->flags = AL_COMPILED_LOCAL;
    entry->index = code->local_count;
    code->local_names = al_grow((void *)code->local_names, &c->local_capacity,
                                code->local_count + 1, sizeof(char *));
    ((const char **)code->local_names)[code->local_count++] = name;
}

void al_emit_load(al_compiler *c, const char *name)
{
    al_value builtin;
    uint32_t at;

    if (find_local(c, name, &at)) {
        al_emit(c, AL_CODE_LOAD_LOCAL, at);
    } else if (find_global(c, name, &at)) {
        al_emit(c, AL_CODE_LOAD_GLOBAL, at);
    } else {
        builtin = al_builtin_find(c->vm, name);
        if (builtin.tag != AL_ABSENT)
            al_emit_const(c, builtin);
        else /* found nowhere: a NameError when it runs */
            al_emit(c, AL_CODE_LOAD_GLOBAL, global_index(c->names, name));
    }
}

void al_emit_store(al_compiler *c, const char *name)
{
    uint32_t at;

    if (find_local(c, name, &at))
        al_emit(c, AL_CODE_STORE_LOCAL, at);
    else
        al_emit(c, AL_CODE_STORE_GLOBAL, global_index(c->names, name));
}

void al_emit_clear(al_compiler *c, const char *name)
{
    uint32_t at;

    if (find_local(c, name, &at))
        al_emit(c, AL_CODE_CLEAR_LOCAL, at);
    else
        al_emit(c, AL_CODE_CLEAR_GLOBAL, global_index(c->names, name));
}

/* -- scopes ------------------------------------------------------------- */

void al_scope_enter(al_compiler *c, al_scope *scope, al_scope_kind kind)
{
    scope->outer = c->scope;
    scope->kind = kind;
    scope->depth = c->depth;
    scope->first = (uint32_t)c->code->count;
    c->scope = scope;
}

/* Scopes are left from the inside out, so the innermost region of a
 * position comes first in the table. */
void al_scope_leave(al_compiler *c)
{
    al_scope *scope = c->scope;
    al_code *code = c->code;
    bool handles = scope->kind == AL_SCOPE_HANDLING;

    c->scope = scope->outer;
    if (scope->kind == AL_SCOPE_LOOP || scope->kind == AL_SCOPE_VALUE ||
        scope->first == code->count)
        return;
    code->regions = al_grow(code->regions, &c->region_capacity,
                            code->region_count + 1, sizeof *code->regions);
    code->regions[code->region_count++] = (al_region){
        .first = scope->first,
        .end = (uint32_t)code->count,
        .target = handles ? AL_NO_TARGET : scope->handler,
        .depth = handles ? scope->depth - 1 : scope->depth,
    };
}

/* -- functions ---------------------------------------------------------- */

static void resolve_labels(al_compiler *c)
{
    al_code *code = c->code;

    for (size_t i = 0; i < code->count; i++) {
        al_instruction word = code->instructions[i];

        switch (al_instruction_op(word)) {
        case AL_CODE_JUMP:
        case AL_CODE_JUMP_BACK:
        case AL_CODE_JUMP_IF_FALSE:
        case AL_CODE_JUMP_IF_TRUE:
        case AL_CODE_AND:
        case AL_CODE_OR:
        case AL_CODE_FOR:
            code->instructions[i] = al_instruction_make(
                al_instruction_op(word), c->labels[al_instruction_arg(word)]);
            break;
        default:
            break;
        }
    }
    for (size_t i = 0; i < code->region_count; i++) {
        if (code->regions[i].target != AL_NO_TARGET)
            code->regions[i].target = c->labels[code->regions[i].target];
    }
}

static void note_global(void *self, const char *name, bool is_global)
{
    al_compiler *c = self;

    if (is_global)
        al_name_map_add(&c->own, name)->flags |= AL_COMPILED_GLOBAL;
}

static void note_local(void *self, const char *name, bool is_global)
{
    if (!is_global)
        add_local(self, name);
}

/* Instead of its body: what calling it does. */
static void raise_too_large(al_compiler *c)
{
    al_value text = al_str_new("the code of the function is too large");

    c->code->count = 0;
    c->code->region_count = 0;
    c->depth = 0;
    al_emit_const(c, al_take(al_exception_new(&al_MemoryError, &text, 1)));
    al_emit(c, AL_CODE_RAISE, 0);
    al_value_release(text);
}

static void compile_body(al_compiler *c, const al_block *body)
{
    al_compile_block(c, body);
    al_emit(c, AL_CODE_RETURN_NONE, 0);
    if (c->is_too_large)
        raise_too_large(c);
    resolve_labels(c);
    al_free(c->labels);
    al_name_map_release(&c->own);
}

/* A body whose names are its own: after its parameters. */
static void compile_scope(al_compiler *c, const al_block *body)
{
    al_visit_names(body, note_global, c);
    al_visit_names(body, note_local, c);
    compile_body(c, body);
}

static al_compiler begin(al_compiled_names *names, al_code *code)
{
    return (al_compiler){.vm = names->vm, .names = names, .code = code,
                         .line = code->place.line};
}

static void compile_function(al_compiled_names *names, al_code *code,
                             const al_function *function)
{
    al_compiler c;

    code->name = function->name;
    code->place = function->place;
    code->is_async = function->is_async;
    code->is_generator = function->is_generator;
    code->param_count = function->param_count;
    code->has_rest = function->has_rest;
    code->has_keywords = function->has_keywords;
    c = begin(names, code);
    for (size_t i = 0; i < al_function_name_count(function); i++)
        add_local(&c, function->params[i]);
    compile_scope(&c, &function->body);
}

static void compile_program(al_compiled_names *names, al_code *code,
                            const al_block *program)
{
    al_compiler c = begin(names, code);

    code->name = "<module>";
    compile_body(&c, program);
}

static void compile_item(al_compiled_names *names, al_code *code,
                         const al_world_item *item)
{
    al_compiler c;

    code->name = item->name ? item->name : "signal";
    code->place = item->place;
    c = begin(names, code);
    compile_scope(&c, &item->body);
}

/* -- the scenario ------------------------------------------------------- */

static void add_global(void *self, const char *name, bool is_global)
{
    (void)is_global;
    global_index(self, name);
}

static void add_declared_global(void *self, const char *name, bool is_global)
{
    if (is_global)
        global_index(self, name);
}

/* Functions come first, then fds: al_vm_new gives them their values. */
static void collect_globals(al_compiled_names *names, const al_scenario *s)
{
    for (size_t i = 0; i < s->function_count; i++)
        global_index(names, s->functions[i].name);
    for (size_t i = 0; i < s->fd_count; i++)
        global_index(names, s->fds[i]);
    al_visit_names(&s->program, add_global, names);
    for (size_t i = 0; i < s->function_count; i++)
        al_visit_names(&s->functions[i].body, add_declared_global, names);
    for (size_t i = 0; i < s->world_count; i++)
        al_visit_names(&s->world[i].body, add_declared_global, names);
}

void al_compile_scenario(al_vm *vm)
{
    const al_scenario *s = vm->scenario;
    al_compiled_names names = {.vm = vm};
    al_code *code;

    collect_globals(&names, s);
    vm->code_count = s->function_count + 1 + s->world_count;
    vm->codes = al_alloc_zero(vm->code_count, sizeof *vm->codes);
    for (size_t i = 0; i < vm->code_count; i++)
        vm->codes[i].vm = vm;
    code = vm->codes;
    for (size_t i = 0; i < s->function_count; i++)
        compile_function(&names, code++, &s->functions[i]);
    compile_program(&names, code++, &s->program);
    for (size_t i = 0; i < s->world_count; i++)
        compile_item(&names, code++, &s->world[i]);
    al_name_map_release(&names.globals);
    al_name_map_release(&names.attributes);
    vm->globals = al_alloc_zero(vm->global_count, sizeof *vm->globals);
}
