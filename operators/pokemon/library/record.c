/*
 * record.c - battle files: a battle as text that anybody can play again and compare.
 *
 *     pokebattle 2
 *     layout FINGERPRINT
 *     version gen9-v1 FINGERPRINT
 *     clauses sleep freeze
 *     team PACKED
 *     team PACKED
 *     seed NUMBER
 *     start DIGEST
 *     step ACTION ACTION DIGEST
 *     reseed NUMBER
 *     forfeit SIDE DIGEST
 *     end WINNER
 *
 * Files of form 1 have no layout: of them nobody knows whether their digests mean the same here.
 */
#include "library.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "battle_file.h"

/* ------------------------------------------------------------------------------------------------- writing --- */

_Static_assert((int)BATTLE_FILE_PART == (int)PB_RECORD, "the room that callers are told is enough");

static int written(int n)
{
    return n < 0 ? PB_NO_ROOM : n;
}

int pb_record_begin(const struct pb_game *game, int team0, int team1, uint64_t seed, char *out, size_t size)
{
    struct pb_battle b;
    int result = pb_reset_teams(game, &b, team0, team1, seed);
    if (result < 0 || !out)
        return result < 0 ? result : PB_BAD_ARGUMENT;
    const struct roster *rosters[2] = {&game->teams[team0], &game->teams[team1]};
    const struct battle_file_team teams[2] = {{rosters[0]->sets, rosters[0]->size, NULL},
                                              {rosters[1]->sets, rosters[1]->size, NULL}};
    return written(battle_file_begin(game->dex, game->facts, teams, seed, &b.battle, out, size));
}

int pb_record_step(const void *after, int action0, int action1, char *out, size_t size)
{
    return written(battle_file_step(after, action0, action1, out, size));
}

int pb_record_reseed(uint64_t seed, char *out, size_t size)
{
    return written(battle_file_reseed(seed, out, size));
}

int pb_record_forfeit(const void *after, int side, char *out, size_t size)
{
    return written(battle_file_forfeit(after, side, out, size));
}

int pb_record_end(const void *battle, char *out, size_t size)
{
    return written(battle_file_end(pb_winner(battle), out, size));
}

/* ------------------------------------------------------------------------------------------------ playing --- */

enum { LINE_ROOM = PB_RECORD, TOLD_ROOM = 32 };

struct player { /* a file on its way */
    const char *folder;
    struct pb_game *game;
    struct battle battle;
    bool old, laid_out; /* form 1; the layout was told and is the one here */
    bool begun, seeded, ended;
    uint64_t seed;
    int line, steps;
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log;
    char names[2][BATTLE_PARTY][BATTLE_NAME];
    int viewer;
    pb_log *tell;
    void *ctx;
    char *why;
    size_t size;
};

#define BAD(p, ...) pb_fail(PB_BAD_FILE, (p)->why, (p)->size, __VA_ARGS__)

static void tell_log(struct player *p)
{
    char lines[PB_LOG];
    struct battle_text text = {lines, sizeof lines, 0, false};
    const struct battle_names names = {{p->names[0], p->names[1]}};
    if (p->tell) {
        battle_log_named(&p->battle, p->game->dex, &p->log, &names, p->viewer, &text);
        p->tell(p->ctx, text.ptr, text.len);
    }
    p->log.count = 0;
}

static int compare(struct player *p, const char *told)
{
    uint64_t digest;
    char rest;
    if (sscanf(told, "%16" SCNx64 " %c", &digest, &rest) != 1)
        return BAD(p, "line %d: a digest of 16 hexadecimal digits is missing", p->line);
    if (digest != battle_digest(&p->battle))
        return BAD(p, "line %d: turn %d goes another way: the digest is %016" PRIx64 ", the file says %016" PRIx64 "%s",
                   p->line, p->battle.turn, battle_digest(&p->battle), digest,
                   p->old ? "; the file is of form 1, so perhaps its digests are of an older form of battles" : "");
    tell_log(p);
    return 0;
}

/* Digests of another form of battles would all differ, and say nothing about how the battle goes. */
static int on_layout(struct player *p, const char *rest)
{
    char more;
    uint32_t layout;
    if (p->old || p->laid_out || p->game || sscanf(rest, "%8" SCNx32 " %c", &layout, &more) != 1)
        return BAD(p, "line %d: `layout FINGERPRINT` comes once, before the version, in files of form 2", p->line);
    p->laid_out = true;
    if (layout != battle_file_layout())
        return BAD(p,
                   "line %d: its digests cannot be compared here: battles had the form %08" PRIx32
                   " where it was made and have %08" PRIx32 " here; play it with the release that made it",
                   p->line, layout, battle_file_layout());
    return 0;
}

static int on_version(struct player *p, const char *rest)
{
    char version[TOLD_ROOM], more;
    uint32_t fingerprint;
    if (!p->old && !p->laid_out)
        return BAD(p, "line %d: `layout FINGERPRINT` comes first", p->line);
    if (p->game || sscanf(rest, "%31s %8" SCNx32 " %c", version, &fingerprint, &more) != 2)
        return BAD(p, "line %d: `version NAME FINGERPRINT` comes once, first", p->line);
    p->game = pb_game_open(version, p->folder, p->why, p->size);
    if (!p->game)
        return PB_BAD_DATA;
    if (p->game->dex->fingerprint != fingerprint)
        return BAD(p, "line %d: made with other data: %s here is %08" PRIx32 ", there it was %08" PRIx32, p->line,
                   version, p->game->dex->fingerprint, fingerprint);
    return 0;
}

/* Nicknames are for the log only, so the game's teams do not hold them.  The text was read before. */
static void keep_names(struct player *p, int side, const char *text)
{
    struct { /* large for a stack */
        struct team team;
        struct team_problems problems;
    } *read = calloc(1, sizeof *read);
    if (read)
        team_read(p->game->facts, text, strlen(text), &read->team, &read->problems);
    for (int i = 0; read && i < read->team.count && i < BATTLE_PARTY; i++)
        memcpy(p->names[side][i], read->team.sets[i].nickname, BATTLE_NAME);
    free(read);
}

static int on_clauses(struct player *p, const char *rest)
{
    if (!p->game || p->begun || p->game->clauses)
        return BAD(p, "line %d: clauses come once, after the version and before the start", p->line);
    for (unsigned k = 1; k <= CLAUSE_ALL; k++)
        if (strcmp(battle_file_clauses[k] + strlen("clauses "), rest) == 0)
            return pb_game_clauses(p->game, k);
    return BAD(p, "line %d: clauses are `sleep`, `freeze` or `sleep freeze`", p->line);
}

static int on_team(struct player *p, const char *rest)
{
    char why[256];
    if (!p->game || p->begun || p->game->count == 2)
        return BAD(p, "line %d: two teams come after the version and before the start", p->line);
    int team = pb_team_add(p->game, rest, NULL, why, sizeof why);
    if (team < 0)
        return BAD(p, "line %d: %s", p->line, why);
    keep_names(p, team, rest);
    return 0;
}

static int on_seed(struct player *p, const char *rest)
{
    char more;
    if (sscanf(rest, "%" SCNu64 " %c", &p->seed, &more) != 1)
        return BAD(p, "line %d: a seed is a number", p->line);
    p->seeded = true;
    return 0;
}

static int on_start(struct player *p, const char *rest)
{
    struct battle_set sets[2][BATTLE_PARTY];
    int sizes[2];
    if (!p->game || p->begun || p->game->count != 2 || !p->seeded)
        return BAD(p, "line %d: before the start there are a version, two teams and a seed", p->line);
    for (int i = 0; i < 2; i++) {
        memcpy(sets[i], p->game->teams[i].sets, sizeof sets[i]);
        sizes[i] = p->game->teams[i].size;
    }
    const struct battle_options options = {.seed = p->seed, .clauses = p->game->clauses};
    if (battle_start_with(&p->battle, p->game->dex, (const struct battle_set(*)[BATTLE_PARTY])sets, sizes, &options,
                          &p->log))
        return BAD(p, "line %d: these teams cannot be played", p->line);
    p->begun = true;
    return compare(p, rest);
}

static int on_step(struct player *p, const char *rest)
{
    int actions[2], at = 0;
    if (!p->begun || sscanf(rest, "%d %d %n", &actions[0], &actions[1], &at) < 2)
        return BAD(p, "line %d: after the start, `step ACTION ACTION DIGEST`", p->line);
    if (battle_step(&p->battle, p->game->dex, actions[0], actions[1], &p->log) < 0)
        return BAD(p, "line %d: turn %d: %d and %d are not legal there", p->line, p->battle.turn, actions[0],
                   actions[1]);
    p->steps++;
    return compare(p, rest + at);
}

static int on_reseed(struct player *p, const char *rest)
{
    char more;
    uint64_t seed;
    if (!p->begun || sscanf(rest, "%" SCNu64 " %c", &seed, &more) != 1)
        return BAD(p, "line %d: after the start, `reseed NUMBER`", p->line);
    battle_reseed(&p->battle, seed);
    return 0;
}

static int on_forfeit(struct player *p, const char *rest)
{
    int side, at = 0;
    if (!p->begun || sscanf(rest, "%d %n", &side, &at) < 1 || side < 0 || side > 1)
        return BAD(p, "line %d: after the start, `forfeit SIDE DIGEST`", p->line);
    battle_forfeit(&p->battle, side, &p->log);
    return compare(p, rest + at);
}

static int on_end(struct player *p, const char *rest)
{
    int winner;
    char more;
    if (!p->begun || sscanf(rest, "%d %c", &winner, &more) != 1)
        return BAD(p, "line %d: `end WINNER` comes last", p->line);
    if (winner != pb_winner(&p->battle))
        return BAD(p, "line %d: the winner is %d, the file says %d", p->line, pb_winner(&p->battle), winner);
    p->ended = true;
    return 0;
}

static int on_first(struct player *p, const char *line)
{
    p->old = strcmp(line, "pokebattle 1") == 0;
    return p->old || strcmp(line, "pokebattle 2") == 0 ? 0 : BAD(p, "line 1: a battle file begins with `pokebattle 2`");
}

static int play_line(struct player *p, const char *line)
{
    static const struct {
        const char *word;
        int (*play)(struct player *, const char *);
    } words[] = {{"layout ", on_layout},   {"version ", on_version}, {"clauses ", on_clauses}, {"team ", on_team},
                 {"seed ", on_seed},       {"start ", on_start},     {"step ", on_step},       {"reseed ", on_reseed},
                 {"forfeit ", on_forfeit}, {"end ", on_end}};
    if (p->line == 1)
        return on_first(p, line);
    if (!*line || *line == '#')
        return 0;
    if (p->ended)
        return BAD(p, "line %d: nothing comes after the end", p->line);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncmp(line, words[i].word, strlen(words[i].word)) == 0)
            return words[i].play(p, line + strlen(words[i].word));
    return BAD(p,
               "line %d: a line begins with layout, version, clauses, team, seed, start, step, reseed, forfeit or end",
               p->line);
}

static int play_text(struct player *p, const char *text, size_t len)
{
    int result = 0;
    while (len && !result) {
        char line[LINE_ROOM];
        const char *end = memchr(text, '\n', len);
        size_t n = end ? (size_t)(end - text) : len;
        p->line++;
        if (n >= sizeof line || memchr(text, 0, n))
            return BAD(p, "line %d: it is too long, or has a NUL", p->line);
        memcpy(line, text, n);
        if (n && line[n - 1] == '\r')
            n--;
        line[n] = 0;
        result = play_line(p, line);
        const size_t step = end ? (size_t)(end - text) + 1 : len;
        text += step;
        len -= step;
    }
    return result;
}

int pb_replay(const char *text, size_t len, const char *folder, int viewer, pb_log *log, void *ctx, char *why,
              size_t size)
{
    struct player p = {.folder = folder, .viewer = viewer, .tell = log, .ctx = ctx, .why = why, .size = size};
    if (!text || viewer < PB_FULL || viewer > 1)
        return pb_fail(PB_BAD_ARGUMENT, why, size, "there is no text, or no such viewer");
    p.log = (struct battle_log){.events = p.events, .cap = BATTLE_EVENTS_MAX};
    int result = play_text(&p, text, len);
    if (!result && !p.ended)
        result = BAD(&p, "line %d: the file ends without `end WINNER`", p.line);
    pb_game_close(p.game);
    return result ? result : p.steps;
}
