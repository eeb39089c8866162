/*
 * cmd_demo.c - two house players fight a whole game, as two clients of the server.
 *
 * Each seat has a connection of its own, syncs as itself and is told what every player is told: the requests that the
 * operator sends to it alone.  It decides by these with an agent of the operator's module (agent.h), or by lot.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "cli/agent.h"
#include "cli/cli.h"
#include "cli/identity.h"
#include "cli/show.h"
#include "cli/term.h"

enum { SEATS = 2, IDLE_WAIT_MS = 2000, IDLE_ROUNDS_MAX = 30, TURN_PAUSE_MS = 900 };

struct seat {
    struct cli cli; /* with a connection of its own */
    const char *user;
    char invite[80], agent[32];
    json_int_t next; /* index of the first message not seen */
    json_t *request; /* what the operator asked last, until it is answered */
};

struct demo {
    struct cli *cli;
    char type[64], session[64], method[64];
    struct seat seats[SEATS];
    struct agent *agent; /* NULL: choices are drawn */
    struct show show;
    struct text out;
    bool ended;
    int pause_ms, turns;
    uint64_t random;
};

static void pause_for(int ms)
{
    if (ms > 0)
        nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000L}, NULL);
}

/* ------------------------------------------------------------------------------------------------ messages --- */

/* What everybody is told is shown as the first seat hears it. */
static void tell(struct demo *d, const json_t *message, const json_t *content)
{
    const char *type = member(content, "type");
    if (strcmp(type, "end") == 0)
        d->ended = true;
    if (d->cli->json) {
        print_json(message);
        return;
    }
    show_content(&d->show, member(message, "content"), &d->out);
    print_text(&d->out);
    if (strcmp(type, "turn") == 0) {
        d->turns++;
        pause_for(d->pause_ms);
    }
}

static void take_message(struct demo *d, struct seat *seat, const json_t *message)
{
    seat->next = json_integer_value(json_object_get(message, "index")) + 1;
    if (strcmp(member(message, "from"), "operator") != 0 || json_is_true(json_object_get(message, "redacted")))
        return;
    const char *to = member(message, "to"), *text = member(message, "content");
    json_t *content = text[0] == '{' ? json_loads(text, 0, NULL) : NULL;
    if (strcmp(to, seat->invite) == 0 && strcmp(member(content, "type"), "request") == 0) {
        json_decref(seat->request);
        seat->request = json_incref(content);
    } else if (!to[0] && seat == &d->seats[0]) {
        tell(d, message, content);
    }
    json_decref(content);
}

/* Fetches what is new for a seat; *news says whether there was anything. */
static int pull(struct demo *d, struct seat *seat, int wait_ms, bool *news)
{
    struct text path = {0};
    text_printf(&path, "/api/arena/sync?index=%lld&wait=%d", (long long)seat->next, wait_ms);
    path_query(&path, "channel", d->session);
    path_query(&path, "from", seat->invite);
    json_t *answer, *message;
    int code = cli_get(&seat->cli, text_cstr(&path), &answer);
    text_free(&path);
    if (code)
        return code;
    size_t i;
    json_array_foreach(json_object_get(answer, "messages"), i, message) {
        take_message(d, seat, message);
        *news = true;
    }
    json_decref(answer);
    return CLI_OK;
}

/* ------------------------------------------------------------------------------------------------- choosing --- */

static size_t draw(struct demo *d, size_t bound)
{
    d->random = d->random * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(d->random >> 33) % bound;
}

/* The content that the seat sends; NULL when nothing is on offer. */
static const char *decide(struct demo *d, const struct seat *seat)
{
    const json_t *choices = json_object_get(seat->request, "choices");
    size_t count = json_array_size(choices);
    if (count == 0)
        return NULL;
    json_t *lines = json_array(), *choice;
    size_t i;
    json_array_foreach(choices, i, choice)
        json_array_append_new(lines, json_sprintf("%s %s", d->method, json_string_value(choice)));
    int picked = -1;
    if (d->agent && agent_has(d->agent, seat->agent))
        picked = agent_decide(d->agent, seat->agent, json_object_get(seat->request, "view"), lines);
    json_decref(lines);
    return json_string_value(json_array_get(choices, picked >= 0 ? (size_t)picked : draw(d, count)));
}

static int act(struct demo *d, struct seat *seat)
{
    const char *content = decide(d, seat);
    int code = CLI_OK;
    if (content) {
        json_t *answer = NULL;
        json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "challengeId", d->session, "from", seat->invite, "messageType",
                                 d->method, "content", content);
        code = cli_post(&seat->cli, "/api/arena/message", body, &answer);
        json_decref(body);
        json_decref(answer);
    }
    json_decref(seat->request);
    seat->request = NULL;
    return code;
}

/* Both seats in turn, until the end: what is asked is answered, and when nothing is, the first seat waits. */
static int fight(struct demo *d)
{
    int code = CLI_OK;
    for (int idle = 0; !d->ended && code == CLI_OK && !interrupted();) {
        bool news = false;
        for (int k = 0; k < SEATS && code == CLI_OK; k++) {
            struct seat *seat = &d->seats[k];
            code = pull(d, seat, idle && k == 0 ? IDLE_WAIT_MS : 0, &news);
            if (code == CLI_OK && seat->request && !d->ended)
                code = act(d, seat);
        }
        idle = news ? 0 : idle + 1;
        if (idle > IDLE_ROUNDS_MAX) {
            complain("nothing has happened for a minute: this game does not ask its players by requests.");
            return CLI_REFUSED;
        }
    }
    return interrupted() ? CLI_INTERRUPTED : code;
}

/* ---------------------------------------------------------------------------------------------- the command --- */

/* The seat signs with a key that nobody keeps: a server in auth mode knows this player for this game only. */
static int sit_down(struct seat *seat)
{
    struct identity identity;
    json_t *joined;
    if (!identity_make(&identity))
        return CLI_REFUSED;
    int code = join_session(&seat->cli, seat->invite, seat->user, &identity, &joined);
    identity_finish(&identity);
    if (code)
        return code;
    const char *key = member(joined, "sessionKey");
    if (key[0])
        http_use_key(seat->cli.http, key);
    json_decref(joined);
    return CLI_OK;
}

static int open_session(struct demo *d, const struct args *args)
{
    json_t *options, *session, *metadata;
    if (!read_options(args_text(args, "options"), NULL, &options))
        return CLI_USAGE;
    int code = get_metadata(d->cli, d->type, &metadata);
    if (code) {
        json_decref(options);
        return code;
    }
    snprintf(d->method, sizeof d->method, "%s",
             member(json_array_get(json_object_get(metadata, "methods"), 0), "name"));
    json_decref(metadata);
    code = create_session(d->cli, d->type, options, &session);
    if (code)
        return code;
    snprintf(d->session, sizeof d->session, "%s", member(session, "id"));
    const json_t *invites = json_object_get(session, "invites");
    bool two = json_array_size(invites) == SEATS;
    if (!two)
        complain("the demo is for %d players; %s made %zu invites.", SEATS, d->type, json_array_size(invites));
    for (int k = 0; two && k < SEATS; k++)
        snprintf(d->seats[k].invite, sizeof d->seats[k].invite, "%s", json_string_value(json_array_get(invites, k)));
    json_decref(session);
    for (int k = 0; two && code == CLI_OK && k < SEATS; k++)
        code = sit_down(&d->seats[k]);
    return two ? code : CLI_REFUSED;
}

/* "random,heuristic": who plays which seat; the strongest by default.  False with a sentence for unknown names. */
static bool name_agents(struct demo *d, const char *names)
{
    for (int k = 0; k < SEATS; k++) {
        struct seat *seat = &d->seats[k];
        size_t len = names ? strcspn(names, ",") : 0;
        if (len)
            snprintf(seat->agent, sizeof seat->agent, "%.*s", (int)len, names);
        else
            snprintf(seat->agent, sizeof seat->agent, "%s", d->agent ? agent_best(d->agent) : "chance");
        if (d->agent && !agent_has(d->agent, seat->agent)) {
            complain("%s has no agent \"%s\".", d->type, seat->agent);
            return false;
        }
        if (names && names[len] == ',')
            names += len + 1;
    }
    if (!d->agent)
        fprintf(stderr, "arena: no module with agents for %s here (see `arena demo --help`): moves are drawn by lot.\n",
                d->type);
    return true;
}

static int show_end(struct demo *d)
{
    json_t *session;
    int code = get_session(d->cli, d->session, "", NULL, &session);
    if (code)
        return code;
    if (d->cli->json) {
        print_json(session);
    } else {
        text_printf(&d->out, "\n%sScores%s\n", term(BOLD), term(PLAIN));
        show_result(json_object_get(session, "state"), NULL, &d->out);
        text_printf(&d->out, "%sSee it again:  arena replay %s%s\n", term(DIM), d->session, term(PLAIN));
        print_text(&d->out);
    }
    json_decref(session);
    return CLI_OK;
}

static void seed_chance(struct demo *d, int64_t seed)
{
    if (seed >= 0)
        d->random = (uint64_t)seed;
    else if (getrandom(&d->random, sizeof d->random, 0) != (ssize_t)sizeof d->random)
        d->random = (uint64_t)time(NULL);
}

int run_demo(struct cli *cli, const struct args *args)
{
    static const char *const users[SEATS] = {"Red", "Blue"};
    int64_t seed;
    if (!args_number(args, "seed", -1, 0, INT64_MAX, &seed))
        return CLI_USAGE;
    struct demo d = {.cli = cli, .show = {.battle.me = -1, .bars = true}};
    d.pause_ms = args_flag(args, "fast") || cli->json ? 0 : TURN_PAUSE_MS;
    seed_chance(&d, seed);
    snprintf(d.type, sizeof d.type, "%s", args->words[0] ? args->words[0] : "pokemon");
    for (int k = 0; k < SEATS; k++) {
        d.seats[k].user = users[k];
        d.seats[k].cli = *cli;
        d.seats[k].cli.http = http_open(cli->url, cli->key, interrupted);
        snprintf(d.show.battle.sides[k].trainer, sizeof d.show.battle.sides[k].trainer, "%s", users[k]);
    }
    d.agent = agent_open(d.type, args_text(args, "module"));
    int code = name_agents(&d, args_text(args, "agents")) ? open_session(&d, args) : CLI_USAGE;
    if (code == CLI_OK && !cli->json)
        printf("%s%s%s   session %s   %s (%s) against %s (%s)\n", term(BOLD), d.type, term(PLAIN), d.session, users[0],
               d.seats[0].agent, users[1], d.seats[1].agent);
    if (code == CLI_OK)
        code = fight(&d);
    if (code == CLI_OK)
        code = show_end(&d);
    for (int k = 0; k < SEATS; k++) {
        http_close(d.seats[k].cli.http);
        json_decref(d.seats[k].request);
    }
    agent_close(d.agent);
    text_free(&d.out);
    return code;
}

const struct option_row demo_options[] = {
    {"fast", NULL, "without pauses"},
    {"agents", "A,B", "who plays: player 1, player 2 (default: the strongest twice)"},
    {"options", "JSON", "what the challenge lets you set"},
    {"seed", "N", "for moves drawn by lot: the same draws again"},
    {"module", "FILE", "the operator's module, for its agents"},
    {0},
};
