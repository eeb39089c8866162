/*
 * bench_store.c - durable commits per second and CPU time per commit, at several queue depths.
 *
 *     bench_store [folder [commits [work]]]
 *
 * Each slot has one commit under way at a time and builds the next one in done, as a busy server would.  A slot
 * goes round 32 sessions of ten commits each: a record of 1.2 KB, three messages of 300 bytes and an input of
 * 80. "log" is the store as it is, its folding included (the clock stops when all is in the tables); "direct"
 * writes the same commits into the tables at once, without the log, in the same run.  work: microseconds that
 * done keeps its thread busy, as answering would; it is part of the CPU figure.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/lmdb.h"

enum { SESSIONS_OF_SLOT = 32, COMMITS_OF_SESSION = 10, MESSAGES_OF_COMMIT = 3, DEPTH_MAX = 256 };

struct session {
    uint64_t serial, lsn;
    uint32_t commits;
};

struct slot {
    struct commit commit;
    struct session sessions[SESSIONS_OF_SLOT];
    struct store_message messages[MESSAGES_OF_COMMIT];
    uint32_t at;
    double started;
};

static struct store *store;
static struct slot slots[DEPTH_MAX];
static char record[1200], message[300], input[80], id[DEPTH_MAX][32];
static uint64_t next_serial, left;
static uint32_t under_way;
static double work;
static float *latencies;
static size_t latency_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void done(struct commit *c, enum store_result result);

static void submit(struct slot *slot)
{
    struct session *s = &slot->sessions[slot->at];
    if (!s->commits) {
        s->serial = ++next_serial;
        s->lsn = 0;
    }
    snprintf(id[slot - slots], sizeof id[0], "session-%020llu", (unsigned long long)s->serial);
    for (uint32_t i = 0; i < MESSAGES_OF_COMMIT; i++)
        slot->messages[i] =
            (struct store_message){0, s->commits * MESSAGES_OF_COMMIT + i + 1, {message, sizeof message}};
    slot->commit = (struct commit){
        .session = s->serial,
        .after = s->lsn,
        .record = {record, sizeof record},
        .id = {id[slot - slots], strlen(id[slot - slots])},
        .type = ARENA_TEXT("pokemon"),
        .status = s->commits == 0                       ? 0
                  : s->commits + 1 < COMMITS_OF_SESSION ? 1
                                                        : 2,
        .created_ms = (int64_t)s->serial,
        .message_count = MESSAGES_OF_COMMIT,
        .messages = slot->messages,
        .input_number = s->commits,
        .input = {input, sizeof input},
        .done = done,
        .owner = slot,
    };
    slot->started = now(CLOCK_MONOTONIC);
    store_submit(store, &slot->commit);
}

/* Runs in the store's thread alone, but for the first commits of every slot. */
static void done(struct commit *c, enum store_result result)
{
    struct slot *slot = c->owner;
    struct session *s = &slot->sessions[slot->at];
    if (result != STORE_OK) {
        fprintf(stderr, "a commit failed: %d\n", result);
        exit(1);
    }
    for (double until = now(CLOCK_MONOTONIC) + work; work > 0 && now(CLOCK_MONOTONIC) < until;)
        ;
    pthread_mutex_lock(&lock);
    latencies[latency_count++] = (float)(now(CLOCK_MONOTONIC) - slot->started);
    s->lsn = c->lsn;
    s->commits = (s->commits + 1) % COMMITS_OF_SESSION;
    slot->at = (slot->at + 1) % SESSIONS_OF_SLOT;
    bool more = left > 0;
    if (more) {
        left--;
        submit(slot);
    } else if (!--under_way) {
        pthread_cond_signal(&ended);
    }
    pthread_mutex_unlock(&lock);
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void run(const char *folder, const char *kind, uint32_t depth, uint64_t commits)
{
    char dir[4096], path[4200], error[512];
    snprintf(dir, sizeof dir, "%s/bench-store-%s-%u-%d", folder, kind, depth, (int)getpid());
    struct store_config config = {.dir = dir};
    store = store_open_lmdb(&config, error, sizeof error);
    if (!store) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    if (!strcmp(kind, "direct"))
        lmdb_set_direct(store);
    memset(slots, 0, sizeof slots);
    next_serial = latency_count = 0;
    double cpu = now(CLOCK_PROCESS_CPUTIME_ID), wall = now(CLOCK_MONOTONIC);
    pthread_mutex_lock(&lock);
    left = commits - depth;
    under_way = depth;
    for (uint32_t i = 0; i < depth; i++)
        submit(&slots[i]);
    while (under_way)
        pthread_cond_wait(&ended, &lock);
    pthread_mutex_unlock(&lock);
    double acknowledged = now(CLOCK_MONOTONIC) - wall;
    store_settle(store);
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = now(CLOCK_MONOTONIC) - wall;
    struct store_stats stats = store_stats(store);
    qsort(latencies, latency_count, sizeof latencies[0], by_value);
    printf("%-7s %5u %10.0f %10.0f %8.2f %8.2f %8.2f %8.1f %7.1f %9.1f\n", kind, depth, (double)commits / acknowledged,
           (double)commits / wall, cpu * 1e6 / (double)commits, latencies[latency_count / 2] * 1e3,
           latencies[latency_count * 99 / 100] * 1e3, latencies[latency_count - 1] * 1e3,
           (double)stats.commits / (double)stats.batches, (double)stats.bytes / 1048576.0);
    fflush(stdout);
    store_close(store);
    const char *const files[] = {"arena.mdb", "arena.mdb-lock", "arena.lock"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
}

int main(int argc, char **argv)
{
    static const uint32_t depths[] = {1, 16, 64, 256};
    const char *folder = argc > 1 ? argv[1] : ".";
    uint64_t commits = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    work = argc > 3 ? strtod(argv[3], NULL) / 1e6 : 0;
    if (commits < DEPTH_MAX)
        commits = DEPTH_MAX;
    latencies = calloc(commits, sizeof latencies[0]);
    if (!latencies)
        return 1;
    memset(record, 'r', sizeof record);
    memset(message, 'm', sizeof message);
    memset(input, 'i', sizeof input);
    printf("layout  depth  durable/s  settled/s  CPU us   p50 ms   p99 ms   max ms   batch   file MiB\n");
    for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
        uint64_t some = depths[i] == 1 && commits > 20000 ? 20000 : commits;
        run(folder, "log", depths[i], some);
        run(folder, "direct", depths[i], some);
    }
    free(latencies);
    return 0;
}
