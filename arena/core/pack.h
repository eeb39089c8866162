/*
 * pack.h - numbers and texts as bytes: little-endian, one behind the other, for what the store keeps.
 *
 * Reading is by a cursor that turns bad instead of reading past the end: what is read then is zero or empty, and one
 * look at `bad` at the end is enough.
 */
#ifndef CORE_PACK_H
#define CORE_PACK_H

#include "core/must.h"
#include "core/text.h"

static inline void pack_put_u64(struct text *out, uint64_t n)
{
    char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(n >> 8 * i);
    text_put(out, bytes, 8);
}

static inline void pack_put_u32(struct text *out, uint32_t n)
{
    text_put(out, (char[]){(char)n, (char)(n >> 8), (char)(n >> 16), (char)(n >> 24)}, 4);
}

static inline void pack_put_u8(struct text *out, uint8_t n)
{
    text_put_char(out, (char)n);
}

static inline void pack_put_text(struct text *out, arena_text s)
{
    pack_put_u32(out, (uint32_t)s.len);
    text_put_text(out, s);
}

static inline void pack_put_double(struct text *out, double d)
{
    uint64_t bits;
    memcpy(&bits, &d, 8);
    pack_put_u64(out, bits);
}

struct cursor {
    const unsigned char *at, *end;
    bool bad;
};

static inline const unsigned char *pack_get(struct cursor *c, size_t len)
{
    static const unsigned char zero[8];
    if (c->bad || (size_t)(c->end - c->at) < len) {
        c->bad = true;
        return len <= sizeof zero ? zero : NULL;
    }
    const unsigned char *bytes = c->at;
    c->at += len;
    return bytes;
}

static inline uint64_t pack_get_u64(struct cursor *c)
{
    const unsigned char *p = pack_get(c, 8);
    uint64_t n = 0;
    for (int i = 0; i < 8; i++)
        n |= (uint64_t)p[i] << 8 * i;
    return n;
}

static inline uint32_t pack_get_u32(struct cursor *c)
{
    const unsigned char *p = pack_get(c, 4);
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint8_t pack_get_u8(struct cursor *c)
{
    return *pack_get(c, 1);
}

static inline arena_text pack_get_text(struct cursor *c)
{
    uint32_t len = pack_get_u32(c);
    const char *bytes = (const char *)pack_get(c, len);
    return c->bad ? (arena_text){"", 0} : (arena_text){bytes, len};
}

static inline double pack_get_double(struct cursor *c)
{
    uint64_t bits = pack_get_u64(c);
    double d;
    memcpy(&d, &bits, 8);
    return d;
}

static inline void pack_get_chars(struct cursor *c, char *out, size_t size)
{
    arena_text s = pack_get_text(c);
    if (s.len >= size)
        c->bad = true;
    else
        memcpy(out, s.ptr, s.len);
}

static inline char *pack_get_string(struct cursor *c)
{
    return must_copy(pack_get_text(c));
}

#endif
