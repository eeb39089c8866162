/*
 * vitals.c - HP, stages and status of a Pokémon: every change goes through here, with its events and its line.
 */
#include "engine.h"

static bool by_move(ref r)
{
    return (r & REF_CLASS) == REF_MOVE || r == REF_OF_WORD(WORD_CONFUSED);
}

/* -------------------------------------------------------------------------------------------------- faint --- */

void faint(struct ctx *c, int t, int source, ref cause)
{
    if (t == BENCHED)
        return;
    for (int i = 0; i < c->fainted_n; i++)
        if (c->fainted[i].side == t)
            return;
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return;
    c->mon[t]->hp = 0;
    c->on[t]->flags &= (uint16_t)~ON_SWITCH_OUT;
    c->b->sides[t].pivot = 0; /* who falls does not go back by U-turn */
    c->fainted[c->fainted_n].side = (uint8_t)t;
    c->fainted[c->fainted_n].by = (int8_t)source;
    c->fainted[c->fainted_n++].cause = cause;
}

/* ----------------------------------------------------------------------------------------------------- HP --- */

static void say_hurt(struct ctx *c, int t, int source, ref cause)
{
    if (cause == REF_VOL(VOL_BOUND)) {
        struct battle_event *e = NULL;
        say_hp(c, LINE_DAMAGE, t, (ref)(REF_MOVE | c->on[t]->bound_move), NOBODY, 0);
        if (c->log)
            e = &c->log->events[c->log->count - 1];
        if (e)
            e->extra = WORD_TAG_PARTIAL;
    } else if (cause == REF_OF_WORD(WORD_CONFUSED)) {
        say_hp(c, LINE_DAMAGE, t, REF_OF_WORD(WORD_CONFUSION), NOBODY, 0);
    } else if (by_move(cause) || cause == REF_NONE) {
        say_hp(c, LINE_DAMAGE, t, REF_NONE, NOBODY, 0);
    } else {
        const bool of = source != NOBODY && (source != t || (cause & REF_CLASS) == REF_ABILITY);
        say_hp(c, LINE_DAMAGE, t, cause, of ? source : NOBODY, 0);
    }
}

/* Takes points off; returns how many. */
static int take_points(struct ctx *c, int t, int n, int source, ref cause)
{
    struct battle_mon *m = c->mon[t];
    if (!m->hp || n <= 0)
        return 0;
    if (n > m->hp)
        n = m->hp;
    m->hp = (uint16_t)(m->hp - n);
    if (!m->hp)
        faint(c, t, source, cause);
    return n;
}

void drain(struct ctx *c, int t, int n, int source, const struct attack *a)
{
    if (n && a && source != NOBODY && source != BENCHED && a->move->drain[1]) {
        int got = (int)share((unsigned)n, a->move->drain[0], a->move->drain[1]);
        heal(c, source, got, t, REF_OF_WORD(WORD_DRAIN));
    }
}

int hurt(struct ctx *c, int t, int n, int source, ref cause, struct attack *a)
{
    if (n < 0)
        return n;
    if (!c->mon[t]->hp)
        return 0;
    const unsigned number = (unsigned)(cause & REF_NUMBER);
    if ((cause & REF_CLASS) == REF_COND && number >= COND_WEATHER && number < COND_TERRAIN &&
        !status_immunity(c, t, cause))
        return 0;
    int given = n;
    n = a ? event_with_move(c, EV_damage, t, source, a, n) : event_number(c, EV_damage, t, source, cause, NULL, n);
    if (n < 0)
        return n;
    if (given && n < 1)
        n = n == 0 ? 0 : 1;
    n = take_points(c, t, n, source, cause);
    if (n) {
        c->on[t]->flags |= ON_HURT;
        c->on[t]->hurt_hp = c->mon[t]->hp;
    }
    say_hurt(c, t, source, cause);
    if (by_move(cause))
        drain(c, t, n, source, a);
    return n;
}

int hurt_part(struct ctx *c, int t, unsigned d, int source, ref cause)
{
    unsigned n = c->mon[t]->hp_max / d;
    return hurt(c, t, n ? (int)n : 1, source, cause, NULL);
}

int hurt_directly(struct ctx *c, int t, int n, ref cause)
{
    if (!c->mon[t]->hp || n <= 0)
        return 0;
    n = take_points(c, t, n, t, cause);
    say_hp(c, LINE_DAMAGE, t, cause == REF_OF_WORD(WORD_STRUGGLE_RECOIL) ? cause : REF_NONE, NOBODY, 0);
    return n;
}

static void say_heal(struct ctx *c, int t, int source, ref cause)
{
    if (cause == REF_VOL(VOL_LEECH_SEED) || (cause == (REF_MOVE | M(rest)) && M(rest)))
        say_hp(c, LINE_HEAL, t, REF_NONE, NOBODY, SAID_SILENT);
    else if (cause == REF_OF_WORD(WORD_DRAIN))
        say_hp(c, LINE_HEAL, t, cause, source, 0);
    else if (cause == REF_SLOT(SLOT_WISH) || cause == REF_NONE)
        return;
    else if (by_move(cause) || cause == REF_Z_POWER)
        say_hp(c, LINE_HEAL, t, REF_NONE, NOBODY, 0);
    else
        say_hp(c, LINE_HEAL, t, cause, source != t ? source : NOBODY, 0);
}

int heal(struct ctx *c, int t, int n, int source, ref cause)
{
    if (n < 1 && n >= 0)
        n = n == 0 ? 0 : 1;
    n = event_number(c, EV_try_heal, t, source, cause, NULL, n);
    if (n <= 0)
        return n;
    struct battle_mon *m = c->mon[t];
    if (!m->hp || t == BENCHED || m->hp >= m->hp_max)
        return R_FALSE;
    if (n > m->hp_max - m->hp)
        n = m->hp_max - m->hp;
    m->hp = (uint16_t)(m->hp + n);
    say_heal(c, t, source, cause);
    event_number(c, EV_heal, t, source, cause, NULL, n);
    return n;
}

/* ------------------------------------------------------------------------------------------------- stages --- */

static int capped(const struct ctx *c, int t, int s, int n)
{
    int now = c->on[t]->boosts[s] + n;
    now = now > 6 ? 6 : now < -6 ? -6 : now;
    return now - c->on[t]->boosts[s];
}

static void stages_event(struct ctx *c, enum event ev, int t, int8_t stages[STAGES], unsigned *present, int source,
                         ref cause)
{
    if (!heard(c, ev, t, source))
        return;
    struct call e = {.event = (uint8_t)ev,
                     .target = (int8_t)t,
                     .source = (int8_t)source,
                     .cause = cause,
                     .value = R_TRUE,
                     .mod = 4096,
                     .a = c->attack,
                     .stages = stages,
                     .thing = (uint16_t)*present};
    dispatch(c, &e);
    *present = e.thing;
}

struct boosting { /* one call of boost() */
    int t, source;
    ref cause;
    bool secondary, self, named, any;
};

static void say_boost(struct ctx *c, struct boosting *k, enum battle_line line, int stat, int by)
{
    const unsigned class = k->cause & REF_CLASS;
    if ((k->cause == (REF_MOVE | M(bellydrum)) && M(bellydrum)) ||
        (k->cause == (REF_ABILITY | A(angerpoint)) && A(angerpoint))) {
        struct battle_event *e = say2(c, LINE_SET_BOOST, k->t, SAY_STAT | STAT_ATK,
                                      SAY_NUMBER | ((unsigned)c->on[k->t]->boosts[STAT_ATK] & SAY_VALUE));
        if (e)
            e->from = k->cause;
        return;
    }
    if (class == REF_ABILITY && !k->named) {
        say2(c, LINE_ABILITY, k->t, k->cause, SAY_WORD | WORD_BOOST);
        k->named = true;
    }
    struct battle_event *e = say2(c, line, k->t, SAY_STAT | (unsigned)stat, SAY_NUMBER | (unsigned)by);
    if (e && class == REF_ITEM)
        e->from = k->cause;
    if (e && k->cause == REF_Z_POWER)
        e->extra = WORD_TAG_ZEFFECT;
}

static void boost_stat(struct ctx *c, struct boosting *k, int stat, int n)
{
    int by = capped(c, k->t, stat, n);
    c->on[k->t]->boosts[stat] = (int8_t)(c->on[k->t]->boosts[stat] + by);
    enum battle_line line = LINE_BOOST;
    if (n < 0 || c->on[k->t]->boosts[stat] == -6) {
        line = LINE_UNBOOST;
        by = -by;
    }
    if (by) {
        k->any = true;
        if (k->cause)
            say_boost(c, k, line, stat, by);
        int8_t one[STAGES] = {0};
        one[stat] = (int8_t)n;
        unsigned present = 1u << stat;
        stages_event(c, EV_after_each_boost, k->t, one, &present, k->source, k->cause);
    } else if ((k->cause & REF_CLASS) == REF_ABILITY ? k->secondary || k->self : !k->secondary && !k->self) {
        say2(c, line, k->t, SAY_STAT | (unsigned)stat, SAY_NUMBER);
    }
}

/* Stages change, and are told, in the order that the row of the change has (c->sequence). */
int boost(struct ctx *c, int t, const int8_t stages[STAGES], int source, ref cause, bool secondary, bool self)
{
    uint32_t sequence = c->sequence ? c->sequence : 0x7654321;
    c->sequence = 0;
    if (t == BENCHED || !c->mon[t]->hp)
        return t == BENCHED ? R_FALSE : 0;
    if (!foe_left(c, t))
        return R_FALSE;
    int8_t by[STAGES];
    memcpy(by, stages, STAGES);
    unsigned present = 0;
    for (int i = 0; i < STAGES; i++)
        present |= (unsigned)(by[i] != 0) << i;
    if (cause != REF_Z_POWER) /* Contrary and Simple leave it alone */
        stages_event(c, EV_change_boost, t, by, &present, source, cause);
    present = 0;
    for (int i = 0; i < STAGES; i++)
        if (by[i]) {
            present |= 1u << i;
            by[i] = (int8_t)capped(c, t, i, by[i]);
        }
    /* what is capped at none keeps the sign it had, to be told as such */
    stages_event(c, EV_try_boost, t, by, &present, source, cause);
    struct boosting k = {t, source, cause, secondary, self, secondary, false};
    bool rises = false, falls = false;
    for (; sequence; sequence >>= 4) {
        const int i = (int)(sequence & 15) - 1;
        if (i < 0 || !(present >> i & 1))
            continue;
        rises |= by[i] > 0;
        falls |= by[i] < 0;
        boost_stat(c, &k, i, by[i]);
    }
    stages_event(c, EV_after_boost, t, by, &present, source, cause);
    if (k.any)
        c->on[t]->flags |= (uint16_t)((rises ? ON_RAISED : 0) | (falls ? ON_LOWERED : 0));
    return k.any ? R_TRUE : R_NULL;
}

int boost_one(struct ctx *c, int t, enum battle_stat s, int n, int source, ref cause)
{
    int8_t stages[STAGES] = {0};
    stages[s] = (int8_t)n;
    return boost(c, t, stages, source, cause, false, false);
}

/* ------------------------------------------------------------------------------------------------- status --- */

/* What the move is there to bring about: as it is used now (Psycho Shift), or by its row. */
static unsigned status_given(const struct ctx *c, ref cause)
{
    const unsigned move = cause & REF_NUMBER;
    return c->attack && c->attack->number == move && c->attack->hit_effect == &c->attack->own
               ? c->attack->own.status
               : move_row(c, move)->hit.status;
}

static bool status_of_move(const struct ctx *c, ref cause)
{
    return cause == REF_OF_WORD(WORD_SYNCHRONIZE) || ((cause & REF_CLASS) == REF_MOVE && status_given(c, cause));
}

static void say_status(struct ctx *c, int t, int status, int source, ref cause)
{
    struct battle_event *e = NULL;
    const unsigned class = cause & REF_CLASS;
    if (class == REF_ABILITY) {
        say_from(c, LINE_STATUS, t, REF_STATUS(status), cause, source);
        return;
    }
    e = say1(c, LINE_STATUS, t, REF_STATUS(status));
    const bool orb = (status == STATUS_BRN && cause == (REF_ITEM | I(flameorb))) ||
                     (status == STATUS_TOX && cause == (REF_ITEM | I(toxicorb)));
    if (orb)
        reveal(c, t, MON_ITEM_KNOWN);
    if (e && (orb || (status == STATUS_SLP && class == REF_MOVE && cause != (REF_MOVE | M(direclaw)))))
        e->from = cause;
}

static void status_begins(struct ctx *c, int t, int status, int source, ref cause)
{
    struct battle_mon *m = c->mon[t];
    say_status(c, t, status, source, cause);
    if (status == STATUS_SLP)
        m->status_n = (uint8_t)draw(c, 2, 5, DRAW_STATUS);
    if (status == STATUS_FRZ && S(shaymin) && c->on[t]->species == S(shayminsky) && m->species == S(shayminsky))
        forme_change(c, t, S(shaymin), REF_STATUS(STATUS_FRZ), true);
}

int set_status(struct ctx *c, int t, int status, int source, ref cause, bool ignore_immunity)
{
    struct battle_mon *m = c->mon[t];
    if (!m->hp)
        return R_FALSE;
    if (source == NOBODY)
        source = t;
    if (m->status == status) {
        if (status_of_move(c, cause)) {
            if (cause != REF_OF_WORD(WORD_SYNCHRONIZE) && status_given(c, cause) == (unsigned)status)
                say1(c, LINE_FAIL, t, REF_STATUS(status));
            else
                say_fail(c, source);
        }
        return R_FALSE;
    }
    const bool poison = status == STATUS_PSN || status == STATUS_TOX;
    if (!ignore_immunity && !(poison && source != BENCHED && has_ability(c, source, A(corrosion))) &&
        !status_immunity(c, t, REF_STATUS(status == STATUS_TOX ? STATUS_PSN : status))) {
        if (status_of_move(c, cause))
            say(c, LINE_IMMUNE, t);
        return R_FALSE;
    }
    int r = event_about(c, EV_set_status, t, source, cause, REF_STATUS(status));
    if (!worked(r))
        return r;
    forget_status(m);
    m->status = (uint8_t)status;
    if (status == STATUS_SLP && c->b->clauses & CLAUSE_SLEEP && side_of(c, source) != t)
        m->flags |= MON_PUT_TO_SLEEP;
    changed(c, t);
    status_begins(c, t, status, source, cause);
    return worked(event_about(c, EV_after_set_status, t, source, cause, REF_STATUS(status))) ? R_TRUE : R_FALSE;
}

int try_status(struct ctx *c, int t, int status, int source, ref cause)
{
    int now = c->mon[t]->status;
    return set_status(c, t, now ? now : status, source, cause, false);
}

void clear_status(struct ctx *c, int t)
{
    if (c->mon[t]->status == STATUS_SLP && has(c, t, VOL_NIGHTMARE)) {
        drop_volatile(c, t, VOL_NIGHTMARE);
        struct battle_event *e = say1(c, LINE_END, t, REF_VOL(VOL_NIGHTMARE));
        if (e)
            e->marks = SAID_SILENT;
    }
    forget_status(c->mon[t]);
    changed(c, t);
}

bool cure_status(struct ctx *c, int t, bool silent)
{
    if (!c->mon[t]->hp || !c->mon[t]->status)
        return false;
    struct battle_event *e = say1(c, LINE_CURE, t, REF_STATUS(c->mon[t]->status));
    if (e)
        e->marks = silent ? SAID_SILENT : SAID_MSG;
    clear_status(c, t);
    return true;
}
