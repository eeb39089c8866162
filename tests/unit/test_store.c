/*
 * test_store.c - the promises of store.h, held to the memory double and to LMDB alike.
 */
#include <criterion/criterion.h>
#include <time.h>

#include "test_store_both.h"

BOTH(done_comes_in_order)
{
    enum { JOBS = 500 };
    struct job *jobs = calloc(JOBS, sizeof *jobs);
    uint64_t last = 0;
    for (uint32_t i = 0; i < JOBS; i++) {
        job_make(&jobs[i], i / 5 + 1, i % 5, i % 5 ? last : 0, "duel", 1);
        last = store_submit(s, &jobs[i].c);
        cr_assert_eq(last, i + 1);
    }
    for (uint32_t i = 0; i < JOBS; i++)
        cr_assert_eq(job_wait(&jobs[i]), STORE_OK);
    for (uint32_t i = 1; i < JOBS; i++)
        cr_assert_eq(jobs[i].order, jobs[i - 1].order + 1);
    free(jobs);
    store_settle(s);
    cr_assert_eq(store_settled(s), JOBS);
    cr_assert_eq(store_stats(s).commits, JOBS);
    cr_assert_eq(store_stats(s).sessions, 100);
}

BOTH(reads_see_what_is_settled)
{
    uint64_t lsn = 0, found;
    struct pool p;
    arena_text text, inputs[8];
    struct store_message messages[8];
    pool_init(&p, 0);
    for (uint32_t step = 0; step < 5; step++) {
        cr_assert_eq(job_run(s, 7, step, &lsn, "duel", 1), STORE_OK);
        if (step == 2)
            store_settle(s); /* so that the messages lie in two rows */
    }
    store_settle(s);
    cr_assert_geq(store_settled(s), lsn);
    cr_assert(store_record(s, 7, &p, &text) && text_is(text, "record 7.4"));
    cr_assert_not(store_record(s, 8, &p, &text));
    cr_assert(store_find(s, text_of("id-7"), &found) && found == 7);
    cr_assert(store_find(s, text_of("name-7"), &found) && found == 7);
    cr_assert_not(store_find(s, text_of("name-8"), &found));
    cr_assert_not(store_find(s, text_of(""), &found));
    cr_assert_eq(store_messages(s, 7, 1, 2, 5, &p, messages), 3);
    cr_assert_eq(messages[0].index, 2);
    cr_assert(text_is(messages[2].bytes, "{\"channel\":1,\"index\":4}"));
    cr_assert_eq(store_messages(s, 7, 0, 1, 9, &p, messages), 5);
    cr_assert_eq(store_messages(s, 7, 0, 6, 9, &p, messages), 0);
    cr_assert_eq(store_messages(s, 7, 0, 3, 3, &p, messages), 0);
    cr_assert_eq(store_messages(s, 6, 1, 1, 9, &p, messages), 0);
    cr_assert_eq(store_inputs(s, 7, 1, 3, &p, inputs), 3);
    cr_assert(text_is(inputs[0], "input 1") && text_is(inputs[2], "input 3"));
    cr_assert_eq(store_inputs(s, 7, 5, 3, &p, inputs), 0);
    pool_finish(&p);
}

BOTH(answers_are_kept)
{
    uint64_t lsn = 0;
    struct pool p;
    arena_text text;
    struct job job;
    pool_init(&p, 0);
    cr_assert_eq(job_run(s, 3, 0, &lsn, "duel", 0), STORE_OK);
    cr_assert_eq(job_run(s, 3, 1, &lsn, "duel", 0), STORE_OK);
    store_settle(s);
    job_make(&job, 3, 1, 0, "duel", 0);
    cr_assert(store_answer(s, job.c.answer_key, &p, &text) && text_is(text, "answer 1"));
    job.c.answer_key[15] = 1;
    cr_assert_not(store_answer(s, job.c.answer_key, &p, &text));
    pool_finish(&p);
}

BOTH(a_commit_must_be_built_upon_the_newest)
{
    uint64_t first = 0, second, stale;
    cr_assert_eq(job_run(s, 1, 0, &first, "duel", 0), STORE_OK);
    second = stale = first;
    cr_assert_eq(job_run(s, 1, 1, &second, "duel", 0), STORE_OK);
    cr_assert_eq(job_run(s, 1, 1, &stale, "duel", 0), STORE_CONFLICT);
    cr_assert_eq(job_run(s, 1, 2, &stale, "duel", 0), STORE_CONFLICT, "built upon one that failed");
    store_settle(s);
    stale = first;
    cr_assert_eq(job_run(s, 1, 2, &stale, "duel", 0), STORE_CONFLICT, "also when all is settled");
    uint64_t unknown = 0, nobody = 12345;
    cr_assert_eq(job_run(s, 1, 2, &unknown, "duel", 0), STORE_OK, "loaded from the store");
    cr_assert_eq(job_run(s, 2, 0, &nobody, "duel", 0), STORE_CONFLICT, "no such session");
    cr_assert_eq(job_erase(s, 1, unknown), STORE_OK);
    cr_assert_eq(job_run(s, 1, 3, &unknown, "duel", 0), STORE_CONFLICT, "erased");
    store_settle(s);
    cr_assert_eq(store_stats(s).sessions, 0);
}

BOTH(what_cannot_be_kept_is_refused_alone)
{
    char longer[300];
    memset(longer, 'x', sizeof longer);
    struct job jobs[4];
    for (uint32_t i = 0; i < 4; i++)
        job_make(&jobs[i], i + 1, 0, 0, "duel", 0);
    jobs[0].c.id = (arena_text){longer, 256};
    jobs[1].messages[0].channel = STORE_CHANNELS;
    jobs[2].names[0] = (arena_text){longer, 300};
    for (uint32_t i = 0; i < 4; i++)
        store_submit(s, &jobs[i].c);
    for (uint32_t i = 0; i < 4; i++)
        cr_assert_eq(job_wait(&jobs[i]), i < 3 ? STORE_FAILED : STORE_OK);
}

static void check_list(struct store *s, const char *type, int status, uint64_t offset, uint32_t limit, uint64_t total,
                       const char *records)
{
    struct pool p;
    arena_text found[32];
    uint32_t count;
    char all[512] = "";
    pool_init(&p, 0);
    cr_assert_eq(store_list(s, text_of(type), status, offset, limit, &p, found, &count), total);
    for (uint32_t i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%.*s;", (int)found[i].len - 7, found[i].ptr + 7);
    cr_assert_str_eq(all, records);
    pool_finish(&p);
}

BOTH(lists_are_filtered_and_paged)
{
    uint64_t lsn[9] = {0};
    for (uint64_t i = 1; i <= 8; i++)
        cr_assert_eq(job_run(s, i, 0, &lsn[i], i == 8 ? "" : i % 2 ? "duel" : "du", 0), STORE_OK);
    store_settle(s);
    check_list(s, "", -1, 0, 32, 7, "7.0;6.0;5.0;4.0;3.0;2.0;1.0;");
    check_list(s, "", -1, 2, 3, 7, "5.0;4.0;3.0;");
    check_list(s, "", -1, 7, 3, 7, "");
    check_list(s, "", -1, UINT64_MAX, 3, 7, "");
    check_list(s, "", -1, 0, 0, 7, "");
    check_list(s, "duel", -1, 0, 32, 4, "7.0;5.0;3.0;1.0;");
    check_list(s, "du", -1, 1, 32, 3, "4.0;2.0;");
    check_list(s, "due", -1, 0, 32, 0, "");
    for (uint64_t i = 1; i <= 3; i++)
        cr_assert_eq(job_run(s, i, 1, &lsn[i], i % 2 ? "duel" : "du", 2), STORE_OK);
    store_settle(s);
    check_list(s, "", 2, 0, 32, 3, "3.1;2.1;1.1;");
    check_list(s, "", 0, 0, 32, 4, "7.0;6.0;5.0;4.0;");
    check_list(s, "duel", 2, 0, 32, 2, "3.1;1.1;");
    check_list(s, "duel", 0, 1, 32, 2, "5.0;");
    check_list(s, "duel", 1, 0, 32, 0, "");
    cr_assert_eq(job_erase(s, 3, lsn[3]), STORE_OK);
    store_settle(s);
    check_list(s, "duel", 2, 0, 32, 1, "1.1;");
    check_list(s, "", -1, 0, 32, 6, "7.0;6.0;5.0;4.0;2.1;1.1;");
}

/* Sessions as a list has them: the newest first, of equal ones the higher number. */
struct listed {
    uint64_t session;
    int64_t created_ms;
    bool over, gone;
};

static int by_age(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    if (x->created_ms != y->created_ms)
        return x->created_ms < y->created_ms ? 1 : -1;
    return x->session < y->session ? 1 : -1;
}

/* The page at this offset against the sessions counted one by one. */
static void check_page(struct store *s, const struct listed *sorted, uint32_t count, int status, uint64_t offset)
{
    enum { PAGE = 20 };
    struct pool p;
    arena_text found[PAGE];
    uint32_t got, at = 0;
    uint64_t total = 0;
    pool_init(&p, 0);
    uint64_t told = store_list(s, text_of(""), status, offset, PAGE, &p, found, &got);
    for (uint32_t i = 0; i < count; i++) {
        if (sorted[i].gone || (status >= 0 && sorted[i].over != (status == 2)))
            continue;
        if (total++ < offset || at == PAGE)
            continue;
        char record[64];
        snprintf(record, sizeof record, "record %llu.%d", (unsigned long long)sorted[i].session, sorted[i].over);
        cr_assert(at < got && text_is(found[at], record), "offset %llu, place %u: not %s", (unsigned long long)offset,
                  at, record);
        at++;
    }
    cr_assert(told == total && got == at);
    pool_finish(&p);
}

/* Over many spans of time, some of them nearly empty; sessions change their list and go. */
BOTH(far_pages)
{
    enum { SESSIONS = 3000 };
    struct job *jobs = calloc(SESSIONS, sizeof *jobs);
    struct listed *all = calloc(SESSIONS, sizeof *all);
    uint64_t *lsn = calloc(SESSIONS, sizeof *lsn);
    srand(7);
    for (int step = 0; step < 2; step++) {
        for (uint32_t i = 0; i < SESSIONS; i++) {
            if (step == 0)
                all[i] = (struct listed){i + 1, (rand() % 40) * (rand() % 40) * 500000LL + rand() % 1000, false, false};
            else if (rand() % 3)
                continue;
            job_make(&jobs[i], i + 1, (uint32_t)step, lsn[i], "duel", step ? 2 : 0);
            jobs[i].c.created_ms = all[i].created_ms;
            all[i].over = step;
            lsn[i] = store_submit(s, &jobs[i].c);
        }
        for (uint32_t i = 0; i < SESSIONS; i++)
            cr_assert_eq(job_wait(&jobs[i]), STORE_OK);
    }
    for (uint32_t i = 0; i < SESSIONS; i += 7) {
        cr_assert_eq(job_erase(s, i + 1, lsn[i]), STORE_OK);
        all[i].gone = true;
    }
    store_settle(s);
    qsort(all, SESSIONS, sizeof *all, by_age);
    for (int round = 0; round < 60; round++)
        check_page(s, all, SESSIONS, round % 3 == 0 ? -1 : round % 3 == 1 ? 0 : 2, (uint64_t)(rand() % SESSIONS));
    check_page(s, all, SESSIONS, -1, 1001);
    free(jobs);
    free(all);
    free(lsn);
}

struct wakes {
    uint64_t sessions, sum;
    struct store *store;
};

static void count_wake(void *ctx, uint64_t session, int64_t wake_ms)
{
    struct wakes *w = ctx;
    struct pool p;
    arena_text record;
    pool_init(&p, 0);
    cr_assert_eq(wake_ms, 1000 + (int64_t)session);
    cr_assert(store_record(w->store, session, &p, &record), "each may use the store");
    pool_finish(&p);
    w->sessions++;
    w->sum += session;
}

BOTH(wakes_are_those_of_now)
{
    enum { SESSIONS = 1200 };
    struct job *jobs = calloc(SESSIONS, sizeof *jobs);
    for (uint32_t i = 0; i < SESSIONS; i++) {
        job_make(&jobs[i], i + 1, 0, 0, "duel", 1);
        store_submit(s, &jobs[i].c);
    }
    for (uint32_t i = 0; i < SESSIONS; i++)
        cr_assert_eq(job_wait(&jobs[i]), STORE_OK);
    uint64_t first = jobs[0].c.lsn;
    free(jobs);
    cr_assert_eq(job_run(s, 1, 1, &first, "duel", 2), STORE_OK);
    store_settle(s);
    struct wakes w = {.store = s};
    store_wakes(s, count_wake, &w);
    cr_assert_eq(w.sessions, SESSIONS - 1);
    cr_assert_eq(w.sum, SESSIONS * (SESSIONS + 1) / 2 - 1);
}

static struct store *late_store;
static struct job late_job;

static void submit_late(struct commit *c, enum store_result result)
{
    job_make(&late_job, 2, 0, 0, "duel", 0);
    struct timespec a_while = {.tv_nsec = 50 * 1000 * 1000};
    nanosleep(&a_while, NULL); /* the store is being closed meanwhile */
    store_submit(late_store, &late_job.c);
    job_done(c, result);
}

static void check_closing(struct store *s)
{
    struct job jobs[20];
    late_store = s;
    for (uint32_t i = 0; i < 20; i++) {
        job_make(&jobs[i], 1, i, i, "duel", 0);
        if (i == 0)
            jobs[i].c.done = submit_late;
        store_submit(s, &jobs[i].c);
    }
    store_close(s);
    for (uint32_t i = 0; i < 20; i++)
        cr_assert(jobs[i].over && jobs[i].result == STORE_OK);
    cr_assert(late_job.over && late_job.result == STORE_CLOSED);
}

Test(store_memory, closing_finishes_what_was_submitted, .timeout = 60)
{
    check_closing(open_kind(false, NULL));
}

Test(store_lmdb, closing_finishes_what_was_submitted, .timeout = 60)
{
    char folder[64];
    check_closing(open_kind(true, folder_make(folder)));
    folder_remove(folder);
}

Test(store_memory, failures_on_demand, .timeout = 60)
{
    struct store *s = store_open_memory();
    uint64_t lsn = 0, failed;
    cr_assert_eq(job_run(s, 1, 0, &lsn, "duel", 0), STORE_OK);
    store_memory_fail(s, 2, STORE_FULL);
    failed = lsn;
    cr_assert_eq(job_run(s, 1, 1, &failed, "duel", 0), STORE_FULL);
    cr_assert_eq(job_run(s, 2, 0, &(uint64_t){0}, "duel", 0), STORE_FULL);
    cr_assert_eq(job_run(s, 1, 2, &failed, "duel", 0), STORE_CONFLICT);
    cr_assert_eq(job_run(s, 1, 1, &lsn, "duel", 0), STORE_OK);
    store_close(s);
}
