/* partings.c - see partings.h. */
#include "sim/analysis/partings.h"

#include "loop/base/alloc.h"

static char *dup_or_null(const char *text)
{
    return text ? al_strdup(text) : NULL;
}

al_doing al_doing_dup(const al_doing *doing)
{
    al_doing copy = *doing;

    copy.label = dup_or_null(doing->label);
    copy.args = dup_or_null(doing->args);
    copy.text = dup_or_null(doing->text);
    return copy;
}

void al_doing_release(al_doing *doing)
{
    al_free(doing->label);
    al_free(doing->args);
    al_free(doing->text);
}

static void release_actors(al_actor *actors)
{
    for (int side = 0; side < 2; side++) {
        al_free(actors[side].name);
        al_free(actors[side].label);
        al_free(actors[side].args);
    }
}

void al_parting_release(al_parting *parting)
{
    release_actors(parting->actors);
    release_actors(parting->others);
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < parting->counts[side]; i++)
            al_doing_release(&parting->doings[side][i]);
        al_free(parting->doings[side]);
    }
}

void al_partings_release(al_partings *partings)
{
    for (size_t i = 0; i < partings->count; i++) {
        al_root *root = partings->roots[i];

        al_parting_release(&root->parting);
        for (size_t j = 0; j < root->led_to_count; j++)
            al_parting_release(&root->led_to[j]);
        al_free(root);
    }
    al_free(partings->roots);
    *partings = (al_partings){0};
}

al_root *al_partings_root(const al_partings *partings, uint32_t number)
{
    return number > 0 && number <= partings->count
        ? partings->roots[number - 1] : NULL;
}

static uint32_t take_root(al_partings *partings, al_parting *parting)
{
    al_root *root;

    if (partings->count == AL_PARTINGS_ROOTS) {
        partings->more++;
        al_parting_release(parting);
        return AL_PARTINGS_ROOTS + 1;
    }
    root = al_alloc_zero(1, sizeof *root);
    root->parting = *parting;
    partings->roots = al_grow(partings->roots, &partings->capacity,
                              partings->count + 1, sizeof *partings->roots);
    partings->roots[partings->count++] = root;
    root->parting.number = (uint32_t)partings->count;
    return root->parting.number;
}

uint32_t al_partings_take(al_partings *partings, uint32_t number,
                          al_parting *parting)
{
    al_root *root = al_partings_root(partings, number);

    if (number == 0)
        return take_root(partings, parting);
    if (root)
        root->followed++;
    if (root && root->led_to_count < AL_PARTINGS_LED_TO)
        root->led_to[root->led_to_count++] = *parting;
    else
        al_parting_release(parting);
    return number;
}
