/* whole_file.h - all that a small file has. */
#ifndef AL_WHOLE_FILE_H
#define AL_WHOLE_FILE_H

#include <stddef.h>

/* The bytes of a plain file of so many at most, and a NUL after them; al_free
 * them.  NULL: errno says why (EFBIG: it is larger; EISDIR, EINVAL: it is no
 * plain file).  It never waits for whoever writes. */
char *al_whole_file(const char *path, size_t most, size_t *length);

#endif
