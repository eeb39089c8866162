/*
 * program.c - runs what the data declares: conditions, then operations (operations.c).
 *
 * A program is 16-bit words: a sentence of vocab.h, its arguments, and so on to V_END.  A condition with V_NOT is
 * turned over; with V_OR it is one of several joined by "or" and is followed by the distance to jump when it holds;
 * with V_WHEN an operation behind it depends on it, and the distance to jump when it does not hold follows.
 */
#include "program.h"
#include "compile.h"

static bool status_is(const struct ctx *c, int t, unsigned s)
{
    const unsigned now = c->mon[t]->status;
    if (s == STATUSES) /* any */
        return now;
    return s == STATUS_PSN ? now == STATUS_PSN || now == STATUS_TOX : now == s;
}

/* Is it that status, as a condition that an event is about or comes from? */
static bool is_status(ref r, unsigned s)
{
    const unsigned n = r - REF_STATUS(0);
    if ((r & REF_CLASS) != REF_COND || n >= STATUSES)
        return false;
    return s == STATUSES || n == s || (s == STATUS_PSN && n == STATUS_TOX);
}

/* Moves whose type abilities leave alone. */
static bool keeps_type(struct ctx *c, const struct attack *a)
{
    static const char *const ids[] = {"judgment",    "multiattack",  "naturalgift", "revelationdance",
                                      "technoblast", "terrainpulse", "weatherball"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (!strcmp(a->move->id, ids[i]))
            return true;
    if (a->z && a->category != MOVE_STATUS)
        return true;
    return a->number == M(terablast) && a->user != BENCHED && c->mon[a->user]->flags & MON_TERASTALLIZED;
}

/* As contact(); pads that ward it off are told. */
static bool contact_told(struct ctx *c, const struct call *e)
{
    if (contact(c, e->a, e->a->user))
        return true;
    if (flagged(e->a, MF_CONTACT) && e->a->user != BENCHED && has_item(c, e->a->user, I(protectivepads))) {
        name_holder(c, e, LINE_ACTIVATE);
        say1(c, LINE_ACTIVATE, e->a->user, SAY_ITEM_FULL | I(protectivepads));
    }
    return false;
}

static bool may_flinch(const struct ctx *c, const struct attack *a)
{
    for (int i = 0; i < a->move->effects_n && !a->no_secondaries; i++)
        if (c->dex->effects[a->move->effects + i].volatile_ == 1 + VOL_FLINCH)
            return true;
    return a->extra_flinch;
}

/* Conditions about the move of the event. */
static bool holds_of_move(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    const struct attack *a = e->a;
    if (!a)
        return false;
    switch (v) {
    case VC_MOVE_TYPE: return a->type == arg[0];
    case VC_MOVE_FLAG: return a->flags >> arg[0] & 1;
    case VC_MOVE_CATEGORY: return a->category == arg[0];
    case VC_MOVE_IS: return a->number == arg[0];
    case VC_MOVE_POWER_MAX: return (int)modify((uint32_t)e->value, e->mod) <= (int)arg[0];
    case VC_MOVE_SECONDARIES: return a->move->effects_n || a->has_sheer_force;
    case VC_MOVE_FORGOES: return a->has_sheer_force;
    case VC_MOVE_FLINCHES: return may_flinch(c, a);
    case VC_MOVE_RECOIL: return a->move->recoil[1] || flagged(a, MF_CRASH);
    case VC_MOVE_FOR: return a->target_kind == arg[0];
    case VC_MOVE_PRIORITY: return a->priority > 0;
    case VC_MOVE_ACCURACY: return a->accuracy;
    case VC_MOVE_FIXED: return keeps_type(c, a);
    case VC_MOVE_CONSTANT: return a->move->damage || move_listens(c, a->number, EV_fixed_damage);
    case VC_MOVE_BOUNCED: return a->bounced;
    case VC_BOOSTED_BY_ME: return a->boosted_by == e->self;
    case VC_CONTACT: return contact(c, a, a->user);
    case VC_CONTACT_TOLD: return contact_told(c, e);
    case VC_CRIT: return a->crit_now;
    case VC_SUPER: return a->type_mod > 0;
    case VC_RESISTED: return a->type_mod < 0;
    default: return false;
    }
}

static bool stronger_attack(const struct battle_active *on)
{
    return stat_staged(on->stats[STAT_ATK], on->boosts[STAT_ATK]) >
           stat_staged(on->stats[STAT_SPA], on->boosts[STAT_SPA]);
}

static bool stages_lowered(const struct battle_active *on)
{
    for (int i = 0; i < STAGES; i++)
        if (on->boosts[i] < 0)
            return true;
    return false;
}

/* The last attack on it was in this turn, did damage, and was that one's. */
static bool hurt_by(const struct ctx *c, int t, int by)
{
    const struct battle_active *on = c->on[t];
    return on->flags & ON_HIT_NOW && on->flags & ON_HIT_HURT && by >= 0 && by < 2 &&
           on->hit_by == c->b->sides[by].active;
}

/* It has chosen an attack and has yet to use it. */
static bool will_attack(struct ctx *c, int t)
{
    const struct action *a = queued_move(c, t);
    return a && a->move != 0xfff && (move_row(c, a->move)->category != MOVE_STATUS || a->move == M(mefirst)) &&
           !has(c, t, VOL_RECHARGE);
}

static bool will_hurry(struct ctx *c, int t)
{
    const struct action *a = queued_move(c, t);
    return a && a->move != 0xfff && a->move_priority > 0 && move_row(c, a->move)->category != MOVE_STATUS;
}

/* A Substitute takes the move of the event in its stead. */
static bool behind(const struct ctx *c, const struct call *e, int t)
{
    return has(c, t, VOL_SUBSTITUTE) && !(e->a && (flagged(e->a, MF_BYPASSSUB) || e->a->infiltrates));
}

/* What it is: the rest of holds_of(). */
/* Whatever looks at the sky takes hail for snow. */
static bool is_weather(int now, unsigned asked)
{
    return (unsigned)now == asked || (now == WEATHER_HAIL && asked == WEATHER_SNOW);
}

static bool is_such(struct ctx *c, const struct call *e, int t, unsigned v, const uint16_t *arg)
{
    const struct battle_mon *m = c->mon[t];
    const struct battle_active *on = c->on[t];
    switch (v) {
    case VC_ABILITY: return has_ability(c, t, arg[1]);
    case VC_BEARS: return on->ability == arg[1];
    case VC_ABILITY_FIXED: return ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS);
    case VC_SPECIES: return on->species == arg[1];
    case VC_FORME: return m->species == arg[1];
    case VC_BASE_SPECIES: return species_now(c, t)->base_species == arg[1];
    case VC_BORN: return c->dex->species[m->species].base_species == arg[1];
    case VC_NFE: return c->dex->species[m->species].nfe;
    case VC_DISLIKES: return dex_nature_minus(m->nature) == arg[1];
    case VC_TERA: return m->flags & MON_TERASTALLIZED;
    case VC_TERA_TYPE: return m->flags & MON_TERASTALLIZED && m->tera == arg[1];
    case VC_TRANSFORMED: return has(c, t, VOL_TRANSFORMED);
    case VC_GROUNDED: return t != BENCHED && is_grounded(c, t);
    case VC_UNDER: return is_weather(weather_for(c, t), arg[1]);
    case VC_HEAVY: return weight_of(c, t) >= 10 * arg[1];
    case VC_WEAK_TO: return e->a && e->event != EV_effectiveness && effectiveness(c, t, e->a) > 0;
    case VC_OPEN_TO_MOVE: return e->a && type_immunity(c, t, e->a, false);
    case VC_STRONGER_ATTACK: return stronger_attack(on);
    case VC_QUANTITY: return quantity(c, e, arg[1], t) >= (int)arg[2];
    case VC_STAGE_ABOVE: return on->boosts[arg[1]] > (int16_t)arg[2];
    case VC_STAGE_BELOW: return on->boosts[arg[1]] < (int16_t)arg[2];
    case VC_STAGES_LOWERED: return stages_lowered(on);
    case VC_BEST_STAT: return (on->best_stat & 0x7f) == arg[1] + 1;
    case VC_ROSE_BY_ITEM: return on->best_stat & 0x80;
    default: return false;
    }
}

/* What it does, did in this turn, or stands behind: the rest of holds_of(). */
static bool does_so(struct ctx *c, const struct call *e, int t, unsigned v, const uint16_t *arg)
{
    const struct battle_active *on = c->on[t];
    const struct battle_side *side = &c->b->sides[side_of(c, t)];
    const unsigned now = ON_HIT_NOW | ON_HIT_NUMBER;
    switch (v) {
    case VC_IS_HOLDER: return t == e->holder;
    case VC_ON_FIELD: return t < 2;
    case VC_NEW: return on->flags & ON_NEW;
    case VC_CAN_SWITCH: return can_switch(c, t);
    case VC_GOING: return on->flags & (ON_SWITCH_OUT | ON_DRAG_OUT);
    case VC_DRAGGED: return on->flags & ON_DRAG_OUT;
    case VC_LEAVING: return on->flags & ON_LEAVING;
    case VC_FIRST_TURN: return on->move_actions <= 1;
    case VC_HAS_MOVED: return !will_move(c, t);
    case VC_FAILED: return on->result_before == MOVE_FAILED;
    case VC_WILL_ATTACK: return will_attack(c, t);
    case VC_WILL_HURRY: return will_hurry(c, t);
    case VC_WAS_HURT: return on->flags & ON_HURT;
    case VC_HURT_BY: return hurt_by(c, t, who_is(c, e, arg[1]));
    case VC_ATTACKED: return (on->flags & now) == now;
    case VC_RAISED: return on->flags & ON_RAISED;
    case VC_LOWERED: return on->flags & ON_LOWERED;
    case VC_STALLS: return worked(event(c, EV_stall_move, t, NOBODY, e->self, e->a));
    case VC_SIDE: return side->turns[arg[1]];
    case VC_LAYERS: return side->turns[arg[1]] >= arg[2];
    case VC_LOST_ONE: return side->fainted_last_turn;
    default: return false;
    }
}

/* Conditions that begin with who they are about. */
static bool holds_of(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    const int t = who_is(c, e, arg[0]);
    if (t == NOBODY)
        return false;
    const struct battle_mon *m = c->mon[t];
    switch (v) {
    case VC_HP_MAX: return (unsigned)m->hp * arg[2] <= (unsigned)m->hp_max * arg[1];
    case VC_HP_MIN: return (unsigned)m->hp * arg[2] >= (unsigned)m->hp_max * arg[1];
    case VC_HP_FULL: return m->hp >= m->hp_max;
    case VC_HP_LESS: return who_is(c, e, arg[1]) != NOBODY && m->hp < c->mon[who_is(c, e, arg[1])]->hp;
    case VC_FULL_HP_MAX: return m->hp_max <= arg[1];
    case VC_PINCH: return m->hp * 4 <= m->hp_max || (m->hp * 2 <= m->hp_max && has_ability(c, t, A(gluttony)));
    case VC_ALIVE: return m->hp;
    case VC_IN_PLAY: return !(m->flags & MON_FAINT_TOLD);
    case VC_HEALABLE: return worked(event_number(c, EV_try_heal, t, NOBODY, e->self, NULL, 10));
    case VC_STATUS: return status_is(c, t, arg[1]);
    case VC_OPEN_TO: return status_immunity(c, t, REF_STATUS(arg[1]));
    case VC_TYPE: return has_type(c, t, arg[1]);
    case VC_VOLATILE: return has(c, t, (enum battle_volatile)arg[1]);
    case VC_BEHIND: return behind(c, e, t);
    case VC_ITEM_ANY: return m->item;
    case VC_ITEM: return has_item(c, t, arg[1]);
    case VC_ITEM_BERRY: return c->dex->items[m->item].marks & DEX_BIT(MARK_BERRY);
    case VC_ATE: return m->flags & MON_ATE_BERRY;
    default: return v < VC_IS_HOLDER ? is_such(c, e, t, v, arg) : does_so(c, e, t, v, arg);
    }
}

static bool gender_fits(const struct ctx *c, const struct call *e, bool same)
{
    if (e->source == NOBODY)
        return false;
    const unsigned x = c->mon[e->target]->gender, y = c->mon[e->source]->gender;
    return x && y && (x == y) == same;
}

static bool drawn(struct ctx *c, const struct call *e, unsigned n, unsigned d)
{
    const unsigned class = e->self & REF_CLASS;
    return chance(c, n, d, class == REF_MOVE ? DRAW_MOVE : class == REF_ITEM ? DRAW_ITEM : DRAW_ABILITY);
}

/* True the first time in the battle. */
static bool once_a_battle(struct ctx *c, const struct call *e)
{
    struct battle_mon *m = c->mon[e->holder == NOBODY ? 0 : e->holder];
    const bool first = !(m->flags & MON_ONCE);
    m->flags |= MON_ONCE;
    return first;
}

static bool lowered_by_foe(const struct ctx *c, const struct call *e)
{
    if (!e->stages || e->source == NOBODY || side_of(c, e->source) == e->target)
        return false;
    for (int i = 0; i < STAGES; i++)
        if (e->stages[i] < 0)
            return true;
    return false;
}

/* What brought the event about. */
static bool caused(const struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    const unsigned class = e->cause & REF_CLASS, n = e->cause & REF_NUMBER;
    switch (v) {
    case VC_CAUSE_MOVE: return is_move_ref(e->cause) || e->cause == REF_OF_WORD(WORD_CONFUSED);
    case VC_CAUSE_ABILITY: return class == REF_ABILITY;
    case VC_CAUSE_ITEM: return class == REF_ITEM;
    case VC_CAUSE_SELF: return e->source == e->target || e->source == NOBODY;
    case VC_BY_MOVE: return e->cause == (REF_MOVE | arg[0]);
    case VC_BY_ABILITY: return e->cause == (REF_ABILITY | arg[0]);
    case VC_BY_BERRY: return class == REF_ITEM && c->dex->items[n].marks & DEX_BIT(MARK_BERRY);
    case VC_BY_STATUS: return is_status(e->cause, arg[0]);
    case VC_BY_VOLATILE: return e->cause == REF_VOL(arg[0]);
    case VC_BY_DRAIN: return e->cause == REF_OF_WORD(WORD_DRAIN);
    case VC_BY_RECOIL: return e->cause == REF_OF_WORD(WORD_RECOIL);
    default: return false;
    }
}

/* What the event is about. */
static bool about(const struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VC_ABOUT_STATUS: return is_status(e->thing, arg[0]);
    case VC_ABOUT_VOLATILE: return e->thing == REF_VOL(arg[0]);
    case VC_ABOUT_TYPE: return e->thing == arg[0];
    case VC_ABOUT_POWDER: return e->thing == REF_POWDER;
    case VC_ABOUT_HAIL: return e->thing == REF_WEATHER(WEATHER_HAIL);
    case VC_ABOUT_SAND: return e->thing == REF_WEATHER(WEATHER_SAND);
    case VC_ABOUT_STRONG: return e->thing >= WEATHER_HARSH_SUN && e->thing <= WEATHER_STRONG_WINDS;
    case VC_ABOUT_SIDE: return e->thing == arg[0];
    case VC_ABOUT_STAGE: return e->stages && e->thing >> arg[0] & 1 && e->stages[arg[0]];
    default: return false;
    }
}

/* Conditions about the event, what brought it about, and the field. */
static bool holds_at_all(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VC_WEATHER_FOR: return e->holder != NOBODY && is_weather(weather_for(c, e->holder), arg[0]);
    case VC_WEATHER: return is_weather(weather_now(c), arg[0]);
    case VC_SKY_HOLDS: return c->b->weather == arg[0];
    case VC_TERRAIN: return c->b->terrain == arg[0];
    case VC_ROOM: return c->b->rooms[arg[0]];
    case VC_CHANCE: return drawn(c, e, arg[0], arg[1]);
    case VC_COUNT: return *own_count(c, e) >= arg[0];
    case VC_ONCE: return once_a_battle(c, e);
    case VC_WORKED: return e->any;
    case VC_ACTS: return will_act(c);
    case VC_CAME_BEFORE: return c->b->last_success == arg[0];
    case VC_VALUE_MIN: return e->value >= (int)arg[0];
    case VC_LETHAL: return e->value >= c->mon[e->target]->hp;
    case VC_OPPOSITE: return gender_fits(c, e, false);
    case VC_SAME: return gender_fits(c, e, true);
    case VC_LOWERED_BY_FOE: return lowered_by_foe(c, e);
    default: return v < VC_ABOUT_STATUS ? caused(c, e, v, arg) : about(e, v, arg);
    }
}

static inline bool holds(struct ctx *c, const struct call *e, unsigned v, const uint16_t *arg)
{
    return v < V_OF_WHO     ? holds_of_move(c, e, v, arg)
           : v < V_OF_EVENT ? holds_of(c, e, v, arg)
                            : holds_at_all(c, e, v, arg);
}

/* A deed's result weighed: R_UNDEF to go on. */
static int weighed(struct call *e, int r, unsigned word)
{
    if (worked(r)) {
        e->any = true;
        return R_UNDEF;
    }
    return word & V_TRY ? r : word & V_MUST ? R_DONE : R_UNDEF;
}

/* Rules that set each other off without end are cut short: a step runs some dozens of programs, seldom hundreds. */
enum { PROGRAMS_MAX = 20000 };

int run_program(struct ctx *c, struct call *e, uint16_t code)
{
    const uint16_t *p = c->rules->code + code;
    if (c->programs++ >= PROGRAMS_MAX)
        return R_UNDEF;
    e->any = false;
    while (*p != V_END) {
        const unsigned word = *p, v = word & V_WORD;
        const uint16_t *arg = p + 1;
        if (v < V_OPERATIONS) {
            arg += word & (V_OR | V_WHEN) ? 1 : 0;
            const bool yes = holds(c, e, v, arg) != (bool)(word & V_NOT);
            if (word & (V_OR | V_WHEN)) {
                if (yes == (bool)(word & V_OR)) {
                    p += p[1];
                    continue;
                }
            } else if (!yes) {
                return R_UNDEF;
            }
        } else if (v == VO_TIMES) {
            chain(e, two_words(arg));
        } else {
            int r = operate(c, e, v, arg);
            if (v < V_TO_SOMEBODY)
                r = weighed(e, r, word);
            if (r != R_UNDEF)
                return r == R_DONE ? R_UNDEF : r;
        }
        p = arg + vocab_args[v];
    }
    return R_UNDEF;
}

const uint16_t *program_native(const uint16_t *p, unsigned *native)
{
    while (*p != V_END) {
        const unsigned v = *p & V_WORD;
        const uint16_t *arg = p + 1 + (v < V_OPERATIONS && *p & (V_OR | V_WHEN) ? 1 : 0);
        p = arg + vocab_args[v];
        *native = arg[0];
        if (v == VO_NATIVE)
            return p;
    }
    return NULL;
}

bool program_calls_native(const uint16_t *p)
{
    unsigned native;
    return program_native(p, &native);
}
