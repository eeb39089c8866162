/*
 * test_pokemon_gen9.c - what generation 9 brings to the battle as the arena sees it: Terastallization, formats and
 * teams in three forms, views with abilities and items by fog, the log of each side, and battles of gen1-v1 beside.
 */
#include "pokemon.h"
#include "pokemon_game.h"

static void both(struct fake *f, const char *first, const char *second)
{
    CHECK(fake_message(f, 0, "choose", first) == ARENA_OK);
    CHECK(fake_message(f, 1, "choose", second) == ARENA_OK);
}

#define PIKA                                                                                                           \
    "{\"species\":\"pikachu\",\"ability\":\"lightningrod\",\"item\":\"lightball\",\"tera\":\"water\","                 \
    "\"moves\":[\"thunderbolt\",\"surf\",\"protect\"]}"
#define TANK "{\"species\":\"blissey\",\"item\":\"leftovers\",\"moves\":[\"softboiled\",\"protect\",\"charm\"]}"

/* ---------------------------------------------------------------------------------------- Terastallization --- */

static void test_choices(void)
{
    static const char *const nonsense[] = {"tera",         "move tera",     "move 4 tera", "move 1 mega",
                                           "move 1 zmove", "switch 2 tera", "tera 1",      "move 1 tera tera",
                                           "move 1tera",   "default tera"};
    static const char all[] = "choose one of: move 1 (Thunderbolt), move 2 (Surf), move 3 (Protect), switch 2 "
                              "(Blissey), move 1 tera (Thunderbolt), move 2 tera (Surf), move 3 tera (Protect)";
    struct fake f = {0};
    begin(&f, 1, "{\"format\":\"any\",\"teams\":[[" PIKA "," TANK "],[" TANK "]]}");
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        fake_refused(&f, fake_message(&f, 0, "choose", nonsense[i]), "INVALID_CHOICE", NULL);
        CHECK(strstr(f.run.reason, all));
    }
    CHECK(fake_message(&f, 0, "choose", " Move  SURF\tTerastallize \n") == ARENA_OK);
    CHECK(strstr(fake_view(&f, 0), "\"chosen\":\"move 2 tera\"") && !strstr(fake_view(&f, 1), "chosen"));
    CHECK(fake_message(&f, 1, "choose", "move 1") == ARENA_OK);
    CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), "|-terastallize|p1a: Pikachu|Water"));
    fake_refused(&f, fake_message(&f, 0, "choose", "move 1 tera"), "INVALID_CHOICE", NULL);
    CHECK(fake_message(&f, 0, "choose", "move 1") == ARENA_OK);
    fake_finish(&f);
}

static void test_tera_view(void)
{
    struct fake f = {0};
    begin(&f, 1, "{\"format\":\"any\",\"teams\":[[" PIKA "],[" TANK "]]}");
    json_t *foe, *view = parse(fake_view(&f, 1));
    foe = json_object_get(view, "foe");
    CHECK(!json_object_get(foe, "tera_type") && json_is_false(json_object_get(foe, "terastallized")));
    CHECK_TEXT(text_at(foe, "type1"), "Electric");
    CHECK(json_is_false(json_object_get(view, "foe_tera_used")));
    json_decref(view);
    both(&f, "move 2 tera", "move 1");
    view = parse(fake_view(&f, 1));
    foe = json_object_get(view, "foe");
    CHECK_TEXT(text_at(foe, "tera_type"), "Water");
    CHECK_TEXT(text_at(foe, "type1"), "Water");
    CHECK_TEXT(text_at(foe, "type2"), "");
    CHECK(json_is_true(json_object_get(foe, "terastallized")) && json_is_true(json_object_get(view, "foe_tera_used")));
    CHECK(json_is_false(json_object_get(view, "self_tera_used")));
    json_decref(view);
    fake_finish(&f);
}

/* ---------------------------------------------------------------------------------------------------- views --- */

/* Own kit whole; the foe's when it showed: the item with its first use, the ability not at all. */
static void test_kit(void)
{
    struct fake f = {0};
    begin(&f, 3, "{\"format\":\"any\",\"teams\":[[" PIKA "],[" TANK "]]}");
    json_t *view = parse(fake_view(&f, 1));
    const json_t *own = json_array_get(json_object_get(json_object_get(view, "self"), "team"), 0);
    CHECK_TEXT(text_at(view, "data"), "gen9-v1");
    CHECK_TEXT(text_at(view, "format"), "any");
    CHECK_TEXT(text_at(own, "ability"), "Natural Cure");
    CHECK_TEXT(text_at(own, "item"), "Leftovers");
    CHECK_TEXT(text_at(own, "tera_type"), "Normal");
    CHECK_TEXT(text_at(own, "gender"), "F");
    json_decref(view);
    for (int32_t viewer = -1; viewer <= 0; viewer++) {
        const char *seen = fake_view(&f, viewer);
        CHECK(!strstr(seen, "Leftovers") && !strstr(seen, "Natural Cure"));
    }
    both(&f, "move 2", "move charm");
    CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), "[from] item: Leftovers"));
    for (int32_t viewer = -1; viewer <= 0; viewer++) {
        const char *seen = fake_view(&f, viewer);
        CHECK(strstr(seen, "\"item\":\"Leftovers\"") && !strstr(seen, "Natural Cure"));
    }
    CHECK(strstr(fake_view(&f, ARENA_FULL), "Natural Cure") && strstr(f.json, "Light Ball"));
    fake_finish(&f);
}

static void test_field(void)
{
    static const char teams[] =
        "{\"format\":\"any\",\"teams\":[[{\"species\":\"rillaboom\",\"ability\":\"grassysurge\",\"moves\":"
        "[\"protect\"]},{\"species\":\"clodsire\",\"moves\":[\"stealthrock\",\"protect\"]}],[{\"species\":"
        "\"pelipper\",\"ability\":\"drizzle\",\"moves\":[\"tailwind\"]},{\"species\":\"hatterene\",\"moves\":"
        "[\"trickroom\"]}]]}";
    struct fake f = {0};
    begin(&f, 2, teams);
    json_t *view = parse(fake_view(&f, 0));
    CHECK_TEXT(text_at(json_object_get(view, "weather"), "kind"), "raindance");
    CHECK_TEXT(text_at(json_object_get(view, "terrain"), "kind"), "grassyterrain");
    CHECK(json_integer_value(json_object_get(json_object_get(view, "terrain"), "turns_left")) == 5);
    CHECK(!json_object_get(view, "rooms"));
    json_decref(view);
    both(&f, "switch clodsire", "move tailwind");
    both(&f, "move stealth rock", "switch hatterene");
    both(&f, "move protect", "move trick room");
    view = parse(fake_view(&f, 0));
    CHECK(json_integer_value(json_object_get(json_object_get(view, "foe_conditions"), "stealthrock")) == 1);
    CHECK(json_integer_value(json_object_get(json_object_get(view, "foe_conditions"), "tailwind")) > 0);
    CHECK(json_integer_value(json_object_get(json_object_get(view, "rooms"), "trickroom")) == 4);
    json_decref(view);
    CHECK(strstr(fake_view(&f, ARENA_ALL), "\"rooms\":{\"trickroom\":4}"));
    fake_finish(&f);
}

/* What differs only in what a foe cannot know looks the same to it, in every message and view. */
static void test_no_interference(void)
{
    static const char form[] =
        "{\"format\":\"any\",\"teams\":[[" TANK "],[{\"species\":\"snorlax\",\"ability\":\"%s\","
        "\"item\":\"%s\",\"tera\":\"%s\",\"nature\":\"%s\",\"gender\":\"M\",\"moves\":[\"amnesia\","
        "\"%s\"]},{\"species\":\"%s\",\"moves\":[\"protect\"]}]]}";
    char options[2][640], *seen[2];
    snprintf(options[0], sizeof options[0], form, "thickfat", "chestoberry", "fire", "calm", "rest", "garganacl");
    snprintf(options[1], sizeof options[1], form, "immunity", "lumberry", "ghost", "lax", "bodyslam", "gengar");
    for (int i = 0; i < 2; i++) {
        struct fake f = {0};
        begin(&f, 1, options[i]);
        size_t room = 1 << 18, len = 0;
        seen[i] = calloc(1, room);
        CHECK(seen[i]);
        for (int turn = 0; turn < 3; turn++) {
            both(&f, "move 2", "move 1");
            for (uint32_t k = 0; k < f.run.count; k++)
                if (f.run.effects[k].to != 1)
                    len += (size_t)snprintf(seen[i] + len, room - len, "%s\n", f.run.effects[k].text);
            len += (size_t)snprintf(seen[i] + len, room - len, "%s\n", fake_view(&f, 0));
            len += (size_t)snprintf(seen[i] + len, room - len, "%s\n", fake_view(&f, ARENA_ALL));
        }
        fake_finish(&f);
    }
    CHECK_TEXT(seen[0], seen[1]);
    free(seen[0]);
    free(seen[1]);
}

/* -------------------------------------------------------------------------------------------------- the log --- */

/* A line without its HP: "|-damage|p1a: X|12/34 brn" is "|-damage|p1a: X|/ brn". */
static void without_hp(const char *line, char out[256])
{
    size_t n = 0;
    for (size_t i = 0; line[i] && n < 255; i++) {
        bool before = i && (line[i - 1] == '|' || line[i - 1] == '/');
        size_t digits = strspn(line + i, "0123456789");
        bool hp = before && digits && (line[i + digits] == '/' || line[i - 1] == '/');
        if (hp)
            i += digits - 1;
        else
            out[n++] = line[i];
    }
    out[n] = 0;
}

/* Every "log" tells what the "turn" behind it tells, but for the HP. */
static int check_logs(const struct fake *f)
{
    int pieces = 0;
    for (; said(f, ARENA_ALL, "turn", pieces); pieces++) {
        json_t *public = parse(said(f, ARENA_ALL, "turn", pieces)), *all = json_object_get(public, "log"), *line;
        for (int32_t seat = 0; seat < 2; seat++) {
            if (f->house[seat][0]) {
                CHECK(!said(f, seat, "log", 0));
                continue;
            }
            const char *text = said(f, seat, "log", pieces);
            CHECK(text);
            json_t *own = parse(text), *lines = json_object_get(own, "log");
            CHECK_TEXT(text_at(own, "side"), seat ? "p2" : "p1");
            CHECK(json_array_size(lines) == json_array_size(all));
            size_t i;
            json_array_foreach(all, i, line) {
                char a[256], b[256];
                without_hp(json_string_value(line), a);
                without_hp(json_string_value(json_array_get(lines, i)), b);
                CHECK_TEXT(a, b);
            }
            json_decref(own);
        }
        json_decref(public);
    }
    return pieces;
}

static void test_logs(void)
{
    static const char *const options[] = {"", "{\"opponent\":\"heuristic\",\"teamSize\":3}", "{\"data\":\"gen1-v1\"}"};
    static const char header[] = "\"log\":[\"|player|p1|p1||\",\"|player|p2|p2||\",\"|teamsize|p1|";
    for (int i = 0; i < 3; i++) {
        struct fake f = {0};
        int pieces = 0;
        begin(&f, 8, options[i]);
        CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), header) && strstr(said(&f, 0, "log", 0), header));
        pieces += check_logs(&f);
        for (int n = 0; n < 2000 && !f.finished; n++) {
            CHECK(fake_message(&f, f.active & 1 ? 0 : 1, "choose", "default") == ARENA_OK);
            pieces += check_logs(&f);
        }
        CHECK(f.finished && pieces > 5);
        fake_finish(&f);
    }
}

/* ------------------------------------------------------------------------------------------------- clauses --- */

#define SLEEPER "{\"species\":\"breloom\",\"moves\":[\"spore\",\"protect\"]}"
#define SLEEPERS "\"teams\":[[" SLEEPER "],[" PIKA "," TANK "]]}"
static const char sleep_stopped[] = "\"|-message|Sleep Clause Mod activated.\"";

/* A format that lists a clause is played by it, says so, and another does not. */
static void test_clauses(void)
{
    static const struct {
        const char *options, *view; /* what the view says, NULL: nothing */
        bool sleep, freeze;
    } rows[] = {{"{\"format\":\"random\"," SLEEPERS, "\"clauses\":[\"sleep\",\"freeze\"]", true, true},
                {"{" SLEEPERS, "\"clauses\":[\"sleep\",\"freeze\"]", true, true},
                {"{\"format\":\"singles\"," SLEEPERS, "\"clauses\":[\"sleep\"]", true, false},
                {"{\"format\":\"flat\"," SLEEPERS, NULL, false, false},
                {"{\"format\":\"any\"," SLEEPERS, NULL, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fake f = {0};
        begin(&f, 1, rows[i].options);
        const char *log = said(&f, ARENA_ALL, "turn", 0);
        CHECK(!strstr(log, "|rule|Sleep Clause") == !rows[i].sleep);
        CHECK(!strstr(log, "|rule|Freeze Clause") == !rows[i].freeze);
        CHECK(!strstr(log, "Endless"));
        for (int32_t viewer = ARENA_FULL; viewer <= 1; viewer++)
            CHECK(rows[i].view ? strstr(fake_view(&f, viewer), rows[i].view) != NULL
                               : !strstr(fake_view(&f, viewer), "clauses"));
        both(&f, "move 1", "move 2");
        CHECK(!strstr(said(&f, ARENA_ALL, "turn", 0), "Clause"));
        both(&f, "move 1", "switch 2");
        for (int32_t to = ARENA_ALL; to <= 1; to++)
            CHECK(!strstr(said(&f, to, to == ARENA_ALL ? "turn" : "log", 0), sleep_stopped) == !rows[i].sleep);
        CHECK(!strstr(fake_view(&f, 0), "\"slp\"") == false);
        fake_finish(&f);
    }
    struct fake f = {0};
    begin(&f, 1, "{\"data\":\"gen1-v1\",\"teamSize\":2}");
    CHECK(!strstr(fake_view(&f, 0), "clauses") && !strstr(said(&f, ARENA_ALL, "turn", 0), "Clause"));
    fake_finish(&f);
}

/* A battle that was begun without the clause goes on without it. */
static void test_older_battle(void)
{
    struct fake f = {0};
    struct fake_host host;
    struct game *game = NULL;
    const void *bytes;
    size_t len;
    begin(&f, 1, "{" SLEEPERS);
    fake_host_open(&host, 1);
    CHECK(state_restore(&host.host, POKEMON_STATE, f.state, f.state_len, (void **)&game) == ARENA_OK);
    CHECK(game->battle.clauses == CLAUSE_ALL);
    game->battle.clauses = 0;
    CHECK(state_serialize(&host.host, game, &bytes, &len) == ARENA_OK && len == f.state_len);
    memcpy(f.state, bytes, len);
    fake_host_close(&host);
    both(&f, "move 1", "move 2");
    both(&f, "move 1", "switch 2");
    CHECK(!strstr(said(&f, ARENA_ALL, "turn", 0), "Clause") && !strstr(fake_view(&f, 0), "clauses"));
    CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), "|-status|p2a: Blissey|slp"));
    fake_finish(&f);
}

/* ------------------------------------------------------------------------------------------------- options --- */

static void test_options(void)
{
    static const struct {
        const char *options, *reason;
    } bad[] = {
        {"{\"format\":\"ladder\"}", "format must be one of any, singles, flat and random"},
        {"{\"format\":5}", "format must be one of any, singles, flat and random"},
        {"{\"format\":\"flat\",\"teamSize\":2}", "teamSize must be 3 or more in the format flat"},
        {"{\"data\":\"gen8\"}", "data: there is no data version of this name; gen9-v1 is one"},
        {"{\"data\":\"gen9-v1\\u0000\"}", NULL},
        {"{\"data\":7}", "data: there is no data version of this name; gen9-v1 is one"},
        {"{\"maxTurns\":1001}", "maxTurns must be a whole number from 1 to 1000"},
        {"{\"teams\":[\"Missingno\\n- Surf\",null]}",
         "teams: p1: slot 1, species: there is no Pokémon \"missingno\" in this game; look for a slip of the pen"},
        {"{\"teams\":[null,[5]]}", "teams: p2: slot 1, text: "},
    };
    struct fake f = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int result = create(&f, 1, bad[i].options);
        bool whole = bad[i].reason && bad[i].reason[strlen(bad[i].reason) - 1] != ' ';
        fake_refused(&f, result, "INVALID_OPTIONS", whole ? bad[i].reason : NULL);
        if (bad[i].reason && strncmp(f.run.reason, bad[i].reason, strlen(bad[i].reason)) != 0)
            fake_die(__FILE__, __LINE__, f.run.reason);
        fake_finish(&f);
    }
}

/* Drawn teams are those of the format: their sizes, levels, and legal by its own rules. */
static void test_drawn(void)
{
    static const struct {
        const char *format;
        uint8_t size, level;
        int low, high;
    } rows[] = {{"random", 6, 0, 70, 100}, {"singles", 4, 0, 100, 100}, {"flat", 3, 0, 50, 50},
                {"any", 6, 0, 100, 100},   {"random", 2, 30, 30, 30},   {"flat", 6, 40, 40, 40}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fake_host host;
        struct party party;
        struct game game = {.settings = {.team_size = rows[i].size, .level = rows[i].level}};
        CHECK(game_use(&game, "gen9-v1", 7));
        memcpy(game.settings.format, rows[i].format, strlen(rows[i].format));
        fake_host_open(&host, i);
        for (int n = 0; n < 20; n++) {
            CHECK(drawn_team(&host.host, &game, &party) == ARENA_OK && party.size == rows[i].size);
            for (int k = 0; k < party.size; k++) {
                const struct battle_set *set = &party.sets[k];
                bool fits = set->level >= rows[i].low && set->level <= rows[i].high;
                CHECK(fits || (rows[i].level && set->level > rows[i].level)); /* who has evolved late is older */
                CHECK(set->ability && set->tera && set->moves[0]);
            }
        }
        fake_host_close(&host);
    }
}

/* --------------------------------------------------------------------------------------------------- teams --- */

static void test_teams(void)
{
    static const char export[] = "Puff (Azumarill) (F) @ Sitrus Berry\nAbility: Huge Power\nTera Type: Water\n"
                                 "EVs: 252 HP / 252 Atk / 4 SpD\nAdamant Nature\n- Aqua Jet\n- Play Rough\n\n"
                                 "Ditto\nAbility: Imposter\n- Transform\n\n"
                                 "Garchomp @ Loaded Dice\nAbility: Rough Skin\nLevel: 77\n- Scale Shot\n- Earthquake\n";
    static const char packed[] = "Azumarill||sitrusberry|hugepower|aquajet,playrough|Adamant|252,252,,,4,||||"
                                 "|,,,,,Water]Ditto|||imposter|transform|||||||]Garchomp||loadeddice|roughskin|"
                                 "scaleshot,earthquake||||||77|";
    static const char list[] =
        "[{\"species\":\"azumarill\",\"item\":\"sitrusberry\",\"ability\":\"hugepower\",\"moves\":[\"aquajet\","
        "\"playrough\"]},{\"species\":\"ditto\",\"moves\":[\"transform\"]},{\"species\":\"garchomp\",\"level\":77,"
        "\"item\":\"loadeddice\",\"ability\":\"roughskin\",\"moves\":[\"scaleshot\",\"earthquake\"]}]";
    static const char *const forms[] = {export, packed, list};
    for (int i = 0; i < 3; i++) {
        struct fake f = {0};
        begin(&f, 1, "{\"format\":\"flat\",\"team\":\"choose\"}");
        if (fake_message(&f, 0, "team", forms[i]) != ARENA_OK)
            fake_die(__FILE__, __LINE__, f.run.reason);
        CHECK(f.active == 2);
        fake_refused(&f, fake_message(&f, 0, "team", forms[i]), "TEAM_ALREADY_SENT", NULL);
        CHECK(!strstr(fake_view(&f, 1), "azumarill"));
        CHECK(fake_message(&f, 1, "team", "random") == ARENA_OK);
        json_t *view = parse(fake_view(&f, 0)), *team = json_object_get(json_object_get(view, "self"), "team");
        CHECK(json_array_size(team) == 3);
        CHECK_TEXT(text_at(json_array_get(team, 0), "ability"), "Huge Power");
        CHECK_TEXT(text_at(json_array_get(team, 2), "item"), "Loaded Dice");
        CHECK(json_integer_value(json_object_get(json_array_get(team, 2), "level")) == 50);
        json_decref(view);
        fake_finish(&f);
    }
}

static void test_bad_teams(void)
{
    static const struct {
        const char *team, *reason;
    } bad[] = {
        {"", "team: it has 0 Pokémon; at least 3 are needed"},
        {"[]", "team: it has 0 Pokémon; at least 3 are needed"},
        {"[{\"species\":\"pikachu\",\"moves\":[\"surf\"]},{\"species\":\"raichu\",\"moves\":[\"surf\"]},"
         "{\"species\":\"koraidon\",\"moves\":[\"surf\"],\"item\":\"leftover\"}]",
         "slot 3, item: there is no item \"leftover\" in this game; name another, or none; slot 3, moves: Koraidon "
         "cannot learn Surf; take another move; slot 3, species: Koraidon is not allowed in Flat battle; take "
         "another Pokémon"},
    };
    struct fake f = {0};
    begin(&f, 1, "{\"format\":\"flat\",\"team\":\"choose\"}");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int result = fake_message(&f, 0, "team", bad[i].team);
        fake_refused(&f, result, "INVALID_TEAM", NULL);
        if (!strstr(f.run.reason, bad[i].reason))
            fake_die(__FILE__, __LINE__, f.run.reason);
    }
    char many[4096] = "[";
    for (int i = 0; i < 24; i++)
        strcat(many, i ? ",{\"species\":\"agumon\",\"moves\":[\"nothing\"]}" : "{\"species\":\"agumon\",\"moves\":[]}");
    strcat(many, "]");
    fake_refused(&f, fake_message(&f, 0, "team", many), "INVALID_TEAM", NULL);
    CHECK(strlen(f.run.reason) <= 1024 && strstr(f.run.reason, "; and ") && strstr(f.run.reason, " more"));
    fake_finish(&f);
}

/* --------------------------------------------------------------------------------------------------- bytes --- */

/* Games of gen1-v1 have the bytes that they had before there was another version. */
static void test_old_bytes(void)
{
    struct fake f = {0};
    begin(&f, 1, "{\"data\":\"gen1-v1\",\"team\":\"choose\",\"teamSize\":1,\"maxTurns\":9,\"turnSeconds\":5}");
    static const uint8_t old[] = {2, 0, STAGE_TEAMS, 0, 3, 1, 50, 1, 0, 9, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    CHECK(f.state_len == sizeof old && !memcmp(f.state, old, sizeof old));
    struct fake_host host;
    struct game *game = NULL;
    fake_host_open(&host, 1);
    CHECK(state_restore(&host.host, 2, old, sizeof old, (void **)&game) == ARENA_OK);
    CHECK_TEXT(game->version, "gen1-v1");
    CHECK(!game->facts && game->settings.level == 50 && game->settings.turn_seconds == 5);
    fake_host_close(&host);
    fake_finish(&f);
}

int main(void)
{
    test_choices();
    test_tera_view();
    test_kit();
    test_field();
    test_no_interference();
    test_logs();
    test_clauses();
    test_older_battle();
    test_options();
    test_drawn();
    test_teams();
    test_bad_teams();
    test_old_bytes();
    return 0;
}
