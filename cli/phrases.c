/* phrases.c - how the account puts things into words; see phrases.h. */
#include "cli/phrases.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "sim/base/path.h"

void al_phrase_call(al_text *out, const char *callback, const char *args)
{
    al_text_add(out, callback);
    al_text_add_char(out, '(');
    al_text_add(out, args ? args : "");
    al_text_add_char(out, ')');
}

void al_phrase_scheduled(al_text *out, const al_event *event)
{
    const char *callback = event->callback ? event->callback : "?";
    const char *args = event->args ? event->args : "";

    if (event->kind == AL_EVENT_CALL_AT && args[0] == 'f' &&
        strcmp(callback, "_set_result_unless_cancelled") == 0)
        al_text_add_format(out, "sleep (%.*s)", (int)strcspn(args, ","), args);
    else
        al_phrase_call(out, callback, args);
}

void al_phrase_handle(al_text *out, const al_traced *handle)
{
    if (handle)
        al_phrase_call(out, handle->callback, handle->args);
    else
        al_text_add(out, "(unknown)");
}

/* -- the world ---------------------------------------------------------- */

const char *al_phrase_readiness(const char *mask)
{
    if (!mask || !mask[0])
        return "not ready";
    if (strcmp(mask, "r") == 0)
        return "readable";
    return strcmp(mask, "w") == 0 ? "writable" : "readable and writable";
}

/* One "conn:r". */
static void add_fd(al_text *out, const char *entry, size_t length)
{
    const char *colon = memrchr(entry, ':', length);
    size_t name = colon ? (size_t)(colon - entry) : length;
    char mask[3] = "";

    if (colon && length - name - 1 < sizeof mask)
        memcpy(mask, colon + 1, length - name - 1);
    if (name == 4 && memcmp(entry, "self", 4) == 0)
        al_text_add(out, "the self-pipe");
    else
        al_text_add_bytes(out, entry, name);
    al_text_add_char(out, ' ');
    al_text_add(out, al_phrase_readiness(mask));
}

void al_phrase_fds(al_text *out, const char *fds)
{
    for (bool is_first = true; *fds; is_first = false) {
        size_t length = strcspn(fds, " ");

        if (!is_first)
            al_text_add(out, ", ");
        add_fd(out, fds, length);
        fds += length + (fds[length] == ' ');
    }
}

void al_phrase_signal(al_text *out, uint64_t sig)
{
    const char *name = sig <= 64 ? sigabbrev_np((int)sig) : NULL;

    al_text_add(out, "signal ");
    al_text_add_uint(out, sig);
    if (name)
        al_text_add_format(out, " (SIG%s)", name);
}

/* -- time --------------------------------------------------------------- */

void al_phrase_timeout(al_text *out, double timeout)
{
    if (timeout < 0) {
        al_text_add(out, "for ever");
    } else if (timeout <= 0) {
        al_text_add(out, "does not wait");
    } else {
        al_text_add(out, "up to ");
        al_page_add_rough_seconds(out, timeout);
    }
}

void al_phrase_moment(al_text *out, double time, uint64_t iteration)
{
    al_text_add(out, "at ");
    al_page_add_seconds(out, time);
    if (iteration)
        al_text_add_format(out, ", iteration %llu",
                           (unsigned long long)iteration);
}

void al_phrase_since(al_text *out, double since)
{
    if (since == 0)
        return;
    al_text_add(out, "times since the start, ");
    al_page_add_seconds(out, since);
}

void al_phrase_since_line(const al_page *page, al_text *out, double since)
{
    al_text what = {0};
    al_line line = {.indent = 2, .what_role = AL_ROLE_NOTE, .is_wide = true};

    al_phrase_since(&what, since);
    line.what = what.bytes;
    if (what.length > 0)
        al_page_add_line(page, out, &line);
    al_text_release(&what);
}

void al_phrase_span(al_text *out, double first, double last)
{
    al_text_add(out, "it runs from ");
    al_page_add_seconds(out, first);
    al_text_add(out, " to ");
    al_page_add_seconds(out, last);
}

void al_phrase_deadline(al_text *out, double when, double now)
{
    al_text_add(out, "at ");
    al_page_add_seconds(out, when);
    if (when < now) {
        al_text_add(out, " (past)");
    } else if (when > now) {
        al_text_add(out, " (in ");
        al_page_add_rough_seconds(out, when - now);
        al_text_add_char(out, ')');
    }
}

void al_phrase_due(al_text *out, const al_traced *timer, double now)
{
    if (!timer || isnan(timer->when))
        return;
    al_text_add(out, "at ");
    al_page_add_seconds(out, timer->when);
    if (timer->is_cancelled) {
        al_text_add(out, ", cancelled");
    } else if (timer->when < now) {
        al_text_add(out, ", ");
        al_page_add_rough_seconds(out, now - timer->when);
        al_text_add(out, " late");
    } else if (timer->when > now) {
        al_text_add(out, ", early: resolution");
    }
}

/* -- compaction --------------------------------------------------------- */

/* Two shares in as few digits as tell them apart. */
static void format_shares(char *a, char *b, size_t size, double share,
                          double threshold)
{
    for (int digits = 3; digits <= 15; digits += 3) {
        snprintf(a, size, "%.*g%%", digits, 100 * share);
        snprintf(b, size, "%.*g%%", digits, 100 * threshold);
        if (strcmp(a, b) != 0 || share == threshold)
            return;
    }
}

static double share_of(uint64_t cancelled, uint64_t scheduled)
{
    return scheduled ? (double)cancelled / (double)scheduled : 0;
}

void al_phrase_share(al_text *out, uint64_t scheduled, uint64_t cancelled,
                     double threshold)
{
    char share[40], limit[40];

    format_shares(share, limit, sizeof share, share_of(cancelled, scheduled),
                  threshold);
    al_text_add_uint(out, scheduled);
    al_text_add(out, " scheduled, ");
    al_text_add_uint(out, cancelled);
    al_text_add_format(out, " cancelled (%s > %s)", share, limit);
}

bool al_phrase_near_miss(al_text *out, uint64_t scheduled, uint64_t cancelled,
                         const al_loop_knobs *knobs)
{
    const double near = 0.9;
    double threshold = knobs->min_cancelled_timer_handles_fraction;
    double share = share_of(cancelled, scheduled);
    uint64_t least = knobs->min_scheduled_timer_handles;
    char ours[40], limit[40];

    if (cancelled == 0 || scheduled == 0)
        return false;
    if (share > threshold && scheduled <= least &&
        (double)scheduled > near * (double)least) {
        al_text_add_uint(out, scheduled);
        al_text_add(out, " scheduled is not more than ");
        al_text_add_uint(out, least);
        return true;
    }
    if (scheduled <= least || share > threshold || share <= near * threshold)
        return false;
    format_shares(ours, limit, sizeof ours, share, threshold);
    al_text_add_uint(out, cancelled);
    al_text_add(out, " of ");
    al_text_add_uint(out, scheduled);
    al_text_add_format(out, " cancelled (%s) is not more than %s", ours, limit);
    return true;
}

/* -- tasks -------------------------------------------------------------- */

const char *al_phrase_line(const char *where)
{
    const char *colon = strrchr(where, ':');

    return colon ? colon + 1 : where;
}

const char *al_phrase_place(const char *where)
{
    return al_path_name(where);
}

/* -- awaiting ----------------------------------------------------------- */

const char *al_phrase_maker(const al_traced_future *future)
{
    if (future->child_count)
        return "gather";
    if (future->is_of_sleep)
        return "sleep";
    for (size_t i = 0; i < future->callbacks.count; i++) {
        const char *name = future->callbacks.names[i];

        if (strcmp(name, "shield.<locals>._outer_done_callback") == 0)
            return "shield";
        if (strcmp(name, "_chain_future.<locals>._call_check_cancel") == 0)
            return "thread";
    }
    return NULL;
}

/* Whose future it is: " (Lock p1)"; of a program's own, nothing. */
static void add_owner(al_text *out, const al_traced_future *future)
{
    const char *maker = al_phrase_maker(future);

    if (future->in)
        al_text_add_format(out, " (%s p%llu)",
                           future->in->type ? future->in->type : "?",
                           (unsigned long long)future->in->id);
    else if (maker)
        al_text_add_format(out, " (%s)", maker);
}

void al_phrase_awaited(al_text *out, const al_state *state,
                       const al_event *event)
{
    const al_traced_future *future =
        event->on ? NULL : al_state_future(state, event->future);

    al_text_add_format(out, event->on ? "for t%llu" : "for f%llu",
                       (unsigned long long)(event->on ? event->on
                                                      : event->future));
    if (future)
        add_owner(out, future);
}

void al_phrase_children(al_text *out, const al_traced_future *future)
{
    enum { MOST_TOLD = 8 };

    al_text_add(out, ", gather of");
    for (size_t i = 0; i < future->child_count && i < MOST_TOLD; i++)
        al_text_add_format(out, " %c%llu",
                           future->children[i].is_task ? 't' : 'f',
                           (unsigned long long)future->children[i].id);
    if (future->child_count > MOST_TOLD)
        al_text_add_format(out, " … %zu more",
                           future->child_count - MOST_TOLD);
}

/* -- exceptions --------------------------------------------------------- */

void al_phrase_exception(al_text *out, const char *type, const char *text)
{
    al_text_add(out, type ? type : "exception");
    if (text && text[0]) {
        al_text_add(out, ": ");
        al_text_add(out, text);
    }
}
