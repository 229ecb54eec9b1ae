/* fuzz_run.c - libFuzzer's way into a whole run: what the loader takes runs
 * to an end of some kind, within its limits, says how, and leaves nothing
 * behind.  Its events are written as a trace would be. */
#include <stdint.h>
#include <stdlib.h>
#include "sim/base/pieces.h"
#include "sim/sim.h"
#include "sim/trace/line.h"

enum { STEPS = 5000, MEMORY = 16 << 20 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_line(void *self, const al_event *event)
{
    al_trace_lines *lines = self;

    al_text_clear(&lines->text);
    al_trace_lines_add(lines, event);
}

static const al_observer_ops add_line_ops = {.emit = add_line};

static void run(al_scenario *scenario)
{
    al_trace_lines lines = {0};
    al_sim_options options = {.observer = {&add_line_ops, &lines}};
    al_sim_result result = {0};

    scenario->limits.steps = STEPS;
    scenario->limits.memory = MEMORY;
    al_sim_run(scenario, &options, &result);
    if ((result.outcome == AL_OUTCOME_DONE) != (result.message.length == 0))
        abort();
    al_sim_result_release(&result);
    al_trace_lines_release(&lines);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    al_pieces_use(); /* they count for the limit */
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    al_diagnostics diagnostics = {0};
    al_scenario *scenario = al_scenario_parse((const char *)data, size,
                                              "fuzz.json", NULL, 0,
                                              &diagnostics);

    if (scenario)
        run(scenario);
    al_diagnostics_release(&diagnostics);
    al_scenario_free(scenario);
    return 0;
}
