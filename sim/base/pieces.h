/* pieces.h - the command's allocator.
 *
 * A hundred thousand tasks are a million small objects, made and dropped in
 * crowds; libc's malloc spends more on them than the loop does, most of it on
 * touching fresh pages. */
#ifndef AL_PIECES_H
#define AL_PIECES_H

/* Have all memory come from here, unless an allocator was set already.  For a
 * process of one thread.  Where no room can be reserved, or a sanitizer is to
 * see each object, it stays as it is. */
void al_pieces_use(void);

#endif
