/*
 * residual.c - the end of a turn.
 *
 * Effects come in a fixed order (weather, Aqua Ring, Ingrain, Leech Seed, poison, burn, binding, sides, and last
 * what merely runs out); within one, the faster Pokémon first, side 0 first when they are equally fast.  That
 * tie is not drawn: it can decide only who faints first of two.
 */
#include "internal.h"

static void weather(struct ctx *c, const int order[2])
{
    struct battle *b = c->b;
    if (!b->weather)
        return;
    bool over = --b->weather_turns == 0;
    if (over)
        b->weather = WEATHER_NONE;
    if (c->log) {
        struct battle_event *e = log_event(c, EV_WEATHER, NOBODY, NOBODY);
        e->a = b->weather;
        e->n = !over;
    }
    if (b->weather != WEATHER_SAND)
        return;
    for (int i = 0; i < 2; i++) {
        int side = order[i];
        const struct battle_side *s = &b->sides[side];
        bool under = has(s, VOL_CHARGING) &&
                     (c->dex->moves[s->on.lock_move].op == OP_DIG || c->dex->moves[s->on.lock_move].op == OP_DIVE);
        if (under || has_type(c, side, TYPE_ROCK) || has_type(c, side, TYPE_GROUND) || has_type(c, side, TYPE_STEEL))
            continue;
        hurt(c, side, mon_of(b, side)->hp_max / 16u, WHY_SAND, NOBODY);
    }
}

static void leech_seed(struct ctx *c, int side)
{
    if (!mon_of(c->b, !side)->hp)
        return;
    unsigned d = hurt(c, side, mon_of(c->b, side)->hp_max / 8u, WHY_LEECH_SEED, who(c->b, !side));
    heal(c, !side, d, WHY_SILENT, NOBODY);
}

static void poison(struct ctx *c, int side)
{
    struct battle_mon *m = mon_of(c->b, side);
    if (m->status == STATUS_PSN) {
        hurt(c, side, m->hp_max / 8u, WHY_STATUS, NOBODY);
    } else if (m->status == STATUS_TOX) {
        if (m->status_n < 15)
            m->status_n++;
        unsigned part = m->hp_max / 16u;
        hurt(c, side, (part ? part : 1) * m->status_n, WHY_STATUS, NOBODY);
    }
}

static void binding(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    if (!has(s, VOL_BOUND))
        return;
    if (--s->on.bound == 0)
        end_volatile(c, side, VOL_BOUND, false);
    else
        hurt(c, side, mon_of(c->b, side)->hp_max / 8u, WHY_BOUND, NOBODY);
}

/* At the end of the turn after; Safeguard does not help any more. */
static void yawn(struct ctx *c, int side)
{
    if (!has(&c->b->sides[side], VOL_YAWN) || --c->b->sides[side].on.yawn)
        return;
    end_volatile(c, side, VOL_YAWN, true);
    give_status(c, side, STATUS_SLP, NULL, side, false);
}

static void pokemon_effect(struct ctx *c, int side, int which)
{
    struct battle_side *s = &c->b->sides[side];
    unsigned part = mon_of(c->b, side)->hp_max / 16u;
    switch (which) {
    case 0:
        if (has(s, VOL_AQUA_RING))
            heal(c, side, part, WHY_AQUA_RING, NOBODY);
        break;
    case 1:
        if (has(s, VOL_INGRAIN))
            heal(c, side, part, WHY_INGRAIN, NOBODY);
        break;
    case 2:
        if (has(s, VOL_LEECH_SEED))
            leech_seed(c, side);
        break;
    case 3: poison(c, side); break;
    case 4:
        if (mon_of(c->b, side)->status == STATUS_BRN)
            hurt(c, side, part, WHY_STATUS, NOBODY);
        break;
    case 5:
        if (has(s, VOL_CURSE))
            hurt(c, side, mon_of(c->b, side)->hp_max / 4u, WHY_CURSE, NOBODY);
        break;
    case 6: binding(c, side); break;
    case 7:
        if (has(s, VOL_TAUNT) && --s->on.taunt == 0)
            end_volatile(c, side, VOL_TAUNT, false);
        break;
    case 8:
        if (has(s, VOL_THROAT_CHOP) && --s->on.throat == 0)
            end_volatile(c, side, VOL_THROAT_CHOP, true);
        break;
    default: yawn(c, side); break;
    }
}

static void sides(struct ctx *c)
{
    for (int k = 0; k < SIDE_HAZARDS; k++)
        for (int side = 0; side < 2; side++)
            if (c->b->sides[side].conditions[k] == 1)
                drop_side(c, side, (enum battle_side_condition)k, 0);
            else if (c->b->sides[side].conditions[k])
                c->b->sides[side].conditions[k]--;
}

/* Thrash and its kind: two or three turns, kept up by hitting. */
static void rampage(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    if (!has(s, VOL_RAMPAGE))
        return;
    bool fresh = s->on.rampage_fresh, asleep = mon_of(c->b, side)->status == STATUS_SLP;
    s->on.rampage_fresh = 0;
    if (fresh && !asleep) {
        s->on.rampage--;
        return;
    }
    bool tired = !fresh && s->on.rampage <= 1;
    drop_volatile(s, VOL_RAMPAGE);
    s->on.rampage = 0;
    s->on.lock_move = 0;
    if (tired)
        give_volatile(c, side, VOL_CONFUSION, 0, side, false);
}

static void run_out(struct ctx *c, int side)
{
    struct battle_side *s = &c->b->sides[side];
    rampage(c, side);
    drop_volatile(s, VOL_FLINCH);
    drop_volatile(s, VOL_PROTECT);
    drop_volatile(s, VOL_ENDURE);
    drop_volatile(s, VOL_ROOST);
    s->on.focus = 0;
    if (s->on.stall_turns && --s->on.stall_turns == 0)
        s->on.stall = 0;
}

void residual(struct ctx *c)
{
    bool second = order_speed(c->b, 1) > order_speed(c->b, 0);
    const int order[2] = {second, !second};
    if (c->log)
        log_event(c, EV_BLANK, NOBODY, NOBODY);
    weather(c, order);
    announce_faints(c, true);
    for (int which = 0; which < 10; which++)
        for (int i = 0; i < 2; i++) {
            if (c->ended)
                return;
            if (mon_of(c->b, order[i])->hp) {
                pokemon_effect(c, order[i], which);
                announce_faints(c, true);
            }
        }
    if (c->ended)
        return;
    sides(c);
    if (c->b->trick_room && --c->b->trick_room == 0 && c->log)
        log_event(c, EV_TRICK_ROOM, NOBODY, NOBODY);
    for (int i = 0; i < 2; i++)
        if (mon_of(c->b, order[i])->hp)
            run_out(c, order[i]);
    if (c->log)
        log_event(c, EV_UPKEEP, NOBODY, NOBODY);
}
