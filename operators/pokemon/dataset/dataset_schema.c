/* dataset_schema.c - which fields the rows of each file have, and what may stand in them. */
#include "dataset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    TEXT,     /* not empty */
    ID,       /* small letters and digits */
    NUMBER,   /* in low..high */
    NUMBERS,  /* a list of `size` of them */
    TRUTH,    /* true, or absent */
    CHOICE,   /* one of `words` */
    CHOICES,  /* a list of them, none twice */
    IDS,      /* a list of ids, not empty */
    SLOTS,    /* a list of ids, "" between them for an empty slot */
    WORDS,    /* ids with one space between */
    FRACTION, /* [n, d], 0 < n <= d */
    RANGE,    /* [low, high] of hits */
    STAGES,   /* {"atk": -1, ..}, -6..6 and not 0 */
    DAMAGE,   /* "level" or a number */
    OHKO,     /* true or "ice" */
    HIT,      /* an object of hit_fields */
    HITS,     /* a list of them */
    FLING,    /* an object of fling_fields */
    GIFT,     /* an object of gift_fields */
    SETS,     /* a list of objects of set_fields, not empty */
    WORD,     /* small letters, digits and underscores */
    WORDLIST, /* a list of them, not empty */
    SPAN,     /* [least, most], both in low..high */
    GIVEN,    /* a list of [level, shiny, gender, perfect, ivs]: Pokémon that were given away */
    GIVENBY,  /* an object of such lists by ids of moves */
    LEVELS,   /* "move:level move:level" */
    BAN,      /* an object of ban_fields */
    CHANGES,  /* an object of ids by ids, not empty */
};

struct field {
    const char *name;
    enum kind kind;
    bool needed;
    int low, high;     /* NUMBER, NUMBERS */
    size_t size;       /* NUMBERS */
    const char *words; /* CHOICE, CHOICES: with a space before and after each */
};

#define TYPES_18                                                                                                       \
    " Bug Dark Dragon Electric Fairy Fighting Fire Flying Ghost Grass Ground Ice Normal Poison Psychic Rock Steel "    \
    "Water "
#define STATUSES " brn par slp frz psn tox "
#define STATS " atk def spa spd spe accuracy evasion "

/* clang-format off */
static const struct field hit_fields[] = {
    {"chance", NUMBER, false, 1, 100, 0, NULL}, {"boosts", STAGES, false, 0, 0, 0, NULL},
    {"status", CHOICE, false, 0, 0, 0, STATUSES}, {"volatile", ID, false, 0, 0, 0, NULL},
    {"self", HIT, false, 0, 0, 0, NULL}, {"code", TRUTH, false, 0, 0, 0, NULL}, {0},
};

static const struct field fling_fields[] = {
    {"power", NUMBER, true, 0, 130, 0, NULL}, {"status", CHOICE, false, 0, 0, 0, STATUSES},
    {"volatile", ID, false, 0, 0, 0, NULL}, {0},
};

static const struct field gift_fields[] = {
    {"power", NUMBER, true, 1, 150, 0, NULL}, {"type", CHOICE, true, 0, 0, 0, TYPES_18}, {0},
};

static const struct field set_fields[] = {
    {"role", CHOICE, true, 0, 0, 0, " av_pivot bulky_attacker bulky_setup bulky_support fast_attacker fast_bulky_setup "
        "fast_support setup_sweeper tera_blast_user wallbreaker "},
    {"moves", IDS, true, 0, 0, 0, NULL}, {"abilities", IDS, true, 0, 0, 0, NULL},
    {"tera", CHOICES, true, 0, 0, 0, TYPES_18 "Stellar "}, {0},
};

static const struct field sets_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"level", NUMBER, true, 1, 100, 0, NULL}, {"sets", SETS, true, 0, 0, 0, NULL}, {0},
};

static const struct field species_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"num", NUMBER, true, 1, 9999, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"types", CHOICES, true, 0, 0, 0, TYPES_18}, {"stats", NUMBERS, true, 1, 255, 6, NULL},
    {"abilities", SLOTS, false, 0, 0, 0, NULL}, {"weight", NUMBER, true, 1, 99999, 0, NULL},
    {"gender", CHOICE, false, 0, 0, 0, " M F N "}, {"male", NUMBER, false, 0, 8, 0, NULL},
    {"base", ID, false, 0, 0, 0, NULL}, {"forme", TEXT, false, 0, 0, 0, NULL}, {"base_forme", TEXT, false, 0, 0, 0, NULL},
    {"cosmetic", TRUTH, false, 0, 0, 0, NULL}, {"changes_from", ID, false, 0, 0, 0, NULL},
    {"battle_only", IDS, false, 0, 0, 0, NULL}, {"required_items", IDS, false, 0, 0, 0, NULL},
    {"required_ability", ID, false, 0, 0, 0, NULL}, {"required_move", ID, false, 0, 0, 0, NULL},
    {"required_tera", CHOICE, false, 0, 0, 0, TYPES_18 "Stellar "}, {"prevo", ID, false, 0, 0, 0, NULL},
    {"nfe", TRUTH, false, 0, 0, 0, NULL},
    {"unplayable", TRUTH, false, 0, 0, 0, NULL},
    {"tags", CHOICES, false, 0, 0, 0, " sub_legendary restricted_legendary mythical paradox ultra_beast "},
    {"generation", NUMBER, false, 1, 9, 0, NULL}, {0},
};

static const struct field move_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"num", NUMBER, true, 1, 9999, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"type", CHOICE, true, 0, 0, 0, TYPES_18}, {"category", CHOICE, true, 0, 0, 0, " physical special status "},
    {"power", NUMBER, true, 0, 250, 0, NULL}, {"accuracy", NUMBER, true, 0, 100, 0, NULL},
    {"pp", NUMBER, true, 1, 40, 0, NULL}, {"pp_max", NUMBER, true, 1, 64, 0, NULL},
    {"priority", NUMBER, true, -7, 7, 0, NULL},
    {"target", CHOICE, true, 0, 0, 0, " normal any self all all_adjacent all_adjacent_foes adjacent_foe adjacent_ally "
        "adjacent_ally_or_self allies ally_side ally_team foe_side random_normal scripted "},
    {"flags", CHOICES, true, 0, 0, 0, " allyanim always_crit bite breaks_protect bullet bypasssub calls_move "
        "cantusetwice charge contact crash dance defrost distance failcopycat failencore failinstruct failmefirst "
        "failmimic force_switch futuremove gravity half_recoil half_recoil_round heal heed_immunity ignore_ability "
        "ignore_defense_stages ignore_evasion ignore_immunity metronome minimize mirror multi_accuracy mustpressure "
        "noassist nonsky noparentalbond nosketch nosleeptalk pledgecombo powder protect pulse punch recharge "
        "reflectable sheer_force sleep_usable slicing smart_target snatch sound stalling struggle_recoil thaws_target "
        "tracks_target wind "},
    {"unobtainable", TRUTH, false, 0, 0, 0, NULL}, {"z", TRUTH, false, 0, 0, 0, NULL},
    {"crit", NUMBER, false, 1, 4, 0, NULL}, {"hits", RANGE, false, 0, 0, 0, NULL},
    {"drain", FRACTION, false, 0, 0, 0, NULL}, {"recoil", FRACTION, false, 0, 0, 0, NULL},
    {"heal", FRACTION, false, 0, 0, 0, NULL}, {"boosts", STAGES, false, 0, 0, 0, NULL},
    {"status", CHOICE, false, 0, 0, 0, STATUSES}, {"damage", DAMAGE, false, 0, 0, 0, NULL},
    {"ohko", OHKO, false, 0, 0, 0, NULL}, {"selfdestruct", CHOICE, false, 0, 0, 0, " always if_hit "},
    {"self_switch", CHOICE, false, 0, 0, 0, " plain copyvolatile shedtail "},
    {"offense", CHOICE, false, 0, 0, 0, STATS}, {"defense", CHOICE, false, 0, 0, 0, STATS},
    {"offense_of", CHOICE, false, 0, 0, 0, " target "}, {"non_ghost_target", CHOICE, false, 0, 0, 0, " self "},
    {"volatile", ID, false, 0, 0, 0, NULL}, {"side", ID, false, 0, 0, 0, NULL}, {"slot", ID, false, 0, 0, 0, NULL},
    {"room", ID, false, 0, 0, 0, NULL}, {"weather", ID, false, 0, 0, 0, NULL}, {"terrain", ID, false, 0, 0, 0, NULL},
    {"duration", NUMBER, false, 1, 99, 0, NULL}, {"no_copy", TRUTH, false, 0, 0, 0, NULL},
    {"self", HIT, false, 0, 0, 0, NULL}, {"self_boost", STAGES, false, 0, 0, 0, NULL},
    {"secondaries", HITS, false, 0, 0, 0, NULL}, {0},
};

static const struct field type_fields[] = {
    {"name", CHOICE, true, 0, 0, 0, TYPES_18}, {"against", NUMBERS, true, 0, 4, 18, NULL},
    {"immune", CHOICES, false, 0, 0, 0, " brn frz par powder prankster psn sandstorm tox trapped "}, {0},
};

static const struct field nature_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"plus", CHOICE, false, 0, 0, 0, " atk def spa spd spe "}, {"minus", CHOICE, false, 0, 0, 0, " atk def spa spd spe "},
    {0},
};

static const struct field learnset_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"moves", WORDS, false, 0, 0, 0, NULL}, {"same", ID, false, 0, 0, 0, NULL}, {0},
};

static const struct field ability_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"num", NUMBER, true, 1, 9999, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"flags", CHOICES, false, 0, 0, 0, " breakable cantsuppress failroleplay failskillswap noentrain noreceiver notrace "
        "notransform suppress_weather "}, {0},
};

static const struct field item_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"num", NUMBER, true, 1, 9999, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"fling", FLING, false, 0, 0, 0, NULL}, {"natural_gift", GIFT, false, 0, 0, 0, NULL},
    {"boosts", STAGES, false, 0, 0, 0, NULL}, {"plate", CHOICE, false, 0, 0, 0, TYPES_18},
    {"forme", ID, false, 0, 0, 0, NULL}, {"users", IDS, false, 0, 0, 0, NULL},
    {"mega", CHANGES, false, 0, 0, 0, NULL}, {"primal", TRUTH, false, 0, 0, 0, NULL},
    {"z_type", CHOICE, false, 0, 0, 0, TYPES_18}, {"z_move", ID, false, 0, 0, 0, NULL}, {"z_from", ID, false, 0, 0, 0, NULL},
    {"memory", CHOICE, false, 0, 0, 0, TYPES_18}, {"drive", CHOICE, false, 0, 0, 0, TYPES_18},
    {"flags", CHOICES, false, 0, 0, 0, " berry ball choice gem ignore_klutz "}, {0},
};

static const struct field legality_fields[] = {
    {"id", ID, true, 0, 0, 0, NULL}, {"level", NUMBER, false, 1, 100, 0, NULL}, {"perfect", NUMBER, false, 1, 6, 0, NULL},
    {"go", NUMBERS, false, 0, 100, 3, NULL}, {"go_only", TRUTH, false, 0, 0, 0, NULL},
    {"only", GIVEN, false, 0, 0, 0, NULL}, {"young", GIVEN, false, 0, 0, 0, NULL},
    {"events", GIVENBY, false, 0, 0, 0, NULL}, {"levels", LEVELS, false, 1, 100, 0, NULL},
    {"not_go", LEVELS, false, 1, 101, 0, NULL}, {0},
};

static const struct field clause_fields[] = {
    {"id", WORD, true, 0, 0, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL},
    {"moves", IDS, false, 0, 0, 0, NULL}, {"abilities", IDS, false, 0, 0, 0, NULL}, {"items", IDS, false, 0, 0, 0, NULL},
    {"why", TEXT, false, 0, 0, 0, NULL}, {"once", CHOICE, false, 0, 0, 0, " species item nickname "},
    {"battle", CHOICE, false, 0, 0, 0, " sleep freeze endless "}, {0},
};

static const struct field ban_fields[] = {
    {"tags", CHOICES, false, 0, 0, 0, " sub_legendary restricted_legendary mythical paradox "},
    {"species", IDS, false, 0, 0, 0, NULL}, {"abilities", IDS, false, 0, 0, 0, NULL},
    {"items", IDS, false, 0, 0, 0, NULL}, {"moves", IDS, false, 0, 0, 0, NULL}, {0},
};

static const struct field format_fields[] = {
    {"id", WORD, true, 0, 0, 0, NULL}, {"name", TEXT, true, 0, 0, 0, NULL}, {"size", SPAN, true, 1, 6, 0, NULL},
    {"level", SPAN, true, 1, 100, 0, NULL}, {"level_default", NUMBER, true, 1, 100, 0, NULL},
    {"level_set", NUMBER, false, 1, 100, 0, NULL}, {"level_even", TRUTH, false, 0, 0, 0, NULL},
    {"moves", NUMBER, true, 1, 4, 0, NULL}, {"evs", NUMBER, true, 0, 1512, 0, NULL}, {"ev", NUMBER, true, 0, 252, 0, NULL},
    {"iv", NUMBER, true, 0, 31, 0, NULL}, {"tera", TRUTH, false, 0, 0, 0, NULL},
    {"obtainable", TRUTH, false, 0, 0, 0, NULL}, {"clauses", WORDLIST, false, 0, 0, 0, NULL},
    {"ban", BAN, false, 0, 0, 0, NULL}, {0},
};
/* clang-format on */

static const struct field *const file_fields[DATASET_FILES] = {
    species_fields, move_fields, type_fields,     nature_fields, learnset_fields, ability_fields,
    item_fields,    sets_fields, legality_fields, clause_fields, format_fields};

/* ----------------------------------------------------------------------------------------------------- values --- */

static bool is_id(const char *s)
{
    return s && *s && strlen(s) < 32 && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789")] == 0;
}

static bool is_name(const struct field *f, const json_t *value)
{
    const char *s = json_string_value(value);
    (void)f;
    return s && *s && strlen(s) < 32 && s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == 0;
}

static bool is_word(const struct field *f, const json_t *value)
{
    char padded[40];
    const char *s = json_string_value(value);
    if (!s || !*s || strlen(s) > 36 || strchr(s, ' '))
        return false;
    snprintf(padded, sizeof padded, " %s ", s);
    return strstr(f->words, padded);
}

static bool in_range(const struct field *f, const json_t *value)
{
    return json_is_integer(value) && json_integer_value(value) >= f->low && json_integer_value(value) <= f->high;
}

/* Whether every element pleases `good`. */
static bool every(const struct field *f, const json_t *list, bool (*good)(const struct field *, const json_t *))
{
    if (!json_is_array(list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!good(f, json_array_get(list, i)))
            return false;
    return true;
}

static bool id_value(const struct field *f, const json_t *value)
{
    (void)f;
    return is_id(json_string_value(value));
}

static bool changes_value(const json_t *value)
{
    const char *from;
    json_t *to;
    json_object_foreach((json_t *)value, from, to) {
        if (!is_id(from) || !is_id(json_string_value(to)))
            return false;
    }
    return json_object_size(value) > 0;
}

static bool slot_value(const struct field *f, const json_t *value)
{
    return id_value(f, value) || (json_is_string(value) && !*json_string_value(value));
}

static bool none_twice(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t k = 0; k < i; k++)
            if (json_equal(json_array_get(list, i), json_array_get(list, k)))
                return false;
    return true;
}

static bool is_pair(const json_t *value, json_int_t *a, json_int_t *b)
{
    *a = json_integer_value(json_array_get(value, 0));
    *b = json_integer_value(json_array_get(value, 1));
    return json_array_size(value) == 2 && json_is_integer(json_array_get(value, 0)) &&
           json_is_integer(json_array_get(value, 1)) && *a > 0 && *a <= *b;
}

static bool is_stages(const json_t *value)
{
    static const struct field stat = {.words = STATS};
    const char *name;
    json_t *n;
    if (!json_is_object(value))
        return false;
    json_object_foreach((json_t *)value, name, n) {
        json_t *word = json_string(name);
        bool good = is_word(&stat, word) && json_is_integer(n) && json_integer_value(n) &&
                    json_integer_value(n) >= -6 && json_integer_value(n) <= 6;
        json_decref(word);
        if (!good)
            return false;
    }
    return true;
}

static bool is_words(const char *s)
{
    char word[40];
    while (s && *s) {
        size_t len = strcspn(s, " ");
        if (len >= sizeof word)
            return false;
        memcpy(word, s, len);
        word[len] = 0;
        if (!is_id(word))
            return false;
        s += len;
        if (*s == ' ' && !*++s)
            return false;
    }
    return s != NULL;
}

/* ------------------------------------------------------------------------------------------- values of teams --- */

static bool is_span(const struct field *f, const json_t *value)
{
    return json_array_size(value) == 2 && every(f, value, in_range) &&
           json_integer_value(json_array_get(value, 0)) <= json_integer_value(json_array_get(value, 1));
}

/* [level, shiny, gender, perfect, ivs]; ivs is 0, or six numbers. */
static bool is_given(const struct field *f, const json_t *row)
{
    static const struct field level = {.low = 0, .high = 100}, shiny = {.low = 0, .high = 2},
                              perfect = {.low = 0, .high = 6}, iv = {.low = 0, .high = 31};
    const char *gender = json_string_value(json_array_get(row, 2));
    const json_t *ivs = json_array_get(row, 4);
    (void)f;
    return json_array_size(row) == 5 && in_range(&level, json_array_get(row, 0)) &&
           in_range(&shiny, json_array_get(row, 1)) && gender &&
           (!*gender || !strcmp(gender, "M") || !strcmp(gender, "F")) && in_range(&perfect, json_array_get(row, 3)) &&
           (json_array_size(ivs) == 6 ? every(&iv, ivs, in_range) : json_is_integer(ivs) && !json_integer_value(ivs));
}

static bool is_given_by(const json_t *value)
{
    const char *move;
    json_t *list;
    json_object_foreach((json_t *)value, move, list) {
        if (!is_id(move) || !json_array_size(list) || !every(NULL, list, is_given))
            return false;
    }
    return json_object_size(value) > 0;
}

/* "slash:20 inferno:36" */
static bool is_levels(const struct field *f, const char *s)
{
    char id[32];
    while (s && *s) {
        size_t len = strcspn(s, ":");
        char *end;
        if (len >= sizeof id || s[len] != ':' || s[len + 1] < '0' || s[len + 1] > '9')
            return false;
        memcpy(id, s, len);
        id[len] = 0;
        long level = strtol(s + len + 1, &end, 10);
        if (!is_id(id) || level < f->low || level > f->high || (*end && (*end != ' ' || !end[1])))
            return false;
        s = end + (*end == ' ');
    }
    return s != NULL;
}

/* ----------------------------------------------------------------------------------------------------- fields --- */

struct place { /* where a check is */
    struct findings *out;
    const char *file, *id;
};

static void check_object(const struct place *at, const json_t *object, const struct field *fields);

static bool value_good(const struct place *at, const struct field *f, const json_t *value)
{
    json_int_t a, b;
    switch (f->kind) {
    case TEXT: return json_is_string(value) && *json_string_value(value);
    case ID: return id_value(f, value);
    case NUMBER: return in_range(f, value);
    case NUMBERS: return json_array_size(value) == f->size && every(f, value, in_range);
    case TRUTH: return json_is_true(value);
    case CHOICE: return is_word(f, value);
    case CHOICES: return every(f, value, is_word) && none_twice(value);
    case IDS: return json_array_size(value) && every(f, value, id_value) && none_twice(value);
    case SLOTS: return every(f, value, slot_value);
    case WORDS: return is_words(json_string_value(value));
    case FRACTION: return is_pair(value, &a, &b);
    case RANGE: return is_pair(value, &a, &b) && b <= 10;
    case STAGES: return is_stages(value);
    case DAMAGE:
        return json_is_integer(value) ? json_integer_value(value) > 0
                                      : json_is_string(value) && !strcmp(json_string_value(value), "level");
    case OHKO: return json_is_true(value) || (json_is_string(value) && !strcmp(json_string_value(value), "ice"));
    case HIT: check_object(at, value, hit_fields); return json_is_object(value);
    case HITS:
    case SETS:
        for (size_t i = 0; i < json_array_size(value); i++)
            check_object(at, json_array_get(value, i), f->kind == HITS ? hit_fields : set_fields);
        return json_array_size(value) > 0;
    case FLING: check_object(at, value, fling_fields); return json_is_object(value);
    case GIFT: check_object(at, value, gift_fields); return json_is_object(value);
    case WORD: return is_name(f, value);
    case WORDLIST: return json_array_size(value) && every(f, value, is_name) && none_twice(value);
    case SPAN: return is_span(f, value);
    case GIVEN: return json_array_size(value) && every(f, value, is_given);
    case GIVENBY: return is_given_by(value);
    case LEVELS: return is_levels(f, json_string_value(value));
    case BAN: check_object(at, value, ban_fields); return json_is_object(value);
    case CHANGES: return changes_value(value);
    }
    return false;
}

static const struct field *find_field(const struct field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (!strcmp(fields->name, name))
            return fields;
    return NULL;
}

static void check_object(const struct place *at, const json_t *object, const struct field *fields)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        const struct field *f = find_field(fields, name);
        if (!f) {
            finding_add(at->out, "unknown-field", at->file, at->id, "the field \"%s\" is not known.", name);
        } else if (!value_good(at, f, value)) {
            char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
            finding_add(at->out, "bad-value", at->file, at->id, "\"%s\" may not be %.60s.", name, text ? text : "this");
            free(text);
        }
    }
    for (const struct field *f = fields; f->name; f++)
        if (f->needed && !json_object_get(object, f->name))
            finding_add(at->out, "missing-field", at->file, at->id, "there is no \"%s\".", f->name);
}

void dataset_check_fields(const struct dataset *set, struct findings *out)
{
    for (int f = 0; f < DATASET_FILES; f++) {
        for (size_t i = 0; i < json_array_size(set->rows[f]); i++) {
            const json_t *row = json_array_get(set->rows[f], i);
            const char *id = json_string_value(json_object_get(row, f == DATASET_TYPES ? "name" : "id"));
            check_object(&(struct place){out, dataset_names[f], id ? id : ""}, row, file_fields[f]);
        }
    }
}
