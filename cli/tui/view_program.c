/* view_program.c - the scenario, or the Python source: the line that the
 * latest event is about, and which tasks wait in which lines. */
#include "cli/tui/view.h"

#include <string.h>
#include "cli/tui/source_text.h"
#include "loop/base/alloc.h"

typedef struct program_view {
    al_view head;
    al_source_texts texts;
    const al_source_text *shown; /* NULL: there is none */
    size_t current;              /* its line, from 1; 0: none */
} program_view;

/* -- which file, which line ------------------------------------------------------ */

/* The event's place; else where the task that runs, or the first one, waits or
 * waited last. */
static const char *place_of(const al_moment *now)
{
    const al_traced_task *task = NULL;

    if (now->event && now->event->where &&
        al_event_has_field(now->event->kind, AL_FIELD_where))
        return now->event->where;
    if (now->loop && now->loop->current)
        return now->loop->current->where;
    while ((task = al_state_next_task(now->state, task)) != NULL) {
        if (task->where)
            return task->where;
    }
    return NULL;
}

static bool is_scenario(const char *path)
{
    size_t length = strlen(path);

    return length > 5 && strcmp(path + length - 5, ".json") == 0;
}

static void look(program_view *view, const al_moment *now)
{
    const char *place = place_of(now);
    size_t length;
    char *name;

    view->current = 0;
    if (place) {
        length = al_place_split(place, &view->current);
        name = al_strndup(place, length);
        view->shown = al_source_text_find(&view->texts, name, now->path);
        al_free(name);
    } else if (is_scenario(now->path)) {
        view->shown = al_source_text_find(&view->texts, now->path, now->path);
    } else {
        view->shown = NULL;
    }
}

static size_t count(al_view *self, const al_moment *now)
{
    program_view *view = (program_view *)self;

    look(view, now);
    return view->shown ? view->shown->count : 0;
}

/* -- rows -------------------------------------------------------------------------- */

static bool is_there(const al_source_text *text, size_t line,
                     const char *where)
{
    size_t its;
    size_t length = al_place_split(where, &its);

    return its == line && strlen(text->name) == length &&
           strncmp(text->name, where, length) == 0;
}

/* "t7 philosopher 0, and 3 more". */
static void add_waiting(const program_view *view, const al_moment *now,
                        size_t line, al_text *out)
{
    const al_traced_task *task = NULL;
    size_t more = 0;

    while ((task = al_state_next_task(now->state, task)) != NULL) {
        const char *name = al_shared_name_text(task->name);

        if (!task->waits || !task->where ||
            !is_there(view->shown, line, task->where))
            continue;
        if (out->length > 0)
            more++;
        else
            al_text_add_format(out, "t%llu%s%s",
                               (unsigned long long)task->future.id,
                               name ? " " : "", name ? name : "");
    }
    if (more)
        al_text_add_format(out, ", and %zu more", more);
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    const program_view *view = (const program_view *)self;
    bool is_current = index + 1 == view->current;
    al_text waiting = {0};

    al_row_add(row, AL_INK_CURRENT, is_current ? now->glyphs->pointer : " ");
    al_row_add_format(row, AL_INK_DIM, "%4zu ", index + 1);
    al_row_add(row, is_current ? AL_INK_CURRENT : AL_INK_PLAIN,
               view->shown->lines[index]);
    add_waiting(view, now, index + 1, &waiting);
    if (waiting.length > 0)
        al_row_set_right(row, AL_INK_TASK, waiting.bytes);
    row->thing = (al_thing){AL_THING_LINE, index + 1};
    al_text_release(&waiting);
}

static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    const program_view *view = (const program_view *)self;

    (void)now;
    if (!view->shown)
        return;
    al_text_add(out, view->shown->name);
    if (!view->shown->path)
        al_text_add(out, " was not found");
}

bool al_view_program_place(al_view *self, const al_moment *now,
                           const char **name, const char **path,
                           size_t *line)
{
    program_view *view = (program_view *)self;

    look(view, now);
    if (!view->shown)
        return false;
    *name = view->shown->name;
    *path = view->shown->path;
    *line = view->current;
    return true;
}

static size_t current(al_view *self, const al_moment *now)
{
    (void)now;
    return ((program_view *)self)->current - 1;
}

static void release(al_view *self)
{
    al_source_texts_release(&((program_view *)self)->texts);
    al_free(self);
}

static const al_view_ops ops = {
    .name = "program",
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
