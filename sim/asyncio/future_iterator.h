/* future_iterator.h - iter(future), future.__await__(): CPython's FutureIter,
 * for who takes a future's steps by hand. */
#ifndef AL_FUTURE_ITERATOR_H
#define AL_FUTURE_ITERATOR_H

#include "loop/task/future.h"

/* An al_iterator (iterator.h): gives the future itself, once, while it is
 * pending; then ends with its result, or raises what it raises. */
extern const al_type al_future_iterator_type;

al_value al_future_iterator_new(al_future *future);

#endif
