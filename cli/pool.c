/* pool.c - see pool.h. */
#include "cli/pool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/command.h"
#include "loop/base/alloc.h"

enum { MOST_JOBS = 256 };

typedef struct worker {
    pid_t pid;       /* 0: none */
    int fd;
    size_t index;    /* of the job */
} worker;

typedef struct result {
    al_text bytes;   /* that came so far */
    al_text failure; /* empty: none */
    bool is_done;
} result;

typedef struct state {
    const al_pool *pool;
    worker *workers;
    result *results;
    size_t next, told; /* jobs begun, and told of */
} state;

/* -- telling -------------------------------------------------------------- */

static void tell_done(state *of)
{
    const al_pool *pool = of->pool;

    while (of->told < pool->count && of->results[of->told].is_done) {
        result *one = &of->results[of->told];

        pool->done(pool->self, of->told, &one->bytes,
                   one->failure.length ? one->failure.bytes : NULL);
        al_text_release(&one->bytes);
        al_text_release(&one->failure);
        of->told++;
    }
}

static void fail(state *of, size_t index, const char *what, int code)
{
    result *one = &of->results[index];

    al_text_add(&one->failure, what);
    if (code)
        al_text_add_format(&one->failure, " %d", code);
    one->is_done = true;
}

/* -- workers -------------------------------------------------------------- */

static bool write_all(int fd, const char *at, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, at, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static void work(const al_pool *pool, size_t index, int fd)
{
    al_text out = {0};

    pool->work(pool->self, index, &out);
    _exit(write_all(fd, al_text_peek(&out), out.length) ? AL_EXIT_OK
                                                        : AL_EXIT_REFUSED);
}

static void begin(state *of, worker *one)
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
        work(of->pool, one->index, ends[1]);
    }
    close(ends[1]);
    one->fd = ends[0];
    if (one->pid > 0)
        return;
    one->pid = 0;
    close(one->fd);
    fail(of, one->index, "cannot start a process", 0);
}

static void await_end(state *of, worker *one)
{
    int status = 0;

    close(one->fd);
    while (waitpid(one->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    one->pid = 0;
    if (WIFSIGNALED(status))
        fail(of, one->index, "its process was ended by signal",
             WTERMSIG(status));
    else if (WEXITSTATUS(status) != AL_EXIT_OK)
        fail(of, one->index, "its process ended with status",
             WEXITSTATUS(status));
    of->results[one->index].is_done = true;
}

static void read_some(state *of, worker *one)
{
    char bytes[1 << 12];
    ssize_t length = read(one->fd, bytes, sizeof bytes);

    if (length > 0)
        al_text_add_bytes(&of->results[one->index].bytes, bytes,
                          (size_t)length);
    else if (length == 0 || errno != EINTR)
        await_end(of, one);
}

/* Wait until one of them has something to say.  False: none is left. */
static bool await_some(state *of)
{
    unsigned count = of->pool->processes;
    struct pollfd *fds = al_alloc_zero(count, sizeof *fds);
    bool is_any = false;

    for (unsigned i = 0; i < count; i++) {
        fds[i].fd = of->workers[i].pid ? of->workers[i].fd : -1;
        fds[i].events = POLLIN;
        is_any |= of->workers[i].pid != 0;
    }
    if (is_any && poll(fds, count, -1) > 0) {
        for (unsigned i = 0; i < count; i++) {
            if (of->workers[i].pid && fds[i].revents)
                read_some(of, &of->workers[i]);
        }
    }
    al_free(fds);
    return is_any;
}

/* A terminal's Ctrl-C they have had; another signal only we. */
static void stop(state *of)
{
    for (unsigned i = 0; i < of->pool->processes; i++) {
        if (of->workers[i].pid)
            kill(of->workers[i].pid, SIGTERM);
    }
}

static void run_apart(state *of)
{
    const al_pool *pool = of->pool;
    bool is_stopped = false;

    do {
        if (atomic_load(&al_interrupted) && !is_stopped) {
            stop(of);
            is_stopped = true;
        }
        for (unsigned i = 0; i < pool->processes && !is_stopped; i++) {
            if (!of->workers[i].pid && of->next < pool->count)
                begin(of, &of->workers[i]);
        }
        tell_done(of);
    } while (await_some(of) || (of->next < pool->count && !is_stopped));
}

static void run_here(state *of)
{
    const al_pool *pool = of->pool;

    while (of->told < pool->count && !atomic_load(&al_interrupted)) {
        pool->work(pool->self, of->told, &of->results[of->told].bytes);
        of->results[of->told].is_done = true;
        tell_done(of);
    }
}

void al_pool_run(const al_pool *pool)
{
    state of = {
        .pool = pool,
        .workers = al_alloc_zero(pool->processes + 1, sizeof(worker)),
        .results = al_alloc_zero(pool->count + 1, sizeof(result)),
    };

    if (pool->processes > 0)
        run_apart(&of);
    else
        run_here(&of);
    for (size_t i = of.told; i < pool->count; i++) {
        al_text_release(&of.results[i].bytes);
        al_text_release(&of.results[i].failure);
    }
    al_free(of.workers);
    al_free(of.results);
}

/* -- a result, in bytes --------------------------------------------------- */

void al_pool_pack(al_text *out, const void *head, size_t size,
                  const al_text *const *texts, size_t count)
{
    al_text_add_bytes(out, head, size);
    for (size_t i = 0; i < count; i++)
        al_text_add_bytes(out, (const char *)&texts[i]->length,
                          sizeof texts[i]->length);
    for (size_t i = 0; i < count; i++)
        al_text_add_bytes(out, al_text_peek(texts[i]), texts[i]->length);
}

bool al_pool_unpack(const al_text *from, void *head, size_t size,
                    al_text *const *texts, size_t count)
{
    size_t at = size + count * sizeof(size_t);

    if (from->length < at)
        return false;
    memcpy(head, from->bytes, size);
    for (size_t i = 0; i < count; i++) {
        size_t length;

        memcpy(&length, from->bytes + size + i * sizeof length,
               sizeof length);
        if (from->length - at < length)
            return false;
        al_text_add_bytes(texts[i], from->bytes + at, length);
        at += length;
    }
    return at == from->length;
}

/* -- how many ------------------------------------------------------------- */

bool al_pool_read_jobs(const char *given, unsigned fallback, unsigned *jobs)
{
    char *end;
    long value;

    *jobs = fallback;
    if (!given)
        return true;
    value = strtol(given, &end, 10);
    if (!given[0] || *end || value < 1 || value > MOST_JOBS) {
        al_complain("--jobs takes a number from 1 to %d, not '%s'", MOST_JOBS,
                    given);
        return false;
    }
    *jobs = (unsigned)value;
    return true;
}
