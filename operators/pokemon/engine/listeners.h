/*
 * listeners.h - who listens to what, as listeners.c keeps it in the ctx: who changes a Pokémon, a side or the field
 * says so here, and who is about to bring an event about asks here whether anybody hears it.
 */
#ifndef BATTLE_LISTENERS_H
#define BATTLE_LISTENERS_H

#include "ctx.h"

/* Who listens to what is gathered anew when it is asked for next; until then everything counts as heard. */
static inline void dirty(struct ctx *c, unsigned bits)
{
    c->dirty |= (uint8_t)bits;
    c->any = (struct events){{UINT64_MAX, UINT64_MAX}};
    c->by_target[0] = c->by_target[1] = c->by_target[2] = c->any;
}
static inline void changed(struct ctx *c, int t)
{
    if (t == 0 || t == 1)
        dirty(c, 1u << t);
}
/* A condition came or went: most of them nobody listens through. */
static inline void changed_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    if (c->rules->conds[COND_VOLATILE + v].hooks || v == VOL_GASTRO_ACID || v == VOL_EMBARGO || v == VOL_TRANSFORMED)
        changed(c, t);
}
static inline void changed_field(struct ctx *c)
{
    dirty(c, 4);
}
static inline void nothing_off(struct ctx *c) /* but for BENCHED, who has neither ability nor item */
{
    memset(c->ability_off, 0, sizeof c->ability_off);
    memset(c->item_off, 0, sizeof c->item_off);
    c->ability_off[BENCHED] = c->item_off[BENCHED] = true;
    c->weather_off = c->some_off = false;
}
static inline void forget_carried(struct carrier *l)
{
    l->n = 0;
    memset(l->hears, 0, sizeof l->hears);
}
void refresh(struct ctx *c); /* listeners.c */
static inline void fresh(struct ctx *c)
{
    if (c->dirty)
        refresh(c);
}

bool still_heard(struct ctx *c, enum event ev, int t, int source);
/* heard(), unless that must be found out anew. */
static inline bool perhaps_heard(const struct ctx *c, enum event ev, int t, int source)
{
    return !unheard(ev) && has_event(c->any, ev) &&
           (has_event(c->by_target[t], ev) || has_event(c->by_source[source + 1], ev));
}
/* Does anybody listen to this event of t, done by source? */
static inline bool heard(struct ctx *c, enum event ev, int t, int source)
{
    return perhaps_heard(c, ev, t, source) && (!c->dirty || still_heard(c, ev, t, source));
}

#endif
