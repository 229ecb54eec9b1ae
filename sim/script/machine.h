/* machine.h - inside the machine: what the files of sim/script share. */
#ifndef AL_MACHINE_H
#define AL_MACHINE_H

#include "loop/base/alloc.h"
#include "loop/base/utf8.h"
#include "loop/object/exception.h"
#include "loop/object/value.h"
#include "loop/task/task.h"
#include "sim/script/code.h"
#include "sim/script/vm.h"

typedef struct al_class al_class;
typedef struct al_method al_method;

/* -- objects that can form cycles --------------------------------------- */

/* The head of list and dict.  They hang on a list of their machine's, which
 * empties those that are left when it is freed. */
typedef struct al_cell {
    al_object head;
    struct al_cell *previous, *next;
} al_cell;

void al_cell_init(al_vm *vm, al_cell *cell, const al_type *type);
void al_cell_unlink(al_cell *cell);

/* -- frames ------------------------------------------------------------- */

/* A call in progress.  It owns its locals and its value stack, and its
 * position says where an exception would go (see al_region): detached from
 * its caller it can wait, and go on later. */
struct al_frame {
    al_frame *caller;     /* who called; NULL: nobody, or not running */
    al_code *code;
    const al_instruction *next; /* to execute */
    al_value *top;        /* of the stack: one past; when not running */
    bool is_entry;        /* called from C: return there */
    al_value slots[];     /* locals, then the stack */
};

al_frame *al_frame_new(al_code *code);
void al_frame_free(al_frame *frame); /* releases the locals, and the stack */
void al_frames_release(al_frame *idle);
int al_frame_line(const al_frame *frame);

/* Where an exception raised there goes; NULL: out of the frame. */
const al_region *al_frame_find_handler(const al_frame *frame);

/* The exception being handled by the frame or those below; or NULL. */
al_exception *al_frame_peek_handled(const al_frame *frame);

/* -- the machine -------------------------------------------------------- */

/* An attribute name of the scenario, with what it was found to be last. */
typedef struct al_name {
    const char *text;
    const al_type *type; /* of the object it was last looked up in */
    const al_method *method;
} al_name;

typedef enum al_left {
    AL_LEFT_FOR_GOOD, /* it returned or raised, and is freed */
    AL_LEFT_AWAITING,
    AL_LEFT_YIELDING
} al_left;

struct al_vm {
    const al_scenario *scenario;
    al_vm_host host;
    al_code *codes; /* [functions…, program, threads…] */
    size_t code_count;
    al_value *globals;
    const char **global_names;
    size_t global_count;
    al_name *names;
    size_t name_count;
    char *file; /* base name of the scenario: "tick.json" */
    al_cell cells; /* head of the ring of all lists and dicts */
    al_frame *frame; /* running, innermost */
    size_t depth; /* script calls under way */
    al_left left; /* how the entry frame that ran last was left */
    uint64_t steps, poll_at;
    const al_exception *passing; /* left an entry frame: now C's; only to
                                    be compared */
    al_value reported; /* the dict the script itself handed to the
                          exception handler; or AL_ABSENT; borrowed */
};

enum { AL_MAX_DEPTH = 1000 }; /* sys.getrecursionlimit() */

/* Count a step (a loop's turn, a call, an item of a builtin's work); false:
 * a limit was reached, and LimitReached raised. */
bool al_vm_poll(al_vm *vm);

static inline bool al_vm_step(al_vm *vm)
{
    return ++vm->steps < vm->poll_at || al_vm_poll(vm);
}

/* Work inside a step: so many items or bytes looked at, moved or made.  It
 * is bounded by the size of what was allocated, so a limit it goes beyond may
 * wait for the next step; work that has no such bound steps as it goes. */
enum { AL_WORK_OF_A_STEP = 64 };

static inline void al_vm_charge(al_vm *vm, size_t work)
{
    vm->steps += work / AL_WORK_OF_A_STEP;
}

/* The machine that runs in this thread, or ran last. */
al_vm *al_vm_current(void);

/* May the script have `size` bytes more?  False: raised MemoryError. */
bool al_vm_may_allocate(al_vm *vm, size_t size);

/* Run a frame until it returns, which frees it.  AL_ABSENT: raised. */
al_value al_vm_run_frame(al_vm *vm, al_frame *frame);

/* The same for a coroutine's or generator's, which may also be left waiting
 * (vm->left): the value is what it awaits or yields.  With `raises` what is in the slot comes out
 * of the await it was left at. */
al_value al_vm_go_on(al_vm *vm, al_frame *frame, bool raises);

/* Let a suspended frame stand below those to come, or no longer. */
void al_vm_push_frame(al_vm *vm, al_frame *frame);
void al_vm_pop_frame(al_vm *vm);

/* An event of the script's own: by way of the loop it belongs to, if any. */
void al_vm_emit(al_vm *vm, al_event *event);

/* Have what coroutines do told to the current machine, and no longer. */
void al_script_watch_coroutines(bool begins);

/* Raised already: complete the exception with __context__. */
void al_vm_chain_context(al_vm *vm, al_exception *e);

/* -- calling ------------------------------------------------------------ */

/* Arguments, borrowed. */
typedef struct al_args {
    const al_value *items; /* positional, then those by keyword */
    size_t count;          /* of positional ones */
    const char *const *keywords;
    size_t keyword_count;
} al_args;

enum { AL_MAX_SLOTS = 6 };

/* A call of a function written in C. */
typedef struct al_call {
    al_vm *vm;
    const al_method *method;
    al_value self;
    const al_value *items; /* the positional arguments */
    size_t count;
    const al_args *args;   /* all of them, as given */
    al_value slots[AL_MAX_SLOTS]; /* by parameter; see al_method */
} al_call;

typedef al_value al_native(al_call *call); /* owned; AL_ABSENT: raised */

typedef enum al_arity {
    AL_ARITY_C,      /* "pop expected at most 1 argument, got 2" */
    AL_ARITY_TAKES,  /* "replace() takes at least 2 positional arguments" */
    AL_ARITY_PYTHON  /* as a Python function says it */
} al_arity;

/* A function written in C, or a method.  `params` names its parameters,
 * separated by spaces; each gets a slot, AL_ABSENT where it was left out.
 * Where `max` is -1 any number of positional arguments is taken: they are
 * in items, and params are keyword-only; those after a "|" are positional,
 * named only for messages.  "/name" can be given by position alone. */
struct al_method {
    const char *name;
    const char *qualname; /* "list.append" */
    al_native *call;
    int min, max;
    const char *params;
    al_arity arity;
    bool takes_any_keyword; /* dict(): see al_call_keywords */
};

/* An entry of a table of methods, or of builtin functions: the rest are
 * designated initialisers, of which there must be one. */
#define AL_METHOD(type, method, ...)                                           \
    {.name = #method, .qualname = #type "." #method,                           \
     .call = type##_##method, __VA_ARGS__}
#define AL_FUNCTION(function, ...)                                             \
    {.name = #function, .qualname = #function, .call = builtin_##function,     \
     __VA_ARGS__}

/* Call anything.  Owned result; AL_ABSENT: raised. */
al_value al_call_value(al_vm *vm, al_value function, const al_args *args);
al_value al_call_method(al_vm *vm, const al_method *method, al_value self,
                        const al_args *args);

/* What a call of an async function or of a generator gives: an object that
 * owns the frame and will run it. */
al_value al_script_coroutine_new(al_vm *vm, al_frame *frame);
al_value al_generator_new(al_vm *vm, al_frame *frame);
al_value al_async_generator_new(al_vm *vm, al_frame *frame);

static inline bool al_code_is_plain(const al_code *code)
{
    return !code->is_async && !code->is_generator;
}

static inline al_value al_suspended_call(al_vm *vm, al_frame *frame)
{
    return !frame->code->is_generator ? al_script_coroutine_new(vm, frame)
           : frame->code->is_async    ? al_async_generator_new(vm, frame)
                                      : al_generator_new(vm, frame);
}

/* A frame for calling a function value; NULL: raised (wrong arguments, or
 * too deep). */
al_frame *al_call_frame(al_vm *vm, al_value function, const al_args *args);

static inline al_value al_no_value(void) /* AL_ABSENT */
{
    return (al_value){.tag = AL_ABSENT};
}

/* -- classes and attributes --------------------------------------------- */

typedef struct al_getter {
    const char *name;
    al_value (*get)(al_vm *vm, al_value self); /* AL_ABSENT: raised */
} al_getter;

/* A builtin class, as a value: int, list, … */
struct al_class {
    al_object head; /* type: al_class_type, immortal */
    const char *name;
    const char *module;  /* for repr: "contextvars."; NULL: a builtin */
    al_tag tag;          /* of its instances */
    const al_type *type; /* where tag is AL_OBJECT */
    const al_method *constructor; /* NULL: cannot be called */
    const al_method *methods;     /* ended by a NULL name; may be NULL */
    const al_getter *getters;     /* the same */
};

#define AL_CLASS_HEAD {&al_class_type, AL_IMMORTAL, 0}

extern const al_type al_class_type;

/* The class of a value; an al_class or an al_exception_class. */
al_value al_class_of(al_value value);
const al_class *al_class_peek(al_value value); /* of no exception */

/* The class whose methods and getters the value has. */
const al_class *al_members_of(al_value value);

/* The type's name as messages show it: "'int' object is …". */
const char *al_type_name(al_value value);

/* object.name: owned; AL_ABSENT: raised. */
al_value al_attribute_get(al_vm *vm, al_value object, al_name *name);

/* The method of that name, or NULL (it may be a plain attribute, or not be
 * there: al_attribute_get will say). */
const al_method *al_attribute_find_method(al_value object, al_name *name);
bool al_has_method(al_value object, const char *name);

/* -- function values ---------------------------------------------------- */

typedef struct al_function_value {
    al_object head;
    al_vm *vm;
    al_code *code;
} al_function_value;

typedef struct al_bound { /* a method of an object; or a builtin function */
    al_object head;
    al_vm *vm;
    const al_method *method;
    al_value self; /* AL_ABSENT: a function of no object */
} al_bound;

extern const al_type al_function_type, al_builtin_type, al_method_type;

al_value al_function_new(al_vm *vm, al_code *code);
al_value al_bound_new(al_vm *vm, const al_method *method, al_value self);
bool al_is_callable(al_value value);

/* A method of no object: str.upper.  Its first argument is the object. */
extern const al_type al_descriptor_type;
al_value al_descriptor_new(const al_class *owner, const al_method *method);
const al_method *al_descriptor_peek(al_value value); /* or NULL */
al_value al_descriptor_call(al_vm *vm, al_value function, const al_args *args);

/* __qualname__ of anything callable. */
void al_qualname(al_value callable, al_text *out);

/* Is it a coroutine, or an async function, which no callback may be? */
bool al_is_coroutine_callback(al_value function);

/* What a callback that was made of a script's value calls; borrowed. */
al_value al_callback_function(al_callback callback);

/* " at FILE:LINE" of a script function; nothing of anything else. */
void al_add_place(al_value callable, al_text *out);

/* -- what the loop calls back ------------------------------------------- */

/* A callback for the loop: owned by it once passed on. */
al_callback al_callback_make(al_value function, const al_value *args,
                             size_t count);

/* The same of a tuple (function, *args), which is taken over. */
al_callback al_callback_take(al_tuple *bundle);

bool al_callbacks_equal(al_callback a, al_callback b);

/* -- numbers, comparing, sequences -------------------------------------- */

al_value al_binary(al_vm *vm, al_operator op, al_value a, al_value b);
al_value al_unary(al_operator op, al_value a);
al_value al_unsupported(al_operator op, al_value a, al_value b);
al_value al_overflow(void); /* raises OverflowError */
bool al_is_number(al_value value);    /* int, bool, float */
bool al_is_whole(al_value value);     /* int, bool */
int64_t al_whole(al_value value);     /* of those */
double al_real(al_value value);       /* of a number */
al_value al_float_new(double real);   /* each NaN is another object */
al_value al_int_from_double(double real); /* truncated; may raise */

/* a op b for the comparison operators.  Owned; AL_ABSENT: raised. */
al_value al_compare(al_vm *vm, al_operator op, al_value a, al_value b);
int al_less(al_vm *vm, al_operator op, al_value a, al_value b); /* -1: raised */
int al_equal(al_value a, al_value b);    /* ==; -1: raised */
int al_same_or_equal(al_value a, al_value b); /* as containers ask; -1 */
int al_contains(al_vm *vm, al_value container, al_value item);

/* A value as index: false: raised ("… cannot be interpreted as an integer").*/
bool al_index(al_value value, int64_t *index);

al_value al_subscript_get(al_vm *vm, al_value object, al_value index);
bool al_subscript_set(al_vm *vm, al_value object, al_value index,
                      al_value value);
al_value al_length(al_vm *vm, al_value object); /* len() */

typedef struct al_slice {
    al_object head;
    al_value start, stop, step;
} al_slice;

extern const al_type al_slice_type;

al_value al_slice_new(al_value start, al_value stop, al_value step);

al_value al_concat(al_vm *vm, al_value a, al_value b); /* sequences, + */
al_value al_repeat(al_vm *vm, al_value sequence, int64_t count);
bool al_is_sequence(al_value value); /* str, list, tuple */

/* -- containers --------------------------------------------------------- */

typedef struct al_list {
    al_cell cell;
    al_value *items;
    size_t count, capacity;
} al_list;

extern const al_type al_list_type;

al_list *al_list_new(al_vm *vm, const al_value *items, size_t count);
al_list *al_list_peek(al_value value); /* NULL where it is none */
bool al_list_append(al_vm *vm, al_list *list, al_value item); /* dups */
bool al_list_take(al_vm *vm, al_list *list, al_value item);
void al_list_clear(al_list *list);
bool al_list_extend(al_vm *vm, al_list *list, al_value iterable);

/* list.sort(): stable.  key AL_ABSENT or None: none.  False: raised. */
bool al_list_sort(al_vm *vm, al_list *list, al_value key, bool reverse);

/* list(iterable); NULL: raised. */
al_list *al_list_from(al_vm *vm, al_value iterable);

typedef struct al_dict_entry {
    uint64_t hash;
    al_value key; /* AL_ABSENT: removed */
    al_value value;
} al_dict_entry;

typedef struct al_dict {
    al_cell cell;
    al_dict_entry *entries; /* in order of insertion, with gaps */
    size_t used, capacity;  /* of entries */
    size_t count;           /* of keys */
    uint32_t *buckets;      /* 1 + index of the entry; 0: free */
    size_t bucket_count;    /* a power of two, or 0 */
    size_t filled;          /* buckets that are not empty, gaps included */
} al_dict;

extern const al_type al_dict_type;

al_dict *al_dict_new(al_vm *vm);
al_dict *al_dict_peek(al_value value);

/* Borrowed, or NULL: no such key, or raised (unhashable). */
al_value *al_dict_find(al_dict *dict, al_value key);
bool al_dict_set(al_vm *vm, al_dict *dict, al_value key, al_value value);
bool al_dict_set_text(al_vm *vm, al_dict *dict, const char *key,
                      al_value value); /* takes the value */
al_value al_dict_remove(al_dict *dict, al_value key); /* AL_ABSENT: none */
void al_dict_clear(al_dict *dict);

/* The entry at or after *position, which is set beyond it; NULL: the end. */
al_dict_entry *al_dict_next(const al_dict *dict, size_t *position);

/* A set is a dict whose values are all None: borrowed; NULL where it is none. */
extern const al_type al_set_type;
al_value al_set_new(al_vm *vm, const al_value *items, size_t count);
al_dict *al_set_peek(al_value value);

typedef enum al_view_kind { AL_KEYS, AL_VALUES, AL_ITEMS } al_view_kind;

typedef struct al_dict_view {
    al_object head;
    al_view_kind kind;
    al_dict *dict;
} al_dict_view;

extern const al_type al_dict_keys_type, al_dict_values_type,
    al_dict_items_type;
al_value al_dict_view_new(al_dict *dict, al_view_kind kind);
al_dict_view *al_dict_view_peek(al_value value);

/* keys() and items() are sets: is everything of one in the other?  -1:
 * raised. */
bool al_is_set_view(al_value value);
int al_view_contains(const al_dict_view *view, al_value item);
int al_view_is_subset(const al_dict_view *view, const al_dict_view *of);

typedef struct al_range {
    al_object head;
    int64_t start, stop, step;
    uint64_t count;
} al_range;

extern const al_type al_range_type;

al_value al_range_new(int64_t start, int64_t stop, int64_t step);
const al_range *al_range_peek(al_value value);
int64_t al_range_item(const al_range *range, uint64_t at);

/* Where the item is; false: it is not there. */
bool al_range_find(const al_range *range, int64_t item, uint64_t *at);

/* Is the value usable as a dict's key?  False: raised. */
bool al_check_hashable(al_value value, const char *use);

/* -- iterators ---------------------------------------------------------- */

typedef struct al_iterator {
    al_object head;
    al_value (*next)(al_vm *vm, struct al_iterator *it);
    al_value source; /* what it runs over; AL_ABSENT: exhausted */
    int64_t index;   /* next one's */
    int64_t step;
    uint64_t left;   /* ranges: how many; dicts: the size expected;
                        enumerate: true where the index would overflow */
    al_view_kind view;
} al_iterator;

/* iter(value): owned; AL_ABSENT: raised. */
al_value al_iter(al_vm *vm, al_value value);

bool al_is_iterator(al_value value);

/* Owned; AL_ABSENT: the end, or raised (al_peek_raised() tells). */
al_value al_iter_next(al_vm *vm, al_value iterator);

al_value al_reversed(al_vm *vm, al_value value);
al_value al_enumerate(al_vm *vm, al_value value, int64_t start);
al_value al_zip(al_vm *vm, const al_value *items, size_t count, bool strict);

/* -- strings ------------------------------------------------------------ */

size_t al_str_characters(const al_str *str); /* len() */
bool al_str_is_ascii(const al_str *str);

/* Byte offset of character `index`. */
size_t al_str_offset(const al_str *str, size_t index);

void al_text_add_character(al_text *out, uint32_t c);
void al_add_ascii(const al_text *repr, al_text *out); /* as ascii() does */

/* format(value, spec): owned; AL_ABSENT: raised. */
al_value al_format(al_vm *vm, al_value value, const char *spec, size_t length);

/* format % args. */
al_value al_percent(al_vm *vm, const al_str *format, al_value args);

/* What reprlib.repr makes of list, dict; see value.h. */
bool al_short_repr_container(al_value value, int level, al_text *out);

/* repr(value), str(value), into text; false: raised (too deep). */
bool al_add_repr(al_value value, al_text *out);
bool al_add_str(al_value value, al_text *out);
al_value al_str_value(al_vm *vm, al_value value); /* str(value) */
al_value al_str_take(al_vm *vm, al_text *text); /* releases the text */

/* -- exceptions --------------------------------------------------------- */

/* cls(*args): owned; AL_ABSENT: raised. */
al_value al_exception_make(al_vm *vm, const al_exception_class *cls,
                           const al_args *args);
const al_exception_class *al_exception_class_peek(al_value value);

/* What `raise value` raises: the instance, or a new one of the class; owned.
 * NULL: it is neither, and TypeError(what) is raised. */
al_exception *al_exception_instance(al_vm *vm, al_value value,
                                    const char *what);
al_exception *al_exception_peek(al_value value);
/* Does `except type` catch it?  -1: raised. */
int al_exception_matches(al_vm *vm, const al_exception *e, al_value type);

/* `except* type`: the part of *rest that it catches, or None; what is left
 * stays in *rest.  And the end of such a try: what it raises, or None, after
 * its clauses raised what is in the list. */
al_value al_star_match(al_vm *vm, al_value *rest, al_value type);
al_value al_star_end(al_vm *vm, al_value original, al_value raised,
                     al_value rest);

/* Methods of exception groups. */
al_native al_group_split, al_group_subgroup, al_group_derive;

al_value al_raise_value(const al_exception_class *cls, al_value argument);
al_value al_fail_with(const al_exception_class *cls, const char *format, ...)
    __attribute__((format(printf, 2, 3))); /* raises; returns AL_ABSENT */

/* -- the loop, for methods and verbs alike ------------------------------- */

typedef enum al_schedule {
    AL_CALL_SOON,
    AL_CALL_LATER,
    AL_CALL_AT,
    AL_CALL_SOON_THREADSAFE
} al_schedule;

/* call_soon and kin.  `when` is the delay or the time; `function` is for
 * the messages; the callback is taken; context: AL_ABSENT or None: a copy of
 * the current one.  Returns the handle, owned; AL_ABSENT: raised. */
al_value al_schedule_call(al_vm *vm, al_schedule how, al_loop *loop,
                          al_value when, al_value function,
                          al_callback callback, al_value context);

typedef enum al_watch_change {
    AL_ADD_READER,
    AL_ADD_WRITER,
    AL_REMOVE_READER,
    AL_REMOVE_WRITER
} al_watch_change;

/* The callback is taken; of the removals it is none. */
al_value al_watch_fd(al_watch_change how, al_loop *loop, al_value fd,
                     al_callback callback);
al_value al_add_signal_handler(al_loop *loop, al_value sig,
                               al_callback callback);
al_value al_remove_signal_handler(al_loop *loop, al_value sig);
al_value al_set_exception_handler(al_vm *vm, al_loop *loop, al_value handler);
al_value al_get_exception_handler(al_loop *loop);
al_value al_call_exception_handler(al_vm *vm, al_loop *loop, al_value context,
                                   bool is_default);

/* Call object.name(…): for verbs whose object is not what they expect. */
al_value al_call_attribute(al_vm *vm, al_value object, const char *name,
                           const al_args *args);

/* -- verbs -------------------------------------------------------------- */

/* Evaluate an operation; params, borrowed, as Python evaluates them: of a
 * loop's method the loop first, else as the verb's spec lists them. */
al_value al_verb_call(al_vm *vm, al_verb verb, const al_value *params);

/* -- task_verbs.c: the functions of verbs ---------------------------------- */

typedef al_value al_verb_function(al_vm *vm, const al_value *params);

/* A coroutine, borrowed; NULL: raised "a coroutine was expected, got …". */
al_coroutine *al_check_coroutine(al_value value);

/* What create_task is given by keyword: name (then the options' own), context,
 * eager_start; each may be AL_ABSENT.  False: raised. */
bool al_task_options_from(al_vm *vm, const al_value *given,
                          al_task_options *options);

al_verb_function al_verb_timeout, al_verb_timeout_at, al_verb_wait_for,
    al_verb_wait, al_verb_shield, al_verb_as_completed, al_verb_ensure_future,
    al_verb_all_tasks, al_verb_TaskGroup, al_verb_set_task_factory,
    al_verb_get_task_factory, al_verb_Runner;
al_verb_function al_verb_asyncio_run, al_verb_run_until_complete,
    al_verb_create_task, al_verb_create_future, al_verb_current_task,
    al_verb_sleep, al_verb_gather;

/* -- names known everywhere --------------------------------------------- */

/* A builtin of that name: owned; AL_ABSENT: there is none. */
al_value al_builtin_find(al_vm *vm, const char *name);

/* An fd value. */
typedef struct al_fd {
    al_object head;
    const char *name; /* borrowed from the scenario */
    int number;
} al_fd;

extern const al_type al_fd_type;
al_value al_fd_new(const char *name, int number);
const al_fd *al_fd_of(al_value value); /* borrowed; NULL: raised */

/* -- classes, one a file ------------------------------------------------ */

extern const al_class al_int_class, al_float_class, al_bool_class,
    al_none_class, al_str_class, al_list_class, al_tuple_class, al_dict_class,
    al_range_class, al_slice_class, al_type_class, al_function_class,
    al_builtin_class, al_bound_class, al_enumerate_class, al_zip_class,
    al_reversed_class, al_exception_base_class, al_exception_type_class,
    al_loop_class, al_handle_class, al_timer_handle_class,
    al_threadsafe_handle_class, al_context_var_class, al_context_class,
    al_token_class, al_fd_class,
    al_dict_keys_class, al_dict_values_class, al_dict_items_class,
    al_missing_class, al_descriptor_class, al_future_class, al_task_class,
    al_coroutine_class, al_generator_class, al_async_generator_class,
    al_set_class, al_timeout_class, al_task_group_class,
    al_as_completed_class, al_runner_class;

extern const al_type al_enumerate_type, al_zip_type, al_reversed_type,
    al_generator_type, al_async_generator_type;

/* Those of the iterators that have no constructor. */
extern const al_class al_iterator_classes[];
extern const size_t al_iterator_class_count;

#endif
