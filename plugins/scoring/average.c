/* average - the mean of each score over a player's games. */
#include "sums.h"

static double itself(double score)
{
    return score;
}

static void game(const arena_game *game)
{
    sums_add(game, itself);
}

static const arena_strategy average = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "average",
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = sums_metrics,
    .game = game,
    .show = sums_show,
};

ARENA_STRATEGIES(&average);
