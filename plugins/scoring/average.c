/* average - the mean of each score over a player's games. */
#include "arena/strategy.h"

enum { SECURITY, UTILITY, NUMBERS };

static void game(const arena_game *game)
{
    for (uint32_t i = 0; i < game->seats; i++) {
        const arena_played *played = &game->played[i];
        if (!played->numbers)
            continue;
        played->numbers[SECURITY] += played->score.security;
        played->numbers[UTILITY] += played->score.utility;
    }
}

static void show(const double *numbers, uint64_t games, double *metrics)
{
    metrics[SECURITY] = numbers[SECURITY] / (double)games;
    metrics[UTILITY] = numbers[UTILITY] / (double)games;
}

static const char *const metrics[NUMBERS] = {"security", "utility"};

static const arena_strategy average = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "average",
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = metrics,
    .game = game,
    .show = show,
};

ARENA_STRATEGIES(&average);
