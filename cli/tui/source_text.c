/* source_text.c - see source_text.h. */
#include "cli/tui/source_text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"

enum { LARGEST = 16 << 20 };

void al_source_texts_release(al_source_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        al_free(texts->items[i].name);
        al_free(texts->items[i].path);
        al_free(texts->items[i].bytes);
        al_free(texts->items[i].lines);
    }
    al_free(texts->items);
    *texts = (al_source_texts){0};
}

/* -- reading ------------------------------------------------------------------ */

/* A plain file, not too large; its bytes, and a NUL.  NULL: it is not that. */
static char *read_file(const char *path, size_t *length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    char *bytes = NULL;
    ssize_t count = 0;

    if (fd < 0)
        return NULL;
    *length = 0;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size <= LARGEST) {
        bytes = al_alloc((size_t)status.st_size + 1);
        while (*length < (size_t)status.st_size &&
               (count = read(fd, bytes + *length,
                             (size_t)status.st_size - *length)) > 0)
            *length += (size_t)count;
        bytes[*length] = '\0';
    }
    close(fd);
    return bytes;
}

static void split_lines(al_source_text *text, size_t length)
{
    size_t capacity = 0;
    char *end = text->bytes + length;

    for (char *at = text->bytes; at < end;) {
        char *newline = memchr(at, '\n', (size_t)(end - at));

        text->lines = al_grow(text->lines, &capacity, text->count + 1,
                              sizeof *text->lines);
        text->lines[text->count++] = at;
        if (!newline)
            break;
        *newline = '\0';
        at = newline + 1;
    }
}

/* -- finding ------------------------------------------------------------------ */

static bool try_path(al_source_text *text, const char *path)
{
    size_t length;

    text->bytes = read_file(path, &length);
    if (!text->bytes)
        return false;
    text->path = al_strdup(path);
    split_lines(text, length);
    return true;
}

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* In the folder of what was opened, and `above` it. */
static bool try_beside(al_source_text *text, const char *opened,
                       const char *above, const char *name)
{
    al_text path = {0};
    bool found;

    al_text_add_bytes(&path, opened, (size_t)(base_of(opened) - opened));
    al_text_add(&path, above);
    al_text_add(&path, name);
    found = try_path(text, path.bytes);
    al_text_release(&path);
    return found;
}

static void find(al_source_text *text, const char *opened)
{
    const char *base = base_of(text->name);

    if (strcmp(base_of(opened), base) == 0 && try_path(text, opened))
        return;
    if (try_path(text, text->name) || text->name[0] == '/')
        return;
    if (!try_beside(text, opened, "", base))
        try_beside(text, opened, "../", base);
}

const al_source_text *al_source_text_find(al_source_texts *texts,
                                          const char *name,
                                          const char *opened)
{
    al_source_text *text;

    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i].name, name) == 0)
            return &texts->items[i];
    }
    texts->items = al_grow(texts->items, &texts->capacity, texts->count + 1,
                           sizeof *texts->items);
    text = &texts->items[texts->count++];
    *text = (al_source_text){.name = al_strdup(name)};
    find(text, opened);
    return text;
}

size_t al_place_split(const char *where, size_t *line)
{
    const char *colon = strrchr(where, ':');

    *line = 0;
    if (!colon)
        return strlen(where);
    *line = strtoul(colon + 1, NULL, 10);
    return (size_t)(colon - where);
}
