/* stories.c - what is told over the panes: help, lists, how something came
 * about. */
#include "cli/tui/stepper_private.h"

#include <string.h>
#include "cli/explain/story.h"
#include "cli/page.h"
#include "cli/tui/moves.h"
#include "cli/tui/sentence.h"
#include "sim/base/escape.h"

/* Over the panes, at the line that is nearest to where one is. */
static void show(al_stepper *s, const char *title, const char *text)
{
    al_pager_open(&s->pager, title, text, al_history_at(s->history));
}

void al_stepper_show_list(al_stepper *s, const char *title, const char *text)
{
    s->told_count = 0;
    show(s, title, text);
}

void al_stepper_tell_help(al_stepper *s)
{
    al_text text = {0};

    al_keymap_describe(&s->config->keymap, al_stepper_page_width(s), &text);
    al_text_add(&text, "\nSigns\n");
    al_glyphs_describe(s->options.glyphs, al_stepper_page_width(s),
                       &text);
    al_stepper_show_list(s, "Keys and commands", text.bytes);
    al_text_release(&text);
}

void al_stepper_tell_breakpoints(al_stepper *s)
{
    al_text text = {0};

    for (size_t i = 0; i < s->breakpoints.count; i++) {
        const al_breakpoint *b = &s->breakpoints.items[i];

        al_text_add_format(&text, "%4u  %-8s  %6llu hit%s  %s%s\n", b->number,
                           b->is_disabled ? "disabled" : "",
                           (unsigned long long)b->hits,
                           b->hits == 1 ? " " : "s",
                           b->is_watch ? "watch " : "", b->text);
    }
    if (text.length == 0)
        al_text_add(&text, "There are none: break CONDITION makes one.\n");
    al_stepper_show_list(s, "Breakpoints", text.bytes);
    al_text_release(&text);
}

static void add_marked(void *self, uint64_t at, const al_event *event)
{
    const al_event_spec *spec = &al_event_specs[event->kind];
    al_text time = {0};

    al_page_add_seconds(&time, event->time);
    al_page_add_anchor(self, at);
    al_text_add_format(self, "  event %-8llu %9s  %s: %s\n",
                       (unsigned long long)at, time.bytes, spec->name,
                       spec->meaning);
    al_text_release(&time);
}

void al_stepper_tell_marks(al_stepper *s)
{
    al_text text = {0};

    for (size_t i = 0; i < s->marks.count; i++) {
        uint64_t at = s->marks.items[i].at;

        if (at == 0)
            al_text_add(&text, "  the beginning\n");
        else
            al_history_look(s->history, at, at, add_marked, &text);
    }
    if (text.length == 0)
        al_text_add(&text, "There are none: mark sets one.\n");
    al_stepper_show_list(s, "Marks", text.bytes);
    al_text_release(&text);
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

/* -- stories ------------------------------------------------------------------- */

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

unsigned al_stepper_page_width(const al_stepper *s)
{
    return s->width > AL_PAGE_NARROWEST + 2 ? (unsigned)s->width - 2
                                            : AL_PAGE_NARROWEST;
}

static void write_story(al_stepper *s, research *r, al_text *out)
{
    const al_page page = {.width = al_stepper_page_width(s), .is_whole = true,
                          .has_anchors = true};
    al_chain made = {0}, ended = {0};
    uint64_t known = al_history_known(s->history);

    al_causes_trace(&r->causes, r->target.made_by, &made);
    al_causes_trace(&r->causes, r->target.ended_by, &ended);
    r->story = al_story_new(&page, &r->target, &made, &ended);
    al_history_look(s->history, 1, known, tell, r);
    al_story_write(r->story, out);
    al_story_free(r->story);
    al_chain_release(&made);
    al_chain_release(&ended);
}

static void tell_about(al_stepper *s, const char *name)
{
    research r = {0};
    al_text text = {0};

    al_target_parse(&r.target, name);
    al_history_look(s->history, 1, al_history_known(s->history), look, &r);
    if (r.target.is_found) {
        write_story(s, &r, &text);
        show(s, name, al_text_peek(&text));
    } else {
        al_stepper_say(s, AL_INK_WARNING,
                       "the trace does not tell how %s came about", name);
    }
    al_text_release(&text);
    al_causes_release(&r.causes);
}

/* -- of a lock, queue or the like ---------------------------------------------- */

typedef struct list { /* of the events that name it */
    al_thing thing;
    const char *micro;
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
    al_event_add_line(&l->text, at, event, l->micro);
    al_text_add_char(&l->text, '\n');
}

static void tell_primitive(al_stepper *s, const char *name, al_thing thing)
{
    list l = {.thing = thing, .micro = s->options.glyphs->micro};

    al_history_look(s->history, 1, al_history_known(s->history), list_event,
                    &l);
    if (l.count > MOST_LISTED)
        al_text_add_format(&l.text, "and %llu more\n",
                           (unsigned long long)(l.count - MOST_LISTED));
    if (l.count > 0)
        show(s, name, al_text_peek(&l.text));
    else
        al_stepper_say(s, AL_INK_WARNING,
                       "the trace does not tell how %s came about", name);
    al_text_release(&l.text);
}

/* -- of an event --------------------------------------------------------------- */

/* What an event is about: its handle, task or future. */
static al_thing subject_of(const al_event *event)
{
    if (event->handle)
        return (al_thing){AL_THING_HANDLE, event->handle};
    if (event->task)
        return (al_thing){AL_THING_TASK, event->task};
    if (event->future)
        return (al_thing){AL_THING_FUTURE, event->future};
    return (al_thing){AL_THING_PRIMITIVE, event->primitive};
}

typedef struct finding { /* of the event that is asked about */
    size_t width;   /* columns for its text */
    al_thing thing; /* that it is about */
    al_text text;   /* that it says, in lines; empty: nothing of its own */
} finding;

/* A line, broken between its words where it is too long. */
static void add_broken(const char *line, size_t length, size_t width,
                       al_text *out)
{
    static const char indent[] = "      ";
    const char *end = line + length;
    size_t column = 0;
    al_text word = {0};

    while (line < end) {
        size_t blanks = strspn(line, " ");
        size_t letters = strcspn(line + blanks, " \n");
        size_t columns;

        al_text_clear(&word);
        al_text_add_bytes(&word, line, blanks + letters);
        columns = al_escape_columns(al_text_peek(&word));
        if (column > 0 && column + columns > width) {
            al_text_add_format(out, "\n%s", indent);
            column = sizeof indent - 1;
        }
        al_escape_add(out, al_text_peek(&word));
        column += columns;
        line += blanks + letters;
    }
    al_text_add_char(out, '\n');
    al_text_release(&word);
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
        const char *at = parts[i];

        while (at && *at) {
            size_t length = strcspn(at, "\n");

            add_broken(at, length, width, out);
            at += length + (at[length] == '\n');
        }
    }
}

static void take_event(void *self, uint64_t at, const al_event *event)
{
    finding *f = self;

    (void)at;
    f->thing = subject_of(event);
    if (al_stepper_picks(event) && event->text && *event->text)
        add_whole_text(event, f->width, &f->text);
}

/* The text that it says.  False: nothing of its own; *about is what has the
 * story. */
static bool tell_text(al_stepper *s, uint64_t at, al_thing *about)
{
    finding f = {.width = (size_t)(s->width > 4 ? s->width - 4 : 1)};
    al_text title = {0};
    bool has_text;

    al_history_look(s->history, at, at, take_event, &f);
    has_text = f.text.length > 0;
    *about = f.thing;
    al_text_add_format(&title, "event %llu", (unsigned long long)at);
    if (has_text)
        show(s, title.bytes, f.text.bytes);
    al_text_release(&title);
    al_text_release(&f.text);
    return has_text;
}

static void tell_story(al_stepper *s, al_thing thing)
{
    al_text name = {0};

    if (thing.kind == AL_THING_EVENT && tell_text(s, thing.id, &thing))
        return;
    al_thing_add_name(&name, thing);
    if (thing.kind == AL_THING_NONE)
        al_stepper_say(s, AL_INK_WARNING, "nothing is selected: "
                       "<Tab> and the arrows choose");
    else if (thing.id == 0 || thing.kind == AL_THING_LINE)
        al_stepper_say(s, AL_INK_WARNING,
                       "this row is about nothing that has a story");
    else if (thing.kind == AL_THING_PRIMITIVE)
        tell_primitive(s, name.bytes, thing);
    else
        tell_about(s, name.bytes);
    al_text_release(&name);
}

/* One more over those that are told; the first is forgotten for it where they
 * are too many. */
static void begin_story(al_stepper *s, al_thing thing)
{
    if (s->told_count == AL_MOST_TOLD)
        memmove(s->told, s->told + 1, --s->told_count * sizeof *s->told);
    s->told[s->told_count++] = thing;
    tell_story(s, thing);
}

/* Nothing else is told where the row has no story. */
void al_stepper_tell_row(al_stepper *s, const al_pane *pane)
{
    al_moment now = al_stepper_now(s);
    al_text row = {0}, text = {0}, title = {0};
    al_thing thing = al_pane_thing(pane, &now);

    al_pane_add_cut_row(pane, &now, &row);
    s->told_count = 0;
    if (thing.kind == AL_THING_NONE && now.at > 0)
        thing = (al_thing){AL_THING_EVENT, now.at};
    begin_story(s, thing);
    if (thing.kind == AL_THING_EVENT && thing.id == now.at &&
        !s->pager.is_open)
        al_stepper_tell_event(s); /* it is about nothing with a story */
    if (row.length > 0) {
        add_broken(row.bytes, row.length, al_stepper_page_width(s), &text);
        if (s->pager.is_open)
            al_text_add_format(&text, "\n%s", al_text_peek(&s->pager.text));
        al_text_add(&title, s->pager.is_open ? al_text_peek(&s->pager.title)
                                             : pane->view->ops->title);
        al_text_clear(&s->message);
        show(s, title.bytes, text.bytes);
    }
    al_text_release(&row);
    al_text_release(&text);
    al_text_release(&title);
}

/* -- from a story's line on ------------------------------------------------------- */

/* The one that is told: of an event what it is about. */
static al_thing told_thing(const al_stepper *s)
{
    const char *title = al_text_peek(&s->pager.title);

    return al_thing_named_in(title, (al_thing){0});
}

static void travel_to(al_stepper *s, uint64_t at)
{
    s->pager.is_open = false;
    al_go_to(s->history, at, s->options.gives_up, s->options.self);
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
        begin_story(s, thing);
    else
        al_stepper_say(s, AL_INK_MESSAGE, "this line leads nowhere");
    al_text_release(&line);
}

bool al_stepper_leave_story(al_stepper *s)
{
    if (s->told_count < 2)
        return false;
    s->told_count--;
    tell_story(s, s->told[s->told_count - 1]);
    return true;
}
