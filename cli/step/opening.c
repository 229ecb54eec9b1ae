/* opening.c - see opening.h. */
#include "cli/step/opening.h"

#include <string.h>
#include <unistd.h>
#include "cli/step/stepper.h"
#include "loop/base/alloc.h"

al_history *al_opening_add(al_opening *o, al_source *source, al_error *err)
{
    const al_history_options how = {.picks = al_stepper_picks};
    al_history *history;

    al_source_tell_since_start(source);
    history = al_history_new(al_source_take_reader(source), &how, err);
    if (!history) {
        al_source_abandon(source);
        return NULL;
    }
    o->items = al_grow(o->items, &o->capacity, o->count + 1,
                       sizeof *o->items);
    o->items[o->count++] = (struct al_opened){history, source};
    return history;
}

void al_opening_close(void *self, al_history *history)
{
    al_opening *o = self;
    size_t i = 0;

    while (o->items[i].history != history)
        i++;
    al_history_free(history);
    al_source_abandon(o->items[i].source);
    o->items[i] = o->items[--o->count];
    if (o->count > 0)
        return;
    al_free(o->items);
    o->items = NULL;
    o->capacity = 0;
}

/* The first line of what was said, for the stepper to say. */
static void add_reason(const al_text *said, al_text *why)
{
    const char *text = al_text_peek(said), *prefix = "asyncloop-sim: ";

    if (strncmp(text, prefix, strlen(prefix)) == 0)
        text += strlen(prefix);
    al_text_add_bytes(why, text, strcspn(text, "\n"));
}

al_origin al_opening_origin(const char *path, const al_source *source)
{
    return (al_origin){.path = al_source_name(source),
                       .is_read_once = !al_is_plain_file(path),
                       .is_scenario = al_source_is_scenario(source)};
}

al_history *al_opening_open(void *self, al_origin *origin, al_text *why)
{
    al_opening *o = self;
    const char *path = origin->path;
    al_text said = {0};
    al_source *source;
    al_error err = {0};
    al_history *history;

    if (o->is_stepping && !al_is_plain_file(path) &&
        (strcmp(path, "-") == 0 || access(path, F_OK) == 0)) {
        al_text_add_format(why, "%s is no plain file: give it by --diff", path);
        return NULL;
    }
    al_catch_warnings(&said);
    source = al_source_open_again(path, o->set, "never", &o->failure);
    al_catch_warnings(NULL);
    add_reason(&said, why);
    al_text_release(&said);
    if (!source)
        return NULL;
    *origin = al_opening_origin(path, source);
    history = al_opening_add(o, source, &err);
    if (!history)
        al_text_add(why, err.message);
    return history;
}
