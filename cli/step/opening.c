/* opening.c - see opening.h. */
#include "cli/step/opening.h"

#include <string.h>
#include <unistd.h>
#include "cli/tui/view.h"
#include "loop/base/alloc.h"

al_history *al_opening_add(al_opening *o, al_source *source, al_error *err)
{
    const al_history_options how = {.picks = al_view_log_picks};
    al_trace_reader *reader;
    al_history *history;

    al_source_tell_since_start(source);
    reader = al_source_take_reader(source);
    history = al_history_new(reader, &how, err);
    if (!history) {
        al_trace_reader_free(reader);
        al_source_abandon(source);
        return NULL;
    }
    o->items = al_grow(o->items, &o->capacity, o->count + 1,
                       sizeof *o->items);
    o->items[o->count++] = (struct al_opened){history, source};
    return history;
}

static struct al_opened *find(const al_opening *o, const al_history *history)
{
    size_t i = 0;

    while (o->items[i].history != history)
        i++;
    return &o->items[i];
}

void al_opening_add_end(void *self, const al_history *history, al_text *why)
{
    al_source_add_signal(find(self, history)->source, why);
}

void al_opening_close(void *self, al_history *history)
{
    al_opening *o = self;
    struct al_opened *item = find(o, history);

    al_history_free(history);
    al_source_abandon(item->source);
    *item = o->items[--o->count];
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
    return (al_origin){.path = al_input_name(path),
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
