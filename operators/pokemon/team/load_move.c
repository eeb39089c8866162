/*
 * load_move.c - what a row of moves.json is, as far as sets are chosen by it.
 *
 * Most of it can be seen in the row.  What a plan needs that no random set has is a list of ids: those moves are
 * never drawn, though they are legal.
 */
#include "names.h"

#include <ctype.h>
#include <string.h>

static const char *const odd_moves[] = {
    "acrobatics",  "assurance",   "aurawheel",       "avalanche",      "barbbarrage",   "beatup",
    "belch",       "bodypress",   "chloroblast",     "comeuppance",    "counter",       "crushgrip",
    "doomdesire",  "doubleshock", "dragonenergy",    "dreameater",     "echoedvoice",   "electroball",
    "electroshot", "endeavor",    "eruption",        "expandingforce", "facade",        "fakeout",
    "falseswipe",  "finalgambit", "firstimpression", "flail",          "fling",         "focuspunch",
    "furycutter",  "futuresight", "grassyglide",     "hardpress",      "hex",           "hyperspacefury",
    "lashout",     "lastresort",  "lastrespects",    "metalburst",     "meteorbeam",    "mirrorcoat",
    "outrage",     "payback",     "petaldance",      "populationbomb", "powertrip",     "present",
    "psyblade",    "ragingfury",  "retaliate",       "reversal",       "risingvoltage", "rollout",
    "ruination",   "snore",       "spitup",          "steelbeam",      "steelroller",   "storedpower",
    "suckerpunch", "superfang",   "temperflare",     "terablast",      "terastarstorm", "terrainpulse",
    "thrash",      "thunderclap", "triplekick",      "upperhand",      "uproar",        "venoshock",
    "waterspout",  "weatherball"};

/* Power of moves whose row says none: what they do to most. */
static const struct {
    const char *id;
    uint16_t power;
} powers[] = {{"grassknot", 70}, {"lowkick", 70},    {"gyroball", 70},   {"heavyslam", 70},
              {"heatcrash", 70}, {"nightshade", 65}, {"seismictoss", 65}};

static const char *const recovery[] = {"synthesis", "moonlight", "morningsun", "shoreup", "strengthsap"};
static const char *const removal[] = {"rapidspin", "defog", "mortalspin", "tidyup"};

static bool among(const char *id, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(id, list[i]))
            return true;
    return false;
}

#define AMONG(id, list) among(id, list, sizeof(list) / sizeof(list)[0])

static bool has(const json_t *row, const char *flag)
{
    const json_t *flags = json_object_get(row, "flags");
    for (size_t i = 0; i < json_array_size(flags); i++) {
        const char *name = json_string_value(json_array_get(flags, i));
        if (name && !strcmp(name, flag))
            return true;
    }
    return false;
}

static int stage(const json_t *boosts, const char *stat)
{
    return (int)json_integer_value(json_object_get(boosts, stat));
}

static bool is_text(const json_t *row, const char *key, const char *text)
{
    const char *value = json_string_value(json_object_get(row, key));
    return value && !strcmp(value, text);
}

static uint32_t setup_flags(const json_t *boosts)
{
    int atk = stage(boosts, "atk"), spa = stage(boosts, "spa"), spe = stage(boosts, "spe");
    bool slow = spe < 0 || stage(boosts, "def") < 0 || stage(boosts, "accuracy") > 0;
    uint32_t flags = 0;
    if (slow && atk < 2 && spa < 2)
        return 0;
    if (atk >= 2 || (atk >= 1 && (spe >= 1 || stage(boosts, "def") >= 1)))
        flags |= TM_SETUP | TM_SETUP_PHYSICAL;
    if (spa >= 2 || (spa >= 1 && (spe >= 1 || stage(boosts, "spd") >= 1)))
        flags |= TM_SETUP | TM_SETUP_SPECIAL;
    return flags;
}

static uint32_t status_flags(const json_t *row, const char *id)
{
    uint32_t flags = 0;
    const char *side = json_string_value(json_object_get(row, "side"));
    bool on_self = is_text(row, "target", "self");
    if (on_self)
        flags |= setup_flags(json_object_get(row, "boosts"));
    if ((json_object_get(row, "heal") && on_self) || AMONG(id, recovery))
        flags |= TM_HEALS;
    if (json_object_get(row, "status") || is_text(row, "volatile", "leechseed") || is_text(row, "volatile", "yawn"))
        flags |= TM_STATUS;
    if (side && (!strcmp(side, "reflect") || !strcmp(side, "lightscreen")))
        flags |= TM_SCREEN;
    if (side && (!strcmp(side, "stealthrock") || !strcmp(side, "spikes") || !strcmp(side, "toxicspikes") ||
                 !strcmp(side, "stickyweb")))
        flags |= TM_HAZARD;
    if (is_text(row, "volatile", "substitute") && on_self)
        flags |= TM_SUBSTITUTE;
    return flags;
}

static uint32_t flags_of(const json_t *row, const char *id)
{
    static const struct {
        const char *flag;
        uint32_t bit;
    } known[] = {{"contact", TM_CONTACT},  {"charge", TM_CHARGE},   {"recharge", TM_CHARGE}, {"sound", TM_SOUND},
                 {"punch", TM_PUNCH},      {"slicing", TM_SLICING}, {"bite", TM_BITE},       {"pulse", TM_PULSE},
                 {"sleep_usable", TM_ODD}, {"crash", TM_RECOIL},    {"half_recoil", TM_ODD}};
    const json_t *own = json_object_get(json_object_get(row, "self"), "boosts"),
                 *self = json_object_get(row, "self_boost");
    uint32_t flags = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        flags |= has(row, known[i].flag) ? known[i].bit : 0;
    flags |= json_object_get(row, "drain") ? TM_DRAINS : 0;
    flags |= json_object_get(row, "recoil") ? TM_RECOIL : 0;
    flags |= json_object_get(row, "selfdestruct") ? TM_FAINTS : 0;
    flags |= json_object_get(row, "ohko") || AMONG(id, odd_moves) ? TM_ODD : 0;
    flags |= json_object_get(row, "secondaries") ? TM_SECONDARY : 0;
    flags |= json_object_get(row, "hits") ? TM_MULTIHIT : 0;
    flags |= json_object_get(row, "self_switch") ? TM_PIVOT : 0;
    flags |= AMONG(id, removal) ? TM_REMOVES : 0;
    if (stage(own, "atk") < 0 || stage(own, "spa") < 0 || stage(self, "atk") < 0)
        flags |= TM_SELF_DROPS;
    return flags;
}

static uint16_t power_of(const json_t *row, const char *id)
{
    const json_t *hits = json_object_get(row, "hits");
    json_int_t power = json_integer_value(json_object_get(row, "power"));
    json_int_t low = json_integer_value(json_array_get(hits, 0)), high = json_integer_value(json_array_get(hits, 1));
    for (size_t i = 0; i < sizeof powers / sizeof powers[0]; i++)
        if (!strcmp(id, powers[i].id))
            return powers[i].power;
    if (!strcmp(id, "tripleaxel"))
        return 110; /* 20, 40 and 60, if all hit */
    if (hits)
        power = low == high ? power * low : power * 31 / 10; /* two to five hits are 3.1 on the average */
    return (uint16_t)power;
}

bool team_read_move(const json_t *row, struct team_move *move)
{
    static const char *const categories[] = {"physical", "special", "status"};
    const char *type = json_string_value(json_object_get(row, "type"));
    char id[TEAM_ID] = "";
    for (size_t i = 0; type && type[i] && i < TEAM_ID - 1; i++)
        id[i] = (char)tolower((unsigned char)type[i]);
    move->type = team_type(id);
    for (move->category = 0; move->category < 3; move->category++)
        if (is_text(row, "category", categories[move->category]))
            break;
    move->accuracy = (uint8_t)json_integer_value(json_object_get(row, "accuracy"));
    move->priority = (int8_t)json_integer_value(json_object_get(row, "priority"));
    move->flags = flags_of(row, move->id);
    if (move->category == 2)
        move->flags |= status_flags(row, move->id);
    else
        move->power = power_of(row, move->id);
    return move->type && move->category < 3;
}
