/* input.c - finding and loading scenarios; see input.h. */
#include "cli/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli/pipes.h"
#include "cli/walk.h"
#include "loop/base/alloc.h"

/* -- settings of the command line --------------------------------------- */

void al_overrides_add(al_overrides *overrides, al_override override)
{
    overrides->items = al_grow(overrides->items, &overrides->capacity,
                               overrides->count + 1,
                               sizeof *overrides->items);
    overrides->items[overrides->count++] = override;
}

void al_overrides_add_set(al_overrides *overrides, const al_strings *set)
{
    for (size_t i = 0; i < set->count; i++)
        al_overrides_add(overrides,
                         (al_override){"--set", NULL, set->items[i]});
}

void al_overrides_release(al_overrides *overrides)
{
    al_free(overrides->items);
    *overrides = (al_overrides){0};
}

static bool check_overrides(const al_overrides *overrides)
{
    bool ok = true;

    for (size_t i = 0; i < overrides->count; i++) {
        al_error err = {0};

        if (al_override_check(&overrides->items[i], &err))
            continue;
        al_complain("%s", err.message);
        ok = false;
    }
    return ok;
}

/* -- loading ------------------------------------------------------------ */

const char *al_input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

/* A pipe that was kept is left where it was: who asks again gets it again. */
static al_scenario *load(const char *path, const al_overrides *overrides,
                         al_diagnostics *wrong)
{
    int fd = al_pipe_find(path);
    off_t place = fd >= 0 ? lseek(fd, 0, SEEK_CUR) : 0;
    al_scenario *scenario;

    if (fd < 0 && al_pipe_gave_up())
        return NULL;
    if (fd < 0)
        return al_scenario_load(path, overrides->items, overrides->count,
                                wrong);
    scenario = al_scenario_read(fd, al_input_name(path), overrides->items,
                                overrides->count, wrong);
    if (place >= 0)
        lseek(fd, place, SEEK_SET);
    return scenario;
}

al_scenario *al_input_load(const char *path, const al_overrides *overrides,
                           const char *color, al_exit *why)
{
    static const al_overrides none = {0};
    al_diagnostics diagnostics = {0};
    al_scenario *scenario;
    al_text text = {0};

    if (!overrides)
        overrides = &none;
    *why = AL_EXIT_USAGE;
    if (!check_overrides(overrides))
        return NULL;
    if (!path[0]) {
        al_complain("'' is no name of a scenario");
        return NULL;
    }
    scenario = load(path, overrides, &diagnostics);
    if (!scenario && al_pipe_gave_up()) {
        *why = al_end_interrupted();
    } else if (!scenario) {
        al_diagnostics_write(&diagnostics,
                             al_want_color(color, STDERR_FILENO), &text);
        al_warn(al_text_peek(&text));
        *why = al_exit_of_errno(diagnostics.error);
    }
    al_text_release(&text);
    al_diagnostics_release(&diagnostics);
    return scenario;
}

al_scenario *al_input_load_set(const char *path, const al_strings *set,
                               const char *color, al_exit *why)
{
    al_overrides overrides = {0};
    al_scenario *scenario;

    if (set)
        al_overrides_add_set(&overrides, set);
    scenario = al_input_load(path, &overrides, color, why);
    al_overrides_release(&overrides);
    return scenario;
}

/* -- folders ------------------------------------------------------------ */

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* That a file is not there is said when it is loaded. */
bool al_input_find(int argc, char **argv, al_strings *files)
{
    for (int i = 0; i < argc; i++) {
        if (al_ends_with(argv[i], ".schema.json"))
            continue; /* a glob of *.json brings it along */
        if (!is_folder(argv[i]))
            al_strings_add(files, al_strdup(argv[i]));
        else if (!al_walk(argv[i], files))
            return false;
    }
    if (files->count == 0)
        al_complain("no scenarios in '%s'%s", argc > 0 ? argv[0] : ".",
                    argc > 1 ? " and the others" : "");
    return files->count > 0;
}

void al_input_release(al_strings *files)
{
    for (size_t i = 0; i < files->count; i++)
        al_free((void *)files->items[i]);
    al_strings_release(files);
}

char *al_input_golden_path(const char *scenario_path)
{
    const char *slash = strrchr(scenario_path, '/');
    const char *name = slash ? slash + 1 : scenario_path;
    size_t stem = strlen(name) - (al_ends_with(name, ".json") ? 5 : 0);
    al_text path = {0};

    al_text_add_bytes(&path, scenario_path, (size_t)(name - scenario_path));
    al_text_add_format(&path, "traces/%.*s.jsonl", (int)stem, name);
    return al_text_take(&path);
}
