/* compare.c - two traces side by side; see compare.h.
 *
 * The left one is read as the right one's events come, and nothing is kept
 * but the last few lines, so the size of the traces does not matter, nor
 * whether the right one ever ends.  Lines are rendered anew: what one
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
    const char *name, *file;
    bool has_event; /* else the trace has ended */
    al_event event;
    uint64_t line;
} side;

struct al_comparison {
    al_trace_reader *reader; /* of the left side */
    side left, right;
    al_compare_options options;
    al_trace_lines lines; /* to render one */
    al_text *before;      /* a ring of the latest equal lines */
    uint64_t compared;
    al_difference difference;
    unsigned after;       /* lines of the right side still to be shown */
    uint64_t seen;        /* events of the right side */
    bool is_decided;      /* equal or not, there is nothing more to know */
    al_error error;       /* of the left side, which cannot be read */
};

/* -- reading ------------------------------------------------------------ */

static bool counts(const al_comparison *c, const al_event *event)
{
    return c->options.strict || al_event_specs[event->kind].is_core;
}

static void decide(al_comparison *c)
{
    c->is_decided = true;
    if (c->options.decided)
        atomic_store(c->options.decided, true);
}

/* The left side's next event that counts.  False: unreadable. */
static bool advance(al_comparison *c)
{
    al_error inner = {0};
    al_trace_step step;

    do
        step = al_trace_reader_next(c->reader, &c->left.event, &inner);
    while (step == AL_TRACE_EVENT && !counts(c, &c->left.event));
    c->left.has_event = step == AL_TRACE_EVENT;
    c->left.line = al_trace_reader_line(c->reader);
    if (step != AL_TRACE_BAD)
        return true;
    al_trace_fail(&c->error, c->left.file, &inner);
    return false;
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
    const void *left = al_event_value(a, spec);
    const void *right = al_event_value(b, spec);

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

/* The key of the first field that differs; NULL: the events are equal.  A line
 * of source moves with whatever stands above it: only strictly it counts. */
static const char *find_difference(const al_event *a, const al_event *b,
                                   bool strict)
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

        if (spec->fields[i] == AL_FIELD_where && !strict)
            continue;
        if (!same_field(a, b, field))
            return field->key;
    }
    return NULL;
}

/* -- telling ------------------------------------------------------------ */

static const char *render(al_comparison *c, const al_event *event)
{
    al_text_clear(&c->lines.text);
    al_trace_lines_add(&c->lines, event);
    al_text_truncate(&c->lines.text, c->lines.text.length - 1);
    return c->lines.text.bytes;
}

static void remember(al_comparison *c, const al_event *event)
{
    al_text *slot;

    if (c->options.context == 0)
        return;
    slot = &c->before[c->compared % c->options.context];
    al_text_clear(slot);
    al_text_add(slot, render(c, event));
}

static void tell_line(al_text *out, const char *mark, const char *line)
{
    al_text_add(out, mark);
    al_escape_add_cut(out, line, LONGEST_LINE);
    al_text_add_char(out, '\n');
}

static void tell_before(const al_comparison *c, al_text *out)
{
    uint64_t count = c->options.context;

    if (count > c->compared)
        count = c->compared;
    for (uint64_t i = c->compared - count; i < c->compared; i++)
        tell_line(out, "    ",
                  al_text_peek(&c->before[i % c->options.context]));
}

static void tell_event(al_comparison *c, const side *s, const char *mark)
{
    tell_line(&c->difference.text, mark,
              s->has_event ? render(c, &s->event) : "(the trace ends here)");
}

static void tell_then(al_comparison *c, const side *s)
{
    al_text_add_format(&c->difference.text, "  then %s:\n", s->name);
}

/* What follows on the left; that it may be unreadable matters no more. */
static void tell_left_after(al_comparison *c)
{
    if (!c->left.has_event || c->options.context == 0)
        return;
    tell_then(c, &c->left);
    for (unsigned i = 0; i < c->options.context && c->left.has_event; i++) {
        if (!advance(c)) {
            c->error = (al_error){0};
            return;
        }
        tell_event(c, &c->left, "    ");
    }
}

/* What follows on the right is still to come. */
static void begin_right_after(al_comparison *c)
{
    c->after = c->right.has_event ? c->options.context : 0;
    if (c->after > 0)
        tell_then(c, &c->right);
    else
        decide(c);
}

static void tell_right_after(al_comparison *c)
{
    tell_event(c, &c->right, "    ");
    if (--c->after == 0)
        decide(c);
}

static uint64_t line_of(const side *s)
{
    return s->has_event ? s->line : 0;
}

static void tell_place(al_text *out, const char *mark, const side *s)
{
    al_text_add_format(out, "  %s %s", mark, s->name);
    if (s->has_event)
        al_text_add_format(out, ", line %llu",
                           (unsigned long long)line_of(s));
    al_text_add_char(out, '\n');
}

/* `key`: of the field that differs; NULL: one side has ended. */
static void tell(al_comparison *c, const char *key)
{
    al_text *out = &c->difference.text;

    c->difference.index = c->compared + 1;
    c->difference.left_line = line_of(&c->left);
    c->difference.right_line = line_of(&c->right);
    tell_place(out, "---", &c->left);
    tell_place(out, "+++", &c->right);
    tell_before(c, out);
    tell_event(c, &c->left, "  - ");
    tell_event(c, &c->right, "  + ");
    if (key)
        al_text_add_format(out, "  they differ in \"%s\"\n", key);
    tell_left_after(c);
    begin_right_after(c);
}

/* -- comparing ---------------------------------------------------------- */

/* The left side's next event beside the right one's, or its end. */
static void compare(al_comparison *c)
{
    const char *key = NULL;

    if (!advance(c)) {
        decide(c);
        return;
    }
    if (c->left.has_event && c->right.has_event)
        key = find_difference(&c->left.event, &c->right.event,
                              c->options.strict);
    if (key || c->left.has_event != c->right.has_event) {
        tell(c, key);
    } else if (c->left.has_event) {
        remember(c, &c->left.event);
        c->compared++;
    } else {
        decide(c);
    }
}

static void take(al_comparison *c, const al_event *event, uint64_t line)
{
    if (c->is_decided || !counts(c, event))
        return;
    c->right.has_event = true;
    c->right.event = *event;
    c->right.line = line;
    if (c->difference.index)
        tell_right_after(c);
    else
        compare(c);
}

/* Behind the header, each event has a line. */
static void take_next(void *self, const al_event *event)
{
    al_comparison *c = self;

    c->seen++;
    take(c, event, c->seen + 1);
}

static const al_observer_ops comparison_ops = {
    .emit = take_next,
};

al_observer al_comparison_observer(al_comparison *c)
{
    return (al_observer){&comparison_ops, c};
}

bool al_comparison_finish(al_comparison *c, al_difference *difference,
                          al_error *err)
{
    c->right.has_event = false;
    if (!c->is_decided && c->difference.index)
        tell_right_after(c);
    else if (!c->is_decided)
        compare(c);
    if (c->error.message[0])
        return al_fail_at(err, c->error.line, c->error.column, "%s",
                          c->error.message);
    c->difference.compared = c->compared;
    *difference = c->difference;
    c->difference = (al_difference){0};
    return true;
}

/* -- its life ----------------------------------------------------------- */

static side new_side(const char *name, const char *file)
{
    return (side){.name = name, .file = file ? file : name};
}

al_comparison *al_comparison_new(al_trace_reader *left,
                                 const al_compare_options *options)
{
    al_comparison *c = al_alloc_zero(1, sizeof *c);

    c->reader = left;
    c->left = new_side(options->left, options->left_file);
    c->right = new_side(options->right, options->right_file);
    c->options = *options;
    c->before = al_alloc_zero(options->context + 1, sizeof(al_text));
    return c;
}

void al_comparison_free(al_comparison *c)
{
    if (!c)
        return;
    for (unsigned i = 0; i < c->options.context; i++)
        al_text_release(&c->before[i]);
    al_free(c->before);
    al_trace_lines_release(&c->lines);
    al_difference_release(&c->difference);
    al_free(c);
}

/* -- two traces --------------------------------------------------------- */

/* Hand the right trace over.  False: unreadable, where that matters. */
static bool take_all(al_comparison *c, al_trace_reader *right, al_error *err)
{
    al_trace_step step = AL_TRACE_END;
    al_error inner = {0};
    al_event event;

    while (!c->is_decided &&
           (step = al_trace_reader_next(right, &event, &inner)) ==
               AL_TRACE_EVENT)
        take(c, &event, al_trace_reader_line(right));
    if (step == AL_TRACE_BAD && !c->difference.index)
        return al_trace_fail(err, c->right.file, &inner);
    return true;
}

bool al_trace_compare(al_trace_reader *left, al_trace_reader *right,
                      const al_compare_options *options,
                      al_difference *difference, al_error *err)
{
    al_comparison *c = al_comparison_new(left, options);
    bool ok = take_all(c, right, err) &&
              al_comparison_finish(c, difference, err);

    al_comparison_free(c);
    return ok;
}

void al_difference_release(al_difference *difference)
{
    al_text_release(&difference->text);
    *difference = (al_difference){0};
}
