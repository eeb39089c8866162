#include "host/random.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum { WORDS = 8 };

void random_init(struct random *random, const uint8_t seed[HOST_SEED_BYTES], uint64_t turn, enum random_use use)
{
    random->seed = seed;
    random->turn = turn;
    random->block = 0;
    random->use = use;
    random->left = 0;
}

static uint8_t *put_little(uint8_t *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        *to++ = (uint8_t)(value >> 8 * i);
    return to;
}

static void make_block(struct random *random)
{
    uint8_t message[8 + 8 + 5], *end = message;
    end = put_little(end, random->turn, 8);
    end = put_little(end, random->block++, 8);
    if (random->use != RANDOM_TURN) {
        memcpy(end, "query", 5);
        end += 5;
    }
    crypto_generichash(random->bytes, sizeof random->bytes, message, (size_t)(end - message), random->seed,
                       HOST_SEED_BYTES);
    random->left = WORDS;
}

static uint64_t next_word(struct random *random)
{
    if (!random->left)
        make_block(random);
    const uint8_t *bytes = random->bytes + sizeof(uint64_t) * (WORDS - random->left--);
    uint64_t word = 0;
    for (unsigned i = 0; i < sizeof word; i++)
        word |= (uint64_t)bytes[i] << 8 * i;
    return word;
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    assert(bound > 0);
    uint64_t unfair = (0 - bound) % bound, word; /* 2^64 mod bound */
    do
        word = next_word(random);
    while (word < unfair);
    return word % bound;
}
