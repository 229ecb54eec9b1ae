/* json.h - JSON as a tree whose nodes know their place in the file.
 *
 * cJSON builds the tree; but it takes much that is no JSON, and forgets the
 * places.  So a strict scan (scan.c) goes over the text first, reports every
 * mistake with its place, and notes where each value stands, in document
 * order.  A tree cJSON makes of a text that passed has the same values in
 * the same order, so walking both in step gives each its place. */
#ifndef AL_JSON_H
#define AL_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "sim/json/diagnostics.h"

enum {
    AL_JSON_MAX_DEPTH = 200,
    AL_JSON_MAX_BYTES = 64 * 1024 * 1024
};

typedef struct al_json_node {
    uint32_t offset, end;  /* the value's text */
    uint32_t key, key_end; /* its name's, with quotes; both 0: it has none */
    uint32_t next;         /* the node after it and all that is within */
} al_json_node;

typedef struct al_json { /* zero-initialise */
    const char *text;    /* borrowed */
    size_t length;
    cJSON *root;
    al_json_node *nodes;
    size_t count, capacity;
} al_json;

/* Read a text; it must outlive the tree.  False: it was not well formed, and
 * diagnostics say why.  Release the json in either case. */
bool al_json_parse(al_json *json, const char *text, size_t length,
                   al_diagnostics *diagnostics);
void al_json_release(al_json *json);

/* -- walking ------------------------------------------------------------ */

typedef struct al_json_value { /* a value in a tree; item NULL: none */
    const al_json *json;
    const cJSON *item;
    size_t node;
} al_json_value;

al_json_value al_json_root(const al_json *json);
al_json_value al_json_first(al_json_value parent);
al_json_value al_json_next(al_json_value value);
/* Absent (its item NULL) where there is none, or no object to have it. */
al_json_value al_json_member(al_json_value object, const char *name);
size_t al_json_size(al_json_value parent);
const al_json_node *al_json_node_of(al_json_value value);

/* What the value is, for a message: "a list", "true", "the number 1.5". */
const char *al_json_kind(al_json_value value);

/* A number is an integer where it is written as one: 1, but not 1.0.  False:
 * it is no integer, or none of 64 bits. */
bool al_json_is_integer(al_json_value value);
bool al_json_get_integer(al_json_value value, int64_t *integer);

/* The number, read without regard to the locale. */
double al_json_get_double(al_json_value value);

/* -- characters of a string --------------------------------------------- */

/* The character at `raw`, inside the quotes of a well-formed string: how many
 * bytes it takes there, and in the decoded string. */
void al_json_character(const char *raw, size_t *raw_length,
                       size_t *decoded_length);

/* -- scan.c ------------------------------------------------------------- */

/* Check the text, and fill json->nodes. */
bool al_json_scan(al_json *json, al_diagnostics *diagnostics);

#endif
