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

int choice_first(uint16_t choices)
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
    return dex->moves[side->lock_move ? side->lock_move : dex->struggle].id;
}

/* "3" is 2; anything but one digit 1 .. max is -1. */
static int slot_of(const char *id, int max)
{
    return id[0] >= '1' && id[0] < '1' + max && !id[1] ? id[0] - '1' : -1;
}

/* "move 2 tera": takes the last word off the text when it is that one. */
static bool cut_tera(arena_text *text)
{
    static const char *const words[] = {"tera", "terastallize"};
    size_t end = text->len;
    while (end && is_blank(text->ptr[end - 1]))
        end--;
    for (size_t k = 0; k < sizeof words / sizeof words[0]; k++) {
        size_t n = strlen(words[k]), i = 0;
        while (end > n && i < n && (text->ptr[end - n + i] | 0x20) == words[k][i])
            i++;
        if (i == n && is_blank(text->ptr[end - n - 1])) {
            text->len = end - n;
            return true;
        }
    }
    return false;
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

static int read_tera(const struct dex *dex, const struct battle_view *view, const char *id)
{
    int choice = read_move(dex, view, id);
    return choice >= 0 && choice < BATTLE_MOVES ? BATTLE_CHOICE_TERA + choice : BATTLE_NO_CHOICE;
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
    bool tera = move && cut_tera(&rest);
    *legal = false;
    if (!text_id(rest.ptr, rest.len, id))
        return BATTLE_NO_CHOICE;
    if (move)
        choice = tera ? read_tera(dex, view, id) : read_move(dex, view, id);
    else if (change)
        choice = read_switch(dex, view, id);
    else if (!strcmp(id, "default"))
        choice = choice_first(view->choices);
    *legal = choice >= 0 && (view->choices >> choice & 1);
    return choice;
}

static bool is_switch(int choice)
{
    return choice >= BATTLE_CHOICE_SWITCH && choice < BATTLE_CHOICE_TERA;
}

void choice_write(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice)
{
    bool tera = choice >= BATTLE_CHOICE_TERA;
    if (is_switch(choice)) {
        writer_text(w, "switch ");
        writer_int(w, choice - BATTLE_CHOICE_SWITCH + 1);
        return;
    }
    writer_text(w, "move ");
    if (choice == BATTLE_CHOICE_FORCED)
        writer_text(w, forced_id(dex, view));
    else
        writer_int(w, choice - (tera ? BATTLE_CHOICE_TERA : 0) + 1);
    writer_text(w, tera ? " tera" : "");
}

/* " (Flamethrower)": what the number of a choice stands for. */
static void write_meaning(struct writer *w, const struct dex *dex, const struct battle_view *view, int choice)
{
    const struct battle_view_side *side = own_side(view);
    if (choice == BATTLE_CHOICE_FORCED)
        return;
    int slot = choice >= BATTLE_CHOICE_TERA ? choice - BATTLE_CHOICE_TERA : choice;
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
