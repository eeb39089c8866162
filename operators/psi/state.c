/*
 * state.c - the bytes of a game.
 *
 *     u8 format = 1 | u32 low, high, common, own | five sets: common, sets 0 and 1, guesses 0 and 1
 *     a set: u16 count, then that many u64, ascending
 *
 * Scores are not among them: they follow from sets and guesses.
 */
#include "../common/bytes.h"
#include "psi.h"

enum { FORMAT = 1, SETS = 5 };

/* The sets of a game in the order in which they are written. */
static const struct psi_set *set_at(const struct psi *game, int i)
{
    const struct psi_set *sets[SETS] = {&game->common, &game->sets[0], &game->sets[1], &game->guesses[0],
                                        &game->guesses[1]};
    return sets[i];
}

int psi_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct psi *psi = game;
    size_t room = 1 + 4 * 4;
    for (int i = 0; i < SETS; i++)
        room += 2 + 8 * (size_t)set_at(psi, i)->n;
    struct bytes_out out = {.ptr = h->alloc(h, room)};
    if (!out.ptr)
        return ARENA_NOMEM;
    put8(&out, FORMAT);
    put32(&out, psi->options.low);
    put32(&out, psi->options.high);
    put32(&out, psi->options.common);
    put32(&out, psi->options.own);
    for (int i = 0; i < SETS; i++) {
        const struct psi_set *set = set_at(psi, i);
        put16(&out, (uint16_t)set->n);
        for (uint32_t k = 0; k < set->n; k++)
            put_n(&out, set->v[k], 8);
    }
    *bytes = out.ptr;
    *len = out.len;
    return ARENA_OK;
}

/* A set of numbers low .. high in ascending order. */
static bool read_set(struct bytes_in *in, uint64_t low, uint64_t high, struct psi_set *out)
{
    out->n = get16(in);
    if (out->n > PSI_NUMBERS_MAX)
        return false;
    for (uint32_t i = 0; i < out->n; i++) {
        out->v[i] = get_n(in, 8);
        if (in->bad || out->v[i] < low || out->v[i] > high || (i && out->v[i] <= out->v[i - 1]))
            return false;
    }
    return !in->bad;
}

/* Own numbers and common ones, which may overlap, and nothing else. */
static bool is_hand(const struct psi *game, const struct psi_set *set)
{
    uint32_t most = game->options.own + game->options.common;
    uint32_t least = game->options.own > game->options.common ? game->options.own : game->options.common;
    if (set->n < least || set->n > most)
        return false;
    for (uint32_t i = 0; i < game->common.n; i++)
        if (!psi_set_has(set, game->common.v[i]))
            return false;
    return true;
}

static bool read_game(struct bytes_in *in, struct psi *game)
{
    if (get8(in) != FORMAT)
        return false;
    struct psi_options *o = &game->options;
    o->low = get32(in);
    o->high = get32(in);
    o->common = get32(in);
    o->own = get32(in);
    if (in->bad || psi_options_check(o) || !read_set(in, o->low, o->high, &game->common) || game->common.n != o->common)
        return false;
    for (int k = 0; k < PSI_PLAYERS; k++)
        if (!read_set(in, o->low, o->high, &game->sets[k]) || !is_hand(game, &game->sets[k]))
            return false;
    for (int k = 0; k < PSI_PLAYERS; k++)
        if (!read_set(in, 0, PSI_GUESS_MAX, &game->guesses[k]) || game->guesses[k].n > game->sets[1 - k].n)
            return false;
    return !in->len;
}

int psi_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game)
{
    struct bytes_in in = {.ptr = bytes, .len = len};
    struct psi *psi = h->alloc(h, sizeof *psi);
    if (!psi)
        return ARENA_NOMEM;
    if (version != 1 || !read_game(&in, psi))
        return ARENA_CORRUPT;
    *game = psi;
    return ARENA_OK;
}
