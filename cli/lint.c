/* lint.c - asyncloop-sim lint: what will hurt. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/json_report.h"
#include "cli/page.h"
#include "cli/phrases.h"
#include "cli/source.h"
#include "sim/analysis/lint.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"
#include "sim/json/suggest.h"

static struct {
    const char *color;
    bool list, json;
    al_strings disable, set;
} o;

#define RULE_WORD(NAME, name, severity, summary, reason) name " "

static const al_option options[] = {
    {AL_OPTION_FLAG, 'l', "list", NULL, "list the rules, and why they matter",
     &o.list, NULL},
    {AL_OPTION_LIST, 'd', "disable", "RULE", "do not look for it",
     &o.disable, AL_LINT_RULES(RULE_WORD)},
    {AL_OPTION_FLAG, 0, "json", NULL, "one JSON object a finding", &o.json,
     NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

/* -- the rules ------------------------------------------------------------ */

static const al_role roles[] = {AL_ROLE_NOTE, AL_ROLE_WARNING, AL_ROLE_ERROR};

/* A paragraph, in lines that fit. */
static void add_paragraph(const al_page *page, al_text *out, const char *text)
{
    const al_line line = {.indent = 2, .what = text, .is_wide = true,
                          .most_lines = 20};

    al_page_add_line(page, out, &line);
}

static al_exit list_rules(const al_page *page)
{
    al_text out = {0};

    for (al_rule r = 0; r < AL_RULE_COUNT; r++) {
        const al_rule_spec *rule = &al_rule_specs[r];

        al_palette_begin(&out, page->color, roles[rule->severity]);
        al_text_add_format(&out, "%s", rule->name);
        al_palette_end(&out, page->color, roles[rule->severity]);
        al_text_add_format(&out, " (%s): %s\n",
                           al_severity_name(rule->severity), rule->summary);
        add_paragraph(page, &out, rule->reason);
        al_text_add(&out, r + 1 < AL_RULE_COUNT ? "\n" : "");
    }
    fwrite(out.bytes, 1, out.length, stdout);
    al_text_release(&out);
    return AL_EXIT_OK;
}

static bool read_disabled(bool *is_disabled)
{
    const char *names[AL_RULE_COUNT], *near;

    for (al_rule r = 0; r < AL_RULE_COUNT; r++)
        names[r] = al_rule_specs[r].name;
    for (size_t i = 0; i < o.disable.count; i++) {
        al_rule rule = al_rule_named(o.disable.items[i]);

        if (rule < AL_RULE_COUNT) {
            is_disabled[rule] = true;
            continue;
        }
        near = al_suggest(o.disable.items[i], names, AL_RULE_COUNT);
        if (near)
            al_complain("no rule is called '%s'; did you mean '%s'?",
                        o.disable.items[i], near);
        else
            al_complain("no rule is called '%s' (see 'asyncloop-sim lint "
                        "--list')", o.disable.items[i]);
        return false;
    }
    return true;
}

/* -- findings ------------------------------------------------------------- */

/* "scenarios/ties.json:12", and of a recording "server.py:12". */
static void add_place(al_text *out, const char *name, const char *where)
{
    const char *line = where ? strrchr(where, ':') : NULL;
    const char *base = al_path_name(name);
    bool is_its_own = line && strlen(base) == (size_t)(line - where) &&
                      strncmp(base, where, strlen(base)) == 0;

    if (line && !is_its_own) {
        al_escape_add(out, where);
        return;
    }
    al_escape_add(out, name);
    if (line)
        al_escape_add(out, line);
}

/* "ties.json:12: warning: at 1.0 s, iteration 2: … [tie-order]" */
static void add_text(const al_page *page, al_text *out, const char *name,
                     const al_finding *finding)
{
    add_place(out, name, finding->where);
    al_text_add(out, ": ");
    al_palette_begin(out, page->color, roles[finding->severity]);
    al_text_add_format(out, "%s: ", al_severity_name(finding->severity));
    al_palette_end(out, page->color, roles[finding->severity]);
    al_phrase_moment(out, finding->time, finding->iteration);
    al_text_add(out, ": ");
    al_escape_add(out, finding->text);
    if (finding->more)
        al_text_add_format(out, "; and %llu more like it",
                           (unsigned long long)finding->more);
    al_text_add_format(out, " [%s]\n", al_rule_specs[finding->rule].name);
}

static void add_json(al_text *out, const char *name, const al_finding *finding)
{
    cJSON *object = al_json_report_new();

    cJSON_AddStringToObject(object, "file", name);
    if (finding->where)
        cJSON_AddStringToObject(object, "where", finding->where);
    cJSON_AddStringToObject(object, "rule",
                            al_rule_specs[finding->rule].name);
    cJSON_AddStringToObject(object, "severity",
                            al_severity_name(finding->severity));
    cJSON_AddNumberToObject(object, "t", finding->time);
    if (finding->iteration)
        cJSON_AddNumberToObject(object, "iteration",
                                (double)finding->iteration);
    cJSON_AddNumberToObject(object, "event", (double)finding->at);
    cJSON_AddStringToObject(object, "text", finding->text);
    cJSON_AddNumberToObject(object, "more", (double)finding->more);
    al_json_report_end(object, true, out);
}

/* "app.jsonl: times since the start, 47184.5 s" */
static void add_since(al_text *out, const char *name, double since)
{
    if (since == 0)
        return;
    al_escape_add(out, name);
    al_text_add(out, ": ");
    al_phrase_since(out, since);
    al_text_add_char(out, '\n');
}

static al_exit tell_findings(const al_page *page, const char *name,
                             double since, const al_lint *lint)
{
    al_exit status = AL_EXIT_OK;
    al_text out = {0};
    size_t count;
    const al_finding *findings = al_lint_findings(lint, &count);

    if (count > 0 && !o.json)
        add_since(&out, name, since);
    for (size_t i = 0; i < count; i++) {
        if (findings[i].severity > AL_NOTE)
            status = AL_EXIT_FAILED;
        if (o.json)
            add_json(&out, name, &findings[i]);
        else
            add_text(page, &out, name, &findings[i]);
    }
    fwrite(al_text_peek(&out), 1, out.length, stdout);
    al_text_release(&out);
    return status;
}

/* -- the command ---------------------------------------------------------- */

static al_exit lint_one(const al_page *page, const char *path,
                        al_lint_options *how)
{
    al_exit status, ending;
    al_source *source;
    al_event event;
    al_lint *lint;

    source = al_source_open(path, &o.set, o.color, &status);
    if (!source)
        return status;
    if (!o.json)
        al_source_tell_since_start(source);
    how->header = al_source_header(source);
    lint = al_lint_new(how);
    al_source_show_progress(source);
    while (al_source_next(source, &event))
        al_lint_add(lint, &event);
    al_lint_finish(lint);
    status = tell_findings(page, al_source_name(source), how->header->since,
                           lint);
    al_lint_free(lint);
    ending = al_source_close(source);
    return ending != AL_EXIT_OK ? ending : status;
}

static al_exit lint(int argc, char **argv)
{
    const al_page page = {.color = al_want_color(o.color, STDOUT_FILENO),
                          .width = al_terminal_width(STDOUT_FILENO)};
    al_lint_options how = {0};
    al_exit status = AL_EXIT_OK;

    if (o.list)
        return list_rules(&page);
    if (argc == 0) {
        al_complain("lint takes scenarios or traces (see 'asyncloop-sim lint "
                    "--help')");
        return AL_EXIT_USAGE;
    }
    if (!read_disabled(how.is_disabled))
        return AL_EXIT_USAGE;
    for (int i = 0; i < argc && !atomic_load(&al_interrupted); i++)
        status = al_gravest(status, lint_one(&page, argv[i], &how));
    return status;
}

static al_exit run(int argc, char **argv)
{
    al_exit status = lint(argc, argv);

    al_strings_release(&o.disable);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_lint = {
    .name = "lint",
    .usage = "[OPTION...] SCENARIO|TRACE...",
    .summary = "tell what in a run will hurt sooner or later",
    .details =
        "A scenario is run for it; a trace, by 'run --trace' or 'record', is\n"
        "read; '-' is either, from stdin.  What is found is an error, a\n"
        "warning or a note; exit code 1: there is more than notes.  Times of a\n"
        "recording under the real clock are since its start, but with --json.\n",
    .examples =
        "  asyncloop-sim lint scenarios/ties.json\n"
        "  asyncloop-sim lint --disable tie-order app.jsonl\n"
        "  asyncloop-sim lint --list\n",
    .options = options,
    .run = run,
};
