/* win-rate - the share of a player's games in which a score was at least 1. */
#include "sums.h"

static double is_won(double score)
{
    return score >= 1;
}

static void game(const arena_game *game)
{
    sums_add(game, is_won);
}

static const arena_strategy win_rate = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "win-rate",
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = sums_metrics,
    .game = game,
    .show = sums_show,
};

ARENA_STRATEGIES(&win_rate);
