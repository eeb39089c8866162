/*
 * load.c - a data version from its JSON: facts, then effects compiled into hooks.
 *
 * Every mistake is told with file, entry and a sentence.  One is enough to refuse a version, since half a rule is
 * worse than none, but it is read to its end, so that all of them are told.
 */
#include "compile.h"
#include "vocab.h"
#include "conditions.h"
#include "tables.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool mistake(struct compiler *k, const char *format, ...)
{
    char sentence[320];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    k->failed = true;
    k->mistakes++;
    if (k->tell)
        k->tell(k->ctx, k->file ? k->file : "", k->entry ? k->entry : "", sentence);
    return false;
}

/* ------------------------------------------------------------------------------------------------- natives --- */

enum { NATIVES_MAX = 1024 };
static native_fn *native_table[NATIVES_MAX];
native_fn *const *const battle_natives = native_table;
static int natives_n; /* of the lists; those of conditions follow */

static void natives_prepare(void)
{
    int n = 0;
    for (int l = 0; native_lists[l]; l++)
        for (const struct native *f = native_lists[l]; f->name && n < NATIVES_MAX; f++)
            native_table[n++] = f->fn;
    natives_n = n;
    for (int l = 0; condition_hook_lists[l]; l++)
        for (const struct native_hook *h = condition_hook_lists[l]; h->event && n < NATIVES_MAX; h++)
            native_table[n++] = h->fn;
}

static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void prepare(void)
{
    natives_prepare();
    vocab_prepare();
}

/* -------------------------------------------------------------------------------------------------- hooks --- */

static struct hook *new_hook(struct compiler *k)
{
    struct dex_rules *r = k->rules;
    if (r->hooks_n >= k->hooks_cap) {
        unsigned cap = k->hooks_cap ? 2 * k->hooks_cap : 1024;
        struct hook *more = cap > 0xffff ? NULL : realloc(r->hooks, cap * sizeof *more);
        if (!more) {
            mistake(k, "too many hooks");
            return NULL;
        }
        r->hooks = more;
        k->hooks_cap = cap;
    }
    struct hook *h = &r->hooks[r->hooks_n++];
    memset(h, 0, sizeof *h);
    return h;
}

/* When a condition about the holder can hold.  arg: who, and what follows. */
static unsigned may_hold(const struct compiler *k, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VC_PINCH: return UPDATE_HURT;
    case VC_HP_MAX: return arg[1] * 2u <= arg[2] ? UPDATE_HURT : UPDATE_ALWAYS;
    case VC_STATUS: return UPDATE_ILL;
    case VC_VOLATILE: return k->rules->volatiles[arg[1] / 64] >> (arg[1] % 64) & 1 ? UPDATE_BOTHERED : UPDATE_ALWAYS;
    default: return UPDATE_ALWAYS;
    }
}

/* By the first condition of the hook's program, or the alternatives it names. */
static unsigned update_when(const struct compiler *k, const struct hook *h)
{
    if (h->role != ROLE_SELF || h->code & HOOK_NATIVE)
        return UPDATE_ALWAYS;
    const uint16_t *p = &k->rules->code[h->code];
    unsigned when = 0;
    for (bool more = true; more;) {
        const unsigned word = *p, v = word & V_WORD;
        if (word == V_END || v >= V_OPERATIONS || word & (V_NOT | V_WHEN))
            return UPDATE_ALWAYS;
        more = word & V_OR;
        const uint16_t *arg = p + (more ? 2 : 1);
        if (!vocab_args[v] || arg[0] != WHO_HOLDER)
            return UPDATE_ALWAYS;
        when |= may_hold(k, v, arg);
        p = arg + vocab_args[v];
    }
    return when;
}

static void listen(const struct compiler *k, struct effect *fx, const struct hook *h)
{
    const uint64_t bit = 1ull << (h->event % 64);
    const unsigned w = h->event / 64;
    if (h->role & (ROLE_SELF | ROLE_ALLY | ROLE_ANY))
        fx->hears[HEARS_OWN].w[w] |= bit;
    if (h->role & (ROLE_FOE | ROLE_ANY))
        fx->hears[HEARS_OTHER].w[w] |= bit;
    if (h->role & ROLE_SOURCE)
        fx->hears[HEARS_SOURCE].w[w] |= bit;
    if (h->event == EV_update)
        fx->updates |= (uint8_t)update_when(k, h);
}

static int role_of(const char *s)
{
    static const struct {
        const char *name;
        int role;
    } roles[] = {
        {"self", ROLE_SELF}, {"ally", ROLE_ALLY}, {"any", ROLE_ANY}, {"foe", ROLE_FOE}, {"source", ROLE_SOURCE}};
    if (!s)
        return ROLE_SELF;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(roles[i].name, s))
            return roles[i].role;
    return -1;
}

static bool hook_numbers(struct compiler *k, const json_t *row, struct hook *h)
{
    static const char *const known[] = {"on", "role", "priority", "order", "suborder", "if", "do"};
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)row, key, v) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof known / sizeof *known)
            return mistake(k, "\"%s\" is no part of a hook", key);
    }
    const char *on = json_string_value(json_object_get(row, "on"));
    int ev = on ? find_event(on) : -1, role = role_of(json_string_value(json_object_get(row, "role")));
    json_int_t priority = json_integer_value(json_object_get(row, "priority"));
    json_int_t order = json_integer_value(json_object_get(row, "order"));
    json_int_t sub = json_integer_value(json_object_get(row, "suborder"));
    if (ev <= 0)
        return mistake(k, "\"on\": \"%s\" is no event", on ? on : "");
    if (role < 0)
        return mistake(k, "\"role\" must be self, ally, any, foe or source");
    if (priority < -120 || priority > 120 || order < 0 || order > 62 || sub < 0 || sub > 15)
        return mistake(k, "priority, order or suborder is out of range");
    h->event = (uint8_t)ev;
    h->role = (uint8_t)role;
    h->priority = (int8_t)priority;
    h->order = (uint8_t)order;
    h->suborder = (uint8_t)sub;
    return true;
}

static const char *sentence(struct compiler *k, const json_t *v)
{
    const char *s = json_string_value(v);
    if (!s)
        mistake(k, "\"if\" and \"do\" must be lists of sentences");
    return s;
}

/* -------------------------------------------------------------------------------------------------- a hook --- */

/* A lone native without conditions needs no program. */
static bool lone_native(const json_t *row, struct hook *h)
{
    const json_t *todo = json_object_get(row, "do");
    const char *s = json_string_value(json_array_get(todo, 0));
    if (json_array_size(json_object_get(row, "if")) || json_array_size(todo) != 1 || !s ||
        strncmp(s, "native ", 7) != 0)
        return false;
    int n = native_find(s + 7);
    if (n >= 0)
        h->code = (uint16_t)(HOOK_NATIVE | n);
    return n >= 0;
}

static bool read_hook(struct compiler *k, const json_t *row, struct effect *fx)
{
    struct hook h = {.event = 0};
    if (!json_is_object(row))
        return mistake(k, "a hook must be an object");
    if (!hook_numbers(k, row, &h))
        return false;
    if (!lone_native(row, &h)) {
        h.code = (uint16_t)k->rules->code_n;
        size_t i;
        json_t *v;
        json_array_foreach(json_object_get(row, "if"), i, v)
            if (!sentence(k, v) || !compile_condition(k, json_string_value(v)))
                return false;
        if (!json_array_size(json_object_get(row, "do")))
            return mistake(k, "a hook needs something to \"do\"");
        json_array_foreach(json_object_get(row, "do"), i, v)
            if (!sentence(k, v) || !compile_operation(k, json_string_value(v)))
                return false;
        if (!emit(k, 0))
            return false;
    }
    struct hook *out = natives_known(k, &h, fx->self & REF_CLASS) ? new_hook(k) : NULL;
    if (!out)
        return false;
    *out = h;
    fx->hooks++;
    listen(k, fx, out);
    return true;
}

static bool read_entry(struct compiler *k, const json_t *hooks, struct effect *fx)
{
    if (fx->hooks)
        return mistake(k, "it is declared twice");
    fx->hook = (uint16_t)k->rules->hooks_n;
    size_t i;
    json_t *v;
    if (!json_is_array(hooks))
        return mistake(k, "it must be a list of hooks");
    json_array_foreach(hooks, i, v) {
        k->failed = false;
        read_hook(k, v, fx);
    }
    return true;
}

/* -------------------------------------------------------------------------------------------- conditions --- */

static int native_index(native_fn *fn)
{
    for (int i = 0; i < NATIVES_MAX; i++)
        if (native_table[i] == fn)
            return i;
    return 0;
}

/* What C declares of a condition, then what the data adds. */
static bool read_condition(struct compiler *k, unsigned n, const json_t *more)
{
    struct effect *fx = &k->rules->conds[n];
    fx->hook = (uint16_t)k->rules->hooks_n;
    for (int l = 0; condition_hook_lists[l]; l++)
        for (const struct native_hook *row = condition_hook_lists[l]; row->event; row++) {
            if (row->cond != n)
                continue;
            struct hook *h = new_hook(k);
            if (!h)
                return false;
            *h = (struct hook){row->event,
                               row->role,
                               row->priority,
                               row->order,
                               row->suborder,
                               0,
                               (uint16_t)(HOOK_NATIVE | native_index(row->fn)),
                               0};
            fx->hooks++;
            listen(k, fx, h);
        }
    size_t i;
    json_t *v;
    if (more && !json_is_array(more))
        return mistake(k, "it must be a list of hooks");
    json_array_foreach(more, i, v) {
        k->failed = false;
        read_hook(k, v, fx);
    }
    return true;
}

static enum carrier_kind condition_kind(unsigned n)
{
    return n < COND_VOLATILE  ? CARRY_STATUS
           : n < COND_SIDE    ? CARRY_VOLATILE
           : n < COND_SLOT    ? CARRY_SIDE
           : n < COND_WEATHER ? CARRY_SLOT
                              : CARRY_FIELD;
}

static unsigned condition_suborder(unsigned n)
{
    if (n < COND_VOLATILE)
        return 0;
    if (n < COND_SIDE)
        return 2;
    if (n < COND_SLOT)
        return 4;
    if (n < COND_WEATHER)
        return 3;
    return n < COND_TERRAIN ? 5 : n < COND_ROOM ? 0 : 5;
}

/* The number of a condition by its id, -1 if there is none: on a Pokémon, a side, the field. */
static int condition_find(const char *id)
{
    const int v = find_volatile(id), s = find_side(id), w = find_weather(id), r = find_room(id);
    return v >= 0 ? COND_VOLATILE + v : s >= 0 ? COND_SIDE + s : w > 0 ? COND_WEATHER + w : r >= 0 ? COND_ROOM + r : -1;
}

static void read_conditions(struct compiler *k, const json_t *rows)
{
    k->file = "effects/conditions";
    k->entry = NULL;
    const char *key;
    if (rows && !json_is_object(rows))
        mistake(k, "it must be an object of conditions");
    json_t *v;
    json_object_foreach((json_t *)rows, key, v) {
        k->entry = key;
        if (condition_find(key) < 0)
            mistake(k, "it is no condition of a Pokémon, a side or the field");
    }
    for (unsigned n = 0; n < CONDS; n++) {
        const json_t *more = NULL;
        k->rules->conds[n].self = (ref)(REF_COND | n);
        k->rules->conds[n].suborder = (uint8_t)condition_suborder(n);
        k->rules->conds[n].kind = (uint8_t)condition_kind(n);
        json_object_foreach((json_t *)rows, key, v)
            if ((int)n == condition_find(key))
                more = v, k->entry = key;
        read_condition(k, n, more);
    }
    for (unsigned n = 0; n < VOLATILES; n++)
        if (k->rules->conds[COND_VOLATILE + n].hooks)
            k->rules->volatiles[n / 64] |= 1ull << (n % 64);
}

/* ----------------------------------------------------------------------------------------------- effects --- */

typedef uint16_t finder(const struct dex *dex, const char *id);

static void read_effects(struct compiler *k, const char *file, const json_t *rows, struct effect *list, finder *find)
{
    const char *key;
    json_t *v;
    k->file = file;
    k->entry = NULL;
    if (rows && !json_is_object(rows))
        mistake(k, "it must be an object of entries");
    json_object_foreach((json_t *)rows, key, v) {
        k->entry = key;
        uint16_t n = find(k->dex, key);
        if (n)
            read_entry(k, v, &list[n]);
        else
            mistake(k, "there is no such entry");
    }
}

static struct effect *new_effects(struct compiler *k, unsigned n, ref class, unsigned suborder)
{
    struct effect *list = calloc(n + 1, sizeof *list);
    if (!list)
        mistake(k, "not enough memory");
    for (unsigned i = 0; list && i <= n; i++) {
        list[i].self = (ref)(class | i);
        list[i].suborder = (uint8_t)suborder;
        list[i].kind = (uint8_t)(class == REF_ABILITY ? CARRY_ABILITY
                                 : class == REF_ITEM  ? CARRY_ITEM
                                                      : CARRY_VOLATILE);
    }
    return list;
}

static void abilities_marks(struct compiler *k)
{
    static const struct {
        const char *id;
        uint8_t suborder;
    } special[] = {{"poisontouch", 6}, {"perishbody", 6}, {"stall", 9}};
    static const struct {
        const char *id;
        uint32_t mark;
    } more[] = {{"neutralizinggas", DEX_BIT(MARK_SUPPRESSES)},
                {"klutz", DEX_BIT(MARK_SUPPRESSES)},
                {"multitype", DEX_BIT(MARK_PLATED)},
                {"rkssystem", DEX_BIT(MARK_PLATED)}};
    for (unsigned i = 1; i <= k->dex->abilities_n; i++)
        k->rules->abilities[i].marks = k->dex->abilities[i].marks;
    for (unsigned i = 1; i <= k->dex->abilities_n; i++)
        k->rules->abilities[i].breakable = k->dex->abilities[i].marks & DEX_BIT(MARK_BREAKABLE) ? 1 : 0;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        k->rules->abilities[dex_ability(k->dex, more[i].id)].marks |= more[i].mark;
    for (unsigned i = 1; i <= k->dex->abilities_n; i++)
        if (k->rules->abilities[i].marks & DEX_BIT(MARK_SUPPRESS_WEATHER))
            k->rules->abilities[i].marks |= DEX_BIT(MARK_SUPPRESSES);
    k->rules->abilities[0].marks = 0; /* who are not in this version */
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        k->rules->abilities[dex_ability(k->dex, special[i].id)].suborder = special[i].suborder;
}

static void hook_keys(struct compiler *k, const struct effect *list, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < list[i].hooks; j++) {
            struct hook *h = &k->rules->hooks[list[i].hook + j];
            h->key = HOOK_KEY(h->order, h->priority, h->suborder ? h->suborder : list[i].suborder);
        }
}

static void find_known(struct compiler *k)
{
    const struct dex *dex = k->dex;
    struct dex_rules *r = k->rules;
#define X(name) r->abilities_known[A_##name] = dex_ability(dex, #name);
    KNOWN_ABILITIES(X)
#undef X
#define X(name) r->items_known[I_##name] = dex_item(dex, #name);
    KNOWN_ITEMS(X)
    KNOWN_ITEMS_PAST(X)
#undef X
#define X(name) r->moves_known[M_##name] = dex_move(dex, #name);
    KNOWN_MOVES(X)
    KNOWN_MOVES_PAST(X)
#undef X
#define X(name) r->species_known[S_##name] = dex_species(dex, #name);
    KNOWN_SPECIES(X)
    KNOWN_SPECIES_PAST(X)
#undef X
}

static void powered_moves(struct compiler *k)
{
    struct dex_move *moves = (struct dex_move *)k->dex->moves;
    for (unsigned i = 1; i <= k->dex->moves_n; i++)
        for (int w = 0; w < 2; w++)
            moves[i].hears[w] = hears(&k->rules->moves[i], w);
    for (unsigned i = 1; i <= k->dex->moves_n; i++)
        moves[i].powered = moves[i].hears[EV_power / 64] >> (EV_power % 64) & 1;
    k->rules->attacks = calloc(k->dex->moves_n + 1u, sizeof *k->rules->attacks);
    if (!k->rules->attacks)
        mistake(k, "not enough memory");
    for (unsigned i = 0; k->rules->attacks && i <= k->dex->moves_n; i++)
        attack_of_row(&k->rules->attacks[i], &moves[i], i);
}

/* --------------------------------------------------------------------------------------------------- files --- */

const char *const dex_files[DEX_FILES] = {
    "rules",         "species",           "moves",         "abilities",          "items", "learnsets", "zmoves",
    "effects/moves", "effects/abilities", "effects/items", "effects/conditions", "types", "natures"};

static void read_rules(struct compiler *k, const json_t *rules)
{
    static const char *const known[] = {"turn_cap", "cap_by_hp", "last_faint_draws", "tera", "mega", "z_moves", "base"};
    struct dex *dex = k->dex;
    const char *key;
    json_t *v;
    k->file = dex_files[FILE_RULES];
    json_object_foreach((json_t *)rules, key, v) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0)
            i++;
        k->entry = key;
        if (i == sizeof known / sizeof *known)
            mistake(k, "there is no such rule");
        else if (i && !json_is_boolean(v) && strcmp(key, "base") != 0)
            mistake(k, "it must be true or false");
    }
    json_int_t cap = json_integer_value(json_object_get(rules, "turn_cap"));
    k->entry = "turn_cap";
    if (cap < 1 || cap > 4000)
        mistake(k, "it must be a whole number from 1 to 4000");
    dex->turn_cap = (uint16_t)cap;
    dex->cap_by_hp = json_is_true(json_object_get(rules, "cap_by_hp"));
    dex->last_faint_draws = json_is_true(json_object_get(rules, "last_faint_draws"));
    dex->generation_tera = json_is_true(json_object_get(rules, "tera"));
    dex->mega = json_is_true(json_object_get(rules, "mega"));
    dex->z_moves = json_is_true(json_object_get(rules, "z_moves"));
}

static void compile_all(struct compiler *k, json_t *const files[DEX_FILES])
{
    struct dex *dex = k->dex;
    read_rules(k, files[FILE_RULES]);
    read_types(k, files[FILE_TYPES]);
    check_natures(k, files[FILE_NATURES]);
    if (!read_facts(k, files[FILE_SPECIES], files[FILE_MOVES], files[FILE_ABILITIES], files[FILE_ITEMS],
                    files[FILE_LEARNSETS], files[FILE_ZMOVES]))
        return;
    k->rules->moves = new_effects(k, dex->moves_n, REF_MOVE, 0);
    k->rules->abilities = new_effects(k, dex->abilities_n, REF_ABILITY, 7);
    k->rules->items = new_effects(k, dex->items_n, REF_ITEM, 8);
    if (!k->rules->moves || !k->rules->abilities || !k->rules->items || !emit(k, 0))
        return;
    find_known(k);
    read_conditions(k, files[FILE_CONDITIONS]);
    read_effects(k, dex_files[FILE_MOVE_EFFECTS], files[FILE_MOVE_EFFECTS], k->rules->moves, dex_move);
    read_effects(k, dex_files[FILE_ABILITY_EFFECTS], files[FILE_ABILITY_EFFECTS], k->rules->abilities, dex_ability);
    read_effects(k, dex_files[FILE_ITEM_EFFECTS], files[FILE_ITEM_EFFECTS], k->rules->items, dex_item);
    abilities_marks(k);
    hook_keys(k, k->rules->conds, CONDS);
    hook_keys(k, k->rules->moves, dex->moves_n + 1u);
    hook_keys(k, k->rules->abilities, dex->abilities_n + 1u);
    hook_keys(k, k->rules->items, dex->items_n + 1u);
    powered_moves(k);
}

uint64_t hash_on(uint64_t h, const void *bytes, size_t len)
{
    const uint8_t *p = bytes;
    h = (h ^ len) * 0x9E3779B97F4A7C15u;
    for (size_t i = 0; i < len; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8 && i + k < len; k++)
            word |= (uint64_t)p[i + k] << (8 * k);
        h = (h ^ word) * 0xBF58476D1CE4E5B9u;
        h ^= h >> 32;
    }
    return h;
}

static uint32_t fingerprint(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h;
}

void dex_free(struct dex *dex)
{
    if (!dex)
        return;
    struct dex_rules *r = (struct dex_rules *)dex->rules;
    if (r) {
        free(r->attacks);
        free(r->moves);
        free(r->abilities);
        free(r->items);
        free(r->hooks);
        free(r->code);
        free(r);
    }
    free((void *)dex->species);
    free((void *)dex->moves);
    free((void *)dex->abilities);
    free((void *)dex->items);
    free((void *)dex->effects);
    free((void *)dex->species_by_id);
    free((void *)dex->learnsets);
    free((void *)dex->metronome);
    free((void *)dex->z);
    free(dex);
}

struct dex *compile_version(struct compiler *k, json_t *const files[DEX_FILES], const char *version)
{
    k->dex = calloc(1, sizeof *k->dex);
    k->rules = calloc(1, sizeof *k->rules);
    if (!k->dex || !k->rules || strlen(version) >= sizeof k->dex->version) {
        mistake(k, "not enough memory, or the version's name is too long");
        free(k->dex);
        free(k->rules);
        return NULL;
    }
    pthread_once(&prepared, prepare);
    k->dex->rules = k->rules;
    memcpy(k->dex->version, version, strlen(version) + 1);
    k->dex->fingerprint = fingerprint(version);
    compile_all(k, files);
    k->contents = hash_on(k->contents, k->dex->chart, sizeof k->dex->chart);
    k->dex->contents = (uint16_t)(k->contents ^ k->contents >> 32);
    if (!k->mistakes)
        return k->dex;
    dex_free(k->dex);
    return NULL;
}

/* -------------------------------------------------------------------------------------------------- counts --- */

static bool calls_native(const struct dex_rules *r, const struct hook *h)
{
    if (h->code & HOOK_NATIVE)
        return true;
    return program_calls_native(r->code + h->code);
}

static void count(const struct dex_rules *r, const struct effect *list, unsigned n, unsigned out[5])
{
    out[0] = n;
    for (unsigned i = 1; i <= n; i++) {
        unsigned native = 0;
        for (unsigned k = 0; k < list[i].hooks; k++)
            native += calls_native(r, &r->hooks[list[i].hook + k]);
        out[1] += list[i].hooks > 0;
        out[2] += list[i].hooks;
        out[3] += native;
        out[4] += list[i].hooks > 0 && !native;
    }
}

void dex_count(const struct dex *dex, struct dex_stats *out)
{
    unsigned n[3][5] = {{0}};
    count(dex->rules, dex->rules->moves, dex->moves_n, n[0]);
    count(dex->rules, dex->rules->abilities, dex->abilities_n, n[1]);
    count(dex->rules, dex->rules->items, dex->items_n, n[2]);
    memcpy(&out->moves, n[0], sizeof n[0]);
    memcpy(&out->abilities, n[1], sizeof n[1]);
    memcpy(&out->items, n[2], sizeof n[2]);
}
