/*
 * natives_past.c - moves and items that national-dex play has besides those of generation 9.
 */
#include "natives.h"

#define OWN_REF ((ref)(REF_MOVE | e->a->number))

NATIVE(power_twice_first) /* Bolt Beak, Fishious Rend */
{
    return on_flag(c, e->target, ON_NEW) || will_move(c, e->target) ? 2 * e->value : R_UNDEF;
}

NATIVE(guardian) /* Guardian of Alola: three quarters of the HP, a quarter of that through Protect */
{
    static const uint8_t shields[] = {VOL_PROTECT, VOL_BANEFUL_BUNKER, VOL_KINGS_SHIELD, VOL_SPIKY_SHIELD};
    int n = c->mon[e->target]->hp * 3 / 4;
    bool shielded = c->b->sides[e->target].turns[SIDE_MAT_BLOCK];
    for (size_t i = 0; i < sizeof shields; i++)
        shielded |= has(c, e->target, (enum battle_volatile)shields[i]);
    if (shielded) {
        say(c, LINE_Z_BROKEN, e->target);
        n = (n + 1) / 4; /* a quarter, rounded half down */
    }
    return n ? n : 1;
}

NATIVE(power_punishment)
{
    const int n = 60 + 20 * positive_boosts(c, e->target);
    return n > 200 ? 200 : n;
}

/* Trump Card: the less PP are left of the move, or of the one that called it. */
NATIVE(power_trump)
{
    static const uint8_t powers[5] = {200, 80, 60, 50, 40};
    const ref by = e->a->source;
    const int slot = move_slot(c, e->source, (by & REF_CLASS) == REF_MOVE ? by & REF_NUMBER : e->a->number);
    const unsigned pp = slot < 0 ? 4 : *slot_pp(c, e->source, slot);
    return powers[pp < 4 ? pp : 4];
}

NATIVE(magnitude)
{
    static const struct {
        uint8_t below, power;
    } steps[] = {{5, 10}, {15, 30}, {35, 50}, {65, 70}, {85, 90}, {95, 110}, {100, 150}};
    const uint32_t n = draw(c, 0, 100, DRAW_MOVE);
    int i = 0;
    while (n >= steps[i].below)
        i++;
    e->a->power = steps[i].power;
    e->a->echo = (uint8_t)(4 + i);
    return R_UNDEF;
}

NATIVE(magnitude_told)
{
    say2(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number, SAY_NUMBER | e->a->echo);
    return R_UNDEF;
}

NATIVE(damage_psywave)
{
    const int n = (int)draw(c, 50, 151, DRAW_MOVE) * c->mon[e->source]->level / 100;
    return n ? n : 1;
}

/* ---------------------------------------------------------------------------------------------------- types --- */

/* The lowest bits of HP, Attack, Defense, Speed, Sp. Atk, Sp. Def say it. */
unsigned type_of_ivs(uint32_t ivs)
{
    static const uint8_t order[6] = {0, 1, 2, 5, 3, 4};
    static const uint8_t types[16] = {TYPE_FIGHTING, TYPE_FLYING, TYPE_POISON, TYPE_GROUND, TYPE_ROCK,  TYPE_BUG,
                                      TYPE_GHOST,    TYPE_STEEL,  TYPE_FIRE,   TYPE_WATER,  TYPE_GRASS, TYPE_ELECTRIC,
                                      TYPE_PSYCHIC,  TYPE_ICE,    TYPE_DRAGON, TYPE_DARK};
    unsigned n = 0;
    for (unsigned i = 0; i < 6; i++)
        n |= (ivs >> (5 * order[i]) & 1u) << i;
    return types[n * 15 / 63];
}

NATIVE(type_by_ivs) /* Hidden Power */
{
    e->a->type = (uint8_t)type_of_ivs(c->mon[e->target]->ivs);
    return R_UNDEF;
}

NATIVE(type_by_item) /* Multi-Attack, Techno Blast */
{
    fresh(c);
    const struct dex_item *item = &c->dex->items[c->mon[e->target]->item];
    const uint8_t type = !strcmp(e->a->move->id, "technoblast") ? item->drive : item->memory;
    if (!c->item_off[e->target])
        e->a->type = type ? type : TYPE_NORMAL;
    return R_UNDEF;
}

/* Thousand Arrows does as usual to Flying types, if they are in the air. */
NATIVE(arrows)
{
    const int t = e->target;
    const bool aloft = e->a->type == TYPE_GROUND && grounded(c, t, false) != R_TRUE && has_type(c, t, TYPE_FLYING);
    return aloft ? 64 : R_UNDEF;
}

NATIVE(shares_type) /* Synchronoise */
{
    struct types own = types_of(c, e->source, true, false);
    for (int i = 0; i < types_n(own); i++)
        if (type_at(own, i) && has_type(c, e->target, type_at(own, i)))
            return R_UNDEF;
    return R_FALSE;
}

NATIVE(camouflage)
{
    static const uint8_t types[TERRAINS] = {TYPE_NORMAL, TYPE_ELECTRIC, TYPE_GRASS, TYPE_FAIRY, TYPE_PSYCHIC};
    const int t = e->target, type = types[terrain_now(c)];
    struct types own = types_of(c, t, true, false);
    if ((types_n(own) == 1 && type_at(own, 0) == type) || !set_type(c, t, type, 0))
        return R_FALSE;
    say2(c, LINE_START, t, SAY_WORD | WORD_TYPECHANGE, SAY_TYPES | (unsigned)type);
    return R_UNDEF;
}

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

const struct native natives_past[] = {LISTED(power_twice_first),
                                      LISTED(guardian),
                                      LISTED(power_punishment),
                                      LISTED(power_trump),
                                      LISTED(magnitude),
                                      LISTED(magnitude_told),
                                      LISTED(damage_psywave),
                                      LISTED(type_by_ivs),
                                      LISTED(type_by_item),
                                      LISTED(arrows),
                                      LISTED(shares_type),
                                      LISTED(camouflage),
                                      LISTED(lighter),
                                      LISTED(can_hurry),
                                      LISTED(purify),
                                      LISTED(refreshes),
                                      LISTED(venom_drench),
                                      LISTED(core_enforcer),
                                      LISTED(flower_shield),
                                      LISTED(rototiller),
                                      LISTED(gear_up),
                                      LISTED(psycho_shift),
                                      LISTED(no_evasion),
                                      LISTED(grudge),
                                      LISTED(grudge_over),
                                      LISTED(not_moved_yet),
                                      LISTED(powder_explodes),
                                      LISTED(octolock),
                                      LISTED(can_be_trapped),
                                      LISTED(nature_power),
                                      LISTED(mirror_move),
                                      LISTED(me_first),
                                      LISTED(assist),
                                      LISTED(bestow),
                                      LISTED(gift_type),
                                      LISTED(gift_given),
                                      LISTED(berry_juice),
                                      {NULL, NULL}};
