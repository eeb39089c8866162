/*
 * draw.h - random numbers.
 *
 * Every one is drawn by draw() and nowhere else.  Ranges and order of the draws are those of the simulator that players
 * know (Pokemon Showdown, generation 9), so a recorded tape of its draws can be fed in: a build with BATTLE_TAPE takes
 * each draw from battle_tape() instead.
 */
#ifndef BATTLE_DRAW_H
#define BATTLE_DRAW_H

#include "ctx.h"

/* Why a number is drawn; tests look at it. */
enum draw_why {
    DRAW_TIE,
    DRAW_ACCURACY,
    DRAW_HITS,
    DRAW_CRIT,
    DRAW_ROLL,
    DRAW_SELF,
    DRAW_EFFECT,
    DRAW_MOVE,
    DRAW_STATUS,
    DRAW_CONFUSION,
    DRAW_BIND,
    DRAW_RAMPAGE,
    DRAW_STALL,
    DRAW_DRAG,
    DRAW_ABILITY,
    DRAW_ITEM,
    DRAW_WHYS
};

#ifdef BATTLE_TAPE
uint32_t battle_tape(uint32_t lo, uint32_t hi, int why);
#endif

/* splitmix64 (Steele, Lea, Flood 2014): one addition and a mix; any 64-bit value is a good state. */
static inline uint64_t rng_next(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A number in lo..hi-1; a range of one is not drawn, but where ties are: the simulator's generator goes on by it, too.
 * The bias of the remainder is below 2^-50. */
static inline uint32_t draw(struct ctx *c, uint32_t lo, uint32_t hi, enum draw_why why)
{
#ifdef BATTLE_TAPE
    return hi - lo <= 1 && !c->b->ties ? lo : battle_tape(lo, hi, why);
#else
    if (hi - lo <= 1)
        return lo;
    (void)why;
    return lo + (uint32_t)(rng_next(&c->b->rng) % (hi - lo));
#endif
}
static inline bool chance(struct ctx *c, uint32_t n, uint32_t d, enum draw_why why)
{
    return draw(c, 0, d, why) < n;
}

#endif
