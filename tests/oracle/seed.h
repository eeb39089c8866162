/* seed.h - the simulator's two random generators, for battles played again from a seed alone. */
#ifndef ORACLE_SEED_H
#define ORACLE_SEED_H

#include <stdbool.h>
#include <stdint.h>

struct seed {
    bool keyed;        /* by key, a ChaCha20 generator; else by frame, a linear congruential one */
    uint16_t frame[4]; /* the highest 16 bits first */
    uint8_t key[32];
};

/* "1,2,3,4", or "sodium," and up to 64 hexadecimal digits.  False: it is neither. */
bool seed_read(struct seed *s, const char *text);

/* The next number in lo..hi-1; a range of one costs a number as well. */
uint32_t seed_draw(struct seed *s, uint32_t lo, uint32_t hi);

#endif
