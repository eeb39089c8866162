/*
 * mon.h - what a Pokémon on the field is: its stats, moves and PP, its types and what they make it immune to, its
 * forme.
 */
#ifndef BATTLE_MON_H
#define BATTLE_MON_H

#include "who.h"

/* ------------------------------------------------------------------------------------------------------- mon.c --- */

int stat_staged(int stat, int stage);
void ask_stages(struct ctx *c, int t, int8_t stages[STAGES]); /* stages of one as they count now, where that is heard */
int stat_of(struct ctx *c, int t, enum battle_stat s, bool staged, bool modified);
int action_speed(struct ctx *c, int t);
void update_speeds(struct ctx *c);
int best_stat(struct ctx *c, int t);
int weight_of(struct ctx *c, int t);
int positive_boosts(const struct ctx *c, int t);

static inline unsigned slot_move(const struct ctx *c, int t, int slot)
{
    return c->on[t]->moves[slot];
}
static inline uint8_t *slot_pp(struct ctx *c, int t, int slot)
{
    return c->on[t]->virtual_moves >> slot & 1 ? &c->on[t]->pp[slot] : &c->mon[t]->pp[slot];
}
int move_slot(const struct ctx *c, int t, unsigned move); /* -1: it has not got it */
int deduct_pp(struct ctx *c, int t, unsigned move, int n);
/* It uses the Z-Move that this one became: the line names that, and nobody learns which move it was. */
static inline bool behind_z(const struct ctx *c, int t, unsigned move)
{
    const struct attack *a = c->attack;
    return a && a->z_base == move && a->number != move && a->user == t;
}
bool contact(struct ctx *c, const struct attack *a, int user);

/* ---------------------------------------------------------------------------------------------------- typing.c --- */

struct types { /* one word: up to three types from the lowest byte on, how many in the highest */
    uint32_t word;
};
static inline int types_n(struct types types)
{
    return (int)(types.word >> 24);
}
static inline int type_at(struct types types, int i)
{
    return (int)(types.word >> 8 * i & 0xff);
}
struct types unusual_types(const struct ctx *c, int t, bool with_added, bool before_tera);
/* Its types are as they stand in battle_active. */
static inline bool plain_types(const struct ctx *c, int t)
{
    const struct battle_active *on = c->on[t];
    return on->types[0] - 1u < TYPE_BLANK - 1u && on->types[1] < TYPE_BLANK && !terastallized(c, t) &&
           !on->type_added && !has(c, t, VOL_ROOST) && !(ability_marks(c, t) & DEX_BIT(MARK_PLATED));
}
static inline struct types types_of(const struct ctx *c, int t, bool with_added, bool before_tera)
{
    const struct battle_active *on = c->on[t];
    const unsigned one = on->types[0], two = on->types[1];
    if (plain_types(c, t)) /* mostly */
        return (struct types){one | two << 8 | (two ? 2u : 1u) << 24};
    return unusual_types(c, t, with_added, before_tera);
}
void keep_types(uint8_t to[2], struct types types); /* as battle_active.types has them */
bool has_type(const struct ctx *c, int t, int type);
bool set_type(struct ctx *c, int t, int one, int two); /* false: it cannot be changed */
/* R_TRUE on the ground, R_FALSE not, R_NULL by Levitate */
int grounded(struct ctx *c, int t, bool negated);
static inline bool is_grounded(struct ctx *c, int t)
{
    return grounded(c, t, false) == R_TRUE;
}
/* It carries somebody by Sky Drop, or is carried. */
static inline bool sky_dropped(const struct ctx *c, int t)
{
    return has(c, t, VOL_SKY_DROP) || (t < 2 && has(c, !t, VOL_SKY_DROP) && !has(c, !t, VOL_SKY_EMPTY));
}
bool semi_invulnerable(const struct ctx *c, int t);

bool status_immunity(struct ctx *c, int t, ref what);                  /* true: it may happen to it */
bool type_immunity(struct ctx *c, int t, struct attack *a, bool tell); /* true: it can be hit */
bool natural_immunity(const struct ctx *c, int t, ref what);           /* true: its types allow it */
int effectiveness(struct ctx *c, int t, struct attack *a);             /* what rules of data answer may be any number */
int effective_stages(struct ctx *c, int t, struct attack *a);          /* the same within the bounds of damage: -6..6 */

/* ---------------------------------------------------------------------------------------------------- formes.c --- */

void set_species(struct ctx *c, int t, unsigned species);
void show_tera_type(struct ctx *c, int t);
void forme_change(struct ctx *c, int t, unsigned species, ref from, bool for_good);
bool transform(struct ctx *c, int t, int into, ref from);

/* ------------------------------------------------------------------------------------------------------ sets.c --- */

/* HP, Atk, Def, SpA, SpD, Spe of a species so trained. */
void stats_of(const struct dex_species *sp, unsigned level, unsigned nature, uint32_t ivs, const uint8_t evs[6],
              uint16_t out[6]);

#endif
