/* svg.c - export --to svg: the timeline as one picture, light and dark.
 *
 * A lane for each task, one for the loop and one for its plain callbacks; a
 * bar is a callback, a pale one stands for being ready, a thin line for
 * waiting.  What would fall on the same pixel is drawn once, so that the
 * picture's size is that of the lanes; while it is made, all spans are held
 * (sim/analysis/timeline.h). */
#include "cli/export/form.h"

#include <math.h>
#include <stdio.h>
#include "cli/phrases.h"
#include "loop/base/alloc.h"
#include "sim/analysis/timeline.h"
#include "sim/base/escape.h"

enum { /* pixels */
    GUTTER = 210,
    PLOT = 1180,
    MARGIN = 20,
    HEAD = 74,
    LANE = 26,
    LETTER = 7, /* how wide one is, or a little more */
    LEAST_SHOWN = 5, /* letters of a text that has to be cut */
    HUES = 8,
    MOST_DRAWN = 400 /* arrows: more are only noise */
};

typedef struct svg {
    al_text *out;
    al_text cut;
    al_timeline *timeline;
    al_idmap hues; /* from 1, by the address of a label */
    char *name;
    double since; /* see al_trace_header */
    al_scale scale;
    bool in_order;
} svg;

static const char style[] =
    "text{font:11px system-ui,-apple-system,'Segoe UI','DejaVu Sans',"
    "sans-serif;fill:#1d1e23}"
    ".back{fill:#fff}.title{font-size:16px;font-weight:600}"
    ".dim{fill:#6c6f7b}.line{stroke:#e3e4e8}.wait{stroke:#b9bcc6;"
    "stroke-width:2}.in{fill:#fff}.select{fill:#dfe5ee}.turn{fill:#7a78dd}"
    ".ready{opacity:.3}.arrow{fill:none;stroke:#a4a7b1;stroke-width:1}"
    ".head{fill:#a4a7b1}.good{fill:#24865a}.bad{fill:#cf3341}"
    ".cancelled{fill:none;stroke:#b67a00;stroke-width:2}"
    ".h0{fill:#4773d6}.h1{fill:#17947d}.h2{fill:#c06a22}.h3{fill:#9257cb}"
    ".h4{fill:#c64475}.h5{fill:#568a2b}.h6{fill:#2088ae}.h7{fill:#897526}"
    "@media(prefers-color-scheme:dark){text{fill:#e7e8ec}.back{fill:#1a1c22}"
    ".dim{fill:#9498a6}.line{stroke:#2b2e38}.wait{stroke:#4d5261}"
    ".in{fill:#14151a}.select{fill:#2c3240}.turn{fill:#9a99ff}"
    ".arrow{stroke:#646878}.head{fill:#646878}.good{fill:#58c895}"
    ".bad{fill:#ff7580}.cancelled{stroke:#f0b84a}"
    ".h0{fill:#7ea3ff}.h1{fill:#4cc8ad}.h2{fill:#e8a05c}.h3{fill:#bf96f6}"
    ".h4{fill:#f182a8}.h5{fill:#93c763}.h6{fill:#60c2e4}.h7{fill:#ccba61}}";

/* -- pieces --------------------------------------------------------------- */

static void put_escaped(svg *s, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<':
            al_text_add(s->out, "&lt;");
            break;
        case '>':
            al_text_add(s->out, "&gt;");
            break;
        case '&':
            al_text_add(s->out, "&amp;");
            break;
        default:
            al_text_add_char(s->out, *text);
        }
    }
}

/* Into so many pixels; "": there is no room for it. */
static const char *cut(svg *s, const char *text, double room)
{
    size_t columns = room > 0 ? (size_t)(room / LETTER) : 0;

    al_text_clear(&s->cut);
    if (columns >= LEAST_SHOWN ||
        (columns > 0 && al_escape_columns(text) <= columns))
        al_escape_add_cut(&s->cut, text, columns);
    return al_text_peek(&s->cut);
}

static void open_element(svg *s, const char *tag, const char *class)
{
    al_text_add_format(s->out, "<%s class=\"%s\"", tag, class);
}

/* A coordinate, to a tenth of a pixel. */
static void put_pixels(svg *s, const char *attribute, double value)
{
    al_text_add_format(s->out, " %s=\"%.1f\"", attribute, value);
}

static void put_words(svg *s, const char *class, double x, double y,
                      const char *text, double room)
{
    const char *shown = cut(s, text, room);

    if (!shown[0])
        return;
    open_element(s, "text", class);
    put_pixels(s, "x", x);
    put_pixels(s, "y", y + 4);
    al_text_add_char(s->out, '>');
    put_escaped(s, shown);
    al_text_add(s->out, "</text>\n");
}

/* It stays open, for what is in it. */
static void open_bar(svg *s, const char *class, double x, double y,
                     double width, double height)
{
    open_element(s, "rect", class);
    put_pixels(s, "x", x);
    put_pixels(s, "y", y);
    put_pixels(s, "width", width);
    put_pixels(s, "height", height);
    al_text_add(s->out, " rx=\"3\"");
}

static void put_line(svg *s, const char *class, double x1, double y1,
                     double x2, double y2)
{
    open_element(s, "line", class);
    put_pixels(s, "x1", x1);
    put_pixels(s, "y1", y1);
    put_pixels(s, "x2", x2);
    put_pixels(s, "y2", y2);
    al_text_add(s->out, "/>\n");
}

static double along(const svg *s, al_point place)
{
    return s->in_order ? place.order : place.time;
}

static double whole(const svg *s)
{
    return along(s, s->timeline->last) - along(s, s->timeline->first);
}

static double x_of(const svg *s, al_point place)
{
    double from_first = along(s, place) - along(s, s->timeline->first);

    return MARGIN + GUTTER + (whole(s) > 0 ? from_first / whole(s) * PLOT : 0);
}

static double middle_of(size_t row)
{
    return HEAD + LANE * ((double)row + 0.5);
}

static int hue_of(svg *s, const char *label)
{
    uint64_t key = (uint64_t)(uintptr_t)label;
    uintptr_t hue = (uintptr_t)al_idmap_find(&s->hues, key);

    if (hue == 0) {
        hue = s->hues.count + 1;
        al_idmap_put(&s->hues, key, (void *)hue);
    }
    return (int)((hue - 1) % HUES);
}

/* -- spans ---------------------------------------------------------------- */

static void put_tip(svg *s, const al_span *span)
{
    al_text tip = {0};

    if (span->handle)
        al_text_add_format(&tip, "h%llu ", (unsigned long long)span->handle);
    al_text_add(&tip, span->label ? span->label : "");
    al_text_add(&tip, ", ");
    al_text_add_double(&tip, span->from.time);
    al_text_add(&tip, " s to ");
    al_text_add_double(&tip, span->to.time);
    al_text_add(&tip, " s");
    al_text_add(s->out, "><title>");
    put_escaped(s, cut(s, tip.bytes, 100 * LETTER));
    al_text_add(s->out, "</title></rect>\n");
    al_text_release(&tip);
}

static void put_run(svg *s, const al_lane *lane, const al_span *span,
                    double middle)
{
    double x = x_of(s, span->from);
    double width = fmax(x_of(s, span->to) - x, 3);
    char class[8] = "turn";
    al_text label = {0};

    if (lane->kind == AL_LANE_LOOP) {
        open_bar(s, class, x, middle - 6, width, 12);
        al_text_add(s->out, "/>\n");
        return;
    }
    snprintf(class, sizeof class, "h%d", hue_of(s, span->label));
    open_bar(s, class, x, middle - 8, width, 16);
    put_tip(s, span);
    if (lane->kind == AL_LANE_CALLBACKS)
        al_text_add_format(&label, "%s ", span->label);
    if (span->handle)
        al_text_add_format(&label, "h%llu", (unsigned long long)span->handle);
    put_words(s, "in", x + 4, middle, al_text_peek(&label), width - 6);
    al_text_release(&label);
}

static void put_idle(svg *s, const al_lane *lane, const al_span *span,
                     double middle)
{
    double x = x_of(s, span->from), end = x_of(s, span->to);
    char class[16];

    switch (span->kind) {
    case AL_SPAN_SELECT:
        open_bar(s, "select", x, middle - 6, fmax(end - x, 1), 12);
        al_text_add(s->out, "/>\n");
        put_words(s, "dim", x + 4, middle, "select", end - x - 6);
        break;
    case AL_SPAN_READY:
        snprintf(class, sizeof class, "ready h%d",
                 hue_of(s, lane->coroutine));
        open_bar(s, class, x, middle - 4, fmax(end - x, 1), 8);
        al_text_add(s->out, "/>\n");
        break;
    default:
        put_line(s, "wait", x, middle, end, middle);
        if (span->label && span->label[0])
            put_words(s, "dim", x + 6, middle - 7, span->label, end - x - 12);
    }
}

#define CLOSE 1.5 /* pixels: what is no further apart is drawn once */

/* Those of one sort. */
static void put_spans(svg *s, const al_lane *lane, double middle, bool runs)
{
    double latest = -INFINITY;

    for (size_t i = 0; i < lane->count; i++) {
        const al_span *span = &lane->spans[i];

        if ((span->kind == AL_SPAN_RUN) != runs ||
            x_of(s, span->to) < latest + CLOSE)
            continue;
        latest = x_of(s, span->to);
        if (runs)
            put_run(s, lane, span, middle);
        else
            put_idle(s, lane, span, middle);
    }
}

static void put_outcome(svg *s, const al_lane *lane, double middle)
{
    static const char *const classes[] = {
        [AL_TRACED_RESULT] = "good",
        [AL_TRACED_EXCEPTION] = "bad",
        [AL_TRACED_CANCELLED] = "cancelled",
    };

    if (lane->outcome == AL_TRACED_PENDING)
        return;
    open_element(s, "circle", classes[lane->outcome]);
    al_text_add(s->out, " r=\"4\"");
    put_pixels(s, "cx", x_of(s, lane->ended) + 8);
    put_pixels(s, "cy", middle);
    al_text_add(s->out, "/>\n");
}

/* -- lanes ---------------------------------------------------------------- */

static void put_name(svg *s, const al_lane *lane, double middle)
{
    al_text name = {0};
    size_t taken;

    if (lane->kind == AL_LANE_TASK)
        al_text_add_format(&name, "t%llu %s", (unsigned long long)lane->task,
                           lane->name ? lane->name : "");
    else
        al_text_add_format(&name, "%s l%llu",
                           lane->kind == AL_LANE_LOOP ? "loop" : "callbacks",
                           (unsigned long long)lane->loop);
    put_words(s, "name", MARGIN, middle, name.bytes, GUTTER - 14);
    taken = al_escape_columns(name.bytes) * 13 / 2 + 10;
    if (lane->coroutine && taken < GUTTER - 14)
        put_words(s, "dim", MARGIN + (double)taken, middle, lane->coroutine,
                  GUTTER - 14 - (double)taken);
    al_text_release(&name);
}

static void put_lane(svg *s, const al_lane *lane, size_t row)
{
    double middle = middle_of(row);

    put_line(s, "line", MARGIN, middle + LANE / 2.0,
             MARGIN + GUTTER + PLOT, middle + LANE / 2.0);
    put_name(s, lane, middle);
    put_spans(s, lane, middle, false);
    put_spans(s, lane, middle, true);
    put_outcome(s, lane, middle);
}

/* What was logged: above the lanes. */
static void put_marks(svg *s)
{
    const al_timeline *t = s->timeline;
    double free_from = -INFINITY;

    for (size_t i = 0; i < t->mark_count; i++) {
        double x = x_of(s, t->marks[i].at);
        double until = i + 1 < t->mark_count ? x_of(s, t->marks[i + 1].at)
                                             : MARGIN + GUTTER + PLOT;

        if (x < free_from)
            continue;
        free_from = x + 1;
        open_element(s, "circle", t->marks[i].is_bad ? "bad" : "good");
        al_text_add(s->out, " r=\"3\" cy=\"62\"");
        put_pixels(s, "cx", x);
        al_text_add(s->out, "/>\n");
        put_words(s, "dim", x + 6, 62, t->marks[i].text, until - x - 8);
    }
}

/* -- arrows --------------------------------------------------------------- */

static void put_arrow(svg *s, const al_arrow *arrow)
{
    double x1 = x_of(s, arrow->from), y1 = middle_of(arrow->from_lane->row);
    double x2 = x_of(s, arrow->to), y2 = middle_of(arrow->to_lane->row);
    double bend = fmin(fmax(fabs(x2 - x1) / 2, 14), 80);

    al_text_add_format(s->out, "<path class=\"arrow\" d=\"M%.1f %.1fC%.1f "
                       "%.1f %.1f %.1f %.1f %.1f\"/>\n",
                       x1, y1, x1 + bend, y1, x2 - bend, y2, x2 - 3, y2);
    al_text_add_format(s->out, "<path class=\"head\" d=\"M%.1f %.1fl-6 -3.5v7z"
                       "\"/>\n", x2, y2);
}

static void put_arrows(svg *s)
{
    const al_timeline *t = s->timeline;

    if (t->arrow_count > MOST_DRAWN)
        return;
    for (size_t i = 0; i < t->arrow_count; i++)
        put_arrow(s, &t->arrows[i]);
}

/* -- the ruler ------------------------------------------------------------ */

static double nice_step(double rough)
{
    double power = pow(10, floor(log10(rough)));

    return rough <= power ? power
           : rough <= 2 * power ? 2 * power
           : rough <= 5 * power ? 5 * power : 10 * power;
}

static void put_tick(svg *s, double x, double time)
{
    double bottom = middle_of(s->timeline->lane_count) - LANE / 2.0;
    char words[48];

    snprintf(words, sizeof words, "%.9g s", time);
    put_line(s, "line", x, HEAD - 34, x, bottom);
    put_words(s, "dim", x + 4, HEAD - 28, words, 160);
}

static void put_ruler_by_time(svg *s)
{
    double first = s->timeline->first.time;
    double step = whole(s) > 0 ? nice_step(whole(s) / 12) : 1;
    double n = ceil(first / step);

    for (int k = 0; k < 30 && (n + k) * step <= s->timeline->last.time; k++) {
        double time = (n + k) * step;

        put_tick(s, x_of(s, (al_point){.time = time}), time);
    }
}

/* Where time moves on. */
static void put_ruler_by_order(svg *s)
{
    const al_timeline *t = s->timeline;
    double free_from = -INFINITY;

    for (size_t i = 0; i < t->moment_count; i++) {
        double x = x_of(s, t->moments[i]);

        if (x < free_from)
            continue;
        free_from = x + 70;
        put_tick(s, x, t->moments[i].time);
    }
}

/* -- the file ------------------------------------------------------------- */

static void put_since(svg *s)
{
    al_text text = {0};

    al_phrase_since(&text, s->since);
    put_words(s, "dim", MARGIN, 8, al_text_peek(&text), 100 * LETTER);
    al_text_release(&text);
}

static void put_head(svg *s)
{
    int width = 2 * MARGIN + GUTTER + PLOT + 12;
    size_t height = HEAD + LANE * s->timeline->lane_count + MARGIN;

    al_text_add_format(s->out,
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                       "viewBox=\"0 0 %d %zu\" width=\"%d\" height=\"%zu\" "
                       "role=\"img\">\n<title>", width, height, width, height);
    put_escaped(s, cut(s, s->name, 200 * LETTER));
    al_text_add_format(s->out, "</title>\n<style>%s</style>\n<rect "
                       "class=\"back\" width=\"100%%\" height=\"100%%\"/>\n",
                       style);
    put_words(s, "title", MARGIN, 26, s->name, 100 * LETTER);
    put_since(s);
    put_words(s, "dim", MARGIN, HEAD - 28,
              s->in_order ? "in order of events" : "by time", GUTTER);
}

static void end(void *self)
{
    svg *s = self;

    al_timeline_settle(s->timeline);
    s->in_order = s->scale == AL_SCALE_ORDER ||
                  (s->scale == AL_SCALE_UNSAID &&
                   s->timeline->instants * 2 > s->timeline->runs);
    put_head(s);
    if (s->in_order)
        put_ruler_by_order(s);
    else
        put_ruler_by_time(s);
    put_marks(s);
    for (size_t i = 0; i < s->timeline->lane_count; i++)
        put_lane(s, s->timeline->lanes[i], i);
    put_arrows(s);
    al_text_add(s->out, "</svg>\n");
}

static void *begin(const al_export_view *view, al_text *out)
{
    svg *s = al_alloc_zero(1, sizeof *s);

    s->out = out;
    s->scale = view->scale;
    s->name = al_strdup(view->name);
    s->since = view->header->since;
    s->timeline = al_timeline_new();
    return s;
}

static bool add(void *self, const al_event *event)
{
    svg *s = self;

    al_timeline_add(s->timeline, event);
    return true;
}

static void free_it(void *self)
{
    svg *s = self;

    al_timeline_free(s->timeline);
    al_idmap_release(&s->hues);
    al_text_release(&s->cut);
    al_free(s->name);
    al_free(s);
}

const al_export_form al_export_svg = {
    .name = "svg",
    .is_picture = true,
    .begin = begin,
    .add = add,
    .end = end,
    .free = free_it,
};
