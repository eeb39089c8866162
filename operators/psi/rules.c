/* rules.c - dealing, guessing and judging. */
#include <stdlib.h>
#include <string.h>

#include "psi.h"

/* Where number is, or where it belongs. */
static uint32_t find(const struct psi_set *set, uint64_t number)
{
    uint32_t low = 0, high = set->n;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (set->v[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool psi_set_has(const struct psi_set *set, uint64_t number)
{
    uint32_t at = find(set, number);
    return at < set->n && set->v[at] == number;
}

bool psi_set_add(struct psi_set *set, uint64_t number)
{
    uint32_t at = find(set, number);
    if (at < set->n && set->v[at] == number)
        return true;
    if (set->n == PSI_NUMBERS_MAX)
        return false;
    memmove(&set->v[at + 1], &set->v[at], (set->n - at) * sizeof set->v[0]);
    set->v[at] = number;
    set->n++;
    return true;
}

/*
 * n different numbers of the range, each choice of them equally likely, with exactly n draws: number i of the
 * last n of the range stands in for a draw that hit what is taken already.
 */
static void draw(const arena_host *h, const struct psi_options *options, uint32_t n, struct psi_set *out)
{
    uint64_t width = (uint64_t)options->high - options->low + 1;
    for (uint64_t i = width - n; i < width; i++) {
        uint64_t number = options->low + h->random(h, i + 1);
        psi_set_add(out, psi_set_has(out, number) ? options->low + i : number);
    }
}

void psi_deal(const arena_host *h, struct psi *game)
{
    draw(h, &game->options, game->options.common, &game->common);
    for (uint32_t k = 0; k < PSI_PLAYERS; k++) {
        draw(h, &game->options, game->options.own, &game->sets[k]);
        for (uint32_t i = 0; i < game->common.n; i++)
            psi_set_add(&game->sets[k], game->common.v[i]);
    }
}

bool psi_read_guess(arena_text text, uint32_t limit, struct psi_set *out)
{
    size_t i = 0;
    while (i < text.len) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') {
            i++;
            continue;
        }
        uint64_t number = 0;
        for (; i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9'; i++) {
            number = number * 10 + (uint64_t)(text.ptr[i] - '0');
            if (number > PSI_GUESS_MAX)
                number = PSI_GUESS_MAX;
        }
        if (!psi_set_add(out, number) || out->n > limit)
            return false;
    }
    return true;
}

void psi_judge(const struct psi *game, uint32_t player, struct psi_outcome *out)
{
    const struct psi_set *own = &game->sets[player], *others = &game->sets[1 - player];
    const struct psi_set *guess = &game->guesses[player];
    *out = (struct psi_outcome){.found = true};
    for (uint32_t i = 0; i < own->n; i++) {
        if (!psi_set_has(others, own->v[i]))
            continue;
        psi_set_add(&out->target, own->v[i]);
        out->found = out->found && psi_set_has(guess, own->v[i]);
    }
    for (uint32_t i = 0; i < guess->n; i++) {
        if (!psi_set_has(others, guess->v[i]))
            out->wrong++;
        else if (!psi_set_has(own, guess->v[i]))
            out->extra++;
    }
    out->utility = out->wrong ? -1 : out->found ? 1 : 0;
    out->security = out->extra ? -1 : 1;
}
