/* The life of a session, on the memory store and on LMDB: the same cases for both. */
#include "core_fixture.h"

#include "core/belt.h"

#include <time.h>

static arena_text T(const char *s)
{
    return text_of(s);
}

static void open_memory(struct fixture *f)
{
    fixture_open(f, store_open_memory());
}

static void open_lmdb(struct fixture *f)
{
    static char dir[] = "/tmp/arena-core-XXXXXX";
    char error[256];
    cr_assert(mkdtemp(dir));
    struct store_config config = {.dir = dir};
    struct store *store = store_open_lmdb(&config, error, sizeof error);
    cr_assert(store, "%s", error);
    fixture_open(f, store);
    char command[300]; /* the files stay open; the names may go */
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    cr_assert_eq(system(command), 0);
}

/* A psi session whose seats are taken. */
struct game {
    char id[48], invite[2][48];
};

static void create(struct fixture *f, struct call *c, struct game *g)
{
    request_reset(&c->request);
    call_wait(c, arena_create(f->arena, &c->request, T("psi"), T("")));
    cr_assert_eq(c->request.status, ANSWER_OK, "%s", call_body(c));
    cr_assert(body_string(call_body(c), "id", g->id, sizeof g->id));
    for (int i = 0; i < 2; i++)
        cr_assert(body_invite(call_body(c), i, g->invite[i]));
}

static void join(struct fixture *f, struct call *c, const char *invite, const char *user)
{
    request_reset(&c->request);
    call_wait(c, arena_join(f->arena, &c->request, T(invite), T(user)));
}

static const char *sync_of(struct fixture *f, struct call *c, const char *channel, uint32_t from, const char *viewer)
{
    request_reset(&c->request);
    call_wait(c, arena_sync(f->arena, &c->request, T(channel), from, T(viewer), 0));
    return call_body(c);
}

static void send(struct fixture *f, struct call *c, const char *id, const char *from, const char *method,
                 const char *content)
{
    request_reset(&c->request);
    call_wait(c, arena_message(f->arena, &c->request, T(id), T(from), T(method), T(content), -1));
}

static void game_channel(const struct game *g, char out[64])
{
    snprintf(out, 64, "challenge_%s", g->id);
}

static void start(struct fixture *f, struct call *c, struct game *g)
{
    create(f, c, g);
    join(f, c, g->invite[0], "alice");
    cr_assert_eq(c->request.status, ANSWER_OK, "%s", call_body(c));
    join(f, c, g->invite[1], "bob");
    cr_assert_eq(c->request.status, ANSWER_OK, "%s", call_body(c));
}

static const char *session_of(struct fixture *f, struct call *c, const char *id)
{
    request_reset(&c->request);
    call_wait(c, arena_session(f->arena, &c->request, T(id)));
    return call_body(c);
}

static void whole_game(struct fixture *f)
{
    struct call c;
    struct game g;
    char channel[64];
    call_init(&c);
    create(f, &c, &g);
    cr_expect(strstr(call_body(&c), "\"status\":\"open\""));
    game_channel(&g, channel);
    join(f, &c, g.invite[0], "alice");
    cr_expect(strstr(call_body(&c), g.id));
    cr_expect(strstr(session_of(f, &c, g.id), "\"status\":\"open\""));
    join(f, &c, g.invite[0], "mallory");
    cr_expect_eq(c.request.status, ANSWER_INVALID);
    cr_expect(strstr(call_body(&c), "INVITE_ALREADY_USED"));
    join(f, &c, g.invite[1], "bob");
    cr_expect(strstr(session_of(f, &c, g.id), "\"status\":\"active\""));

    const char *body = sync_of(f, &c, channel, 0, g.invite[0]);
    cr_expect(strstr(body, "Your private set is: {"));
    cr_expect(strstr(body, "\"redacted\":true"), "the other seat's set is redacted");
    cr_expect_not(strstr(sync_of(f, &c, channel, 0, ""), "private set"));

    send(f, &c, g.id, "stranger", "guess", "1");
    cr_expect(strstr(call_body(&c), "PLAYER_NOT_FOUND"));
    send(f, &c, g.id, g.invite[0], "dance", "1");
    cr_expect(strstr(call_body(&c), "UNKNOWN_METHOD"));
    send(f, &c, g.id, g.invite[0], "guess", "none");
    cr_expect(strstr(call_body(&c), "INVALID_GUESS"));
    send(f, &c, g.id, g.invite[0], "guess", "1 2");
    cr_expect_str_eq(call_body(&c), "{\"ok\":\"Message sent\"}");
    cr_expect_not(strstr(session_of(f, &c, g.id), "alice"), "nobody knows who anybody is");
    cr_expect_not(strstr(session_of(f, &c, g.id), "\"seed\":"));
    send(f, &c, g.id, g.invite[1], "guess", "3");
    body = session_of(f, &c, g.id);
    cr_expect(strstr(body, "\"status\":\"ended\"") && strstr(body, "alice") && strstr(body, "\"seed\":\""));
    cr_expect(strstr(sync_of(f, &c, channel, 0, ""), "private set"), "all is revealed after the end");

    uint64_t serial;
    uint32_t turns;
    struct text error = {0};
    store_settle(f->store);
    cr_assert(store_find(f->store, T(g.id), &serial));
    cr_expect(replay_stored(f->store, f->host, serial, NULL, &turns, &error), "%s", text_cstr(&error));
    cr_expect_eq(turns, 5);
    text_free(&error);
    call_finish(&c);
}

static void indexes(struct fixture *f)
{
    struct call c;
    struct game g;
    call_init(&c);
    start(f, &c, &g);
    for (int i = 0; i < 5; i++) {
        request_reset(&c.request);
        call_wait(&c, arena_chat(f->arena, &c.request, T(g.id), T(g.invite[0]), T(i % 2 ? g.invite[1] : ""),
                                 T("hi \"you\"\n")));
        cr_expect_eq(c.request.status, ANSWER_OK);
    }
    const char *body = sync_of(f, &c, g.id, 4, g.invite[1]);
    cr_expect(strstr(body, "\"index\":4") && strstr(body, "\"index\":5") && !strstr(body, "\"index\":3"));
    cr_expect(strstr(body, "\"count\":2}"));
    cr_expect(strstr(body, "hi \\\"you\\\"\\n"));
    cr_expect(strstr(sync_of(f, &c, g.id, 0, ""), "\"content\":\"\""), "a message to one is redacted for the others");
    request_reset(&c.request);
    call_wait(&c, arena_chat(f->arena, &c.request, T(g.id), T("operator"), T(""), T("I am the operator")));
    cr_expect(strstr(call_body(&c), "RESERVED_NAME"));
    call_finish(&c);
}

static void once_only(struct fixture *f)
{
    struct call c;
    struct game g, h;
    call_init(&c);
    char bodies[2][2048];
    for (int i = 0; i < 2; i++) {
        request_reset(&c.request);
        request_key(&c.request, T("create"), T("k1"), T("psi"));
        call_wait(&c, arena_create(f->arena, &c.request, T("psi"), T("")));
        snprintf(bodies[i], sizeof bodies[i], "%s", call_body(&c));
    }
    cr_expect_str_eq(bodies[0], bodies[1]);
    create(f, &c, &h);
    start(f, &c, &g);
    for (int i = 0; i < 2; i++) {
        request_reset(&c.request);
        request_key(&c.request, T(g.invite[0]), T("k2"), T("1"));
        call_wait(&c, arena_message(f->arena, &c.request, T(g.id), T(g.invite[0]), T("guess"), T("1"), -1));
        cr_expect_str_eq(call_body(&c), "{\"ok\":\"Message sent\"}", "not: guess already made");
    }
    request_reset(&c.request);
    request_key(&c.request, T(g.invite[0]), T("k2"), T("2"));
    call_wait(&c, arena_message(f->arena, &c.request, T(g.id), T(g.invite[0]), T("guess"), T("2"), -1));
    cr_expect_eq(c.request.status, ANSWER_MISUSED_KEY);
    call_finish(&c);
}

/* Memory forgets answers that the store has; who asks again gets them all the same. */
static void many_keys(struct fixture *f)
{
    struct call c;
    char key[16], first[512];
    call_init(&c);
    for (int i = 0; i < 400; i++) {
        snprintf(key, sizeof key, "k%d", i % 399); /* the last one is the first again */
        request_reset(&c.request);
        request_key(&c.request, T("me"), T(key), T("line"));
        call_wait(&c, arena_chat(f->arena, &c.request, T("lobby"), T("me"), T(""), T("line")));
        cr_assert_eq(c.request.status, ANSWER_OK);
        if (i == 0)
            snprintf(first, sizeof first, "%s", call_body(&c));
        if (i % 100 == 99)
            store_settle(f->store);
    }
    cr_expect_str_eq(call_body(&c), first);
    cr_expect(strstr(sync_of(f, &c, "lobby", 399, ""), "\"count\":1}"), "399 lines and no 400th");
    call_finish(&c);
}

static void restart(struct fixture *f)
{
    struct call c;
    struct game g;
    char channel[64], before[8192];
    call_init(&c);
    start(f, &c, &g);
    game_channel(&g, channel);
    send(f, &c, g.id, g.invite[0], "guess", "1 2");
    snprintf(before, sizeof before, "%s", sync_of(f, &c, channel, 0, g.invite[0]));
    store_settle(f->store);
    arena_close(f->arena);
    fixture_arena(f);
    cr_expect_str_eq(sync_of(f, &c, channel, 0, g.invite[0]), before);
    send(f, &c, g.id, g.invite[0], "guess", "1 2");
    cr_expect(strstr(call_body(&c), "DUPLICATE_GUESS"));
    send(f, &c, g.id, g.invite[1], "guess", "5");
    cr_expect(strstr(session_of(f, &c, g.id), "\"status\":\"ended\""));
    request_reset(&c.request);
    call_wait(&c, arena_replay(f->arena, &c.request, T(g.id)));
    cr_expect(strstr(call_body(&c), "\"kind\":\"message\""), "%s", call_body(&c));
    call_finish(&c);
}

static void pruning(struct fixture *f)
{
    struct call c;
    struct game open, active;
    call_init(&c);
    create(f, &c, &open);
    start(f, &c, &active);
    f->now += 10 * 60 * 1000 - 1;
    arena_tick(f->arena);
    store_settle(f->store);
    cr_expect_eq((session_of(f, &c, open.id), c.request.status), ANSWER_OK, "not yet stale");
    f->now += 2;
    for (int i = 0; i < 1000 && (session_of(f, &c, open.id), c.request.status) != ANSWER_UNKNOWN; i++) {
        arena_tick(f->arena);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    cr_expect_eq((session_of(f, &c, open.id), c.request.status), ANSWER_UNKNOWN, "stale");
    cr_expect_eq((session_of(f, &c, active.id), c.request.status), ANSWER_OK, "active ones stay");
    join(f, &c, open.invite[0], "");
    cr_expect(strstr(call_body(&c), "Challenge not found for invite: inv_"));
    call_finish(&c);
}

static void listing(struct fixture *f)
{
    struct call c;
    struct game g[3];
    call_init(&c);
    for (int i = 0; i < 3; i++, f->now++)
        start(f, &c, &g[i]);
    request_reset(&c.request);
    call_wait(&c, arena_list(f->arena, &c.request, T("psi"), T(""), 2, 0));
    const char *body = call_body(&c);
    cr_expect(strstr(body, g[2].id) && strstr(body, g[1].id) && !strstr(body, g[0].id), "newest first: %s", body);
    cr_expect(strstr(body, "\"total\":3,\"limit\":2,\"offset\":0"));
    cr_expect_not(strstr(body, "inv_"), "no invite of a session under way");
    request_reset(&c.request);
    call_wait(&c, arena_list(f->arena, &c.request, T(""), T("ended"), 2, 0));
    cr_expect(strstr(call_body(&c), "\"total\":0"));
    call_finish(&c);
}

static void long_poll(struct fixture *f)
{
    struct call wait, c;
    struct game g;
    call_init(&wait);
    call_init(&c);
    start(f, &c, &g);
    bool answered = arena_sync(f->arena, &wait.request, T(g.id), 1, T(g.invite[1]), 5000);
    cr_expect_not(answered);
    request_reset(&c.request);
    call_wait(&c, arena_chat(f->arena, &c.request, T(g.id), T(g.invite[0]), T(""), T("hello")));
    call_wait(&wait, answered);
    cr_expect(strstr(call_body(&wait), "hello"));
    request_reset(&wait.request);
    answered = arena_sync(f->arena, &wait.request, T(g.id), 2, T(g.invite[1]), 5000);
    cr_expect_not(answered);
    f->now += 5000;
    arena_tick(f->arena);
    call_wait(&wait, answered);
    cr_expect_str_eq(call_body(&wait), "{\"messages\":[],\"count\":0}");
    call_finish(&wait);
    call_finish(&c);
}

static void turn_tokens(struct fixture *f)
{
    struct call c;
    struct game g;
    call_init(&c);
    start(f, &c, &g);
    request_reset(&c.request);
    call_wait(&c, arena_actions(f->arena, &c.request, T(g.id), T(g.invite[0])));
    const char *at = strstr(call_body(&c), "\"turn\":");
    cr_assert(at);
    int64_t token = strtoll(at + 7, NULL, 10);
    request_reset(&c.request);
    call_wait(&c, arena_message(f->arena, &c.request, T(g.id), T(g.invite[0]), T("guess"), T("1"), token + 1));
    cr_expect_eq(c.request.status, ANSWER_CONFLICT);
    cr_expect(strstr(call_body(&c), "STALE_TURN"));
    request_reset(&c.request);
    call_wait(&c, arena_message(f->arena, &c.request, T(g.id), T(g.invite[0]), T("guess"), T("1"), token));
    cr_expect_eq(c.request.status, ANSWER_OK, "%s", call_body(&c));
    call_finish(&c);
}

/* A refused commit leaves nothing behind, and the session goes on from what the store has. */
static void failing_store(struct fixture *f)
{
    struct call c;
    struct game g;
    char channel[64];
    call_init(&c);
    start(f, &c, &g);
    game_channel(&g, channel);
    store_memory_fail(f->store, 1, STORE_FULL);
    send(f, &c, g.id, g.invite[0], "guess", "1 2");
    cr_expect_eq(c.request.status, ANSWER_BUSY);
    cr_expect(strstr(call_body(&c), "STORE_FULL"));
    cr_expect_not(strstr(sync_of(f, &c, channel, 0, g.invite[0]), "sent a guess"));
    send(f, &c, g.id, g.invite[0], "guess", "1 2");
    cr_expect_str_eq(call_body(&c), "{\"ok\":\"Message sent\"}");
    store_memory_fail(f->store, 1, STORE_FAILED);
    request_reset(&c.request);
    call_wait(&c, arena_create(f->arena, &c.request, T("psi"), T("")));
    cr_expect_eq(c.request.status, ANSWER_BUSY);
    call_finish(&c);
}

#define BOTH(name)                                                                                                     \
    Test(core_memory, name, .timeout = 60)                                                                             \
    {                                                                                                                  \
        struct fixture f;                                                                                              \
        open_memory(&f);                                                                                               \
        name(&f);                                                                                                      \
        fixture_close(&f);                                                                                             \
    }                                                                                                                  \
    Test(core_lmdb, name, .timeout = 60)                                                                               \
    {                                                                                                                  \
        struct fixture f;                                                                                              \
        open_lmdb(&f);                                                                                                 \
        name(&f);                                                                                                      \
        fixture_close(&f);                                                                                             \
    }

BOTH(whole_game)
BOTH(indexes)
BOTH(once_only)
BOTH(many_keys)
BOTH(restart)
BOTH(pruning)
BOTH(listing)
BOTH(long_poll)
BOTH(turn_tokens)

Test(core_memory, failing_store, .timeout = 60)
{
    struct fixture f;
    open_memory(&f);
    failing_store(&f);
    fixture_close(&f);
}

/* Pieces of many sizes, of which the oldest go: those that stay are where they were, and as they were. */
Test(core_belt, pieces_stay_where_they_are)
{
    enum { PIECES = 600, LENGTHS = 7 };
    static const size_t lengths[LENGTHS] = {1, 7, 300, 1000, 9000, 70000, 200};
    static char bytes[70000];
    const char *at[PIECES];
    struct belt belt = {0};
    int first = 0;
    for (int i = 0; i < PIECES; i++) {
        memset(bytes, 'a' + i % 26, sizeof bytes);
        at[i] = belt_put(&belt, (arena_text){bytes, lengths[i % LENGTHS]});
        if (i % 50 == 49) {
            first = i - i % 13;
            belt_drop(&belt, at[first]);
        }
        for (int k = first; k <= i; k++) {
            const char *piece = at[k];
            cr_assert_eq(piece[0], 'a' + k % 26);
            cr_assert_eq(piece[lengths[k % LENGTHS] - 1], 'a' + k % 26);
        }
    }
    belt_drop(&belt, NULL);
    cr_expect(!belt.oldest && !belt.newest);
}
