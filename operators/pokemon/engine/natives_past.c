/*
 * natives_past.c - what moves and items of national-dex play do besides those of generation 9.
 */
#include "natives.h"

#define OWN_REF ((ref)(REF_MOVE | e->a->number))

/* --------------------------------------------------------------------------------------------- what they do --- */

NATIVE(lighter) /* Autotomize */
{
    struct battle_active *on = c->on[e->target];
    if (on->weight <= 1)
        return R_UNDEF;
    on->weight = (uint16_t)(on->weight > 1000 ? on->weight - 1000 : 1);
    say1(c, LINE_START, e->target, OWN_REF);
    return R_UNDEF;
}

NATIVE(can_hurry)
{
    const int stage = c->on[e->target]->boosts[STAT_SPE];
    return stage == (has_ability(c, e->target, A(contrary)) ? -6 : 6) ? R_FALSE : R_UNDEF;
}

NATIVE(purify)
{
    if (!cure_status(c, e->target, false)) {
        say_fail(c, e->source);
        return R_NOT_FAIL;
    }
    heal(c, e->source, (c->mon[e->source]->hp_max + 1) / 2, e->source, OWN_REF);
    return R_UNDEF;
}

NATIVE(refreshes)
{
    const unsigned status = c->mon[e->target]->status;
    if (!status || status == STATUS_SLP || status == STATUS_FRZ)
        return R_FALSE;
    cure_status(c, e->target, false);
    return R_UNDEF;
}

NATIVE(venom_drench)
{
    static const int8_t less[STAGES] = {[STAT_ATK] = -1, [STAT_SPA] = -1, [STAT_SPE] = -1};
    const unsigned status = c->mon[e->target]->status;
    if (status != STATUS_PSN && status != STATUS_TOX)
        return R_FALSE;
    return worked(boost(c, e->target, less, e->source, OWN_REF, false, false)) ? R_UNDEF : R_FALSE;
}

NATIVE(core_enforcer)
{
    const int t = e->target;
    if (!(ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS)) && !on_flag(c, t, ON_NEW) && !will_move(c, t))
        add_volatile(c, t, VOL_GASTRO_ACID, e->source, OWN_REF);
    return R_UNDEF;
}

NATIVE(flower_shield)
{
    bool any = false;
    for (int i = 0; i < 2; i++)
        if (!(c->mon[i]->flags & MON_FAINT_TOLD) && has_type(c, i, TYPE_GRASS))
            any |= worked(boost_one(c, i, STAT_DEF, 1, e->source, OWN_REF));
    return any ? R_UNDEF : R_FALSE;
}

NATIVE(rototiller)
{
    static const int8_t up[STAGES] = {[STAT_ATK] = 1, [STAT_SPA] = 1};
    bool till[2] = {false, false}, aloft = false;
    for (int i = 0; i < 2; i++) {
        if (c->mon[i]->flags & MON_FAINT_TOLD)
            continue;
        if (!is_grounded(c, i)) {
            say(c, LINE_IMMUNE, i);
            aloft = true;
        } else {
            till[i] = has_type(c, i, TYPE_GRASS);
        }
    }
    if (!till[0] && !till[1] && !aloft)
        return R_FALSE;
    for (int i = 0; i < 2; i++)
        if (till[i])
            boost(c, i, up, e->source, OWN_REF, false, false);
    return R_UNDEF;
}

NATIVE(gear_up)
{
    static const int8_t up[STAGES] = {[STAT_ATK] = 1, [STAT_SPA] = 1};
    const int t = e->source;
    if (!has_ability(c, t, dex_ability(c->dex, "plus")) && !has_ability(c, t, dex_ability(c->dex, "minus")))
        return R_FALSE;
    return worked(boost(c, t, up, t, OWN_REF, false, true)) ? R_TRUE : R_FALSE;
}

/* The status goes over: the user's own part of the move cures it. */
NATIVE(psycho_shift)
{
    struct attack *a = e->a;
    if (!c->mon[e->source]->status)
        return R_FALSE;
    a->own = *a->hit_effect;
    a->own.status = c->mon[e->source]->status;
    a->hit_effect = &a->own;
    return R_UNDEF;
}

NATIVE(no_evasion)
{
    (void)c;
    if (e->stages[STAT_EVA] > 0)
        e->stages[STAT_EVA] = 0;
    return R_UNDEF;
}

NATIVE(grudge)
{
    const int foe = e->source;
    if (foe == NOBODY || foe == BENCHED || foe == e->target || !alive(c, foe) || (e->cause & REF_CLASS) != REF_MOVE ||
        move_row(c, e->cause & REF_NUMBER)->flags & DEX_BIT(MF_FUTUREMOVE))
        return R_UNDEF;
    const int slot = move_slot(c, foe, c->on[foe]->last_move);
    if (slot < 0)
        return R_UNDEF;
    *slot_pp(c, foe, slot) = 0;
    say2(c, LINE_ACTIVATE, foe, SAY_MOVE_FULL | dex_move(c->dex, "grudge"), SAY_MOVE | c->on[foe]->last_move);
    return R_UNDEF;
}

NATIVE(grudge_over)
{
    drop_volatile(c, e->target, VOL_GRUDGE);
    return R_UNDEF;
}

NATIVE(not_moved_yet) /* Electrify */
{
    return !will_move(c, e->target) && c->on[e->target]->active_turns ? R_FALSE : R_UNDEF;
}

NATIVE(powder_explodes)
{
    const int t = e->target;
    if (e->a->type != TYPE_FIRE)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | dex_move(c->dex, "powder"));
    hurt(c, t, (int)share(c->mon[t]->hp_max, 1, 4), t, e->self, NULL);
    for (uint32_t i = c->log ? c->move_event : 0; c->log && i < c->log->count; i++)
        if (c->log->events[i].kind == LINE_DAMAGE && c->log->events[i].from == e->self) {
            c->log->events[i].from = REF_NONE;
            c->log->events[i].marks = SAID_SILENT;
        }
    say_mark(c, SAID_STILL);
    return R_FALSE;
}

NATIVE(octolock)
{
    const int t = e->holder;
    static const int8_t less[STAGES] = {[STAT_DEF] = -1, [STAT_SPD] = -1};
    if (c->on[t]->gone & 64) {
        drop_volatile(c, t, VOL_OCTOLOCK);
        c->on[t]->before_syrup &= ATTRACT_FIRST;
        struct battle_event *line = say1(c, LINE_END, t, SAY_COND | (REF_VOL(VOL_OCTOLOCK) & REF_NUMBER));
        if (line) {
            line->extra = WORD_TAG_PARTIAL;
            line->marks = SAID_SILENT;
        }
        return R_UNDEF;
    }
    boost(c, t, less, !t, e->self, false, false);
    return R_UNDEF;
}

NATIVE(can_be_trapped)
{
    return natural_immunity(c, e->target, REF_TRAPPED) ? R_UNDEF : R_FALSE;
}

/* ------------------------------------------------------------------------------------------ moves that call --- */

NATIVE(nature_power)
{
    static const char *const moves[TERRAINS] = {"triattack", "thunderbolt", "energyball", "moonblast", "psychic"};
    use_move(c, dex_move(c->dex, moves[terrain_now(c)]), e->source, e->target, OWN_REF, e->a);
    return R_NULL;
}

NATIVE(mirror_move)
{
    const struct battle_active *foe = c->on[e->target];
    const unsigned last = foe->last_move;
    if (!last || foe->last_z || !(move_row(c, last)->flags & DEX_BIT(MF_MIRROR)))
        return R_FALSE;
    use_move(c, last, e->source, e->target, OWN_REF, e->a);
    return R_NULL;
}

NATIVE(me_first)
{
    const struct action *a = queued_move(c, e->target);
    if (!a || a->z || a->move == 0xfff || has(c, e->target, VOL_RECHARGE))
        return R_FALSE;
    const struct dex_move *m = move_row(c, a->move);
    if (m->category == MOVE_STATUS || m->flags & DEX_BIT(MF_FAILMEFIRST))
        return R_FALSE;
    add_volatile(c, e->source, VOL_ME_FIRST, e->source, OWN_REF);
    use_move(c, a->move, e->source, e->target, OWN_REF, e->a);
    return R_NULL;
}

NATIVE(assist)
{
    const struct battle_side *s = &c->b->sides[e->target];
    uint16_t list[BATTLE_PARTY * BATTLE_MOVES];
    uint32_t n = 0;
    for (int k = 1; k < s->size; k++)
        for (int i = 0; i < BATTLE_MOVES; i++) {
            const unsigned m = s->party[s->standing[k]].moves[i];
            if (m && !(move_row(c, m)->flags & DEX_BIT(MF_NOASSIST)))
                list[n++] = (uint16_t)m;
        }
    if (!n)
        return R_FALSE;
    use_move(c, list[draw(c, 0, n, DRAW_MOVE)], e->target, NOBODY, OWN_REF, e->a);
    return R_UNDEF;
}

/* ---------------------------------------------------------------------------------------------------- items --- */

NATIVE(bestow)
{
    const int t = e->source, foe = e->target;
    if (c->mon[foe]->item)
        return R_FALSE;
    const unsigned item = take_item(c, t, t);
    if (!item)
        return R_FALSE;
    const struct effect *fx = &c->rules->items[item];
    const bool may =
        !item_stays(c, foe, item) &&
        (!listens(fx, EV_take_item) || going(single(c, EV_take_item, fx, foe, foe, t, REF_NONE, e->a, R_TRUE)));
    if (!may || !set_item(c, foe, item, NOBODY, REF_NONE)) {
        c->mon[t]->item = (uint16_t)item;
        changed(c, t);
        return R_FALSE;
    }
    say_from(c, LINE_ITEM, foe, SAY_ITEM | item, OWN_REF, t);
    reveal(c, foe, MON_ITEM_KNOWN);
    return R_UNDEF;
}

NATIVE(gift_type)
{
    fresh(c);
    const struct dex_item *item = &c->dex->items[c->mon[e->target]->item];
    if (!c->item_off[e->target] && item->gift_power)
        e->a->type = item->gift_type;
    return R_UNDEF;
}

NATIVE(gift_given) /* Natural Gift: the berry is gone, whatever happens */
{
    const int t = e->source;
    struct battle_mon *m = c->mon[t];
    const unsigned item = m->item;
    fresh(c);
    if (c->item_off[t] || !c->dex->items[item].gift_power)
        return R_FALSE;
    e->a->power = c->dex->items[item].gift_power;
    set_item(c, t, 0, NOBODY, REF_NONE);
    m->last_item = (uint16_t)item;
    c->on[t]->flags |= ON_USED_ITEM;
    event_about(c, EV_after_use_item, t, NOBODY, REF_NONE, item);
    return R_UNDEF;
}

NATIVE(berry_juice)
{
    const int t = e->holder;
    if (event_number(c, EV_try_heal, t, NOBODY, e->self, NULL, 20) > 0 && use_item(c, t, NOBODY, REF_NONE))
        heal(c, t, 20, t, e->self);
    return R_UNDEF;
}

const struct native natives_past[] = {
    LISTED(lighter),       LISTED(can_hurry),      LISTED(purify),       LISTED(refreshes),     LISTED(venom_drench),
    LISTED(core_enforcer), LISTED(flower_shield),  LISTED(rototiller),   LISTED(gear_up),       LISTED(psycho_shift),
    LISTED(no_evasion),    LISTED(grudge),         LISTED(grudge_over),  LISTED(not_moved_yet), LISTED(powder_explodes),
    LISTED(octolock),      LISTED(can_be_trapped), LISTED(nature_power), LISTED(mirror_move),   LISTED(me_first),
    LISTED(assist),        LISTED(bestow),         LISTED(gift_type),    LISTED(gift_given),    LISTED(berry_juice),
    {NULL, NULL}};
