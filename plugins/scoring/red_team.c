/* red-team - breaches that a player caused per game, and 1 minus those it suffered.  Several in one game all count, so
 * attack may pass 1 and defend may fall below 0. */
#include "breaches.h"

enum { ATTACK, DEFEND, NUMBERS };

static void game(const arena_game *game)
{
    for (uint32_t i = 0; i < game->seats; i++) {
        double *numbers = game->played[i].numbers;
        if (!numbers)
            continue;
        numbers[ATTACK] += breaches_from(game, i);
        numbers[DEFEND] += breaches_to(game, i);
    }
}

static void show(const double *numbers, uint64_t games, double *metrics)
{
    metrics[ATTACK] = numbers[ATTACK] / (double)games;
    metrics[DEFEND] = 1 - numbers[DEFEND] / (double)games;
}

static const char *const metrics[NUMBERS] = {"attack", "defend"};

static const arena_strategy red_team = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "red-team",
    .flags = ARENA_WHOLE_GAMES,
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = metrics,
    .game = game,
    .show = show,
};

ARENA_STRATEGIES(&red_team);
