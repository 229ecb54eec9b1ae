/* traces.c - see traces.h. */
#include "tests/unit/traces.h"

#include <check.h>
#include <string.h>
#include <unistd.h>
#include "cli/traced_run.h"

static void run_into(al_scenario *scenario, al_diagnostics *wrong, al_sink sink)
{
    al_sim_result result = {0};
    al_error err = {0};

    ck_assert_ptr_nonnull(scenario);
    al_diagnostics_release(wrong);
    ck_assert(al_traced_run_into(scenario, sink, &result, &err));
    al_sim_result_release(&result);
    al_scenario_free(scenario);
}

char *trace_of(const char *path)
{
    al_diagnostics wrong = {0};
    al_text text = {0};

    run_into(al_scenario_load(path, NULL, 0, &wrong), &wrong,
             al_text_sink(&text));
    return al_text_take(&text);
}

char *trace_of_text(const char *scenario)
{
    al_diagnostics wrong = {0};
    al_text text = {0};

    run_into(al_scenario_parse(scenario, strlen(scenario), "s.json", NULL, 0,
                               &wrong),
             &wrong, al_text_sink(&text));
    return al_text_take(&text);
}

void write_trace(const char *path, int fd)
{
    al_diagnostics wrong = {0};

    run_into(al_scenario_load(path, NULL, 0, &wrong), &wrong,
             al_fd_sink_new(fd, "trace"));
    close(fd);
}
