/*
 * hit.c - the hits of a move: how many, what each of them does in its order, and what follows from them all.
 *
 * Per hit come the damage, primary effects, the user's own part, secondary effects.
 */
#include "hit.h"

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
    if (!gone && (a->move->self || a->self_now))
        own_part(c, a);
    if (!gone && (a->move->effects_n || a->extra_flinch || a->flung_part))
        secondaries(c, a, at);
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
    if (a->hits[1] == 1) /* mostly */
        return 1;
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
    if (a->total && recoils(a))
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

void plain_hit_done(struct ctx *c, struct attack *a, int target, int damage)
{
    a->hit = 1;
    a->last_hit = true;
    if (a->move->self)
        own_part(c, a);
    if (a->move->effects_n)
        secondaries(c, a, target);
    c->active_target = target;
    damaging_hit(c, a, target, damage);
    a->total = (uint16_t)damage;
    each(c, EV_update, REF_NONE);
    faint_messages(c, !alive(c, a->user));
    if (a->move->recoil[1])
        recoil(c, a, damage);
    attacked(c, a, target, damage, 1);
    after_hits(c, a, target, target);
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
    if (a->breaks_protect)
        step_break(c, a, target);
    if (M(spectralthief) && a->number == M(spectralthief))
        step_steal(c, a, target);
    return hit_loop(c, a, target) == R_TRUE;
}
