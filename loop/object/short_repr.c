/* short_repr.c - reprlib.repr: what debug mode shows of arguments.
 *
 * Strings longer than 30 characters lose their middle, integers longer than
 * 40 digits too (ours never are), collections show their first six items,
 * anything else at most 30 characters of its repr. */
#include "loop/base/utf8.h"
#include "loop/object/exception.h"
#include "loop/object/value.h"

#include <string.h>

enum { MAX_LEVEL = 6, MAX_ITEMS = 6, MAX_STRING = 30, MAX_DEPTH = 4 };

static al_short_repr_hook *other_types;

void al_set_short_repr_hook(al_short_repr_hook *hook)
{
    other_types = hook;
}

/* What is left of a text: so many characters of its head and of its tail. */
enum { HEAD = (MAX_STRING - 3) / 2, TAIL = MAX_STRING - 3 - HEAD };

/* Add text[0..length), its middle replaced by "...". */
static void add_ends(const char *text, size_t length, al_text *out)
{
    size_t count = al_character_count(text, length);
    size_t tail = al_character_offset(text, length, count - TAIL);

    al_text_add_bytes(out, text, al_character_offset(text, length, HEAD));
    al_text_add(out, "...");
    al_text_add_bytes(out, text + tail, length - tail);
}

static void add_shortened(const char *text, size_t length, al_text *out)
{
    if (al_character_count(text, length) > MAX_STRING)
        add_ends(text, length, out);
    else
        al_text_add_bytes(out, text, length);
}

/* Where x[len(x)-tail:] begins: a negative index counts from the end. */
static size_t tail_start(size_t count, size_t tail)
{
    if (count >= tail)
        return count - tail;
    return 2 * count > tail ? 2 * count - tail : 0;
}

/* The repr of x[:head] + x[len(x)-tail:]. */
static void add_joined_repr(const al_str *str, al_text *out)
{
    size_t count = al_character_count(str->bytes, str->length);
    size_t head = al_character_offset(str->bytes, str->length, HEAD);
    size_t tail = al_character_offset(str->bytes, str->length,
                                      tail_start(count, TAIL));
    al_text joined = {0};

    al_text_add_bytes(&joined, str->bytes, head);
    al_text_add_bytes(&joined, str->bytes + tail, str->length - tail);
    al_str_repr_bytes(joined.bytes, joined.length, out);
    al_text_release(&joined);
}

/* Repr.repr_str looks at the first 30 characters only, and where their repr
 * is too long, at the repr of the head joined to the tail. */
static void short_str(const al_str *str, al_text *out)
{
    size_t looked_at = al_character_offset(str->bytes, str->length, MAX_STRING);
    al_text repr = {0};

    al_str_repr_bytes(str->bytes, looked_at, &repr);
    if (al_character_count(repr.bytes, repr.length) <= MAX_STRING) {
        al_text_add_bytes(out, repr.bytes, repr.length);
    } else {
        al_text_clear(&repr);
        add_joined_repr(str, &repr);
        add_ends(repr.bytes, repr.length, out);
    }
    al_text_release(&repr);
}

static void short_tuple(const al_tuple *tuple, int level, al_text *out)
{
    al_text_add_char(out, '(');
    if (level <= 0 && tuple->count > 0) {
        al_text_add(out, "...");
    } else {
        for (size_t i = 0; i < tuple->count && i < MAX_ITEMS; i++) {
            if (i)
                al_text_add(out, ", ");
            al_value_short_repr_level(tuple->items[i], level - 1, out);
        }
        if (tuple->count > MAX_ITEMS)
            al_text_add(out, ", ...");
    }
    al_text_add(out, tuple->count == 1 ? ",)" : ")");
}

/* A handle's repr shows its arguments by way of this function: among them
 * may be a list with the handle itself.  Only 30 characters are kept, so
 * what is that far inside cannot be seen. */
static void add_instance(al_value value, al_text *out)
{
    static _Thread_local int depth;
    bool was_raised = al_peek_raised() != NULL;

    if (depth < MAX_DEPTH) {
        depth++;
        al_value_repr(value, out);
        depth--;
    }
    if (depth == MAX_DEPTH || (!was_raised && al_peek_raised())) {
        if (!was_raised)
            al_unref(al_fetch_raised()); /* as Repr.repr_instance */
        al_text_clear(out);
        al_text_add_format(out, "<%s instance>", al_value_type_name(value));
    }
}

void al_value_short_repr_level(al_value value, int level, al_text *out)
{
    al_text whole = {0};

    if (al_is(value, &al_str_type)) {
        short_str((const al_str *)value.as.object, out);
    } else if (al_is(value, &al_tuple_type)) {
        short_tuple((const al_tuple *)value.as.object, level, out);
    } else if (value.tag != AL_OBJECT) {
        al_value_repr(value, out);
    } else if (!other_types || !other_types(value, level, out)) {
        add_instance(value, &whole);
        add_shortened(al_text_peek(&whole), whole.length, out);
        al_text_release(&whole);
    }
}

void al_value_short_repr(al_value value, al_text *out)
{
    al_value_short_repr_level(value, MAX_LEVEL, out);
}
