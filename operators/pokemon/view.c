/*
 * view.c - what a viewer may know, as JSON.
 *
 * All facts about the battle come out of battle_view(), which leaves out what the viewer may not know; here
 * they only get names.  The slots of a foe's bench are secret (they tell in which order a team was built), so
 * its known members are listed by their national number.
 */
#include "pokemon.h"

#include <string.h>

const char *const clause_names[POKEMON_CLAUSES] = {"sleep", "freeze"};

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

struct seen_side { /* a side as the viewer sees it */
    const struct game *game;
    int side;
    const struct battle_view_side *view;
};

/* What member i of the side's view is called, "" when it has no nickname.  Others see a party in the order in which it
 * came out; who looks like another is seen as that one, with its name. */
static const char *nickname(const struct seen_side *s, int i)
{
    const struct party *team = &s->game->teams[s->side];
    const struct battle_known_side *known = &s->game->known.sides[s->side];
    if (s->view->party[i].exact)
        return team->names[i];
    for (int slot = 0; slot < BATTLE_PARTY; slot++)
        if (known->seen[slot].order == i + 1)
            return team->names[slot];
    return "";
}

static void write_member(struct writer *w, const struct seen_side *s, int i, int slot)
{
    write_mon(w, s->game->pieces, s->view, &s->view->party[i], nickname(s, i), slot);
}

static void write_team(struct writer *w, const struct seen_side *s)
{
    writer_key_int(w, "active", s->view->active + 1);
    writer_key(w, "team");
    writer_text(w, "[");
    for (int i = 0; i < s->view->size; i++) {
        writer_next(w);
        write_member(w, s, i, i);
    }
    writer_text(w, "]");
}

/* The active one of a side seen from outside, null when nothing of it is known. */
static void write_front(struct writer *w, const char *key, const struct seen_side *s)
{
    writer_key(w, key);
    if (s->view->party[s->view->active].known)
        write_member(w, s, s->view->active, -1);
    else
        writer_text(w, "null");
}

/* Members of the bench that have been on the field. */
static void write_seen(struct writer *w, const char *key, const struct seen_side *s)
{
    const struct battle_view_side *side = s->view;
    uint16_t last = 0;
    writer_key(w, key);
    writer_text(w, "[");
    for (;;) {
        int next = -1;
        for (int i = 0; i < side->size; i++) {
            const struct battle_view_mon *mon = &side->party[i];
            if (mon->known && i != side->active && mon->species > last &&
                (next < 0 || mon->species < side->party[next].species))
                next = i;
        }
        if (next < 0)
            break;
        writer_next(w);
        write_member(w, s, next, -1);
        last = side->party[next].species;
    }
    writer_text(w, "]");
}

/* What a side does once in a battle, as far as the rules have it: "self_tera_used" and the like. */
static void write_used(struct writer *w, const struct dex *dex, const char *who, const struct battle_view_side *side)
{
    const struct {
        const char *what;
        bool there, used;
    } rows[] = {{"tera_used", dex->generation_tera, side->tera_used},
                {"mega_used", dex->mega, side->mega_used},
                {"z_used", dex->z_moves, side->z_used}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!rows[i].there)
            continue;
        writer_next(w);
        writer_text(w, "\"");
        writer_text(w, who);
        writer_text(w, rows[i].what);
        writer_text(w, rows[i].used ? "\":true" : "\":false");
    }
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
    battle_view(&game->battle, &game->known, game->dex, viewer, out);
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

/* By which rules is played. */
static void write_rules(struct writer *w, const struct game *game)
{
    writer_key_string(w, "data", game->version);
    if (game->settings.format[0])
        writer_key_string(w, "format", game->settings.format);
}

static void write_passing(struct writer *w, const char *key, const char *name, int turns)
{
    writer_key(w, key);
    writer_text(w, "{");
    writer_key(w, "kind");
    write_id(w, name);
    writer_key_int(w, "turns_left", turns);
    writer_text(w, "}");
}

/* Weather, terrain and rooms; what is not there is left out. */
static void write_field(struct writer *w, const struct battle_view *view)
{
    bool any = false;
    if (view->weather)
        write_passing(w, "weather", dex_weather_name(view->weather), view->weather_turns);
    if (view->terrain)
        write_passing(w, "terrain", dex_terrain_name(view->terrain), view->terrain_turns);
    for (int i = 0; i < ROOMS; i++)
        any |= view->rooms[i] != 0;
    if (!any)
        return;
    writer_key(w, "rooms");
    writer_text(w, "{");
    for (int i = 0; i < ROOMS; i++)
        if (view->rooms[i]) {
            write_id_key(w, dex_room_name(i));
            writer_int(w, view->rooms[i]);
        }
    writer_text(w, "}");
}

/* What the battle is played by; left out when it is nothing. */
static void write_clauses(struct writer *w, const struct battle_view *view)
{
    if (!view->clauses)
        return;
    writer_key(w, "clauses");
    writer_text(w, "[");
    for (int i = 0; i < POKEMON_CLAUSES; i++)
        if (view->clauses >> i & 1) {
            writer_next(w);
            writer_string(w, clause_names[i]);
        }
    writer_text(w, "]");
}

static void write_result(struct writer *w, const struct game *game)
{
    if (game->stage != STAGE_OVER)
        return;
    writer_key_int(w, "winner", game->winner);
    writer_key_string(w, "reason", view_ending(game));
}

struct part view_write_seat(struct writer *w, const struct game *game, const struct battle_view *view)
{
    struct part choices;
    const struct battle_view_side *self = &view->sides[view->viewer], *foe = &view->sides[1 - view->viewer];
    const struct seen_side own = {game, view->viewer, self}, other = {game, 1 - view->viewer, foe};
    int chosen = game->choices[view->viewer];
    writer_text(w, "{");
    writer_key_int(w, "me", view->viewer);
    writer_key_string(w, "phase", view_phase(game));
    writer_key_int(w, "turn", view->turn);
    writer_key_bool(w, "replace", view->phase != BATTLE_CHOOSING && view->asked[view->viewer]);
    write_rules(w, game);
    write_clauses(w, view);
    write_field(w, view);
    writer_key(w, "self");
    writer_text(w, "{");
    write_team(w, &own);
    writer_text(w, "}");
    write_conditions(w, "self_conditions", self);
    write_used(w, game->dex, "self_", self);
    write_front(w, "foe", &other);
    write_seen(w, "foe_seen", &other);
    writer_key_int(w, "foe_bench_alive", foe->bench_alive);
    write_conditions(w, "foe_conditions", foe);
    write_used(w, game->dex, "foe_", foe);
    if (game->stage == STAGE_BATTLE && chosen != BATTLE_NO_CHOICE) {
        writer_key(w, "chosen");
        writer_text(w, "\"");
        choice_write(w, game->dex, view, chosen);
        writer_text(w, "\"");
    }
    writer_key(w, "legal_actions");
    choices.at = w->len;
    view_write_choices(w, game->dex, view);
    choices.len = w->len - choices.at;
    write_result(w, game);
    writer_text(w, "}");
    return choices;
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
    write_rules(w, game);
    write_clauses(w, &view);
    write_field(w, &view);
    writer_key(w, "sides");
    writer_text(w, "[");
    for (int k = 0; k < POKEMON_SEATS; k++) {
        const struct battle_view_side *side = &view.sides[k];
        const struct seen_side seen = {game, k, side};
        writer_next(w);
        writer_text(w, "{");
        if (full)
            write_team(w, &seen);
        else {
            write_front(w, "active", &seen);
            write_seen(w, "seen", &seen);
        }
        writer_key_int(w, "size", side->size);
        writer_key_int(w, "bench_alive", side->bench_alive);
        write_conditions(w, "conditions", side);
        write_used(w, game->dex, "", side);
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

static void write_moves_of(struct writer *w, const struct dex *dex, const struct battle_set *set)
{
    writer_key(w, "moves");
    writer_text(w, "[");
    for (int k = 0; k < BATTLE_MOVES && set->moves[k]; k++) {
        writer_next(w);
        writer_string(w, dex->moves[set->moves[k]].id);
    }
    writer_text(w, "]");
}

/* A team before the battle: sets, without what the battle makes of them. */
static void write_sets(struct writer *w, const struct dex *dex, const struct party *team)
{
    writer_text(w, "[");
    for (int i = 0; i < team->size; i++) {
        const struct battle_set *set = &team->sets[i];
        writer_next(w);
        writer_text(w, "{");
        if (*team->names[i])
            writer_key_string(w, "nickname", team->names[i]);
        writer_key_string(w, "species", dex->species[set->species].id);
        writer_key_int(w, "level", set->level);
        writer_key_string(w, "nature", dex_nature_name(set->nature));
        if (dex->abilities_n)
            writer_key_string(w, "ability", dex->abilities[set->ability].name);
        if (dex->items_n)
            writer_key_string(w, "item", dex->items[set->item].name);
        if (dex->generation_tera)
            writer_key_string(w, "tera_type", dex_type_name(set->tera));
        write_moves_of(w, dex, set);
        writer_text(w, "}");
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
    write_rules(w, game);
    writer_key_int(w, "team_size", game->settings.team_size);
    if (game->settings.level)
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
