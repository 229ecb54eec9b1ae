/* pieces.h - the command's allocator.
 *
 * A hundred thousand tasks are a million small objects, made and dropped in
 * crowds; libc's malloc spends more on them than the loop does, most of it on
 * touching fresh pages. */
#ifndef AL_PIECES_H
#define AL_PIECES_H

#include <stddef.h>
/* Have all memory come from here, unless an allocator was set already.  For a
 * process of one thread.  Where no room can be reserved, or a sanitizer is to
 * see each object, each is libc's. */
void al_pieces_use(void);

/* Bytes in use; each object counts in whole units of 16.  What comes from
 * elsewhere (another allocator) does not count. */
size_t al_pieces_used(void);

/* Count so many more, or fewer: of a mapping; or of what shall not count. */
void al_pieces_charge(ptrdiff_t bytes);

#endif
