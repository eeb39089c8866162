/*
 * points.c - a race for points by rules that are data: the smallest operator with "arena.data/1".
 *
 * Two players take turns to play a move; how many points each move gives, and how many win, stands in a set of two
 * documents:
 *
 *     rules   {"goal": 10}
 *     moves   [{"id": "jab", "points": 2}, {"id": "hook", "points": 3}]
 *
 * For the tests of rule data; never installed.  FAULT makes one that is wrong: 2 finds a
 * mistake in its own built-in set, 3 plays by other rules when its set was loaded.  4 is a later one of the good: with
 * another set by the name v1, and no goal beyond 50.
 */
#include <arena/operator.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef FAULT
#define FAULT 0
#endif

enum { MOVES_MAX = 16, ID_MAX = 16, VERSION_MAX = 64, GOAL_MAX = FAULT == 4 ? 50 : 100 };

struct move {
    char id[ID_MAX + 1];
    unsigned points;
};

#if FAULT == 4
#define FIRST_RULES "{\"goal\": 16}"
#else
#define FIRST_RULES "{\"goal\": 10}"
#endif

/* A set, compiled. */
struct rules {
    struct rules *next;
    char version[VERSION_MAX + 1];
    unsigned goal, count;
    struct move moves[MOVES_MAX];
};

/* ---- the data --------------------------------------------------------------------------------------------- */

static const char *const versions[] = {"v1", "v2", NULL};
static const arena_document built_in[2][2] = {
    {{ARENA_TEXT("rules"), ARENA_TEXT(FIRST_RULES)},
     {ARENA_TEXT("moves"), ARENA_TEXT("[{\"id\": \"jab\", \"points\": 2},\n {\"id\": \"hook\", \"points\": 3}]")}},
    {{ARENA_TEXT("rules"), ARENA_TEXT("{\"goal\": 20}")},
     {ARENA_TEXT("moves"), ARENA_TEXT("[{\"id\": \"jab\", \"points\": 1}]")}},
};

static int builtin(const char *version, const arena_document **documents, uint32_t *count)
{
    for (int i = 0; versions[i]; i++)
        if (strcmp(version, versions[i]) == 0) {
            *documents = built_in[i];
            *count = 2;
            return ARENA_OK;
        }
    return ARENA_BROKEN;
}

/* What is compiled, and who hears of mistakes (nobody, when loading). */
struct reading {
    struct rules *rules;
    const arena_mistakes *mistakes;
    arena_text document;
    bool failed;
};

static void mistake(struct reading *r, const char *entry, const char *sentence)
{
    r->failed = true;
    if (r->mistakes)
        r->mistakes->add(r->mistakes, r->document, (arena_text){entry, strlen(entry)}, sentence);
}

static unsigned number(struct reading *r, const char *entry, const json_t *value, unsigned most, const char *sentence)
{
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 1 || n > most) {
        mistake(r, entry, sentence);
        return 1;
    }
    return (unsigned)n;
}

static void read_rules(struct reading *r, json_t *document)
{
    const char *key;
    json_t *value;
    r->rules->goal = number(r, "goal", json_object_get(document, "goal"), GOAL_MAX, "goal must be 1 to 100");
    json_object_foreach(document, key, value)
        if (strcmp(key, "goal") != 0)
            mistake(r, key, "rules have a goal and nothing else");
}

static void read_move(struct reading *r, json_t *entry)
{
    const char *id = json_string_value(json_object_get(entry, "id")), *key;
    json_t *value;
    if (!id || !*id || strlen(id) > ID_MAX || strspn(id, "abcdefghijklmnopqrstuvwxyz-") != strlen(id)) {
        mistake(r, id ? id : "", "id must be 1 to 16 letters a-z");
        return;
    }
    json_object_foreach(entry, key, value)
        if (strcmp(key, "id") != 0 && strcmp(key, "points") != 0)
            mistake(r, id, "a move has points and nothing else");
    if (r->rules->count == MOVES_MAX) {
        mistake(r, id, "there are more than 16 moves");
        return;
    }
    struct move *move = &r->rules->moves[r->rules->count++];
    strcpy(move->id, id);
    move->points = number(r, id, json_object_get(entry, "points"), 50, "points must be 1 to 50");
}

static void read_moves(struct reading *r, json_t *document)
{
    size_t i;
    json_t *entry;
    if (!json_array_size(document))
        mistake(r, "", "there must be a list with at least one move");
    json_array_foreach(document, i, entry)
        read_move(r, entry);
}

static void read_set(struct reading *r, const arena_document *documents, uint32_t count)
{
    static const struct {
        const char *name;
        void (*read)(struct reading *, json_t *);
    } kinds[] = {{"rules", read_rules}, {"moves", read_moves}};
    for (size_t k = 0; k < 2; k++) {
        bool found = false;
        r->document = (arena_text){kinds[k].name, strlen(kinds[k].name)};
        for (uint32_t i = 0; i < count; i++) {
            if (documents[i].name.len != r->document.len ||
                memcmp(documents[i].name.ptr, kinds[k].name, r->document.len) != 0)
                continue;
            json_t *json = json_loadb(documents[i].json.ptr, documents[i].json.len, JSON_REJECT_DUPLICATES, NULL);
            if (json)
                kinds[k].read(r, json);
            else
                mistake(r, "", "it is no JSON");
            json_decref(json);
            found = true;
        }
        if (!found)
            mistake(r, "", "the document is missing");
    }
}

static int check(const arena_document *documents, uint32_t count, const arena_mistakes *mistakes)
{
    struct rules *rules = calloc(1, sizeof *rules);
    struct reading reading = {.rules = rules, .mistakes = mistakes};
    if (!rules)
        return ARENA_NOMEM;
    read_set(&reading, documents, count);
    free(rules);
    if (FAULT == 2)
        mistake(&reading, "", "I like no data");
    return ARENA_OK;
}

/* What is loaded is added in front and never changes: readers need no lock. */
static _Atomic(struct rules *) loaded;

static struct rules *compile(const char *version, const arena_document *documents, uint32_t count)
{
    struct rules *rules = calloc(1, sizeof *rules);
    struct reading reading = {.rules = rules};
    if (!rules)
        return NULL;
    read_set(&reading, documents, count);
    snprintf(rules->version, sizeof rules->version, "%s", version);
    if (!reading.failed)
        return rules;
    free(rules);
    return NULL;
}

static int load(const char *version, const arena_document *documents, uint32_t count)
{
    struct rules *rules = compile(version, documents, count);
    if (!rules)
        return ARENA_BROKEN;
    if (FAULT == 3)
        rules->moves[0].points++;
    rules->next = atomic_load(&loaded);
    atomic_store(&loaded, rules);
    return ARENA_OK;
}

/* The built-in sets are loaded like any other, at the first question for one. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct rules *own[2];

static void load_own(void)
{
    for (int i = 0; i < 2; i++)
        own[i] = compile(versions[i], built_in[i], 2);
}

static const struct rules *rules_of(const char *version)
{
    pthread_once(&once, load_own);
    for (int i = 0; i < 2; i++)
        if (own[i] && strcmp(own[i]->version, version) == 0)
            return own[i];
    const struct rules *rules = atomic_load(&loaded);
    while (rules && strcmp(rules->version, version) != 0)
        rules = rules->next;
    return rules;
}

/* When the module is unloaded; no turn is under way then. */
__attribute__((destructor)) static void forget(void)
{
    for (struct rules *rules = atomic_load(&loaded), *next; rules; rules = next) {
        next = rules->next;
        free(rules);
    }
    for (int i = 0; i < 2; i++)
        free(own[i]);
}

static const arena_data_1 data = {
    .size = sizeof(arena_data_1), .versions = versions, .builtin = builtin, .check = check, .load = load};

static const void *extension(const char *id)
{
    return strcmp(id, ARENA_DATA_1) == 0 ? &data : NULL;
}

/* ---- the game --------------------------------------------------------------------------------------------- */

struct game {
    const struct rules *rules;
    unsigned char begun, over, turn, points[2];
};

static int create(const arena_host *h, arena_text options, void **out)
{
    struct game *g = h->alloc(h, sizeof *g);
    json_t *given = json_loadb(options.ptr ? options.ptr : "", options.len, 0, NULL);
    const char *version = json_string_value(json_object_get(given, "data"));
    g->rules = rules_of(version ? version : versions[0]);
    json_decref(given);
    *out = g;
    return g->rules ? ARENA_OK : h->reject(h, "UNKNOWN_DATA", "this set is not loaded");
}

/* Four bytes, the name of the set. */
static int serialize(const arena_host *h, const void *game, const void **bytes, size_t *len)
{
    const struct game *g = game;
    size_t name = strlen(g->rules->version);
    unsigned char *out = h->alloc(h, 4 + name);
    out[0] = (unsigned char)(g->begun | g->over << 1);
    out[1] = g->turn;
    out[2] = g->points[0];
    out[3] = g->points[1];
    memcpy(out + 4, g->rules->version, name);
    *bytes = out;
    *len = 4 + name;
    return ARENA_OK;
}

static int restore(const arena_host *h, uint32_t version, const void *bytes, size_t len, void **out)
{
    const unsigned char *in = bytes;
    char name[VERSION_MAX + 1] = "";
    (void)version;
    if (len < 5 || len - 4 > VERSION_MAX || in[0] > 3 || in[0] == 2 || in[1] > 1)
        return ARENA_CORRUPT;
    memcpy(name, in + 4, len - 4);
    const struct rules *rules = strlen(name) == len - 4 ? rules_of(name) : NULL;
    bool won = rules && (in[2] >= rules->goal || in[3] >= rules->goal);
    if (!rules || won != (in[0] == 3) || (in[0] == 0 && (in[1] || in[2] || in[3])))
        return ARENA_CORRUPT;
    struct game *g = h->alloc(h, sizeof *g);
    *g = (struct game){rules, in[0] & 1, in[0] >> 1, in[1], {in[2], in[3]}};
    *out = g;
    return ARENA_OK;
}

static int join(const arena_host *h, void *game, uint32_t player)
{
    (void)player;
    ((struct game *)game)->begun = h->joined == h->seats;
    return ARENA_OK;
}

static int message(const arena_host *h, void *game, uint32_t player, arena_text method, arena_text content)
{
    struct game *g = game;
    const struct move *move = NULL;
    if (method.len != 4 || memcmp(method.ptr, "play", 4) != 0)
        return h->reject(h, "UNKNOWN_METHOD", "the only method is play");
    if (player != g->turn)
        return h->reject(h, "NOT_YOUR_TURN", "it is the other player's turn");
    for (unsigned i = 0; i < g->rules->count; i++)
        if (strlen(g->rules->moves[i].id) == content.len &&
            memcmp(g->rules->moves[i].id, content.ptr, content.len) == 0)
            move = &g->rules->moves[i];
    if (!move)
        return h->reject(h, "UNKNOWN_MOVE", "there is no such move in these rules");
    char text[64];
    g->points[player] = (unsigned char)(g->points[player] + move->points);
    g->turn = 1 - g->turn;
    int len = snprintf(text, sizeof text, "{\"points\":[%u,%u]}", g->points[0], g->points[1]);
    h->say(h, ARENA_ALL, (arena_text){text, (size_t)len});
    if (g->points[player] >= g->rules->goal) {
        arena_score scores[2] = {{1, player == 0}, {1, player == 1}};
        g->over = 1;
        h->finish(h, scores);
    }
    return ARENA_OK;
}

static uint32_t active(const arena_host *h, const void *game)
{
    const struct game *g = game;
    (void)h;
    return g->begun && !g->over ? 1u << g->turn : 0;
}

static int actions(const arena_host *h, const void *game, uint32_t player)
{
    const struct game *g = game;
    for (unsigned i = 0; g->begun && !g->over && player == g->turn && i < g->rules->count; i++)
        h->offer(h, "play", (arena_text){g->rules->moves[i].id, strlen(g->rules->moves[i].id)});
    return ARENA_OK;
}

static int view(const arena_host *h, const void *game, int32_t viewer, arena_text *json)
{
    const struct game *g = game;
    char *text = h->alloc(h, 200);
    (void)viewer;
    int len = snprintf(text, 200, "{\"data\":\"%s\",\"goal\":%u,\"points\":[%u,%u]}", g->rules->version, g->rules->goal,
                       g->points[0], g->points[1]);
    *json = (arena_text){text, (size_t)len};
    return ARENA_OK;
}

static const arena_operator points = {
    .size = sizeof(arena_operator),
    .state_version = 1,
    .id = "points",
    .version = "1",
    .metadata = ARENA_TEXT("{\"name\":\"Points\",\"description\":\"A race for points.\",\"players\":2,\"secrets\":"
                           "\"shared\",\"prompt\":\"Play moves until you have enough points.\",\"methods\":[{\"name\":"
                           "\"play\",\"description\":\"Play a move.\",\"schema\":{\"type\":\"string\",\"pattern\":"
                           "\"^[a-z-]+$\"},\"example\":\"jab\"}]}"),
    .create = create,
    .restore = restore,
    .serialize = serialize,
    .join = join,
    .message = message,
    .active = active,
    .actions = actions,
    .view = view,
    .extension = extension,
};

ARENA_OPERATORS(&points);
