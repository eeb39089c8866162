/*
 * Any request into the server, without its sockets: target and body through the reader, the routes and the real core
 * on the store in memory, with the psi operator when ARENA_OPERATORS names a folder that has it.
 *
 * The input is a line with method and target, a line with an idempotency key, which is the If-None-Match as well, and
 * the body.  $S, $I and $J in it stand for a session's id and its invites.  Every answer must have a status that the
 * server gives, and JSON that is JSON.
 */
#include "fuzz_exchange.h"
#include "http/documents.h"

static bool playable;
static char session[64], invites[2][64];
static unsigned runs;

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
    begin_request("POST", "/api/challenges/psi", (arena_text){"", 0});
    run_exchange();
    take("id", session, sizeof session, 0);
    take("invites", invites[0], sizeof invites[0], 0);
    take("invites", invites[1], sizeof invites[1], 1);
    snprintf(body, sizeof body, "{\"invite\":\"%s\"}", invites[0]);
    begin_request("POST", "/api/arena/join", (arena_text){body, strlen(body)});
    run_exchange();
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
    playable = load_psi();
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
    static const int good[] = {200, 202, 304, 400, 401, 404, 405, 409, 413, 422, 429, 503};
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
    begin_request(first, target, (arena_text){rest.len ? rest.ptr : "", rest.len});
    exchange.key_len = key.len;
    if (key.len <= IDEMPOTENCY_KEY_MAX && key.len)
        memcpy(exchange.key, key.ptr, key.len);
    exchange.known = key;
    run_exchange();
    check_answer();
    exchange_complete(&exchange);
    check_answer();
    free(first);
    text_free(&input);
    return 0;
}
