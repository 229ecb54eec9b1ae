/* folder.c - many things alike, told as a few and a count; see folder.h.
 *
 * For each period p up to four, count how many texts in a row were like the
 * one p before.  Once that has gone on for AL_FOLD_ROUNDS rounds, the texts
 * are held back until one breaks the pattern. */
#include "cli/folder.h"

#include "loop/base/hash.h"

void al_folder_release(al_folder *folder)
{
    for (int i = 0; i < AL_FOLD_FEW; i++)
        al_text_release(&folder->few[i]);
}

static bool is_like(const al_folder *folder, unsigned period, uint64_t sign)
{
    return folder->count >= period &&
           folder->signs[(folder->count - period) % AL_FOLD_PERIOD] == sign;
}

bool al_folder_hides(const al_folder *folder, uint64_t sign)
{
    return folder->held >= AL_FOLD_FEW &&
           is_like(folder, folder->period, sign);
}

/* The shortest period that has had its rounds; 0: none. */
static unsigned find_period(const al_folder *folder)
{
    for (unsigned p = 1; p <= AL_FOLD_PERIOD; p++) {
        if (folder->matches[p] > (AL_FOLD_ROUNDS - 1) * p)
            return p;
    }
    return 0;
}

static void note_sign(al_folder *folder, uint64_t sign)
{
    for (unsigned p = 1; p <= AL_FOLD_PERIOD; p++)
        folder->matches[p] =
            is_like(folder, p, sign) ? folder->matches[p] + 1 : 0;
    folder->signs[folder->count++ % AL_FOLD_PERIOD] = sign;
}

static void hold_back(al_folder *folder, const al_text *text)
{
    if (folder->held < AL_FOLD_FEW) {
        al_text *slot = &folder->few[folder->held];

        al_text_clear(slot);
        al_text_add_bytes(slot, al_text_peek(text), text->length);
    }
    folder->held++;
}

void al_folder_add(al_folder *folder, uint64_t sign, const al_text *text,
                   al_text *out)
{
    if (folder->period && !is_like(folder, folder->period, sign))
        al_folder_flush(folder, out);
    note_sign(folder, sign);
    if (!folder->period)
        folder->period = find_period(folder);
    if (folder->period)
        hold_back(folder, text);
    else
        al_text_add_bytes(out, al_text_peek(text), text->length);
}

void al_folder_flush(al_folder *folder, al_text *out)
{
    if (folder->held > AL_FOLD_FEW)
        folder->tell(folder->self, folder, out);
    for (uint64_t i = 0; folder->held <= AL_FOLD_FEW && i < folder->held; i++)
        al_text_add_bytes(out, al_text_peek(&folder->few[i]),
                          folder->few[i].length);
    folder->held = 0;
    folder->period = 0;
    folder->count = 0;
    for (unsigned p = 1; p <= AL_FOLD_PERIOD; p++)
        folder->matches[p] = 0;
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
