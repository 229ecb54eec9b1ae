/* writer.c - events written as JSON Lines; see writer.h. */
#include "sim/trace/writer.h"

#include "loop/base/alloc.h"
#include "sim/trace/line.h"

enum { FLUSH_AT = 64 << 10 }; /* bytes gathered before the sink sees them */

struct al_trace_writer {
    al_sink sink;
    al_trace_lines lines;
    al_trace_writer_options options;
    al_error error; /* the first; nothing is written after it */
    bool has_failed;
};

static void flush(al_trace_writer *writer)
{
    al_text *text = &writer->lines.text;

    if (!writer->has_failed && text->length > 0 &&
        !al_sink_write(writer->sink, text->bytes, text->length,
                       &writer->error)) {
        writer->has_failed = true;
        if (writer->options.failed)
            atomic_store(writer->options.failed, true);
    }
    al_text_clear(text);
}

static void emit(void *self, const al_event *event)
{
    al_trace_writer *writer = self;

    if (writer->has_failed ||
        (writer->options.core_only && !al_event_specs[event->kind].is_core))
        return;
    al_trace_lines_add(&writer->lines, event);
    if (writer->lines.text.length >= FLUSH_AT)
        flush(writer);
}

static const al_observer_ops writer_ops = {.emit = emit};

al_trace_writer *al_trace_writer_new(al_sink sink,
                                     const al_trace_header *header,
                                     const al_trace_writer_options *options)
{
    al_trace_writer *writer = al_alloc_zero(1, sizeof *writer);

    writer->sink = sink;
    if (options)
        writer->options = *options;
    al_trace_lines_add_header(&writer->lines, header);
    return writer;
}

al_observer al_trace_writer_observer(al_trace_writer *writer)
{
    return (al_observer){&writer_ops, writer};
}

bool al_trace_writer_finish(al_trace_writer *writer, al_error *err)
{
    flush(writer);
    if (!writer->has_failed)
        writer->has_failed = !al_sink_finish(writer->sink, &writer->error);
    if (!writer->has_failed)
        return true;
    return al_fail(err, "%s", writer->error.message);
}

void al_trace_writer_free(al_trace_writer *writer)
{
    if (!writer)
        return;
    al_sink_free(writer->sink);
    al_trace_lines_release(&writer->lines);
    al_free(writer);
}
