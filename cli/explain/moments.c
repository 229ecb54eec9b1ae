/* moments.c - see moments.h. */
#include "cli/explain/moments.h"

void al_moments_release(al_moments *m)
{
    for (int i = 0; i < AL_FIRST_MOMENTS; i++)
        al_text_release(&m->first[i]);
    for (int i = 0; i < AL_LAST_MOMENTS; i++)
        al_text_release(&m->last[i]);
    m->count = 0;
}

void al_moments_add(al_moments *m, const al_page *page, const al_line *line)
{
    al_text *text = m->count < AL_FIRST_MOMENTS
        ? &m->first[m->count]
        : &m->last[(m->count - AL_FIRST_MOMENTS) % AL_LAST_MOMENTS];

    al_text_clear(text);
    al_page_add_line(page, text, line);
    m->count++;
}

void al_moments_write(const al_moments *m, al_text *out)
{
    uint64_t at = 0;

    for (; at < m->count && at < AL_FIRST_MOMENTS; at++)
        al_text_add(out, m->first[at].bytes);
    if (m->count > AL_FIRST_MOMENTS + AL_LAST_MOMENTS) {
        at = m->count - AL_LAST_MOMENTS;
        al_text_add_format(out, "  … %llu more\n",
                           (unsigned long long)(at - AL_FIRST_MOMENTS));
    }
    for (; at < m->count; at++)
        al_text_add(out,
                    m->last[(at - AL_FIRST_MOMENTS) % AL_LAST_MOMENTS].bytes);
}
