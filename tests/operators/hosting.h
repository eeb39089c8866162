/*
 * hosting.h - what the tests of the host share: a log to look into, a game to play, a count of what failed.
 */
#ifndef TESTS_HOSTING_H
#define TESTS_HOSTING_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/host.h"

#pragma GCC diagnostic ignored "-Wunused-function" /* not every test needs all of it */

static int failures;

#define EXPECT(condition, ...)                                                                                         \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            failures++;                                                                                                \
            fprintf(stderr, "%s:%d: expected %s: ", __FILE__, __LINE__, #condition);                                   \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fputc('\n', stderr);                                                                                       \
        }                                                                                                              \
    } while (0)

/* The last lines of the host's log. */
static struct {
    pthread_mutex_t lock;
    unsigned lines;
    char last[2048];
    bool is_unfiltered; /* a sanitizer build: the worker has no system call filter */
} journal = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void note(void *ctx, enum arena_level level, const char *line)
{
    (void)ctx;
    pthread_mutex_lock(&journal.lock);
    if (strstr(line, "without system call filter")) {
        journal.is_unfiltered = true;
    } else {
        journal.lines++;
        snprintf(journal.last, sizeof journal.last, "%d %s", (int)level, line);
    }
    pthread_mutex_unlock(&journal.lock);
}

/* Path of a module: hostile-NAME.so, or what NAME says when it has a '/'. */
static const char *module_path(const char *name)
{
    static char paths[8][1024];
    static unsigned next;
    char *path = paths[next++ % 8];
    const char *folder = getenv("HOSTILE_DIR");
    if (!folder) {
        fputs("set HOSTILE_DIR to the folder with the hostile operators\n", stderr);
        exit(1);
    }
    snprintf(path, sizeof paths[0], "%s/hostile-%s.so", folder, name);
    return strchr(name, '/') ? name : path;
}

static const char *worker_path(void)
{
    const char *path = getenv("ARENA_WORKER");
    if (!path) {
        fputs("set ARENA_WORKER to the arena-worker program\n", stderr);
        exit(1);
    }
    return path;
}

/* A game under way: the caller's side of the contract in few lines. */
struct table {
    struct turn turn;
    char state[70000];
    size_t len;
    uint32_t number, joined, next;
};

static enum turn_outcome table_run(struct table *table, enum turn_kind kind, int32_t player, const char *method,
                                   const char *content)
{
    struct turn_request *request = &table->turn.request;
    uint8_t seed = request->seed[0];
    *request = (struct turn_request){
        .kind = kind,
        .player = player,
        .seats = 2,
        .joined = table->joined + (kind == TURN_JOIN),
        .turn = table->number,
        .now_ms = 1000 * (int64_t)table->number,
        .state_version = 1,
        .state = {table->state, table->len},
        .method = {method, strlen(method)},
        .content = {content, strlen(content)},
    };
    memset(request->seed, seed, sizeof request->seed);
    host_run_wait(&table->turn);
    const struct turn_reply *reply = &table->turn.reply;
    bool is_query = kind == TURN_ACTIONS || kind == TURN_VIEW;
    if (reply->outcome == TURN_OK && !is_query && reply->state.len <= sizeof table->state) {
        memcpy(table->state, reply->state.ptr, reply->state.len);
        table->len = reply->state.len;
        table->number++;
        table->joined += kind == TURN_JOIN;
        table->next = reply->active == 2;
    }
    return reply->outcome;
}

/* Creates a game and seats both players. */
static bool table_begin(struct table *table, const struct host_operator *op, uint8_t seed)
{
    memset(table, 0, sizeof *table);
    pool_init(&table->turn.pool, 0);
    table->turn.op = op;
    table->turn.request.seed[0] = seed;
    return table_run(table, TURN_CREATE, 0, "", "") == TURN_OK && table_run(table, TURN_JOIN, 0, "", "") == TURN_OK &&
           table_run(table, TURN_JOIN, 1, "", "") == TURN_OK;
}

/* The player whose turn it is adds a number. */
static enum turn_outcome table_add(struct table *table, const char *number)
{
    return table_run(table, TURN_MESSAGE, (int32_t)table->next, "add", number);
}

static const char *table_reason(const struct table *table)
{
    static char text[1200];
    snprintf(text, sizeof text, "%.*s", (int)table->turn.reply.reason.len, table->turn.reply.reason.ptr);
    return text;
}

static const struct host_operator *load(struct host *host, const char *name, enum hosting hosting, uint32_t deadline)
{
    const struct host_module module = {
        .path = module_path(name), .hosting = hosting, .deadline_ms = deadline, .memory_bytes = 64u << 20};
    char id[80];
    snprintf(id, sizeof id, "hostile-%s", name);
    if (!host_load(host, &module))
        return NULL;
    return host_find(host, (arena_text){id, strlen(id)});
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
