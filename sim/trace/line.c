/* line.c - one event as one line of JSON.
 *
 * This runs for every event of a traced run, so it does nothing twice: what
 * stands before a value is one literal, composed by the preprocessor from
 * the lists of event.h; room for a whole line is made at once; and a time
 * is formatted anew only where it changed.  A new kind or field needs no
 * change here. */
#include "sim/trace/line.h"

#include <math.h>
#include <string.h>
#include "loop/base/utf8.h"
#include "sim/base/escape.h"
#include "sim/scenario/knobs.h"

typedef struct literal {
    const char *bytes;
    size_t length;
} literal;

#define LITERAL(string) {string, sizeof(string) - 1}

/* {"e":"call_soon","t": */
static const literal openings[AL_EVENT_COUNT] = {
#define OPENING(KIND, name, class, fields, meaning)                            \
    [AL_EVENT_##KIND] = LITERAL("{\"e\":\"" #name "\",\"t\":"),
    AL_EVENT_KINDS(OPENING)
#undef OPENING
};

/* ,"callback": and for ids ,"h":"h */
#define BEFORE_HANDLE  "\"h"
#define BEFORE_TASK    "\"t"
#define BEFORE_FUTURE  "\"f"
#define BEFORE_PRIMITIVE "\"p"
#define BEFORE_CAUSE   "\""
#define BEFORE_COUNT   ""
#define BEFORE_SECONDS ""
#define BEFORE_TIMEOUT ""
#define BEFORE_FLAG    ""
#define BEFORE_TEXT    "\""
#define BEFORE_JSON    ""

static const literal keys[AL_FIELD_COUNT] = {
#define KEY(field, key, type, meaning)                                         \
    [AL_FIELD_##field] = LITERAL(",\"" key "\":" BEFORE_##type),
    AL_EVENT_FIELDS(KEY)
#undef KEY
};

/* Room for everything of a line but its texts: per field a key and the
 * longest number. */
enum {
    LONGEST_KEY = 40,
    FIXED_ROOM = 128 + (AL_FIELD_COUNT + 2) * (LONGEST_KEY + AL_DOUBLE_TEXT),
    LONGEST_ESCAPE = 6 /* bytes that one byte of a text can become */
};

void al_trace_lines_release(al_trace_lines *lines)
{
    al_text_release(&lines->text);
    *lines = (al_trace_lines){0};
}

/* -- values ------------------------------------------------------------- */

static char *put(char *to, const char *bytes, size_t length)
{
    memcpy(to, bytes, length);
    return to + length;
}

static char *put_literal(char *to, literal text)
{
    return put(to, text.bytes, text.length);
}

static char *put_double(char *to, double value)
{
    if (isfinite(value))
        return to + al_double_format(value, to);
    *to++ = '"'; /* JSON has no number for these */
    to += al_double_format(value, to);
    *to++ = '"';
    return to;
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static char *put_unit(char *to, uint32_t unit)
{
    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = "0123456789abcdef"[(unit >> shift) & 15];
    return to;
}

/* As JSON escapes a character: in UTF-16. */
static char *put_code(char *to, uint32_t code)
{
    if (code < 0x10000)
        return put_unit(to, code);
    code -= 0x10000;
    to = put_unit(to, 0xd800 + (code >> 10));
    return put_unit(to, 0xdc00 + (code & 0x3ff));
}

/* A character that is not plain; *text is moved behind it. */
static char *put_special(char *to, const char **text, const char *end)
{
    unsigned char c = (unsigned char)**text;
    uint32_t code;
    size_t length;

    if (c >= 0x80) {
        length = al_utf8_decode(*text, (size_t)(end - *text), &code);
        if (length == 0) {
            *text += 1;
            return put(to, "\xef\xbf\xbd", 3); /* U+FFFD */
        }
        to = al_is_unsafe(code) ? put_code(to, code) : put(to, *text, length);
        *text += length;
        return to;
    }
    *text += 1;
    if (c == 0x7f)
        return put_code(to, c);
    *to++ = '\\';
    if (c == '"' || c == '\\') {
        *to++ = (char)c;
    } else if (c == '\n' || c == '\t') {
        *to++ = c == '\n' ? 'n' : 't';
    } else {
        to = put(to, "u00", 3);
        *to++ = (char)('0' + (c >> 4));
        *to++ = "0123456789abcdef"[c & 15];
    }
    return to;
}

/* The text's inside, and the closing quote. */
static char *put_text(char *to, const char *text, size_t length)
{
    const char *end = text + length;

    while (text < end) {
        if (is_plain((unsigned char)*text))
            *to++ = *text++;
        else
            to = put_special(to, &text, end);
    }
    *to++ = '"';
    return to;
}

/* -- events ------------------------------------------------------------- */

/* Make room for the rest of a line, of which `to` was reached. */
static char *reserve(al_trace_lines *lines, char *to, size_t room)
{
    lines->text.length = (size_t)(to - lines->text.bytes);
    return al_text_reserve(&lines->text, room + FIXED_ROOM);
}

static char *put_id(char *to, al_event_field field, uint64_t id)
{
    if (id == 0)
        return to;
    to = put_literal(to, keys[field]);
    to += al_uint_format(id, to);
    *to++ = '"';
    return to;
}

static char *put_cause(char *to, al_event_field field, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);

    if (by == AL_BY_PROGRAM)
        return to;
    to = put_literal(to, keys[field]);
    if (by == AL_BY_WORLD)
        return put(to, "world\"", 6);
    *to++ = id.letter;
    to += al_uint_format(id.number, to);
    *to++ = '"';
    return to;
}

static char *put_string(al_trace_lines *lines, char *to, al_event_field field,
                        const char *text, bool is_json)
{
    size_t length;

    if (!text)
        return to;
    length = strlen(text);
    to = reserve(lines, to, length * LONGEST_ESCAPE);
    to = put_literal(to, keys[field]);
    return is_json ? put(to, text, length) : put_text(to, text, length);
}

static char *put_timeout(char *to, double timeout)
{
    return timeout < 0 ? put(to, "null", 4) : put_double(to, timeout);
}

static char *put_flag(char *to, bool flag)
{
    return flag ? put(to, "true", 4) : put(to, "false", 5);
}

static char *put_field(al_trace_lines *lines, char *to, al_event_field field,
                       const al_event *event)
{
    const al_field_spec *spec = &al_field_specs[field];
    const void *value = al_event_value(event, spec);

    switch (spec->type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
        return put_id(to, field, *(const uint64_t *)value);
    case AL_TYPE_CAUSE:
        return put_cause(to, field, *(const uint64_t *)value);
    case AL_TYPE_COUNT:
        to = put_literal(to, keys[field]);
        return to + al_uint_format(*(const uint64_t *)value, to);
    case AL_TYPE_SECONDS:
        to = put_literal(to, keys[field]);
        return put_double(to, *(const double *)value);
    case AL_TYPE_TIMEOUT:
        to = put_literal(to, keys[field]);
        return put_timeout(to, *(const double *)value);
    case AL_TYPE_FLAG:
        to = put_literal(to, keys[field]);
        return put_flag(to, *(const bool *)value);
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        return put_string(lines, to, field, *(const char *const *)value,
                          spec->type == AL_TYPE_JSON);
    }
    return to;
}

/* The bits are compared: -0.0 and 0.0 are written differently. */
static char *put_time(al_trace_lines *lines, char *to, double time)
{
    if (lines->time_length == 0 ||
        memcmp(&time, &lines->time, sizeof time) != 0) {
        lines->time = time;
        lines->time_length =
            (size_t)(put_double(lines->time_digits, time) - lines->time_digits);
    }
    return put(to, lines->time_digits, lines->time_length);
}

void al_trace_lines_add(al_trace_lines *lines, const al_event *event)
{
    const al_event_spec *spec = &al_event_specs[event->kind];
    char *to = al_text_reserve(&lines->text, FIXED_ROOM);

    to = put_literal(to, openings[event->kind]);
    to = put_time(lines, to, event->time);
    if (event->loop != 1) {
        to = put(to, ",\"loop\":\"l", 10);
        to += al_uint_format(event->loop, to);
        *to++ = '"';
    }
    for (unsigned i = 0; i < spec->field_count; i++)
        to = put_field(lines, to, (al_event_field)spec->fields[i], event);
    to = put(to, "}\n", 3);
    lines->text.length = (size_t)(to - 1 - lines->text.bytes);
}

/* -- the header --------------------------------------------------------- */

static void add_key(al_trace_lines *lines, const char *key)
{
    al_text_add_format(&lines->text, "\"%s\":", key);
}

void al_trace_add_string(al_text *out, const char *string)
{
    size_t length = strlen(string);
    char *to;

    al_text_add_char(out, '"');
    to = al_text_reserve(out, length * LONGEST_ESCAPE + 1);
    to = put_text(to, string, length);
    *to = '\0';
    out->length = (size_t)(to - out->bytes);
}

static void add_string(al_trace_lines *lines, const char *key,
                       const char *string)
{
    if (!string)
        return;
    al_text_add_char(&lines->text, ',');
    add_key(lines, key);
    al_trace_add_string(&lines->text, string);
}

static void add_double(al_trace_lines *lines, double value)
{
    char digits[AL_DOUBLE_TEXT + 2];

    al_text_add_bytes(&lines->text, digits,
                      (size_t)(put_double(digits, value) - digits));
}

static void add_knob(al_trace_lines *lines, const al_knob *knob,
                     const void *value)
{
    add_key(lines, knob->name);
    switch (knob->kind) {
    case AL_KNOB_BOOL:
        al_text_add(&lines->text, *(const bool *)value ? "true" : "false");
        break;
    case AL_KNOB_COUNT:
    case AL_KNOB_LIMIT:
        al_text_add_uint(&lines->text, *(const uint64_t *)value);
        break;
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
    case AL_KNOB_UNTIL:
        add_double(lines, *(const double *)value);
        break;
    case AL_KNOB_PYTHON: /* stands outside of "loop" */
        break;
    }
}

static void add_section(al_trace_lines *lines, al_loop_knobs *loop,
                        al_knob_section section)
{
    const char *comma = "";

    for (size_t i = 0; i < al_knob_count; i++) {
        const al_knob *knob = &al_knobs[i];

        if (knob->section != section || knob->kind == AL_KNOB_PYTHON)
            continue;
        al_text_add(&lines->text, comma);
        add_knob(lines, knob, al_knob_value(knob, loop, NULL));
        comma = ",";
    }
}

static void add_knobs(al_trace_lines *lines, al_loop_knobs loop)
{
    al_text_add(&lines->text, ",\"loop\":{");
    add_section(lines, &loop, AL_KNOBS_LOOP);
    al_text_add(&lines->text, ",\"clock\":{");
    add_section(lines, &loop, AL_KNOBS_CLOCK);
    al_text_add(&lines->text, "}}");
}

void al_trace_lines_add_header(al_trace_lines *lines,
                               const al_trace_header *header)
{
    al_text_add_format(&lines->text, "{\"trace\":%d", AL_TRACE_VERSION);
    add_string(lines, "producer", header->producer);
    add_string(lines, "scenario", header->scenario);
    add_string(lines, "python", header->python);
    add_knobs(lines, header->loop);
    al_text_add(&lines->text, "}\n");
}
