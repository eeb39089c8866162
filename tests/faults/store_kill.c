/*
 * store_kill.c - kill -9 at any moment loses nothing that was acknowledged.
 *
 *     store_kill [rounds [seed]]
 *
 * A child commits to many sessions at once, settles now and then, and reports every done through a pipe.  The
 * parent kills it after a random while, opens the store and looks: what was acknowledged is there; every
 * session is some whole number of its commits, without a gap in messages, inputs or answers, and its rows are those of
 * its last commit; whoever has ended is once among the ends and once under each of its tags; what was erased is gone
 * everywhere; the lists count right.  The next round goes on with the same files.
 */
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "../unit/test_store_help.h"

enum { SLOTS = 48, STEPS = 8, SESSIONS_MAX = 400000, ERASED_EVERY = 3, TAGS = 5, ENDS_AT_ONCE = 100 };

struct report {
    uint64_t session;
    uint32_t steps; /* acknowledged; STEPS + 1: erased */
};

static uint8_t acknowledged[SESSIONS_MAX]; /* by session, as in struct report */
static int reports;
static struct store *store;
static uint64_t next_session, next_end;
static pthread_mutex_t end_lock = PTHREAD_MUTEX_INITIALIZER; /* ends are submitted in the order of their numbers */

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                                            \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fputc('\n', stderr);                                                                                       \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/* --- the child -------------------------------------------------------------------------------------------- */

struct slot {
    struct job job;
    uint64_t session;
    uint32_t step;
    char counter[16], key[16], old_key[16];
};

static void tag_of(uint64_t session, char tag[16])
{
    snprintf(tag, 16, "tag %u", (unsigned)(session % TAGS));
}

/* Every commit counts in one row, adds one of its own and takes the last one's away. */
static void add_rows(struct slot *slot)
{
    snprintf(slot->counter, sizeof slot->counter, "%u", slot->step);
    snprintf(slot->key, sizeof slot->key, "row %u", slot->step);
    snprintf(slot->old_key, sizeof slot->old_key, "row %u", slot->step - 1);
    job_row(&slot->job, "count", slot->counter);
    job_row(&slot->job, slot->key, slot->counter);
    if (slot->step)
        job_row(&slot->job, slot->old_key, "");
}

static void submit_end(struct slot *slot)
{
    char tag[16];
    tag_of(slot->session, tag);
    job_tag(&slot->job, tag);
    job_tag(&slot->job, "everybody");
    pthread_mutex_lock(&end_lock);
    job_end(&slot->job, ++next_end);
    store_submit(store, &slot->job.c);
    pthread_mutex_unlock(&end_lock);
}

static void slot_done(struct commit *c, enum store_result result);

static void slot_submit(struct slot *slot, uint64_t after)
{
    job_make(&slot->job, slot->session, slot->step, after, slot->session % 2 ? "duel" : "quiz",
             (uint8_t)(slot->step % 3));
    slot->job.c.erase = slot->step == STEPS;
    slot->job.c.done = slot_done;
    slot->job.c.owner = slot;
    add_rows(slot);
    if (slot->step == STEPS - 1)
        submit_end(slot);
    else
        store_submit(store, &slot->job.c);
}

static void slot_done(struct commit *c, enum store_result result)
{
    struct slot *slot = c->owner;
    struct report report = {.session = slot->session, .steps = ++slot->step};
    uint64_t after = c->lsn;
    if (result != STORE_OK || write(reports, &report, sizeof report) != sizeof report)
        _exit(3);
    if (slot->step > STEPS || (slot->step == STEPS && slot->session % ERASED_EVERY)) {
        slot->session = __atomic_add_fetch(&next_session, 1, __ATOMIC_RELAXED);
        slot->step = 0;
        after = 0;
    }
    slot_submit(slot, after);
}

static _Noreturn void child(const char *folder, unsigned seed)
{
    static struct slot slots[SLOTS];
    char error[256];
    struct store_config config = {.dir = folder, .map_bytes = 1 << 20};
    store = store_open_lmdb(&config, error, sizeof error);
    if (!store)
        _exit(2);
    srand(seed);
    next_session = store->last_session;
    next_end = store->last_end;
    for (int i = 0; i < SLOTS; i++) {
        slots[i].session = __atomic_add_fetch(&next_session, 1, __ATOMIC_RELAXED);
        slot_submit(&slots[i], 0);
    }
    for (;;) {
        struct timespec a_while = {.tv_nsec = rand() % 20 * 1000000L};
        nanosleep(&a_while, NULL);
        store_settle(store);
    }
}

/* --- the parent ------------------------------------------------------------------------------------------- */

static uint64_t read_reports(int from, int64_t for_ms)
{
    struct report report;
    struct timespec start, now;
    uint64_t count = 0;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        int64_t left = for_ms - ((now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000);
        struct pollfd wait = {.fd = from, .events = POLLIN};
        if (for_ms >= 0 && (left <= 0 || poll(&wait, 1, (int)left) <= 0))
            return count;
        if (read(from, &report, sizeof report) != sizeof report)
            return count;
        CHECK(report.session < SESSIONS_MAX, "too many sessions");
        acknowledged[report.session] = (uint8_t)report.steps;
        count++;
    }
}

struct rows_found {
    uint32_t count, steps;
};

/* count, then the row of the last commit */
static void check_row(void *ctx, arena_text key, arena_text bytes)
{
    struct rows_found *found = ctx;
    char own[16], counter[16];
    snprintf(own, sizeof own, "row %u", found->steps - 1);
    snprintf(counter, sizeof counter, "%u", found->steps - 1);
    CHECK(text_is(key, found->count ? own : "count"), "row %.*s after %u commits", (int)key.len, key.ptr, found->steps);
    CHECK(text_is(bytes, counter), "row %.*s is %.*s, not %s", (int)key.len, key.ptr, (int)bytes.len, bytes.ptr,
          counter);
    found->count++;
}

static void check_rows(struct store *s, uint64_t session, uint32_t steps, uint32_t expected)
{
    struct rows_found found = {.steps = steps};
    store_rows(s, session, check_row, &found);
    CHECK(found.count == expected, "%llu has %u rows", (unsigned long long)session, found.count);
}

static void check_whole(struct store *s, struct pool *p, uint64_t session, arena_text record, uint32_t steps)
{
    struct store_message messages[STEPS + 2];
    arena_text inputs[STEPS + 2], answer;
    char expected[64];
    struct job job;
    uint64_t found = 0;
    snprintf(expected, sizeof expected, "record %llu.%u", (unsigned long long)session, steps - 1);
    CHECK(text_is(record, expected), "%.*s is not %s", (int)record.len, record.ptr, expected);
    for (uint8_t channel = 0; channel < STORE_CHANNELS; channel++) {
        uint32_t count = store_messages(s, session, channel, 1, STEPS + 2, p, messages);
        CHECK(count == steps, "session %s has %u messages", expected, count);
        for (uint32_t i = 0; i < count; i++) {
            job_make(&job, session, i, 0, "duel", 0);
            CHECK(messages[i].index == i + 1 && text_is(messages[i].bytes, job.text[channel]), "message %u", i);
        }
    }
    CHECK(store_inputs(s, session, 0, STEPS + 2, p, inputs) == steps, "inputs of %s", expected);
    for (uint32_t step = 0; step < STEPS; step++) {
        job_make(&job, session, step, 0, "duel", 0);
        bool has = store_answer(s, job.c.answer_key, p, &answer);
        CHECK(has == (step < steps) && (!has || text_is(answer, job.answer)), "answer %u of %s", step, expected);
    }
    CHECK(store_find(s, text_of(job.id), &found) && found == session, "id of %s", expected);
    CHECK(store_find(s, text_of(job.name), &found) && found == session, "name of %s", expected);
    check_rows(s, session, steps, 2);
}

static void check_gone(struct store *s, struct pool *p, uint64_t session)
{
    struct store_message message;
    arena_text text;
    struct job job;
    uint64_t found;
    CHECK(!store_messages(s, session, 0, 1, 2, p, &message), "messages of %llu", (unsigned long long)session);
    CHECK(!store_inputs(s, session, 0, 1, p, &text), "inputs of %llu", (unsigned long long)session);
    for (uint32_t step = 0; step < STEPS; step++) {
        job_make(&job, session, step, 0, "duel", 0);
        CHECK(!store_answer(s, job.c.answer_key, p, &text), "answers of %llu", (unsigned long long)session);
    }
    CHECK(!store_find(s, text_of(job.id), &found), "id of %llu", (unsigned long long)session);
    CHECK(!store_find(s, text_of(job.name), &found), "name of %llu", (unsigned long long)session);
    check_rows(s, session, 0, 0);
}

/* How many commits of a session are there, judged by its record. */
static uint32_t steps_of(arena_text record)
{
    char text[64];
    snprintf(text, sizeof text, "%.*s", (int)record.len, record.ptr);
    const char *dot = strchr(text, '.');
    return dot ? (uint32_t)strtoul(dot + 1, NULL, 10) + 1 : 0;
}

/* Whoever is there with all his commits has ended, and nobody else. */
static void check_ends(struct store *s, const bool *complete, struct pool *p)
{
    static uint64_t seen[SESSIONS_MAX]; /* the check that saw the session among the ends */
    static uint64_t check;
    struct store_end ends[ENDS_AT_ONCE];
    uint64_t after = 0, total = 0, expected = 0;
    check++;
    for (uint32_t count = 1; count;) {
        pool_reset(p);
        count = store_ends(s, after, ENDS_AT_ONCE, p, ends);
        for (uint32_t i = 0; i < count; i++) {
            uint64_t session = ends[i].session;
            CHECK(ends[i].end_number > after, "end %llu", (unsigned long long)ends[i].end_number);
            CHECK(session < SESSIONS_MAX && complete[session], "%llu has not ended", (unsigned long long)session);
            CHECK(seen[session] != check, "%llu ended twice", (unsigned long long)session);
            CHECK(steps_of(ends[i].record) == STEPS, "record of %llu", (unsigned long long)session);
            seen[session] = check;
            after = ends[i].end_number;
            total++;
        }
    }
    for (uint64_t session = 1; session <= s->last_session; session++)
        expected += complete[session];
    CHECK(total == expected, "%llu ends, %llu sessions", (unsigned long long)total, (unsigned long long)expected);
    CHECK(after <= s->last_end, "%llu is the last end", (unsigned long long)s->last_end);
}

static uint64_t check_tag(struct store *s, const char *tag, struct pool *p)
{
    uint32_t count, page;
    uint64_t total = store_tagged(s, text_of(tag), 0, 0, p, NULL, &count);
    pool_reset(p);
    arena_text *records = pool_alloc(p, (total + 1) * sizeof *records);
    uint64_t again = store_tagged(s, text_of(tag), 0, (uint32_t)total + 1, p, records, &page);
    CHECK(again == total && page == total, "%s counts %llu and shows %u", tag, (unsigned long long)total, page);
    for (uint32_t i = 0; i < page; i++)
        CHECK(steps_of(records[i]) == STEPS && (!i || strcmp(records[i - 1].ptr, records[i].ptr) != 0), "%s", tag);
    return total;
}

static void check_tags(struct store *s, const bool *complete, struct pool *p)
{
    uint64_t expected[TAGS] = {0}, all = 0;
    for (uint64_t session = 1; session <= s->last_session; session++) {
        expected[session % TAGS] += complete[session];
        all += complete[session];
    }
    CHECK(check_tag(s, "everybody", p) == all, "%llu have ended", (unsigned long long)all);
    for (uint64_t i = 0; i < TAGS; i++) {
        char tag[16];
        tag_of(i, tag);
        CHECK(check_tag(s, tag, p) == expected[i], "%s: %llu", tag, (unsigned long long)expected[i]);
    }
}

static void check_all(const char *folder)
{
    static bool complete[SESSIONS_MAX];
    char error[256];
    struct store_config config = {.dir = folder};
    struct store *s = store_open_lmdb(&config, error, sizeof error);
    CHECK(s, "%s", error);
    struct pool p;
    arena_text record, none;
    uint32_t count;
    uint64_t total = 0, status_total = 0;
    pool_init(&p, 0);
    CHECK(s->last_session + 1 < SESSIONS_MAX, "too many sessions");
    for (uint64_t session = 1; session <= s->last_session; session++) {
        pool_reset(&p);
        uint32_t told = acknowledged[session];
        complete[session] = false;
        if (!store_record(s, session, &p, &record)) {
            CHECK(!told || told > STEPS || (told == STEPS && session % ERASED_EVERY == 0), "session %llu is lost: %u",
                  (unsigned long long)session, told);
            check_gone(s, &p, session);
            continue;
        }
        uint32_t steps = steps_of(record);
        CHECK(told <= steps && steps <= told + 1, "session %llu: told %u, found %u", (unsigned long long)session, told,
              steps);
        check_whole(s, &p, session, record, steps);
        acknowledged[session] = (uint8_t)steps;
        complete[session] = steps == STEPS;
        total++;
    }
    CHECK(store_list(s, text_of(""), -1, 0, 1, &p, &none, &count) == total, "%llu", (unsigned long long)total);
    for (int status = 0; status < 3; status++)
        status_total += store_list(s, text_of("duel"), status, 0, 1, &p, &none, &count) +
                        store_list(s, text_of("quiz"), status, 0, 1, &p, &none, &count);
    CHECK(status_total == total, "%llu", (unsigned long long)status_total);
    check_ends(s, complete, &p);
    check_tags(s, complete, &p);
    pool_finish(&p);
    store_close(s);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 20;
    unsigned seed = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : (unsigned)time(NULL);
    char folder[64];
    uint64_t commits = 0;
    srand(seed);
    folder_make(folder);
    for (int round = 0; round < rounds; round++) {
        int ends[2], status;
        CHECK(!pipe(ends), "pipe");
        pid_t pid = fork();
        CHECK(pid >= 0, "fork");
        if (!pid) {
            close(ends[0]);
            reports = ends[1];
            child(folder, seed + (unsigned)round);
        }
        close(ends[1]);
        commits += read_reports(ends[0], 5 + rand() % (round % 5 ? 60 : 300));
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        commits += read_reports(ends[0], -1);
        close(ends[0]);
        CHECK(WIFSIGNALED(status), "round %d, seed %u: the child ended by itself with %d", round, seed,
              WEXITSTATUS(status));
        check_all(folder);
    }
    printf("%d rounds, %llu acknowledged commits, seed %u: nothing lost\n", rounds, (unsigned long long)commits, seed);
    folder_remove(folder);
    return commits ? 0 : 1;
}
