/*
 * data.c - rules as data (arena.data/1): built-in versions as documents, checks of others, and those that were loaded.
 *
 * A set is looked at three times: by the rules of the data itself (dataset/), by the compiler of the engine, and by
 * that of the teams, with a try whether teams can be made of it.  A loaded set is compiled once and kept in a list that
 * only grows at its head, so it is read without a lock.
 */
#include "data.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "pokemon.h"

/* ------------------------------------------------------------------------------------------------ documents --- */

enum { DOCUMENTS = 32, VERSIONS = 8 };

/* What only teams need, besides the engine's. */
static const char *const team_documents[] = {"types", "natures", "legality", "clauses", "formats"};

static struct built_in {
    uint32_t count;
    arena_document documents[DOCUMENTS];
} built_in[VERSIONS];

static void add_built_in(struct built_in *set, const char *name, const char *text, size_t len)
{
    if (text && set->count < DOCUMENTS)
        set->documents[set->count++] = (arena_document){{name, strlen(name)}, {text, len}};
}

/* Of a version that builds on another the team library has all documents, whole. */
static bool collect_whole(struct built_in *set, const char *version)
{
    static const char *const engine[] = {
        "rules",         "species",           "moves",         "abilities",         "items", "learnsets", "zmoves",
        "effects/moves", "effects/abilities", "effects/items", "effects/conditions"};
    size_t len;
    if (!team_document(version, "rules", &len))
        return false;
    for (size_t i = 0; i < sizeof engine / sizeof *engine; i++) {
        const char *text = team_document(version, engine[i], &len);
        add_built_in(set, engine[i], text, len);
    }
    return true;
}

static void collect_built_in(void)
{
    for (int v = 0; pokemon_versions[v] && v < VERSIONS; v++) {
        struct dex_document engine[DOCUMENTS];
        size_t n = 0, len;
        if (!collect_whole(&built_in[v], pokemon_versions[v]))
            n = dex_documents(pokemon_versions[v], engine, DOCUMENTS);
        for (size_t i = 0; i < n && i < DOCUMENTS; i++)
            add_built_in(&built_in[v], engine[i].name, engine[i].text, engine[i].len);
        for (size_t i = 0; i < sizeof team_documents / sizeof *team_documents; i++) {
            const char *text = team_document(pokemon_versions[v], team_documents[i], &len);
            add_built_in(&built_in[v], team_documents[i], text, len);
        }
    }
}

static int data_builtin(const char *version, const arena_document **documents, uint32_t *count)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, collect_built_in);
    for (int v = 0; pokemon_versions[v] && v < VERSIONS; v++)
        if (!strcmp(pokemon_versions[v], version) && built_in[v].count) {
            *documents = built_in[v].documents;
            *count = built_in[v].count;
            return ARENA_OK;
        }
    return ARENA_BROKEN;
}

/* A set as the host handed it in, with names that end. */
struct set {
    const arena_document *documents;
    uint32_t count;
    struct dex_document *named;
    char (*names)[65];
};

static bool set_open(struct set *set, const arena_document *documents, uint32_t count)
{
    *set = (struct set){.documents = documents, .count = count};
    set->named = calloc(count + 1u, sizeof *set->named);
    set->names = calloc(count + 1u, sizeof *set->names);
    for (uint32_t i = 0; set->named && set->names && i < count; i++) {
        const arena_text name = documents[i].name;
        memcpy(set->names[i], name.ptr, name.len < 64 ? name.len : 64);
        set->named[i] = (struct dex_document){set->names[i], documents[i].json.ptr, documents[i].json.len};
    }
    return set->named && set->names;
}

static void set_close(struct set *set)
{
    free(set->named);
    free(set->names);
}

static const struct dex_document *set_find(const struct set *set, const char *name, size_t len)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (strlen(set->names[i]) == len && !memcmp(set->names[i], name, len))
            return &set->named[i];
    return NULL;
}

/* As the team library asks: for "moves.json". */
static const char *team_text(void *ctx, const char *name, size_t *len)
{
    const struct dex_document *found = set_find(ctx, name, strcspn(name, "."));
    *len = found ? found->len : 0;
    return found ? found->text : NULL;
}

static bool has_formats(const struct set *set)
{
    return set_find(set, "formats", strlen("formats")) != NULL;
}

/* ---------------------------------------------------------------------------------------------------- check --- */

struct check {
    const arena_mistakes *mistakes;
    struct findings found; /* by the rules of the data */
    uint32_t told;
};

static void tell(struct check *c, const char *document, const char *entry, const char *sentence)
{
    c->told++;
    c->mistakes->add(c->mistakes, (arena_text){document, strlen(document)}, (arena_text){entry, strlen(entry)},
                     sentence);
}

/* The engine's own.  What the rules of the data have said of an entry already is not said again in other words. */
static void tell_compiled(void *ctx, const char *document, const char *entry, const char *sentence)
{
    struct check *c = ctx;
    for (size_t i = 0; i < c->found.count; i++)
        if (!strcmp(c->found.list[i].file, document) && !strcmp(c->found.list[i].id, entry))
            return;
    tell(c, document, entry, sentence);
}

static void check_rules(struct check *c, const struct set *set)
{
    struct dataset data = {0};
    for (int f = 0; f < DATASET_FILES; f++) {
        const struct dex_document *d = set_find(set, dataset_names[f], strlen(dataset_names[f]));
        json_error_t error;
        json_t *rows = d ? json_loadb(d->text, d->len, JSON_REJECT_DUPLICATES, &error) : NULL;
        if (d && !rows)
            finding_add(&c->found, "syntax", dataset_names[f], "", "line %d: %s", error.line, error.text);
        dataset_put(&data, (enum dataset_file)f, rows, &c->found);
    }
    dataset_check_rows(&data, &c->found);
    dataset_free(&data);
    for (size_t i = 0; i < c->found.count; i++)
        tell(c, c->found.list[i].file, c->found.list[i].id, c->found.list[i].message);
}

/* Games without a team sent are given one, so there must be enough to draw from. */
static void check_species(struct check *c, const struct dex *dex)
{
    int able = 0;
    for (uint16_t s = 1; s <= dex->species_n; s++) {
        uint16_t m = 1;
        while (m <= dex->moves_n && (m == dex->struggle || !dex_learns(dex, s, m)))
            m++;
        able += m <= dex->moves_n;
    }
    if (able < BATTLE_PARTY)
        tell(c, "learnsets", "", "at least six species must learn a move");
}

static void check_format(struct check *c, const struct team_facts *facts, const struct team_format *format)
{
    struct team *team = malloc(sizeof *team);
    bool good = team != NULL;
    for (uint64_t seed = 1; good && seed <= 3; seed++) {
        team_random(facts, format, format->size[1], seed, team);
        good = team->count == format->size[1];
    }
    if (!good)
        tell(c, "formats", format->id, "no random team could be made by it: too much is banned or missing");
    free(team);
}

/* The team library's own: it names files. */
static void tell_of_teams(void *ctx, const char *file, const char *row, const char *sentence)
{
    char document[65];
    snprintf(document, sizeof document, "%.*s", (int)strcspn(file, "."), file);
    tell(ctx, document, row, sentence);
}

static void check_teams(struct check *c, struct set *set)
{
    struct team_facts *facts = has_formats(set) ? team_facts_check("checked", team_text, set, tell_of_teams, c) : NULL;
    for (int i = 0; facts && i < facts->formats_n; i++)
        check_format(c, facts, &facts->formats[i]);
    team_facts_free(facts);
}

static int data_check(const arena_document *documents, uint32_t count, const arena_mistakes *mistakes)
{
    struct check c = {.mistakes = mistakes};
    struct set set;
    bool opened = set_open(&set, documents, count);
    if (opened) {
        check_rules(&c, &set);
        struct dex *dex = dex_from_texts("checked", set.named, count, tell_compiled, &c);
        if (dex && !c.told)
            check_species(&c, dex);
        if (dex && !c.told) /* its names are good; else this would say the same once more */
            check_teams(&c, &set);
        dex_free(dex);
    }
    findings_free(&c.found);
    set_close(&set);
    return opened ? ARENA_OK : ARENA_NOMEM;
}

/* --------------------------------------------------------------------------------------------------- loaded --- */

struct loaded {
    struct loaded *next;
    struct dex *dex;
    struct team_facts *facts; /* NULL: the version has no formats */
};

static _Atomic(struct loaded *) all_loaded; /* newest first */

static const struct loaded *loaded_find(const char *version)
{
    const struct loaded *l = atomic_load_explicit(&all_loaded, memory_order_acquire);
    while (l && strcmp(l->dex->version, version) != 0)
        l = l->next;
    return l;
}

const struct dex *loaded_dex(const char *version)
{
    const struct loaded *l = loaded_find(version);
    return l ? l->dex : NULL;
}

const struct team_facts *loaded_facts(const char *version)
{
    const struct loaded *l = loaded_find(version);
    return l ? l->facts : NULL;
}

static int data_load(const char *version, const arena_document *documents, uint32_t count)
{
    struct loaded *l = calloc(1, sizeof *l);
    struct set set;
    char why[256];
    bool good = set_open(&set, documents, count) && l;
    if (!good) {
        set_close(&set);
        free(l);
        return ARENA_NOMEM;
    }
    l->dex = dex_from_texts(version, set.named, count, NULL, NULL);
    if (l->dex && has_formats(&set))
        l->facts = team_facts_read(version, team_text, &set, why, sizeof why);
    good = l->dex && (l->facts || !has_formats(&set));
    set_close(&set);
    if (!good) {
        dex_free(l->dex);
        free(l);
        return ARENA_BROKEN;
    }
    l->next = atomic_load_explicit(&all_loaded, memory_order_relaxed);
    atomic_store_explicit(&all_loaded, l, memory_order_release);
    return ARENA_OK;
}

const arena_data_1 data_extension = {
    .size = sizeof data_extension,
    .versions = pokemon_versions,
    .builtin = data_builtin,
    .check = data_check,
    .load = data_load,
};
