/* status.c - the line at the top: which trace, where in it one is, and the
 * phase of the turn. */
#include "cli/step/private.h"

#include <math.h>
#include <string.h>
#include "cli/page.h"
#include "cli/tui/phase.h"
#include "sim/base/escape.h"
#include "sim/base/path.h"

enum { LEAST_TITLE = 6 }; /* columns of one that is cut */

/* -- where one is --------------------------------------------------------- */

/* How much is said: less where there is less room. */
typedef enum detail { WHOLE, BRIEF, BRIEFEST } detail;

static void add_where(const al_stepper *s, const al_moment *now, detail d,
                      al_text *out)
{
    double known = al_history_progress(s->history);

    al_text_add_format(out, "event %llu",
                       (unsigned long long)now->at);
    if (d == BRIEFEST)
        return;
    if (al_history_is_complete(s->history))
        al_text_add_format(out, "/%llu", (unsigned long long)
                           al_history_known(s->history));
    else if (!isnan(known))
        al_text_add_format(out, " reading %.0f%%", 100 * known);
    else
        al_text_add_format(out, "/%llu+", (unsigned long long)
                           al_history_known(s->history));
}

static void add_status(const al_stepper *s, const al_moment *now, detail d,
                       al_text *out)
{
    double time = al_state_time(now->state);

    if (al_state_loop_count(now->state) > 1)
        al_text_add_format(out, "l%llu  ", (unsigned long long)s->loop);
    if (s->play.is_on)
        al_text_add_format(out, "%s %g/s  ",
                           s->play.is_back ? "running back" : "running",
                           al_play_speed(&s->play));
    if (now->loop) {
        al_text_add_format(out, "iteration %llu  ",
                           (unsigned long long)now->loop->iteration);
        if (d == WHOLE)
            al_page_add_seconds(out, time);
        else
            al_page_add_brief_seconds(out, time);
        al_text_add(out, "  ");
    }
    add_where(s, now, d, out);
}

/* -- the strip of phases -------------------------------------------------- */

typedef enum strip_kind { NAMES, INITIALS, LIT_ALONE } strip_kind;

/* What is shown of a phase. */
static void add_phase(al_text *out, int phase, bool is_lit,
                      strip_kind kind)
{
    const char *name = al_phase_name((al_phase)phase);

    if (is_lit)
        al_text_add_format(out, "[%s]", name);
    else if (kind == NAMES)
        al_text_add_format(out, " %s ", name);
    else if (kind == INITIALS)
        al_text_add_format(out, " %c ", name[0]);
}

static al_phase phase_of(const al_moment *now)
{
    return al_phase_at(now->loop, now->event ? now->event->kind
                                             : AL_EVENT_COUNT);
}

/* The phases, the one it is in lit. */
static void draw_strip(const al_moment *now, al_screen *screen, al_area area,
                       int column, strip_kind kind)
{
    al_text text = {0};

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++) {
        bool is_lit = i == (int)phase_of(now);

        al_text_clear(&text);
        add_phase(&text, i, is_lit, kind);
        column = al_screen_put(screen, area, column, 0,
                               is_lit ? AL_INK_PHASE : AL_INK_DIM,
                               al_text_peek(&text));
    }
    al_text_release(&text);
}

/* The same for all phases, lest what is left of it moves. */
static int strip_width(strip_kind kind)
{
    int all = 0, longest = 0;

    for (int i = AL_PHASE_NONE + 1; i < AL_PHASE_COUNT; i++) {
        int name = (int)al_escape_columns(al_phase_name((al_phase)i));

        all += kind == NAMES ? name + 2 : kind == INITIALS ? 3 : 0;
        longest = name > longest ? name : longest;
    }
    return kind == NAMES      ? all
           : kind == INITIALS ? all - 1 + longest : longest + 2;
}

/* -- all of it ------------------------------------------------------------ */

typedef struct above { /* what the line at the top has room for */
    strip_kind strip;
    al_text status;
} above;

/* What lasts: that the file is another one by now, or that it stays at the
 * end. */
static const char *lasting_word(const al_stepper *s)
{
    return al_followed_is_outdated(&s->file) ? "changed  "
           : al_stepper_is_tailing(s)        ? "tail  " : "";
}

/* The columns that it takes beside a title; 0: nothing lasts. */
static int lasting_width(const al_stepper *s)
{
    int word = (int)strlen(lasting_word(s));

    return word > 0 ? LEAST_TITLE + 2 + word : 0;
}

/* The first of these that fits; the last one in any case.  The names of phases
 * give way to what lasts. */
static void choose_above(const al_stepper *s, const al_moment *now, int width,
                         above *a)
{
    static const struct { detail detail; strip_kind strip; } choices[] = {
        {WHOLE, NAMES},     {WHOLE, INITIALS},     {WHOLE, LIT_ALONE},
        {BRIEF, LIT_ALONE}, {BRIEFEST, LIT_ALONE},
    };

    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        int lasting = choices[i].strip == NAMES ? lasting_width(s) : 0;

        al_text_clear(&a->status);
        add_status(s, now, choices[i].detail, &a->status);
        a->strip = choices[i].strip;
        if (lasting + (int)al_escape_columns(a->status.bytes) + 2 +
                strip_width(a->strip) <= width)
            return;
    }
}

/* The path, or its last part, or what there is room for. */
static void add_title(const char *path, int room, al_text *out)
{
    const char *name = al_path_name(path);

    if (*name && (int)al_escape_columns(path) > room)
        path = name;
    if (room >= LEAST_TITLE || (int)al_escape_columns(path) <= room)
        al_escape_add_middle_cut(out, path, (size_t)room);
}

/* Unless that would cost the title its room.  Returns the columns that it
 * takes. */
static int add_lasting(const al_stepper *s, int room, al_text *out)
{
    const char *word = lasting_word(s);
    int rest = room - (int)strlen(word);

    if (rest < 0 || (room >= LEAST_TITLE && rest < LEAST_TITLE))
        return 0;
    al_text_add(out, word);
    return (int)strlen(word);
}

/* The title gives way to the rest. */
void al_stepper_draw_status(const al_stepper *s, const al_moment *now,
                            al_screen *screen)
{
    al_area area = {0, 0, screen->width, 1};
    al_text title = {0}, lasting = {0};
    above a = {0};
    int strip, used, room;

    choose_above(s, now, area.width, &a);
    strip = area.width - strip_width(a.strip);
    room = strip - (int)al_escape_columns(a.status.bytes) - 4;
    room -= add_lasting(s, room, &lasting);
    add_title(s->file.origin.path, room, &title);
    al_screen_fill(screen, area, 0, 0, area.width, AL_INK_STATUS, " ");
    used = al_screen_put(screen, area, 0, 0, AL_INK_TITLE,
                         al_text_peek(&title));
    used = al_screen_put(screen, area, used ? used + 2 : 0, 0, AL_INK_STATUS,
                         al_text_peek(&lasting));
    al_screen_put(screen, area, used, 0, AL_INK_STATUS, a.status.bytes);
    draw_strip(now, screen, area, strip, a.strip);
    al_text_release(&a.status);
    al_text_release(&title);
    al_text_release(&lasting);
}
