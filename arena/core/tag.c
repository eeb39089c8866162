/* tag.c - the name of an answer's bytes, for those who keep answers (RFC 9110, 8.8.3). */
#include <sodium.h>

#include "core/arena.h"

enum { TAG_HASH = (REQUEST_TAG - 3) / 2 };
_Static_assert(TAG_HASH >= crypto_generichash_BYTES_MIN, "too short for the hash");

void request_tag(struct request *request, const arena_text *parts, size_t count)
{
    crypto_generichash_state state;
    uint8_t hash[TAG_HASH];
    char *tag = request->tag;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < count; i++) { /* each with its length, so that no two lists of parts are one */
        const uint64_t len = parts[i].len;
        crypto_generichash_update(&state, (const unsigned char *)&len, sizeof len);
        crypto_generichash_update(&state, (const unsigned char *)parts[i].ptr, parts[i].len);
    }
    crypto_generichash_final(&state, hash, sizeof hash);
    tag[0] = '"';
    sodium_bin2hex(tag + 1, REQUEST_TAG - 2, hash, sizeof hash);
    tag[REQUEST_TAG - 2] = '"';
    tag[REQUEST_TAG - 1] = '\0';
}
