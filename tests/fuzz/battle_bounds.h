/*
 * battle_bounds.h - what holds in every battle after every step, whatever is in its data.
 */
#ifndef BATTLE_BOUNDS_H
#define BATTLE_BOUNDS_H

#include "battle.h"

#include <stddef.h>

#define HOLDS(good, what)                                                                                              \
    do {                                                                                                               \
        if (!(good))                                                                                                   \
            return what;                                                                                               \
    } while (0)

static inline const char *battle_wrong_mon(const struct battle_mon *m, const struct dex *dex)
{
    HOLDS(m->species && m->species <= dex->species_n, "a species that is none");
    HOLDS(m->hp <= m->hp_max, "HP above the most");
    HOLDS(m->hp_max > 0, "no HP at all");
    HOLDS(m->hp || !m->status || !(m->flags & MON_FAINT_TOLD), "a fainted one with a status");
    HOLDS(m->status < STATUSES, "no such status");
    HOLDS(m->status == STATUS_SLP || !(m->flags & MON_PUT_TO_SLEEP), "it was put to sleep and is awake");
    HOLDS(m->ability <= dex->abilities_n, "no such ability");
    HOLDS(m->item <= dex->items_n, "no such item");
    for (int i = 0; i < BATTLE_MOVES; i++) {
        HOLDS(m->moves[i] <= dex->moves_n, "no such move");
        HOLDS(!m->moves[i] || m->pp[i] <= dex->moves[m->moves[i]].pp, "PP above the most");
    }
    return NULL;
}

static inline const char *battle_wrong_active(const struct battle_active *on, const struct dex *dex)
{
    HOLDS(on->species && on->species <= dex->species_n, "a species that is none, for now");
    HOLDS(on->ability <= dex->abilities_n, "no such ability, for now");
    for (int i = 0; i < STAGES; i++)
        HOLDS(on->boosts[i] >= -6 && on->boosts[i] <= 6, "a stage out of -6..6");
    for (int i = 0; i < 5; i++)
        HOLDS(on->stats[i] > 0 && on->stats[i] <= 5000, "a stat out of its bounds");
    for (int i = 0; i < BATTLE_MOVES; i++) {
        HOLDS(on->moves[i] <= dex->moves_n, "no such move, for now");
        HOLDS(!(on->virtual_moves >> i & 1) || !on->moves[i] || on->pp[i] <= dex->moves[on->moves[i]].pp,
              "PP above the most, for now");
    }
    return NULL;
}

/* A switch is to one that lives and waits, or, when Revival Blessing asks, to one that fainted. */
static inline const char *battle_wrong_mask(const struct battle *b, const struct dex *dex, int side)
{
    const struct battle_side *s = &b->sides[side];
    const unsigned mask = battle_choices(b, dex, side);
    const bool revives = b->phase != BATTLE_CHOOSING && s->replacing & 1u << SLOT_REVIVAL_BLESSING;
    HOLDS(!(mask >> BATTLE_CHOICES), "a choice that there is not");
    HOLDS(b->phase == BATTLE_CHOOSING || !(mask & ~(63u << BATTLE_CHOICE_SWITCH)), "a move while one must be sent out");
    HOLDS(!(s->once & ONCE_TERA) || !(mask >> BATTLE_CHOICE_TERA & 15), "Terastallization a second time");
    HOLDS(!(s->once & ONCE_MEGA) || !(mask >> BATTLE_CHOICE_MEGA & 15), "Mega Evolution a second time");
    HOLDS(!(s->once & ONCE_Z) || !(mask >> BATTLE_CHOICE_Z & 15), "a Z-Move a second time");
    for (int i = 0; i < BATTLE_PARTY; i++) {
        if (!(mask >> (BATTLE_CHOICE_SWITCH + i) & 1))
            continue;
        HOLDS(i < s->size, "a switch to nobody");
        HOLDS(revives ? !s->party[i].hp : s->party[i].hp && i != s->active, "a switch to the wrong one");
    }
    return NULL;
}

/* How many of a side have a status that the foe has given them; of freezing all count. */
static inline int battle_given(const struct battle_side *s, unsigned status, unsigned flags)
{
    int n = 0;
    for (int i = 0; i < s->size; i++)
        n += s->party[i].status == status && (s->party[i].flags & flags) == flags;
    return n;
}

static inline const char *battle_wrong_side(const struct battle *b, const struct dex *dex, int side)
{
    const struct battle_side *s = &b->sides[side];
    int tera = 0;
    for (int k = 0; k < s->size; k++) {
        const char *wrong = battle_wrong_mon(&s->party[k], dex);
        HOLDS(!wrong, wrong);
        HOLDS(s->party[k].hp || s->party[k].flags & MON_FAINT_TOLD || b->phase == BATTLE_ENDED,
              "one fainted, and the battle goes on before that is told");
        tera += (s->party[k].flags & MON_TERASTALLIZED) != 0;
    }
    HOLDS(tera <= (s->once & ONCE_TERA), "somebody terastallized, and might once more");
    HOLDS(!(b->clauses & CLAUSE_SLEEP) || battle_given(s, STATUS_SLP, MON_PUT_TO_SLEEP) < 2,
          "two sleep by the foe's doing");
    HOLDS(!(b->clauses & CLAUSE_FREEZE) || battle_given(s, STATUS_FRZ, 0) < 2, "two are frozen");
    const char *wrong = battle_wrong_active(&s->on, dex);
    return wrong ? wrong : battle_wrong_mask(b, dex, side);
}

/* NULL, or what is wrong with it. */
static inline const char *battle_wrong(const struct battle *b, const struct dex *dex)
{
    HOLDS(b->phase <= BATTLE_ENDED, "no such phase");
    HOLDS(b->turn <= dex->turn_cap, "the turn is beyond the cap");
    HOLDS((b->phase == BATTLE_ENDED) == (b->winner != BATTLE_UNDECIDED), "it has ended, or not");
    const bool asked = battle_choices(b, dex, 0) || battle_choices(b, dex, 1);
    HOLDS(asked == (b->phase != BATTLE_ENDED), "nobody is asked, or somebody after the end");
    for (int i = 0; i < 2; i++) {
        const char *wrong = battle_wrong_side(b, dex, i);
        HOLDS(!wrong, wrong);
    }
    return NULL;
}

#endif
