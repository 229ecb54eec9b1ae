/* exception_group.h - BaseExceptionGroup and ExceptionGroup: making them, and
 * taking them apart. */
#ifndef AL_EXCEPTION_GROUP_H
#define AL_EXCEPTION_GROUP_H

#include "loop/object/exception.h"

/* BaseExceptionGroup(message, exceptions), which is an ExceptionGroup where
 * all of them are Exceptions.  At least one; shared.  The caller's. */
al_exception *al_exception_group_new(al_value message,
                                     al_exception *const *exceptions,
                                     size_t count);

bool al_exception_is_group(const al_exception *e);

/* group.exceptions: of a group; borrowed. */
const al_tuple *al_exception_group_peek(const al_exception *group);

/* Does it belong to the one part (1) or the other (0)?  -1: raised. */
typedef int al_exception_matcher(void *self, const al_exception *e);

/* group.split(condition): *match and *rest, owned, are NULL where there are
 * none.  What matches as a whole stays whole; parts have their group's
 * __cause__, __context__ and notes.  False: raised. */
bool al_exception_group_split(al_exception *group,
                              al_exception_matcher *matches, void *self,
                              al_exception **match, al_exception **rest);

/* What `try` with `except*` raises in the end: owned, or NULL for nothing.
 * `original` was raised in its body; `raised` are what its clauses raised, and
 * the rest that none of them caught (parts of the original one that were
 * raised again are put together as they were); all borrowed. */
al_exception *al_exception_group_merge(al_exception *original,
                                       al_exception *const *raised,
                                       size_t count);

#endif
