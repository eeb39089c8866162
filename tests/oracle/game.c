/* game.c - the engine behind game.h. */
#include "game.h"
#include "engine.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>

enum { KEPT_MAX = 4096 };

struct teams {
    struct battle_set sets[2][BATTLE_PARTY];
    int sizes[2];
};

static struct {
    const struct dex *dex;
    struct battle battle;
    struct teams teams;
    struct battle_event events[BATTLE_EVENTS_MAX];
    struct battle_log log;
    bool quiet;
    struct battle_options options;
} g;

/* ------------------------------------------------------------------------------------------------------ text --- */

struct out {
    char text[TAPE_TEXT];
    size_t len;
};

static void put_text(struct out *o, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(o->text + o->len, sizeof o->text - o->len, format, args);
    va_end(args);
    if (n > 0 && (size_t)n < sizeof o->text - o->len)
        o->len += (size_t)n;
}

/* "Light Screen" -> "lightscreen" */
static const char *plain(const char *name, char out[32])
{
    size_t n = 0;
    for (; *name && n < 31; name++)
        if (isalnum((unsigned char)*name))
            out[n++] = (char)tolower((unsigned char)*name);
    out[n] = 0;
    return out;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void say_list(struct out *o, char names[][48], int n)
{
    qsort(names, (size_t)n, sizeof names[0], by_text);
    for (int i = 0; i < n; i++)
        put_text(o, "%s%s", i ? "," : "", names[i]);
    if (!n)
        put_text(o, "-");
}

static void say_status(struct out *o, const struct battle_mon *m)
{
    if (m->status == STATUS_SLP || m->status == STATUS_TOX)
        put_text(o, "%s:%d", dex_status_name(m->status), m->status_n);
    else
        put_text(o, "%s", m->status ? dex_status_name(m->status) : "-");
}

static void say_moves(struct out *o, const struct battle_side *s, int slot)
{
    const struct battle_mon *m = &s->party[slot];
    const bool active = slot == s->active && m->hp;
    const uint16_t *moves = active ? s->on.moves : m->moves;
    for (int k = 0; k < BATTLE_MOVES && moves[k]; k++)
        put_text(o, "%s%s:%d", k ? "," : "", g.dex->moves[moves[k]].id,
                 active && s->on.virtual_moves >> k & 1 ? s->on.pp[k] : m->pp[k]);
}

static void say_mon(struct out *o, int side, int slot)
{
    const struct battle_side *s = &g.battle.sides[side];
    const struct battle_mon *m = &s->party[slot];
    const bool active = slot == s->active && m->hp;
    const unsigned species = active ? s->on.species : m->species, ability = active ? s->on.ability : m->ability;
    put_text(o, "mon %d %d ", side, slot);
    if (!m->hp) {
        put_text(o, "fnt\n");
        return;
    }
    put_text(o, "%s %d/%d ", g.dex->species[species].id, m->hp, m->hp_max);
    say_status(o, m);
    put_text(o, " %s %s ", ability ? g.dex->abilities[ability].id : "-", m->item ? g.dex->items[m->item].id : "-");
    say_moves(o, s, slot);
    put_text(o, "\n");
}

static void say_side(struct out *o, int side)
{
    const struct battle_side *s = &g.battle.sides[side];
    static const char *const slots[] = {"", "wish", "healingwish", "lunardance", "revivalblessing", "futuremove"};
    char names[SIDE_CONDITIONS][48], id[32];
    int n = 0;
    for (int k = 0; k < SIDE_CONDITIONS; k++)
        if (s->turns[k])
            snprintf(names[n++], sizeof names[0], "%s:%d", plain(dex_side_name(k), id),
                     k >= SIDE_STEALTH_ROCK ? 0 : s->turns[k]);
    put_text(o, "side %d %d ", side, s->active);
    say_list(o, names, n);
    n = 0;
    for (int k = SLOT_HEALING_WISH; k <= SLOT_REVIVAL_BLESSING; k++)
        if (s->replacing >> k & 1)
            strcpy(names[n++], slots[k]);
    if (s->replacing >> SLOT_Z_MEMENTO)
        strcpy(names[n++], "healreplacement");
    if (s->wish_turns)
        strcpy(names[n++], "wish");
    if (s->future_turns)
        strcpy(names[n++], "futuremove");
    put_text(o, " ");
    say_list(o, names, n);
    put_text(o, "\n");
    for (int slot = 0; slot < s->size; slot++)
        say_mon(o, side, slot);
}

static void say_active(struct out *o, int side)
{
    struct ctx c;
    const struct battle_side *s = &g.battle.sides[side];
    const struct battle_mon *m = &s->party[s->active];
    if (!m->hp)
        return;
    ctx_begin(&c, &g.battle, g.dex, NULL);
    put_text(o, "active %d ", side);
    for (int k = 0; k < STAGES; k++)
        put_text(o, "%s%d", k ? "," : "", s->on.boosts[k]);
    struct types types = types_of(&c, side, true, false);
    for (int k = 0; k < types_n(types); k++)
        put_text(o, "%c%s", k ? '/' : ' ', type_at(types, k) ? dex_type_name(type_at(types, k)) : "???");
    put_text(o, " %s\n", m->flags & MON_TERASTALLIZED ? dex_type_name(m->tera) : "-");
}

static const char *state_text(struct out *o)
{
    const struct battle *b = &g.battle;
    char id[32], names[ROOMS][48];
    int n = 0;
    if (b->weather)
        put_text(o, "field %s:%d ", plain(dex_weather_name(b->weather), id), b->weather_turns);
    else
        put_text(o, "field - ");
    if (b->terrain)
        put_text(o, "%s:%d ", plain(dex_terrain_name(b->terrain), id), b->terrain_turns);
    else
        put_text(o, "- ");
    for (int r = 0; r < ROOMS; r++)
        if (b->rooms[r])
            snprintf(names[n++], sizeof names[0], "%s:%d", plain(dex_room_name(r), id), b->rooms[r]);
    say_list(o, names, n);
    put_text(o, "\n");
    for (int side = 0; side < 2; side++) {
        say_side(o, side);
        say_active(o, side);
    }
    return o->text;
}

/* Marks that nobody sees; what they do is compared anyway.  The tapes leave them out too. */
static bool is_inner(int v)
{
    static const uint8_t inner[] = {VOL_SKY_EMPTY,
                                    VOL_COAT_PRANKED,
                                    VOL_STALL,
                                    VOL_CHOICE_LOCK,
                                    VOL_MICLE,
                                    VOL_UNBURDEN,
                                    VOL_METRONOME,
                                    VOL_TRUANT,
                                    VOL_FURY_CUTTER,
                                    VOL_ROLLOUT,
                                    VOL_CHILLY_RECEPTION,
                                    VOL_ALLY_SWITCH,
                                    VOL_COUNTER,
                                    VOL_MIRROR_COAT,
                                    VOL_FLING,
                                    VOL_GEM,
                                    VOL_TRANSFORMED,
                                    VOL_ROLLOUT_STORAGE};
    return memchr(inner, v, sizeof inner) != NULL;
}

/* The package's id of a volatile condition. */
static const char *volatile_name(const struct battle_active *on, int v)
{
    if (v == VOL_BOUND)
        return "partiallytrapped";
    if (v == VOL_CHARGE_TURN && on->charge_move)
        return g.dex->moves[on->charge_move].id;
    return volatile_id(v) ? volatile_id(v) : "";
}

static const char *volatiles_text(struct out *o)
{
    for (int side = 0; side < 2; side++) {
        const struct battle_side *s = &g.battle.sides[side];
        char names[VOLATILES][48];
        int n = 0;
        if (!s->party[s->active].hp)
            continue;
        for (int v = 0; v < VOLATILES; v++)
            if (s->on.volatiles[v / 64] >> (v % 64) & 1 && !is_inner(v))
                strcpy(names[n++], volatile_name(&s->on, v));
        put_text(o, "volatiles %d ", side);
        say_list(o, names, n);
        put_text(o, "\n");
    }
    return o->text;
}

/* Lines that only part the text say nothing. */
static void drop_blanks(char *text)
{
    char *to = text;
    for (char *line = text; *line;) {
        size_t n = strcspn(line, "\n") + 1;
        if (n != 2 || *line != '|') {
            memmove(to, line, n);
            to += n;
        }
        line += n;
    }
    *to = 0;
}

const char *game_text(enum tape_part part)
{
    static struct out out[PARTS];
    struct out *o = &out[part];
    o->len = 0;
    o->text[0] = 0;
    if (part == PART_STATE)
        return state_text(o);
    if (part == PART_VOLATILES)
        return volatiles_text(o);
    struct battle_text text = {o->text, sizeof o->text - 1, 0, false};
    static const int viewers[PARTS] = {
        [PART_LOG] = BATTLE_FULL, [PART_SEEN] = 0, [PART_SEEN + 1] = 1, [PART_SEEN + 2] = BATTLE_SPECTATOR};
    battle_log_text(&g.battle, g.dex, &g.log, viewers[part], &text);
    o->text[text.len] = 0;
    drop_blanks(o->text);
    return o->text;
}

/* ------------------------------------------------------------------------------------------------------ play --- */

bool game_data(const char *version)
{
    g.dex = dex_find(version);
    return g.dex;
}

void game_clear(void)
{
    if (!g.dex)
        game_data("gen9-v1");
    memset(&g.teams, 0, sizeof g.teams);
    g.options.clauses = 0;
    g.options.ties = false;
}

void game_ties(void)
{
    g.options.ties = true;
}

void game_clauses(bool sleep, bool freeze)
{
    g.options.clauses = (uint8_t)((sleep ? CLAUSE_SLEEP : 0) | (freeze ? CLAUSE_FREEZE : 0));
}

const char *game_add(const struct tape_mon *m)
{
    struct battle_set *set = &g.teams.sets[m->side][g.teams.sizes[m->side]++];
    set->species = dex_species(g.dex, m->species);
    if (!set->species)
        return m->species;
    set->level = (uint8_t)m->level;
    set->gender = m->gender == 'M' ? GENDER_MALE : m->gender == 'F' ? GENDER_FEMALE : GENDER_NONE;
    set->nature = (uint8_t)dex_nature(m->nature);
    for (int i = 0; i < 4 && m->moves[i][0]; i++)
        if (!(set->moves[i] = dex_move(g.dex, m->moves[i])))
            return m->moves[i];
    if (strcmp(m->ability, "-") && !(set->ability = dex_ability(g.dex, m->ability)))
        return m->ability;
    if (strcmp(m->item, "-") && !(set->item = dex_item(g.dex, m->item)))
        return m->item;
    int tera = dex_type(m->tera);
    set->tera = (uint8_t)(tera > 0 ? tera : 0);
    memcpy(set->ivs, m->ivs, 6);
    memcpy(set->evs, m->evs, 6);
    return NULL;
}

static struct teams kept[KEPT_MAX];
static int kept_n;

int game_keep(void)
{
    if (kept_n == KEPT_MAX)
        return -1;
    kept[kept_n] = g.teams;
    return kept_n++;
}

void game_take(int n)
{
    g.teams = kept[n];
}

static void clear_log(void)
{
    g.log = (struct battle_log){.events = g.events, .cap = BATTLE_EVENTS_MAX};
}

bool game_start(void)
{
    clear_log();
    return !battle_start_with(&g.battle, g.dex, (const struct battle_set(*)[BATTLE_PARTY])g.teams.sets, g.teams.sizes,
                              &g.options, g.quiet ? NULL : &g.log);
}

unsigned game_mask(int side)
{
    return battle_choices(&g.battle, g.dex, side);
}

bool game_step(const int choice[2])
{
    clear_log();
    return battle_step(&g.battle, g.dex, choice[0], choice[1], g.quiet ? NULL : &g.log) >= 0;
}

bool game_ended(void)
{
    return g.battle.phase == BATTLE_ENDED;
}

int game_winner(void)
{
    return g.battle.winner;
}

int game_turn(void)
{
    return g.battle.turn;
}

void game_seed(uint64_t seed)
{
    g.options.seed = seed;
}

void game_quiet(void)
{
    g.quiet = true;
}
