/* python_names.c - which names an exported program uses, and for what.
 *
 * A scenario may call a variable `log` or `asyncio`.  Its own names stay as
 * they are, for they show in traces; what the program imports gives way. */
#include "sim/export/python_writer.h"

#include <limits.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/object/exception.h"
#include "sim/scenario/signals.h"

static const struct {
    const char *name, *module;
} imports[AL_PY_IMPORT_COUNT] = {
#define IMPORT(NAME, import_name, import_module)                               \
    [AL_PY_##NAME] = {.name = #import_name, .module = import_module},
    AL_PY_IMPORTS(IMPORT)
#undef IMPORT
};

void al_name_set_release(al_name_set *names)
{
    al_free(names->items);
    *names = (al_name_set){0};
}

static bool have(const al_name_set *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
    }
    return false;
}

void al_name_set_add(al_name_set *names, const char *name)
{
    if (have(names, name))
        return;
    names->items = al_grow(names->items, &names->capacity, names->count + 1,
                           sizeof *names->items);
    names->items[names->count++] = name;
}

void al_py_name(al_py *p, const char *name)
{
    al_name_set_add(p->names, name);
    al_text_add(p->out, name);
}

void al_py_use(al_py *p, al_py_import import)
{
    const char *name = p->imports[import];

    p->used[import] = true;
    al_text_add(p->out, name ? name : imports[import].name);
}

/* Only its repr tells of which module a class is. */
static bool is_of_asyncio(const al_exception_class *cls)
{
    static const char start[] = "<class 'asyncio.";
    al_text repr = {0};
    bool result;

    cls->head.type->repr(&cls->head, &repr);
    result = strncmp(al_text_peek(&repr), start, sizeof start - 1) == 0;
    al_text_release(&repr);
    return result;
}

/* Those among al_builtin_names. */
static bool is_asyncio_function(const char *name)
{
    static const char *const names[] = {
        "eager_task_factory", "create_eager_task_factory", "isfuture", "Task",
        "Future", "EventLoop", "SelectorEventLoop",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

void al_py_variable(al_py *p, const char *name)
{
    const al_exception_class *cls = al_exception_class_find(name);

    if (cls && al_exception_class_is_concurrent(cls))
        al_name_set_add(&p->concurrent_names, name);
    else if (cls && is_of_asyncio(cls))
        al_name_set_add(&p->asyncio_names, cls->name);
    if (is_asyncio_function(name))
        al_name_set_add(&p->asyncio_names, name);
    al_py_name(p, name);
}

char *al_py_free_name(const al_name_set *names, const char *wish)
{
    al_text name = {0};

    al_text_add(&name, wish);
    while (have(names, name.bytes))
        al_text_add_char(&name, '_');
    return al_text_take(&name);
}

/* Two imports are never given one name: those without underscores differ,
 * and underscores are only added at the end. */
void al_py_choose_imports(al_py *p)
{
    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++)
        p->imports[i] = al_py_free_name(p->names, imports[i].name);
}

/* ", log as log_": the comma unless it is the first of its line. */
static void add_imported(const al_py *p, int import, const char *comma,
                         al_text *out)
{
    const char *name = imports[import].name;

    al_text_add_format(out, "%s%s", comma, name);
    if (strcmp(p->imports[import], name) != 0)
        al_text_add_format(out, " as %s", p->imports[import]);
}

static bool is_plain(const al_py *p, int import)
{
    return strcmp(p->imports[import], imports[import].name) == 0;
}

/* A module of a package is imported by its whole name. */
static void add_modules(const al_py *p, al_text *out)
{
    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++) {
        if (!p->used[i] || imports[i].module)
            continue;
        if (i == AL_PY_CONCURRENT)
            al_text_add(out, "import concurrent.futures\n");
        if (i == AL_PY_CONCURRENT && is_plain(p, i))
            continue;
        add_imported(p, i, "import ", out);
        al_text_add_char(out, '\n');
    }
}

static void add_asyncio_names(const al_py *p, al_text *out)
{
    for (size_t i = 0; i < p->asyncio_names.count; i++)
        al_text_add_format(out, "%s%s", i ? ", " : "from asyncio import ",
                           p->asyncio_names.items[i]);
    if (p->asyncio_names.count > 0)
        al_text_add_char(out, '\n');
}

/* The one that its package does not have. */
static bool is_of_thread(const char *name)
{
    return al_exception_class_find(name) == &al_BrokenThreadPool;
}

static void add_concurrent_name(const char *name, al_text *out)
{
    const char *real = al_exception_class_find(name)->name;

    al_text_add(out, real);
    if (strcmp(real, name) != 0)
        al_text_add_format(out, " as %s", name);
}

static void add_concurrent_names(const al_py *p, bool of_thread, al_text *out)
{
    size_t count = 0;

    for (size_t i = 0; i < p->concurrent_names.count; i++) {
        const char *name = p->concurrent_names.items[i];

        if (is_of_thread(name) != of_thread)
            continue;
        if (count++ > 0)
            al_text_add(out, ", ");
        else
            al_text_add_format(out, "from concurrent.futures%s import ",
                               of_thread ? ".thread" : "");
        add_concurrent_name(name, out);
    }
    if (count > 0)
        al_text_add_char(out, '\n');
}

void al_py_add_imports(const al_py *p, al_text *out)
{
    const char *comma = "from asyncloop_sim_record import ";

    add_modules(p, out);
    add_asyncio_names(p, out);
    add_concurrent_names(p, false, out);
    add_concurrent_names(p, true, out);
    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++) {
        if (!p->used[i] || !imports[i].module)
            continue;
        add_imported(p, i, comma, out);
        comma = ", ";
    }
    al_text_add_char(out, '\n');
}

void al_py_signal(al_py *p, int64_t number)
{
    const char *name = number > 0 && number <= INT_MAX
                           ? al_signal_name((int)number)
                           : NULL;

    if (!name) {
        al_text_add_int(p->out, number);
        return;
    }
    al_py_use(p, AL_PY_SIGNAL);
    al_text_add_format(p->out, ".%s", name);
}
