/* completing.c - what <Tab> makes of a command that is being typed: commands,
 * views, breakpoints' numbers, files, places, and what conditions are made of,
 * texts that the trace has included. */
#include "cli/step/private.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "loop/base/alloc.h"
#include "sim/base/escape.h"

enum { MOST_EVENTS = 100000 }; /* in which texts are looked for */

static void offer(void *self, const char *word)
{
    al_completion_offer(self, word);
}

static void begin(al_stepper *s, const char *line, size_t from)
{
    al_completion_begin(&s->completion, line + from, from);
}

/* -- in quotes ------------------------------------------------------------ */

static const struct {
    const char *name; /* in a condition */
    size_t offset;    /* of the event's text */
} quoted[] = {
    {"task", offsetof(al_event, name)},
    {"callback", offsetof(al_event, callback)},
    {"scheduled", offsetof(al_event, callback)},
    {"coro", offsetof(al_event, coroutine)},
    {"type", offsetof(al_event, type)},
    {"level", offsetof(al_event, level)},
};

typedef struct texts { /* of the trace's events */
    al_completion *completion;
    size_t offset;
    char quote;
    bool begins; /* nothing of it is typed, not even the quote */
} texts;

/* As it is shown, with the quote that ends it. */
static void offer_quoted(al_completion *completion, const char *word,
                         char quote, bool begins)
{
    al_text text = {0};

    if (!strchr(word, quote)) {
        if (begins)
            al_text_add_char(&text, quote);
        al_escape_add(&text, word);
        al_text_add_char(&text, quote);
        al_completion_offer(completion, text.bytes);
    }
    al_text_release(&text);
}

static void look(void *self, uint64_t at, const al_event *event)
{
    const texts *t = self;
    const char *text = *(const char *const *)(const void *)(
        (const char *)event + t->offset);

    (void)at;
    if (text)
        offer_quoted(t->completion, text, t->quote, t->begins);
}

static void look_at_texts(al_stepper *s, texts *t)
{
    uint64_t known = al_history_known(s->history);

    al_history_look(s->history, 1, known < MOST_EVENTS ? known : MOST_EVENTS,
                    look, t);
}

/* Is it the name that is compared with what is in quotes? */
static bool is_about(const char *line, size_t quote, const char *name)
{
    size_t length = strlen(name), end = quote;

    while (end > 0 && strchr(" =!~", line[end - 1]))
        end--;
    return end >= length && strncmp(line + end - length, name, length) == 0;
}

static void offer_texts(al_stepper *s, const char *line, size_t quote)
{
    texts t = {.completion = &s->completion, .quote = line[quote]};

    if (is_about(line, quote, "kind")) {
        for (int i = 0; i < AL_EVENT_COUNT; i++)
            offer_quoted(&s->completion, al_event_specs[i].name, t.quote,
                         false);
        return;
    }
    for (size_t i = 0; i < sizeof quoted / sizeof *quoted; i++) {
        if (!is_about(line, quote, quoted[i].name))
            continue;
        t.offset = quoted[i].offset;
        look_at_texts(s, &t);
        return;
    }
}

/* After `task`, which is an event, too, so that it may go on otherwise. */
static void offer_tasks(al_stepper *s)
{
    texts t = {.completion = &s->completion, .quote = '\'', .begins = true,
               .offset = offsetof(al_event, name)};

    look_at_texts(s, &t);
}

/* -- conditions ----------------------------------------------------------- */

/* The quote that is open at the line's end; SIZE_MAX: none is. */
static size_t open_quote(const char *line, size_t from)
{
    size_t open = SIZE_MAX;

    for (size_t i = from; line[i]; i++) {
        if (open != SIZE_MAX && line[i] == line[open])
            open = SIZE_MAX;
        else if (open == SIZE_MAX && (line[i] == '\'' || line[i] == '"'))
            open = i;
    }
    return open;
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* What may come after start..end, which ends in no blank. */
static al_condition_place place_after(const char *start, const char *end)
{
    const char *word = end;

    if (end == start)
        return AL_PLACE_ANY;
    while (word > start && is_of_word(word[-1]))
        word--;
    if (end - word == 4 && strncmp(word, "task", 4) == 0)
        return AL_PLACE_OF_NAME;
    if (strchr("'\"", end[-1]) ||
        al_thing_parse(word, (size_t)(end - word)).kind == AL_THING_TASK)
        return AL_PLACE_AFTER_TASK;
    return end[-1] == '.' ? AL_PLACE_OF_TASK : AL_PLACE_ANY;
}

static void complete_condition(al_stepper *s, const char *line, size_t start)
{
    size_t quote = open_quote(line, start), from = strlen(line), before;
    al_condition_place place;

    if (quote != SIZE_MAX) {
        begin(s, line, quote + 1);
        offer_texts(s, line, quote);
        return;
    }
    while (from > start && is_of_word(line[from - 1]))
        from--;
    begin(s, line, from);
    for (before = from; before > start && line[before - 1] == ' ';)
        before--;
    place = place_after(line + start, line + before);
    if (place == AL_PLACE_OF_NAME)
        offer_tasks(s);
    al_condition_tell_words(place, offer, &s->completion);
}

/* -- commands ------------------------------------------------------------- */

static void offer_breakpoints(al_stepper *s)
{
    char number[16];

    for (size_t i = 0; i < s->breakpoints.count; i++) {
        snprintf(number, sizeof number, "%u",
                 s->breakpoints.items[i].number);
        al_completion_offer(&s->completion, number);
    }
}

/* Those in the folder that was typed; a folder's name ends in a slash. */
static void offer_files(al_stepper *s)
{
    const char *typed = s->completion.typed, *slash = strrchr(typed, '/');
    size_t length = slash ? (size_t)(slash + 1 - typed) : 0;
    al_text path = {0};
    DIR *folder;
    const struct dirent *entry;

    al_text_add_bytes(&path, typed, length);
    folder = opendir(length ? path.bytes : ".");
    while (folder && (entry = readdir(folder)) != NULL) {
        struct stat status;

        if (*entry->d_name == '.' && typed[length] != '.')
            continue;
        al_text_truncate(&path, length);
        al_text_add(&path, entry->d_name);
        if (stat(path.bytes, &status) == 0 && S_ISDIR(status.st_mode))
            al_text_add_char(&path, '/');
        al_completion_offer(&s->completion, path.bytes);
    }
    if (folder)
        closedir(folder);
    al_text_release(&path);
}

/* Marks, and the tasks that there are. */
static void offer_places(al_stepper *s)
{
    const al_state *state = al_history_state(s->history);
    const al_traced_task *task = NULL;
    char word[32];

    for (size_t i = 0; i < s->marks.count; i++) {
        snprintf(word, sizeof word, "e%llu",
                 (unsigned long long)s->marks.items[i].at);
        al_completion_offer(&s->completion, word);
    }
    while ((task = al_state_next_task(state, task)) != NULL) {
        snprintf(word, sizeof word, "t%llu",
                 (unsigned long long)task->future.id);
        al_completion_offer(&s->completion, word);
    }
}

static void complete_export(al_stepper *s, const char *line, size_t from)
{
    size_t end = from + strcspn(line + from, " ");

    if (line[end]) {
        begin(s, line, end + strspn(line + end, " "));
        offer_files(s);
        return;
    }
    al_completion_offer(&s->completion, "view");
    al_completion_offer(&s->completion, "trace");
}

static void complete_words(al_stepper *s, const char *line,
                           al_request request, size_t from)
{
    if (request == AL_REQ_BREAK || request == AL_REQ_WATCH) {
        complete_condition(s, line, from);
        return;
    }
    begin(s, line, from);
    if (request == AL_REQ_VIEW) {
        for (int i = 0; i < AL_VIEW_COUNT; i++)
            al_completion_offer(&s->completion, al_view_names[i]);
    } else if (request == AL_REQ_EXPORT) {
        complete_export(s, line, from);
    } else if (request == AL_REQ_SAVE || request == AL_REQ_LOAD ||
               request == AL_REQ_DIFF) {
        offer_files(s);
    } else if (request == AL_REQ_GOTO) {
        offer_places(s);
    } else if (request == AL_REQ_ENABLE || request == AL_REQ_DISABLE ||
               request == AL_REQ_DELETE) {
        offer_breakpoints(s);
    }
}

static void complete_command(al_stepper *s, const char *line)
{
    size_t start = strspn(line, " ");
    size_t end = start + strcspn(line + start, " ");
    size_t length = strcspn(line + start, " !");
    bool is_ambiguous;

    if (line[end]) {
        complete_words(s, line,
                       al_keymap_named(&s->config->keymap, line + start,
                                       length, &is_ambiguous),
                       end + strspn(line + end, " "));
        return;
    }
    begin(s, line, start);
    for (int i = AL_REQ_NONE + 1; i < AL_REQ_COUNT; i++)
        al_completion_offer(&s->completion, al_request_specs[i].name);
}

/* -- <Tab> ---------------------------------------------------------------- */

/* What is right of the cursor stays. */
static void gather(al_stepper *s)
{
    char *line = al_strndup(al_text_peek(&s->prompt.text), s->prompt.cursor);

    if (s->asking == AL_REQ_COMMAND)
        complete_command(s, line);
    else
        complete_words(s, line, s->asking, 0);
    al_free(line);
}

/* The only word, or as much as all words have in common. */
static void complete(al_stepper *s)
{
    al_completion *c = &s->completion;
    al_text word = {0};

    gather(s);
    if (c->count > 0) {
        al_text_add_bytes(&word, c->words[0], al_completion_common(c));
        if (c->count == 1 && word.bytes[word.length - 1] != '/')
            al_text_add_char(&word, ' ');
        al_prompt_put(&s->prompt, c->from, al_text_peek(&word));
    }
    if (c->count < 2)
        al_completion_release(c);
    al_text_release(&word);
}

void al_stepper_complete(al_stepper *s, bool is_back)
{
    if (s->asking == AL_REQ_SEARCH || s->asking == AL_REQ_SEARCH_BACK)
        return;
    if (s->completion.typed)
        al_prompt_put(&s->prompt, s->completion.from,
                      al_completion_turn(&s->completion, is_back));
    else
        complete(s);
}
