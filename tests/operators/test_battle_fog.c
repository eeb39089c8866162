/*
 * test_battle_fog.c - what a viewer cannot know changes nothing that it reads.
 *
 * Random battles of the whole pool, with Illusions and transformers in most teams.  From a battle another is made that
 * differs in all that a viewer cannot know; view, log and choices of that viewer must be the same, byte for byte.
 * What everybody can know must be in the view, or the first would be worth little.  And two battles that go on alike
 * in what they show, one with a Pokémon and one with another in its looks, must never be told apart.
 */
#include "log.h"
#include "test_battle_play.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { BATTLES = 1000, STEPS = 60 };

static const struct dex *dex(void)
{
    return dex_find("gen9-v1");
}

/* A battle, and what is known in it: where a battle is asked for, the one in front of this is meant. */
struct watched {
    struct battle battle;
    struct battle_known known;
};

static struct battle_known *known_in(const struct battle *b)
{
    return &((struct watched *)b)->known;
}

/* ---------------------------------------------------------------------------------------------- random battles --- */

static void any_battle(uint64_t *state, struct battle *b)
{
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2];
    for (int i = 0; i < 2; i++) {
        sizes[i] = 2 + (int)play_below(state, 5);
        for (int j = 0; j < sizes[i]; j++)
            teams[i][j] = play_any_set(dex(), state);
    }
    int bad = battle_start(b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, play_next(state),
                           &(struct battle_log){.known = known_in(b)});
    cr_assert_eq(bad, 0, "team %d", bad);
}

/* Switches often: who comes and goes is what this is about. */
static int any_choice(const struct battle *b, int side, uint64_t *state)
{
    const uint32_t all = battle_choices(b, dex(), side), bench = all & 63u << BATTLE_CHOICE_SWITCH;
    return play_choice(bench && play_below(state, 3) == 0 ? bench : all, state);
}

static struct battle_event events[BATTLE_EVENTS_MAX], events2[BATTLE_EVENTS_MAX];

static void one_step(struct battle *b, const int choices[2], struct battle_log *log)
{
    struct battle_log none = {.cap = 0};
    log = log ? log : &none;
    log->known = known_in(b);
    cr_assert(battle_step(b, dex(), choices[0], choices[1], log) >= 0);
}

static const char *log_text(const struct battle *b, const struct battle_log *log, int viewer, char *out, size_t size)
{
    struct battle_text text = {out, size - 1, 0, false};
    battle_log_text(b, dex(), log, viewer, &text);
    cr_assert_not(text.overflow);
    out[text.len] = 0;
    return out;
}

static char text1[1 << 16], text2[1 << 16];
static void same_text(const char *one, const char *two, int number, int step, int viewer)
{
    while (*one && *two && strcspn(one, "\n") == strcspn(two, "\n") && !memcmp(one, two, strcspn(one, "\n"))) {
        one += strcspn(one, "\n") + 1;
        two += strcspn(two, "\n") + 1;
    }
    cr_assert(!*one && !*two, "battle %d, step %d, viewer %d: %.*s is %.*s", number, step, viewer,
              (int)strcspn(one, "\n"), one, (int)strcspn(two, "\n"), two);
}

/* --------------------------------------------------------------------------------- what a viewer cannot know --- */

static int shown_percent(const struct battle_mon *m)
{
    return battle_percent(m->hp, m->hp_max);
}

/* Another maximum and HP that look the same in percent. */
static void change_hp(struct battle_mon *m, uint64_t *state)
{
    const int percent = shown_percent(m);
    for (int tries = 0; tries < 200; tries++) {
        const uint16_t max = (uint16_t)(100 + play_below(state, 300));
        const uint16_t hp = (uint16_t)((unsigned)(percent * max) / 100 + play_below(state, 5));
        if (hp <= max && battle_percent(hp, max) == percent) {
            m->hp = hp;
            m->hp_max = max;
            return;
        }
    }
}

static void change_set(struct battle_mon *m, uint64_t *state)
{
    play_any_moves(dex(), state, m->moves);
    for (int i = 0; i < BATTLE_MOVES; i++)
        m->pp[i] = (uint8_t)play_below(state, 10);
    for (int i = 0; i < 6; i++)
        m->evs[i] = (uint8_t)play_below(state, 86);
    m->ivs = (uint32_t)play_next(state) & 0x3fffffff;
    m->nature = (uint8_t)play_below(state, 25);
    m->status_n = (uint8_t)play_below(state, 16);
    m->times_hit = (uint8_t)play_below(state, 7);
    m->last_item = play_any(state, dex()->items_n);
    m->item = (uint16_t)play_below(state, dex()->items_n + 1u);
    m->first_species = play_any(state, dex()->species_n);
    m->flags ^= (uint16_t)(play_next(state) & (MON_ATE_BERRY | MON_ONCE));
    if (!(m->flags & MON_TERASTALLIZED))
        m->tera = (uint8_t)(1 + play_below(state, TYPES - 1));
}

/* Nobody has seen it: it may be anybody, as long as there are as many left. */
static void change_unseen(struct battle_mon *m, uint64_t *state)
{
    const bool up = m->hp > 0;
    m->species = play_any(state, dex()->species_n);
    m->level = (uint8_t)(1 + play_below(state, 100));
    m->gender = (uint8_t)play_below(state, 3);
    m->ability = play_any(state, dex()->abilities_n);
    m->status = up ? (uint8_t)play_below(state, STATUSES) : 0;
    m->hp_max = (uint16_t)(1 + play_below(state, 400));
    m->hp = up ? (uint16_t)(1 + play_below(state, m->hp_max)) : 0;
}

static void change_active(struct battle_side *s, const struct battle_known_side *known, uint64_t *state)
{
    static const enum battle_volatile inner[] = {VOL_FLINCH,   VOL_COUNTER, VOL_MIRROR_COAT, VOL_CHOICE_LOCK,
                                                 VOL_UNBURDEN, VOL_TRUANT,  VOL_METRONOME,   VOL_MICLE};
    struct battle_active *on = &s->on;
    const int k = (int)play_below(state, sizeof inner / sizeof *inner);
    on->volatiles[inner[k] / 64] ^= 1ull << (inner[k] % 64);
    for (int v = 0; v < VOLATILES_TIMED; v++)
        on->turns[v] = on->turns[v] ? (uint8_t)(1 + play_below(state, 5)) : 0;
    for (int i = 0; i < 5; i++)
        on->stats[i] = (uint16_t)(1 + play_below(state, 400));
    on->confusion = on->confusion ? (uint8_t)(1 + play_below(state, 5)) : 0;
    on->rampage = on->rampage ? (uint8_t)(1 + play_below(state, 3)) : 0;
    on->substitute = on->substitute ? (uint16_t)(1 + play_below(state, 50)) : 0;
    on->choice_move = play_any(state, dex()->moves_n);
    on->last_move = play_any(state, dex()->moves_n);
    on->hit_damage = (uint16_t)play_below(state, 200);
    on->stall = (uint8_t)play_below(state, 7);
    on->disabled = (uint8_t)play_below(state, 16);
    on->trapped = (uint8_t)play_below(state, 2);
    on->ability_n = (uint8_t)play_below(state, 5);
    on->item_n = (uint8_t)play_below(state, 5);
    on->move_actions = (uint8_t)play_below(state, 3);
    on->flags ^= (uint16_t)(play_next(state) & (ON_PROTEAN_USED | ON_STARTED | ON_HURT));
    play_any_moves(dex(), state, on->moves);
    struct battle_mon *m = &s->party[s->active];
    if (!(known->told & TOLD_ABILITY) && m->hp) { /* it has its own, or not */
        const bool own = on->ability == m->ability;
        on->ability = play_any(state, dex()->abilities_n);
        m->ability = own ? on->ability : (uint16_t)(on->ability % dex()->abilities_n + 1);
    }
    if (on->illusion != 0xff && !known->seen[s->active].order) { /* and who it really is */
        on->species = s->party[s->active].species = play_any(state, dex()->species_n);
        if (!(known->told & TOLD_TYPES))
            memcpy(on->types, dex()->species[on->species].types, 2);
        s->party[s->active].gender = (uint8_t)play_below(state, 3);
    }
}

/* The order in which the team was sent tells nothing. */
static void change_slots(struct battle_side *s, struct battle_known_side *known, uint64_t *state)
{
    const struct battle_side old = *s;
    const struct battle_known_side old_known = *known;
    uint8_t to[BATTLE_PARTY];
    for (int i = 0; i < s->size; i++) {
        const uint32_t k = play_below(state, (uint32_t)i + 1);
        to[i] = to[k];
        to[k] = (uint8_t)i;
    }
    for (int i = 0; i < s->size; i++) {
        s->party[to[i]] = old.party[i];
        known->seen[to[i]] = old_known.seen[i];
        s->standing[i] = to[old.standing[i]];
    }
    s->active = to[old.active];
    known->front = to[old_known.front];
    if (old.on.illusion != 0xff)
        s->on.illusion = to[old.on.illusion];
}

static void change_turns(struct battle *b, struct battle_side *s, uint64_t *state)
{
    for (int k = 0; k < SIDE_SCREENS; k++)
        if (s->turns[k] && (s->turns[k] > 3 || !(s->longer >> k & 1)) && k <= SIDE_AURORA_VEIL) {
            const bool was = s->longer >> k & 1, is = play_below(state, 2);
            s->turns[k] = (uint8_t)(s->turns[k] - 3 * was + 3 * is);
            s->longer = (uint8_t)((s->longer & ~(1u << k)) | (unsigned)is << k);
        }
    if (b->weather_turns && (b->weather_turns > 3 || !(b->longer & LONGER_WEATHER))) {
        const bool was = b->longer & LONGER_WEATHER, is = play_below(state, 2);
        b->weather_turns = (uint8_t)(b->weather_turns - 3 * was + 3 * is);
        b->longer = (uint8_t)((b->longer & ~LONGER_WEATHER) | (is ? LONGER_WEATHER : 0));
    }
    if (b->terrain_turns && (b->terrain_turns > 3 || !(b->longer & LONGER_TERRAIN))) {
        const bool was = b->longer & LONGER_TERRAIN, is = play_below(state, 2);
        b->terrain_turns = (uint8_t)(b->terrain_turns - 3 * was + 3 * is);
        b->longer = (uint8_t)((b->longer & ~LONGER_TERRAIN) | (is ? LONGER_TERRAIN : 0));
    }
}

static void change_hidden(struct battle *b, int side, uint64_t *state)
{
    struct battle_side *s = &b->sides[side];
    struct battle_known_side *known = &known_in(b)->sides[side];
    for (int i = 0; i < s->size; i++) {
        struct battle_mon *m = &s->party[i];
        const struct battle_seen *r = &known->seen[i];
        const bool fought = i == s->active;
        if (!fought && !r->order)
            change_unseen(m, state);
        else if (fought)
            change_hp(m, state);
        else if (m->hp) /* what heals on the bench heals in silence */
            m->hp = (uint16_t)(1 + play_below(state, m->hp_max));
        if (!fought && r->order &&
            r->flags & SEEN_ANOTHER) { /* it came out as another last; now it may be hurt or not */
            m->level = (uint8_t)(1 + play_below(state, 100));
            m->status = m->hp ? (uint8_t)play_below(state, STATUSES) : 0;
        }
        if (!fought)
            m->ability = play_any(state, dex()->abilities_n);
        change_set(m, state);
    }
    change_active(s, known, state);
    change_turns(b, s, state);
    if (s->choices)
        s->choices = (uint16_t)(1 + play_below(state, 0x7fff));
    s->queued = (uint8_t)play_below(state, 4);
    s->queued_fraction = (int8_t)((int)play_below(state, 3) - 1);
    s->wish_hp = (uint16_t)play_below(state, 300);
    known->before.hp = (uint8_t)play_below(state, 101);
    s->pivot_move = play_any(state, dex()->moves_n);
    change_slots(s, known, state);
    b->rng = play_next(state);
    b->weather_by = (uint8_t)(side * 8 + (int)play_below(state, s->size));
    b->last_success = play_any(state, dex()->moves_n);
}

static void same_view(const struct battle *b, const struct battle *c, int viewer, int number, int step)
{
    struct battle_view one, two;
    memset(&one, 0x5a, sizeof one);
    memset(&two, 0xa5, sizeof two);
    battle_view(b, known_in(b), dex(), viewer, &one);
    battle_view(c, known_in(c), dex(), viewer, &two);
    const uint8_t *p = (const uint8_t *)&one, *q = (const uint8_t *)&two;
    for (size_t i = 0; i < sizeof one; i++)
        cr_assert_eq(p[i], q[i], "battle %d, step %d, viewer %d: byte %zu of the view is %d or %d", number, step,
                     viewer, i, p[i], q[i]);
}

static void hidden_things(const struct battle *b, uint64_t *state, int number, int step)
{
    for (int viewer = 0; viewer < 2; viewer++) {
        struct watched c = *(const struct watched *)b;
        change_hidden(&c.battle, !viewer, state);
        same_view(b, &c.battle, viewer, number, step);
        cr_assert_eq(battle_choices(b, dex(), viewer), battle_choices(&c.battle, dex(), viewer));
        change_hidden(&c.battle, viewer, state);
        same_view(b, &c.battle, BATTLE_SPECTATOR, number, step);
    }
}

Test(fog, what_cannot_be_known_does_not_show)
{
    uint64_t state = 20;
    int masked = 0;
    for (int i = 0; i < BATTLES; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            hidden_things(&b.battle, &state, i, k);
            masked += b.battle.sides[0].on.illusion != 0xff || b.battle.sides[1].on.illusion != 0xff;
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            one_step(&b.battle, choices, NULL);
        }
    }
    cr_assert_gt(masked, BATTLES, "Illusions were at work in %d steps", masked);
}

/* ------------------------------------------------------------------------------------------ what can be known --- */

/* Each changes something that the foe and spectators can see. */
static bool change_shown(struct battle *b, int side, int what, uint64_t *state)
{
    struct battle_side *s = &b->sides[side];
    struct battle_mon *m = &s->party[s->active];
    struct battle_known_side *known = &known_in(b)->sides[side];
    struct battle_seen *r = &known->seen[known->front];
    if (!m->hp)
        return false;
    switch (what) {
    case 0: m->hp = (uint16_t)(shown_percent(m) > 50 ? 1 : m->hp_max); return true;
    case 1: m->status = m->status ? 0 : STATUS_BRN; return true;
    case 2: s->on.boosts[play_below(state, STAGES)] ^= 1; return true;
    case 3: s->on.volatiles[VOL_LEECH_SEED / 64] ^= 1ull << (VOL_LEECH_SEED % 64); return true;
    case 4: s->on.charge_move = s->on.charge_move ? 0 : 7; return !s->on.lock_move;
    case 5: r->moves[0] = r->moves[0] ? 0 : 9; return true;
    case 6:
        r->flags ^= SEEN_ITEM;
        r->item = 3;
        return true;
    case 7:
        known->told = known->told & TOLD_ABILITY || r->flags & SEEN_ABILITY ? known->told & TOLD_TYPES
                                                                            : known->told | TOLD_ABILITY;
        r->flags &= (uint8_t)~SEEN_ABILITY;
        return s->on.ability == s->party[s->active].ability;
    case 8: m->level ^= 1; return true;
    case 9: s->turns[SIDE_SPIKES] ^= 1; return true;
    case 10: s->once ^= ONCE_TERA; return true;
    case 11: m->flags ^= MON_TERASTALLIZED; return true;
    case 12: s->on.type_added ^= TYPE_GHOST; return !(m->flags & MON_TERASTALLIZED) || m->tera == TYPE_STELLAR;
    case 13: s->party[known->front].gender ^= 1; return true;
    case 14:
        s->party[known->front].species = dex_species(dex(), s->party[known->front].species % 2 ? "chansey" : "snorlax");
        s->on.species = s->on.illusion == 0xff ? s->party[known->front].species : s->on.species;
        return true;
    case 15:
        for (int i = 0; i < s->size; i++)
            if (i != s->active && s->party[i].hp) {
                s->party[i].hp = 0;
                return true;
            }
        return false;
    case 16: s->choices = s->choices ? 0 : 1; return !s->choices_high;
    case 17: b->turn++; return true;
    case 18: b->weather ^= 1; return true;
    case 19: b->rooms[0] ^= 1; return true;
    case 20: b->terrain_turns ^= 1; return true;
    case 21: s->on.types[0] ^= 1; return s->on.illusion == 0xff && !(m->flags & MON_TERASTALLIZED);
    default: return false;
    }
}

Test(fog, what_everybody_sees_is_in_the_view)
{
    uint64_t state = 31;
    int looked[22] = {0};
    for (int i = 0; i < 800; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = (int)play_below(&state, 25); k > 0 && b.battle.phase != BATTLE_ENDED; k--) {
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            one_step(&b.battle, choices, NULL);
        }
        for (int what = 0; what < 22; what++) {
            struct watched c = b;
            if (!change_shown(&c.battle, i % 2, what, &state))
                continue;
            looked[what]++;
            for (int viewer = BATTLE_SPECTATOR; viewer < 2; viewer++) {
                struct battle_view one, two;
                if (viewer == i % 2 && what >= 5 && what <= 7)
                    continue; /* what others know of one's own */
                battle_view(&b.battle, &b.known, dex(), viewer, &one);
                battle_view(&c.battle, &c.known, dex(), viewer, &two);
                if (viewer != i % 2 || what != 13)
                    cr_assert_neq(memcmp(&one, &two, sizeof one), 0, "battle %d, viewer %d: change %d does not show", i,
                                  viewer, what);
            }
        }
    }
    for (int what = 0; what < 22; what++)
        cr_assert_gt(looked[what], 20, "change %d was tried %d times", what, looked[what]);
}

/* ---------------------------------------------------------------------------------------------------- the log --- */

static char text1[1 << 16], text2[1 << 16];

/* Every line of a reader is that of a spectator, but for HP of its own side. */
static void only_own_hp_differs(const char *own, const char *all, int viewer)
{
    const char *const me = viewer ? "|p2" : "|p1";
    while (*own && *all) {
        const size_t n = strcspn(own, "\n"), m = strcspn(all, "\n");
        if (n != m || memcmp(own, all, n) != 0) {
            const char *who = strchr(own + 1, '|');
            cr_assert(who && !strncmp(who, me, 3), "viewer %d reads %.*s, a spectator %.*s", viewer, (int)n, own,
                      (int)m, all);
        }
        own += n + 1;
        all += m + 1;
    }
    cr_assert(!*own && !*all);
}

Test(fog, hp_of_others_is_read_in_percent)
{
    uint64_t state = 41;
    for (int i = 0; i < 400; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX},
                              changed = {.events = events2, .cap = BATTLE_EVENTS_MAX};
            one_step(&b.battle, choices, &log);
            changed.count = log.count;
            memcpy(events2, events, log.count * sizeof *events);
            const int viewer = (int)play_below(&state, 2);
            for (uint32_t e = 0; e < log.count; e++) {
                struct battle_mon m = {.hp = events[e].hp, .hp_max = events[e].hp_max};
                if (!m.hp_max || events[e].who / 8 % 2 == viewer)
                    continue;
                change_hp(&m, &state);
                events2[e].hp = m.hp;
                events2[e].hp_max = m.hp_max;
            }
            log_text(&b.battle, &log, viewer, text1, sizeof text1);
            same_text(text1, log_text(&b.battle, &changed, viewer, text2, sizeof text2), i, k, viewer);
            only_own_hp_differs(text1, log_text(&b.battle, &log, BATTLE_SPECTATOR, text2, sizeof text2), viewer);
        }
    }
}

static bool is_arg(const struct battle_event *e, unsigned arg)
{
    return e->arg[0] == arg || e->arg[1] == arg;
}

/* Forewarn and Anticipation look at the moves of the foe. */
static bool foresees(const struct battle_event *e)
{
    return is_arg(e, SAY_ABILITY_FULL | dex_ability(dex(), "forewarn")) ||
           is_arg(e, SAY_ABILITY | dex_ability(dex(), "anticipation"));
}

/* Moves whose business are the sets of others: of the bench, of the target. */
static bool looks_at_sets(const struct battle_log *log)
{
    static const char *const ids[] = {"beatup",     "assist",          "sleeptalk",  "imprison", "transform",
                                      "mimic",      "sketch",          "lastresort", "fling",    "naturalgift",
                                      "powertrip",  "revivalblessing", "eeriespell", "spite",    "metronome",
                                      "conversion", "copycat",         "mirrormove", "trick",    "switcheroo"};
    for (uint32_t e = 0; e < log->count; e++)
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
            if ((log->events[e].kind == LINE_MOVE && log->events[e].arg[0] == (SAY_MOVE | dex_move(dex(), ids[i]))) ||
                log->events[e].kind == LINE_TRANSFORM || foresees(&log->events[e]))
                return true;
    return false;
}

static bool somebody_came(const struct battle_log *log, int side)
{
    for (uint32_t e = 0; e < log->count; e++)
        if (log->events[e].who / 8 == side && (log->events[e].kind == LINE_SWITCH || log->events[e].kind == LINE_DRAG))
            return true;
    return false;
}

/* The bench's sets, and the moves of the active one that are neither known nor used now. */
static void change_unused(struct battle *b, int side, int choice, uint64_t *state)
{
    struct battle_side *s = &b->sides[side];
    for (int i = 0; i < s->size; i++) {
        struct battle_mon *m = &s->party[i];
        if (i == s->active)
            continue;
        play_any_moves(dex(), state, m->moves);
        m->nature = (uint8_t)play_below(state, 25);
        m->ivs = (uint32_t)play_next(state) & 0x3fffffff;
        m->item = (uint16_t)play_below(state, dex()->items_n + 1u);
        m->tera = m->flags & MON_TERASTALLIZED ? m->tera : (uint8_t)(1 + play_below(state, TYPES - 1));
    }
    struct battle_mon *m = &s->party[s->active];
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const uint16_t other = play_any(state, dex()->moves_n);
        if (s->on.virtual_moves || i == choice || choice == BATTLE_CHOICE_FORCED || i == choice - BATTLE_CHOICE_TERA ||
            s->on.used >> i & 1 || other == m->moves[0] || other == m->moves[1] || other == m->moves[2] ||
            other == m->moves[3] || s->on.disabled)
            continue;
        s->on.moves[i] = m->moves[i] = other;
    }
}

Test(fog, what_does_not_come_out_is_not_told)
{
    uint64_t state = 51;
    int compared = 0, steps = 0;
    for (int i = 0; i < 800; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)},
                      foe = (int)play_below(&state, 2);
            struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX},
                              log2 = {.events = events2, .cap = BATTLE_EVENTS_MAX};
            struct watched c = b;
            const int phase = b.battle.phase;
            if (phase == BATTLE_CHOOSING && !b.battle.sides[0].future_turns && !b.battle.sides[1].future_turns)
                change_unused(&c.battle, foe, choices[foe], &state);
            one_step(&b.battle, choices, &log);
            steps++;
            if (phase != BATTLE_CHOOSING || somebody_came(&log, foe) || looks_at_sets(&log))
                continue;
            one_step(&c.battle, choices, &log2);
            if (looks_at_sets(&log2))
                continue;
            compared++;
            log_text(&b.battle, &log, !foe, text1, sizeof text1);
            same_text(text1, log_text(&c.battle, &log2, !foe, text2, sizeof text2), i, k, !foe);
            struct battle_view one, two;
            battle_view(&b.battle, &b.known, dex(), !foe, &one);
            battle_view(&c.battle, &c.known, dex(), !foe, &two);
            cr_assert_eq(memcmp(&one, &two, sizeof one), 0, "battle %d, step %d: the view", i, k);
        }
    }
    cr_assert_gt(compared, steps / 4, "%d of %d steps compared", compared, steps);
}

/* Neither a log nor what is known makes a difference to the battle, nor a log to what is known. */
Test(fog, known_without_a_log_as_well)
{
    uint64_t state = 61;
    for (int i = 0; i < 400; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int k = 0; k < STEPS && b.battle.phase != BATTLE_ENDED; k++) {
            const int choices[2] = {any_choice(&b.battle, 0, &state), any_choice(&b.battle, 1, &state)};
            struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
            struct watched c = b;
            one_step(&b.battle, choices, &log);
            one_step(&c.battle, choices, NULL);
            cr_assert_eq(battle_digest(&b.battle), battle_digest(&c.battle), "battle %d, step %d", i, k);
            uint8_t one[BATTLE_KNOWN_BYTES], two[BATTLE_KNOWN_BYTES];
            battle_known_encode(&b.known, one);
            battle_known_encode(&c.known, two);
            cr_assert_arr_eq(one, two, sizeof one, "battle %d, step %d", i, k);
            struct battle blind = b.battle;
            const int next[2] = {any_choice(&blind, 0, &state), any_choice(&blind, 1, &state)};
            if (blind.phase == BATTLE_ENDED)
                break;
            one_step(&c.battle, next, NULL);
            cr_assert(battle_step(&blind, dex(), next[0], next[1], NULL) >= 0);
            cr_assert_eq(battle_digest(&blind), battle_digest(&c.battle), "battle %d, step %d: known or not", i, k);
        }
    }
}

/* ---------------------------------------------------------------------------------------------------- two worlds ---
 */

/* Somebody with the HP of Zoroark, for whom it can be taken. */
static uint16_t model(uint64_t *state)
{
    const struct dex_species *mask = &dex()->species[dex_species(dex(), "zoroark")];
    for (;;) {
        const uint16_t n = play_any(state, dex()->species_n);
        const struct dex_species *s = &dex()->species[n];
        const uint8_t t = s->types[0];
        if (s->base[0] == mask->base[0] && !s->battle_only && s->base_species == n && !s->types[1] &&
            (t == TYPE_NORMAL || t == TYPE_FIRE || t == TYPE_PSYCHIC || t == TYPE_BUG))
            return n;
    }
}

static struct battle_set plain_set(const char *id, const char *const moves[BATTLE_MOVES])
{
    struct battle_set set = battle_set_default(dex_species(dex(), id));
    for (int i = 0; i < BATTLE_MOVES; i++)
        set.moves[i] = dex_move(dex(), moves[i]);
    set.gender = GENDER_FEMALE;
    set.ability = dex_ability(dex(), "sturdy");
    set.item = dex_item(dex(), "leftovers");
    set.tera = TYPE_FAIRY;
    return set;
}

/* In world 0 the foe has the model in its last slot; in world 1 a Zoroark is in slot 1 and the model stays at home. */
static void two_worlds(uint64_t *state, struct watched b[2], int slot[2])
{
    static const char *const mine[] = {"toxic", "leechseed", "soak", "spikes"},
                             *const theirs[] = {"splash", "protect", "memento", "growth"},
                             *const other[] = {"growth", "memento", "splash", "protect"};
    const uint16_t who = model(state);
    const uint64_t seed = play_next(state);
    for (int w = 0; w < 2; w++) {
        struct battle_set teams[2][BATTLE_PARTY];
        const int sizes[2] = {2, 4};
        for (int i = 0; i < 4; i++)
            teams[1][i] = plain_set("snorlax", w ? other : theirs);
        teams[0][0] = teams[0][1] = plain_set("chansey", mine);
        teams[0][0].level = teams[0][1].level = 100;
        teams[0][0].evs[5] = 252;
        teams[1][0] = teams[1][2] = plain_set("snorlax", theirs);
        teams[1][1] = plain_set("zoroark", w ? other : theirs);
        teams[1][1].ability = dex_ability(dex(), w ? "illusion" : "sturdy");
        teams[1][1].gender = w ? GENDER_MALE : GENDER_FEMALE;
        teams[1][3].species = who;
        slot[w] = w ? 1 : 3;
        cr_assert_eq(battle_start(&b[w].battle, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, seed,
                                  &(struct battle_log){.known = &b[w].known}),
                     0);
    }
}

/* The foe's choice of world 0 in world 1: the same move in another slot, the same looks. */
static int translated(const struct watched b[2], const int slot[2], int choice)
{
    const struct battle_side *s = &b[0].battle.sides[1], *t = &b[1].battle.sides[1];
    if (choice == BATTLE_CHOICE_SWITCH + slot[0])
        return BATTLE_CHOICE_SWITCH + slot[1];
    if (choice < 0 || (choice >= BATTLE_MOVES && choice < BATTLE_CHOICE_TERA) || s->active != slot[0])
        return choice;
    const int first = choice < BATTLE_MOVES ? 0 : BATTLE_CHOICE_TERA;
    for (int i = 0; i < BATTLE_MOVES; i++)
        if (t->on.moves[i] == s->on.moves[choice - first])
            return first + i;
    return choice;
}

Test(fog, an_illusion_is_not_told_from_whose_looks_it_has)
{
    uint64_t state = 71;
    int fell = 0, out = 0, came_back = 0;
    for (int i = 0; i < 1000; i++) {
        struct watched b[2];
        int slot[2];
        two_worlds(&state, b, slot);
        for (int k = 0; k < 40 && b[0].battle.phase != BATTLE_ENDED; k++) {
            /* the other Zoroark of world 0 and the model of world 1 stay on the bench */
            uint32_t foe = battle_choices(&b[0].battle, dex(), 1) & ~(1u << (BATTLE_CHOICE_SWITCH + 1)) & 0x7fff;
            if (battle_choices(&b[0].battle, dex(), 1) && !foe)
                break;
            const int mine = play_choice(battle_choices(&b[0].battle, dex(), 0) & 0x7ff, &state);
            const uint32_t bench = foe & 63u << BATTLE_CHOICE_SWITCH;
            const int theirs = play_choice(bench && play_below(&state, 2) ? bench : foe, &state);
            const int choices[2][2] = {{mine, theirs}, {mine, translated(b, slot, theirs)}};
            struct battle_log log[2] = {{.events = events, .cap = BATTLE_EVENTS_MAX},
                                        {.events = events2, .cap = BATTLE_EVENTS_MAX}};
            const bool was = b[1].battle.sides[1].on.illusion != 0xff, up = b[1].battle.sides[1].party[1].hp;
            for (int w = 0; w < 2; w++)
                one_step(&b[w].battle, choices[w], &log[w]);
            came_back += b[1].battle.sides[1].on.illusion != 0xff && !was;
            out += b[1].battle.sides[1].on.illusion != 0xff;
            const bool falls = up && !b[1].battle.sides[1].party[1].hp;
            fell += falls;
            for (int viewer = BATTLE_SPECTATOR; viewer < 1; viewer++) {
                log_text(&b[0].battle, &log[0], viewer, text1, sizeof text1);
                log_text(&b[1].battle, &log[1], viewer, text2, sizeof text2);
                if (falls) /* what follows names who really fell, as in the simulator */
                    *strstr(text1, "|faint|p2") = *strstr(text2, "|faint|p2") = 0;
                same_text(text1, text2, i, k, viewer);
                same_view(&b[0].battle, &b[1].battle, viewer, i, k);
            }
        }
    }
    cr_assert(out > 1000 && fell > 50 && came_back > 400, "%d steps, %d fell, %d came", out, fell, came_back);
}

/* What would number a Pokémon beyond the party is no knowledge. */
Test(fog, damaged_knowledge_is_refused)
{
    static const char *const moves[] = {"splash", "tackle", "growth", "protect"};
    struct watched b;
    struct battle_set teams[2][BATTLE_PARTY] = {{plain_set("snorlax", moves)}, {plain_set("chansey", moves)}};
    const int sizes[2] = {1, 1};
    struct battle_log log = {.known = &b.known};
    cr_assert_eq(battle_start(&b.battle, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 4, &log), 0);
    uint8_t bytes[BATTLE_KNOWN_BYTES];
    struct battle_known back, bad;
    battle_known_encode(&b.known, bytes);
    cr_assert_eq(battle_known_decode(&back, &b.battle, dex(), bytes), 0);
    for (int what = 0; what < 6; what++) {
        bad = b.known;
        struct battle_known_side *k = &bad.sides[1];
        switch (what) {
        case 0: k->seen[5].order = 200; break;
        case 1: k->seen[0].order = 2; break;
        case 2: k->front = 1; break;
        case 3: k->seen[0].moves[0] = (uint16_t)(dex()->moves_n + 1); break;
        case 4: k->before.order = 7; break;
        default: k->told = TOLD_ALL + 1; break;
        }
        battle_known_encode(&bad, bytes);
        cr_expect_eq(battle_known_decode(&back, &b.battle, dex(), bytes), -1, "damage %d is taken", what);
    }
}

Test(fog, a_called_move_is_not_shown_as_its_own)
{
    static const char *const mine[] = {"tackle", "splash", "growth", "protect"}, *const theirs[] = {"copycat", "tackle",
                                                                                                    "splash", "growth"};
    struct watched b;
    struct battle_set teams[2][BATTLE_PARTY] = {{plain_set("snorlax", mine)}, {plain_set("chansey", theirs)}};
    const int sizes[2] = {1, 1};
    teams[0][0].level = 90;
    cr_assert_eq(battle_start(&b.battle, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 4,
                              &(struct battle_log){.known = &b.known}),
                 0);
    const int choices[2] = {0, 0};
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    one_step(&b.battle, choices, &log);
    log_text(&b.battle, &log, 0, text1, sizeof text1);
    cr_assert_not_null(strstr(text1, "|Tackle|p1a: Snorlax|[from] move: Copycat"), "%s", text1);
    struct battle_view v;
    battle_view(&b.battle, &b.known, dex(), 0, &v);
    const uint16_t shown[] = {dex_move(dex(), "copycat"), 0, 0, 0};
    cr_assert_arr_eq(v.sides[1].party[0].moves, shown, sizeof shown);
}

Test(fog, without_what_is_known_nothing_is_shown_of_others)
{
    uint64_t state = 81;
    for (int i = 0; i < 100; i++) {
        struct watched b;
        any_battle(&state, &b.battle);
        for (int viewer = BATTLE_SPECTATOR; viewer < 2; viewer++) {
            struct battle_view v;
            battle_view(&b.battle, NULL, dex(), viewer, &v);
            for (int side = 0; side < 2; side++)
                for (int k = 0; k < BATTLE_PARTY; k++)
                    cr_assert_eq(v.sides[side].party[k].known, side == viewer && k < b.battle.sides[side].size);
        }
    }
}
