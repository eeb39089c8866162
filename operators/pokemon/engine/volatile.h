/* volatile.h - what volatile.c and volatile_begins.c share. */
#ifndef BATTLE_VOLATILE_H
#define BATTLE_VOLATILE_H

#include "engine.h"

static inline void put_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    c->on[t]->volatiles[v / 64] |= 1ull << (v % 64);
    changed_volatile(c, t, v);
}
static inline bool is_move(ref r, unsigned move)
{
    return move && r == (REF_MOVE | move);
}

/* volatile.c */
uint8_t volatile_turns(unsigned v);     /* how many ends of turns one of the timed ones lasts, 0: of the others */
void power_trick(struct ctx *c, int t); /* it begins or ends */
void say_bound_end(struct ctx *c, int t, bool silent);
/* volatile_begins.c: as one begins, or when it is there already.  Not R_TRUE: it does not begin. */
int volatile_begins(struct ctx *c, int t, enum battle_volatile v, int source, ref cause);
int volatile_begins_again(struct ctx *c, int t, enum battle_volatile v, int source, ref cause);

#endif
