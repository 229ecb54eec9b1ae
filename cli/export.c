/* export.c - asyncloop-sim export: a run, or a scenario, in another form.
 *
 * A form folds over the events and writes as it goes; what it wrote is handed
 * on here whenever it is much.  Python alone is a scenario's, not a run's. */
#include "cli/command.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/export/form.h"
#include "cli/phrases.h"
#include "cli/source.h"
#include "sim/base/sink.h"
#include "sim/export/python.h"

static struct {
    const char *to, *output, *scale, *rows, *graph, *at, *color;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_CHOICE, 0, "to", "FORM",
     "python (the default) or another of those above", &o.to,
     "python perfetto html svg dot csv"},
    {AL_OPTION_STRING, 'o', "output", "FILE",
     "write there; default: '-', stdout", &o.output, NULL},
    {AL_OPTION_CHOICE, 0, "scale", "SCALE",
     "perfetto, html, svg: by time, or by order", &o.scale, "time order"},
    {AL_OPTION_CHOICE, 0, "rows", "WHAT",
     "csv: callbacks (default), iterations, events", &o.rows,
     "callbacks iterations events"},
    {AL_OPTION_CHOICE, 0, "graph", "WHAT",
     "dot: causes (default), waits, heap", &o.graph, "causes waits heap"},
    {AL_OPTION_STRING, 0, "at", "T",
     "dot: the time of waits or heap", &o.at, NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

static const al_export_form *const forms[] = {
    &al_export_perfetto, &al_export_html, &al_export_svg, &al_export_dot,
    &al_export_csv,
};

/* -- where it goes -------------------------------------------------------- */

static bool is_to_stdout(void)
{
    return !o.output || strcmp(o.output, "-") == 0;
}

static al_sink open_output(al_error *err)
{
    if (!is_to_stdout())
        return al_file_sink_new(o.output, err);
    return al_fd_sink_new(STDOUT_FILENO, "stdout");
}

static bool hand_on(al_sink sink, al_text *text, al_error *err)
{
    bool ok = al_sink_write(sink, al_text_peek(text), text->length, err);

    al_text_clear(text);
    return ok;
}

/* -- Python --------------------------------------------------------------- */

static bool write_program(const al_scenario *scenario, al_error *err)
{
    al_sink sink = open_output(err);
    al_text text = {0};
    bool ok = sink.ops != NULL;

    if (ok) {
        al_export_python(scenario, &text);
        ok = hand_on(sink, &text, err) && al_sink_finish(sink, err);
    }
    al_text_release(&text);
    al_sink_free(sink);
    return ok;
}

static al_exit export_program(const char *path)
{
    al_exit why;
    al_source *trace = al_source_open_trace(path, &why);
    al_scenario *scenario;
    al_error err = {0};
    bool ok;

    if (trace) {
        al_source_abandon(trace);
        al_complain("'%s' is a trace: only a scenario can be exported to "
                    "Python; choose another form, as --to html", path);
        return AL_EXIT_USAGE;
    }
    if (why != AL_EXIT_OK)
        return why;
    scenario = al_input_load_set(path, &o.set, o.color, &why);
    if (!scenario)
        return why;
    ok = write_program(scenario, &err);
    al_scenario_free(scenario);
    return ok ? AL_EXIT_OK : al_refuse(err.message);
}

/* -- a run ---------------------------------------------------------------- */

enum { MUCH = 1 << 16 };

typedef struct extent { /* of time; NaN: none yet */
    double first, last;
} extent;

static void widen(extent *run, double time)
{
    if (!(time >= run->first))
        run->first = time;
    if (!(time <= run->last))
        run->last = time;
}

static void complain_outside(const extent *run)
{
    al_text text = {0};

    al_phrase_span(&text, run->first, run->last);
    al_complain("--at %s is not within the run: %s", o.at, text.bytes);
    al_text_release(&text);
}

static bool is_outside(double at, const extent *run)
{
    return (at < run->first || at > run->last) &&
           !atomic_load(&al_interrupted);
}

static al_exit write_events(const al_export_form *form, void *fold,
                            double at, al_source *source, al_sink sink,
                            al_text *text)
{
    extent run = {NAN, NAN};
    bool wants_more = true;
    al_error err = {0};
    al_event event;

    while (wants_more && al_source_next(source, &event)) {
        widen(&run, event.time);
        wants_more = form->add(fold, &event);
        if (text->length >= MUCH && !hand_on(sink, text, &err))
            return al_refuse(err.message);
    }
    if (is_outside(at, &run)) {
        complain_outside(&run);
        return AL_EXIT_USAGE;
    }
    form->end(fold);
    return hand_on(sink, text, &err) && al_sink_finish(sink, &err)
               ? AL_EXIT_OK : al_refuse(err.message);
}

static al_exit write_run(const al_export_form *form, al_export_view view,
                         al_source *source)
{
    const al_trace_header *header = al_source_header(source);
    al_error err = {0};
    al_sink sink = open_output(&err);
    al_text text = {0};
    al_exit status;
    void *fold;

    if (!sink.ops)
        return al_refuse(err.message);
    view.name = header->scenario ? header->scenario : al_source_name(source);
    view.header = header;
    if (!is_to_stdout() || !isatty(STDOUT_FILENO))
        al_source_show_progress(source);
    fold = form->begin(&view, &text);
    status = write_events(form, fold, view.at, source, sink, &text);
    form->free(fold);
    al_text_release(&text);
    al_sink_free(sink);
    return status;
}

static al_exit export_run(const al_export_form *form,
                          const al_export_view *view, const char *path)
{
    al_exit status, ending;
    al_source *source = al_source_open(path, &o.set, o.color, &status);

    if (!source)
        return status;
    if (form->is_picture)
        al_source_tell_since_start(source);
    status = write_run(form, *view, source);
    ending = al_source_close(source);
    return status != AL_EXIT_OK ? status : ending;
}

/* -- the command ---------------------------------------------------------- */

static const al_export_form *find_form(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i]->name, name) == 0)
            return forms[i];
    }
    return NULL; /* it is Python */
}

/* Is it one of those? */
static bool is_any(const char *form, const char *const *forms_meant)
{
    for (; *forms_meant; forms_meant++) {
        if (strcmp(form, *forms_meant) == 0)
            return true;
    }
    return false;
}

/* An option that the form does not have. */
static bool check_option(const char *option, const char *value,
                         const char *form, const char *const *of)
{
    if (!value || is_any(form, of))
        return true;
    al_complain("--%s says nothing to %s (see 'asyncloop-sim export --help')",
                option, form);
    return false;
}

static bool check_options(const char *form)
{
    static const char *const pictures[] = {"perfetto", "html", "svg", NULL};
    static const char *const table[] = {"csv", NULL};
    static const char *const graph[] = {"dot", NULL};

    if (!check_option("scale", o.scale, form, pictures) ||
        !check_option("rows", o.rows, form, table) ||
        !check_option("graph", o.graph, form, graph) ||
        !check_option("at", o.at, form, graph))
        return false;
    if (!o.at || !o.graph || strcmp(o.graph, "causes") != 0)
        return true;
    al_complain("--at says nothing to --graph causes: choose waits or heap");
    return false;
}

static bool read_time(const char *text, double *time)
{
    char *end;

    *time = strtod(text, &end);
    if (text[0] && !*end && !isnan(*time))
        return true;
    al_complain("--at takes a time in seconds, not '%s'", text);
    return false;
}

static bool is(const char *value, const char *word)
{
    return value && strcmp(value, word) == 0;
}

static bool read_view(al_export_view *view)
{
    view->scale = is(o.scale, "order")  ? AL_SCALE_ORDER
                  : is(o.scale, "time") ? AL_SCALE_TIME : AL_SCALE_UNSAID;
    view->rows = is(o.rows, "events")       ? AL_ROWS_EVENTS
                 : is(o.rows, "iterations") ? AL_ROWS_ITERATIONS
                                            : AL_ROWS_CALLBACKS;
    view->graph = is(o.graph, "heap")                          ? AL_GRAPH_HEAP
                  : is(o.graph, "waits") || (!o.graph && o.at) ? AL_GRAPH_WAITS
                                                            : AL_GRAPH_CAUSES;
    view->at = NAN;
    return !o.at || read_time(o.at, &view->at);
}

static al_exit dispatch(const char *path)
{
    const char *name = o.to ? o.to : "python";
    const al_export_form *form = find_form(name);
    al_export_view view = {0};

    if (!check_options(name) || !read_view(&view))
        return AL_EXIT_USAGE;
    return form ? export_run(form, &view, path) : export_program(path);
}

static al_exit export(int argc, char **argv)
{
    al_exit status;

    if (argc != 1) {
        al_complain("export takes one scenario or trace (see "
                    "'asyncloop-sim export --help')");
        return AL_EXIT_USAGE;
    }
    if (o.output && al_reads_file(argv[0], o.output)) {
        al_complain("'%s' is what is to be exported", o.output);
        return AL_EXIT_USAGE;
    }
    status = dispatch(argv[0]);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_export = {
    .name = "export",
    .usage = "[OPTION...] SCENARIO|TRACE",
    .summary = "give a run another form: a picture, a table, a program",
    .details =
        "python    a scenario as the asyncio program it stands for; it runs\n"
        "          under 'asyncloop-sim record', which has its world\n"
        "perfetto  Chrome's trace events, for ui.perfetto.dev: a track a\n"
        "          task, the loop's phases, counters, arrows from causes\n"
        "html      one page that needs no network: lanes, causes, the queues\n"
        "          at each point, search; a browser holds the whole run\n"
        "svg       the timeline as one picture; the whole run is held, which\n"
        "          takes half as much memory as its trace on disk\n"
        "dot       for Graphviz: what scheduled what; or, at a time, who\n"
        "          waits for what, or the heap as a tree; unsaid, the time is\n"
        "          that of the deadlock, or of the end\n"
        "csv       a table; texts that a spreadsheet would take for a formula\n"
        "          begin with a '\n"
        "\n"
        "A scenario is run for it; a trace, by 'run --trace' or 'record', is\n"
        "read; '-' is either, from stdin.  In virtual time most callbacks\n"
        "take none: --scale order gives each event a place of its own; html\n"
        "and svg do so by themselves where most callbacks take no time.  Times of\n"
        "a recording under the real clock are since its start in html, svg and\n"
        "dot, and as they were in perfetto and csv.\n",
    .examples =
        "  asyncloop-sim export -o ties.py scenarios/ties.json\n"
        "  asyncloop-sim export --to html scenarios/ties.json >ties.html\n"
        "  asyncloop-sim export --to perfetto -o app.trace.json app.jsonl\n"
        "  asyncloop-sim export --to dot --graph waits app.jsonl | dot -Tsvg\n"
        "  asyncloop-sim export - <ties.json | asyncloop-sim record -\n",
    .options = options,
    .run = export,
};
