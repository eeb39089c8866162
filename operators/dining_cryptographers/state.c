/*
 * state.c - the bytes of a game.
 *
 *     u8 format = 1 | u8 payer, 3 for somebody else | u8 guesses of players 0, 1 and 2
 *     a guess: 0 none, 1 external, 2 internal, 3 unknown, 4 + k player k
 *
 * Scores are not among them: they follow from these.
 */
#include "../common/bytes.h"
#include "dining.h"

enum { FORMAT = 1, SIZE = 2 + DINING_PLAYERS };

int dining_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct dining *d = game;
    struct bytes_out out = {.ptr = h->alloc(h, SIZE)};
    if (!out.ptr)
        return ARENA_NOMEM;
    put8(&out, FORMAT);
    put8(&out, (uint8_t)d->payer);
    for (int k = 0; k < DINING_PLAYERS; k++)
        put8(&out, (uint8_t)d->guesses[k]);
    *bytes = out.ptr;
    *len = out.len;
    return ARENA_OK;
}

static bool read_game(struct bytes_in *in, struct dining *game)
{
    bool good = get8(in) == FORMAT;
    game->payer = get8(in);
    good = good && game->payer <= DINING_PLAYERS;
    for (int k = 0; k < DINING_PLAYERS; k++) {
        game->guesses[k] = get8(in);
        good = good && game->guesses[k] < DINING_DINER + DINING_PLAYERS;
    }
    return good && !in->bad && !in->len;
}

int dining_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    struct bytes_in in = {.ptr = bytes, .len = len};
    struct dining *d = h->alloc(h, sizeof *d);
    if (!d)
        return ARENA_NOMEM;
    if (version != 1 || !read_game(&in, d))
        return ARENA_CORRUPT;
    *game = d;
    return ARENA_OK;
}
