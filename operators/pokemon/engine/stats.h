/*
 * stats.h - stats of a Pokémon from species, level, nature, IVs and EVs.
 *
 * HP = (2B + IV + EV/4 + 100) L/100 + 10; others ((2B + IV + EV/4) L/100 + 5), then the nature's tenth.  Five numbers
 * by the same rule are one vector: views have them made for each Pokémon of a side, and so does the start of a battle.
 */
#ifndef BATTLE_STATS_H
#define BATTLE_STATS_H

#include "dex.h"
#include "tables.h"

#include <string.h>

typedef uint16_t eight_stats __attribute__((vector_size(16)));

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* Six bytes as a word, the first as the lowest. */
static inline uint64_t six_at(const uint8_t *from)
{
    uint32_t four;
    uint16_t two;
    memcpy(&four, from, sizeof four);
    memcpy(&two, from + sizeof four, sizeof two);
    return four | (uint64_t)two << 32;
}

/* The bytes of a word as numbers, the lowest first. */
static inline eight_stats widened(uint64_t word)
{
    typedef uint64_t words __attribute__((vector_size(16)));
    typedef uint8_t bytes __attribute__((vector_size(16)));
    typedef uint16_t sixteen __attribute__((vector_size(32)));
    union {
        sixteen all; /* the other half is never made */
        eight_stats first;
    } wide = {__builtin_convertvector((bytes)(words){word, 0}, sixteen)};
    return wide.first;
}
#else
static inline uint64_t six_at(const uint8_t *from)
{
    uint64_t word = 0;
    for (int i = 0; i < 6; i++)
        word |= (uint64_t)from[i] << 8 * i;
    return word;
}

static inline eight_stats widened(uint64_t word)
{
    eight_stats wide;
    for (int i = 0; i < 8; i++)
        wide[i] = word >> 8 * i & 0xff;
    return wide;
}
#endif

/* IVs, five bits each, as bytes. */
static inline uint64_t spread_ivs(uint32_t ivs)
{
    const uint64_t all = ivs, one = 31;
    return (all & one) | (all & one << 5) << 3 | (all & one << 10) << 6 | (all & one << 15) << 9 |
           (all & one << 20) << 12 | (all & one << 25) << 15;
}

/* Shedinja has one, whatever it was trained to. */
static inline unsigned most_hp(const struct dex_species *sp, unsigned level, uint32_t ivs, const uint8_t evs[6])
{
    const unsigned hp = (2u * sp->base[0] + (ivs & 31) + evs[0] / 4u + 100) * level / 100 + 10;
    return sp->base[0] == 1 ? 1 : hp;
}

/* Attack, Defense, Sp. Atk, Sp. Def and Speed.  16 bits are enough: (2 * 255 + 31 + 63) * 100 is the most.  A tenth
 * more is v + v / 10 rounded down, a tenth less v - v / 10 rounded up. */
static inline void other_stats(const struct dex_species *sp, unsigned level, unsigned nature, uint32_t ivs,
                               const uint8_t evs[6], uint16_t out[5])
{
    const struct dex_nature_row *n = &dex_natures[nature];
    const uint64_t quarters = six_at(evs) >> 2 & 0x3f3f3f3f3f3f; /* with the IV no byte is above 94 */
    const eight_stats stat = {UINT16_MAX - 1, 0, 1, 2, 3, 4, UINT16_MAX - 1, UINT16_MAX - 1}; /* the first is HP */
    eight_stats v = 2 * widened(six_at(sp->base)) + widened(spread_ivs(ivs) + quarters);
    v = v * (uint16_t)level / 100 + 5;
    const eight_stats more = (eight_stats)(stat == (uint16_t)n->plus) & (v / 10);
    const eight_stats less = (eight_stats)(stat == (uint16_t)n->minus) & ((v + 9) / 10);
    v += more - less;
    memcpy(out, (const char *)&v + sizeof *out, 5 * sizeof *out);
}

#endif
