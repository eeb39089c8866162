/*
 * stress_core.c - many threads play psi on one arena: both seats of a session move at the same instant, others read.
 *
 * A program of its own, so that ThreadSanitizer can watch it. Usage: stress_core [THREADS] [ROUNDS]; the store is LMDB.
 * Every session must end with both guesses counted once, its indexes gapless, its journal replayable.
 */
#define FIXTURE_PLAIN
#include "core_fixture.h"

#include <stdatomic.h>

static struct fixture fixture;
static int rounds = 50;
static atomic_bool over;

static arena_text T(const char *s)
{
    return text_of(s);
}

struct player {
    pthread_t thread;
    pthread_barrier_t *barrier;
    char id[48], invite[48];
};

static void *guess(void *arg)
{
    struct player *player = arg;
    struct call c;
    call_init(&c);
    pthread_barrier_wait(player->barrier);
    call_wait(&c,
              arena_message(fixture.arena, &c.request, T(player->id), T(player->invite), T("guess"), T("1 2 3"), -1));
    fixture_check(c.request.status == ANSWER_OK);
    call_finish(&c);
    return NULL;
}

/* Indexes 1, 2, 3, ... in the order of the answer. */
static void check_indexes(const char *body)
{
    int expected = 1;
    for (const char *at = body; (at = strstr(at, "\"index\":")); at += 8)
        fixture_check(atoi(at + 8) == expected++);
    fixture_check(expected > 5);
}

static void check_ended(struct call *c, const char *id)
{
    char channel[64];
    request_reset(&c->request);
    call_wait(c, arena_session(fixture.arena, &c->request, T(id)));
    fixture_check(strstr(call_body(c), "\"status\":\"ended\""));
    snprintf(channel, sizeof channel, "challenge_%s", id);
    request_reset(&c->request);
    call_wait(c, arena_sync(fixture.arena, &c->request, T(channel), 0, T(""), 0));
    check_indexes(call_body(c));
}

static void play(struct call *c)
{
    struct player player[2];
    pthread_barrier_t barrier;
    request_reset(&c->request);
    call_wait(c, arena_create(fixture.arena, &c->request, T("psi"), T("")));
    fixture_check(c->request.status == ANSWER_OK);
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        player[i].barrier = &barrier;
        fixture_check(body_string(call_body(c), "id", player[i].id, sizeof player[i].id));
        fixture_check(body_invite(call_body(c), i, player[i].invite));
    }
    for (int i = 0; i < 2; i++) {
        request_reset(&c->request);
        call_wait(c, arena_join(fixture.arena, &c->request, T(player[i].invite), T("")));
        fixture_check(c->request.status == ANSWER_OK);
    }
    for (int i = 0; i < 2; i++)
        pthread_create(&player[i].thread, NULL, guess, &player[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(player[i].thread, NULL);
    pthread_barrier_destroy(&barrier);
    check_ended(c, player[0].id);
}

static void *player_thread(void *arg)
{
    (void)arg;
    struct call c;
    call_init(&c);
    for (int i = 0; i < rounds; i++)
        play(&c);
    call_finish(&c);
    return NULL;
}

/* Chats on one lobby and polls it, lists, and lets the clock run. */
static void *bystander_thread(void *arg)
{
    (void)arg;
    struct call c, poll;
    call_init(&c);
    call_init(&poll);
    for (uint32_t index = 1; !atomic_load(&over); index++) {
        request_reset(&poll.request);
        bool answered = arena_sync(fixture.arena, &poll.request, T("lobby"), index, T(""), 60000);
        request_reset(&c.request);
        call_wait(&c, arena_chat(fixture.arena, &c.request, T("lobby"), T("me"), T(""), T("hello")));
        fixture_check(c.request.status == ANSWER_OK);
        call_wait(&poll, answered);
        fixture_check(strstr(call_body(&poll), "hello"));
        request_reset(&c.request);
        call_wait(&c, arena_list(fixture.arena, &c.request, T("psi"), T(""), 5, 0));
        arena_tick(fixture.arena);
    }
    call_finish(&c);
    call_finish(&poll);
    return NULL;
}

static void replay_all(void)
{
    struct text error = {0};
    for (uint64_t serial = 1; serial <= fixture.store->last_session + 100000; serial++) {
        struct pool pool;
        arena_text record;
        uint32_t turns;
        pool_init(&pool, 0);
        bool there = store_record(fixture.store, serial, &pool, &record);
        pool_finish(&pool);
        if (!there)
            continue;
        if (!replay_stored(fixture.store, fixture.host, serial, NULL, &turns, &error)) {
            fprintf(stderr, "session %llu: %s\n", (unsigned long long)serial, text_cstr(&error));
            abort();
        }
    }
    text_free(&error);
}

int main(int argc, char **argv)
{
    enum { THREADS_MAX = 64 };
    pthread_t threads[THREADS_MAX], bystander;
    int count = argc > 1 ? atoi(argv[1]) : 8;
    rounds = argc > 2 ? atoi(argv[2]) : 50;
    char dir[] = "/tmp/arena-stress-XXXXXX", error[256], command[300];
    if (count < 1 || count > THREADS_MAX || !mkdtemp(dir))
        return 2;
    struct store *store = store_open_lmdb(&(struct store_config){.dir = dir}, error, sizeof error);
    fixture_check(store);
    fixture_open(&fixture, store);
    pthread_create(&bystander, NULL, bystander_thread, NULL);
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, player_thread, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&over, true);
    pthread_join(bystander, NULL);
    store_settle(store);
    replay_all();
    fixture_close(&fixture);
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        return 1;
    printf("%d sessions by %d threads: all ended, gapless, replayed\n", count * rounds, count);
    return 0;
}
