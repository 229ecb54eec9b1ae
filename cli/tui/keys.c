/* keys.c - see keys.h. */
#include "cli/tui/keys.h"

#include <string.h>
#include <strings.h>
#include "loop/base/utf8.h"

static const struct {
    const char *name;
    al_key key;
} names[] = {
    {"Enter", AL_KEY_ENTER},
    {"Tab", AL_KEY_TAB},
    {"Esc", AL_KEY_ESCAPE},
    {"Backspace", AL_KEY_BACKSPACE},
    {"Space", ' '},
    {"lt", '<'},
#define NAMED(KEY, name) {name, AL_KEY_##KEY},
    AL_NAMED_KEYS(NAMED)
#undef NAMED
};

enum { NAMES = sizeof names / sizeof *names, LONGEST = 9 };

static bool find_named(const char *name, al_key *key)
{
    for (int i = 0; i < NAMES; i++) {
        if (strcasecmp(names[i].name, name) == 0) {
            *key = names[i].key;
            return true;
        }
    }
    if (strncasecmp(name, "C-", 2) != 0 || name[2] < 'a' || name[2] > 'z' ||
        name[3])
        return false;
    *key = AL_KEY_CONTROL(name[2]);
    return true;
}

static const char *parse_named(const char *text, al_key *key)
{
    const char *end = strchr(text, '>');
    char name[LONGEST + 1];
    size_t length = end ? (size_t)(end - text) : 0;

    if (length == 0 || length > LONGEST)
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    return find_named(name, key) ? end + 1 : NULL;
}

const char *al_key_parse(const char *text, al_key *key)
{
    uint32_t code;
    size_t length;

    if (*text == '<')
        return parse_named(text + 1, key);
    length = al_utf8_decode(text, strlen(text), &code);
    if (length == 0 || code < ' ' || code == AL_KEY_BACKSPACE)
        return NULL;
    *key = code;
    return text + length;
}

void al_key_add_name(al_text *out, al_key key)
{
    char bytes[4];

    for (int i = 0; i < NAMES; i++) {
        if (names[i].key == key) {
            al_text_add_format(out, "<%s>", names[i].name);
            return;
        }
    }
    if (key < ' ')
        al_text_add_format(out, "<C-%c>", (int)(key + 'a' - 1));
    else
        al_text_add_bytes(out, bytes, al_utf8_encode(key, bytes));
}
