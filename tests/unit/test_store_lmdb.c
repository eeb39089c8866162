/*
 * test_store_lmdb.c - what only the LMDB store has: a file that lasts, a lock, a limit, a log.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "store/bytes.h"
#include "store/lmdb.h"
#include "store/log.h"
#include "test_store_help.h"

static struct store *try_open(const char *folder, uint64_t map, uint64_t limit, bool read_only, char error[256])
{
    struct store_config config = {.dir = folder, .map_bytes = map, .limit_bytes = limit, .read_only = read_only};
    error[0] = 0;
    return store_open_lmdb(&config, error, 256);
}

static struct store *open_in(const char *folder)
{
    char error[256];
    struct store *s = try_open(folder, 0, 0, false, error);
    cr_assert(s, "%s", error);
    return s;
}

static void check_record(struct store *s, uint64_t session, const char *expected)
{
    struct pool p;
    arena_text record;
    pool_init(&p, 0);
    bool found = store_record(s, session, &p, &record);
    cr_assert_eq(found, expected != NULL);
    if (found)
        cr_assert(text_is(record, expected), "%.*s", (int)record.len, record.ptr);
    pool_finish(&p);
}

Test(store_file, lasts, .timeout = 60)
{
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    uint64_t lsn = 0;
    for (uint32_t step = 0; step < 3; step++)
        cr_assert_eq(job_run(s, 41, step, &lsn, "duel", 1), STORE_OK);
    store_close(s);
    s = open_in(folder);
    cr_assert_eq(s->last_session, 41);
    cr_assert_eq(store_settled(s), 3);
    cr_assert_eq(store_stats(s).sessions, 1);
    check_record(s, 41, "record 41.2");
    uint64_t again = 0;
    cr_assert_eq(job_run(s, 41, 3, &again, "duel", 1), STORE_OK);
    cr_assert_eq(again, 4, "numbers go on");
    cr_assert_eq(job_erase(s, 41, again), STORE_OK);
    store_close(s);
    s = open_in(folder);
    check_record(s, 41, NULL);
    cr_assert_eq(s->last_session, 41, "a number is not given again");
    store_close(s);
    folder_remove(folder);
}

/* Commits that end sessions 1 .. 3 with numbers 10, 20, 30, one tag of their own and one in common, and two rows. */
static bool end_three(struct store *s)
{
    struct job job;
    for (uint64_t session = 1; session <= 3; session++) {
        uint64_t after = 0;
        for (uint32_t step = 0; step < 2; step++) {
            job_make(&job, session, step, after, "duel", 2);
            job_row(&job, "step", step ? "second" : "first");
            job_row(&job, "once", step ? "" : "gone");
            if (step) {
                job_end(&job, 10 * session);
                job_tag(&job, "everybody");
                job_tag(&job, job.name);
            }
            after = store_submit(s, &job.c);
            if (job_wait(&job) != STORE_OK)
                return false;
        }
    }
    return true;
}

static void one_row(void *ctx, arena_text key, arena_text bytes)
{
    cr_assert(text_is(key, "step") && text_is(bytes, "second"));
    ++*(int *)ctx;
}

static void check_three(struct store *s)
{
    struct store_end ends[4];
    arena_text records[4];
    struct pool p;
    uint32_t count;
    pool_init(&p, 0);
    cr_assert_eq(store_ends(s, 0, 4, &p, ends), 3);
    cr_assert_eq(store_tagged(s, text_of("everybody"), 0, 4, &p, records, &count), 3);
    cr_assert(count == 3 && text_is(records[0], "record 3.1"));
    for (uint64_t session = 1; session <= 3; session++) {
        char tag[32];
        int rows = 0;
        snprintf(tag, sizeof tag, "name-%d", (int)session);
        cr_assert(ends[session - 1].end_number == 10 * session && ends[session - 1].session == session);
        cr_assert_eq(store_tagged(s, text_of(tag), 0, 4, &p, records, &count), 1);
        store_rows(s, session, one_row, &rows);
        cr_assert_eq(rows, 1);
    }
    pool_finish(&p);
}

Test(store_file, ends_tags_and_rows_last, .timeout = 60)
{
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    cr_assert_eq(s->last_end, 0);
    cr_assert(end_three(s));
    store_close(s);
    s = open_in(folder);
    cr_assert_eq(s->last_end, 30);
    check_three(s);
    cr_assert_eq(job_erase(s, 3, 0), STORE_OK);
    store_close(s);
    s = open_in(folder);
    cr_assert_eq(s->last_end, 30, "a number is not given again");
    store_close(s);
    folder_remove(folder);
}

Test(store_file, ends_are_folded_from_the_log_at_opening, .timeout = 60)
{
    char folder[64];
    uint64_t counts[TABLES];
    folder_make(folder);
    pid_t child = fork();
    if (!child) {
        struct store_config config = {.dir = folder};
        char error[256];
        struct store *s = store_open_lmdb(&config, error, sizeof error);
        bool good = s && end_three(s);
        if (good)
            lmdb_table_counts(s, counts);
        _exit(good && counts[LOG] ? 0 : 1); /* nothing was settled, nothing is closed */
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    struct store *s = open_in(folder);
    lmdb_table_counts(s, counts);
    cr_assert_eq(counts[LOG], 0);
    cr_assert_eq(s->last_end, 30);
    check_three(s);
    store_close(s);
    folder_remove(folder);
}

Test(store_file, erase_leaves_nothing, .timeout = 60)
{
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    uint64_t before[TABLES], after[TABLES], one = 0, other = 0;
    cr_assert_eq(job_run(s, 1, 0, &one, "duel", 1), STORE_OK);
    store_settle(s);
    lmdb_table_counts(s, before);
    for (uint32_t step = 0; step < 5; step++) {
        struct job job;
        job_make(&job, 2, step, other, "quiz", (uint8_t)(step % 3));
        job_row(&job, "same", "bytes");
        job_row(&job, job.record, "bytes");
        if (step == 3) {
            job_end(&job, 77);
            job_tag(&job, "Ann");
            job_tag(&job, "Bob");
        }
        other = store_submit(s, &job.c);
        cr_assert_eq(job_wait(&job), STORE_OK);
        if (step % 2)
            store_settle(s);
    }
    uint64_t between[TABLES];
    lmdb_table_counts(s, between);
    cr_assert(between[ENDS] == 1 && between[TAGS] == 1 && between[ROWS] >= 5, "otherwise this shows nothing");
    cr_assert_eq(job_erase(s, 2, other), STORE_OK);
    store_settle(s);
    lmdb_table_counts(s, after);
    for (int t = 0; t < TABLES; t++)
        if (t != META)
            cr_assert_eq(after[t], before[t], "table %d: %llu", t, (unsigned long long)after[t]);
    check_record(s, 1, "record 1.0");
    store_close(s);
    folder_remove(folder);
}

Test(store_file, log_is_folded_at_opening, .timeout = 60)
{
    char folder[64];
    uint64_t counts[TABLES];
    folder_make(folder);
    pid_t child = fork();
    if (!child) {
        struct store_config config = {.dir = folder};
        char error[256];
        struct store *s = store_open_lmdb(&config, error, sizeof error);
        uint64_t lsn = 0;
        bool good = s != NULL;
        for (uint32_t step = 0; good && step < 4; step++)
            good = job_run(s, 5, step, &lsn, "duel", 1) == STORE_OK;
        _exit(good ? 0 : 1); /* nothing was settled, nothing is closed */
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    struct store *s = open_in(folder);
    check_record(s, 5, "record 5.3");
    cr_assert_eq(store_settled(s), 4);
    lmdb_table_counts(s, counts);
    cr_assert_eq(counts[LOG], 0);
    store_close(s);
    folder_remove(folder);
}

Test(store_file, has_one_server, .timeout = 60)
{
    char folder[64], error[256];
    struct store *s = open_in(folder_make(folder));
    cr_assert_null(try_open(folder, 0, 0, false, error));
    cr_assert(strstr(error, "another server uses"), "%s", error);
    store_close(s);
    store_close(open_in(folder));
    folder_remove(folder);
}

/* The child opens its snapshot while the parent's commits are still in the log alone. */
Test(store_file, snapshot_beside_a_server, .timeout = 60)
{
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    uint64_t lsn = 0;
    cr_assert_eq(job_run(s, 1, 0, &lsn, "duel", 1), STORE_OK);
    store_settle(s);
    cr_assert_eq(job_run(s, 1, 1, &lsn, "duel", 1), STORE_OK);
    pid_t child = fork();
    if (!child) {
        char error[256];
        struct pool p;
        arena_text record;
        struct store *copy = try_open(folder, 0, 0, true, error);
        pool_init(&p, 0);
        uint64_t none = 0;
        bool good = copy && store_record(copy, 1, &p, &record) && text_is(record, "record 1.1") &&
                    job_run(copy, 1, 2, &none, "duel", 1) == STORE_FAILED;
        store_close(copy);
        _exit(good ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    cr_assert_eq(status, 0);
    cr_assert_eq(job_run(s, 1, 2, &lsn, "duel", 1), STORE_OK, "the server goes on");
    store_close(s);
    folder_remove(folder);
}

/* Changes a value of table meta, or makes a file that is no store. */
static void put_meta(const char *folder, const char *table, const char *name, const void *bytes, size_t size)
{
    char path[128];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val key = {strlen(name), (void *)(uintptr_t)name}, value = {size, (void *)(uintptr_t)bytes};
    snprintf(path, sizeof path, "%s/arena.mdb", folder);
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, 4), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, table, MDB_CREATE, &dbi), 0);
    cr_assert_eq(mdb_put(txn, dbi, &key, &value, 0), 0);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

Test(store_file, refuses_a_later_version, .timeout = 60)
{
    char folder[64], error[256];
    uint8_t version[8];
    store_close(open_in(folder_make(folder)));
    put_le(version, STORE_VERSION + 1, 8);
    put_meta(folder, "meta", "version", version, sizeof version);
    cr_assert_null(try_open(folder, 0, 0, false, error));
    cr_assert(strstr(error, "later arena"), "%s", error);
    folder_remove(folder);
}

static uint64_t version_of(const char *folder)
{
    char path[128];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    char name[] = "version";
    MDB_val key = {sizeof name - 1, name}, value;
    snprintf(path, sizeof path, "%s/arena.mdb", folder);
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, 4), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), 0);
    cr_assert_eq(mdb_dbi_open(txn, "meta", 0, &dbi), 0);
    cr_assert_eq(mdb_get(txn, dbi, &key, &value), 0);
    uint64_t version = get_le(value.mv_data, 8);
    mdb_txn_abort(txn);
    mdb_env_close(env);
    return version;
}

/* The counts of spans: keys that are longer than their scope. */
static void drop_spans(MDB_txn *txn)
{
    MDB_dbi dbi;
    MDB_cursor *cursor;
    MDB_val key, value;
    char name[] = "counts";
    cr_assert_eq(mdb_dbi_open(txn, name, 0, &dbi), 0);
    cr_assert_eq(mdb_cursor_open(txn, dbi, &cursor), 0);
    for (int rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); !rc;
         rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        const uint8_t *bytes = key.mv_data;
        size_t scope = 1 + (bytes[0] & 5 ? 1u + bytes[1] : 0) + (bytes[0] & 2 ? 1 : 0);
        if (key.mv_size > scope)
            cr_assert_eq(mdb_cursor_del(cursor, 0), 0);
    }
    mdb_cursor_close(cursor);
}

/* Makes a file look as version 1 left it. */
static void make_version_1(const char *folder)
{
    static const char *const newer[] = {"ends", "tags", "rows"};
    char path[128];
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    uint8_t version[8];
    snprintf(path, sizeof path, "%s/arena.mdb", folder);
    cr_assert_eq(mdb_env_create(&env), 0);
    cr_assert_eq(mdb_env_set_maxdbs(env, TABLES), 0);
    cr_assert_eq(mdb_env_open(env, path, MDB_NOSUBDIR, 0600), 0);
    cr_assert_eq(mdb_txn_begin(env, NULL, 0, &txn), 0);
    for (size_t i = 0; i < sizeof newer / sizeof newer[0]; i++) {
        cr_assert_eq(mdb_dbi_open(txn, newer[i], 0, &dbi), 0);
        cr_assert_eq(mdb_drop(txn, dbi, 1), 0);
    }
    drop_spans(txn);
    cr_assert_eq(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
    put_le(version, 1, 8);
    put_meta(folder, "meta", "version", version, sizeof version);
}

Test(store_file, takes_over_version_1, .timeout = 60)
{
    char folder[64];
    uint64_t lsn = 0;
    struct store *s = open_in(folder_make(folder));
    cr_assert_eq(job_run(s, 4, 0, &lsn, "duel", 2), STORE_OK);
    store_close(s);
    make_version_1(folder);
    s = open_in(folder);
    cr_assert_eq(s->last_end, 0);
    check_record(s, 4, "record 4.0");
    cr_assert(end_three(s));
    store_close(s);
    s = open_in(folder);
    check_three(s);
    store_close(s);
    cr_assert_eq(version_of(folder), STORE_VERSION);
    folder_remove(folder);
}

static void check_far_page(struct store *s, uint64_t sessions)
{
    struct pool p;
    arena_text found[2];
    uint32_t count;
    pool_init(&p, 0);
    cr_assert_eq(store_list(s, text_of("duel"), -1, sessions - 2, 2, &p, found, &count), sessions);
    cr_assert_eq(count, 2);
    cr_assert(text_is(found[0], "record 2.0") && text_is(found[1], "record 1.0"));
    pool_finish(&p);
}

Test(store_file, far_pages_of_version_1, .timeout = 60)
{
    enum { COUNT = 1500 };
    char folder[64];
    struct job *jobs = calloc(COUNT, sizeof *jobs);
    struct store *s = open_in(folder_make(folder));
    for (uint64_t i = 0; i < COUNT; i++) {
        job_make(&jobs[i], i + 1, 0, 0, "duel", 0);
        jobs[i].c.created_ms = (int64_t)i * 10000;
        store_submit(s, &jobs[i].c);
    }
    for (int i = 0; i < COUNT; i++)
        cr_assert_eq(job_wait(&jobs[i]), STORE_OK);
    store_settle(s);
    check_far_page(s, COUNT);
    store_close(s);
    make_version_1(folder);
    s = open_in(folder);
    check_far_page(s, COUNT);
    store_close(s);
    free(jobs);
    folder_remove(folder);
}

Test(store_file, refuses_another_kind, .timeout = 60)
{
    char folder[64], path[128], error[256];
    folder_make(folder);
    put_meta(folder, "their table", "key", "value", 5);
    cr_assert_null(try_open(folder, 0, 0, false, error));
    cr_assert(strstr(error, "another kind"), "%s", error);
    snprintf(path, sizeof path, "%s/arena.mdb", folder);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 1000; i++)
        fputs("no LMDB file at all\n", file);
    fclose(file);
    cr_assert_null(try_open(folder, 0, 0, false, error));
    cr_assert(strstr(error, "not a store"), "%s", error);
    folder_remove(folder);
    cr_assert_null(try_open("/proc/no/such/folder", 0, 0, false, error));
    cr_assert(strstr(error, "cannot make the folder"), "%s", error);
    cr_assert_null(try_open("/tmp", 0, 0, true, error));
    cr_assert(strstr(error, "cannot read"), "%s", error);
}

static enum store_result run_large(struct store *s, uint64_t session, size_t bytes)
{
    static char large[1 << 20];
    struct job job;
    job_make(&job, session, 0, 0, "duel", 0);
    job.messages[0].bytes = (arena_text){large, bytes};
    store_submit(s, &job.c);
    return job_wait(&job);
}

Test(store_file, grows_and_stops_at_its_limit, .timeout = 60)
{
    char folder[64], error[256];
    struct store *s = try_open(folder_make(folder), 1 << 20, 16 << 20, false, error);
    cr_assert(s, "%s", error);
    uint64_t session = 0;
    enum store_result result;
    while ((result = run_large(s, ++session, 100000)) == STORE_OK)
        cr_assert_lt(session, 1000);
    cr_assert_eq(result, STORE_FULL);
    cr_assert_gt(session, 50, "it grew: %llu", (unsigned long long)session);
    cr_assert_eq(run_large(s, session, 100000), STORE_FULL);
    for (uint64_t gone = 1; gone <= 20; gone++)
        cr_assert_eq(job_erase(s, gone, 0), STORE_OK, "a full store can be emptied");
    store_settle(s);
    for (int i = 0; i < 10; i++)
        cr_assert_eq(run_large(s, session + (uint64_t)i, 100000), STORE_OK, "%d", i);
    store_settle(s);
    check_record(s, 20, NULL);
    check_record(s, 21, "record 21.0");
    store_close(s);
    s = try_open(folder, 1 << 20, 16 << 20, false, error);
    cr_assert(s, "%s", error);
    check_record(s, 21, "record 21.0");
    store_close(s);
    folder_remove(folder);
}

/* A commit that is larger than the store may grow to fails with all that it has. */
Test(store_file, a_commit_that_fails_leaves_no_end, .timeout = 60)
{
    static char large[12 << 20];
    char folder[64], error[256];
    uint64_t counts[TABLES];
    struct store *s = try_open(folder_make(folder), 1 << 20, 16 << 20, false, error);
    cr_assert(s, "%s", error);
    struct job job;
    job_make(&job, 1, 0, 0, "duel", 2);
    job_end(&job, 5);
    job_tag(&job, "Ann");
    job_row(&job, "large", "");
    job.rows[0].bytes = (arena_text){large, sizeof large};
    store_submit(s, &job.c);
    cr_assert_eq(job_wait(&job), STORE_FULL);
    store_settle(s);
    lmdb_table_counts(s, counts);
    cr_assert(!counts[SESSIONS] && !counts[ENDS] && !counts[TAGS] && !counts[ROWS] && !counts[LIST] && !counts[COUNTS]);
    cr_assert(end_three(s), "the store goes on");
    store_close(s);
    s = try_open(folder, 1 << 20, 16 << 20, false, error);
    cr_assert(s, "%s", error);
    check_three(s);
    store_close(s);
    folder_remove(folder);
}

static void check_damaged(const struct job *job, struct pool *p)
{
    struct commit c;
    size_t size = log_size(&job->c);
    uint8_t *bytes = malloc(size);
    log_write(&job->c, bytes);
    for (size_t len = 0; len < size; len++)
        cr_assert_not(log_read(bytes, len, p, &c), "cut at %zu", len);
    for (size_t i = 0; i < size; i++) { /* whatever is damaged, no read goes astray */
        uint8_t *copy = malloc(size);
        memcpy(copy, bytes, size);
        copy[i] ^= 0xff;
        log_read(copy, size, p, &c);
        free(copy);
    }
    free(bytes);
}

Test(store_log, a_record_comes_back, .timeout = 60)
{
    struct job job;
    struct commit c;
    struct pool p;
    pool_init(&p, 0);
    job_make(&job, 5, 0, 0, "duel", 1);
    job.c.lsn = 77;
    size_t size = log_size(&job.c);
    uint8_t *bytes = malloc(size);
    log_write(&job.c, bytes);
    cr_assert(log_read(bytes, size, &p, &c));
    cr_assert(c.lsn == 77 && c.session == 5 && c.status == 1 && c.name_count == 1 && c.message_count == 2);
    cr_assert(text_is(c.names[0], "name-5") && text_is(c.record, "record 5.0") && text_is(c.input, "input 0"));
    cr_assert(text_is(c.messages[1].bytes, job.text[1]) && c.messages[1].channel == 1);
    cr_assert_eq(bytes[4], 0, "as version 1 wrote it: no flag, and nothing behind the messages");
    check_damaged(&job, &p);
    free(bytes);
    pool_finish(&p);
}

Test(store_log, an_end_and_rows_come_back, .timeout = 60)
{
    struct job job;
    struct commit c;
    struct pool p;
    pool_init(&p, 0);
    job_make(&job, 5, 0, 0, "duel", 2);
    size_t before = log_size(&job.c);
    job_row(&job, "key", "bytes");
    job_row(&job, "", "");
    job_end(&job, UINT64_C(1) << 40);
    job_tag(&job, "Ann");
    job_tag(&job, "");
    size_t size = log_size(&job.c);
    cr_assert_eq(size, before + 16 + (2 + 3) + 2 + (6 + 3 + 5) + 6);
    uint8_t *bytes = malloc(size);
    log_write(&job.c, bytes);
    cr_assert(log_read(bytes, size, &p, &c));
    cr_assert(c.end_number == UINT64_C(1) << 40 && c.tag_count == 2 && c.row_count == 2);
    cr_assert(text_is(c.tags[0], "Ann") && text_is(c.tags[1], ""));
    cr_assert(text_is(c.rows[0].key, "key") && text_is(c.rows[0].bytes, "bytes") && text_is(c.rows[1].key, ""));
    cr_assert(text_is(c.messages[1].bytes, job.text[1]), "what is in front of it as well");
    check_damaged(&job, &p);
    free(bytes);
    pool_finish(&p);
}
