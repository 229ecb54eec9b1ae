/* class.h - builtin classes, and what object.name finds in them. */
#ifndef AL_CLASS_H
#define AL_CLASS_H

#include "sim/machine/call.h"

typedef struct al_getter {
    const char *name;
    al_value (*get)(al_vm *vm, al_value self); /* AL_ABSENT: raised */
} al_getter;

/* An attribute that can be assigned to; see also al_is_settable(). */
typedef struct al_setter {
    const char *name;
    bool (*set)(al_value self, al_value value); /* false: raised */
} al_setter;

/* A builtin class, as a value: int, list, … */
typedef struct al_class {
    al_object head; /* type: al_class_type, immortal */
    const char *name;
    const char *module;  /* for repr: "contextvars."; NULL: a builtin */
    al_tag tag;          /* of its instances */
    const al_type *type; /* where tag is AL_OBJECT */
    const al_method *constructor; /* NULL: cannot be called */
    const al_method *methods;     /* ended by a NULL name; may be NULL */
    const al_getter *getters;     /* the same */
    const al_setter *setters;     /* the same */
} al_class;

#define AL_CLASS_HEAD {&al_class_type, AL_IMMORTAL, 0}

extern const al_type al_class_type;

/* type(value): an al_class or an al_exception_class. */
al_value al_class_of(al_value value);

/* The value as a class; NULL: it is none, or an exception's. */
const al_class *al_class_peek(al_value value);

/* The class whose methods and getters the value has. */
const al_class *al_members_of(al_value value);

/* isinstance(value, cls): True is an int, and a task is a Future. */
bool al_is_instance(al_value value, const al_class *cls);

/* The type's name as messages show it: "'int' object is …". */
const char *al_type_name(al_value value);

/* -- attributes --------------------------------------------------------- */

/* An attribute name of the scenario, with what it was found to be last. */
typedef struct al_name {
    const char *text;
    const al_type *type; /* of the object it was last looked up in */
    const al_method *method;
} al_name;

/* Raise AttributeError: the object, or class, has none of that name. */
al_value al_no_attribute(al_value object, const char *name);

/* object.name: owned; AL_ABSENT: raised. */
al_value al_attribute_get(al_vm *vm, al_value object, al_name *name);

/* object.name = value; false: raised. */
bool al_attribute_set(al_value object, const char *name, al_value value);

/* The method of that name, or NULL (it may be a plain attribute, or not be
 * there: al_attribute_get will say). */
const al_method *al_attribute_find_method(al_value object, al_name *name);
bool al_has_method(al_value object, const char *name);

/* object.name(…), by a name that lasts and so need not be looked for again. */
al_value al_call_named(al_vm *vm, al_value object, al_name *name,
                       const al_args *args);

/* -- the classes: each in the file of its type --------------------------- */

extern const al_class al_int_class, al_float_class, al_bool_class,
    al_str_class, al_list_class, al_tuple_class, al_dict_class, al_range_class,
    al_type_class, al_enumerate_class, al_zip_class, al_reversed_class,
    al_exception_base_class, al_loop_class, al_handle_class,
    al_timer_handle_class, al_threadsafe_handle_class, al_context_var_class,
    al_context_class, al_token_class, al_fd_class, al_dict_keys_class,
    al_dict_values_class, al_dict_items_class, al_missing_class,
    al_future_class, al_gathering_future_class, al_task_class,
    al_coroutine_class, al_generator_class, al_async_generator_class,
    al_future_iterator_class, al_set_class, al_timeout_class,
    al_task_group_class, al_as_completed_class, al_runner_class,
    al_call_graph_class, al_call_entry_class, al_graph_frame_class,
    al_frame_code_class, al_executor_class, al_concurrent_class, al_lock_class,
    al_sync_event_class, al_condition_class, al_semaphore_class,
    al_bounded_semaphore_class, al_barrier_class, al_queue_class,
    al_lifo_queue_class, al_priority_queue_class;

#endif
