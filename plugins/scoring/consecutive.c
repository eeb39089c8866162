/* consecutive - how many of a player's latest games in a row had a score of at least 1, and a breach it caused. */
#include "breaches.h"

enum { SECURITY, UTILITY, ATTACK, NUMBERS };

static void prolong(double *streak, int goes_on)
{
    *streak = goes_on ? *streak + 1 : 0;
}

static void game(const arena_game *game)
{
    for (uint32_t i = 0; i < game->seats; i++) {
        const arena_played *played = &game->played[i];
        if (!played->numbers)
            continue;
        prolong(&played->numbers[SECURITY], played->score.security >= 1);
        prolong(&played->numbers[UTILITY], played->score.utility >= 1);
        prolong(&played->numbers[ATTACK], breaches_from(game, i) >= 1);
    }
}

static void show(const double *numbers, uint64_t games, double *metrics)
{
    (void)games;
    memcpy(metrics, numbers, NUMBERS * sizeof *metrics);
}

static const char *const metrics[NUMBERS] = {"security", "utility", "attack"};

static const arena_strategy consecutive = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "consecutive",
    .flags = ARENA_WHOLE_GAMES,
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = metrics,
    .game = game,
    .show = show,
};

ARENA_STRATEGIES(&consecutive);
