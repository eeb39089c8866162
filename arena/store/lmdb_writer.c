/*
 * lmdb_writer.c - the queue and the writer's thread behind it.
 *
 * The writer takes what is queued, writes it as one log value, syncs, calls done and takes what gathered
 * meanwhile: one caller waits for one sync, and under load batches grow by themselves.  After a batch of some size the
 * writer gives the callers it has just answered a moment to come back before it takes the next one (see gather): at 64
 * callers that took a fifth off the CPU time of a durable request and was faster, too.
 *
 * A second thread for done was tried.  The next sync then starts before the callers of the last batch have
 * submitted again, so batches get smaller: at 64 callers it was no faster and took a little more CPU time, at 256
 * callers whose done does nothing it was faster.  One thread is the simpler of the two.
 *
 * Folding rides along: when it is due, a batch's transaction also carries a slice of it.  A fold that fails
 * never fails the batch, which is tried again without it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "store/bytes.h"
#include "store/lmdb.h"
#include "store/log.h"

enum {
    BATCH_COMMITS = 1024,
    BATCH_BYTES = 1024 * 1024,
    GATHER_FROM = 4, /* commits of the last batch that make waiting for more worth its while */
    GATHER_US = 200,
    FOLD_AGE_MS = 1000,    /* a commit waits about this long for others of its session */
    FOLD_MANY = 32 * 1024, /* or until so many wait */
    FOLD_MANY_MIB = 128,   /* or so much log */
    SLICE_MIN = 16,
    SLICE_ALONE = 1024,      /* at first, when nobody waits for a batch */
    SLICE_US = 3000,         /* what a slice adds to the latency of the batch that carries it */
    SLICE_IDLE_US = 10000,   /* the same when somebody waits for the fold */
    SLICE_BEHIND = 4 * 1024, /* then with so many commits to fold it may take twice that, with twice as many ... */
    SLICE_MOST_US = 200000,
    SLICES = 16,   /* a slice takes this part of what waits at least, however slow the disk is */
    SLICE_CUT = 8, /* most that a slice shrinks at once */
    FOLD_RETRY_MS = 500,
    ROOM_SHARE = 16, /* a sixteenth of the limit is kept for folding and erasing */
};

void queue_init(struct queue *q)
{
    q->first = NULL;
    q->end = &q->first;
}

static void queue_add(struct queue *q, struct commit *first, struct commit **end)
{
    *q->end = first;
    q->end = end;
    *end = NULL;
}

static void queue_add_all(struct queue *q, struct queue *more)
{
    if (more->first)
        queue_add(q, more->first, more->end);
    queue_init(more);
}

uint64_t lmdb_submit(struct store *s, struct commit *c)
{
    struct lmdb *l = (struct lmdb *)s;
    pthread_mutex_lock(&l->lock);
    uint64_t lsn = c->lsn = ++l->last_lsn;
    c->result = STORE_OK;
    queue_add(&l->queue, c, &c->next);
    bool wake = l->writer_sleeps;
    l->writer_sleeps = false;
    pthread_mutex_unlock(&l->lock);
    if (wake)
        pthread_cond_signal(&l->work);
    return lsn;
}

uint64_t lmdb_settled(struct store *s)
{
    return atomic_load_explicit(&((struct lmdb *)s)->settled, memory_order_acquire);
}

void lmdb_settle(struct store *s)
{
    struct lmdb *l = (struct lmdb *)s;
    pthread_mutex_lock(&l->lock);
    uint64_t to = l->processed, failures = l->fold_failures;
    if (to > l->settle_to)
        l->settle_to = to;
    if (lmdb_settled(s) < to)
        pthread_cond_signal(&l->work);
    while (lmdb_settled(s) < to && l->fold_failures == failures)
        pthread_cond_wait(&l->visible, &l->lock);
    pthread_mutex_unlock(&l->lock);
}

/* --- done ------------------------------------------------------------------------------------------------- */

static void count(uint64_t *figure, uint64_t by)
{
    __atomic_fetch_add(figure, by, __ATOMIC_RELAXED);
}

static void complete(struct lmdb *l, struct commit *c)
{
    uint64_t good = 0, bad = 0;
    for (struct commit *k = c; k; k = k->next)
        k->result == STORE_OK ? good++ : bad++;
    count(&l->base.stats.commits, good);
    count(&l->base.stats.failed_commits, bad);
    while (c) {
        struct commit *next = c->next;
        c->done(c, c->result);
        c = next;
    }
}

/* --- what may be written ---------------------------------------------------------------------------------- */

/* LSN of the session's newest commit in the tables. */
static uint64_t session_lsn(struct lmdb *l, uint64_t session)
{
    uint8_t bytes[8];
    struct head head;
    arena_text record;
    put_be(bytes, session, 8);
    MDB_val key = {sizeof bytes, bytes}, value;
    if (mdb_get(l->source, l->table[SESSIONS], &key, &value) || !head_read(value, &head, &record))
        return 0;
    return head.lsn;
}

/* Is there room in the map's limit, so that what is in the log can still be folded and sessions be erased? */
static bool has_room(struct lmdb *l, uint64_t bytes)
{
    uint64_t kept = l->limit_bytes / ROOM_SHARE + 3 * l->tail.bytes + 2 * bytes;
    if (kept > l->limit_bytes)
        return false;
    return l->base.stats.bytes < l->limit_bytes - kept || lmdb_used_bytes(l) < l->limit_bytes - kept;
}

/* A commit must be built upon its session's newest.  One that was loaded from the tables (after = 0) must
 * have found everything there.  A commit that failed is nobody's newest, so what is built upon it is refused
 * as well. */
static enum store_result judge(struct lmdb *l, const struct commit *c, bool room)
{
    if (l->read_only || !log_can_keep(c))
        return STORE_FAILED;
    if (c->lsn > l->refuse_after)
        return STORE_CLOSED;
    if (!room && !c->erase)
        return STORE_FULL;
    const struct dirty *d = tail_find(&l->tail, c->session);
    if (d)
        return c->after == d->newest->lsn ? STORE_OK : STORE_CONFLICT;
    return !c->after || c->after == session_lsn(l, c->session) ? STORE_OK : STORE_CONFLICT;
}

/* Cuts the next batch off what was taken. */
static struct commit *cut_batch(struct lmdb *l, struct commit ***end, size_t *size)
{
    struct commit *first = l->taken.first;
    size_t bytes = 0;
    uint32_t commits = 0;
    struct commit **link = &l->taken.first;
    for (struct commit *c = first; c; c = c->next) {
        bytes += log_size(c);
        if (commits && (bytes > BATCH_BYTES || commits >= BATCH_COMMITS))
            break;
        commits++;
        *size = bytes;
        link = &c->next;
    }
    *end = link;
    struct commit *rest = *link;
    if (!rest)
        queue_init(&l->taken);
    else
        l->taken.first = rest;
    *link = NULL;
    return first;
}

/* Judges a batch and enters what passes into the tail.  NULL when nothing passes. */
static struct logged *admit(struct lmdb *l, struct commit *first, bool room)
{
    uint32_t commits = 0;
    for (struct commit *c = first; c; c = c->next)
        commits++;
    struct logged *batch = tail_add_batch(commits);
    for (struct commit *c = first; c; c = c->next) {
        c->result = judge(l, c, room);
        if (c->result == STORE_OK)
            tail_add(&l->tail, batch, c->session, c->lsn, log_size(c));
    }
    if (batch->count)
        return batch;
    free(batch);
    return NULL;
}

/* --- transactions ----------------------------------------------------------------------------------------- */

static int put_log(struct lmdb *l, MDB_txn *txn, struct commit *first, const struct logged *batch)
{
    uint8_t bytes[8];
    put_be(bytes, batch->key, 8);
    MDB_val key = {sizeof bytes, bytes}, value = {batch->bytes, NULL};
    int rc = mdb_put(txn, l->table[LOG], &key, &value, MDB_RESERVE | MDB_APPEND);
    if (rc)
        return rc;
    uint8_t *out = value.mv_data;
    for (struct commit *c = first; c; c = c->next)
        if (c->result == STORE_OK) {
            log_write(c, out);
            out += log_size(c);
        }
    return 0;
}

/* One transaction: a batch (may be NULL) and a slice of so many sessions (may be 0). */
static int write_once(struct lmdb *l, struct commit *first, struct logged *batch, uint32_t sessions)
{
    MDB_txn *txn;
    struct slice *slice = l->slice;
    int rc = lmdb_source_begin(l);
    if (!rc)
        rc = mdb_txn_begin(l->env, NULL, 0, &txn);
    l->suspect = rc != 0;
    if (rc)
        return rc;
    if (batch)
        rc = l->direct ? fold_direct(l, txn, first) : put_log(l, txn, first, batch);
    if (!rc && sessions)
        rc = fold_run(l, txn, slice, sessions);
    if (rc) {
        mdb_txn_abort(txn);
        return rc;
    }
    rc = mdb_txn_commit(txn);
    l->suspect = rc != 0;
    lmdb_source_end(l);
    if (sessions && rc)
        fold_undo(slice);
    else if (sessions)
        fold_done(l, slice);
    return rc;
}

static bool fold_is_due(const struct lmdb *l, int64_t now, bool wanted)
{
    const struct tail *t = &l->tail;
    if (!t->oldest || now < l->fold_again_ms)
        return false;
    return wanted || t->commits >= FOLD_MANY || t->bytes >= (uint64_t)FOLD_MANY_MIB << 20 ||
           t->bytes >= l->limit_bytes / ROOM_SHARE || now - t->oldest->at_ms >= FOLD_AGE_MS;
}

/* Large slices share pages and syncs: a session costs a fraction in them.  So the more there is to fold, the larger
 * they are; they grow faster when somebody waits for the fold. */
static int64_t slice_goal_us(const struct lmdb *l, bool hurry)
{
    int64_t goal = hurry ? SLICE_IDLE_US : SLICE_US;
    goal += goal * (int64_t)(l->tail.commits / (hurry ? SLICE_BEHIND : FOLD_MANY));
    return goal < SLICE_MOST_US ? goal : SLICE_MOST_US;
}

static void cut_slice(struct lmdb *l, int64_t by)
{
    l->slice_sessions /= (uint32_t)(by < 2 ? 2 : by < SLICE_CUT ? by : SLICE_CUT);
    if (l->slice_sessions < SLICE_MIN)
        l->slice_sessions = SLICE_MIN;
}

/* The next slice's size, by what the last one took.  One that was not full says nothing about larger ones. */
static void tune(struct lmdb *l, int64_t took_us, bool hurry)
{
    int64_t goal = slice_goal_us(l, hurry);
    if (took_us > goal)
        cut_slice(l, took_us / goal);
    else if (took_us < goal / 2 && l->slice->full)
        l->slice_sessions += l->slice_sessions / 4;
    if (l->slice_sessions > SLICE_SESSIONS)
        l->slice_sessions = SLICE_SESSIONS;
}

/* Sessions in the next slice.  After a failure they are as few as cut_slice says. */
static uint32_t slice_size(const struct lmdb *l, bool hurry)
{
    size_t least = (hurry || l->tail.commits >= FOLD_MANY) && !l->fold_again_ms ? l->tail.dirty_count / SLICES : 0;
    if (least > SLICE_SESSIONS)
        least = SLICE_SESSIONS;
    return least > l->slice_sessions ? (uint32_t)least : l->slice_sessions;
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Writes a batch (may be NULL), with a slice of folding when fold is set, growing the map as it must. */
static int write_batch(struct lmdb *l, struct commit *first, struct logged *batch, bool fold, bool hurry)
{
    int before = 0; /* what failed with the slice */
    for (;;) {
        int64_t start = fold ? now_us() : 0;
        int rc = write_once(l, first, batch, fold ? slice_size(l, hurry) : 0);
        if (!rc && fold) {
            tune(l, now_us() - start, hurry);
            l->fold_again_ms = 0;
        }
        if (rc == MDB_MAP_FULL && !lmdb_grow(l))
            continue;
        if (rc && fold) {
            l->fold_again_ms = lmdb_now_ms() + FOLD_RETRY_MS;
            cut_slice(l, SLICE_CUT); /* a small one fits where a large one does not */
            pthread_mutex_lock(&l->lock);
            l->fold_failures++;
            pthread_cond_broadcast(&l->visible);
            pthread_mutex_unlock(&l->lock);
            fold = false;
            before = rc;
            if (batch)
                continue;
        }
        return rc == MDB_PANIC && before ? before : rc;
    }
}

enum store_result lmdb_result(int rc)
{
    switch (rc) {
    case 0: return STORE_OK;
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return STORE_FULL;
    default: return STORE_FAILED;
    }
}

/* --- the loop --------------------------------------------------------------------------------------------- */

/* What reads see now. */
static void publish(struct lmdb *l, uint64_t processed)
{
    uint64_t settled = l->tail.oldest ? l->tail.oldest->key - 1 : processed;
    MDB_envinfo info;
    pthread_mutex_lock(&l->lock);
    l->processed = processed;
    if (settled > lmdb_settled(&l->base)) {
        atomic_store_explicit(&l->settled, settled, memory_order_release);
        pthread_cond_broadcast(&l->visible);
    }
    pthread_mutex_unlock(&l->lock);
    __atomic_store_n(&l->base.stats.unsettled, l->tail.commits, __ATOMIC_RELAXED);
    if (l->env && !mdb_env_info(l->env, &info))
        __atomic_store_n(&l->base.stats.bytes, (info.me_last_pgno + 1) * l->page_bytes, __ATOMIC_RELAXED);
}

/* Fails a batch and everything submitted until now. */
static void fail(struct lmdb *l, struct commit *first, struct commit **end, enum store_result result)
{
    struct queue all = {first, end};
    pthread_mutex_lock(&l->lock);
    queue_add_all(&all, &l->taken);
    queue_add_all(&all, &l->queue);
    uint64_t last = l->last_lsn;
    pthread_mutex_unlock(&l->lock);
    for (struct commit *c = all.first; c; c = c->next)
        if (c->result == STORE_OK)
            c->result = result;
    publish(l, last);
    complete(l, all.first);
}

/* Folding gives the log's room back. */
static bool make_room(struct lmdb *l, size_t bytes)
{
    while (!has_room(l, bytes))
        if (!l->tail.oldest || write_batch(l, NULL, NULL, true, true))
            return false;
    return true;
}

static void run_batch(struct lmdb *l, bool fold_wanted)
{
    size_t bytes = 0;
    struct commit **end, *first = cut_batch(l, &end, &bytes);
    uint64_t last = ((struct commit *)((char *)end - offsetof(struct commit, next)))->lsn;
    int rc = l->suspect && !lmdb_reopen(l) ? EIO : 0;
    bool room = !rc && make_room(l, bytes);
    if (!rc)
        rc = lmdb_source_begin(l);
    if (rc) {
        fail(l, first, end, lmdb_result(rc));
        return;
    }
    struct logged *batch = admit(l, first, room);
    l->current = batch;
    if (batch)
        rc = write_batch(l, first, batch, fold_is_due(l, lmdb_now_ms(), fold_wanted), fold_wanted);
    l->current = NULL;
    lmdb_source_end(l);
    if (batch && (rc || l->direct)) {
        tail_drop(&l->tail, batch);
    } else if (batch) {
        batch->at_ms = lmdb_now_ms();
        l->durable = last;
        tail_keep(&l->tail, batch);
    }
    if (rc) {
        fail(l, first, end, lmdb_result(rc));
        return;
    }
    count(&l->base.stats.batches, batch != NULL);
    publish(l, last);
    complete(l, first);
}

/* Folds a slice in a transaction of its own. */
static int fold_alone(struct lmdb *l)
{
    int rc = l->suspect && !lmdb_reopen(l) ? EIO : write_batch(l, NULL, NULL, true, true);
    if (rc)
        l->fold_again_ms = lmdb_now_ms() + FOLD_RETRY_MS;
    lmdb_source_end(l);
    publish(l, l->processed);
    return rc;
}

int lmdb_fold_all(struct lmdb *l)
{
    l->slice_sessions = SLICE_ALONE;
    while (l->tail.oldest) {
        uint32_t tried = slice_size(l, true);
        int rc = fold_alone(l);
        if (rc && slice_size(l, true) >= tried)
            return rc;
    }
    return 0;
}

/* Sleeps until there is something to do.  True: commits were taken. */
static bool wait_for_work(struct lmdb *l, bool *fold_wanted, bool *closing)
{
    pthread_mutex_lock(&l->lock);
    for (;;) {
        *fold_wanted = l->settle_to > lmdb_settled(&l->base);
        *closing = l->closing;
        l->refuse_after = l->closing ? l->close_after : UINT64_MAX;
        int64_t now = lmdb_now_ms();
        if (l->taken.first || l->queue.first || *closing || fold_is_due(l, now, *fold_wanted))
            break;
        l->writer_sleeps = true;
        if (!l->tail.oldest) {
            pthread_cond_wait(&l->work, &l->lock);
            continue;
        }
        int64_t until = l->tail.oldest->at_ms + FOLD_AGE_MS;
        if (until < l->fold_again_ms)
            until = l->fold_again_ms;
        struct timespec at = {until / 1000, until % 1000 * 1000000 + 999999};
        pthread_cond_timedwait(&l->work, &l->lock, &at);
    }
    l->writer_sleeps = false;
    queue_add_all(&l->taken, &l->queue);
    pthread_mutex_unlock(&l->lock);
    return l->taken.first != NULL;
}

/* A few callers wait a little longer, so that many can share one sync. */
static void gather(struct lmdb *l)
{
    nanosleep(&(struct timespec){.tv_nsec = GATHER_US * 1000}, NULL);
    pthread_mutex_lock(&l->lock);
    queue_add_all(&l->taken, &l->queue);
    pthread_mutex_unlock(&l->lock);
}

void *lmdb_writer_main(void *arg)
{
    struct lmdb *l = arg;
    bool fold_wanted, closing;
    uint64_t commits = 0, last_batch = 0;
    prctl(PR_SET_TIMERSLACK, 1000UL); /* ns; the default would double the moment */
    for (;;) {
        if (wait_for_work(l, &fold_wanted, &closing)) {
            if (last_batch >= GATHER_FROM)
                gather(l);
            run_batch(l, fold_wanted);
            last_batch = l->base.stats.commits - commits;
            commits = l->base.stats.commits;
        } else if (closing) {
            break;
        } else {
            fold_alone(l);
        }
    }
    lmdb_fold_all(l);
    return NULL;
}
