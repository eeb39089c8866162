/*
 * conditions_status.c - hooks of a status.
 */
#include "conditions.h"

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

const struct native_hook condition_hooks_status[] = {
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
    {0, EV_NONE, 0, 0, 0, 0, NULL}};
