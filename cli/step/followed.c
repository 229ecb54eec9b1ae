/* followed.c - see followed.h. */
#include "cli/step/followed.h"

#include <math.h>
#include "cli/step/slice.h"

enum { AHEAD = 1 << 16 }; /* events read ahead of what comes by a pipe */

al_followed al_followed_begin(const al_origin *origin)
{
    return (al_followed){.origin = *origin,
                         .watch = al_file_watch_begin(origin->path)};
}

bool al_followed_is_outdated(const al_followed *file)
{
    return file->is_stale && !file->anew;
}

bool al_followed_read_on(const al_followed *file, al_history *history,
                         bool may_wait)
{
    bool is_endless = isnan(al_history_progress(history));
    uint64_t known = al_history_known(history);

    if (!file->is_stale)
        al_history_try_again(history);
    if (al_history_is_complete(history) ||
        (is_endless && known >= al_history_at(history) + AHEAD) ||
        (!may_wait && al_history_must_wait(history)))
        return false;
    al_history_read_on(history, AL_SLICE);
    return true;
}

bool al_followed_must_wait(const al_followed *file,
                           const al_history *history)
{
    const al_history *read = file->anew ? file->anew : history;

    return !al_history_is_complete(read) && al_history_must_wait(read);
}
