/*
 * state.c - the bytes of a game.
 *
 *     u8 format = 1 | u32 total, rounds, turns | u32 reservations of players 0 and 1 | u8 offered, 0 or 1
 *     with an offer: u8 proposer, u8 accepted, u32 amounts for players 0 and 1
 *
 * Scores are not among them: they follow from these.
 */
#include "../common/bytes.h"
#include "ultimatum.h"

enum { FORMAT = 1, ROOM = 1 + 3 * 4 + ULTIMATUM_PLAYERS * 4 + 1 + 2 + ULTIMATUM_PLAYERS * 4 };

int ultimatum_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct ultimatum *u = game;
    struct bytes_out out = {.ptr = h->alloc(h, ROOM)};
    if (!out.ptr)
        return ARENA_NOMEM;
    put8(&out, FORMAT);
    put32(&out, u->total);
    put32(&out, u->rounds);
    put32(&out, u->turns);
    for (int k = 0; k < ULTIMATUM_PLAYERS; k++)
        put32(&out, u->reservations[k]);
    put8(&out, u->offered);
    if (u->offered) {
        put8(&out, (uint8_t)u->proposer);
        put8(&out, (uint8_t)u->accepted);
        for (int k = 0; k < ULTIMATUM_PLAYERS; k++)
            put32(&out, u->offer[k]);
    }
    *bytes = out.ptr;
    *len = out.len;
    return ARENA_OK;
}

/* The proposer has had a turn before this one and agrees with what was offered; when all do, the last of them
 * agreed in this turn, and in time. */
static bool read_offer(struct bytes_in *in, struct ultimatum *game)
{
    uint64_t sum = 0;
    game->proposer = get8(in);
    game->accepted = get8(in);
    for (int k = 0; k < ULTIMATUM_PLAYERS; k++)
        sum += game->offer[k] = get32(in);
    if (in->bad || sum != game->total || game->proposer >= ULTIMATUM_PLAYERS || game->turns <= game->proposer ||
        game->accepted >> ULTIMATUM_PLAYERS || !(game->accepted >> game->proposer & 1))
        return false;
    return !ultimatum_agreed(game) || (!ultimatum_deadlocked(game) && ultimatum_player(game) != game->proposer);
}

static bool read_game(struct bytes_in *in, struct ultimatum *game)
{
    if (get8(in) != FORMAT)
        return false;
    game->total = get32(in);
    game->rounds = get32(in);
    game->turns = get32(in);
    if (game->total < 1 || game->total > ULTIMATUM_AMOUNT_MAX || game->rounds < 1 ||
        game->rounds > ULTIMATUM_ROUNDS_MAX || game->turns > game->rounds * ULTIMATUM_PLAYERS)
        return false;
    for (int k = 0; k < ULTIMATUM_PLAYERS; k++) {
        game->reservations[k] = get32(in);
        if (game->reservations[k] > ULTIMATUM_AMOUNT_MAX)
            return false;
    }
    uint8_t offered = get8(in);
    game->offered = offered == 1;
    return offered <= 1 && (!offered || read_offer(in, game)) && !in->bad && !in->len;
}

int ultimatum_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    struct bytes_in in = {.ptr = bytes, .len = len};
    struct ultimatum *u = h->alloc(h, sizeof *u);
    if (!u)
        return ARENA_NOMEM;
    if (version != 1 || !read_game(&in, u))
        return ARENA_CORRUPT;
    *game = u;
    return ARENA_OK;
}
