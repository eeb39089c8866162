/*
 * config.h - what arenad can be told: by a file (arena.json), the environment, the command line; the later wins.
 *
 * Every value is checked when it is read; what is wrong is named by a sentence with its key.  docs/http.md lists
 * them all.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include "config_net.h"
#include "core/pool.h"
#include "http/http.h"

struct config_operator {
    const char *module;          /* a path, or the name of a module that came with the arena */
    struct host_module settings; /* without its path */
};

struct config_names {
    const char **names;
    uint32_t count;
};

/* Which boards are kept. */
struct config_scoring {
    struct config_names modules; /* of strategies, beside those that came with the arena */
    struct config_names defaults, globals;
    struct config_board_names {
        const char *type;
        struct config_names names;
    } * challenges;
    uint32_t challenge_count;
};

struct config {
    const char *listen, *data;
    enum arena_level log;
    bool access_log, insecure;
    bool auth, opaque;       /* auth mode; every failed join answers the same */
    const char *auth_secret; /* NULL: kept in the data folder */
    const char *admin_token; /* NULL: kept in the data folder */
    struct config_scoring scoring;
    struct config_operator *operators; /* NULL: all that came with the arena */
    uint32_t operator_count;
    struct arena_challenge *challenges;
    uint32_t challenge_count;
    struct http_limits http;
    struct hub_config hub;
    struct {
        uint64_t open_age_ms, idle_age_ms, live_max, sessions_max;
        uint32_t content_max, commits_max, queue_max, waits_max;
    } arena;
    struct config_net net;
    struct {
        uint64_t limit_bytes, map_bytes;
    } store;
    struct sockaddr_storage address; /* what listen means */
    struct pool pool;
};

/* The defaults. */
void config_init(struct config *config);
void config_finish(struct config *config);

/* False and a sentence in error when something is wrong. */
bool config_read_file(struct config *config, const char *path, struct text *error);
bool config_read_environment(struct config *config, struct text *error);

/* Works out the address.  False and a sentence when it is none, or one that must not be used without authentication. */
bool config_check(struct config *config, struct text *error);

/* operators.c: a host with the modules that the configuration names, or all that came with the arena.  What cannot be
 * loaded is left out, with a line in the log. */
struct host *operators_load(const struct config *config);

#endif
