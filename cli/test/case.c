/* case.c - see case.h.
 *
 * Whether traces are equal is decided line by line, for the proof must not be
 * lenient; only how they differ is told by causes, as diff tells it. */
#include "cli/test/case.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "cli/command.h"
#include "cli/input.h"
#include "cli/test/explain.h"
#include "cli/test/golden.h"
#include "cli/traced_run.h"
#include "loop/base/alloc.h"

void al_test_result_release(al_test_result *result)
{
    al_text_release(&result->why);
    al_text_release(&result->details);
}

/* -- comparing ---------------------------------------------------------- */

static void explain(const char *path, const char *golden,
                    const al_test_settings *settings,
                    const al_difference *difference, al_test_result *result)
{
    al_text_add_format(&result->why, "event %llu differs",
                       (unsigned long long)difference->index);
    al_golden_add_flaw(golden, &result->why);
    if (!al_test_explain(path, golden, settings, &result->details))
        al_text_add(&result->details, difference->text.bytes);
}

static void compare(const char *path, const char *golden,
                    const al_scenario *scenario,
                    const al_test_settings *settings, al_test_result *result)
{
    bool is_strict = settings->strict && al_golden_is_ours(golden);
    al_difference difference = {0};
    al_sim_result ending = {0};
    al_error err = {0};
    bool ok = al_traced_compare(golden, "recorded", scenario, "now",
                                is_strict, &ending, &difference, &err);

    result->events = difference.compared;
    if (atomic_load(&al_interrupted)) {
        result->verdict = AL_TEST_STOPPED;
    } else if (!ok) {
        result->verdict = AL_TEST_INVALID;
        al_text_add(&result->why, err.message);
    } else if (difference.index > 0) {
        result->verdict = AL_TEST_FAILED;
        explain(path, golden, settings, &difference, result);
    }
    al_sim_result_release(&ending);
    al_difference_release(&difference);
}

/* -- updating ----------------------------------------------------------- */

static bool make_folder_of(const char *path, al_test_result *result)
{
    char *folder = al_strndup(path, (size_t)(strrchr(path, '/') - path));
    bool ok = mkdir(folder, 0777) == 0 || errno == EEXIST;

    if (!ok)
        al_text_add_format(&result->why, "cannot make '%s': %s", folder,
                           strerror(errno));
    al_free(folder);
    return ok;
}

static bool are_same_bytes(FILE *a, FILE *b)
{
    char x[1 << 14], y[1 << 14];
    size_t n, m;

    do {
        n = fread(x, 1, sizeof x, a);
        m = fread(y, 1, sizeof y, b);
        if (n != m || memcmp(x, y, n) != 0)
            return false;
    } while (n > 0);
    return true;
}

static bool are_same_files(const char *a, const char *b)
{
    FILE *x = fopen(a, "r"), *y = fopen(b, "r");
    bool are_same = x && y && are_same_bytes(x, y);

    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return are_same;
}

/* A new trace is written beside; what says the same is left alone. */
static void keep_if_new(const char *path, const char *golden,
                        al_test_result *result)
{
    if (are_same_files(path, golden)) {
        remove(path);
        return;
    }
    if (rename(path, golden) == 0) {
        result->verdict = AL_TEST_WRITTEN;
        al_text_add_format(&result->why, "wrote %s", golden);
        return;
    }
    result->verdict = AL_TEST_REFUSED;
    al_text_add_format(&result->why, "cannot write '%s': %s", golden,
                       strerror(errno));
    remove(path);
}

static void update(const char *golden, const al_scenario *scenario,
                   al_test_result *result)
{
    al_error err = {0};
    al_text beside = {0};

    al_text_add_format(&beside, "%s.new", golden);
    result->verdict = AL_TEST_REFUSED;
    if (make_folder_of(golden, result) &&
        !al_traced_run(scenario, beside.bytes, &err)) {
        al_text_add(&result->why, err.message);
    } else if (atomic_load(&al_interrupted)) {
        result->verdict = AL_TEST_STOPPED;
    } else if (result->why.length == 0) {
        result->verdict = AL_TEST_PASSED;
        keep_if_new(beside.bytes, golden, result);
    }
    al_text_release(&beside);
}

/* -- one scenario ------------------------------------------------------- */

static void judge(const char *path, const al_scenario *scenario,
                  const al_test_settings *settings, al_test_result *result)
{
    char *golden = al_input_golden_path(path);
    bool exists = access(golden, F_OK) == 0;

    if (settings->update && (!exists || al_golden_is_ours(golden))) {
        update(golden, scenario, result);
    } else if (!exists) {
        result->verdict = AL_TEST_FAILED;
        al_text_add_format(&result->why, "no recorded trace '%s' "
                           "(--update makes one)", golden);
    } else {
        compare(path, golden, scenario, settings, result);
    }
    al_free(golden);
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

void al_test_case(const char *path, const al_test_settings *settings,
                  al_test_result *result)
{
    double began = now();
    al_exit told;
    al_scenario *scenario = al_input_load(path, NULL, settings->color, &told);

    if (scenario) {
        judge(path, scenario, settings, result);
    } else {
        result->verdict = AL_TEST_INVALID;
        al_text_add(&result->why, "not a valid scenario");
    }
    al_scenario_free(scenario);
    result->seconds = now() - began;
}
