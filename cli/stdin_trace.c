/* stdin_trace.c - see stdin_trace.h.
 *
 * A pipe can be read only once.  The first line tells: a trace's reader goes
 * on from there; a scenario, which is small, is put into a file that takes
 * the pipe's place. */
#include "cli/stdin_trace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/text.h"

enum { CHUNK = 64 << 10 };

/* False: there is no more. */
static bool read_more(al_text *text)
{
    ssize_t count;

    do
        count = read(STDIN_FILENO, al_text_reserve(text, CHUNK), CHUNK);
    while (count < 0 && errno == EINTR);
    if (count > 0)
        text->length += (size_t)count;
    return count > 0;
}

static void read_first_line(al_text *head)
{
    size_t seen = 0;

    while (head->length < CHUNK && read_more(head)) {
        if (memchr(head->bytes + seen, '\n', head->length - seen))
            return;
        seen = head->length;
    }
}

/* Let standard input begin again with what was read of it.  False: it cannot;
 * errno says why. */
static bool put_back(al_text *text)
{
    FILE *file = tmpfile();
    bool ok;

    if (!file)
        return false;
    while (read_more(text))
        ;
    ok = fwrite(al_text_peek(text), 1, text->length, file) == text->length &&
         fflush(file) == 0 && lseek(fileno(file), 0, SEEK_SET) == 0 &&
         dup2(fileno(file), STDIN_FILENO) >= 0;
    fclose(file);
    return ok;
}

static al_trace_reader *open_pipe(int *error)
{
    al_error ignored = {0};
    al_text head = {0};
    al_trace_reader *reader;

    read_first_line(&head);
    reader = al_trace_reader_go_on(al_text_peek(&head), head.length,
                                   STDIN_FILENO, &ignored);
    if (!reader && !put_back(&head))
        *error = errno;
    al_text_release(&head);
    return reader;
}

static al_trace_reader *open_file(void)
{
    al_error ignored = {0};
    off_t beginning = lseek(STDIN_FILENO, 0, SEEK_CUR);
    al_trace_reader *reader = al_trace_reader_open("-", &ignored);

    if (!reader)
        lseek(STDIN_FILENO, beginning, SEEK_SET);
    return reader;
}

al_trace_reader *al_stdin_trace_open(int *error)
{
    struct stat status;

    *error = 0;
    if (fstat(STDIN_FILENO, &status) != 0 || isatty(STDIN_FILENO))
        return NULL;
    return S_ISREG(status.st_mode) ? open_file() : open_pipe(error);
}

/* -- reading it twice ----------------------------------------------------- */

static bool copy_to(FILE *file)
{
    static char chunk[CHUNK];
    ssize_t count;

    for (;;) {
        count = read(STDIN_FILENO, chunk, sizeof chunk);
        if (count == 0)
            return fflush(file) == 0;
        if (count < 0 && errno != EINTR)
            return false;
        if (count > 0 &&
            fwrite(chunk, 1, (size_t)count, file) != (size_t)count)
            return false;
    }
}

bool al_stdin_keep(void)
{
    struct stat status;
    FILE *file;
    bool ok;

    if (fstat(STDIN_FILENO, &status) == 0 && S_ISREG(status.st_mode))
        return true;
    file = tmpfile();
    if (!file)
        return false;
    ok = copy_to(file) && lseek(fileno(file), 0, SEEK_SET) == 0 &&
         dup2(fileno(file), STDIN_FILENO) >= 0;
    fclose(file);
    return ok;
}

void al_stdin_again(void)
{
    rewind(stdin); /* the stream, if it was read; and the descriptor */
    lseek(STDIN_FILENO, 0, SEEK_SET);
}
