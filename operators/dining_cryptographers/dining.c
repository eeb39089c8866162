/*
 * dining.c - the dining cryptographers for the arena.
 *
 * The texts said to players are part of the public protocol: existing clients read names out of them.  Do not
 * change a byte of them.
 */
#include "dining.h"

#include "../common/protocol.h"
#include "../common/writer.h"
#include "dining_json.h"

/* -------------------------------------------------------------------------------------------------- texts --- */

static void write_handle(struct writer *w, uint32_t player)
{
    arena_text handle = w->h->handle(w->h, player);
    writer_bytes(w, handle.ptr, handle.len);
}

static void write_diners(struct writer *w)
{
    for (uint32_t k = 0; k < DINING_PLAYERS; k++) {
        writer_text(w, k ? ", " : "");
        write_handle(w, k);
    }
}

static int tell_start(const arena_host *h)
{
    struct writer w = writer_new(h, 512);
    writer_text(&w, "All diners have arrived: ");
    write_diners(&w);
    writer_text(&w, ".\n\nThe bill has been paid \u2014 but by whom? Submit your guess.");
    return protocol_say(&w, ARENA_ALL);
}

static int tell_guess(const arena_host *h, uint32_t player)
{
    struct writer w = writer_new(h, 128);
    write_handle(&w, player);
    writer_text(&w, " has submitted their guess.");
    return protocol_say(&w, ARENA_ALL);
}

static void write_guess(struct writer *w, uint32_t guess)
{
    switch (guess) {
    case DINING_EXTERNAL: writer_text(w, "external"); return;
    case DINING_INTERNAL: writer_text(w, "internal (unnamed diner)"); return;
    case DINING_UNKNOWN: writer_text(w, "unknown"); return;
    default: write_handle(w, guess - DINING_DINER);
    }
}

static int tell_bill(const arena_host *h, const struct dining *game)
{
    struct writer w = writer_new(h, 512);
    writer_text(&w, "The bill was paid by ");
    if (game->payer < DINING_PLAYERS)
        write_handle(&w, game->payer);
    else
        writer_text(&w, "an external party");
    writer_text(&w, ".\n");
    for (uint32_t k = 0; k < DINING_PLAYERS; k++) {
        writer_text(&w, "\n- ");
        write_handle(&w, k);
        writer_text(&w, ": guessed ");
        write_guess(&w, game->guesses[k]);
    }
    return protocol_say(&w, ARENA_ALL);
}

/* ---------------------------------------------------------------------------------------------------- turn --- */

/* All have guessed: the scores follow from the guesses. */
static int end(const arena_host *h, const struct dining *game)
{
    arena_score scores[DINING_PLAYERS];
    dining_score(game, scores);
    for (uint32_t k = 0; k < DINING_PLAYERS && dining_exposed(game); k++)
        if (k != game->payer)
            h->blame(h, k, game->payer, "security_breach");
    int result = tell_bill(h, game);
    return result == ARENA_OK ? protocol_end(h, scores) : result;
}

static int refuse_guess(const arena_host *h)
{
    struct writer w = writer_new(h, 512);
    writer_text(&w, "Invalid guess. Send \"external\", \"internal\", \"unknown\", or a valid invite code (");
    write_diners(&w);
    writer_text(&w, ").");
    return h->reject(h, "INVALID_GUESS", writer_cstring(&w));
}

static int guess(const arena_host *h, struct dining *game, uint32_t player, arena_text content)
{
    if (game->guesses[player] != DINING_NONE)
        return h->reject(h, "DUPLICATE_GUESS", "You have already submitted a guess.");
    game->guesses[player] = dining_read_guess(h, content);
    if (game->guesses[player] == DINING_NONE)
        return refuse_guess(h);
    int result = tell_guess(h, player);
    return result == ARENA_OK && dining_over(game) ? end(h, game) : result;
}

static int dining_create(const arena_host *h, arena_text options, void **out)
{
    struct dining *game = h->alloc(h, sizeof *game);
    if (!game)
        return ARENA_NOMEM;
    if (h->seats != DINING_PLAYERS)
        return ARENA_BROKEN;
    int result = protocol_players_only(h, options, "dining-cryptographers");
    if (result != ARENA_OK)
        return result;
    game->payer = (uint32_t)h->random(h, DINING_PLAYERS + 1);
    *out = game;
    return ARENA_OK;
}

static int dining_join(const arena_host *h, void *state, uint32_t player)
{
    const struct dining *game = state;
    if (player >= DINING_PLAYERS)
        return ARENA_BROKEN;
    h->say(h, (int32_t)player,
           game->payer == player ? ARENA_TEXT("You paid the bill.") : ARENA_TEXT("You did not pay the bill."));
    return h->joined == h->seats ? tell_start(h) : ARENA_OK;
}

static int dining_message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    if (player >= DINING_PLAYERS)
        return ARENA_BROKEN;
    if (protocol_is(method, "guess"))
        return guess(h, game, player, content);
    return protocol_unknown_method(h, method);
}

/* ------------------------------------------------------------------------------------------------- queries --- */

static uint32_t dining_active(const arena_host *h, const void *state)
{
    const struct dining *game = state;
    uint32_t mask = 0;
    for (uint32_t k = 0; k < DINING_PLAYERS && h->joined == h->seats; k++)
        mask |= game->guesses[k] == DINING_NONE ? 1u << k : 0;
    return mask;
}

static int dining_actions(const arena_host *h, const void *game, uint32_t player)
{
    if (player >= DINING_PLAYERS || !(dining_active(h, game) >> player & 1))
        return ARENA_OK;
    h->offer(h, "guess", ARENA_TEXT("external"));
    h->offer(h, "guess", ARENA_TEXT("internal"));
    h->offer(h, "guess", ARENA_TEXT("unknown"));
    for (uint32_t k = 0; k < DINING_PLAYERS; k++)
        h->offer(h, "guess", h->handle(h, k));
    return ARENA_OK;
}

/* As it was sent, or null. */
static void write_sent(struct writer *w, uint32_t guess)
{
    static const char *const words[DINING_DINER] = {"null", "\"external\"", "\"internal\"", "\"unknown\""};
    if (guess < DINING_DINER) {
        writer_text(w, words[guess]);
        return;
    }
    arena_text handle = w->h->handle(w->h, guess - DINING_DINER);
    writer_quoted(w, handle.ptr, handle.len);
}

static void write_everything(struct writer *w, const struct dining *game)
{
    writer_key(w, "payer");
    if (game->payer < DINING_PLAYERS)
        writer_int(w, game->payer);
    else
        writer_text(w, "\"external\"");
    writer_key(w, "guesses");
    writer_text(w, "[");
    for (uint32_t k = 0; k < DINING_PLAYERS; k++) {
        writer_next(w);
        write_sent(w, game->guesses[k]);
    }
    writer_text(w, "]");
}

/* Who has guessed is announced when it happens. */
static void write_public(struct writer *w, const struct dining *game)
{
    writer_key(w, "guessed");
    writer_text(w, "[");
    for (uint32_t k = 0; k < DINING_PLAYERS; k++) {
        writer_next(w);
        writer_text(w, game->guesses[k] != DINING_NONE ? "true" : "false");
    }
    writer_text(w, "]");
}

static int dining_view(const arena_host *h, const void *state, int32_t viewer, arena_text *json)
{
    const struct dining *game = state;
    struct writer w = writer_new(h, 256);
    writer_text(&w, "{");
    if (viewer == ARENA_FULL) {
        write_everything(&w, game);
    } else {
        if (viewer >= 0 && viewer < DINING_PLAYERS) {
            writer_key_int(&w, "player", viewer + 1);
            writer_key_bool(&w, "paid", game->payer == (uint32_t)viewer);
            writer_key(&w, "guess");
            write_sent(&w, game->guesses[viewer]);
        }
        write_public(&w, game);
    }
    writer_text(&w, "}");
    return writer_done(&w, json) ? ARENA_OK : ARENA_NOMEM;
}

static const arena_operator dining = {
    .size = sizeof dining,
    .state_version = 1,
    .id = "dining-cryptographers",
    .version = "1.0.0",
    .metadata = {dining_json, sizeof dining_json},
    .quota = {.state_bytes = 64, .said_bytes = 8 << 10, .effects = 8, .memory_bytes = 256 << 10},
    .create = dining_create,
    .restore = dining_restore,
    .serialize = dining_serialize,
    .join = dining_join,
    .message = dining_message,
    .active = dining_active,
    .actions = dining_actions,
    .view = dining_view,
};

ARENA_OPERATORS(&dining);
