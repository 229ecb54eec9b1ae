/* json_report.h - reports for programs: what all of them add to a cJSON tree. */
#ifndef AL_JSON_REPORT_H
#define AL_JSON_REPORT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include "loop/base/text.h"

/* An object, whose memory comes through alloc.h as all of ours. */
cJSON *al_json_report_new(void);

/* JSON has no infinities: they are null. */
void al_json_add_number(cJSON *to, const char *key, double value);
void al_json_add_count(cJSON *to, const char *key, uint64_t count);

/* "t3"; of 0, which is no id, nothing. */
void al_json_add_id(cJSON *to, const char *key, char letter, uint64_t id);

/* Print it and a newline, on one line or on many, and free it. */
void al_json_report_end(cJSON *report, bool is_one_line, al_text *out);

#endif
