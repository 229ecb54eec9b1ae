/* load_world.c - fds, and what happens to the loop from outside. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/scenario/hints.h"
#include "sim/scenario/loader.h"
#include "sim/scenario/signals.h"

/* -- fds ---------------------------------------------------------------- */

static bool is_declared(const al_loader *l, const char *name, unsigned as)
{
    const al_name_entry *entry = al_name_map_find(&l->declared, name);

    return entry && (entry->flags & as);
}

static void add_fd(al_loader *l, const char *name)
{
    al_scenario *s = l->scenario;

    al_name_map_add(&l->declared, name)->flags |= AL_NAME_FD;
    s->fds = al_arena_grow(l->arena, (void *)s->fds, s->fd_count,
                           &l->fd_capacity, sizeof *s->fds);
    s->fds[s->fd_count++] = name;
}

static const char *declare_fd(al_loader *l, al_json_value value)
{
    const char *name = al_load_name(l, value);

    if (!name)
        return NULL;
    if (strcmp(name, "self") == 0)
        al_load_fail(l, value, NULL,
                     "'self' is what traces call the loop's own pipe: choose "
                     "another name");
    else if (is_declared(l, name, AL_NAME_FUNCTION))
        al_load_fail(l, value, NULL, "'%s' is a function already", name);
    else if (!is_declared(l, name, AL_NAME_FD))
        add_fd(l, name);
    return name;
}

void al_load_fds(al_loader *l, al_json_value list)
{
    if (!cJSON_IsArray(list.item)) {
        al_load_fail_type(l, list, "a list of names");
        return;
    }
    for (al_json_value v = al_json_first(list); v.item; v = al_json_next(v)) {
        const char *text = cJSON_GetStringValue(v.item);

        if (text && is_declared(l, text, AL_NAME_FD))
            al_load_fail(l, v, NULL, "'%.100s' is declared twice", text);
        else
            declare_fd(l, v);
    }
}

/* -- items -------------------------------------------------------------- */

static bool has_misnamed_time(al_json_value object)
{
    static const char *const keys[] = {"at"};
    al_json_value v = al_json_first(object);

    while (v.item && !al_synonym(v.item->string, keys, 1))
        v = al_json_next(v);
    return v.item;
}

static bool load_at(al_loader *l, al_json_value object, al_world_item *item)
{
    al_json_value at = al_json_member(object, "at");

    if (!at.item && has_misnamed_time(object))
        return false; /* which is reported */
    if (!at.item)
        return al_load_fail(l, object, NULL,
                            "an item of the world needs \"at\": the time in "
                            "seconds");
    if (!cJSON_IsNumber(at.item))
        return al_load_fail_type(l, at, "a number of seconds");
    item->at = al_json_get_double(at);
    if (item->at < 0)
        return al_load_fail(l, at, NULL, "\"at\" must not be negative");
    return true;
}

static bool load_readiness(al_loader *l, al_json_value object,
                           const char *name, int *ready)
{
    al_json_value v = al_json_member(object, name);

    *ready = -1;
    if (!v.item)
        return true;
    if (!cJSON_IsBool(v.item))
        return al_load_fail_type(l, v, "true or false");
    *ready = cJSON_IsTrue(v.item);
    return true;
}

static bool load_fd_item(al_loader *l, al_json_value object,
                         al_json_value head, al_world_item *item)
{
    static const char *const keys[] = {"at", "fd", "readable", "writable",
                                       NULL};
    bool ok = al_load_check_keys(l, object, "an fd's item", keys);

    item->kind = AL_WORLD_FD;
    item->name = declare_fd(l, head);
    ok = load_readiness(l, object, "readable", &item->readable) && ok;
    ok = load_readiness(l, object, "writable", &item->writable) && ok;
    if (ok && item->readable < 0 && item->writable < 0)
        return al_load_fail_name(l, head, NULL,
                                 "expected \"readable\" or \"writable\" "
                                 "beside 'fd'");
    return ok && item->name;
}

static bool load_signal_item(al_loader *l, al_json_value object,
                             al_json_value head, al_world_item *item)
{
    static const char *const keys[] = {"at", "signal", NULL};
    const char *name = al_load_text(l, head);

    al_load_check_keys(l, object, "a signal's item", keys);
    if (!name)
        return false;
    item->kind = AL_WORLD_SIGNAL;
    item->sig = al_signal_find(name);
    if (item->sig == 0)
        return al_load_fail(l, head, al_signal_closest(name),
                            "unknown signal '%.60s'", name);
    if (item->sig == SIGKILL || item->sig == SIGSTOP)
        return al_load_fail(l, head, NULL,
                            "%s cannot be caught: the world cannot send it",
                            name);
    return true;
}

/* {"at": …, "thread": "t", "call_soon_threadsafe": {…}} */
static bool load_single_operation(al_loader *l, al_json_value object,
                                  al_json_value head, al_world_item *item)
{
    static const char *const beside[] = {"at", "thread", NULL};
    al_json_value verb = al_find_verb(object);
    size_t capacity = 0;
    al_stmt *s;

    if (!verb.item && al_json_size(object) > 2) {
        al_json_value v = al_json_first(object);

        while (strcmp(v.item->string, "at") == 0 || v.item == head.item)
            v = al_json_next(v);
        return al_load_fail_name(l, v, NULL, "unknown operation '%.100s'",
                                 v.item->string);
    }
    if (!verb.item)
        return al_load_fail_name(l, head, NULL,
                                 "a thread needs an operation, or \"do\" with "
                                 "statements");
    s = al_stmt_new(l, AL_STMT_EXPR, object);
    s->as.expr.value = al_load_operation(l, object, verb, beside);
    if (s->as.expr.value)
        al_block_add(l, &item->body, &capacity, s);
    return s->as.expr.value;
}

static bool load_thread_item(al_loader *l, al_json_value object,
                             al_json_value head, al_world_item *item)
{
    static const char *const keys[] = {"at", "thread", "do", NULL};
    al_json_value body = al_json_member(object, "do");

    item->kind = AL_WORLD_THREAD;
    item->name = al_load_text(l, head);
    if (!item->name)
        return false;
    if (!*item->name)
        return al_load_fail(l, head, NULL, "a thread's name may not be empty");
    l->in = AL_BODY_FUNCTION;
    if (!body.item)
        return load_single_operation(l, object, head, item);
    al_load_check_keys(l, object, "a thread's item", keys);
    item->body = al_load_body(l, body, true);
    return true;
}

static bool load_kind(al_loader *l, al_json_value object, al_world_item *item)
{
    al_json_value fd = al_json_member(object, "fd");
    al_json_value sig = al_json_member(object, "signal");
    al_json_value thread = al_json_member(object, "thread");

    if (thread.item) /* whose operation may have an fd of its own */
        return load_thread_item(l, object, thread, item);
    if (fd.item)
        return load_fd_item(l, object, fd, item);
    if (sig.item)
        return load_signal_item(l, object, sig, item);
    return al_load_fail(l, object, NULL,
                        "an item of the world needs \"fd\", \"signal\" or "
                        "\"thread\"; statements stand in a thread's \"do\"");
}

static bool load_item(al_loader *l, al_json_value object, al_world_item *item)
{
    bool ok;

    if (!cJSON_IsObject(object.item))
        return al_load_fail_type(l, object, "an object");
    item->place = al_load_place(l, object);
    item->readable = item->writable = -1;
    ok = load_at(l, object, item);
    return load_kind(l, object, item) && ok;
}

/* -- all of them -------------------------------------------------------- */

typedef struct dated {
    double at;
    size_t index;
} dated;

static int by_time(const void *a, const void *b)
{
    const dated *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static void sort_world(al_loader *l)
{
    al_scenario *s = l->scenario;
    size_t count = s->world_count;
    al_world_item *sorted = al_arena_alloc(l->arena, count * sizeof *sorted);
    dated *order = al_alloc(count * sizeof *order);

    for (size_t i = 0; i < count; i++)
        order[i] = (dated){s->world[i].at, i};
    if (count > 1)
        qsort(order, count, sizeof *order, by_time);
    for (size_t i = 0; i < count; i++)
        sorted[i] = s->world[order[i].index];
    al_free(order);
    s->world = sorted;
}

void al_load_world(al_loader *l, al_json_value list)
{
    al_scenario *s = l->scenario;

    if (!cJSON_IsArray(list.item)) {
        al_load_fail_type(l, list, "a list of what happens");
        return;
    }
    s->world = al_arena_alloc(l->arena, al_json_size(list) * sizeof *s->world);
    for (al_json_value v = al_json_first(list); v.item; v = al_json_next(v)) {
        if (load_item(l, v, &s->world[s->world_count]))
            s->world_count++;
        else
            s->world[s->world_count] = (al_world_item){0};
    }
    sort_world(l);
}
