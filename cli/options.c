/* options.c - getopt_long, driven by a table; see options.h. */
#include "cli/options.h"

#include <getopt.h>
#include <string.h>
#include "loop/base/alloc.h"
#include "sim/json/suggest.h"

enum { HELP = 256, FIRST }; /* above every letter */

void al_strings_add(al_strings *strings, const char *string)
{
    strings->items = al_grow(strings->items, &strings->capacity,
                             strings->count + 1, sizeof *strings->items);
    strings->items[strings->count++] = string;
}

void al_strings_release(al_strings *strings)
{
    al_free(strings->items);
    *strings = (al_strings){0};
}

/* -- getopt's tables ---------------------------------------------------- */

typedef struct getopt_tables {
    struct option *longs;
    al_text letters;
} getopt_tables;

static void add_letter(getopt_tables *tables, char letter, bool has_argument)
{
    al_text_add_char(&tables->letters, letter);
    if (has_argument)
        al_text_add_char(&tables->letters, ':');
}

static size_t count_of(const al_option *options)
{
    size_t count = 0;

    while (options[count].kind != AL_OPTION_END)
        count++;
    return count;
}

static void fill_tables(const al_option *options, bool leading,
                        getopt_tables *tables)
{
    int count = 0;

    /* With --help, and the empty one that ends them. */
    tables->longs = al_alloc_zero(count_of(options) + 2, sizeof *tables->longs);
    al_text_add(&tables->letters, leading ? "+:" : ":");
    add_letter(tables, 'h', false);
    tables->longs[count++] = (struct option){"help", no_argument, NULL, HELP};
    for (int i = 0; options[i].kind != AL_OPTION_END; i++) {
        bool has_argument = options[i].kind != AL_OPTION_FLAG;

        tables->longs[count++] = (struct option){
            options[i].name, has_argument ? required_argument : no_argument,
            NULL, FIRST + i};
        if (options[i].letter)
            add_letter(tables, options[i].letter, has_argument);
    }
}

static void release_tables(getopt_tables *tables)
{
    al_free(tables->longs);
    al_text_release(&tables->letters);
}

static const al_option *find(const al_option *options, int code)
{
    if (code >= FIRST)
        return &options[code - FIRST];
    while (options->kind != AL_OPTION_END && options->letter != code)
        options++;
    return options;
}

/* -- values ------------------------------------------------------------- */

static bool is_choice(const char *choices, const char *value)
{
    size_t length = strlen(value);
    const char *at = choices;

    while (length && (at = strstr(at, value)) != NULL) {
        bool begins = at == choices || at[-1] == ' ';

        if (begins && (at[length] == ' ' || at[length] == '\0'))
            return true;
        at += length;
    }
    return false;
}

static bool store(const al_option *option, const char *value, al_error *err)
{
    switch (option->kind) {
    case AL_OPTION_FLAG:
        *(bool *)option->to = true;
        return true;
    case AL_OPTION_LIST:
        al_strings_add(option->to, value);
        return true;
    case AL_OPTION_CHOICE:
        if (!is_choice(option->choices, value))
            return al_fail(err, "--%s takes one of: %s; not '%s'",
                           option->name, option->choices, value);
        break;
    case AL_OPTION_STRING:
    case AL_OPTION_END:
        break;
    }
    *(const char **)option->to = value;
    return true;
}

/* -- mistakes ----------------------------------------------------------- */

static bool unknown_long(const al_option *options, const char *given,
                         al_error *err)
{
    al_strings names = {0};
    char *name = al_strndup(given, strcspn(given, "="));
    const char *near;

    al_strings_add(&names, "help");
    for (; options->kind != AL_OPTION_END; options++)
        al_strings_add(&names, options->name);
    near = al_suggest(name + 2, names.items, names.count);
    if (near)
        al_fail(err, "unknown option '%s'; did you mean '--%s'?", name, near);
    else
        al_fail(err, "unknown option '%s'", name);
    al_free(name);
    al_strings_release(&names);
    return false;
}

static bool mistake(const al_option *options, int code, char **argv,
                    al_error *err)
{
    const char *given = argv[optind - 1];

    if (code == ':')
        return al_fail(err, "option '%s' needs a value", given);
    if (optopt == 0 && strncmp(given, "--", 2) == 0)
        return unknown_long(options, given, err);
    if (optopt >= FIRST || optopt == HELP)
        return al_fail(err, "option '--%s' takes no value",
                       optopt == HELP ? "help" : find(options, optopt)->name);
    return al_fail(err, "unknown option '-%c'", optopt);
}

bool al_options_parse(const al_option *options, bool leading, int argc,
                      char **argv, al_strings *rest, bool *help,
                      al_error *err)
{
    getopt_tables tables = {0};
    bool ok = true;
    int code;

    fill_tables(options, leading, &tables);
    opterr = 0;
    optind = 0;
    while (ok && (code = getopt_long(argc, argv, tables.letters.bytes,
                                     tables.longs, NULL)) != -1) {
        if (code == '?' || code == ':')
            ok = mistake(options, code, argv, err);
        else if (code == HELP || code == 'h')
            *help = true;
        else
            ok = store(find(options, code), optarg, err);
    }
    for (int i = optind; ok && i < argc; i++)
        al_strings_add(rest, argv[i]);
    release_tables(&tables);
    return ok;
}

/* -- help --------------------------------------------------------------- */

static void describe(const al_option *option, al_text *out)
{
    al_text head = {0};

    if (option->letter)
        al_text_add_format(&head, "  -%c, --%s", option->letter, option->name);
    else
        al_text_add_format(&head, "      --%s", option->name);
    if (option->argument)
        al_text_add_format(&head, " %s", option->argument);
    if (head.length > 28)
        al_text_add_format(out, "%s\n%30s%s\n", head.bytes, "", option->help);
    else
        al_text_add_format(out, "%-28s  %s\n", head.bytes, option->help);
    al_text_release(&head);
}

void al_options_describe(const al_option *options, al_text *out)
{
    static const al_option help = {AL_OPTION_FLAG, 'h', "help", NULL,
                                   "show this help", NULL, NULL};

    for (; options->kind != AL_OPTION_END; options++)
        describe(options, out);
    describe(&help, out);
}
