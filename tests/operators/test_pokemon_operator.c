/*
 * test_pokemon_operator.c - the battle as the arena sees it: whole games, both-submit, refusals, forfeit, clock,
 * house players.  Who may see what is in test_pokemon_secrets.c.
 *
 * What holds for every data version is tested with each; what needs certain Pokémon, with gen1-v1.  Generation 9 has
 * more in test_pokemon_gen9.c.
 */
#include "pokemon.h"
#include "pokemon_game.h"

/* ------------------------------------------------------------------------------------------- whole games --- */

static void check_turn_message(const char *text)
{
    json_t *turn = parse(text), *log = json_object_get(turn, "log");
    CHECK(json_array_size(log) > 0 && json_is_integer(json_object_get(turn, "turn")));
    CHECK(!json_object_get(turn, "digest"));
    for (size_t i = 0; i < json_array_size(log); i++)
        CHECK(json_string_value(json_array_get(log, i))[0] == '|');
    json_decref(turn);
}

static void check_end(const struct fake *f)
{
    const char *last = NULL;
    for (int n = 0; said(f, ARENA_ALL, "turn", n); n++)
        last = said(f, ARENA_ALL, "turn", n);
    json_t *end = parse(said(f, ARENA_ALL, "end", 0));
    json_int_t winner = json_integer_value(json_object_get(end, "winner"));
    static const char *const lines[] = {"\"|win|p1\"", "\"|win|p2\"", "\"|tie\""};
    static const double utility[3][2] = {{1, 0}, {0, 1}, {0.5, 0.5}};
    CHECK(winner >= 0 && winner <= 2 && last && strstr(last, lines[winner]));
    CHECK(f->scores[0].utility == utility[winner][0] && f->scores[1].utility == utility[winner][1]);
    CHECK(f->scores[0].security == 1 && f->scores[1].security == 1);
    CHECK(f->run.effects[f->run.count - 1].kind == FAKE_FINISH);
    json_decref(end);
}

/* Each turn of these is played twice, and its bytes are restored, by the fake host. */
static void test_whole_games(void)
{
    uint64_t rng = 3;
    int turns = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct fake f = {0};
        begin(&f, seed, "");
        CHECK(f.active == 3 && said(&f, 0, "request", 0) && said(&f, 1, "request", 0));
        check_turn_message(said(&f, ARENA_ALL, "turn", 0));
        while (!f.finished) {
            play_one(&f, &rng);
            for (int n = 0; said(&f, ARENA_ALL, "turn", n); n++, turns++)
                check_turn_message(said(&f, ARENA_ALL, "turn", n));
        }
        check_end(&f);
        CHECK(strstr(fake_view(&f, 0), "\"phase\":\"ended\"") && strstr(f.json, "\"winner\":"));
        fake_actions(&f, 0);
        CHECK(f.run.count == 0);
        fake_finish(&f);
    }
    CHECK(turns > 100);
}

/* Equal seeds and choices give equal games to the last byte. */
static void test_replay(void)
{
    struct fake f[2] = {0};
    for (int i = 0; i < 2; i++) {
        uint64_t rng = 9;
        begin(&f[i], 77, "{\"teamSize\":3}");
        while (!f[i].finished)
            play_one(&f[i], &rng);
    }
    CHECK(f[0].turn == f[1].turn && f[0].state_len == f[1].state_len);
    CHECK(!memcmp(f[0].state, f[1].state, f[0].state_len));
    struct fake other = {0};
    begin(&other, 78, "{\"teamSize\":3}");
    fake_finish(&f[0]);
    begin(&f[0], 77, "{\"teamSize\":3}");
    CHECK(strcmp(fake_view(&other, 0), fake_view(&f[0], 0)));
    fake_finish(&other);
    fake_finish(&f[0]);
    fake_finish(&f[1]);
}

/* Requests are JSON, hold the same as the queries, and each choice in them is accepted. */
static void test_requests(void)
{
    uint64_t rng = 4;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct fake f = {0};
        begin(&f, seed, "{\"teamSize\":3}");
        for (int i = 0; i < 25 && !f.finished; i++) {
            for (int32_t seat = 0; seat < 2; seat++) {
                char list[CHOICES][32];
                const char *text = said(&f, seat, "request", 0);
                if (!text)
                    continue;
                json_t *request = parse(text), *view = parse(fake_view(&f, seat));
                json_t *offered = json_object_get(request, "choices");
                CHECK(json_equal(json_object_get(request, "view"), view));
                CHECK(json_equal(json_object_get(view, "legal_actions"), offered));
                CHECK_TEXT(text_at(request, "phase"), text_at(view, "phase"));
                struct fake_run kept = f.run; /* the query replaces it */
                memset(&f.run, 0, sizeof f.run);
                int n = choices(&f, (uint32_t)seat, list);
                CHECK((size_t)n == json_array_size(offered));
                for (int k = 0; k < n; k++) {
                    CHECK_TEXT(json_string_value(json_array_get(offered, (size_t)k)), list[k]);
                    struct fake copy = f;
                    memset(&copy.run, 0, sizeof copy.run);
                    copy.state = malloc(f.state_len);
                    CHECK(copy.state);
                    memcpy(copy.state, f.state, f.state_len);
                    copy.json = NULL;
                    CHECK(fake_message(&copy, (uint32_t)seat, "choose", list[k]) == ARENA_OK);
                    fake_finish(&copy);
                }
                for (uint32_t k = 0; k < f.run.count; k++) {
                    free(f.run.effects[k].name);
                    free(f.run.effects[k].text);
                }
                f.run = kept;
                json_decref(request);
                json_decref(view);
            }
            play_one(&f, &rng);
        }
        fake_finish(&f);
    }
}

/* --------------------------------------------------------------------------------------------- refusals --- */

static void test_choices(void)
{
    static const char *const nonsense[] = {"",
                                           " ",
                                           "move",
                                           "move ",
                                           "switch",
                                           "attack 1",
                                           "move 0",
                                           "move 5",
                                           "move 11",
                                           "move x",
                                           "switch 0",
                                           "switch 7",
                                           "switch missingno",
                                           "1",
                                           "move1",
                                           "default please",
                                           "MOVE \xf0\x9f\x92\xa9",
                                           "switch 1"};
    struct fake f = {0};
    const char *teams = "{\"teams\":[[{\"species\":\"Charizard\",\"moves\":[\"Flamethrower\",\"slash\"]},"
                        "{\"species\":\"pikachu\",\"moves\":[\"thunderbolt\"]}],"
                        "[{\"species\":\"mr. mime\",\"moves\":[\"psychic\"]}]]}";
    begin(&f, 1, teams);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        uint8_t *before = f.state;
        fake_refused(&f, fake_message(&f, 0, "choose", nonsense[i]), "INVALID_CHOICE", NULL);
        CHECK(strstr(f.run.reason, "choose one of: move 1 (Flamethrower), move 2 (Slash), switch 2 (Pikachu)"));
        CHECK(f.state == before && f.active == 3);
    }
    CHECK_TEXT(f.run.reason, "that action is not legal right now; choose one of: move 1 (Flamethrower), "
                             "move 2 (Slash), switch 2 (Pikachu)");
    fake_refused(&f, fake_message(&f, 0, "team", "random"), "BATTLE_HAS_BEGUN", NULL);
    fake_refused(&f, fake_message(&f, 0, "chat", "hello"), "UNKNOWN_METHOD", "Unknown challenge method: chat");
    CHECK(fake_message(&f, 0, "choose", "  MOVE  Flame-Thrower\n") == ARENA_OK);
    CHECK(f.run.count == 0 && f.active == 2);
    CHECK(strstr(fake_view(&f, 0), "\"chosen\":\"move 1\""));
    CHECK(!strstr(fake_view(&f, 1), "chosen"));
    fake_refused(&f, fake_message(&f, 0, "choose", "move 2"), "ALREADY_CHOSEN",
                 "your action for this turn was already submitted");
    fake_refused(&f, fake_message(&f, 0, "choose", "nonsense"), "ALREADY_CHOSEN", NULL);
    CHECK(fake_message(&f, 1, "choose", "default") == ARENA_OK);
    CHECK(said(&f, ARENA_ALL, "turn", 0) && strstr(said(&f, ARENA_ALL, "turn", 0), "\"turn\":1,"));
    CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), "|move|p1a: Charizard|Flamethrower"));
    fake_finish(&f);
}

/* A seat that is not asked while the other replaces a fainted one must wait. */
static void test_replace(void)
{
    struct fake f = {0};
    const char *teams = "{\"teams\":[[{\"species\":\"mewtwo\",\"moves\":[\"psychic\"],\"level\":100}],"
                        "[{\"species\":\"caterpie\",\"moves\":[\"tackle\"],\"level\":1},"
                        "{\"species\":\"weedle\",\"moves\":[\"poisonsting\"],\"level\":1}]]}";
    begin(&f, 1, teams);
    CHECK(fake_message(&f, 0, "choose", "move psychic") == ARENA_OK);
    CHECK(fake_message(&f, 1, "choose", "move 1") == ARENA_OK);
    CHECK(f.active == 2 && !said(&f, 0, "request", 0));
    const char *request = said(&f, 1, "request", 0);
    CHECK(request && strstr(request, "\"phase\":\"replace\"") && strstr(request, "\"replace\":true"));
    CHECK(strstr(request, "\"choices\":[\"switch 2\"]"));
    fake_refused(&f, fake_message(&f, 0, "choose", "move 1"), "WAIT", NULL);
    fake_refused(&f, fake_message(&f, 1, "choose", "move 1"), "INVALID_CHOICE", NULL);
    CHECK(fake_message(&f, 1, "choose", "Switch WEEDLE") == ARENA_OK);
    CHECK(f.active == 3 && said(&f, 0, "request", 0) && said(&f, 1, "request", 0));
    CHECK(fake_message(&f, 1, "choose", "move 1") == ARENA_OK);
    CHECK(fake_message(&f, 0, "choose", "move 1") == ARENA_OK);
    CHECK(f.finished && f.scores[0].utility == 1);
    CHECK(strstr(said(&f, ARENA_ALL, "end", 0), "{\"type\":\"end\",\"winner\":0,\"reason\":\"fainted\"}"));
    fake_finish(&f);
}

static void test_forfeit(void)
{
    struct fake f = {0};
    begin(&f, 5, "");
    CHECK(fake_message(&f, 1, "forfeit", "") == ARENA_OK && f.finished && f.run.count == 6);
    fake_said(&f, 0, 0, "{\"type\":\"log\",\"side\":\"p1\",\"turn\":1,\"log\":[\"|win|p1\"]}");
    fake_said(&f, 1, 1, "{\"type\":\"log\",\"side\":\"p2\",\"turn\":1,\"log\":[\"|win|p1\"]}");
    fake_said(&f, 2, ARENA_ALL, "{\"type\":\"turn\",\"turn\":1,\"log\":[\"|win|p1\"]}");
    CHECK(f.run.effects[3].kind == FAKE_BLAME && f.run.effects[3].from == 1 && f.run.effects[3].to == 0);
    CHECK_TEXT(f.run.effects[3].name, "forfeit");
    fake_said(&f, 4, ARENA_ALL, "{\"type\":\"end\",\"winner\":0,\"reason\":\"forfeit\"}");
    CHECK(f.scores[0].utility == 1 && f.scores[1].utility == 0);
    fake_finish(&f);

    begin(&f, 5, "{\"team\":\"choose\"}");
    fake_refused(&f, fake_message(&f, 0, "forfeit", "move 1"), "INVALID_FORFEIT", NULL);
    CHECK(fake_message(&f, 0, "forfeit", "") == ARENA_OK && f.finished);
    fake_said(&f, 2, ARENA_ALL, "{\"type\":\"turn\",\"turn\":0,\"log\":[\"|win|p2\"]}");
    CHECK(f.scores[1].utility == 1 && fake_view(&f, ARENA_FULL));
    fake_finish(&f);
}

/* ------------------------------------------------------------------------------------------------- options --- */

static int64_t deadline(const struct fake *f)
{
    for (uint32_t i = 0; i < f->run.count; i++)
        if (f->run.effects[i].kind == FAKE_DEADLINE && f->run.effects[i].to == 0)
            return f->run.effects[i].at_ms;
    return 0;
}

static void test_clock(void)
{
    struct fake f = {0};
    begin(&f, 6, "{\"turnSeconds\":30,\"teamSize\":2}");
    CHECK(deadline(&f) == f.now_ms + 30000);
    f.now_ms += 10000;
    CHECK(fake_message(&f, 1, "choose", "default") == ARENA_OK && !deadline(&f));
    f.now_ms += 20000;
    CHECK(fake_timer(&f, 0) == ARENA_OK);
    fake_said(&f, 0, 0, "{\"type\":\"info\",\"text\":\"Your time is up: \\\"move 1\\\" was chosen for you.\"}");
    CHECK(!said(&f, 1, "info", 0) && said(&f, ARENA_ALL, "turn", 0) && deadline(&f) == f.now_ms + 30000);
    for (int i = 0; i < 1000 && !f.finished; i++) {
        f.now_ms += 30000;
        CHECK(fake_timer(&f, 0) == ARENA_OK);
    }
    CHECK(f.finished && !deadline(&f));
    fake_finish(&f);

    begin(&f, 6, "{\"turnSeconds\":30,\"team\":\"choose\",\"teamSize\":2}");
    CHECK(deadline(&f) == f.now_ms + 30000 && said(&f, 0, "request", 0));
    CHECK(fake_message(&f, 0, "team", "random") == ARENA_OK && f.active == 2);
    CHECK(fake_timer(&f, 0) == ARENA_OK && f.active == 3);
    CHECK(said(&f, 1, "info", 0) && !said(&f, 0, "info", 0) && deadline(&f));
    fake_finish(&f);

    begin(&f, 6, "");
    CHECK(!deadline(&f));
    fake_finish(&f);
}

static void test_turn_limit(void)
{
    struct fake f = {0};
    begin(&f, 6,
          "{\"maxTurns\":1,\"teams\":{\"p1\":[{\"species\":\"chansey\",\"moves\":[\"defensecurl\"]}],"
          "\"p2\":[{\"species\":\"chansey\",\"moves\":[\"defensecurl\"]}]}}");
    CHECK(fake_message(&f, 0, "choose", "move defensecurl") == ARENA_OK);
    CHECK(fake_message(&f, 1, "choose", "move defensecurl") == ARENA_OK);
    CHECK(f.finished && f.scores[0].utility == 0.5 && f.scores[1].utility == 0.5);
    CHECK(strstr(said(&f, ARENA_ALL, "turn", 0), "\"|tie\"]}") && !strstr(said(&f, ARENA_ALL, "turn", 0), "|turn|"));
    CHECK(said(&f, ARENA_ALL, "end", 0) &&
          strstr(said(&f, ARENA_ALL, "end", 0), "\"winner\":2,\"reason\":\"turn_limit\""));
    CHECK(strstr(fake_view(&f, ARENA_ALL), "\"turn\":1,"));
    fake_finish(&f);

    begin(&f, 6,
          "{\"maxTurns\":3,\"teams\":[[{\"species\":\"chansey\",\"moves\":[\"defensecurl\"]}],"
          "[{\"species\":\"chansey\",\"moves\":[\"pound\"]}]]}");
    for (int i = 0; i < 3; i++) {
        CHECK(!f.finished && fake_message(&f, 0, "choose", "default") == ARENA_OK);
        CHECK(fake_message(&f, 1, "choose", "default") == ARENA_OK);
    }
    CHECK(f.finished && f.scores[0].utility == 0 && f.scores[1].utility == 1);
    fake_finish(&f);
}

static void test_house(void)
{
    static const char *const names[] = {"random", "heuristic"};
    for (int i = 0; i < 2; i++) {
        char options[64];
        uint64_t rng = 1;
        struct fake f = {0};
        snprintf(options, sizeof options, "{\"opponent\":\"%s\",\"teamSize\":3,\"maxTurns\":60}", names[i]);
        CHECK(create(&f, 3, options) == ARENA_OK);
        CHECK(f.joined == 1);
        CHECK_TEXT(f.house[1], names[i]);
        CHECK(fake_join(&f, 0) == ARENA_OK && f.active == 1 && !said(&f, 1, "request", 0));
        while (!f.finished) {
            play_one(&f, &rng);
            CHECK(f.finished || f.active == 1);
        }
        check_end(&f);
        fake_finish(&f);
    }
}

static void test_options(void)
{
    static const struct {
        const char *options, *reason;
    } bad[] = {
        {"[]", "options must be a JSON object"},
        {"{", "options must be a JSON object"},
        {"{\"opponent\":\"champion\"}",
         "opponent must be \"random\" or \"heuristic\"; leave it out to play against another player"},
        {"{\"team\":\"mine\"}", "team must be \"random\" or \"choose\""},
        {"{\"teams\":5}", "teams must be a list of two teams (null: none given), or {\"p1\": team, \"p2\": team}"},
        {"{\"teams\":[[]]}", "teams must be a list of two teams (null: none given), or {\"p1\": team, \"p2\": team}"},
        {"{\"teams\":[null,[]]}", "teams: p2: a team is a JSON list of 1 to 6 Pokémon"},
        {"{\"teams\":{\"p3\":null}}", "teams may name p1 and p2 only"},
        {"{\"teams\":{\"p2\":[{\"species\":\"agumon\",\"moves\":[\"tackle\"]}]}}",
         "teams: p2: slot 1: there is no Pokémon \"agumon\" in this game"},
        {"{\"teamSize\":0}", "teamSize must be a whole number from 1 to 6"},
        {"{\"teamSize\":7}", "teamSize must be a whole number from 1 to 6"},
        {"{\"level\":101}", "level must be a whole number from 1 to 100"},
        {"{\"turnSeconds\":-1}", "turnSeconds must be a whole number from 0 (no clock) to 604800"},
        {"{\"maxTurns\":301}", "maxTurns must be a whole number from 1 to 300"},
        {"{\"maxTurns\":1.5}", "maxTurns must be a whole number from 1 to 300"},
        {"{\"format\":\"singles\"}", "format: this data version has no formats; leave it out"},
        {"{\"seed\":1}", "there is no such option; options are opponent, team, teams, teamSize, level, turnSeconds, "
                         "maxTurns, format and data"},
    };
    struct fake f = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bool whole = strlen(bad[i].options) > 2; /* the others are no objects */
        int result = whole ? create(&f, 1, bad[i].options) : fake_create(&f, fake_operator(), 1, bad[i].options);
        fake_refused(&f, result, "INVALID_OPTIONS", bad[i].reason);
        fake_finish(&f);
    }
    begin(&f, 1,
          "{\"level\":7,\"teamSize\":1,\"teams\":[null,[{\"species\":\"mew\",\"moves\":[\"pound\"]},"
          "{\"species\":\"onix\",\"level\":99,\"moves\":[\"tackle\"]}]]}");
    json_t *view = parse(fake_view(&f, 1)), *team = json_object_get(json_object_get(view, "self"), "team");
    CHECK(json_array_size(team) == 2);
    CHECK(json_integer_value(json_object_get(json_array_get(team, 0), "level")) == 7);
    CHECK(json_integer_value(json_object_get(json_array_get(team, 1), "level")) == 99);
    json_decref(view);
    view = parse(fake_view(&f, 0));
    CHECK(json_array_size(json_object_get(json_object_get(view, "self"), "team")) == 1);
    json_decref(view);
    fake_finish(&f);
}

/* ------------------------------------------------------------------------------------------------ pieces --- */

/* The object of some members that a view has, in which they may stand behind a comma. */
static json_t *object_of(arena_text piece, const char *before, const char *behind)
{
    char text[512];
    const size_t skip = piece.len && *piece.ptr == ',';
    snprintf(text, sizeof text, "%s%.*s%s", before, (int)(piece.len - skip), piece.ptr + skip, behind);
    return parse(text);
}

static void has_text(const json_t *object, const char *key, const char *text)
{
    CHECK_TEXT(json_string_value(json_object_get(object, key)), text);
}

static void has_number(const json_t *object, const char *key, int n)
{
    CHECK(json_integer_value(json_object_get(object, key)) == n);
}

static void check_move_piece(const struct pieces *p, int n)
{
    const struct dex_move *m = &p->dex->moves[n];
    json_t *move = object_of(p->moves[n], "", "}");
    has_text(move, "id", m->id);
    has_text(move, "name", m->name);
    has_text(move, "type", dex_type_name(m->type));
    has_number(move, "power", m->power);
    has_number(move, "accuracy", m->accuracy);
    json_decref(move);
}

static void check_species_piece(const struct pieces *p, int n)
{
    json_t *species = object_of(p->species[n], "{", "}");
    has_text(species, "species", p->dex->species[n].id);
    has_text(species, "name", p->dex->species[n].name);
    has_number(species, "dex_no", p->dex->species[n].number);
    json_decref(species);
}

static void check_name_piece(arena_text piece, const char *key, const char *name)
{
    json_t *object = object_of(piece, "{", "}");
    has_text(object, key, name);
    json_decref(object);
}

/* What is written once is what the tables say, of every row. */
static void test_pieces(void)
{
    const struct dex *dex = pokemon_dex(version);
    const struct pieces *p = pieces_of(dex);
    CHECK(p && p->dex == dex && pieces_of(dex) == p);
    for (int n = 1; n <= dex->moves_n; n++)
        check_move_piece(p, n);
    for (int n = 1; n <= dex->species_n; n++)
        check_species_piece(p, n);
    for (int n = 0; dex->abilities_n && n <= dex->abilities_n; n++)
        check_name_piece(p->abilities[n], "ability", dex->abilities[n].name);
    for (int n = 0; dex->items_n && n <= dex->items_n; n++)
        check_name_piece(p->items[n], "item", dex->items[n].name);
    for (int n = 0; n < PIECES_NATURES; n++)
        check_name_piece(p->natures[n], "nature", dex_nature_name(n));
    for (int n = 0; n < TYPES; n++) {
        json_t *object = object_of(p->types[n], "{\"type\":", "}");
        has_text(object, "type", dex_type_name(n));
        json_decref(object);
    }
}

int main(void)
{
    static const char *const versions[] = {"gen1-v1", "gen9-v1", "natdex-v1"};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        version = versions[i];
        test_whole_games();
        test_replay();
        test_requests();
        test_forfeit();
        test_clock();
        test_house();
        test_pieces();
    }
    version = "gen1-v1";
    test_choices();
    test_replace();
    test_turn_limit();
    test_options();
    return 0;
}
