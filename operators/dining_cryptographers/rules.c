/* rules.c - guessing and judging. */
#include <string.h>

#include "dining.h"

/* Whether these bytes are one character that JavaScript's trim() takes away. */
static bool is_space(const char *ptr, size_t len)
{
    static const char *const spaces[] = {" ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u00a0",
                                         "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
                                         "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029",
                                         "\u202f", "\u205f", "\u3000", "\ufeff"};
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (strlen(spaces[i]) == len && !memcmp(spaces[i], ptr, len))
            return true;
    return false;
}

static arena_text trim(arena_text text)
{
    for (size_t n = 1; n <= 3 && n <= text.len; n++) {
        if (!is_space(text.ptr, n))
            continue;
        text = (arena_text){text.ptr + n, text.len - n};
        n = 0; /* from the beginning, for the next one */
    }
    for (size_t n = 1; n <= 3 && n <= text.len; n++) {
        if (!is_space(text.ptr + text.len - n, n))
            continue;
        text.len -= n;
        n = 0;
    }
    return text;
}

static bool equal(arena_text a, arena_text b)
{
    return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len));
}

uint32_t dining_read_guess(const arena_host *h, arena_text text)
{
    text = trim(text);
    if (equal(text, ARENA_TEXT("external")))
        return DINING_EXTERNAL;
    if (equal(text, ARENA_TEXT("internal")))
        return DINING_INTERNAL;
    if (equal(text, ARENA_TEXT("unknown")))
        return DINING_UNKNOWN;
    for (uint32_t k = 0; text.len && k < DINING_PLAYERS; k++)
        if (equal(text, h->handle(h, k)))
            return DINING_DINER + k;
    return DINING_NONE;
}

bool dining_over(const struct dining *game)
{
    for (uint32_t k = 0; k < DINING_PLAYERS; k++)
        if (game->guesses[k] == DINING_NONE)
            return false;
    return true;
}

bool dining_exposed(const struct dining *game)
{
    for (uint32_t k = 0; k < DINING_PLAYERS; k++)
        if (game->payer == DINING_PLAYERS || game->guesses[k] != DINING_DINER + game->payer)
            return false;
    return true;
}

static int utility(const struct dining *game, uint32_t guess)
{
    if (guess == DINING_UNKNOWN)
        return 0;
    if (game->payer == DINING_PLAYERS)
        return guess == DINING_EXTERNAL ? 1 : -1;
    return guess == DINING_INTERNAL || guess == DINING_DINER + game->payer ? 1 : -1;
}

void dining_score(const struct dining *game, arena_score scores[DINING_PLAYERS])
{
    for (uint32_t k = 0; k < DINING_PLAYERS; k++)
        scores[k] = (arena_score){.security = 1, .utility = utility(game, game->guesses[k])};
    if (dining_exposed(game))
        scores[game->payer].security = -1;
}
