/*
 * log.c - events into the caller's array, and events as lines of the battle protocol that clients know.
 *
 * Nothing is formatted while a battle runs.  HP is shown per viewer: exactly to its side, in percent to others.
 */
#include "log.h"
#include "seen.h"

/* ---------------------------------------------------------------------------------------------- recording --- */

static struct battle_event *new_event(struct ctx *c)
{
    static const struct battle_event empty;
    struct battle_log *log = c->log;
    if (log->count >= log->cap) {
        log->overflow = true;
        log->count = log->cap - 1; /* the last one is overwritten */
    }
    struct battle_event *e = &log->events[log->count++];
    *e = empty;
    return e;
}

struct battle_event *told_line(struct ctx *c, enum battle_line kind, int t)
{
    if (!c->log)
        return NULL;
    struct battle_event *e = new_event(c);
    e->kind = (uint8_t)kind;
    e->who = who(c, t);
    e->of = 0xff;
    return e;
}

struct battle_event *told_line1(struct ctx *c, enum battle_line kind, int t, unsigned arg)
{
    seen_line(c, kind, t, arg);
    struct battle_event *e = told_line(c, kind, t);
    if (e)
        e->arg[0] = (uint16_t)arg;
    return e;
}

struct battle_event *told_line2(struct ctx *c, enum battle_line kind, int t, unsigned arg, unsigned arg2)
{
    seen_second(c, t, arg2);
    struct battle_event *e = told_line1(c, kind, t, arg);
    if (e)
        e->arg[1] = (uint16_t)arg2;
    return e;
}

struct battle_event *told_from(struct ctx *c, enum battle_line kind, int t, unsigned arg, ref from, int of)
{
    seen_from(c, kind, t, from, of);
    struct battle_event *e = told_line1(c, kind, t, arg);
    if (e) {
        e->from = from;
        e->of = who(c, of);
    }
    return e;
}

void told_hp(struct ctx *c, enum battle_line kind, int t, ref from, int of, unsigned marks)
{
    struct battle_event *e = told_from(c, kind, t, 0, from, of);
    if (!e)
        return;
    e->hp = c->mon[t]->hp;
    e->hp_max = c->mon[t]->hp_max;
    e->status = c->mon[t]->status;
    e->marks = (uint8_t)marks;
}

/* Marks the last move as missed, without a target and so on.  A Future Sight that misses marks it once more. */
void say_mark(struct ctx *c, unsigned mark)
{
    if (!c->log || !c->move_event || c->move_event > c->log->count)
        return;
    struct battle_event *e = &c->log->events[c->move_event - 1];
    if (mark == SAID_MISS && e->marks & SAID_MISS)
        e->extra = WORD_TAG_MISS;
    e->marks |= (uint8_t)mark;
}

void say_animation(struct ctx *c, unsigned arg)
{
    if (c->log && c->move_event && c->move_event <= c->log->count)
        c->log->events[c->move_event - 1].arg[2] = (uint16_t)arg;
}

void told_fail(struct ctx *c, int t)
{
    told_line(c, LINE_FAIL, t);
    say_mark(c, SAID_STILL);
}

/* -------------------------------------------------------------------------------------------------- text --- */

struct writer {
    const struct battle *b;
    const struct dex *dex;
    struct battle_text *out;
    int viewer;
    const struct battle_names *names; /* NULL: none */
};

static void put_bytes(struct writer *w, const char *s, size_t n)
{
    const size_t room = w->out->cap - w->out->len;
    if (n > room) {
        n = room;
        w->out->overflow = true;
    }
    memcpy(w->out->ptr + w->out->len, s, n);
    w->out->len += n;
}

static void put(struct writer *w, const char *s)
{
    put_bytes(w, s, strlen(s));
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

/* Those on the bench are named without a place. */
static bool mon_is_out(unsigned whom)
{
    return !(whom & SAY_BENCHED);
}

static void put_name(struct writer *w, unsigned whom)
{
    enum { SHOWN = 20 }; /* of a species: as long as nicknames may be */
    const unsigned slot = whom % 8 % BATTLE_PARTY;
    const char(*names)[BATTLE_NAME] = w->names ? w->names->of[whom / 8 & 1] : NULL;
    const char *species = w->dex->species[mon_at(w, whom)->first_species].name;
    if (names && *names[slot])
        put(w, names[slot]);
    else
        put_bytes(w, species, strnlen(species, SHOWN));
}

static void put_who(struct writer *w, unsigned whom)
{
    if (whom == 0xff)
        return;
    put(w, whom / 8 & 1 ? "p2" : "p1");
    put(w, mon_is_out(whom) ? "a: " : ": ");
    put_name(w, whom);
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
    if (!e->hp) {
        put(w, "0 fnt");
        return;
    }
    bool exact = w->viewer == BATTLE_FULL || w->viewer == (e->who / 8 & 1);
    put_number(w, exact ? e->hp : battle_percent(e->hp, e->hp_max));
    put(w, "/");
    put_number(w, exact ? e->hp_max : 100);
    if (e->status) {
        put(w, " ");
        put(w, dex_status_name(e->status));
    }
}

/* The name of a condition, all kinds. */
static const char *cond_name(unsigned n)
{
    if (n >= COND_CLAUSE)
        return "";
    if (n >= COND_ROOM)
        return dex_room_name((int)(n - COND_ROOM));
    if (n >= COND_TERRAIN)
        return dex_terrain_name((int)(n - COND_TERRAIN));
    if (n >= COND_WEATHER)
        return dex_weather_name((int)(n - COND_WEATHER));
    if (n >= COND_SLOT) {
        static const char *const slots[] = {
            "", "Wish", "Healing Wish", "Lunar Dance", "Revival Blessing", "Future Move", "Memento", "Parting Shot"};
        return slots[n - COND_SLOT];
    }
    if (n >= COND_SIDE)
        return dex_side_name((int)(n - COND_SIDE));
    if (n >= COND_VOLATILE)
        return dex_volatile_name((int)(n - COND_VOLATILE));
    return dex_status_name((int)n);
}

static const char *word(unsigned n)
{
    static const char *const words[WORDS] = {
#define X(name, text) [WORD_##name] = (text),
        BATTLE_WORDS(X)
#undef X
    };
    return n < WORDS ? words[n] : "";
}

static const char *move_name(const struct writer *w, unsigned n)
{
    return n <= w->dex->moves_n ? w->dex->moves[n].name : "";
}

static const char *type_name(unsigned type)
{
    return type == TYPE_BLANK ? "???" : dex_type_name((int)type);
}

static void put_arg(struct writer *w, unsigned arg)
{
    const unsigned n = arg & SAY_VALUE;
    switch (arg & SAY_TAG) {
    case SAY_MOVE_FULL: put(w, "move: "); __attribute__((fallthrough));
    case SAY_MOVE: put(w, n <= w->dex->moves_n ? w->dex->moves[n].name : ""); break;
    case SAY_ABILITY_FULL: put(w, "ability: "); __attribute__((fallthrough));
    case SAY_ABILITY: put(w, n <= w->dex->abilities_n ? w->dex->abilities[n].name : ""); break;
    case SAY_ITEM_FULL: put(w, "item: "); __attribute__((fallthrough));
    case SAY_ITEM: put(w, n <= w->dex->items_n ? w->dex->items[n].name : ""); break;
    case SAY_COND_FULL: put(w, "move: "); __attribute__((fallthrough));
    case SAY_COND: put(w, cond_name(n)); break;
    case SAY_WORD: put(w, word(n)); break;
    case SAY_NUMBER: put_number(w, (int)(n ^ 0x800) - 0x800); break; /* of twelve bits with a sign */
    case SAY_TYPES:
        put(w, type_name(n & 31));
        if (n >> 5) {
            put(w, "/");
            put(w, type_name(n >> 5));
        }
        break;
    case SAY_SPECIES: put(w, n <= w->dex->species_n ? w->dex->species[n].name : ""); break;
    case SAY_WHO: put_who(w, n); break;
    case SAY_STAT: put(w, dex_stat_name((int)n)); break;
    default: break;
    }
}

/* "[from] ability: Sand Stream" */
static void put_from(struct writer *w, const struct battle_event *e)
{
    const unsigned n = e->from & SAY_VALUE;
    put(w, "|[from] ");
    switch (e->from & SAY_TAG) {
    case SAY_MOVE: put_arg(w, SAY_MOVE_FULL | n); break;
    case SAY_ABILITY: put_arg(w, SAY_ABILITY_FULL | n); break;
    case SAY_ITEM: put_arg(w, SAY_ITEM_FULL | n); break;
    case SAY_COND:
        if (n >= COND_SLOT && n < COND_WEATHER)
            put(w, "move: ");
        put(w, n == COND_STATUS + STATUS_TOX            ? "psn"
               : n == COND_WEATHER + WEATHER_HARSH_SUN  ? "Desolate Land"
               : n == COND_WEATHER + WEATHER_HEAVY_RAIN ? "Primordial Sea"
                                                        : cond_name(n));
        break;
    case SAY_SPECIES:
        put(w, "pokemon: ");
        put_arg(w, e->from);
        break;
    case SAY_MOVE_BARE:
        put(w, e->kind == LINE_DAMAGE ? w->dex->moves[n <= w->dex->moves_n ? n : 0].id : move_name(w, n));
        break;
    default: put_arg(w, e->from); break;
    }
}

static void put_details(struct writer *w, const struct battle_event *e)
{
    const struct battle_mon *m = mon_at(w, e->who);
    put(w, "|");
    put_arg(w, e->arg[0]);
    if (e->arg[2] != 100) {
        put(w, ", L");
        put_number(w, e->arg[2]);
    }
    if (m->gender)
        put(w, m->gender == GENDER_MALE ? ", M" : ", F");
    if (e->arg[1]) {
        put(w, ", tera:");
        put(w, dex_type_name(e->arg[1]));
    }
}

static void put_marks(struct writer *w, const struct battle_event *e)
{
    static const struct {
        unsigned mark;
        const char *text;
    } marks[] = {{SAID_STILL, "|[still]"},   {SAID_MISS, "|[miss]"}, {SAID_NO_TARGET, "|[notarget]"},
                 {SAID_UPKEEP, "|[upkeep]"}, {SAID_MSG, "|[msg]"},   {SAID_SILENT, "|[silent]"}};
    if (e->extra) {
        put(w, "|");
        put(w, word(e->extra));
    }
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (e->marks & marks[i].mark)
            put(w, marks[i].text);
}

static const char *const heads[LINES] = {
#define X(name, text) [LINE_##name] = (text),
    BATTLE_LINES(X)
#undef X
};

/* Lines about nobody in particular. */
static bool impersonal(const struct battle_event *e)
{
    return e->who == 0xff;
}

static void line(struct writer *w, const struct battle_event *e)
{
    put(w, "|");
    put(w, heads[e->kind < LINES ? e->kind : 0]);
    if (e->kind == LINE_WIN) {
        put(w, e->arg[0] & 1 ? "|p2" : "|p1");
        return;
    }
    if (e->kind == LINE_SIDE_START || e->kind == LINE_SIDE_END) {
        put(w, e->who / 8 ? "|p2" : "|p1");
    } else if (!impersonal(e)) {
        put(w, "|");
        put_who(w, e->who);
    }
    const bool details =
        e->kind == LINE_SWITCH || e->kind == LINE_DRAG || e->kind == LINE_DETAILS || e->kind == LINE_REPLACE;
    if (details)
        put_details(w, e);
    else
        for (int i = 0; i < (e->kind == LINE_MOVE ? 2 : BATTLE_LINE_ARGS) && e->arg[i]; i++) {
            put(w, "|");
            if (i == 2 && e->marks & SAID_TWO)
                put(w, "[ability] ");
            if (!i && e->kind == LINE_MOVE && e->marks & SAID_TWO)
                put(w, "Z-");
            if (i != 1 || !(e->marks & SAID_STILL) || (e->kind != LINE_MOVE && e->kind != LINE_ANIM))
                put_arg(w, e->arg[i]); /* nobody sees where a still move would have gone */
        }
    if (e->hp_max) {
        put(w, "|");
        put_hp(w, e);
    }
    if (e->kind == LINE_MOVE && e->marks & SAID_TWO) {
        put(w, "|[anim]");
        put_arg(w, e->arg[0]);
    }
    if (e->from)
        put_from(w, e);
    if (e->kind == LINE_MOVE && e->arg[2]) {
        put(w, "|[anim] ");
        put_arg(w, e->arg[0]);
        put(w, " ");
        put_arg(w, e->arg[2]);
    }
    if (e->wisher) {
        put(w, "|[wisher] ");
        put_name(w, e->wisher - 1u);
    }
    if (e->move_tag) {
        put(w, "|[move] ");
        put_arg(w, SAY_MOVE | e->move_tag);
    }
    if (e->of != 0xff) {
        put(w, "|[of] ");
        put_who(w, e->of);
    }
    put_marks(w, e);
}

void battle_log_named(const struct battle *b, const struct dex *dex, const struct battle_log *log,
                      const struct battle_names *names, int viewer, struct battle_text *out)
{
    struct writer w = {b, dex, out, viewer, names};
    for (uint32_t i = 0; i < log->count; i++) {
        line(&w, &log->events[i]);
        put(&w, "\n");
    }
}

void battle_log_text(const struct battle *b, const struct dex *dex, const struct battle_log *log, int viewer,
                     struct battle_text *out)
{
    battle_log_named(b, dex, log, NULL, viewer, out);
}
