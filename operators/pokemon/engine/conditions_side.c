/*
 * conditions_side.c - hooks of what lies on a side, and of what waits for a place.
 */
#include "conditions.h"

/* ------------------------------------------------------------------------------------------------- sides --- */

static bool screened(const struct ctx *c, const struct call *e)
{
    (void)c;
    return e->target != e->source && e->source == e->holder && !e->a->crit_now && !e->a->infiltrates;
}

static int reflect(struct ctx *c, struct call *e)
{
    return screened(c, e) && e->a->category == MOVE_PHYSICAL ? chain(e, 2048) : R_UNDEF;
}

static int light_screen(struct ctx *c, struct call *e)
{
    return screened(c, e) && e->a->category == MOVE_SPECIAL ? chain(e, 2048) : R_UNDEF;
}

static int aurora_veil(struct ctx *c, struct call *e)
{
    const struct battle_side *s = &c->b->sides[e->holder];
    if (s->turns[e->a->category == MOVE_PHYSICAL ? SIDE_REFLECT : SIDE_LIGHT_SCREEN])
        return R_UNDEF;
    return screened(c, e) ? chain(e, 2048) : R_UNDEF;
}

static bool gets_through(const struct ctx *c, const struct call *e)
{
    return is_move_ref(e->cause) && c->attack && c->attack->infiltrates && e->target != e->source;
}

static int safeguard_status(struct ctx *c, struct call *e)
{
    if (!e->cause || e->source == NOBODY || e->cause == REF_VOL(VOL_YAWN) || gets_through(c, e) ||
        e->target == e->source)
        return R_UNDEF;
    const bool synchronize =
        (e->cause & REF_CLASS) == REF_ABILITY && !strcmp(c->dex->abilities[e->cause & REF_NUMBER].id, "synchronize");
    if (synchronize || (is_move_ref(e->cause) && !has_secondaries(c, e->cause)))
        say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    return R_NULL;
}

static int safeguard_volatile(struct ctx *c, struct call *e)
{
    if (!e->cause || e->source == NOBODY || gets_through(c, e) || e->target == e->source ||
        (e->thing != REF_VOL(VOL_CONFUSION) && e->thing != REF_VOL(VOL_YAWN)))
        return R_UNDEF;
    if (is_move_ref(e->cause) && !has_secondaries(c, e->cause))
        say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    return R_NULL;
}

static int mist(struct ctx *c, struct call *e)
{
    bool kept = false;
    if (gets_through(c, e) || e->source == NOBODY || e->source == e->target)
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (e->thing >> i & 1 && e->stages[i] < 0) {
            e->stages[i] = 0;
            e->thing &= (uint16_t) ~(1u << i);
            kept = true;
        }
    if (kept && !has_secondaries(c, e->cause))
        say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    return R_UNDEF;
}

static int tailwind(struct ctx *c, struct call *e)
{
    (void)c;
    return chain(e, 8192);
}

static int swamp(struct ctx *c, struct call *e)
{
    (void)c;
    return chain(e, 1024);
}

static int rainbow(struct ctx *c, struct call *e)
{
    (void)c;
    if (e->a->move->effects_n)
        e->a->chance_times = (uint8_t)(e->a->chance_times * 2);
    return R_UNDEF;
}

static int team_guard(struct ctx *c, struct call *e)
{
    struct attack *a = e->a;
    const bool quick = e->self == REF_SIDE(SIDE_QUICK_GUARD);
    if ((quick ? a->priority <= 0 : !flagged(a, MF_SPREAD)) || !flagged(a, MF_PROTECT))
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    if (has(c, e->source, VOL_RAMPAGE) && c->on[e->source]->turns[VOL_RAMPAGE] == 2)
        drop_volatile(c, e->source, VOL_RAMPAGE);
    return R_NOT_FAIL;
}

/* ------------------------------------------------------------------------------------------------ hazards --- */

static bool booted(struct ctx *c, int t)
{
    return has_item(c, t, I(heavydutyboots));
}

static int spikes(struct ctx *c, struct call *e)
{
    static const uint8_t part[4] = {0, 3, 4, 6};
    if (is_grounded(c, e->target) && !booted(c, e->target)) {
        int n = part[c->b->sides[e->target].turns[SIDE_SPIKES] & 3] * c->mon[e->target]->hp_max / 24;
        hurt(c, e->target, n ? n : 1, NOBODY, e->self, NULL);
    }
    return R_UNDEF;
}

static int rocks(struct ctx *c, struct call *e)
{
    struct attack a;
    if (booted(c, e->target))
        return R_UNDEF;
    attack_init(c, &a, M(stealthrock), !e->target);
    a.type = TYPE_ROCK;
    const int effect = effective_stages(c, e->target, &a);
    int full = c->mon[e->target]->hp_max, n = effect >= 0 ? (full << effect) / 8 : full / (8 << -effect);
    hurt(c, e->target, n ? n : 1, NOBODY, e->self, NULL);
    return R_UNDEF;
}

static int web(struct ctx *c, struct call *e)
{
    if (!is_grounded(c, e->target) || booted(c, e->target))
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, e->target, SAY_COND_FULL | (e->self & REF_NUMBER));
    boost_one(c, e->target, STAT_SPE, -1, !e->target, (ref)(REF_MOVE | M(stickyweb)));
    return R_UNDEF;
}

static int toxic_spikes(struct ctx *c, struct call *e)
{
    const int t = e->target;
    if (!is_grounded(c, t))
        return R_UNDEF;
    if (has_type(c, t, TYPE_POISON)) {
        struct battle_event *line = say1(c, LINE_SIDE_END, t, SAY_COND_FULL | (e->self & REF_NUMBER));
        if (line)
            line->of = who(c, t);
        end_side(c, t, SIDE_TOXIC_SPIKES);
    } else if (!has_type(c, t, TYPE_STEEL) && !booted(c, t)) {
        try_status(c, t, c->b->sides[t].turns[SIDE_TOXIC_SPIKES] > 1 ? STATUS_TOX : STATUS_PSN, !t, e->self);
    }
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- places --- */

static int lunar(struct ctx *c, struct call *e)
{
    const int t = e->target, slot = (e->self & REF_NUMBER) - COND_SLOT;
    struct battle_mon *m = c->mon[t];
    bool worn = false;
    for (int i = 0; i < BATTLE_MOVES; i++)
        worn |= m->moves[i] && m->pp[i] < own_full_pp(c->dex, m, i);
    if (!m->hp || !(m->hp < m->hp_max || m->status || (slot == SLOT_LUNAR_DANCE && worn)))
        return R_UNDEF;
    m->hp = m->hp_max;
    clear_status(c, t);
    for (int i = 0; i < BATTLE_MOVES && slot == SLOT_LUNAR_DANCE; i++)
        if (m->moves[i])
            m->pp[i] = (uint8_t)own_full_pp(c->dex, m, i);
    say_hp(c, LINE_HEAL, t, 0, NOBODY, 0);
    if (c->log)
        c->log->events[c->log->count - 1].from = e->self;
    c->b->sides[t].replacing &= (uint8_t) ~(1u << slot | REPLACING_LUNAR_FIRST);
    changed_field(c);
    return R_UNDEF;
}

/* A Z-Memento or Z-Parting Shot heals who comes next. */
static int z_heal(struct ctx *c, struct call *e)
{
    const int t = e->target;
    struct battle_mon *m = c->mon[t];
    if (!m->hp)
        return R_UNDEF;
    m->hp = m->hp_max;
    say_hp(c, LINE_HEAL, t, e->self, NOBODY, 0);
    if (c->log)
        c->log->events[c->log->count - 1].extra = WORD_TAG_ZEFFECT;
    c->b->sides[t].replacing &= (uint8_t) ~(1u << ((e->self & REF_NUMBER) - COND_SLOT));
    changed_field(c);
    return R_UNDEF;
}

const struct native_hook condition_hooks_side[] = {
    {SIDE(REFLECT), EV_modify_damage, ROLE_ANY, 0, 0, 0, reflect},
    {SIDE(LIGHT_SCREEN), EV_modify_damage, ROLE_ANY, 0, 0, 0, light_screen},
    {SIDE(AURORA_VEIL), EV_modify_damage, ROLE_ANY, 0, 0, 0, aurora_veil},
    {SIDE(SAFEGUARD), EV_set_status, ROLE_SELF, 0, 0, 0, safeguard_status},
    {SIDE(SAFEGUARD), EV_try_add_volatile, ROLE_SELF, 0, 0, 0, safeguard_volatile},
    {SIDE(MIST), EV_try_boost, ROLE_SELF, 0, 0, 0, mist},
    {SIDE(TAILWIND), EV_modify_spe, ROLE_SELF, 0, 0, 0, tailwind},
    {SIDE(GRASS_PLEDGE), EV_modify_spe, ROLE_SELF, 0, 0, 0, swamp},
    {SIDE(WATER_PLEDGE), EV_modify_move, ROLE_SELF, 0, 0, 0, rainbow},
    {SIDE(QUICK_GUARD), EV_try_hit, ROLE_SELF, 4, 0, 0, team_guard},
    {SIDE(WIDE_GUARD), EV_try_hit, ROLE_SELF, 4, 0, 0, team_guard},
    {SIDE(SPIKES), EV_switch_in, ROLE_SELF, 0, 0, 4, spikes},
    {SIDE(TOXIC_SPIKES), EV_switch_in, ROLE_SELF, 0, 0, 4, toxic_spikes},
    {SIDE(STEALTH_ROCK), EV_switch_in, ROLE_SELF, 0, 0, 4, rocks},
    {SIDE(STICKY_WEB), EV_switch_in, ROLE_SELF, 0, 0, 4, web},
    {COND_SLOT + SLOT_HEALING_WISH, EV_switch_in, ROLE_SELF, 0, 0, 3, lunar},
    {COND_SLOT + SLOT_LUNAR_DANCE, EV_switch_in, ROLE_SELF, 0, 0, 3, lunar},
    {COND_SLOT + SLOT_Z_MEMENTO, EV_switch_in, ROLE_SELF, 0, 0, 3, z_heal},
    {COND_SLOT + SLOT_Z_PARTING_SHOT, EV_switch_in, ROLE_SELF, 0, 0, 3, z_heal},
    {0, EV_NONE, 0, 0, 0, 0, NULL}};
