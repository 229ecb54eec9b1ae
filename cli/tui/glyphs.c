/* glyphs.c - see glyphs.h. */
#include "cli/tui/glyphs.h"

static const al_glyphs utf8 = {
    .across = "─", .down = "│", .branch = "├", .last = "└", .stem = "│",
    .dashes = "╌", .pointer = "▸", .full = "█", .empty = "░", .more = "…",
    .dot = "·", .cross = "×", .differs = "≠", .mark = "◆", .mark_line = "┊",
    .micro = "µs",
};

static const al_glyphs ascii = {
    .across = "-", .down = "|", .branch = "|", .last = "`", .stem = "|",
    .dashes = "-", .pointer = ">", .full = "#", .empty = ".", .more = "~",
    .dot = "-", .cross = "x", .differs = "!", .mark = "*", .mark_line = ":",
    .micro = "us",
};

const al_glyphs *al_glyphs_of(bool is_ascii)
{
    return is_ascii ? &ascii : &utf8;
}
