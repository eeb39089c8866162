/*
 * places.c - where data from outside may use C functions.
 *
 * A native relies on what its event has and on whose hook it is.  So data from outside may use one only where the
 * built-in data does: on the same event, in the same role, of the same class of effect.
 */
#include "compile.h"
#include "tables.h"

#include <pthread.h>
#include <string.h>

struct native_places {
    size_t n;
    uint32_t list[4096];
};

static uint32_t place_of(unsigned native, const struct hook *h, ref class)
{
    return (uint32_t)native << 16 | (uint32_t)h->event << 8 | (uint32_t)(h->role & 31) << 3 | (uint32_t)(class >> 12);
}

static bool is_place(const struct native_places *places, uint32_t place)
{
    for (size_t i = 0; i < places->n; i++)
        if (places->list[i] == place)
            return true;
    return false;
}

/* Calls back with each native that a hook calls, until one is not good. */
static bool each_native(const struct dex_rules *r, const struct hook *h, bool (*good)(void *ctx, unsigned native),
                        void *ctx)
{
    unsigned native;
    if (h->code & HOOK_NATIVE)
        return good(ctx, h->code & ~(unsigned)HOOK_NATIVE);
    for (const uint16_t *p = r->code + h->code; (p = program_native(p, &native));)
        if (!good(ctx, native))
            return false;
    return true;
}

struct native_search {
    struct compiler *k;
    struct native_places *places;
    const struct hook *hook;
    ref class;
};

static bool native_may(void *ctx, unsigned native)
{
    struct native_search *s = ctx;
    return is_place(s->k->natives, place_of(native, s->hook, s->class)) ||
           mistake(s->k, "native \"%s\" cannot be used on this event, in this role, of this kind of effect",
                   native_name(native));
}

/* The built-in versions themselves are not asked. */
bool natives_known(struct compiler *k, const struct hook *h, ref class)
{
    struct native_search s = {.k = k, .hook = h, .class = class};
    return !k->natives || each_native(k->rules, h, native_may, &s);
}

static bool native_note(void *ctx, unsigned native)
{
    struct native_search *s = ctx;
    uint32_t place = place_of(native, s->hook, s->class);
    if (s->places->n < sizeof s->places->list / sizeof *s->places->list && !is_place(s->places, place))
        s->places->list[s->places->n++] = place;
    return true;
}

static void note_effects(struct native_places *places, const struct dex_rules *r, const struct effect *list, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        for (unsigned h = 0; h < list[i].hooks; h++) {
            const struct hook *hook = &r->hooks[list[i].hook + h];
            struct native_search s = {.places = places, .hook = hook, .class = list[i].self & REF_CLASS};
            each_native(r, hook, native_note, &s);
        }
}

static struct native_places built_in_places;

static void note_built_in(void)
{
    const char *last = "";
    for (const struct dex_text *t = dex_texts; t->version; t++) {
        const struct dex *dex = strcmp(last, t->version) != 0 ? dex_find(t->version) : NULL;
        last = t->version;
        if (!dex)
            continue;
        note_effects(&built_in_places, dex->rules, dex->rules->moves, dex->moves_n + 1u);
        note_effects(&built_in_places, dex->rules, dex->rules->abilities, dex->abilities_n + 1u);
        note_effects(&built_in_places, dex->rules, dex->rules->items, dex->items_n + 1u);
        note_effects(&built_in_places, dex->rules, dex->rules->conds, CONDS);
    }
}

const struct native_places *native_places(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, note_built_in);
    return &built_in_places;
}
