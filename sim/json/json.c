/* json.c - a tree with places; see json.h. */
#include "sim/json/json.h"

#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/number.h"

/* -- reading ------------------------------------------------------------ */

/* A name twice in one object: which of the two would count? */
typedef struct member_name {
    const char *text;
    const al_json_node *node;
} member_name;

static int by_text_and_place(const void *a, const void *b)
{
    const member_name *x = a, *y = b;
    int order = strcmp(x->text, y->text);

    if (order != 0)
        return order;
    return x->node->offset < y->node->offset ? -1 : 1;
}

static bool check_names(al_json_value object, al_diagnostics *diagnostics)
{
    size_t count = al_json_size(object);
    member_name *names = al_alloc(count * sizeof *names);
    al_json_value member = al_json_first(object);
    bool ok = true;

    for (size_t i = 0; i < count; i++, member = al_json_next(member))
        names[i] = (member_name){member.item->string, al_json_node_of(member)};
    if (count > 1)
        qsort(names, count, sizeof *names, by_text_and_place);
    for (size_t i = 1; i < count; i++) {
        const al_json_node *node = names[i].node;

        if (strcmp(names[i - 1].text, names[i].text) != 0)
            continue;
        ok = false;
        al_diagnose(diagnostics, node->key, node->key_end - node->key, NULL,
                    "duplicate key \"%.100s\"", names[i].text);
    }
    al_free(names);
    return ok;
}

static bool check_all_names(al_json_value value, al_diagnostics *diagnostics)
{
    bool ok = !cJSON_IsObject(value.item) || check_names(value, diagnostics);

    for (al_json_value v = al_json_first(value); v.item; v = al_json_next(v)) {
        if ((v.item->type & (cJSON_Object | cJSON_Array)) &&
            !check_all_names(v, diagnostics))
            ok = false;
    }
    return ok;
}

static void *allocate(size_t size)
{
    return al_alloc(size);
}

bool al_json_parse(al_json *json, const char *text, size_t length,
                   al_diagnostics *diagnostics)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = al_free};

    json->text = text;
    json->length = length;
    if (!al_json_scan(json, diagnostics))
        return false;
    cJSON_InitHooks(&hooks);
    json->root = cJSON_ParseWithLength(text, length);
    if (!json->root) { /* a JSON that cJSON does not take: none is known */
        al_diagnose(diagnostics, 0, 0, NULL, "invalid JSON");
        return false;
    }
    return check_all_names(al_json_root(json), diagnostics);
}

void al_json_release(al_json *json)
{
    cJSON_Delete(json->root);
    al_free(json->nodes);
    *json = (al_json){0};
}

/* -- walking ------------------------------------------------------------ */

al_json_value al_json_root(const al_json *json)
{
    return (al_json_value){json, json->root, 0};
}

al_json_value al_json_first(al_json_value parent)
{
    bool has_children = parent.item->type & (cJSON_Object | cJSON_Array);

    return (al_json_value){parent.json,
                           has_children ? parent.item->child : NULL,
                           parent.node + 1};
}

al_json_value al_json_next(al_json_value value)
{
    return (al_json_value){value.json, value.item->next,
                           al_json_node_of(value)->next};
}

al_json_value al_json_member(al_json_value object, const char *name)
{
    al_json_value member = {.json = object.json};

    if (cJSON_IsObject(object.item))
        member = al_json_first(object);
    while (member.item && strcmp(member.item->string, name) != 0)
        member = al_json_next(member);
    return member;
}

size_t al_json_size(al_json_value parent)
{
    size_t count = 0;

    for (const cJSON *c = al_json_first(parent).item; c; c = c->next)
        count++;
    return count;
}

const al_json_node *al_json_node_of(al_json_value value)
{
    return &value.json->nodes[value.node];
}

/* -- values ------------------------------------------------------------- */

const char *al_json_kind(al_json_value value)
{
    switch (value.item->type & 0xff) {
    case cJSON_False:
        return "false";
    case cJSON_True:
        return "true";
    case cJSON_NULL:
        return "null";
    case cJSON_Number:
        return "a number";
    case cJSON_String:
        return "a string";
    case cJSON_Array:
        return "a list";
    default:
        return "an object";
    }
}

bool al_json_is_integer(al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);

    if (!cJSON_IsNumber(value.item))
        return false;
    for (size_t i = node->offset; i < node->end; i++) {
        if (strchr(".eE", value.json->text[i]))
            return false;
    }
    return true;
}

bool al_json_get_integer(al_json_value value, int64_t *integer)
{
    const al_json_node *node = al_json_node_of(value);
    bool is_negative = value.json->text[node->offset] == '-';
    uint64_t limit = (uint64_t)INT64_MAX + is_negative;
    uint64_t magnitude = 0;

    if (!al_json_is_integer(value))
        return false;
    for (size_t i = node->offset + is_negative; i < node->end; i++) {
        unsigned digit = (unsigned)(value.json->text[i] - '0');

        if (magnitude > (limit - digit) / 10)
            return false;
        magnitude = magnitude * 10 + digit;
    }
    *integer = is_negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

double al_json_get_double(al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);
    char *copy = al_strndup(value.json->text + node->offset,
                            node->end - node->offset);
    double number = 0;

    al_double_parse(copy, &number);
    al_free(copy);
    return number;
}

/* -- characters --------------------------------------------------------- */

static bool is_surrogate_escape(const char *raw)
{
    return (raw[2] == 'd' || raw[2] == 'D') && strchr("89abAB", raw[3]);
}

static size_t encoded_length(const char *hex)
{
    unsigned long code;
    char digits[5] = {hex[0], hex[1], hex[2], hex[3], 0};

    code = strtoul(digits, NULL, 16);
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
}

void al_json_character(const char *raw, size_t *raw_length,
                       size_t *decoded_length)
{
    if (raw[0] != '\\') {
        *raw_length = 1; /* a byte of a character, as good as one */
        *decoded_length = 1;
    } else if (raw[1] != 'u') {
        *raw_length = 2;
        *decoded_length = 1;
    } else if (is_surrogate_escape(raw)) {
        *raw_length = 12;
        *decoded_length = 4;
    } else {
        *raw_length = 6;
        *decoded_length = encoded_length(raw + 2);
    }
}
