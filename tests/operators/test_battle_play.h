/* test_battle_play.h - random teams and choices, for the programs that play many battles. */
#ifndef TEST_BATTLE_PLAY_H
#define TEST_BATTLE_PLAY_H

#include "battle.h"

static inline uint64_t play_next(uint64_t *state)
{ /* splitmix64 */
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint32_t play_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)(play_next(state) >> 33) % n;
}

/* A random legal Pokémon: four moves, or all that it learns. */
static inline struct battle_set play_set(const struct dex *dex, uint64_t *state)
{
    uint16_t learned[512];
    unsigned n = 0;
    struct battle_set set;
    while (n == 0) {
        set = battle_set_default((uint16_t)(1 + play_below(state, dex->species_n)));
        for (uint16_t m = 1; m <= dex->moves_n && n < 512; m++)
            if (dex_learns(dex, set.species, m))
                learned[n++] = m;
    }
    for (int i = 0; i < BATTLE_MOVES && n; i++) {
        uint32_t k = play_below(state, n);
        set.moves[i] = learned[k];
        learned[k] = learned[--n];
    }
    set.nature = (uint8_t)play_below(state, 25);
    set.gender = (uint8_t)play_below(state, 3);
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = (uint8_t)play_below(state, 32);
        set.evs[i] = (uint8_t)play_below(state, 86);
    }
    return set;
}

static inline void play_teams(const struct dex *dex, uint64_t *state, struct battle_set teams[2][BATTLE_PARTY],
                              int sizes[2])
{
    for (int i = 0; i < 2; i++) {
        sizes[i] = BATTLE_PARTY;
        for (int j = 0; j < BATTLE_PARTY; j++)
            teams[i][j] = play_set(dex, state);
    }
}

/* One of the legal choices, all alike; BATTLE_NO_CHOICE for a side that is not asked. */
static inline int play_choice(uint32_t mask, uint64_t *state)
{
    int options[BATTLE_CHOICES], n = 0;
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (mask >> i & 1)
            options[n++] = i;
    return n ? options[play_below(state, (uint32_t)n)] : BATTLE_NO_CHOICE;
}

#endif
