/*
 * test_dining.c - the dining cryptographers: whole games to the byte, every error in its order, who may see what,
 * options, damaged bytes.
 */
#include "../../operators/common/writer.h"
#include "fake_host.h"

enum { EXTERNAL = 3 };

/* A game with this payer; its bytes are written by hand from the description in state.c. */
static void begin(struct fake *f, uint8_t payer)
{
    const uint8_t bytes[5] = {1, payer, 0, 0, 0};
    CHECK(fake_create(f, fake_operator(), 1, "") == ARENA_OK && f->run.count == 0 && f->state_len == sizeof bytes);
    memcpy(f->state, bytes, sizeof bytes);
    for (uint32_t k = 0; k < 3; k++) {
        CHECK(fake_join(f, k) == ARENA_OK && f->run.count == (k == 2 ? 2 : 1) && f->active == (k == 2 ? 7 : 0));
        fake_said(f, 0, (int32_t)k, payer == k ? "You paid the bill." : "You did not pay the bill.");
    }
    fake_said(f, 1, ARENA_ALL,
              "All diners have arrived: inv_ann, inv_bob, inv_cid.\n\n"
              "The bill has been paid \xe2\x80\x94 but by whom? Submit your guess.");
}

static void test_golden(void)
{
    struct fake f = {0};
    CHECK_TEXT(fake_operator()->id, "dining-cryptographers");
    begin(&f, 1);
    CHECK(fake_message(&f, 2, "guess", " inv_bob\n") == ARENA_OK && f.run.count == 1 && f.active == 3);
    fake_said(&f, 0, ARENA_ALL, "inv_cid has submitted their guess.");
    CHECK(fake_message(&f, 0, "guess", "internal") == ARENA_OK && f.run.count == 1 && f.active == 2);
    fake_said(&f, 0, ARENA_ALL, "inv_ann has submitted their guess.");
    CHECK(fake_message(&f, 1, "guess", "external") == ARENA_OK && f.run.count == 4);
    fake_said(&f, 0, ARENA_ALL, "inv_bob has submitted their guess.");
    fake_said(&f, 1, ARENA_ALL,
              "The bill was paid by inv_bob.\n\n- inv_ann: guessed internal (unnamed diner)\n"
              "- inv_bob: guessed external\n- inv_cid: guessed inv_bob");
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":1,\"utility\":1}\n"
              "- Player 2: {\"security\":1,\"utility\":-1}\n- Player 3: {\"security\":1,\"utility\":1}");
    CHECK(f.run.effects[3].kind == FAKE_FINISH && f.finished && f.active == 0);
    CHECK(f.scores[0].utility == 1 && f.scores[1].utility == -1 && f.scores[2].utility == 1);
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"payer\":1,\"guesses\":[\"internal\",\"external\",\"inv_bob\"]}");
    fake_finish(&f);
}

static void test_external(void)
{
    struct fake f = {0};
    begin(&f, EXTERNAL);
    CHECK(fake_message(&f, 0, "guess", "unknown") == ARENA_OK);
    CHECK(fake_message(&f, 1, "guess", "inv_bob") == ARENA_OK); /* one's own is allowed */
    CHECK(fake_message(&f, 2, "guess", "external") == ARENA_OK && f.run.count == 4);
    fake_said(&f, 1, ARENA_ALL,
              "The bill was paid by an external party.\n\n- inv_ann: guessed unknown\n- inv_bob: guessed inv_bob\n"
              "- inv_cid: guessed external");
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":1,\"utility\":0}\n"
              "- Player 2: {\"security\":1,\"utility\":-1}\n- Player 3: {\"security\":1,\"utility\":1}");
    CHECK_TEXT(fake_view(&f, ARENA_FULL),
               "{\"payer\":\"external\",\"guesses\":[\"unknown\",\"inv_bob\",\"external\"]}");
    fake_finish(&f);
}

/* All three name the payer, who loses security to the other two. */
static void test_exposed(void)
{
    struct fake f = {0};
    begin(&f, 2);
    CHECK(fake_message(&f, 0, "guess", "inv_cid") == ARENA_OK);
    CHECK(fake_message(&f, 1, "guess", "inv_cid") == ARENA_OK);
    CHECK(fake_message(&f, 2, "guess", "inv_cid") == ARENA_OK && f.run.count == 6);
    fake_said(&f, 0, ARENA_ALL, "inv_cid has submitted their guess.");
    for (int k = 0; k < 2; k++) {
        const struct fake_effect *e = &f.run.effects[1 + k];
        CHECK(e->kind == FAKE_BLAME && e->from == k && e->to == 2);
        CHECK_TEXT(e->name, "security_breach");
    }
    fake_said(&f, 3, ARENA_ALL,
              "The bill was paid by inv_cid.\n\n- inv_ann: guessed inv_cid\n- inv_bob: guessed inv_cid\n"
              "- inv_cid: guessed inv_cid");
    fake_said(&f, 4, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":1,\"utility\":1}\n"
              "- Player 2: {\"security\":1,\"utility\":1}\n- Player 3: {\"security\":-1,\"utility\":1}");
    CHECK(f.scores[2].security == -1 && f.scores[0].security == 1);
    fake_finish(&f);
}

/* Every payer with every three guesses, against the rules written once more. */
static void test_scores(void)
{
    static const char *const words[6] = {"external", "internal", "unknown", "inv_ann", "inv_bob", "inv_cid"};
    for (uint8_t payer = 0; payer <= EXTERNAL; payer++) {
        for (int guesses = 0; guesses < 6 * 6 * 6; guesses++) {
            const int picked[3] = {guesses % 6, guesses / 6 % 6, guesses / 36};
            struct fake f = {0};
            bool all = payer < EXTERNAL;
            begin(&f, payer);
            for (uint32_t k = 0; k < 3; k++) {
                CHECK(fake_message(&f, k, "guess", words[picked[k]]) == ARENA_OK);
                all = all && picked[k] == 3 + payer;
            }
            CHECK(f.finished && f.run.count == (all ? 6 : 4));
            for (int k = 0; k < 3; k++) {
                bool right = payer == EXTERNAL ? picked[k] == 0 : picked[k] == 1 || picked[k] == 3 + payer;
                CHECK(f.scores[k].utility == (picked[k] == 2 ? 0 : right ? 1 : -1));
                CHECK(f.scores[k].security == (all && k == payer ? -1 : 1));
            }
            fake_finish(&f);
        }
    }
}

static void test_errors(void)
{
    static const char invalid[] = "Invalid guess. Send \"external\", \"internal\", \"unknown\", or a valid invite code "
                                  "(inv_ann, inv_bob, inv_cid).";
    static const char *const wrong[] = {"",  " ", "External", "INTERNAL", "inv_dot", "inv_an",   "inv_ann inv_bob",
                                        "0", "1", "inv_annn", "null",     "\xff",    "unknown.", "\xe2\x80"};
    struct fake f = {0};
    begin(&f, 0);
    fake_refused(&f, fake_message(&f, 0, "quess", "unknown"), "UNKNOWN_METHOD", "Unknown challenge method: quess");
    fake_refused(&f, fake_message(&f, 0, "", "unknown"), "UNKNOWN_METHOD", "Unknown challenge method: ");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        fake_refused(&f, fake_message(&f, 0, "guess", wrong[i]), "INVALID_GUESS", invalid);
    CHECK(f.active == 7);
    CHECK(fake_message(&f, 0, "guess", "unknown") == ARENA_OK && f.active == 6);
    fake_refused(&f, fake_message(&f, 0, "guess", "nonsense"), "DUPLICATE_GUESS",
                 "You have already submitted a guess.");
    fake_refused(&f, fake_message(&f, 0, "guess", "unknown"), "DUPLICATE_GUESS", "You have already submitted a guess.");
    CHECK(f.active == 6);
    fake_finish(&f);
}

/* Space around a guess is what JavaScript's trim() takes away: more than ASCII has. */
static void test_trim(void)
{
    static const char *const guesses[] = {
        " \t\v\f\r\nexternal\n\n",
        "\xc2\xa0\xef\xbb\xbf"
        "external\xe3\x80\x80\xe2\x80\xa8 ",
        "\xe1\x9a\x80\xe2\x80\x8a"
        "external",
        "external\xe2\x81\x9f\xe2\x80\xaf\xe2\x80\xa9",
    };
    static const char *const wrong[] = {"\xe2\x80\x8b"
                                        "external",
                                        "external\xc2\x85",
                                        "\xcc\xa0"
                                        "external",
                                        "external\xa0"};
    struct fake f = {0};
    for (size_t i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
        begin(&f, 0);
        CHECK(fake_message(&f, 0, "guess", guesses[i]) == ARENA_OK);
        CHECK(strstr(fake_view(&f, 0), "\"guess\":\"external\""));
        fake_refused(&f, fake_message(&f, 1, "guess", wrong[i]), "INVALID_GUESS", NULL);
        fake_finish(&f);
    }
}

static void test_views(void)
{
    static const char *const offers[] = {"external", "internal", "unknown", "inv_ann", "inv_bob", "inv_cid"};
    struct fake f = {0};
    begin(&f, 1);
    CHECK_TEXT(fake_view(&f, ARENA_ALL), "{\"guessed\":[false,false,false]}");
    CHECK_TEXT(fake_view(&f, 0), "{\"player\":1,\"paid\":false,\"guess\":null,\"guessed\":[false,false,false]}");
    CHECK_TEXT(fake_view(&f, 1), "{\"player\":2,\"paid\":true,\"guess\":null,\"guessed\":[false,false,false]}");
    CHECK_TEXT(fake_view(&f, ARENA_FULL), "{\"payer\":1,\"guesses\":[null,null,null]}");
    fake_actions(&f, 2);
    CHECK(f.run.count == 6);
    for (int i = 0; i < 6; i++) {
        CHECK_TEXT(f.run.effects[i].name, "guess");
        CHECK_TEXT(f.run.effects[i].text, offers[i]);
    }
    CHECK(fake_message(&f, 2, "guess", "inv_ann") == ARENA_OK);
    fake_actions(&f, 2);
    CHECK(f.run.count == 0);
    CHECK_TEXT(fake_view(&f, ARENA_ALL), "{\"guessed\":[false,false,true]}");
    CHECK_TEXT(fake_view(&f, 0), "{\"player\":1,\"paid\":false,\"guess\":null,\"guessed\":[false,false,true]}");
    CHECK_TEXT(fake_view(&f, 2), "{\"player\":3,\"paid\":false,\"guess\":\"inv_ann\",\"guessed\":[false,false,true]}");
    fake_finish(&f);
    CHECK(fake_create(&f, fake_operator(), 1, "") == ARENA_OK && fake_join(&f, 2) == ARENA_OK);
    fake_actions(&f, 2);
    CHECK(f.run.count == 0); /* not before all have arrived */
    fake_finish(&f);
}

static void test_options(void)
{
    static const struct fake_options bad[] = {
        {"[]", "options must be a JSON object"},
        {"nonsense", "options must be a JSON object"},
        {"{\"players\":2}", "players must be 3"},
        {"{\"players\":4}", "players must be 3"},
        {"{\"players\":\"3\"}", "players must be 3"},
        {"{\"payer\":1}", "the only option of dining-cryptographers is players; there are no others"},
        {NULL, NULL},
    };
    static const char *const good[] = {"", "{}", "{\"players\":3}", NULL};
    fake_options_refused(bad);
    fake_options_taken(good);
}

/* Each of the diners and somebody else, as likely as the others. */
static void test_deal(void)
{
    uint32_t seen[4] = {0};
    struct fake f = {.once = true};
    for (uint64_t seed = 0; seed < 4000; seed++) {
        CHECK(fake_create(&f, fake_operator(), seed * 77, "") == ARENA_OK && f.state[1] <= EXTERNAL);
        seen[f.state[1]]++;
        fake_finish(&f);
    }
    for (int i = 0; i < 4; i++)
        CHECK(seen[i] > 860 && seen[i] < 1140); /* 1000, give or take five deviations */
}

/* A free seat has no name: damaged bytes may hold a guess that names it. */
static void test_nameless(void)
{
    struct fake_host host;
    fake_host_open(&host, 1);
    struct writer w = writer_new(&host.host, 1);
    writer_quoted(&w, NULL, 0);
    CHECK_TEXT(writer_cstring(&w), "\"\"");
    fake_host_close(&host);
}

static void test_damage(void)
{
    const uint8_t bytes[6] = {1, 3, 0, 4, 6, 0};
    uint64_t rng = 5;
    for (size_t len = 0; len <= sizeof bytes; len++)
        CHECK(fake_restore(fake_operator(), bytes, len) == (len == 5 ? ARENA_OK : ARENA_CORRUPT));
    for (int i = 0; i < 20000; i++) {
        uint8_t broken[5];
        memcpy(broken, bytes, 5);
        for (uint64_t n = fake_draw(&rng, 4) + 1; n; n--)
            broken[fake_draw(&rng, 5)] = (uint8_t)fake_draw(&rng, fake_draw(&rng, 2) ? 256 : 8);
        bool sound = broken[0] == 1 && broken[1] <= 3 && broken[2] <= 6 && broken[3] <= 6 && broken[4] <= 6;
        CHECK(fake_restore(fake_operator(), broken, 5) == (sound ? ARENA_OK : ARENA_CORRUPT));
    }
}

/* Bytes of any kind as method and content. */
static void test_noise(void)
{
    struct fake f = {0};
    begin(&f, 1);
    CHECK(fake_noise(&f, 3, "guess") == 0);
    fake_finish(&f);
}

int main(void)
{
    test_golden();
    test_external();
    test_exposed();
    test_scores();
    test_errors();
    test_trim();
    test_views();
    test_options();
    test_deal();
    test_nameless();
    test_damage();
    test_noise();
    return 0;
}
