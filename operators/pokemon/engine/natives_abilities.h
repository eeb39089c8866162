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

#endif
