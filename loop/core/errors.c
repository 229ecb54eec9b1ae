/* errors.c - call_exception_handler and what hangs on it. */
#include "loop/core/loop_private.h"

#include <string.h>
#include "loop/core/policy.h"

void al_loop_set_logger(al_loop *loop, al_logger logger)
{
    loop->logger = logger;
}

void al_loop_set_exception_handler(al_loop *loop, al_exception_handler handler)
{
    al_exception_handler old = loop->exception_handler;

    loop->exception_handler = handler;
    if (old.ops && old.ops->release)
        old.ops->release(old.self);
}

al_exception_handler al_loop_peek_exception_handler(const al_loop *loop)
{
    return loop->exception_handler;
}

/* -- the default handler: one record of asyncio's logger ----------------- */

static void add_object(const al_object *object, al_text *out)
{
    al_value_repr((al_value){.tag = AL_OBJECT,
                             .as.object = (al_object *)object}, out);
}

/* repr(context): {'message': '…', 'exception': …, 'handle': …} */
static void add_context_repr(const al_error_context *context, al_text *out)
{
    const char *message = context->message ? context->message : "";

    if (context->dict) {
        al_text_add(out, context->dict->repr);
        return;
    }
    al_text_add(out, "{'message': ");
    al_str_repr_bytes(message, strlen(message), out);
    if (context->exception) {
        al_text_add(out, ", 'exception': ");
        add_object(&context->exception->head, out);
    }
    if (context->subject) {
        al_text_add_format(out, ", '%s': ", context->subject_key);
        add_object(context->subject, out);
    }
    if (context->handle) {
        al_text_add(out, ", 'handle': ");
        al_handle_repr(context->handle, out);
    }
    al_text_add_char(out, '}');
}

/* The message, then a line for each further key in order of name. */
static void add_log_lines(const al_error_context *context, al_text *out)
{
    bool has_message = context->message && context->message[0];

    al_text_add(out, has_message ? context->message
                                 : "Unhandled exception in event loop");
    if (context->inner) {
        al_text_add(out, "\ncontext: ");
        add_context_repr(context->inner, out);
    }
    if (context->subject) {
        al_text_add_format(out, "\n%s: ", context->subject_key);
        add_object(context->subject, out);
    }
    if (context->handle) {
        al_text_add(out, "\nhandle: ");
        al_handle_repr(context->handle, out);
    }
}

static void log_error(al_loop *loop, const char *text,
                      const al_exception *exception)
{
    al_event event = {.kind = AL_EVENT_LOG, .level = "ERROR", .text = text};
    al_telling telling;

    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
    if (!loop->logger.ops)
        return;
    telling = al_begin_telling();
    loop->logger.ops->log(loop->logger.self, "ERROR", text, exception);
    al_end_telling(telling);
}

bool al_loop_default_exception_handler(al_loop *loop,
                                       const al_error_context *context)
{
    al_text text = {0};

    if (context->dict && context->dict->unfit)
        return al_raise_take(al_ref(context->dict->unfit));
    if (context->dict)
        al_text_add(&text, context->dict->log);
    else
        add_log_lines(context, &text);
    log_error(loop, al_text_as_string(&text), context->exception);
    al_text_release(&text);
    return true;
}

/* -- the handler that was set ------------------------------------------- */

/* type(e).__name__ and str(e), of whatever the context calls so. */
static void describe_exception(const al_error_context *context, al_text *text,
                               al_event *event)
{
    const al_exception *e = context->exception;

    if (e) {
        event->type = e->cls->name;
        al_exception_str(e, text);
    } else if (context->dict && context->dict->exception.tag > AL_NONE) {
        event->type = al_value_type_name(context->dict->exception);
        al_value_str(context->dict->exception, text);
    }
    if (event->type)
        event->text = al_text_as_string(text);
}

static void emit_exception(al_loop *loop, const al_error_context *context)
{
    al_event event = {.kind = AL_EVENT_EXCEPTION, .message = context->message};
    al_telling telling = al_begin_telling();
    al_text text = {0};

    describe_exception(context, &text, &event);
    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
    al_text_release(&text);
    al_end_telling(telling);
    al_emit_raised(loop, "raised", context->exception, NULL);
}

static void emit_handler(al_loop *loop, al_exception_handler handler)
{
    al_event event = {.kind = AL_EVENT_HANDLER};
    al_telling telling = al_begin_telling();
    al_text name = {0};

    if (handler.ops->add_name)
        handler.ops->add_name(handler.self, &name);
    event.callback = al_text_as_string(&name);
    event.by = al_thread_current()->cause;
    al_loop_emit(loop, &event);
    al_text_release(&name);
    al_end_telling(telling);
}

/* The context of the task or the handle that failed; NULL: none that can be
 * entered. */
static al_context *context_for(const al_error_context *context)
{
    al_context *in = NULL;

    if (context->subject_context)
        return al_ref(context->subject_context);
    if (context->handle)
        in = al_handle_get_context(context->handle);
    if (!in || !al_context_is_stand_in(in))
        return in;
    al_unref(in);
    return NULL;
}

/* ctx.run(handler, …), or the handler alone. */
static bool call_custom(al_loop *loop, const al_error_context *context)
{
    al_exception_handler handler = loop->exception_handler;
    al_context *in = context_for(context);
    bool ok = !in || al_context_enter(in);

    if (loop->observer.ops)
        emit_handler(loop, handler);
    if (ok) {
        ok = handler.ops->handle(handler.self, loop, context);
        if (in)
            al_context_exit(in);
    }
    al_unref(in);
    return ok;
}

/* Whatever the default handler raises is logged in its turn. */
static bool call_default(al_loop *loop, const al_error_context *context)
{
    al_exception *raised;

    if (al_loop_default_exception_handler(loop, context))
        return true;
    if (al_exception_passes_through(al_peek_raised()))
        return false;
    raised = al_fetch_raised();
    al_emit_raised(loop, "handler", raised, context->exception);
    log_error(loop, "Exception in default exception handler", raised);
    al_unref(raised);
    return true;
}

bool al_loop_call_exception_handler(al_loop *loop,
                                    const al_error_context *context)
{
    al_error_context failed = {
        .message = "Unhandled error in exception handler",
        .inner = context,
    };
    al_exception *raised;
    bool ok;

    if (loop->observer.ops)
        emit_exception(loop, context);
    if (!loop->exception_handler.ops)
        return call_default(loop, context);
    if (call_custom(loop, context))
        return true;
    if (al_exception_passes_through(al_peek_raised()))
        return false;
    raised = al_fetch_raised();
    al_emit_raised(loop, "handler", raised, context->exception);
    failed.exception = raised;
    ok = al_loop_default_exception_handler(loop, &failed);
    al_unref(raised);
    return ok;
}
