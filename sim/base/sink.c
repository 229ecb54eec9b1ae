/* sink.c - where output goes; see sink.h.
 *
 * The file sink writes to "NAME.part" beside NAME: only a name in the same
 * folder can be renamed into place in one step.  All unfinished ones stand
 * in a list, so that an exit in a hurry can remove them. */
#include "sim/base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "sim/base/waiting.h"

bool al_sink_write(al_sink sink, const char *bytes, size_t length,
                   al_error *err)
{
    return sink.ops->write(sink.self, bytes, length, err);
}

bool al_sink_check(al_sink sink, al_error *err)
{
    return !sink.ops->check || sink.ops->check(sink.self, err);
}

bool al_sink_finish(al_sink sink, al_error *err)
{
    return sink.ops->finish(sink.self, err);
}

void al_sink_free(al_sink sink)
{
    if (sink.ops)
        sink.ops->free(sink.self);
}

/* -- descriptors -------------------------------------------------------- */

typedef struct fd_sink {
    int fd;
    char *name;
} fd_sink;

/* "'trace.jsonl'", a file's; "stdout", which is none. */
static bool cannot_write(const char *name, al_error *err)
{
    return al_fail(err, "cannot write %s: %s", name, strerror(errno));
}

static bool write_all(int fd, const char *name, const char *bytes,
                      size_t length, al_error *err)
{
    while (length > 0) {
        size_t room = al_waiting_room(fd, length);
        ssize_t count = room > 0 ? write(fd, bytes, room) : -1;

        if (count < 0 && al_waiting_goes_on())
            continue;
        if (count < 0)
            return cannot_write(name, err);
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

static bool fd_sink_write(void *self, const char *bytes, size_t length,
                          al_error *err)
{
    fd_sink *sink = self;

    return write_all(sink->fd, sink->name, bytes, length, err);
}

bool al_fd_has_reader(int fd)
{
    struct pollfd state = {.fd = fd};

    return poll(&state, 1, 0) <= 0 || !(state.revents & (POLLERR | POLLHUP));
}

static bool fd_sink_check(void *self, al_error *err)
{
    fd_sink *sink = self;

    if (al_fd_has_reader(sink->fd))
        return true;
    errno = EPIPE;
    return cannot_write(sink->name, err);
}

static bool fd_sink_finish(void *self, al_error *err)
{
    (void)self;
    (void)err;
    return true;
}

static void fd_sink_free(void *self)
{
    fd_sink *sink = self;

    al_free(sink->name);
    al_free(sink);
}

static const al_sink_ops fd_sink_ops = {
    .name = "descriptor",
    .write = fd_sink_write,
    .check = fd_sink_check,
    .finish = fd_sink_finish,
    .free = fd_sink_free,
};

al_sink al_fd_sink_new(int fd, const char *name)
{
    fd_sink *sink = al_alloc_zero(1, sizeof *sink);

    sink->fd = fd;
    sink->name = al_strdup(name);
    return (al_sink){&fd_sink_ops, sink};
}

/* -- files -------------------------------------------------------------- */

typedef struct file_sink {
    char *name;  /* as the user said it, in quotes */
    char *path;  /* where it shall be in the end, links resolved */
    char *part;  /* where it is written; NULL: path itself */
    int fd;      /* -1: closed */
    struct file_sink *next; /* unfinished ones */
} file_sink;

static file_sink *unfinished;

static void forget_unfinished(const file_sink *sink)
{
    for (file_sink **at = &unfinished; *at; at = &(*at)->next) {
        if (*at == sink) {
            *at = sink->next;
            return;
        }
    }
}

void al_sinks_abandon(void)
{
    for (file_sink *sink = unfinished; sink; sink = sink->next)
        unlink(sink->part);
    unfinished = NULL;
}

static bool file_sink_write(void *self, const char *bytes, size_t length,
                            al_error *err)
{
    file_sink *sink = self;

    return write_all(sink->fd, sink->name, bytes, length, err);
}

static bool file_sink_finish(void *self, al_error *err)
{
    file_sink *sink = self;
    int fd = sink->fd;

    sink->fd = -1;
    if (close(fd) != 0 && errno != EINTR)
        return cannot_write(sink->name, err);
    if (!sink->part)
        return true;
    if (rename(sink->part, sink->path) != 0)
        return cannot_write(sink->name, err);
    forget_unfinished(sink);
    al_free(sink->part);
    sink->part = NULL;
    return true;
}

static void file_sink_free(void *self)
{
    file_sink *sink = self;

    if (sink->fd >= 0)
        close(sink->fd);
    if (sink->part) {
        unlink(sink->part);
        forget_unfinished(sink);
    }
    al_free(sink->part);
    al_free(sink->path);
    al_free(sink->name);
    al_free(sink);
}

const char *al_file_sink_path(al_sink sink)
{
    const file_sink *file = sink.self;

    return file->part ? file->part : file->path;
}

static const al_sink_ops file_sink_ops = {
    .name = "file",
    .write = file_sink_write,
    .finish = file_sink_finish,
    .free = file_sink_free,
};

/* What a link says, from the folder where it lies; NULL: it is none. */
static char *read_link(const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target);
    const char *slash = strrchr(path, '/');
    al_text text = {0};

    if (length < 0 || (size_t)length == sizeof target)
        return NULL;
    if (slash && target[0] != '/')
        al_text_add_bytes(&text, path, (size_t)(slash + 1 - path));
    al_text_add_bytes(&text, target, (size_t)length);
    return al_text_take(&text);
}

/* Links are followed, so that the file they point to is replaced, or made.
 * What is there but has no path, as /dev/stdout may, is left as it is. */
static char *resolve(const char *path)
{
    enum { MOST_LINKS = 40 };
    char *real = realpath(path, NULL);
    char *copy = al_strdup(real ? real : path), *next;

    free(real);
    for (int i = 0; i < MOST_LINKS && access(copy, F_OK) != 0 &&
                    (next = read_link(copy)) != NULL; i++) {
        al_free(copy);
        copy = next;
    }
    return copy;
}

enum { MOST_PARTS = 100 };

/* Another run may be writing the same file, or have been killed doing so. */
static char *part_name(const char *path, int index)
{
    al_text name = {0};

    al_text_add_format(&name, index ? "%s.part%d" : "%s.part", path, index);
    return al_text_take(&name);
}

/* Take the first name that is free. */
static int open_part(file_sink *sink)
{
    for (int i = 0; i < MOST_PARTS; i++) {
        char *part = part_name(sink->path, i);
        int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        int error = errno;

        if (fd >= 0) {
            sink->part = part;
            return fd;
        }
        al_free(part);
        errno = error;
        if (error != EEXIST)
            break;
    }
    return -1;
}

char *al_file_sink_unfinished(const char *path)
{
    for (int i = 0; i < MOST_PARTS; i++) {
        char *part = part_name(path, i);
        struct stat info;

        if (stat(part, &info) == 0 && S_ISREG(info.st_mode))
            return part;
        al_free(part);
    }
    return NULL;
}

char *al_file_sink_place(const char *path)
{
    char *part = access(path, F_OK) == 0 ? NULL : al_file_sink_unfinished(path);

    return part ? part : al_strdup(path);
}

static bool open_beside(file_sink *sink)
{
    sink->fd = open_part(sink);
    if (sink->fd < 0)
        return false;
    sink->next = unfinished;
    unfinished = sink;
    return true;
}

static bool open_file(file_sink *sink)
{
    struct stat old;

    if (stat(sink->path, &old) != 0)
        return errno == ENOENT && open_beside(sink);
    if (!S_ISREG(old.st_mode)) {
        sink->fd = open(sink->path, O_WRONLY | O_CLOEXEC);
        return sink->fd >= 0;
    }
    if (access(sink->path, W_OK) != 0 || !open_beside(sink))
        return false;
    return fchmod(sink->fd, old.st_mode & 07777) == 0;
}

static char *quoted(const char *path)
{
    al_text text = {0};
    int error = errno;

    al_text_add_format(&text, "'%s'", path);
    errno = error;
    return al_text_take(&text);
}

al_sink al_file_sink_new(const char *path, al_error *err)
{
    file_sink *sink = al_alloc_zero(1, sizeof *sink);

    sink->fd = -1;
    sink->name = quoted(path);
    sink->path = resolve(path);
    if (open_file(sink))
        return (al_sink){&file_sink_ops, sink};
    cannot_write(sink->name, err);
    file_sink_free(sink);
    return (al_sink){NULL, NULL};
}

bool al_sink_write_file(const char *path, const char *bytes, size_t length,
                        al_error *err)
{
    al_sink sink = al_file_sink_new(path, err);
    bool ok = sink.ops && al_sink_write(sink, bytes, length, err) &&
              al_sink_finish(sink, err);

    al_sink_free(sink);
    return ok;
}

/* -- memory ------------------------------------------------------------- */

static bool text_sink_write(void *self, const char *bytes, size_t length,
                            al_error *err)
{
    (void)err;
    al_text_add_bytes(self, bytes, length);
    return true;
}

static bool text_sink_finish(void *self, al_error *err)
{
    (void)self;
    (void)err;
    return true;
}

static void text_sink_free(void *self)
{
    (void)self; /* the text is the caller's */
}

static const al_sink_ops text_sink_ops = {
    .name = "memory",
    .write = text_sink_write,
    .finish = text_sink_finish,
    .free = text_sink_free,
};

al_sink al_text_sink(al_text *text)
{
    return (al_sink){&text_sink_ops, text};
}
