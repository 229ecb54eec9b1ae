/* view_scheduled.c - the heap: as its array, or as the tree that it is. */
#include "cli/tui/view.h"

#include "cli/page.h"
#include "loop/base/alloc.h"

typedef struct scheduled_view {
    al_view head;
    size_t *order; /* of a tree: the entry that each row shows */
    size_t room;
} scheduled_view;

static const al_heap *heap_of(const al_moment *now)
{
    return now->loop ? &now->loop->heap : NULL;
}

/* Depth first: an entry's children are 2i+1 and 2i+2. */
static void order_tree(scheduled_view *view, const al_heap *heap)
{
    size_t at = 0;

    view->order = al_grow(view->order, &view->room, heap->count,
                          sizeof *view->order);
    for (size_t row = 0; row < heap->count; row++) {
        view->order[row] = at;
        if (2 * at + 1 < heap->count) {
            at = 2 * at + 1;
            continue;
        }
        while (at > 0 && (at % 2 == 0 || at + 1 >= heap->count))
            at = (at - 1) / 2; /* its sibling was shown, or there is none */
        at++;
    }
}

static size_t count(al_view *self, const al_moment *now)
{
    const al_heap *heap = heap_of(now);

    if (heap && now->heap_is_tree)
        order_tree((scheduled_view *)self, heap);
    return heap ? heap->count : 0;
}

/* The lines that lead from the root to an entry. */
static void add_branches(const al_moment *now, size_t entry, al_row *row)
{
    const al_heap *heap = heap_of(now);
    size_t path[64];
    int depth = 0;

    for (size_t at = entry; at > 0; at = (at - 1) / 2)
        path[depth++] = at;
    while (depth-- > 0) {
        bool is_last = path[depth] % 2 == 0 || path[depth] + 1 >= heap->count;
        const char *glyph = depth == 0
                                ? is_last ? now->glyphs->last
                                          : now->glyphs->branch
                                : is_last ? " " : now->glyphs->stem;

        al_row_add(row, AL_INK_FRAME, glyph);
    }
}

/* Is there another timer that is due at the same time?  Asked of a heap's
 * neighbours alone: a tie is rarely elsewhere. */
static bool is_tied(const al_heap *heap, size_t entry)
{
    double when = heap->entries[entry].when;
    size_t parent = entry > 0 ? (entry - 1) / 2 : 0;

    if (entry > 0 && heap->entries[parent].when == when)
        return true;
    for (size_t child = 2 * entry + 1; child <= 2 * entry + 2; child++) {
        if (child < heap->count && heap->entries[child].when == when)
            return true;
    }
    return false;
}

static void add_due(const al_moment *now, const al_heap *heap, size_t entry,
                    al_row *row)
{
    double when = heap->entries[entry].when;
    const al_traced *handle = heap->entries[entry].item;
    al_text text = {0};

    al_page_add_brief_seconds(&text, when);
    al_row_add_aligned(row, is_tied(heap, entry) ? AL_INK_TIE : AL_INK_TIME,
                       text.bytes);
    al_row_add(row, AL_INK_TIE, is_tied(heap, entry) ? "= " : "  ");
    al_row_add_handle(row, now, handle);
    al_text_clear(&text);
    if (handle->is_cancelled) {
        al_text_add(&text, "cancelled");
    } else if (when > now->loop->time) {
        al_text_add(&text, "in ");
        al_page_add_brief_duration(&text, when - now->loop->time,
                                   now->glyphs->micro);
    } else {
        al_text_add(&text, "due");
    }
    al_row_set_right(row, AL_INK_DIM, text.bytes);
    row->is_right_first = true;
    al_text_release(&text);
}

static void add_row(al_view *self, const al_moment *now, size_t index,
                    al_row *row)
{
    scheduled_view *view = (scheduled_view *)self;
    size_t entry = now->heap_is_tree ? view->order[index] : index;

    if (now->heap_is_tree)
        add_branches(now, entry, row);
    else
        al_row_add_format(row, AL_INK_DIM, "%zu ", entry);
    add_due(now, heap_of(now), entry, row);
}

static size_t find(al_view *self, const al_moment *now, al_thing thing)
{
    const scheduled_view *view = (const scheduled_view *)self;
    const al_heap *heap = heap_of(now);

    for (size_t row = 0; heap && row < heap->count; row++) {
        size_t entry = now->heap_is_tree ? view->order[row] : row;
        const al_traced *handle = heap->entries[entry].item;

        if (thing.kind == AL_THING_HANDLE && handle->id == thing.id)
            return row;
    }
    return SIZE_MAX;
}

/* How many of ten cells: it is full where all are cancelled. */
static void add_gauge(const al_moment *now, double share, al_text *out)
{
    for (int i = 0; i < 10; i++)
        al_text_add(out, i < (int)(share * 10) ? now->glyphs->full
                                               : now->glyphs->empty);
}

/* Both rules of compaction: "101 > 100, 51 cancelled: 50.5% > 50%". */
static void add_rules(const al_moment *now, size_t count, double share,
                      al_text *out)
{
    uint64_t least = now->knobs->min_scheduled_timer_handles;
    double most = now->knobs->min_cancelled_timer_handles_fraction;

    al_text_add_format(out, "%zu %s %llu, %llu cancelled: %.1f%% %s %g%%",
                       count, count > least ? ">" : "<=",
                       (unsigned long long)least,
                       (unsigned long long)now->loop->cancelled, 100 * share,
                       share > most ? ">" : "<=", 100 * most);
}

/* As much of it as there is room for. */
static void add_title(al_view *self, const al_moment *now, al_text *out)
{
    enum { BEFORE = sizeof "- Scheduled " + 1, GAUGE = 11 };
    const al_heap *heap = heap_of(now);
    double share;
    int room;

    if (!heap)
        return;
    if (now->loop->cancelled == 0 || heap->count == 0) {
        al_text_add_uint(out, heap->count);
        return;
    }
    share = (double)now->loop->cancelled / (double)heap->count;
    add_rules(now, heap->count, share, out);
    room = self->width - BEFORE - (int)out->length;
    if (room < 0) {
        al_text_clear(out);
        al_text_add_format(out, "%zu, %llu cancelled %.1f%%", heap->count,
                           (unsigned long long)now->loop->cancelled,
                           100 * share);
    } else if (room >= GAUGE) {
        al_text_add_char(out, ' ');
        add_gauge(now, share, out);
    }
}

static void release(al_view *self)
{
    al_free(((scheduled_view *)self)->order);
    al_free(self);
}

static const al_view_ops ops = {
    .title = "Scheduled",
    .count = count,
    .row = add_row,
    .find = find,
    .add_title = add_title,
    .free = release,
};

al_view *al_view_scheduled_new(void)
{
    scheduled_view *view = al_alloc_zero(1, sizeof *view);

    view->head.ops = &ops;
    return &view->head;
}
