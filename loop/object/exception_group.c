/* exception_group.c - see exception_group.h.
 *
 * Whether a part of a group was raised again or anew CPython tells by its
 * traceback, cause, context and notes; here a part knows the group it was
 * split from, and forgets it when it is raised by name. */
#include "loop/object/exception_group.h"

#include "loop/base/alloc.h"

bool al_exception_is_group(const al_exception *e)
{
    return al_exception_is(e, &al_BaseExceptionGroup) &&
           e->details[0].tag != AL_ABSENT;
}

const al_tuple *al_exception_group_peek(const al_exception *group)
{
    return (const al_tuple *)group->details[0].as.object;
}

static const al_exception_class *class_for(al_exception *const *exceptions,
                                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!al_exception_is(exceptions[i], &al_Exception))
            return &al_BaseExceptionGroup;
    }
    return &al_ExceptionGroup;
}

al_exception *al_exception_group_new(al_value message,
                                     al_exception *const *exceptions,
                                     size_t count)
{
    al_tuple *inside = al_tuple_alloc(count);
    al_value args[2] = {message};
    al_exception *group;

    for (size_t i = 0; i < count; i++)
        inside->items[i] = al_take(al_ref(exceptions[i]));
    args[1] = al_list_make(inside->items, count);
    group = al_exception_new(class_for(exceptions, count), args, 2);
    al_value_release(args[1]);
    group->details[0] = al_take(inside);
    return group;
}

/* -- parts ---------------------------------------------------------------- */

typedef struct part { /* exceptions of it, references */
    al_exception **items;
    size_t count, capacity;
} part;

static void add(part *p, al_exception *e) /* takes it; NULL: nothing */
{
    if (!e)
        return;
    p->items = al_grow(p->items, &p->capacity, p->count + 1, sizeof *p->items);
    p->items[p->count++] = e;
}

static void release_part(part *p)
{
    for (size_t i = 0; i < p->count; i++)
        al_unref(p->items[i]);
    al_free(p->items);
}

static uint64_t origin(const al_exception *e)
{
    return e->split_from ? e->split_from : e->serial;
}

static al_value copy_notes(al_value notes)
{
    al_tuple *items = al_tuple_from(notes);
    al_value copy = al_list_make(items->items, items->count);

    al_unref(items);
    return copy;
}

/* exceptiongroup_subset: of the same message and fate; NULL: of nothing. */
static al_exception *subset(const al_exception *group, const part *p)
{
    al_exception *e;

    if (p->count == 0)
        return NULL;
    e = al_exception_group_new(group->args->items[0], p->items, p->count);
    al_exception_take_cause(e, al_ref(group->cause));
    al_exception_take_context(e, al_ref(group->context));
    e->suppress_context = group->suppress_context;
    e->split_from = origin(group);
    if (group->notes.tag != AL_ABSENT)
        e->notes = copy_notes(group->notes);
    for (size_t i = 0; i < group->traceback_count; i++)
        al_exception_add_place(e, group->traceback[i]);
    return e;
}

static bool split(al_exception *e, al_exception_matcher *matches, void *self,
                  al_exception **match, al_exception **rest);

static bool split_inside(const al_exception *group,
                         al_exception_matcher *matches, void *self,
                         part *match, part *rest)
{
    const al_tuple *inside = al_exception_group_peek(group);

    for (size_t i = 0; i < inside->count; i++) {
        al_exception *matching, *other;

        if (!split((al_exception *)inside->items[i].as.object, matches, self,
                   &matching, &other))
            return false;
        add(match, matching);
        add(rest, other);
    }
    return true;
}

static bool split_group(al_exception *group, al_exception_matcher *matches,
                        void *self, al_exception **match, al_exception **rest)
{
    part matching = {0}, other = {0};
    bool ok = al_nesting_enter(" in exceptiongroup_split_recursive");

    if (!ok)
        return false;
    ok = split_inside(group, matches, self, &matching, &other);
    al_nesting_leave();
    if (ok) {
        *match = subset(group, &matching);
        *rest = subset(group, &other);
    }
    release_part(&matching);
    release_part(&other);
    return ok;
}

static bool split(al_exception *e, al_exception_matcher *matches, void *self,
                  al_exception **match, al_exception **rest)
{
    int whole = matches(self, e);

    *match = *rest = NULL;
    if (whole < 0)
        return false;
    if (whole)
        *match = al_ref(e);
    else if (al_exception_is_group(e))
        return split_group(e, matches, self, match, rest);
    else
        *rest = al_ref(e);
    return true;
}

bool al_exception_group_split(al_exception *group,
                              al_exception_matcher *matches, void *self,
                              al_exception **match, al_exception **rest)
{
    return split(group, matches, self, match, rest);
}

/* -- the end of except* --------------------------------------------------- */

typedef struct leaves {
    al_exception *const *groups;
    size_t count;
} leaves;

static bool holds(const al_exception *e, const al_exception *leaf)
{
    const al_tuple *inside;

    if (!al_exception_is_group(e))
        return e == leaf;
    inside = al_exception_group_peek(e);
    for (size_t i = 0; i < inside->count; i++) {
        if (holds((const al_exception *)inside->items[i].as.object, leaf))
            return true;
    }
    return false;
}

static int is_leaf_of(void *self, const al_exception *e)
{
    const leaves *l = self;

    if (al_exception_is_group(e))
        return 0;
    for (size_t i = 0; i < l->count; i++) {
        if (holds(l->groups[i], e))
            return 1;
    }
    return 0;
}

/* Those raised again, as they stood in the original group. */
static al_exception *project(al_exception *original, const part *again)
{
    leaves l = {again->items, again->count};
    al_exception *match = NULL, *rest = NULL;

    if (again->count == 0)
        return NULL;
    split_group(original, is_leaf_of, &l, &match, &rest);
    al_unref(rest);
    return match;
}

static al_exception *put_together(const part *anew)
{
    al_value message;
    al_exception *group;

    if (anew->count == 0)
        return NULL;
    if (anew->count == 1)
        return al_ref(anew->items[0]);
    message = al_str_new("");
    group = al_exception_group_new(message, anew->items, anew->count);
    al_value_release(message);
    return group;
}

al_exception *al_exception_group_merge(al_exception *original,
                                       al_exception *const *raised,
                                       size_t count)
{
    part again = {0}, anew = {0};
    al_exception *result;

    if (!al_exception_is_group(original)) /* one clause at most has run */
        return count ? al_ref(raised[count - 1]) : NULL;
    for (size_t i = 0; i < count; i++) {
        bool is_part = al_exception_is_group(raised[i]) &&
                       origin(raised[i]) == origin(original);

        add(is_part ? &again : &anew, al_ref(raised[i]));
    }
    add(&anew, project(original, &again));
    result = put_together(&anew);
    release_part(&again);
    release_part(&anew);
    return result;
}
