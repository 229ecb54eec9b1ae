/* explain.c - asyncloop-sim explain: why something happened.
 *
 * The trace is read twice: first for what led to what, then for the words. */
#include "cli/command.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>
#include "cli/explain/story.h"
#include "cli/phrases.h"
#include "cli/pipes.h"
#include "cli/source.h"
#include "loop/base/number.h"

static struct {
    const char *color;
    al_strings set;
} o;

static const al_option options[] = {
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

typedef struct reading { /* one of the two */
    void (*begin)(void *self, const al_trace_header *header); /* or NULL */
    void (*take)(void *self, const al_event *event, uint64_t index);
    void *self;
} reading;

typedef al_source *open_function(const char *path,
                                 const al_strings *set,
                                 const char *color, al_exit *why);

static al_exit read_all(const char *path, open_function *open, reading to)
{
    al_source *source;
    uint64_t index = 0;
    al_event event;
    al_exit why;

    source = open(path, &o.set, o.color, &why);
    if (!source)
        return why;
    al_source_tell_since_start(source);
    if (to.begin)
        to.begin(to.self, al_source_header(source));
    al_source_show_progress(source);
    while (al_source_next(source, &event))
        to.take(to.self, &event, ++index);
    return al_source_close(source);
}

/* -- the first reading ---------------------------------------------------- */

typedef struct search {
    al_target target;
    al_causes causes;
    int pipe;    /* that is read twice; -1: a file is */
    off_t begin; /* in what was kept of the pipe */
} search;

static void note_clock(void *self, const al_trace_header *header)
{
    search *s = self;

    s->target.since = header->since;
}

static void look(void *self, const al_event *event, uint64_t index)
{
    search *s = self;

    al_causes_add(&s->causes, event);
    al_target_look(&s->target, event, index);
}

/* -- the second ----------------------------------------------------------- */

static al_exit read_again(const char *path, const search *s, reading to)
{
    if (s->pipe >= 0)
        lseek(s->pipe, s->begin, SEEK_SET);
    return read_all(path, al_source_open_again, to);
}

static void tell(void *self, const al_event *event, uint64_t index)
{
    al_story_add(self, event, index);
}

static al_exit tell_story(const char *path, const search *s)
{
    const al_page page = {.color = al_want_color(o.color, STDOUT_FILENO),
                          .width = al_terminal_width(STDOUT_FILENO)};
    al_chain made = {0}, ended = {0};
    al_text text = {0};
    al_story *story;
    al_exit status;

    al_causes_trace(&s->causes, s->target.made_by, &made);
    al_causes_trace(&s->causes, s->target.ended_by, &ended);
    story = al_story_new(&page, &s->target, &made, &ended);
    status = read_again(path, s, (reading){NULL, tell, story});
    al_story_write(story, &text);
    fwrite(text.bytes, 1, text.length, stdout);
    al_text_release(&text);
    al_story_free(story);
    al_chain_release(&made);
    al_chain_release(&ended);
    return status;
}

/* Several tasks are of that coroutine. */
static void tell_several(const al_target *target)
{
    al_text ids = {0};

    for (size_t i = 0; i < target->named_count && i < AL_MOST_NAMED; i++)
        al_text_add_format(&ids, "%st%llu", i ? ", " : "",
                           (unsigned long long)target->named[i]);
    if (target->named_count > AL_MOST_NAMED)
        al_text_add(&ids, ", ...");
    al_complain("%zu tasks are called '%s', or their coroutines: %s; say "
                "which", target->named_count, target->word, ids.bytes);
    al_text_release(&ids);
}

/* A task that the word means, but not by the name it was created with. */
static al_exit look_again(const char *path, search *s)
{
    al_causes_release(&s->causes);
    s->causes = (al_causes){0};
    return read_again(path, s, (reading){note_clock, look, s});
}

static bool is_time(const char *word)
{
    double time;
    const char *end = al_double_parse(word, &time);

    return end && (*end == '\0' || strcmp(end, "s") == 0);
}

static void complain_missing(const char *path, const al_target *target)
{
    al_text span = {0};

    if (target->kind == AL_TARGET_TIME && !isnan(target->first)) {
        al_phrase_span(&span, target->first, target->last);
        al_complain("nothing in '%s' is at %s: %s", path, target->word + 1,
                    span.bytes);
    } else {
        al_complain("nothing in '%s' is called '%s', and no line of the log "
                    "has it%s", path, target->word,
                    is_time(target->word) ? " (a time is '@1.5')" : "");
    }
    al_text_release(&span);
}

static al_exit tell_not_found(const char *path, const search *s)
{
    if (s->target.named_count > 1)
        tell_several(&s->target);
    else
        complain_missing(path, &s->target);
    return AL_EXIT_FAILED;
}

/* -- the command ---------------------------------------------------------- */

static al_exit explain(const char *path, const char *word)
{
    search s = {.pipe = al_pipe_find(path)};
    al_exit status;

    if (!al_target_parse(&s.target, word)) {
        al_complain("'%s' is no id, time, name or log line", word);
        return AL_EXIT_USAGE;
    }
    if (s.pipe >= 0 && !al_pipe_keep(s.pipe, &s.begin))
        return al_pipe_complain(path, errno);
    status = read_all(path, al_source_open, (reading){note_clock, look, &s});
    al_target_finish(&s.target);
    if (al_target_settle(&s.target))
        status = look_again(path, &s);
    if (status == AL_EXIT_OK && !s.target.is_found) {
        status = tell_not_found(path, &s);
    } else if (s.target.is_found && !atomic_load(&al_interrupted)) {
        status = tell_story(path, &s);
    }
    al_causes_release(&s.causes);
    return status;
}

static al_exit run(int argc, char **argv)
{
    al_exit status;

    if (argc != 2) {
        al_complain("explain takes a scenario or trace, and what to explain "
                    "(see 'asyncloop-sim explain --help')");
        return AL_EXIT_USAGE;
    }
    status = explain(argv[0], argv[1]);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_explain = {
    .name = "explain",
    .usage = "[OPTION...] SCENARIO|TRACE WHAT",
    .summary = "tell why something happened, and when",
    .details =
        "WHAT is a handle (h12), task (t3) or future (f2), a time (@1.5), the\n"
        "name of a task, or a part of a line of the log.  Told are what became\n"
        "of it, what held it up, and the chain of causes back to the program.\n"
        "The trace is read twice; memory grows by 8 bytes a handle.\n"
        "Times of a recording under the real clock are since its start.\n",
    .examples =
        "  asyncloop-sim explain scenarios/busy-delays-timers.json h3\n"
        "  asyncloop-sim explain scenarios/cancel-swallowed.json t2\n"
        "  asyncloop-sim explain app.jsonl worker-1\n"
        "  asyncloop-sim explain app.jsonl 'connection lost'\n",
    .options = options,
    .run = run,
};
