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

static struct store *store;
static atomic_bool stop;
static atomic_ullong commits, reads;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A writer's sessions take turns; every session lives ERASE_AT commits and then makes room for a new one. */
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
            lsn[i] = store_submit(store, &jobs[i].c);
        }
        for (uint64_t i = 0; i < OF_WRITER; i++) {
            CHECK(job_wait(&jobs[i]) == STORE_OK);
            atomic_fetch_add(&commits, 1);
            if (step[i]++ == ERASE_AT) {
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

int main(int argc, char **argv)
{
    int seconds = argc > 1 ? atoi(argv[1]) : 2;
    char folder[64], error[256];
    pthread_t threads[WRITERS + READERS];
    struct store_config config = {.dir = folder_make(folder), .map_bytes = 1 << 20};
    store = store_open_lmdb(&config, error, sizeof error);
    CHECK(store);
    for (uintptr_t i = 0; i < WRITERS + READERS; i++)
        CHECK(!pthread_create(&threads[i], NULL, i < WRITERS ? write_some : read_some, (void *)i));
    struct timespec a_while = {.tv_sec = seconds};
    nanosleep(&a_while, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < WRITERS + READERS; i++)
        pthread_join(threads[i], NULL);
    struct store_stats stats = store_stats(store);
    printf("%llu commits in %llu batches, %llu reads, %llu KiB\n", (unsigned long long)commits,
           (unsigned long long)stats.batches, (unsigned long long)reads, (unsigned long long)stats.bytes / 1024);
    CHECK(stats.commits == commits && reads > 0);
    store_close(store);
    folder_remove(folder);
    return 0;
}
