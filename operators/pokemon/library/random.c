/* random.c - random teams: sensible ones by libpoketeam, and stranger ones that reach every rule. */
#include "library.h"

#include <stdlib.h>
#include <string.h>

enum { MOVES_ROOM = 2048, TRIES = 64 };

static int sensible(const struct pb_game *game, int members, uint64_t seed, struct roster *out, char *why, size_t size)
{
    const struct team_format *format = game->facts ? team_format(game->facts, "random") : NULL;
    if (!format)
        return pb_fail(PB_BAD_TEAM, why, size,
                       "%s has no rules for sensible teams; take learned ones (PB_TEAM_LEARNED)", game->dex->version);
    struct team *team = malloc(sizeof *team);
    if (!team)
        return pb_fail(PB_NO_MEMORY, why, size, "there is no memory left");
    team_random(game->facts, format, members, seed, team);
    team_begin(game->facts, format, team);
    int result = roster_from_team(game, team, out, why, size);
    free(team);
    return result;
}

static bool playable(const struct dex *dex, unsigned move)
{
    return move != dex->struggle;
}

/* The moves that one may draw from: what it learns, or all. */
static unsigned pool(const struct dex *dex, unsigned species, bool any, uint16_t out[MOVES_ROOM])
{
    unsigned n = 0;
    for (uint16_t m = 1; m <= dex->moves_n && n < MOVES_ROOM; m++)
        if (playable(dex, m) && (any || dex_learns(dex, (uint16_t)species, m)))
            out[n++] = m;
    return n;
}

static uint16_t own_ability(const struct dex *dex, unsigned species, uint64_t *state)
{
    const uint16_t *list = dex->species[species].abilities;
    for (int i = 0; i < TRIES; i++) {
        uint16_t ability = list[pb_below(state, 4)];
        if (ability)
            return ability;
    }
    return list[0];
}

static void numbers(uint64_t *state, struct battle_set *set)
{
    unsigned left = 510;
    set->level = (uint8_t)(pb_below(state, 4) ? 100 : 1 + pb_below(state, 100));
    set->nature = (uint8_t)pb_below(state, 25);
    set->tera = (uint8_t)(1 + pb_below(state, TYPES - 1));
    for (int i = 0; i < 6; i++) {
        unsigned ev = pb_below(state, 253);
        ev = ev < left ? ev : left;
        left -= ev;
        set->evs[i] = (uint8_t)ev;
        set->ivs[i] = (uint8_t)(pb_below(state, 3) ? 31 : pb_below(state, 32));
    }
}

static uint8_t gender(const struct dex *dex, unsigned species, uint64_t *state)
{
    const uint8_t fixed = dex->species[species].gender;
    return fixed == 0xff ? (uint8_t)(pb_below(state, 2) ? GENDER_MALE : GENDER_FEMALE) : fixed;
}

static void draw(const struct dex *dex, bool any, uint64_t *state, struct battle_set *set)
{
    uint16_t moves[MOVES_ROOM];
    unsigned n = 0, species = 0;
    memset(set, 0, sizeof *set);
    while (!n) { /* some formes learn nothing */
        species = 1 + pb_below(state, dex->species_n);
        if (any || !dex->species[species].battle_only)
            n = pool(dex, species, any, moves);
    }
    set->species = (uint16_t)species;
    for (int i = 0; i < BATTLE_MOVES && n; i++) {
        uint32_t k = pb_below(state, n);
        set->moves[i] = moves[k];
        moves[k] = moves[--n];
    }
    if (dex->abilities_n)
        set->ability = any ? (uint16_t)(1 + pb_below(state, dex->abilities_n)) : own_ability(dex, species, state);
    if (dex->items_n && pb_below(state, 10))
        set->item = (uint16_t)(1 + pb_below(state, dex->items_n));
    set->gender = gender(dex, species, state);
    numbers(state, set);
}

int roster_random(const struct pb_game *game, int kind, int members, uint64_t seed, struct roster *out, char *why,
                  size_t size)
{
    uint64_t state = seed;
    if (members < 1 || members > BATTLE_PARTY)
        return pb_fail(PB_BAD_ARGUMENT, why, size, "a team has one to six Pokémon, not %d", members);
    if (kind != PB_TEAM_SENSIBLE && kind != PB_TEAM_LEARNED && kind != PB_TEAM_ANY)
        return pb_fail(PB_BAD_ARGUMENT, why, size, "there is no kind %d of random teams", kind);
    memset(out, 0, sizeof *out);
    if (kind == PB_TEAM_SENSIBLE)
        return sensible(game, members, seed, out, why, size);
    out->size = members;
    for (int i = 0; i < members; i++)
        draw(game->dex, kind == PB_TEAM_ANY, &state, &out->sets[i]);
    return 0;
}
