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

/*
 * A line is written where there is room for the longest one, so nothing below asks for room; one that may not fit is
 * written aside and cut.  Names of the data are copied whole, with what stands behind their NUL: that is faster than to
 * copy so many bytes, and is written over.
 */
enum { LINE_ROOM = 1024 }; /* three names of Pokémon, three arguments and all that may follow have less than 800 */

struct writer {
    const struct battle *b;
    const struct dex *dex;
    char *at;
    int viewer;
    const struct battle_names *names; /* NULL: none */
};

/* A text that is known here. */
#define PUT(w, text) (memcpy((w)->at, "" text, sizeof(text) - 1), (w)->at += sizeof(text) - 1)

static void put(struct writer *w, const char *s)
{
    const size_t n = strlen(s);
    memcpy(w->at, s, n);
    w->at += n;
}

enum { NAME_ROOM = sizeof(((struct dex_species *)0)->name) };
_Static_assert(sizeof(((struct dex_move *)0)->name) == NAME_ROOM && sizeof(((struct dex_item *)0)->name) == NAME_ROOM &&
                   sizeof(((struct dex_ability *)0)->name) == NAME_ROOM,
               "names of the data have one size");

static void put_data_name(struct writer *w, const char name[NAME_ROOM])
{
    memcpy(w->at, name, NAME_ROOM);
    w->at += strlen(name);
}

static void put_number(struct writer *w, int v)
{
    char digits[12];
    unsigned u = v < 0 ? 0u - (unsigned)v : (unsigned)v;
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *w->at++ = '-';
    while (i < sizeof digits)
        *w->at++ = digits[i++];
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

/* A species has no more letters than a nickname may have. */
static void put_species(struct writer *w, const char name[NAME_ROOM])
{
    enum { SHOWN = 20 };
    memcpy(w->at, name, NAME_ROOM);
    w->at += strnlen(name, SHOWN);
}

static void put_name(struct writer *w, unsigned whom)
{
    const unsigned slot = whom % 8 % BATTLE_PARTY;
    const char(*names)[BATTLE_NAME] = w->names ? w->names->of[whom / 8 & 1] : NULL;
    if (names && *names[slot])
        put(w, names[slot]);
    else
        put_species(w, w->dex->species[mon_at(w, whom)->first_species].name);
}

static void put_who(struct writer *w, unsigned whom)
{
    char *from = w->at;
    if (whom == 0xff)
        return;
    if (mon_is_out(whom))
        PUT(w, "p1a: ");
    else
        PUT(w, "p1: ");
    from[1] = (char)('1' + (whom / 8 & 1));
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
        PUT(w, "0 fnt");
        return;
    }
    bool exact = w->viewer == BATTLE_FULL || w->viewer == (e->who / 8 & 1);
    put_number(w, exact ? e->hp : battle_percent(e->hp, e->hp_max));
    PUT(w, "/");
    put_number(w, exact ? e->hp_max : 100);
    if (e->status) {
        PUT(w, " ");
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

struct sized { /* a text and its length */
    uint8_t len;
    char text[31];
};

static void put_sized(struct writer *w, const struct sized *s)
{
    memcpy(w->at, s->text, sizeof s->text);
    w->at += s->len;
}

static void put_word(struct writer *w, unsigned n)
{
    static const struct sized words[WORDS] = {
#define X(name, text) [WORD_##name] = {sizeof(text) - 1, (text)},
        BATTLE_WORDS(X)
#undef X
    };
    put_sized(w, &words[n < WORDS ? n : 0]);
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
    case SAY_MOVE_FULL: PUT(w, "move: "); __attribute__((fallthrough));
    case SAY_MOVE: put_data_name(w, w->dex->moves[n <= w->dex->moves_n ? n : 0].name); break;
    case SAY_ABILITY_FULL: PUT(w, "ability: "); __attribute__((fallthrough));
    case SAY_ABILITY: put_data_name(w, w->dex->abilities[n <= w->dex->abilities_n ? n : 0].name); break;
    case SAY_ITEM_FULL: PUT(w, "item: "); __attribute__((fallthrough));
    case SAY_ITEM: put_data_name(w, w->dex->items[n <= w->dex->items_n ? n : 0].name); break;
    case SAY_COND_FULL: PUT(w, "move: "); __attribute__((fallthrough));
    case SAY_COND: put(w, cond_name(n)); break;
    case SAY_WORD: put_word(w, n); break;
    case SAY_NUMBER: put_number(w, (int)(n ^ 0x800) - 0x800); break; /* of twelve bits with a sign */
    case SAY_TYPES:
        put(w, type_name(n & 31));
        if (n >> 5) {
            PUT(w, "/");
            put(w, type_name(n >> 5));
        }
        break;
    case SAY_SPECIES: put_data_name(w, w->dex->species[n <= w->dex->species_n ? n : 0].name); break;
    case SAY_WHO: put_who(w, n); break;
    case SAY_STAT: put(w, dex_stat_name((int)n)); break;
    default: break;
    }
}

/* "[from] ability: Sand Stream" */
static void put_from(struct writer *w, const struct battle_event *e)
{
    const unsigned n = e->from & SAY_VALUE;
    PUT(w, "|[from] ");
    switch (e->from & SAY_TAG) {
    case SAY_MOVE: put_arg(w, SAY_MOVE_FULL | n); break;
    case SAY_ABILITY: put_arg(w, SAY_ABILITY_FULL | n); break;
    case SAY_ITEM: put_arg(w, SAY_ITEM_FULL | n); break;
    case SAY_COND:
        if (n >= COND_SLOT && n < COND_WEATHER)
            PUT(w, "move: ");
        put(w, n == COND_STATUS + STATUS_TOX            ? "psn"
               : n == COND_WEATHER + WEATHER_HARSH_SUN  ? "Desolate Land"
               : n == COND_WEATHER + WEATHER_HEAVY_RAIN ? "Primordial Sea"
                                                        : cond_name(n));
        break;
    case SAY_SPECIES:
        PUT(w, "pokemon: ");
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
    PUT(w, "|");
    put_arg(w, e->arg[0]);
    if (e->arg[2] != 100) {
        PUT(w, ", L");
        put_number(w, e->arg[2]);
    }
    if (m->gender)
        PUT(w, ", F");
    if (m->gender == GENDER_MALE)
        w->at[-1] = 'M';
    if (e->arg[1]) {
        PUT(w, ", tera:");
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
        PUT(w, "|");
        put_word(w, e->extra);
    }
    for (size_t i = 0; e->marks && i < sizeof marks / sizeof *marks; i++)
        if (e->marks & marks[i].mark)
            put(w, marks[i].text);
}

/* How a line begins. */
static void put_head(struct writer *w, unsigned kind)
{
    static const struct sized heads[LINES] = {
#define X(name, text) [LINE_##name] = {sizeof(text), "|" text},
        BATTLE_LINES(X)
#undef X
    };
    put_sized(w, &heads[kind < LINES ? kind : 0]);
}

static void put_side(struct writer *w, bool second)
{
    PUT(w, "|p1");
    w->at[-1] = (char)('1' + second);
}

/* Lines about nobody in particular. */
static bool impersonal(const struct battle_event *e)
{
    return e->who == 0xff;
}

static void line(struct writer *w, const struct battle_event *e)
{
    put_head(w, e->kind);
    if (e->kind == LINE_WIN) {
        put_side(w, e->arg[0] & 1);
        return;
    }
    if (e->kind == LINE_SIDE_START || e->kind == LINE_SIDE_END) {
        put_side(w, e->who / 8 != 0);
    } else if (!impersonal(e)) {
        PUT(w, "|");
        put_who(w, e->who);
    }
    const bool details =
        e->kind == LINE_SWITCH || e->kind == LINE_DRAG || e->kind == LINE_DETAILS || e->kind == LINE_REPLACE;
    if (details)
        put_details(w, e);
    else
        for (int i = 0; i < (e->kind == LINE_MOVE ? 2 : BATTLE_LINE_ARGS) && e->arg[i]; i++) {
            PUT(w, "|");
            if (i == 2 && e->marks & SAID_TWO)
                PUT(w, "[ability] ");
            if (!i && e->kind == LINE_MOVE && e->marks & SAID_TWO)
                PUT(w, "Z-");
            if (i != 1 || !(e->marks & SAID_STILL) || (e->kind != LINE_MOVE && e->kind != LINE_ANIM))
                put_arg(w, e->arg[i]); /* nobody sees where a still move would have gone */
        }
    if (e->hp_max) {
        PUT(w, "|");
        put_hp(w, e);
    }
    if (e->kind == LINE_MOVE && e->marks & SAID_TWO) {
        PUT(w, "|[anim]");
        put_arg(w, e->arg[0]);
    }
    if (e->from)
        put_from(w, e);
    if (e->kind == LINE_MOVE && e->arg[2]) {
        PUT(w, "|[anim] ");
        put_arg(w, e->arg[0]);
        PUT(w, " ");
        put_arg(w, e->arg[2]);
    }
    if (e->wisher) {
        PUT(w, "|[wisher] ");
        put_name(w, e->wisher - 1u);
    }
    if (e->move_tag) {
        PUT(w, "|[move] ");
        put_arg(w, SAY_MOVE | e->move_tag);
    }
    if (e->of != 0xff) {
        PUT(w, "|[of] ");
        put_who(w, e->of);
    }
    put_marks(w, e);
}

static inline void whole_line(struct writer *w, const struct battle_event *e)
{
    line(w, e);
    PUT(w, "\n");
}

/* A line that may not fit: as much of it as does. */
static APART void line_cut(const struct writer *as, const struct battle_event *e, struct battle_text *out)
{
    char aside[LINE_ROOM];
    const size_t room = out->cap - out->len;
    struct writer w = *as;
    w.at = aside;
    whole_line(&w, e);
    size_t n = (size_t)(w.at - aside);
    if (n > room) {
        n = room;
        out->overflow = true;
    }
    memcpy(out->ptr + out->len, aside, n);
    out->len += n;
}

void battle_log_named(const struct battle *b, const struct dex *dex, const struct battle_log *log,
                      const struct battle_names *names, int viewer, struct battle_text *out)
{
    struct writer w = {b, dex, NULL, viewer, names};
    for (uint32_t i = 0; i < log->count; i++) {
        if (out->cap - out->len < LINE_ROOM) {
            line_cut(&w, &log->events[i], out);
            continue;
        }
        w.at = out->ptr + out->len;
        whole_line(&w, &log->events[i]);
        out->len = (size_t)(w.at - out->ptr);
    }
}

void battle_log_text(const struct battle *b, const struct dex *dex, const struct battle_log *log, int viewer,
                     struct battle_text *out)
{
    battle_log_named(b, dex, log, NULL, viewer, out);
}
