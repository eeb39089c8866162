/*
 * choice.c - the words of a choice: "move 1", "move flamethrower", "move 2 tera", "switch 3", "switch pikachu",
 * "default"; and the same as JSON: {"move": 2, "tera": true}, {"switch": "pikachu"}.
 *
 * They are Showdown's, so that people and agents know them; "terastallize" is taken for "tera" too.  Slots count
 * from 1.  Both forms become a struct wanted, which is then looked up.
 */
#include "pokemon.h"

#include <string.h>

static const struct battle_view_side *own_side(const struct battle_view *view)
{
    return &view->sides[view->viewer];
}

static const struct battle_view_mon *own_active(const struct battle_view *view)
{
    return &own_side(view)->party[own_side(view)->active];
}

int choice_first(uint32_t choices)
{
    for (int i = 0; i < BATTLE_CHOICES; i++)
        if (choices >> i & 1)
            return i;
    return BATTLE_NO_CHOICE;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The id of what a forced turn does. */
static const char *forced_id(const struct dex *dex, const struct battle_view *view)
{
    const struct battle_view_side *side = own_side(view);
    if (battle_view_has(side, VOL_RECHARGE))
        return "recharge";
    if (!side->lock_move && battle_view_has(side, VOL_UPROAR))
        return "uproar";
    if (!side->lock_move && battle_view_has(side, VOL_BIDE))
        return "bide";
    return dex->moves[side->lock_move ? side->lock_move : dex->struggle].id;
}

/* "3" is 2; anything but one digit 1 .. max is -1. */
static int slot_of(const char *id, int max)
{
    return id[0] >= '1' && id[0] < '1' + max && !id[1] ? id[0] - '1' : -1;
}

static bool has_tera(const struct dex *dex)
{
    return dex->generation_tera;
}

static bool has_mega(const struct dex *dex)
{
    return dex->mega;
}

static bool has_z_moves(const struct dex *dex)
{
    return dex->z_moves;
}

/* What a Pokémon may do once in a battle while it uses a move: the first of its choices, the words for it (members of
 * JSON, too), and whether a data version has it. */
static const struct extra {
    int first;
    const char *word, *also;
    bool (*in_play)(const struct dex *dex);
} extras[] = {
    {BATTLE_CHOICE_TERA, "tera", "terastallize", has_tera},
    {BATTLE_CHOICE_MEGA, "mega", "megaevolve", has_mega},
    {BATTLE_CHOICE_Z, "zmove", "z", has_z_moves},
    {BATTLE_CHOICE_MEGA, "ultra", "ultraburst", has_mega}, /* Necrozma's, by the crystal it holds */
};
enum { EXTRAS = sizeof extras / sizeof extras[0] };

const char *choice_extra(int choice, int *slot)
{
    *slot = choice;
    for (int k = 0; k < EXTRAS; k++)
        if (choice >= extras[k].first && choice < extras[k].first + BATTLE_MOVES) {
            *slot = choice - extras[k].first;
            return extras[k].word;
        }
    return NULL;
}

bool choice_bursts(const struct dex *dex, const struct battle_view *view)
{
    return !strcmp(dex->items[own_active(view)->item].id, "ultranecroziumz");
}

const char *choice_z_name(const struct dex *dex, const struct battle_view *view, int slot)
{
    const struct battle_view_mon *mon = own_active(view);
    const struct dex_item *item = &dex->items[mon->item];
    const struct dex_move *m = &dex->moves[mon->moves[slot]];
    if (!(view->choices >> (BATTLE_CHOICE_Z + slot) & 1))
        return NULL;
    return !item->z_from && m->category == MOVE_STATUS ? m->name : dex->moves[item->z_move].name;
}

/* Takes word and the blank before it off the end of a text; false when it does not end so. */
static bool cut_word(arena_text *text, const char *word)
{
    size_t end = text->len, n = strlen(word), i = 0;
    while (end && is_blank(text->ptr[end - 1]))
        end--;
    while (end > n && i < n && (text->ptr[end - n + i] | 0x20) == word[i])
        i++;
    if (i < n || !is_blank(text->ptr[end - n - 1]))
        return false;
    text->len = end - n;
    return true;
}

/* The extra that "2 tera" ends with, NULL if it is a plain move. */
static const struct extra *cut_extra(arena_text *text)
{
    for (int k = 0; k < EXTRAS; k++)
        if (cut_word(text, extras[k].word) || cut_word(text, extras[k].also))
            return &extras[k];
    return NULL;
}

static int read_move(const struct dex *dex, const struct battle_view *view, const char *id)
{
    int slot = slot_of(id, BATTLE_MOVES);
    if ((view->choices >> BATTLE_CHOICE_FORCED & 1) && (slot == 0 || !strcmp(id, forced_id(dex, view))))
        return BATTLE_CHOICE_FORCED;
    const struct battle_view_mon *mon = own_active(view);
    for (int i = 0; i < BATTLE_MOVES && slot < 0; i++)
        if (mon->moves[i] && !strcmp(id, dex->moves[mon->moves[i]].id))
            slot = i;
    return slot < 0 ? BATTLE_NO_CHOICE : slot;
}

static arena_text trim(arena_text text)
{
    while (text.len && is_blank(text.ptr[0]))
        text.ptr++, text.len--;
    while (text.len && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* The same but for the case of ASCII letters. */
static bool same_name(arena_text text, const char *name)
{
    if (!text.len || text.len != strlen(name))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char a = text.ptr[i], b = name[i];
        if (a != b && ((a | 0x20) != (b | 0x20) || (a | 0x20) < 'a' || (a | 0x20) > 'z'))
            return false;
    }
    return true;
}

/* By number, then by nickname as it is written, then by the id of species or nickname. */
static int read_switch(const struct dex *dex, const struct battle_view *view, choice_names names, arena_text text,
                       const char *id)
{
    char called[TEXT_ID];
    const struct battle_view_side *side = own_side(view);
    int slot = slot_of(id, BATTLE_PARTY);
    for (int i = 0; names && i < side->size && slot < 0; i++)
        if (same_name(trim(text), names[i]))
            slot = i;
    for (int i = 0; i < side->size && slot < 0; i++)
        if (!strcmp(id, dex->species[side->party[i].species].id) ||
            (names && text_id(names[i], strlen(names[i]), called) && *called && !strcmp(id, called)))
            slot = i;
    return slot < 0 ? BATTLE_NO_CHOICE : BATTLE_CHOICE_SWITCH + slot;
}

/* Whether text begins with word and a space, in any case. */
static bool begins(arena_text text, const char *word)
{
    size_t n = strlen(word);
    if (text.len <= n || (text.ptr[n] != ' ' && text.ptr[n] != '\t'))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((text.ptr[i] | 0x20) != word[i])
            return false;
    return true;
}

/* ---------------------------------------------------------------------------------------------- two forms --- */

struct wanted { /* a choice as somebody asks for it */
    enum { WANT_NOTHING, WANT_MOVE, WANT_SWITCH, WANT_FIRST } what;
    arena_text name; /* of the move or Pokémon: a number or a name */
    const struct extra *extra;
    char number[16]; /* room for a name that was a number */
};

static void read_words(arena_text text, struct wanted *want)
{
    char id[TEXT_ID];
    if (begins(text, "move")) {
        want->what = WANT_MOVE;
        want->name = (arena_text){text.ptr + 4, text.len - 4};
        want->extra = cut_extra(&want->name);
    } else if (begins(text, "switch")) {
        want->what = WANT_SWITCH;
        want->name = (arena_text){text.ptr + 6, text.len - 6};
    } else if (text_id(text.ptr, text.len, id) && !strcmp(id, "default")) {
        want->what = WANT_FIRST;
    }
}

/* {"move": ...} and {"switch": ...}: which, and most that a number may be. */
static const struct kind {
    const char *key;
    int what, most;
    const char *wrong;
} kinds[] = {
    {"move", WANT_MOVE, BATTLE_MOVES, "\"move\" must be a number from 1 to 4 or a name"},
    {"switch", WANT_SWITCH, BATTLE_PARTY, "\"switch\" must be a number from 1 to 6 or a name"},
};

static const char *take_kind(struct wanted *want, const struct kind *kind, const json_t *value)
{
    if (want->what)
        return "it must be either a move or a switch";
    want->what = kind->what;
    if (json_is_string(value)) {
        want->name = (arena_text){json_string_value(value), json_string_length(value)};
        return NULL;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 1 || json_integer_value(value) > kind->most)
        return kind->wrong;
    want->number[0] = (char)('0' + json_integer_value(value));
    want->name = (arena_text){want->number, 1};
    return NULL;
}

static const char *take_extra(struct wanted *want, const struct extra *extra, const json_t *value)
{
    if (!json_is_boolean(value))
        return "what goes with a move must be true or false";
    if (json_is_true(value) && want->extra)
        return "only one thing goes with a move";
    if (json_is_true(value))
        want->extra = extra;
    return NULL;
}

/* One member of the object; NULL, or what is wrong with it. */
static const char *take_member(struct wanted *want, const char *key, const json_t *value)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (!strcmp(key, kinds[i].key))
            return take_kind(want, &kinds[i], value);
    for (int k = 0; k < EXTRAS; k++)
        if (!strcmp(key, extras[k].word) || !strcmp(key, extras[k].also))
            return take_extra(want, &extras[k], value);
    return "it has a member that means nothing here";
}

static const char *read_object(json_t *object, struct wanted *want)
{
    const char *key, *why = NULL;
    json_t *value;
    if (!json_is_object(object))
        return "this is no JSON object";
    json_object_foreach(object, key, value) {
        if (!why)
            why = take_member(want, key, value);
    }
    if (!why && !want->what)
        return "there is neither \"move\" nor \"switch\" in it";
    return !why && want->extra && want->what != WANT_MOVE ? "nothing goes with a switch" : why;
}

static int look_up(const struct dex *dex, const struct battle_view *view, choice_names names, const struct wanted *want)
{
    char id[TEXT_ID];
    int choice = BATTLE_NO_CHOICE;
    if (want->what == WANT_NOTHING || !text_id(want->name.ptr, want->name.len, id))
        return BATTLE_NO_CHOICE;
    if (want->what == WANT_FIRST)
        return choice_first(view->choices);
    if (want->what == WANT_SWITCH)
        return read_switch(dex, view, names, want->name, id);
    choice = read_move(dex, view, id);
    if (want->extra)
        choice = choice >= 0 && choice < BATTLE_MOVES ? want->extra->first + choice : BATTLE_NO_CHOICE;
    return choice;
}

int choice_read(const struct dex *dex, const struct battle_view *view, choice_names names, arena_text text, bool *legal,
                const char **why)
{
    struct wanted want = {.name = {"", 0}};
    json_t *object = NULL;
    text = trim(text);
    *why = NULL;
    if (text.len && text.ptr[0] == '{') {
        object = json_loadb(text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
        *why = read_object(object, &want);
    } else {
        read_words(text, &want);
    }
    int choice = *why ? BATTLE_NO_CHOICE : look_up(dex, view, names, &want);
    json_decref(object);
    *legal = choice >= 0 && (view->choices >> choice & 1);
    return choice;
}

/* ------------------------------------------------------------------------------------------------ writing --- */

void choice_write_forms(struct writer *w, const struct dex *dex)
{
    const char *first = NULL;
    writer_text(w, "an action is \"move N\" or \"move NAME\"");
    for (int k = 0; k < EXTRAS; k++) {
        if (!extras[k].in_play(dex))
            continue;
        writer_text(w, first ? ", \"" : ", with \"");
        writer_text(w, extras[k].word);
        writer_text(w, "\" behind it");
        first = first ? first : extras[k].word;
    }
    writer_text(w, ", \"switch N\", \"switch NAME\" or \"default\", or JSON as {\"move\": N");
    if (first) {
        writer_text(w, ", \"");
        writer_text(w, first);
        writer_text(w, "\": true");
    }
    writer_text(w, "} or {\"switch\": \"NAME\"}");
}

static bool is_switch(int choice)
{
    return choice >= BATTLE_CHOICE_SWITCH && choice < BATTLE_CHOICE_TERA;
}

void choice_write(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice)
{
    int slot;
    const char *extra = choice_extra(choice, &slot);
    writer_text(w, is_switch(choice) ? "switch " : "move ");
    if (is_switch(choice))
        writer_int(w, choice - BATTLE_CHOICE_SWITCH + 1);
    else if (choice == BATTLE_CHOICE_FORCED)
        writer_text(w, forced_id(dex, view));
    else
        writer_int(w, slot + 1);
    if (extra) {
        writer_text(w, " ");
        writer_text(w, choice >= BATTLE_CHOICE_MEGA && choice < BATTLE_CHOICE_Z && choice_bursts(dex, view) ? "ultra"
                                                                                                            : extra);
    }
}

/* " (Flamethrower)": what the number of a choice stands for. */
static void write_meaning(struct writer *w, const struct dex *dex, const struct battle_view *view, choice_names names,
                          int choice)
{
    const struct battle_view_side *side = own_side(view);
    int slot;
    if (choice == BATTLE_CHOICE_FORCED)
        return;
    choice_extra(choice, &slot);
    writer_text(w, " (");
    if (is_switch(choice) && names && *names[choice - BATTLE_CHOICE_SWITCH]) {
        writer_text(w, names[choice - BATTLE_CHOICE_SWITCH]);
        writer_text(w, ", ");
    }
    writer_text(w, is_switch(choice) ? dex->species[side->party[choice - BATTLE_CHOICE_SWITCH].species].name
                                     : dex->moves[own_active(view)->moves[slot]].name);
    writer_text(w, ")");
}

void choice_write_legal(struct writer *w, const struct dex *dex, const struct battle_view *view, choice_names names)
{
    const char *between = "";
    for (int i = 0; i < BATTLE_CHOICES; i++) {
        if (!(view->choices >> i & 1))
            continue;
        writer_text(w, between);
        choice_write(w, dex, view, i);
        write_meaning(w, dex, view, names, i);
        between = ", ";
    }
}
