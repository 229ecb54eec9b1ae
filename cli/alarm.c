/* alarm.c - errors and warnings on stderr; see alarm.h.
 *
 * A logger, not an observer: a run that nobody watches is much faster. */
#include "cli/alarm.h"

#include <string.h>
#include "cli/command.h"
#include "sim/python/suggestion.h"
#include "sim/traceback.h"
#include "sim/world/world.h"

static void add_origin(const al_exception *e, al_text *out)
{
    al_text_add(out, ": ");
    al_exception_summary(e, out);
    al_suggestion_add(e, out);
    if (e->traceback_count > 0)
        al_text_add_format(out, ", at %s:%d", e->traceback[0].file,
                           e->traceback[0].line);
}

/* Of one that was raised nowhere, or is alone where the line says, there is no
 * more to be told. */
static bool has_more(const al_exception *e)
{
    return e->traceback_count > 1 || e->cause || e->context ||
           al_exception_is(e, &al_BaseExceptionGroup);
}

static void add_traceback(const al_scenario *scenario, const al_exception *e)
{
    al_text text = {0};

    al_traceback_add(e, scenario, &text);
    al_print_escaped(text.bytes);
    al_text_release(&text);
}

/* The first line, and in the lines beneath who waits for what. */
static void tell_deadlock(al_alarm *alarm, const char *text)
{
    size_t first = strcspn(text, "\n");

    alarm->has_told_deadlock = true;
    al_complain("%s: %.*s", alarm->scenario->path, (int)first, text);
    al_print_escaped(text + first + (text[first] == '\n'));
}

/* The first line says it: what follows is asyncio's "handle: …". */
static void tell(void *self, const char *level, const char *text,
                 const al_exception *exception)
{
    al_alarm *alarm = self;
    const al_scenario *scenario = alarm->scenario;
    al_text origin = {0};

    if (strcmp(level, AL_LOG_DEADLOCK) == 0) {
        tell_deadlock(alarm, text);
        return;
    }
    if (strcmp(level, "ERROR") != 0 && strcmp(level, "WARNING") != 0)
        return;
    if (exception)
        add_origin(exception, &origin);
    al_complain("%s: %.*s%s", scenario->path, (int)strcspn(text, "\n"), text,
                al_text_peek(&origin));
    al_text_release(&origin);
    if (exception && has_more(exception))
        add_traceback(scenario, exception);
}

static const al_logger_ops alarm_ops = {.log = tell};

al_logger al_alarm_logger(al_alarm *alarm)
{
    return (al_logger){&alarm_ops, alarm};
}
