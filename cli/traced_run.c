/* traced_run.c - see traced_run.h. */
#include "cli/traced_run.h"

#include "cli/command.h"

al_trace_writer *al_traced_writer_new(const al_scenario *scenario,
                                      al_sink sink,
                                      const al_trace_writer_options *options)
{
    const al_trace_header header = {
        .producer = "asyncloop-sim " AL_VERSION,
        .scenario = scenario->name,
        .python = scenario->loop.python_minor >= 15 ? "3.15" : "3.14",
        .loop = scenario->loop,
    };

    return al_trace_writer_new(sink, &header, options);
}

static void run(const al_scenario *scenario, al_observer observer,
                al_sim_result *result)
{
    const al_sim_options options = {
        .observer = observer,
        .interrupted = &al_interrupted,
    };

    al_sim_run(scenario, &options, result);
}

bool al_traced_run_into(const al_scenario *scenario, al_sink sink,
                        al_sim_result *result, al_error *err)
{
    const al_trace_writer_options options = {.failed = &al_interrupted};
    al_trace_writer *writer = al_traced_writer_new(scenario, sink, &options);
    bool ok = true;

    run(scenario, al_trace_writer_observer(writer), result);
    al_interrupt_forget_watcher();
    if (!atomic_load(&al_interrupted))
        ok = al_trace_writer_finish(writer, err);
    al_trace_writer_free(writer);
    return ok;
}

bool al_traced_run(const al_scenario *scenario, const char *path,
                   al_error *err)
{
    al_sink sink = al_file_sink_new(path, err);
    al_sim_result result = {0};
    bool ok = sink.ops && al_traced_run_into(scenario, sink, &result, err);

    al_sim_result_release(&result);
    return ok;
}

bool al_traced_compare(const char *left_path, const char *left,
                       const al_scenario *scenario, const char *right,
                       bool strict, al_sim_result *result,
                       al_difference *difference, al_error *err)
{
    const al_compare_options options = {
        .strict = strict,
        .context = 3,
        .left = left,
        .right = right,
        .left_file = left_path,
        .decided = &al_interrupted,
    };
    al_error wrong = {0};
    al_trace_reader *reader = al_trace_reader_open(left_path, &wrong);
    al_comparison *comparison;
    bool ok;

    if (!reader)
        return al_trace_fail(err, left_path, &wrong);
    comparison = al_comparison_new(reader, &options);
    run(scenario, al_comparison_observer(comparison), result);
    ok = al_comparison_finish(comparison, difference, err);
    al_interrupt_forget_watcher();
    al_comparison_free(comparison);
    al_trace_reader_free(reader);
    return ok;
}
