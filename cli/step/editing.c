/* editing.c - the source of what is looked at in an editor. */
#include "cli/step/private.h"

/* The line that is chosen among the program's, or the one that runs. */
void al_stepper_edit(al_stepper *s)
{
    al_moment now = al_stepper_now(s);
    const al_pane *pane = &s->layout.panes[AL_VIEW_PROGRAM];
    const char *name, *path;
    al_error err = {0};
    size_t line;

    if (!al_view_program_place(pane->view, &now, &name, &path, &line)) {
        al_stepper_say(s, AL_INK_WARNING,
                       "no line of the program is known here");
        return;
    }
    if (pane->has_chosen && pane->chosen.kind == AL_THING_LINE)
        line = (size_t)pane->chosen.id;
    if (!path)
        al_stepper_say(s, AL_INK_WARNING, "%s was not found", name);
    else if (!s->options.edit)
        al_stepper_say(s, AL_INK_WARNING, "there is no terminal for an "
                       "editor: %s:%zu", path, line ? line : 1);
    else if (!s->options.edit(s->options.self, path, line ? line : 1, &err))
        al_stepper_say(s, AL_INK_ERROR, "%s", err.message);
}
