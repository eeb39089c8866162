/*
 * test_battle_national.c - Mega Evolution, Primal Reversion, Ultra Burst and Z-Moves, and the data version they are in.
 */
#include "engine.h"
#include "test_battle_play.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEGA = BATTLE_CHOICE_MEGA, Z = BATTLE_CHOICE_Z };

static const struct dex *dex(void)
{
    const struct dex *found = dex_find("natdex-v1");
    cr_assert(found);
    return found;
}

/* "charizard @ charizarditex : blaze : flareblitz roost" */
static struct battle_set pokemon(const char *text)
{
    char species[32], item[32], ability[32], moves[128], *at, *save;
    int n = 0;
    cr_assert_eq(sscanf(text, "%31s @ %31s : %31s : %127[^\n]", species, item, ability, moves), 4, "%s", text);
    struct battle_set set = battle_set_default(dex_species(dex(), species));
    cr_assert(set.species, "no species %s", species);
    set.item = dex_item(dex(), item);
    cr_assert(set.item || !strcmp(item, "-"), "no item %s", item);
    set.ability = dex_ability(dex(), ability);
    cr_assert(set.ability, "no ability %s", ability);
    for (at = strtok_r(moves, " ", &save); at; at = strtok_r(NULL, " ", &save)) {
        set.moves[n] = dex_move(dex(), at);
        cr_assert(set.moves[n++], "no move %s", at);
    }
    return set;
}

static char said[1 << 15];
static struct battle_known known; /* of the battle that is played */

static void keep(const struct battle *b, const struct battle_log *log)
{
    struct battle_text text = {said, sizeof said - 1, 0, false};
    battle_log_text(b, dex(), log, BATTLE_FULL, &text);
    said[text.len] = 0;
}

static struct battle_known known; /* of the last battle */

/* A battle of teams given one Pokémon a line. */
static struct battle start(const char *one, const char *two)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
    struct battle_set teams[2][BATTLE_PARTY] = {0};
    const char *texts[2] = {one, two};
    int sizes[2] = {0, 0};
    struct battle b;
    for (int i = 0; i < 2; i++)
        for (const char *at = texts[i]; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
            teams[i][sizes[i]++] = pokemon(at);
    cr_assert_eq(battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 7, &log), 0);
    keep(&b, &log);
    return b;
}

static void step(struct battle *b, int one, int two)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX, .known = &known};
    cr_assert(battle_step(b, dex(), one, two, &log) >= 0, "choices %d and %d are refused", one, two);
    keep(b, &log);
}

/* These lines were said, one after the other. */
static void lines(const char *expected)
{
    cr_assert(strstr(said, expected), "expected\n%s\nin\n%s", expected, said);
}

static uint32_t may(const struct battle *b, int side, int kind)
{
    return battle_choices(b, dex(), side) >> kind & 15;
}

#define ON(b, side) ((b).sides[side].on)
static const char *species_of(const struct battle *b, int side)
{
    return dex()->species[b->sides[side].on.species].id;
}

/* --------------------------------------------------------------------------------------------------- formes --- */

Test(mega, comes_before_the_moves_and_changes_their_order)
{
    struct battle b = start("beedrill @ beedrillite : swarm : poisonjab protect", "jolteon @ - : voltabsorb : growl");
    cr_assert_eq(may(&b, 0, MEGA), 3u);
    cr_assert_eq(may(&b, 1, MEGA), 0u);
    step(&b, MEGA, 0);
    lines("|detailschange|p1a: Beedrill|Beedrill-Mega, L50\n|-mega|p1a: Beedrill|Beedrill|Beedrillite\n"
          "|move|p1a: Beedrill|Poison Jab|p2a: Jolteon\n");
    cr_assert_str_eq(species_of(&b, 0), "beedrillmega");
    cr_assert_eq(ON(b, 0).ability, dex_ability(dex(), "adaptability"));
    cr_assert_eq(may(&b, 0, MEGA), 0u, "once");
}

Test(mega, its_ability_starts_at_once)
{
    struct battle b = start("charizard @ charizarditey : blaze : ember", "blissey @ - : naturalcure : growl");
    step(&b, MEGA, 0);
    lines("|-mega|p1a: Charizard|Charizard|Charizardite Y\n|-weather|SunnyDay|[from] ability: Drought|[of] p1a: "
          "Charizard\n");
    cr_assert_eq(b.weather, WEATHER_SUN);
}

Test(mega, white_herb_undoes_its_intimidate_at_once)
{
    struct battle b = start("manectric @ manectite : static : splash", "blissey @ whiteherb : naturalcure : splash");
    step(&b, MEGA, 0);
    lines("|-unboost|p2a: Blissey|atk|1\n|-enditem|p2a: Blissey|White Herb\n");
}

Test(mega, one_of_a_side)
{
    struct battle b = start("absol @ absolite : pressure : splash\nabomasnow @ abomasite : snowwarning : splash",
                            "blissey @ - : naturalcure : growl");
    step(&b, MEGA, 0);
    step(&b, BATTLE_CHOICE_SWITCH + 1, 0);
    cr_assert_eq(may(&b, 0, MEGA), 0u);
    cr_assert_eq(may(&b, 0, BATTLE_CHOICE_TERA), 0u, "who could mega evolve does not terastallize");
    struct battle_view v;
    battle_view(&b, &known, dex(), 1, &v);
    cr_assert(v.sides[0].mega_used && !v.sides[1].mega_used && !v.sides[0].z_used);
    cr_assert_str_eq(dex()->species[v.sides[0].party[0].species].id, "absolmega");
    cr_assert_eq(v.sides[0].party[0].item, dex_item(dex(), "absolite"), "the line named it");
}

Test(mega, rayquaza_needs_a_move_and_no_stone)
{
    struct battle b =
        start("rayquaza @ leftovers : airlock : dragonascent protect", "blissey @ - : naturalcure : growl");
    cr_assert_eq(may(&b, 0, MEGA), 3u);
    step(&b, MEGA + 1, 0);
    lines("|-mega|p1a: Rayquaza|Rayquaza|\n");
    cr_assert_eq(b.weather, WEATHER_STRONG_WINDS);
    b = start("rayquaza @ flyiniumz : airlock : dragonascent", "blissey @ - : naturalcure : growl");
    cr_assert_eq(may(&b, 0, MEGA), 0u, "not with a Z-Crystal");
}

Test(mega, the_stone_stays)
{
    struct battle b = start("scizor @ scizorite : technician : tackle", "blissey @ - : naturalcure : knockoff trick");
    step(&b, 0, 0);
    cr_assert_eq(b.sides[0].party[0].item, dex_item(dex(), "scizorite"));
    b = start("blissey @ scizorite : naturalcure : growl", "chansey @ - : naturalcure : knockoff");
    step(&b, 0, 0);
    cr_assert_eq(b.sides[0].party[0].item, 0, "with anybody else it does not");
}

Test(mega, a_fainted_one_is_its_first_forme_again)
{
    struct battle b = start("absol @ absolite : pressure : splash\nblissey @ - : naturalcure : growl",
                            "machamp @ - : noguard : dynamicpunch growl");
    step(&b, MEGA, 1);
    b.sides[0].party[0].hp = 1;
    step(&b, 0, 0);
    lines("|faint|p1a: Absol\n|detailschange|p1: Absol|Absol, L50|[silent]\n");
    cr_assert_eq(b.sides[0].party[0].species, dex_species(dex(), "absol"));
}

Test(primal, it_reverts_when_it_goes_in)
{
    struct battle b = start("groudon @ redorb : drought : splash", "kyogre @ blueorb : drizzle : splash");
    lines("|-primal|p1a: Groudon|Red Orb\n|-weather|DesolateLand|[from] ability: Desolate Land|[of] p1a: Groudon\n");
    lines("|-primal|p2a: Kyogre|Blue Orb\n");
    cr_assert_str_eq(species_of(&b, 1), "kyogreprimal");
    cr_assert_eq(battle_choices(&b, dex(), 0), 1u, "no Terastallization, nothing else");
}

Test(ultra, burst_then_its_own_z_move)
{
    struct battle b = start("necrozmadawnwings @ ultranecroziumz : prismarmor : photongeyser calmmind",
                            "blissey @ - : naturalcure : growl");
    cr_assert_eq(may(&b, 0, MEGA), 3u);
    cr_assert_eq(may(&b, 0, Z), 0u);
    step(&b, MEGA + 1, 0);
    lines("|Necrozma-Ultra, L50\n|-burst|p1a: Necrozma-Dawn-Wings|Necrozma|Ultranecrozium Z\n");
    cr_assert_eq(may(&b, 0, Z), 1u);
    step(&b, Z, 0);
    lines("|-zpower|p1a: Necrozma-Dawn-Wings\n|move|p1a: Necrozma-Dawn-Wings|Light That Burns the Sky|p2a: "
          "Blissey|[zeffect]\n");
}

/* -------------------------------------------------------------------------------------------------- Z-Moves --- */

Test(zmove, takes_the_type_of_its_crystal_once)
{
    struct battle b = start("snorlax @ normaliumz : thickfat : bodyslam crunch splash", "steelix @ - : sturdy : growl");
    cr_assert_eq(may(&b, 0, Z), 5u, "Body Slam and Splash");
    cr_assert_eq(may(&b, 0, BATTLE_CHOICE_TERA), 0u);
    const uint8_t pp = b.sides[0].party[0].pp[0];
    step(&b, Z, 0);
    lines("|-zpower|p1a: Snorlax\n|move|p1a: Snorlax|Breakneck Blitz|p2a: Steelix|[zeffect]\n");
    cr_assert_eq(b.sides[0].party[0].pp[0], pp - 1);
    cr_assert_eq(may(&b, 0, Z), 0u);
    step(&b, 0, 0);
    cr_assert(!strstr(said, "zpower"));
}

Test(zmove, a_status_move_brings_more)
{
    struct battle b = start("magikarp @ normaliumz : swiftswim : splash", "steelix @ - : sturdy : harden");
    step(&b, Z, 0);
    lines("|move|p1a: Magikarp|Z-Splash|p1a: Magikarp|[anim]Splash\n|-boost|p1a: Magikarp|atk|3|[zeffect]\n");
    cr_assert_eq(ON(b, 0).boosts[STAT_ATK], 3);
}

Test(zmove, one_that_heals_who_comes_next)
{
    struct battle b = start("umbreon @ darkiniumz : synchronize : memento\nblissey @ - : naturalcure : growl",
                            "steelix @ - : sturdy : harden");
    b.sides[0].party[1].hp = 1;
    step(&b, Z, 0);
    lines("|-activate|p1a: Umbreon|healreplacement\n");
    step(&b, BATTLE_CHOICE_SWITCH + 1, BATTLE_NO_CHOICE);
    lines("|[from] move: Memento|[zeffect]\n");
    cr_assert_eq(b.sides[0].party[1].hp, b.sides[0].party[1].hp_max);
}

/* A quarter of the damage goes through: on average of many hits, one in 24 of them critical. */
Test(zmove, sheer_force_takes_the_stages_of_clangorous_soulblaze)
{
    static const char *const abilities[2] = {"overcoat", "sheerforce"};
    for (int sheer = 0; sheer < 2; sheer++) {
        struct battle b = start("kommoo @ kommoniumz : overcoat : clangingscales",
                                "blissey @ - : naturalcure : splash\nblissey @ - : naturalcure : splash");
        ON(b, 0).ability = b.sides[0].party[0].ability = dex_ability(dex(), abilities[sheer]);
        b.sides[1].party[0].hp = 1;
        step(&b, Z, 0);
        lines("|faint|p2a: Blissey\n");
        cr_assert_eq(strstr(said, "|-boost|p1a: Kommo-o|") == NULL, sheer, "%s", said);
    }
}

Test(zmove, breaks_protect)
{
    int through = 0, plain = 0;
    for (int i = 0; i < 400; i++) {
        const bool guard = i % 2;
        struct battle b =
            start("magikarp @ normaliumz : swiftswim : tackle", "blissey @ - : naturalcure : protect growl");
        battle_reseed(&b, (uint64_t)i);
        step(&b, Z, guard ? 0 : 1);
        const int lost = b.sides[1].party[0].hp_max - b.sides[1].party[0].hp;
        *(guard ? &through : &plain) += lost;
        if (guard)
            lines("|-zbroken|p2a: Blissey\n");
    }
    cr_assert(through * 37 < plain * 10 && through * 43 > plain * 10, "%d of %d", through, plain);
}

Test(zmove, made_for_one_species_and_move)
{
    struct battle b =
        start("pikachu @ pikaniumz : static : thunderbolt volttackle", "blissey @ - : naturalcure : growl");
    cr_assert_eq(may(&b, 0, Z), 2u);
    step(&b, Z + 1, 0);
    lines("|move|p1a: Pikachu|Catastropika|p2a: Blissey|[zeffect]\n");
    b = start("raichu @ pikaniumz : static : thunderbolt volttackle", "blissey @ - : naturalcure : growl");
    cr_assert_eq(may(&b, 0, Z), 0u);
}

Test(zmove, a_barred_move_may_still_be_one)
{
    struct battle b = start("snorlax @ normaliumz : thickfat : splash tackle", "sableye @ - : prankster : taunt growl");
    step(&b, 1, 0);
    cr_assert_eq(battle_choices(&b, dex(), 0) & 15u, 2u);
    cr_assert_eq(may(&b, 0, Z), 3u);
    step(&b, Z, 1);
    lines("|-boost|p1a: Snorlax|atk|3|[zeffect]\n");
}

/* The foe pivots first: what waits is stored with the battle and read again. */
Test(zmove, waits_through_a_halt)
{
    struct battle b = start("snorlax @ normaliumz : thickfat : bodyslam",
                            "jolteon @ - : voltabsorb : voltswitch\nblissey @ - : naturalcure : growl"),
                  again;
    uint8_t bytes[BATTLE_ENCODED_MAX];
    step(&b, Z, 0);
    cr_assert_eq(b.phase, BATTLE_PIVOT);
    const size_t n = battle_encode(&b, bytes);
    cr_assert_eq(battle_decode(&again, dex(), bytes, n), 0);
    step(&again, BATTLE_NO_CHOICE, BATTLE_CHOICE_SWITCH + 1);
    lines("|-zpower|p1a: Snorlax\n|move|p1a: Snorlax|Breakneck Blitz|p2a: Blissey|[zeffect]\n");
}

/* How many moves of the other side's only Pokémon are known to side 1. */
static int moves_seen(const struct battle *b)
{
    struct battle_view v;
    int n = 0;
    battle_view(b, &known, dex(), 1, &v);
    for (int i = 0; i < BATTLE_MOVES; i++)
        n += v.sides[0].party[0].moves[i] != 0;
    return n;
}

/* The line names the Z-Move: which move became it is not known, until it is used as itself. */
Test(zmove, does_not_tell_which_move_it_was)
{
    static const char foe[] = "steelix @ leftovers : sturdy : harden growl";
    struct battle b = start("snorlax @ normaliumz : immunity : bodyslam splash", foe);
    step(&b, Z + 0, 1);
    lines("|Breakneck Blitz|p2a: Steelix");
    cr_assert_eq(moves_seen(&b), 0, "%s", said);
    step(&b, 0, 1);
    cr_assert_eq(moves_seen(&b), 1, "%s", said);
    b = start("snorlax @ normaliumz : immunity : bodyslam splash", foe);
    step(&b, Z + 1, 1); /* a status move is named as it is */
    cr_assert_eq(moves_seen(&b), 1, "%s", said);
}

Test(zmove, an_illusion_that_breaks_does_not_tell_either)
{
    struct battle b = start("zoroark @ normaliumz : illusion : bodyslam splash\nsnorlax @ leftovers : immunity : rest",
                            "steelix @ leftovers : sturdy : harden growl");
    cr_assert_eq(b.sides[0].on.illusion, 1);
    step(&b, Z + 0, 1);
    lines("|Breakneck Blitz|p2a: Steelix");
    cr_assert_eq(b.sides[0].on.illusion, 0xff);
    cr_assert_eq(moves_seen(&b), 0, "%s", said);
}

Test(zmove, is_nobodys_own)
{
    struct battle_set team[1] = {pokemon("snorlax @ normaliumz : thickfat : splash")};
    cr_assert_eq(battle_team_check(dex(), team, 1), 0);
    team[0].moves[0] = dex_move(dex(), "breakneckblitz");
    cr_assert_eq(battle_team_check(dex(), team, 1), -1);
}

/* ----------------------------------------------------------------------------------------------------- data --- */

Test(base, what_it_has_and_what_it_adds)
{
    const struct dex *nine = dex_find("gen9-v1");
    cr_assert(nine && !nine->mega && !nine->z_moves && dex()->mega && dex()->z_moves);
    cr_assert_eq(dex()->turn_cap, nine->turn_cap);
    cr_assert(dex()->species_n > nine->species_n && dex()->items_n > nine->items_n);
    for (unsigned i = 1; i <= nine->moves_n; i++)
        cr_assert(dex_move(dex(), nine->moves[i].id), "%s is gone", nine->moves[i].id);
    for (unsigned i = 2; i <= dex()->moves_n; i++)
        cr_assert(strcmp(dex()->moves[i - 1].id, dex()->moves[i].id) < 0);
    cr_assert(dex_learns(dex(), dex_species(dex(), "charizard"), dex_move(dex(), "fireblast")), "as in the base");
    cr_assert(dex_learns(dex(), dex_species(dex(), "charizard"), dex_move(dex(), "return")), "besides");
    for (int type = 1; type < TYPE_STELLAR; type++)
        cr_assert(dex()->z_by_type[type], "no Z-Move of type %s", dex_type_name(type));
}

static void note(void *ctx, const char *document, const char *entry, const char *sentence)
{
    char *out = ctx;
    if (!*out)
        snprintf(out, 256, "%s, %s: %s", document, entry ? entry : "", sentence);
}

Test(base, must_be_there)
{
    static const char *const rules[] = {"{\"base\": \"gen0-v1\"}", "{\"base\": \"natdex-v1\"}", "{\"base\": 9}"};
    for (int i = 0; i < 3; i++) {
        char why[256] = "";
        const struct dex_document document = {"rules", rules[i], strlen(rules[i])};
        cr_assert_null(dex_from_texts("mine", &document, 1, note, why));
        cr_assert(strstr(why, "rules, base: ") && strstr(why, "is no version that another can build on"), "%s", why);
    }
}

/* A version of two lines: all else is the base's. */
Test(base, may_be_changed_by_a_row)
{
    static const char rules[] = "{\"base\": \"gen9-v1\"}",
                      effects[] = "{\"pound\": [{\"on\": \"power\", \"do\": [\"set 99\"]}]}";
    const struct dex_document documents[] = {{"rules", rules, strlen(rules)},
                                             {"effects/moves", effects, strlen(effects)}};
    char why[256] = "";
    struct dex *mine = dex_from_texts("mine", documents, 2, note, why);
    cr_assert(mine, "%s", why);
    const struct dex *nine = dex_find("gen9-v1");
    cr_assert_eq(mine->moves_n, nine->moves_n);
    cr_assert(mine->moves[dex_move(mine, "pound")].powered && !nine->moves[dex_move(nine, "pound")].powered);
    dex_free(mine);
}

/* Any items and abilities on anybody: every battle ends, and every state can be stored and read again. */
Test(national, battles_end_and_can_be_stored)
{
    uint64_t state = 99;
    int megas = 0, zs = 0;
    for (int n = 0; n < 200; n++) {
        struct battle b, again;
        struct battle_set teams[2][BATTLE_PARTY];
        uint8_t bytes[BATTLE_ENCODED_MAX];
        int sizes[2];
        play_teams(dex(), &state, teams, sizes);
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < sizes[i]; j++) {
                struct battle_set *set = &teams[i][j];
                set->item = (uint16_t)(1 + play_below(&state, dex()->items_n));
                set->ability = (uint16_t)(1 + play_below(&state, dex()->abilities_n));
                const struct dex_item *item = &dex()->items[set->item];
                if (item->mega_from)
                    set->species = item->mega_from;
                if (item->z_from)
                    set->species = item->users[0], set->moves[0] = item->z_from;
                for (int k = 1; k < BATTLE_MOVES; k++)
                    if (set->moves[k] == set->moves[0])
                        set->moves[k] = dex_move(dex(), "splash");
            }
        if (battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, state, NULL))
            continue; /* Splash twice */
        for (int steps = 0; b.phase != BATTLE_ENDED; steps++) {
            cr_assert(steps < 3000);
            const size_t len = battle_encode(&b, bytes);
            cr_assert_eq(battle_decode(&again, dex(), bytes, len), 0, "battle %d, step %d", n, steps);
            cr_assert_eq(battle_digest(&again), battle_digest(&b));
            int choice[2];
            for (int i = 0; i < 2; i++)
                choice[i] = play_choice(battle_choices(&b, dex(), i), &state);
            cr_assert(battle_step(&b, dex(), choice[0], choice[1], NULL) >= 0);
        }
        for (int i = 0; i < 2; i++) {
            megas += b.sides[i].once & ONCE_MEGA;
            zs += b.sides[i].once & ONCE_Z;
        }
    }
    cr_assert(megas && zs);
}

/* ------------------------------------------------------------------------------------------- moves of the past --- */

static int moves_of(const struct battle *b, int side)
{
    return (int)(battle_choices(b, dex(), side) & 15);
}

Test(past, pursuit_strikes_who_is_called_back)
{
    struct battle b = start("umbreon @ - : innerfocus : pursuit", "blissey @ - : naturalcure : softboiled\n"
                                                                  "chansey @ - : naturalcure : softboiled");
    step(&b, 0, BATTLE_CHOICE_SWITCH + 1);
    lines("|move|p1a: Umbreon|Pursuit|p2a: Blissey");
    cr_assert_lt(b.sides[1].party[0].hp, b.sides[1].party[0].hp_max);
    cr_assert(strstr(strstr(said, "|-damage|p2a: Blissey"), "|switch|p2a: Chansey"), "in this order: %s", said);
}

Test(past, bide_gives_back_twice_what_was_taken)
{
    struct battle b = start("snorlax @ - : thickfat : bide", "blissey @ - : naturalcure : seismictoss softboiled");
    step(&b, 0, 0);
    lines("|-start|p1a: Snorlax|move: Bide\n");
    cr_assert_eq(moves_of(&b, 0), 0, "it is locked into it");
    step(&b, BATTLE_CHOICE_FORCED, 0);
    lines("|-activate|p1a: Snorlax|move: Bide\n");
    const int before = b.sides[1].party[0].hp;
    step(&b, BATTLE_CHOICE_FORCED, 1);
    lines("|-end|p1a: Snorlax|move: Bide\n|-damage|p2a: Blissey|");
    cr_assert_lt(b.sides[1].party[0].hp, before);
    cr_assert_eq(moves_of(&b, 0), 1, "and free again");
}

Test(past, sky_drop_takes_the_foe_along)
{
    struct battle b = start("jolteon @ - : voltabsorb : skydrop", "pikachu @ - : static : thunderbolt");
    step(&b, 0, 0);
    lines("|-prepare|p1a: Jolteon|Sky Drop|p2a: Pikachu\n");
    cr_assert(!strstr(said, "Thunderbolt"), "who is carried does nothing: %s", said);
    cr_assert_eq(battle_choices(&b, dex(), 1) >> BATTLE_CHOICE_SWITCH & 63, 0u);
    step(&b, BATTLE_CHOICE_FORCED, 0);
    lines("|-end|p2a: Pikachu|Sky Drop\n");
    lines("|move|p2a: Pikachu|Thunderbolt|p1a: Jolteon");
}

Test(past, sky_drop_lifts_nobody_heavy)
{
    struct battle b = start("pidgeot @ - : keeneye : skydrop", "snorlax @ - : thickfat : rest");
    step(&b, 0, 0);
    lines("|-fail|p2a: Snorlax|move: Sky Drop|[heavy]\n");
}

Test(past, snatch_and_magic_coat_take_what_others_do)
{
    struct battle b = start("weavile @ - : pressure : snatch magiccoat", "blissey @ - : naturalcure : calmmind toxic");
    step(&b, 0, 0);
    lines("|-activate|p1a: Weavile|move: Snatch|[of] p2a: Blissey\n|move|p1a: Weavile|Calm Mind|p1a: Weavile");
    cr_assert_eq(ON(b, 0).boosts[STAT_SPA], 1);
    cr_assert_eq(ON(b, 1).boosts[STAT_SPA], 0);
    step(&b, 1, 1);
    cr_assert_eq(b.sides[0].party[0].status, STATUS_NONE);
    cr_assert_eq(b.sides[1].party[0].status, STATUS_TOX, "sent back");
}

Test(past, hail_hurts_but_does_not_harden)
{
    struct battle b = start("jynx @ - : oblivious : hail", "blissey @ - : naturalcure : softboiled");
    step(&b, 0, 0);
    lines("|-weather|Hail\n");
    lines("|-damage|p2a: Blissey|");
    lines("|[from] Hail\n");
    cr_assert(!strstr(said, "|-damage|p1a: Jynx"), "Ice types do not mind");
    cr_assert_eq(b.weather, WEATHER_HAIL);
}

Test(past, shell_trap_needs_a_physical_hit)
{
    struct battle b = start("turtonator @ - : shellarmor : shelltrap", "machamp @ - : noguard : tackle bulkup");
    step(&b, 0, 1);
    lines("|cant|p1a: Turtonator|Shell Trap|Shell Trap\n");
    step(&b, 0, 0);
    lines("|move|p1a: Turtonator|Shell Trap|p2a: Machamp");
}

Test(past, shields_of_a_side)
{
    struct battle b = start("greninja @ - : torrent : matblock craftyshield", "machamp @ - : noguard : tackle leer");
    step(&b, 0, 0);
    lines("|-activate|p1a: Greninja|move: Mat Block|Tackle\n");
    step(&b, 1, 1);
    lines("|-activate|p1a: Greninja|move: Crafty Shield\n");
    step(&b, 0, 0);
    lines("|-fail|p1a: Greninja\n");
    lines("|-damage|p1a: Greninja|");
}

Test(past, secret_power_goes_by_the_floor)
{
    int asleep = 0;
    for (int i = 0; i < 60; i++) {
        struct battle b = start("tapubulu @ - : grassysurge : secretpower", "blissey @ - : shielddust : splash");
        battle_reseed(&b, (uint64_t)i);
        ON(b, 1).ability = b.sides[1].party[0].ability = dex_ability(dex(), "healer");
        step(&b, 0, 0);
        asleep += b.sides[1].party[0].status == STATUS_SLP;
        cr_assert_neq(b.sides[1].party[0].status, STATUS_PAR);
    }
    cr_assert(asleep > 5 && asleep < 40, "%d of 60", asleep);
}

Test(past, a_berry_that_does_nothing_is_not_eaten)
{
    struct battle b = start("greedent @ - : cheekpouch : pluck", "blissey @ nanabberry : naturalcure : splash");
    b.sides[0].party[0].hp = 1;
    step(&b, 0, 0);
    lines("|-enditem|p2a: Blissey|Nanab Berry|[from] stealeat|");
    cr_assert(!strstr(said, "Cheek Pouch"), "%s", said);
    cr_assert(!(b.sides[0].party[0].flags & MON_ATE_BERRY));
}

Test(past, the_wish_of_one_hp_heals_one)
{
    struct battle b = start("shedinja @ - : wonderguard : wish\nchansey @ - : naturalcure : splash",
                            "blissey @ - : naturalcure : splash");
    b.sides[0].party[1].hp = 5;
    step(&b, 0, 0);
    step(&b, BATTLE_CHOICE_SWITCH + 1, 0);
    lines("|[from] move: Wish|[wisher] Shedinja\n");
    cr_assert_eq(b.sides[0].party[1].hp, 6);
}

/* ------------------------------------------------------------------------------------------- what came first --- */

Test(order, octolock_and_syrup_bomb_come_as_they_came)
{
    static const char *const lower[2] = {"|-unboost|p1a: Snorlax|def|1\n|-unboost|p1a: Snorlax|spd|1\n",
                                         "|-unboost|p1a: Snorlax|spe|1\n"};
    for (int syrup_first = 0; syrup_first < 2; syrup_first++) {
        struct battle b = start("snorlax @ - : thickfat : splash", "dipplin @ - : noguard : octolock syrupbomb");
        char expected[200];
        b.sides[0].party[0].hp = b.sides[0].party[0].hp_max = 999;
        step(&b, 0, syrup_first);
        step(&b, 0, !syrup_first);
        snprintf(expected, sizeof expected, "%s%s|upkeep\n", lower[syrup_first], lower[!syrup_first]);
        cr_assert(strstr(said, expected), "expected\n%s\nin\n%s", expected, said);
    }
}

Test(order, who_is_thrown_out_goes_even_after_the_end)
{
    struct battle b = start("machamp @ lifeorb : noguard : circlethrow",
                            "slowbro @ - : oblivious : splash\nsnorlax @ - : thickfat : splash");
    b.sides[0].party[0].hp = 1;
    step(&b, 0, 0);
    lines("|faint|p1a: Machamp\n|win|p2\n|drag|p2a: Snorlax|");
    cr_assert_eq(b.sides[1].active, 1);
}

Test(order, attract_and_syrup_bomb_end_as_they_came)
{
    static const char *const ends[2] = {"|-end|p1a: Snorlax|Attract|[silent]\n",
                                        "|-end|p1a: Snorlax|Syrup Bomb|[silent]\n"};
    for (int syrup_first = 0; syrup_first < 2; syrup_first++) {
        struct battle b = start("snorlax @ - : thickfat : splash",
                                "dipplin @ - : noguard : attract syrupbomb\nblissey @ - : naturalcure : growl");
        char expected[200];
        b.sides[0].party[0].hp = b.sides[0].party[0].hp_max = 999;
        b.sides[0].party[0].gender = GENDER_MALE;
        b.sides[1].party[0].gender = GENDER_FEMALE;
        step(&b, 0, syrup_first);
        step(&b, 0, !syrup_first);
        step(&b, 0, BATTLE_CHOICE_SWITCH + 1);
        snprintf(expected, sizeof expected, "%s%s", ends[syrup_first], ends[!syrup_first]);
        cr_assert(strstr(said, expected), "expected\n%s\nin\n%s", expected, said);
    }
}

/* What is added to a line comes last. */
Test(past, bide_without_damage_ends_in_the_line_of_the_foe)
{
    struct battle b = start("snorlax @ - : thickfat : bide", "blissey @ - : naturalcure : helpinghand splash");
    step(&b, 0, 1);
    step(&b, BATTLE_CHOICE_FORCED, 1);
    step(&b, BATTLE_CHOICE_FORCED, 0);
    lines("Blissey|Helping Hand||[notarget]|[still]\n");
    lines("|-end|p1a: Snorlax|move: Bide\n|-fail|p1a: Snorlax\n");
}

/* Encore puts Bide in place of Focus Punch, which is lost by what Bide does to itself. */
Test(past, bide_stores_nothing_of_a_lost_focus)
{
    struct battle b = start("snorlax @ - : thickfat : bide focuspunch", "blissey @ - : naturalcure : encore splash");
    b.sides[0].party[0].hp = b.sides[0].party[0].hp_max = 999;
    step(&b, 0, 1);
    for (int i = 0; i < 2; i++)
        step(&b, BATTLE_CHOICE_FORCED, 1);
    step(&b, 1, 0);
    lines("|-start|p1a: Snorlax|Encore\n|move|p1a: Snorlax|Bide|p1a: Snorlax\n|-start|p1a: Snorlax|move: Bide\n");
    step(&b, BATTLE_CHOICE_FORCED, 1);
    step(&b, BATTLE_CHOICE_FORCED, 1);
    lines("|-end|p1a: Snorlax|move: Bide\n|-fail|p1a: Snorlax\n");
}

Test(past, bide_finds_a_ghost_in_a_line_that_is_still)
{
    struct battle b = start("snorlax @ - : thickfat : bide", "gengar @ - : cursedbody : tackle splash spotlight");
    step(&b, 0, 1);
    step(&b, BATTLE_CHOICE_FORCED, 0);
    step(&b, BATTLE_CHOICE_FORCED, 2);
    lines(
        "Gengar|Spotlight||[still]|[still]\n|-fail|p2a: Gengar\n|-end|p1a: Snorlax|move: Bide\n|-immune|p2a: Gengar\n");
}

/* Who did it fell at the end of the turn, after Octolock had its turn there. */
Test(past, octolock_of_one_that_fell_does_not_trap)
{
    struct battle b = start("snorlax @ - : thickfat : splash\nblissey @ - : naturalcure : growl",
                            "dipplin @ - : noguard : octolock perishsong\nblissey @ - : naturalcure : growl");
    const uint32_t bench = 63u << BATTLE_CHOICE_SWITCH;
    step(&b, 0, 1);
    step(&b, BATTLE_CHOICE_SWITCH + 1, 0);
    cr_assert_eq(battle_choices(&b, dex(), 0) & bench, 0u, "Octolock holds");
    for (int i = 0; i < 2; i++)
        step(&b, 0, 0);
    lines("|-unboost|p1a: Blissey|spd|1\n|-start|p2a: Dipplin|perish0\n|upkeep\n|faint|p2a: Dipplin\n");
    step(&b, BATTLE_NO_CHOICE, BATTLE_CHOICE_SWITCH + 1);
    cr_assert_neq(battle_choices(&b, dex(), 0) & bench, 0u, "nobody holds it any more");
}

/* What Transform copies is not said aloud. */
Test(formes, laser_focus_is_copied_in_silence)
{
    struct battle b = start("ditto @ - : limber : transform", "jolteon @ - : voltabsorb : laserfocus");
    step(&b, 0, 0);
    lines("|-start|p2a: Jolteon|move: Laser Focus\n|move|p1a: Ditto|Transform|p2a: Jolteon\n"
          "|-start|p1a: Ditto|move: Laser Focus|[silent]\n|-transform|p1a: Ditto|p2a: Jolteon\n");
}

/* A freeze takes Shaymin out of the sky for good. */
Test(formes, a_frozen_shaymin_stays_on_the_ground)
{
    struct battle b = start("shayminsky @ - : serenegrace : splash\nblissey @ - : naturalcure : splash",
                            "glalie @ - : innerfocus : powdersnow");
    for (int i = 0; i < 100 && b.sides[0].party[0].hp && b.sides[0].party[0].status != STATUS_FRZ; i++) {
        b.sides[0].party[0].hp = b.sides[0].party[0].hp_max;
        step(&b, 0, 0);
        b.sides[1].party[0].pp[0] = 20;
    }
    lines("|-status|p1a: Shaymin-Sky|frz\n|detailschange|p1a: Shaymin-Sky|Shaymin, L50\n|-formechange|p1a: "
          "Shaymin-Sky|Shaymin|\n");
    b.sides[0].party[0].hp = 1;
    step(&b, 0, 0);
    lines("|faint|p1a: Shaymin-Sky\n|\n|upkeep\n");
    cr_assert_eq(b.sides[0].party[0].species, dex_species(dex(), "shaymin"));
}

/* Mega Evolution brings another ability and leaves the looks on. */
Test(mega, its_illusion_breaks_in_neutralizing_gas)
{
    struct battle b = start("lopunny @ lopunnite : illusion : splash\nsnorlax @ - : thickfat : splash",
                            "blissey @ - : naturalcure : growl\nweezing @ - : neutralizinggas : growl");
    step(&b, MEGA, 0);
    cr_assert_eq(ON(b, 0).illusion, 1);
    step(&b, 0, BATTLE_CHOICE_SWITCH + 1);
    lines("|-ability|p2a: Weezing|Neutralizing Gas\n|replace|p1a: Lopunny|Lopunny-Mega, L50\n|-end|p1a: "
          "Lopunny|Illusion\n");
}

Test(primal, behind_an_illusion_it_names_who_is_not_out)
{
    start("kyogre @ blueorb : illusion : splash\nsnorlax @ - : thickfat : splash", "blissey @ - : naturalcure : growl");
    lines("|-primal|p1: Snorlax|Blue Orb\n|-weather|PrimordialSea|[from] ability: Primordial Sea|[of] p1a: Snorlax\n");
}

Test(past, anticipation_knows_the_type_of_hidden_power)
{
    start("snorlax @ - : thickfat : hiddenpower", "eevee @ - : anticipation : splash");
    cr_assert_null(strstr(said, "Anticipation"), "Dark is not very effective: %s", said);
    start("snorlax @ - : thickfat : hiddenpower", "flittle @ - : anticipation : splash");
    lines("|-ability|p2a: Flittle|Anticipation\n");
}
