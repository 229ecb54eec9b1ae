/* range.c - range objects. */
#include "sim/python/range.h"

#include "loop/base/hash.h"
#include "sim/machine/machine.h"

static void range_free(al_object *self)
{
    al_free(self);
}

static void range_repr(const al_object *self, al_text *out)
{
    const al_range *r = (const al_range *)self;

    al_text_add_format(out, "range(%lld, %lld", (long long)r->start,
                       (long long)r->stop);
    if (r->step != 1)
        al_text_add_format(out, ", %lld", (long long)r->step);
    al_text_add_char(out, ')');
}

static bool range_truth(const al_object *self)
{
    return ((const al_range *)self)->count > 0;
}

/* As sequences: range(0, 3, 2) == range(0, 4, 2). */
static bool range_equal(const al_object *self, const al_object *other)
{
    const al_range *a = (const al_range *)self;
    const al_range *b = (const al_range *)other;

    return a->count == b->count &&
           (a->count == 0 ||
            (a->start == b->start && (a->count == 1 || a->step == b->step)));
}

static uint64_t range_hash(const al_object *self)
{
    const al_range *r = (const al_range *)self;
    uint64_t hash = r->count * AL_HASH_FACTOR;

    if (r->count > 0)
        hash ^= (uint64_t)r->start * 0xbf58476d1ce4e5b9u;
    if (r->count > 1)
        hash ^= (uint64_t)r->step * 0x94d049bb133111ebu;
    return hash;
}

static const al_type range_type = {
    .name = "range",
    .free = range_free,
    .repr = range_repr,
    .truth = range_truth,
    .equal = range_equal,
    .hash = range_hash,
};

/* How far it is from one number to another, in the direction of step; and
 * how far step goes.  Neither need fit an int64_t. */
static uint64_t distance(int64_t from, int64_t to, int64_t step)
{
    return step > 0 ? (uint64_t)to - (uint64_t)from
                    : (uint64_t)from - (uint64_t)to;
}

static uint64_t stride(int64_t step)
{
    return step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
}

al_value al_range_new(int64_t start, int64_t stop, int64_t step)
{
    al_range *r = al_alloc(sizeof *r);
    bool is_empty = step > 0 ? start >= stop : start <= stop;

    al_object_init(&r->head, &range_type);
    r->start = start;
    r->stop = stop;
    r->step = step;
    r->count = is_empty
                   ? 0 : (distance(start, stop, step) - 1) / stride(step) + 1;
    return al_take(r);
}

const al_range *al_range_peek(al_value value)
{
    return al_is(value, &range_type) ? (al_range *)value.as.object : NULL;
}

int64_t al_range_item(const al_range *range, uint64_t at)
{
    return (int64_t)((uint64_t)range->start + at * (uint64_t)range->step);
}

bool al_range_find(const al_range *range, int64_t item, uint64_t *at)
{
    uint64_t offset = distance(range->start, item, range->step);

    if (range->step > 0 ? item < range->start : item > range->start)
        return false;
    *at = offset / stride(range->step);
    return offset % stride(range->step) == 0 && *at < range->count;
}

static al_value construct(al_call *call)
{
    int64_t numbers[3] = {0, 0, 1};

    for (size_t i = 0; i < call->count; i++) {
        if (!al_index(call->slots[i], &numbers[i]))
            return al_no_value();
    }
    if (call->count == 1)
        return al_range_new(0, numbers[0], 1);
    if (numbers[2] == 0)
        return al_fail_with(&al_ValueError, "range() arg 3 must not be zero");
    return al_range_new(numbers[0], numbers[1], numbers[2]);
}

/* The value may be a float that equals an item: 2.0 is found as 2. */
static bool find(al_call *call, uint64_t *at)
{
    const al_range *r = al_range_peek(call->self);
    al_value item = call->slots[0];

    if (al_contains(call->vm, call->self, item) <= 0 || !al_is_number(item))
        return false;
    return al_range_find(
        r, al_is_whole(item) ? al_whole(item) : (int64_t)item.as.real, at);
}

static al_value range_index(al_call *call)
{
    uint64_t at;

    if (find(call, &at))
        return at > INT64_MAX ? al_overflow() : al_int((int64_t)at);
    if (al_peek_raised())
        return al_no_value();
    return al_fail_with(&al_ValueError, "%s",
                        al_is_whole(call->slots[0])
                            ? "range.index(x): x not in range"
                            : "sequence.index(x): x not in sequence");
}

static al_value range_count(al_call *call)
{
    uint64_t at;
    bool is_found = find(call, &at);

    return al_peek_raised() ? al_no_value() : al_int(is_found);
}

static al_value get_start(al_vm *vm, al_value self)
{
    (void)vm;
    return al_int(al_range_peek(self)->start);
}

static al_value get_stop(al_vm *vm, al_value self)
{
    (void)vm;
    return al_int(al_range_peek(self)->stop);
}

static al_value get_step(al_vm *vm, al_value self)
{
    (void)vm;
    return al_int(al_range_peek(self)->step);
}

static const al_getter getters[] = {
    {"start", get_start}, {"stop", get_stop}, {"step", get_step}, {0},
};

static const al_method methods[] = {
    AL_METHOD(range, index, .min = 1, .max = 1),
    AL_METHOD(range, count, .min = 1, .max = 1),
    {0},
};

static const al_method constructor = {
    .name = "range",
    .qualname = "range",
    .call = construct,
    .min = 1,
    .max = 3,
};

const al_class al_range_class = {
    .head = AL_CLASS_HEAD,
    .name = "range",
    .tag = AL_OBJECT,
    .type = &range_type,
    .constructor = &constructor,
    .methods = methods,
    .getters = getters,
};
