/*
 * seen.c - what others have seen of a side's Pokémon.
 *
 * A record says what was shown under a member's looks, whoever had them: who sees the foe cannot tell an Illusion
 * from the Pokémon whose looks it has.  So a record follows from the lines of the log alone.  When an Illusion
 * breaks, what was seen since it came in turns out to be of another, and the record goes back to what it was.
 */
#include "seen.h"

static int looks_of(const struct ctx *c, int t)
{
    return c->on[t]->illusion != 0xff ? c->on[t]->illusion : c->b->sides[t].active;
}

static struct battle_seen *seen_of(struct ctx *c, int t)
{
    struct battle_known_side *k = &c->known->sides[side_of(c, t)];
    return &k->seen[t == BENCHED ? looks_of_benched(&c->b->sides[c->bench_side], c->bench_slot) : k->front];
}

/* Moves lie in the order of their numbers: that of the slots is nobody's business. */
static void add_move(struct battle_seen *r, unsigned move)
{
    int n = 0;
    if ((r->moves[0] == move) | (r->moves[1] == move) | (r->moves[2] == move) | (r->moves[3] == move)) /* mostly */
        return;
    while (n < BATTLE_MOVES && r->moves[n])
        n++;
    if (n == BATTLE_MOVES)
        return; /* an Illusion was at work; which of the five is not its own cannot be told */
    for (; n > 0 && r->moves[n - 1] > move; n--)
        r->moves[n] = r->moves[n - 1];
    r->moves[n] = (uint16_t)move;
}

/* It came out for the first time, or its name was told. */
static void appear(struct battle_known_side *k, int slot)
{
    uint8_t last = 0;
    for (int i = 0; i < BATTLE_PARTY; i++)
        if (k->seen[i].order > last)
            last = k->seen[i].order;
    if (!k->seen[slot].order)
        k->seen[slot].order = (uint8_t)(last + 1);
}

void seen_arrive(struct ctx *c, int t)
{
    if (!c->known)
        return;
    struct battle_known_side *k = &c->known->sides[t];
    k->front = (uint8_t)looks_of(c, t);
    k->before = k->seen[k->front];
    appear(k, k->front);
    k->seen[k->front].flags &= (uint8_t)~SEEN_ANOTHER;
}

void seen_leave(struct ctx *c, int t)
{
    if (!c->known)
        return;
    struct battle_known_side *k = &c->known->sides[t];
    const struct battle_mon *m = c->mon[t];
    struct battle_seen *r = &k->seen[k->front];
    r->hp = (uint8_t)battle_percent(m->hp, m->hp_max);
    r->level = m->level;
    r->status = m->hp ? m->status : STATUS_NONE;
    r->tera = m->hp && m->flags & MON_TERASTALLIZED ? m->tera : 0;
    if (k->front != c->b->sides[t].active)
        r->flags |= SEEN_ANOTHER;
}

/* It has not been out after all. */
static void disappear(struct battle_known_side *k, int slot)
{
    const unsigned order = k->seen[slot].order;
    for (int i = 0; i < BATTLE_PARTY; i++)
        if (k->seen[i].order > order)
            k->seen[i].order--;
    k->seen[slot].order = 0;
}

void seen_unmask(struct ctx *c, int t)
{
    if (!c->known)
        return;
    struct battle_known_side *k = &c->known->sides[t];
    const struct battle_seen shown = k->seen[k->front], before = k->before;
    const struct battle_active *on = c->on[t];
    if (!before.order)
        disappear(k, k->front);
    k->seen[k->front] = before;
    k->seen[k->front].order = before.order ? shown.order : 0;
    k->front = c->b->sides[t].active;
    appear(k, k->front);
    struct battle_seen *r = &k->seen[k->front];
    r->flags &= (uint8_t)~SEEN_ANOTHER;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (on->used & ~on->virtual_moves & 1 << i && !behind_z(c, t, on->moves[i]))
            add_move(r, on->moves[i]);
    if (shown.flags & SEEN_ITEM && (!(before.flags & SEEN_ITEM) || shown.item != before.item))
        reveal(c, t, MON_ITEM_KNOWN);
}

void seen_revived(struct ctx *c, int side, int slot)
{
    if (!c->known)
        return;
    const struct battle_mon *m = &c->b->sides[side].party[slot];
    struct battle_seen *r = &c->known->sides[side].seen[slot];
    appear(&c->known->sides[side], slot);
    r->hp = (uint8_t)battle_percent(m->hp, m->hp_max);
    r->flags &= (uint8_t)~SEEN_ANOTHER;
}

void seen_cured(struct ctx *c, int side, int slot)
{
    if (c->known && slot != c->b->sides[side].active)
        c->known->sides[side].seen[looks_of_benched(&c->b->sides[side], slot)].status = STATUS_NONE;
}

void seen_ability_lost(struct ctx *c, int t, unsigned old)
{
    if (!c->known || old != c->mon[t]->ability)
        return;
    struct battle_seen *r = seen_of(c, t);
    r->ability = (uint16_t)old;
    r->flags |= SEEN_ABILITY;
}

void seen_new_forme(struct ctx *c, int t)
{
    if (!c->known)
        return;
    struct battle_seen *r = seen_of(c, t);
    const bool shown = t < 2 && c->known->sides[t].told & TOLD_ABILITY && c->on[t]->ability == c->mon[t]->ability;
    r->ability = shown ? c->mon[t]->ability : 0;
    r->flags = (uint8_t)(shown ? r->flags | SEEN_ABILITY : r->flags & ~SEEN_ABILITY);
}

static void see_item(struct ctx *c, int t, unsigned item)
{
    if (!c->known)
        return;
    struct battle_seen *r = seen_of(c, t);
    r->item = (uint16_t)item;
    r->flags |= SEEN_ITEM;
}

void seen_item_gone(struct ctx *c, int t)
{
    see_item(c, t, 0);
}

static void see_ability(struct ctx *c, int t)
{
    if (!c->known)
        return;
    struct battle_seen *r = seen_of(c, t);
    tell(c, t, TOLD_ABILITY);
    if (c->on[t]->ability != c->mon[t]->ability)
        return; /* that goes when it leaves */
    r->ability = c->mon[t]->ability;
    r->flags |= SEEN_ABILITY;
}

void told_what(struct ctx *c, int t, unsigned flags)
{
    if (t == NOBODY)
        return;
    for (unsigned left = flags & (MON_ABILITY_KNOWN - 1); left; left &= left - 1)
        add_move(seen_of(c, t), c->on[t]->moves[__builtin_ctz(left)]);
    if (flags & MON_ABILITY_KNOWN)
        see_ability(c, t);
    if (flags & MON_ITEM_KNOWN)
        see_item(c, t, c->mon[t]->item);
}

static void see_named(struct ctx *c, int t, unsigned arg)
{
    const unsigned tag = arg & SAY_TAG, n = arg & SAY_VALUE;
    if (t == NOBODY || !n)
        return;
    if ((tag == SAY_ABILITY || tag == SAY_ABILITY_FULL) && n == c->on[t]->ability)
        see_ability(c, t);
    if ((tag == SAY_ITEM || tag == SAY_ITEM_FULL) && n == c->mon[t]->item)
        see_item(c, t, n);
}

void seen_line(struct ctx *c, enum battle_line kind, int t, unsigned arg)
{
    if (!c->known)
        return;
    if (kind == LINE_ITEM && t != NOBODY)
        see_item(c, t, arg & SAY_VALUE);
    else if (kind == LINE_END_ITEM && t != NOBODY)
        seen_item_gone(c, t);
    else
        see_named(c, t, arg);
}

void seen_second(struct ctx *c, int t, unsigned arg)
{
    const unsigned tag = arg & SAY_TAG;
    if (c->known && (tag == SAY_ITEM || tag == SAY_ITEM_FULL))
        see_named(c, t, arg);
}

/* It is of who is named behind it; but who gets an item or an ability has got it by its own. */
void seen_from(struct ctx *c, enum battle_line kind, int t, ref from, int of)
{
    if (!c->known)
        return;
    const bool own = kind == LINE_ABILITY || kind == LINE_ITEM;
    see_named(c, of == NOBODY || own ? t : of, from);
}
