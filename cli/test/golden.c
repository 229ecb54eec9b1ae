/* golden.c - see golden.h. */
#include "cli/test/golden.h"

#include <string.h>
#include "sim/trace/reader.h"
#include "sim/trace/state.h"

bool al_golden_is_ours(const char *path)
{
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &err);
    bool result = false;

    if (reader) {
        const char *producer = al_trace_reader_header(reader)->producer;

        result = producer && strncmp(producer, "asyncloop-sim", 13) == 0;
    }
    al_trace_reader_free(reader);
    return result;
}

typedef struct flaw {
    bool is_open;   /* a loop was not closed, or runs a callback */
    uint64_t odd;   /* line of the first contradiction; 0: none */
    uint64_t lines;
} flaw;

static flaw inspect(al_trace_reader *reader)
{
    al_state *state = al_state_new(NULL);
    al_error err = {0};
    al_event event;
    flaw found = {0};

    while (al_trace_reader_next(reader, &event, &err) == AL_TRACE_EVENT) {
        al_state_apply(state, &event);
        found.lines = al_trace_reader_line(reader);
        if (!found.odd && al_state_counts(state)->oddities > 0)
            found.odd = found.lines;
    }
    found.is_open = !al_state_has_ended(state);
    al_state_free(state);
    return found;
}

void al_golden_add_flaw(const char *path, al_text *out)
{
    al_error err = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &err);
    flaw found;

    if (!reader)
        return;
    found = inspect(reader);
    al_trace_reader_free(reader);
    if (found.odd)
        al_text_add_format(out, "; the recorded trace contradicts itself at "
                           "line %llu: was it edited?",
                           (unsigned long long)found.odd);
    else if (found.is_open)
        al_text_add_format(out, "; the recorded trace is cut short: it ends "
                           "at line %llu, without an end",
                           (unsigned long long)found.lines);
}
