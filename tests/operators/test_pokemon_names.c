/*
 * test_pokemon_names.c - nicknames as players see them: in the log, views and refusals, under Illusion, in the bytes of
 * a game; what no nickname may be; and choices that are JSON.
 */
#include <jansson.h>

#include "fake_host.h"
#include "pokemon.h"

extern const arena_entry arena_operators;

static void begin(struct fake *f, const char *options)
{
    if (fake_create(f, arena_operators.operators[0], 1, options) != ARENA_OK)
        fake_die(__FILE__, __LINE__, f->run.reason);
    for (uint32_t k = 0; k < 2; k++)
        CHECK(fake_join(f, k) == ARENA_OK);
}

static void both(struct fake *f, const char *first, const char *second)
{
    CHECK(fake_message(f, 0, "choose", first) == ARENA_OK);
    CHECK(fake_message(f, 1, "choose", second) == ARENA_OK);
}

/* Whether the last turn told this to somebody. */
static bool was_told(const struct fake *f, int32_t to, const char *text)
{
    for (uint32_t i = 0; i < f->run.count; i++)
        if (f->run.effects[i].kind == FAKE_SAY && f->run.effects[i].to == to && strstr(f->run.effects[i].text, text))
            return true;
    return false;
}

static bool was_told_all(const struct fake *f, const char *text)
{
    return was_told(f, 0, text) && was_told(f, 1, text) && was_told(f, ARENA_ALL, text);
}

#define MON(name, species, more) "{\"nickname\":\"" name "\",\"species\":\"" species "\"," more "}"
#define TANK "{\"species\":\"blissey\",\"moves\":[\"softboiled\",\"protect\"]}"

/* --------------------------------------------------------------------------------------------- in the battle --- */

static const char two_sides[] = "{\"format\":\"any\",\"teams\":[[" MON(
    "Käthe", "pikachu",
    "\"level\":50,\"moves\":[\"quickattack\",\"protect\"]") "," MON("日本", "mew",
                                                                    "\"moves\":[\"protect\"]") "],[" TANK
                                                                                               "," MON("p1a: x",
                                                                                                       "snorlax",
                                                                                                       "\"moves\":["
                                                                                                       "\"protect\""
                                                                                                       "]") "]]}";

static void test_log(void)
{
    struct fake f = {0};
    begin(&f, two_sides);
    CHECK(was_told(&f, ARENA_ALL, "\"|switch|p1a: Käthe|Pikachu, L50"));
    CHECK(was_told(&f, 0, "\"|switch|p1a: Käthe|Pikachu, L50"));
    CHECK(was_told(&f, ARENA_ALL, "\"|switch|p2a: Blissey|Blissey, F|100/100\""));
    CHECK(was_told(&f, 0, "\"nickname\":\"Käthe\",\"species\":\"pikachu\",\"name\":\"Pikachu\""));
    CHECK(!was_told(&f, ARENA_ALL, "日本") && !was_told(&f, 1, "日本") && was_told(&f, 0, "日本"));
    both(&f, "move 1", "switch 2");
    CHECK(was_told_all(&f, "|switch|p2a: p1a: x|Snorlax"));
    CHECK(was_told_all(&f, "\"|move|p1a: Käthe|Quick Attack|p2a: p1a: x\""));
    fake_finish(&f);
}

/* A nickname is known once it was out, and not before. */
static void test_views(void)
{
    struct fake f = {0};
    begin(&f, two_sides);
    CHECK(strstr(fake_view(&f, 1), "Käthe") && !strstr(fake_view(&f, 1), "日本"));
    CHECK(!strstr(fake_view(&f, ARENA_ALL), "日本") && !strstr(fake_view(&f, 0), "p1a: x"));
    CHECK(strstr(fake_view(&f, ARENA_FULL), "日本") && strstr(fake_view(&f, ARENA_FULL), "p1a: x"));
    both(&f, "switch 日本", "move protect");
    CHECK(was_told_all(&f, "|switch|p1a: 日本|Mew"));
    CHECK(strstr(fake_view(&f, ARENA_ALL), "\"active\":{\"nickname\":\"日本\",\"species\":\"mew\""));
    CHECK(strstr(fake_view(&f, 1), "\"foe_seen\":[{\"nickname\":\"Käthe\""));
    both(&f, "switch KÄTHE", "move protect"); /* by what is ASCII of it */
    fake_finish(&f);
}

/* Who looks like another bears its name, until everybody sees who it is. */
static void test_illusion(void)
{
    static const char teams[] = "{\"format\":\"any\",\"teams\":[[" MON(
        "Fox", "zoroark",
        "\"ability\":\"illusion\",\"moves\":[\"protect\",\"nastyplot\"]") "," MON("Mask", "blissey",
                                                                                  "\"gender\":\"F\",\"moves\":["
                                                                                  "\"protect\"]") "],[{\"species\":"
                                                                                                  "\"lucario\","
                                                                                                  "\"moves\":["
                                                                                                  "\"protect\","
                                                                                                  "\"aurasphere\"],"
                                                                                                  "\"level\":20}]]}";
    struct fake f = {0};
    begin(&f, teams);
    CHECK(was_told_all(&f, "|switch|p1a: Mask|Blissey"));
    CHECK(!was_told(&f, 1, "Fox") && !was_told(&f, ARENA_ALL, "Fox") && !strstr(fake_view(&f, 1), "Fox"));
    CHECK(strstr(fake_view(&f, 1), "\"foe\":{\"nickname\":\"Mask\",\"species\":\"blissey\""));
    both(&f, "move 2", "move 2");
    CHECK(was_told_all(&f, "|replace|p1a: Fox|Zoroark"));
    CHECK(was_told_all(&f, "|-end|p1a: Fox|Illusion"));
    CHECK(strstr(fake_view(&f, 1), "\"foe\":{\"nickname\":\"Fox\",\"species\":\"zoroark\""));
    fake_finish(&f);
}

/* ------------------------------------------------------------------------------------------- what is refused --- */

static void test_refused(void)
{
    static const struct {
        const char *team, *reason; /* NULL: taken */
    } rows[] = {
        {"[" MON("a|win|p1", "pikachu", "\"moves\":[\"thunder\"]") "]", "slot 1, nickname: a nickname has no control"},
        {"[" TANK "," MON("a\\nb", "pikachu", "\"moves\":[\"thunder\"]") "]", "slot 2, nickname: a nickname has no"},
        {"[" MON("\\u202eab", "pikachu", "\"moves\":[\"thunder\"]") "]", "slot 1, nickname: a nickname has no"},
        {"[" MON("\\u0085", "pikachu", "\"moves\":[\"thunder\"]") "]", "slot 1, nickname: a nickname has no"},
        {"[" MON("abcdefghijklmnopqrs", "pikachu", "\"moves\":[\"thunder\"]") "]", "has 19 characters; 18 are"},
        {"[" MON("🦊🦊🦊🦊🦊🦊🦊🦊🦊🦊", "pikachu", "\"moves\":[\"thunder\"]") "]",
         "has 20 characters; 18 are"},
        {"[" MON("Bo", "pikachu", "\"moves\":[\"thunder\"]") "," MON("Bo", "mew", "\"moves\":[\"pound\"]") "]",
         "slot 2, nickname: \"Bo\" is the nickname in slot 1 already"},
        {"Bo\x01 (Pikachu)\nAbility: Static\n- Thunder\n", "slot 1, nickname: a nickname has no control"},
        {"Bo\rb (Pikachu)\nAbility: Static\n- Thunder\n", "slot 1, nickname: a nickname has no control"},
        {"Bo|b (Pikachu)\nAbility: Static\n- Thunder\n", "slot 1, nickname: a nickname has no control"},
        {"Bo (the [2]nd) (Pikachu)\nAbility: Static\n- Thunder\n", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fake f = {0};
        begin(&f, "{\"format\":\"singles\",\"team\":\"choose\"}");
        int result = fake_message(&f, 0, "team", rows[i].team);
        if (rows[i].reason)
            fake_refused(&f, result, "INVALID_TEAM", NULL);
        if (rows[i].reason && !strstr(f.run.reason, rows[i].reason))
            fake_die(__FILE__, __LINE__, f.run.reason);
        if (!rows[i].reason && (result != ARENA_OK || !strstr(fake_view(&f, 0), "\"nickname\":\"Bo the 2 nd\"")))
            fake_die(__FILE__, __LINE__, result == ARENA_OK ? fake_view(&f, 0) : f.run.reason);
        fake_finish(&f);
    }
}

/* Two of one name are the formats' affair. */
static void test_twins(void)
{
    struct fake f = {0};
    begin(&f, "{\"format\":\"any\",\"teams\":[[" MON("Bo", "pikachu", "\"moves\":[\"thunder\"]") "," MON(
                  "Bo", "mew", "\"moves\":[\"pound\"]") "],[" TANK "]]}");
    CHECK(was_told_all(&f, "|switch|p1a: Bo|Pikachu"));
    fake_finish(&f);
}

/* ------------------------------------------------------------------------------------------------------ bytes --- */

static uint8_t *find(struct fake *f, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= f->state_len; i++)
        if (!memcmp(f->state + i, text, n))
            return f->state + i;
    return NULL;
}

/* Bytes that would put something into the log that is no nickname are no game. */
static void test_bytes(void)
{
    static const char bad[] = "|\n\x01\x7f\xff[";
    struct fake f = {0}, plain = {0};
    begin(&f, two_sides);
    CHECK(f.state[0] == POKEMON_STATE && f.state_len < 4096);
    uint8_t *name = find(&f, "Käthe");
    CHECK(name && fake_restore(f.op, f.state, f.state_len) == ARENA_OK);
    for (size_t i = 0; i + 1 < sizeof bad; i++) {
        *name = (uint8_t)bad[i];
        CHECK(fake_restore(f.op, f.state, f.state_len) == ARENA_CORRUPT);
    }
    *name = 'K';
    f.state[0] = POKEMON_STATE - 1;
    CHECK(fake_restore(f.op, f.state, f.state_len) == ARENA_CORRUPT);
    f.state[0] = POKEMON_STATE;
    fake_finish(&f);
    begin(&plain, "{\"format\":\"any\",\"teams\":[[" TANK "],[" TANK "]]}");
    CHECK(plain.state[0] == 3); /* as such games always were */
    plain.state[0] = POKEMON_STATE;
    CHECK(fake_restore(plain.op, plain.state, plain.state_len) == ARENA_CORRUPT);
    plain.state[0] = 3;
    fake_finish(&plain);
}

/* Whatever the bytes are: they are refused, or a game whose log has whole lines only. */
static void test_damage(void)
{
    uint64_t rng = 5;
    int taken = 0;
    struct fake f = {0};
    begin(&f, two_sides);
    for (size_t cut = 0; cut < f.state_len; cut++)
        CHECK(fake_restore(f.op, f.state, cut) == ARENA_CORRUPT);
    uint8_t *whole = malloc(f.state_len + 1);
    CHECK(whole);
    memcpy(whole, f.state, f.state_len);
    const size_t names = (size_t)(find(&f, "Käthe") - f.state);
    for (int round = 0; round < 4000; round++) {
        memcpy(f.state, whole, f.state_len);
        for (uint64_t n = fake_draw(&rng, 3) + 1; n; n--)
            f.state[fake_draw(&rng, 4) ? names + fake_draw(&rng, 30) : fake_draw(&rng, f.state_len)] =
                (uint8_t)fake_draw(&rng, 256);
        if (fake_restore(f.op, f.state, f.state_len) != ARENA_OK)
            continue;
        taken++;
        json_t *view = json_loads(fake_view(&f, ARENA_FULL), 0, NULL), *side, *mon;
        size_t k, i;
        CHECK(view);
        json_array_foreach(json_object_get(view, "sides"), k, side) {
            json_array_foreach(json_object_get(side, "team"), i, mon) {
                const char *name = json_string_value(json_object_get(mon, "nickname"));
                CHECK(!name || (*name && !strpbrk(name, "|\n\r\x1b[]")));
            }
        }
        json_decref(view);
    }
    CHECK(taken > 100);
    free(whole);
    fake_finish(&f);
}

/* ---------------------------------------------------------------------------------------------- JSON choices --- */

static const char choices[] = "{\"format\":\"any\",\"teams\":[[" MON(
    "Rex", "pikachu",
    "\"tera\":\"water\",\"moves\":[\"thunderbolt\",\"surf\"]") "," MON("Mr. X", "mew",
                                                                       "\"moves\":[\"protect\"]") "],[" TANK "]]}";

static void test_json(void)
{
    static const struct {
        const char *content, *chosen;
    } rows[] = {
        {"{\"move\":1}", "move 1"},
        {" {\"move\": \"Surf\", \"tera\": true} \n", "move 2 tera"},
        {"{\"tera\":false,\"move\":\"2\"}", "move 2"},
        {"{\"terastallize\":true,\"move\":1}", "move 1 tera"},
        {"{\"switch\":2}", "switch 2"},
        {"{\"switch\":\"Mew\"}", "switch 2"},
        {"{\"switch\":\"mr. x\"}", "switch 2"},
        {"switch Mr. X", "switch 2"},
        {"switch mrx", "switch 2"},
        {"{\"move\":\"surf\",\"tera\":false,\"mega\":false}", "move 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char chosen[64];
        struct fake f = {0};
        begin(&f, choices);
        snprintf(chosen, sizeof chosen, "\"chosen\":\"%s\"", rows[i].chosen);
        if (fake_message(&f, 0, "choose", rows[i].content) != ARENA_OK || !strstr(fake_view(&f, 0), chosen))
            fake_die(__FILE__, __LINE__, rows[i].content);
        fake_finish(&f);
    }
}

static void test_bad_json(void)
{
    static const char all[] = "choose one of: move 1 (Thunderbolt), move 2 (Surf), switch 2 (Mr. X, Mew), move 1 tera "
                              "(Thunderbolt), move 2 tera (Surf)";
    static const struct {
        const char *content, *reason;
    } rows[] = {
        {"{", "this is no JSON object; an action is \"move N\""},
        {"{\"move\":1,\"move\":2}", "this is no JSON object"},
        {"{}", "there is neither \"move\" nor \"switch\" in it"},
        {"{\"tera\":true}", "there is neither"},
        {"{\"move\":5}", "\"move\" must be a number from 1 to 4 or a name"},
        {"{\"move\":1.0}", "\"move\" must be"},
        {"{\"move\":null}", "\"move\" must be"},
        {"{\"switch\":0}", "\"switch\" must be a number from 1 to 6 or a name"},
        {"{\"switch\":99999999999999}", "\"switch\" must be"},
        {"{\"move\":1,\"switch\":2}", "it must be either a move or a switch"},
        {"{\"move\":1,\"tera\":1}", "what goes with a move must be true or false"},
        {"{\"switch\":2,\"tera\":true}", "nothing goes with a switch"},
        {"{\"move\":1,\"tera\":true,\"mega\":true}", "only one thing goes with a move"},
        {"{\"move\":1,\"target\":2}", "it has a member that means nothing here"},
        {"{\"move\":\"splash\"}", "an action is \"move N\" or \"move NAME\""},
        {"{\"move\":\"\"}",
         "an action is \"move N\" or \"move NAME\", with \"tera\" behind it, \"switch N\", \"switch NAME\" or "
         "\"default\", or JSON as {\"move\": N, \"tera\": true} or {\"switch\": \"NAME\"};"},
        {"{\"switch\":\"\"}", "an action is"},
        {"{\"move\":3}", "that action is not legal right now"},
        {"{\"switch\":1}", "that action is not legal right now"},
        {"[1]", "an action is"},
    };
    struct fake f = {0};
    begin(&f, choices);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake_refused(&f, fake_message(&f, 0, "choose", rows[i].content), "INVALID_CHOICE", NULL);
        if (!strstr(f.run.reason, rows[i].reason) || !strstr(f.run.reason, all))
            fake_die(__FILE__, __LINE__, f.run.reason);
    }
    fake_finish(&f);
}

/* Noise that is nearly JSON: taken when it is a choice, refused otherwise. */
static void test_noise(void)
{
    static const char *const words[] = {"{",        "}",  "\"move\"", "\"switch\"",  "\"tera\"", ":",    ",",
                                        "1",        "2",  "-1",       "true",        "false",    "null", "\"Rex\"",
                                        "\"surf\"", "\\", "\xff",     "\"\\u0000\"", " ",        "[",    "\"mr. x\""};
    enum { WORDS = sizeof words / sizeof words[0] };
    uint64_t rng = 6;
    int taken = 0;
    struct fake f = {0};
    for (int round = 0; round < 6000; round++) {
        char noise[256] = "{\"move\":";
        size_t len = strlen(noise);
        for (uint64_t n = fake_draw(&rng, 6); n; n--)
            len += (size_t)snprintf(noise + len, sizeof noise - len, "%s", words[fake_draw(&rng, WORDS)]);
        snprintf(noise + len, sizeof noise - len, "%s", fake_draw(&rng, 2) ? "}" : "");
        if (!f.op || f.finished || taken % 8 == 7) {
            fake_finish(&f);
            f = (struct fake){0};
            begin(&f, choices);
            taken++;
        }
        const int result = fake_message(&f, 0, "choose", noise + (fake_draw(&rng, 3) ? 0 : 8));
        CHECK(result == ARENA_OK || result == ARENA_REJECTED);
        if (result == ARENA_OK)
            taken += 1 + (fake_message(&f, 1, "choose", "default") != ARENA_OK);
    }
    CHECK(taken > 20);
    fake_finish(&f);
}

int main(void)
{
    test_log();
    test_views();
    test_illusion();
    test_refused();
    test_twins();
    test_bytes();
    test_damage();
    test_json();
    test_bad_json();
    test_noise();
    return 0;
}
