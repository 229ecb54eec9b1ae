/* fuzz_scenario.c - libFuzzer's way into the scenario loader: whatever the
 * bytes are, it answers with a scenario or with diagnostics that can be
 * written, and leaves nothing behind. */
#include <stdint.h>
#include <stdlib.h>
#include "sim/scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    al_diagnostics diagnostics = {0};
    al_scenario *scenario = al_scenario_parse((const char *)data, size,
                                              "fuzz.json", NULL, 0,
                                              &diagnostics);
    al_text text = {0};

    al_diagnostics_write(&diagnostics, true, &text);
    if ((scenario != NULL) != (text.length == 0))
        abort();
    al_text_release(&text);
    al_diagnostics_release(&diagnostics);
    al_scenario_free(scenario);
    return 0;
}
