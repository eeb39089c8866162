/* replay.c - the journal read back, and a stored session played again from it. */
#include <sodium.h>
#include <string.h>

#include "core/session.h"

/* The counterpart of journal_entry. */
bool journal_decode(arena_text bytes, struct journal *entry)
{
    enum { HEAD = 1 + 4 + 8 + 16 };
    if (bytes.len < HEAD)
        return false;
    const char *at = bytes.ptr + HEAD, *end = bytes.ptr + bytes.len;
    entry->kind = (enum turn_kind)(uint8_t)bytes.ptr[0];
    memcpy(&entry->player, bytes.ptr + 1, 4);
    memcpy(&entry->now_ms, bytes.ptr + 5, 8);
    memcpy(entry->digest, bytes.ptr + 13, 16);
    arena_text *parts[] = {&entry->method, &entry->content, &entry->handle};
    for (int i = 0; i < 3; i++) {
        uint32_t len;
        if (end - at < 4)
            return false;
        memcpy(&len, at, 4);
        at += 4;
        if ((size_t)(end - at) < len)
            return false;
        *parts[i] = (arena_text){at, len};
        at += len;
    }
    return at == end && entry->kind <= TURN_TIMER;
}

/* A game as the journal unrolls it. */
struct game {
    struct turn turn;
    struct text state;
    uint32_t state_version, joined;
    arena_text handles[ARENA_SEATS_MAX]; /* in the session's record */
    const struct replay_ear *ear;        /* or NULL */
};

static bool play_entry(struct game *game, const struct session *session, const struct journal *entry, uint32_t number,
                       struct text *error)
{
    struct turn *turn = &game->turn;
    if (entry->kind == TURN_JOIN && entry->player >= 0 && (uint32_t)entry->player < session->seats) {
        game->handles[entry->player] = text_of(session->seat[entry->player].handle);
        game->joined++;
    }
    turn->request = (struct turn_request){.kind = entry->kind,
                                          .player = entry->player,
                                          .seats = session->seats,
                                          .joined = game->joined,
                                          .turn = number,
                                          .now_ms = entry->now_ms,
                                          .state_version = game->state_version,
                                          .state = text_slice(&game->state),
                                          .method = entry->method,
                                          .content = entry->content,
                                          .data = text_slice(&session->data)};
    memcpy(turn->request.seed, session->seed, sizeof session->seed);
    memcpy(turn->request.handles, game->handles, sizeof game->handles);
    turn->op = session->op;
    pool_reset(&turn->pool);
    struct text options = {0};
    if (entry->kind == TURN_CREATE && !session->data.len)
        turn->request.content = host_data_before(turn->op, entry->content, &options);
    host_run_wait(turn);
    text_free(&options);
    if (turn->reply.outcome != TURN_OK) {
        text_printf(error, "turn %u did not go through this time: %.*s", number, (int)turn->reply.reason.len,
                    turn->reply.reason.ptr ? turn->reply.reason.ptr : "");
        return false;
    }
    uint8_t digest[16];
    arena_text state = turn->reply.state;
    crypto_generichash(digest, sizeof digest, (const unsigned char *)state.ptr, state.len, NULL, 0);
    if (memcmp(digest, entry->digest, sizeof digest) != 0) {
        text_printf(error, "turn %u gave another state than the one that was stored", number);
        return false;
    }
    if (game->ear && game->ear->played)
        game->ear->played(game->ear->ctx, &turn->reply);
    text_clear(&game->state);
    text_put_text(&game->state, state);
    game->state_version = turn->reply.state_version;
    return true;
}

/* Creating the game has given these seats to the house. */
static void seat_houses(struct game *game, const struct session *session)
{
    for (uint32_t i = 0; i < session->seats; i++)
        if (session->seat[i].house) {
            game->handles[i] = text_of(session->seat[i].handle);
            game->joined++;
        }
}

static bool play_journal(struct store *store, const struct session *session, struct game *game, uint32_t *turns,
                         struct text *error)
{
    struct pool pool;
    pool_init(&pool, 0);
    bool good = true;
    for (*turns = 0; good && *turns < session->inputs; ++*turns) {
        arena_text bytes;
        struct journal entry;
        pool_reset(&pool);
        if (store_inputs(store, session->serial, *turns, 1, &pool, &bytes) != 1 || !journal_decode(bytes, &entry)) {
            text_printf(error, "entry %u of the journal is missing or damaged", *turns);
            good = false;
            break;
        }
        good = play_entry(game, session, &entry, *turns, error);
        if (entry.kind == TURN_CREATE)
            seat_houses(game, session);
    }
    pool_finish(&pool);
    if (good && !text_equal(text_slice(&game->state), text_slice(&session->state))) {
        text_printf(error, "the journal ends in another state than the session has");
        good = false;
    }
    return good;
}

bool replay_stored(struct store *store, struct host *host, uint64_t serial, const struct replay_ear *ear,
                   uint32_t *turns, struct text *error)
{
    struct pool pool;
    arena_text record;
    *turns = 0;
    text_clear(error);
    pool_init(&pool, 0);
    struct session *session = NULL;
    bool found = store_record(store, serial, &pool, &record), is_book = found && !record.len;
    if (found && !is_book)
        session = record_decode(NULL, serial, record);
    bool good = session != NULL || is_book;
    if (!good) {
        text_printf(error, "there is no session %llu, or its record is damaged", (unsigned long long)serial);
    } else if (session && !session->lobby) {
        session->op = host_find(host, text_of(session->type));
        if (!session->op) {
            text_printf(error, "the operator %s is not loaded", session->type);
            good = false;
        } else {
            struct game game = {.ear = ear};
            game.turn.record = ear ? ear->record : NULL;
            pool_init(&game.turn.pool, 0);
            good = play_journal(store, session, &game, turns, error);
            turn_finish(&game.turn);
            text_free(&game.state);
        }
    }
    pool_finish(&pool);
    session_put(session);
    return good;
}
