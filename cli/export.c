/* export.c - asyncloop-sim export: a run, or a scenario, in another form.
 *
 * A form folds over the events and writes as it goes; what it wrote is handed
 * on here whenever it is much.  Python alone is a scenario's, not a run's. */
#include "cli/command.h"

#include <string.h>
#include <unistd.h>
#include "cli/export/form.h"
#include "cli/source.h"
#include "sim/base/sink.h"
#include "sim/export/python.h"

static struct {
    const char *to, *output, *scale, *color;
    al_strings set;
} o;

static const al_option options[] = {
    {AL_OPTION_CHOICE, 0, "to", "FORM",
     "python (of a scenario; the default), perfetto, html", &o.to,
     "python perfetto html"},
    {AL_OPTION_STRING, 'o', "output", "FILE",
     "write there; default: '-', stdout", &o.output, NULL},
    {AL_OPTION_CHOICE, 0, "scale", "SCALE",
     "what is beside what: by time (the default) or by order", &o.scale,
     "time order"},
    {AL_OPTION_LIST, 0, "set", "KEY=VALUE",
     "override a setting of the scenario: loop.debug=true", &o.set, NULL},
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

static const al_export_form *const forms[] = {
    &al_export_perfetto,
    &al_export_html,
};

/* -- where it goes -------------------------------------------------------- */

static al_sink open_output(al_error *err)
{
    if (o.output && strcmp(o.output, "-") != 0)
        return al_file_sink_new(o.output, err);
    return al_fd_sink_new(STDOUT_FILENO, "stdout");
}

static bool hand_on(al_sink sink, al_text *text, al_error *err)
{
    bool ok = al_sink_write(sink, al_text_peek(text), text->length, err);

    al_text_clear(text);
    return ok;
}

static al_exit refuse(const al_error *err)
{
    al_complain("%s", err->message);
    return AL_EXIT_REFUSED;
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

static al_exit export_program(const char *path, const al_overrides *overrides)
{
    al_trace_reader *trace = al_source_open_trace(path);
    al_scenario *scenario;
    al_error err = {0};
    bool ok;

    if (trace) {
        al_trace_reader_free(trace);
        al_complain("'%s' is a trace: only a scenario can be exported to "
                    "Python; choose another form with --to", path);
        return AL_EXIT_USAGE;
    }
    scenario = al_input_load(path, overrides, o.color);
    if (!scenario)
        return AL_EXIT_USAGE;
    ok = write_program(scenario, &err);
    al_scenario_free(scenario);
    return ok ? AL_EXIT_OK : refuse(&err);
}

/* -- a run ---------------------------------------------------------------- */

enum { MUCH = 1 << 16 };

static bool write_events(const al_export_form *form, void *fold,
                         al_source *source, al_sink sink, al_text *text,
                         al_error *err)
{
    bool wants_more = true;
    al_event event;

    while (wants_more && al_source_next(source, &event)) {
        wants_more = form->add(fold, &event);
        if (text->length >= MUCH && !hand_on(sink, text, err))
            return false;
    }
    form->end(fold);
    return hand_on(sink, text, err) && al_sink_finish(sink, err);
}

static bool write_run(const al_export_form *form, al_source *source,
                      al_error *err)
{
    const al_trace_header *header = al_source_header(source);
    const al_export_view view = {
        .name = header->scenario ? header->scenario : al_source_name(source),
        .header = header,
        .scale = !o.scale                      ? AL_SCALE_UNSAID
                 : strcmp(o.scale, "order") == 0 ? AL_SCALE_ORDER
                                                 : AL_SCALE_TIME,
    };
    al_sink sink = open_output(err);
    al_text text = {0};
    void *fold;
    bool ok;

    if (!sink.ops)
        return false;
    fold = form->begin(&view, &text);
    ok = write_events(form, fold, source, sink, &text, err);
    form->free(fold);
    al_text_release(&text);
    al_sink_free(sink);
    return ok;
}

static al_exit export_run(const al_export_form *form, const char *path,
                          const al_overrides *overrides)
{
    al_source *source = al_source_open(path, overrides, o.color);
    al_error err = {0};
    al_exit status;

    if (!source)
        return AL_EXIT_USAGE;
    if (write_run(form, source, &err))
        return al_source_close(source);
    status = refuse(&err);
    al_source_close(source);
    return status;
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

static al_exit dispatch(const char *path)
{
    const al_export_form *form = find_form(o.to ? o.to : "python");
    al_overrides overrides = {0};
    al_exit status;

    al_overrides_add_set(&overrides, &o.set);
    status = form ? export_run(form, path, &overrides)
                  : export_program(path, &overrides);
    al_overrides_release(&overrides);
    return status;
}

static al_exit export(int argc, char **argv)
{
    al_exit status;

    if (argc != 1) {
        al_complain("export takes one scenario or trace (see "
                    "'asyncloop-sim export --help')");
        return AL_EXIT_USAGE;
    }
    if (o.output && al_is_same_file(o.output, argv[0])) {
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
        "\n"
        "A scenario is run for it; a trace, by 'run --trace' or 'record', is\n"
        "read; '-' is either, from stdin.  In virtual time most callbacks\n"
        "take none: --scale order gives each event a place of its own.\n",
    .examples =
        "  asyncloop-sim export -o ties.py scenarios/ties.json\n"
        "  asyncloop-sim export --to html scenarios/ties.json >ties.html\n"
        "  asyncloop-sim export --to perfetto -o app.trace.json app.jsonl\n"
        "  asyncloop-sim export - <ties.json | asyncloop-sim record -\n",
    .options = options,
    .run = export,
};
