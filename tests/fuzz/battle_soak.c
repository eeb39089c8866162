/*
 * battle_soak.c - many random battles of the full pool, with everything looked at after each step.
 *
 *     battle-soak BATTLES [SEED [SECONDS [VERSION]]]
 *
 * Battle i is a function of SEED + i alone, so `battle-soak 1 NUMBER` plays the one again that a complaint names.  Half
 * of the teams have any move, ability and item on anybody, the others what they can learn, or sensible sets.  Choices
 * are random legal ones; now and then some that are not legal are tried first, which must be refused and change no
 * byte.  After each step the state is held against its bounds; now and then it goes through its bytes and back, is
 * looked at by everybody and told as text.  Stops after SECONDS of its own CPU time, or when it is interrupted, and
 * tells how far it came.  Meant for a build with sanitizers (docs/engine.md).
 */
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "battle_bounds.h"
#include "library.h"

enum { STEPS_A_TURN = 8, OFTEN = 8, SELDOM = 32, SENSIBLE_EACH = 16, STRANGE_STEPS = 8 };

static struct { /* counts, for the last line */
    long battles, turns, steps, refused, trips, looks, strange, capped, won[3];
} total;

static struct soak { /* the battle under way */
    struct pb_game *game;
    const struct dex *dex;
    uint64_t seed, state;
    union { /* as the library has it */
        struct pb_battle both;
        struct battle b;
    };
    int step;
    struct battle_event events[BATTLE_EVENTS_MAX];
} soak;

#define CHECK(what, good)                                                                                              \
    do {                                                                                                               \
        if (!(good))                                                                                                   \
            fail(what);                                                                                                \
    } while (0)

_Noreturn static void fail(const char *what)
{
    printf("battle %llu, step %d, turn %d: %s\nagain: battle-soak 1 %llu 0 %s\n", (unsigned long long)soak.seed,
           soak.step, soak.b.turn, what, (unsigned long long)soak.seed, soak.dex->version);
    fflush(stdout);
    abort();
}

static unsigned below(unsigned n)
{
    return pb_below(&soak.state, n);
}

static void check_state(void)
{
    const char *wrong = battle_wrong(&soak.b, soak.dex);
    CHECK(wrong, !wrong);
}

/* ---------------------------------------------------------------------------------------------------- steps --- */

static void round_trip(void)
{
    uint8_t one[BATTLE_ENCODED_MAX], two[BATTLE_ENCODED_MAX], known[2][BATTLE_KNOWN_BYTES];
    struct battle back;
    struct battle_known known_back;
    size_t n = battle_encode(&soak.b, one);
    CHECK("its bytes are not taken", !battle_decode(&back, soak.dex, one, n));
    CHECK("its bytes come back otherwise", battle_encode(&back, two) == n && !memcmp(one, two, n));
    CHECK("it has lost something in its bytes", !memcmp(&back, &soak.b, sizeof back));
    battle_known_encode(&soak.both.known, known[0]);
    CHECK("what is known is not taken", !battle_known_decode(&known_back, &soak.b, soak.dex, known[0]));
    battle_known_encode(&known_back, known[1]);
    CHECK("what is known comes back otherwise", !memcmp(known[0], known[1], sizeof known[0]));
    total.trips++;
}

/* Bytes that nobody vouches for: a few of a good state are changed, or something is said behind them that came later
 * (engine/wire.h); if they are taken, they can be played on, and come back as they were. */
static void try_strange(void)
{
    uint8_t bytes[BATTLE_ENCODED_MAX], again[BATTLE_ENCODED_MAX];
    struct battle b;
    struct battle_known known = soak.both.known; /* as it was: it may not fit any more */
    size_t n = battle_encode(&soak.b, bytes);
    const bool longer = !below(4);
    for (unsigned i = longer ? 1 + below(2) : 0; i; i--) {
        bytes[n++] = (uint8_t)below(3);
        bytes[n++] = (uint8_t)below(16);
        bytes[n++] = (uint8_t)(1 + below(5) * below(2));
    }
    for (unsigned i = longer ? 0 : 1 + below(4); i; i--) {
        const unsigned at = below((unsigned)n), way = below(3);
        bytes[at] = (uint8_t)(way == 0 ? below(256) : way == 1 ? bytes[at] ^ 1u << below(8) : below(4) * 85);
    }
    if (battle_decode(&b, soak.dex, bytes, n))
        return;
    const char *strange = battle_wrong(&b, soak.dex);
    CHECK(strange, !strange);
    CHECK("strange bytes come back otherwise", battle_encode(&b, again) == n && !memcmp(bytes, again, n));
    for (int step = 0; step < STRANGE_STEPS && b.phase != BATTLE_ENDED; step++) {
        int choices[2];
        for (int i = 0; i < 2; i++) {
            const uint32_t mask = battle_choices(&b, soak.dex, i);
            choices[i] = mask ? pb_pick(mask, &soak.state) : BATTLE_NO_CHOICE;
        }
        struct battle_log log = {.events = soak.events, .cap = BATTLE_EVENTS_MAX, .known = &known};
        CHECK("a legal choice was refused in a strange state",
              battle_step(&b, soak.dex, choices[0], choices[1], &log) >= 0);
        const char *wrong = battle_wrong(&b, soak.dex);
        CHECK(wrong, !wrong);
    }
    total.strange++;
}

static void look(const struct battle_log *log)
{
    static char text[PB_LOG];
    static int16_t seen[1 << 13];
    const int viewer = (int)below(4) - 2;
    struct battle_text out = {text, sizeof text, 0, false};
    struct battle_view view;
    battle_log_text(&soak.b, soak.dex, log, viewer, &out);
    CHECK("the text of a step is too long", !out.overflow);
    battle_view(&soak.b, &soak.both.known, soak.dex, viewer, &view);
    observe(&view, viewer == 1, seen);
    for (int i = 0; i < BATTLE_MOVES; i++) {
        const struct battle_view_side *s = &view.sides[i & 1];
        battle_expected_damage(soak.dex, &view, i & 1, s->active, view.sides[!(i & 1)].active,
                               s->party[s->active].moves[i]);
    }
    total.looks++;
}

static void try_illegal(const int legal[2])
{
    const struct battle before = soak.b;
    const int side = (int)below(2), choice = (int)below(40) - 4;
    const unsigned mask = battle_choices(&soak.b, soak.dex, side);
    const bool good = mask ? choice >= 0 && choice < 32 && mask >> choice & 1 : choice == BATTLE_NO_CHOICE;
    if (good)
        return;
    CHECK("a choice that is not legal was taken", battle_step(&soak.b, soak.dex, side ? legal[0] : choice,
                                                              side ? choice : legal[1], NULL) == BATTLE_BAD_CHOICE);
    CHECK("a refused choice changed something", !memcmp(&before, &soak.b, sizeof before));
    total.refused++;
}

static void step(bool logged)
{
    struct battle_log log = {
        .events = logged ? soak.events : NULL, .cap = logged ? BATTLE_EVENTS_MAX : 0, .known = &soak.both.known};
    int choices[2];
    for (int i = 0; i < 2; i++) {
        const unsigned mask = battle_choices(&soak.b, soak.dex, i);
        choices[i] = mask ? pb_pick(mask, &soak.state) : BATTLE_NO_CHOICE;
    }
    if (!below(OFTEN))
        try_illegal(choices);
    enum battle_result result = battle_step(&soak.b, soak.dex, choices[0], choices[1], &log);
    soak.step++;
    CHECK("a legal choice was refused", result >= 0);
    CHECK("the result is not the phase", (result == BATTLE_DONE) == (soak.b.phase == BATTLE_ENDED));
    CHECK("the log of a step is too long", !log.overflow);
    check_state();
    if (!below(SELDOM))
        round_trip();
    if (!below(SELDOM))
        try_strange();
    if (logged && !below(OFTEN))
        look(&log);
}

static void play(uint64_t seed)
{
    char why[256];
    const int kind = soak.game->facts && seed % SENSIBLE_EACH == 0 ? PB_TEAM_SENSIBLE
                     : seed % 2                                    ? PB_TEAM_ANY
                                                                   : PB_TEAM_LEARNED;
    soak.seed = soak.state = seed;
    soak.step = 0;
    pb_team_clear(soak.game);
    for (int i = 0; i < 2; i++)
        CHECK(why, pb_team_random(soak.game, kind, below(4) ? 6 : 1 + (int)below(6), pb_next(&soak.state), why,
                                  sizeof why) == i);
    CHECK("clauses are refused", !pb_game_clauses(soak.game, below(4)));
    CHECK("the teams are refused", !pb_reset_teams(soak.game, &soak.both, 0, 1, pb_next(&soak.state)));
    check_state();
    const bool logged = !below(4);
    while (soak.b.phase != BATTLE_ENDED) {
        CHECK("it does not end", soak.step < STEPS_A_TURN * soak.dex->turn_cap);
        step(logged);
    }
    round_trip();
    total.battles++;
    total.turns += soak.b.turn;
    total.steps += soak.step;
    total.capped += soak.b.turn == soak.dex->turn_cap;
    total.won[soak.b.winner]++;
}

static double spent(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

int main(int argc, char **argv)
{
    char why[256];
    const long battles = argc > 1 ? atol(argv[1]) : 0;
    const uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    const double seconds = argc > 3 ? atof(argv[3]) : 0;
    if (battles < 1)
        return printf("usage: battle-soak BATTLES [SEED [SECONDS [VERSION]]]\n"), 2;
    soak.game = pb_game_open(argc > 4 ? argv[4] : "gen9-v1", NULL, why, sizeof why);
    if (!soak.game)
        return printf("%s\n", why), 1;
    soak.dex = soak.game->dex;
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    for (long i = 0; i < battles && !interrupted && (seconds <= 0 || spent() < seconds); i++)
        play(first + (uint64_t)i);
    printf("%ld battles of %s from seed %llu: %ld turns, %ld steps; won %ld and %ld, drawn %ld, at the turn cap %ld\n",
           total.battles, soak.dex->version, (unsigned long long)first, total.turns, total.steps, total.won[0],
           total.won[1], total.won[2], total.capped);
    printf(
        "refused %ld, through bytes and back %ld, played on from strange bytes %ld, looked at %ld; %.0f s of CPU, no "
        "finding\n",
        total.refused, total.trips, total.strange, total.looks, spent());
    pb_game_close(soak.game);
    return 0;
}
