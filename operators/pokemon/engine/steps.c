/*
 * steps.c - a move on its way to its target: the steps up to the hits.
 *
 * Their order decides the order of draws and what a player sees first; it is that of generation 9: out of reach,
 * Protect and abilities, type, powder and the like, accuracy, breaking protection, stealing stages.
 */
#include "hit.h"

void told_missed(struct ctx *c, const struct attack *a, int target)
{
    say_mark(c, SAID_MISS);
    say1(c, LINE_MISS, a->user, SAY_WHO | who(c, target));
}

static int step_reach(struct ctx *c, struct attack *a, int target)
{
    if (a->number == M(toxic) && M(toxic) && has_type(c, a->user, TYPE_POISON))
        return R_TRUE;
    int r = event(c, EV_invulnerability, target, a->user, move_ref(a), a);
    if (r == R_FALSE)
        say_missed(c, a, target);
    return r;
}

static int step_try_hit(struct ctx *c, struct attack *a, int target)
{
    int r = event(c, EV_try_hit, target, a->user, move_ref(a), a);
    if (r == R_FALSE)
        say_fail(c, a->user);
    return r == R_NOT_FAIL || going(r) ? r : R_FALSE;
}

static int step_type(struct ctx *c, struct attack *a, int target)
{
    return type_immunity(c, target, a, true) ? R_TRUE : R_FALSE;
}

static int step_immunity(struct ctx *c, struct attack *a, int target)
{
    const bool powder = flagged(a, MF_POWDER) && target != a->user && !natural_immunity(c, target, REF_POWDER);
    if (!powder && going(move_single(c, EV_try_immunity, a, target, a->user, R_TRUE)) &&
        !(a->pranked && target != a->user && a->user != BENCHED && has_ability(c, a->user, A(prankster)) &&
          !natural_immunity(c, target, REF_PRANKSTER)))
        return R_TRUE;
    say(c, LINE_IMMUNE, target);
    return R_FALSE;
}

static APART int boost_asked(struct ctx *c, int t, enum battle_stat s)
{
    int8_t boosts[STAGES];
    memcpy(boosts, c->on[t]->boosts, STAGES);
    if (heard(c, EV_modify_boost, t, NOBODY))
        ask_stages(c, t, boosts);
    return boosts[s] > 6 ? 6 : boosts[s] < -6 ? -6 : boosts[s];
}

int boost_seen(struct ctx *c, int t, enum battle_stat s)
{
    return perhaps_heard(c, EV_modify_boost, t, NOBODY) ? boost_asked(c, t, s) : c->on[t]->boosts[s];
}

static int staged_accuracy(struct ctx *c, struct attack *a, int target, int accuracy)
{
    int stage = a->ignore_accuracy ? 0 : boost_seen(c, a->user, STAT_ACC);
    if (!flagged(a, MF_IGNORE_EVASION))
        stage -= boost_seen(c, target, STAT_EVA);
    stage = stage > 6 ? 6 : stage < -6 ? -6 : stage;
    return stage >= 0 ? accuracy * (3 + stage) / 3 : accuracy * 3 / (3 - stage);
}

static int ohko_accuracy(struct ctx *c, struct attack *a, int target)
{
    const int own = c->mon[a->user]->level, other = c->mon[target]->level;
    if (semi_invulnerable(c, target))
        return a->accuracy;
    int accuracy = flagged(a, MF_OHKO_ICE) && !has_type(c, a->user, TYPE_ICE) ? 20 : 30;
    if (own >= other && !(flagged(a, MF_OHKO_ICE) && has_type(c, target, TYPE_ICE)))
        return accuracy + own - other;
    struct battle_event *e = say(c, LINE_IMMUNE, target);
    if (e)
        e->extra = WORD_TAG_OHKO;
    return R_FALSE;
}

bool drawn_hit(struct ctx *c, int accuracy)
{
    return accuracy < 0 || chance(c, (uint32_t)accuracy, 100, DRAW_ACCURACY);
}

static int step_accuracy(struct ctx *c, struct attack *a, int target)
{
    int accuracy = a->accuracy ? a->accuracy : R_TRUE;
    c->active_target = target;
    if (flagged(a, MF_OHKO)) {
        accuracy = ohko_accuracy(c, a, target);
        if (accuracy == R_FALSE)
            return R_FALSE;
    } else {
        accuracy = event_number(c, EV_modify_accuracy, target, a->user, move_ref(a), a, accuracy);
        if (accuracy != R_TRUE)
            accuracy = staged_accuracy(c, a, target, accuracy < 0 ? 0 : accuracy);
    }
    if (a->always_hit || (a->number == M(toxic) && M(toxic) && has_type(c, a->user, TYPE_POISON)) ||
        (a->target_kind == TARGET_SELF && a->category == MOVE_STATUS && !semi_invulnerable(c, target)))
        accuracy = R_TRUE;
    else
        accuracy = event_number(c, EV_accuracy, target, a->user, move_ref(a), a, accuracy);
    if (accuracy == R_TRUE || drawn_hit(c, accuracy < 0 ? 0 : accuracy))
        return R_TRUE;
    say_missed(c, a, target);
    if (!flagged(a, MF_OHKO) && has_item(c, a->user, I(blunderpolicy)) && use_item(c, a->user, NOBODY, REF_NONE))
        boost_one(c, a->user, STAT_SPE, 2, a->user, move_ref(a));
    return R_FALSE;
}

void step_break(struct ctx *c, struct attack *a, int target)
{
    static const uint8_t shields[] = {VOL_BANEFUL_BUNKER, VOL_BURNING_BULWARK, VOL_KINGS_SHIELD, VOL_OBSTRUCT,
                                      VOL_PROTECT,        VOL_SILK_TRAP,       VOL_SPIKY_SHIELD};
    bool broke = false;
    for (size_t i = 0; i < sizeof shields; i++)
        broke |= remove_volatile(c, target, (enum battle_volatile)shields[i]);
    for (int k = SIDE_QUICK_GUARD; k <= SIDE_MAT_BLOCK; k++)
        if (side_guards(k))
            broke |= end_side_quietly(c, target, k);
    if (!broke)
        return;
    struct battle_event *e = say1(c, LINE_ACTIVATE, target, SAY_MOVE_FULL | a->number);
    if (e && a->number != M(feint))
        e->extra = WORD_TAG_BROKEN;
    if (has(c, target, VOL_STALL))
        drop_volatile(c, target, VOL_STALL);
}

/* Spectral Thief takes what the target has risen. */
APART void step_steal(struct ctx *c, struct attack *a, int target)
{
    int8_t stages[STAGES] = {0};
    bool any = false;
    for (int i = 0; i < STAGES; i++)
        if (c->on[target]->boosts[i] > 0) {
            stages[i] = c->on[target]->boosts[i];
            any = true;
        }
    if (!any)
        return;
    say_mark(c, SAID_STILL);
    say2(c, LINE_CLEAR_POSITIVE, target, SAY_WHO | who(c, a->user), SAY_MOVE_FULL | a->number);
    boost(c, a->user, stages, a->user, move_ref(a), false, false);
    for (int i = 0; i < STAGES; i++)
        if (stages[i])
            c->on[target]->boosts[i] = 0;
    say2(c, LINE_ANIM, a->user, SAY_MOVE | a->number, SAY_WHO | who(c, target));
}

int hit_starts(struct ctx *c, struct attack *a, int target)
{
    if (a->landing)
        return R_TRUE;
    int r = move_single(c, EV_try, a, a->user, target, R_TRUE);
    if (going(r))
        r = move_single(c, EV_prepare_hit, a, target, a->user, R_TRUE);
    if (going(r))
        r = event(c, EV_prepare_hit, a->user, target, move_ref(a), a);
    if (r == R_FALSE)
        say_fail(c, a->user);
    return r;
}

int reaches(struct ctx *c, struct attack *a, int target)
{
    int r = step_reach(c, a, target);
    if (going(r) || r == 0)
        r = step_try_hit(c, a, target);
    if (going(r) || r == 0)
        r = step_type(c, a, target);
    if (going(r) || r == 0)
        r = step_immunity(c, a, target);
    if (going(r) || r == 0)
        r = step_accuracy(c, a, target);
    return r;
}
