/* event.c - the tables of event kinds and fields, and what is asked of them; see
 * event.h. */
#include "loop/core/event.h"

#include <stddef.h>

/* Each kind's fields, as bytes: AL_FIELD_n AL_FIELD_ready … */
#define F(field) AL_FIELD_##field,
#define FIELD_LIST(KIND, name, class, fields, meaning)                         \
    static const unsigned char fields_of_##KIND[] = {fields AL_FIELD_COUNT};
AL_EVENT_KINDS(FIELD_LIST)
#undef FIELD_LIST
#undef F

enum { CORE = true, DETAIL = false };

const al_event_spec al_event_specs[AL_EVENT_COUNT] = {
#define KIND_SPEC(KIND, kind_name, class, kind_fields, kind_meaning)           \
    [AL_EVENT_##KIND] = {                                                      \
        .name = #kind_name,                                                    \
        .is_core = class,                                                      \
        .fields = fields_of_##KIND,                                            \
        .field_count = sizeof fields_of_##KIND - 1,                            \
        .meaning = kind_meaning,                                               \
    },
    AL_EVENT_KINDS(KIND_SPEC)
#undef KIND_SPEC
};

const al_field_spec al_field_specs[AL_FIELD_COUNT] = {
#define FIELD_SPEC(field, json_key, field_type, field_meaning)                 \
    [AL_FIELD_##field] = {                                                     \
        .key = json_key,                                                       \
        .type = AL_TYPE_##field_type,                                          \
        .offset = offsetof(al_event, field),                                   \
        .meaning = field_meaning,                                              \
    },
    AL_EVENT_FIELDS(FIELD_SPEC)
#undef FIELD_SPEC
};

bool al_event_has_field(al_event_kind kind, al_event_field field)
{
    const al_event_spec *spec = &al_event_specs[kind];

    for (unsigned i = 0; i < spec->field_count; i++) {
        if (spec->fields[i] == field)
            return true;
    }
    return false;
}
