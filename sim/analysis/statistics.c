/* statistics.c - see statistics.h.
 *
 * What an event needs of the state is taken before the state has it: a
 * handle's place in ready, or what a loop did until then. */
#include "sim/analysis/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"
#include "sim/trace/intern.h"

typedef struct loop_times { /* what a loop did last */
    double latest;          /* when it told of something */
    double woken;           /* end of select; NaN: none in this turn */
    al_time_use use;
    al_long_run running;    /* the callback that runs */
    al_callback_statistics *of; /* its */
} loop_times;

struct al_statistics_private {
    al_intern names;
    al_idmap loops;      /* loop_times */
    al_idmap tasks;      /* al_task_statistics of pending ones */
    al_idmap callbacks;  /* by the address of the name, odd for coroutines */
    size_t callback_capacity;
};

/* -- top lists ------------------------------------------------------------ */

typedef bool precedes(const void *a, const void *b);

/* Where a new item belongs in a list that is sorted; -1: nowhere.  Makes room
 * for it. */
static int make_place(void *items, size_t *count, size_t size,
                      precedes *is_worse, const void *item)
{
    char *base = items;
    size_t at = *count;

    while (at > 0 && is_worse(item, base + (at - 1) * size))
        at--;
    if (at == AL_STATISTICS_TOP)
        return -1;
    if (*count < AL_STATISTICS_TOP)
        ++*count;
    memmove(base + (at + 1) * size, base + at * size,
            (*count - 1 - at) * size);
    return (int)at;
}

static double lateness(const al_late_timer *timer)
{
    return timer->ran_at - timer->when;
}

static bool is_later(const void *a, const void *b)
{
    return lateness(a) > lateness(b);
}

static bool is_longer(const void *a, const void *b)
{
    const al_long_run *x = a, *y = b;

    return x->duration > y->duration;
}

static bool is_busier(const void *a, const void *b)
{
    const al_task_statistics *x = a, *y = b;

    if (x->ran != y->ran)
        return x->ran > y->ran;
    return x->steps != y->steps ? x->steps > y->steps : x->id < y->id;
}

static void release_task(al_task_statistics *task)
{
    al_free(task->name);
    al_free(task->coroutine);
}

/* -- what belongs to whom ------------------------------------------------- */

static loop_times *find_loop(al_statistics *s, const al_event *event)
{
    loop_times *times = al_idmap_find(&s->own->loops, event->loop);

    if (times)
        return times;
    times = al_alloc_zero(1, sizeof *times);
    times->latest = event->time;
    times->woken = NAN;
    times->use = AL_TIME_OUTSIDE;
    al_idmap_put(&s->own->loops, event->loop, times);
    return times;
}

static al_callback_statistics *find_callback(al_statistics *s,
                                             const char *name,
                                             bool is_coroutine)
{
    const char *kept = al_intern_text(&s->own->names, name);
    uint64_t key = (uint64_t)(uintptr_t)kept * 2 + is_coroutine;
    al_callback_statistics *callback =
        al_idmap_find(&s->own->callbacks, key);

    if (callback)
        return callback;
    callback = al_alloc_zero(1, sizeof *callback);
    callback->name = kept;
    callback->is_coroutine = is_coroutine;
    al_idmap_put(&s->own->callbacks, key, callback);
    s->callbacks = al_grow(s->callbacks, &s->own->callback_capacity,
                           s->callback_count + 1, sizeof *s->callbacks);
    s->callbacks[s->callback_count++] = callback;
    return callback;
}

/* -- callbacks ------------------------------------------------------------ */

static void count_lateness(al_statistics *s, al_callback_statistics *callback,
                           const al_traced *handle, double now)
{
    const al_late_timer timer = {handle->id, callback->name, handle->when,
                                 now};
    int at;

    al_histogram_add(&s->all.late, lateness(&timer));
    al_histogram_add(&callback->spread.late, lateness(&timer));
    if (!(lateness(&timer) > 0))
        return;
    at = make_place(s->late, &s->late_count, sizeof timer, is_later, &timer);
    if (at >= 0)
        s->late[at] = timer;
}

static const char *coroutine_of(al_statistics *s, uint64_t task)
{
    const al_task_statistics *known = al_idmap_find(&s->own->tasks, task);

    return known && known->coroutine ? known->coroutine : "?";
}

static void begin_run(al_statistics *s, loop_times *times,
                      const al_event *event)
{
    const al_traced *handle = al_state_handle(s->state, event->handle);
    const char *name = event->task ? coroutine_of(s, event->task)
                                   : event->callback;
    al_callback_statistics *callback =
        find_callback(s, name ? name : "?", event->task != 0);

    times->of = callback;
    times->running = (al_long_run){event->handle, event->task,
                                   callback->name, event->time, 0};
    if (!handle)
        return;
    al_histogram_add(&s->all.ready, event->time - handle->ready_since);
    al_histogram_add(&callback->spread.ready,
                     event->time - handle->ready_since);
    if (!isnan(handle->when))
        count_lateness(s, callback, handle, event->time);
}

static void count_step(al_statistics *s, uint64_t id, double duration)
{
    al_task_statistics *task = al_idmap_find(&s->own->tasks, id);

    if (!task)
        return;
    task->steps++;
    task->ran += duration;
    if (duration > task->longest)
        task->longest = duration;
}

static void end_run(al_statistics *s, loop_times *times,
                    const al_event *event)
{
    al_callback_statistics *callback = times->of;
    int at;

    times->of = NULL;
    if (!callback || !isfinite(event->duration))
        return;
    al_histogram_add(&s->all.ran, event->duration);
    al_histogram_add(&callback->spread.ran, event->duration);
    times->running.duration = event->duration;
    if (!(event->duration > 0))
        return;
    at = make_place(s->long_runs, &s->long_count, sizeof times->running,
                    is_longer, &times->running);
    if (at >= 0)
        s->long_runs[at] = times->running;
}

/* -- tasks ---------------------------------------------------------------- */

static void begin_task(al_statistics *s, const al_event *event)
{
    al_task_statistics *task = al_idmap_find(&s->own->tasks, event->task);

    s->tasks.created++;
    if (task)
        return;
    task = al_alloc_zero(1, sizeof *task);
    task->id = event->task;
    task->name = event->name ? al_strdup(event->name) : NULL;
    task->coroutine = event->coroutine ? al_strdup(event->coroutine) : NULL;
    task->since = event->time;
    task->until = NAN;
    al_idmap_put(&s->own->tasks, event->task, task);
}

/* Into the list of the busiest, or away. */
static void retire(al_statistics *s, al_task_statistics *task)
{
    al_task_statistics *busiest = s->busiest;
    size_t before = s->busiest_count;
    al_task_statistics last = busiest[AL_STATISTICS_TOP - 1];
    int at = task->steps == 0 ? -1
        : make_place(busiest, &s->busiest_count, sizeof *busiest, is_busier,
                     task);

    if (at < 0) {
        release_task(task);
    } else {
        if (before == AL_STATISTICS_TOP)
            release_task(&last);
        busiest[at] = *task;
    }
    al_free(task);
}

static void count_outcome(al_outcomes *outcomes, const char *outcome)
{
    if (!outcome)
        return;
    if (strcmp(outcome, "result") == 0)
        outcomes->results++;
    else if (strcmp(outcome, "exception") == 0)
        outcomes->exceptions++;
    else
        outcomes->cancelled++;
}

/* It ends within a step, whose length is not known yet: it is retired once
 * that has ended. */
static void end_task(al_statistics *s, const al_event *event)
{
    al_task_statistics *task = al_idmap_find(&s->own->tasks, event->task);

    count_outcome(&s->tasks, event->outcome);
    if (task)
        task->until = event->time;
}

static void retire_if_over(al_statistics *s, uint64_t id)
{
    al_task_statistics *task = al_idmap_find(&s->own->tasks, id);

    if (!task || isnan(task->until))
        return;
    al_idmap_remove(&s->own->tasks, id);
    retire(s, task);
}

/* -- time ----------------------------------------------------------------- */

static void spend(al_statistics *s, loop_times *times, double now)
{
    double spent = now - times->latest;

    if (spent > 0 && isfinite(spent))
        s->uses[times->use] += spent;
    times->latest = now;
}

static void end_turn(al_statistics *s, loop_times *times, double now)
{
    if (!isnan(times->woken))
        al_histogram_add(&s->turn, now - times->woken);
    times->woken = NAN;
}

/* Once the state has the event: the loop's queues as they are then. */
static void follow_lengths(al_statistics *s, const al_event *event)
{
    const al_loop_state *loop;

    if (event->kind != AL_EVENT_ITERATION && event->kind != AL_EVENT_RUN)
        return;
    loop = al_state_loop(s->state, event->loop);
    al_series_add(&s->ready, event->time, loop->ring_count);
    al_series_add(&s->scheduled, event->time, loop->heap.count);
}

static void follow_loop(al_statistics *s, const al_event *event)
{
    loop_times *times = find_loop(s, event);

    spend(s, times, event->time);
    switch (event->kind) {
    case AL_EVENT_ITERATION:
        end_turn(s, times, event->time);
        times->use = AL_TIME_OTHER;
        break;
    case AL_EVENT_SELECT:
        times->use = AL_TIME_SELECT;
        break;
    case AL_EVENT_WAKE:
        times->use = AL_TIME_OTHER;
        times->woken = event->time;
        break;
    case AL_EVENT_RUN:
        times->use = AL_TIME_RUN;
        begin_run(s, times, event);
        break;
    case AL_EVENT_RAN:
        times->use = AL_TIME_OTHER;
        end_run(s, times, event);
        if (times->running.task) {
            count_step(s, times->running.task, event->duration);
            retire_if_over(s, times->running.task);
        }
        break;
    case AL_EVENT_STOPPED:
        end_turn(s, times, event->time);
        times->use = AL_TIME_OUTSIDE;
        break;
    default:
        break;
    }
}

static void note_end(al_statistics *s, const al_event *event)
{
    al_text error = {0};

    if (!event->type)
        return;
    al_text_add(&error, event->type);
    if (event->text && event->text[0])
        al_text_add_format(&error, ": %s", event->text);
    al_free(s->error);
    s->error = al_text_take(&error);
}

static void follow_program(al_statistics *s, const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_TASK:
        begin_task(s, event);
        break;
    case AL_EVENT_TASK_DONE:
        end_task(s, event);
        break;
    case AL_EVENT_TASK_CANCEL:
        s->task_cancels++;
        break;
    case AL_EVENT_FUTURE:
        s->futures.created++;
        break;
    case AL_EVENT_FUTURE_DONE:
        count_outcome(&s->futures, event->outcome);
        break;
    case AL_EVENT_DEADLOCK:
        s->deadlocks++;
        break;
    case AL_EVENT_END:
        note_end(s, event);
        break;
    default:
        break;
    }
}

void al_statistics_add(al_statistics *s, const al_event *event)
{
    if (al_state_counts(s->state)->events == 0)
        s->started = event->time;
    s->ended = event->time;
    follow_program(s, event);
    follow_loop(s, event);
    al_state_apply(s->state, event);
    follow_lengths(s, event);
}

/* -- life ----------------------------------------------------------------- */

al_statistics *al_statistics_new(void)
{
    al_statistics *s = al_alloc_zero(1, sizeof *s);

    s->own = al_alloc_zero(1, sizeof *s->own);
    s->state = al_state_new(NULL);
    return s;
}

/* In the order of their creation, for what is equal to stay in it. */
static int compare_tasks(const void *a, const void *b)
{
    uint64_t x = (*(al_task_statistics *const *)a)->id;
    uint64_t y = (*(al_task_statistics *const *)b)->id;

    return x < y ? -1 : x > y;
}

void al_statistics_finish(al_statistics *s)
{
    size_t count = s->own->tasks.count, at = 0;
    al_task_statistics **left = al_alloc_zero(count + 1, sizeof *left);

    for (size_t i = 0; i < count; i++)
        left[i] = al_idmap_next(&s->own->tasks, &at);
    qsort(left, count, sizeof *left, compare_tasks);
    for (size_t i = 0; i < count; i++)
        retire(s, left[i]);
    al_idmap_release(&s->own->tasks);
    al_free(left);
}

static void release_spread(al_spread *spread)
{
    al_histogram_release(&spread->late);
    al_histogram_release(&spread->ready);
    al_histogram_release(&spread->ran);
}

void al_statistics_free(al_statistics *s)
{
    size_t at = 0;

    if (!s)
        return;
    al_statistics_finish(s);
    for (size_t i = 0; i < s->busiest_count; i++)
        release_task(&s->busiest[i]);
    for (size_t i = 0; i < s->callback_count; i++) {
        release_spread(&s->callbacks[i]->spread);
        al_free(s->callbacks[i]);
    }
    for (loop_times *t; (t = al_idmap_next(&s->own->loops, &at));)
        al_free(t);
    al_free(s->callbacks);
    al_free(s->error);
    al_idmap_release(&s->own->loops);
    al_idmap_release(&s->own->callbacks);
    al_intern_release(&s->own->names);
    release_spread(&s->all);
    al_histogram_release(&s->turn);
    al_state_free(s->state);
    al_free(s->own);
    al_free(s);
}
