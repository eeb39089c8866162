/* rules.c - turns, offers and scores. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ultimatum.h"

uint32_t ultimatum_player(const struct ultimatum *game)
{
    return game->turns % ULTIMATUM_PLAYERS;
}

uint32_t ultimatum_round(const struct ultimatum *game)
{
    return game->turns / ULTIMATUM_PLAYERS + 1;
}

bool ultimatum_agreed(const struct ultimatum *game)
{
    return game->accepted == (1u << ULTIMATUM_PLAYERS) - 1;
}

bool ultimatum_deadlocked(const struct ultimatum *game)
{
    return game->turns >= game->rounds * ULTIMATUM_PLAYERS;
}

/* The value of a run of digits as JavaScript has it: the nearest double, or infinity.  A refusal quotes the
 * sum, so it matters even for numbers that no offer may hold. */
static double value_of(const char *digits, size_t len)
{
    char text[320]; /* the greatest double has 309 digits */
    while (len && *digits == '0') {
        digits++;
        len--;
    }
    if (len >= sizeof text)
        return INFINITY;
    memcpy(text, digits, len);
    text[len] = 0;
    return len ? strtod(text, NULL) : 0;
}

uint32_t ultimatum_read_offer(arena_text text, double amounts[ULTIMATUM_PLAYERS + 1])
{
    uint32_t count = 0;
    for (size_t i = 0; i < text.len && count <= ULTIMATUM_PLAYERS; i++) {
        size_t from = i;
        while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
            i++;
        if (i > from)
            amounts[count++] = value_of(text.ptr + from, i - from);
    }
    return count;
}

void ultimatum_score(const struct ultimatum *game, arena_score scores[ULTIMATUM_PLAYERS])
{
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++) {
        double surplus = (double)game->offer[k] - game->reservations[k];
        scores[k] = (arena_score){.utility = ultimatum_agreed(game) ? surplus / game->total : 0};
    }
}
