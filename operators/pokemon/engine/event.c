/*
 * event.c - events: who listens, in which order, and what comes of it.
 *
 * Each Pokémon, side and the field carry effects.  refresh() lists them when something changed and gathers the
 * events they listen to into masks, so that an event nobody listens to costs one test (heard() in engine.h).
 * Otherwise dispatch() collects the hooks, puts them in order - order, priority, speed of the holder, kind of
 * effect, and for the rest in the order in which they were found - and runs them until one stops the event.
 */
#include "engine.h"

/* --------------------------------------------------------------------------------------- who listens to what --- */

const struct effect *effect_of(const struct ctx *c, ref r)
{
    const unsigned n = r & REF_NUMBER;
    switch (r & REF_CLASS) {
    case REF_MOVE: return &c->rules->moves[n];
    case REF_ABILITY: return &c->rules->abilities[n];
    case REF_ITEM: return &c->rules->items[n];
    default: return &c->rules->conds[n < CONDS ? n : 0];
    }
}

static void carry(struct carriers *list, const struct effect *fx, int holder, enum carrier_kind kind)
{
    if (!fx->hooks || list->n >= CARRIERS)
        return;
    list->list[list->n++] = (struct carrier){fx, (int8_t)holder, (uint8_t)kind};
}

static bool gas_around(const struct ctx *c)
{
    const unsigned gas = A(neutralizinggas);
    if (!gas)
        return false;
    for (int t = 0; t < 2; t++)
        if (c->on[t]->ability == gas && !(c->mon[t]->flags & MON_FAINT_TOLD) && !has(c, t, VOL_GASTRO_ACID) &&
            !has(c, t, VOL_TRANSFORMED) && !(c->on[t]->flags & ON_ABILITY_ENDING))
            return true;
    return false;
}

static bool ignores_ability(const struct ctx *c, int t, bool gas)
{
    const uint32_t marks = ability_marks(c, t);
    if (c->mon[t]->flags & MON_FAINT_TOLD || (marks & DEX_BIT(MARK_NO_TRANSFORM) && has(c, t, VOL_TRANSFORMED)))
        return true;
    if (marks & DEX_BIT(MARK_CANT_SUPPRESS))
        return false;
    if (has(c, t, VOL_GASTRO_ACID))
        return true;
    if ((I(abilityshield) && c->mon[t]->item == I(abilityshield) && !c->item_off[t]) ||
        c->on[t]->ability == A(neutralizinggas))
        return false;
    return gas;
}

static bool ignores_item(const struct ctx *c, int t)
{
    if (c->mon[t]->flags & MON_FAINT_TOLD || has(c, t, VOL_EMBARGO) || c->b->rooms[ROOM_MAGIC])
        return true;
    if (!A(klutz) || c->on[t]->ability != A(klutz) || c->ability_off[t])
        return false;
    return !(c->dex->items[c->mon[t]->item].marks & DEX_BIT(MARK_IGNORE_KLUTZ));
}

static void suppressions(struct ctx *c)
{
    const bool gas = gas_around(c);
    c->weather_off = false;
    for (int t = 0; t < 2; t++) {
        c->item_off[t] = false;
        c->ability_off[t] = ignores_ability(c, t, gas);
        c->item_off[t] = ignores_item(c, t);
        if (ability_marks(c, t) & DEX_BIT(MARK_SUPPRESS_WEATHER) && !c->ability_off[t] &&
            !(c->on[t]->flags & ON_ABILITY_ENDING))
            c->weather_off = true;
    }
    c->ability_off[BENCHED] = c->item_off[BENCHED] = true;
}

static void list_mon(struct ctx *c, int t)
{
    struct carriers *l = &c->carried[t];
    const struct battle_active *on = c->on[t];
    l->n = 0;
    if (c->mon[t]->status)
        carry(l, &c->rules->conds[COND_STATUS + c->mon[t]->status], t, CARRY_STATUS);
    for (int w = 0; w < 2; w++)
        for (uint64_t bits = on->volatiles[w]; bits; bits &= bits - 1)
            carry(l, &c->rules->conds[COND_VOLATILE + 64 * w + __builtin_ctzll(bits)], t, CARRY_VOLATILE);
    if (on->ability && !c->ability_off[t])
        carry(l, &c->rules->abilities[on->ability], t, CARRY_ABILITY);
    if (c->mon[t]->item)
        carry(l, &c->rules->items[c->mon[t]->item], t, CARRY_ITEM);
}

/* Is there anything on the side? */
static bool side_conditions(const struct battle_side *s)
{
    uint64_t words[2] = {0, 0};
    memcpy(words, s->turns, sizeof s->turns);
    return words[0] | words[1];
}

static void list_sides(struct ctx *c)
{
    for (int i = 0; i < 2; i++) {
        const struct battle_side *s = &c->b->sides[i];
        c->sides[i].n = 0;
        if (!side_conditions(s) && !s->replacing)
            continue;
        for (int k = 0; k < SIDE_HAZARDS; k++)
            if (s->turns[k])
                carry(&c->sides[i], &c->rules->conds[COND_SIDE + k], i, CARRY_SIDE);
        for (size_t k = 0; k < sizeof s->hazards && s->hazards[k]; k++)
            carry(&c->sides[i], &c->rules->conds[COND_SIDE + s->hazards[k] - 1], i, CARRY_SIDE);
        static const uint8_t wishes[3] = {SLOT_LUNAR_DANCE, SLOT_HEALING_WISH, SLOT_LUNAR_DANCE};
        const int first = s->replacing & REPLACING_LUNAR_FIRST ? 0 : 1;
        for (int k = first; k < first + 2; k++)
            if (s->replacing >> wishes[k] & 1)
                carry(&c->sides[i], &c->rules->conds[COND_SLOT + wishes[k]], i, CARRY_SLOT);
    }
    c->field.n = 0;
    for (int r = 0; r < ROOMS; r++)
        if (c->b->rooms[r])
            carry(&c->field, &c->rules->conds[COND_ROOM + r], NOBODY, CARRY_FIELD);
    if (c->b->weather)
        carry(&c->field, &c->rules->conds[COND_WEATHER + c->b->weather], NOBODY, CARRY_FIELD);
    if (c->b->terrain)
        carry(&c->field, &c->rules->conds[COND_TERRAIN + c->b->terrain], NOBODY, CARRY_FIELD);
}

static void add(uint64_t to[2], const uint64_t from[2])
{
    to[0] |= from[0];
    to[1] |= from[1];
}

static void gather_masks(struct ctx *c)
{
    uint64_t field[2] = {0, 0};
    for (int i = 0; i < c->field.n; i++)
        add(field, c->field.list[i].fx->own);
    for (int t = 0; t < 2; t++) {
        memcpy(c->own[t], field, sizeof field);
        memset(c->other[t], 0, sizeof c->other[t]);
        memset(c->source[t], 0, sizeof c->source[t]);
        for (int i = 0; i < c->sides[t].n; i++) {
            add(c->own[t], c->sides[t].list[i].fx->own);
            add(c->other[t], c->sides[t].list[i].fx->other);
        }
        for (int i = 0; i < c->carried[t].n; i++) {
            const struct effect *fx = c->carried[t].list[i].fx;
            add(c->own[t], fx->own);
            add(c->other[t], fx->other);
            add(c->source[t], fx->source);
        }
    }
    memcpy(c->own[BENCHED], field, sizeof field);
    for (int i = 0; i < c->carried[c->bench_side].n;
         i++) /* its side's active one may help who strikes from the bench */
        add(c->own[BENCHED], c->carried[c->bench_side].list[i].fx->own);
    for (int t = 0; t < 3; t++)
        for (int w = 0; w < 2; w++) {
            const uint64_t m = c->own[t][w] | c->other[foe_of(c, t)][w];
            c->heard[t][0][w] = c->heard[t][1 + BENCHED][w] = m;
            c->heard[t][1][w] = m | c->source[0][w];
            c->heard[t][2][w] = m | c->source[1][w];
        }
}

void refresh(struct ctx *c)
{
    const unsigned dirty = c->dirty;
    const bool off[2] = {c->ability_off[0], c->ability_off[1]};
    c->dirty = 0; /* what is asked below must not come back here */
    suppressions(c);
    for (int t = 0; t < 2; t++)
        if (dirty >> t & 1 || off[t] != c->ability_off[t])
            list_mon(c, t);
    if (dirty & 4)
        list_sides(c);
    gather_masks(c);
}

bool ability_broken(struct ctx *c, int t)
{
    const struct attack *a = c->attack;
    if (!a || !a->ignore_ability || c->active_user == t || c->active_user == NOBODY || c->active_user == BENCHED)
        return false;
    return ability_marks(c, t) & DEX_BIT(MARK_BREAKABLE) && !has_item(c, t, I(abilityshield));
}

/* ------------------------------------------------------------------------------------------- hooks in order --- */

enum { FOUND_MAX = 40 };

struct found {
    uint64_t key;
    const struct hook *hook;
    const struct effect *fx;
    int8_t holder;
    uint8_t kind;
};

struct search {
    struct ctx *c;
    const struct call *e;
    struct found list[FOUND_MAX];
    int n;
    bool plain; /* speed and kind do not count */
};

static void found(struct search *s, const struct hook *h, const struct effect *fx, int holder, enum carrier_kind kind)
{
    if (s->n >= FOUND_MAX)
        return;
    const bool mon = kind <= CARRY_ITEM;
    const uint64_t speed = s->plain || !mon ? 0 : (uint64_t)s->c->speed[holder];
    const uint64_t sub = s->plain ? 0 : h->suborder ? h->suborder : fx->suborder;
    struct found f = {.hook = h, .fx = fx, .holder = (int8_t)holder, .kind = (uint8_t)kind};
    f.key = (uint64_t)(h->order ? h->order : 255) << 48 | (uint64_t)(127 - h->priority) << 40 | (0xffff - speed) << 24 |
            sub << 16 | (uint64_t)s->n;
    int i = s->n++;
    for (; i && s->list[i - 1].key > f.key; i--)
        s->list[i] = s->list[i - 1];
    s->list[i] = f;
}

static void search_list(struct search *s, const struct carriers *l, unsigned role)
{
    const unsigned w = s->e->event / 64, bit = s->e->event % 64;
    for (int i = 0; i < l->n; i++) {
        const struct effect *fx = l->list[i].fx;
        if (!(fx->mask[w] >> bit & 1))
            continue;
        for (unsigned k = 0; k < fx->hooks; k++) {
            const struct hook *h = &s->c->rules->hooks[fx->hook + k];
            if (h->event == s->e->event && h->role == role)
                found(s, h, fx, l->list[i].holder, l->list[i].kind);
        }
    }
}

static bool listened(const uint64_t mask[2], unsigned ev)
{
    return mask[ev / 64] >> (ev % 64) & 1;
}

static void search_all(struct search *s)
{
    struct ctx *c = s->c;
    const int t = s->e->target, foe = foe_of(c, t), side = side_of(c, t);
    const unsigned ev = s->e->event;
    if (t != BENCHED && listened(c->own[t], ev)) {
        search_list(s, &c->carried[t], ROLE_SELF);
        search_list(s, &c->carried[t], ROLE_ALLY);
        search_list(s, &c->carried[t], ROLE_ANY);
    }
    if (t == BENCHED) {
        search_list(s, &c->carried[side], ROLE_ALLY);
        search_list(s, &c->carried[side], ROLE_ANY);
    }
    if (listened(c->other[foe], ev)) {
        search_list(s, &c->carried[foe], ROLE_FOE);
        search_list(s, &c->carried[foe], ROLE_ANY);
    }
    if (s->e->source != NOBODY && s->e->source != BENCHED && listened(c->source[s->e->source], ev))
        search_list(s, &c->carried[s->e->source], ROLE_SOURCE);
    search_list(s, &c->sides[side], ROLE_SELF);
    search_list(s, &c->sides[side], ROLE_ANY);
    search_list(s, &c->sides[!side], ROLE_FOE);
    search_list(s, &c->sides[!side], ROLE_ANY);
    search_list(s, &c->field, ROLE_SELF);
}

/* ------------------------------------------------------------------------------------------------ running --- */

int run_hook(struct ctx *c, struct call *e, const struct hook *h)
{
    int r = h->code & HOOK_NATIVE ? battle_natives[h->code & ~HOOK_NATIVE](c, e) : run_program(c, e, h->code);
    if (r != R_UNDEF)
        e->value = r;
    return r;
}

/* Is the hook still at work now that its turn has come? */
static bool silenced(struct ctx *c, const struct call *e, const struct found *f)
{
    fresh(c);
    switch (f->kind) {
    case CARRY_STATUS: return c->rules->conds[COND_STATUS + c->mon[f->holder]->status].self != f->fx->self;
    case CARRY_ABILITY:
        if (c->attack && c->attack->ignore_ability && f->fx->breakable && c->active_user != f->holder &&
            c->active_user != NOBODY && c->active_user != BENCHED && !has_item(c, f->holder, I(abilityshield)))
            return true;
        return (c->ability_off[f->holder] && e->event != EV_end) || (e->event == EV_weather && c->weather_off);
    case CARRY_ITEM:
        return (c->item_off[f->holder] && e->event != EV_take_item && e->event != EV_start) ||
               (e->event == EV_weather && c->weather_off);
    case CARRY_FIELD: {
        const unsigned n = f->fx->self & REF_NUMBER;
        return n >= COND_WEATHER && n < COND_TERRAIN && c->weather_off;
    }
    default: return false;
    }
}

static bool first_word_counts(unsigned ev)
{
    return ev == EV_lock_move || ev == EV_modify_target || ev == EV_weather_modify_damage;
}

static bool left_to_right(unsigned ev)
{
    return ev == EV_invulnerability || ev == EV_try_hit || ev == EV_damaging_hit;
}

static int finish(struct call *e)
{
    if (e->value >= 0 && e->mod != 4096)
        e->value = (int)modify((uint32_t)e->value, e->mod);
    return e->value;
}

static int run_found(struct search *s, struct call *e)
{
    struct ctx *c = s->c;
    if (c->depth >= 32)
        return e->value;
    c->depth++;
    for (int i = 0; i < s->n; i++) {
        struct found *f = &s->list[i];
        if (silenced(c, e, f))
            continue;
        e->holder = f->holder;
        e->self = f->fx->self;
        int r = run_hook(c, e, f->hook);
        if (r != R_UNDEF && (!worked(e->value) || first_word_counts(e->event)))
            break;
    }
    c->depth--;
    return finish(e);
}

int dispatch(struct ctx *c, struct call *e)
{
    struct search s = {.c = c, .e = e, .n = 0, .plain = left_to_right(e->event)};
    search_all(&s);
    return run_found(&s, e);
}

int event_with_move(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value)
{
    const bool own = move_listens(c, a->number, ev);
    const struct effect *fx = &c->rules->moves[a->number];
    if (!own && !heard(c, ev, t, source))
        return value;
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .cause = (ref)(REF_MOVE | a->number),
                     .value = value,
                     .mod = 4096,
                     .a = a,
                     .numeric = true};
    struct search s = {.c = c, .e = &e, .n = 0};
    if (own)
        for (unsigned k = 0; k < fx->hooks; k++)
            if (c->rules->hooks[fx->hook + k].event == ev)
                found(&s, &c->rules->hooks[fx->hook + k], fx, t, CARRY_VOLATILE);
    search_all(&s);
    return run_found(&s, &e);
}

int single(struct ctx *c, enum event ev, const struct effect *fx, int holder, int t, int source, ref cause,
           struct attack *a, int value)
{
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .holder = (int8_t)holder,
                     .cause = cause,
                     .self = fx->self,
                     .value = value,
                     .mod = 4096,
                     .a = a};
    if (c->depth >= 32)
        return value;
    c->depth++;
    for (unsigned i = 0; i < fx->hooks; i++) {
        const struct hook *h = &c->rules->hooks[fx->hook + i];
        if (h->event == ev && h->role == ROLE_SELF && run_hook(c, &e, h) != R_UNDEF && !worked(e.value))
            break;
    }
    c->depth--;
    return e.value;
}

int ability_single(struct ctx *c, enum event ev, int t, int source)
{
    fresh(c);
    const struct effect *fx = &c->rules->abilities[c->on[t]->ability];
    if (!listens(fx, ev) || (c->ability_off[t] && ev != EV_end))
        return R_TRUE;
    return single(c, ev, fx, t, t, source, REF_NONE, c->attack, R_TRUE);
}

int item_single(struct ctx *c, enum event ev, int t, int source)
{
    fresh(c);
    const struct effect *fx = &c->rules->items[c->mon[t]->item];
    if (!listens(fx, ev) || (c->item_off[t] && ev != EV_start && ev != EV_take_item))
        return R_TRUE;
    return single(c, ev, fx, t, t, source, REF_NONE, c->attack, R_TRUE);
}

static bool in_play(const struct ctx *c, int t)
{
    return !(c->mon[t]->flags & MON_FAINT_TOLD);
}

void each(struct ctx *c, enum event ev, ref cause)
{
    const int first = c->speed[1] > c->speed[0];
    for (int i = 0; i < 2; i++) {
        int t = i ? !first : first;
        if (in_play(c, t))
            event(c, ev, t, NOBODY, cause, c->attack);
    }
    if (ev == EV_weather)
        each(c, EV_update, cause);
}

/* -------------------------------------------------------------------------------------------------- arrivals --- */

/* Hooks on switch_in; abilities and items that have none begin (EV_start) instead.  Of two equally fast the first
 * side's come first. */
static void arrival(struct search *s, const struct carrier *k, int t, enum event ev, unsigned role)
{
    for (unsigned i = 0; i < k->fx->hooks; i++) {
        const struct hook *h = &s->c->rules->hooks[k->fx->hook + i];
        if (h->event != ev || h->role != role)
            continue;
        found(s, h, k->fx, t, (enum carrier_kind)k->kind);
    }
}

static void arrivals_of(struct search *s, int t)
{
    struct ctx *c = s->c;
    for (int i = 0; i < c->carried[t].n; i++) {
        const struct carrier *k = &c->carried[t].list[i];
        const bool begins = k->kind == CARRY_ABILITY || k->kind == CARRY_ITEM;
        if (listens(k->fx, EV_switch_in) || !begins)
            arrival(s, k, t, EV_switch_in, ROLE_SELF);
        else
            arrival(s, k, t, EV_start, ROLE_SELF);
    }
    for (int i = 0; i < c->sides[t].n; i++)
        for (unsigned n = 0; n < c->sides[t].list[i].fx->hooks; n++) {
            const struct effect *fx = c->sides[t].list[i].fx;
            const struct hook *h = &c->rules->hooks[fx->hook + n];
            if (h->event == EV_switch_in)
                found(s, h, fx, t, CARRY_VOLATILE); /* it happens to the Pokémon, at its speed */
        }
}

/* arrived: bit t for each that just came in. */
void switch_in_event(struct ctx *c, unsigned arrived)
{
    fresh(c);
    struct call about = {.event = EV_switch_in};
    struct search s = {.c = c, .e = &about, .n = 0};
    const int32_t speeds[3] = {c->speed[0], c->speed[1], c->speed[2]};
    c->speed[0] = speeds[0] * 2 + 1;
    c->speed[1] = speeds[1] * 2;
    for (int t = 0; t < 2; t++) {
        for (int i = 0; i < c->carried[t].n; i++)
            arrival(&s, &c->carried[t].list[i], t, EV_switch_in, ROLE_ANY);
        if (arrived >> t & 1)
            arrivals_of(&s, t);
    }
    memcpy(c->speed, speeds, sizeof speeds);
    for (int i = 0; i < s.n && !c->ended; i++) {
        struct found *f = &s.list[i];
        if (!in_play(c, f->holder))
            continue;
        const unsigned n = f->fx->self & REF_NUMBER;
        if (f->kind == CARRY_ABILITY && c->on[f->holder]->ability != n)
            continue;
        fresh(c);
        if (f->kind == CARRY_ITEM && (c->mon[f->holder]->item != n || c->item_off[f->holder]))
            continue;
        struct call e = {.event = f->hook->event,
                         .target = f->holder,
                         .source = NOBODY,
                         .holder = f->holder,
                         .self = f->fx->self,
                         .value = R_TRUE,
                         .mod = 4096};
        if (!silenced(c, &e, f))
            run_hook(c, &e, f->hook);
        faint_messages(c, true);
    }
}

/* --------------------------------------------------------------------------------------------- end of a turn --- */

struct residue {
    uint32_t key;
    uint8_t kind; /* enum residue_kind */
    int8_t holder;
    uint8_t n;
};
enum residue_kind {
    RESIDUE_WEATHER,
    RESIDUE_TERRAIN,
    RESIDUE_ROOM,
    RESIDUE_SIDE,
    RESIDUE_PLEDGE,
    RESIDUE_GRASS,
    RESIDUE_VOLATILE,
    RESIDUE_HOOK,
    RESIDUE_WISH,
    RESIDUE_FUTURE
};

struct residues {
    struct residue list[64];
    struct {
        const struct hook *hook;
        const struct effect *fx;
        uint8_t kind;
    } hooks[16];
    int n, hooks_n;
};

static void residue(struct residues *all, unsigned order, unsigned sub, int speed, enum residue_kind kind, int holder,
                    unsigned n)
{
    if (all->n >= 64)
        return;
    struct residue r = {.kind = (uint8_t)kind, .holder = (int8_t)holder, .n = (uint8_t)n};
    r.key = (order ? order : 63u) << 26 | (unsigned)(16383 - speed) << 12 | sub << 8 | (unsigned)all->n;
    int i = all->n++;
    for (; i && all->list[i - 1].key > r.key; i--)
        all->list[i] = all->list[i - 1];
    all->list[i] = r;
}

static void residue_hook(struct ctx *c, struct residues *all, const struct carrier *k, int t)
{
    for (unsigned i = 0; i < k->fx->hooks; i++) {
        const struct hook *h = &c->rules->hooks[k->fx->hook + i];
        if (h->event != EV_residual || h->role != ROLE_SELF || all->hooks_n >= 16)
            continue;
        all->hooks[all->hooks_n].hook = h;
        all->hooks[all->hooks_n].fx = k->fx;
        all->hooks[all->hooks_n].kind = k->kind;
        residue(all, h->order, h->suborder ? h->suborder : k->fx->suborder, c->speed[t], RESIDUE_HOOK, t,
                (unsigned)all->hooks_n++);
    }
}

static void residues_of_field(struct ctx *c, struct residues *all)
{
    static const uint8_t subs[ROOMS] = {1, 2, 5, 6, 0, 0};
    const struct battle *b = c->b;
    if (b->weather)
        residue(all, 1, 5, 0, RESIDUE_WEATHER, NOBODY, 0);
    for (unsigned r = 0; r < ROOMS; r++)
        if (b->rooms[r])
            residue(all, r == ROOM_FAIRY_LOCK || r == ROOM_ECHOED_VOICE ? 0 : 27, subs[r], 0, RESIDUE_ROOM, NOBODY, r);
    if (b->terrain)
        residue(all, 27, 7, 0, RESIDUE_TERRAIN, NOBODY, 0);
}

static void residues_of_side(struct ctx *c, struct residues *all, int i)
{
    static const uint8_t subs[SIDE_CONDITIONS] = {1, 2, 10, 3, 4, 5, 8, 7, 9, 0, 0};
    const struct battle_side *s = &c->b->sides[i];
    for (unsigned k = 0; k < SIDE_HAZARDS && side_conditions(s); k++)
        if (s->turns[k])
            residue(all, k == SIDE_QUICK_GUARD || k == SIDE_WIDE_GUARD ? 0 : 26, subs[k] ? subs[k] : 4, 0, RESIDUE_SIDE,
                    i, k);
}

static void residues_of_mon(struct ctx *c, struct residues *all, int t)
{
    static const uint8_t orders[VOLATILES_TIMED] = {
        [VOL_TAUNT] = 15,       [VOL_ENCORE] = 16,     [VOL_DISABLE] = 17,    [VOL_MAGNET_RISE] = 18,
        [VOL_TELEKINESIS] = 19, [VOL_HEAL_BLOCK] = 20, [VOL_EMBARGO] = 21,    [VOL_THROAT_CHOP] = 22,
        [VOL_YAWN] = 23,        [VOL_PERISH] = 24,     [VOL_SYRUP_BOMB] = 14, [VOL_UPROAR] = 28,
        [VOL_BOUND] = 13};
    const struct battle_side *s = &c->b->sides[t];
    const struct battle_active *on = c->on[t];
    for (int i = 0; i < c->carried[t].n && c->carried[t].list[i].kind == CARRY_STATUS; i++)
        residue_hook(c, all, &c->carried[t].list[i], t);
    for (int w = 0; w < 2; w++)
        for (uint64_t bits = on->volatiles[w]; bits; bits &= bits - 1) {
            const unsigned v = 64u * (unsigned)w + (unsigned)__builtin_ctzll(bits);
            if (v == VOL_BOUND && on->gone & GONE_SALT_FIRST)
                continue;
            if (v < VOLATILES_LASTING)
                residue(all,
                        v < VOLATILES_TIMED ? orders[v]
                        : v == VOL_ROOST    ? 25
                                            : 0,
                        v == VOL_UPROAR ? 1 : 2, c->speed[t], RESIDUE_VOLATILE, t, v);
        }
    for (int i = 0; i < c->carried[t].n; i++) {
        const struct carrier *k = &c->carried[t].list[i];
        const bool lasting =
            k->kind == CARRY_VOLATILE && (k->fx->self & REF_NUMBER) >= COND_VOLATILE + VOLATILES_LASTING;
        if ((lasting || k->kind == CARRY_ABILITY || k->kind == CARRY_ITEM) && listens(k->fx, EV_residual))
            residue_hook(c, all, k, t);
    }
    if (has(c, t, VOL_BOUND) && on->gone & GONE_SALT_FIRST)
        residue(all, orders[VOL_BOUND], 2, c->speed[t], RESIDUE_VOLATILE, t, VOL_BOUND);
    if (s->wish_turns)
        residue(all, 4, 3, c->speed[t], RESIDUE_WISH, t, 0);
    if (s->future_turns)
        residue(all, 3, 3, c->speed[t], RESIDUE_FUTURE, t, 0);
    if (s->turns[SIDE_FIRE_PLEDGE])
        residue(all, 5, 1, c->speed[t], RESIDUE_PLEDGE, t, 0);
    if (c->b->terrain == TERRAIN_GRASSY)
        residue(all, 5, 2, c->speed[t], RESIDUE_GRASS, t, 0);
}

static void run_residue_hook(struct ctx *c, struct residues *all, const struct residue *r)
{
    const struct found f = {
        .hook = all->hooks[r->n].hook, .fx = all->hooks[r->n].fx, .holder = r->holder, .kind = all->hooks[r->n].kind};
    const unsigned n = f.fx->self & REF_NUMBER;
    const int t = r->holder;
    if ((f.kind == CARRY_ABILITY && c->on[t]->ability != n) || (f.kind == CARRY_ITEM && c->mon[t]->item != n) ||
        (f.kind == CARRY_VOLATILE && !has(c, t, (enum battle_volatile)(n - COND_VOLATILE))))
        return;
    struct call e = {.event = EV_residual,
                     .target = r->holder,
                     .source = NOBODY,
                     .holder = r->holder,
                     .self = f.fx->self,
                     .value = R_TRUE,
                     .mod = 4096};
    if (!silenced(c, &e, &f))
        run_hook(c, &e, f.hook);
}

/* A volatile's turns run out, or it does what it does each turn. */
static bool run_volatile(struct ctx *c, int t, enum battle_volatile v)
{
    if (!has(c, t, v))
        return false;
    if (v == VOL_ROLLOUT && c->on[t]->rollout_on) {
        c->on[t]->rollout_on = 0;
        return false;
    }
    if (v >= VOLATILES_TIMED || (c->on[t]->turns[v] && --c->on[t]->turns[v] == 0)) {
        remove_volatile(c, t, v);
        return true;
    }
    const struct effect *fx = &c->rules->conds[COND_VOLATILE + v];
    if (listens(fx, EV_residual))
        single(c, EV_residual, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
    return false;
}

/* True when something ran out: who faints by that is told later. */
static bool run_residue(struct ctx *c, struct residues *all, const struct residue *r)
{
    switch (r->kind) {
    case RESIDUE_WEATHER: weather_residual(c); break;
    case RESIDUE_TERRAIN:
        if (c->b->terrain && c->b->terrain_turns && --c->b->terrain_turns == 0) {
            clear_terrain(c);
            return true;
        }
        break;
    case RESIDUE_ROOM:
        if (c->b->rooms[r->n] && --c->b->rooms[r->n] == 0) {
            c->b->rooms[r->n] = 1;
            end_room(c, r->n);
            return true;
        }
        break;
    case RESIDUE_SIDE:
        if (c->b->sides[r->holder].turns[r->n] && --c->b->sides[r->holder].turns[r->n] == 0) {
            c->b->sides[r->holder].turns[r->n] = 1;
            end_side(c, r->holder, r->n);
            return true;
        }
        break;
    case RESIDUE_PLEDGE: pledge_residual(c, r->holder); break;
    case RESIDUE_GRASS: grass_residual(c, r->holder); break;
    case RESIDUE_WISH: wish_residual(c, r->holder); break;
    case RESIDUE_FUTURE: future_residual(c, r->holder); break;
    case RESIDUE_VOLATILE: return run_volatile(c, r->holder, (enum battle_volatile)r->n);
    default: run_residue_hook(c, all, r); break;
    }
    return false;
}

void residual_event(struct ctx *c)
{
    struct residues all = {.n = 0, .hooks_n = 0};
    fresh(c);
    residues_of_field(c, &all);
    for (int t = 0; t < 2; t++) {
        residues_of_side(c, &all, t);
        residues_of_mon(c, &all, t);
    }
    for (int i = 0; i < all.n; i++) {
        const struct residue *r = &all.list[i];
        const bool of_slot = r->kind == RESIDUE_WISH || r->kind == RESIDUE_FUTURE || r->kind == RESIDUE_SIDE;
        if (r->holder != NOBODY && !of_slot && !in_play(c, r->holder))
            continue;
        if (!run_residue(c, &all, r))
            faint_messages(c, true);
        if (c->ended)
            return;
    }
}
