/* lines.c - how a line gets into the account: its indent, its sign,
 * and what is told of lines that were folded. */
#include "cli/account/private.h"

#include "sim/base/escape.h"

/* -- output ------------------------------------------------------------- */

static void note_failure(al_account *a)
{
    a->has_failed = true;
    if (a->options.failed)
        atomic_store(a->options.failed, true);
}

void al_account_write(al_account *a)
{
    if (!a->has_failed && a->out.length > 0 &&
        !al_sink_write(a->sink, a->out.bytes, a->out.length, &a->error))
        note_failure(a);
    al_text_clear(&a->out);
}

void al_account_look_up(al_account *a)
{
    al_account_write(a);
    if (!a->has_failed && !al_sink_check(a->sink, &a->error))
        note_failure(a);
}

/* -- folding ------------------------------------------------------------ */

void al_account_tell_hidden_lines(void *self, const al_repeats *folder,
                                  al_text *out)
{
    al_account *a = self;
    al_text note = {0};
    al_line line = {.indent = AL_EFFECT_INDENT};

    al_text_add_format(&note, "… and %llu more like that",
                       (unsigned long long)folder->held);
    if (folder->latest)
        al_text_add_format(&note, ", to h%llu",
                           (unsigned long long)folder->latest);
    line.note = note.bytes;
    al_page_add_line(&a->page, out, &line);
    al_text_release(&note);
}

void al_account_tell_hidden_chapters(void *self, const al_repeats *folder,
                                     al_text *out)
{
    al_account *a = self;
    al_text text = {0};

    al_text_add_format(&text,
                       "… and %llu more iterations like that, the last %llu "
                       "at ",
                       (unsigned long long)folder->held,
                       (unsigned long long)folder->latest);
    al_page_add_seconds(&text, folder->latest_time);
    al_palette_begin(out, a->options.color, AL_ROLE_NOTE);
    al_escape_add_cut(out, text.bytes, a->page.width);
    al_palette_end(out, a->options.color, AL_ROLE_NOTE);
    al_text_add(out, "\n\n");
    al_text_release(&text);
}

/* -- lines -------------------------------------------------------------- */

/* Where lines go now. */
static al_text *here(al_account *a)
{
    return a->run_handle ? &a->run_effects : &a->text;
}

unsigned al_account_indent(const al_account *a, const al_event *event)
{
    unsigned indent = a->run_handle ? AL_EFFECT_INDENT : AL_BLOCK_INDENT;

    if (a->in_select && a->select_is_told)
        indent += AL_DEEPER;
    if (event->by & AL_BY_JOB) /* the world's, too */
        indent += AL_DEEPER;
    return indent + AL_DEEPER * (a->busy + a->nesting);
}

static void add_sign(al_account *a, uint64_t sign)
{
    if (a->run_handle)
        a->run_sign = al_sign_number(a->run_sign, sign);
    else
        a->chapter_sign = al_sign_number(a->chapter_sign, sign);
}

void al_account_put_made(al_account *a, uint64_t sign, uint64_t id)
{
    if (!a->run_handle)
        al_repeats_flush(&a->runs, &a->text);
    al_repeats_add(&a->lines, sign, &a->line, here(a));
    a->lines.latest = id;
    a->has_lines = true;
    add_sign(a, sign);
}

void al_account_put(al_account *a, uint64_t sign, const al_line *line)
{
    sign = al_sign_number(sign, line->indent);
    if (!al_repeats_hides(&a->lines, sign)) {
        al_text_clear(&a->line);
        al_page_add_line(&a->page, &a->line, line);
    }
    al_account_put_made(a, sign, line->handle);
}

uint64_t al_account_sign_of(const al_event *event, const char *name)
{
    return al_sign_text(al_sign_number(0, event->kind + 1u), name);
}

al_line al_account_effect(al_account *a, const al_event *event)
{
    al_text_clear(&a->what);
    al_text_clear(&a->note);
    return (al_line){
        .indent = al_account_indent(a, event),
        .verb = al_event_specs[event->kind].name,
        .handle = event->handle,
    };
}

void al_account_add_loop(al_account *a, uint64_t loop)
{
    bool is_plain = a->chapter == AL_CHAPTER_ITERATION ||
                    al_state_loop_count(a->state) < 2;

    if (is_plain && loop == a->chapter_loop)
        return;
    if (a->note.length > 0)
        al_text_add(&a->note, ", ");
    al_text_add_format(&a->note, "loop l%llu", (unsigned long long)loop);
}

/* What a job's thread does comes in between what others do. */
static void tell_that_job_goes_on(al_account *a, const al_event *event,
                                  uint64_t number)
{
    const al_traced_job *job = al_state_job(a->state, number);
    al_text what = {0}, note = {0};
    al_line line = {
        .indent = al_account_indent(a, event) - AL_DEEPER,
        .verb = "job",
    };

    al_text_add_uint(&what, number);
    al_text_add_format(&note, "goes on%s%s at ", job && job->thread ? " in " : "",
                       job && job->thread ? job->thread : "");
    al_page_add_seconds(&note, event->time);
    line.what = what.bytes;
    line.note = note.bytes;
    al_account_put(a, al_sign_number(0, number), &line);
    al_text_release(&what);
    al_text_release(&note);
}

static void note_job(al_account *a, const al_event *event)
{
    uint64_t job = event->kind == AL_EVENT_JOB_BEGUN ? event->job
                                                     : al_cause_job(event->by);

    if (job != a->job && job && event->kind != AL_EVENT_JOB_BEGUN)
        tell_that_job_goes_on(a, event, job);
    a->job = job;
}

void al_account_put_effect(al_account *a, const al_event *event, al_line *line,
                           const char *name)
{
    note_job(a, event);
    line->what = al_account_text(&a->what);
    line->note = al_account_text(&a->note);
    al_account_put(a, al_account_sign_of(event, name), line);
}

void al_account_tell_aside(al_account *a, const al_event *event)
{
    const al_line line = {
        .indent = al_account_indent(a, event),
        .what = a->what.bytes,
        .what_role = AL_ROLE_NOTE,
        .most_lines = 3,
    };

    al_account_put(a, al_account_sign_of(event, event->role), &line);
}
