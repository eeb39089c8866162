/*
 * mon.c - what a Pokémon on the field is: stats, types, immunities, formes; its moves and their PP.
 */
#include "seen.h"
#include "tables.h"

/* ------------------------------------------------------------------------------------------------- stats --- */

int stat_staged(int stat, int stage)
{
    if (!stage)
        return stat;
    stage = stage > 6 ? 6 : stage < -6 ? -6 : stage;
    return stage >= 0 ? stat * (2 + stage) / 2 : stat * 2 / (2 - stage);
}

void ask_stages(struct ctx *c, int t, int8_t stages[STAGES])
{
    struct call e = {.event = EV_modify_boost,
                     .target = (int8_t)t,
                     .source = NOBODY,
                     .value = R_TRUE,
                     .mod = 4096,
                     .stages = stages,
                     .a = c->attack};
    dispatch(c, &e);
}

/* Stages as they count now (Unaware). */
static void seen_boosts(struct ctx *c, int t, int8_t out[STAGES])
{
    memcpy(out, c->on[t]->boosts, STAGES);
    if (heard(c, EV_modify_boost, t, NOBODY))
        ask_stages(c, t, out);
}

int stat_of(struct ctx *c, int t, enum battle_stat s, bool staged, bool modified)
{
    static const uint8_t events[5] = {EV_modify_atk, EV_modify_def, EV_modify_spa, EV_modify_spd, EV_modify_spe};
    int stat = c->on[t]->stats[s];
    /* as the simulator has it: a Wonder Room swaps the stages of plain stats, not the stats */
    if (!modified && c->b->rooms[ROOM_WONDER] && (s == STAT_DEF || s == STAT_SPD))
        s = s == STAT_DEF ? STAT_SPD : STAT_DEF;
    if (staged) {
        int8_t boosts[STAGES];
        if (modified)
            seen_boosts(c, t, boosts);
        stat = stat_staged(stat, modified ? boosts[s] : c->on[t]->boosts[s]);
    }
    if (modified)
        stat = event_number(c, (enum event)events[s], t, NOBODY, REF_NONE, NULL, stat);
    if (stat < 0)
        stat = 0;
    return s == STAT_SPE && stat > 10000 ? 10000 : stat;
}

/* In 13 bits, as in the games. */
static inline int in_13_bits(const struct ctx *c, int speed)
{
    return (c->b->rooms[ROOM_TRICK] ? 10000 - speed : speed) & 8191;
}

static inline int plain_speed(const struct ctx *c, int t)
{
    const int speed = stat_staged(c->on[t]->stats[STAT_SPE], c->on[t]->boosts[STAT_SPE]);
    return in_13_bits(c, speed > 10000 ? 10000 : speed);
}

static APART int asked_speed(struct ctx *c, int t)
{
    const bool fell = c->mon[t]->flags & MON_FAINT_TOLD; /* nothing helps it on any more, not even Tailwind */
    if (fell || !(heard(c, EV_modify_spe, t, NOBODY) || heard(c, EV_modify_boost, t, NOBODY)))
        return plain_speed(c, t);
    return in_13_bits(c, stat_of(c, t, STAT_SPE, true, true));
}

int action_speed(struct ctx *c, int t)
{
    if (perhaps_heard(c, EV_modify_spe, t, NOBODY) || perhaps_heard(c, EV_modify_boost, t, NOBODY))
        return asked_speed(c, t);
    return plain_speed(c, t);
}

void update_speeds(struct ctx *c)
{
    fresh(c); /* here, not at the first event that may be heard: it is mostly due */
    for (int t = 0; t < 2; t++)
        if (alive(c, t))
            c->speed[t] = action_speed(c, t);
}

int best_stat(struct ctx *c, int t)
{
    int best = STAT_ATK, most = 0;
    for (int s = STAT_ATK; s <= STAT_SPE; s++) {
        const int v = stat_of(c, t, (enum battle_stat)s, true, false);
        if (v > most) {
            most = v;
            best = s;
        }
    }
    return best;
}

int weight_of(struct ctx *c, int t)
{
    int w = event_number(c, EV_modify_weight, t, NOBODY, REF_NONE, NULL, c->on[t]->weight);
    return w > 1 ? w : 1;
}

int positive_boosts(const struct ctx *c, int t)
{
    int n = 0;
    for (int i = 0; i < STAGES; i++)
        if (c->on[t]->boosts[i] > 0)
            n += c->on[t]->boosts[i];
    return n;
}

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
    if (!before_tera && m->flags & MON_TERASTALLIZED && m->tera != TYPE_STELLAR)
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
    if (one == TYPE_STELLAR || s->number == 493 || s->number == 773 || c->mon[t]->flags & MON_TERASTALLIZED)
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

/* ------------------------------------------------------------------------------------------- sky and floor --- */

int weather_now(struct ctx *c)
{
    fresh(c);
    return c->weather_off ? WEATHER_NONE : c->b->weather;
}

int weather_for(struct ctx *c, int t)
{
    int w = weather_now(c);
    const bool wet_or_hot = w == WEATHER_SUN || w == WEATHER_RAIN || w == WEATHER_HARSH_SUN || w == WEATHER_HEAVY_RAIN;
    return wet_or_hot && has_item(c, t, I(utilityumbrella)) ? WEATHER_NONE : w;
}

int terrain_now(const struct ctx *c)
{
    return c->b->terrain;
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
    if (c->mon[t]->flags & MON_TERASTALLIZED && a->type == TYPE_STELLAR) {
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

/* Does the move touch its target? */
bool contact(struct ctx *c, const struct attack *a, int user)
{
    return flagged(a, MF_CONTACT) && (user == NOBODY || user == BENCHED || !has_item(c, user, I(protectivepads)));
}

/* ------------------------------------------------------------------------------------------------ formes --- */

static void stats_of_mon(const struct dex *dex, const struct battle_mon *m, unsigned species, uint16_t out[6])
{
    stats_of(&dex->species[species], m->level, m->nature, m->ivs, m->evs, out);
}

void set_species(struct ctx *c, int t, unsigned species)
{
    struct battle_active *on = c->on[t];
    const struct dex_species *s = &c->dex->species[species];
    uint16_t stats[6];
    stats_of_mon(c->dex, c->mon[t], species, stats);
    on->species = (uint16_t)species;
    memcpy(on->types, s->types, 2);
    forget(c, t, TOLD_TYPES);
    memcpy(on->types_shown, s->types, 2);
    on->type_added = 0;
    on->weight = s->weight;
    memcpy(on->stats, stats + 1, sizeof on->stats);
    c->speed[t] = on->stats[STAT_SPE];
    changed(c, t);
}

/* The log has a terastallized one's Tera type for its type: who takes its looks seems to be of it at first. */
void show_tera_type(struct ctx *c, int t)
{
    if (!(c->mon[t]->flags & MON_TERASTALLIZED))
        return;
    c->on[t]->types_shown[0] = c->mon[t]->tera;
    c->on[t]->types_shown[1] = TYPE_NONE;
}

/* A forme for good may have another number of HP (Zygarde, Terapagos). */
static void update_hp_max(struct ctx *c, int t)
{
    struct battle_mon *m = c->mon[t];
    uint16_t stats[6];
    stats_of_mon(c->dex, m, c->on[t]->species, stats);
    if (stats[0] == m->hp_max)
        return;
    int hp = m->hp ? stats[0] - (m->hp_max - m->hp) : 0;
    if (m->hp)
        m->hp = (uint16_t)(hp > 1 ? hp : 1);
    m->hp_max = stats[0];
    if (m->hp)
        say_hp(c, LINE_HEAL, t, REF_NONE, NOBODY, SAID_SILENT);
}

static void say_details(struct ctx *c, enum battle_line kind, int t, unsigned species)
{
    const unsigned looks = c->on[t]->illusion;
    const struct battle_mon *shown = looks != 0xff ? &c->b->sides[t].party[looks] : c->mon[t];
    struct battle_event *e = say1(c, kind, t, SAY_SPECIES | (looks != 0xff ? shown->species : species));
    if (!e)
        return;
    e->arg[1] = c->mon[t]->flags & MON_TERASTALLIZED ? c->mon[t]->tera : 0;
    e->arg[2] = shown->level;
}

/* from: an ability, the freeze or nothing; behind the first two of them stands a field that is empty. */
static void say_forme(struct ctx *c, int t, unsigned species, ref from)
{
    const bool frozen = from == REF_STATUS(STATUS_FRZ);
    struct battle_event *e = say_from(c, LINE_FORME, t, SAY_SPECIES | species, frozen ? REF_NONE : from, NOBODY);
    if (e && from)
        e->arg[1] = SAY_WORD | WORD_NONE;
}

void forme_change(struct ctx *c, int t, unsigned species, ref from, bool for_good)
{
    set_species(c, t, species);
    show_tera_type(c, t);
    if (!for_good) {
        say_forme(c, t, species, (from & REF_CLASS) == REF_ABILITY ? from : REF_NONE);
        return;
    }
    struct battle_mon *m = c->mon[t];
    m->species = (uint16_t)species;
    say_details(c, LINE_DETAILS, t, species);
    update_hp_max(c, t);
    if ((from & REF_CLASS) == REF_ITEM)
        say_item_forme(c, t, species, from & REF_NUMBER);
    if (from == REF_STATUS(STATUS_FRZ)) /* which lasts beyond its life */
        say_forme(c, t, species, from);
    else if ((from & REF_CLASS) != REF_ABILITY)
        m->flags |= MON_REGRESS;
    const bool mask = from == (REF_ABILITY | A(disguise)) || from == (REF_ABILITY | A(iceface));
    if (mask)
        return;
    unsigned ability = c->dex->species[species].abilities[0];
    if (from && c->on[t]->illusion != 0xff)
        c->on[t]->ability = 0; /* it keeps the looks that it has */
    if (from || !(ability_marks(c, t) & DEX_BIT(MARK_CANT_SUPPRESS)))
        set_ability(c, t, ability, NOBODY, REF_NONE, true, false);
    m->ability = (uint16_t)ability;
    seen_new_forme(c, t);
}

static void copy_moves(struct ctx *c, int t, int from)
{
    struct battle_active *on = c->on[t];
    on->virtual_moves = 0xf;
    on->used = 0;
    for (int i = 0; i < BATTLE_MOVES; i++) {
        on->moves[i] = c->on[from]->moves[i];
        unsigned pp = move_row(c, on->moves[i])->base_pp;
        on->pp[i] = (uint8_t)(!on->moves[i] ? 0 : pp < 5 ? pp : 5);
    }
}

static void copy_focus(struct ctx *c, int t, int from)
{
    static const uint8_t kinds[3] = {VOL_DRAGON_CHEER, VOL_FOCUS_ENERGY, VOL_LASER_FOCUS};
    for (int i = 0; i < 3; i++)
        remove_volatile(c, t, (enum battle_volatile)kinds[i]);
    for (int i = 0; i < 3; i++)
        if (has(c, from, (enum battle_volatile)kinds[i]))
            add_volatile(c, t, (enum battle_volatile)kinds[i], t, REF_NONE);
}

bool transform(struct ctx *c, int t, int into, ref from)
{
    struct battle_active *on = c->on[t];
    const struct battle_active *model = c->on[into];
    const unsigned base = species_now(c, into)->base_species;
    const bool masked = (base == S(ogerpon) || base == S(terapagos)) && base;
    if (!alive(c, into) || on->illusion != 0xff || model->illusion != 0xff || has(c, into, VOL_SUBSTITUTE) ||
        has(c, into, VOL_TRANSFORMED) || has(c, t, VOL_TRANSFORMED) ||
        (masked && (c->mon[t]->flags | c->mon[into]->flags) & MON_TERASTALLIZED) ||
        (c->mon[t]->flags & MON_TERASTALLIZED && c->mon[t]->tera == TYPE_STELLAR))
        return false;
    set_species(c, t, model->species);
    on->volatiles[VOL_TRANSFORMED / 64] |= 1ull << (VOL_TRANSFORMED % 64);
    on->weight = model->weight;
    if (has(c, into, VOL_ROOST)) /* it will fly again */
        memcpy(on->types, model->types, 2);
    else
        keep_types(on->types, types_of(c, into, false, true));
    on->type_added = model->type_added;
    memcpy(on->types_shown, model->types_shown, 2);
    memcpy(on->stats, model->stats, sizeof on->stats);
    c->mon[t]->times_hit = c->mon[into]->times_hit;
    copy_moves(c, t, into);
    memcpy(on->boosts, model->boosts, STAGES);
    copy_focus(c, t, into);
    struct battle_event *e = say_from(c, LINE_TRANSFORM, t, SAY_WHO | who(c, into), from, NOBODY);
    if (e && (from & REF_CLASS) == REF_MOVE)
        e->from = REF_NONE;
    changed(c, t);
    set_ability(c, t, model->ability, t, REF_NONE, true, true);
    return true;
}

/* ------------------------------------------------------------------------------------------------- moves --- */

int move_slot(const struct ctx *c, int t, unsigned move)
{
    unsigned there = 0; /* which it is, nobody can foretell: no branches */
    for (int i = 0; i < BATTLE_MOVES; i++)
        there |= (unsigned)(c->on[t]->moves[i] == move) << i;
    return move && there ? __builtin_ctz(there) : -1;
}

/* Returns how many were taken; 0 when it has not got the move or no PP. */
int deduct_pp(struct ctx *c, int t, unsigned move, int n)
{
    int slot = move_slot(c, t, move);
    if (slot < 0)
        return 0;
    c->on[t]->used |= (uint8_t)(1u << slot);
    if (!(c->on[t]->virtual_moves >> slot & 1))
        reveal(c, t, (unsigned)MON_MOVE_KNOWN << slot);
    uint8_t *pp = slot_pp(c, t, slot);
    if (!*pp)
        return 0;
    if (n > *pp)
        n = *pp;
    *pp = (uint8_t)(*pp - n);
    return n;
}
