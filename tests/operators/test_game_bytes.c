/*
 * test_game_bytes.c - games that a server stored once are read for good, and played on.
 *
 *     test_game_bytes FILE        each game of game_bytes.txt must be taken, be at the stage it was, come back as the
 *                                 same bytes, and with the same events come to the end it came to
 *     test_game_bytes --make      writes such a file: the games below, random choices from fixed seeds
 *
 * These are the operator's own bytes (operators/pokemon/state.c), which have those of a battle in them;
 * test_battle_bytes.c has more of the battles.
 */
#include <inttypes.h>
#include <jansson.h>

#include "fake_host.h"
#include "pokemon.h"
#include "stored_lines.h"

enum { LINE = 1 << 14, LABEL = 80, REST = 40 };

static const char *const stages[] = {"joining", "teams", "battle", "over"};

static uint64_t digest(const uint8_t *bytes, size_t len)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    return h;
}

/* One event, as a line has it: "join SEAT", "clock", or "SEAT METHOD CONTENT". */
static int play(struct fake *f, const char *line)
{
    unsigned seat;
    char method[16];
    int used = 0;
    if (!strcmp(line, "clock"))
        return fake_timer(f, 0);
    if (sscanf(line, "join %u", &seat) == 1)
        return fake_join(f, seat);
    CHECK(sscanf(line, "%u %15s%n", &seat, method, &used) == 2 && seat < POKEMON_SEATS);
    return fake_message(f, seat, method, line[used] ? line + used + 1 : "");
}

/* The game that the bytes are, in the host's memory; NULL: they are none. */
static const struct game *restored(struct fake_host *host, const struct fake *f, uint32_t state_version)
{
    void *game = NULL;
    return state_restore(&host->host, state_version, f->state, f->state_len, &game) == ARENA_OK ? game : NULL;
}

static void end_line(const struct fake *f, char *out, size_t size)
{
    static const char *const winners[] = {"open", "p1", "p2", "draw"};
    struct fake_host host;
    fake_host_open(&host, 1);
    const struct game *game = restored(&host, f, f->op->state_version);
    CHECK(game);
    const int won = game->stage != STAGE_OVER ? 0 : game->winner == BATTLE_DRAW ? 3 : 1 + game->winner;
    snprintf(out, size, "end %" PRIu32 " %016" PRIx64 " %s", f->turn, digest(f->state, f->state_len), winners[won]);
    fake_host_close(&host);
}

/* --------------------------------------------------------------------------------------------- stored games --- */

struct stored {
    char label[LABEL], version[POKEMON_VERSION], stage[16];
    unsigned format;
    const char *file;
    int line;
};

static int wrong;

static void blame(const struct stored *st, const char *what, const char *more)
{
    printf("%s:%d: %s: %s%s\n", st->file, st->line, st->label, what, more);
    wrong++;
}

/* What is in the bytes: the label says true, and they come out as they went in, whichever version of the state the
 * store says that they have. */
static bool check_bytes(const struct stored *st, const struct fake *f)
{
    struct fake_host host;
    const void *again;
    size_t len;
    fake_host_open(&host, 1);
    const struct game *game = restored(&host, f, st->format);
    if (!game) {
        blame(st, "the bytes are not read any more", "");
    } else {
        if (f->state[0] != st->format)
            blame(st, "the bytes have another format", "");
        if (strcmp(game->version, st->version))
            blame(st, "the data version is ", game->version);
        if (strcmp(stages[game->stage], st->stage))
            blame(st, "it is at the stage ", stages[game->stage]);
        if (state_serialize(&host.host, game, &again, &len) != ARENA_OK || len != f->state_len ||
            memcmp(again, f->state, len) != 0)
            blame(st, "other bytes come back", "");
    }
    fake_host_close(&host);
    return game != NULL;
}

/* The lines up to "end": each is played; the last one is compared. */
static void check_rest(FILE *in, struct stored *st, struct fake *f, bool plays)
{
    char line[LINE], end[80];
    while (next_line(in, line, LINE, &st->line) && strncmp(line, "end ", 4) != 0)
        if (plays && play(f, line) != ARENA_OK) {
            blame(st, "this is refused: ", line);
            blame(st, "because ", f->run.reason);
            plays = false;
        }
    if (!plays)
        return;
    end_line(f, end, sizeof end);
    if (strcmp(end, line) != 0)
        blame(st, "it comes to another end: ", end);
}

static bool check_game(FILE *in, struct stored *st)
{
    static char line[LINE];
    struct fake f = {.op = fake_operator(), .now_ms = 1700000000000};
    if (!next_line(in, line, LINE, &st->line))
        return false;
    if (sscanf(line, "game %u %63s %15s %" SCNu64 " %" SCNu32 " %" SCNu32 " %79[^\n]", &st->format, st->version,
               st->stage, &f.seed, &f.turn, &f.joined, st->label) != 7)
        fake_die(st->file, st->line, "a line of a game");
    CHECK(next_line(in, line, LINE, &st->line));
    f.state = malloc(LINE / 2);
    CHECK(f.state);
    f.state_len = from_hex(line, f.state, LINE / 2);
    f.finished = !strcmp(st->stage, "over");
    bool taken = check_bytes(st, &f);
    if (taken)
        CHECK(fake_restore(f.op, f.state, f.state_len) == ARENA_OK); /* and all can be asked of it */
    check_rest(in, st, &f, taken);
    fake_finish(&f);
    return true;
}

static int check_file(const char *name)
{
    struct stored st = {.file = name};
    FILE *in = fopen(name, "r");
    int n = 0;
    if (!in)
        fake_die(name, 0, "the file can be read");
    while (check_game(in, &st))
        n++;
    fclose(in);
    printf("%d stored games, %d wrong\n", n, wrong);
    return n && !wrong ? 0 : 1;
}

/* --------------------------------------------------------------------------------------------------- making --- */

#define SNORLAX "{\"species\":\"snorlax\",\"level\":50,\"moves\":[\"bodyslam\",\"rest\",\"earthquake\"]}"
#define PIKACHU "{\"species\":\"pikachu\",\"level\":50,\"moves\":[\"thunderbolt\",\"quickattack\"]}"
#define EEVEE                                                                                                          \
    "{\"nickname\":\"Käthe\",\"species\":\"eevee\",\"gender\":\"F\",\"nature\":\"jolly\","                            \
    "\"moves\":[\"quickattack\",\"bite\",\"wish\",\"protect\"],\"teraType\":\"Dark\",\"item\":\"leftovers\"}"
#define FOX                                                                                                            \
    "{\"nickname\":\"Fox\",\"species\":\"zoroark\",\"ability\":\"illusion\",\"gender\":\"M\",\"level\":80,"            \
    "\"moves\":[\"knockoff\",\"uturn\",\"nastyplot\",\"darkpulse\"],\"item\":\"focussash\"}"
#define MASK                                                                                                           \
    "{\"nickname\":\"日本の友だち\",\"species\":\"blissey\",\"gender\":\"F\",\"ability\":\"naturalcure\","       \
    "\"moves\":[\"softboiled\",\"seismictoss\",\"thunderwave\",\"protect\"]}"
#define DITTO "{\"species\":\"ditto\",\"ability\":\"imposter\",\"moves\":[\"transform\"],\"item\":\"choicescarf\"}"
#define DRAGON                                                                                                         \
    "{\"nickname\":\"Glurak der Große\",\"species\":\"charizard\",\"ability\":\"blaze\",\"gender\":\"M\","            \
    "\"item\":\"Charizardite X\",\"moves\":[\"dragonclaw\",\"roost\",\"flareblitz\"]}"
#define PRISM                                                                                                          \
    "{\"species\":\"necrozmaduskmane\",\"item\":\"ultranecroziumz\",\"moves\":[\"photongeyser\",\"morningsun\"]}"
#define SLEEPER                                                                                                        \
    "{\"nickname\":\"Z\",\"species\":\"snorlax\",\"item\":\"normaliumz\",\"gender\":\"M\","                            \
    "\"moves\":[\"bodyslam\",\"rest\",\"earthquake\",\"doubleedge\"]}"
#define BIRD "{\"species\":\"pidgeot\",\"moves\":[\"pursuit\",\"roost\",\"hurricane\"],\"gender\":\"F\"}"
#define NAMED "\"format\":\"any\",\"teams\":[[" EEVEE "," FOX "," MASK "],[" MASK "," DITTO "," FOX "]]"
#define NATIONAL "\"format\":\"any\",\"teams\":[[" DRAGON "," PRISM "," SLEEPER "],[" SLEEPER "," BIRD "," DRAGON "]]"

enum halt { AFTER_STEPS, ONE_WAITS, REPLACING, AT_END };

static const struct making {
    const char *label, *options;
    const char *first[4]; /* events before random choices, the joins among them */
    uint64_t seed;
    enum halt halt; /* where it is stored: after so many random choices, and when this is so */
    int steps;
    const char *rest[4]; /* events that it is played on with; NULL first: random choices, REST at most */
} makings[] = {
    {"a team is given, nobody is there",
     "{\"data\":\"gen1-v1\",\"teamSize\":2,\"teams\":[[" SNORLAX "," PIKACHU "],[" PIKACHU "," SNORLAX "]]}",
     {0},
     101,
     AFTER_STEPS,
     0,
     {"join 0", "join 1", "0 choose move 1", "1 choose switch 2"}},
    {"one team is there",
     "{\"data\":\"gen1-v1\",\"teamSize\":1,\"team\":\"choose\",\"turnSeconds\":60}",
     {"join 0", "join 1", "0 team [" SNORLAX "]"},
     102,
     AFTER_STEPS,
     0,
     {"1 team [" PIKACHU "]", "clock", "0 choose move 3"}},
    {"in the middle", "{\"data\":\"gen1-v1\"}", {"join 0", "join 1"}, 103, AFTER_STEPS, 20, {0}},
    {"one has chosen", "{\"data\":\"gen1-v1\",\"teamSize\":3}", {"join 0", "join 1"}, 104, ONE_WAITS, 7, {0}},
    {"fainted", "{\"data\":\"gen1-v1\",\"teamSize\":3}", {"join 0", "join 1"}, 105, AT_END, 0, {0}},

    {"in the middle", "{}", {"join 0", "join 1"}, 201, AFTER_STEPS, 30, {0}},
    {"one has chosen, with a clock",
     "{\"turnSeconds\":30,\"teamSize\":4}",
     {"join 0", "join 1"},
     202,
     ONE_WAITS,
     9,
     {"clock", "clock", "clock"}},
    {"somebody is to be replaced", "{\"teamSize\":3}", {"join 0", "join 1"}, 203, REPLACING, 6, {0}},
    {"against the house",
     "{\"opponent\":\"heuristic\",\"teamSize\":2}",
     {"join 0"},
     204,
     AFTER_STEPS,
     2,
     {"0 forfeit"}},
    {"fainted", "{\"teamSize\":2}", {"join 0", "join 1"}, 205, AT_END, 0, {0}},
    {"the last turn was played", "{\"maxTurns\":3}", {"join 0", "join 1"}, 206, AT_END, 0, {0}},
    {"given up before there were teams",
     "{\"team\":\"choose\"}",
     {"join 0", "join 1", "1 forfeit"},
     207,
     AT_END,
     0,
     {0}},

    {"nicknames, one team is there",
     "{\"format\":\"any\",\"team\":\"choose\"}",
     {"join 0", "join 1", "1 team [" EEVEE "," FOX "," MASK "]"},
     301,
     AFTER_STEPS,
     0,
     {"0 team [" DITTO "," FOX "]", "0 choose move 1", "1 choose switch fox", "0 forfeit"}},
    {"nicknames, in the middle", "{" NAMED "}", {"join 0", "join 1"}, 302, AFTER_STEPS, 16, {0}},
    {"nicknames, somebody is to be replaced", "{" NAMED "}", {"join 0", "join 1"}, 303, REPLACING, 4, {0}},
    {"nicknames, given up",
     "{" NAMED "}",
     {"join 0", "join 1", "0 choose switch fox", "1 forfeit"},
     304,
     AT_END,
     0,
     {0}},

    {"in the middle", "{\"data\":\"natdex-v1\"}", {"join 0", "join 1"}, 401, AFTER_STEPS, 24, {0}},
    {"fainted", "{\"data\":\"natdex-v1\",\"teamSize\":2}", {"join 0", "join 1"}, 402, AT_END, 0, {0}},
    {"nicknames, a mega and a Z-Move",
     "{\"data\":\"natdex-v1\"," NATIONAL "}",
     {"join 0", "join 1", "0 choose move 1 mega", "1 choose move 4 zmove"},
     403,
     AFTER_STEPS,
     5,
     {0}},
    {"nicknames, one has chosen",
     "{\"data\":\"natdex-v1\"," NATIONAL "}",
     {"join 0", "join 1"},
     404,
     ONE_WAITS,
     12,
     {0}},
    {"nicknames, fainted", "{\"data\":\"natdex-v1\"," NATIONAL "}", {"join 0", "join 1"}, 405, AT_END, 0, {0}},
};

/* A random choice of one that is waited for, as an event. */
static void choose(struct fake *f, uint64_t *rng, char out[64])
{
    const char *offers[BATTLE_CHOICES];
    uint64_t n = 0;
    const uint32_t seat = f->active == 3 ? (uint32_t)fake_draw(rng, 2) : f->active - 1;
    fake_actions(f, seat);
    for (uint32_t i = 0; i < f->run.count; i++)
        if (!strcmp(f->run.effects[i].name, "choose"))
            offers[n++] = f->run.effects[i].text;
    CHECK(n);
    snprintf(out, 64, "%" PRIu32 " choose %s", seat, offers[fake_draw(rng, n)]);
}

static bool halts(struct fake *f, const struct making *m, int steps)
{
    if (f->finished)
        CHECK(m->halt == AT_END);
    if (m->halt == AT_END)
        return f->finished;
    return steps >= m->steps && (m->halt == AFTER_STEPS || f->active < 3) &&
           (m->halt != REPLACING || strstr(fake_view(f, ARENA_ALL), "\"phase\":\"replace\""));
}

static void put_game(const struct fake *f, const struct making *m)
{
    struct fake_host host;
    fake_host_open(&host, 1);
    const struct game *game = restored(&host, f, f->op->state_version);
    CHECK(game);
    printf("game %u %s %s %" PRIu64 " %" PRIu32 " %" PRIu32 " %s\n", f->state[0], game->version, stages[game->stage],
           f->seed, f->turn, f->joined, m->label);
    for (size_t i = 0; i < f->state_len; i++)
        printf("%02x", f->state[i]);
    putchar('\n');
    fake_host_close(&host);
}

static void make_game(const struct making *m)
{
    struct fake f = {0};
    uint64_t rng = m->seed;
    char line[80];
    if (fake_create(&f, fake_operator(), m->seed, m->options) != ARENA_OK)
        fake_die(m->label, 0, f.run.reason);
    for (int i = 0; i < 4 && m->first[i]; i++)
        if (play(&f, m->first[i]) != ARENA_OK)
            fake_die(m->label, i, f.run.reason);
    for (int steps = 0; !halts(&f, m, steps); steps++) {
        choose(&f, &rng, line);
        CHECK(play(&f, line) == ARENA_OK);
    }
    put_game(&f, m);
    for (int i = 0; !f.finished && (m->rest[0] ? i < 4 && m->rest[i] : i < REST); i++) {
        if (!m->rest[0])
            choose(&f, &rng, line);
        const char *event = m->rest[0] ? m->rest[i] : line;
        if (play(&f, event) != ARENA_OK)
            fake_die(m->label, i, f.run.reason);
        printf("%s\n", event);
    }
    end_line(&f, line, sizeof line);
    printf("%s\n", line);
    fake_finish(&f);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        fake_die(__FILE__, __LINE__, "test_game_bytes FILE, or test_game_bytes --make");
    if (strcmp(argv[1], "--make") != 0)
        return check_file(argv[1]);
    for (size_t i = 0; i < sizeof makings / sizeof *makings; i++)
        make_game(&makings[i]);
    return 0;
}
