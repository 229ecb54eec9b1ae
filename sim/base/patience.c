/* patience.c - see patience.h. */
#include "sim/base/patience.h"

#include <stddef.h>

bool al_patience_ends(const al_patience *patience)
{
    return patience && patience->ends && patience->ends(patience->self);
}
