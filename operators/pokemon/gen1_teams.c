/*
 * gen1_teams.c - teams of data versions without abilities and items, as JSON: read and checked.
 *
 * Checks go slot by slot and in one order, so that the sentence a player gets names the first thing to mend:
 * size, species, each species once, one to four moves, no move twice, moves exist, moves can be learned, then
 * level, nature, IVs, EVs, and keys that mean nothing.
 */
#include "pokemon.h"

#include <string.h>

enum { EV_TOTAL = 510, EV_MAX = 252, IV_MAX = 31 };

struct reader { /* one set being read */
    const struct dex *dex;
    const struct gen1_rules *rules;
    const struct party *before; /* the sets of the slots before it */
    struct battle_set *set;
    struct writer *why;
};

/* The id in a JSON string; "" if it is none. */
static void json_id(const json_t *value, char out[TEXT_ID])
{
    out[0] = 0;
    if (json_is_string(value) && !text_id(json_string_value(value), json_string_length(value), out))
        out[0] = 0;
}

/* Appends the pieces of a sentence, up to a NULL. */
static bool wrong(struct writer *why, const char *const pieces[])
{
    for (int i = 0; pieces[i]; i++)
        writer_text(why, pieces[i]);
    return false;
}

#define WRONG(r, ...) wrong((r)->why, (const char *const[]){__VA_ARGS__, NULL})

static bool read_species(struct reader *r, const json_t *object)
{
    char id[TEXT_ID];
    json_id(json_object_get(object, "species"), id);
    uint16_t species = dex_species(r->dex, id);
    if (!species)
        return WRONG(r, "there is no Pokémon \"", id, "\" in this game");
    for (int i = 0; i < r->before->size; i++)
        if (r->before->sets[i].species == species)
            return WRONG(r, r->dex->species[species].name, " is in the team already; each species once");
    *r->set = battle_set_default(species);
    return true;
}

static bool read_moves(struct reader *r, const json_t *list)
{
    char ids[BATTLE_MOVES][TEXT_ID];
    size_t n = json_array_size(list);
    if (n < 1 || n > BATTLE_MOVES)
        return WRONG(r, "one to four moves are needed, as [\"flamethrower\", \"slash\"]");
    for (size_t i = 0; i < n; i++)
        json_id(json_array_get(list, i), ids[i]);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (!strcmp(ids[i], ids[k]))
                return WRONG(r, "move \"", ids[i], "\" is there twice");
    for (size_t i = 0; i < n; i++) {
        r->set->moves[i] = dex_move(r->dex, ids[i]);
        if (r->set->moves[i] == r->dex->struggle) /* everybody can, nobody may choose it */
            r->set->moves[i] = 0;
        if (!r->set->moves[i])
            return WRONG(r, "there is no move \"", ids[i], "\" in this game");
    }
    for (size_t i = 0; i < n; i++)
        if (!dex_learns(r->dex, r->set->species, r->set->moves[i]))
            return WRONG(r, r->dex->species[r->set->species].name, " cannot learn ",
                         r->dex->moves[r->set->moves[i]].name);
    return true;
}

static bool in_range(const json_t *value, json_int_t low, json_int_t high)
{
    return json_is_integer(value) && json_integer_value(value) >= low && json_integer_value(value) <= high;
}

static bool read_level(struct reader *r, const json_t *value)
{
    r->set->level = r->rules->level;
    if (!value)
        return true;
    if (in_range(value, 1, r->rules->level_max)) {
        r->set->level = (uint8_t)json_integer_value(value);
        return true;
    }
    WRONG(r, "level must be a whole number from 1 to ");
    writer_int(r->why, r->rules->level_max);
    return false;
}

static bool read_nature(struct reader *r, const json_t *value)
{
    char id[TEXT_ID];
    if (!value)
        return true;
    json_id(value, id);
    int nature = dex_nature(id);
    if (nature < 0)
        return WRONG(r, "there is no nature \"", id, "\"");
    r->set->nature = (uint8_t)nature;
    return true;
}

/* Six numbers 0 .. max: a list in the order of the names, or an object with some of the names.  The sum, or -1. */
static int read_six(const json_t *value, int max, uint8_t out[6])
{
    static const char *const names[6] = {"hp", "atk", "def", "spa", "spd", "spe"};
    int sum = 0;
    size_t used = 0;
    if (!json_is_object(value) && json_array_size(value) != 6)
        return -1;
    for (size_t i = 0; i < 6; i++) {
        const json_t *one = json_is_array(value) ? json_array_get(value, i) : json_object_get(value, names[i]);
        used += one != NULL;
        if (one && !in_range(one, 0, max))
            return -1;
        if (one)
            out[i] = (uint8_t)json_integer_value(one);
        sum += out[i];
    }
    return json_is_object(value) && used != json_object_size(value) ? -1 : sum;
}

static bool read_spread(struct reader *r, const json_t *ivs, const json_t *evs)
{
    static const char form[] = ", as {\"hp\": 4, \"atk\": 0, \"def\": 0, \"spa\": 0, \"spd\": 0, \"spe\": 0}";
    if (ivs && read_six(ivs, IV_MAX, r->set->ivs) < 0)
        return WRONG(r, "ivs must be whole numbers from 0 to 31", form);
    int sum = evs ? read_six(evs, EV_MAX, r->set->evs) : 0;
    if (sum < 0)
        return WRONG(r, "evs must be whole numbers from 0 to 252", form);
    return sum <= EV_TOTAL || WRONG(r, "evs may sum up to 510 only");
}

static bool read_keys(struct reader *r, json_t *object)
{
    static const char *const known[] = {"species", "moves", "level", "nature", "ivs", "evs"};
    size_t n = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        n += json_object_get(object, known[i]) != NULL;
    return n == json_object_size(object) ||
           WRONG(r, "a Pokémon is described by species, moves, level, nature, ivs and evs; nothing else is in play");
}

static bool read_set(struct reader *r, json_t *object)
{
    if (!json_is_object(object))
        return WRONG(r, "a Pokémon is an object, as {\"species\": \"pikachu\", \"moves\": [\"thunderbolt\"]}");
    return read_species(r, object) && read_moves(r, json_object_get(object, "moves")) &&
           read_level(r, json_object_get(object, "level")) && read_nature(r, json_object_get(object, "nature")) &&
           read_spread(r, json_object_get(object, "ivs"), json_object_get(object, "evs")) && read_keys(r, object);
}

static void write_size(struct writer *why, const struct gen1_rules *rules)
{
    writer_text(why, "a team is a JSON list of ");
    if (rules->size_min != rules->size_max) {
        writer_int(why, rules->size_min);
        writer_text(why, " to ");
    }
    writer_int(why, rules->size_max);
    writer_text(why, " Pokémon");
}

bool gen1_team(const struct dex *dex, const json_t *list, const struct gen1_rules *rules, struct party *out,
               struct writer *why)
{
    size_t size = json_array_size(list);
    *out = (struct party){0};
    if (!json_is_array(list) || size < rules->size_min || size > rules->size_max) {
        write_size(why, rules);
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        size_t mark = why->len;
        struct reader r = {.dex = dex, .rules = rules, .before = out, .set = &out->sets[i], .why = why};
        writer_text(why, "slot ");
        writer_int(why, (int64_t)i + 1);
        writer_text(why, ": ");
        if (!read_set(&r, json_array_get(list, i)))
            return false;
        why->len = mark;
        out->size++;
    }
    return true;
}
