/* load.c - a scenario file: its sections, in the order in which later ones
 * need earlier ones; then the checks that need all of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "loop/base/alloc.h"
#include "sim/base/path.h"
#include "sim/json/suggest.h"
#include "sim/scenario/hints.h"
#include "sim/scenario/loader.h"
#include "sim/scenario/words.h"

enum { LANGUAGE_VERSION = 1 };

/* -- mistakes and places ------------------------------------------------ */

__attribute__((format(printf, 5, 0)))
static bool fail(al_loader *l, size_t offset, size_t end,
                 const char *suggestion, const char *format, va_list args)
{
    char message[AL_DIAGNOSTIC_TEXT];

    vsnprintf(message, sizeof message, format, args);
    al_diagnose(l->diagnostics, offset, end - offset, suggestion, "%s",
                message);
    return false;
}

/* Of a list or object the bracket is marked, not all of its lines. */
static size_t marked_end(al_json_value value)
{
    const al_json_node *node = al_json_node_of(value);
    bool is_nested = value.item->type & (cJSON_Array | cJSON_Object);

    return is_nested ? node->offset + 1 : node->end;
}

bool al_load_fail(al_loader *l, al_json_value value, const char *suggestion,
                  const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(l, al_json_node_of(value)->offset, marked_end(value), suggestion,
         format, args);
    va_end(args);
    return false;
}

bool al_load_fail_name(al_loader *l, al_json_value value,
                       const char *suggestion, const char *format, ...)
{
    const al_json_node *node = al_json_node_of(value);
    va_list args;

    va_start(args, format);
    fail(l, node->key, node->key_end, suggestion, format, args);
    va_end(args);
    return false;
}

bool al_load_fail_type(al_loader *l, al_json_value value, const char *wanted)
{
    return al_load_fail(l, value, NULL, "expected %s, found %s", wanted,
                        al_json_kind(value));
}

al_place al_load_place(al_loader *l, al_json_value value)
{
    al_place place;

    al_places_find(&l->places, al_json_node_of(value)->offset, &place.line,
                   &place.column);
    return place;
}

/* The bodies of statements have names that differ by the statement. */
static const char *suggest_key(const char *word, const char *const *allowed,
                               size_t count)
{
    static const char *const bodies[] = {"do", "then", "body"};
    const char *synonym = al_synonym(word, allowed, count);
    const char *closest = synonym ? synonym
                                  : al_suggest(word, allowed, count);
    bool is_body = false;

    for (size_t b = 0; b < 3; b++)
        is_body = is_body || strcmp(word, bodies[b]) == 0;
    for (size_t i = 0; is_body && !closest && i < count; i++) {
        for (size_t b = 0; b < 3; b++) {
            if (strcmp(allowed[i], bodies[b]) == 0)
                closest = allowed[i];
        }
    }
    return closest;
}

/* Where no key is like it: what is meant, or which there are. */
static void add_key_hint(al_text *out, const char *word,
                         const char *const *allowed, size_t count)
{
    enum { MOST_LISTED = 5 };
    const char *hint = al_hint_key(word);

    if (hint)
        al_text_add(out, hint);
    for (size_t i = 0; !hint && count > 1 && count <= MOST_LISTED && i < count;
         i++)
        al_text_add_format(out, "%s\"%s\"", i == 0 ? "; it has " : ", ",
                           allowed[i]);
}

static bool unknown_key(al_loader *l, al_json_value given, const char *what,
                        const char *const *allowed, size_t count)
{
    const char *closest = suggest_key(given.item->string, allowed, count);
    al_text hint = {0};

    if (!closest)
        add_key_hint(&hint, given.item->string, allowed, count);
    al_load_fail_name(l, given, closest, "unknown key \"%.100s\" in %s%s",
                      given.item->string, what, al_text_peek(&hint));
    al_text_release(&hint);
    return false;
}

bool al_load_check_keys(al_loader *l, al_json_value object, const char *what,
                        const char *const *allowed)
{
    size_t count = 0;
    bool ok = true;

    while (allowed[count])
        count++;
    for (al_json_value v = al_json_first(object); v.item;
         v = al_json_next(v)) {
        size_t i = 0;

        while (i < count && strcmp(allowed[i], v.item->string) != 0)
            i++;
        if (i == count)
            ok = unknown_key(l, v, what, allowed, count);
    }
    return ok;
}

const char *al_load_text(al_loader *l, al_json_value value)
{
    if (cJSON_IsString(value.item))
        return al_arena_strdup(l->arena, value.item->valuestring);
    al_load_fail_type(l, value, "a string");
    return NULL;
}

static bool check_name(al_loader *l, al_json_value value, const char *name,
                       bool is_key)
{
    bool (*complain)(al_loader *, al_json_value, const char *, const char *,
                     ...) = is_key ? al_load_fail_name : al_load_fail;

    if (al_is_keyword(name, strlen(name)))
        return complain(l, value, NULL,
                        "'%s' is a keyword of Python, and no name", name);
    if (strncmp(name, "async ", 6) == 0)
        return complain(l, value, NULL,
                        "'%.100s' is no name: write \"%.100s\" and in its "
                        "object \"async\": true", name, name + 6);
    if (!is_key && strchr(name, '='))
        return complain(l, value, NULL,
                        "'%.100s' is no name: parameters have no default "
                        "values", name);
    if (!al_is_identifier(name, strlen(name)))
        return complain(l, value, NULL,
                        "'%.100s' is no name: a name has letters, digits and "
                        "'_', and begins with no digit", name);
    if (strcmp(name, "__debug__") == 0)
        return complain(l, value, NULL, "cannot assign to __debug__");
    return true;
}

const char *al_load_name(al_loader *l, al_json_value value)
{
    const char *name = cJSON_GetStringValue(value.item);

    if (!name) {
        al_load_fail_type(l, value, "a name");
        return NULL;
    }
    if (!check_name(l, value, name, false))
        return NULL;
    return al_arena_strdup(l->arena, name);
}

/* -- functions ---------------------------------------------------------- */

/* Without its stars; NULL: diagnosed. */
static const char *load_param(al_loader *l, al_json_value value,
                              const al_function *f)
{
    const char *text = cJSON_GetStringValue(value.item);
    size_t stars = text ? strspn(text, "*") : 0;

    if (stars == 0 && !f->has_rest && !f->has_keywords)
        return al_load_name(l, value);
    if (stars == 0 || stars > 2 || f->has_keywords ||
        (f->has_rest && stars == 1)) {
        al_load_fail(l, value, NULL, "\"*args\", then \"**kwargs\" come "
                     "last, each once");
        return NULL;
    }
    if (!text[stars])
        al_load_fail(l, value, NULL,
                     "\"%s\" is no parameter: none is by keyword alone", text);
    else if (check_name(l, value, text + stars, false))
        return al_arena_strdup(l->arena, text + stars);
    return NULL;
}

/* `text` is the name with its stars. */
static void add_param(al_function *f, const char *name, const char *text)
{
    f->params[al_function_name_count(f)] = name;
    if (text[0] != '*')
        f->param_count++;
    else if (text[1] != '*')
        f->has_rest = true;
    else
        f->has_keywords = true;
}

static void load_params(al_loader *l, al_json_value list, al_function *f)
{
    al_name_map names = {0};

    if (!cJSON_IsArray(list.item)) {
        al_load_fail_type(l, list, "a list of names");
        return;
    }
    f->params = al_arena_alloc(l->arena,
                               al_json_size(list) * sizeof *f->params);
    for (al_json_value v = al_json_first(list); v.item; v = al_json_next(v)) {
        const char *name = load_param(l, v, f);

        if (name && al_name_map_find(&names, name))
            al_load_fail(l, v, NULL,
                         "duplicate parameter '%.100s' in function definition",
                         name);
        else if (name)
            add_param(f, al_name_map_add(&names, name)->name,
                      cJSON_GetStringValue(v.item));
    }
    al_name_map_release(&names);
}

static bool load_async(al_loader *l, al_json_value async)
{
    if (!cJSON_IsBool(async.item))
        return al_load_fail_type(l, async, "true or false");
    return cJSON_IsTrue(async.item);
}

static void place_of_name(al_loader *l, al_json_value value, al_place *place)
{
    al_places_find(&l->places, al_json_node_of(value)->key, &place->line,
                   &place->column);
}

/* All but its body: bodies are loaded when all functions are known. */
static void load_signature(al_loader *l, al_json_value value, al_function *f)
{
    static const char *const keys[] = {"params", "body", "async", NULL};
    al_json_value params = al_json_member(value, "params");
    al_json_value async = al_json_member(value, "async");
    bool is_tidy;

    f->name = al_arena_strdup(l->arena, value.item->string);
    al_name_map_add(&l->declared, f->name)->flags |= AL_NAME_FUNCTION;
    place_of_name(l, value, &f->place);
    check_name(l, value, f->name, true);
    if (!cJSON_IsObject(value.item)) {
        al_load_fail_type(l, value, "an object with \"params\" and \"body\"");
        return;
    }
    is_tidy = al_load_check_keys(l, value, "a function", keys);
    if (params.item)
        load_params(l, params, f);
    if (async.item)
        f->is_async = load_async(l, async);
    if (is_tidy && !al_json_member(value, "body").item)
        al_load_fail_name(l, value, NULL, "function '%.100s' needs \"body\"",
                          f->name);
}

static void load_functions(al_loader *l, al_json_value object)
{
    al_scenario *s = l->scenario;

    if (!cJSON_IsObject(object.item)) {
        al_load_fail_type(l, object, "an object");
        return;
    }
    s->functions = al_arena_alloc(l->arena, al_json_size(object) *
                                                sizeof *s->functions);
    for (al_json_value v = al_json_first(object); v.item; v = al_json_next(v))
        load_signature(l, v, &s->functions[s->function_count++]);
}

static void load_function_body(al_loader *l, al_json_value body,
                               al_function *f)
{
    l->function = f;
    l->returned = (al_json_value){0};
    f->body = al_load_body(l, body, f->is_async ? AL_BODY_ASYNC
                                                : AL_BODY_FUNCTION);
    l->function = NULL;
    if (f->is_async && f->is_generator && l->returned.item)
        al_load_fail_name(l, l->returned, NULL,
                          "'return' with value in async generator");
}

static void load_bodies(al_loader *l, al_json_value object)
{
    al_function *f = l->scenario->functions;

    if (!object.item || !cJSON_IsObject(object.item))
        return;
    for (al_json_value v = al_json_first(object); v.item;
         v = al_json_next(v), f++) {
        al_json_value body = al_json_member(v, "body");

        if (body.item)
            load_function_body(l, body, f);
    }
}

/* -- the program -------------------------------------------------------- */

static al_expr *made_expr(al_loader *l, al_expr_kind kind, al_place place)
{
    return al_expr_new(l->arena, kind, 0, 0, place);
}

static al_expr *made_name(al_loader *l, const char *name, al_place place)
{
    al_expr *e = made_expr(l, AL_EXPR_NAME, place);

    e->as.name = name;
    return e;
}

static al_expr *made_verb(al_loader *l, al_verb verb, const char *param,
                          const char *name, al_place place)
{
    al_expr *e = made_expr(l, AL_EXPR_VERB, place);
    int loop = al_verb_param(verb, "loop");

    e->as.verb.verb = verb;
    if (loop >= 0)
        e->as.verb.params[loop] = made_name(l, "loop", place);
    if (param)
        e->as.verb.params[al_verb_param(verb, param)] =
            made_name(l, name, place);
    return e;
}

static al_stmt *made_stmt(al_loader *l, al_stmt_kind kind, al_expr *value)
{
    al_stmt_node *node = al_arena_alloc(l->arena, sizeof *node);

    node->stmt.kind = kind;
    node->stmt.place = value ? value->place : (al_place){0};
    node->stmt.as.expr.value = value;
    return &node->stmt;
}

/* asyncio.run(main()) */
static void make_async_program(al_loader *l, al_place at)
{
    al_expr *call = made_verb(l, AL_VERB_CALL, "function", "main", at);
    al_expr *run = made_verb(l, AL_VERB_ASYNCIO_RUN, NULL, NULL, at);
    size_t capacity = 0;

    run->as.verb.params[al_verb_param(AL_VERB_ASYNCIO_RUN, "main")] = call;
    al_block_add(l, &l->scenario->program, &capacity,
                 made_stmt(l, AL_STMT_EXPR, run));
}

/* As scenarios/README.md gives it: run main in a loop of its own. */
static void make_program(al_loader *l, const al_function *f)
{
    al_block *program = &l->scenario->program;
    al_place at = f->place;
    al_stmt *let, *attempt;
    al_block run = {0}, close = {0};
    size_t capacity = 0, run_capacity = 0, close_capacity = 0;

    let = made_stmt(l, AL_STMT_LET,
                    made_verb(l, AL_VERB_NEW_EVENT_LOOP, NULL, NULL, at));
    let->as.expr.target = made_name(l, "loop", at);
    al_block_add(l, program, &capacity, let);
    al_block_add(l, program, &capacity,
                 made_stmt(l, AL_STMT_EXPR,
                           made_verb(l, AL_VERB_SET_EVENT_LOOP, NULL, NULL,
                                     at)));
    al_block_add(l, program, &capacity,
                 made_stmt(l, AL_STMT_EXPR,
                           made_verb(l, AL_VERB_CALL_SOON, "callback", "main",
                                     at)));
    al_block_add(l, &run, &run_capacity,
                 made_stmt(l, AL_STMT_EXPR,
                           made_verb(l, AL_VERB_RUN_FOREVER, NULL, NULL, at)));
    al_block_add(l, &close, &close_capacity,
                 made_stmt(l, AL_STMT_EXPR,
                           made_verb(l, AL_VERB_CLOSE, NULL, NULL, at)));
    attempt = made_stmt(l, AL_STMT_TRY, NULL);
    attempt->place = at;
    attempt->as.attempt.body = run;
    attempt->as.attempt.finally = close;
    al_block_add(l, program, &capacity, attempt);
}

static void need_main(al_loader *l, al_json_value root, bool is_tidy)
{
    const al_scenario *s = l->scenario;
    al_json_value functions = al_json_member(root, "functions");
    al_json_value main_function;

    for (size_t i = 0; i < s->function_count; i++) {
        if (strcmp(s->functions[i].name, "main") != 0)
            continue;
        main_function = al_json_member(functions, "main");
        if (s->functions[i].param_count > 0)
            al_load_fail_name(l, main_function, NULL,
                              "without a \"program\", 'main' is called with "
                              "no arguments: it may have no parameters");
        else if (s->functions[i].is_async)
            make_async_program(l, s->functions[i].place);
        else
            make_program(l, &s->functions[i]);
        return;
    }
    if (is_tidy && !al_json_member(functions, "async main").item)
        al_load_fail(l, root, NULL,
                     "the scenario has neither a \"program\" nor a function "
                     "'main'");
}

/* Not tidy: an unknown section may be a misspelt program, or functions. */
static void load_program(al_loader *l, al_json_value root, bool is_tidy)
{
    al_json_value program = al_json_member(root, "program");

    l->scenario->has_program = program.item;
    if (program.item)
        l->scenario->program = al_load_body(l, program, AL_BODY_PROGRAM);
    else if (is_tidy || al_json_member(root, "functions").item)
        need_main(l, root, is_tidy);
}

/* -- the file ----------------------------------------------------------- */

static const char *const sections[] = {
    "$schema", "scenario", "title", "description", "loop", "limits", "fds",
    "functions", "world", "program", NULL,
};

static bool check_version(al_loader *l, al_json_value root)
{
    al_json_value version = al_json_member(root, "scenario");
    int64_t number;

    if (!version.item) {
        al_load_fail(l, root, NULL,
                     "\"scenario\": 1 is missing: the version of the "
                     "language");
        return true; /* the rest is worth a look */
    }
    if (!al_json_get_integer(version, &number))
        return al_load_fail_type(l, version, "the version of the language, 1");
    if (number != LANGUAGE_VERSION)
        return al_load_fail(l, version, NULL,
                            "version %lld of the language is not supported; "
                            "this program knows version %d",
                            (long long)number, LANGUAGE_VERSION);
    return true;
}

static void load_texts(al_loader *l, al_json_value root)
{
    al_json_value schema = al_json_member(root, "$schema");
    al_json_value title = al_json_member(root, "title");
    al_json_value description = al_json_member(root, "description");

    if (schema.item)
        al_load_text(l, schema);
    if (title.item)
        l->scenario->title = al_load_text(l, title);
    if (description.item)
        l->scenario->description = al_load_text(l, description);
}

static void load_root(al_loader *l, al_json_value root)
{
    al_json_value functions = al_json_member(root, "functions");
    al_json_value fds = al_json_member(root, "fds");
    al_json_value world = al_json_member(root, "world");
    bool is_tidy;

    is_tidy = al_load_check_keys(l, root, "a scenario", sections);
    load_texts(l, root);
    al_load_knobs(l, root);
    if (functions.item)
        load_functions(l, functions);
    if (fds.item)
        al_load_fds(l, fds);
    if (world.item)
        al_load_world(l, world);
    load_bodies(l, functions);
    load_program(l, root, is_tidy);
    al_check_scenario(l);
}

/* Both writers of traces begin their first line so. */
bool al_scenario_is_trace(const char *text, size_t length)
{
    static const char begin[] = "{\"trace\":";

    return length >= sizeof begin - 1 &&
           memcmp(text, begin, sizeof begin - 1) == 0;
}

/* "gzip: zcat" of what gzip made; NULL: it is not compressed. */
static const char *unpacked_by(const char *text, size_t length)
{
    static const struct {
        const char *begin, *by;
    } forms[] = {
        {"\x1f\x8b", "gzip: zcat"},
        {"\x28\xb5\x2f\xfd", "zstd: zstdcat"},
        {"\xfd" "7zXZ", "xz: xzcat"},
        {"BZh", "bzip2: bzcat"},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t wanted = strlen(forms[i].begin);

        if (length > wanted && memcmp(text, forms[i].begin, wanted) == 0)
            return forms[i].by;
    }
    return NULL;
}

static bool is_program(const char *path)
{
    size_t length = strlen(path);

    return length > 3 && strcmp(path + length - 3, ".py") == 0;
}

static void load_text(al_loader *l, const char *text, size_t length)
{
    const char *unpacked = unpacked_by(text, length);
    al_json_value root;

    al_places_init(&l->places, text, length);
    if (unpacked) {
        al_diagnose(l->diagnostics, AL_NO_PLACE, 0, NULL,
                    "this is compressed by %s FILE | asyncloop-sim … -",
                    unpacked);
        return;
    }
    if (al_scenario_is_trace(text, length)) {
        al_diagnose(l->diagnostics, 0, 0, NULL,
                    "this is a trace, not a scenario; 'run' tells a trace "
                    "again");
        return;
    }
    if (is_program(l->scenario->path)) {
        al_diagnose(l->diagnostics, 0, 0, NULL,
                    "this is a Python program, not a scenario; 'record' runs "
                    "it, and writes its trace");
        return;
    }
    if (!al_json_parse(&l->json, text, length, l->diagnostics))
        return;
    root = al_json_root(&l->json);
    if (!cJSON_IsObject(root.item))
        al_load_fail_type(l, root, "a scenario, which is an object");
    else if (check_version(l, root))
        load_root(l, root);
}

static char *name_of(al_arena *arena, const char *path)
{
    const char *name = al_path_name(path);
    size_t length = strlen(name);

    if (strcmp(path, "<stdin>") == 0)
        return al_arena_strdup(arena, "stdin");
    if (length > 5 && strcmp(name + length - 5, ".json") == 0)
        length -= 5;
    return al_arena_strndup(arena, name, length);
}

al_scenario *al_scenario_parse(const char *text, size_t length,
                               const char *path, const al_override *overrides,
                               size_t override_count,
                               al_diagnostics *diagnostics)
{
    al_scenario *scenario = al_alloc_zero(1, sizeof *scenario);
    size_t mistakes = diagnostics->total;
    al_loader l = {.scenario = scenario, .arena = &scenario->arena,
                   .diagnostics = diagnostics};

    al_diagnostics_set_text(diagnostics, path, text, length);
    scenario->path = al_arena_strdup(l.arena, path);
    scenario->name = name_of(l.arena, path);
    scenario->text = al_arena_strndup(l.arena, text, length);
    load_text(&l, text, length);
    al_load_overrides(&l, overrides, override_count);
    al_json_release(&l.json);
    al_name_map_release(&l.declared);
    al_name_map_release(&l.doubtful);
    if (diagnostics->total == mistakes)
        return scenario;
    al_scenario_free(scenario);
    return NULL;
}

/* Up to one byte more than is allowed: the scan then refuses the text. */
static bool read_all(int fd, al_text *text)
{
    enum { CHUNK = 64 * 1024 };
    ssize_t got = 1;

    while (got > 0 && text->length <= AL_JSON_MAX_BYTES) {
        got = read(fd, al_text_reserve(text, CHUNK), CHUNK);
        text->length += got > 0 ? (size_t)got : 0;
    }
    return got >= 0;
}

al_scenario *al_scenario_read(int fd, const char *path,
                              const al_override *overrides,
                              size_t override_count,
                              al_diagnostics *diagnostics)
{
    al_scenario *scenario = NULL;
    al_text text = {0};

    if (fd >= 0 && read_all(fd, &text)) {
        scenario = al_scenario_parse(al_text_peek(&text), text.length, path,
                                     overrides, override_count, diagnostics);
    } else {
        diagnostics->error = errno;
        al_diagnostics_set_text(diagnostics, path, "", 0);
        al_diagnose(diagnostics, AL_NO_PLACE, 0, NULL, "cannot read it: %s",
                    strerror(diagnostics->error));
    }
    al_text_release(&text);
    return scenario;
}

al_scenario *al_scenario_load(const char *path, const al_override *overrides,
                              size_t override_count,
                              al_diagnostics *diagnostics)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    al_scenario *scenario = al_scenario_read(fd, path, overrides,
                                             override_count, diagnostics);

    if (fd >= 0)
        close(fd);
    return scenario;
}

void al_scenario_free(al_scenario *scenario)
{
    al_arena arena;

    if (!scenario)
        return;
    arena = scenario->arena;
    al_free(scenario);
    al_arena_release(&arena);
}
