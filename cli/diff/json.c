/* json.c - a comparison for programs; see report.h. */
#include <math.h>
#include "cli/diff/report.h"
#include "cli/json_report.h"

static const char *const kinds[] = {
    [AL_PARTING_DID] = "did",       [AL_PARTING_MOVED] = "moved",
    [AL_PARTING_ORDER] = "order",   [AL_PARTING_ALONE] = "alone",
    [AL_PARTING_ENDS] = "ends",     [AL_PARTING_LATER] = "time",
    [AL_PARTING_TOOK] = "duration", [AL_PARTING_TURN] = "turn",
    [AL_PARTING_INTERLEAVED] = "interleaved",
};

static const char *const sides[] = {"a", "b"};

static void add_string(cJSON *to, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(to, key, text);
}

static void add_words(cJSON *to, const char *key,
                      void add(al_text *, const al_parting *),
                      const al_parting *parting)
{
    al_text text = {0};

    add(&text, parting);
    cJSON_AddStringToObject(to, key, al_text_peek(&text));
    al_text_release(&text);
}

/* -- differences ---------------------------------------------------------- */

static void add_doings(cJSON *to, const al_parting *parting, al_side s)
{
    cJSON *list = cJSON_AddArrayToObject(to, "did");

    for (size_t i = 0; i < parting->counts[s]; i++) {
        const al_doing *doing = &parting->doings[s][i];
        const char letter[] = {doing->letter, '\0'};
        cJSON *item = cJSON_CreateObject();

        cJSON_AddItemToArray(list, item);
        add_string(item, "e", al_event_specs[doing->kind].name);
        al_json_add_number(item, "t", doing->time);
        al_json_add_id(item, letter[0] == 't'   ? "task"
                       : letter[0] == 'f' ? "future" : letter, doing->letter,
               doing->letter ? doing->id : 0);
        al_json_add_id(item, "steps", 't', doing->task);
        add_string(item, "callback", doing->name);
        add_string(item, "name", doing->label);
        add_string(item, "args", doing->args);
        add_string(item, "outcome", doing->outcome);
        add_string(item, "type", doing->type);
        add_string(item, "text", doing->text);
        if (!isnan(doing->when) && doing->kind == AL_EVENT_CALL_AT)
            al_json_add_number(item, "when", doing->when);
    }
    if (parting->left_out[s] > 0)
        al_json_add_count(to, "left_out", parting->left_out[s]);
}

static void add_actor(cJSON *to, const char *key, const al_actor *actor)
{
    cJSON *item;

    if (actor->event == 0)
        return;
    item = cJSON_AddObjectToObject(to, key);
    al_json_add_count(item, "event", actor->event);
    if (!actor->is_world) {
        al_json_add_id(item, "loop", 'l', actor->loop);
        al_json_add_count(item, "iteration", actor->iteration);
    }
    al_json_add_number(item, "t", actor->time);
    al_json_add_id(item, "h", 'h', actor->handle);
    al_json_add_id(item, "task", 't', actor->task);
    add_string(item, "callback", actor->name);
    add_string(item, "name", actor->label);
}

static cJSON *make_parting(const al_parting *parting)
{
    cJSON *item = cJSON_CreateObject();

    add_string(item, "kind", kinds[parting->kind]);
    if (parting->kind != AL_PARTING_INTERLEAVED)
        add_words(item, "where", al_diff_add_place, parting);
    add_words(item, "words", al_diff_add_sentence, parting);
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        add_actor(item, sides[s], &parting->actors[s]);
        if (parting->doings[s])
            add_doings(cJSON_GetObjectItem(item, sides[s]), parting, s);
    }
    if (parting->kind == AL_PARTING_ORDER) {
        cJSON *before = cJSON_AddObjectToObject(item, "before");

        for (al_side s = AL_LEFT; s <= AL_RIGHT; s++)
            add_actor(before, sides[s], &parting->others[s]);
    }
    return item;
}

static cJSON *make_root(const al_root *root)
{
    cJSON *item = make_parting(&root->parting);
    cJSON *led_to = cJSON_CreateObject();
    cJSON *list;

    cJSON_AddBoolToObject(item, "independent", root->is_independent);
    cJSON_AddItemToObject(item, "led_to", led_to);
    al_json_add_count(led_to, "count", root->followed);
    al_json_add_count(led_to, "only_a", root->alone[AL_LEFT]);
    al_json_add_count(led_to, "only_b", root->alone[AL_RIGHT]);
    al_json_add_count(led_to, "shifted", root->shifted);
    al_json_add_number(led_to, "most_shifted", root->most_shifted);
    list = cJSON_AddArrayToObject(led_to, "differences");
    for (size_t i = 0; i < root->led_to_count; i++)
        cJSON_AddItemToArray(list, make_parting(&root->led_to[i]));
    return item;
}

/* -- what became of it ---------------------------------------------------- */

static void add_outcomes(cJSON *to, const al_align_result *result)
{
    cJSON *list = cJSON_AddArrayToObject(to, "outcomes");

    for (size_t i = 0; i < result->outcome_count; i++) {
        const al_outcome_change *row = &result->outcomes[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddItemToArray(list, item);
        add_string(item, "coro", row->name);
        add_string(item, "name", row->label);
        for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
            cJSON *one = cJSON_AddObjectToObject(item, sides[s]);

            al_json_add_id(one, "task", 't', row->task[s]);
            add_string(one, "outcome", row->outcomes[s]);
        }
    }
}

static void add_logs(cJSON *to, const al_align_result *result)
{
    cJSON *list = cJSON_AddArrayToObject(to, "logs");

    for (size_t i = 0; i < result->log_count; i++) {
        const al_log_change *log = &result->logs[i];
        cJSON *item = cJSON_CreateObject();

        cJSON_AddItemToArray(list, item);
        add_string(item, "side", sides[log->side]);
        al_json_add_number(item, "t", log->time);
        add_string(item, "level", log->level);
        add_string(item, "text", log->text);
    }
}

static void add_side(const al_diff_view *view, cJSON *to,
                     const al_align_result *result, al_side s)
{
    const al_align_side *side = &result->sides[s];
    cJSON *item = cJSON_AddObjectToObject(to, sides[s]);

    add_string(item, "name", view->names[s]);
    al_json_add_count(item, "events", side->events);
    al_json_add_count(item, "iterations", side->turns);
    al_json_add_count(item, "callbacks", side->runs);
    al_json_add_count(item, "only_here", result->alone[s]);
    al_json_add_number(item, "t", side->time);
    if (view->since[s] != 0)
        al_json_add_number(item, "since", view->since[s]);
    cJSON_AddBoolToObject(item, "has_end", side->has_end);
}

void al_diff_add_json(const al_diff_view *view, al_text *out,
                      const al_align_result *result)
{
    cJSON *top = al_json_report_new();
    cJSON *list;

    cJSON_AddBoolToObject(top, "equal", !view->differs);
    add_side(view, top, result, AL_LEFT);
    add_side(view, top, result, AL_RIGHT);
    al_json_add_count(top, "same", result->same);
    al_json_add_count(top, "shifted", result->shifted);
    al_json_add_count(top, "given_up", result->given_up);
    cJSON_AddBoolToObject(top, "order_cut", result->is_order_cut);
    cJSON_AddBoolToObject(top, "interleaved", result->is_interleaved);
    list = cJSON_AddArrayToObject(top, "differences");
    for (size_t i = 0; i < result->partings.count; i++)
        cJSON_AddItemToArray(list, make_root(result->partings.roots[i]));
    al_json_add_count(top, "more_differences", result->partings.more);
    add_outcomes(top, result);
    add_logs(top, result);
    al_json_report_end(top, false, out);
}
