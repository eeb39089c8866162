/*
 * vitals.h - what happens to a Pokémon: HP, stages, status, volatiles, items, abilities.
 *
 * source is who does it, NOBODY for none; cause is what brings it about.
 */
#ifndef BATTLE_VITALS_H
#define BATTLE_VITALS_H

#include "listeners.h"

/* ---------------------------------------------------------------------------------------------------- vitals.c --- */

/* HP.  n is a number of points; what was really lost or got, or an R_ value. */
int hurt(struct ctx *c, int t, int n, int source, ref cause, struct attack *a);
int hurt_part(struct ctx *c, int t, unsigned d, int source, ref cause); /* 1/d of its full HP, at least 1 */
int hurt_directly(struct ctx *c, int t, int n, ref cause);
void drain(struct ctx *c, int t, int n, int source, const struct attack *a); /* of a move that drains n HP of t */
int heal(struct ctx *c, int t, int n, int source, ref cause);
static inline int sixteenth(const struct ctx *c, int t) /* of its full HP, at least 1 */
{
    const int n = c->mon[t]->hp_max / 16;
    return n ? n : 1;
}
void faint(struct ctx *c, int t, int source, ref cause);
int boost(struct ctx *c, int t, const int8_t stages[STAGES], int source, ref cause, bool secondary, bool self);
int boost_one(struct ctx *c, int t, enum battle_stat s, int n, int source, ref cause);
int set_status(struct ctx *c, int t, int status, int source, ref cause, bool ignore_immunity);
int try_status(struct ctx *c, int t, int status, int source, ref cause);
bool cure_status(struct ctx *c, int t, bool silent);
void clear_status(struct ctx *c, int t);

/* -------------------------------------------------------------------------------------------------- volatile.c --- */

int add_volatile(struct ctx *c, int t, enum battle_volatile v, int source, ref cause);
bool remove_volatile(struct ctx *c, int t, enum battle_volatile v);
static inline void drop_volatile(struct ctx *c, int t, enum battle_volatile v) /* without a word */
{
    c->on[t]->volatiles[v / 64] &= ~(1ull << (v % 64));
    changed_volatile(c, t, v);
}

/* ------------------------------------------------------------------------------------------------------ item.c --- */

bool eat_item(struct ctx *c, int t, bool force, int source, ref cause);
/* What an item does to who eats it, its own or not: nothing where that one's items are suppressed.  False: it failed,
 * or there is nothing that it could do. */
bool eaten(struct ctx *c, int t, unsigned item, int source, ref cause, struct attack *a);
bool use_item(struct ctx *c, int t, int source, ref cause);
unsigned take_item(struct ctx *c, int t, int source);       /* the item; 0: it cannot be taken */
bool item_stays(const struct ctx *c, int t, unsigned item); /* it cannot be taken from this one */
bool set_item(struct ctx *c, int t, unsigned item, int source, ref cause);
void drop_item(struct ctx *c, int t); /* it is gone, nothing is said */
int set_ability(struct ctx *c, int t, unsigned ability, int source, ref cause, bool forme, bool transformed);
int swap_abilities(struct ctx *c, int t, int foe); /* R_TRUE, or why not */

#endif
