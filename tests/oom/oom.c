/* oom.c - memory runs out at each allocation in turn.
 *
 * The whole command runs in a child whose n-th allocation fails: it must say
 * so, exit with 5, and leave neither an unfinished trace nor a lost old one. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "loop/base/alloc.h"

int cli_main(int argc, char **argv);

static long left;

static void *failing_realloc(void *self, void *memory, size_t size)
{
    (void)self;
    return --left == 0 ? NULL : realloc(memory, size);
}

static void plain_free(void *self, void *memory)
{
    (void)self;
    free(memory);
}

static const al_allocator_ops failing = {failing_realloc, plain_free};

static char trace[512], said[512];

static void write_old_trace(void)
{
    FILE *file = fopen(trace, "w");

    if (!file || fputs("old", file) < 0 || fclose(file) != 0)
        exit(1);
}

static int run_child(char **argv, long nth)
{
    int argc = 0;
    int status;
    pid_t child = fork();

    while (argv[argc])
        argc++;
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        dup2(open(said, O_WRONLY | O_CREAT | O_TRUNC, 0666), STDERR_FILENO);
        left = nth;
        al_set_allocator((al_allocator){&failing, NULL});
        exit(cli_main(argc, argv));
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        exit(1);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The file's beginning, as a string; "" where there is none. */
static const char *read_file(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;

    if (file)
        fclose(file);
    text[length] = '\0';
    return text;
}

static int is_old_trace(void)
{
    char text[8];

    return strcmp(read_file(trace, text, sizeof text), "old") == 0;
}

static int has_said_so(void)
{
    char text[80];

    return strstr(read_file(said, text, sizeof text), "out of memory") != NULL;
}

/* Nothing but the trace itself may be in its folder. */
static int has_leftovers(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    int found = 0;

    while (dir && (entry = readdir(dir)) != NULL)
        found += entry->d_name[0] != '.' && strcmp(entry->d_name, "x.jsonl");
    if (dir)
        closedir(dir);
    return found;
}

/* Allocations that fail: each of the first 400, then ever fewer. */
static long next(long nth)
{
    return nth < 400 ? nth + 1 : nth + nth / 40;
}

static long passed, failed;

/* Until it has all it needs.  The exit status then. */
static int run_out(char **command, const char *folder)
{
    int status = 5;

    for (long nth = 1; status == 5; nth = next(nth)) {
        write_old_trace();
        status = run_child(command, nth);
        if (status != 5 ||
            (has_said_so() && is_old_trace() && !has_leftovers(folder))) {
            passed++;
            continue;
        }
        printf("%s, allocation %ld: exit status %d, %s, old trace %s\n",
               command[1], nth, status, has_said_so() ? "told" : "not told",
               is_old_trace() ? "kept" : "lost");
        failed++;
    }
    return status;
}

static void expect(char **command, const char *folder, int wanted)
{
    int status = run_out(command, folder);

    if (status == wanted)
        return;
    printf("%s: exit status %d, not %d\n", command[1], status, wanted);
    failed++;
}

#define COMMAND(...) ((char *[]){(char *)"asyncloop-sim", __VA_ARGS__, NULL})
#define WORD(text) ((char *)text)

int main(int argc, char **argv)
{
    static char scenario[] = "scenarios/exceptions-in-callbacks.json";
    static char recorded[] = "scenarios/traces/lock-fairness.jsonl";
    char folder[480];

    if (argc != 2)
        return 2;
    snprintf(folder, sizeof folder, "%s/oom-files", argv[1]);
    snprintf(trace, sizeof trace, "%s/x.jsonl", folder);
    snprintf(said, sizeof said, "%s/oom-stderr", argv[1]);
    mkdir(folder, 0777);
    expect(COMMAND(WORD("run"), WORD("--snapshots"), WORD("--trace"), trace,
                   scenario), folder, 0);
    expect(COMMAND(WORD("stats"), WORD("--json"), recorded), folder, 0);
    expect(COMMAND(WORD("explain"), recorded, WORD("t2")), folder, 0);
    expect(COMMAND(WORD("lint"), recorded), folder, 0);
    expect(COMMAND(WORD("diff"), recorded, recorded), folder, 0);
    printf("%ld passed, %ld failed\n", passed, failed);
    return failed != 0;
}
