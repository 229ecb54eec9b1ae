/* compile_stmt.c - statements, and the ways out of them.
 *
 * A finally body is compiled once for each way through it: falling out of
 * the try, an exception, and every break, continue or return that leaves
 * it.  A piece that runs on the way out belongs no longer to the scopes
 * left so far, so their regions end before it and begin anew after. */
#include "sim/compile/compiler.h"

/* -- leaving scopes ----------------------------------------------------- */

/* Drop the value under the top, or the top itself. */
static void emit_drop(al_compiler *c, bool keeps_top)
{
    if (keeps_top)
        al_emit(c, AL_CODE_SWAP, 0);
    al_emit(c, AL_CODE_POP, 0);
}

/* manager -- : await its __aexit__, whose result is of no interest. */
static void emit_exit_async(al_compiler *c)
{
    al_emit(c, AL_CODE_EXIT_ASYNC, 0);
    al_emit(c, AL_CODE_AWAIT, 0);
    al_emit(c, AL_CODE_POP, 0);
}

/* What must happen when break, continue or return leaves the scope, which
 * is no longer the compiler's.  With keeps_top a return value is on top. */
static void emit_leave(al_compiler *c, const al_scope *scope, bool keeps_top)
{
    al_scope value = {0};

    switch (scope->kind) {
    case AL_SCOPE_LOOP:
        if (scope->is_for)
            emit_drop(c, keeps_top);
        break;
    case AL_SCOPE_TRY:
        break;
    case AL_SCOPE_FINALLY:
        if (keeps_top)
            al_scope_enter(c, &value, AL_SCOPE_VALUE);
        al_compile_block(c, scope->finally);
        if (keeps_top)
            al_scope_leave(c);
        break;
    case AL_SCOPE_WITH:
        if (keeps_top)
            al_emit(c, AL_CODE_SWAP, 0);
        al_emit(c, AL_CODE_EXIT, 0);
        break;
    case AL_SCOPE_ASYNC_WITH:
        if (keeps_top)
            al_emit(c, AL_CODE_SWAP, 0);
        emit_exit_async(c);
        break;
    case AL_SCOPE_NAME:
        al_emit_clear(c, scope->name);
        break;
    case AL_SCOPE_HANDLING:
    case AL_SCOPE_VALUE:
        emit_drop(c, keeps_top);
        break;
    }
}

static void leave_until(al_compiler *c, const al_scope *outermost,
                        bool keeps_top)
{
    while (c->scope != outermost) {
        const al_scope *scope = c->scope;

        al_scope_leave(c);
        emit_leave(c, scope, keeps_top);
    }
}

/* After the jump away: the code that follows is inside again. */
static void reenter(al_compiler *c, al_scope *innermost,
                    const al_scope *outermost, uint32_t depth)
{
    c->scope = innermost;
    c->depth = depth;
    for (al_scope *s = innermost; s != outermost; s = s->outer)
        s->first = (uint32_t)c->code->count;
}

static void compile_return(al_compiler *c, const al_stmt *s)
{
    al_scope *innermost = c->scope;
    uint32_t depth = c->depth;

    if (s->as.expr.value)
        al_compile_expr(c, s->as.expr.value);
    else
        al_emit_const(c, al_none());
    leave_until(c, NULL, true);
    al_emit(c, AL_CODE_RETURN, 0);
    reenter(c, innermost, NULL, depth);
}

static al_scope *innermost_loop(const al_compiler *c)
{
    al_scope *scope = c->scope;

    while (scope->kind != AL_SCOPE_LOOP)
        scope = scope->outer;
    return scope;
}

static void compile_break(al_compiler *c)
{
    al_scope *innermost = c->scope;
    al_scope *loop = innermost_loop(c);
    uint32_t depth = c->depth;

    leave_until(c, loop->outer, false);
    al_emit(c, AL_CODE_JUMP, loop->end);
    reenter(c, innermost, loop->outer, depth);
}

static void compile_continue(al_compiler *c)
{
    al_scope *innermost = c->scope;
    al_scope *loop = innermost_loop(c);
    uint32_t depth = c->depth;

    leave_until(c, loop, false);
    al_emit(c, AL_CODE_JUMP_BACK, loop->next);
    reenter(c, innermost, loop, depth);
}

/* -- assignment --------------------------------------------------------- */

static void compile_store(al_compiler *c, const al_expr *target)
{
    switch (target->kind) {
    case AL_EXPR_NAME:
        al_emit_store(c, target->as.name);
        break;
    case AL_EXPR_ATTRIBUTE:
        al_compile_expr(c, target->as.attribute.object);
        al_emit(c, AL_CODE_STORE_ATTRIBUTE,
                al_attribute_index(c, target->as.attribute.name));
        break;
    case AL_EXPR_SUBSCRIPT:
        al_compile_expr(c, target->as.subscript.object);
        al_compile_expr(c, target->as.subscript.index);
        al_emit(c, AL_CODE_STORE_SUBSCRIPT, 0);
        break;
    default: /* a tuple */
        al_emit(c, AL_CODE_UNPACK, (uint32_t)target->as.items.count);
        for (size_t i = 0; i < target->as.items.count; i++)
            compile_store(c, target->as.items.items[i]);
        break;
    }
}

static void compile_assign(al_compiler *c, const al_stmt *s)
{
    al_compile_expr(c, s->as.expr.value);
    if (s->as.expr.target)
        compile_store(c, s->as.expr.target);
    else
        al_emit(c, AL_CODE_POP, 0);
}

/* -- branches and loops ------------------------------------------------- */

static void compile_if(al_compiler *c, const al_stmt *s)
{
    uint32_t otherwise = al_label(c);
    uint32_t end = al_label(c);

    al_compile_expr(c, s->as.branch.test);
    al_emit(c, AL_CODE_JUMP_IF_FALSE, otherwise);
    al_compile_block(c, &s->as.branch.then);
    if (s->as.branch.otherwise.count)
        al_emit(c, AL_CODE_JUMP, end);
    al_label_here(c, otherwise);
    al_compile_block(c, &s->as.branch.otherwise);
    al_label_here(c, end);
}

static void compile_while(al_compiler *c, const al_stmt *s)
{
    uint32_t otherwise = al_label(c);
    al_scope loop = {.next = al_label(c), .end = al_label(c)};

    al_label_here(c, loop.next);
    al_compile_expr(c, s->as.branch.test);
    al_emit(c, AL_CODE_JUMP_IF_FALSE, otherwise);
    al_scope_enter(c, &loop, AL_SCOPE_LOOP);
    al_compile_block(c, &s->as.branch.then);
    al_scope_leave(c);
    al_emit(c, AL_CODE_JUMP_BACK, loop.next);
    al_label_here(c, otherwise);
    al_compile_block(c, &s->as.branch.otherwise);
    al_label_here(c, loop.end);
}

static void compile_for(al_compiler *c, const al_stmt *s)
{
    uint32_t otherwise = al_label(c);
    al_scope loop = {.is_for = true};

    loop.next = al_label(c);
    loop.end = al_label(c);
    al_compile_expr(c, s->as.loop.iterable);
    al_emit(c, AL_CODE_ITER, 0);
    al_label_here(c, loop.next);
    al_emit(c, AL_CODE_FOR, otherwise);
    compile_store(c, s->as.loop.target);
    al_scope_enter(c, &loop, AL_SCOPE_LOOP);
    al_compile_block(c, &s->as.loop.body);
    al_scope_leave(c);
    al_emit(c, AL_CODE_JUMP_BACK, loop.next);
    al_label_here(c, otherwise);
    al_emit(c, AL_CODE_POP, 0);
    al_compile_block(c, &s->as.loop.otherwise);
    al_label_here(c, loop.end);
}

/* The end is StopAsyncIteration, out of the await of the next item. */
static void compile_async_for(al_compiler *c, const al_stmt *s)
{
    al_scope loop = {.is_for = true};
    al_scope next = {.handler = al_label(c)};

    loop.next = al_label(c);
    loop.end = al_label(c);
    al_compile_expr(c, s->as.loop.iterable);
    al_emit(c, AL_CODE_AITER, 0);
    al_label_here(c, loop.next);
    al_scope_enter(c, &next, AL_SCOPE_TRY);
    al_emit(c, AL_CODE_ANEXT, 0);
    al_emit(c, AL_CODE_AWAIT, 0);
    al_scope_leave(c);
    compile_store(c, s->as.loop.target);
    al_scope_enter(c, &loop, AL_SCOPE_LOOP);
    al_compile_block(c, &s->as.loop.body);
    al_scope_leave(c);
    al_emit(c, AL_CODE_JUMP_BACK, loop.next);
    al_label_here(c, next.handler);
    al_raised_here(c, next.depth);
    al_emit(c, AL_CODE_END_ASYNC_FOR, 0);
    al_emit(c, AL_CODE_POP, 0);
    al_compile_block(c, &s->as.loop.otherwise);
    al_label_here(c, loop.end);
}

/* -- try ---------------------------------------------------------------- */

/* The exception is on top; control goes on at `end`, or the next clause. */
static void compile_except(al_compiler *c, const al_except *clause,
                           uint32_t end)
{
    al_scope name = {.name = clause->name};
    uint32_t depth = c->depth;

    if (clause->name) {
        al_emit(c, AL_CODE_DUP, 0);
        al_emit_store(c, clause->name);
        name.handler = al_label(c);
        al_scope_enter(c, &name, AL_SCOPE_NAME);
    }
    al_compile_block(c, &clause->body);
    if (clause->name) {
        al_scope_leave(c);
        al_emit_clear(c, clause->name);
    }
    al_emit(c, AL_CODE_POP, 0);
    al_emit(c, AL_CODE_JUMP, end);
    if (clause->name) {
        al_label_here(c, name.handler);
        al_raised_here(c, depth);
        al_emit_clear(c, clause->name);
        al_emit(c, AL_CODE_RERAISE, 0);
    }
    c->depth = depth;
}

static void compile_clauses(al_compiler *c, const al_stmt *s, uint32_t end)
{
    for (size_t i = 0; i < s->as.attempt.handler_count; i++) {
        const al_except *clause = &s->as.attempt.handlers[i];
        uint32_t next = al_label(c);

        c->line = clause->place.line;
        if (clause->type) {
            al_compile_expr(c, clause->type);
            al_emit(c, AL_CODE_MATCH, 0);
            al_emit(c, AL_CODE_JUMP_IF_FALSE, next);
        }
        compile_except(c, clause, end);
        al_label_here(c, next);
    }
}

/* a -- a, and a jump where it is None. */
static void emit_jump_if_none(al_compiler *c, uint32_t target)
{
    al_emit(c, AL_CODE_DUP, 0);
    al_emit_const(c, al_none());
    al_emit(c, AL_CODE_COMPARE, AL_OP_IS);
    al_emit(c, AL_CODE_JUMP_IF_TRUE, target);
}

/* The caught part is on top; what the body raises joins what others have. */
static void compile_star_body(al_compiler *c, const al_except *clause,
                              uint32_t next)
{
    al_scope body = {.handler = al_label(c)};
    al_scope handling = {0};

    al_scope_enter(c, &body, AL_SCOPE_TRY);
    al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
    if (clause->name) {
        al_emit(c, AL_CODE_DUP, 0);
        al_emit_store(c, clause->name);
    }
    al_compile_block(c, &clause->body);
    al_scope_leave(c);
    al_scope_leave(c);
    if (clause->name)
        al_emit_clear(c, clause->name);
    al_emit(c, AL_CODE_POP, 0);
    al_emit(c, AL_CODE_JUMP, next);
    al_label_here(c, body.handler);
    al_raised_here(c, body.depth);
    if (clause->name)
        al_emit_clear(c, clause->name);
    al_emit(c, AL_CODE_STAR_RAISED, 0);
    al_emit(c, AL_CODE_JUMP, next);
    c->depth = body.depth;
}

static void compile_star_clauses(al_compiler *c, const al_stmt *s)
{
    for (size_t i = 0; i < s->as.attempt.handler_count; i++) {
        const al_except *clause = &s->as.attempt.handlers[i];
        uint32_t nothing = al_label(c);
        uint32_t next = al_label(c);

        c->line = clause->place.line;
        al_compile_expr(c, clause->type);
        al_emit(c, AL_CODE_STAR_MATCH, 0);
        emit_jump_if_none(c, nothing);
        compile_star_body(c, clause, next);
        al_label_here(c, nothing);
        al_emit(c, AL_CODE_POP, 0);
        al_label_here(c, next);
    }
}

/* The exception is on top.  Every clause takes its part of it; what is left,
 * and what they raised, goes on together. */
static void compile_star(al_compiler *c, const al_stmt *s, uint32_t end)
{
    al_scope handling = {0};
    uint32_t all_caught = al_label(c);

    al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
    al_emit(c, AL_CODE_STAR_BEGIN, 0);
    compile_star_clauses(c, s);
    al_emit(c, AL_CODE_STAR_END, 0);
    al_scope_leave(c);
    emit_jump_if_none(c, all_caught);
    al_emit(c, AL_CODE_RERAISE, 0);
    c->depth = handling.depth + 1;
    al_label_here(c, all_caught);
    al_emit(c, AL_CODE_POP, 0);
    al_emit(c, AL_CODE_POP, 0);
    al_emit(c, AL_CODE_JUMP, end);
}

static void compile_try_except(al_compiler *c, const al_stmt *s)
{
    al_scope body = {.handler = al_label(c)};
    al_scope handling = {0};
    uint32_t end = al_label(c);
    uint32_t depth = c->depth;

    al_scope_enter(c, &body, AL_SCOPE_TRY);
    al_compile_block(c, &s->as.attempt.body);
    al_scope_leave(c);
    al_compile_block(c, &s->as.attempt.otherwise);
    al_emit(c, AL_CODE_JUMP, end);
    al_label_here(c, body.handler);
    al_raised_here(c, depth);
    if (s->as.attempt.is_star) {
        compile_star(c, s, end);
    } else {
        al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
        compile_clauses(c, s, end);
        al_emit(c, AL_CODE_RERAISE, 0);
        al_scope_leave(c);
    }
    c->depth = depth;
    al_label_here(c, end);
}

/* The part of a try statement that its finally clause covers. */
static void compile_covered(al_compiler *c, const al_stmt *s)
{
    if (s->as.attempt.handler_count) {
        compile_try_except(c, s);
    } else {
        al_compile_block(c, &s->as.attempt.body);
        al_compile_block(c, &s->as.attempt.otherwise);
    }
}

static void compile_try_finally(al_compiler *c, const al_stmt *s)
{
    al_scope body = {.handler = al_label(c)};
    al_scope handling = {0};
    uint32_t end = al_label(c);
    uint32_t depth = c->depth;

    body.finally = &s->as.attempt.finally;
    al_scope_enter(c, &body, AL_SCOPE_FINALLY);
    compile_covered(c, s);
    al_scope_leave(c);
    al_compile_block(c, &s->as.attempt.finally);
    al_emit(c, AL_CODE_JUMP, end);
    al_label_here(c, body.handler);
    al_raised_here(c, depth);
    al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
    al_compile_block(c, &s->as.attempt.finally);
    al_scope_leave(c);
    al_emit(c, AL_CODE_RERAISE, 0);
    c->depth = depth;
    al_label_here(c, end);
}

static void compile_try(al_compiler *c, const al_stmt *s)
{
    if (s->as.attempt.finally.count)
        compile_try_finally(c, s);
    else
        compile_covered(c, s);
}

static void compile_with(al_compiler *c, const al_stmt *s)
{
    al_scope body = {.handler = al_label(c)};
    al_scope handling = {0};
    uint32_t end = al_label(c);

    al_compile_expr(c, s->as.with.manager);
    al_emit(c, AL_CODE_ENTER, 0);
    if (s->as.with.target)
        compile_store(c, s->as.with.target);
    else
        al_emit(c, AL_CODE_POP, 0);
    al_scope_enter(c, &body, AL_SCOPE_WITH);
    al_compile_block(c, &s->as.with.body);
    al_scope_leave(c);
    c->line = s->place.line;
    al_emit(c, AL_CODE_EXIT, 0);
    al_emit(c, AL_CODE_JUMP, end);
    al_label_here(c, body.handler);
    al_raised_here(c, body.depth);
    al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
    al_emit(c, AL_CODE_EXIT_RAISED, 0);
    al_scope_leave(c);
    al_emit(c, AL_CODE_RERAISE, 0);
    c->depth = body.depth - 1;
    al_label_here(c, end);
}

/* What __aexit__ says of an exception decides where it goes on: a true value
 * swallows it. */
static void compile_async_handler(al_compiler *c, const al_scope *body)
{
    al_scope handling = {0};
    uint32_t swallowed = al_label(c);

    al_label_here(c, body->handler);
    al_raised_here(c, body->depth);
    al_scope_enter(c, &handling, AL_SCOPE_HANDLING);
    al_emit(c, AL_CODE_EXIT_ASYNC_RAISED, 0);
    al_emit(c, AL_CODE_AWAIT, 0);
    al_emit(c, AL_CODE_JUMP_IF_TRUE, swallowed);
    al_scope_leave(c);
    al_emit(c, AL_CODE_RERAISE, 0);
    c->depth = body->depth + 1;
    al_label_here(c, swallowed);
    al_emit(c, AL_CODE_POP, 0);
    al_emit(c, AL_CODE_POP, 0);
}

static void compile_async_with(al_compiler *c, const al_stmt *s)
{
    al_scope body = {.handler = al_label(c)};
    uint32_t end = al_label(c);

    al_compile_expr(c, s->as.with.manager);
    al_emit(c, AL_CODE_ENTER_ASYNC, 0);
    al_emit(c, AL_CODE_AWAIT, 0);
    if (s->as.with.target)
        compile_store(c, s->as.with.target);
    else
        al_emit(c, AL_CODE_POP, 0);
    al_scope_enter(c, &body, AL_SCOPE_ASYNC_WITH);
    al_compile_block(c, &s->as.with.body);
    al_scope_leave(c);
    c->line = s->place.line;
    emit_exit_async(c);
    al_emit(c, AL_CODE_JUMP, end);
    compile_async_handler(c, &body);
    al_label_here(c, end);
}

/* -- raising ------------------------------------------------------------ */

static void compile_raise(al_compiler *c, const al_stmt *s)
{
    if (!s->as.raise.value) {
        al_emit(c, AL_CODE_RAISE_AGAIN, 0);
        return;
    }
    al_compile_expr(c, s->as.raise.value);
    if (s->as.raise.has_cause) {
        if (s->as.raise.cause)
            al_compile_expr(c, s->as.raise.cause);
        else
            al_emit_const(c, al_none());
        al_emit(c, AL_CODE_RAISE_FROM, 0);
    } else {
        al_emit(c, AL_CODE_RAISE, 0);
    }
}

static void compile_assert(al_compiler *c, const al_stmt *s)
{
    uint32_t end = al_label(c);
    bool has_message = s->as.assertion.message != NULL;

    al_compile_expr(c, s->as.assertion.test);
    al_emit(c, AL_CODE_JUMP_IF_TRUE, end);
    if (has_message)
        al_compile_expr(c, s->as.assertion.message);
    al_emit(c, AL_CODE_ASSERT, has_message);
    al_label_here(c, end);
}

/* -- all of them -------------------------------------------------------- */

static void compile_stmt(al_compiler *c, const al_stmt *s)
{
    c->line = s->place.line;
    switch (s->kind) {
    case AL_STMT_EXPR:
    case AL_STMT_LET:
        compile_assign(c, s);
        break;
    case AL_STMT_GLOBAL:
    case AL_STMT_PASS:
        break;
    case AL_STMT_IF:
        compile_if(c, s);
        break;
    case AL_STMT_WHILE:
        compile_while(c, s);
        break;
    case AL_STMT_FOR:
        (s->as.loop.is_async ? compile_async_for : compile_for)(c, s);
        break;
    case AL_STMT_BREAK:
        compile_break(c);
        break;
    case AL_STMT_CONTINUE:
        compile_continue(c);
        break;
    case AL_STMT_TRY:
        compile_try(c, s);
        break;
    case AL_STMT_RAISE:
        compile_raise(c, s);
        break;
    case AL_STMT_WITH:
        (s->as.with.is_async ? compile_async_with : compile_with)(c, s);
        break;
    case AL_STMT_RETURN:
        compile_return(c, s);
        break;
    case AL_STMT_ASSERT:
        compile_assert(c, s);
        break;
    }
}

/* Each finally inside a finally doubles what it holds: somewhere it ends. */
void al_compile_block(al_compiler *c, const al_block *block)
{
    for (size_t i = 0; i < block->count && !c->is_too_large; i++) {
        compile_stmt(c, block->items[i]);
        c->is_too_large = c->code->count > AL_MAX_CODE;
    }
}
