/*
 * words.c - the words of sentences: names of events, conditions, stats, and numbers.
 */
#include "engine.h"
#include "vocab.h"
#include "compile.h"

#include <stdlib.h>
#include <string.h>

static int find(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (names[i] && !strcmp(names[i], name))
            return i;
    return -1;
}

int find_event(const char *name)
{
    static const char *const names[EVENT_COUNT] = {
#define X(name) [EV_##name] = #name,
        EVENTS(X)
#undef X
    };
    return find(names, EVENT_COUNT, name);
}

int find_flag(const char *name)
{
    static const char *const names[MOVE_FLAGS] = {"bite",
                                                  "bullet",
                                                  "bypasssub",
                                                  "cantusetwice",
                                                  "charge",
                                                  "contact",
                                                  "dance",
                                                  "defrost",
                                                  "failcopycat",
                                                  "failencore",
                                                  "failinstruct",
                                                  "failmefirst",
                                                  "failmimic",
                                                  "futuremove",
                                                  "gravity",
                                                  "heal",
                                                  "metronome",
                                                  "mirror",
                                                  "mustpressure",
                                                  "noassist",
                                                  "noparentalbond",
                                                  "nosketch",
                                                  "nosleeptalk",
                                                  "pledgecombo",
                                                  "powder",
                                                  "protect",
                                                  "pulse",
                                                  "punch",
                                                  "recharge",
                                                  "reflectable",
                                                  "slicing",
                                                  "snatch",
                                                  "sound",
                                                  "wind",
                                                  "distance",
                                                  "allyanim",
                                                  "minimize",
                                                  "nonsky",
                                                  "ignore_defense_stages",
                                                  "ignore_evasion",
                                                  "ignore_ability",
                                                  "breaks_protect",
                                                  "thaws_target",
                                                  "stalling",
                                                  "sleep_usable",
                                                  "calls_move",
                                                  "multi_accuracy",
                                                  "force_switch",
                                                  "crash",
                                                  "smart_target",
                                                  "tracks_target",
                                                  "always_crit",
                                                  "sheer_force",
                                                  "half_recoil",
                                                  "half_recoil_round",
                                                  "struggle_recoil",
                                                  "ignore_immunity",
                                                  "heed_immunity",
                                                  "self_destruct",
                                                  "self_destruct_hit",
                                                  "ohko",
                                                  "ohko_ice",
                                                  "foul_play",
                                                  "spread"};
    return find(names, MOVE_FLAGS, name);
}

static const char *const volatile_ids[VOLATILES] = {[VOL_RAMPAGE] = "lockedmove",
                                                    [VOL_CHARGING] = "twoturnmove",
                                                    [VOL_RECHARGE] = "mustrecharge",
                                                    [VOL_STALL] = "stall",
                                                    [VOL_TAUNT] = "taunt",
                                                    [VOL_ENCORE] = "encore",
                                                    [VOL_DISABLE] = "disable",
                                                    [VOL_HEAL_BLOCK] = "healblock",
                                                    [VOL_EMBARGO] = "embargo",
                                                    [VOL_MAGNET_RISE] = "magnetrise",
                                                    [VOL_THROAT_CHOP] = "throatchop",
                                                    [VOL_YAWN] = "yawn",
                                                    [VOL_PERISH] = "perishsong",
                                                    [VOL_BOUND] = "bound",
                                                    [VOL_LOCK_ON] = "lockon",
                                                    [VOL_UPROAR] = "uproar",
                                                    [VOL_SYRUP_BOMB] = "syrupbomb",
                                                    [VOL_LASER_FOCUS] = "laserfocus",
                                                    [VOL_MICLE] = "micleberry",
                                                    [VOL_FURY_CUTTER] = "furycutter",
                                                    [VOL_ROLLOUT_STORAGE] = "rolloutstorage",
                                                    [VOL_TELEKINESIS] = "telekinesis",
                                                    [VOL_FLY] = "fly",
                                                    [VOL_BOUNCE] = "bounce",
                                                    [VOL_DIG] = "dig",
                                                    [VOL_DIVE] = "dive",
                                                    [VOL_PHANTOM_FORCE] = "phantomforce",
                                                    [VOL_SHADOW_FORCE] = "shadowforce",
                                                    [VOL_CHARGE_TURN] = "chargeturn",
                                                    [VOL_FLINCH] = "flinch",
                                                    [VOL_PROTECT] = "protect",
                                                    [VOL_ENDURE] = "endure",
                                                    [VOL_ROOST] = "roost",
                                                    [VOL_BANEFUL_BUNKER] = "banefulbunker",
                                                    [VOL_BURNING_BULWARK] = "burningbulwark",
                                                    [VOL_KINGS_SHIELD] = "kingsshield",
                                                    [VOL_OBSTRUCT] = "obstruct",
                                                    [VOL_SILK_TRAP] = "silktrap",
                                                    [VOL_SPIKY_SHIELD] = "spikyshield",
                                                    [VOL_FOCUS_PUNCH] = "focuspunch",
                                                    [VOL_BEAK_BLAST] = "beakblast",
                                                    [VOL_SHELL_TRAP] = "shelltrap",
                                                    [VOL_COUNTER] = "counter",
                                                    [VOL_MIRROR_COAT] = "mirrorcoat",
                                                    [VOL_HELPING_HAND] = "helpinghand",
                                                    [VOL_FOLLOW_ME] = "followme",
                                                    [VOL_RAGE_POWDER] = "ragepowder",
                                                    [VOL_ROLLOUT] = "rollout",
                                                    [VOL_MAGIC_COAT] = "magiccoat",
                                                    [VOL_SNATCH] = "snatch",
                                                    [VOL_ELECTRIFY] = "electrify",
                                                    [VOL_POWDER] = "powder",
                                                    [VOL_GEM] = "gem",
                                                    [VOL_CHILLY_RECEPTION] = "chillyreception",
                                                    [VOL_ALLY_SWITCH] = "allyswitch",
                                                    [VOL_CONFUSION] = "confusion",
                                                    [VOL_LEECH_SEED] = "leechseed",
                                                    [VOL_FOCUS_ENERGY] = "focusenergy",
                                                    [VOL_DRAGON_CHEER] = "dragoncheer",
                                                    [VOL_AQUA_RING] = "aquaring",
                                                    [VOL_INGRAIN] = "ingrain",
                                                    [VOL_MINIMIZE] = "minimize",
                                                    [VOL_DEFENSE_CURL] = "defensecurl",
                                                    [VOL_SUBSTITUTE] = "substitute",
                                                    [VOL_NO_ESCAPE] = "trapped",
                                                    [VOL_CURSE] = "curse",
                                                    [VOL_ATTRACT] = "attract",
                                                    [VOL_CHARGE] = "charge",
                                                    [VOL_CHOICE_LOCK] = "choicelock",
                                                    [VOL_DESTINY_BOND] = "destinybond",
                                                    [VOL_GASTRO_ACID] = "gastroacid",
                                                    [VOL_GLAIVE_RUSH] = "glaiverush",
                                                    [VOL_IMPRISON] = "imprison",
                                                    [VOL_NO_RETREAT] = "noretreat",
                                                    [VOL_OCTOLOCK] = "octolock",
                                                    [VOL_POWER_TRICK] = "powertrick",
                                                    [VOL_SALT_CURE] = "saltcure",
                                                    [VOL_SMACK_DOWN] = "smackdown",
                                                    [VOL_STOCKPILE] = "stockpile",
                                                    [VOL_TAR_SHOT] = "tarshot",
                                                    [VOL_TORMENT] = "torment",
                                                    [VOL_FLASH_FIRE] = "flashfire",
                                                    [VOL_PROTOSYNTHESIS] = "protosynthesis",
                                                    [VOL_QUARK_DRIVE] = "quarkdrive",
                                                    [VOL_UNBURDEN] = "unburden",
                                                    [VOL_TRUANT] = "truant",
                                                    [VOL_ZEN_MODE] = "zenmode",
                                                    [VOL_METRONOME] = "metronome",
                                                    [VOL_TRANSFORMED] = "transformed",
                                                    [VOL_FLING] = "fling",
                                                    [VOL_SPARKLING_ARIA] = "sparklingaria",
                                                    [VOL_ME_FIRST] = "mefirst",
                                                    [VOL_GRUDGE] = "grudge",
                                                    [VOL_FORESIGHT] = "foresight",
                                                    [VOL_MIRACLE_EYE] = "miracleeye",
                                                    [VOL_NIGHTMARE] = "nightmare",
                                                    [VOL_BIDE] = "bide",
                                                    [VOL_SKY_DROP] = "skydrop",
                                                    [VOL_PURSUIT] = "pursuit",
                                                    [VOL_SPOTLIGHT] = "spotlight",
                                                    [VOL_RAGE] = "rage",
                                                    [VOL_POWER_SHIFT] = "powershift"};

int find_volatile(const char *id)
{
    return find(volatile_ids, VOLATILES, id);
}

const char *volatile_id(int v)
{
    return v >= 0 && v < VOLATILES ? volatile_ids[v] : NULL;
}

int find_side(const char *id)
{
    static const char *const names[SIDE_CONDITIONS] = {
        "reflect",      "lightscreen", "auroraveil",  "safeguard",   "mist",        "tailwind",
        "firepledge",   "waterpledge", "grasspledge", "quickguard",  "wideguard",   "luckychant",
        "craftyshield", "matblock",    "spikes",      "toxicspikes", "stealthrock", "stickyweb"};
    return find(names, SIDE_CONDITIONS, id);
}

int find_status(const char *id)
{
    static const char *const names[] = {NULL, "brn", "par", "slp", "frz", "psn", "tox", "any"};
    return find(names, STATUSES + 1, !strcmp(id, "poison") ? "psn" : id);
}

int find_stat(const char *id)
{
    static const char *const names[STAGES] = {"atk", "def", "spa", "spd", "spe", "accuracy", "evasion"};
    return find(names, STAGES, id);
}

int find_weather(const char *id)
{
    static const char *const names[WEATHERS] = {NULL,        "sunnyday",     "raindance",     "sandstorm",
                                                "snowscape", "desolateland", "primordialsea", "deltastream",
                                                "hail"};
    static const char *const plain[WEATHERS] = {"none",      "sun",        "rain",         "sand", "snow",
                                                "harsh_sun", "heavy_rain", "strong_winds", "hail"};
    int i = find(names, WEATHERS, id);
    return i > 0 ? i : find(plain, WEATHERS, id);
}

int find_terrain(const char *id)
{
    static const char *const names[TERRAINS] = {NULL, "electricterrain", "grassyterrain", "mistyterrain",
                                                "psychicterrain"};
    static const char *const plain[TERRAINS] = {"none", "electric", "grassy", "misty", "psychic"};
    int i = find(names, TERRAINS, id);
    return i > 0 ? i : find(plain, TERRAINS, id);
}

int find_room(const char *id)
{
    static const char *const names[ROOMS] = {"trickroom",   "gravity",    "wonderroom", "magicroom", "fairylock",
                                             "echoedvoice", "watersport", "mudsport",   "iondeluge"};
    return find(names, ROOMS, id);
}

int native_find(const char *name)
{
    int n = 0;
    for (int l = 0; native_lists[l]; l++)
        for (const struct native *f = native_lists[l]; f->name; f++, n++)
            if (!strcmp(f->name, name))
                return n;
    return -1;
}

const char *native_name(unsigned native)
{
    unsigned n = 0;
    for (int l = 0; native_lists[l]; l++)
        for (const struct native *f = native_lists[l]; f->name; f++, n++)
            if (n == native)
                return f->name;
    return "";
}

/* --------------------------------------------------------------------------------------------- arguments --- */

static int find_who(const char *w)
{
    static const char *const names[WHO_COUNT] = {"holder", "foe", "target", "source", "user"};
    return find(names, WHO_COUNT, w);
}

static int find_category(const char *w)
{
    static const char *const names[3] = {"physical", "special", "status"};
    return find(names, 3, w);
}

static int find_aim(const char *w)
{
    static const char *const names[] = {"foe", "self", "all", "foe_side", "own_side", "ally"};
    return find(names, sizeof names / sizeof *names, w);
}

static int find_quantity(const char *w)
{
    static const char *const names[Q_COUNT] = {"hp",    "damage",  "counter",   "wounds", "fallen",
                                               "rises", "strikes", "stockpile", "weight", "speed"};
    return find(names, Q_COUNT, w);
}

static int find_group(const char *w)
{
    static const char *const names[GROUP_COUNT] = {"all", "attacks", "defenses"};
    return find(names, GROUP_COUNT, w);
}

static int find_type(const char *w)
{
    return strcmp(w, "typeless") != 0 ? dex_type(w) : TYPE_NONE;
}

int find_number(const char *w)
{
    char *end;
    long n = strtol(w, &end, 10);
    return *end || end == w || n < -999 || n > 9999 ? -10000 : (int)n;
}

/* Digits and perhaps a point with more of them, in 10,000ths: strtod() would ask the locale what a point is. */
static const char *decimal(const char *w, long *out)
{
    const char *from = w;
    long n = 0, unit = 10000;
    for (; *w >= '0' && *w <= '9' && n <= 65536 * 10000L; w++)
        n = n * 10 + (*w - '0') * 10000L;
    if (w != from && *w == '.')
        for (w++; *w >= '0' && *w <= '9' && unit > 1; w++)
            n += (*w - '0') * (unit /= 10);
    *out = n;
    return w == from ? NULL : w;
}

/* "1.5" or "4915/4096" in 4096ths; "4915" alone is in 4096ths as well when above 16. */
long find_factor(const char *w)
{
    long n, d = 10000;
    w = decimal(w, &n);
    if (w && *w == '/')
        w = decimal(w + 1, &d);
    if (!w || *w || d < 10000 || d > 65536 * 10000L || n > 65536 * 10000L || n > 255 * d)
        return -1;
    return n * 4096 / d;
}

bool fraction(const char *w, unsigned out[2])
{
    char *end;
    long n = strtol(w, &end, 10), d = 1;
    if (end == w)
        return false;
    if (*end == '/')
        d = strtol(end + 1, &end, 10);
    if (*end || n < 0 || d < 1 || n > 999 || d > 999)
        return false;
    out[0] = (unsigned)n;
    out[1] = (unsigned)d;
    return true;
}

int one_word(const struct compiler *k, char kind, const char *w)
{
    const struct dex *dex = k->dex;
    int n;
    switch (kind) {
    case 's': return find_who(w);
    case 'n': return find_number(w);
    case 't': return find_type(w);
    case 'f': return find_flag(w);
    case 'c': return find_category(w);
    case 'A': return find_aim(w);
    case 'q': return find_quantity(w);
    case 'g': return find_group(w);
    case 'm': n = dex_move(dex, w); return n ? n : -1;
    case 'a': n = dex_ability(dex, w); return n ? n : -1;
    case 'i': n = dex_item(dex, w); return n ? n : -1;
    case 'p': n = dex_species(dex, w); return n ? n : -1;
    case 'S': return find_status(w);
    case 'v': return find_volatile(w);
    case 'w': return find_weather(w);
    case 'T': return find_terrain(w);
    case 'R': return find_room(w);
    case 'C': return find_side(w);
    case 'k': return find_stat(w);
    case 'N': return native_find(w);
    default: return -1;
    }
}
