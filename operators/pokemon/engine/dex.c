/* dex.c - look-ups in the tables, names of what all versions share. */
#include "dex.h"
#include "tables.h"

#include <string.h>

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

/* Rows of `size` bytes with their id `at` there, 1..n, ids ascending. */
static uint16_t by_id(const void *rows, size_t size, size_t at, int n, const char *id)
{
    int lo = 1, hi = n;
    while (lo <= hi) {
        int mid = (lo + hi) / 2, order = strcmp(id, (const char *)rows + size * (size_t)mid + at);
        if (order == 0)
            return (uint16_t)mid;
        if (order < 0)
            hi = mid - 1;
        else
            lo = mid + 1;
    }
    return 0;
}

uint16_t dex_move(const struct dex *dex, const char *id)
{
    return by_id(dex->moves, sizeof *dex->moves, offsetof(struct dex_move, id), dex->moves_n, id);
}

uint16_t dex_ability(const struct dex *dex, const char *id)
{
    return by_id(dex->abilities, sizeof *dex->abilities, offsetof(struct dex_ability, id), dex->abilities_n, id);
}

uint16_t dex_item(const struct dex *dex, const char *id)
{
    return by_id(dex->items, sizeof *dex->items, offsetof(struct dex_item, id), dex->items_n, id);
}

bool dex_learns(const struct dex *dex, uint16_t species, uint16_t move)
{
    if (!species || species > dex->species_n || !move || move > dex->moves_n)
        return false;
    const uint64_t *row = dex->learnsets + (size_t)dex->species[species].learnset * dex->learnset_words;
    return row[move / 64] >> (move % 64) & 1;
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
    return i >= 0 && i < n && names[i] ? names[i] : "";
}

static const char *const type_names[TYPES] = {"",       "Bug",     "Dark",  "Dragon", "Electric", "Fairy",  "Fighting",
                                              "Fire",   "Flying",  "Ghost", "Grass",  "Ground",   "Ice",    "Normal",
                                              "Poison", "Psychic", "Rock",  "Steel",  "Water",    "Stellar"};

const char *dex_type_name(int type)
{
    return name_in(type_names, TYPES, type);
}

/* Not tolower(), which asks the locale. */
static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

int dex_type(const char *name)
{
    for (int i = 1; i < TYPES; i++) {
        const char *p = type_names[i], *q = name;
        while (*p && lower(*p) == lower(*q))
            p++, q++;
        if (!*p && !*q)
            return i;
    }
    return -1;
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
    static const char *const names[WEATHERS] = {"none",          "SunnyDay",    "RainDance",
                                                "Sandstorm",     "Snowscape",   "DesolateLand",
                                                "PrimordialSea", "DeltaStream", "Hail"};
    return name_in(names, WEATHERS, weather);
}

const char *dex_terrain_name(int terrain)
{
    static const char *const names[TERRAINS] = {"", "Electric Terrain", "Grassy Terrain", "Misty Terrain",
                                                "Psychic Terrain"};
    return name_in(names, TERRAINS, terrain);
}

const char *dex_room_name(int room)
{
    static const char *const names[ROOMS] = {"Trick Room",   "Gravity",     "Wonder Room", "Magic Room", "Fairy Lock",
                                             "Echoed Voice", "Water Sport", "Mud Sport",   "Ion Deluge"};
    return name_in(names, ROOMS, room);
}

const char *dex_side_name(int side_condition)
{
    static const char *const names[SIDE_CONDITIONS] = {[SIDE_REFLECT] = "Reflect",
                                                       [SIDE_LIGHT_SCREEN] = "Light Screen",
                                                       [SIDE_AURORA_VEIL] = "Aurora Veil",
                                                       [SIDE_SAFEGUARD] = "Safeguard",
                                                       [SIDE_MIST] = "Mist",
                                                       [SIDE_TAILWIND] = "Tailwind",
                                                       [SIDE_FIRE_PLEDGE] = "Fire Pledge",
                                                       [SIDE_WATER_PLEDGE] = "Water Pledge",
                                                       [SIDE_GRASS_PLEDGE] = "Grass Pledge",
                                                       [SIDE_QUICK_GUARD] = "Quick Guard",
                                                       [SIDE_WIDE_GUARD] = "Wide Guard",
                                                       [SIDE_LUCKY_CHANT] = "Lucky Chant",
                                                       [SIDE_CRAFTY_SHIELD] = "Crafty Shield",
                                                       [SIDE_MAT_BLOCK] = "Mat Block",
                                                       [SIDE_SPIKES] = "Spikes",
                                                       [SIDE_TOXIC_SPIKES] = "Toxic Spikes",
                                                       [SIDE_STEALTH_ROCK] = "Stealth Rock",
                                                       [SIDE_STICKY_WEB] = "Sticky Web"};
    return name_in(names, SIDE_CONDITIONS, side_condition);
}

const char *dex_volatile_name(int volatile_)
{
    static const char *const names[VOLATILES] = {
        [VOL_RAMPAGE] = "rampage",
        [VOL_CHARGING] = "charging",
        [VOL_RECHARGE] = "recharge",
        [VOL_STALL] = "stall",
        [VOL_TAUNT] = "Taunt",
        [VOL_ENCORE] = "Encore",
        [VOL_DISABLE] = "Disable",
        [VOL_HEAL_BLOCK] = "Heal Block",
        [VOL_EMBARGO] = "Embargo",
        [VOL_MAGNET_RISE] = "Magnet Rise",
        [VOL_THROAT_CHOP] = "Throat Chop",
        [VOL_YAWN] = "Yawn",
        [VOL_PERISH] = "Perish Song",
        [VOL_BOUND] = "bound",
        [VOL_LOCK_ON] = "Lock-On",
        [VOL_UPROAR] = "Uproar",
        [VOL_SYRUP_BOMB] = "Syrup Bomb",
        [VOL_LASER_FOCUS] = "Laser Focus",
        [VOL_TELEKINESIS] = "Telekinesis",
        [VOL_FLINCH] = "flinch",
        [VOL_PROTECT] = "Protect",
        [VOL_ENDURE] = "Endure",
        [VOL_ROOST] = "Roost",
        [VOL_BANEFUL_BUNKER] = "Baneful Bunker",
        [VOL_BURNING_BULWARK] = "Burning Bulwark",
        [VOL_KINGS_SHIELD] = "King's Shield",
        [VOL_OBSTRUCT] = "Obstruct",
        [VOL_SILK_TRAP] = "Silk Trap",
        [VOL_SPIKY_SHIELD] = "Spiky Shield",
        [VOL_FOCUS_PUNCH] = "Focus Punch",
        [VOL_BEAK_BLAST] = "Beak Blast",
        [VOL_SHELL_TRAP] = "Shell Trap",
        [VOL_COUNTER] = "Counter",
        [VOL_MIRROR_COAT] = "Mirror Coat",
        [VOL_HELPING_HAND] = "Helping Hand",
        [VOL_FOLLOW_ME] = "Follow Me",
        [VOL_RAGE_POWDER] = "Rage Powder",
        [VOL_CONFUSION] = "confusion",
        [VOL_LEECH_SEED] = "Leech Seed",
        [VOL_FOCUS_ENERGY] = "Focus Energy",
        [VOL_DRAGON_CHEER] = "Dragon Cheer",
        [VOL_AQUA_RING] = "Aqua Ring",
        [VOL_INGRAIN] = "Ingrain",
        [VOL_MINIMIZE] = "Minimize",
        [VOL_DEFENSE_CURL] = "Defense Curl",
        [VOL_SUBSTITUTE] = "Substitute",
        [VOL_NO_ESCAPE] = "trapped",
        [VOL_CURSE] = "Curse",
        [VOL_ATTRACT] = "Attract",
        [VOL_CHARGE] = "Charge",
        [VOL_DESTINY_BOND] = "Destiny Bond",
        [VOL_GASTRO_ACID] = "Gastro Acid",
        [VOL_GLAIVE_RUSH] = "Glaive Rush",
        [VOL_IMPRISON] = "Imprison",
        [VOL_NO_RETREAT] = "No Retreat",
        [VOL_OCTOLOCK] = "Octolock",
        [VOL_POWER_TRICK] = "Power Trick",
        [VOL_SALT_CURE] = "Salt Cure",
        [VOL_SMACK_DOWN] = "Smack Down",
        [VOL_STOCKPILE] = "Stockpile",
        [VOL_TAR_SHOT] = "Tar Shot",
        [VOL_TORMENT] = "Torment",
        [VOL_FLASH_FIRE] = "Flash Fire",
        [VOL_PROTOSYNTHESIS] = "Protosynthesis",
        [VOL_QUARK_DRIVE] = "Quark Drive",
        [VOL_GRUDGE] = "Grudge",
        [VOL_FORESIGHT] = "Foresight",
        [VOL_MIRACLE_EYE] = "Miracle Eye",
        [VOL_NIGHTMARE] = "Nightmare",
        [VOL_ELECTRIFY] = "Electrify",
        [VOL_POWDER] = "Powder",
        [VOL_BIDE] = "Bide",
        [VOL_SKY_DROP] = "Sky Drop",
        [VOL_PURSUIT] = "Pursuit",
        [VOL_MAGIC_COAT] = "Magic Coat",
        [VOL_SNATCH] = "Snatch",
        [VOL_RAGE] = "Rage",
        [VOL_POWER_SHIFT] = "Power Shift",
    };
    return name_in(names, VOLATILES, volatile_);
}

int dex_effectiveness(const struct dex *dex, int attack, int target)
{
    if (attack < 0 || attack >= TYPES || target < 0 || target >= TYPES)
        return 2;
    return dex->chart[attack][target];
}
