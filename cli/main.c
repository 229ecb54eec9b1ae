/* main.c - asyncloop-sim: finds the subcommand and sees to a clean end. */
#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "cli/help.h"
#include "loop/base/alloc.h"
#include "sim/base/pieces.h"
#include "sim/base/sink.h"
#include "sim/json/suggest.h"

/* -- running a command -------------------------------------------------- */

/* A full disk or a closed pipe is no success. */
static al_exit check_stdout(al_exit status)
{
    char why[100];

    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    snprintf(why, sizeof why, "cannot write stdout: %s", strerror(errno));
    return al_refuse(why);
}

static void print(al_text *text)
{
    fwrite(text->bytes, 1, text->length, stdout);
    al_text_release(text);
}

static al_exit run_command(const al_command *command, int argc, char **argv)
{
    al_strings rest = {0};
    al_error err = {0};
    bool help = false;
    al_exit status;

    if (!al_options_parse(command->options, command->ends_options, argc, argv,
                          &rest, &help, &err)) {
        al_complain("%s (see 'asyncloop-sim %s --help')", err.message,
                    command->name);
        status = AL_EXIT_USAGE;
    } else if (help) {
        al_text text = {0};

        al_help_add_command(&text, command);
        print(&text);
        status = AL_EXIT_OK;
    } else {
        status = command->run((int)rest.count, (char **)rest.items);
    }
    al_strings_release(&rest);
    return check_stdout(status);
}

static const al_command *find(const char *name)
{
    for (const al_command *const *c = al_commands; *c; c++) {
        if (strcmp((*c)->name, name) == 0)
            return *c;
    }
    return NULL;
}

static al_exit unknown_command(const char *name)
{
    const char *what = name[0] == '-' ? "option" : "command";
    al_strings names = {0};
    const char *near;

    al_strings_add(&names, "help");
    al_strings_add(&names, "--help");
    al_strings_add(&names, "--version");
    for (const al_command *const *c = al_commands; *c; c++)
        al_strings_add(&names, (*c)->name);
    for (const char *const *topic = al_help_topics(); *topic; topic++)
        al_strings_add(&names, *topic);
    near = al_suggest(name, names.items, names.count);
    al_strings_release(&names);
    if (near)
        al_complain("unknown %s '%s'; did you mean '%s'?", what, name, near);
    else
        al_complain("unknown %s '%s' (see 'asyncloop-sim --help')", what,
                    name);
    return AL_EXIT_USAGE;
}

static bool is(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static al_exit help_on(int argc, char **argv)
{
    const char *about =
        argc > 2 && !is(argv[2], "--help", "-h") ? argv[2] : NULL;
    const al_command *command = about ? find(about) : NULL;
    al_text text = {0};

    if (command)
        al_help_add_command(&text, command);
    else if (!about)
        al_help_add_overview(&text);
    else if (!al_help_add_topic(&text, about))
        return unknown_command(about);
    print(&text);
    return check_stdout(AL_EXIT_OK);
}

static al_exit dispatch(int argc, char **argv)
{
    const al_command *command;

    if (argc < 2) {
        al_complain("no command given (see 'asyncloop-sim --help')");
        return AL_EXIT_USAGE;
    }
    if (is(argv[1], "--version", "-V") || is(argv[1], "version", "version")) {
        printf("asyncloop-sim %s (schedules as CPython 3.14)\n", AL_VERSION);
        return check_stdout(AL_EXIT_OK);
    }
    if (is(argv[1], "--help", "-h") || is(argv[1], "help", "help"))
        return help_on(argc, argv);
    command = find(argv[1]);
    if (!command)
        return unknown_command(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}

/* -- the ends that come from outside ------------------------------------ */

static void out_of_memory(size_t size)
{
    al_sinks_abandon();
    fprintf(stderr, "asyncloop-sim: out of memory (%zu bytes asked for)\n",
            size);
    _exit(AL_EXIT_REFUSED);
}

/* A stream that the shell closed is opened so that using it fails: else the
 * next file we open would be taken for it. */
static void open_streams(void)
{
    static const int wrong_way[] = {O_WRONLY, O_RDONLY, O_RDONLY};

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", wrong_way[fd]) < 0)
            _exit(AL_EXIT_REFUSED);
    }
}

int main(int argc, char **argv)
{
    open_streams();
    al_interrupt_set_up();
    signal(SIGPIPE, SIG_IGN); /* write() tells us */
    signal(SIGXFSZ, SIG_IGN);
    al_set_oom_handler(out_of_memory);
    al_pieces_use();
    return (int)dispatch(argc, argv);
}
