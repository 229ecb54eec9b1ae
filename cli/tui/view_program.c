/* view_program.c - the scenario, or the Python source: what runs, and where
 * tasks wait.
 *
 * Of a task that waited before, the line that it waited in is known; of one at
 * its first step, and of a callback, the function alone: all of it is marked
 * then.  While nothing runs, or asyncio's own, it is what ran last. */
#include "cli/tui/view.h"

#include <string.h>
#include "cli/tui/source_text.h"
#include "loop/base/alloc.h"
#include "sim/base/path.h"
#include "sim/trace/header.h"

typedef struct waiters { /* in one line */
    const al_traced_task *first; /* NULL: nobody */
    size_t others;
} waiters;

typedef struct spot { /* of what runs */
    const al_source_text *text; /* NULL: there is none */
    size_t line;                /* from 1; 0: none */
    size_t last;                /* line of the function; 0: `line` is exact */
} spot;

typedef struct program_view {
    al_view head;
    al_source_texts texts;
    const al_source_text *shown; /* NULL: there is none */
    spot ran;
    bool is_running;             /* it does; else it ran last */
    size_t chosen;               /* the line of the task that is; 0: none */
    size_t in_sight;             /* the line to be kept so; 0: none */
    waiters *waits;              /* by line, from 1 */
    size_t room;
} program_view;

/* -- which file, which line ----------------------------------------------- */

static spot spot_of_line(program_view *view, const al_moment *now,
                         const char *where)
{
    spot found = {0};
    size_t length = al_place_split(where, &found.line);
    char *name = al_strndup(where, length);

    found.text = al_source_text_find(&view->texts, name, now->path);
    al_free(name);
    return found;
}

/* What is looked at, or what was recorded; NULL: it is no scenario. */
static const al_source_text *scenario_of(program_view *view,
                                         const al_moment *now)
{
    const al_trace_header *header = al_history_header(now->history);
    const char *base = al_path_name(now->path);
    al_text name = {0};
    const al_source_text *text;

    if (al_ends_with(base, ".json"))
        return al_source_text_find(&view->texts, base, now->path);
    if (!header->scenario || !*header->scenario)
        return NULL;
    al_text_add_format(&name, "%s.json", header->scenario);
    text = al_source_text_find(&view->texts, name.bytes, now->path);
    al_text_release(&name);
    return text->part_count > 0 ? text : NULL;
}

/* NULL: of the program's own statements. */
static spot spot_of_function(program_view *view, const al_moment *now,
                             const char *function)
{
    const al_source_text *text = scenario_of(view, now);
    const al_source_part *part =
        text ? al_source_text_part(text, function) : NULL;

    if (!part)
        return (spot){0};
    return (spot){.text = text, .line = part->first, .last = part->last};
}

static bool is_of_program(const al_moment *now)
{
    return now->event && now->event->by == AL_BY_PROGRAM &&
           al_event_has_field(now->event->kind, AL_FIELD_by) &&
           !(now->loop && now->loop->running);
}

/* The latest that is in the program's text. */
static void find_ran(program_view *view, const al_moment *now)
{
    spot s = {0};

    view->is_running = true;
    if (now->event && now->event->kind == AL_EVENT_RAISED &&
        now->event->where)
        s = spot_of_line(view, now, now->event->where);
    else if (is_of_program(now))
        s = spot_of_function(view, now, NULL);
    for (int i = 0; !s.text && now->loop && i < AL_RAN_KEPT; i++) {
        const al_traced_spot *run = &now->loop->ran[i];

        view->is_running = i == 0 && now->loop->running;
        if (run->where)
            s = spot_of_line(view, now, run->where);
        else if (run->function)
            s = spot_of_function(view, now, run->function);
    }
    view->ran = s;
}

/* Where the task that is chosen, or whose step is, waits; NULL: nowhere. */
static const char *chosen_place(const al_moment *now)
{
    const al_traced *handle;
    const al_traced_task *task = NULL;

    if (now->chosen.kind == AL_THING_TASK) {
        task = al_state_task(now->state, now->chosen.id);
    } else if (now->chosen.kind == AL_THING_HANDLE) {
        handle = al_state_handle(now->state, now->chosen.id);
        task = handle ? al_state_task(now->state, handle->task) : NULL;
    }
    return task && !task->is_running ? task->where : NULL;
}

static const char *any_place(const al_moment *now)
{
    const al_traced_task *task = NULL;

    while ((task = al_state_next_task(now->state, task)) != NULL) {
        if (task->where)
            return task->where;
    }
    return NULL;
}

typedef struct first_place {
    program_view *view;
    const al_moment *now;
    const al_source_text *text; /* NULL: there was none yet */
} first_place;

static void note_place(void *self, uint64_t at, const al_event *event)
{
    first_place *first = self;

    (void)at;
    if (!first->text && event->where)
        first->text = spot_of_line(first->view, first->now,
                                   event->where).text;
}

/* Before anything ran: the file of the first that does. */
static const al_source_text *text_to_come(program_view *view,
                                          const al_moment *now)
{
    enum { SOON = 256 }; /* events */
    first_place first = {.view = view, .now = now};

    al_history_look(now->history, 1, SOON, note_place, &first);
    return first.text;
}

static void find_file(program_view *view, const al_moment *now)
{
    const char *chosen = chosen_place(now), *any;
    spot s = chosen ? spot_of_line(view, now, chosen) : (spot){0};

    find_ran(view, now);
    view->chosen = s.line;
    if (!s.text)
        s = view->ran;
    if (!s.text && (any = any_place(now)) != NULL)
        s = spot_of_line(view, now, any);
    view->in_sight = s.line;
    view->shown = s.text ? s.text : scenario_of(view, now);
    if (!view->shown)
        view->shown = text_to_come(view, now);
    if (view->ran.text != view->shown)
        view->ran = (spot){0};
}

/* -- who waits ------------------------------------------------------------ */

/* The line of this file; 0: it is another. */
static size_t line_in(const al_source_text *text, const char *where)
{
    size_t line;
    size_t length = al_place_split(where, &line);

    return strlen(text->name) == length &&
                   strncmp(text->name, where, length) == 0 &&
                   line <= text->count
               ? line : 0;
}

/* Places are shared: many tasks wait in one. */
static void find_waiters(program_view *view, const al_moment *now)
{
    const al_traced_task *task = NULL;
    const char *where = NULL;
    size_t line = 0;

    view->waits = al_grow(view->waits, &view->room, view->shown->count + 1,
                          sizeof *view->waits);
    memset(view->waits, 0, (view->shown->count + 1) * sizeof *view->waits);
    while ((task = al_state_next_task(now->state, task)) != NULL) {
        if (!task->waits || !task->where)
            continue;
        if (task->where != where)
            line = line_in(view->shown, task->where);
        where = task->where;
        if (view->waits[line].first)
            view->waits[line].others++;
        else
            view->waits[line].first = task;
    }
    view->waits[0] = (waiters){0};
}

static size_t count(al_view *self, const al_moment *now)
{
    program_view *view = (program_view *)self;

    find_file(view, now);
    if (!view->shown)
        return 0;
    find_waiters(view, now);
    return view->shown->count;
}

/* -- rows ----------------------------------------------------------------- */

static const char *sign_of(const program_view *view, const al_moment *now,
                           size_t line)
{
    if (line == view->ran.line)
        return view->is_running ? now->glyphs->pointer : now->glyphs->before;
    if (view->waits[line].first)
        return now->glyphs->waits;
    if (line > view->ran.line && line <= view->ran.last)
        return now->glyphs->along;
    return " ";
}

static al_ink ink_of(const program_view *view, size_t line)
{
    if (line == view->ran.line && view->is_running)
        return AL_INK_CURRENT;
    return line == view->chosen ? AL_INK_TASK : AL_INK_PLAIN;
}

/* "t7 philosopher 0 +3". */
static void set_waiters(const waiters *waits, al_row *row)
{
    const char *name;
    al_text text = {0};

    if (!waits->first)
        return;
    name = al_shared_name_text(waits->first->name);
    al_text_add_format(&text, "t%llu%s%s",
                       (unsigned long long)waits->first->future.id,
                       name ? " " : "", name ? name : "");
    if (waits->others)
        al_text_add_format(&text, " +%zu", waits->others);
    al_row_set_right(row, AL_INK_TASK, text.bytes);
    al_text_release(&text);
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const program_view *view = (const program_view *)self;
    size_t line = index + 1;
    al_ink ink = ink_of(view, line);
    al_text text = {0};

    al_row_add(row, ink == AL_INK_PLAIN ? AL_INK_DIM : ink,
               sign_of(view, now, line));
    al_row_add_format(row, AL_INK_DIM, "%4zu ", line);
    al_source_text_add_line(view->shown, index, &text);
    al_row_add(row, ink, al_text_peek(&text));
    al_text_release(&text);
    set_waiters(&view->waits[line], row);
    row->thing = (al_thing){AL_THING_LINE, line};
}

/* A program that was edited since has other lines, perhaps.  Scenarios come
 * from one place with their traces, in any order. */
static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    const program_view *view = (const program_view *)self;

    if (!view->shown)
        return;
    al_text_add(out, view->shown->name);
    if (!view->shown->path)
        al_text_add(out, " was not found");
    else if (view->shown->is_newer &&
             al_history_header(now->history)->is_real_time)
        al_text_add(out, ", newer than the trace");
}

bool al_view_program_place(al_view *self, const al_moment *now,
                           const char **name, const char **path,
                           size_t *line)
{
    program_view *view = (program_view *)self;

    find_file(view, now);
    if (!view->shown)
        return false;
    *name = view->shown->name;
    *path = view->shown->path;
    *line = view->in_sight;
    return true;
}

static size_t current(al_view *self, const al_moment *now)
{
    (void)now;
    return ((program_view *)self)->in_sight - 1;
}

static void release(al_view *self)
{
    al_source_texts_release(&((program_view *)self)->texts);
    al_free(((program_view *)self)->waits);
    al_free(self);
}

static const al_view_ops ops = {
    .title = "Program",
    .count = count,
    .row = add_row,
    .add_title = add_title,
    .current = current,
    .free = release,
};

al_view *al_view_program_new(void)
{
    program_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
