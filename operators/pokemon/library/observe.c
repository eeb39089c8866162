/*
 * observe.c - what a viewer may know, as a list of numbers.
 *
 * Made from battle_view() and nothing else, so it can tell no more than a view does.  The lists below are both what is
 * written and what it is called.
 */
#include "library.h"

#include <stdio.h>

/* name, how many, the k-th of them */
#define WORLD_FEATURES(X)                                                                                              \
    X(turn, 1, v->turn)                                                                                                \
    X(phase, 1, v->phase)                                                                                              \
    X(asked, 2, v->asked[k ^ first])                                                                                   \
    X(weather, 1, v->weather)                                                                                          \
    X(weather_turns, 1, v->weather_turns)                                                                              \
    X(terrain, 1, v->terrain)                                                                                          \
    X(terrain_turns, 1, v->terrain_turns)                                                                              \
    X(rooms, ROOMS, v->rooms[k])                                                                                       \
    X(sleep_clause, 1, (v->clauses & CLAUSE_SLEEP) != 0)                                                               \
    X(freeze_clause, 1, (v->clauses & CLAUSE_FREEZE) != 0)

#define SIDE_FEATURES(X)                                                                                               \
    X(size, 1, s->size)                                                                                                \
    X(active, 1, s->active)                                                                                            \
    X(alive, 1, s->alive)                                                                                              \
    X(tera_used, 1, s->tera_used)                                                                                      \
    X(mega_used, 1, s->mega_used)                                                                                      \
    X(z_used, 1, s->z_used)                                                                                            \
    X(boosts, STAGES, s->boosts[k])                                                                                    \
    X(lock_move, 1, s->lock_move)                                                                                      \
    X(confusion, 1, s->confusion)                                                                                      \
    X(conditions, SIDE_CONDITIONS, s->conditions[k])                                                                   \
    X(volatiles, VOLATILES, s->volatiles[k / 64] >> (k % 64) & 1)

#define MON_FEATURES(X)                                                                                                \
    X(known, 1, m->known)                                                                                              \
    X(exact, 1, m->exact)                                                                                              \
    X(active, 1, m->active)                                                                                            \
    X(fainted, 1, m->fainted)                                                                                          \
    X(terastallized, 1, m->terastallized)                                                                              \
    X(species, 1, m->species)                                                                                          \
    X(level, 1, m->level)                                                                                              \
    X(gender, 1, m->gender)                                                                                            \
    X(hp, 1, m->hp)                                                                                                    \
    X(hp_max, 1, m->hp_max)                                                                                            \
    X(hp_permille, 1, m->hp_max ? m->hp * 1000u / m->hp_max : 0)                                                       \
    X(status, 1, m->status)                                                                                            \
    X(status_n, 1, m->status_n)                                                                                        \
    X(stats, 5, m->stats[k])                                                                                           \
    X(types, 2, m->types[k])                                                                                           \
    X(type_added, 1, m->type_added)                                                                                    \
    X(tera, 1, m->tera)                                                                                                \
    X(ability, 1, m->ability)                                                                                          \
    X(ability_known, 1, m->ability_known)                                                                              \
    X(item, 1, m->item)                                                                                                \
    X(item_known, 1, m->item_known)                                                                                    \
    X(nature, 1, m->exact ? m->nature + 1 : 0)                                                                         \
    X(moves, BATTLE_MOVES, m->moves[k])                                                                                \
    X(pp, BATTLE_MOVES, m->pp[k])                                                                                      \
    X(pp_max, BATTLE_MOVES, m->pp_max[k])

struct feature {
    const char *name;
    int count;
};

#define ROW(name, count, value) {#name, count},
static const struct feature world_features[] = {WORLD_FEATURES(ROW)};
static const struct feature side_features[] = {SIDE_FEATURES(ROW)};
static const struct feature mon_features[] = {MON_FEATURES(ROW)};
#undef ROW

/* As many numbers as there are, for sizeof. */
#define FIELD(name, count, value) int16_t name[count];
struct world_numbers {
    WORLD_FEATURES(FIELD)
};
struct side_numbers {
    SIDE_FEATURES(FIELD)
};
struct mon_numbers {
    MON_FEATURES(FIELD)
};
#undef FIELD

enum {
    WORLD = sizeof(struct world_numbers) / sizeof(int16_t),
    SIDE = sizeof(struct side_numbers) / sizeof(int16_t),
    MON = sizeof(struct mon_numbers) / sizeof(int16_t),
    SIDE_WITH_PARTY = SIDE + BATTLE_PARTY * MON,
    LENGTH = WORLD + 2 * SIDE_WITH_PARTY
};

#define PUT(name, count, value)                                                                                        \
    for (int k = 0; k < (count); k++)                                                                                  \
        *out++ = (int16_t)(value);

static int16_t *put_mon(const struct battle_view_mon *m, int16_t *out)
{
    MON_FEATURES(PUT)
    return out;
}

static int16_t *put_side(const struct battle_view_side *s, int16_t *out)
{
    SIDE_FEATURES(PUT)
    for (int i = 0; i < BATTLE_PARTY; i++)
        out = put_mon(&s->party[i], out);
    return out;
}

void observe(const struct battle_view *v, int first, int16_t *out)
{
    WORLD_FEATURES(PUT)
    out = put_side(&v->sides[first], out);
    put_side(&v->sides[!first], out);
}

int pb_observation_length(void)
{
    return LENGTH;
}

int pb_observe(const struct pb_game *game, const void *battle, int viewer, int16_t *out)
{
    struct battle_view view;
    if (viewer < PB_PUBLIC || viewer > 1 || !out)
        return PB_BAD_ARGUMENT;
    const struct pb_battle *b = battle;
    battle_view(&b->battle, &b->known, game->dex, viewer, &view);
    observe(&view, viewer == 1, out);
    return PB_ONGOING;
}

/* -------------------------------------------------------------------------------------------------- names --- */

/* "PREFIXname[k]", or "PREFIXname" where there is only one. */
static int name_in(const struct feature *list, int i, const char *prefix, char *out, size_t size)
{
    while (i >= list->count)
        i -= (list++)->count;
    int n = list->count == 1 ? snprintf(out, size, "%s%s", prefix, list->name)
                             : snprintf(out, size, "%s%s[%d]", prefix, list->name, i);
    return n > 0 && (size_t)n < size ? n : PB_NO_ROOM;
}

int pb_observation_name(int i, char *out, size_t size)
{
    char prefix[32];
    if (i < 0 || i >= LENGTH || !out)
        return PB_BAD_ARGUMENT;
    if (i < WORLD)
        return name_in(world_features, i, "", out, size);
    i -= WORLD;
    const char *whose = i < SIDE_WITH_PARTY ? "own" : "foe";
    i %= SIDE_WITH_PARTY;
    if (i < SIDE) {
        snprintf(prefix, sizeof prefix, "%s.", whose);
        return name_in(side_features, i, prefix, out, size);
    }
    snprintf(prefix, sizeof prefix, "%s.party[%d].", whose, (i - SIDE) / MON);
    return name_in(mon_features, (i - SIDE) % MON, prefix, out, size);
}
