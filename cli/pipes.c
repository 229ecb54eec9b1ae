/* pipes.c - see pipes.h.
 *
 * A pipe can be read only once.  The first line tells: a trace's reader goes
 * on from there; a scenario, which is small, is put into a file that takes
 * the pipe's place under its number. */
#include "cli/pipes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/base/waiting.h"
#include "sim/json/json.h"
#include "sim/scenario/scenario.h"

enum { CHUNK = 64 << 10 };

/* -- which there are ----------------------------------------------------- */

typedef struct opened_pipe {
    dev_t device; /* what its path named when it was opened */
    ino_t inode;
    int fd;
} opened_pipe;

static struct {
    opened_pipe *items;
    size_t count, capacity;
} pipes;

static bool is_stdin(const struct stat *named)
{
    struct stat status;

    return fstat(STDIN_FILENO, &status) == 0 &&
           status.st_dev == named->st_dev && status.st_ino == named->st_ino;
}

static bool has_given_up;

/* Of a pipe, whoever writes is waited for, until Ctrl-C.  Then there is no
 * waiting for another either. */
static int open_waiting(const char *path)
{
    int fd = -1;

    errno = EINTR;
    while (fd < 0 && al_waiting_goes_on())
        fd = open(path, O_RDONLY | O_CLOEXEC);
    has_given_up = fd < 0 && errno == EINTR;
    return fd;
}

bool al_pipe_gave_up(void)
{
    return has_given_up;
}

/* A device may be one that begins again each time. */
static int open_once(const char *path)
{
    int fd = open_waiting(path);

    if (fd >= 0 && (lseek(fd, 0, SEEK_CUR) >= 0 || isatty(fd))) {
        close(fd);
        return -1;
    }
    return fd;
}

int al_pipe_find(const char *path)
{
    struct stat named;
    int fd;

    if (strcmp(path, "-") == 0)
        return STDIN_FILENO;
    if (stat(path, &named) != 0 || S_ISREG(named.st_mode) ||
        S_ISDIR(named.st_mode))
        return -1;
    for (size_t i = 0; i < pipes.count; i++) {
        if (pipes.items[i].device == named.st_dev &&
            pipes.items[i].inode == named.st_ino)
            return pipes.items[i].fd;
    }
    fd = is_stdin(&named) ? STDIN_FILENO : open_once(path);
    if (fd < 0)
        return -1;
    pipes.items = al_grow(pipes.items, &pipes.capacity, pipes.count + 1,
                          sizeof *pipes.items);
    pipes.items[pipes.count++] = (opened_pipe){named.st_dev, named.st_ino, fd};
    return fd;
}

/* -- trace or scenario? -------------------------------------------------- */

/* What is not there yet is waited for, until Ctrl-C.  False: there is no
 * more, or it cannot be read; errno says why, or is 0. */
static bool read_more(int fd, al_text *text)
{
    ssize_t count;

    do
        count = read(fd, al_text_reserve(text, CHUNK), CHUNK);
    while (count < 0 && al_waiting_goes_on());
    if (count > 0)
        text->length += (size_t)count;
    else if (count == 0)
        errno = 0;
    return count > 0;
}

/* All of it, or more than any scenario has. */
static bool read_rest(int fd, al_text *text)
{
    while (text->length <= AL_JSON_MAX_BYTES) {
        if (!read_more(fd, text))
            return errno == 0;
    }
    return true;
}

/* A scenario may be all one line. */
static bool read_first_line(int fd, al_text *head)
{
    size_t seen = 0;

    while (head->length <= AL_JSON_MAX_BYTES) {
        if (!read_more(fd, head))
            return errno == 0;
        if (memchr(head->bytes + seen, '\n', head->length - seen))
            return true;
        seen = head->length;
    }
    return true;
}

/* Let the descriptor begin again with the text.  False: it cannot; errno says
 * why. */
static bool put_back(int fd, const al_text *text)
{
    FILE *file = tmpfile();
    int at = file ? fileno(file) : -1;
    bool ok = file &&
              fwrite(al_text_peek(text), 1, text->length, file) ==
                  text->length &&
              fflush(file) == 0 && lseek(at, 0, SEEK_SET) == 0 &&
              dup2(at, fd) >= 0;

    if (file)
        fclose(file);
    return ok;
}

/* What begins as a trace is a bad one; of all else a scenario may be made. */
static void forgive(const char *bytes, size_t length, al_error *wrong)
{
    if (!al_scenario_is_trace(bytes, length))
        *wrong = (al_error){0};
}

static al_trace_reader *open_pipe(int fd, int *error, al_error *wrong)
{
    al_text head = {0};
    al_trace_reader *reader = NULL;

    if (!read_first_line(fd, &head))
        *error = errno;
    else if (head.length <= AL_JSON_MAX_BYTES)
        reader = al_trace_reader_go_on(al_text_peek(&head), head.length, fd,
                                       wrong);
    forgive(al_text_peek(&head), head.length, wrong);
    if (!reader && !*error && !(read_rest(fd, &head) && put_back(fd, &head)))
        *error = errno;
    al_text_release(&head);
    return reader;
}

static al_trace_reader *open_file(int fd, al_error *wrong)
{
    char head[16];
    off_t beginning = lseek(fd, 0, SEEK_CUR);
    ssize_t length = pread(fd, head, sizeof head, beginning);
    al_trace_reader *reader = al_trace_reader_go_on("", 0, fd, wrong);

    forgive(head, length > 0 ? (size_t)length : 0, wrong);
    if (!reader)
        lseek(fd, beginning, SEEK_SET);
    return reader;
}

al_trace_reader *al_pipe_open_trace(int fd, int *error, al_error *wrong)
{
    struct stat status;

    *error = 0;
    if (fstat(fd, &status) != 0 || isatty(fd))
        return NULL;
    return S_ISREG(status.st_mode) ? open_file(fd, wrong)
                                   : open_pipe(fd, error, wrong);
}

/* -- reading it twice ---------------------------------------------------- */

/* False: it cannot be read, or written; errno says why. */
static bool copy_to(FILE *file, int fd)
{
    al_text chunk = {0};
    bool ok = true;

    while (ok && read_more(fd, &chunk)) {
        ok = fwrite(chunk.bytes, 1, chunk.length, file) == chunk.length;
        al_text_clear(&chunk);
    }
    ok = ok && errno == 0 && fflush(file) == 0;
    al_text_release(&chunk);
    return ok;
}

bool al_pipe_keep(int fd, off_t *place)
{
    FILE *file;
    bool ok;

    *place = lseek(fd, 0, SEEK_CUR);
    if (*place >= 0)
        return true;
    *place = 0;
    file = tmpfile();
    if (!file)
        return false;
    ok = copy_to(file, fd) && lseek(fileno(file), 0, SEEK_SET) == 0 &&
         dup2(fileno(file), fd) >= 0;
    fclose(file);
    return ok;
}

al_exit al_pipe_complain(const char *path, int error)
{
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (strcmp(path, "-") == 0)
        al_complain("cannot keep standard input: %s", strerror(error));
    else
        al_complain("cannot keep '%s': %s", path, strerror(error));
    return AL_EXIT_REFUSED;
}
