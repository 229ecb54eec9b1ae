/* source_text.c - see source_text.h. */
#include "cli/tui/source_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"
#include "sim/base/whole_file.h"
#include "sim/json/json.h"
#include "sim/json/places.h"

enum { LARGEST = 16 << 20 };

static void free_text(al_source_text *text)
{
    for (size_t i = 0; i < text->part_count; i++)
        al_free(text->parts[i].name);
    al_free(text->parts);
    al_free(text->name);
    al_free(text->path);
    al_free(text->bytes);
    al_free(text->lines);
    al_free(text);
}

void al_source_texts_release(al_source_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free_text(texts->items[i]);
    al_free(texts->items);
    *texts = (al_source_texts){0};
}

/* -- reading -------------------------------------------------------------- */

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

/* What stands between tabs takes the columns that it has once it is escaped. */
void al_source_text_add_line(const al_source_text *text, size_t index,
                             al_text *out)
{
    enum { STOP = 8 };
    const char *at = text->lines[index];
    size_t column = 0;

    for (;;) {
        size_t length = strcspn(at, "\t"), start = out->length;

        al_text_add_bytes(out, at, length);
        if (!at[length])
            return;
        column += al_escape_columns(al_text_peek(out) + start);
        do {
            al_text_add_char(out, ' ');
        } while (++column % STOP != 0);
        at += length + 1;
    }
}

/* -- the parts of a scenario ---------------------------------------------- */

static size_t line_of(al_places *places, size_t offset)
{
    int line, column;

    al_places_find(places, offset, &line, &column);
    return (size_t)line;
}

static void add_part(al_source_text *text, size_t *capacity,
                     al_places *places, const char *name, al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);
    size_t first = line_of(places, node->key);

    text->parts = al_grow(text->parts, capacity, text->part_count + 1,
                          sizeof *text->parts);
    text->parts[text->part_count++] = (al_source_part){
        .name = name ? al_strdup(name) : NULL, .first = first,
        .last = line_of(places, node->end - 1)};
}

/* What is no JSON has none. */
static void find_parts(al_source_text *text, size_t length)
{
    al_diagnostics ignored = {0};
    al_json json = {0};
    al_places places;
    size_t capacity = 0;

    al_places_init(&places, text->bytes, length);
    if (al_json_parse(&json, text->bytes, length, &ignored)) {
        al_json_value root = al_json_root(&json);
        al_json_value program = al_json_member(root, "program");
        al_json_value functions = al_json_member(root, "functions");
        al_json_value f = functions.item ? al_json_first(functions)
                                         : functions;

        for (; f.item; f = al_json_next(f)) {
            if (f.item->string)
                add_part(text, &capacity, &places, f.item->string, f);
        }
        if (program.item)
            add_part(text, &capacity, &places, NULL, program);
    }
    al_json_release(&json);
    al_diagnostics_release(&ignored);
}

const al_source_part *al_source_text_part(const al_source_text *text,
                                          const char *qualname)
{
    const char *name = qualname ? al_last_name(qualname) : NULL;

    for (size_t i = 0; i < text->part_count; i++) {
        const char *its = text->parts[i].name;

        if (its && name ? strcmp(its, name) == 0 : its == name)
            return &text->parts[i];
    }
    return NULL;
}

/* -- finding -------------------------------------------------------------- */

static bool try_path(al_source_text *text, const char *path)
{
    size_t length;

    text->bytes = al_whole_file(path, LARGEST, &length);
    if (!text->bytes)
        return false;
    text->path = al_strdup(path);
    if (al_ends_with(path, ".json"))
        find_parts(text, length);
    split_lines(text, length);
    return true;
}

/* In the folder of what was opened, and `above` it. */
static bool try_beside(al_source_text *text, const char *opened,
                       const char *above, const char *name)
{
    al_text path = {0};
    bool found;

    al_text_add_bytes(&path, opened, (size_t)(al_path_name(opened) - opened));
    al_text_add(&path, above);
    al_text_add(&path, name);
    found = try_path(text, path.bytes);
    al_text_release(&path);
    return found;
}

static bool is_newer(const char *path, const char *opened)
{
    struct stat its, other;

    return stat(path, &its) == 0 && stat(opened, &other) == 0 &&
           (its.st_mtim.tv_sec > other.st_mtim.tv_sec ||
            (its.st_mtim.tv_sec == other.st_mtim.tv_sec &&
             its.st_mtim.tv_nsec > other.st_mtim.tv_nsec));
}

static void find(al_source_text *text, const char *opened)
{
    const char *base = al_path_name(text->name);

    if (strcmp(al_path_name(opened), base) == 0 && try_path(text, opened))
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
        if (strcmp(texts->items[i]->name, name) == 0)
            return texts->items[i];
    }
    texts->items = al_grow(texts->items, &texts->capacity, texts->count + 1,
                           sizeof *texts->items);
    text = texts->items[texts->count++] = al_alloc_zero(1, sizeof *text);
    text->name = al_strdup(name);
    find(text, opened);
    text->is_newer = text->path && is_newer(text->path, opened);
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
