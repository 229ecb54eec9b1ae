/* workers.c - see workers.h.
 *
 * A worker is a process for one scenario, whose result comes by a pipe: one
 * that is ended by a signal takes no other with it. */
#include "cli/test/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/command.h"
#include "loop/base/alloc.h"

typedef struct worker {
    pid_t pid;       /* 0: none */
    int fd;
    size_t index;    /* of the scenario */
    al_text bytes;   /* that came so far */
} worker;

typedef struct pool {
    const al_strings *files;
    const al_test_settings *settings;
    al_test_teller *tell;
    void *self;
    worker *workers;
    unsigned jobs;
    size_t next, told;        /* scenarios begun, and told of */
    al_test_result *results;
    bool *is_done;
} pool;

/* -- a result, in bytes --------------------------------------------------- */

typedef struct head {
    al_test_verdict verdict;
    uint64_t events;
    double seconds;
    size_t why, details; /* lengths */
} head;

static void write_all(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t written = write(fd, at, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        at += written;
        length -= (size_t)written;
    }
}

static void send_result(int fd, const al_test_result *result)
{
    const head sent = {result->verdict, result->events, result->seconds,
                       result->why.length, result->details.length};

    write_all(fd, &sent, sizeof sent);
    write_all(fd, al_text_peek(&result->why), sent.why);
    write_all(fd, al_text_peek(&result->details), sent.details);
}

static bool receive_result(const al_text *bytes, al_test_result *result)
{
    head sent;

    if (bytes->length < sizeof sent)
        return false;
    memcpy(&sent, bytes->bytes, sizeof sent);
    if (bytes->length != sizeof sent + sent.why + sent.details)
        return false;
    result->verdict = sent.verdict;
    result->events = sent.events;
    result->seconds = sent.seconds;
    al_text_add_bytes(&result->why, bytes->bytes + sizeof sent, sent.why);
    al_text_add_bytes(&result->details,
                      bytes->bytes + sizeof sent + sent.why, sent.details);
    return true;
}

/* -- telling -------------------------------------------------------------- */

static void tell_done(pool *of)
{
    while (of->told < of->files->count && of->is_done[of->told]) {
        of->tell(of->self, of->told, &of->results[of->told]);
        al_test_result_release(&of->results[of->told]);
        of->told++;
    }
}

/* -- workers -------------------------------------------------------------- */

static void work(const pool *of, size_t index, int fd)
{
    al_test_result result = {0};

    al_test_case(of->files->items[index], of->settings, &result);
    send_result(fd, &result);
    _exit(AL_EXIT_OK);
}

static void fail(pool *of, size_t index, const char *what, int code)
{
    al_test_result *result = &of->results[index];

    result->verdict = AL_TEST_REFUSED;
    al_text_add_format(&result->why, "%s", what);
    if (code)
        al_text_add_format(&result->why, " %d", code);
    of->is_done[index] = true;
}

static void begin(pool *of, worker *one)
{
    int ends[2];

    one->index = of->next++;
    if (pipe(ends) != 0) {
        fail(of, one->index, "cannot make a pipe", 0);
        return;
    }
    fflush(stdout);
    one->pid = fork();
    if (one->pid == 0) {
        close(ends[0]);
        work(of, one->index, ends[1]);
    }
    close(ends[1]);
    one->fd = ends[0];
    if (one->pid > 0)
        return;
    one->pid = 0;
    close(one->fd);
    fail(of, one->index, "cannot start a process", 0);
}

static void await_end(pool *of, worker *one)
{
    int status = 0;

    close(one->fd);
    while (waitpid(one->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    one->pid = 0;
    if (receive_result(&one->bytes, &of->results[one->index]))
        of->is_done[one->index] = true;
    else if (WIFSIGNALED(status))
        fail(of, one->index, "its process was ended by signal",
             WTERMSIG(status));
    else
        fail(of, one->index, "its process ended with status",
             WEXITSTATUS(status));
    al_text_clear(&one->bytes);
}

static void read_some(pool *of, worker *one)
{
    char bytes[1 << 12];
    ssize_t length = read(one->fd, bytes, sizeof bytes);

    if (length > 0)
        al_text_add_bytes(&one->bytes, bytes, (size_t)length);
    else if (length == 0 || errno != EINTR)
        await_end(of, one);
}

/* Wait until one of them has something to say.  False: none is left. */
static bool await_some(pool *of)
{
    struct pollfd *fds = al_alloc_zero(of->jobs, sizeof *fds);
    bool is_any = false;

    for (unsigned i = 0; i < of->jobs; i++) {
        fds[i].fd = of->workers[i].pid ? of->workers[i].fd : -1;
        fds[i].events = POLLIN;
        is_any |= of->workers[i].pid != 0;
    }
    if (is_any && poll(fds, of->jobs, -1) > 0) {
        for (unsigned i = 0; i < of->jobs; i++) {
            if (of->workers[i].pid && fds[i].revents)
                read_some(of, &of->workers[i]);
        }
    }
    al_free(fds);
    return is_any;
}

/* A terminal's Ctrl-C they have had; another signal only we. */
static void stop(pool *of)
{
    for (unsigned i = 0; i < of->jobs; i++) {
        if (of->workers[i].pid)
            kill(of->workers[i].pid, SIGTERM);
    }
}

static void run_pool(pool *of)
{
    bool is_stopped = false;

    do {
        if (atomic_load(&al_interrupted) && !is_stopped) {
            stop(of);
            is_stopped = true;
        }
        for (unsigned i = 0; i < of->jobs && !is_stopped; i++) {
            if (!of->workers[i].pid && of->next < of->files->count)
                begin(of, &of->workers[i]);
        }
        tell_done(of);
    } while (await_some(of) || (of->next < of->files->count && !is_stopped));
}

static void run_here(pool *of)
{
    for (; of->told < of->files->count && !atomic_load(&al_interrupted);) {
        al_test_case(of->files->items[of->told], of->settings,
                     &of->results[of->told]);
        of->is_done[of->told] = true;
        tell_done(of);
    }
}

void al_test_all(const al_strings *files, unsigned jobs,
                 const al_test_settings *settings, al_test_teller *tell,
                 void *self)
{
    pool of = {
        .files = files,
        .settings = settings,
        .tell = tell,
        .self = self,
        .jobs = jobs,
        .workers = al_alloc_zero(jobs, sizeof(worker)),
        .results = al_alloc_zero(files->count, sizeof(al_test_result)),
        .is_done = al_alloc_zero(files->count, sizeof(bool)),
    };

    if (jobs > 1)
        run_pool(&of);
    else
        run_here(&of);
    for (size_t i = of.told; i < files->count; i++)
        al_test_result_release(&of.results[i]);
    for (unsigned i = 0; i < jobs; i++)
        al_text_release(&of.workers[i].bytes);
    al_free(of.workers);
    al_free(of.results);
    al_free(of.is_done);
}
