/* forms.c - what the three forms of a team share: pieces of text, names, and the dispatch. */
#include "forms.h"

#include <string.h>

const char *const forms_stats[6] = {"hp", "atk", "def", "spa", "spd", "spe"};
const char *const forms_stat_names[6] = {"HP", "Atk", "Def", "SpA", "SpD", "Spe"};

/* ------------------------------------------------------------------------------------------------- pieces --- */

struct team_piece piece(const char *text)
{
    return (struct team_piece){text, strlen(text)};
}

struct team_piece piece_trim(struct team_piece p)
{
    while (p.len && strchr(" \t\r\n", p.ptr[0]) && p.ptr[0])
        p.ptr++, p.len--;
    while (p.len && strchr(" \t\r\n", p.ptr[p.len - 1]) && p.ptr[p.len - 1])
        p.len--;
    return p;
}

bool piece_cut(struct team_piece *rest, char c, struct team_piece *out)
{
    if (!rest->ptr)
        return false;
    const char *at = rest->len ? memchr(rest->ptr, c, rest->len) : NULL;
    out->ptr = rest->ptr;
    out->len = at ? (size_t)(at - rest->ptr) : rest->len;
    *rest = at ? (struct team_piece){at + 1, rest->len - out->len - 1} : (struct team_piece){NULL, 0};
    return true;
}

bool piece_is(struct team_piece p, const char *text)
{
    for (size_t i = 0; i < p.len; i++) {
        char c = p.ptr[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c | 0x20);
        char t = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] | 0x20) : text[i];
        if (c != t || !t)
            return false;
    }
    return !text[p.len];
}

bool piece_number(struct team_piece p, int16_t *out)
{
    p = piece_trim(p);
    bool minus = p.len && p.ptr[0] == '-';
    int n = 0;
    if (minus || (p.len && p.ptr[0] == '+'))
        p.ptr++, p.len--;
    if (!p.len)
        return false;
    for (size_t i = 0; i < p.len; i++) {
        if (p.ptr[i] < '0' || p.ptr[i] > '9')
            return false;
        n = n * 10 + (p.ptr[i] - '0');
        if (n > TEAM_NUMBER_MAX)
            n = TEAM_NUMBER_MAX;
    }
    *out = (int16_t)(minus ? -n : n);
    return true;
}

int forms_stat(struct team_piece name)
{
    for (int i = 0; i < 6; i++)
        if (piece_is(name, forms_stats[i]))
            return i;
    static const char *const others[6] = {"hitpoints", "attack", "defense", "spatk", "spdef", "speed"};
    char id[TEAM_ID];
    team_id(name.ptr, name.len, id);
    for (int i = 0; i < 6; i++)
        if (!strcmp(id, others[i]))
            return i;
    return -1;
}

/* --------------------------------------------------------------------------------------------------- sets --- */

struct team_set *forms_add(struct team *team, struct team_problems *why)
{
    if (team->count == TEAM_SETS_MAX) {
        team_problem(why, 0, "team", "there are more than %d Pokémon; a team has at most %d", TEAM_SETS_MAX, TEAM_SIZE);
        return NULL;
    }
    team_set_empty(&team->sets[team->count]);
    return &team->sets[team->count++];
}

void forms_move(struct team *team, struct team_piece name, struct team_problems *why)
{
    struct team_set *set = &team->sets[team->count - 1];
    char id[TEAM_ID];
    team_id(name.ptr, name.len, id);
    if (!id[0])
        return;
    if (set->moves_n == TEAM_MOVES_MAX)
        team_problem(why, team->count, "moves", "there are more than %d moves; a Pokémon knows at most %d",
                     TEAM_MOVES_MAX, TEAM_MOVES);
    else
        memcpy(set->moves[set->moves_n++], id, sizeof id);
}

void forms_species(struct team_set *set, struct team_piece name)
{
    team_id(name.ptr, name.len, set->species);
}

/* Length of the UTF-8 sequence that begins here, 0 if it is none. */
static size_t utf8(const unsigned char *p, size_t len)
{
    static const unsigned char least[5][2] = {{0, 0}, {0, 0}, {0xc2, 0x80}, {0xe0, 0x80}, {0xf0, 0x80}};
    size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (n == 1)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf4 && p[1] > 0x8f) || p[0] < least[n][0])
        return 0;
    return n;
}

/* Signs that end or forge a line of a log, or turn the direction of writing: no name is meant to have them. */
static bool is_hostile(const unsigned char *p, size_t n)
{
    if (n == 1)
        return (p[0] < ' ' && p[0] != '\t') || p[0] == 0x7f || p[0] == '|';
    if (n == 2) /* C1 controls */
        return p[0] == 0xc2 && p[1] < 0xa0;
    return n == 3 && p[0] == 0xe2 &&
           ((p[1] == 0x80 && (p[2] >= 0xa8 || p[2] <= 0x8f)) || (p[1] == 0x81 && p[2] >= 0xa6));
}

/* Not those that a form uses, and blanks of other kinds. */
static bool is_kept(const unsigned char *p, size_t n)
{
    if (n == 1)
        return p[0] > ' ' && !strchr(",[]@()", p[0]) && !is_hostile(p, n);
    return !(n == 2 && p[0] == 0xc2 && p[1] == 0xa0) && !is_hostile(p, n);
}

/* Writes `text` as a nickname into out.  False when it had what no nickname may have; that is left out all the same. */
static bool clean(struct team_piece text, char out[TEAM_NICKNAME])
{
    size_t n = 0;
    bool gap = false, good = true, full = false;
    for (size_t i = 0; i < text.len;) {
        const unsigned char *p = (const unsigned char *)text.ptr + i;
        size_t len = utf8(p, text.len - i);
        i += len ? len : 1;
        good = good && len && !is_hostile(p, len);
        if (!len || !is_kept(p, len)) {
            gap = n > 0;
            continue;
        }
        full = full || n + len + gap >= TEAM_NICKNAME;
        if (full)
            continue;
        if (gap)
            out[n++] = ' ';
        gap = false;
        memcpy(out + n, p, len);
        n += len;
    }
    memset(out + n, 0, TEAM_NICKNAME - n);
    return good;
}

bool team_nickname(const char *name, size_t len)
{
    char same[TEAM_NICKNAME];
    return len < TEAM_NICKNAME && clean((struct team_piece){name, len}, same) && strlen(same) == len &&
           !memcmp(same, name, len);
}

void forms_nickname(const struct team_facts *facts, struct team *team, struct team_piece name,
                    struct team_problems *why)
{
    struct team_set *set = &team->sets[team->count - 1];
    if (!clean(piece_trim(name), set->nickname))
        team_problem(why, team->count, "nickname",
                     "a nickname has no control characters, no | and no marks that turn the direction of writing; "
                     "leave them out");
    if (!strcmp(set->nickname, forms_species_name(facts, set->species)) || !strcmp(set->nickname, set->species))
        memset(set->nickname, 0, sizeof set->nickname);
}

/* -------------------------------------------------------------------------------------------------- names --- */

const char *forms_species_name(const struct team_facts *facts, const char *id)
{
    uint16_t n = facts ? team_species(facts, id) : 0;
    return n ? facts->species[n].name : id;
}

const char *forms_move_name(const struct team_facts *facts, const char *id)
{
    uint16_t n = facts ? team_move(facts, id) : 0;
    return n ? facts->moves[n].name : id;
}

const char *forms_ability_name(const struct team_facts *facts, const char *id)
{
    uint16_t n = facts ? team_ability(facts, id) : 0;
    return n ? facts->abilities[n].name : id;
}

const char *forms_item_name(const struct team_facts *facts, const char *id)
{
    uint16_t n = facts ? team_item(facts, id) : 0;
    return n ? facts->items[n].name : id;
}

const char *forms_nature_name(const struct team_facts *facts, const char *id)
{
    uint16_t n = facts ? team_nature(facts, id) : 0;
    return n ? facts->natures[n].name : id;
}

const char *forms_type_name(const char *id)
{
    uint8_t type = team_type(id);
    return type ? team_type_name(type) : id;
}

/* ------------------------------------------------------------------------------------------------ writing --- */

void out_bytes(struct team_out *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++, out->len++)
        if (out->len + 1 < out->size)
            out->ptr[out->len] = text[i];
}

void out_text(struct team_out *out, const char *text)
{
    out_bytes(out, text, strlen(text));
}

void out_number(struct team_out *out, int n)
{
    char digits[12];
    size_t at = sizeof digits;
    unsigned rest = n < 0 ? 0u - (unsigned)n : (unsigned)n;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (n < 0)
        digits[--at] = '-';
    out_bytes(out, digits + at, sizeof digits - at);
}

void out_packed(struct team_out *out, const char *text)
{
    for (; *text; text++)
        if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9'))
            out_bytes(out, text, 1);
        else if ((unsigned char)text[0] == 0xc3 && (unsigned char)text[1] == 0xa9) /* Flabébé */
            out_bytes(out, "e", 1);
}

/* ----------------------------------------------------------------------------------------------- dispatch --- */

static bool read_json_text(const struct team_facts *facts, struct team_piece text, struct team *out,
                           struct team_problems *why)
{
    json_error_t error;
    json_t *list = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    *out = (struct team){0};
    if (!list)
        team_problem(why, 0, "text", "line %d is no JSON: %s", error.line, error.text);
    bool good = list && team_read_json(facts, list, out, why);
    json_decref(list);
    return good;
}

bool team_read_as(const struct team_facts *facts, enum team_form form, const char *text, size_t len, struct team *out,
                  struct team_problems *why)
{
    struct team_piece all = piece_trim((struct team_piece){text, len});
    int before = why->count;
    if (form == TEAM_JSON)
        return read_json_text(facts, all, out, why);
    *out = (struct team){0};
    if (form == TEAM_PACKED)
        forms_read_packed(facts, all, out, why);
    else
        forms_read_text(facts, all, out, why);
    return why->count == before;
}

static void json_write(const struct team_facts *facts, const struct team *team, struct team_out *out)
{
    json_t *list = team_json(facts, team);
    size_t room = out->size > 0 ? out->size - 1 : 0;
    out->len = list ? json_dumpb(list, out->ptr, room, JSON_COMPACT) : 0;
    json_decref(list);
}

size_t team_write(const struct team_facts *facts, const struct team *team, enum team_form form, char *out, size_t size)
{
    struct team_out w = {.ptr = out, .size = size};
    if (form == TEAM_JSON)
        json_write(facts, team, &w);
    else if (form == TEAM_PACKED)
        forms_write_packed(facts, team, &w);
    else
        forms_write_text(facts, team, &w);
    if (size)
        out[w.len < size ? w.len : size - 1] = 0;
    return w.len;
}
