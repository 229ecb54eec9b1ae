/* csv.c - export --to csv: a row for each callback, iteration or event.
 *
 * Cells are quoted as RFC 4180 has it; lines end in LF.  Texts come from a
 * stranger: control characters are escaped, as on a terminal, and one that a
 * spreadsheet would take for a formula (=, +, -, @) has a ' before it.
 * Numbers are the shortest that read back the same.  Memory is that of the
 * state. */
#include "cli/export/form.h"

#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/trace/state.h"

typedef struct run_row { /* of a callback that runs */
    uint64_t handle, task, by, iteration;
    char *callback, *coroutine, *args;
    double scheduled, due, ready, ran; /* NaN: unknown, or no timer */
    bool is_open;
} run_row;

typedef struct turn_row { /* of an iteration that goes on */
    uint64_t n, ready, scheduled, cancelled, due, runs;
    double began, timeout, select, slept; /* NaN: not yet */
    bool is_open;
} turn_row;

typedef struct loop_rows {
    uint64_t number;
    run_row run;
    turn_row turn;
} loop_rows;

typedef struct event_row { /* of a kind: its fields, in order of columns */
    unsigned count, rest;  /* fields; empty cells behind the last */
    unsigned char fields[AL_FIELD_COUNT];
    unsigned char skipped[AL_FIELD_COUNT]; /* empty cells before each */
} event_row;

typedef struct csv {
    al_text *out;
    al_state *state;
    al_text escaped;
    al_rows rows;
    bool is_first;     /* cell of its row */
    size_t commas;     /* due: most cells of events are empty */
    event_row *event_rows; /* by kind; NULL: events are no rows */
    loop_rows **loops; /* by the first mention */
    size_t loop_count, loop_capacity;
    al_idmap loop_index;
} csv;

/* -- cells ---------------------------------------------------------------- */

static void begin_cell(csv *c)
{
    c->commas += !c->is_first;
    c->is_first = false;
}

static void add_commas(csv *c)
{
    if (c->commas == 0)
        return;
    memset(al_text_reserve(c->out, c->commas), ',', c->commas);
    c->out->length += c->commas;
    c->commas = 0;
}

/* One that has something in it. */
static void begin_full_cell(csv *c)
{
    begin_cell(c);
    add_commas(c);
}

static void end_row(csv *c)
{
    add_commas(c);
    al_text_add_char(c->out, '\n');
    c->is_first = true;
}

static void add_quoted(al_text *out, const char *text)
{
    al_text_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            al_text_add_char(out, '"');
        al_text_add_char(out, *text);
    }
    al_text_add_char(out, '"');
}

static void put_text(csv *c, const char *text)
{
    if (!text || !text[0]) {
        begin_cell(c);
        return;
    }
    begin_full_cell(c);
    al_text_clear(&c->escaped);
    if (strchr("=+-@", text[0]))
        al_text_add_char(&c->escaped, '\'');
    al_escape_add(&c->escaped, text);
    if (strpbrk(c->escaped.bytes, ",\""))
        add_quoted(c->out, c->escaped.bytes);
    else
        al_text_add(c->out, c->escaped.bytes);
}

static void put_count(csv *c, uint64_t count)
{
    begin_full_cell(c);
    al_text_add_uint(c->out, count);
}

static void put_id(csv *c, char letter, uint64_t id)
{
    if (id == 0) {
        begin_cell(c);
        return;
    }
    begin_full_cell(c);
    al_text_add_char(c->out, letter);
    al_text_add_uint(c->out, id);
}

static void put_cause(csv *c, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);

    if (by == AL_BY_WORLD)
        put_text(c, "world");
    else
        put_id(c, id.letter, id.number);
}

/* NaN: there is none. */
static void put_seconds(csv *c, double value)
{
    if (isnan(value)) {
        begin_cell(c);
        return;
    }
    begin_full_cell(c);
    al_text_add_double(c->out, value);
}

/* -- loops ---------------------------------------------------------------- */

static loop_rows *find_loop(csv *c, uint64_t number)
{
    loop_rows *loop = al_idmap_find(&c->loop_index, number);

    if (loop)
        return loop;
    loop = al_alloc_zero(1, sizeof *loop);
    loop->number = number;
    al_idmap_put(&c->loop_index, number, loop);
    c->loops = al_grow(c->loops, &c->loop_capacity, c->loop_count + 1,
                       sizeof *c->loops);
    c->loops[c->loop_count++] = loop;
    return loop;
}

static void begin_row(csv *c, const loop_rows *loop, uint64_t iteration)
{
    put_id(c, 'l', loop->number);
    put_count(c, iteration);
}

/* -- callbacks ------------------------------------------------------------ */

static const char callback_columns[] =
    "loop,iteration,handle,callback,arguments,task,coroutine,by,scheduled,due,"
    "ready,ran,took,late,in_ready\n";

static char *copy(const char *text)
{
    return text ? al_strdup(text) : NULL;
}

/* `took` is NaN where it never ended. */
static void end_run(csv *c, loop_rows *loop, double took)
{
    run_row *run = &loop->run;

    if (!run->is_open)
        return;
    begin_row(c, loop, run->iteration);
    put_id(c, 'h', run->handle);
    put_text(c, run->callback);
    put_text(c, run->args);
    put_id(c, 't', run->task);
    put_text(c, run->coroutine);
    put_cause(c, run->by);
    put_seconds(c, run->scheduled);
    put_seconds(c, run->due);
    put_seconds(c, run->ready);
    put_seconds(c, run->ran);
    put_seconds(c, took);
    put_seconds(c, run->ran - run->due);
    put_seconds(c, run->ran - run->ready);
    end_row(c);
    al_free(run->callback);
    al_free(run->coroutine);
    al_free(run->args);
    *run = (run_row){0};
}

static void begin_run(csv *c, loop_rows *loop, const al_event *event)
{
    const al_traced *handle = al_state_handle(c->state, event->handle);
    const al_traced_task *task = al_state_task(c->state, event->task);
    const al_loop_state *state = al_state_loop(c->state, event->loop);

    end_run(c, loop, NAN);
    loop->run = (run_row){
        .handle = event->handle,
        .task = event->task,
        .by = handle ? handle->by : 0,
        .iteration = state ? state->iteration : 0,
        .callback = copy(event->callback),
        .coroutine = task ? copy(task->coroutine) : NULL,
        .args = handle ? copy(handle->args) : NULL,
        .scheduled = handle ? handle->scheduled_at : NAN,
        .due = handle ? handle->when : NAN,
        .ready = handle ? handle->ready_since : NAN,
        .ran = event->time,
        .is_open = true,
    };
}

static void add_callback_event(csv *c, loop_rows *loop, const al_event *event)
{
    if (event->kind == AL_EVENT_RUN)
        begin_run(c, loop, event);
    else if (event->kind == AL_EVENT_RAN)
        end_run(c, loop, event->duration);
}

/* -- iterations ----------------------------------------------------------- */

static const char turn_columns[] =
    "loop,iteration,began,ready,scheduled,cancelled,timeout,slept,due,ran,"
    "took\n";

static void end_turn(csv *c, loop_rows *loop, double now)
{
    turn_row *turn = &loop->turn;

    if (!turn->is_open)
        return;
    begin_row(c, loop, turn->n);
    put_seconds(c, turn->began);
    put_count(c, turn->ready);
    put_count(c, turn->scheduled);
    put_count(c, turn->cancelled);
    put_seconds(c, turn->timeout);
    put_seconds(c, turn->slept);
    put_count(c, turn->due);
    put_count(c, turn->runs);
    put_seconds(c, now - turn->began);
    end_row(c);
    turn->is_open = false;
}

static void begin_turn(csv *c, loop_rows *loop, const al_event *event)
{
    end_turn(c, loop, event->time);
    loop->turn = (turn_row){
        .n = event->n,
        .ready = event->ready,
        .scheduled = event->scheduled,
        .cancelled = event->cancelled,
        .began = event->time,
        .timeout = NAN,
        .select = NAN,
        .slept = NAN,
        .is_open = true,
    };
}

static void add_turn_event(csv *c, loop_rows *loop, const al_event *event)
{
    turn_row *turn = &loop->turn;

    switch (event->kind) {
    case AL_EVENT_ITERATION:
        begin_turn(c, loop, event);
        break;
    case AL_EVENT_SELECT:
        turn->timeout = event->timeout < 0 ? INFINITY : event->timeout;
        turn->select = event->time;
        break;
    case AL_EVENT_WAKE:
        turn->slept = event->time - turn->select;
        break;
    case AL_EVENT_DUE:
        turn->due++;
        break;
    case AL_EVENT_RUN:
        turn->runs++;
        break;
    case AL_EVENT_STOPPED:
        end_turn(c, loop, event->time);
        break;
    default:
        break;
    }
}

/* -- events --------------------------------------------------------------- */

static const char id_letters[] = {
    [AL_TYPE_HANDLE] = 'h',
    [AL_TYPE_TASK] = 't',
    [AL_TYPE_FUTURE] = 'f',
    [AL_TYPE_PRIMITIVE] = 'p',
};

/* Lists and snapshots are no cells. */
static bool is_column(al_event_field field)
{
    return al_field_specs[field].type != AL_TYPE_JSON;
}

static void add_event_columns(al_text *out)
{
    al_text_add(out, "event,t,loop");
    for (int field = 0; field < AL_FIELD_COUNT; field++) {
        if (!is_column((al_event_field)field))
            continue;
        al_text_add_char(out, ',');
        al_text_add(out, al_field_specs[field].key);
    }
    al_text_add_char(out, '\n');
}

static void put_field(csv *c, al_event_field field, const al_event *event)
{
    const al_field_spec *spec = &al_field_specs[field];
    const void *value = al_event_value(event, spec);
    double timeout;

    switch (spec->type) {
    case AL_TYPE_HANDLE:
    case AL_TYPE_TASK:
    case AL_TYPE_FUTURE:
    case AL_TYPE_PRIMITIVE:
        put_id(c, id_letters[spec->type], *(const uint64_t *)value);
        break;
    case AL_TYPE_CAUSE:
        put_cause(c, *(const uint64_t *)value);
        break;
    case AL_TYPE_COUNT:
        put_count(c, *(const uint64_t *)value);
        break;
    case AL_TYPE_SECONDS:
        put_seconds(c, *(const double *)value);
        break;
    case AL_TYPE_TIMEOUT:
        timeout = *(const double *)value;
        put_seconds(c, timeout < 0 ? INFINITY : timeout);
        break;
    case AL_TYPE_FLAG:
        put_text(c, *(const bool *)value ? "true" : "false");
        break;
    case AL_TYPE_TEXT:
        put_text(c, *(const char *const *)value);
        break;
    case AL_TYPE_JSON:
        break;
    }
}

static void plan_row(event_row *row, al_event_kind kind)
{
    for (int field = 0; field < AL_FIELD_COUNT; field++) {
        if (!is_column((al_event_field)field))
            continue;
        if (!al_event_has_field(kind, (al_event_field)field)) {
            row->rest++;
            continue;
        }
        row->fields[row->count] = (unsigned char)field;
        row->skipped[row->count++] = (unsigned char)row->rest;
        row->rest = 0;
    }
}

static event_row *plan_rows(void)
{
    event_row *rows = al_alloc_zero(AL_EVENT_COUNT, sizeof *rows);

    for (int kind = 0; kind < AL_EVENT_COUNT; kind++)
        plan_row(&rows[kind], (al_event_kind)kind);
    return rows;
}

static void add_plain_event(csv *c, const al_event *event)
{
    const event_row *row = &c->event_rows[event->kind];

    put_text(c, al_event_specs[event->kind].name);
    put_seconds(c, event->time);
    put_id(c, 'l', event->loop);
    for (unsigned i = 0; i < row->count; i++) {
        c->commas += row->skipped[i];
        put_field(c, (al_event_field)row->fields[i], event);
    }
    c->commas += row->rest;
    end_row(c);
}

/* -- the file ------------------------------------------------------------- */

static bool add(void *self, const al_event *event)
{
    csv *c = self;

    if (c->rows == AL_ROWS_EVENTS) {
        if (event->kind != AL_EVENT_SNAPSHOT)
            add_plain_event(c, event);
        return true;
    }
    al_state_apply(c->state, event);
    if (c->rows == AL_ROWS_ITERATIONS)
        add_turn_event(c, find_loop(c, event->loop), event);
    else
        add_callback_event(c, find_loop(c, event->loop), event);
    return true;
}

static void *begin(const al_export_view *view, al_text *out)
{
    csv *c = al_alloc_zero(1, sizeof *c);

    c->out = out;
    c->state = al_state_new(NULL);
    c->rows = view->rows;
    c->is_first = true;
    if (c->rows == AL_ROWS_EVENTS) {
        c->event_rows = plan_rows();
        add_event_columns(out);
        return c;
    }
    al_text_add(out, c->rows == AL_ROWS_ITERATIONS ? turn_columns
                                                   : callback_columns);
    return c;
}

static void end(void *self)
{
    csv *c = self;

    for (size_t i = 0; i < c->loop_count; i++) {
        end_run(c, c->loops[i], NAN);
        end_turn(c, c->loops[i], NAN);
    }
}

static void free_it(void *self)
{
    csv *c = self;

    for (size_t i = 0; i < c->loop_count; i++) {
        al_free(c->loops[i]->run.callback);
        al_free(c->loops[i]->run.coroutine);
        al_free(c->loops[i]->run.args);
        al_free(c->loops[i]);
    }
    al_free(c->loops);
    al_free(c->event_rows);
    al_idmap_release(&c->loop_index);
    al_text_release(&c->escaped);
    al_state_free(c->state);
    al_free(c);
}

const al_export_form al_export_csv = {
    .name = "csv",
    .begin = begin,
    .add = add,
    .end = end,
    .free = free_it,
};
