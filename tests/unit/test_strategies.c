/* The scoring strategies by themselves: their modules, loaded as the server loads them. */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "arena/strategy.h"

static const arena_strategy *strategy(const char *name)
{
    char path[512];
    const char *dir = getenv("ARENA_SCORING");
    snprintf(path, sizeof path, "%s/%s.so", dir ? dir : "plugins/scoring", name);
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    cr_assert(module, "%s", dlerror());
    const arena_strategy_entry *entry = dlsym(module, "arena_strategies");
    cr_assert(entry && entry->abi == ARENA_STRATEGY_ABI && entry->count == 1);
    cr_assert_str_eq(entry->strategies[0]->name, name);
    return entry->strategies[0];
}

/* One game of two seats; NULL rows are players that nobody knows. */
static void play(const arena_strategy *s, double *first, double *second, arena_score a, arena_score b)
{
    const arena_played played[2] = {{first, a}, {second, b}};
    const arena_game game = {.size = sizeof game, .seats = 2, .played = played};
    s->game(&game);
}

static void rate(double ra, double rb, double result, double wanted_a, double wanted_b)
{
    const arena_strategy *elo = strategy("elo");
    double a[4] = {ra}, b[4] = {rb};
    play(elo, a, b, (arena_score){0, result}, (arena_score){0, 1 - result});
    cr_assert_eq(a[0], wanted_a, "%g:%g, %g: %g instead of %g", ra, rb, result, a[0], wanted_a);
    cr_assert_eq(b[0], wanted_b, "%g:%g, %g: %g instead of %g", ra, rb, result, b[0], wanted_b);
    cr_assert_eq(a[1] + a[2] + a[3], 1);
}

Test(elo, vectors)
{
    rate(1000, 1000, 1, 1016, 984);
    rate(1000, 1000, 0.5, 1000, 1000);
    rate(1200, 1000, 1, 1208, 992);
    rate(1200, 1000, 0, 1176, 1024);
    rate(1016, 984, 0.5, 1015, 985);
}

Test(elo, starts_at_a_thousand_and_counts)
{
    const arena_strategy *elo = strategy("elo");
    cr_assert_eq(elo->start[0], 1000);
    double a[4], b[4], metrics[4];
    memcpy(a, elo->start, sizeof a);
    memcpy(b, elo->start, sizeof b);
    play(elo, a, b, (arena_score){0, 1}, (arena_score){0, -1});
    play(elo, a, b, (arena_score){0, 0}, (arena_score){0, 0});
    play(elo, a, b, (arena_score){0, -1}, (arena_score){0, 1});
    elo->show(a, 3, metrics);
    cr_assert(metrics[1] == 1 && metrics[2] == 1 && metrics[3] == 1);
    cr_assert_eq(a[0] + b[0], 2000);
}

Test(elo, three_seats_share_out_what_two_do)
{
    const arena_strategy *elo = strategy("elo");
    double rows[3][4] = {{1000}, {1000}, {1000}};
    const arena_played played[3] = {{rows[0], {0, 1}}, {rows[1], {0, 0}}, {rows[2], {0, -1}}};
    const arena_game game = {.size = sizeof game, .seats = 3, .played = played};
    elo->game(&game);
    cr_assert(rows[0][0] == 1016 && rows[1][0] == 1000 && rows[2][0] == 984);
    cr_assert(rows[0][1] == 1 && rows[1][2] == 1 && rows[2][3] == 1);
}

Test(average, passes_over_the_unknown)
{
    const arena_strategy *average = strategy("average");
    double a[2] = {0}, metrics[2];
    play(average, a, NULL, (arena_score){1, -1}, (arena_score){1, 1});
    play(average, NULL, a, (arena_score){1, -1}, (arena_score){0, 0.5});
    average->show(a, 2, metrics);
    cr_assert(metrics[0] == 0.5 && metrics[1] == -0.25);
}

Test(win_rate, wants_a_whole_point)
{
    const arena_strategy *win_rate = strategy("win-rate");
    double a[2] = {0}, b[2] = {0}, metrics[2];
    play(win_rate, a, b, (arena_score){1, 0.999}, (arena_score){2, 1});
    win_rate->show(a, 1, metrics);
    cr_assert(metrics[0] == 1 && metrics[1] == 0);
    win_rate->show(b, 1, metrics);
    cr_assert(metrics[0] == 1 && metrics[1] == 1);
}

static arena_game with_breaches(const arena_played *played, const arena_attribution *list, uint32_t count)
{
    return (arena_game){
        .size = sizeof(arena_game), .seats = 2, .played = played, .attribution_count = count, .attributions = list};
}

Test(red_team, counts_breaches_and_nothing_else)
{
    const arena_strategy *red_team = strategy("red-team");
    double a[2] = {0}, b[2] = {0}, metrics[2];
    const arena_played played[2] = {{a, {0, 0}}, {b, {0, 0}}};
    const arena_attribution list[] = {
        {0, 1, ARENA_TEXT("security_breach")}, {0, 1, ARENA_TEXT("security_breach")}, {1, 0, ARENA_TEXT("forfeit")}};
    arena_game game = with_breaches(played, list, 3);
    red_team->game(&game);
    red_team->show(a, 1, metrics);
    cr_assert(metrics[0] == 2 && metrics[1] == 1);
    red_team->show(b, 1, metrics);
    cr_assert(metrics[0] == 0 && metrics[1] == -1);
    cr_assert(red_team->flags & ARENA_WHOLE_GAMES);
}

Test(consecutive, a_streak_ends)
{
    const arena_strategy *consecutive = strategy("consecutive");
    double a[3] = {0}, b[3] = {0}, metrics[3];
    const arena_played played[2] = {{a, {1, 1}}, {b, {1, -1}}};
    const arena_attribution list[] = {{0, 1, ARENA_TEXT("security_breach")}};
    arena_game game = with_breaches(played, list, 1);
    consecutive->game(&game);
    consecutive->game(&game);
    consecutive->show(a, 2, metrics);
    cr_assert(metrics[0] == 2 && metrics[1] == 2 && metrics[2] == 2);
    play(consecutive, a, b, (arena_score){1, 0}, (arena_score){1, 1});
    consecutive->show(a, 3, metrics);
    cr_assert(metrics[0] == 3 && metrics[1] == 0 && metrics[2] == 0);
    consecutive->show(b, 3, metrics);
    cr_assert(metrics[0] == 3 && metrics[1] == 1 && metrics[2] == 0);
}

Test(global_average, a_mean_of_means)
{
    const arena_strategy *global = strategy("global-average");
    const double psi[] = {1, 0.5}, ultimatum[] = {0, 0.25};
    const arena_standing standings[] = {{100, psi}, {1, ultimatum}};
    double row[2], metrics[2];
    cr_assert_str_eq(global->source, "average");
    global->combine(standings, 2, row);
    global->show(row, 101, metrics);
    cr_assert(metrics[0] == 0.5 && metrics[1] == 0.375);
}
