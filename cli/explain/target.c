/* target.c - see target.h. */
#include "cli/explain/target.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loop/base/number.h"

/* -- what was asked for --------------------------------------------------- */

static bool is_id(const char *word, uint64_t *id)
{
    char *end;

    if (!strchr("htf", word[0]) || !word[0] || !isdigit((unsigned char)word[1]))
        return false;
    *id = strtoull(word + 1, &end, 10);
    return *end == '\0' && *id != 0 && *id != AL_BY_WORLD;
}

static al_target_kind kind_of(char letter)
{
    return letter == 'h'   ? AL_TARGET_HANDLE
           : letter == 't' ? AL_TARGET_TASK
                           : AL_TARGET_FUTURE;
}

bool al_target_parse(al_target *target, const char *word)
{
    const char *end;

    *target = (al_target){.word = word, .due = NAN, .ran = NAN,
                          .first = NAN, .last = NAN};
    if (is_id(word, &target->id)) {
        target->kind = kind_of(word[0]);
    } else if (word[0] == '@') {
        end = al_double_parse(word + 1, &target->time);
        target->kind = AL_TARGET_TIME;
        return end && (*end == '\0' || strcmp(end, "s") == 0);
    }
    return word[0] != '\0';
}

/* -- the first reading ---------------------------------------------------- */

static void find(al_target *target, const al_event *event, uint64_t index)
{
    target->is_found = true;
    target->made_by = event->by;
    target->index = index;
    target->loop = event->loop;
}

/* A coroutine's name is often "Class.method", or "main.<locals>.inner". */
static bool is_called(const char *coroutine, const char *word)
{
    const char *last = coroutine ? strrchr(coroutine, '.') : NULL;

    return coroutine && (strcmp(coroutine, word) == 0 ||
                         (last && strcmp(last + 1, word) == 0));
}

static void note_named(al_target *target, const al_event *event)
{
    if (event->kind != AL_EVENT_TASK
            ? event->kind != AL_EVENT_TASK_NAME || !event->name ||
                  strcmp(event->name, target->word) != 0
            : !is_called(event->coroutine, target->word))
        return;
    for (size_t i = 0; i < target->named_count && i < AL_MOST_NAMED; i++)
        if (target->named[i] == event->task)
            return;
    if (target->named_count < AL_MOST_NAMED)
        target->named[target->named_count] = event->task;
    target->named_count++;
}

bool al_target_settle(al_target *target)
{
    uint64_t id = target->named[0];

    if (target->kind == AL_TARGET_TASK || target->named_count != 1)
        return false;
    *target = (al_target){.kind = AL_TARGET_TASK, .word = target->word,
                          .id = id, .due = NAN, .ran = NAN};
    return true;
}

static void look_for_word(al_target *target, const al_event *event,
                          uint64_t index)
{
    bool is_log_found = target->kind == AL_TARGET_LOG;

    note_named(target, event);
    if (event->kind == AL_EVENT_TASK && event->name &&
        strcmp(event->name, target->word) == 0) {
        target->kind = AL_TARGET_TASK;
        target->id = event->task;
        find(target, event, index);
    } else if (!is_log_found && event->kind == AL_EVENT_LOG && event->text &&
               strstr(event->text, target->word)) {
        target->kind = AL_TARGET_LOG;
        target->time = event->time;
        find(target, event, index);
    }
}

/* A reader is due when its fd is ready, anything else when it is scheduled. */
static void look_for_handle(al_target *target, const al_event *event,
                            uint64_t index)
{
    if (event->handle != target->id)
        return;
    if (al_introduces_handle(event->kind)) {
        find(target, event, index);
        target->is_timer = event->kind == AL_EVENT_CALL_AT;
        target->due = target->is_timer ? event->when : event->time;
    } else if (event->kind == AL_EVENT_READY) {
        if (isnan(target->ran))
            target->due = event->time;
    } else if (event->kind == AL_EVENT_RUN) {
        if (isnan(target->ran))
            target->ran = event->time;
        target->loop = event->loop;
    }
}

static void look_for_task(al_target *target, const al_event *event,
                          uint64_t index)
{
    if (event->task != target->id)
        return;
    if (event->kind == AL_EVENT_TASK)
        find(target, event, index);
    if (event->kind == AL_EVENT_TASK_CANCEL) {
        target->ended_by = event->by;
        target->ended_index = index;
    }
}

static void look_for_future(al_target *target, const al_event *event,
                            uint64_t index)
{
    if (event->future != target->id)
        return;
    if (event->kind == AL_EVENT_FUTURE)
        find(target, event, index);
    if (event->kind == AL_EVENT_FUTURE_DONE) {
        target->ended_by = event->by;
        target->ended_index = index;
    }
}

/* The last event not after it.  A callback that runs then is what counts. */
static void look_for_time(al_target *target, const al_event *event,
                          uint64_t index)
{
    if (!(event->time >= target->first))
        target->first = event->time;
    if (!(event->time <= target->last))
        target->last = event->time;
    if (event->time > target->time)
        return;
    target->is_found = true;
    target->index = index;
    target->loop = event->loop;
    if (event->kind == AL_EVENT_RUN)
        target->made_by = event->handle;
    else if (event->kind == AL_EVENT_RAN && event->time < target->time)
        target->made_by = AL_BY_PROGRAM;
}

void al_target_look(al_target *target, const al_event *event, uint64_t index)
{
    switch (target->kind) {
    case AL_TARGET_WORD:
    case AL_TARGET_LOG:
        look_for_word(target, event, index);
        break;
    case AL_TARGET_HANDLE:
        look_for_handle(target, event, index);
        break;
    case AL_TARGET_TASK:
        look_for_task(target, event, index);
        break;
    case AL_TARGET_FUTURE:
        look_for_future(target, event, index);
        break;
    case AL_TARGET_TIME:
        look_for_time(target, event, index);
        break;
    }
}

void al_target_finish(al_target *target)
{
    if (target->kind == AL_TARGET_TIME && target->time > target->last)
        target->is_found = false;
}
