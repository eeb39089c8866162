/*
 * agent_view.c - the extension "arena.agent/1": agents for whoever has the JSON of a seat's view.
 *
 * The JSON becomes the struct that house players inside the operator look at, so both decide alike.
 */
#include "pokemon.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

/* A number of an object, 0 if it is missing or not in 0 .. max. */
static uint16_t number_of(const json_t *object, const char *key, json_int_t max)
{
    json_int_t n = json_integer_value(json_object_get(object, key));
    return n >= 0 && n <= max ? (uint16_t)n : 0;
}

/* The index of a name of the engine by its id, -1 if it is none. */
static int index_of(const char *id, const char *(*name)(int), int count)
{
    char own[TEXT_ID];
    for (int i = 0; i < count; i++)
        if (text_id(name(i), strlen(name(i)), own) && !strcmp(own, id))
            return i;
    return -1;
}

static void read_conditions(const json_t *object, struct battle_view_side *side)
{
    for (int i = 0; i < SIDE_CONDITIONS; i++) {
        char id[TEXT_ID];
        if (text_id(dex_side_name(i), strlen(dex_side_name(i)), id))
            side->conditions[i] = (uint8_t)number_of(object, id, 255);
    }
}

/* What the active one carries. */
static void read_active(const struct dex *dex, const json_t *object, struct battle_view_side *side)
{
    const json_t *stages = json_object_get(object, "stages"), *volatiles = json_object_get(object, "volatiles");
    for (int i = 0; i < STAGES; i++) {
        json_int_t n = json_integer_value(json_object_get(stages, dex_stat_name(i)));
        side->boosts[i] = n >= -6 && n <= 6 ? (int8_t)n : 0;
    }
    for (size_t i = 0; i < json_array_size(volatiles); i++) {
        const char *id = json_string_value(json_array_get(volatiles, i));
        int v = id ? index_of(id, dex_volatile_name, VOLATILES) : -1;
        if (v >= 0)
            side->volatiles[v / 64] |= 1ull << (v % 64);
    }
    side->lock_move = dex_move(dex, text_of(object, "locked_into"));
}

static void read_exact(const json_t *object, struct battle_view_mon *mon)
{
    const json_t *stats = json_object_get(object, "stats");
    char id[TEXT_ID];
    mon->exact = true;
    mon->hp = number_of(object, "hp", UINT16_MAX);
    mon->hp_max = number_of(object, "max_hp", UINT16_MAX);
    for (int i = STAT_ATK; i <= STAT_SPE; i++)
        mon->stats[i] = number_of(stats, dex_stat_name(i), UINT16_MAX);
    const char *nature = text_of(object, "nature");
    mon->nature = text_id(nature, strlen(nature), id) && dex_nature(id) >= 0 ? (uint8_t)dex_nature(id) : 0;
    mon->status_n = (uint8_t)(number_of(object, "sleep_turns", 15) + number_of(object, "toxic_counter", 15));
}

/* The id of a name under a key; false when it is not known. */
static bool read_name(const json_t *object, const char *key, char id[TEXT_ID])
{
    const json_t *value = json_object_get(object, key);
    id[0] = 0;
    return json_is_string(value) && text_id(json_string_value(value), json_string_length(value), id);
}

static uint8_t read_type(const json_t *object, const char *key)
{
    int type = dex_type(text_of(object, key));
    return type > 0 ? (uint8_t)type : 0;
}

static void read_modern(const struct dex *dex, const json_t *object, struct battle_view_mon *mon)
{
    char id[TEXT_ID];
    const char *gender = text_of(object, "gender");
    mon->gender = *gender == 'M' ? GENDER_MALE : *gender == 'F' ? GENDER_FEMALE : GENDER_NONE;
    mon->ability_known = read_name(object, "ability", id);
    mon->ability = dex_ability(dex, id);
    mon->item_known = read_name(object, "item", id);
    mon->item = dex_item(dex, id);
    mon->tera = read_type(object, "tera_type");
    mon->terastallized = mon->tera && json_is_true(json_object_get(object, "terastallized"));
    mon->types[0] = read_type(object, "type1");
    mon->types[1] = read_type(object, "type2");
    mon->type_added = read_type(object, "type3");
}

static bool read_mon(const struct dex *dex, const json_t *object, struct battle_view_mon *mon)
{
    const json_t *moves = json_object_get(object, "moves");
    *mon = (struct battle_view_mon){.known = true, .nature = 0xff};
    mon->species = dex_species(dex, text_of(object, "species"));
    mon->level = (uint8_t)number_of(object, "level", 100);
    if (!mon->species || !mon->level)
        return false;
    read_modern(dex, object, mon);
    mon->fainted = json_is_true(json_object_get(object, "fainted"));
    mon->active = json_object_get(object, "stages") != NULL;
    int status = index_of(text_of(object, "status"), dex_status_name, STATUSES);
    mon->status = status > 0 ? (uint8_t)status : STATUS_NONE;
    if (json_object_get(object, "hp_pct")) {
        mon->hp = number_of(object, "hp_pct", 100);
        mon->hp_max = 100;
    } else {
        read_exact(object, mon);
    }
    for (size_t i = 0; i < json_array_size(moves) && i < BATTLE_MOVES; i++) {
        const json_t *move = json_array_get(moves, i);
        mon->moves[i] = dex_move(dex, text_of(move, "id"));
        mon->pp[i] = (uint8_t)number_of(move, "pp", 255);
        mon->pp_max[i] = (uint8_t)number_of(move, "max_pp", 255);
    }
    return mon->hp_max > 0;
}

static bool read_own(const struct dex *dex, const json_t *self, struct battle_view_side *side)
{
    const json_t *team = json_object_get(self, "team");
    size_t size = json_array_size(team), active = number_of(self, "active", BATTLE_PARTY);
    if (size < 1 || size > BATTLE_PARTY || active < 1 || active > size)
        return false;
    side->size = (uint8_t)size;
    side->active = (uint8_t)(active - 1);
    for (size_t i = 0; i < size; i++) {
        if (!read_mon(dex, json_array_get(team, i), &side->party[i]))
            return false;
        side->alive = (uint8_t)(side->alive + !side->party[i].fainted);
    }
    side->bench_alive = (uint8_t)(side->alive - !side->party[side->active].fainted);
    read_active(dex, json_array_get(team, active - 1), side);
    return true;
}

static bool read_foe(const struct dex *dex, const json_t *root, struct battle_view_side *side)
{
    const json_t *foe = json_object_get(root, "foe"), *seen = json_object_get(root, "foe_seen");
    if (!read_mon(dex, foe, &side->party[0]))
        return false;
    side->size = 1;
    for (size_t i = 0; i < json_array_size(seen) && side->size < BATTLE_PARTY; i++)
        if (!read_mon(dex, json_array_get(seen, i), &side->party[side->size++]))
            return false;
    side->bench_alive = (uint8_t)number_of(root, "foe_bench_alive", BATTLE_PARTY - 1);
    side->alive = (uint8_t)(side->bench_alive + !side->party[0].fainted);
    read_active(dex, foe, side);
    return true;
}

static void read_rooms(const json_t *object, struct battle_view *view)
{
    char id[TEXT_ID];
    for (int i = 0; i < ROOMS; i++)
        if (text_id(dex_room_name(i), strlen(dex_room_name(i)), id))
            view->rooms[i] = (uint8_t)number_of(object, id, 255);
}

static uint8_t read_clauses(const json_t *list)
{
    uint8_t clauses = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *id = json_string_value(json_array_get(list, i));
        for (int k = 0; k < POKEMON_CLAUSES && id; k++)
            clauses |= (uint8_t)(!strcmp(id, clause_names[k]) << k);
    }
    return clauses;
}

static bool read_view(const struct dex *dex, const json_t *root, struct battle_view *view)
{
    const json_t *me = json_object_get(root, "me"), *weather = json_object_get(root, "weather");
    const json_t *terrain = json_object_get(root, "terrain");
    memset(view, 0, sizeof *view);
    if (!json_is_integer(me) || json_integer_value(me) < 0 || json_integer_value(me) > 1)
        return false;
    view->viewer = (int8_t)json_integer_value(me);
    view->turn = number_of(root, "turn", UINT16_MAX);
    view->phase = json_is_true(json_object_get(root, "replace")) ? BATTLE_REPLACE : BATTLE_CHOOSING;
    view->winner = BATTLE_UNDECIDED;
    int kind = index_of(text_of(weather, "kind"), dex_weather_name, WEATHERS);
    view->weather = kind > 0 ? (uint8_t)kind : WEATHER_NONE;
    view->weather_turns = (uint8_t)number_of(weather, "turns_left", 255);
    kind = index_of(text_of(terrain, "kind"), dex_terrain_name, TERRAINS);
    view->terrain = kind > 0 ? (uint8_t)kind : TERRAIN_NONE;
    view->terrain_turns = (uint8_t)number_of(terrain, "turns_left", 255);
    read_rooms(json_object_get(root, "rooms"), view);
    view->clauses = read_clauses(json_object_get(root, "clauses"));
    struct battle_view_side *own = &view->sides[view->viewer], *foe = &view->sides[1 - view->viewer];
    if (!read_own(dex, json_object_get(root, "self"), own) || !read_foe(dex, root, foe))
        return false;
    read_conditions(json_object_get(root, "self_conditions"), own);
    read_conditions(json_object_get(root, "foe_conditions"), foe);
    own->tera_used = json_is_true(json_object_get(root, "self_tera_used"));
    foe->tera_used = json_is_true(json_object_get(root, "foe_tera_used"));
    own->mega_used = json_is_true(json_object_get(root, "self_mega_used"));
    foe->mega_used = json_is_true(json_object_get(root, "foe_mega_used"));
    own->z_used = json_is_true(json_object_get(root, "self_z_used"));
    foe->z_used = json_is_true(json_object_get(root, "foe_z_used"));
    return true;
}

const struct dex *agent_view(arena_text json, struct battle_view *out)
{
    json_t *root = json_loadb(json.ptr, json.len, 0, NULL);
    const struct dex *dex = pokemon_dex(text_of(root, "data"));
    bool ok = dex && json_is_object(root) && read_view(dex, root, out);
    json_decref(root);
    return ok ? dex : NULL;
}

/* ----------------------------------------------------------------------------------------------- extension --- */

/* Takes a line off the front of text. */
static arena_text next_line(arena_text *text)
{
    const char *end = memchr(text->ptr, '\n', text->len);
    arena_text line = {text->ptr, end ? (size_t)(end - text->ptr) : text->len};
    size_t taken = line.len + (end != NULL);
    text->ptr += taken;
    text->len -= taken;
    return line;
}

/* The choice of one line, BATTLE_NO_CHOICE if it is none. */
static int read_choice(const struct dex *dex, struct battle_view *view, arena_text line)
{
    static const char method[] = "choose ";
    size_t skip = sizeof method - 1;
    const char *why;
    bool legal;
    if (line.len <= skip || memcmp(line.ptr, method, skip) != 0)
        return BATTLE_NO_CHOICE;
    line.ptr += skip;
    line.len -= skip;
    /* A forced move goes by its name ("move struggle"), all else by number: so the two cannot be mixed up. */
    arena_text word = line;
    while (word.len && word.ptr[0] != ' ')
        word.ptr++, word.len--;
    view->choices = 1 << BATTLE_CHOICE_FORCED;
    if (word.len > 1 && word.ptr[1] >= '0' && word.ptr[1] <= '9')
        view->choices ^= (1 << BATTLE_CHOICES) - 1;
    return choice_read(dex, view, NULL, line, &legal, &why);
}

/* The mask of the choices that are offered, and the line of each. */
static uint32_t read_choices(const struct dex *dex, struct battle_view *view, arena_text lines,
                             uint32_t line_of[BATTLE_CHOICES])
{
    uint32_t choices = 0;
    for (uint32_t n = 0; lines.len; n++) {
        int choice = read_choice(dex, view, next_line(&lines));
        if (choice == BATTLE_NO_CHOICE)
            continue;
        choices |= 1u << choice;
        line_of[choice] = n;
    }
    view->choices = choices;
    return choices;
}

static uint32_t count_lines(arena_text lines)
{
    uint32_t n = 0;
    for (; lines.len; n++)
        next_line(&lines);
    return n;
}

static int decide(const arena_host *h, const char *name, arena_text json, arena_text lines, uint32_t *choice)
{
    uint32_t line_of[BATTLE_CHOICES] = {0}, n = count_lines(lines);
    struct battle_view *view = h->alloc(h, sizeof *view);
    enum agent agent = agent_find(name);
    if (!view)
        return ARENA_NOMEM;
    if (agent == AGENT_NONE || !n)
        return ARENA_BROKEN;
    *choice = 0; /* the first line is a sound answer outside a battle: a team drawn at random */
    const struct dex *dex = agent_view(json, view);
    uint32_t choices = dex ? read_choices(dex, view, lines, line_of) : 0;
    if (choices)
        *choice = line_of[agent_choose(h, agent, dex, view, choices)];
    return ARENA_OK;
}

const arena_agent_1 agent_extension = {sizeof agent_extension, agent_names, decide};
