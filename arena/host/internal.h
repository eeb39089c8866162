/*
 * internal.h - what the files of this folder share and nobody else sees.
 */
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include <stdatomic.h>

#include "host/module.h"

struct worker_group;

/* Counters of one operator; apart, since callers hold the operator const. */
struct host_counters {
    _Atomic uint64_t turns, faults, nanoseconds;
};

struct host_operator {
    struct host *host;
    struct operator_facts facts; /* texts: the operator's own copies, NUL-ended */
    arena_text name;
    uint32_t players;
    arena_quota quota; /* resolved */
    enum hosting hosting;
    arena_operator code;        /* in-process */
    struct worker_group *group; /* sandboxed */
    uint32_t index;             /* in its module */
    struct host_counters *counters;
};

/* Called when the operator's code is about to run. */
void host_turn_begins(struct turn *turn);

/* Called when a turn is over, before its caller hears of it: counts and logs. */
void host_turn_over(struct turn *turn);

/* One line to the server's log; control characters become '?'. */
void host_log(const struct host *host, enum arena_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
