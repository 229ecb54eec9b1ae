/* python_names.c - which names an exported program uses, and for what.
 *
 * A scenario may call a variable `log` or `asyncio`.  Its own names stay as
 * they are, for they show in traces; what the program imports gives way. */
#include "sim/export/python_writer.h"

#include <limits.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/scenario/signals.h"

static const struct {
    const char *name, *module;
} imports[AL_PY_IMPORT_COUNT] = {
#define IMPORT(NAME, import_name, import_module)                               \
    [AL_PY_##NAME] = {.name = #import_name, .module = import_module},
    AL_PY_IMPORTS(IMPORT)
#undef IMPORT
};

void al_names_release(al_names *names)
{
    al_free(names->items);
    *names = (al_names){0};
}

bool al_names_have(const al_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
    }
    return false;
}

void al_names_add(al_names *names, const char *name)
{
    if (al_names_have(names, name))
        return;
    names->items = al_grow(names->items, &names->capacity, names->count + 1,
                           sizeof *names->items);
    names->items[names->count++] = name;
}

void al_py_name(al_py *p, const char *name)
{
    al_names_add(p->names, name);
    al_text_add(p->out, name);
}

void al_py_use(al_py *p, al_py_import import)
{
    const char *name = p->imports[import];

    p->used[import] = true;
    al_text_add(p->out, name ? name : imports[import].name);
}

char *al_py_free_name(const al_names *names, const char *wish)
{
    al_text name = {0};

    al_text_add(&name, wish);
    while (al_names_have(names, name.bytes))
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

static void add_as(const al_py *p, int import, al_text *out)
{
    al_text_add(out, imports[import].name);
    if (strcmp(p->imports[import], imports[import].name) != 0)
        al_text_add_format(out, " as %s", p->imports[import]);
}

void al_py_add_imports(const al_py *p, al_text *out)
{
    const char *module = NULL;

    for (int i = 0; i < AL_PY_IMPORT_COUNT; i++) {
        if (!p->used[i])
            continue;
        if (!imports[i].module) {
            al_text_add(out, "import ");
        } else if (!module) {
            module = imports[i].module;
            al_text_add_format(out, "from %s import ", module);
        } else {
            al_text_truncate(out, out->length - 1); /* the line goes on */
            al_text_add(out, ", ");
        }
        add_as(p, i, out);
        al_text_add_char(out, '\n');
    }
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
