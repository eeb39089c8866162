/*
 * reach.c - does a move get as far as its target: out of reach, Protect, types, accuracy, in the order of
 * generation 9.
 */
#include "internal.h"
#include "move.h"

bool immune_by_type(const struct ctx *c, const struct attack *a)
{
    if (!a->type || a->move->flags & MF_IGNORE_IMMUNITY)
        return false;
    if (a->type == TYPE_GROUND)
        return !grounded(c, !a->side);
    uint8_t t[2];
    types_of(c, !a->side, t);
    return type_stages(a->type, t) == TYPE_IMMUNE;
}

bool immune_by_rule(const struct ctx *c, const struct attack *a)
{
    const struct battle_mon *user = mon_of_const(c->b, a->side), *foe = mon_of_const(c->b, !a->side);
    if (a->move->flags & MF_POWDER && has_type(c, !a->side, TYPE_GRASS))
        return true;
    switch (a->move->op) {
    case OP_LEECH_SEED: return has_type(c, !a->side, TYPE_GRASS);
    case OP_DREAM_EATER: return foe->status != STATUS_SLP;
    case OP_ENDEAVOR: return user->hp >= foe->hp;
    case OP_ATTRACT: /* of the other gender only */ return !user->gender || !foe->gender || user->gender == foe->gender;
    default: return false;
    }
}

static bool missed(struct ctx *c, int side)
{
    if (c->log) {
        log_mark(c, EV_MISSED);
        log_event(c, EV_MISS, who(c->b, side), who(c->b, !side));
    }
    return false;
}

static bool knock_out_hits(struct ctx *c, const struct attack *a)
{
    const struct battle_mon *user = mon_of(c->b, a->side), *foe = mon_of(c->b, !a->side);
    bool ice = a->move->flags & MF_OHKO_ICE;
    if (user->level < foe->level || (ice && has_type(c, !a->side, TYPE_ICE))) {
        note(c, EV_IMMUNE, !a->side, 1, 0);
        return false;
    }
    uint32_t chance = (ice && !has_type(c, a->side, TYPE_ICE) ? 20u : 30u) + user->level - foe->level;
    return draw(c->b, 0, 100, DRAW_ACCURACY) < chance || missed(c, a->side);
}

static bool accuracy_hits(struct ctx *c, const struct attack *a)
{
    const struct dex_move *m = a->move;
    const struct battle_side *user = &c->b->sides[a->side], *foe = &c->b->sides[!a->side];
    uint32_t accuracy = m->accuracy;
    if (m->op == OP_THUNDER && c->b->weather == WEATHER_RAIN)
        accuracy = 0;
    else if (m->op == OP_THUNDER && c->b->weather == WEATHER_SUN)
        accuracy = 50;
    else if (m->op == OP_BLIZZARD && c->b->weather == WEATHER_SNOW)
        accuracy = 0;
    if (!accuracy || (m->op == OP_TOXIC && has_type(c, a->side, TYPE_POISON)) ||
        (m->flags & MF_MINIMIZE && has(foe, VOL_MINIMIZE)))
        return true;
    int stage = user->on.boosts[STAT_ACC] - (m->flags & MF_IGNORE_STAGES ? 0 : foe->on.boosts[STAT_EVA]);
    stage = stage > 6 ? 6 : stage < -6 ? -6 : stage;
    accuracy = stage >= 0 ? accuracy * (uint32_t)(3 + stage) / 3 : accuracy * 3 / (uint32_t)(3 - stage);
    return draw(c->b, 0, 100, DRAW_ACCURACY) < accuracy || missed(c, a->side);
}

/* Each further hit of Triple Axel aims anew; here the stages are applied one after the other, unrounded. */
bool further_hit(struct ctx *c, const struct attack *a)
{
    const int8_t acc = c->b->sides[a->side].on.boosts[STAT_ACC], eva = c->b->sides[!a->side].on.boosts[STAT_EVA];
    uint32_t n = a->move->accuracy, d = 1;
    n *= (uint32_t)(acc > 0 ? 3 + acc : 3);
    d *= (uint32_t)(acc < 0 ? 3 - acc : 3);
    n *= (uint32_t)(eva < 0 ? 3 - eva : 3);
    d *= (uint32_t)(eva > 0 ? 3 + eva : 3);
    return draw(c->b, 0, 100, DRAW_ACCURACY) * d < n;
}

static bool escapes(const struct ctx *c, const struct attack *a)
{
    if (!out_of_reach(c, !a->side) || (a->move->op == OP_TOXIC && has_type(c, a->side, TYPE_POISON)))
        return false;
    int where = c->dex->moves[c->b->sides[!a->side].on.lock_move].op;
    return !(where == OP_FLY && a->move->flags & MF_HITS_FLY) && !(where == OP_DIG && a->move->flags & MF_HITS_DIG) &&
           !(where == OP_DIVE && a->move->flags & MF_HITS_DIVE);
}

static bool try_move(struct ctx *c, const struct attack *a)
{
    const struct battle_side *user = &c->b->sides[a->side], *foe = &c->b->sides[!a->side];
    if (a->move->op == OP_FIRST_TURN)
        return user->on.acted <= 1;
    if (a->move->op == OP_SNORE)
        return mon_of(c->b, a->side)->status == STATUS_SLP;
    if (a->move->op == OP_SUCKER_PUNCH) {
        if (foe->queued > BATTLE_CHOICE_FORCED || has(foe, VOL_RECHARGE))
            return false;
        return move_of_choice(c->b, c->dex, !a->side, foe->queued)->category != MOVE_STATUS;
    }
    return true;
}

bool reaches(struct ctx *c, const struct attack *a)
{
    struct battle_side *foe = &c->b->sides[!a->side];
    if (!try_move(c, a)) {
        note_fail(c, a->side, 0);
        return false;
    }
    if (escapes(c, a))
        return missed(c, a->side);
    if (has(foe, VOL_PROTECT) && a->move->flags & MF_PROTECT) {
        note(c, EV_ACTIVATE, !a->side, VOL_PROTECT, 0);
        return false;
    }
    if (immune_by_type(c, a) || immune_by_rule(c, a)) {
        note(c, EV_IMMUNE, !a->side, 0, 0);
        return false;
    }
    if (!(a->move->flags & MF_OHKO ? knock_out_hits(c, a) : accuracy_hits(c, a)))
        return false;
    if (a->move->flags & MF_BREAKS_PROTECT && has(foe, VOL_PROTECT)) {
        drop_volatile(foe, VOL_PROTECT);
        foe->on.stall = foe->on.stall_turns = 0;
        note(c, EV_ACTIVATE_MOVE, !a->side, a->number, 0);
    }
    return true;
}
