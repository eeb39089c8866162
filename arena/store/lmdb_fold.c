/*
 * lmdb_fold.c - from the log into the tables, a slice per transaction.
 *
 * A slice takes the sessions that have been dirty longest, each with all its commits, and writes them in the
 * order of their numbers, so that neighbours share pages.  The commits are read from the log as last committed,
 * through a read transaction beside the write transaction: LMDB lets values of a write transaction go with its
 * next change.
 */
#include <stdlib.h>

#include "store/bytes.h"
#include "store/lmdb.h"
#include "store/log.h"

enum {
    SESSION_COMMITS = 1024, /* most commits of one session in one slice */
    PER_SESSION = 16,       /* a slice of n sessions is full with n times as many commits, too */
};

static int by_session(const void *a, const void *b)
{
    const struct dirty *x = *(struct dirty *const *)a, *y = *(struct dirty *const *)b;
    return (x->session > y->session) - (x->session < y->session);
}

/* The commit behind an entry. */
static int read_entry(struct lmdb *l, struct entry *e, struct pool *pool, struct commit *out)
{
    struct logged *batch = e->batch;
    if (batch->found != l->source_turn) {
        uint8_t bytes[8];
        put_be(bytes, batch->key, 8);
        MDB_val key = {sizeof bytes, bytes}, value;
        int rc = mdb_get(l->source, l->table[LOG], &key, &value);
        if (rc)
            return rc;
        if (value.mv_size < batch->bytes)
            return MDB_CORRUPTED;
        batch->value = value.mv_data;
        batch->found = l->source_turn;
    }
    return log_read(batch->value + e->offset, e->size, pool, out) ? 0 : MDB_CORRUPTED;
}

/* Folds one session's commits but those of the batch that is just being written, SESSION_COMMITS at most; *last
 * becomes the newest folded. */
static int fold_session(struct lmdb *l, struct change *ch, struct dirty *d, struct entry **last)
{
    uint32_t count = 0;
    for (struct entry *e = d->oldest; e && e->batch != l->current && count < SESSION_COMMITS; e = e->newer)
        count++;
    pool_reset(&ch->pool);
    struct commit *commits = pool_alloc(&ch->pool, count * sizeof *commits);
    struct entry *e = d->oldest;
    for (uint32_t i = 0; i < count; i++, e = e->newer) {
        int rc = read_entry(l, e, &ch->pool, &commits[i]);
        if (rc)
            return rc;
        *last = e;
    }
    return count ? change_session(ch, d->session, commits, count) : 0;
}

/* Takes what was folded off the batches' counts. */
static uint32_t mark(struct dirty *d, struct entry *last, int by)
{
    uint32_t count = 0;
    for (struct entry *e = d->oldest;; e = e->newer) {
        e->batch->left += (uint32_t)by;
        count++;
        if (e == last)
            return count;
    }
}

/* Removes the log's oldest values, of which everything is folded. */
static int cut_log(struct lmdb *l, MDB_txn *txn)
{
    for (struct logged *b = l->tail.oldest; b && !b->left; b = b->next) {
        uint8_t bytes[8];
        put_be(bytes, b->key, 8);
        MDB_val key = {sizeof bytes, bytes};
        int rc = mdb_del(txn, l->table[LOG], &key, NULL);
        if (rc && rc != MDB_NOTFOUND)
            return rc;
    }
    return 0;
}

static int put_meta(struct lmdb *l, MDB_txn *txn, const char *name, uint64_t number)
{
    uint8_t bytes[8];
    put_le(bytes, number, 8);
    MDB_val key = {strlen(name), (void *)(uintptr_t)name}, value = {sizeof bytes, bytes};
    return mdb_put(txn, l->table[META], &key, &value, 0);
}

/* The counters that must outlive an empty log. */
static int write_counters(struct lmdb *l, MDB_txn *txn, struct slice *slice, const struct change *ch)
{
    int rc = 0;
    slice->meta_settled = l->processed;
    slice->meta_last_session = ch->last_session > l->meta_last_session ? ch->last_session : l->meta_last_session;
    slice->meta_last_end = ch->last_end > l->meta_last_end ? ch->last_end : l->meta_last_end;
    if (slice->meta_settled != l->meta_settled)
        rc = put_meta(l, txn, "last_lsn", slice->meta_settled);
    if (!rc && slice->meta_last_session != l->meta_last_session)
        rc = put_meta(l, txn, "last_session", slice->meta_last_session);
    if (!rc && slice->meta_last_end != l->meta_last_end)
        rc = put_meta(l, txn, "last_end", slice->meta_last_end);
    return rc;
}

/* The sessions that have been dirty longest, in the order of their numbers. */
static uint32_t pick(const struct tail *t, uint32_t sessions, struct dirty **out, bool *full)
{
    uint32_t count = 0, commits = 0;
    struct dirty *d = t->first;
    for (; d && count < sessions && commits < sessions * PER_SESSION; d = d->next) {
        commits += d->commits;
        out[count++] = d;
    }
    *full = d != NULL;
    qsort(out, count, sizeof out[0], by_session);
    return count;
}

int fold_run(struct lmdb *l, MDB_txn *txn, struct slice *slice, uint32_t sessions)
{
    struct change ch;
    struct dirty *picked[SLICE_SESSIONS];
    uint32_t count = pick(&l->tail, sessions < SLICE_SESSIONS ? sessions : SLICE_SESSIONS, picked, &slice->full);
    MDB_stat stat;
    int rc = 0;
    slice->count = slice->commits = 0;
    tables_begin(&ch, l, txn);
    for (uint32_t i = 0; i < count && !rc; i++) {
        struct entry *last = NULL;
        rc = fold_session(l, &ch, picked[i], &last);
        if (rc || !last)
            continue;
        slice->dirty[slice->count] = picked[i];
        slice->last[slice->count++] = last;
        slice->commits += mark(picked[i], last, -1);
    }
    if (!rc)
        rc = cut_log(l, txn);
    if (!rc)
        rc = write_counters(l, txn, slice, &ch);
    if (!rc && !(rc = mdb_stat(txn, l->table[SESSIONS], &stat)))
        slice->sessions = stat.ms_entries;
    tables_end(&ch);
    if (rc)
        fold_undo(slice);
    return rc;
}

void fold_undo(struct slice *slice)
{
    for (uint32_t i = 0; i < slice->count; i++)
        mark(slice->dirty[i], slice->last[i], 1);
    slice->count = slice->commits = 0;
}

void fold_done(struct lmdb *l, struct slice *slice)
{
    for (uint32_t i = 0; i < slice->count; i++)
        tail_forget(&l->tail, slice->dirty[i], slice->last[i]);
    l->tail.commits -= slice->commits;
    l->meta_settled = slice->meta_settled;
    l->meta_last_session = slice->meta_last_session;
    l->meta_last_end = slice->meta_last_end;
    tail_drop_folded(&l->tail);
    __atomic_store_n(&l->base.stats.sessions, slice->sessions, __ATOMIC_RELAXED);
}

int fold_direct(struct lmdb *l, MDB_txn *txn, struct commit *first)
{
    struct change ch;
    int rc = 0;
    tables_begin(&ch, l, txn);
    for (struct commit *c = first; c && !rc; c = c->next) {
        pool_reset(&ch.pool);
        if (c->result == STORE_OK)
            rc = change_session(&ch, c->session, c, 1);
    }
    tables_end(&ch);
    return rc;
}
