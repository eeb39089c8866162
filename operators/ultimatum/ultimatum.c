/*
 * ultimatum.c - the ultimatum game for the arena.
 *
 * The texts said to players are part of the public protocol: existing clients read numbers out of them.  Do
 * not change a byte of them.
 */
#include "ultimatum.h"

#include "../common/protocol.h"
#include "../common/writer.h"
#include "ultimatum_json.h"

/* -------------------------------------------------------------------------------------------------- texts --- */

static int tell_reservation(const arena_host *h, const struct ultimatum *game, uint32_t player)
{
    struct writer w = writer_new(h, 160);
    writer_text(&w, "Your private reservation value is: ");
    writer_int(&w, game->reservations[player]);
    writer_text(&w, ". This is the minimum share you need for a worthwhile deal. Do not reveal it.");
    return protocol_say(&w, (int32_t)player);
}

/* "Player 1's turn. (Round 1/10)" */
static void write_turn(struct writer *w, const struct ultimatum *game)
{
    writer_text(w, "Player ");
    writer_int(w, ultimatum_player(game) + 1);
    writer_text(w, "'s turn. (Round ");
    writer_int(w, ultimatum_round(game));
    writer_text(w, "/");
    writer_int(w, game->rounds);
    writer_text(w, ")");
}

static int tell_start(const arena_host *h, const struct ultimatum *game)
{
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Ultimatum game started!\n- Total to split: ");
    writer_int(&w, game->total);
    writer_text(&w, "\n- Players: ");
    writer_int(&w, ULTIMATUM_PLAYERS);
    writer_text(&w, "\n- Max rounds: ");
    writer_int(&w, game->rounds);
    writer_text(&w, "\n- Turn order: round_robin\n\n");
    write_turn(&w, game);
    return protocol_say(&w, ARENA_ALL);
}

/* What the player whose turn it is does. */
static int tell_deed(const arena_host *h, const struct ultimatum *game, const char *deed)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "Player ");
    writer_int(&w, ultimatum_player(game) + 1);
    writer_text(&w, deed);
    return protocol_say(&w, ARENA_ALL);
}

static int tell_offer(const arena_host *h, const struct ultimatum *game)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "Player ");
    writer_int(&w, game->proposer + 1);
    writer_text(&w, " proposes: ");
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++) {
        writer_text(&w, k ? ", Player " : "Player ");
        writer_int(&w, k + 1);
        writer_text(&w, ": ");
        writer_int(&w, game->offer[k]);
    }
    return protocol_say(&w, ARENA_ALL);
}

static int tell_agreement(const arena_host *h, const struct ultimatum *game)
{
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Agreement reached!\n");
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++) {
        writer_text(&w, "\nPlayer ");
        writer_int(&w, k + 1);
        writer_text(&w, ": receives ");
        writer_int(&w, game->offer[k]);
        writer_text(&w, " (reservation: ");
        writer_int(&w, game->reservations[k]);
        writer_text(&w, ", surplus: ");
        writer_int(&w, (int64_t)game->offer[k] - game->reservations[k]);
        writer_text(&w, ")");
    }
    return protocol_say(&w, ARENA_ALL);
}

/* ---------------------------------------------------------------------------------------------------- turn --- */

static bool over(const struct ultimatum *game)
{
    return ultimatum_agreed(game) || ultimatum_deadlocked(game);
}

static int end(const arena_host *h, const struct ultimatum *game)
{
    arena_score scores[ULTIMATUM_PLAYERS];
    ultimatum_score(game, scores);
    return protocol_end(h, scores);
}

/* The next turn, or the end when there is none. */
static int advance(const arena_host *h, struct ultimatum *game)
{
    struct writer w = writer_new(h, 128);
    game->turns++;
    if (ultimatum_deadlocked(game))
        writer_text(&w, "Deadlock! Maximum rounds reached with no agreement. All players receive 0.");
    else
        write_turn(&w, game);
    int result = protocol_say(&w, ARENA_ALL);
    return result == ARENA_OK && ultimatum_deadlocked(game) ? end(h, game) : result;
}

static int refuse_count(const arena_host *h, const struct ultimatum *game)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "Offer must specify ");
    writer_int(&w, ULTIMATUM_PLAYERS);
    writer_text(&w, " amounts (one per player), e.g. \"60 40\". Amounts must sum to ");
    writer_int(&w, game->total);
    writer_text(&w, ".");
    return h->reject(h, "INVALID_OFFER", writer_cstring(&w));
}

static int refuse_sum(const arena_host *h, const struct ultimatum *game, double sum)
{
    struct writer w = writer_new(h, 128);
    writer_text(&w, "Amounts must sum to ");
    writer_int(&w, game->total);
    writer_text(&w, ", but got ");
    writer_number(&w, sum);
    writer_text(&w, ".");
    return h->reject(h, "INVALID_OFFER_SUM", writer_cstring(&w));
}

static int refuse_turn(const arena_host *h, const struct ultimatum *game)
{
    struct writer w = writer_new(h, 64);
    writer_text(&w, "It's Player ");
    writer_int(&w, ultimatum_player(game) + 1);
    writer_text(&w, "'s turn, not yours.");
    return h->reject(h, "NOT_YOUR_TURN", writer_cstring(&w));
}

static int submit_offer(const arena_host *h, struct ultimatum *game, uint32_t player, arena_text content)
{
    double amounts[ULTIMATUM_PLAYERS + 1], sum = 0;
    if (ultimatum_read_offer(content, amounts) != ULTIMATUM_PLAYERS)
        return refuse_count(h, game);
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++)
        sum += amounts[k];
    if (sum != game->total)
        return refuse_sum(h, game, sum);

    game->offered = true;
    game->proposer = player;
    game->accepted = 1u << player;
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++)
        game->offer[k] = (uint32_t)amounts[k];
    int result = tell_offer(h, game);
    return result == ARENA_OK ? advance(h, game) : result;
}

static int accept_offer(const arena_host *h, struct ultimatum *game, uint32_t player, arena_text content)
{
    (void)content;
    if (!game->offered)
        return h->reject(h, "NO_OFFER", "No offer on the table to accept.");
    if (game->proposer == player)
        return h->reject(h, "CANNOT_ACCEPT_OWN", "You cannot accept your own offer.");

    game->accepted |= 1u << player;
    int result = tell_deed(h, game, " accepts the offer.");
    if (result != ARENA_OK)
        return result;
    if (!ultimatum_agreed(game))
        return advance(h, game);
    result = tell_agreement(h, game);
    return result == ARENA_OK ? end(h, game) : result;
}

static int reject_offer(const arena_host *h, struct ultimatum *game, uint32_t player, arena_text content)
{
    (void)player;
    (void)content;
    if (!game->offered)
        return h->reject(h, "NO_OFFER", "No offer on the table to reject.");

    game->offered = false;
    game->accepted = 0;
    int result = tell_deed(h, game, " rejects the offer. The table is cleared.");
    return result == ARENA_OK ? advance(h, game) : result;
}

static int pass(const arena_host *h, struct ultimatum *game, uint32_t player, arena_text content)
{
    (void)player;
    (void)content;
    int result = tell_deed(h, game, " passes.");
    return result == ARENA_OK ? advance(h, game) : result;
}

static const struct {
    const char *name;
    int (*act)(const arena_host *h, struct ultimatum *game, uint32_t player, arena_text content);
} methods[] = {
    {"submit_offer", submit_offer},
    {"accept", accept_offer},
    {"reject", reject_offer},
    {"pass", pass},
};

static int ultimatum_create(const arena_host *h, arena_text json, void **out)
{
    struct ultimatum *game = h->alloc(h, sizeof *game);
    struct ultimatum_options options;
    if (!game)
        return ARENA_NOMEM;
    if (h->seats != ULTIMATUM_PLAYERS)
        return ARENA_BROKEN;
    int result = ultimatum_options_read(h, json, &options);
    if (result != ARENA_OK)
        return result;
    game->total = options.total;
    game->rounds = options.rounds;
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++)
        game->reservations[k] =
            options.fixed ? options.reservations[k] : (uint32_t)h->random(h, (uint64_t)options.reservation_max + 1);
    *out = game;
    return ARENA_OK;
}

static int ultimatum_join(const arena_host *h, void *game, uint32_t player)
{
    if (player >= ULTIMATUM_PLAYERS)
        return ARENA_BROKEN;
    int result = tell_reservation(h, game, player);
    return result == ARENA_OK && h->joined == h->seats ? tell_start(h, game) : result;
}

static int ultimatum_message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    if (player >= ULTIMATUM_PLAYERS)
        return ARENA_BROKEN;
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (!protocol_is(method, methods[i].name))
            continue;
        return player == ultimatum_player(game) ? methods[i].act(h, game, player, content) : refuse_turn(h, game);
    }
    return protocol_unknown_method(h, method);
}

/* ------------------------------------------------------------------------------------------------- queries --- */

static uint32_t ultimatum_active(const arena_host *h, const void *game)
{
    return h->joined < h->seats || over(game) ? 0 : 1u << ultimatum_player(game);
}

static int ultimatum_actions(const arena_host *h, const void *state, uint32_t player)
{
    const struct ultimatum *game = state;
    const arena_text nothing = {"", 0};
    if (player >= ULTIMATUM_PLAYERS || !(ultimatum_active(h, game) >> player & 1))
        return ARENA_OK;
    h->offer(h, "submit_offer", nothing);
    if (game->offered && game->proposer != player)
        h->offer(h, "accept", nothing);
    if (game->offered)
        h->offer(h, "reject", nothing);
    h->offer(h, "pass", nothing);
    return ARENA_OK;
}

static void write_numbers(struct writer *w, const char *key, const uint32_t numbers[ULTIMATUM_PLAYERS])
{
    writer_key(w, key);
    writer_text(w, "[");
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++) {
        writer_next(w);
        writer_int(w, numbers[k]);
    }
    writer_text(w, "]");
}

/* What is on the table, with the seat of the proposer as the protocol has it: counted from 0. */
static void write_table(struct writer *w, const struct ultimatum *game)
{
    if (game->offered) {
        write_numbers(w, "currentOffer", game->offer);
        writer_key_int(w, "lastOfferBy", game->proposer);
    } else {
        writer_key(w, "currentOffer");
        writer_text(w, "null");
        writer_key(w, "lastOfferBy");
        writer_text(w, "null");
    }
    writer_key(w, "acceptances");
    writer_text(w, "[");
    for (uint32_t k = 0; k < ULTIMATUM_PLAYERS; k++) {
        writer_next(w);
        writer_text(w, game->accepted >> k & 1 ? "true" : "false");
    }
    writer_text(w, "]");
    writer_key_int(w, "totalTurns", game->turns);
}

/* Everything but the reservations is said to all when it happens. */
static int ultimatum_view(const arena_host *h, const void *state, int32_t viewer, arena_text *json)
{
    const struct ultimatum *game = state;
    struct writer w = writer_new(h, 256);
    writer_text(&w, "{");
    if (viewer >= 0 && viewer < ULTIMATUM_PLAYERS) {
        writer_key_int(&w, "player", viewer + 1);
        writer_key_int(&w, "reservationValue", game->reservations[viewer]);
    }
    writer_key_int(&w, "total", game->total);
    writer_key_int(&w, "maxRounds", game->rounds);
    writer_key_string(&w, "turnOrder", "round_robin");
    if (viewer == ARENA_FULL)
        write_numbers(&w, "reservationValues", game->reservations);
    write_table(&w, game);
    writer_text(&w, "}");
    return writer_done(&w, json) ? ARENA_OK : ARENA_NOMEM;
}

static const arena_operator ultimatum = {
    .size = sizeof ultimatum,
    .state_version = 1,
    .id = "ultimatum",
    .version = "1.0.0",
    .metadata = {ultimatum_json, sizeof ultimatum_json},
    .quota = {.state_bytes = 64, .said_bytes = 4 << 10, .effects = 8, .memory_bytes = 256 << 10},
    .create = ultimatum_create,
    .restore = ultimatum_restore,
    .serialize = ultimatum_serialize,
    .join = ultimatum_join,
    .message = ultimatum_message,
    .active = ultimatum_active,
    .actions = ultimatum_actions,
    .view = ultimatum_view,
};

ARENA_OPERATORS(&ultimatum);
