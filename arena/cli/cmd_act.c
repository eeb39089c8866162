/* cmd_act.c - the commands that take part: create, join, send, chat. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/identity.h"
#include "cli/show.h"
#include "cli/term.h"

int create_session(struct cli *cli, const char *type, json_t *options, json_t **session)
{
    struct text path = {0};
    text_puts(&path, "/api/challenges");
    path_segment(&path, type);
    json_t *body = json_object();
    if (options)
        json_object_set_new(body, "options", options);
    int code = cli_post(cli, text_cstr(&path), body, session);
    json_decref(body);
    text_free(&path);
    return code;
}

/* What a server in auth mode says to who does not sign. */
static bool wants_signature(const struct http_answer *answer)
{
    return strncmp(answer->error, "publicKey, signature", 20) == 0;
}

int join_session(struct cli *cli, const char *invite, const char *user, const struct identity *signer, json_t **joined)
{
    struct text purpose = {0};
    struct http_answer answer;
    json_t *body = json_pack("{s:s}", "invite", invite);

    *joined = NULL;
    if (!body) {
        complain("an invite is UTF-8 text.");
        return CLI_USAGE;
    }
    text_printf(&purpose, "join:%s", invite);
    if (signer)
        identity_sign(signer, text_cstr(&purpose), body);
    text_free(&purpose);
    if (user)
        json_object_set_new(body, "userId", json_string(user));
    enum http_outcome outcome = http_send(cli->http, "/api/arena/join", body, &answer);
    json_decref(body);
    if (outcome == HTTP_OK) {
        *joined = answer.body;
        return CLI_OK;
    }
    int code = cli_failure(cli, outcome, &answer);
    if (outcome == HTTP_REFUSED && !signer && wants_signature(&answer))
        complain(user ? "This server knows users by their keys: join without --user, or with --sign NAME."
                      : "This server knows users by their keys: make yours with `arena identity new`, and join again.");
    http_answer_finish(&answer);
    return code;
}

/* Who signs: --sign; without it the default identity, but for who says to be somebody else.  A standalone server pays
 * no attention to it. */
int join_by_options(struct cli *cli, const char *invite, const struct args *args, json_t **joined)
{
    const char *user = args_text(args, "user"), *sign = args_text(args, "sign");
    struct identity identity;
    bool signs = false;

    if ((sign || !user) && !identity_pick(sign, &identity, &signs))
        return CLI_USAGE;
    int code = join_session(cli, invite, user, signs ? &identity : NULL, joined);
    if (signs)
        identity_finish(&identity);
    if (code == CLI_OK && !keep_seat(cli, invite, *joined) && !cli->json)
        complain("Say it to later commands yourself:  --key %s", member(*joined, "sessionKey"));
    return code;
}

/* Prints an answer as JSON, or `otherwise` for people. */
static int done(struct cli *cli, json_t *answer, const char *otherwise)
{
    if (cli->json)
        print_json(answer);
    else if (otherwise)
        puts(otherwise);
    json_decref(answer);
    return CLI_OK;
}

bool read_options(const char *text, const char *opponent, json_t **options)
{
    *options = NULL;
    if (text) {
        json_error_t error;
        *options = json_loads(text, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(*options)) {
            complain("--options must be a JSON object like '{\"opponent\":\"heuristic\"}': %s",
                     *options ? "this is JSON, but no object" : error.text);
            json_decref(*options);
            return false;
        }
    }
    if (opponent) {
        if (!*options)
            *options = json_object();
        json_object_set_new(*options, "opponent", json_string(opponent));
    }
    return true;
}

static int run_create(struct cli *cli, const struct args *args)
{
    json_t *options, *session;
    if (!read_options(args_text(args, "options"), args_text(args, "opponent"), &options))
        return CLI_USAGE;
    int code = create_session(cli, args->words[0], options, &session);
    if (code)
        return code;
    if (cli->json)
        return done(cli, session, NULL);
    struct text out = {0};
    text_printf(&out, "session   %s\n", member(session, "id"));
    size_t i;
    json_t *invite;
    json_array_foreach(json_object_get(session, "invites"), i, invite)
        text_printf(&out, "invite %zu  %s\n", i + 1, json_string_value(invite) ? json_string_value(invite) : "");
    text_printf(&out, "%sEach invite is one seat: whoever has it may take it.  Next:  arena join INVITE%s\n", term(DIM),
                term(PLAIN));
    print_text(&out);
    text_free(&out);
    return done(cli, session, NULL);
}

static int run_join(struct cli *cli, const struct args *args)
{
    json_t *joined;
    int code = join_by_options(cli, args->words[0], args, &joined);
    if (code || cli->json)
        return code ? code : done(cli, joined, NULL);
    struct text out = {0};
    const json_t *info = json_object_get(joined, "ChallengeInfo");
    text_printf(&out, "session  %s  (%s)\n", member(joined, "ChallengeID"), member(info, "name"));
    text_printf(&out, "\n");
    put_wrapped(&out, member(info, "prompt"), 0, 0);
    bool as = !member(joined, "sessionKey")[0]; /* a session key is remembered, and says who asks */
    text_printf(&out, "\n%sNext:  arena sync %s%s%s%s\n", term(DIM), member(joined, "ChallengeID"), as ? " --as " : "",
                as ? args->words[0] : "", term(PLAIN));
    print_text(&out);
    text_free(&out);
    return done(cli, joined, NULL);
}

/* The first method of a session's challenge type, for `send` without --method. */
static int first_method(struct cli *cli, const char *session, char *method, size_t size)
{
    json_t *answer, *metadata;
    int code = get_session(cli, session, "", NULL, &answer);
    if (code)
        return code;
    code = get_metadata(cli, member(answer, "challengeType"), &metadata);
    json_decref(answer);
    if (code)
        return code;
    snprintf(method, size, "%s", member(json_array_get(json_object_get(metadata, "methods"), 0), "name"));
    json_decref(metadata);
    return CLI_OK;
}

static int run_send(struct cli *cli, const struct args *args)
{
    const char *session = bare_session(args->words[0]), *method = args_text(args, "method");
    const char *as = args_text(args, "as");
    int64_t turn;
    char first[64];
    int seat = take_seat(cli, session, &as);
    if (seat)
        return seat;
    if (!as && !cli->key) {
        complain("who sends this?  Say it with --as INVITE.");
        return CLI_USAGE;
    }
    if (!args_number(args, "turn", -1, 0, INT32_MAX, &turn))
        return CLI_USAGE;
    if (!method) {
        int code = first_method(cli, session, first, sizeof first);
        if (code)
            return code;
        method = first;
    }
    json_t *body = json_pack("{s:s, s:s}", "challengeId", session, "content", args->words[1]), *answer;
    if (!body) {
        complain("the content is not UTF-8 text.");
        return CLI_USAGE;
    }
    if (as)
        json_object_set_new(body, "from", json_string(as));
    if (method[0])
        json_object_set_new(body, "messageType", json_string(method));
    if (turn >= 0)
        json_object_set_new(body, "turn", json_integer(turn));
    int code = cli_post(cli, "/api/arena/message", body, &answer);
    json_decref(body);
    return code ? code : done(cli, answer, "sent");
}

static int run_chat(struct cli *cli, const struct args *args)
{
    const char *session = bare_session(args->words[0]), *as = args_text(args, "as");
    int seat = take_seat(cli, session, &as);
    if (seat)
        return seat;
    json_t *body = json_pack("{s:s, s:s}", "channel", session, "content", args->words[1]), *answer;
    if (!body) {
        complain("the text is not UTF-8.");
        return CLI_USAGE;
    }
    if (as)
        json_object_set_new(body, "from", json_string(as));
    if (args_text(args, "to"))
        json_object_set_new(body, "to", json_string(args_text(args, "to")));
    int code = cli_post(cli, "/api/chat/send", body, &answer);
    json_decref(body);
    return code ? code : done(cli, answer, "said");
}

/* ----------------------------------------------------------------------------------------------- table --- */

static const struct option_row create_options[] = {
    {"options", "JSON", "what the challenge lets you set, as a JSON object"},
    {"opponent", "NAME", "a house player takes the other seat (short for --options '{\"opponent\":\"NAME\"}')"},
    {0},
};

static const struct option_row join_options[] = {
    {"user", "NAME", "who you are, on a standalone server; told to nobody before the game's end"},
    {"sign", "IDENTITY", "who you are, in auth mode (default: $ARENA_IDENTITY, else `arena identity use`)"},
    {0},
};

static const struct option_row send_options[] = {
    {"as", "INVITE", "the player who sends"},
    {"method", "NAME", "what kind of move it is (default: the challenge's first method)"},
    {"turn", "N", "only if it is still this turn"},
    {0},
};

static const struct option_row chat_options[] = {
    {"as", "INVITE", "the player who speaks"},
    {"to", "INVITE", "for this player alone"},
    {0},
};

#define RETRIES "\n\nA request that is lost on the way is sent again under the same Idempotency-Key: it is done once."

const struct command act_commands[] = {
    {"create", "TYPE", "Makes a new session and prints its invites", 1, 1, create_options,
     "Examples\n"
     "  arena create psi                             a session for two: hand one invite to each\n"
     "  arena create pokemon --opponent heuristic    the house takes the second seat" RETRIES,
     run_create},
    {"join", "INVITE", "Takes the seat of an invite", 1, 1, join_options,
     "Examples\n"
     "  arena join inv_4fd1...                       takes the seat and prints the rules\n"
     "  arena join inv_4fd1... --user alice          the scores will be Alice's\n"
     "  arena join inv_4fd1... --sign work           in auth mode, as one of your identities\n"
     "In auth mode the session key that you get is kept for you ($XDG_STATE_HOME/arena/seats): later commands on this\n"
     "session act for your seat without any flag.  --json prints the key." RETRIES,
     run_join},
    {"send", "SESSION CONTENT", "Sends a player's move to the game", 2, 2, send_options,
     "Examples\n"
     "  arena send 1b9d6bcd-... \"204 391 877\" --as inv_... --method guess\n"
     "  arena send 1b9d6bcd-... \"move 1\" --as inv_... --turn 7\n"
     "Content that begins with dashes goes behind a lone --." RETRIES,
     run_send},
    {"chat", "SESSION TEXT", "Says something to the other players", 2, 2, chat_options,
     "Examples\n"
     "  arena chat 1b9d6bcd-... \"good luck\" --as inv_...\n"
     "  arena chat 1b9d6bcd-... \"a word with you\" --as inv_1... --to inv_2...\n"
     "Read it with `arena sync SESSION --chat`." RETRIES,
     run_chat},
    {"mcp", "", "Gives an agent the arena as tools (MCP on standard input and output)", 0, 0, mcp_options,
     "Examples\n"
     "  arena mcp                                    for an agent's settings: command \"arena\", arguments [\"mcp\"]\n"
     "  arena mcp --url http://10.0.0.5:3001\n"
     "  arena mcp --sign alice                       in auth mode: signs each join, keeps and gives the session key\n"
     "  echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}' | arena mcp\n"
     "Each line is one JSON-RPC message; it goes to the server's /mcp and its answer comes out as a line.",
     run_mcp},
    {0},
};
