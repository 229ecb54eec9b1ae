/* exception.h - Python's exceptions, as values.
 *
 * Functions that follow a CPython function which may raise do it in the
 * manner of CPython's own C: they return false (or NULL) and leave the
 * exception in the current thread's slot.  The caller hands the failure on,
 * or fetches the exception and deals with it.
 *
 *     if (!al_loop_call_soon(loop, callback, NULL))
 *         report(al_fetch_raised());
 */
#ifndef AL_EXCEPTION_H
#define AL_EXCEPTION_H

#include "loop/object/value.h"

typedef struct al_exception_class al_exception_class;

struct al_exception_class { /* static, immortal */
    al_object head;         /* type: al_exception_class_type */
    const char *name;       /* __name__: "TimeoutError" */
    const al_exception_class *base; /* NULL for BaseException */
};

/* The hierarchy: name, base.  One list gives the classes and the lookup. */
#define AL_EXCEPTIONS(X)                                                       \
    X(Exception, BaseException)                                                \
    X(SystemExit, BaseException)                                               \
    X(KeyboardInterrupt, BaseException)                                        \
    X(GeneratorExit, BaseException)                                            \
    X(CancelledError, BaseException)                                           \
    X(BaseExceptionGroup, BaseException)                                       \
    X(Deadlock, SystemExit)     /* ours: nothing can ever happen again */      \
    X(LimitReached, SystemExit) /* ours: a limit of the run was reached */     \
    X(ArithmeticError, Exception)                                              \
    X(AssertionError, Exception)                                               \
    X(AttributeError, Exception)                                               \
    X(BufferError, Exception)                                                  \
    X(EOFError, Exception)                                                     \
    X(ImportError, Exception)                                                  \
    X(LookupError, Exception)                                                  \
    X(MemoryError, Exception)                                                  \
    X(NameError, Exception)                                                    \
    X(OSError, Exception)                                                      \
    X(ReferenceError, Exception)                                               \
    X(RuntimeError, Exception)                                                 \
    X(StopAsyncIteration, Exception)                                           \
    X(StopIteration, Exception)                                                \
    X(SyntaxError, Exception)                                                  \
    X(SystemError, Exception)                                                  \
    X(TypeError, Exception)                                                    \
    X(ValueError, Exception)                                                   \
    X(Warning, Exception)                                                      \
    X(ExceptionGroup, BaseExceptionGroup)                                      \
    X(FloatingPointError, ArithmeticError)                                     \
    X(OverflowError, ArithmeticError)                                          \
    X(ZeroDivisionError, ArithmeticError)                                      \
    X(ModuleNotFoundError, ImportError)                                        \
    X(IndexError, LookupError)                                                 \
    X(KeyError, LookupError)                                                   \
    X(UnboundLocalError, NameError)                                            \
    X(BlockingIOError, OSError)                                                \
    X(ChildProcessError, OSError)                                              \
    X(ConnectionError, OSError)                                                \
    X(FileExistsError, OSError)                                                \
    X(FileNotFoundError, OSError)                                              \
    X(InterruptedError, OSError)                                               \
    X(IsADirectoryError, OSError)                                              \
    X(NotADirectoryError, OSError)                                             \
    X(PermissionError, OSError)                                                \
    X(ProcessLookupError, OSError)                                             \
    X(TimeoutError, OSError)                                                   \
    X(BrokenPipeError, ConnectionError)                                        \
    X(ConnectionAbortedError, ConnectionError)                                 \
    X(ConnectionRefusedError, ConnectionError)                                 \
    X(ConnectionResetError, ConnectionError)                                   \
    X(NotImplementedError, RuntimeError)                                       \
    X(RecursionError, RuntimeError)                                            \
    X(BrokenBarrierError, RuntimeError)                                        \
    X(UnicodeError, ValueError)                                                \
    X(InvalidStateError, Exception)                                            \
    X(QueueEmpty, Exception)                                                   \
    X(QueueFull, Exception)                                                    \
    X(QueueShutDown, Exception)                                                \
    X(DeprecationWarning, Warning)                                             \
    X(ResourceWarning, Warning)                                                \
    X(RuntimeWarning, Warning)                                                 \
    X(UserWarning, Warning)

/* Those of concurrent.futures: what a scenario calls them (asyncio has some
 * of their names too), __name__, base class, module. */
#define AL_CONCURRENT_EXCEPTIONS(X)                                            \
    X(ConcurrentCancelledError, CancelledError, Exception, _base)              \
    X(ConcurrentInvalidStateError, InvalidStateError, Exception, _base)        \
    X(BrokenExecutor, BrokenExecutor, RuntimeError, _base)                     \
    X(BrokenThreadPool, BrokenThreadPool, BrokenExecutor, thread)

extern const al_exception_class al_BaseException;
#define AL_DECLARE_EXCEPTION(name, base)                                       \
    extern const al_exception_class al_##name;
AL_EXCEPTIONS(AL_DECLARE_EXCEPTION)
#undef AL_DECLARE_EXCEPTION
#define AL_DECLARE_EXCEPTION(cls, name, base, module)                          \
    extern const al_exception_class al_##cls;
AL_CONCURRENT_EXCEPTIONS(AL_DECLARE_EXCEPTION)
#undef AL_DECLARE_EXCEPTION

typedef struct al_traceback_entry {
    const char *file, *function; /* borrowed from the code that raised */
    int line;                    /* 0: unknown */
} al_traceback_entry;

typedef struct al_exception {
    al_object head;
    const al_exception_class *cls;
    uint64_t serial;              /* tells it from all others of the thread,
                                     those that were freed included */
    al_tuple *args;
    struct al_exception *cause;   /* __cause__, or NULL */
    struct al_exception *context; /* __context__, or NULL */
    struct al_exception *previous, *next; /* of those that have either */
    bool suppress_context;        /* __suppress_context__: raise … from … */
    al_value details[2];          /* OSError's filename and filename2; of a
                                     group the tuple of its exceptions; name
                                     and obj of AttributeError; name of
                                     NameError, and which may be meant */
    al_value notes;               /* __notes__, a list; AL_ABSENT: none */
    uint64_t split_from; /* of a part of a group: the whole's serial; or 0 */
    al_traceback_entry *traceback; /* innermost first */
    size_t traceback_count, traceback_capacity;
} al_exception;

extern const al_type al_exception_type;
extern const al_type al_exception_class_type;

/* -- making and looking ------------------------------------------------- */

/* cls(*args): a new instance, the caller's; the arguments are copied.  Never
 * raises. */
al_exception *al_exception_new(const al_exception_class *cls,
                               const al_value *args, size_t count);

/* The class that a scenario calls so, or NULL. */
const al_exception_class *al_exception_class_find(const char *name);

/* Is it one of AL_CONCURRENT_EXCEPTIONS? */
bool al_exception_class_is_concurrent(const al_exception_class *cls);

/* issubclass(cls, base); and isinstance(e, cls). */
bool al_exception_class_is(const al_exception_class *cls,
                           const al_exception_class *base);
bool al_exception_is(const al_exception *e, const al_exception_class *cls);

/* SystemExit or KeyboardInterrupt?  asyncio reports neither: it lets them
 * through, out of the loop. */
bool al_exception_passes_through(const al_exception *e);

/* Add str(e); or "ValueError: boom", as the last line of a traceback. */
void al_exception_str(const al_exception *e, al_text *out);
void al_exception_summary(const al_exception *e, al_text *out);

/* Set __cause__ or __context__; the other exception, or NULL, is taken. */
void al_exception_take_cause(al_exception *e, al_exception *cause);
void al_exception_take_context(al_exception *e, al_exception *context);

/* Of an AttributeError its name and obj; of a NameError its name, and the name
 * that may be meant.  The object is shared; AL_ABSENT: none. */
void al_exception_set_name(al_exception *e, const char *name, al_value object);

/* Raise AttributeError: "'list' object has no attribute 'x'".  False. */
bool al_raise_no_attribute(al_value object, const char *name);

/* Unset them for all exceptions of this thread: some may be each other's, and
 * nothing else would ever free them.  For the end of a run. */
void al_exceptions_unchain(void);

/* Add the place where `e` passed through a frame, up to some thousands; its
 * texts are borrowed for as long as the exception lives. */
void al_exception_add_place(al_exception *e, al_traceback_entry place);

/* -- the thread's slot -------------------------------------------------- */

/* `raise cls(text)`: always returns false.  An exception that was raised
 * before and not fetched is dropped. */
bool al_raise(const al_exception_class *cls, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Raise `e`, taking over the reference: always returns false. */
bool al_raise_take(al_exception *e);

/* What C code is handling, as in an except clause: script code that it calls
 * meanwhile raises exceptions whose __context__ that is. */
typedef struct al_handling {
    al_exception *exception; /* borrowed */
    const void *above;       /* what was calling when it began */
    struct al_handling *outer;
} al_handling;

/* Pairs of calls, in the caller's storage; they nest as calls do. */
void al_begin_handling(al_handling *handling, al_exception *e);
void al_end_handling(al_handling *handling);

/* What is being handled, by C or script code, becomes the __context__ of the
 * raised exception, where no script code will come to see it raised here. */
void al_chain_raised(void);

/* The interpreter's part in it: the innermost call of script code under way,
 * for `above`; and chaining.  Without it there is no script code. */
typedef const void *al_caller_hook(void);
typedef void al_chain_hook(al_exception *e);
void al_set_handling_hooks(al_caller_hook *find_caller, al_chain_hook *chain);

/* The exception raised in this thread, borrowed; NULL where there is none. */
al_exception *al_peek_raised(void);

/* The same, taken out of the slot: the caller owns it. */
al_exception *al_fetch_raised(void);

#endif
