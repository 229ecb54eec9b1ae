/* source.c - see source.h. */
#include "cli/source.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/background_run.h"
#include "cli/pipes.h"
#include "cli/progress.h"
#include "loop/base/alloc.h"
#include "sim/base/escape.h"
#include "sim/base/sink.h"

struct al_source {
    char *name;
    bool is_again; /* what there is to say was said */
    bool is_unfinished; /* a trace that is still being written */
    al_trace_reader *reader;
    al_error wrong;
    al_trace_step latest;
    al_background_run run; /* of a scenario */
    bool shows_progress;
    uint64_t events;
    uint64_t size; /* bytes of a file that were to be read; 0: unknown */
};

/* -- a trace ------------------------------------------------------------- */

static al_exit tell_wrong(const char *name, const al_error *wrong)
{
    al_error err = {0};

    al_trace_fail(&err, name, wrong);
    al_complain("%s", err.message);
    return AL_EXIT_USAGE;
}

static al_trace_reader *open_pipe(int fd, const char *path, al_exit *why)
{
    int error;
    al_error wrong = {0};
    al_trace_reader *reader = al_pipe_open_trace(fd, &error, &wrong);

    if (error)
        *why = al_pipe_complain(path, error);
    else if (wrong.message[0])
        *why = tell_wrong(al_input_name(path), &wrong);
    return reader;
}

static bool begins_as_trace(const char *path)
{
    char text[16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? pread(fd, text, sizeof text, 0) : -1;

    if (fd >= 0)
        close(fd);
    return length > 0 && al_scenario_is_trace(text, (size_t)length);
}

/* What begins as a trace is a bad one; of all else a scenario may be made. */
static al_trace_reader *open_file(const char *path, al_exit *why)
{
    al_error wrong = {0};
    al_trace_reader *reader = al_trace_reader_open(path, &wrong);

    if (!reader && begins_as_trace(path))
        *why = tell_wrong(path, &wrong);
    return reader;
}

static al_trace_reader *open_trace(const char *path, al_exit *why)
{
    int fd = al_pipe_find(path);
    struct stat status;

    *why = AL_EXIT_OK;
    if (fd >= 0)
        return open_pipe(fd, path, why);
    if (al_pipe_gave_up())
        *why = al_end_interrupted();
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return NULL;
    return open_file(path, why);
}

/* -- a scenario ---------------------------------------------------------- */

static void end_run(al_source *source)
{
    al_background_run_end(&source->run, source->latest == AL_TRACE_END);
}

/* The run has ended before its first line: unless it said why, say so. */
static al_exit tell_no_trace(al_source *source)
{
    al_exit status;

    end_run(source);
    status = al_background_run_tell(&source->run, source->name);
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (status != AL_EXIT_OK)
        return status;
    al_complain("%s: %s", source->name, source->wrong.message);
    return AL_EXIT_REFUSED;
}

static al_exit run_scenario(al_source *source, const char *path,
                            const al_strings *set, const char *color)
{
    al_exit why;
    al_scenario *scenario = al_input_load_set(path, set, color, &why);
    bool has_started = scenario &&
                       al_background_run_start(&source->run, scenario,
                                               source->is_again);

    if (!scenario)
        return why;
    al_scenario_free(scenario);
    if (!has_started)
        return AL_EXIT_REFUSED;
    source->reader = al_trace_reader_go_on("", 0, source->run.fd,
                                           &source->wrong);
    return source->reader ? AL_EXIT_OK : tell_no_trace(source);
}

/* -- how far it is ------------------------------------------------------- */

static const al_source *teller; /* whose progress is told; NULL: nobody's */

/* Of standard input, what is behind the place where it is now. */
static uint64_t size_of(const char *path)
{
    int fd = al_pipe_find(path);
    off_t place = fd >= 0 ? lseek(fd, 0, SEEK_CUR) : 0;
    struct stat status;

    if ((fd >= 0 ? fstat(fd, &status) : stat(path, &status)) != 0 ||
        !S_ISREG(status.st_mode) || status.st_size <= place)
        return 0;
    return (uint64_t)(status.st_size - place);
}

static void describe(const al_source *source, al_text *text)
{
    uint64_t position = al_trace_reader_place(source->reader).offset;

    al_text_add(text, source->run.pid > 0 ? "running " : "reading ");
    al_escape_add_middle_cut(text, source->name, 50);
    if (source->run.pid > 0)
        al_text_add_format(text, ": %llu events",
                           (unsigned long long)source->events);
    else if (position <= source->size)
        al_text_add_format(text, ": %.0f %% of %.0f MB",
                           (double)position * 100 / (double)source->size,
                           (double)source->size / 1e6);
    else
        al_text_add_format(text, ": %.0f MB", (double)position / 1e6);
}

static void tell_progress(const al_source *source)
{
    al_text text = {0};

    if (!teller)
        teller = source;
    if (teller != source || !al_progress_is_due())
        return;
    describe(source, &text);
    al_progress_show(text.bytes);
    al_text_release(&text);
}

static void end_progress(const al_source *source)
{
    if (teller != source)
        return;
    teller = NULL;
    al_progress_clear();
}

void al_source_show_progress(al_source *source)
{
    source->shows_progress = true;
    if (!teller)
        al_progress_begin();
}

/* -- a source ------------------------------------------------------------ */

/* Python takes a moment to begin. */
static void wait_for_beginning(const char *part)
{
    enum { TURNS = 100, TURN = 50 }; /* milliseconds */

    for (int i = 0; i < TURNS && size_of(part) == 0 &&
                    !atomic_load(&al_interrupted); i++)
        poll(NULL, 0, TURN);
}

/* Where what is at the path stands so far; al_free it. */
static char *place_of(const char *path)
{
    return strcmp(path, "-") == 0 ? al_strdup(path) : al_file_sink_place(path);
}

/* It has a reader where it is a trace. */
static al_source *begin(const char *path, const char *place, bool is_again,
                        al_exit *why)
{
    al_source *source = al_alloc_zero(1, sizeof *source);

    source->name = al_strdup(al_input_name(path));
    source->is_again = is_again;
    source->is_unfinished = strcmp(place, path) != 0;
    if (source->is_unfinished)
        wait_for_beginning(place);
    source->size = size_of(place);
    source->reader = open_trace(place, why);
    if (source->reader && source->is_unfinished && !is_again)
        al_complain("'%s' is not finished: this is what it has so far "
                    "('asyncloop-sim step' follows it)", path);
    return source;
}

static void free_source(al_source *source)
{
    al_trace_reader_free(source->reader);
    al_free(source->name);
    al_free(source);
}

/* NULL: it has nothing to read. */
static al_source *unless_empty(al_source *source)
{
    if (source->reader)
        return source;
    free_source(source);
    return NULL;
}

al_source *al_source_open_trace(const char *path, al_exit *why)
{
    char *place = place_of(path);
    al_source *source = begin(path, place, false, why);

    al_free(place);
    return unless_empty(source);
}

static al_source *open_source(const char *path, const al_strings *set,
                              const char *color, bool is_again, al_exit *why)
{
    char *place = place_of(path);
    al_source *source = begin(path, place, is_again, why);

    if (!source->reader && *why == AL_EXIT_OK)
        *why = run_scenario(source, place, set, color);
    al_free(place);
    return unless_empty(source);
}

al_source *al_source_open(const char *path, const al_strings *set,
                          const char *color, al_exit *why)
{
    return open_source(path, set, color, false, why);
}

al_source *al_source_open_again(const char *path, const al_strings *set,
                                const char *color, al_exit *why)
{
    return open_source(path, set, color, true, why);
}

const char *al_source_name(const al_source *source)
{
    return source->name;
}

bool al_source_is_scenario(const al_source *source)
{
    return source->run.pid > 0;
}

const al_trace_header *al_source_header(const al_source *source)
{
    return al_trace_reader_header(source->reader);
}

void al_source_tell_since_start(al_source *source)
{
    al_trace_reader_tell_since_start(source->reader);
}

al_trace_reader *al_source_take_reader(al_source *source)
{
    al_trace_reader *reader = source->reader;

    source->reader = NULL;
    return reader;
}

static bool read_next(al_source *source, al_event *event)
{
    if (atomic_load(&al_interrupted))
        return false;
    source->latest = al_trace_reader_next(source->reader, event,
                                          &source->wrong);
    if (source->latest == AL_TRACE_BAD && source->is_unfinished &&
        al_trace_reader_is_cut(source->reader))
        source->latest = AL_TRACE_END;
    return source->latest == AL_TRACE_EVENT;
}

bool al_source_next(al_source *source, al_event *event)
{
    if (!read_next(source, event)) {
        end_progress(source);
        return false;
    }
    if (source->shows_progress && ++source->events % AL_PROGRESS_PACE == 0)
        tell_progress(source);
    return true;
}

/* A run that was cut short left half a line behind: it is the run's to say
 * why. */
static al_exit tell_end(const al_source *source, al_exit of_run)
{
    if (atomic_load(&al_interrupted))
        return al_end_interrupted();
    if (of_run != AL_EXIT_OK || source->latest != AL_TRACE_BAD)
        return of_run;
    return source->is_again ? AL_EXIT_USAGE
                            : tell_wrong(source->name, &source->wrong);
}

al_exit al_source_close(al_source *source)
{
    al_exit status;

    end_progress(source);
    end_run(source);
    status = tell_end(source,
                      al_background_run_tell(&source->run, source->name));
    free_source(source);
    return status;
}

void al_source_add_signal(al_source *source, al_text *why)
{
    al_background_run_add_signal(&source->run, why);
}

void al_source_abandon(al_source *source)
{
    end_progress(source);
    end_run(source);
    free_source(source);
}
