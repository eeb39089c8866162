/*
 * hit.c - from a move that hits to a number: power, stats, modifiers, critical hit, roll.
 */
#include "internal.h"
#include "move.h"
#include "tables.h"

static unsigned weight_power(unsigned weight)
{ /* in 100 g */
    return weight >= 2000   ? 120
           : weight >= 1000 ? 100
           : weight >= 500  ? 80
           : weight >= 250  ? 60
           : weight >= 100  ? 40
                            : 20;
}

static unsigned ratio_power(unsigned own, unsigned foe)
{
    return own >= foe * 5 ? 120 : own >= foe * 4 ? 100 : own >= foe * 3 ? 80 : own >= foe * 2 ? 60 : 40;
}

static unsigned low_hp_power(unsigned hp, unsigned hp_max)
{
    unsigned r = hp * 48 / hp_max;
    return r < 2 ? 200 : r < 5 ? 150 : r < 10 ? 100 : r < 17 ? 80 : r < 33 ? 40 : 20;
}

/* Power before the modifiers of power_modifier(). */
static unsigned power_of(const struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    const struct battle *b = c->b;
    const struct battle_mon *user = mon_of_const(b, a->side), *foe = mon_of_const(b, !a->side);
    const struct dex_species *sp = c->dex->species;
    unsigned power = a->power;
    switch (m->op) {
    case OP_HEX: return foe->status ? power * 2 : power;
    case OP_PAYBACK:
        return b->sides[!a->side].on.arrived || b->sides[!a->side].queued <= BATTLE_CHOICE_FORCED ? power : power * 2;
    case OP_AVALANCHE: return b->sides[a->side].on.hurt_by_foe ? power * 2 : power;
    case OP_ASSURANCE: return b->sides[!a->side].on.hurt ? power * 2 : power;
    case OP_ACROBATICS: /* nobody holds an item */ return power * 2;
    case OP_WEIGHT_TARGET: return weight_power(sp[foe->species].weight);
    case OP_WEIGHT_RATIO: return ratio_power(sp[user->species].weight, sp[foe->species].weight);
    case OP_HP_RATIO: return power * user->hp / user->hp_max;
    case OP_HP_LOW: return low_hp_power(user->hp, user->hp_max);
    case OP_HARD_PRESS: {
        unsigned r = (100 * (100 * ((unsigned)foe->hp * 4096 / foe->hp_max)) + 2047) / 4096 / 100;
        return r ? r : 1;
    }
    case OP_SPEED_SLOW: {
        unsigned own = speed_of(b, a->side);
        unsigned r = own ? 25 * speed_of(b, !a->side) / own + 1 : 1;
        return r > 150 ? 150 : r;
    }
    case OP_SPEED_FAST: {
        static const uint8_t by_ratio[5] = {40, 60, 80, 120, 150};
        unsigned foes = speed_of(b, !a->side), r = foes ? speed_of(b, a->side) / foes : 0;
        return by_ratio[r > 4 ? 4 : r];
    }
    case OP_STAGES_UP:
        for (int i = 0; i < STAGES; i++)
            if (b->sides[a->side].on.boosts[i] > 0)
                power += 20u * (unsigned)b->sides[a->side].on.boosts[i];
        return power;
    case OP_TRIPLE: return power * (unsigned)a->hit;
    default: return power;
    }
}

static unsigned power_modifier(const struct ctx *c, const struct attack *a)
{
    const struct battle *b = c->b;
    const struct battle_mon *user = mon_of_const(b, a->side), *foe = mon_of_const(b, !a->side);
    switch (a->move->op) {
    case OP_FACADE: return user->status && user->status != STATUS_SLP ? 8192 : 4096;
    case OP_VENOSHOCK: return foe->status == STATUS_PSN || foe->status == STATUS_TOX ? 8192 : 4096;
    case OP_BRINE: return foe->hp * 2 <= foe->hp_max ? 8192 : 4096;
    case OP_SOLAR_BEAM: return b->weather > WEATHER_SUN ? 2048 : 4096;
    default:
        if (a->move->flags & MF_DOUBLE_FLY && has(&b->sides[!a->side], VOL_CHARGING) &&
            c->dex->moves[b->sides[!a->side].on.lock_move].op == OP_FLY)
            return 8192;
        return 4096;
    }
}

static int effect_of(const struct ctx *c, const struct attack *a)
{
    uint8_t t[2];
    int sum = 0;
    types_of(c, !a->side, t);
    for (int i = 0; i < 2; i++) {
        int one = dex_type_chart[a->type][t[i]];
        if (a->move->op == OP_FREEZE_DRY && t[i] == TYPE_WATER)
            one = 4;
        sum += one == 4 ? 1 : one == 1 ? -1 : 0; /* an immunity that was got round counts as usual */
    }
    return sum;
}

static uint32_t weather_modifier(int weather, int type)
{
    if ((weather != WEATHER_SUN && weather != WEATHER_RAIN) || (type != TYPE_FIRE && type != TYPE_WATER))
        return 4096;
    return (weather == WEATHER_SUN) == (type == TYPE_FIRE) ? 6144 : 2048;
}

static uint32_t final_modifier(const struct ctx *c, const struct attack *a, bool crit)
{
    const struct battle_side *foe = &c->b->sides[!a->side];
    const struct dex_move *m = a->move;
    uint32_t f = 4096;
    if (!crit && foe->conditions[m->category == MOVE_PHYSICAL ? SIDE_REFLECT : SIDE_LIGHT_SCREEN])
        f = (f * 2048 + 2048) >> 12;
    if (m->flags & MF_MINIMIZE && has(foe, VOL_MINIMIZE))
        f = (f * 8192 + 2048) >> 12;
    if (m->flags & MF_HITS_DIG && has(foe, VOL_CHARGING) && c->dex->moves[foe->on.lock_move].op == OP_DIG)
        f = (f * 8192 + 2048) >> 12;
    if (m->flags & MF_HITS_DIVE && has(foe, VOL_CHARGING) && c->dex->moves[foe->on.lock_move].op == OP_DIVE)
        f = (f * 8192 + 2048) >> 12;
    return f;
}

static uint32_t attack_stat(const struct ctx *c, const struct attack *a, bool crit)
{
    int from = a->move->flags & MF_FOUL_PLAY ? !a->side : a->side, stat = a->move->offense;
    const int8_t stage = c->b->sides[from].on.boosts[stat];
    return apply_stage(mon_of_const(c->b, from)->stats[stat], crit && stage < 0 ? 0 : stage);
}

static uint32_t defense_stat(const struct ctx *c, const struct attack *a, bool crit)
{
    int foe = !a->side, stat = a->move->defense;
    int8_t stage = c->b->sides[foe].on.boosts[stat];
    if (a->move->flags & MF_IGNORE_STAGES || (crit && stage > 0))
        stage = 0;
    uint32_t d = apply_stage(mon_of_const(c->b, foe)->stats[stat], stage);
    if ((c->b->weather == WEATHER_SAND && stat == STAT_SPD && has_type(c, foe, TYPE_ROCK)) ||
        (c->b->weather == WEATHER_SNOW && stat == STAT_DEF && has_type(c, foe, TYPE_ICE)))
        d = modify(d, 6144);
    return d ? d : 1;
}

static bool draw_crit(struct ctx *c, const struct attack *a)
{
    static const uint8_t once_in[5] = {24, 8, 2, 1, 1};
    if (a->move->crit == 0xff)
        return true;
    int stage = a->move->crit + (has(&c->b->sides[a->side], VOL_FOCUS_ENERGY) ? 2 : 0);
    uint32_t n = once_in[stage > 4 ? 4 : stage];
    return n == 1 || draw(c->b, 0, n, DRAW_CRIT) == 0;
}

/* Damage that is not computed from power; -1 if it is. */
int fixed_damage(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    struct battle_mon *user = mon_of(c->b, a->side);
    const struct battle_mon *foe = mon_of_const(c->b, !a->side);
    if (m->flags & MF_OHKO)
        return foe->hp_max;
    if (m->flags & MF_LEVEL_DAMAGE)
        return user->level;
    if (m->fixed)
        return m->fixed;
    if (m->op == OP_HALF_HP)
        return foe->hp > 1 ? foe->hp / 2 : 1;
    if (m->op == OP_ENDEAVOR)
        return foe->hp - user->hp;
    if (m->op == OP_FINAL_GAMBIT) {
        int all = user->hp;
        user->hp = 0;
        queue_faint(c, a->side);
        return all;
    }
    return -1;
}

/* Everything but the roll. */
struct hit attack_hit(const struct ctx *c, const struct attack *a, bool crit)
{
    const struct battle_mon *user = mon_of_const(c->b, a->side);
    unsigned power = power_of(c, a);
    struct hit h = {.level = user->level, .crit = crit};
    h.power = modify(power ? power : 1, power_modifier(c, a));
    if (!h.power)
        h.power = 1;
    h.attack = attack_stat(c, a, crit);
    h.defense = defense_stat(c, a, crit);
    h.weather = weather_modifier(c->b->weather, a->type);
    h.stab = a->type && has_type(c, a->side, a->type);
    h.effect = a->type ? effect_of(c, a) : 0;
    h.burned = user->status == STATUS_BRN && a->move->category == MOVE_PHYSICAL && a->move->op != OP_FACADE;
    h.final = final_modifier(c, a, crit);
    return h;
}

unsigned attack_damage(struct ctx *c, const struct attack *a)
{
    int fixed = fixed_damage(c, a);
    if (fixed >= 0)
        return (unsigned)fixed;
    const bool crit = draw_crit(c, a);
    const struct hit h = attack_hit(c, a, crit);
    unsigned d = damage_of(&h, 15 - draw(c->b, 0, 16, DRAW_ROLL));
    if (c->log) {
        if (h.effect)
            note(c, h.effect > 0 ? EV_SUPER : EV_RESIST, !a->side, 0, 0);
        if (h.crit)
            note(c, EV_CRIT, !a->side, 0, 0);
    }
    return d;
}
