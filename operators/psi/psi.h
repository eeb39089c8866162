/*
 * psi.h - private set intersection: two secret sets, one guess each.
 *
 * The rules are plain functions over one small struct; psi.c brings them to the arena.
 */
#ifndef PSI_H
#define PSI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

enum {
    PSI_PLAYERS = 2,
    PSI_COMMON_MAX = 64, /* numbers dealt to both */
    PSI_SET_MAX = 256,   /* numbers dealt to one */
    PSI_NUMBERS_MAX = PSI_COMMON_MAX + PSI_SET_MAX,
    PSI_RANGE_MAX = 999999999,
};

/* Guessed numbers above this count as this one: it is out of every range, and the largest that JSON readers
 * agree on. */
#define PSI_GUESS_MAX ((uint64_t)1 << 53)

struct psi_set { /* ascending, without repeats */
    uint32_t n;
    uint64_t v[PSI_NUMBERS_MAX];
};

struct psi_options {
    uint32_t low, high; /* numbers dealt are low .. high */
    uint32_t common, own;
};

struct psi {
    struct psi_options options;
    struct psi_set common; /* as dealt; chance may have put more into both sets */
    struct psi_set sets[PSI_PLAYERS];
    struct psi_set guesses[PSI_PLAYERS]; /* empty: not yet guessed */
};

struct psi_outcome { /* of one guess */
    struct psi_set target;
    bool found;
    uint32_t wrong, extra;
    int utility;  /* the guesser's */
    int security; /* the other player's */
};

bool psi_set_has(const struct psi_set *set, uint64_t number);
/* Keeps the set ascending.  False when there is no room; a repeat changes nothing. */
bool psi_set_add(struct psi_set *set, uint64_t number);

/* Reads options (empty or a JSON object) and checks them.  ARENA_OK or what h->reject returned. */
int psi_options_read(const arena_host *h, arena_text json, struct psi_options *out);
/* NULL, or what is wrong with options. */
const char *psi_options_check(const struct psi_options *options);

/* Deals the sets of a game whose options are set. */
void psi_deal(const arena_host *h, struct psi *game);

/* The numbers in text.  False when there are more than limit. */
bool psi_read_guess(arena_text text, uint32_t limit, struct psi_set *out);

/* What player's guess, already in the game, is worth. */
void psi_judge(const struct psi *game, uint32_t player, struct psi_outcome *out);

/* Bytes of a game and back; see psi_state.c. */
int psi_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len);
int psi_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);

#endif
