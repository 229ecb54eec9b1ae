/* manual.c - see manual.h. */
#include "cli/manual.h"

#include <string.h>
#include "cli/help.h"
#include "cli/step/condition.h"
#include "cli/tui/glyphs.h"
#include "cli/tui/request.h"
#include "loop/base/utf8.h"

/* -- roff ----------------------------------------------------------------- */

/* By its code, as roff wants it; how many bytes it took. */
static size_t add_character(al_text *out, const char *text, size_t left)
{
    uint32_t code;
    size_t length = al_character_at(text, left, &code);

    al_text_add_format(out, "\\[u%04X]", (unsigned)code);
    return length;
}

/* Of what roff would take for a request, or draw in its own way; else NULL. */
static const char *safe_form(char c)
{
    switch (c) {
    case '\\':
        return "\\e";
    case '-':
        return "\\-";
    case '\'':
        return "\\(aq";
    case '`':
        return "\\(ga";
    case '^':
        return "\\(ha";
    case '~':
        return "\\(ti";
    default:
        return NULL;
    }
}

/* A text of ours, so that roff takes nothing in it for a request. */
static void add_escaped(al_text *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *safe = safe_form(text[i]);

        if (text[i] == '.' && (i == 0 || text[i - 1] == '\n'))
            al_text_add(out, "\\&");
        if (safe)
            al_text_add(out, safe);
        else if ((unsigned char)text[i] < 0x80)
            al_text_add_char(out, text[i]);
        else
            i += add_character(out, text + i, length - i) - 1;
    }
}

static void add_string(al_text *out, const char *text)
{
    add_escaped(out, text, strlen(text));
}

/* Lines that are indented stay as they are; others are filled. */
static void add_prose(al_text *out, const char *text)
{
    bool is_verbatim = false;

    while (*text) {
        size_t length = strcspn(text, "\n");
        bool is_indented = text[0] == ' ';

        if (length > 0 && is_indented != is_verbatim) {
            al_text_add(out, is_indented ? ".nf\n" : ".fi\n");
            is_verbatim = is_indented;
        }
        if (length == 0)
            al_text_add(out, ".PP");
        add_escaped(out, text, length);
        al_text_add_char(out, '\n');
        text += length + (text[length] == '\n');
    }
    if (is_verbatim)
        al_text_add(out, ".fi\n");
}

static void add_option(al_text *out, const al_option *option)
{
    al_text_add(out, ".TP\n");
    if (option->letter)
        al_text_add_format(out, "\\fB\\-%c\\fR, ", option->letter);
    al_text_add(out, "\\fB\\-\\-");
    add_string(out, option->name);
    al_text_add(out, "\\fR");
    if (option->argument)
        al_text_add_format(out, " \\fI%s\\fR", option->argument);
    al_text_add_char(out, '\n');
    add_string(out, option->help);
    al_text_add_char(out, '\n');
}

static void add_command(al_text *out, const al_command *command)
{
    al_text_add_format(out, ".SS %s\n\\fBasyncloop\\-sim %s\\fR ",
                       command->name, command->name);
    add_string(out, command->usage);
    al_text_add(out, "\n.PP\n");
    add_string(out, command->summary);
    al_text_add(out, ".\n");
    if (command->details) {
        al_text_add(out, ".PP\n");
        add_prose(out, command->details);
    }
    for (const al_option *o = command->options; o->kind != AL_OPTION_END; o++)
        add_option(out, o);
    al_text_add(out, ".PP\nExamples:\n.PP\n.nf\n");
    add_string(out, command->examples);
    al_text_add(out, ".fi\n");
}

static void add_topic(al_text *out, const char *heading, const char *name)
{
    al_text text = {0};

    al_help_add_topic(&text, name);
    al_text_add_format(out, ".SH %s\n", heading);
    add_prose(out, text.bytes);
    al_text_release(&text);
}

/* -- the stepper's keys --------------------------------------------------- */

static void add_key(al_text *out, al_key key)
{
    al_text name = {0};

    al_key_add_name(&name, key);
    al_text_add(out, "\\fB");
    add_string(out, name.bytes);
    al_text_add(out, "\\fR ");
    al_text_release(&name);
}

static void add_request(al_text *out, const al_request_spec *spec)
{
    al_text_add(out, ".TP\n");
    for (const char *at = spec->keys; *at;) {
        al_key key;

        at = al_key_parse(at, &key);
        add_key(out, key);
    }
    al_text_add(out, "\\fI");
    add_string(out, spec->name);
    al_text_add(out, "\\fR\n");
    add_string(out, spec->meaning);
    al_text_add_char(out, '\n');
}

static void add_keys(al_text *out)
{
    al_text conditions = {0}, signs = {0};

    al_text_add(out, ".SH KEYS OF STEP\n");
    al_text_add(out, al_request_preface);
    al_text_add(out, "\n"
                "Commands are typed after \\fB:\\fR, as much of the name as "
                "tells it from others.\n");
    for (size_t i = 0; i < al_request_entry_count; i++) {
        const al_request_entry *entry = &al_request_entries[i];

        if (entry->title)
            al_text_add_format(out, ".SS %s\n", entry->title);
        else
            add_request(out, &al_request_specs[entry->request]);
    }
    al_text_add(out, ".SS Conditions of breakpoints\n");
    al_conditions_describe(78, &conditions);
    add_prose(out, conditions.bytes);
    al_text_add(out, ".SS Signs\n");
    al_glyphs_describe(al_glyphs_of(false), 78, &signs);
    add_prose(out, signs.bytes);
    al_text_release(&conditions);
    al_text_release(&signs);
}

void al_manual_add_page(al_text *out)
{
    al_text_add(out,
        ".TH ASYNCLOOP\\-SIM 1 \"\" \"asyncloop\\-sim " AL_VERSION "\"\n"
        ".SH NAME\n"
        "asyncloop\\-sim \\- asyncio's event loop, step by step\n"
        ".SH SYNOPSIS\n"
        "\\fBasyncloop\\-sim\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] "
        "[\\fIARGUMENT\\fR...]\n"
        ".SH DESCRIPTION\n"
        "Runs scenarios, which are JSON files, on a real event loop under a "
        "virtual clock, and shows every decision it takes: the schedule is "
        "exactly CPython 3.14's. Records real Python programs in the same "
        "format, and tells what both have to say.\n"
        ".SH COMMANDS\n");
    for (const al_command *const *c = al_commands; *c; c++)
        add_command(out, *c);
    add_keys(out);
    add_topic(out, "CONFIGURATION OF STEP", "config");
    add_topic(out, "IDS", "ids");
    add_topic(out, "TRACES", "traces");
    add_topic(out, "EXIT STATUS", "exit-codes");
    add_topic(out, "ENVIRONMENT", "environment");
    al_text_add(out, ".SH SEE ALSO\n.BR python3 (1),\n"
                "the reference of scenarios in scenarios/README.md\n");
}

/* -- bash ----------------------------------------------------------------- */

static void add_options_of(al_text *out, const al_command *command)
{
    al_text_add(out, "--help");
    for (const al_option *o = command->options; o->kind != AL_OPTION_END; o++)
        al_text_add_format(out, " --%s", o->name);
}

static void add_choices_of(al_text *out, const al_command *command)
{
    for (const al_option *o = command->options; o->kind != AL_OPTION_END;
         o++) {
        if (o->choices)
            al_text_add_format(out, "        %s:--%s) words='%s' ;;\n",
                               command->name, o->name, o->choices);
        else if (o->kind != AL_OPTION_FLAG)
            al_text_add_format(out, "        %s:--%s) return ;;\n",
                               command->name, o->name);
    }
}

static void add_names(al_text *out)
{
    al_text_add(out, "help");
    for (const al_command *const *c = al_commands; *c; c++)
        al_text_add_format(out, " %s", (*c)->name);
}

static void add_topics(al_text *out)
{
    for (const al_command *const *c = al_commands; *c; c++)
        al_text_add_format(out, "%s ", (*c)->name);
    for (const char *const *name = al_help_topics(); *name; name++)
        al_text_add_format(out, "%s ", *name);
}

/* What explain's second argument may be: ids of the trace's beginning. */
static const char ids[] =
    "_asyncloop_sim_ids() {\n"
    "    [ -f \"$1\" ] && head -n 5000 -- \"$1\" 2>/dev/null |\n"
    "        grep -oE '\"(h|task|future)\":\"[htf][0-9]+\"' |\n"
    "        cut -d '\"' -f 4 | sort -u\n"
    "}\n\n";

void al_manual_add_completion(al_text *out)
{
    al_text_add(out, "# bash completion for asyncloop-sim\n\n");
    al_text_add(out, ids);
    al_text_add(out,
        "_asyncloop_sim() {\n"
        "    local words='' files='json|jsonl' word=${COMP_WORDS[COMP_CWORD]}\n"
        "    local before=${COMP_WORDS[COMP_CWORD-1]} "
        "command=${COMP_WORDS[1]}\n"
        "    COMPREPLY=()\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W '");
    add_names(out);
    al_text_add(out, "' -- \"$word\"))\n        return\n    fi\n"
                "    case $command:$before in\n        help:help) words='");
    add_topics(out);
    al_text_add(out, "' ;;\n");
    for (const al_command *const *c = al_commands; *c; c++)
        add_choices_of(out, *c);
    al_text_add(out, "        explain:*.jsonl) words=$(_asyncloop_sim_ids "
                "\"$before\") ;;\n        record:*) files='json|py' ;;\n"
                "    esac\n"
                "    if [ -z \"$words\" ] && [ \"${word:0:1}\" = - ]; then\n"
                "        case $command in\n");
    for (const al_command *const *c = al_commands; *c; c++) {
        al_text_add_format(out, "        %s) words='", (*c)->name);
        add_options_of(out, *c);
        al_text_add(out, "' ;;\n");
    }
    al_text_add(out,
        "        esac\n    fi\n"
        "    if [ -n \"$words\" ]; then\n"
        "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
        "        return\n    fi\n"
        "    COMPREPLY=($(compgen -f -X \"!*.@($files)\" -- \"$word\")\n"
        "               $(compgen -d -- \"$word\"))\n"
        "}\n\n"
        "shopt -s extglob\n"
        "complete -o filenames -F _asyncloop_sim asyncloop-sim\n");
}
