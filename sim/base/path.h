/* path.h - what a file is called, where its whole path would be too long. */
#ifndef AL_BASE_PATH_H
#define AL_BASE_PATH_H

/* The last part of a path, within it; of a descriptor's ("/dev/fd/63", a
 * shell's process substitution), whose number alone says nothing, all. */
const char *al_path_name(const char *path);

#endif
