/*
 * test_battle_turn.c - the course of battles: order, statuses, PP, replacements, the end, chances.
 *
 * Chances are measured over many seeds and must lie within five standard deviations.
 */
#include "engine.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static const struct dex *dex(void)
{
    return dex_find("gen1-v1");
}

static struct battle_set pokemon(const char *species, const char *moves)
{
    struct battle_set set = battle_set_default(dex_species(dex(), species));
    char copy[100], *at = copy;
    snprintf(copy, sizeof copy, "%s", moves);
    for (int i = 0; i < 4 && *at; i++) {
        char *end = strchr(at, ' ');
        if (end)
            *end = 0;
        set.moves[i] = dex_move(dex(), at);
        cr_assert(set.moves[i], "no move %s", at);
        at = end ? end + 1 : at + strlen(at);
    }
    return set;
}

static struct battle start(const struct battle_set *one, int n, const struct battle_set *two, int m, uint64_t seed)
{
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    memcpy(teams[0], one, (size_t)n * sizeof *one);
    memcpy(teams[1], two, (size_t)m * sizeof *two);
    const int sizes[2] = {n, m};
    cr_assert_eq(battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, seed, NULL), 0);
    return b;
}

static struct battle duel(const char *one, const char *moves, const char *two, const char *others, uint64_t seed)
{
    struct battle_set a = pokemon(one, moves), b = pokemon(two, others);
    return start(&a, 1, &b, 1, seed);
}

static struct battle_event events[BATTLE_EVENTS_MAX];
static struct battle_known known; /* of the steps since it was cleared */

/* A step; the events of it are in `events`, their number is returned. */
static int step(struct battle *b, int one, int two)
{
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
    cr_assert(battle_step(b, dex(), one, two, &log) >= 0, "choice refused");
    return (int)log.count;
}

static int find(int n, int kind)
{
    for (int i = 0; i < n; i++)
        if (events[i].kind == kind)
            return i;
    return -1;
}

static void within(const char *what, int hits, int n, double p)
{
    double sigma = sqrt(n * p * (1 - p));
    cr_assert(fabs(hits - n * p) <= 5 * sigma, "%s: %d of %d, expected %.1f +- %.1f", what, hits, n, n * p, sigma);
}

static unsigned speed_of(struct battle *b)
{
    struct ctx c;
    ctx_begin(&c, b, dex(), NULL);
    return (unsigned)action_speed(&c, 0);
}

static bool marked(const struct battle *b, int side, enum battle_volatile v)
{
    return b->sides[side].on.volatiles[v / 64] >> (v % 64) & 1;
}

static void mark(struct battle *b, int side, enum battle_volatile v, int turns)
{
    b->sides[side].on.volatiles[v / 64] |= 1ull << (v % 64);
    if (v < VOLATILES_TIMED)
        b->sides[side].on.turns[v] = (uint8_t)turns;
}

/* The battle was changed by hand: what may be chosen changes with it. */
static void offer(struct battle *b)
{
    uint32_t choices[2];
    battle_offered(b, dex(), choices);
    set_choices(&b->sides[0], choices[0]);
    set_choices(&b->sides[1], choices[1]);
}

#define MON(b, side) (&(b).sides[side].party[(b).sides[side].active])

Test(turn, the_faster_moves_first)
{
    struct battle b = duel("snorlax", "tackle", "jolteon", "tackle", 1);
    int n = step(&b, 0, 0), first = find(n, LINE_MOVE);
    cr_assert_eq(events[first].who / 8, 1);
}

Test(turn, priority_comes_before_speed)
{
    struct battle b = duel("rattata", "quickattack", "jolteon", "tackle", 1);
    int n = step(&b, 0, 0);
    cr_assert_eq(events[find(n, LINE_MOVE)].who / 8, 0);
}

Test(turn, paralysis_halves_speed)
{
    struct battle b = duel("jolteon", "tackle", "pikachu", "tackle", 1);
    unsigned speed = speed_of(&b);
    MON(b, 0)->status = STATUS_PAR;
    cr_assert_eq(speed_of(&b), speed / 2);
}

Test(turn, ties_are_even)
{
    int first = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("snorlax", "tackle", "snorlax", "tackle", (uint64_t)i);
        int n = step(&b, 0, 0);
        first += events[find(n, LINE_MOVE)].who / 8;
    }
    within("second side first", first, N, 0.5);
}

Test(turn, accuracy)
{
    int missed = 0, behind = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("onix", "stoneedge", "snorlax", "rest", (uint64_t)i);
        missed += find(step(&b, 0, 0), LINE_MISS) >= 0;
        b = duel("onix", "stoneedge", "snorlax", "rest", (uint64_t)i);
        b.sides[1].on.boosts[STAT_EVA] = 2;
        behind += find(step(&b, 0, 0), LINE_MISS) >= 0;
    }
    within("80 %", missed, N, 0.2);
    within("80 % at evasion +2", behind, N, 0.52);
}

Test(turn, moves_without_accuracy_never_miss)
{
    for (int i = 0; i < 500; i++) {
        struct battle b = duel("pikachu", "swift", "snorlax", "rest", (uint64_t)i);
        b.sides[1].on.boosts[STAT_EVA] = 6;
        cr_assert_lt(find(step(&b, 0, 0), LINE_MISS), 0);
    }
}

Test(turn, critical_hits)
{
    int usual = 0, high = 0;
    enum { N = 30000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("snorlax", "tackle", "snorlax", "rest", (uint64_t)i);
        usual += find(step(&b, 0, 0), LINE_CRIT) >= 0;
        b = duel("persian", "slash", "snorlax", "rest", (uint64_t)i);
        high += find(step(&b, 0, 0), LINE_CRIT) >= 0;
    }
    within("1/24", usual, N, 1.0 / 24);
    within("1/8", high, N, 1.0 / 8);
}

Test(turn, two_to_five_hits)
{
    int count[6] = {0}, n = 0;
    for (int i = 0; i < 20000; i++) {
        struct battle b = duel("jolteon", "pinmissile", "snorlax", "rest", (uint64_t)i);
        int at = find(step(&b, 0, 0), LINE_HIT_COUNT);
        if (at >= 0) {
            count[events[at].arg[0] & SAY_VALUE]++;
            n++;
        }
    }
    within("2 hits", count[2], n, 0.35);
    within("3 hits", count[3], n, 0.35);
    within("4 hits", count[4], n, 0.15);
    within("5 hits", count[5], n, 0.15);
}

Test(turn, secondary_effects)
{
    int burnt = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("charizard", "flamethrower", "snorlax", "splash", (uint64_t)i);
        step(&b, 0, 0);
        burnt += MON(b, 1)->status == STATUS_BRN;
    }
    within("10 % burn", burnt, N, 0.1);
}

Test(turn, sleep_lasts_one_to_three_moves)
{
    int lost[5] = {0};
    enum { N = 6000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("parasect", "spore splash", "jolteon", "splash", (uint64_t)i);
        int turns = 0;
        step(&b, 0, 0); /* after the other has moved */
        cr_assert_eq(MON(b, 1)->status, STATUS_SLP);
        while (find(step(&b, 1, 0), LINE_CANT) >= 0)
            turns++;
        lost[turns]++;
    }
    cr_assert_eq(lost[0] + lost[4], 0);
    for (int i = 1; i <= 3; i++)
        within("sleep", lost[i], N, 1.0 / 3);
}

Test(turn, ice_thaws_once_in_five_and_by_fire)
{
    int thawed = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("snorlax", "splash", "snorlax", "splash", (uint64_t)i);
        MON(b, 0)->status = STATUS_FRZ;
        step(&b, 0, 0);
        thawed += MON(b, 0)->status == STATUS_NONE;
    }
    within("thaw", thawed, N, 0.2);
    struct battle b = duel("charizard", "ember", "snorlax", "splash", 3);
    MON(b, 1)->status = STATUS_FRZ;
    step(&b, 0, 0);
    cr_assert_neq(MON(b, 1)->status, STATUS_FRZ);
    b = duel("charizard", "flareblitz", "snorlax", "splash", 3);
    MON(b, 0)->status = STATUS_FRZ;
    cr_assert_geq(find(step(&b, 0, 0), LINE_DAMAGE), 0);
}

Test(turn, paralysis_loses_a_quarter_of_the_moves)
{
    int lost = 0;
    enum { N = 20000 };
    for (int i = 0; i < N; i++) {
        struct battle b = duel("snorlax", "splash", "snorlax", "splash", (uint64_t)i);
        MON(b, 0)->status = STATUS_PAR;
        lost += find(step(&b, 0, 0), LINE_CANT) >= 0;
    }
    within("paralysis", lost, N, 0.25);
}

Test(turn, confusion_hurts_a_third_and_ends)
{
    int hurt_self = 0, tried = 0;
    for (int i = 0; i < 6000; i++) {
        struct battle b = duel("snorlax", "splash", "snorlax", "splash", (uint64_t)i);
        mark(&b, 0, VOL_CONFUSION, 0);
        b.sides[0].on.confusion = 5;
        int turns = 0;
        while (b.sides[0].on.confusion) {
            int n = step(&b, 0, 0);
            turns++;
            if (find(n, LINE_ACTIVATE) >= 0) {
                tried++;
                hurt_self += find(n, LINE_DAMAGE) >= 0;
            }
        }
        cr_assert_eq(turns, 5);
    }
    within("self-hit", hurt_self, tried, 0.33);
}

Test(turn, residual_damage)
{
    static const struct {
        int status, part;
    } rows[] = {{STATUS_BRN, 16}, {STATUS_PSN, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct battle b = duel("snorlax", "splash", "snorlax", "splash", 1);
        MON(b, 0)->status = (uint8_t)rows[i].status;
        step(&b, 0, 0);
        cr_assert_eq(MON(b, 0)->hp, MON(b, 0)->hp_max - MON(b, 0)->hp_max / rows[i].part);
    }
    struct battle b = duel("snorlax", "splash", "snorlax", "splash", 1);
    int hp = MON(b, 0)->hp, part = hp / 16;
    MON(b, 0)->status = STATUS_TOX;
    for (int turn = 1; turn <= 4; turn++) {
        step(&b, 0, 0);
        hp -= part * turn;
        cr_assert_eq(MON(b, 0)->hp, hp);
    }
}

Test(turn, types_keep_statuses_away)
{
    static const struct {
        const char *target, *user, *move;
    } rows[] = {{"charizard", "ninetales", "willowisp"}, {"pikachu", "raichu", "thunderwave"},
                {"arbok", "venusaur", "toxic"},          {"sandslash", "raichu", "thunderwave"},
                {"venusaur", "parasect", "spore"},       {"tangela", "venusaur", "leechseed"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct battle b = duel(rows[i].user, rows[i].move, rows[i].target, "rest", 5);
        for (int turn = 0; turn < 4; turn++)
            step(&b, 0, 0);
        cr_assert_eq(MON(b, 1)->status, STATUS_NONE, "%s on %s", rows[i].move, rows[i].target);
        cr_assert_not(marked(&b, 1, VOL_LEECH_SEED));
    }
}

Test(turn, stages_end_at_six)
{
    struct battle b = duel("scyther", "swordsdance", "snorlax", "splash", 1);
    for (int i = 0; i < 5; i++)
        step(&b, 0, 0);
    cr_assert_eq(b.sides[0].on.boosts[STAT_ATK], 6);
}

Test(turn, pp_run_out_into_struggle)
{
    struct battle b = duel("snorlax", "tackle splash", "snorlax", "splash rest", 1);
    int pp = MON(b, 0)->pp[0];
    step(&b, 0, 0);
    cr_assert_eq(MON(b, 0)->pp[0], pp - 1);
    MON(b, 0)->pp[0] = 0;
    offer(&b);
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u << 1);
    MON(b, 0)->pp[1] = 0;
    offer(&b);
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u << BATTLE_CHOICE_FORCED);
    int hp = MON(b, 0)->hp;
    step(&b, BATTLE_CHOICE_FORCED, 0);
    cr_assert_eq(hp - MON(b, 0)->hp, (MON(b, 0)->hp_max * 2 + 4) / 8, "a quarter, rounded half up");
    cr_assert_lt(MON(b, 1)->hp, MON(b, 1)->hp_max);
}

Test(turn, struggle_hits_ghosts)
{
    struct battle b = duel("snorlax", "tackle", "gengar", "toxic", 1);
    MON(b, 0)->pp[0] = 0;
    offer(&b);
    step(&b, BATTLE_CHOICE_FORCED, 0);
    cr_assert_lt(MON(b, 1)->hp, MON(b, 1)->hp_max);
}

Test(turn, illegal_choices_change_nothing)
{
    struct battle_set team[2] = {pokemon("snorlax", "tackle"), pokemon("pikachu", "thunderbolt")};
    struct battle b = start(team, 2, team, 2, 1), before = b;
    static const int bad[] = {-2, -1, 1, 3, 4, 5, 7, 10, 11, 99};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert_eq(battle_step(&b, dex(), bad[i], 0, NULL), BATTLE_BAD_CHOICE);
        cr_assert_eq(battle_step(&b, dex(), 0, bad[i], NULL), BATTLE_BAD_CHOICE);
        cr_assert_eq(memcmp(&b, &before, sizeof b), 0);
    }
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u | 1u << 6);
}

Test(turn, a_fainted_one_is_replaced)
{
    struct battle_set one = pokemon("mewtwo", "psychic"), team[3] = {pokemon("magikarp", "tackle"), one, one};
    struct battle b = start(&one, 1, team, 3, 1);
    step(&b, 0, 0);
    cr_assert_eq(b.phase, BATTLE_REPLACE);
    cr_assert_eq(battle_choices(&b, dex(), 0), 0);
    cr_assert_eq(battle_choices(&b, dex(), 1), 1u << 6 | 1u << 7);
    cr_assert_eq(battle_step(&b, dex(), 0, 6, NULL), BATTLE_BAD_CHOICE, "who is not asked must not choose");
    step(&b, BATTLE_NO_CHOICE, 7);
    cr_assert_eq(b.sides[1].active, 2);
    cr_assert_eq(b.turn, 2);
    cr_assert_eq(b.phase, BATTLE_CHOOSING);
}

Test(turn, a_replacement_may_faint_on_what_lies_there)
{
    struct battle_set one = pokemon("mewtwo", "psychic"), karp = pokemon("charizard", "tackle"),
                      team[3] = {karp, karp, karp};
    struct battle b = start(&one, 1, team, 3, 1);
    b.sides[1].turns[SIDE_STEALTH_ROCK] = 1;
    b.sides[1].hazards[0] = 1 + SIDE_STEALTH_ROCK;
    b.sides[1].party[0].hp = 1;
    b.sides[1].party[1].hp = 1;
    step(&b, 0, 0);
    step(&b, BATTLE_NO_CHOICE, 6);
    cr_assert_eq(b.phase, BATTLE_REPLACE, "asked again");
    cr_assert_eq(battle_choices(&b, dex(), 1), 1u << 7);
    step(&b, BATTLE_NO_CHOICE, 7);
    cr_assert_eq(MON(b, 1)->hp, MON(b, 1)->hp_max - MON(b, 1)->hp_max / 2, "four times weak: half");
}

Test(turn, both_last_ones_fainting_is_a_draw)
{
    struct battle b = duel("golem", "explosion", "pidgey", "tackle", 1);
    cr_assert_geq(find(step(&b, 0, 0), LINE_TIE), 0);
    cr_assert_eq(b.winner, BATTLE_DRAW);
    cr_assert_eq(battle_choices(&b, dex(), 0) | battle_choices(&b, dex(), 1), 0);
    cr_assert_eq(battle_step(&b, dex(), -1, -1, NULL), BATTLE_BAD_CHOICE);
}

Test(turn, both_are_replaced_together)
{
    struct battle_set one[2] = {pokemon("golem", "explosion"), pokemon("golem", "tackle")};
    struct battle_set two[2] = {pokemon("pidgey", "tackle"), pokemon("pidgey", "gust")};
    struct battle b = start(one, 2, two, 2, 1);
    step(&b, 0, 0);
    cr_assert_eq(b.phase, BATTLE_REPLACE);
    cr_assert(b.sides[0].choices && b.sides[1].choices);
    step(&b, 6, 6);
    cr_assert_eq(b.phase, BATTLE_CHOOSING);
}

Test(turn, the_cap_counts_hp)
{
    struct battle b = duel("snorlax", "splash", "pikachu", "splash", 1);
    b.turn = BATTLE_TURN_CAP;
    MON(b, 0)->hp -= 10;
    step(&b, 0, 0);
    cr_assert_eq(b.winner, BATTLE_WON_1);
    b = duel("snorlax", "splash", "pikachu", "splash", 1);
    b.turn = BATTLE_TURN_CAP;
    step(&b, 0, 0);
    cr_assert_eq(b.winner, BATTLE_DRAW);
}

Test(turn, forfeit)
{
    struct battle b = duel("snorlax", "splash", "pikachu", "splash", 1);
    battle_forfeit(&b, 0, NULL);
    cr_assert_eq(b.winner, BATTLE_WON_1);
    battle_forfeit(&b, 1, NULL);
    cr_assert_eq(b.winner, BATTLE_WON_1, "only once");
}

Test(turn, uturn_halts_the_turn)
{
    struct battle_set one[2] = {pokemon("scyther", "uturn"), pokemon("snorlax", "tackle")};
    struct battle_set two = pokemon("slowbro", "surf");
    struct battle b = start(one, 2, &two, 1, 1);
    step(&b, 0, 0);
    cr_assert_eq(b.phase, BATTLE_PIVOT);
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u << 6);
    cr_assert_eq(battle_choices(&b, dex(), 1), 0);
    step(&b, 6, BATTLE_NO_CHOICE);
    cr_assert_eq(b.turn, 2);
    cr_assert_lt(b.sides[0].party[1].hp, b.sides[0].party[1].hp_max, "the one that came in is hit");
    cr_assert_eq(b.sides[0].party[0].hp, b.sides[0].party[0].hp_max);
}

Test(turn, switching_clears_what_passes)
{
    struct battle_set team[2] = {pokemon("scyther", "swordsdance"), pokemon("snorlax", "tackle")};
    struct battle_set two = pokemon("slowbro", "splash");
    struct battle b = start(team, 2, &two, 1, 1);
    step(&b, 0, 0);
    MON(b, 0)->status = STATUS_TOX;
    MON(b, 0)->status_n = 5;
    step(&b, 6, 0);
    step(&b, 5, 0);
    cr_assert_eq(b.sides[0].on.boosts[STAT_ATK], 0);
    cr_assert_eq(MON(b, 0)->status, STATUS_TOX);
    cr_assert_eq(MON(b, 0)->status_n, 1, "poison starts anew");
}

Test(turn, locks)
{
    struct battle_set team[2] = {pokemon("tauros", "gigaimpact"), pokemon("snorlax", "tackle")};
    struct battle_set two = pokemon("cloyster", "splash");
    struct battle b = start(team, 2, &two, 1, 2);
    do
        step(&b, 0, 0);
    while (!marked(&b, 0, VOL_RECHARGE));
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u << BATTLE_CHOICE_FORCED);
    step(&b, BATTLE_CHOICE_FORCED, 0);
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u | 1u << 6);
    team[0] = pokemon("venusaur", "solarbeam");
    b = start(team, 2, &two, 1, 1);
    step(&b, 0, 0);
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u << BATTLE_CHOICE_FORCED);
    int pp = MON(b, 0)->pp[0];
    step(&b, BATTLE_CHOICE_FORCED, 0);
    cr_assert_eq(MON(b, 0)->pp[0], pp, "the second turn is free");
    cr_assert_lt(MON(b, 1)->hp, MON(b, 1)->hp_max);
}

Test(turn, protect_gets_rarer)
{
    int worked[3] = {0}, tried[3] = {0};
    for (int i = 0; i < 9000; i++) {
        struct battle b = duel("jolteon", "protect", "magikarp", "tackle", (uint64_t)i);
        for (int k = 0; k < 3; k++) {
            tried[k]++;
            if (find(step(&b, 0, 0), LINE_SINGLE_TURN) < 0)
                break;
            worked[k]++;
        }
    }
    cr_assert_eq(worked[0], tried[0]);
    within("second", worked[1], tried[1], 1.0 / 3);
    within("third", worked[2], tried[2], 1.0 / 9);
}

Test(turn, binding_keeps_from_switching_but_not_ghosts)
{
    static const char *const bound[2] = {"snorlax", "gengar"};
    for (int ghost = 0; ghost < 2; ghost++) {
        struct battle_set team[2] = {pokemon(bound[ghost], "splash"), pokemon("pikachu", "tackle")};
        struct battle_set two = pokemon("dratini", "whirlpool");
        struct battle b = start(team, 2, &two, 1, 1);
        for (int i = 0; i < 20 && !marked(&b, 0, VOL_BOUND); i++)
            step(&b, 0, 0);
        cr_assert(marked(&b, 0, VOL_BOUND));
        cr_assert_eq(battle_choices(&b, dex(), 0), ghost ? 1u | 1u << 6 : 1u, "%s", bound[ghost]);
    }
}

Test(turn, a_substitute_takes_the_damage)
{
    struct battle b = duel("jolteon", "substitute", "snorlax", "tackle", 1);
    step(&b, 0, 0);
    cr_assert_eq(MON(b, 0)->hp, MON(b, 0)->hp_max - MON(b, 0)->hp_max / 4);
    cr_assert(b.sides[0].on.substitute < MON(b, 0)->hp_max / 4 || !marked(&b, 0, VOL_SUBSTITUTE));
}

Test(turn, drain_and_recoil)
{
    struct battle b = duel("venusaur", "gigadrain", "blastoise", "splash", 1);
    MON(b, 0)->hp = 20;
    step(&b, 0, 0);
    int done = MON(b, 1)->hp_max - MON(b, 1)->hp;
    cr_assert_eq(MON(b, 0)->hp, 20 + (done + 1) / 2);
    b = duel("tauros", "doubleedge", "blastoise", "splash", 1);
    step(&b, 0, 0);
    done = MON(b, 1)->hp_max - MON(b, 1)->hp;
    cr_assert_eq(MON(b, 0)->hp_max - MON(b, 0)->hp, (done * 33 + 50) / 100);
}

Test(turn, taunt_bars_status_moves)
{
    struct battle b = duel("gengar", "taunt", "snorlax", "splash tackle", 1);
    step(&b, 0, 1);
    cr_assert_eq(battle_choices(&b, dex(), 1), 1u << 1);
    MON(b, 1)->pp[1] = 0;
    offer(&b);
    cr_assert_eq(battle_choices(&b, dex(), 1), 1u << BATTLE_CHOICE_FORCED, "Struggle, when nothing else may be used");
    MON(b, 1)->pp[1] = 5;
    offer(&b);
    step(&b, 0, 1);
    step(&b, 0, 1);
    cr_assert_eq(battle_choices(&b, dex(), 1), 3u, "three turns");
}

Test(turn, trick_room_turns_the_order_over)
{
    struct battle b = duel("slowbro", "trickroom tackle", "jolteon", "tackle", 1);
    step(&b, 0, 0);
    int n = step(&b, 1, 0);
    cr_assert_eq(events[find(n, LINE_MOVE)].who / 8, 0);
    for (int i = 0; i < 3; i++)
        step(&b, 1, 0);
    n = step(&b, 1, 0);
    cr_assert_eq(events[find(n, LINE_MOVE)].who / 8, 1, "five turns, with the one it began in");
}

Test(turn, focus_punch_is_lost_by_a_hit)
{
    struct battle b = duel("snorlax", "focuspunch", "chansey", "tackle splash", 1);
    int pp = MON(b, 0)->pp[0];
    cr_assert_geq(find(step(&b, 0, 0), LINE_CANT), 0);
    cr_assert_eq(MON(b, 0)->pp[0], pp);
    cr_assert_lt(find(step(&b, 0, 1), LINE_CANT), 0);
    cr_assert_lt(MON(b, 1)->hp, MON(b, 1)->hp_max);
}

Test(turn, sleep_talk_calls_another_move)
{
    struct battle b = duel("snorlax", "sleeptalk tackle", "chansey", "splash", 1);
    MON(b, 0)->status = STATUS_SLP;
    MON(b, 0)->status_n = 3;
    step(&b, 0, 0);
    cr_assert_lt(MON(b, 1)->hp, MON(b, 1)->hp_max);
    cr_assert_eq(MON(b, 0)->pp[1], dex()->moves[dex_move(dex(), "tackle")].pp, "for nothing");
    const uint16_t shown[] = {dex_move(dex(), "sleeptalk"), dex_move(dex(), "tackle"), 0, 0}; /* by number */
    cr_assert_arr_eq(known.sides[0].seen[0].moves, shown, sizeof shown);
}

/* ------------------------------------------------------------------------- ends, as the rules of a version say --- */

/* One Snorlax of each, both able to splash and to explode. */
static struct battle last_two(const struct dex *of, uint16_t turn)
{
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    for (int i = 0; i < 2; i++) {
        teams[i][0] = battle_set_default(dex_species(of, "snorlax"));
        teams[i][0].moves[0] = dex_move(of, "splash");
        teams[i][0].moves[1] = dex_move(of, "explosion");
    }
    const int sizes[2] = {1, 1};
    cr_assert_eq(battle_start(&b, of, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 3, NULL), 0);
    b.turn = turn;
    b.sides[1].party[0].hp = 1;
    return b;
}

static const struct end_rule {
    const char *version;
    uint16_t cap;
    uint8_t at_the_cap, both_fall; /* winners, where side 1 has less HP, and side 0 explodes */
} end_rules[] = {
    {"gen1-v1", 300, BATTLE_WON_0, BATTLE_DRAW},
    {"gen9-v1", 1000, BATTLE_DRAW, BATTLE_WON_1},
    {"natdex-v1", 1000, BATTLE_DRAW, BATTLE_WON_1},
};

Test(end, by_the_turn_cap_of_the_version)
{
    for (size_t i = 0; i < sizeof end_rules / sizeof *end_rules; i++) {
        const struct dex *of = dex_find(end_rules[i].version);
        struct battle b = last_two(of, (uint16_t)(end_rules[i].cap - 1));
        cr_assert_eq(battle_step(&b, of, 0, 0, NULL), BATTLE_ONGOING, "%s", of->version);
        cr_assert_eq(b.turn, end_rules[i].cap);
        cr_assert_eq(battle_step(&b, of, 0, 0, NULL), BATTLE_DONE, "%s", of->version);
        cr_assert_eq(b.winner, end_rules[i].at_the_cap, "%s: %d", of->version, b.winner);
    }
}

Test(end, when_both_fall_at_once)
{
    for (size_t i = 0; i < sizeof end_rules / sizeof *end_rules; i++) {
        const struct dex *of = dex_find(end_rules[i].version);
        struct battle b = last_two(of, 5);
        cr_assert_eq(battle_step(&b, of, 1, 0, NULL), BATTLE_DONE, "%s", of->version);
        cr_assert(!b.sides[0].party[0].hp && !b.sides[1].party[0].hp);
        cr_assert_eq(b.winner, end_rules[i].both_fall, "%s: %d", of->version, b.winner);
    }
}

static void begins(struct battle_active *on, enum battle_volatile v, uint8_t turns)
{
    on->volatiles[v / 64] |= 1ull << (v % 64);
    if (v < VOLATILES_TIMED)
        on->turns[v] = turns;
}

/* The foe falls by a Perish Song, which is told once the next thing that lasts has been counted: a first Protect came
 * before what counts Protects, so it is over by then; a second one found the count there, and is not. */
Test(end, what_lasts_is_ended_in_the_order_in_which_it_came)
{
    const struct dex *of = dex_find("gen9-v1");
    const uint64_t guard = 1ull << (VOL_PROTECT % 64);
    for (int again = 0; again < 2; again++) {
        int held = 0;
        for (uint64_t seed = 0; seed < 60; seed++) {
            struct battle b = last_two(of, 5);
            b.sides[0].on.moves[0] = b.sides[0].party[0].moves[0] = dex_move(of, "protect");
            b.sides[0].party[0].pp[0] = 16;
            begins(&b.sides[1].on, VOL_PERISH, 1);
            if (again)
                begins(&b.sides[0].on, VOL_STALL, 1), b.sides[0].on.stall = 1;
            battle_reseed(&b, seed);
            cr_assert_eq(battle_step(&b, of, 0, 0, NULL), BATTLE_DONE);
            if (b.sides[0].on.stall != again + 1)
                continue; /* Protect failed, as it may when it is used again; the foe's Splash is later or not */
            held++;
            cr_assert_eq((b.sides[0].on.volatiles[0] & guard) != 0, again, "seed %d", (int)seed);
        }
        cr_assert_gt(held, 5, "Protect worked %d times", held);
    }
}
