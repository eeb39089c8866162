/* cmd_users.c - who plays: profiles, scores and past games. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/identity.h"
#include "cli/show.h"
#include "cli/table.h"
#include "cli/term.h"

enum { NAME_COLUMN = 24, MODEL_COLUMN = 24 };

/* ------------------------------------------------------------------------------------------------- profiles --- */

/* "0123abcd…  alice  gpt-x  benchmark". */
static void put_profile(struct text *out, const json_t *profile)
{
    put_padded(out, member(profile, "userId"), 64);
    text_puts(out, "  ");
    put_padded(out, member(profile, "username"), NAME_COLUMN);
    put_padded(out, member(profile, "model"), json_is_true(json_object_get(profile, "isBenchmark")) ? MODEL_COLUMN : 0);
    if (json_is_true(json_object_get(profile, "isBenchmark")))
        text_puts(out, "benchmark");
    while (out->len && out->ptr[out->len - 1] == ' ')
        out->len--;
    text_put_char(out, '\n');
}

static void tell_profile(struct cli *cli, const json_t *profile, struct text *out)
{
    if (cli->json)
        print_json(profile);
    else
        put_profile(out, profile);
}

static int run_list(struct cli *cli, const struct args *args)
{
    json_t *users, *profile;
    size_t i;
    struct text path = {0}, out = {0};

    text_puts(&path, "/api/users");
    path_query(&path, "limit", args_text(args, "limit"));
    path_query(&path, "offset", args_text(args, "offset"));
    int code = cli_get(cli, text_cstr(&path), &users);
    text_free(&path);
    if (code)
        return code;
    json_array_foreach(users, i, profile)
        tell_profile(cli, profile, &out);
    if (json_array_size(users) == 0 && !cli->json)
        text_puts(&out, "Nobody has a profile here yet; `arena users set` makes yours.\n");
    print_text(&out);
    text_free(&out);
    json_decref(users);
    return CLI_OK;
}

static int run_batch(struct cli *cli, const struct args *args)
{
    struct text path = {0}, ids = {0}, out = {0};
    json_t *users, *profile;
    const char *id;

    for (int i = 1; i < args->word_count; i++)
        text_printf(&ids, "%s%s", i > 1 ? "," : "", args->words[i]);
    text_puts(&path, "/api/users/batch");
    path_query(&path, "ids", text_cstr(&ids));
    int code = cli_get(cli, text_cstr(&path), &users);
    text_free(&path);
    text_free(&ids);
    if (code)
        return code;
    json_object_foreach(users, id, profile)
        tell_profile(cli, profile, &out);
    print_text(&out);
    text_free(&out);
    json_decref(users);
    return CLI_OK;
}

/* -------------------------------------------------------------------------------------------------- one user --- */

static int get_user(struct cli *cli, const char *id, const char *what, json_t **answer)
{
    struct text path = {0};

    text_puts(&path, "/api/users");
    path_segment(&path, id);
    text_puts(&path, what);
    int code = cli_get(cli, text_cstr(&path), answer);
    text_free(&path);
    return code;
}

/* The global entry and one for each challenge type and strategy: "psi  average  games 4  utility 0.5". */
static void put_scores(struct text *out, const json_t *scores)
{
    const char *type, *strategy;
    json_t *strategies, *entry;

    text_puts(out, "\nScores\n");
    const json_t *global = json_object_get(scores, "global");
    if (json_is_object(global))
        put_entry_line(out, "all challenges", "", global);
    json_object_foreach(json_object_get(scores, "challenges"), type, strategies) {
        json_object_foreach(strategies, strategy, entry)
            put_entry_line(out, type, strategy, entry);
    }
    if (!json_is_object(global) && json_object_size(json_object_get(scores, "challenges")) == 0)
        text_puts(out, "  none yet\n");
}

/* The user's own seat in an ended session, in the words of a list of sessions. */
static void put_game(struct text *out, const json_t *session, const char *user)
{
    const json_t *state = json_object_get(session, "state");
    const json_t *identities = json_object_get(state, "playerIdentities");
    size_t i;
    json_t *invite;

    text_puts(out, "  ");
    show_session_line(session, out);
    json_array_foreach(json_object_get(state, "players"), i, invite) {
        const char *handle = json_string_value(invite);
        if (handle && strcmp(member(identities, handle), user) == 0)
            text_printf(out, "      as player %zu\n", i + 1);
    }
}

static int put_history(struct cli *cli, const struct args *args, const char *user, struct text *out)
{
    struct text what = {0};
    json_t *history, *session;
    size_t i;

    text_puts(&what, "/challenges");
    path_query(&what, "limit", args_text(args, "limit") ? args_text(args, "limit") : "20");
    path_query(&what, "offset", args_text(args, "offset"));
    int code = get_user(cli, user, text_cstr(&what), &history);
    text_free(&what);
    if (code)
        return code;
    const json_t *sessions = json_object_get(history, "challenges");
    if (!cli->json)
        text_printf(out, "\nGames, newest first: %zu of %" JSON_INTEGER_FORMAT "\n", json_array_size(sessions),
                    json_integer_value(json_object_get(history, "total")));
    json_array_foreach(sessions, i, session) {
        if (cli->json)
            print_json(session);
        else
            put_game(out, session, user);
    }
    json_decref(history);
    return CLI_OK;
}

/* *profile: NULL when the user has none, which who only plays need not have. */
static int get_profile(struct cli *cli, const char *user, json_t **profile)
{
    struct text path = {0};
    json_t *users;

    text_puts(&path, "/api/users/batch");
    path_query(&path, "ids", user);
    int code = cli_get(cli, text_cstr(&path), &users);
    text_free(&path);
    if (code)
        return code;
    *profile = json_incref(json_object_get(users, user));
    json_decref(users);
    return CLI_OK;
}

static bool scored(const json_t *scores)
{
    return json_is_object(json_object_get(scores, "global")) || json_object_size(json_object_get(scores, "challenges"));
}

static void tell_user(struct cli *cli, json_t *profile, const json_t *scores, struct text *out)
{
    if (cli->json) {
        json_object_set(profile, "scores", (json_t *)scores);
        print_json(profile);
    } else {
        put_profile(out, profile);
        put_scores(out, scores);
    }
}

static int show_user(struct cli *cli, const struct args *args, const char *user)
{
    struct text out = {0};
    json_t *profile = NULL, *scores = NULL;
    int code = get_profile(cli, user, &profile);

    if (code == CLI_OK)
        code = get_user(cli, user, "/scores", &scores);
    if (code == CLI_OK && !profile && !scored(scores)) /* says that there is no such user */
        code = get_user(cli, user, "", &profile);
    if (code == CLI_OK && !profile)
        profile = json_pack("{s:s}", "userId", user);
    if (code == CLI_OK)
        tell_user(cli, profile, scores, &out);
    json_decref(profile);
    json_decref(scores);
    if (code == CLI_OK && args_flag(args, "history"))
        code = put_history(cli, args, user, &out);
    print_text(&out);
    text_free(&out);
    return code;
}

static int run_show(struct cli *cli, const struct args *args)
{
    struct identity identity;
    bool found;

    if (args->words[1])
        return show_user(cli, args, args->words[1]);
    if (!identity_pick(args_text(args, "sign"), &identity, &found))
        return CLI_REFUSED;
    if (!found) {
        complain("which user?  Say the id, or make an identity with `arena identity new`.");
        return CLI_USAGE;
    }
    int code = show_user(cli, args, identity.user);
    identity_finish(&identity);
    return code;
}

/* ------------------------------------------------------------------------------------------------------ set --- */

static int run_set(struct cli *cli, const struct args *args)
{
    const char *name = args_text(args, "name"), *model = args_text(args, "model"), *user = args_text(args, "user");
    struct identity identity;
    struct text out = {0};
    json_t *profile;
    bool signs = false;

    if (!name && !model) {
        complain("what is to be set?  Say --name NAME or --model MODEL.");
        return CLI_USAGE;
    }
    if ((!user || args_text(args, "sign")) && !identity_pick(args_text(args, "sign"), &identity, &signs))
        return CLI_USAGE;
    if (!user && !signs) {
        complain("whose profile?  Say --user ID on a standalone server; make a key with `arena identity new` for one "
                 "in auth mode.");
        return CLI_USAGE;
    }
    json_t *body = json_pack("{s:s}", "userId", user ? user : identity.user);
    if (name)
        json_object_set_new(body, "username", json_string(name));
    if (model)
        json_object_set_new(body, "model", json_string(model));
    if (signs)
        identity_sign(&identity, "user-update", body);
    identity_finish(&identity);
    int code = cli_post(cli, "/api/users", body, &profile);
    json_decref(body);
    if (code)
        return code;
    tell_profile(cli, profile, &out);
    print_text(&out);
    text_free(&out);
    json_decref(profile);
    return CLI_OK;
}

/* ---------------------------------------------------------------------------------------------------- table --- */

int run_users(struct cli *cli, const struct args *args)
{
    static const struct verb verbs[] = {
        {"list", "", 0, 0, run_list},
        {"show", "[USER]", 0, 1, run_show},
        {"batch", "USER...", 1, CLI_WORDS_MAX - 1, run_batch},
        {"set", "--name NAME --model MODEL", 0, 0, run_set},
        {0},
    };
    return run_verb(cli, args, "users", verbs);
}

const struct option_row users_options[] = {
    {"history", NULL, "show: the games that this user played, too"},
    {"limit", "N", "list, --history: at most N (history: default 20)"},
    {"offset", "N", "list, --history: without the first N"},
    {"name", "NAME", "set: what others are shown; \"\" removes it"},
    {"model", "MODEL", "set: the model that plays; \"\" removes it"},
    {"user", "ID", "set: whose profile, on a standalone server"},
    {"sign", "IDENTITY", "show, set: who you are (default: $ARENA_IDENTITY, else `arena identity use`)"},
    {0},
};
