/* view.c - see view.h. */
#include "cli/tui/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "cli/phrases.h"
#include "loop/base/alloc.h"

const char *const al_view_names[AL_VIEW_COUNT] = {
#define NAME(VIEW, name) #name,
    AL_VIEWS(NAME)
#undef NAME
};

al_view *al_view_new(al_view_kind kind)
{
    static al_view *(*const makers[])(void) = {
#define MAKER(VIEW, name) al_view_##name##_new,
        AL_VIEWS(MAKER)
#undef MAKER
    };
    al_view *view;

    view = makers[kind]();
    view->kind = kind;
    return view;
}

void al_view_free(al_view *view)
{
    if (view->ops->free)
        view->ops->free(view);
    else
        al_free(view);
}

/* -- what several views say ----------------------------------------------- */

void al_row_add_task(al_row *row, const al_traced_task *task)
{
    const char *name = al_shared_name_text(task->name);

    al_row_add_format(row, AL_INK_TASK, "t%llu",
                      (unsigned long long)task->future.id);
    if (name) {
        al_row_add(row, AL_INK_PLAIN, " ");
        al_row_add(row, AL_INK_TASK, name);
    }
}

static void add_task_of(al_row *row, const al_moment *now, uint64_t id)
{
    const al_traced_task *task = al_state_task(now->state, id);

    if (task)
        al_row_add_task(row, task);
    else
        al_row_add_format(row, AL_INK_TASK, "t%llu", (unsigned long long)id);
}

/* "__wakeup" of a task says less than its name. */
static void add_step(al_row *row, const al_moment *now,
                     const al_traced *handle)
{
    const char *step = al_last_name(handle->callback);

    add_task_of(row, now, handle->task);
    al_row_add_format(row, AL_INK_DIM, " %s", step + strspn(step, "_"));
}

/* The future of "f2" or "f2, None"; NULL: unknown. */
static const al_traced_future *subject_of(const al_moment *now,
                                          const al_traced *handle)
{
    const char *args = handle->args ? handle->args : "";

    return *args == 'f' ? al_state_future(now->state,
                                          strtoull(args + 1, NULL, 10))
                        : NULL;
}

/* Of asyncio's own timers, what for and whose: "sleep of t2 w1".  A cancelled
 * one stays in the heap when its future is gone, and is whose it was: the
 * task's that made it.  False: it is none, or that is not known. */
static bool add_purpose(al_row *row, const al_moment *now,
                        const al_traced *handle)
{
    const al_traced_future *about = subject_of(now, handle);
    const al_traced_task *waiting = about ? about->awaiters : NULL;
    al_ink ink = handle->is_cancelled ? AL_INK_CANCELLED : AL_INK_CALLBACK;
    uint64_t whose = waiting ? waiting->future.id : handle->maker;
    bool is_sleep = al_is_sleep_call(handle->callback, handle->args);

    if (isnan(handle->when) || whose == 0)
        return false;
    if (!is_sleep && strcmp(handle->callback, "Timeout._on_timeout") != 0 &&
        strcmp(handle->callback, "_release_waiter") != 0)
        return false;
    al_row_add(row, ink, is_sleep ? "sleep of " : "timeout of ");
    add_task_of(row, now, whose);
    return true;
}

void al_row_add_handle(al_row *row, const al_moment *now,
                       const al_traced *handle)
{
    al_text call = {0};

    al_row_add_format(row, handle->is_cancelled ? AL_INK_CANCELLED
                                                : AL_INK_HANDLE,
                      "h%llu ", (unsigned long long)handle->id);
    if (handle->task) {
        add_step(row, now, handle);
    } else if (!add_purpose(row, now, handle)) {
        al_phrase_handle(&call, handle);
        al_row_add(row, handle->is_cancelled ? AL_INK_CANCELLED
                                             : AL_INK_CALLBACK,
                   al_text_peek(&call));
    }
    row->is_struck = handle->is_cancelled;
    row->thing = (al_thing){AL_THING_HANDLE, handle->id};
    al_text_release(&call);
}

void al_text_add_cause(al_text *out, uint64_t by)
{
    al_cause_id id = al_cause_id_of(by);

    if (by == AL_BY_WORLD)
        al_text_add(out, "by the world");
    else if (by == AL_BY_PROGRAM)
        al_text_add(out, "by the program");
    else
        al_text_add_format(out, "by %c%llu", id.letter,
                           (unsigned long long)id.number);
}
