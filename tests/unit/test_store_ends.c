/*
 * test_store_ends.c - ends, tags and rows: the promises of store.h, held to the memory double and to LMDB alike.
 */
#include <criterion/criterion.h>
#include <stdatomic.h>

#include "test_store_both.h"

/* A session's only commit, which ends it with one tag or two. */
static enum store_result end_one(struct store *s, uint64_t session, uint64_t end_number, const char *type,
                                 const char *tag, const char *other)
{
    struct job job;
    job_make(&job, session, 0, 0, type, 2);
    job_end(&job, end_number);
    job_tag(&job, tag);
    if (other)
        job_tag(&job, other);
    store_submit(s, &job.c);
    return job_wait(&job);
}

/* The ends as "number:session " each. */
static void check_ends(struct store *s, uint64_t after, uint32_t max, const char *expected)
{
    struct store_end ends[32];
    struct pool p;
    char all[512] = "", record[64];
    pool_init(&p, 0);
    uint32_t count = store_ends(s, after, max, &p, ends);
    for (uint32_t i = 0; i < count; i++) {
        unsigned long long session = ends[i].session;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%llu:%llu ", (unsigned long long)ends[i].end_number,
                 session);
        snprintf(record, sizeof record, "record %llu.", session);
        cr_assert(ends[i].record.len > strlen(record) && !memcmp(ends[i].record.ptr, record, strlen(record)));
    }
    cr_assert_str_eq(all, expected);
    pool_finish(&p);
}

BOTH(ends_come_in_their_order_with_gaps)
{
    check_ends(s, 0, 32, "");
    cr_assert_eq(end_one(s, 5, 3, "duel", "Ann", NULL), STORE_OK);
    cr_assert_eq(end_one(s, 2, 4, "duel", "Ann", NULL), STORE_OK);
    cr_assert_eq(job_run(s, 6, 0, &(uint64_t){0}, "duel", 1), STORE_OK);
    store_settle(s);
    cr_assert_eq(end_one(s, 7, 300, "", "Ann", NULL), STORE_OK);
    cr_assert_eq(end_one(s, 1, 301, "duel", "Ann", NULL), STORE_OK);
    cr_assert_eq(end_one(s, 3, UINT64_C(1) << 40, "duel", "Ann", NULL), STORE_OK);
    store_settle(s);
    check_ends(s, 0, 32, "3:5 4:2 300:7 301:1 1099511627776:3 ");
    check_ends(s, 0, 2, "3:5 4:2 ");
    check_ends(s, 4, 2, "300:7 301:1 ");
    check_ends(s, 299, 1, "300:7 ");
    check_ends(s, 301, 2, "1099511627776:3 ");
    check_ends(s, UINT64_C(1) << 40, 2, "");
    check_ends(s, UINT64_MAX, 2, "");
    check_ends(s, 0, 0, "");
}

/* The records of a tag as "session.step;" each. */
static void check_tag(struct store *s, const char *tag, uint64_t offset, uint32_t limit, uint64_t total,
                      const char *expected)
{
    struct pool p;
    arena_text found[32];
    uint32_t count;
    char all[512] = "";
    pool_init(&p, 0);
    cr_assert_eq(store_tagged(s, text_of(tag), offset, limit, &p, found, &count), total, "%s", tag);
    for (uint32_t i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%.*s;", (int)found[i].len - 7, found[i].ptr + 7);
    cr_assert_str_eq(all, expected, "%s: %s", tag, all);
    pool_finish(&p);
}

BOTH(tags_are_lists_of_their_own)
{
    cr_assert_eq(end_one(s, 1, 1, "duel", "Ann", "Bob"), STORE_OK);
    cr_assert_eq(end_one(s, 4, 2, "quiz", "Ann", "Bo"), STORE_OK);
    cr_assert_eq(end_one(s, 3, 3, "", "Ann", "duel"), STORE_OK);
    cr_assert_eq(end_one(s, 2, 4, "duel", "Ann", ""), STORE_OK);
    cr_assert_eq(job_run(s, 5, 0, &(uint64_t){0}, "duel", 1), STORE_OK);
    store_settle(s);
    check_tag(s, "Ann", 0, 32, 4, "4.0;3.0;2.0;1.0;"); /* newest made first, not last ended */
    check_tag(s, "Ann", 1, 2, 4, "3.0;2.0;");
    check_tag(s, "Ann", 4, 2, 4, "");
    check_tag(s, "Ann", 0, 0, 4, "");
    check_tag(s, "Bob", 0, 32, 1, "1.0;");
    check_tag(s, "Bo", 0, 32, 1, "4.0;");
    check_tag(s, "B", 0, 32, 0, "");
    check_tag(s, "duel", 0, 32, 1, "3.0;");
    check_tag(s, "", 0, 32, 1, "2.0;");
    struct pool p;
    arena_text records[8];
    uint32_t count;
    pool_init(&p, 0);
    cr_assert_eq(store_list(s, text_of("duel"), -1, 0, 8, &p, records, &count), 3, "lists by type know no tags");
    cr_assert_eq(store_list(s, text_of(""), -1, 0, 8, &p, records, &count), 4);
    pool_finish(&p);
}

BOTH(a_session_ends_once_and_its_record_may_change_later)
{
    struct job jobs[3];
    uint64_t after = 0;
    for (uint32_t step = 0; step < 3; step++) {
        job_make(&jobs[step], 8, step, after, "duel", 2);
        if (step < 2) {
            job_end(&jobs[step], step + 1);
            job_tag(&jobs[step], step ? "Bob" : "Ann");
        }
        after = store_submit(s, &jobs[step].c);
        cr_assert_eq(job_wait(&jobs[step]), STORE_OK);
        if (step == 1)
            store_settle(s);
    }
    store_settle(s);
    check_ends(s, 0, 4, "1:8 ");
    check_tag(s, "Ann", 0, 4, 1, "8.2;");
    check_tag(s, "Bob", 0, 4, 0, "");
}

/* --- the order in which ends show -------------------------------------------------------------------------- */

static atomic_bool settled;

static void *settle_all(void *store)
{
    store_settle(store);
    atomic_store(&settled, true);
    return NULL;
}

/* The session that ends last was changed first, long before the one that ends before it. */
BOTH(an_end_shows_no_sooner_than_those_before_it)
{
    enum { SESSIONS = 3000, JOBS = SESSIONS + 1 };
    struct job *jobs = calloc(JOBS, sizeof *jobs);
    for (uint32_t i = 0; i < SESSIONS; i++)
        job_make(&jobs[i], i + 1, 0, 0, "duel", 2);
    job_end(&jobs[SESSIONS - 1], 1);
    job_make(&jobs[SESSIONS], 1, 1, 1, "duel", 2);
    job_end(&jobs[SESSIONS], 2);
    for (uint32_t i = 0; i < JOBS; i++)
        store_submit(s, &jobs[i].c);
    for (uint32_t i = 0; i < JOBS; i++)
        cr_assert_eq(job_wait(&jobs[i]), STORE_OK);
    pthread_t thread;
    struct pool p;
    struct store_end ends[4];
    pool_init(&p, 0);
    atomic_store(&settled, false);
    cr_assert_eq(pthread_create(&thread, NULL, settle_all, s), 0);
    for (bool last = false, over = false; !over; over = last) {
        last = atomic_load(&settled);
        uint32_t count = store_ends(s, 0, 4, &p, ends);
        cr_assert(!count || ends[0].end_number == 1, "a reader would go on after 2 and miss 1");
        cr_assert(!last || count == 2);
        pool_reset(&p);
    }
    pthread_join(thread, NULL);
    pool_finish(&p);
    free(jobs);
}

/* --- rows -------------------------------------------------------------------------------------------------- */

struct row_text {
    char all[512];
};

static void add_row_text(void *ctx, arena_text key, arena_text bytes)
{
    struct row_text *text = ctx;
    snprintf(text->all + strlen(text->all), sizeof text->all - strlen(text->all), "%.*s=%.*s;", (int)key.len, key.ptr,
             (int)bytes.len, bytes.ptr);
}

static void check_rows(struct store *s, uint64_t session, const char *expected)
{
    struct row_text text = {""};
    store_rows(s, session, add_row_text, &text);
    cr_assert_str_eq(text.all, expected);
}

/* Step `step` of a session with up to two rows more. */
static enum store_result run_rows(struct store *s, uint64_t session, uint32_t step, uint64_t *lsn,
                                  const char *const pairs[][2], uint32_t count)
{
    struct job job;
    job_make(&job, session, step, *lsn, "duel", 1);
    for (uint32_t i = 0; i < count; i++)
        job_row(&job, pairs[i][0], pairs[i][1]);
    *lsn = store_submit(s, &job.c);
    return job_wait(&job);
}

BOTH(rows_are_set_replaced_and_removed)
{
    static const char *const first[][2] = {{"b", "1"}, {"a", "2"}, {"", "3"}, {"ab", "4"}, {"gone", "5"}, {"gone", ""}};
    static const char *const second[][2] = {{"a", ""}, {"b", "a longer one"}, {"never was", ""}, {"\xff", "6"}};
    static const char *const third[][2] = {{"a", "again"}, {"b", "short"}, {"b", "last"}};
    uint64_t one = 0, two = 0, three = 0;
    for (int settles = 0; settles < 2; settles++) { /* folded one by one, and all at once */
        uint64_t session = settles ? 2 : 5, *lsn = settles ? &two : &one;
        cr_assert_eq(run_rows(s, session, 0, lsn, first, 6), STORE_OK);
        if (settles) {
            store_settle(s);
            check_rows(s, session, "=3;a=2;ab=4;b=1;");
        }
        cr_assert_eq(run_rows(s, session, 1, lsn, second, 4), STORE_OK);
        if (settles) {
            store_settle(s);
            check_rows(s, session, "=3;ab=4;b=a longer one;\xff=6;");
        }
        cr_assert_eq(run_rows(s, session, 2, lsn, third, 3), STORE_OK);
        store_settle(s);
        check_rows(s, session, "=3;a=again;ab=4;b=last;\xff=6;");
    }
    cr_assert_eq(job_run(s, 3, 0, &three, "duel", 1), STORE_OK);
    cr_assert_eq(job_run(s, 5, 3, &one, "duel", 1), STORE_OK);
    store_settle(s);
    check_rows(s, 3, "");
    check_rows(s, 4, "");
    check_rows(s, 5, "=3;a=again;ab=4;b=last;\xff=6;");
}

enum { LARGE_ROWS = 10, LARGE_BYTES = 1 << 20 };

struct large {
    uint32_t rows;
    uint64_t bytes;
};

static void check_large(void *ctx, arena_text key, arena_text bytes)
{
    struct large *large = ctx;
    cr_assert_eq(bytes.len, LARGE_BYTES);
    for (size_t i = 0; i < bytes.len; i += 4096)
        cr_assert_eq(bytes.ptr[i], key.ptr[0]);
    large->rows++;
    large->bytes += bytes.len;
}

BOTH(a_commit_may_have_large_rows)
{
    struct job job;
    static const char keys[] = "abcdefghijklmnopqrstuvwxyz";
    char *bytes = malloc((size_t)LARGE_ROWS * LARGE_BYTES);
    struct store_row rows[LARGE_ROWS];
    uint64_t after = 0;
    for (uint32_t step = 0; step < 2; step++) { /* the second replaces them all */
        for (uint32_t i = 0; i < LARGE_ROWS; i++) {
            memset(bytes + (size_t)i * LARGE_BYTES, keys[i], LARGE_BYTES);
            rows[i] = (struct store_row){{keys + i, 1}, {bytes + (size_t)i * LARGE_BYTES, LARGE_BYTES}};
        }
        job_make(&job, 4, step, after, "duel", 1);
        job.c.rows = rows;
        job.c.row_count = LARGE_ROWS;
        after = store_submit(s, &job.c);
        cr_assert_eq(job_wait(&job), STORE_OK);
        store_settle(s);
        struct large large = {0};
        store_rows(s, 4, check_large, &large);
        cr_assert_eq(large.rows, LARGE_ROWS);
        cr_assert_eq(large.bytes, (uint64_t)LARGE_ROWS * LARGE_BYTES);
    }
    free(bytes);
    cr_assert_eq(job_erase(s, 4, after), STORE_OK);
    store_settle(s);
    check_rows(s, 4, "");
}

/* --- what is refused, fails and goes ----------------------------------------------------------------------- */

BOTH(ends_that_cannot_be_kept_are_refused_alone)
{
    enum { JOBS = 7 };
    static char longer[300];
    static arena_text many[256];
    memset(longer, 'x', sizeof longer);
    for (uint32_t i = 0; i < 256; i++)
        many[i] = (arena_text){longer, i};
    struct job jobs[JOBS];
    for (uint32_t i = 0; i < JOBS; i++) {
        job_make(&jobs[i], i + 1, 0, 0, "duel", 2);
        job_end(&jobs[i], i == 2 ? 0 : i + 1);
        job_tag(&jobs[i], "Ann");
    }
    jobs[0].tags[0] = (arena_text){longer, 256};
    job_row(&jobs[1], "key", "bytes");
    jobs[1].rows[0].key = (arena_text){longer, 256};
    job_tag(&jobs[3], "Bob");
    job_tag(&jobs[3], "Ann"); /* twice */
    jobs[4].c.tags = many;
    jobs[4].c.tag_count = 256;
    jobs[5].c.tags = many + 1; /* jobs[2] has tags and no end number; these last two are good */
    jobs[5].c.tag_count = 255;
    job_row(&jobs[6], "key", "bytes");
    jobs[6].rows[0].key = (arena_text){longer, 255};
    for (uint32_t i = 0; i < JOBS; i++)
        store_submit(s, &jobs[i].c);
    for (uint32_t i = 0; i < JOBS; i++)
        cr_assert_eq(job_wait(&jobs[i]), i < 5 ? STORE_FAILED : STORE_OK, "%u", i);
    store_settle(s);
    check_ends(s, 0, 8, "6:6 7:7 ");
    check_tag(s, "Ann", 0, 8, 1, "7.0;");
    check_tag(s, "Bob", 0, 8, 0, "");
}

BOTH(erase_takes_ends_tags_and_rows)
{
    struct job job;
    for (uint64_t session = 1; session <= 4; session++) {
        job_make(&job, session, 0, 0, "duel", 2);
        job_end(&job, session);
        job_tag(&job, "Ann");
        job_row(&job, "key", "bytes");
        store_submit(s, &job.c);
        cr_assert_eq(job_wait(&job), STORE_OK);
        if (session == 3)
            store_settle(s); /* the fourth goes before it is in a table */
    }
    cr_assert_eq(job_erase(s, 2, 0), STORE_OK);
    cr_assert_eq(job_erase(s, 4, job.c.lsn), STORE_OK);
    store_settle(s);
    check_ends(s, 0, 8, "1:1 3:3 ");
    check_tag(s, "Ann", 0, 8, 2, "3.0;1.0;");
    check_rows(s, 1, "key=bytes;");
    check_rows(s, 2, "");
    check_rows(s, 4, "");
}

Test(store_memory, a_failed_batch_leaves_no_end, .timeout = 60)
{
    struct store *s = store_open_memory();
    struct job job;
    job_make(&job, 1, 0, 0, "duel", 2);
    job_end(&job, 1);
    job_tag(&job, "Ann");
    job_row(&job, "key", "bytes");
    store_memory_fail(s, 1, STORE_FULL);
    store_submit(s, &job.c);
    cr_assert_eq(job_wait(&job), STORE_FULL);
    check_ends(s, 0, 4, "");
    check_tag(s, "Ann", 0, 4, 0, "");
    check_rows(s, 1, "");
    cr_assert_eq(end_one(s, 1, 2, "duel", "Ann", NULL), STORE_OK);
    check_ends(s, 0, 4, "2:1 ");
    store_close(s);
}
