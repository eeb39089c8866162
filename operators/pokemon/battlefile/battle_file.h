/*
 * battle_file.h - the lines of battle files, which play a battle again (docs/library.md has their form).
 *
 * Each part is written as text with its NUL into the caller's room; the next one goes over that NUL.  Returned is the
 * length of the part, or -1 when the room is too small.
 */
#ifndef BATTLE_FILE_H
#define BATTLE_FILE_H

#include "battle.h"
#include "team.h"

enum { BATTLE_FILE_PART = 1 << 12 /* bytes that one part needs at most */ };

struct battle_file_team {
    const struct battle_set *sets;
    int size;
    const char (*names)[BATTLE_NAME]; /* nicknames, NULL: none */
};

/* A fingerprint of the form that a battle's bytes have: digests can be compared between builds in which it is the same.
 * It changes only when battles that use nothing new have other bytes than before, which
 * tests/operators/battle_bytes.txt is there to prevent: neither the structs in memory nor what is appended to
 * engine/wire.h change it. */
uint32_t battle_file_layout(void);

/* The line of clauses by enum battle_clause; "" for none, which has no line. */
extern const char *const battle_file_clauses[CLAUSE_ALL + 1];

/* A team in the words of the team library. */
void battle_file_team(const struct dex *dex, const struct battle_file_team *from, struct team *out);

/* Head, data version, clauses, teams and start.  facts may be NULL; b is the battle right after battle_start. */
int battle_file_begin(const struct dex *dex, const struct team_facts *facts, const struct battle_file_team teams[2],
                      uint64_t seed, const struct battle *b, char *out, size_t size);

int battle_file_step(const struct battle *after, int action0, int action1, char *out, size_t size);
int battle_file_reseed(uint64_t seed, char *out, size_t size); /* before the step that it concerns */
int battle_file_forfeit(const struct battle *after, int side, char *out, size_t size);
/* winner: 0, 1, 2 for a draw, -1 when it was not played to its end. */
int battle_file_end(int winner, char *out, size_t size);

#endif
