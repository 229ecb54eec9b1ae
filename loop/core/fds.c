/* fds.c - readers and writers: BaseSelectorEventLoop's part of the loop.
 *
 * Python keeps the two handles of an fd in the selector's map; here they
 * stand in a table by fd number, and the selector only knows the mask. */
#include "loop/core/loop_private.h"

#include <string.h>
#include "loop/base/alloc.h"

static bool has_room(const al_loop *loop, int fd)
{
    return fd >= loop->first_watch &&
           (size_t)(fd - loop->first_watch) < loop->watch_count;
}

static al_watch *watch_of(al_loop *loop, int fd)
{
    static al_watch nothing;

    return has_room(loop, fd) ? &loop->watches[fd - loop->first_watch]
                              : &nothing;
}

/* The table begins at the lowest fd: a loop among thousands has high ones.
 * It grows to both sides, at least to twice the size. */
static void make_room(al_loop *loop, int fd)
{
    int count = (int)loop->watch_count;
    int first = count ? loop->first_watch : fd;
    int end = first + count;
    al_watch *watches;

    if (has_room(loop, fd))
        return;
    if (fd < first)
        first = fd < count ? 0 : fd - count;
    else
        end = fd + 1 + count;
    watches = al_alloc_zero((size_t)(end - first), sizeof *watches);
    if (count)
        memcpy(watches + (loop->first_watch - first), loop->watches,
               (size_t)count * sizeof *watches);
    al_free(loop->watches);
    loop->watches = watches;
    loop->first_watch = first;
    loop->watch_count = (size_t)(end - first);
}

static unsigned mask_of(const al_watch *slots)
{
    return (slots->reader ? AL_READ : 0u) | (slots->writer ? AL_WRITE : 0u);
}

static al_handle **slot_of(al_watch *slots, unsigned which)
{
    return which == AL_READ ? &slots->reader : &slots->writer;
}

static bool check_fd(int fd)
{
    return fd >= 0 ||
           al_raise(&al_ValueError, "Invalid file descriptor: %d", fd);
}

/* Python's selector drops its key, and the handles with it, where the kernel
 * refuses a change: they are forgotten, but not cancelled. */
static void forget(al_loop *loop, int fd)
{
    al_watch *slots = watch_of(loop, fd);
    al_watch dropped = *slots;

    if (!dropped.reader && !dropped.writer)
        return;
    *slots = (al_watch){0};
    al_unref(dropped.reader);
    al_unref(dropped.writer);
}

static bool watch(al_loop *loop, int fd, unsigned mask)
{
    if (loop->selector.ops->watch(loop->selector.self, fd, mask))
        return true;
    forget(loop, fd);
    return false;
}

/* _add_reader and _add_writer: the handle is made first, then the selector
 * told, then what was there before is cancelled. */
static bool add(al_loop *loop, int fd, unsigned which, al_callback callback)
{
    al_context *context;
    al_handle *handle;
    al_handle *old;
    al_watch *slots;

    if (!al_loop_check_closed(loop)) {
        al_callback_release(callback);
        return false;
    }
    context = al_context_copy();
    handle = al_handle_new(loop, &al_handle_type, callback, context,
                           AL_HANDLE_PERSISTENT);
    al_unref(context);
    if (!check_fd(fd) ||
        !watch(loop, fd, mask_of(watch_of(loop, fd)) | which)) {
        al_unref(handle);
        return false;
    }
    make_room(loop, fd);
    slots = watch_of(loop, fd);
    old = *slot_of(slots, which);
    *slot_of(slots, which) = handle;
    if (old)
        al_handle_cancel(old);
    al_unref(old);
    if (loop->observer.ops)
        al_emit_watch(loop, which == AL_READ ? AL_EVENT_ADD_READER
                                             : AL_EVENT_ADD_WRITER,
                      fd, handle);
    return true;
}

/* _remove_reader and _remove_writer: the selector first, for it may refuse. */
static bool remove_handle(al_loop *loop, int fd, unsigned which)
{
    al_watch *slots = watch_of(loop, fd);
    al_handle *old = *slot_of(slots, which);

    if (!watch(loop, fd, mask_of(slots) & ~which))
        return false;
    *slot_of(slots, which) = NULL;
    al_handle_cancel(old);
    al_unref(old);
    if (loop->observer.ops)
        al_emit_watch(loop, which == AL_READ ? AL_EVENT_REMOVE_READER
                                             : AL_EVENT_REMOVE_WRITER,
                      fd, NULL);
    return true;
}

static bool remove_if_there(al_loop *loop, int fd, unsigned which,
                            bool *removed)
{
    bool is_there = false;
    bool ok = al_loop_is_closed(loop) || check_fd(fd);

    if (ok && !al_loop_is_closed(loop))
        is_there = *slot_of(watch_of(loop, fd), which) != NULL;
    if (is_there)
        ok = remove_handle(loop, fd, which);
    if (removed)
        *removed = ok && is_there;
    return ok;
}

bool al_loop_add_reader(al_loop *loop, int fd, al_callback callback)
{
    return add(loop, fd, AL_READ, callback);
}

bool al_loop_add_writer(al_loop *loop, int fd, al_callback callback)
{
    return add(loop, fd, AL_WRITE, callback);
}

bool al_loop_remove_reader(al_loop *loop, int fd, bool *removed)
{
    return remove_if_there(loop, fd, AL_READ, removed);
}

bool al_loop_remove_writer(al_loop *loop, int fd, bool *removed)
{
    return remove_if_there(loop, fd, AL_WRITE, removed);
}

/* -- what select reported ----------------------------------------------- */

static bool process(al_loop *loop, int fd, unsigned which)
{
    al_handle *handle = *slot_of(watch_of(loop, fd), which);

    if (!handle)
        return true;
    if (handle->head.flags & AL_HANDLE_CANCELLED)
        return remove_handle(loop, fd, which);
    al_ready_push(&loop->ready, al_ref(handle));
    if (loop->observer.ops)
        al_emit_handle(loop, AL_EVENT_READY, handle);
    return true;
}

bool al_loop_process_events(al_loop *loop)
{
    for (size_t i = 0; i < loop->events.count; i++) {
        al_fd_event event = loop->events.items[i];

        if (((event.mask & AL_READ) && !process(loop, event.fd, AL_READ)) ||
            ((event.mask & AL_WRITE) && !process(loop, event.fd, AL_WRITE)))
            return false;
    }
    return true;
}

void al_loop_release_watches(al_loop *loop)
{
    for (size_t i = 0; i < loop->watch_count; i++) {
        al_unref(loop->watches[i].reader);
        al_unref(loop->watches[i].writer);
    }
    al_free(loop->watches);
    loop->watches = NULL;
    loop->watch_count = 0;
}

/* -- the self-pipe ------------------------------------------------------ */

static bool process_self_data(al_loop *loop, const unsigned char *bytes,
                              size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0 && !al_loop_handle_signal(loop, bytes[i]))
            return false;
    }
    return true;
}

/* Reads until the pipe is empty: handling a signal writes to it again. */
static bool read_from_self(al_loop *loop, void *self)
{
    unsigned char bytes[4096];
    size_t count;
    bool ok = true;

    (void)self;
    while (ok && (count = loop->selector.ops->read_self(
                      loop->selector.self, bytes, sizeof bytes)) > 0)
        ok = process_self_data(loop, bytes, count);
    return ok;
}

static const al_callable self_reader = {
    .name = "BaseSelectorEventLoop._read_from_self",
    .call = read_from_self,
};

bool al_loop_open_self_pipe(al_loop *loop)
{
    loop->self_fd = loop->selector.ops->open_self(loop->selector.self);
    return loop->self_fd >= 0 &&
           al_loop_add_reader(loop, loop->self_fd,
                              (al_callback){&self_reader, NULL});
}

/* Under the lock: another thread may be about to write to it. */
void al_loop_close_self_pipe(al_loop *loop)
{
    if (loop->self_fd < 0)
        return;
    al_loop_remove_reader(loop, loop->self_fd, NULL);
    pthread_mutex_lock(&loop->lock);
    loop->selector.ops->close_self(loop->selector.self);
    loop->self_fd = -1;
    pthread_mutex_unlock(&loop->lock);
}
