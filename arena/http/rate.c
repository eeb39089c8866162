#include "http/rate.h"

#include <stdatomic.h>

#include "core/must.h"
#include "core/text.h"

/*
 * A place is one word: 20 bits that tell whose it is, 44 bits of time in units of 10 microseconds (five years).  The
 * hash picks a set of eight places and the mark within it; two clients of one set share a bucket once in a million.
 */
enum { SETS = 8192, PLACES = 8, TIME_BITS = 44, UNIT_US = 10, UNITS_PER_SECOND = 1000000 / UNIT_US };
#define TIME_MASK ((UINT64_C(1) << TIME_BITS) - 1)

const char *const rate_names[RATES] = {"create", "join", "write", "read", "seatWrite", "seatRead"};

struct bucket {
    uint64_t step, room; /* time that one token takes to come; that a full bucket takes to fill */
};

struct rate_table {
    struct bucket bucket[RATES];
    _Atomic uint64_t place[SETS][PLACES];
};

struct rate_table *rate_open(const struct rate_config *config)
{
    struct rate_table *table = must(calloc(1, sizeof *table));

    for (int i = 0; i < RATES; i++) {
        uint64_t per_minute = config->per_minute[i];
        struct bucket *b = &table->bucket[i];
        b->step = per_minute ? UINT64_C(60) * UNITS_PER_SECOND / per_minute : 0;
        b->room = (uint64_t)config->burst_seconds * UNITS_PER_SECOND;
        if (b->room < b->step)
            b->room = b->step;
    }
    return table;
}

void rate_close(struct rate_table *table)
{
    free(table);
}

/* The place of this mark, or the one that is nearest to full. */
static _Atomic uint64_t *find(_Atomic uint64_t *set, uint64_t mark, uint64_t *word)
{
    _Atomic uint64_t *best = NULL;
    uint64_t earliest = UINT64_MAX;

    for (int i = 0; i < PLACES; i++) {
        uint64_t here = atomic_load_explicit(&set[i], memory_order_relaxed);
        if (here >> TIME_BITS == mark) {
            *word = here;
            return &set[i];
        }
        if ((here & TIME_MASK) < earliest) {
            earliest = here & TIME_MASK;
            *word = here;
            best = &set[i];
        }
    }
    return best;
}

uint32_t rate_take(struct rate_table *table, enum rate rate, const void *who, size_t len, int64_t now_us)
{
    const struct bucket *b = &table->bucket[rate];
    uint64_t bits, word, now = (uint64_t)now_us / UNIT_US;

    if (!b->step)
        return 0;
    bits = text_hash((arena_text){who, len}); /* keyed: nobody can choose names that share a place with another's */
    bits = (bits ^ (uint64_t)rate * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xD6E8FEB86659FD93);
    uint64_t mark = bits >> TIME_BITS;
    _Atomic uint64_t *set = table->place[bits % SETS];
    for (;;) {
        _Atomic uint64_t *place = find(set, mark, &word);
        uint64_t full = word >> TIME_BITS == mark ? word & TIME_MASK : 0;
        if (full < now)
            full = now;
        if (full + b->step > now + b->room) {
            uint64_t wait = full + b->step - now - b->room;
            return (uint32_t)((wait + UNITS_PER_SECOND - 1) / UNITS_PER_SECOND);
        }
        if (atomic_compare_exchange_weak(place, &word, mark << TIME_BITS | (full + b->step)))
            return 0;
    }
}
