/*
 * lmdb_env.c - the LMDB environment under the store: its kind and version, its tables, its growth, and how it
 * is opened again after an error that LMDB itself does not survive.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "store/bytes.h"
#include "store/lmdb.h"
#include "store/log.h"

enum { ERROR_BYTES = 512 };

static const char KIND[] = "arena store";

static const char *const table_names[TABLES] = {
    [META] = "meta",         [LOG] = "log",       [SESSIONS] = "sessions", [LABELS] = "labels", [IDS] = "ids",
    [MESSAGES] = "messages", [INPUTS] = "inputs", [ANSWERS] = "answers",   [OWNED] = "owned",   [WAKES] = "wakes",
    [LIST] = "list",         [COUNTS] = "counts", [ENDS] = "ends",         [TAGS] = "tags",     [ROWS] = "rows",
};

bool lmdb_refuse(struct sentence error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error.size)
        vsnprintf(error.bytes, error.size, format, args);
    va_end(args);
    return false;
}

bool lmdb_open_env(struct lmdb *l, struct sentence error)
{
    MDB_envinfo info;
    MDB_stat stat;
    int rc = mdb_env_create(&l->env);
    if (rc) {
        l->env = NULL;
        return lmdb_refuse(error, "cannot set up LMDB: %s", mdb_strerror(rc));
    }
    if (!(rc = mdb_env_set_maxdbs(l->env, TABLES)) && !(rc = mdb_env_set_maxreaders(l->env, LMDB_READERS)) &&
        !(rc = mdb_env_set_mapsize(l->env, l->map_bytes)) &&
        !(rc = mdb_env_open(l->env, l->path, MDB_NOSUBDIR | MDB_NOTLS, 0640)) && !(rc = mdb_env_info(l->env, &info)) &&
        !(rc = mdb_env_stat(l->env, &stat))) {
        l->map_bytes = info.me_mapsize;
        l->page_bytes = stat.ms_psize;
        return true;
    }
    mdb_env_close(l->env);
    l->env = NULL;
    if (rc == MDB_INVALID)
        return lmdb_refuse(error, "%s is not a store of the arena", l->path);
    return lmdb_refuse(error, "cannot open %s: %s", l->path, mdb_strerror(rc));
}

void lmdb_close_env(struct lmdb *l)
{
    while (l->reader_count)
        mdb_txn_abort(l->readers[--l->reader_count]);
    if (l->source)
        mdb_txn_abort(l->source);
    l->source = NULL;
    l->source_live = false;
    if (l->env)
        mdb_env_close(l->env);
    l->env = NULL;
}

static int get_meta(struct lmdb *l, MDB_txn *txn, const char *name, MDB_val *value)
{
    MDB_val key = {strlen(name), (void *)(uintptr_t)name};
    return mdb_get(txn, l->table[META], &key, value);
}

static uint64_t get_number(struct lmdb *l, MDB_txn *txn, const char *name)
{
    MDB_val value;
    return !get_meta(l, txn, name, &value) && value.mv_size == 8 ? get_le(value.mv_data, 8) : 0;
}

static int put_meta(struct lmdb *l, MDB_txn *txn, const char *name, const void *bytes, size_t size)
{
    MDB_val key = {strlen(name), (void *)(uintptr_t)name}, value = {size, (void *)(uintptr_t)bytes};
    return mdb_put(txn, l->table[META], &key, &value, 0);
}

/* Refuses a file that another program wrote, or a later version of this one. */
static bool check_kind(struct lmdb *l, MDB_txn *txn, struct sentence error)
{
    MDB_val kind;
    if (mdb_dbi_open(txn, table_names[META], 0, &l->table[META]) || get_meta(l, txn, "kind", &kind) ||
        kind.mv_size != sizeof KIND - 1 || memcmp(kind.mv_data, KIND, sizeof KIND - 1) != 0)
        return lmdb_refuse(error, "%s is an LMDB file of another kind, not a store of the arena", l->path);
    uint64_t version = get_number(l, txn, "version");
    if (version > STORE_VERSION)
        return lmdb_refuse(error, "%s has version %llu and this arena reads up to %d: it was written by a later arena",
                           l->path, (unsigned long long)version, STORE_VERSION);
    return true;
}

/* The tables that are missing: all of a new file, the newer ones of a file from an earlier version. */
static int create_tables(struct lmdb *l, MDB_txn *txn, bool fresh)
{
    uint8_t version[8];
    int rc = 0;
    put_le(version, STORE_VERSION, 8);
    for (int t = 0; !rc && t < TABLES; t++)
        rc = mdb_dbi_open(txn, table_names[t], MDB_CREATE, &l->table[t]);
    if (!rc && fresh)
        rc = put_meta(l, txn, "kind", KIND, sizeof KIND - 1);
    if (!rc && !fresh && get_number(l, txn, "version") < 2)
        rc = spans_make(l, txn);
    if (!rc && get_number(l, txn, "version") != STORE_VERSION)
        rc = put_meta(l, txn, "version", version, sizeof version);
    return rc;
}

bool lmdb_open_tables(struct lmdb *l, struct sentence error)
{
    MDB_txn *txn;
    MDB_dbi main_table;
    MDB_stat stat;
    int rc = mdb_txn_begin(l->env, NULL, 0, &txn);
    if (rc)
        return lmdb_refuse(error, "cannot read %s: %s", l->path, mdb_strerror(rc));
    if (!(rc = mdb_dbi_open(txn, NULL, 0, &main_table)) && !(rc = mdb_stat(txn, main_table, &stat))) {
        if (stat.ms_entries && !check_kind(l, txn, error)) {
            mdb_txn_abort(txn);
            return false;
        }
        rc = create_tables(l, txn, !stat.ms_entries);
        l->meta_settled = get_number(l, txn, "last_lsn");
        l->meta_last_session = get_number(l, txn, "last_session");
        l->meta_last_end = get_number(l, txn, "last_end");
    }
    if (rc)
        mdb_txn_abort(txn);
    else
        rc = mdb_txn_commit(txn);
    return !rc || lmdb_refuse(error, "cannot set up the tables of %s: %s", l->path, mdb_strerror(rc));
}

int lmdb_grow(struct lmdb *l)
{
    if (l->map_bytes >= l->limit_bytes)
        return MDB_MAP_FULL;
    uint64_t bytes = l->map_bytes > l->limit_bytes / 2 ? l->limit_bytes : l->map_bytes * 2;
    lmdb_source_end(l);
    pthread_rwlock_wrlock(&l->map_lock);
    int rc = mdb_env_set_mapsize(l->env, bytes);
    pthread_rwlock_unlock(&l->map_lock);
    if (!rc)
        l->map_bytes = bytes;
    return rc;
}

int lmdb_source_begin(struct lmdb *l)
{
    if (l->source_live)
        return 0;
    int rc = l->source ? mdb_txn_renew(l->source) : mdb_txn_begin(l->env, NULL, MDB_RDONLY, &l->source);
    l->source_live = !rc;
    l->source_turn++;
    return rc;
}

void lmdb_source_end(struct lmdb *l)
{
    if (l->source_live)
        mdb_txn_reset(l->source);
    l->source_live = false;
}

/* Table 0 is LMDB's own: the pages that may be used again, as lists that start with their length. */
uint64_t lmdb_used_bytes(struct lmdb *l)
{
    MDB_envinfo info;
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t free_pages = 0;
    if (lmdb_source_begin(l) || mdb_env_info(l->env, &info) || mdb_cursor_open(l->source, 0, &cursor))
        return UINT64_MAX;
    while (!mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        size_t pages = 0;
        if (value.mv_size >= sizeof pages)
            memcpy(&pages, value.mv_data, sizeof pages);
        free_pages += pages;
    }
    mdb_cursor_close(cursor);
    return (info.me_last_pgno + 1 - free_pages) * l->page_bytes;
}

/* --- the log, read into the tail -------------------------------------------------------------------------- */

static int load_batch(struct lmdb *l, MDB_val value)
{
    const uint8_t *bytes = value.mv_data;
    uint64_t lsn, session;
    uint32_t size, count = 0;
    for (size_t at = 0; at < value.mv_size; at += size, count++)
        if (!log_peek(bytes + at, value.mv_size - at, &size, &lsn, &session))
            return MDB_CORRUPTED;
    struct logged *batch = tail_add_batch(count);
    for (size_t at = 0; at < value.mv_size; at += size) {
        log_peek(bytes + at, value.mv_size - at, &size, &lsn, &session);
        tail_add(&l->tail, batch, session, lsn, size);
        if (lsn > l->durable)
            l->durable = lsn;
    }
    tail_keep(&l->tail, batch);
    return 0;
}

int lmdb_load_log(struct lmdb *l)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    int rc = lmdb_source_begin(l);
    if (!rc)
        rc = mdb_cursor_open(l->source, l->table[LOG], &cursor);
    if (rc)
        return rc;
    while (!rc && !(rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)))
        rc = load_batch(l, value);
    mdb_cursor_close(cursor);
    lmdb_source_end(l);
    return rc == MDB_NOTFOUND ? 0 : rc;
}

/* Removes batches that failed and yet reached the file: an error while the last page of a transaction is
 * written leaves both possible, and the callers were told that they failed. */
static int drop_failed(struct lmdb *l)
{
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    int rc = mdb_txn_begin(l->env, NULL, 0, &txn);
    if (!rc && (rc = mdb_cursor_open(txn, l->table[LOG], &cursor)))
        mdb_txn_abort(txn);
    if (rc)
        return rc;
    while (!(rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST)) && get_be(key.mv_data, 8) > l->durable)
        if ((rc = mdb_cursor_del(cursor, 0)))
            break;
    mdb_cursor_close(cursor);
    if (!rc || rc == MDB_NOTFOUND)
        return mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return rc;
}

bool lmdb_reopen(struct lmdb *l)
{
    MDB_txn *txn;
    char unread[ERROR_BYTES];
    struct sentence error = {unread, sizeof unread};
    int rc = l->env ? mdb_txn_begin(l->env, NULL, 0, &txn) : MDB_PANIC;
    if (!rc)
        mdb_txn_abort(txn);
    l->suspect = rc != 0;
    if (rc != MDB_PANIC)
        return !rc;
    pthread_rwlock_wrlock(&l->map_lock);
    lmdb_close_env(l);
    bool opened = lmdb_open_env(l, error) && lmdb_open_tables(l, error);
    if (!opened)
        lmdb_close_env(l);
    pthread_rwlock_unlock(&l->map_lock);
    if (!opened || drop_failed(l))
        return false;
    tail_finish(&l->tail);
    tail_init(&l->tail);
    l->suspect = lmdb_load_log(l) != 0;
    return !l->suspect;
}
