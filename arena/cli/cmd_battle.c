/* cmd_battle.c - battle files on this machine: played again and compared, told as a log, made up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/local.h"
#include "core/text.h"
#include "pokebattle.h"

enum { FILE_MAX = 16 << 20, WHY_ROOM = 512 };

/* -------------------------------------------------------------------------------------------------- replay --- */

/* The whole of a file, "-": of standard input.  False after a sentence on standard error. */
static bool read_file(const char *name, struct text *out)
{
    char buffer[4096];
    const bool standard = strcmp(name, "-") == 0;
    FILE *file = standard ? stdin : fopen(name, "rb");
    if (!file) {
        complain("%s cannot be opened: %s.", name, strerror(errno));
        return false;
    }
    for (size_t n; out->len <= FILE_MAX && (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_put(out, buffer, n);
    const bool good = !ferror(file) && out->len <= FILE_MAX;
    if (!good)
        complain("%s cannot be read, or is larger than a battle is.", name);
    if (!standard)
        fclose(file);
    return good;
}

static void print_log(void *ctx, const char *text, size_t len)
{
    fwrite(text, 1, len, ctx);
}

static int viewer_of(const char *name)
{
    static const struct {
        const char *name;
        int viewer;
    } viewers[] = {{"public", PB_PUBLIC}, {"p1", 0}, {"p2", 1}, {"full", PB_FULL}};
    for (size_t i = 0; name && i < sizeof viewers / sizeof *viewers; i++)
        if (strcmp(viewers[i].name, name) == 0)
            return viewers[i].viewer;
    return PB_PUBLIC;
}

static void say_verdict(const struct cli *cli, const char *name, int steps, const char *why, FILE *to)
{
    if (cli->json) {
        json_t *line = json_pack("{s:s, s:b, s:i, s:s}", "file", name, "agrees", steps >= 0, "steps",
                                 steps < 0 ? 0 : steps, "reason", why);
        char *text = json_dumps(line, JSON_COMPACT);
        fprintf(to, "%s\n", text ? text : "{}");
        free(text);
        json_decref(line);
    } else if (steps >= 0) {
        fprintf(to, "%s agrees: %d steps played again, every digest equal\n", name, steps);
    } else {
        complain("%s differs: %s.", name, why);
    }
}

static int run_replay_file(struct cli *cli, const struct args *args)
{
    char why[WHY_ROOM] = "";
    struct text text = {0};
    const char *name = args->words[1], *log = args_text(args, "log");
    if (!read_file(name, &text)) {
        text_free(&text);
        return CLI_REFUSED;
    }
    const int steps = pb_replay(text.ptr ? text.ptr : "", text.len, args_text(args, "folder"), viewer_of(log),
                                log ? print_log : NULL, stdout, why, sizeof why);
    say_verdict(cli, name, steps, why, log ? stderr : stdout);
    text_free(&text);
    return steps < 0 ? CLI_REFUSED : CLI_OK;
}

/* -------------------------------------------------------------------------------------------------- random --- */

static int kind_of(const char *name)
{
    if (name && strcmp(name, "any") == 0)
        return PB_TEAM_ANY;
    return name && strcmp(name, "learned") == 0 ? PB_TEAM_LEARNED : PB_TEAM_SENSIBLE;
}

/* Prints the part of a battle file that a call wrote. */
static bool put(const char *part, int result)
{
    if (result < 0)
        complain("the battle cannot be written: %s.", pb_error_text(result));
    else
        fputs(part, stdout);
    return result >= 0;
}

static bool play(const struct pb_game *game, void *battle, uint64_t seed)
{
    char part[PB_RECORD];
    uint64_t state = seed;
    int result = pb_reset_teams(game, battle, 0, 1, seed);
    bool good = result >= 0 && put(part, pb_record_begin(game, 0, 1, seed, part, sizeof part));
    while (good && !pb_ended(battle)) {
        const uint32_t masks[2] = {pb_mask(battle, 0), pb_mask(battle, 1)};
        int8_t actions[2];
        pb_choose_many(masks, 2, &state, actions);
        result = pb_step(game, battle, actions[0], actions[1]);
        good = result >= 0 && put(part, pb_record_step(battle, actions[0], actions[1], part, sizeof part));
    }
    return good && put(part, pb_record_end(battle, part, sizeof part));
}

static int run_random_battle(struct cli *cli, const struct args *args)
{
    (void)cli;
    char why[WHY_ROOM] = "";
    int64_t seed;
    if (!args_number(args, "seed", 1, 0, INT64_MAX / 2, &seed))
        return CLI_USAGE;
    const char *version = args_text(args, "version") ? args_text(args, "version") : "gen9-v1";
    struct pb_game *game = pb_game_open(version, args_text(args, "folder"), why, sizeof why);
    const int kind = kind_of(args_text(args, "teams"));
    bool good = game;
    for (uint64_t i = 0; i < 2 && good; i++)
        good = pb_team_random(game, kind, PB_PARTY, 2 * (uint64_t)seed + i, why, sizeof why) >= 0;
    void *battle = aligned_alloc(pb_align(), pb_size());
    if (!good)
        complain("%s.", why);
    good = good && battle && play(game, battle, (uint64_t)seed);
    free(battle);
    pb_game_close(game);
    return good ? CLI_OK : CLI_REFUSED;
}

int run_battle(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"replay", "FILE", 1, 1, run_replay_file},
        {"random", "", 0, 0, run_random_battle},
        {0},
    };
    return run_verb(cli, args, "battle", verbs);
}

const struct option_row battle_options[] = {
    {"log", "public|p1|p2|full", "replay: prints the battle's log too, as this viewer may see it"},
    {"folder", "DIR", "the data version lies in this folder (default: it is built in)"},
    {"version", "NAME", "random: the data version (default gen9-v1)"},
    {"teams", "sensible|learned|any", "random: sets as people play them, what can be learned, or anything at all"},
    {"seed", "N", "random: the same number gives the same battle (default 1)"},
    {0},
};
