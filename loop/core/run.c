/* run.c - running one handle: Handle._run().
 *
 * CPython copies a context for every handle when it is scheduled.  Here the
 * handle holds only the copied mapping; it becomes a context object when the
 * handle runs, and that object, the loop's scratch context, is used again by
 * the next handle unless somebody kept it (a token, get_context()). */
#include "loop/core/loop_private.h"

#include "loop/base/alloc.h"

void al_loop_renew_scratch(al_loop *loop)
{
    al_unref(loop->scratch);
    loop->scratch = al_context_new();
}

/* The context to run in: the handle's own, or the scratch one holding its
 * mapping.  Borrowed. */
static al_context *context_of(al_handle *handle)
{
    al_context *context;

    if (al_handle_flags(handle) & AL_HANDLE_OWN_CONTEXT)
        return handle->in.context;
    context = al_loop_blank_context(handle->loop);
    context->vars = handle->in.vars;
    handle->in.vars = NULL;
    return context;
}

/* Whoever holds the handle may still ask for its context: let it keep the
 * scratch one, with what the callback set in it. */
static void settle_vars(al_handle *handle)
{
    al_loop *loop = handle->loop;

    if (__atomic_load_n(&handle->head.refs, __ATOMIC_RELAXED) != 1) {
        handle->in.context = loop->scratch;
        al_handle_add_flag(handle, AL_HANDLE_OWN_CONTEXT);
        loop->scratch = NULL;
        return;
    }
    al_vars_unref(loop->scratch->vars);
    loop->scratch->vars = NULL;
}

/* What Handle._run does with an exception that the callback raised. */
static bool handle_error(al_handle *handle)
{
    al_exception *raised = al_peek_raised();
    al_error_context context = {.handle = handle};
    al_text message = {0};
    al_handling handling;
    bool ok;

    if (al_exception_passes_through(raised)) {
        al_emit_raised(handle->loop, "exit", raised, NULL);
        return false;
    }
    raised = al_fetch_raised();
    al_text_add(&message, "Exception in callback ");
    if (handle->callback.callable)
        al_callback_describe(handle->callback, handle->loop->is_debug, true,
                             &message);
    else
        al_text_add(&message, "None()"); /* it cancelled itself */
    context.message = message.bytes;
    context.exception = raised;
    al_begin_handling(&handling, raised);
    ok = al_loop_call_exception_handler(handle->loop, &context);
    al_end_handling(&handling);
    al_text_release(&message);
    al_unref(raised);
    return ok;
}

bool al_handle_settle(al_handle *handle, al_callback callback, bool ok)
{
    al_loop *loop = handle->loop;

    if (!handle->callback.callable)
        al_callback_release(callback); /* cancelled meanwhile; see cancel */
    if (!ok)
        ok = handle_error(handle);
    loop->current = NULL;
    if (!(al_handle_flags(handle) & AL_HANDLE_OWN_CONTEXT) &&
        loop->scratch->vars)
        settle_vars(handle);
    return ok;
}

/* Context.run(): no references are taken, for the handle or the loop holds
 * the context until it is left. */
bool al_handle_run(al_handle *handle)
{
    al_thread *thread = al_thread_current();
    al_context *context = context_of(handle);
    al_context *outer = thread->context;
    al_callback callback = handle->callback;
    uint64_t cause = thread->cause;
    bool ok = false;

    handle->loop->current = handle;
    thread->cause = handle->id;
    if (context->is_entered) {
        al_context_enter(context); /* raises */
    } else {
        context->is_entered = true;
        thread->context = context;
        ok = callback.callable->call(handle->loop, callback.self);
        thread->context = outer;
        context->is_entered = false;
    }
    ok = al_handle_settle(handle, callback, ok);
    thread->cause = cause;
    return ok;
}
