/*
 * json.c - teams as JSON: a list of objects.
 *
 *     {"species": "pikachu", "moves": ["thunderbolt"], "ability": "static", "item": "lightball", "nature": "timid",
 *      "evs": {"spa": 252}, "ivs": {"atk": 0}, "level": 50, "gender": "M", "shiny": true, "happiness": 0,
 *      "tera": "electric", "nickname": "Sparky", "pokeball": "pokeball"}
 *
 * Only species and moves have to be there.  Names and ids are both taken; so are the names that Showdown's own JSON
 * has for the same things ("name", "teraType"), and spreads as lists of six.  A key that means nothing is a mistake.
 */
#include "forms.h"

#include <string.h>

struct reader {
    const struct team_facts *facts;
    struct team *team;
    struct team_problems *why;
    struct team_set *set;
};

static void wrong(struct reader *r, const char *field, const char *what)
{
    team_problem(r->why, r->team->count, field, "%s", what);
}

static bool read_id(struct reader *r, const char *field, const json_t *value, char out[TEAM_ID])
{
    if (json_is_null(value))
        return false;
    if (!json_is_string(value)) {
        wrong(r, field, "it must be a text, as \"pikachu\"");
        return false;
    }
    team_id(json_string_value(value), json_string_length(value), out);
    return true;
}

static void read_species(struct reader *r, const json_t *value)
{
    read_id(r, "species", value, r->set->species);
}

static void read_nickname(struct reader *r, const json_t *value)
{
    if (json_is_string(value)) /* the species is read before it */
        forms_nickname(r->facts, r->team, (struct team_piece){json_string_value(value), json_string_length(value)},
                       r->why);
    else if (!json_is_null(value))
        wrong(r, "nickname", "it must be a text");
}

static void read_ability(struct reader *r, const json_t *value)
{
    read_id(r, "ability", value, r->set->ability);
}

static void read_item(struct reader *r, const json_t *value)
{
    read_id(r, "item", value, r->set->item);
}

static void read_nature(struct reader *r, const json_t *value)
{
    read_id(r, "nature", value, r->set->nature);
}

static void read_tera(struct reader *r, const json_t *value)
{
    read_id(r, "tera", value, r->set->tera);
}

static void read_pokeball(struct reader *r, const json_t *value)
{
    read_id(r, "pokeball", value, r->set->pokeball);
}

static void read_moves(struct reader *r, const json_t *list)
{
    if (!json_is_array(list)) {
        wrong(r, "moves", "they must be a list, as [\"flamethrower\", \"slash\"]");
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *move = json_array_get(list, i);
        if (json_is_string(move))
            forms_move(r->team, (struct team_piece){json_string_value(move), json_string_length(move)}, r->why);
        else
            wrong(r, "moves", "each must be a text, as \"flamethrower\"");
    }
}

static bool read_int(const json_t *value, int16_t *out)
{
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value))
        return false;
    *out = (int16_t)(n > TEAM_NUMBER_MAX ? TEAM_NUMBER_MAX : n < -TEAM_NUMBER_MAX ? -TEAM_NUMBER_MAX : n);
    return true;
}

static bool read_six(const json_t *value, int16_t out[6])
{
    size_t used = 0;
    if (!json_is_object(value) && json_array_size(value) != 6)
        return false;
    for (size_t i = 0; i < 6; i++) {
        const json_t *one = json_is_array(value) ? json_array_get(value, i) : json_object_get(value, forms_stats[i]);
        used += one != NULL;
        if (one && !read_int(one, &out[i]))
            return false;
    }
    return json_is_array(value) || used == json_object_size(value);
}

#define SIX_FORM                                                                                                       \
    "they must be whole numbers, as {\"hp\": 4, \"atk\": 0, \"def\": 0, \"spa\": 0, \"spd\": 0, \"spe\": 0}"

static void read_evs(struct reader *r, const json_t *value)
{
    if (!read_six(value, r->set->evs))
        wrong(r, "evs", SIX_FORM);
}

static void read_ivs(struct reader *r, const json_t *value)
{
    if (!read_six(value, r->set->ivs))
        wrong(r, "ivs", SIX_FORM);
}

static void read_level(struct reader *r, const json_t *value)
{
    if (!read_int(value, &r->set->level))
        wrong(r, "level", "it must be a whole number");
}

static void read_happiness(struct reader *r, const json_t *value)
{
    if (!read_int(value, &r->set->happiness))
        wrong(r, "happiness", "it must be a whole number from 0 to 255");
}

static void read_gender(struct reader *r, const json_t *value)
{
    const char *text = json_is_string(value) ? json_string_value(value) : "?";
    if (piece_is(piece(text), "m") || piece_is(piece(text), "f"))
        r->set->gender = (char)(text[0] & ~0x20);
    else if (text[0] && !piece_is(piece(text), "n") && !json_is_null(value))
        wrong(r, "gender", "it must be \"M\" or \"F\"");
}

static void read_shiny(struct reader *r, const json_t *value)
{
    r->set->shiny = json_is_true(value);
    if (!json_is_boolean(value))
        wrong(r, "shiny", "it must be true or false");
}

static const struct {
    const char *key;
    void (*read)(struct reader *r, const json_t *value);
} keys[] = {
    {"species", read_species},     {"nickname", read_nickname}, {"name", read_nickname},
    {"ability", read_ability},     {"item", read_item},         {"moves", read_moves},
    {"nature", read_nature},       {"evs", read_evs},           {"ivs", read_ivs},
    {"level", read_level},         {"gender", read_gender},     {"shiny", read_shiny},
    {"happiness", read_happiness}, {"tera", read_tera},         {"teraType", read_tera},
    {"pokeball", read_pokeball},
};

static void read_set(struct reader *r, json_t *object)
{
    size_t known = 0;
    if (!json_is_object(object)) {
        wrong(r, "text", "a Pokémon is an object, as {\"species\": \"pikachu\", \"moves\": [\"thunderbolt\"]}");
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *value = json_object_get(object, keys[i].key);
        known += value != NULL;
        if (value)
            keys[i].read(r, value);
    }
    if (!r->set->species[0])
        wrong(r, "species", "it is missing; every Pokémon has \"species\"");
    if (known != json_object_size(object))
        wrong(r, "text",
              "a Pokémon is described by species, moves, ability, item, nature, evs, ivs, level, gender, "
              "shiny, happiness, tera, nickname and pokeball; nothing else is known");
}

bool team_read_json(const struct team_facts *facts, const json_t *list, struct team *out, struct team_problems *why)
{
    struct reader r = {.facts = facts, .team = out, .why = why};
    int before = why->count;
    *out = (struct team){0};
    if (!json_is_array(list))
        team_problem(why, 0, "text",
                     "a team is a JSON list of Pokémon, as [{\"species\": \"pikachu\", \"moves\": "
                     "[\"thunderbolt\"]}]");
    for (size_t i = 0; i < json_array_size(list) && (r.set = forms_add(out, why)); i++)
        read_set(&r, json_array_get(list, i));
    return why->count == before;
}

/* ------------------------------------------------------------------------------------------------ writing --- */

static void put_text(json_t *object, const char *key, const char *text)
{
    if (text[0])
        json_object_set_new(object, key, json_string(text));
}

static void put_six(json_t *object, const char *key, const int16_t six[6], int usual)
{
    json_t *out = json_object();
    for (int i = 0; i < 6; i++)
        if (six[i] != usual)
            json_object_set_new(out, forms_stats[i], json_integer(six[i]));
    if (json_object_size(out))
        json_object_set(object, key, out);
    json_decref(out);
}

static json_t *set_json(const struct team_set *set)
{
    json_t *out = json_object(), *moves = json_array();
    for (int i = 0; i < set->moves_n; i++)
        json_array_append_new(moves, json_string(set->moves[i]));
    json_object_set_new(out, "species", json_string(set->species));
    put_text(out, "nickname", set->nickname);
    put_text(out, "ability", set->ability);
    put_text(out, "item", set->item);
    json_object_set_new(out, "moves", moves);
    put_text(out, "nature", set->nature);
    put_six(out, "evs", set->evs, 0);
    put_six(out, "ivs", set->ivs, 31);
    if (set->level)
        json_object_set_new(out, "level", json_integer(set->level));
    put_text(out, "gender", set->gender == 'M' ? "M" : set->gender == 'F' ? "F" : "");
    if (set->shiny)
        json_object_set_new(out, "shiny", json_true());
    if (set->happiness >= 0)
        json_object_set_new(out, "happiness", json_integer(set->happiness));
    put_text(out, "tera", set->tera);
    put_text(out, "pokeball", set->pokeball);
    return out;
}

json_t *team_json(const struct team_facts *facts, const struct team *team)
{
    (void)facts; /* ids are the names here */
    json_t *list = json_array();
    for (int i = 0; i < team->count; i++)
        json_array_append_new(list, set_json(&team->sets[i]));
    return list;
}
