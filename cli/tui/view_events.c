/* view_events.c - the trace itself, around the position. */
#include "cli/tui/view.h"

#include "cli/page.h"
#include "loop/base/alloc.h"

enum { WINDOW = 256 };

typedef struct events_view {
    al_view head;
    uint64_t first; /* the number of the first row that is kept; 0: none is */
    size_t kept;
    const al_glyphs *glyphs; /* with which they are written */
    al_row rows[WINDOW];
} events_view;

/* -- an event as a row ---------------------------------------------------- */

static al_ink ink_of(al_field_type type)
{
    switch (type) {
    case AL_TYPE_HANDLE:
        return AL_INK_HANDLE;
    case AL_TYPE_TASK:
        return AL_INK_TASK;
    case AL_TYPE_FUTURE:
        return AL_INK_FUTURE;
    case AL_TYPE_PRIMITIVE:
        return AL_INK_PRIMITIVE;
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        return AL_INK_CALLBACK;
    default:
        return AL_INK_PLAIN;
    }
}

/* A number says what it is; a text and an id speak for themselves. */
static void add_number(const al_field_spec *field, const void *value,
                       const char *micro, al_text *out)
{
    al_text_add_format(out, "%s ", field->key);
    if (field->type == AL_TYPE_COUNT)
        al_text_add_uint(out, *(const uint64_t *)value);
    else if (field->type == AL_TYPE_TIMEOUT && *(const double *)value < 0)
        al_text_add(out, "for ever");
    else if (field == &al_field_specs[AL_FIELD_when])
        al_page_add_brief_seconds(out, *(const double *)value);
    else
        al_page_add_brief_duration(out, *(const double *)value, micro);
}

static void add_id(char letter, uint64_t id, al_text *out)
{
    if (id)
        al_text_add_format(out, "%c%llu", letter, (unsigned long long)id);
}

/* What is said may have several lines; a name shows the bytes it has. */
static void add_text(const al_field_spec *field, const char *text,
                     const al_glyphs *glyphs, al_text *out)
{
    if (text && (field == &al_field_specs[AL_FIELD_text] ||
                 field == &al_field_specs[AL_FIELD_message]))
        al_text_add_as_line(out, text, glyphs->line_end);
    else if (text)
        al_text_add(out, text);
}

static void add_value(const al_field_spec *field, const void *value,
                      const al_glyphs *glyphs, al_text *out)
{
    static const char letters[] = {
        [AL_TYPE_HANDLE] = 'h', [AL_TYPE_TASK] = 't', [AL_TYPE_FUTURE] = 'f',
        [AL_TYPE_PRIMITIVE] = 'p',
    };

    switch (field->type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
        add_id(letters[field->type], *(const uint64_t *)value, out);
        break;
    case AL_TYPE_CAUSE:
        al_text_add_cause(out, *(const uint64_t *)value);
        break;
    case AL_TYPE_FLAG:
        if (*(const bool *)value)
            al_text_add(out, field->key);
        break;
    case AL_TYPE_TEXT:
    case AL_TYPE_JSON:
        add_text(field, *(const char *const *)value, glyphs, out);
        break;
    case AL_TYPE_COUNT:
    case AL_TYPE_SECONDS:
    case AL_TYPE_TIMEOUT:
        add_number(field, value, glyphs->micro, out);
    }
}

static void add_field(const al_event *event, al_event_field which,
                      const al_glyphs *glyphs, al_row *row)
{
    const al_field_spec *field = &al_field_specs[which];
    al_text text = {0};

    add_value(field, al_event_value(event, field), glyphs, &text);
    if (text.length > 0) {
        al_row_add(row, AL_INK_PLAIN, " ");
        al_row_add(row, ink_of(field->type), text.bytes);
    }
    al_text_release(&text);
}

static void add_event(uint64_t at, const al_event *event,
                      const al_glyphs *glyphs, al_row *row)
{
    const al_event_spec *spec = &al_event_specs[event->kind];
    al_text time = {0};

    al_page_add_brief_seconds(&time, event->time);
    al_row_add_format(row, AL_INK_DIM, "%6llu", (unsigned long long)at);
    al_row_add(row, AL_INK_PLAIN, " ");
    al_row_add_aligned(row, AL_INK_TIME, time.bytes);
    al_row_add_format(row, spec->is_core ? AL_INK_PLAIN : AL_INK_DIM,
                      " %-10s", spec->name);
    for (unsigned i = 0; i < spec->field_count; i++)
        add_field(event, (al_event_field)spec->fields[i], glyphs, row);
    row->thing = (al_thing){AL_THING_EVENT, at};
    al_text_release(&time);
}

void al_event_add_line(al_text *out, uint64_t at, const al_event *event,
                       const al_glyphs *glyphs)
{
    enum { TIMES_END = 17 }; /* of "0.007575 s"; others stick out */
    al_row row = {0};
    size_t end;

    add_event(at, event, glyphs, &row);
    end = al_row_aligned_end(&row);
    al_row_align(&row, end < TIMES_END ? TIMES_END - end : 0);
    al_text_add(out, al_text_peek(&row.text));
    al_row_release(&row);
}

/* -- those that are kept -------------------------------------------------- */

static void keep(void *self, uint64_t at, const al_event *event)
{
    events_view *view = self;
    al_row *row = &view->rows[view->kept++];

    al_row_clear(row);
    add_event(at, event, view->glyphs, row);
}

static void read_around(events_view *view, const al_moment *now, uint64_t at)
{
    view->first = at > WINDOW / 2 ? at - WINDOW / 2 : 1;
    view->kept = 0;
    view->glyphs = now->glyphs;
    al_history_look(now->history, view->first, view->first + WINDOW - 1, keep,
                    view);
}

static size_t count(al_view *self, const al_moment *now)
{
    (void)self;
    return (size_t)al_history_known(now->history);
}

/* With what the moment adds: whether it is the latest, and marked. */
static void copy_row(const al_row *from, const al_moment *now, al_row *to)
{
    bool is_latest = from->thing.id == now->at;
    bool is_marked = al_bookmarks_has(now->marks, from->thing.id);
    size_t start = 0;

    al_row_add(to, AL_INK_CURRENT, is_latest ? now->glyphs->pointer : " ");
    for (size_t i = 0; i < from->count; i++) {
        al_text part = {0};

        al_text_add_bytes(&part, from->text.bytes + start,
                          from->spans[i].end - start);
        al_row_add(to, from->spans[i].ink, al_text_peek(&part));
        al_text_release(&part);
        if (i + 1 == from->aligned)
            to->aligned = to->count;
        if (i == 0) /* after the number */
            al_row_add(to, AL_INK_FOUND, is_marked ? now->glyphs->mark : " ");
        start = from->spans[i].end;
    }
    to->thing = from->thing;
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    events_view *view = (events_view *)self;
    uint64_t at = index + 1;

    if (view->first == 0 || at < view->first ||
        at >= view->first + view->kept)
        read_around(view, now, at);
    if (at < view->first + view->kept)
        copy_row(&view->rows[at - view->first], now, row);
}

static size_t current(al_view *self, const al_moment *now)
{
    (void)self;
    return now->at > 0 ? (size_t)now->at - 1 : 0;
}

static void release(al_view *self)
{
    events_view *view = (events_view *)self;

    for (int i = 0; i < WINDOW; i++)
        al_row_release(&view->rows[i]);
    al_free(view);
}

static const al_view_ops ops = {
    .title = "Events",
    .count = count,
    .row = add_row,
    .current = current,
    .free = release,
};

al_view *al_view_events_new(void)
{
    events_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
