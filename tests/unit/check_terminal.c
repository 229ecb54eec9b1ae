/* check_terminal.c - however a process ends, its terminal is as it was. */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include "cli/tui/terminal.h"
#include "tests/unit/suites.h"

typedef struct pty {
    int master, slave;
} pty;

static pty open_pty(void)
{
    pty p = {.master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)};

    ck_assert_int_ge(p.master, 0);
    ck_assert_int_eq(grantpt(p.master), 0);
    ck_assert_int_eq(unlockpt(p.master), 0);
    p.slave = open(ptsname(p.master), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(p.slave, 0);
    return p;
}

/* What is in the way of a plain end by SIGSEGV: a sanitizer, a core. */
static void let_it_fall(void)
{
    const struct rlimit none = {0}, small = {1 << 20, 1 << 20};

    signal(SIGSEGV, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_STACK, &small);
}

static int fall(int depth)
{
    volatile char room[256];

    room[0] = (char)depth;
    return depth == INT_MAX ? 0 : fall(depth + 1) + room[0];
}

static void draw_and_fall(const pty *p)
{
    static const al_look looks[AL_INK_COUNT];
    al_screen screen = {0};
    al_error err = {0};

    setsid();
    ioctl(p->slave, TIOCSCTTY, 0);
    dup2(p->slave, STDIN_FILENO);
    dup2(p->slave, STDOUT_FILENO);
    setenv("TERM", "xterm", 1);
    let_it_fall();
    if (!al_terminal_open(AL_THEME_MONO, looks, &err))
        _exit(EXIT_FAILURE);
    al_screen_resize(&screen, 10, 2);
    al_terminal_show(&screen, 0, 0);
    _exit(fall(0));
}

/* What comes of a terminal comes in parts, and not at once. */
static void read_up_to(const pty *p, const char *last, char *shown,
                       size_t room)
{
    enum { PATIENCE = 10000 }; /* milliseconds */
    struct pollfd input = {.fd = p->master, .events = POLLIN};
    size_t length = 0;
    ssize_t count = 1;

    shown[0] = '\0';
    while (count > 0 && !strstr(shown, last) &&
           poll(&input, 1, PATIENCE) > 0) {
        count = read(p->master, shown + length, room - 1 - length);
        length += count > 0 ? (size_t)count : 0;
        shown[length] = '\0';
    }
}

START_TEST(a_stack_that_overflows_leaves_the_terminal_as_it_was)
{
    pty p = open_pty();
    struct termios before, after;
    char shown[4096];
    pid_t child;
    int status;

    ck_assert_int_eq(tcgetattr(p.slave, &before), 0);
    child = fork();
    if (child == 0)
        draw_and_fall(&p);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    read_up_to(&p, "\033[?1049l", shown, sizeof shown);
    ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    ck_assert_ptr_nonnull(strstr(shown, "\033[?1049h"));
    ck_assert_ptr_nonnull(strstr(shown, "\033[?1049l"));
    ck_assert_int_eq(tcgetattr(p.slave, &after), 0);
    ck_assert_uint_eq(after.c_lflag, before.c_lflag);
    ck_assert_uint_eq(after.c_cc[VINTR], before.c_cc[VINTR]);
    close(p.slave);
    close(p.master);
}
END_TEST

Suite *terminal_suite(void)
{
    Suite *suite = suite_create("terminal");
    TCase *tcase = tcase_create("terminal");

    tcase_add_test(tcase,
                   a_stack_that_overflows_leaves_the_terminal_as_it_was);
    suite_add_tcase(suite, tcase);
    return suite;
}
