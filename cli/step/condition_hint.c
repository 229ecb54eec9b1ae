/* condition_hint.c - what was meant by a text that is no condition by itself:
 * the trace tells of what it is the value. */
#include "cli/step/condition_private.h"

#include <string.h>

enum { MOST_EVENTS = 100000 }; /* that are looked through */

typedef struct search {
    const char *text;
    bool is_task; /* the name of one */
    int name;     /* the first of al_condition_names whose value it is */
} search;

static bool is_searched(const search *s, const char *text)
{
    return text && strcmp(text, s->text) == 0;
}

static void look_at(void *self, uint64_t at, const al_event *event)
{
    search *s = self;
    const look l = {.event = event, .at = at};

    s->is_task |= is_searched(s, event->name);
    for (int i = 0; i < s->name; i++) {
        const condition_name *name = &al_condition_names[i];

        if (name->is_told && name->is_text &&
            is_searched(s, name->read(&l).text))
            s->name = i;
    }
}

bool al_condition_add_asking(al_text *out, const char *text, char quote,
                             al_history *history)
{
    search s = {.text = text, .name = al_condition_name_count};
    uint64_t known = history ? al_history_known(history) : 0;

    if (known > 0)
        al_history_look(history, 1, known < MOST_EVENTS ? known : MOST_EVENTS,
                        look_at, &s);
    if (s.is_task)
        al_text_add(out, "task");
    else if (s.name < al_condition_name_count)
        al_text_add_format(out, "%s ==", al_condition_names[s.name].name);
    else
        return false;
    al_text_add_format(out, " %c%s%c", quote, text, quote);
    return true;
}
