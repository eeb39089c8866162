/*
 * state.c - the bytes of a game, and back with every doubt.
 *
 *     u8 format = 4 | name of the data version | name of the format
 *     u8 stage | u8 ending | u8 winner
 *     settings: u8 team size, level, choose, agent of the last seat | u16 turns at most | u32 seconds of a turn
 *     u8 choice + 1, twice
 *     two teams: u8 size, then sets; none once the battle has begun
 *     nicknames by party slot, six of each team, "" for none
 *     u16 length and bytes of the battle and of what is known in it; 0 before it
 *
 *     a set: u16 species, four u16 moves, u8 level, nature, gender, six u8 IVs, six u8 EVs, u16 ability, item, u8 tera
 *     a name: u8 length, bytes
 *
 * Format 3 is that of games without nicknames, which it has no place for.  Format 2 is that of gen1-v1, which was alone
 * once: a u8 of 0 instead of the names, and sets end with their EVs.  Such games still have theirs, so that old ones,
 * played again, come to the same bytes.  tests/operators/game_bytes.txt has games in each format, which are read for
 * good.
 */
#include "../common/bytes.h"
#include "pokemon.h"

#include <string.h>

enum {
    FORMAT_GEN1 = 2,
    FORMAT_NAMELESS = 3,
    SET_BYTES = 30,
    HEAD_BYTES = 18 + POKEMON_VERSION + TEAM_ID,
    STATE_BYTES = HEAD_BYTES + 2 * (1 + BATTLE_PARTY * (SET_BYTES + BATTLE_NAME)) + 2,
};

static const char gen1[] = "gen1-v1";

static bool is_gen1(const struct game *game)
{
    return !strcmp(game->version, gen1);
}

static void put_name(struct bytes_out *out, const char *name)
{
    size_t n = strlen(name);
    put8(out, (uint8_t)n);
    memcpy(out->ptr + out->len, name, n);
    out->len += n;
}

static void put_set(struct bytes_out *out, const struct battle_set *set, bool whole)
{
    put16(out, set->species);
    for (int k = 0; k < BATTLE_MOVES; k++)
        put16(out, set->moves[k]);
    put8(out, set->level);
    put8(out, set->nature);
    put8(out, set->gender);
    for (int k = 0; k < 6; k++)
        put8(out, set->ivs[k]);
    for (int k = 0; k < 6; k++)
        put8(out, set->evs[k]);
    if (!whole)
        return;
    put16(out, set->ability);
    put16(out, set->item);
    put8(out, set->tera);
}

static void put_team(struct bytes_out *out, const struct party *team, bool whole)
{
    put8(out, team->size);
    for (int i = 0; i < team->size; i++)
        put_set(out, &team->sets[i], whole);
}

static bool has_names(const struct game *game)
{
    for (int k = 0; k < POKEMON_SEATS; k++)
        for (int i = 0; i < BATTLE_PARTY; i++)
            if (*game->teams[k].names[i])
                return true;
    return false;
}

static void put_nicknames(struct bytes_out *out, const struct game *game)
{
    for (int k = 0; k < POKEMON_SEATS; k++)
        for (int i = 0; i < BATTLE_PARTY; i++)
            put_name(out, game->teams[k].names[i]);
}

static void put_head(struct bytes_out *out, const struct game *game)
{
    if (is_gen1(game)) {
        put8(out, FORMAT_GEN1);
        put8(out, 0);
        return;
    }
    put8(out, has_names(game) ? POKEMON_STATE : FORMAT_NAMELESS);
    put_name(out, game->version);
    put_name(out, game->settings.format);
}

int state_serialize(const arena_host *h, const void *state, const void **bytes, size_t *len)
{
    const struct game *game = state;
    struct bytes_out out = {.ptr = h->alloc(h, STATE_BYTES + BATTLE_ENCODED_MAX + BATTLE_KNOWN_BYTES)};
    if (!out.ptr)
        return ARENA_NOMEM;
    put_head(&out, game);
    put8(&out, game->stage);
    put8(&out, game->ending);
    put8(&out, game->winner);
    put8(&out, game->settings.team_size);
    put8(&out, game->settings.level);
    put8(&out, game->settings.choose);
    put8(&out, game->settings.agents[1]);
    put16(&out, game->settings.max_turns);
    put32(&out, game->settings.turn_seconds);
    for (int k = 0; k < POKEMON_SEATS; k++)
        put8(&out, (uint8_t)(game->choices[k] + 1));
    for (int k = 0; k < POKEMON_SEATS; k++)
        put_team(&out, &game->teams[k], !is_gen1(game));
    if (has_names(game))
        put_nicknames(&out, game);
    size_t size = game->fought ? battle_encode(&game->battle, out.ptr + out.len + 2) : 0;
    if (game->fought) {
        battle_known_encode(&game->known, out.ptr + out.len + 2 + size);
        size += BATTLE_KNOWN_BYTES;
    }
    put16(&out, (uint16_t)size);
    *bytes = out.ptr;
    *len = out.len + size;
    return ARENA_OK;
}

static void get_set(struct bytes_in *in, struct battle_set *set, bool whole)
{
    set->species = get16(in);
    for (int k = 0; k < BATTLE_MOVES; k++)
        set->moves[k] = get16(in);
    set->level = get8(in);
    set->nature = get8(in);
    set->gender = get8(in);
    for (int k = 0; k < 6; k++)
        set->ivs[k] = get8(in);
    for (int k = 0; k < 6; k++)
        set->evs[k] = get8(in);
    if (!whole)
        return;
    set->ability = get16(in);
    set->item = get16(in);
    set->tera = get8(in);
}

static bool get_team(struct bytes_in *in, const struct game *game, struct party *team)
{
    team->size = get8(in);
    if (team->size > BATTLE_PARTY)
        return false;
    for (int i = 0; i < team->size; i++)
        get_set(in, &team->sets[i], !is_gen1(game));
    return !in->bad && (!team->size || battle_team_check(game->dex, team->sets, team->size) == 0);
}

static bool get_settings(struct bytes_in *in, struct game *game)
{
    struct settings *s = &game->settings;
    s->team_size = get8(in);
    s->level = get8(in);
    uint8_t choose = get8(in);
    s->choose = choose == 1;
    s->agents[1] = get8(in);
    s->max_turns = get16(in);
    s->turn_seconds = get32(in);
    return !in->bad && choose <= 1 && settings_valid(game);
}

/* A name of at most room - 1 bytes; NULL: it is none.  The bytes stay where they are. */
static const char *get_name(struct bytes_in *in, size_t room, size_t *len)
{
    *len = get8(in);
    const char *name = (const char *)in->ptr;
    if (in->bad || *len > in->len || *len >= room || memchr(name, 0, *len))
        return NULL;
    in->ptr += *len;
    in->len -= *len;
    return name;
}

/* In the order of put_nicknames, and not all empty: bytes without any have another format. */
static bool get_nicknames(struct bytes_in *in, struct game *game)
{
    for (int k = 0; k < POKEMON_SEATS; k++)
        for (int i = 0; i < BATTLE_PARTY; i++) {
            size_t len;
            const char *name = get_name(in, BATTLE_NAME, &len);
            if (!name || !team_nickname(name, len))
                return false;
            memcpy(game->teams[k].names[i], name, len);
        }
    return has_names(game);
}

/* Data version and format. */
static bool get_head(struct bytes_in *in, struct game *game, bool *named)
{
    size_t len;
    uint8_t format = get8(in);
    *named = format == POKEMON_STATE;
    if (format == FORMAT_GEN1)
        return get8(in) == 0 && !in->bad && game_use(game, gen1, strlen(gen1));
    const char *name = *named || format == FORMAT_NAMELESS ? get_name(in, sizeof game->version, &len) : NULL;
    if (!name || !game_use(game, name, len) || is_gen1(game))
        return false;
    name = get_name(in, sizeof game->settings.format, &len);
    if (name)
        memcpy(game->settings.format, name, len);
    return name != NULL;
}

/* A battle under way: choices are legal ones of players, and somebody is waited for. */
static bool battle_fits(const struct game *game)
{
    if (!game->fought || game->battle.phase == BATTLE_ENDED)
        return false;
    if (game->battle.phase == BATTLE_CHOOSING && game->battle.turn > game->settings.max_turns)
        return false;
    for (int k = 0; k < POKEMON_SEATS; k++) {
        int choice = game->choices[k];
        if (choice == BATTLE_NO_CHOICE)
            continue;
        if (game->settings.agents[k] || choice >= BATTLE_CHOICES ||
            !(battle_choices(&game->battle, game->dex, k) >> choice & 1))
            return false;
    }
    return play_waiting(game) != 0;
}

/* Whether the parts, each sound by itself, make a game together. */
static bool fits(const struct game *game)
{
    bool idle = game->choices[0] == BATTLE_NO_CHOICE && game->choices[1] == BATTLE_NO_CHOICE;
    bool going = game->ending == ENDING_NONE && game->winner == BATTLE_UNDECIDED;
    if (game->fought && (game->teams[0].size || game->teams[1].size))
        return false;
    switch (game->stage) {
    case STAGE_JOINING: return going && idle && !game->fought;
    case STAGE_TEAMS:
        return going && idle && !game->fought && play_waiting(game) &&
               (!game->settings.agents[1] || game->teams[1].size);
    case STAGE_BATTLE: return going && battle_fits(game);
    case STAGE_OVER: return idle && play_ended_so(game);
    default: return false;
    }
}

static bool get_battle(const struct bytes_in *in, struct game *game)
{
    if (in->len < BATTLE_KNOWN_BYTES)
        return false;
    const size_t size = in->len - BATTLE_KNOWN_BYTES;
    return battle_decode(&game->battle, game->dex, in->ptr, size) == 0 &&
           battle_known_decode(&game->known, &game->battle, game->dex, in->ptr + size) == 0;
}

/* Nobody is called something who is not there. */
static bool names_fit(const struct game *game)
{
    for (int k = 0; k < POKEMON_SEATS; k++) {
        int size = game->fought ? game->battle.sides[k].size : game->teams[k].size;
        for (int i = size; i < BATTLE_PARTY; i++)
            if (*game->teams[k].names[i])
                return false;
    }
    return true;
}

static bool get_game(struct bytes_in *in, struct game *game)
{
    bool named;
    if (!get_head(in, game, &named))
        return false;
    game->stage = get8(in);
    game->ending = get8(in);
    game->winner = get8(in);
    if (in->bad || !get_settings(in, game))
        return false;
    for (int k = 0; k < POKEMON_SEATS; k++) {
        uint8_t choice = get8(in);
        if (choice > BATTLE_CHOICES)
            return false;
        game->choices[k] = choice - 1;
    }
    for (int k = 0; k < POKEMON_SEATS; k++)
        if (!get_team(in, game, &game->teams[k]))
            return false;
    if (named && !get_nicknames(in, game))
        return false;
    size_t size = get16(in);
    if (in->bad || size != in->len)
        return false;
    game->fought = size > 0;
    return (!size || get_battle(in, game)) && names_fit(game);
}

int state_restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **out)
{
    struct bytes_in in = {.ptr = bytes, .len = len};
    struct game *game = h->alloc(h, sizeof *game);
    if (!game)
        return ARENA_NOMEM;
    if (version < FORMAT_GEN1 || version > POKEMON_STATE || !get_game(&in, game) || !fits(game))
        return ARENA_CORRUPT;
    *out = game;
    return ARENA_OK;
}
