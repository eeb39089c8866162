/*
 * test_battle_view.c - who may see what, the log's text, bytes that are refused.
 */
#include "test_battle_play.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct dex *dex(void)
{
    return dex_find("gen1-v1");
}

static struct battle_known known; /* of the last random battle */

static struct battle random_battle(uint64_t *state, int steps)
{
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2];
    struct battle_log log = {.known = &known};
    play_teams(dex(), state, teams, sizes);
    cr_assert_eq(battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, *state, &log), 0);
    while (steps-- && b.phase != BATTLE_ENDED) {
        int one = play_choice(battle_choices(&b, dex(), 0), state),
            two = play_choice(battle_choices(&b, dex(), 1), state);
        cr_assert(battle_step(&b, dex(), one, two, &log) >= 0);
    }
    return b;
}

Test(view, own_side_is_exact)
{
    uint64_t state = 5;
    for (int i = 0; i < 200; i++) {
        struct battle b = random_battle(&state, 30);
        struct battle_view v;
        battle_view(&b, &known, dex(), 0, &v);
        for (int k = 0; k < BATTLE_PARTY; k++) {
            const struct battle_mon *m = &b.sides[0].party[k];
            const struct battle_view_mon *o = &v.sides[0].party[k];
            cr_assert(o->known && o->exact);
            cr_assert(o->hp == m->hp && o->hp_max == m->hp_max && o->species == m->species);
            cr_assert_arr_eq(o->pp, m->pp, sizeof m->pp);
            cr_assert(o->stats[0] && o->stats[4], "own stats show");
        }
        cr_assert_eq(v.choices, battle_choices(&b, dex(), 0));
    }
}

Test(view, the_foe_is_known_by_what_it_showed)
{
    uint64_t state = 6;
    struct battle b = random_battle(&state, 0);
    struct battle_view v;
    battle_view(&b, &known, dex(), 0, &v);
    const struct battle_view_side *foe = &v.sides[1];
    cr_assert(foe->party[0].known && foe->party[0].active && !foe->party[0].exact);
    cr_assert(foe->party[0].hp == 100 && foe->party[0].hp_max == 100);
    cr_assert_eq(foe->party[0].nature, 0xff);
    cr_assert_eq(foe->bench_alive, 5);
    for (int i = 0; i < BATTLE_MOVES; i++)
        cr_assert_eq(foe->party[0].moves[i], 0);
    for (int i = 1; i < BATTLE_PARTY; i++)
        cr_assert_not(foe->party[i].known);
    battle_view(&b, NULL, dex(), BATTLE_FULL, &v);
    cr_assert(v.sides[1].party[5].exact);
    cr_assert_eq(v.choices, 0);
}

Test(view, expected_damage_is_near_the_truth)
{
    uint64_t state = 8;
    struct battle b = random_battle(&state, 0);
    struct battle_view v;
    struct battle_set one = battle_set_default(dex_species(dex(), "charizard"));
    struct battle_set two = battle_set_default(dex_species(dex(), "venusaur"));
    one.moves[0] = two.moves[0] = dex_move(dex(), "flamethrower");
    struct battle_set teams[2][BATTLE_PARTY] = {{one}, {two}};
    const int sizes[2] = {1, 1};
    struct battle_log log = {.known = &known};
    cr_assert_eq(battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 1, &log), 0);
    battle_view(&b, &known, dex(), 0, &v);
    int permille = battle_expected_damage(dex(), &v, 0, 0, 0, dex_move(dex(), "flamethrower"));
    cr_assert(permille > 740 && permille < 800, "%d", permille); /* 120 of 155 */
    cr_assert_eq(battle_expected_damage(dex(), &v, 0, 0, 0, dex_move(dex(), "earthquake")) > 0, true);
    cr_assert_eq(battle_expected_damage(dex(), &v, 1, 0, 0, dex_move(dex(), "earthquake")), 0, "Flying");
    cr_assert_eq(battle_expected_damage(dex(), &v, 0, 0, 3, dex_move(dex(), "earthquake")), 0, "nobody there");
}

Test(view, log_text_by_viewer)
{
    struct battle b;
    struct battle_set one = battle_set_default(dex_species(dex(), "charizard"));
    struct battle_set two = battle_set_default(dex_species(dex(), "blastoise"));
    one.moves[0] = dex_move(dex(), "seismictoss");
    two.moves[0] = dex_move(dex(), "splash");
    two.gender = GENDER_MALE;
    struct battle_set teams[2][BATTLE_PARTY] = {{one}, {two}};
    const int sizes[2] = {1, 1};
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    char text[2048];
    struct battle_text out = {text, sizeof text - 1, 0, false};
    battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 1, &log);
    battle_step(&b, dex(), 0, 0, &log);
    battle_log_text(&b, dex(), &log, BATTLE_SPECTATOR, &out);
    text[out.len] = 0;
    cr_assert_str_eq(text, "|start\n"
                           "|switch|p1a: Charizard|Charizard, L50|100/100\n"
                           "|switch|p2a: Blastoise|Blastoise, L50, M|100/100\n"
                           "|turn|1\n"
                           "|move|p1a: Charizard|Seismic Toss|p2a: Blastoise\n"
                           "|-damage|p2a: Blastoise|68/100\n"
                           "|move|p2a: Blastoise|Splash|p2a: Blastoise\n"
                           "|-nothing\n"
                           "|\n"
                           "|upkeep\n"
                           "|turn|2\n");
    out.len = 0;
    battle_log_text(&b, dex(), &log, 1, &out);
    text[out.len] = 0;
    cr_assert_not_null(strstr(text, "|-damage|p2a: Blastoise|104/154\n"));
    cr_assert_not_null(strstr(text, "|switch|p1a: Charizard|Charizard, L50|100/100\n"));
    struct battle_text small = {text, 10, 0, false};
    battle_log_text(&b, dex(), &log, 1, &small);
    cr_assert(small.overflow && small.len == 10);
}

Test(view, a_full_log_says_so)
{
    uint64_t state = 3;
    struct battle b = random_battle(&state, 0);
    struct battle_event few[2];
    struct battle_log log = {.events = few, .cap = 2}, none = {.cap = 0};
    int one = play_choice(battle_choices(&b, dex(), 0), &state),
        two = play_choice(battle_choices(&b, dex(), 1), &state);
    struct battle c = b;
    battle_step(&b, dex(), one, two, &log);
    cr_assert(log.overflow && log.count == 2);
    battle_step(&c, dex(), one, two, &none);
    cr_assert_eq(battle_digest(&b), battle_digest(&c), "a log changes nothing");
}

Test(view, cut_or_changed_bytes_are_refused_or_harmless)
{
    uint64_t state = 21;
    for (int i = 0; i < 60; i++) {
        struct battle b = random_battle(&state, (int)play_below(&state, 60)), c;
        uint8_t bytes[BATTLE_ENCODED_MAX + 1], again[BATTLE_ENCODED_MAX];
        size_t n = battle_encode(&b, bytes);
        cr_assert_eq(battle_decode(&c, dex(), bytes, n), 0);
        bytes[n] = 0;
        cr_assert_eq(battle_decode(&c, dex(), bytes, n + 1), -1, "something follows");
        for (size_t k = 0; k < n; k++) {
            cr_assert_eq(battle_decode(&c, dex(), bytes, k), -1, "cut at %zu", k);
            uint8_t old = bytes[k];
            bytes[k] ^= (uint8_t)(1 + play_below(&state, 255));
            if (battle_decode(&c, dex(), bytes, n) == 0) {
                cr_assert_eq(battle_encode(&c, again), n);
                cr_assert_arr_eq(again, bytes, n);
            }
            bytes[k] = old;
        }
    }
}

Test(view, states_are_small)
{
    cr_assert_lt(sizeof(struct battle), 1024);
}
