/*
 * natives_moves_power.c - power, damage, type and accuracy that a move finds by a rule of its own.
 */
#include "natives.h"

/* On "power": the target is e->target, the user e->source. */

static int clamp(int n)
{
    return n < 1 ? 1 : n;
}

NATIVE(power_twice_hurt) /* Assurance */
{
    return on_flag(c, e->target, ON_HURT) ? 2 * e->value : R_UNDEF;
}

static bool hit_by(const struct ctx *c, int t, int foe)
{
    const struct battle_active *on = c->on[t];
    return on->flags & ON_HIT_NOW && on->flags & ON_HIT_HURT && foe < 2 && on->hit_by == c->b->sides[foe].active;
}

NATIVE(power_twice_avenging) /* Avalanche, Revenge */
{
    return hit_by(c, e->source, e->target) ? 2 * e->value : R_UNDEF;
}

NATIVE(power_by_hp) /* Eruption */
{
    const struct battle_mon *m = c->mon[e->source];
    return clamp(e->value * m->hp / m->hp_max);
}

NATIVE(power_low_hp) /* Flail */
{
    static const struct {
        uint8_t below, power;
    } steps[] = {{2, 200}, {5, 150}, {10, 100}, {17, 80}, {33, 40}, {255, 20}};
    const struct battle_mon *m = c->mon[e->source];
    const int ratio = clamp(m->hp * 48 / m->hp_max);
    int i = 0;
    while (ratio >= steps[i].below)
        i++;
    return steps[i].power;
}

static int foe_hp_power(const struct ctx *c, const struct call *e, int most)
{
    const struct battle_mon *m = c->mon[e->target];
    return clamp((most * (100 * (m->hp * 4096 / m->hp_max)) + 2047) / 4096 / 100);
}

NATIVE(power_foe_hp_100)
{
    return foe_hp_power(c, e, 100);
}

NATIVE(power_foe_hp_120)
{
    return foe_hp_power(c, e, 120);
}

NATIVE(power_foe_weight) /* Grass Knot */
{
    static const struct {
        uint16_t from;
        uint8_t power;
    } steps[] = {{2000, 120}, {1000, 100}, {500, 80}, {250, 60}, {100, 40}, {0, 20}};
    const int w = weight_of(c, e->target);
    int i = 0;
    while (w < steps[i].from)
        i++;
    return steps[i].power;
}

NATIVE(power_weight_ratio) /* Heavy Slam */
{
    const int other = weight_of(c, e->target), own = weight_of(c, e->source);
    return own >= other * 5 ? 120 : own >= other * 4 ? 100 : own >= other * 3 ? 80 : own >= other * 2 ? 60 : 40;
}

NATIVE(power_faster) /* Electro Ball */
{
    static const uint8_t powers[5] = {40, 60, 80, 120, 150};
    const int own = stat_of(c, e->source, STAT_SPE, true, true), other = stat_of(c, e->target, STAT_SPE, true, true);
    const int ratio = other ? own / other : 0;
    return powers[ratio > 4 ? 4 : ratio];
}

NATIVE(power_slower) /* Gyro Ball */
{
    const int own = stat_of(c, e->source, STAT_SPE, true, true), other = stat_of(c, e->target, STAT_SPE, true, true);
    const int power = own ? 25 * other / own + 1 : 1;
    return power > 150 ? 150 : power;
}

NATIVE(power_own_stages) /* Stored Power */
{
    return e->value + 20 * positive_boosts(c, e->source);
}

NATIVE(power_by_hit_20)
{
    (void)c;
    return 20 * e->a->hit;
}

NATIVE(power_by_hit_10)
{
    (void)c;
    return 10 * e->a->hit;
}

NATIVE(power_twice_after) /* Payback */
{
    return on_flag(c, e->target, ON_NEW) || will_move(c, e->target) ? R_UNDEF : 2 * e->value;
}

NATIVE(power_twice_frustrated) /* Stomping Tantrum */
{
    return c->on[e->source]->result_before == MOVE_FAILED ? 2 * e->value : R_UNDEF;
}

NATIVE(power_times_hit) /* Rage Fist */
{
    const int n = 50 + 50 * c->mon[e->source]->times_hit;
    return n > 350 ? 350 : n;
}

NATIVE(power_fallen) /* Last Respects */
{
    return 50 + 50 * c->b->sides[side_of(c, e->source)].fainted;
}

NATIVE(power_stockpile) /* Spit Up */
{
    const int n = c->on[e->source]->stockpile;
    return has(c, e->source, VOL_STOCKPILE) && n ? 100 * n : R_FALSE;
}

NATIVE(power_fury)
{
    if (!has(c, e->source, VOL_FURY_CUTTER) || e->a->hit == 1)
        add_volatile(c, e->source, VOL_FURY_CUTTER, e->source, (ref)(REF_MOVE | e->a->number));
    const int n = e->value * c->on[e->source]->fury;
    return n > 160 ? 160 : clamp(n);
}

NATIVE(power_rollout)
{
    struct battle_active *on = c->on[e->source];
    int power = e->value;
    if (has(c, e->source, VOL_ROLLOUT)) {
        power <<= on->rollout;
        if (c->mon[e->source]->status != STATUS_SLP) {
            on->rollout++;
            if (on->rollout < 5)
                on->rollout_on = 1;
        }
    }
    return has(c, e->source, VOL_DEFENSE_CURL) ? 2 * power : power;
}

NATIVE(rollout_begins)
{
    if (has(c, e->target, VOL_ROLLOUT) || c->mon[e->target]->status == STATUS_SLP || e->source == NOBODY)
        return R_UNDEF;
    c->on[e->target]->rollout = 0;
    c->on[e->target]->lock_move = e->a->number;
    add_volatile(c, e->target, VOL_ROLLOUT, e->target, (ref)(REF_MOVE | e->a->number));
    return R_UNDEF;
}

NATIVE(power_echo)
{
    return c->b->rooms[ROOM_ECHOED_VOICE] ? e->value * (c->b->echo ? c->b->echo : 1) : R_UNDEF;
}

NATIVE(echo_grows)
{
    struct battle *b = c->b;
    UNUSED;
    if (!b->rooms[ROOM_ECHOED_VOICE]) {
        b->rooms[ROOM_ECHOED_VOICE] = 2;
        b->echo = 1;
    } else if (b->rooms[ROOM_ECHOED_VOICE] != 2) {
        b->rooms[ROOM_ECHOED_VOICE] = 2;
        if (b->echo < 5)
            b->echo++;
    }
    return R_UNDEF;
}

NATIVE(beat_up_hits)
{
    const struct battle_side *s = &c->b->sides[side_of(c, e->target)];
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += i == s->active || (s->party[i].hp && !s->party[i].status);
    e->a->hits[0] = e->a->hits[1] = (uint8_t)n;
    e->a->multi = true;
    return R_UNDEF;
}

/* Those who join in, in the order in which the team stands: who is out first, then the rest. */
NATIVE(power_beat_up)
{
    const struct battle_side *s = &c->b->sides[side_of(c, e->source)];
    int n = e->a->hit - 1, slot = s->active;
    for (int i = 1; n > 0 && i < s->size; i++)
        if (s->party[s->standing[i]].hp && !s->party[s->standing[i]].status && !--n)
            slot = s->standing[i];
    return 5 + c->dex->species[s->party[slot].first_species].base[1] / 10;
}

NATIVE(power_tera)
{
    const struct battle_mon *m = c->mon[e->source];
    return m->flags & MON_TERASTALLIZED && m->tera == TYPE_STELLAR ? 100 : R_UNDEF;
}

/* ------------------------------------------------------------------------------------------ fixed damage --- */

NATIVE(damage_half_hp) /* Super Fang */
{
    return clamp(c->mon[e->target]->hp / 2);
}

NATIVE(damage_endeavor)
{
    return c->mon[e->target]->hp - c->mon[e->source]->hp;
}

NATIVE(damage_gambit)
{
    const int hp = c->mon[e->source]->hp;
    faint(c, e->source, NOBODY, REF_NONE);
    return hp;
}

NATIVE(damage_counter)
{
    const struct battle_active *on = c->on[e->source];
    return on->counter_damage ? on->counter_damage : 1;
}

NATIVE(damage_revenge) /* Metal Burst: one and a half of what was taken */
{
    const int n = c->on[e->source]->hit_damage * 3 / 2;
    return n ? n : 1;
}

/* --------------------------------------------------------------------------------- on the user: type and more --- */

NATIVE(type_by_weather) /* Weather Ball */
{
    static const uint8_t types[WEATHERS] = {0, TYPE_FIRE, TYPE_WATER, TYPE_ROCK, TYPE_ICE, TYPE_FIRE, TYPE_WATER, 0};
    const uint8_t type = types[weather_for(c, e->target)];
    if (type)
        e->a->type = type;
    return R_UNDEF;
}

NATIVE(power_by_weather)
{
    const int w = weather_for(c, e->target);
    if (w && w != WEATHER_STRONG_WINDS)
        e->a->power = (int16_t)(2 * e->a->power);
    return R_UNDEF;
}

NATIVE(type_by_terrain) /* Terrain Pulse */
{
    static const uint8_t types[TERRAINS] = {0, TYPE_ELECTRIC, TYPE_GRASS, TYPE_FAIRY, TYPE_PSYCHIC};
    if (c->b->terrain && is_grounded(c, e->target))
        e->a->type = types[c->b->terrain];
    return R_UNDEF;
}

NATIVE(power_by_terrain)
{
    if (c->b->terrain && is_grounded(c, e->target))
        e->a->power = (int16_t)(2 * e->a->power);
    return R_UNDEF;
}

NATIVE(type_by_plate)
{
    fresh(c);
    const unsigned plate = c->dex->items[c->mon[e->target]->item].plate;
    if (!c->item_off[e->target] && plate)
        e->a->type = (uint8_t)plate;
    return R_UNDEF;
}

NATIVE(type_own) /* Revelation Dance */
{
    struct types all = types_of(c, e->target, true, false);
    e->a->type = !all.t[0] && all.n > 1 ? all.t[1] : all.t[0];
    return R_UNDEF;
}

NATIVE(type_tera)
{
    const struct battle_mon *m = c->mon[e->target];
    if (m->flags & MON_TERASTALLIZED)
        e->a->type = m->tera;
    return R_UNDEF;
}

static bool stronger_attack(struct ctx *c, int t)
{
    const struct battle_active *on = c->on[t];
    return stat_staged(on->stats[STAT_ATK], on->boosts[STAT_ATK]) >
           stat_staged(on->stats[STAT_SPA], on->boosts[STAT_SPA]);
}

NATIVE(tera_blast)
{
    static const struct dex_effect weaker = {
        .boosted = true, .to_user = true, .boosts = {[STAT_ATK] = -1, [STAT_SPA] = -1}};
    const struct battle_mon *m = c->mon[e->target];
    if (!(m->flags & MON_TERASTALLIZED))
        return R_UNDEF;
    if (stronger_attack(c, e->target))
        e->a->category = MOVE_PHYSICAL;
    if (m->tera == TYPE_STELLAR)
        e->a->self_now = &weaker;
    return R_UNDEF;
}

NATIVE(by_stronger_attack) /* Photon Geyser */
{
    if (stronger_attack(c, e->target))
        e->a->category = MOVE_PHYSICAL;
    return R_UNDEF;
}

NATIVE(tera_starstorm)
{
    if (c->on[e->target]->species != S(terapagosstellar) || !S(terapagosstellar))
        return R_UNDEF;
    e->a->type = TYPE_STELLAR;
    if (c->mon[e->target]->flags & MON_TERASTALLIZED && stronger_attack(c, e->target))
        e->a->category = MOVE_PHYSICAL;
    return R_UNDEF;
}

/* Moves whose type is that of the user's forme. */
NATIVE(type_by_forme)
{
    static const struct {
        const char *move, *forme;
        uint8_t type;
    } formes[] = {
        {"ivycudgel", "ogerponwellspring", TYPE_WATER},      {"ivycudgel", "ogerponwellspringtera", TYPE_WATER},
        {"ivycudgel", "ogerponhearthflame", TYPE_FIRE},      {"ivycudgel", "ogerponhearthflametera", TYPE_FIRE},
        {"ivycudgel", "ogerponcornerstone", TYPE_ROCK},      {"ivycudgel", "ogerponcornerstonetera", TYPE_ROCK},
        {"ragingbull", "taurospaldeacombat", TYPE_FIGHTING}, {"ragingbull", "taurospaldeablaze", TYPE_FIRE},
        {"ragingbull", "taurospaldeaaqua", TYPE_WATER},      {"aurawheel", "morpekohangry", TYPE_DARK}};
    const char *id = species_now(c, e->target)->id;
    for (size_t i = 0; i < sizeof formes / sizeof *formes; i++)
        if (!strcmp(e->a->move->id, formes[i].move) && !strcmp(id, formes[i].forme))
            e->a->type = formes[i].type;
    return R_UNDEF;
}

static int plain_damage(const struct ctx *c, int t, int attack, int defense)
{
    return (2 * c->mon[t]->level / 5 + 2) * 90 * attack / (defense ? defense : 1) / 50;
}

static int staged(const struct ctx *c, int t, enum battle_stat s)
{
    return stat_staged(c->on[t]->stats[s], c->on[t]->boosts[s]);
}

NATIVE(shell_side_arm)
{
    const int t = e->target, foe = e->source;
    if (foe == NOBODY)
        return R_UNDEF;
    const int physical = plain_damage(c, t, staged(c, t, STAT_ATK), staged(c, foe, STAT_DEF));
    const int special = plain_damage(c, t, staged(c, t, STAT_SPA), staged(c, foe, STAT_SPD));
    if (physical > special || (physical == special && chance(c, 1, 2, DRAW_MOVE))) {
        e->a->category = MOVE_PHYSICAL;
        e->a->flags |= DEX_BIT(MF_CONTACT);
    }
    return R_UNDEF;
}

NATIVE(accuracy_in_rain) /* Thunder */
{
    const int w = e->source == NOBODY ? WEATHER_NONE : weather_for(c, e->source);
    if (w == WEATHER_RAIN || w == WEATHER_HEAVY_RAIN)
        e->a->accuracy = 0;
    else if (w == WEATHER_SUN || w == WEATHER_HARSH_SUN)
        e->a->accuracy = 50;
    return R_UNDEF;
}

NATIVE(sure_in_rain) /* Bleakwind Storm */
{
    const int w = e->source == NOBODY ? WEATHER_NONE : weather_for(c, e->source);
    if (w == WEATHER_RAIN || w == WEATHER_HEAVY_RAIN)
        e->a->accuracy = 0;
    return R_UNDEF;
}

NATIVE(present)
{
    const uint32_t r = draw(c, 0, 10, DRAW_MOVE);
    e->a->power = r < 2 ? 0 : r < 6 ? 40 : r < 9 ? 80 : 120;
    if (r < 2) {
        e->a->heal[0] = 1;
        e->a->heal[1] = 4;
        e->a->infiltrates = true;
    }
    return R_UNDEF;
}

NATIVE(growth_in_sun)
{
    const int w = weather_for(c, e->target);
    if (w != WEATHER_SUN && w != WEATHER_HARSH_SUN)
        return R_UNDEF;
    e->a->own = *e->a->hit_effect;
    e->a->own.boosts[STAT_ATK] = e->a->own.boosts[STAT_SPA] = 2;
    e->a->hit_effect = &e->a->own;
    return R_UNDEF;
}

/* On "base_power": the user is e->target. */
NATIVE(weak_in_weather) /* Solar Beam */
{
    const int w = weather_for(c, e->target);
    return w == WEATHER_RAIN || w == WEATHER_HEAVY_RAIN || w == WEATHER_SAND || w == WEATHER_SNOW ? chain(e, 2048)
                                                                                                  : R_UNDEF;
}

NATIVE(strong_if_effective) /* Collision Course */
{
    return effectiveness(c, e->source, e->a) > 0 ? chain(e, 5461) : R_UNDEF;
}

NATIVE(knock_power)
{
    const unsigned item = c->mon[e->source]->item;
    const struct effect *fx = &c->rules->items[item];
    if (!item || (listens(fx, EV_take_item) &&
                  !going(single(c, EV_take_item, fx, e->source, e->source, e->source, REF_NONE, e->a, R_TRUE))))
        return R_UNDEF;
    return chain(e, 6144);
}

NATIVE(fusion_power)
{
    const unsigned other = e->a->number == M(fusionbolt) ? M(fusionflare) : M(fusionbolt);
    return other && c->b->last_success == other ? chain(e, 8192) : R_UNDEF;
}

NATIVE(power_round) /* for who joins in */
{
    (void)c;
    return e->a->source == (REF_MOVE | e->a->number) ? 2 * e->value : R_UNDEF;
}

NATIVE(retaliate)
{
    return c->b->sides[side_of(c, e->target)].fainted_last_turn ? chain(e, 8192) : R_UNDEF;
}

NATIVE(lash_out)
{
    return on_flag(c, e->target, ON_LOWERED) ? chain(e, 8192) : R_UNDEF;
}

NATIVE(fickle)
{
    if (!chance(c, 3, 10, DRAW_MOVE))
        return R_UNDEF;
    say_animation(c, SAY_WORD | WORD_ALL_OUT);
    say1(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number);
    return chain(e, 8192);
}

NATIVE(false_swipe)
{
    return e->value >= c->mon[e->target]->hp ? c->mon[e->target]->hp - 1 : R_UNDEF;
}

NATIVE(also_flying) /* Flying Press */
{
    static const int8_t stages[5] = {0, -1, 0, 0, 1};
    (void)c;
    return e->value + stages[dex_effectiveness(TYPE_FLYING, e->thing)];
}

NATIVE(strong_on_water) /* Freeze-Dry */
{
    (void)c;
    return e->thing == TYPE_WATER ? 65 : R_UNDEF;
}

NATIVE(glide_priority)
{
    return c->b->terrain == TERRAIN_GRASSY && is_grounded(c, e->target) ? e->value + 1 : R_UNDEF;
}

const struct native natives_moves_power[] = {LISTED(power_twice_hurt),
                                             LISTED(power_twice_avenging),
                                             LISTED(power_by_hp),
                                             LISTED(power_low_hp),
                                             LISTED(power_foe_hp_100),
                                             LISTED(power_foe_hp_120),
                                             LISTED(power_foe_weight),
                                             LISTED(power_weight_ratio),
                                             LISTED(power_faster),
                                             LISTED(power_slower),
                                             LISTED(power_own_stages),
                                             LISTED(power_by_hit_20),
                                             LISTED(power_by_hit_10),
                                             LISTED(power_twice_after),
                                             LISTED(power_twice_frustrated),
                                             LISTED(power_times_hit),
                                             LISTED(power_fallen),
                                             LISTED(power_stockpile),
                                             LISTED(power_fury),
                                             LISTED(power_rollout),
                                             LISTED(rollout_begins),
                                             LISTED(power_echo),
                                             LISTED(echo_grows),
                                             LISTED(beat_up_hits),
                                             LISTED(power_beat_up),
                                             LISTED(power_tera),
                                             LISTED(damage_half_hp),
                                             LISTED(damage_endeavor),
                                             LISTED(damage_gambit),
                                             LISTED(damage_counter),
                                             LISTED(damage_revenge),
                                             LISTED(type_by_weather),
                                             LISTED(power_by_weather),
                                             LISTED(type_by_terrain),
                                             LISTED(power_by_terrain),
                                             LISTED(type_by_plate),
                                             LISTED(type_own),
                                             LISTED(type_tera),
                                             LISTED(tera_blast),
                                             LISTED(by_stronger_attack),
                                             LISTED(tera_starstorm),
                                             LISTED(type_by_forme),
                                             LISTED(shell_side_arm),
                                             LISTED(accuracy_in_rain),
                                             LISTED(sure_in_rain),
                                             LISTED(present),
                                             LISTED(growth_in_sun),
                                             LISTED(weak_in_weather),
                                             LISTED(strong_if_effective),
                                             LISTED(knock_power),
                                             LISTED(fusion_power),
                                             LISTED(power_round),
                                             LISTED(retaliate),
                                             LISTED(lash_out),
                                             LISTED(fickle),
                                             LISTED(false_swipe),
                                             LISTED(also_flying),
                                             LISTED(strong_on_water),
                                             LISTED(glide_priority),
                                             {NULL, NULL}};
