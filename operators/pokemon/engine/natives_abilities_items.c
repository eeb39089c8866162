/*
 * natives_abilities_items.c - abilities about items: taking, finding, eating them.
 */
#include "natives_abilities.h"
#include "ties.h"

NATIVE(picks_pocket)
{
    const int t = e->target, from = e->source;
    if (from == NOBODY || from == BENCHED || from == t || !e->a || !flagged(e->a, MF_CONTACT) || c->mon[t]->item ||
        c->on[t]->flags & (ON_SWITCH_OUT | ON_DRAG_OUT) ||
        (on_flag(c, from, ON_SWITCH_OUT) && !c->b->sides[from].pivot))
        return R_UNDEF;
    const unsigned item = take_item(c, from, t);
    if (!item)
        return R_UNDEF;
    if (!set_item(c, t, item, from, e->self)) {
        c->mon[from]->item = (uint16_t)item;
        changed(c, from);
        return R_UNDEF;
    }
    struct battle_event *line = say2(c, LINE_END_ITEM, from, SAY_ITEM | item, SAY_WORD | WORD_TAG_SILENT);
    if (line) {
        line->from = e->self;
        line->of = who(c, from);
    }
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, from);
    return R_UNDEF;
}

NATIVE(holds_fast) /* Sticky Hold */
{
    const int t = e->target;
    if (!alive(c, t) || !strcmp(c->dex->items[c->mon[t]->item].id, "stickybarb"))
        return R_UNDEF;
    const bool knocked = c->attack && !strcmp(c->attack->move->id, "knockoff");
    if ((e->source == NOBODY || e->source == t) && !knocked)
        return R_UNDEF;
    say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | NUMBER(e));
    return R_FALSE;
}

NATIVE(picks_up)
{
    const int t = e->target, foe = !t;
    if (c->mon[t]->item || !c->mon[foe]->last_item || !on_flag(c, foe, ON_USED_ITEM) ||
        c->mon[foe]->flags & MON_FAINT_TOLD)
        return R_UNDEF;
    pick_the_only(c);
    const unsigned item = c->mon[foe]->last_item;
    c->mon[foe]->last_item = 0;
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, NOBODY);
    set_item(c, t, item, t, e->self);
    return R_UNDEF;
}

static bool is_berry(const struct ctx *c, ref r)
{
    return (r & REF_CLASS) == REF_ITEM && c->dex->items[r & REF_NUMBER].marks & DEX_BIT(MARK_BERRY);
}

NATIVE(ripe_heals)
{
    if (e->cause == (REF_ITEM | I(berryjuice)) || e->cause == (REF_ITEM | I(leftovers)))
        say1(c, LINE_ACTIVATE, e->target, SAY_ABILITY_FULL | NUMBER(e));
    return is_berry(c, e->cause) ? chain(e, 8192) : R_UNDEF;
}

NATIVE(ripe_eaten) /* berries that weaken a hit do so twice */
{
    static const char *const ids[] = {"babiriberry", "chartiberry", "chilanberry", "chopleberry", "cobaberry",
                                      "colburberry", "habanberry",  "kasibberry",  "kebiaberry",  "occaberry",
                                      "passhoberry", "payapaberry", "rindoberry",  "roseliberry", "shucaberry",
                                      "tangaberry",  "wacanberry",  "yacheberry"};
    const char *id = c->dex->items[e->thing].id;
    c->on[e->target]->ability_n = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!strcmp(ids[i], id))
            c->on[e->target]->ability_n = 1;
    return R_UNDEF;
}

NATIVE(harvest)
{
    const int t = e->holder, w = weather_now(c);
    struct battle_mon *m = c->mon[t];
    const unsigned item = m->last_item;
    if (w != WEATHER_SUN && w != WEATHER_HARSH_SUN && !chance(c, 1, 2, DRAW_ABILITY))
        return R_UNDEF;
    if (!m->hp || m->item || !item || !(c->dex->items[item].marks & DEX_BIT(MARK_BERRY)))
        return R_UNDEF;
    set_item(c, t, item, NOBODY, REF_NONE);
    m->last_item = 0;
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, NOBODY);
    reveal(c, t, MON_ITEM_KNOWN);
    return R_UNDEF;
}

/* Cud Chew keeps a berry and how many ends of turns are left in one byte: 1 + 2 * its place among berries + turns - 1.
 */
static unsigned berries_before(const struct ctx *c, unsigned item)
{
    unsigned n = 0;
    for (unsigned i = 1; i < item; i++)
        n += c->dex->items[i].marks >> MARK_BERRY & 1;
    return n;
}

NATIVE(cud_chew_keeps)
{
    if (!(c->dex->items[e->thing].marks & DEX_BIT(MARK_BERRY)) ||
        (is_move_ref(e->cause) && (e->cause == (REF_MOVE | M(bugbite)) || e->cause == (REF_MOVE | M(pluck)))))
        return R_UNDEF;
    c->on[e->holder]->ability_n = (uint8_t)(1 + 2 * berries_before(c, e->thing) + (c->queue_n ? 1 : 0));
    return R_UNDEF;
}

static unsigned berry_at(const struct ctx *c, unsigned place)
{
    for (unsigned i = 1; i <= c->dex->items_n; i++)
        if (c->dex->items[i].marks >> MARK_BERRY & 1 && !place--)
            return i;
    return 0;
}

NATIVE(cud_chew)
{
    const int t = e->holder;
    const unsigned kept = c->on[t]->ability_n;
    if (!kept || !alive(c, t))
        return R_UNDEF;
    if ((kept - 1) % 2) {
        c->on[t]->ability_n--;
        return R_UNDEF;
    }
    const unsigned item = berry_at(c, (kept - 1) / 2);
    activates(c, e);
    struct battle_event *line = say1(c, LINE_END_ITEM, t, SAY_ITEM | item);
    if (line)
        line->extra = WORD_TAG_EAT;
    if (eaten(c, t, item, NOBODY, REF_NONE, NULL))
        event_about(c, EV_eat_item, t, NOBODY, REF_NONE, item);
    if (listens(&c->rules->items[item], EV_eat))
        c->mon[t]->flags |= MON_ATE_BERRY;
    c->on[t]->ability_n = 0;
    return R_UNDEF;
}

NATIVE(magician)
{
    const int t = e->target, foe = e->source;
    const bool going_out = c->on[t]->flags & ON_SWITCH_OUT && !c->b->sides[t].pivot;
    if (going_out || foe == NOBODY || foe == t || foe == BENCHED || c->mon[t]->item || has(c, t, VOL_GEM) ||
        e->a->number == M(fling) || e->a->category == MOVE_STATUS)
        return R_UNDEF;
    const unsigned item = take_item(c, foe, t);
    if (!item)
        return R_UNDEF;
    if (!set_item(c, t, item, NOBODY, REF_NONE)) {
        c->mon[foe]->item = (uint16_t)item;
        changed(c, foe);
        return R_UNDEF;
    }
    say_from(c, LINE_ITEM, t, SAY_ITEM | item, e->self, foe);
    reveal(c, t, MON_ITEM_KNOWN);
    return R_UNDEF;
}

const struct native natives_abilities_items[] = {
    LISTED(picks_pocket), LISTED(holds_fast),     LISTED(picks_up), LISTED(ripe_heals), LISTED(ripe_eaten),
    LISTED(harvest),      LISTED(cud_chew_keeps), LISTED(cud_chew), LISTED(magician),   {NULL, NULL}};
