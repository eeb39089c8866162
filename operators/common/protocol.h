/*
 * protocol.h - what the challenges of the arena protocol have in common: how they speak, how they end, and how
 * they refuse.
 *
 * The texts are part of the public protocol: existing clients read them.  Do not change a byte of them.
 */
#ifndef OPERATORS_PROTOCOL_H
#define OPERATORS_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "arena/operator.h"
#include "writer.h"

/* Says what was written.  ARENA_OK or ARENA_NOMEM. */
int protocol_say(struct writer *w, int32_t to);

/* Tells everybody that a player has guessed, and not what.  ARENA_OK or ARENA_NOMEM. */
int protocol_guess_sent(const arena_host *h, uint32_t player);

/* "Game ended." with the scores, and the end.  ARENA_OK or ARENA_NOMEM. */
int protocol_end(const arena_host *h, const arena_score *scores);

bool protocol_is(arena_text method, const char *name);

/* What h->reject returned. */
int protocol_unknown_method(const arena_host *h, arena_text method);

/* Reads options one by one into out.  What is wrong with the first that is, as a sentence; NULL: nothing. */
typedef const char *protocol_option(const char *key, const json_t *value, void *out);
const char *protocol_options(arena_text options, protocol_option *read, void *out);

/* The options of a challenge that has none but "players", which must be the seats that there are.  ARENA_OK or
 * what h->reject returned. */
int protocol_players_only(const arena_host *h, arena_text options, const char *challenge);

#endif
