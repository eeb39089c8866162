/*
 * event.c - events: who listens, in which order, and what comes of it.
 *
 * Each Pokémon, side and the field carry effects.  refresh() gathers the events that these listen to into masks when
 * something changed, so that an event nobody listens to costs one test (heard() in engine.h).  Otherwise dispatch()
 * collects the hooks of those whose mask has it, puts them in order - order, priority, speed of the holder, kind of
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

static bool gas_around(const struct ctx *c)
{
    const unsigned gas = A(neutralizinggas);
    if (!gas || (c->on[0]->ability != gas && c->on[1]->ability != gas))
        return false;
    for (int t = 0; t < 2; t++)
        if (c->on[t]->ability == gas && !(c->mon[t]->flags & MON_FAINT_TOLD) && !has(c, t, VOL_GASTRO_ACID) &&
            !has(c, t, VOL_TRANSFORMED) && !(c->on[t]->flags & ON_ABILITY_ENDING))
            return true;
    return false;
}

static bool ignores_ability(const struct ctx *c, int t, bool gas)
{
    if (!gas && !(c->mon[t]->flags & MON_FAINT_TOLD) && !has(c, t, VOL_GASTRO_ACID) && !has(c, t, VOL_TRANSFORMED))
        return false; /* mostly */
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
    if (c->dex->items[c->mon[t]->item].primal)
        return false;
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

static void hear(struct listeners *l, const struct effect *fx)
{
    for (int k = 0; k < HEARINGS; k++)
        for (int w = 0; w < 2; w++)
            l->hears[k][w] |= fx->hears[k][w];
}

static void ask_mon(struct ctx *c, int t)
{
    struct listeners l = {{{0}}};
    const struct battle_active *on = c->on[t];
    const struct battle_mon *m = c->mon[t];
    if (m->status)
        hear(&l, &c->rules->conds[COND_STATUS + m->status]);
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t bits = on->volatiles[w] & c->rules->volatiles[w]; bits; bits &= bits - 1)
            hear(&l, &c->rules->conds[COND_VOLATILE + 64 * w + (unsigned)__builtin_ctzll(bits)]);
    if (!c->ability_off[t])
        hear(&l, &c->rules->abilities[on->ability]);
    hear(&l, &c->rules->items[m->item]);
    c->of_mon[t] = l;
}

/* Is there anything on the side?  Two words that overlap are all its turns. */
static bool side_conditions(const struct battle_side *s)
{
    uint64_t first, last;
    memcpy(&first, s->turns, sizeof first);
    memcpy(&last, s->turns + sizeof s->turns - sizeof last, sizeof last);
    return first | last | s->replacing;
}

static bool rooms(const struct battle *b)
{
    uint32_t first, last;
    memcpy(&first, b->rooms, sizeof first);
    memcpy(&last, b->rooms + sizeof b->rooms - sizeof last, sizeof last);
    return first | last;
}

/* The conditions of a side in their order: those with turns, hazards as they came, what waits for the next one. */
static int conditions_of_side(const struct battle_side *s, uint8_t out[SIDE_CONDITIONS + SLOTS])
{
    int n = 0;
    for (unsigned k = 0; k < SIDE_HAZARDS; k++)
        if (s->turns[k])
            out[n++] = (uint8_t)(COND_SIDE + k);
    for (size_t k = 0; k < sizeof s->hazards && s->hazards[k]; k++)
        out[n++] = (uint8_t)(COND_SIDE + s->hazards[k] - 1);
    static const uint8_t wishes[3] = {SLOT_LUNAR_DANCE, SLOT_HEALING_WISH, SLOT_LUNAR_DANCE};
    const uint8_t *wish = wishes + !(s->replacing & REPLACING_LUNAR_FIRST);
    for (unsigned k = 0; k < 2; k++)
        if (s->replacing >> wish[k] & 1)
            out[n++] = (uint8_t)(COND_SLOT + wish[k]);
    for (unsigned k = SLOT_FUTURE + 1; k < SLOTS; k++)
        if (s->replacing >> k & 1)
            out[n++] = (uint8_t)(COND_SLOT + k);
    return n;
}

static int conditions_of_field(const struct battle *b, uint8_t out[CLAUSES + ROOMS + 2])
{
    int n = 0;
    for (unsigned k = 0; k < CLAUSES; k++)
        if (b->clauses >> k & 1)
            out[n++] = (uint8_t)(COND_CLAUSE + k);
    for (unsigned r = 0; r < ROOMS && rooms(b); r++)
        if (b->rooms[r])
            out[n++] = (uint8_t)(COND_ROOM + r);
    if (b->weather)
        out[n++] = (uint8_t)(COND_WEATHER + b->weather);
    if (b->terrain)
        out[n++] = (uint8_t)(COND_TERRAIN + b->terrain);
    return n;
}

static void ask_sides(struct ctx *c)
{
    uint8_t list[SIDE_CONDITIONS + SLOTS];
    for (int i = 0; i < 2; i++) {
        struct listeners l = {{{0}}};
        if (side_conditions(&c->b->sides[i]))
            for (int k = conditions_of_side(&c->b->sides[i], list); k--;)
                hear(&l, &c->rules->conds[list[k]]);
        c->of_side[i] = l;
    }
    struct listeners l = {{{0}}};
    if (rooms(c->b) | c->b->weather | c->b->terrain | c->b->clauses)
        for (int k = conditions_of_field(c->b, list); k--;)
            hear(&l, &c->rules->conds[list[k]]);
    c->of_field = l;
}

static void gather(struct ctx *c)
{
    for (int t = 0; t < 2; t++)
        for (int w = 0; w < 2; w++) {
            c->by_target[t][w] = c->of_mon[t].hears[HEARS_OWN][w] | c->of_side[t].hears[HEARS_OWN][w] |
                                 c->of_field.hears[HEARS_OWN][w] | c->of_mon[!t].hears[HEARS_OTHER][w] |
                                 c->of_side[!t].hears[HEARS_OTHER][w];
            c->by_source[1 + t][w] = c->of_mon[t].hears[HEARS_SOURCE][w];
        }
    if (c->on[BENCHED] != &c->bench_on)
        return;
    /* its side's active one may help who strikes from the bench */
    const int b = c->bench_side;
    for (int w = 0; w < 2; w++)
        c->by_target[BENCHED][w] = c->of_mon[b].hears[HEARS_OWN][w] | c->of_field.hears[HEARS_OWN][w] |
                                   c->of_mon[!b].hears[HEARS_OTHER][w] | c->of_side[!b].hears[HEARS_OTHER][w];
}

void refresh(struct ctx *c)
{
    const unsigned dirty = c->dirty;
    const bool off[2] = {c->ability_off[0], c->ability_off[1]};
    c->dirty = 0; /* what is asked below must not come back here */
    suppressions(c);
    for (int t = 0; t < 2; t++)
        if (dirty >> t & 1 || off[t] != c->ability_off[t])
            ask_mon(c, t);
    if (dirty & 4)
        ask_sides(c);
    gather(c);
}

bool still_heard(struct ctx *c, enum event ev, int t, int source)
{
    refresh(c);
    return perhaps_heard(c, ev, t, source);
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

struct search { /* never cleared: the first n count */
    struct ctx *c;
    const struct call *e;
    unsigned word; /* where the event is in a mask */
    uint64_t bit;
    bool plain; /* speed and kind do not count */
    int n;
    struct found list[FOUND_MAX];
};

/* rank: of those alike in all else the lower comes first, and of these who was found first. */
static void found(struct search *s, const struct hook *h, const struct effect *fx, int holder, enum carrier_kind kind,
                  unsigned rank)
{
    if (s->n >= FOUND_MAX)
        return;
    uint64_t key = h->key;
    if (s->plain)
        key &= ~0xffffffffull;
    else
        key |= (uint64_t)(0xffff - (kind <= CARRY_ITEM ? s->c->speed[holder] : 0)) << 24;
    key |= rank << 8 | (unsigned)s->n;
    int i = s->n++;
    for (; i && s->list[i - 1].key > key; i--)
        s->list[i] = s->list[i - 1];
    s->list[i] = (struct found){key, h, fx, (int8_t)holder, (uint8_t)kind};
}

/* Whose effects are searched, and the rank of a hook there by its role; 0: it does not listen in that role. */
enum list { OF_TARGET, OF_BENCH, OF_FOE, OF_SOURCE, OF_SIDE, OF_OTHER_SIDE, OF_FIELD, LISTS };
static const uint8_t ranks[LISTS][ROLE_SOURCE + 1] = {
    [OF_TARGET] = {[ROLE_SELF] = 1, [ROLE_ALLY] = 2, [ROLE_ANY] = 3},
    [OF_BENCH] = {[ROLE_ALLY] = 2, [ROLE_ANY] = 3},
    [OF_FOE] = {[ROLE_FOE] = 4, [ROLE_ANY] = 5},
    [OF_SOURCE] = {[ROLE_SOURCE] = 6},
    [OF_SIDE] = {[ROLE_SELF] = 7, [ROLE_ANY] = 8},
    [OF_OTHER_SIDE] = {[ROLE_FOE] = 9, [ROLE_ANY] = 10},
    [OF_FIELD] = {[ROLE_SELF] = 11},
};

static void search_effect(struct search *s, const struct effect *fx, int holder, enum carrier_kind kind,
                          enum list which)
{
    const struct hook *h = &s->c->rules->hooks[fx->hook], *end = h + fx->hooks;
    const unsigned ev = s->e->event;
    for (; h < end; h++)
        if (h->event == ev && ranks[which][h->role])
            found(s, h, fx, holder, kind, ranks[which][h->role]);
}

static bool listened(const struct search *s, const uint64_t hears_[HEARINGS][2], enum hearing as)
{
    return hears_[as][s->word] & s->bit;
}

static void search_mon(struct search *s, int t, enum hearing as, enum list which)
{
    const struct ctx *c = s->c;
    const struct battle_mon *m = c->mon[t];
    const struct effect *fx = &c->rules->conds[COND_STATUS + m->status];
    if (m->status && listened(s, fx->hears, as))
        search_effect(s, fx, t, CARRY_STATUS, which);
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t bits = c->on[t]->volatiles[w] & c->rules->volatiles[w]; bits; bits &= bits - 1) {
            fx = &c->rules->conds[COND_VOLATILE + 64 * w + (unsigned)__builtin_ctzll(bits)];
            if (listened(s, fx->hears, as))
                search_effect(s, fx, t, CARRY_VOLATILE, which);
        }
    fx = &c->rules->abilities[c->on[t]->ability];
    if (listened(s, fx->hears, as) && !c->ability_off[t])
        search_effect(s, fx, t, CARRY_ABILITY, which);
    fx = &c->rules->items[m->item];
    if (listened(s, fx->hears, as))
        search_effect(s, fx, t, CARRY_ITEM, which);
}

static void search_side(struct search *s, int side, enum list which)
{
    uint8_t list[SIDE_CONDITIONS + SLOTS];
    const int n = conditions_of_side(&s->c->b->sides[side], list);
    for (int i = 0; i < n; i++)
        search_effect(s, &s->c->rules->conds[list[i]], side, list[i] >= COND_SLOT ? CARRY_SLOT : CARRY_SIDE, which);
}

static void search_field(struct search *s)
{
    uint8_t list[CLAUSES + ROOMS + 2];
    const int n = conditions_of_field(s->c->b, list);
    for (int i = 0; i < n; i++)
        search_effect(s, &s->c->rules->conds[list[i]], NOBODY, CARRY_FIELD, OF_FIELD);
}

static void search_all(struct search *s)
{
    const struct ctx *c = s->c;
    const int t = s->e->target, foe = foe_of(c, t), side = side_of(c, t), source = s->e->source;
    if (listened(s, c->of_mon[side].hears, HEARS_OWN))
        search_mon(s, side, HEARS_OWN, t == BENCHED ? OF_BENCH : OF_TARGET);
    if (listened(s, c->of_mon[foe].hears, HEARS_OTHER))
        search_mon(s, foe, HEARS_OTHER, OF_FOE);
    if (source != NOBODY && source != BENCHED && listened(s, c->of_mon[source].hears, HEARS_SOURCE))
        search_mon(s, source, HEARS_SOURCE, OF_SOURCE);
    if (listened(s, c->of_side[side].hears, HEARS_OWN))
        search_side(s, side, OF_SIDE);
    if (listened(s, c->of_side[!side].hears, HEARS_OTHER))
        search_side(s, !side, OF_OTHER_SIDE);
    if (listened(s, c->of_field.hears, HEARS_OWN))
        search_field(s);
}

static void search_begins(struct search *s, struct ctx *c, const struct call *e, bool plain)
{
    s->c = c;
    s->e = e;
    s->word = e->event / 64;
    s->bit = 1ull << (e->event % 64);
    s->plain = plain;
    s->n = 0;
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
    return ev == EV_lock_move || ev == EV_weather_modify_damage;
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
    struct search s;
    search_begins(&s, c, e, left_to_right(e->event));
    search_all(&s);
    return run_found(&s, e);
}

int event_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a)
{
    if (c->dirty && !still_heard(c, ev, t, source))
        return R_TRUE;
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .cause = cause,
                     .value = R_TRUE,
                     .mod = 4096,
                     .a = a};
    return dispatch(c, &e);
}

int event_about_heard(struct ctx *c, enum event ev, int t, int source, ref cause, unsigned thing)
{
    if (c->dirty && !still_heard(c, ev, t, source))
        return R_TRUE;
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .cause = cause,
                     .value = R_TRUE,
                     .mod = 4096,
                     .a = c->attack,
                     .thing = (uint16_t)thing};
    return dispatch(c, &e);
}

int event_number_heard(struct ctx *c, enum event ev, int t, int source, ref cause, struct attack *a, int value)
{
    if (c->dirty && !still_heard(c, ev, t, source))
        return value;
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .cause = cause,
                     .value = value,
                     .mod = 4096,
                     .a = a,
                     .numeric = true};
    return dispatch(c, &e);
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
    struct search s;
    search_begins(&s, c, &e, false);
    if (own)
        for (unsigned k = 0; k < fx->hooks; k++)
            if (c->rules->hooks[fx->hook + k].event == ev)
                found(&s, &c->rules->hooks[fx->hook + k], fx, t, CARRY_VOLATILE, 0);
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

int move_single_heard(struct ctx *c, enum event ev, struct attack *a, int t, int source, int value)
{
    return single(c, ev, &c->rules->moves[a->number], t, t, source, (ref)(REF_MOVE | a->number), a, value);
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

void each_in_turn(struct ctx *c, enum event ev, ref cause)
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

static void arrival(struct search *s, const struct effect *fx, int t, enum carrier_kind kind, enum event ev,
                    unsigned role)
{
    for (unsigned i = 0; i < fx->hooks; i++) {
        const struct hook *h = &s->c->rules->hooks[fx->hook + i];
        if (h->event == ev && h->role == role)
            found(s, h, fx, t, kind, 0);
    }
}

/* Hooks on switch_in.  first: it just came in; abilities and items that have none begin (EV_start) instead. */
static void arrivals(struct search *s, int t, bool first)
{
    struct ctx *c = s->c;
    const struct battle_mon *m = c->mon[t];
    const unsigned role = first ? ROLE_SELF : ROLE_ANY;
    if (m->status)
        arrival(s, &c->rules->conds[COND_STATUS + m->status], t, CARRY_STATUS, EV_switch_in, role);
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t bits = c->on[t]->volatiles[w] & c->rules->volatiles[w]; bits; bits &= bits - 1)
            arrival(s, &c->rules->conds[COND_VOLATILE + 64 * w + (unsigned)__builtin_ctzll(bits)], t, CARRY_VOLATILE,
                    EV_switch_in, role);
    const struct effect *own[2] = {&c->rules->abilities[c->on[t]->ability], &c->rules->items[m->item]};
    for (int i = c->ability_off[t]; i < 2; i++)
        arrival(s, own[i], t, i ? CARRY_ITEM : CARRY_ABILITY,
                first && !listens(own[i], EV_switch_in) ? EV_start : EV_switch_in, role);
}

static void arrivals_by_side(struct search *s, int t)
{
    uint8_t list[SIDE_CONDITIONS + SLOTS];
    const int n = side_conditions(&s->c->b->sides[t]) ? conditions_of_side(&s->c->b->sides[t], list) : 0;
    for (int i = 0; i < n; i++) {
        const struct effect *fx = &s->c->rules->conds[list[i]];
        for (unsigned k = 0; k < fx->hooks; k++) {
            const struct hook *h = &s->c->rules->hooks[fx->hook + k];
            if (h->event == EV_switch_in)
                found(s, h, fx, t, CARRY_VOLATILE, 0); /* it happens to the Pokémon, at its speed */
        }
    }
}

/* arrived: bit t for each that just came in.  Of two equally fast the first side's come first. */
void switch_in_event(struct ctx *c, unsigned arrived)
{
    fresh(c);
    struct call about = {.event = EV_switch_in};
    struct search s;
    search_begins(&s, c, &about, false);
    const int32_t speeds[3] = {c->speed[0], c->speed[1], c->speed[2]};
    c->speed[0] = speeds[0] * 2 + 1;
    c->speed[1] = speeds[1] * 2;
    for (int t = 0; t < 2; t++) {
        if (listened(&s, c->of_mon[t].hears, HEARS_OTHER))
            arrivals(&s, t, false);
        if (!(arrived >> t & 1))
            continue;
        arrivals(&s, t, true);
        arrivals_by_side(&s, t);
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

/* Volatiles that count turns or end with this one. */
#define PASSING ((1ull << VOLATILES_LASTING) - 1)
_Static_assert(VOLATILES_LASTING < 64, "those that pass lie in the first word");

static void residue(struct residues *all, unsigned order, unsigned sub, int speed, enum residue_kind kind, int holder,
                    unsigned n)
{
    if (all->n >= 64)
        return;
    const uint32_t key = (order ? order : 63u) << 26 | (unsigned)(16383 - speed) << 12 | sub << 8 | (unsigned)all->n;
    int i = all->n++;
    for (; i && all->list[i - 1].key > key; i--)
        all->list[i] = all->list[i - 1];
    all->list[i] = (struct residue){key, (uint8_t)kind, (int8_t)holder, (uint8_t)n};
}

static void residue_hooks(struct ctx *c, struct residues *all, const struct effect *fx, int t, enum carrier_kind kind)
{
    if (!listens(fx, EV_residual))
        return;
    for (unsigned i = 0; i < fx->hooks; i++) {
        const struct hook *h = &c->rules->hooks[fx->hook + i];
        if (h->event != EV_residual || h->role != ROLE_SELF || all->hooks_n >= 16)
            continue;
        all->hooks[all->hooks_n].hook = h;
        all->hooks[all->hooks_n].fx = fx;
        all->hooks[all->hooks_n].kind = (uint8_t)kind;
        residue(all, h->order, h->suborder ? h->suborder : fx->suborder, c->speed[t], RESIDUE_HOOK, t,
                (unsigned)all->hooks_n++);
    }
}

static void residues_of_field(struct ctx *c, struct residues *all)
{
    static const uint8_t subs[ROOMS] = {1, 2, 5, 6, 0, 0};
    const struct battle *b = c->b;
    if (b->weather)
        residue(all, 1, 5, 0, RESIDUE_WEATHER, NOBODY, 0);
    for (unsigned r = 0; r < ROOMS && rooms(b); r++)
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

/* Volatiles that last, ability and item. */
static void residues_of_effects(struct ctx *c, struct residues *all, int t)
{
    const uint64_t lasting[2] = {c->on[t]->volatiles[0] & c->rules->volatiles[0] & ~PASSING,
                                 c->on[t]->volatiles[1] & c->rules->volatiles[1]};
    for (unsigned w = 0; w < 2; w++)
        for (uint64_t bits = lasting[w]; bits; bits &= bits - 1)
            residue_hooks(c, all, &c->rules->conds[COND_VOLATILE + 64 * w + (unsigned)__builtin_ctzll(bits)], t,
                          CARRY_VOLATILE);
    if (!c->ability_off[t])
        residue_hooks(c, all, &c->rules->abilities[c->on[t]->ability], t, CARRY_ABILITY);
    residue_hooks(c, all, &c->rules->items[c->mon[t]->item], t, CARRY_ITEM);
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
    const bool hooks = c->of_mon[t].hears[HEARS_OWN][EV_residual / 64] >> (EV_residual % 64) & 1;
    if (hooks && c->mon[t]->status)
        residue_hooks(c, all, &c->rules->conds[COND_STATUS + c->mon[t]->status], t, CARRY_STATUS);
    for (uint64_t bits = on->volatiles[0] & PASSING; bits; bits &= bits - 1) {
        const unsigned v = (unsigned)__builtin_ctzll(bits);
        if (v == VOL_BOUND && on->gone & GONE_SALT_FIRST)
            continue;
        residue(all,
                v < VOLATILES_TIMED ? orders[v]
                : v == VOL_ROOST    ? 25
                                    : 0,
                v == VOL_UPROAR ? 1 : 2, c->speed[t], RESIDUE_VOLATILE, t, v);
    }
    if (hooks)
        residues_of_effects(c, all, t);
    if (on->gone & GONE_SALT_FIRST && has(c, t, VOL_BOUND))
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
    struct residues all; /* never cleared: the first n count */
    all.n = all.hooks_n = 0;
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
