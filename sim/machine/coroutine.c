/* coroutine.c - a script function's call as a coroutine: its frame waits
 * outside of the machine's chain between two awaits. */
#include "loop/core/policy.h"
#include "loop/task/coroutine.h"
#include "sim/machine/machine.h"

typedef struct script_coroutine { /* 64 bytes: a cache line */
    al_coroutine coroutine;
    al_code *code;
    al_frame *frame; /* NULL: it has ended */
} script_coroutine;

static al_step step_of(script_coroutine *c, al_value value)
{
    if (c->code->vm->left == AL_LEFT_AWAITING)
        return al_step_await(value);
    c->frame = NULL; /* freed when it was left */
    return value.tag == AL_ABSENT ? al_step_raise() : al_step_return(value);
}

/* It ends where it is, and no `finally` of it runs. */
static al_step refuse(script_coroutine *c)
{
    al_frame_free(c->frame);
    c->frame = NULL;
    return al_step_raise();
}

static al_step script_resume(al_coroutine *self, al_value sent)
{
    script_coroutine *c = (script_coroutine *)self;
    al_vm *vm = c->code->vm;
    bool raises = sent.tag == AL_ABSENT;

    if (al_vm_is_too_deep(vm, AL_RECURSION_LIMIT))
        return refuse(c);
    if (!raises || self->arrival == AL_ARRIVES_RAISED)
        vm->keeper.passing = 0;
    else if (self->arrival == AL_ARRIVES_THROWN)
        al_vm_chain_thrown(vm, c->frame, al_peek_raised());
    if (self->has_begun && !raises)
        *c->frame->top++ = al_value_dup(sent);
    self->has_begun = true;
    return step_of(c, al_vm_go_on(vm, c->frame, raises));
}

static void script_lend(al_coroutine *self, bool begins)
{
    script_coroutine *c = (script_coroutine *)self;

    if (begins)
        al_vm_push_frame(c->code->vm, c->frame);
    else
        al_vm_pop_frame(c->code->vm);
}

static void script_release(al_coroutine *self)
{
    script_coroutine *c = (script_coroutine *)self;

    if (c->frame)
        al_frame_free(c->frame);
}

static void script_name(const al_coroutine *self, al_text *out)
{
    al_text_add(out, ((const script_coroutine *)self)->code->name);
}

static al_traceback_entry script_place(const al_coroutine *self)
{
    const script_coroutine *c = (const script_coroutine *)self;

    if (!c->frame)
        return (al_traceback_entry){0};
    return (al_traceback_entry){
        .file = c->code->vm->file,
        .function = c->code->name,
        .line = al_frame_line(c->frame),
    };
}

static const al_coroutine_ops script_ops = {
    .name = "script",
    .resume = script_resume,
    .lend = script_lend,
    .release = script_release,
    .add_name = script_name,
    .place = script_place,
};

al_value al_script_coroutine_new(al_frame *frame)
{
    script_coroutine *c = al_coroutine_new(&script_ops, sizeof *c);

    c->code = frame->code;
    c->frame = frame;
    frame->of = &c->coroutine;
    return al_take(c);
}

al_frame *al_script_coroutine_peek_frame(const al_coroutine *coroutine)
{
    return coroutine->ops == &script_ops
               ? ((const script_coroutine *)coroutine)->frame
               : al_async_generator_peek_frame(coroutine);
}

/* -- what the machine knows of coroutines --------------------------------- */

/* What the machine is at; 0: in no line, as when a loop runs asyncio's own
 * code, beneath the program that runs the loop. */
static int line_now(const al_vm *vm)
{
    const al_frame *frame = vm->frame;

    if (!frame || (!frame->caller && al_peek_running_loop()))
        return 0;
    return al_frame_line(frame);
}

/* Where a script's function was called; of any other, where it goes away.
 * False: in no line of the scenario. */
static bool find_place(const al_coroutine *coroutine, al_event *event,
                       al_text *where)
{
    const al_vm *vm = al_vm_current();
    const al_frame *frame = coroutine->ops == &script_ops
                                ? ((const script_coroutine *)coroutine)->frame
                                : NULL;
    int line = frame ? frame->called_at : line_now(vm);

    if (line == 0)
        return false;
    al_text_add_format(where, "%s:%d", vm->file, line);
    event->role = frame ? "called" : "dropped";
    event->where = where->bytes;
    return true;
}

/* Beyond what Python says. */
static void tell_place(const al_coroutine *coroutine, al_text *warning)
{
    al_event event = {.kind = AL_EVENT_RAISED};
    al_text where = {0};

    if (find_place(coroutine, &event, &where)) {
        al_vm_emit(al_vm_current(), &event);
        al_text_add_format(warning, ", at %s", where.bytes);
    }
    al_text_release(&where);
}

/* As Python warns of it. */
static void warn_never_awaited(const al_coroutine *coroutine)
{
    al_event event = {.kind = AL_EVENT_LOG, .level = "WARNING"};
    const al_logger *logger = &al_vm_current()->host.logger;
    al_text text = {0};

    al_coroutine_add_unawaited(coroutine, &text);
    al_text_add(&text, " was never awaited");
    event.text = al_text_as_string(&text);
    al_vm_emit(al_vm_current(), &event);
    tell_place(coroutine, &text);
    if (logger->ops)
        logger->ops->log(logger->self, "WARNING", al_text_as_string(&text),
                         NULL);
    al_text_release(&text);
}

static void complete_context(al_context_keeper *keeper, al_exception *e,
                             bool is_complete)
{
    if (!is_complete)
        al_vm_chain_context(al_vm_current(), e);
    keeper->passing = e->serial;
}

void al_script_watch_coroutines(bool begins)
{
    al_set_never_awaited(begins ? warn_never_awaited : NULL);
    al_vm_current()->keeper.complete = complete_context;
    al_set_context_keeper(begins ? &al_vm_current()->keeper : NULL);
}
