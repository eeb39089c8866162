/* natives_abilities.h - what natives of abilities share. */
#ifndef BATTLE_NATIVES_ABILITIES_H
#define BATTLE_NATIVES_ABILITIES_H

#include "natives.h"

/* The ability whose hook runs. */
#define NUMBER(e) ((unsigned)(e)->self & REF_NUMBER)

/* "-ability", of the holder */
static inline void announce(struct ctx *c, const struct call *e)
{
    say1(c, LINE_ABILITY, e->holder, SAY_ABILITY | NUMBER(e));
}
/* "-activate" */
static inline void activates(struct ctx *c, const struct call *e)
{
    say1(c, LINE_ACTIVATE, e->holder, SAY_ABILITY_FULL | NUMBER(e));
}
/* At half of its HP or below. */
static inline bool low(const struct ctx *c, int t)
{
    return 2u * c->mon[t]->hp <= c->mon[t]->hp_max;
}

#endif
