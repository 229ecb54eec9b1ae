/* fuzz_expr.c - libFuzzer's way into the expression parser: the first byte
 * says whether the rest is an expression or the text of an f-string. */
#include <stdint.h>
#include <stdlib.h>
#include "sim/scenario/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const al_expr *expr, const al_diagnostics *diagnostics)
{
    al_text text = {0};

    al_diagnostics_write(diagnostics, false, &text);
    if ((expr != NULL) != (text.length == 0))
        abort();
    al_text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data + 1;
    al_diagnostics diagnostics = {0};
    al_expr_source source = {.diagnostics = &diagnostics};
    al_places places;
    al_arena arena = {0};

    if (size == 0)
        return 0;
    source.text = text;
    source.length = size - 1;
    source.places = &places;
    al_places_init(&places, text, size - 1);
    al_diagnostics_set_text(&diagnostics, "fuzz", text, size - 1);
    check(data[0] & 1 ? al_expr_parse_format(&arena, &source)
                      : al_expr_parse(&arena, &source),
          &diagnostics);
    al_diagnostics_release(&diagnostics);
    al_arena_release(&arena);
    return 0;
}
