/* handle.h - Handle and TimerHandle: a callback that waits for its turn.
 *
 * A handle is what asyncio's call_soon and call_at return.  The loop holds
 * a reference while it waits; a pointer that a scheduling function returns
 * is borrowed, good until the handle has run or was cancelled and dropped:
 * al_ref keeps it longer. */
#ifndef AL_HANDLE_H
#define AL_HANDLE_H

#include "loop/object/context.h"
#include "loop/object/value.h"

typedef struct al_loop al_loop;

/* What can be called back: the ops of the callback seam. */
typedef struct al_callable {
    const char *name; /* __qualname__, shown where add_name is NULL */

    /* In the loop's thread.  False: raised (see exception.h): the loop's
     * exception handler is told, and the loop goes on, but for SystemExit
     * and KeyboardInterrupt. */
    bool (*call)(al_loop *loop, void *self);

    /* Drop what the callback holds, once it will never be called (again);
     * NULL: nothing. */
    void (*release)(void *self);

    /* Add the qualified name ("tick"); the arguments as repr or reprlib.repr
     * shows them, without brackets ("1, 'x'"); where it is defined
     * (" at tick.json:3").  NULL: `name`, no arguments, no place. */
    void (*add_name)(const void *self, al_text *out);
    void (*add_args)(const void *self, bool is_short, al_text *out);
    void (*add_place)(const void *self, al_text *out);
} al_callable;

typedef struct al_callback {
    const al_callable *callable; /* NULL once dropped */
    void *self;
} al_callback;

/* Drop what it holds: for one that is not passed on after all. */
void al_callback_release(al_callback callback);

typedef enum al_handle_flag {
    AL_HANDLE_CANCELLED = 1,
    AL_HANDLE_TIMER = 2,       /* a TimerHandle */
    AL_HANDLE_SCHEDULED = 4,   /* a timer that is in the heap */
    AL_HANDLE_THREADSAFE = 8,  /* a _ThreadSafeHandle: counted atomically */
    AL_HANDLE_PERSISTENT = 16, /* of an fd or signal: runs many times */
    AL_HANDLE_OWN_CONTEXT = 32, /* context is an al_context, given */
    AL_HANDLE_INTEGER = 64,    /* `when` was given as an int, and shows so */
    AL_HANDLE_STARTED = 128    /* of a thread-safe one: its call begins */
} al_handle_flag;

typedef struct al_handle {
    al_object head; /* flags: al_handle_flag */
    al_callback callback;
    union {
        al_vars *vars;       /* the context copied when it was scheduled */
        al_context *context; /* with AL_HANDLE_OWN_CONTEXT */
    } in;
    double when; /* of a timer, in seconds of loop.time() */
    al_loop *loop;
    uint64_t id; /* h1, h2, … by order of creation in the process's run */
} al_handle;

extern const al_type al_handle_type;            /* Handle */
extern const al_type al_timer_handle_type;      /* TimerHandle */
extern const al_type al_threadsafe_handle_type; /* _ThreadSafeHandle */

/* Handle.cancel(): idempotent; the callback and its arguments are dropped.
 * From another thread only for call_soon_threadsafe's handles: the loop then
 * drops the callback, and one that is running is not waited for. */
void al_handle_cancel(al_handle *handle);
bool al_handle_cancelled(const al_handle *handle); /* Handle.cancelled() */

/* TimerHandle.when(): the deadline, in seconds of loop.time(). */
double al_handle_when(const al_handle *handle);

/* Python keeps a deadline as it was given: say that this one was an int. */
void al_handle_set_integer(al_handle *handle);
bool al_handle_is_integer(const al_handle *handle);

/* Handle.get_context(): a new reference; never NULL. */
al_context *al_handle_get_context(al_handle *handle);

/* repr(handle): "<TimerHandle cancelled when=1.5>".  (CPython's debug mode
 * also says "created at"; see ARCHITECTURE.md.) */
void al_handle_repr(const al_handle *handle, al_text *out);

/* The callback alone, as asyncio's format_helpers shows it: "tick()", in
 * debug mode "tick(1)"; with `place` also " at tick.json:3". */
void al_callback_describe(al_callback callback, bool debug, bool place,
                          al_text *out);

#endif
