/* fuzz_align.c - any bytes as a trace, aligned with itself, and with what is
 * left of it when some events are dropped and others told twice. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "sim/analysis/align.h"
#include "sim/trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct source {
    al_trace_reader *reader;
    uint32_t dice;    /* 0: all events, once */
    bool has_ended;
} source;

static uint32_t throw_dice(source *from)
{
    if (from->dice)
        from->dice = from->dice * 1664525u + 1013904223u;
    return from->dice >> 24;
}

static void give_one(al_align *align, al_side side, source *from)
{
    uint32_t dice = throw_dice(from);
    al_event event;

    if (al_trace_reader_next(from->reader, &event, NULL) != AL_TRACE_EVENT) {
        from->has_ended = true;
        al_align_end(align, side);
        return;
    }
    if (from->dice && dice < 16)
        return;
    al_align_add(align, side, &event);
    if (from->dice && dice > 240)
        al_align_add(align, side, &event);
}

static bool differ(const uint8_t *data, size_t size,
                   const al_align_options *options, uint32_t dice)
{
    source sources[2] = {
        {al_trace_reader_new((const char *)data, size, NULL), 0, false},
        {al_trace_reader_new((const char *)data, size, NULL), dice, false},
    };
    al_align *align = al_align_new(options);
    bool result;

    while (!sources[AL_LEFT].has_ended || !sources[AL_RIGHT].has_ended) {
        al_side side = al_align_wants(align);

        give_one(align, side, &sources[side]);
    }
    al_align_finish(align);
    result = al_align_differs(align);
    al_align_free(align);
    al_trace_reader_free(sources[AL_LEFT].reader);
    al_trace_reader_free(sources[AL_RIGHT].reader);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const al_align_options strict = {.strict = true},
                                  narrow = {.window = 64};
    al_trace_reader *reader =
        al_trace_reader_new((const char *)data, size, NULL);

    if (!reader)
        return 0;
    al_trace_reader_free(reader);
    if (differ(data, size, &strict, 0))
        abort();
    differ(data, size, &narrow, (uint32_t)size * 2 + 1);
    differ(data, size, NULL, (uint32_t)size * 2 + 3);
    return 0;
}
