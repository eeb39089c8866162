/*
 * event.c - events: in which order those who listen are asked, and what comes of it.
 *
 * dispatch() collects the hooks of the effects that hear the event (listeners.c), puts them in order - order, priority,
 * speed of the holder, kind of effect, and for the rest in the order in which they were found - and runs them until one
 * stops the event.
 */
#include "dispatch.h"
#include "ties.h"

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

/* ------------------------------------------------------------------------------------------------ finding --- */

enum list { OF_TARGET, OF_FALLEN, OF_BENCH, OF_FOE, OF_SOURCE, OF_SIDE, OF_OTHER_SIDE, OF_FIELD, LISTS };
static const uint8_t ranks[LISTS][ROLE_SOURCE + 1] = {
    [OF_TARGET] = {[ROLE_SELF] = RANK_SELF, [ROLE_ALLY] = RANK_ALLY, [ROLE_ANY] = RANK_ANY},
    [OF_FALLEN] = {[ROLE_SELF] = RANK_SELF},
    [OF_BENCH] = {[ROLE_ALLY] = RANK_ALLY, [ROLE_ANY] = RANK_ANY},
    [OF_FOE] = {[ROLE_FOE] = RANK_FOE, [ROLE_ANY] = RANK_FOE_ANY},
    [OF_SOURCE] = {[ROLE_SOURCE] = RANK_SOURCE},
    [OF_SIDE] = {[ROLE_SELF] = RANK_SIDE, [ROLE_ANY] = RANK_SIDE_ANY},
    [OF_OTHER_SIDE] = {[ROLE_FOE] = RANK_OTHER_SIDE, [ROLE_ANY] = RANK_OTHER_SIDE_ANY},
    [OF_FIELD] = {[ROLE_SELF] = RANK_FIELD},
};

static APART void search_carrier(struct search *s, const struct carrier *l, unsigned ev, enum hearing as, int holder,
                                 enum list which)
{
    const uint8_t *rank = ranks[which];
    for (int i = 0; i < l->n; i++) {
        const struct effect *fx = l->list[i];
        if (!has_event(fx->hears[as], ev))
            continue;
        const struct hook *h = &s->c->rules->hooks[fx->hook], *end = h + fx->hooks;
        for (; h < end; h++)
            if (h->event == ev && rank[h->role])
                found(s, h, fx, holder, (enum carrier_kind)fx->kind, rank[h->role]);
    }
}

static inline void search_if(struct search *s, const struct carrier *l, unsigned ev, enum hearing as, int holder,
                             enum list which)
{
    if (has_event(l->hears[as], ev))
        search_carrier(s, l, ev, as, holder, which);
}

static void search_all(struct search *s, const struct call *e)
{
    const struct ctx *c = s->c;
    const unsigned ev = e->event;
    const int t = e->target, foe = foe_of(c, t), side = side_of(c, t), source = e->source;
    if (t != BENCHED || alive(c, side))
        search_if(s, &c->of_mon[side], ev, HEARS_OWN, side,
                  t == BENCHED     ? OF_BENCH
                  : alive(c, side) ? OF_TARGET
                                   : OF_FALLEN);
    if (alive(c, foe)) /* who has no HP left hears of itself alone */
        search_if(s, &c->of_mon[foe], ev, HEARS_OTHER, foe, OF_FOE);
    if (source != NOBODY && source != BENCHED)
        search_if(s, &c->of_mon[source], ev, HEARS_SOURCE, source, OF_SOURCE);
    if (!(c->around.w[ev / 64] >> (ev % 64) & 1))
        return;
    search_if(s, &c->of_side[side], ev, HEARS_OWN, side, OF_SIDE);
    search_if(s, &c->of_side[!side], ev, HEARS_OTHER, !side, OF_OTHER_SIDE);
    search_if(s, &c->of_field, ev, HEARS_OWN, NOBODY, OF_FIELD);
}

uint64_t found_key(const struct search *s, const struct found *f)
{
    uint64_t key = f->hook->key;
    if (s->ordering == AS_FOUND)
        return key & ~0xffffffffull;
    return key | (uint64_t)(0xffff - (f->kind <= CARRY_ITEM && f->holder >= 0 ? s->c->speed[f->holder] : 0)) << 24;
}

APART void sort_found(struct search *s, const struct call *e)
{
    uint64_t keys[FOUND_MAX];
    if (s->ordering == IN_ORDER && draws_ties(s->c)) {
        sort_found_drawn(s, e);
        return;
    }
    for (int n = 0; n < s->n; n++) {
        const struct found f = s->list[n];
        const uint64_t key = found_key(s, &f) | (unsigned)f.rank << 8 | (unsigned)n;
        int i = n;
        for (; i && keys[i - 1] > key; i--) {
            keys[i] = keys[i - 1];
            s->list[i] = s->list[i - 1];
        }
        keys[i] = key;
        s->list[i] = f;
    }
}

/* ------------------------------------------------------------------------------------------------ running --- */

int run_hook(struct ctx *c, struct call *e, const struct hook *h)
{
    int r = h->code & HOOK_NATIVE ? battle_natives[h->code & ~HOOK_NATIVE](c, e) : run_program(c, e, h->code);
    if (r != R_UNDEF)
        e->value = r;
    return r;
}

bool something_silences(struct ctx *c, const struct call *e, enum carrier_kind kind, int holder,
                        const struct effect *fx)
{
    switch (kind) {
    case CARRY_STATUS: return c->rules->conds[COND_STATUS + c->mon[holder]->status].self != fx->self;
    case CARRY_ABILITY:
        if (c->attack && c->attack->ignore_ability && fx->breakable && c->active_user != holder &&
            c->active_user != NOBODY && c->active_user != BENCHED && !has_item(c, holder, I(abilityshield)))
            return true;
        return (c->ability_off[holder] && e->event != EV_end) || (e->event == EV_weather && c->weather_off);
    case CARRY_ITEM:
        return (c->item_off[holder] && e->event != EV_take_item && e->event != EV_start) ||
               (e->event == EV_weather && c->weather_off);
    case CARRY_FIELD: {
        const unsigned n = fx->self & REF_NUMBER;
        return n >= COND_WEATHER && n < COND_TERRAIN && c->weather_off;
    }
    default: return false;
    }
}

static bool first_word_counts(unsigned ev)
{
    return ev == EV_lock_move || ev == EV_weather_modify_damage;
}

static inline bool left_to_right(unsigned ev)
{
    static const struct events set = {
        {IN_WORD(EV_invulnerability, 0) | IN_WORD(EV_try_hit, 0) | IN_WORD(EV_damaging_hit, 0),
         IN_WORD(EV_invulnerability, 1) | IN_WORD(EV_try_hit, 1) | IN_WORD(EV_damaging_hit, 1)}};
    return has_event(set, ev);
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
    search_ends(s, e);
    if (c->depth >= 32)
        return e->value;
    c->depth++;
    for (int i = 0; i < s->n; i++) {
        struct found *f = &s->list[i];
        if (silenced(c, e, (enum carrier_kind)f->kind, f->holder, f->fx))
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
    search_begins(&s, c, left_to_right(e->event) ? AS_FOUND : IN_ORDER);
    search_all(&s, e);
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

int event_with_move_heard(struct ctx *c, enum event ev, int t, int source, struct attack *a, int value)
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
    fresh(c);
    search_begins(&s, c, IN_ORDER);
    if (own)
        for (unsigned k = 0; k < fx->hooks; k++)
            if (c->rules->hooks[fx->hook + k].event == ev)
                found(&s, &c->rules->hooks[fx->hook + k], fx, t, CARRY_VOLATILE, 0);
    search_all(&s, &e);
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

void each_in_turn(struct ctx *c, enum event ev, ref cause)
{
    int first = c->speed[1] > c->speed[0];
    if (c->speed[0] == c->speed[1] && draws_ties(c) && in_play(c, 0) && in_play(c, 1))
        first = first_asked(c);
    for (int i = 0; i < 2; i++) {
        const int t = i ? !first : first;
        if (!in_play(c, t))
            continue;
        fresh(c);
        if (perhaps_heard(c, ev, t, NOBODY) || (ev == EV_update && hurt_wakes(c, t)))
            event_heard(c, ev, t, NOBODY, cause, c->attack);
    }
    if (ev == EV_weather)
        each(c, EV_update, cause);
}
