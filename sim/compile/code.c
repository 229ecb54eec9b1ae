/* code.c - code objects: their end, and their text. */
#include "sim/compile/code.h"

#include "loop/base/alloc.h"

#define OPCODE_NAME(NAME, name, argument, effect) #name,
static const char *const names[AL_CODE_COUNT] = {AL_OPCODES(OPCODE_NAME)};
#undef OPCODE_NAME

#define OPCODE_EFFECT(NAME, name, argument, effect) effect,
const signed char al_opcode_effects[AL_CODE_COUNT] = {
    AL_OPCODES(OPCODE_EFFECT)
};
#undef OPCODE_EFFECT

#define OPCODE_ARGUMENT(NAME, name, argument, effect) AL_ARG_##argument,
static const al_argument arguments[AL_CODE_COUNT] = {
    AL_OPCODES(OPCODE_ARGUMENT)
};
#undef OPCODE_ARGUMENT

void al_code_release(al_code *code)
{
    for (size_t i = 0; i < code->constant_count; i++)
        al_value_release(code->constants[i]);
    for (size_t i = 0; i < code->named_call_count; i++)
        al_free((void *)code->named_calls[i].keywords);
    al_free(code->constants);
    al_free(code->named_calls);
    al_free(code->instructions);
    al_free(code->lines);
    al_free(code->regions);
    al_free((void *)code->local_names);
}

static void add_argument(const al_code *code, al_instruction i, al_text *out)
{
    uint32_t arg = al_instruction_arg(i);

    switch (arguments[al_instruction_op(i)]) {
    case AL_ARG_NOTHING:
        break;
    case AL_ARG_CONSTANT:
        al_text_add_char(out, ' ');
        al_value_repr(code->constants[arg], out);
        break;
    case AL_ARG_LOCAL:
        al_text_add_format(out, " %s", code->local_names[arg]);
        break;
    case AL_ARG_OPERATOR:
        al_text_add_format(out, " %s", al_operator_text[arg]);
        break;
    case AL_ARG_VERB:
        al_text_add_format(out, " %s", al_verb_specs[arg].name);
        break;
    case AL_ARG_TARGET:
        al_text_add_format(out, " -> %u", arg);
        break;
    case AL_ARG_GLOBAL:
    case AL_ARG_NAME:
    case AL_ARG_COUNT:
    case AL_ARG_KEYWORDS:
        al_text_add_format(out, " %u", arg);
        break;
    }
}

void al_code_disassemble(const al_code *code, al_text *out)
{
    al_text_add_format(out, "%s:\n", code->name);
    for (size_t i = 0; i < code->count; i++) {
        al_opcode op = al_instruction_op(code->instructions[i]);

        al_text_add_format(out, "%5d %4zu %s", code->lines[i], i,
                           names[op]);
        add_argument(code, code->instructions[i], out);
        al_text_add_char(out, '\n');
    }
    for (size_t i = 0; i < code->region_count; i++) {
        const al_region *r = &code->regions[i];

        al_text_add_format(out, "      %u..%u ", r->first, r->end);
        if (r->target == AL_NO_TARGET)
            al_text_add_format(out, "handles stack[%u]\n", r->depth);
        else
            al_text_add_format(out, "-> %u, stack %u\n", r->target, r->depth);
    }
}
