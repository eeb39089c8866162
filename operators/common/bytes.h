/*
 * bytes.h - little-endian numbers into and out of a byte string, the same on every machine.
 *
 * A reader that runs past its end yields zeros and remembers it: check `bad` once, at the end.
 */
#ifndef OPERATORS_BYTES_H
#define OPERATORS_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes_out { /* the caller knows that there is room */
    uint8_t *ptr;
    size_t len;
};

struct bytes_in {
    const uint8_t *ptr;
    size_t len; /* left */
    bool bad;
};

static inline void put_n(struct bytes_out *o, uint64_t n, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        o->ptr[o->len++] = (uint8_t)(n >> (8 * i));
}

static inline uint64_t get_n(struct bytes_in *in, unsigned size)
{
    if (in->len < size) {
        in->bad = true;
        in->len = 0;
        return 0;
    }
    uint64_t n = 0;
    for (unsigned i = 0; i < size; i++)
        n |= (uint64_t)in->ptr[i] << (8 * i);
    in->ptr += size;
    in->len -= size;
    return n;
}

static inline void put8(struct bytes_out *o, uint8_t n)
{
    put_n(o, n, 1);
}

static inline void put16(struct bytes_out *o, uint16_t n)
{
    put_n(o, n, 2);
}

static inline void put32(struct bytes_out *o, uint32_t n)
{
    put_n(o, n, 4);
}

static inline uint8_t get8(struct bytes_in *in)
{
    return (uint8_t)get_n(in, 1);
}

static inline uint16_t get16(struct bytes_in *in)
{
    return (uint16_t)get_n(in, 2);
}

static inline uint32_t get32(struct bytes_in *in)
{
    return (uint32_t)get_n(in, 4);
}

#endif
