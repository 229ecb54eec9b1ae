/* dict_view.h - keys(), values() and items() of a dict. */
#ifndef AL_DICT_VIEW_H
#define AL_DICT_VIEW_H

#include "sim/python/dict.h"

typedef enum al_view_kind { AL_KEYS, AL_VALUES, AL_ITEMS } al_view_kind;

typedef struct al_dict_view {
    al_object head;
    al_view_kind kind;
    al_dict *dict;
} al_dict_view;

al_value al_dict_view_new(al_dict *dict, al_view_kind kind);
al_dict_view *al_dict_view_peek(al_value value); /* NULL where it is none */

/* keys() and items() are sets: is everything of one in the other?  -1:
 * raised. */
bool al_is_set_view(al_value value);
int al_view_contains(const al_dict_view *view, al_value item);
int al_view_is_subset(const al_dict_view *view, const al_dict_view *of);

#endif
