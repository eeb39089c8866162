#include "host/host.h"

#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/internal.h"
#include "host/sandbox.h"
#include "host/turn.h"
#include "host/worker.h"

enum { LINE_MAX_BYTES = 2048, DEADLINE_MS = 1000, MEMORY_BYTES = 256 << 20, WORKERS_MAX = 64 };

/* What host_load made, so that host_close can undo it. */
struct loaded {
    struct loaded *next;
    struct module module;       /* in-process */
    struct worker_group *group; /* sandboxed */
};

struct host {
    char *worker_path; /* or NULL */
    void (*log)(void *ctx, enum arena_level level, const char *line);
    void *ctx;
    bool (*find_data)(void *ctx, const char *challenge, arena_text version, struct text *set);
    void *data_ctx;
    struct loaded *loaded;
    struct host_operator **operators;
    size_t count;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

void host_log(const struct host *host, enum arena_level level, const char *format, ...)
{
    char line[LINE_MAX_BYTES];
    va_list args;
    if (!host->log)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    for (char *c = line; *c; c++) /* an operator must not be able to write lines of its own */
        if ((unsigned char)*c < ' ' || *c == 0x7F)
            *c = '?';
    host->log(host->ctx, level, line);
}

struct host *host_open(const char *worker_path, void (*log)(void *ctx, enum arena_level, const char *line), void *ctx)
{
    if (sodium_init() < 0)
        abort();
    struct host *host = must(calloc(1, sizeof *host));
    host->worker_path = worker_path ? must(strdup(worker_path)) : NULL;
    host->log = log;
    host->ctx = ctx;
    return host;
}

/* Loading */

static arena_text copy_text(arena_text text)
{
    char *copy = must(malloc(text.len + 1));
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = 0;
    return (arena_text){copy, text.len};
}

static void operator_free(struct host_operator *op)
{
    free((char *)op->facts.id.ptr);
    free((char *)op->facts.version.ptr);
    free((char *)op->facts.metadata.ptr);
    free((char *)op->name.ptr);
    free(op->counters);
    host_data_close(op);
    free(op);
}

/* Checks all operators of a module before any is taken: a module is loaded whole or not at all. */
static bool operators_check(const struct host *host, const struct operator_facts *facts, uint32_t count,
                            char problem[MODULE_PROBLEM_MAX])
{
    for (uint32_t i = 0; i < count; i++) {
        if (!facts_check(&facts[i], NULL, NULL, problem))
            return false;
        bool taken = host_find(host, facts[i].id) != NULL;
        for (uint32_t k = 0; k < i; k++)
            taken |= facts[k].id.len == facts[i].id.len && !memcmp(facts[k].id.ptr, facts[i].id.ptr, facts[i].id.len);
        if (taken) {
            snprintf(problem, MODULE_PROBLEM_MAX, "the id %.*s is taken, expected one of its own", (int)facts[i].id.len,
                     facts[i].id.ptr);
            return false;
        }
    }
    return true;
}

static void operator_add(struct host *host, const struct operator_facts *facts, struct loaded *loaded, uint32_t index)
{
    struct host_operator *op = must(calloc(1, sizeof *op));
    char problem[MODULE_PROBLEM_MAX];
    op->host = host;
    op->facts = *facts;
    op->facts.id = copy_text(facts->id);
    op->facts.version = copy_text(facts->version);
    op->facts.metadata = copy_text(facts->metadata);
    facts_check(&op->facts, &op->name, &op->players, problem);
    op->quota = quota_resolve(facts->quota);
    op->hosting = loaded->group ? HOSTING_SANDBOX : HOSTING_INPROCESS;
    op->group = loaded->group;
    op->index = index;
    op->counters = must(calloc(1, sizeof *op->counters));
    if (!loaded->group)
        op->code = loaded->module.operators[index].code;
    host->operators = must(realloc(host->operators, (host->count + 1) * sizeof(void *)));
    host->operators[host->count++] = op;
    host_data_open(op);
}

/* Opens the module's worker, or a worker just to see whether a module that is meant for this process loads
 * without harm: what its constructors do then happens to the worker. */
static struct worker_group *open_group(const struct host *host, const struct host_module *module,
                                       struct operator_facts *facts, uint32_t *count, char problem[MODULE_PROBLEM_MAX])
{
    const struct worker_options options = {
        .program = host->worker_path,
        .module = module->path,
        .deadline_ms = module->deadline_ms ? module->deadline_ms : DEADLINE_MS,
        .memory_bytes = module->memory_bytes ? module->memory_bytes : MEMORY_BYTES,
        .workers = module->workers < 1             ? 1
                   : module->workers < WORKERS_MAX ? module->workers
                                                   : WORKERS_MAX,
    };
    bool sandboxed = false;
    struct worker_group *group = worker_group_open(&options, facts, count, &sandboxed, problem);
    if (group && module->hosting == HOSTING_SANDBOX && !sandboxed)
        host_log(host, ARENA_WARN, "%s: this build with a sanitizer runs workers without system call filter",
                 module->path);
    return group;
}

static bool load(struct host *host, const struct host_module *module, struct loaded *loaded,
                 char problem[MODULE_PROBLEM_MAX])
{
    struct operator_facts facts[MODULE_OPERATORS_MAX];
    uint32_t count = 0;
    if (module->hosting == HOSTING_SANDBOX && !host->worker_path) {
        snprintf(problem, MODULE_PROBLEM_MAX, "asks for the sandbox, but no worker program is configured");
        return false;
    }
    if (host->worker_path) {
        loaded->group = open_group(host, module, facts, &count, problem);
        if (!loaded->group || !operators_check(host, facts, count, problem))
            return false;
    }
    if (module->hosting == HOSTING_INPROCESS) {
        worker_group_close(loaded->group);
        loaded->group = NULL;
        if (!module_open(&loaded->module, module->path, problem))
            return false;
        count = loaded->module.count;
        for (uint32_t i = 0; i < count; i++)
            facts[i] = loaded->module.operators[i].facts;
        if (!operators_check(host, facts, count, problem))
            return false;
    }
    for (uint32_t i = 0; i < count; i++)
        operator_add(host, &facts[i], loaded, i);
    return true;
}

bool host_load(struct host *host, const struct host_module *module)
{
    char problem[MODULE_PROBLEM_MAX] = "";
    struct loaded *loaded = must(calloc(1, sizeof *loaded));
    size_t before = host->count;
    if (!load(host, module, loaded, problem)) {
        worker_group_close(loaded->group);
        module_close(&loaded->module);
        free(loaded);
        host_log(host, ARENA_ERROR, "%s: refused: %s", module->path, problem);
        return false;
    }
    loaded->next = host->loaded;
    host->loaded = loaded;
    for (size_t i = before; i < host->count; i++)
        host_log(host, ARENA_INFO, "%s: loaded %s %s, %s", module->path, host->operators[i]->facts.id.ptr,
                 host->operators[i]->facts.version.ptr,
                 module->hosting == HOSTING_SANDBOX ? "in a sandbox" : "in this process");
    return true;
}

const struct host_operator *host_at(const struct host *host, size_t index)
{
    return index < host->count ? host->operators[index] : NULL;
}

const struct host_operator *host_find(const struct host *host, arena_text id)
{
    for (size_t i = 0; i < host->count; i++) {
        const struct host_operator *op = host->operators[i];
        if (op->facts.id.len == id.len && memcmp(op->facts.id.ptr, id.ptr, id.len) == 0)
            return op;
    }
    return NULL;
}

struct host_info host_info(const struct host_operator *op)
{
    return (struct host_info){
        .id = op->facts.id.ptr,
        .version = op->facts.version.ptr,
        .metadata = op->facts.metadata,
        .name = op->name,
        .players = op->players,
        .state_version = op->facts.state_version,
        .hosting = op->hosting,
        .data = op->data->versions,
        .turns = atomic_load_explicit(&op->counters->turns, memory_order_relaxed),
        .faults = atomic_load_explicit(&op->counters->faults, memory_order_relaxed),
        .nanoseconds = atomic_load_explicit(&op->counters->nanoseconds, memory_order_relaxed),
        .queued = op->group ? worker_group_queued(op->group) : 0,
    };
}

const void *host_extension(const struct host_operator *op, const char *id)
{
    return op->hosting == HOSTING_INPROCESS && op->code.extension ? op->code.extension(id) : NULL;
}

void host_data_source(struct host *host,
                      bool (*find)(void *ctx, const char *challenge, arena_text version, struct text *set), void *ctx)
{
    host->find_data = find;
    host->data_ctx = ctx;
}

bool host_data_find(const struct host_operator *op, arena_text version, struct text *set)
{
    const struct host *host = op->host;
    return host->find_data && host->find_data(host->data_ctx, op->facts.id.ptr, version, set);
}

/* Running */

static int64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void host_turn_begins(struct turn *turn)
{
    turn->began_ns = monotonic_ns();
}

void host_turn_over(struct turn *turn)
{
    static const char *const kinds[] = {"create", "join",      "message",  "timer",      "actions",
                                        "view",   "data list", "data set", "data check", "data load"};
    const struct host_operator *op = turn->op;
    const struct turn_reply *reply = &turn->reply;
    int64_t took = monotonic_ns() - turn->began_ns;
    if (turn->request.kind < TURN_DATA_LIST) {
        atomic_fetch_add_explicit(&op->counters->nanoseconds, (uint64_t)took, memory_order_relaxed);
        atomic_fetch_add_explicit(&op->counters->turns, 1, memory_order_relaxed);
    }
    for (uint32_t i = 0; i < reply->log_count; i++)
        host_log(op->host, (enum arena_level)reply->logs[i].to, "operator %s: %.*s", op->facts.id.ptr,
                 (int)reply->logs[i].text.len, reply->logs[i].text.ptr);
    if (reply->outcome != TURN_FAILED && reply->outcome != TURN_CORRUPT)
        return;
    atomic_fetch_add_explicit(&op->counters->faults, 1, memory_order_relaxed);
    const char *kind = (unsigned)turn->request.kind <= TURN_DATA_LOAD ? kinds[turn->request.kind] : "unknown";
    if (reply->outcome == TURN_CORRUPT)
        host_log(op->host, ARENA_ERROR, "operator %s: %s of turn %u: the stored bytes are corrupt", op->facts.id.ptr,
                 kind, turn->request.turn);
    else
        host_log(op->host, ARENA_ERROR, "operator %s: %s of turn %u failed: %.*s", op->facts.id.ptr, kind,
                 turn->request.turn, (int)reply->reason.len, reply->reason.ptr);
}

bool host_run(struct turn *turn)
{
    const struct host_operator *op = turn->op;
    if (op->hosting == HOSTING_INPROCESS) {
        host_turn_begins(turn);
        if (host_data_bring(turn))
            turn_call(&op->code, &op->quota, turn);
        host_turn_over(turn);
        return true;
    }
    if (turn->request.seats >= 1 && turn->request.seats <= ARENA_SEATS_MAX) {
        if (worker_group_submit(op->group, turn))
            return false;
        pool_reset(&turn->pool);
        turn->reply = (struct turn_reply){.outcome = TURN_BUSY, .reason = ARENA_TEXT("too many turns are waiting")};
        return true;
    }
    pool_reset(&turn->pool);
    host_turn_begins(turn);
    turn->reply = (struct turn_reply){.outcome = TURN_FAILED,
                                      .reason = ARENA_TEXT("the request has an impossible number of seats")};
    host_turn_over(turn);
    return true;
}

struct waiting {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
};

static void wake(struct turn *turn)
{
    struct waiting *waiting = turn->owner;
    pthread_mutex_lock(&waiting->lock);
    waiting->over = true;
    pthread_cond_signal(&waiting->changed); /* under the lock: the other side destroys it next */
    pthread_mutex_unlock(&waiting->lock);
}

void host_run_wait(struct turn *turn)
{
    if (turn->op->hosting == HOSTING_INPROCESS) {
        host_run(turn);
        return;
    }
    struct waiting waiting = {.over = false};
    void (*done)(struct turn *) = turn->done;
    void *owner = turn->owner;
    pthread_mutex_init(&waiting.lock, NULL);
    pthread_cond_init(&waiting.changed, NULL);
    turn->done = wake;
    turn->owner = &waiting;
    if (!host_run(turn)) {
        pthread_mutex_lock(&waiting.lock);
        while (!waiting.over)
            pthread_cond_wait(&waiting.changed, &waiting.lock);
        pthread_mutex_unlock(&waiting.lock);
    }
    turn->done = done;
    turn->owner = owner;
    pthread_cond_destroy(&waiting.changed);
    pthread_mutex_destroy(&waiting.lock);
}

void turn_finish(struct turn *turn)
{
    pool_finish(&turn->pool);
}

void host_close(struct host *host)
{
    if (!host)
        return;
    for (struct loaded *loaded = host->loaded, *next; loaded; loaded = next) {
        next = loaded->next;
        worker_group_close(loaded->group);
        module_close(&loaded->module);
        free(loaded);
    }
    for (size_t i = 0; i < host->count; i++)
        operator_free(host->operators[i]);
    free(host->operators);
    free(host->worker_path);
    free(host);
}
