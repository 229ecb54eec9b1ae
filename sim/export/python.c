/* python.c - the program: its parts, its functions, its statements.
 *
 * Two passes: the first, into the void, learns which names the scenario
 * uses; the second writes.  Its imports come first in the file but are known
 * last, so the rest is written apart. */
#include "sim/export/python.h"

#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/utf8.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"
#include "sim/export/python_writer.h"
#include "sim/scenario/knobs.h"
#include "sim/scenario/words.h"

#ifndef AL_VERSION
#define AL_VERSION "0"
#endif

/* -- lines -------------------------------------------------------------- */

static void begin_line(al_py *p)
{
    for (int i = 0; i < p->depth; i++)
        al_text_add(p->out, "    ");
}

static void end_line(al_py *p)
{
    al_text_add_char(p->out, '\n');
}

static void add_line(al_py *p, const char *text)
{
    begin_line(p);
    al_text_add(p->out, text);
    end_line(p);
}

static void add_block(al_py *p, const al_block *block);

/* "keyword value:" and the block under it; value may be NULL. */
static void add_suite(al_py *p, const char *keyword, const al_expr *value,
                      const al_block *block)
{
    begin_line(p);
    al_text_add(p->out, keyword);
    if (value) {
        al_text_add_char(p->out, ' ');
        al_py_expr(p, value);
    }
    al_text_add(p->out, ":\n");
    add_block(p, block);
}

static void add_else(al_py *p, const al_block *block)
{
    if (block->count > 0)
        add_suite(p, "else", NULL, block);
}

/* -- control ------------------------------------------------------------ */

static void add_if(al_py *p, const al_stmt *stmt, const char *keyword)
{
    const al_block *otherwise = &stmt->as.branch.otherwise;

    add_suite(p, keyword, stmt->as.branch.test, &stmt->as.branch.then);
    if (otherwise->count == 1 && otherwise->items[0]->kind == AL_STMT_IF)
        add_if(p, otherwise->items[0], "elif");
    else
        add_else(p, otherwise);
}

static void add_for(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    al_text_add(p->out, stmt->as.loop.is_async ? "async for " : "for ");
    al_py_target(p, stmt->as.loop.target);
    al_text_add(p->out, " in ");
    al_py_expr(p, stmt->as.loop.iterable);
    al_text_add(p->out, ":\n");
    add_block(p, &stmt->as.loop.body);
    add_else(p, &stmt->as.loop.otherwise);
}

static void add_except(al_py *p, const al_except *handler, bool is_star)
{
    begin_line(p);
    al_text_add(p->out, is_star ? "except*" : "except");
    if (handler->type) {
        al_text_add_char(p->out, ' ');
        al_py_expr(p, handler->type);
    }
    if (handler->name) {
        al_text_add(p->out, " as ");
        al_py_name(p, handler->name);
    }
    al_text_add(p->out, ":\n");
    add_block(p, &handler->body);
}

static void add_try(al_py *p, const al_stmt *stmt)
{
    add_suite(p, "try", NULL, &stmt->as.attempt.body);
    for (size_t i = 0; i < stmt->as.attempt.handler_count; i++)
        add_except(p, &stmt->as.attempt.handlers[i],
                   stmt->as.attempt.is_star);
    add_else(p, &stmt->as.attempt.otherwise);
    if (stmt->as.attempt.finally.count > 0 ||
        stmt->as.attempt.handler_count == 0)
        add_suite(p, "finally", NULL, &stmt->as.attempt.finally);
}

static void add_with(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    al_text_add(p->out, stmt->as.with.is_async ? "async with " : "with ");
    al_py_expr(p, stmt->as.with.manager);
    if (stmt->as.with.target) {
        al_text_add(p->out, " as ");
        al_py_expr(p, stmt->as.with.target);
    }
    al_text_add(p->out, ":\n");
    add_block(p, &stmt->as.with.body);
}

/* -- simple statements -------------------------------------------------- */

static void add_assignment(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    if (stmt->as.expr.target) {
        al_py_target(p, stmt->as.expr.target);
        al_text_add(p->out, " = ");
    }
    al_py_expr(p, stmt->as.expr.value);
    end_line(p);
}

static void add_raise(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    al_text_add(p->out, "raise");
    if (stmt->as.raise.value) {
        al_text_add_char(p->out, ' ');
        al_py_expr(p, stmt->as.raise.value);
    }
    if (stmt->as.raise.has_cause) {
        al_text_add(p->out, " from ");
        al_py_expr(p, stmt->as.raise.cause);
    }
    end_line(p);
}

/* Without None: an asynchronous generator may not return a value. */
static void add_return(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    al_text_add(p->out, "return");
    if (stmt->as.expr.value->kind != AL_EXPR_NONE) {
        al_text_add_char(p->out, ' ');
        al_py_expr(p, stmt->as.expr.value);
    }
    end_line(p);
}

static void add_assert(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    al_text_add(p->out, "assert ");
    al_py_expr(p, stmt->as.assertion.test);
    if (stmt->as.assertion.message) {
        al_text_add(p->out, ", ");
        al_py_expr(p, stmt->as.assertion.message);
    }
    end_line(p);
}

static void add_global(al_py *p, const al_stmt *stmt)
{
    begin_line(p);
    for (size_t i = 0; i < stmt->as.global.count; i++) {
        al_text_add(p->out, i == 0 ? "global " : ", ");
        al_py_name(p, stmt->as.global.names[i]);
    }
    end_line(p);
}

static void add_stmt(al_py *p, const al_stmt *stmt)
{
    switch (stmt->kind) {
    case AL_STMT_EXPR:
    case AL_STMT_LET:
        add_assignment(p, stmt);
        break;
    case AL_STMT_GLOBAL:
        add_global(p, stmt);
        break;
    case AL_STMT_IF:
        add_if(p, stmt, "if");
        break;
    case AL_STMT_WHILE:
        add_suite(p, "while", stmt->as.branch.test, &stmt->as.branch.then);
        add_else(p, &stmt->as.branch.otherwise);
        break;
    case AL_STMT_FOR:
        add_for(p, stmt);
        break;
    case AL_STMT_BREAK:
        add_line(p, "break");
        break;
    case AL_STMT_CONTINUE:
        add_line(p, "continue");
        break;
    case AL_STMT_PASS:
        add_line(p, "pass");
        break;
    case AL_STMT_TRY:
        add_try(p, stmt);
        break;
    case AL_STMT_RAISE:
        add_raise(p, stmt);
        break;
    case AL_STMT_WITH:
        add_with(p, stmt);
        break;
    case AL_STMT_RETURN:
        add_return(p, stmt);
        break;
    case AL_STMT_ASSERT:
        add_assert(p, stmt);
        break;
    }
}

static void add_stmts(al_py *p, const al_block *block)
{
    for (size_t i = 0; i < block->count; i++)
        add_stmt(p, block->items[i]);
}

static void add_block(al_py *p, const al_block *block)
{
    p->depth++;
    add_stmts(p, block);
    if (block->count == 0)
        add_line(p, "pass");
    p->depth--;
}

/* -- functions ---------------------------------------------------------- */

/* "# FILE:LINE", by which the recorder knows where it is defined.  The name
 * is a stranger's: it must not end the comment, nor the text's encoding. */
static void add_place(al_py *p, int line)
{
    const char *at = p->file;

    al_text_add(p->out, "  # ");
    while (*at) {
        uint32_t code;
        size_t length = al_utf8_decode(at, strlen(at), &code);

        if (length == 0 || al_is_unsafe(code))
            al_text_add_char(p->out, '?');
        else
            al_text_add_bytes(p->out, at, length);
        at += length ? length : 1;
    }
    al_text_add_format(p->out, ":%d\n", line);
}

static void add_function(al_py *p, const al_function *f)
{
    al_text_add(p->out, f->is_async ? "\n\nasync def " : "\n\ndef ");
    al_py_name(p, f->name);
    al_text_add_char(p->out, '(');
    for (size_t i = 0; i < al_function_name_count(f); i++) {
        if (i > 0)
            al_text_add(p->out, ", ");
        if (i >= f->param_count)
            al_text_add(p->out, i == f->param_count && f->has_rest ? "*"
                                                                  : "**");
        al_py_name(p, f->params[i]);
    }
    al_text_add(p->out, "):");
    add_place(p, f->place.line);
    add_block(p, &f->body);
}

/* -- the world ---------------------------------------------------------- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* "poller" -> "poller", "worker 2" -> "worker_2": a name that is free. */
static char *thread_function_name(const al_py *p, const char *name)
{
    al_text wish = {0};
    char *result;

    if (!al_is_identifier(name, strlen(name)) || al_is_builtin(name) ||
        al_is_keyword(name, strlen(name)))
        al_text_add(&wish, "thread_");
    for (const char *c = name; *c; c++)
        al_text_add_char(&wish, is_letter_or_digit(*c) ? *c : '_');
    result = al_py_free_name(p->names, wish.bytes);
    al_text_release(&wish);
    return result;
}

/* Each thread of the world is a function; p->threads keeps their names. */
static void add_thread(al_py *p, const al_world_item *item)
{
    char *name = thread_function_name(p, item->name);

    al_name_set_add(p->names, name);
    p->threads.items = al_grow(p->threads.items, &p->threads.capacity,
                               p->threads.count + 1, sizeof *p->threads.items);
    p->threads.items[p->threads.count++] = name;
    al_text_add_format(p->out, "\n\ndef %s():", name);
    add_place(p, item->place.line);
    add_block(p, &item->body);
}

static void release_threads(al_py *p)
{
    for (size_t i = 0; i < p->threads.count; i++)
        al_free((char *)p->threads.items[i]);
    al_name_set_release(&p->threads);
}

static void add_readiness(al_py *p, const char *which, int state)
{
    if (state >= 0)
        al_text_add_format(p->out, ", %s=%s", which, state ? "True" : "False");
}

static void add_item(al_py *p, const al_world_item *item, size_t *thread)
{
    al_py_use(p, AL_PY_WORLD);
    al_text_add(p->out, ".at(");
    al_text_add_double(p->out, item->at);
    switch (item->kind) {
    case AL_WORLD_FD:
        al_text_add(p->out, ", fd=");
        al_py_name(p, item->name);
        add_readiness(p, "readable", item->readable);
        add_readiness(p, "writable", item->writable);
        break;
    case AL_WORLD_SIGNAL:
        al_text_add(p->out, ", signal=");
        al_py_signal(p, item->sig);
        break;
    case AL_WORLD_THREAD:
        al_text_add(p->out, ", thread=");
        al_py_string(p, item->name, strlen(item->name));
        al_text_add_format(p->out, ", do=%s", p->threads.items[(*thread)++]);
        break;
    }
    al_text_add(p->out, ")\n");
}

static bool is_same(const al_knob *knob, const void *a, const void *b)
{
    switch (knob->kind) {
    case AL_KNOB_BOOL:
        return *(const bool *)a == *(const bool *)b;
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
    case AL_KNOB_UNTIL:
        return *(const double *)a == *(const double *)b;
    case AL_KNOB_COUNT:
    case AL_KNOB_LIMIT:
        return *(const uint64_t *)a == *(const uint64_t *)b;
    case AL_KNOB_PYTHON:
        return *(const int *)a == *(const int *)b;
    }
    return false;
}

static void add_knob(al_py *p, const al_knob *knob, const void *value)
{
    al_text_add_format(p->out, ", %s%s=",
                       knob->section == AL_KNOBS_CLOCK ? "clock_" : "",
                       knob->name);
    switch (knob->kind) {
    case AL_KNOB_BOOL:
        al_text_add(p->out, *(const bool *)value ? "True" : "False");
        break;
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
    case AL_KNOB_UNTIL:
        al_text_add_double(p->out, *(const double *)value);
        break;
    case AL_KNOB_COUNT:
    case AL_KNOB_LIMIT:
        al_text_add_uint(p->out, *(const uint64_t *)value);
        break;
    case AL_KNOB_PYTHON:
        al_text_add_format(p->out, "\"3.%d\"", *(const int *)value);
        break;
    }
}

/* Only what differs from the defaults. */
static void add_knobs(al_py *p)
{
    al_loop_knobs own = p->scenario->loop, usual;

    al_knobs_set_defaults(&usual, NULL);
    for (size_t i = 0; i < al_knob_count; i++) {
        const al_knob *knob = &al_knobs[i];
        const void *value = al_knob_value(knob, &own, NULL);

        if (knob->section != AL_KNOBS_LIMITS &&
            !is_same(knob, value, al_knob_value(knob, &usual, NULL)))
            add_knob(p, knob, value);
    }
}

/* "name=", behind those that came before it. */
static void add_limit_name(al_text *arguments, const char *name)
{
    al_text_add_format(arguments, "%s%s=", arguments->length ? ", " : "",
                       name);
}

static void add_count_limit(al_text *arguments, const char *name,
                            uint64_t limit, uint64_t usual)
{
    if (limit == usual)
        return;
    add_limit_name(arguments, name);
    if (limit == 0)
        al_text_add(arguments, "None");
    else
        al_text_add_uint(arguments, limit);
}

/* Only those that differ from the defaults, and that the world keeps. */
static void add_limits(al_py *p)
{
    const al_limits *limits = &p->scenario->limits;
    al_limits usual;
    al_text arguments = {0};

    al_knobs_set_defaults(NULL, &usual);
    if (limits->until > 0) {
        add_limit_name(&arguments, "until");
        al_text_add_double(&arguments, limits->until);
    }
    add_count_limit(&arguments, "iterations", limits->iterations,
                    usual.iterations);
    add_count_limit(&arguments, "standstill", limits->standstill,
                    usual.standstill);
    if (arguments.length > 0) {
        al_py_use(p, AL_PY_WORLD);
        al_text_add_format(p->out, ".limit(%s)\n", arguments.bytes);
    }
    al_text_release(&arguments);
}

static void add_world(al_py *p)
{
    size_t thread = 0;

    al_text_add(p->out, "\n\n");
    al_py_use(p, AL_PY_WORLD);
    al_text_add(p->out, ".configure(scenario=");
    al_py_string(p, p->scenario->name, strlen(p->scenario->name));
    add_knobs(p);
    al_text_add(p->out, ")\n");
    for (size_t i = 0; i < p->scenario->world_count; i++)
        add_item(p, &p->scenario->world[i], &thread);
    add_limits(p);
}

/* -- the whole ---------------------------------------------------------- */

static void add_fds(al_py *p)
{
    if (p->scenario->fd_count > 0)
        end_line(p);
    for (size_t i = 0; i < p->scenario->fd_count; i++) {
        const char *name = p->scenario->fds[i];

        al_py_name(p, name);
        al_text_add(p->out, " = ");
        al_py_use(p, AL_PY_FD);
        al_text_add_char(p->out, '(');
        al_py_string(p, name, strlen(name));
        al_text_add(p->out, ")\n");
    }
}

/* All but the docstring and the imports. */
static void add_program(al_py *p)
{
    add_fds(p);
    for (size_t i = 0; i < p->scenario->function_count; i++)
        add_function(p, &p->scenario->functions[i]);
    for (size_t i = 0; i < p->scenario->world_count; i++) {
        if (p->scenario->world[i].kind == AL_WORLD_THREAD)
            add_thread(p, &p->scenario->world[i]);
    }
    add_world(p);
    end_line(p);
    add_stmts(p, &p->scenario->program);
}

static void add_docstring_text(al_text *out, const char *text)
{
    for (;;) {
        size_t length = strcspn(text, "\n");

        al_py_string_body(out, text, length, '"', false);
        text += length;
        if (!*text++)
            return;
        al_text_add_char(out, '\n');
    }
}

static void add_docstring(const al_py *p, al_text *out)
{
    const char *title = p->scenario->title;

    al_text_add(out, "\"\"\"");
    add_docstring_text(out, title ? title : p->scenario->name);
    if (p->scenario->description) {
        al_text_add(out, "\n\n");
        add_docstring_text(out, p->scenario->description);
    }
    al_text_add(out, "\n\nExported from ");
    add_docstring_text(out, p->file);
    al_text_add(out, " by asyncloop-sim " AL_VERSION
                     ".  Its clock and its world are\n"
                     "virtual; run it by: asyncloop-sim record FILE.py\n"
                     "\"\"\"\n");
}

static void collect_names(const al_scenario *scenario, al_name_set *names)
{
    al_text nowhere = {0};
    al_py p = {
        .scenario = scenario,
        .file = "",
        .out = &nowhere,
        .quote = '"',
        .names = names,
    };

    add_program(&p);
    /* Thread functions are not the scenario's: the second pass names them
     * anew. */
    for (size_t i = 0; i < p.threads.count; i++) {
        for (size_t k = names->count; k-- > 0;) {
            if (names->items[k] == p.threads.items[i])
                names->items[k] = names->items[--names->count];
        }
    }
    release_threads(&p);
    al_name_set_release(&p.asyncio_names);
    al_name_set_release(&p.concurrent_names);
    al_text_release(&nowhere);
}

void al_export_python(const al_scenario *scenario, al_text *out)
{
    al_name_set names = {0};
    al_text program = {0};
    al_py p = {
        .scenario = scenario,
        .file = al_path_name(scenario->path),
        .out = &program,
        .quote = '"',
        .names = &names,
    };

    collect_names(scenario, &names);
    al_py_choose_imports(&p);
    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++)
        al_name_set_add(&names, p.imports[i]);
    add_program(&p);
    p.used[AL_PY_WORLD] = true;
    add_docstring(&p, out);
    al_text_add_char(out, '\n');
    al_py_add_imports(&p, out);
    al_text_add_bytes(out, program.bytes, program.length);
    release_threads(&p);
    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++)
        al_free(p.imports[i]);
    al_name_set_release(&p.asyncio_names);
    al_name_set_release(&p.concurrent_names);
    al_name_set_release(&names);
    al_text_release(&program);
}
