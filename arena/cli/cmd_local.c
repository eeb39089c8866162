/* cmd_local.c - the commands that work on this machine's files: check, replay, export, import. */
#include "cli/local.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/agent.h"
#include "host/check.h"
#include "store/dump.h"

#ifndef ARENA_OPERATOR_DIR
#define ARENA_OPERATOR_DIR "/usr/local/lib/arena/operators"
#endif

static void on_log(void *ctx, enum arena_level level, const char *line)
{
    (void)ctx;
    if (level >= ARENA_WARN)
        complain("%s", line);
}

/* Loads FOLDER/X.so and FOLDER/X/X.so for every X there is.  True when there was any. */
static bool load_folder(struct host *host, const char *folder)
{
    DIR *dir = opendir(folder);
    bool any = false;
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[1024];
        size_t len = strlen(entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (len > 3 && strcmp(entry->d_name + len - 3, ".so") == 0)
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        else
            snprintf(path, sizeof path, "%s/%s/%s.so", folder, entry->d_name, entry->d_name);
        struct stat info;
        if (stat(path, &info) == 0 && S_ISREG(info.st_mode))
            any |= host_load(host, &(struct host_module){.path = path, .hosting = HOSTING_INPROCESS});
    }
    if (dir)
        closedir(dir);
    return any;
}

struct host *local_host(const char *path, const char *type)
{
    struct host *host = host_open(NULL, on_log, NULL);
    char found[1024];
    if (!path && type && module_find(type, found, sizeof found))
        path = found;
    if (path) {
        host_load(host, &(struct host_module){.path = path, .hosting = HOSTING_INPROCESS});
    } else if (!type) {
        const char *named = getenv("ARENA_OPERATORS");
        char built[MODULE_FOLDER_BYTES];
        if (!(named && load_folder(host, named)) && !(module_build_folder(built) && load_folder(host, built)))
            load_folder(host, ARENA_OPERATOR_DIR);
    }
    return host;
}

struct store *local_store(const char *dir, bool read_only)
{
    struct stat info;
    char error[512];
    if (read_only && (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode))) {
        complain("there is no data folder %s.", dir);
        return NULL;
    }
    struct store *store =
        store_open_lmdb(&(struct store_config){.dir = dir, .read_only = read_only}, error, sizeof error);
    if (!store)
        complain("%s", error);
    return store;
}

static int run_check(struct cli *cli, const struct args *args)
{
    (void)cli;
    int64_t games, seed;
    if (!args_number(args, "games", 0, 1, 1000000, &games) || !args_number(args, "seed", 1, 0, INT64_MAX, &seed))
        return CLI_USAGE;
    struct check_options options = {
        .id = args_text(args, "only"),
        .seed = (uint64_t)seed,
        .games = (uint32_t)games,
        .verbose = args_flag(args, "verbose"),
    };
    return check_module(args->words[0], &options, stdout) == 0 ? CLI_OK : CLI_REFUSED;
}

/* "-" and nothing are the standard stream. */
static FILE *open_file(const char *name, const char *mode, FILE *standard)
{
    if (!name || strcmp(name, "-") == 0)
        return standard;
    FILE *file = fopen(name, mode);
    if (!file)
        complain("%s cannot be opened.", name);
    return file;
}

static bool need_data(const struct args *args)
{
    if (args_text(args, "data"))
        return true;
    complain("which data folder?  Say it with --data DIR.");
    return false;
}

static int run_export(struct cli *cli, const struct args *args)
{
    (void)cli;
    char error[512] = "";
    if (!need_data(args))
        return CLI_USAGE;
    struct store *store = local_store(args_text(args, "data"), true);
    FILE *file = store ? open_file(args->words[0], "wb", stdout) : NULL;
    bool good = file && store_export(store, file, error, sizeof error) == 0;
    if (file && fflush(file) != 0 && good) {
        complain("the export could not be written: the disk may be full.");
        good = false;
    } else if (file && !good) {
        complain("%s", error);
    }
    if (file && file != stdout)
        fclose(file);
    if (good)
        fprintf(stderr, "exported %llu sessions\n", (unsigned long long)store->stats.sessions);
    store_close(store);
    return good ? CLI_OK : CLI_REFUSED;
}

static int run_import(struct cli *cli, const struct args *args)
{
    (void)cli;
    char error[512] = "";
    if (!need_data(args))
        return CLI_USAGE;
    FILE *file = open_file(args->words[0], "rb", stdin);
    struct store *store = file ? local_store(args_text(args, "data"), false) : NULL;
    bool good = store && store_import(store, file, error, sizeof error) == 0;
    if (store && !good)
        complain("%s", error);
    if (good)
        fprintf(stderr, "imported; the folder holds %llu sessions\n", (unsigned long long)store->stats.sessions);
    if (file && file != stdin)
        fclose(file);
    store_close(store);
    return good ? CLI_OK : CLI_REFUSED;
}

static const struct option_row check_options[] = {
    {"games", "N", "games to play (default 200)"},
    {"seed", "N", "of the first game; game n has seed + n (default 1)"},
    {"only", "ID", "only this operator of the module"},
    {"verbose", NULL, "a line for each game"},
    {0},
};

static const struct option_row data_options[] = {
    {"data", "DIR", "the server's data folder"},
    {0},
};

const struct command local_commands[] = {
    {"check", "MODULE.so", "Plays an operator at random and tests that it keeps the contract", 1, 1, check_options,
     "Examples\n"
     "  arena check ./my_game.so                     200 games; exit code 1 when a check failed\n"
     "  arena check ./my_game.so --games 1 --seed 77 --verbose     the one game that failed, again",
     run_check},
    {"replay", "[SESSION]", "Plays an ended session again and compares every state", 0, 1, replay_options,
     "Examples\n"
     "  arena replay 1b9d6bcd-...                    from the server: shows it and verifies it here\n"
     "  arena replay 1b9d6bcd-... --log p1           the log of a battle in Showdown's protocol, as that player saw "
     "it\n"
     "  arena replay --data ./arena-data --all       every session of a folder; also beside a running server\n"
     "  arena replay 1b9d6bcd-... --data ./arena-data\n"
     "Exit code 1 when a digest differs, or when the operator's module is not here to verify with.",
     run_replay},
    {"export", "[FILE]", "Writes all sessions of a data folder to a file", 0, 1, data_options,
     "Examples\n"
     "  arena export --data ./arena-data backup.arena     also beside a running server: a snapshot of now\n"
     "  arena export --data ./arena-data | gzip > backup.arena.gz",
     run_export},
    {"import", "FILE", "Reads an export into a new data folder", 1, 1, data_options,
     "Examples\n"
     "  arena import --data ./new-data backup.arena       no server may have the folder open\n"
     "  gunzip -c backup.arena.gz | arena import --data ./new-data -",
     run_import},
    {"data", "list|validate|seal|stage|promote|diff|stats [ARGUMENTS]",
     "Versions of the battle data: checked, staged, made active", 1, 3, data_set_options,
     "Words\n"
     "  list                        versions, the active one, and what is staged\n"
     "  validate FOLDER             checks a folder (or a version) by every rule\n"
     "  seal FOLDER                 writes its checksums down, after a change that is meant\n"
     "  stage FOLDER [NAME]         copies a folder beside the versions and checks it\n"
     "  promote NAME                makes a staged copy a version, and active; or an older version active again\n"
     "  diff A B                    rows that differ between two versions or folders\n"
     "  stats [VERSION]             how much there is, and how much of it is declared\n"
     "Examples\n"
     "  cp -r data/pokemon/gen9-v1 mine && $EDITOR mine/moves.json && arena data diff gen9-v1 ./mine\n"
     "  arena data stage ./mine gen9-v2 && arena data promote gen9-v2",
     run_data},
    {"team", "check|convert|random [FILE]", "Teams of Pokémon: checked, turned into another form, made up", 1, 2,
     team_options,
     "Examples\n"
     "  arena team check my-team.txt --format singles    every mistake with its slot; exit code 1 when there is one\n"
     "  arena team convert my-team.txt --to packed       text, packed and JSON are read; - or nothing: standard input\n"
     "  arena team random --seed 7 | arena team check    a team of six with sensible sets",
     run_team},
    {"battle", "replay|random [FILE]", "Battle files: played again and compared, told as a log, made up", 1, 2,
     battle_options,
     "Examples\n"
     "  arena battle random --seed 7 > seven.battle  a random battle between two sensible teams\n"
     "  arena battle replay seven.battle             plays it again and compares every state\n"
     "  arena battle replay seven.battle --log p1    and prints the log as the first player saw it; - is standard "
     "input\n"
     "Exit code 1 when the file cannot be read or goes another way.",
     run_battle},
    {"identity", "new|list|show|use [IDENTITY]", "Your keys: who you are on servers in auth mode", 1, 2, NULL,
     "Examples\n"
     "  arena identity new                           a new Ed25519 key, named \"default\", readable by you alone\n"
     "  arena identity new work                      another one\n"
     "  arena identity list                          all of them; * marks the one that signs\n"
     "  arena identity use work                      the one that signs from now on\n"
     "  arena identity show work                     its user id and its public key\n"
     "  arena identity new ./me.pem                  a word with a dot or a slash is a file of your own\n"
     "They lie in $XDG_CONFIG_HOME/arena/identities (~/.config/arena/identities).  Private keys are never printed, and "
     "a\n"
     "key file that others can read is not used.  Your user id is the SHA-256 of the public key.",
     run_identity},
    {0},
};
