/*
 * complete.h - what may stand at the end of a command line: worked out from the commands' own tables, so that it knows
 * what main knows, and nothing else has to be kept up to date.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/cli.h"
#include "core/text.h"

/* words: those behind "arena", the last one unfinished (maybe ""); count at least 1.  Appends a line for each word that
 * fits, "WORD" or "WORD\tWHAT IT IS"; a lone "/" where the path of a file belongs. */
void complete(struct cli *cli, const char *const *words, int count, struct text *out);

#endif
