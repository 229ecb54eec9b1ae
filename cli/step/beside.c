/* beside.c - see beside.h. */
#include "cli/step/beside.h"

#include <string.h>
#include "cli/diff/report.h"
#include "loop/base/alloc.h"

enum {
    SLICE = 8192,   /* events given to the alignment at a time */
    FURTHEST = 512  /* events of the loop's own work that are followed */
};

void al_beside_begin_layout(al_layout *layout)
{
    static const struct {
        al_view_kind view;
        int weight;
    } shown[] = {
        {AL_VIEW_READY, 6}, {AL_VIEW_TASKS, 7}, {AL_VIEW_EVENTS, 12},
    };

    al_layout_begin(layout);
    for (int i = 0; i < AL_VIEW_COUNT; i++)
        layout->panes[i].is_shown = false;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        layout->panes[shown[i].view].is_shown = true;
        layout->panes[shown[i].view].weight = shown[i].weight;
    }
    layout->focus = AL_VIEW_EVENTS;
}

static void begin_alignment(al_beside *b)
{
    al_align_options options = {.ignored = b->ignored,
                                .match = al_twins_match, .self = &b->twins};

    b->align = al_align_new(&options);
}

al_beside *al_beside_new(al_history *history, const al_origin *origin,
                         unsigned ignored)
{
    al_beside *b = al_alloc_zero(1, sizeof *b);

    b->history = history;
    b->ignored = ignored;
    b->path = al_strdup(origin->path);
    b->file = al_followed_begin(origin);
    b->file.origin.path = b->file.watch.path = b->path;
    b->loop = 1;
    b->driven = AL_LEFT;
    begin_alignment(b);
    al_beside_begin_layout(&b->layout);
    return b;
}

void al_beside_restart(al_beside *b)
{
    al_align_free(b->align);
    al_twins_release(&b->twins);
    b->result = NULL;
    b->twins = (al_twins){0};
    memset(b->given, 0, sizeof b->given);
    memset(b->has_ended, 0, sizeof b->has_ended);
    begin_alignment(b);
}

void al_beside_free(al_beside *b)
{
    if (!b)
        return;
    al_align_free(b->align);
    al_twins_release(&b->twins);
    al_layout_release(&b->layout);
    al_bookmarks_release(&b->marks);
    al_free(b->path);
    al_free(b);
}

/* -- aligning ------------------------------------------------------------- */

typedef struct giving {
    al_align *align;
    al_side side;
} giving;

static void give(void *self, uint64_t at, const al_event *event)
{
    const giving *to = self;

    (void)at;
    al_align_add(to->align, to->side, event);
}

/* False: no more is known. */
static bool give_some(al_beside *b, al_side side, al_history *history)
{
    giving to = {b->align, side};
    uint64_t from = b->given[side], known = al_history_known(history);

    if (from < known) {
        b->given[side] = known - from > SLICE ? from + SLICE : known;
        al_history_look(history, from + 1, b->given[side], give, &to);
        return true;
    }
    if (b->has_ended[side] || !al_history_is_complete(history))
        return false;
    b->has_ended[side] = true;
    al_align_end(b->align, side);
    return true;
}

static al_history *history_of(const al_beside *b, al_side side,
                              al_history *driven)
{
    return side == b->driven ? driven : b->history;
}

/* Has there come more of one that had ended? */
static bool has_grown(const al_beside *b, al_history *driven)
{
    for (al_side side = AL_LEFT; side <= AL_RIGHT; side++) {
        if (b->has_ended[side] &&
            al_history_known(history_of(b, side, driven)) > b->given[side])
            return true;
    }
    return false;
}

bool al_beside_work(al_beside *b, al_history *driven)
{
    al_side side;

    if (has_grown(b, driven))
        al_beside_restart(b);
    if (b->result)
        return false;
    side = al_align_wants(b->align);
    if (give_some(b, side, history_of(b, side, driven)))
        return true;
    if (b->has_ended[AL_LEFT] && b->has_ended[AL_RIGHT]) {
        b->result = al_align_finish(b->align);
        al_twins_settle(&b->twins);
        return true;
    }
    return false;
}

/* -- where the other one stands ------------------------------------------- */

typedef struct kinds { /* of events after an event */
    al_event_kind items[FURTHEST];
    const al_twins *twins;
    al_side side;
    size_t count;
    bool is_over; /* one came that has a twin, or is there alone */
} kinds;

static void note_kind(void *self, uint64_t at, const al_event *event)
{
    kinds *of = self;

    if (al_twins_of(of->twins, of->side, at) ||
        al_twins_kind(of->twins, of->side, at) != AL_TWIN_SAME)
        of->is_over = true;
    if (!of->is_over)
        of->items[of->count++] = event->kind;
}

static kinds look_at_kinds(const al_beside *b, al_history *history,
                           al_side side, uint64_t after, uint64_t count)
{
    kinds of = {.twins = &b->twins, .side = side};

    if (count > 0)
        al_history_look(history, after + 1, after + count, note_kind, &of);
    return of;
}

/* How far the other may go on after a pair of twins. */
static uint64_t common_rest(const al_beside *b, al_history *driven,
                            uint64_t own, uint64_t other, uint64_t count)
{
    al_side there = b->driven == AL_LEFT ? AL_RIGHT : AL_LEFT;
    uint64_t most = count < FURTHEST ? count : FURTHEST;
    kinds x = look_at_kinds(b, driven, b->driven, own, most);
    kinds y = look_at_kinds(b, b->history, there, other, most);
    uint64_t same = 0;

    while (same < x.count && same < y.count &&
           x.items[same] == y.items[same])
        same++;
    return same;
}

void al_beside_follow(al_beside *b, al_history *driven)
{
    uint64_t at = al_history_at(driven);
    uint64_t own = al_twins_before(&b->twins, b->driven, at);
    uint64_t other = al_twins_of(&b->twins, b->driven, own);

    al_history_go(b->history,
                  other + common_rest(b, driven, own, other, at - own));
}

/* -- differences ---------------------------------------------------------- */

/* As many as are known so far. */
static uint64_t count_roots(const al_beside *b)
{
    return b->result ? b->result->partings.count + b->result->partings.more
                     : b->twins.most_root;
}

/* "difference 2 of 4", as `diff` numbers them, or that it follows from that. */
static void add_number(const al_beside *b, const al_twin_gap *gap,
                       al_text *out)
{
    unsigned long long all = count_roots(b);

    if (gap->root > AL_PARTINGS_ROOTS) {
        al_text_add_format(out, "a difference beyond the first %d of %llu",
                           AL_PARTINGS_ROOTS, all);
        return;
    }
    al_text_add_format(out, "%sdifference %u of %llu",
                       gap->follows ? "what follows from " : "", gap->root,
                       all);
}

static void add_sentence(const al_beside *b, uint32_t number, al_text *out)
{
    const al_root *root = al_partings_root(&b->result->partings, number);

    if (!root)
        return;
    al_text_add(out, ": ");
    al_diff_add_place(out, &root->parting);
    al_text_add(out, ": ");
    if (al_diff_tells_of_right(&root->parting))
        al_text_add(out, "on the right ");
    al_diff_add_sentence(out, &root->parting);
}

/* The latest difference that was passed; NULL: none. */
static const al_twin_gap *latest_passed(al_beside *b, uint64_t at)
{
    size_t count, passed = al_twins_passed(&b->twins, b->driven, at);
    const al_twin_gap *list = al_twins_differences(&b->twins, &count);

    return passed > 0 ? &list[passed - 1] : NULL;
}

/* Of that, or of the first. */
static void tell_difference(al_beside *b, uint64_t at, al_text *out)
{
    const al_twin_gap *latest = latest_passed(b, at);

    if (latest) {
        add_number(b, latest, out);
        add_sentence(b, latest->root, out);
        return;
    }
    al_text_add_format(out, "%llu to come, the first",
                       (unsigned long long)count_roots(b));
    add_sentence(b, 1, out);
}

static void tell_comparing(al_beside *b, uint64_t at, al_text *out)
{
    const al_twin_gap *latest = latest_passed(b, at);

    if (latest) {
        add_number(b, latest, out);
        al_text_add(out, " so far; ");
    }
    al_text_add_format(out, "comparing: %llu and %llu events so far",
                       (unsigned long long)b->given[AL_LEFT],
                       (unsigned long long)b->given[AL_RIGHT]);
}

void al_beside_tell(al_beside *b, uint64_t at, al_text *out)
{
    if (!b->result)
        tell_comparing(b, at, out);
    else if (b->result->partings.count == 0)
        al_text_add_format(out, "no difference in %llu callbacks",
                           (unsigned long long)b->result->same);
    else
        tell_difference(b, at, out);
}

/* By its number: loops beside each other may be told in another order than
 * their events. */
const al_twin_gap *al_beside_first(al_beside *b)
{
    size_t count;
    const al_twin_gap *list = al_twins_differences(&b->twins, &count);
    const al_twin_gap *first = count > 0 ? &list[0] : NULL;

    for (size_t i = 1; i < count; i++) {
        if (list[i].root < first->root)
            first = &list[i];
    }
    return first;
}

const al_twin_gap *al_beside_next(al_beside *b, uint64_t at, long by)
{
    size_t count, passed = al_twins_passed(&b->twins, b->driven, at);
    const al_twin_gap *list = al_twins_differences(&b->twins, &count);
    size_t n = by < 0 ? (size_t)-by : (size_t)by;

    if (by > 0)
        return passed == count ? NULL
               : &list[n < count - passed ? passed + n - 1 : count - 1];
    if (passed > 0 && list[passed - 1].side == b->driven &&
        list[passed - 1].at == at)
        passed--; /* it stands on one */
    return passed == 0 ? NULL : &list[n < passed ? passed - n : 0];
}
