/* options.c - what a new game may be told. */
#include "pokemon.h"

#include <string.h>

bool game_use(struct game *game, const char *version, size_t len)
{
    if (len >= sizeof game->version || memchr(version, 0, len))
        return false;
    memcpy(game->version, version, len);
    game->version[len] = 0;
    game->dex = pokemon_dex(game->version);
    game->facts = game->dex ? pokemon_facts(game->version) : NULL;
    game->pieces = game->dex ? pieces_of(game->dex) : NULL;
    return game->pieces != NULL;
}

bool settings_valid(const struct game *game)
{
    const struct settings *s = &game->settings;
    const struct team_format *format = game->facts ? team_format(game->facts, s->format) : NULL;
    return s->team_size >= 1 && s->team_size <= BATTLE_PARTY && s->level <= 100 && s->max_turns >= 1 &&
           s->max_turns <= game->dex->turn_cap && s->turn_seconds <= POKEMON_SECONDS_MAX &&
           s->agents[0] == AGENT_NONE && s->agents[1] < AGENTS &&
           (game->facts ? format && s->team_size >= format->size[0] : s->level && !s->format[0]);
}

struct reader {
    struct game *game;
    const json_t *teams; /* read last: they need all else */
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
    const unsigned cap = r->game->dex->turn_cap;
    r->game->settings.max_turns = (uint16_t)number(value, 1, cap, &ok);
    if (ok)
        return true;
    writer_text(&r->why, "maxTurns must be a whole number from 1 to ");
    writer_int(&r->why, cap);
    return false;
}

/* ", " or " and " before the i-th of n. */
static void between(struct reader *r, size_t i, size_t n)
{
    writer_text(&r->why, i == 0 ? "" : i < n - 1 ? ", " : " and ");
}

static bool no_format(struct reader *r)
{
    const struct team_facts *facts = r->game->facts;
    if (!facts)
        return wrong(r, "format: this data version has no formats; leave it out");
    writer_text(&r->why, "format must be one of ");
    for (size_t i = 0; i < facts->formats_n; i++) {
        between(r, i, facts->formats_n);
        writer_text(&r->why, facts->formats[i].id);
    }
    return false;
}

static bool read_format(struct reader *r, const json_t *value)
{
    const struct team_facts *facts = r->game->facts;
    const struct team_format *format =
        facts && json_is_string(value) ? team_format(facts, json_string_value(value)) : NULL;
    if (!format)
        return no_format(r);
    memcpy(r->game->settings.format, format->id, TEAM_ID);
    return true;
}

/* Read before all others, by read_version. */
static bool skip(struct reader *r, const json_t *value)
{
    (void)r;
    (void)value;
    return true;
}

static const struct {
    const char *key;
    bool (*read)(struct reader *r, const json_t *value);
} table[] = {
    {"opponent", read_opponent},  {"team", read_team},     {"teams", read_teams},
    {"teamSize", read_team_size}, {"level", read_level},   {"turnSeconds", read_seconds},
    {"maxTurns", read_max_turns}, {"format", read_format}, {"data", skip},
};

static bool read_option(struct reader *r, const char *key, const json_t *value)
{
    size_t n = sizeof table / sizeof table[0];
    for (size_t i = 0; i < n; i++)
        if (!strcmp(key, table[i].key))
            return table[i].read(r, value);
    writer_text(&r->why, "there is no such option; options are ");
    for (size_t i = 0; i < n; i++) {
        between(r, i, n);
        writer_text(&r->why, table[i].key);
    }
    return false;
}

/* The team of one seat; what is wrong with it goes behind "teams: p1: ". */
static int read_given(const arena_host *h, struct reader *r, size_t seat, const json_t *team)
{
    size_t mark = r->why.len;
    writer_text(&r->why, seat ? "teams: p2: " : "teams: p1: ");
    int result = given_team(h, r->game, team, &r->game->teams[seat], &r->why);
    if (result == ARENA_OK)
        r->why.len = mark;
    return result;
}

static int read_given_teams(const arena_host *h, struct reader *r)
{
    static const char *const names[POKEMON_SEATS] = {"p1", "p2"};
    size_t known = 0;
    int result = ARENA_OK;
    for (size_t k = 0; k < POKEMON_SEATS && result == ARENA_OK; k++) {
        const json_t *team =
            json_is_array(r->teams) ? json_array_get(r->teams, k) : json_object_get(r->teams, names[k]);
        known += team != NULL;
        if (team && !json_is_null(team))
            result = read_given(h, r, k, team);
    }
    if (result == ARENA_OK && json_is_object(r->teams) && known != json_object_size(r->teams)) {
        wrong(r, "teams may name p1 and p2 only");
        result = ARENA_REJECTED;
    }
    return result;
}

/* The data version comes first: everything else is of it. */
static bool read_version(struct reader *r, const json_t *root)
{
    const json_t *value = json_object_get(root, "data");
    const char *version = value ? json_string_value(value) : pokemon_versions[0];
    if (!version || !game_use(r->game, version, value ? json_string_length(value) : strlen(version)))
        return wrong(r, "data: there is no data version of this name; gen9-v1 is one");
    r->game->settings = (struct settings){.team_size = BATTLE_PARTY, .max_turns = r->game->dex->turn_cap};
    if (r->game->facts)
        memcpy(r->game->settings.format, "random", sizeof "random");
    else
        r->game->settings.level = POKEMON_LEVEL;
    return true;
}

/* What each option may say by itself was looked at; this is how they go together. */
static bool fits(struct reader *r)
{
    const struct settings *s = &r->game->settings;
    const struct team_format *format = r->game->facts ? team_format(r->game->facts, s->format) : NULL;
    if (r->game->facts && !format)
        return no_format(r);
    if (!format || s->team_size >= format->size[0])
        return true;
    writer_text(&r->why, "teamSize must be ");
    writer_int(&r->why, format->size[0]);
    writer_text(&r->why, " or more in the format ");
    writer_text(&r->why, format->id);
    return false;
}

static bool read_all(struct reader *r, json_t *root)
{
    bool ok = (json_is_object(root) || wrong(r, "options must be a JSON object")) && read_version(r, root);
    for (void *at = json_object_iter(root); at && ok; at = json_object_iter_next(root, at))
        ok = read_option(r, json_object_iter_key(at), json_object_iter_value(at));
    return ok && fits(r);
}

int options_read(const arena_host *h, arena_text text, struct game *game)
{
    struct reader r = {.game = game, .why = writer_new(h, 256)};
    json_t *root = text.len ? json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL) : json_object();
    int result = root && read_all(&r, root) ? ARENA_OK : ARENA_REJECTED;
    if (!root)
        wrong(&r, "options must be a JSON object");
    if (result == ARENA_OK && r.teams)
        result = read_given_teams(h, &r);
    json_decref(root);
    return result == ARENA_REJECTED ? h->reject(h, "INVALID_OPTIONS", writer_cstring(&r.why)) : result;
}
