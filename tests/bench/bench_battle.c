/*
 * bench_battle.c - how fast the battle engine is, on one core.
 *
 *     bench_battle [BATTLES]
 *
 * Random teams of six with random moves, uniformly random legal choices, nothing else running.  Teams are made
 * outside the clock.  The digest shows that the work was done and is the same everywhere.
 */
#define _POSIX_C_SOURCE 200809L
#include "../operators/test_battle_play.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { POOL = 256 };

struct start {
    struct battle_set teams[2][BATTLE_PARTY];
    int sizes[2];
};

static struct start pool[POOL];
static struct battle_event events[BATTLE_EVENTS_MAX];

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may share the core */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

enum how { SILENT, LOGGED, WRITTEN };

static void play_all(const struct dex *dex, int battles, enum how how)
{
    static const char *const names[] = {"no log", "log events", "log events and text"};
    static char text[65536];
    uint64_t state = 7, digest = 0;
    long turns = 0, steps = 0;
    struct battle b;
    double t = now();
    for (int i = 0; i < battles; i++) {
        const struct start *s = &pool[i % POOL];
        struct battle_log log = {events, BATTLE_EVENTS_MAX, 0, false};
        battle_start(&b, dex, s->teams, s->sizes, (uint64_t)i, NULL);
        while (b.phase != BATTLE_ENDED) {
            int one = play_choice(battle_choices(&b, dex, 0), &state);
            int two = play_choice(battle_choices(&b, dex, 1), &state);
            log.count = 0;
            battle_step(&b, dex, one, two, how == SILENT ? NULL : &log);
            if (how == WRITTEN) {
                struct battle_text out = {text, sizeof text, 0, false};
                battle_log_text(&b, dex, &log, BATTLE_SPECTATOR, &out);
            }
            steps++;
        }
        turns += b.turn;
        digest ^= b.rng;
    }
    t = now() - t;
    printf("%-20s %9.0f turns/s %7.0f battles/s  (%ld turns, %ld steps, %.2f s, %016llx)\n", names[how],
           (double)turns / t, battles / t, turns, steps, t, (unsigned long long)digest);
}

static void small_things(const struct dex *dex)
{
    enum { ROUNDS = 5000000 };
    struct battle b, copies[16];
    uint8_t bytes[BATTLE_ENCODED_MAX];
    uint64_t sum = 0;
    battle_start(&b, dex, pool[0].teams, pool[0].sizes, 1, NULL);
    size_t length = battle_encode(&b, bytes);
    double t = now();
    for (int i = 0; i < ROUNDS; i++) {
        copies[i & 15] = b;
        __asm__ volatile("" : : "r"(&copies[i & 15]) : "memory");
    }
    printf("copy of a state      %6.1f ns, %zu bytes (%zu encoded)\n", (now() - t) / ROUNDS * 1e9, sizeof b, length);
    t = now();
    for (int i = 0; i < ROUNDS; i++) {
        sum += battle_choices(&b, dex, i & 1);
        __asm__ volatile("" : : "r"(&b) : "memory");
    }
    printf("choices              %6.1f ns\n", (now() - t) / ROUNDS * 1e9);
    t = now();
    for (int i = 0; i < ROUNDS / 50; i++)
        sum += battle_digest(&b);
    printf("digest               %6.1f ns\n", (now() - t) / (ROUNDS / 50) * 1e9);
    t = now();
    for (int i = 0; i < ROUNDS / 50; i++)
        sum += (uint64_t)battle_decode(&copies[0], dex, bytes, length);
    printf("decode               %6.1f ns  (%llu)\n", (now() - t) / (ROUNDS / 50) * 1e9, (unsigned long long)sum);
}

int main(int argc, char **argv)
{
    const struct dex *dex = dex_find("gen1-v1");
    int battles = argc > 1 ? atoi(argv[1]) : 20000;
    uint64_t state = 42;
    for (int i = 0; i < POOL; i++)
        play_teams(dex, &state, pool[i].teams, pool[i].sizes);
    play_all(dex, battles, SILENT);
    play_all(dex, battles, LOGGED);
    play_all(dex, battles / 4 + 1, WRITTEN);
    small_things(dex);
    return 0;
}
