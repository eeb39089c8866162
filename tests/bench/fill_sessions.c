/*
 * fill_sessions DIR COUNT USERS - a data folder with COUNT ended sessions of "millionaire" between USERS users, as a
 * server would have left them, for the figures about large stores.  Messages and journals are left out: lists, boards
 * and histories read heads only.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/session.h"

enum { AHEAD = 4096 };

struct one {
    struct commit commit;
    struct text record;
    arena_text tags[2], names[2];
    char id[ID_CHARS + 1], users[2][32], invites[2][HANDLE_MAX];
    bool busy;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t freed = PTHREAD_COND_INITIALIZER;
static struct one ring[AHEAD];

static uint64_t random_state = 88172645463325252u;

static uint64_t draw(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

static void done(struct commit *commit, enum store_result result)
{
    struct one *one = commit->owner;
    if (result != STORE_OK) {
        fprintf(stderr, "the store failed\n");
        exit(1);
    }
    pthread_mutex_lock(&lock);
    one->busy = false;
    pthread_cond_signal(&freed);
    pthread_mutex_unlock(&lock);
}

static void make_id(char *out)
{
    uint64_t a = draw(UINT64_MAX), b = draw(UINT64_MAX);
    snprintf(out, ID_CHARS + 1, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)a, (unsigned)(a >> 32 & 0xffff),
             (unsigned)(a >> 48 & 0xfff), (unsigned)(b & 0xfff), (unsigned long long)(b >> 16));
}

static void make_record(struct one *one, uint64_t number, int64_t at_ms)
{
    struct session *session = session_new(NULL, number, text_of(one->id));
    session->type = strdup("millionaire");
    text_puts(&session->version, "1.0.0");
    session_seats(session, 2);
    session->status = STATUS_ENDED;
    session->created_ms = session->activity_ms = session->completed_ms = at_ms;
    session->joined = 2;
    session->turn = session->inputs = 5;
    session->invite_count = 2;
    for (int i = 0; i < 2; i++) {
        snprintf(session->seat[i].handle, HANDLE_MAX, "%s", one->invites[i]);
        snprintf(session->invite[i].code, HANDLE_MAX, "%s", one->invites[i]);
        session->seat[i].user = strdup(one->users[i]);
        session->seat[i].taken = session->invite[i].used = true;
        session->scores[i] = (arena_score){draw(10) ? 1 : -1, draw(2) ? 1 : -1};
    }
    text_put(&session->state, "0123456789abcdef0123456789abcdef", 32);
    text_clear(&one->record);
    record_encode(session, &one->record);
    session_put(session);
}

static void submit(struct store *store, struct one *one, uint64_t number, uint64_t users)
{
    int64_t at_ms = 1700000000000 + (int64_t)number * 20;
    make_id(one->id);
    uint64_t first = draw(users), second = (first + 1 + draw(users - 1)) % users;
    snprintf(one->users[0], sizeof one->users[0], "user-%06llu", (unsigned long long)first);
    snprintf(one->users[1], sizeof one->users[1], "user-%06llu", (unsigned long long)second);
    for (int i = 0; i < 2; i++) {
        snprintf(one->invites[i], HANDLE_MAX, "inv_");
        make_id(one->invites[i] + 4);
        one->tags[i] = text_of(one->users[i]);
        one->names[i] = text_of(one->invites[i]);
    }
    make_record(one, number, at_ms);
    one->commit = (struct commit){
        .session = number,
        .record = text_slice(&one->record),
        .id = text_of(one->id),
        .type = ARENA_TEXT("millionaire"),
        .status = STATUS_ENDED,
        .created_ms = at_ms,
        .name_count = 2,
        .names = one->names,
        .end_number = number,
        .tag_count = 2,
        .tags = one->tags,
        .done = done,
        .owner = one,
    };
    store_submit(store, &one->commit);
}

int main(int argc, char **argv)
{
    char error[256] = "";
    if (argc != 4 || atoll(argv[2]) < 1 || atoll(argv[3]) < 2) {
        fprintf(stderr, "usage: fill_sessions DIR COUNT USERS\n");
        return 2;
    }
    struct store *store = store_open_lmdb(&(struct store_config){.dir = argv[1]}, error, sizeof error);
    if (!store) {
        fprintf(stderr, "%s: %s\n", argv[1], error);
        return 1;
    }
    uint64_t count = (uint64_t)atoll(argv[2]), users = (uint64_t)atoll(argv[3]);
    for (uint64_t number = 1; number <= count; number++) {
        struct one *one = &ring[number % AHEAD];
        pthread_mutex_lock(&lock);
        while (one->busy)
            pthread_cond_wait(&freed, &lock);
        one->busy = true;
        pthread_mutex_unlock(&lock);
        submit(store, one, number, users);
        if (number % 100000 == 0)
            fprintf(stderr, "%llu sessions\n", (unsigned long long)number);
    }
    store_close(store);
    return 0;
}
