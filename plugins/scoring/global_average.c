/* global-average - a player's averages, averaged over the challenge types it has played.  Worked out anew from all of
 * them each time, so that no rounding gathers. */
#include "arena/strategy.h"

enum { SECURITY, UTILITY, NUMBERS };

static void combine(const arena_standing *standings, uint32_t count, double *numbers)
{
    for (int metric = 0; metric < NUMBERS; metric++) {
        double sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += standings[i].metrics[metric];
        numbers[metric] = sum / count;
    }
}

static void show(const double *numbers, uint64_t games, double *metrics)
{
    (void)games;
    metrics[SECURITY] = numbers[SECURITY];
    metrics[UTILITY] = numbers[UTILITY];
}

static const char *const metrics[NUMBERS] = {"security", "utility"};

static const arena_strategy global_average = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "global-average",
    .number_count = NUMBERS,
    .metric_count = NUMBERS,
    .metrics = metrics,
    .show = show,
    .source = "average",
    .combine = combine,
};

ARENA_STRATEGIES(&global_average);
