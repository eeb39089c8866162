/* game.c - what battles share: a data version and teams. */
#include "library.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 64 << 20, PATH_ROOM = 4096 };

int pb_fail(int error, char *why, size_t size, const char *format, ...)
{
    va_list args;
    if (!why || !size)
        return error;
    va_start(args, format);
    vsnprintf(why, size, format, args);
    va_end(args);
    return error;
}

const char *pb_error_text(int error)
{
    switch (error) {
    case PB_ONGOING: return "the battle goes on";
    case PB_DONE: return "the battle has ended";
    case PB_BAD_ACTION: return "an action is not legal now, or the battle has ended or is one of another data version";
    case PB_BAD_ARGUMENT: return "an argument is out of its range";
    case PB_BAD_TEAM: return "the team cannot be played";
    case PB_BAD_DATA: return "there is no such data version, or its data has a mistake";
    case PB_BAD_FILE: return "the battle file cannot be read, or goes another way than it says";
    case PB_NO_MEMORY: return "there is no memory left";
    case PB_NO_ROOM: return "the buffer is too small";
    default: return "there is no such error";
    }
}

uint32_t pb_abi(void)
{
    return PB_ABI;
}

/* --------------------------------------------------------------------------------------------------- data --- */

struct folder { /* its files as texts; the one that was read last */
    const char *path;
    char *text;
};

static bool join(char out[PATH_ROOM], const char *folder, const char *name)
{
    int n = snprintf(out, PATH_ROOM, "%s/%s", folder, name);
    return n > 0 && n < PATH_ROOM;
}

static const char *read_text(void *ctx, const char *name, size_t *len)
{
    struct folder *folder = ctx;
    char path[PATH_ROOM];
    FILE *file = join(path, folder->path, name) ? fopen(path, "rb") : NULL;
    free(folder->text);
    folder->text = NULL;
    if (!file)
        return NULL;
    long end = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    bool good = end >= 0 && end <= FILE_MAX && fseek(file, 0, SEEK_SET) == 0;
    folder->text = good ? malloc((size_t)end + 1) : NULL;
    if (folder->text && fread(folder->text, 1, (size_t)end, file) != (size_t)end) {
        free(folder->text);
        folder->text = NULL;
    }
    fclose(file);
    *len = folder->text ? (size_t)end : 0;
    return folder->text;
}

/* A version that says what is legal has facts about teams; others, as gen1-v1, go without. */
static bool has_facts(const char *folder)
{
    char path[PATH_ROOM];
    FILE *file = join(path, folder, "legality.json") ? fopen(path, "rb") : NULL;
    return file && fclose(file) == 0;
}

struct reason {
    char *why;
    size_t size;
    bool told;
};

/* The first of the mistakes in the data is told. */
static void first_mistake(void *ctx, const char *document, const char *entry, const char *sentence)
{
    struct reason *r = ctx;
    if (!r->told)
        snprintf(r->why, r->size, "%s%s%s: %s", document, *entry ? ", " : "", entry, sentence);
    r->told = true;
}

static bool open_folder(struct pb_game *game, const char *version, const char *path, char *why, size_t size)
{
    struct folder folder = {.path = path};
    struct reason reason = {why, size, false};
    game->dex = game->own_dex = dex_load(path, version, first_mistake, &reason);
    if (!game->dex)
        return false;
    if (!has_facts(path))
        return true;
    game->facts = game->own_facts = team_facts_read(version, read_text, &folder, why, size);
    free(folder.text);
    return game->facts;
}

struct pb_game *pb_game_open(const char *version, const char *folder, char *why, size_t size)
{
    char unread[256];
    struct pb_game *game = calloc(1, sizeof *game);
    if (!why || !size) {
        why = unread;
        size = sizeof unread;
    }
    if (!game || !version || strlen(version) >= sizeof game->dex->version) {
        pb_fail(0, why, size, game ? "name a data version, as gen9-v1" : "there is no memory left");
        free(game);
        return NULL;
    }
    bool good = true;
    if (folder) {
        good = open_folder(game, version, folder, why, size);
    } else if (!(game->dex = dex_find(version))) {
        pb_fail(0, why, size, "there is no data version %s here; gen9-v1, gen1-v1 and natdex-v1 are built in", version);
        good = false;
    } else {
        game->facts = team_facts_find(version);
    }
    if (good)
        return game;
    pb_game_close(game);
    return NULL;
}

void pb_game_close(struct pb_game *game)
{
    if (!game)
        return;
    if (game->own_facts)
        team_facts_free(game->own_facts);
    if (game->own_dex)
        dex_free(game->own_dex);
    free(game->teams);
    free(game);
}

int pb_game_clauses(struct pb_game *game, unsigned clauses)
{
    if (clauses & ~(unsigned)CLAUSE_ALL)
        return PB_BAD_ARGUMENT;
    game->clauses = (uint8_t)clauses;
    return PB_ONGOING;
}

const char *pb_game_version(const struct pb_game *game)
{
    return game->dex->version;
}

/* -------------------------------------------------------------------------------------------------- names --- */

int pb_count(const struct pb_game *game, int kind)
{
    switch (kind) {
    case PB_SPECIES: return game->dex->species_n;
    case PB_MOVE: return game->dex->moves_n;
    case PB_ABILITY: return game->dex->abilities_n;
    case PB_ITEM: return game->dex->items_n;
    default: return PB_BAD_ARGUMENT;
    }
}

const char *pb_name(const struct pb_game *game, int kind, int number)
{
    if (number < 1 || number > pb_count(game, kind))
        return NULL;
    switch (kind) {
    case PB_SPECIES: return game->dex->species[number].id;
    case PB_MOVE: return game->dex->moves[number].id;
    case PB_ABILITY: return game->dex->abilities[number].id;
    default: return game->dex->items[number].id;
    }
}

int pb_number(const struct pb_game *game, int kind, const char *id)
{
    switch (kind) {
    case PB_SPECIES: return dex_species(game->dex, id);
    case PB_MOVE: return dex_move(game->dex, id);
    case PB_ABILITY: return dex_ability(game->dex, id);
    case PB_ITEM: return dex_item(game->dex, id);
    default: return 0;
    }
}

/* -------------------------------------------------------------------------------------------------- teams --- */

static int add(struct pb_game *game, const struct roster *roster, char *why, size_t size)
{
    enum { FIRST_ROOM = 16, TEAMS_MAX = 1 << 24 };
    if (game->count == game->room) {
        int room = game->room ? 2 * game->room : FIRST_ROOM;
        struct roster *more = room <= TEAMS_MAX ? realloc(game->teams, (size_t)room * sizeof *more) : NULL;
        if (!more)
            return pb_fail(PB_NO_MEMORY, why, size, "there is no memory for more teams than %d", game->count);
        game->teams = more;
        game->room = room;
    }
    struct roster *own = &game->teams[game->count];
    *own = *roster;
    own->made = !battle_members(game->dex, own->sets, own->size, own->members);
    return game->count++;
}

/* "slot 2, moves: Charizard cannot learn Surf" */
static int tell(const struct team_problems *problems, char *why, size_t size)
{
    const struct team_problem *p = &problems->list[0];
    if (!problems->stored)
        return pb_fail(PB_BAD_TEAM, why, size, "the team cannot be read");
    if (p->slot)
        return pb_fail(PB_BAD_TEAM, why, size, "slot %d, %s: %s", p->slot, p->field, p->text);
    return pb_fail(PB_BAD_TEAM, why, size, "%s: %s", p->field, p->text);
}

/* Reads a team and holds it against the format, NULL: against none. */
static int read_team(const struct pb_game *game, const char *text, const char *format_id, struct team *team,
                     struct team_problems *problems, char *why, size_t size)
{
    const struct team_format *format = format_id && game->facts ? team_format(game->facts, format_id) : NULL;
    if (format_id && !format)
        return pb_fail(PB_BAD_ARGUMENT, why, size, "%s has no format %s", game->dex->version, format_id);
    if (!team_read(game->facts, text, strlen(text), team, problems))
        return tell(problems, why, size);
    if (!format)
        return 0;
    team_fill(game->facts, format, team);
    if (!team_check(game->facts, format, team, problems))
        return tell(problems, why, size);
    team_begin(game->facts, format, team);
    return 0;
}

int pb_team_add(struct pb_game *game, const char *text, const char *format, char *why, size_t size)
{
    struct { /* large for a stack */
        struct team team;
        struct team_problems problems;
    } *read = calloc(1, sizeof *read);
    struct roster roster;
    if (!read)
        return pb_fail(PB_NO_MEMORY, why, size, "there is no memory left");
    int result = text ? read_team(game, text, format, &read->team, &read->problems, why, size)
                      : pb_fail(PB_BAD_ARGUMENT, why, size, "there is no text of a team");
    if (!result)
        result = roster_from_team(game, &read->team, &roster, why, size);
    free(read);
    return result ? result : add(game, &roster, why, size);
}

int pb_team_random(struct pb_game *game, int kind, int members, uint64_t seed, char *why, size_t size)
{
    struct roster roster;
    int result = roster_random(game, kind, members, seed, &roster, why, size);
    return result ? result : add(game, &roster, why, size);
}

int pb_team_count(const struct pb_game *game)
{
    return game->count;
}

void pb_team_clear(struct pb_game *game)
{
    game->count = 0;
}

int pb_team_text(const struct pb_game *game, int number, char *out, size_t size)
{
    if (number < 0 || number >= game->count)
        return PB_BAD_ARGUMENT;
    struct team *team = malloc(sizeof *team);
    if (!team)
        return PB_NO_MEMORY;
    roster_to_team(game, &game->teams[number], team);
    size_t len = team_write(game->facts, team, TEAM_PACKED, out, size);
    free(team);
    return len < size ? (int)len : PB_NO_ROOM;
}
