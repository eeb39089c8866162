/*
 * typing.c - which types a Pokémon on the field has, and what follows: whether it stands on the ground, what it is
 * immune to, how effective a move is.
 */
#include "seen.h"

/* ------------------------------------------------------------------------------------------------- types --- */

static bool plated(const struct ctx *c, int t)
{
    const unsigned ability = c->on[t]->ability;
    if (!ability || (ability != A(multitype) && ability != A(rkssystem)))
        return false;
    const struct dex_species *s = species_now(c, t);
    return (s->number == 493 && c->on[t]->ability == A(multitype)) ||
           (s->number == 773 && c->on[t]->ability == A(rkssystem));
}

static struct types packed_types(unsigned n, unsigned one, unsigned two, unsigned three)
{
    return (struct types){one | two << 8 | three << 16 | n << 24};
}

struct types unusual_types(const struct ctx *c, int t, bool with_added, bool before_tera)
{
    const struct battle_active *on = c->on[t];
    const struct battle_mon *m = c->mon[t];
    unsigned one = on->types[0], two = on->types[1];
    if (HAS_GIMMICKS && !before_tera && m->flags & MON_TERASTALLIZED && m->tera != TYPE_STELLAR)
        return packed_types(1, m->tera, 0, 0);
    const bool any = one || two;
    if (plated(c, t) && !has(c, t, VOL_TRANSFORMED)) {
        const struct dex_item *item = &c->dex->items[m->item];
        const unsigned plate = c->on[t]->ability == A(multitype) ? item->plate : item->memory;
        one = plate ? plate : TYPE_NORMAL;
        two = 0;
    } else if (has(c, t, VOL_ROOST)) {
        one = one == TYPE_FLYING ? 0 : one;
        two = two == TYPE_FLYING ? 0 : two;
    }
    if (!one) {
        one = two ? two : any ? TYPE_NORMAL : TYPE_NONE;
        two = 0;
    }
    const unsigned n = two ? 2 : 1, added = with_added ? on->type_added : 0;
    one = one == TYPE_BLANK ? TYPE_NONE : one;
    two = two == TYPE_BLANK ? TYPE_NONE : two;
    if (!added)
        return packed_types(n, one, two, 0);
    return n == 1 ? packed_types(2, one, added, 0) : packed_types(3, one, two, added);
}

void keep_types(uint8_t to[2], struct types types)
{
    for (int i = 0; i < 2; i++)
        to[i] = (uint8_t)(i >= types_n(types) ? TYPE_NONE : type_at(types, i) ? type_at(types, i) : TYPE_BLANK);
}

bool has_type(const struct ctx *c, int t, int type)
{
    struct types all = types_of(c, t, true, false);
    for (int i = 0; i < types_n(all); i++)
        if (type_at(all, i) == type)
            return true;
    return false;
}

bool set_type(struct ctx *c, int t, int one, int two)
{
    struct battle_active *on = c->on[t];
    const struct dex_species *s = species_now(c, t);
    if (one == TYPE_STELLAR || s->number == 493 || s->number == 773 || terastallized(c, t))
        return false;
    on->types[0] = (uint8_t)one;
    on->types[1] = (uint8_t)two;
    on->type_added = 0;
    tell(c, t, TOLD_TYPES);
    memcpy(on->types_shown, on->types, 2);
    return true;
}

int grounded(struct ctx *c, int t, bool negated)
{
    if (c->b->rooms[ROOM_GRAVITY] || has(c, t, VOL_INGRAIN) || has(c, t, VOL_SMACK_DOWN) || has_item(c, t, I(ironball)))
        return R_TRUE;
    if (!negated && has_type(c, t, TYPE_FLYING))
        return R_FALSE;
    if (has_unbroken(c, t, A(levitate)))
        return R_NULL;
    if (has(c, t, VOL_MAGNET_RISE) || has(c, t, VOL_TELEKINESIS) || has_item(c, t, I(airballoon)))
        return R_FALSE;
    return R_TRUE;
}

bool semi_invulnerable(const struct ctx *c, int t)
{
    return has(c, t, VOL_FLY) || has(c, t, VOL_BOUNCE) || has(c, t, VOL_DIG) || has(c, t, VOL_DIVE) ||
           has(c, t, VOL_PHANTOM_FORCE) || has(c, t, VOL_SHADOW_FORCE) || sky_dropped(c, t);
}

/* -------------------------------------------------------------------------------------------- immunities --- */

bool natural_immunity(const struct ctx *c, int t, ref what)
{
    static const struct {
        ref what;
        uint8_t types[3];
    } rows[] = {{REF_STATUS(STATUS_BRN), {TYPE_FIRE}},
                {REF_STATUS(STATUS_PAR), {TYPE_ELECTRIC}},
                {REF_STATUS(STATUS_FRZ), {TYPE_ICE}},
                {REF_STATUS(STATUS_PSN), {TYPE_POISON, TYPE_STEEL}},
                {REF_STATUS(STATUS_TOX), {TYPE_POISON, TYPE_STEEL}},
                {REF_POWDER, {TYPE_GRASS}},
                {REF_PRANKSTER, {TYPE_DARK}},
                {REF_TRAPPED, {TYPE_GHOST}},
                {REF_VOL(VOL_NO_ESCAPE), {TYPE_GHOST}},
                {REF_WEATHER(WEATHER_SAND), {TYPE_ROCK, TYPE_GROUND, TYPE_STEEL}},
                {REF_WEATHER(WEATHER_HAIL), {TYPE_ICE}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].what == what) {
            for (int k = 0; k < 3; k++)
                if (rows[i].types[k] && has_type(c, t, rows[i].types[k]))
                    return false;
            return true;
        }
    return true;
}

bool status_immunity(struct ctx *c, int t, ref what)
{
    if (!natural_immunity(c, t, what))
        return false;
    return worked(event_about(c, EV_immunity, t, NOBODY, REF_NONE, what));
}

static bool type_allows(const struct ctx *c, int t, int type)
{
    struct types all = types_of(c, t, true, false);
    for (int i = 0; i < types_n(all); i++)
        if (!c->dex->chart[type][type_at(all, i)])
            return false;
    return true;
}

/* It is on the ground, something negates its immunity, or it is immune. */
static APART bool unusual_immunity(struct ctx *c, int t, struct attack *a, bool tell)
{
    bool negated = false;
    if (heard(c, EV_negate_immunity, t, NOBODY))
        negated = !going(event_about(c, EV_negate_immunity, t, NOBODY, REF_NONE, a->type));
    int r;
    if (a->type == TYPE_GROUND)
        r = grounded(c, t, negated);
    else
        r = negated || type_allows(c, t, a->type) ? R_TRUE : R_FALSE;
    /* Scrappy and its kind lift single immunities of the move */
    if (r != R_TRUE && a->hit_through && (a->type == TYPE_NORMAL || a->type == TYPE_FIGHTING))
        return true;
    if (r == R_TRUE)
        return true;
    if (tell) {
        if (r == R_NULL)
            say_from(c, LINE_IMMUNE, t, 0, (ref)(REF_ABILITY | c->on[t]->ability), NOBODY);
        else
            say(c, LINE_IMMUNE, t);
    }
    return false;
}

bool type_immunity(struct ctx *c, int t, struct attack *a, bool tell)
{
    if (a->ignore_immunity || !a->type)
        return true;
    if (a->type != TYPE_GROUND && !perhaps_heard(c, EV_negate_immunity, t, NOBODY) && type_allows(c, t, a->type))
        return true; /* mostly */
    return unusual_immunity(c, t, a, tell);
}

static int tera_shell(struct ctx *c, int t, struct attack *a, int total)
{
    if (a->hit == 1)
        c->on[t]->ability_n = 0;
    if (c->on[t]->ability_n)
        return -1;
    if (a->category == MOVE_STATUS || a->number == M(struggle) || !type_immunity(c, t, a, false) || total < 0 ||
        c->mon[t]->hp < c->mon[t]->hp_max)
        return total;
    say1(c, LINE_ACTIVATE, t, SAY_ABILITY_FULL | A(terashell));
    c->on[t]->ability_n = 1;
    return -1;
}

/* One defending type; 0 is usual.  Hooks see it with 64 added, as numbers of events are not below 0. */
static int one_effectiveness(struct ctx *c, int t, struct attack *a, int type)
{
    static const int8_t stages[5] = {0, -1, 0, 0, 1};
    int value = stages[c->dex->chart[a->type][type]] + 64;
    const struct effect *fx = &c->rules->moves[a->number];
    if (move_listens(c, a->number, EV_effectiveness)) {
        struct call e = {.event = EV_effectiveness,
                         .target = (int8_t)t,
                         .source = NOBODY,
                         .holder = (int8_t)t,
                         .self = fx->self,
                         .value = value,
                         .mod = 4096,
                         .a = a,
                         .thing = (uint16_t)type,
                         .numeric = true};
        for (unsigned i = 0; i < fx->hooks; i++)
            if (c->rules->hooks[fx->hook + i].event == EV_effectiveness)
                run_hook(c, &e, &c->rules->hooks[fx->hook + i]);
        value = e.value;
    }
    if (heard(c, EV_effectiveness, t, NOBODY)) {
        struct call e = {.event = EV_effectiveness,
                         .target = (int8_t)t,
                         .source = NOBODY,
                         .value = value,
                         .mod = 4096,
                         .a = a,
                         .thing = (uint16_t)type,
                         .numeric = true};
        value = dispatch(c, &e);
    }
    return value - 64;
}

int effectiveness(struct ctx *c, int t, struct attack *a)
{
    int total = 0;
    if (terastallized(c, t) && a->type == TYPE_STELLAR) {
        total = 1;
    } else if (a->type) {
        struct types all = types_of(c, t, true, false);
        for (int i = 0; i < types_n(all); i++)
            total += one_effectiveness(c, t, a, type_at(all, i));
    }
    if (c->on[t]->species == S(terapagosterastal) && S(terapagosterastal) && has_unbroken(c, t, A(terashell)))
        return tera_shell(c, t, a, total);
    return total;
}

int effective_stages(struct ctx *c, int t, struct attack *a)
{
    const int stages = effectiveness(c, t, a);
    return stages > 6 ? 6 : stages < -6 ? -6 : stages;
}
