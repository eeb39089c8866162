/* cmd_boards.c - who is how good: scoring boards and figures; the table of the commands about people. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/table.h"
#include "cli/term.h"

/* -------------------------------------------------------------------------------------------------- scoring --- */

/* Boards may have a million rows, so first one row of each is asked for, which tells what boards and figures there are,
 * and then the rows that are wanted of each, in order.  What a server does not sort, put_board does. */
struct scoring {
    struct cli *cli;
    const char *type; /* NULL: all challenges */
    const char *strategy, *sort;
    int64_t limit;
    bool found; /* a board with this name and figure */
    struct text out;
};

/* The boards, {strategy: [entry]} or of all challenges [entry]. */
static int get_boards(const struct scoring *s, const char *strategy, const char *sort, int64_t limit, json_t **boards)
{
    struct text path = {0};
    char number[24];

    text_puts(&path, "/api/scoring");
    if (s->type)
        path_segment(&path, s->type);
    path_query(&path, "strategy", strategy);
    path_query(&path, "sort", sort);
    snprintf(number, sizeof number, "%lld", (long long)limit);
    path_query(&path, "limit", limit ? number : NULL);
    int code = cli_get(s->cli, text_cstr(&path), boards);
    text_free(&path);
    return code;
}

static void tell_board(struct scoring *s, const char *title, const json_t *entries)
{
    if (s->cli->json) {
        json_t *sorted = sort_board(entries, s->sort, (size_t)s->limit);
        json_t *line = json_pack("{s:s, s:o}", "strategy", title, "entries", sorted);
        print_json(line);
        json_decref(line);
        return;
    }
    text_printf(&s->out, "%s%s%s%s\n", s->out.len ? "\n" : "", term(BOLD), title, term(PLAIN));
    put_board(&s->out, entries, s->sort, (size_t)s->limit);
}

/* first: at least one entry of the board. */
static int ask_board(struct scoring *s, const char *strategy, const json_t *first)
{
    bool by_word = s->sort && (strcmp(s->sort, "name") == 0 || strcmp(s->sort, "games") == 0);
    const char *metric = by_word ? NULL : board_metric(first, s->sort);
    json_t *boards;

    if (!metric && !by_word)
        return CLI_OK; /* this board has no such figure */
    s->found = true;
    int code = get_boards(s, strategy, metric ? metric_name(metric) : NULL, by_word ? 0 : s->limit, &boards);
    if (code)
        return code;
    tell_board(s, strategy ? strategy : "all challenges",
               json_is_array(boards) ? boards : json_object_get(boards, strategy));
    json_decref(boards);
    return CLI_OK;
}

static int ask_boards(struct scoring *s, const json_t *first)
{
    const char *strategy;
    json_t *entries;
    int code = CLI_OK;

    if (json_is_array(first))
        return ask_board(s, NULL, first);
    json_object_foreach((json_t *)first, strategy, entries) {
        if (code == CLI_OK && (!s->strategy || strcmp(s->strategy, strategy) == 0))
            code = ask_board(s, strategy, entries);
    }
    return code;
}

static int run_scoring(struct cli *cli, const struct args *args)
{
    struct scoring s = {.cli = cli, .type = args->words[0]};
    json_t *first;

    if (!args_number(args, "limit", 20, 1, 1000000, &s.limit))
        return CLI_USAGE;
    s.strategy = args_text(args, "strategy");
    s.sort = args_text(args, "sort");
    int code = get_boards(&s, NULL, NULL, 1, &first);
    if (code)
        return code;
    bool empty = json_is_array(first) ? json_array_size(first) == 0 : json_object_size(first) == 0;
    if (!empty)
        code = ask_boards(&s, first);
    else if (!cli->json)
        text_puts(&s.out, "No scored game has ended yet.\n");
    print_text(&s.out);
    text_free(&s.out);
    json_decref(first);
    if (code || empty || s.found)
        return code;
    complain("there is no board here with this --strategy or --sort.");
    return CLI_REFUSED;
}

/* ---------------------------------------------------------------------------------------------------- stats --- */

static int run_stats(struct cli *cli, const struct args *args)
{
    struct text out = {0};
    json_t *stats, *games;
    const char *type;

    (void)args;
    int code = cli_get(cli, "/api/stats", &stats);
    if (code)
        return code;
    if (cli->json) {
        print_json(stats);
        json_decref(stats);
        return CLI_OK;
    }
    json_object_foreach(json_object_get(stats, "challenges"), type, games) {
        put_padded(&out, type, 24);
        text_printf(&out, "%10" JSON_INTEGER_FORMAT " games\n",
                    json_integer_value(json_object_get(games, "gamesPlayed")));
    }
    const json_t *all = json_object_get(stats, "global");
    put_padded(&out, "all challenges", 24);
    text_printf(&out, "%10" JSON_INTEGER_FORMAT " games  %" JSON_INTEGER_FORMAT " participants\n",
                json_integer_value(json_object_get(all, "gamesPlayed")),
                json_integer_value(json_object_get(all, "participants")));
    print_text(&out);
    text_free(&out);
    json_decref(stats);
    return CLI_OK;
}

/* ---------------------------------------------------------------------------------------------------- table --- */

static const struct option_row scoring_options[] = {
    {"strategy", "NAME", "only this board (average, win-rate, elo, ...)"},
    {"sort", "COLUMN", "by this metric, \"games\" or \"name\" (default: rating, else utility)"},
    {"limit", "N", "at most N players (default 20)"},
    {0},
};

const struct command people_commands[] = {
    {"users", "[list|show|batch|set] [USER...]", "Who plays here: profiles, scores, past games", 0, CLI_WORDS_MAX,
     users_options,
     "Examples\n"
     "  arena users                                  all profiles\n"
     "  arena users show alice                       profile and scores\n"
     "  arena users show alice --history --limit 5   and the last five games\n"
     "  arena users show                             the identity that signs here: you\n"
     "  arena users batch alice bob                  those of these users that have a profile\n"
     "  arena users set --name Alice --model mine-7b --user alice    on a standalone server\n"
     "  arena users set --name Alice                 in auth mode: signed by your identity\n"
     "What set does not name stays as it is.",
     run_users},
    {"scoring", "[TYPE]", "Scoring boards: who is how good", 0, 1, scoring_options,
     "Examples\n"
     "  arena scoring                                over all challenges\n"
     "  arena scoring psi                            every board of one challenge type\n"
     "  arena scoring pokemon --strategy elo         ratings, the highest first\n"
     "  arena scoring psi --sort security --limit 5",
     run_scoring},
    {"stats", "", "How many games were played, and by how many", 0, 0, NULL,
     "Example\n"
     "  arena stats",
     run_stats},
    {0},
};
