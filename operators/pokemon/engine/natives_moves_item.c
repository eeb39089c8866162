/*
 * natives_moves_item.c - moves about items.
 */
#include "natives_moves.h"

static void say_item_gone(struct ctx *c, int t, unsigned item, ref from, int of, unsigned marks)
{
    struct battle_event *line = say1(c, LINE_END_ITEM, t, SAY_ITEM | item);
    if (!line)
        return;
    line->from = from;
    line->of = who(c, of);
    line->arg[1] = marks & SAID_SILENT ? SAY_WORD | WORD_TAG_SILENT : 0; /* this one stands in front */
}

NATIVE(knock_off)
{
    const unsigned item = take_item(c, e->target, e->target);
    if (item)
        say_item_gone(c, e->target, item, OWN_REF, e->source, 0);
    return R_UNDEF;
}

static void say_item_got(struct ctx *c, int t, unsigned item, ref from, int of)
{
    struct battle_event *line = say1(c, LINE_ITEM, t, SAY_ITEM | item);
    reveal(c, t, MON_ITEM_KNOWN);
    if (!line)
        return;
    line->from = from;
    line->of = who(c, of);
}

/* May this one hold the item? */
static bool may_hold(struct ctx *c, int t, unsigned item, int source, struct attack *a)
{
    const struct effect *fx = &c->rules->items[item];
    return !item_stays(c, t, item) &&
           (!listens(fx, EV_take_item) || going(single(c, EV_take_item, fx, t, t, source, REF_NONE, a, R_TRUE)));
}

NATIVE(steal)
{
    const int t = e->source, foe = e->target;
    if (t == BENCHED || c->mon[t]->item || has(c, t, VOL_GEM))
        return R_UNDEF;
    const unsigned item = take_item(c, foe, t);
    if (!item)
        return R_UNDEF;
    if (!may_hold(c, t, item, foe, e->a) || !set_item(c, t, item, foe, OWN_REF)) {
        c->mon[foe]->item = (uint16_t)item;
        changed(c, foe);
        return R_UNDEF;
    }
    if (!strcmp(e->a->move->id, "thief")) {
        struct battle_event *line = NULL;
        say_item_gone(c, foe, item, OWN_REF, t, SAID_SILENT);
        (void)line;
    }
    say_item_got(c, t, item, OWN_REF, foe);
    return R_UNDEF;
}

NATIVE(trick)
{
    const int t = e->source, foe = e->target;
    const unsigned was_theirs = c->mon[foe]->item, was_mine = c->mon[t]->item;
    const unsigned theirs = take_item(c, foe, t), mine = take_item(c, t, t);
    const bool kept = (was_theirs && !theirs) || (was_mine && !mine) || (!theirs && !mine);
    if (kept || (mine && !may_hold(c, foe, mine, t, e->a)) || (theirs && !may_hold(c, t, theirs, foe, e->a))) {
        if (theirs)
            c->mon[foe]->item = (uint16_t)theirs;
        if (mine)
            c->mon[t]->item = (uint16_t)mine;
        changed(c, foe);
        changed(c, t);
        return R_FALSE;
    }
    struct battle_event *line = say1(c, LINE_ACTIVATE, t, SAY_MOVE_FULL | dex_move(c->dex, "trick"));
    if (line)
        line->of = who(c, foe);
    if (mine) {
        set_item(c, foe, mine, t, OWN_REF);
        say_item_got(c, foe, mine, OWN_REF, NOBODY);
    } else {
        say_item_gone(c, foe, theirs, OWN_REF, NOBODY, SAID_SILENT);
    }
    if (theirs) {
        set_item(c, t, theirs, foe, OWN_REF);
        say_item_got(c, t, theirs, OWN_REF, NOBODY);
    } else {
        say_item_gone(c, t, mine, OWN_REF, NOBODY, SAID_SILENT);
    }
    return R_UNDEF;
}

NATIVE(incinerate)
{
    const uint32_t marks = c->dex->items[c->mon[e->target]->item].marks;
    if (!(marks & (DEX_BIT(MARK_BERRY) | DEX_BIT(MARK_GEM))))
        return R_UNDEF;
    const unsigned item = take_item(c, e->target, e->source);
    if (item)
        say_item_gone(c, e->target, item, OWN_REF, NOBODY, 0);
    return R_UNDEF;
}

NATIVE(corrosive_gas)
{
    const unsigned item = take_item(c, e->target, e->source);
    if (item)
        say_item_gone(c, e->target, item, OWN_REF, e->source, 0);
    else
        say1(c, LINE_FAIL, e->target, SAY_MOVE_FULL | e->a->number);
    return R_UNDEF;
}

/* Eats what another one held.  A berry that does nothing is not eaten, but by one whose items are suppressed. */
static void eat_given(struct ctx *c, struct call *e, int t, unsigned item)
{
    if (listens(&c->rules->items[item], EV_eat))
        c->mon[t]->flags |= MON_ATE_BERRY;
    if (eaten(c, t, item, e->source, OWN_REF, e->a))
        event_about(c, EV_eat_item, t, e->source, OWN_REF, item);
}

NATIVE(bug_bite)
{
    const uint32_t marks = c->dex->items[c->mon[e->target]->item].marks;
    if (e->source == BENCHED || !alive(c, e->source) || !(marks & DEX_BIT(MARK_BERRY)))
        return R_UNDEF;
    const unsigned item = take_item(c, e->target, e->source);
    if (!item)
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_END_ITEM, e->target, SAY_ITEM | item);
    if (line) {
        line->from = REF_OF_WORD(WORD_STEAL_EAT);
        line->arg[1] = 0;
        line->of = who(c, e->source);
        line->move_tag = e->a->number;
    }
    eat_given(c, e, e->source, item);
    return R_UNDEF;
}

NATIVE(fling_starts)
{
    const int t = e->source;
    const unsigned item = c->mon[t]->item;
    const struct dex_item *row = &c->dex->items[item];
    if (!item || has(c, t, VOL_EMBARGO) || c->b->rooms[ROOM_MAGIC] || has_ability(c, t, A(klutz)) ||
        !may_hold(c, t, item, t, e->a) || !row->flung)
        return R_FALSE;
    e->a->power = row->fling_power;
    e->a->flung = (uint16_t)item;
    if (row->marks & DEX_BIT(MARK_BERRY) && has_ability(c, t, A(cudchew))) /* it tastes what it throws */
        event_about(c, EV_eat_item, t, t, OWN_REF, item);
    c->on[t]->volatiles[VOL_FLING / 64] |= 1ull << (VOL_FLING % 64);
    changed(c, t);
    return R_UNDEF;
}

static bool flung_secondary(struct ctx *c, struct call *e, struct dex_effect *out)
{
    const struct dex_item *row = &c->dex->items[e->a->flung];
    memset(out, 0, sizeof *out);
    out->status = row->fling_status;
    out->volatile_ = row->fling_volatile;
    return out->status || out->volatile_;
}

NATIVE(fling_hits)
{
    const unsigned item = e->a->flung;
    if (!item)
        return R_UNDEF;
    const uint32_t marks = c->dex->items[item].marks;
    if (marks & DEX_BIT(MARK_BERRY)) {
        eat_given(c, e, e->target, item);
    } else if (!strcmp(c->dex->items[item].id, "mentalherb") || !strcmp(c->dex->items[item].id, "whiteherb")) {
        const struct effect *fx = &c->rules->items[item];
        if (listens(fx, EV_use))
            single(c, EV_use, fx, e->target, e->target, e->source, OWN_REF, e->a, R_TRUE);
    } else if (flung_secondary(c, e, &e->a->own)) {
        e->a->flung_part = true;
    }
    return R_UNDEF;
}

NATIVE(fling_gone)
{
    const int t = e->target;
    struct battle_mon *m = c->mon[t];
    const unsigned item = m->item;
    drop_volatile(c, t, VOL_FLING);
    if (!item)
        return R_UNDEF;
    drop_item(c, t);
    m->last_item = (uint16_t)item;
    c->on[t]->flags |= ON_USED_ITEM;
    say_item_gone(c, t, item, (ref)(REF_MOVE | dex_move(c->dex, "fling")), NOBODY, 0);
    event_about(c, EV_after_use_item, t, NOBODY, REF_NONE, item);
    return R_UNDEF;
}

NATIVE(recycle)
{
    struct battle_mon *m = c->mon[e->target];
    const unsigned item = m->last_item;
    if (m->item || !item)
        return R_FALSE;
    m->last_item = 0;
    say_item_got(c, e->target, item, OWN_REF, NOBODY);
    set_item(c, e->target, item, e->source, OWN_REF);
    reveal(c, e->target, MON_ITEM_KNOWN);
    return R_UNDEF;
}

NATIVE(stuff_cheeks)
{
    if (boost_one(c, e->target, STAT_DEF, 2, e->target, OWN_REF) != R_TRUE)
        return R_NULL;
    eat_item(c, e->target, true, e->target, OWN_REF);
    return R_UNDEF;
}

NATIVE(tea_time)
{
    bool eaters[2] = {false, false};
    for (int t = 0; t < 2; t++) {
        if (c->mon[t]->flags & MON_FAINT_TOLD)
            continue;
        if (event(c, EV_invulnerability, t, e->source, OWN_REF, e->a) == R_FALSE) {
            say1(c, LINE_MISS, e->source, SAY_WHO | who(c, t));
        } else if (going(event(c, EV_try_hit, t, e->source, OWN_REF, e->a))) {
            eaters[t] = c->dex->items[c->mon[t]->item].marks & DEX_BIT(MARK_BERRY);
        }
    }
    say1(c, LINE_FIELD_ACTIVATE, NOBODY, SAY_MOVE_FULL | e->a->number);
    if (!eaters[0] && !eaters[1]) {
        say1(c, LINE_FAIL, e->source, SAY_MOVE_FULL | e->a->number);
        say_mark(c, SAID_STILL);
        return R_NOT_FAIL;
    }
    for (int t = 0; t < 2; t++)
        if (eaters[t])
            eat_item(c, t, true, e->source, OWN_REF);
    return R_UNDEF;
}

NATIVE(poltergeist_shows)
{
    say2(c, LINE_ACTIVATE, e->target, SAY_MOVE_FULL | e->a->number, SAY_ITEM | c->mon[e->target]->item);
    reveal(c, e->target, MON_ITEM_KNOWN);
    return R_UNDEF;
}

NATIVE(knock_power)
{
    const unsigned item = c->mon[e->source]->item;
    const struct effect *fx = &c->rules->items[item];
    if (!item || item_stays(c, e->source, item) ||
        (listens(fx, EV_take_item) &&
         !going(single(c, EV_take_item, fx, e->source, e->source, e->source, REF_NONE, e->a, R_TRUE))))
        return R_UNDEF;
    return chain(e, 6144);
}

const struct native natives_moves_item[] = {LISTED(knock_off),         LISTED(steal),         LISTED(trick),
                                            LISTED(incinerate),        LISTED(corrosive_gas), LISTED(bug_bite),
                                            LISTED(fling_starts),      LISTED(fling_hits),    LISTED(fling_gone),
                                            LISTED(recycle),           LISTED(stuff_cheeks),  LISTED(tea_time),
                                            LISTED(poltergeist_shows), LISTED(knock_power),   {NULL, NULL}};
