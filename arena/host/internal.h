/*
 * internal.h - what the files of this folder share and nobody else sees.
 */
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "host/module.h"

struct worker_group;
struct data_loaded;

/* What is loaded of an operator's rule data into this process. */
struct host_data {
    pthread_mutex_t lock; /* held while a set is loaded */
    _Atomic(struct data_loaded *) loaded;
    const char *versions[HOST_DATA_VERSIONS + 1]; /* built in, NULL-ended */
};

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
    struct host_data *data; /* apart, as the counters are */
};

/* data_host.c: asks an operator for its built-in sets; frees what is known of its data. */
void host_data_open(struct host_operator *op);
void host_data_close(struct host_operator *op);

/* data_host.c: sees to it that the code in this process has the set that turn needs.  False: turn is answered. */
bool host_data_bring(struct turn *turn);

/* data_host.c: true when turn's game has a set that has to be brought to the process which runs it. */
bool host_data_needed(const struct turn *turn, const struct data_loaded *loaded);

/* data_host.c: fills in a turn that loads the set which `turn` needs.  False: nobody knows it, and turn is answered. */
bool host_data_load_turn(struct turn *load, struct turn *turn, struct text *set);

/* data_host.c: turn failed for want of its set. */
void host_data_failed(struct turn *turn, arena_text why);

/* host.c: asks the source of sets. */
bool host_data_find(const struct host_operator *op, arena_text version, struct text *set);

/* Called when the operator's code is about to run. */
void host_turn_begins(struct turn *turn);

/* Called when a turn is over, before its caller hears of it: counts and logs. */
void host_turn_over(struct turn *turn);

/* One line to the server's log; control characters become '?'. */
void host_log(const struct host *host, enum arena_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
