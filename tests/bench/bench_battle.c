/*
 * bench_battle.c - how fast the battle engine is.
 *
 *     bench-battle TEAMS VERSION [SECONDS]     one data version, in the teams of a file of tapes
 *     bench-battle --write VERSION COUNT SEED  writes random teams as such a file, for us and for the simulator
 *     bench-battle --things VERSION FOLDER     single things: bytes, copies, queries, loading of the data
 *     bench-battle --train VERSION BATTLES     plays that many of random teams in each way, for packaging/profile.sh
 *
 * Both sides choose as tests/oracle/speed.js does: at random among the legal moves and, one time in six, a switch.
 * Teams are read outside the clock.  Rates of one thread are by CPU time, since others may share the core, those of
 * battles one at a time the best of five slices, with the middle one beside it; those of two threads are by the wall
 * clock, with the CPU time beside them.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../oracle/tape.h"
#include "library.h"

enum { MANY = 2048, MOVES = 0x1f, SWITCHES = 0x7e0, TERA = 0x7800 };

struct rate {
    double turns, battles, cpu, wall;
};

static struct pb_game *game;
static uint64_t state = 1;

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double spent(void)
{
    return now(CLOCK_PROCESS_CPUTIME_ID);
}

static int choose(uint32_t mask)
{
    const uint32_t switches = mask & SWITCHES, tera = mask & TERA, moves = mask & MOVES;
    if (!mask)
        return PB_NO_ACTION;
    if (!moves || (switches && !pb_below(&state, 6)))
        return pb_pick(switches ? switches : mask, &state);
    return pb_pick(tera && !pb_below(&state, 8) ? tera : moves, &state);
}

static void print(const char *what, const struct rate *r, const char *more)
{
    printf("  %-32s %9.0f turns/s %8.0f battles/s%s\n", what, r->turns / r->cpu, r->battles / r->cpu, more);
    fflush(stdout);
}

/* ---------------------------------------------------------------------------------------------------- teams --- */

static void put_six(char *out, size_t size, const uint8_t six[6])
{
    snprintf(out, size, "%d,%d,%d,%d,%d,%d", six[0], six[1], six[2], six[3], six[4], six[5]);
}

static const char *word(const char *tape)
{
    return strcmp(tape, "-") ? tape : "";
}

/* A member in the packed form. */
static void pack(const struct tape_mon *m, char *out, size_t size)
{
    char evs[32], ivs[32], moves[128] = "";
    put_six(evs, sizeof evs, m->evs);
    put_six(ivs, sizeof ivs, m->ivs);
    for (int i = 0; i < 4 && m->moves[i][0]; i++) {
        strcat(moves, i ? "," : "");
        strcat(moves, m->moves[i]);
    }
    snprintf(out, size, "|%s|%s|%s|%s|%s|%s|%s|%s||%d|,,,,,%s", m->species, word(m->item), word(m->ability), moves,
             m->nature, evs,
             m->gender == 'N'   ? ""
             : m->gender == 'M' ? "M"
                                : "F",
             ivs, m->level, m->tera);
}

static void add(const char *text)
{
    char why[256];
    if (*text && pb_team_add(game, text, NULL, why, sizeof why) < 0) {
        printf("%s\n", why);
        exit(1);
    }
}

/* Teams 2 i and 2 i + 1 are those of battle i. */
static void read_teams(const char *path)
{
    static struct tape t;
    static char teams[2][1 << 14];
    t.file = fopen(path, "r");
    if (!t.file) {
        perror(path);
        exit(1);
    }
    for (enum tape_kind k; (k = tape_next(&t)) != TAPE_END_OF_FILE;) {
        if (k == TAPE_BATTLE) {
            add(teams[0]);
            add(teams[1]);
            teams[0][0] = teams[1][0] = 0;
        } else if (k == TAPE_MON) {
            char *team = teams[t.mon.side];
            if (*team)
                strcat(team, "]");
            pack(&t.mon, team + strlen(team), sizeof teams[0] - strlen(team));
        }
    }
    add(teams[0]);
    add(teams[1]);
    fclose(t.file);
}

static void write_list(const uint8_t six[6], char end)
{
    for (int i = 0; i < 6; i++)
        printf("%d%c", six[i], i < 5 ? ',' : end);
}

static void write_team(int side, const struct roster *team)
{
    static const char genders[] = "NMF";
    const struct dex *dex = game->dex;
    for (int i = 0; i < team->size; i++) {
        const struct battle_set *s = &team->sets[i];
        char nature[TEAM_ID];
        team_id(dex_nature_name(s->nature), strlen(dex_nature_name(s->nature)), nature);
        printf("mon %d %s %s %s %s %d %c %s ", side, dex->species[s->species].id,
               s->ability ? dex->abilities[s->ability].id : "-", s->item ? dex->items[s->item].id : "-", nature,
               s->level, genders[s->gender], dex_type_name(s->tera ? s->tera : dex->species[s->species].types[0]));
        for (int k = 0; k < BATTLE_MOVES && s->moves[k]; k++)
            printf("%s%s", k ? "," : "", dex->moves[s->moves[k]].id);
        putchar(' ');
        write_list(s->ivs, ' ');
        write_list(s->evs, '\n');
    }
}

static int write_teams(int count, uint64_t seed)
{
    for (int i = 0; i < count; i++) {
        printf("battle %d\n", i);
        for (int side = 0; side < 2; side++) {
            pb_team_clear(game);
            if (pb_team_random(game, PB_TEAM_LEARNED, 6, seed++, NULL, 0) < 0)
                return 1;
            write_team(side, &game->teams[0]);
        }
    }
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- rates --- */

enum how { SILENT, LOGGED, WRITTEN };

static void play(enum how how, int battles, struct rate *r)
{
    static struct battle_event events[BATTLE_EVENTS_MAX];
    static char text[PB_LOG];
    struct pb_battle both; /* the library's calls want what is known behind the battle */
    struct battle *b = &both.battle;
    for (int i = 0; i < battles; i++) {
        const int team = 2 * (int)pb_below(&state, (uint32_t)game->count / 2);
        pb_reset_teams(game, &both, team, team + 1, pb_next(&state));
        while (b->phase != BATTLE_ENDED) {
            struct battle_log log = {.events = events, .cap = BATTLE_EVENTS_MAX};
            const int one = choose(pb_mask(b, 0)), two = choose(pb_mask(b, 1));
            battle_step(b, game->dex, one, two, how == SILENT ? NULL : &log);
            if (how == WRITTEN) {
                struct battle_text out = {text, sizeof text, 0, false};
                battle_log_text(b, game->dex, &log, BATTLE_SPECTATOR, &out);
            }
        }
        r->turns += b->turn;
        r->battles++;
    }
}

enum { SLICES = 5 };

static int slower_first(const void *x, const void *y)
{
    const struct rate *a = x, *b = y;
    const double one = a->turns / a->cpu, two = b->turns / b->cpu;
    return (one > two) - (one < two);
}

/* The time in slices, since others on the machine may slow down some of them: the best comes last. */
static void one_at_a_time(enum how how, double seconds, struct rate slices[SLICES])
{
    for (int i = 0; i < SLICES; i++) {
        struct rate r = {0};
        const double begin = spent();
        do {
            play(how, 16, &r); /* a look at the clock is a call of the system */
            r.cpu = spent() - begin;
        } while (r.cpu < seconds / SLICES);
        slices[i] = r;
    }
    qsort(slices, SLICES, sizeof *slices, slower_first);
}

/* Battles that begin anew by themselves.  A turn begins where somebody may choose a move.  rounds: 0, they end by the
 * clock. */
static struct rate many_at_a_time(int threads, bool seen, double seconds, int rounds)
{
    static uint32_t masks[2 * MANY];
    static int8_t actions[2 * MANY], results[MANY];
    struct rate r = {0};
    struct pb_crew *crew = pb_crew_open(threads, NULL, 0);
    void *battles = aligned_alloc(pb_align(), MANY * pb_size());
    int16_t *numbers = seen ? calloc((size_t)2 * MANY * (size_t)pb_observation_length(), sizeof *numbers) : NULL;
    pb_reset_many(game, battles, MANY, pb_next(&state));
    pb_look_many(game, battles, MANY, masks, NULL);
    const double begin = spent(), wall = now(CLOCK_MONOTONIC);
    do {
        for (size_t i = 0; i < MANY; i++) {
            r.turns += ((masks[2 * i] | masks[2 * i + 1]) & ~(uint32_t)SWITCHES) != 0;
            actions[2 * i] = (int8_t)choose(masks[2 * i]);
            actions[2 * i + 1] = (int8_t)choose(masks[2 * i + 1]);
        }
        pb_crew_step(crew, game, battles, MANY, actions, PB_AUTO_RESET, results, NULL, masks, numbers);
        for (size_t i = 0; i < MANY; i++)
            r.battles += results[i] == PB_DONE;
        r.wall = now(CLOCK_MONOTONIC) - wall;
    } while (rounds ? --rounds : r.wall < seconds);
    r.cpu = spent() - begin;
    free(numbers);
    free(battles);
    pb_crew_close(crew);
    return r;
}

static void print_many(int threads, bool seen, double seconds)
{
    struct rate r = many_at_a_time(threads, seen, seconds, 0);
    char more[128], what[64];
    snprintf(what, sizeof what, "%d at a time, %d thread%s%s", MANY, threads, threads > 1 ? "s" : "",
             seen ? ", observed" : "");
    if (threads > 1) {
        snprintf(more, sizeof more, "  by the wall clock; it had %.2f cores: %.0f turns/s of each", r.cpu / r.wall,
                 r.turns / r.cpu);
        r.cpu = r.wall;
        print(what, &r, more);
    } else {
        print(what, &r, "");
    }
}

static int rates(const char *path, const char *version, double seconds)
{
    static const char *const names[] = {"one at a time", "with events", "with its log as text"};
    read_teams(path);
    printf("engine, %s, %d pairs of teams\n", version, game->count / 2);
    for (enum how how = SILENT; how <= WRITTEN; how++) {
        char more[96];
        struct rate slices[SLICES], *best = &slices[SLICES - 1], *middle = &slices[SLICES / 2];
        one_at_a_time(how, seconds, slices);
        snprintf(more, sizeof more, "  the best of %d; the middle one %.0f; %.1f turns a battle", SLICES,
                 middle->turns / middle->cpu, best->turns / best->battles);
        print(names[how], best, more);
    }
    print_many(1, false, seconds);
    print_many(2, false, seconds);
    print_many(1, true, seconds);
    return 0;
}

/* The same work in each run, so what was counted does not depend on the machine. */
static int train(int battles)
{
    enum { TEAMS = 256, FIRST_SEED = 20000, ROUNDS = 50 };
    struct rate r = {0};
    for (uint64_t i = 0; i < TEAMS; i++)
        if (pb_team_random(game, PB_TEAM_LEARNED, 6, FIRST_SEED + i, NULL, 0) < 0)
            return 1;
    for (enum how how = SILENT; how <= WRITTEN; how++)
        play(how, battles, &r);
    r = many_at_a_time(1, true, 0, ROUNDS);
    return r.turns <= 0;
}

/* --------------------------------------------------------------------------------------------------- things --- */

/* What stands there is needed. */
#define KEEP(at) __asm__ volatile("" ::"r"(at) : "memory")

#define NS(what, rounds, ...)                                                                                          \
    do {                                                                                                               \
        const double begin_ = spent();                                                                                 \
        for (int i = 0; i < (rounds); i++) {                                                                           \
            __VA_ARGS__;                                                                                               \
            __asm__ volatile("" ::: "memory");                                                                         \
        }                                                                                                              \
        printf("  %-32s %9.1f ns\n", what, (spent() - begin_) / (rounds)*1e9);                                         \
    } while (0)

static void tell_mistake(void *ctx, const char *document, const char *entry, const char *sentence)
{
    (void)ctx;
    printf("%s %s: %s\n", document, entry, sentence);
}

/* The least of a few times, in milliseconds: parsing and compiling of a folder. */
static double load_ms(const char *folder, const char *version)
{
    double least = 1e9;
    for (int i = 0; i < 5; i++) {
        const double begin = spent();
        struct dex *dex = dex_load(folder, version, tell_mistake, NULL);
        const double ms = (spent() - begin) * 1e3;
        if (!dex)
            exit(1);
        dex_free(dex);
        least = ms < least ? ms : least;
    }
    return least;
}

static int things(const char *version, const char *folder)
{
    enum { ROUNDS = 5000000, FEW = 200000 };
    static struct pb_battle b, copies[16];
    static struct battle states[16];
    static int16_t seen[1 << 13];
    uint8_t bytes[PB_ENCODED], other[PB_ENCODED];
    volatile uint64_t sum = 0;
    for (uint64_t seed = 0; seed < 64; seed++)
        pb_team_random(game, PB_TEAM_LEARNED, 6, seed, NULL, 0);
    pb_reset(game, &b, 1);
    for (int i = 0; i < 8; i++)
        pb_step(game, &b, choose(pb_mask(&b, 0)), choose(pb_mask(&b, 1)));
    const size_t length = pb_encode(&b, bytes);
    printf("single things, %s\n", version);
    printf("  %-32s %9zu bytes (%zu encoded)\n", "state", sizeof b.battle, battle_encode(&b.battle, other));
    printf("  %-32s %9zu bytes (%zu encoded)\n", "with what everybody has seen", pb_size(), length);
    NS("copy of a state", ROUNDS, states[i & 15] = b.battle; KEEP(&states[i & 15]));
    NS("with what everybody has seen", ROUNDS, copies[i & 15] = b; KEEP(&copies[i & 15]));
    NS("query of legal choices", ROUNDS, sum += pb_mask(&b, i & 1));
    NS("beginning of a battle", FEW, pb_reset(game, &copies[0], (uint64_t)i));
    NS("observation of a side", FEW, pb_observe(game, &b, i & 1, seen));
    NS("digest", FEW, sum += pb_digest(&b));
    NS("encoding", FEW, sum += pb_encode(&b, bytes));
    NS("decoding, checked", FEW, sum += (uint64_t)pb_decode(game, &copies[0], bytes, length));
    printf("  %-32s %9.1f ms\n", "data, parsed and compiled", load_ms(folder, version));
    (void)sum; /* the work was done */
    return 0;
}

static int usage(void)
{
    printf("usage: bench-battle TEAMS VERSION [SECONDS]\n"
           "       bench-battle --write VERSION COUNT SEED\n"
           "       bench-battle --things VERSION FOLDER\n"
           "       bench-battle --train VERSION BATTLES\n");
    return 2;
}

int main(int argc, char **argv)
{
    char why[256];
    if (argc < 3)
        return usage();
    const bool writes = !strcmp(argv[1], "--write"), alone = !strcmp(argv[1], "--things"),
               trains = !strcmp(argv[1], "--train");
    if ((writes && argc != 5) || ((alone || trains) && argc != 4))
        return usage();
    game = pb_game_open(argv[2], NULL, why, sizeof why);
    if (!game)
        return printf("%s\n", why), 1;
    const int result = writes   ? write_teams(atoi(argv[3]), strtoull(argv[4], NULL, 0))
                       : alone  ? things(argv[2], argv[3])
                       : trains ? train(atoi(argv[3]))
                                : rates(argv[1], argv[2], argc > 3 ? atof(argv[3]) : 2);
    pb_game_close(game);
    return result;
}
