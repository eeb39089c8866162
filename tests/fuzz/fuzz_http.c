/*
 * Any request into the server, without its sockets: target and body through the reader, the routes and the real core
 * on the store in memory, with the psi operator when ARENA_OPERATORS names a folder that has it.
 *
 * The input is a line with method and target, a line with an idempotency key, and the body.  $S, $I and $J in it stand
 * for a session's id and its invites.  Every answer must have a status that the server gives, and JSON that is JSON.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http/documents.h"
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
static bool answered, playable;
static _Atomic int64_t clock_ms = 1700000000000;
static char session[64], invites[2][64];
static unsigned runs;

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

/* Runs what the exchange holds; long polls end because time jumps. */
static void run(void)
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

static void request(const char *method, const char *target, const char *body, size_t len)
{
    exchange_reset(&exchange);
    exchange_begin(&exchange, target);
    exchange_route(&exchange, method);
    text_put(&exchange.body, body, len);
    exchange.accepts_json = exchange.accepts_events = exchange.sends_json = true;
}

/* The text behind `"name":"` or `"name":["` in the answer. */
static void take(const char *name, char out[64], int nth)
{
    char key[32];
    const char *at = text_cstr(&exchange.request.body);

    snprintf(key, sizeof key, "\"%s\":", name);
    at = strstr(at, key);
    CHECK(at);
    at += strlen(key);
    for (int quotes = 0; quotes < 2 * nth + 1; at++)
        quotes += *at == '"';
    snprintf(out, 64, "%.*s", (int)strcspn(at, "\""), at);
}

/* Once: a module that is unloaded takes the fuzzer's counters in it along. */
static void load_game(void)
{
    const char *folder = getenv("ARENA_OPERATORS");
    char path[4096];

    site.host = host_open(NULL, quiet, NULL);
    snprintf(path, sizeof path, "%s/psi.so", folder ? folder : "operators");
    playable = host_load(site.host, &(struct host_module){.path = path});
}

static void start(void)
{
    char body[128];

    site.store = store_open_memory();
    site.arena = arena_open(&(struct arena_config){
        .store = site.store, .host = site.host, .now_ms = fake_now, .log = quiet, .open_age_ms = INT64_C(1) << 40});
    hub_serve(site.hub, site.arena);
    site.documents = documents_open(&site);
    exchange_init(&exchange, &site, on_done, NULL);
    snprintf(session, sizeof session, "3b8e7a52-0000-4000-8000-000000000000");
    if (!playable)
        return;
    request("POST", "/api/challenges/psi", "", 0);
    run();
    take("id", session, 0);
    take("invites", invites[0], 0);
    take("invites", invites[1], 1);
    snprintf(body, sizeof body, "{\"invite\":\"%s\"}", invites[0]);
    request("POST", "/api/arena/join", body, strlen(body));
    run();
}

static void stop(void)
{
    exchange_finish(&exchange);
    documents_close(site.documents);
    arena_drain(site.arena);
    store_close(site.store);
    arena_close(site.arena);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    routes_prepare();
    metrics_init(&metrics);
    site.metrics = &metrics;
    site.body_max = 256 * 1024;
    site.hub = hub_start(&(struct hub_config){0});
    load_game();
    start();
    return 0;
}

/* The input with its placeholders filled in. */
static void fill(struct text *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const char *word = NULL;
        if (data[i] == '$' && i + 1 < size)
            word = data[i + 1] == 'S'   ? session
                   : data[i + 1] == 'I' ? invites[0]
                   : data[i + 1] == 'J' ? invites[1]
                                        : NULL;
        if (word)
            text_puts(out, word);
        else
            text_put_char(out, (char)data[i]);
        i += word != NULL;
    }
}

static arena_text line_of(arena_text *rest)
{
    const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    arena_text line = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
    size_t step = line.len + (end != NULL);
    *rest = (arena_text){rest->ptr + step, rest->len - step};
    return line;
}

static void check_answer(void)
{
    static const int good[] = {200, 202, 400, 404, 405, 409, 413, 422, 429, 503};
    int status = exchange_status(&exchange);
    enum json_type type;
    bool known = false;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        known |= good[i] == status;
    CHECK(known);
    if (exchange.type && strcmp(exchange.type, "application/json") == 0)
        CHECK(!json_check(exchange_answer(&exchange), &type));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text input = {0};

    if (size > 16384)
        return 0;
    if (++runs % ARENA_LIFE == 0) {
        stop();
        start();
    }
    text_reserve(&input, 1);
    fill(&input, data, size);
    arena_text rest = text_slice(&input), line = line_of(&rest), key = line_of(&rest);
    char *first = strndup(line.len ? line.ptr : "", line.len), *target = first + strcspn(first, " ");
    if (*target)
        *target++ = '\0';
    request(first, target, rest.len ? rest.ptr : "", rest.len);
    exchange.key_len = key.len;
    if (key.len <= IDEMPOTENCY_KEY_MAX && key.len)
        memcpy(exchange.key, key.ptr, key.len);
    run();
    check_answer();
    free(first);
    text_free(&input);
    return 0;
}
