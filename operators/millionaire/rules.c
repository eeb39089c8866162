/* rules.c - guessing and judging. */
#include "millionaire.h"

int32_t millionaire_read_guess(arena_text text)
{
    int32_t number = -1;
    size_t i = 0;
    while (i < text.len && (text.ptr[i] < '0' || text.ptr[i] > '9'))
        i++;
    for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
        number = (number < 0 ? 0 : number * 10) + (text.ptr[i] - '0');
        if (number > MILLIONAIRE_WEALTH_MAX)
            number = MILLIONAIRE_WEALTH_MAX + 1;
    }
    return number;
}

/* -1, 0 or 1: whether the other is poorer, as rich, or richer. */
static int direction(uint32_t other, uint32_t own)
{
    return (other > own) - (other < own);
}

struct millionaire_outcome millionaire_judge(const struct millionaire *game, uint32_t player)
{
    uint32_t guess = game->guesses[player], own = game->wealth[player], other = game->wealth[1 - player];
    bool right = direction(guess, own) == direction(other, own);
    return (struct millionaire_outcome){
        .exact = guess == other,
        .utility = right ? 1 : -1,
        .security = guess == other ? -1 : 1,
    };
}
