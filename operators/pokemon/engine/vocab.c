/*
 * vocab.c - sentences of the data into programs.
 */
#include "engine.h"
#include "vocab.h"
#include "compile.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *const vocab_patterns[V_COUNT] = {
#define C(name, pattern) [VC_##name] = pattern,
    VOCAB_OF_MOVE(C) VOCAB_OF_WHO(C) VOCAB_OF_EVENT(C)
#undef C
#define O(name, pattern) [VO_##name] = pattern,
        VOCAB_DEEDS(O) VOCAB_TO_SOMEBODY(O) VOCAB_TO_MOVE(O) VOCAB_TO_FIELD(O) VOCAB_ANSWERS(O)
#undef O
};

/* Words of arguments of each sentence, from its pattern: %r, %x and %b take two. */
static unsigned args_of(const char *pattern)
{
    unsigned n = 0;
    for (const char *p = pattern; (p = strchr(p, '%')); p++)
        n += p[1] == 'L' ? VOCAB_LIST : p[1] == 'r' || p[1] == 'x' || p[1] == 'b' ? 2 : 1;
    return n;
}

uint8_t vocab_args[V_COUNT]; /* filled at the first load, the same each time */

void vocab_prepare(void)
{
    for (int v = 0; v < V_COUNT; v++)
        vocab_args[v] = vocab_patterns[v] ? (uint8_t)args_of(vocab_patterns[v]) : 0;
}

bool emit(struct compiler *k, unsigned word)
{
    if (k->rules->code_n >= k->code_cap) {
        unsigned cap = k->code_cap ? 2 * k->code_cap : 4096;
        uint16_t *more = cap > 0x8000 ? NULL : realloc(k->rules->code, cap * sizeof *more);
        if (!more)
            return mistake(k, "too much for one data version");
        k->rules->code = more;
        k->code_cap = cap;
    }
    k->rules->code[k->rules->code_n++] = (uint16_t)word;
    return true;
}

/* ------------------------------------------------------------------------------------------------- names --- */

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
                                                    [VOL_SPARKLING_ARIA] = "sparklingaria"};

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
    static const char *const names[SIDE_CONDITIONS] = {"reflect",     "lightscreen", "auroraveil", "safeguard",
                                                       "mist",        "tailwind",    "firepledge", "waterpledge",
                                                       "grasspledge", "quickguard",  "wideguard",  "spikes",
                                                       "toxicspikes", "stealthrock", "stickyweb"};
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
                                                "snowscape", "desolateland", "primordialsea", "deltastream"};
    static const char *const plain[WEATHERS] = {"none", "sun",       "rain",       "sand",
                                                "snow", "harsh_sun", "heavy_rain", "strong_winds"};
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
    static const char *const names[ROOMS] = {"trickroom", "gravity",   "wonderroom",
                                             "magicroom", "fairylock", "echoedvoice"};
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

static int find_number(const char *w)
{
    char *end;
    long n = strtol(w, &end, 10);
    return *end || end == w || n < -999 || n > 9999 ? -10000 : (int)n;
}

/* "1.5" or "4915/4096" in 4096ths; "4915" alone is in 4096ths as well when above 16. */
static long find_factor(const char *w)
{
    char *end;
    double n = strtod(w, &end), d = 1;
    if (end == w)
        return -1;
    if (*end == '/')
        d = strtod(end + 1, &end);
    if (*end || !(d >= 1 && d <= 65536) || !(n >= 0 && n <= 65536) || n / d > 255)
        return -1;
    return (long)(n * 4096 / d);
}

static bool fraction(const char *w, unsigned out[2])
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

static int one_word(const struct compiler *k, char kind, const char *w)
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

/* ---------------------------------------------------------------------------------------------- sentences --- */

enum { WORDS_MAX = 40, SENTENCE_MAX = 240 };

struct sentence {
    char text[SENTENCE_MAX];
    const char *word[WORDS_MAX];
    int n;
};

static bool split(struct compiler *k, struct sentence *s, const char *text)
{
    if (strlen(text) >= SENTENCE_MAX)
        return mistake(k, "a sentence is too long: \"%.60s...\"", text);
    strcpy(s->text, text);
    s->n = 0;
    for (char *p = s->text; *p;) {
        while (*p == ' ')
            *p++ = 0;
        if (!*p)
            break;
        if (s->n == WORDS_MAX)
            return mistake(k, "a sentence has too many words: \"%.60s\"", text);
        s->word[s->n++] = p;
        while (*p && *p != ' ')
            p++;
    }
    return true;
}

struct words { /* some of a sentence */
    const char *const *word;
    int n;
};

struct meaning { /* of them, as far as it was understood */
    uint16_t args[12];
    int n;
};

/* Stages by which a boost goes as far as it can, as the programs store it. */
enum { STAGE_MAX = 7 };

static int find_stages(const char *w)
{
    const int n = !strcmp(w, "max") ? STAGE_MAX : find_number(w);
    return n == STAGE_MAX || (n >= -6 && n <= 6) ? n : -10000;
}

/* "atk 1 spe -1" from word i to the end. */
static bool stage_words(const struct words *s, int i, struct meaning *out)
{
    uint32_t bits = 0x8888888;
    for (; i + 1 < s->n; i += 2) {
        int stat = find_stat(s->word[i]), by = find_stages(s->word[i + 1]);
        if (stat < 0 || by == -10000)
            return false;
        bits = (bits & ~(15u << (4 * stat))) | (uint32_t)(by + 8) << (4 * stat);
    }
    out->args[out->n++] = (uint16_t)bits;
    out->args[out->n++] = (uint16_t)(bits >> 16);
    return i == s->n;
}

/* Numbers from word i to the end. */
static bool list_words(const struct words *s, int i, struct meaning *out)
{
    int last = 0;
    if (i >= s->n || s->n - i > VOCAB_LIST)
        return false;
    for (int k = 0; k < VOCAB_LIST; k++, i++) {
        last = i < s->n ? find_number(s->word[i]) : last;
        if (last == -10000)
            return false;
        out->args[out->n++] = (uint16_t)last;
    }
    return true;
}

/* 1: the words fit the pattern; 0: another one may; -1: they fit but *word is no such name. */
static int fits(const struct compiler *k, const char *pattern, const struct words *s, struct meaning *out,
                const char **word)
{
    int i = 0;
    out->n = 0;
    while (*pattern) {
        const char *end = strchr(pattern, ' ');
        const size_t len = end ? (size_t)(end - pattern) : strlen(pattern);
        if (*pattern == '%' && pattern[1] == 'b')
            return stage_words(s, i, out) ? 1 : 0;
        if (*pattern == '%' && pattern[1] == 'L')
            return list_words(s, i, out) && !*word ? 1 : 0;
        if (i >= s->n)
            return 0;
        const char *w = s->word[i++];
        if (*pattern != '%') {
            if (strlen(w) != len || strncmp(w, pattern, len) != 0)
                return 0;
        } else if (pattern[1] == 'r') {
            unsigned r[2];
            if (!fraction(w, r))
                return 0;
            out->args[out->n++] = (uint16_t)r[0];
            out->args[out->n++] = (uint16_t)r[1];
        } else if (pattern[1] == 'x') {
            long x = find_factor(w);
            if (x < 0)
                return 0;
            out->args[out->n++] = (uint16_t)x;
            out->args[out->n++] = (uint16_t)(x >> 16);
        } else {
            int n = one_word(k, pattern[1], w);
            if (pattern[1] == 's' ? n < 0 : false)
                return 0;
            if (n < 0 && !(pattern[1] == 'n' && n > -10000) && !*word)
                *word = w;
            out->args[out->n++] = (uint16_t)n;
        }
        pattern += len + (end ? 1 : 0);
    }
    return i != s->n ? 0 : *word ? -1 : 1;
}

static bool understand(struct compiler *k, const struct words *s, int from, int to, struct meaning *out, int *which,
                       const char *text)
{
    const char *unknown = NULL;
    for (int v = from; v < to; v++) {
        const char *word = NULL;
        int r = vocab_patterns[v] ? fits(k, vocab_patterns[v], s, out, &word) : 0;
        if (r > 0) {
            *which = v;
            return true;
        }
        if (r < 0)
            unknown = word;
    }
    if (unknown)
        return mistake(k, "\"%s\": \"%s\" is unknown", text, unknown);
    return mistake(k, "\"%s\" is no %s of the vocabulary", text, from == 1 ? "condition" : "operation");
}

/* Takes off what stands in front of the next such word; *s is what follows it.  False: there is none. */
static bool until(struct words *s, const char *word, struct words *before)
{
    int i = 0;
    while (i < s->n && strcmp(s->word[i], word) != 0)
        i++;
    *before = (struct words){s->word, i};
    if (i == s->n) {
        *s = (struct words){s->word + i, 0};
        return false;
    }
    *s = (struct words){s->word + i + 1, s->n - i - 1};
    return true;
}

static bool takes(struct words *s, const char *word)
{
    if (!s->n || strcmp(s->word[0], word) != 0)
        return false;
    *s = (struct words){s->word + 1, s->n - 1};
    return true;
}

/* Jumps of which it is not yet known where they lead: places of their distances, each behind its sentence's word. */
struct jumps {
    unsigned at[WORDS_MAX];
    unsigned n;
};

static void land(struct compiler *k, struct jumps *j)
{
    for (unsigned i = 0; i < j->n && !k->failed; i++)
        k->rules->code[j->at[i]] = (uint16_t)(k->rules->code_n - (j->at[i] - 1));
    j->n = 0;
}

static bool alternative(struct compiler *k, struct words s, const char *text, unsigned flag, struct jumps *j)
{
    struct meaning m;
    int v = 0;
    const bool turned = takes(&s, "not");
    if (!understand(k, &s, 1, V_OPERATIONS, &m, &v, text))
        return false;
    emit(k, (unsigned)v | (turned ? V_NOT : 0u) | flag);
    if (flag) {
        j->at[j->n++] = k->rules->code_n;
        emit(k, 0);
    }
    for (int i = 0; i < m.n; i++)
        emit(k, m.args[i]);
    return !k->failed;
}

/* "A or B".  when: it guards an operation, and jumps over it when it does not hold. */
static bool condition(struct compiler *k, struct words s, const char *text, struct jumps *when)
{
    struct jumps hold = {.n = 0};
    struct words one;
    while (until(&s, "or", &one))
        if (!alternative(k, one, text, V_OR, &hold))
            return false;
    if (!alternative(k, one, text, when ? V_WHEN : 0, when))
        return false;
    land(k, &hold);
    return true;
}

bool compile_condition(struct compiler *k, const char *text)
{
    struct sentence s;
    return split(k, &s, text) && condition(k, (struct words){s.word, s.n}, text, NULL);
}

/* How an operation begins: "try" or "must", which only deeds may. */
static bool mood(struct compiler *k, struct words *s, const char *text, unsigned *flag)
{
    *flag = takes(s, "try") ? V_TRY : takes(s, "must") ? V_MUST : 0;
    struct meaning m;
    int v = 0;
    if (!*flag)
        return true;
    if (!understand(k, s, V_OPERATIONS + 1, V_COUNT, &m, &v, text))
        return false;
    return v < V_TO_SOMEBODY || mistake(k, "\"%s\": only what may fail can be tried", text);
}

bool compile_operation(struct compiler *k, const char *text)
{
    struct sentence s;
    struct words rest, deed, one;
    struct jumps over = {.n = 0};
    struct meaning m;
    unsigned flag;
    int v = 0;
    if (!split(k, &s, text))
        return false;
    rest = (struct words){s.word, s.n};
    if (until(&rest, "when", &deed))
        for (bool more = true; more;) {
            more = until(&rest, "and", &one);
            if (!condition(k, one, text, &over))
                return false;
        }
    if (!mood(k, &deed, text, &flag) || !understand(k, &deed, V_OPERATIONS + 1, V_COUNT, &m, &v, text))
        return false;
    if (v == VO_SET_STATUS && m.args[1] >= STATUSES)
        return mistake(k, "\"%s\": one status must be named", text);
    emit(k, (unsigned)v | flag);
    for (int i = 0; i < m.n; i++)
        emit(k, m.args[i]);
    land(k, &over);
    return !k->failed;
}
