/*
 * item.c - items used up, taken and given; abilities changed.
 */
#include "seen.h"

static ref item_ref(const struct ctx *c, int t)
{
    return (ref)(REF_ITEM | c->mon[t]->item);
}

void drop_item(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    m->item = 0;
    c->on[t]->item_n = 0;
    changed(c, t);
}

static void used_up(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    unsigned item = m->item;
    m->last_item = m->item;
    drop_item(c, t);
    seen_item_gone(c, t);
    c->on[t]->flags |= ON_USED_ITEM;
    event_about(c, EV_after_use_item, t, NOBODY, REF_NONE, item);
}

/* Another item's hook cannot use this one up (two at once cannot be held). */
static bool of_another_item(const struct ctx *c, int t, int source, ref cause)
{
    return (cause & REF_CLASS) == REF_ITEM && cause != item_ref(c, t) && source == t;
}

bool eaten(struct ctx *c, int t, unsigned item, int source, ref cause, struct attack *a)
{
    const struct effect *fx = &c->rules->items[item];
    fresh(c);
    return c->item_off[t] || (listens(fx, EV_eat) && worked(single(c, EV_eat, fx, t, t, source, cause, a, R_TRUE)));
}

bool eat_item(struct ctx *c, int t, bool force, int source, ref cause)
{
    struct battle_mon *m = c->mon[t];
    const unsigned item = m->item;
    if (!item || (!m->hp && item != I(jabocaberry) && item != I(rowapberry)) || of_another_item(c, t, source, cause))
        return false;
    if (!worked(event_about(c, EV_use_item, t, NOBODY, REF_NONE, item)))
        return false;
    if (!force && !worked(event_about(c, EV_try_eat_item, t, NOBODY, REF_NONE, item)))
        return false;
    struct battle_event *e = say1(c, LINE_END_ITEM, t, item_ref(c, t));
    if (e)
        e->extra = WORD_TAG_EAT;
    item_single(c, EV_eat, t, source);
    event_about(c, EV_eat_item, t, source, cause, item);
    m->flags |= MON_ATE_BERRY;
    used_up(c, t);
    return true;
}

bool use_item(struct ctx *c, int t, int source, ref cause)
{
    struct battle_mon *m = c->mon[t];
    const unsigned item = m->item;
    if (!item)
        return false;
    const struct dex_item *row = &c->dex->items[item];
    const bool gem = row->marks & DEX_BIT(MARK_GEM);
    if ((!m->hp && !gem) || of_another_item(c, t, source, cause))
        return false;
    if (!worked(event_about(c, EV_use_item, t, NOBODY, REF_NONE, item)))
        return false;
    struct battle_event *e = say1(c, LINE_END_ITEM, t, item_ref(c, t));
    if (e && item == I(redcard))
        e->of = who(c, source);
    if (e && gem)
        e->extra = WORD_TAG_GEM;
    if (row->boosted)
        boost(c, t, row->boosts, source, item_ref(c, t), false, false);
    item_single(c, EV_use, t, source);
    used_up(c, t);
    return true;
}

/* Z-Crystals stay with everybody; what changes a forme stays with those whom it changes. */
bool item_stays(const struct ctx *c, int t, unsigned item)
{
    const struct dex_item *it = &c->dex->items[item];
    const unsigned base = c->dex->species[c->mon[t]->species].base_species;
    if (it->z_move)
        return true;
    return (it->mega_from && c->dex->species[it->mega_from].base_species == base) ||
           (it->primal && it->users[0] == base) || (it->memory && base == S(silvally)) ||
           (it->drive && base == S(genesect));
}

unsigned take_item(struct ctx *c, int t, int source)
{
    const unsigned item = c->mon[t]->item;
    if (!item || !worked(event_about(c, EV_take_item, t, source, REF_NONE, item)) || item_stays(c, t, item))
        return 0;
    const struct effect *fx = &c->rules->items[item];
    drop_item(c, t);
    if (listens(fx, EV_end))
        single(c, EV_end, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    event_about(c, EV_after_take_item, t, NOBODY, REF_NONE, item);
    return item;
}

bool set_item(struct ctx *c, int t, unsigned item, int source, ref cause)
{
    if (t == BENCHED || !c->mon[t]->hp)
        return false;
    const unsigned old = c->mon[t]->item;
    drop_item(c, t);
    c->mon[t]->item = (uint16_t)item;
    if (old && listens(&c->rules->items[old], EV_end))
        single(c, EV_end, &c->rules->items[old], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    if (item && listens(&c->rules->items[item], EV_start))
        single(c, EV_start, &c->rules->items[item], t, t, source, cause, NULL, R_TRUE);
    return true;
}

/* ----------------------------------------------------------------------------------------------- abilities --- */

static void say_new_ability(struct ctx *c, int t, unsigned ability, unsigned old, int source, ref cause)
{
    if (cause == (REF_ABILITY | A(mummy)) || cause == (REF_ABILITY | A(lingeringaroma))) {
        if (source != NOBODY)
            reveal(c, source, MON_ABILITY_KNOWN);
        reveal(c, t, MON_ABILITY_KNOWN);
        seen_ability_lost(c, t, old);
        struct battle_event *e =
            say2(c, LINE_ACTIVATE, source, SAY_ABILITY_FULL | (cause & REF_NUMBER), SAY_WHO | who(c, t));
        if (e) {
            e->arg[2] = (uint16_t)(SAY_ABILITY | old);
            e->marks = SAID_TWO;
        }
        return;
    }
    seen_ability_lost(c, t, old);
    struct battle_event *e = say2(c, LINE_ABILITY, t, SAY_ABILITY | ability, SAY_ABILITY | old);
    if (e) {
        e->from = cause;
        e->of = who(c, source);
    }
    reveal(c, t, MON_ABILITY_KNOWN);
}

/* The ability it had, or an R_ value.  forme: it comes with a forme, so nothing can stop it. */
int set_ability(struct ctx *c, int t, unsigned ability, int source, ref cause, bool forme, bool transformed)
{
    struct battle_active *on = c->on[t];
    if (!c->mon[t]->hp)
        return R_FALSE;
    const unsigned old = on->ability;
    if (!forme && (c->dex->abilities[ability].marks | c->dex->abilities[old].marks) & DEX_BIT(MARK_CANT_SUPPRESS))
        return R_FALSE;
    if (!forme && !transformed) {
        int r = event_about(c, EV_set_ability, t, source, cause, ability);
        if (!worked(r))
            return r;
    }
    if (listens(&c->rules->abilities[old], EV_end))
        single(c, EV_end, &c->rules->abilities[old], t, t, source, REF_NONE, NULL, R_TRUE);
    on->ability = (uint16_t)ability;
    on->ability_n = 0;
    on->flags &= (uint16_t) ~(ON_ABILITY_STARTED | ON_PROTEAN_USED | ON_ABILITY_ENDING);
    forget(c, t, TOLD_ABILITY);
    changed(c, t);
    if (cause && !forme && !transformed)
        say_new_ability(c, t, ability, old, source, cause);
    if (ability && (!transformed || old != ability))
        ability_single(c, EV_start, t, source);
    return (int)old;
}

int swap_abilities(struct ctx *c, int t, int foe)
{
    const ref cause = REF_OF_WORD(WORD_SKILL_SWAP);
    const unsigned own = c->on[t]->ability, other = c->on[foe]->ability;
    const int both[2] = {t, foe};
    if ((c->mon[t]->flags | c->mon[foe]->flags) & MON_FAINT_TOLD ||
        (ability_marks(c, t) | ability_marks(c, foe)) & DEX_BIT(MARK_FAIL_SKILL_SWAP))
        return R_FALSE;
    int r = event_about(c, EV_set_ability, foe, t, cause, own);
    if (!worked(r))
        return r;
    r = event_about(c, EV_set_ability, t, t, cause, other);
    if (!worked(r))
        return r;
    reveal(c, t, MON_ABILITY_KNOWN);
    reveal(c, foe, MON_ABILITY_KNOWN);
    struct battle_event *line = say2(c, LINE_ACTIVATE, t, SAY_WORD | WORD_SKILL_SWAP, SAY_ABILITY | other);
    if (line) {
        line->arg[2] = (uint16_t)(SAY_ABILITY | own);
        line->of = who(c, foe);
    }
    for (int i = 0; i < 2; i++) {
        const struct effect *fx = &c->rules->abilities[c->on[both[i]]->ability];
        if (listens(fx, EV_end))
            single(c, EV_end, fx, both[i], both[i], NOBODY, REF_NONE, NULL, R_TRUE);
    }
    c->on[t]->ability = (uint16_t)other;
    c->on[foe]->ability = (uint16_t)own;
    for (int i = 0; i < 2; i++) {
        c->on[both[i]]->ability_n = 0;
        c->on[both[i]]->flags &= (uint16_t) ~(ON_ABILITY_STARTED | ON_PROTEAN_USED | ON_ABILITY_ENDING);
        changed(c, both[i]);
    }
    ability_single(c, EV_start, foe, NOBODY);
    ability_single(c, EV_start, t, NOBODY);
    return R_TRUE;
}
