/* check_trace.c - traces are written, read back and compared exactly. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/sink.h"
#include "sim/base/waiting.h"
#include "sim/trace/compare.h"
#include "sim/trace/line.h"
#include "sim/trace/reader.h"
#include "sim/trace/snapshots.h"
#include "sim/trace/writer.h"
#include "tests/unit/suites.h"

static const char header_line[] = "{\"trace\":1}\n";

/* -- lines -------------------------------------------------------------- */

static const struct {
    al_event event;
    const char *line;
} lines[] = {
    {{.kind = AL_EVENT_START, .loop = 1, .time = 0},
     "{\"e\":\"start\",\"t\":0.0}"},
    {{.kind = AL_EVENT_START, .loop = 2, .time = 0.1},
     "{\"e\":\"start\",\"t\":0.1,\"loop\":\"l2\"}"},
    {{.kind = AL_EVENT_LOOP, .loop = 1, .time = -0.0, .debug = true},
     "{\"e\":\"loop\",\"t\":-0.0,\"debug\":true}"},
    {{.kind = AL_EVENT_CALL_SOON, .loop = 1, .time = 0.5, .handle = 3,
      .callback = "tick", .args = "1", .by = 2},
     "{\"e\":\"call_soon\",\"t\":0.5,\"h\":\"h3\",\"callback\":\"tick\","
     "\"args\":\"1\",\"by\":\"h2\"}"},
    {{.kind = AL_EVENT_CALL_AT, .loop = 1, .time = 1, .handle = 9,
      .callback = "f", .when = INFINITY, .by = AL_BY_JOB | 12},
     "{\"e\":\"call_at\",\"t\":1.0,\"h\":\"h9\",\"callback\":\"f\","
     "\"when\":\"inf\",\"by\":\"j12\"}"},
    {{.kind = AL_EVENT_CALL_AT, .loop = 1, .time = 1, .handle = 9,
      .callback = "f", .when = INFINITY, .by = AL_BY_WORLD},
     "{\"e\":\"call_at\",\"t\":1.0,\"h\":\"h9\",\"callback\":\"f\","
     "\"when\":\"inf\",\"by\":\"world\"}"},
    {{.kind = AL_EVENT_ITERATION, .loop = 1, .time = 1e16, .n = 7, .ready = 1},
     "{\"e\":\"iteration\",\"t\":1e+16,\"n\":7,\"ready\":1,\"scheduled\":0,"
     "\"cancelled\":0}"},
    {{.kind = AL_EVENT_SELECT, .loop = 1, .timeout = AL_FOREVER},
     "{\"e\":\"select\",\"t\":0.0,\"timeout\":null}"},
    {{.kind = AL_EVENT_SELECT, .loop = 1, .timeout = NAN},
     "{\"e\":\"select\",\"t\":0.0,\"timeout\":\"nan\"}"},
    {{.kind = AL_EVENT_SELECT, .loop = 1, .timeout = 1e-9},
     "{\"e\":\"select\",\"t\":0.0,\"timeout\":1e-09}"},
    {{.kind = AL_EVENT_LOG, .loop = 1,
      .text = "a\"b\\c\n\t\r\x1b\x7f\xc2\x9b\u202eé€😀"},
     "{\"e\":\"log\",\"t\":0.0,\"text\":\"a\\\"b\\\\c\\n\\t\\u000d\\u001b"
     "\\u007f\\u009b\\u202eé€😀\"}"},
    {{.kind = AL_EVENT_LOG, .loop = 1, .text = "\xff|\xed\xa0\x80|\xc3"},
     "{\"e\":\"log\",\"t\":0.0,\"text\":\"\xef\xbf\xbd|"
     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\"}"},
    {{.kind = AL_EVENT_LOG, .loop = 1, .text = ""},
     "{\"e\":\"log\",\"t\":0.0,\"text\":\"\"}"},
    {{.kind = AL_EVENT_SNAPSHOT, .loop = 1, .heap = "[[\"h4\",1.5]]",
      .deque = "[]", .tasks = "[]", .primitives = "[]"},
     "{\"e\":\"snapshot\",\"t\":0.0,\"heap\":[[\"h4\",1.5]],\"ready\":[],"
     "\"tasks\":[],\"primitives\":[]}"},
    {{.kind = AL_EVENT_END, .loop = 1}, "{\"e\":\"end\",\"t\":0.0}"},
};

START_TEST(events_are_written_as_the_format_says)
{
    al_trace_lines out = {0};

    al_trace_lines_add(&out, &lines[_i].event);
    ck_assert(out.text.bytes[out.text.length - 1] == '\n');
    al_text_truncate(&out.text, out.text.length - 1);
    ck_assert_str_eq(out.text.bytes, lines[_i].line);
    al_trace_lines_release(&out);
}
END_TEST

START_TEST(the_header_names_every_knob)
{
    const al_trace_header header = {
        .producer = "asyncloop-sim 0.1.0",
        .scenario = "a \"b\"",
        .python = "3.14",
        .loop = {.slow_callback_duration = 0.1,
                 .min_scheduled_timer_handles = 100,
                 .min_cancelled_timer_handles_fraction = 0.5,
                 .maximum_select_timeout = 86400,
                 .clock_resolution = 1e-9},
    };
    al_trace_lines out = {0};

    al_trace_lines_add_header(&out, &header);
    ck_assert_str_eq(
        out.text.bytes,
        "{\"trace\":1,\"producer\":\"asyncloop-sim 0.1.0\","
        "\"scenario\":\"a \\\"b\\\"\",\"python\":\"3.14\",\"loop\":{"
        "\"debug\":false,\"slow_callback_duration\":0.1,"
        "\"min_scheduled_timer_handles\":100,"
        "\"min_cancelled_timer_handles_fraction\":0.5,"
        "\"maximum_select_timeout\":86400.0,\"clock\":{\"start\":0.0,"
        "\"resolution\":1e-09,\"tick\":0.0}}}\n");
    al_trace_lines_release(&out);
}
END_TEST

/* -- reading back ------------------------------------------------------- */

static al_trace_reader *open_body(const char *body, al_error *err)
{
    al_text text = {0};
    al_trace_reader *reader;

    al_text_add(&text, header_line);
    al_text_add(&text, body);
    reader = al_trace_reader_new(text.bytes, text.length, err);
    al_text_release(&text);
    return reader;
}

START_TEST(what_is_written_is_read_back)
{
    al_trace_lines out = {0};
    al_error err = {0};
    al_event event;
    al_trace_reader *reader = open_body(lines[_i].line, &err);

    ck_assert_ptr_nonnull(reader);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_EVENT);
    al_trace_lines_add(&out, &event);
    al_text_truncate(&out.text, out.text.length - 1);
    ck_assert_str_eq(out.text.bytes, lines[_i].line);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_END);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_END);
    al_trace_reader_free(reader);
    al_trace_lines_release(&out);
}
END_TEST

static const struct { const char *line, *same; } lenient[] = {
    /* any order, spaces, an unknown field */
    {" { \"t\" : 1 , \"h\" : \"h2\" , \"e\" : \"due\" } \r",
     "{\"e\":\"due\",\"t\":1.0,\"h\":\"h2\"}"},
    {"{\"e\":\"due\",\"x\":[{\"a\":[1,\"\\\"\",null]},-1.5e3],\"t\":1,"
     "\"h\":\"h2\"}",
     "{\"e\":\"due\",\"t\":1.0,\"h\":\"h2\"}"},
    /* unknown kinds are skipped, wherever their kind stands */
    {"{\"e\":\"later\",\"t\":1,\"h\":5}\n{\"e\":\"due\",\"t\":1.0,"
     "\"h\":\"h2\"}",
     "{\"e\":\"due\",\"t\":1.0,\"h\":\"h2\"}"},
    {"{\"t\":1,\"e\":\"later\"}\n\n{\"e\":\"due\",\"t\":1.0,\"h\":\"h2\"}",
     "{\"e\":\"due\",\"t\":1.0,\"h\":\"h2\"}"},
    /* escapes */
    {"{\"e\":\"log\",\"t\":1,\"text\":\"\\u00e9\\ud83d\\ude00\\/\\b\\f\\r\"}",
     "{\"e\":\"log\",\"t\":1.0,\"text\":\"é😀/\\u0008\\u000c\\u000d\"}"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"\\u0000\\ud800x\\udc00\"}",
     "{\"e\":\"log\",\"t\":1.0,\"text\":\"\xef\xbf\xbd\xef\xbf\xbdx"
     "\xef\xbf\xbd\"}"},
    /* fields left out */
    {"{\"e\":\"select\",\"t\":1}",
     "{\"e\":\"select\",\"t\":1.0,\"timeout\":null}"},
    {"{\"e\":\"log\",\"t\":\"nan\"}", "{\"e\":\"log\",\"t\":\"nan\"}"},
};

START_TEST(what_others_write_is_understood)
{
    al_trace_lines out = {0};
    al_error err = {0};
    al_event event;
    al_trace_reader *reader = open_body(lenient[_i].line, &err);

    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_EVENT);
    al_trace_lines_add(&out, &event);
    al_text_truncate(&out.text, out.text.length - 1);
    ck_assert_str_eq(out.text.bytes, lenient[_i].same);
    al_trace_reader_free(reader);
    al_trace_lines_release(&out);
}
END_TEST

START_TEST(the_header_is_read)
{
    static const char text[] =
        "{\"trace\":1,\"producer\":\"CPython 3.14.2\",\"x\":[],"
        "\"python\":\"3.15\",\"loop\":{\"debug\":true,\"y\":{},"
        "\"clock\":{\"tick\":0.25}}}\n";
    al_error err = {0};
    al_trace_reader *reader =
        al_trace_reader_new(text, sizeof text - 1, &err);
    const al_trace_header *header = al_trace_reader_header(reader);

    ck_assert_str_eq(header->producer, "CPython 3.14.2");
    ck_assert_ptr_null(header->scenario);
    ck_assert(header->loop.debug);
    ck_assert(header->loop.clock_tick == 0.25);
    ck_assert_int_eq(header->loop.python_minor, 15);
    ck_assert_uint_eq(header->loop.min_scheduled_timer_handles, 100);
    al_trace_reader_free(reader);
}
END_TEST

#define UPTIME "47184.547127997"
#define CALL_AT "{\"e\":\"call_at\",\"t\":47184.547228,\"h\":\"h2\"," \
                "\"callback\":\"f\",\"when\":47184.597128098}\n"

static const struct {
    const char *text;
    double since, start, time, when;
} clocks[] = {
    {"{\"trace\":1,\"real_time\":true,\"loop\":{\"clock\":{\"start\":" UPTIME
     "}}}\n" CALL_AT, 47184.547127997, 0, 0.000100003,
     47184.597128098 - 47184.547127997},
    {"{\"trace\":1,\"loop\":{\"clock\":{\"start\":" UPTIME "}}}\n" CALL_AT,
     0, 47184.547127997, 47184.547228, 47184.597128098},
};

/* A virtual clock shows what the scenario wants; a real one, anything. */
START_TEST(times_are_told_since_the_start)
{
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_new(
        clocks[_i].text, strlen(clocks[_i].text), &err);
    const al_trace_header *header = al_trace_reader_header(reader);
    al_event event;

    al_trace_reader_tell_since_start(reader);
    ck_assert(header->since == clocks[_i].since);
    ck_assert(header->loop.clock_start == clocks[_i].start);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_EVENT);
    ck_assert(event.time == clocks[_i].time);
    ck_assert(event.when == clocks[_i].when);
    al_trace_reader_free(reader);
}
END_TEST

/* -- what is refused ---------------------------------------------------- */

static const struct {
    const char *text;
    int line, column;
    const char *message;
} malformed_headers[] = {
    {"", 0, 0, "this is no trace: it is empty"},
    {"hello\n", 1, 1,
     "this is no trace: its first line is no object with a \"trace\" version"},
    {"{\"a\":1}\n", 1, 1,
     "this is no trace: its first line is no object with a \"trace\" version"},
    {"{\"trace\":2}\n", 1, 10,
     "version 2 of the trace format is not supported, only 1"},
    {"{\"trace\":\"1\"}\n", 1, 10, "expected a whole number"},
    {"{\"trace\":1,\"loop\":3}\n", 1, 19, "expected '{'"},
    {"{\"trace\":1} x\n", 1, 13, "there is more after the header's '}'"},
};

START_TEST(what_is_no_trace_is_refused)
{
    al_error err = {0};

    ck_assert_ptr_null(
        al_trace_reader_new(malformed_headers[_i].text,
                            strlen(malformed_headers[_i].text), &err));
    ck_assert_str_eq(err.message, malformed_headers[_i].message);
    ck_assert_int_eq(err.line, malformed_headers[_i].line);
    ck_assert_int_eq(err.column, malformed_headers[_i].column);
}
END_TEST

static const struct {
    const char *line;
    int column;
    const char *message;
} malformed[] = {
    {"x", 1, "expected '{'"},
    {"{\"e\":\"due\",\"t\":1,\"h\":\"h2\"", 26,
     "the line is cut short: expected ',' or '}'"},
    {"{\"e\":\"due\",\"t\":1,\"h", 20, "the line is cut short in a text"},
    {"{\"e\":\"due", 10, "the line is cut short: expected the end of a text"},
    {"{\"t\":1}", 1, "the event has no kind \"e\""},
    {"{\"e\":1,\"t\":1}", 6, "expected a text, the kind of the event"},
    {"{\"e\":\"due\",\"h\":\"h2\"}", 21, "the event has no time \"t\""},
    {"{\"e\":\"due\",\"t\":\"1\"}", 16, "expected a number"},
    {"{\"e\":\"due\",\"t\":01}", 17, "expected ',' or '}'"},
    {"{\"e\":\"due\",\"t\":1e999}", 16, "this number is too large"},
    {"{\"e\":\"due\",\"t\":1,\"h\":2}", 22,
     "expected the id of a handle, \"h1\""},
    {"{\"e\":\"due\",\"t\":1,\"h\":\"h0\"}", 22,
     "expected the id of a handle, \"h1\""},
    {"{\"e\":\"due\",\"t\":1,\"h\":\"h02\"}", 22,
     "expected the id of a handle, \"h1\""},
    {"{\"e\":\"due\",\"t\":1,\"h\":\"f2\"}", 22,
     "expected the id of a handle, \"h1\""},
    {"{\"e\":\"due\",\"t\":1,\"h\":\"h99999999999999999999\"}", 24,
     "this number is too large"},
    {"{\"e\":\"stop\",\"t\":1,\"by\":\"j0\"}", 24,
     "expected the id of a job, \"j1\""},
    {"{\"e\":\"stop\",\"t\":1,\"by\":\"h9223372036854775809\"}", 24,
     "expected the id of a handle, \"h1\""},
    {"{\"e\":\"due\",\"t\":1,\"loop\":\"h2\"}", 25,
     "expected the id of a loop, \"l1\""},
    {"{\"e\":\"iteration\",\"t\":1,\"n\":-1}", 28, "expected a whole number"},
    {"{\"e\":\"iteration\",\"t\":1,\"n\":1.5}", 29, "expected a whole number"},
    {"{\"e\":\"loop\",\"t\":1,\"debug\":0}", 27, "expected true or false"},
    {"{\"e\":\"log\",\"t\":1,\"text\":null}", 25, "expected a text"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"\\x41\"}", 27, "bad escape in a text"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"\\u12g4\"}", 28,
     "bad \\u escape: it takes four hex digits"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"a\x01\"}", 27,
     "a control character in a text"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"\xc3(\"}", 26,
     "invalid UTF-8 in a text"},
    {"{\"e\":\"log\",\"t\":1,\"t\":1}", 22, "the same key a second time"},
    {"{\"e\":\"log\",\"t\":1,\"text\":\"a\",\"text\":\"b\"}", 36,
     "the same key a second time"},
    {"{\"e\":\"log\",\"t\":1,\"e\":\"log\"}", 22,
     "the same key a second time"},
    {"{\"e\":\"log\",\"t\":1}{", 18, "there is more after the event's '}'"},
    {"{\"e\":\"log\",\"t\":1,}", 18, "expected a key"},
    {"{\"e\":\"log\",\"t\":1,\"x\":nul}", 22, "expected a value"},
    {"{\"e\":\"log\",\"t\":1,\"x\":[1,}", 25, "expected a value"},
    {"{\"e\":\"log\",\"t\":1,\"x\":{\"a\" 1}}", 27, "expected ':'"},
};

START_TEST(malformed_lines_are_refused_with_their_place)
{
    al_error err = {0};
    al_event event;
    al_trace_reader *reader = open_body(malformed[_i].line, &err);

    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_BAD);
    ck_assert_str_eq(err.message, malformed[_i].message);
    ck_assert_int_eq(err.line, 2);
    ck_assert_int_eq(err.column, malformed[_i].column);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, NULL),
                     AL_TRACE_BAD);
    al_trace_reader_free(reader);
}
END_TEST

/* Every proper beginning of a line is refused, and none is misread. */
START_TEST(a_line_cut_short_anywhere_is_refused)
{
    size_t length = strlen(lines[_i].line);

    for (size_t cut = 1; cut < length; cut++) {
        char *part = strndup(lines[_i].line, cut);
        al_error err = {0};
        al_event event;
        al_trace_reader *reader = open_body(part, &err);

        ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                         AL_TRACE_BAD);
        al_trace_reader_free(reader);
        free(part);
    }
}
END_TEST

START_TEST(nesting_without_end_is_refused)
{
    al_text line = {0};
    al_error err = {0};
    al_event event;
    al_trace_reader *reader;

    al_text_add(&line, "{\"e\":\"log\",\"t\":1,\"x\":");
    for (int i = 0; i < 100000; i++)
        al_text_add_char(&line, '[');
    reader = open_body(line.bytes, &err);
    ck_assert_int_eq(al_trace_reader_next(reader, &event, &err),
                     AL_TRACE_BAD);
    ck_assert_str_eq(err.message, "values are nested too deeply");
    al_trace_reader_free(reader);
    al_text_release(&line);
}
END_TEST

/* -- files -------------------------------------------------------------- */

static char folder[] = "/tmp/check_trace_XXXXXX";
static char file[64], part[72];

static void make_folder(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(file, sizeof file, "%s/t.jsonl", folder);
    snprintf(part, sizeof part, "%s.part", file);
}

static void remove_folder(void)
{
    unlink(file);
    unlink(part);
    rmdir(folder);
}

static al_trace_writer *write_events(const char *path, int count)
{
    const al_trace_header header = {.producer = "test"};
    al_error err = {0};
    al_sink sink = al_file_sink_new(path, &err);
    al_trace_writer *writer;
    al_event event = {.kind = AL_EVENT_LOG, .loop = 1};

    ck_assert_ptr_nonnull(sink.ops);
    writer = al_trace_writer_new(sink, &header, NULL);
    for (int i = 0; i < count; i++) {
        event.time = i / 8.0;
        event.text = i % 3 ? "even a somewhat longer text" : "";
        al_observer_emit(al_trace_writer_observer(writer), &event);
    }
    return writer;
}

START_TEST(a_finished_file_is_in_place_and_read_in_pieces)
{
    const int count = 50000; /* many buffers */
    al_trace_writer *writer = write_events(file, count);
    al_error err = {0};
    al_trace_reader *reader;
    al_event event;
    int seen = 0;

    ck_assert_int_ne(access(file, F_OK), 0);
    ck_assert(al_trace_writer_finish(writer, &err));
    al_trace_writer_free(writer);
    ck_assert_int_ne(access(part, F_OK), 0);
    reader = al_trace_reader_open(file, &err);
    ck_assert_ptr_nonnull(reader);
    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT) {
        ck_assert(event.time == seen / 8.0);
        seen++;
    }
    ck_assert_str_eq(err.message, "");
    ck_assert_int_eq(seen, count);
    ck_assert_uint_eq(al_trace_reader_line(reader), (uint64_t)count + 1);
    al_trace_reader_free(reader);
}
END_TEST

static void put_file(const char *path, const char *text)
{
    FILE *stream = fopen(path, "w");

    ck_assert_ptr_nonnull(stream);
    fputs(text, stream);
    fclose(stream);
}

START_TEST(an_unfinished_file_leaves_the_old_one_alone)
{
    char text[16] = "";
    FILE *stream;

    put_file(file, "old");
    al_trace_writer_free(write_events(file, 10000));
    ck_assert_int_ne(access(part, F_OK), 0);
    stream = fopen(file, "r");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, stream));
    fclose(stream);
    ck_assert_str_eq(text, "old");
}
END_TEST

START_TEST(abandoned_files_are_removed)
{
    al_error err = {0};
    al_sink sink = al_file_sink_new(file, &err);

    ck_assert_int_eq(access(part, F_OK), 0);
    al_sinks_abandon();
    ck_assert_int_ne(access(part, F_OK), 0);
    al_sink_free(sink);
}
END_TEST

START_TEST(an_unfinished_file_is_found)
{
    al_error err = {0};
    al_sink sink;
    char *found;

    unlink(file);
    ck_assert_ptr_null(al_file_sink_unfinished(file));
    sink = al_file_sink_new(file, &err);
    found = al_file_sink_unfinished(file);
    ck_assert_str_eq(found, part);
    ck_assert(al_sink_finish(sink, &err));
    ck_assert_ptr_null(al_file_sink_unfinished(file));
    al_sink_free(sink);
    al_free(found);
}
END_TEST

START_TEST(a_replaced_file_keeps_its_mode_and_its_links)
{
    char link[80];
    struct stat status;
    al_error err = {0};
    al_trace_writer *writer;

    snprintf(link, sizeof link, "%s/link", folder);
    put_file(file, "old");
    chmod(file, 0640);
    ck_assert_int_eq(symlink(file, link), 0);
    writer = write_events(link, 1);
    ck_assert(al_trace_writer_finish(writer, &err));
    al_trace_writer_free(writer);
    ck_assert_int_eq(lstat(link, &status), 0);
    ck_assert(S_ISLNK(status.st_mode));
    ck_assert_int_eq(stat(file, &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0640);
    ck_assert_int_gt((int)status.st_size, 10);
    unlink(link);
}
END_TEST

START_TEST(a_full_disk_is_said_and_stops_the_writing)
{
    const al_trace_header header = {.producer = "test"};
    atomic_bool failed = false;
    const al_trace_writer_options options = {.failed = &failed};
    al_event event = {.kind = AL_EVENT_LOG, .loop = 1, .text = "text"};
    al_error err = {0};
    al_sink sink = al_file_sink_new("/dev/full", &err);
    al_trace_writer *writer = al_trace_writer_new(sink, &header, &options);

    for (int i = 0; i < 10000; i++)
        al_observer_emit(al_trace_writer_observer(writer), &event);
    ck_assert(atomic_load(&failed));
    ck_assert(!al_trace_writer_finish(writer, &err));
    ck_assert_str_eq(err.message,
                     "cannot write '/dev/full': No space left on device");
    al_trace_writer_free(writer);
}
END_TEST

START_TEST(a_file_that_cannot_be_made_is_said)
{
    al_error err = {0};

    ck_assert_ptr_null(al_file_sink_new("/nowhere/t.jsonl", &err).ops);
    ck_assert_str_eq(err.message, "cannot write '/nowhere/t.jsonl': "
                                  "No such file or directory");
}
END_TEST

START_TEST(detail_events_can_be_left_out)
{
    const al_trace_header header = {.producer = "test"};
    const al_trace_writer_options options = {.core_only = true};
    al_event busy = {.kind = AL_EVENT_BUSY, .loop = 1};
    al_event stop = {.kind = AL_EVENT_STOP, .loop = 1};
    al_text text = {0};
    al_error err = {0};
    al_trace_writer *writer =
        al_trace_writer_new(al_text_sink(&text), &header, &options);

    al_observer_emit(al_trace_writer_observer(writer), &busy);
    al_observer_emit(al_trace_writer_observer(writer), &stop);
    ck_assert(al_trace_writer_finish(writer, &err));
    ck_assert_ptr_null(strstr(text.bytes, "busy"));
    ck_assert_ptr_nonnull(strstr(text.bytes, "\"stop\""));
    al_trace_writer_free(writer);
    al_text_release(&text);
}
END_TEST

START_TEST(snapshots_show_all_there_is_at_each_iteration)
{
    const al_trace_header header = {.producer = "test"};
    const al_event events[] = {
        {.kind = AL_EVENT_CALL_AT, .loop = 1, .handle = 1, .when = 2},
        {.kind = AL_EVENT_CALL_AT, .loop = 1, .handle = 2, .when = 1},
        {.kind = AL_EVENT_TASK, .loop = 1, .task = 1, .name = "a \"b\""},
        {.kind = AL_EVENT_CALL_SOON, .loop = 1, .handle = 3, .task = 1},
        {.kind = AL_EVENT_TASK, .loop = 1, .task = 2, .name = "over"},
        {.kind = AL_EVENT_TASK_DONE, .loop = 1, .task = 2},
        {.kind = AL_EVENT_TASK, .loop = 1, .task = 3, .name = "c"},
        {.kind = AL_EVENT_FUTURE, .loop = 1, .future = 5},
        {.kind = AL_EVENT_TASK_WAITS, .loop = 1, .task = 3, .future = 5},
        {.kind = AL_EVENT_TASK, .loop = 1, .task = 4, .name = "d"},
        {.kind = AL_EVENT_TASK_WAITS, .loop = 1, .task = 4, .on = 3},
        {.kind = AL_EVENT_TASK, .loop = 2, .task = 6, .name = "another's"},
        {.kind = AL_EVENT_WAITERS, .loop = 1, .primitive = 1, .type = "Lock",
         .state = "locked", .joined = 5, .count = 1, .waiters = "[\"f5\"]"},
        {.kind = AL_EVENT_WAITERS, .loop = 1, .primitive = 2, .type = "Queue",
         .state = "1 item", .putter = 6, .putters = "[\"f6\"]"},
        {.kind = AL_EVENT_ITERATION, .loop = 1, .n = 1, .ready = 1,
         .scheduled = 2},
    };
    al_text text = {0};
    al_error err = {0};
    al_trace_writer *writer =
        al_trace_writer_new(al_text_sink(&text), &header, NULL);
    al_snapshots *snapshots =
        al_snapshots_new(al_trace_writer_observer(writer));

    for (int i = 0; i < COUNT(events); i++)
        al_observer_emit(al_snapshots_observer(snapshots), &events[i]);
    ck_assert(al_trace_writer_finish(writer, &err));
    ck_assert_ptr_nonnull(strstr(
        text.bytes,
        "{\"e\":\"snapshot\",\"t\":0.0,"
        "\"heap\":[[\"h2\",1.0],[\"h1\",2.0]],\"ready\":[\"h3\"],"
        "\"tasks\":[[\"t1\",\"a \\\"b\\\"\",\"ready\",\"h3\"],"
        "[\"t3\",\"c\",\"waits\",\"f5\"],[\"t4\",\"d\",\"waits\",\"t3\"]],"
        "\"primitives\":[[\"p1\",\"Lock\",\"locked\",[\"f5\"],[]],"
        "[\"p2\",\"Queue\",\"1 item\",[],[\"f6\"]]]}"));
    al_snapshots_free(snapshots);
    al_trace_writer_free(writer);
    al_text_release(&text);
}
END_TEST

/* -- a pipe that nobody reads --------------------------------------------- */

static bool is_over(void)
{
    return true;
}

/* The signal that asked for the end may have come before, or after a part. */
START_TEST(once_the_end_was_asked_for_nobody_is_waited_for)
{
    static const size_t before[] = {0, 100, 65000, 65536};
    char bytes[1 << 16] = {0};
    al_error err = {0};
    al_sink sink;
    int ends[2];

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_uint_eq((size_t)write(ends[1], bytes, before[_i]), before[_i]);
    al_waiting_ends_when(is_over);
    sink = al_fd_sink_new(ends[1], "a pipe");
    ck_assert(!al_sink_write(sink, bytes, sizeof bytes, &err) ||
              before[_i] == 0);
    ck_assert(before[_i] == 0 || strstr(err.message, "cannot write a pipe"));
    ck_assert_int_gt((int)read(ends[0], bytes, sizeof bytes), 0);
    ck_assert(al_sink_write(sink, bytes, 100, &err));
    al_waiting_ends_when(NULL);
    al_sink_free(sink);
    close(ends[0]);
    close(ends[1]);
}
END_TEST

/* -- comparing ---------------------------------------------------------- */

#define LOG(text) "{\"e\":\"log\",\"t\":0.0,\"text\":\"" text "\"}\n"
#define SOON(line)                                                            \
    "{\"e\":\"call_soon\",\"t\":0.0,\"h\":\"h2\",\"callback\":\"f\","             \
    "\"where\":\"a.py:" line "\"}\n"
#define BUSY "{\"e\":\"busy\",\"t\":0.0,\"duration\":1.0}\n"

static const struct {
    const char *left, *right;
    bool strict;
    uint64_t index, left_line, right_line;
    const char *text;
} comparisons[] = {
    {LOG("a") LOG("b"), LOG("a") LOG("b"), true, 0, 0, 0, ""},
    {LOG("a") BUSY LOG("b"), LOG("a") LOG("b"), false, 0, 0, 0, ""},
    {LOG("a"), "{\"t\": 0, \"x\": 1, \"e\": \"log\", \"text\": \"a\"}", true,
     0, 0, 0, ""},
    {LOG("a") BUSY LOG("b"), LOG("a") LOG("b"), true, 2, 3, 3,
     "  --- left, line 3\n"
     "  +++ right, line 3\n"
     "    {\"e\":\"log\",\"t\":0.0,\"text\":\"a\"}\n"
     "  - {\"e\":\"busy\",\"t\":0.0,\"duration\":1.0}\n"
     "  + {\"e\":\"log\",\"t\":0.0,\"text\":\"b\"}\n"
     "  they differ in \"e\"\n"
     "  then left:\n"
     "    {\"e\":\"log\",\"t\":0.0,\"text\":\"b\"}\n"
     "    (the trace ends here)\n"
     "  then right:\n"
     "    (the trace ends here)\n"},
    {LOG("a") LOG("b") LOG("c") LOG("d"), LOG("a") LOG("b") LOG("c"), false,
     4, 5, 0,
     "  --- left, line 5\n"
     "  +++ right\n"
     "    {\"e\":\"log\",\"t\":0.0,\"text\":\"b\"}\n"
     "    {\"e\":\"log\",\"t\":0.0,\"text\":\"c\"}\n"
     "  - {\"e\":\"log\",\"t\":0.0,\"text\":\"d\"}\n"
     "  + (the trace ends here)\n"
     "  then left:\n"
     "    (the trace ends here)\n"},
    {SOON("1"), SOON("2"), false, 0, 0, 0, ""},
    {SOON("1"), SOON("2"), true, 1, 2, 2,
     "  --- left, line 2\n"
     "  +++ right, line 2\n"
     "  - " SOON("1") "  + " SOON("2")
     "  they differ in \"where\"\n"
     "  then left:\n"
     "    (the trace ends here)\n"
     "  then right:\n"
     "    (the trace ends here)\n"},
    {"{\"e\":\"due\",\"t\":0.1,\"h\":\"h2\"}",
     "{\"e\":\"due\",\"t\":0.10000000000000001,\"h\":\"h3\"}", false, 1, 2, 2,
     "  --- left, line 2\n"
     "  +++ right, line 2\n"
     "  - {\"e\":\"due\",\"t\":0.1,\"h\":\"h2\"}\n"
     "  + {\"e\":\"due\",\"t\":0.1,\"h\":\"h3\"}\n"
     "  they differ in \"h\"\n"
     "  then left:\n"
     "    (the trace ends here)\n"
     "  then right:\n"
     "    (the trace ends here)\n"},
};

START_TEST(the_first_difference_is_told_with_its_context)
{
    const al_compare_options options = {
        .strict = comparisons[_i].strict,
        .context = 2,
        .left = "left",
        .right = "right",
    };
    al_difference difference = {0};
    al_error err = {0};
    al_trace_reader *left = open_body(comparisons[_i].left, &err);
    al_trace_reader *right = open_body(comparisons[_i].right, &err);

    ck_assert(al_trace_compare(left, right, &options, &difference, &err));
    ck_assert_uint_eq(difference.index, comparisons[_i].index);
    ck_assert_uint_eq(difference.left_line, comparisons[_i].left_line);
    ck_assert_uint_eq(difference.right_line, comparisons[_i].right_line);
    ck_assert_str_eq(al_text_peek(&difference.text), comparisons[_i].text);
    al_difference_release(&difference);
    al_trace_reader_free(left);
    al_trace_reader_free(right);
}
END_TEST

START_TEST(an_unreadable_side_is_named)
{
    const al_compare_options options = {.left = "mine", .right = "yours"};
    al_difference difference = {0};
    al_error err = {0};
    al_trace_reader *left = open_body(LOG("a"), &err);
    al_trace_reader *right = open_body("{\"e\":\"log\"}", &err);

    ck_assert(!al_trace_compare(left, right, &options, &difference, &err));
    ck_assert_str_eq(err.message, "yours:2:12: error: "
                                  "the event has no time \"t\"");
    al_difference_release(&difference);
    al_trace_reader_free(left);
    al_trace_reader_free(right);
}
END_TEST

/* -- escaping ----------------------------------------------------------- */

static const struct {
    const char *string;
    size_t columns;
    const char *escaped;
    size_t used;
} escapes[] = {
    {"plain é €", 0, "plain é €", 9},
    {"a\nb\tc\r", 0, "a\\nb\\tc\\r", 9},
    {"\x1b[31m\x7f", 0, "\\x1b[31m\\x7f", 12},
    {"a\u202eb\u200b", 0, "a\\u202eb\\u200b", 14},
    {"\xff\xed\xa0\x80", 0, "\\xff\\xed\\xa0\\x80", 16},
    {"\U000e0001", 0, "\\U000e0001", 10},
    {"日本", 0, "日本", 4},
    {"e\u0301x", 0, "e\u0301x", 2},
    {"abcdef", 6, "abcdef", 6},
    {"abcdefg", 6, "abcde…", 6},
    {"日本日本", 6, "日本…", 5},
    {"abcde\n", 6, "abcde…", 6},
    {"ab", 1, "…", 1},
    {"", 5, "", 0},
};

START_TEST(texts_are_made_safe_and_cut)
{
    al_text out = {0};
    size_t used = al_escape_add_cut(&out, escapes[_i].string,
                                    escapes[_i].columns);

    ck_assert_str_eq(al_text_peek(&out), escapes[_i].escaped);
    ck_assert_uint_eq(used, escapes[_i].used);
    al_text_release(&out);
}
END_TEST

static const struct {
    const char *string;
    size_t columns;
    const char *escaped;
    size_t used;
} shortened[] = {
    {"abcdef", 6, "abcdef", 6},
    {"abcdefgh", 6, "ab…fgh", 6},
    {"abcdefgh", 7, "abc…fgh", 7},
    {"日本語日本語", 7, "日…語", 5},
    {"ab\x1b[31mcd", 7, "ab…mcd", 6},
    {"abcdef\n", 4, "a…\\n", 4},
    {"abc", 1, "…", 1},
    {"", 3, "", 0},
};

START_TEST(names_lose_their_middle_and_keep_their_end)
{
    al_text out = {0};
    size_t used = al_escape_add_middle_cut(&out, shortened[_i].string,
                                           shortened[_i].columns);

    ck_assert_str_eq(al_text_peek(&out), shortened[_i].escaped);
    ck_assert_uint_eq(used, shortened[_i].used);
    al_text_release(&out);
}
END_TEST

static TCase *format_tests(void)
{
    TCase *tests = tcase_create("format");

    tcase_add_loop_test(tests, events_are_written_as_the_format_says, 0,
                        COUNT(lines));
    tcase_add_test(tests, the_header_names_every_knob);
    tcase_add_loop_test(tests, what_is_written_is_read_back, 0, COUNT(lines));
    tcase_add_loop_test(tests, what_others_write_is_understood, 0,
                        COUNT(lenient));
    tcase_add_test(tests, the_header_is_read);
    tcase_add_loop_test(tests, times_are_told_since_the_start, 0,
                        COUNT(clocks));
    tcase_add_loop_test(tests, what_is_no_trace_is_refused, 0,
                        COUNT(malformed_headers));
    tcase_add_loop_test(tests, malformed_lines_are_refused_with_their_place,
                        0, COUNT(malformed));
    tcase_add_loop_test(tests, a_line_cut_short_anywhere_is_refused, 0,
                        COUNT(lines));
    tcase_add_test(tests, nesting_without_end_is_refused);
    return tests;
}

static TCase *file_tests(void)
{
    TCase *tests = tcase_create("files");

    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, a_finished_file_is_in_place_and_read_in_pieces);
    tcase_add_test(tests, an_unfinished_file_leaves_the_old_one_alone);
    tcase_add_test(tests, abandoned_files_are_removed);
    tcase_add_test(tests, an_unfinished_file_is_found);
    tcase_add_test(tests, a_replaced_file_keeps_its_mode_and_its_links);
    tcase_add_test(tests, a_full_disk_is_said_and_stops_the_writing);
    tcase_add_test(tests, a_file_that_cannot_be_made_is_said);
    return tests;
}

static TCase *other_tests(void)
{
    TCase *tests = tcase_create("others");

    tcase_add_test(tests, detail_events_can_be_left_out);
    tcase_add_test(tests, snapshots_show_all_there_is_at_each_iteration);
    tcase_add_loop_test(tests, the_first_difference_is_told_with_its_context,
                        0, COUNT(comparisons));
    tcase_add_test(tests, an_unreadable_side_is_named);
    tcase_add_loop_test(tests, texts_are_made_safe_and_cut, 0,
                        COUNT(escapes));
    tcase_add_loop_test(tests, once_the_end_was_asked_for_nobody_is_waited_for, 0,
                        4);
    tcase_add_loop_test(tests, names_lose_their_middle_and_keep_their_end, 0,
                        COUNT(shortened));
    return tests;
}

Suite *trace_suite(void)
{
    Suite *suite = suite_create("trace");

    suite_add_tcase(suite, format_tests());
    suite_add_tcase(suite, file_tests());
    suite_add_tcase(suite, other_tests());
    return suite;
}
