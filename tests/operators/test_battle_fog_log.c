/*
 * test_battle_fog_log.c - what a reader of the log cannot know is not in it, and what is known follows from it alone.
 *
 * Two battles that go on alike in what they show, one with a Pokémon and one with another in its looks, must never be
 * told apart, by log or by view.
 */
#include "log.h"
#include "test_battle_watched.h"

/* ---------------------------------------------------------------------------------------------------- the log --- */

static struct battle_event events[BATTLE_EVENTS_MAX], events2[BATTLE_EVENTS_MAX];

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

Test(fog_log, hp_of_others_is_read_in_percent)
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
                hide_hp(&m, &state);
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

Test(fog_log, what_does_not_come_out_is_not_told)
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
Test(fog_log, known_without_a_log_as_well)
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

/* ---------------------------------------------------------------------------------------------- two worlds --- */

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

Test(fog_log, an_illusion_is_not_told_from_whose_looks_it_has)
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
Test(fog_log, damaged_knowledge_is_refused)
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

Test(fog_log, a_called_move_is_not_shown_as_its_own)
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

/* Heal Bell cures one behind an Illusion: the line names whose looks it has, to everybody. */
Test(fog_log, a_cure_does_not_name_who_is_behind_an_illusion)
{
    static const char *const bell[] = {"healbell", "splash", "growth", "protect"}, *const none[] = {"splash", "growth",
                                                                                                    "protect",
                                                                                                    "tackle"};
    struct battle b;
    struct battle_set teams[2][BATTLE_PARTY] = {{plain_set("zoroark", bell), plain_set("snorlax", none)},
                                                {plain_set("chansey", none)}};
    const int sizes[2] = {2, 1};
    teams[0][0].ability = dex_ability(dex(), "illusion");
    cr_assert_eq(battle_start(&b, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 4, NULL), 0);
    cr_assert_eq(b.sides[0].on.illusion, 1);
    b.sides[0].party[0].status = STATUS_PSN;
    const int choices[2] = {0, 0};
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    one_step(&b, choices, &log);
    for (int viewer = BATTLE_SPECTATOR; viewer < 2; viewer++) {
        log_text(&b, &log, viewer, text1, sizeof text1);
        cr_assert_not_null(strstr(text1, "|-curestatus|p1a: Snorlax|psn|[msg]"), "%s", text1);
        cr_assert_null(strstr(text1, "Zoroark"), "%s", text1);
    }
}

/* ------------------------------------------------------------------------------------- looks kept on the bench --- */

/* A Zoroark that looks like the Snorlax behind it, poisoned, and somebody to change places with. */
static struct watched masked_and_poisoned(void)
{
    static const char *const mine[] = {"magicroom", "splash", "healbell", "protect"}, *const theirs[] = {
                                                                                          "splash", "growth", "protect",
                                                                                          "tackle"};
    struct watched w;
    struct battle_set teams[2][BATTLE_PARTY] = {
        {plain_set("zoroark", mine), plain_set("chansey", mine), plain_set("snorlax", mine)},
        {plain_set("blissey", theirs), plain_set("weezing", theirs)}};
    const int sizes[2] = {3, 2};
    teams[0][0].ability = dex_ability(dex(), "illusion");
    teams[1][1].ability = dex_ability(dex(), "neutralizinggas");
    cr_assert_eq(battle_start(&w.battle, dex(), (const struct battle_set(*)[BATTLE_PARTY])teams, sizes, 4,
                              &(struct battle_log){.known = &w.known}),
                 0);
    cr_assert_eq(w.battle.sides[0].on.illusion, 2);
    w.battle.sides[0].party[0].status = STATUS_PSN;
    return w;
}

/* Plays a step and goes on from its bytes. */
static void step_and_store(struct watched *w, int one, int two)
{
    uint8_t bytes[BATTLE_ENCODED_MAX], known[BATTLE_KNOWN_BYTES];
    const int choices[2] = {one, two};
    struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
    one_step(&w->battle, choices, &log);
    log_text(&w->battle, &log, 1, text1, sizeof text1);
    const struct watched was = *w;
    battle_known_encode(&w->known, known);
    cr_assert_eq(battle_decode(&w->battle, dex(), bytes, battle_encode(&was.battle, bytes)), 0);
    cr_assert_eq(battle_known_decode(&w->known, &w->battle, dex(), known), 0);
    cr_assert_eq(battle_digest(&w->battle), battle_digest(&was.battle));
}

static void no_zoroark(const char *expected)
{
    cr_assert_not_null(strstr(text1, expected), "expected %s in\n%s", expected, text1);
    cr_assert_null(strstr(text1, "Zoroark"), "%s", text1);
}

Test(fog_log, a_cure_on_the_bench_does_not_name_who_was_behind_an_illusion)
{
    struct watched w = masked_and_poisoned();
    struct battle_view v;
    step_and_store(&w, BATTLE_CHOICE_SWITCH + 1, 0);
    battle_view(&w.battle, &w.known, dex(), 1, &v);
    cr_assert_eq(v.sides[0].party[0].species, dex_species(dex(), "snorlax"));
    cr_assert_eq(v.sides[0].party[0].status, STATUS_PSN);
    step_and_store(&w, 2, 0);
    no_zoroark("|-curestatus|p1: Snorlax|psn|[msg]\n");
    cr_assert_eq(w.battle.sides[0].party[0].status, STATUS_NONE);
    battle_view(&w.battle, &w.known, dex(), 1, &v);
    cr_assert_eq(v.sides[0].party[0].status, STATUS_NONE, "a line told that it is cured");
}

Test(fog_log, the_end_of_a_magic_room_does_not_name_who_was_behind_an_illusion)
{
    struct watched w = masked_and_poisoned();
    step_and_store(&w, 0, 0);
    step_and_store(&w, BATTLE_CHOICE_SWITCH + 1, 0);
    for (int i = 0; i < 3; i++)
        step_and_store(&w, 1, 0);
    no_zoroark("|-fieldend|move: Magic Room|[of] p1: Snorlax\n");
}

Test(fog_log, a_magic_room_that_bytes_give_to_nobody_ends_in_nobodys_name)
{
    struct watched w = masked_and_poisoned();
    step_and_store(&w, 0, 0);
    w.battle.magic_by = 0xff;
    for (int i = 0; i < 4; i++)
        step_and_store(&w, 1, 0);
    no_zoroark("|-fieldend|move: Magic Room\n");
}

Test(fog_log, an_illusion_comes_back_with_its_holder_where_abilities_are_off)
{
    struct watched w = masked_and_poisoned();
    step_and_store(&w, BATTLE_CHOICE_SWITCH + 1, BATTLE_CHOICE_SWITCH + 1);
    cr_assert_eq(w.battle.sides[0].party[0].flags & MON_LOOKS, 3);
    step_and_store(&w, BATTLE_CHOICE_SWITCH, 0);
    no_zoroark("|switch|p1a: Snorlax|Snorlax, L50");
    cr_assert_eq(w.battle.sides[0].on.illusion, 2);
    cr_assert_eq(w.battle.sides[0].party[0].flags & MON_LOOKS, 0);
    step_and_store(&w, 1, 3); /* a hit does not break it either */
    no_zoroark("|-damage|p1a: Snorlax|");
    step_and_store(&w, 1, BATTLE_CHOICE_SWITCH);
    step_and_store(&w, 1, 3);
    cr_assert_not_null(strstr(text1, "|replace|p1a: Zoroark|"), "%s", text1);
    step_and_store(&w, BATTLE_CHOICE_SWITCH + 1, 0);
    step_and_store(&w, 2, 0);
    cr_assert_not_null(strstr(text1, "|-curestatus|p1: Zoroark|psn|[msg]\n"), "what broke is not kept: %s", text1);
}
