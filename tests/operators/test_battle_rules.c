/*
 * test_battle_rules.c - numbers: random generator, stats, type chart, damage, look-ups.
 */
#include "engine.h"

#include <criterion/criterion.h>

static const struct dex *dex(void)
{
    return dex_find("gen1-v1");
}

Test(rules, splitmix64_vectors)
{
    static const struct {
        uint64_t seed, next[4];
    } rows[] = {
        {0, {0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec}},
        {1, {0x910a2dec89025cc1, 0xbeeb8da1658eec67, 0xf893a2eefb32555e, 0x71c18690ee42c90b}},
        {42, {0xbdd732262feb6e95, 0x28efe333b266f103, 0x47526757130f9f52, 0x581ce1ff0e4ae394}},
        {1234567, {0x599ed017fb08fc85, 0x2c73f08458540fa5, 0x883ebce5a3f27c77, 0x3fbef740e9177b3f}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint64_t state = rows[i].seed;
        for (int j = 0; j < 4; j++)
            cr_assert_eq(rng_next(&state), rows[i].next[j]);
    }
    struct battle b = {.rng = 42};
    struct ctx c = {.b = &b};
    static const uint32_t below_100[4] = {13, 91, 58, 64}, rolls[4] = {90, 88, 87, 89};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(draw(&c, 0, 100, DRAW_ACCURACY), below_100[i]);
    battle_reseed(&b, 42);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(85 + draw(&c, 0, 16, DRAW_ROLL), rolls[i]);
}

Test(rules, stats_at_level_50)
{
    static const struct {
        const char *id;
        uint16_t stats[6];
    } rows[] = {
        {"charizard", {153, 104, 98, 129, 105, 120}},
        {"venusaur", {155, 102, 103, 120, 120, 100}},
        {"blastoise", {154, 103, 120, 105, 125, 98}},
        {"pikachu", {110, 75, 60, 70, 70, 110}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct battle_set set = battle_set_default(dex_species(dex(), rows[i].id));
        uint16_t stats[6];
        battle_stats(dex(), &set, stats);
        cr_assert_arr_eq(stats, rows[i].stats, sizeof stats, "%s", rows[i].id);
    }
}

Test(rules, natures_raise_and_lower_a_tenth)
{
    struct battle_set set = battle_set_default(dex_species(dex(), "charizard"));
    uint16_t stats[6];
    set.nature = (uint8_t)dex_nature("modest"); /* + Sp. Atk, - Attack */
    battle_stats(dex(), &set, stats);
    cr_assert_eq(stats[1], 93);
    cr_assert_eq(stats[3], 141);
    set.nature = (uint8_t)dex_nature("hardy");
    set.evs[5] = 252; /* 63 more points of base 2B + IV */
    battle_stats(dex(), &set, stats);
    cr_assert_eq(stats[5], 152);
    cr_assert_eq(dex_nature("brave?"), -1);
    int plus[5] = {0}, neutral = 0;
    for (int i = 0; i < 25; i++) {
        cr_assert_eq(dex_nature_plus(i) < 0, dex_nature_minus(i) < 0);
        if (dex_nature_plus(i) < 0)
            neutral++;
        else
            plus[dex_nature_plus(i)]++;
    }
    cr_assert_eq(neutral, 5);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(plus[i], 4);
}

/* Halves, attacker by row, both in the order of the names; taken from another source than the tables. */
static const char chart[18][19] = {
    "242211111422214212", /* Bug */
    "212211224222224222", /* Dark */
    "224202222222222212", /* Dragon */
    "221122242102222224", /* Electric */
    "244224122222212212", /* Fairy */
    "142212210224411442", /* Fighting */
    "421222122424222141", /* Fire */
    "422124222422222112", /* Flying */
    "212222224222024222", /* Ghost */
    "121222112142212414", /* Grass */
    "122422402122242442", /* Ground */
    "224222142441222211", /* Ice */
    "222222220222222112", /* Normal */
    "222242221412212102", /* Poison */
    "202224222222241212", /* Psychic */
    "422221442214222212", /* Rock */
    "222142122224222411", /* Steel */
    "221222422142222421", /* Water */
};

Test(rules, type_chart_324_cells)
{
    for (int a = 0; a < 18; a++)
        for (int d = 0; d < 18; d++)
            cr_assert_eq(dex_effectiveness(dex(), 1 + a, 1 + d), chart[a][d] - '0', "%s on %s", dex_type_name(1 + a),
                         dex_type_name(1 + d));
    for (int t = 0; t < TYPES; t++) {
        cr_assert_eq(dex_effectiveness(dex(), TYPE_STELLAR, t), 2);
        cr_assert_eq(dex_effectiveness(dex(), TYPE_NONE, t), 2);
        cr_assert_eq(dex_effectiveness(dex(), t, TYPE_NONE), 2);
    }
}

static void damage_row(const char *user, const char *move, const char *target, const int rolls[16])
{
    struct battle_fighter a, b;
    struct battle_set one = battle_set_default(dex_species(dex(), user));
    struct battle_set two = battle_set_default(dex_species(dex(), target));
    battle_fighter_from_set(dex(), &one, &a);
    battle_fighter_from_set(dex(), &two, &b);
    for (int i = 0; i < 16; i++)
        cr_assert_eq(battle_damage(dex(), &a, &b, dex_move(dex(), move), false, i), rolls[i], "%s roll %d", move, i);
}

Test(rules, damage_rows)
{
    damage_row("charizard", "flamethrower", "venusaur",
               (int[]){110, 110, 114, 114, 116, 116, 120, 120, 120, 122, 122, 126, 126, 128, 128, 132});
    damage_row("blastoise", "surf", "charizard",
               (int[]){102, 104, 104, 108, 108, 108, 110, 110, 114, 114, 114, 116, 116, 120, 120, 122});
    damage_row("pikachu", "thunderbolt", "blastoise",
               (int[]){60, 60, 60, 62, 62, 62, 62, 66, 66, 66, 66, 68, 68, 68, 68, 72});
    damage_row("charizard", "flamethrower", "blastoise",
               (int[]){26, 27, 27, 27, 27, 27, 28, 28, 29, 29, 29, 30, 30, 30, 30, 31});
    damage_row("venusaur", "razorleaf", "charizard", (int[]){8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 10});
}

Test(rules, damage_special_cases)
{
    struct battle_fighter a, b;
    struct battle_set one = battle_set_default(dex_species(dex(), "gengar"));
    struct battle_set two = battle_set_default(dex_species(dex(), "snorlax"));
    battle_fighter_from_set(dex(), &one, &a);
    battle_fighter_from_set(dex(), &two, &b);
    cr_assert_eq(battle_damage(dex(), &a, &b, dex_move(dex(), "shadowball"), false, 15), 0, "no effect");
    cr_assert_eq(battle_damage(dex(), &b, &a, dex_move(dex(), "bodyslam"), false, 15), 0, "no effect");
    cr_assert_eq(battle_damage(dex(), &a, &b, dex_move(dex(), "nightshade"), false, 0), 0, "Ghost on Normal");
    cr_assert_eq(battle_damage(dex(), &b, &b, dex_move(dex(), "seismictoss"), false, 0), 50, "the level");
    cr_assert_eq(battle_damage(dex(), &a, &b, dex_move(dex(), "hypnosis"), false, 0), 0, "a status move");
    int plain = battle_damage(dex(), &b, &b, dex_move(dex(), "bodyslam"), false, 15);
    int crit = battle_damage(dex(), &b, &b, dex_move(dex(), "bodyslam"), true, 15);
    b.status = STATUS_BRN;
    int burnt = battle_damage(dex(), &b, &b, dex_move(dex(), "bodyslam"), false, 15);
    cr_assert(crit > plain * 145 / 100 && crit <= plain * 155 / 100);
    cr_assert(burnt >= plain / 2 - 1 && burnt <= plain / 2 + 1);
    cr_assert_eq(battle_damage(dex(), &b, &b, dex_move(dex(), "facade"), false, 15) >= plain, true);
}

Test(rules, stages)
{
    static const unsigned of_100[13] = {25, 28, 33, 40, 50, 66, 100, 150, 200, 250, 300, 350, 400};
    for (int s = -6; s <= 6; s++)
        cr_assert_eq((unsigned)stat_staged(100, s), of_100[s + 6]);
}

Test(rules, rounding)
{
    cr_assert_eq(modify(3, 2048), 1, "halves go down");
    cr_assert_eq(modify(5, 6144), 7);
    cr_assert_eq(share(5, 1, 2), 3, "halves go up");
    cr_assert_eq(share(100, 33, 100), 33);
}

Test(rules, percent_rounds_up_and_keeps_100_for_full)
{
    cr_assert_eq(battle_percent(0, 200), 0);
    cr_assert_eq(battle_percent(1, 200), 1);
    cr_assert_eq(battle_percent(3, 200), 2);
    cr_assert_eq(battle_percent(199, 200), 99);
    cr_assert_eq(battle_percent(200, 200), 100);
}

Test(rules, every_id_is_found)
{
    const struct dex *d = dex();
    cr_assert_null(dex_find("gen1-v0"));
    cr_assert_eq(d->species_n, 151);
    for (uint16_t i = 1; i <= d->species_n; i++) {
        cr_assert_eq(dex_species(d, d->species[i].id), i);
        cr_assert_eq(d->species[i].number, i);
    }
    for (uint16_t i = 1; i <= d->moves_n; i++) {
        cr_assert_eq(dex_move(d, d->moves[i].id), i);
        cr_assert(d->moves[i].pp >= 1 && d->moves[i].pp <= 64);
    }
    cr_assert_str_eq(d->moves[d->struggle].name, "Struggle");
    cr_assert_eq(dex_species(d, "missingno"), 0);
    cr_assert_eq(dex_move(d, ""), 0);
}

Test(rules, learnsets)
{
    const struct dex *d = dex();
    cr_assert(dex_learns(d, dex_species(d, "charizard"), dex_move(d, "flamethrower")));
    cr_assert(dex_learns(d, dex_species(d, "pikachu"), dex_move(d, "thunderbolt")));
    cr_assert_not(dex_learns(d, dex_species(d, "magikarp"), dex_move(d, "surf")));
    cr_assert_not(dex_learns(d, 0, 1));
    cr_assert_not(dex_learns(d, 6, 0));
    cr_assert_not(dex_learns(d, 6, d->struggle));
    for (uint16_t i = 1; i <= d->species_n; i++) {
        int n = 0;
        for (uint16_t m = 1; m <= d->moves_n; m++)
            n += dex_learns(d, i, m);
        cr_assert(n > 0 || i == 132, "%s knows nothing", d->species[i].id); /* Ditto only transforms */
    }
}

Test(rules, teams_are_checked)
{
    const struct dex *d = dex();
    struct battle_set team[6];
    for (int i = 0; i < 6; i++) {
        team[i] = battle_set_default((uint16_t)(1 + i));
        team[i].moves[0] = dex_move(d, "tackle");
    }
    cr_assert_eq(battle_team_check(d, team, 6), 0);
    cr_assert_eq(battle_team_check(d, team, 7), -100);
    cr_assert_eq(battle_team_check(d, team, 0), -100);
    team[3].moves[2] = dex_move(d, "ember"); /* a gap */
    cr_assert_eq(battle_team_check(d, team, 6), -4);
    team[3].moves[1] = team[3].moves[0]; /* a repeat */
    cr_assert_eq(battle_team_check(d, team, 6), -4);
    team[3].moves[1] = team[3].moves[2] = 0;
    team[5].ivs[2] = 32;
    cr_assert_eq(battle_team_check(d, team, 6), -6);
    team[5].ivs[2] = 31;
    team[0].level = 101;
    cr_assert_eq(battle_team_check(d, team, 6), -1);
    team[0].level = 100;
    team[0].moves[0] = d->struggle;
    cr_assert_eq(battle_team_check(d, team, 6), -1);
}

/* gen1-v1 and one more rule of a condition. */
static struct dex *with_condition(const char *text)
{
    struct dex_document documents[32];
    size_t n = dex_documents("gen1-v1", documents, 31);
    cr_assert_lt(n, 32);
    documents[n++] = (struct dex_document){"effects/conditions", text, strlen(text)};
    struct dex *made = dex_from_texts("gen1-v1", documents, n, NULL, NULL);
    cr_assert(made, "%s", text);
    return made;
}

Test(rules, core_rules_are_those_that_ask_for_no_more)
{
    cr_assert(dex()->core);
    cr_assert_not(dex_find("gen9-v1")->core);
    cr_assert_not(dex_find("natdex-v1")->core);
    struct dex *within = with_condition("{\"reflect\": [{\"on\": \"modify_damage\", \"do\": [\"times 2\"]}]}"),
               *beyond = with_condition("{\"reflect\": [{\"on\": \"modify_stab\", \"do\": [\"times 2\"]}]}");
    cr_assert(within->core);
    cr_assert_not(beyond->core, "what plays core rules does not ask for modify_stab");
    dex_free(within);
    dex_free(beyond);
}

/* HP that a Pound leaves, of one whose side has Safeguard. */
static unsigned left_by_pound(const struct dex *rules)
{
    struct battle_set teams[2][BATTLE_PARTY];
    const int sizes[2] = {1, 1};
    struct battle b;
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(rules, "snorlax"));
        memset(teams[i][0].moves, 0, sizeof teams[i][0].moves);
        teams[i][0].moves[0] = dex_move(rules, i ? "splash" : "pound");
    }
    cr_assert_eq(battle_start(&b, rules, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 3, NULL), 0);
    b.sides[0].turns[SIDE_SAFEGUARD] = 5;
    cr_assert_eq(battle_step(&b, rules, 0, 0, NULL), BATTLE_ONGOING);
    return b.sides[1].party[0].hp;
}

Test(rules, what_is_said_before_a_move_is_no_part_of_its_use)
{
    struct dex *made = with_condition("{\"safeguard\": [{\"on\": \"before_move\", \"do\": [\"power 250\"]}]}");
    const unsigned hp = left_by_pound(dex());
    cr_assert_lt(hp, 235);
    cr_assert_eq(left_by_pound(made), hp);
    dex_free(made);
}
