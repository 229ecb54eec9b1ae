/* fuzz_analysis.c - any bytes as a trace: its figures, causes, and what would
 * hurt in it. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "sim/analysis/causes.h"
#include "sim/analysis/lint.h"
#include "sim/analysis/statistics.h"
#include "sim/trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct analyses {
    al_statistics *statistics;
    al_lint *lint;
    al_causes causes;
    uint64_t latest; /* handle */
} analyses;

static void read_all(al_trace_reader *reader, analyses *to)
{
    al_event event;

    while (al_trace_reader_next(reader, &event, NULL) == AL_TRACE_EVENT) {
        al_statistics_add(to->statistics, &event);
        al_lint_add(to->lint, &event);
        al_causes_add(&to->causes, &event);
        if (event.handle)
            to->latest = event.handle;
    }
    al_statistics_finish(to->statistics);
    al_lint_finish(to->lint);
}

static void check_histogram(const al_histogram *h)
{
    double median = al_histogram_percentile(h, 50);

    if (h->count && h->most > 0 && !(median <= h->most))
        abort();
    if (h->count && al_histogram_percentile(h, 100) != h->most)
        abort();
}

static void check_statistics(const al_statistics *s)
{
    check_histogram(&s->all.late);
    check_histogram(&s->all.ready);
    check_histogram(&s->all.ran);
    check_histogram(&s->turn);
    for (size_t i = 1; i < s->busiest_count; i++) {
        if (s->busiest[i].ran > s->busiest[i - 1].ran)
            abort();
    }
}

static void check_findings(const al_lint *lint)
{
    size_t count;
    const al_finding *findings = al_lint_findings(lint, &count);

    for (size_t i = 0; i < count; i++) {
        if (findings[i].rule >= AL_RULE_COUNT || !findings[i].text)
            abort();
    }
}

static void check_causes(const analyses *a)
{
    al_chain chain = {0};

    al_causes_trace(&a->causes, a->latest, &chain);
    for (size_t i = 1; i < chain.count; i++) {
        if (chain.handles[i] >= chain.handles[i - 1])
            abort(); /* it would never end */
    }
    al_chain_release(&chain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    al_trace_reader *reader =
        al_trace_reader_new((const char *)data, size, NULL);
    al_lint_options options = {0};
    analyses a = {0};

    if (!reader)
        return 0;
    options.header = al_trace_reader_header(reader);
    a.statistics = al_statistics_new();
    a.lint = al_lint_new(&options);
    read_all(reader, &a);
    check_statistics(a.statistics);
    check_findings(a.lint);
    check_causes(&a);
    al_statistics_free(a.statistics);
    al_lint_free(a.lint);
    al_causes_release(&a.causes);
    al_trace_reader_free(reader);
    return 0;
}
