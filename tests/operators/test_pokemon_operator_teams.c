/*
 * test_pokemon_operator_teams.c - teams of gen1-v1: what is wrong with a sent one, in which slot and in which order;
 * drawn ones are legal, varied and sensible.
 */
#include "fake_host.h"
#include "pokemon.h"

#define GEN1 "\"data\":\"gen1-v1\""
#define PIKA "{\"species\":\"pikachu\",\"moves\":[\"thunderbolt\"]}"
#define CHAR "{\"species\":\"charizard\",\"moves\":[\"flamethrower\"]}"
#define FORM ", as {\\\"hp\\\": 4"

static const struct {
    const char *team, *reason;
} bad[] = {
    /* size */
    {"", "a team is a JSON list of 2 Pokémon"},
    {"charizard", "a team is a JSON list of 2 Pokémon"},
    {"{}", "a team is a JSON list of 2 Pokémon"},
    {"[]", "a team is a JSON list of 2 Pokémon"},
    {"[" PIKA "]", "a team is a JSON list of 2 Pokémon"},
    {"[" PIKA "," CHAR "," PIKA "]", "a team is a JSON list of 2 Pokémon"},
    {"[" PIKA "," CHAR "] x", "a team is a JSON list of 2 Pokémon"},
    /* one set */
    {"[" PIKA ",5]", "slot 2: a Pokémon is an object, as {\"species\": \"pikachu\", \"moves\": [\"thunderbolt\"]}"},
    {"[{},{}]", "slot 1: there is no Pokémon \"\" in this game"},
    {"[" PIKA ",{\"species\":\"Missing No.\"}]", "slot 2: there is no Pokémon \"missingno\" in this game"},
    {"[{\"species\":6},{}]", "slot 1: there is no Pokémon \"\" in this game"},
    {"[" PIKA ",{\"species\":\"Pikachu\"}]", "slot 2: Pikachu is in the team already; each species once"},
    {"[" PIKA ",{\"species\":\"charizard\"}]",
     "slot 2: one to four moves are needed, as [\"flamethrower\", \"slash\"]"},
    {"[" PIKA ",{\"species\":\"charizard\",\"moves\":[]}]",
     "slot 2: one to four moves are needed, as [\"flamethrower\", \"slash\"]"},
    {"[{\"species\":\"mew\",\"moves\":[\"pound\",\"cut\",\"fly\",\"surf\",\"psychic\"]},{}]",
     "slot 1: one to four moves are needed, as [\"flamethrower\", \"slash\"]"},
    {"[{\"species\":\"mew\",\"moves\":[\"no such\",\"No-Such\"]},{}]", "slot 1: move \"nosuch\" is there twice"},
    {"[{\"species\":\"mew\",\"moves\":[\"Pound\",\"fly\",\"pound\"]},{}]", "slot 1: move \"pound\" is there twice"},
    {"[{\"species\":\"charizard\",\"moves\":[\"surf\",\"no such\"]},{}]",
     "slot 1: there is no move \"nosuch\" in this game"},
    {"[{\"species\":\"charizard\",\"moves\":[\"struggle\"]},{}]", "slot 1: there is no move \"struggle\" in this game"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\",\"surf\"]},{}]", "slot 1: Charizard cannot learn Surf"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"level\":51,\"nature\":\"odd\"},{}]",
     "slot 1: level must be a whole number from 1 to 50"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"level\":0},{}]",
     "slot 1: level must be a whole number from 1 to 50"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"level\":\"50\"},{}]",
     "slot 1: level must be a whole number from 1 to 50"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"nature\":\"Odd!\",\"ivs\":5},{}]",
     "slot 1: there is no nature \"odd\""},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"ivs\":[1,2,3,4,5]},{}]",
     "slot 1: ivs must be whole numbers from 0 to 31, as {\"hp\": 4, \"atk\": 0, \"def\": 0, \"spa\": 0, \"spd\": 0, "
     "\"spe\": 0}"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"ivs\":{\"hp\":32}},{}]",
     "slot 1: ivs must be whole numbers from 0 to 31, as {\"hp\": 4, \"atk\": 0, \"def\": 0, \"spa\": 0, \"spd\": 0, "
     "\"spe\": 0}"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"evs\":{\"speed\":4}},{}]",
     "slot 1: evs must be whole numbers from 0 to 252, as {\"hp\": 4, \"atk\": 0, \"def\": 0, \"spa\": 0, \"spd\": 0, "
     "\"spe\": 0}"},
    {"[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"evs\":[252,252,7,0,0,0]},{}]",
     "slot 1: evs may sum up to 510 only"},
    {"[" PIKA ",{\"species\":\"charizard\",\"moves\":[\"slash\"],\"item\":\"leftovers\"}]",
     "slot 2: a Pokémon is described by species, moves, level, nature, ivs and evs; nothing else is in play"},
};

static const char *const good[] = {
    "[" PIKA "," CHAR "]",
    " [ " CHAR " , {\"species\":\"MR. MIME\",\"moves\":[\"Light Screen\",\"PSYCHIC\"]} ]\n",
    "[{\"species\":\"charizard\",\"moves\":[\"slash\"],\"evs\":[252,252,6,0,0,0],\"ivs\":[0,0,0,0,0,0],\"level\":1,"
    "\"nature\":\"Adamant\"}," PIKA "]",
    "[{\"species\":\"farfetch'd\",\"moves\":[\"slash\"],\"evs\":{\"spe\":252},\"ivs\":{\"atk\":0}}," PIKA "]",
    "random",
    " Random ",
};

static void begin(struct fake *f, const char *options)
{
    CHECK(fake_create(f, fake_operator(), 1, options) == ARENA_OK);
    CHECK(fake_join(f, 0) == ARENA_OK && fake_join(f, 1) == ARENA_OK);
}

static void test_table(void)
{
    struct fake f = {0};
    begin(&f, "{" GEN1 ",\"team\":\"choose\",\"teamSize\":2}");
    CHECK(f.active == 3 && f.run.count == 2);
    fake_said(&f, 0, 0,
              "{\"type\":\"request\",\"turn\":0,\"phase\":\"team\",\"view\":{\"me\":0,\"phase\":\"team\","
              "\"turn\":0,\"waiting_for\":[0,1]," GEN1 ",\"team_size\":2,\"level\":50,\"team\":[]},"
              "\"choices\":[\"random\"]}");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        fake_refused(&f, fake_message(&f, 0, "team", bad[i].team), "INVALID_TEAM", bad[i].reason);
    fake_refused(&f, fake_message(&f, 0, "choose", "move 1"), "TEAM_FIRST", "submit a team before sending actions");
    fake_finish(&f);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        begin(&f, "{" GEN1 ",\"team\":\"choose\",\"teamSize\":2}");
        CHECK(fake_message(&f, 1, "team", good[i]) == ARENA_OK && f.active == 1 && !f.run.count);
        fake_refused(&f, fake_message(&f, 1, "team", good[i]), "TEAM_ALREADY_SENT", NULL);
        fake_refused(&f, fake_message(&f, 1, "choose", "move 1"), "WAIT", NULL);
        CHECK_TEXT(fake_view(&f, 0),
                   "{\"me\":0,\"phase\":\"team\",\"turn\":0,\"waiting_for\":[0]," GEN1 ",\"team_size\":2,"
                   "\"level\":50,\"team\":[]}");
        fake_actions(&f, 0);
        CHECK(f.run.count == 3 && !strcmp(f.run.effects[0].name, "team") && !strcmp(f.run.effects[0].text, "random"));
        CHECK(fake_message(&f, 0, "team", "[" PIKA "," CHAR "]") == ARENA_OK && f.active == 3);
        CHECK(strstr(fake_view(&f, 0), "\"phase\":\"choosing\""));
        fake_finish(&f);
    }
}

/* With a given team, only the other player is asked; the house brings its own. */
static void test_given(void)
{
    struct fake f = {0};
    begin(&f, "{" GEN1 ",\"team\":\"choose\",\"teamSize\":2,\"teams\":[null,[" PIKA "]]}");
    CHECK(f.active == 1 && f.run.count == 1);
    CHECK(fake_message(&f, 0, "team", "random") == ARENA_OK && f.active == 3);
    fake_finish(&f);
    CHECK(fake_create(&f, fake_operator(), 1, "{" GEN1 ",\"team\":\"choose\",\"opponent\":\"random\"}") == ARENA_OK);
    CHECK(fake_join(&f, 0) == ARENA_OK && f.active == 1);
    CHECK(fake_message(&f, 0, "team", "random") == ARENA_OK && f.active == 1);
    CHECK(strstr(fake_view(&f, ARENA_ALL), "\"size\":6"));
    fake_finish(&f);
}

static void check_drawn(const struct dex *dex, const struct party *team, int *damaging, int *own, uint32_t seen[])
{
    CHECK(battle_team_check(dex, team->sets, team->size) == 0);
    for (int i = 0; i < team->size; i++) {
        const struct battle_set *set = &team->sets[i];
        const struct dex_species *species = &dex->species[set->species];
        seen[set->species]++;
        for (int k = 0; k < i; k++)
            CHECK(team->sets[k].species != set->species);
        bool hits = false;
        for (int k = 0; k < BATTLE_MOVES && set->moves[k]; k++) {
            const struct dex_move *move = &dex->moves[set->moves[k]];
            CHECK(dex_learns(dex, set->species, set->moves[k]));
            if (move->category == MOVE_STATUS)
                continue;
            hits = true;
            ++*damaging;
            *own += move->type == species->types[0] || move->type == species->types[1];
        }
        CHECK(hits);
    }
}

static void test_drawn(void)
{
    const struct dex *dex = pokemon_dex("gen1-v1");
    struct fake_host host;
    struct party team, last = {0};
    int damaging = 0, own = 0, kinds = 0;
    uint32_t seen[1024] = {0};
    fake_host_open(&host, 3);
    for (int i = 0; i < 300; i++) {
        gen1_random(&host.host, dex, 6, 50, &team);
        CHECK(team.size == 6 && team.sets[0].level == 50 && memcmp(&team, &last, sizeof team));
        check_drawn(dex, &team, &damaging, &own, seen);
        last = team;
    }
    for (int i = 0; i < 1024; i++)
        kinds += seen[i] > 0;
    CHECK(damaging >= 1800 * 5 / 2 && own >= 1800 * 3 / 2 && kinds > 40);
    fake_host_close(&host);
}

int main(void)
{
    test_table();
    test_given();
    test_drawn();
    return 0;
}
