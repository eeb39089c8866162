/*
 * pieces.c - see pieces.h.
 *
 * Like data versions they are kept in a list that only grows at its head, so it is read without a lock.  When two
 * threads make the same ones, those of the second are thrown away.
 */
#include "pieces.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { PIECE = 1024 }; /* room for the longest: names have less than 28 bytes, of which each may become six */

/* ------------------------------------------------------------------------------------------------ writing --- */

typedef void write_piece(struct writer *w, const struct dex *dex, int n);

static void write_move(struct writer *w, const struct dex *dex, int n)
{
    static const char *const categories[] = {"physical", "special", "status"};
    const struct dex_move *move = &dex->moves[n];
    writer_text(w, "{");
    writer_key_string(w, "id", move->id);
    writer_key_string(w, "name", move->name);
    writer_key_string(w, "type", dex_type_name(move->type));
    writer_key_string(w, "category", categories[move->category]);
    writer_key_int(w, "power", move->power);
    writer_key_int(w, "accuracy", move->accuracy);
}

static void write_species(struct writer *w, const struct dex *dex, int n)
{
    const struct dex_species *species = &dex->species[n];
    writer_key_string(w, "species", species->id);
    writer_key_string(w, "name", species->name);
    writer_key_int(w, "dex_no", species->number);
}

static void write_ability(struct writer *w, const struct dex *dex, int n)
{
    writer_text(w, ",\"ability\":");
    writer_string(w, dex->abilities[n].name);
}

static void write_item(struct writer *w, const struct dex *dex, int n)
{
    writer_text(w, ",\"item\":");
    writer_string(w, dex->items[n].name);
}

static void write_type(struct writer *w, const struct dex *dex, int n)
{
    (void)dex;
    writer_string(w, dex_type_name(n));
}

static void write_nature(struct writer *w, const struct dex *dex, int n)
{
    (void)dex;
    writer_text(w, ",\"nature\":");
    writer_string(w, dex_nature_name(n));
}

/* ------------------------------------------------------------------------------------------------- making --- */

/* All pieces of a data version one behind the other.  They are written twice: first nowhere, to be counted. */
struct book {
    const struct dex *dex;
    arena_text *pieces; /* NULL: nowhere */
    char *bytes;
    size_t count, len;
    bool bad; /* one did not fit */
};

static void *no_memory(const arena_host *h, size_t size)
{
    (void)h;
    (void)size;
    return NULL;
}

static void add(struct book *book, write_piece *write, int n)
{
    static const arena_host nobody = {.alloc = no_memory};
    char piece[PIECE];
    struct writer w = {.h = &nobody, .ptr = piece, .cap = sizeof piece};
    write(&w, book->dex, n);
    book->bad |= w.failed;
    if (book->pieces) {
        memcpy(book->bytes + book->len, piece, w.len);
        book->pieces[book->count] = (arena_text){book->bytes + book->len, w.len};
    }
    book->count++;
    book->len += w.len;
}

/* Rows 0 .. n of a table; of one that is empty there is no row 0 either.  The first of them. */
static const arena_text *add_rows(struct book *book, write_piece *write, int n)
{
    const size_t first = book->count;
    for (int i = 0; n && i <= n; i++)
        add(book, write, i);
    return book->pieces ? book->pieces + first : NULL;
}

static void add_all(struct book *book, struct pieces *out)
{
    const struct dex *dex = book->dex;
    out->moves = add_rows(book, write_move, dex->moves_n);
    out->species = add_rows(book, write_species, dex->species_n);
    out->abilities = add_rows(book, write_ability, dex->abilities_n);
    out->items = add_rows(book, write_item, dex->items_n);
    out->types = add_rows(book, write_type, TYPES - 1);
    out->natures = add_rows(book, write_nature, PIECES_NATURES - 1);
}

static struct pieces *make(const struct dex *dex)
{
    struct book book = {.dex = dex};
    struct pieces *made = malloc(sizeof *made);
    if (!made)
        return NULL;
    *made = (struct pieces){.dex = dex};
    add_all(&book, made);
    char *block = book.bad ? NULL : malloc(book.count * sizeof *book.pieces + book.len);
    if (!block) {
        free(made);
        return NULL;
    }
    book = (struct book){.dex = dex, .pieces = (arena_text *)block, .bytes = block + book.count * sizeof *book.pieces};
    add_all(&book, made);
    return made;
}

/* -------------------------------------------------------------------------------------------------- made --- */

static _Atomic(const struct pieces *) all_made; /* newest first */

static const struct pieces *find(const struct pieces *list, const struct dex *dex)
{
    while (list && list->dex != dex)
        list = list->next;
    return list;
}

const struct pieces *pieces_of(const struct dex *dex)
{
    const struct pieces *list = atomic_load_explicit(&all_made, memory_order_acquire), *found = find(list, dex);
    struct pieces *made = found ? NULL : make(dex);
    while (made && !found) {
        made->next = list;
        if (atomic_compare_exchange_weak_explicit(&all_made, &list, made, memory_order_release, memory_order_acquire))
            return made;
        found = find(list, dex);
    }
    if (made) {
        free((arena_text *)made->moves); /* the first of them all */
        free(made);
    }
    return found;
}
