/* reloading.c - the run that is shown read anew: a trace that was written
 * again, a scenario that was edited.
 *
 * The new one is read beside the old one, which is shown until then, so that
 * one that is half written or wrong takes nothing away.  What somebody set
 * stays, and the position by its time. */
#include "cli/step/private.h"

#include <math.h>
#include <string.h>
#include "cli/step/slice.h"

enum { MORE = 1 << 16 }; /* events */

void al_stepper_close_history(const al_stepper *s, al_history *history)
{
    if (!history)
        return;
    if (s->options.close)
        s->options.close(s->options.self, history);
    else
        al_history_free(history);
}

void al_stepper_drop_reload(al_stepper *s)
{
    al_stepper_close_history(s, s->file.anew);
    s->file.anew = NULL;
}

/* -- what was chosen ------------------------------------------------------ */

static const al_traced_task *task_named(const al_state *state,
                                        const char *name)
{
    const al_traced_task *task = NULL;

    while ((task = al_state_next_task(state, task)) != NULL) {
        const char *its = al_shared_name_text(task->name);

        if (its && strcmp(its, name) == 0)
            break;
    }
    return task;
}

/* Tasks are told by their names: in another run the numbers may be others. */
static void find_task(al_pane *pane, const al_state *old, const al_state *new)
{
    const al_traced_task *was = al_state_task(old, pane->chosen.id);
    const char *name = was ? al_shared_name_text(was->name) : NULL;
    const al_traced_task *is = name ? task_named(new, name) : NULL;

    if (is)
        pane->chosen.id = is->future.id;
}

static void find_chosen(al_stepper *s, al_history *old)
{
    for (int i = 0; i < AL_VIEW_COUNT; i++) {
        al_pane *pane = &s->layout.panes[i];

        if (pane->has_chosen && pane->chosen.kind == AL_THING_TASK)
            find_task(pane, al_history_state(old),
                      al_history_state(s->history));
        else if (pane->has_chosen && pane->chosen.kind == AL_THING_EVENT)
            al_pane_unchoose(pane);
    }
}

/* -- where it was --------------------------------------------------------- */

void al_stepper_go_to_wanted(al_stepper *s)
{
    al_followed *file = &s->file;

    file->is_short = al_whereabouts_go(&file->wanted, s->history,
                                       &s->options.patience) == AL_NOT_THERE;
    file->stands_at = al_history_at(s->history);
}

/* -- in place of the old one ---------------------------------------------- */

static void say_reloaded(al_stepper *s, const al_history *old)
{
    unsigned long long is = al_history_known(s->history);
    unsigned long long was = al_history_known(old);
    const char *blank = s->beside ? " " : "";
    const char *which = s->beside ? s->file.origin.path : "";

    if (!al_history_is_complete(s->history))
        al_stepper_say(s, AL_INK_GOOD, "reloaded%s%s: it goes on as far as is "
                       "looked at", blank, which);
    else if (is == was)
        al_stepper_say(s, AL_INK_GOOD, "reloaded%s%s: %llu events, as before",
                       blank, which, is);
    else
        al_stepper_say(s, AL_INK_GOOD, "reloaded%s%s: %llu events, was %llu%s",
                       blank, which, is, was,
                       al_history_is_complete(old) ? "" : "+");
}

/* Of the half that is driven. */
static void show_in_place(al_stepper *s)
{
    al_history *old = s->history;

    s->file.wanted = al_whereabouts_of(old, s->loop);
    s->history = s->file.anew;
    s->file.anew = NULL;
    s->file.is_stale = false;
    al_stepper_limit(s, s->history);
    al_breakpoints_begin_anew(&s->breakpoints, !s->beside);
    al_stepper_go_to_wanted(s);
    find_chosen(s, old);
    al_stepper_move_marks(s, old);
    al_layout_renew_views(&s->layout);
    if (s->beside) {
        al_layout_renew_views(&s->beside->alone);
        al_beside_restart(s->beside);
    }
    say_reloaded(s, old);
    al_stepper_close_history(s, old);
}

/* -- reading -------------------------------------------------------------- */

static void refuse(al_stepper *s, const al_error *wrong)
{
    al_error err = {0};

    al_trace_fail(&err, s->file.origin.path, wrong);
    al_stepper_say(s, AL_INK_ERROR, "not reloaded: %s", err.message);
    al_stepper_drop_reload(s);
}

/* An endless run need come no further than to where the old one is; of one that
 * had an end it is waited for, within reason. */
static bool is_far_enough(const al_stepper *s, al_history *new)
{
    const al_event *there = al_history_event(s->history);
    const al_event *latest;
    uint64_t enough = al_history_known(s->history) +
                      (al_history_is_complete(s->history) ? MORE : 0);

    if (al_history_is_complete(new))
        return true;
    if (!isnan(al_history_progress(new)) || al_history_known(new) < enough)
        return false;
    al_history_go(new, al_history_known(new));
    latest = al_history_event(new);
    return !there || (latest && latest->time > there->time);
}

static void give_up(al_stepper *s)
{
    al_stepper_drop_reload(s);
    al_stepper_say(s, AL_INK_WARNING, "given up: this is what was read before");
}

bool al_stepper_reload_on(al_stepper *s, bool may_wait)
{
    al_history *new = s->file.anew;

    if (!may_wait && al_followed_must_wait(&s->file, s->history))
        return false;
    al_history_read_on(new, AL_SLICE);
    if (al_history_error(new))
        refuse(s, al_history_error(new));
    else if (is_far_enough(s, new))
        show_in_place(s);
    else if (may_wait && al_patience_ends(&s->options.patience))
        give_up(s);
    return true;
}

void al_stepper_reload(al_stepper *s)
{
    al_text why = {0};

    al_stepper_drop_reload(s);
    if (s->file.origin.is_read_once) {
        al_stepper_say(s, AL_INK_WARNING,
                       "what came by a pipe cannot be read anew");
        return;
    }
    if (s->options.open)
        s->file.anew = s->options.open(s->options.self, &s->file.origin, &why);
    if (s->file.anew)
        al_stepper_say(s, AL_INK_MESSAGE, "reading it anew");
    else
        al_stepper_say(s, AL_INK_ERROR, "not reloaded: %s",
                       why.length ? why.bytes : "it cannot be read");
    al_text_release(&why);
}

/* -- the file changes ----------------------------------------------------- */

/* Does what is read, or read anew, grow with it? */
static bool is_followed(const al_followed *file, al_file_change change)
{
    return change == AL_FILE_GREW && !file->origin.is_scenario &&
           !al_followed_is_outdated(file);
}

/* Of the half that is driven. */
static void watch_half(al_stepper *s)
{
    al_file_change change = al_file_watch_look(&s->file.watch);

    if (change == AL_FILE_SAME || is_followed(&s->file, change))
        return;
    s->file.is_stale = true;
    if (change == AL_FILE_GONE)
        al_stepper_say(s, AL_INK_WARNING, "the file was removed: this is what "
                       "it was");
    else if (s->config->keeps_old)
        al_stepper_say(s, AL_INK_WARNING, "the file has changed: :reload shows "
                       "it");
    else
        al_stepper_reload(s);
}

void al_stepper_watch(al_stepper *s)
{
    watch_half(s);
    if (!s->beside)
        return;
    al_stepper_exchange(s);
    watch_half(s);
    al_stepper_exchange(s);
}
