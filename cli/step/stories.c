/* stories.c - what is told over the panes: how something came about. */
#include "cli/step/private.h"

#include "cli/explain/story.h"
#include "cli/page.h"
#include "cli/tui/sentence.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/wrap.h"

/* Over the panes, and over what is told there already, at the line that is
 * nearest to where one is. */
static void show(al_stepper *s, const char *title, const char *text)
{
    uint64_t at = al_history_at(s->history);

    if (s->pager.is_open)
        al_pager_open_over(&s->pager, title, text, at);
    else
        al_pager_open(&s->pager, title, text, at);
}

void al_stepper_tell_event(al_stepper *s)
{
    al_moment now = al_stepper_now(s);
    al_text sentence = {0};

    if (!now.event) {
        al_stepper_say(s, AL_INK_MESSAGE, "nothing has happened yet");
        return;
    }
    al_sentence_add(&sentence, now.event, now.state);
    al_stepper_say(s, AL_INK_MESSAGE, "%s", sentence.bytes);
    al_text_release(&sentence);
}

/* -- stories -------------------------------------------------------------- */

typedef struct research { /* the trace read twice, as explain does */
    al_target target;
    al_causes causes;
    al_story *story;
} research;

static void look(void *self, uint64_t at, const al_event *event)
{
    research *r = self;

    al_causes_add(&r->causes, event);
    al_target_look(&r->target, event, at);
}

static void tell(void *self, uint64_t at, const al_event *event)
{
    al_story_add(((research *)self)->story, event, at);
}

/* Returns how far it came. */
static uint64_t write_story(al_stepper *s, research *r, al_text *out)
{
    const al_page page = {.width = al_stepper_page_width(s), .is_whole = true,
                          .has_anchors = true};
    al_chain made = {0}, ended = {0};
    uint64_t end;

    al_causes_trace(&r->causes, r->target.made_by, &made);
    al_causes_trace(&r->causes, r->target.ended_by, &ended);
    r->story = al_story_new(&page, &r->target, &made, &ended);
    end = al_stepper_read_known(s, tell, r);
    al_story_write(r->story, out);
    al_story_free(r->story);
    al_chain_release(&made);
    al_chain_release(&ended);
    return end;
}

static void say_no_story(al_stepper *s, const char *name, uint64_t end)
{
    al_text text = {0};

    al_text_add_format(&text, "the trace does not tell how %s came about",
                       name);
    al_stepper_say_none(s, end, AL_INK_WARNING, text.bytes);
    al_text_release(&text);
}

/* What was given up halfway is not told: of what came about it may have
 * neither the cause nor the end. */
static bool tell_about(al_stepper *s, const char *name)
{
    uint64_t known = al_history_known(s->history), end;
    bool is_told = false;
    research r = {0};
    al_text text = {0};

    al_target_parse(&r.target, name);
    end = al_stepper_read_known(s, look, &r);
    if (end == known && r.target.is_found)
        is_told = write_story(s, &r, &text) == known;
    else
        say_no_story(s, name, end);
    al_stepper_add_bound(s, end, &text);
    if (is_told)
        show(s, name, al_text_peek(&text));
    al_text_release(&text);
    al_causes_release(&r.causes);
    return is_told;
}

/* -- of a lock, queue or the like ----------------------------------------- */

typedef struct list { /* of the events that name it */
    al_thing thing;
    const al_glyphs *glyphs;
    al_text text;
    uint64_t count;
} list;

enum { MOST_LISTED = 10000 };

static void list_event(void *self, uint64_t at, const al_event *event)
{
    list *l = self;

    if (!al_event_touches(event, l->thing) || l->count++ >= MOST_LISTED)
        return;
    al_page_add_anchor(&l->text, at);
    al_event_add_line(&l->text, at, event, l->glyphs);
    al_text_add_char(&l->text, '\n');
}

static bool tell_primitive(al_stepper *s, const char *name, al_thing thing)
{
    list l = {.thing = thing, .glyphs = s->options.glyphs};
    uint64_t end = al_stepper_read_known(s, list_event, &l);

    if (l.count > MOST_LISTED)
        al_text_add_format(&l.text, "and %llu more\n",
                           (unsigned long long)(l.count - MOST_LISTED));
    al_stepper_add_bound(s, end, &l.text);
    if (l.count > 0)
        show(s, name, al_text_peek(&l.text));
    else
        say_no_story(s, name, end);
    al_text_release(&l.text);
    return l.count > 0;
}

/* -- of an event ---------------------------------------------------------- */

typedef struct asked { /* the event that is asked about */
    size_t width;   /* columns for its text */
    al_thing thing; /* that it is about */
    al_text text;   /* that it says, in lines; empty: nothing of its own */
} asked;

/* A text, its lines broken between words where they are too long. */
static void add_broken(const char *text, size_t width, al_text *out)
{
    static const char indent[] = "      ";
    bool goes_on = false;

    while (*text) {
        size_t columns = goes_on ? width - (sizeof indent - 1) : width;
        size_t length = al_wrap_line(text, columns, '\0');
        char *line = al_strndup(text, length);

        if (goes_on)
            al_text_add(out, indent);
        al_escape_add(out, line);
        al_text_add_char(out, '\n');
        al_free(line);
        goes_on = text[length] && text[length] != '\n';
        text = al_wrap_rest(text, length);
    }
}

/* A message, an exception, the lines of a deadlock: rows show their beginnings
 * alone. */
static void add_whole_text(const al_event *event, size_t width, al_text *out)
{
    const char *parts[] = {event->level, event->function, event->message,
                           event->type, event->text};

    al_text_add_format(out, "%s at ", al_event_specs[event->kind].name);
    al_page_add_seconds(out, event->time);
    al_text_add(out, "\n\n");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i])
            add_broken(parts[i], width, out);
    }
}

static void take_event(void *self, uint64_t at, const al_event *event)
{
    asked *a = self;

    (void)at;
    a->thing = al_thing_of_event(event);
    if (al_view_log_picks(event) && event->text && *event->text)
        add_whole_text(event, a->width, &a->text);
}

/* The text that it says.  False: nothing of its own; *about is what has the
 * story. */
static bool tell_text(al_stepper *s, uint64_t at, al_thing *about)
{
    asked a = {.width = al_stepper_page_width(s)};
    al_text title = {0};
    bool has_text;

    al_history_look(s->history, at, at, take_event, &a);
    has_text = a.text.length > 0;
    *about = a.thing;
    al_text_add_format(&title, "event %llu", (unsigned long long)at);
    if (has_text)
        show(s, title.bytes, a.text.bytes);
    al_text_release(&title);
    al_text_release(&a.text);
    return has_text;
}

/* False: it has no story, which is said. */
static bool tell_thing(al_stepper *s, al_thing thing)
{
    al_text name = {0};
    bool is_told = false;

    al_thing_add_name(&name, thing);
    if (thing.kind == AL_THING_NONE)
        al_stepper_say_unselected(s);
    else if (thing.id == 0 || thing.kind == AL_THING_LINE)
        al_stepper_say(s, AL_INK_WARNING,
                       "this row is about nothing that has a story");
    else if (thing.kind == AL_THING_PRIMITIVE)
        is_told = tell_primitive(s, name.bytes, thing);
    else
        is_told = tell_about(s, name.bytes);
    al_text_release(&name);
    return is_told;
}

static bool tell_story(al_stepper *s, al_thing thing)
{
    return (thing.kind == AL_THING_EVENT && tell_text(s, thing.id, &thing)) ||
           tell_thing(s, thing);
}

/* The row that is chosen, whole, above what is told of it. */
static void show_row(al_stepper *s, const al_pane *pane, const al_text *row,
                     bool is_told)
{
    const char *title = is_told ? al_text_peek(&s->pager.title)
                                : pane->view->ops->title;
    uint64_t at = al_history_at(s->history);
    al_text text = {0}, heading = {0};

    al_text_add(&heading, title);
    add_broken(row->bytes, al_stepper_page_width(s), &text);
    if (is_told) {
        al_text_add_format(&text, "\n%s", al_text_peek(&s->pager.text));
        al_pager_replace(&s->pager, heading.bytes, text.bytes, at);
    } else {
        show(s, heading.bytes, text.bytes);
    }
    al_text_release(&heading);
    al_text_release(&text);
}

/* Nothing else is told where the row has no story. */
void al_stepper_tell_chosen(al_stepper *s)
{
    const al_pane *pane = al_stepper_focused(s);
    al_moment now = al_stepper_now(s);
    al_thing thing = al_pane_thing(pane, &now);
    al_text row = {0};
    bool is_told;

    al_pane_add_cut_row(pane, &now, &row);
    if (thing.kind == AL_THING_NONE && now.at > 0)
        thing = (al_thing){AL_THING_EVENT, now.at};
    is_told = tell_story(s, thing);
    if (thing.kind == AL_THING_EVENT && thing.id == now.at && !is_told)
        al_stepper_tell_event(s); /* it is about nothing with a story */
    if (row.length > 0)
        show_row(s, pane, &row, is_told);
    al_text_release(&row);
}

/* -- from a story's line on ----------------------------------------------- */

/* The one that is told: of an event what it is about. */
static al_thing told_thing(const al_stepper *s)
{
    const char *title = al_text_peek(&s->pager.title);

    return al_thing_named_in(title, (al_thing){0});
}

static void travel_to(al_stepper *s, uint64_t at)
{
    s->pager.is_open = false;
    if (al_stepper_go_to_event(s, at))
        al_stepper_tell_event(s);
}

void al_stepper_follow_line(al_stepper *s)
{
    al_text line = {0};
    uint64_t event = al_pager_chosen(&s->pager, &line);
    al_thing thing = al_thing_named_in(al_text_peek(&line), told_thing(s));

    if (event > 0)
        travel_to(s, event);
    else if (thing.kind != AL_THING_NONE)
        tell_story(s, thing);
    else
        al_stepper_say(s, AL_INK_MESSAGE, "this line leads nowhere");
    al_text_release(&line);
}
