/*
 * psi.c - private set intersection for the arena.
 *
 * The texts said to players are part of the public protocol: existing clients read numbers out of them.  Do
 * not change a byte of them.
 */
#include "psi.h"

#include <stdlib.h>
#include <string.h>

#include "../common/protocol.h"
#include "../common/writer.h"
#include "psi_json.h"

/* -------------------------------------------------------------------------------------------------- texts --- */

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

enum { DIGITS = 20 };

static void to_text(uint64_t n, char text[DIGITS + 1])
{
    char digits[DIGITS];
    size_t at = DIGITS;
    do
        digits[--at] = (char)('0' + n % 10);
    while (n /= 10);
    memcpy(text, digits + at, DIGITS - at);
    text[DIGITS - at] = '\0';
}

/* "{100, 20, 3}": ordered as texts are, not as numbers are. */
static void write_sorted(struct writer *w, const struct psi_set *set)
{
    char texts[PSI_NUMBERS_MAX][DIGITS + 1];
    for (uint32_t i = 0; i < set->n; i++)
        to_text(set->v[i], texts[i]);
    qsort(texts, set->n, sizeof texts[0], by_text);
    writer_text(w, "{");
    for (uint32_t i = 0; i < set->n; i++) {
        writer_text(w, i ? ", " : "");
        writer_text(w, texts[i]);
    }
    writer_text(w, "}");
}

static int tell_set(const arena_host *h, const struct psi *game, uint32_t player)
{
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Your private set is: ");
    write_sorted(&w, &game->sets[player]);
    writer_text(&w, ".");
    return protocol_say(&w, (int32_t)player);
}

static int tell_outcome(const arena_host *h, uint32_t player, const struct psi_outcome *outcome)
{
    struct writer w = writer_new(h, 256);
    writer_text(&w, "Player ");
    writer_int(&w, 2 - (int)player); /* the other one, counted from 1 */
    writer_text(&w, " outcome:\n- Intersection Found: ");
    writer_text(&w, outcome->found ? "true" : "false");
    writer_text(&w, "\n- Wrong Guess: ");
    writer_int(&w, outcome->wrong);
    writer_text(&w, "\n- Extra Guess: ");
    writer_int(&w, outcome->extra);
    writer_text(&w, "\n- Utility: ");
    writer_int(&w, outcome->utility);
    writer_text(&w, "\n- Target: ");
    write_sorted(&w, &outcome->target);
    writer_text(&w, "\n");
    return protocol_say(&w, (int32_t)player);
}

/* ---------------------------------------------------------------------------------------------------- turn --- */

static bool guessed(const struct psi *game, uint32_t player)
{
    return game->guesses[player].n > 0;
}

static bool over(const struct psi *game)
{
    return guessed(game, 0) && guessed(game, 1);
}

/* Both have guessed: the scores follow from the two guesses. */
static int end(const arena_host *h, const struct psi *game)
{
    arena_score scores[PSI_PLAYERS];
    struct psi_outcome outcomes[PSI_PLAYERS];
    for (uint32_t k = 0; k < PSI_PLAYERS; k++)
        psi_judge(game, k, &outcomes[k]);
    for (uint32_t k = 0; k < PSI_PLAYERS; k++)
        scores[k] = (arena_score){.security = outcomes[1 - k].security, .utility = outcomes[k].utility};
    return protocol_end(h, scores);
}

static int guess(const arena_host *h, struct psi *game, uint32_t player, arena_text content)
{
    struct psi_set numbers = {0};
    bool fits = psi_read_guess(content, game->sets[1 - player].n, &numbers);
    if (!numbers.n)
        return h->reject(h, "INVALID_GUESS", "Invalid guess format.");
    if (guessed(game, player))
        return h->reject(h, "DUPLICATE_GUESS", "Guess already made.");
    if (!fits)
        return h->reject(h, "GUESS_TOO_LARGE", "Guess too large.");

    struct psi_outcome outcome;
    game->guesses[player] = numbers;
    psi_judge(game, player, &outcome);
    if (outcome.extra)
        h->blame(h, player, 1 - player, "security_breach");
    int result = protocol_guess_sent(h, player);
    if (result == ARENA_OK)
        result = tell_outcome(h, player, &outcome);
    if (result == ARENA_OK && over(game))
        result = end(h, game);
    return result;
}

static int psi_create(const arena_host *h, arena_text options, void **out)
{
    struct psi *game = h->alloc(h, sizeof *game);
    if (!game)
        return ARENA_NOMEM;
    if (h->seats != PSI_PLAYERS)
        return ARENA_BROKEN;
    int result = psi_options_read(h, options, &game->options);
    if (result != ARENA_OK)
        return result;
    psi_deal(h, game);
    *out = game;
    return ARENA_OK;
}

static int psi_join(const arena_host *h, void *game, uint32_t player)
{
    return player < PSI_PLAYERS ? tell_set(h, game, player) : ARENA_BROKEN;
}

static int psi_message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    if (player >= PSI_PLAYERS)
        return ARENA_BROKEN;
    return protocol_is(method, "guess") ? guess(h, game, player, content) : protocol_unknown_method(h, method);
}

/* ------------------------------------------------------------------------------------------------- queries --- */

static uint32_t psi_active(const arena_host *h, const void *game)
{
    if (h->joined < h->seats)
        return 0;
    return (guessed(game, 0) ? 0u : 1u) | (guessed(game, 1) ? 0u : 2u);
}

static int psi_actions(const arena_host *h, const void *game, uint32_t player)
{
    if (player < PSI_PLAYERS && (psi_active(h, game) >> player & 1))
        h->offer(h, "guess", (arena_text){"", 0});
    return ARENA_OK;
}

static void write_set(struct writer *w, const struct psi_set *set)
{
    writer_text(w, "[");
    for (uint32_t i = 0; i < set->n; i++) {
        writer_next(w);
        writer_int(w, (int64_t)set->v[i]);
    }
    writer_text(w, "]");
}

static void write_pair(struct writer *w, const char *key, const struct psi_set sets[PSI_PLAYERS])
{
    writer_key(w, key);
    writer_text(w, "[");
    write_set(w, &sets[0]);
    writer_text(w, ",");
    write_set(w, &sets[1]);
    writer_text(w, "]");
}

/* What everyone knows: the settings, and who has guessed (that is announced when it happens). */
static void write_public(struct writer *w, const struct psi *game)
{
    writer_key(w, "range");
    writer_text(w, "[");
    writer_int(w, game->options.low);
    writer_text(w, ",");
    writer_int(w, game->options.high);
    writer_text(w, "]");
    writer_key_int(w, "intersectionSize", game->options.common);
    writer_key_int(w, "setSize", game->options.own);
    writer_key(w, "guessed");
    writer_text(w, guessed(game, 0) ? "[true," : "[false,");
    writer_text(w, guessed(game, 1) ? "true]" : "false]");
}

static int psi_view(const arena_host *h, const void *state, int32_t viewer, arena_text *json)
{
    const struct psi *game = state;
    struct writer w = writer_new(h, 512);
    writer_text(&w, "{");
    if (viewer == ARENA_FULL) {
        write_pair(&w, "userSets", game->sets);
        writer_key(&w, "intersectionSet");
        write_set(&w, &game->common);
        write_pair(&w, "guesses", game->guesses);
    } else {
        if (viewer >= 0 && viewer < PSI_PLAYERS) {
            writer_key_int(&w, "player", viewer + 1);
            writer_key(&w, "set");
            write_set(&w, &game->sets[viewer]);
        }
        write_public(&w, game);
    }
    writer_text(&w, "}");
    return writer_done(&w, json) ? ARENA_OK : ARENA_NOMEM;
}

static const arena_operator psi = {
    .size = sizeof psi,
    .state_version = 1,
    .id = "psi",
    .version = "1.0.0",
    .metadata = {psi_json, sizeof psi_json},
    .quota = {.state_bytes = 16 << 10, .said_bytes = 32 << 10, .effects = 8, .memory_bytes = 256 << 10},
    .create = psi_create,
    .restore = psi_restore,
    .serialize = psi_serialize,
    .join = psi_join,
    .message = psi_message,
    .active = psi_active,
    .actions = psi_actions,
    .view = psi_view,
};

ARENA_OPERATORS(&psi);
