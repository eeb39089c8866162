/*
 * test_host.c - good and hostile operators in the host: what is refused at load, what a bad turn costs, and that
 * nobody else pays for it.  A plain program, because it has threads and processes of its own.
 */
#define _GNU_SOURCE /* mkdtemp */
#include "hosting.h"

/* ---- loading -------------------------------------------------------------------------------------------- */

static const struct {
    const char *module, *says;
    bool needs_filter;
} refusals[] = {
    {"abi_next", "built for operator ABI 2, expected 1", false},
    {"no_symbol", "the symbol arena_operators is missing", false},
    {"struct_short", "a struct of 64 bytes, expected at least 136", false},
    {"no_view", "has no function view, which is required", false},
    {"id_odd", "an operator whose id is not [a-z0-9-]{1,64}", false},
    {"metadata_broken", "the metadata is not JSON", false},
    {"metadata_no_players", "\"players\" is 0 or no integer, expected an integer of 1 to 16", false},
    {"quota_greedy", "quota.memory_bytes is 4294967295, expected at most", false},
    {"id_taken", "the id hostile-good is taken", false},
    {"id_twice", "the id hostile-id-twice is taken", false},
    {"constructor_crash", "while it was loaded it crashed", false},
    {"constructor_socket", "while it was loaded it made a system call that the sandbox forbids", true},
    {"/nowhere/at/all.so", "no such file", false},
    {"/dev/null", "the dynamic linker says", false},
};

static void dashes(char *to, size_t size, const char *name)
{
    snprintf(to, size, "%s", name);
    for (char *c = to; *c; c++)
        if (*c == '_')
            *c = '-';
}

static void test_refusals(enum hosting hosting)
{
    struct host *host = host_open(worker_path(), note, NULL);
    EXPECT(load(host, "good", hosting, 0), "the good one loads first");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        char name[80];
        dashes(name, sizeof name, refusals[i].module);
        if (refusals[i].needs_filter && journal.is_unfiltered)
            continue;
        unsigned before = journal.lines;
        EXPECT(!load(host, name, hosting, 0), "%s", name);
        EXPECT(journal.lines == before + 1, "one line for %s, not %u", name, journal.lines - before);
        EXPECT(strstr(journal.last, refusals[i].says), "of %s \"%s\" in \"%s\"", name, refusals[i].says, journal.last);
        EXPECT(strstr(journal.last, module_path(name)), "of %s the path in \"%s\"", name, journal.last);
    }
    EXPECT(host_at(host, 0) && !host_at(host, 1), "nothing of them is there");
    struct table table;
    EXPECT(table_begin(&table, host_at(host, 0), 1), "and the good one plays: %s", table_reason(&table));
    turn_finish(&table.turn);
    host_close(host);
}

static void test_no_worker(void)
{
    struct host *host = host_open(NULL, note, NULL);
    EXPECT(!load(host, "good", HOSTING_SANDBOX, 0), "no sandbox without a worker");
    EXPECT(strstr(journal.last, "no worker program is configured"), "%s", journal.last);
    EXPECT(load(host, "good", HOSTING_INPROCESS, 0), "in-process without a worker");
    EXPECT(!load(host, "abi-next", HOSTING_INPROCESS, 0), "the checks hold without a scan");
    host_close(host);
    host = host_open("/nowhere/arena-worker", note, NULL);
    EXPECT(!load(host, "good", HOSTING_SANDBOX, 0), "no sandbox with a worker that is not there");
    EXPECT(strstr(journal.last, "cannot start /nowhere/arena-worker"), "%s", journal.last);
    host_close(host);
}

static void test_info(void)
{
    struct host *host = host_open(worker_path(), note, NULL);
    const struct host_operator *op = load(host, "good", HOSTING_SANDBOX, 0);
    struct host_info info = host_info(op);
    EXPECT(strcmp(info.id, "hostile-good") == 0 && strcmp(info.version, "1") == 0, "%s %s", info.id, info.version);
    EXPECT(info.players == 2 && info.state_version == 1 && info.hosting == HOSTING_SANDBOX, "%u", info.players);
    EXPECT(info.name.len == 6 && memcmp(info.name.ptr, "Twelve", 6) == 0, "%s", info.name.ptr);
    EXPECT(info.metadata.len > 100 && info.metadata.ptr[0] == '{', "the whole metadata");
    EXPECT(!host_extension(op, ARENA_AGENT_1), "no extension across a process");
    struct table table;
    EXPECT(table_begin(&table, op, 1), "%s", table_reason(&table));
    table_run(&table, TURN_JOIN, 7, "", "");
    EXPECT(host_info(op).turns == 4 && host_info(op).faults == 1, "%llu turns, %llu faults",
           (unsigned long long)host_info(op).turns, (unsigned long long)host_info(op).faults);
    turn_finish(&table.turn);
    host_close(host);
}

/* ---- bad turns ------------------------------------------------------------------------------------------ */

static const struct {
    const char *module, *says;
    bool kills, needs_filter; /* the worker; or can only be seen with the filter */
} faults[] = {
    {"crash", "crashed: Segmentation fault", true, false},
    {"overflow_stack", "crashed: Segmentation fault", true, false},
    {"abort", "aborted", true, false},
    {"exit", "exited with status 0", true, false},
    {"loop", "no answer within 400 ms", true, false},
    {"hog", "crashed: Segmentation fault", true, true},
    {"open_file", "a system call that the sandbox forbids", true, true},
    {"socket", "a system call that the sandbox forbids", true, true},
    {"fork", "a system call that the sandbox forbids", true, true},
    {"thread_signal", "a system call that the sandbox forbids", true, true},
    {"write_anywhere", "a malformed reply", true, false},
    {"forge", "a malformed reply", true, false},
    {"say_many", "more than 256 effects, which is the quota", false, false},
    {"say_much", "more than 262144 bytes said, which is the quota", false, false},
    {"state_large", "100000 bytes of state, the quota is 65536", false, false},
    {"result_odd", "message returned 42, which it may not", false, false},
    {"say_nobody", "say to seat 7 of a game of 2", false, false},
    {"say_latin1", "say with content that is not UTF-8", false, false},
    {"timer_beyond", "deadline for timer 16, expected 0 to 15", false, false},
    {"active_beyond", "active names seats 0x20 of a game of 2", false, false},
};

/* A good turn, a bad one, a good one again, from the bytes before the bad one. */
static void test_fault(size_t row, enum hosting hosting)
{
    char name[80];
    struct table table;
    dashes(name, sizeof name, faults[row].module);
    struct host *host = host_open(worker_path(), note, NULL);
    const struct host_operator *op = load(host, name, hosting, strcmp(name, "loop") ? 5000 : 400);
    bool skip = !op || (faults[row].needs_filter && journal.is_unfiltered);
    EXPECT(op, "%s: %s", name, journal.last);
    if (!skip) {
        EXPECT(table_begin(&table, op, 1), "%s: %s", name, table_reason(&table));
        EXPECT(table_add(&table, "1") == TURN_OK, "%s: good before: %s", name, table_reason(&table));
        unsigned before = journal.lines;
        EXPECT(table_add(&table, "3") == TURN_FAILED, "%s: bad: %d", name, table.turn.reply.outcome);
        EXPECT(strstr(table_reason(&table), faults[row].says), "%s: \"%s\"", name, table_reason(&table));
        EXPECT(!table.turn.reply.effect_count && !table.turn.reply.state.len, "%s: nothing of it stays", name);
        EXPECT(journal.lines == before + 1 && strstr(journal.last, "message of turn 4 failed: "), "%s: %s", name,
               journal.last);
        EXPECT(table_add(&table, "2") == TURN_OK, "%s: good after: %s", name, table_reason(&table));
        EXPECT(host_info(op).faults == 1, "%s: one fault", name);
        turn_finish(&table.turn);
    }
    host_close(host);
}

static void test_faults(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        test_fault(i, HOSTING_SANDBOX);
        if (!faults[i].kills)
            test_fault(i, HOSTING_INPROCESS);
    }
}

/* Faults with a shape of their own. */
static void test_other_faults(enum hosting hosting)
{
    struct host *host = host_open(worker_path(), note, NULL);
    struct table table;
    const struct host_operator *op = load(host, "say-in-create", hosting, 0);
    EXPECT(!table_begin(&table, op, 1), "say in create");
    EXPECT(strstr(table_reason(&table), "called say where"), "%s", table_reason(&table));
    turn_finish(&table.turn);
    op = load(host, "random-in-view", hosting, 0);
    EXPECT(table_begin(&table, op, 1) && table_run(&table, TURN_VIEW, 0, "", "") == TURN_FAILED, "random in view");
    EXPECT(strstr(table_reason(&table), "called random where"), "%s", table_reason(&table));
    turn_finish(&table.turn);
    op = load(host, "reject-silent", hosting, 0);
    EXPECT(table_begin(&table, op, 1) && table_add(&table, "9") == TURN_FAILED, "silent rejection");
    EXPECT(strstr(table_reason(&table), "ARENA_REJECTED without calling reject"), "%s", table_reason(&table));
    turn_finish(&table.turn);
    op = load(host, "code-odd", hosting, 0);
    EXPECT(table_begin(&table, op, 1) && table_add(&table, "9") == TURN_FAILED, "odd code");
    EXPECT(strstr(table_reason(&table), "expected SCREAMING_SNAKE"), "%s", table_reason(&table));
    turn_finish(&table.turn);
    for (int twice = 0; twice < 2; twice++) {
        op = load(host, twice ? "finish-twice" : "score-nan", hosting, 0);
        EXPECT(table_begin(&table, op, 1), "%s", table_reason(&table));
        for (int i = 0; i < 5; i++)
            EXPECT(table_add(&table, "2") == TURN_OK, "%s", table_reason(&table));
        EXPECT(table_add(&table, "2") == TURN_FAILED, "the end");
        EXPECT(strstr(table_reason(&table), twice ? "finish twice" : "not a finite number"), "%s",
               table_reason(&table));
        turn_finish(&table.turn);
    }
    op = load(host, "good", hosting, 0);
    EXPECT(table_begin(&table, op, 1) && table_add(&table, "9") == TURN_REJECTED, "a player's fault");
    EXPECT(strcmp(table.turn.reply.code, "INVALID_MOVE") == 0, "%s", table.turn.reply.code);
    EXPECT(strstr(table_reason(&table), "add 1, 2 or 3"), "%s", table_reason(&table));
    table.state[2] = 99;
    EXPECT(table_add(&table, "1") == TURN_CORRUPT, "damaged bytes");
    turn_finish(&table.turn);
    host_close(host);
}

/* ---- neighbours, queues, pauses ------------------------------------------------------------------------- */

enum { NEIGHBOUR_TURNS = 400 };

static void *play_on(void *argument)
{
    static _Thread_local struct table table;
    const struct host_operator *op = argument;
    uintptr_t bad = 0;
    for (int done = 0; done < NEIGHBOUR_TURNS;) {
        bad += !table_begin(&table, op, (uint8_t)done);
        for (int i = 0; i < 6; i++, done++)
            bad += table_add(&table, "2") != TURN_OK;
        turn_finish(&table.turn);
    }
    return (void *)bad;
}

/* One module crashes again and again while another plays: no turn of the other is lost.  After some failures in
 * a row the bad one is paused and says so, and it recovers. */
static void test_neighbours(void)
{
    struct host *host = host_open(worker_path(), note, NULL);
    const struct host_operator *good = load(host, "good", HOSTING_SANDBOX, 20000);
    const struct host_operator *bad = load(host, "crash", HOSTING_SANDBOX, 20000);
    struct table table;
    pthread_t threads[2];
    EXPECT(good && bad, "both load");
    EXPECT(table_begin(&table, bad, 1), "%s", table_reason(&table));
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, play_on, (void *)good) != 0)
            abort();
    bool paused = false;
    for (int i = 0; i < 12 && !paused; i++) {
        enum turn_outcome outcome = table_add(&table, "3");
        paused = strstr(table_reason(&table), "failures in a row, the last: crashed") != NULL;
        EXPECT(outcome == (paused ? TURN_BUSY : TURN_FAILED), "crash %d", i);
    }
    EXPECT(paused, "a repeat offender is paused, not: %s", table_reason(&table));
    for (int i = 0; i < 2; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        EXPECT(!wrong, "%zu turns of the neighbour were lost", (size_t)(uintptr_t)wrong);
    }
    int64_t until = now_ms() + 5000;
    while (table_add(&table, "2") != TURN_OK && now_ms() < until)
        nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
    EXPECT(table.turn.reply.outcome == TURN_OK, "it recovers: %s", table_reason(&table));
    EXPECT(host_info(good).faults == 0, "no faults of the good one");
    turn_finish(&table.turn);
    host_close(host);
}

static pthread_mutex_t over_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t over_changed = PTHREAD_COND_INITIALIZER;
static unsigned over_count;

static void count_over(struct turn *turn)
{
    (void)turn;
    pthread_mutex_lock(&over_lock);
    over_count++;
    pthread_cond_signal(&over_changed);
    pthread_mutex_unlock(&over_lock);
}

/* More turns than a module may have waiting: the rest is told so at once; those that wait are all run. */
static void test_busy(void)
{
    enum { TURNS = 1100 };
    static struct table tables[TURNS];
    struct host *host = host_open(worker_path(), note, NULL);
    const struct host_operator *op = load(host, "loop", HOSTING_SANDBOX, 400);
    struct table first;
    unsigned busy = 0, good = 0;
    EXPECT(table_begin(&first, op, 1), "%s", table_reason(&first));
    for (int i = 0; i < TURNS; i++) {
        struct turn *turn = &tables[i].turn;
        pool_init(&turn->pool, 0);
        turn->op = op;
        turn->done = count_over;
        turn->request = first.turn.request;
        turn->request.kind = TURN_MESSAGE;
        turn->request.player = 0;
        turn->request.joined = 2;
        turn->request.state = (arena_text){first.state, first.len};
        turn->request.method = ARENA_TEXT("add");
        turn->request.content = i ? ARENA_TEXT("1") : ARENA_TEXT("3"); /* the first one loops */
        if (host_run(turn)) {
            EXPECT(turn->reply.outcome == TURN_BUSY, "%d", turn->reply.outcome);
            busy++;
        }
    }
    pthread_mutex_lock(&over_lock);
    while (over_count < TURNS - busy)
        pthread_cond_wait(&over_changed, &over_lock);
    pthread_mutex_unlock(&over_lock);
    for (int i = 0; i < TURNS; i++) {
        good += tables[i].turn.reply.outcome == TURN_OK;
        turn_finish(&tables[i].turn);
    }
    EXPECT(busy >= TURNS - 1026 && busy <= TURNS - 1024, "%u were refused", busy);
    EXPECT(good == TURNS - busy - 1, "%u good", good);
    EXPECT(tables[0].turn.reply.outcome == TURN_FAILED, "the loop failed");
    turn_finish(&first.turn);
    host_close(host);
}

/* A worker that has to be started again must find the module that was loaded, or games would go on with other
 * rules. */
static void copy_file(const char *from, const char *to)
{
    char bytes[4096], fresh[1100];
    snprintf(fresh, sizeof fresh, "%s.new", to); /* renamed into place, as an installation does it */
    FILE *in = fopen(from, "rb"), *out = fopen(fresh, "wb");
    if (!in || !out)
        abort();
    for (size_t len; (len = fread(bytes, 1, sizeof bytes, in)) > 0;)
        fwrite(bytes, 1, len, out);
    fclose(in);
    if (fclose(out) != 0 || rename(fresh, to) != 0)
        abort();
}

static void test_changed_file(void)
{
    char folder[] = "/tmp/arena-test-XXXXXX", path[64];
    struct host *host = host_open(worker_path(), note, NULL);
    struct table table;
    if (!mkdtemp(folder))
        abort();
    snprintf(path, sizeof path, "%s/module.so", folder);
    copy_file(module_path("crash"), path);
    const struct host_module module = {.path = path, .hosting = HOSTING_SANDBOX, .deadline_ms = 20000};
    EXPECT(host_load(host, &module) && table_begin(&table, host_at(host, 0), 1), "%s", journal.last);
    copy_file(module_path("good"), path);
    EXPECT(table_add(&table, "1") == TURN_OK, "a running worker goes on: %s", table_reason(&table));
    EXPECT(table_add(&table, "3") == TURN_FAILED, "until it crashes");
    EXPECT(table_add(&table, "1") == TURN_FAILED, "another module is not taken instead");
    EXPECT(strstr(table_reason(&table), "file has changed"), "%s", table_reason(&table));
    turn_finish(&table.turn);
    host_close(host);
    remove(path);
    remove(folder);
}

/* jansson wants a random seed from a file at its first use; the worker sees to that before the filter. */
static void test_jansson(void)
{
    const char *folder = getenv("ARENA_OPERATORS");
    char path[1024];
    struct host *host = host_open(worker_path(), note, NULL);
    struct turn turn = {.request = {.kind = TURN_CREATE, .seats = 2, .content = ARENA_TEXT("{\"no\":{\"such\":1}}")}};
    snprintf(path, sizeof path, "%s/psi.so", folder ? folder : ".");
    const struct host_module module = {.path = path, .hosting = HOSTING_SANDBOX, .deadline_ms = 20000};
    if (folder && host_load(host, &module)) {
        turn.op = host_at(host, 0);
        host_run_wait(&turn);
        EXPECT(turn.reply.outcome == TURN_OK || turn.reply.outcome == TURN_REJECTED, "%d: %.*s", turn.reply.outcome,
               (int)turn.reply.reason.len, turn.reply.reason.ptr);
        turn_finish(&turn);
    }
    host_close(host);
}

/* ---- the same game everywhere ------------------------------------------------------------- */

static void test_same_everywhere(void)
{
    struct host *here = host_open(worker_path(), note, NULL), *there = host_open(worker_path(), note, NULL);
    const struct host_operator *ours = load(here, "good", HOSTING_INPROCESS, 0);
    const struct host_operator *theirs = load(there, "good", HOSTING_SANDBOX, 0);
    for (uint8_t seed = 0; seed < 20; seed++) {
        struct table a, b;
        EXPECT(table_begin(&a, ours, seed) && table_begin(&b, theirs, seed), "seed %u", seed);
        for (int i = 0; i < 6; i++) {
            EXPECT(table_add(&a, i % 2 ? "3" : "1") == TURN_OK && table_add(&b, i % 2 ? "3" : "1") == TURN_OK,
                   "seed %u turn %d", seed, i);
            const struct turn_reply *x = &a.turn.reply, *y = &b.turn.reply;
            EXPECT(a.len == b.len && !memcmp(a.state, b.state, a.len), "seed %u turn %d: bytes", seed, i);
            EXPECT(x->effect_count == y->effect_count && x->active == y->active && x->finished == y->finished,
                   "seed %u turn %d: effects", seed, i);
            for (uint32_t k = 0; k < x->effect_count; k++)
                EXPECT(x->effects[k].kind == y->effects[k].kind && x->effects[k].to == y->effects[k].to &&
                           x->effects[k].at_ms == y->effects[k].at_ms &&
                           x->effects[k].text.len == y->effects[k].text.len,
                       "seed %u turn %d effect %u", seed, i, k);
        }
        EXPECT(a.turn.reply.finished && a.turn.reply.scores[1].utility == 1, "seat 1 reaches twelve");
        table_run(&a, TURN_VIEW, 0, "", "");
        table_run(&b, TURN_VIEW, 0, "", "");
        EXPECT(a.turn.reply.view.len == b.turn.reply.view.len &&
                   !memcmp(a.turn.reply.view.ptr, b.turn.reply.view.ptr, a.turn.reply.view.len),
               "seed %u: views", seed);
        turn_finish(&a.turn);
        turn_finish(&b.turn);
    }
    host_close(here);
    host_close(there);
}

int main(void)
{
    test_refusals(HOSTING_SANDBOX);
    test_refusals(HOSTING_INPROCESS);
    test_no_worker();
    test_info();
    test_faults();
    test_other_faults(HOSTING_INPROCESS);
    test_other_faults(HOSTING_SANDBOX);
    test_same_everywhere();
    test_neighbours();
    test_busy();
    test_changed_file();
    test_jansson();
    if (journal.is_unfiltered)
        puts("a sanitizer build: what the system call filter stops was not tried");
    printf("%d failures\n", failures);
    return failures != 0;
}
