/*
 * sets.c - Pokémon as their trainers give them: bounds and stats.
 */
#include "engine.h"
#include "tables.h"

struct battle_set battle_set_default(uint16_t species)
{
    struct battle_set set = {.species = species, .level = 50, .ivs = {31, 31, 31, 31, 31, 31}};
    return set;
}

/* HP = (2B + IV + EV/4 + 100) L/100 + 10; others ((2B + IV + EV/4) L/100 + 5), then the nature's tenth. */
void battle_stats(const struct dex *dex, const struct battle_set *set, uint16_t out[6])
{
    const struct dex_species *sp = &dex->species[set->species];
    for (int i = 0; i < 6; i++) {
        unsigned v = (2u * sp->base[i] + set->ivs[i] + set->evs[i] / 4u + (i ? 0 : 100)) * set->level / 100;
        v += i ? 5 : 10;
        if (i && dex_natures[set->nature].plus == i - 1)
            v = v * 110 / 100;
        if (i && dex_natures[set->nature].minus == i - 1)
            v = v * 90 / 100;
        out[i] = (uint16_t)v;
    }
    if (sp->base[0] == 1) /* Shedinja */
        out[0] = 1;
}

static bool moves_good(const struct dex *dex, const struct battle_set *set)
{
    if (!set->moves[0])
        return false;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        if (set->moves[i] > dex->moves_n || set->moves[i] == dex->struggle || dex->moves[set->moves[i]].z ||
            (i && set->moves[i] && !set->moves[i - 1]))
            return false;
        for (int j = 0; j < i; j++)
            if (set->moves[i] && set->moves[i] == set->moves[j])
                return false;
    }
    return true;
}

static bool set_good(const struct dex *dex, const struct battle_set *set)
{
    if (!set->species || set->species > dex->species_n || set->level < 1 || set->level > 100 || set->nature > 24 ||
        set->gender > GENDER_FEMALE || set->ability > dex->abilities_n || set->item > dex->items_n ||
        set->tera >= TYPES)
        return false;
    for (int i = 0; i < 6; i++)
        if (set->ivs[i] > 31 || set->evs[i] > 252)
            return false;
    return moves_good(dex, set);
}

int battle_team_check(const struct dex *dex, const struct battle_set *team, int size)
{
    if (size < 1 || size > BATTLE_PARTY)
        return -100;
    for (int i = 0; i < size; i++)
        if (!set_good(dex, &team[i]))
            return -1 - i;
    return 0;
}
