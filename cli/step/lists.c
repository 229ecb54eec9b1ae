/* lists.c - what is listed over the panes: keys and commands, breakpoints,
 * marks. */
#include "cli/step/private.h"

#include <string.h>
#include "cli/page.h"
#include "loop/base/alloc.h"

void al_stepper_show_list(al_stepper *s, const char *title, const char *text)
{
    al_pager_open(&s->pager, title, text, al_history_at(s->history));
}

unsigned al_stepper_page_width(const al_stepper *s)
{
    return s->width > AL_PAGE_NARROWEST + 2 ? (unsigned)s->width - 2
                                            : AL_PAGE_NARROWEST;
}

void al_stepper_help(al_stepper *s, const char *words)
{
    bool is_ambiguous;
    al_request request = al_keymap_named(&s->config->keymap, words,
                                         strlen(words), &is_ambiguous);
    al_text text = {0};
    size_t its_row = al_keymap_describe(&s->config->keymap, request,
                                        al_stepper_page_width(s), &text);

    al_text_add(&text, "\nSigns\n");
    al_glyphs_describe(s->options.glyphs, al_stepper_page_width(s),
                       &text);
    al_stepper_show_list(s, "Keys and commands", text.bytes);
    al_pager_search_from(&s->pager, its_row);
    al_stepper_search(s, words, false);
    al_text_release(&text);
}

enum { DOUBT_COLUMN = 4 + 2 + 8 + 2 + 6 + 5 + 2 }; /* after number and hits */

/* With what is doubtful of it below; of one that has stopped nothing is. */
static void add_breakpoint(const al_breakpoint *b, const al_text *doubt,
                           unsigned width, al_text *out)
{
    const al_page page = {.width = width};

    al_text_add_format(out, "%4u  %-8s  %6llu hit%s  %s%s\n", b->number,
                       b->is_disabled ? "disabled" : "",
                       (unsigned long long)b->hits, b->hits == 1 ? " " : "s",
                       b->is_watch ? "watch " : "", b->text);
    if (doubt->length > 0 && b->hits == 0)
        al_page_add_line(&page, out, &(al_line){
            .indent = DOUBT_COLUMN, .what = doubt->bytes, .is_wide = true,
            .most_lines = 9});
}

void al_stepper_list_breakpoints(al_stepper *s)
{
    const al_breakpoints *all = &s->breakpoints;
    const al_condition **conditions = al_alloc_zero(all->count + 1,
                                                    sizeof *conditions);
    al_text *doubts = al_alloc_zero(all->count + 1, sizeof *doubts);
    al_text text = {0};

    for (size_t i = 0; i < all->count; i++)
        conditions[i] = all->items[i].condition;
    al_conditions_add_doubts(conditions, all->count, s->history, doubts);
    for (size_t i = 0; i < all->count; i++) {
        add_breakpoint(&all->items[i], &doubts[i], al_stepper_page_width(s),
                       &text);
        al_text_release(&doubts[i]);
    }
    if (text.length == 0)
        al_text_add(&text, "There are none: break CONDITION makes one.\n");
    al_stepper_show_list(s, "Breakpoints", text.bytes);
    al_text_release(&text);
    al_free(conditions);
    al_free(doubts);
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

/* One that was kept may be of another run, or of what is not read yet. */
static void add_mark(const al_stepper *s, uint64_t at, al_text *out)
{
    if (at == 0) {
        al_text_add(out, "  the beginning\n");
    } else if (at <= al_history_known(s->history)) {
        al_history_look(s->history, at, at, add_marked, out);
    } else {
        bool is_beyond = al_history_is_whole(s->history);

        if (!is_beyond)
            al_page_add_anchor(out, at);
        al_text_add_format(out, "  event %-8llu %s\n", (unsigned long long)at,
                           is_beyond ? "beyond the end" : "not read yet");
    }
}

void al_stepper_list_marks(al_stepper *s)
{
    al_text text = {0};

    for (size_t i = 0; i < s->marks.count; i++)
        add_mark(s, s->marks.items[i].at, &text);
    if (text.length == 0)
        al_text_add(&text, "There are none: mark sets one.\n");
    al_stepper_show_list(s, "Marks", text.bytes);
    al_text_release(&text);
}
