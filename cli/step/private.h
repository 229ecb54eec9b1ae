/* private.h - what the stepper's files share:
 *
 *     stepper.c        how it begins and ends, and what it is at
 *     typing.c         keys, counts, prompts
 *     mouse.c          clicks, drags and the wheel
 *     requests.c       who does what is asked
 *     moving.c         the position: steps, stops, marks, causes
 *     going.c          to a place by its name: e40, 1.5s, 12, h7
 *     looking.c        what of the panes is in sight, what is searched for
 *     drawing.c        the screen
 *     status.c         the line at the top
 *     watches.c        the values that are watched, below it
 *     message.c        what is said or being typed, below the panes
 *     keybar.c         the keys, in the last line
 *     running.c        runs that go on by themselves
 *     keeping.c        breakpoints and marks in a file
 *     exporting.c      the screen and the trace in a file
 *     editing.c        the source in an editor
 *     following.c      a trace that grows
 *     reloading.c      the run that is shown read anew
 *     marks.c          marks of another run
 *     commands.c       what is typed after ":", and the requests that take
 *                      words
 *     completing.c     what <Tab> makes of it
 *     lists.c          what is listed over the panes: help, breakpoints, marks
 *     stories.c        what is told over them: how something came about
 *     telling.c        how far the trace is told
 *     findings.c       what in the trace will hurt
 *     halves.c         another trace beside this one
 *     differences.c    from one of their differences to another
 */
#ifndef AL_STEP_PRIVATE_H
#define AL_STEP_PRIVATE_H

#include "cli/step/beside.h"
#include "cli/step/breakpoints.h"
#include "cli/tui/completion.h"
#include "cli/tui/layout.h"
#include "cli/step/moves.h"
#include "cli/tui/pager.h"
#include "cli/step/play.h"
#include "cli/tui/prompt.h"
#include "cli/tui/request.h"
#include "cli/step/stepper.h"

struct al_stepper {
    al_stepper_options options;
    const al_config *config;
    al_history *history;
    al_followed file;
    al_layout layout;
    al_pager pager;
    al_breakpoints breakpoints;
    al_bookmarks marks;
    al_play play;
    uint64_t loop;       /* number of the one that is watched */
    al_beside *beside;   /* the other trace; NULL: there is none */
    al_border dragged;   /* by the mouse that is pressed */
    bool heap_is_tree;
    bool timeline_by_order;
    int timeline_zoom;

    al_request asking;   /* what the prompt is for; AL_REQ_NONE: none is */
    al_prompt prompt;
    al_text label;       /* of the prompt, where it was made for it */
    al_completion completion;
    al_prompt_history commands, searches;
    char *pattern;       /* searched for; NULL: nothing */
    bool is_search_back;

    int width, height;   /* of the screen, when it was drawn last */
    long count;          /* typed before a command; 0: none */
    bool insists;        /* a '!' behind the command's name: it may replace */
    al_text message;
    al_ink message_ink;
    bool is_leaving;     /* the latest key was Ctrl-C */
    bool is_over;
};

/* -- stepper.c ------------------------------------------------------------ */

al_moment al_stepper_now(const al_stepper *s);
void al_stepper_say(al_stepper *s, al_ink ink, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* That what was asked for wants something to be selected, and how it is. */
void al_stepper_say_unselected(al_stepper *s);

/* Does the trace end before its run does?  Then why is added to a text. */
bool al_stepper_breaks_off(const al_stepper *s, al_text *why);

/* The number typed before the request; 1: none was.  And the pane that has the
 * keys. */
uint64_t al_stepper_count(const al_stepper *s);
al_pane *al_stepper_focused(al_stepper *s);

/* -- requests.c ----------------------------------------------------------- */

void al_stepper_request(al_stepper *s, al_request request);

/* -- moving.c ------------------------------------------------------------- */

/* False: the request is for no move. */
bool al_stepper_request_move(al_stepper *s, al_request request);

/* To where a breakpoint stops, no further than to the bound: as in
 * breakpoints.h. */
al_arrival al_stepper_continue(al_stepper *s, bool is_back, uint64_t bound,
                               const al_breakpoint **hit);
bool al_stepper_go_to_end(al_stepper *s); /* false: it was given up, told */

/* What it is that it came to: "the end", "the end so far", "the beginning". */
const char *al_stepper_end(const al_stepper *s, bool is_back);

/* Was it given up?  Then that is said. */
bool al_stepper_gave_up(al_stepper *s, al_arrival arrival);
void al_stepper_say_hit(al_stepper *s, const al_breakpoint *hit);
void al_stepper_mark(al_stepper *s); /* the position, or clear its mark */
void al_stepper_unmark(al_stepper *s);

/* -- going.c -------------------------------------------------------------- */

/* What is typed after :goto. */
void al_stepper_go_to(al_stepper *s, const char *words);

/* False: it did not come there; why not is told. */
bool al_stepper_go_to_event(al_stepper *s, uint64_t number);

/* The first event from that time on, before `until`; where there is none, or
 * both are the same and no event has that time, to what is so then: the event
 * before. */
void al_stepper_go_to_time(al_stepper *s, double time, double until);

/* -- looking.c ------------------------------------------------------------ */

/* False: the request is for none of what looks around. */
bool al_stepper_request_look(al_stepper *s, al_request request);

/* In the pane that has the keys, or in what is told over them. */
void al_stepper_search(al_stepper *s, const char *pattern, bool is_back);
void al_stepper_search_again(al_stepper *s, bool is_back);
const char *al_stepper_searched(al_stepper *s); /* its title */

/* What is open is closed first: a search, a choice, the zoom. */
void al_stepper_leave(al_stepper *s);

/* -- running.c ------------------------------------------------------------ */

void al_stepper_run(al_stepper *s, bool is_back);
void al_stepper_change_speed(al_stepper *s, bool is_faster);
void al_stepper_set_speed(al_stepper *s, const char *words);

/* True: it ran, and the key that asks so was for stopping it. */
bool al_stepper_stops_run(al_stepper *s, al_request request);

/* -- keeping.c, exporting.c, editing.c ------------------------------------ */

/* Is it, by whatever name, a file that is looked at, which is not to be
 * written?  Then that is said. */
bool al_stepper_reads(al_stepper *s, const char *path);

/* Is something there that it is not insisted on to replace, or a pipe?  Then
 * that is said. */
bool al_stepper_spares(al_stepper *s, const char *path);

void al_stepper_save(al_stepper *s, const char *words);
void al_stepper_load(al_stepper *s, const char *words);
void al_stepper_load_usual(al_stepper *s); /* at first, where there is one */
void al_stepper_export(al_stepper *s, const char *words);
void al_stepper_edit(al_stepper *s);

/* -- following.c ---------------------------------------------------------- */

/* To the end, and on as the trace grows, up to a breakpoint. */
void al_stepper_tail(al_stepper *s);
bool al_stepper_is_tailing(const al_stepper *s);

/* Is what was read of a half there no more, so that it cannot go where it is
 * asked to?  Then that is said. */
void al_stepper_say_loss(al_stepper *s);

/* -- reloading.c ---------------------------------------------------------- */

void al_stepper_reload(al_stepper *s);

/* Read more of what is read anew of the driven half, and show it where that is
 * enough.  False: it has to be waited for. */
bool al_stepper_reload_on(al_stepper *s, bool may_wait);

/* To where the run that was shown before stood, or as near as it comes. */
void al_stepper_go_to_wanted(al_stepper *s);

/* What is read anew of the driven half, if anything is, is not wanted any
 * more. */
void al_stepper_drop_reload(al_stepper *s);

void al_stepper_close_history(const al_stepper *s, al_history *history);

/* -- marks.c -------------------------------------------------------------- */

/* By their time, where that is known: of a mark that is a number only, in the
 * old run (NULL: in none); those beyond the end go: how many.  One that has no
 * time, or nobody waits until it is found, keeps its number. */
size_t al_stepper_move_marks(al_stepper *s, al_history *old);

/* Are those that were kept of this run?  If not they move, and that is said.
 * Until so much is read nothing happens. */
void al_stepper_check_marks(al_stepper *s);

/* -- drawing.c ------------------------------------------------------------ */

/* Give the panes, and what is told over them, their places on the screen, whose
 * size is that of the one drawn last. */
void al_stepper_place(al_stepper *s);

/* -- status.c, watches.c, message.c, keybar.c ----------------------------- */

/* How many lines stand above the panes, one more where values are watched, and
 * below. */
int al_stepper_lines_above(const al_stepper *s);

enum { AL_LINES_BELOW = 2 };

/* Each its own line of the screen; a long message more of them. */
void al_stepper_draw_status(const al_stepper *s, const al_moment *now,
                            al_screen *screen);
void al_stepper_draw_watches(const al_stepper *s, const al_moment *now,
                             al_screen *screen);
void al_stepper_draw_message(const al_stepper *s, al_screen *screen);
void al_stepper_draw_keys(const al_stepper *s, al_screen *screen);

/* -- commands.c ----------------------------------------------------------- */

/* A line as it is typed after ":". */
void al_stepper_command(al_stepper *s, const char *line);

/* A request with words: "break" and "compact". */
void al_stepper_do(al_stepper *s, al_request request, const char *words);

/* -- completing.c --------------------------------------------------------- */

/* Complete the word at the cursor; again: the next word that it may be, or
 * the one before. */
void al_stepper_complete(al_stepper *s, bool is_back);

/* -- telling.c ------------------------------------------------------------ */

typedef void al_stepper_teller(void *self, uint64_t at, const al_event *event);

/* Tell the events that are known, from the first on.  Returns how many it told:
 * fewer where it was given up, and that is said. */
uint64_t al_stepper_read_known(al_stepper *s, al_stepper_teller *tell,
                               void *self);

/* A line below what was told of so many events, where the trace has more, or
 * will have. */
void al_stepper_add_bound(const al_stepper *s, uint64_t end, al_text *out);

/* Say that they tell of nothing, and the same; but where it was given up, that
 * stays said. */
void al_stepper_say_none(al_stepper *s, uint64_t end, al_ink ink,
                         const char *what);

/* -- findings.c ----------------------------------------------------------- */

/* What in the trace will hurt, as far as it is known. */
void al_stepper_tell_findings(al_stepper *s);

/* -- lists.c -------------------------------------------------------------- */

/* Lines over the panes that are no story, and were opened from none; and the
 * columns for them. */
void al_stepper_show_list(al_stepper *s, const char *title, const char *text);
unsigned al_stepper_page_width(const al_stepper *s);

/* Keys, commands and signs; where there are words, from the first line on that
 * has them, or from the command's that is called so. */
void al_stepper_help(al_stepper *s, const char *words);
void al_stepper_list_breakpoints(al_stepper *s);
void al_stepper_list_marks(al_stepper *s);

/* -- stories.c ------------------------------------------------------------ */

void al_stepper_tell_event(al_stepper *s); /* in a sentence */

/* From the line that is lit to its event, or to the story of what it names. */
void al_stepper_follow_line(al_stepper *s);

/* The story of the row that is chosen; what was cut of it stands above. */
void al_stepper_tell_chosen(al_stepper *s);

/* -- halves.c ------------------------------------------------------------- */

/* Two traces at the same place; moving goes on in the one that is driven, and
 * the other follows. */
void al_stepper_open_beside(al_stepper *s, const char *path);
void al_stepper_leave_beside(al_stepper *s);
void al_stepper_drive(al_stepper *s, al_side side);

/* The driven half and the other change places, wherever they stand. */
void al_stepper_exchange(al_stepper *s);

/* Keep within what it has of the memory for images, alone or beside another. */
void al_stepper_limit(const al_stepper *s, al_history *history);

/* Give the keys to the next pane, or the one before, of both halves. */
void al_stepper_turn(al_stepper *s, bool is_back);

void al_stepper_place_halves(al_stepper *s, al_area body);
void al_stepper_draw_halves(al_stepper *s, al_screen *screen, al_area body);

/* Do the words below the halves, on a screen of that width, say all of the
 * message already? */
bool al_stepper_repeats_words(const al_stepper *s, const char *message,
                              int width);

/* -- differences.c -------------------------------------------------------- */

/* To the first difference, the next, the one before.  False: the request is for
 * none. */
bool al_stepper_request_difference(al_stepper *s, al_request request);

#endif
