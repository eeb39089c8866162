/* cmd_admin.c - the commands for who runs an arena: admin, recompute, completion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/private.h"
#include "cli/show.h"
#include "cli/term.h"

enum { TOKEN_MAX = 4096 };

/* The token goes into the header of every request from here on.  It is never an argument: those are seen by everybody
 * on the machine. */
static bool use_token(struct cli *cli, const struct args *args)
{
    const char *file = args_text(args, "token-file"), *token = getenv("ARENA_ADMIN_TOKEN");
    struct text text = {0};

    if (file && !private_read(file, TOKEN_MAX, &text))
        return false;
    if (file) {
        while (text.len && strchr(" \r\n", text.ptr[text.len - 1]))
            text.len--;
        token = text_cstr(&text);
    }
    bool good = token && token[0] && !strpbrk(token, "\r\n");
    if (good)
        http_use_key(cli->http, token);
    else
        complain("an administrator's token is needed: set ARENA_ADMIN_TOKEN, or say --token-file FILE.");
    text_free(&text);
    return good;
}

/* Prints an answer as JSON or as indented text. */
static int tell(struct cli *cli, int code, json_t *answer)
{
    struct text out = {0};

    if (code == CLI_OK && cli->json)
        print_json(answer);
    else if (code == CLI_OK)
        show_json(answer, 0, &out);
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return code;
}

static int run_status(struct cli *cli, const struct args *args)
{
    json_t *answer;

    (void)args;
    int code = cli_get(cli, "/api/admin/status", &answer);
    return tell(cli, code, answer);
}

static int run_end(struct cli *cli, const struct args *args)
{
    struct text path = {0};
    json_t *body = json_object(), *answer;

    text_puts(&path, "/api/admin/sessions");
    path_segment(&path, bare_session(args->words[1]));
    text_puts(&path, "/end");
    int code = cli_post(cli, text_cstr(&path), body, &answer);
    json_decref(body);
    text_free(&path);
    return tell(cli, code, answer);
}

static int run_benchmark(struct cli *cli, const struct args *args)
{
    bool on = strcmp(args->words[2], "on") == 0;
    struct text path = {0};
    json_t *answer;

    if (!on && strcmp(args->words[2], "off") != 0) {
        complain("a user is a benchmark or not: arena admin benchmark %s on|off", args->words[1]);
        return CLI_USAGE;
    }
    json_t *body = json_pack("{s:b}", "isBenchmark", on);
    text_puts(&path, "/api/admin/users");
    path_segment(&path, args->words[1]);
    int code = cli_post(cli, text_cstr(&path), body, &answer);
    json_decref(body);
    text_free(&path);
    return tell(cli, code, answer);
}

static int run_audit(struct cli *cli, const struct args *args)
{
    struct text path = {0};
    json_t *answer;

    text_puts(&path, "/api/admin/audit");
    path_query(&path, "limit", args_text(args, "limit"));
    path_query(&path, "offset", args_text(args, "offset"));
    int code = cli_get(cli, text_cstr(&path), &answer);
    text_free(&path);
    return tell(cli, code, answer);
}

static int run_admin(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"status", "", 0, 0, run_status},
        {"end", "SESSION", 1, 1, run_end},
        {"benchmark", "USER on|off", 2, 2, run_benchmark},
        {"audit", "", 0, 0, run_audit},
        {"data", "VERB CHALLENGE [VERSION|TEXT|FILE|FOLDER]", 2, 4, run_admin_data},
        {0},
    };
    return use_token(cli, args) ? run_verb(cli, args, "admin", verbs) : CLI_USAGE;
}

/* ---------------------------------------------------------------------------------------------------- table --- */

static const struct option_row admin_options[] = {
    {"token-file", "FILE", "the administrator's token, in a file of mode 0600 (default: $ARENA_ADMIN_TOKEN)"},
    {"limit", "N", "audit and data find: at most N entries"},
    {"offset", "N", "audit and data find: without the first N"},
    {"onto", "VERSION", "data stage: changes this version, not the active one"},
    {"hash", "HEX", "data stage and promote: only if this is the hash of the set"},
    {"note", "TEXT", "data: why, for the history"},
    {"by", "TEXT", "data: who, for the history"},
    {0},
};

const struct command run_commands[] = {
    {"admin", "status|end|benchmark|audit|data [SESSION|USER|VERB] [on|off|CHALLENGE ...]",
     "Looks after a running server", 1, 5, admin_options,
     "Examples\n"
     "  arena admin status --token-file ./token      how the server is\n"
     "  arena admin end 1b9d6bcd-...                 removes an open session, ends an active one as abandoned\n"
     "  arena admin benchmark alice on               alice's games count as benchmarks\n"
     "  arena admin audit --limit 20                 what administrators did\n"
     "Rules that are data change without a restart; games that run keep theirs\n"
     "  arena admin data list points                 versions, * the one that new games get, and the history\n"
     "  arena admin data find points jab             entries with this text\n"
     "  arena admin data stage points change.json    a new version, if the operator finds no mistake in it:\n"
     "                                               {\"moves\": {\"jab\": {\"points\": 3}}}\n"
     "  arena admin data stage pokemon ./mine        the same of a folder that `arena data validate` finds good\n"
     "  arena admin data promote points v1@1         new games get it\n"
     "  arena admin data rollback points             back to what they got before\n"
     "  arena admin data diff points v1 v1@1         what differs\n"
     "  arena admin data show points v1@1            all of it\n"
     "The token is taken from $ARENA_ADMIN_TOKEN or a file, never from the command line, which others can read.",
     run_admin},
    {"recompute", "DATA", "Makes every scoring board anew from the records of a data folder", 1, 1, recompute_options,
     "Examples\n"
     "  arena recompute ./arena-data --check         makes every board anew and compares\n"
     "  arena recompute ./arena-data                 and writes what it made; no server may have the folder open\n"
     "The numbers are the same as before: a board is a function of the games that ended, in their order.",
     run_recompute},
    {"completion", "bash|zsh|fish|words [WORD...]", "Prints a script that completes arena's words in your shell", 1,
     CLI_WORDS_MAX, NULL,
     "Examples\n"
     "  source <(arena completion bash)              for this shell; put it into ~/.bashrc for all\n"
     "  arena completion zsh > ~/.zfunc/_arena       in a folder of your fpath\n"
     "  arena completion fish > ~/.config/fish/completions/arena.fish\n"
     "The scripts ask `arena completion words` what fits, so they know what this program knows.",
     run_completion},
    {0},
};
