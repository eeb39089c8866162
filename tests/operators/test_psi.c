/*
 * test_psi.c - private set intersection: a whole game to the byte, every error in its order, who may see what,
 * options, damaged bytes.
 */
#include "fake_host.h"

/* Bytes of a game that is easy to follow: common 150; sets {150, 1000, 20} and {150, 30, 9}; 9 is dealt to
 * the second only.  Written by hand from the description in state.c. */
static size_t put(uint8_t *out, size_t at, uint64_t n, int size)
{
    for (int i = 0; i < size; i++)
        out[at + (size_t)i] = (uint8_t)(n >> (8 * i));
    return at + (size_t)size;
}

static size_t known_game(uint8_t *out)
{
    static const struct {
        uint16_t n;
        uint64_t v[3];
    } sets[5] = {{1, {150}}, {3, {20, 150, 1000}}, {3, {9, 30, 150}}, {0, {0}}, {0, {0}}};
    size_t at = put(out, 0, 1, 1);
    at = put(out, at, 5, 4);
    at = put(out, at, 1000, 4);
    at = put(out, at, 1, 4);
    at = put(out, at, 2, 4);
    for (int i = 0; i < 5; i++) {
        at = put(out, at, sets[i].n, 2);
        for (int k = 0; k < sets[i].n; k++)
            at = put(out, at, sets[i].v[k], 8);
    }
    return at;
}

static void begin_known(struct fake *f)
{
    CHECK(fake_create(f, fake_operator(), 1, "{\"range\":[5,1000],\"intersectionSize\":1,\"setSize\":2}") == ARENA_OK);
    f->state = realloc(f->state, 512);
    CHECK(f->state);
    f->state_len = known_game(f->state);
    CHECK(fake_join(f, 0) == ARENA_OK && f->run.count == 1 && f->active == 0);
    fake_said(f, 0, 0, "Your private set is: {1000, 150, 20}.");
    CHECK(fake_join(f, 1) == ARENA_OK && f->run.count == 1 && f->active == 3);
    fake_said(f, 0, 1, "Your private set is: {150, 30, 9}.");
}

static void test_golden(void)
{
    struct fake f = {0};
    begin_known(&f);
    CHECK(fake_message(&f, 0, "guess", "I say 150!") == ARENA_OK && f.run.count == 2 && f.active == 2);
    fake_said(&f, 0, ARENA_ALL, "Player inv_ann sent a guess");
    fake_said(&f, 1, 0,
              "Player 2 outcome:\n- Intersection Found: true\n- Wrong Guess: 0\n- Extra Guess: 0\n- Utility: 1\n"
              "- Target: {150}\n");
    CHECK(fake_message(&f, 1, "guess", "20 20 020 and 777, -1000") == ARENA_OK && f.run.count == 5);
    CHECK(f.run.effects[0].kind == FAKE_BLAME && f.run.effects[0].from == 1 && f.run.effects[0].to == 0);
    CHECK_TEXT(f.run.effects[0].name, "security_breach");
    fake_said(&f, 1, ARENA_ALL, "Player inv_bob sent a guess");
    fake_said(&f, 2, 1,
              "Player 1 outcome:\n- Intersection Found: false\n- Wrong Guess: 1\n- Extra Guess: 2\n- Utility: -1\n"
              "- Target: {150}\n");
    fake_said(&f, 3, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":-1,\"utility\":1}\n"
              "- Player 2: {\"security\":1,\"utility\":-1}");
    CHECK(f.run.effects[4].kind == FAKE_FINISH && f.finished && f.active == 0);
    CHECK(f.scores[0].security == -1 && f.scores[0].utility == 1);
    CHECK(f.scores[1].security == 1 && f.scores[1].utility == -1);
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"userSets\":[[20,150,1000],[9,30,150]],\"intersectionSet\":[150],"
                                          "\"guesses\":[[150],[20,777,1000]]}");
    fake_finish(&f);
}

/* A missing number is worth 0, and no breach. */
static void test_incomplete(void)
{
    struct fake f = {0};
    begin_known(&f);
    CHECK(fake_message(&f, 1, "guess", "20") == ARENA_OK && f.run.count == 3);
    CHECK(f.run.effects[0].kind == FAKE_BLAME);
    CHECK(fake_message(&f, 0, "guess", "30") == ARENA_OK);
    CHECK(f.scores[0].utility == 0 && f.scores[0].security == -1);
    CHECK(f.scores[1].utility == 0 && f.scores[1].security == -1);
    fake_finish(&f);
}

static void test_errors(void)
{
    struct fake f = {0};
    begin_known(&f);
    fake_refused(&f, fake_message(&f, 0, "quess", "1"), "UNKNOWN_METHOD", "Unknown challenge method: quess");
    fake_refused(&f, fake_message(&f, 0, "", "1"), "UNKNOWN_METHOD", "Unknown challenge method: ");
    fake_refused(&f, fake_message(&f, 0, "guess", ""), "INVALID_GUESS", "Invalid guess format.");
    fake_refused(&f, fake_message(&f, 0, "guess", "none, \xff\xc3"), "INVALID_GUESS", "Invalid guess format.");
    fake_refused(&f, fake_message(&f, 0, "guess", "1 2 3 4"), "GUESS_TOO_LARGE", "Guess too large.");
    CHECK(f.active == 3);
    CHECK(fake_message(&f, 0, "guess", "1 2 3 3 2 1 0001") == ARENA_OK);
    fake_refused(&f, fake_message(&f, 0, "guess", "no digits"), "INVALID_GUESS", "Invalid guess format.");
    fake_refused(&f, fake_message(&f, 0, "guess", "1 2 3 4"), "DUPLICATE_GUESS", "Guess already made.");
    fake_refused(&f, fake_message(&f, 0, "guess", "150"), "DUPLICATE_GUESS", "Guess already made.");
    CHECK(f.active == 2);
    CHECK(fake_message(&f, 1, "guess", "99999999999999999999999999999999999999999999") == ARENA_OK);
    CHECK(f.finished && f.scores[1].utility == -1);
    CHECK(strstr(fake_view(&f, ARENA_FULL), "\"guesses\":[[1,2,3],[9007199254740992]]"));
    fake_finish(&f);
}

static void test_views(void)
{
    struct fake f = {0};
    begin_known(&f);
    CHECK_TEXT(fake_view(&f, ARENA_ALL),
               "{\"range\":[5,1000],\"intersectionSize\":1,\"setSize\":2,\"guessed\":[false,false]}");
    CHECK_TEXT(fake_view(&f, 0), "{\"player\":1,\"set\":[20,150,1000],\"range\":[5,1000],\"intersectionSize\":1,"
                                 "\"setSize\":2,\"guessed\":[false,false]}");
    CHECK_TEXT(fake_view(&f, ARENA_FULL),
               "{\"userSets\":[[20,150,1000],[9,30,150]],\"intersectionSet\":[150],\"guesses\":[[],[]]}");
    fake_actions(&f, 0);
    CHECK(f.run.count == 1 && f.run.effects[0].len == 0);
    CHECK_TEXT(f.run.effects[0].name, "guess");
    CHECK(fake_message(&f, 0, "guess", "9 30") == ARENA_OK);
    CHECK_TEXT(fake_view(&f, 1), "{\"player\":2,\"set\":[9,30,150],\"range\":[5,1000],\"intersectionSize\":1,"
                                 "\"setSize\":2,\"guessed\":[true,false]}");
    fake_actions(&f, 0);
    CHECK(f.run.count == 0);
    fake_finish(&f);
}

static void test_options(void)
{
    static const struct fake_options bad[] = {
        {"[]", "options must be a JSON object"},
        {"nonsense", "options must be a JSON object"},
        {"{\"players\":3}", "players must be 2"},
        {"{\"players\":\"2\"}", "players must be 2"},
        {"{\"range\":[1]}", "range must be two whole numbers from 0 to 999999999, as [100, 900]"},
        {"{\"range\":[-1,5]}", "range must be two whole numbers from 0 to 999999999, as [100, 900]"},
        {"{\"range\":[1.5,5]}", "range must be two whole numbers from 0 to 999999999, as [100, 900]"},
        {"{\"range\":[900,100]}", "range must begin with the smaller number"},
        {"{\"range\":[1,9]}", "range has fewer numbers than setSize asks for"},
        {"{\"range\":[1,2],\"setSize\":1}", "range has fewer numbers than intersectionSize asks for"},
        {"{\"intersectionSize\":0}", "intersectionSize must be a whole number from 1 to 64"},
        {"{\"setSize\":257}", "setSize must be a whole number from 0 to 256"},
        {"{\"size\":7}", "options of psi are players, range, intersectionSize and setSize; there are no others"},
        {NULL, NULL},
    };
    static const char *const good[] = {
        "",
        "{}",
        "{\"players\":2,\"range\":[0,999999999],\"intersectionSize\":64,\"setSize\":256}",
        "{\"range\":[7,16]}",
        "{\"setSize\":0}",
        "{\"range\":[0,255],\"setSize\":256,\"intersectionSize\":64}",
    };
    struct fake f = {0};
    fake_options_refused(bad);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        CHECK(fake_create(&f, fake_operator(), i, good[i]) == ARENA_OK);
        CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
        fake_finish(&f);
    }
}

/* Dealt sets have the sizes and the range that were asked for, and are not the same twice. */
static void test_deal(void)
{
    static const struct {
        uint32_t low, high;
    } ranges[] = {{100, 900}, {0, 9}};
    struct fake f = {0};
    uint32_t seen[10] = {0};
    char last[8192] = "";
    for (uint64_t seed = 0; seed < 400; seed++) {
        char options[64];
        uint32_t low = ranges[seed % 2].low, high = ranges[seed % 2].high, n = seed % 2 ? 5 : 10;
        snprintf(options, sizeof options, "{\"range\":[%u,%u],\"setSize\":%u}", low, high, n);
        CHECK(fake_create(&f, fake_operator(), seed * 77, options) == ARENA_OK);
        CHECK(fake_join(&f, 0) == ARENA_OK && fake_join(&f, 1) == ARENA_OK);
        const char *set = strstr(fake_view(&f, 0), "\"set\":[") + 7;
        uint32_t count = 0;
        for (char *end; *set != ']'; set = *end == ',' ? end + 1 : end, count++) {
            unsigned long v = strtoul(set, &end, 10);
            CHECK(v >= low && v <= high);
            if (seed % 2)
                seen[v]++;
        }
        CHECK(count >= n && count <= n + 3);
        CHECK(strcmp(last, fake_view(&f, ARENA_FULL)));
        snprintf(last, sizeof last, "%s", f.json);
        fake_finish(&f);
    }
    for (int i = 0; i < 10; i++) /* 200 games, each number with probability 1 - 1/2 * 7/10 = 0.65 */
        CHECK(seen[i] > 100 && seen[i] < 160);
}

/* Any bytes are refused or are a game that can be seen; never harm. */
static void test_damage(void)
{
    uint8_t bytes[512], broken[512];
    size_t len = known_game(bytes);
    uint64_t rng = 5;
    CHECK(fake_restore(fake_operator(), bytes, len) == ARENA_OK);
    CHECK(fake_restore(fake_operator(), bytes, 0) == ARENA_CORRUPT);
    for (size_t cut = 0; cut < len; cut++)
        CHECK(fake_restore(fake_operator(), bytes, cut) == ARENA_CORRUPT);
    memcpy(broken, bytes, len);
    broken[len] = 0;
    CHECK(fake_restore(fake_operator(), broken, len + 1) == ARENA_CORRUPT);
    for (int i = 0; i < 20000; i++) {
        memcpy(broken, bytes, len);
        for (uint64_t n = fake_draw(&rng, 4) + 1; n; n--)
            broken[fake_draw(&rng, len)] = (uint8_t)fake_draw(&rng, fake_draw(&rng, 2) ? 256 : 4);
        fake_restore(fake_operator(), broken, len);
    }
}

/* Bytes of any kind as method and content. */
static void test_noise(void)
{
    struct fake f = {0};
    begin_known(&f);
    fake_noise(&f, 2, "guess");
    fake_finish(&f);
}

int main(void)
{
    test_golden();
    test_incomplete();
    test_errors();
    test_views();
    test_options();
    test_deal();
    test_damage();
    test_noise();
    return 0;
}
