/* seed.c - the simulator's random generators: that of the games of generation 5, and ChaCha20 keyed by itself. */
#include "seed.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_key(struct seed *s, const char *hex)
{
    memset(s->key, 0, sizeof s->key);
    for (int i = 0; hex[i]; i++) {
        if (i >= 64 || digit(hex[i]) < 0)
            return false;
        s->key[i / 2] |= (uint8_t)(digit(hex[i]) << (i % 2 ? 0 : 4));
    }
    return true;
}

bool seed_read(struct seed *s, const char *text)
{
    s->keyed = !strncmp(text, "sodium,", 7);
    return s->keyed ? read_key(s, text + 7)
                    : sscanf(text, "%hu,%hu,%hu,%hu", &s->frame[0], &s->frame[1], &s->frame[2], &s->frame[3]) == 4;
}

/* x * a + c in four digits of 16 bits.  The simulator carries 32 bits of a sum that may have two more, so its numbers
 * are not quite those of 64 bits. */
static uint32_t next_frame(uint16_t x[4])
{
    static const uint16_t a[4] = {0x5D58, 0x8B65, 0x6C07, 0x8965}, c[4] = {0, 0, 0x26, 0x9EC3};
    uint16_t out[4];
    uint64_t carry = 0;
    for (int i = 3; i >= 0; i--) {
        for (int k = i; k < 4; k++)
            carry += (uint64_t)x[3 - (k - i)] * a[k];
        carry += c[i];
        out[i] = (uint16_t)carry;
        carry = (uint32_t)carry >> 16;
    }
    memcpy(x, out, sizeof out);
    return (uint32_t)x[0] << 16 | x[1];
}

/* 36 bytes of the stream: the next key and the number. */
static uint32_t next_of_key(uint8_t key[32])
{
    static const uint8_t nonce[12] = {'L', 'i', 'b', 's', 'o', 'd', 'i', 'u', 'm', 'D', 'R', 'G'};
    uint8_t stream[36];
    crypto_stream_chacha20_ietf(stream, sizeof stream, nonce, key);
    memcpy(key, stream, 32);
    return (uint32_t)stream[32] << 24 | (uint32_t)stream[33] << 16 | (uint32_t)stream[34] << 8 | stream[35];
}

uint32_t seed_draw(struct seed *s, uint32_t lo, uint32_t hi)
{
    const uint64_t n = s->keyed ? next_of_key(s->key) : next_frame(s->frame);
    return lo + (uint32_t)(n * (hi - lo) >> 32);
}
