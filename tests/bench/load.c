/*
 * load.c - what the load generator plays.
 *
 *     load SCENARIO --port N [--pid N] [--connections N] [--seconds S] [--limit N] [--viewers N] [--window N]
 *
 * Prints one line of JSON.  An action is one durable POST of a game (of psi-session: each request), a unit is a whole
 * session.  --pid names the server, whose CPU time and memory are read from /proc.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

/* Requests that answer 200 and nothing else. --------------------------------------------------------------- */

static void health_next(struct load *load, struct link *link)
{
    (void)load;
    load_get(link, true, "/health");
}

static void must_be_ok(struct load *load, struct link *link, const struct answer *answer)
{
    if (answer->status != 200)
        load_failed(load, link, answer);
}

/* A line in a channel of the connection's own. */
static void chat_next(struct load *load, struct link *link)
{
    (void)load;
    link->step++;
    load_post(link, true, "/api/chat/send",
              "{\"channel\":\"bench-%u\",\"from\":\"player-%u\",\"content\":\"line %d of what players say to one "
              "another while they think about their next move\"}",
              link->number, link->number, link->step);
}

/* Lines of all connections in one channel. */
static void lobby_next(struct load *load, struct link *link)
{
    (void)load;
    link->step++;
    load_post(link, true, "/api/chat/send", "{\"channel\":\"bench\",\"from\":\"player-%u\",\"content\":\"line %d\"}",
              link->number, link->step);
}

/* A session: made, both seats taken. ----------------------------------------------------------------------- */

static void join_next(struct link *link, bool counts, int seat)
{
    load_post(link, counts, "/api/arena/join", "{\"invite\":\"%s\",\"userId\":\"user-%u-%d\"}", link->invites[seat],
              link->number, seat);
}

/* Takes the id and the two invites out of the answer of create. */
static void take_session(struct load *load, struct link *link, const struct answer *answer)
{
    static const char key[] = "\"invites\":[\"";
    const char *at = strstr(answer->body, key);
    bool ok = answer->status == 200 && load_member(answer->body, answer->len, "id", link->session, LOAD_ID) && at;
    for (int i = 0; ok && i < 2; i++) {
        at = i ? at + 3 : at + sizeof key - 1; /* past "," */
        const char *end = strchr(at, '"');
        ok = end && end - at < LOAD_ID;
        if (ok)
            snprintf(link->invites[i], LOAD_ID, "%.*s", (int)(end - at), at);
        at = end;
    }
    if (!ok)
        load_failed(load, link, answer);
}

static void move_next(struct link *link, bool counts, int seat, const char *method, const char *content)
{
    load_post(link, counts, "/api/arena/message",
              "{\"challengeId\":\"%s\",\"from\":\"%s\",\"messageType\":\"%s\",\"content\":\"%s\"}", link->session,
              link->invites[seat], method, content);
}

/* A whole psi session, as a pair of clients plays it: 12 requests. ------------------------------------------ */

enum {
    PSI_CREATE,
    PSI_JOIN_0,
    PSI_JOIN_1,
    PSI_SET_0,
    PSI_SET_1,
    PSI_CHAT,
    PSI_HEAR,
    PSI_GUESS_0,
    PSI_GUESS_1,
    PSI_END_0,
    PSI_END_1,
    PSI_LOOK,
    PSI_STEPS
};

static void psi_session_next(struct load *load, struct link *link)
{
    (void)load;
    switch (link->step) {
    case PSI_CREATE: load_post(link, true, "/api/challenges/psi", "{}"); break;
    case PSI_JOIN_0:
    case PSI_JOIN_1: join_next(link, true, link->step - PSI_JOIN_0); break;
    case PSI_SET_0:
    case PSI_SET_1:
        load_get(link, true, "/api/arena/sync?channel=%s&from=%s&index=0", link->session,
                 link->invites[link->step - PSI_SET_0]);
        break;
    case PSI_CHAT:
        load_post(link, true, "/api/chat/send",
                  "{\"channel\":\"%s\",\"from\":\"%s\",\"content\":\"Shall we compare by halves?\"}", link->session,
                  link->invites[0]);
        break;
    case PSI_HEAR:
        load_get(link, true, "/api/chat/sync?channel=%s&from=%s&index=0", link->session, link->invites[1]);
        break;
    case PSI_GUESS_0:
    case PSI_GUESS_1: move_next(link, true, link->step - PSI_GUESS_0, "guess", link->set); break;
    case PSI_END_0:
    case PSI_END_1:
        load_get(link, true, "/api/arena/sync?channel=%s&from=%s&index=3", link->session,
                 link->invites[link->step - PSI_END_0]);
        break;
    default: load_get(link, true, "/api/sessions/%s", link->session);
    }
}

static void psi_session_answered(struct load *load, struct link *link, const struct answer *answer)
{
    if (link->step == PSI_CREATE)
        take_session(load, link, answer);
    else if (answer->status != 200)
        load_failed(load, link, answer);
    if (link->step == PSI_SET_0) { /* the first three numbers of the set are the guess */
        const char *at = strstr(answer->body, "private set is: {");
        snprintf(link->set, sizeof link->set, "%.13s", at ? at + 17 : "1, 2, 3");
    }
    if (link->step == PSI_LOOK && !strstr(answer->body, "\"status\":\"ended\""))
        load_failed(load, link, answer);
    link->step = (link->step + 1) % PSI_STEPS;
    if (!link->step && load->measuring)
        load->units++;
}

/* Guesses alone are measured; the session around them is made before, and not read. ------------------------- */

enum { GUESS_CREATE, GUESS_JOIN_0, GUESS_JOIN_1, GUESS_0, GUESS_1, GUESS_STEPS };

static void psi_action_next(struct load *load, struct link *link)
{
    (void)load;
    if (link->step == GUESS_CREATE)
        load_post(link, true, "/api/challenges/psi", "{}");
    else if (link->step < GUESS_0)
        join_next(link, true, link->step - GUESS_JOIN_0);
    else
        move_next(link, true, link->step - GUESS_0, "guess", "{101, 202, 303}");
}

static void psi_action_answered(struct load *load, struct link *link, const struct answer *answer)
{
    if (link->step == GUESS_CREATE)
        take_session(load, link, answer);
    else if (answer->status != 200)
        load_failed(load, link, answer);
    link->step = (link->step + 1) % GUESS_STEPS;
    if (!link->step && load->measuring)
        load->units++;
}

/* Battles: each connection plays both seats of its own.  Both lead with a move that does no harm, so that a battle
 * lasts exactly as many turns as it may, with the views and logs of two full teams. */

enum {
    BATTLE_CREATE,
    BATTLE_JOIN_0,
    BATTLE_JOIN_1,
    BATTLE_FIRST,
    BATTLE_TURNS = 50,
    BATTLE_STEPS = BATTLE_FIRST + 2 * BATTLE_TURNS
};

#define TEAM                                                                                                           \
    "[{\"species\":\"pikachu\",\"moves\":[\"growl\",\"thunderbolt\"]},"                                                \
    "{\"species\":\"charizard\",\"moves\":[\"flamethrower\",\"slash\"]},"                                              \
    "{\"species\":\"blastoise\",\"moves\":[\"surf\",\"icebeam\"]},"                                                    \
    "{\"species\":\"venusaur\",\"moves\":[\"razorleaf\",\"growth\"]},"                                                 \
    "{\"species\":\"snorlax\",\"moves\":[\"bodyslam\",\"rest\"]},"                                                     \
    "{\"species\":\"gengar\",\"moves\":[\"shadowball\",\"sludgebomb\"]}]"

static void pokemon_next(struct load *load, struct link *link)
{
    (void)load;
    if (link->step == BATTLE_CREATE)
        load_post(link, false, "/api/challenges/pokemon",
                  "{\"options\":{\"maxTurns\":%d,\"teams\":[" TEAM "," TEAM "]}}", BATTLE_TURNS);
    else if (link->step < BATTLE_FIRST)
        join_next(link, false, link->step - BATTLE_JOIN_0);
    else
        move_next(link, true, (link->step - BATTLE_FIRST) % 2, "choose", "default");
}

static void pokemon_answered(struct load *load, struct link *link, const struct answer *answer)
{
    if (link->step == BATTLE_CREATE)
        take_session(load, link, answer);
    else if (answer->status != 200)
        load_failed(load, link, answer);
    link->step = (link->step + 1) % BATTLE_STEPS;
    if (!link->step && load->measuring)
        load->units++;
}

/* Sessions that are left alone: both seats taken, nobody acts. ---------------------------------------------- */

static void idle_next(struct load *load, struct link *link)
{
    (void)load;
    if (link->step == GUESS_CREATE)
        load_post(link, true, "/api/challenges/psi", "{}");
    else
        join_next(link, false, link->step - GUESS_JOIN_0);
}

static void idle_answered(struct load *load, struct link *link, const struct answer *answer)
{
    if (link->step == GUESS_CREATE)
        take_session(load, link, answer);
    else if (answer->status != 200)
        load_failed(load, link, answer);
    link->step = (link->step + 1) % GUESS_0;
    if (!link->step)
        load->units++;
}

static const struct scenario scenarios[] = {
    {"health", "GET /health: the floor of any request", health_next, must_be_ok},
    {"chat", "a line in a channel of the connection's own", chat_next, must_be_ok},
    {"lobby", "lines of all connections in one channel", lobby_next, must_be_ok},
    {"psi-session", "whole psi sessions, 12 requests each", psi_session_next, psi_session_answered},
    {"psi-action", "create, two joins, two guesses: five durable inputs", psi_action_next, psi_action_answered},
    {"pokemon-action", "choices in battles of 50 turns", pokemon_next, pokemon_answered},
    {"idle", "--limit sessions that are left alone", idle_next, idle_answered},
    {"streams", "one channel, --viewers that listen to it", NULL, NULL},
};

enum { SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

static void usage(void)
{
    fprintf(stderr,
            "usage: load SCENARIO --port N [--pid N] [--connections N] [--seconds S] [--warm-up S] [--limit N]\n"
            "            [--viewers N] [--window N]\n\nscenarios:\n");
    for (int i = 0; i < SCENARIOS; i++)
        fprintf(stderr, "  %-15s %s\n", scenarios[i].name, scenarios[i].about);
    exit(2);
}

int main(int argc, char **argv)
{
    struct load load = {.connections = 1, .seconds = 2, .warm_up = 0.5, .viewers = 1000, .window = 4};
    for (int i = 0; argc > 1 && i < SCENARIOS; i++)
        if (strcmp(argv[1], scenarios[i].name) == 0)
            load.scenario = &scenarios[i];
    for (int i = 2; i + 1 < argc; i += 2) {
        const char *name = argv[i];
        double value = strtod(argv[i + 1], NULL);
        if (strcmp(name, "--port") == 0)
            load.port = (int)value;
        else if (strcmp(name, "--pid") == 0)
            load.pid = (int)value;
        else if (strcmp(name, "--connections") == 0)
            load.connections = (uint32_t)value;
        else if (strcmp(name, "--seconds") == 0)
            load.seconds = value;
        else if (strcmp(name, "--warm-up") == 0)
            load.warm_up = value;
        else if (strcmp(name, "--limit") == 0)
            load.limit = (uint64_t)value;
        else if (strcmp(name, "--viewers") == 0)
            load.viewers = (uint32_t)value;
        else if (strcmp(name, "--window") == 0)
            load.window = (uint32_t)value;
        else
            usage();
    }
    if (!load.scenario || load.port < 1 || load.connections < 1 || load.seconds <= 0 || load.window < 1)
        usage();
    if (load.scenario->next)
        load_run(&load);
    else
        streams_run(&load);
    load_report(&load);
    free(load.micros);
    return load.failures ? 1 : 0;
}
