/*
 * lmdb.h - what the files of the LMDB store share; nobody else includes it.
 *
 *   lmdb.c         opening and closing
 *   lmdb_env.c     the environment: kind, version, tables, growth, reopening
 *   lmdb_writer.c  the queue and the writer's thread
 *   lmdb_tail.c    which commits are in the log and not yet in the tables
 *   lmdb_fold.c    from the log into the tables
 *   lmdb_tables.c  how the tables' keys and values look; one session's change
 *   lmdb_runs.c    messages and inputs in them
 *   lmdb_ends.c    ends, tags and rows in them
 *   lmdb_read.c    reading the tables
 *
 * The way of a commit: queue -> one value of table `log` for the whole batch, synced -> done.  A second or so
 * later what gathered for its session is folded into the tables in the same transaction as some later batch,
 * and log values that are folded wholly are removed.  Appending one large value costs a fraction of changing a
 * few random pages per commit, and a session that changed ten times meanwhile is written once.
 *
 * Who may touch what: the writer's thread alone writes to the environment and owns `tail`; readers hold the
 * read side of map_lock as long as their transaction lasts; the write side is taken only to grow or to reopen
 * the map.
 */
#ifndef STORE_LMDB_H
#define STORE_LMDB_H

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "store/store.h"

enum table {
    META,     /* text -> what the file is, its version, counters */
    LOG,      /* LSN of a batch's first commit -> its commits, as log.h writes them */
    SESSIONS, /* session -> head and record */
    LABELS,   /* session -> id, type, names: what never changes */
    IDS,      /* id or name -> session */
    MESSAGES, /* session, channel, last index -> some messages in a row */
    INPUTS,   /* session, last number -> some inputs in a row */
    ANSWERS,  /* key -> session, LSN, bytes */
    OWNED,    /* session, key of an answer -> nothing */
    WAKES,    /* session -> wake_ms */
    LIST,     /* scope, created_ms downwards, session downwards -> nothing */
    COUNTS,   /* scope -> sessions in it; scope, span -> those of them that were created in this span of time */
    ENDS,     /* end number -> session, LSN of the commit that ended it */
    TAGS,     /* session -> end number, tags */
    ROWS,     /* session, key -> bytes */
    TABLES
};

/* Version 2 has ENDS, TAGS and ROWS, tags as scopes, spans, and commits in the log that speak of them.  A file of
 * version 1 is taken over when it is opened: what had ended before has no end number and no tags. */
enum { STORE_VERSION = 2, READERS_KEPT = 64, LMDB_READERS = 1022 };

/* A commit in the log. */
struct entry {
    uint64_t lsn;
    uint32_t offset, size; /* in the batch's value */
    struct logged *batch;
    struct dirty *dirty;
    struct entry *older, *newer; /* of the same session */
};

/* A batch in the log. */
struct logged {
    uint64_t key;   /* of its value: the LSN of its first commit */
    int64_t at_ms;  /* when it was written */
    size_t bytes;   /* of its value */
    uint32_t count; /* commits */
    uint32_t left;  /* of them not folded */
    uint64_t found; /* the transaction (lmdb.source_turn) that value belongs to */
    const uint8_t *value;
    struct logged *next; /* newer */
    struct entry entries[];
};

/* A session with commits in the log. */
struct dirty {
    uint64_t session;
    struct entry *oldest, *newest;
    uint32_t commits;
    struct dirty *chain;       /* same bucket */
    struct dirty *prev, *next; /* in the order in which they became dirty */
};

/* The commits in the log.  The writer's alone. */
struct tail {
    struct logged *oldest, *newest;
    struct dirty *first, *last, *spare;
    struct dirty **buckets;
    size_t bucket_count, dirty_count; /* bucket_count is a power of two */
    uint64_t commits;                 /* not folded */
    uint64_t bytes;                   /* of the values in the log */
};

/* Commits in a row. */
struct queue {
    struct commit *first, **end;
};

struct lmdb {
    struct store base;
    char *path;
    int lock_fd;
    bool read_only, direct;
    uint64_t map_bytes, limit_bytes, page_bytes;

    pthread_rwlock_t map_lock;
    MDB_env *env; /* NULL while it could not be reopened */
    MDB_dbi table[TABLES];
    pthread_mutex_t readers_lock;
    MDB_txn *readers[READERS_KEPT]; /* at rest */
    size_t reader_count;

    /* Between callers and the writer, under lock. */
    pthread_mutex_t lock;
    pthread_cond_t work;    /* for the writer */
    pthread_cond_t visible; /* for store_settle: settled or fold_failures grew */
    struct queue queue;
    uint64_t last_lsn;    /* given out */
    uint64_t processed;   /* decided: durable or failed */
    uint64_t settle_to;   /* somebody waits until this is settled */
    uint64_t close_after; /* closing: what comes after this LSN is refused */
    uint64_t fold_failures;
    bool writer_sleeps, closing;
    atomic_ullong settled;

    pthread_t writer;

    /* The writer's alone. */
    struct queue taken;
    struct tail tail;
    const struct logged *current; /* the batch being written: in the sessions' chains, not durable yet */
    bool source_live;
    MDB_txn *source;      /* the log as last committed; values found in it live as long as its turn */
    uint64_t source_turn; /* counts its renewals */
    uint64_t meta_settled, meta_last_session, meta_last_end; /* as the file has them */
    uint64_t durable;                                        /* LSN of the newest commit in the log or the tables */
    int64_t fold_again_ms;                                   /* after a failed fold: not before */
    uint32_t slice_sessions;                                 /* what folds in about slice_goal_us */
    struct slice *slice;
    bool suspect;          /* a commit failed: the environment may need lmdb_reopen */
    uint64_t refuse_after; /* close_after once closing */
};

/* Where a sentence goes. */
struct sentence {
    char *bytes;
    size_t size;
};

/* lmdb_env.c */
__attribute__((format(printf, 2, 3))) bool lmdb_refuse(struct sentence error, const char *format, ...); /* false */
bool lmdb_open_env(struct lmdb *l, struct sentence error);
bool lmdb_open_tables(struct lmdb *l, struct sentence error);
void lmdb_close_env(struct lmdb *l);
int lmdb_grow(struct lmdb *l);         /* twice the map, up to the limit; MDB_MAP_FULL there */
bool lmdb_reopen(struct lmdb *l);      /* after an error that LMDB does not survive */
int lmdb_source_begin(struct lmdb *l); /* renews l->source */
void lmdb_source_end(struct lmdb *l);
uint64_t lmdb_used_bytes(struct lmdb *l); /* pages in use; the free ones are counted, which costs */
int lmdb_load_log(struct lmdb *l);        /* fills tail from the file */

/* lmdb.c */
int64_t lmdb_now_ms(void); /* monotonic */

/* lmdb_writer.c */
int lmdb_fold_all(struct lmdb *l); /* everything in the log, in transactions of its own */
uint64_t lmdb_submit(struct store *s, struct commit *c);
uint64_t lmdb_settled(struct store *s);
void lmdb_settle(struct store *s);
void *lmdb_writer_main(void *arg);
void queue_init(struct queue *q);
enum store_result lmdb_result(int rc);

/* lmdb_tail.c.  tail_add_batch makes room for count commits; the batch belongs to the tail from tail_keep on.
 */
void tail_init(struct tail *t);
void tail_finish(struct tail *t);
struct dirty *tail_find(const struct tail *t, uint64_t session);
struct logged *tail_add_batch(uint32_t count);
void tail_add(struct tail *t, struct logged *batch, uint64_t session, uint64_t lsn, size_t size);
void tail_keep(struct tail *t, struct logged *batch);
void tail_drop(struct tail *t, struct logged *batch); /* the batch was not written: as if never added */
void tail_forget(struct tail *t, struct dirty *d, struct entry *last); /* d is folded up to last */
void tail_drop_folded(struct tail *t);                                 /* batches with nothing left leave */

/* lmdb_fold.c.  A slice is what one transaction folds.  fold_run changes only the transaction; fold_done, after
 * its commit, takes the slice out of the tail; fold_undo, after its failure, lets it stay. */
enum { SLICE_SESSIONS = 8192 };
struct slice {
    uint32_t count, commits;
    bool full; /* more could have been folded */
    struct dirty *dirty[SLICE_SESSIONS];
    struct entry *last[SLICE_SESSIONS];
    uint64_t meta_settled, meta_last_session, meta_last_end, sessions;
};
int fold_run(struct lmdb *l, MDB_txn *txn, struct slice *slice, uint32_t sessions);
void fold_done(struct lmdb *l, struct slice *slice);
void fold_undo(struct slice *slice);
int fold_direct(struct lmdb *l, MDB_txn *txn, struct commit *first);

/* lmdb_tables.c */
enum { HEAD_BYTES = 32, SESSION_KEY = 8, SCOPE_MAX = 3 + 255, SCOPES = 4, LIST_TAIL = 16 };
enum { SPAN_KEY = 8, SPAN_BITS = 20 }; /* a span is 2^20 ms, some 17 minutes; a deep page is found by their counts */
struct head {
    uint64_t lsn; /* of the newest commit folded */
    int64_t created_ms, wake_ms;
    uint8_t status;
};
struct change {
    struct lmdb *l;
    MDB_txn *txn;
    MDB_cursor *cursors[TABLES]; /* opened when first used */
    struct pool pool;
    uint64_t last_session, last_end;
};
void tables_begin(struct change *ch, struct lmdb *l, MDB_txn *txn);
void tables_end(struct change *ch);
int change_session(struct change *ch, uint64_t session, const struct commit *commits, uint32_t count);
int table_get(struct change *ch, enum table table, const void *key, size_t len, MDB_val *value);
/* Room for a value; to be filled before the next call. */
int table_put(struct change *ch, enum table table, const void *key, size_t len, size_t size, uint8_t **out);
int table_put_number(struct change *ch, enum table table, const void *key, size_t len, uint64_t number);
/* Removes a key, which need not be there, or all that start with prefix. */
int table_drop(struct change *ch, enum table table, const void *key, size_t len);
int table_drop_all(struct change *ch, enum table table, const void *prefix, size_t len);
bool head_read(MDB_val value, struct head *head, arena_text *record);
/* A label is a length in one byte and the text. */
uint8_t *put_label(uint8_t *out, arena_text text);
bool label_list(const uint8_t *at, size_t left, struct pool *pool, uint32_t *count, arena_text **list);
bool labels_read(MDB_val value, struct pool *pool, arena_text *id, arena_text *type, uint32_t *name_count,
                 arena_text **names);
size_t scope_key(uint8_t *out, arena_text type, int status);
size_t scope_tag(uint8_t *out, arena_text tag);
/* Counts the spans of a file that has none yet; for taking one over. */
int spans_make(struct lmdb *l, MDB_txn *txn);
/* Enters (by = 1) a session into a scope or takes it out (by = -1).  key has LIST_TAIL more bytes of room. */
int scope_change(struct change *ch, uint8_t *key, size_t scope, uint64_t session, int64_t created_ms, int by);

/* lmdb_runs.c.  A value holds the items first .. last in a row, its key ends with last. */
struct run_reader {
    uint32_t first, count;
    const uint8_t *lengths, *bytes;
    size_t left;
};
bool run_open(struct run_reader *run, MDB_val key, MDB_val value);
bool run_next(struct run_reader *run, uint32_t *number, arena_text *bytes);
int add_messages(struct change *ch, const uint8_t *session, uint8_t channel, const struct commit *commits,
                 uint32_t count);
int add_inputs(struct change *ch, const uint8_t *session, const struct commit *commits, uint32_t count);

/* lmdb_ends.c */
struct row_walk {
    MDB_cursor *cursor;
    uint8_t session[SESSION_KEY];
    bool started;
};
int add_end(struct change *ch, const uint8_t *session, int64_t created_ms, const struct commit *commits,
            uint32_t count);
int drop_end(struct change *ch, const uint8_t *key, uint64_t session, int64_t created_ms);
int change_rows(struct change *ch, const uint8_t *session, const struct commit *commits, uint32_t count);
bool tags_read(MDB_val value, struct pool *pool, uint64_t *end_number, uint32_t *count, arena_text **tags);
/* What row_walk_next gives lies in the map. */
void row_walk_open(struct row_walk *walk, struct lmdb *l, MDB_txn *txn, uint64_t session);
bool row_walk_next(struct row_walk *walk, arena_text *key, arena_text *bytes);
void row_walk_close(struct row_walk *walk);
uint32_t lmdb_ends(struct store *s, uint64_t after, uint32_t max, struct pool *p, struct store_end *out);
void lmdb_rows(struct store *s, uint64_t session, void (*each)(void *ctx, arena_text key, arena_text bytes), void *ctx);

/* lmdb_read.c */
MDB_txn *lmdb_read_begin(struct lmdb *l); /* NULL when there is nothing to read from; end it in any case */
void lmdb_read_end(struct lmdb *l, MDB_txn *txn);
bool lmdb_read_head(struct lmdb *l, MDB_txn *txn, uint64_t session, struct head *head, arena_text *record);
bool lmdb_record(struct store *s, uint64_t session, struct pool *p, arena_text *record);
bool lmdb_find(struct store *s, arena_text id_or_name, uint64_t *session);
uint32_t lmdb_messages(struct store *s, uint64_t session, uint8_t channel, uint32_t from, uint32_t end, struct pool *p,
                       struct store_message *out);
uint32_t lmdb_inputs(struct store *s, uint64_t session, uint32_t from, uint32_t max, struct pool *p, arena_text *out);
bool lmdb_answer(struct store *s, const uint8_t key[STORE_ANSWER_KEY], struct pool *p, arena_text *answer);
void lmdb_wakes(struct store *s, void (*each)(void *ctx, uint64_t session, int64_t wake_ms), void *ctx);
uint64_t lmdb_list(struct store *s, arena_text type, int status, uint64_t offset, uint32_t limit, struct pool *p,
                   arena_text *records, uint32_t *count);
uint64_t lmdb_tagged(struct store *s, arena_text tag, uint64_t offset, uint32_t limit, struct pool *p,
                     arena_text *records, uint32_t *count);
bool lmdb_next(struct store *s, uint64_t after, struct pool *p, struct store_session *out);

/* For the bench and tests: fold every commit at once, without the log, from now on; the store must be idle. */
void lmdb_set_direct(struct store *s);
/* For tests: entries of each table, in the order of enum table. */
void lmdb_table_counts(struct store *s, uint64_t counts[TABLES]);

#endif
