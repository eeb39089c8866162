/*
 * natives_moves_power.c - power and damage that a move finds by a rule of its own.
 */
#include "natives_moves.h"

NATIVE(power_slower) /* Gyro Ball */
{
    const int own = stat_of(c, e->source, STAT_SPE, true, true), other = stat_of(c, e->target, STAT_SPE, true, true);
    const int power = own ? 25 * other / own + 1 : 1;
    return power > 150 ? 150 : power;
}

static int clamp(int n)
{
    return n < 1 ? 1 : n;
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

NATIVE(fickle)
{
    if (!chance(c, 3, 10, DRAW_MOVE))
        return R_UNDEF;
    say_animation(c, SAY_WORD | WORD_ALL_OUT);
    say1(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number);
    return chain(e, 8192);
}

NATIVE(anim_category)
{
    say_animation(c, SAY_WORD | (e->a->category == MOVE_PHYSICAL ? WORD_PHYSICAL : WORD_SPECIAL));
    return R_UNDEF;
}

NATIVE(power_round) /* for who joins in */
{
    (void)c;
    return e->a->source == (REF_MOVE | e->a->number) ? 2 * e->value : R_UNDEF;
}

const struct native natives_moves_power[] = {
    LISTED(power_slower),   LISTED(power_fury),   LISTED(power_rollout), LISTED(rollout_begins),  LISTED(power_echo),
    LISTED(echo_grows),     LISTED(beat_up_hits), LISTED(power_beat_up), LISTED(damage_endeavor), LISTED(damage_gambit),
    LISTED(shell_side_arm), LISTED(present),      LISTED(power_round),   LISTED(growth_in_sun),   LISTED(fickle),
    LISTED(anim_category),  {NULL, NULL}};
