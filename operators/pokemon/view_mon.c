/*
 * view_mon.c - one Pokémon of a view, as JSON.
 *
 * What a viewer does not know is left out, as is what the data version does not have at all (abilities, items and
 * Terastallization before generation 9).
 */
#include "pokemon.h"

#include <string.h>

void write_id_key(struct writer *w, const char *name)
{
    char id[TEXT_ID];
    if (text_id(name, strlen(name), id))
        writer_key(w, id);
}

void write_id(struct writer *w, const char *name)
{
    char id[TEXT_ID];
    if (text_id(name, strlen(name), id))
        writer_string(w, id);
}

static void write_name(struct writer *w, const char *key, bool known, const char *name)
{
    if (known)
        writer_key_string(w, key, name);
}

static void write_species(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon)
{
    const struct dex_species *species = &dex->species[mon->species];
    writer_key_string(w, "species", species->id);
    writer_key_string(w, "name", species->name);
    writer_key_int(w, "dex_no", species->number);
    writer_key_string(w, "type1", dex_type_name(mon->types[0]));
    writer_key_string(w, "type2", dex_type_name(mon->types[1]));
    if (mon->type_added)
        writer_key_string(w, "type3", dex_type_name(mon->type_added));
    writer_key_int(w, "level", mon->level);
}

/* What came into the games after the first generation. */
static void write_modern(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon)
{
    static const char *const genders[] = {"N", "M", "F"};
    if (dex->abilities_n) {
        writer_key_string(w, "gender", genders[mon->gender <= GENDER_FEMALE ? mon->gender : 0]);
        write_name(w, "ability", mon->ability_known, dex->abilities[mon->ability].name);
    }
    if (dex->items_n)
        write_name(w, "item", mon->item_known, dex->items[mon->item].name);
    if (dex->generation_tera) {
        write_name(w, "tera_type", mon->tera, dex_type_name(mon->tera));
        writer_key_bool(w, "terastallized", mon->terastallized);
    }
}

static void write_move(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon, int slot)
{
    static const char *const categories[] = {"physical", "special", "status"};
    const struct dex_move *move = &dex->moves[mon->moves[slot]];
    writer_next(w);
    writer_text(w, "{");
    writer_key_string(w, "id", move->id);
    writer_key_string(w, "name", move->name);
    writer_key_string(w, "type", dex_type_name(move->type));
    writer_key_string(w, "category", categories[move->category]);
    writer_key_int(w, "power", move->power);
    writer_key_int(w, "accuracy", move->accuracy);
    if (mon->exact) {
        writer_key_int(w, "pp", mon->pp[slot]);
        writer_key_int(w, "max_pp", mon->pp_max[slot]);
    }
    writer_text(w, "}");
}

/* Own moves in the order of their slots; a foe's by number, because its slots are its own affair. */
static void write_moves(struct writer *w, const struct dex *dex, const struct battle_view_mon *mon)
{
    uint16_t last = 0;
    writer_key(w, "moves");
    writer_text(w, "[");
    for (int n = 0; n < BATTLE_MOVES; n++) {
        int next = mon->exact && mon->moves[n] ? n : -1;
        for (int i = 0; i < BATTLE_MOVES && !mon->exact; i++)
            if (mon->moves[i] > last && (next < 0 || mon->moves[i] < mon->moves[next]))
                next = i;
        if (next < 0)
            break;
        write_move(w, dex, mon, next);
        last = mon->moves[next];
    }
    writer_text(w, "]");
}

/* What the active one carries besides. */
static void write_active(struct writer *w, const struct dex *dex, const struct battle_view_side *side)
{
    writer_key(w, "stages");
    writer_text(w, "{");
    for (int i = 0; i < STAGES; i++)
        writer_key_int(w, dex_stat_name(i), side->boosts[i]);
    writer_text(w, "}");
    writer_key(w, "volatiles");
    writer_text(w, "[");
    for (int i = 0; i < VOLATILES; i++)
        if (battle_view_has(side, (enum battle_volatile)i) && *dex_volatile_name(i)) {
            writer_next(w);
            write_id(w, dex_volatile_name(i));
        }
    writer_text(w, "]");
    if (side->lock_move)
        writer_key_string(w, "locked_into", dex->moves[side->lock_move].id);
}

static void write_exact(struct writer *w, const struct battle_view_mon *mon)
{
    writer_key_int(w, "hp", mon->hp);
    writer_key_int(w, "max_hp", mon->hp_max);
    writer_key(w, "stats");
    writer_text(w, "{");
    for (int i = STAT_ATK; i <= STAT_SPE; i++)
        writer_key_int(w, dex_stat_name(i), mon->stats[i]);
    writer_text(w, "}");
    writer_key_string(w, "nature", dex_nature_name(mon->nature));
    writer_key_int(w, "sleep_turns", mon->status == STATUS_SLP ? mon->status_n : 0);
    writer_key_int(w, "toxic_counter", mon->status == STATUS_TOX ? mon->status_n : 0);
}

void write_mon(struct writer *w, const struct dex *dex, const struct battle_view_side *side,
               const struct battle_view_mon *mon, const char *nickname, int slot)
{
    writer_text(w, "{");
    if (slot >= 0) {
        writer_key_int(w, "slot", slot + 1);
        writer_key_bool(w, "active", mon->active);
    }
    if (*nickname)
        writer_key_string(w, "nickname", nickname);
    write_species(w, dex, mon);
    if (mon->exact)
        write_exact(w, mon);
    else
        writer_key_int(w, "hp_pct", mon->hp);
    writer_key_bool(w, "fainted", mon->fainted);
    writer_key_string(w, "status", dex_status_name(mon->status));
    write_modern(w, dex, mon);
    if (mon->active)
        write_active(w, dex, side);
    write_moves(w, dex, mon);
    writer_text(w, "}");
}
