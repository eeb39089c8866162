/*
 * packed.c - Showdown's one-line form.
 *
 *     NICKNAME|SPECIES|ITEM|ABILITY|MOVES|NATURE|EVS|GENDER|IVS|SHINY|LEVEL|HAPPINESS,HPTYPE,POKEBALL,G,DYNAMAX,TERA
 *
 * with ] between sets.  An empty species is the nickname; an empty ability, or 0, 1, H, S, is that place of the
 * species' abilities; an empty level, IV or EV is the usual one.
 */
#include "forms.h"

#include <string.h>

enum part {
    PART_NICKNAME,
    PART_SPECIES,
    PART_ITEM,
    PART_ABILITY,
    PART_MOVES,
    PART_NATURE,
    PART_EVS,
    PART_GENDER,
    PART_IVS,
    PART_SHINY,
    PART_LEVEL,
    PART_REST,
    PARTS
};

struct reader {
    const struct team_facts *facts;
    struct team *team;
    struct team_problems *why;
    struct team_set *set;
};

static void read_ability(struct reader *r, struct team_piece text)
{
    static const char *const places[] = {"0", "1", "H", "S"};
    uint16_t species = r->facts ? team_species(r->facts, r->set->species) : 0;
    team_id(text.ptr, text.len, r->set->ability);
    if (!text.len)
        text = piece("0");
    for (int i = 0; i < 4 && species; i++) /* capitals: "h" would be an ability of that name */
        if (text.len == 1 && text.ptr[0] == places[i][0]) {
            uint16_t ability = r->facts->species[species].abilities[i];
            r->set->ability[0] = 0;
            if (ability)
                memcpy(r->set->ability, r->facts->abilities[ability].id, TEAM_ID);
            else
                team_problem(r->why, r->team->count, "ability", "%s has no ability in place %s; name the ability",
                             r->facts->species[species].name, places[i]);
        }
}

static void read_six(struct reader *r, const char *field, struct team_piece text, int16_t usual, int16_t out[6])
{
    struct team_piece part;
    text = piece_trim(text);
    for (int i = 0; text.len && piece_cut(&text, ',', &part); i++) {
        part = piece_trim(part);
        if (i == 6) {
            team_problem(r->why, r->team->count, field, "there are more than six numbers");
            return;
        }
        out[i] = usual;
        if (part.len && !piece_number(part, &out[i]))
            team_problem(r->why, r->team->count, field, "\"%.*s\" is no whole number",
                         (int)(part.len > 40 ? 40 : part.len), part.ptr);
    }
}

static void read_number(struct reader *r, const char *field, struct team_piece text, int16_t *out)
{
    text = piece_trim(text);
    if (text.len && !piece_number(text, out))
        team_problem(r->why, r->team->count, field, "\"%.*s\" is no whole number", (int)(text.len > 40 ? 40 : text.len),
                     text.ptr);
}

/* HAPPINESS,HPTYPE,POKEBALL,G,DYNAMAX,TERA */
static void read_rest(struct reader *r, struct team_piece text)
{
    struct team_piece parts[6] = {{NULL, 0}};
    for (int i = 0; i < 6 && piece_cut(&text, ',', &parts[i]); i++)
        ;
    if (parts[0].len)
        read_number(r, "happiness", parts[0], &r->set->happiness);
    team_id(parts[2].ptr, parts[2].len, r->set->pokeball);
    team_id(parts[5].ptr, parts[5].len, r->set->tera);
}

static void read_set(struct reader *r, const struct team_piece parts[PARTS])
{
    struct team_piece moves = parts[PART_MOVES], move, name = parts[PART_NICKNAME], gender = parts[PART_GENDER];
    struct team_set *set = r->set;
    forms_species(set, parts[PART_SPECIES].len ? parts[PART_SPECIES] : name);
    forms_nickname(r->facts, r->team, parts[PART_SPECIES].len ? name : (struct team_piece){"", 0}, r->why);
    if (!set->species[0])
        team_problem(r->why, r->team->count, "species", "the set names no Pokémon");
    team_id(parts[PART_ITEM].ptr, parts[PART_ITEM].len, set->item);
    read_ability(r, piece_trim(parts[PART_ABILITY]));
    while (piece_cut(&moves, ',', &move))
        forms_move(r->team, move, r->why);
    team_id(parts[PART_NATURE].ptr, parts[PART_NATURE].len, set->nature);
    read_six(r, "evs", parts[PART_EVS], 0, set->evs);
    read_six(r, "ivs", parts[PART_IVS], 31, set->ivs);
    set->gender = piece_is(gender, "M") ? 'M' : piece_is(gender, "F") ? 'F' : 0;
    if (gender.len && !set->gender && !piece_is(gender, "N"))
        team_problem(r->why, r->team->count, "gender", "the gender is M, F or N");
    set->shiny = piece_trim(parts[PART_SHINY]).len > 0;
    read_number(r, "level", parts[PART_LEVEL], &set->level);
    read_rest(r, parts[PART_REST]);
}

bool forms_read_packed(const struct team_facts *facts, struct team_piece text, struct team *out,
                       struct team_problems *why)
{
    struct reader r = {.facts = facts, .team = out, .why = why};
    struct team_piece one;
    int before = why->count;
    while (text.len && piece_cut(&text, ']', &one)) {
        struct team_piece parts[PARTS] = {{NULL, 0}}, extra;
        int n = 0;
        while (n < PARTS && piece_cut(&one, '|', &parts[n]))
            n++;
        if (!(r.set = forms_add(out, why)))
            break;
        if (n < PARTS || piece_cut(&one, '|', &extra))
            team_problem(why, out->count, "text", "a packed set has %d parts with | between; this one has %s", PARTS,
                         n < PARTS ? "fewer" : "more");
        read_set(&r, parts);
    }
    return why->count == before;
}

/* ------------------------------------------------------------------------------------------------ writing --- */

static void write_six(struct team_out *out, const int16_t six[6], int usual)
{
    bool any = false;
    for (int i = 0; i < 6; i++)
        any |= six[i] != usual;
    for (int i = 0; i < 6 && any; i++) {
        out_text(out, i ? "," : "");
        if (six[i] != usual)
            out_number(out, six[i]);
    }
}

static void write_set(const struct team_facts *facts, const struct team_set *set, struct team_out *out)
{
    const char *species = forms_species_name(facts, set->species);
    out_text(out, set->nickname[0] ? set->nickname : species);
    out_text(out, "|");
    out_packed(out, set->nickname[0] ? species : "");
    out_text(out, "|");
    out_packed(out, forms_item_name(facts, set->item));
    out_text(out, "|");
    out_packed(out, forms_ability_name(facts, set->ability));
    out_text(out, "|");
    for (int i = 0; i < set->moves_n; i++) {
        out_text(out, i ? "," : "");
        out_packed(out, forms_move_name(facts, set->moves[i]));
    }
    out_text(out, "|");
    out_packed(out, forms_nature_name(facts, set->nature));
    out_text(out, "|");
    write_six(out, set->evs, 0);
    out_text(out, set->gender == 'M' ? "|M|" : set->gender == 'F' ? "|F|" : "||");
    write_six(out, set->ivs, 31);
    out_text(out, set->shiny ? "|S|" : "||");
    if (set->level)
        out_number(out, set->level);
    out_text(out, "|");
    if (set->happiness >= 0)
        out_number(out, set->happiness);
    if (set->pokeball[0] || set->tera[0]) {
        out_text(out, ",,");
        out_packed(out, forms_item_name(facts, set->pokeball));
        out_text(out, ",,,");
        out_packed(out, forms_type_name(set->tera));
    }
}

void forms_write_packed(const struct team_facts *facts, const struct team *team, struct team_out *out)
{
    for (int i = 0; i < team->count; i++) {
        out_text(out, i ? "]" : "");
        write_set(facts, &team->sets[i], out);
    }
}
