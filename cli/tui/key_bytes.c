/* key_bytes.c - see key_bytes.h. */
#include "cli/tui/key_bytes.h"

#define INVALID ((size_t)-1)
#define CUT ((size_t)-2)

al_key al_key_bytes_take(al_key_bytes *bytes, char byte)
{
    bool is_first = mbsinit(&bytes->state);
    wchar_t code;
    size_t length = mbrtowc(&code, &byte, 1, &bytes->state);

    if (length == INVALID) {
        *bytes = (al_key_bytes){0};
        return is_first ? AL_KEY_NONE : al_key_bytes_take(bytes, byte);
    }
    return length == CUT ? AL_KEY_NONE : (al_key)code;
}
