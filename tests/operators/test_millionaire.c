/*
 * test_millionaire.c - the millionaires' problem: whole games to the byte, every error in its order, who may see
 * what, options, damaged bytes.
 */
#include "fake_host.h"

/* A game with these fortunes; its bytes are written by hand from the description in state.c. */
static void begin(struct fake *f, uint8_t first, uint8_t second)
{
    const uint8_t bytes[5] = {1, first, second, 0, 0};
    CHECK(fake_create(f, fake_operator(), 1, "") == ARENA_OK && f->run.count == 0 && f->state_len == sizeof bytes);
    memcpy(f->state, bytes, sizeof bytes);
    CHECK(fake_join(f, 0) == ARENA_OK && f->run.count == 1 && f->active == 0);
    CHECK(fake_join(f, 1) == ARENA_OK && f->run.count == 1 && f->active == 3);
}

static void test_golden(void)
{
    struct fake f = {0};
    CHECK_TEXT(fake_operator()->id, "millionaire");
    CHECK(fake_create(&f, fake_operator(), 1, "{\"players\":2}") == ARENA_OK);
    memcpy(f.state, "\1\52\100\0\0", 5); /* 42 and 64 */
    CHECK(fake_join(&f, 1) == ARENA_OK && f.run.count == 1 && f.active == 0);
    fake_said(&f, 0, 1,
              "Your wealth is $64M. Guess your opponent's wealth (in millions, 1\xe2\x80\x93"
              "100) to determine who is richer.");
    CHECK(fake_join(&f, 0) == ARENA_OK && f.run.count == 1 && f.active == 3);
    fake_said(&f, 0, 0,
              "Your wealth is $42M. Guess your opponent's wealth (in millions, 1\xe2\x80\x93"
              "100) to determine who is richer.");
    CHECK(fake_message(&f, 0, "guess", "about 99, or 5?") == ARENA_OK && f.run.count == 2 && f.active == 2);
    fake_said(&f, 0, ARENA_ALL, "Player inv_ann sent a guess");
    fake_said(&f, 1, 0,
              "Your guess: $99M\n- Utility: 1 (correct direction)\n- Security impact: Exact wealth was not revealed.");
    CHECK(fake_message(&f, 1, "guess", "-0042") == ARENA_OK && f.run.count == 5);
    CHECK(f.run.effects[0].kind == FAKE_BLAME && f.run.effects[0].from == 1 && f.run.effects[0].to == 0);
    CHECK_TEXT(f.run.effects[0].name, "security_breach");
    fake_said(&f, 1, ARENA_ALL, "Player inv_bob sent a guess");
    fake_said(&f, 2, 1,
              "Your guess: $42M\n- Utility: 1 (correct direction)\n- Security impact: You guessed the exact wealth!");
    fake_said(&f, 3, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":-1,\"utility\":1}\n"
              "- Player 2: {\"security\":1,\"utility\":1}");
    CHECK(f.run.effects[4].kind == FAKE_FINISH && f.finished && f.active == 0);
    CHECK(f.scores[0].security == -1 && f.scores[0].utility == 1);
    CHECK(f.scores[1].security == 1 && f.scores[1].utility == 1);
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"wealth\":[42,64],\"guesses\":[99,42]}");
    fake_finish(&f);
}

/* What counts is the direction, and an exact number besides. */
static void test_scores(void)
{
    static const struct {
        uint8_t own, other;
        const char *guess;
        int utility, security;
    } rows[] = {
        {42, 64, "43", 1, 1},  {42, 64, "41", -1, 1}, {42, 64, "42", -1, 1},  {42, 64, "64", 1, -1},
        {64, 42, "1", 1, 1},   {64, 42, "65", -1, 1}, {64, 42, "64", -1, 1},  {64, 42, "42", 1, -1},
        {50, 50, "50", 1, -1}, {50, 50, "51", -1, 1}, {50, 50, "49", -1, 1},  {1, 100, "100", 1, -1},
        {100, 1, "1", 1, -1},  {1, 100, "1", -1, 1},  {100, 100, "1", -1, 1}, {100, 100, "100", 1, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint32_t player = 0; player < 2; player++) {
            struct fake f = {0};
            begin(&f, player ? rows[i].other : rows[i].own, player ? rows[i].own : rows[i].other);
            CHECK(fake_message(&f, player, "guess", rows[i].guess) == ARENA_OK);
            CHECK((f.run.effects[0].kind == FAKE_BLAME) == (rows[i].security < 0));
            CHECK(strstr(f.run.effects[f.run.count - 1].text, rows[i].utility > 0
                                                                  ? "- Utility: 1 (correct direction)\n"
                                                                  : "- Utility: -1 (wrong direction)\n"));
            CHECK(fake_message(&f, 1 - player, "guess", "7") == ARENA_OK && f.finished);
            CHECK(f.scores[player].utility == rows[i].utility && f.scores[1 - player].security == rows[i].security);
            fake_finish(&f);
        }
    }
}

static void test_errors(void)
{
    static const char form[] = "Invalid guess format. Please send a number.";
    static const char range[] = "Guess must be between 1 and 100 million.";
    struct fake f = {0};
    begin(&f, 42, 64);
    fake_refused(&f, fake_message(&f, 0, "quess", "1"), "UNKNOWN_METHOD", "Unknown challenge method: quess");
    fake_refused(&f, fake_message(&f, 0, "guesss", "1"), "UNKNOWN_METHOD", "Unknown challenge method: guesss");
    fake_refused(&f, fake_message(&f, 0, "", "1"), "UNKNOWN_METHOD", "Unknown challenge method: ");
    fake_refused(&f, fake_message(&f, 0, "guess", ""), "INVALID_GUESS", form);
    fake_refused(&f, fake_message(&f, 0, "guess", "rich, \xff\xc3"), "INVALID_GUESS", form);
    fake_refused(&f, fake_message(&f, 0, "guess", "0"), "INVALID_GUESS", range);
    fake_refused(&f, fake_message(&f, 0, "guess", "0.5"), "INVALID_GUESS", range);
    fake_refused(&f, fake_message(&f, 0, "guess", "101 or 5"), "INVALID_GUESS", range);
    fake_refused(&f, fake_message(&f, 0, "guess", "99999999999999999999999999999999"), "INVALID_GUESS", range);
    CHECK(f.active == 3);
    CHECK(fake_message(&f, 0, "guess", "$100M") == ARENA_OK && f.active == 2);
    fake_refused(&f, fake_message(&f, 0, "guess", "again"), "INVALID_GUESS", form);
    fake_refused(&f, fake_message(&f, 0, "guess", "101"), "INVALID_GUESS", range);
    fake_refused(&f, fake_message(&f, 0, "guess", "100"), "DUPLICATE_GUESS", "Guess already made.");
    CHECK(f.active == 2);
    fake_finish(&f);
}

static void test_views(void)
{
    struct fake f = {0};
    begin(&f, 42, 64);
    CHECK_TEXT(fake_view(&f, ARENA_ALL), "{\"guessed\":[false,false]}");
    CHECK_TEXT(fake_view(&f, 0), "{\"player\":1,\"wealth\":42,\"guess\":null,\"guessed\":[false,false]}");
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"wealth\":[42,64],\"guesses\":[null,null]}");
    fake_actions(&f, 0);
    CHECK(f.run.count == 1 && f.run.effects[0].len == 0);
    CHECK_TEXT(f.run.effects[0].name, "guess");
    CHECK(fake_message(&f, 0, "guess", "9") == ARENA_OK);
    fake_actions(&f, 0);
    CHECK(f.run.count == 0);
    CHECK_TEXT(fake_view(&f, 0), "{\"player\":1,\"wealth\":42,\"guess\":9,\"guessed\":[true,false]}");
    CHECK_TEXT(fake_view(&f, 1), "{\"player\":2,\"wealth\":64,\"guess\":null,\"guessed\":[true,false]}");
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"wealth\":[42,64],\"guesses\":[9,null]}");
    fake_finish(&f);
}

static void test_options(void)
{
    static const struct fake_options bad[] = {
        {"[]", "options must be a JSON object"},
        {"nonsense", "options must be a JSON object"},
        {"{\"players\":2,\"players\":2}", "options must be a JSON object"},
        {"{\"players\":3}", "players must be 2"},
        {"{\"players\":\"2\"}", "players must be 2"},
        {"{\"players\":2.5}", "players must be 2"},
        {"{\"players\":null}", "players must be 2"},
        {"{\"wealth\":7}", "the only option of millionaire is players; there are no others"},
        {"{\"players\":2,\"wealth\":7}", "the only option of millionaire is players; there are no others"},
        {NULL, NULL},
    };
    static const char *const good[] = {"", "{}", "{\"players\":2}", NULL};
    fake_options_refused(bad);
    fake_options_taken(good);
}

/* Fortunes are 1 to 100, each as likely as the others. */
static void test_deal(void)
{
    uint32_t seen[101] = {0};
    struct fake f = {.once = true};
    for (uint64_t seed = 0; seed < 10000; seed++) {
        CHECK(fake_create(&f, fake_operator(), seed * 77, "") == ARENA_OK);
        for (int k = 1; k <= 2; k++) {
            CHECK(f.state[k] >= 1 && f.state[k] <= 100);
            seen[f.state[k]]++;
        }
        fake_finish(&f);
    }
    for (int i = 1; i <= 100; i++)
        CHECK(seen[i] > 130 && seen[i] < 270); /* 200, give or take five deviations */
}

static void test_damage(void)
{
    const uint8_t bytes[6] = {1, 42, 64, 0, 100, 0};
    uint64_t rng = 5;
    for (size_t len = 0; len <= sizeof bytes; len++)
        CHECK(fake_restore(fake_operator(), bytes, len) == (len == 5 ? ARENA_OK : ARENA_CORRUPT));
    for (int i = 0; i < 20000; i++) {
        uint8_t broken[5];
        memcpy(broken, bytes, 5);
        for (uint64_t n = fake_draw(&rng, 4) + 1; n; n--)
            broken[fake_draw(&rng, 5)] = (uint8_t)fake_draw(&rng, fake_draw(&rng, 2) ? 256 : 4);
        bool sound = broken[0] == 1 && broken[1] >= 1 && broken[1] <= 100 && broken[2] >= 1 && broken[2] <= 100 &&
                     broken[3] <= 100 && broken[4] <= 100;
        CHECK(fake_restore(fake_operator(), broken, 5) == (sound ? ARENA_OK : ARENA_CORRUPT));
    }
}

/* Bytes of any kind as method and content. */
static void test_noise(void)
{
    struct fake f = {0};
    begin(&f, 42, 64);
    fake_noise(&f, 2, "guess");
    fake_finish(&f);
}

int main(void)
{
    test_golden();
    test_scores();
    test_errors();
    test_views();
    test_options();
    test_deal();
    test_damage();
    test_noise();
    return 0;
}
