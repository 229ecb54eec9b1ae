/* os_error.h - what the operating system refused, as Python's exceptions. */
#ifndef AL_OS_ERROR_H
#define AL_OS_ERROR_H

#include "loop/object/exception.h"

/* The class that OSError(error, …) makes an instance of (PEP 3151): for
 * ENOENT FileNotFoundError; OSError itself where no other fits.  Any number
 * may be asked, also one that is no errno. */
const al_exception_class *al_os_error_class(int64_t error);

/* Raise OSError(error, os.strerror(error)), of the class that fits; always
 * returns false.  `error` is an errno. */
bool al_raise_os_error(int error);

#endif
