/* explain.c - see explain.h. */
#include "cli/test/explain.h"

#include "cli/diff/report.h"
#include "cli/source.h"
#include "cli/test/golden.h"

enum {
    FEW = 3,       /* differences told */
    WIDTH = 80,
    INDENT = 2,
    BEYOND = 20000 /* events of a run that may never end, past the trace */
};

/* Where the trace has ended, a little more of the run tells enough. */
static bool goes_on(const bool has_ended[2], uint64_t *beyond)
{
    if (has_ended[AL_LEFT] && has_ended[AL_RIGHT])
        return false;
    return !has_ended[AL_LEFT] || (*beyond)++ < BEYOND;
}

static void read_both(al_align *align, al_trace_reader *recorded,
                      al_source *now)
{
    bool has_ended[2] = {false, false};
    uint64_t beyond = 0;
    al_error ignored = {0};
    al_event event;

    while (goes_on(has_ended, &beyond)) {
        al_side side = al_align_wants(align);
        bool has_event = side == AL_LEFT
            ? al_trace_reader_next(recorded, &event, &ignored) ==
                  AL_TRACE_EVENT
            : al_source_next(now, &event);

        if (has_event) {
            al_align_add(align, side, &event);
        } else {
            al_align_end(align, side);
            has_ended[side] = true;
        }
    }
    if (!has_ended[AL_RIGHT])
        al_align_end(align, AL_RIGHT);
}

static bool tell(al_align *align, al_text *out)
{
    const al_align_result *result = al_align_finish(align);
    const al_diff_view view = {
        .page = {.width = WIDTH},
        .names = {"the recorded trace", "this run"},
        .indent = INDENT,
        .most = FEW,
        .differs = al_align_differs(align),
    };

    if (view.differs)
        al_diff_add_text(&view, out, result);
    return view.differs;
}

static bool align_with(al_trace_reader *recorded, const char *path,
                       const char *golden, const al_test_settings *settings,
                       al_text *out)
{
    const al_align_options options = {
        .strict = settings->strict && al_golden_is_ours(golden)};
    al_exit told;
    al_source *now = al_source_open(path, NULL, settings->color, &told);
    al_align *align;
    bool differs;

    if (!now)
        return false;
    align = al_align_new(&options);
    read_both(align, recorded, now);
    differs = tell(align, out);
    al_align_free(align);
    al_source_abandon(now);
    return differs;
}

bool al_test_explain(const char *path, const char *golden,
                     const al_test_settings *settings, al_text *out)
{
    al_error err = {0};
    al_trace_reader *recorded = al_trace_reader_open(golden, &err);
    bool differs = recorded &&
                   align_with(recorded, path, golden, settings, out);

    al_trace_reader_free(recorded);
    return differs;
}
