/*
 * strategies.h - the modules of scoring strategies, and the boards that a configuration asks for.
 */
#ifndef STRATEGIES_H
#define STRATEGIES_H

#include "config.h"

struct strategies;

/* Loads every module that came with the arena and those that the configuration names.  What cannot be loaded is left
 * out, with a line in the log. */
struct strategies *strategies_load(const struct config *config);
void strategies_close(struct strategies *strategies); /* NULL is fine */

/* The boards for the challenge types that the host has; they live in pool. */
const struct arena_board *strategies_boards(const struct strategies *strategies, const struct config *config,
                                            struct host *host, struct pool *pool, size_t *count);

/* Makes every board of a stored arena anew, or with check only compares, see boards_recompute.  No server may have the
 * store open.  Lines in the log go to log_open's. */
bool strategies_recompute(const struct config *config, struct store *store, bool check, struct recompute_report *report,
                          struct text *error);

#endif
