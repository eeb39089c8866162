/*
 * lmdb_tail.c - which commits are in the log and not yet in the tables.
 *
 * Three views of the same entries: batches from old to new (the log is removed from its old end), sessions by
 * number (a commit must be built upon its session's newest), and sessions in the order in which they became
 * dirty (that is how they are folded).  The commits themselves stay in the log; an entry only knows where.
 */
#include <assert.h>
#include <stdlib.h>

#include "store/lmdb.h"

enum { FIRST_BUCKETS = 1024 };

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

void tail_init(struct tail *t)
{
    *t = (struct tail){.bucket_count = FIRST_BUCKETS};
    t->buckets = must(calloc(t->bucket_count, sizeof *t->buckets));
}

static void free_list(struct dirty *d)
{
    while (d) {
        struct dirty *next = d->next;
        free(d);
        d = next;
    }
}

void tail_finish(struct tail *t)
{
    while (t->oldest) {
        struct logged *next = t->oldest->next;
        free(t->oldest);
        t->oldest = next;
    }
    free_list(t->first);
    free_list(t->spare);
    free(t->buckets);
    *t = (struct tail){0};
}

static struct dirty **bucket(const struct tail *t, uint64_t session)
{
    uint64_t mixed = session * UINT64_C(0x9E3779B97F4A7C15);
    return &t->buckets[(mixed >> 32) & (t->bucket_count - 1)];
}

struct dirty *tail_find(const struct tail *t, uint64_t session)
{
    struct dirty *d = *bucket(t, session);
    while (d && d->session != session)
        d = d->chain;
    return d;
}

static void double_buckets(struct tail *t)
{
    free(t->buckets);
    t->bucket_count *= 2;
    t->buckets = must(calloc(t->bucket_count, sizeof *t->buckets));
    for (struct dirty *d = t->first; d; d = d->next) {
        struct dirty **b = bucket(t, d->session);
        d->chain = *b;
        *b = d;
    }
}

static struct dirty *add_dirty(struct tail *t, uint64_t session)
{
    if (t->dirty_count >= t->bucket_count)
        double_buckets(t);
    struct dirty *d = t->spare;
    if (d)
        t->spare = d->next;
    else
        d = must(malloc(sizeof *d));
    struct dirty **b = bucket(t, session);
    *d = (struct dirty){.session = session, .chain = *b, .prev = t->last};
    *b = d;
    if (t->last)
        t->last->next = d;
    else
        t->first = d;
    t->last = d;
    t->dirty_count++;
    return d;
}

static void remove_dirty(struct tail *t, struct dirty *d)
{
    struct dirty **b = bucket(t, d->session);
    while (*b != d)
        b = &(*b)->chain;
    *b = d->chain;
    if (d->prev)
        d->prev->next = d->next;
    else
        t->first = d->next;
    if (d->next)
        d->next->prev = d->prev;
    else
        t->last = d->prev;
    d->next = t->spare;
    t->spare = d;
    t->dirty_count--;
}

struct logged *tail_add_batch(uint32_t count)
{
    struct logged *batch = must(malloc(sizeof *batch + count * sizeof batch->entries[0]));
    *batch = (struct logged){0};
    return batch;
}

void tail_add(struct tail *t, struct logged *batch, uint64_t session, uint64_t lsn, size_t size)
{
    struct dirty *d = tail_find(t, session);
    if (!d)
        d = add_dirty(t, session);
    struct entry *e = &batch->entries[batch->count++];
    *e = (struct entry){.lsn = lsn,
                        .offset = (uint32_t)batch->bytes,
                        .size = (uint32_t)size,
                        .batch = batch,
                        .dirty = d,
                        .older = d->newest};
    if (d->newest)
        d->newest->newer = e;
    else
        d->oldest = e;
    d->newest = e;
    d->commits++;
    if (batch->count == 1)
        batch->key = lsn;
    batch->left++;
    batch->bytes += size;
}

void tail_keep(struct tail *t, struct logged *batch)
{
    if (t->newest)
        t->newest->next = batch;
    else
        t->oldest = batch;
    t->newest = batch;
    t->commits += batch->count;
    t->bytes += batch->bytes;
}

void tail_drop(struct tail *t, struct logged *batch)
{
    for (uint32_t i = batch->count; i-- > 0;) {
        struct entry *e = &batch->entries[i];
        struct dirty *d = e->dirty;
        assert(d->newest == e);
        d->newest = e->older;
        d->commits--;
        if (d->newest)
            d->newest->newer = NULL;
        else
            remove_dirty(t, d);
    }
    free(batch);
}

void tail_forget(struct tail *t, struct dirty *d, struct entry *last)
{
    for (struct entry *e = d->oldest; e != last; e = e->newer)
        d->commits--;
    d->commits--;
    d->oldest = last->newer;
    if (d->oldest)
        d->oldest->older = NULL;
    else
        remove_dirty(t, d);
}

void tail_drop_folded(struct tail *t)
{
    while (t->oldest && !t->oldest->left) {
        struct logged *batch = t->oldest;
        t->oldest = batch->next;
        t->bytes -= batch->bytes;
        free(batch);
    }
    if (!t->oldest)
        t->newest = NULL;
}
