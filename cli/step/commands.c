/* commands.c - what is typed: a request by its name, or as much of the name
 * as tells it from others, or its key; and words for those that take some. */
#include "cli/step/private.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/json/suggest.h"

/* -- breakpoints ---------------------------------------------------------- */

static void say_added(al_stepper *s, const al_breakpoint *b)
{
    const al_condition *condition = b->condition;
    al_text doubt = {0};

    al_conditions_add_doubts(&condition, 1, s->history, &doubt);
    al_stepper_say(s, doubt.length ? AL_INK_WARNING : AL_INK_GOOD,
                   "%s %u: %s%s%s", b->is_watch ? "watch" : "breakpoint",
                   b->number, b->text, doubt.length ? ": " : "",
                   al_text_peek(&doubt));
    al_text_release(&doubt);
}

static void add_breakpoint(al_stepper *s, const char *words, bool is_watch)
{
    al_error err = {0};
    unsigned number = al_breakpoints_add(&s->breakpoints, words, is_watch,
                                         s->history, &err);

    if (number)
        say_added(s, al_breakpoints_find(&s->breakpoints, number));
    else
        al_stepper_say(s, AL_INK_ERROR, "column %d: %s", err.column,
                       err.message);
}

/* The number in words; 0 for none.  False: it is no number, told. */
static bool read_breakpoint(al_stepper *s, const char *words,
                            unsigned *number)
{
    char *end;
    unsigned long value = strtoul(words, &end, 10);

    *number = value < UINT_MAX ? (unsigned)value : UINT_MAX;
    if (!*words || (*words >= '1' && *words <= '9' && !*end))
        return true;
    al_stepper_say(s, AL_INK_ERROR, "'%s' is no breakpoint's number", words);
    return false;
}

/* What became of the one of that number; of 0, of all of them. */
static void say_became(al_stepper *s, unsigned number, bool is_any,
                       const char *what)
{
    if (!is_any)
        al_stepper_say(s, AL_INK_WARNING, number ? "there is no such breakpoint"
                                                 : "there are no breakpoints");
    else if (number)
        al_stepper_say(s, AL_INK_MESSAGE, "breakpoint %u is %s", number, what);
    else
        al_stepper_say(s, AL_INK_MESSAGE, "all breakpoints are %s", what);
}

static void delete_breakpoint(al_stepper *s, const char *words)
{
    unsigned number;

    if (read_breakpoint(s, words, &number))
        say_became(s, number, al_breakpoints_delete(&s->breakpoints, number),
                   "gone");
}

static void enable_breakpoint(al_stepper *s, const char *words, bool enable)
{
    unsigned number;

    if (read_breakpoint(s, words, &number))
        say_became(s, number, al_breakpoints_disable(&s->breakpoints, number,
                                                     !enable),
                   enable ? "enabled" : "disabled");
}

/* -- panes ---------------------------------------------------------------- */

static void list_views(al_stepper *s)
{
    al_text names = {0};

    for (int i = 0; i < AL_VIEW_COUNT; i++)
        al_text_add_format(&names, "%s%s", i ? ", " : "", al_view_names[i]);
    al_stepper_say(s, AL_INK_ERROR, "which view?  %s", names.bytes);
    al_text_release(&names);
}

/* Show it and give it the keys; where it has them, hide it. */
static void toggle_view(al_stepper *s, const char *words)
{
    size_t length = strlen(words);

    for (int i = 0; length > 0 && i < AL_VIEW_COUNT; i++) {
        al_pane *pane = &s->layout.panes[i];

        if (strncmp(al_view_names[i], words, length) != 0)
            continue;
        if (pane->is_shown && s->layout.focus == (al_view_kind)i) {
            al_stepper_request(s, AL_REQ_HIDE);
        } else {
            pane->is_shown = true;
            s->layout.focus = (al_view_kind)i;
        }
        return;
    }
    list_views(s);
}

/* -- loops ---------------------------------------------------------------- */

static void watch_loop(al_stepper *s, const char *words)
{
    const al_state *state = al_history_state(s->history);
    char *end;
    unsigned long number = strtoul(words + (*words == 'l'), &end, 10);

    if (!*words || *end || !al_state_loop(state, number)) {
        al_stepper_say(s, AL_INK_ERROR, "which loop?  so far there %s %zu",
                       al_state_loop_count(state) == 1 ? "is" : "are",
                       al_state_loop_count(state));
        return;
    }
    s->loop = number;
    al_stepper_say(s, AL_INK_MESSAGE, "loop l%lu", number);
}

/* -- commands ------------------------------------------------------------- */

/* Those that take words; without any they ask for them as their key does. */
void al_stepper_do(al_stepper *s, al_request request, const char *words)
{
    switch (request) {
    case AL_REQ_GOTO:
        al_stepper_go_to(s, words);
        break;
    case AL_REQ_BREAK:
    case AL_REQ_WATCH:
        add_breakpoint(s, words, request == AL_REQ_WATCH);
        break;
    case AL_REQ_DELETE:
        delete_breakpoint(s, words);
        break;
    case AL_REQ_ENABLE:
    case AL_REQ_DISABLE:
        enable_breakpoint(s, words, request == AL_REQ_ENABLE);
        break;
    case AL_REQ_DIFF:
        if (*words)
            al_stepper_open_beside(s, words);
        else
            al_stepper_leave_beside(s);
        break;
    case AL_REQ_SPEED:
        al_stepper_set_speed(s, words);
        break;
    case AL_REQ_SAVE:
        al_stepper_save(s, words);
        break;
    case AL_REQ_LOAD:
        al_stepper_load(s, words);
        break;
    case AL_REQ_EXPORT:
        al_stepper_export(s, words);
        break;
    case AL_REQ_VIEW:
        toggle_view(s, words);
        break;
    case AL_REQ_LOOP:
        watch_loop(s, words);
        break;
    case AL_REQ_SEARCH:
    case AL_REQ_SEARCH_BACK:
        if (*words)
            al_stepper_search(s, words, request == AL_REQ_SEARCH_BACK);
        else
            al_stepper_request(s, request);
        break;
    case AL_REQ_HELP:
        al_stepper_help(s, words);
        break;
    default:
        if (*words)
            al_stepper_say(s, AL_INK_ERROR, "'%s' takes no words",
                           al_request_specs[request].name);
        else
            al_stepper_request(s, request);
    }
}

static void say_unknown(al_stepper *s, const char *name, bool is_ambiguous)
{
    const char *known[AL_REQ_COUNT];
    size_t count = 0;
    const char *near;

    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++)
        known[count++] = al_request_specs[i].name;
    near = is_ambiguous ? NULL : al_suggest(name, known, count);
    if (near)
        al_stepper_say(s, AL_INK_ERROR,
                       "there is no command '%s'; did you mean '%s'?", name,
                       near);
    else
        al_stepper_say(s, AL_INK_ERROR,
                       is_ambiguous ? "'%s' begins several commands"
                                    : "there is no command '%s' (help lists all)",
                       name);
}

/* "export!" is "export", which insists. */
static void insist(al_stepper *s, al_request request, const char *words)
{
    if (request != AL_REQ_SAVE && request != AL_REQ_EXPORT) {
        al_stepper_say(s, AL_INK_ERROR, "'%s' takes no '!'",
                       al_request_specs[request].name);
        return;
    }
    s->insists = true;
    al_stepper_do(s, request, words);
    s->insists = false;
}

void al_stepper_command(al_stepper *s, const char *line)
{
    const char *name = line + strspn(line, " ");
    size_t length = strcspn(name, " !");
    bool insists = name[length] == '!';
    const char *words = name + length + insists +
                        strspn(name + length + insists, " ");
    bool is_ambiguous;
    al_request request = al_keymap_named(&s->config->keymap, name, length,
                                         &is_ambiguous);
    char *copy;

    if (length == 0)
        return;
    if (isdigit((unsigned char)*name)) {
        al_stepper_do(s, AL_REQ_GOTO, name); /* ":12", as in others */
        return;
    }
    if (request != AL_REQ_NONE) {
        (insists ? insist : al_stepper_do)(s, request, words);
        return;
    }
    copy = al_strndup(name, length);
    say_unknown(s, copy, is_ambiguous);
    al_free(copy);
}
