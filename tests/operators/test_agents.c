/*
 * test_agents.c - house players: random is uniform, the heuristic beats it, and both decide by JSON as they do by
 * the engine's own view.
 */
#include <math.h>
#include <time.h>

#include "fake_host.h"
#include "pokemon.h"

/* A game of a data version, for teams to be drawn in. */
static struct game game_of(const char *version)
{
    struct game game = {.settings = {.team_size = 6, .level = 50}};
    CHECK(game_use(&game, version, strlen(version)));
    if (game.facts) {
        game.settings.level = 0;
        memcpy(game.settings.format, "random", sizeof "random");
    }
    return game;
}

/* A battle between two agents, by views alone.  The winner; *turns is raised. */
static int fight(struct fake_host *host, const char *version, const enum agent agents[2], int *turns)
{
    const struct game game = game_of(version);
    const struct dex *dex = game.dex;
    struct party team[2];
    struct battle_set sets[2][BATTLE_PARTY];
    struct battle b;
    const int sizes[2] = {6, 6};
    struct battle_known known;
    struct battle_log log = {.known = &known};
    for (int k = 0; k < 2; k++) {
        CHECK(drawn_team(&host->host, &game, &team[k]) == ARENA_OK);
        memcpy(sets[k], team[k].sets, sizeof sets[k]);
    }
    CHECK(battle_start(&b, dex, (const struct battle_set(*)[BATTLE_PARTY])sets, sizes, host->rng, &log) == 0);
    while (b.phase != BATTLE_ENDED) {
        int choice[2] = {BATTLE_NO_CHOICE, BATTLE_NO_CHOICE};
        for (int k = 0; k < 2; k++) {
            struct battle_view view;
            battle_view(&b, &known, dex, k, &view);
            if (view.choices)
                choice[k] = agent_choose(&host->host, agents[k], dex, &view, view.choices);
            CHECK(choice[k] == BATTLE_NO_CHOICE || (view.choices >> choice[k] & 1));
        }
        CHECK(battle_step(&b, dex, choice[0], choice[1], &log) != BATTLE_BAD_CHOICE);
    }
    *turns += b.turn;
    return b.winner;
}

static void test_strength(const char *version)
{
    enum { GAMES = 400 };
    int won = 0, drawn = 0, turns = 0;
    struct fake_host host;
    fake_host_open(&host, 1);
    for (int i = 0; i < GAMES; i++) {
        int side = i % 2;
        enum agent agents[2] = {side ? AGENT_RANDOM : AGENT_HEURISTIC, side ? AGENT_HEURISTIC : AGENT_RANDOM};
        int winner = fight(&host, version, agents, &turns);
        won += winner == side;
        drawn += winner == BATTLE_DRAW;
    }
    fake_host_close(&host);
    printf("%s: heuristic beats random in %d of %d games, %d drawn, %d turns a game\n", version, won, GAMES, drawn,
           turns / GAMES);
    CHECK(won >= GAMES * 9 / 10);
}

/* Two of a kind come to an end, and neither seat is better off. */
static void test_mirror(const char *version)
{
    enum { GAMES = 200 };
    int won[4] = {0}, turns = 0;
    struct fake_host host;
    const enum agent agents[2] = {AGENT_HEURISTIC, AGENT_HEURISTIC};
    fake_host_open(&host, 2);
    for (int i = 0; i < GAMES; i++)
        won[fight(&host, version, agents, &turns)]++;
    fake_host_close(&host);
    printf("%s: heuristic against itself: %d to %d, %d drawn, %d turns a game\n", version, won[0], won[1], won[2],
           turns / GAMES);
    CHECK(abs(won[0] - won[1]) < 60 && turns / GAMES < 100);
}

/* Chi square over masks of every size: each legal choice equally often, no other ever. */
static void test_uniform(void)
{
    enum { DRAWS = 20000 };
    static const uint16_t masks[] = {0x001, 0x00f, 0x7ef, 0x410, 0x7e0, 0x5a5, 0x7fef};
    static const double limit[] = {0,     10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32,
                                   26.12, 27.88, 29.59, 31.26, 32.91, 34.53, 36.12};
    const struct dex *dex = pokemon_dex("gen9-v1");
    struct battle_view view = {0};
    struct fake_host host;
    fake_host_open(&host, 5);
    for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
        int count[BATTLE_CHOICES] = {0}, n = 0;
        for (int k = 0; k < DRAWS; k++)
            count[agent_choose(&host.host, AGENT_RANDOM, dex, &view, masks[i])]++;
        for (int k = 0; k < BATTLE_CHOICES; k++)
            n += masks[i] >> k & 1;
        double chi = 0, expected = (double)DRAWS / n;
        for (int k = 0; k < BATTLE_CHOICES; k++) {
            CHECK((masks[i] >> k & 1) || !count[k]);
            if (masks[i] >> k & 1)
                chi += (count[k] - expected) * (count[k] - expected) / expected;
        }
        CHECK(chi <= limit[n - 1]); /* one in a thousand by chance, and the seed is fixed */
    }
    fake_host_close(&host);
}

/* ---------------------------------------------------------------------------------------------- extension --- */

static const arena_agent_1 *extension(void)
{
    const arena_operator *op = fake_operator();
    CHECK(!op->extension("arena.agent/2"));
    const arena_agent_1 *agent = op->extension(ARENA_AGENT_1);
    CHECK(agent && agent->size == sizeof *agent);
    return agent;
}

/* The lines that actions offers, the move by its method. */
static void offered(struct fake *f, uint32_t seat, char *out, size_t room)
{
    size_t len = 0;
    fake_actions(f, seat);
    out[0] = 0;
    for (uint32_t i = 0; i < f->run.count; i++)
        len += (size_t)snprintf(out + len, room - len, "%s%s %s", i ? "\n" : "", f->run.effects[i].name,
                                f->run.effects[i].text);
}

static arena_text text(const char *s)
{
    return (arena_text){s, strlen(s)};
}

/* What the heuristic does inside the operator, in the words of the extension. */
static void inside(struct fake_host *host, const struct fake *f, int seat, struct writer *out)
{
    struct game *game = NULL;
    struct battle_view view;
    CHECK(state_restore(&host->host, POKEMON_STATE, f->state, f->state_len, (void **)&game) == ARENA_OK);
    game_view(game, seat, &view);
    int choice = agent_choose(&host->host, AGENT_HEURISTIC, game->dex, &view, view.choices);
    writer_text(out, "choose ");
    choice_write(out, game->dex, &view, choice);
}

/* Line n of lines. */
static arena_text line(const char *lines, uint32_t n)
{
    while (n--)
        lines = strchr(lines, '\n') + 1;
    return (arena_text){lines, strcspn(lines, "\n")};
}

static void test_extension(void)
{
    const arena_agent_1 *agent = extension();
    CHECK_TEXT(agent->names[0], "random");
    CHECK_TEXT(agent->names[1], "heuristic");
    CHECK(!agent->names[2]);
    int decided = 0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct fake f = {.once = true};
        CHECK(fake_create(&f, fake_operator(), seed, "") == ARENA_OK);
        CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
        while (!f.finished) {
            char lines[1024];
            uint32_t seat = f.active & 1 ? 0 : 1, choice = 99;
            struct fake_host host;
            fake_host_open(&host, f.turn + seed);
            offered(&f, seat, lines, sizeof lines);
            const char *view = fake_view(&f, (int32_t)seat);
            CHECK(agent->decide(&host.host, "heuristic", text(view), text(lines), &choice) == ARENA_OK);
            arena_text got = line(lines, choice);
            struct writer want = writer_new(&host.host, 32);
            inside(&host, &f, (int)seat, &want);
            CHECK(got.len == want.len && !memcmp(got.ptr, want.ptr, got.len));
            decided++;
            if (seat)
                CHECK(agent->decide(&host.host, "random", text(view), text(lines), &choice) == ARENA_OK);
            got = line(lines, choice);
            CHECK(got.len > 7 && !memcmp(got.ptr, "choose ", 7));
            CHECK(fake_message_bytes(&f, seat, ARENA_TEXT("choose"), (arena_text){got.ptr + 7, got.len - 7}) ==
                  ARENA_OK);
            fake_host_close(&host);
        }
        fake_finish(&f);
    }
    CHECK(decided > 200);
}

/* A sleep move that the Sleep Clause will stop is worth nothing; so it is by the JSON of the view. */
static void test_clause(void)
{
    static const char *const formats[] = {"random", "any"};
    for (int barred = 1; barred >= 0; barred--) {
        struct fake f = {0};
        char options[512];
        struct fake_host host;
        struct game *game = NULL;
        struct battle_view view, again;
        int32_t worth[BATTLE_CHOICES];
        snprintf(options, sizeof options,
                 "{\"format\":\"%s\",\"teams\":[[{\"species\":\"breloom\",\"moves\":[\"spore\",\"protect\"]}],"
                 "[{\"species\":\"snorlax\",\"moves\":[\"curse\"]},{\"species\":\"blissey\",\"moves\":[\"charm\"]}]]}",
                 formats[!barred]);
        CHECK(fake_create(&f, fake_operator(), 1, options) == ARENA_OK);
        CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
        for (int turn = 0; turn < 3; turn++) { /* nobody sleeps; one does; another has come */
            fake_host_open(&host, 1);
            CHECK(state_restore(&host.host, POKEMON_STATE, f.state, f.state_len, (void **)&game) == ARENA_OK);
            game_view(game, 0, &view);
            agent_worth(game->dex, &view, view.choices, worth);
            CHECK((worth[0] > 5) == (turn == 0 || (turn == 2 && !barred)));
            CHECK(agent_view(text(fake_view(&f, 0)), &again) == game->dex && again.clauses == view.clauses);
            fake_host_close(&host);
            CHECK(fake_message(&f, 0, "choose", turn ? "move 2" : "move 1") == ARENA_OK);
            CHECK(fake_message(&f, 1, "choose", turn == 1 ? "switch 2" : "move 1") == ARENA_OK);
        }
        fake_finish(&f);
    }
}

static void test_bad_requests(void)
{
    const arena_agent_1 *agent = extension();
    static const char bad_team[] = "{\"me\":0,\"self\":{\"active\":9,\"team\":[{}]}}";
    const char *const views[] = {"", "{}", "[1]", "{\"me\":0}", "{\"me\":7}", bad_team, "\xff"};
    struct fake_host host;
    uint32_t choice;
    fake_host_open(&host, 1);
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        choice = 9;
        CHECK(agent->decide(&host.host, "heuristic", text(views[i]), text("team random\nforfeit "), &choice) ==
              ARENA_OK);
        CHECK(choice == 0);
    }
    CHECK(agent->decide(&host.host, "champion", text("{}"), text("choose move 1"), &choice) == ARENA_BROKEN);
    CHECK(agent->decide(&host.host, "random", text("{}"), text(""), &choice) == ARENA_BROKEN);
    fake_host_close(&host);
}

/* Any JSON that is nearly a view is survived. */
static void test_damaged_views(void)
{
    const arena_agent_1 *agent = extension();
    struct fake f = {0};
    uint64_t rng = 4;
    CHECK(fake_create(&f, fake_operator(), 1, "") == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
    char *view = strdup(fake_view(&f, 0));
    CHECK(view);
    size_t len = strlen(view);
    for (int i = 0; i < 4000; i++) {
        struct fake_host host;
        uint32_t choice = 0;
        size_t at = fake_draw(&rng, len);
        char kept = view[at];
        view[at] = "0123456789-\"{}[],:xyz"[fake_draw(&rng, 21)];
        fake_host_open(&host, 1);
        CHECK(
            agent->decide(&host.host, "heuristic", (arena_text){view, len},
                          text("choose move 1\nchoose move 4\nchoose switch 2\nchoose switch 6\nchoose move struggle"),
                          &choice) == ARENA_OK &&
            choice < 5);
        fake_host_close(&host);
        view[at] = kept;
    }
    free(view);
    fake_finish(&f);
}

int main(void)
{
    static const char *const versions[] = {"gen1-v1", "gen9-v1", "natdex-v1"};
    test_uniform();
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        test_strength(versions[i]);
        test_mirror(versions[i]);
    }
    test_extension();
    test_clause();
    test_bad_requests();
    test_damaged_views();
    return 0;
}
