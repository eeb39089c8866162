/*
 * cmd_play.c - a person plays at the terminal.
 *
 * One loop for every challenge: show what is new, ask the server what the player may do, offer it, send what was
 * chosen.  A Pokémon battle gets a board, every other challenge its own words.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/board.h"
#include "cli/cli.h"
#include "cli/show.h"
#include "cli/term.h"

enum { LOOK_MS = 2000 /* between looks at the chat */, LINE_BYTES = 4096, RULES_SHOWN = 2000 };

struct play {
    struct cli *cli;
    char session[64], invite[80];
    struct show show;
    struct text out;
    json_int_t next[2]; /* index of the first message not seen: of the game, of the chat */
    json_t *actions;    /* what the player may do now; NULL: the game waits for somebody else */
    json_int_t token;   /* the turn that the actions are for */
    bool fresh;         /* something came since the choices were shown last */
    bool prompting;     /* the cursor stands behind a prompt */
    json_t *state;      /* of the ended session */
};

/* ------------------------------------------------------------------------------------------------ messages --- */

static void take_message(struct play *p, const json_t *message, bool chat)
{
    json_int_t index = json_integer_value(json_object_get(message, "index"));
    if (index < p->next[chat])
        return;
    p->next[chat] = index + 1;
    p->fresh |= !chat;
    const char *from = member(message, "from");
    if (json_is_true(json_object_get(message, "redacted")) || strcmp(from, p->invite) == 0)
        return; /* of one's own moves the game tells; others' secrets say nothing */
    if (strcmp(from, "operator") != 0) {
        put_handle(&p->out, from);
        text_puts(&p->out, ": ");
    }
    show_content(&p->show, member(message, "content"), &p->out);
}

static int pull_channel(struct play *p, bool chat, int wait_ms)
{
    struct text path = {0};
    text_printf(&path, "/api/%s/sync?index=%lld", chat ? "chat" : "arena", (long long)p->next[chat]);
    path_query(&path, "channel", p->session);
    path_query(&path, "from", p->invite);
    if (wait_ms)
        text_printf(&path, "&wait=%d", wait_ms);
    json_t *answer, *message;
    int code = cli_get(p->cli, text_cstr(&path), &answer);
    text_free(&path);
    if (code)
        return code;
    size_t i;
    json_array_foreach(json_object_get(answer, "messages"), i, message)
        take_message(p, message, chat);
    json_decref(answer);
    if (p->prompting && p->out.len)
        putchar('\n');
    p->prompting &= p->out.len == 0;
    print_text(&p->out);
    return CLI_OK;
}

/* Fetches and shows what is new, waiting up to wait_ms for the game to go on. */
static int pull(struct play *p, int wait_ms)
{
    int code = pull_channel(p, false, wait_ms);
    return code ? code : pull_channel(p, true, 0);
}

/* Asks whether it is over and what may be done. */
static int look(struct play *p)
{
    json_t *session;
    int code = get_session(p->cli, p->session, "", NULL, &session);
    if (code)
        return code;
    json_t *state = json_object_get(session, "state");
    if (strcmp(member(state, "status"), "ended") == 0)
        p->state = json_incref(state);
    bool active = strcmp(member(state, "status"), "active") == 0;
    json_decref(session);
    json_decref(p->actions);
    p->actions = NULL;
    if (!active)
        return CLI_OK;
    json_t *answer;
    code = get_session(p->cli, p->session, "/actions", p->invite, &answer);
    if (code == CLI_OK && json_is_true(json_object_get(answer, "active"))) {
        p->actions = json_incref(json_object_get(answer, "actions"));
        p->token = json_integer_value(json_object_get(answer, "turn"));
    }
    json_decref(answer);
    return code;
}

/* ------------------------------------------------------------------------------------------------- choosing --- */

static const json_t *action_at(const struct play *p, size_t i)
{
    return json_array_get(p->actions, i);
}

/* "move 1" shown by the board, anything else as "method content". */
static void put_action(struct play *p, const json_t *view, size_t i)
{
    const char *method = member(action_at(p, i), "method"), *content = member(action_at(p, i), "content");
    text_printf(&p->out, "  %s%2zu%s  ", term(BOLD), i + 1, term(PLAIN));
    if (view && content[0]) {
        board_choice(view, content, &p->out);
    } else {
        put_safe(&p->out, method);
        text_puts(&p->out, content[0] ? " " : " …");
        put_safe(&p->out, content);
    }
    text_put_char(&p->out, '\n');
}

static int show_choices(struct play *p)
{
    json_t *view;
    int code = get_session(p->cli, p->session, "/view", p->invite, &view);
    if (code)
        return code;
    const json_t *battle = board_knows(view) ? view : NULL;
    if (battle)
        board_draw(battle, &p->out);
    for (size_t i = 0; i < json_array_size(p->actions); i++)
        put_action(p, battle, i);
    json_decref(view);
    p->fresh = false;
    print_text(&p->out);
    return CLI_OK;
}

static void prompt(struct play *p)
{
    size_t count = json_array_size(p->actions);
    if (count == 1 && !member(action_at(p, 0), "content")[0])
        text_printf(&p->out, "%s> ", member(action_at(p, 0), "method"));
    else
        text_printf(&p->out, "your choice, 1-%zu (? helps)> ", count);
    print_text(&p->out);
    p->prompting = true;
}

/* Reads a line while messages keep coming; 1 a line, 0 something came, -1 the end of input. */
static int read_while_watching(struct play *p, char *line, int *code)
{
    for (;;) {
        int got = read_line(line, LINE_BYTES, LOOK_MS);
        if (got)
            return got;
        *code = pull(p, 0);
        if (*code || !p->prompting)
            return 0;
    }
}

static const char help_text[] =
    "  A number takes what stands behind it.  `METHOD CONTENT` sends just that (\"forfeit\", \"switch pikachu\").\n"
    "  `say TEXT` talks to the others, `quit` leaves (the seat stays yours: see `arena play --help`).\n";

/* What the player meant, as method and content.  False when there is nothing to send. */
static bool understand(struct play *p, char *line, const char **method, const char **content)
{
    char *end;
    size_t count = json_array_size(p->actions);
    unsigned long n = strtoul(line, &end, 10);
    *method = *content = "";
    bool single = count == 1 && !member(action_at(p, 0), "content")[0];
    if (!single && end != line && !*end) {
        if (n < 1 || n > count)
            return printf("There is no choice %lu.\n", n), false;
        *method = member(action_at(p, n - 1), "method");
        *content = member(action_at(p, n - 1), "content");
        return true;
    }
    for (size_t i = 0; i < count; i++) { /* "move 2" or "accept" in the game's own words */
        const char *own = member(action_at(p, i), "content"), *name = member(action_at(p, i), "method");
        size_t len = strlen(name);
        if (strcmp(own, line) == 0 || strcmp(name, line) == 0)
            return *method = name, *content = own, true;
        if (strncmp(line, name, len) == 0 && line[len] == ' ')
            return *method = name, *content = line + len + 1, true;
    }
    if (count > 0 && (single || strchr(line, ' ')))
        return *method = member(action_at(p, 0), "method"), *content = line, true;
    char *space = strchr(line, ' ');
    if (space)
        *space = '\0';
    return *method = line, *content = space ? space + 1 : "", true;
}

/* Sends a move; a refusal is shown and is no failure. */
static int send_move(struct play *p, const char *method, const char *content)
{
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:I}", "challengeId", p->session, "from", p->invite, "messageType",
                             method, "content", content, "turn", p->token);
    if (!body)
        return CLI_OK; /* not UTF-8: the prompt comes again */
    struct http_answer answer;
    enum http_outcome outcome = http_send(p->cli->http, "/api/arena/message", body, &answer);
    json_decref(body);
    int code = CLI_OK;
    if (outcome == HTTP_REFUSED)
        printf("%s%s%s\n", term(YELLOW), answer.error, term(PLAIN));
    else
        code = cli_failure(p->cli, outcome, &answer);
    http_answer_finish(&answer);
    return code;
}

static int say(struct play *p, const char *text)
{
    json_t *body = json_pack("{s:s, s:s, s:s}", "channel", p->session, "from", p->invite, "content", text), *answer;
    int code = body ? cli_post(p->cli, "/api/chat/send", body, &answer) : CLI_OK;
    if (body && code == CLI_OK)
        json_decref(answer);
    json_decref(body);
    return code;
}

/* An offer without content asks for it: "guess> ". */
static bool fill(const char *method, const char **content, char *line)
{
    printf("%s, with what? (Enter: nothing)> ", method);
    fflush(stdout);
    *content = line;
    return read_line(line, LINE_BYTES, -1) > 0;
}

/* One prompt and what comes of it.  *leave is set when the player wants to go. */
static int turn(struct play *p, bool *leave)
{
    char line[LINE_BYTES], more[LINE_BYTES];
    int code = CLI_OK;
    if (p->fresh && (code = show_choices(p)))
        return code;
    prompt(p);
    int got = read_while_watching(p, line, &code);
    p->prompting = false;
    if (got < 0)
        *leave = true;
    if (got <= 0)
        return code;
    char *begin = line;
    while (isspace((unsigned char)*begin))
        begin++;
    for (size_t len = strlen(begin); len && isspace((unsigned char)begin[len - 1]); len--)
        begin[len - 1] = '\0';
    if (!*begin)
        return CLI_OK;
    if (strcmp(begin, "?") == 0 || strcmp(begin, "help") == 0)
        return fputs(help_text, stdout), CLI_OK;
    if (strcmp(begin, "quit") == 0)
        return *leave = true, CLI_OK;
    if (strncmp(begin, "say ", 4) == 0)
        return say(p, begin + 4);
    const char *method, *content;
    if (!understand(p, begin, &method, &content))
        return CLI_OK;
    bool by_number = isdigit((unsigned char)*begin) && !content[0];
    if (by_number && !fill(method, &content, more))
        return *leave = true, CLI_OK;
    code = send_move(p, method, content);
    return code ? code : pull(p, 0);
}

/* ---------------------------------------------------------------------------------------------- the command --- */

/* Which side of the battle the player is, for "your" and "the foe's". */
static int learn_side(struct play *p)
{
    json_t *view;
    int code = get_session(p->cli, p->session, "/view", p->invite, &view);
    if (code)
        return code;
    const json_t *me = json_object_get(view, "me");
    p->show.battle.me = json_is_integer(me) && json_integer_value(me) < 2 ? (int)json_integer_value(me) : -1;
    json_decref(view);
    return CLI_OK;
}

static int play_on(struct play *p)
{
    bool leave = false, told = false;
    int code = learn_side(p);
    if (code == CLI_OK)
        code = pull(p, 0);
    p->fresh = true;
    while (code == CLI_OK && !leave && !interrupted()) {
        code = look(p);
        if (code || p->state)
            break;
        if (json_array_size(p->actions) > 0) {
            told = false;
            code = turn(p, &leave);
            continue;
        }
        if (!told)
            printf("%sWaiting for the other side ...%s\n", term(DIM), term(PLAIN));
        told = true;
        code = pull(p, LOOK_MS);
    }
    if (p->state) {
        printf("\n%sThe game has ended.%s\n", term(BOLD), term(PLAIN));
        show_result(p->state, p->invite, &p->out);
        print_text(&p->out);
    } else if (leave || interrupted()) {
        printf("\nYour seat stays yours.  Go on with:\n  arena play %s --session %s\n", p->invite, p->session);
    }
    return interrupted() && !p->state ? CLI_INTERRUPTED : code;
}

/* A new session of this type; the other invites are told, for they are the other players' way in. */
static int create(struct play *p, const char *type, const struct args *args)
{
    json_t *options, *session;
    if (!read_options(args_text(args, "options"), args_text(args, "opponent"), &options))
        return CLI_USAGE;
    int code = create_session(p->cli, type, options, &session);
    if (code)
        return code;
    const json_t *invites = json_object_get(session, "invites");
    snprintf(p->session, sizeof p->session, "%s", member(session, "id"));
    const char *first = json_string_value(json_array_get(invites, 0));
    snprintf(p->invite, sizeof p->invite, "%s", first ? first : "");
    for (size_t i = 1; i < json_array_size(invites); i++)
        printf("For another player:  arena play %s\n", json_string_value(json_array_get(invites, i)));
    json_decref(session);
    return CLI_OK;
}

static int join(struct play *p, const struct args *args)
{
    json_t *joined;
    int code = join_by_options(p->cli, p->invite, args, &joined);
    if (code)
        return code;
    snprintf(p->session, sizeof p->session, "%s", member(joined, "ChallengeID"));
    const json_t *info = json_object_get(joined, "ChallengeInfo");
    printf("%s%s%s   session %s\n\n", term(BOLD), member(info, "name"), term(PLAIN), p->session);
    /* Prompts are written for agents: a long one is left to whoever asks for it. */
    const char *rules = member(info, "prompt");
    bool long_one = strlen(rules) > RULES_SHOWN;
    put_wrapped(&p->out, long_one ? member(info, "description") : rules, 0, 0);
    if (long_one)
        text_puts(&p->out, "(`arena challenges TYPE` has the rules; ? at the prompt helps.)\n");
    text_put_char(&p->out, '\n');
    print_text(&p->out);
    json_decref(joined);
    return CLI_OK;
}

static int run_play(struct cli *cli, const struct args *args)
{
    const char *what = args->words[0], *session = args_text(args, "session");
    struct play p = {.cli = cli, .show = {.battle.me = -1, .quiet_requests = true}};
    int code = CLI_OK;
    if (session || strncmp(what, "inv_", 4) == 0)
        snprintf(p.invite, sizeof p.invite, "%s", what);
    else
        code = create(&p, what, args);
    const char *as = p.invite;
    if (session) {
        snprintf(p.session, sizeof p.session, "%s", bare_session(session));
        code = take_seat(cli, p.session, &as);
    } else if (code == CLI_OK) {
        code = join(&p, args);
    }
    p.show.me = p.invite;
    if (code == CLI_OK)
        code = play_on(&p);
    json_decref(p.actions);
    json_decref(p.state);
    text_free(&p.out);
    return code;
}

/* ----------------------------------------------------------------------------------------------- table --- */

static const struct option_row play_options[] = {
    {"opponent", "NAME", "a house player takes the other seat"},
    {"options", "JSON", "what the challenge lets you set, for a new game"},
    {"user", "NAME", "who you are, on a standalone server; told to nobody before the game's end"},
    {"sign", "IDENTITY", "who you are, in auth mode (default: $ARENA_IDENTITY, else `arena identity use`)"},
    {"session", "ID", "go on in this session, with an invite that was used already"},
    {0},
};

const struct command play_commands[] = {
    {"play", "TYPE | INVITE", "You play, at this terminal", 1, 1, play_options,
     "Examples\n"
     "  arena play pokemon --opponent heuristic      a new battle against the house\n"
     "  arena play psi                               a new game; hand the second invite to somebody\n"
     "  arena play inv_4fd1...                       take the seat that somebody gave you\n"
     "  arena play inv_4fd1... --session 1b9d...     go on where you were\n"
     "A server in auth mode asks for an identity: make one first with `arena identity new`.",
     run_play},
    {"demo", "[TYPE]", "Two house players fight a whole battle, as two clients", 0, 1, demo_options,
     "Examples\n"
     "  arena demo                                   at reading speed\n"
     "  arena demo --fast --seed 7                   as fast as it goes\n"
     "  arena demo --agents random,heuristic         who plays: player 1, player 2\n"
     "Each client sees only what the server sends to its seat.  The agents come from the operator's module, looked\n"
     "for in $ARENA_OPERATORS and in the installation; without it the moves are drawn by lot.",
     run_demo},
    {0},
};
