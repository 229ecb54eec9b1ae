/* keymap.c - see keymap.h. */
#include "cli/step/keymap.h"

#include "cli/page.h"
#include "cli/step/condition.h"
#include "loop/base/alloc.h"

void al_keymap_release(al_keymap *keymap)
{
    al_free(keymap->bindings);
    *keymap = (al_keymap){0};
}

/* NULL: it is as the table has it. */
static al_binding *find(const al_keymap *keymap, al_key key)
{
    for (size_t i = 0; i < keymap->count; i++) {
        if (keymap->bindings[i].key == key)
            return &keymap->bindings[i];
    }
    return NULL;
}

void al_keymap_bind(al_keymap *keymap, al_key key, al_request request)
{
    al_binding *binding = find(keymap, key);

    if (!binding) {
        keymap->bindings = al_grow(keymap->bindings, &keymap->capacity,
                                   keymap->count + 1,
                                   sizeof *keymap->bindings);
        binding = &keymap->bindings[keymap->count++];
    }
    *binding = (al_binding){key, request};
}

al_request al_keymap_request(const al_keymap *keymap, al_key key)
{
    const al_binding *binding = find(keymap, key);

    return binding ? binding->request : al_request_of_key(key);
}

/* -- the keys of a request ------------------------------------------------- */

typedef void tell_key(void *self, al_key key);

/* What somebody bound comes first. */
static void each_key(const al_keymap *keymap, al_request request,
                     tell_key *tell, void *self)
{
    const char *at = al_request_specs[request].keys;
    al_key key;

    for (size_t i = 0; i < keymap->count; i++) {
        if (keymap->bindings[i].request == request)
            tell(self, keymap->bindings[i].key);
    }
    while (*at) {
        at = al_key_parse(at, &key);
        if (!find(keymap, key))
            tell(self, key);
    }
}

static void keep_first(void *self, al_key key)
{
    al_key *first = self;

    if (*first == AL_KEY_NONE)
        *first = key;
}

al_request al_keymap_named(const al_keymap *keymap, const char *name,
                           size_t length, bool *ambiguous)
{
    al_request named = al_request_named(name, length, ambiguous);
    al_request asked = named == AL_REQ_NONE && length == 1
                           ? al_keymap_request(keymap, (unsigned char)*name)
                           : named;

    *ambiguous &= asked == AL_REQ_NONE;
    return asked;
}

al_key al_keymap_key(const al_keymap *keymap, al_request request)
{
    al_key first = AL_KEY_NONE;

    each_key(keymap, request, keep_first, &first);
    return first;
}

static void add_key(void *self, al_key key)
{
    al_key_add_name(self, key);
    al_text_add_char(self, ' ');
}

/* Side by side, or where that is too wide the meaning below. */
static void describe(const al_keymap *keymap, al_request request,
                     unsigned width, al_text *out)
{
    enum { KEYS = 20, NAME = 16, WIDE = 76 };
    const al_request_spec *spec = &al_request_specs[request];
    const al_page page = {.width = width};
    al_entry entry = {.indent = 2, .column = 2 + KEYS + NAME + 2,
                      .text = spec->meaning, .most_lines = 9};
    al_text name = {0};

    each_key(keymap, request, add_key, &name);
    while (name.length < KEYS)
        al_text_add_char(&name, ' ');
    al_text_add(&name, spec->name);
    if (width < WIDE) {
        al_text_add_format(out, "  %s\n", name.bytes);
        al_text_clear(&name);
        entry.column = 4;
    }
    entry.name = al_text_peek(&name);
    al_page_add_entry(&page, out, &entry);
    al_text_release(&name);
}

size_t al_keymap_describe(const al_keymap *keymap, al_request wanted,
                          unsigned width, al_text *out)
{
    const al_page page = {.width = width};
    size_t its_row = 0;

    al_page_add_line(&page, out, &(al_line){
        .what = al_request_preface,
        .is_wide = true, .most_lines = 9});
    for (size_t i = 0; i < al_request_entry_count; i++) {
        const al_request_entry *entry = &al_request_entries[i];

        if (entry->request == wanted && wanted != AL_REQ_NONE)
            its_row = out->length;
        if (entry->title)
            al_text_add_format(out, "\n%s\n", entry->title);
        else
            describe(keymap, entry->request, width, out);
    }
    al_text_add(out, "\nConditions of breakpoints, values of watches\n");
    al_conditions_describe(width, out);
    return its_row;
}
