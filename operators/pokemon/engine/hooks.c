/*
 * hooks.c - effects compiled: the hooks of moves, abilities and items as the data has them, of conditions as C and the
 * data have them.
 */
#include "compile.h"
#include "vocab.h"
#include "conditions.h"

#include <stdlib.h>

/* ------------------------------------------------------------------------------------------------- natives --- */

enum { NATIVES_MAX = 1024 };
static native_fn *native_table[NATIVES_MAX];
native_fn *const *const battle_natives = native_table;
static int natives_n; /* of the lists; those of conditions follow */

void natives_prepare(void)
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

void read_conditions(struct compiler *k, const json_t *rows)
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

void read_effects(struct compiler *k, const char *file, const json_t *rows, struct effect *list, finder *find)
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

struct effect *new_effects(struct compiler *k, unsigned n, ref class, unsigned suborder)
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

void abilities_marks(struct compiler *k)
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

void hook_keys(struct compiler *k, const struct effect *list, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < list[i].hooks; j++) {
            struct hook *h = &k->rules->hooks[list[i].hook + j];
            h->key = HOOK_KEY(h->order, h->priority, h->suborder ? h->suborder : list[i].suborder);
        }
}
