/* battle_file.c - see battle_file.h. */
#include "battle_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It is that of the closed part of a battle's bytes, which stays (engine/wire.h), so it is a number. */
uint32_t battle_file_layout(void)
{
    return 0xf9ffe503;
}

/* -------------------------------------------------------------------------------------------------- teams --- */

static void copy_id(char out[TEAM_ID], const char *id)
{
    snprintf(out, TEAM_ID, "%s", id);
}

static void set_to_team(const struct dex *dex, const struct battle_set *in, struct team_set *out)
{
    team_set_empty(out);
    copy_id(out->species, dex->species[in->species].id);
    copy_id(out->ability, in->ability ? dex->abilities[in->ability].id : "");
    copy_id(out->item, in->item ? dex->items[in->item].id : "");
    team_id(dex_nature_name(in->nature), strlen(dex_nature_name(in->nature)), out->nature);
    if (in->tera)
        team_id(dex_type_name(in->tera), strlen(dex_type_name(in->tera)), out->tera);
    while (out->moves_n < BATTLE_MOVES && in->moves[out->moves_n]) {
        copy_id(out->moves[out->moves_n], dex->moves[in->moves[out->moves_n]].id);
        out->moves_n++;
    }
    for (int i = 0; i < 6; i++) {
        out->evs[i] = in->evs[i];
        out->ivs[i] = in->ivs[i];
    }
    out->level = in->level;
    out->gender = in->gender == GENDER_MALE ? 'M' : in->gender == GENDER_FEMALE ? 'F' : 0;
}

void battle_file_team(const struct dex *dex, const struct battle_file_team *from, struct team *out)
{
    memset(out, 0, sizeof *out);
    for (; out->count < from->size; out->count++) {
        struct team_set *set = &out->sets[out->count];
        set_to_team(dex, &from->sets[out->count], set);
        if (from->names)
            snprintf(set->nickname, sizeof set->nickname, "%s", from->names[out->count]);
    }
}

/* -------------------------------------------------------------------------------------------------- parts --- */

/* What snprintf says, as a result. */
static int written(int n, size_t size)
{
    return n > 0 && (size_t)n < size ? n : -1;
}

static int put_team(const struct dex *dex, const struct team_facts *facts, const struct battle_file_team *from,
                    char *out, size_t size)
{
    struct team *team = malloc(sizeof *team);
    int n = team ? written(snprintf(out, size, "team "), size) : -1;
    if (n >= 0) {
        battle_file_team(dex, from, team);
        n += (int)team_write(facts, team, TEAM_PACKED, out + n, size - (size_t)n);
    }
    free(team);
    if (n < 0 || (size_t)n + 2 > size)
        return -1;
    out[n++] = '\n';
    out[n] = 0;
    return n;
}

const char *const battle_file_clauses[CLAUSE_ALL + 1] = {"", "clauses sleep", "clauses freeze", "clauses sleep freeze"};

int battle_file_begin(const struct dex *dex, const struct team_facts *facts, const struct battle_file_team teams[2],
                      uint64_t seed, const struct battle *b, char *out, size_t size)
{
    const char *clauses = battle_file_clauses[b->clauses];
    int n = written(snprintf(out, size, "pokebattle 2\nlayout %08" PRIx32 "\nversion %s %08" PRIx32 "\n%s%s",
                             battle_file_layout(), dex->version, dex->fingerprint, clauses, *clauses ? "\n" : ""),
                    size);
    for (int i = 0; i < 2 && n >= 0; i++) {
        const int team = put_team(dex, facts, &teams[i], out + n, size - (size_t)n);
        n = team < 0 ? team : n + team;
    }
    if (n < 0)
        return n;
    const int rest =
        written(snprintf(out + n, size - (size_t)n, "seed %" PRIu64 "\nstart %016" PRIx64 "\n", seed, battle_digest(b)),
                size - (size_t)n);
    return rest < 0 ? rest : n + rest;
}

int battle_file_step(const struct battle *after, int action0, int action1, char *out, size_t size)
{
    return written(snprintf(out, size, "step %d %d %016" PRIx64 "\n", action0, action1, battle_digest(after)), size);
}

int battle_file_reseed(uint64_t seed, char *out, size_t size)
{
    return written(snprintf(out, size, "reseed %" PRIu64 "\n", seed), size);
}

int battle_file_forfeit(const struct battle *after, int side, char *out, size_t size)
{
    return written(snprintf(out, size, "forfeit %d %016" PRIx64 "\n", side, battle_digest(after)), size);
}

int battle_file_end(int winner, char *out, size_t size)
{
    return written(snprintf(out, size, "end %d\n", winner), size);
}
