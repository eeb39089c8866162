/*
 * program.c - runs what the data declares: conditions, then operations.
 *
 * A program is 16-bit words: a sentence of vocab.h, its arguments, and so on to V_END.  A condition with V_NOT is
 * turned over; with V_OR it is one of several joined by "or" and is followed by the distance to jump when it holds.
 */
#include "conditions.h"
#include "compile.h"
#include "vocab.h"

static int who_is(struct ctx *c, const struct call *e, unsigned w)
{
    switch (w) {
    case WHO_HOLDER: return e->holder;
    case WHO_FOE: return e->holder == NOBODY ? NOBODY : foe_of(c, e->holder);
    case WHO_TARGET: return e->target;
    case WHO_SOURCE: return e->source;
    default: return e->a ? e->a->user : c->active_user;
    }
}

static void name_holder(struct ctx *c, const struct call *e, enum battle_line line);

static bool status_is(const struct ctx *c, int t, unsigned s)
{
    const unsigned now = c->mon[t]->status;
    if (s == STATUSES) /* any */
        return now;
    return s == STATUS_PSN ? now == STATUS_PSN || now == STATUS_TOX : now == s;
}

static bool about_status(const struct call *e, unsigned s)
{
    const unsigned n = e->thing - REF_STATUS(0);
    if ((e->thing & REF_CLASS) != REF_COND || n >= STATUSES)
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
    case VC_MOVE_POWER_MIN: return e->value >= (int)arg[0];
    case VC_MOVE_SECONDARIES: return a->move->effects_n || a->has_sheer_force;
    case VC_MOVE_RECOIL: return a->move->recoil[1] || flagged(a, MF_CRASH);
    case VC_MOVE_AT_FOE: return a->target_kind == TARGET_FOE && a->user != e->target;
    case VC_MOVE_PRIORITY: return a->priority > 0;
    case VC_MOVE_MULTI: return a->hits[1] > 1;
    case VC_MOVE_ACCURACY: return a->accuracy;
    case VC_CONTACT: return contact(c, a, a->user);
    case VC_CRIT: return a->crit_now;
    case VC_SUPER: return a->type_mod > 0;
    case VC_RESISTED: return a->type_mod < 0;
    case VC_HIT: return a->hit == arg[0];
    case VC_MOVE_FIXED: return keeps_type(c, a);
    case VC_CONTACT_TOLD: return contact_told(c, e);
    default: return e->a->boosted_by == e->self;
    }
}

static bool gender_fits(const struct ctx *c, const struct call *e, bool same)
{
    if (e->source == NOBODY)
        return false;
    const unsigned x = c->mon[e->target]->gender, y = c->mon[e->source]->gender;
    return x && y && (x == y) == same;
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
    case VC_ALIVE: return m->hp;
    case VC_STATUS: return status_is(c, t, arg[1]);
    case VC_TYPE: return has_type(c, t, arg[1]);
    case VC_VOLATILE: return has(c, t, (enum battle_volatile)arg[1]);
    case VC_ITEM_ANY: return m->item;
    case VC_ITEM: return has_item(c, t, arg[1]);
    case VC_ITEM_FLAG_BERRY: return c->dex->items[m->item].marks & DEX_BIT(MARK_BERRY);
    case VC_ABILITY: return has_ability(c, t, arg[1]);
    case VC_SPECIES: return c->on[t]->species == arg[1];
    case VC_BASE_SPECIES: return species_now(c, t)->base_species == arg[1];
    case VC_GROUNDED: return t != BENCHED && is_grounded(c, t);
    case VC_IS_HOLDER: return t == e->holder;
    case VC_STAGE_ABOVE: return c->on[t]->boosts[arg[1]] > (int16_t)arg[2];
    case VC_STAGE_BELOW: return c->on[t]->boosts[arg[1]] < (int16_t)arg[2];
    case VC_BORN: return c->dex->species[m->species].base_species == arg[1];
    case VC_PINCH: return m->hp * 4 <= m->hp_max || (m->hp * 2 <= m->hp_max && has_ability(c, t, A(gluttony)));
    case VC_DISLIKES: return dex_nature_minus(m->nature) == arg[1];
    case VC_NFE: return c->dex->species[m->species].nfe;
    case VC_TERA: return m->flags & MON_TERASTALLIZED;
    case VC_TRANSFORMED: return has(c, t, VOL_TRANSFORMED);
    case VC_SIDE: return c->b->sides[side_of(c, t)].turns[arg[1]];
    case VC_FIRST_TURN: return c->on[t]->move_actions <= 1;
    case VC_NEW: return c->on[t]->flags & ON_NEW;
    case VC_MOVE_USED_BY: return c->on[t]->flags & ON_USED_ITEM;
    default: return false;
    }
}

static bool holds(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    switch (v) {
    case VC_WEATHER_FOR: return e->holder != NOBODY && weather_for(c, e->holder) == arg[0];
    case VC_WEATHER: return weather_now(c) == arg[0];
    case VC_TERRAIN: return c->b->terrain == arg[0];
    case VC_ROOM: return c->b->rooms[arg[0]];
    case VC_CAUSE_MOVE: return is_move_ref(e->cause) || e->cause == REF_OF_WORD(WORD_CONFUSED);
    case VC_CAUSE_ABILITY: return (e->cause & REF_CLASS) == REF_ABILITY;
    case VC_CAUSE_ITEM: return (e->cause & REF_CLASS) == REF_ITEM;
    case VC_CAUSE_SELF: return e->source == e->target || e->source == NOBODY;
    case VC_ABOUT_STATUS: return about_status(e, arg[0]);
    case VC_ABOUT_VOLATILE: return e->thing == REF_VOL(arg[0]);
    case VC_ABOUT_TYPE: return e->thing == arg[0];
    case VC_ABOUT_POWDER: return e->thing == REF_POWDER;
    case VC_ABOUT_TRAPPED: return e->thing == REF_TRAPPED;
    case VC_ABOUT_SAND: return e->thing == REF_WEATHER(WEATHER_SAND);
    case VC_ABOUT_ITEM: return e->thing == arg[0];
    case VC_ABOUT_BERRY: return c->dex->items[e->thing <= c->dex->items_n ? e->thing : 0].marks & DEX_BIT(MARK_BERRY);
    case VC_CHANCE: return chance(c, arg[0], arg[1], DRAW_ABILITY);
    case VC_FOE_MOVED: return e->holder != NOBODY && !will_move(c, foe_of(c, e->holder));
    case VC_VALUE_MIN: return e->value >= (int)arg[0];
    case VC_LETHAL: return e->value >= c->mon[e->target]->hp;
    case VC_OPPOSITE: return gender_fits(c, e, false);
    case VC_SAME: return gender_fits(c, e, true);
    case VC_BY_ABILITY: return e->cause == (REF_ABILITY | arg[0]);
    default: break;
    }
    return v <= VC_RESISTED || v == VC_HIT || v == VC_BOOSTED_BY_ME || v == VC_MOVE_FIXED || v == VC_CONTACT_TOLD
               ? holds_of_move(c, e, v, arg)
               : holds_of(c, e, v, arg);
}

/* Two words hold seven stages of four bits, each 8 more than it is. */
static void unpack_stages(const uint16_t *arg, int8_t out[STAGES])
{
    const uint32_t bits = arg[0] | (uint32_t)arg[1] << 16;
    for (int i = 0; i < STAGES; i++)
        out[i] = (int8_t)((int)(bits >> (4 * i) & 15) - 8);
}

static int part_of(const struct ctx *c, int t, const uint16_t *r)
{
    int n = c->mon[t]->hp_max * r[0] / r[1];
    return n ? n : 1;
}

static void name_holder(struct ctx *c, const struct call *e, enum battle_line line)
{
    const unsigned n = e->self & REF_NUMBER;
    const unsigned tag = (e->self & REF_CLASS) == REF_ABILITY ? SAY_ABILITY_FULL
                         : (e->self & REF_CLASS) == REF_ITEM  ? SAY_ITEM_FULL
                         : (e->self & REF_CLASS) == REF_MOVE  ? SAY_MOVE_FULL
                                                              : SAY_COND_FULL;
    say1(c, line, e->holder, tag | n);
}

/* Stages that the holder keeps: those of the list that would fall. */
static int keep_stages(struct ctx *c, struct call *e, const int8_t *only)
{
    bool kept = false;
    if (e->source == e->target && e->source != NOBODY)
        return R_UNDEF;
    for (int i = 0; i < STAGES; i++)
        if (e->stages && e->stages[i] < 0 && (!only || only[i]) && e->thing >> i & 1) {
            e->stages[i] = 0;
            e->thing &= (uint16_t) ~(1u << i);
            kept = true;
        }
    if (kept && !has_secondaries(c, e->cause) && e->cause != REF_VOL(VOL_OCTOLOCK)) {
        const bool item = (e->self & REF_CLASS) == REF_ITEM;
        struct battle_event *line = only && !item ? say2(c, LINE_FAIL, e->holder, SAY_WORD | WORD_UNBOOST, 0)
                                                  : say1(c, LINE_FAIL, e->holder, SAY_WORD | WORD_UNBOOST);
        reveal(c, e->holder, item ? MON_ITEM_KNOWN : MON_ABILITY_KNOWN);
        if (line) {
            if (only && !item)
                for (int i = 0; i < STAGES; i++)
                    if (only[i])
                        line->arg[1] = (uint16_t)(SAY_WORD | (i == STAT_ATK   ? WORD_ATK
                                                              : i == STAT_DEF ? WORD_DEF
                                                                              : WORD_ACCURACY));
            line->from = e->self;
            line->of = who(c, e->holder);
        }
    }
    return R_UNDEF;
}

/* A status does not come; a move that is for nothing else is told so. */
static int refuse_status(struct ctx *c, struct call *e)
{
    const bool move = is_move_ref(e->cause) && move_row(c, e->cause & REF_NUMBER)->hit.status;
    if (move || e->cause == REF_OF_WORD(WORD_SYNCHRONIZE))
        say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_FALSE;
}

/* Intimidate does not lower it. */
static int keep_attack(struct ctx *c, struct call *e)
{
    if (!(e->thing >> STAT_ATK & 1) || !e->stages[STAT_ATK])
        return R_UNDEF;
    e->stages[STAT_ATK] = 0;
    e->thing &= (uint16_t) ~(1u << STAT_ATK);
    struct battle_event *line = say2(c, LINE_FAIL, e->target, SAY_WORD | WORD_UNBOOST, SAY_WORD | WORD_ATK);
    reveal(c, e->target, MON_ABILITY_KNOWN);
    if (line) {
        line->from = e->self;
        line->of = who(c, e->target);
    }
    return R_UNDEF;
}

/* The move does nothing but good. */
static int absorbed(struct ctx *c, struct call *e, int done)
{
    if (!worked(done))
        say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY);
    return R_NULL;
}

static int on_somebody(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    const bool eaten = e->event == EV_eat || e->event == EV_eat_item;
    const int t = who_is(c, e, arg[0]), by = eaten && e->source != NOBODY ? e->source : e->holder;
    int8_t stages[STAGES];
    if (t == NOBODY || t == BENCHED)
        return R_UNDEF;
    switch (v) {
    case VO_BOOST:
    case VO_BOOST_SELF:
        unpack_stages(arg + 1, stages);
        boost(c, t, stages, by, e->self, false, v == VO_BOOST_SELF);
        break;
    case VO_HEAL: heal(c, t, part_of(c, t, arg + 1), by, e->self); break;
    case VO_HURT: hurt(c, t, part_of(c, t, arg + 1), e->holder, e->self, NULL); break;
    case VO_SET_STATUS: try_status(c, t, arg[1], by, e->self); break;
    case VO_ADD_VOLATILE: add_volatile(c, t, (enum battle_volatile)arg[1], by, e->self); break;
    case VO_END_VOLATILE: remove_volatile(c, t, (enum battle_volatile)arg[1]); break;
    case VO_CURE: cure_status(c, t, false); break;
    default: break;
    }
    return R_UNDEF;
}

static void on_move(struct attack *a, unsigned v, const uint16_t *arg)
{
    if (!a)
        return;
    switch (v) {
    case VO_MOVE_TYPE_SET: a->type = (uint8_t)arg[0]; break;
    case VO_FLAG_OFF: a->flags &= ~DEX_BIT(arg[0]); break;
    case VO_FLAG_ON: a->flags |= DEX_BIT(arg[0]); break;
    case VO_NEVER_MISS: a->accuracy = 0; break;
    case VO_SET_ACCURACY: a->accuracy = (uint8_t)arg[0]; break;
    case VO_NO_SECONDARIES: a->no_secondaries = true; break;
    case VO_SECONDARY_TIMES: a->chance_times = (uint8_t)(a->chance_times * arg[0]); break;
    case VO_IGNORE_ABILITY: a->ignore_ability = true; break;
    case VO_INFILTRATE: a->infiltrates = true; break;
    case VO_POWER_SET: a->power = (int16_t)arg[0]; break;
    case VO_SECONDARY_FLINCH: a->extra_flinch = (uint8_t)arg[0]; break;
    case VO_CRIT_SURE: a->sure_crit = true; break;
    default: break;
    }
}

static int operate(struct ctx *c, struct call *e, unsigned v, const uint16_t *arg)
{
    int8_t stages[STAGES];
    switch (v) {
    case VO_TIMES: return chain(e, arg[0] | (uint32_t)arg[1] << 16);
    case VO_MULTIPLY: return (int)modify((uint32_t)e->value, arg[0] | (uint32_t)arg[1] << 16);
    case VO_SET: return (int16_t)arg[0];
    case VO_ADD: return e->value + (int16_t)arg[0];
    case VO_FAIL: return R_FALSE;
    case VO_STOP: return R_NULL;
    case VO_YES: return R_TRUE;
    case VO_NOTHING: return R_NOT_FAIL;
    case VO_SET_WEATHER: set_weather(c, arg[0], e->holder, e->self); break;
    case VO_SET_TERRAIN: set_terrain(c, arg[0], e->holder, e->self); break;
    case VO_SET_ROOM: set_room(c, arg[0], e->holder, e->self); break;
    case VO_USE_ITEM: use_item(c, e->holder, e->target, e->self); break;
    case VO_EAT_ITEM: eat_item(c, e->holder, false, e->target, e->self); break;
    case VO_SHOW: say1(c, LINE_ABILITY, e->holder, e->self); break;
    case VO_ACTIVATE: name_holder(c, e, LINE_ACTIVATE); break;
    case VO_IMMUNE: say_from(c, LINE_IMMUNE, e->target, 0, e->self, NOBODY); break;
    case VO_BLOCK: say_fail(c, e->target); break;
    case VO_SAY_ITEM: name_holder(c, e, LINE_ITEM); break;
    case VO_TRAP:
        if (status_immunity(c, e->target, REF_TRAPPED))
            c->on[e->target]->trapped = 1;
        break;
    case VO_KEEP_ALL: return keep_stages(c, e, NULL);
    case VO_KEEP_STAGES: unpack_stages(arg, stages); return keep_stages(c, e, stages);
    case VO_TURN_TYPE:
        e->a->type = (uint8_t)arg[0];
        e->a->boosted_by = e->self;
        break;
    case VO_REFUSE_STATUS: return refuse_status(c, e);
    case VO_KEEP_ATTACK: return keep_attack(c, e);
    case VO_ABSORB_BOOST:
        unpack_stages(arg, stages);
        return absorbed(c, e, boost(c, e->holder, stages, e->source, e->self, false, false));
    case VO_ABSORB_HEAL: return absorbed(c, e, heal(c, e->holder, part_of(c, e->holder, arg), e->source, e->self));
    case VO_NATIVE: return battle_natives[arg[0]](c, e);
    default:
        if (v >= VO_MOVE_TYPE_SET && v <= VO_CRIT_SURE)
            on_move(e->a, v, arg);
        else
            return on_somebody(c, e, v, arg);
    }
    return R_UNDEF;
}

/* How many words of arguments each sentence has. */
extern uint8_t vocab_args[V_COUNT];

int run_program(struct ctx *c, struct call *e, uint16_t code)
{
    const uint16_t *p = c->rules->code + code;
    while (*p != V_END) {
        const unsigned word = *p, v = word & V_WORD;
        const uint16_t *arg = p + 1 + (word & V_OR ? 1 : 0);
        if (v < V_OPERATIONS) {
            const bool yes = holds(c, e, v, arg) != (bool)(word & V_NOT);
            if (word & V_OR) {
                if (yes) {
                    p += p[1];
                    continue;
                }
            } else if (!yes) {
                return R_UNDEF;
            }
        } else {
            int r = operate(c, e, v, arg);
            if (r != R_UNDEF)
                return r;
        }
        p = arg + vocab_args[v];
    }
    return R_UNDEF;
}

bool program_calls_native(const uint16_t *p)
{
    while (*p != V_END) {
        const unsigned v = *p & V_WORD;
        if (v == VO_NATIVE)
            return true;
        p += 1 + (*p & V_OR ? 1 : 0) + vocab_args[v];
    }
    return false;
}
