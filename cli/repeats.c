/* repeats.c - many things alike, told as a few and a count; see repeats.h.
 *
 * For each period p up to four, count how many texts in a row were like the
 * one p before.  Once that has gone on for AL_REPEATS_ROUNDS rounds, the texts
 * are held back until one breaks the pattern. */
#include "cli/repeats.h"

#include "loop/base/hash.h"

void al_repeats_release(al_repeats *r)
{
    for (int i = 0; i < AL_REPEATS_FEW; i++)
        al_text_release(&r->few[i]);
}

static bool is_like(const al_repeats *r, unsigned period, uint64_t sign)
{
    return r->count >= period &&
           r->signs[(r->count - period) % AL_REPEATS_PERIOD] == sign;
}

bool al_repeats_hides(const al_repeats *r, uint64_t sign)
{
    return r->held >= AL_REPEATS_FEW &&
           is_like(r, r->period, sign);
}

/* The shortest period that has had its rounds; 0: none. */
static unsigned find_period(const al_repeats *r)
{
    for (unsigned p = 1; p <= AL_REPEATS_PERIOD; p++) {
        if (r->matches[p] > (AL_REPEATS_ROUNDS - 1) * p)
            return p;
    }
    return 0;
}

static void note_sign(al_repeats *r, uint64_t sign)
{
    for (unsigned p = 1; p <= AL_REPEATS_PERIOD; p++)
        r->matches[p] =
            is_like(r, p, sign) ? r->matches[p] + 1 : 0;
    r->signs[r->count++ % AL_REPEATS_PERIOD] = sign;
}

static void hold_back(al_repeats *r, const al_text *text)
{
    if (r->held < AL_REPEATS_FEW) {
        al_text *slot = &r->few[r->held];

        al_text_clear(slot);
        al_text_add_bytes(slot, al_text_peek(text), text->length);
    }
    r->held++;
}

void al_repeats_add(al_repeats *r, uint64_t sign, const al_text *text,
                   al_text *out)
{
    if (r->period && !is_like(r, r->period, sign))
        al_repeats_flush(r, out);
    note_sign(r, sign);
    if (!r->period)
        r->period = find_period(r);
    if (r->period)
        hold_back(r, text);
    else
        al_text_add_bytes(out, al_text_peek(text), text->length);
}

void al_repeats_flush(al_repeats *r, al_text *out)
{
    if (r->held > AL_REPEATS_FEW)
        r->tell(r->self, r, out);
    for (uint64_t i = 0; r->held <= AL_REPEATS_FEW && i < r->held; i++)
        al_text_add_bytes(out, al_text_peek(&r->few[i]),
                          r->few[i].length);
    r->held = 0;
    r->period = 0;
    r->count = 0;
    for (unsigned p = 1; p <= AL_REPEATS_PERIOD; p++)
        r->matches[p] = 0;
}

uint64_t al_sign_number(uint64_t sign, uint64_t number)
{
    sign = (sign ^ number) * AL_HASH_FACTOR;
    return sign ^ sign >> 29;
}

uint64_t al_sign_text(uint64_t sign, const char *text)
{
    for (; text && *text; text++)
        sign = al_hash_byte(sign, *text);
    return al_sign_number(sign, 0);
}
