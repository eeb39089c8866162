/*
 * test_battle_clauses.c - Sleep Clause and Freeze Clause: what they stop and what they do not, and that a battle keeps
 * them in its state.
 */
#include "engine.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define SLEPT "|-message|Sleep Clause Mod activated.\n"
#define FROZE "|-message|Freeze Clause activated.\n"

static const struct dex *dex(void)
{
    return dex_find("gen9-v1");
}

/* "breloom : technician : spore protect" */
static struct battle_set pokemon(const char *text)
{
    char species[32], ability[32], moves[128], *at, *save;
    int n = 0;
    cr_assert_eq(sscanf(text, "%31s : %31s : %127[^\n]", species, ability, moves), 3, "%s", text);
    struct battle_set set = battle_set_default(dex_species(dex(), species));
    cr_assert(set.species, "no species %s", species);
    set.ability = dex_ability(dex(), ability);
    cr_assert(set.ability, "no ability %s", ability);
    for (at = strtok_r(moves, " ", &save); at; at = strtok_r(NULL, " ", &save)) {
        set.moves[n] = dex_move(dex(), at);
        cr_assert(set.moves[n++], "no move %s", at);
    }
    return set;
}

/* A battle of teams given one Pokémon a line. */
static struct battle start(unsigned clauses, const char *one, const char *two)
{
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    const char *texts[2] = {one, two};
    int sizes[2] = {0, 0};
    struct battle b;
    for (int i = 0; i < 2; i++)
        for (const char *at = texts[i]; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
            teams[i][sizes[i]++] = pokemon(at);
    const struct battle_options options = {.seed = 7, .clauses = (uint8_t)clauses};
    cr_assert_eq(battle_start_with(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, &options, NULL),
                 0);
    return b;
}

static char said[1 << 14];

static void keep(const struct battle *b, const struct battle_log *log)
{
    struct battle_text text = {said, sizeof said - 1, 0, false};
    battle_log_text(b, dex(), log, BATTLE_SPECTATOR, &text);
    said[text.len] = 0;
}

static void step(struct battle *b, int one, int two)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    cr_assert(battle_step(b, dex(), one, two, &log) >= 0, "choices %d and %d are refused", one, two);
    keep(b, &log);
}

static void lines(const char *expected)
{
    cr_assert(strstr(said, expected), "expected\n%s\nin\n%s", expected, said);
}

static void no_line(const char *unwanted)
{
    cr_assert(!strstr(said, unwanted), "unwanted\n%s\nin\n%s", unwanted, said);
}

/* What a foe's move, ability or the like does to the active one of a side, without a turn around it. */
static int strike(struct battle *b, int side, int status, int source)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    struct ctx c;
    ctx_begin(&c, b, dex(), &log);
    int r = set_status(&c, side, status, source, REF_NONE, false);
    keep(b, &log);
    return r;
}

static int status(const struct battle *b, int side, int slot)
{
    return b->sides[side].party[slot].status;
}

enum { TO_SECOND = BATTLE_CHOICE_SWITCH + 1, TO_FIRST = BATTLE_CHOICE_SWITCH };

#define SLEEPER "breloom : technician : spore yawn protect splash"
#define TWO "snorlax : thickfat : splash rest protect\nblissey : serenegrace : splash rest healbell"

/* ---------------------------------------------------------------------------------------------------- sleep --- */

Test(sleep, a_second_foe_is_not_put_to_sleep)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 0, 0);
    cr_assert_eq(status(&b, 1, 0), STATUS_SLP);
    step(&b, 0, TO_SECOND);
    lines("|move|p1a: Breloom|Spore|p2a: Blissey\n" SLEPT);
    cr_assert_eq(status(&b, 1, 1), STATUS_NONE);
    cr_assert_eq(b.sides[0].on.result_before, MOVE_FAILED);
}

Test(sleep, without_the_clause_it_is)
{
    static const unsigned others[] = {0, CLAUSE_FREEZE};
    for (size_t i = 0; i < 2; i++) {
        struct battle b = start(others[i], SLEEPER, TWO);
        step(&b, 0, 0);
        step(&b, 0, TO_SECOND);
        cr_assert(status(&b, 1, 0) == STATUS_SLP && status(&b, 1, 1) == STATUS_SLP);
        no_line("Clause");
    }
}

Test(sleep, each_side_has_its_own)
{
    struct battle b = start(CLAUSE_SLEEP, "ralts : trace : splash\n" SLEEPER, "smeargle : owntempo : spore\n" SLEEPER);
    step(&b, 0, 0);
    step(&b, TO_SECOND, TO_SECOND);
    cr_assert_eq(strike(&b, 1, STATUS_SLP, 0), R_TRUE, "nobody sleeps there");
    cr_assert_eq(strike(&b, 0, STATUS_SLP, 1), R_FALSE);
    lines(SLEPT);
}

Test(sleep, what_a_trainer_does_to_its_own_does_not_count)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    b.sides[1].party[0].hp /= 2;
    step(&b, 3, 1); /* Rest */
    cr_assert_eq(status(&b, 1, 0), STATUS_SLP);
    step(&b, 0, TO_SECOND);
    cr_assert_eq(status(&b, 1, 1), STATUS_SLP, "%s", said);
    no_line("Clause");
}

Test(sleep, nor_is_it_stopped)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 0, 0);
    step(&b, 2, TO_SECOND);
    b.sides[1].party[1].hp /= 2;
    step(&b, 3, 1); /* Rest */
    cr_assert_eq(status(&b, 1, 1), STATUS_SLP, "%s", said);
    no_line("Clause");
}

/* Who sleeps by its own doing wakes up and is then put to sleep: now it counts. */
Test(sleep, the_last_sleep_is_the_one_that_counts)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    b.sides[1].party[0].hp /= 2;
    step(&b, 3, 1);
    b.sides[1].party[0].status = STATUS_NONE;
    b.sides[1].party[0].status_n = 0;
    step(&b, 0, 0);
    cr_assert_eq(status(&b, 1, 0), STATUS_SLP);
    step(&b, 0, TO_SECOND);
    lines(SLEPT);
}

Test(sleep, yawn_is_the_doing_of_who_yawned)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 1, 0);
    step(&b, 2, 0);
    cr_assert_eq(status(&b, 1, 0), STATUS_SLP, "%s", said);
    step(&b, 0, TO_SECOND);
    lines(SLEPT);
    step(&b, 1, 0); /* who is sleepy already does not fall asleep either */
    lines("|-start|p2a: Blissey|move: Yawn");
    step(&b, 3, 0);
    lines(SLEPT);
    cr_assert_eq(status(&b, 1, 1), STATUS_NONE);
}

Test(sleep, abilities_are_bound_by_it_too)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 0, 0);
    step(&b, 2, TO_SECOND);
    cr_assert_eq(strike(&b, 1, STATUS_SLP, 0), R_FALSE);
    lines(SLEPT);
    cr_assert_eq(strike(&b, 1, STATUS_PAR, 0), R_TRUE, "other statuses are none of its business");
    no_line("Clause");
}

Test(sleep, who_wakes_up_or_faints_makes_room)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 0, 0);
    struct battle fallen = b, cured = b;
    step(&cured, 2, TO_SECOND);
    step(&cured, 3, 2); /* Heal Bell */
    step(&cured, 0, 0);
    cr_assert_eq(status(&cured, 1, 1), STATUS_SLP, "%s", said);
    fallen.sides[1].party[0].hp = 1;
    fallen.sides[0].party[0].moves[3] = fallen.sides[0].on.moves[3] = dex_move(dex(), "tackle");
    fallen.sides[0].party[0].pp[3] = 10;
    step(&fallen, 3, 0);
    cr_assert_eq(status(&fallen, 1, 0), STATUS_NONE);
    step(&fallen, -1, TO_SECOND);
    step(&fallen, 0, 0);
    cr_assert_eq(status(&fallen, 1, 1), STATUS_SLP, "%s", said);
}

/* The order of the simulator: the clause speaks when nobody else has anything against it. */
Test(sleep, others_that_would_stop_it_keep_their_place)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO "\numbreon : insomnia : splash");
    step(&b, 0, 0);
    step(&b, 2, TO_SECOND);
    struct battle misty = b, guarded = b;
    misty.terrain = TERRAIN_MISTY;
    misty.terrain_turns = 5;
    step(&misty, 0, 0);
    lines("|-activate|p2a: Blissey|move: Misty Terrain\n");
    no_line("Clause");
    guarded.sides[1].turns[SIDE_SAFEGUARD] = 3;
    step(&guarded, 0, 0);
    lines("|-activate|p2a: Blissey|move: Safeguard");
    no_line("Clause");
    step(&b, 0, BATTLE_CHOICE_SWITCH + 2);
    lines("Insomnia");
    no_line("Clause");
}

/* --------------------------------------------------------------------------------------------------- freeze --- */

Test(freeze, a_second_foe_is_not_frozen)
{
    struct battle b = start(CLAUSE_FREEZE, SLEEPER, TWO);
    cr_assert_eq(strike(&b, 1, STATUS_FRZ, 0), R_TRUE);
    no_line("Clause");
    step(&b, 2, TO_SECOND);
    cr_assert_eq(strike(&b, 1, STATUS_FRZ, 0), R_FALSE);
    lines(FROZE);
    cr_assert_eq(status(&b, 1, 1), STATUS_NONE);
    cr_assert_eq(strike(&b, 0, STATUS_FRZ, 1), R_TRUE, "the other side has one free");
    b.clauses = CLAUSE_SLEEP;
    cr_assert_eq(strike(&b, 1, STATUS_FRZ, 0), R_TRUE);
}

Test(freeze, one_that_is_frozen_and_one_that_sleeps_go_together)
{
    struct battle b = start(CLAUSE_ALL, SLEEPER, TWO);
    cr_assert_eq(strike(&b, 1, STATUS_FRZ, 0), R_TRUE);
    step(&b, 2, TO_SECOND);
    cr_assert_eq(strike(&b, 1, STATUS_SLP, 0), R_TRUE);
    no_line("Clause");
}

/* ---------------------------------------------------------------------------------------------------- state --- */

Test(clauses, are_seen_by_everybody)
{
    struct battle b = start(CLAUSE_ALL, SLEEPER, TWO), none = start(0, SLEEPER, TWO);
    struct battle_view view;
    for (int viewer = BATTLE_FULL; viewer <= 1; viewer++) {
        battle_view(&b, NULL, dex(), viewer, &view);
        cr_assert_eq(view.clauses, CLAUSE_ALL);
        battle_view(&none, NULL, dex(), viewer, &view);
        cr_assert_eq(view.clauses, 0);
    }
    b = start(0xfc | CLAUSE_FREEZE, SLEEPER, TWO);
    cr_assert_eq(b.clauses, CLAUSE_FREEZE, "what there is not is left out");
}

/* Battles without clauses have the bytes that they had before there were any. */
Test(clauses, are_part_of_the_bytes_and_of_the_digest)
{
    uint8_t with[BATTLE_ENCODED_MAX], without[BATTLE_ENCODED_MAX], again[BATTLE_ENCODED_MAX];
    struct battle b = start(CLAUSE_ALL, SLEEPER, TWO), none = start(0, SLEEPER, TWO), back;
    const size_t n = battle_encode(&b, with);
    size_t differ = 0, at = 0;
    cr_assert_eq(battle_encode(&none, without), n);
    for (size_t i = 0; i < n; i++)
        if (with[i] != without[i]) {
            differ++;
            at = i;
        }
    cr_assert_eq(differ, 1, "%zu bytes differ", differ);
    cr_assert_neq(battle_digest(&b), battle_digest(&none));
    cr_assert_eq(battle_decode(&back, dex(), with, n), 0);
    cr_assert_eq(back.clauses, CLAUSE_ALL);
    cr_assert_eq(battle_encode(&back, again), n);
    cr_assert_arr_eq(with, again, n);
    for (unsigned bit = 5; bit < 8; bit++) {
        memcpy(again, with, n);
        again[at] |= (uint8_t)(1u << bit);
        cr_assert_neq(battle_decode(&back, dex(), again, n), 0, "bit %u means nothing", bit);
    }
}

Test(clauses, weather_that_an_item_made_longer_leaves_them_alone)
{
    struct battle b = start(CLAUSE_ALL, "torkoal : drought : splash\npelipper : drizzle : splash", TWO);
    b.sides[0].party[1].item = dex_item(dex(), "damprock");
    step(&b, TO_SECOND, 0);
    cr_assert(b.longer & LONGER_WEATHER);
    cr_assert_eq(b.clauses, CLAUSE_ALL);
    step(&b, TO_FIRST, 0);
    cr_assert(!(b.longer & LONGER_WEATHER));
    cr_assert_eq(b.clauses, CLAUSE_ALL);
}

Test(clauses, whose_doing_a_sleep_is_goes_through_the_bytes)
{
    uint8_t bytes[BATTLE_ENCODED_MAX];
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO), back;
    step(&b, 0, 0);
    cr_assert(b.sides[1].party[0].flags & MON_PUT_TO_SLEEP);
    cr_assert_eq(battle_decode(&back, dex(), bytes, battle_encode(&b, bytes)), 0);
    step(&back, 0, TO_SECOND);
    lines(SLEPT);
    b.sides[1].party[1].flags |= MON_PUT_TO_SLEEP; /* it is awake */
    cr_assert_neq(battle_decode(&back, dex(), bytes, battle_encode(&b, bytes)), 0);
}

/* Whatever ends a sleep ends that mark, too. */
Test(clauses, the_mark_goes_with_the_sleep)
{
    struct battle b = start(CLAUSE_SLEEP, SLEEPER, TWO);
    step(&b, 0, 0);
    for (int turn = 0; turn < 4 && status(&b, 1, 0); turn++)
        step(&b, 3, 0);
    cr_assert_eq(status(&b, 1, 0), STATUS_NONE);
    cr_assert(!(b.sides[1].party[0].flags & MON_PUT_TO_SLEEP));
    b = start(0, SLEEPER, TWO);
    step(&b, 0, 0);
    cr_assert(!(b.sides[1].party[0].flags & MON_PUT_TO_SLEEP), "nobody asks for it without the clause");
}

/* -------------------------------------------------------------------------------------- what was found beside --- */

Test(heal_block, stops_a_rest_that_sleep_talk_calls)
{
    struct battle b = start(0, "blissey : serenegrace : splash", "snorlax : thickfat : rest sleeptalk");
    b.sides[1].party[0].hp /= 2;
    strike(&b, 1, STATUS_SLP, 1);
    b.sides[1].party[0].status_n = 3;
    b.sides[1].on.volatiles[VOL_HEAL_BLOCK / 64] |= 1ull << (VOL_HEAL_BLOCK % 64);
    b.sides[1].on.turns[VOL_HEAL_BLOCK] = 5;
    step(&b, 0, 1);
    lines("|move|p2a: Snorlax|Sleep Talk|p2a: Snorlax\n|cant|p2a: Snorlax|move: Heal Block|Rest\n");
}
