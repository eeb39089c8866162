/*
 * table.h - entries of scoring boards as text: {playerId, gamesPlayed, metrics, username?, model?, isBenchmark?}.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "core/text.h"

/* "utility" of "average:utility". */
const char *metric_name(const char *metric);

/* One entry on one line: "  psi  average  games 4  security 1  utility 0.5". */
void put_entry_line(struct text *out, const char *type, const char *strategy, const json_t *entry);

/* A board: a line of titles, then at most `limit` entries, the best first.  sort: a metric ("utility" or
 * "average:utility"), "games" or "name"; NULL: what the board is about ("rating", "utility", else its first metric).
 * Of equal ones the first seen stands first.  False when the board has no such column. */
bool put_board(struct text *out, const json_t *entries, const char *sort, size_t limit);

/* The entries in that order; a new reference.  NULL when there is no such column. */
json_t *sort_board(const json_t *entries, const char *sort, size_t limit);

#endif
