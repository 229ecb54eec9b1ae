/* lint.c - the frame of the rules; see lint.h.  The rules are in lint_*.c. */
#include "sim/analysis/lint_private.h"

#include <string.h>
#include "loop/base/alloc.h"

const al_rule_spec al_rule_specs[AL_RULE_COUNT] = {
#define AL_LINT_SPEC(NAME, name, severity, summary, reason)                    \
    {name, severity, summary, reason},
    AL_LINT_RULES(AL_LINT_SPEC)
#undef AL_LINT_SPEC
};

static const al_lint_part_ops *const part_ops[AL_LINT_PARTS] = {
    &al_lint_timers, &al_lint_time, &al_lint_tasks, &al_lint_reported,
    &al_lint_fds};

al_rule al_rule_named(const char *name)
{
    al_rule rule = 0;

    while (rule < AL_RULE_COUNT &&
           strcmp(al_rule_specs[rule].name, name) != 0)
        rule++;
    return rule;
}

const char *al_severity_name(al_severity severity)
{
    static const char *const names[] = {"note", "warning", "error"};

    return names[severity];
}

/* -- what was told -------------------------------------------------------- */

static al_lint_key **find_key(al_lint *lint, al_rule rule, const char *name)
{
    size_t slot = ((uintptr_t)name / 16 + (size_t)rule) % AL_LINT_KEYS;
    al_lint_key **key = &lint->keys[slot];

    while (*key && ((*key)->rule != rule || (*key)->name != name))
        key = &(*key)->next;
    return key;
}

bool al_lint_wants(al_lint *lint, al_rule rule, const char *name)
{
    al_lint_key **key;

    lint->extent = 0;
    if (lint->options.is_disabled[rule])
        return false;
    key = find_key(lint, rule, al_intern_text(&lint->names, name));
    if (!*key)
        return lint->count < AL_LINT_MOST;
    lint->findings[(*key)->finding].more++;
    return false;
}

bool al_lint_wants_worst(al_lint *lint, al_rule rule, const char *name,
                         double seconds)
{
    bool is_first = al_lint_wants(lint, rule, name);
    const al_lint_key *key;

    lint->extent = seconds;
    if (is_first)
        return true;
    key = *find_key(lint, rule, al_intern_text(&lint->names, name));
    return key && seconds > lint->findings[key->finding].extent;
}

/* Where the finding is to stand: in the place of that which was told of the
 * name, or a new one. */
static al_finding *find_place(al_lint *lint, al_rule rule, const char *name)
{
    const char *kept = al_intern_text(&lint->names, name);
    al_lint_key **key = find_key(lint, rule, kept);
    al_finding *finding;

    if (*key) {
        finding = &lint->findings[(*key)->finding];
        al_free(finding->text);
        return finding;
    }
    *key = al_alloc_zero(1, sizeof **key);
    **key = (al_lint_key){.rule = rule, .name = kept,
                          .finding = lint->count};
    lint->findings = al_grow(lint->findings, &lint->capacity, lint->count + 1,
                             sizeof *lint->findings);
    lint->findings[lint->count].more = 0;
    return &lint->findings[lint->count++];
}

al_finding *al_lint_tell(al_lint *lint, al_rule rule, al_severity severity,
                         const char *name, const al_event *event,
                         const char *where)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    al_finding *finding = find_place(lint, rule, name);

    *finding = (al_finding){
        .rule = rule,
        .severity = severity,
        .time = event->time,
        .iteration = loop ? loop->iteration : 0,
        .at = lint->at,
        .where = where ? al_intern_text(&lint->names, where) : NULL,
        .text = al_text_take(&lint->text),
        .more = finding->more,
        .extent = lint->extent,
    };
    return finding;
}

/* -- words ---------------------------------------------------------------- */

void al_lint_add_handle(al_text *out, const al_traced *handle)
{
    al_text_add_format(out, "h%llu %s()", (unsigned long long)handle->id,
                       handle->callback);
}

void al_lint_add_task(al_text *out, const al_traced_task *task)
{
    al_text_add_format(out, "t%llu", (unsigned long long)task->future.id);
    if (task->name)
        al_text_add_format(out, " '%s'", al_shared_name_text(task->name));
}

/* Without the digits that say nothing: "0.3 s". */
void al_lint_add_seconds(al_text *out, double seconds)
{
    al_text_add_format(out, "%.6g s", seconds);
}

const char *al_lint_name_of(const al_lint *lint, const al_traced *handle)
{
    const al_traced_task *task =
        handle->task ? al_state_task(lint->state, handle->task) : NULL;

    return task ? task->coroutine : handle->callback;
}

/* -- life ----------------------------------------------------------------- */

al_lint *al_lint_new(const al_lint_options *options)
{
    al_lint *lint = al_alloc_zero(1, sizeof *lint);

    lint->options = *options;
    lint->slow = options->header->loop.slow_callback_duration;
    lint->state = al_state_new(NULL);
    for (int i = 0; i < AL_LINT_PARTS; i++)
        lint->parts[i] = part_ops[i]->make();
    return lint;
}

void al_lint_add(al_lint *lint, const al_event *event)
{
    lint->at++;
    for (int i = 0; i < AL_LINT_PARTS; i++)
        part_ops[i]->before(lint->parts[i], lint, event);
    al_state_apply(lint->state, event);
    for (int i = 0; i < AL_LINT_PARTS; i++)
        part_ops[i]->after(lint->parts[i], lint, event);
}

/* The worst of several may have come after others, and what a part tells at the
 * end before.  They are few, and nearly in order. */
static void sort_by_event(al_lint *lint)
{
    for (size_t i = 1; i < lint->count; i++) {
        al_finding finding = lint->findings[i];
        size_t at = i;

        for (; at > 0 && lint->findings[at - 1].at > finding.at; at--)
            lint->findings[at] = lint->findings[at - 1];
        lint->findings[at] = finding;
    }
}

void al_lint_finish(al_lint *lint)
{
    for (int i = 0; i < AL_LINT_PARTS; i++) {
        if (part_ops[i]->finish)
            part_ops[i]->finish(lint->parts[i], lint);
    }
    sort_by_event(lint);
}

static void free_keys(al_lint *lint)
{
    for (int i = 0; i < AL_LINT_KEYS; i++) {
        while (lint->keys[i]) {
            al_lint_key *next = lint->keys[i]->next;

            al_free(lint->keys[i]);
            lint->keys[i] = next;
        }
    }
}

void al_lint_free(al_lint *lint)
{
    if (!lint)
        return;
    for (int i = 0; i < AL_LINT_PARTS; i++)
        part_ops[i]->free(lint->parts[i]);
    for (size_t i = 0; i < lint->count; i++)
        al_free(lint->findings[i].text);
    free_keys(lint);
    al_free(lint->findings);
    al_text_release(&lint->text);
    al_intern_release(&lint->names);
    al_state_free(lint->state);
    al_free(lint);
}

const al_finding *al_lint_findings(const al_lint *lint, size_t *count)
{
    *count = lint->count;
    return lint->findings;
}
