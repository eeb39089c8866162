/* dex.c - look-ups in the tables. */
#include "dex.h"
#include "tables.h"

#include <string.h>

const struct dex *dex_find(const char *version)
{
    static const struct dex *const all[] = {&dex_gen1_v1, NULL};
    for (size_t i = 0; all[i]; i++)
        if (!strcmp(all[i]->version, version))
            return all[i];
    return NULL;
}

uint16_t dex_species(const struct dex *dex, const char *id)
{
    int lo = 0, hi = dex->species_n - 1;
    while (lo <= hi) {
        int mid = (lo + hi) / 2, order = strcmp(id, dex->species[dex->species_by_id[mid]].id);
        if (order == 0)
            return dex->species_by_id[mid];
        if (order < 0)
            hi = mid - 1;
        else
            lo = mid + 1;
    }
    return 0;
}

uint16_t dex_move(const struct dex *dex, const char *id)
{
    int lo = 1, hi = dex->moves_n;
    while (lo <= hi) {
        int mid = (lo + hi) / 2, order = strcmp(id, dex->moves[mid].id);
        if (order == 0)
            return (uint16_t)mid;
        if (order < 0)
            hi = mid - 1;
        else
            lo = mid + 1;
    }
    return 0;
}

bool dex_learns(const struct dex *dex, uint16_t species, uint16_t move)
{
    if (!species || species > dex->species_n || !move || move > dex->moves_n)
        return false;
    return dex->species[species].learnset[move / 64] >> (move % 64) & 1;
}

int dex_nature(const char *id)
{
    for (int i = 0; i < 25; i++)
        if (!strcmp(dex_natures[i].id, id))
            return i;
    return -1;
}

static bool nature_ok(int nature)
{
    return nature >= 0 && nature < 25;
}

const char *dex_nature_name(int nature)
{
    return nature_ok(nature) ? dex_natures[nature].name : "";
}

int dex_nature_plus(int nature)
{
    return nature_ok(nature) ? dex_natures[nature].plus : -1;
}

int dex_nature_minus(int nature)
{
    return nature_ok(nature) ? dex_natures[nature].minus : -1;
}

static const char *name_in(const char *const *names, int n, int i)
{
    return i >= 0 && i < n ? names[i] : "";
}

const char *dex_type_name(int type)
{
    static const char *const names[TYPES] = {"",       "Bug",     "Dark",  "Dragon", "Electric", "Fairy", "Fighting",
                                             "Fire",   "Flying",  "Ghost", "Grass",  "Ground",   "Ice",   "Normal",
                                             "Poison", "Psychic", "Rock",  "Steel",  "Water"};
    return name_in(names, TYPES, type);
}

const char *dex_status_name(int status)
{
    static const char *const names[STATUSES] = {"", "brn", "par", "slp", "frz", "psn", "tox"};
    return name_in(names, STATUSES, status);
}

const char *dex_stat_name(int stat)
{
    static const char *const names[STAGES] = {"atk", "def", "spa", "spd", "spe", "accuracy", "evasion"};
    return name_in(names, STAGES, stat);
}

const char *dex_weather_name(int weather)
{
    static const char *const names[WEATHERS] = {"none", "SunnyDay", "RainDance", "Sandstorm", "Snowscape"};
    return name_in(names, WEATHERS, weather);
}

const char *dex_side_name(int side_condition)
{
    static const char *const names[SIDE_CONDITIONS] = {
        [SIDE_REFLECT] = "Reflect",           [SIDE_LIGHT_SCREEN] = "Light Screen",
        [SIDE_SAFEGUARD] = "Safeguard",       [SIDE_MIST] = "Mist",
        [SIDE_TAILWIND] = "Tailwind",         [SIDE_SPIKES] = "Spikes",
        [SIDE_TOXIC_SPIKES] = "Toxic Spikes", [SIDE_STEALTH_ROCK] = "Stealth Rock"};
    return name_in(names, SIDE_CONDITIONS, side_condition);
}

const char *dex_volatile_name(int volatile_)
{
    static const char *const names[VOLATILES] = {[VOL_CONFUSION] = "confusion",
                                                 [VOL_FLINCH] = "flinch",
                                                 [VOL_LEECH_SEED] = "Leech Seed",
                                                 [VOL_BOUND] = "bound",
                                                 [VOL_RECHARGE] = "recharge",
                                                 [VOL_CHARGING] = "charging",
                                                 [VOL_RAMPAGE] = "rampage",
                                                 [VOL_PROTECT] = "Protect",
                                                 [VOL_ENDURE] = "Endure",
                                                 [VOL_FOCUS_ENERGY] = "Focus Energy",
                                                 [VOL_AQUA_RING] = "Aqua Ring",
                                                 [VOL_INGRAIN] = "Ingrain",
                                                 [VOL_MINIMIZE] = "Minimize",
                                                 [VOL_DEFENSE_CURL] = "Defense Curl",
                                                 [VOL_SUBSTITUTE] = "Substitute",
                                                 [VOL_NO_ESCAPE] = "trapped",
                                                 [VOL_ROOST] = "Roost",
                                                 [VOL_CURSE] = "Curse",
                                                 [VOL_TAUNT] = "Taunt",
                                                 [VOL_YAWN] = "Yawn",
                                                 [VOL_THROAT_CHOP] = "Throat Chop",
                                                 [VOL_ATTRACT] = "Attract"};
    return name_in(names, VOLATILES, volatile_);
}

int dex_effectiveness(int attack, int target)
{
    if (attack < 0 || attack >= TYPES || target < 0 || target >= TYPES)
        return 2;
    return dex_type_chart[attack][target];
}
