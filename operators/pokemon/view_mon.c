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

static void write_type(struct writer *w, const struct pieces *p, const char *key, unsigned type)
{
    writer_text(w, key);
    writer_piece(w, p->types[type < TYPES ? type : 0]);
}

static void write_species(struct writer *w, const struct pieces *p, const struct battle_view_mon *mon)
{
    writer_next(w);
    writer_piece(w, p->species[mon->species]);
    write_type(w, p, ",\"type1\":", mon->types[0]);
    write_type(w, p, ",\"type2\":", mon->types[1]);
    if (mon->type_added)
        write_type(w, p, ",\"type3\":", mon->type_added);
    writer_text(w, ",\"level\":");
    writer_int(w, mon->level);
}

/* What came into the games after the first generation. */
static void write_modern(struct writer *w, const struct pieces *p, const struct battle_view_mon *mon)
{
    static const char *const genders[] = {",\"gender\":\"N\"", ",\"gender\":\"M\"", ",\"gender\":\"F\""};
    if (p->dex->abilities_n) {
        writer_text(w, genders[mon->gender <= GENDER_FEMALE ? mon->gender : 0]);
        if (mon->ability_known)
            writer_piece(w, p->abilities[mon->ability]);
    }
    if (p->dex->items_n && mon->item_known)
        writer_piece(w, p->items[mon->item]);
    if (p->dex->generation_tera) {
        if (mon->tera)
            write_type(w, p, ",\"tera_type\":", mon->tera);
        writer_text(w, mon->terastallized ? ",\"terastallized\":true" : ",\"terastallized\":false");
    }
}

static void write_move(struct writer *w, const struct pieces *p, const struct battle_view_mon *mon, int slot)
{
    writer_next(w);
    writer_piece(w, p->moves[mon->moves[slot]]);
    if (mon->exact) {
        writer_text(w, ",\"pp\":");
        writer_int(w, mon->pp[slot]);
        writer_text(w, ",\"max_pp\":");
        writer_int(w, mon->pp_max[slot]);
    }
    writer_text(w, "}");
}

/* Own moves in the order of their slots; a foe's by number, because its slots are its own affair. */
static void write_moves(struct writer *w, const struct pieces *p, const struct battle_view_mon *mon)
{
    uint16_t last = 0;
    writer_text(w, ",\"moves\":[");
    for (int n = 0; n < BATTLE_MOVES; n++) {
        int next = mon->exact && mon->moves[n] ? n : -1;
        for (int i = 0; i < BATTLE_MOVES && !mon->exact; i++)
            if (mon->moves[i] > last && (next < 0 || mon->moves[i] < mon->moves[next]))
                next = i;
        if (next < 0)
            break;
        write_move(w, p, mon, next);
        last = mon->moves[next];
    }
    writer_text(w, "]");
}

/* What the active one carries besides. */
static void write_active(struct writer *w, const struct dex *dex, const struct battle_view_side *side)
{
    writer_text(w, ",\"stages\":{");
    for (int i = 0; i < STAGES; i++)
        writer_key_int(w, dex_stat_name(i), side->boosts[i]);
    writer_text(w, "},\"volatiles\":[");
    for (unsigned k = 0; k < 2; k++)
        for (uint64_t left = side->volatiles[k]; left; left &= left - 1) {
            const char *name = dex_volatile_name((int)(64 * k) + __builtin_ctzll(left));
            if (*name) {
                writer_next(w);
                write_id(w, name);
            }
        }
    writer_text(w, "]");
    if (side->lock_move)
        writer_key_string(w, "locked_into", dex->moves[side->lock_move].id);
}

static void write_exact(struct writer *w, const struct pieces *p, const struct battle_view_mon *mon)
{
    writer_text(w, ",\"hp\":");
    writer_int(w, mon->hp);
    writer_text(w, ",\"max_hp\":");
    writer_int(w, mon->hp_max);
    writer_text(w, ",\"stats\":{");
    for (int i = STAT_ATK; i <= STAT_SPE; i++)
        writer_key_int(w, dex_stat_name(i), mon->stats[i]);
    writer_text(w, "}");
    writer_piece(w, p->natures[mon->nature]);
    writer_text(w, ",\"sleep_turns\":");
    writer_int(w, mon->status == STATUS_SLP ? mon->status_n : 0);
    writer_text(w, ",\"toxic_counter\":");
    writer_int(w, mon->status == STATUS_TOX ? mon->status_n : 0);
}

static void write_health(struct writer *w, const struct battle_view_mon *mon)
{
    writer_text(w, mon->fainted ? ",\"fainted\":true,\"status\":\"" : ",\"fainted\":false,\"status\":\"");
    writer_text(w, dex_status_name(mon->status));
    writer_text(w, "\"");
}

void write_mon(struct writer *w, const struct pieces *p, const struct battle_view_side *side,
               const struct battle_view_mon *mon, const char *nickname, int slot)
{
    writer_text(w, "{");
    if (slot >= 0) {
        writer_text(w, "\"slot\":");
        writer_int(w, slot + 1);
        writer_text(w, mon->active ? ",\"active\":true" : ",\"active\":false");
    }
    if (*nickname)
        writer_key_string(w, "nickname", nickname);
    write_species(w, p, mon);
    if (mon->exact) {
        write_exact(w, p, mon);
    } else {
        writer_text(w, ",\"hp_pct\":");
        writer_int(w, mon->hp);
    }
    write_health(w, mon);
    write_modern(w, p, mon);
    if (mon->active)
        write_active(w, p->dex, side);
    write_moves(w, p, mon);
    writer_text(w, "}");
}
