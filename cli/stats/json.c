/* json.c - a run's figures for programs; see report.h. */
#include <cjson/cJSON.h>
#include <math.h>
#include "cli/stats/report.h"
#include "loop/base/alloc.h"

static void *allocate(size_t size)
{
    return al_alloc(size);
}

/* JSON has no infinities: they are null. */
static void add_number(cJSON *to, const char *key, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(to, key, value);
    else
        cJSON_AddNullToObject(to, key);
}

static void add_count(cJSON *to, const char *key, uint64_t count)
{
    cJSON_AddNumberToObject(to, key, (double)count);
}

static void add_id(cJSON *to, const char *key, char letter, uint64_t id)
{
    al_text text = {0};

    al_text_add_char(&text, letter);
    al_text_add_uint(&text, id);
    cJSON_AddStringToObject(to, key, text.bytes);
    al_text_release(&text);
}

/* -- durations ------------------------------------------------------------ */

static void add_histogram(cJSON *to, const char *key, const al_histogram *h)
{
    cJSON *o = cJSON_AddObjectToObject(to, key);

    add_count(o, "count", h->count);
    if (h->count == 0)
        return;
    add_number(o, "sum", h->sum);
    add_number(o, "min", h->least);
    add_number(o, "p50", al_histogram_percentile(h, 50));
    add_number(o, "p90", al_histogram_percentile(h, 90));
    add_number(o, "p99", al_histogram_percentile(h, 99));
    add_number(o, "max", h->most);
}

static void add_spread(cJSON *to, const al_spread *spread)
{
    add_histogram(to, "late", &spread->late);
    add_histogram(to, "ready", &spread->ready);
    add_histogram(to, "ran", &spread->ran);
}

static void add_series(cJSON *to, const char *key, const al_series *series)
{
    cJSON *o = cJSON_AddObjectToObject(to, key);
    cJSON *most;

    add_number(o, "start", series->start);
    add_number(o, "width", series->width);
    most = cJSON_AddArrayToObject(o, "most");
    for (unsigned i = 0; i < series->used; i++)
        cJSON_AddItemToArray(most,
                             cJSON_CreateNumber((double)series->most[i]));
}

/* -- counts --------------------------------------------------------------- */

static void add_outcomes(cJSON *to, const char *key, const al_outcomes *of)
{
    cJSON *o = cJSON_AddObjectToObject(to, key);

    add_count(o, "created", of->created);
    add_count(o, "results", of->results);
    add_count(o, "exceptions", of->exceptions);
    add_count(o, "cancelled", of->cancelled);
}

static void add_counts(cJSON *to, const al_counts *c)
{
    cJSON *o = cJSON_AddObjectToObject(to, "counts");

    add_count(o, "events", c->events);
    add_count(o, "iterations", c->iterations);
    add_count(o, "runs", c->runs);
    add_count(o, "skips", c->skips);
    add_count(o, "call_soon", c->soon);
    add_count(o, "call_at", c->timers);
    add_count(o, "call_soon_threadsafe", c->threadsafe);
    add_count(o, "watched", c->watched);
    add_count(o, "signals", c->signals);
    add_count(o, "fired", c->fired);
    add_count(o, "cancels", c->cancels);
    add_count(o, "timer_cancels", c->timer_cancels);
    add_count(o, "prunes", c->prunes);
    add_count(o, "compactions", c->compactions);
    add_count(o, "compacted", c->compacted);
    add_count(o, "exceptions", c->exceptions);
    add_count(o, "logs", c->logs);
    add_count(o, "warnings", c->warnings);
    add_count(o, "most_ready", c->most_ready);
    add_count(o, "most_scheduled", c->most_scheduled);
}

static void add_uses(cJSON *to, const double *uses)
{
    cJSON *o = cJSON_AddObjectToObject(to, "time");

    add_number(o, "select", uses[AL_TIME_SELECT]);
    add_number(o, "run", uses[AL_TIME_RUN]);
    add_number(o, "other", uses[AL_TIME_OTHER]);
    add_number(o, "outside", uses[AL_TIME_OUTSIDE]);
}

/* -- lists ---------------------------------------------------------------- */

static void add_callbacks(cJSON *to, const al_statistics *s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "callbacks");

    for (size_t i = 0; i < s->callback_count; i++) {
        cJSON *o = cJSON_CreateObject();

        cJSON_AddStringToObject(o, "name", s->callbacks[i]->name);
        cJSON_AddStringToObject(o, "kind", s->callbacks[i]->is_coroutine
                                ? "coroutine" : "callback");
        add_spread(o, &s->callbacks[i]->spread);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_busiest(cJSON *to, const al_stats_view *view,
                        const al_statistics *s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "busiest_tasks");

    for (size_t i = 0; i < s->busiest_count && i < view->top; i++) {
        const al_task_statistics *task = &s->busiest[i];
        cJSON *o = cJSON_CreateObject();

        add_id(o, "task", 't', task->id);
        if (task->name)
            cJSON_AddStringToObject(o, "name", task->name);
        if (task->coroutine)
            cJSON_AddStringToObject(o, "coro", task->coroutine);
        add_count(o, "steps", task->steps);
        add_number(o, "ran", task->ran);
        add_number(o, "longest", task->longest);
        add_number(o, "since", task->since);
        add_number(o, "until", task->until);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_late(cJSON *to, const al_stats_view *view,
                     const al_statistics *s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "latest_timers");

    for (size_t i = 0; i < s->late_count && i < view->top; i++) {
        cJSON *o = cJSON_CreateObject();

        add_id(o, "h", 'h', s->late[i].handle);
        cJSON_AddStringToObject(o, "callback", s->late[i].callback);
        add_number(o, "when", s->late[i].when);
        add_number(o, "ran", s->late[i].ran_at);
        add_number(o, "late", s->late[i].ran_at - s->late[i].when);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_long_runs(cJSON *to, const al_stats_view *view,
                          const al_statistics *s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "longest_runs");

    for (size_t i = 0; i < s->long_count && i < view->top; i++) {
        const al_long_run *run = &s->long_runs[i];
        cJSON *o = cJSON_CreateObject();

        add_id(o, "h", 'h', run->handle);
        if (run->task)
            add_id(o, "task", 't', run->task);
        cJSON_AddStringToObject(o, "callback", run->callback);
        add_number(o, "t", run->at);
        add_number(o, "duration", run->duration);
        cJSON_AddItemToArray(list, o);
    }
}

void al_stats_add_json(const al_stats_view *view, al_text *out,
                       const al_statistics *s)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = al_free};
    cJSON *root;
    char *text;

    cJSON_InitHooks(&hooks);
    root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "name", view->name);
    add_number(root, "started", s->started);
    add_number(root, "ended", s->ended);
    if (s->error)
        cJSON_AddStringToObject(root, "error", s->error);
    add_count(root, "deadlocks", s->deadlocks);
    add_counts(root, al_state_counts(s->state));
    add_outcomes(root, "tasks", &s->tasks);
    add_outcomes(root, "futures", &s->futures);
    add_count(root, "task_cancels", s->task_cancels);
    add_uses(root, s->uses);
    add_spread(root, &s->all);
    add_histogram(root, "turn", &s->turn);
    add_series(root, "ready_length", &s->ready);
    add_series(root, "heap_size", &s->scheduled);
    add_callbacks(root, s);
    add_busiest(root, view, s);
    add_late(root, view, s);
    add_long_runs(root, view, s);
    text = cJSON_Print(root);
    al_text_add(out, text);
    al_text_add_char(out, '\n');
    al_free(text);
    cJSON_Delete(root);
}
