/* watchers.c - who watches a run; see watchers.h. */
#include "cli/watchers.h"

#include <string.h>
#include <unistd.h>
#include "cli/command.h"
#include "cli/traced_run.h"

static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

static bool open_trace(al_watchers *w, const al_scenario *scenario,
                       const char *path, al_error *err)
{
    const al_trace_writer_options writer = {.failed = &al_interrupted};
    al_sink sink = is_stdout(path) ? al_fd_sink_new(STDOUT_FILENO, "stdout")
                                   : al_file_sink_new(path, err);

    if (!sink.ops)
        return false;
    w->writer = al_traced_writer_new(scenario, sink, &writer);
    al_fanout_add(&w->fanout, al_trace_writer_observer(w->writer));
    return true;
}

static bool is_format(const al_watch_options *o, const char *format)
{
    return o->format && strcmp(o->format, format) == 0;
}

static void open_account(al_watchers *w, const al_subject *s,
                         const al_watch_options *o)
{
    const al_account_options account = {
        .title = s->title,
        .knobs = s->knobs,
        .since = s->since,
        .color = al_want_color(o->color, STDOUT_FILENO),
        .width = al_terminal_width(STDOUT_FILENO),
        .quiet = is_format(o, "summary"),
        .first = o->first,
        .last = o->last,
        .failed = &al_interrupted,
    };

    w->account = al_account_new(al_fd_sink_new(STDOUT_FILENO, "stdout"),
                                &account);
    al_fanout_add(&w->fanout, al_account_observer(w->account));
}

static void open_log(al_watchers *w)
{
    w->log = al_log_lines_new(al_fd_sink_new(STDOUT_FILENO, "stdout"),
                              &al_interrupted);
    al_fanout_add(&w->fanout, al_log_lines_observer(w->log));
}

static void open_view(al_watchers *w, const al_subject *s,
                      const al_watch_options *o)
{
    if (is_format(o, "log"))
        open_log(w);
    else
        open_account(w, s, o);
}

static al_logger open_alarm(al_watchers *w, const al_scenario *scenario)
{
    w->alarm.scenario = scenario;
    return al_alarm_logger(&w->alarm);
}

bool al_watchers_open(al_watchers *w, const al_subject *s,
                      const al_watch_options *o, al_error *err)
{
    const char *trace = o->trace               ? o->trace
                        : is_format(o, "jsonl") ? "-"
                                                : NULL;
    bool is_taken = is_format(o, "jsonl") || (trace && is_stdout(trace));

    if (trace && !open_trace(w, s->scenario, trace, err))
        return false;
    if (!o->quiet && !is_taken)
        open_view(w, s, o);
    if (!w->account && s->scenario)
        w->logger = open_alarm(w, s->scenario);
    if (!o->quiet && al_is_terminal(STDERR_FILENO) && !isatty(STDOUT_FILENO))
        al_fanout_add(&w->fanout, al_progress_observer(&w->progress));
    w->observer = al_fanout_observer(&w->fanout);
    if (o->snapshots && w->observer.ops) {
        w->snapshots = al_snapshots_new(w->observer);
        w->observer = al_snapshots_observer(w->snapshots);
    }
    return true;
}

bool al_watchers_finish(al_watchers *w, al_error *err)
{
    bool ok = true;

    al_progress_clear();
    if (w->account)
        ok = al_account_finish(w->account, err) && ok;
    if (w->log)
        ok = al_log_lines_finish(w->log, err) && ok;
    if (w->writer)
        ok = al_trace_writer_finish(w->writer, err) && ok;
    return ok;
}

void al_watchers_release(al_watchers *w)
{
    al_account_free(w->account);
    al_log_lines_free(w->log);
    al_trace_writer_free(w->writer);
    al_snapshots_free(w->snapshots);
}
