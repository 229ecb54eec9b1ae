/* places.h - where step keeps what is somebody's own: by the XDG base
 * directories. */
#ifndef AL_STEP_PLACES_H
#define AL_STEP_PLACES_H

/* $XDG_CONFIG_HOME/asyncloop-sim/config; NULL: nobody knows.  al_free it. */
char *al_step_config_path(void);

/* The folder of what is kept from one time to the next; NULL: nobody knows.
 * al_free it. */
char *al_step_state_folder(void);

#endif
