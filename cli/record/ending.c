/* ending.c - see ending.h. */
#include "cli/record/ending.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "loop/base/alloc.h"

/* Of the file that is read: lines are short, but for a text now and then. */
enum { TAIL = 1 << 20 };

typedef struct tail {
    char bytes[TAIL + 1]; /* NUL at the end */
    size_t length;
    long start;           /* its offset in the file */
} tail;

static void read_tail(FILE *file, tail *end)
{
    if (fseek(file, -TAIL, SEEK_END) != 0)
        rewind(file);
    end->start = ftell(file);
    end->length = fread(end->bytes, 1, TAIL, file);
    end->bytes[end->length] = '\0';
}

/* Where the last whole line ends; 0: there is none. */
static size_t whole_length(const tail *end)
{
    size_t length = end->length;

    while (length > 0 && end->bytes[length - 1] != '\n')
        length--;
    return length;
}

/* The line that ends at `length`. */
static const char *last_line(const tail *end, size_t length)
{
    size_t at = length - 1;

    while (at > 0 && end->bytes[at - 1] != '\n')
        at--;
    return end->bytes + at;
}

static bool is_event(const char *line, const char *kind)
{
    return strncmp(line, "{\"e\":\"", 6) == 0 &&
           strncmp(line + 6, kind, strlen(kind)) == 0 &&
           line[6 + strlen(kind)] == '"';
}

static al_ending judge(const tail *end)
{
    size_t length = whole_length(end);

    if (length == 0)
        return AL_ENDING_EMPTY;
    return length == end->length && is_event(last_line(end, length), "end")
               ? AL_ENDING_WHOLE : AL_ENDING_CUT;
}

al_ending al_ending_check(const char *path)
{
    FILE *file = fopen(path, "rb");
    tail *end = al_alloc(sizeof *end);
    al_ending result = AL_ENDING_EMPTY;

    if (file) {
        read_tail(file, end);
        result = judge(end);
        fclose(file);
    }
    al_free(end);
    return result;
}

/* The end comes at the time of the event before it: at 0 behind a header. */
static void write_end(FILE *file, const char *line, int status)
{
    const char *time = strstr(line, "\"t\":");
    int length = 0;

    if (strncmp(line, "{\"e\":", 5) == 0 && time)
        length = (int)strcspn(time + 4, ",}");
    fprintf(file, "{\"e\":\"end\",\"t\":%.*s,\"type\":\"ProcessEnded\","
            "\"text\":\"", length ? length : 1, length ? time + 4 : "0");
    if (status > 128)
        fprintf(file, "by signal %d\"}\n", status - 128);
    else
        fprintf(file, "with status %d\"}\n", status);
}

static bool mend(FILE *file, int status)
{
    tail *end = al_alloc(sizeof *end);
    size_t length;
    bool ok;

    read_tail(file, end);
    length = whole_length(end);
    ok = length > 0 && fseek(file, end->start + (long)length, SEEK_SET) == 0 &&
         ftruncate(fileno(file), end->start + (long)length) == 0;
    if (ok)
        write_end(file, last_line(end, length), status);
    al_free(end);
    return ok;
}

bool al_ending_add(const char *path, int status, al_error *err)
{
    FILE *file = fopen(path, "r+b");
    bool ok = file && mend(file, status);

    if (file && fclose(file) != 0)
        ok = false;
    return ok || al_fail(err, "cannot mend '%s': %s", path, strerror(errno));
}
