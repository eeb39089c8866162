/*
 * test_battle_vectors9.c - all 16 rolls of every damage vector of generation 9.
 *
 *     test_battle_vectors9 tests/oracle/damage9.txt [SHOWN]
 *
 * See tests/oracle/vectors.js for the format.  Where the two judges differ, the simulator's rolls count.
 */
#include "vectors.h"

static bool none(const char *word)
{
    return !strcmp(word, "-");
}

static bool read_fighter(const struct dex *dex, const char *text, struct battle_fighter *f)
{
    char species[28], nature[20], ivs[8], evs[8], ability[28], item[28], tera[12], status[8], boosts[8], gender;
    int level, hp;
    if (sscanf(text, " %27s %d %19s %7s %7s %27s %27s %11s %7s %7s %c %d", species, &level, nature, ivs, evs, ability,
               item, tera, status, boosts, &gender, &hp) != 12)
        return false;
    struct battle_set set = battle_set_default(dex_species(dex, species));
    set.level = (uint8_t)level;
    set.nature = (uint8_t)dex_nature(nature);
    set.ability = none(ability) ? 0 : dex_ability(dex, ability);
    set.item = none(item) ? 0 : dex_item(dex, item);
    set.gender = gender == 'M' ? GENDER_MALE : gender == 'F' ? GENDER_FEMALE : GENDER_NONE;
    if (!set.species || (!none(ability) && !set.ability) || (!none(item) && !set.item))
        return false;
    read_spread(ivs, evs, &set);
    battle_fighter_from_set(dex, &set, f);
    read_boosts(boosts, f);
    f->status = (uint8_t)status_of(status);
    f->hp = (uint16_t)hp;
    f->tera = none(tera) ? 0 : (uint8_t)dex_type(tera);
    return true;
}

static bool read_scene(const char *text, struct battle_scene *scene, struct battle_fighter *target)
{
    static const struct {
        const char *id;
        uint8_t weather, terrain;
    } words[] = {
        {"raindance", WEATHER_RAIN, 0},           {"sunnyday", WEATHER_SUN, 0},
        {"sandstorm", WEATHER_SAND, 0},           {"snowscape", WEATHER_SNOW, 0},
        {"electricterrain", 0, TERRAIN_ELECTRIC}, {"grassyterrain", 0, TERRAIN_GRASSY},
        {"mistyterrain", 0, TERRAIN_MISTY},       {"psychicterrain", 0, TERRAIN_PSYCHIC},
    };
    char weather[20], terrain[20], screens[8];
    if (sscanf(text, " %19s %19s %7s", weather, terrain, screens) != 3)
        return false;
    memset(scene, 0, sizeof *scene);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!strcmp(weather, words[i].id))
            scene->weather = words[i].weather;
        if (!strcmp(terrain, words[i].id))
            scene->terrain = words[i].terrain;
    }
    target->side[SIDE_REFLECT] = strchr(screens, 'r') != NULL;
    target->side[SIDE_LIGHT_SCREEN] = strchr(screens, 'l') != NULL;
    target->side[SIDE_AURORA_VEIL] = strchr(screens, 'a') != NULL;
    return true;
}

struct vector {
    struct battle_fighter attacker, target;
    struct battle_scene scene;
    uint16_t move;
    int crit;
    char *rolls;
};

static bool read_vector(const struct dex *dex, char *line, struct vector *v)
{
    char *part[4] = {line}, move[28];
    int at;
    for (int i = 1; i < 4; i++) {
        part[i] = strchr(part[i - 1], '|');
        if (!part[i]++)
            return false;
    }
    if (!read_fighter(dex, part[0], &v->attacker) || !read_fighter(dex, part[1], &v->target) ||
        !read_scene(part[2], &v->scene, &v->target) || sscanf(part[3], "%27s %d %n", move, &v->crit, &at) != 2)
        return false;
    char *other = strchr(part[3], '~');
    v->rolls = other ? other + 1 : part[3] + at;
    v->move = dex_move(dex, move);
    return v->move;
}

static int check_line(const struct dex *dex, char *line, int got[ROLLS])
{
    struct vector v;
    int want = 0, wrong = 0;
    if (!read_vector(dex, line, &v))
        return ROLLS;
    for (int roll = 0; roll < ROLLS; roll++) {
        want = next_roll(&v.rolls, want);
        got[roll] = battle_damage_in(dex, &v.scene, &v.attacker, &v.target, v.move, v.crit, roll);
        wrong += got[roll] != want;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return printf("usage: test_battle_vectors9 FILE [SHOWN]\n"), 1;
    return check_vectors(argv[1], dex_find("gen9-v1"), check_line, argc > 2 ? atoi(argv[2]) : 10);
}
