/*
 * field.c - weather, terrain and rooms.
 */
#include "engine.h"

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
    if (slot >= c->b->sides[side].size) /* nobody did */
        return 0xff;
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
