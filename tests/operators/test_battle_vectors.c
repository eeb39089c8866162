/*
 * test_battle_vectors.c - all 16 rolls of every damage vector of an independent calculator.
 *
 *     test_battle_vectors tests/oracle/damage.txt
 *
 * See tests/oracle/calcvec.js for the format.
 */
#include "battle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int base64(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);
    return at && c ? (int)(at - digits) : 0;
}

static int base32(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static int status_of(const char *name)
{
    for (int i = 1; i < STATUSES; i++)
        if (!strcmp(name, dex_status_name(i)))
            return i;
    return STATUS_NONE;
}

static bool read_fighter(const struct dex *dex, const char *text, struct battle_fighter *f)
{
    char species[20], nature[20], ivs[8], evs[8], boosts[8], status[8];
    int level;
    if (sscanf(text, " %19s %d %19s %7s %7s %7s %7s", species, &level, nature, ivs, evs, boosts, status) != 7)
        return false;
    struct battle_set set = battle_set_default(dex_species(dex, species));
    set.level = (uint8_t)level;
    set.nature = (uint8_t)dex_nature(nature);
    for (int i = 0; i < 6; i++) {
        set.ivs[i] = (uint8_t)base32(ivs[i]);
        set.evs[i] = (uint8_t)(4 * base64(evs[i]));
    }
    battle_fighter_from_set(dex, &set, f);
    for (int i = 0; i < 5; i++)
        f->boosts[i] = (int8_t)(boosts[i] - 'g');
    f->status = (uint8_t)status_of(status);
    return true;
}

/* Number of rolls of this line that differ, -1 if it cannot be read. */
static int check_line(const struct dex *dex, char *line)
{
    struct battle_fighter a, b;
    char *second = strchr(line, '|'), *third = second ? strchr(second + 1, '|') : NULL, move[24];
    int crit, at, wrong = 0;
    if (!third || !read_fighter(dex, line, &a) || !read_fighter(dex, second + 1, &b) ||
        sscanf(third + 1, " %23s %d %n", move, &crit, &at) != 2)
        return -1;
    uint16_t m = dex_move(dex, move);
    if (!m)
        return -1;
    char *number = third + 1 + at;
    int want = 0;
    for (int roll = 0; roll < 16; roll++) {
        want += (int)strtol(number, &number, 10);
        number++;
        wrong += battle_damage(dex, &a, &b, m, crit, roll) != want;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    static char line[1024], copy[1024];
    const struct dex *dex = dex_find("gen1-v1");
    FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
    int vectors = 0, bad = 0;
    if (!f)
        return printf("usage: test_battle_vectors FILE\n"), 1;
    while (fgets(line, sizeof line, f)) {
        strcpy(copy, line);
        vectors++;
        int wrong = check_line(dex, line);
        if (wrong) {
            if (bad++ < 10)
                printf("%d rolls differ: %s", wrong, copy);
        }
    }
    fclose(f);
    printf("%d vectors, %d differ\n", vectors, bad);
    return bad || vectors < 1000;
}
