/*
 * who.h - who stands on the field: what a line calls it, whether it is alive, what it has - ability, item, volatiles -
 * and entries of the data that C code asks for by name.
 */
#ifndef BATTLE_WHO_H
#define BATTLE_WHO_H

#include "listeners.h"
#include "log.h"

#define A(name) (HAS_KITS ? c->rules->abilities_known[A_##name] : 0u)
#define I(name) (HAS_KITS ? c->rules->items_known[I_##name] : 0u)
#define M(name) (c->rules->moves_known[M_##name])
#define S(name) (c->rules->species_known[S_##name])

/* One on the bench is named by the looks that it went with: Illusion. */
static inline unsigned looks_of_benched(const struct battle_side *s, int slot)
{
    const unsigned looks = s->party[slot].flags & MON_LOOKS;
    return looks ? looks - 1 : (unsigned)slot;
}
static inline uint8_t who_benched(const struct ctx *c, int side, int slot)
{
    return (uint8_t)((unsigned)side * 8 + looks_of_benched(&c->b->sides[side], slot) + SAY_BENCHED);
}
static inline uint8_t who(const struct ctx *c, int t) /* as its side shows it: Illusion */
{
    if (t == NOBODY)
        return 0xff;
    if (t == BENCHED)
        return who_benched(c, c->bench_side, c->bench_slot);
    unsigned slot = c->on[t]->illusion != 0xff ? c->on[t]->illusion : c->b->sides[t].active;
    return (uint8_t)(t * 8 + (int)slot + (c->mon[t]->flags & MON_FAINT_TOLD ? SAY_BENCHED : 0));
}
static inline bool has(const struct ctx *c, int t, enum battle_volatile v)
{
    return c->on[t]->volatiles[v / 64] >> (v % 64) & 1;
}
static inline bool terastallized(const struct ctx *c, int t)
{
    return HAS_GIMMICKS && c->mon[t]->flags & MON_TERASTALLIZED;
}
static inline bool alive(const struct ctx *c, int t)
{
    return c->mon[t]->hp > 0;
}
static inline bool in_play(const struct ctx *c, int t) /* its fainting has not been told */
{
    return !(c->mon[t]->flags & MON_FAINT_TOLD);
}
static inline int foe_of(const struct ctx *c, int t)
{
    return t == BENCHED ? !c->bench_side : !t;
}
static inline int side_of(const struct ctx *c, int t)
{
    return t == BENCHED ? c->bench_side : t;
}
static inline const struct dex_move *move_row(const struct ctx *c, unsigned number)
{
    return &c->dex->moves[number];
}
/* Most PP of a move that is its own: one that Sketch brought has no more than its row says. */
static inline unsigned own_full_pp(const struct dex *dex, const struct battle_mon *m, int slot)
{
    const unsigned move = m->moves[slot];
    return m->stellar_used[2] >> (MON_SKETCHED + slot) & 1 ? dex->moves[move].base_pp : dex->rules->full_pp[move];
}
/* Its status is gone. */
static inline void forget_status(struct battle_mon *m)
{
    m->status = STATUS_NONE;
    m->status_n = 0;
    m->flags &= (uint16_t)~MON_PUT_TO_SLEEP;
}
static inline const struct dex_species *species_now(const struct ctx *c, int t)
{
    return &c->dex->species[c->on[t]->species];
}
static inline bool flagged(const struct attack *a, enum dex_flag f)
{
    return a->flags >> f & 1;
}
static inline bool on_flag(const struct ctx *c, int t, unsigned f)
{
    return c->on[t]->flags & f;
}

static inline bool has_ability(struct ctx *c, int t, unsigned ability)
{
    if (!HAS_KITS)
        return false;
    fresh(c);
    return ability && c->on[t]->ability == ability && !c->ability_off[t];
}
static inline bool has_item(struct ctx *c, int t, unsigned item)
{
    if (!HAS_KITS)
        return false;
    fresh(c);
    return item && c->mon[t]->item == item && !c->item_off[t];
}
static inline uint32_t ability_marks(const struct ctx *c, int t)
{
    return HAS_KITS ? c->rules->abilities[c->on[t]->ability].marks : 0;
}
/* Its ability is passed over by the move under way (Mold Breaker). */
bool ability_broken(struct ctx *c, int t);
static inline bool has_unbroken(struct ctx *c, int t, unsigned ability)
{
    return has_ability(c, t, ability) && !ability_broken(c, t);
}

/* Who is out is another from now on. */
static inline void bind_active(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    c->mon[side] = &s->party[s->active];
    c->on[side] = &s->on;
}
void bind_bench(struct ctx *c); /* BENCHED is who bench_side and bench_slot say */
/* Two formes are not told from the usual one. */
static inline unsigned plain_looks(const struct dex *dex, unsigned species)
{
    const uint16_t *known = dex->rules->species_known;
    return species == known[S_greninjabond] || species == known[S_rockruffdusk] ? dex->species[species].base_species
                                                                                : species;
}

#endif
