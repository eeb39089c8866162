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

/* The metric of a board that a word means ("utility" or "average:utility"); NULL: what the board is about ("rating",
 * "utility", "attack", else its first).  NULL when it has no such metric. */
const char *board_metric(const json_t *entries, const char *word);

/* At most `limit` entries, the best first; a new reference.  sort: a metric as above, "games" or "name".  Of equal ones
 * the first seen stands first. */
json_t *sort_board(const json_t *entries, const char *sort, size_t limit);

/* The same as lines of text, below a line of titles. */
void put_board(struct text *out, const json_t *entries, const char *sort, size_t limit);

#endif
