/*
 * lmdb.c - the LMDB store: opening, growing, reopening, closing.
 *
 * LMDB has one writer and readers that block nobody, keeps a file whole by never changing a page in place, and
 * syncs before it says that a transaction is committed: all that is left to do here is to touch few pages.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* a rwlock that lets the writer in first */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/bytes.h"
#include "store/lmdb.h"
#include "store/log.h"

enum { SLICE_FIRST = 64, PATH_BYTES = 4096, FOLDER_BYTES = 1024 };

static const uint64_t FIRST_MAP = UINT64_C(64) << 20, DEFAULT_LIMIT = UINT64_C(1) << 40, LEAST_LIMIT = 1 << 20;
static const char FILE_NAME[] = "arena.mdb", LOCK_NAME[] = "arena.lock";

int64_t lmdb_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- opening ---------------------------------------------------------------------------------------------- */

static bool make_path(char *out, const char *dir, const char *name)
{
    int len = snprintf(out, PATH_BYTES, "%s/%s", dir, name);
    return len > 0 && len < PATH_BYTES;
}

/* A new file outlasts a power cut only when its folder is synced, too. */
static bool sync_dir(const char *dir, const char *within)
{
    char path[PATH_BYTES];
    if (!make_path(path, dir, within))
        return false;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool synced = !fsync(fd);
    close(fd);
    return synced;
}

static bool lock_dir(struct lmdb *l, const char *dir, struct sentence error)
{
    char path[PATH_BYTES];
    bool made = !mkdir(dir, 0750);
    if (!made && errno != EEXIST)
        return lmdb_refuse(error, "cannot make the folder %s: %s", dir, strerror(errno));
    if (!make_path(path, dir, LOCK_NAME))
        return lmdb_refuse(error, "the name of the folder %.60s... is too long", dir);
    l->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (l->lock_fd < 0)
        return lmdb_refuse(error, "cannot write into the folder %s: %s", dir, strerror(errno));
    if (flock(l->lock_fd, LOCK_EX | LOCK_NB))
        return lmdb_refuse(
            error, errno == EWOULDBLOCK ? "another server uses the folder %s" : "cannot lock the folder %s", dir);
    if (made && !sync_dir(dir, ".."))
        return lmdb_refuse(error, "cannot sync the folder of %s: %s", dir, strerror(errno));
    return true;
}

/* Copies the file as it is now, beside a running server, to a temporary folder of its own. */
static bool copy_file(const char *from, char *temporary, struct sentence error)
{
    char to[PATH_BYTES];
    const char *base = getenv("TMPDIR");
    MDB_env *env = NULL;
    if (access(from, R_OK))
        return lmdb_refuse(error, "cannot read %s: %s", from, strerror(errno));
    int len = snprintf(temporary, FOLDER_BYTES, "%s/arena-XXXXXX", base && *base ? base : "/tmp");
    if (len >= FOLDER_BYTES || !mkdtemp(temporary))
        return lmdb_refuse(error, "cannot make the folder %s: %s", temporary, strerror(errno));
    make_path(to, temporary, FILE_NAME);
    int rc = mdb_env_create(&env);
    if (!rc && !(rc = mdb_env_set_maxreaders(env, LMDB_READERS)) &&
        !(rc = mdb_env_open(env, from, MDB_NOSUBDIR | MDB_NOTLS | MDB_RDONLY, 0640)))
        rc = mdb_env_copy2(env, to, MDB_CP_COMPACT);
    if (env)
        mdb_env_close(env);
    if (!rc)
        return true;
    unlink(to);
    rmdir(temporary);
    return lmdb_refuse(error, rc == MDB_INVALID ? "%s is not a store of the arena (%s)" : "cannot copy %s: %s", from,
                       mdb_strerror(rc));
}

/* The copy lives as long as it is open. */
static void unlink_copy(const char *temporary)
{
    char path[PATH_BYTES];
    make_path(path, temporary, FILE_NAME);
    unlink(path);
    make_path(path, temporary, "arena.mdb-lock");
    unlink(path);
    rmdir(temporary);
}

static bool open_file(struct lmdb *l, const char *dir, struct sentence error)
{
    if (!make_path(l->path, dir, FILE_NAME))
        return lmdb_refuse(error, "the name of the folder %.60s... is too long", dir);
    if (!lmdb_open_env(l, error) || !lmdb_open_tables(l, error))
        return false;
    if (!l->read_only && !sync_dir(dir, "."))
        return lmdb_refuse(error, "cannot sync the folder %s: %s", dir, strerror(errno));
    int rc = lmdb_load_log(l);
    if (l->durable < l->meta_settled)
        l->durable = l->meta_settled;
    l->last_lsn = l->processed = l->durable;
    if (!rc)
        rc = lmdb_fold_all(l);
    lmdb_source_end(l);
    if (rc)
        return lmdb_refuse(error, "cannot settle the log of %s: %s", l->path, mdb_strerror(rc));
    atomic_store(&l->settled, l->durable);
    l->slice_sessions = SLICE_FIRST;
    return true;
}

static bool open_snapshot(struct lmdb *l, const char *dir, struct sentence error)
{
    char from[PATH_BYTES], temporary[FOLDER_BYTES];
    if (!make_path(from, dir, FILE_NAME))
        return lmdb_refuse(error, "the name of the folder %.60s... is too long", dir);
    if (!copy_file(from, temporary, error))
        return false;
    bool opened = open_file(l, temporary, error);
    unlink_copy(temporary);
    return opened;
}

/* The highest key of a table whose keys are numbers, or `least`. */
static uint64_t highest_key(struct lmdb *l, MDB_txn *txn, enum table table, uint64_t least)
{
    MDB_cursor *cursor;
    MDB_val key, value;
    if (!txn || mdb_cursor_open(txn, l->table[table], &cursor))
        return least;
    if (!mdb_cursor_get(cursor, &key, &value, MDB_LAST) && get_be(key.mv_data, 8) > least)
        least = get_be(key.mv_data, 8);
    mdb_cursor_close(cursor);
    return least;
}

/* Highest numbers given, and how many sessions there are. */
static void find_figures(struct lmdb *l)
{
    MDB_txn *txn = lmdb_read_begin(l);
    MDB_stat stat;
    if (txn && !mdb_stat(txn, l->table[SESSIONS], &stat))
        l->base.stats.sessions = stat.ms_entries;
    l->base.last_session = highest_key(l, txn, SESSIONS, l->meta_last_session);
    l->base.last_end = highest_key(l, txn, ENDS, l->meta_last_end);
    lmdb_read_end(l, txn);
}

static void init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

static void init_locks(struct lmdb *l)
{
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&l->map_lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    pthread_mutex_init(&l->readers_lock, NULL);
    pthread_mutex_init(&l->lock, NULL);
    init_cond(&l->work);
    init_cond(&l->visible);
}

static void free_store(struct lmdb *l)
{
    lmdb_close_env(l);
    tail_finish(&l->tail);
    pthread_rwlock_destroy(&l->map_lock);
    pthread_mutex_destroy(&l->readers_lock);
    pthread_mutex_destroy(&l->lock);
    pthread_cond_destroy(&l->work);
    pthread_cond_destroy(&l->visible);
    if (l->lock_fd >= 0)
        close(l->lock_fd);
    free(l->path);
    free(l->slice);
    free(l);
}

static void close_store(struct store *s)
{
    struct lmdb *l = (struct lmdb *)s;
    pthread_mutex_lock(&l->lock);
    l->closing = true;
    l->close_after = l->last_lsn;
    pthread_mutex_unlock(&l->lock);
    pthread_cond_signal(&l->work);
    pthread_join(l->writer, NULL);
    free_store(l);
}

void lmdb_set_direct(struct store *s)
{
    ((struct lmdb *)s)->direct = true;
}

static const struct store_kind lmdb_kind = {
    .name = "lmdb",
    .submit = lmdb_submit,
    .settled = lmdb_settled,
    .settle = lmdb_settle,
    .record = lmdb_record,
    .find = lmdb_find,
    .messages = lmdb_messages,
    .inputs = lmdb_inputs,
    .answer = lmdb_answer,
    .wakes = lmdb_wakes,
    .list = lmdb_list,
    .tagged = lmdb_tagged,
    .ends = lmdb_ends,
    .rows = lmdb_rows,
    .next = lmdb_next,
    .close = close_store,
};

static struct lmdb *new_store(const struct store_config *config)
{
    struct lmdb *l = calloc(1, sizeof *l);
    if (!l || !(l->path = calloc(1, PATH_BYTES)) || !(l->slice = calloc(1, sizeof *l->slice)))
        abort();
    l->base.kind = &lmdb_kind;
    l->lock_fd = -1;
    l->read_only = config->read_only;
    l->limit_bytes = config->limit_bytes ? config->limit_bytes : DEFAULT_LIMIT;
    if (l->limit_bytes < LEAST_LIMIT)
        l->limit_bytes = LEAST_LIMIT;
    l->map_bytes = config->map_bytes ? config->map_bytes : FIRST_MAP;
    if (l->map_bytes > l->limit_bytes)
        l->map_bytes = l->limit_bytes;
    l->refuse_after = UINT64_MAX;
    queue_init(&l->queue);
    queue_init(&l->taken);
    tail_init(&l->tail);
    init_locks(l);
    return l;
}

struct store *store_open_lmdb(const struct store_config *config, char *error_bytes, size_t error_size)
{
    struct sentence error = {error_bytes, error_size};
    struct lmdb *l = new_store(config);
    bool opened = config->read_only ? open_snapshot(l, config->dir, error)
                                    : lock_dir(l, config->dir, error) && open_file(l, config->dir, error);
    if (!opened) {
        free_store(l);
        return NULL;
    }
    find_figures(l);
    if (pthread_create(&l->writer, NULL, lmdb_writer_main, l))
        abort();
    return &l->base;
}
