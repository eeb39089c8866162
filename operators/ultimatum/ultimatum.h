/*
 * ultimatum.h - dividing a total: in turns, each offers a split, accepts, rejects or passes.
 *
 * The rules are plain functions over one small struct; ultimatum.c brings them to the arena.
 */
#ifndef ULTIMATUM_H
#define ULTIMATUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena/operator.h"

enum {
    ULTIMATUM_PLAYERS = 2,
    ULTIMATUM_AMOUNT_MAX = 1000000000, /* of a total or a reservation */
    ULTIMATUM_ROUNDS_MAX = 1000,
};

struct ultimatum_options {
    uint32_t total; /* from 1 */
    uint32_t rounds;
    uint32_t reservation_max; /* reservations are drawn from 0 .. this */
    bool fixed;               /* or given here */
    uint32_t reservations[ULTIMATUM_PLAYERS];
};

struct ultimatum {
    uint32_t total, rounds;
    uint32_t reservations[ULTIMATUM_PLAYERS];
    uint32_t turns; /* taken so far; the agreeing one is not counted */
    bool offered;   /* is an offer on the table? */
    uint32_t proposer;
    uint32_t offer[ULTIMATUM_PLAYERS];
    uint32_t accepted; /* bit k: player k agrees with the offer */
};

/* Whose turn it is, and in which round, counted from 1. */
uint32_t ultimatum_player(const struct ultimatum *game);
uint32_t ultimatum_round(const struct ultimatum *game);

bool ultimatum_agreed(const struct ultimatum *game);
bool ultimatum_deadlocked(const struct ultimatum *game);

/* The numbers in text, at most one more than there are players; how many. */
uint32_t ultimatum_read_offer(arena_text text, double amounts[ULTIMATUM_PLAYERS + 1]);

/* The scores of a game that is over. */
void ultimatum_score(const struct ultimatum *game, arena_score scores[ULTIMATUM_PLAYERS]);

/* Reads options (empty or a JSON object) and checks them.  ARENA_OK or what h->reject returned. */
int ultimatum_options_read(const arena_host *h, arena_text json, struct ultimatum_options *out);

/* Bytes of a game and back; see state.c. */
int ultimatum_serialize(const arena_host *h, const void *game, const void **bytes, size_t *len);
int ultimatum_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **game);

#endif
