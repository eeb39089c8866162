/* tape.h - battles of the simulator as record.js writes them; the format is in README.md. */
#ifndef ORACLE_TAPE_H
#define ORACLE_TAPE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { TAPE_DRAWS = 1024, TAPE_TEXT = 1 << 16, TAPE_TOUCHED = 4096 };

struct tape_draw {
    uint32_t lo, hi, result;
    char why[96]; /* the place that drew it, "" when the tape does not say */
};

struct tape_mon {
    int side, level;
    char gender; /* M, F or N */
    char species[24], ability[24], item[24], nature[16], tera[12];
    char moves[4][24]; /* "" for none */
    uint8_t ivs[6], evs[6];
};

/* The last three are the log as player 0, player 1 and a spectator read it; not every tape has them. */
enum tape_part { PART_LOG, PART_STATE, PART_VOLATILES, PART_SEEN, PARTS = PART_SEEN + 3 };

struct tape_step {
    int line;
    unsigned mask[2]; /* legal choices before it */
    int choice[2];    /* -1: not asked */
    int draws_n;
    struct tape_draw draws[TAPE_DRAWS];
    char touched[TAPE_TOUCHED]; /* what took effect: "m:tackle a:rockhead" */
    bool seen;                  /* it has what each reads */
    bool text;                  /* the parts are there in words, not only as hashes */
    char part[PARTS][TAPE_TEXT];
    uint32_t hash[PARTS];
};

enum tape_kind {
    TAPE_END_OF_FILE,
    TAPE_BATTLE,
    TAPE_CLAUSES,
    TAPE_PLAIN,
    TAPE_MON,
    TAPE_START,
    TAPE_STEP,
    TAPE_WINNER,
    TAPE_BAD
};

struct tape {
    FILE *file;
    int line;
    char buffer[1 << 15];
    int battle, winner;
    char data[24]; /* version of the battle's data */
    bool sleep_clause, freeze_clause;
    bool plain;    /* the plain simulator plays this battle so */
    char seed[80]; /* with which the plain simulator began */
    struct tape_mon mon;
    struct tape_step step;
};

/* Reads the next thing into battle, mon, step or winner. */
enum tape_kind tape_next(struct tape *t);

/* FNV-1a, 32 bits. */
uint32_t tape_hash(const char *text);

#endif
