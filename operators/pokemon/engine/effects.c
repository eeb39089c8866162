/*
 * effects.c - what a hit does besides damage: primary effects, the user's own part, secondary effects.
 */
#include "hit.h"

/* Of two results of one move: the weightier; of equals a failure gives way only to success. */
static APART int mixed(int left, int right)
{
    static const uint8_t ranks[] = {[-R_UNDEF] = 0, [-R_NOT_FAIL] = 1, [-R_NULL] = 2, [-R_FALSE] = 3, [-R_TRUE] = 3};
    const int l = left >= 0 ? 4 : ranks[-left], r = right >= 0 ? 4 : ranks[-right];
    if (l > r)
        return left;
    if (worked(left) && !worked(right) && right != 0)
        return left;
    return left >= 0 && right >= 0 ? left + right : right;
}

int combined(int left, int right)
{
    if (right == R_UNDEF || (right == R_TRUE && left >= 0)) /* mostly: the damage done, and nothing else was said */
        return left;
    return left == R_UNDEF ? right : mixed(left, right);
}

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
    } else {
        d = (int)share((unsigned)damage, a->move->recoil[0], a->move->recoil[1]);
        hurt(c, t, d ? d : 1, t, REF_OF_WORD(WORD_RECOIL), NULL);
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

int run_effects(struct ctx *c, struct attack *a, const struct dex_effect *p, bool main, int target, int damage,
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

void own_part(struct ctx *c, struct attack *a)
{
    const struct dex_effect *p = a->self_now ? a->self_now : &c->dex->effects[a->move->self];
    if (a->self_dropped || a->no_self || a->user == BENCHED)
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

void secondaries(struct ctx *c, struct attack *a, int target)
{
    const struct dex_effect *list = &c->dex->effects[a->move->effects];
    const bool first_of_two = a->bond && a->hit < 2 && a->number == M(secretpower);
    const int own =
        a->no_secondaries || first_of_two ? 0 : a->move->effects_n; /* those that items add stay (King's Rock) */
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
    if (a->flung_part && !dust && !first_of_two) {
        const uint32_t r = draw(c, 0, 100, DRAW_EFFECT);
        if (target != NOBODY && (!a->own.chance || r < (uint32_t)a->own.chance * a->chance_times))
            run_effects(c, a, &a->own, false, target, R_UNDEF, true, false);
    }
    if (a->extra_flinch && !dust) {
        static const struct dex_effect flinch = {.volatile_ = 1 + VOL_FLINCH};
        if (draw(c, 0, 100, DRAW_EFFECT) < (uint32_t)a->extra_flinch * a->chance_times && target != NOBODY)
            run_effects(c, a, &flinch, false, target, R_UNDEF, true, false);
    }
}
