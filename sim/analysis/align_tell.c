/* align_tell.c - what differs between twin units, and what it follows from;
 * see align_private.h.
 *
 * What a unit's differences follow from is its handle's: from the doing that
 * scheduled it, if that one differed, or from what that unit followed from
 * itself.  Or else from what happened before to the future or task that it
 * concerns.  As units are told in the order they ran, causes come first. */
#include "sim/analysis/align_private.h"

#include <math.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "loop/base/text.h"

/* -- who ------------------------------------------------------------------ */

static char *dup_text(const char *text)
{
    return text ? al_strdup(text) : NULL;
}

static al_actor make_actor(const unit *one)
{
    const strand *of = one->handle && !one->handle->steps ? one->handle
                                                          : one->of;
    al_actor actor = {
        .event = one->event,
        .loop = one->lane->number,
        .iteration = one->turn.n,
        .time = one->time,
        .is_world = one->lane->number == AL_BY_WORLD,
    };

    if (!one->handle)
        return actor;
    actor.handle = one->handle->id;
    if (of->kind == STRAND_TASK)
        actor.task = of->id;
    actor.name = dup_text(of->name);
    actor.label = dup_text(of->label);
    actor.args = dup_text(of->args);
    return actor;
}

static al_parting new_parting(al_parting_kind kind, const unit *one)
{
    al_parting parting = {.kind = kind};

    parting.actors[one->side] = make_actor(one);
    if (one->twin)
        parting.actors[one->twin->side] = make_actor(one->twin);
    return parting;
}

/* -- what follows from what ----------------------------------------------- */

uint32_t al_unit_root(const unit *one)
{
    uint32_t root = one->handle && one->handle->root ? one->handle->root
                                                     : one->of->root;

    if (root || !one->twin)
        return root;
    return one->twin->handle && one->twin->handle->root
        ? one->twin->handle->root : one->twin->of->root;
}

/* What it begins that is as on the other side follows from what it follows
 * from itself, the rest from what differs here. */
static void pass_on(unit *one, uint32_t inherited, uint32_t own)
{
    for (size_t i = 0; i < one->count; i++) {
        const doing *each = &one->doings[i];
        bool differs = !each->match || each->is_changed || each->is_moved;

        if (each->made && !each->made->root)
            each->made->root = differs && own ? own : inherited;
    }
}

static void count_shift(al_align *align, uint32_t number, double by)
{
    al_root *root = al_partings_root(&align->result.partings, number);

    align->result.shifted++;
    if (!root)
        return;
    root->shifted++;
    if (fabs(by) > fabs(root->most_shifted))
        root->most_shifted = by;
}

static bool ignores(const al_align *align, unsigned what)
{
    return (align->options.ignored & what) != 0;
}

/* -- logs and outcomes ---------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* The same line, which the other side logged by another callback. */
static bool is_same_line(const al_align *align, const al_log_change *log,
                         al_side s, const al_doing *told)
{
    return log->side != s &&
           (log->time == told->time || ignores(align, AL_IGNORE_TIMES)) &&
           is_same_text(log->level, told->outcome) &&
           is_same_text(log->text, told->text ? told->text : "");
}

static void release_log(al_log_change *log)
{
    al_free(log->level);
    al_free(log->text);
}

static bool drop_same_line(al_align *align, al_side s, const al_doing *told)
{
    al_align_result *result = &align->result;

    for (size_t i = 0; i < result->log_count; i++) {
        if (!is_same_line(align, &result->logs[i], s, told))
            continue;
        release_log(&result->logs[i]);
        result->log_count--;
        memmove(&result->logs[i], &result->logs[i + 1],
                (result->log_count - i) * sizeof *result->logs);
        return true;
    }
    return false;
}

static void list_log(al_align *align, al_side s, const al_doing *told)
{
    al_align_result *result = &align->result;

    if (drop_same_line(align, s, told))
        return;
    if (result->log_count == AL_ALIGN_LISTED) {
        result->more_logs++;
        return;
    }
    result->logs[result->log_count++] = (al_log_change){
        .side = s,
        .time = told->time,
        .level = dup_text(told->outcome),
        .text = al_strdup(told->text ? told->text : ""),
    };
}

static char *describe_outcome(const al_doing *told)
{
    al_text text = {0};

    if (told->kind == AL_EVENT_TASK_DONE)
        al_text_add(&text, told->outcome ? told->outcome : "done");
    else
        al_text_add(&text, told->type ? "exception" : "ended");
    if (told->type)
        al_text_add_format(&text, " %s", told->type);
    if (told->text && told->text[0])
        al_text_add_format(&text, "%s%s", told->type ? ": " : " ",
                           told->text);
    return al_text_take(&text);
}

/* The row of a task, or of the program (no strand). */
static al_outcome_change *find_outcome(al_align *align, al_side s,
                                       const strand *of)
{
    al_align_result *result = &align->result;
    const strand *twin = of ? of->twin : NULL;
    al_outcome_change *row;

    for (size_t i = 0; i < result->outcome_count; i++) {
        row = &result->outcomes[i];
        if (!of ? !row->task[0] && !row->task[1]
                : row->task[s] == of->id &&
                      (!twin || row->task[!s] == twin->id))
            return row;
    }
    if (result->outcome_count == AL_ALIGN_LISTED) {
        result->more_outcomes++;
        return NULL;
    }
    row = &result->outcomes[result->outcome_count++];
    *row = (al_outcome_change){0};
    if (!of)
        return row;
    row->task[s] = of->id;
    if (twin)
        row->task[!s] = twin->id;
    row->name = dup_text(of->name);
    row->label = dup_text(of->label);
    return row;
}

static void list_outcome(al_align *align, al_side s, const doing *one)
{
    al_outcome_change *row;

    if (one->told.kind == AL_EVENT_TASK_DONE && !one->about)
        return;
    row = find_outcome(align, s, one->about);
    if (!row)
        return;
    al_free(row->outcomes[s]);
    row->outcomes[s] = describe_outcome(&one->told);
}

/* -- what a unit did ------------------------------------------------------ */

static bool stands_apart(const doing *one, bool of_moves)
{
    return of_moves ? one->is_moved : !one->match || one->is_changed;
}

static void list_doings(al_align *align, al_parting *parting, const unit *of)
{
    al_side s = of->side;

    parting->doings[s] = al_alloc_zero(AL_PARTINGS_DOINGS, sizeof(al_doing));
    for (size_t i = 0; i < of->count; i++) {
        const doing *one = &of->doings[i];

        if (!stands_apart(one, false))
            continue;
        if (one->told.kind == AL_EVENT_LOG)
            list_log(align, s, &one->told);
        if (one->told.kind == AL_EVENT_TASK_DONE ||
            one->told.kind == AL_EVENT_END)
            list_outcome(align, s, one);
        if (parting->counts[s] < AL_PARTINGS_DOINGS)
            parting->doings[s][parting->counts[s]++] =
                al_doing_dup(&one->told);
        else
            parting->left_out[s]++;
    }
}

static bool has_any(const unit *of, bool of_moves)
{
    for (size_t i = 0; of && i < of->count; i++) {
        if (stands_apart(&of->doings[i], of_moves))
            return true;
    }
    return false;
}

/* The first that came, on the right, before one that it follows on the
 * left. */
static void list_move(al_parting *parting, const unit *left,
                      const unit *right)
{
    for (size_t j = 0; j < right->count; j++) {
        const doing *first = &right->doings[j];

        if (!first->match)
            continue;
        for (size_t i = 0; i + 1 < first->match; i++) {
            const doing *second = &left->doings[i];

            if (!second->match || second->match - 1 <= j ||
                !(first->is_moved || second->is_moved))
                continue;
            for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
                parting->doings[s] = al_alloc_zero(1, sizeof(al_doing));
                parting->counts[s] = 1;
            }
            parting->doings[AL_LEFT][0] = al_doing_dup(&second->told);
            parting->doings[AL_RIGHT][0] = al_doing_dup(&first->told);
            return;
        }
    }
}

/* Did something else happen before to what its differences concern? */
static uint32_t find_touched(const unit *of)
{
    for (size_t i = 0; of && i < of->count; i++) {
        const doing *one = &of->doings[i];

        if (stands_apart(one, false) && one->about && one->about->touched)
            return one->about->touched;
    }
    return 0;
}

/* The order of timers that tie is the heap's history. */
static void note_heap(const unit *of, const doing *one, uint32_t root)
{
    bool is_timer = one->told.kind == AL_EVENT_CALL_AT ||
        (one->told.kind == AL_EVENT_CANCEL && one->about &&
         !isnan(one->about->when));

    if (is_timer && !of->lane->heap_root)
        of->lane->heap_root = root;
}

static void touch(const unit *of, uint32_t root)
{
    for (size_t i = 0; of && i < of->count; i++) {
        const doing *one = &of->doings[i];

        if (!stands_apart(one, false))
            continue;
        note_heap(of, one, root);
        if (!one->about)
            continue;
        if (!one->about->touched)
            one->about->touched = root;
        if (one->about->twin && !one->about->twin->touched)
            one->about->twin->touched = root;
    }
}

/* Returns the root of what differs; 0: nothing does. */
static uint32_t tell_doings(al_align *align, const unit *left,
                            const unit *right, uint32_t root)
{
    bool differs = has_any(left, false) || has_any(right, false);
    al_parting parting;

    if (!differs && !has_any(left, true))
        return 0;
    parting = new_parting(differs ? AL_PARTING_DID : AL_PARTING_MOVED,
                          left ? left : right);
    if (!differs)
        list_move(&parting, left, right);
    for (al_side s = AL_LEFT; differs && s <= AL_RIGHT; s++) {
        const unit *of = s == AL_LEFT ? left : right;

        if (of)
            list_doings(align, &parting, of);
    }
    if (!root)
        root = find_touched(left);
    if (!root)
        root = find_touched(right);
    root = al_partings_take(&align->result.partings, root, &parting);
    touch(left, root);
    touch(right, root);
    return root;
}

/* -- the loop's own work -------------------------------------------------- */

static const char *name_turn_difference(const turn *x, const turn *y,
                                        double values[2])
{
    const struct { const char *what; double values[2]; } pairs[] = {
        {"the number of the turn", {(double)x->n, (double)y->n}},
        {"the length of the ready queue",
         {(double)x->ready, (double)y->ready}},
        {"the number of scheduled timers",
         {(double)x->scheduled, (double)y->scheduled}},
        {"the count of cancelled timers",
         {(double)x->cancelled, (double)y->cancelled}},
        {"the number of timers that compaction dropped",
         {(double)x->removed, (double)y->removed}},
        {"the timeout of select", {x->timeout, y->timeout}},
        {"the time when select returned", {x->woken, y->woken}},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].values[0] == pairs[i].values[1])
            continue;
        memcpy(values, pairs[i].values, sizeof pairs[i].values);
        return pairs[i].what;
    }
    values[0] = values[1] = NAN;
    return x->fds != y->fds ? "what select reported"
                            : "which timers were due or dropped";
}

/* Only up to the first parting: beyond it, that follows. */
static uint32_t tell_turn(al_align *align, const unit *left,
                          const unit *right)
{
    al_parting parting;

    if (ignores(align, AL_IGNORE_TIMES) ||
        align->result.partings.count > 0 ||
        left->turn.hash == right->turn.hash)
        return 0;
    parting = new_parting(AL_PARTING_TURN, left);
    parting.what = name_turn_difference(&left->turn, &right->turn,
                                        parting.values);
    return al_partings_take(&align->result.partings, 0, &parting);
}

/* -- time ----------------------------------------------------------------- */

/* How much later is the right one?  Times may be anything. */
static double shift_of(double left, double right)
{
    return left == right || (isnan(left) && isnan(right)) ? 0 : right - left;
}

static double when_of(const unit *one)
{
    return one->handle ? one->handle->when : NAN;
}

static bool is_timer_moved(const unit *left, const unit *right, double by)
{
    double moved = shift_of(when_of(left), when_of(right));

    return moved != 0 && al_align_are_near(moved, by);
}

/* A callback that ran at another time: since its timer was set otherwise,
 * since its whole loop is late or early, or since what it follows from is. */
static uint32_t tell_time(al_align *align, const unit *left,
                          const unit *right, uint32_t root)
{
    lane *on = left->lane;
    double by = shift_of(left->time, right->time);
    al_parting parting;

    if (by == 0 || !left->handle)
        return root;
    if (!root && al_align_are_near(by, on->shift))
        root = on->shift_root;
    if (!root && is_timer_moved(left, right, by))
        root = on->shift_root;
    if (!root) {
        parting = new_parting(AL_PARTING_LATER, left);
        parting.values[0] = left->time;
        parting.values[1] = right->time;
        root = al_partings_take(&align->result.partings, 0, &parting);
    }
    count_shift(align, root, by);
    return root;
}

/* Of a long one that was cut the rest knows, and of one without an end
 * nobody. */
static uint32_t tell_duration(al_align *align, const unit *left,
                              const unit *right, uint32_t root)
{
    double x = left->duration, y = right->duration;
    al_parting parting;

    if (isnan(x) || isnan(y) ||
        (left->time == right->time ? x == y : al_align_are_near(x, y)))
        return 0;
    parting = new_parting(AL_PARTING_TOOK, left);
    parting.values[0] = x;
    parting.values[1] = y;
    return al_partings_take(&align->result.partings, root, &parting);
}

static uint64_t count_roots(const al_align *align)
{
    return align->result.partings.count + align->result.partings.more;
}

/* Returns the root of a difference of times, or the one given. */
static uint32_t tell_times(al_align *align, unit *left, const unit *right,
                           uint32_t root)
{
    lane *on = left->lane;
    double by = shift_of(left->time, right->time);
    uint64_t before = count_roots(align);
    uint32_t shifted, took;

    if (ignores(align, AL_IGNORE_TIMES))
        return root;
    shifted = tell_time(align, left, right, root);
    took = tell_duration(align, left, right, shifted);
    if (count_roots(align) > before)
        left->ran_root = shifted ? shifted : took;
    if (!isnan(left->duration) && !isnan(right->duration))
        by += shift_of(left->duration, right->duration);
    if (by != 0 && !al_align_are_near(by, on->shift))
        on->shift_root = took ? took : shifted;
    on->shift = by;
    return root ? root : shifted;
}

/* -- order ---------------------------------------------------------------- */

/* Why did `one` run before or after another? */
static bool explain(const unit *left, const unit *right, al_because *because)
{
    const strand *x = left->handle, *y = right->handle;

    if (!x || !y)
        return false;
    if (!isnan(x->when) && !isnan(y->when) && x->when != y->when) {
        because->reason = AL_REASON_DEADLINE;
        because->when[0] = x->when;
        because->when[1] = y->when;
    } else if (x->outcome != y->outcome) {
        because->reason = AL_REASON_OUTCOME;
        because->in = x->in ? x->in : y->in;
        because->sides[0] = x->outcome;
        because->sides[1] = y->outcome;
    } else if (x->maker != y->maker) {
        because->reason = AL_REASON_WAKER;
        because->sides[0] = x->maker;
        because->sides[1] = y->maker;
    }
    return because->reason != AL_REASON_NONE;
}

static void explain_order(al_because *because, const unit *first,
                          const unit *second)
{
    if (explain(second, second->twin, because)) {
        because->of_second = true;
        return;
    }
    if (explain(first, first->twin, because))
        return;
    if (first->handle && second->handle && !isnan(first->handle->when) &&
        first->handle->when == second->handle->when) {
        because->reason = AL_REASON_TIE;
        because->when[0] = because->when[1] = first->handle->when;
    }
}

/* On the right `first` ran before `second`; both are left ones. */
uint32_t al_unit_tell_order(al_align *align, const unit *first,
                           const unit *second, uint32_t root)
{
    al_parting parting = new_parting(AL_PARTING_ORDER, first);

    parting.others[AL_LEFT] = make_actor(second);
    parting.others[AL_RIGHT] = make_actor(second->twin);
    explain_order(&parting.because, first, second);
    if (!root)
        root = al_unit_root(second);
    if (!root && (first->time != first->twin->time ||
                  second->time != second->twin->time))
        root = first->lane->shift_root;
    if (!root && parting.because.reason == AL_REASON_TIE)
        root = first->lane->heap_root;
    return al_partings_take(&align->result.partings, root, &parting);
}

/* -- units ---------------------------------------------------------------- */

/* What follows that is on the other side alone follows from it. */
static uint32_t tell_end(al_align *align, const unit *one, al_side ended)
{
    al_parting parting = new_parting(AL_PARTING_ENDS, one);

    parting.ended = ended;
    if (!align->end_roots[ended])
        align->end_roots[ended] =
            al_partings_take(&align->result.partings, 0, &parting);
    else
        al_parting_release(&parting);
    return align->end_roots[ended];
}

/* In the order of its events: when it ran, then what it did; that does not
 * follow from it. */
void al_unit_tell(al_align *align, unit *left, uint32_t block_root)
{
    unit *right = left->twin;
    uint32_t root = al_unit_root(left), turned, timed;

    if (!root)
        root = block_root;
    if (left->is_cut != right->is_cut) {
        left->ran_root = left->did_root =
            tell_end(align, left, left->is_cut ? AL_LEFT : AL_RIGHT);
        return;
    }
    turned = tell_turn(align, left, right);
    if (!root)
        root = turned;
    left->ran_root = left->moved_root ? left->moved_root : turned;
    timed = tell_times(align, left, right, root);
    left->did_root = tell_doings(align, left, right, root);
    if (left->handle && !left->did_root)
        align->result.same++;
    pass_on(left, timed, left->did_root);
    pass_on(right, timed, left->did_root);
}

static al_reason why_alone(const unit *one)
{
    const strand *twin = one->of->twin;

    if (one->was_given_up)
        return AL_REASON_NONE;
    if (one->of->kind == STRAND_TASK)
        return AL_REASON_AGAIN;
    if (twin && twin->is_cancelled)
        return AL_REASON_CANCELLED;
    return twin && !twin->is_over ? AL_REASON_PENDING : AL_REASON_AGAIN;
}

static void count_alone(al_align *align, const unit *one, uint32_t number)
{
    al_root *root = al_partings_root(&align->result.partings, number);

    if (!one->handle)
        return;
    align->result.alone[one->side]++;
    if (root)
        root->alone[one->side]++;
}

/* Its logs and outcomes count, though its doings are not told. */
static void list_effects(al_align *align, const unit *one)
{
    for (size_t i = 0; i < one->count; i++) {
        const doing *each = &one->doings[i];

        if (each->told.kind == AL_EVENT_LOG &&
            !ignores(align, AL_IGNORE_LOGS))
            list_log(align, one->side, &each->told);
        if (each->told.kind == AL_EVENT_TASK_DONE ||
            each->told.kind == AL_EVENT_END)
            list_outcome(align, one->side, each);
    }
}

/* Had the other trace ended, and not by the program's end? */
static bool is_beyond_end(const al_align *align, const unit *one)
{
    al_side other = one->side == AL_LEFT ? AL_RIGHT : AL_LEFT;

    return !one->was_given_up && align->sides[other].has_ended &&
           !align->result.sides[other].has_end;
}

static uint32_t tell_ran_alone(al_align *align, unit *one)
{
    al_parting parting = new_parting(AL_PARTING_ALONE, one);

    parting.because.reason = why_alone(one);
    return al_partings_take(&align->result.partings, 0, &parting);
}

void al_unit_tell_alone(al_align *align, unit *one)
{
    al_side other = one->side == AL_LEFT ? AL_RIGHT : AL_LEFT;
    uint32_t root = al_unit_root(one), own = 0;

    if (!root)
        root = align->end_roots[other];
    if (!root && is_beyond_end(align, one))
        root = tell_end(align, one, other);
    if (root && root == align->end_roots[other]) {
        one->ran_root = one->did_root = root;
        count_alone(align, one, root);
        pass_on(one, root, 0);
        return;
    }
    if (!one->handle) {
        own = tell_doings(align, one->side == AL_LEFT ? one : NULL,
                          one->side == AL_LEFT ? NULL : one, root);
    } else {
        list_effects(align, one);
        if (!root)
            root = tell_ran_alone(align, one);
        one->of->root = one->handle->root = root;
    }
    one->ran_root = one->did_root = root ? root : own;
    count_alone(align, one, one->did_root);
    pass_on(one, one->did_root, own);
}

/* -- the end -------------------------------------------------------------- */

static bool is_independent(const al_root *root)
{
    if (root->parting.kind != AL_PARTING_ORDER &&
        root->parting.kind != AL_PARTING_MOVED)
        return false;
    for (size_t i = 0; i < root->led_to_count; i++) {
        al_parting_kind kind = root->led_to[i].kind;

        if (kind != AL_PARTING_ORDER && kind != AL_PARTING_MOVED)
            return false;
    }
    return root->followed == root->led_to_count && root->shifted == 0 &&
           root->alone[0] == 0 && root->alone[1] == 0;
}

static void release_outcome(al_outcome_change *row)
{
    al_free(row->name);
    al_free(row->label);
    al_free(row->outcomes[0]);
    al_free(row->outcomes[1]);
}

static bool is_same_outcome(const al_outcome_change *row)
{
    return row->outcomes[0] && row->outcomes[1] &&
           strcmp(row->outcomes[0], row->outcomes[1]) == 0;
}

static void drop_same_outcomes(al_align_result *result)
{
    size_t kept = 0;

    for (size_t i = 0; i < result->outcome_count; i++) {
        if (is_same_outcome(&result->outcomes[i]))
            release_outcome(&result->outcomes[i]);
        else
            result->outcomes[kept++] = result->outcomes[i];
    }
    result->outcome_count = kept;
}

void al_align_conclude(al_align *align)
{
    al_align_result *result = &align->result;
    al_parting parting = {.kind = AL_PARTING_INTERLEAVED};

    for (size_t i = 0; i < result->partings.count; i++)
        result->partings.roots[i]->is_independent =
            is_independent(result->partings.roots[i]);
    drop_same_outcomes(result);
    result->is_interleaved =
        result->partings.count == 0 &&
        align->sides[AL_LEFT].hash != align->sides[AL_RIGHT].hash;
    if (result->is_interleaved && align->options.strict &&
        !ignores(align, AL_IGNORE_ORDER))
        al_partings_take(&result->partings, 0, &parting);
}

bool al_align_differs(const al_align *align)
{
    const al_partings *partings = &align->result.partings;

    if (partings->more > 0)
        return true;
    for (size_t i = 0; i < partings->count; i++) {
        if (!partings->roots[i]->is_independent ||
            !ignores(align, AL_IGNORE_ORDER))
            return true;
    }
    return false;
}

void al_align_release_result(al_align_result *result)
{
    al_partings_release(&result->partings);
    for (size_t i = 0; i < result->outcome_count; i++)
        release_outcome(&result->outcomes[i]);
    for (size_t i = 0; i < result->log_count; i++)
        release_log(&result->logs[i]);
}
