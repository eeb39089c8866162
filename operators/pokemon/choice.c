/*
 * choice.c - the words of a choice: "move 1", "move flamethrower", "switch 3", "switch pikachu", "default".
 *
 * They are Showdown's, so that people and agents know them.  Slots count from 1.
 */
#include "pokemon.h"

#include <string.h>

enum { MOVES_MASK = (1 << BATTLE_MOVES) - 1 };

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

/* The id of what a forced turn does. */
static const char *forced_id(const struct dex *dex, const struct battle_view *view)
{
    const struct battle_view_side *side = own_side(view);
    if (battle_view_has(side, VOL_RECHARGE))
        return "recharge";
    return dex->moves[side->lock_move ? side->lock_move : dex->struggle].id;
}

/* "3" is 2; anything but one digit 1 .. max is -1. */
static int slot_of(const char *id, int max)
{
    return id[0] >= '1' && id[0] < '1' + max && !id[1] ? id[0] - '1' : -1;
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
    while (text.len && strchr(" \t\r\n", text.ptr[0]) && text.ptr[0]) {
        text.ptr++;
        text.len--;
    }
    bool move = begins(text, "move"), change = begins(text, "switch");
    size_t skip = move ? 4 : change ? 6 : 0;
    *legal = false;
    if (!text_id(text.ptr + skip, text.len - skip, id))
        return BATTLE_NO_CHOICE;
    if (move)
        choice = read_move(dex, view, id);
    else if (change)
        choice = read_switch(dex, view, id);
    else if (!strcmp(id, "default"))
        choice = choice_first(view->choices);
    *legal = choice >= 0 && (view->choices >> choice & 1);
    return choice;
}

void choice_write(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice)
{
    if (choice >= BATTLE_CHOICE_SWITCH) {
        writer_text(w, "switch ");
        writer_int(w, choice - BATTLE_CHOICE_SWITCH + 1);
        return;
    }
    writer_text(w, "move ");
    if (choice == BATTLE_CHOICE_FORCED)
        writer_text(w, forced_id(dex, view));
    else
        writer_int(w, choice + 1);
}

void choice_write_legal(struct writer *w, const struct dex *dex, const struct battle_view *view)
{
    const struct battle_view_side *side = own_side(view);
    const char *between = "";
    for (int i = 0; i < BATTLE_CHOICES; i++) {
        if (!(view->choices >> i & 1))
            continue;
        writer_text(w, between);
        choice_write(w, dex, view, i);
        between = ", ";
        if (i == BATTLE_CHOICE_FORCED)
            continue;
        writer_text(w, " (");
        writer_text(w, i < BATTLE_MOVES ? dex->moves[own_active(view)->moves[i]].name
                                        : dex->species[side->party[i - BATTLE_CHOICE_SWITCH].species].name);
        writer_text(w, ")");
    }
}
