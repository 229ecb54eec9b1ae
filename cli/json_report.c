/* json_report.c - see json_report.h. */
#include "cli/json_report.h"

#include <math.h>
#include "loop/base/alloc.h"

static void *allocate(size_t size)
{
    return al_alloc(size);
}

cJSON *al_json_report_new(void)
{
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = al_free};

    cJSON_InitHooks(&hooks);
    return cJSON_CreateObject();
}

void al_json_add_number(cJSON *to, const char *key, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(to, key, value);
    else
        cJSON_AddNullToObject(to, key);
}

void al_json_add_count(cJSON *to, const char *key, uint64_t count)
{
    cJSON_AddNumberToObject(to, key, (double)count);
}

void al_json_add_id(cJSON *to, const char *key, char letter, uint64_t id)
{
    al_text text = {0};

    if (id == 0)
        return;
    al_text_add_char(&text, letter);
    al_text_add_uint(&text, id);
    cJSON_AddStringToObject(to, key, text.bytes);
    al_text_release(&text);
}

void al_json_report_end(cJSON *report, bool is_one_line, al_text *out)
{
    char *text = is_one_line ? cJSON_PrintUnformatted(report)
                             : cJSON_Print(report);

    al_text_add(out, text);
    al_text_add_char(out, '\n');
    cJSON_free(text);
    cJSON_Delete(report);
}
