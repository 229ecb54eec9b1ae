/* fuzz_trace.c - any bytes as a trace: read, folded, shown, compared, laid
 * out as a timeline.
 *
 * Through the public functions alone.  What could be read must be the same
 * when it is written and read again. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sim/analysis/timeline.h"
#include "sim/trace/compare.h"
#include "sim/trace/reader.h"
#include "sim/trace/snapshots.h"
#include "sim/trace/state.h"
#include "sim/trace/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void copy_all(al_trace_reader *reader, al_observer observer)
{
    al_state *state = al_state_new(NULL);
    al_timeline *timeline = al_timeline_new();
    al_event event;

    while (al_trace_reader_next(reader, &event, NULL) == AL_TRACE_EVENT) {
        al_state_apply(state, &event);
        al_timeline_add(timeline, &event);
        al_observer_emit(observer, &event);
        if (event.kind == AL_EVENT_ITERATION) /* as one that grows */
            al_timeline_settle(timeline);
    }
    al_timeline_settle(timeline);
    al_timeline_free(timeline);
    al_state_free(state);
}

/* Read, and write what was read. */
static void rewrite(al_trace_reader *reader, al_text *to)
{
    al_error err = {0};
    al_trace_writer *writer = al_trace_writer_new(
        al_text_sink(to), al_trace_reader_header(reader), NULL);
    al_snapshots *snapshots =
        al_snapshots_new(al_trace_writer_observer(writer));

    copy_all(reader, al_snapshots_observer(snapshots));
    if (!al_trace_writer_finish(writer, &err))
        abort();
    al_snapshots_free(snapshots);
    al_trace_writer_free(writer);
}

static void check_same(const al_text *first, const al_text *second)
{
    const al_compare_options options = {.strict = true, .context = 2};
    al_difference difference = {0};
    al_error err = {0};
    al_trace_reader *a =
        al_trace_reader_new(first->bytes, first->length, &err);
    al_trace_reader *b =
        al_trace_reader_new(second->bytes, second->length, &err);

    if (!a || !b || first->length != second->length ||
        memcmp(first->bytes, second->bytes, first->length) != 0 ||
        !al_trace_compare(a, b, &options, &difference, &err) ||
        difference.index != 0)
        abort();
    al_difference_release(&difference);
    al_trace_reader_free(a);
    al_trace_reader_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    al_text first = {0}, second = {0};
    al_trace_reader *reader =
        al_trace_reader_new((const char *)data, size, NULL);

    if (!reader)
        return 0;
    rewrite(reader, &first);
    al_trace_reader_free(reader);
    reader = al_trace_reader_new(first.bytes, first.length, NULL);
    if (!reader)
        abort();
    rewrite(reader, &second);
    al_trace_reader_free(reader);
    check_same(&first, &second);
    al_text_release(&first);
    al_text_release(&second);
    return 0;
}
