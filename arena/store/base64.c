#include "store/base64.h"

#include <stdint.h>
#include <string.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

arena_text base64_write(struct pool *pool, arena_text bytes)
{
    size_t len = (bytes.len + 2) / 3 * 4;
    char *out = pool_alloc(pool, len + 1), *at = out;
    if (!out)
        return (arena_text){0};
    const uint8_t *in = (const uint8_t *)bytes.ptr;
    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t left = bytes.len - i;
        uint32_t three =
            (uint32_t)in[i] << 16 | (left > 1 ? (uint32_t)in[i + 1] << 8 : 0) | (left > 2 ? in[i + 2] : 0u);
        *at++ = ALPHABET[three >> 18];
        *at++ = ALPHABET[three >> 12 & 63];
        *at++ = left > 1 ? ALPHABET[three >> 6 & 63] : '=';
        *at++ = left > 2 ? ALPHABET[three & 63] : '=';
    }
    return (arena_text){out, len};
}

bool base64_read(struct pool *pool, arena_text text, arena_text *bytes)
{
    char *out = text.len % 4 ? NULL : pool_alloc(pool, text.len / 4 * 3 + 1);
    size_t len = 0, padding = 0;
    if (!out)
        return false;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text.len; i += 4) {
        uint32_t four = 0;
        for (size_t k = 0; k < 4; k++) {
            const char *digit = i + k >= text.len - padding ? ALPHABET : strchr(ALPHABET, text.ptr[i + k]);
            if (!digit || !*digit)
                return false;
            four = four << 6 | (uint32_t)(digit - ALPHABET);
        }
        out[len++] = (char)(four >> 16);
        out[len++] = (char)(four >> 8);
        out[len++] = (char)four;
    }
    *bytes = (arena_text){out, len - padding};
    return true;
}
