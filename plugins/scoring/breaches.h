/* breaches.h - who broke into whose secrets in a game. */
#ifndef SCORING_BREACHES_H
#define SCORING_BREACHES_H

#include <string.h>

#include "arena/strategy.h"

static inline int is_breach(const arena_attribution *attribution)
{
    static const char type[] = "security_breach";
    return attribution->type.len == sizeof type - 1 && memcmp(attribution->type.ptr, type, sizeof type - 1) == 0;
}

/* How many breaches a seat caused. */
static inline uint32_t breaches_from(const arena_game *game, uint32_t seat)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < game->attribution_count; i++)
        count += is_breach(&game->attributions[i]) && game->attributions[i].from == seat;
    return count;
}

/* How often a seat was broken into. */
static inline uint32_t breaches_to(const arena_game *game, uint32_t seat)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < game->attribution_count; i++)
        count += is_breach(&game->attributions[i]) && game->attributions[i].to == seat;
    return count;
}

#endif
