/*
 * speed.c - turns and battles a second of the engine, on the teams of a file of tapes.
 *
 *     oracle-speed TAPES [SECONDS]
 *
 * Chooses as speed.js does: at random among the legal moves and, one time in six, a switch.  No log is made.
 */
#define _POSIX_C_SOURCE 200809L
#include "game.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATTLES = 4096, MONS = 12 };

static struct {
    struct tape_mon mons[MONS];
    int n;
} starts[BATTLES];
static int starts_n;

static uint64_t state = 1;

static unsigned draw(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % n);
}

static int pick(unsigned mask)
{
    for (int skip = (int)draw((unsigned)__builtin_popcount(mask));; skip--, mask &= mask - 1)
        if (!skip)
            return __builtin_ctz(mask);
}

static int choose(unsigned mask)
{
    unsigned switches = mask & 0x7e0, tera = mask & 0x7800, moves = mask & 0x1f;
    if (!mask)
        return -1;
    if (!moves || (switches && !draw(6)))
        return pick(switches ? switches : mask);
    return tera && !draw(8) ? pick(tera) : pick(moves);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool read_teams(const char *path)
{
    static struct tape t;
    t.file = fopen(path, "r");
    if (!t.file)
        return false;
    for (enum tape_kind k; (k = tape_next(&t)) != TAPE_END_OF_FILE && starts_n < BATTLES;) {
        if (k == TAPE_BATTLE)
            starts_n++;
        else if (k == TAPE_MON && starts[starts_n - 1].n < MONS)
            starts[starts_n - 1].mons[starts[starts_n - 1].n++] = t.mon;
    }
    fclose(t.file);
    return starts_n > 0;
}

/* Plays one battle; its turns, 0 when the engine does not know the teams. */
static int play(int which, uint64_t seed)
{
    game_clear();
    for (int i = 0; i < starts[which].n; i++)
        if (game_add(&starts[which].mons[i]))
            return 0;
    game_quiet();
    game_seed(seed);
    if (!game_start())
        return 0;
    while (!game_ended())
        game_step((const int[2]){choose(game_mask(0)), choose(game_mask(1))});
    return game_turn();
}

int main(int argc, char **argv)
{
    double begin, spent, seconds = argc > 2 ? atof(argv[2]) : 5;
    long turns = 0, battles = 0, unknown = 0;
    if (argc < 2 || !read_teams(argv[1]))
        return printf("usage: oracle-speed TAPES [SECONDS]\n"), 2;
    begin = now();
    do {
        for (int i = 0; i < 64; i++) {
            int n = play((int)draw((unsigned)starts_n), (uint64_t)battles);
            turns += n;
            battles += n > 0;
            unknown += !n;
        }
        spent = now() - begin;
    } while (spent < seconds);
    printf("engine:    %.0f turns/s, %.1f battles/s, %.1f turns a battle (%ld battles, %ld it did not know)\n",
           (double)turns / spent, (double)battles / spent, battles ? (double)turns / (double)battles : 0, battles,
           unknown);
    return !battles;
}
