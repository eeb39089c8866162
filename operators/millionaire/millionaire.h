/*
 * millionaire.h - two secret fortunes, one guess each: who is richer?
 *
 * The rules are plain functions over one small struct; millionaire.c brings them to the arena.
 */
#ifndef MILLIONAIRE_H
#define MILLIONAIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

enum {
    MILLIONAIRE_PLAYERS = 2,
    MILLIONAIRE_WEALTH_MAX = 100, /* from 1, in millions */
};

struct millionaire {
    uint32_t wealth[MILLIONAIRE_PLAYERS];
    uint32_t guesses[MILLIONAIRE_PLAYERS]; /* 0: not yet guessed */
};

struct millionaire_outcome { /* of one guess */
    bool exact;
    int utility;  /* the guesser's */
    int security; /* the other player's */
};

/* The first number in text; -1 if there is none.  What is too large for a guess counts as MAX + 1. */
int32_t millionaire_read_guess(arena_text text);

/* What player's guess, already in the game, is worth. */
struct millionaire_outcome millionaire_judge(const struct millionaire *game, uint32_t player);

/* Bytes of a game and back; see state.c. */
int millionaire_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len);
int millionaire_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);

#endif
