/*
 * local.h - what the commands share that work on this machine's files: modules and data folders.
 */
#ifndef CLI_LOCAL_H
#define CLI_LOCAL_H

#include <stdbool.h>

#include "cli/cli.h"
#include "core/arena.h"
#include "host/host.h"
#include "store/store.h"

/* A host with the module at path; path NULL: with the module of this challenge type; both NULL: with all modules that
 * are found.  Whether it has what the caller wants is told by host_find. */
struct host *local_host(const char *path, const char *type);

/* The store in a folder that must be one.  NULL after a sentence on standard error. */
struct store *local_store(const char *dir, bool read_only);

/* cmd_replay.c, for the table in cmd_local.c. */
int run_replay(struct cli *cli, const struct args *args);
extern const struct option_row replay_options[];

/* cmd_team.c, for the same table. */
int run_team(struct cli *cli, const struct args *args);
extern const struct option_row team_options[];

/* cmd_battle.c, for the same table. */
int run_battle(struct cli *cli, const struct args *args);
extern const struct option_row battle_options[];

#endif
