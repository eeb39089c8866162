/* pokemon.c - the Pokémon battle for the arena: what the host calls. */
#include "pokemon.h"
#include "data.h"

#include <string.h>

#include "pokemon_json.h"

static bool is(arena_text text, const char *word)
{
    return text.len == strlen(word) && !memcmp(text.ptr, word, text.len);
}

/* Whether a player sits there who may act. */
static bool is_playing(const struct game *game, uint32_t player)
{
    return !game->settings.agents[player] && (game->stage == STAGE_TEAMS || game->stage == STAGE_BATTLE);
}

static int pokemon_create(const arena_host *h, arena_text options, void **out)
{
    struct game *game = h->alloc(h, sizeof *game);
    if (!game)
        return ARENA_NOMEM;
    if (h->seats != POKEMON_SEATS)
        return ARENA_BROKEN;
    game->winner = BATTLE_UNDECIDED;
    game->choices[0] = game->choices[1] = BATTLE_NO_CHOICE;
    int result = options_read(h, options, game);
    if (result != ARENA_OK)
        return result;
    for (uint32_t k = 0; k < POKEMON_SEATS; k++)
        if (game->settings.agents[k])
            h->house(h, k, agent_names[game->settings.agents[k] - 1]);
    *out = game;
    return ARENA_OK;
}

static int pokemon_join(const arena_host *h, void *game, uint32_t player)
{
    (void)player;
    return h->joined == h->seats ? play_begin(h, game) : ARENA_OK;
}

/* The team in a message: "random", or a team in any form. */
static int read_team(const arena_host *h, struct game *game, uint32_t player, arena_text content)
{
    char id[TEXT_ID];
    if (text_id(content.ptr, content.len, id) && !strcmp(id, "random"))
        return drawn_team(h, game, &game->teams[player]);
    struct writer why = writer_new(h, 1024);
    struct party team;
    int result = sent_team(h, game, content, &team, &why);
    if (result == ARENA_REJECTED)
        return h->reject(h, "INVALID_TEAM", writer_cstring(&why));
    if (result == ARENA_OK)
        game->teams[player] = team;
    return result;
}

static int take_team(const arena_host *h, struct game *game, uint32_t player, arena_text content)
{
    if (game->stage != STAGE_TEAMS)
        return h->reject(h, "BATTLE_HAS_BEGUN", "the battle has begun; teams can no longer be sent");
    if (game->teams[player].size)
        return h->reject(h, "TEAM_ALREADY_SENT", "your team was already sent; it cannot be changed");
    int result = read_team(h, game, player, content);
    return result == ARENA_OK ? play_advance(h, game) : result;
}

/* known: the choice is one, only not now.  why: what is wrong with it as JSON, or NULL. */
static int refuse_choice(const arena_host *h, const struct battle_view *view, const struct game *game, bool known,
                         const char *why)
{
    struct writer w = writer_new(h, 768);
    if (why) {
        writer_text(&w, why);
        writer_text(&w, "; ");
    }
    if (known)
        writer_text(&w, "that action is not legal right now");
    else
        choice_write_forms(&w, game->dex);
    writer_text(&w, "; choose one of: ");
    choice_write_legal(&w, game->dex, view, game->teams[view->viewer].names);
    return h->reject(h, "INVALID_CHOICE", writer_cstring(&w));
}

static int take_choice(const arena_host *h, struct game *game, uint32_t player, arena_text content)
{
    struct battle_view view;
    const char *why;
    bool legal;
    if (game->stage == STAGE_TEAMS)
        return game->teams[player].size ? h->reject(h, "WAIT", "the other player has not sent a team yet; wait")
                                        : h->reject(h, "TEAM_FIRST", "submit a team before sending actions");
    if (game->choices[player] != BATTLE_NO_CHOICE)
        return h->reject(h, "ALREADY_CHOSEN", "your action for this turn was already submitted");
    game_view(game, (int)player, &view);
    if (!view.choices)
        return h->reject(h, "WAIT", "you are not asked now: the other player must choose first; wait");
    int choice = choice_read(game->dex, &view, game->teams[player].names, content, &legal, &why);
    if (!legal)
        return refuse_choice(h, &view, game, choice != BATTLE_NO_CHOICE, why);
    game->choices[player] = choice;
    return play_advance(h, game);
}

/* Content with a forfeit is more likely a slip than a farewell, and there is no way back. */
static int take_forfeit(const arena_host *h, struct game *game, uint32_t player, arena_text content)
{
    if (content.len)
        return h->reject(h, "INVALID_FORFEIT", "forfeit takes no content; send it empty to give up");
    return play_forfeit(h, game, player);
}

static int pokemon_message(const arena_host *h, void *state, uint32_t player, arena_text method, arena_text content)
{
    struct game *game = state;
    if (player >= POKEMON_SEATS)
        return ARENA_BROKEN;
    if (!is_playing(game, player))
        return h->reject(h, "NOT_NOW", "this seat cannot act now");
    if (is(method, "choose"))
        return take_choice(h, game, player, content);
    if (is(method, "team"))
        return take_team(h, game, player, content);
    if (is(method, "forfeit"))
        return take_forfeit(h, game, player, content);
    struct writer w = writer_new(h, method.len + 64);
    writer_text(&w, "Unknown challenge method: ");
    writer_bytes(&w, method.ptr, method.len);
    return h->reject(h, "UNKNOWN_METHOD", writer_cstring(&w));
}

static int pokemon_timer(const arena_host *h, void *game, uint32_t id)
{
    return id == 0 ? play_clock(h, game) : ARENA_OK;
}

static uint32_t pokemon_active(const arena_host *h, const void *game)
{
    (void)h;
    return play_waiting(game);
}

static int offer(const arena_host *h, const char *method, struct writer *w)
{
    arena_text content;
    if (!writer_done(w, &content))
        return ARENA_NOMEM;
    h->offer(h, method, content);
    return ARENA_OK;
}

static int offer_choices(const arena_host *h, const struct game *game, uint32_t player)
{
    struct battle_view view;
    int result = ARENA_OK;
    game_view(game, (int)player, &view);
    for (int i = 0; i < BATTLE_CHOICES && result == ARENA_OK; i++) {
        if (!(view.choices >> i & 1))
            continue;
        struct writer w = writer_new(h, 32);
        choice_write(&w, game->dex, &view, i);
        result = offer(h, "choose", &w);
    }
    return result;
}

static int pokemon_actions(const arena_host *h, const void *state, uint32_t player)
{
    const struct game *game = state;
    int result = ARENA_OK;
    if (player >= POKEMON_SEATS || !is_playing(game, player))
        return ARENA_OK;
    if (game->stage == STAGE_BATTLE) {
        result = offer_choices(h, game, player);
    } else if (!game->teams[player].size) {
        h->offer(h, "team", ARENA_TEXT("random"));
        h->offer(h, "team", (arena_text){"", 0});
    }
    h->offer(h, "forfeit", (arena_text){"", 0});
    return result;
}

static int pokemon_view(const arena_host *h, const void *game, int32_t viewer, arena_text *json)
{
    struct writer w = writer_new(h, 8192);
    if (viewer >= POKEMON_SEATS || viewer < ARENA_FULL)
        return ARENA_BROKEN;
    view_write(&w, game, viewer);
    return writer_done(&w, json) ? ARENA_OK : ARENA_NOMEM;
}

static const void *pokemon_extension(const char *id)
{
    if (!strcmp(id, ARENA_DATA_1))
        return &data_extension;
    return strcmp(id, ARENA_AGENT_1) ? NULL : &agent_extension;
}

static const arena_operator pokemon = {
    .size = sizeof pokemon,
    .state_version = POKEMON_STATE,
    .id = "pokemon",
    .version = "2.3.0",
    .metadata = {pokemon_json, sizeof pokemon_json},
    .quota = {.state_bytes = 4 << 10, .said_bytes = 256 << 10, .effects = 256, .memory_bytes = 2 << 20},
    .create = pokemon_create,
    .restore = state_restore,
    .serialize = state_serialize,
    .join = pokemon_join,
    .message = pokemon_message,
    .timer = pokemon_timer,
    .active = pokemon_active,
    .actions = pokemon_actions,
    .view = pokemon_view,
    .extension = pokemon_extension,
};

ARENA_OPERATORS(&pokemon);
