/*
 * view.c - what a viewer may know, as JSON.
 *
 * All facts about the battle come out of battle_view(), which leaves out what the viewer may not know; here
 * they only get names.  The slots of a foe's bench are secret (they tell in which order a team was built), so
 * its known members are listed by their national number.
 */
#include "pokemon.h"

#include <string.h>

/* ----------------------------------------------------------------------------------------------- one Pokémon --- */

/* A name of the engine as an id, "Leech Seed" as "leechseed". */
static void write_id_key(struct writer *w, const char *name)
{
    char id[TEXT_ID];
    if (text_id(name, strlen(name), id))
        writer_key(w, id);
}

static void write_id(struct writer *w, const char *name)
{
    char id[TEXT_ID];
    if (text_id(name, strlen(name), id))
        writer_string(w, id);
}

static void write_species(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon)
{
    const struct dex_species *species = &dex->species[mon->species];
    writer_key_string(w, "species", species->id);
    writer_key_string(w, "name", species->name);
    writer_key_int(w, "dex_no", species->number);
    writer_key_string(w, "type1", dex_type_name(species->types[0]));
    writer_key_string(w, "type2", dex_type_name(species->types[1]));
    writer_key_int(w, "level", mon->level);
}

static void write_move(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon, int slot)
{
    static const char *const categories[] = {"physical", "special", "status"};
    const struct dex_move *move = &dex->moves[mon->moves[slot]];
    writer_next(w);
    writer_text(w, "{");
    writer_key_string(w, "id", move->id);
    writer_key_string(w, "name", move->name);
    writer_key_string(w, "type", dex_type_name(move->type));
    writer_key_string(w, "category", categories[move->category]);
    writer_key_int(w, "power", move->power);
    writer_key_int(w, "accuracy", move->accuracy);
    if (mon->exact) {
        writer_key_int(w, "pp", mon->pp[slot]);
        writer_key_int(w, "max_pp", mon->pp_max[slot]);
    }
    writer_text(w, "}");
}

/* Own moves in the order of their slots; a foe's by number, because its slots are its own affair. */
static void write_moves(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon)
{
    uint16_t last = 0;
    writer_key(w, "moves");
    writer_text(w, "[");
    for (int n = 0; n < BATTLE_MOVES; n++) {
        int next = mon->exact && mon->moves[n] ? n : -1;
        for (int i = 0; i < BATTLE_MOVES && !mon->exact; i++)
            if (mon->moves[i] > last && (next < 0 || mon->moves[i] < mon->moves[next]))
                next = i;
        if (next < 0)
            break;
        write_move(w, dex, mon, next);
        last = mon->moves[next];
    }
    writer_text(w, "]");
}

/* What the active one carries besides. */
static void write_active(struct writer *w, const struct dex *dex, const struct battle_view_side *side)
{
    writer_key(w, "stages");
    writer_text(w, "{");
    for (int i = 0; i < STAGES; i++)
        writer_key_int(w, dex_stat_name(i), side->boosts[i]);
    writer_text(w, "}");
    writer_key(w, "volatiles");
    writer_text(w, "[");
    for (int i = 0; i < VOLATILES; i++)
        if (battle_view_has(side, (enum battle_volatile)i) && *dex_volatile_name(i)) {
            writer_next(w);
            write_id(w, dex_volatile_name(i));
        }
    writer_text(w, "]");
    if (side->lock_move)
        writer_key_string(w, "locked_into", dex->moves[side->lock_move].id);
}

static void write_exact(struct writer *w, const struct battle_view_mon *mon)
{
    writer_key_int(w, "hp", mon->hp);
    writer_key_int(w, "max_hp", mon->hp_max);
    writer_key(w, "stats");
    writer_text(w, "{");
    for (int i = STAT_ATK; i <= STAT_SPE; i++)
        writer_key_int(w, dex_stat_name(i), mon->stats[i]);
    writer_text(w, "}");
    writer_key_string(w, "nature", dex_nature_name(mon->nature));
    writer_key_int(w, "sleep_turns", mon->status == STATUS_SLP ? mon->status_n : 0);
    writer_key_int(w, "toxic_counter", mon->status == STATUS_TOX ? mon->status_n : 0);
}

/* One of a team.  slot: as in "switch N", or -1 for one whose slot is not told. */
static void write_mon(struct writer *w, const struct dex *dex, const struct battle_view_side *side,
                      const struct battle_view_mon *mon, int slot)
{
    writer_text(w, "{");
    if (slot >= 0) {
        writer_key_int(w, "slot", slot + 1);
        writer_key_bool(w, "active", mon->active);
    }
    write_species(w, dex, mon);
    if (mon->exact)
        write_exact(w, mon);
    else
        writer_key_int(w, "hp_pct", mon->hp);
    writer_key_bool(w, "fainted", mon->fainted);
    writer_key_string(w, "status", dex_status_name(mon->status));
    if (mon->active)
        write_active(w, dex, side);
    write_moves(w, dex, mon);
    writer_text(w, "}");
}

/* ------------------------------------------------------------------------------------------------- one side --- */

static void write_conditions(struct writer *w, const char *key, const struct battle_view_side *side)
{
    writer_key(w, key);
    writer_text(w, "{");
    for (int i = 0; i < SIDE_CONDITIONS; i++)
        if (side->conditions[i]) {
            write_id_key(w, dex_side_name(i));
            writer_int(w, side->conditions[i]);
        }
    writer_text(w, "}");
}

static void write_team(struct writer *w, const struct dex *dex, const struct battle_view_side *side)
{
    writer_key_int(w, "active", side->active + 1);
    writer_key(w, "team");
    writer_text(w, "[");
    for (int i = 0; i < side->size; i++) {
        writer_next(w);
        write_mon(w, dex, side, &side->party[i], i);
    }
    writer_text(w, "]");
}

/* The active one of a side seen from outside, null when nothing of it is known. */
static void write_front(struct writer *w, const struct dex *dex, const char *key, const struct battle_view_side *side)
{
    const struct battle_view_mon *mon = &side->party[side->active];
    writer_key(w, key);
    if (mon->known)
        write_mon(w, dex, side, mon, -1);
    else
        writer_text(w, "null");
}

/* Members of the bench that have been on the field. */
static void write_seen(struct writer *w, const struct dex *dex, const char *key, const struct battle_view_side *side)
{
    uint16_t last = 0;
    writer_key(w, key);
    writer_text(w, "[");
    for (;;) {
        const struct battle_view_mon *next = NULL;
        for (int i = 0; i < side->size; i++) {
            const struct battle_view_mon *mon = &side->party[i];
            if (mon->known && i != side->active && mon->species > last && (!next || mon->species < next->species))
                next = mon;
        }
        if (!next)
            break;
        writer_next(w);
        write_mon(w, dex, side, next, -1);
        last = next->species;
    }
    writer_text(w, "]");
}

/* ------------------------------------------------------------------------------------------------ documents --- */

const char *view_phase(const struct game *game)
{
    switch (game->stage) {
    case STAGE_JOINING: return "joining";
    case STAGE_TEAMS: return "team";
    case STAGE_OVER: return "ended";
    default: return game->battle.phase == BATTLE_CHOOSING ? "choosing" : "replace";
    }
}

const char *view_ending(const struct game *game)
{
    static const char *const names[ENDINGS] = {"", "fainted", "forfeit", "turn_limit"};
    return names[game->ending];
}

void game_view(const struct game *game, int viewer, struct battle_view *out)
{
    battle_view(&game->battle, game->dex, viewer, out);
    for (int k = 0; k < POKEMON_SEATS; k++)
        if (game->stage == STAGE_OVER || game->choices[k] != BATTLE_NO_CHOICE)
            out->asked[k] = false;
    if (viewer < 0 || !out->asked[viewer])
        out->choices = 0;
    if (game->stage == STAGE_OVER) {
        out->phase = BATTLE_ENDED;
        out->winner = game->winner;
    }
}

void view_write_choices(struct writer *w, const struct dex *dex, const struct battle_view *view)
{
    writer_text(w, "[");
    for (int i = 0; i < BATTLE_CHOICES; i++) {
        if (!(view->choices >> i & 1))
            continue;
        writer_next(w);
        writer_text(w, "\"");
        choice_write(w, dex, view, i);
        writer_text(w, "\"");
    }
    writer_text(w, "]");
}

static void write_weather(struct writer *w, const struct battle_view *view)
{
    if (!view->weather)
        return;
    writer_key(w, "weather");
    writer_text(w, "{");
    writer_key(w, "kind");
    write_id(w, dex_weather_name(view->weather));
    writer_key_int(w, "turns_left", view->weather_turns);
    writer_text(w, "}");
}

static void write_result(struct writer *w, const struct game *game)
{
    if (game->stage != STAGE_OVER)
        return;
    writer_key_int(w, "winner", game->winner);
    writer_key_string(w, "reason", view_ending(game));
}

void view_write_seat(struct writer *w, const struct game *game, const struct battle_view *view)
{
    const struct battle_view_side *self = &view->sides[view->viewer], *foe = &view->sides[1 - view->viewer];
    int chosen = game->choices[view->viewer];
    writer_text(w, "{");
    writer_key_int(w, "me", view->viewer);
    writer_key_string(w, "phase", view_phase(game));
    writer_key_int(w, "turn", view->turn);
    writer_key_bool(w, "replace", view->phase != BATTLE_CHOOSING && view->asked[view->viewer]);
    write_weather(w, view);
    writer_key(w, "self");
    writer_text(w, "{");
    write_team(w, game->dex, self);
    writer_text(w, "}");
    write_conditions(w, "self_conditions", self);
    write_front(w, game->dex, "foe", foe);
    write_seen(w, game->dex, "foe_seen", foe);
    writer_key_int(w, "foe_bench_alive", foe->bench_alive);
    write_conditions(w, "foe_conditions", foe);
    if (game->stage == STAGE_BATTLE && chosen != BATTLE_NO_CHOICE) {
        writer_key(w, "chosen");
        writer_text(w, "\"");
        choice_write(w, game->dex, view, chosen);
        writer_text(w, "\"");
    }
    writer_key(w, "legal_actions");
    view_write_choices(w, game->dex, view);
    write_result(w, game);
    writer_text(w, "}");
}

static void write_waiting(struct writer *w, const struct game *game)
{
    uint32_t waiting = play_waiting(game);
    writer_key(w, "waiting_for");
    writer_text(w, waiting == 3 ? "[0,1]" : waiting == 2 ? "[1]" : waiting ? "[0]" : "[]");
}

static void write_digest(struct writer *w, uint64_t digest)
{
    char hex[17];
    for (int i = 0; i < 16; i++)
        hex[i] = "0123456789abcdef"[digest >> (60 - 4 * i) & 15];
    hex[16] = 0;
    writer_key_string(w, "digest", hex);
}

/* For spectators, and with full for those who may see everything. */
static void write_public(struct writer *w, const struct game *game, bool full)
{
    struct battle_view view;
    game_view(game, full ? BATTLE_FULL : BATTLE_SPECTATOR, &view);
    writer_text(w, "{");
    writer_key_string(w, "phase", view_phase(game));
    writer_key_int(w, "turn", view.turn);
    write_waiting(w, game);
    write_weather(w, &view);
    writer_key(w, "sides");
    writer_text(w, "[");
    for (int k = 0; k < POKEMON_SEATS; k++) {
        const struct battle_view_side *side = &view.sides[k];
        writer_next(w);
        writer_text(w, "{");
        if (full)
            write_team(w, game->dex, side);
        else {
            write_front(w, game->dex, "active", side);
            write_seen(w, game->dex, "seen", side);
        }
        writer_key_int(w, "size", side->size);
        writer_key_int(w, "bench_alive", side->bench_alive);
        write_conditions(w, "conditions", side);
        if (full)
            writer_key_int(w, "choice", game->choices[k]);
        writer_text(w, "}");
    }
    writer_text(w, "]");
    write_result(w, game);
    if (full)
        write_digest(w, battle_digest(&game->battle));
    writer_text(w, "}");
}

/* A team before the battle: sets, without what the battle makes of them. */
static void write_sets(struct writer *w, const struct dex *dex, const struct team *team)
{
    writer_text(w, "[");
    for (int i = 0; i < team->size; i++) {
        const struct battle_set *set = &team->sets[i];
        writer_next(w);
        writer_text(w, "{");
        writer_key_string(w, "species", dex->species[set->species].id);
        writer_key_int(w, "level", set->level);
        writer_key_string(w, "nature", dex_nature_name(set->nature));
        writer_key(w, "moves");
        writer_text(w, "[");
        for (int k = 0; k < BATTLE_MOVES && set->moves[k]; k++) {
            writer_next(w);
            writer_string(w, dex->moves[set->moves[k]].id);
        }
        writer_text(w, "]}");
    }
    writer_text(w, "]");
}

/* Before the battle, and after a game that never came to one. */
static void write_before(struct writer *w, const struct game *game, int32_t viewer)
{
    writer_text(w, "{");
    if (viewer >= 0)
        writer_key_int(w, "me", viewer);
    writer_key_string(w, "phase", view_phase(game));
    writer_key_int(w, "turn", 0);
    write_waiting(w, game);
    writer_key_int(w, "team_size", game->settings.team_size);
    writer_key_int(w, "level", game->settings.level);
    if (viewer >= 0) {
        writer_key(w, "team");
        write_sets(w, game->dex, &game->teams[viewer]);
    }
    if (viewer == ARENA_FULL) {
        writer_key(w, "teams");
        writer_text(w, "[");
        write_sets(w, game->dex, &game->teams[0]);
        writer_text(w, ",");
        write_sets(w, game->dex, &game->teams[1]);
        writer_text(w, "]");
    }
    write_result(w, game);
    writer_text(w, "}");
}

void view_write(struct writer *w, const struct game *game, int32_t viewer)
{
    struct battle_view view;
    if (!game->fought)
        write_before(w, game, viewer);
    else if (viewer < 0)
        write_public(w, game, viewer == ARENA_FULL);
    else {
        game_view(game, viewer, &view);
        view_write_seat(w, game, &view);
    }
}
