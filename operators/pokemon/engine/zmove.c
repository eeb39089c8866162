/*
 * zmove.c - Z-Moves: who may use one, what a move becomes, and what comes with it.
 *
 * A damaging move becomes the Z-Move of its type (with a power of its own) or, with the crystal made for it, a certain
 * one; a status move stays itself and brings stages or another effect besides.
 */
#include "natives.h"

/* Somebody who must struggle has no Z-Move either. */
static bool must_struggle(struct ctx *c, int t)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (slot_move(c, t, i) && *slot_pp(c, t, i) && !(c->on[t]->disabled >> i & 1))
            return false;
    return true;
}

static bool made_for(const struct ctx *c, int t, const struct dex_item *item)
{
    if (!item->users[0])
        return true;
    for (size_t i = 0; i < sizeof item->users / sizeof *item->users; i++)
        if (item->users[i] && item->users[i] == c->on[t]->species)
            return true;
    return false;
}

unsigned z_move_of(struct ctx *c, int t, int slot)
{
    const struct dex_item *item = &c->dex->items[c->mon[t]->item];
    const unsigned move = slot_move(c, t, slot);
    if (!c->dex->z_moves || !item->z_move || c->b->sides[t].once & ONCE_Z || !move || !*slot_pp(c, t, slot) ||
        !made_for(c, t, item) || (has(c, t, VOL_TRANSFORMED) && species_now(c, t)->forme != FORME_USUAL) ||
        must_struggle(c, t))
        return 0;
    if (item->z_from)
        return item->z_from == move ? item->z_move : 0;
    if (move_row(c, move)->type != item->z_type)
        return 0;
    if (move_row(c, move)->category == MOVE_STATUS)
        return move;
    return c->dex->z[move].power ? item->z_move : 0;
}

void z_become(struct ctx *c, struct attack *a)
{
    const struct dex_item *item = &c->dex->items[c->mon[a->user]->item];
    const unsigned base = a->number;
    if (item->z_from == base && item->z_move) {
        attack_init(c, a, item->z_move, a->user);
    } else if (a->category != MOVE_STATUS) {
        const uint8_t category = a->category;
        const int8_t priority = a->priority;
        attack_init(c, a, c->dex->z_by_type[a->type], a->user);
        a->category = category;
        a->priority = priority;
        a->power = c->dex->z[base].power;
    }
    a->z = true;
    a->z_base = (uint16_t)base;
}

void z_spend(struct ctx *c, int t)
{
    if (c->on[t]->illusion != 0xff)
        single(c, EV_end, &c->rules->abilities[A(illusion)], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    say(c, LINE_Z_POWER, t);
    c->b->sides[t].once |= ONCE_Z;
}

static void clear_negative(struct ctx *c, int t)
{
    for (int i = 0; i < STAGES; i++)
        if (c->on[t]->boosts[i] < 0)
            c->on[t]->boosts[i] = 0;
    struct battle_event *line = say(c, LINE_CLEAR_NEGATIVE, t);
    if (line)
        line->extra = WORD_TAG_ZEFFECT;
}

static void heal_fully(struct ctx *c, int t)
{
    const uint32_t before = c->log ? c->log->count : 0;
    heal(c, t, c->mon[t]->hp_max, t, REF_Z_POWER);
    for (uint32_t i = before; c->log && i < c->log->count; i++)
        if (c->log->events[i].kind == LINE_HEAL)
            c->log->events[i].extra = WORD_TAG_ZEFFECT;
}

/* Who comes next is healed. */
static void heal_next(struct ctx *c, const struct attack *a)
{
    const int t = a->user;
    const int slot = a->number == M(partingshot) ? SLOT_Z_PARTING_SHOT : SLOT_Z_MEMENTO;
    if (worked(set_slot(c, t, slot, t, REF_NONE, NULL)))
        say1(c, LINE_ACTIVATE, t, SAY_WORD | WORD_HEAL_REPLACEMENT);
}

void z_power(struct ctx *c, const struct attack *a)
{
    const struct dex_z *z = &c->dex->z[a->number];
    const int t = a->user;
    if (a->category != MOVE_STATUS) {
        if (c->log && c->move_event)
            c->log->events[c->move_event - 1].extra = WORD_TAG_ZEFFECT;
        return;
    }
    if (z->boosted) {
        boost(c, t, z->boosts, t, REF_Z_POWER, false, false);
        return;
    }
    switch (z->effect) {
    case Z_HEAL: heal_fully(c, t); break;
    case Z_HEAL_REPLACEMENT: heal_next(c, a); break;
    case Z_CLEAR_NEGATIVE: clear_negative(c, t); break;
    case Z_REDIRECT:
        if (worked(add_volatile(c, t, VOL_FOLLOW_ME, t, REF_Z_POWER)) && c->log)
            c->log->events[c->log->count - 1].extra = WORD_TAG_ZEFFECT;
        break;
    case Z_CRIT: add_volatile(c, t, VOL_FOCUS_ENERGY, t, REF_Z_POWER); break;
    case Z_CURSE:
        if (has_type(c, t, TYPE_GHOST))
            heal_fully(c, t);
        else
            boost_one(c, t, STAT_ATK, 1, t, REF_Z_POWER);
        break;
    default: break;
    }
}
