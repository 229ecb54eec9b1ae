/* html.c - export --to html: one page that holds the trace, and shows it.
 *
 * The page's own code (timeline/) folds over the events; here they are only
 * written into it, as they come, in a compact form of JSON:
 *
 *   0.5                   the time from here on
 *   "l2"                  the loop from here on; l1 at first
 *   [4, 7, "tick", …]     an event: its kind, and its fields' values in the
 *                         order of "kinds"; null where one is left out
 *
 * Of most texts each is written once, and is a number afterwards: the first
 * such text is 0.  A text that is not numbered stands in an array.  Every '<'
 * is escaped: nothing can end the element that holds the data.  Memory is
 * that of the numbered texts, of which there are so many at most; a browser
 * holds all the events. */
#include "cli/export/form.h"

#include <math.h>
#include <string.h>
#include "cli/phrases.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/trace/idmap.h"
#include "sim/trace/line.h"

static const unsigned char page[] = {
#include "timeline_page.inc"
    0
};
static const unsigned char style[] = {
#include "timeline_style.inc"
    0
};
static const unsigned char script[] = {
#include "timeline_script.inc"
    0
};

enum { NUMBERED = 4096 };

typedef struct html {
    al_text *out;
    al_text data;       /* of one event, before '<' is escaped */
    al_intern texts;
    al_idmap numbers;   /* from 1, by the address of the text */
    const char *rest;   /* of the page, behind the events */
    double time;
    uint64_t loop;
    bool has_time;
} html;

/* -- the page ------------------------------------------------------------- */

static bool begins_with(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* The page up to where the events belong; returns what is behind. */
static const char *add_page(al_text *out, const char *from, const char *title)
{
    static const char *const marks[] = {"@TITLE@", "@STYLE@", "@SCRIPT@"};
    const char *const instead[] = {title, (const char *)style,
                                   (const char *)script};
    const char *mark;

    while ((mark = strchr(from, '@')) != NULL) {
        size_t i = 0;

        al_text_add_bytes(out, from, (size_t)(mark - from));
        if (begins_with(mark, "@TRACE@"))
            return mark + strlen("@TRACE@");
        while (i < 3 && !begins_with(mark, marks[i]))
            i++;
        if (i < 3)
            al_text_add(out, instead[i]);
        else
            al_text_add_char(out, '@');
        from = mark + (i < 3 ? strlen(marks[i]) : 1);
    }
    al_text_add(out, from);
    return "";
}

/* -- the data ------------------------------------------------------------- */

static void hand_on(html *h)
{
    const char *from = al_text_peek(&h->data), *at;

    while ((at = strchr(from, '<')) != NULL) {
        al_text_add_bytes(h->out, from, (size_t)(at - from));
        al_text_add(h->out, "\\u003c");
        from = at + 1;
    }
    al_text_add(h->out, from);
    al_text_clear(&h->data);
}

static const char *const type_names[] = {
    [AL_TYPE_HANDLE] = "ID",       [AL_TYPE_TASK] = "ID",
    [AL_TYPE_FUTURE] = "ID",       [AL_TYPE_PRIMITIVE] = "ID",
    [AL_TYPE_CAUSE] = "ID",        [AL_TYPE_COUNT] = "NUMBER",
    [AL_TYPE_SECONDS] = "NUMBER",  [AL_TYPE_TIMEOUT] = "NUMBER",
    [AL_TYPE_FLAG] = "FLAG",       [AL_TYPE_TEXT] = "TEXT",
    [AL_TYPE_JSON] = NULL, /* not written */
};

static void add_kind(html *h, const al_event_spec *spec)
{
    const char *comma = "";

    al_text_add_format(&h->data, "[\"%s\",[", spec->name);
    for (unsigned i = 0; i < spec->field_count; i++) {
        const al_field_spec *field = &al_field_specs[spec->fields[i]];

        if (!type_names[field->type])
            continue;
        al_text_add_format(&h->data, "%s[\"%s\",\"%s\"]", comma, field->key,
                           type_names[field->type]);
        comma = ",";
    }
    al_text_add(&h->data, "]]");
}

static void add_header(html *h, const al_export_view *view)
{
    al_text since = {0};

    al_text_add(&h->data, "{\"name\":");
    al_trace_add_string(&h->data, view->name);
    al_text_add(&h->data, ",\"producer\":");
    al_trace_add_string(&h->data, view->header->producer
                                      ? view->header->producer : "");
    al_text_add(&h->data, ",\"since\":");
    al_phrase_since(&since, view->header->since);
    al_trace_add_string(&h->data, al_text_peek(&since));
    al_text_release(&since);
    al_text_add_format(&h->data, ",\"scale\":\"%s\",\n\"kinds\":[",
                       view->scale == AL_SCALE_TIME    ? "time"
                       : view->scale == AL_SCALE_ORDER ? "order" : "");
    for (int kind = 0; kind < AL_EVENT_COUNT; kind++) {
        al_text_add(&h->data, kind ? ",\n" : "\n");
        add_kind(h, &al_event_specs[kind]);
    }
    al_text_add(&h->data, "],\n\"events\":[null");
}

/* -- events --------------------------------------------------------------- */

/* Texts that are mostly unlike each other are not worth a number. */
static bool is_numbered(al_event_field field, const char *text)
{
    return field != AL_FIELD_text && field != AL_FIELD_args &&
           field != AL_FIELD_name && field != AL_FIELD_message &&
           strlen(text) < 200;
}

static void add_text(html *h, al_event_field field, const char *text)
{
    uint64_t key;
    uintptr_t number = 0;
    bool may_have = is_numbered(field, text);

    if (may_have) {
        if (h->texts.count < NUMBERED)
            text = al_intern_text(&h->texts, text);
        key = (uint64_t)(uintptr_t)text;
        number = (uintptr_t)al_idmap_find(&h->numbers, key);
        if (number == 0 && h->numbers.count < NUMBERED) {
            al_idmap_put(&h->numbers, key,
                         (void *)(uintptr_t)(h->numbers.count + 1));
            al_trace_add_string(&h->data, text);
            return;
        }
    }
    if (number > 0) {
        al_text_add_uint(&h->data, number - 1);
        return;
    }
    al_text_add_char(&h->data, '[');
    al_trace_add_string(&h->data, text);
    al_text_add_char(&h->data, ']');
}

static void add_number(html *h, double value)
{
    if (isfinite(value))
        al_text_add_double(&h->data, value);
    else
        al_text_add(&h->data, "null");
}

/* -1: the world; -1 - n: job n. */
static void add_cause(html *h, uint64_t cause)
{
    al_cause_id id = al_cause_id_of(cause);

    if (cause == AL_BY_WORLD)
        al_text_add(&h->data, "-1");
    else if (id.letter == 'j')
        al_text_add_format(&h->data, "-%llu",
                           (unsigned long long)id.number + 1);
    else
        al_text_add_uint(&h->data, id.number);
}

static void add_value(html *h, al_event_field field, const al_event *event)
{
    const al_field_spec *spec = &al_field_specs[field];
    const void *value = al_event_value(event, spec);
    const char *text;

    switch (spec->type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
    case AL_TYPE_COUNT:
        al_text_add_uint(&h->data, *(const uint64_t *)value);
        break;
    case AL_TYPE_CAUSE:
        add_cause(h, *(const uint64_t *)value);
        break;
    case AL_TYPE_SECONDS:
        add_number(h, *(const double *)value);
        break;
    case AL_TYPE_TIMEOUT:
        add_number(h, *(const double *)value < 0 ? INFINITY
                                                 : *(const double *)value);
        break;
    case AL_TYPE_FLAG:
        al_text_add(&h->data, *(const bool *)value ? "true" : "false");
        break;
    case AL_TYPE_TEXT:
        text = *(const char *const *)value;
        if (text)
            add_text(h, field, text);
        else
            al_text_add(&h->data, "null");
        break;
    case AL_TYPE_JSON:
        break;
    }
}

static void add_event(html *h, const al_event *event)
{
    const al_event_spec *spec = &al_event_specs[event->kind];

    al_text_add(&h->data, ",[");
    al_text_add_uint(&h->data, event->kind);
    for (unsigned i = 0; i < spec->field_count; i++) {
        if (!type_names[al_field_specs[spec->fields[i]].type])
            continue;
        al_text_add_char(&h->data, ',');
        add_value(h, (al_event_field)spec->fields[i], event);
    }
    al_text_add_char(&h->data, ']');
}

static bool add(void *self, const al_event *event)
{
    html *h = self;

    if (event->kind == AL_EVENT_SNAPSHOT)
        return true; /* the page folds them itself */
    if (isfinite(event->time) && (!h->has_time || event->time != h->time)) {
        al_text_add(&h->data, ",\n");
        al_text_add_double(&h->data, event->time);
        h->time = event->time;
        h->has_time = true;
    }
    if (event->loop != h->loop) {
        al_text_add_format(&h->data, ",\"l%llu\"",
                           (unsigned long long)event->loop);
        h->loop = event->loop;
    }
    add_event(h, event);
    hand_on(h);
    return true;
}

/* -- life ----------------------------------------------------------------- */

static void *begin(const al_export_view *view, al_text *out)
{
    html *h = al_alloc_zero(1, sizeof *h);
    al_text title = {0};

    h->out = out;
    h->loop = 1;
    al_escape_add_markup(&title, view->name);
    h->rest = add_page(out, (const char *)page, al_text_peek(&title));
    al_text_release(&title);
    add_header(h, view);
    hand_on(h);
    return h;
}

static void end(void *self)
{
    html *h = self;

    al_text_add(h->out, "]}\n");
    add_page(h->out, h->rest, "");
}

static void free_it(void *self)
{
    html *h = self;

    al_text_release(&h->data);
    al_idmap_release(&h->numbers);
    al_intern_release(&h->texts);
    al_free(h);
}

const al_export_form al_export_html = {
    .name = "html",
    .is_picture = true,
    .begin = begin,
    .add = add,
    .end = end,
    .free = free_it,
};
