/* options.c - what a new game may be told. */
#include "pokemon.h"

#include <string.h>

/* Data versions by the number that the bytes of a game carry.  Never change a row; the last is for new games. */
static const char *const versions[] = {"gen1-v1"};

const struct dex *pokemon_dex(unsigned index)
{
    return index < sizeof versions / sizeof versions[0] ? dex_find(versions[index]) : NULL;
}

unsigned pokemon_dex_index(const struct dex *dex)
{
    unsigned last = sizeof versions / sizeof versions[0] - 1;
    while (last > 0 && strcmp(versions[last], dex->version) != 0)
        last--;
    return last;
}

bool settings_valid(const struct settings *s)
{
    return s->team_size >= 1 && s->team_size <= BATTLE_PARTY && s->level >= 1 && s->level <= 100 && s->max_turns >= 1 &&
           s->max_turns <= BATTLE_TURN_CAP && s->turn_seconds <= POKEMON_SECONDS_MAX && s->agents[0] == AGENT_NONE &&
           s->agents[1] < AGENTS;
}

struct reader {
    struct game *game;
    const json_t *teams; /* read last: they need the level */
    struct writer why;
};

static bool wrong(struct reader *r, const char *text)
{
    writer_text(&r->why, text);
    return false;
}

/* A whole number low .. high; sets ok to false when it is not. */
static uint32_t number(const json_t *value, int64_t low, int64_t high, bool *ok)
{
    *ok = json_is_integer(value) && json_integer_value(value) >= low && json_integer_value(value) <= high;
    return *ok ? (uint32_t)json_integer_value(value) : 0;
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && !strcmp(json_string_value(value), text);
}

static bool read_opponent(struct reader *r, const json_t *value)
{
    enum agent agent = json_is_string(value) ? agent_find(json_string_value(value)) : AGENT_NONE;
    r->game->settings.agents[1] = (uint8_t)agent;
    return agent != AGENT_NONE || wrong(r, "opponent must be \"random\" or \"heuristic\"; leave it out to play "
                                           "against another player");
}

static bool read_team(struct reader *r, const json_t *value)
{
    r->game->settings.choose = is_text(value, "choose");
    return r->game->settings.choose || is_text(value, "random") || wrong(r, "team must be \"random\" or \"choose\"");
}

static bool read_teams(struct reader *r, const json_t *value)
{
    r->teams = value;
    return (json_is_array(value) && json_array_size(value) == 2) || json_is_object(value) ||
           wrong(r, "teams must be a list of two teams (null: none given), or {\"p1\": team, \"p2\": team}");
}

static bool read_team_size(struct reader *r, const json_t *value)
{
    bool ok;
    r->game->settings.team_size = (uint8_t)number(value, 1, BATTLE_PARTY, &ok);
    return ok || wrong(r, "teamSize must be a whole number from 1 to 6");
}

static bool read_level(struct reader *r, const json_t *value)
{
    bool ok;
    r->game->settings.level = (uint8_t)number(value, 1, 100, &ok);
    return ok || wrong(r, "level must be a whole number from 1 to 100");
}

static bool read_seconds(struct reader *r, const json_t *value)
{
    bool ok;
    r->game->settings.turn_seconds = number(value, 0, POKEMON_SECONDS_MAX, &ok);
    return ok || wrong(r, "turnSeconds must be a whole number from 0 (no clock) to 604800");
}

static bool read_max_turns(struct reader *r, const json_t *value)
{
    bool ok;
    r->game->settings.max_turns = (uint16_t)number(value, 1, BATTLE_TURN_CAP, &ok);
    return ok || wrong(r, "maxTurns must be a whole number from 1 to 300");
}

static const struct {
    const char *key;
    bool (*read)(struct reader *r, const json_t *value);
} table[] = {
    {"opponent", read_opponent},  {"team", read_team},   {"teams", read_teams},
    {"teamSize", read_team_size}, {"level", read_level}, {"turnSeconds", read_seconds},
    {"maxTurns", read_max_turns},
};

static bool read_option(struct reader *r, const char *key, const json_t *value)
{
    size_t n = sizeof table / sizeof table[0];
    for (size_t i = 0; i < n; i++)
        if (!strcmp(key, table[i].key))
            return table[i].read(r, value);
    writer_text(&r->why, "there is no such option; options are ");
    for (size_t i = 0; i < n; i++) {
        writer_text(&r->why, i == 0 ? "" : i < n - 1 ? ", " : " and ");
        writer_text(&r->why, table[i].key);
    }
    return false;
}

static bool read_given_teams(struct reader *r)
{
    static const char *const names[POKEMON_SEATS] = {"p1", "p2"};
    struct game *game = r->game;
    struct team_rules rules = {1, BATTLE_PARTY, game->settings.level, 100};
    size_t known = 0;
    for (size_t k = 0; k < POKEMON_SEATS; k++) {
        const json_t *team =
            json_is_array(r->teams) ? json_array_get(r->teams, k) : json_object_get(r->teams, names[k]);
        size_t mark = r->why.len;
        known += team != NULL;
        if (!team || json_is_null(team))
            continue;
        writer_text(&r->why, "teams: ");
        writer_text(&r->why, names[k]);
        writer_text(&r->why, ": ");
        if (!team_read(game->dex, team, &rules, &game->teams[k], &r->why))
            return false;
        r->why.len = mark;
    }
    return !json_is_object(r->teams) || known == json_object_size(r->teams) ||
           wrong(r, "teams may name p1 and p2 only");
}

int options_read(const arena_host *h, arena_text text, struct game *game)
{
    struct reader r = {.game = game, .why = writer_new(h, 256)};
    game->settings = (struct settings){.team_size = BATTLE_PARTY, .level = POKEMON_LEVEL, .max_turns = BATTLE_TURN_CAP};
    if (!text.len)
        return ARENA_OK;
    json_t *root = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    bool ok = json_is_object(root) || wrong(&r, "options must be a JSON object");
    for (void *at = json_object_iter(root); at && ok; at = json_object_iter_next(root, at))
        ok = read_option(&r, json_object_iter_key(at), json_object_iter_value(at));
    ok = ok && (!r.teams || read_given_teams(&r));
    json_decref(root);
    return ok ? ARENA_OK : h->reject(h, "INVALID_OPTIONS", writer_cstring(&r.why));
}
