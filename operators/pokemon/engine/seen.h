/* seen.h - what others have seen of a side's Pokémon: battle_known, kept by seen.c; nothing is done when nobody wants
 * to know. */
#ifndef BATTLE_SEEN_H
#define BATTLE_SEEN_H

#include "engine.h"

/* TOLD_* of what is out. */
static inline void tell(struct ctx *c, int t, unsigned what)
{
    if (c->known && t < 2)
        c->known->sides[t].told |= (uint8_t)what;
}
static inline void forget(struct ctx *c, int t, unsigned what)
{
    if (c->known && t < 2)
        c->known->sides[t].told &= (uint8_t)~what;
}

void seen_arrive(struct ctx *c, int t); /* it is out, its looks are chosen, and that is about to be told */
void seen_leave(struct ctx *c, int t);  /* it goes, or its fainting has just been told */
void seen_unmask(struct ctx *c, int t); /* its Illusion broke */
void seen_revived(struct ctx *c, int side, int slot);
void seen_cured(struct ctx *c, int side, int slot);         /* and a line said so */
void seen_ability_lost(struct ctx *c, int t, unsigned old); /* a line names the one that it had */
void seen_new_forme(struct ctx *c, int t);                  /* for good, perhaps with another ability */
void seen_item_gone(struct ctx *c, int t);                  /* and a line said so */

void seen_second(struct ctx *c, int t, unsigned arg); /* what stands behind: its item, that Poltergeist names */

/* A line names these.  Whom `from` belongs to depends on the line. */
void seen_line(struct ctx *c, enum battle_line kind, int t, unsigned arg);
void seen_from(struct ctx *c, enum battle_line kind, int t, ref from, int of);

#endif
