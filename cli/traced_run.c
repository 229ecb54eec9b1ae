/* traced_run.c - see traced_run.h. */
#include "cli/traced_run.h"

#include "cli/command.h"
#include "sim/sim.h"

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

bool al_traced_run_text(const al_scenario *scenario, al_text *trace,
                        al_error *err)
{
    al_trace_writer *writer =
        al_traced_writer_new(scenario, al_text_sink(trace), NULL);
    const al_sim_options options = {
        .observer = al_trace_writer_observer(writer),
        .interrupted = &al_interrupted,
    };
    al_sim_result result = {0};
    bool ok;

    al_sim_run(scenario, &options, &result);
    ok = al_trace_writer_finish(writer, err);
    al_trace_writer_free(writer);
    al_sim_result_release(&result);
    return ok;
}

/* The trace in memory is ours: nothing is wrong with it. */
bool al_traced_compare(const char *left_path, const char *left,
                       const al_text *right_text, const char *right,
                       al_difference *difference, al_error *err)
{
    const al_compare_options options = {
        .context = 3,
        .left = left,
        .right = right,
        .left_file = left_path,
    };
    al_error wrong = {0};
    al_trace_reader *a = al_trace_reader_open(left_path, &wrong);
    al_trace_reader *b = NULL;
    bool ok = false;

    if (a)
        b = al_trace_reader_new(right_text->bytes, right_text->length, err);
    else
        al_trace_fail(err, left_path, &wrong);
    if (b)
        ok = al_trace_compare(a, b, &options, difference, err);
    al_trace_reader_free(a);
    al_trace_reader_free(b);
    return ok;
}
