/*
 * natives_moves_self.c - moves about HP, stages and state of user and target.
 */
#include "natives_moves.h"

NATIVE(rest_starts)
{
    const int t = e->target;
    static const uint8_t awake[2] = {A_insomnia, A_vitalspirit};
    if (c->mon[t]->status == STATUS_SLP || has_ability(c, t, A(comatose)))
        return R_FALSE;
    if (c->mon[t]->hp == c->mon[t]->hp_max) {
        say1(c, LINE_FAIL, t, SAY_WORD | WORD_HEAL);
        return R_NULL;
    }
    for (int i = 0; i < 2; i++) {
        const unsigned a = c->rules->abilities_known[awake[i]];
        if (a && has_ability(c, t, a)) {
            say_from(c, LINE_FAIL, t, 0, (ref)(REF_ABILITY | a), t);
            return R_NULL;
        }
    }
    return R_UNDEF;
}

NATIVE(rest)
{
    int r = set_status(c, e->target, STATUS_SLP, e->source, OWN_REF, false);
    if (!worked(r))
        return r;
    c->mon[e->target]->status_n = 3; /* sleeps through two moves, whatever was drawn */
    heal(c, e->target, c->mon[e->target]->hp_max, e->target, OWN_REF);
    return R_TRUE;
}

NATIVE(pain_split)
{
    const int half = (c->mon[e->target]->hp + c->mon[e->source]->hp) / 2, now = half ? half : 1;
    for (int i = 0; i < 2; i++) {
        const int t = i ? e->source : e->target;
        struct battle_mon *m = c->mon[t];
        m->hp = (uint16_t)(now > m->hp_max ? m->hp_max : now);
        say_hp(c, LINE_SET_HP, t, OWN_REF, NOBODY, i ? 0 : SAID_SILENT);
    }
    return R_UNDEF;
}

NATIVE(haze)
{
    (void)e;
    say(c, LINE_CLEAR_ALL, NOBODY);
    for (int t = 0; t < 2; t++)
        memset(c->on[t]->boosts, 0, STAGES);
    return R_UNDEF;
}

NATIVE(clear_smog)
{
    memset(c->on[e->target]->boosts, 0, STAGES);
    say(c, LINE_CLEAR_BOOST, e->target);
    return R_UNDEF;
}

NATIVE(psych_up)
{
    static const uint8_t kinds[3] = {VOL_DRAGON_CHEER, VOL_FOCUS_ENERGY, VOL_LASER_FOCUS};
    memcpy(c->on[e->source]->boosts, c->on[e->target]->boosts, STAGES);
    for (int i = 0; i < 3; i++)
        remove_volatile(c, e->source, (enum battle_volatile)kinds[i]);
    for (int i = 0; i < 3; i++)
        if (has(c, e->target, (enum battle_volatile)kinds[i]))
            add_volatile(c, e->source, (enum battle_volatile)kinds[i], e->source, REF_NONE);
    struct battle_event *line = say1(c, LINE_COPY_BOOST, e->source, SAY_WHO | who(c, e->target));
    if (line)
        line->from = OWN_REF;
    return R_UNDEF;
}

NATIVE(topsy_turvy)
{
    bool any = false;
    for (int i = 0; i < STAGES; i++) {
        any |= c->on[e->target]->boosts[i] != 0;
        c->on[e->target]->boosts[i] = (int8_t)-c->on[e->target]->boosts[i];
    }
    if (!any)
        return R_FALSE;
    struct battle_event *line = say(c, LINE_INVERT_BOOST, e->target);
    if (line)
        line->from = OWN_REF;
    return R_UNDEF;
}

NATIVE(acupressure)
{
    uint8_t list[STAGES];
    uint32_t n = 0;
    for (int i = 0; i < STAGES; i++)
        if (c->on[e->target]->boosts[i] < 6)
            list[n++] = (uint8_t)i;
    if (!n)
        return R_FALSE;
    boost_one(c, e->target, (enum battle_stat)list[draw(c, 0, n, DRAW_MOVE)], 2, e->source, OWN_REF);
    return R_UNDEF;
}

NATIVE(strength_sap)
{
    if (c->on[e->target]->boosts[STAT_ATK] == -6)
        return R_FALSE;
    static const int8_t down[STAGES] = {[STAT_ATK] = -1};
    const int attack = stat_staged(c->on[e->target]->stats[STAT_ATK], c->on[e->target]->boosts[STAT_ATK]);
    const bool fell = boost(c, e->target, down, e->source, OWN_REF, false, true) == R_TRUE;
    return heal(c, e->source, attack, e->target, OWN_REF) > 0 || fell ? R_TRUE : R_FALSE;
}

static int sub_fails(struct ctx *c, struct call *e)
{
    say1(c, LINE_FAIL, e->source, SAY_MOVE_FULL | e->a->number);
    return R_NOT_FAIL;
}

NATIVE(shed_tail_starts)
{
    const struct battle_mon *m = c->mon[e->source];
    if (!can_switch(c, e->source)) {
        say(c, LINE_FAIL, e->source);
        return R_NOT_FAIL;
    }
    if (has(c, e->source, VOL_SUBSTITUTE))
        return sub_fails(c, e);
    if (m->hp > (m->hp_max + 1) / 2)
        return R_UNDEF;
    sub_fails(c, e);
    if (c->log)
        c->log->events[c->log->count - 1].extra = WORD_TAG_WEAK;
    return R_NOT_FAIL;
}

NATIVE(revives)
{
    const struct battle_side *s = &c->b->sides[e->source];
    for (int i = 0; i < s->size; i++)
        if (s->party[i].flags & MON_FAINT_TOLD)
            return R_UNDEF;
    return R_FALSE;
}

NATIVE(curse_target)
{
    if (!has_type(c, e->target, TYPE_GHOST))
        e->a->target_kind = TARGET_SELF;
    return R_UNDEF;
}

NATIVE(curse_starts)
{
    static const struct dex_effect nothing;
    static const struct dex_effect stronger = {.boosted = true,
                                               .to_user = true,
                                               .boosts = {[STAT_ATK] = 1, [STAT_DEF] = 1, [STAT_SPE] = -1},
                                               .sequence = 0x215};
    if (!has_type(c, e->source, TYPE_GHOST)) {
        e->a->hit_effect = &nothing;
        e->a->self_now = &stronger; /* the Speed is told first */
        e->a->echo = 1;
        return R_UNDEF;
    }
    return has(c, e->target, VOL_CURSE) ? R_FALSE : R_UNDEF;
}

NATIVE(curse_costs)
{
    if (!e->a->echo)
        hurt_directly(c, e->source, c->mon[e->source]->hp_max / 2, REF_NONE);
    return R_UNDEF;
}

NATIVE(swallow)
{
    static const uint16_t parts[3] = {1024, 2048, 4096};
    const int n = c->on[e->target]->stockpile;
    const bool healed =
        heal(c, e->target, (int)modify(c->mon[e->target]->hp_max, parts[n > 1 ? n - 1 : 0]), e->target, OWN_REF) > 0;
    if (!healed)
        say1(c, LINE_FAIL, e->target, SAY_WORD | WORD_HEAL);
    remove_volatile(c, e->target, VOL_STOCKPILE);
    return healed ? R_TRUE : R_NOT_FAIL;
}

NATIVE(no_retreat)
{
    if (has(c, e->target, VOL_NO_RETREAT))
        return R_FALSE;
    if (has(c, e->target, VOL_NO_ESCAPE)) {
        e->a->own = *e->a->hit_effect;
        e->a->own.volatile_ = 0;
        e->a->hit_effect = &e->a->own;
    }
    return R_UNDEF;
}

NATIVE(lost_focus)
{
    if (!has(c, e->target, VOL_FOCUS_PUNCH) || !c->on[e->target]->counter_damage)
        return R_UNDEF;
    say2(c, LINE_CANT, e->target, REF_VOL(VOL_FOCUS_PUNCH), SAY_MOVE | e->a->number);
    return R_FALSE;
}

NATIVE(lock_on)
{
    add_volatile(c, e->source, VOL_LOCK_ON, e->target, OWN_REF);
    c->on[e->source]->gone = (uint8_t)((c->on[e->source]->gone & ~GONE_AIM) | c->b->sides[e->target].active << 3);
    struct battle_event *line = say1(c, LINE_ACTIVATE, e->source, SAY_MOVE_FULL | e->a->number);
    if (line)
        line->of = who(c, e->target);
    return R_UNDEF;
}

NATIVE(uproar_goes_on)
{
    c->on[e->target]->lock_move = e->a->number;
    return R_UNDEF;
}

const struct native natives_moves_self[] = {
    LISTED(rest_starts), LISTED(rest),         LISTED(pain_split),   LISTED(haze),           LISTED(clear_smog),
    LISTED(psych_up),    LISTED(topsy_turvy),  LISTED(acupressure),  LISTED(strength_sap),   LISTED(shed_tail_starts),
    LISTED(revives),     LISTED(curse_target), LISTED(curse_starts), LISTED(curse_costs),    LISTED(swallow),
    LISTED(no_retreat),  LISTED(lost_focus),   LISTED(lock_on),      LISTED(uproar_goes_on), {NULL, NULL}};
