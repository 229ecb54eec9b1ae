/* os_error.c - from errno to the class of the exception; see os_error.h. */
#include "loop/object/os_error.h"

#include <errno.h>
#include <string.h>

const al_exception_class *al_os_error_class(int64_t error)
{
    static const struct {
        int error;
        const al_exception_class *cls;
    } classes[] = {
        {EAGAIN, &al_BlockingIOError}, /* and EWOULDBLOCK, the same here */
        {EALREADY, &al_BlockingIOError},
        {EINPROGRESS, &al_BlockingIOError},
        {EPIPE, &al_BrokenPipeError},
        {ESHUTDOWN, &al_BrokenPipeError},
        {ECHILD, &al_ChildProcessError},
        {ECONNABORTED, &al_ConnectionAbortedError},
        {ECONNREFUSED, &al_ConnectionRefusedError},
        {ECONNRESET, &al_ConnectionResetError},
        {EEXIST, &al_FileExistsError},
        {ENOENT, &al_FileNotFoundError},
        {EINTR, &al_InterruptedError},
        {EISDIR, &al_IsADirectoryError},
        {ENOTDIR, &al_NotADirectoryError},
        {EACCES, &al_PermissionError},
        {EPERM, &al_PermissionError},
        {ESRCH, &al_ProcessLookupError},
        {ETIMEDOUT, &al_TimeoutError},
    };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (classes[i].error == error)
            return classes[i].cls;
    }
    return &al_OSError;
}

bool al_raise_os_error(int error)
{
    al_value args[] = {al_int(error), al_str_new(strerror(error))};

    al_raise_take(al_exception_new(al_os_error_class(error), args, 2));
    al_value_release(args[1]);
    return false;
}
