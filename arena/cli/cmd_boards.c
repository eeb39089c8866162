/* cmd_boards.c - who is how good: scoring boards and figures; the table of the commands about people. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/table.h"
#include "cli/term.h"

/* -------------------------------------------------------------------------------------------------- scoring --- */

struct board_order {
    const char *sort;
    size_t limit;
    bool sorted; /* some board had the column */
};

static void tell_board(struct cli *cli, const char *title, const json_t *entries, struct board_order *order,
                       struct text *out)
{
    if (cli->json) {
        json_t *sorted = sort_board(entries, order->sort, order->limit), *line;
        order->sorted |= sorted != NULL;
        if (sorted) {
            line = json_pack("{s:s, s:o}", "strategy", title, "entries", sorted);
            print_json(line);
            json_decref(line);
        }
        return;
    }
    size_t before = out->len;
    text_printf(out, "%s%s%s%s\n", before ? "\n" : "", term(BOLD), title, term(PLAIN));
    if (put_board(out, entries, order->sort, order->limit))
        order->sorted = true;
    else
        out->len = before; /* this strategy has no such figure */
}

/* The boards of one type, {strategy: [entries]}; those of all types together, [entries]. */
static void tell_boards(struct cli *cli, const struct args *args, const json_t *boards, struct board_order *order,
                        struct text *out)
{
    const char *only = args_text(args, "strategy"), *strategy;
    json_t *entries;

    if (json_is_array(boards)) {
        tell_board(cli, "all challenges", boards, order, out);
        return;
    }
    json_object_foreach((json_t *)boards, strategy, entries) {
        if (!only || strcmp(only, strategy) == 0)
            tell_board(cli, strategy, entries, order, out);
    }
}

static int run_scoring(struct cli *cli, const struct args *args)
{
    struct text path = {0}, out = {0};
    json_t *boards;
    int64_t limit;

    if (!args_number(args, "limit", 20, 1, 1000000, &limit))
        return CLI_USAGE;
    struct board_order order = {args_text(args, "sort"), (size_t)limit, false};
    text_puts(&path, "/api/scoring");
    if (args->words[0])
        path_segment(&path, args->words[0]);
    int code = cli_get(cli, text_cstr(&path), &boards);
    text_free(&path);
    if (code)
        return code;
    bool empty = json_is_array(boards) ? json_array_size(boards) == 0 : json_object_size(boards) == 0;
    if (!empty)
        tell_boards(cli, args, boards, &order, &out);
    else if (!cli->json)
        text_puts(&out, "No scored game has ended yet.\n");
    print_text(&out);
    text_free(&out);
    json_decref(boards);
    if (empty || order.sorted)
        return CLI_OK;
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
