/*
 * test_pokemon_natdex.c - national-dex play as the arena sees it: Mega Evolution, Ultra Burst and Z-Moves in choices,
 * requests and views; teams of the past in three forms; drawn teams; what an administrator gets of the version.
 */
#include <jansson.h>

#include "data.h"
#include "fake_host.h"
#include "pokemon.h"

extern const arena_entry arena_operators;

static int create(struct fake *f, uint64_t seed, const char *options)
{
    return fake_create(f, arena_operators.operators[0], seed, options);
}

static void begin(struct fake *f, uint64_t seed, const char *options)
{
    if (create(f, seed, options) != ARENA_OK)
        fake_die(__FILE__, __LINE__, f->run.reason);
    for (uint32_t k = 0; k < 2; k++)
        if (!f->house[k][0])
            CHECK(fake_join(f, k) == ARENA_OK);
}

static json_t *parse(const char *text)
{
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    CHECK(json_is_object(json));
    return json;
}

/* The message of a kind to somebody in the last turn, "" if there is none. */
static const char *said(const struct fake *f, int32_t to, const char *type)
{
    char start[64];
    snprintf(start, sizeof start, "{\"type\":\"%s\",", type);
    for (uint32_t i = 0; i < f->run.count; i++) {
        const struct fake_effect *e = &f->run.effects[i];
        if (e->kind == FAKE_SAY && e->to == to && !strncmp(e->text, start, strlen(start)))
            return e->text;
    }
    return "";
}

static void both(struct fake *f, const char *first, const char *second)
{
    CHECK(fake_message(f, 0, "choose", first) == ARENA_OK);
    CHECK(fake_message(f, 1, "choose", second) == ARENA_OK);
}

static bool is_true(struct fake *f, int32_t viewer, const char *key)
{
    json_t *view = parse(fake_view(f, viewer));
    const json_t *value = json_object_get(view, key);
    CHECK(json_is_boolean(value));
    const bool is = json_is_true(value);
    json_decref(view);
    return is;
}

#define DRAGON                                                                                                         \
    "{\"species\":\"charizard\",\"ability\":\"blaze\",\"item\":\"Charizardite X\","                                    \
    "\"moves\":[\"dragonclaw\",\"roost\"]}"
#define PRISM "{\"species\":\"necrozmaduskmane\",\"item\":\"ultranecroziumz\",\"moves\":[\"photongeyser\",\"rest\"]}"
#define SLEEPER "{\"species\":\"snorlax\",\"item\":\"normaliumz\",\"moves\":[\"bodyslam\",\"rest\",\"earthquake\"]}"
#define OPTIONS "{\"data\":\"natdex-v1\",\"format\":\"any\",\"teams\":[[" DRAGON "," PRISM "],[" SLEEPER "]]}"

/* ------------------------------------------------------------------------------------------------- choices --- */

static void test_mega(void)
{
    static const char *const nonsense[] = {"move 1 tera", "move 1 zmove", "move 1 mega mega", "mega", "move 3 mega"};
    struct fake f = {0};
    begin(&f, 1, OPTIONS);
    CHECK(strstr(said(&f, 0, "request"), "\"canMegaEvo\":true,\"choices\":[\"move 1\",\"move 2\",\"switch 2\",\"move 1 "
                                         "mega\",\"move 2 mega\"]"));
    CHECK(!strstr(said(&f, 1, "request"), "canMegaEvo"));
    fake_refused(&f, fake_message(&f, 1, "choose", "{\"move\":1,\"mega\":true}"), "INVALID_CHOICE", NULL);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        fake_refused(&f, fake_message(&f, 0, "choose", nonsense[i]), "INVALID_CHOICE", NULL);
    CHECK(!is_true(&f, 0, "self_mega_used") && !is_true(&f, 1, "foe_mega_used"));
    CHECK(fake_message(&f, 0, "choose", "move DragonClaw MegaEvolve") == ARENA_OK);
    CHECK(strstr(fake_view(&f, 0), "\"chosen\":\"move 1 mega\""));
    CHECK(fake_message(&f, 1, "choose", "move 2") == ARENA_OK);
    CHECK(strstr(said(&f, ARENA_ALL, "turn"), "|-mega|p1a: Charizard|Charizard|Charizardite X"));
    CHECK(is_true(&f, 0, "self_mega_used") && is_true(&f, 1, "foe_mega_used") && !is_true(&f, 1, "self_mega_used"));
    CHECK(strstr(fake_view(&f, 1), "\"species\":\"charizardmegax\""));
    fake_refused(&f, fake_message(&f, 0, "choose", "move 1 mega"), "INVALID_CHOICE", NULL);
    fake_finish(&f);
}

static void test_z_move(void)
{
    struct fake f = {0};
    begin(&f, 1, OPTIONS);
    CHECK(strstr(said(&f, 1, "request"), "\"canZMove\":[{\"move\":\"Breakneck Blitz\"},null,null,null]"));
    both(&f, "move 2", "{\"move\":1,\"zmove\":true}");
    CHECK(strstr(said(&f, ARENA_ALL, "turn"), "|-zpower|p2a: Snorlax"));
    CHECK(strstr(said(&f, ARENA_ALL, "turn"), "|move|p2a: Snorlax|Breakneck Blitz|p1a: Charizard|[zeffect]"));
    CHECK(is_true(&f, 1, "self_z_used") && is_true(&f, 0, "foe_z_used") && !is_true(&f, 0, "self_z_used"));
    fake_refused(&f, fake_message(&f, 1, "choose", "move 1 zmove"), "INVALID_CHOICE", NULL);
    fake_finish(&f);
}

static void test_ultra(void)
{
    struct fake f = {0};
    begin(&f, 2, "{\"data\":\"natdex-v1\",\"format\":\"any\",\"teams\":[[" PRISM "],[" SLEEPER "]]}");
    CHECK(strstr(said(&f, 0, "request"), "\"canUltraBurst\":true"));
    both(&f, "{\"move\":2,\"ultra\":true}", "move 3");
    CHECK(strstr(said(&f, ARENA_ALL, "turn"), "|-burst|p1a: Necrozma"));
    CHECK(strstr(said(&f, 0, "request"), "\"canZMove\":[{\"move\":\"Light That Burns the Sky\"},null,null,null]"));
    fake_finish(&f);
}

/* --------------------------------------------------------------------------------------------------- teams --- */

static void test_teams(void)
{
    static const char *const forms[] = {
        "Gengar-Mega @ Gengarite\nAbility: Cursed Body\n- Shadow Ball\n- Hypnosis\n\n"
        "Tapu Koko @ Tapunium Z\n- Nature's Madness\n- Thunderbolt\n",
        "Gengar||gengarite|cursedbody|shadowball,hypnosis||||||100|]Tapu "
        "Koko||tapuniumz||naturesmadness,thunderbolt||||||100|",
        "[{\"species\":\"gengarmega\",\"item\":\"gengarite\",\"ability\":\"cursedbody\",\"moves\":[\"shadowball\","
        "\"hypnosis\"]},{\"species\":\"tapukoko\",\"item\":\"tapuniumz\",\"moves\":[\"naturesmadness\","
        "\"thunderbolt\"]}]"};
    for (int i = 0; i < 3; i++) {
        struct fake f = {0};
        begin(&f, 1, "{\"data\":\"natdex-v1\",\"format\":\"any\",\"team\":\"choose\"}");
        if (fake_message(&f, 0, "team", forms[i]) != ARENA_OK)
            fake_die(__FILE__, __LINE__, f.run.reason);
        CHECK(fake_message(&f, 1, "team", "random") == ARENA_OK);
        const char *view = fake_view(&f, 0);
        CHECK(strstr(view, "\"data\":\"natdex-v1\"") && strstr(view, "\"species\":\"gengar\""));
        CHECK(strstr(view, "\"item\":\"Gengarite\"") && strstr(view, "\"item\":\"Tapunium Z\""));
        fake_finish(&f);
    }
}

static void test_bad_teams(void)
{
    static const struct {
        const char *format, *team, *reason;
    } bad[] = {
        {"any", "Charizard-Mega-Y @ Leftovers\n- Flamethrower\n",
         "slot 1, item: Charizard-Mega-Y becomes this forme in battle only when it holds Charizardite Y"},
        {"any", "Snorlax\n- Pulverizing Pancake\n", "slot 1, moves: Snorlax cannot learn Pulverizing Pancake"},
        {"any", "Gengar\n- Pursuit\n", "slot 1, moves: Gengar cannot learn Pursuit"},
        {"any", "Venusaur-Gmax\n- Sludge Bomb\n", "slot 1, species: there is no Pokémon \"venusaurgmax\""},
        {"singles", "Metagross @ Metagrossite\n- Meteor Mash\n", "Metagrossite is not allowed in National Dex singles"},
        {"singles", "Xerneas\n- Moonblast\n", "Xerneas is not allowed in National Dex singles"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fake f = {0};
        char options[128];
        snprintf(options, sizeof options, "{\"data\":\"natdex-v1\",\"team\":\"choose\",\"format\":\"%s\"}",
                 bad[i].format);
        begin(&f, 1, options);
        fake_refused(&f, fake_message(&f, 0, "team", bad[i].team), "INVALID_TEAM", NULL);
        if (!strstr(f.run.reason, bad[i].reason))
            fake_die(__FILE__, __LINE__, f.run.reason);
        fake_finish(&f);
    }
    struct fake f = {0};
    fake_refused(&f, create(&f, 1, "{\"data\":\"natdex-v1\",\"format\":\"flat\"}"), "INVALID_OPTIONS",
                 "format must be one of any, singles and random");
    fake_finish(&f);
}

/* At most one stone and one crystal in a team; over many there are both, on who can use them. */
static void test_drawn(void)
{
    struct fake_host host;
    struct party party;
    struct game game = {.settings = {.team_size = 6}};
    int stones = 0, crystals = 0;
    CHECK(game_use(&game, "natdex-v1", 9));
    memcpy(game.settings.format, "random", sizeof "random");
    fake_host_open(&host, 7);
    for (int n = 0; n < 60; n++) {
        int stone = 0, crystal = 0;
        CHECK(drawn_team(&host.host, &game, &party) == ARENA_OK && party.size == 6);
        for (int k = 0; k < party.size; k++) {
            const struct dex_item *item = &game.dex->items[party.sets[k].item];
            bool fits = false;
            stone += item->mega_to != 0;
            crystal += item->z_move != 0;
            CHECK(!item->mega_to || item->mega_from == game.dex->species[party.sets[k].species].base_species);
            for (int i = 0; i < BATTLE_MOVES; i++) {
                const unsigned m = party.sets[k].moves[i];
                fits |= m && (item->z_from ? item->z_from == m : game.dex->moves[m].type == item->z_type);
            }
            CHECK(!item->z_move || fits);
        }
        CHECK(stone <= 1 && crystal <= 1);
        stones += stone;
        crystals += crystal;
    }
    CHECK(stones > 10 && crystals > 10);
    fake_host_close(&host);
}

/* -------------------------------------------------------------------------------------------------- battles --- */

/* Two house players to the end: whoever can mega evolve does so with its first move. */
static void test_house(void)
{
    int megas = 0, z_moves = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct fake f = {0};
        begin(&f, seed, "{\"data\":\"natdex-v1\",\"opponent\":\"heuristic\"}");
        for (int n = 0; n < 400 && !f.finished; n++) {
            fake_actions(&f, 0);
            const char *choice = "default";
            CHECK(fake_message(&f, 0, "choose", choice) == ARENA_OK);
            megas += strstr(said(&f, ARENA_ALL, "turn"), "|-mega|p2a") != NULL;
            z_moves += strstr(said(&f, ARENA_ALL, "turn"), "|-zpower|p2a") != NULL;
        }
        CHECK(f.finished);
        fake_finish(&f);
    }
    CHECK(megas >= 2 && z_moves >= 1);
}

/* An administrator gets the version whole, so that it can be edited like any other. */
static void test_documents(void)
{
    const arena_document *documents = NULL;
    uint32_t n = 0;
    CHECK(data_extension.builtin("natdex-v1", &documents, &n) == ARENA_OK && n == 16);
    for (uint32_t i = 0; i < n; i++) {
        json_t *json = json_loadb(documents[i].json.ptr, documents[i].json.len, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json_is_array(json) || json_is_object(json));
        if (documents[i].name.len == 5 && !memcmp(documents[i].name.ptr, "rules", 5))
            CHECK(!json_object_get(json, "base") && json_is_true(json_object_get(json, "z_moves")));
        json_decref(json);
    }
    CHECK(data_extension.load("natdex-v1@1", documents, n) == ARENA_OK);
    const struct dex *whole = pokemon_dex("natdex-v1@1"), *built_in = pokemon_dex("natdex-v1");
    CHECK(whole && built_in && whole->moves_n == built_in->moves_n && whole->species_n == built_in->species_n);
    for (uint16_t m = 1; m <= whole->moves_n; m++)
        CHECK_TEXT(whole->moves[m].id, built_in->moves[m].id);
    for (uint16_t s = 1; s <= whole->species_n; s++)
        CHECK_TEXT(whole->species[s].id, built_in->species[s].id);
    const struct team_facts *facts = pokemon_facts("natdex-v1");
    CHECK(facts && facts->moves_n == whole->moves_n && facts->species_n == whole->species_n);
    for (uint16_t s = 1; s <= whole->species_n; s++)
        for (uint16_t m = 1; m <= whole->moves_n; m++)
            CHECK(team_learns(facts, s, m) == dex_learns(built_in, s, m));
}

int main(void)
{
    test_mega();
    test_z_move();
    test_ultra();
    test_teams();
    test_bad_teams();
    test_drawn();
    test_house();
    test_documents();
    return 0;
}
