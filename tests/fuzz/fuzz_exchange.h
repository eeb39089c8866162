/* fuzz_exchange.h - requests into the server without its sockets, as two fuzzers send them. */
#ifndef FUZZ_EXCHANGE_H
#define FUZZ_EXCHANGE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http/exchange.h"
#include "http/hub.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            abort();                                                                                                   \
    } while (0)

enum { ARENA_LIFE = 2000, WAIT_STEP_MS = 100000 };

static struct site site;
static struct metrics metrics;
static struct exchange exchange;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool answered;
static _Atomic int64_t clock_ms = 1700000000000;

static void quiet(void *ctx, enum arena_level level, const char *line)
{
    (void)ctx, (void)level, (void)line;
}

static int64_t fake_now(void *ctx)
{
    (void)ctx;
    return clock_ms;
}

static void on_done(struct request *request)
{
    (void)request;
    pthread_mutex_lock(&lock);
    answered = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
}

/* True when the answer came within some milliseconds. */
static bool wait_a_little(void)
{
    struct timespec until;
    int error = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 5000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&lock);
    while (!answered && !error)
        error = pthread_cond_timedwait(&changed, &lock, &until);
    bool there = answered;
    pthread_mutex_unlock(&lock);
    return there;
}

/* A request that accepts what there is. */
static void begin_request(const char *method, const char *target, arena_text body)
{
    exchange_reset(&exchange);
    exchange_begin(&exchange, target);
    exchange_route(&exchange, method);
    text_put_text(&exchange.body, body);
    exchange.accepts_json = exchange.accepts_events = exchange.sends_json = true;
}

/* Runs what the exchange holds; long polls end because time jumps. */
static void run_exchange(void)
{
    answered = false;
    for (bool there = exchange_run(&exchange); !there; there = exchange_go_on(&exchange)) {
        while (!wait_a_little()) {
            clock_ms += WAIT_STEP_MS;
            arena_tick(site.arena);
        }
        answered = false; /* before the next operation begins */
    }
}

/* The nth text behind `"name":"` or `"name":["` in the answer. */
static void take(const char *name, char *out, size_t size, int nth)
{
    char key[32];
    const char *at = text_cstr(&exchange.request.body);

    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(at, key);
    CHECK(at);
    at += strlen(key);
    for (int quotes = 0; quotes < 2 * nth + 1; at++)
        quotes += *at == '"';
    snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

/* Once: a module that is unloaded takes the fuzzer's counters in it along.  Whether the game is there. */
static bool load_psi(void)
{
    const char *folder = getenv("ARENA_OPERATORS");
    char path[4096];

    site.host = host_open(NULL, quiet, NULL);
    snprintf(path, sizeof path, "%s/psi.so", folder ? folder : "operators");
    return host_load(site.host, &(struct host_module){.path = path});
}

#endif
