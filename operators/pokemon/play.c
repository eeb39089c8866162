/*
 * play.c - how a game goes on.
 *
 * A player's action only notes a team or a choice; play_advance() then goes on as far as nobody is waited for:
 * the house chooses in the same turn, after all players have, and by its own seat's view alone.  The battle
 * gets new randomness from the arena's stream before each step, so that every draw of it can be verified, and
 * none foreseen from the stored bytes.
 */
#include "pokemon.h"

#include <string.h>

static bool is_house(const struct game *game, int seat)
{
    return game->settings.agents[seat] != AGENT_NONE;
}

static bool is_asked(const struct game *game, int seat)
{
    return game->stage == STAGE_BATTLE && battle_choices(&game->battle, game->dex, seat) != 0;
}

uint32_t play_waiting(const struct game *game)
{
    uint32_t seats = 0;
    for (int k = 0; k < POKEMON_SEATS; k++) {
        bool idle = game->stage == STAGE_TEAMS ? !game->teams[k].size
                                               : is_asked(game, k) && game->choices[k] == BATTLE_NO_CHOICE;
        if (idle && !is_house(game, k))
            seats |= 1u << k;
    }
    return seats;
}

/* Asks those who are waited for, and starts their clock. */
static int ask(const arena_host *h, const struct game *game)
{
    uint32_t seats = play_waiting(game);
    int result = ARENA_OK;
    for (int k = 0; k < POKEMON_SEATS && result == ARENA_OK; k++)
        if (seats >> k & 1)
            result = said_request(h, game, k);
    if (seats && game->settings.turn_seconds)
        h->deadline(h, 0, h->now_ms + (int64_t)game->settings.turn_seconds * 1000);
    return result;
}

/* ------------------------------------------------------------------------------------------------------ end --- */

static int end(const arena_host *h, struct game *game, enum ending ending, uint8_t winner)
{
    arena_score scores[POKEMON_SEATS];
    game->stage = STAGE_OVER;
    game->ending = (uint8_t)ending;
    game->winner = winner;
    for (int k = 0; k < POKEMON_SEATS; k++) {
        game->choices[k] = BATTLE_NO_CHOICE;
        scores[k].security = 1;
        scores[k].utility = winner == BATTLE_DRAW ? 0.5 : winner == k;
    }
    int result = said_end(h, game);
    if (result == ARENA_OK)
        h->finish(h, scores);
    return result;
}

static bool alive(const struct battle_side *side)
{
    for (int i = 0; i < side->size; i++)
        if (side->party[i].hp)
            return true;
    return false;
}

/* What is left of a side, the HP of each Pokémon as a share of its own: the engine's rule for its last turn. */
static uint64_t hp_share(const struct battle_side *side)
{
    uint64_t left = 0;
    for (int i = 0; i < side->size; i++)
        left += ((uint64_t)side->party[i].hp << 20) / side->party[i].hp_max;
    return left;
}

static uint8_t larger_share(const struct battle *b)
{
    uint64_t share[2] = {hp_share(&b->sides[0]), hp_share(&b->sides[1])};
    return share[0] > share[1] ? BATTLE_WON_0 : share[0] < share[1] ? BATTLE_WON_1 : BATTLE_DRAW;
}

bool play_ended_so(const struct game *game)
{
    const struct battle *b = &game->battle;
    const bool both = alive(&b->sides[0]) && alive(&b->sides[1]), ended = b->phase == BATTLE_ENDED;
    if (!game->fought)
        return game->ending == ENDING_FORFEIT && game->winner < BATTLE_DRAW;
    switch (game->ending) {
    case ENDING_FAINTED: return ended && !both && game->winner == b->winner;
    case ENDING_FORFEIT: return ended && both && game->winner == b->winner && game->winner < BATTLE_DRAW;
    case ENDING_TURN_LIMIT:
        return both && (ended ? b->turn == game->dex->turn_cap && game->winner == b->winner
                              : b->phase == BATTLE_CHOOSING && b->turn == game->settings.max_turns &&
                                    game->winner == larger_share(b));
    default: return false;
    }
}

static const char *winner_line(uint8_t winner)
{
    static const char *const lines[] = {"|win|p1", "|win|p2", "|tie"};
    return lines[winner];
}

int play_forfeit(const arena_host *h, struct game *game, uint32_t player)
{
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &game->known};
    uint8_t winner = player ? BATTLE_WON_0 : BATTLE_WON_1;
    int result;
    if (game->fought) {
        battle_forfeit(&game->battle, (int)player, &log);
        record_forfeit(h, game, (int)player);
        record_end(h, game, false);
        result = said_turn(h, game, &(struct said){.turn = game->battle.turn, .log = &log});
    } else {
        result = said_turn(h, game, &(struct said){.more = winner_line(winner)});
    }
    h->blame(h, player, 1 - player, "forfeit");
    return result == ARENA_OK ? end(h, game, ENDING_FORFEIT, winner) : result;
}

/* ------------------------------------------------------------------------------------------------------ turns --- */

static uint64_t seed(const arena_host *h)
{
    uint64_t high = h->random(h, (uint64_t)1 << 32);
    return high << 32 | h->random(h, (uint64_t)1 << 32);
}

static int start_battle(const arena_host *h, struct game *game)
{
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &game->known};
    struct battle_set teams[POKEMON_SEATS][BATTLE_PARTY];
    int sizes[POKEMON_SEATS];
    for (int k = 0; k < POKEMON_SEATS; k++) {
        memcpy(teams[k], game->teams[k].sets, sizeof teams[k]);
        sizes[k] = game->teams[k].size;
        game->teams[k].size = 0;
        memset(game->teams[k].sets, 0, sizeof game->teams[k].sets);
    }
    const struct battle_options options = {.seed = seed(h), .clauses = game_clauses(game)};
    if (battle_start_with(&game->battle, game->dex, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, &options,
                          &log))
        return ARENA_BROKEN;
    record_begin(h, game, (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, options.seed);
    game->fought = true;
    game->stage = STAGE_BATTLE;
    return said_turn(h, game, &(struct said){.begins = true, .log = &log});
}

static void choose_for_house(const arena_host *h, struct game *game)
{
    struct battle_view view;
    for (int k = 0; k < POKEMON_SEATS; k++) {
        if (!is_house(game, k) || !is_asked(game, k))
            continue;
        game_view(game, k, &view);
        game->choices[k] = agent_choose(h, game->settings.agents[k], game->dex, &view, view.choices);
    }
}

/* One step of the battle, all choices of players being there. */
static int step(const arena_host *h, struct game *game)
{
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &game->known};
    struct battle *b = &game->battle;
    int turn = b->turn;
    choose_for_house(h, game);
    const uint64_t randomness = seed(h);
    battle_reseed(b, randomness);
    enum battle_result result = battle_step(b, game->dex, game->choices[0], game->choices[1], &log);
    record_step(h, game, randomness, game->choices);
    game->choices[0] = game->choices[1] = BATTLE_NO_CHOICE;
    if (result == BATTLE_BAD_CHOICE || log.overflow)
        return ARENA_BROKEN;
    bool late = result == BATTLE_ONGOING && b->phase == BATTLE_CHOOSING && b->turn > game->settings.max_turns;
    uint8_t winner = late ? larger_share(b) : b->winner;
    if (late) { /* the turn that was just opened, with its line at the end of the log, will not be played */
        b->turn = (uint16_t)turn;
        log.count--;
    }
    const struct said said = {.turn = turn, .log = &log, .more = late ? winner_line(winner) : NULL};
    int told = said_turn(h, game, &said);
    if (told != ARENA_OK || (result == BATTLE_ONGOING && !late))
        return told;
    record_end(h, game, late);
    bool both = alive(&b->sides[0]) && alive(&b->sides[1]);
    return end(h, game, both ? ENDING_TURN_LIMIT : ENDING_FAINTED, winner);
}

int play_advance(const arena_host *h, struct game *game)
{
    int result = ARENA_OK;
    if (play_waiting(game))
        return ARENA_OK;
    if (game->stage == STAGE_TEAMS)
        result = start_battle(h, game);
    while (result == ARENA_OK && game->stage == STAGE_BATTLE && !play_waiting(game))
        result = step(h, game);
    return result == ARENA_OK && game->stage == STAGE_BATTLE ? ask(h, game) : result;
}

int play_begin(const arena_host *h, struct game *game)
{
    int result = ARENA_OK;
    game->stage = STAGE_TEAMS;
    for (int k = 0; k < POKEMON_SEATS && result == ARENA_OK; k++)
        if (!game->teams[k].size && (is_house(game, k) || !game->settings.choose))
            result = drawn_team(h, game, &game->teams[k]);
    if (result != ARENA_OK)
        return result;
    return play_waiting(game) ? ask(h, game) : play_advance(h, game);
}

/* Acts for one seat whose time is up. */
static int act_for(const arena_host *h, struct game *game, int seat)
{
    struct battle_view view;
    if (game->stage == STAGE_TEAMS) {
        int result = drawn_team(h, game, &game->teams[seat]);
        return result == ARENA_OK ? said_info(h, seat, "Your time is up: a team was drawn for you.") : result;
    }
    game_view(game, seat, &view);
    int choice = choice_first(view.choices);
    struct writer w = writer_new(h, 64);
    writer_text(&w, "Your time is up: \"");
    choice_write(&w, game->dex, &view, choice);
    writer_text(&w, "\" was chosen for you.");
    game->choices[seat] = choice;
    return said_info(h, seat, writer_cstring(&w));
}

int play_clock(const arena_host *h, struct game *game)
{
    uint32_t seats = play_waiting(game);
    int result = ARENA_OK;
    for (int k = 0; k < POKEMON_SEATS && result == ARENA_OK; k++)
        if (seats >> k & 1)
            result = act_for(h, game, k);
    return result == ARENA_OK && seats ? play_advance(h, game) : result;
}
