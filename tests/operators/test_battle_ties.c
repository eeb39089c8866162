/*
 * test_battle_ties.c - battles that draw all ties: who is first of equals is a matter of luck then, and only then, and
 * the state keeps it.
 */
#include "engine.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct dex *dex(void)
{
    return dex_find("gen9-v1");
}

/* Two that are alike, hurt, and hold Leftovers. */
static struct battle start(bool ties, uint64_t seed)
{
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    struct battle b;
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(dex(), "snorlax"));
        teams[i][0].moves[0] = dex_move(dex(), "splash");
        teams[i][0].item = dex_item(dex(), "leftovers");
    }
    const struct battle_options options = {.seed = seed, .ties = ties};
    cr_assert_eq(battle_start_with(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, (const int[2]){1, 1},
                                   &options, NULL),
                 0);
    for (int i = 0; i < 2; i++)
        b.sides[i].party[0].hp /= 2;
    return b;
}

/* The side whose Leftovers heal first. */
static int first_healed(struct battle b)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    static char said[1 << 13];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    struct battle_text text = {said, sizeof said - 1, 0, false};
    cr_assert(battle_step(&b, dex(), 0, 0, &log) >= 0);
    battle_log_text(&b, dex(), &log, BATTLE_SPECTATOR, &text);
    said[text.len] = 0;
    const char *line = strstr(said, "|-heal|p");
    cr_assert(line, "nobody is healed in\n%s", said);
    return line[strlen("|-heal|p")] - '1';
}

static int second_first(bool ties, int battles)
{
    int n = 0;
    for (int seed = 0; seed < battles; seed++)
        n += first_healed(start(ties, (uint64_t)seed));
    return n;
}

Test(ties, run_in_the_order_of_the_sides_unless_they_are_drawn)
{
    cr_assert_eq(second_first(false, 500), 0);
}

Test(ties, are_decided_by_luck_when_they_are_drawn)
{
    const int n = second_first(true, 10000); /* five standard deviations are 250 */
    cr_assert(n > 4750 && n < 5250, "of 10,000 battles the second side was first in %d", n);
}

/* A battle that does not draw them has the bytes that it had before there was a choice. */
Test(ties, are_a_bit_of_the_state)
{
    uint8_t with[BATTLE_ENCODED_MAX], without[BATTLE_ENCODED_MAX];
    struct battle b = start(false, 7), back;
    const size_t n = battle_encode(&b, without);
    b.ties = true;
    size_t differ = 0;
    cr_assert_eq(battle_encode(&b, with), n);
    for (size_t i = 0; i < n; i++)
        differ += with[i] != without[i];
    cr_assert_eq(differ, 1, "%zu bytes differ", differ);
    cr_assert_eq(battle_decode(&back, dex(), with, n), 0);
    cr_assert(back.ties);
    cr_assert_eq(battle_digest(&back), battle_digest(&b));
    cr_assert_eq(battle_decode(&back, dex(), without, n), 0);
    cr_assert(!back.ties);
}

Test(ties, cost_numbers_where_nothing_is_at_stake)
{
    struct battle b = start(true, 7), usual = start(false, 7);
    cr_assert_neq(b.rng, usual.rng, "teams and arrivals of equals are drawn for");
    usual = b;
    usual.ties = false;
    cr_assert(battle_step(&b, dex(), 0, 0, NULL) >= 0 && battle_step(&usual, dex(), 0, 0, NULL) >= 0);
    cr_assert_neq(b.rng, usual.rng, "so is each event that both have");
}
