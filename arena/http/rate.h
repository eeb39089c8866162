/*
 * rate.h - how often somebody may do something: a token bucket for each client address and each seat, in a table of
 * fixed size.
 *
 * A bucket is the one time at which it will be full again (the "generic cell rate algorithm"), so it fits a word
 * together with a mark of whose it is, and taking a token is one compare-and-swap.  A bucket that is full is worth
 * nothing and its place is anybody's.  When more clients than the table has places are being limited at the same
 * instant, the one nearest to full is forgotten: then somebody gets a few tokens too many, and nobody too few.
 */
#ifndef HTTP_RATE_H
#define HTTP_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rate { RATE_CREATE, RATE_JOIN, RATE_WRITE, RATE_READ, RATE_SEAT_WRITE, RATE_SEAT_READ, RATES };
enum { RATE_PER_MINUTE_MAX = 600000 };

extern const char *const rate_names[RATES];

struct rate_config {
    uint32_t per_minute[RATES]; /* 0: no limit */
    uint32_t burst_seconds;     /* a full bucket holds what comes in this time, and one token at least */
    bool loopback;              /* clients on this machine are limited, too */
};

struct rate_table;

struct rate_table *rate_open(const struct rate_config *config);
void rate_close(struct rate_table *table);

/* Takes a token for who (len bytes) at now_us, a time that never goes back.  0: granted; else the whole seconds, at
 * least one, until there is one again.  Any thread. */
uint32_t rate_take(struct rate_table *table, enum rate rate, const void *who, size_t len, int64_t now_us);

#endif
