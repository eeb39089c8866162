/* sums.h - strategies that add up something of both scores of each game and show the mean of it. */
#ifndef SCORING_SUMS_H
#define SCORING_SUMS_H

#include "arena/strategy.h"

enum { SECURITY, UTILITY, NUMBERS };

static const char *const sums_metrics[NUMBERS] = {"security", "utility"};

/* Adds of_score() of what each player scored to its numbers. */
static inline void sums_add(const arena_game *game, double (*of_score)(double score))
{
    for (uint32_t i = 0; i < game->seats; i++) {
        const arena_played *played = &game->played[i];
        if (!played->numbers)
            continue;
        played->numbers[SECURITY] += of_score(played->score.security);
        played->numbers[UTILITY] += of_score(played->score.utility);
    }
}

static inline void sums_show(const double *numbers, uint64_t games, double *metrics)
{
    metrics[SECURITY] = numbers[SECURITY] / (double)games;
    metrics[UTILITY] = numbers[UTILITY] / (double)games;
}

#endif
