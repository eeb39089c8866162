/*
 * mega.c - formes that an item brings in battle: Mega Evolution, Ultra Burst, Primal Reversion.
 *
 * Mega Evolution and Ultra Burst are chosen, each once by a side, and come before the moves of the turn; Primal
 * Reversion comes by itself when its Pokémon goes in.
 */
#include "queue.h"

/* Necrozma's other two formes become the third. */
static unsigned burst_forme(const struct ctx *c, const struct battle_mon *m)
{
    const bool fits = m->species && (m->species == S(necrozmadawnwings) || m->species == S(necrozmaduskmane));
    return fits && I(ultranecroziumz) && m->item == I(ultranecroziumz) ? S(necrozmaultra) : 0;
}

unsigned mega_forme(const struct ctx *c, const struct battle_mon *m)
{
    const struct dex_species *s = &c->dex->species[m->species];
    const struct dex_item *item = &c->dex->items[m->item];
    if (!c->dex->mega)
        return 0;
    for (int i = 0; s->mega && !item->z_move && i < BATTLE_MOVES; i++)
        if (m->moves[i] && m->moves[i] == c->dex->species[s->mega].required_move)
            return s->mega;
    if (item->mega_from && item->mega_from == s->base_species && item->mega_to != m->species)
        return item->mega_to;
    return burst_forme(c, m);
}

bool may_mega(const struct ctx *c, int t)
{
    const struct battle_mon *m = c->mon[t];
    if (!(m->flags & MON_MAY_MEGA))
        return false;
    const unsigned used = c->b->sides[t].once & (burst_forme(c, m) ? ONCE_ULTRA : ONCE_MEGA);
    return !used && mega_forme(c, m);
}

void say_item_forme(struct ctx *c, int t, unsigned species, unsigned item)
{
    const struct dex_species *s = &c->dex->species[species];
    const unsigned looks = c->on[t]->illusion;
    const unsigned name = looks != 0xff ? c->b->sides[t].party[looks].species : s->base_species;
    if (s->forme == FORME_PRIMAL) {
        struct battle_event *line = say1(c, LINE_PRIMAL, t, SAY_ITEM | item);
        if (line && looks != 0xff) /* it names whose looks it has, who is not out */
            line->who = who_benched(c, t, (int)looks);
        return;
    }
    /* one that a move brings names no item */
    say2(c, s->forme == FORME_ULTRA ? LINE_BURST : LINE_MEGA, t, SAY_SPECIES | name,
         s->required_item ? SAY_ITEM | s->required_item : (unsigned)(SAY_WORD | WORD_NONE));
    c->on[t]->result = MOVE_DONE;
    if (s->required_item && s->required_item == c->mon[t]->item)
        reveal(c, t, MON_ITEM_KNOWN);
}

void mega_evolve(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    const unsigned forme = m->flags & MON_FAINT_TOLD ? 0 : mega_forme(c, m);
    if (!forme)
        return;
    c->b->sides[t].once |= burst_forme(c, m) ? ONCE_ULTRA : ONCE_MEGA;
    keep_ability(c, m);
    forme_change(c, t, forme, (ref)(REF_ITEM | m->item), true);
    event(c, EV_after_mega, t, NOBODY, REF_NONE, NULL);
}
