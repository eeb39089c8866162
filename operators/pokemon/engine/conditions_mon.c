/*
 * conditions_mon.c - status, and the conditions of a Pokémon that last.
 */
#include "conditions.h"

/* ------------------------------------------------------------------------------------------------ status --- */

static int par_speed(struct ctx *c, struct call *e)
{
    int v = (int)modify((uint32_t)e->value, e->mod);
    e->mod = 4096;
    return has_ability(c, e->target, A(quickfeet)) ? v : v / 2;
}

static int par_before(struct ctx *c, struct call *e)
{
    return chance(c, 1, 4, DRAW_STATUS) ? say_cant(c, e->target, REF_STATUS(STATUS_PAR), 0) : R_UNDEF;
}

static int slp_before(struct ctx *c, struct call *e)
{
    struct battle_mon *m = c->mon[e->target];
    if (has_ability(c, e->target, A(earlybird)) && m->status_n)
        m->status_n--;
    if (m->status_n)
        m->status_n--;
    if (!m->status_n) {
        cure_status(c, e->target, false);
        return R_UNDEF;
    }
    say1(c, LINE_CANT, e->target, REF_STATUS(STATUS_SLP));
    return flagged(e->a, MF_SLEEP_USABLE) ? R_UNDEF : R_FALSE;
}

static int frz_before(struct ctx *c, struct call *e)
{
    if (flagged(e->a, MF_DEFROST) && !(e->a->number == M(burnup) && !has_type(c, e->target, TYPE_FIRE)))
        return R_UNDEF;
    if (chance(c, 1, 5, DRAW_STATUS)) {
        cure_status(c, e->target, false);
        return R_UNDEF;
    }
    return say_cant(c, e->target, REF_STATUS(STATUS_FRZ), 0);
}

static int frz_modify_move(struct ctx *c, struct call *e)
{
    if (!flagged(e->a, MF_DEFROST))
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_CURE, e->target, REF_STATUS(STATUS_FRZ));
    if (line)
        line->from = (ref)(REF_MOVE | e->a->number);
    clear_status(c, e->target);
    return R_UNDEF;
}

static int frz_after(struct ctx *c, struct call *e)
{
    if (flagged(e->a, MF_THAWS_TARGET))
        cure_status(c, e->target, false);
    return R_UNDEF;
}

static int frz_hit(struct ctx *c, struct call *e)
{
    if (e->a->type == TYPE_FIRE && e->a->category != MOVE_STATUS)
        cure_status(c, e->target, false);
    return R_UNDEF;
}

static int psn_residual(struct ctx *c, struct call *e)
{
    hurt_part(c, e->target, 8, NOBODY, e->self);
    return R_UNDEF;
}

static int tox_residual(struct ctx *c, struct call *e)
{
    struct battle_mon *m = c->mon[e->target];
    if (m->status_n < 15)
        m->status_n++;
    int part = m->hp_max / 16;
    hurt(c, e->target, (part ? part : 1) * m->status_n, NOBODY, e->self, NULL);
    return R_UNDEF;
}

static int tox_in(struct ctx *c, struct call *e)
{
    c->mon[e->target]->status_n = 0;
    return R_UNDEF;
}

static int brn_residual(struct ctx *c, struct call *e)
{
    hurt_part(c, e->target, 16, NOBODY, e->self);
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------- confusion and others --- */

static int confusion_before(struct ctx *c, struct call *e)
{
    const int t = e->target;
    if (--c->on[t]->confusion == 0) {
        remove_volatile(c, t, VOL_CONFUSION);
        return R_UNDEF;
    }
    say1(c, LINE_ACTIVATE, t, REF_VOL(VOL_CONFUSION));
    if (!chance(c, 33, 100, DRAW_CONFUSION))
        return R_UNDEF;
    c->active_target = t;
    hurt(c, t, (int)confusion_damage(c, t), t, REF_OF_WORD(WORD_CONFUSED), NULL);
    return R_FALSE;
}

static int attract_update(struct ctx *c, struct call *e)
{
    if (c->on[e->target]->gone & 1)
        remove_volatile(c, e->target, VOL_ATTRACT);
    return R_UNDEF;
}

static int attract_before(struct ctx *c, struct call *e)
{
    struct battle_event *line = say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (REF_VOL(VOL_ATTRACT) & REF_NUMBER));
    if (line)
        line->of = who(c, !e->target);
    return chance(c, 1, 2, DRAW_STATUS) ? say_cant(c, e->target, REF_VOL(VOL_ATTRACT), 0) : R_UNDEF;
}

static int cannot_leave(struct ctx *c, struct call *e)
{
    if (status_immunity(c, e->target, REF_TRAPPED))
        c->on[e->target]->trapped = 1;
    return R_UNDEF;
}

static int bound_residual(struct ctx *c, struct call *e)
{
    const int t = e->target, foe = !t;
    if (!alive(c, foe) || !c->on[foe]->active_turns || c->on[t]->gone & 4) {
        drop_volatile(c, t, VOL_BOUND);
        struct battle_event *line = say1(c, LINE_END, t, SAY_MOVE | c->on[t]->bound_move);
        if (line) {
            line->extra = WORD_TAG_PARTIAL;
            line->marks = SAID_SILENT;
        }
        return R_UNDEF;
    }
    hurt_part(c, t, c->on[t]->bound_part, NOBODY, e->self);
    return R_UNDEF;
}

static int bound_trap(struct ctx *c, struct call *e)
{
    return c->on[e->target]->gone & 4 ? R_UNDEF : cannot_leave(c, e);
}

static int octolock_trap(struct ctx *c, struct call *e)
{
    return c->on[e->target]->gone & 64 ? R_UNDEF : cannot_leave(c, e);
}

static int ring_residual(struct ctx *c, struct call *e)
{
    heal(c, e->target, sixteenth(c, e->target), e->target, e->self);
    return R_UNDEF;
}

static int ingrain_drag(struct ctx *c, struct call *e)
{
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    return R_NULL;
}

static int leech_residual(struct ctx *c, struct call *e)
{
    const int t = e->target;
    if (!alive(c, !t))
        return R_UNDEF;
    int n = c->mon[t]->hp_max / 8;
    n = hurt(c, t, n ? n : 1, !t, e->self, NULL);
    if (n > 0)
        heal(c, !t, n, t, e->self);
    return R_UNDEF;
}

static int curse_residual(struct ctx *c, struct call *e)
{
    hurt_part(c, e->target, 4, NOBODY, e->self);
    return R_UNDEF;
}

static int salt_residual(struct ctx *c, struct call *e)
{
    const bool weak = has_type(c, e->target, TYPE_WATER) || has_type(c, e->target, TYPE_STEEL);
    hurt_part(c, e->target, weak ? 4 : 8, NOBODY, e->self);
    return R_UNDEF;
}

static int syrup_update(struct ctx *c, struct call *e)
{
    const struct battle_active *on = c->on[e->target];
    if (on->before_syrup & ATTRACT_FIRST && on->gone & 1) /* which has its turn first */
        remove_volatile(c, e->target, VOL_ATTRACT);
    if (on->gone & 2)
        remove_volatile(c, e->target, VOL_SYRUP_BOMB);
    return R_UNDEF;
}

static int syrup_residual(struct ctx *c, struct call *e)
{
    boost_one(c, e->target, STAT_SPE, -1, !e->target, e->self);
    return R_UNDEF;
}

static int perish_residual(struct ctx *c, struct call *e)
{
    say1(c, LINE_START, e->target, SAY_WORD | (WORD_PERISH3 + 3u - c->on[e->target]->turns[VOL_PERISH]));
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------- strengthening --- */

static int charge_power(struct ctx *c, struct call *e)
{
    (void)c;
    return e->a->type == TYPE_ELECTRIC ? chain(e, 8192) : R_UNDEF;
}

static int charge_used(struct ctx *c, struct call *e)
{
    if (e->a->type == TYPE_ELECTRIC && strcmp(e->a->move->id, "charge") != 0)
        remove_volatile(c, e->target, VOL_CHARGE);
    return R_UNDEF;
}

static int gem_power(struct ctx *c, struct call *e)
{
    (void)c;
    return chain(e, 5325);
}

static int helping_power(struct ctx *c, struct call *e)
{
    (void)c;
    return chain(e, 6144);
}

static int focus_crit(struct ctx *c, struct call *e)
{
    (void)c;
    return e->value + 2;
}

static int cheer_crit(struct ctx *c, struct call *e)
{
    return e->value + (c->on[e->target]->echo ? 2 : 1);
}

static int minimize_damage(struct ctx *c, struct call *e)
{
    (void)c;
    return flagged(e->a, MF_MINIMIZE) ? chain(e, 8192) : R_UNDEF;
}

static int minimize_accuracy(struct ctx *c, struct call *e)
{
    (void)c;
    return flagged(e->a, MF_MINIMIZE) ? R_TRUE : R_UNDEF;
}

static int glaive_accuracy(struct ctx *c, struct call *e)
{
    (void)c;
    (void)e;
    return R_TRUE;
}

static int twice(struct ctx *c, struct call *e)
{
    (void)c;
    return chain(e, 8192);
}

static int lock_on_reach(struct ctx *c, struct call *e)
{
    const bool aim = (c->on[e->source]->gone & GONE_AIM) >> 3 == c->b->sides[e->target].active;
    if (!e->a || !aim)
        return R_UNDEF;
    return e->event == EV_invulnerability ? 0 : R_TRUE; /* 0 reaches it and asks nobody else */
}

static int micle_accuracy(struct ctx *c, struct call *e)
{
    if (e->a->flags & DEX_BIT(MF_OHKO))
        return R_UNDEF;
    say1(c, LINE_END_ITEM, e->source, SAY_ITEM | I(micleberry));
    remove_volatile(c, e->source, VOL_MICLE);
    return e->value < 0 ? R_UNDEF : chain(e, 4915);
}

static int tar_effectiveness(struct ctx *c, struct call *e)
{
    struct types all = types_of(c, e->target, true, false);
    return e->a->type == TYPE_FIRE && e->thing == type_at(all, 0) ? e->value + 1 : R_UNDEF;
}

static int substitute_hit(struct ctx *c, struct call *e)
{
    const int t = e->target, user = e->source;
    struct attack *a = e->a;
    if (t == user || flagged(a, MF_BYPASSSUB) || a->infiltrates)
        return R_UNDEF;
    int d = get_damage(c, a, t, false);
    if (d < 0) {
        say_fail(c, user);
        return R_NULL;
    }
    if (d > c->on[t]->substitute)
        d = c->on[t]->substitute;
    c->on[t]->substitute = (uint16_t)(c->on[t]->substitute - d);
    if (!c->on[t]->substitute) {
        if (flagged(a, MF_OHKO))
            say(c, LINE_OHKO, NOBODY);
        remove_volatile(c, t, VOL_SUBSTITUTE);
    } else {
        struct battle_event *line = say1(c, LINE_ACTIVATE, t, SAY_COND_FULL | (REF_VOL(VOL_SUBSTITUTE) & REF_NUMBER));
        if (line)
            line->extra = WORD_TAG_DAMAGE;
    }
    if (d && recoils(a))
        recoil(c, a, d);
    if (a->move->drain[1]) /* rounded up here, unlike elsewhere */
        heal(c, user, (d * a->move->drain[0] + a->move->drain[1] - 1) / a->move->drain[1], t, REF_OF_WORD(WORD_DRAIN));
    move_single(c, EV_after_sub_damage, a, t, user, d);
    struct call after = {.event = EV_after_sub_damage,
                         .target = (int8_t)t,
                         .source = (int8_t)user,
                         .a = a,
                         .value = d,
                         .mod = 4096,
                         .cause = (ref)(REF_MOVE | a->number)};
    if (heard(c, EV_after_sub_damage, t, user))
        dispatch(c, &after);
    return 0; /* hit, but not the Pokémon */
}

static int heal_block_before(struct ctx *c, struct call *e)
{
    return flagged(e->a, MF_HEAL) && !e->a->z
               ? say_cant(c, e->target, SAY_COND_FULL | (e->self & REF_NUMBER), SAY_MOVE | e->a->number)
               : R_UNDEF;
}

static int heal_block_moves(struct ctx *c, struct call *e)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (move_row(c, slot_move(c, e->target, i))->flags & DEX_BIT(MF_HEAL))
            c->on[e->target]->disabled |= (uint8_t)(1u << i);
    return R_UNDEF;
}

static int heal_block_heal(struct ctx *c, struct call *e)
{
    (void)c;
    if (e->cause == REF_Z_POWER)
        return R_UNDEF;
    return R_FALSE;
}

const struct native_hook condition_hooks_mon[] = {
    {STATUS(PAR), EV_modify_spe, ROLE_SELF, -101, 0, 0, par_speed},
    {STATUS(PAR), EV_before_move, ROLE_SELF, 1, 0, 0, par_before},
    {STATUS(SLP), EV_before_move, ROLE_SELF, 10, 0, 0, slp_before},
    {STATUS(FRZ), EV_before_move, ROLE_SELF, 10, 0, 0, frz_before},
    {STATUS(FRZ), EV_modify_move, ROLE_SELF, 0, 0, 0, frz_modify_move},
    {STATUS(FRZ), EV_after_move_secondary, ROLE_SELF, 0, 0, 0, frz_after},
    {STATUS(FRZ), EV_damaging_hit, ROLE_SELF, 0, 0, 0, frz_hit},
    {STATUS(PSN), EV_residual, ROLE_SELF, 0, 9, 0, psn_residual},
    {STATUS(TOX), EV_residual, ROLE_SELF, 0, 9, 0, tox_residual},
    {STATUS(TOX), EV_switch_in, ROLE_SELF, 0, 0, 0, tox_in},
    {STATUS(BRN), EV_residual, ROLE_SELF, 0, 10, 0, brn_residual},
    {VOL(CONFUSION), EV_before_move, ROLE_SELF, 3, 0, 0, confusion_before},
    {VOL(ATTRACT), EV_update, ROLE_SELF, 0, 0, 0, attract_update},
    {VOL(ATTRACT), EV_before_move, ROLE_SELF, 2, 0, 0, attract_before},
    {VOL(NO_ESCAPE), EV_trap, ROLE_SELF, 0, 0, 0, cannot_leave},
    {VOL(NO_RETREAT), EV_trap, ROLE_SELF, 0, 0, 0, cannot_leave},
    {VOL(OCTOLOCK), EV_trap, ROLE_SELF, 0, 0, 0, octolock_trap},
    {VOL(INGRAIN), EV_trap, ROLE_SELF, 0, 0, 0, cannot_leave},
    {VOL(BOUND), EV_trap, ROLE_SELF, 0, 0, 0, bound_trap},
    {VOL(BOUND), EV_residual, ROLE_SELF, 0, 13, 0, bound_residual},
    {VOL(AQUA_RING), EV_residual, ROLE_SELF, 0, 6, 0, ring_residual},
    {VOL(INGRAIN), EV_residual, ROLE_SELF, 0, 7, 0, ring_residual},
    {VOL(INGRAIN), EV_drag_out, ROLE_SELF, 0, 0, 0, ingrain_drag},
    {VOL(LEECH_SEED), EV_residual, ROLE_SELF, 0, 8, 0, leech_residual},
    {VOL(CURSE), EV_residual, ROLE_SELF, 0, 12, 0, curse_residual},
    {VOL(SALT_CURE), EV_residual, ROLE_SELF, 0, 13, 0, salt_residual},
    {VOL(SYRUP_BOMB), EV_update, ROLE_SELF, 0, 0, 0, syrup_update},
    {VOL(SYRUP_BOMB), EV_residual, ROLE_SELF, 0, 14, 0, syrup_residual},
    {VOL(PERISH), EV_residual, ROLE_SELF, 0, 24, 0, perish_residual},
    {VOL(CHARGE), EV_base_power, ROLE_SELF, 9, 0, 0, charge_power},
    {VOL(CHARGE), EV_move_aborted, ROLE_SELF, 0, 0, 0, charge_used},
    {VOL(CHARGE), EV_after_move, ROLE_SELF, 0, 0, 0, charge_used},
    {VOL(GEM), EV_base_power, ROLE_SELF, 14, 0, 0, gem_power},
    {VOL(HELPING_HAND), EV_base_power, ROLE_SELF, 10, 0, 0, helping_power},
    {VOL(FOCUS_ENERGY), EV_modify_crit, ROLE_SELF, 0, 0, 0, focus_crit},
    {VOL(DRAGON_CHEER), EV_modify_crit, ROLE_SELF, 0, 0, 0, cheer_crit},
    {VOL(MINIMIZE), EV_modify_damage, ROLE_SOURCE, 0, 0, 0, minimize_damage},
    {VOL(MINIMIZE), EV_accuracy, ROLE_SELF, 0, 0, 0, minimize_accuracy},
    {VOL(GLAIVE_RUSH), EV_accuracy, ROLE_SELF, 0, 0, 0, glaive_accuracy},
    {VOL(GLAIVE_RUSH), EV_modify_damage, ROLE_SOURCE, 0, 0, 0, twice},
    {VOL(LOCK_ON), EV_invulnerability, ROLE_SOURCE, 1, 0, 0, lock_on_reach},
    {VOL(LOCK_ON), EV_accuracy, ROLE_SOURCE, 0, 0, 0, lock_on_reach},
    {VOL(MICLE), EV_accuracy, ROLE_SOURCE, 0, 0, 0, micle_accuracy},
    {VOL(TAR_SHOT), EV_effectiveness, ROLE_SELF, -2, 0, 0, tar_effectiveness},
    {VOL(SUBSTITUTE), EV_try_primary_hit, ROLE_SELF, -1, 0, 0, substitute_hit},
    {VOL(HEAL_BLOCK), EV_before_move, ROLE_SELF, 6, 0, 0, heal_block_before},
    {VOL(HEAL_BLOCK), EV_modify_move, ROLE_SELF, 0, 0, 0, heal_block_before},
    {VOL(HEAL_BLOCK), EV_disable_move, ROLE_SELF, 0, 0, 0, heal_block_moves},
    {VOL(HEAL_BLOCK), EV_try_heal, ROLE_SELF, 0, 0, 0, heal_block_heal},
    {0, EV_NONE, 0, 0, 0, 0, NULL}};
