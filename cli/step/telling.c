/* telling.c - the trace gone through for what is told of it, and how far it
 * was. */
#include "cli/step/private.h"

#include "cli/page.h"
#include "cli/step/slice.h"

uint64_t al_stepper_read_known(al_stepper *s, al_stepper_teller *tell,
                               void *self)
{
    uint64_t known = al_history_known(s->history), end = 0;

    while (end < known) {
        uint64_t from = end;

        if (from > 0 && al_patience_ends(&s->options.patience)) {
            al_stepper_say(s, AL_INK_WARNING, "given up after %llu events",
                           (unsigned long long)end);
            break;
        }
        end = known - from > AL_SLICE ? from + AL_SLICE : known;
        al_history_look(s->history, from + 1, end, tell, self);
    }
    return end;
}

/* Why no more than that is told.  NULL: it is the whole trace. */
static const char *reason_of(const al_history *history, uint64_t end)
{
    if (end < al_history_known(history))
        return ", where it was given up";
    if (al_history_error(history))
        return ", where the trace breaks off";
    if (!al_history_is_whole(history))
        return " of a trace that goes on";
    return NULL;
}

/* "as far as event 20 of a trace that goes on"; of a whole one nothing. */
static void phrase_bound(const al_history *history, uint64_t end, al_text *out)
{
    const char *reason = reason_of(history, end);

    if (reason)
        al_text_add_format(out, "as far as event %llu%s",
                           (unsigned long long)end, reason);
}

void al_stepper_add_bound(const al_stepper *s, uint64_t end, al_text *out)
{
    const al_page page = {.width = al_stepper_page_width(s)};
    al_line line = {.indent = 2, .is_wide = true, .most_lines = 2};
    al_text what = {0};

    phrase_bound(s->history, end, &what);
    if (what.length > 0) {
        line.what = what.bytes;
        al_text_add_char(out, '\n');
        al_page_add_line(&page, out, &line);
    }
    al_text_release(&what);
}

void al_stepper_say_none(al_stepper *s, uint64_t end, al_ink ink,
                         const char *what)
{
    al_text bound = {0};

    if (end < al_history_known(s->history))
        return;
    phrase_bound(s->history, end, &bound);
    al_stepper_say(s, ink, "%s%s%s", what, bound.length > 0 ? ", " : "",
                   al_text_peek(&bound));
    al_text_release(&bound);
}
