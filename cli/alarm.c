/* alarm.c - errors on stderr; see alarm.h.
 *
 * A logger, not an observer: a run that nobody watches is much faster. */
#include "cli/alarm.h"

#include <string.h>
#include "cli/command.h"

static void add_origin(const al_exception *e, al_text *out)
{
    al_text_add(out, ": ");
    al_exception_summary(e, out);
    if (e->traceback_count > 0)
        al_text_add_format(out, ", at %s:%d", e->traceback[0].file,
                           e->traceback[0].line);
}

/* The first line says it: what follows is asyncio's "handle: …". */
static void tell(void *self, const char *level, const char *text,
                 const al_exception *exception)
{
    al_text origin = {0};

    if (strcmp(level, "ERROR") != 0)
        return;
    if (exception)
        add_origin(exception, &origin);
    al_complain("%s: %.*s%s", (const char *)self, (int)strcspn(text, "\n"),
                text, al_text_peek(&origin));
    al_text_release(&origin);
}

static const al_logger_ops alarm_ops = {.log = tell};

al_logger al_alarm_logger(const char *path)
{
    return (al_logger){&alarm_ops, (void *)path};
}
