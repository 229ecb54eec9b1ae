/* view_timeline.c - what each task did when: a lane each, the position a line
 * across them.
 *
 * It is made of the events that are known (at most MOST_EVENTS), and goes on
 * with them.  A position behind those has no line, and the title says so. */
#include "cli/tui/view.h"

#include <math.h>
#include "cli/page.h"
#include "loop/base/alloc.h"
#include "sim/analysis/timeline.h"
#include "sim/base/escape.h"

enum { MOST_EVENTS = 2000000, LABEL = 18 };

typedef struct timeline_view {
    al_view head;
    al_timeline *timeline; /* NULL: not made yet */
    uint64_t made_of;      /* events */
} timeline_view;

typedef struct axis { /* what the columns stand for */
    bool is_by_order;
    double from, to; /* by order: to beyond the last event */
    double each;     /* of one column */
    int columns;
} axis;

/* -- making it ------------------------------------------------------------ */

static void add(void *self, uint64_t at, const al_event *event)
{
    (void)at;
    al_timeline_add(self, event);
}

static void make(timeline_view *view, const al_moment *now)
{
    uint64_t known = al_history_known(now->history);
    uint64_t most = known < MOST_EVENTS ? known : MOST_EVENTS;

    if (!view->timeline)
        view->timeline = al_timeline_new();
    if (view->made_of == most)
        return;
    al_history_look(now->history, view->made_of + 1, most, add,
                    view->timeline);
    al_timeline_settle(view->timeline);
    view->made_of = most;
}

/* -- the axis ------------------------------------------------------------- */

static double value_of(const axis *a, al_point point)
{
    return a->is_by_order ? point.order : point.time;
}

/* An event lasts to the next; a moment does not last. */
static double end_of(const axis *a, al_point point)
{
    return a->is_by_order ? point.order + 1 : point.time;
}

static double position_of(const axis *a, const al_moment *now)
{
    return a->is_by_order ? (double)now->at
                          : now->event ? now->event->time : a->from;
}

/* What lasts no longer than a double can tell is a second wide, or an event. */
static void divide(axis *a)
{
    int columns = a->columns > 0 ? a->columns : 1;

    a->each = (a->to - a->from) / columns;
    if (a->each > 0)
        return;
    a->to = a->from + 1;
    a->each = 1.0 / columns;
}

/* Each step of the zoom shows half as much, around the position. */
static axis axis_of(const timeline_view *view, const al_moment *now)
{
    axis a = {.is_by_order = now->timeline_by_order,
              .columns = view->head.width - LABEL - 1};
    double first = value_of(&a, view->timeline->first);
    double last = end_of(&a, view->timeline->last);
    double span = ldexp(last - first, -now->timeline_zoom);

    a.from = first;
    a.to = last;
    if (now->timeline_zoom > 0) {
        a.from = position_of(&a, now) - span / 2;
        a.from = fmax(first, fmin(a.from, last - span));
        a.to = a.from + span;
    }
    divide(&a);
    return a;
}

/* Of a column, what rounding may miss its edge by. */
static const double ALMOST = 1e-9;

/* The column of a value; below 0 or beyond the columns: out of sight.  The end
 * is in the last. */
static int column_of(const axis *a, double value)
{
    double column = floor((value - a->from) / a->each + ALMOST);

    if (column < 0 || value > a->to)
        return column < 0 ? -1 : a->columns;
    return column < a->columns ? (int)column : a->columns - 1;
}

/* The last column of what ends there; as above. */
static int last_column_of(const axis *a, al_point point)
{
    double columns = ceil((end_of(a, point) - a->from) / a->each - ALMOST);

    if (!a->is_by_order)
        return column_of(a, point.time);
    return columns < 0 ? -1 : columns > a->columns ? a->columns
                                                   : (int)columns - 1;
}

/* -- lanes ---------------------------------------------------------------- */

typedef enum filling { NOTHING, SELECT, WAIT, READY, RUN } filling;

static filling filling_of(al_span_kind kind)
{
    static const filling fillings[] = {
        [AL_SPAN_RUN] = RUN, [AL_SPAN_READY] = READY, [AL_SPAN_WAIT] = WAIT,
        [AL_SPAN_SELECT] = SELECT,
    };

    return fillings[kind];
}

/* The first span that ends at the value or after it. */
static size_t first_span(const axis *a, const al_lane *lane, double value)
{
    size_t low = 0, high = lane->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (end_of(a, lane->spans[middle].to) < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

typedef struct cell { /* a column of a lane */
    filling filling; /* what takes most attention */
    double busy;     /* how much of it something ran: at most a->each */
} cell;

/* What runs from one value to another takes that much of a column. */
static double overlap(const axis *a, int c, double from, double to)
{
    double left = a->from + c * a->each;

    return fmax(0, fmin(to, left + a->each) - fmax(from, left));
}

static void fill_columns(const axis *a, const al_lane *lane, cell *columns)
{
    for (size_t i = first_span(a, lane, a->from); i < lane->count; i++) {
        const al_span *span = &lane->spans[i];
        int from = column_of(a, value_of(a, span->from));
        int to = last_column_of(a, span->to);
        filling f = filling_of(span->kind);

        if (from >= a->columns)
            break;
        for (int c = from < 0 ? 0 : from; c <= to && c < a->columns; c++) {
            if (columns[c].filling < f)
                columns[c].filling = f;
            if (f == RUN)
                columns[c].busy += overlap(a, c, value_of(a, span->from),
                                           end_of(a, span->to));
        }
    }
}

/* Lines across the lanes: marked positions, and where one is. */
typedef enum line { NO_LINE, MARK_LINE, POSITION_LINE } line;

/* The time of an event that the timeline was made of. */
static double time_of(const al_timeline *timeline, double order)
{
    size_t low = 0, high = timeline->moment_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (timeline->moments[middle].order <= order)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? timeline->moments[low - 1].time : timeline->first.time;
}

/* NaN: it is beyond what is known. */
static double value_of_mark(const axis *a, const al_timeline *timeline,
                            const al_bookmark *mark)
{
    double order = (double)mark->at;

    if (a->is_by_order)
        return order;
    if (order <= timeline->last.order)
        return time_of(timeline, order);
    return mark->is_told ? mark->where.time : NAN;
}

static void find_marks(const axis *a, const al_timeline *timeline,
                       const al_moment *now, line *lines)
{
    for (size_t i = 0; i < now->marks->count; i++) {
        double value = value_of_mark(a, timeline, &now->marks->items[i]);
        int c = isnan(value) ? -1 : column_of(a, value);

        if (c >= 0 && c < a->columns)
            lines[c] = MARK_LINE;
    }
}

/* From 0 to AL_LEVELS - 1; what took no time is seen, too, and so is what no
 * double can tell, NaN. */
static int level_of(double share)
{
    double level = ceil(share * AL_LEVELS - 1e-6) - 1;

    return level >= AL_LEVELS - 1 ? AL_LEVELS - 1 : level > 0 ? (int)level : 0;
}

static void add_column(const al_moment *now, filling f, int level,
                       line across, al_row *row)
{
    const char *const line_glyphs[] = {
        [NO_LINE] = " ",
        [MARK_LINE] = now->glyphs->mark,
        [POSITION_LINE] = now->glyphs->down,
    };
    const char *const glyphs[] = {
        [NOTHING] = line_glyphs[across],
        [SELECT] = now->glyphs->dot,  [WAIT] = now->glyphs->across,
        [READY] = now->glyphs->empty, [RUN] = now->glyphs->levels[level],
    };
    static const al_ink inks[] = {
        [NOTHING] = AL_INK_DIM, [SELECT] = AL_INK_DIM, [WAIT] = AL_INK_DIM,
        [READY] = AL_INK_GOOD,  [RUN] = AL_INK_CALLBACK,
    };

    al_row_add(row, across == POSITION_LINE ? (f == RUN ? AL_INK_CURRENT
                                                        : AL_INK_PHASE)
                    : across == MARK_LINE   ? AL_INK_FOUND
                                            : inks[f], glyphs[f]);
}

static void add_label(al_row *row, al_ink ink, const char *text)
{
    al_text label = {0};
    size_t used = al_escape_add_middle_cut(&label, text, LABEL);

    for (; used < LABEL + 1; used++)
        al_text_add_char(&label, ' ');
    al_row_add(row, ink, label.bytes);
    al_text_release(&label);
}

static void add_lane_label(const al_lane *lane, al_row *row)
{
    al_text label = {0};

    if (lane->kind != AL_LANE_TASK) {
        al_text_add_format(&label, "%s l%llu",
                           lane->kind == AL_LANE_LOOP ? "loop" : "callbacks",
                           (unsigned long long)lane->loop);
        add_label(row, AL_INK_PLAIN, label.bytes);
    } else {
        al_text_add_format(&label, "t%llu %s", (unsigned long long)lane->task,
                           lane->name ? lane->name : "");
        add_label(row, AL_INK_TASK, label.bytes);
        row->thing = (al_thing){AL_THING_TASK, lane->task};
    }
    al_text_release(&label);
}

static void add_lane(const timeline_view *view, const al_moment *now,
                     const al_lane *lane, al_row *row)
{
    axis a = axis_of(view, now);
    int position = column_of(&a, position_of(&a, now));
    cell *columns;
    line *lines;

    add_lane_label(lane, row);
    row->is_picture = true;
    if (a.columns < 1)
        return;
    columns = al_alloc_zero((size_t)a.columns, sizeof *columns);
    lines = al_alloc_zero((size_t)a.columns, sizeof *lines);
    fill_columns(&a, lane, columns);
    find_marks(&a, view->timeline, now, lines);
    if (position >= 0 && position < a.columns)
        lines[position] = POSITION_LINE;
    for (int c = 0; c < a.columns; c++)
        add_column(now, columns[c].filling, level_of(columns[c].busy / a.each),
                   lines[c], row);
    al_free(columns);
    al_free(lines);
}

static void add_ends(const axis *a, al_text *out)
{
    if (a->is_by_order) {
        al_text_add_format(out, "event %.0f to event %.0f", floor(a->from),
                           ceil(a->to) - 1);
        return;
    }
    al_page_add_brief_seconds(out, a->from);
    al_text_add(out, " to ");
    al_page_add_brief_seconds(out, a->to);
}

/* -- the view ------------------------------------------------------------- */

static size_t count(al_view *self, const al_moment *now)
{
    timeline_view *view = (timeline_view *)self;

    make(view, now);
    return view->timeline->lane_count;
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const timeline_view *view = (const timeline_view *)self;

    add_lane(view, now, view->timeline->lanes[index], row);
}

/* First of all, for a title is cut where there is little room. */
static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    const timeline_view *view = (const timeline_view *)self;
    axis a = axis_of(view, now);

    if (now->at > view->made_of)
        al_text_add(out, "ends before the position: ");
    al_text_add(out, a.is_by_order ? "by event, " : "by time, ");
    add_ends(&a, out);
    if (now->timeline_zoom > 0)
        al_text_add_format(out, ", x%d", 1 << now->timeline_zoom);
    if (view->made_of >= MOST_EVENTS)
        al_text_add_format(out, ", the first %d events", MOST_EVENTS);
}

static size_t current(al_view *self, const al_moment *now)
{
    const timeline_view *view = (const timeline_view *)self;
    uint64_t task = now->loop && now->loop->current
                        ? now->loop->current->future.id : 0;

    for (size_t i = 0; task && i < view->timeline->lane_count; i++) {
        if (view->timeline->lanes[i]->task == task)
            return i;
    }
    return 0;
}

/* The first event that begins in the column; else the one that fills it. */
static uint64_t event_at(const axis *a, double left)
{
    double first = ceil(left);

    return (uint64_t)(first < left + a->each ? first : first - 1);
}

static bool travel(al_view *self, const al_moment *now, int column,
                   al_destination *to)
{
    const timeline_view *view = (const timeline_view *)self;
    axis a = axis_of(view, now);
    double value;

    if (column <= LABEL || column > LABEL + a.columns)
        return false;
    value = a.from + a.each * (column - LABEL - 1 - ALMOST);
    *to = a.is_by_order ? (al_destination){.at = event_at(&a, value)}
                        : (al_destination){.is_time = true, .time = value,
                                           .until = value + a.each};
    return true;
}

static void release(al_view *self)
{
    al_timeline_free(((timeline_view *)self)->timeline);
    al_free(self);
}

static const al_view_ops ops = {
    .title = "Timeline",
    .count = count,
    .row = add_row,
    .add_title = add_title,
    .current = current,
    .travel = travel,
    .free = release,
};

al_view *al_view_timeline_new(void)
{
    timeline_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
