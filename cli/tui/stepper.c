/* stepper.c - see stepper.h: its life, keys and requests, the mouse, drawing. */
#include "cli/tui/stepper_private.h"

#include <stdarg.h>
#include <string.h>
#include "loop/base/alloc.h"

enum { MOST_COUNT = 100000000 };

bool al_stepper_picks(const al_event *event)
{
    switch (event->kind) {
    case AL_EVENT_LOG:
    case AL_EVENT_EXCEPTION:
    case AL_EVENT_THREAD_ERROR:
    case AL_EVENT_DEADLOCK:
    case AL_EVENT_END:
        return true;
    default:
        return false;
    }
}

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

uint64_t al_stepper_count(const al_stepper *s)
{
    return s->count > 0 ? (uint64_t)s->count : 1;
}

al_pane *al_stepper_focused(al_stepper *s)
{
    return &s->layout.panes[s->layout.focus];
}

/* -- requests ------------------------------------------------------------------ */

static void ask(al_stepper *s, al_asking what, const char *label,
                al_prompt_history *history)
{
    s->asking = what;
    al_prompt_begin(&s->prompt, label, history);
}

static void ask_search(al_stepper *s, al_asking what, char sign)
{
    al_text_clear(&s->label);
    al_text_add_format(&s->label, "in %s %c", al_stepper_searched(s), sign);
    ask(s, what, s->label.bytes, &s->searches);
}

static void request_other(al_stepper *s, al_request request)
{
    switch (request) {
    case AL_REQ_SEARCH:
        ask_search(s, AL_ASKS_SEARCH, '/');
        break;
    case AL_REQ_SEARCH_BACK:
        ask_search(s, AL_ASKS_SEARCH_BACK, '?');
        break;
    case AL_REQ_GOTO:
        ask(s, AL_ASKS_GOTO, "go to: ", NULL);
        break;
    case AL_REQ_BREAK:
        ask(s, AL_ASKS_BREAK, "break at: ", NULL);
        break;
    case AL_REQ_DIFF:
        ask(s, AL_ASKS_DIFF, "beside: ", NULL);
        break;
    case AL_REQ_FIRST_DIFFERENCE:
    case AL_REQ_DIFFERENCE:
    case AL_REQ_DIFFERENCE_BACK:
        al_stepper_difference(s, request, (long)al_stepper_count(s));
        break;
    case AL_REQ_WATCH:
        ask(s, AL_ASKS_WATCH, "watch: ", NULL);
        break;
    case AL_REQ_COMMAND:
        ask(s, AL_ASKS_COMMAND, ":", &s->commands);
        break;
    case AL_REQ_BREAKPOINTS:
        al_stepper_tell_breakpoints(s);
        break;
    case AL_REQ_MARK:
        al_stepper_mark(s);
        break;
    case AL_REQ_MARKS:
        al_stepper_tell_marks(s);
        break;
    case AL_REQ_UNMARK:
        al_stepper_unmark(s);
        break;
    case AL_REQ_STORY:
        al_stepper_tell_row(s, al_stepper_focused(s));
        break;
    case AL_REQ_EXPLAIN:
        al_stepper_tell_event(s);
        break;
    case AL_REQ_LINT:
        al_stepper_tell_findings(s);
        break;
    case AL_REQ_HELP:
        al_stepper_tell_help(s);
        break;
    case AL_REQ_SAVE:
        al_stepper_save(s, "");
        break;
    case AL_REQ_EDIT:
        al_stepper_edit(s);
        break;
    case AL_REQ_RELOAD:
        al_stepper_reload(s);
        break;
    case AL_REQ_CLOSE:
        al_stepper_leave(s);
        break;
    case AL_REQ_QUIT:
        s->is_over = true;
        break;
    default:
        break;
    }
}

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
        al_stepper_request_look(s, request))
        return;
    request_other(s, request);
}

/* -- keys ----------------------------------------------------------------------- */

static void answer(al_stepper *s)
{
    char *text = al_strdup(al_text_peek(&s->prompt.text));
    al_asking asked = s->asking;

    s->asking = AL_ASKS_NOTHING;
    switch (asked) {
    case AL_ASKS_COMMAND:
        al_stepper_command(s, text);
        break;
    case AL_ASKS_SEARCH:
    case AL_ASKS_SEARCH_BACK:
        al_stepper_search(s, text, asked == AL_ASKS_SEARCH_BACK);
        break;
    case AL_ASKS_GOTO:
        al_stepper_do(s, AL_REQ_GOTO, text);
        break;
    case AL_ASKS_BREAK:
        al_stepper_do(s, AL_REQ_BREAK, text);
        break;
    case AL_ASKS_DIFF:
        al_stepper_do(s, AL_REQ_DIFF, text);
        break;
    case AL_ASKS_WATCH:
        al_stepper_do(s, AL_REQ_WATCH, text);
        break;
    case AL_ASKS_NOTHING:
        break;
    }
    al_free(text);
}

static void prompt_key(al_stepper *s, al_key key)
{
    if (key == AL_KEY_TAB || key == AL_KEY_SHIFT_TAB) {
        al_stepper_complete(s, key == AL_KEY_SHIFT_TAB);
        return;
    }
    al_completion_release(&s->completion);
    switch (al_prompt_key(&s->prompt, key)) {
    case AL_PROMPT_DONE:
        answer(s);
        break;
    case AL_PROMPT_LEFT:
        s->asking = AL_ASKS_NOTHING;
        break;
    case AL_PROMPT_GOES_ON:
        break;
    }
}

/* A digit of a count; not a leading zero. */
static bool take_digit(al_stepper *s, al_key key)
{
    if (key < '0' || key > '9' || (key == '0' && s->count == 0))
        return false;
    s->count = s->count * 10 + (long)(key - '0');
    if (s->count > MOST_COUNT)
        s->count = MOST_COUNT;
    return true;
}

/* While something is searched for, n and N go to where else it is. */
static bool take_search_key(al_stepper *s, al_key key)
{
    if (!s->pattern || (key != 'n' && key != 'N'))
        return false;
    al_stepper_search_again(s, s->is_search_back != (key == 'N'));
    return true;
}

/* Where nothing is under way: a second one quits. */
static bool take_ctrl_c(al_stepper *s, al_key key)
{
    bool is_again = s->is_leaving;

    s->is_leaving = key == AL_KEY_CONTROL('c');
    if (!s->is_leaving)
        return false;
    s->count = 0;
    s->is_over = is_again;
    al_stepper_say(s, AL_INK_MESSAGE, "Ctrl-C again quits");
    return true;
}

void al_stepper_key(al_stepper *s, al_key key)
{
    al_request request = al_keymap_request(&s->config->keymap, key);

    if (al_stepper_stops_run(s, request))
        return;
    if (s->asking != AL_ASKS_NOTHING) {
        prompt_key(s, key);
        return;
    }
    if (request == AL_REQ_NONE && take_ctrl_c(s, key))
        return;
    s->is_leaving = false;
    if (take_digit(s, key))
        return;
    al_text_clear(&s->message);
    if (!take_search_key(s, key))
        al_stepper_request(s, request);
    s->count = 0;
}

/* False: the pane is none in which a click leads elsewhere. */
static bool travel(al_stepper *s, al_pane *pane, int x, int y)
{
    al_moment now = al_stepper_now(s);
    al_destination to;

    if (!pane->view->ops->travel || y == pane->area.y ||
        !pane->view->ops->travel(pane->view, &now,
                                 x - pane->area.x - (s->beside != NULL), &to))
        return false;
    if (to.is_time)
        al_stepper_go_to_time(s, to.time);
    else
        al_history_go(s->history, to.at);
    return true;
}

/* The half that has it is driven from then on. */
static al_pane *pane_at(al_stepper *s, int x, int y)
{
    if (s->beside && !s->pager.is_open &&
        al_layout_pane_at(&s->beside->layout, x, y))
        al_stepper_drive(s, s->beside->driven == AL_LEFT ? AL_RIGHT : AL_LEFT);
    return al_layout_pane_at(&s->layout, x, y);
}

void al_stepper_mouse(al_stepper *s, al_mouse_act act, int x, int y)
{
    enum { WHEEL = 3 };
    al_pane *pane = pane_at(s, x, y);
    al_moment now = al_stepper_now(s);
    bool is_up = act == AL_MOUSE_WHEEL_UP;

    if (act == AL_MOUSE_PRESS && al_stepper_stops_run(s, AL_REQ_NONE))
        return;
    if (s->pager.is_open) {
        if (act != AL_MOUSE_PRESS)
            al_pager_request(&s->pager, is_up ? AL_REQ_UP : AL_REQ_DOWN,
                             WHEEL);
        else if (al_pager_press(&s->pager, y))
            al_stepper_follow_line(s);
        return;
    }
    if (!pane)
        return;
    if (act != AL_MOUSE_PRESS) {
        al_pane_scroll(pane, &now, is_up ? -WHEEL : WHEEL);
        return;
    }
    s->layout.focus = (al_view_kind)(pane - s->layout.panes);
    if (!travel(s, pane, x, y))
        al_pane_click(pane, &now, y);
}

/* -- drawing --------------------------------------------------------------------- */

static void draw_too_small(al_screen *screen)
{
    al_area all = {0, 0, screen->width, screen->height};
    al_text text = {0};

    al_text_add_format(&text, "%dx%d is too small:", screen->width,
                       screen->height);
    al_screen_put(screen, all, 0, 0, AL_INK_WARNING, text.bytes);
    al_text_clear(&text);
    al_text_add_format(&text, "at least %dx%d", AL_LEAST_WIDTH,
                       AL_LEAST_HEIGHT);
    al_screen_put(screen, all, 0, 1, AL_INK_WARNING, text.bytes);
    al_text_release(&text);
}

/* Known of a whole trace, once for all of it, lest panes come and go. */
static void find_needless(al_layout *layout, const al_history *history)
{
    static const struct {
        al_view_kind view;
        al_event_kind kinds[4]; /* of which one must be; ends in 0, LOOP */
    } needs[] = {
        {AL_VIEW_SCHEDULED, {AL_EVENT_CALL_AT}},
        {AL_VIEW_TASKS, {AL_EVENT_TASK, AL_EVENT_TASK_WAITS}},
        {AL_VIEW_PRIMITIVES, {AL_EVENT_PRIMITIVE, AL_EVENT_WAITERS}},
    };

    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        al_pane *pane = &layout->panes[needs[i].view];

        pane->is_needless |= al_history_is_complete(history);
        for (const al_event_kind *kind = needs[i].kinds; *kind; kind++)
            pane->is_needless &= !al_history_has(history, *kind);
    }
}

void al_stepper_draw(al_stepper *s, al_screen *screen)
{
    int above = al_stepper_lines_above(s);
    al_area body = {0, above, screen->width,
                    screen->height - above - AL_LINES_BELOW};
    al_moment now;

    al_breakpoints_look_before(&s->breakpoints, s->history, s->loop);
    now = al_stepper_now(s);
    s->width = screen->width;
    s->height = screen->height;
    al_screen_clear(screen);
    if (screen->width < AL_LEAST_WIDTH || screen->height < AL_LEAST_HEIGHT) {
        draw_too_small(screen);
        return;
    }
    if (s->beside && !s->pager.is_open) {
        al_stepper_draw_halves(s, screen, body);
        al_stepper_draw_lines(s, screen);
        return;
    }
    find_needless(&s->layout, s->history);
    al_layout_place(&s->layout, body);
    if (s->pager.is_open)
        al_pager_draw(&s->pager, screen, body, s->options.glyphs, s->pattern);
    else
        al_layout_draw(&s->layout, &now, screen, s->pattern);
    al_stepper_draw_lines(s, screen);
}
