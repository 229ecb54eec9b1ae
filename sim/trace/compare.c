/* compare.c - two traces side by side; see compare.h.
 *
 * Both are read in step, and nothing is kept but the last few lines, so the
 * size of the traces does not matter.  Lines are rendered anew: what one
 * producer writes with other spacing, or with fields that we do not know,
 * is no difference. */
#include "sim/trace/compare.h"

#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/trace/line.h"

enum { LONGEST_LINE = 1000 }; /* columns of a line shown */

typedef struct side {
    al_trace_reader *reader;
    const char *name, *file;
    al_trace_step step;
    al_event event;
} side;

typedef struct comparison {
    side left, right;
    const al_compare_options *options;
    al_trace_lines lines; /* to render one */
    al_text *before;      /* a ring of the latest equal lines */
    uint64_t compared;
} comparison;

/* -- reading ------------------------------------------------------------ */

/* The next event that counts.  False: unreadable. */
static bool advance(comparison *c, side *s, al_error *err)
{
    al_error inner = {0};

    do
        s->step = al_trace_reader_next(s->reader, &s->event, &inner);
    while (s->step == AL_TRACE_EVENT && !c->options->strict &&
           !al_event_specs[s->event.kind].is_core);
    if (s->step != AL_TRACE_BAD)
        return true;
    return al_trace_fail(err, s->file, &inner);
}

static bool same_double(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_field(const al_event *a, const al_event *b,
                       const al_field_spec *spec)
{
    const void *left = (const char *)a + spec->offset;
    const void *right = (const char *)b + spec->offset;

    switch (spec->type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
    case AL_TYPE_CAUSE:
    case AL_TYPE_COUNT:
        return *(const uint64_t *)left == *(const uint64_t *)right;
    case AL_TYPE_SECONDS:
    case AL_TYPE_TIMEOUT:
        return same_double(*(const double *)left, *(const double *)right);
    case AL_TYPE_FLAG:
        return *(const bool *)left == *(const bool *)right;
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        return same_text(*(const char *const *)left,
                         *(const char *const *)right);
    }
    return false;
}

/* The key of the first field that differs; NULL: the events are equal. */
static const char *find_difference(const al_event *a, const al_event *b)
{
    const al_event_spec *spec = &al_event_specs[a->kind];

    if (a->kind != b->kind)
        return "e";
    if (!same_double(a->time, b->time))
        return "t";
    if (a->loop != b->loop)
        return "loop";
    for (unsigned i = 0; i < spec->field_count; i++) {
        const al_field_spec *field = &al_field_specs[spec->fields[i]];

        if (!same_field(a, b, field))
            return field->key;
    }
    return NULL;
}

/* -- telling ------------------------------------------------------------ */

static const char *render(comparison *c, const al_event *event)
{
    al_text_clear(&c->lines.text);
    al_trace_lines_add(&c->lines, event);
    al_text_truncate(&c->lines.text, c->lines.text.length - 1);
    return c->lines.text.bytes;
}

static void remember(comparison *c, const al_event *event)
{
    al_text *slot;

    if (c->options->context == 0)
        return;
    slot = &c->before[c->compared % c->options->context];
    al_text_clear(slot);
    al_text_add(slot, render(c, event));
}

static void tell_line(al_text *out, const char *mark, const char *line)
{
    al_text_add(out, mark);
    al_escape_add_cut(out, line, LONGEST_LINE);
    al_text_add_char(out, '\n');
}

static void tell_before(const comparison *c, al_text *out)
{
    uint64_t count = c->options->context;

    if (count > c->compared)
        count = c->compared;
    for (uint64_t i = c->compared - count; i < c->compared; i++)
        tell_line(out, "    ",
                  al_text_peek(&c->before[i % c->options->context]));
}

static void tell_event(comparison *c, const side *s, const char *mark,
                       al_text *out)
{
    tell_line(out, mark,
              s->step == AL_TRACE_EVENT ? render(c, &s->event)
                                        : "(the trace ends here)");
}

/* What follows on one side; that it may be unreadable matters no more. */
static void tell_after(comparison *c, side *s, al_text *out)
{
    al_error ignored = {0};

    if (s->step != AL_TRACE_EVENT || c->options->context == 0)
        return;
    al_text_add_format(out, "  then %s:\n", s->name);
    for (unsigned i = 0; i < c->options->context; i++) {
        if (!advance(c, s, &ignored))
            return;
        tell_event(c, s, "    ", out);
        if (s->step != AL_TRACE_EVENT)
            return;
    }
}

static uint64_t line_of(const side *s)
{
    return s->step == AL_TRACE_EVENT ? al_trace_reader_line(s->reader) : 0;
}

static void tell_place(al_text *out, const char *mark, const side *s)
{
    al_text_add_format(out, "  %s %s", mark, s->name);
    if (s->step == AL_TRACE_EVENT)
        al_text_add_format(out, ", line %llu",
                           (unsigned long long)line_of(s));
    al_text_add_char(out, '\n');
}

static void tell(comparison *c, const char *key, al_difference *difference)
{
    al_text *out = &difference->text;

    difference->index = c->compared + 1;
    difference->left_line = line_of(&c->left);
    difference->right_line = line_of(&c->right);
    tell_place(out, "---", &c->left);
    tell_place(out, "+++", &c->right);
    tell_before(c, out);
    tell_event(c, &c->left, "  - ", out);
    tell_event(c, &c->right, "  + ", out);
    if (key)
        al_text_add_format(out, "  they differ in \"%s\"\n", key);
    tell_after(c, &c->left, out);
    tell_after(c, &c->right, out);
}

/* -- comparing ---------------------------------------------------------- */

static bool compare(comparison *c, al_difference *difference, al_error *err)
{
    for (;; c->compared++) {
        const char *key;

        if (!advance(c, &c->left, err) || !advance(c, &c->right, err))
            return false;
        if (c->left.step != c->right.step) {
            tell(c, NULL, difference);
            return true;
        }
        if (c->left.step == AL_TRACE_END)
            return true;
        key = find_difference(&c->left.event, &c->right.event);
        if (key) {
            tell(c, key, difference);
            return true;
        }
        remember(c, &c->left.event);
    }
}

static side new_side(al_trace_reader *reader, const char *name,
                     const char *file)
{
    return (side){
        .reader = reader,
        .name = name,
        .file = file ? file : name,
    };
}

bool al_trace_compare(al_trace_reader *left, al_trace_reader *right,
                      const al_compare_options *options,
                      al_difference *difference, al_error *err)
{
    comparison c = {
        .left = new_side(left, options->left, options->left_file),
        .right = new_side(right, options->right, options->right_file),
        .options = options,
        .before = al_alloc_zero(options->context + 1, sizeof(al_text)),
    };
    bool ok = compare(&c, difference, err);

    difference->compared = c.compared;
    for (unsigned i = 0; i < options->context; i++)
        al_text_release(&c.before[i]);
    al_free(c.before);
    al_trace_lines_release(&c.lines);
    return ok;
}

void al_difference_release(al_difference *difference)
{
    al_text_release(&difference->text);
    *difference = (al_difference){0};
}
