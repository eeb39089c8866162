/*
 * test_observations.c - every number of an observation is what its name says, by the view.
 *
 * observe.c writes many numbers at once; here each is looked up by its name, one after another.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

enum { TEAMS = 40, BATTLES = 30, NUMBERS = 4096, NAME = 64 };

struct member { /* where something is in a view */
    const char *name;
    size_t offset, size;
    bool sign;
};
#define IN(type, name)                                                                                                 \
    {                                                                                                                  \
#name, offsetof(struct type, name), sizeof(*((struct type *)0)->name), false                                   \
    }
#define ONE(type, name)                                                                                                \
    {                                                                                                                  \
#name, offsetof(struct type, name), sizeof(((struct type *)0)->name), false                                    \
    }

static const struct member of_field[] = {ONE(battle_view, turn),    ONE(battle_view, phase),
                                         IN(battle_view, asked),    ONE(battle_view, weather),
                                         ONE(battle_view, terrain), ONE(battle_view, weather_turns),
                                         IN(battle_view, rooms),    ONE(battle_view, terrain_turns)};

static const struct member of_side[] = {ONE(battle_view_side, size),
                                        ONE(battle_view_side, active),
                                        ONE(battle_view_side, alive),
                                        ONE(battle_view_side, tera_used),
                                        ONE(battle_view_side, mega_used),
                                        ONE(battle_view_side, z_used),
                                        {"boosts", offsetof(struct battle_view_side, boosts), 1, true},
                                        ONE(battle_view_side, lock_move),
                                        ONE(battle_view_side, confusion),
                                        IN(battle_view_side, conditions)};

static const struct member of_mon[] = {
    ONE(battle_view_mon, known),   ONE(battle_view_mon, exact),         ONE(battle_view_mon, active),
    ONE(battle_view_mon, fainted), ONE(battle_view_mon, terastallized), ONE(battle_view_mon, species),
    ONE(battle_view_mon, level),   ONE(battle_view_mon, gender),        ONE(battle_view_mon, hp),
    ONE(battle_view_mon, hp_max),  ONE(battle_view_mon, status),        ONE(battle_view_mon, status_n),
    IN(battle_view_mon, stats),    IN(battle_view_mon, types),          ONE(battle_view_mon, type_added),
    ONE(battle_view_mon, tera),    ONE(battle_view_mon, ability),       ONE(battle_view_mon, ability_known),
    ONE(battle_view_mon, item),    ONE(battle_view_mon, item_known),    IN(battle_view_mon, moves),
    IN(battle_view_mon, pp),       IN(battle_view_mon, pp_max)};

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int number_at(const void *view, const struct member *list, size_t n, const char *name, size_t k)
{
    for (const struct member *m = list; m < list + n; m++) {
        if (strcmp(m->name, name) != 0)
            continue;
        const uint8_t *at = (const uint8_t *)view + m->offset + k * m->size;
        uint16_t two;
        memcpy(&two, at, sizeof two);
        return m->size == 2 ? two : m->sign ? (int8_t)*at : *at;
    }
    cr_assert_fail("a view has no %s", name);
    return 0;
}

static int of_the_field(const struct battle_view *v, int first, const char *name, size_t k)
{
    if (!strcmp(name, "sleep_clause") || !strcmp(name, "freeze_clause"))
        return v->clauses >> (*name == 'f') & 1;
    return number_at(v, of_field, COUNT(of_field), name, strcmp(name, "asked") ? k : k ^ (size_t)first);
}

static int of_the_mon(const struct battle_view_mon *m, const char *name, size_t k)
{
    if (!strcmp(name, "hp_permille"))
        return m->hp_max ? m->hp * 1000 / m->hp_max : 0;
    if (!strcmp(name, "nature"))
        return m->exact ? m->nature + 1 : 0;
    return number_at(m, of_mon, COUNT(of_mon), name, k);
}

/* The number with this name: "turn", "own.boosts[3]", "foe.party[2].hp". */
static int by_name(const struct battle_view *v, int first, const char *full)
{
    char name[NAME];
    const char *last = strrchr(full, '.'), *at = last ? last + 1 : full, *slot = strstr(full, "party[");
    const size_t n = strcspn(at, "[");
    const size_t k = at[n] ? strtoul(at + n + 1, NULL, 10) : 0;
    snprintf(name, sizeof name, "%.*s", (int)n, at);
    if (!last)
        return of_the_field(v, first, name, k);
    const struct battle_view_side *side = &v->sides[!strncmp(full, "own.", 4) ? first : !first];
    if (slot)
        return of_the_mon(&side->party[slot[6] - '0'], name, k);
    if (!strcmp(name, "volatiles"))
        return side->volatiles[k / 64] >> k % 64 & 1;
    return number_at(side, of_side, COUNT(of_side), name, k);
}

static char names[NUMBERS][NAME];

static void check(const struct pb_game *game, const struct pb_battle *b, int viewer, long *not_0)
{
    static int16_t seen[NUMBERS];
    struct battle_view view;
    const int length = pb_observation_length();
    memset(seen, 0x55, sizeof seen);
    cr_assert_eq(pb_observe(game, b, viewer, seen), PB_ONGOING);
    battle_view(&b->battle, &b->known, game->dex, viewer, &view);
    for (int i = 0; i < length; i++) {
        const int16_t told = (int16_t)by_name(&view, viewer == 1, names[i]);
        cr_assert_eq(seen[i], told, "viewer %d, turn %d: %s is %d, not %d", viewer, view.turn, names[i], seen[i], told);
        not_0[i] += told != 0;
    }
    for (int i = length; i < NUMBERS; i++)
        cr_assert_eq(seen[i], 0x5555, "not a number more");
}

/* How many numbers were not 0 at some time. */
static int play(const char *version)
{
    char why[256];
    static long not_0[NUMBERS];
    struct pb_game *game = pb_game_open(version, NULL, why, sizeof why);
    struct pb_battle b;
    int used = 0;
    cr_assert(game, "%s", why);
    memset(not_0, 0, sizeof not_0);
    for (uint64_t i = 0; i < TEAMS; i++)
        cr_assert_geq(
            pb_team_random(game, i % 2 ? PB_TEAM_ANY : PB_TEAM_LEARNED, i % 4 ? 6 : 1 + (int)i % 6, i, why, sizeof why),
            0, "%s", why);
    for (int i = 0; i < pb_observation_length(); i++)
        cr_assert_gt(pb_observation_name(i, names[i], NAME), 0);
    for (uint64_t seed = 0; seed < BATTLES; seed++) {
        uint64_t state = seed;
        pb_game_clauses(game, (unsigned)seed % 4);
        pb_reset(game, &b, seed);
        do {
            int actions[2];
            for (int side = 0; side < 2; side++) {
                const uint32_t mask = pb_mask(&b, side);
                actions[side] = mask ? pb_pick(mask, &state) : PB_NO_ACTION;
            }
            pb_step(game, &b, actions[0], actions[1]);
            for (int viewer = PB_PUBLIC; viewer < 2; viewer++)
                check(game, &b, viewer, not_0);
        } while (!pb_ended(&b));
    }
    for (int i = 0; i < pb_observation_length(); i++)
        used += not_0[i] > 0;
    pb_game_close(game);
    return used;
}

Test(observations, each_number_is_what_its_name_says)
{
    static const char *const versions[] = {"gen1-v1", "gen9-v1", "natdex-v1"};
    for (int i = 0; i < 3; i++) {
        const int used = play(versions[i]);
        cr_assert_gt(used, pb_observation_length() / 2, "%s: only %d numbers were not 0", versions[i], used);
    }
}
