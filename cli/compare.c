/* compare.c - asyncloop-sim compare: a scenario under several Pythons and
 * under us, and where each parts first. */
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>
#include "cli/compare/report.h"
#include "cli/diff/reading.h"
#include "cli/json_report.h"
#include "cli/pool.h"
#include "cli/proof.h"
#include "loop/base/alloc.h"

static struct {
    const char *jobs, *timeout, *color;
    bool json, quiet;
    al_strings pythons, ignored, set;
} o;

static const al_option options[] = {
    {AL_OPTION_LIST, 0, "python", "EXE",
     "a Python to run it under; default: python3",
     &o.pythons, NULL},
    AL_OPTION_IGNORE(&o.ignored),
    AL_OPTION_TIMEOUT(&o.timeout),
    {AL_OPTION_STRING, 'j', "jobs", "N",
     "run so many at a time; default: one a processor", &o.jobs, NULL},
    {AL_OPTION_FLAG, 0, "json", NULL, "one JSON object, times in seconds",
     &o.json, NULL},
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing of what is the same",
     &o.quiet, NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

typedef struct comparing {
    al_scenario **scenarios;
    bool *is_capped;
    size_t loaded;              /* scenarios that are valid */
    al_strings invalid;         /* the paths of the others */
    al_compare_settings settings;
    al_compare_result *results; /* of the scenario that is next */
    size_t counts[AL_COMPARE_VERDICTS];
    cJSON *list;                /* NULL: for people */
    bool was_told;              /* something; a line is left out before more */
} comparing;

/* -- a scenario ----------------------------------------------------------- */

static void print(comparing *of, const al_compared *compared)
{
    const al_page page = {.color = al_want_color(o.color, STDOUT_FILENO),
                          .width = al_terminal_width(STDOUT_FILENO)};
    al_text text = {0};

    al_compare_add_text(&page, compared, o.quiet, &text);
    if (text.length > 0) {
        if (of->was_told)
            putchar('\n');
        of->was_told = true;
        fwrite(text.bytes, 1, text.length, stdout);
    }
    al_text_release(&text);
}

static void tell_scenario(comparing *of, const char *path)
{
    const al_compared compared = {path, &o.pythons, of->results};

    for (size_t i = 0; i < o.pythons.count; i++)
        of->counts[of->results[i].verdict]++;
    if (of->list)
        al_compare_add_json(of->list, &compared);
    else
        print(of, &compared);
    for (size_t i = 0; i < o.pythons.count; i++) {
        al_compare_release(&of->results[i]);
        of->results[i] = (al_compare_result){0};
    }
}

/* -- one Python under it -------------------------------------------------- */

typedef struct head {
    al_compare_verdict verdict;
    uint64_t events;
    bool is_capped;
} head;

enum { TEXTS = 4 };

static void work(void *self, size_t index, al_text *out)
{
    const comparing *of = self;
    size_t at = index / o.pythons.count;
    al_compare_result result = {0};
    const al_text *const texts[TEXTS] = {&result.python, &result.words,
                                         &result.details, &result.json};
    head sent = {0};

    al_compare_case(o.pythons.items[index % o.pythons.count],
                    of->scenarios[at], of->is_capped[at], &of->settings,
                    &result);
    sent.verdict = result.verdict;
    sent.events = result.events;
    sent.is_capped = result.is_capped;
    al_pool_pack(out, &sent, sizeof sent, texts, TEXTS);
    al_compare_release(&result);
}

static void done(void *self, size_t index, const al_text *out,
                 const char *failure)
{
    comparing *of = self;
    size_t column = index % o.pythons.count;
    al_compare_result *result = &of->results[column];
    al_text *const texts[TEXTS] = {&result->python, &result->words,
                                   &result->details, &result->json};
    head sent = {.verdict = AL_COMPARE_FAILED};

    if (failure)
        al_text_add(&result->words, failure);
    else
        al_pool_unpack(out, &sent, sizeof sent, texts, TEXTS);
    result->verdict = sent.verdict;
    result->events = sent.events;
    result->is_capped = sent.is_capped;
    if (column + 1 == o.pythons.count && !atomic_load(&al_interrupted))
        tell_scenario(of, of->scenarios[index / o.pythons.count]->path);
}

/* -- all of them ---------------------------------------------------------- */

/* All are read before any runs: stdin can be read only once. */
static void load(comparing *of, const al_strings *files)
{
    al_exit told;

    of->scenarios = al_alloc_zero(files->count, sizeof(al_scenario *));
    of->is_capped = al_alloc_zero(files->count, sizeof(bool));
    for (size_t i = 0; i < files->count; i++) {
        al_scenario *one = al_input_load_set(files->items[i], &o.set,
                                             o.color, &told);

        if (!one) {
            al_strings_add(&of->invalid, files->items[i]);
            continue;
        }
        of->is_capped[of->loaded] = al_proof_cap(one);
        of->scenarios[of->loaded++] = one;
    }
}

static void release(comparing *of)
{
    for (size_t i = 0; i < of->loaded; i++)
        al_scenario_free(of->scenarios[i]);
    for (size_t i = 0; i < o.pythons.count; i++)
        al_compare_release(&of->results[i]);
    al_free(of->scenarios);
    al_free(of->is_capped);
    al_free(of->results);
    al_strings_release(&of->invalid);
}

static void tell_sum(const comparing *of)
{
    const size_t *counts = of->counts;

    if (of->list || (of->loaded + of->invalid.count) * o.pythons.count < 2)
        return;
    printf("%s%zu the same, %zu different, %zu failed",
           of->was_told ? "\n" : "", counts[AL_COMPARE_SAME],
           counts[AL_COMPARE_PARTS] + counts[AL_COMPARE_TOO_OLD],
           counts[AL_COMPARE_LATE] + counts[AL_COMPARE_FAILED]);
    if (of->invalid.count)
        printf("; %zu invalid scenario%s", of->invalid.count,
               of->invalid.count == 1 ? "" : "s");
    putchar('\n');
}

static al_exit status_of(const comparing *of)
{
    const size_t *counts = of->counts;

    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (counts[AL_COMPARE_LATE])
        return AL_EXIT_LIMIT;
    if (counts[AL_COMPARE_FAILED])
        return AL_EXIT_REFUSED;
    if (of->invalid.count)
        return AL_EXIT_USAGE;
    return counts[AL_COMPARE_PARTS] + counts[AL_COMPARE_TOO_OLD]
        ? AL_EXIT_FAILED : AL_EXIT_OK;
}

static void print_json(cJSON *report)
{
    al_text text = {0};

    al_json_report_end(report, false, &text);
    fwrite(text.bytes, 1, text.length, stdout);
    al_text_release(&text);
}

static al_exit compare(comparing *of, unsigned jobs)
{
    cJSON *report = o.json ? al_json_report_new() : NULL;
    const al_pool pool = {
        .count = of->loaded * o.pythons.count,
        .processes = jobs,
        .self = of,
        .work = work,
        .done = done,
    };

    if (report)
        of->list = cJSON_AddArrayToObject(report, "scenarios");
    for (size_t i = 0, n = of->invalid.count; report && i < n; i++)
        al_compare_add_invalid(of->list, of->invalid.items[i]);
    al_pool_run(&pool);
    if (!atomic_load(&al_interrupted))
        tell_sum(of);
    if (report)
        print_json(report);
    return status_of(of);
}

/* -- the command ---------------------------------------------------------- */

static bool check_pythons(void)
{
    bool ok = true;

    for (size_t i = 0; i < o.pythons.count; i++) {
        al_error err = {0};

        if (al_interpreter_check(o.pythons.items[i], &err))
            continue;
        al_complain("%s", err.message);
        ok = false;
    }
    return ok;
}

static al_exit load_and_compare(const al_strings *files, comparing *of,
                                unsigned jobs)
{
    al_exit status = AL_EXIT_REFUSED;

    of->settings.page = (al_page){
        .color = !o.json && al_want_color(o.color, STDOUT_FILENO),
        .width = al_terminal_width(STDOUT_FILENO)};
    of->results = al_alloc_zero(o.pythons.count, sizeof *of->results);
    if (check_pythons()) {
        load(of, files);
        status = compare(of, jobs);
    } else if (al_interrupt_signal()) {
        status = al_end_interrupted();
    }
    release(of);
    return status;
}

static unsigned count_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > 16 ? 16 : (unsigned)count;
}

static al_exit run(int argc, char **argv)
{
    comparing of = {0};
    al_strings files = {0};
    unsigned jobs;
    al_exit status = AL_EXIT_USAGE;

    if (o.pythons.count == 0)
        al_strings_add(&o.pythons, "python3");
    if (argc == 0)
        al_complain("compare takes scenarios (see "
                    "'asyncloop-sim compare --help')");
    else if (al_proof_read_timeout(o.timeout, &of.settings.limit) &&
             al_diff_read_ignored(&o.ignored, &of.settings.ignored) &&
             al_pool_read_jobs(o.jobs, count_processors(), &jobs) &&
             al_input_find(argc, argv, &files))
        status = load_and_compare(&files, &of, jobs);
    al_input_release(&files);
    al_strings_release(&o.pythons);
    al_strings_release(&o.ignored);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_compare = {
    .name = "compare",
    .usage = "[OPTION...] SCENARIO... --python EXE...",
    .summary = "run a scenario under several Pythons, and tell where each parts",
    .details =
        "Each scenario is exported as a Python program, recorded under each\n"
        "Python, 3.9 or later, and held against our own run: a table with a\n"
        "row a Python, then how each that parts does, as diff tells it.  Those\n"
        "that part alike are told once.  A Python before 3.14 under which the\n"
        "program fails, for want of a name or parameter that came later, is\n"
        "called too old.  Before 3.13 asyncio.create_task() names a task after\n"
        "it was made: --ignore names tells what else differs.  Of a run that\n"
        "may have no end its first 20000 turns are compared.\n"
        "\n"
        "SCENARIO is a file, a folder of scenarios, or '-' for stdin.\n"
        "\n"
        "The exit code is 0 where all are the same; else 4 where a Python did\n"
        "not end in time, or 5 where one could not be recorded, or 2 where a\n"
        "scenario is invalid, or 1.\n",
    .examples =
        "  asyncloop-sim compare web.json --python python3.11 --python python3.14\n"
        "  asyncloop-sim compare -q scenarios --python python3.13\n"
        "  asyncloop-sim compare --ignore logs,times web.json --json\n",
    .options = options,
    .run = run,
};
