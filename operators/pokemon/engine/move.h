/*
 * move.h - a move from its choice to its damage, and what makes it another: Mega Evolution, Z-Moves.
 */
#ifndef BATTLE_MOVE_H
#define BATTLE_MOVE_H

#include "draw.h"
#include "log.h"

/* ------------------------------------------------------------------------------------------------------ move.c --- */

void attack_of_row(struct attack *a, const struct dex_move *m, unsigned number); /* as its row has it, by nobody */
static inline void attack_init(struct ctx *c, struct attack *a, unsigned move, int user)
{
    memcpy(a, &c->rules->attacks[move], offsetof(struct attack, own));
    a->user = (int8_t)user;
}
/* False: it did not come to the move. */
bool run_move(struct ctx *c, unsigned move, int t, int slot, bool external, ref source);
bool use_move(struct ctx *c, unsigned move, int t, int target, ref source, const struct attack *caller);

/* ------------------------------------------------------------------------------------------------------- hit.c --- */

bool spread_hit(struct ctx *c, struct attack *a, int target); /* from invulnerability to the hits */
int hit_once(struct ctx *c, struct attack *a, int target, int *left);

/* --------------------------------------------------------------------------------------------------- effects.c --- */

int move_hit(struct ctx *c, struct attack *a, int target, const struct dex_effect *part, bool secondary, bool self);
void recoil(struct ctx *c, struct attack *a, int damage); /* of a move that has some */
static inline bool recoils(const struct attack *a)
{
    const uint64_t parts = DEX_BIT(MF_STRUGGLE_RECOIL) | DEX_BIT(MF_HALF_RECOIL) | DEX_BIT(MF_HALF_RECOIL_ROUND);
    return a->move->recoil[1] || a->flags & parts;
}

/* ---------------------------------------------------------------------------------------------------- damage.c --- */

struct hit { /* one hit, all modifiers known */
    uint32_t level, power, attack, defense;
    int stab, effect;
    bool crit, burned;
};
int get_damage(struct ctx *c, struct attack *a, int target, bool quiet);
static inline bool drawn_crit(struct ctx *c, int ratio) /* 1: the usual one */
{
    static const uint8_t once_in[5] = {0, 24, 8, 2, 1};
    ratio = ratio < 0 ? 0 : ratio > 4 ? 4 : ratio;
    return ratio && chance(c, 1, once_in[ratio], DRAW_CRIT);
}
uint32_t confusion_damage(struct ctx *c, int t);
static inline uint32_t roll_damage(struct ctx *c) /* 0..15 per cent off */
{
    return c->fixed_roll ? c->fixed_roll - 1u : draw(c, 0, 16, DRAW_ROLL);
}

/* ------------------------------------------------------------------------------------------------------ mega.c --- */

/* What a party member would mega evolve into (or become by Ultra Burst), 0 none. */
unsigned mega_forme(const struct ctx *c, const struct battle_mon *m);
bool may_mega(const struct ctx *c, int t); /* its side may choose so now */
void mega_evolve(struct ctx *c, int t);
void say_item_forme(struct ctx *c, int t, unsigned species, unsigned item); /* the line that tells such a change */

/* ----------------------------------------------------------------------------------------------------- zmove.c --- */

enum { REF_Z_POWER = REF_WORD | WORD_Z_POWER };
unsigned z_move_of(struct ctx *c, int t, int slot); /* what the move of a slot is as a Z-Move, 0: it cannot be */
void z_become(struct ctx *c, struct attack *a);     /* a usual move becomes its Z-Move */
void z_spend(struct ctx *c, int t);
void z_power(struct ctx *c, const struct attack *a); /* what comes with it, once it is announced */

#endif
