/* glyphs.c - see glyphs.h. */
#include "cli/tui/glyphs.h"

#include "cli/page.h"

static const al_glyphs utf8 = {
    .across = "─", .down = "│", .branch = "├", .last = "└", .stem = "│",
    .dashes = "╌", .pointer = "▸", .full = "█", .empty = "░", .more = "…",
    .dot = "·", .cross = "×", .differs = "≠", .mark = "◆", .along = "┊",
    .levels = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
    .before = "▹", .waits = "○", .line_end = "↵", .micro = "µs",
};

static const al_glyphs ascii = {
    .across = "-", .down = "|", .branch = "|", .last = "`", .stem = "|",
    .dashes = "-", .pointer = ">", .full = "#", .empty = ".", .more = "~",
    .dot = "-", .cross = "x", .differs = "!", .mark = "*", .along = ":",
    .levels = {"+", "+", "=", "=", "=", "=", "#", "#"},
    .before = "-", .waits = "o", .line_end = "|", .micro = "us",
};

const al_glyphs *al_glyphs_of(bool is_ascii)
{
    return is_ascii ? &ascii : &utf8;
}

void al_glyphs_describe(const al_glyphs *g, unsigned width, al_text *out)
{
    const struct { const char *glyph, *meaning; } signs[] = {
        {g->pointer, "the latest event; in the program, what runs: of a task, "
                     "the await from which it went on"},
        {g->before, "in the program, what ran last: nothing of it runs"},
        {g->waits, "in the program, where tasks wait, which are named"},
        {g->along, "the rest of a function, of which no line is known"},
        {g->mark, "a marked position"},
        {g->levels[0], "in the timeline: it runs, in a little of the column's "
                       "time"},
        {g->levels[AL_LEVELS / 2 - 1], "in half of it"},
        {g->full, "in all of it"},
        {g->empty, "its step is ready, and others run"},
        {g->across, "it waits"},
        {g->dot, "the loop waits in select"},
        {g->down, "the position"},
        {g->line_end, "a line of a text ends: <Enter> shows it in lines"},
        {g->more, "there is more than fits: <Enter> shows it"},
    };
    const al_page page = {.width = width};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        al_page_add_entry(&page, out, &(al_entry){
            .indent = 2, .name = signs[i].glyph, .column = 5,
            .text = signs[i].meaning, .most_lines = 9});
}
