/*
 * test_ultimatum.c - the ultimatum game: whole games to the byte, every error in its order, who may see what,
 * options, damaged bytes.
 */
#include <math.h>

#include "../../operators/common/writer.h"
#include "fake_host.h"

static void begin(struct fake *f, const char *options)
{
    CHECK(fake_create(f, fake_operator(), 1, options) == ARENA_OK && f->run.count == 0);
    CHECK(fake_join(f, 0) == ARENA_OK && f->run.count == 1 && f->active == 0);
    CHECK(fake_join(f, 1) == ARENA_OK && f->run.count == 2 && f->active == 1);
}

/* A move that is taken and leaves the game with the other player. */
static void move(struct fake *f, uint32_t player, const char *method, const char *content)
{
    CHECK(fake_message(f, player, method, content) == ARENA_OK && f->run.count == 2);
    CHECK(!f->finished && f->active == 1u << (1 - player));
}

static void test_agreement(void)
{
    struct fake f = {0};
    CHECK_TEXT(fake_operator()->id, "ultimatum");
    CHECK(fake_create(&f, fake_operator(), 1, "{\"reservationValues\":[30,45]}") == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK && f.run.count == 1 && f.active == 0);
    fake_said(&f, 0, 0,
              "Your private reservation value is: 30. This is the minimum share you need for a worthwhile deal. "
              "Do not reveal it.");
    CHECK(fake_join(&f, 1) == ARENA_OK && f.run.count == 2 && f.active == 1);
    fake_said(&f, 0, 1,
              "Your private reservation value is: 45. This is the minimum share you need for a worthwhile deal. "
              "Do not reveal it.");
    fake_said(&f, 1, ARENA_ALL,
              "Ultimatum game started!\n- Total to split: 100\n- Players: 2\n- Max rounds: 10\n"
              "- Turn order: round_robin\n\nPlayer 1's turn. (Round 1/10)");

    move(&f, 0, "submit_offer", "70 for me, 30 for you");
    fake_said(&f, 0, ARENA_ALL, "Player 1 proposes: Player 1: 70, Player 2: 30");
    fake_said(&f, 1, ARENA_ALL, "Player 2's turn. (Round 1/10)");
    move(&f, 1, "reject", "");
    fake_said(&f, 0, ARENA_ALL, "Player 2 rejects the offer. The table is cleared.");
    fake_said(&f, 1, ARENA_ALL, "Player 1's turn. (Round 2/10)");
    move(&f, 0, "pass", "whatever");
    fake_said(&f, 0, ARENA_ALL, "Player 1 passes.");
    fake_said(&f, 1, ARENA_ALL, "Player 2's turn. (Round 2/10)");
    move(&f, 1, "submit_offer", "-60.-40"); /* signs and points only separate */
    fake_said(&f, 0, ARENA_ALL, "Player 2 proposes: Player 1: 60, Player 2: 40");
    fake_said(&f, 1, ARENA_ALL, "Player 1's turn. (Round 3/10)");

    CHECK(fake_message(&f, 0, "accept", "yes") == ARENA_OK && f.run.count == 4);
    fake_said(&f, 0, ARENA_ALL, "Player 1 accepts the offer.");
    fake_said(&f, 1, ARENA_ALL,
              "Agreement reached!\n\nPlayer 1: receives 60 (reservation: 30, surplus: 30)\n"
              "Player 2: receives 40 (reservation: 45, surplus: -5)");
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":0,\"utility\":0.3}\n"
              "- Player 2: {\"security\":0,\"utility\":-0.05}");
    CHECK(f.run.effects[3].kind == FAKE_FINISH && f.finished && f.active == 0);
    CHECK(f.scores[0].utility == 0.3 && f.scores[0].security == 0);
    CHECK(f.scores[1].utility == -0.05 && f.scores[1].security == 0);
    CHECK_TEXT(fake_view(&f, ARENA_FULL),
               "{\"total\":100,\"maxRounds\":10,\"turnOrder\":\"round_robin\",\"reservationValues\":[30,45],"
               "\"currentOffer\":[60,40],\"lastOfferBy\":1,\"acceptances\":[true,true],\"totalTurns\":4}");
    fake_finish(&f);
}

/* An offer in the very last turn is not answered any more. */
static void test_deadlock(void)
{
    struct fake f = {0};
    begin(&f, "{\"maxRounds\":2,\"total\":7,\"reservationMax\":0}");
    fake_said(&f, 0, 1,
              "Your private reservation value is: 0. This is the minimum share you need for a worthwhile deal. "
              "Do not reveal it.");
    fake_said(&f, 1, ARENA_ALL,
              "Ultimatum game started!\n- Total to split: 7\n- Players: 2\n- Max rounds: 2\n"
              "- Turn order: round_robin\n\nPlayer 1's turn. (Round 1/2)");
    move(&f, 0, "submit_offer", "7,0");
    move(&f, 1, "pass", "");
    move(&f, 0, "reject", ""); /* one's own */
    fake_said(&f, 0, ARENA_ALL, "Player 1 rejects the offer. The table is cleared.");
    fake_said(&f, 1, ARENA_ALL, "Player 2's turn. (Round 2/2)");
    CHECK(fake_message(&f, 1, "submit_offer", "3 4") == ARENA_OK && f.run.count == 4);
    fake_said(&f, 0, ARENA_ALL, "Player 2 proposes: Player 1: 3, Player 2: 4");
    fake_said(&f, 1, ARENA_ALL, "Deadlock! Maximum rounds reached with no agreement. All players receive 0.");
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":0,\"utility\":0}\n"
              "- Player 2: {\"security\":0,\"utility\":0}");
    CHECK(f.run.effects[3].kind == FAKE_FINISH && f.finished && f.active == 0);
    CHECK(f.scores[0].utility == 0 && f.scores[1].utility == 0);
    CHECK_TEXT(fake_view(&f, ARENA_FULL),
               "{\"total\":7,\"maxRounds\":2,\"turnOrder\":\"round_robin\",\"reservationValues\":[0,0],"
               "\"currentOffer\":[3,4],\"lastOfferBy\":1,\"acceptances\":[false,true],\"totalTurns\":4}");
    fake_finish(&f);
}

/* Accepting in the very last turn still counts, and an offer stays through passes. */
static void test_last_turn(void)
{
    struct fake f = {0};
    begin(&f, "{\"maxRounds\":2,\"total\":3,\"reservationValues\":[1,3]}");
    move(&f, 0, "submit_offer", "2 1");
    move(&f, 1, "pass", "");
    move(&f, 0, "pass", "");
    CHECK(fake_message(&f, 1, "accept", "") == ARENA_OK && f.finished);
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":0,\"utility\":0.3333333333333333}\n"
              "- Player 2: {\"security\":0,\"utility\":-0.6666666666666666}");
    fake_finish(&f);
}

static void test_errors(void)
{
    static const char count[] =
        "Offer must specify 2 amounts (one per player), e.g. \"60 40\". Amounts must sum to 100.";
    static const char *const miscounted[] = {"", "all for me", "100", "1 2 97", "50.5 49.5", "60 30 10 0 0 0 0 0"};
    struct fake f = {0};
    begin(&f, "");
    fake_refused(&f, fake_message(&f, 1, "offer", "60 40"), "UNKNOWN_METHOD", "Unknown challenge method: offer");
    fake_refused(&f, fake_message(&f, 0, "", ""), "UNKNOWN_METHOD", "Unknown challenge method: ");
    fake_refused(&f, fake_message(&f, 1, "submit_offer", "nonsense"), "NOT_YOUR_TURN",
                 "It's Player 1's turn, not yours.");
    fake_refused(&f, fake_message(&f, 1, "accept", ""), "NOT_YOUR_TURN", "It's Player 1's turn, not yours.");
    fake_refused(&f, fake_message(&f, 1, "reject", ""), "NOT_YOUR_TURN", "It's Player 1's turn, not yours.");
    fake_refused(&f, fake_message(&f, 1, "pass", ""), "NOT_YOUR_TURN", "It's Player 1's turn, not yours.");
    fake_refused(&f, fake_message(&f, 0, "accept", ""), "NO_OFFER", "No offer on the table to accept.");
    fake_refused(&f, fake_message(&f, 0, "reject", ""), "NO_OFFER", "No offer on the table to reject.");
    for (size_t i = 0; i < sizeof miscounted / sizeof miscounted[0]; i++)
        fake_refused(&f, fake_message(&f, 0, "submit_offer", miscounted[i]), "INVALID_OFFER", count);
    CHECK(f.active == 1);
    move(&f, 0, "submit_offer", "0060+40");
    fake_refused(&f, fake_message(&f, 0, "accept", ""), "NOT_YOUR_TURN", "It's Player 2's turn, not yours.");
    move(&f, 1, "pass", "");
    fake_refused(&f, fake_message(&f, 0, "accept", ""), "CANNOT_ACCEPT_OWN", "You cannot accept your own offer.");
    move(&f, 0, "reject", "");
    fake_refused(&f, fake_message(&f, 1, "accept", ""), "NO_OFFER", "No offer on the table to accept.");
    fake_finish(&f);
}

/* Sums are told as JavaScript reads and prints them, however long the numbers. */
static void test_sums(void)
{
    static const struct {
        const char *offer, *reason;
    } rows[] = {
        {"60 41", "Amounts must sum to 100, but got 101."},
        {"0 0", "Amounts must sum to 100, but got 0."},
        {"60 -40.", NULL}, /* that one is in order */
        {"9007199254740993 0", "Amounts must sum to 100, but got 9007199254740992."},
        {"123456789012345680000 1", "Amounts must sum to 100, but got 123456789012345680000."},
        {"999999999999999999999 0", "Amounts must sum to 100, but got 1e+21."},
        {"1234567890123456789012345 0", "Amounts must sum to 100, but got 1.2345678901234568e+24."},
        {"4294967396 0", "Amounts must sum to 100, but got 4294967396."}, /* 100 in 32 bits */
        {"18446744073709551716 0", "Amounts must sum to 100, but got 18446744073709552000."},
    };
    char huge[1024];
    struct fake f = {0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin(&f, "");
        int result = fake_message(&f, 0, "submit_offer", rows[i].offer);
        if (rows[i].reason)
            fake_refused(&f, result, "INVALID_OFFER_SUM", rows[i].reason);
        else
            CHECK(result == ARENA_OK);
        fake_finish(&f);
    }
    begin(&f, "");
    memset(huge, '9', sizeof huge - 1);
    huge[sizeof huge - 1] = 0;
    huge[1000] = ' ';
    fake_refused(&f, fake_message(&f, 0, "submit_offer", huge), "INVALID_OFFER_SUM",
                 "Amounts must sum to 100, but got Infinity.");
    memset(huge, '0', 1001); /* zeros in front say nothing: only the 22 nines behind do */
    huge[1] = ' ';
    fake_refused(&f, fake_message(&f, 0, "submit_offer", huge), "INVALID_OFFER_SUM",
                 "Amounts must sum to 100, but got 1e+22.");
    fake_finish(&f);
}

/* Only the fewest digits that read back as the same number, in JavaScript's notation. */
static void test_numbers(void)
{
    static const struct {
        double n;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1, "-1"},
        {100, "100"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {-1.0 / 3, "-0.3333333333333333"},
        {12.5, "12.5"},
        {1e-6, "0.000001"},
        {1.5e-6, "0.0000015"},
        {1e-7, "1e-7"},
        {-1.25e-9, "-1.25e-9"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {-1.5e300, "-1.5e+300"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992"},
        {INFINITY, "Infinity"},
        {-INFINITY, "-Infinity"},
        {NAN, "NaN"},
    };
    struct fake_host host;
    fake_host_open(&host, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct writer w = writer_new(&host.host, 1);
        writer_number(&w, rows[i].n);
        CHECK_TEXT(writer_cstring(&w), rows[i].text);
    }
    fake_host_close(&host);
}

static void expect_offers(struct fake *f, uint32_t player, const char *want)
{
    char got[128] = "";
    fake_actions(f, player);
    for (uint32_t i = 0; i < f->run.count; i++) {
        CHECK(f->run.effects[i].len == 0);
        strcat(strcat(got, " "), f->run.effects[i].name);
    }
    CHECK_TEXT(got, want);
}

static void test_views(void)
{
    static const char offered[] =
        "\"total\":100,\"maxRounds\":10,\"turnOrder\":\"round_robin\",\"currentOffer\":[60,40],"
        "\"lastOfferBy\":0,\"acceptances\":[true,false],\"totalTurns\":1}";
    static const char begun[] = "\"total\":100,\"maxRounds\":10,\"turnOrder\":\"round_robin\",\"currentOffer\":null,"
                                "\"lastOfferBy\":null,\"acceptances\":[false,false],\"totalTurns\":0}";
    char want[256];
    struct fake f = {0};
    CHECK(fake_create(&f, fake_operator(), 1, "{\"reservationValues\":[21,34]}") == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK);
    expect_offers(&f, 0, "");
    CHECK(fake_join(&f, 1) == ARENA_OK);
    snprintf(want, sizeof want, "{%s", begun);
    CHECK_TEXT(fake_view(&f, ARENA_ALL), want);
    CHECK_TEXT(fake_view(&f, ARENA_FULL),
               "{\"total\":100,\"maxRounds\":10,\"turnOrder\":\"round_robin\",\"reservationValues\":[21,34],"
               "\"currentOffer\":null,\"lastOfferBy\":null,\"acceptances\":[false,false],\"totalTurns\":0}");
    expect_offers(&f, 0, " submit_offer pass");
    expect_offers(&f, 1, "");
    move(&f, 0, "submit_offer", "60 40");
    snprintf(want, sizeof want, "{%s", offered);
    CHECK_TEXT(fake_view(&f, ARENA_ALL), want);
    snprintf(want, sizeof want, "{\"player\":1,\"reservationValue\":21,%s", offered);
    CHECK_TEXT(fake_view(&f, 0), want);
    snprintf(want, sizeof want, "{\"player\":2,\"reservationValue\":34,%s", offered);
    CHECK_TEXT(fake_view(&f, 1), want);
    expect_offers(&f, 1, " submit_offer accept reject pass");
    move(&f, 1, "pass", "");
    expect_offers(&f, 0, " submit_offer reject pass");
    move(&f, 0, "pass", "");
    CHECK(fake_message(&f, 1, "accept", "") == ARENA_OK && f.finished);
    expect_offers(&f, 0, "");
    expect_offers(&f, 1, "");
    fake_finish(&f);
}

static void test_options(void)
{
    static const char total[] = "total must be a whole number from 1 to 1000000000";
    static const char rounds[] = "maxRounds must be a whole number from 1 to 1000";
    static const char most[] = "reservationMax must be a whole number from 0 to 1000000000";
    static const char values[] =
        "reservationValues must be two whole numbers from 0 to 1000000000, one for each player, as [30, 40]";
    static const struct fake_options bad[] = {
        {"[]", "options must be a JSON object"},
        {"nonsense", "options must be a JSON object"},
        {"{\"players\":3}", "players must be 2"},
        {"{\"players\":\"2\"}", "players must be 2"},
        {"{\"total\":0}", total},
        {"{\"total\":99.5}", total},
        {"{\"total\":1000000001}", total},
        {"{\"maxRounds\":0}", rounds},
        {"{\"maxRounds\":1001}", rounds},
        {"{\"reservationMax\":-1}", most},
        {"{\"reservationMax\":\"40\"}", most},
        {"{\"reservationValues\":null}", values},
        {"{\"reservationValues\":[1]}", values},
        {"{\"reservationValues\":[1,2,3]}", values},
        {"{\"reservationValues\":[-1,2]}", values},
        {"{\"reservationValues\":[1,2.5]}", values},
        {"{\"turnOrder\":\"random\"}", "turnOrder must be \"round_robin\""},
        {"{\"turnOrder\":1}", "turnOrder must be \"round_robin\""},
        {"{\"rounds\":7}", "options of ultimatum are players, total, maxRounds, reservationMax, reservationValues and "
                           "turnOrder; there are no others"},
        {NULL, NULL},
    };
    static const char largest[] =
        "{\"players\":2,\"total\":1000000000,\"maxRounds\":1000,\"reservationMax\":1000000000,"
        "\"turnOrder\":\"round_robin\"}";
    static const char *const good[] = {
        "",
        "{}",
        largest,
        "{\"total\":1,\"maxRounds\":1,\"reservationMax\":0,\"reservationValues\":[0,1000000000]}",
    };
    struct fake f = {0};
    fake_options_refused(bad);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        begin(&f, good[i]);
        fake_finish(&f);
    }
}

/* The largest numbers that options allow. */
static void test_extremes(void)
{
    struct fake f = {0};
    begin(&f, "{\"total\":1,\"reservationValues\":[0,1000000000]}");
    move(&f, 0, "submit_offer", "1 0");
    CHECK(fake_message(&f, 1, "accept", "") == ARENA_OK);
    fake_said(&f, 1, ARENA_ALL,
              "Agreement reached!\n\nPlayer 1: receives 1 (reservation: 0, surplus: 1)\n"
              "Player 2: receives 0 (reservation: 1000000000, surplus: -1000000000)");
    CHECK(f.scores[0].utility == 1 && f.scores[1].utility == -1e9);
    fake_finish(&f);
    begin(&f, "{\"total\":1000000000,\"reservationValues\":[1,999999999]}");
    move(&f, 0, "submit_offer", "1 999999999");
    CHECK(fake_message(&f, 1, "accept", "") == ARENA_OK);
    CHECK(f.scores[0].utility == 0 && f.scores[1].utility == 0);
    fake_finish(&f);
    begin(&f, "{\"total\":1000000000,\"reservationValues\":[0,1000000000]}");
    move(&f, 0, "submit_offer", "1 999999999");
    CHECK(fake_message(&f, 1, "accept", "") == ARENA_OK);
    fake_said(&f, 2, ARENA_ALL,
              "Game ended.\n\nScores are:\n- Player 1: {\"security\":0,\"utility\":1e-9}\n"
              "- Player 2: {\"security\":0,\"utility\":-1e-9}");
    fake_finish(&f);
}

/* Reservations are 0 to reservationMax, each as likely as the others. */
static void test_deal(void)
{
    uint32_t seen[41] = {0};
    struct fake f = {.once = true};
    for (uint64_t seed = 0; seed < 4100; seed++) {
        CHECK(fake_create(&f, fake_operator(), seed * 77, "") == ARENA_OK);
        const char *values = strstr(fake_view(&f, ARENA_FULL), "\"reservationValues\":[") + 21;
        char *end;
        unsigned long first = strtoul(values, &end, 10), second = strtoul(end + 1, NULL, 10);
        CHECK(*end == ',' && first <= 40 && second <= 40);
        seen[first]++;
        seen[second]++;
        fake_finish(&f);
    }
    for (int i = 0; i <= 40; i++)
        CHECK(seen[i] > 130 && seen[i] < 270); /* 200, give or take five deviations */
}

/* Games of random moves: all of them end, and what is offered is taken. */
static void test_games(void)
{
    static const char *const methods[] = {"submit_offer", "accept", "reject", "pass"};
    uint64_t rng = 7;
    uint32_t agreements = 0;
    for (uint64_t seed = 0; seed < 300; seed++) {
        struct fake f = {0};
        uint32_t turns = 0;
        begin(&f, "{\"maxRounds\":5}");
        while (!f.finished) {
            char offer[32];
            uint32_t player = f.active == 1 ? 0 : 1, first = (uint32_t)fake_draw(&rng, 101);
            snprintf(offer, sizeof offer, "%u/%u", first, 100 - first);
            int result = fake_message(&f, player, methods[fake_draw(&rng, 4)], offer);
            CHECK(result == ARENA_OK || result == ARENA_REJECTED);
            turns += result == ARENA_OK;
            CHECK(turns <= 10);
        }
        bool agreed = strstr(fake_view(&f, ARENA_FULL), "\"acceptances\":[true,true]") != NULL;
        CHECK(agreed || (turns == 10 && f.scores[0].utility == 0 && f.scores[1].utility == 0));
        agreements += agreed;
        fake_finish(&f);
    }
    CHECK(agreements > 100 && agreements < 299);
}

/* A game with an offer, written by hand from the description in state.c: total 100, 10 rounds, 3 turns,
 * reservations 30 and 45, 60 and 40 proposed by player 1. */
static const uint8_t known[] = {1, 100, 0, 0, 0, 10, 0, 0, 0,  3, 0, 0, 0,  30, 0, 0,
                                0, 45,  0, 0, 0, 1,  0, 1, 60, 0, 0, 0, 40, 0,  0, 0};
enum { AT_TOTAL = 1, AT_ROUNDS = 5, AT_TURNS = 9, AT_FIRST = 13, AT_OFFERED = 21, AT_PROPOSER, AT_ACCEPTED, AT_OFFER };

static int with(size_t at, uint8_t value)
{
    uint8_t bytes[sizeof known];
    memcpy(bytes, known, sizeof known);
    bytes[at] = value;
    return fake_restore(fake_operator(), bytes, sizeof bytes);
}

static void test_damage(void)
{
    uint8_t broken[sizeof known + 1] = {0};
    uint64_t rng = 5;
    memcpy(broken, known, sizeof known);
    for (size_t len = 0; len <= sizeof broken; len++)
        CHECK(fake_restore(fake_operator(), broken, len) == (len == sizeof known ? ARENA_OK : ARENA_CORRUPT));
    CHECK(with(0, 2) == ARENA_CORRUPT);             /* another format */
    CHECK(with(AT_TOTAL, 99) == ARENA_CORRUPT);     /* not what the offer adds up to */
    CHECK(with(AT_ROUNDS, 1) == ARENA_CORRUPT);     /* fewer rounds than turns */
    CHECK(with(AT_ROUNDS, 0) == ARENA_CORRUPT);     /* none at all */
    CHECK(with(AT_ROUNDS + 1, 4) == ARENA_CORRUPT); /* too many */
    CHECK(with(AT_TURNS, 20) == ARENA_OK);          /* a deadlock */
    CHECK(with(AT_TURNS, 21) == ARENA_CORRUPT);     /* beyond it */
    CHECK(with(AT_TURNS, 0) == ARENA_CORRUPT);      /* an offer before the first turn */
    CHECK(with(AT_FIRST + 3, 64) == ARENA_CORRUPT); /* too large a reservation */
    CHECK(with(AT_OFFERED, 2) == ARENA_CORRUPT);    /* neither yes nor no */
    CHECK(with(AT_OFFERED, 0) == ARENA_CORRUPT);    /* no, and then one */
    CHECK(with(AT_PROPOSER, 1) == ARENA_CORRUPT);   /* who does not agree with it */
    CHECK(with(AT_PROPOSER, 2) == ARENA_CORRUPT);   /* nobody */
    CHECK(with(AT_ACCEPTED, 0) == ARENA_CORRUPT);
    CHECK(with(AT_ACCEPTED, 3) == ARENA_OK); /* player 2 agreed in the turn that is theirs */
    CHECK(with(AT_ACCEPTED, 5) == ARENA_CORRUPT);
    CHECK(with(AT_OFFER, 61) == ARENA_CORRUPT);
    for (int i = 0; i < 20000; i++) {
        memcpy(broken, known, sizeof known);
        for (uint64_t n = fake_draw(&rng, 4) + 1; n; n--)
            broken[fake_draw(&rng, sizeof known)] = (uint8_t)fake_draw(&rng, fake_draw(&rng, 2) ? 256 : 4);
        fake_restore(fake_operator(), broken, sizeof known);
    }
}

/* Bytes of any kind as method and content. */
static void test_noise(void)
{
    struct fake f = {0};
    begin(&f, "");
    fake_noise(&f, 2, "submit_offer");
    fake_finish(&f);
}

int main(void)
{
    test_agreement();
    test_deadlock();
    test_last_turn();
    test_errors();
    test_sums();
    test_numbers();
    test_views();
    test_options();
    test_extremes();
    test_deal();
    test_games();
    test_damage();
    test_noise();
    return 0;
}
