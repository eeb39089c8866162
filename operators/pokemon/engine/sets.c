/*
 * sets.c - Pokémon as their trainers give them: bounds and stats.
 */
#include "engine.h"
#include "stats.h"

struct battle_set battle_set_default(uint16_t species)
{
    struct battle_set set = {.species = species, .level = 50, .ivs = {31, 31, 31, 31, 31, 31}};
    return set;
}

void stats_of(const struct dex_species *sp, unsigned level, unsigned nature, uint32_t ivs, const uint8_t evs[6],
              uint16_t out[6])
{
    out[0] = (uint16_t)most_hp(sp, level, ivs, evs);
    other_stats(sp, level, nature, ivs, evs, out + 1);
}

void battle_stats(const struct dex *dex, const struct battle_set *set, uint16_t out[6])
{
    uint32_t ivs = 0;
    for (int i = 0; i < 6; i++)
        ivs |= (uint32_t)(set->ivs[i] & 31) << (5 * i);
    stats_of(&dex->species[set->species], set->level, set->nature, ivs, set->evs, out);
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
