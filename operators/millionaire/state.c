/*
 * state.c - the bytes of a game.
 *
 *     u8 format = 1 | u8 wealth of players 0 and 1 | u8 guesses of players 0 and 1, 0 for none
 *
 * Scores are not among them: they follow from these.
 */
#include "../common/bytes.h"
#include "millionaire.h"

enum { FORMAT = 1, SIZE = 1 + 2 * MILLIONAIRE_PLAYERS };

int millionaire_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct millionaire *m = game;
    struct bytes_out out = {.ptr = h->alloc(h, SIZE)};
    if (!out.ptr)
        return ARENA_NOMEM;
    put8(&out, FORMAT);
    for (int k = 0; k < MILLIONAIRE_PLAYERS; k++)
        put8(&out, (uint8_t)m->wealth[k]);
    for (int k = 0; k < MILLIONAIRE_PLAYERS; k++)
        put8(&out, (uint8_t)m->guesses[k]);
    *bytes = out.ptr;
    *len = out.len;
    return ARENA_OK;
}

static bool read_game(struct bytes_in *in, struct millionaire *game)
{
    bool good = get8(in) == FORMAT;
    for (int k = 0; k < MILLIONAIRE_PLAYERS; k++) {
        game->wealth[k] = get8(in);
        good = good && game->wealth[k] >= 1 && game->wealth[k] <= MILLIONAIRE_WEALTH_MAX;
    }
    for (int k = 0; k < MILLIONAIRE_PLAYERS; k++) {
        game->guesses[k] = get8(in);
        good = good && game->guesses[k] <= MILLIONAIRE_WEALTH_MAX;
    }
    return good && !in->bad && !in->len;
}

int millionaire_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    struct bytes_in in = {.ptr = bytes, .len = len};
    struct millionaire *m = h->alloc(h, sizeof *m);
    if (!m)
        return ARENA_NOMEM;
    if (version != 1 || !read_game(&in, m))
        return ARENA_CORRUPT;
    *game = m;
    return ARENA_OK;
}
