/* stats.c - asyncloop-sim stats: a run's figures. */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "cli/source.h"
#include "cli/stats/report.h"

static struct {
    const char *color, *top;
    bool json;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_FLAG, 0, "json", NULL, "one JSON object, times in seconds",
     &o.json, NULL},
    {AL_OPTION_STRING, 'n', "top", "N",
     "rows in each list of the worst, 1 to 10; default: 5", &o.top, NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

enum { TOP = 5 };

static bool read_top(unsigned *top)
{
    char *end;
    long value = TOP;

    if (o.top) {
        value = strtol(o.top, &end, 10);
        if (!o.top[0] || *end || value < 1 || value > AL_STATISTICS_TOP) {
            al_complain("--top takes a number from 1 to %d, not '%s'",
                        AL_STATISTICS_TOP, o.top);
            return false;
        }
    }
    *top = (unsigned)value;
    return true;
}

static void print(const al_stats_view *view, const al_statistics *statistics)
{
    al_text text = {0};

    if (o.json)
        al_stats_add_json(view, &text, statistics);
    else
        al_stats_add_text(view, &text, statistics);
    fwrite(text.bytes, 1, text.length, stdout);
    al_text_release(&text);
}

static al_exit tell(al_source *source, unsigned top)
{
    const al_trace_header *header = al_source_header(source);
    const al_stats_view view = {
        .page = {.color = al_want_color(o.color, STDOUT_FILENO),
                 .width = al_terminal_width(STDOUT_FILENO),
                 .is_uncut = !isatty(STDOUT_FILENO)},
        .name = header->scenario ? header->scenario
                                 : al_source_name(source),
        .since = header->since,
        .top = top,
    };
    al_statistics *statistics = al_statistics_new();
    al_event event;

    al_source_show_progress(source);
    while (al_source_next(source, &event))
        al_statistics_add(statistics, &event);
    al_statistics_finish(statistics);
    print(&view, statistics);
    al_statistics_free(statistics);
    return al_source_close(source);
}

static al_exit run(int argc, char **argv)
{
    al_source *source;
    al_exit why;
    unsigned top;

    if (argc != 1) {
        al_complain("stats takes one scenario or trace (see "
                    "'asyncloop-sim stats --help')");
        return AL_EXIT_USAGE;
    }
    if (!read_top(&top))
        return AL_EXIT_USAGE;
    source = al_source_open(argv[0], &o.set, o.color, &why);
    if (source && !o.json)
        al_source_tell_since_start(source);
    al_strings_release(&o.set);
    return source ? tell(source, top) : why;
}

const al_command al_command_stats = {
    .name = "stats",
    .usage = "[OPTION...] SCENARIO|TRACE",
    .summary = "tell how long, how late and how often things ran",
    .details =
        "A scenario is run for it; a trace, by 'run --trace' or 'record', is\n"
        "read; '-' is either, from stdin.  A timer is late from when it was\n"
        "due to when its callback runs.  Percentiles are exact to 3 %.  Times\n"
        "of a recording under the real clock are since its start, but with\n"
        "--json.  Where it writes to no terminal, no row is cut to fit.\n",
    .examples =
        "  asyncloop-sim stats scenarios/lock-held-over-a-slow-callback.json\n"
        "  asyncloop-sim stats --json app.jsonl | jq .late.p99\n"
        "  asyncloop-sim run -f jsonl scenarios/ties.json | "
        "asyncloop-sim stats -\n",
    .options = options,
    .run = run,
};
