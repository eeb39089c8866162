/* test_pokebattle.c - the library for search and training: one battle, many, threads, observations, battle files. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"

enum { MANY = 150, STEPS = 120, TEAMS = 8 };

/* Every call of the allocator within the library comes through here: --wrap of the linker. */
static _Thread_local long allocations;
void *__real_malloc(size_t size);             /* NOLINT */
void *__real_calloc(size_t n, size_t size);   /* NOLINT */
void *__real_realloc(void *old, size_t size); /* NOLINT */
void *__wrap_malloc(size_t size);             /* NOLINT */
void *__wrap_calloc(size_t n, size_t size);   /* NOLINT */
void *__wrap_realloc(void *old, size_t size); /* NOLINT */
void *__wrap_malloc(size_t size)              /* NOLINT */
{
    allocations++;
    return __real_malloc(size);
}
void *__wrap_calloc(size_t n, size_t size) /* NOLINT */
{
    allocations++;
    return __real_calloc(n, size);
}
void *__wrap_realloc(void *old, size_t size) /* NOLINT */
{
    allocations++;
    return __real_realloc(old, size);
}

static char why[256];

static struct pb_game *game_of(const char *version, int kind)
{
    struct pb_game *game = pb_game_open(version, NULL, why, sizeof why);
    cr_assert(game, "%s", why);
    for (int i = 0; i < TEAMS; i++)
        cr_assert_eq(pb_team_random(game, kind, 1 + (i + 5) % 6, (uint64_t)i, why, sizeof why), i, "%s", why);
    return game;
}

static void *room(size_t n)
{
    void *battles = aligned_alloc(pb_align(), n * pb_size());
    cr_assert(battles);
    return battles;
}

static char *at(void *battles, size_t i)
{
    return (char *)battles + i * pb_size();
}

static void choose(const void *battle, uint64_t *state, int8_t actions[2])
{
    const uint32_t masks[2] = {pb_mask(battle, 0), pb_mask(battle, 1)};
    pb_choose_many(masks, 2, state, actions);
}

Test(pokebattle, a_battle_goes_from_reset_to_its_end)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    void *battle = room(1);
    for (uint64_t seed = 0; seed < 50; seed++) {
        uint64_t state = seed;
        int result = pb_reset(game, battle, seed);
        cr_assert_eq(result, PB_ONGOING);
        cr_assert_eq(pb_turn(battle), 1);
        cr_assert_eq(pb_winner(battle), -1);
        while (result == PB_ONGOING) {
            int8_t actions[2];
            choose(battle, &state, actions);
            result = pb_step(game, battle, actions[0], actions[1]);
        }
        cr_assert_eq(result, PB_DONE);
        cr_assert(pb_ended(battle));
        cr_assert_geq(pb_winner(battle), 0);
        cr_assert_eq(pb_mask(battle, 0) | pb_mask(battle, 1), 0);
        cr_assert_eq(pb_step(game, battle, -1, -1), PB_BAD_ACTION, "it has ended");
    }
    free(battle);
    pb_game_close(game);
}

Test(pokebattle, masks_are_what_the_engine_offers_and_takes)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_ANY);
    struct pb_battle b, copy;
    const struct dex *dex = dex_find("gen9-v1");
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t state = seed;
        pb_reset(game, &b, seed);
        while (!pb_ended(&b)) {
            int8_t actions[2];
            choose(&b, &state, actions);
            for (int side = 0; side < 2; side++) {
                const uint32_t mask = pb_mask(&b, side);
                cr_assert_eq(mask, battle_choices(&b.battle, dex, side));
                for (int a = -3; a < 36; a++) {
                    const bool legal = mask ? a >= 0 && a < 32 && mask >> a & 1 : a == PB_NO_ACTION;
                    copy = b;
                    int result = side ? pb_step(game, &copy, actions[0], a) : pb_step(game, &copy, a, actions[1]);
                    cr_assert_eq(result != PB_BAD_ACTION, legal, "side %d, action %d, mask %x", side, a, mask);
                    cr_assert(legal || !memcmp(&copy, &b, sizeof b), "a refused action leaves the battle as it was");
                }
            }
            pb_step(game, &b, actions[0], actions[1]);
        }
    }
    pb_game_close(game);
}

/* The bit that a walk over the mask finds at that number. */
static int bit_at(uint32_t mask, uint32_t number)
{
    for (int i = 0; i < 32; i++)
        if (mask >> i & 1 && !number--)
            return i;
    return -1;
}

Test(pokebattle, picks_are_drawn_from_all_bits_of_a_mask)
{
    uint64_t state = 1, same = 1, masks = 2;
    for (int i = 0; i < 100000; i++) {
        const uint32_t wide = (uint32_t)pb_next(&masks) & 0x7fffff, few = (uint32_t)(i & 63) << (i / 64 % 18);
        const uint32_t mask = i & 1 && few ? few : wide ? wide : 1;
        const int expected = bit_at(mask, pb_below(&same, (uint32_t)__builtin_popcount(mask)));
        cr_assert_eq(pb_pick(mask, &state), expected, "of %06x", mask);
    }
    for (uint32_t mask = 1; mask < 64; mask++) {
        uint32_t seen = 0;
        for (int i = 0; i < 400; i++)
            seen |= 1u << pb_pick(mask, &state);
        cr_assert_eq(seen, mask, "of %02x only %02x", mask, seen);
    }
}

Test(pokebattle, a_seed_is_one_battle_and_a_copy_is_a_clone)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_SENSIBLE), *again = game_of("gen9-v1", PB_TEAM_SENSIBLE);
    void *one = room(1), *two = room(1), *clone = room(1);
    int teams[2];
    pb_reset(game, one, 42);
    pb_reset(again, two, 42);
    cr_assert_eq(pb_digest(one), pb_digest(two));
    cr_assert_eq(pb_draw(game, 42, teams), PB_ONGOING);
    pb_reset_teams(again, two, teams[0], teams[1], 42);
    cr_assert_eq(pb_digest(one), pb_digest(two));
    memcpy(clone, one, pb_size());
    const int winner = pb_rollout(game, one, 3);
    cr_assert_eq(winner, pb_rollout(again, clone, 3));
    cr_assert_eq(pb_digest(one), pb_digest(clone));
    pb_reset(game, two, 43);
    cr_assert_neq(pb_digest(one), pb_digest(two));
    pb_reset(game, one, 42);
    pb_reseed(one, 1);
    pb_reset(game, two, 42);
    cr_assert_neq(pb_digest(one), pb_digest(two), "it has other randomness now");
    pb_forfeit(one, 0);
    cr_assert_eq(pb_winner(one), 1);
    free(one);
    free(two);
    free(clone);
    pb_game_close(game);
    pb_game_close(again);
}

/* Everything that steps of many battles tell. */
struct told {
    void *battles;
    int8_t actions[2 * MANY], results[MANY];
    float rewards[2 * MANY];
    uint32_t masks[2 * MANY];
    int16_t *seen;
};

static struct told *told_new(const struct pb_game *game)
{
    struct told *t = calloc(1, sizeof *t);
    t->battles = room(MANY);
    t->seen = calloc((size_t)2 * MANY * (size_t)pb_observation_length(), sizeof *t->seen);
    cr_assert_eq(pb_reset_many(game, t->battles, MANY, 100), PB_ONGOING);
    cr_assert_eq(pb_look_many(game, t->battles, MANY, t->masks, t->seen), PB_ONGOING);
    return t;
}

static void told_free(struct told *t)
{
    free(t->battles);
    free(t->seen);
    free(t);
}

Test(pokebattle, many_at_a_time_are_so_many_single_ones)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct told *t = told_new(game);
    void *single = room(MANY);
    int ends = 0;
    uint64_t state = 5;
    for (size_t i = 0; i < MANY; i++)
        cr_assert_eq(pb_reset(game, at(single, i), 100 + i), PB_ONGOING);
    for (int step = 0; step < STEPS; step++) {
        pb_choose_many(t->masks, (size_t)2 * MANY, &state, t->actions);
        cr_assert_eq(pb_step_many(game, t->battles, MANY, t->actions, 0, t->results, t->rewards, t->masks, t->seen), 0);
        for (size_t i = 0; i < MANY; i++) {
            const bool over = pb_ended(at(single, i));
            const int result = over ? PB_DONE : pb_step(game, at(single, i), t->actions[2 * i], t->actions[2 * i + 1]);
            const int winner = pb_winner(at(single, i));
            const float reward = over || winner < 0 || winner == 2 ? 0 : winner == 0 ? 1 : -1;
            cr_assert_eq(t->results[i], result);
            cr_assert_eq(pb_digest(at(t->battles, i)), pb_digest(at(single, i)));
            cr_assert_eq(t->masks[2 * i + 1], pb_mask(at(single, i), 1));
            cr_assert_eq(t->rewards[2 * i], reward);
            cr_assert_eq(t->rewards[2 * i + 1], -reward);
            ends += !over && result == PB_DONE;
        }
    }
    cr_assert_gt(ends, MANY / 2);
    free(single);
    told_free(t);
    pb_game_close(game);
}

Test(pokebattle, threads_make_the_same_bytes)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct told *one = told_new(game), *two = told_new(game);
    struct pb_crew *alone = pb_crew_open(1, why, sizeof why), *pair = pb_crew_open(2, why, sizeof why);
    uint64_t state[2] = {9, 9};
    cr_assert(alone && pair, "%s", why);
    for (int step = 0; step < STEPS; step++) {
        pb_choose_many(one->masks, (size_t)2 * MANY, &state[0], one->actions);
        pb_choose_many(two->masks, (size_t)2 * MANY, &state[1], two->actions);
        cr_assert_eq(pb_crew_step(alone, game, one->battles, MANY, one->actions, PB_AUTO_RESET, one->results,
                                  one->rewards, one->masks, one->seen),
                     0);
        cr_assert_eq(pb_crew_step(pair, game, two->battles, MANY, two->actions, PB_AUTO_RESET, two->results,
                                  two->rewards, two->masks, two->seen),
                     0);
        cr_assert_arr_eq(one->battles, two->battles, MANY * pb_size());
        cr_assert_arr_eq(one->results, two->results, sizeof one->results);
        cr_assert_arr_eq(one->rewards, two->rewards, sizeof one->rewards);
        cr_assert_arr_eq(one->masks, two->masks, sizeof one->masks);
        cr_assert_arr_eq(one->seen, two->seen, (size_t)2 * MANY * (size_t)pb_observation_length() * sizeof *one->seen);
    }
    pb_crew_close(alone);
    pb_crew_close(pair);
    told_free(one);
    told_free(two);
    pb_game_close(game);
}

Test(pokebattle, an_ended_battle_begins_anew_when_that_is_wanted)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct told *t = told_new(game);
    int ends = 0, wins[2] = {0};
    uint64_t state = 6;
    for (int step = 0; step < STEPS; step++) {
        pb_choose_many(t->masks, (size_t)2 * MANY, &state, t->actions);
        cr_assert_eq(
            pb_step_many(game, t->battles, MANY, t->actions, PB_AUTO_RESET, t->results, t->rewards, t->masks, NULL), 0);
        for (size_t i = 0; i < MANY; i++) {
            cr_assert(!pb_ended(at(t->battles, i)));
            cr_assert(t->masks[2 * i] | t->masks[2 * i + 1]);
            cr_assert(t->results[i] == PB_DONE || t->rewards[2 * i] == 0);
            ends += t->results[i] == PB_DONE;
            cr_assert(t->results[i] != PB_DONE || pb_turn(at(t->battles, i)) == 1);
            wins[0] += t->rewards[2 * i] > 0;
            wins[1] += t->rewards[2 * i + 1] > 0;
        }
    }
    cr_assert_gt(ends, MANY);
    cr_assert_gt(wins[0], 0);
    cr_assert_gt(wins[1], 0);
    told_free(t);
    pb_game_close(game);
}

Test(pokebattle, a_refused_battle_is_told_and_left_alone)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct told *t = told_new(game);
    uint64_t state = 1, before = pb_digest(at(t->battles, 70));
    pb_choose_many(t->masks, (size_t)2 * MANY, &state, t->actions);
    t->actions[140] = 31;
    cr_assert_eq(pb_step_many(game, t->battles, MANY, t->actions, 0, t->results, NULL, NULL, NULL), 1);
    cr_assert_eq(t->results[70], PB_BAD_ACTION);
    cr_assert_eq(pb_digest(at(t->battles, 70)), before);
    cr_assert_neq(t->results[71], PB_BAD_ACTION);
    told_free(t);
    pb_game_close(game);
}

Test(pokebattle, playing_allocates_nothing)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_ANY);
    struct told *t = told_new(game);
    struct pb_crew *crew = pb_crew_open(1, NULL, 0);
    char log[PB_LOG];
    uint8_t bytes[PB_ENCODED];
    uint64_t state = 2;
    const long before = allocations;
    for (int step = 0; step < STEPS; step++) {
        pb_choose_many(t->masks, (size_t)2 * MANY, &state, t->actions);
        pb_crew_step(crew, game, t->battles, MANY, t->actions, PB_AUTO_RESET, t->results, t->rewards, t->masks,
                     t->seen);
    }
    pb_step_log(game, t->battles, t->actions[0], t->actions[1], PB_PUBLIC, log, sizeof log);
    pb_decode(game, t->battles, bytes, pb_encode(t->battles, bytes));
    pb_rollout(game, t->battles, 1);
    pb_digest(t->battles);
    cr_assert_eq(allocations - before, 0, "%ld calls of the allocator", allocations - before);
    cr_assert_gt(before, 0, "the count counts");
    pb_crew_close(crew);
    told_free(t);
    pb_game_close(game);
}

Test(pokebattle, bad_arguments_are_errors)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED), *empty = pb_game_open("gen9-v1", NULL, NULL, 0);
    char *battle = room(2), small[8];
    int16_t seen[4096];
    int8_t actions[2] = {0, 0};
    int teams[2];
    cr_assert_null(pb_game_open("gen8-v1", NULL, why, sizeof why));
    cr_assert(strstr(why, "gen8-v1"), "%s", why);
    cr_assert_null(pb_game_open(NULL, NULL, NULL, 0));
    cr_assert_null(pb_game_open("gen9-v1", "/nowhere", why, sizeof why));
    cr_assert_gt(strlen(why), 0);
    cr_assert_eq(pb_reset(empty, battle, 1), PB_BAD_ARGUMENT, "there are no teams");
    cr_assert_eq(pb_draw(empty, 1, teams), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_reset_many(empty, battle, 2, 1), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_reset(game, battle + 1, 1), PB_BAD_ARGUMENT, "not aligned");
    cr_assert_eq(pb_reset(game, NULL, 1), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_reset_teams(game, battle, 0, TEAMS, 1), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_reset_teams(game, battle, -1, 0, 1), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_reset(game, battle, 1), PB_ONGOING);
    cr_assert_eq(pb_mask(battle, 2), 0);
    cr_assert_eq(pb_mask(battle, -1), 0);
    cr_assert_eq(pb_step_log(game, battle, 0, 0, 2, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_observe(game, battle, PB_FULL, seen), PB_BAD_ARGUMENT, "an observation is a viewer's");
    cr_assert_eq(pb_step_many(game, battle + 1, 1, actions, 0, NULL, NULL, NULL, NULL), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_step_many(game, battle, 1, NULL, 0, NULL, NULL, NULL, NULL), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_step_many(game, battle, 1, actions, 2, NULL, NULL, NULL, NULL), PB_BAD_ARGUMENT, "no such flag");
    cr_assert_eq(pb_step_many(empty, battle, 1, actions, PB_AUTO_RESET, NULL, NULL, NULL, NULL), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_decode(game, battle, (const uint8_t *)"nonsense", 8), PB_BAD_ARGUMENT);
    cr_assert_null(pb_crew_open(0, why, sizeof why));
    cr_assert_null(pb_crew_open(257, why, sizeof why));
    cr_assert_eq(pb_crew_step(NULL, game, battle, 1, actions, 0, NULL, NULL, NULL, NULL), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_random(game, PB_TEAM_ANY, 7, 1, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_random(game, 9, 6, 1, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_text(game, 99, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_text(game, 0, small, sizeof small), PB_NO_ROOM);
    cr_assert_eq(pb_observation_name(pb_observation_length(), why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_count(game, 17), PB_BAD_ARGUMENT);
    cr_assert_null(pb_name(game, PB_MOVE, 0));
    for (int error = PB_NO_ROOM; error <= PB_DONE; error++)
        cr_assert_gt(strlen(pb_error_text(error)), 10);
    pb_game_close(NULL);
    pb_crew_close(NULL);
    free(battle);
    pb_game_close(game);
    pb_game_close(empty);
}

Test(pokebattle, teams_are_read_as_people_write_them)
{
    struct pb_game *game = pb_game_open("gen9-v1", NULL, why, sizeof why);
    char text[PB_RECORD];
    const char *good =
        "Charizard @ Life Orb\nAbility: Blaze\nEVs: 252 SpA / 252 Spe\nTimid Nature\n- Flamethrower\n- Air Slash\n";
    cr_assert_eq(pb_team_add(game, good, "singles", why, sizeof why), 0, "%s", why);
    cr_assert_gt(pb_team_text(game, 0, text, sizeof text), 0);
    cr_assert(strstr(text, "Charizard|") && strstr(text, "AirSlash"), "%s", text);
    cr_assert_eq(pb_team_add(game, "Charizard\n- Surf\n", "singles", why, sizeof why), PB_BAD_TEAM);
    cr_assert(strstr(why, "slot 1") && strstr(why, "Surf"), "%s", why);
    cr_assert_eq(pb_team_add(game, "Charizard\n- Surf\n", NULL, why, sizeof why), 1, "it can be played: %s", why);
    cr_assert_eq(pb_team_add(game, "Charizarf\n- Surf\n", NULL, why, sizeof why), PB_BAD_TEAM);
    cr_assert(strstr(why, "slot 1"), "%s", why);
    cr_assert_eq(pb_team_add(game, "Charizard\n- Surf\n", "nosuch", why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_add(game, "", NULL, why, sizeof why), PB_BAD_TEAM);
    cr_assert_eq(pb_team_add(game, NULL, NULL, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_team_count(game), 2);
    pb_team_clear(game);
    cr_assert_eq(pb_team_count(game), 0);
    pb_game_close(game);
}

Test(pokebattle, a_packed_team_read_again_is_the_same_team)
{
    static const char *const versions[] = {"gen9-v1", "gen1-v1"};
    for (int v = 0; v < 2; v++) {
        struct pb_game *game = pb_game_open(versions[v], NULL, why, sizeof why);
        void *one = room(1), *two = room(1);
        for (uint64_t seed = 0; seed < 300; seed++) {
            char text[PB_RECORD];
            pb_team_clear(game);
            cr_assert_eq(pb_team_random(game, seed & 1 ? PB_TEAM_ANY : PB_TEAM_LEARNED, 6, seed, why, sizeof why), 0);
            cr_assert_gt(pb_team_text(game, 0, text, sizeof text), 0);
            cr_assert_eq(pb_team_add(game, text, NULL, why, sizeof why), 1, "%s: %s", why, text);
            pb_reset_teams(game, one, 0, 0, seed);
            pb_reset_teams(game, two, 1, 1, seed);
            cr_assert_eq(pb_digest(one), pb_digest(two), "seed %d: %s", (int)seed, text);
        }
        free(one);
        free(two);
        pb_game_close(game);
    }
}

Test(pokebattle, a_folder_of_data_plays_like_the_built_in_version)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_SENSIBLE);
    struct pb_game *folder = pb_game_open("gen9-v1", getenv("DATASET"), why, sizeof why);
    void *one = room(1), *two = room(1);
    cr_assert(folder, "%s", why);
    for (int i = 0; i < TEAMS; i++)
        cr_assert_eq(pb_team_random(folder, PB_TEAM_SENSIBLE, 1 + (i + 5) % 6, (uint64_t)i, why, sizeof why), i);
    cr_assert_eq(pb_count(game, PB_MOVE), pb_count(folder, PB_MOVE));
    cr_assert_str_eq(pb_name(folder, PB_MOVE, pb_number(folder, PB_MOVE, "surf")), "surf");
    pb_reset(game, one, 4);
    pb_reset(folder, two, 4);
    cr_assert_eq(pb_rollout(game, one, 1), pb_rollout(folder, two, 1));
    cr_assert_eq(pb_digest(one), pb_digest(two));
    free(one);
    free(two);
    pb_game_close(folder);
    pb_game_close(game);
}

/* -------------------------------------------------------------------------------------------------- clauses --- */

static int16_t seen_at(const struct pb_game *game, const void *battle, const char *name);

Test(pokebattle, battles_begin_with_the_clauses_of_their_game)
{
    struct pb_game *game = pb_game_open("gen9-v1", NULL, why, sizeof why);
    struct pb_battle b;
    static char file[PB_RECORD], log[PB_LOG];
    cr_assert_eq(pb_team_add(game, "Breloom\n- Spore\n", NULL, why, sizeof why), 0, "%s", why);
    cr_assert_eq(pb_team_add(game, "Snorlax\n- Curse\n\nBlissey\n- Charm\n", NULL, why, sizeof why), 1, "%s", why);
    for (unsigned clauses = 0; clauses <= 3; clauses++) {
        static const char *const lines[] = {NULL, "\nclauses sleep\n", "\nclauses freeze\n",
                                            "\nclauses sleep freeze\n"};
        const bool sleep = clauses & PB_CLAUSE_SLEEP;
        cr_assert_eq(pb_game_clauses(game, clauses), PB_ONGOING);
        size_t n = (size_t)pb_record_begin(game, 0, 1, 5, file, sizeof file);
        cr_assert(lines[clauses] ? strstr(file, lines[clauses]) != NULL : !strstr(file, "clauses"), "%s", file);
        pb_reset_teams(game, &b, 0, 1, 5);
        cr_assert_eq(seen_at(game, &b, "sleep_clause"), sleep);
        cr_assert_eq(seen_at(game, &b, "freeze_clause"), clauses >> 1);
        cr_assert_eq(pb_game_clauses(game, 0), PB_ONGOING, "a battle under way keeps its own");
        pb_step(game, &b, 0, 0);
        n += (size_t)pb_record_step(&b, 0, 0, file + n, sizeof file - n);
        cr_assert_eq(pb_step_log(game, &b, 0, 6, PB_PUBLIC, log, sizeof log), PB_ONGOING);
        n += (size_t)pb_record_step(&b, 0, 6, file + n, sizeof file - n);
        n += (size_t)pb_record_end(&b, file + n, sizeof file - n);
        cr_assert_eq(strstr(log, "|-message|Sleep Clause Mod activated.\n") != NULL, sleep, "%s", log);
        cr_assert_eq(pb_replay(file, n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), 2, "%s", why);
        if (!clauses)
            continue;
        memcpy(strstr(file, "clauses "), "#", 1);
        cr_assert_eq(pb_replay(file, n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), PB_BAD_FILE);
        cr_assert(strstr(why, "goes another way"), "%s", why);
    }
    cr_assert_eq(pb_game_clauses(game, 4), PB_BAD_ARGUMENT);
    pb_game_close(game);
}

/* --------------------------------------------------------------------------------------------- observations --- */

/* The place of a name. */
static int place(const char *name)
{
    char told[64];
    for (int i = 0; i < pb_observation_length(); i++)
        if (pb_observation_name(i, told, sizeof told) > 0 && !strcmp(told, name))
            return i;
    cr_assert_fail("there is no %s", name);
    return 0;
}

static int16_t seen_at(const struct pb_game *game, const void *battle, const char *name)
{
    int16_t seen[4096];
    cr_assert_eq(pb_observe(game, battle, 0, seen), PB_ONGOING);
    return seen[place(name)];
}

Test(pokebattle, observations_are_the_view_and_have_names)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct pb_battle b;
    struct battle_view view;
    int16_t seen[4096];
    char one[64], two[64];
    const int length = pb_observation_length();
    cr_assert(length > 0 && length <= 4096);
    for (int i = 0; i + 1 < length; i++) {
        cr_assert_gt(pb_observation_name(i, one, sizeof one), 0);
        cr_assert_gt(pb_observation_name(i + 1, two, sizeof two), 0);
        cr_assert_str_neq(one, two);
    }
    uint64_t state = 3;
    for (pb_reset(game, &b, 8); !pb_ended(&b);) {
        for (int viewer = 0; viewer < 2; viewer++) {
            const struct battle_view_side *own = &view.sides[viewer], *foe = &view.sides[!viewer];
            seen[length] = 0x5a5a;
            battle_view(&b.battle, &b.known, dex_find("gen9-v1"), viewer, &view);
            cr_assert_eq(pb_observe(game, &b, viewer, seen), PB_ONGOING);
            cr_assert_eq(seen[length], 0x5a5a, "not a number more");
            cr_assert_eq(seen[place("turn")], view.turn);
            cr_assert_eq(seen[place("asked[0]")], view.asked[viewer]);
            cr_assert_eq(seen[place("own.party[0].hp")], own->party[0].hp);
            cr_assert_eq(seen[place("own.party[5].stats[4]")], own->party[5].stats[4]);
            cr_assert_eq(seen[place("foe.boosts[0]")], foe->boosts[0]);
            cr_assert_eq(seen[place("foe.party[3].known")], foe->party[3].known);
            cr_assert_eq(seen[place("foe.party[3].species")], foe->party[3].species);
            cr_assert_eq(seen[length - 1], foe->party[5].pp_max[3]);
        }
        int8_t actions[2];
        choose(&b, &state, actions);
        pb_step(game, &b, actions[0], actions[1]);
    }
    pb_game_close(game);
}

Test(pokebattle, observations_hide_what_the_viewer_cannot_know)
{
    struct pb_game *game = game_of("gen9-v1", PB_TEAM_LEARNED);
    struct pb_battle b;
    int16_t before[4096], after[4096];
    const size_t bytes = (size_t)pb_observation_length() * sizeof *before;
    pb_reset_teams(game, &b, 0, 6, 8);
    pb_observe(game, &b, 0, before);
    b.battle.rng ^= 1;
    b.battle.sides[1].party[3].species = 1 + b.battle.sides[1].party[3].species % 100;
    b.battle.sides[1].party[b.battle.sides[1].active].moves[3] = 1;
    b.battle.sides[1].party[b.battle.sides[1].active].item = 1;
    pb_observe(game, &b, 0, after);
    cr_assert_arr_eq(before, after, bytes);
    pb_observe(game, &b, 1, after);
    cr_assert(memcmp(before, after, bytes), "its own side knows");
    pb_game_close(game);
}

/* --------------------------------------------------------------------------------------------- battle files --- */

enum { FILE_ROOM = 1 << 18 };

/* A whole random battle as a file, and its lines as the viewer had them. */
static size_t play_file(const char *version, uint64_t seed, int viewer, char *file, char *log)
{
    struct pb_game *game = game_of(version, PB_TEAM_LEARNED);
    static char told[PB_LOG];
    void *battle = room(1);
    uint64_t state = seed;
    int teams[2], n;
    size_t len = 0;
    pb_draw(game, seed, teams);
    pb_reset(game, battle, seed);
    n = pb_record_begin(game, teams[0], teams[1], seed, file, FILE_ROOM);
    cr_assert_gt(n, 0);
    len = (size_t)n;
    while (!pb_ended(battle)) {
        int8_t actions[2];
        if (pb_turn(battle) % 5 == 0) {
            pb_reseed(battle, state);
            len += (size_t)pb_record_reseed(state, file + len, FILE_ROOM - len);
        }
        choose(battle, &state, actions);
        pb_step_log(game, battle, actions[0], actions[1], viewer, told, sizeof told);
        strcat(log, told);
        len += (size_t)pb_record_step(battle, actions[0], actions[1], file + len, FILE_ROOM - len);
    }
    len += (size_t)pb_record_end(battle, file + len, FILE_ROOM - len);
    free(battle);
    pb_game_close(game);
    return len;
}

static void append(void *ctx, const char *text, size_t len)
{
    strncat(ctx, text, len);
}

Test(pokebattle, a_battle_file_plays_again_with_the_same_log)
{
    static char file[FILE_ROOM], log[1 << 20], again[1 << 20];
    for (int viewer = PB_FULL; viewer <= 1; viewer++) {
        log[0] = again[0] = 0;
        const size_t len = play_file(viewer == 1 ? "gen1-v1" : "gen9-v1", 20 + (uint64_t)viewer, viewer, file, log);
        const int steps = pb_replay(file, len, NULL, viewer, append, again, why, sizeof why);
        cr_assert_gt(steps, 5, "%s", why);
        cr_assert_gt(strlen(again), strlen(log), "it has the beginning, too");
        cr_assert_str_eq(again + strlen(again) - strlen(log), log);
    }
}

Test(pokebattle, a_battle_file_that_was_touched_is_found_out)
{
    static char file[FILE_ROOM], log[1 << 20], touched[FILE_ROOM];
    const size_t len = play_file("gen9-v1", 3, PB_PUBLIC, file, log);
    static const struct {
        const char *there, *instead, *told;
    } wrong[] = {
        {"pokebattle 2", "pokebattle 3", "line 1"},
        {"pokebattle 2", "pokebattle 1", "line 2"},
        {"\nlayout ", "\nlayout 1", "`layout FINGERPRINT` comes once"},
        {"\nlayout ", "\n# ", "`layout FINGERPRINT` comes first"},
        {"\nlayout ", "\nlayout 1 ", "`layout FINGERPRINT` comes once"},
        {"\nlayout ", "\nlayout 123\n# ", "its digests cannot be compared here: battles had the form 00000123"},
        {"version gen9-v1", "version gen7-v1", "gen7-v1"},
        {"\nseed ", "\nseed 1", "goes another way"},
        {"\nseed ", "\nsee ", "line 6"},
        {"\nstep ", "\nstep 9", "not legal"},
        {"\nstep ", "\nhop ", "begins with"},
        {"\nend ", "\nend 7", "the winner is"},
        {"\nend ", "\n# ", "ends without"},
        {"\nteam ", "\nclauses nap\nteam ", "clauses are"},
        {"\nseed ", "\nclauses sleep\nclauses freeze\nseed ", "clauses come once"},
        {"\nstart ", "\nclauses sleep\nstart ", "goes another way"},
        {"\nteam ", "\nteam x", "slot 1"},
        {"\nteam ", "\n# ", "two teams"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const char *found = strstr(file, wrong[i].there);
        cr_assert(found, "%s", wrong[i].there);
        int n = snprintf(touched, sizeof touched, "%.*s%s%s", (int)(found - file), file, wrong[i].instead,
                         found + strlen(wrong[i].there));
        int result = pb_replay(touched, (size_t)n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why);
        cr_assert(result == PB_BAD_FILE || result == PB_BAD_DATA, "%s: %d", wrong[i].instead, result);
        cr_assert(strstr(why, wrong[i].told), "%s: %s", wrong[i].instead, why);
    }
    cr_assert_null(strstr(why, "form 1"));
    cr_assert_eq(pb_replay(file, len, NULL, 5, NULL, NULL, why, sizeof why), PB_BAD_ARGUMENT);
    cr_assert_eq(pb_replay("", 0, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), PB_BAD_FILE);
    for (size_t n = 0; n + 1 < len; n += 97)
        cr_assert_lt(pb_replay(file, n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), 0, "%zu bytes of it", n);
}

/* Files of the first form say nothing about the form of battles: they are compared, and a difference is told with that.
 */
Test(pokebattle, battle_files_of_the_first_form_are_read)
{
    static char file[FILE_ROOM], log[1 << 20], old[FILE_ROOM];
    play_file("gen9-v1", 4, PB_PUBLIC, file, log);
    int n = snprintf(old, sizeof old, "pokebattle 1\n%s", strstr(file, "version "));
    cr_assert_gt(pb_replay(old, (size_t)n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), 5, "%s", why);
    strstr(old, "\nseed ")[6] = '8';
    cr_assert_eq(pb_replay(old, (size_t)n, NULL, PB_PUBLIC, NULL, NULL, why, sizeof why), PB_BAD_FILE);
    cr_assert(strstr(why, "the file is of form 1"), "%s", why);
}

Test(pokebattle, nicknames_of_a_battle_file_are_in_its_log)
{
    static char file[FILE_ROOM], log[1 << 20], named[FILE_ROOM], again[1 << 20];
    play_file("gen9-v1", 4, PB_PUBLIC, file, log);
    char *team = strstr(file, "\nteam ") + 6;
    const size_t species = strcspn(team, "|");
    int n = snprintf(named, sizeof named, "%.*sRex|%.*s%s", (int)(team - file), file, (int)species, team,
                     team + species + 1);
    again[0] = 0;
    cr_assert_gt(pb_replay(named, (size_t)n, NULL, PB_PUBLIC, append, again, why, sizeof why), 5, "%s", why);
    cr_assert(strstr(again, "|switch|p1a: Rex|"), "%.300s", again);
}
