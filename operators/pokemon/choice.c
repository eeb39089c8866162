/*
 * choice.c - the words of a choice: "move 1", "move flamethrower", "move 2 tera", "switch 3", "switch pikachu",
 * "default".
 *
 * They are Showdown's, so that people and agents know them; "terastallize" is taken for "tera" too.  Slots count
 * from 1.
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

/* What a Pokémon may do once in a battle while it uses a move: the first of its choices, and the words for it. */
static const struct extra {
    int first;
    const char *word, *also;
} extras[] = {
    {BATTLE_CHOICE_TERA, "tera", "terastallize"},
    {BATTLE_CHOICE_MEGA, "mega", "megaevolve"},
    {BATTLE_CHOICE_Z, "zmove", "z"},
    {BATTLE_CHOICE_MEGA, "ultra", "ultraburst"}, /* Necrozma's, told from the others by the crystal it holds */
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

static int read_switch(const struct dex *dex, const struct battle_view *view, const char *id)
{
    const struct battle_view_side *side = own_side(view);
    int slot = slot_of(id, BATTLE_PARTY);
    for (int i = 0; i < side->size && slot < 0; i++)
        if (!strcmp(id, dex->species[side->party[i].species].id))
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

int choice_read(const struct dex *dex, const struct battle_view *view, arena_text text, bool *legal)
{
    char id[TEXT_ID];
    int choice = BATTLE_NO_CHOICE;
    while (text.len && is_blank(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    bool move = begins(text, "move"), change = begins(text, "switch");
    size_t skip = move ? 4 : change ? 6 : 0;
    arena_text rest = {text.ptr + skip, text.len - skip};
    const struct extra *extra = move ? cut_extra(&rest) : NULL;
    *legal = false;
    if (!text_id(rest.ptr, rest.len, id))
        return BATTLE_NO_CHOICE;
    if (move)
        choice = read_move(dex, view, id);
    else if (change)
        choice = read_switch(dex, view, id);
    else if (!strcmp(id, "default"))
        choice = choice_first(view->choices);
    if (extra)
        choice = choice >= 0 && choice < BATTLE_MOVES ? extra->first + choice : BATTLE_NO_CHOICE;
    *legal = choice >= 0 && (view->choices >> choice & 1);
    return choice;
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
static void write_meaning(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice)
{
    const struct battle_view_side *side = own_side(view);
    int slot;
    if (choice == BATTLE_CHOICE_FORCED)
        return;
    choice_extra(choice, &slot);
    writer_text(w, " (");
    writer_text(w, is_switch(choice) ? dex->species[side->party[choice - BATTLE_CHOICE_SWITCH].species].name
                                     : dex->moves[own_active(view)->moves[slot]].name);
    writer_text(w, ")");
}

void choice_write_legal(struct writer *w, const struct dex *dex, const struct battle_view *view)
{
    const char *between = "";
    for (int i = 0; i < BATTLE_CHOICES; i++) {
        if (!(view->choices >> i & 1))
            continue;
        writer_text(w, between);
        choice_write(w, dex, view, i);
        write_meaning(w, dex, view, i);
        between = ", ";
    }
}
