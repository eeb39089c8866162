/*
 * natives_abilities_b.c - abilities a to m that sentences of the vocabulary do not say: at the end of a turn, looks
 * and formes, and when a move has been used.
 */
#include "natives_abilities.h"
#include "seen.h"

/* ------------------------------------------------------------------------------------------ ends of turns --- */

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

static unsigned berry_at(const struct ctx *c, unsigned place)
{
    for (unsigned i = 1; i <= c->dex->items_n; i++)
        if (c->dex->items[i].marks >> MARK_BERRY & 1 && !place--)
            return i;
    return 0;
}

NATIVE(cud_chew_keeps)
{
    if (!(c->dex->items[e->thing].marks & DEX_BIT(MARK_BERRY)) ||
        (is_move_ref(e->cause) && (e->cause == (REF_MOVE | M(bugbite)) || e->cause == (REF_MOVE | M(pluck)))))
        return R_UNDEF;
    c->on[e->holder]->ability_n = (uint8_t)(1 + 2 * berries_before(c, e->thing) + (c->queue_n ? 1 : 0));
    return R_UNDEF;
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
    const struct effect *fx = &c->rules->items[item];
    activates(c, e);
    struct battle_event *line = say1(c, LINE_END_ITEM, t, SAY_ITEM | item);
    if (line)
        line->extra = WORD_TAG_EAT;
    if (!listens(fx, EV_eat) || worked(single(c, EV_eat, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE)))
        event_about(c, EV_eat_item, t, NOBODY, REF_NONE, item);
    c->mon[t]->flags |= MON_ATE_BERRY;
    c->on[t]->ability_n = 0;
    return R_UNDEF;
}

static int drawn_stat(struct ctx *c, int t, bool up, int other)
{
    int list[5], n = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++)
        if (up ? c->on[t]->boosts[s] < 6 : c->on[t]->boosts[s] > -6 && s != other)
            list[n++] = s;
    return n ? list[draw(c, 0, (uint32_t)n, DRAW_ABILITY)] : -1;
}

NATIVE(moody)
{
    const int t = e->holder;
    int8_t by[STAGES] = {0};
    uint32_t order = 0;
    const int up = drawn_stat(c, t, true, -1), down = drawn_stat(c, t, false, up);
    if (down >= 0) {
        by[down] = -1;
        order = (uint32_t)down + 1;
    }
    if (up >= 0) {
        by[up] = 2;
        order = order << 4 | ((uint32_t)up + 1);
    }
    c->sequence = order;
    boost(c, t, by, t, e->self, false, false);
    return R_UNDEF;
}

/* -------------------------------------------------------------------------------------------------- formes --- */

static bool masked(const struct ctx *c, int t)
{
    const unsigned now = c->on[t]->species;
    return now && (now == S(mimikyu) || now == S(mimikyutotem));
}

NATIVE(disguise_busts)
{
    const int t = e->target;
    if (!masked(c, t) || !c->on[t]->ability_n)
        return R_UNDEF;
    const unsigned busted = c->on[t]->species == S(mimikyu) ? S(mimikyubusted) : S(mimikyubustedtotem);
    forme_change(c, t, busted, e->self, true);
    hurt_part(c, t, 8, t, (ref)(SAY_SPECIES | busted));
    return R_UNDEF;
}

/* It looks like the last of its team. */
NATIVE(illusion)
{
    const int t = e->target;
    const struct battle_side *s = &c->b->sides[t];
    for (int i = s->size - 1; i > 0; i--) {
        const struct battle_mon *m = &s->party[s->standing[i]];
        const unsigned base = c->dex->species[m->species].base_species;
        if (!m->hp)
            continue;
        if (!(c->mon[t]->flags & MON_TERASTALLIZED) || !base || (base != S(ogerpon) && base != S(terapagos)))
            c->on[t]->illusion = s->standing[i];
        break;
    }
    return R_UNDEF;
}

NATIVE(illusion_ends)
{
    const int t = e->holder;
    if (c->on[t]->illusion == 0xff || c->on[t]->flags & ON_LEAVING)
        return R_UNDEF;
    c->on[t]->illusion = 0xff;
    seen_unmask(c, t);
    struct battle_event *line = say1(c, LINE_REPLACE, t, SAY_SPECIES | plain_looks(c->dex, c->mon[t]->species));
    if (line)
        line->arg[2] = c->mon[t]->level;
    say1(c, LINE_END, t, e->self);
    return R_UNDEF;
}

NATIVE(illusion_broken)
{
    return illusion_ends(c, e);
}

NATIVE(illusion_faints)
{
    c->on[e->holder]->illusion = 0xff;
    return R_UNDEF;
}

/* ------------------------------------------------------------------------------------------- after the move --- */

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

NATIVE(beast_boost)
{
    const int t = e->holder;
    int best = STAT_ATK, most = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++) {
        const int v = stat_of(c, t, (enum battle_stat)s, false, false);
        if (v > most) {
            most = v;
            best = s;
        }
    }
    boost_one(c, t, (enum battle_stat)best, 1, t, e->self);
    return R_UNDEF;
}

NATIVE(battle_bond)
{
    static const int8_t more[STAGES] = {[STAT_ATK] = 1, [STAT_SPA] = 1, [STAT_SPE] = 1};
    const int t = e->holder;
    if (c->mon[t]->flags & MON_ONCE || !S(greninjabond) || c->on[t]->species != S(greninjabond) || !alive(c, t) ||
        has(c, t, VOL_TRANSFORMED) || !foe_left(c, t))
        return R_UNDEF;
    boost(c, t, more, t, e->self, false, false);
    activates(c, e);
    c->mon[t]->flags |= MON_ONCE;
    return R_UNDEF;
}

const struct native natives_abilities_b[] = {LISTED(harvest),       LISTED(cud_chew_keeps),  LISTED(cud_chew),
                                             LISTED(moody),         LISTED(disguise_busts),  LISTED(illusion),
                                             LISTED(illusion_ends), LISTED(illusion_broken), LISTED(illusion_faints),
                                             LISTED(magician),      LISTED(beast_boost),     LISTED(battle_bond),
                                             {NULL, NULL}};
