/*
 * store_stress.c - many threads commit while others read and the map grows; for ThreadSanitizer too.
 *
 *     store_stress [seconds]
 *
 * Readers hold to what must be true at any moment: no gap in a channel, no record older than the messages that
 * were read before it, lists whose total covers what they show, names that lead to their session.
 */
#include <stdatomic.h>
#include <time.h>

#include "../unit/test_store_help.h"

enum { WRITERS = 4, READERS = 3, SESSIONS = 64, OF_WRITER = SESSIONS / WRITERS, STEPS_MAX = 1 << 20, ERASE_AT = 40 };
enum { ENDS_MAX = 1 << 20, ENDS_AT_ONCE = 50 };

static struct store *store;
static atomic_bool stop;
static atomic_ullong commits, reads;
static uint64_t last_end;
static pthread_mutex_t end_lock = PTHREAD_MUTEX_INITIALIZER; /* ends are submitted in the order of their numbers */

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* Two rows that say the same. */
static void add_rows(struct job *job)
{
    job_row(job, "one", job->record);
    job_row(job, "two", job->record);
}

static uint64_t submit_end(struct job *job)
{
    job_tag(job, "everybody");
    pthread_mutex_lock(&end_lock);
    job_end(job, ++last_end);
    uint64_t lsn = store_submit(store, &job->c);
    pthread_mutex_unlock(&end_lock);
    return lsn;
}

/* A writer's sessions take turns; every session lives ERASE_AT commits, of which the last ends it, and then makes room
 * for a new one.  Every other one is erased, too. */
static void *write_some(void *arg)
{
    uint64_t number = (uint64_t)(uintptr_t)arg, session[OF_WRITER], lsn[OF_WRITER] = {0};
    uint32_t step[OF_WRITER] = {0};
    struct job *jobs = calloc(OF_WRITER, sizeof *jobs);
    for (uint64_t i = 0; i < OF_WRITER; i++)
        session[i] = 1 + number * OF_WRITER + i;
    while (!atomic_load(&stop)) {
        for (uint64_t i = 0; i < OF_WRITER; i++) {
            job_make(&jobs[i], session[i], step[i], lsn[i], "duel", (uint8_t)(step[i] % 3));
            jobs[i].c.erase = step[i] == ERASE_AT;
            add_rows(&jobs[i]);
            lsn[i] = step[i] == ERASE_AT - 1 ? submit_end(&jobs[i]) : store_submit(store, &jobs[i].c);
        }
        for (uint64_t i = 0; i < OF_WRITER; i++) {
            CHECK(job_wait(&jobs[i]) == STORE_OK);
            atomic_fetch_add(&commits, 1);
            if (step[i]++ == (session[i] % 2 ? ERASE_AT : ERASE_AT - 1)) {
                session[i] += SESSIONS;
                step[i] = 0;
                lsn[i] = 0;
            }
        }
    }
    free(jobs);
    return NULL;
}

static uint32_t step_of(arena_text record)
{
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)record.len, record.ptr);
    const char *dot = strchr(text, '.');
    CHECK(dot);
    return (uint32_t)strtoul(dot + 1, NULL, 10);
}

/* Of one moment, so they say the same. */
static void compare_row(void *ctx, arena_text key, arena_text bytes)
{
    char *first = ctx;
    if (text_is(key, "one"))
        snprintf(first, 64, "%.*s", (int)bytes.len, bytes.ptr);
    else
        CHECK(text_is(key, "two") && text_is(bytes, first));
}

static void read_session(struct pool *p, uint64_t session)
{
    struct store_message messages[ERASE_AT + 1];
    arena_text record, inputs[ERASE_AT + 1];
    uint32_t count = store_messages(store, session, session % 2, 1, ERASE_AT + 1, p, messages);
    uint32_t numbers = store_inputs(store, session, 0, ERASE_AT + 1, p, inputs);
    for (uint32_t i = 0; i < count; i++)
        CHECK(messages[i].index == i + 1);
    if (store_record(store, session, p, &record)) {
        CHECK(step_of(record) + 1 >= count);
        CHECK(step_of(record) + 1 >= numbers);
    }
    char first[64] = "";
    store_rows(store, session, compare_row, first);
    atomic_fetch_add(&reads, 1);
}

static void read_list(struct pool *p)
{
    arena_text records[16];
    uint32_t count;
    uint64_t total = store_list(store, ARENA_TEXT("duel"), -1, 0, 16, p, records, &count), found;
    CHECK(count <= total && (count == 16 || count == total));
    for (uint32_t i = 0; i < count; i++) {
        char id[64];
        uint64_t session = strtoull(records[i].ptr + 7, NULL, 10);
        snprintf(id, sizeof id, "name-%llu", (unsigned long long)session);
        if (store_find(store, text_of(id), &found)) /* it may be erased meanwhile */
            CHECK(found == session);
        read_session(p, session);
    }
}

static void *read_some(void *arg)
{
    struct pool p;
    pool_init(&p, 0);
    unsigned turn = (unsigned)(uintptr_t)arg;
    while (!atomic_load(&stop)) {
        pool_reset(&p);
        read_list(&p);
        if (++turn % 64 == 0) {
            store_settle(store);
            CHECK(store_stats(store).failed_commits == 0);
        }
    }
    pool_finish(&p);
    return NULL;
}

/* Marks the ends after this one and returns the last. */
static uint64_t mark_ends(bool *marked, uint64_t after, struct pool *p)
{
    struct store_end ends[ENDS_AT_ONCE];
    for (uint32_t count = 1; count;) {
        pool_reset(p);
        count = store_ends(store, after, ENDS_AT_ONCE, p, ends);
        for (uint32_t i = 0; i < count; i++) {
            CHECK(ends[i].end_number > after && ends[i].end_number < ENDS_MAX);
            CHECK(step_of(ends[i].record) == ERASE_AT - 1);
            after = ends[i].end_number;
            marked[after] = true;
        }
    }
    return after;
}

static bool seen[ENDS_MAX]; /* the follower's */
static uint64_t seen_to;

/* Goes on after the last end that it saw and never looks back. */
static void *follow_ends(void *unused)
{
    struct pool p;
    pool_init(&p, 0);
    while (!atomic_load(&stop))
        seen_to = mark_ends(seen, seen_to, &p);
    pool_finish(&p);
    return unused;
}

/* When all is settled the follower has seen every end that is there (and some that are erased). */
static void check_followed(void)
{
    static bool there[ENDS_MAX];
    uint64_t total = 0;
    uint32_t count;
    struct pool p;
    pool_init(&p, 0);
    store_settle(store);
    mark_ends(seen, seen_to, &p);
    mark_ends(there, 0, &p);
    for (uint64_t i = 1; i < ENDS_MAX; i++) {
        CHECK(!there[i] || seen[i]);
        total += there[i];
    }
    CHECK(store_tagged(store, ARENA_TEXT("everybody"), 0, 0, &p, NULL, &count) == total && total > 0);
    pool_finish(&p);
}

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : 2;
    char folder[64], error[256];
    pthread_t threads[WRITERS + READERS], follower;
    struct store_config config = {.dir = folder_make(folder), .map_bytes = 1 << 20};
    store = store_open_lmdb(&config, error, sizeof error);
    CHECK(store);
    for (uintptr_t i = 0; i < WRITERS + READERS; i++)
        CHECK(!pthread_create(&threads[i], NULL, i < WRITERS ? write_some : read_some, (void *)i));
    CHECK(!pthread_create(&follower, NULL, follow_ends, NULL));
    struct timespec a_while = {.tv_sec = seconds};
    nanosleep(&a_while, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < WRITERS + READERS; i++)
        pthread_join(threads[i], NULL);
    pthread_join(follower, NULL);
    check_followed();
    struct store_stats stats = store_stats(store);
    printf("%llu commits in %llu batches, %llu reads, %llu KiB\n", (unsigned long long)commits,
           (unsigned long long)stats.batches, (unsigned long long)reads, (unsigned long long)stats.bytes / 1024);
    CHECK(stats.commits == commits && reads > 0);
    store_close(store);
    folder_remove(folder);
    return 0;
}
