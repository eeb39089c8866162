/*
 * test_host_data.c - rule data through the host: told, checked and loaded, in this process and in workers that die.
 *
 * The operator is tests/operators/points.  A plain program, as test_host.c is.
 */
#include "hosting.h"

#include <dirent.h>
#include <signal.h>

#include "core/text.h"
#include "host/data.h"

static struct {
    unsigned asked;
} source;

/* The set vGOAL@1: that many points win. */
static bool find(void *ctx, const char *challenge, arena_text version, struct text *set)
{
    char name[80], rules[40];
    unsigned goal;
    (void)ctx;
    snprintf(name, sizeof name, "%.*s", (int)version.len, version.ptr);
    __atomic_fetch_add(&source.asked, 1, __ATOMIC_RELAXED);
    EXPECT(strcmp(challenge, "points") == 0, "%s", challenge);
    if (sscanf(name, "v%u@1", &goal) != 1 || goal > 200)
        return false;
    snprintf(rules, sizeof rules, "{\"goal\":%u}", goal);
    data_put(set, ARENA_TEXT("rules"));
    data_put(set, text_of(rules));
    data_put(set, ARENA_TEXT("moves"));
    data_put(set, ARENA_TEXT("[{\"id\":\"jab\",\"points\":7}]"));
    return true;
}

static const char *answer(const struct table *table)
{
    static _Thread_local char text[2000];
    const struct turn_reply *reply = &table->turn.reply;
    arena_text shown = reply->outcome == TURN_OK ? reply->view : reply->reason;
    snprintf(text, sizeof text, "%.*s", (int)shown.len, shown.ptr ? shown.ptr : "");
    return text;
}

static enum turn_outcome run(struct table *table, enum turn_kind kind, int32_t player, const char *method,
                             const char *content, const char *data)
{
    /* table_run knows no rule data: the same with it */
    table->turn.request.data = text_of(data);
    struct turn_request *request = &table->turn.request;
    *request = (struct turn_request){
        .kind = kind,
        .player = player,
        .seats = 2,
        .joined = table->joined + (kind == TURN_JOIN),
        .turn = table->number,
        .state_version = 1,
        .state = {table->state, table->len},
        .method = text_of(method),
        .content = text_of(content),
        .data = text_of(data),
    };
    host_run_wait(&table->turn);
    const struct turn_reply *reply = &table->turn.reply;
    if (reply->outcome == TURN_OK && kind <= TURN_TIMER) {
        memcpy(table->state, reply->state.ptr, reply->state.len);
        table->len = reply->state.len;
        table->number++;
        table->joined += kind == TURN_JOIN;
    }
    return reply->outcome;
}

static void begin(struct table *table, const struct host_operator *op, const char *data)
{
    char options[100];
    memset(table, 0, sizeof *table);
    pool_init(&table->turn.pool, 0);
    table->turn.op = op;
    snprintf(options, sizeof options, "{\"data\":\"%s\"}", data);
    EXPECT(run(table, TURN_CREATE, 0, "", options, data) == TURN_OK, "%s: %s", data, answer(table));
    for (int player = 0; player < 2; player++)
        EXPECT(run(table, TURN_JOIN, player, "", "", data) == TURN_OK, "%s: %s", data, answer(table));
}

static void expect_goal(struct table *table, const char *data, unsigned goal)
{
    char part[40];
    snprintf(part, sizeof part, "\"goal\":%u,", goal);
    EXPECT(run(table, TURN_VIEW, ARENA_ALL, "", "", data) == TURN_OK, "%s", answer(table));
    EXPECT(strstr(answer(table), part), "%s: %s", data, answer(table));
}

/* Kills every child of this process; they are workers. */
static void kill_workers(void)
{
    char path[64], line[512];
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        snprintf(path, sizeof path, "/proc/self/task/%.20s/children", task->d_name);
        FILE *file = fopen(path, "r");
        char *at = file && fgets(line, sizeof line, file) ? line : NULL;
        for (long pid; at && (pid = strtol(at, &at, 10)) > 0;)
            kill((pid_t)pid, SIGKILL);
        if (file)
            fclose(file);
    }
    if (tasks)
        closedir(tasks);
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL); /* until our side can see it; it copes in any case */
}

static void test_told(const struct host_operator *op)
{
    struct table table = {.turn = {.op = op}};
    const char *const *versions = host_info(op).data;
    EXPECT(versions[0] && versions[1] && !versions[2], "two built-in sets");
    EXPECT(strcmp(versions[0], "v1") == 0, "%s", versions[0]);
    pool_init(&table.turn.pool, 0);
    EXPECT(run(&table, TURN_DATA_SET, 0, "v2", "", "") == TURN_OK, "%s", answer(&table));
    arena_text list = table.turn.reply.view, name, json;
    EXPECT(data_get(&list, &name) && data_get(&list, &json), "one document");
    EXPECT(text_equal(name, ARENA_TEXT("rules")) && text_equal(json, ARENA_TEXT("{\"goal\": 20}")), "%.*s",
           (int)json.len, json.ptr);
    EXPECT(run(&table, TURN_DATA_SET, 0, "v3", "", "") == TURN_FAILED, "there is no v3");
    turn_finish(&table.turn);
}

static void test_checked(const struct host_operator *op)
{
    struct table table = {.turn = {.op = op}};
    struct text set = {0};
    pool_init(&table.turn.pool, 0);
    data_put(&set, ARENA_TEXT("rules"));
    data_put(&set, ARENA_TEXT("{\"goal\":0}"));
    data_put(&set, ARENA_TEXT("moves"));
    data_put(&set, ARENA_TEXT("[{\"id\":\"jab\",\"points\":99}]"));
    table.turn.request = (struct turn_request){.kind = TURN_DATA_CHECK, .seats = 1, .content = text_slice(&set)};
    host_run_wait(&table.turn);
    EXPECT(table.turn.reply.outcome == TURN_OK, "%s", answer(&table));
    arena_text list = table.turn.reply.view, document, entry, sentence;
    unsigned mistakes = 0;
    while (data_get(&list, &document) && data_get(&list, &entry) && data_get(&list, &sentence))
        mistakes++;
    EXPECT(mistakes == 2 && text_equal(entry, ARENA_TEXT("jab")), "%u mistakes", mistakes);
    for (size_t cut = 0; cut < set.len; cut++) { /* no request of ours, but no harm either */
        table.turn.request.content = (arena_text){set.ptr, cut};
        host_run_wait(&table.turn);
    }
    text_free(&set);
    turn_finish(&table.turn);
}

static void test_loaded(const struct host_operator *op, bool sandboxed)
{
    struct table own, first, second;
    source.asked = 0;
    begin(&own, op, "v1");
    begin(&first, op, "v31@1");
    begin(&second, op, "v32@1");
    expect_goal(&own, "v1", 10);
    expect_goal(&first, "v31@1", 31);
    expect_goal(&second, "v32@1", 32);
    EXPECT(source.asked == 2, "each set is asked for once, not %u times", source.asked);
    if (sandboxed) {
        kill_workers();
        expect_goal(&first, "v31@1", 31);
        EXPECT(source.asked == 3, "a new worker gets its set anew: %u", source.asked);
    }
    expect_goal(&second, "v32@1", 32);
    struct table none = {.turn = {.op = op}};
    pool_init(&none.turn.pool, 0);
    EXPECT(run(&none, TURN_CREATE, 0, "", "{\"data\":\"other\"}", "other") == TURN_FAILED, "nobody knows it");
    EXPECT(strstr(answer(&none), "nobody knows it"), "%s", answer(&none));
    EXPECT(run(&none, TURN_CREATE, 0, "", "{\"data\":\"v101@1\"}", "v101@1") == TURN_FAILED, "it cannot be loaded");
    EXPECT(strstr(answer(&none), "load of the rule data"), "%s", answer(&none));
    expect_goal(&own, "v1", 10);
    turn_finish(&own.turn);
    turn_finish(&first.turn);
    turn_finish(&second.turn);
    turn_finish(&none.turn);
}

/* Many threads need a set that is not there yet. */
static void *race(void *argument)
{
    for (int goal = 41; goal < 51; goal++) {
        struct table table;
        char data[20];
        snprintf(data, sizeof data, "v%d@1", goal);
        begin(&table, argument, data);
        expect_goal(&table, data, (unsigned)goal);
        turn_finish(&table.turn);
    }
    return NULL;
}

static void test_races(const struct host_operator *op, unsigned most)
{
    pthread_t threads[4];
    source.asked = 0;
    for (int i = 0; i < 4; i++)
        if (pthread_create(&threads[i], NULL, race, (void *)op))
            abort();
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    EXPECT(source.asked >= 10 && source.asked <= most, "%u times", source.asked);
}

/* Games from before there were sets are made once more with the last of them. */
static void test_before(const struct host_operator *op)
{
    static const struct {
        const char *options, *with;
    } rows[] = {{"", "{\"data\":\"v2\"}"},
                {"{}", "{\"data\":\"v2\"}"},
                {" {\n}", "{\"data\":\"v2\"}"},
                {"{\"goal\":{}}", "{\"data\":\"v2\",\"goal\":{}}"},
                {"{ \"a\": 1 }", "{\"data\":\"v2\",\"a\": 1 }"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text with = {0};
        arena_text got = host_data_before(op, text_of(rows[i].options), &with);
        EXPECT(text_equal(got, text_of(rows[i].with)), "%.*s", (int)got.len, got.ptr);
        text_free(&with);
    }
}

int main(void)
{
    const char *folder = getenv("POINTS_DIR");
    char path[1024];
    if (!folder) {
        fputs("set POINTS_DIR to the folder with the modules of tests/operators/points\n", stderr);
        return 1;
    }
    snprintf(path, sizeof path, "%s/points.so", folder);
    for (int sandboxed = 0; sandboxed < 2; sandboxed++) {
        struct host *host = host_open(worker_path(), note, NULL);
        const struct host_module module = {
            .path = path, .hosting = sandboxed ? HOSTING_SANDBOX : HOSTING_INPROCESS, .workers = 1};
        EXPECT(host_load(host, &module), "%s", journal.last);
        const struct host_operator *op = host_find(host, ARENA_TEXT("points"));
        host_data_source(host, find, NULL);
        test_told(op);
        test_before(op);
        test_checked(op);
        test_loaded(op, sandboxed);
        test_races(op, 10);
        host_close(host);
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
