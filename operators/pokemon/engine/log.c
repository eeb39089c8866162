/*
 * log.c - events into the caller's array, and events as lines of the battle protocol that clients know.
 *
 * Nothing is formatted while a battle runs.  HP is shown per viewer: exactly to its side, in percent to others.
 */
#include "log.h"
#include "internal.h"

struct battle_event *log_event(struct ctx *c, enum battle_event_kind kind, unsigned actor, unsigned other)
{
    static const struct battle_event empty;
    struct battle_log *log = c->log;
    if (log->count >= log->cap) {
        log->overflow = true;
        log->count = log->cap - 1; /* the last one is overwritten */
    }
    struct battle_event *e = &log->events[log->count++];
    *e = empty;
    e->kind = (uint8_t)kind;
    e->who = (uint8_t)actor;
    e->other = (uint8_t)other;
    if (actor < 16)
        e->status = c->b->sides[actor / 8].party[actor % 8 % BATTLE_PARTY].status;
    return e;
}

/* Marks the last move as missed, without a target and so on. */
void log_mark(struct ctx *c, int mark)
{
    if (c->log && c->move_event)
        c->log->events[c->move_event - 1].n |= (int8_t)mark;
}

/* -------------------------------------------------------------------------------------------------- text --- */

struct writer {
    const struct battle *b;
    const struct dex *dex;
    struct battle_text *out;
    int viewer;
};

static void put(struct writer *w, const char *s)
{
    size_t n = strlen(s), room = w->out->cap - w->out->len;
    if (n > room) {
        n = room;
        w->out->overflow = true;
    }
    memcpy(w->out->ptr + w->out->len, s, n);
    w->out->len += n;
}

static void put_number(struct writer *w, int v)
{
    char digits[12];
    int i = sizeof digits - 1;
    unsigned u = v < 0 ? 0u - (unsigned)v : (unsigned)v;
    digits[i] = 0;
    do
        digits[--i] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        digits[--i] = '-';
    put(w, digits + i);
}

static const struct battle_mon *mon_at(const struct writer *w, unsigned whom)
{
    return &w->b->sides[whom / 8 & 1].party[whom % 8 % BATTLE_PARTY];
}

static const char *name_of(const struct writer *w, unsigned whom)
{
    return w->dex->species[mon_at(w, whom)->species].name;
}

static void put_who(struct writer *w, unsigned whom)
{
    if (whom == NOBODY)
        return;
    put(w, whom / 8 ? "p2a: " : "p1a: ");
    put(w, name_of(w, whom));
}

static const char *move_name(const struct writer *w, unsigned move)
{
    return move <= (unsigned)w->dex->moves_n + 1 ? w->dex->moves[move].name : "";
}

int battle_percent(unsigned hp, unsigned hp_max)
{
    if (!hp || !hp_max)
        return 0;
    int p = (int)((100 * hp + hp_max - 1) / hp_max);
    return p == 100 && hp < hp_max ? 99 : p;
}

static void put_hp(struct writer *w, const struct battle_event *e)
{
    unsigned max = mon_at(w, e->who)->hp_max;
    if (!e->a) {
        put(w, "0 fnt");
        return;
    }
    bool exact = w->viewer == BATTLE_FULL || w->viewer == e->who / 8;
    put_number(w, exact ? e->a : battle_percent(e->a, max));
    put(w, "/");
    put_number(w, exact ? (int)max : 100);
    if (e->status) {
        put(w, " ");
        put(w, dex_status_name(e->status));
    }
}

/* "|-kind|p1a: Name" */
static void head(struct writer *w, const char *kind, const struct battle_event *e)
{
    put(w, "|");
    put(w, kind);
    put(w, "|");
    put_who(w, e->who);
}

static void field(struct writer *w, const char *s)
{
    put(w, "|");
    put(w, s);
}

static void field2(struct writer *w, const char *s, const char *t)
{
    field(w, s);
    put(w, t);
}

static void of(struct writer *w, unsigned whom)
{
    if (whom == NOBODY)
        return;
    put(w, "|[of] ");
    put_who(w, whom);
}

static void put_why(struct writer *w, const struct battle_event *e)
{
    static const char *const from[WHYS] = {[WHY_CONFUSION] = "[from] confusion",
                                           [WHY_LEECH_SEED] = "[from] Leech Seed",
                                           [WHY_RECOIL] = "[from] Recoil",
                                           [WHY_STRUGGLE] = "[from] Recoil",
                                           [WHY_CURSE] = "[from] Curse",
                                           [WHY_DRAIN] = "[from] drain",
                                           [WHY_AQUA_RING] = "[from] Aqua Ring",
                                           [WHY_INGRAIN] = "[from] Ingrain",
                                           [WHY_SAND] = "[from] Sandstorm",
                                           [WHY_SPIKES] = "[from] Spikes",
                                           [WHY_STEALTH_ROCK] = "[from] Stealth Rock",
                                           [WHY_CRASH] = "[from] crash",
                                           [WHY_SILENT] = "[silent]"};
    if (e->why == WHY_STATUS) {
        field2(w, "[from] ", e->status == STATUS_TOX ? "psn" : dex_status_name(e->status));
    } else if (e->why == WHY_BOUND) {
        field2(w, "[from] move: ", move_name(w, e->b));
        field(w, "[partiallytrapped]");
    } else if (e->why < WHYS && from[e->why]) {
        field(w, from[e->why]);
    }
    if (e->why == WHY_DRAIN || e->why == WHY_LEECH_SEED)
        of(w, e->other);
}

static void put_volatile(struct writer *w, unsigned v)
{
    static const uint32_t of_moves = 1u << VOL_LEECH_SEED | 1u << VOL_FOCUS_ENERGY | 1u << VOL_TAUNT | 1u << VOL_YAWN;
    field(w, v < VOLATILES && of_moves >> v & 1 ? "move: " : "");
    put(w, dex_volatile_name((int)v));
}

static void details(struct writer *w, const struct battle_event *e)
{
    const struct battle_mon *m = mon_at(w, e->who);
    field(w, name_of(w, e->who));
    if (m->level != 100) {
        put(w, ", L");
        put_number(w, m->level);
    }
    if (m->gender)
        put(w, m->gender == GENDER_MALE ? ", M" : ", F");
    put(w, "|");
    put_hp(w, e);
}

static void line_move(struct writer *w, const struct battle_event *e)
{
    head(w, "move", e);
    field(w, move_name(w, e->a));
    put(w, "|");
    put_who(w, e->other);
    if (e->why == WHY_RAMPAGE)
        field(w, "[from] lockedmove");
    if (e->n & EV_STILL)
        field(w, "[still]");
    if (e->n & EV_MISSED)
        field(w, "[miss]");
    if (e->n & EV_NO_TARGET)
        field(w, "[notarget]");
}

static void line_cant(struct writer *w, const struct battle_event *e)
{
    static const char *const why[WHYS] = {
        [WHY_FLINCH] = "flinch",     [WHY_TAUNT] = "move: Taunt", [WHY_THROAT_CHOP] = "move: Throat Chop",
        [WHY_FOCUS] = "Focus Punch", [WHY_ATTRACT] = "Attract",   [WHY_RECHARGE] = "recharge",
        [WHY_PAR] = "par",           [WHY_SLP] = "slp",           [WHY_FRZ] = "frz"};
    head(w, "cant", e);
    field(w, e->why < WHYS && why[e->why] ? why[e->why] : "");
}

static void line_hp(struct writer *w, const struct battle_event *e)
{
    head(w, e->kind == EV_DAMAGE ? "-damage" : e->kind == EV_HEAL ? "-heal" : "-sethp", e);
    put(w, "|");
    put_hp(w, e);
    if (e->kind == EV_SET_HP)
        field(w, "[from] move: Pain Split");
    else
        put_why(w, e);
}

static void line_status(struct writer *w, const struct battle_event *e)
{
    head(w, e->kind == EV_STATUS ? "-status" : "-curestatus", e);
    field(w, dex_status_name(e->b));
    if (e->a)
        field2(w, "[from] move: ", move_name(w, e->a));
    else if (e->kind == EV_CURE)
        field(w, "[msg]");
}

static void line_stage(struct writer *w, const struct battle_event *e)
{
    head(w, e->kind == EV_BOOST ? "-boost" : e->kind == EV_UNBOOST ? "-unboost" : "-setboost", e);
    field(w, dex_stat_name(e->a));
    put(w, "|");
    put_number(w, e->n);
    if (e->kind == EV_SET_BOOST)
        field(w, "[from] move: Belly Drum");
}

static void line_volatile(struct writer *w, const struct battle_event *e)
{
    head(w,
         e->kind == EV_START         ? "-start"
         : e->kind == EV_END         ? "-end"
         : e->kind == EV_SINGLE_TURN ? "-singleturn"
                                     : "-activate",
         e);
    put_volatile(w, e->a);
    if (e->kind == EV_START && e->n)
        field(w, "[fatigue]");
    if (e->kind == EV_END && e->n)
        field(w, "[silent]");
    if (e->kind == EV_ACTIVATE && e->a == VOL_SUBSTITUTE)
        field(w, "[damage]");
}

static void line_bind(struct writer *w, const struct battle_event *e)
{
    head(w, e->kind == EV_BIND ? "-activate" : "-end", e);
    field2(w, e->kind == EV_BIND ? "move: " : "", move_name(w, e->a));
    if (e->kind == EV_BIND)
        of(w, e->other);
    else
        field(w, "[partiallytrapped]");
    if (e->n)
        field(w, "[silent]");
}

static void line_fail(struct writer *w, const struct battle_event *e)
{
    head(w, "-fail", e);
    if (e->a == 1)
        field(w, "heal");
    else if (e->a > 1)
        field(w, dex_status_name(e->a - 2));
}

static void line_side(struct writer *w, const struct battle_event *e)
{
    put(w, e->kind == EV_SIDE_START ? "|-sidestart|" : "|-sideend|");
    put(w, e->who / 8 ? "p2|" : "p1|");
    put(w, e->a >= SIDE_HAZARDS ? "" : "move: ");
    put(w, dex_side_name(e->a));
    if (e->b)
        field2(w, "[from] move: ", move_name(w, e->b));
}

static void line_weather(struct writer *w, const struct battle_event *e)
{
    put(w, "|-weather|");
    put(w, dex_weather_name(e->a));
    if (e->n && e->a)
        field(w, "[upkeep]");
}

static void line_activate_move(struct writer *w, const struct battle_event *e)
{
    head(w, "-activate", e);
    put(w, "|move: ");
    put(w, e->n == 1 ? "Safeguard" : e->n == 2 ? "Mist" : move_name(w, e->a));
}

static void line_plain(struct writer *w, const struct battle_event *e)
{
    static const char *const words[EVENTS] = {[EV_CLEAR_BOOST] = "-clearboost",
                                              [EV_SUPER] = "-supereffective",
                                              [EV_RESIST] = "-resisted",
                                              [EV_CRIT] = "-crit",
                                              [EV_MUST_RECHARGE] = "-mustrecharge",
                                              [EV_NOTHING] = "-nothing",
                                              [EV_FAINT] = "faint",
                                              [EV_IMMUNE] = "-immune",
                                              [EV_MISS] = "-miss",
                                              [EV_COPY_BOOST] = "-copyboost",
                                              [EV_PREPARE] = "-prepare",
                                              [EV_HIT_COUNT] = "-hitcount",
                                              [EV_FOCUS] = "-singleturn"};
    head(w, e->kind < EVENTS && words[e->kind] ? words[e->kind] : "", e);
    if (e->kind == EV_MISS || e->kind == EV_COPY_BOOST) {
        put(w, "|");
        put_who(w, e->other);
    } else if (e->kind == EV_FOCUS) {
        field(w, "move: Focus Punch");
    } else if (e->kind == EV_PREPARE) {
        field(w, move_name(w, e->a));
    } else if (e->kind == EV_HIT_COUNT) {
        put(w, "|");
        put_number(w, e->n);
    } else if (e->kind == EV_IMMUNE && e->a) {
        field(w, "[ohko]");
    }
}

static void line_battle(struct writer *w, const struct battle_event *e)
{
    switch (e->kind) {
    case EV_TURN:
        put(w, "|turn|");
        put_number(w, e->a);
        break;
    case EV_WIN: put(w, e->n ? "|win|p2" : "|win|p1"); break;
    case EV_TIE: put(w, "|tie"); break;
    case EV_UPKEEP: put(w, "|upkeep"); break;
    case EV_START_BATTLE: put(w, "|start"); break;
    case EV_CLEAR_ALL: put(w, "|-clearallboost"); break;
    case EV_TRICK_ROOM:
        put(w, e->n ? "|-fieldstart|move: Trick Room" : "|-fieldend|move: Trick Room");
        if (e->n)
            of(w, e->who);
        break;
    case EV_OHKO: put(w, "|-ohko"); break;
    default: put(w, "|"); break;
    }
}

typedef void line_writer(struct writer *w, const struct battle_event *e);

void battle_log_text(const struct battle *b, const struct dex *dex, const struct battle_log *log, int viewer,
                     struct battle_text *out)
{
    static line_writer *const writers[EVENTS] = {[EV_MOVE] = line_move,
                                                 [EV_CANT] = line_cant,
                                                 [EV_DAMAGE] = line_hp,
                                                 [EV_HEAL] = line_hp,
                                                 [EV_SET_HP] = line_hp,
                                                 [EV_STATUS] = line_status,
                                                 [EV_CURE] = line_status,
                                                 [EV_BOOST] = line_stage,
                                                 [EV_UNBOOST] = line_stage,
                                                 [EV_SET_BOOST] = line_stage,
                                                 [EV_START] = line_volatile,
                                                 [EV_END] = line_volatile,
                                                 [EV_ACTIVATE] = line_volatile,
                                                 [EV_SINGLE_TURN] = line_volatile,
                                                 [EV_BIND] = line_bind,
                                                 [EV_BIND_END] = line_bind,
                                                 [EV_FAIL] = line_fail,
                                                 [EV_SIDE_START] = line_side,
                                                 [EV_SIDE_END] = line_side,
                                                 [EV_WEATHER] = line_weather,
                                                 [EV_ACTIVATE_MOVE] = line_activate_move,
                                                 [EV_BLANK] = line_battle,
                                                 [EV_UPKEEP] = line_battle,
                                                 [EV_TURN] = line_battle,
                                                 [EV_WIN] = line_battle,
                                                 [EV_TIE] = line_battle,
                                                 [EV_START_BATTLE] = line_battle,
                                                 [EV_CLEAR_ALL] = line_battle,
                                                 [EV_OHKO] = line_battle,
                                                 [EV_TRICK_ROOM] = line_battle};
    struct writer w = {b, dex, out, viewer};
    for (uint32_t i = 0; i < log->count; i++) {
        const struct battle_event *e = &log->events[i];
        if (e->kind == EV_SWITCH || e->kind == EV_DRAG) {
            head(&w, e->kind == EV_SWITCH ? "switch" : "drag", e);
            details(&w, e);
        } else if (e->kind < EVENTS && writers[e->kind]) {
            writers[e->kind](&w, e);
        } else {
            line_plain(&w, e);
        }
        put(&w, "\n");
    }
}
