/*
 * test_battle_vectors.c - all 16 rolls of every damage vector of an independent calculator.
 *
 *     test_battle_vectors tests/oracle/damage.txt
 *
 * See tests/oracle/calcvec.js for the format.
 */
#include "vectors.h"

static bool read_fighter(const struct dex *dex, const char *text, struct battle_fighter *f)
{
    char species[20], nature[20], ivs[8], evs[8], boosts[8], status[8];
    int level;
    if (sscanf(text, " %19s %d %19s %7s %7s %7s %7s", species, &level, nature, ivs, evs, boosts, status) != 7)
        return false;
    struct battle_set set = battle_set_default(dex_species(dex, species));
    set.level = (uint8_t)level;
    set.nature = (uint8_t)dex_nature(nature);
    read_spread(ivs, evs, &set);
    battle_fighter_from_set(dex, &set, f);
    read_boosts(boosts, f);
    f->status = (uint8_t)status_of(status);
    return true;
}

static int check_line(const struct dex *dex, char *line, int got[ROLLS])
{
    struct battle_fighter a, b;
    char *second = strchr(line, '|'), *third = second ? strchr(second + 1, '|') : NULL, move[24];
    int crit, at, want = 0, wrong = 0;
    if (!third || !read_fighter(dex, line, &a) || !read_fighter(dex, second + 1, &b) ||
        sscanf(third + 1, " %23s %d %n", move, &crit, &at) != 2)
        return ROLLS;
    uint16_t m = dex_move(dex, move);
    char *number = third + 1 + at;
    for (int roll = 0; m && roll < ROLLS; roll++) {
        want = next_roll(&number, want);
        got[roll] = battle_damage(dex, &a, &b, m, crit, roll);
        wrong += got[roll] != want;
    }
    return m ? wrong : ROLLS;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return printf("usage: test_battle_vectors FILE\n"), 1;
    return check_vectors(argv[1], dex_find("gen1-v1"), check_line, 10);
}
