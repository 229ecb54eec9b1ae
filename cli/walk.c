/* walk.c - see walk.h.
 *
 * Other JSON lies in folders, too (package.json): a scenario is told by its
 * outermost member "scenario", even where the file is broken, for then the
 * user wants to hear of it. */
#include "cli/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "cli/command.h"
#include "loop/base/alloc.h"

typedef struct visit { /* a folder that was entered */
    dev_t device;
    ino_t inode;
} visit;

typedef struct walk {
    al_strings *files;
    visit *visits;
    size_t count, capacity;
} walk;

/* -- is it a scenario? ---------------------------------------------------- */

static bool is_scenario_name(const char *name)
{
    return al_ends_with(name, ".json") && !al_ends_with(name, ".schema.json");
}

/* The rest of a string, of which as much is kept as fits.  False: it does
 * not end. */
static bool read_string(FILE *file, char *kept, size_t size)
{
    size_t length = 0;
    int c;

    while ((c = getc(file)) != EOF && c != '"') {
        if (c == '\\')
            c = getc(file);
        if (length + 1 < size)
            kept[length++] = (char)c;
    }
    kept[length] = '\0';
    return c != EOF;
}

static int skip_space(FILE *file)
{
    int c;

    do
        c = getc(file);
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r');
    return c;
}

/* Among the members of the outermost object? */
static bool has_member(FILE *file, const char *member)
{
    char text[16];
    long depth = 0;
    int c;

    while ((c = skip_space(file)) != EOF) {
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        if (c != '"')
            continue;
        if (!read_string(file, text, sizeof text))
            return false;
        if (depth == 1 && strcmp(text, member) == 0) {
            c = skip_space(file);
            if (c == ':')
                return true;
            ungetc(c, file);
        }
    }
    return false;
}

/* What cannot be read is told of when it is loaded. */
static bool is_scenario(const char *path)
{
    FILE *file = fopen(path, "r");
    bool found = !file || has_member(file, "scenario");

    if (file)
        fclose(file);
    return found;
}

/* -- folders -------------------------------------------------------------- */

static bool walk_folder(walk *w, const char *folder);

static int is_wanted(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Not as the locale would have it: the order is the same everywhere. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_passed_over(const char *folder)
{
    return strcmp(folder, "traces") == 0 ||
           strcmp(folder, "node_modules") == 0;
}

/* Is it the first time? */
static bool enter(walk *w, const struct stat *status)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->visits[i].device == status->st_dev &&
            w->visits[i].inode == status->st_ino)
            return false;
    }
    w->visits = al_grow(w->visits, &w->capacity, w->count + 1,
                        sizeof *w->visits);
    w->visits[w->count++] = (visit){status->st_dev, status->st_ino};
    return true;
}

static char *join(const char *folder, const char *name)
{
    bool is_here = strcmp(folder, ".") == 0;
    al_text path = {0};

    al_text_add_format(&path, "%s%s%s", is_here ? "" : folder,
                       is_here || al_ends_with(folder, "/") ? "" : "/", name);
    return al_text_take(&path);
}

static bool add_entry(walk *w, const char *folder, const char *name)
{
    char *path = join(folder, name);
    struct stat status;
    bool is_there = stat(path, &status) == 0;
    bool ok = true;

    if (is_there && S_ISDIR(status.st_mode)) {
        if (!is_passed_over(name) && enter(w, &status))
            ok = walk_folder(w, path);
    } else if (is_scenario_name(name) &&
               (!is_there ||
                (S_ISREG(status.st_mode) && is_scenario(path)))) {
        al_strings_add(w->files, path);
        path = NULL;
    }
    al_free(path);
    return ok;
}

static bool walk_folder(walk *w, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_wanted, by_name);
    bool ok = count >= 0;

    if (!ok) {
        al_complain("cannot read '%s': %s", folder, strerror(errno));
        return false;
    }
    for (int i = 0; i < count; i++) {
        ok = ok && add_entry(w, folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

bool al_walk(const char *folder, al_strings *files)
{
    walk w = {.files = files};
    struct stat status;
    bool ok;

    if (stat(folder, &status) == 0)
        enter(&w, &status);
    ok = walk_folder(&w, folder);
    al_free(w.visits);
    return ok;
}
