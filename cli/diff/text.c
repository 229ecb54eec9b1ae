/* text.c - a comparison for people; see report.h. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "cli/diff/report.h"
#include "cli/table.h"

enum {
    MOST_LINES = 8, /* that a text is broken into */
    INDENT = 4,     /* of what belongs to a difference */
    FEW = 3         /* doings of each side, of what another led to */
};

/* -- lines ---------------------------------------------------------------- */

static void add_line(const al_diff_view *view, al_text *out, unsigned indent,
                     al_role role, al_text *text)
{
    const al_line line = {
        .indent = view->indent + indent,
        .what = al_text_peek(text),
        .what_role = role,
        .most_lines = MOST_LINES,
        .is_wide = true,
    };

    al_page_add_line(&view->page, out, &line);
    al_text_clear(text);
}

static void add_heading(const al_diff_view *view, al_text *out,
                        const char *heading)
{
    al_text text = {0};

    al_text_add_char(out, '\n');
    al_text_add(&text, heading);
    add_line(view, out, 0, AL_ROLE_HEADING, &text);
    al_text_release(&text);
}

static const char *const marks[] = {"- ", "+ "};
static const al_role roles[] = {AL_ROLE_ERROR, AL_ROLE_GOOD};

/* -- what was compared ---------------------------------------------------- */

static void add_side(const al_diff_view *view, al_text *out, al_side s,
                     const al_align_side *side)
{
    al_text text = {0};

    al_text_add_format(&text, "%s %s: ", s == AL_LEFT ? "---" : "+++",
                       view->names[s]);
    al_page_add_count(&text, side->runs, "callback");
    al_text_add(&text, " in ");
    al_page_add_count(&text, side->turns, "iteration");
    al_text_add(&text, ", ");
    al_page_add_seconds(&text, side->time);
    if (view->since[s] != 0) {
        al_text_add(&text, " since its start, ");
        al_page_add_seconds(&text, view->since[s]);
    }
    if (!side->has_end)
        al_text_add(&text, ", cut short");
    add_line(view, out, 0, roles[s], &text);
    al_text_release(&text);
}

/* -- differences ---------------------------------------------------------- */

static void add_doings_of(const al_diff_view *view, al_text *out,
                          unsigned indent, const al_parting *parting,
                          al_side s, size_t most)
{
    size_t count = parting->counts[s] < most ? parting->counts[s] : most;
    size_t more = parting->counts[s] - count + parting->left_out[s];
    al_text text = {0};

    for (size_t i = 0; i < count; i++) {
        al_text_add(&text, marks[s]);
        al_diff_add_doing(&text, &parting->doings[s][i]);
        add_line(view, out, indent, roles[s], &text);
    }
    if (more > 0) {
        al_text_add_format(&text, "%s%zu more", marks[s], more);
        add_line(view, out, indent, roles[s], &text);
    }
    al_text_release(&text);
}

static void add_doings(const al_diff_view *view, al_text *out,
                       unsigned indent, const al_parting *parting,
                       size_t most)
{
    if (parting->kind != AL_PARTING_DID)
        return;
    add_doings_of(view, out, indent, parting, AL_LEFT, most);
    add_doings_of(view, out, indent, parting, AL_RIGHT, most);
}

static void add_sentence(al_text *text, const al_parting *parting)
{
    if (parting->kind != AL_PARTING_INTERLEAVED) {
        al_diff_add_place(text, parting);
        al_text_add(text, ": ");
    }
    al_diff_add_sentence(text, parting);
}

static void add_alone(const al_diff_view *view, al_text *out,
                      const al_root *root)
{
    al_text text = {0};

    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        if (root->alone[s] == 0)
            continue;
        al_page_add_count(&text, root->alone[s], "callback");
        al_text_add_format(&text, " ran in %s alone", view->names[s]);
        add_line(view, out, INDENT + 2, AL_ROLE_PLAIN, &text);
    }
    al_text_release(&text);
}

static void add_shifted(const al_diff_view *view, al_text *out,
                        const al_root *root)
{
    al_text text = {0};

    if (root->shifted == 0)
        return;
    al_page_add_count(&text, root->shifted, "callback");
    al_text_add(&text, root->shifted > 1 ? " ran at other times, up to "
                                         : " ran ");
    al_page_add_seconds(&text, fabs(root->most_shifted));
    al_text_add(&text, root->most_shifted > 0 ? " later" : " earlier");
    add_line(view, out, INDENT + 2, AL_ROLE_PLAIN, &text);
    al_text_release(&text);
}

static bool leads_to_nothing(const al_root *root)
{
    return root->followed == 0 && root->shifted == 0 &&
           root->alone[0] == 0 && root->alone[1] == 0;
}

static void add_led_to(const al_diff_view *view, al_text *out,
                       const al_root *root)
{
    al_text text = {0};

    if (leads_to_nothing(root))
        return;
    al_text_add(&text, "led to");
    add_line(view, out, INDENT, AL_ROLE_NOTE, &text);
    for (size_t i = 0; i < root->led_to_count; i++) {
        add_sentence(&text, &root->led_to[i]);
        add_line(view, out, INDENT + 2, AL_ROLE_PLAIN, &text);
        add_doings(view, out, INDENT + 4, &root->led_to[i], FEW);
    }
    if (root->followed > root->led_to_count) {
        al_page_add_count(&text, root->followed - root->led_to_count,
                          "difference");
        al_text_add(&text, " more");
        add_line(view, out, INDENT + 2, AL_ROLE_NOTE, &text);
    }
    add_alone(view, out, root);
    add_shifted(view, out, root);
    al_text_release(&text);
}

/* Its number stands in the indent. */
static void add_title(const al_diff_view *view, al_text *out,
                      const al_parting *parting)
{
    char number[INDENT + 1];
    int length = snprintf(number, sizeof number, "%u.", parting->number);
    size_t start = out->length + view->indent;
    al_text text = {0};

    add_sentence(&text, parting);
    add_line(view, out, INDENT, AL_ROLE_HEADING, &text);
    memcpy(out->bytes + start, number, (size_t)length);
    al_text_release(&text);
}

static void add_root(const al_diff_view *view, al_text *out,
                     const al_root *root)
{
    al_text text = {0};

    al_text_add_char(out, '\n');
    add_title(view, out, &root->parting);
    if (root->is_independent) {
        al_text_add(&text, "independent: they did the same on both sides");
        add_line(view, out, INDENT, AL_ROLE_NOTE, &text);
    }
    add_doings(view, out, INDENT, &root->parting, AL_PARTINGS_DOINGS);
    add_led_to(view, out, root);
    al_text_release(&text);
}

static void add_roots(const al_diff_view *view, al_text *out,
                      const al_partings *partings)
{
    size_t shown = view->most && view->most < partings->count
        ? view->most : partings->count;
    uint64_t more = partings->more + partings->count - shown;
    al_text text = {0};

    for (size_t i = 0; i < shown; i++)
        add_root(view, out, partings->roots[i]);
    if (more > 0) {
        al_text_add_char(out, '\n');
        al_page_add_count(&text, more, "difference");
        al_text_add(&text, " more");
        add_line(view, out, 0, AL_ROLE_NOTE, &text);
    }
    al_text_release(&text);
}

/* -- what became of it ---------------------------------------------------- */

static void add_outcome(const al_diff_view *view, al_text *out,
                        const al_outcome_change *row)
{
    al_text text = {0};

    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        bool is_program = !row->task[0] && !row->task[1];

        if (!is_program && !row->task[s])
            continue;
        al_text_add(&text, marks[s]);
        if (is_program)
            al_text_add(&text, "the program");
        else
            al_text_add_format(&text, "t%llu",
                               (unsigned long long)row->task[s]);
        if (row->label || row->name)
            al_text_add_format(&text, " '%s'", row->label ? row->label
                                                          : row->name);
        al_text_add_format(&text, ": %s", row->outcomes[s]
                                              ? row->outcomes[s]
                                              : "did not end");
        add_line(view, out, 2, roles[s], &text);
    }
    al_text_release(&text);
}

static void add_more(const al_diff_view *view, al_text *out, uint64_t count)
{
    al_text text = {0};

    if (count > 0) {
        al_text_add_format(&text, "%llu more", (unsigned long long)count);
        add_line(view, out, 2, AL_ROLE_NOTE, &text);
    }
    al_text_release(&text);
}

static void add_outcomes(const al_diff_view *view, al_text *out,
                         const al_align_result *result)
{
    if (result->outcome_count == 0)
        return;
    add_heading(view, out, "Outcomes");
    for (size_t i = 0; i < result->outcome_count; i++)
        add_outcome(view, out, &result->outcomes[i]);
    add_more(view, out, result->more_outcomes);
}

static void add_logs(const al_diff_view *view, al_text *out,
                     const al_align_result *result)
{
    al_text text = {0};

    if (result->log_count == 0)
        return;
    add_heading(view, out, "Logs");
    for (size_t i = 0; i < result->log_count; i++) {
        const al_log_change *log = &result->logs[i];

        al_text_add_format(&text, "%s[", marks[log->side]);
        al_text_add_double(&text, log->time);
        al_text_add_format(&text, "] %s%s%s", log->level ? log->level : "",
                           log->level ? ": " : "", log->text);
        add_line(view, out, 2, roles[log->side], &text);
    }
    add_more(view, out, result->more_logs);
    al_text_release(&text);
}

static void add_times(const al_diff_view *view, al_text *out,
                      const al_align_result *result)
{
    const al_align_side *x = &result->sides[AL_LEFT];
    const al_align_side *y = &result->sides[AL_RIGHT];
    al_text text = {0};

    if (x->time == y->time && x->turns == y->turns)
        return;
    add_heading(view, out, "Times");
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        al_text_add_format(&text, "%sthe end at ", marks[s]);
        al_page_add_seconds(&text, result->sides[s].time);
        al_text_add(&text, ", after ");
        al_page_add_count(&text, result->sides[s].turns, "iteration");
        add_line(view, out, 2, roles[s], &text);
    }
    al_text_release(&text);
}

/* Where the comparison had to stop short. */
static void add_limits(const al_diff_view *view, al_text *out,
                       const al_align_result *result)
{
    al_text text = {0};

    if (result->given_up > 0) {
        al_text_add(&text, "too far apart to be aligned: ");
        al_page_add_count(&text, result->given_up, "callback");
        al_text_add(&text, " found no counterpart within the window");
        add_line(view, out, 0, AL_ROLE_WARNING, &text);
    }
    if (result->is_order_cut) {
        al_text_add(&text, "where callbacks were thousands apart, their order "
                           "was not compared");
        add_line(view, out, 0, AL_ROLE_WARNING, &text);
    }
    al_text_release(&text);
}

static void add_summary(const al_diff_view *view, al_text *out,
                        const al_align_result *result)
{
    const al_partings *partings = &result->partings;
    uint64_t independent = 0;
    al_text text = {0};

    for (size_t i = 0; i < partings->count; i++)
        independent += partings->roots[i]->is_independent;
    al_text_add_char(out, '\n');
    al_page_add_count(&text, partings->count + partings->more, "difference");
    if (independent > 0)
        al_text_add_format(&text, ", %llu of them only an order",
                           (unsigned long long)independent);
    al_text_add(&text, "; ");
    al_page_add_count(&text, result->same, "callback");
    al_text_add(&text, " did the same");
    add_line(view, out, 0, AL_ROLE_HEADING, &text);
    if (view->is_jitter) {
        al_text_add(&text, "both ran under the real clock, by which no two "
                           "runs are alike: --ignore times leaves that out");
        add_line(view, out, 0, AL_ROLE_NOTE, &text);
    }
    add_limits(view, out, result);
    al_text_release(&text);
}

void al_diff_add_text(const al_diff_view *view, al_text *out,
                      const al_align_result *result)
{
    if (result->partings.count == 0)
        return;
    add_side(view, out, AL_LEFT, &result->sides[AL_LEFT]);
    add_side(view, out, AL_RIGHT, &result->sides[AL_RIGHT]);
    add_roots(view, out, &result->partings);
    add_outcomes(view, out, result);
    add_logs(view, out, result);
    add_times(view, out, result);
    add_summary(view, out, result);
}
