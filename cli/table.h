/* table.h - rows of cells, in columns as wide as they need to be.
 *
 * Cells are escaped. */
#ifndef AL_TABLE_H
#define AL_TABLE_H

#include "cli/page.h"

typedef struct al_cell {
    char *text; /* escaped already */
    size_t columns;
    al_role role;
} al_cell;

typedef struct al_table { /* set `columns`, zero the rest; release it */
    size_t columns;
    al_cell *cells; /* row by row */
    size_t count, capacity;
} al_table;

void al_table_release(al_table *table);
void al_table_add_cell(al_table *table, al_role role, const char *text);

/* The same of what was made in a text, which is emptied. */
void al_table_add_text(al_table *table, al_role role, al_text *text);

/* Columns but the first and `left` (from 0) are aligned to the right; that
 * one, which holds names, is cut where the page is too narrow; unless that is
 * uncut. */
void al_table_write(const al_table *table, const al_page *page,
                    unsigned indent, size_t left, al_text *out);

#endif
