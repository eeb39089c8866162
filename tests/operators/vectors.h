/* vectors.h - how a Pokémon stands on a line of damage vectors, and the run over a file of them. */
#ifndef VECTORS_H
#define VECTORS_H

#include "battle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROLLS = 16 };

static inline int base64(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digits, c);
    return at && c ? (int)(at - digits) : 0;
}

static inline int base32(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static inline int status_of(const char *name)
{
    for (int i = 1; i < STATUSES; i++)
        if (!strcmp(name, dex_status_name(i)))
            return i;
    return STATUS_NONE;
}

/* Six digits each: IVs in base 32, quarters of EVs in base 64. */
static inline void read_spread(const char *ivs, const char *evs, struct battle_set *set)
{
    for (int i = 0; i < 6; i++) {
        set->ivs[i] = (uint8_t)base32(ivs[i]);
        set->evs[i] = (uint8_t)(4 * base64(evs[i]));
    }
}

/* Five letters, "g" for 0. */
static inline void read_boosts(const char *boosts, struct battle_fighter *f)
{
    for (int i = 0; i < 5; i++)
        f->boosts[i] = (int8_t)(boosts[i] - 'g');
}

/* The next of the rolls, which stand as differences. */
static inline int next_roll(char **at, int last)
{
    const int roll = last + (int)strtol(*at, at, 10);
    (*at)++;
    return roll;
}

/* Number of rolls of a line that differ, ROLLS if it cannot be read; got has what the engine says. */
typedef int check_vector(const struct dex *dex, char *line, int got[ROLLS]);

/* Checks each line of a file.  The first that differ are shown.  What main returns. */
static inline int check_vectors(const char *path, const struct dex *dex, check_vector *check, int shown)
{
    static char line[2048], copy[2048];
    FILE *f = fopen(path, "r");
    int vectors = 0, bad = 0;
    if (!f || !dex)
        return printf("there is no file %s, or no data version\n", path), 1;
    while (fgets(line, sizeof line, f)) {
        int got[ROLLS] = {0};
        strcpy(copy, line);
        vectors++;
        const int wrong = check(dex, line, got);
        if (!wrong || bad++ >= shown)
            continue;
        printf("%d rolls differ: %s  engine", wrong, copy);
        for (int i = 0; i < ROLLS; i++)
            printf(" %d", got[i]);
        printf("\n");
    }
    fclose(f);
    printf("%d vectors, %d differ\n", vectors, bad);
    return bad || vectors < 1000;
}

#endif
