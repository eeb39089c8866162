/*
 * store.h - where the arena's records last.  One interface; lmdb.c is the default, memory.c the double for
 * tests.
 *
 * The unit of change is the commit: everything that one input did to one session, applied wholly or not at all.
 * Commits are taken in order (store_submit gives each a log sequence number, LSN) and become durable in that
 * order, many at a time: while one batch is synced the next one gathers.  done is called when the commit is
 * durable, never before, so whoever tells anybody only from done tells nothing that could be lost.
 *
 * A caller may build a commit upon one that is not durable yet (commit.after).  If a batch cannot be written,
 * it and everything submitted until then fails, and a commit built upon a failed one is refused as a conflict:
 * the caller forgets what it had in memory and loads the session again.
 *
 * Reads see every commit up to store_settled() at least; the caller keeps in memory what is newer, or calls
 * store_settle first.  They take no lock that a writer holds.
 *
 * What the bytes of a record, a message, an input or an answer mean is the caller's affair.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "arena/operator.h"
#include "core/pool.h"

enum store_result {
    STORE_OK = 0,
    STORE_CONFLICT, /* built upon a commit that failed, or upon an older state than the store has */
    STORE_FULL,     /* the disk or the map's limit is full; nothing of the batch was kept */
    STORE_FAILED,   /* input/output error; nothing of the batch was kept */
    STORE_CLOSED,   /* the store is being closed */
};

enum { STORE_CHANNELS = 2, STORE_ANSWER_KEY = 16 };

/* One message of a session's channel; indexes of a channel are 1, 2, 3, ... without gaps. */
struct store_message {
    uint8_t channel; /* 0 .. STORE_CHANNELS-1 */
    uint32_t index;
    arena_text bytes;
};

/* Something that a session keeps under a key of its own, beside its record. */
struct store_row {
    arena_text key;   /* up to 255 bytes */
    arena_text bytes; /* in a commit: empty = the row goes, if there is one */
};

/* An ended session. */
struct store_end {
    uint64_t end_number, session;
    arena_text record;
};

/*
 * One change of one session.  The caller owns it and all it points to until done.  `session` is the serial
 * number that the caller gave the session (1, 2, 3, ... see store_last_session); the store never makes one.
 */
struct commit {
    uint64_t session;
    uint64_t after; /* LSN of this session's commit before, 0 for its first */
    bool erase;     /* remove the session with everything it has; only session and after count */

    /* The session's head, replaced wholly. */
    arena_text record;
    /* What the session is found by.  id, type and created_ms never change after the first commit. */
    arena_text id;   /* unique; up to 255 bytes */
    arena_text type; /* challenge type; empty for what does not appear in lists */
    uint8_t status;  /* 0 .. 2, a list filter */
    int64_t created_ms;
    int64_t wake_ms; /* when the session wants to be woken; 0 = never */
    /* Further unique names, each of up to 255 bytes, set by the first commit (the invites). */
    uint32_t name_count;
    const arena_text *names;

    /* Set by the commit that ends the session, and by no other of it: its place in the order of ends (not 0; higher
     * than that of any commit submitted before; numbers may be left out), and the tags under which it is listed from
     * now on (at most 255, different from each other, each of up to 255 bytes; none without an end number). */
    uint64_t end_number;
    uint32_t tag_count;
    const arena_text *tags;
    /* Rows that change, in this order. */
    uint32_t row_count;
    const struct store_row *rows;

    uint32_t message_count;
    const struct store_message *messages;
    /* The journal's next entry; empty: none.  input_number counts 0, 1, 2, ... in a session. */
    uint32_t input_number;
    arena_text input;
    /* The answer kept under an idempotency key; empty: none. */
    uint8_t answer_key[STORE_ANSWER_KEY];
    arena_text answer;

    void (*done)(struct commit *commit, enum store_result result); /* from the store's thread, in LSN order */
    void *owner;                                                   /* the caller's */
    uint64_t lsn;                                                  /* set by store_submit */
    struct commit *next;                                           /* the store's, while queued */
    enum store_result result;                                      /* the store's, while queued */
};

/* A session with what it is found by and its answers, for those who read a whole store (dump.h). */
struct store_session {
    uint64_t session;
    arena_text id, type, record;
    uint8_t status;
    int64_t created_ms, wake_ms;
    uint32_t name_count;
    const arena_text *names;
    uint64_t end_number; /* 0: not ended */
    uint32_t tag_count;
    const arena_text *tags;
    uint32_t row_count; /* in the order of their keys */
    const struct store_row *rows;
    uint32_t answer_count; /* in the order of their keys */
    const uint8_t (*answer_keys)[STORE_ANSWER_KEY];
    const arena_text *answers;
};

struct store;

/* A kind of store.  Every function is documented at its store_ wrapper below. */
struct store_kind {
    const char *name;
    uint64_t (*submit)(struct store *, struct commit *);
    uint64_t (*settled)(struct store *);
    void (*settle)(struct store *);
    bool (*record)(struct store *, uint64_t session, struct pool *, arena_text *record);
    bool (*find)(struct store *, arena_text id_or_name, uint64_t *session);
    uint32_t (*messages)(struct store *, uint64_t session, uint8_t channel, uint32_t from, uint32_t end, struct pool *,
                         struct store_message *out);
    uint32_t (*inputs)(struct store *, uint64_t session, uint32_t from, uint32_t max, struct pool *, arena_text *out);
    bool (*answer)(struct store *, const uint8_t key[STORE_ANSWER_KEY], struct pool *, arena_text *answer);
    void (*wakes)(struct store *, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx);
    uint64_t (*list)(struct store *, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *,
                     arena_text *records, uint32_t *count);
    uint64_t (*tagged)(struct store *, arena_text tag, uint64_t offset, uint32_t limit, struct pool *,
                       arena_text *records, uint32_t *count);
    uint32_t (*ends)(struct store *, uint64_t after, uint32_t max, struct pool *, struct store_end *out);
    void (*rows)(struct store *, uint64_t session, void (*each)(void *ctx, arena_text key, arena_text bytes),
                 void *ctx);
    bool (*next)(struct store *, uint64_t after, struct pool *, struct store_session *out);
    void (*close)(struct store *);
};

struct store_stats {
    uint64_t commits, batches, failed_commits; /* since the store was opened */
    uint64_t bytes;                            /* on disk */
    uint64_t sessions;                         /* kept */
    uint64_t unsettled;                        /* commits in the log and not yet in the tables */
};

struct store {
    const struct store_kind *kind;
    uint64_t last_session;    /* highest serial number found at opening */
    uint64_t last_end;        /* highest end number ever kept, as found at opening; 0: none */
    struct store_stats stats; /* kept by the store's thread; read them with store_stats() */
};

/* Queues a commit and returns its LSN (1, 2, 3, ...).  Never blocks on the disk.  done is always called. */
static inline uint64_t store_submit(struct store *s, struct commit *c)
{
    return s->kind->submit(s, c);
}

/* Reads see all commits with this LSN or a lower one. */
static inline uint64_t store_settled(struct store *s)
{
    return s->kind->settled(s);
}

/* Waits until reads see every commit whose done was called before.  Not from inside done.  On a disk that is
 * full or fails it returns early: store_settled tells, and a commit built upon an old read is a conflict. */
static inline void store_settle(struct store *s)
{
    s->kind->settle(s);
}

/* The record of a session, in pool.  False when there is none. */
static inline bool store_record(struct store *s, uint64_t session, struct pool *p, arena_text *record)
{
    return s->kind->record(s, session, p, record);
}

/* The session with this id or further name.  False when there is none. */
static inline bool store_find(struct store *s, arena_text id_or_name, uint64_t *session)
{
    return s->kind->find(s, id_or_name, session);
}

/* The messages with from <= index < end, in order, into out (end - from entries) and pool; returns how many. */
static inline uint32_t store_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end,
                                      struct pool *p, struct store_message *out)
{
    return s->kind->messages(s, session, channel, from, end, p, out);
}

/* At most max journal entries from number `from` on, in order, into out and pool; returns how many. */
static inline uint32_t store_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p,
                                    arena_text *out)
{
    return s->kind->inputs(s, session, from, max, p, out);
}

/* The answer kept under an idempotency key.  False when there is none. */
static inline bool store_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p,
                                arena_text *answer)
{
    return s->kind->answer(s, key, p, answer);
}

/* Calls each for every session that has a wake time, in any order; for the start. */
static inline void store_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx)
{
    s->kind->wakes(s, each, ctx);
}

/* Records of listed sessions, newest created_ms first (of equal ones the higher serial first): those of this
 * type (empty: all types) and status (-1: any), without the first `offset`, at most `limit`, into records
 * and pool. Returns how many match in all, at a cost that does not grow with their number. */
static inline uint64_t store_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit,
                                  struct pool *p, arena_text *records, uint32_t *count)
{
    return s->kind->list(s, type, status, offset, limit, p, records, count);
}

/* The same for the ended sessions with this tag, whatever type they have. */
static inline uint64_t store_tagged(struct store *s, arena_text tag, uint64_t offset, uint32_t limit, struct pool *p,
                                    arena_text *records, uint32_t *count)
{
    return s->kind->tagged(s, tag, offset, limit, p, records, count);
}

/* At most max ended sessions with an end number above `after`, in the order of these, into out and pool; returns how
 * many.  An end shows no sooner than every end with a lower number, so whoever goes on after the last one he saw misses
 * none. */
static inline uint32_t store_ends(struct store *s, uint64_t after, uint32_t max, struct pool *p, struct store_end *out)
{
    return s->kind->ends(s, after, max, p, out);
}

/* Calls each for every row of a session, in the order of their keys.  key and bytes live until each returns; each must
 * not use the store. */
static inline void store_rows(struct store *s, uint64_t session,
                              void (*each)(void *ctx, arena_text key, arena_text bytes), void *ctx)
{
    s->kind->rows(s, session, each, ctx);
}

/* The session with the lowest serial number above `after`, in pool.  False when there is none. */
static inline bool store_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out)
{
    return s->kind->next(s, after, p, out);
}

/* The figures of this moment. */
static inline struct store_stats store_stats(const struct store *s)
{
    return (struct store_stats){
        .commits = __atomic_load_n(&s->stats.commits, __ATOMIC_RELAXED),
        .batches = __atomic_load_n(&s->stats.batches, __ATOMIC_RELAXED),
        .failed_commits = __atomic_load_n(&s->stats.failed_commits, __ATOMIC_RELAXED),
        .bytes = __atomic_load_n(&s->stats.bytes, __ATOMIC_RELAXED),
        .sessions = __atomic_load_n(&s->stats.sessions, __ATOMIC_RELAXED),
        .unsettled = __atomic_load_n(&s->stats.unsettled, __ATOMIC_RELAXED),
    };
}

/* Makes all that was submitted durable, then closes and frees the store. */
static inline void store_close(struct store *s)
{
    if (s)
        s->kind->close(s);
}

struct store_config {
    const char *dir;      /* folder of the store's files; made when absent */
    uint64_t map_bytes;   /* first size of the map; 0 = 64 MiB; it grows by itself */
    uint64_t limit_bytes; /* most it may grow to; 0 = 1 TiB.  Past it commits fail with STORE_FULL */
    bool read_only;       /* for tools beside a running server: a snapshot of now */
};

/* Opens the LMDB store.  NULL and a sentence in error (error_size bytes) when the folder cannot be used,
 * another server has it, or its file is of another kind or from a later version. */
struct store *store_open_lmdb(const struct store_config *config, char *error, size_t error_size);

/* The double for tests: everything in memory, "durable" when fail_next is not set. */
struct store *store_open_memory(void);

/* The next `count` batches of a memory store fail with this result. */
void store_memory_fail(struct store *store, uint32_t count, enum store_result result);

#endif
