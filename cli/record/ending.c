/* ending.c - see ending.h. */
#include "cli/record/ending.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK = 64 << 10, /* read at a time, from the end on backwards */
    HEAD = 200        /* of a line: its kind and its time are in there */
};

/* Of the last line that is whole. */
typedef struct last_line {
    long end;            /* the offset behind it; 0: there is none */
    char head[HEAD + 1]; /* its beginning, with a NUL */
} last_line;

static size_t read_at(FILE *file, long offset, char *bytes, size_t size)
{
    return fseek(file, offset, SEEK_SET) == 0 ? fread(bytes, 1, size, file)
                                              : 0;
}

/* The offset behind the last line feed before `end`; 0: there is none. */
static long find_line(FILE *file, long end)
{
    char chunk[CHUNK];

    while (end > 0) {
        long start = end > CHUNK ? end - CHUNK : 0;
        size_t i = read_at(file, start, chunk, (size_t)(end - start));

        while (i > 0 && chunk[i - 1] != '\n')
            i--;
        if (i > 0)
            return start + (long)i;
        end = start;
    }
    return 0;
}

static long size_of(FILE *file)
{
    return fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;
}

static void find_last_line(FILE *file, last_line *line)
{
    size_t length = 0;

    line->end = find_line(file, size_of(file));
    if (line->end > 0)
        length = read_at(file, find_line(file, line->end - 1), line->head,
                         HEAD);
    line->head[length] = '\0';
}

static bool is_event(const char *line, const char *kind)
{
    return strncmp(line, "{\"e\":\"", 6) == 0 &&
           strncmp(line + 6, kind, strlen(kind)) == 0 &&
           line[6 + strlen(kind)] == '"';
}

static al_ending judge(FILE *file)
{
    last_line line;

    find_last_line(file, &line);
    if (line.end == 0)
        return AL_ENDING_EMPTY;
    return line.end == size_of(file) && is_event(line.head, "end")
               ? AL_ENDING_WHOLE : AL_ENDING_CUT;
}

al_ending al_ending_check(const char *path)
{
    FILE *file = fopen(path, "rb");
    al_ending result;

    if (!file)
        return AL_ENDING_EMPTY;
    result = judge(file);
    fclose(file);
    return result;
}

/* The end comes at the time of the event before it: at 0 behind a header. */
static void write_end(FILE *file, const char *line, const al_child_end *end)
{
    const char *time = strstr(line, "\"t\":");
    int length = 0;

    if (strncmp(line, "{\"e\":", 5) == 0 && time)
        length = (int)strcspn(time + 4, ",}");
    fprintf(file, "{\"e\":\"end\",\"t\":%.*s,\"type\":\"ProcessEnded\","
            "\"text\":\"", length ? length : 1, length ? time + 4 : "0");
    if (end->sig)
        fprintf(file, "by signal %d\"}\n", end->sig);
    else
        fprintf(file, "with status %d\"}\n", end->status);
}

static bool mend(FILE *file, const al_child_end *end)
{
    last_line line;

    find_last_line(file, &line);
    if (line.end == 0) { /* it was there before */
        errno = EIO;
        return false;
    }
    if (fseek(file, line.end, SEEK_SET) != 0 ||
        ftruncate(fileno(file), line.end) != 0)
        return false;
    write_end(file, line.head, end);
    return true;
}

bool al_ending_add(const char *path, const al_child_end *end, al_error *err)
{
    FILE *file = fopen(path, "r+b");
    bool ok = file && mend(file, end);
    int reason = errno;

    if (file && fclose(file) != 0 && ok) {
        ok = false;
        reason = errno;
    }
    return ok || al_fail(err, "cannot mend '%s': %s", path, strerror(reason));
}
