/* marks.c - marks that were set in another run: the one that was shown before
 * this was read anew, or, of those kept in a file, maybe one that was recorded
 * under the same name. */
#include "cli/step/private.h"

/* One that was kept in a file is perhaps no more than a number. */
static void find_moment(al_stepper *s, al_bookmark *mark, al_history *old)
{
    if (mark->is_told || mark->at > al_history_known(old) ||
        !al_history_go(old, mark->at) ||
        al_history_at(old) != mark->at)
        return;
    mark->where = al_whereabouts_of(old, s->loop);
    mark->is_told = true;
}

static al_arrival go_to_mark(al_stepper *s, const al_bookmark *mark)
{
    return al_whereabouts_go(&mark->where, s->history, &s->options.patience);
}

/* False: there is no such time in this run.  Of no more than a number nothing
 * is looked for, and it stays. */
static bool move_mark(al_stepper *s, al_bookmark *mark)
{
    al_arrival arrival = mark->is_told ? go_to_mark(s, mark) : AL_GIVEN_UP;

    if (arrival == AL_ARRIVED)
        mark->at = al_history_at(s->history);
    mark->is_kept = false;
    return arrival != AL_NOT_THERE;
}

size_t al_stepper_move_marks(al_stepper *s, al_history *old)
{
    al_bookmarks moved = {0};
    uint64_t at = al_history_at(s->history);
    size_t lost = 0;

    for (size_t i = 0; i < s->marks.count; i++) {
        al_bookmark mark = s->marks.items[i];

        if (old)
            find_moment(s, &mark, old);
        if (!move_mark(s, &mark))
            lost++;
        else if (!al_bookmarks_has(&moved, mark.at))
            al_bookmarks_toggle(&moved, mark);
    }
    al_history_go(s->history, at);
    al_bookmarks_release(&s->marks);
    s->marks = moved;
    return lost;
}

/* -- those that were kept ------------------------------------------------- */

/* NULL: of none it is to be seen whether it is of this run. */
static const al_bookmark *last_kept(const al_bookmarks *marks)
{
    for (size_t i = marks->count; i-- > 0;) {
        if (marks->items[i].is_kept && marks->items[i].is_told)
            return &marks->items[i];
    }
    return NULL;
}

/* Is enough of the run there to find the mark, or that it is not there, without
 * waiting for more? */
static bool comes_so_far(al_history *history, const al_bookmark *mark)
{
    const al_event *latest;

    if (al_history_is_whole(history))
        return true;
    if (al_history_known(history) < mark->at)
        return false;
    al_history_go(history, al_history_known(history));
    latest = al_history_event(history);
    return latest && latest->time > mark->where.time;
}

static size_t count_told(const al_bookmarks *marks)
{
    size_t told = 0;

    for (size_t i = 0; i < marks->count; i++)
        told += marks->items[i].is_told;
    return told;
}

/* Nothing of those that are no more than a number. */
static void move_kept(al_stepper *s)
{
    size_t told = count_told(&s->marks);
    const char *which = told < s->marks.count ? " that have a time" : "";
    size_t lost = al_stepper_move_marks(s, NULL);

    if (lost == 0)
        al_stepper_say(s, AL_INK_WARNING, "the kept marks%s are of another "
                       "run: they stand at the same times of this one", which);
    else
        al_stepper_say(s, AL_INK_WARNING, "the kept marks%s are of another "
                       "run: %zu of %zu have their time in this one", which,
                       told - lost, told);
}

static void believe(al_bookmarks *marks)
{
    for (size_t i = 0; i < marks->count; i++)
        marks->items[i].is_kept = false;
}

/* The last one speaks for all: runs that part do not meet again, event for
 * event. */
static void check(al_stepper *s, const al_bookmark *last)
{
    al_arrival arrival = go_to_mark(s, last);

    if (arrival == AL_GIVEN_UP)
        return;
    if (arrival == AL_ARRIVED && al_history_at(s->history) == last->at) {
        believe(&s->marks);
        return;
    }
    move_kept(s);
}

void al_stepper_check_marks(al_stepper *s)
{
    const al_bookmark *last = last_kept(&s->marks);
    uint64_t at = al_history_at(s->history);

    if (!last)
        return;
    if (comes_so_far(s->history, last))
        check(s, last);
    al_history_go(s->history, at);
}
