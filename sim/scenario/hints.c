/* hints.c - see hints.h. */
#include "sim/scenario/hints.h"

#include <string.h>

typedef struct hint {
    const char *word, *text;
} hint;

static const char *find(const hint *hints, size_t count, const char *word,
                        size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(hints[i].word) == length &&
            memcmp(hints[i].word, word, length) == 0)
            return hints[i].text;
    }
    return NULL;
}

#define FIND(hints, word, length)                                              \
    find(hints, sizeof(hints) / sizeof *(hints), word, length)

/* -- names -------------------------------------------------------------- */

#define NO_MODULES ": a scenario imports no modules"

const char *al_hint_name(const char *name)
{
    static const hint hints[] = {
        {"true", ": Python writes it True"},
        {"false", ": Python writes it False"},
        {"null", ": Python writes it None"},
        {"print", ": to write a line, use the operation \"log\""},
        {"asyncio", NO_MODULES "; asyncio's functions are operations"},
        {"contextvars", NO_MODULES "; contextvars' functions are operations"},
        {"signal", NO_MODULES "; signals are named \"SIGTERM\""},
        {"loop", ": write {\"get_running_loop\": {}, \"as\": \"loop\"} first"},
        {"self", ": there are no classes, and so no methods"},
    };

    return FIND(hints, name, strlen(name));
}

const char *al_hint_module(const char *name)
{
    static const char *const modules[] = {
        "collections", "concurrent", "contextlib", "datetime", "functools",
        "gc", "inspect", "itertools", "json", "logging", "math", "os", "queue",
        "random", "re", "socket", "sys", "threading", "traceback", "warnings",
        "weakref",
    };

    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (strcmp(modules[i], name) == 0)
            return NO_MODULES;
    }
    return NULL;
}

/* -- statements --------------------------------------------------------- */

const char *al_hint_keyword(const char *word, size_t length)
{
    static const hint hints[] = {
        {"as", "; a name is given beside it: \"as\": \"name\""},
        {"assert", ": write {\"assert\": ...}"},
        {"async", ": write {\"async with\": ...} or {\"async for\": ...}"},
        {"break", ": write {\"break\": {}}"},
        {"class", ": there are no classes"},
        {"continue", ": write {\"continue\": {}}"},
        {"def", ": a function stands in \"functions\""},
        {"del", ", and not supported"},
        {"for", ": write {\"for\": name, \"in\": ..., \"do\": [...]}"},
        {"from", ": a scenario imports no modules"},
        {"global", ": write {\"global\": name}"},
        {"import", ": a scenario imports no modules"},
        {"nonlocal", ": functions do not stand in one another"},
        {"pass", ": write {\"pass\": {}}"},
        {"raise", ": write {\"raise\": ...}"},
        {"return", ": write {\"return\": ...}"},
        {"try", ": write {\"try\": [...], \"except\": [...]}"},
        {"while", ": write {\"while\": ..., \"do\": [...]}"},
        {"with", ": write {\"with\": ..., \"do\": [...]}"},
    };

    return FIND(hints, word, length);
}

const char *al_hint_statement(const char *name)
{
    static const hint hints[] = {
        {"async def", "; a function stands in \"functions\", with \"async\": "
                      "true"},
        {"class", "; there are no classes"},
        {"def", "; a function stands in \"functions\""},
        {"import", "; a scenario imports no modules"},
        {"match", "; write an \"if\", and others in its \"else\""},
        {"nonlocal", "; functions do not stand in one another"},
        {"switch", "; write an \"if\", and others in its \"else\""},
        {"yield from", "; write a \"for\" that yields"},
    };

    return FIND(hints, name, strlen(name));
}

/* -- keys --------------------------------------------------------------- */

const char *al_hint_key(const char *key)
{
    static const hint hints[] = {
        {"elif", "; an elif is an \"if\" in the \"else\""},
        {"main", "; functions stand in \"functions\""},
        {"from", "; a cause is given to \"raise\" alone"},
    };

    return FIND(hints, key, strlen(key));
}

const char *al_synonym(const char *key, const char *const *allowed,
                       size_t count)
{
    static const hint synonyms[] = {
        {"=", "be"}, {"args", "params"}, {"class", "type"},
        {"coroutines", "functions"}, {"delay", "at"}, {"events", "world"},
        {"exception", "type"}, {"name", "as"}, {"of", "in"},
        {"parameters", "params"}, {"steps", "program"}, {"tasks", "functions"},
        {"time", "at"}, {"to", "be"}, {"value", "be"}, {"when", "at"},
    };
    const char *meant = FIND(synonyms, key, strlen(key));

    for (size_t i = 0; meant && i < count; i++) {
        if (strcmp(allowed[i], meant) == 0)
            return meant;
    }
    return NULL;
}

/* -- operations --------------------------------------------------------- */

al_verb al_verb_undotted(const char *name)
{
    static const char *const owners[] = {
        "asyncio.", "loop.", "contextvars.", "time.", "concurrent.futures.",
    };

    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        size_t length = strlen(owners[i]);

        if (strncmp(name, owners[i], length) == 0)
            return al_verb_find(name + length);
    }
    return AL_VERB_COUNT;
}

void al_hint_add_form(al_text *out, al_verb verb)
{
    const al_verb_spec *spec = &al_verb_specs[verb];
    size_t needed = 0;

    for (size_t i = 0; i < spec->param_count; i++)
        needed += spec->params[i].is_required;
    al_text_add_format(out, "{\"%s\": %s}", spec->name,
                       needed == 0 ? "{}" : needed == 1 ? "..." : "{...}");
}
