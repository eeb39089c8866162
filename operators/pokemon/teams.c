/*
 * teams.c - teams of a game: as the library in team/ has them, and from there what the engine takes.
 *
 * A team is read, filled in where a player may be brief, checked as it is written and only then made ready for the
 * battle; every mistake is told at once.  Data versions without formats have their own, older way (gen1_teams.c).
 */
#include "pokemon.h"

#include <string.h>

_Static_assert(sizeof((struct party *)0)->names[0] == TEAM_NICKNAME, "a nickname of a team fits into a party");

enum { WHY_MAX = 900 /* bytes of reasons; the arena cuts a longer refusal anywhere */ };

bool text_id(const char *text, size_t len, char out[TEXT_ID])
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        if (i + 1 < len && (unsigned char)c == 0xc3 && ((unsigned char)text[i + 1] | 0x20) == 0xa9)
            c = 'e'; /* Flabébé */
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            continue;
        if (n == TEXT_ID - 1)
            return false;
        out[n++] = c;
    }
    out[n] = 0;
    return true;
}

struct team_format game_format(const struct game *game)
{
    const struct settings *s = &game->settings;
    struct team_format format = *team_format(game->facts, s->format);
    if (s->team_size < format.size[1])
        format.size[1] = s->team_size;
    if (!s->level)
        return format;
    format.level_default = format.level[1] = s->level;
    format.level_set = format.level_set ? s->level : 0;
    format.level_even = false;
    return format;
}

uint8_t game_clauses(const struct game *game)
{
    const uint8_t marks = game->facts ? team_format(game->facts, game->settings.format)->battle : 0;
    return (uint8_t)((marks & BATTLE_SLEEP_CLAUSE ? CLAUSE_SLEEP : 0) |
                     (marks & BATTLE_FREEZE_CLAUSE ? CLAUSE_FREEZE : 0));
}

/* ------------------------------------------------------------------------------------- for the engine --- */

/* Who may be of either sex, and nobody said which, is drawn for. */
static uint8_t gender_of(const arena_host *h, const struct game *game, const struct team_set *set)
{
    char fixed = game->facts->species[team_species(game->facts, set->species)].gender;
    if (fixed == 'N')
        return GENDER_NONE;
    char gender = set->gender ? set->gender : fixed;
    if (gender)
        return gender == 'M' ? GENDER_MALE : GENDER_FEMALE;
    return h->random(h, 2) ? GENDER_MALE : GENDER_FEMALE;
}

static struct battle_set battle_set_of(const arena_host *h, const struct game *game, const struct team_set *set)
{
    const struct dex *dex = game->dex;
    struct battle_set out = battle_set_default(dex_species(dex, set->species));
    int nature = dex_nature(set->nature), tera = dex_type(set->tera);
    for (int i = 0; i < set->moves_n && i < BATTLE_MOVES; i++)
        out.moves[i] = dex_move(dex, set->moves[i]);
    out.ability = dex_ability(dex, set->ability);
    out.item = dex_item(dex, set->item);
    out.level = (uint8_t)set->level;
    out.nature = nature > 0 ? (uint8_t)nature : 0;
    out.tera = tera > 0 ? (uint8_t)tera : 0;
    out.gender = gender_of(h, game, set);
    for (int i = 0; i < 6; i++) {
        out.ivs[i] = (uint8_t)set->ivs[i];
        out.evs[i] = (uint8_t)set->evs[i];
    }
    return out;
}

/* A legal team becomes what the battle begins with. */
static int make_party(const arena_host *h, const struct game *game, const struct team_format *format, struct team *team,
                      struct party *out)
{
    *out = (struct party){0};
    if (team->count < 1 || team->count > BATTLE_PARTY)
        return ARENA_BROKEN;
    team_begin(game->facts, format, team);
    while (out->size < team->count) {
        out->sets[out->size] = battle_set_of(h, game, &team->sets[out->size]);
        memcpy(out->names[out->size], team->sets[out->size].nickname, TEAM_NICKNAME);
        out->size++;
    }
    return battle_team_check(game->dex, out->sets, out->size) ? ARENA_BROKEN : ARENA_OK;
}

/* ---------------------------------------------------------------------------------------------- reading --- */

struct reading { /* too large for a stack that is not ours */
    struct team team;
    struct team_problems why;
};

static void write_problems(struct writer *w, const struct team_problems *why)
{
    for (int i = 0; i < why->count; i++) {
        const struct team_problem *p = &why->list[i];
        if (i == why->stored || w->len > WHY_MAX) {
            writer_text(w, "; and ");
            writer_int(w, why->count - i);
            writer_text(w, " more");
            return;
        }
        writer_text(w, i ? "; " : "");
        if (p->slot) {
            writer_text(w, "slot ");
            writer_int(w, p->slot);
            writer_text(w, ", ");
        }
        writer_text(w, p->field);
        writer_text(w, ": ");
        writer_text(w, p->text);
    }
}

/* What was read, be it `understood` or not, against a format. */
static int take(const arena_host *h, const struct game *game, const struct team_format *format, struct reading *r,
                bool understood, struct party *out, struct writer *why)
{
    team_fill(game->facts, format, &r->team);
    if (team_check(game->facts, format, &r->team, &r->why) && understood)
        return make_party(h, game, format, &r->team, out);
    write_problems(why, &r->why);
    return ARENA_REJECTED;
}

static int from_text(const arena_host *h, const struct game *game, const struct team_format *format, arena_text text,
                     struct party *out, struct writer *why)
{
    struct reading *r = h->alloc(h, sizeof *r);
    if (!r)
        return ARENA_NOMEM;
    bool understood = team_read(game->facts, text.ptr, text.len, &r->team, &r->why);
    return take(h, game, format, r, understood, out, why);
}

/* ------------------------------------------------------------------------------------------- from outside --- */

static int sent_gen1(const struct game *game, arena_text text, struct party *out, struct writer *why)
{
    const struct settings *s = &game->settings;
    struct gen1_rules rules = {s->team_size, s->team_size, s->level, s->level};
    json_t *list = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    bool ok = gen1_team(game->dex, list, &rules, out, why);
    json_decref(list);
    return ok ? ARENA_OK : ARENA_REJECTED;
}

int sent_team(const arena_host *h, const struct game *game, arena_text text, struct party *out, struct writer *why)
{
    if (!game->facts)
        return sent_gen1(game, text, out, why);
    struct team_format format = game_format(game);
    return from_text(h, game, &format, text, out, why);
}

static int given_gen1(const struct game *game, const json_t *list, struct party *out, struct writer *why)
{
    struct gen1_rules rules = {1, BATTLE_PARTY, game->settings.level, 100};
    return gen1_team(game->dex, list, &rules, out, why) ? ARENA_OK : ARENA_REJECTED;
}

int given_team(const arena_host *h, const struct game *game, const json_t *value, struct party *out, struct writer *why)
{
    if (!game->facts)
        return given_gen1(game, value, out, why);
    struct team_format format = game_format(game);
    format.size[0] = 1;
    format.size[1] = BATTLE_PARTY;
    format.level[1] = 100;
    if (json_is_string(value))
        return from_text(h, game, &format, (arena_text){json_string_value(value), json_string_length(value)}, out, why);
    struct reading *r = h->alloc(h, sizeof *r);
    if (!r)
        return ARENA_NOMEM;
    bool understood = team_read_json(game->facts, value, &r->team, &r->why);
    return take(h, game, &format, r, understood, out, why);
}

/* ------------------------------------------------------------------------------------------------- drawn --- */

int drawn_team(const arena_host *h, const struct game *game, struct party *out)
{
    const struct settings *s = &game->settings;
    if (!game->facts) {
        gen1_random(h, game->dex, s->team_size, s->level, out);
        return ARENA_OK;
    }
    struct team_format format = game_format(game);
    struct team *team = h->alloc(h, sizeof *team);
    if (!team)
        return ARENA_NOMEM;
    uint64_t high = h->random(h, (uint64_t)1 << 32);
    team_random(game->facts, &format, s->team_size, high << 32 | h->random(h, (uint64_t)1 << 32), team);
    return make_party(h, game, &format, team, out);
}
