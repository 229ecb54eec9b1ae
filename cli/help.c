/* help.c - see help.h. */
#include "cli/help.h"

#include <string.h>
#include "cli/manual.h"
#include "cli/step/config.h"
#include "cli/step/keymap.h"
#include "cli/tui/glyphs.h"

typedef struct topic {
    const char *summary;
    const char *text;             /* NULL: it is made */
    void (*add)(al_text *out);
} topic;

static void add_keys(al_text *out)
{
    static const al_keymap usual;

    al_keymap_describe(&usual, AL_REQ_NONE, 80, out);
    al_text_add(out, "\nSigns\n");
    al_glyphs_describe(al_glyphs_of(false), 80, out);
}

static void add_config(al_text *out)
{
    al_text_add(out,
                "What the stepper looks like, and its keys, is told by lines "
                "of the file\n$XDG_CONFIG_HOME/asyncloop-sim/config, "
                "~/.config/asyncloop-sim/config where\nthat is not set, or of "
                "the file of 'step --config'; a line that begins with #\nis a "
                "comment:\n\n");
    al_config_describe(out);
}

/* The index of a topic is that of its name. */
static const char *const names[] = {"ids", "traces", "targets", "exit-codes",
                                    "environment", "keys", "config", "man", "bash", NULL};

static const topic topics[] = {
    {"h3, t1, f2, p4, l1 in traces and accounts",
     "Everything is called by a letter and a number, in the order of creation:\n"
     "\n"
     "  h3  a handle, by call_soon, call_at, add_reader and the like; h1 is\n"
     "      the loop's own, by which threads and signals wake select\n"
     "  t1  a task\n"
     "  f2  a future that is no task\n"
     "  p4  a lock, event, condition, semaphore, barrier or queue\n"
     "  l1  an event loop, where there are several\n"
     "\n"
     "'by' names the handle whose callback did something; nothing stands for\n"
     "the program outside of the loop, and 'world' for what is outside of it.\n",
     NULL},
    {"what a trace is, where it comes from, who reads it",
     "A trace has one JSON object a line: a header, then an event for each\n"
     "decision of the loop.  'run --trace FILE' writes the one of a scenario,\n"
     "'record' that of a Python program.  run, step, stats, explain, lint, diff\n"
     "and export take a trace wherever they take a scenario, '-' for stdin.\n"
     "\n"
     "A folder of scenarios has its recorded traces in traces/ beside them:\n"
     "'test' compares.  scenarios/README.md names every event and field.\n",
     NULL},
    {"what 'explain' can explain",
     "  h12, t3, f2     a handle, a task, a future (see 'help ids')\n"
     "  @1.5            what the loop did at that time, in seconds\n"
     "  worker-1        a task, by its name\n"
     "  'gave up'       the first line of the log that has it\n"
     "\n"
     "The log is what a scenario logs, and asyncio's own warnings; what a\n"
     "recorded program prints is not in it.\n",
     NULL},
    {"what the exit codes mean",
     "  0  success\n"
     "  1  the program failed, a comparison differed, or lint found something\n"
     "  2  usage or input\n"
     "  3  deadlock: nothing can ever happen again\n"
     "  4  a limit was reached, or Ctrl-C\n"
     "  5  the machine refused: no memory, disk full, cannot write, no Python\n"
     "  141  who read the output has gone, as 'head' does: nothing is said\n"
     "\n"
     "Of several scenarios the gravest counts: 4, then 5, 2, 1.  'record' ends\n"
     "with the recorded program's own status, 128 + N where signal N ended it\n"
     "(Ctrl-C: 130).\n",
     NULL},
    {"the environment variables that are heeded",
     "  NO_COLOR         if set and not empty: no colours, unless --color always\n"
     "  TERM             'dumb': no colours either\n"
     "  TMPDIR           where temporary files go\n"
     "  VISUAL, EDITOR   what 'step' opens sources with (default: vi)\n"
     "  XDG_STATE_HOME   where 'step' keeps breakpoints and marks, in the folder\n"
     "                   asyncloop-sim/step (default: ~/.local/state)\n"
     "  XDG_CONFIG_HOME  where the stepper's configuration is (see 'help "
     "config')\n",
     NULL},
    {"the keys, commands and signs of 'step'", NULL, add_keys},
    {"the configuration file of 'step'", NULL, add_config},
    {"the manual page, for man: 'help man | man -l -'", NULL,
     al_manual_add_page},
    {"completion for bash: 'source <(asyncloop-sim help bash)'", NULL,
     al_manual_add_completion},
};

const char *const *al_help_topics(void)
{
    return names;
}

void al_help_add_overview(al_text *out)
{
    al_text_add(out, "asyncloop-sim - asyncio's event loop, step by step, "
                "exactly as CPython 3.14\n\nusage: asyncloop-sim COMMAND "
                "[OPTION...] [ARGUMENT...]\n\ncommands:\n");
    for (const al_command *const *c = al_commands; *c; c++)
        al_text_add_format(out, "  %-13s%s\n", (*c)->name, (*c)->summary);
    al_text_add(out, "\ntopics, by 'asyncloop-sim help TOPIC':\n");
    for (size_t i = 0; names[i]; i++)
        al_text_add_format(out, "  %-13s%s\n", names[i], topics[i].summary);
    al_text_add(out, "\n'asyncloop-sim COMMAND --help' tells more about each "
                "command.\n");
}

void al_help_add_command(al_text *out, const al_command *command)
{
    al_text_add_format(out, "usage: asyncloop-sim %s %s\n\n%s\n",
                       command->name, command->usage, command->summary);
    if (command->details)
        al_text_add_format(out, "\n%s", command->details);
    al_text_add(out, "\noptions:\n");
    al_options_describe(command->options, out);
    al_text_add_format(out, "\nexamples:\n%s", command->examples);
}

bool al_help_add_topic(al_text *out, const char *name)
{
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], name) != 0)
            continue;
        if (topics[i].add)
            topics[i].add(out);
        else
            al_text_add(out, topics[i].text);
        return true;
    }
    return false;
}
