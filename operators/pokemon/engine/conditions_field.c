/*
 * conditions_field.c - hooks of weather, terrain, rooms and clauses.
 */
#include "conditions.h"

/* ----------------------------------------------------------------------------------------------- weather --- */

static int sun_damage(struct ctx *c, struct call *e)
{
    const bool steam = e->a->number == M(hydrosteam) && M(hydrosteam);
    if (steam && e->target != BENCHED && weather_for(c, e->target) == WEATHER_SUN)
        return chain(e, 6144);
    if (weather_for(c, e->source) != (int)((e->self & REF_NUMBER) - COND_WEATHER))
        return R_UNDEF;
    if (e->a->type == TYPE_FIRE)
        return chain(e, 6144);
    return e->a->type == TYPE_WATER && e->self == REF_WEATHER(WEATHER_SUN) ? chain(e, 2048) : R_UNDEF;
}

static int rain_damage(struct ctx *c, struct call *e)
{
    if (weather_for(c, e->source) != (int)((e->self & REF_NUMBER) - COND_WEATHER))
        return R_UNDEF;
    if (e->a->type == TYPE_WATER)
        return chain(e, 6144);
    return e->a->type == TYPE_FIRE && e->self == REF_WEATHER(WEATHER_RAIN) ? chain(e, 2048) : R_UNDEF;
}

static int sun_immunity(struct ctx *c, struct call *e)
{
    return e->thing == REF_STATUS(STATUS_FRZ) &&
                   weather_for(c, e->target) == (int)((e->self & REF_NUMBER) - COND_WEATHER)
               ? R_FALSE
               : R_UNDEF;
}

static int harsh_fails(struct ctx *c, struct call *e)
{
    const bool sun = e->self == REF_WEATHER(WEATHER_HARSH_SUN);
    const int type = sun ? TYPE_WATER : TYPE_FIRE;
    if (e->a->type != type || e->a->category == MOVE_STATUS)
        return R_UNDEF;
    struct battle_event *line = say1(c, LINE_FAIL, e->target, SAY_MOVE | e->a->number);
    if (line)
        line->from = REF_OF_WORD(sun ? WORD_DESOLATE_LAND : WORD_PRIMORDIAL_SEA);
    say_mark(c, SAID_STILL);
    return R_NULL;
}

static int sand_defense(struct ctx *c, struct call *e)
{
    if (has_type(c, e->target, TYPE_ROCK) && weather_for(c, e->target) == WEATHER_SAND)
        return (int)modify((uint32_t)e->value, 6144);
    return R_UNDEF;
}

static int snow_defense(struct ctx *c, struct call *e)
{
    if (has_type(c, e->target, TYPE_ICE) && weather_for(c, e->target) == WEATHER_SNOW)
        return (int)modify((uint32_t)e->value, 6144);
    return R_UNDEF;
}

static int sand_hurts(struct ctx *c, struct call *e)
{
    hurt_part(c, e->target, 16, NOBODY, e->self);
    return R_UNDEF;
}

static int winds(struct ctx *c, struct call *e)
{
    if (e->a->category == MOVE_STATUS || e->thing != TYPE_FLYING || e->value <= 64)
        return R_UNDEF;
    say1(c, LINE_FIELD_ACTIVATE, NOBODY, SAY_WORD | WORD_DELTA_STREAM);
    return 64;
}

/* ----------------------------------------------------------------------------------------------- terrain --- */

static bool touched(struct ctx *c, int t)
{
    return is_grounded(c, t) && !semi_invulnerable(c, t);
}

static void say_terrain(struct ctx *c, int t, ref terrain)
{
    say1(c, LINE_ACTIVATE, t, SAY_COND_FULL | (terrain & REF_NUMBER));
}

static int electric_status(struct ctx *c, struct call *e)
{
    if (e->thing != REF_STATUS(STATUS_SLP) || !touched(c, e->target))
        return R_UNDEF;
    if (e->cause == REF_VOL(VOL_YAWN) || (is_move_ref(e->cause) && !has_secondaries(c, e->cause)))
        say_terrain(c, e->target, e->self);
    return R_FALSE;
}

static int electric_volatile(struct ctx *c, struct call *e)
{
    if (e->thing != REF_VOL(VOL_YAWN) || !touched(c, e->target))
        return R_UNDEF;
    say_terrain(c, e->target, e->self);
    return R_NULL;
}

static int terrain_power(struct ctx *c, struct call *e)
{
    const int type = e->self == REF_TERRAIN(TERRAIN_ELECTRIC) ? TYPE_ELECTRIC : TYPE_PSYCHIC;
    return e->a->type == type && touched(c, e->target) ? chain(e, 5325) : R_UNDEF;
}

static int grassy_power(struct ctx *c, struct call *e)
{
    const uint16_t weak[] = {M(earthquake), M(bulldoze), M(magnitude)};
    if (is_one_of(e->a, weak, 3) && touched(c, e->source))
        return chain(e, 2048);
    return e->a->type == TYPE_GRASS && is_grounded(c, e->target) ? chain(e, 5325) : R_UNDEF;
}

static int misty_status(struct ctx *c, struct call *e)
{
    if (!touched(c, e->target))
        return R_UNDEF;
    if (e->cause == REF_VOL(VOL_YAWN) || (is_move_ref(e->cause) && move_row(c, e->cause & REF_NUMBER)->hit.status))
        say_terrain(c, e->target, e->self);
    return R_FALSE;
}

static int misty_volatile(struct ctx *c, struct call *e)
{
    if (e->thing != REF_VOL(VOL_CONFUSION) || !touched(c, e->target))
        return R_UNDEF;
    if (is_move_ref(e->cause) && !has_secondaries(c, e->cause))
        say_terrain(c, e->target, e->self);
    return R_NULL;
}

static int misty_power(struct ctx *c, struct call *e)
{
    return e->a->type == TYPE_DRAGON && touched(c, e->source) ? chain(e, 2048) : R_UNDEF;
}

static int psychic_guard(struct ctx *c, struct call *e)
{
    if (e->a->priority <= 0 || e->a->target_kind == TARGET_SELF || e->target == e->source || !touched(c, e->target))
        return R_UNDEF;
    say_terrain(c, e->target, e->self);
    return R_NULL;
}

/* ------------------------------------------------------------------------------------------------- rooms --- */

static int gravity_accuracy(struct ctx *c, struct call *e)
{
    (void)c;
    return e->value >= 0 ? chain(e, 6840) : R_UNDEF;
}

static int gravity_moves(struct ctx *c, struct call *e)
{
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (move_row(c, slot_move(c, e->target, i))->flags & DEX_BIT(MF_GRAVITY))
            c->on[e->target]->disabled |= (uint8_t)(1u << i);
    return R_UNDEF;
}

static int gravity_before(struct ctx *c, struct call *e)
{
    if (!flagged(e->a, MF_GRAVITY) || e->a->z)
        return R_UNDEF;
    return say_cant(c, e->target, SAY_COND_FULL | (e->self & REF_NUMBER), SAY_MOVE | e->a->number);
}

static int everybody_trapped(struct ctx *c, struct call *e)
{
    if (status_immunity(c, e->target, REF_TRAPPED))
        c->on[e->target]->trapped = 1;
    return R_UNDEF;
}

/* ----------------------------------------------------------------------------------------------- clauses --- */

/* What a trainer's own Pokémon do to each other breaks no clause, nor does it count. */
static int clause(struct ctx *c, const struct call *e, int status, unsigned flags, unsigned word)
{
    const struct battle_side *s = &c->b->sides[e->target];
    if (e->thing != REF_STATUS(status) || side_of(c, e->source) == e->target)
        return R_UNDEF;
    for (int i = 0; i < s->size; i++)
        if (s->party[i].hp && s->party[i].status == status && (s->party[i].flags & flags) == flags) {
            say1(c, LINE_MESSAGE, NOBODY, SAY_WORD | word);
            return R_FALSE;
        }
    return R_UNDEF;
}

static int sleep_clause(struct ctx *c, struct call *e)
{
    return clause(c, e, STATUS_SLP, MON_PUT_TO_SLEEP, WORD_SLEEP_CLAUSE);
}

static int freeze_clause(struct ctx *c, struct call *e)
{
    return clause(c, e, STATUS_FRZ, 0, WORD_FREEZE_CLAUSE);
}

const struct native_hook condition_hooks_field[] = {
    {WEATHER(SUN), EV_weather_modify_damage, ROLE_SELF, 0, 0, 0, sun_damage},
    {WEATHER(SUN), EV_immunity, ROLE_SELF, 0, 0, 0, sun_immunity},
    {WEATHER(HARSH_SUN), EV_weather_modify_damage, ROLE_SELF, 0, 0, 0, sun_damage},
    {WEATHER(HARSH_SUN), EV_immunity, ROLE_SELF, 0, 0, 0, sun_immunity},
    {WEATHER(HARSH_SUN), EV_try_move, ROLE_SELF, 1, 0, 0, harsh_fails},
    {WEATHER(RAIN), EV_weather_modify_damage, ROLE_SELF, 0, 0, 0, rain_damage},
    {WEATHER(HEAVY_RAIN), EV_weather_modify_damage, ROLE_SELF, 0, 0, 0, rain_damage},
    {WEATHER(HEAVY_RAIN), EV_try_move, ROLE_SELF, 1, 0, 0, harsh_fails},
    {WEATHER(SAND), EV_modify_spd, ROLE_SELF, 10, 0, 0, sand_defense},
    {WEATHER(SAND), EV_weather, ROLE_SELF, 0, 0, 0, sand_hurts},
    {WEATHER(SNOW), EV_modify_def, ROLE_SELF, 10, 0, 0, snow_defense},
    {WEATHER(STRONG_WINDS), EV_effectiveness, ROLE_SELF, -1, 0, 0, winds},
    {TERRAIN(ELECTRIC), EV_set_status, ROLE_SELF, 0, 0, 0, electric_status},
    {TERRAIN(ELECTRIC), EV_try_add_volatile, ROLE_SELF, 0, 0, 0, electric_volatile},
    {TERRAIN(ELECTRIC), EV_base_power, ROLE_SELF, 6, 0, 0, terrain_power},
    {TERRAIN(GRASSY), EV_base_power, ROLE_SELF, 6, 0, 0, grassy_power},
    {TERRAIN(MISTY), EV_set_status, ROLE_SELF, 0, 0, 0, misty_status},
    {TERRAIN(MISTY), EV_try_add_volatile, ROLE_SELF, 0, 0, 0, misty_volatile},
    {TERRAIN(MISTY), EV_base_power, ROLE_SELF, 6, 0, 0, misty_power},
    {TERRAIN(PSYCHIC), EV_try_hit, ROLE_SELF, 4, 0, 0, psychic_guard},
    {TERRAIN(PSYCHIC), EV_base_power, ROLE_SELF, 6, 0, 0, terrain_power},
    {ROOM(GRAVITY), EV_modify_accuracy, ROLE_SELF, 0, 0, 0, gravity_accuracy},
    {ROOM(GRAVITY), EV_disable_move, ROLE_SELF, 0, 0, 0, gravity_moves},
    {ROOM(GRAVITY), EV_before_move, ROLE_SELF, 6, 0, 0, gravity_before},
    {ROOM(GRAVITY), EV_modify_move, ROLE_SELF, 0, 0, 0, gravity_before},
    {ROOM(FAIRY_LOCK), EV_trap, ROLE_SELF, 0, 0, 0, everybody_trapped},
    {COND_CLAUSE + 0, EV_set_status, ROLE_SELF, 0, 0, 0, sleep_clause},
    {COND_CLAUSE + 1, EV_set_status, ROLE_SELF, 0, 0, 0, freeze_clause},
    {0, EV_NONE, 0, 0, 0, 0, NULL}};

const struct native_hook *const condition_hook_lists[] = {
    condition_hooks_status, condition_hooks_mon,  condition_hooks_choice, condition_hooks_turn,
    condition_hooks_field,  condition_hooks_side, condition_hooks_ties,   NULL};
