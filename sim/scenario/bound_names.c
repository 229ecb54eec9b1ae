/* bound_names.c - see bound_names.h. */
#include "sim/scenario/bound_names.h"

static void visit_target(const al_expr *target, al_name_visitor *visit,
                         void *self)
{
    if (!target)
        return;
    if (target->kind == AL_EXPR_NAME)
        visit(self, target->as.name, false);
    if (target->kind == AL_EXPR_TUPLE) {
        for (size_t i = 0; i < target->as.items.count; i++)
            visit_target(target->as.items.items[i], visit, self);
    }
}

static void visit_try(const al_stmt *s, al_name_visitor *visit, void *self)
{
    al_visit_names(&s->as.attempt.body, visit, self);
    for (size_t i = 0; i < s->as.attempt.handler_count; i++) {
        if (s->as.attempt.handlers[i].name)
            visit(self, s->as.attempt.handlers[i].name, false);
        al_visit_names(&s->as.attempt.handlers[i].body, visit, self);
    }
    al_visit_names(&s->as.attempt.otherwise, visit, self);
    al_visit_names(&s->as.attempt.finally, visit, self);
}

static void visit_stmt(const al_stmt *s, al_name_visitor *visit, void *self)
{
    switch (s->kind) {
    case AL_STMT_EXPR:
    case AL_STMT_LET:
        visit_target(s->as.expr.target, visit, self);
        break;
    case AL_STMT_GLOBAL:
        for (size_t i = 0; i < s->as.global.count; i++)
            visit(self, s->as.global.names[i], true);
        break;
    case AL_STMT_IF:
    case AL_STMT_WHILE:
        al_visit_names(&s->as.branch.then, visit, self);
        al_visit_names(&s->as.branch.otherwise, visit, self);
        break;
    case AL_STMT_FOR:
        visit_target(s->as.loop.target, visit, self);
        al_visit_names(&s->as.loop.body, visit, self);
        al_visit_names(&s->as.loop.otherwise, visit, self);
        break;
    case AL_STMT_TRY:
        visit_try(s, visit, self);
        break;
    case AL_STMT_WITH:
        visit_target(s->as.with.target, visit, self);
        al_visit_names(&s->as.with.body, visit, self);
        break;
    case AL_STMT_BREAK:
    case AL_STMT_CONTINUE:
    case AL_STMT_PASS:
    case AL_STMT_RAISE:
    case AL_STMT_RETURN:
    case AL_STMT_ASSERT:
        break;
    }
}

void al_visit_names(const al_block *block, al_name_visitor *visit, void *self)
{
    for (size_t i = 0; i < block->count; i++)
        visit_stmt(block->items[i], visit, self);
}
