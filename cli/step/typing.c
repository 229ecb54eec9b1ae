/* typing.c - keys: counts, what is typed at a prompt, and what else they ask
 * for. */
#include "cli/step/private.h"

#include <string.h>
#include "loop/base/alloc.h"

enum { MOST_COUNT = 100000000 };

/* As <Tab> leaves one behind a word. */
static void cut_blanks_after(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ')
        text[--length] = '\0';
}

static void answer(al_stepper *s)
{
    char *text = al_strdup(al_text_peek(&s->prompt.text));
    al_request asked = s->asking;

    s->asking = AL_REQ_NONE;
    if (asked == AL_REQ_SEARCH || asked == AL_REQ_SEARCH_BACK) {
        al_stepper_search(s, text, asked == AL_REQ_SEARCH_BACK);
    } else {
        cut_blanks_after(text);
        if (asked == AL_REQ_COMMAND)
            al_stepper_command(s, text);
        else
            al_stepper_do(s, asked, text + strspn(text, " "));
    }
    al_free(text);
}

static void prompt_key(al_stepper *s, al_key key)
{
    if (key == AL_KEY_TAB || key == AL_KEY_SHIFT_TAB) {
        al_stepper_complete(s, key == AL_KEY_SHIFT_TAB);
        return;
    }
    al_completion_release(&s->completion);
    switch (al_prompt_key(&s->prompt, key)) {
    case AL_PROMPT_DONE:
        answer(s);
        s->count = 0;
        break;
    case AL_PROMPT_LEFT:
        s->asking = AL_REQ_NONE;
        s->count = 0;
        break;
    case AL_PROMPT_GOES_ON:
        break;
    }
}

/* A digit of a count; not a leading zero. */
static bool take_digit(al_stepper *s, al_key key)
{
    if (key < '0' || key > '9' || (key == '0' && s->count == 0))
        return false;
    s->count = s->count * 10 + (long)(key - '0');
    if (s->count > MOST_COUNT)
        s->count = MOST_COUNT;
    return true;
}

/* While something is searched for, n and N go to where else it is. */
static bool take_search_key(al_stepper *s, al_key key)
{
    if (!s->pattern || (key != 'n' && key != 'N'))
        return false;
    al_stepper_search_again(s, s->is_search_back != (key == 'N'));
    return true;
}

/* Where nothing is under way: a second one quits. */
static bool take_ctrl_c(al_stepper *s, al_key key)
{
    bool is_again = s->is_leaving;

    s->is_leaving = key == AL_KEY_CONTROL('c');
    if (!s->is_leaving)
        return false;
    s->count = 0;
    s->is_over = is_again;
    al_stepper_say(s, AL_INK_MESSAGE, "Ctrl-C again quits");
    return true;
}

static void take_key(al_stepper *s, al_key key)
{
    al_request request = al_keymap_request(&s->config->keymap, key);

    if (al_stepper_stops_run(s, request))
        return;
    if (s->asking != AL_REQ_NONE) {
        prompt_key(s, key);
        return;
    }
    if (request == AL_REQ_NONE && take_ctrl_c(s, key))
        return;
    s->is_leaving = false;
    if (take_digit(s, key))
        return;
    al_text_clear(&s->message);
    if (!take_search_key(s, key))
        al_stepper_request(s, request);
    if (s->asking != AL_REQ_COMMAND) /* it is the command's */
        s->count = 0;
}

/* Where panes are, and how many rows they show, is as if each key before had
 * been drawn. */
void al_stepper_key(al_stepper *s, al_key key)
{
    al_stepper_place(s);
    take_key(s, key);
    al_stepper_say_loss(s);
}

void al_stepper_press(al_stepper *s, const char *keys)
{
    while (*keys && !s->is_over) {
        al_key key;

        keys = al_key_parse(keys, &key);
        al_stepper_key(s, key);
        al_stepper_run_out(s);
    }
}
