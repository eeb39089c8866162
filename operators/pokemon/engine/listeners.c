/*
 * listeners.c - who listens to what: the effects that each Pokémon, side and the field carry, and the events they hear.
 *
 * refresh() gathers them anew when something changed, so that an event nobody listens to costs one test (heard() in
 * listeners.h), and one that is heard asks only those effects that are there.
 */
#include "engine.h"

/* ---------------------------------------------------------------------------------------- what is suppressed --- */

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

/* Mostly there is nothing that could suppress anything. */
static bool suppresses(const struct ctx *c)
{
    static const uint64_t volatiles[2] = {
        IN_WORD(VOL_GASTRO_ACID, 0) | IN_WORD(VOL_TRANSFORMED, 0) | IN_WORD(VOL_EMBARGO, 0),
        IN_WORD(VOL_GASTRO_ACID, 1) | IN_WORD(VOL_TRANSFORMED, 1) | IN_WORD(VOL_EMBARGO, 1)};
    const struct battle_active *x = c->on[0], *y = c->on[1];
    return (ability_marks(c, 0) | ability_marks(c, 1)) & DEX_BIT(MARK_SUPPRESSES) ||
           (c->mon[0]->flags | c->mon[1]->flags) & MON_FAINT_TOLD ||
           (((x->volatiles[0] | y->volatiles[0]) & volatiles[0]) |
            ((x->volatiles[1] | y->volatiles[1]) & volatiles[1])) ||
           c->b->rooms[ROOM_MAGIC];
}

static void suppressions(struct ctx *c)
{
    if (!suppresses(c)) {
        nothing_off(c);
        return;
    }
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
    c->some_off = true;
}

/* -------------------------------------------------------------------------------------------- what is carried --- */

/* Two words at once, which compilers keep in one register. */
typedef uint64_t word_pair __attribute__((vector_size(16)));

static inline word_pair words_of(const struct events *e)
{
    word_pair w;
    memcpy(&w, e, sizeof w);
    return w;
}

static inline void keep(struct events *to, word_pair w)
{
    memcpy(to, &w, sizeof w);
}
_Static_assert(sizeof(word_pair) == sizeof(struct events), "events are two words");

struct gathered { /* what has been carried so far */
    const struct effect **list;
    int n;
    word_pair own, other, source;
    unsigned updates; /* UPDATE_* */
};

/* No branches: what has no hooks hears nothing, and the next one takes its place in the list. */
static inline void carry(struct gathered *g, const struct effect *fx)
{
    g->own |= words_of(&fx->hears[HEARS_OWN]);
    g->other |= words_of(&fx->hears[HEARS_OTHER]);
    g->source |= words_of(&fx->hears[HEARS_SOURCE]);
    g->updates |= fx->updates;
    g->list[g->n] = fx;
    g->n += fx->hooks != 0;
}

/* ill, bothered: by a Pokémon that has a status, or volatiles among what it carries. */
static inline void carried(struct carrier *to, const struct gathered *g, bool ill, bool bothered)
{
    static const struct events update = {{IN_WORD(EV_update, 0), IN_WORD(EV_update, 1)}};
    const bool awake = g->updates & (UPDATE_ALWAYS | (ill ? UPDATE_ILL : 0u) | (bothered ? UPDATE_BOTHERED : 0u));
    to->n = g->n;
    keep(&to->hears[HEARS_OWN], g->own);
    keep(&to->hears[HEARS_OTHER], g->other);
    keep(&to->hears[HEARS_SOURCE], g->source);
    keep(&to->awake, awake ? g->own : g->own & ~words_of(&update));
    to->update_hurt = g->updates & UPDATE_HURT;
}

/* first, second: its volatiles that hear anything, as in battle_active. */
static inline void ask_mon_with(struct ctx *c, int t, uint64_t first, uint64_t second)
{
    const bool bothered = first | second;
    struct carrier *to = &c->of_mon[t];
    struct gathered g = {.list = to->list};
    const struct battle_active *on = c->on[t];
    const struct battle_mon *m = c->mon[t];
    if (m->status)
        carry(&g, &c->rules->conds[COND_STATUS + m->status]);
    for (; first; first &= first - 1)
        carry(&g, &c->rules->conds[COND_VOLATILE + (unsigned)__builtin_ctzll(first)]);
    for (; second; second &= second - 1)
        carry(&g, &c->rules->conds[COND_VOLATILE + 64 + (unsigned)__builtin_ctzll(second)]);
    if (HAS_KITS && (!c->ability_off[t] || c->b->ties)) /* it takes part in ties */
        carry(&g, &c->rules->abilities[on->ability]);
    if (HAS_KITS)
        carry(&g, &c->rules->items[m->item]);
    carried(to, &g, m->status, bothered);
}

static APART void ask_mon_and_volatiles(struct ctx *c, int t, uint64_t first, uint64_t second)
{
    ask_mon_with(c, t, first, second);
}

/* Mostly it has no volatiles that hear anything. */
static void ask_mon(struct ctx *c, int t)
{
    const uint64_t *on = c->on[t]->volatiles, *heard = c->rules->volatiles;
    if ((on[0] & heard[0]) | (on[1] & heard[1]))
        ask_mon_and_volatiles(c, t, on[0] & heard[0], on[1] & heard[1]);
    else
        ask_mon_with(c, t, 0, 0);
}

/* The conditions of a side in their order: those with turns, hazards as they came, what waits for the next one. */
static void ask_side(struct ctx *c, int side)
{
    struct carrier *to = &c->of_side[side];
    struct gathered g = {.list = to->list};
    const struct battle_side *s = &c->b->sides[side];
    const struct effect *conds = c->rules->conds;
    for (unsigned k = 0; k < SIDE_HAZARDS; k++)
        if (s->turns[k])
            carry(&g, &conds[COND_SIDE + k]);
    for (size_t k = 0; k < sizeof s->hazards && s->hazards[k]; k++)
        carry(&g, &conds[COND_SIDE + s->hazards[k] - 1]);
    static const uint8_t wishes[3] = {SLOT_LUNAR_DANCE, SLOT_HEALING_WISH, SLOT_LUNAR_DANCE};
    const uint8_t *wish = wishes + !(s->replacing & REPLACING_LUNAR_FIRST);
    for (unsigned k = 0; k < 2; k++)
        if (s->replacing >> wish[k] & 1)
            carry(&g, &conds[COND_SLOT + wish[k]]);
    for (unsigned k = SLOT_FUTURE + 1; k < SLOTS; k++)
        if (s->replacing >> k & 1)
            carry(&g, &conds[COND_SLOT + k]);
    carried(to, &g, false, false);
}

static void ask_field(struct ctx *c)
{
    struct carrier *to = &c->of_field;
    struct gathered g = {.list = to->list};
    const struct battle *b = c->b;
    const struct effect *conds = c->rules->conds;
    for (unsigned k = 0; k < CLAUSES; k++)
        if (b->clauses >> k & 1)
            carry(&g, &conds[COND_CLAUSE + k]);
    for (unsigned r = 0; r < ROOMS && rooms(b); r++)
        if (b->rooms[r])
            carry(&g, &conds[COND_ROOM + r]);
    if (b->weather)
        carry(&g, &conds[COND_WEATHER + b->weather]);
    if (b->terrain)
        carry(&g, &conds[COND_TERRAIN + b->terrain]);
    if (HAS_TIES && b->ties)
        carry(&g, &conds[COND_TIES]);
    carried(to, &g, false, false);
}

/* ------------------------------------------------------------------------------------------------ all of them --- */

static inline word_pair heard_of(const struct ctx *c, int t)
{
    return words_of(&c->of_mon[t].awake) | words_of(&c->around_of[t]) | words_of(&c->of_mon[!t].hears[HEARS_OTHER]);
}

/* It is played by clauses, or ties are drawn: both are conditions of the field. */
static int on_terms(const struct battle *b)
{
    enum { LONGER = 3 };
    return b->terms & ~LONGER;
}

static bool anything_around(const struct battle *b)
{
    return (int)side_conditions(&b->sides[0]) | side_conditions(&b->sides[1]) | rooms(b) | b->weather | b->terrain |
           on_terms(b);
}

static APART void ask_around(struct ctx *c)
{
    const struct battle *b = c->b;
    for (int i = 0; i < 2; i++)
        if (side_conditions(&b->sides[i]) | c->of_side[i].n)
            ask_side(c, i);
    if (rooms(b) | b->weather | b->terrain | on_terms(b) | c->of_field.n)
        ask_field(c);
    c->around_n = c->of_side[0].n + c->of_side[1].n + c->of_field.n;
    const word_pair field = words_of(&c->of_field.hears[HEARS_OWN]);
    for (int i = 0; i < 2; i++)
        keep(&c->around_of[i],
             words_of(&c->of_side[i].hears[HEARS_OWN]) | words_of(&c->of_side[!i].hears[HEARS_OTHER]) | field);
    keep(&c->around, words_of(&c->around_of[0]) | words_of(&c->around_of[1]));
}

static void gather(struct ctx *c)
{
    const word_pair first = heard_of(c, 0), second = heard_of(c, 1);
    const word_pair by_first = words_of(&c->of_mon[0].hears[HEARS_SOURCE]),
                    by_second = words_of(&c->of_mon[1].hears[HEARS_SOURCE]);
    keep(&c->by_target[0], first);
    keep(&c->by_target[1], second);
    keep(&c->by_source[1], by_first);
    keep(&c->by_source[2], by_second);
    keep(&c->any, first | second | by_first | by_second);
    c->update_hurt = c->of_mon[0].update_hurt | c->of_mon[1].update_hurt;
    if (c->on[BENCHED] != &c->bench_on)
        return;
    /* its side's active one may help who strikes from the bench */
    const int b = c->bench_side;
    keep(&c->by_target[BENCHED], words_of(&c->of_mon[b].hears[HEARS_OWN]) | words_of(&c->of_field.hears[HEARS_OWN]) |
                                     words_of(&c->of_mon[!b].hears[HEARS_OTHER]) |
                                     words_of(&c->of_side[!b].hears[HEARS_OTHER]));
}

void refresh(struct ctx *c)
{
    const unsigned dirty = c->dirty;
    const bool off[2] = {c->ability_off[0], c->ability_off[1]};
    c->dirty = 0; /* what is asked below must not come back here */
    if (HAS_KITS)
        suppressions(c);
    if (dirty & 1 || (HAS_KITS && off[0] != c->ability_off[0]))
        ask_mon(c, 0);
    if (dirty & 2 || (HAS_KITS && off[1] != c->ability_off[1]))
        ask_mon(c, 1);
    if (dirty & 4 && (c->around_n || anything_around(c->b)))
        ask_around(c);
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
