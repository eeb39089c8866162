/*
 * random.h - the random stream of a turn, which any player can check after the game.
 *
 * The game's secret seed (32 bytes) is published when the game is over; its hash is public from the start.
 * Draw n of a turn is found like this:
 *
 *     block(turn, i) = BLAKE2b-512(key = seed, message = LE64(turn) || LE64(i))           64 bytes, i = 0, 1, ...
 *     words          = block(turn, 0) || block(turn, 1) || ... read as LE64 integers
 *     random(bound)  = take words until one is w >= 2^64 mod bound; the draw is w mod bound
 *
 * The stream starts anew with each turn (create is turn 0).  Each draw takes at least one word, also when bound
 * is 1.  Words below 2^64 mod bound are thrown away, so that each result is equally likely.
 *
 * Who draws where the contract does not allow it (a query, restore) fails the turn, and does not see its lots either:
 * that stream has a suffix behind the message, and BLAKE2b messages of different length are different messages.
 *
 *     query  LE64(turn) || LE64(i) || "query"
 *
 * No block is made before it is needed: a turn without draws pays nothing.
 */
#ifndef HOST_RANDOM_H
#define HOST_RANDOM_H

#include <stdint.h>

#include "host/host.h"

enum random_use { RANDOM_TURN, RANDOM_QUERY };

struct random {
    const uint8_t *seed; /* HOST_SEED_BYTES, borrowed */
    uint64_t turn;
    uint64_t block; /* the next to make */
    enum random_use use;
    unsigned left;     /* words not used of the last block */
    uint8_t bytes[64]; /* the last block; undefined while left is 0 */
};

/* Starts a stream; seed stays the caller's and must outlive it. */
void random_init(struct random *random, const uint8_t seed[HOST_SEED_BYTES], uint64_t turn, enum random_use use);

/* Uniform in 0 .. bound-1; bound > 0. */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
