/*
 * damage.c - the damage of one hit, in the order of generation 9.
 *
 * Power, critical hit, modifiers of power, attack and defence, base, weather, critical hit, roll, STAB, type,
 * burn, final modifiers; all whole numbers, each step rounded on its own.  Modifiers are 4096ths and round half
 * down (modify); those of one event are chained first, rounding half up; a critical hit and the roll truncate.
 */
#include "engine.h"

static int staged_stat(struct ctx *c, int holder, int user, enum battle_stat s, int stage)
{
    enum battle_stat of = s;
    if (c->b->rooms[ROOM_WONDER] && (s == STAT_DEF || s == STAT_SPD))
        of = s == STAT_DEF ? STAT_SPD : STAT_DEF;
    int stat = c->on[holder]->stats[of];
    if (heard(c, EV_modify_boost, user, NOBODY)) {
        int8_t boosts[STAGES] = {0};
        boosts[s] = (int8_t)stage;
        ask_stages(c, user, boosts);
        stage = boosts[s];
    }
    return stat_staged(stat, stage);
}

static const uint8_t stat_events[5] = {EV_modify_atk, EV_modify_def, EV_modify_spa, EV_modify_spd, EV_modify_spe};

static int attack_stat(struct ctx *c, struct attack *a, int target)
{
    const bool physical = a->category == MOVE_PHYSICAL;
    const int holder = flagged(a, MF_FOUL_PLAY) ? target : a->user;
    unsigned s = a->move->offense != 0xff ? a->move->offense : physical ? STAT_ATK : STAT_SPA;
    if (a->offense_now)
        s = a->offense_now - 1u;
    if (c->b->rooms[ROOM_WONDER] &&
        (s == STAT_DEF || s == STAT_SPD)) /* Body Press keeps to the stat, not to its stages */
        s = s == STAT_DEF ? STAT_SPD : STAT_DEF;
    int stage = c->on[holder]->boosts[s];
    if (a->crit_now && stage < 0)
        stage = 0;
    int v = staged_stat(c, holder, a->user, (enum battle_stat)s, stage);
    return event_number(c, (enum event)stat_events[physical ? STAT_ATK : STAT_SPA], a->user, target,
                        (ref)(REF_MOVE | a->number), a, v);
}

static int defense_stat(struct ctx *c, struct attack *a, int target)
{
    const unsigned s = a->move->defense != 0xff ? a->move->defense : a->category == MOVE_PHYSICAL ? STAT_DEF : STAT_SPD;
    int stage = c->on[target]->boosts[s];
    if (flagged(a, MF_IGNORE_DEFENSE_STAGES) || (a->crit_now && stage > 0))
        stage = 0;
    int v = staged_stat(c, target, target, (enum battle_stat)s, stage);
    return event_number(c, (enum event)stat_events[s], target, a->user, (ref)(REF_MOVE | a->number), a, v);
}

static bool draw_crit(struct ctx *c, struct attack *a, int target)
{
    int ratio = event_number(c, EV_modify_crit, a->user, target, (ref)(REF_MOVE | a->number), a, 1 + a->crit);
    bool crit = a->sure_crit;
    if (!a->sure_crit && !a->no_crit)
        crit = drawn_crit(c, ratio);
    return crit && worked(event(c, EV_critical_hit, target, NOBODY, (ref)(REF_MOVE | a->number), a));
}

/* The Stellar type strengthens moves of a type once; those of Terapagos always. */
static bool stellar_spent(const struct ctx *c, int t, int type)
{
    if (S(terapagosstellar) && c->on[t]->species == S(terapagosstellar))
        return false;
    return c->mon[t]->stellar_used[type / 8] >> (type % 8) & 1;
}

/* How much STAB strengthens, in 4096ths. */
static uint32_t stab_of(struct ctx *c, struct attack *a, int target)
{
    const int t = a->user;
    struct battle_mon *m = c->mon[t];
    struct types own = types_of(c, t, true, true);
    bool natural = false;
    for (int i = 0; i < types_n(own); i++)
        natural |= type_at(own, i) == a->type;
    const bool tera = HAS_GIMMICKS && m->flags & MON_TERASTALLIZED;
    const bool stab = a->force_stab || natural || (tera && has_type(c, t, a->type));
    if (tera && m->tera == TYPE_STELLAR) {
        if (!stellar_spent(c, t, a->type) || a->stellar_boosted) {
            a->stellar_boosted = true;
            if (c->on[t]->species != S(terapagosstellar) || !S(terapagosstellar))
                m->stellar_used[a->type / 8] |= (uint8_t)(1u << (a->type % 8));
            return stab ? 8192 : 4915;
        }
        return stab ? 6144 : 4096;
    }
    int v = stab ? 6144 : 4096;
    if (tera && m->tera == a->type && natural)
        v = 8192;
    v = event_number(c, EV_modify_stab, t, target, (ref)(REF_MOVE | a->number), a, v);
    return (uint32_t)v;
}

static uint32_t by_type(struct ctx *c, struct attack *a, int target, uint32_t d, bool quiet)
{
    int effect = effective_stages(c, target, a);
    a->type_mod = (int8_t)effect;
    if (effect && !quiet)
        say(c, effect > 0 ? LINE_SUPER : LINE_RESIST, target);
    for (; effect > 0; effect--)
        d *= 2;
    for (; effect < 0; effect++)
        d /= 2;
    return d;
}

static int modified(struct ctx *c, struct attack *a, int target, uint32_t d, bool quiet)
{
    const int t = a->user;
    d += 2;
    if (a->bond && a->hit > 1)
        d = modify(d, 1024);
    d = (uint32_t)event_number(c, EV_weather_modify_damage, t, target, (ref)(REF_MOVE | a->number), a, (int)d);
    if (a->crit_now)
        d = d * 3 / 2;
    d = d * (100 - roll_damage(c)) / 100;
    if (a->type) {
        const uint32_t stab = stab_of(c, a, target);
        if (stab != 4096)
            d = modify(d, stab);
    }
    d = by_type(c, a, target, d, quiet);
    if (a->crit_now && !quiet)
        say(c, LINE_CRIT, target);
    if (c->mon[t]->status == STATUS_BRN && a->category == MOVE_PHYSICAL && a->number != M(facade) &&
        !has_ability(c, t, A(guts)))
        d = modify(d, 2048);
    d = (uint32_t)event_number(c, EV_modify_damage, t, target, (ref)(REF_MOVE | a->number), a, (int)d);
    if (HAS_GIMMICKS && a->z_broke) {
        d = modify(d, 1024);
        if (!quiet)
            say(c, LINE_Z_BROKEN, target);
    }
    return d ? (int)(d & 0xffff) : 1;
}

/* A weak move of a Terastallized Pokémon's type has power 60. */
static int tera_power(struct ctx *c, const struct attack *a, int power)
{
    const struct battle_mon *m = c->mon[a->user];
    if (!HAS_GIMMICKS || !(m->flags & MON_TERASTALLIZED) || a->user == BENCHED || power >= 60 ||
        a->move->priority > 0 || a->move->multi || ((a->move->power == 0 || a->move->power == 150) && a->move->powered))
        return power;
    const bool stellar = m->tera == TYPE_STELLAR;
    const bool counts = stellar ? !stellar_spent(c, a->user, a->type) : has_type(c, a->user, a->type);
    return counts ? 60 : power;
}

/* R_FALSE: immune or failed aloud; R_UNDEF: a move without damage. */
int get_damage(struct ctx *c, struct attack *a, int target, bool quiet)
{
    if (!type_immunity(c, target, a, !quiet))
        return R_FALSE;
    if (flagged(a, MF_OHKO))
        return c->mon[target]->hp_max;
    if (move_listens(c, a->number, EV_fixed_damage))
        return move_single(c, EV_fixed_damage, a, target, a->user, 0);
    if (a->damage)
        return a->damage == 0xff ? c->mon[a->user]->level : a->damage;
    int power = a->power;
    if (a->move->powered)
        power = move_single(c, EV_power, a, target, a->user, power);
    if (!power)
        return R_UNDEF;
    if (power < 0)
        return power;
    a->crit_now = draw_crit(c, a, target);
    power = event_with_move(c, EV_base_power, a->user, target, a, power);
    if (power <= 0)
        return power == 0 ? 0 : power;
    power = tera_power(c, a, power);
    const uint32_t level = c->mon[a->user]->level;
    int attack = attack_stat(c, a, target), defense = defense_stat(c, a, target);
    if (defense < 1)
        defense = 1;
    if (attack < 0)
        attack = 0;
    uint32_t d =
        (uint32_t)((uint64_t)(2 * level / 5 + 2) * (uint32_t)power * (uint32_t)attack) / (uint32_t)defense / 50;
    return modified(c, a, target, d, quiet);
}

/* A confused Pokémon hits itself: power 40, no type, no critical hit. */
uint32_t confusion_damage(struct ctx *c, int t)
{
    const uint32_t level = c->mon[t]->level;
    uint32_t attack = (uint32_t)staged_stat(c, t, t, STAT_ATK, c->on[t]->boosts[STAT_ATK]);
    uint32_t defense = (uint32_t)staged_stat(c, t, t, STAT_DEF, c->on[t]->boosts[STAT_DEF]);
    uint32_t d = (2 * level / 5 + 2) * 40 * attack / (defense ? defense : 1) / 50 + 2;
    d = (d & 0xffff) * (100 - roll_damage(c)) / 100;
    return d ? d : 1;
}
