/* teams.c - the same team in the words of libpoketeam (ids) and of the engine (numbers). */
#include "library.h"

#include <stdio.h>
#include <string.h>

#include "battle_file.h"

enum { LEVEL_UNSAID = 100 };

/* A number of an id; an unknown one is a mistake of this slot. */
struct finder {
    const struct pb_game *game;
    int slot;
    char *why;
    size_t size;
    bool bad;
};

static uint16_t find(struct finder *f, uint16_t (*number)(const struct dex *, const char *), const char *what,
                     const char *id)
{
    uint16_t found = *id ? number(f->game->dex, id) : 0;
    if (*id && !found && !f->bad) {
        pb_fail(PB_BAD_TEAM, f->why, f->size, "slot %d: there is no %s \"%s\" in %s", f->slot, what, id,
                f->game->dex->version);
        f->bad = true;
    }
    return found;
}

static bool wrong(struct finder *f, const char *what)
{
    if (!f->bad)
        pb_fail(PB_BAD_TEAM, f->why, f->size, "slot %d: %s", f->slot, what);
    f->bad = true;
    return false;
}

static bool six(struct finder *f, const int16_t in[6], int most, uint8_t out[6], const char *what)
{
    for (int i = 0; i < 6; i++) {
        if (in[i] < 0 || in[i] > most)
            return wrong(f, what);
        out[i] = (uint8_t)in[i];
    }
    return true;
}

/* What nobody said: the first ability (where there are any), a neutral nature, level 100. */
static void set_details(struct finder *f, const struct team_set *in, struct battle_set *out)
{
    const struct dex *dex = f->game->dex;
    const int nature = *in->nature ? dex_nature(in->nature) : 0;
    const int tera = *in->tera ? dex_type(in->tera) : 0;
    if (nature < 0 || tera < 0)
        wrong(f, nature < 0 ? "there is no such nature" : "there is no such Tera type");
    out->nature = (uint8_t)(nature < 0 ? 0 : nature);
    out->tera = (uint8_t)(tera < 0 ? 0 : tera);
    out->level = (uint8_t)(in->level ? in->level : LEVEL_UNSAID);
    if (in->level < 0 || in->level > 100)
        wrong(f, "level must be from 1 to 100");
    out->gender = in->gender == 'M' ? GENDER_MALE : in->gender == 'F' ? GENDER_FEMALE : GENDER_NONE;
    if (!out->ability && out->species)
        out->ability = dex->species[out->species].abilities[0];
    six(f, in->evs, 252, out->evs, "EVs must be from 0 to 252");
    six(f, in->ivs, 31, out->ivs, "IVs must be from 0 to 31");
}

static void set_from_team(struct finder *f, const struct team_set *in, struct battle_set *out)
{
    memset(out, 0, sizeof *out);
    out->species = find(f, dex_species, "Pokémon", in->species);
    out->ability = find(f, dex_ability, "ability", in->ability);
    out->item = find(f, dex_item, "item", in->item);
    for (int i = 0; i < in->moves_n && i < BATTLE_MOVES; i++)
        out->moves[i] = find(f, dex_move, "move", in->moves[i]);
    if (!out->species)
        wrong(f, "a Pokémon is missing");
    else if (in->moves_n < 1 || in->moves_n > BATTLE_MOVES)
        wrong(f, "one to four moves are needed");
    set_details(f, in, out);
}

int roster_from_team(const struct pb_game *game, const struct team *team, struct roster *out, char *why, size_t size)
{
    memset(out, 0, sizeof *out);
    if (team->count < 1 || team->count > BATTLE_PARTY)
        return pb_fail(PB_BAD_TEAM, why, size, "a team has one to six Pokémon, this one has %d", team->count);
    for (int i = 0; i < team->count; i++) {
        struct finder f = {game, i + 1, why, size, false};
        set_from_team(&f, &team->sets[i], &out->sets[i]);
        if (f.bad)
            return PB_BAD_TEAM;
    }
    out->size = team->count;
    int bad = battle_team_check(game->dex, out->sets, out->size);
    return bad ? pb_fail(PB_BAD_TEAM, why, size, "slot %d: a move is there twice, or may not be chosen", -bad) : 0;
}

/* ------------------------------------------------------------------------------------------------- and back --- */

void roster_to_team(const struct pb_game *game, const struct roster *roster, struct team *out)
{
    const struct battle_file_team from = {roster->sets, roster->size, NULL};
    battle_file_team(game->dex, &from, out);
}
