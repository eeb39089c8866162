/*
 * test_pokemon_secrets.c - the battle as the arena sees it: who may see what, damaged bytes, noise.
 */
#include "pokemon_game.h"

/* ------------------------------------------------------------------------------------------------- secrets --- */

static bool shows(struct fake *f, int32_t viewer, const char *key, const char *id)
{
    char pair[64];
    snprintf(pair, sizeof pair, "\"%s\":\"%s\"", key, id);
    return strstr(fake_view(f, viewer), pair) != NULL;
}

static const json_t *team_of(const json_t *view)
{
    return json_object_get(json_object_get(view, "self"), "team");
}

/* Moves of a team, those that have cost PP or all, into ids. */
static void add_moves(const json_t *team, bool all, json_t *ids)
{
    size_t i, k;
    json_t *mon, *move;
    json_array_foreach(team, i, mon)
        json_array_foreach(json_object_get(mon, "moves"), k, move)
            if (all ||
                json_integer_value(json_object_get(move, "pp")) < json_integer_value(json_object_get(move, "max_pp")))
                json_object_set_new(ids, text_at(move, "id"), json_true());
}

/* A Pokémon whatever forme it is in: one that was met in battle may be called otherwise on its bench. */
static const char *number_of(const json_t *mon)
{
    static char number[16];
    snprintf(number, sizeof number, "%d", (int)json_integer_value(json_object_get(mon, "dex_no")));
    return number;
}

/* Viewer sees no move of the other team that was not used, unless its own team has it too; and no Pokémon that
 * was never on the field. */
static void check_secrets(struct fake *f, int32_t viewer, json_t *met)
{
    size_t i;
    json_t *other = parse(fake_view(f, 1 - viewer)), *own = parse(fake_view(f, viewer));
    json_t *known = json_object(), *all = json_object(), *mon, *value;
    const char *id;
    add_moves(team_of(own), true, known);
    add_moves(team_of(other), false, known);
    add_moves(team_of(other), true, all);
    json_array_foreach(team_of(own), i, mon)
        json_object_set_new(met, number_of(mon), json_true());
    json_array_foreach(team_of(other), i, mon)
        if (json_is_true(json_object_get(mon, "active")) || json_is_true(json_object_get(mon, "fainted")))
            json_object_set_new(met, number_of(mon), json_true());
    json_object_foreach(all, id, value)
        CHECK(json_object_get(known, id) || !shows(f, viewer, "id", id));
    json_array_foreach(team_of(other), i, mon)
        CHECK(json_object_get(met, number_of(mon)) || !shows(f, viewer, "species", text_at(mon, "species")));
    json_decref(known);
    json_decref(all);
    json_decref(other);
    json_decref(own);
}

static void check_foe(struct fake *f, int32_t viewer)
{
    static const char *const exact[] = {"hp", "max_hp", "stats", "nature", "sleep_turns", "toxic_counter", "slot"};
    json_t *view = parse(fake_view(f, viewer)), *foe = json_object_get(view, "foe"), *mon, *move;
    json_t *all = json_copy(json_object_get(view, "foe_seen"));
    size_t i, k, n;
    json_array_append(all, foe);
    json_array_foreach(all, i, mon) {
        for (n = 0; n < sizeof exact / sizeof exact[0]; n++)
            CHECK(!json_object_get(mon, exact[n]));
        json_array_foreach(json_object_get(mon, "moves"), k, move)
            CHECK(!json_object_get(move, "pp") && !json_object_get(move, "max_pp"));
    }
    CHECK(!json_object_get(view, "digest"));
    json_decref(all);
    json_decref(view);
}

static void test_secrets(void)
{
    uint64_t rng = 8;
    for (uint64_t seed = 20; seed < 26; seed++) {
        struct fake f = {0};
        json_t *met[2] = {json_object(), json_object()};
        begin(&f, seed, "");
        for (int step = 0; step < 60 && !f.finished; step++) {
            for (int32_t seat = 0; seat < 2; seat++) {
                check_secrets(&f, seat, met[seat]);
                check_foe(&f, seat);
            }
            const char *public = fake_view(&f, ARENA_ALL);
            CHECK(!strstr(public, "\"max_hp\"") && !strstr(public, "\"stats\"") && !strstr(public, "digest"));
            CHECK(!strstr(public, "\"pp\"") && !strstr(public, "\"choice\""));
            CHECK(strstr(fake_view(&f, ARENA_FULL), "\"digest\":\"") && strstr(f.json, "\"max_hp\""));
            play_one(&f, &rng);
        }
        json_decref(met[0]);
        json_decref(met[1]);
        fake_finish(&f);
    }
}

/* What differs only in a seat's secrets looks the same to the other, in every message and view. */
static void test_no_interference(void)
{
    static const char form[] = "{\"teams\":[[{\"species\":\"snorlax\",\"moves\":[\"defensecurl\"]}],"
                               "[{\"species\":\"chansey\",\"moves\":[\"defensecurl\",\"%s\"],\"nature\":\"%s\"},"
                               "{\"species\":\"%s\",\"moves\":[\"tackle\"]}]]}";
    char options[2][512], *seen[2];
    snprintf(options[0], sizeof options[0], form, "pound", "hardy", "onix");
    snprintf(options[1], sizeof options[1], form, "softboiled", "modest", "geodude");
    for (int i = 0; i < 2; i++) {
        struct fake f = {0};
        begin(&f, 1, options[i]);
        for (int turn = 0; turn < 3; turn++) {
            CHECK(fake_message(&f, 0, "choose", "move 1") == ARENA_OK);
            CHECK(fake_message(&f, 1, "choose", "move 1") == ARENA_OK);
        }
        size_t room = 1 << 16, len = 0;
        seen[i] = calloc(1, room);
        CHECK(seen[i]);
        for (uint32_t k = 0; k < f.run.count; k++)
            if (f.run.effects[k].to != 1)
                len += (size_t)snprintf(seen[i] + len, room - len, "%s\n", f.run.effects[k].text);
        len += (size_t)snprintf(seen[i] + len, room - len, "%s\n", fake_view(&f, 0));
        snprintf(seen[i] + len, room - len, "%s\n", fake_view(&f, ARENA_ALL));
        fake_finish(&f);
    }
    CHECK_TEXT(seen[0], seen[1]);
    free(seen[0]);
    free(seen[1]);
}

/* --------------------------------------------------------------------------------------------------- damage --- */

static void test_damage(void)
{
    uint64_t rng = 11;
    static const char given[] =
        "{\"team\":\"choose\",\"teams\":{\"p1\":[{\"species\":\"mew\",\"moves\":[\"pound\",\"fly\"]}]}}";
    const char *const options[] = {"{\"teamSize\":2}", given, "{\"opponent\":\"heuristic\",\"teamSize\":6}"};
    int taken = 0;
    for (int i = 0; i < 3; i++) {
        struct fake f = {0};
        begin(&f, 2, options[i]);
        for (int step = 0; step < 5 && i != 1; step++)
            play_one(&f, &rng);
        CHECK(f.state_len < 4096);
        for (size_t cut = 0; cut < f.state_len; cut++)
            CHECK(fake_restore(fake_operator(), f.state, cut) == ARENA_CORRUPT);
        uint8_t *broken = malloc(f.state_len + 1);
        CHECK(broken);
        memcpy(broken, f.state, f.state_len);
        broken[f.state_len] = 0;
        CHECK(fake_restore(fake_operator(), broken, f.state_len + 1) == ARENA_CORRUPT);
        for (int round = 0; round < 3000; round++) {
            memcpy(broken, f.state, f.state_len);
            for (uint64_t n = fake_draw(&rng, 3) + 1; n; n--)
                broken[fake_draw(&rng, fake_draw(&rng, 2) ? f.state_len : 20)] =
                    (uint8_t)fake_draw(&rng, fake_draw(&rng, 2) ? 256 : 8);
            if (fake_restore(fake_operator(), broken, f.state_len) != ARENA_OK)
                continue;
            taken++;
            struct fake g = {.op = f.op, .seed = 1, .joined = 2, .turn = 5, .state_len = f.state_len, .once = true};
            g.state = malloc(f.state_len);
            CHECK(g.state);
            memcpy(g.state, broken, f.state_len);
            char list[CHOICES][32];
            for (uint32_t seat = 0; seat < 2; seat++)
                for (int n = 0, count = choices(&g, seat, list); n < count && n < 1; n++)
                    fake_message(&g, seat, "choose", list[n]);
            fake_finish(&g);
        }
        free(broken);
        fake_finish(&f);
    }
    CHECK(taken > 100);
}

static void test_noise(void)
{
    static const char *const words[] = {"move ",   "switch ",    "default", "1",      "team", "[{\"species\":\"",
                                        "pikachu", "\"moves\":", "]",       "}",      "[",    "{",
                                        "\"",      "\\u0000",    "\xff",    "random", " "};
    static const char *const methods[] = {"choose", "team", "chat", "", "forfeit"};
    uint64_t rng = 12;
    struct fake f = {0};
    for (int i = 0; i < 4000; i++) {
        if (!f.op || f.finished) {
            fake_finish(&f);
            begin(&f, (uint64_t)i, i % 2 ? "{\"team\":\"choose\",\"teamSize\":1}" : "{\"teamSize\":1}");
        }
        char noise[256];
        size_t len = 0;
        for (uint64_t n = fake_draw(&rng, 8); n; n--) {
            const char *word = words[fake_draw(&rng, sizeof words / sizeof words[0])];
            memcpy(noise + len, word, strlen(word));
            len += strlen(word);
        }
        if (len && fake_draw(&rng, 4) == 0)
            noise[fake_draw(&rng, len)] = (char)fake_draw(&rng, 256);
        const char *method = methods[fake_draw(&rng, 5)];
        int result = fake_message_bytes(&f, (uint32_t)fake_draw(&rng, 2), (arena_text){method, strlen(method)},
                                        (arena_text){noise, len});
        CHECK(result == ARENA_OK || result == ARENA_REJECTED);
    }
    fake_finish(&f);
}

int main(void)
{
    static const char *const versions[] = {"gen1-v1", "gen9-v1"};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        version = versions[i];
        test_secrets();
        test_damage();
        test_noise();
    }
    version = "gen1-v1";
    test_no_interference();
    return 0;
}
