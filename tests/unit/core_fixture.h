/*
 * core_fixture.h - an arena on a store of choice with the psi operator, and its operations as blocking calls.
 */
#ifndef CORE_FIXTURE_H
#define CORE_FIXTURE_H

#ifdef FIXTURE_PLAIN /* a program of its own, as ThreadSanitizer and long runs want it */
#define fixture_check(condition, ...)                                                                                  \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)
#else
#include <criterion/criterion.h>
#define fixture_check cr_assert
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/arena.h"

struct fixture {
    struct store *store;
    struct host *host;
    struct arena *arena;
    int64_t now;
};

/* A request and the wait for its answer. */
struct call {
    struct request request;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool over;
};

static inline void fixture_log(void *ctx, enum arena_level level, const char *line)
{
    (void)ctx;
    if (level >= ARENA_WARN && getenv("ARENA_TEST_LOG"))
        fprintf(stderr, "%s\n", line);
}

static inline int64_t fixture_now(void *ctx)
{
    return ((struct fixture *)ctx)->now;
}

static inline void fixture_arena(struct fixture *f)
{
    struct arena_config config = {
        .store = f->store, .host = f->host, .now_ms = fixture_now, .log = fixture_log, .ctx = f};
    f->arena = arena_open(&config);
}

static inline void fixture_open(struct fixture *f, struct store *store)
{
    *f = (struct fixture){.store = store, .now = 1700000000000};
    f->host = host_open(NULL, fixture_log, NULL);
    const char *dir = getenv("ARENA_OPERATORS");
    for (const char *const *name = (const char *const[]){"psi", NULL}; *name; name++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s.so", dir ? dir : "operators", *name);
        fixture_check(host_load(f->host, &(struct host_module){.path = path}), "%s does not load", path);
    }
    fixture_arena(f);
}

static inline void fixture_close(struct fixture *f)
{
    arena_drain(f->arena);
    store_settle(f->store);
    struct store *store = f->store;
    store_close(store);
    arena_close(f->arena);
    host_close(f->host);
}

static inline void call_done(struct request *request)
{
    struct call *call = request->owner;
    pthread_mutex_lock(&call->lock);
    call->over = true;
    pthread_cond_signal(&call->changed);
    pthread_mutex_unlock(&call->lock);
}

static inline void call_init(struct call *call)
{
    request_init(&call->request, call_done, call);
    pthread_mutex_init(&call->lock, NULL);
    pthread_cond_init(&call->changed, NULL);
    call->over = false;
}

/* Waits for the answer when the operation returned false. */
static inline void call_wait(struct call *call, bool answered)
{
    pthread_mutex_lock(&call->lock);
    while (!answered && !call->over)
        pthread_cond_wait(&call->changed, &call->lock);
    call->over = false;
    pthread_mutex_unlock(&call->lock);
}

static inline void call_finish(struct call *call)
{
    request_finish(&call->request);
    pthread_mutex_destroy(&call->lock);
    pthread_cond_destroy(&call->changed);
}

/* The answer's body as a C string. */
static inline const char *call_body(struct call *call)
{
    return text_cstr(&call->request.body);
}

/* The string value that follows "key":" in the answer, into out. */
static inline bool body_string(const char *body, const char *key, char *out, size_t size)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    const char *at = strstr(body, pattern);
    if (!at)
        return false;
    at += strlen(pattern);
    size_t len = strcspn(at, "\"");
    fixture_check(len < size);
    memcpy(out, at, len);
    out[len] = '\0';
    return true;
}

/* The n-th "inv_..." in the answer, into out. */
static inline bool body_invite(const char *body, int n, char out[48])
{
    const char *at = body;
    for (int i = 0; i <= n; i++) {
        at = strstr(i ? at + 4 : at, "inv_");
        if (!at)
            return false;
    }
    memcpy(out, at, 40);
    out[40] = '\0';
    return true;
}

#endif
