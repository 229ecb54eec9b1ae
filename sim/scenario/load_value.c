/* load_value.c - values: JSON's own, expressions, lists, operations. */
#include <string.h>
#include "sim/json/suggest.h"
#include "sim/scenario/expr.h"
#include "sim/scenario/hints.h"
#include "sim/scenario/loader.h"
#include "sim/scenario/signals.h"
#include "sim/scenario/words.h"

/* -- expressions -------------------------------------------------------- */

/* Where the string stands, without its quotes. */
static al_expr_source source_of(al_loader *l, al_json_value string)
{
    const al_json_node *node = al_json_node_of(string);
    size_t raw_length = node->end - node->offset - 2;
    al_expr_source source = {
        .text = string.item->valuestring,
        .length = strlen(string.item->valuestring),
        .raw = l->json.text + node->offset + 1,
        .offset = node->offset + 1,
        .places = &l->places,
        .diagnostics = l->diagnostics,
    };

    if (source.length == raw_length) /* no escapes: the same text */
        source.raw = NULL;
    return source;
}

al_expr *al_load_expression(al_loader *l, al_json_value string)
{
    al_expr_source source = source_of(l, string);

    return al_expr_parse(l->arena, &source);
}

static al_expr *new_expr(al_loader *l, al_expr_kind kind, al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);

    return al_expr_new(l->arena, kind, node->offset, node->end,
                       al_load_place(l, value));
}

/* -- values ------------------------------------------------------------- */

static al_expr *load_number(al_loader *l, al_json_value value)
{
    al_expr *e = new_expr(l, AL_EXPR_INT, value);

    if (!al_json_is_integer(value)) {
        e->kind = AL_EXPR_FLOAT;
        e->as.real = al_json_get_double(value);
    } else if (!al_json_get_integer(value, &e->as.integer)) {
        al_load_fail(l, value, NULL,
                     "integer too large: asyncloop-sim's integers have 64 "
                     "bits");
        return NULL;
    }
    return e;
}

static al_expr *load_list(al_loader *l, al_json_value list, al_expr_kind kind)
{
    al_expr *e = new_expr(l, kind, list);
    size_t capacity = 0;
    bool ok = true;

    for (al_json_value v = al_json_first(list); v.item; v = al_json_next(v)) {
        al_expr *element = al_load_value(l, v);

        if (element)
            al_exprs_add(l->arena, &e->as.items, &capacity, element);
        ok = ok && element;
    }
    return ok ? e : NULL;
}

static al_expr *load_object(al_loader *l, al_json_value object)
{
    static const char *const nothing[] = {NULL};
    al_json_value head = al_find_verb(object);

    if (!head.item)
        return al_load_unknown(l, object, false);
    return al_load_operation(l, object, head, nothing);
}

al_expr *al_load_value(al_loader *l, al_json_value value)
{
    al_expr *e;

    switch (value.item->type & 0xff) {
    case cJSON_True:
    case cJSON_False:
        e = new_expr(l, AL_EXPR_BOOL, value);
        e->as.boolean = cJSON_IsTrue(value.item);
        return e;
    case cJSON_Number:
        return load_number(l, value);
    case cJSON_String:
        return al_load_expression(l, value);
    case cJSON_Array:
        return load_list(l, value, AL_EXPR_LIST);
    case cJSON_Object:
        return load_object(l, value);
    default:
        return new_expr(l, AL_EXPR_NONE, value);
    }
}

/* -- parameters, by kind ------------------------------------------------ */

static al_expr *load_callable(al_loader *l, al_json_value value)
{
    if (cJSON_IsNumber(value.item) || cJSON_IsBool(value.item) ||
        cJSON_IsArray(value.item)) {
        al_load_fail_type(l, value, "a function");
        return NULL;
    }
    return al_load_value(l, value);
}

static al_expr *load_args(al_loader *l, al_json_value value)
{
    if (!cJSON_IsArray(value.item)) {
        al_load_fail_type(l, value, "a list of arguments");
        return NULL;
    }
    return load_list(l, value, AL_EXPR_TUPLE);
}

/* Names that Python takes for those of arguments. */
static bool check_keyword(al_loader *l, al_json_value value)
{
    const char *name = value.item->string;

    if (al_is_identifier(name, strlen(name)) &&
        !al_is_keyword(name, strlen(name)))
        return true;
    al_load_fail_name(l, value, NULL, "'%.60s' cannot be the name of an "
                      "argument", name);
    return false;
}

static al_expr *load_kwargs(al_loader *l, al_json_value value)
{
    al_expr *e = new_expr(l, AL_EXPR_DICT, value);
    size_t key_capacity = 0, value_capacity = 0;
    bool ok = true;

    if (!cJSON_IsObject(value.item)) {
        al_load_fail_type(l, value, "an object: arguments by name");
        return NULL;
    }
    for (al_json_value v = al_json_first(value); v.item; v = al_json_next(v)) {
        al_expr *key = new_expr(l, AL_EXPR_STR, v);
        al_expr *element = check_keyword(l, v) ? al_load_value(l, v) : NULL;

        key->as.str.bytes = al_arena_strdup(l->arena, v.item->string);
        key->as.str.length = strlen(v.item->string);
        al_exprs_add(l->arena, &e->as.dict.keys, &key_capacity, key);
        if (element)
            al_exprs_add(l->arena, &e->as.dict.values, &value_capacity,
                         element);
        ok = ok && element;
    }
    return ok ? e : NULL;
}

/* A string may be the name of a list, without its star. */
static al_expr *load_unstarred(al_loader *l, al_json_value value)
{
    const char *text = cJSON_GetStringValue(value.item);

    if (!text || !al_is_identifier(text, strlen(text)))
        return load_args(l, value);
    al_load_fail(l, value, NULL,
                 "expected a list of arguments, found a string; for what the "
                 "list %.60s holds, write \"*%.60s\"", text, text);
    return NULL;
}

static al_expr *load_items(al_loader *l, al_json_value value)
{
    const char *text = cJSON_GetStringValue(value.item);
    al_expr_source source;

    if (!text || text[0] != '*')
        return load_unstarred(l, value);
    source = source_of(l, value);
    return al_expr_parse_starred(l->arena, &source);
}

static al_expr *load_format(al_loader *l, al_json_value value)
{
    al_expr_source source;

    if (!cJSON_IsString(value.item)) {
        al_load_fail_type(l, value, "a string: text with {expressions}");
        return NULL;
    }
    source = source_of(l, value);
    return al_expr_parse_format(l->arena, &source);
}

static al_expr *load_identifier(al_loader *l, al_json_value value)
{
    al_expr *e = new_expr(l, AL_EXPR_STR, value);
    const char *text = al_load_text(l, value);

    if (!text)
        return NULL;
    if (!*text) {
        al_load_fail(l, value, NULL, "a name may not be empty");
        return NULL;
    }
    e->as.str.bytes = text;
    e->as.str.length = strlen(text);
    return e;
}

static al_expr *load_signal(al_loader *l, al_json_value value)
{
    const char *text = cJSON_GetStringValue(value.item);
    al_expr *e;

    if (text && strncmp(text, "signal.SIG", 10) == 0) {
        al_load_fail(l, value, text + 7, "a signal is named without 'signal.'");
        return NULL;
    }
    if (!text || strncmp(text, "SIG", 3) != 0)
        return al_load_value(l, value);
    e = new_expr(l, AL_EXPR_INT, value);
    e->as.integer = al_signal_find(text);
    if (e->as.integer > 0)
        return e;
    al_load_fail(l, value, al_signal_closest(text), "unknown signal '%.60s'",
                 text);
    return NULL;
}

static al_expr *load_param(al_loader *l, al_param_kind kind,
                           al_json_value value)
{
    switch (kind) {
    case AL_PARAM_CALLABLE:
        return load_callable(l, value);
    case AL_PARAM_ARGS:
        return load_args(l, value);
    case AL_PARAM_KWARGS:
        return load_kwargs(l, value);
    case AL_PARAM_ITEMS:
        return load_items(l, value);
    case AL_PARAM_FORMAT:
        return load_format(l, value);
    case AL_PARAM_TEXT:
        return cJSON_IsString(value.item) ? load_format(l, value)
                                          : al_load_value(l, value);
    case AL_PARAM_IDENTIFIER:
        return load_identifier(l, value);
    case AL_PARAM_SIGNAL:
        return load_signal(l, value);
    case AL_PARAM_FD:
    case AL_PARAM_VALUE:
        break;
    }
    return al_load_value(l, value);
}

/* -- operations --------------------------------------------------------- */

typedef struct operation { /* as it is gathered */
    al_verb verb;
    const al_verb_spec *spec;
    al_json_value params[AL_VERB_MAX_PARAMS]; /* item NULL: not given */
    bool ok;
} operation;

al_json_value al_find_verb(al_json_value object)
{
    al_json_value v = al_json_first(object);

    while (v.item && al_verb_find(v.item->string) == AL_VERB_COUNT)
        v = al_json_next(v);
    return v;
}

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(*words, word) == 0)
            return true;
    }
    return false;
}

static const char *closest_param(const al_verb_spec *spec, const char *name,
                                 const char *const *beside)
{
    const char *names[AL_VERB_MAX_PARAMS + 8];
    size_t count = 0;

    for (; count < spec->param_count; count++)
        names[count] = spec->params[count].name;
    for (; *beside && count < AL_VERB_MAX_PARAMS + 8; beside++)
        names[count++] = *beside;
    return al_suggest(name, names, count);
}

static bool is_function(const al_loader *l, const char *name)
{
    const al_scenario *s = l->scenario;

    for (size_t i = 0; i < s->function_count; i++) {
        if (strcmp(s->functions[i].name, name) == 0)
            return true;
    }
    return false;
}

static void list_params(al_text *out, const al_verb_spec *spec)
{
    for (size_t i = 0; i < spec->param_count; i++)
        al_text_add_format(out, "%s\"%s\"", i == 0 ? "; it has " : ", ",
                           spec->params[i].name);
}

/* Nothing says what is meant: which there are. */
static void no_such_param(al_loader *l, const operation *o,
                          al_json_value given, const char *const *beside)
{
    const char *name = given.item->string;
    const char *closest = closest_param(o->spec, name, beside);
    al_text hint = {0};

    if (!closest)
        list_params(&hint, o->spec);
    al_load_fail_name(l, given, closest, "'%s' has no parameter '%.100s'%s",
                      o->spec->name, name, al_text_peek(&hint));
    al_text_release(&hint);
}

static void unknown_param(al_loader *l, operation *o, al_json_value given,
                          const char *const *beside)
{
    const char *name = given.item->string;
    const char *first = o->spec->param_count ? o->spec->params[0].name : NULL;

    o->ok = false;
    if (strcmp(name, "as") == 0)
        al_load_fail_name(l, given, NULL,
                          "\"as\" belongs beside an operation that is a "
                          "statement");
    else if (first && al_verb_find(name) != AL_VERB_COUNT)
        al_load_fail_name(l, given, NULL,
                          "'%s' has no parameter '%s'; to give it an "
                          "operation, write {\"%s\": {\"%s\": {...}}}",
                          o->spec->name, name, o->spec->name, first);
    else if (is_function(l, name))
        al_load_fail_name(l, given, NULL,
                          "'%s' has no parameter '%.100s'; to call the "
                          "function, write {\"%s\": \"%.100s(...)\"}",
                          o->spec->name, name, o->spec->name, name);
    else if (strcmp(name, "be") == 0)
        al_load_fail_name(l, given, NULL, "'%s' is an operation without "
                          "\"be\"; to assign, write {\"let\": name, \"be\": "
                          "value}", o->spec->name);
    else
        no_such_param(l, o, given, beside);
}

static void take_param(al_loader *l, operation *o, al_json_value given,
                       const char *const *beside)
{
    int at = al_verb_param(o->verb, given.item->string);

    if (at < 0) {
        unknown_param(l, o, given, beside);
    } else if (o->params[at].item) {
        o->ok = al_load_fail_name(l, given, NULL,
                                  "parameter '%s' is given twice",
                                  given.item->string);
    } else {
        o->params[at] = given;
    }
}

/* {"cancel": "first"}: the value stands for the first parameter. */
static void take_short_form(al_loader *l, operation *o, al_json_value head)
{
    bool is_null = cJSON_IsNull(head.item);

    if (is_null && (o->spec->param_count == 0 ||
                    !o->spec->params[0].is_required))
        return; /* as {} */
    if (o->spec->param_count == 0)
        o->ok = al_load_fail(l, head, NULL,
                             "'%s' takes no parameters: write {\"%s\": {}}",
                             o->spec->name, o->spec->name);
    else
        o->params[0] = head;
}

/* Is a member a parameter, or like one? */
static bool has_param(const operation *o, al_json_value head)
{
    static const char *const nothing[] = {NULL};
    al_json_value v = al_json_first(head);

    while (v.item && al_verb_param(o->verb, v.item->string) < 0 &&
           !closest_param(o->spec, v.item->string, nothing))
        v = al_json_next(v);
    return v.item;
}

/* {"await": {"sleep": 1}}: an operation, where parameters might stand; it may
 * be misspelt. */
static bool stands_for_first(const operation *o, al_json_value head)
{
    return (o->spec->style == AL_STYLE_AWAIT ||
            o->spec->style == AL_STYLE_YIELD) && al_json_first(head).item &&
           (al_find_verb(head).item || !has_param(o, head));
}

static void gather_params(al_loader *l, operation *o, al_json_value object,
                          al_json_value head, const char *const *beside)
{
    static const char *const nothing[] = {NULL};
    al_json_value v;

    if (cJSON_IsObject(head.item) && !stands_for_first(o, head)) {
        for (v = al_json_first(head); v.item; v = al_json_next(v))
            take_param(l, o, v, nothing);
    } else {
        take_short_form(l, o, head);
    }
    for (v = al_json_first(object); v.item; v = al_json_next(v)) {
        if (v.item != head.item && !is_among(v.item->string, beside))
            take_param(l, o, v, beside);
    }
}

/* {"loop": null} is the current one, as if it were left out. */
static bool is_left_out(const al_param_spec *spec, al_json_value value)
{
    return !value.item || (cJSON_IsNull(value.item) && !spec->is_required &&
                           strcmp(spec->name, "loop") == 0);
}

/* A list may have been meant for all of them. */
static bool missing_param(al_loader *l, const operation *o, al_json_value head,
                          const al_param_spec *spec)
{
    bool is_list = cJSON_IsArray(head.item) && al_json_size(head) > 1;

    return al_load_fail_name(l, head, NULL, "'%s' needs \"%s\": %s%s",
                             o->spec->name, spec->name, spec->doc,
                             is_list ? " (several parameters are given by "
                                       "their names, in an object)" : "");
}

static void load_params(al_loader *l, operation *o, al_json_value head,
                        al_expr *e)
{
    for (size_t i = 0; i < o->spec->param_count; i++) {
        const al_param_spec *spec = &o->spec->params[i];

        if (!is_left_out(spec, o->params[i])) {
            e->as.verb.params[i] = load_param(l, spec->kind, o->params[i]);
            o->ok = o->ok && e->as.verb.params[i];
        } else if (spec->is_required && o->ok) {
            o->ok = missing_param(l, o, head, spec);
        }
    }
}

static bool may_stand_here(al_loader *l, al_verb verb, al_json_value head)
{
    if (verb == AL_VERB_AWAIT && l->in != AL_BODY_ASYNC)
        return al_load_fail_name(l, head, NULL,
                                 l->in == AL_BODY_PROGRAM
                                     ? "'await' outside function"
                                     : "'await' outside async function");
    if (verb != AL_VERB_YIELD)
        return true;
    if (!l->function)
        return al_load_fail_name(l, head, NULL, "'yield' outside function");
    l->function->is_generator = true;
    return true;
}

al_expr *al_load_operation(al_loader *l, al_json_value object,
                           al_json_value head, const char *const *beside)
{
    al_expr *e = new_expr(l, AL_EXPR_VERB, object);
    operation o = {.verb = al_verb_find(head.item->string), .ok = true};

    o.spec = &al_verb_specs[o.verb];
    e->as.verb.verb = o.verb;
    o.ok = may_stand_here(l, o.verb, head);
    gather_params(l, &o, object, head, beside);
    load_params(l, &o, head, e);
    return o.ok ? e : NULL;
}

/* -- what is no operation ----------------------------------------------- */

static bool is_for_later(const char *name)
{
    static const char *const later[] = {
        "open_connection", "start_server", "create_subprocess_exec",
        "create_subprocess_shell", "getaddrinfo", NULL,
    };

    return is_among(name, later);
}

static const char *closest_operation(const char *word, bool is_statement)
{
    const char *names[AL_VERB_COUNT + 32];
    al_verb undotted = al_verb_undotted(word);
    size_t count = 0;

    if (undotted != AL_VERB_COUNT)
        return al_verb_specs[undotted].name;
    for (; count < AL_VERB_COUNT; count++) {
        const char *dot = strchr(al_verb_specs[count].name, '.');

        names[count] = al_verb_specs[count].name;
        if (dot && strcmp(dot + 1, word) == 0) /* run: asyncio.run */
            return names[count];
    }
    for (size_t i = 0; is_statement && al_form_names[i]; i++)
        names[count++] = al_form_names[i];
    if (is_statement && strcmp(word, "print") == 0)
        return "log";
    return al_suggest(word, names, count);
}

/* Names that the statement might have defined are not reported as missing
 * elsewhere: one mistake, one message. */
static void note_doubtful_names(al_loader *l, al_json_value object)
{
    al_json_value v = al_json_first(object);

    for (; v.item; v = al_json_next(v)) {
        if (cJSON_IsString(v.item))
            al_name_map_add(&l->doubtful, v.item->valuestring);
    }
}

/* The name that was most likely meant as the operation's: the first that
 * nothing else explains. */
static al_json_value likely_head(al_json_value object)
{
    static const char *const beside[] = {"as", "args", "callback", "do",
                                         "then", "else", "be", NULL};
    al_json_value v = al_json_first(object);

    while (v.item && is_among(v.item->string, beside))
        v = al_json_next(v);
    return v.item ? v : al_json_first(object);
}

/* {"work": 1}, {"group.create_task": …}: what is called stands in an
 * expression.  True: told so. */
static bool refuse_call(al_loader *l, al_json_value head)
{
    const char *name = head.item->string;
    const char *dot = strrchr(name, '.');

    if (!is_function(l, name) &&
        (!dot || al_verb_undotted(name) != AL_VERB_COUNT ||
         !al_is_identifier(dot + 1, strlen(dot + 1)) ||
         strncmp(name, "asyncio.", 8) == 0))
        return false;
    al_load_fail_name(l, head, NULL, "'%.100s' is no operation; %s, write "
                      "\"%.100s(...)\"", name,
                      dot ? "to call a method" : "to call the function", name);
    return true;
}

void *al_load_unknown(al_loader *l, al_json_value object, bool is_statement)
{
    al_json_value head = likely_head(object);
    const char *what = is_statement ? "statement or operation" : "operation";
    const char *name;

    note_doubtful_names(l, object);
    if (!head.item) {
        al_load_fail(l, object, NULL, "an empty object is no %s%s", what,
                     is_statement ? "" : "; an empty dict is \"{}\"");
        return NULL;
    }
    name = head.item->string;
    if (refuse_call(l, head))
        return NULL;
    if (!is_statement && al_is_form(name))
        al_load_fail_name(l, head, NULL, "'%s' is a statement, and no value",
                          name);
    else if (is_for_later(name))
        al_load_fail_name(l, head, NULL,
                          "'%s' is not supported yet", name);
    else if (al_hint_statement(name))
        al_load_fail_name(l, head, NULL, "unknown %s '%s'%s", what, name,
                          al_hint_statement(name));
    else
        al_load_fail_name(l, head, closest_operation(name, is_statement),
                          "unknown %s '%.100s'", what, name);
    return NULL;
}
