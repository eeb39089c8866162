/*
 * hit.c - a move on its way to its target: the steps up to the hits, the hits, and what each of them does.
 *
 * The order of steps decides the order of draws and what a player sees first; it is that of generation 9: out of
 * reach, Protect and abilities, type, powder and the like, accuracy, breaking protection, stealing stages; then
 * per hit the damage, primary effects, the user's own part, secondary effects.
 */
#include "engine.h"

/* Of two results of one move: the weightier; of equals a failure gives way only to success. */
int combined(int left, int right)
{
    static const uint8_t ranks[] = {[-R_UNDEF] = 0, [-R_NOT_FAIL] = 1, [-R_NULL] = 2, [-R_FALSE] = 3, [-R_TRUE] = 3};
    const int l = left >= 0 ? 4 : ranks[-left], r = right >= 0 ? 4 : ranks[-right];
    if (l > r)
        return left;
    if (worked(left) && !worked(right) && right != 0)
        return left;
    return left >= 0 && right >= 0 ? left + right : right;
}

static ref move_ref(const struct attack *a)
{
    return (ref)(REF_MOVE | a->number);
}

/* ----------------------------------------------------------------------------------------- steps to the hit --- */

static void missed(struct ctx *c, const struct attack *a, int target)
{
    say_mark(c, SAID_MISS);
    struct battle_event *e = say1(c, LINE_MISS, a->user, SAY_WHO | who(c, target));
    (void)e;
}

static int step_reach(struct ctx *c, struct attack *a, int target)
{
    if (a->number == M(toxic) && M(toxic) && has_type(c, a->user, TYPE_POISON))
        return R_TRUE;
    int r = event(c, EV_invulnerability, target, a->user, move_ref(a), a);
    if (r == R_FALSE)
        missed(c, a, target);
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

static int boost_seen(struct ctx *c, int t, enum battle_stat s)
{
    if (!heard(c, EV_modify_boost, t, NOBODY))
        return c->on[t]->boosts[s];
    int8_t boosts[STAGES];
    memcpy(boosts, c->on[t]->boosts, STAGES);
    struct call e = {.event = EV_modify_boost,
                     .target = (int8_t)t,
                     .source = NOBODY,
                     .value = R_TRUE,
                     .mod = 4096,
                     .stages = boosts,
                     .a = c->attack};
    dispatch(c, &e);
    return boosts[s] > 6 ? 6 : boosts[s] < -6 ? -6 : boosts[s];
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

static bool drawn_hit(struct ctx *c, int accuracy)
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
    missed(c, a, target);
    if (!flagged(a, MF_OHKO) && has_item(c, a->user, I(blunderpolicy)) && use_item(c, a->user, NOBODY, REF_NONE))
        boost_one(c, a->user, STAT_SPE, 2, a->user, move_ref(a));
    return R_FALSE;
}

static void step_break(struct ctx *c, struct attack *a, int target)
{
    static const uint8_t shields[] = {VOL_BANEFUL_BUNKER, VOL_BURNING_BULWARK, VOL_KINGS_SHIELD, VOL_OBSTRUCT,
                                      VOL_PROTECT,        VOL_SILK_TRAP,       VOL_SPIKY_SHIELD};
    bool broke = false;
    if (!a->breaks_protect)
        return;
    for (size_t i = 0; i < sizeof shields; i++)
        broke |= remove_volatile(c, target, (enum battle_volatile)shields[i]);
    broke |= end_side_quietly(c, target, SIDE_QUICK_GUARD);
    broke |= end_side_quietly(c, target, SIDE_WIDE_GUARD);
    if (!broke)
        return;
    struct battle_event *e = say1(c, LINE_ACTIVATE, target, SAY_MOVE_FULL | a->number);
    if (e && a->number != M(feint))
        e->extra = WORD_TAG_BROKEN;
    if (has(c, target, VOL_STALL))
        drop_volatile(c, target, VOL_STALL);
}

/* Spectral Thief takes the target's raised stages before it strikes. */
static APART void steal_stages(struct ctx *c, const struct attack *a, int target)
{
    int8_t *from = c->on[target]->boosts, stolen[STAGES];
    bool any = false;
    for (int i = 0; i < STAGES; i++) {
        stolen[i] = from[i] > 0 ? from[i] : 0;
        any |= stolen[i] > 0;
    }
    if (!any)
        return;
    say_mark(c, SAID_STILL);
    say2(c, LINE_CLEAR_POSITIVE, target, SAY_WHO | who(c, a->user), SAY_MOVE_FULL | a->number);
    boost(c, a->user, stolen, a->user, move_ref(a), false, false);
    for (int i = 0; i < STAGES; i++)
        from[i] = stolen[i] ? 0 : from[i];
    if (say2(c, LINE_ANIM, a->user, SAY_MOVE | a->number, SAY_WHO | who(c, target)) && c->log)
        c->move_event = c->log->count;
}

/* ---------------------------------------------------------------------------------------------- what it does --- */

void recoil(struct ctx *c, struct attack *a, int damage)
{
    const int t = a->user, half = c->mon[t]->hp_max / 2, before = c->mon[t]->hp;
    int d;
    if (flagged(a, MF_STRUGGLE_RECOIL)) {
        d = (int)share(c->mon[t]->hp_max, 1, 4);
        hurt_directly(c, t, d ? d : 1, REF_OF_WORD(WORD_STRUGGLE_RECOIL));
    } else if (flagged(a, MF_HALF_RECOIL) || flagged(a, MF_HALF_RECOIL_ROUND)) {
        d = (int)share(c->mon[t]->hp_max, 1, 2);
        hurt(c, t, d, t, flagged(a, MF_HALF_RECOIL) ? (ref)(SAY_MOVE_BARE | a->number) : REF_OF_WORD(WORD_RECOIL),
             NULL);
    } else if (a->move->recoil[1]) {
        d = (int)share((unsigned)damage, a->move->recoil[0], a->move->recoil[1]);
        hurt(c, t, d ? d : 1, t, REF_OF_WORD(WORD_RECOIL), NULL);
    } else {
        return;
    }
    if (c->mon[t]->hp <= half && before > half)
        event(c, EV_emergency_exit, t, t, REF_NONE, a);
}

struct effects { /* what one part of a move has done */
    int damage, did;
    bool stopped;
};

static void heals(struct ctx *c, struct attack *a, int target, struct effects *out)
{
    const struct battle_mon *m = c->mon[target];
    if (!a->heal[1] || !alive(c, target))
        return;
    if (m->hp >= m->hp_max) {
        say1(c, LINE_FAIL, target, SAY_WORD | WORD_HEAL);
        say_mark(c, SAID_STILL);
    } else {
        int r = heal(c, target, (int)share(m->hp_max, a->heal[0], a->heal[1]), a->user, move_ref(a));
        if (r >= 0) {
            out->did = R_TRUE;
            return;
        }
        say_fail(c, a->user);
    }
    out->damage = combined(out->damage, R_FALSE);
    out->stopped = true;
}

static void part_effects(struct ctx *c, struct attack *a, const struct dex_effect *p, bool main, int target,
                         bool secondary, bool self, struct effects *out)
{
    const ref cause = move_ref(a);
    if (p->boosted && alive(c, target)) {
        c->sequence = p->sequence;
        out->did = combined(out->did, boost(c, target, p->boosts, a->user, cause, secondary, self));
    }
    if (main)
        heals(c, a, target, out);
    if (out->stopped)
        return;
    if (p->status) {
        int r = try_status(c, target, p->status, a->user, cause);
        if (!worked(r) && a->hit_effect->status && main) {
            out->damage = combined(out->damage, R_FALSE);
            out->stopped = true;
            return;
        }
        out->did = combined(out->did, r);
    }
    if (p->volatile_)
        out->did =
            combined(out->did, add_volatile(c, target, (enum battle_volatile)(p->volatile_ - 1), a->user, cause));
    if (p->side)
        out->did = combined(out->did, set_side(c, side_of(c, target), p->side - 1, a->user, cause));
}

static void field_effects(struct ctx *c, struct attack *a, int target, struct effects *out)
{
    const struct dex_move *m = a->move;
    const ref cause = move_ref(a);
    if (m->slot)
        out->did = combined(out->did, set_slot(c, side_of(c, target), m->slot, a->user, cause, a));
    if (m->weather)
        out->did = combined(out->did, set_weather(c, m->weather, a->user, cause));
    if (m->terrain)
        out->did = combined(out->did, set_terrain(c, m->terrain, a->user, cause));
    if (m->room)
        out->did = combined(out->did, set_room(c, m->room - 1, a->user, cause));
    if (flagged(a, MF_FORCE_SWITCH))
        out->did = combined(out->did, can_switch(c, side_of(c, target)) ? R_TRUE : R_FALSE);
}

static void hit_hooks(struct ctx *c, struct attack *a, const struct dex_effect *p, bool main, int target,
                      struct effects *out)
{
    const bool field = a->target_kind == TARGET_ALL,
               side = a->target_kind == TARGET_FOE_SIDE || a->target_kind == TARGET_OWN_SIDE;
    const struct effect *fx = &c->rules->moves[a->number];
    if (main) {
        const enum event ev = field ? EV_hit_field : side ? EV_hit_side : EV_hit;
        if (move_listens(c, a->number, ev))
            out->did = combined(out->did, single(c, ev, fx, target, target, a->user, move_ref(a), a, R_TRUE));
        if (!field && !side)
            event(c, EV_hit, target, a->user, move_ref(a), a);
    } else if (p->code && listens(fx, EV_secondary)) {
        out->did = combined(out->did, single(c, EV_secondary, fx, target, target, a->user, move_ref(a), a, R_TRUE));
    }
}

/* What a part does to its target.  target NOBODY: a Substitute stands in front of it. */
static int run_effects(struct ctx *c, struct attack *a, const struct dex_effect *p, bool main, int target, int damage,
                       bool secondary, bool self)
{
    struct effects out = {.damage = damage, .did = R_UNDEF};
    int any = damage;
    if (target != NOBODY) {
        part_effects(c, a, p, main, target, secondary, self, &out);
        if (!out.stopped && main)
            field_effects(c, a, target, &out);
        if (!out.stopped)
            hit_hooks(c, a, p, main, target, &out);
    }
    if (out.stopped) {
        any = combined(any, R_NULL);
    } else {
        if (main && flagged(a, MF_SELF_DESTRUCT_HIT) && out.damage != R_FALSE)
            faint(c, a->user, a->user, move_ref(a));
        if (main && a->self_switch && a->user != BENCHED)
            out.did = can_switch(c, a->user) ? R_TRUE : combined(out.did, R_FALSE);
        if (out.did == R_UNDEF)
            out.did = R_TRUE;
        out.damage = combined(out.damage, out.did == R_NULL ? R_FALSE : out.did);
        any = combined(any, out.did);
    }
    const bool own_part = main && (a->move->self || a->self_now);
    const bool nothing = !worked(any) && any != 0;
    if (nothing && !own_part && !(main && (flagged(a, MF_SELF_DESTRUCT) || flagged(a, MF_SELF_DESTRUCT_HIT)))) {
        if (!self && !secondary && any == R_FALSE)
            say_fail(c, a->user);
    } else if (a->self_switch && a->user != BENCHED && alive(c, a->user)) {
        c->on[a->user]->flags |= ON_SWITCH_OUT;
        c->b->sides[a->user].pivot = a->self_switch;
        c->b->sides[a->user].pivot_move = a->number;
    }
    return out.damage;
}

/* A part of the user's own or a secondary one. */
int move_hit(struct ctx *c, struct attack *a, int target, const struct dex_effect *part, bool secondary, bool self)
{
    if (!secondary && !self) { /* a move on a side or the field */
        int r = hit_once(c, a, target, NULL);
        return r == R_TRUE ? R_UNDEF : r;
    }
    return run_effects(c, a, part, false, part->to_user ? a->user : target, R_UNDEF, secondary, self);
}

static void own_part(struct ctx *c, struct attack *a)
{
    const struct dex_effect *p = a->self_now ? a->self_now : &c->dex->effects[a->move->self];
    if ((!a->move->self && !a->self_now) || a->self_dropped || a->no_self || a->user == BENCHED)
        return;
    if (p->boosted) {
        const uint32_t r = draw(c, 0, 100, DRAW_SELF);
        if (!p->chance || r < (uint32_t)p->chance * a->chance_times)
            move_hit(c, a, a->user, p, false, true);
        if (!a->multi)
            a->self_dropped = true;
    } else {
        move_hit(c, a, a->user, p, false, true);
    }
}

/* Who does not feel secondary effects (Shield Dust), those on the user aside. */
static bool shielded(struct ctx *c, const struct attack *a, int target)
{
    if (target == NOBODY || !heard(c, EV_modify_secondaries, target, a->user))
        return false;
    return !worked(event(c, EV_modify_secondaries, target, a->user, move_ref(a), c->attack));
}

static void secondaries(struct ctx *c, struct attack *a, int target)
{
    const struct dex_effect *list = &c->dex->effects[a->move->effects];
    const int own = a->no_secondaries ? 0 : a->move->effects_n; /* those that items add stay (King's Rock) */
    if (!own && !a->extra_flinch && !a->flung_part)
        return;
    const bool dust = shielded(c, a, target);
    for (int i = 0; i < own; i++) {
        const struct dex_effect *p = &list[i];
        if (dust && !p->to_user)
            continue;
        const bool flinch = p->volatile_ == 1 + VOL_FLINCH;
        const uint32_t times = a->serene && flinch ? 2 : a->chance_times;
        const uint32_t r = draw(c, 0, 100, DRAW_EFFECT);
        if (!p->chance || r < p->chance * times)
            if (target != NOBODY || p->to_user)
                run_effects(c, a, p, false, p->to_user ? a->user : target, R_UNDEF, true, false);
    }
    if (a->flung_part && !dust) {
        draw(c, 0, 100, DRAW_EFFECT);
        if (target != NOBODY)
            run_effects(c, a, &a->own, false, target, R_UNDEF, true, false);
    }
    if (a->extra_flinch && !dust) {
        static const struct dex_effect flinch = {.volatile_ = 1 + VOL_FLINCH};
        if (draw(c, 0, 100, DRAW_EFFECT) < (uint32_t)a->extra_flinch * a->chance_times && target != NOBODY)
            run_effects(c, a, &flinch, false, target, R_UNDEF, true, false);
    }
}

static int force_out(struct ctx *c, struct attack *a, int target, int damage)
{
    if (target == NOBODY || !flagged(a, MF_FORCE_SWITCH) || !alive(c, target) || !alive(c, a->user) ||
        !can_switch(c, target))
        return damage;
    int r = event(c, EV_drag_out, target, a->user, move_ref(a), a);
    if (worked(r)) {
        c->on[target]->flags |= ON_DRAG_OUT;
    } else if (r == R_FALSE && a->category == MOVE_STATUS) {
        say_fail(c, a->user);
        return R_FALSE;
    }
    return damage;
}

static void damaging_hit(struct ctx *c, struct attack *a, int target, int damage)
{
    const int t = a->user, hp = c->mon[t]->hp, half = c->mon[t]->hp_max / 2;
    if (heard(c, EV_damaging_hit, target, t)) {
        struct call e = {.event = EV_damaging_hit,
                         .target = (int8_t)target,
                         .source = (int8_t)t,
                         .cause = move_ref(a),
                         .value = damage,
                         .mod = 4096,
                         .a = a};
        dispatch(c, &e);
    }
    if (alive(c, t))
        move_single(c, EV_after_hit, a, target, t, R_TRUE);
    if (t != BENCHED && c->mon[t]->hp && c->mon[t]->hp <= half && hp > half)
        event(c, EV_emergency_exit, t, NOBODY, REF_NONE, a);
}

static bool on_pokemon(const struct attack *a)
{
    return a->target_kind == TARGET_FOE || a->target_kind == TARGET_SELF || a->target_kind == TARGET_ALLY;
}

/* One hit.  Its damage or an R_ value; *left: the target, or NOBODY when a Substitute took it or nothing hit. */
int hit_once(struct ctx *c, struct attack *a, int target, int *left)
{
    int at = target, damage = R_TRUE;
    const enum event trial = on_pokemon(a)                  ? EV_try_hit
                             : a->target_kind == TARGET_ALL ? EV_try_hit_field
                                                            : EV_try_hit_side;
    bool gone = false;
    int r = move_single(c, trial, a, target, a->user, R_TRUE);
    if (left)
        *left = NOBODY;
    if (!going(r)) {
        if (r == R_FALSE)
            say_fail(c, a->user);
        return R_FALSE;
    }
    if (on_pokemon(a)) {
        damage = event(c, EV_try_primary_hit, target, a->user, move_ref(a), a);
        if (damage == 0) { /* the Substitute was hit */
            damage = R_TRUE;
            at = NOBODY;
        } else if (!going(damage)) {
            gone = true;
        }
    }
    if (!gone && at != NOBODY) {
        c->active_target = at;
        int d = get_damage(c, a, at, false);
        if (d == R_FALSE || d == R_NULL) {
            damage = R_FALSE;
            gone = true;
        } else {
            damage = d;
            if (d >= 0)
                damage = hurt(c, at, d, a->user, move_ref(a), a);
            gone = damage == R_FALSE;
        }
    }
    if (!gone)
        damage = run_effects(c, a, a->hit_effect, true, at, damage, false, false);
    gone |= !worked(damage) && damage != 0;
    const int active = c->active_target;
    if (!gone || at == NOBODY) {
        if (!gone)
            own_part(c, a);
        if (!gone)
            secondaries(c, a, at);
    }
    c->active_target = active;
    if (!gone)
        damage = force_out(c, a, at, damage);
    gone |= !worked(damage) && damage != 0;
    if (!gone && damage >= 0 && at != NOBODY)
        damaging_hit(c, a, at, damage);
    if (left)
        *left = gone ? NOBODY : at;
    return damage;
}

/* ------------------------------------------------------------------------------------------------ the hits --- */

static int number_of_hits(struct ctx *c, const struct attack *a)
{
    static const uint8_t of_20[20] = {2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5};
    const bool dice = a->user != BENCHED && has_item(c, a->user, I(loadeddice));
    int n = a->hits[0];
    if (a->hits[0] == 2 && a->hits[1] == 5) {
        n = of_20[draw(c, 0, 20, DRAW_HITS)];
        if (n < 4 && dice)
            n = 5 - (int)draw(c, 0, 2, DRAW_HITS);
    } else if (a->hits[0] != a->hits[1]) {
        n = (int)draw(c, a->hits[0], a->hits[1] + 1u, DRAW_HITS);
    }
    if (n == 10 && dice)
        n -= (int)draw(c, 0, 7, DRAW_HITS);
    return n;
}

/* A later hit of a move that aims each time.  Stages count as fractions here; only whole numbers are modified. */
static bool aims_again(struct ctx *c, struct attack *a, int target)
{
    int n = a->accuracy, d = 1;
    if (n) {
        const int own = a->ignore_accuracy ? 0 : boost_seen(c, a->user, STAT_ACC);
        const int other = flagged(a, MF_IGNORE_EVASION) ? 0 : boost_seen(c, target, STAT_EVA);
        n *= own > 0 ? 3 + own : 3;
        d *= own > 0 ? 3 : 3 - own;
        n *= other > 0 ? 3 : 3 - other;
        d *= other > 0 ? 3 + other : 3;
    }
    int accuracy = n ? (n + d - 1) / d : R_TRUE;
    if (n % d == 0)
        accuracy = event_number(c, EV_modify_accuracy, target, a->user, move_ref(a), a, accuracy);
    else
        event_number(c, EV_modify_accuracy, target, a->user, move_ref(a), a, accuracy);
    if (a->always_hit)
        return true;
    accuracy = event_number(c, EV_accuracy, target, a->user, move_ref(a), a, accuracy);
    return accuracy == R_TRUE || drawn_hit(c, accuracy < 0 ? 0 : accuracy);
}

static void attacked(struct ctx *c, const struct attack *a, int target, int damage, int hits)
{
    struct battle_active *on = c->on[target];
    if (target == a->user)
        return;
    if (damage >= 0 && c->mon[target]->times_hit < 255 - 10)
        c->mon[target]->times_hit = (uint8_t)(c->mon[target]->times_hit + hits);
    if (a->user == BENCHED) /* it counts as a hit, but by nobody who is there */
        return;
    on->hit_damage = (uint16_t)(damage > 0 ? damage : 0);
    on->hit_by = c->b->sides[a->user].active;
    on->flags &= (uint16_t) ~(ON_HIT_NUMBER | ON_HIT_HURT);
    on->flags |= (uint16_t)(ON_HIT_NOW | (damage >= 0 ? ON_HIT_NUMBER : 0) | (damage > 0 ? ON_HIT_HURT : 0));
}

static void after_hits(struct ctx *c, struct attack *a, int target, int left)
{
    each(c, EV_update, REF_NONE);
    const bool sheer = a->has_sheer_force && a->user != BENCHED && has_ability(c, a->user, A(sheerforce));
    if (sheer)
        return;
    if (left != NOBODY) {
        move_single(c, EV_after_move_secondary, a, left, a->user, R_TRUE);
        event(c, EV_after_move_secondary, left, a->user, move_ref(a), a);
    }
    const struct battle_mon *m = c->mon[target];
    const int before = (on_flag(c, target, ON_HURT) ? c->on[target]->hurt_hp : 0) + a->total;
    if (m->hp && m->hp <= m->hp_max / 2 && before > m->hp_max / 2)
        event(c, EV_emergency_exit, target, a->user, REF_NONE, a);
}

/* R_FALSE: nothing hit. */
static int hit_loop(struct ctx *c, struct attack *a, int target)
{
    const int hits = number_of_hits(c, a);
    const bool usable =
        flagged(a, MF_SLEEP_USABLE) ||
        ((a->source & REF_CLASS) == REF_MOVE && move_row(c, a->source & REF_NUMBER)->flags & DEX_BIT(MF_SLEEP_USABLE));
    bool none = true;
    int hit, last = R_FALSE, left = NOBODY;
    a->total = 0;
    for (hit = 1; hit <= hits; hit++) {
        if ((hit > 1 && c->mon[a->user]->status == STATUS_SLP && !usable) || !alive(c, target))
            break;
        a->hit = (uint8_t)hit;
        a->last_hit = hit == hits;
        if (hit > 1 && flagged(a, MF_MULTI_ACCURACY) && !aims_again(c, a, target))
            break;
        if (hit > 1 && a->number == M(dragondarts))
            say2(c, LINE_ANIM, a->user, SAY_MOVE | a->number, SAY_WHO | who(c, target));
        last = hit_once(c, a, target, &left);
        if (last == R_FALSE)
            break;
        none = false;
        a->total = (uint16_t)(a->total + (last > 0 ? last : 0));
        each(c, EV_update, REF_NONE);
        if (!alive(c, a->user) && a->user != BENCHED) {
            hit++;
            break;
        }
    }
    if (hit == 1)
        return R_FALSE;
    faint_messages(c, !alive(c, a->user));
    if (a->multi && a->number != M(dragondarts)) /* its darts are shown one by one */
        say1(c, LINE_HIT_COUNT, target, SAY_NUMBER | (unsigned)(hit - 1));
    if (a->total)
        recoil(c, a, a->total);
    if (left != NOBODY && left != a->user)
        attacked(c, a, left, last, hit - 1);
    if (flagged(a, MF_OHKO) && !alive(c, target))
        say(c, LINE_OHKO, NOBODY);
    if (none)
        return R_FALSE;
    after_hits(c, a, target, left);
    return R_TRUE;
}

/* ------------------------------------------------------------------------------------------------- all of it --- */

static int hit_starts(struct ctx *c, struct attack *a, int target)
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

/* The steps up to the hits.  Past them: R_TRUE, 0 or R_UNDEF. */
static int reaches(struct ctx *c, struct attack *a, int target)
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

bool spread_hit(struct ctx *c, struct attack *a, int target)
{
    int r = hit_starts(c, a, target);
    if (!going(r))
        return r == R_NOT_FAIL;
    r = reaches(c, a, target);
    if (!going(r) && r != 0) {
        if (r != R_FALSE)
            c->on[a->user]->result = MOVE_NULL;
        return false;
    }
    step_break(c, a, target);
    if (a->number == M(spectralthief))
        steal_stages(c, a, target);
    return hit_loop(c, a, target) == R_TRUE;
}
