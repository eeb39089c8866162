/*
 * Auth mode under attack, without sockets: requests from somebody who has the key of one seat in each of two sessions,
 * an old signature for a free invite and a fresh one for a used invite.  The other seat of the first session is taken
 * by somebody whose key the input never gets to know.
 *
 * The input's first byte says what kind of request it is; lines fill its holes, the last one is the bearer.  In them
 * $S and $T stand for the sessions, $I for a free invite, $U and $V for the used ones, $K and $L for the keys, $P for a
 * public key, $G and $N for a fresh signature and its time, $E and $O for an old one and its time.  $k, $l, $p and $g
 * with two more bytes are the same with one character changed: where, and what it is then.
 *
 * Whatever is sent: nobody takes a seat, nobody reads or says anything as the other seat, a request that is refused
 * changes nothing, and what session keys and signatures are made of is never matched by anything else.
 */
#define _GNU_SOURCE /* memmem */
#include <sodium.h>

#include "fuzz_exchange.h"
#include "http/auth.h"

enum { HOLES = 5, SEATS = 2 };

/* A session that the harness made, and who sits in it. */
struct game {
    char id[64], invite[SEATS][64], key[SEATS][AUTH_KEY_BYTES];
};

struct signed_join {
    char signature[2 * crypto_sign_BYTES + 1], timestamp[24];
};

static struct game first, second;
static struct signed_join fresh, old;
static uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
static char public_key[2 * crypto_sign_PUBLICKEYBYTES + 1];
static struct text private_word, before, after;
static unsigned runs;

/* Running a request. ----------------------------------------------------------------------------------------- */

static int run(const char *method, const char *target, arena_text body, arena_text bearer)
{
    begin_request(method, target, body);
    exchange.has_bearer = bearer.len > 0;
    if (bearer.len <= BEARER_MAX && bearer.len && !memchr(bearer.ptr, 0, bearer.len))
        memcpy(exchange.bearer, bearer.ptr, bearer.len);
    exchange.bearer[bearer.len <= BEARER_MAX ? bearer.len : 0] = '\0';
    run_exchange();
    exchange_complete(&exchange);
    return exchange_status(&exchange);
}

static bool answer_has(arena_text word)
{
    arena_text answer = exchange_answer(&exchange);
    return answer.len && memmem(answer.ptr, answer.len, word.ptr, word.len);
}

/* The sessions. ---------------------------------------------------------------------------------------------- */

static void sign(struct signed_join *out, const char *invite, int64_t age_ms)
{
    uint8_t signature[crypto_sign_BYTES];
    struct timespec now;
    char message[160];

    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(out->timestamp, sizeof out->timestamp, "%lld",
             (long long)(now.tv_sec * 1000 + now.tv_nsec / 1000000 - age_ms));
    int len = snprintf(message, sizeof message, "arena:v1:join:%s:%s", invite, out->timestamp);
    crypto_sign_detached(signature, NULL, (const uint8_t *)message, (size_t)len, secret_key);
    sodium_bin2hex(out->signature, sizeof out->signature, signature, sizeof signature);
}

static void join(struct game *game, int seat)
{
    struct text body = {0};

    sign(&fresh, game->invite[seat], 0);
    text_printf(&body, "{\"invite\":\"%s\",\"publicKey\":\"%s\",\"signature\":\"%s\",\"timestamp\":%s}",
                game->invite[seat], public_key, fresh.signature, fresh.timestamp);
    CHECK(run("POST", "/api/arena/join", text_slice(&body), (arena_text){"", 0}) == 200);
    take("sessionKey", game->key[seat], sizeof game->key[seat], 0);
    text_free(&body);
}

static void create(struct game *game)
{
    CHECK(run("POST", "/api/challenges/psi", (arena_text){"", 0}, (arena_text){"", 0}) == 200);
    take("id", game->id, sizeof game->id, 0);
    for (int seat = 0; seat < SEATS; seat++)
        take("invites", game->invite[seat], sizeof game->invite[seat], seat);
}

/* What the other seat was told: nobody else may ever be told it. */
static void learn_private_word(void)
{
    char target[128], word[16];

    snprintf(target, sizeof target, "/api/sessions/%s/view", first.id);
    CHECK(run("GET", target, (arena_text){"", 0}, text_of(first.key[1])) == 200);
    const char *set = strchr(text_cstr(&exchange.request.body), '[');
    CHECK(set);
    text_clear(&private_word);
    snprintf(word, sizeof word, "%.11s", set + 1); /* three of its numbers, as they stand in the list */
    text_puts(&private_word, word);
}

static void start(void)
{
    site.store = store_open_memory();
    site.arena = arena_open(&(struct arena_config){
        .store = site.store, .host = site.host, .now_ms = fake_now, .log = quiet, .open_age_ms = INT64_C(1) << 40});
    hub_serve(site.hub, site.arena);
    exchange_init(&exchange, &site, on_done, NULL);
    create(&first);
    create(&second);
    join(&second, 0);
    join(&first, 1);
    join(&first, 0);
    sign(&old, second.invite[1], 2 * AUTH_WINDOW_MS);
    learn_private_word();
}

static void stop(void)
{
    exchange_finish(&exchange);
    arena_drain(site.arena);
    store_close(site.store);
    arena_close(site.arena);
}

/* Everything that can be seen of the sessions, by all who sit in them. */
static void look(struct text *out)
{
    static const char *const targets[][2] = {{"/api/sessions/", "/view"},
                                             {"/api/sessions/", ""},
                                             {"/api/arena/sync?channel=", ""},
                                             {"/api/chat/sync?channel=", ""}};
    char target[128];

    text_clear(out);
    for (int n = 0; n < 3; n++)
        for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
            const struct game *game = n < 2 ? &first : &second;
            snprintf(target, sizeof target, "%s%s%s", targets[i][0], game->id, targets[i][1]);
            CHECK(run("GET", target, (arena_text){"", 0}, text_of(game->key[n == 1])) == 200);
            text_put_text(out, exchange_answer(&exchange));
        }
}

/* The input. ------------------------------------------------------------------------------------------------- */

#define TOOL(name, arguments)                                                                                          \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" name                             \
    "\",\"arguments\":{" arguments "}}}"
#define JOIN "\"invite\":\"%0\",\"publicKey\":\"%1\",\"signature\":\"%2\",\"timestamp\":%3"

/* %n in target and body is the nth line of the input. */
static const struct {
    const char *method, *target, *body;
} kinds[] = {
    {"POST", "/api/arena/join", "{" JOIN "}"},
    {"POST", "/api/v1/arena/join?key=%0", "{" JOIN "}"},
    {"POST", "/api/arena/join", "%0"},
    {"POST", "/api/users", "{\"publicKey\":\"%0\",\"signature\":\"%1\",\"timestamp\":%2,\"username\":\"%3\"}"},
    {"POST", "/api/arena/message?channel=%0&key=%3",
     "{\"challengeId\":\"%1\",\"content\":\"%2\",\"messageType\":\"guess\"}"},
    {"POST", "/api/arena/message?from=%0", "{\"challengeId\":\"%1\",\"content\":\"%2\",\"from\":\"%3\"}"},
    {"POST", "/api/chat/send?challengeId=%0&key=%3", "{\"channel\":\"%1\",\"content\":\"%2\"}"},
    {"POST", "/api/chat/send?from=%0", "{\"channel\":\"%1\",\"content\":\"%2\",\"from\":\"%3\"}"},
    {"GET", "/api/arena/sync?channel=%0&key=%1&from=%2&challengeId=%3", ""},
    {"GET", "/api/chat/sync?channel=challenge_%0&key=%1&from=%2&channel=%3", ""},
    {"GET", "/api/sessions/%0/view?key=%1&channel=%2&from=%3", ""},
    {"GET", "/api/sessions/%0/actions?key=%1&channel=%2&from=%3", ""},
    {"GET", "/api/chat/ws/%0?key=%1&channel=%2&from=%3", ""},
    {"POST", "/mcp?key=%3", TOOL("view", "\"session\":\"%0\",\"sessionKey\":\"%1\",\"from\":\"%2\"")},
    {"POST", "/mcp", TOOL("act", "\"session\":\"%0\",\"sessionKey\":\"%1\",\"method\":\"guess\",\"content\":\"%2\"%3")},
    {"POST", "/mcp", TOOL("join", JOIN)},
    {"POST", "/api/arena/mcp", TOOL("challenge_join", JOIN)},
    {"POST", "/api/arena/mcp", TOOL("challenge_sync", "\"channel\":\"%0\",\"sessionKey\":\"%1\",\"index\":0%2")},
    {"POST", "/mcp", "%0"},
    {"GET", "%0", ""},
    {"POST", "%0", "%1"},
};

static const char *word_of(char c)
{
    switch (c) {
    case 'S': return first.id;
    case 'T': return second.id;
    case 'I': return second.invite[1];
    case 'U': return first.invite[0];
    case 'V': return first.invite[1];
    case 'K': return first.key[0];
    case 'L': return second.key[0];
    case 'P': return public_key;
    case 'G': return fresh.signature;
    case 'N': return fresh.timestamp;
    case 'E': return old.signature;
    case 'O': return old.timestamp;
    default: return NULL;
    }
}

/* A key, a signature with one character changed by the two bytes. */
static void put_changed(struct text *out, const char *word, const uint8_t change[2])
{
    size_t at = out->len + change[0] % strlen(word);
    text_puts(out, word);
    out->ptr[at] = (char)change[1];
}

/* Puts what the placeholder at data stands for; returns how many bytes of the input it took, 0 when it is none. */
static size_t put_word(struct text *out, const uint8_t *data, size_t size)
{
    if (size < 2 || data[0] != '$')
        return 0;
    const char *word = word_of((char)data[1]);
    if (word) {
        text_puts(out, word);
        return 2;
    }
    if (size < 4 || !data[1] || !strchr("klpg", data[1]))
        return 0;
    put_changed(out, word_of((char)(data[1] - 'a' + 'A')), data + 2);
    return 4;
}

/* The input's lines, with what their placeholders stand for. */
static void read_lines(struct text line[HOLES], const uint8_t *data, size_t size)
{
    int n = 0;

    for (size_t i = 0; i < size;) {
        size_t taken = put_word(&line[n], data + i, size - i);
        if (!taken && data[i] == '\n' && n + 1 < HOLES)
            n++;
        else if (!taken)
            text_put_char(&line[n], (char)data[i]);
        i += taken ? taken : 1;
    }
}

/* The fuzzer sees what is compared, so it may come to know what an attacker does not: such inputs prove nothing. */
static bool knows_too_much(const struct text line[HOLES])
{
    for (int i = 0; i < HOLES; i++) {
        if (line[i].len && (memmem(line[i].ptr, line[i].len, private_word.ptr, private_word.len) ||
                            memmem(line[i].ptr, line[i].len, first.key[1], strlen(first.key[1]))))
            return true;
    }
    return false;
}

static void fill(struct text *out, const char *pattern, const struct text line[HOLES])
{
    for (const char *p = pattern; *p; p++)
        if (p[0] == '%' && p[1] >= '0' && p[1] < '0' + HOLES)
            text_put_text(out, text_slice(&line[*++p - '0']));
        else
            text_put_char(out, *p);
    text_reserve(out, 1);
}

/* What must hold. -------------------------------------------------------------------------------------------- */

/* Nothing but the key itself is the key, and nothing but a signature by the key a signature. */
static void check_primitives(arena_text bytes)
{
    char right[AUTH_KEY_BYTES], user[AUTH_USER_BYTES];
    arena_text session = text_of(first.id);
    uint32_t seat;

    if (auth_seat(site.auth, bytes, session, &seat)) {
        auth_session_key(site.auth, session, seat, right);
        CHECK(text_equal(bytes, text_of(right)));
    }
    CHECK(!auth_verify(bytes, text_of(fresh.signature), bytes, user));
    CHECK(!auth_verify(text_of(public_key), bytes, bytes, user));
}

static void check_answer(int status)
{
    static const int good[] = {200, 202, 400, 401, 404, 405, 406, 409, 413, 415, 422, 429, 503};
    bool known = false;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        known |= good[i] == status;
    CHECK(known);
    CHECK(!answer_has(text_slice(&private_word)));
    CHECK(!answer_has(text_of(first.key[1])));
    CHECK(!answer_has(ARENA_TEXT("sessionKey\":\"s_")) && !answer_has(ARENA_TEXT("sessionKey\\\":\\\"s_")));
    /* there is no signature for a profile, and no administrator's token */
    CHECK(status != 200 || !exchange.route || (exchange.route->handle != api_user_update && !exchange.route->admin));
    if (exchange.route && exchange.route->stream)
        CHECK(!text_equal(exchange.viewer, text_of(first.invite[1])));
}

/* Nobody with this name said anything on this channel. */
static void check_silent(const char *prefix, const char *channel, const char *name)
{
    char said[192];
    int len = snprintf(said, sizeof said, "\"channel\":\"%s%s\",\"from\":\"%s\"", prefix, channel, name);
    CHECK(!memmem(after.ptr, after.len, said, (size_t)len));
}

static void check_state(int status)
{
    struct text session = {0};
    uint32_t seat;

    CHECK(!arena_seated(site.arena, text_of(second.invite[1]), &session, &seat));
    look(&after);
    if (status >= 400)
        CHECK(text_equal(text_slice(&before), text_slice(&after)));
    for (int i = 0; i < 2; i++) {
        const char *prefix = i ? "challenge_" : "";
        check_silent(prefix, first.id, first.invite[1]); /* the other seat */
        check_silent(prefix, first.id, second.invite[0]);
        check_silent(prefix, second.id, first.invite[0]);
    }
    struct text held = before;
    before = after;
    after = held;
    text_free(&session);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = {42};
    uint8_t key[crypto_sign_PUBLICKEYBYTES];
    char error[256];

    (void)argc, (void)argv;
    CHECK(sodium_init() >= 0);
    crypto_sign_seed_keypair(key, secret_key, seed);
    sodium_bin2hex(public_key, sizeof public_key, key, sizeof key);
    routes_prepare();
    metrics_init(&metrics);
    site.metrics = &metrics;
    site.body_max = 256 * 1024;
    site.auth = auth_open("a secret of the fuzzer's own", ".", AUTH_SECRET_NAME, error, sizeof error);
    CHECK(site.auth);
    site.hub = hub_start(&(struct hub_config){0});
    CHECK(load_psi());
    start();
    look(&before);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text line[HOLES] = {{0}}, target = {0}, body = {0};

    if (!size || size > 8192)
        return 0;
    if (++runs % ARENA_LIFE == 0) {
        stop();
        start();
        look(&before);
    }
    size_t kind = data[0] % (sizeof kinds / sizeof kinds[0]);
    read_lines(line, data + 1, size - 1);
    if (!knows_too_much(line)) {
        check_primitives(text_slice(&line[0]));
        fill(&target, kinds[kind].target, line);
        fill(&body, kinds[kind].body, line);
        int status = run(kinds[kind].method, text_cstr(&target), text_slice(&body), text_slice(&line[HOLES - 1]));
        check_answer(status);
        check_state(status);
    }
    for (int i = 0; i < HOLES; i++)
        text_free(&line[i]);
    text_free(&target);
    text_free(&body);
    return 0;
}
