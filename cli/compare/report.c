/* report.c - see report.h. */
#include "cli/compare/report.h"

#include <string.h>
#include "cli/json_report.h"
#include "cli/proof.h"
#include "sim/base/escape.h"

enum { INDENT = 2, GAP = 2, MOST_LINES = 8 };

static const struct { const char *name; al_role role; } verdicts[] = {
    [AL_COMPARE_SAME] = {"same", AL_ROLE_GOOD},
    [AL_COMPARE_PARTS] = {"parts", AL_ROLE_ERROR},
    [AL_COMPARE_TOO_OLD] = {"too old", AL_ROLE_WARNING},
    [AL_COMPARE_LATE] = {"late", AL_ROLE_WARNING},
    [AL_COMPARE_FAILED] = {"failed", AL_ROLE_WARNING},
};

/* The executable's name where the version does not tell it from others. */
static void add_name(const al_compared *compared, size_t index, al_text *out)
{
    const al_text *version = &compared->results[index].python;
    const char *executable = compared->pythons->items[index];
    bool is_unique = true;

    for (size_t i = 0; i < compared->pythons->count; i++) {
        if (i != index && strcmp(al_text_peek(&compared->results[i].python),
                                 al_text_peek(version)) == 0)
            is_unique = false;
    }
    if (version->length == 0)
        al_text_add(out, executable);
    else if (is_unique)
        al_text_add(out, version->bytes);
    else
        al_text_add_format(out, "%s (%s)", version->bytes, executable);
}

/* -- the table ------------------------------------------------------------ */

static void add_verdict(const al_compare_result *result, al_text *out)
{
    const char *words = al_text_peek(&result->words);

    switch (result->verdict) {
    case AL_COMPARE_SAME:
        al_text_add(out, "same schedule: ");
        al_page_add_count(out, result->events, "event");
        if (result->is_capped)
            al_text_add_format(out, ", its first %d turns", AL_PROOF_TURNS);
        break;
    case AL_COMPARE_PARTS:
        al_text_add_format(out, "parts%s %s",
                           strncmp(words, "iteration ", 10) == 0 ? " at" : "",
                           words);
        break;
    case AL_COMPARE_TOO_OLD:
        al_text_add_format(out, "too old: %s", words);
        break;
    default:
        al_text_add_format(out, "failed: %s", words);
    }
}

static bool is_told(const al_compare_result *result, bool quiet)
{
    return !quiet || result->verdict != AL_COMPARE_SAME;
}

/* Where the verdicts begin: behind the longest name, if that leaves room. */
static unsigned find_column(const al_page *page, const al_compared *compared,
                            bool quiet)
{
    unsigned width = 0;
    al_text name = {0};

    for (size_t i = 0; i < compared->pythons->count; i++) {
        if (!is_told(&compared->results[i], quiet))
            continue;
        add_name(compared, i, &name);
        if (al_escape_columns(al_text_peek(&name)) > width)
            width = (unsigned)al_escape_columns(name.bytes);
        al_text_clear(&name);
    }
    al_text_release(&name);
    if (width > page->width / 2)
        width = page->width / 2;
    return INDENT + width + GAP;
}

static void add_table(const al_page *page, const al_compared *compared,
                      bool quiet, al_text *out)
{
    unsigned column = find_column(page, compared, quiet);
    al_text name = {0}, verdict = {0};

    for (size_t i = 0; i < compared->pythons->count; i++) {
        const al_compare_result *result = &compared->results[i];

        if (!is_told(result, quiet))
            continue;
        add_name(compared, i, &name);
        add_verdict(result, &verdict);
        al_page_add_entry(page, out, &(al_entry){
            .indent = INDENT, .name = al_text_peek(&name), .column = column,
            .role = verdicts[result->verdict].role,
            .text = al_text_peek(&verdict), .most_lines = MOST_LINES});
        al_text_clear(&name);
        al_text_clear(&verdict);
    }
    al_text_release(&name);
    al_text_release(&verdict);
}

/* -- how they part -------------------------------------------------------- */

static bool is_alike(const al_compare_result *x, const al_compare_result *y)
{
    return x->verdict == y->verdict &&
           strcmp(al_text_peek(&x->details), al_text_peek(&y->details)) == 0;
}

static bool was_told(const al_compared *compared, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_alike(&compared->results[i], &compared->results[index]))
            return true;
    }
    return false;
}

static void add_line(const al_page *page, al_text *out, al_role role,
                     const char *text)
{
    const al_line line = {
        .indent = INDENT,
        .what = text,
        .what_role = role,
        .most_lines = MOST_LINES,
        .is_wide = true,
    };

    al_page_add_line(page, out, &line);
}

static void add_group(const al_page *page, const al_compared *compared,
                      size_t index, al_text *out)
{
    const al_compare_result *first = &compared->results[index];
    al_text text = {0};

    for (size_t i = index; i < compared->pythons->count; i++) {
        if (!is_alike(&compared->results[i], first))
            continue;
        al_text_add(&text, text.length ? ", " : "");
        add_name(compared, i, &text);
    }
    al_text_add_char(out, '\n');
    add_line(page, out, AL_ROLE_HEADING, text.bytes);
    al_text_add(out, al_text_peek(&first->details));
    al_text_release(&text);
}

/* The table says all of the others. */
static bool needs_more(const al_compared *compared, size_t index)
{
    return compared->results[index].verdict == AL_COMPARE_PARTS &&
           !was_told(compared, index);
}

void al_compare_add_text(const al_page *page, const al_compared *compared,
                         bool quiet, al_text *out)
{
    bool is_any = false;

    for (size_t i = 0; i < compared->pythons->count; i++)
        is_any |= is_told(&compared->results[i], quiet);
    if (!is_any)
        return;
    al_escape_add(out, compared->path);
    al_text_add_char(out, '\n');
    add_table(page, compared, quiet, out);
    for (size_t i = 0; i < compared->pythons->count; i++) {
        if (needs_more(compared, i))
            add_group(page, compared, i, out);
    }
}

/* -- JSON ----------------------------------------------------------------- */

static cJSON *make_python(const char *executable,
                          const al_compare_result *result)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddStringToObject(item, "python", executable);
    if (result->python.length)
        cJSON_AddStringToObject(item, "version", result->python.bytes);
    cJSON_AddStringToObject(item, "verdict", verdicts[result->verdict].name);
    cJSON_AddBoolToObject(item, "cut", result->is_capped);
    if (result->words.length)
        cJSON_AddStringToObject(item, "why", result->words.bytes);
    if (result->json.length)
        cJSON_AddItemToObject(item, "diff", cJSON_Parse(result->json.bytes));
    return item;
}

void al_compare_add_invalid(cJSON *list, const char *path)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(item, "scenario", path);
    cJSON_AddBoolToObject(item, "invalid", true);
}

void al_compare_add_json(cJSON *list, const al_compared *compared)
{
    cJSON *item = cJSON_CreateObject();
    cJSON *pythons;

    cJSON_AddItemToArray(list, item);
    cJSON_AddStringToObject(item, "scenario", compared->path);
    pythons = cJSON_AddArrayToObject(item, "pythons");
    for (size_t i = 0; i < compared->pythons->count; i++)
        cJSON_AddItemToArray(pythons,
                             make_python(compared->pythons->items[i],
                                         &compared->results[i]));
}
