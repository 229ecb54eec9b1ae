/* waiting.h - calls that may wait for ever, for whoever is at the other end of
 * a pipe.
 *
 * A signal breaks such a call off.  It is made again, unless that signal asked
 * for the end of all that is under way. */
#ifndef AL_WAITING_H
#define AL_WAITING_H

#include <stdbool.h>
#include <stddef.h>

/* Who says whether the end was asked for; NULL: it never is. */
void al_waiting_ends_when(bool (*is_asked_for)(void));

/* Of a call that failed, by its errno, which stays: is it to be made again? */
bool al_waiting_goes_on(void);

/* Of so many bytes that are to be written: how many at once?  All, until the end
 * was asked for; from then on as many as nobody has to be waited for.  0: none,
 * and errno is EINTR. */
size_t al_waiting_room(int fd, size_t length);

#endif
