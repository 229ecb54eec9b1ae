/* whole_file.c - see whole_file.h. */
#include "sim/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"

/* False: errno says why. */
static bool find_size(int fd, size_t most, size_t *size)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return false;
    *size = (size_t)status.st_size;
    if (S_ISREG(status.st_mode) && *size <= most)
        return true;
    errno = S_ISDIR(status.st_mode) ? EISDIR
            : S_ISREG(status.st_mode) ? EFBIG : EINVAL;
    return false;
}

/* One that becomes shorter meanwhile has less. */
static char *read_all(int fd, size_t size, size_t *length)
{
    char *bytes = al_alloc(size + 1);
    ssize_t count = 1;

    for (*length = 0; count > 0 && *length < size;
         *length += (size_t)(count > 0 ? count : 0))
        count = read(fd, bytes + *length, size - *length);
    bytes[*length] = '\0';
    if (count >= 0)
        return bytes;
    al_free(bytes);
    return NULL;
}

char *al_whole_file(const char *path, size_t most, size_t *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), problem;
    char *bytes = NULL;
    size_t size;

    if (fd < 0)
        return NULL;
    if (find_size(fd, most, &size))
        bytes = read_all(fd, size, length);
    problem = errno;
    close(fd);
    errno = problem;
    return bytes;
}
