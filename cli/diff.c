/* diff.c - asyncloop-sim diff: where two runs part, and what it leads to. */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/diff/reading.h"
#include "cli/diff/report.h"
#include "cli/pipes.h"
#include "cli/source.h"

static struct {
    const char *color;
    bool core, strict, json, quiet;
    al_strings ignored, set;
} o;

static const al_option options[] = {
    {AL_OPTION_FLAG, 0, "core", NULL,
     "what any loop shows, no source lines: the default", &o.core, NULL},
    {AL_OPTION_FLAG, 0, "strict", NULL,
     "compare detail events, too, and loops taking turns", &o.strict, NULL},
    AL_OPTION_IGNORE(&o.ignored),
    {AL_OPTION_FLAG, 0, "json", NULL, "one JSON object, times in seconds",
     &o.json, NULL},
    {AL_OPTION_FLAG, 'q', "quiet", NULL, "say nothing: the exit code tells",
     &o.quiet, NULL},
    AL_OPTION_SET(&o.set),
    AL_OPTION_COLOR(&o.color),
    {.kind = AL_OPTION_END},
};

/* -- comparing ------------------------------------------------------------ */

static void tell_equal(const al_align_result *result)
{
    al_say("equal: %llu %sevents, %llu callbacks%s\n",
           (unsigned long long)result->sides[AL_LEFT].events,
           o.strict ? "" : "core ",
           (unsigned long long)result->same,
           result->is_interleaved
               ? "; loops, threads and the world took turns otherwise" : "");
}

static void print(const al_diff_view *view, const al_align_result *result)
{
    al_text text = {0};

    if (o.json)
        al_diff_add_json(view, &text, result);
    else if (!view->differs && result->partings.count == 0)
        tell_equal(result);
    else
        al_diff_add_text(view, &text, result);
    fwrite(al_text_peek(&text), 1, text.length, stdout);
    al_text_release(&text);
}

static bool are_real_time(al_source *sources[2])
{
    return al_source_header(sources[AL_LEFT])->is_real_time &&
           al_source_header(sources[AL_RIGHT])->is_real_time;
}

static al_exit tell(al_align *align, al_source *sources[2], unsigned ignored)
{
    const al_align_result *result = al_align_finish(align);
    const al_diff_view view = {
        .page = {.color = al_want_color(o.color, STDOUT_FILENO),
                 .width = al_terminal_width(STDOUT_FILENO)},
        .names = {al_source_name(sources[AL_LEFT]),
                  al_source_name(sources[AL_RIGHT])},
        .since = {al_source_header(sources[AL_LEFT])->since,
                  al_source_header(sources[AL_RIGHT])->since},
        .is_jitter = !(ignored & AL_IGNORE_TIMES) && are_real_time(sources),
        .differs = al_align_differs(align),
    };

    if (!o.quiet && !atomic_load(&al_interrupted))
        print(&view, result);
    return view.differs ? AL_EXIT_FAILED : AL_EXIT_OK;
}

static al_exit compare(al_source *sources[2], unsigned ignored)
{
    const al_align_options settings = {.strict = o.strict,
                                       .ignored = ignored};
    al_align *align = al_align_new(&settings);
    al_exit status, left, right;

    for (int side = AL_LEFT; side <= AL_RIGHT; side++) {
        al_source_tell_since_start(sources[side]);
        if (!o.quiet)
            al_source_show_progress(sources[side]);
    }
    al_diff_read(align, sources);
    status = tell(align, sources, ignored);
    al_align_free(align);
    left = al_source_close(sources[AL_LEFT]);
    if (atomic_load(&al_interrupted)) {
        al_source_abandon(sources[AL_RIGHT]);
        return left;
    }
    right = al_source_close(sources[AL_RIGHT]);
    return al_gravest(al_gravest(left, right), status);
}

static al_exit open_and_compare(char **paths, unsigned ignored)
{
    al_source *sources[2] = {NULL, NULL};
    al_exit why;

    sources[AL_LEFT] = al_source_open(paths[0], &o.set, o.color, &why);
    if (sources[AL_LEFT])
        sources[AL_RIGHT] = al_source_open(paths[1], &o.set, o.color, &why);
    if (sources[AL_RIGHT])
        return compare(sources, ignored);
    if (sources[AL_LEFT])
        al_source_abandon(sources[AL_LEFT]);
    return why;
}

static bool is_one_pipe(char **paths)
{
    int fd = al_pipe_find(paths[0]);

    return fd >= 0 && fd == al_pipe_find(paths[1]);
}

static al_exit run(int argc, char **argv)
{
    unsigned ignored = 0;
    al_exit status = AL_EXIT_USAGE;

    if (argc != 2)
        al_complain("diff takes two scenarios or traces (see "
                    "'asyncloop-sim diff --help')");
    else if (is_one_pipe(argv))
        al_complain("%s can be read only once",
                    strcmp(argv[0], "-") == 0 ? "stdin" : argv[0]);
    else if (o.core && o.strict)
        al_complain("--core and --strict exclude each other");
    else if (al_diff_read_ignored(&o.ignored, &ignored))
        status = open_and_compare(argv, ignored);
    al_strings_release(&o.ignored);
    al_strings_release(&o.set);
    return status;
}

const al_command al_command_diff = {
    .name = "diff",
    .usage = "[OPTION...] A B",
    .summary = "tell where two runs part, and what it leads to",
    .details =
        "A and B are scenarios, which are run for it, or traces; one may be\n"
        "'-', from stdin; either, a pipe.  They are aligned by cause: a\n"
        "callback is the same in both if the same one scheduled it, as the same\n"
        "of its doings.  So an extra one shifts nothing, and each difference is\n"
        "told once, as what B did and A did not, with what it led to; what is\n"
        "B's alone stands in parentheses.  The loop's own work (lengths of\n"
        "queues, compactions of the heap, timeouts of select) is compared up to\n"
        "the first difference: from there on it follows from the callbacks.\n"
        "Detail events, source lines apart, count with --strict, else the core\n"
        "ones alone.  --ignore times ignores the loop's own work, too; --ignore\n"
        "order, what does the same in another order.  Times of a recording\n"
        "under the real clock are since its start; no two have all of them in\n"
        "common.\n"
        "\n"
        "The exit code is 1 where they differ.  Runs of any length are read\n"
        "in bounded memory.\n",
    .examples =
        "  asyncloop-sim diff before.jsonl after.jsonl\n"
        "  asyncloop-sim diff --ignore times,order app.jsonl app.json\n"
        "  asyncloop-sim diff <(zcat before.jsonl.gz) <(zcat after.jsonl.gz)\n"
        "  git show HEAD:web.json | asyncloop-sim diff - web.json\n",
    .options = options,
    .run = run,
};
