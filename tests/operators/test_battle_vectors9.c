/*
 * test_battle_vectors9.c - all 16 rolls of every damage vector of generation 9.
 *
 *     test_battle_vectors9 tests/oracle/damage9.txt [SHOWN]
 *
 * See tests/oracle/vectors.js for the format.  Where the two judges differ, the simulator's rolls count.
 */
#include "battle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int base64(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);
    return at && c ? (int)(at - digits) : 0;
}

static int base32(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static int status_of(const char *name)
{
    for (int i = 1; i < STATUSES; i++)
        if (!strcmp(name, dex_status_name(i)))
            return i;
    return STATUS_NONE;
}

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
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = (uint8_t)base32(ivs[i]);
        set.evs[i] = (uint8_t)(4 * base64(evs[i]));
    }
    battle_fighter_from_set(dex, &set, f);
    for (int i = 0; i < 5; i++)
        f->boosts[i] = (int8_t)(boosts[i] - 'g');
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

static int wrong_rolls(const struct dex *dex, struct vector *v, int got[16])
{
    int want = 0, wrong = 0;
    char *at = v->rolls;
    for (int roll = 0; roll < 16; roll++) {
        want += (int)strtol(at, &at, 10);
        at++;
        got[roll] = battle_damage_in(dex, &v->scene, &v->attacker, &v->target, v->move, v->crit, roll);
        wrong += got[roll] != want;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    static char line[2048], copy[2048];
    const struct dex *dex = dex_find("gen9-v1");
    FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
    int vectors = 0, bad = 0, shown = argc > 2 ? atoi(argv[2]) : 10;
    if (!f || !dex)
        return printf("usage: test_battle_vectors9 FILE [SHOWN]\n"), 1;
    while (fgets(line, sizeof line, f)) {
        struct vector v;
        int got[16] = {0};
        strcpy(copy, line);
        vectors++;
        bool read = read_vector(dex, line, &v);
        int wrong = read ? wrong_rolls(dex, &v, got) : 16;
        if (!wrong || bad++ >= shown)
            continue;
        printf("%s rolls differ: %s  engine", read ? "" : "(unreadable)", copy);
        for (int i = 0; i < 16; i++)
            printf(" %d", got[i]);
        printf("\n");
    }
    fclose(f);
    printf("%d vectors, %d differ\n", vectors, bad);
    return bad || vectors < 1000;
}
