/* callback.h - script values as what the event loop calls back. */
#ifndef AL_CALLBACK_H
#define AL_CALLBACK_H

#include "loop/core/handle.h"
#include "loop/object/value.h"

/* A callback for the loop: owned by it once passed on. */
al_callback al_callback_make(al_value function, const al_value *args,
                             size_t count);

/* The same of a tuple (function, *args), which is taken over. */
al_callback al_callback_take(al_tuple *bundle);

/* What the loop or a future calls is kept as a bundle: a tuple of a function
 * and its arguments.  Its function's name, and " at FILE:LINE" if it is the
 * script's. */
void al_bundle_add_name(const void *bundle, al_text *out);
void al_bundle_add_place(const void *bundle, al_text *out);

/* Is it a coroutine, or an async function, which no callback may be? */
bool al_is_coroutine_callback(al_value function);

/* What a callback that was made of a script's value calls; borrowed. */
al_value al_callback_function(al_callback callback);

/* Do they call the same function with equal arguments? */
bool al_callbacks_equal(al_callback a, al_callback b);

#endif
