/*
 * load.c - compiles the JSON of a data version into struct team_facts.
 *
 * Files are arrays of rows (data/pokemon/README.md).  First every id gets its number, then the rows are read, which
 * may name one another.  A name that is nowhere is an error that tells file and name.
 */
#include "load.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool load_fail(struct loader *l, const char *format, ...)
{
    char sentence[256];
    const char *file = l->file ? l->file : "facts", *row = l->row ? l->row : "";
    va_list ap;
    va_start(ap, format);
    vsnprintf(sentence, sizeof sentence, format, ap);
    va_end(ap);
    if (!l->mistakes++)
        snprintf(l->why, l->size, "%s: %s%s%s", file, row, l->row ? ": " : "", sentence);
    if (l->tell)
        l->tell(l->tell_ctx, file, row, sentence);
    return false;
}

bool load_stop(struct loader *l, const char *sentence)
{
    l->failed = true;
    return load_fail(l, "%s", sentence);
}

bool load_open(struct loader *l, const char *file)
{
    size_t len = 0;
    json_error_t error;
    l->file = file;
    l->row = NULL;
    const char *text = l->source(l->ctx, file, &len);
    if (!text)
        return load_stop(l, "there is no such file");
    l->rows = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_array(l->rows)) {
        json_decref(l->rows);
        l->rows = NULL;
        l->failed = true;
        return load_fail(l, "it is no JSON list of rows (%s)", error.text);
    }
    return json_array_size(l->rows) < UINT16_MAX || load_stop(l, "it has too many rows");
}

void load_close(struct loader *l)
{
    json_decref(l->rows);
    l->rows = NULL;
}

void *load_room(struct loader *l, size_t n, size_t size)
{
    void *p = calloc(n ? n : 1, size);
    if (!p)
        load_stop(l, "no memory");
    return p;
}

const char *load_text(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));
    return text ? text : "";
}

int load_number(const json_t *row, const char *key)
{
    return (int)json_integer_value(json_object_get(row, key));
}

int load_item(const json_t *list, size_t i)
{
    return (int)json_integer_value(json_array_get(list, i));
}

/* id and name of a row; both must be there and fit. */
bool load_names(struct loader *l, const json_t *row, char id[TEAM_ID], char name[TEAM_NAME])
{
    const char *a = load_text(row, "id"), *b = load_text(row, "name");
    l->row = a;
    if (!a[0] || !b[0] || strlen(a) >= TEAM_ID || strlen(b) >= TEAM_NAME)
        return load_fail(l, "id or name is missing or too long");
    memcpy(id, a, strlen(a) + 1);
    memcpy(name, b, strlen(b) + 1);
    return true;
}

/* The number of an id in a row's text; "" is 0. */
uint16_t load_refer(struct loader *l, uint16_t find(const struct team_facts *, const char *), const char *id)
{
    uint16_t n = find(l->facts, id);
    if (id[0] && !n)
        load_fail(l, "there is no \"%s\"", id);
    return n;
}

/* ---------------------------------------------------------------------------------------- the simple files --- */

static void index_kind(struct loader *l, enum team_kind kind, const void *first, size_t stride, uint16_t n)
{
    struct team_name_list *list = &l->facts->names->kinds[kind];
    list->names = load_room(l, n, sizeof *list->names);
    for (uint16_t i = 0; list->names && i < n; i++)
        list->names[i] = (struct team_name){.id = (const char *)first + stride * (i + 1u), .number = (uint16_t)(i + 1)};
    list->n = list->names ? n : 0;
    team_names_sort(list);
}

/* Opens a file, makes room for its rows and reads their ids and names.  What it returns is the facts' to free. */
static void *begin_kind(struct loader *l, enum team_kind kind, const char *file, size_t stride, uint16_t *n)
{
    if (!load_open(l, file))
        return NULL;
    const unsigned before = l->mistakes;
    *n = (uint16_t)json_array_size(l->rows);
    char *rows = load_room(l, *n + 1u, stride);
    for (uint16_t i = 0; rows && i < *n && !l->failed; i++) /* every kind begins with id and name */
        load_names(l, json_array_get(l->rows, i), rows + stride * (i + 1u), rows + stride * (i + 1u) + TEAM_ID);
    l->failed |= l->mistakes > before; /* a row without a name cannot be found */
    if (rows && !l->failed)
        index_kind(l, kind, rows, stride, *n);
    return rows;
}

#define BEGIN(l, kind, file, member)                                                                                   \
    (((l)->facts->member = begin_kind(l, kind, file, sizeof *(l)->facts->member, &(l)->facts->member##_n)) != NULL &&  \
     !(l)->failed)

static void read_moves(struct loader *l)
{
    if (BEGIN(l, KIND_MOVE, "moves.json", moves))
        for (uint16_t i = 0; i < l->facts->moves_n && !l->failed; i++)
            if (!team_read_move(json_array_get(l->rows, i), &l->facts->moves[i + 1])) {
                l->row = l->facts->moves[i + 1].id;
                load_fail(l, "the move has no known type or category");
            }
    load_close(l);
}

static void read_abilities(struct loader *l)
{
    (void)BEGIN(l, KIND_ABILITY, "abilities.json", abilities);
    load_close(l);
}

static int8_t stat_of(const char *name)
{
    static const char *const names[] = {"hp", "atk", "def", "spa", "spd", "spe"};
    for (int8_t i = 1; i < 6; i++)
        if (!strcmp(name, names[i]))
            return i;
    return 0;
}

static void read_natures(struct loader *l)
{
    if (BEGIN(l, KIND_NATURE, "natures.json", natures))
        for (uint16_t i = 0; i < l->facts->natures_n; i++) {
            struct team_nature *n = &l->facts->natures[i + 1];
            n->plus = stat_of(load_text(json_array_get(l->rows, i), "plus"));
            n->minus = stat_of(load_text(json_array_get(l->rows, i), "minus"));
        }
    load_close(l);
}

static void read_types(struct loader *l)
{
    if (load_open(l, "types.json"))
        for (size_t i = 0; i < json_array_size(l->rows) && i < TEAM_TYPES; i++)
            for (size_t k = 0; k < TEAM_TYPES; k++)
                l->facts->chart[i][k] = (uint8_t)load_item(json_object_get(json_array_get(l->rows, i), "against"), k);
    load_close(l);
}

/* ------------------------------------------------------------------------------------------------ species --- */

static uint8_t tag_of(struct loader *l, const char *name)
{
    static const char *const names[] = {"mythical", "restricted_legendary", "sub_legendary", "paradox", "ultra_beast"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strcmp(name, names[i]))
            return (uint8_t)(1u << i);
    load_fail(l, "there is no tag \"%s\"", name);
    return 0;
}

uint8_t load_tags(struct loader *l, const json_t *list)
{
    uint8_t tags = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        tags |= tag_of(l, load_list_text(list, i));
    return tags;
}

static uint8_t read_type(struct loader *l, const json_t *value)
{
    char id[TEAM_ID] = "";
    const char *name = json_is_string(value) ? json_string_value(value) : "";
    for (size_t i = 0; name[i] && i < TEAM_ID - 1; i++)
        id[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
    uint8_t type = team_type(id);
    if (id[0] && !type)
        load_fail(l, "there is no type \"%s\"", name);
    return type;
}

const char *load_list_text(const json_t *list, size_t i)
{
    const char *text = json_string_value(json_array_get(list, i));
    return text ? text : "";
}

static void read_one_species(struct loader *l, const json_t *row, struct team_species *s)
{
    const json_t *abilities = json_object_get(row, "abilities"), *items = json_object_get(row, "required_items");
    l->row = s->id;
    for (size_t i = 0; i < 6; i++)
        s->stats[i] = (uint8_t)load_item(json_object_get(row, "stats"), i);
    for (size_t i = 0; i < 2; i++)
        s->types[i] = read_type(l, json_array_get(json_object_get(row, "types"), i));
    if (!s->types[0])
        load_fail(l, "it has no type");
    for (size_t i = 0; i < 4; i++)
        s->abilities[i] = load_refer(l, team_ability, load_list_text(abilities, i));
    for (size_t i = 0; i < 2; i++)
        s->items[i] = load_refer(l, team_item, load_list_text(items, i));
    const char *base = load_text(row, "base");
    s->base = load_refer(l, team_species, base[0] ? base : s->id);
    s->changes_from = load_refer(l, team_species, load_text(row, "changes_from"));
    s->battle_only = load_refer(l, team_species, load_list_text(json_object_get(row, "battle_only"), 0));
    s->prevo = load_refer(l, team_species, load_text(row, "prevo"));
    s->required_ability = load_refer(l, team_ability, load_text(row, "required_ability"));
    s->required_move = load_refer(l, team_move, load_text(row, "required_move"));
    s->required_tera = read_type(l, json_object_get(row, "required_tera"));
    s->gender = load_text(row, "gender")[0];
    s->tags = load_tags(l, json_object_get(row, "tags"));
    s->cosmetic = json_is_true(json_object_get(row, "cosmetic"));
    s->nfe = json_is_true(json_object_get(row, "nfe"));
}

static void read_species(struct loader *l)
{
    if (BEGIN(l, KIND_SPECIES, "species.json", species))
        for (uint16_t i = 0; i < l->facts->species_n && !l->failed; i++)
            read_one_species(l, json_array_get(l->rows, i), &l->facts->species[i + 1]);
    load_close(l);
}

/* Items name species and species items: the ids come first, the rest of the items after the species. */
static void read_item_names(struct loader *l)
{
    (void)BEGIN(l, KIND_ITEM, "items.json", items);
    load_close(l);
}

static void read_items(struct loader *l)
{
    if (load_open(l, "items.json"))
        for (uint16_t i = 0; i < l->facts->items_n && !l->failed; i++) {
            const json_t *row = json_array_get(l->rows, i), *flags = json_object_get(row, "flags");
            struct team_item *item = &l->facts->items[i + 1];
            l->row = item->id;
            item->forme = load_refer(l, team_species, load_text(row, "forme"));
            for (size_t k = 0; k < sizeof item->users / sizeof item->users[0]; k++)
                item->users[k] = load_refer(l, team_species, load_list_text(json_object_get(row, "users"), k));
            item->stone = json_object_get(row, "mega") != NULL;
            item->z_from = load_refer(l, team_move, load_text(row, "z_from"));
            item->z_type = read_type(l, json_object_get(row, "z_type"));
            for (size_t k = 0; k < json_array_size(flags); k++) {
                item->berry |= !strcmp(load_list_text(flags, k), "berry");
                item->ball |= !strcmp(load_list_text(flags, k), "ball");
            }
        }
    load_close(l);
}

/* ---------------------------------------------------------------------------------------------- learnsets --- */

static void read_learned(struct loader *l, const char *text, uint64_t *row)
{
    while (*text && !l->failed) {
        size_t len = strcspn(text, " ");
        char id[TEAM_ID] = "";
        memcpy(id, text, len < TEAM_ID ? len : TEAM_ID - 1);
        uint16_t move = load_refer(l, team_move, id);
        row[move / 64] |= 1ull << move % 64;
        text += len + (text[len] == ' ');
    }
}

static void read_learnsets(struct loader *l)
{
    struct team_facts *f = l->facts;
    f->learnset_words = (uint16_t)(f->moves_n / 64 + 1);
    f->learnsets = load_room(l, (size_t)(f->species_n + 1u) * f->learnset_words, sizeof *f->learnsets);
    if (f->learnsets && load_open(l, "learnsets.json")) {
        for (size_t i = 0; i < json_array_size(l->rows) && !l->failed; i++) {
            const json_t *row = json_array_get(l->rows, i);
            l->row = load_text(row, "id");
            uint16_t s = load_refer(l, team_species, l->row);
            f->species[s].learnset = s;
            read_learned(l, load_text(row, "moves"), f->learnsets + (size_t)s * f->learnset_words);
        }
        for (size_t i = 0; i < json_array_size(l->rows) && !l->failed; i++) {
            const json_t *row = json_array_get(l->rows, i);
            l->row = load_text(row, "id");
            uint16_t same = load_refer(l, team_species, load_text(row, "same"));
            if (same)
                f->species[team_species(f, l->row)].learnset = same;
        }
    }
    load_close(l);
}

/* -------------------------------------------------------------------------------------------------- whole --- */

static struct team_facts *read_all(struct loader *l, const char *version)
{
    static void (*const steps[])(struct loader *) = {read_types,      read_abilities, read_natures, read_moves,
                                                     read_item_names, read_species,   read_items,   read_learnsets,
                                                     load_legality,   load_clauses,   load_formats};
    l->facts = load_room(l, 1, sizeof *l->facts);
    if (!l->facts)
        return NULL;
    snprintf(l->facts->version, sizeof l->facts->version, "%s", version);
    l->facts->names = load_room(l, 1, sizeof *l->facts->names);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !l->failed; i++)
        steps[i](l);
    if (!l->mistakes)
        return l->facts;
    team_facts_free(l->facts);
    return NULL;
}

struct team_facts *team_facts_read(const char *version, team_source *source, void *ctx, char *why, size_t size)
{
    struct loader l = {.source = source, .ctx = ctx, .why = why, .size = size};
    return read_all(&l, version);
}

struct team_facts *team_facts_check(const char *version, team_source *source, void *ctx, team_mistake *tell,
                                    void *tell_ctx)
{
    char first[1];
    struct loader l = {
        .source = source, .ctx = ctx, .tell = tell, .tell_ctx = tell_ctx, .why = first, .size = sizeof first};
    return read_all(&l, version);
}

void team_facts_free(struct team_facts *facts)
{
    if (!facts)
        return;
    for (int i = 0; facts->names && i < KINDS; i++)
        free(facts->names->kinds[i].names);
    free(facts->names);
    free(facts->species);
    free(facts->moves);
    free(facts->abilities);
    free(facts->items);
    free(facts->natures);
    free(facts->clauses);
    free(facts->formats);
    free(facts->events);
    free(facts->gates);
    free(facts->learnsets);
    free(facts);
}

static const char *built_in(void *ctx, const char *name, size_t *len)
{
    for (const struct team_text *t = team_texts; t->version; t++)
        if (!strcmp(t->version, ctx) && !strcmp(t->name, name)) {
            *len = t->len;
            return t->text;
        }
    return NULL;
}

const char *team_document(const char *version, const char *name, size_t *len)
{
    const size_t n = strlen(name);
    for (const struct team_text *t = team_texts; t->version; t++)
        if (!strcmp(t->version, version) && !strncmp(t->name, name, n) && !strcmp(t->name + n, ".json")) {
            *len = t->len;
            return t->text;
        }
    return NULL;
}

/* Those that were asked for, each compiled once. */
struct compiled {
    struct compiled *next;
    struct team_facts *facts;
};

static struct compiled *compile(const char *version)
{
    struct compiled *new = calloc(1, sizeof *new);
    char why[256];
    if (new)
        new->facts = team_facts_read(version, built_in, (void *)version, why, sizeof why);
    if (new &&new->facts)
        return new;
    if (new)
        fprintf(stderr, "data %s: %s\n", version, why);
    free(new);
    return NULL;
}

const struct team_facts *team_facts_find(const char *version)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct compiled *all;
    size_t len;
    if (!team_document(version, "formats", &len))
        return NULL;
    pthread_mutex_lock(&lock);
    struct compiled *found = all;
    while (found && strcmp(found->facts->version, version) != 0)
        found = found->next;
    if (!found && (found = compile(version))) {
        found->next = all;
        all = found;
    }
    pthread_mutex_unlock(&lock);
    return found ? found->facts : NULL;
}
