/*
 * natives_items_berries.c - berries.
 */
#include "natives_items.h"

/* Mycelium Might's status moves go last whatever it holds. */
static bool goes_last(struct ctx *c, const struct call *e)
{
    return e->a->category == MOVE_STATUS && has_ability(c, e->target, dex_ability(c->dex, "myceliummight"));
}

NATIVE(custap_berry)
{
    if (goes_last(c, e) || e->value > 64 || !eat_item(c, e->target, false, e->target, e->self))
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_ACTIVATE, e->target, SAY_ITEM_FULL | own_item(e));
    if (line)
        line->extra = WORD_TAG_CONSUMED;
    return 65;
}

NATIVE(starf_berry)
{
    int stats[5], n = 0;
    for (int i = STAT_ATK; i <= STAT_SPE; i++)
        if (c->on[e->target]->boosts[i] < 6)
            stats[n++] = i;
    if (n)
        boost_one(c, e->target, (enum battle_stat)stats[draw(c, 0, (uint32_t)n, DRAW_ITEM)], 2, e->target, e->self);
    return R_UNDEF;
}

NATIVE(out_of_pp)
{
    for (int i = 0; i < BATTLE_MOVES && alive(c, e->target); i++)
        if (slot_move(c, e->target, i) && !*slot_pp(c, e->target, i)) {
            eat_item(c, e->target, false, e->target, e->self);
            break;
        }
    return R_UNDEF;
}

static int full_pp(struct ctx *c, int t, int slot)
{
    const struct dex_move *m = move_row(c, slot_move(c, t, slot));
    if (!(c->on[t]->virtual_moves >> slot & 1))
        return (int)own_full_pp(c->dex, c->mon[t], slot);
    return has(c, t, VOL_TRANSFORMED) && m->base_pp > 5 ? 5 : m->base_pp;
}

NATIVE(leppa_berry)
{
    const int t = e->target;
    int slot = -1;
    for (int i = BATTLE_MOVES - 1; i >= 0; i--)
        if (slot_move(c, t, i) && *slot_pp(c, t, i) < full_pp(c, t, i))
            slot = i;
    for (int i = BATTLE_MOVES - 1; i >= 0; i--)
        if (slot_move(c, t, i) && !*slot_pp(c, t, i))
            slot = i;
    if (slot < 0)
        return R_UNDEF;
    const int full = full_pp(c, t, slot), pp = *slot_pp(c, t, slot) + (has_ability(c, t, A(ripen)) ? 20 : 10);
    *slot_pp(c, t, slot) = (uint8_t)(pp < full ? pp : full);
    struct battle_event *line =
        say2(c, LINE_ACTIVATE, t, SAY_ITEM_FULL | own_item(e), SAY_MOVE | slot_move(c, t, slot));
    if (line)
        line->extra = WORD_TAG_CONSUMED;
    return R_UNDEF;
}

NATIVE(enigma_berry)
{
    const int t = e->target, n = c->mon[t]->hp_max / 4;
    if (eat_item(c, t, false, t, e->self))
        heal(c, t, n ? n : 1, e->source, e->self);
    return R_UNDEF;
}

const struct native natives_items_berries[] = {LISTED(custap_berry), LISTED(starf_berry),  LISTED(out_of_pp),
                                               LISTED(leppa_berry),  LISTED(enigma_berry), {NULL, NULL}};
