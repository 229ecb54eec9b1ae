/* whole_file.c - see whole_file.h. */
#include "sim/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/text.h"

/* False: errno says why. */
static bool is_plain(int fd)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return false;
    errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    return S_ISREG(status.st_mode);
}

/* What the size says is not asked: a file of /proc has none. */
static char *read_all(int fd, size_t most, size_t *length)
{
    char bytes[1 << 14];
    al_text all = {0};
    ssize_t count;

    while ((count = read(fd, bytes, sizeof bytes)) > 0 && all.length <= most)
        al_text_add_bytes(&all, bytes, (size_t)count);
    if (count >= 0 && all.length <= most) {
        *length = all.length;
        return al_text_take(&all);
    }
    if (count >= 0)
        errno = EFBIG;
    al_text_release(&all);
    return NULL;
}

char *al_whole_file(const char *path, size_t most, size_t *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), problem;
    char *bytes;

    if (fd < 0)
        return NULL;
    bytes = is_plain(fd) ? read_all(fd, most, length) : NULL;
    problem = errno;
    close(fd);
    errno = problem;
    return bytes;
}
