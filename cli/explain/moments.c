/* moments.c - see moments.h. */
#include "cli/explain/moments.h"

enum { INDENT = 2 }; /* of a line that belongs to none before it */

void al_moments_release(al_moments *m)
{
    al_text_release(&m->first);
    for (int i = 0; i < AL_LAST_MOMENTS; i++)
        al_text_release(&m->last[i]);
    m->count = m->first_count = 0;
}

void al_moments_add(al_moments *m, const al_page *page, const al_line *line)
{
    uint64_t most = page->is_whole ? AL_WHOLE_MOMENTS : AL_FIRST_MOMENTS;

    if (m->count < most) {
        al_page_add_line(page, &m->first, line);
        m->first_count++;
    } else {
        uint64_t slot = (m->count - most) % AL_LAST_MOMENTS;
        al_text *text = &m->last[slot];

        m->goes_on[slot] = line->indent > INDENT;
        al_text_clear(text);
        al_page_add_line(page, text, line);
    }
    m->count++;
}

void al_moments_write(const al_moments *m, al_text *out)
{
    uint64_t others = m->count - m->first_count;
    uint64_t at = others > AL_LAST_MOMENTS ? others - AL_LAST_MOMENTS : 0;

    al_text_add(out, al_text_peek(&m->first));
    while (at > 0 && at < others && m->goes_on[at % AL_LAST_MOMENTS])
        at++;
    if (at > 0)
        al_text_add_format(out, "  … %llu more\n", (unsigned long long)at);
    for (; at < others; at++)
        al_text_add(out, m->last[at % AL_LAST_MOMENTS].bytes);
}
