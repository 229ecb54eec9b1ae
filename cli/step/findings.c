/* findings.c - what in the trace will hurt, as lint tells it, and why. */
#include "cli/step/private.h"

#include "cli/phrases.h"
#include "sim/analysis/lint.h"

static void add_event(void *self, uint64_t at, const al_event *event)
{
    (void)at;
    al_lint_add(self, event);
}

static void add_finding(const al_page *page, const al_finding *finding,
                        al_text *out)
{
    static const al_role roles[] = {AL_ROLE_NOTE, AL_ROLE_WARNING,
                                    AL_ROLE_ERROR};
    al_text what = {0}, note = {0};
    al_line line = {.indent = 2, .event = finding->at,
                    .verb = al_severity_name(finding->severity),
                    .verb_role = roles[finding->severity], .most_lines = 4};

    al_text_add(&what, finding->text);
    if (finding->more)
        al_text_add_format(&what, "; and %llu more like it",
                           (unsigned long long)finding->more);
    al_phrase_moment(&note, finding->time, finding->iteration);
    if (finding->where)
        al_text_add_format(&note, ", %s", al_phrase_place(finding->where));
    line.what = what.bytes;
    line.note = note.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
    al_text_release(&note);
}

/* What a finding is about: of the first two that it names the task, else the
 * first. */
static al_thing thing_of_finding(const al_finding *finding)
{
    al_thing first = al_thing_named_in(finding->text, (al_thing){0});
    al_thing second = al_thing_named_in(finding->text, first);

    return first.kind != AL_THING_TASK && second.kind == AL_THING_TASK
               ? second : first;
}

/* A line that leads to its story. */
static void add_story(const al_page *page, const al_finding *finding,
                      al_text *out)
{
    al_thing thing = thing_of_finding(finding);
    al_line line = {.indent = 4, .verb = "story"};
    al_text what = {0};

    if (thing.kind == AL_THING_NONE)
        return;
    al_text_add(&what, "of ");
    al_thing_add_name(&what, thing);
    line.what = what.bytes;
    al_page_add_line(page, out, &line);
    al_text_release(&what);
}

/* Why it matters, of each rule that found something. */
static void add_reasons(const al_page *page, const al_finding *findings,
                        size_t count, al_text *out)
{
    bool is_found[AL_RULE_COUNT] = {false};

    for (size_t i = 0; i < count; i++)
        is_found[findings[i].rule] = true;
    for (al_rule r = 0; r < AL_RULE_COUNT; r++) {
        al_line line = {.indent = 2, .what = al_rule_specs[r].reason,
                        .is_wide = true, .most_lines = 20};

        if (!is_found[r])
            continue;
        al_text_add_format(out, "\n%s: %s\n", al_rule_specs[r].name,
                           al_rule_specs[r].summary);
        al_page_add_line(page, out, &line);
    }
}

void al_stepper_tell_findings(al_stepper *s)
{
    const al_page page = {.width = al_stepper_page_width(s),
                          .has_anchors = true};
    const al_lint_options how = {.header = al_history_header(s->history)};
    al_lint *lint = al_lint_new(&how);
    uint64_t end = al_stepper_read_known(s, add_event, lint);
    const al_finding *findings;
    al_text text = {0};
    size_t count;

    al_lint_finish(lint);
    findings = al_lint_findings(lint, &count);
    for (size_t i = 0; i < count; i++) {
        add_finding(&page, &findings[i], &text);
        add_story(&page, &findings[i], &text);
    }
    add_reasons(&page, findings, count, &text);
    al_stepper_add_bound(s, end, &text);
    if (count > 0)
        al_stepper_show_list(s, "What will hurt", text.bytes);
    else
        al_stepper_say_none(s, end, AL_INK_MESSAGE,
                            "lint finds nothing that will hurt");
    al_text_release(&text);
    al_lint_free(lint);
}
