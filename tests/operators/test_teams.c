/* test_teams.c - teams: what is read, what is told, what is written, and what is made up. */
#include "team.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct team_facts *facts(void)
{
    const struct team_facts *f = team_facts_find("gen9-v1");
    cr_assert(f);
    return f;
}

static const struct team_format *format(const char *id)
{
    const struct team_format *f = team_format(facts(), id);
    cr_assert(f, "%s", id);
    return f;
}

static struct team team;
static struct team_problems why;

static bool reads(const char *text)
{
    why = (struct team_problems){0};
    return team_read(facts(), text, strlen(text), &team, &why);
}

/* ------------------------------------------------------------------------------------------------ reading --- */

static const char sparky[] = "=== [gen9ou] Some team ===\r\n\r\n"
                             "Sparky (Pikachu) (M) @ Light Ball  \r\n"
                             "Ability: Static  \r\n"
                             "Level: 50  \r\n"
                             "Shiny: Yes\r\n"
                             "Happiness: 12\r\n"
                             "Tera Type:   Electric\r\n"
                             "EVs: 252 SpA /4 SpD/  252 Spe  \r\n"
                             "Timid Nature  \r\n"
                             "IVs: 0 Atk  \r\n"
                             "- Thunderbolt\r\n"
                             "-Surf  \r\n"
                             "~ Nasty Plot\r\n"
                             "\r\n\r\n"
                             "Mr. Mime-Galar  \n- Psychic";

Test(text, every_line_of_an_export)
{
    cr_assert(reads(sparky), "%s", why.list[0].text);
    const struct team_set *s = &team.sets[0];
    cr_expect_eq(team.count, 2);
    cr_expect_str_eq(s->species, "pikachu");
    cr_expect_str_eq(s->nickname, "Sparky");
    cr_expect_str_eq(s->item, "lightball");
    cr_expect_str_eq(s->ability, "static");
    cr_expect_str_eq(s->tera, "electric");
    cr_expect_str_eq(s->nature, "timid");
    cr_expect_eq(s->gender, 'M');
    cr_expect(s->shiny);
    cr_expect_eq(s->level, 50);
    cr_expect_eq(s->happiness, 12);
    cr_expect_eq(s->moves_n, 3);
    cr_expect_str_eq(s->moves[2], "nastyplot");
    cr_expect(s->evs[3] == 252 && s->evs[4] == 4 && s->evs[5] == 252 && s->evs[0] == 0);
    cr_expect(s->ivs[1] == 0 && s->ivs[0] == 31);
    cr_expect_str_eq(team.sets[1].species, "mrmimegalar");
    cr_expect_eq(team.sets[1].level, 0, "a level that is not said");
    cr_expect_eq(team.sets[1].happiness, -1);
}

Test(text, odd_first_lines)
{
    static const struct {
        const char *line, *species, *nickname, *item;
        char gender;
    } rows[] = {
        {"pikachu", "pikachu", "", "", 0},
        {"Pikachu (F)", "pikachu", "", "", 'F'},
        {"Pikachu @ Oran Berry", "pikachu", "", "oranberry", 0},
        {"  Pikachu(M)@Oran Berry ", "pikachu", "", "oranberry", 'M'},
        {"A (b) c (Pikachu) (M)", "pikachu", "A b c", "", 'M'},
        {"Me @ home (Pikachu) @ Oran Berry", "pikachu", "Me home", "oranberry", 0},
        {"Pikachu (Pikachu)", "pikachu", "", "", 0},
        {"Flabébé @ No Item", "flabebe", "", "", 0},
        {"Farfetch’d", "farfetchd", "", "", 0},
        {"Type: Null (M)", "typenull", "", "", 'M'},
        {"日本 (Mew)", "mew", "日本", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "%s\n- Tackle\n", rows[i].line);
        cr_assert(reads(text), "%s: %s", rows[i].line, why.list[0].text);
        cr_expect_str_eq(team.sets[0].species, rows[i].species);
        cr_expect_str_eq(team.sets[0].nickname, rows[i].nickname);
        cr_expect_str_eq(team.sets[0].item, rows[i].item);
        cr_expect_eq(team.sets[0].gender, rows[i].gender, "%s", rows[i].line);
    }
}

/* Text, slot and field of the first mistake. */
static void tells(const char *text, int slot, const char *field)
{
    cr_expect(!reads(text), "%s", text);
    cr_expect(why.count > 0 && why.list[0].slot == slot && !strcmp(why.list[0].field, field), "%s: slot %d, %s: %s",
              text, why.list[0].slot, why.list[0].field, why.list[0].text);
}

Test(text, what_makes_no_sense_is_told)
{
    tells("Pikachu\nLevel: many\n", 1, "level");
    tells("Pikachu\nEVs: a lot of Speed\n", 1, "evs");
    tells("Pikachu\nEVs: 4 Beauty\n", 1, "evs");
    tells("Pikachu\n\nRaichu\nI like it\n", 2, "text");
    tells("@ Oran Berry\n- Tackle\n", 1, "species");
    tells("Pikachu|||", 1, "text");
    tells("Pikachu||||||,,,,,,4|||||", 1, "evs");
    tells("Pikachu|||||||X||||", 1, "gender");
    tells("[{\"species\": \"pikachu\", \"colour\": \"red\"}]", 1, "text");
    tells("[{\"species\": \"pikachu\", \"evs\": {\"beauty\": 4}}]", 1, "evs");
    tells("[{\"species\": \"pikachu\", \"level\": \"50\"}]", 1, "level");
    tells("[{\"moves\": [\"tackle\"]}]", 1, "species");
    tells("[{\"species\": ", 0, "text");
    tells("[[]]", 1, "text");
}

Test(packed, parts)
{
    cr_assert(reads("Sparky|pikachu|lightball|H|thunderbolt,surf|Timid|,,,252,4,252|M|,0,,,,|S|50|12,,pokeball,,,Fire]"
                    "Mew||||psychic|||||||"),
              "%s", why.list[0].text);
    const struct team_set *s = &team.sets[0];
    cr_expect_eq(team.count, 2);
    cr_expect_str_eq(s->ability, "lightningrod", "the hidden one");
    cr_expect_str_eq(s->tera, "fire");
    cr_expect_str_eq(s->pokeball, "pokeball");
    cr_expect(s->shiny && s->level == 50 && s->happiness == 12 && s->gender == 'M' && s->ivs[1] == 0 &&
              s->ivs[5] == 31);
    cr_expect_str_eq(team.sets[1].species, "mew");
    cr_expect_str_eq(team.sets[1].ability, "synchronize", "the first one");
}

Test(json, names_of_both_kinds)
{
    cr_assert(
        reads("[{\"name\": \"Sparky\", \"species\": \"Pikachu\", \"moves\": [\"Nasty Plot\"], \"teraType\": \"Fire\", "
              "\"evs\": [0, 0, 0, 252, 0, 0], \"ivs\": {\"atk\": 0}}]"));
    const struct team_set *s = &team.sets[0];
    cr_expect_str_eq(s->nickname, "Sparky");
    cr_expect_str_eq(s->moves[0], "nastyplot");
    cr_expect_str_eq(s->tera, "fire");
    cr_expect(s->evs[3] == 252 && s->ivs[1] == 0 && s->ivs[0] == 31);
}

/* ------------------------------------------------------------------------------------------ there and back --- */

static uint64_t state = 7;

static unsigned below(unsigned n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state >> 33) % n);
}

/* Anything that a team can hold, legal or not. */
static void spoil(struct team_set *set)
{
    static const char *const names[] = {"Rex", "Käthe", "a b", "日本語", "=x=", "- x", "Level: 3", "🦊", "M"};
    static const char *const ids[] = {"missingno", "tackle", "x1", "pikachu", "sludgebomb"};
    switch (below(10)) {
    case 0: snprintf(set->nickname, sizeof set->nickname, "%s", names[below(9)]); break;
    case 1: set->evs[below(6)] = (int16_t)(below(1000) - 300); break;
    case 2: set->ivs[below(6)] = (int16_t)(below(100) - 40); break;
    case 3: set->level = (int16_t)below(300); break;
    case 4: set->happiness = (int16_t)below(400); break;
    case 5: set->shiny = !set->shiny; break;
    case 6: snprintf(set->pokeball, sizeof set->pokeball, "ultraball"); break;
    case 7: snprintf(set->species, sizeof set->species, "%s", ids[below(5)]); break;
    case 8: snprintf(set->item, sizeof set->item, "%s", ids[below(5)]); break;
    default: set->gender = "MF"[below(2)]; break;
    }
}

/* Sets of equal content are equal bytes only where the texts' tails are; so it is compared by content. */
static bool same_set(const struct team_set *a, const struct team_set *b)
{
    bool same = !strcmp(a->species, b->species) && !strcmp(a->ability, b->ability) && !strcmp(a->item, b->item) &&
                !strcmp(a->nature, b->nature) && !strcmp(a->tera, b->tera) && !strcmp(a->pokeball, b->pokeball) &&
                !strcmp(a->nickname, b->nickname) && a->moves_n == b->moves_n && a->level == b->level &&
                a->happiness == b->happiness && a->gender == b->gender && a->shiny == b->shiny &&
                !memcmp(a->evs, b->evs, sizeof a->evs) && !memcmp(a->ivs, b->ivs, sizeof a->ivs);
    for (int i = 0; same && i < a->moves_n; i++)
        same = !strcmp(a->moves[i], b->moves[i]);
    return same;
}

Test(forms, written_and_read_again_is_the_same)
{
    static char text[TEAM_FORMS][16384];
    static struct team from, to;
    for (uint64_t seed = 0; seed < 500; seed++) {
        team_random(facts(), format("any"), 1 + (int)below(6), seed, &from);
        for (int k = 0; k < 6; k++)
            spoil(&from.sets[below((unsigned)from.count)]);
        for (int form = 0; form < TEAM_FORMS; form++) {
            const struct team_facts *f = form == TEAM_JSON || below(2) ? facts() : NULL;
            why = (struct team_problems){0};
            size_t len = team_write(f, &from, (enum team_form)form, text[form], sizeof text[form]);
            cr_assert(len < sizeof text[form]);
            cr_assert(team_read(f, text[form], len, &to, &why), "seed %d: %s\n%s", (int)seed, why.list[0].text,
                      text[form]);
            cr_assert_eq(from.count, to.count);
            for (int i = 0; i < from.count; i++)
                cr_assert(same_set(&from.sets[i], &to.sets[i]), "seed %d slot %d\n%s", (int)seed, i + 1, text[form]);
        }
    }
}

Test(forms, a_small_buffer_is_not_overrun)
{
    char whole[4096], part[40];
    team_random(facts(), format("any"), 6, 1, &team);
    for (int form = 0; form < TEAM_FORMS; form++) {
        size_t len = team_write(facts(), &team, (enum team_form)form, whole, sizeof whole);
        memset(part, '#', sizeof part);
        cr_expect_eq(team_write(facts(), &team, (enum team_form)form, part, 20), len);
        cr_expect_eq(part[20], '#');
        cr_expect_eq(part[19], 0);
        cr_expect_eq(team_write(facts(), &team, (enum team_form)form, NULL, 0), len);
    }
}

/* ----------------------------------------------------------------------------------------------- checking --- */

/* A legal set with one line more, and what is told of it: slot 1 and the field, or "" when it stays legal. */
static void judged(const char *format_id, const char *text, const char *field)
{
    cr_assert(reads(text), "%s: %s", text, why.list[0].text);
    bool legal = team_check(facts(), format(format_id), &team, &why);
    bool found = !field[0] && legal;
    for (int i = 0; i < why.stored && field[0]; i++)
        found |= why.list[i].slot == 1 && !strcmp(why.list[i].field, field);
    cr_expect(found, "%s\n%s: %s", text, why.count ? why.list[0].field : "legal", why.count ? why.list[0].text : "");
}

#define PIKACHU "Pikachu @ Light Ball\nAbility: Static\nJolly Nature\nEVs: 252 Atk / 252 Spe\n"
#define PARTNER "\n\nEevee\nAbility: Adaptability\n- Tackle\n"

Test(check, bad_teams_each_with_its_field)
{
    static const struct {
        const char *format, *text, *field;
    } rows[] = {
        {"any", PIKACHU "- Fake Out\n", ""},
        {"any", "Pikachoo\nAbility: Static\n- Fake Out\n", "species"},
        {"any", PIKACHU "- Hydro Cannon\n", "moves"},
        {"any", PIKACHU "- Fake Out\n- fakeout\n", "moves"},
        {"any", PIKACHU "- Fake Out\n- Thunder\n- Surf\n- Nuzzle\n- Play Rough\n", "moves"},
        {"any", PIKACHU "- Hug\n", "moves"},
        {"any", PIKACHU, "moves"},
        {"any", PIKACHU "- Fake Out\nAbility: Levitate\n", "ability"},
        {"any", PIKACHU "- Fake Out\nAbility: Courage\n", "ability"},
        {"any", "Pikachu\n- Fake Out\n", "ability"},
        {"any", PIKACHU "- Fake Out\nCool Nature\n", "nature"},
        {"any", PIKACHU "- Fake Out\nEVs: 8 HP\n", "evs"},
        {"any", PIKACHU "- Fake Out\nEVs: 253 Atk / 0 Spe\n", "evs"},
        {"any", PIKACHU "- Fake Out\nIVs: 32 Atk\n", "ivs"},
        {"any", PIKACHU "- Fake Out\nLevel: 101\n", "level"},
        {"any", PIKACHU "- Fake Out\nTera Type: Sound\n", "tera"},
        {"any", PIKACHU "- Fake Out\nTera Type: Stellar\n", ""},
        {"any", PIKACHU "- Fake Out\nHappiness: 256\n", "happiness"},
        {"any", PIKACHU "- Fake Out\nItem: Golden Apple\n", "item"},
        {"any", "A very very long name (Pikachu)\nAbility: Static\n- Fake Out\n", "nickname"},
        {"any", "Chansey (M)\nAbility: Healer\n- Pound\n", "gender"},
        {"any", "Charizard\nAbility: Blaze\nLevel: 35\nIVs: 30 Atk\n- Flamethrower\n", "level"},
        {"any", "Giratina-Origin\nAbility: Levitate\n- Shadow Ball\n", "item"},
        {"any", "Giratina @ Griseous Core\nAbility: Levitate\n- Shadow Ball\n", ""},
        {"any", "Palafin-Hero\nAbility: Zero to Hero\n- Jet Punch\n", ""},
        {"any", "Mewtwo (N)\nAbility: Pressure\nIVs: 0 HP / 0 Atk / 0 Def / 0 Spe\n- Psychic\n", "ivs"},
        {"any", "Koraidon\nAbility: Orichalcum Pulse\nLevel: 60\n- Flare Blitz\n", "level"},
        {"any", "Ogerpon\nAbility: Defiant\nTera Type: Fire\n- Ivy Cudgel\n", "tera"},
        {"any", PIKACHU "- Double Team\n", ""},
        {"singles", PIKACHU "- Double Team\n", "moves"},
        {"singles", "Lapras\nAbility: Shell Armor\n- Sheer Cold\n", "moves"},
        {"singles", "Sandslash\nAbility: Sand Veil\n- Earthquake\n", "ability"},
        {"singles", "Glalie\nAbility: Moody\n- Ice Beam\n", "ability"},
        {"singles", "Pikachu @ Bright Powder\nAbility: Static\n- Thunder\n", "item"},
        {"singles", "Mewtwo\nAbility: Pressure\n- Psychic\n", "species"},
        {"singles", "Eevee (Pikachu)\nAbility: Static\n- Thunder\n", "nickname"},
        {"flat", PIKACHU "- Fake Out\n" PARTNER "\nMew\nAbility: Synchronize\n- Psychic\n", "x"},
    };
    for (size_t i = 0; i + 1 < sizeof rows / sizeof rows[0]; i++)
        judged(rows[i].format, rows[i].text, rows[i].field);
}

/* The slot and field of the only mistake of a team. */
static void only(const char *format_id, const char *text, int slot, const char *field)
{
    cr_assert(reads(text));
    team_check(facts(), format(format_id), &team, &why);
    cr_assert_eq(why.count, 1, "%d: %s / %s", why.count, why.list[0].text, why.list[1].text);
    cr_expect_eq(why.list[0].slot, slot);
    cr_expect_str_eq(why.list[0].field, field);
}

Test(check, what_may_be_there_once)
{
    only("singles", PIKACHU "- Thunder\n" PARTNER "\nPikachu-Alola\nAbility: Static\n- Thunder\n", 3, "species");
    only("flat", PIKACHU "- Thunder\n" PARTNER "\nMeowth @ Light Ball\nAbility: Pickup\n- Scratch\n", 3, "item");
    only("flat", "A (Pikachu)\nAbility: Static\n- Thunder\n" PARTNER "\nA (Meowth)\nAbility: Pickup\n- Scratch\n", 3,
         "nickname");
    only("flat", PIKACHU "- Thunder\n" PARTNER, 0, "team");
    only("flat", PIKACHU "- Thunder\n" PARTNER "\nMew\nAbility: Synchronize\n- Psychic\n", 3, "species");
}

Test(check, every_mistake_is_told_with_its_slot)
{
    cr_assert(reads("Pikachu\nAbility: Static\nLevel: 200\nCool Nature\n- Hug\n- Hydro Cannon\n" PARTNER "Level: 0\n"
                    "\nRaichoo\n- Thunder\n"));
    team_check(facts(), format("any"), &team, &why);
    int slots[4] = {0};
    for (int i = 0; i < why.stored; i++)
        slots[why.list[i].slot]++;
    cr_expect_eq(slots[1], 4, "level, nature and two moves: %d", slots[1]);
    cr_expect_eq(slots[2], 0);
    cr_expect_eq(slots[3], 1, "the species alone: nothing else can be said of it");
}

Test(check, filled_in_and_begun)
{
    cr_assert(reads(
        "[{\"species\": \"charizard\", \"moves\": [\"flamethrower\"]}, {\"species\": \"giratina\", \"item\": "
        "\"griseouscore\", \"moves\": [\"shadowball\"]}, {\"species\": \"palafinhero\", \"moves\": [\"jetpunch\"]}]"));
    team_fill(facts(), format("any"), &team);
    cr_expect_str_eq(team.sets[0].ability, "blaze");
    cr_expect_str_eq(team.sets[0].tera, "fire");
    cr_expect_eq(team.sets[0].level, 100);
    team_settle(facts(), &team);
    cr_expect_str_eq(team.sets[1].species, "giratinaorigin");
    cr_expect_str_eq(team.sets[2].species, "palafin");
    team_begin(facts(), format("flat"), &team);
    cr_expect_eq(team.sets[0].level, 50);
}

/* ------------------------------------------------------------------------------------------------- random --- */

Test(random, ten_thousand_teams_are_legal)
{
    static const char *const formats[] = {"random", "any", "singles", "flat"};
    static struct team one;
    for (uint64_t seed = 0; seed < 10000; seed++) {
        const struct team_format *f = format(formats[seed % 4]);
        why = (struct team_problems){0};
        team_random(facts(), f, 6, seed, &one);
        cr_assert_eq(one.count, 6, "seed %d", (int)seed);
        cr_assert(team_check(facts(), f, &one, &why), "seed %d, slot %d, %s: %s", (int)seed, why.list[0].slot,
                  why.list[0].field, why.list[0].text);
        for (int i = 0; i < 6; i++) {
            cr_assert_eq(one.sets[i].moves_n, 4);
            for (int k = 0; k < i; k++)
                cr_assert_neq(facts()->species[team_species(facts(), one.sets[i].species)].base,
                              facts()->species[team_species(facts(), one.sets[k].species)].base);
        }
    }
}

Test(random, the_same_seed_is_the_same_team)
{
    static struct team a, b;
    char one[4096], two[4096];
    team_random(facts(), format("random"), 6, 42, &a);
    team_random(facts(), format("random"), 6, 42, &b);
    team_write(facts(), &a, TEAM_PACKED, one, sizeof one);
    team_write(facts(), &b, TEAM_PACKED, two, sizeof two);
    cr_expect_str_eq(one, two);
    team_random(facts(), format("random"), 6, 43, &b);
    team_write(facts(), &b, TEAM_PACKED, two, sizeof two);
    cr_expect_str_neq(one, two);
}

/* ------------------------------------------------------------------------------------------------- facts --- */

static const char *nothing(void *ctx, const char *name, size_t *len)
{
    const char *text = strcmp(name, ctx) == 0 ? "[{\"id\": \"x\"}]" : "[]";
    *len = strlen(text);
    return text;
}

Test(facts, bad_files_are_refused_with_their_name)
{
    char reason[200] = "";
    char bad[] = "moves.json", none[] = "";
    cr_expect_null(team_facts_read("x", nothing, bad, reason, sizeof reason));
    cr_expect(strstr(reason, "moves.json"), "%s", reason);
    struct team_facts *empty = team_facts_read("x", nothing, none, reason, sizeof reason);
    cr_expect(empty, "%s", reason);
    team_facts_free(empty);
    cr_expect_null(team_facts_find("gen0-v9"));
}

struct told {
    int n;
    char text[2000];
};

static void note(void *ctx, const char *file, const char *row, const char *sentence)
{
    struct told *told = ctx;
    const size_t len = strlen(told->text);
    told->n++;
    snprintf(told->text + len, sizeof told->text - len, "%s/%s: %s\n", file, row, sentence);
}

/* Two formats, a clause and a bound, each with a mistake or two. */
static const char *with_mistakes(void *ctx, const char *name, size_t *len)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"moves.json", "[{\"id\":\"pound\",\"name\":\"Pound\",\"type\":\"Normal\",\"category\":\"physical\"}]"},
        {"species.json", "[{\"id\":\"mew\",\"name\":\"Mew\",\"types\":[\"Psychic\"],\"tags\":[\"shy\"]}]"},
        {"learnsets.json", "[{\"id\":\"mew\",\"moves\":\"pound punt kick\"},{\"id\":\"mow\",\"moves\":\"pound\"}]"},
        {"legality.json", "[{\"id\":\"mew\",\"levels\":\"pound pound:5 slap:6\"}]"},
        {"clauses.json", "[{\"id\":\"odd\",\"name\":\"Odd\",\"moves\":[\"sing\"],\"once\":\"a day\"}]"},
        {"formats.json", "[{\"id\":\"one\",\"name\":\"One\",\"clauses\":[\"even\",\"odd\"]},{\"id\":\"two\"}]"},
    };
    const char *text = "[]";
    (void)ctx;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (!strcmp(files[i].name, name))
            text = files[i].text;
    *len = strlen(text);
    return text;
}

Test(facts, every_mistake_is_told)
{
    static const char all[] = "species.json/mew: there is no tag \"shy\"\n"
                              "learnsets.json/mew: there is no \"punt\"\n"
                              "learnsets.json/mew: there is no \"kick\"\n"
                              "learnsets.json/mow: there is no \"mow\"\n"
                              "legality.json/mew: levels are written as move:level\n"
                              "legality.json/mew: there is no \"slap\"\n"
                              "clauses.json/odd: there is no \"sing\"\n"
                              "clauses.json/odd: \"a day\" means nothing here\n"
                              "formats.json/one: there is no clause \"even\"\n"
                              "formats.json/one: size, level, level_default or moves is missing or makes no sense\n"
                              "formats.json/two: id or name is missing or too long\n"
                              "formats.json/two: size, level, level_default or moves is missing or makes no sense\n";
    struct told told = {0};
    char reason[200];
    cr_expect_null(team_facts_check("x", with_mistakes, NULL, note, &told));
    cr_expect_str_eq(told.text, all);
    cr_expect_eq(told.n, 12);
    cr_expect_null(team_facts_read("x", with_mistakes, NULL, reason, sizeof reason));
    cr_expect_str_eq(reason, "species.json: mew: there is no tag \"shy\"");
}

/* The files of the source tree, which are those that were built in. */
static const char *from_tree(void *ctx, const char *name, size_t *len)
{
    static char text[1 << 20];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", (const char *)ctx, name);
    FILE *file = fopen(path, "rb");
    *len = file ? fread(text, 1, sizeof text, file) : 0;
    if (file)
        fclose(file);
    return *len ? text : NULL;
}

Test(facts, the_files_of_the_tree_are_read)
{
    char reason[200] = "", folder[] = TEAM_DATA;
    struct team_facts *f = team_facts_read("gen9-v1", from_tree, folder, reason, sizeof reason);
    cr_assert(f, "%s", reason);
    cr_expect(f->species_n == facts()->species_n && f->moves_n == facts()->moves_n && f->formats_n >= 4);
    team_facts_free(f);
}
