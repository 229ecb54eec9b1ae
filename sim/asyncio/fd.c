/* fd.c - file descriptors of the simulated world, as values. */
#include "sim/asyncio/fd.h"

#include "sim/machine/machine.h"

static void fd_free(al_object *self)
{
    al_free(self);
}

static void fd_repr(const al_object *self, al_text *out)
{
    al_text_add_format(out, "<fd %s>", ((const al_fd *)self)->name);
}

static const al_type fd_type = {
    .name = "Fd",
    .free = fd_free,
    .repr = fd_repr,
};

const al_class al_fd_class = {
    .head = AL_CLASS_HEAD,
    .name = "Fd",
    .tag = AL_OBJECT,
    .type = &fd_type,
};

al_value al_fd_new(const char *name, int number)
{
    al_fd *fd = al_alloc(sizeof *fd);

    al_object_init(&fd->head, &fd_type);
    fd->name = name;
    fd->number = number;
    return al_take(fd);
}

const al_fd *al_fd_of(al_value value)
{
    al_text text = {0};

    if (al_is(value, &fd_type))
        return (const al_fd *)value.as.object;
    if (al_add_repr(value, &text))
        al_raise(&al_ValueError, "Invalid file object: %s", text.bytes);
    al_text_release(&text);
    return NULL;
}
