/* lint_fds.c - the rule of fds: one that stays ready, turn after turn.
 *
 * A trace of ours tells when an fd is read, that of a real Python does not:
 * there it takes many turns in a row to be sure. */
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/analysis/lint_private.h"

enum { FEW_TURNS = 3, MANY_TURNS = 100 };

typedef struct streak {
    uint64_t iteration, turns;
} streak;

struct al_lint_part {
    al_idmap handles; /* streak */
    bool tells_reads; /* the trace does */
};

static streak *find_streak(al_lint_part *part, uint64_t handle)
{
    streak *s = al_idmap_find(&part->handles, handle);

    if (!s) {
        s = al_alloc_zero(1, sizeof *s);
        al_idmap_put(&part->handles, handle, s);
    }
    return s;
}

static const char *fd_of(const al_loop_state *loop, uint64_t handle)
{
    for (const al_watched *w = loop->watches; w; w = w->next) {
        if (w->fd && ((w->reader && w->reader->id == handle) ||
                      (w->writer && w->writer->id == handle)))
            return w->fd;
    }
    return NULL;
}

static void check_streak(al_lint *lint, al_lint_part *part,
                         const al_event *event)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);
    const al_traced *handle = al_state_handle(lint->state, event->handle);
    streak *s = find_streak(part, event->handle);
    const char *fd;

    if (!loop || !handle || al_is_self_pipe_callback(handle->callback))
        return;
    s->turns = s->turns && s->iteration + 1 == loop->iteration ? s->turns + 1
                                                               : 1;
    s->iteration = loop->iteration;
    if (s->turns != (part->tells_reads ? FEW_TURNS : MANY_TURNS))
        return;
    fd = fd_of(loop, event->handle);
    if (!fd || !al_lint_wants(lint, AL_RULE_FD_NOT_DRAINED, fd))
        return;
    al_text_add_format(&lint->text, "%s stays ready: ", fd);
    al_lint_add_handle(&lint->text, handle);
    al_text_add_format(&lint->text, " is called %llu turns in a row",
                       (unsigned long long)s->turns);
    al_lint_tell(lint, AL_RULE_FD_NOT_DRAINED, AL_WARNING, fd, event, NULL);
}

/* What was read or written is another matter. */
static void end_streaks(al_lint *lint, al_lint_part *part,
                        const al_event *event)
{
    const al_loop_state *loop = al_state_loop(lint->state, event->loop);

    if (!loop || !event->fd)
        return;
    for (const al_watched *w = loop->watches; w; w = w->next) {
        if (!w->fd || strcmp(w->fd, event->fd) != 0)
            continue;
        if (w->reader && event->kind == AL_EVENT_READ)
            find_streak(part, w->reader->id)->turns = 0;
        if (w->writer && event->kind == AL_EVENT_WRITE)
            find_streak(part, w->writer->id)->turns = 0;
    }
}

static al_lint_part *make(void)
{
    return al_alloc_zero(1, sizeof(al_lint_part));
}

static void before(al_lint_part *part, al_lint *lint, const al_event *event)
{
    (void)lint;
    if (event->kind == AL_EVENT_WORLD_FD)
        part->tells_reads = true;
}

static void after(al_lint_part *part, al_lint *lint, const al_event *event)
{
    if (event->kind == AL_EVENT_READY)
        check_streak(lint, part, event);
    else if (event->kind == AL_EVENT_READ || event->kind == AL_EVENT_WRITE)
        end_streaks(lint, part, event);
}

static void free_part(al_lint_part *part)
{
    size_t at = 0;

    for (streak *s; (s = al_idmap_next(&part->handles, &at));)
        al_free(s);
    al_idmap_release(&part->handles);
    al_free(part);
}

const al_lint_part_ops al_lint_fds = {make, before, after, NULL, free_part};
