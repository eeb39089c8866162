/*
 * text.c - Showdown's export text.
 *
 *     === [gen9ou] My team ===
 *
 *     Sparky (Pikachu) (M) @ Light Ball
 *     Ability: Static
 *     Level: 50
 *     Tera Type: Electric
 *     EVs: 252 SpA / 4 SpD / 252 Spe
 *     Timid Nature
 *     IVs: 0 Atk
 *     - Thunderbolt
 *
 * An empty line ends a set.  Any mix of blanks and line ends is taken, and names in any case.  Lines of other
 * generations are taken and forgotten.
 */
#include "forms.h"

#include <string.h>

struct reader {
    const struct team_facts *facts;
    struct team *team;
    struct team_problems *why;
};

static struct team_set *current(const struct reader *r)
{
    return &r->team->sets[r->team->count - 1];
}

static bool ends_with(struct team_piece *p, const char *end)
{
    size_t len = strlen(end);
    if (p->len < len || !piece_is((struct team_piece){p->ptr + p->len - len, len}, end))
        return false;
    p->len -= len;
    *p = piece_trim(*p);
    return true;
}

/* The letter in brackets at the end, a capital: "(m)" would be a Pokémon of that name. */
static bool ends_with_gender(struct team_piece *p, char gender)
{
    if (p->len < 3 || p->ptr[p->len - 3] != '(' || p->ptr[p->len - 2] != gender || p->ptr[p->len - 1] != ')')
        return false;
    p->len -= 3;
    *p = piece_trim(*p);
    return true;
}

/* The last place of a character, or NULL. */
static const char *last(struct team_piece p, char c)
{
    while (p.len--)
        if (p.ptr[p.len] == c)
            return p.ptr + p.len;
    return NULL;
}

/* Nickname (Species) (M) @ Item */
static void read_first(struct reader *r, struct team_piece line)
{
    struct team_set *set = current(r);
    struct team_piece name = {"", 0};
    const char *at = last(line, '@');
    if (at) {
        struct team_piece item = {at + 1, line.len - (size_t)(at + 1 - line.ptr)};
        team_id(item.ptr, item.len, set->item);
        if (!strcmp(set->item, "noitem"))
            set->item[0] = 0;
        line.len = (size_t)(at - line.ptr);
    }
    line = piece_trim(line);
    if (ends_with_gender(&line, 'M'))
        set->gender = 'M';
    else if (ends_with_gender(&line, 'F'))
        set->gender = 'F';
    else
        ends_with_gender(&line, 'N');
    const char *open = line.len && line.ptr[line.len - 1] == ')' ? last(line, '(') : NULL;
    if (open) {
        name = (struct team_piece){line.ptr, (size_t)(open - line.ptr)};
        line = (struct team_piece){open + 1, line.len - name.len - 2};
    }
    forms_species(set, line);
    forms_nickname(r->facts, r->team, name, r->why);
    if (!set->species[0])
        team_problem(r->why, r->team->count, "species",
                     "the first line names no Pokémon; write it as "
                     "`Pikachu @ Light Ball` or `Nickname (Pikachu) @ Light Ball`");
}

/* 252 Atk / 4 SpD / 252 Spe */
static void read_six(struct reader *r, const char *field, struct team_piece line, int16_t out[6])
{
    struct team_piece part;
    while (piece_cut(&line, '/', &part)) {
        part = piece_trim(part);
        size_t digits = 0;
        while (digits < part.len && strchr("+-0123456789", part.ptr[digits]) && part.ptr[digits])
            digits++;
        int16_t n;
        int stat = forms_stat(piece_trim((struct team_piece){part.ptr + digits, part.len - digits}));
        if (stat >= 0 && piece_number((struct team_piece){part.ptr, digits}, &n))
            out[stat] = n;
        else if (part.len)
            team_problem(r->why, r->team->count, field, "\"%.*s\" makes no sense; write as `252 Atk / 4 SpD / 252 Spe`",
                         (int)(part.len > 40 ? 40 : part.len), part.ptr);
    }
}

static void read_number(struct reader *r, const char *field, struct team_piece value, int16_t *out)
{
    if (!piece_number(value, out))
        team_problem(r->why, r->team->count, field, "\"%.*s\" is no whole number",
                     (int)(value.len > 40 ? 40 : value.len), value.ptr);
}

static void key_ability(struct reader *r, struct team_piece v)
{
    team_id(v.ptr, v.len, current(r)->ability);
}

static void key_evs(struct reader *r, struct team_piece v)
{
    read_six(r, "evs", v, current(r)->evs);
}

static void key_ivs(struct reader *r, struct team_piece v)
{
    read_six(r, "ivs", v, current(r)->ivs);
}

static void key_level(struct reader *r, struct team_piece v)
{
    read_number(r, "level", v, &current(r)->level);
}

static void key_happiness(struct reader *r, struct team_piece v)
{
    read_number(r, "happiness", v, &current(r)->happiness);
}

static void key_shiny(struct reader *r, struct team_piece v)
{
    current(r)->shiny = piece_is(v, "yes");
}

static void key_tera(struct reader *r, struct team_piece v)
{
    team_id(v.ptr, v.len, current(r)->tera);
}

static void key_pokeball(struct reader *r, struct team_piece v)
{
    team_id(v.ptr, v.len, current(r)->pokeball);
}

static void key_nature(struct reader *r, struct team_piece v)
{
    team_id(v.ptr, v.len, current(r)->nature);
}

static void key_item(struct reader *r, struct team_piece v)
{
    team_id(v.ptr, v.len, current(r)->item);
}

static void key_nothing(struct reader *r, struct team_piece v)
{
    (void)r;
    (void)v;
}

static const struct {
    const char *key;
    void (*read)(struct reader *r, struct team_piece value);
} keys[] = {
    {"Ability", key_ability},    {"Trait", key_ability},         {"EVs", key_evs},       {"IVs", key_ivs},
    {"Level", key_level},        {"Happiness", key_happiness},   {"Shiny", key_shiny},   {"Tera Type", key_tera},
    {"Pokeball", key_pokeball},  {"Nature", key_nature},         {"Item", key_item},     {"Hidden Power", key_nothing},
    {"Gigantamax", key_nothing}, {"Dynamax Level", key_nothing}, {"Alpha", key_nothing},
};

static bool read_key(struct reader *r, struct team_piece line)
{
    struct team_piece value = line, key;
    if (!piece_cut(&value, ':', &key) || !value.ptr)
        return false;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (piece_is(piece_trim(key), keys[i].key)) {
            keys[i].read(r, piece_trim(value));
            return true;
        }
    return false;
}

static void read_line(struct reader *r, struct team_piece line)
{
    struct team_piece whole = line;
    if (line.ptr[0] == '-' || line.ptr[0] == '~') {
        forms_move(r->team, (struct team_piece){line.ptr + 1, line.len - 1}, r->why);
    } else if (read_key(r, line)) {
        return;
    } else if (ends_with(&line, "nature") && line.len && !memchr(line.ptr, ':', line.len)) {
        team_id(line.ptr, line.len, current(r)->nature);
    } else {
        team_problem(r->why, r->team->count, "text", "the line \"%.*s\" is not understood; moves begin with `- `",
                     (int)(whole.len > 60 ? 60 : whole.len), whole.ptr);
    }
}

static bool is_header(struct team_piece line)
{
    return line.len >= 6 && !memcmp(line.ptr, "===", 3) && !memcmp(line.ptr + line.len - 3, "===", 3);
}

bool forms_read_text(const struct team_facts *facts, struct team_piece text, struct team *out,
                     struct team_problems *why)
{
    struct reader r = {facts, out, why};
    struct team_piece line;
    bool open = false, lost = false;
    int before = why->count;
    while (piece_cut(&text, '\n', &line)) {
        line = piece_trim(line);
        if (!line.len || piece_is(line, "---") || (!open && is_header(line))) {
            open = false;
            continue;
        }
        if (open && !lost)
            read_line(&r, line);
        else if (!open && (lost = !forms_add(out, why)) == false)
            read_first(&r, line);
        open = true;
    }
    return why->count == before;
}

/* ------------------------------------------------------------------------------------------------ writing --- */

static void write_key(struct team_out *out, const char *key, const char *value)
{
    if (!value[0])
        return;
    out_text(out, key);
    out_text(out, value);
    out_text(out, "  \n");
}

static void write_number(struct team_out *out, const char *key, int n)
{
    out_text(out, key);
    out_number(out, n);
    out_text(out, "  \n");
}

static void write_six(struct team_out *out, const char *key, const int16_t six[6], int usual)
{
    bool any = false;
    for (int i = 0; i < 6; i++) {
        if (six[i] == usual)
            continue;
        out_text(out, any ? " / " : key);
        out_number(out, six[i]);
        out_text(out, " ");
        out_text(out, forms_stat_names[i]);
        any = true;
    }
    out_text(out, any ? "  \n" : "");
}

static void write_first(const struct team_facts *facts, const struct team_set *set, struct team_out *out)
{
    if (set->nickname[0]) {
        out_text(out, set->nickname);
        out_text(out, " (");
    }
    out_text(out, forms_species_name(facts, set->species));
    out_text(out, set->nickname[0] ? ")" : "");
    out_text(out, set->gender == 'M' ? " (M)" : set->gender == 'F' ? " (F)" : "");
    if (set->item[0]) {
        out_text(out, " @ ");
        out_text(out, forms_item_name(facts, set->item));
    }
    out_text(out, "  \n");
}

void forms_write_text(const struct team_facts *facts, const struct team *team, struct team_out *out)
{
    for (int i = 0; i < team->count; i++) {
        const struct team_set *set = &team->sets[i];
        out_text(out, i ? "\n" : "");
        write_first(facts, set, out);
        write_key(out, "Ability: ", forms_ability_name(facts, set->ability));
        if (set->level)
            write_number(out, "Level: ", set->level);
        write_key(out, "Shiny: ", set->shiny ? "Yes" : "");
        if (set->happiness >= 0)
            write_number(out, "Happiness: ", set->happiness);
        write_key(out, "Pokeball: ", forms_item_name(facts, set->pokeball));
        write_key(out, "Tera Type: ", forms_type_name(set->tera));
        write_six(out, "EVs: ", set->evs, 0);
        if (set->nature[0]) {
            out_text(out, forms_nature_name(facts, set->nature));
            out_text(out, " Nature  \n");
        }
        write_six(out, "IVs: ", set->ivs, 31);
        for (int k = 0; k < set->moves_n; k++)
            write_key(out, "- ", forms_move_name(facts, set->moves[k]));
    }
}
