/*
 * self.c - moves whose target is the user, a side or the field.
 */
#include "internal.h"
#include "move.h"

static void rest(struct ctx *c, const struct attack *a)
{
    struct battle_mon *m = mon_of(c->b, a->side);
    if (m->status == STATUS_SLP) {
        note_fail(c, a->side, 0);
    } else if (m->hp == m->hp_max) {
        note_fail(c, a->side, 1);
    } else if (give_status(c, a->side, STATUS_SLP, a->move, a->side, false) == OUT_DONE) {
        m->status_n = 3; /* sleeps through two moves, whatever was drawn */
        heal(c, a->side, m->hp_max, WHY_SILENT, NOBODY);
    } else {
        note_fail(c, a->side, 0);
    }
}

/* Protect and its kind need somebody who still moves, and get rarer in a row: 1 in 3^n. */
static void protect(struct ctx *c, const struct attack *a)
{
    struct battle_active *on = &c->b->sides[a->side].on;
    static const uint16_t once_in[7] = {1, 3, 9, 27, 81, 243, 729};
    if (c->b->sides[!a->side].queued == BATTLE_NOTHING_QUEUED) {
        note_fail(c, a->side, 0);
        return;
    }
    if (on->stall_turns && draw(c->b, 0, once_in[on->stall], DRAW_STALL) != 0) {
        on->stall = on->stall_turns = 0;
        note_fail(c, a->side, 0);
        return;
    }
    give_volatile(c, a->side, (enum battle_volatile)(a->move->volatile_ - 1), a->number, a->side, false);
    if (on->stall < 6)
        on->stall++;
    on->stall_turns = 2;
}

static void substitute(struct ctx *c, const struct attack *a)
{
    struct battle_mon *m = mon_of(c->b, a->side);
    if (has(&c->b->sides[a->side], VOL_SUBSTITUTE) || m->hp * 4 <= m->hp_max || m->hp_max == 1) {
        note(c, EV_FAIL, a->side, 0, 0);
        return;
    }
    give_volatile(c, a->side, VOL_SUBSTITUTE, a->number, a->side, false);
    unsigned cost = m->hp_max / 4;
    hurt(c, a->side, cost, WHY_DIRECT, NOBODY);
}

static void belly_drum(struct ctx *c, const struct attack *a)
{
    struct battle_mon *m = mon_of(c->b, a->side);
    struct battle_active *on = &c->b->sides[a->side].on;
    if (m->hp <= m->hp_max / 2 || on->boosts[STAT_ATK] >= 6 || m->hp_max == 1) {
        note_fail(c, a->side, 0);
        return;
    }
    hurt(c, a->side, m->hp_max / 2, WHY_DIRECT, NOBODY);
    on->boosts[STAT_ATK] = 6;
    note(c, EV_SET_BOOST, a->side, STAT_ATK, 6);
}

/* Returns whether HP was got back. */
static bool healing(struct ctx *c, const struct attack *a)
{
    struct battle_mon *m = mon_of(c->b, a->side);
    unsigned hp = share(m->hp_max, a->move->heal[0], a->move->heal[1] ? a->move->heal[1] : 1);
    if (a->move->op == OP_MOONLIGHT)
        hp = modify(m->hp_max, c->b->weather == WEATHER_SUN ? 2732 : c->b->weather ? 1024 : 2048);
    if (heal(c, a->side, hp, WHY_MOVE, NOBODY))
        return true;
    note_fail(c, a->side, 1);
    return false;
}

void self_move(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    switch (m->op) {
    case OP_REST: rest(c, a); return;
    case OP_PROTECT: protect(c, a); return;
    case OP_SUBSTITUTE: substitute(c, a); return;
    case OP_BELLY_DRUM: belly_drum(c, a); return;
    case OP_TELEPORT:
        c->pivot[a->side] = can_switch(&c->b->sides[a->side]);
        if (!c->pivot[a->side])
            note_fail(c, a->side, 0);
        return;
    case OP_CURSE: /* of one that is no Ghost */
        draw(c->b, 0, 100, DRAW_SELF);
        boost(c, a->side, m->self_boosts, a->side, true, false);
        return;
    case OP_SPLASH: note(c, EV_NOTHING, a->side, 0, 0); return;
    default: break;
    }
    if (m->op == OP_MOONLIGHT || m->heal[0]) {
        if (healing(c, a) && m->flags & MF_ROOST)
            set_volatile(&c->b->sides[a->side], VOL_ROOST);
        return;
    }
    enum outcome out = OUT_NOTHING;
    if (m->boosted & 1) {
        int8_t stages[STAGES];
        memcpy(stages, m->boosts, sizeof stages);
        if (m->op == OP_GROWTH && c->b->weather == WEATHER_SUN)
            stages[STAT_ATK] = stages[STAT_SPA] = 2;
        out = boost(c, a->side, stages, a->side, false, false);
    }
    if (m->volatile_)
        out = combined(out,
                       give_volatile(c, a->side, (enum battle_volatile)(m->volatile_ - 1), a->number, a->side, false));
    if (out == OUT_FAILED)
        note_fail(c, a->side, 0);
}

static enum outcome set_weather(struct ctx *c, int weather)
{
    if (c->b->weather == weather)
        return OUT_FAILED;
    c->b->weather = (uint8_t)weather;
    c->b->weather_turns = 5;
    if (c->log)
        log_event(c, EV_WEATHER, NOBODY, NOBODY)->a = (uint16_t)weather;
    return OUT_DONE;
}

void field_move(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    enum outcome out = OUT_NOTHING;
    if (m->weather)
        out = combined(out, set_weather(c, m->weather));
    if (m->side)
        out = combined(out, set_side(c, m->target == TARGET_FOE_SIDE ? !a->side : a->side,
                                     (enum battle_side_condition)(m->side - 1)));
    if (m->op == OP_TRICK_ROOM) { /* used again, it ends */
        c->b->trick_room = c->b->trick_room ? 0 : 5;
        if (c->log)
            log_event(c, EV_TRICK_ROOM, who(c->b, a->side), NOBODY)->n = c->b->trick_room > 0;
    }
    if (m->op == OP_HAZE) {
        memset(c->b->sides[0].on.boosts, 0, STAGES);
        memset(c->b->sides[1].on.boosts, 0, STAGES);
        if (c->log)
            log_event(c, EV_CLEAR_ALL, NOBODY, NOBODY);
    }
    if (out == OUT_FAILED)
        note_fail(c, a->side, 0);
}
