/* schema_gen.c - write the JSON Schema of scenarios on stdout; with
 * --settings, the reference's table of settings.
 *
 * Operations and knobs come from the loader's own tables, so the schema
 * knows exactly the verbs, parameters and settings that the loader knows;
 * control forms are listed here.  tests/schema holds it against every
 * shipped scenario and every invalid sample. */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sim/scenario/knobs.h"
#include "sim/scenario/signals.h"
#include "sim/scenario/verbs.h"

/* -- pieces ------------------------------------------------------------- */

static cJSON *put(cJSON *object, const char *name, cJSON *value)
{
    cJSON_AddItemToObject(object, name, value);
    return value;
}

static void say(cJSON *object, const char *name, const char *text)
{
    cJSON_AddStringToObject(object, name, text);
}

static cJSON *typed(const char *type)
{
    cJSON *schema = cJSON_CreateObject();

    say(schema, "type", type);
    return schema;
}

static cJSON *ref(const char *name)
{
    char path[80];
    cJSON *schema = cJSON_CreateObject();

    snprintf(path, sizeof path, "#/$defs/%s", name);
    say(schema, "$ref", path);
    return schema;
}

static cJSON *described(cJSON *schema, const char *doc)
{
    say(schema, "description", doc);
    return schema;
}

static cJSON *any_of(cJSON *first, cJSON *second)
{
    cJSON *schema = cJSON_CreateObject();
    cJSON *list = put(schema, "anyOf", cJSON_CreateArray());

    cJSON_AddItemToArray(list, first);
    if (second)
        cJSON_AddItemToArray(list, second);
    return schema;
}

static cJSON *types(const char *const *names, int count)
{
    cJSON *schema = cJSON_CreateObject();

    put(schema, "type", cJSON_CreateStringArray(names, count));
    return schema;
}

static cJSON *list_of(cJSON *items)
{
    cJSON *schema = typed("array");

    put(schema, "items", items);
    return schema;
}

static cJSON *required(const char *name)
{
    cJSON *schema = cJSON_CreateObject();

    put(schema, "required", cJSON_CreateStringArray(&name, 1));
    return schema;
}

/* At least one of the two members must be there. */
static void require_either(cJSON *schema, const char *a, const char *b)
{
    cJSON *list = put(schema, "anyOf", cJSON_CreateArray());

    cJSON_AddItemToArray(list, required(a));
    cJSON_AddItemToArray(list, required(b));
}

/* Make it an object with no members but these; returns the properties. */
static cJSON *close_object(cJSON *schema)
{
    cJSON *properties;

    say(schema, "type", "object");
    properties = put(schema, "properties", cJSON_CreateObject());
    cJSON_AddFalseToObject(schema, "additionalProperties");
    return properties;
}

static cJSON *closed_object(cJSON **properties)
{
    cJSON *schema = cJSON_CreateObject();

    *properties = close_object(schema);
    return schema;
}

/* -- values ------------------------------------------------------------- */

/* {"cancel": …}: what may stand there in place of the parameters' object. */
/* With any names. */
static cJSON *object_of(cJSON *values)
{
    cJSON *schema = typed("object");

    cJSON_AddItemToObject(schema, "additionalProperties", values);
    return schema;
}

static cJSON *short_value(const al_param_spec *spec)
{
    static const char *const callable[] = {"string", "null"};
    static const char *const plain[] = {"string", "number", "boolean", "null",
                                        "array"};
    static const char *const signal_types[] = {"string", "integer"};

    switch (spec->kind) {
    case AL_PARAM_CALLABLE:
        return types(callable, 2);
    case AL_PARAM_FORMAT:
        return typed("string");
    case AL_PARAM_IDENTIFIER:
        return typed("string");
    case AL_PARAM_SIGNAL:
        return types(signal_types, 2);
    case AL_PARAM_KWARGS:
        return typed("object");
    case AL_PARAM_ARGS:
    case AL_PARAM_ITEMS:
    case AL_PARAM_TEXT:
    case AL_PARAM_FD:
    case AL_PARAM_VALUE:
        break;
    }
    return types(plain, 5);
}

static cJSON *param_value(const al_param_spec *spec)
{
    switch (spec->kind) {
    case AL_PARAM_CALLABLE:
        return ref("callable");
    case AL_PARAM_ARGS:
        return list_of(ref("value"));
    case AL_PARAM_KWARGS:
        return object_of(ref("value"));
    case AL_PARAM_ITEMS:
        return any_of(list_of(ref("value")), ref("starred"));
    case AL_PARAM_FORMAT:
        return ref("format");
    case AL_PARAM_TEXT:
        return any_of(ref("format"), ref("value"));
    case AL_PARAM_IDENTIFIER:
        return ref("text");
    case AL_PARAM_SIGNAL:
        return any_of(ref("signal"), ref("value"));
    case AL_PARAM_FD:
    case AL_PARAM_VALUE:
        break;
    }
    return ref("value");
}

static void add_params(cJSON *properties, const al_verb_spec *spec)
{
    for (size_t i = 0; i < spec->param_count; i++)
        put(properties, spec->params[i].name,
            described(param_value(&spec->params[i]), spec->params[i].doc));
}

static cJSON *head_is(const char *name, cJSON *schema)
{
    cJSON *object = cJSON_CreateObject();

    put(put(object, "properties", cJSON_CreateObject()), name, schema);
    return object;
}

/* A parameter is given beside the verb, or in its object, or (the first) as
 * the verb's value. */
static cJSON *demand(const al_verb_spec *spec, size_t i)
{
    const char *name = spec->params[i].name;
    cJSON *inside = typed("object");
    cJSON *schema;

    put(inside, "required", cJSON_CreateStringArray(&name, 1));
    schema = any_of(required(name), head_is(spec->name, inside));
    if (i == 0) {
        cJSON *other = cJSON_CreateObject();

        put(other, "not", typed("object"));
        cJSON_AddItemToArray(cJSON_GetObjectItem(schema, "anyOf"),
                             head_is(spec->name, other));
        if (spec->style == AL_STYLE_AWAIT)
            cJSON_AddItemToArray(cJSON_GetObjectItem(schema, "anyOf"),
                                 head_is(spec->name, ref("call")));
    }
    return schema;
}

static cJSON *head_of(const al_verb_spec *spec)
{
    cJSON *properties;
    cJSON *object = closed_object(&properties);
    cJSON *schema;

    add_params(properties, spec);
    schema = any_of(object, spec->param_count
                                ? short_value(&spec->params[0])
                                : typed("null"));
    if (spec->param_count && !spec->params[0].is_required)
        cJSON_AddItemToArray(cJSON_GetObjectItem(schema, "anyOf"),
                             typed("null"));
    if (spec->style == AL_STYLE_AWAIT || /* {"await": {"sleep": 1}} */
        spec->style == AL_STYLE_YIELD)
        cJSON_AddItemToArray(cJSON_GetObjectItem(schema, "anyOf"), ref("call"));
    return described(schema, spec->doc);
}

static cJSON *operation(const al_verb_spec *spec)
{
    cJSON *schema = typed("object");
    cJSON *properties;
    cJSON *demands = cJSON_CreateArray();

    say(schema, "description", spec->doc);
    properties = put(schema, "properties", cJSON_CreateObject());
    put(properties, spec->name, head_of(spec));
    add_params(properties, spec);
    put(schema, "required", cJSON_CreateStringArray(&spec->name, 1));
    for (size_t i = 0; i < spec->param_count; i++) {
        if (spec->params[i].is_required)
            cJSON_AddItemToArray(demands, demand(spec, i));
    }
    if (cJSON_GetArraySize(demands) > 0)
        put(schema, "allOf", demands);
    else
        cJSON_Delete(demands);
    return schema;
}

static void add_operations(cJSON *defs)
{
    cJSON *all = cJSON_CreateObject();
    cJSON *list = put(all, "anyOf", cJSON_CreateArray());

    for (int verb = 0; verb < AL_VERB_COUNT; verb++) {
        char name[64];

        snprintf(name, sizeof name, "operation-%s", al_verb_specs[verb].name);
        put(defs, name, operation(&al_verb_specs[verb]));
        cJSON_AddItemToArray(list, ref(name));
    }
    put(defs, "operation", all);
}

/* -- control forms ------------------------------------------------------ */

typedef struct member {
    const char *name, *def, *doc; /* def "…?": may be left out */
} member;

static const struct {
    const char *doc;
    member members[6]; /* the form's own name first */
} forms[] = {
    {"Assignment.",
     {{"let", "target", "what is assigned: a name, \"xs[0]\" or \"a, b\""},
      {"be", "value", "the value"}}},
    {"Names that are the module's in this function.",
     {{"global", "names", "a name, or a list of names"}}},
    {"A branch.",
     {{"if", "value", "the condition"},
      {"then", "block", "what to do where it holds"},
      {"else", "block?", "what to do where it does not"}}},
    {"A loop with a condition.",
     {{"while", "value", "the condition"},
      {"do", "block", "the body"},
      {"else", "block?", "what to do after a loop without break"}}},
    {"A loop over items.",
     {{"for", "target", "the variable, or several: \"a, b\""},
      {"in", "value", "what is iterated"},
      {"do", "block", "the body"},
      {"else", "block?", "what to do after a loop without break"}}},
    {"A loop over what an asynchronous iterator gives.",
     {{"async for", "target", "the variable, or several: \"a, b\""},
      {"in", "value", "what is iterated"},
      {"do", "block", "the body"},
      {"else", "block?", "what to do after a loop without break"}}},
    {"Leave the loop.", {{"break", "nothing", "{}"}}},
    {"Begin the loop's next round.", {{"continue", "nothing", "{}"}}},
    {"Do nothing.", {{"pass", "nothing", "{}"}}},
    {"Handle exceptions.",
     {{"try", "block", "what may raise"},
      {"except", "handlers?", "what to do about exceptions"},
      {"except*", "star-handlers?", "what to do about parts of exception groups"},
      {"else", "block?", "what to do where none was raised"},
      {"finally", "block?", "what to do in any case"}}},
    {"Raise an exception.",
     {{"raise", "value", "the exception; null: the one being handled"},
      {"from", "value?", "its cause"}}},
    {"Run a body within a context manager.",
     {{"with", "value", "the context manager"},
      {"as", "name?", "a name for what it gives"},
      {"do", "block", "the body"}}},
    {"Run a body within an asynchronous context manager.",
     {{"async with", "value", "the context manager"},
      {"as", "name?", "a name for what it gives"},
      {"do", "block", "the body"}}},
    {"Return from the function.", {{"return", "value", "the result"}}},
    {"Raise AssertionError unless something holds.",
     {{"assert", "value", "what must hold"},
      {"message", "value?", "the error's text"}}},
};

static cJSON *form(const char *doc, const member *members)
{
    cJSON *properties;
    cJSON *schema = closed_object(&properties);
    cJSON *names = cJSON_CreateArray();

    say(schema, "description", doc);
    for (const member *m = members; m->name; m++) {
        char def[32];
        size_t length = strcspn(m->def, "?");

        snprintf(def, sizeof def, "%.*s", (int)length, m->def);
        put(properties, m->name, described(ref(def), m->doc));
        if (!m->def[length])
            cJSON_AddItemToArray(names, cJSON_CreateString(m->name));
    }
    put(schema, "required", names);
    return schema;
}

/* What the members' own types cannot say of `try`. */
static void complete_try(cJSON *schema)
{
    cJSON *needs = cJSON_CreateObject();
    cJSON *handled = cJSON_CreateObject();
    const char *const both[] = {"except", "except*"};

    require_either(schema, "except", "finally");
    cJSON_AddItemToArray(cJSON_GetObjectItem(schema, "anyOf"),
                         required("except*"));
    require_either(handled, "except", "except*");
    put(needs, "else", handled);
    put(schema, "dependentSchemas", needs);
    put(put(schema, "not", cJSON_CreateObject()), "required",
        cJSON_CreateStringArray(both, 2));
}

static cJSON *handlers(bool need_type)
{
    cJSON *properties;
    cJSON *clause = closed_object(&properties);
    const char *const names[] = {"do", "type"};

    put(properties, "type",
        described(ref("value"), need_type
                                    ? "a class or a tuple of them"
                                    : "a class or a tuple of them; without "
                                      "it everything is caught"));
    put(properties, "as", described(ref("name"), "a name for the exception"));
    put(properties, "do", described(ref("block"), "what to do then"));
    put(clause, "required",
        cJSON_CreateStringArray(names, need_type ? 2 : 1));
    return list_of(clause);
}

static void add_statements(cJSON *defs)
{
    cJSON *kept = cJSON_CreateObject();
    cJSON *all = cJSON_CreateObject();
    cJSON *list = put(all, "anyOf", cJSON_CreateArray());

    cJSON_AddItemToArray(list, described(ref("expression"),
                                         "an expression, evaluated"));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        char name[32];
        cJSON *schema = form(forms[i].doc, forms[i].members);

        if (strcmp(forms[i].members[0].name, "try") == 0)
            complete_try(schema);
        snprintf(name, sizeof name, "form-%s", forms[i].members[0].name);
        put(defs, name, schema);
        cJSON_AddItemToArray(list, ref(name));
    }
    say(kept, "$ref", "#/$defs/operation");
    put(put(kept, "properties", cJSON_CreateObject()), "as",
        described(ref("name"), "a name for the result"));
    cJSON_AddFalseToObject(kept, "unevaluatedProperties");
    cJSON_AddItemToArray(list, kept);
    put(defs, "statement", all);
    put(defs, "block", list_of(ref("statement")));
    put(defs, "handlers", handlers(false));
    put(defs, "star-handlers", handlers(true));
}

/* -- the world ---------------------------------------------------------- */

static cJSON *at(void)
{
    cJSON *schema = typed("number");

    cJSON_AddNumberToObject(schema, "minimum", 0);
    return described(schema, "when, in virtual seconds");
}

static cJSON *fd_item(void)
{
    const char *const names[] = {"at", "fd"};
    cJSON *properties;
    cJSON *schema = closed_object(&properties);

    put(properties, "at", at());
    put(properties, "fd", described(ref("name"), "the fd's name"));
    put(properties, "readable",
        described(typed("boolean"), "is there something to read now?"));
    put(properties, "writable",
        described(typed("boolean"), "may it be written to now?"));
    put(schema, "required", cJSON_CreateStringArray(names, 2));
    require_either(schema, "readable", "writable");
    return described(schema, "An fd becomes ready, or ceases to be.");
}

static cJSON *signal_item(void)
{
    const char *const names[] = {"at", "signal"};
    cJSON *properties;
    cJSON *schema = closed_object(&properties);

    put(properties, "at", at());
    put(properties, "signal", described(ref("signal"), "the signal"));
    put(schema, "required", cJSON_CreateStringArray(names, 2));
    return described(schema, "A signal arrives.");
}

static cJSON *thread_item(bool has_body)
{
    const char *const names[] = {"at", "thread", "do"};
    cJSON *schema = typed("object");
    cJSON *properties = put(schema, "properties", cJSON_CreateObject());

    put(properties, "at", at());
    put(properties, "thread", described(ref("text"), "the thread's name"));
    if (has_body)
        put(properties, "do", described(ref("block"), "what it does"));
    else
        say(schema, "$ref", "#/$defs/operation");
    put(schema, "required", cJSON_CreateStringArray(names, has_body ? 3 : 2));
    cJSON_AddFalseToObject(schema, "unevaluatedProperties");
    return described(schema, has_body ? "A thread runs statements."
                                      : "A thread does one thing.");
}

static cJSON *world(void)
{
    cJSON *item = any_of(fd_item(), signal_item());
    cJSON *list = cJSON_GetObjectItem(item, "anyOf");

    cJSON_AddItemToArray(list, thread_item(false));
    cJSON_AddItemToArray(list, thread_item(true));
    return described(list_of(item), "what happens outside of the loop");
}

/* -- sections ----------------------------------------------------------- */

static cJSON *knob_value(const al_knob *knob)
{
    static const char *const number[] = {"number", "null"};
    static const char *const integer[] = {"integer", "null"};
    const char *const versions[] = {"3.14", "3.15"};
    cJSON *schema;

    switch (knob->kind) {
    case AL_KNOB_BOOL:
        return typed("boolean");
    case AL_KNOB_UNTIL:
        schema = types(number, 2);
        cJSON_AddNumberToObject(schema, "exclusiveMinimum", 0);
        return schema;
    case AL_KNOB_LIMIT:
        schema = types(integer, 2);
        cJSON_AddNumberToObject(schema, "minimum", 1);
        return schema;
    case AL_KNOB_PYTHON:
        schema = cJSON_CreateObject();
        put(schema, "enum", cJSON_CreateStringArray(versions, 2));
        return schema;
    case AL_KNOB_SECONDS:
    case AL_KNOB_FRACTION:
    case AL_KNOB_COUNT:
        break;
    }
    schema = typed(knob->kind == AL_KNOB_COUNT ? "integer" : "number");
    cJSON_AddNumberToObject(schema, "minimum", 0);
    if (knob->kind == AL_KNOB_FRACTION)
        cJSON_AddNumberToObject(schema, "maximum", 1);
    return schema;
}

static cJSON *knob_schema(const al_knob *knob)
{
    al_text doc = {0};
    cJSON *schema;

    al_knob_describe(knob, &doc);
    schema = described(knob_value(knob), doc.bytes);
    al_text_release(&doc);
    return schema;
}

static cJSON *knob_section(al_knob_section section, const char *doc)
{
    cJSON *properties;
    cJSON *schema = described(closed_object(&properties), doc);

    for (size_t i = 0; i < al_knob_count; i++) {
        if (al_knobs[i].section == section)
            put(properties, al_knobs[i].name, knob_schema(&al_knobs[i]));
    }
    if (section == AL_KNOBS_LOOP)
        put(properties, "clock",
            knob_section(AL_KNOBS_CLOCK, "the clock that all loops read"));
    return schema;
}

/* The settings, as rows of the reference's table. */
static void print_settings(void)
{
    for (size_t i = 0; i < al_knob_count; i++) {
        al_text doc = {0};

        al_knob_describe(&al_knobs[i], &doc);
        printf("| `%s.%s` | %s |\n",
               al_knob_section_names[al_knobs[i].section], al_knobs[i].name,
               doc.bytes);
        al_text_release(&doc);
    }
}

static cJSON *functions(void)
{
    cJSON *properties;
    cJSON *function = closed_object(&properties);
    cJSON *schema = typed("object");
    cJSON *stars = typed("string");
    cJSON *params = list_of(any_of(ref("name"), stars));
    const char *name = "body";

    say(stars, "pattern", "^\\*\\*?[A-Za-z_][A-Za-z_0-9]*$");
    cJSON_AddTrueToObject(params, "uniqueItems");
    put(properties, "params",
        described(params, "the parameters' names; the last may be \"*args\" "
                          "and \"**kwargs\""));
    put(properties, "body", described(ref("block"), "what it does"));
    put(properties, "async",
        described(typed("boolean"), "a call makes a coroutine"));
    put(function, "required", cJSON_CreateStringArray(&name, 1));
    put(schema, "propertyNames", ref("name"));
    put(schema, "additionalProperties", function);
    return described(schema, "the functions, by name");
}

static void add_basics(cJSON *defs)
{
    cJSON *value = cJSON_CreateObject();
    cJSON *list = put(value, "anyOf", cJSON_CreateArray());
    const char *const plain[] = {"number", "boolean", "null"};
    cJSON *operation_value = cJSON_CreateObject();
    cJSON *name = typed("string");
    cJSON *nothing = typed("object");
    cJSON *text = typed("string");
    cJSON *callable;
    cJSON *expression = typed("string");
    cJSON *starred = typed("string");

    say(operation_value, "$ref", "#/$defs/operation");
    cJSON_AddFalseToObject(operation_value, "unevaluatedProperties");
    put(defs, "call", operation_value);
    cJSON_AddItemToArray(list, types(plain, 3));
    cJSON_AddItemToArray(list, ref("expression"));
    cJSON_AddItemToArray(list, list_of(ref("value")));
    cJSON_AddItemToArray(list, ref("call"));
    put(defs, "value", value);
    say(expression, "pattern", "\\S");
    put(defs, "expression", described(expression, "a Python expression"));
    say(starred, "pattern", "^\\*.*\\S");
    put(defs, "starred", described(starred, "all items of an expression"));
    callable = any_of(ref("expression"), typed("null"));
    cJSON_AddItemToArray(cJSON_GetObjectItem(callable, "anyOf"), ref("call"));
    put(defs, "callable", callable);
    put(defs, "format", described(typed("string"), "text with {expressions}"));
    say(name, "pattern",
        "^(?!(?:False|None|True|and|as|assert|async|await|break|class|"
        "continue|def|del|elif|else|except|finally|for|from|global|if|import|"
        "in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)"
        "$)[A-Za-z_][A-Za-z_0-9]*$");
    put(defs, "name", described(name, "a name"));
    put(defs, "names", any_of(ref("name"), list_of(ref("name"))));
    put(defs, "target", ref("expression"));
    cJSON_AddNumberToObject(text, "minLength", 1);
    put(defs, "text", text);
    cJSON_AddNumberToObject(nothing, "maxProperties", 0);
    put(defs, "nothing", any_of(nothing, typed("null")));
    put(put(defs, "signal", cJSON_CreateObject()), "enum",
        cJSON_CreateStringArray(al_signal_names, (int)al_signal_name_count));
}

static void add_sections(cJSON *properties)
{
    put(properties, "$schema", typed("string"));
    put(put(properties, "scenario",
            described(cJSON_CreateObject(), "the language's version")),
        "const", cJSON_CreateNumber(1));
    put(properties, "title", described(typed("string"), "one line"));
    put(properties, "description",
        described(typed("string"), "what the scenario shows"));
    put(properties, "loop",
        knob_section(AL_KNOBS_LOOP,
                     "settings of every loop the scenario creates"));
    put(properties, "limits",
        knob_section(AL_KNOBS_LIMITS, "when the run ends"));
    put(properties, "fds",
        described(list_of(ref("name")), "names of file descriptors"));
    put(properties, "functions", functions());
    put(properties, "world", world());
    put(properties, "program",
        described(ref("block"),
                  "the module's body; without it the function 'main' is run "
                  "in a loop"));
}

/* cJSON indents by tabs. */
static void print_indented(const char *text)
{
    for (bool at_start = true; *text; text++) {
        if (at_start && *text == '\t')
            fputs("  ", stdout);
        else if (*text == '\t')
            putchar(' ');
        else
            putchar(*text);
        at_start = *text == '\n' || (at_start && *text == '\t');
    }
    putchar('\n');
}

static void print_schema(void)
{
    cJSON *properties, *defs;
    cJSON *schema = cJSON_CreateObject();
    const char *name = "scenario";
    char *text;

    say(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
    say(schema, "title", "A scenario of asyncloop-sim");
    say(schema, "$comment", "written by tests/tools/schema_gen.c");
    properties = close_object(schema);
    add_sections(properties);
    put(schema, "required", cJSON_CreateStringArray(&name, 1));
    require_either(schema, "program", "functions");
    defs = put(schema, "$defs", cJSON_CreateObject());
    add_basics(defs);
    add_operations(defs);
    add_statements(defs);
    text = cJSON_Print(schema);
    print_indented(text);
    free(text);
    cJSON_Delete(schema);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--settings") == 0)
        print_settings();
    else
        print_schema();
    return 0;
}
