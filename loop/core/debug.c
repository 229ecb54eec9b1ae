/* debug.c - switching debug mode. */
#include "loop/core/loop_private.h"

static bool track(al_loop *loop, void *self)
{
    (void)loop;
    (void)self;
    return true;
}

static void add_true(const void *self, bool is_short, al_text *out)
{
    (void)self;
    (void)is_short;
    al_text_add(out, "True");
}

static void add_false(const void *self, bool is_short, al_text *out)
{
    (void)self;
    (void)is_short;
    al_text_add(out, "False");
}

/* Origins of coroutines are not tracked here, but the handle that CPython
 * schedules for it takes its place in the ready queue. */
static const al_callable track_on = {
    .name = "BaseEventLoop._set_coroutine_origin_tracking",
    .call = track,
    .add_args = add_true,
};

static const al_callable track_off = {
    .name = "BaseEventLoop._set_coroutine_origin_tracking",
    .call = track,
    .add_args = add_false,
};

void al_loop_set_debug(al_loop *loop, bool debug)
{
    loop->is_debug = debug;
    al_loop_review(loop);
    if (loop->is_running)
        al_loop_call_soon_threadsafe(
            loop, (al_callback){debug ? &track_on : &track_off, NULL}, NULL,
            NULL);
}
