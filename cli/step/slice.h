/* slice.h - how much of a trace is gone through between two looks at the
 * keys. */
#ifndef AL_STEP_SLICE_H
#define AL_STEP_SLICE_H

/* Events: some five milliseconds to read, fold or tell, which nobody notices
 * between a key and what it does; and so many that looking costs nothing. */
enum { AL_SLICE = 20000 };

#endif
