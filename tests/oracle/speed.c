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

static int teams_n;  /* pairs of teams, kept by game.c */
static long unknown; /* battles of the file that the engine does not know */

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

static void keep(bool known)
{
    const int n = known ? game_keep() : -1;
    if (n >= 0)
        teams_n = n + 1;
    unknown += !known;
}

/* Names are looked up here, outside the clock. */
static bool read_teams(const char *path)
{
    static struct tape t;
    bool open = false, known = true;
    t.file = fopen(path, "r");
    if (!t.file)
        return false;
    for (enum tape_kind k; (k = tape_next(&t)) != TAPE_END_OF_FILE;) {
        if (k == TAPE_BATTLE) {
            if (open)
                keep(known);
            game_clear();
            open = known = true;
        } else if (k == TAPE_MON) {
            known &= !game_add(&t.mon);
        }
    }
    if (open)
        keep(known);
    fclose(t.file);
    return teams_n > 0;
}

/* Plays one battle from its start; its turns. */
static int play(int which, uint64_t seed)
{
    game_take(which);
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
    long turns = 0, battles = 0;
    if (argc < 2 || !read_teams(argv[1]))
        return printf("usage: oracle-speed TAPES [SECONDS]\n"), 2;
    game_quiet();
    begin = now();
    do {
        for (int i = 0; i < 64; i++)
            turns += play((int)draw((unsigned)teams_n), (uint64_t)battles++);
        spent = now() - begin;
    } while (spent < seconds);
    printf("engine:    %.0f turns/s, %.1f battles/s, %.1f turns a battle (%ld battles; %ld teams it did not know)\n",
           (double)turns / spent, (double)battles / spent, battles ? (double)turns / (double)battles : 0, battles,
           unknown);
    return !battles;
}
