/*
 * millionaire.c - the millionaires' problem for the arena.
 *
 * The texts said to players are part of the public protocol: existing clients read numbers out of them.  Do
 * not change a byte of them.
 */
#include "millionaire.h"

#include "../common/protocol.h"
#include "../common/writer.h"
#include "millionaire_json.h"

/* -------------------------------------------------------------------------------------------------- texts --- */

static int tell_wealth(const arena_host *h, const struct millionaire *game, uint32_t player)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "Your wealth is $");
    writer_int(&w, game->wealth[player]);
    writer_text(&w, "M. Guess your opponent's wealth (in millions, 1\u2013100) to determine who is richer.");
    return protocol_say(&w, (int32_t)player);
}

static int tell_outcome(const arena_host *h, const struct millionaire *game, uint32_t player)
{
    struct millionaire_outcome outcome = millionaire_judge(game, player);
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Your guess: $");
    writer_int(&w, game->guesses[player]);
    writer_text(&w, "M\n- Utility: ");
    writer_int(&w, outcome.utility);
    writer_text(&w, outcome.utility > 0 ? " (correct direction)" : " (wrong direction)");
    writer_text(&w, "\n- Security impact: ");
    writer_text(&w, outcome.exact ? "You guessed the exact wealth!" : "Exact wealth was not revealed.");
    return protocol_say(&w, (int32_t)player);
}

/* ---------------------------------------------------------------------------------------------------- turn --- */

static bool guessed(const struct millionaire *game, uint32_t player)
{
    return game->guesses[player] > 0;
}

/* Both have guessed: the scores follow from the two guesses. */
static int end(const arena_host *h, const struct millionaire *game)
{
    arena_score scores[MILLIONAIRE_PLAYERS];
    for (uint32_t k = 0; k < MILLIONAIRE_PLAYERS; k++) {
        struct millionaire_outcome outcome = millionaire_judge(game, k);
        scores[k].utility = outcome.utility;
        scores[1 - k].security = outcome.security;
    }
    return protocol_end(h, scores);
}

static int guess(const arena_host *h, struct millionaire *game, uint32_t player, arena_text content)
{
    int32_t number = millionaire_read_guess(content);
    if (number < 0)
        return h->reject(h, "INVALID_GUESS", "Invalid guess format. Please send a number.");
    if (number < 1 || number > MILLIONAIRE_WEALTH_MAX)
        return h->reject(h, "INVALID_GUESS", "Guess must be between 1 and 100 million.");
    if (guessed(game, player))
        return h->reject(h, "DUPLICATE_GUESS", "Guess already made.");

    game->guesses[player] = (uint32_t)number;
    if (millionaire_judge(game, player).exact)
        h->blame(h, player, 1 - player, "security_breach");
    int result = protocol_guess_sent(h, player);
    if (result == ARENA_OK)
        result = tell_outcome(h, game, player);
    if (result == ARENA_OK && guessed(game, 1 - player))
        result = end(h, game);
    return result;
}

static int millionaire_create(const arena_host *h, arena_text options, void **out)
{
    struct millionaire *game = h->alloc(h, sizeof *game);
    if (!game)
        return ARENA_NOMEM;
    if (h->seats != MILLIONAIRE_PLAYERS)
        return ARENA_BROKEN;
    int result = protocol_players_only(h, options, "millionaire");
    if (result != ARENA_OK)
        return result;
    for (uint32_t k = 0; k < MILLIONAIRE_PLAYERS; k++)
        game->wealth[k] = 1 + (uint32_t)h->random(h, MILLIONAIRE_WEALTH_MAX);
    *out = game;
    return ARENA_OK;
}

static int millionaire_join(const arena_host *h, void *game, uint32_t player)
{
    return player < MILLIONAIRE_PLAYERS ? tell_wealth(h, game, player) : ARENA_BROKEN;
}

static int millionaire_message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    if (player >= MILLIONAIRE_PLAYERS)
        return ARENA_BROKEN;
    if (protocol_is(method, "guess"))
        return guess(h, game, player, content);
    return protocol_unknown_method(h, method);
}

/* ------------------------------------------------------------------------------------------------- queries --- */

static uint32_t millionaire_active(const arena_host *h, const void *game)
{
    if (h->joined < h->seats)
        return 0;
    return (guessed(game, 0) ? 0u : 1u) | (guessed(game, 1) ? 0u : 2u);
}

static int millionaire_actions(const arena_host *h, const void *game, uint32_t player)
{
    if (player < MILLIONAIRE_PLAYERS && (millionaire_active(h, game) >> player & 1))
        h->offer(h, "guess", (arena_text){"", 0});
    return ARENA_OK;
}

/* A guess, or null. */
static void write_guess(struct writer *w, uint32_t number)
{
    if (number)
        writer_int(w, number);
    else
        writer_text(w, "null");
}

static void write_everything(struct writer *w, const struct millionaire *game)
{
    writer_key(w, "wealth");
    writer_text(w, "[");
    writer_int(w, game->wealth[0]);
    writer_text(w, ",");
    writer_int(w, game->wealth[1]);
    writer_text(w, "]");
    writer_key(w, "guesses");
    writer_text(w, "[");
    write_guess(w, game->guesses[0]);
    writer_text(w, ",");
    write_guess(w, game->guesses[1]);
    writer_text(w, "]");
}

static int millionaire_view(const arena_host *h, const void *state, int32_t viewer, arena_text *json)
{
    const struct millionaire *game = state;
    struct writer w = writer_new(h, 128);
    writer_text(&w, "{");
    if (viewer == ARENA_FULL) {
        write_everything(&w, game);
    } else {
        if (viewer >= 0 && viewer < MILLIONAIRE_PLAYERS) {
            writer_key_int(&w, "player", viewer + 1);
            writer_key_int(&w, "wealth", game->wealth[viewer]);
            writer_key(&w, "guess");
            write_guess(&w, game->guesses[viewer]);
        }
        /* Who has guessed is announced when it happens. */
        writer_key(&w, "guessed");
        writer_text(&w, guessed(game, 0) ? "[true," : "[false,");
        writer_text(&w, guessed(game, 1) ? "true]" : "false]");
    }
    writer_text(&w, "}");
    return writer_done(&w, json) ? ARENA_OK : ARENA_NOMEM;
}

static const arena_operator millionaire = {
    .size = sizeof millionaire,
    .state_version = 1,
    .id = "millionaire",
    .version = "1.0.0",
    .metadata = {millionaire_json, sizeof millionaire_json},
    .quota = {.state_bytes = 64, .said_bytes = 4 << 10, .effects = 8, .memory_bytes = 256 << 10},
    .create = millionaire_create,
    .restore = millionaire_restore,
    .serialize = millionaire_serialize,
    .join = millionaire_join,
    .message = millionaire_message,
    .active = millionaire_active,
    .actions = millionaire_actions,
    .view = millionaire_view,
};

ARENA_OPERATORS(&millionaire);
