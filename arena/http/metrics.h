/*
 * metrics.h - what the server counts about itself: requests by route and status, how long they took, streams.
 *
 * Counters are added to without a lock and read a moment late; nobody waits for a figure.
 */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "core/arena.h"
#include "http/rate.h"

enum { METRICS_ROUTES = 80, METRICS_STATUSES = 20, METRICS_BUCKETS = 13 };

struct metrics {
    struct {
        atomic_ullong status[METRICS_STATUSES]; /* requests by how they ended */
        atomic_ullong bucket[METRICS_BUCKETS];  /* by how long they took; the last one: longer than all bounds */
        atomic_ullong microseconds;
    } route[METRICS_ROUTES + 1];       /* the last one: unknown paths */
    atomic_ullong connections;         /* open now */
    atomic_ullong refused;             /* before they had a route: framing, size */
    atomic_ullong bytes;               /* of answers */
    atomic_ullong limited[RATES];      /* requests answered with 429, by the rate that was exceeded */
    atomic_ullong connections_refused; /* there were too many from one address */
    atomic_ullong streams_refused;     /* too many in all, or from one address */
    struct {
        pthread_mutex_t lock;
        uint64_t failed_commits, commits; /* when last looked at */
        int64_t failed_ms;
        bool failed;
    } health;
};

/* Zeroed memory becomes metrics. */
void metrics_init(struct metrics *metrics);

/* A request has been answered.  route is its index, route_count() for unknown paths. */
void metrics_request(struct metrics *metrics, size_t route, int status, int64_t microseconds, size_t bytes);

struct site;

/* Everything as Prometheus text. */
void metrics_write(struct site *site, struct text *out);

/* True while the store keeps what it is told: its last batch was kept, or the last failure is half a minute past. */
bool metrics_healthy(struct site *site);

#endif
