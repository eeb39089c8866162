/*
 * ties.h - who is first of equals, drawn wherever the simulator draws it (battle_options.ties).
 *
 * Usually the engine draws only for what matters, two actions of a turn: all else that is equal in everything runs in
 * the order of the sides.  Where a battle has the option, each tie costs the draws that it costs the simulator, of the
 * same ranges, so that both play the same battle on the same random numbers.
 */
#ifndef BATTLE_TIES_H
#define BATTLE_TIES_H

#include "draw.h"

enum { SORTED_MAX = 64 };

static inline bool draws_ties(const struct ctx *c)
{
    return HAS_TIES && c->b->ties;
}

/* Sorts as the simulator does: the lowest keys change places with what is in front and, if they are several, are
 * shuffled; then those above them.  which: what has each key, at first in the order in which the simulator finds it. */
void sort_with_ties(struct ctx *c, uint64_t *keys, uint8_t *which, int n);

/* The side whose Pokémon is asked first on an event that both have. */
int first_asked(struct ctx *c);

/* The place of an action before those in front of which it belongs, or among its equals, queue[first .. last - 1]. */
int place_among(struct ctx *c, int first, int last);

/* The speeds that the step before left, which the state does not keep: with these, ties of what is asked about the new
 * ones are found.  Who fell before the turn halted is among who is out, with the speed that it has by itself. */
void speeds_before(struct ctx *c);

/* One of several is picked where singles have only one: its generator goes on all the same. */
static inline void pick_the_only(struct ctx *c)
{
    (void)draw(c, 0, 1, DRAW_TIE);
}

/* Before the leads come in the simulator sorts both teams by place and speed, which changes nothing. */
void draw_team_order(struct ctx *c);

#endif
