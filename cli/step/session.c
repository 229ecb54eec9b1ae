/* session.c - see session.h. */
#include "cli/step/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "loop/base/alloc.h"
#include "loop/base/hash.h"
#include "loop/base/number.h"
#include "sim/base/escape.h"
#include "sim/base/sink.h"
#include "sim/base/whole_file.h"

enum { LARGEST = 1 << 20, MOST = 10000 };

void al_session_release(al_session *session)
{
    al_breakpoints_release(&session->breakpoints);
    al_bookmarks_release(&session->marks);
}

static const char heading[] = "# breakpoints and marks of ";

/* -- writing -------------------------------------------------------------- */

static void write_mark(const al_bookmark *mark, al_text *out)
{
    const al_whereabouts *where = &mark->where;

    al_text_add_format(out, "mark %llu", (unsigned long long)mark->at);
    if (mark->is_told && !where->is_beginning) {
        al_text_add(out, " time ");
        al_text_add_double(out, where->time);
        al_text_add_format(out, " loop %llu iteration %llu further %llu",
                           (unsigned long long)where->loop,
                           (unsigned long long)where->iteration,
                           (unsigned long long)where->further);
    }
    al_text_add_char(out, '\n');
}

bool al_session_write(const al_breakpoints *breakpoints,
                      const al_bookmarks *marks, const char *of,
                      al_text *out, al_error *err)
{
    if (breakpoints->count + marks->count > MOST)
        return al_fail(err, "not saved: more than %d breakpoints and marks "
                       "could not be loaded", MOST);
    al_text_add(out, heading);
    al_escape_add(out, of);
    al_text_add_char(out, '\n');
    for (size_t i = 0; i < breakpoints->count; i++) {
        const al_breakpoint *b = &breakpoints->items[i];

        al_text_add_format(out, "%s%s %s\n",
                           b->is_disabled ? "disabled " : "",
                           b->is_watch ? "watch" : "break", b->text);
    }
    for (size_t i = 0; i < marks->count; i++)
        write_mark(&marks->items[i], out);
    return out->length <= LARGEST ||
           al_fail(err, "not saved: more than %d bytes of breakpoints and "
                   "marks could not be loaded", LARGEST);
}

/* -- reading -------------------------------------------------------------- */

static const char *after(const char *line, const char *word)
{
    size_t length = strlen(word);

    return strncmp(line, word, length) == 0 ? line + length : NULL;
}

/* What is wrong with a condition is told at its place in the line. */
static bool read_break(al_session *session, const char *line,
                       const char *condition, bool is_watch, al_error *err)
{
    unsigned number = al_breakpoints_add(&session->breakpoints, condition,
                                         is_watch, NULL, err);

    if (!number) {
        err->column += (int)(condition - line);
        return false;
    }
    al_breakpoints_find(&session->breakpoints, number)->is_disabled =
        *line == 'd';
    return true;
}

/* Where it ends; NULL: it is none. */
static const char *read_digits(const char *digits, uint64_t *value)
{
    size_t length = strspn(digits, "0123456789");

    if (length == 0 || length > 18)
        return NULL;
    *value = strtoull(digits, NULL, 10);
    return digits + length;
}

static bool read_count(const char **at, const char *word, uint64_t *value)
{
    const char *digits = after(*at, word);
    const char *end = digits ? read_digits(digits, value) : NULL;

    if (end)
        *at = end;
    return end != NULL;
}

/* False: it is wrong there. */
static bool read_where(const char **at, al_whereabouts *where)
{
    const char *number = after(*at, " time ");
    const char *end = number ? al_double_parse(number, &where->time) : NULL;

    if (!end)
        return false;
    *at = end;
    return read_count(at, " loop ", &where->loop) &&
           read_count(at, " iteration ", &where->iteration) &&
           read_count(at, " further ", &where->further) && !**at;
}

static bool read_mark(al_session *session, const char *line,
                      const char *digits, al_error *err)
{
    al_bookmark mark = {.is_kept = true};
    const char *at = read_digits(digits, &mark.at);

    if (!at || (*at && *at != ' '))
        return al_fail_at(err, 1, (int)(digits - line) + 1,
                          "a mark is the number of an event");
    mark.is_told = *at != '\0';
    if (mark.is_told && !read_where(&at, &mark.where))
        return al_fail_at(err, 1, (int)(at - line) + 1, "where a mark was is "
                          "'time T loop N iteration N further N'");
    if (!al_bookmarks_has(&session->marks, mark.at))
        al_bookmarks_toggle(&session->marks, mark);
    return true;
}

static bool read_line(al_session *session, const char *line, size_t length,
                      bool is_first, al_error *err)
{
    const char *words;

    if (strlen(line) < length)
        return al_fail_at(err, 1, (int)strlen(line) + 1,
                          "there is a NUL byte, which no text has");
    if (!*line || *line == '#') {
        session->is_written = is_first && after(line, heading);
        return true;
    }
    if (session->breakpoints.count + session->marks.count >= MOST)
        return al_fail_at(err, 1, 1, "these are too many");
    if ((words = after(line, "break ")) != NULL)
        return read_break(session, line, words, false, err);
    if ((words = after(line, "disabled break ")) != NULL)
        return read_break(session, line, words, false, err);
    if ((words = after(line, "watch ")) != NULL)
        return read_break(session, line, words, true, err);
    if ((words = after(line, "disabled watch ")) != NULL)
        return read_break(session, line, words, true, err);
    if ((words = after(line, "mark ")) != NULL)
        return read_mark(session, line, words, err);
    return al_fail_at(err, 1, 1, "this is neither a breakpoint nor a mark");
}

bool al_session_read(al_session *session, const char *bytes, size_t length,
                     al_error *err)
{
    const char *at = bytes, *end = bytes + length;

    for (int number = 1; at < end; number++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t count = (size_t)((newline ? newline : end) - at);
        char *line = al_strndup(at, count);
        bool ok = read_line(session, line, count, number == 1, err);

        al_free(line);
        if (!ok) {
            err->line = number;
            return false;
        }
        at += count + 1;
    }
    return true;
}

/* -- files ---------------------------------------------------------------- */

bool al_session_load(al_session *session, const char *path, bool *is_absent,
                     al_error *err)
{
    size_t length = 0;
    char *bytes = al_whole_file(path, LARGEST, &length);
    al_error wrong = {0};
    bool ok;

    *is_absent = !bytes && (errno == ENOENT || errno == ENOTDIR);
    if (!bytes)
        return al_fail(err, "cannot read '%s': %s", path,
                       errno == EINVAL ? "it is no plain file"
                                       : strerror(errno));
    ok = al_session_read(session, bytes, length, &wrong);
    al_free(bytes);
    return ok || al_fail(err, "%s:%d:%d: %s", path, wrong.line, wrong.column,
                         wrong.message);
}

/* Its whole path once it is finished; NULL: nothing is written for it. */
static char *path_to_be(const char *of)
{
    char *part = al_file_sink_unfinished(of);
    const char *slash = strrchr(of, '/');
    char *folder = slash ? al_strndup(of, (size_t)(slash - of) + 1)
                         : al_strdup(".");
    char *full = part ? realpath(folder, NULL) : NULL;
    al_text path = {0};

    if (full)
        al_text_add_format(&path, "%s/%s", strcmp(full, "/") == 0 ? "" : full,
                           slash ? slash + 1 : of);
    free(full);
    al_free(folder);
    al_free(part);
    return path.length ? al_text_take(&path) : NULL;
}

static char *full_path(const char *of)
{
    char *full = realpath(of, NULL), *path;

    if (!full)
        return path_to_be(of);
    path = al_strdup(full);
    free(full);
    return path;
}

char *al_session_place(const char *folder, const char *of)
{
    char *full = folder ? full_path(of) : NULL;
    al_text path = {0};

    if (!full)
        return NULL;
    al_text_add_format(&path, "%s/%.60s-%016llx", folder,
                       strrchr(full, '/') + 1,
                       (unsigned long long)al_hash_text(full));
    al_free(full);
    return al_text_take(&path);
}

void al_session_make_place(const char *path)
{
    char *folder = al_strdup(path);

    for (char *slash = folder; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
    al_free(folder);
}
