/* history.c - see history.h.
 *
 * There is one state, in a region.  It stands either at the front, which is
 * as far as the trace was read, or somewhere before, where a second reader
 * reads again; an image is kept of the other.
 *
 * Images are kept at every spacing-th event.  When they outgrow the budget
 * every other one goes, and the spacing doubles.  One more is kept near the
 * position that was gone back to, for steps back come in rows. */
#include "sim/trace/history.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/base/region.h"
#include "sim/trace/picks.h"

enum {
    USUAL_BUDGET = 256 << 20,
    USUAL_SPACING = 4096,
    MOST_IMAGES = 4096,
    NEAR = 256,           /* events */
    ASKS_EVERY = 4096     /* events, whether to give up */
};

typedef struct checkpoint {
    uint64_t at;
    uint64_t picked;      /* up to there */
    al_event_kind kind;   /* of that event */
    al_trace_place place; /* of the next one */
    al_region_image *image; /* NULL: there is none */
} checkpoint;

struct al_history {
    al_region *region;
    al_state *state;  /* lies in the region */
    uint64_t *picked; /* how many were, up to the position; there, too */
    uint64_t at;
    al_event event;  /* of that number */
    bool is_at_front;

    al_trace_reader *front, *behind;
    al_trace_reader *aside; /* for looks; NULL: there was none yet */
    al_event seen;          /* there */
    al_milestone aside_at;
    checkpoint end;  /* where the front is; its image, while it is left */
    bool is_complete;
    bool is_lost;    /* what was there before is there no more */
    al_error wrong;  /* with the trace */
    FILE *copy;      /* NULL: it can be read twice */
    uint64_t size;   /* of its file; 0: unknown */
    al_trace_place stop; /* where reading on would begin, once it is complete */
    uint64_t tried_size; /* of its file when that was tried last */

    checkpoint *kept; /* the i-th is at i * spacing */
    size_t count, capacity;
    uint64_t spacing;
    size_t budget;
    bool (*picks)(const al_event *event);
    bool has_kind[AL_EVENT_COUNT]; /* among those that are known */
    al_picks all_picked; /* of those that are known */
    checkpoint near;
    al_region_image *here; /* of the position, while it is left */
};

/* -- images ----------------------------------------------------------------- */

static const al_region_image *latest_image(const al_history *h)
{
    return h->count > 0 ? h->kept[h->count - 1].image : NULL;
}

static void forget(checkpoint *c)
{
    al_region_image_free(c->image);
    c->image = NULL;
}

static void thin_out(al_history *h)
{
    size_t kept = 0;

    for (size_t i = 0; i < h->count; i++) {
        if (i % 2 == 0)
            h->kept[kept++] = h->kept[i];
        else
            forget(&h->kept[i]);
    }
    h->count = kept;
    h->spacing *= 2;
}

static void keep_within_budget(al_history *h)
{
    while (h->count > 2 && (h->count > MOST_IMAGES ||
                            al_region_images_size(h->region) > h->budget))
        thin_out(h);
}

/* At the front, where one is due. */
static void keep(al_history *h)
{
    h->kept = al_grow(h->kept, &h->capacity, h->count + 1, sizeof *h->kept);
    h->kept[h->count] = (checkpoint){
        .at = h->at,
        .picked = *h->picked,
        .kind = h->event.kind,
        .place = al_trace_reader_place(h->front),
        .image = al_region_save(h->region, latest_image(h)),
    };
    h->count++;
    keep_within_budget(h);
}

/* The last that is before a position. */
static const checkpoint *checkpoint_before(const al_history *h,
                                           uint64_t position)
{
    uint64_t index = position > 0 ? (position - 1) / h->spacing : 0;

    return &h->kept[index < h->count ? index : h->count - 1];
}

/* -- folding ---------------------------------------------------------------- */

static bool is_picked(const al_history *h, const al_event *event)
{
    return h->picks && h->picks(event);
}

static void apply(al_history *h)
{
    al_allocator outside = al_set_allocator(al_region_allocator(h->region));

    al_state_apply(h->state, &h->event);
    al_set_allocator(outside);
    h->at++;
    *h->picked += is_picked(h, &h->event);
}

/* It must stand at the front.  False: there are no more. */
static bool advance_front(al_history *h)
{
    al_trace_place place = al_trace_reader_place(h->front);
    al_trace_step step;

    if (h->is_complete)
        return false;
    step = al_trace_reader_next(h->front, &h->event, &h->wrong);
    h->is_complete = step != AL_TRACE_EVENT;
    h->stop = place;
    if (h->is_complete)
        return false;
    if (is_picked(h, &h->event))
        al_picks_add(&h->all_picked, (al_milestone){h->at, *h->picked, place});
    apply(h);
    h->end.at = h->at;
    h->has_kind[h->event.kind] = true;
    if (h->at == h->count * h->spacing)
        keep(h);
    return true;
}

/* It must not stand at the front.  False: it is lost. */
static bool advance_behind(al_history *h)
{
    al_error ignored = {0};

    if (al_trace_reader_next(h->behind, &h->event, &ignored) !=
        AL_TRACE_EVENT) {
        h->event = (al_event){.kind = h->event.kind, .loop = h->event.loop};
        h->is_lost = true;
        return false;
    }
    apply(h);
    return true;
}

/* -- moving ----------------------------------------------------------------- */

static void leave_front(al_history *h)
{
    if (!h->is_at_front)
        return;
    forget(&h->end);
    h->end.image = al_region_save(h->region, latest_image(h));
    h->is_at_front = false;
}

static void return_to_front(al_history *h)
{
    if (h->is_at_front)
        return;
    al_region_restore(h->region, h->end.image);
    forget(&h->end);
    h->at = h->end.at;
    h->is_at_front = true;
}

static void restore(al_history *h, const checkpoint *from)
{
    leave_front(h);
    al_region_restore(h->region, from->image);
    al_trace_reader_seek(h->behind, from->place);
    h->at = from->at;
    h->event = (al_event){.kind = from->kind};
}

static void keep_near(al_history *h)
{
    forget(&h->near);
    h->near = (checkpoint){
        .at = h->at,
        .picked = *h->picked,
        .kind = h->event.kind,
        .place = al_trace_reader_place(h->behind),
        .image = al_region_save(h->region,
                                checkpoint_before(h, h->at)->image),
    };
}

static void go_back(al_history *h, uint64_t position)
{
    const checkpoint *from = checkpoint_before(h, position);

    if (h->near.image && h->near.at < position && h->near.at > from->at)
        from = &h->near;
    restore(h, from);
    while (h->at < position) {
        if (position - h->at == NEAR && h->near.at != h->at)
            keep_near(h);
        if (!advance_behind(h))
            return;
    }
}

/* To a position that is known. */
static void go_within(al_history *h, uint64_t position)
{
    const checkpoint *last = checkpoint_before(h, position);

    if (position < h->at || (last->at > h->at && !h->is_at_front))
        go_back(h, position);
    while (h->at < position && advance_behind(h))
        ;
}

/* The front's reader has gone on, and its texts are no more. */
static void read_event_again(al_history *h)
{
    if (h->at > 0)
        go_back(h, h->at);
    else
        restore(h, &h->kept[0]);
}

static void forget_here(al_history *h)
{
    al_region_image_free(h->here);
    h->here = NULL;
}

bool al_history_go(al_history *h, uint64_t position)
{
    forget_here(h);
    if (position <= h->end.at) {
        if (position != h->at)
            go_within(h, position);
        return true;
    }
    return_to_front(h);
    while (h->at < position) {
        if (!advance_front(h)) {
            read_event_again(h);
            return false;
        }
    }
    return true;
}

/* -- looking for something --------------------------------------------------- */

/* One event on; false: it is at the end. */
static bool advance(al_history *h)
{
    if (h->at == h->end.at)
        return_to_front(h);
    if (h->is_at_front)
        return advance_front(h);
    return advance_behind(h);
}

static void begin(const al_history *h, const al_history_search *search)
{
    if (search->begins)
        search->begins(h->at > 0 ? h->event.kind : AL_EVENT_COUNT, h->state,
                       search->self);
}

/* Now and then. */
static bool gives_up(const al_history *h, al_history_search *search)
{
    search->is_given_up = h->at % ASKS_EVERY == 0 &&
                          al_patience_ends(search->patience);
    return search->is_given_up;
}

/* Or gives it up where the next event has to be waited for. */
static bool may_advance(const al_history *h, al_history_search *search)
{
    search->is_given_up = h->at == h->end.at &&
                          !al_history_await(h, search->patience);
    return !search->is_given_up;
}

static bool stops(const al_history *h, const al_history_search *search)
{
    return h->at > 0 && search->test(&h->event, h->state, search->self);
}

static uint64_t wanted(const al_history_search *search)
{
    return search->count ? search->count : 1;
}

static void forget_found(al_history_search *search)
{
    search->found = search->last = 0;
    search->is_given_up = false;
}

bool al_history_find(al_history *h, al_history_search *search)
{
    uint64_t origin = h->at;

    forget_here(h);
    forget_found(search);
    begin(h, search);
    while (may_advance(h, search)) {
        if (!advance(h)) {
            read_event_again(h);
            return false;
        }
        if (stops(h, search)) {
            search->last = h->at;
            if (++search->found == wanted(search))
                return true;
        }
        if (gives_up(h, search))
            break;
    }
    al_history_go(h, origin);
    return false;
}

/* The matches of a stretch, the latest ones: as many as are asked for. */
typedef struct matches {
    uint64_t *ring;
    uint64_t room, count;
} matches;

/* Of the positions from where it is up to `before`.  False: given up. */
static bool collect(al_history *h, uint64_t before, matches *m,
                    al_history_search *search)
{
    while (h->at + 1 < before) {
        if (!advance_behind(h))
            return true;
        if (stops(h, search))
            m->ring[m->count++ % m->room] = h->at;
        if (gives_up(h, search))
            return false;
    }
    return true;
}

/* Those of a stretch, to those of the stretches after it. */
static void note_matches(al_history_search *search, const matches *m)
{
    uint64_t left = wanted(search) - search->found;
    uint64_t taken = m->count < left ? m->count : left;

    if (taken > 0)
        search->last = m->ring[(m->count - taken) % m->room];
    search->found += taken;
}

bool al_history_find_back(al_history *h, al_history_search *search)
{
    uint64_t origin = h->at, before = h->at;
    bool goes_on = true;

    forget_here(h);
    forget_found(search);
    while (goes_on && search->found < wanted(search) && before > 1) {
        const checkpoint *from = checkpoint_before(h, before - 1);
        uint64_t left = wanted(search) - search->found;
        uint64_t room = left < h->spacing ? left : h->spacing;
        matches m = {al_realloc_array(NULL, room, sizeof *m.ring), room, 0};

        restore(h, from);
        begin(h, search);
        goes_on = collect(h, before, &m, search);
        before = from->at + 1;
        if (goes_on)
            note_matches(search, &m);
        al_free(m.ring);
    }
    if (search->found == wanted(search)) {
        al_history_go(h, search->last);
        return true;
    }
    al_history_go(h, goes_on ? 0 : origin);
    return false;
}

void al_history_skip(al_history *h,
                     bool (*has_come)(const al_state *state, void *self),
                     void *self)
{
    size_t low = 0, high = h->count;

    forget_here(h);
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        restore(h, &h->kept[middle]);
        if (has_come(h->state, self))
            high = middle;
        else
            low = middle;
    }
    restore(h, &h->kept[low]);
}

/* -- looking elsewhere -------------------------------------------------------- */

static const al_event *read_aside(al_history *h)
{
    al_error ignored = {0};

    if (al_trace_reader_next(h->aside, &h->seen, &ignored) != AL_TRACE_EVENT)
        return NULL;
    h->aside_at.at++;
    h->aside_at.picked += is_picked(h, &h->seen);
    return &h->seen;
}

static void look_from(al_history *h, al_milestone from)
{
    if (!h->aside)
        h->aside = al_trace_reader_again(h->front);
    al_trace_reader_seek(h->aside, from.place);
    h->aside_at = from;
}

static al_milestone milestone(const checkpoint *c)
{
    return (al_milestone){c->at, c->picked, c->place};
}

void al_history_look(al_history *h, uint64_t from, uint64_t to,
                     void (*tell)(void *self, uint64_t at,
                                  const al_event *event),
                     void *self)
{
    uint64_t last = to < h->end.at ? to : h->end.at;
    const al_event *event;

    look_from(h, milestone(checkpoint_before(h, from)));
    while (h->aside_at.at < last) {
        event = read_aside(h);
        if (!event)
            return;
        if (h->aside_at.at >= from)
            tell(self, h->aside_at.at, event);
    }
}

uint64_t al_history_picked(const al_history *h)
{
    return *h->picked;
}

/* The last one before a pick. */
static const checkpoint *checkpoint_before_pick(const al_history *h,
                                                uint64_t index)
{
    size_t low = 0, high = h->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (h->kept[middle].picked <= index)
            low = middle;
        else
            high = middle;
    }
    return &h->kept[low];
}

/* Picks may be dense here and far apart there, so neither the list of them
 * nor the images alone are always near. */
static void look_for_pick(al_history *h, uint64_t index)
{
    al_milestone from = milestone(checkpoint_before_pick(h, index));
    al_milestone listed = al_picks_before(&h->all_picked, index);

    if (listed.at > from.at)
        from = listed;
    if (!h->aside || h->aside_at.picked > index || h->aside_at.at < from.at)
        look_from(h, from);
}

const al_event *al_history_picked_event(al_history *h, uint64_t index,
                                        uint64_t *at)
{
    const al_event *event;

    look_for_pick(h, index);
    do {
        event = read_aside(h);
    } while (event && h->aside_at.picked <= index);
    *at = h->aside_at.at;
    return event;
}

/* -- what is known of it ----------------------------------------------------- */

static void read_front(al_history *h, uint64_t count)
{
    return_to_front(h);
    while (count-- > 0 && advance_front(h) &&
           al_trace_reader_is_ready(h->front))
        ;
    leave_front(h);
}

bool al_history_read_on(al_history *h, uint64_t count)
{
    bool was_at_front = h->is_at_front;
    uint64_t at = h->at;
    al_event event = h->event; /* its texts are the other reader's */

    if (h->is_complete)
        return false;
    if (!was_at_front && !h->here)
        h->here = al_region_save(h->region, checkpoint_before(h, at)->image);
    read_front(h, count);
    h->at = at;
    if (was_at_front) {
        read_event_again(h);
    } else {
        al_region_restore(h->region, h->here);
        h->event = event;
    }
    return !h->is_complete;
}

/* A last line may have been half written: it is read again. */
bool al_history_try_again(al_history *h)
{
    uint64_t size = al_trace_reader_size(h->front);

    if (!h->is_complete || size == h->tried_size ||
        size <= al_trace_reader_place(h->front).offset)
        return false;
    h->size = h->tried_size = size;
    h->wrong = (al_error){0};
    h->is_complete = false;
    al_trace_reader_seek(h->front, h->stop);
    return true;
}

/* A line that is wrong, or half of one, is not known. */
bool al_history_copy(const al_history *h, al_sink sink, al_error *err)
{
    return al_trace_reader_copy(h->front,
                                h->wrong.message[0]
                                    ? h->stop
                                    : al_trace_reader_place(h->front),
                                sink, err);
}

uint64_t al_history_known(const al_history *h)
{
    return h->end.at;
}

bool al_history_has(const al_history *history, al_event_kind kind)
{
    return history->has_kind[kind];
}

bool al_history_is_complete(const al_history *h)
{
    return h->is_complete;
}

bool al_history_must_wait(const al_history *h)
{
    return !al_trace_reader_is_ready(h->front);
}

bool al_history_is_whole(const al_history *h)
{
    return h->is_complete && !al_history_may_grow(h);
}

bool al_history_is_lost(const al_history *h)
{
    return h->is_lost;
}

bool al_history_may_grow(const al_history *h)
{
    if (h->copy)
        return !h->is_complete;
    if (h->wrong.message[0])
        return al_trace_reader_is_cut(h->front);
    return !h->has_kind[AL_EVENT_END];
}

double al_history_progress(const al_history *h)
{
    if (h->is_complete)
        return 1;
    return h->size == 0 ? NAN
                        : (double)al_trace_reader_place(h->front).offset /
                              (double)h->size;
}

bool al_history_await(const al_history *h, const al_patience *patience)
{
    enum { TURN = 20 }; /* milliseconds, between two looks at the keys */

    while (al_history_must_wait(h)) {
        if (al_patience_ends(patience))
            return false;
        poll(NULL, 0, TURN);
    }
    return true;
}

const al_error *al_history_error(const al_history *h)
{
    return h->wrong.message[0] ? &h->wrong : NULL;
}

/* -- where it is ------------------------------------------------------------- */

const al_trace_header *al_history_header(const al_history *h)
{
    return al_trace_reader_header(h->front);
}

uint64_t al_history_at(const al_history *h)
{
    return h->at;
}

const al_event *al_history_event(const al_history *h)
{
    return h->at > 0 ? &h->event : NULL;
}

const al_state *al_history_state(const al_history *h)
{
    return h->state;
}

void al_history_limit(al_history *h, size_t budget)
{
    h->budget = budget ? budget : USUAL_BUDGET;
    keep_within_budget(h);
}

/* -- a history ---------------------------------------------------------------- */

/* False: there is no place for a copy of it. */
static bool make_readable_again(al_history *h, al_error *err)
{
    if (al_trace_reader_is_seekable(h->front)) {
        h->size = al_trace_reader_size(h->front);
        return true;
    }
    h->copy = tmpfile();
    if (!h->copy)
        return al_fail(err, "cannot make a temporary file: %s",
                       strerror(errno));
    al_trace_reader_keep(h->front, fileno(h->copy));
    return true;
}

static void new_state(al_history *h)
{
    al_allocator outside = al_set_allocator(al_region_allocator(h->region));

    h->state = al_state_new(NULL);
    h->picked = al_alloc_zero(1, sizeof *h->picked);
    al_set_allocator(outside);
}

al_history *al_history_new(al_trace_reader *reader,
                           const al_history_options *options, al_error *err)
{
    al_history *h = al_alloc_zero(1, sizeof *h);

    h->front = reader;
    h->picks = options ? options->picks : NULL;
    al_history_limit(h, options ? options->budget : 0);
    h->spacing = options && options->spacing ? options->spacing
                                             : USUAL_SPACING;
    h->region = al_region_new();
    if (!h->region)
        al_fail(err, "there are no addresses left");
    if (!h->region || !make_readable_again(h, err)) {
        h->front = NULL;
        al_history_free(h);
        return NULL;
    }
    h->behind = al_trace_reader_again(reader);
    h->is_at_front = true;
    new_state(h);
    keep(h);
    return h;
}

/* The state has nothing outside its region, nor has the number of picks. */
void al_history_free(al_history *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->count; i++)
        forget(&h->kept[i]);
    forget(&h->near);
    forget(&h->end);
    forget_here(h);
    al_free(h->kept);
    al_picks_release(&h->all_picked);
    al_trace_reader_free(h->aside);
    al_trace_reader_free(h->behind);
    al_trace_reader_free(h->front);
    if (h->copy)
        fclose(h->copy);
    al_region_free(h->region);
    al_free(h);
}
