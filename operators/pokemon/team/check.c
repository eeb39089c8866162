/*
 * check.c - is a team legal in a format?  Every mistake is told, slot by slot, then those of the whole team.
 *
 * Each function looks at one thing and adds what is wrong with it.  What cannot be looked at because another thing is
 * unknown (the moves of a Pokémon that does not exist) is left out: one mistake is told once.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#define WRONG(c, field, ...) team_problem((c)->why, (c)->slot, field, __VA_ARGS__)

/* ----------------------------------------------------------------------------------------- looked up once --- */

static void check_known(struct team_checked *c)
{
    const struct team_set *set = c->set;
    if (!c->species_n && set->species[0])
        WRONG(c, "species", "there is no Pokémon \"%s\" in this game; look for a slip of the pen", set->species);
    else if (!c->species_n)
        WRONG(c, "species", "the Pokémon is missing; name its species");
    if (set->item[0] && !c->item)
        WRONG(c, "item", "there is no item \"%s\" in this game; name another, or none", set->item);
    if (set->ability[0] && !c->ability)
        WRONG(c, "ability", "there is no ability \"%s\" in this game", set->ability);
    if (set->nature[0] && !team_nature(c->facts, set->nature))
        WRONG(c, "nature", "there is no nature \"%s\"; adamant, modest, jolly and timid are some", set->nature);
    if (set->pokeball[0] && !c->facts->items[team_item(c->facts, set->pokeball)].ball)
        WRONG(c, "pokeball", "\"%s\" is no Poké Ball; leave it out, or name one as \"pokeball\"", set->pokeball);
}

/* -------------------------------------------------------------------------------------------------- formes --- */

static bool has_item(const struct team_checked *c, const struct team_species *s)
{
    return !s->items[0] || c->item == s->items[0] || (s->items[1] && c->item == s->items[1]);
}

static void check_forme(struct team_checked *c)
{
    const struct team_facts *f = c->facts;
    const struct team_species *s = &f->species[c->written];
    const char *how = s->battle_only ? "becomes this forme in battle" : "is in this forme";
    if (s->required_ability && strcmp(s->id, "terapagosterastal") != 0 && strcmp(s->id, "terapagosstellar") != 0 &&
        c->ability != s->required_ability)
        WRONG(c, "ability", "%s %s with the ability %s only; give it that", s->name, how,
              f->abilities[s->required_ability].name);
    if (!has_item(c, s))
        WRONG(c, "item", "%s %s only when it holds %s; give it that, or write %s", s->name, how,
              f->items[s->items[0]].name, f->species[s->base].name);
    if (s->required_move && !team_knows(c->set, f->moves[s->required_move].id))
        WRONG(c, "moves", "%s %s only when it knows %s; give it that, or write %s", s->name, how,
              f->moves[s->required_move].name, f->species[s->base].name);
}

/* ------------------------------------------------------------------------------------------------- ability --- */

static bool has_ability(const struct team_species *s, uint16_t ability)
{
    for (int i = 0; i < 4; i++)
        if (s->abilities[i] == ability)
            return true;
    return false;
}

/* "Static or Lightning Rod" */
static const char *abilities_of(const struct team_checked *c, char *out, size_t size)
{
    size_t len = 0;
    out[0] = 0;
    for (int i = 0; i < 4; i++)
        if (c->species->abilities[i] && len < size)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? " or " : "",
                                    c->facts->abilities[c->species->abilities[i]].name);
    return out;
}

static void check_ability(struct team_checked *c)
{
    char list[120];
    if (!c->format->obtainable)
        return;
    if (!c->set->ability[0])
        WRONG(c, "ability", "%s needs an ability: %s", c->species->name, abilities_of(c, list, sizeof list));
    else if (c->ability && !has_ability(c->species, c->ability) &&
             !(c->facts->species[c->written].battle_only && has_ability(&c->facts->species[c->written], c->ability)))
        WRONG(c, "ability", "%s cannot have %s; it may have %s", c->species->name, c->facts->abilities[c->ability].name,
              abilities_of(c, list, sizeof list));
}

/* --------------------------------------------------------------------------------------------------- moves --- */

static void check_learned(struct team_checked *c, uint16_t move)
{
    const struct team_facts *f = c->facts;
    const char *name = f->moves[move].name;
    bool is_hoopa = !strcmp(f->species[c->species->base].id, "hoopa");
    if (is_hoopa && !strcmp(f->moves[move].id, !strcmp(c->species->id, "hoopa") ? "hyperspacefury" : "hyperspacehole"))
        WRONG(c, "moves", "%s cannot know %s in this forme; take another move", c->species->name, name);
    else if (!team_learns(f, c->species_n, move))
        WRONG(c, "moves", "%s cannot learn %s; take another move", c->species->name, name);
    else
        team_check_gate(c, team_gate(f, c->species_n, move));
}

/* In the forme of Rusted Sword and Shield, Iron Head is another move. */
static const char *move_outside(const struct team_checked *c, const char *id)
{
    const char *species = c->facts->species[c->written].id;
    if ((!strcmp(species, "zaciancrowned") && !strcmp(id, "behemothblade")) ||
        (!strcmp(species, "zamazentacrowned") && !strcmp(id, "behemothbash")))
        return "ironhead";
    return id;
}

static void check_moves(struct team_checked *c)
{
    const struct team_set *set = c->set;
    if (!set->moves_n)
        WRONG(c, "moves", "it knows no move; give it at least one");
    if (set->moves_n > c->format->moves)
        WRONG(c, "moves", "it knows %d moves; at most %d are allowed", set->moves_n, c->format->moves);
    for (int i = 0; i < set->moves_n; i++) {
        const char *id = move_outside(c, set->moves[i]);
        uint16_t move = team_move(c->facts, id);
        bool twice = false;
        for (int k = 0; k < i; k++)
            twice |= !strcmp(set->moves[k], set->moves[i]);
        if (!move)
            WRONG(c, "moves", "there is no move \"%s\" in this game; look for a slip of the pen", id);
        else if (twice)
            WRONG(c, "moves", "%s is there twice; take another move instead", c->facts->moves[move].name);
        else if (c->species_n && c->format->obtainable)
            check_learned(c, move);
    }
}

/* ------------------------------------------------------------------------------------------------- numbers --- */

static const char *const stats[6] = {"HP", "Attack", "Defense", "Sp. Atk", "Sp. Def", "Speed"};

static void check_spread(struct team_checked *c)
{
    const struct team_format *f = c->format;
    int sum = 0;
    for (int i = 0; i < 6; i++) {
        int ev = c->set->evs[i], iv = c->set->ivs[i];
        sum += ev;
        if (ev < 0 || ev > f->ev)
            WRONG(c, "evs", "%s has %d EVs; 0 to %d are allowed", stats[i], ev, f->ev);
        if (iv < 0 || iv > f->iv)
            WRONG(c, "ivs", "%s has an IV of %d; 0 to %d are allowed", stats[i], iv, f->iv);
    }
    if (sum > f->evs)
        WRONG(c, "evs", "it has %d EVs in all; take %d away, %d are allowed", sum, sum - f->evs, f->evs);
}

static void check_level(struct team_checked *c)
{
    if (c->set->level && (c->level < c->format->level[0] || c->level > c->format->level[1]))
        WRONG(c, "level", "its level is %d; %d to %d are allowed", c->level, c->format->level[0], c->format->level[1]);
    if (c->set->happiness < -1 || c->set->happiness > 255)
        WRONG(c, "happiness", "its happiness is %d; 0 to 255 are allowed", c->set->happiness);
}

/* -------------------------------------------------------------------------------------- gender, Tera, name --- */

static void check_gender(struct team_checked *c)
{
    char only = c->species->gender, said = c->set->gender;
    if (!said || !only || said == only)
        return;
    if (only == 'N')
        WRONG(c, "gender", "%s has no gender; leave it out", c->species->name);
    else
        WRONG(c, "gender", "%s is always %s; write (%c) or leave it out", c->species->name,
              only == 'M' ? "male" : "female", only);
}

static void check_tera(struct team_checked *c)
{
    uint8_t type = team_type(c->set->tera), needed = c->facts->species[c->written].required_tera;
    if (!needed && c->species_n)
        needed = c->species->required_tera;
    if (!c->set->tera[0])
        return;
    if (!c->format->tera)
        WRONG(c, "tera", "there is no Terastallization in this format; leave the Tera type out");
    else if (!type)
        WRONG(c, "tera", "there is no type \"%s\"; name one of the 18, or Stellar", c->set->tera);
    else if (needed && needed != type && c->format->obtainable)
        WRONG(c, "tera", "the Tera type of %s is always %s", c->species->name, team_type_name(needed));
}

/* Length as the games count: signs beyond the first plane are two. */
static int units(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n += (*text & 0xc0) != 0x80 ? 1 + ((unsigned char)*text >= 0xf0) : 0;
    return n;
}

static void check_nickname(struct team_checked *c)
{
    char id[TEAM_ID];
    const char *name = c->set->nickname;
    if (units(name) > TEAM_NICKNAME_UNITS)
        WRONG(c, "nickname", "\"%s\" has %d characters; %d are allowed", name, units(name), TEAM_NICKNAME_UNITS);
    team_id(name, strlen(name), id);
    uint16_t other = team_species(c->facts, id);
    if ((c->format->once & ONCE_NICKNAME) && other && c->facts->species[other].base != c->species->base &&
        team_is_name(c->facts->species[other].name, name))
        WRONG(c, "nickname", "a %s cannot be called %s, which is another Pokémon; choose another nickname",
              c->species->name, name);
}

/* ---------------------------------------------------------------------------------------------------- whole --- */

bool team_knows(const struct team_set *set, const char *move)
{
    for (int i = 0; i < set->moves_n; i++)
        if (!strcmp(set->moves[i], move))
            return true;
    return false;
}

static void check_set(struct team_checked *c)
{
    check_known(c);
    check_spread(c);
    check_level(c);
    check_tera(c);
    if (c->species_n) {
        if (c->format->obtainable) {
            check_forme(c);
            check_gender(c);
            team_check_source(c);
        }
        check_ability(c);
        check_nickname(c);
    }
    check_moves(c);
    team_check_bans(c);
}

static void check_size(const struct team_format *format, const struct team *team, struct team_problems *why)
{
    if (team->count < format->size[0])
        team_problem(why, 0, "team", "it has %d Pokémon; at least %d are needed", team->count, format->size[0]);
    if (team->count > format->size[1])
        team_problem(why, 0, "team", "it has %d Pokémon; at most %d are allowed", team->count, format->size[1]);
}

bool team_check(const struct team_facts *facts, const struct team_format *format, const struct team *team,
                struct team_problems *why)
{
    struct team settled = *team;
    int before = why->count;
    team_settle(facts, &settled);
    check_size(format, team, why);
    for (int i = 0; i < team->count; i++) {
        struct team_set *set = &settled.sets[i];
        struct team_checked c = {.facts = facts, .format = format, .set = set, .why = why, .slot = i + 1};
        c.written = team_species(facts, team->sets[i].species);
        c.species_n = team_species(facts, set->species);
        c.species = &facts->species[c.species_n];
        c.item = team_item(facts, set->item);
        c.ability = team_ability(facts, set->ability);
        c.level = set->level ? set->level : format->level_default; /* as it was caught, before any adjustment */
        check_set(&c);
    }
    team_check_once(facts, format, &settled, why);
    return why->count == before;
}
