/* cmd_look.c - the commands that only read: challenges, sessions, view, actions, sync, watch. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/show.h"
#include "cli/term.h"

/* -------------------------------------------------------------------------------------------- challenges --- */

int get_metadata(struct cli *cli, const char *type, json_t **metadata)
{
    struct text path = {0};
    text_puts(&path, "/api/metadata");
    if (type)
        path_segment(&path, type);
    int code = cli_get(cli, text_cstr(&path), metadata);
    text_free(&path);
    return code;
}

static void put_players(struct text *out, const json_t *metadata)
{
    json_int_t players = json_integer_value(json_object_get(metadata, "players"));
    text_printf(out, "%" JSON_INTEGER_FORMAT " player%s", players, players == 1 ? "" : "s");
}

enum { NAME_COLUMN = 2, WORDS_COLUMN = 18 };

/* "  name          words about it, wrapped below one another". */
static void put_entry(struct text *out, const char *name, const char *words)
{
    text_puts(out, "  ");
    text_puts(out, term(BOLD));
    put_padded(out, name, WORDS_COLUMN - NAME_COLUMN - 1);
    text_printf(out, "%s ", term(PLAIN));
    size_t at = NAME_COLUMN + 1 + term_width(name);
    put_wrapped(out, words, at > WORDS_COLUMN ? at : WORDS_COLUMN, WORDS_COLUMN);
    if (!words[0])
        text_put_char(out, '\n');
}

/* The options' JSON Schema: a line for each, with its default. */
static void put_options(struct text *out, const json_t *schema)
{
    const char *name;
    json_t *option;
    json_object_foreach(json_object_get(schema, "properties"), name, option) {
        struct text words = {0};
        text_puts(&words, member(option, "description"));
        const json_t *otherwise = json_object_get(option, "default");
        char *value = otherwise ? json_dumps(otherwise, JSON_ENCODE_ANY) : NULL;
        if (value)
            text_printf(&words, " [%s]", value);
        free(value);
        put_entry(out, name, text_cstr(&words));
        text_free(&words);
    }
}

static void show_challenge(const char *type, const json_t *metadata, struct text *out)
{
    text_printf(out, "%s%s%s (%s, ", term(BOLD), member(metadata, "name"), term(PLAIN), type);
    put_players(out, metadata);
    text_puts(out, ")\n\n");
    put_wrapped(out, member(metadata, "description"), 0, 0);
    text_puts(out, "\nMethods\n");
    size_t i;
    json_t *method;
    json_array_foreach(json_object_get(metadata, "methods"), i, method)
        put_entry(out, member(method, "name"), member(method, "description"));
    if (json_object_get(metadata, "options")) {
        text_puts(out, "\nOptions\n");
        put_options(out, json_object_get(metadata, "options"));
    }
    text_puts(out, "\nWhat players are told\n");
    put_wrapped(out, member(metadata, "prompt"), 0, 0);
    text_printf(out, "\nStart one:  arena create %s\n", type);
}

static void list_challenge(struct cli *cli, const char *type, json_t *metadata, struct text *out)
{
    if (cli->json) {
        json_object_set_new(metadata, "type", json_string(type));
        print_json(metadata);
        return;
    }
    text_printf(out, "%s%s%s  %s, ", term(BOLD), type, term(PLAIN), member(metadata, "name"));
    put_players(out, metadata);
    text_puts(out, "\n    ");
    put_wrapped(out, member(metadata, "description"), 4, 4);
}

static int run_challenges(struct cli *cli, const struct args *args)
{
    const char *type = args->words[0];
    json_t *answer;
    int code = get_metadata(cli, type, &answer);
    if (code)
        return code;
    struct text out = {0};
    const char *name;
    json_t *one;
    if (cli->json && type) {
        print_json(answer);
    } else if (type) {
        show_challenge(type, answer, &out);
    } else {
        json_object_foreach(answer, name, one)
            list_challenge(cli, name, one, &out);
    }
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

/* ---------------------------------------------------------------------------------------------- sessions --- */

int get_session(struct cli *cli, const char *session, const char *what, const char *viewer, json_t **answer)
{
    struct text path = {0};
    text_puts(&path, "/api/sessions");
    path_segment(&path, bare_session(session));
    text_puts(&path, what);
    path_query(&path, "from", viewer);
    int code = cli_get(cli, text_cstr(&path), answer);
    text_free(&path);
    return code;
}

/* Prints an answer as JSON or as indented text. */
static int print_answer(struct cli *cli, json_t *answer)
{
    struct text out = {0};
    if (cli->json)
        print_json(answer);
    else
        show_json(answer, 0, &out);
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

static int run_sessions(struct cli *cli, const struct args *args)
{
    int64_t limit, offset;
    if (!args_number(args, "limit", 20, 1, 100, &limit) || !args_number(args, "offset", 0, 0, INT32_MAX, &offset))
        return CLI_USAGE;
    struct text path = {0};
    text_puts(&path, "/api/challenges");
    if (args_text(args, "type"))
        path_segment(&path, args_text(args, "type"));
    path_query(&path, "status", args_text(args, "status"));
    text_printf(&path, "%climit=%d&offset=%d", args_text(args, "status") ? '&' : '?', (int)limit, (int)offset);
    json_t *answer;
    int code = cli_get(cli, text_cstr(&path), &answer);
    text_free(&path);
    if (code)
        return code;
    struct text out = {0};
    size_t i;
    json_t *session;
    json_array_foreach(json_object_get(answer, "challenges"), i, session) {
        if (cli->json)
            print_json(session);
        else
            show_session_line(session, &out);
    }
    if (!cli->json)
        text_printf(&out, "%s%zu of %" JSON_INTEGER_FORMAT "%s\n", term(DIM),
                    json_array_size(json_object_get(answer, "challenges")),
                    json_integer_value(json_object_get(answer, "total")), term(PLAIN));
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

static int run_view(struct cli *cli, const struct args *args)
{
    json_t *answer;
    const char *as = args_text(args, "as");
    bool game = as || args_flag(args, "state");
    int code = as ? take_seat(cli, bare_session(args->words[0]), &as) : CLI_OK;
    if (code == CLI_OK)
        code = get_session(cli, args->words[0], game ? "/view" : "", as, &answer);
    if (code)
        return code;
    if (cli->json || !json_object_get(answer, "challengeType"))
        return print_answer(cli, answer);
    struct text out = {0};
    show_session(answer, &out);
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

static int run_actions(struct cli *cli, const struct args *args)
{
    json_t *answer;
    const char *as = args_text(args, "as");
    int code = take_seat(cli, bare_session(args->words[0]), &as);
    if (code == CLI_OK)
        code = get_session(cli, args->words[0], "/actions", as, &answer);
    if (code)
        return code;
    json_t *actions = json_object_get(answer, "actions");
    if (cli->json || !json_is_array(actions))
        return print_answer(cli, answer);
    struct text out = {0};
    size_t i;
    json_t *action;
    json_array_foreach(actions, i, action) {
        put_padded(&out, member(action, "method"), 14);
        const char *content = member(action, "content");
        put_safe(&out, content[0] ? content : "(what the method's description admits)");
        text_put_char(&out, '\n');
    }
    if (json_array_size(actions) == 0)
        text_puts(&out, "Nothing to do now.\n");
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

/* ------------------------------------------------------------------------------------------ sync, watch --- */

static void sync_path(struct text *path, const struct args *args, const char *as, int64_t from, int64_t wait)
{
    bool chat = args_flag(args, "chat");
    char number[24];
    text_puts(path, chat ? "/api/chat/sync" : "/api/arena/sync");
    path_query(path, "channel", bare_session(args->words[0]));
    snprintf(number, sizeof number, "%lld", (long long)from);
    path_query(path, "index", number);
    path_query(path, "from", as);
    snprintf(number, sizeof number, "%lld", (long long)wait);
    path_query(path, "wait", wait ? number : NULL);
}

static int run_sync(struct cli *cli, const struct args *args)
{
    int64_t from, wait;
    if (!args_number(args, "from", 0, 0, INT32_MAX, &from) || !args_number(args, "wait", 0, 0, 60000, &wait))
        return CLI_USAGE;
    struct text path = {0}, out = {0};
    const char *as = args_text(args, "as");
    int code = take_seat(cli, bare_session(args->words[0]), &as);
    if (code)
        return code;
    sync_path(&path, args, as, from, wait);
    json_t *answer;
    code = cli_get(cli, text_cstr(&path), &answer);
    text_free(&path);
    if (code)
        return code;
    struct show show = {.me = as, .battle.me = -1, .bars = true};
    size_t i;
    json_t *message;
    json_array_foreach(json_object_get(answer, "messages"), i, message) {
        if (cli->json)
            print_json(message);
        else
            show_message(&show, message, &out);
    }
    print_text(&out);
    text_free(&out);
    json_decref(answer);
    return CLI_OK;
}

struct watch {
    struct cli *cli;
    struct show show;
    struct text out;
    char last_id[128];
    json_int_t seen; /* index of the last message shown: a stream that was joined anew may repeat some */
    bool ended, alive;
};

static void watch_message(struct watch *w, const json_t *message)
{
    json_int_t index = json_integer_value(json_object_get(message, "index"));
    if (index <= w->seen)
        return;
    w->seen = index;
    if (w->cli->json)
        print_json(message);
    else
        show_message(&w->show, message, &w->out);
}

static void watch_end(struct watch *w, const json_t *event)
{
    w->ended = true;
    if (w->cli->json) {
        print_json(event);
        return;
    }
    text_printf(&w->out, "%sThe game has ended.%s\n", term(BOLD), term(PLAIN));
    show_result(json_object_get(event, "data"), w->show.me, &w->out);
}

static bool on_event(void *ctx, const char *data, const char *id)
{
    struct watch *w = ctx;
    w->alive = true;
    snprintf(w->last_id, sizeof w->last_id, "%s", id);
    json_t *event = json_loads(data, 0, NULL), *message;
    const char *type = member(event, "type");
    size_t i;
    if (strcmp(type, "initial") == 0)
        json_array_foreach(json_object_get(event, "messages"), i, message)
            watch_message(w, message);
    else if (strcmp(type, "new_message") == 0)
        watch_message(w, json_object_get(event, "message"));
    else if (strcmp(type, "game_ended") == 0)
        watch_end(w, event);
    json_decref(event);
    print_text(&w->out);
    return !w->ended && !interrupted();
}

/* Joins the stream again and again, each time later, until it ends, is refused or has been silent for too long. */
static int run_watch(struct cli *cli, const struct args *args)
{
    const char *as = args_text(args, "as");
    struct text path = {0}, channel = {0};
    int code = take_seat(cli, bare_session(args->words[0]), &as);
    if (code)
        return code;
    text_printf(&channel, "%s%s", args_flag(args, "chat") ? "" : "challenge_", bare_session(args->words[0]));
    text_puts(&path, "/api/chat/ws");
    path_segment(&path, text_cstr(&channel));
    path_query(&path, "from", as);
    path_query(&path, "channel", http_has_key(cli->http) ? text_cstr(&channel) : NULL);
    struct watch w = {.cli = cli, .show = {.me = as, .battle.me = -1, .bars = true}};
    for (int pause = 1; !w.ended && code == CLI_OK;) {
        struct http_answer answer;
        w.alive = false;
        enum http_outcome outcome = http_stream(cli->http, text_cstr(&path), w.last_id, on_event, &w, &answer);
        pause = w.alive ? 1 : pause * 2;
        if (!w.ended && (outcome == HTTP_INTERRUPTED || outcome == HTTP_REFUSED || pause > 16 ||
                         (outcome == HTTP_UNREACHABLE && w.seen == 0 && !w.alive)))
            code = outcome == HTTP_OK ? CLI_UNREACHABLE : cli_failure(cli, outcome, &answer);
        else if (!w.ended)
            nanosleep(&(struct timespec){.tv_sec = pause}, NULL);
        http_answer_finish(&answer);
    }
    text_free(&path);
    text_free(&channel);
    text_free(&w.out);
    return code;
}

/* ----------------------------------------------------------------------------------------------- table --- */

static const struct option_row sessions_options[] = {
    {"status", "open|active|ended", "only these"},
    {"type", "TYPE", "only of this challenge type"},
    {"limit", "N", "at most N, newest first (default 20)"},
    {"offset", "N", "without the first N"},
    {0},
};

static const struct option_row view_options[] = {
    {"as", "INVITE", "what this player may see of the game"},
    {"state", NULL, "what a spectator may see of the game"},
    {0},
};

static const struct option_row as_options[] = {
    {"as", "INVITE", "the player who asks"},
    {0},
};

static const struct option_row sync_options[] = {
    {"as", "INVITE", "read as this player; others' private messages stay hidden"},
    {"from", "N", "from message number N on"},
    {"wait", "MS", "when there is nothing yet, wait up to MS milliseconds (60000 at most)"},
    {"chat", NULL, "the players' chat instead of the game's channel"},
    {0},
};

static const struct option_row watch_options[] = {
    {"as", "INVITE", "watch as this player"},
    {"chat", NULL, "the players' chat instead of the game's channel"},
    {0},
};

const struct command look_commands[] = {
    {"challenges", "[TYPE]", "Lists the challenge types, or tells everything about one", 0, 1, NULL,
     "Examples\n"
     "  arena challenges                   what can be played here\n"
     "  arena challenges pokemon           rules, methods and options of one",
     run_challenges},
    {"sessions", "", "Lists sessions, newest first", 0, 0, sessions_options,
     "Examples\n"
     "  arena sessions --status active     games under way\n"
     "  arena sessions --json | jq .id     for scripts: one session a line",
     run_sessions},
    {"view", "SESSION", "Shows a session, or the game as somebody may see it", 1, 1, view_options,
     "Examples\n"
     "  arena view 1b9d6bcd-...            status and, after the end, scores and who played\n"
     "  arena view 1b9d6bcd-... --as inv_... --json     what that player sees of the game, as JSON",
     run_view},
    {"actions", "SESSION", "Lists what a player may do now", 1, 1, as_options,
     "Example\n"
     "  arena actions 1b9d6bcd-... --as inv_...\n"
     "Send one of them with `arena send`.",
     run_actions},
    {"sync", "SESSION", "Prints the messages of a session", 1, 1, sync_options,
     "Examples\n"
     "  arena sync 1b9d6bcd-... --as inv_...                 everything so far, with what is private to you\n"
     "  arena sync 1b9d6bcd-... --from 12 --wait 30000       the twelfth on; waits for it if need be",
     run_sync},
    {"watch", "SESSION", "Follows a session live until its end", 1, 1, watch_options,
     "Example\n"
     "  arena watch 1b9d6bcd-...\n"
     "When the line breaks it goes on where it was (Last-Event-ID).  Ctrl-C ends it.",
     run_watch},
    {0},
};
