/*
 * store_disk.c - a disk that is full or fails: what was refused is not there, what was acknowledged is, and the
 * store goes on by itself once the disk does.
 *
 * The program has its own pwrite, writev and fdatasync, which LMDB's calls reach and which fail on demand.  A
 * full disk is also made for real, with RLIMIT_FSIZE.
 */
#undef _FILE_OFFSET_BITS /* with it the C library would give our pwrite another name than the one LMDB calls */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "../unit/test_store_help.h"

/* Which call fails from now on, and how often; -1: always. */
static atomic_int sync_fails, write_fails, meta_fails, failure = EIO;

static bool fails(atomic_int *left)
{
    int now = atomic_load(left);
    if (!now)
        return false;
    if (now > 0)
        atomic_fetch_sub(left, 1);
    errno = atomic_load(&failure);
    return true;
}

int fdatasync(int fd);
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at);
ssize_t writev(int fd, const struct iovec *parts, int count);

int fdatasync(int fd)
{
    return fails(&sync_fails) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

/* LMDB's meta pages are the first two of the file. */
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
    if (at < 8192 ? fails(&meta_fails) : fails(&write_fails))
        return -1;
    return syscall(SYS_pwrite64, fd, bytes, size, at);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return fails(&write_fails) ? -1 : syscall(SYS_writev, fd, parts, count);
}

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static struct store *open_in(const char *folder)
{
    char error[256];
    struct store_config config = {.dir = folder};
    struct store *s = store_open_lmdb(&config, error, sizeof error);
    if (!s)
        fprintf(stderr, "%s\n", error);
    CHECK(s);
    return s;
}

static void check_steps(struct store *s, uint64_t session, uint32_t steps)
{
    struct pool p;
    struct store_message messages[16];
    arena_text record;
    char expected[64];
    pool_init(&p, 0);
    snprintf(expected, sizeof expected, "record %llu.%u", (unsigned long long)session, steps - 1);
    CHECK(store_record(s, session, &p, &record) && text_is(record, expected));
    CHECK(store_messages(s, session, 0, 1, 16, &p, messages) == steps);
    pool_finish(&p);
}

/* Whatever fails: a good commit, some that fail, then good ones again, then all of it once more from the file.
 */
static void check_failing(atomic_int *what, int times, int error, enum store_result expected, bool settled)
{
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    uint64_t lsn = 0, failed, other = 0;
    CHECK(job_run(s, 1, 0, &lsn, "duel", 1) == STORE_OK);
    if (settled)
        store_settle(s);
    atomic_store(&failure, error);
    atomic_store(what, times);
    failed = lsn;
    CHECK(job_run(s, 1, 1, &failed, "duel", 1) == expected);
    if (times < 0) {
        CHECK(job_run(s, 2, 0, &other, "duel", 1) == expected);
        store_settle(s); /* returns though nothing can be folded */
    }
    atomic_store(what, 0);
    CHECK(job_run(s, 1, 2, &failed, "duel", 1) == STORE_CONFLICT);
    other = 0;
    CHECK(job_run(s, 2, 0, &other, "duel", 1) == STORE_OK);
    CHECK(job_run(s, 1, 1, &lsn, "duel", 1) == STORE_OK);
    for (int i = 0; i < 100 && store_settled(s) < lsn; i++)
        store_settle(s); /* a fold that failed is tried again after a while */
    check_steps(s, 1, 2);
    check_steps(s, 2, 1);
    CHECK(store_stats(s).failed_commits >= 2);
    store_close(s);
    s = open_in(folder);
    check_steps(s, 1, 2);
    check_steps(s, 2, 1);
    CHECK(store_stats(s).sessions == 2);
    store_close(s);
    folder_remove(folder);
}

/* A batch and all that is queued behind it fail together. */
static void check_queue_fails(void)
{
    enum { JOBS = 200 };
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    struct job *jobs = calloc(JOBS, sizeof *jobs);
    uint64_t after = 0;
    atomic_store(&failure, ENOSPC);
    atomic_store(&write_fails, -1);
    for (uint32_t i = 0; i < JOBS; i++) {
        job_make(&jobs[i], 1, i, after, "duel", 1);
        after = store_submit(s, &jobs[i].c);
    }
    for (uint32_t i = 0; i < JOBS; i++) {
        enum store_result result = job_wait(&jobs[i]);
        CHECK(result == STORE_FULL || result == STORE_CONFLICT);
        CHECK(i == 0 || jobs[i].order == jobs[i - 1].order + 1);
    }
    atomic_store(&write_fails, 0);
    uint64_t lsn = 0;
    CHECK(job_run(s, 1, 0, &lsn, "duel", 1) == STORE_OK);
    store_settle(s);
    check_steps(s, 1, 1);
    store_close(s);
    free(jobs);
    folder_remove(folder);
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;
    CHECK(!getrlimit(RLIMIT_FSIZE, &limit));
    limit.rlim_cur = bytes;
    CHECK(!setrlimit(RLIMIT_FSIZE, &limit));
}

/* The file may grow to 4 MiB; then it may grow again. */
static void check_full_disk(void)
{
    static char large[50000];
    char folder[64];
    struct store *s = open_in(folder_make(folder));
    uint64_t session = 0;
    enum store_result result = STORE_OK;
    struct job job;
    signal(SIGXFSZ, SIG_IGN);
    set_file_limit(4 << 20);
    while (result == STORE_OK && session < 1000) {
        job_make(&job, ++session, 0, 0, "duel", 1);
        job.messages[0].bytes = (arena_text){large, sizeof large};
        store_submit(s, &job.c);
        result = job_wait(&job);
    }
    CHECK(result == STORE_FULL || result == STORE_FAILED); /* a write that is cut short is an error of its own */
    set_file_limit(RLIM_INFINITY);
    uint64_t lsn = 0;
    CHECK(job_run(s, session, 0, &lsn, "duel", 1) == STORE_OK);
    for (int i = 0; i < 100 && store_settled(s) < lsn; i++)
        store_settle(s);
    check_steps(s, session, 1);
    CHECK(store_stats(s).sessions == session);
    store_close(s);
    folder_remove(folder);
}

int main(void)
{
    for (int settled = 0; settled < 2; settled++) {
        check_failing(&sync_fails, 1, EIO, STORE_FAILED, settled);
        check_failing(&sync_fails, -1, EIO, STORE_FAILED, settled);
        check_failing(&write_fails, -1, ENOSPC, STORE_FULL, settled);
        check_failing(&meta_fails, 1, EIO, STORE_FAILED, settled);
        check_failing(&meta_fails, -1, EIO, STORE_FAILED, settled);
        check_failing(&meta_fails, -1, ENOSPC, STORE_FULL, settled);
    }
    check_queue_fails();
    check_full_disk();
    return 0;
}
