/*
 * field.c - weather, terrain, rooms, what lies on a side and what waits for a place.
 */
#include "engine.h"

/* ----------------------------------------------------------------------------------------------- weather --- */

static bool harsh(int weather)
{
    return weather == WEATHER_HARSH_SUN || weather == WEATHER_HEAVY_RAIN || weather == WEATHER_STRONG_WINDS;
}

static uint8_t weather_turns(struct ctx *c, int weather, int source)
{
    const unsigned rocks[WEATHERS] = {0, I(heatrock), I(damprock), I(smoothrock), I(icyrock), 0, 0, 0, I(icyrock)};
    if (harsh(weather))
        return 0;
    return source != NOBODY && has_item(c, source, rocks[weather]) ? 8 : 5;
}

static uint8_t maker(const struct ctx *c, int source)
{
    return (uint8_t)(source == NOBODY || source == BENCHED ? 0xff : source * 8 + c->b->sides[source].active);
}

static void say_weather(struct ctx *c, int source, ref cause)
{
    const bool ability = (cause & REF_CLASS) == REF_ABILITY;
    if (ability)
        reveal(c, source, MON_ABILITY_KNOWN);
    struct battle_event *e = say1(c, LINE_WEATHER, NOBODY, REF_WEATHER(c->b->weather));
    if (e && ability) {
        e->from = cause;
        e->of = who(c, source);
    }
}

/* A strong weather does not give way. */
static void say_no_weather(struct ctx *c, int source, ref cause)
{
    static const uint8_t ids[WEATHERS] = {[WEATHER_HARSH_SUN] = WORD_DESOLATE_ID,
                                          [WEATHER_HEAVY_RAIN] = WORD_PRIMORDIAL_ID,
                                          [WEATHER_STRONG_WINDS] = WORD_DELTA_ID};
    const bool ability = (cause & REF_CLASS) == REF_ABILITY;
    const bool move = (cause & REF_CLASS) == REF_MOVE && move_row(c, cause & REF_NUMBER)->weather;
    if (!ability && !move)
        return;
    struct battle_event *e = say1(c, ability ? LINE_ABILITY : LINE_FAIL, source, cause);
    if (e) {
        e->from = REF_OF_WORD(ids[c->b->weather]);
        e->extra = ability ? WORD_TAG_FAIL : 0;
    }
}

static void note_longer(struct battle *b, unsigned what, unsigned turns)
{
    b->longer &= ~what;
    b->longer |= turns > 5 ? what : 0;
}

int set_weather(struct ctx *c, int weather, int source, ref cause)
{
    struct battle *b = c->b;
    if (b->weather == weather)
        return R_FALSE;
    if (source != NOBODY) {
        int r = event_about(c, EV_set_weather, source, source, cause, (unsigned)weather);
        if (r == R_FALSE)
            say_no_weather(c, source, cause);
        if (!worked(r))
            return R_NULL;
    }
    b->weather = (uint8_t)weather;
    b->weather_by = maker(c, source);
    b->weather_turns = weather_turns(c, weather, source);
    note_longer(b, LONGER_WEATHER, b->weather_turns);
    changed_field(c);
    say_weather(c, source, cause);
    each(c, EV_weather_change, cause);
    return R_TRUE;
}

void clear_weather(struct ctx *c)
{
    if (!c->b->weather)
        return;
    c->b->weather = c->b->weather_turns = 0;
    changed_field(c);
    say1(c, LINE_WEATHER, NOBODY, REF_WEATHER(WEATHER_NONE));
    each(c, EV_weather_change, REF_NONE);
}

void weather_residual(struct ctx *c)
{
    struct battle *b = c->b;
    if (!b->weather)
        return;
    if (b->weather_turns && --b->weather_turns == 0) {
        clear_weather(c);
        return;
    }
    struct battle_event *e = say1(c, LINE_WEATHER, NOBODY, REF_WEATHER(b->weather));
    if (e)
        e->marks = SAID_UPKEEP;
    fresh(c);
    const bool can_be_calmed = b->weather == WEATHER_SAND || b->weather == WEATHER_SNOW || b->weather == WEATHER_HAIL;
    if (!can_be_calmed || !c->weather_off)
        each(c, EV_weather, REF_WEATHER(b->weather));
}

/* ----------------------------------------------------------------------------------------------- terrain --- */

static void say_terrain(struct ctx *c, enum battle_line line, int terrain, int source, ref cause)
{
    const bool ability = (cause & REF_CLASS) == REF_ABILITY;
    const bool bare = line == LINE_FIELD_END && terrain == TERRAIN_MISTY;
    if (ability)
        reveal(c, source, MON_ABILITY_KNOWN);
    struct battle_event *e =
        say1(c, line, NOBODY, (unsigned)(bare ? SAY_COND : SAY_COND_FULL) | (REF_TERRAIN(terrain) & REF_NUMBER));
    if (e && ability) {
        e->from = cause;
        e->of = who(c, source);
    }
}

int set_terrain(struct ctx *c, int terrain, int source, ref cause)
{
    struct battle *b = c->b;
    if (b->terrain == terrain)
        return R_FALSE;
    b->terrain = (uint8_t)terrain;
    b->terrain_turns = source != NOBODY && has_item(c, source, I(terrainextender)) ? 8 : 5;
    note_longer(b, LONGER_TERRAIN, b->terrain_turns);
    changed_field(c);
    say_terrain(c, LINE_FIELD_START, terrain, source, cause);
    each(c, EV_terrain_change, cause);
    return R_TRUE;
}

void clear_terrain(struct ctx *c)
{
    const int old = c->b->terrain;
    if (!old)
        return;
    say_terrain(c, LINE_FIELD_END, old, NOBODY, REF_NONE);
    c->b->terrain = c->b->terrain_turns = 0;
    changed_field(c);
    each(c, EV_terrain_change, REF_NONE);
}

/* What grassy ground heals at the end of a turn. */
void grass_residual(struct ctx *c, int t)
{
    if (c->b->terrain == TERRAIN_GRASSY && is_grounded(c, t) && !semi_invulnerable(c, t))
        heal(c, t, sixteenth(c, t), t, REF_TERRAIN(TERRAIN_GRASSY));
}

/* ------------------------------------------------------------------------------------------------- rooms --- */

/* What flies comes down. */
static void gravity_begins(struct ctx *c)
{
    for (int t = 0; t < 2; t++) {
        bool felt = false;
        if (remove_volatile(c, t, VOL_BOUNCE) || remove_volatile(c, t, VOL_FLY)) {
            felt = true;
            cancel_action(c, t);
            remove_volatile(c, t, VOL_CHARGING);
        }
        if (has(c, t, VOL_SKY_DROP)) {
            felt = true;
            cancel_action(c, t);
            const struct effect *fx = &c->rules->conds[COND_VOLATILE + VOL_SKY_DROP];
            single(c, EV_end, fx, t, t, NOBODY, REF_NONE, NULL, R_TRUE);
            drop_volatile(c, t, VOL_SKY_DROP);
            remove_volatile(c, t, VOL_CHARGING);
        }
        static const uint8_t lifts[2] = {VOL_MAGNET_RISE, VOL_TELEKINESIS};
        for (int i = 0; i < 2; i++)
            if (has(c, t, lifts[i])) {
                felt = true;
                drop_volatile(c, t, lifts[i]);
            }
        if (felt)
            say1(c, LINE_ACTIVATE, t, SAY_COND_FULL | (REF_ROOM(ROOM_GRAVITY) & REF_NUMBER));
    }
}

static void items_end(struct ctx *c)
{
    for (int t = 0; t < 2; t++)
        if (c->mon[t]->item && listens(&c->rules->items[c->mon[t]->item], EV_end))
            single(c, EV_end, &c->rules->items[c->mon[t]->item], t, t, NOBODY, REF_NONE, NULL, R_TRUE);
}

int set_room(struct ctx *c, int room, int source, ref cause)
{
    struct battle *b = c->b;
    if (b->rooms[room]) {
        if (room != ROOM_TRICK && room != ROOM_WONDER && room != ROOM_MAGIC)
            return R_FALSE;
        end_room(c, room);
        return R_UNDEF;
    }
    (void)cause;
    b->rooms[room] = room == ROOM_FAIRY_LOCK ? 2 : room == ROOM_ION_DELUGE ? 1 : 5;
    changed_field(c);
    changed(c, 0);
    if (room == ROOM_FAIRY_LOCK || room == ROOM_ION_DELUGE) {
        say1(c, LINE_FIELD_ACTIVATE, NOBODY, SAY_COND_FULL | (REF_ROOM(room) & REF_NUMBER));
    } else {
        struct battle_event *e = say1(c, LINE_FIELD_START, NOBODY, SAY_COND_FULL | (REF_ROOM(room) & REF_NUMBER));
        if (e && room != ROOM_GRAVITY)
            e->of = who(c, source);
    }
    b->magic_by = room == ROOM_MAGIC ? maker(c, source) : b->magic_by;
    if (room == ROOM_GRAVITY)
        gravity_begins(c);
    if (room == ROOM_MAGIC)
        items_end(c);
    event_about(c, EV_room_change, source, source, REF_ROOM(room), (unsigned)room);
    return R_TRUE;
}

static uint8_t magic_maker(const struct ctx *c)
{
    const int side = c->b->magic_by / 8 & 1, slot = c->b->magic_by & 7;
    const bool out = c->b->sides[side].active == slot && !(c->mon[side]->flags & MON_FAINT_TOLD);
    return out ? who(c, side) : who_benched(c, side, slot);
}

void end_room(struct ctx *c, int room)
{
    if (!c->b->rooms[room])
        return;
    struct battle_event *e = NULL;
    if (room <= ROOM_MAGIC || room == ROOM_WATER_SPORT || room == ROOM_MUD_SPORT)
        e = say1(c, LINE_FIELD_END, NOBODY, SAY_COND_FULL | (REF_ROOM(room) & REF_NUMBER));
    if (e && room == ROOM_MAGIC)
        e->of = magic_maker(c);
    c->b->rooms[room] = 0;
    if (room == ROOM_ECHOED_VOICE)
        c->b->echo = 0;
    changed_field(c);
    changed(c, 0);
}

/* ------------------------------------------------------------------------------------------------- sides --- */

static uint8_t side_turns(struct ctx *c, int condition, int source)
{
    switch (condition) {
    case SIDE_REFLECT:
    case SIDE_LIGHT_SCREEN:
    case SIDE_AURORA_VEIL: return source != NOBODY && has_item(c, source, I(lightclay)) ? 8 : 5;
    case SIDE_TAILWIND:
    case SIDE_FIRE_PLEDGE:
    case SIDE_WATER_PLEDGE:
    case SIDE_GRASS_PLEDGE: return 4;
    case SIDE_QUICK_GUARD:
    case SIDE_WIDE_GUARD: return 1;
    case SIDE_LUCKY_CHANT:
    case SIDE_SAFEGUARD:
    case SIDE_MIST: return 5;
    default: return 1;
    }
}

static unsigned side_arg(int condition)
{
    const unsigned plain = 1u << SIDE_REFLECT | 1u << SIDE_SAFEGUARD | 1u << SIDE_MIST | 1u << SIDE_SPIKES |
                           1u << SIDE_FIRE_PLEDGE | 1u << SIDE_WATER_PLEDGE | 1u << SIDE_GRASS_PLEDGE;
    return (unsigned)(plain >> condition & 1 ? SAY_COND : SAY_COND_FULL) | (REF_SIDE(condition) & REF_NUMBER);
}

static void say_side(struct ctx *c, enum battle_line line, int side, int condition)
{
    struct battle_event *e = say1(c, line, NOBODY, side_arg(condition));
    if (e)
        e->who = (uint8_t)(side * 8);
}

int set_side(struct ctx *c, int side, int condition, int source, ref cause)
{
    struct battle_side *s = &c->b->sides[side];
    static const uint8_t most[SIDE_CONDITIONS] = {[SIDE_SPIKES] = 3, [SIDE_TOXIC_SPIKES] = 2};
    if ((unsigned)condition >= SIDE_CONDITIONS)
        return R_FALSE;
    if (s->turns[condition]) {
        if (s->turns[condition] >= most[condition])
            return R_FALSE;
        s->turns[condition]++;
        say_side(c, LINE_SIDE_START, side, condition);
        return R_UNDEF;
    }
    s->turns[condition] = side_turns(c, condition, source);
    if (condition < SIDE_SCREENS)
        s->longer = (uint8_t)((s->longer & ~(1u << condition)) | (unsigned)(s->turns[condition] > 5) << condition);
    if (condition >= SIDE_HAZARDS) {
        int i = 0;
        while (i < SIDE_CONDITIONS - SIDE_HAZARDS - 1 && s->hazards[i])
            i++;
        s->hazards[i] = (uint8_t)(1 + condition);
    }
    changed_field(c);
    if (side_guards(condition))
        say1(c, LINE_SINGLE_TURN, source, SAY_COND | (REF_SIDE(condition) & REF_NUMBER));
    else
        say_side(c, LINE_SIDE_START, side, condition);
    event_about(c, EV_side_start, side, source, cause, (unsigned)condition);
    return R_TRUE;
}

/* Takes it away without a word; false when it is not there. */
bool end_side_quietly(struct ctx *c, int side, int condition)
{
    struct battle_side *s = &c->b->sides[side];
    if (!s->turns[condition])
        return false;
    s->turns[condition] = 0;
    if (condition >= SIDE_HAZARDS) {
        const int last = SIDE_CONDITIONS - SIDE_HAZARDS - 1;
        int i = 0;
        while (i < last && s->hazards[i] != 1 + condition)
            i++;
        for (; i < last; i++)
            s->hazards[i] = s->hazards[i + 1];
        s->hazards[last] = 0;
    }
    changed_field(c);
    return true;
}

/* The same; what has a word for its end says it. */
bool end_side(struct ctx *c, int side, int condition)
{
    if (!end_side_quietly(c, side, condition))
        return false;
    if (condition <= SIDE_GRASS_PLEDGE || condition == SIDE_LUCKY_CHANT)
        say_side(c, LINE_SIDE_END, side, condition);
    return true;
}

void pledge_residual(struct ctx *c, int t)
{
    if (c->b->sides[t].turns[SIDE_FIRE_PLEDGE] && !has_type(c, t, TYPE_FIRE))
        hurt_part(c, t, 8, NOBODY, REF_SIDE(SIDE_FIRE_PLEDGE));
}

/* ------------------------------------------------------------------------------------------------ places --- */

int set_slot(struct ctx *c, int side, int slot, int source, ref cause, struct attack *a)
{
    struct battle_side *s = &c->b->sides[side];
    (void)cause;
    if (slot == SLOT_WISH) {
        if (s->wish_turns)
            return R_FALSE;
        s->wish_turns = 2;
        s->wish_hp = (uint16_t)(c->mon[source]->hp_max / 2);
        s->wish_by = c->b->sides[source].active;
        return R_TRUE;
    }
    if (slot == SLOT_FUTURE) {
        if (s->future_turns)
            return R_FALSE;
        s->future_turns = 3;
        s->future_move = a->number;
        s->future_by = c->b->sides[source].active;
        return R_TRUE;
    }
    if (s->replacing >> slot & 1)
        return R_FALSE;
    s->replacing &= (uint8_t)~REPLACING_LUNAR_FIRST;
    if (slot == SLOT_HEALING_WISH && s->replacing >> SLOT_LUNAR_DANCE & 1)
        s->replacing |= REPLACING_LUNAR_FIRST;
    s->replacing |= (uint8_t)(1u << slot);
    changed_field(c);
    return R_TRUE;
}

void wish_residual(struct ctx *c, int t)
{
    struct battle_side *s = &c->b->sides[t];
    if (!s->wish_turns || --s->wish_turns)
        return;
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return;
    if (heal(c, t, s->wish_hp, t, REF_SLOT(SLOT_WISH)) > 0) {
        say_hp(c, LINE_HEAL, t, (ref)(REF_MOVE | M(wish)), NOBODY, 0);
        if (c->log)
            c->log->events[c->log->count - 1].wisher = (uint8_t)(1 + t * 8 + s->wish_by);
    }
}

/* Future Sight comes down, whether its user is still there or not. */
void future_residual(struct ctx *c, int t)
{
    struct battle_side *s = &c->b->sides[t];
    if (!s->future_turns || --s->future_turns)
        return;
    const unsigned move = s->future_move;
    s->future_move = 0;
    if (c->mon[t]->flags & MON_FAINT_TOLD)
        return;
    say1(c, LINE_END, t, SAY_MOVE_FULL | move);
    remove_volatile(c, t, VOL_PROTECT);
    remove_volatile(c, t, VOL_ENDURE);
    int user = !t;
    const bool there = c->b->sides[!t].active == s->future_by && alive(c, !t);
    if (!there) {
        user = BENCHED;
        c->bench_side = !t;
        changed(c, 0); /* who may help it */
        c->bench_slot = s->future_by;
        bind_bench(c);
    }
    struct attack a;
    attack_init(c, &a, move, user);
    a.landing = true;
    a.flags &= ~(DEX_BIT(MF_PROTECT) | DEX_BIT(MF_MIRROR));
    a.ignore_immunity = false;
    a.target = (int8_t)t;
    if (user != BENCHED && has_ability(c, user, A(infiltrator)))
        a.infiltrates = true;
    if (user != BENCHED && has_ability(c, user, A(normalize)))
        a.type = TYPE_NORMAL;
    c->attack = &a;
    c->active_user = user;
    c->active_target = t;
    spread_hit(c, &a, t);
    if (user != BENCHED && has_item(c, user, I(lifeorb)))
        item_single(c, EV_after_move_secondary_self, user, t);
    c->attack = NULL;
    check_win(c, NOBODY);
}
