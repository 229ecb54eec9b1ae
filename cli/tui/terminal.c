/* terminal.c - see terminal.h. */
#define NCURSES_WIDECHAR 1

#include "cli/tui/terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include "cli/tui/key_bytes.h"

/* -- colours -------------------------------------------------------------- */

enum {
    DEFAULT = AL_COLOUR_DEFAULT,
    GREY = AL_COLOUR_BRIGHT + COLOR_BLACK,
    MANY = 256,       /* colours: there are shades of grey among them */
    DARK_GREY = 236,
    LIGHT_GREY = 254
};

typedef struct paint { /* colours of the terminal; DEFAULT: its own */
    short foreground, background;
    attr_t attributes;
} paint;

static attr_t attributes[AL_INK_COUNT];
static short pairs[AL_INK_COUNT];
static short changed_pairs[AL_INK_COUNT]; /* on a background that stands out */
static attr_t changed_attributes;

/* A terminal of eight colours shows the bright ones as plain, grey as dim. */
static short colour_of(short colour)
{
    if (colour < COLORS)
        return colour;
    if (colour >= 2 * AL_COLOUR_BRIGHT)
        return DEFAULT;
    return colour == GREY ? DEFAULT : (short)(colour - AL_COLOUR_BRIGHT);
}

static paint paints[AL_INK_COUNT];

static paint paint_of(const al_look *look)
{
    return (paint){
        look->foreground, look->background,
        (look->attributes & AL_LOOK_BOLD ? A_BOLD : A_NORMAL) |
            (look->attributes & AL_LOOK_DIM ? A_DIM : A_NORMAL) |
            (look->attributes & AL_LOOK_UNDERLINE ? A_UNDERLINE : A_NORMAL) |
            (look->attributes & AL_LOOK_REVERSE ? A_REVERSE : A_NORMAL)};
}

/* What changed stands on grey, or is bold where there is no grey. */
static void set_up_changed(al_theme theme, bool has_colours)
{
    bool has_grey = has_colours && COLORS >= MANY &&
                    COLOR_PAIRS > 2 * AL_INK_COUNT;

    changed_attributes = has_grey ? A_NORMAL : A_BOLD;
    for (int ink = 0; ink < AL_INK_COUNT; ink++) {
        changed_pairs[ink] = pairs[ink];
        if (!has_grey || paints[ink].background != DEFAULT)
            continue;
        changed_pairs[ink] = (short)(AL_INK_COUNT + ink + 1);
        init_pair(changed_pairs[ink], paints[ink].foreground,
                  theme == AL_THEME_LIGHT ? LIGHT_GREY : DARK_GREY);
    }
}

static void set_up_ink(int ink, bool has_colours)
{
    const paint *p = &paints[ink];

    pairs[ink] = 0;
    attributes[ink] = p->attributes;
    if (!has_colours)
        return;
    pairs[ink] = (short)(ink + 1);
    init_pair(pairs[ink], colour_of(p->foreground), colour_of(p->background));
    if (p->foreground == GREY && colour_of(GREY) == DEFAULT)
        attributes[ink] |= A_DIM;
}

static void set_up_inks(al_theme theme, const al_look *looks)
{
    bool has_colours = theme != AL_THEME_MONO && has_colors() &&
                       start_color() == OK && use_default_colors() == OK;

    for (int ink = 0; ink < AL_INK_COUNT; ink++) {
        al_look look = looks[ink].is_set
                           ? looks[ink]
                           : al_theme_look(has_colours ? theme
                                                       : AL_THEME_MONO,
                                           (al_ink)ink);

        paints[ink] = paint_of(&look);
        set_up_ink(ink, has_colours);
    }
    set_up_changed(theme, has_colours);
}

/* -- the terminal --------------------------------------------------------- */

static SCREEN *opened;
static int keyboard = STDIN_FILENO;
static al_key_bytes typed; /* of a character */
static FILE *own_keyboard; /* NULL: it is stdin */
static struct termios before;
static char leaving[256]; /* what makes the terminal as it was */
static size_t leaving_length;
static volatile sig_atomic_t is_open;
static volatile sig_atomic_t is_sending;
static pid_t opener; /* a process of its own that it starts has no terminal */

/* "$<2>" asks curses to wait so long, and is nothing to a terminal.  0: there is
 * none. */
static size_t length_of_padding(const char *text)
{
    const char *end = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;

    return end ? (size_t)(end + 1 - text) : 0;
}

static void add_leaving(const char *capability)
{
    const char *text = tigetstr(capability);

    if (!text || text == (char *)-1 ||
        leaving_length + strlen(text) >= sizeof leaving)
        return;
    while (*text) {
        size_t padding = length_of_padding(text);

        if (padding == 0)
            leaving[leaving_length++] = *text++;
        text += padding;
    }
}

/* Unless there is no room for it: it may be done by a signal's handler, where
 * nobody could end the waiting. */
static void send_last(const char *text, size_t length)
{
    enum { PATIENCE = 200 }; /* milliseconds */
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    if (poll(&output, 1, PATIENCE) > 0 &&
        write(STDOUT_FILENO, text, length) < 0)
        return; /* it is gone */
}

void al_terminal_restore(void)
{
    static const char no_mouse[] = "\033[?1002l\033[?1000l\033[?1006l";

    if (!is_open || getpid() != opener)
        return;
    is_open = false;
    send_last(no_mouse, sizeof no_mouse - 1);
    send_last(leaving, leaving_length);
    tcsetattr(keyboard, TCSANOW, &before);
}

bool al_terminal_is_stuck(void)
{
    return is_sending;
}

/* Terminals that know a mouse tell where it is moved while it is pressed only
 * if they are asked to, of which curses knows nothing. */
static void ask_for_drags(bool on)
{
    static const char mode[2][9] = {"\033[?1002l", "\033[?1002h"};

    if (has_mouse() && write(STDOUT_FILENO, mode[on], sizeof *mode - 1) < 0)
        return; /* it is gone, which reading will tell */
}

static struct sigaction stopping; /* by curses */

/* It takes effect once the handler that calls this has returned. */
static void act_by_default(int sig)
{
    signal(sig, SIG_DFL);
    raise(sig);
}

static void stop(int sig)
{
    if (getpid() != opener) {
        act_by_default(sig);
        return;
    }
    ask_for_drags(false);
    stopping.sa_handler(sig);
    ask_for_drags(true);
}

static bool is_stopped_by_curses(void)
{
    return stopping.sa_handler != SIG_IGN && stopping.sa_handler != SIG_DFL;
}

/* What ends the process without warning: a crash, Ctrl-\, a signal sent. */
static void end(int sig)
{
    al_terminal_restore();
    act_by_default(sig);
}

static bool is_end(int sig)
{
    static const int others[] = {SIGCHLD, SIGCONT, SIGURG,  SIGWINCH,
                                 SIGTSTP, SIGTTIN, SIGTTOU};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (sig == others[i])
            return false;
    }
    return true;
}

/* Where the stack has overflowed there is no room on it for a handler. */
static void set_up_handlers_stack(void)
{
    static char room[1 << 16];
    const stack_t own = {.ss_sp = room, .ss_size = sizeof room};

    sigaltstack(&own, NULL);
}

/* Of SIGKILL, SIGSTOP and those that libc keeps it cannot be changed what they
 * do. */
static void catch_ends(void)
{
    const struct sigaction ending = {.sa_handler = end, .sa_flags = SA_ONSTACK};

    set_up_handlers_stack();
    for (int sig = 1; sig <= SIGRTMAX; sig++) {
        struct sigaction old;

        if (is_end(sig) && sigaction(sig, NULL, &old) == 0 &&
            old.sa_handler == SIG_DFL)
            sigaction(sig, &ending, NULL);
    }
}

bool al_terminal_has_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool can_move(void)
{
    const char *move = tigetstr("cup");

    return move && move != (char *)-1;
}

/* What terminals send for these that call themselves something else: tmux and
 * PuTTY as "xterm". */
static void know_other_keys(void)
{
    static const struct {
        const char *sent;
        int code;
    } others[] = {
        {"\033[1~", KEY_HOME}, {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME},
        {"\033[4~", KEY_END},  {"\033[F", KEY_END},  {"\033OF", KEY_END},
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (key_defined(others[i].sent) == 0)
            define_key(others[i].sent, others[i].code);
    }
}

/* It leaves what is being typed, or ends what takes long.  Ctrl-\ stays a
 * signal: the way out where nothing else is. */
static void make_a_key_of_ctrl_c(void)
{
    struct termios now;

    if (tcgetattr(keyboard, &now) != 0)
        return;
    now.c_cc[VINTR] = _POSIX_VDISABLE;
    tcsetattr(keyboard, TCSANOW, &now);
    def_prog_mode();
}

/* Every key at once, unechoed, those of the keypad and the mouse too; Ctrl-Z
 * stays a signal, which curses sees to. */
static void set_up_input(void)
{
    cbreak();
    noecho();
    nonl();
    make_a_key_of_ctrl_c();
    keypad(stdscr, TRUE);
    know_other_keys();
    set_escdelay(50);
    mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON4_PRESSED |
                  BUTTON5_PRESSED | REPORT_MOUSE_POSITION, NULL);
    mouseinterval(0);
    curs_set(0);
    ask_for_drags(true);
    sigaction(SIGTSTP, NULL, &stopping);
    if (is_stopped_by_curses())
        signal(SIGTSTP, stop);
}

/* Where something is piped to stdin keys come from the terminal all the same,
 * as less has them. */
static bool find_keyboard(void)
{
    if (isatty(STDIN_FILENO))
        return true;
    own_keyboard = fopen("/dev/tty", "re");
    if (!own_keyboard)
        return false;
    keyboard = fileno(own_keyboard);
    return true;
}

static void leave_keyboard(void)
{
    if (own_keyboard)
        fclose(own_keyboard);
    own_keyboard = NULL;
    keyboard = STDIN_FILENO;
}

bool al_terminal_open(al_theme theme, const al_look *looks, al_error *err)
{
    const char *kind = getenv("TERM");

    if (!isatty(STDOUT_FILENO) || !find_keyboard())
        return al_fail(err, "there is no terminal to draw on (--dump prints "
                       "the screen)");
    setlocale(LC_CTYPE, ""); /* numbers stay as they are written */
    tcgetattr(keyboard, &before);
    opened = newterm(NULL, stdout, own_keyboard ? own_keyboard : stdin);
    if (!opened) {
        leave_keyboard();
        return al_fail(err, "the terminal '%s' is unknown", kind ? kind : "");
    }
    if (!can_move()) {
        al_terminal_close();
        return al_fail(err, "a terminal '%s' cannot draw a screen",
                       kind ? kind : "");
    }
    add_leaving("rmkx");
    add_leaving("rmcup");
    add_leaving("cnorm");
    add_leaving("sgr0");
    opener = getpid();
    is_open = true;
    catch_ends();
    set_up_inks(theme, looks);
    set_up_input();
    return true;
}

void al_terminal_close(void)
{
    if (!opened)
        return;
    is_sending = true;
    ask_for_drags(false);
    endwin();
    is_sending = false;
    is_open = false;
    delscreen(opened);
    opened = NULL;
    leave_keyboard();
}

void al_terminal_size(int *width, int *height)
{
    getmaxyx(stdscr, *height, *width);
}

/* -- showing -------------------------------------------------------------- */

static void show_cell(const al_cell *cell, int x, int y)
{
    bool is_changed = cell->flags & AL_CELL_CHANGED;
    attr_t its = attributes[cell->ink] |
                 (is_changed ? changed_attributes : A_NORMAL);

    if (cell->flags & AL_CELL_TAIL)
        return;
    if (cell->flags & (AL_CELL_FOUND | AL_CELL_DIFFERS))
        its |= A_UNDERLINE;
    attr_set(its, (is_changed ? changed_pairs : pairs)[cell->ink], NULL);
    mvaddstr(y, x, cell->bytes);
}

void al_terminal_show(const al_screen *screen, int cursor_x, int cursor_y)
{
    is_sending = true;
    erase();
    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++)
            show_cell(&screen->cells[y * screen->width + x], x, y);
    }
    curs_set(cursor_y >= 0);
    if (cursor_y >= 0)
        move(cursor_y, cursor_x);
    refresh();
    is_sending = false;
}

/* Stopped meanwhile, curses would draw on it when it goes on. */
void al_terminal_pause(void)
{
    ask_for_drags(false);
    endwin();
    is_open = false;
    if (is_stopped_by_curses())
        signal(SIGTSTP, SIG_DFL);
}

void al_terminal_resume(void)
{
    is_open = true;
    if (is_stopped_by_curses())
        signal(SIGTSTP, stop);
    clearok(stdscr, TRUE);
    refresh();
    ask_for_drags(true);
}

void al_terminal_redraw(void)
{
    clearok(stdscr, TRUE);
}

/* -- keys ----------------------------------------------------------------- */

static al_key key_of(wint_t code)
{
    static const struct {
        wint_t code;
        al_key key;
    } keys[] = {
        {KEY_UP, AL_KEY_UP},          {KEY_DOWN, AL_KEY_DOWN},
        {KEY_LEFT, AL_KEY_LEFT},      {KEY_RIGHT, AL_KEY_RIGHT},
        {KEY_SLEFT, AL_KEY_SHIFT_LEFT},
        {KEY_SRIGHT, AL_KEY_SHIFT_RIGHT},
        {KEY_PPAGE, AL_KEY_PAGE_UP},  {KEY_NPAGE, AL_KEY_PAGE_DOWN},
        {KEY_HOME, AL_KEY_HOME},      {KEY_END, AL_KEY_END},
        {KEY_IC, AL_KEY_INSERT},      {KEY_DC, AL_KEY_DELETE},
        {KEY_BTAB, AL_KEY_SHIFT_TAB}, {KEY_ENTER, AL_KEY_ENTER},
        {KEY_BACKSPACE, AL_KEY_BACKSPACE},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i].code == code)
            return keys[i].key;
    }
    if (code >= KEY_F(1) && code <= KEY_F(10))
        return AL_KEY_F1 + (al_key)(code - KEY_F(1));
    return AL_KEY_NONE;
}

static al_input_event read_mouse(void)
{
    MEVENT m;
    al_input_event event = {.kind = AL_INPUT_MOUSE};

    if (getmouse(&m) != OK)
        return (al_input_event){.kind = AL_INPUT_NONE};
    event.x = m.x;
    event.y = m.y;
    event.act = m.bstate & BUTTON4_PRESSED   ? AL_MOUSE_WHEEL_UP
                : m.bstate & BUTTON5_PRESSED ? AL_MOUSE_WHEEL_DOWN
                : m.bstate & BUTTON1_RELEASED ? AL_MOUSE_RELEASE
                : m.bstate & REPORT_MOUSE_POSITION ? AL_MOUSE_DRAG
                                             : AL_MOUSE_PRESS;
    return event;
}

static bool is_hung_up(void)
{
    struct pollfd input = {.fd = keyboard, .events = POLLIN};

    return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR);
}

static al_input_event read_byte(char byte)
{
    al_key key = al_key_bytes_take(&typed, byte);

    return (al_input_event){.kind = key == AL_KEY_NONE ? AL_INPUT_NONE
                                                       : AL_INPUT_KEY,
                            .key = key};
}

/* By bytes: curses' own get_wch waits for what is to come after a byte that
 * begins no character, and swallows the keys that come. */
al_input_event al_terminal_read(int timeout_ms)
{
    int code;

    timeout(timeout_ms);
    code = getch();
    if (code >= 0 && code < KEY_MIN)
        return read_byte((char)code);
    if (code == ERR)
        return (al_input_event){.kind = is_hung_up() ? AL_INPUT_GONE
                                                     : AL_INPUT_NONE};
    if (code == KEY_RESIZE)
        return (al_input_event){.kind = AL_INPUT_RESIZE};
    if (code == KEY_MOUSE)
        return read_mouse();
    return (al_input_event){.kind = AL_INPUT_KEY, .key = key_of((wint_t)code)};
}

bool al_terminal_has_key(void)
{
    struct pollfd input = {.fd = keyboard, .events = POLLIN};

    return poll(&input, 1, 0) > 0;
}
