/*
 * bench_ends.c - a store with many ended sessions: how long it takes to fill, to open and to read.
 *
 *     bench_ends [folder [sessions [users]]]
 *
 * Every session is one commit that makes and ends it: a record of 500 bytes, two tags out of so many users, and
 * nothing else.  The folder for the store is made and removed.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

enum { DEPTH = 1024, PAGE = 50, ENDS_AT_ONCE = 1000, PATH = 4096, TURNS = 2000 };

struct slot {
    struct commit commit;
    char id[32], tag_text[2][32];
    arena_text tags[2];
};

static struct store *store;
static struct slot slots[DEPTH];
static char record[500];
static uint64_t made, sessions, users, left;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- filling ----------------------------------------------------------------------------------------------- */

/* A number below `below` that looks drawn by lot. */
static uint64_t mixed(uint64_t number, uint64_t below)
{
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return (number ^ number >> 31) % below;
}

static arena_text user_tag(char text[32], uint64_t user)
{
    snprintf(text, 32, "user-%06llu", (unsigned long long)user);
    return (arena_text){text, strlen(text)};
}

static void done(struct commit *c, enum store_result result);

static void submit(struct slot *slot)
{
    uint64_t serial = ++made, first = mixed(2 * serial, users), second = mixed(2 * serial + 1, users);
    snprintf(slot->id, sizeof slot->id, "session-%020llu", (unsigned long long)serial);
    slot->tags[0] = user_tag(slot->tag_text[0], first);
    slot->tags[1] = user_tag(slot->tag_text[1], second == first ? (first + 1) % users : second);
    slot->commit = (struct commit){
        .session = serial,
        .record = {record, sizeof record},
        .id = {slot->id, strlen(slot->id)},
        .type = ARENA_TEXT("pokemon"),
        .status = 2,
        .created_ms = (int64_t)serial,
        .end_number = serial,
        .tag_count = 2,
        .tags = slot->tags,
        .done = done,
        .owner = slot,
    };
    store_submit(store, &slot->commit);
}

static void done(struct commit *c, enum store_result result)
{
    if (result != STORE_OK) {
        fprintf(stderr, "a commit failed: %d\n", result);
        exit(1);
    }
    pthread_mutex_lock(&lock);
    if (made < sessions)
        submit(c->owner);
    if (!--left)
        pthread_cond_signal(&ended);
    pthread_mutex_unlock(&lock);
}

static void fill(void)
{
    double start = now();
    pthread_mutex_lock(&lock);
    left = sessions;
    for (uint32_t i = 0; i < DEPTH && made < sessions; i++)
        submit(&slots[i]);
    while (left)
        pthread_cond_wait(&ended, &lock);
    pthread_mutex_unlock(&lock);
    double durable = now() - start;
    store_settle(store);
    printf("%-34s %10.2f s durable, %.2f s with everything in the tables\n", "filling", durable, now() - start);
    printf("%-34s %10.1f MiB\n", "file", (double)store_stats(store).bytes / 1048576.0);
}

/* --- reading ----------------------------------------------------------------------------------------------- */

static void time_ends(void)
{
    static struct store_end ends[ENDS_AT_ONCE];
    struct pool p;
    double start = now(), longest = 0;
    uint64_t after = 0, total = 0;
    pool_init(&p, 0);
    for (uint32_t count = 1; count;) {
        double before = now();
        count = store_ends(store, after, ENDS_AT_ONCE, &p, ends);
        if (now() - before > longest)
            longest = now() - before;
        if (count)
            after = ends[count - 1].end_number;
        total += count;
        pool_reset(&p);
    }
    printf("%-34s %10.2f s for %llu, %.2f ms for the slowest %d\n", "all ends", now() - start,
           (unsigned long long)total, longest * 1e3, ENDS_AT_ONCE);
    pool_finish(&p);
}

static void time_tags(void)
{
    arena_text records[PAGE];
    struct pool p;
    char text[32];
    uint32_t count;
    uint64_t total = 0;
    double start = now();
    pool_init(&p, 0);
    for (uint64_t i = 0; i < TURNS; i++) {
        total += store_tagged(store, user_tag(text, mixed(i, users)), 0, PAGE, &p, records, &count);
        pool_reset(&p);
    }
    printf("%-34s %10.1f us (%.1f sessions each)\n", "a user's first 50", (now() - start) * 1e6 / TURNS,
           (double)total / TURNS);
    pool_finish(&p);
}

static void time_list(const char *what, uint64_t offset, uint32_t turns)
{
    arena_text records[PAGE];
    struct pool p;
    uint32_t count;
    double start = now();
    pool_init(&p, 0);
    for (uint32_t i = 0; i < turns; i++) {
        store_list(store, ARENA_TEXT("pokemon"), 2, offset, PAGE, &p, records, &count);
        pool_reset(&p);
    }
    printf("%-34s %10.1f us\n", what, (now() - start) * 1e6 / turns);
    pool_finish(&p);
}

/* --- all --------------------------------------------------------------------------------------------------- */

static void open_in(const char *dir, const char *what)
{
    char error[512];
    struct store_config config = {.dir = dir};
    double start = now();
    store = store_open_lmdb(&config, error, sizeof error);
    if (!store) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    printf("%-34s %10.1f ms\n", what, (now() - start) * 1e3);
}

static void remove_store(const char *dir)
{
    static const char *const files[] = {"arena.mdb", "arena.mdb-lock", "arena.lock"};
    char path[PATH + 32];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        unlink(path);
    }
    rmdir(dir);
}

int main(int argc, char **argv)
{
    char dir[PATH];
    snprintf(dir, sizeof dir, "%s/bench-ends-%d", argc > 1 ? argv[1] : ".", (int)getpid());
    sessions = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    users = argc > 3 ? strtoull(argv[3], NULL, 10) : 1000;
    if (!sessions || users < 2) {
        fprintf(stderr, "use: bench_ends [folder [sessions [users]]], with two users at least\n");
        return 2;
    }
    memset(record, 'r', sizeof record);
    open_in(dir, "opening, empty");
    fill();
    store_close(store);
    open_in(dir, "opening, filled");
    time_ends();
    time_tags();
    time_list("first 50 of a list", 0, TURNS);
    time_list("50 from the middle of a list", sessions / 2, 20);
    double start = now();
    store_close(store);
    printf("%-34s %10.1f ms\n", "closing", (now() - start) * 1e3);
    remove_store(dir);
    return 0;
}
