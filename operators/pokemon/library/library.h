/* library.h - what the files of this folder share; programs include pokebattle.h. */
#ifndef POKEBATTLE_LIBRARY_H
#define POKEBATTLE_LIBRARY_H

#define PB_BUILD
#include "pokebattle.h"

#include "battle.h"
#include "team.h"

struct roster { /* a team as the engine takes it */
    struct battle_set sets[BATTLE_PARTY];
    int size;
    bool made;                               /* of those in a game: the engine takes it, and these are its members */
    struct battle_mon members[BATTLE_PARTY]; /* battles begin with them, without asking again */
};

struct pb_game {
    const struct dex *dex;
    const struct team_facts *facts; /* NULL: the version has none, as gen1-v1 */
    struct dex *own_dex;            /* of a folder; NULL: built in */
    struct team_facts *own_facts;
    struct roster *teams;
    int count, room;
    uint8_t clauses; /* enum battle_clause, of battles to come */
};

struct pb_battle { /* what lies in the caller's memory; the battle is in front */
    struct battle battle;
    struct battle_known known;
};

/* Writes a sentence to `why` and returns the error. */
__attribute__((format(printf, 4, 5))) int pb_fail(int error, char *why, size_t size, const char *format, ...);

/* splitmix64: the next number of a stream; 0 .. n-1 of it. */
static inline uint64_t pb_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
static inline uint32_t pb_below(uint64_t *state, uint32_t n)
{
    return (uint32_t)((pb_next(state) >> 32) * n >> 32);
}
/* `step` where the bit that `left` others come before is in the upper half: the lower one has `there`. */
static inline uint32_t upper(uint32_t *left, uint32_t there, uint32_t step)
{
    const bool is = *left >= there;
    *left -= is ? there : 0;
    return is ? step : 0;
}

/* One of the bits of a mask that is not 0.  How many there are in each pair of places, each four and each eight tells
 * in which half to look: a loop over the bits ends where no processor expects it. */
static inline int pb_pick_of_many(uint32_t mask, uint64_t *state)
{
    const uint32_t two = mask - (mask >> 1 & 0x55555555);
    const uint32_t four = (two & 0x33333333) + (two >> 2 & 0x33333333);
    const uint32_t eight = (four + (four >> 4)) & 0x0f0f0f0f;
    const uint32_t sixteen = eight + (eight >> 8);
    uint32_t left = pb_below(state, (sixteen & 31) + (sixteen >> 16 & 31));
    uint32_t at = upper(&left, sixteen & 31, 16);
    at += upper(&left, eight >> at & 15, 8);
    at += upper(&left, four >> at & 7, 4);
    at += upper(&left, two >> at & 3, 2);
    at += upper(&left, mask >> at & 1, 1);
    return (int)at;
}

/* The same.  Mostly all bits lie within six places, the moves of a Pokémon or its team: pb_bits has them in a row. */
extern const uint32_t pb_bits[64]; /* of each six: their number in the highest four bits, from the lowest on places */
static inline int pb_pick(uint32_t mask, uint64_t *state)
{
    const int low = __builtin_ctz(mask);
    const uint32_t few = mask >> low;
    if (few >= 64)
        return pb_pick_of_many(mask, state);
    const uint32_t row = pb_bits[few];
    return low + (int)(row >> 4 * pb_below(state, row >> 28) & 7);
}

/* teams.c: the same team in the two libraries' words.  0, or PB_BAD_TEAM with a sentence. */
int roster_from_team(const struct pb_game *game, const struct team *team, struct roster *out, char *why, size_t size);
void roster_to_team(const struct pb_game *game, const struct roster *roster, struct team *out);

/* random.c */
int roster_random(const struct pb_game *game, int kind, int members, uint64_t seed, struct roster *out, char *why,
                  size_t size);

/* observe.c: what a view says, from the side of `first`. */
void observe(const struct battle_view *view, int first, int16_t *out);

#endif
