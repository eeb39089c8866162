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

/* What it carries besides its moves, in data versions that have such things: one of its abilities, any item, any type.
 */
static inline void play_kit(const struct dex *dex, uint64_t *state, struct battle_set *set)
{
    const uint16_t *abilities = dex->species[set->species].abilities;
    if (!dex->abilities_n)
        return;
    set->ability = abilities[play_below(state, 4)];
    set->ability = set->ability ? set->ability : abilities[0];
    set->item = (uint16_t)play_below(state, dex->items_n + 1u);
    set->tera = (uint8_t)(1 + play_below(state, TYPES - 1));
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
    play_kit(dex, state, &set);
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = (uint8_t)play_below(state, 32);
        set.evs[i] = (uint8_t)play_below(state, 86);
    }
    return set;
}

/* ---- of the whole pool, legal or not ---- */

static inline uint16_t play_any(uint64_t *state, unsigned n)
{
    return (uint16_t)(1 + play_below(state, n));
}

static inline void play_any_moves(const struct dex *dex, uint64_t *state, uint16_t moves[BATTLE_MOVES])
{
    for (int i = 0; i < BATTLE_MOVES;) {
        bool again = (moves[i] = play_any(state, dex->moves_n)) == dex->struggle || dex->moves[moves[i]].z;
        for (int k = 0; k < i; k++)
            again |= moves[k] == moves[i];
        i += !again;
    }
}

/* Anybody with anything; in half of the cases one that looks like another or becomes another. */
static inline struct battle_set play_any_set(const struct dex *dex, uint64_t *state)
{
    static const char *const masked[] = {"zoroark", "zorua", "zoroarkhisui", "zoruahisui"};
    struct battle_set set = battle_set_default(play_any(state, dex->species_n));
    unsigned special = play_below(state, 8);
    while (dex->species[set.species].battle_only)
        set.species = play_any(state, dex->species_n);
    const uint16_t *own = dex->species[set.species].abilities;
    set.ability =
        play_below(state, 3) && own[0] ? own[own[1] ? play_below(state, 2) : 0] : play_any(state, dex->abilities_n);
    set.item = play_below(state, 6) ? play_any(state, dex->items_n) : 0;
    if (special < 2) {
        set.species = dex_species(dex, masked[play_below(state, 4)]);
        set.ability = dex_ability(dex, "illusion");
    } else if (special == 2) {
        set.species = dex_species(dex, "ditto");
        set.ability = dex_ability(dex, "imposter");
    }
    play_any_moves(dex, state, set.moves);
    const uint16_t transform = dex_move(dex, "transform");
    if (special == 3 && set.moves[1] != transform && set.moves[2] != transform && set.moves[3] != transform)
        set.moves[0] = transform;
    set.level = (uint8_t)(40 + play_below(state, 61));
    set.nature = (uint8_t)play_below(state, 25);
    set.gender = (uint8_t)play_below(state, 3);
    set.tera = (uint8_t)(1 + play_below(state, TYPES - 1));
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = (uint8_t)play_below(state, 32);
        set.evs[i] = (uint8_t)play_below(state, 86);
    }
    return set;
}

/* ---- battles ---- */

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
