/*
 * observe.c - what a viewer may know, as a list of numbers.
 *
 * Made from battle_view() and nothing else, so it can tell no more than a view does.  The lists below are both what is
 * written and what it is called.
 */
#include "library.h"

#include <stdio.h>
#include <string.h>

/* name, how many */
#define WORLD_FEATURES(X)                                                                                              \
    X(turn, 1)                                                                                                         \
    X(phase, 1)                                                                                                        \
    X(asked, 2)                                                                                                        \
    X(weather, 1)                                                                                                      \
    X(weather_turns, 1)                                                                                                \
    X(terrain, 1)                                                                                                      \
    X(terrain_turns, 1)                                                                                                \
    X(rooms, ROOMS)                                                                                                    \
    X(sleep_clause, 1)                                                                                                 \
    X(freeze_clause, 1)

#define SIDE_FEATURES(X)                                                                                               \
    X(size, 1)                                                                                                         \
    X(active, 1)                                                                                                       \
    X(alive, 1)                                                                                                        \
    X(tera_used, 1)                                                                                                    \
    X(mega_used, 1)                                                                                                    \
    X(z_used, 1)                                                                                                       \
    X(boosts, STAGES)                                                                                                  \
    X(lock_move, 1)                                                                                                    \
    X(confusion, 1)                                                                                                    \
    X(conditions, SIDE_CONDITIONS)                                                                                     \
    X(volatiles, VOLATILES)

#define MON_FEATURES(X)                                                                                                \
    X(known, 1)                                                                                                        \
    X(exact, 1)                                                                                                        \
    X(active, 1)                                                                                                       \
    X(fainted, 1)                                                                                                      \
    X(terastallized, 1)                                                                                                \
    X(species, 1)                                                                                                      \
    X(level, 1)                                                                                                        \
    X(gender, 1)                                                                                                       \
    X(hp, 1)                                                                                                           \
    X(hp_max, 1)                                                                                                       \
    X(hp_permille, 1)                                                                                                  \
    X(status, 1)                                                                                                       \
    X(status_n, 1)                                                                                                     \
    X(stats, 5)                                                                                                        \
    X(types, 2)                                                                                                        \
    X(type_added, 1)                                                                                                   \
    X(tera, 1)                                                                                                         \
    X(ability, 1)                                                                                                      \
    X(ability_known, 1)                                                                                                \
    X(item, 1)                                                                                                         \
    X(item_known, 1)                                                                                                   \
    X(nature, 1)                                                                                                       \
    X(moves, BATTLE_MOVES)                                                                                             \
    X(pp, BATTLE_MOVES)                                                                                                \
    X(pp_max, BATTLE_MOVES)

struct feature {
    const char *name;
    int count;
};

#define ROW(name, count) {#name, count},
static const struct feature world_features[] = {WORLD_FEATURES(ROW)};
static const struct feature side_features[] = {SIDE_FEATURES(ROW)};
static const struct feature mon_features[] = {MON_FEATURES(ROW)};
#undef ROW

/* The same as places: offsets in them are those of the numbers. */
#define FIELD(name, count) int16_t name[count];
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

/* ------------------------------------------------------------------------------------------------ writing --- */

/*
 * Most of a view is bytes that lie in the order of the lists above, and eight of them are widened at once.  Such a
 * write may cover places of numbers that stand elsewhere in the view; they are written after it.
 */
typedef int16_t eight __attribute__((vector_size(16)));
typedef int16_t sixteen __attribute__((vector_size(32)));
typedef uint8_t bytes __attribute__((vector_size(16)));
typedef int8_t signed_bytes __attribute__((vector_size(16)));
typedef uint64_t words __attribute__((vector_size(16)));

static inline words eight_at(const void *view, size_t at)
{
    uint64_t word;
    memcpy(&word, (const char *)view + at, sizeof word);
    return (words){word, 0};
}

static inline void put_eight(int16_t *to, const void *view, size_t at)
{
    const sixteen numbers = __builtin_convertvector((bytes)eight_at(view, at), sixteen);
    memcpy(to, &numbers, sizeof(eight)); /* the rest is never made */
}

static inline void put_eight_signed(int16_t *to, const void *view, size_t at)
{
    const sixteen numbers = __builtin_convertvector((signed_bytes)eight_at(view, at), sixteen);
    memcpy(to, &numbers, sizeof(eight));
}

/* The set bits as ones: mostly there are none. */
static inline void put_bits(int16_t *to, uint64_t bits, size_t n)
{
    memset(to, 0, n * sizeof *to);
    for (; bits; bits &= bits - 1)
        to[__builtin_ctzll(bits)] = 1;
}

/* n numbers as they are. */
static inline void copy(int16_t *to, const void *from, size_t n)
{
    memcpy(to, from, n * sizeof *to);
}

/* HP of 1000, rounded down.  Mostly there is nothing to divide. */
static inline int16_t permille(const struct battle_view_mon *m)
{
    if (!m->exact)
        return (int16_t)(m->hp * 10); /* it is in percent */
    return (int16_t)(m->hp == m->hp_max ? 1000 : m->hp * 1000u / m->hp_max);
}

#define PLACE(list, name) (offsetof(struct list##_numbers, name) / sizeof(int16_t))
/* `last` lies as far behind `first` in the view as its number does. */
#define IN_STEP(view, list, first, last)                                                                               \
    _Static_assert(offsetof(struct view, last) - offsetof(struct view, first) ==                                       \
                       PLACE(list, last) - PLACE(list, first),                                                         \
                   "bytes of a view in the order of numbers")

static inline void put_mon(const struct battle_view_mon *m, int16_t *to)
{
    IN_STEP(battle_view_mon, mon, known, exact);
    IN_STEP(battle_view_mon, mon, known, active);
    IN_STEP(battle_view_mon, mon, known, fainted);
    IN_STEP(battle_view_mon, mon, known, terastallized);
    IN_STEP(battle_view_mon, mon, known, level);
    IN_STEP(battle_view_mon, mon, known, gender);
    put_eight(to + PLACE(mon, known), m, offsetof(struct battle_view_mon, known));
    to[PLACE(mon, species)] = (int16_t)m->species;
    to[PLACE(mon, hp)] = (int16_t)m->hp;
    to[PLACE(mon, hp_max)] = (int16_t)m->hp_max;
    to[PLACE(mon, hp_permille)] = permille(m);
    to[PLACE(mon, status)] = m->status;
    to[PLACE(mon, status_n)] = m->status_n;
    copy(to + PLACE(mon, stats), m->stats, 5);
    IN_STEP(battle_view_mon, mon, types, type_added);
    IN_STEP(battle_view_mon, mon, types, tera);
    IN_STEP(battle_view_mon, mon, types, ability_known);
    IN_STEP(battle_view_mon, mon, types, item_known);
    put_eight(to + PLACE(mon, types), m, offsetof(struct battle_view_mon, types));
    to[PLACE(mon, ability)] = (int16_t)m->ability;
    to[PLACE(mon, item)] = (int16_t)m->item;
    to[PLACE(mon, nature)] = (int16_t)(m->exact ? m->nature + 1 : 0);
    copy(to + PLACE(mon, moves), m->moves, BATTLE_MOVES);
    IN_STEP(battle_view_mon, mon, pp, pp_max);
    put_eight(to + PLACE(mon, pp), m, offsetof(struct battle_view_mon, pp));
}

static inline void put_side(const struct battle_view_side *s, int16_t *to)
{
    IN_STEP(battle_view_side, side, size, active);
    IN_STEP(battle_view_side, side, size, alive);
    IN_STEP(battle_view_side, side, size, tera_used);
    IN_STEP(battle_view_side, side, size, mega_used);
    IN_STEP(battle_view_side, side, size, z_used);
    put_eight(to + PLACE(side, size), s, offsetof(struct battle_view_side, size));
    put_eight_signed(to + PLACE(side, boosts), s, offsetof(struct battle_view_side, boosts));
    to[PLACE(side, lock_move)] = (int16_t)s->lock_move;
    to[PLACE(side, confusion)] = s->confusion;
    for (size_t k = 0; k < SIDE_CONDITIONS; k += 8)
        put_eight(to + PLACE(side, conditions) + k, s, offsetof(struct battle_view_side, conditions) + k);
    put_bits(to + PLACE(side, volatiles), s->volatiles[0], 64);
    put_bits(to + PLACE(side, volatiles) + 64, s->volatiles[1], VOLATILES - 64);
}

static inline void put_world(const struct battle_view *v, int first, int16_t *to)
{
    to[PLACE(world, turn)] = (int16_t)v->turn;
    to[PLACE(world, phase)] = v->phase;
    to[PLACE(world, asked)] = v->asked[first];
    to[PLACE(world, asked) + 1] = v->asked[!first];
    to[PLACE(world, weather)] = v->weather;
    to[PLACE(world, weather_turns)] = v->weather_turns;
    to[PLACE(world, terrain)] = v->terrain;
    to[PLACE(world, terrain_turns)] = v->terrain_turns;
    for (int i = 0; i < ROOMS; i++)
        to[PLACE(world, rooms) + (size_t)i] = v->rooms[i];
    to[PLACE(world, sleep_clause)] = (v->clauses & CLAUSE_SLEEP) != 0;
    to[PLACE(world, freeze_clause)] = (v->clauses & CLAUSE_FREEZE) != 0;
}

void observe(const struct battle_view *v, int first, int16_t *out)
{
    put_world(v, first, out);
    out += WORLD;
    for (int i = 0; i < 2; i++) {
        const struct battle_view_side *s = &v->sides[i ^ first];
        put_side(s, out);
        out += SIDE;
        for (int k = 0; k < BATTLE_PARTY; k++, out += MON)
            if (s->party[k].known)
                put_mon(&s->party[k], out);
            else
                memset(out, 0, MON * sizeof *out);
    }
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
