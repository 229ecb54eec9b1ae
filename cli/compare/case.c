/* case.c - see case.h. */
#include "cli/compare/case.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli/diff/reading.h"
#include "cli/diff/report.h"
#include "cli/proof.h"
#include "cli/traced_run.h"
#include "loop/base/alloc.h"

enum { FEW = 3, REFERENCE = 14 /* 3.14 */ };

void al_compare_release(al_compare_result *result)
{
    al_text_release(&result->python);
    al_text_release(&result->words);
    al_text_release(&result->details);
    al_text_release(&result->json);
}

/* -- what was said -------------------------------------------------------- */

static void redirect(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);

    if (fd < 0)
        return;
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    close(fd);
}

/* A traceback's last line says what happened. */
static void add_last_line(const char *path, al_text *out)
{
    FILE *file = fopen(path, "r");
    char line[1024], last[1024] = "";

    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0])
            memcpy(last, line, sizeof last);
    }
    if (file)
        fclose(file);
    if (last[0])
        al_text_add_format(out, "%s%s", out->length ? ": " : "", last);
}

/* -- how a program ended -------------------------------------------------- */

static bool is_lacking(const char *type, const char *text)
{
    static const char *const types[] = {"AttributeError", "ImportError",
                                        "ModuleNotFoundError", "NameError",
                                        "SyntaxError"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return strcmp(type, "TypeError") == 0 &&
           strstr(text, "unexpected keyword argument");
}

/* "AttributeError: …", where it ended by that for want of something. */
static void find_lack(const char *path, al_text *out)
{
    al_error ignored = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &ignored);
    al_event event;

    while (reader && al_trace_reader_next(reader, &event, &ignored) ==
                         AL_TRACE_EVENT) {
        const char *text = event.text ? event.text : "";

        if (event.kind != AL_EVENT_END)
            continue;
        al_text_clear(out);
        if (event.type && is_lacking(event.type, text))
            al_text_add_format(out, "%s: %s", event.type, text);
    }
    al_trace_reader_free(reader);
}

static int minor_of(const al_text *python)
{
    const char *dot = strstr(al_text_peek(python), "CPython 3.");

    return dot ? atoi(dot + strlen("CPython 3.")) : REFERENCE;
}

/* A Python that lacks what the scenario uses is told so, for all that follows
 * from it says nothing. */
static bool is_too_old(const char *const paths[2], al_compare_result *result)
{
    al_text lack = {0}, own = {0};
    bool is_old;

    find_lack(paths[AL_LEFT], &own);
    find_lack(paths[AL_RIGHT], &lack);
    is_old = minor_of(&result->python) < REFERENCE && lack.length > 0 &&
             strcmp(lack.bytes, al_text_peek(&own)) != 0;
    if (is_old) {
        al_text_clear(&result->words);
        al_text_add(&result->words, lack.bytes);
    }
    al_text_release(&lack);
    al_text_release(&own);
    return is_old;
}

/* -- comparing ------------------------------------------------------------ */

static void add_parting(const al_align_result *result, al_text *out)
{
    const al_parting *first = &result->partings.roots[0]->parting;

    if (al_diff_is_renaming(first)) {
        al_text_add(out, "in task names (see --ignore names): ");
    } else {
        al_diff_add_place(out, first);
        al_text_add(out, ": ");
    }
    al_diff_add_sentence(out, first);
}

static void note(const al_align *align, const al_align_result *found,
                 const al_compare_settings *settings,
                 al_compare_result *result)
{
    al_diff_view view = {
        .page = settings->page,
        .names = {"asyncloop-sim", "Python"},
        .indent = 2,
        .most = FEW,
        .differs = al_align_differs(align),
    };

    result->events = found->sides[AL_LEFT].events;
    result->verdict = view.differs ? AL_COMPARE_PARTS : AL_COMPARE_SAME;
    if (view.differs) {
        add_parting(found, &result->words);
        al_diff_add_text(&view, &result->details, found);
    }
    view.names[AL_RIGHT] = al_text_peek(&result->python);
    al_diff_add_json(&view, &result->json, found);
}

static void align_sources(al_source *sources[2],
                          const al_compare_settings *settings,
                          al_compare_result *result)
{
    const al_align_options options = {.ignored = settings->ignored};
    al_align *align = al_align_new(&options);
    const char *producer = al_source_header(sources[AL_RIGHT])->producer;

    if (producer)
        al_text_add_bytes(&result->python, producer,
                          (size_t)al_proof_version_length(producer));
    al_diff_read(align, sources);
    note(align, al_align_finish(align), settings, result);
    al_align_free(align);
}

/* False: one of the traces cannot be read; stderr says why. */
static bool compare(const char *const paths[2],
                    const al_compare_settings *settings,
                    al_compare_result *result)
{
    al_exit told;
    al_source *sources[2] = {
        al_source_open(paths[AL_LEFT], NULL, "never", &told),
        al_source_open(paths[AL_RIGHT], NULL, "never", &told)};
    bool ok = sources[AL_LEFT] && sources[AL_RIGHT];

    if (ok)
        align_sources(sources, settings, result);
    for (al_side s = AL_LEFT; s <= AL_RIGHT; s++) {
        if (sources[s] && al_source_close(sources[s]) != AL_EXIT_OK)
            ok = false;
    }
    if (ok && result->verdict == AL_COMPARE_PARTS &&
        is_too_old(paths, result))
        result->verdict = AL_COMPARE_TOO_OLD;
    return ok;
}

/* -- one case ------------------------------------------------------------- */

static bool run_ours(const al_scenario *scenario, const char *path,
                     bool *is_capped, al_error *err)
{
    al_sink sink = al_file_sink_new(path, err);
    al_sim_result ending = {0};
    bool ok = sink.ops && al_traced_run_into(scenario, sink, &ending, err);

    *is_capped = al_proof_was_cut(*is_capped, &ending);
    al_sim_result_release(&ending);
    return ok;
}

/* Both traces, and what they come to. */
static void make_both(const al_interpreter *python,
                      const al_scenario *scenario, const char *paths[2],
                      const al_compare_settings *settings,
                      al_compare_result *result)
{
    al_error err = {0};
    al_proof proof = AL_PROOF_FAILED;

    if (run_ours(scenario, paths[AL_LEFT], &result->is_capped, &err))
        proof = al_proof_record(python, scenario, paths[AL_RIGHT],
                                settings->limit, &err);
    if (proof == AL_PROOF_RECORDED && compare(paths, settings, result))
        return;
    result->verdict = proof == AL_PROOF_LATE ? AL_COMPARE_LATE
                                             : AL_COMPARE_FAILED;
    al_text_clear(&result->words);
    al_text_add(&result->words, err.message);
}

static void run_case(const al_interpreter *python,
                     const al_scenario *scenario,
                     const al_compare_settings *settings,
                     al_compare_result *result)
{
    char *ours = al_interpreter_path(python, "ours.jsonl");
    char *theirs = al_interpreter_path(python, "trace.jsonl");
    char *errors = al_interpreter_path(python, "errors.txt");

    redirect(errors);
    make_both(python, scenario, (const char *[]){ours, theirs}, settings,
              result);
    if (result->verdict == AL_COMPARE_FAILED)
        add_last_line(errors, &result->words);
    al_free(ours);
    al_free(theirs);
    al_free(errors);
}

void al_compare_case(const char *executable, const al_scenario *scenario,
                     bool is_capped, const al_compare_settings *settings,
                     al_compare_result *result)
{
    al_interpreter python = {.is_quiet = true};
    al_error err = {0};

    result->is_capped = is_capped;
    if (al_interpreter_unpack(&python, executable, &err)) {
        run_case(&python, scenario, settings, result);
    } else {
        result->verdict = AL_COMPARE_FAILED;
        al_text_add(&result->words, err.message);
    }
    al_interpreter_release(&python);
}
