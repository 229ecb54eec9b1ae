/* stepper.c - see stepper.h: how it begins and ends, and what it is at. */
#include "cli/step/private.h"

#include <stdarg.h>
#include "loop/base/alloc.h"

static void set_up_layout(al_layout *layout, const al_config *config)
{
    for (int i = AL_VIEW_COUNT; i-- > 0;) {
        al_pane *pane = &layout->panes[i];

        pane->is_shown = !config->views[i].is_hidden;
        if (pane->is_shown)
            layout->focus = (al_view_kind)i; /* the first one */
        if (config->views[i].weight)
            pane->weight = config->views[i].weight;
    }
    if (config->share)
        layout->share = config->share;
}

/* "s steps": nothing where no key does. */
static void add_invitation(const al_stepper *s, al_request request,
                           const char *does, al_text *out)
{
    al_key key = al_keymap_key(&s->config->keymap, request);

    if (key == AL_KEY_NONE)
        return;
    al_text_add(out, out->length ? ", " : "");
    al_key_add_name(out, key);
    al_text_add_format(out, " %s", does);
}

static void invite(al_stepper *s)
{
    al_text keys = {0};

    add_invitation(s, AL_REQ_EVENT, "steps", &keys);
    add_invitation(s, AL_REQ_RUN, "runs", &keys);
    add_invitation(s, AL_REQ_HELP, "helps", &keys);
    al_stepper_say(s, AL_INK_MESSAGE, "event 0: before the first; %s",
                   al_text_peek(&keys));
    al_text_release(&keys);
}

al_stepper *al_stepper_new(al_history *history,
                           const al_stepper_options *options)
{
    static const al_config usual;
    al_stepper *s = al_alloc_zero(1, sizeof *s);

    s->options = *options;
    s->config = options->config ? options->config : &usual;
    s->history = history;
    s->file = al_followed_begin(&options->origin);
    s->loop = 1;
    al_layout_begin(&s->layout);
    set_up_layout(&s->layout, s->config);
    s->width = 100;
    s->height = 30;
    al_stepper_load_usual(s);
    if (s->message.length == 0)
        invite(s);
    if (options->notice)
        al_stepper_say(s, AL_INK_WARNING, "%s", options->notice);
    return s;
}

void al_stepper_free(al_stepper *s)
{
    al_stepper_leave_beside(s);
    al_layout_release(&s->layout);
    al_pager_release(&s->pager);
    al_breakpoints_release(&s->breakpoints);
    al_bookmarks_release(&s->marks);
    al_prompt_release(&s->prompt);
    al_completion_release(&s->completion);
    al_prompt_history_release(&s->commands);
    al_prompt_history_release(&s->searches);
    al_text_release(&s->message);
    al_text_release(&s->label);
    al_free(s->pattern);
    al_stepper_drop_reload(s);
    al_stepper_close_history(s, s->history);
    al_free(s);
}

static bool is_without_end(const al_history *history)
{
    return al_history_is_whole(history) &&
           !al_history_has(history, AL_EVENT_END);
}

static void add_end(const al_stepper *s, const al_history *history,
                    al_text *why)
{
    if (is_without_end(history) && s->options.add_end)
        s->options.add_end(s->options.self, history, why);
}

bool al_stepper_breaks_off(const al_stepper *s, al_text *why)
{
    const al_error *wrong = al_history_error(s->history);

    add_end(s, s->history, why);
    if (why->length == 0 && wrong)
        al_text_add(why, wrong->message);
    if (why->length == 0 && is_without_end(s->history))
        al_text_add(why, "nobody writes it any more");
    return why->length > 0;
}

static bool check(const al_stepper *s, const al_followed *file,
                  const al_history *history, al_error *err)
{
    const al_error *wrong = al_history_error(history);
    al_text why = {0};
    bool is_right;

    add_end(s, history, &why);
    is_right = why.length == 0 && (!wrong || al_history_may_grow(history));
    if (why.length > 0)
        al_fail(err, "%s: %s", file->origin.path, why.bytes);
    else if (!is_right)
        al_trace_fail(err, file->origin.path, wrong);
    al_text_release(&why);
    return is_right;
}

bool al_stepper_check(const al_stepper *s, al_error *err)
{
    return check(s, &s->file, s->history, err) &&
           (!s->beside ||
            check(s, &s->beside->file, s->beside->history, err));
}

bool al_stepper_is_over(const al_stepper *s)
{
    return s->is_over;
}

al_moment al_stepper_now(const al_stepper *s)
{
    const al_state *state = al_history_state(s->history);
    const al_pane *focus = &s->layout.panes[s->layout.focus];

    return (al_moment){
        .history = s->history,
        .state = state,
        .event = al_history_event(s->history),
        .at = al_history_at(s->history),
        .loop = al_state_loop(state, s->loop),
        .knobs = &al_history_header(s->history)->loop,
        .glyphs = s->options.glyphs,
        .marks = &s->marks,
        .path = s->file.origin.path,
        .chosen = focus->has_chosen ? focus->chosen : (al_thing){0},
        .heap_is_tree = s->heap_is_tree,
        .timeline_by_order = s->timeline_by_order,
        .timeline_zoom = s->timeline_zoom,
    };
}

void al_stepper_say(al_stepper *s, al_ink ink, const char *format, ...)
{
    va_list args;

    al_text_clear(&s->message);
    va_start(args, format);
    al_text_add_vformat(&s->message, format, args);
    va_end(args);
    s->message_ink = ink;
}

void al_stepper_say_unselected(al_stepper *s)
{
    al_stepper_say(s, AL_INK_WARNING,
                   "nothing is selected: <Tab> and the arrows choose");
}

uint64_t al_stepper_count(const al_stepper *s)
{
    return s->count > 0 ? (uint64_t)s->count : 1;
}

al_pane *al_stepper_focused(al_stepper *s)
{
    return &s->layout.panes[s->layout.focus];
}
