/* requests.c - who does what is asked of the stepper. */
#include "cli/step/private.h"

/* -- for which words are typed -------------------------------------------- */

static const char *const labels[AL_REQ_COUNT] = {
    [AL_REQ_GOTO] = "go to: ", [AL_REQ_BREAK] = "break at: ",
    [AL_REQ_WATCH] = "watch: ", [AL_REQ_DIFF] = "beside: ",
    [AL_REQ_COMMAND] = ":",
};

static void ask(al_stepper *s, al_request request, const char *label,
                al_prompt_history *history)
{
    s->asking = request;
    al_prompt_begin(&s->prompt, label, history);
}

static void ask_search(al_stepper *s, al_request request)
{
    al_text_clear(&s->label);
    al_text_add_format(&s->label, "in %s %c", al_stepper_searched(s),
                       request == AL_REQ_SEARCH ? '/' : '?');
    ask(s, request, s->label.bytes, &s->searches);
}

static bool request_words(al_stepper *s, al_request request)
{
    bool is_search = request == AL_REQ_SEARCH || request == AL_REQ_SEARCH_BACK;

    if (is_search)
        ask_search(s, request);
    else if (labels[request])
        ask(s, request, labels[request],
            request == AL_REQ_COMMAND ? &s->commands : NULL);
    return is_search || labels[request];
}

/* -- done at once --------------------------------------------------------- */

static void help(al_stepper *s)
{
    al_stepper_help(s, "");
}

static void save(al_stepper *s)
{
    al_stepper_save(s, "");
}

static void quit(al_stepper *s)
{
    s->is_over = true;
}

static void (*const deeds[AL_REQ_COUNT])(al_stepper *s) = {
    [AL_REQ_BREAKPOINTS] = al_stepper_list_breakpoints,
    [AL_REQ_MARK] = al_stepper_mark,
    [AL_REQ_MARKS] = al_stepper_list_marks,
    [AL_REQ_UNMARK] = al_stepper_unmark,
    [AL_REQ_STORY] = al_stepper_tell_chosen,
    [AL_REQ_EXPLAIN] = al_stepper_tell_event,
    [AL_REQ_LINT] = al_stepper_tell_findings,
    [AL_REQ_HELP] = help,
    [AL_REQ_SAVE] = save,
    [AL_REQ_EDIT] = al_stepper_edit,
    [AL_REQ_RELOAD] = al_stepper_reload,
    [AL_REQ_CLOSE] = al_stepper_leave,
    [AL_REQ_QUIT] = quit,
};

/* Those for what is told over the panes. */
static bool request_told(al_stepper *s, al_request request)
{
    if (request == AL_REQ_STORY && s->pager.leads) {
        al_stepper_follow_line(s);
        return true;
    }
    return (request == AL_REQ_CLOSE && al_pager_go_back(&s->pager)) ||
           al_pager_request(&s->pager, request, s->count);
}

void al_stepper_request(al_stepper *s, al_request request)
{
    if (s->pager.is_open && request_told(s, request))
        return;
    if (al_stepper_request_move(s, request) ||
        al_stepper_request_look(s, request) ||
        al_stepper_request_difference(s, request) || request_words(s, request))
        return;
    if (deeds[request])
        deeds[request](s);
}
