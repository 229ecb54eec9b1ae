/* reader.c - a trace read back; see reader.h.
 *
 * Traces are large, so nothing is built per line: scan.c walks over it where
 * it lies in the buffer.  Most of the work is knowing what a key means.  It
 * is looked up among the kind's own fields, beginning with the one that the
 * writer would write next, so that a key costs one comparison.  The kind
 * must therefore be known first: where "e" is not a line's first key, the
 * line is walked twice. */
#include "sim/trace/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"
#include "sim/base/waiting.h"
#include "sim/trace/scan.h"

enum {
    FIRST_BUFFER = 256 << 10,
    COPIED = 64 << 10 /* bytes at a time */
};

struct al_trace_reader {
    int fd; /* -1: everything is in the buffer */
    char *buffer;
    size_t capacity;
    size_t start, end; /* what is read and not yet consumed */
    size_t scanned;    /* from start to here there is no newline */
    uint64_t offset;   /* of the buffer's end, in the file or what is kept */
    int kept;          /* what is read is written here, too; -1: nowhere */
    bool is_seekable;
    bool at_eof;
    bool owns_fd;
    bool is_over; /* END or BAD was returned */
    bool is_cut;  /* the line read last had no end */
    al_scan scan;
    al_trace_header header;
    al_intern texts; /* of the header */
    al_text first;   /* its line, as it is written */
    uint64_t begins; /* the next one: offset, as above */
    char time_digits[AL_DOUBLE_TEXT]; /* latest "t", and the byte after it */
    size_t time_length;
    double time;
};

/* -- lines -------------------------------------------------------------- */

/* Move what is left to the buffer's front, and make room behind it. */
static bool make_room(al_trace_reader *reader)
{
    size_t left = reader->end - reader->start;

    if (left > AL_TRACE_MAX_LINE) {
        al_scan_begin(&reader->scan, reader->buffer + reader->start,
                      reader->buffer + reader->end);
        return al_scan_fail(&reader->scan,
                            "this line is too long for a trace");
    }
    memmove(reader->buffer, reader->buffer + reader->start, left);
    reader->scanned -= reader->start;
    reader->start = 0;
    reader->end = left;
    if (left >= reader->capacity / 2)
        reader->buffer = al_grow(reader->buffer, &reader->capacity,
                                 2 * reader->capacity, 1);
    return true;
}

static ssize_t read_some(const al_trace_reader *reader)
{
    char *to = reader->buffer + reader->end;
    size_t room = reader->capacity - reader->end - 1;
    ssize_t count;

    do
        count = reader->is_seekable
                    ? pread(reader->fd, to, room, (off_t)reader->offset)
                    : read(reader->fd, to, room);
    while (count < 0 && al_waiting_goes_on());
    return count;
}

static bool keep(al_trace_reader *reader, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(reader->kept, bytes, length);

        if (count < 0 && !al_waiting_goes_on())
            return al_fail(&reader->scan.error, "cannot keep it: %s",
                           strerror(errno));
        bytes += count > 0 ? count : 0;
        length -= count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* Behind what is there, which stays where it is. */
static bool take_in(al_trace_reader *reader)
{
    ssize_t count = read_some(reader);

    if (count < 0)
        return al_fail(&reader->scan.error, "cannot read it: %s",
                       strerror(errno));
    if (reader->kept >= 0 &&
        !keep(reader, reader->buffer + reader->end, (size_t)count))
        return false;
    reader->offset += (uint64_t)count;
    reader->end += (size_t)count;
    reader->at_eof = count == 0;
    return true;
}

static bool fill(al_trace_reader *reader)
{
    return make_room(reader) && take_in(reader);
}

/* Find the next newline; NULL: there is none before the end, or failed. */
static char *find_newline(al_trace_reader *reader)
{
    for (;;) {
        char *newline = memchr(reader->buffer + reader->scanned, '\n',
                               reader->end - reader->scanned);

        reader->scanned = reader->end;
        if (newline || reader->at_eof)
            return newline;
        if (!fill(reader))
            return NULL;
    }
}

/* Go to the next line, ending it by a NUL.  The last one may lack its
 * newline.  False: there is none, or failed. */
static bool next_line(al_trace_reader *reader)
{
    char *newline = find_newline(reader);
    char *line = reader->buffer + reader->start;
    char *end = newline ? newline : reader->buffer + reader->end;

    if (reader->scan.error.message[0] ||
        (!newline && reader->start == reader->end))
        return false;
    *end = '\0';
    reader->is_cut = !newline;
    reader->start = (size_t)(end - reader->buffer) + (newline != NULL);
    reader->scanned = reader->start;
    al_scan_begin(&reader->scan, line, end);
    return true;
}

/* -- fields ------------------------------------------------------------- */

/* Real clocks count nanoseconds: that is what the difference is, too, without
 * the noise of a subtraction. */
static double since_start(const al_trace_reader *reader, double time)
{
    double since = time - reader->header.since;

    if (reader->header.since == 0 || !(fabs(since) < 1e6))
        return since;
    return rint(since * 1e9) / 1e9;
}

/* "t" is often the same as the line before: then it is not converted. */
static bool read_time(al_trace_reader *reader, double *time)
{
    al_scan *scan = &reader->scan;
    const char *start;

    al_scan_space(scan);
    start = scan->at;
    if (reader->time_length > 0 &&
        strncmp(start, reader->time_digits, reader->time_length) == 0) {
        scan->at += reader->time_length - 1;
        *time = reader->time;
        return true;
    }
    if (!al_scan_seconds(scan, time))
        return false;
    *time = since_start(reader, *time);
    reader->time = *time;
    reader->time_length = (size_t)(scan->at - start) + 1;
    if (scan->at == scan->end ||
        reader->time_length > sizeof reader->time_digits)
        reader->time_length = 0; /* nobody writes it so */
    memcpy(reader->time_digits, start, reader->time_length);
    return true;
}

static bool read_field(al_scan *scan, al_event_field field, al_event *event)
{
    const al_field_spec *spec = &al_field_specs[field];
    void *value = (char *)event + spec->offset;

    switch (spec->type) {
    case AL_TYPE_HANDLE:
        return al_scan_id(scan, 'h', value);
    case AL_TYPE_TASK:
        return al_scan_id(scan, 't', value);
    case AL_TYPE_FUTURE:
        return al_scan_id(scan, 'f', value);
    case AL_TYPE_PRIMITIVE:
        return al_scan_id(scan, 'p', value);
    case AL_TYPE_CAUSE:
        return al_scan_cause(scan, value);
    case AL_TYPE_COUNT:
        return al_scan_count(scan, value);
    case AL_TYPE_SECONDS:
        return al_scan_seconds(scan, value);
    case AL_TYPE_TIMEOUT:
        return al_scan_timeout(scan, value);
    case AL_TYPE_FLAG:
        return al_scan_flag(scan, value);
    case AL_TYPE_TEXT:
        return al_scan_text(scan, value);
    case AL_TYPE_JSON:
        return al_scan_json(scan, value);
    }
    return false;
}

typedef struct walk {        /* through the members of one event */
    const al_event_spec *spec;
    unsigned expected;       /* index of the field that comes next */
    uint64_t seen;           /* bits of al_event_field */
    bool has_kind, has_time, has_loop;
} walk;

_Static_assert(AL_FIELD_COUNT <= 64, "walk.seen has a bit for each field");

/* The kind's field of that key, or AL_FIELD_COUNT.  The same key of another
 * kind may be another field. */
static al_event_field find_field(walk *w, const char *key)
{
    unsigned count = w->spec->field_count;
    unsigned index = w->expected;

    for (unsigned i = 0; i < count; i++, index++) {
        al_event_field field;

        if (index >= count)
            index = 0;
        field = (al_event_field)w->spec->fields[index];
        if (strcmp(al_field_specs[field].key, key) == 0) {
            w->expected = index + 1;
            return field;
        }
    }
    return AL_FIELD_COUNT;
}

/* A key that may come once. */
static bool check_first(al_scan *scan, bool *seen)
{
    bool is_first = !*seen;

    *seen = true;
    return is_first || al_scan_fail(scan, "the same key a second time");
}

static bool read_other(al_scan *scan, walk *w, const char *key,
                       al_event *event)
{
    al_event_field field = find_field(w, key);
    uint64_t bit = UINT64_C(1) << field;
    bool seen = w->seen & bit;

    if (field == AL_FIELD_COUNT)
        return al_scan_skip(scan);
    w->seen |= bit;
    return check_first(scan, &seen) && read_field(scan, field, event);
}

static bool read_member(al_trace_reader *reader, walk *w, const char *key,
                        al_event *event)
{
    al_scan *scan = &reader->scan;

    if (key[0] == 't' && key[1] == '\0')
        return check_first(scan, &w->has_time) &&
               read_time(reader, &event->time);
    if (key[0] == 'e' && key[1] == '\0')
        return check_first(scan, &w->has_kind) && al_scan_skip(scan);
    if (strcmp(key, "loop") == 0)
        return check_first(scan, &w->has_loop) &&
               al_scan_id(scan, 'l', &event->loop);
    return read_other(scan, w, key, event);
}

/* -- events ------------------------------------------------------------- */

static al_event_kind find_kind(const char *name, size_t length)
{
    static const struct {
        const char *name;
        size_t length;
    } names[AL_EVENT_COUNT] = {
#define NAME(KIND, name, class, fields, meaning)                               \
    [AL_EVENT_##KIND] = {#name, sizeof #name - 1},
        AL_EVENT_KINDS(NAME)
#undef NAME
    };

    for (int kind = 0; kind < AL_EVENT_COUNT; kind++) {
        if (names[kind].length == length &&
            memcmp(names[kind].name, name, length) == 0)
            return (al_event_kind)kind;
    }
    return AL_EVENT_COUNT;
}

/* The usual case: {"e":"…" with a kind that we know. */
static bool kind_comes_first(al_scan *scan, al_event_kind *kind)
{
    static const char opening[] = "{\"e\":\"";
    const char *name = scan->at + sizeof opening - 1;
    size_t length;

    if (strncmp(scan->at, opening, sizeof opening - 1) != 0)
        return false;
    length = (size_t)(strchrnul(name, '"') - name);
    *kind = find_kind(name, length);
    if (*kind == AL_EVENT_COUNT || name[length] == '\0')
        return false;
    scan->at += sizeof opening + length;
    return true;
}

/* Any other: walk over the line, and return behind its '{'.  *kind may be
 * AL_EVENT_COUNT; then the cursor stays at the line's end. */
static bool look_for_kind(al_scan *scan, al_event_kind *kind)
{
    char *start = scan->at;
    char *value;

    if (!al_scan_locate(scan, "\"e\"", &value))
        return false;
    if (!value) {
        scan->at = start;
        return al_scan_fail(scan, "the event has no kind \"e\"");
    }
    if (*value != '"') {
        scan->at = value;
        return al_scan_fail_expecting(scan, "a text, the kind of the event");
    }
    value++;
    *kind = find_kind(value, (size_t)(strchrnul(value, '"') - value));
    if (*kind != AL_EVENT_COUNT)
        scan->at = start + 1;
    return true;
}

static bool read_members(al_trace_reader *reader, al_event *event,
                         bool is_first)
{
    walk w = {
        .spec = &al_event_specs[event->kind],
        .has_kind = !is_first,
    };
    const char *key;

    while (al_scan_key(&reader->scan, is_first, &key)) {
        if (!key)
            return w.has_time || al_scan_fail(&reader->scan,
                                              "the event has no time \"t\"");
        if (!read_member(reader, &w, key, event))
            return false;
        is_first = false;
    }
    return false;
}

/* A deadline is no reading of a clock.  Unlike a rounded one, the difference
 * is in the same order as the others': the heap depends on it. */
static void tell_deadline(const al_trace_reader *reader, al_event *event)
{
    if (event->kind == AL_EVENT_CALL_AT)
        event->when -= reader->header.since;
}

/* The line as an event; of a kind unknown to us AL_EVENT_COUNT. */
static bool read_event(al_trace_reader *reader, al_event *event)
{
    al_scan *scan = &reader->scan;
    al_event_kind kind = AL_EVENT_COUNT;
    bool is_first = !kind_comes_first(scan, &kind);

    if (is_first && !look_for_kind(scan, &kind))
        return false;
    *event = (al_event){.kind = kind, .loop = 1, .timeout = AL_FOREVER};
    if (kind != AL_EVENT_COUNT && !read_members(reader, event, is_first))
        return false;
    return al_scan_is_blank(scan) ||
           al_scan_fail(scan, "there is more after the event's '}'");
}

static al_trace_step step(al_trace_reader *reader, al_event *event)
{
    while (next_line(reader)) {
        if (al_scan_is_blank(&reader->scan))
            continue;
        if (!read_event(reader, event))
            return AL_TRACE_BAD;
        tell_deadline(reader, event);
        if (event->kind != AL_EVENT_COUNT)
            return AL_TRACE_EVENT;
    }
    return reader->scan.error.message[0] ? AL_TRACE_BAD : AL_TRACE_END;
}

static void copy_error(const al_trace_reader *reader, al_error *err)
{
    const al_error *error = &reader->scan.error;

    al_fail_at(err, error->line, error->column, "%s", error->message);
}

al_trace_step al_trace_reader_next(al_trace_reader *reader, al_event *event,
                                   al_error *err)
{
    al_trace_step result = AL_TRACE_END;

    if (!reader->is_over)
        result = step(reader, event);
    else if (reader->scan.error.message[0])
        result = AL_TRACE_BAD;
    reader->is_over = result != AL_TRACE_EVENT;
    if (result == AL_TRACE_BAD)
        copy_error(reader, err);
    return result;
}

/* -- a reader --------------------------------------------------------------- */

static al_trace_reader *new_reader(int fd, size_t room)
{
    al_trace_reader *reader = al_alloc_zero(1, sizeof *reader);

    reader->fd = fd;
    reader->kept = -1;
    reader->at_eof = fd < 0;
    reader->buffer = al_grow(NULL, &reader->capacity, room, 1);
    return reader;
}

/* -- reading parts again -------------------------------------------------- */

bool al_trace_reader_is_cut(const al_trace_reader *reader)
{
    return reader->is_cut;
}

al_trace_place al_trace_reader_place(const al_trace_reader *reader)
{
    return (al_trace_place){
        .offset = reader->offset - (reader->end - reader->start),
        .line = reader->scan.number,
    };
}

bool al_trace_reader_is_seekable(const al_trace_reader *reader)
{
    return reader->is_seekable;
}

uint64_t al_trace_reader_size(const al_trace_reader *reader)
{
    struct stat status;

    return reader->is_seekable && fstat(reader->fd, &status) == 0
               ? (uint64_t)status.st_size : 0;
}

void al_trace_reader_keep(al_trace_reader *reader, int fd)
{
    size_t length = reader->end - reader->start;

    reader->kept = fd;
    reader->offset = length;
    reader->begins = 0;
    keep(reader, reader->buffer + reader->start, length);
}

al_trace_reader *al_trace_reader_again(const al_trace_reader *reader)
{
    al_trace_reader *again = new_reader(
        reader->kept >= 0 ? reader->kept : reader->fd, FIRST_BUFFER);

    again->is_seekable = true;
    again->header.since = reader->header.since;
    return again;
}

void al_trace_reader_seek(al_trace_reader *reader, al_trace_place place)
{
    reader->start = reader->end = reader->scanned = 0;
    reader->offset = place.offset;
    reader->at_eof = reader->is_over = false;
    reader->scan.number = place.line;
    reader->scan.error.message[0] = '\0';
}

/* A whole one, or as much of it as there will ever be. */
static bool has_line(al_trace_reader *reader)
{
    size_t left = reader->end - reader->scanned;

    if (reader->is_seekable || reader->at_eof || reader->is_over ||
        memchr(reader->buffer + reader->scanned, '\n', left))
        return true;
    reader->scanned = reader->end;
    return false;
}

/* False: failed, or there are fewer bytes. */
static bool copy_bytes(int fd, uint64_t from, uint64_t to, al_sink sink,
                       al_error *err)
{
    char bytes[COPIED];

    while (from < to) {
        uint64_t left = to - from;
        ssize_t count = pread(fd, bytes, left < COPIED ? left : COPIED,
                              (off_t)from);

        if (count < 0 && al_waiting_goes_on())
            continue;
        if (count < 0)
            return al_fail(err, "cannot read it: %s", strerror(errno));
        if (count == 0)
            return al_fail(err, "what was read is there no more");
        if (!al_sink_write(sink, bytes, (size_t)count, err))
            return false;
        from += (uint64_t)count;
    }
    return true;
}

bool al_trace_reader_copy(const al_trace_reader *reader, al_trace_place to,
                          al_sink sink, al_error *err)
{
    return al_sink_write(sink, reader->first.bytes, reader->first.length,
                         err) &&
           copy_bytes(reader->kept >= 0 ? reader->kept : reader->fd,
                      reader->begins, to.offset, sink, err);
}

/* What a pipe has may end within a line.  The latest event's texts lie in the
 * buffer, which is not to move: where that is full a line's end is waited for. */
bool al_trace_reader_is_ready(al_trace_reader *reader)
{
    struct pollfd waited = {.fd = reader->fd, .events = POLLIN};

    while (!has_line(reader)) {
        if (poll(&waited, 1, 0) == 0)
            return false;
        if (reader->capacity - reader->end <= 1 || !take_in(reader))
            return true;
    }
    return true;
}

/* -- opening ------------------------------------------------------------ */

static bool read_header(al_trace_reader *reader)
{
    if (!next_line(reader))
        return al_fail(&reader->scan.error, "this is no trace: it is empty");
    al_text_add_bytes(&reader->first, reader->scan.at,
                      (size_t)(reader->scan.end - reader->scan.at));
    al_text_add_char(&reader->first, '\n');
    reader->begins = al_trace_reader_place(reader).offset;
    return al_trace_header_scan(&reader->header, &reader->texts,
                                &reader->scan);
}

static al_trace_reader *begin(al_trace_reader *reader, al_error *err)
{
    if (read_header(reader))
        return reader;
    copy_error(reader, err);
    al_trace_reader_free(reader);
    return NULL;
}

al_trace_reader *al_trace_reader_open(const char *path, al_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    al_trace_reader *reader;

    if (fd < 0) {
        al_fail(err, "cannot read it: %s", strerror(errno));
        return NULL;
    }
    reader = new_reader(fd, FIRST_BUFFER);
    reader->owns_fd = true;
    reader->is_seekable = lseek(fd, 0, SEEK_CUR) == 0;
    return begin(reader, err);
}

al_trace_reader *al_trace_reader_new(const char *bytes, size_t length,
                                     al_error *err)
{
    return al_trace_reader_go_on(bytes, length, -1, err);
}

al_trace_reader *al_trace_reader_go_on(const char *bytes, size_t length,
                                       int fd, al_error *err)
{
    al_trace_reader *reader =
        new_reader(fd, length + (fd < 0 ? 1 : FIRST_BUFFER));

    if (length)
        memcpy(reader->buffer, bytes, length);
    reader->end = reader->offset = length;
    return begin(reader, err);
}

void al_trace_reader_free(al_trace_reader *reader)
{
    if (!reader)
        return;
    if (reader->owns_fd)
        close(reader->fd);
    al_intern_release(&reader->texts);
    al_text_release(&reader->first);
    al_free(reader->buffer);
    al_free(reader);
}

bool al_trace_fail(al_error *err, const char *file, const al_error *wrong)
{
    if (wrong->line == 0)
        return al_fail(err, "%s: error: %s", file, wrong->message);
    return al_fail_at(err, wrong->line, wrong->column, "%s:%d:%d: error: %s",
                      file, wrong->line, wrong->column, wrong->message);
}

const al_trace_header *al_trace_reader_header(const al_trace_reader *reader)
{
    return &reader->header;
}

void al_trace_reader_tell_since_start(al_trace_reader *reader)
{
    al_trace_header *header = &reader->header;

    if (!header->is_real_time || !isfinite(header->loop.clock_start))
        return;
    header->since = header->loop.clock_start;
    header->loop.clock_start = 0;
}

uint64_t al_trace_reader_line(const al_trace_reader *reader)
{
    return reader->scan.number;
}
