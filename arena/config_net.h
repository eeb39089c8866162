/*
 * config_net.h - the part of the configuration that is about the network: TLS, trusted proxies, rates.
 */
#ifndef CONFIG_NET_H
#define CONFIG_NET_H

#include "core/pool.h"
#include "http/http.h"

struct json_member;

enum { CONFIG_PROXIES_MAX = 32 };

struct config_net {
    const char *certificate, *key; /* PEM files; both NULL: plain HTTP */
    struct rate_config rates;
    struct address_range proxies[CONFIG_PROXIES_MAX];
    uint32_t proxy_count;
};

void config_net_init(struct config_net *net);

/* Reads a member of the file if it is one of these: "tls", "proxies", "rates"; *mine tells.  False and a sentence
 * without the file's name in error when it is wrong.  What is kept is copied into pool. */
bool config_net_member(struct config_net *net, const struct json_member *member, struct pool *pool, bool *mine,
                       struct text *error);

/* ARENA_TLS_CERTIFICATE, ARENA_TLS_KEY, ARENA_PROXIES (separated by commas or spaces) and ARENA_RATES
 * (create=60,loopback=1). */
bool config_net_environment(struct config_net *net, struct text *error);

/* False and a sentence when the parts do not fit together. */
bool config_net_check(const struct config_net *net, struct text *error);

#endif
