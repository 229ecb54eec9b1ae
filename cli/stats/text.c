/* text.c - a run's figures for people; see report.h. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cli/stats/report.h"
#include "cli/phrases.h"
#include "cli/table.h"
#include "loop/base/alloc.h"

enum { INDENT = 2, BAR = 24, MOST_ROWS = 12, MOST_ERROR_LINES = 9 };

/* -- numbers -------------------------------------------------------------- */

static void add_duration(al_text *out, double seconds)
{
    al_page_add_duration(out, seconds, "µs");
}

static void add_duration_cell(al_table *table, al_role role, double seconds)
{
    al_text text = {0};

    add_duration(&text, seconds);
    al_table_add_text(table, role, &text);
    al_text_release(&text);
}

static void add_moment_cell(al_table *table, double time)
{
    al_text text = {0};

    al_page_add_seconds(&text, time);
    al_table_add_text(table, AL_ROLE_TIME, &text);
    al_text_release(&text);
}

static void add_count_cell(al_table *table, uint64_t count)
{
    al_text text = {0};

    al_text_add_uint(&text, count);
    al_table_add_text(table, AL_ROLE_PLAIN, &text);
    al_text_release(&text);
}

static void add_id_cell(al_table *table, char letter, uint64_t id)
{
    al_text text = {0};

    al_text_add_char(&text, letter);
    al_text_add_uint(&text, id);
    al_table_add_text(table, AL_ROLE_HANDLE, &text);
    al_text_release(&text);
}

/* -- bars ----------------------------------------------------------------- */

/* So much of a full bar, to an eighth of a column. */
static void add_bar(al_text *out, double share)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    long eighths = lround(fmin(share, 1) * BAR * 8);

    if (eighths == 0 && share > 0)
        eighths = 1;
    for (long i = 0; i < eighths / 8; i++)
        al_text_add(out, "█");
    al_text_add(out, parts[eighths % 8]);
}

static void add_bar_cell(al_table *table, double share)
{
    al_text text = {0};

    add_bar(&text, share);
    al_table_add_text(table, AL_ROLE_VERB, &text);
    al_text_release(&text);
}

/* -- parts of the report -------------------------------------------------- */

static void add_heading(const al_stats_view *view, al_text *out,
                        const char *heading, const char *aside)
{
    al_text_add_char(out, '\n');
    al_page_add_heading(&view->page, out, heading, "", aside);
}

static void finish(const al_stats_view *view, al_text *out, al_table *table,
                   size_t left)
{
    al_table_write(table, &view->page, INDENT, left, out);
    al_table_release(table);
}

static void add_part(al_text *out, uint64_t count, const char *noun)
{
    if (count == 0)
        return;
    al_text_add(out, out->length ? ", " : "");
    al_page_add_count(out, count, noun);
}

static void add_share(al_text *out, uint64_t count, const char *what)
{
    if (count == 0)
        return;
    al_text_add(out, out->length ? ", " : "");
    al_text_add_uint(out, count);
    al_text_add_format(out, " %s", what);
}

static void add_row(al_table *table, const char *name, uint64_t count,
                    al_text *what)
{
    al_table_add_cell(table, AL_ROLE_PLAIN, name);
    add_count_cell(table, count);
    al_table_add_text(table, AL_ROLE_NOTE, what);
}

static void add_outcomes(al_table *table, const char *name,
                         const al_outcomes *o, uint64_t cancels)
{
    uint64_t ended = o->results + o->exceptions + o->cancelled;
    al_text text = {0};

    if (o->created == 0)
        return;
    add_share(&text, o->results, "with a result");
    add_share(&text, o->exceptions, "with an exception");
    add_share(&text, o->cancelled, "cancelled");
    if (o->created > ended)
        add_share(&text, o->created - ended, "still pending");
    add_share(&text, cancels, cancels == 1 ? "call of cancel()"
                                           : "calls of cancel()");
    add_row(table, name, o->created, &text);
    al_text_release(&text);
}

static void add_handles(al_table *table, const al_counts *c)
{
    al_text text = {0};

    add_share(&text, c->soon, "by call_soon");
    add_share(&text, c->timers, "by call_at");
    add_share(&text, c->threadsafe, "from threads");
    add_share(&text, c->watched, "for fds");
    add_share(&text, c->signals, "for signals");
    add_row(table, "handles", c->soon + c->timers + c->threadsafe +
            c->watched + c->signals, &text);
    add_share(&text, c->skips, "cancelled and skipped");
    add_row(table, "callbacks run", c->runs, &text);
    if (c->timers > 0) {
        add_share(&text, c->fired, "run");
        add_share(&text, c->timer_cancels, "cancelled");
        add_share(&text, c->prunes, "pruned");
        add_share(&text, c->compacted, "dropped by compaction");
        add_part(&text, c->compactions, "compaction");
        add_row(table, "timers", c->timers, &text);
    }
    al_text_release(&text);
}

static void add_counts(const al_stats_view *view, al_text *out,
                       const al_statistics *s)
{
    const al_counts *c = al_state_counts(s->state);
    al_table table = {.columns = 3};
    al_text text = {0};

    add_row(&table, "turns", c->iterations, &text);
    add_handles(&table, c);
    add_outcomes(&table, "tasks", &s->tasks, s->task_cancels);
    add_outcomes(&table, "futures", &s->futures, 0);
    add_share(&text, c->warnings, "by asyncio's logger");
    if (c->logs)
        add_row(&table, "log lines", c->logs, &text);
    if (s->deadlocks) {
        al_text_add(&text, "nothing could ever happen again");
        add_row(&table, "deadlock", s->deadlocks, &text);
    }
    if (c->exceptions)
        add_row(&table, "errors handled", c->exceptions, &text);
    al_text_release(&text);
    finish(view, out, &table, 2);
}

static void add_uses(const al_stats_view *view, al_text *out,
                     const al_statistics *s)
{
    static const char *const names[AL_TIME_USES] = {
        "in select", "in callbacks", "the loop itself", "not in a loop"};
    al_table table = {.columns = 4};
    double all = 0;

    for (int i = 0; i < AL_TIME_USES; i++)
        all += s->uses[i];
    if (all <= 0)
        return;
    add_heading(view, out, "Where the time went", "");
    for (int i = 0; i < AL_TIME_USES; i++) {
        char share[16];

        if (s->uses[i] <= 0)
            continue;
        snprintf(share, sizeof share, "%.1f%%", 100 * s->uses[i] / all);
        al_table_add_cell(&table, AL_ROLE_PLAIN, names[i]);
        add_duration_cell(&table, AL_ROLE_TIME, s->uses[i]);
        al_table_add_cell(&table, AL_ROLE_PLAIN, share);
        add_bar_cell(&table, s->uses[i] / all);
    }
    finish(view, out, &table, 3);
}

/* -- how durations are spread --------------------------------------------- */

static void add_percentiles(al_text *out, const al_histogram *h)
{
    static const double percents[] = {50, 90, 99};

    al_text_add_format(out, "%*smin ", INDENT, "");
    add_duration(out, h->least);
    for (unsigned i = 0; i < sizeof percents / sizeof *percents; i++) {
        al_text_add_format(out, "  %.0f%% ", percents[i]);
        add_duration(out, al_histogram_percentile(h, percents[i]));
    }
    al_text_add(out, "  max ");
    add_duration(out, h->most);
    al_text_add_char(out, '\n');
}

enum { BOUNDS = 91 };

/* 1e-15, 2e-15, 5e-15, 1e-14, …: the last is the first beyond all. */
static double bound(int i)
{
    static const double steps[] = {1, 2, 5};

    return i < BOUNDS ? steps[i % 3] * pow(10, i / 3 - 15) : INFINITY;
}

static int first_bound(const al_histogram *h)
{
    int i = 0;

    while (al_histogram_between(h, 0, bound(i)) == 0)
        i++;
    return i;
}

static int last_bound(const al_histogram *h)
{
    int i = 0;

    while (bound(i) < h->most)
        i++;
    return i;
}

static void add_spread_row(al_table *table, const al_histogram *h,
                           const char *sign, double to, uint64_t count)
{
    al_text range = {0};

    al_text_add(&range, sign);
    add_duration(&range, to);
    al_table_add_text(table, AL_ROLE_TIME, &range);
    al_text_release(&range);
    add_count_cell(table, count);
    add_bar_cell(table, (double)count / (double)h->count);
}

/* Three rows a decade, or one where that would be too many. */
static void add_spread_rows(al_table *table, const al_histogram *h)
{
    int first = first_bound(h), last = last_bound(h);
    int step = last - first >= MOST_ROWS ? 3 : 1;
    double from = 0;

    if (h->zeros)
        add_spread_row(table, h, "", 0, h->zeros);
    for (int i = first; from < h->most; i += step) {
        double to = i >= last ? h->most : bound(i);

        add_spread_row(table, h, "≤ ", to, al_histogram_between(h, from, to));
        from = to;
    }
}

static void add_spread(const al_stats_view *view, al_text *out,
                       const char *heading, const al_histogram *h)
{
    al_table table = {.columns = 3};

    if (h->count == 0 || h->most <= 0)
        return;
    add_heading(view, out, heading, "");
    add_percentiles(out, h);
    add_spread_rows(&table, h);
    finish(view, out, &table, 2);
}

/* -- what took most ------------------------------------------------------- */

static void add_header(al_table *table, const char *const *names,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        al_table_add_cell(table, AL_ROLE_NOTE, names[i]);
}

static int compare_callbacks(const void *a, const void *b)
{
    const al_spread *x = &(*(al_callback_statistics *const *)a)->spread;
    const al_spread *y = &(*(al_callback_statistics *const *)b)->spread;

    if (x->ran.sum != y->ran.sum)
        return x->ran.sum < y->ran.sum ? 1 : -1;
    if (x->ran.count != y->ran.count)
        return x->ran.count < y->ran.count ? 1 : -1;
    return strcmp((*(al_callback_statistics *const *)a)->name,
                  (*(al_callback_statistics *const *)b)->name);
}

static void add_callback(al_table *table, const al_callback_statistics *c)
{
    const al_spread *of = &c->spread;
    al_text name = {0};

    al_text_add(&name, c->name);
    if (c->is_coroutine)
        al_text_add(&name, " (steps)");
    al_table_add_text(table, AL_ROLE_CALLBACK, &name);
    al_text_release(&name);
    add_count_cell(table, of->ran.count);
    add_duration_cell(table, AL_ROLE_TIME, of->ran.sum);
    add_duration_cell(table, AL_ROLE_TIME,
                      al_histogram_percentile(&of->ran, 50));
    add_duration_cell(table, AL_ROLE_TIME, of->ran.most);
    add_duration_cell(table, AL_ROLE_TIME, of->ready.most);
    if (of->late.count)
        add_duration_cell(table, AL_ROLE_TIME, of->late.most);
    else
        al_table_add_cell(table, AL_ROLE_NOTE, "-");
}

static void add_callbacks(const al_stats_view *view, al_text *out,
                          const al_statistics *s)
{
    static const char *const names[] = {"callback", "runs", "total", "median",
                                        "longest", "most in ready",
                                        "most late"};
    size_t count = s->callback_count;
    al_callback_statistics **sorted;
    al_table table = {.columns = sizeof names / sizeof *names};
    char aside[64] = "";

    if (count == 0)
        return;
    sorted = al_alloc(count * sizeof *sorted);
    memcpy(sorted, s->callbacks, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_callbacks);
    if (count > view->top)
        snprintf(aside, sizeof aside, "%u of %zu", view->top, count);
    add_heading(view, out, "Callbacks that took most", aside);
    add_header(&table, names, table.columns);
    for (size_t i = 0; i < count && i < view->top; i++)
        add_callback(&table, sorted[i]);
    finish(view, out, &table, 0);
    al_free(sorted);
}

static void add_task(al_table *table, const al_task_statistics *task)
{
    al_text name = {0};

    add_id_cell(table, 't', task->id);
    al_text_add(&name, task->name ? task->name : "?");
    if (task->coroutine)
        al_text_add_format(&name, " (%s)", task->coroutine);
    al_table_add_text(table, AL_ROLE_CALLBACK, &name);
    al_text_release(&name);
    add_count_cell(table, task->steps);
    add_duration_cell(table, AL_ROLE_TIME, task->ran);
    add_duration_cell(table, AL_ROLE_TIME, task->longest);
    if (isnan(task->until))
        al_table_add_cell(table, AL_ROLE_NOTE, "pending");
    else
        add_duration_cell(table, AL_ROLE_TIME, task->until - task->since);
}

static void add_busiest(const al_stats_view *view, al_text *out,
                        const al_statistics *s)
{
    static const char *const names[] = {"task", "", "steps", "total",
                                        "longest", "lived"};
    al_table table = {.columns = sizeof names / sizeof *names};

    if (s->busiest_count == 0)
        return;
    add_heading(view, out, "Busiest tasks", "");
    add_header(&table, names, table.columns);
    for (size_t i = 0; i < s->busiest_count && i < view->top; i++)
        add_task(&table, &s->busiest[i]);
    finish(view, out, &table, 1);
}

static void add_late(const al_stats_view *view, al_text *out,
                     const al_statistics *s)
{
    static const char *const names[] = {"timer", "", "late", "due at",
                                        "ran at"};
    al_table table = {.columns = sizeof names / sizeof *names};

    if (s->late_count == 0)
        return;
    add_heading(view, out, "Timers that ran latest", "");
    add_header(&table, names, table.columns);
    for (size_t i = 0; i < s->late_count && i < view->top; i++) {
        const al_late_timer *timer = &s->late[i];

        add_id_cell(&table, 'h', timer->handle);
        al_table_add_cell(&table, AL_ROLE_CALLBACK, timer->callback);
        add_duration_cell(&table, AL_ROLE_TIME, timer->ran_at - timer->when);
        add_moment_cell(&table, timer->when);
        add_moment_cell(&table, timer->ran_at);
    }
    finish(view, out, &table, 1);
}

static void add_long_runs(const al_stats_view *view, al_text *out,
                          const al_statistics *s)
{
    static const char *const names[] = {"handle", "", "took", "at"};
    al_table table = {.columns = sizeof names / sizeof *names};

    if (s->long_count == 0)
        return;
    add_heading(view, out, "Callbacks that held the loop longest", "");
    add_header(&table, names, table.columns);
    for (size_t i = 0; i < s->long_count && i < view->top; i++) {
        const al_long_run *run = &s->long_runs[i];

        add_id_cell(&table, run->task ? 't' : 'h',
                    run->task ? run->task : run->handle);
        al_table_add_cell(&table, AL_ROLE_CALLBACK, run->callback);
        add_duration_cell(&table, AL_ROLE_TIME, run->duration);
        add_moment_cell(&table, run->at);
    }
    finish(view, out, &table, 1);
}

/* -- over time ------------------------------------------------------------ */

enum { GRAPH_HEIGHT = 4, GRAPH_WIDTH = 64 };

/* The greatest of the slots that column i of the graph stands for. */
static uint64_t column(const al_series *s, unsigned i, unsigned width)
{
    unsigned from = i * s->used / width, to = (i + 1) * s->used / width;
    uint64_t most = 0;

    for (unsigned k = from; k < to || k == from; k++) {
        if (s->most[k] > most)
            most = s->most[k];
    }
    return most;
}

static void add_graph(const al_stats_view *view, al_text *out,
                      const char *heading, const al_series *s)
{
    static const char *const parts[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆",
                                        "▇", "█"};
    unsigned width = s->used < GRAPH_WIDTH ? s->used : GRAPH_WIDTH;
    int height = GRAPH_HEIGHT;
    uint64_t most = 0;
    al_text aside = {0};

    for (unsigned i = 0; i < s->used; i++)
        most = s->most[i] > most ? s->most[i] : most;
    if (most == 0 || s->used < 2)
        return;
    if (most < GRAPH_HEIGHT)
        height = (int)most;
    al_text_add_format(&aside, "at most %llu", (unsigned long long)most);
    add_heading(view, out, heading, aside.bytes);
    al_text_release(&aside);
    for (int row = height - 1; row >= 0; row--) {
        al_text_add_format(out, "%*s", INDENT, "");
        for (unsigned i = 0; i < width; i++) {
            double level = (double)column(s, i, width) / (double)most *
                           height * 8 - row * 8;

            al_text_add(out, parts[level >= 8 ? 8 : level <= 0 ? 0
                                   : (int)ceil(level)]);
        }
        while (out->length > 0 && out->bytes[out->length - 1] == ' ')
            al_text_truncate(out, out->length - 1);
        al_text_add_char(out, '\n');
    }
}

/* -- the report ----------------------------------------------------------- */

static void add_error(const al_stats_view *view, al_text *out,
                      const char *error)
{
    al_text text = {0};

    al_text_add_format(&text, "ended by %s", error);
    al_page_add_line(&view->page, out, &(al_line){
        .indent = INDENT, .what = text.bytes, .is_wide = true,
        .most_lines = view->page.is_uncut ? UINT_MAX : MOST_ERROR_LINES});
    al_text_release(&text);
}

void al_stats_add_text(const al_stats_view *view, al_text *out,
                       const al_statistics *s)
{
    al_text aside = {0};

    al_page_add_count(&aside, al_state_counts(s->state)->events, "event");
    al_text_add(&aside, ", ");
    add_duration(&aside, s->ended - s->started);
    al_page_add_heading(&view->page, out, view->name, "", aside.bytes);
    al_phrase_since_line(&view->page, out, view->since);
    al_text_release(&aside);
    if (s->error)
        add_error(view, out, s->error);
    add_counts(view, out, s);
    add_uses(view, out, s);
    add_spread(view, out, "How late timers ran", &s->all.late);
    add_spread(view, out, "How long handles stood in ready", &s->all.ready);
    add_spread(view, out, "How long callbacks ran", &s->all.ran);
    add_spread(view, out, "How long turns took, select apart", &s->turn);
    add_graph(view, out, "Ready, over time", &s->ready);
    add_graph(view, out, "Scheduled, over time", &s->scheduled);
    add_callbacks(view, out, s);
    add_busiest(view, out, s);
    add_long_runs(view, out, s);
    add_late(view, out, s);
}
