/* file_watch.c - see file_watch.h.
 *
 * A file that grows may have been added to, or written anew and longer.  Its
 * size and times do not tell; whoever adds leaves the beginning and what was
 * the end as they were. */
#include "cli/file_watch.h"

#include <fcntl.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"
#include "sim/base/sink.h"

enum { EDGE = 4096 }; /* bytes at either end */

/* Once it is finished it has its own name, and is the same file. */
static int open_it(const char *path)
{
    char *place = al_file_sink_place(path);
    int fd = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    al_free(place);
    return fd;
}

static bool stat_it(const char *path, struct stat *status)
{
    char *place = al_file_sink_place(path);
    bool ok = stat(place, status) == 0 && S_ISREG(status->st_mode);

    al_free(place);
    return ok;
}

static uint64_t hash_part(int fd, off_t from, size_t length, uint64_t hash)
{
    char bytes[EDGE];
    ssize_t count = pread(fd, bytes, length, from);

    for (ssize_t i = 0; i < count; i++)
        hash = al_hash_byte(hash, bytes[i]);
    return hash;
}

/* Of the first `size` bytes of what is there now. */
static uint64_t hash_edges(const char *path, off_t size)
{
    int fd = open_it(path);
    size_t length = size < EDGE ? (size_t)size : EDGE;
    uint64_t hash = AL_HASH_START;

    if (fd < 0)
        return hash;
    hash = hash_part(fd, 0, length, hash);
    hash = hash_part(fd, size - (off_t)length, length, hash);
    close(fd);
    return hash;
}

al_file_watch al_file_watch_begin(const char *path)
{
    al_file_watch watch = {.path = path};

    watch.is_none = !stat_it(path, &watch.latest);
    if (!watch.is_none)
        watch.edges = hash_edges(path, watch.latest.st_size);
    return watch;
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
    return is_same_file(a, b) && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool has_grown(const al_file_watch *watch, const struct stat *now)
{
    return is_same_file(&watch->latest, now) &&
           now->st_size > watch->latest.st_size &&
           hash_edges(watch->path, watch->latest.st_size) == watch->edges;
}

al_file_change al_file_watch_look(al_file_watch *watch)
{
    struct stat now;
    bool was_gone = watch->is_gone, is_growth;

    if (watch->is_none)
        return AL_FILE_SAME;
    watch->is_gone = !stat_it(watch->path, &now);
    if (watch->is_gone)
        return was_gone ? AL_FILE_SAME : AL_FILE_GONE;
    if (!was_gone && is_unchanged(&watch->latest, &now))
        return AL_FILE_SAME;
    is_growth = !was_gone && has_grown(watch, &now);
    watch->latest = now;
    watch->edges = hash_edges(watch->path, now.st_size);
    return is_growth ? AL_FILE_GREW : AL_FILE_CHANGED;
}
