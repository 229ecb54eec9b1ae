/* path.c - see path.h. */
#include "sim/base/path.h"

#include <string.h>

static const char *const of_descriptors[] = {"/dev/fd/", "/proc/self/fd/"};

const char *al_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    for (size_t i = 0; i < sizeof of_descriptors / sizeof *of_descriptors; i++) {
        if (strncmp(path, of_descriptors[i], strlen(of_descriptors[i])) == 0)
            return path;
    }
    return slash ? slash + 1 : path;
}
