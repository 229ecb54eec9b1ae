/* json.c - a run's figures for programs; see report.h. */
#include <math.h>
#include "cli/stats/report.h"
#include "cli/json_report.h"

/* -- durations ------------------------------------------------------------ */

static void add_histogram(cJSON *to, const char *key, const al_histogram *h)
{
    cJSON *o = cJSON_AddObjectToObject(to, key);

    al_json_add_count(o, "count", h->count);
    if (h->count == 0)
        return;
    al_json_add_number(o, "sum", h->sum);
    al_json_add_number(o, "min", h->least);
    al_json_add_number(o, "p50", al_histogram_percentile(h, 50));
    al_json_add_number(o, "p90", al_histogram_percentile(h, 90));
    al_json_add_number(o, "p99", al_histogram_percentile(h, 99));
    al_json_add_number(o, "max", h->most);
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

    al_json_add_number(o, "start", series->start);
    al_json_add_number(o, "width", series->width);
    most = cJSON_AddArrayToObject(o, "most");
    for (unsigned i = 0; i < series->used; i++)
        cJSON_AddItemToArray(most,
                             cJSON_CreateNumber((double)series->most[i]));
}

/* -- counts --------------------------------------------------------------- */

static void add_outcomes(cJSON *to, const char *key, const al_outcomes *of)
{
    cJSON *o = cJSON_AddObjectToObject(to, key);

    al_json_add_count(o, "created", of->created);
    al_json_add_count(o, "results", of->results);
    al_json_add_count(o, "exceptions", of->exceptions);
    al_json_add_count(o, "cancelled", of->cancelled);
}

static void add_counts(cJSON *to, const al_counts *c)
{
    cJSON *o = cJSON_AddObjectToObject(to, "counts");

    al_json_add_count(o, "events", c->events);
    al_json_add_count(o, "iterations", c->iterations);
    al_json_add_count(o, "runs", c->runs);
    al_json_add_count(o, "skips", c->skips);
    al_json_add_count(o, "call_soon", c->soon);
    al_json_add_count(o, "call_at", c->timers);
    al_json_add_count(o, "call_soon_threadsafe", c->threadsafe);
    al_json_add_count(o, "watched", c->watched);
    al_json_add_count(o, "signals", c->signals);
    al_json_add_count(o, "fired", c->fired);
    al_json_add_count(o, "cancels", c->cancels);
    al_json_add_count(o, "timer_cancels", c->timer_cancels);
    al_json_add_count(o, "prunes", c->prunes);
    al_json_add_count(o, "compactions", c->compactions);
    al_json_add_count(o, "compacted", c->compacted);
    al_json_add_count(o, "exceptions", c->exceptions);
    al_json_add_count(o, "logs", c->logs);
    al_json_add_count(o, "warnings", c->warnings);
    al_json_add_count(o, "most_ready", c->most_ready);
    al_json_add_count(o, "most_scheduled", c->most_scheduled);
}

static void add_uses(cJSON *to, const double *uses)
{
    cJSON *o = cJSON_AddObjectToObject(to, "time");

    al_json_add_number(o, "select", uses[AL_TIME_SELECT]);
    al_json_add_number(o, "run", uses[AL_TIME_RUN]);
    al_json_add_number(o, "other", uses[AL_TIME_OTHER]);
    al_json_add_number(o, "outside", uses[AL_TIME_OUTSIDE]);
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

        al_json_add_id(o, "task", 't', task->id);
        if (task->name)
            cJSON_AddStringToObject(o, "name", task->name);
        if (task->coroutine)
            cJSON_AddStringToObject(o, "coro", task->coroutine);
        al_json_add_count(o, "steps", task->steps);
        al_json_add_number(o, "ran", task->ran);
        al_json_add_number(o, "longest", task->longest);
        al_json_add_number(o, "since", task->since);
        al_json_add_number(o, "until", task->until);
        cJSON_AddItemToArray(list, o);
    }
}

static void add_late(cJSON *to, const al_stats_view *view,
                     const al_statistics *s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "latest_timers");

    for (size_t i = 0; i < s->late_count && i < view->top; i++) {
        cJSON *o = cJSON_CreateObject();

        al_json_add_id(o, "h", 'h', s->late[i].handle);
        cJSON_AddStringToObject(o, "callback", s->late[i].callback);
        al_json_add_number(o, "when", s->late[i].when);
        al_json_add_number(o, "ran", s->late[i].ran_at);
        al_json_add_number(o, "late", s->late[i].ran_at - s->late[i].when);
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

        al_json_add_id(o, "h", 'h', run->handle);
        if (run->task)
            al_json_add_id(o, "task", 't', run->task);
        cJSON_AddStringToObject(o, "callback", run->callback);
        al_json_add_number(o, "t", run->at);
        al_json_add_number(o, "duration", run->duration);
        cJSON_AddItemToArray(list, o);
    }
}

void al_stats_add_json(const al_stats_view *view, al_text *out,
                       const al_statistics *s)
{
    cJSON *root;

    root = al_json_report_new();
    cJSON_AddStringToObject(root, "name", view->name);
    al_json_add_number(root, "started", s->started);
    al_json_add_number(root, "ended", s->ended);
    if (s->error)
        cJSON_AddStringToObject(root, "error", s->error);
    al_json_add_count(root, "deadlocks", s->deadlocks);
    add_counts(root, al_state_counts(s->state));
    add_outcomes(root, "tasks", &s->tasks);
    add_outcomes(root, "futures", &s->futures);
    al_json_add_count(root, "task_cancels", s->task_cancels);
    add_uses(root, s->uses);
    add_spread(root, &s->all);
    add_histogram(root, "turn", &s->turn);
    add_series(root, "ready_length", &s->ready);
    add_series(root, "heap_size", &s->scheduled);
    add_callbacks(root, s);
    add_busiest(root, view, s);
    add_late(root, view, s);
    add_long_runs(root, view, s);
    al_json_report_end(root, false, out);
}
