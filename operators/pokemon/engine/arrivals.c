/*
 * arrivals.c - what happens when Pokémon come in: hooks on switch_in, hazards, abilities and items that begin.
 */
#include "dispatch.h"
#include "ties.h"

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
    const struct carrier *l = &s->c->of_side[t];
    for (int i = 0; i < l->n; i++) {
        const struct effect *fx = l->list[i];
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
    struct search s;
    search_begins(&s, c, WITHOUT_TIES);
    const int32_t speeds[3] = {c->speed[0], c->speed[1], c->speed[2]};
    const bool second = draws_ties(c) && first_asked(c);
    c->speed[0] = speeds[0] * 2 + !second;
    c->speed[1] = speeds[1] * 2 + second;
    for (int t = 0; t < 2; t++) {
        if (has_event(c->of_mon[t].hears[HEARS_OTHER], EV_switch_in))
            arrivals(&s, t, false);
        if (!(arrived >> t & 1))
            continue;
        arrivals(&s, t, true);
        arrivals_by_side(&s, t);
    }
    search_ends(&s, NULL);
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
        if (!silenced(c, &e, (enum carrier_kind)f->kind, f->holder, f->fx))
            run_hook(c, &e, f->hook);
        faint_messages(c, true);
    }
}
