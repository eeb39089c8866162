/*
 * dining.h - the dining cryptographers: did one of the diners pay the bill, or somebody else?
 *
 * The rules are plain functions over one small struct; dining.c brings them to the arena.
 */
#ifndef DINING_H
#define DINING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

enum { DINING_PLAYERS = 3 };

/* What a player may guess; DINING_DINER + k is player k, by name. */
enum { DINING_NONE, DINING_EXTERNAL, DINING_INTERNAL, DINING_UNKNOWN, DINING_DINER };

struct dining {
    uint32_t payer; /* a player, or DINING_PLAYERS for somebody else */
    uint32_t guesses[DINING_PLAYERS];
};

/* What text says, with the space around it ignored; DINING_NONE if it says nothing that may be guessed. */
uint32_t dining_read_guess(const arena_host *h, arena_text text);

/* Have all guessed? */
bool dining_over(const struct dining *game);
/* Did all, the payer too, name the payer? */
bool dining_exposed(const struct dining *game);
/* The scores of a game that is over. */
void dining_score(const struct dining *game, arena_score scores[DINING_PLAYERS]);

/* Bytes of a game and back; see state.c. */
int dining_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len);
int dining_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);

#endif
