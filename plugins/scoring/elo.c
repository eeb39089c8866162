/* elo - ratings by Elo's rule: K 32, start 1000, E = 1 / (1 + 10^((Rb - Ra) / 400)), a draw is half a win, and ratings
 * are whole numbers (rounded half away from zero).  Who has the higher utility has won.  With more than two seats each
 * pair counts, and the sum of a seat's expectations and results is divided by the number of its opponents. */
#include <math.h>

#include "arena/strategy.h"

enum { RATING, WINS, DRAWS, LOSSES, NUMBERS };

static const double K = 32;

static double result(double own, double other)
{
    return own > other ? 1 : own < other ? 0 : 0.5;
}

static double expectation(double own, double other)
{
    return 1 / (1 + pow(10, (other - own) / 400));
}

static void game(const arena_game *game)
{
    double before[ARENA_SEATS_MAX];
    for (uint32_t i = 0; i < game->seats; i++)
        before[i] = game->played[i].numbers[RATING];
    for (uint32_t i = 0; i < game->seats; i++) {
        double *numbers = game->played[i].numbers, gain = 0;
        uint32_t better = 0, worse = 0;
        for (uint32_t k = 0; k < game->seats; k++) {
            if (k == i)
                continue;
            double won = result(game->played[i].score.utility, game->played[k].score.utility);
            gain += won - expectation(before[i], before[k]);
            better += won > 0.5;
            worse += won < 0.5;
        }
        numbers[RATING] = round(before[i] + K * gain / (game->seats - 1));
        numbers[better > worse ? WINS : better < worse ? LOSSES : DRAWS]++;
    }
}

static void show(const double *numbers, uint64_t games, double *metrics)
{
    (void)games;
    for (int i = 0; i < NUMBERS; i++)
        metrics[i] = numbers[i];
}

static const double start[NUMBERS] = {[RATING] = 1000};
static const char *const metrics[NUMBERS] = {"rating", "wins", "draws", "losses"};

static const arena_strategy elo = {
    .size = sizeof(arena_strategy),
    .revision = 1,
    .name = "elo",
    .flags = ARENA_WHOLE_GAMES,
    .number_count = NUMBERS,
    .start = start,
    .metric_count = NUMBERS,
    .metrics = metrics,
    .game = game,
    .show = show,
};

ARENA_STRATEGIES(&elo);
